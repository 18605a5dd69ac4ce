"""
The command line: build, info, route, shade, cast, hours, street, check, app.

Exit code 0 for an answer, 1 for "there is none", 2 for bad input; the answer on stdout,
one sentence on stderr, progress bars only on a terminal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from .menu import build_menu
from .terminal import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; return the exit code."""
    signed = ("--from", "--to", "--via", "--place")
    return run(build_menu(), _answer, arguments=arguments, signed=signed)


def _answer(asked: argparse.Namespace) -> int:
    # Takes seconds; help and a typing error need none.
    from . import commands, tripcommands  # noqa: PLC0415

    room = tripcommands if asked.command == "route" else commands
    getattr(room, asked.command)(asked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
