"""The terminal: a sentence for what cannot be, exit codes, options that begin with a minus."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Collection, Sequence
from importlib.metadata import version
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from .errors import NoRouteError, SolarpassError

if TYPE_CHECKING:  # argparse keeps the type of its subcommands to itself
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  has no other

NO_ANSWER = 1
BAD_INPUT = 2


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence, without repeating its whole usage."""

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed."""
        told = " ".join(message.split())
        self.exit(BAD_INPUT, f"{told[:1].upper()}{told[1:]}; see `{self.prog} --help`.\n")


def build_parser(
    name: str,
    description: str,
    examples: str,
    adders: Sequence[Callable[[Commands], None]],
) -> argparse.ArgumentParser:
    """Build the parser of a program out of what adds its commands."""
    parser: argparse.ArgumentParser = Parser(
        prog=name,
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{name} {version('solarpass')}")
    # Subcommands take the class of their parser.
    commands: Commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in adders:
        add(commands)
    return parser


def add_command(commands: Commands, name: str, short: str, long: str) -> argparse.ArgumentParser:
    """Add one command, with what it does in a line and in a paragraph."""
    command = commands.add_parser(
        name,
        help=short,
        description=long,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=name)
    return command


def run(
    parser: argparse.ArgumentParser,
    answer: Callable[[argparse.Namespace], int],
    *,
    arguments: Sequence[str] | None,
    signed: Collection[str],
) -> int:
    """
    Answer what was typed; return the exit code.

    Parameters
    ----------
    parser
        Of the program.
    answer
        Answers it: 0 for an answer, 1 for none.
    arguments
        What was typed; None: on the command line.
    signed
        Options whose value may begin with a minus.
    """
    for stop in ("SIGTERM", "SIGHUP"):  # so that a stopped command clears up behind itself
        if hasattr(signal, stop):
            signal.signal(getattr(signal, stop), _leave)
    words = sys.argv[1:] if arguments is None else arguments
    asked = parser.parse_args(_join_numbers(words, signed))
    try:
        code = answer(asked)
        sys.stdout.flush()
    except SolarpassError as error:
        return _say(str(error), NO_ANSWER if isinstance(error, NoRouteError) else BAD_INPUT)
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        _close_output()
        return 0
    except KeyboardInterrupt:
        return _say("Stopped; nothing half-written stays.", 130)
    except OSError as error:  # a full disk, a name too long
        _close_output()
        return _say(f"The system refused: {error.strerror or error}.", BAD_INPUT)
    except Exception as error:
        logging.getLogger(parser.prog).debug("A fault of ours.", exc_info=error)
        told = " ".join(f"{type(error).__name__}: {error}".split())
        return _say(f"This should not have happened ({told}); please report it.", BAD_INPUT)
    return code


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _close_output() -> None:
    """Let nothing more be written where it cannot be, lest the end complains again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _join_numbers(words: Sequence[str], signed: Collection[str]) -> list[str]:
    """Tie a negative number to its option, for argparse takes "-33,151" for one itself."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in signed and re.match(r"\s*-\s*[\d.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    raise SystemExit(128 + number)
