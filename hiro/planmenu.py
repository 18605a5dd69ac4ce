"""The plan's part of the menu: money, floors, works that are in or out."""

from __future__ import annotations

import argparse
import re

_MOST_DIGITS = 12


def add_plan_options(command: argparse.ArgumentParser) -> None:
    """Add what may be asked of a plan, beside its score."""
    command.add_argument(
        "--budget",
        type=_read_euros,
        required=True,
        metavar="EUROS",
        help="what may be invested in all, in whole euros, such as 150000",
    )
    command.add_argument(
        "--upkeep",
        type=_read_euros,
        metavar="EUROS",
        help="what upkeep may cost each year, in whole euros (default: whatever it takes)",
    )
    _add_fairness(command)
    _add_works(command)
    command.add_argument(
        "--catalogue",
        metavar="FILE",
        help="measures and prices of your own, with the columns of data/measures.csv; they "
        "replace ours row by row",
    )
    command.add_argument(
        "--facts",
        metavar="FILE",
        help="a CSV of what you know of each site_id, such as pit_m3, heritage or mains_m: what "
        "nobody tells must be checked",
    )


def _add_fairness(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--floor",
        type=_read_floor,
        metavar="SHARE",
        help="this share of the budget, from 0 to 1, goes to the districts by their heat; or "
        "`need`: the district worst met is met as far as may be",
    )
    command.add_argument(
        "--districts",
        metavar="FILE",
        help="districts with outlines, as .geojson, .gpkg or .csv with WKT (default: those of "
        "OpenStreetMap, admin_level 9 to 11, else squares of 500 m)",
    )
    command.add_argument(
        "--district-key",
        metavar="COL",
        help="the column of their names (default: the first with a usual name)",
    )


def _add_works(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--years",
        type=_read_count,
        metavar="N",
        help="over how many years works are spread, beside --works-per-year (default: 1)",
    )
    command.add_argument(
        "--works-per-year", type=_read_count, metavar="N", help="at most so many sites a year"
    )
    command.add_argument(
        "--fix",
        action="append",
        default=[],
        metavar="SITE[=MEASURE,...]",
        help="something must be done at this site, or just this; may be given several times",
    )
    command.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="SITE",
        help="nothing is done at this site; may be given several times",
    )
    command.add_argument(
        "--at-least",
        action="append",
        default=[],
        type=_read_kind,
        metavar="KIND=N",
        help="so many sites of a kind get something, such as school=3; may be given several times",
    )
    command.add_argument(
        "--fewest-hot",
        action="store_true",
        help="first let as few sites as possible stay at level 3 or above, then relieve most",
    )
    command.add_argument(
        "--coverage",
        action="store_true",
        help="let water and seats within reach count a little, which make nothing cooler",
    )


def _read_euros(text: str) -> int:
    """Read whole euros; 150.000 may mean either, and is refused."""
    if not re.fullmatch(rf"[0-9]{{1,{_MOST_DIGITS}}}", text):
        most = f"of {_MOST_DIGITS} digits at most"
        msg = f"wanted whole euros from 0, such as 150000, {most}, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _read_count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        msg = f"wanted a whole number from 1, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _read_floor(text: str) -> float | str:
    if text == "need":
        return text
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        msg = f"wanted a share from 0 to 1, such as 0.5, or `need`, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return share


def _read_kind(text: str) -> tuple[str, int]:
    kind, _, count = text.partition("=")
    if not kind or not re.fullmatch(r"[0-9]{1,6}", count):
        msg = f"wanted a kind of site and how many, such as school=3, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return kind, int(count)
