"""
The command line: score, point.

Exit code 0 for an answer, 1 for "there is none", 2 for bad input; the answer on stdout and in
the file asked for, one sentence on stderr.
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

from solarpass.errors import SolarpassError

from .menu import BAD_INPUT, build_parser

_SIGNED = {"--at", "--lat", "--lon", "--utc-offset"}  # a minus after these begins a number


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; return the exit code."""
    for stop in ("SIGTERM", "SIGHUP"):  # so that a stopped command clears up behind itself
        if hasattr(signal, stop):
            signal.signal(getattr(signal, stop), _leave)
    asked = build_parser().parse_args(
        _join_numbers(sys.argv[1:] if arguments is None else arguments)
    )
    try:
        from . import commands  # noqa: PLC0415  takes seconds; help and a typing error need none

        code: int = getattr(commands, asked.command)(asked)
        sys.stdout.flush()
    except SolarpassError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped; nothing half-written stays.", file=sys.stderr)
        return 130
    except OSError as error:  # a full disk, a name too long
        print(f"The system refused: {error.strerror or error}.", file=sys.stderr)
        return BAD_INPUT
    except Exception as error:
        logging.getLogger("hiro").debug("A fault of ours.", exc_info=error)
        told = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"This should not have happened ({told}); please report it.", file=sys.stderr)
        return BAD_INPUT
    return code


def _join_numbers(words: Sequence[str]) -> list[str]:
    """Tie a negative number to its option, for argparse takes "-12.5,48" for one itself."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _SIGNED and re.match(r"\s*-\s*[\d.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
