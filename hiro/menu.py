"""The menu of the command line: what may be asked, with which options."""

from __future__ import annotations

import argparse
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from solarpass.terminal import add_command, build_parser
from solarpass.typed import read_day, read_degrees

from .papermenu import add_paper
from .planmenu import add_plan_options
from .reportmenu import add_reports

if TYPE_CHECKING:
    from solarpass.terminal import Commands

EXAMPLES = """\
how hot the stops of a city get, on the design day (no network needed):
  solarpass build helsinki --out helsinki
  hiro score helsinki --out heat.geojson

with all that is known:
  hiro score dresden --weather TRY2015_Dresden.dat --gtfs vvo.zip --population cells.csv \\
      --out heat.gpkg

what to do about it for 150,000 €, so that no district goes without:
  hiro plan helsinki --budget 150000 --floor 0.5 --out plan.json

the same plan as a paper for the council:
  hiro paper plan.json --out paper.html

the best for a budget, of numbers of your own:
  hiro choose instance.json --budget 150000

one point on rasters of your own, beside your own measurements:
  hiro point --dsm DSM.tif --cdsm CDSM.tif --at 319523,6399015 --weather met.txt \\
      --stamp end --utc-offset 0 --lat 57.7 --lon 11.97 --out point.csv
"""


def build_menu() -> argparse.ArgumentParser:
    """Build the parser of all that may be asked."""
    return build_parser(
        "hiro",
        "Heat where people wait: how hot, for whom, and how sure that is.",
        EXAMPLES,
        (_add_score, _add_plan, _add_point, _add_choose, add_paper, add_reports),
    )


def _add_score(commands: Commands) -> None:
    command = add_command(
        commands,
        "score",
        "score the heat at the stops and other places of a city",
        "Score where people wait, play, learn or rest, for one day: how hot it feels hour by\n"
        "hour and how sure that is, who waits, how vulnerable they are, and where heat harms\n"
        "most. FILE ends in .geojson, .csv, .gpkg or .parquet; each carries licence,\n"
        "attribution and what was assumed. Levels are no official warning.",
    )
    _add_scoring(command)
    command.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")


def _add_plan(commands: Commands) -> None:
    command = add_command(
        commands,
        "plan",
        "choose what to do about the heat, and where, for a budget",
        "Score the heat, score what each measure would change, and choose those that take most\n"
        "of it off people for the money, with a bound that no other plan can exceed. FILE ends\n"
        "in .json, .csv, .geojson or .gpkg; each carries licence, sources and what was assumed.",
    )
    add_plan_options(command)
    _add_scoring(command)
    command.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")


def _add_scoring(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        help="a city folder, made by `solarpass build` (default: the built-in city)",
    )
    command.add_argument(
        "--date",
        type=read_day,
        metavar="DAY",
        help="the local day, such as 2026-07-20 (default: of the design day 20 July, or 20 "
        "January south of the equator; of weather files the hottest day; of a forecast today)",
    )
    _add_weather(command)
    _add_sites(command)
    _add_people(command)
    _add_report_weights(command)


def _add_report_weights(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reports",
        metavar="FILE",
        help="citizens' reports, as `hiro reports` keeps them: rank_before, n_reports and "
        "report_factor then stand beside each place (default: they count nowhere)",
    )
    command.add_argument(
        "--report-weight",
        type=_read_weight,
        metavar="SHARE",
        help="each shown report of heat adds so much to the weight of 1 of its place, such as 0.1 "
        "(default: 0, off)",
    )
    command.add_argument(
        "--report-most",
        type=_read_most,
        metavar="FACTOR",
        help="no weight rises above this by reports (default: 1.5)",
    )


def _add_weather(command: argparse.ArgumentParser) -> None:
    source = command.add_mutually_exclusive_group()
    source.add_argument(
        "--weather",
        metavar="FILE",
        help="weather: EPW, DWD test reference year (.dat), UMEP met file or CSV (default: the "
        "design day, 33 °C and clear)",
    )
    source.add_argument(
        "--forecast", action="store_true", help="ask Open-Meteo for the weather of --date"
    )
    command.add_argument(
        "--forecast-url", metavar="URL", help="ask a server of Open-Meteo's kind elsewhere"
    )
    _add_clock(command)


def _add_clock(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--stamp",
        choices=("start", "middle", "end"),
        help="whether a time in the weather file is the start, the middle or the end of its "
        "interval; EPW and test reference years know",
    )
    command.add_argument(
        "--utc-offset",
        type=_read_offset,
        metavar="HOURS",
        help="clock of the weather file, in hours east of UTC, where its times tell none",
    )
    command.add_argument(
        "--wind-height",
        type=_read_height,
        metavar="METRES",
        help="above the ground, of the wind in a CSV or UMEP file (default: 10)",
    )


def _add_sites(command: argparse.ArgumentParser) -> None:
    chosen = command.add_mutually_exclusive_group()
    chosen.add_argument(
        "--sites",
        metavar="FILE",
        help="a list of places of your own (.geojson, .csv, .gpkg, or an Overpass answer) with "
        "site_id, name, kind and shelter as far as known (default: those of the map)",
    )
    chosen.add_argument(
        "--kinds",
        type=_read_kinds,
        metavar="KIND,...",
        help="only these of the map, such as bus_stop,tram_stop,playground (default: all)",
    )


def _add_people(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--gtfs", metavar="ZIP", help="a timetable, which tells how long one waits at each stop"
    )
    command.add_argument(
        "--gtfs-date",
        type=read_day,
        metavar="DAY",
        help="the day of the timetable (default: that of --date, of the weather file or the "
        "forecast, else the busiest); where it has nothing, the same weekday nearest in it",
    )
    command.add_argument(
        "--lines", metavar="FILE", help="a list of stops with how many lines call (total_lines)"
    )
    command.add_argument(
        "--population",
        action="append",
        default=[],
        metavar="FILE",
        help="who lives where by age: 100 m cells of the census, or districts with outlines; may "
        "be given several times",
    )


def _add_point(commands: Commands) -> None:
    command = add_command(
        commands,
        "point",
        "compute one point on plain rasters, hour by hour",
        "Compute mean radiant temperature, UTCI, PET and radiation at one point on rasters,\n"
        "without a city, to hold beside measurements. The CSV has a row for each of the weather\n"
        "file, with its `time` as it stands there.",
    )
    rasters = {
        "dsm": "surface model: ground and roofs, metres above the sea",
        "cdsm": "canopy model: height of crowns above the ground, in metres",
        "dem": "terrain model: the bare ground, metres above the sea",
        "landcover": "what covers the ground, in UMEP's codes: 1 paved, 2 building, 5 grass, 6 "
        "bare soil, 7 water (default: all paved)",
    }
    for name, told in rasters.items():
        command.add_argument(
            f"--{name}",
            action="extend",
            nargs="+",
            default=[],
            required=name == "dsm",
            metavar="FILE",
            help=f"{told}; a raster that states no coordinate system takes the others'"
            if name == "dsm"
            else told,
        )
    command.add_argument(
        "--at",
        type=_read_pair,
        required=True,
        metavar="X,Y",
        help="east and north of the point, in the rasters' own coordinates",
    )
    command.add_argument("--weather", required=True, metavar="FILE", help="EPW, TRY, UMEP or CSV")
    _add_clock(command)
    for name, told in (("lat", "latitude, north positive"), ("lon", "longitude, east positive")):
        command.add_argument(
            f"--{name}", type=read_degrees, required=True, metavar="DEGREES", help=told
        )
    command.add_argument("--out", required=True, metavar="FILE.csv", help="the table to write")


def _add_choose(commands: Commands) -> None:
    command = add_command(
        commands,
        "choose",
        "choose what brings most for a budget, out of anyone's own numbers",
        "Choose at most one option of each object, so that the sum of the benefits is the most\n"
        "that the budget allows, and prove it. INSTANCE.json holds\n"
        '{"objects": [{"id": "a", "options": [{"name": "tree", "cost": 5000, "benefit": 42}]}]}\n'
        "with costs to the cent. Prints chosen, cost, benefit and bound as JSON; of choices with\n"
        "the same benefit the cheapest.",
    )
    command.add_argument("instance", metavar="INSTANCE.json", help="objects and their options")
    command.add_argument(
        "--budget",
        type=_read_cents,
        required=True,
        metavar="EUROS",
        help="what may be spent, such as 150000 or 99.50",
    )


def _read_cents(text: str) -> int:
    """Read euros; 150.000 may mean either, and is refused."""
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,2})?", text):
        msg = f"wanted euros below 10^15 from 0, such as 150000 or 99.50, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(Decimal(text) * 100)


def _read_offset(text: str) -> float:
    return _read_number(text, -14.0, 14.0, wanted="hours east of UTC between -14 and 14")


def _read_height(text: str) -> float:
    return _read_number(text, 0.5, 300.0, wanted="metres between 0.5 and 300")


def _read_number(text: str, least: float, most: float, *, wanted: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        msg = f"wanted {wanted}, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return number


def _read_weight(text: str) -> float:
    return _read_number(text, 0.0, 10.0, wanted="a weight from 0, off, to 10")


def _read_most(text: str) -> float:
    return _read_number(text, 1.0, 10.0, wanted="a factor from 1 to 10")


def _read_pair(text: str) -> tuple[float, float]:
    """Read X,Y."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        x = y = math.nan
    if not (math.isfinite(x) and math.isfinite(y)):
        msg = f"wanted east and north such as 319523,6399015, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return x, y


def _read_kinds(text: str) -> tuple[str, ...]:
    """Read kinds of sites, each once; which there are is known later."""
    kinds = tuple(dict.fromkeys(kind.strip() for kind in text.split(",") if kind.strip()))
    if not kinds:
        msg = f"wanted kinds such as bus_stop,playground, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return kinds
