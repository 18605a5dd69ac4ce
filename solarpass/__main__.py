"""
The command line: build, info, route, shade, app.

Exit code 0 for an answer, 1 for "there is none", 2 for bad input; the answer on stdout,
one sentence on stderr, progress bars only on a terminal.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from .errors import NoRouteError, SolarpassError

if TYPE_CHECKING:  # argparse keeps the type of its subcommands to itself
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  has no other

NO_ANSWER, BAD_INPUT = 1, 2

EXAMPLES = """\
a first walk, with no network:
  solarpass build helsinki --out helsinki
  solarpass route helsinki --from "Rautatientori" --to "60.1675,24.9525" --at 2026-07-15T14:00
  solarpass app helsinki

your own city:
  solarpass build my-town.osm.pbf --out my-town
  solarpass build "Dresden, Germany" --out dresden
  solarpass build leipzig.osm.pbf --out leipzig --trees trees.geojson
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one command; return the exit code."""
    for stop in ("SIGTERM", "SIGHUP"):  # so that a stopped build clears up behind itself
        if hasattr(signal, stop):
            signal.signal(getattr(signal, stop), _leave)
    asked = _parser().parse_args(_join_places(sys.argv[1:] if arguments is None else arguments))
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
        if joined and joined[-1] in {"--from", "--to"} and re.match(r"\s*-\s*[\d.]", word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    raise SystemExit(128 + number)


# --- what may be typed


def _budget(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"wanted a share such as 0.15 (at most 15 % longer), got {text!r}"
        raise argparse.ArgumentTypeError(msg) from None


def _port(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 65535):
        msg = f"wanted a port between 1 and 65535, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _cell(text: str) -> float:
    try:
        cell_m = float(text)
    except ValueError:
        cell_m = 0.0
    if not 0.1 <= cell_m <= 100.0:
        msg = f"wanted metres between 0.1 and 100, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return cell_m


def _columns(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(what.strip() and name.strip() for what, _, name in pairs):
        msg = f"wanted pairs such as height=baumhoehe,crown=krone, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return {what.strip().lower(): name.strip() for what, _, name in pairs}


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence, without repeating its whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{message[:1].upper()}{message[1:]}; see `{self.prog} --help`.\n")


def _parser() -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _Parser(
        prog="solarpass",
        description="Walk in the shade: build a city from OpenStreetMap, then ask it for routes.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"solarpass {version('solarpass')}")
    # Subcommands take the class of their parser.
    commands: _Commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_build, _add_info, _add_route, _add_shade, _add_app):
        add(commands)
    return parser


def _add(commands: _Commands, name: str, short: str, long: str) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=short,
        description=long,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=name)
    return command


def _add_build(commands: _Commands) -> None:
    command = _add(
        commands,
        "build",
        "build a city folder from OpenStreetMap",
        "Build a city folder: streets, buildings, trees and the skyline along every street.\n"
        "The same source gives the same bytes; a stopped build leaves nothing behind.",
    )
    command.add_argument(
        "source",
        metavar="SOURCE",
        help="'helsinki' (built in, needs no network), the path of an .osm.pbf, or a place "
        "such as 'Dresden, Germany' (asks OpenStreetMap's Nominatim and Overpass)",
    )
    command.add_argument("--out", required=True, metavar="FOLDER", help="where the city shall lie")
    command.add_argument("--name", metavar="NAME", help="what the city is called (default: SOURCE)")
    command.add_argument(
        "--trees",
        action="append",
        default=[],
        metavar="FILE",
        help="a tree register (.geojson, .csv or .gpkg), which overrides the map's trees; may be "
        "given several times",
    )
    command.add_argument(
        "--trees-credit",
        action="append",
        default=[],
        metavar="TEXT",
        help="licence of a register and whom to name, where its file does not tell; the first for "
        "the first --trees, the second for the second, such as 'Stadt Leipzig, dl-de/by-2-0'",
    )
    command.add_argument(
        "--tree-columns",
        type=_columns,
        metavar="WHAT=NAME,...",
        help="where a register's columns are not known by their names: species, genus, height, "
        "crown, base, planted, age, felled, date, lat and lon, x and y, or geometry; and crs of "
        "coordinates that do not tell it, as in height=baumhoehe,crs=EPSG:25833",
    )


def _add_info(commands: _Commands) -> None:
    command = _add(
        commands,
        "info",
        "tell what a city folder knows",
        "Tell what a city folder knows, what of it is guessed, and where it comes from.",
    )
    _add_folder(command)
    command.add_argument("--json", action="store_true", help="the same as one JSON object")


def _add_route(commands: _Commands) -> None:
    command = _add(
        commands,
        "route",
        "find the shortest and the shadiest walk",
        "Find the shortest and the shadiest walk, with the sun moving while you walk.\n"
        "Answers a GeoJSON FeatureCollection on stdout: one LineString each, with kind, length_m,\n"
        "walk_s, sun_s, sun_fraction, unknown_m, departs and arrives.",
    )
    _add_folder(command)
    where = "as LAT,LON or as the name of an address, stop, street or place"
    command.add_argument("--from", dest="origin", required=True, metavar="PLACE", help=where)
    command.add_argument("--to", dest="destination", required=True, metavar="PLACE", help=where)
    _add_time(command)
    command.add_argument(
        "--budget",
        type=_budget,
        default=0.15,
        metavar="SHARE",
        help="how much longer the walk may be: 0.15 is at most 15 %% (the default), "
        "0 asks for the shortest",
    )


def _add_shade(commands: _Commands) -> None:
    command = _add(
        commands,
        "shade",
        "write the shade of one instant as data or picture",
        "Write the shade of one instant. FILE ends in .tif (raster, 1 = sun), .geojson or\n"
        ".parquet (streets with sun_fraction) or .png (picture). Each carries licence and\n"
        "attribution.",
    )
    _add_folder(command)
    _add_time(command)
    command.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")
    command.add_argument(
        "--cell", type=_cell, metavar="METRES", help="cell of the raster or picture (default: 1)"
    )


def _add_app(commands: _Commands) -> None:
    command = _add(
        commands,
        "app",
        "open the map in the browser",
        "Start the app on the built-in city (built the first time), or on these city folders.",
    )
    command.add_argument(
        "folder", nargs="*", metavar="FOLDER", help="a city folder, made by `solarpass build`"
    )
    command.add_argument("--port", type=_port, metavar="N", help="where to listen (default: 8501)")
    command.add_argument("--headless", action="store_true", help="do not open a browser")


def _add_folder(command: argparse.ArgumentParser) -> None:
    made = "a city folder, made by `solarpass build`"
    command.add_argument("folder", metavar="FOLDER", help=made)


def _add_time(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--at",
        default="now",
        metavar="TIME",
        help="wall time of the city, such as 2026-07-15T14:00, or with an offset "
        "(2026-07-15T14:00+03:00); default: now",
    )


if __name__ == "__main__":
    sys.exit(main())
