"""
The command line: build, info, route, shade, cast, hours, street, check, app.

Exit code 0 for an answer, 1 for "there is none", 2 for bad input; the answer on stdout,
one sentence on stderr, progress bars only on a terminal.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from .errors import NoRouteError, SolarpassError
from .menu import BAD_INPUT, build_parser

NO_ANSWER = 1
_PLACES = {"--from", "--to", "--place"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; return the exit code."""
    for stop in ("SIGTERM", "SIGHUP"):  # so that a stopped build clears up behind itself
        if hasattr(signal, stop):
            signal.signal(getattr(signal, stop), _leave)
    asked = build_parser().parse_args(
        _join_places(sys.argv[1:] if arguments is None else arguments)
    )
    try:
        from . import commands  # noqa: PLC0415  takes seconds; help and a typing error need none

        getattr(commands, asked.command)(asked)
        sys.stdout.flush()
    except NoRouteError as error:
        print(error, file=sys.stderr)
        return NO_ANSWER
    except SolarpassError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("Stopped; nothing half-written stays.", file=sys.stderr)
        return 130
    except OSError as error:  # a full disk, a name too long
        print(f"The system refused: {error.strerror or error}.", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT
    except Exception as error:
        logging.getLogger("solarpass").debug("A fault of ours.", exc_info=error)
        kind = type(error).__name__
        print(
            f"This should not have happened ({kind}: {error}); please report it.", file=sys.stderr
        )
        return BAD_INPUT
    return 0


def _join_places(words: Sequence[str]) -> list[str]:
    """Tie a southern latitude to its option, for argparse takes "-33,151" for one itself."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _PLACES and re.match(r"\s*-\s*[\d.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
