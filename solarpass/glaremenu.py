"""The options of `solarpass shade --missing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .typed import read_budget, read_least_minutes, read_most, read_seed

if TYPE_CHECKING:
    import argparse


def add_missing(command: argparse.ArgumentParser) -> None:
    """Add what may be asked of missing shade to `solarpass shade`."""
    command.add_argument(
        "--missing",
        action="store_true",
        help="instead: where shade is missing, as stretches of streets where it would save most "
        "minutes in the sun of many trips that look for shade; --at a time, or a day for five "
        "hours of it; FILE may end in .csv or .gpkg too, and goes into `hiro score --sites FILE`",
    )
    command.add_argument(
        "--trips",
        type=int,
        default=2000,
        metavar="N",
        help="how many trips --missing draws (default: 2000)",
    )
    command.add_argument(
        "--seed", type=read_seed, default=0, metavar="N", help="of --missing's chance (default: 0)"
    )
    command.add_argument(
        "--most",
        type=read_most,
        default=50,
        metavar="N",
        help="how many stretches --missing tells, the worst first (default: 50)",
    )
    command.add_argument(
        "--least",
        type=read_least_minutes,
        default=1.0,
        metavar="MINUTES",
        help="how many minutes in the sun of 1,000 trips a stretch of --missing saves at least "
        "(default: 1)",
    )
    command.add_argument(
        "--budget",
        type=read_budget,
        default=0.15,
        metavar="SHARE",
        help="how much longer the walks of --missing may be (default: 0.15)",
    )
