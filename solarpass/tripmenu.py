"""The menu of `solarpass route`: what may be asked of a trip, and with which options."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .terminal import add_command
from .typed import read_budget, read_kilometres_per_hour, read_minutes

if TYPE_CHECKING:
    from .terminal import Commands

FORMATS = ("geojson", "gpx", "csv", "text", "html")


def add_route(commands: Commands) -> None:
    """Add the command with its options."""
    command = add_command(
        commands,
        "route",
        "find the shortest and the shadiest walk",
        "Find the shortest and the shadiest walk, with the sun moving while you walk; every walk\n"
        "between them (--pareto), the best time to leave (--depart-between, --arrive-by), or a\n"
        "round walk (--loop). Answers a GeoJSON FeatureCollection on stdout: one LineString each,\n"
        "with kind, length_m, walk_s, sun_s, sun_low_s, sun_high_s, sun_fraction, beam_wh_m2,\n"
        "unknown_m, departs, arrives, steps, ways and wayside.",
    )
    made = "a city folder, made by `solarpass build`"
    command.add_argument("folder", metavar="FOLDER", help=made)
    where = "as LAT,LON or as the name of an address, stop, street or place"
    command.add_argument("--from", dest="origin", required=True, metavar="PLACE", help=where)
    command.add_argument("--to", dest="destination", metavar="PLACE", help=where)
    command.add_argument(
        "--via",
        action="append",
        default=[],
        metavar="PLACE",
        help="a place to pass on the way; up to five, in their order, one budget for all",
    )
    _add_time(command)
    _add_wishes(command)
    _add_search(command)
    _add_file(command)


def _add_file(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format",
        choices=FORMATS,
        help="geojson (the default), gpx (tracks with times, waypoints), csv (a row an edge), text "
        "(in words) or html (a page to print); default with --out: by its ending",
    )
    command.add_argument(
        "--language", choices=("de", "en"), default="en", help="of words (default: en)"
    )
    command.add_argument(
        "--out", metavar="FILE", help="write there, whole or not at all (default: stdout)"
    )


def _add_time(command: argparse.ArgumentParser) -> None:
    wall = "wall time of the city, such as 2026-07-15T14:00, or with an offset"
    command.add_argument("--at", metavar="TIME", help=f"when to leave: {wall}; default: now")
    command.add_argument(
        "--depart-between",
        nargs=2,
        metavar=("FIRST", "LAST"),
        help="the best time to leave between two, in steps of 5 minutes, at most 12 hours apart",
    )
    command.add_argument(
        "--arrive-by",
        metavar="TIME",
        help="be there by then: the best time to leave in the 3 hours before one has to",
    )


def _add_wishes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--budget",
        type=read_budget,
        metavar="SHARE",
        help="how much longer the walk may be: 0.15 is at most 15 %% (the default), "
        "0 asks for the shortest",
    )
    command.add_argument(
        "--loop",
        type=read_minutes,
        metavar="MINUTES",
        help="instead of --to: up to three round walks of so many minutes, 10 %% more or less",
    )
    command.add_argument(
        "--profile",
        default="walk",
        metavar="WHO",
        help="walk, pram or wheelchair, with +lit (lit by night) and +quiet (away from big roads) "
        "behind, such as wheelchair+lit; what the map does not tell is told",
    )
    command.add_argument(
        "--likes", choices=("shade", "sun"), default="shade", help="what to look for (in winter)"
    )
    command.add_argument(
        "--speed",
        type=read_kilometres_per_hour,
        metavar="KMH",
        help="walking speed on the level in km/h, 1.08 to 10.8 (default: 4.8)",
    )


def _add_search(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--pareto",
        action="store_true",
        help="every walk within the budget that is quicker than any with so little sun",
    )
    command.add_argument(
        "--walk",
        action="append",
        default=[],
        type=int,
        metavar="NUMBER",
        help="with --pareto --format text: tell this walk of the table step by step as well",
    )
    command.add_argument(
        "--exact",
        action="store_true",
        help="no cap on the search, which else hurries on very long walks; with --waits the "
        "very least sun",
    )
    command.add_argument(
        "--waits",
        action="store_true",
        help="keep rounds on which one waits until the sun has moved on; the steps say where and "
        "how long",
    )
