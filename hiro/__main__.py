"""
The command line: score, point, choose.

Exit code 0 for an answer, 1 for "there is none", 2 for bad input; the answer on stdout and in
the file asked for, one sentence on stderr.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from solarpass.terminal import run

from .menu import build_menu

_SIGNED = ("--at", "--lat", "--lon", "--utc-offset")


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; return the exit code."""
    return run(build_menu(), _answer, arguments=arguments, signed=_SIGNED)


def _answer(asked: argparse.Namespace) -> int:
    from . import commands  # noqa: PLC0415  takes seconds; help and a typing error need none

    code: int = getattr(commands, asked.command)(asked)
    return code


if __name__ == "__main__":
    sys.exit(main())
