"""The menu of the command line: what may be asked, with which options."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .glaremenu import add_missing
from .terminal import add_command, build_parser
from .tripmenu import add_route
from .typed import (
    read_cell,
    read_columns,
    read_day,
    read_degrees,
    read_port,
    read_share,
    read_year,
)

if TYPE_CHECKING:
    from .terminal import Commands

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


def build_menu() -> argparse.ArgumentParser:
    """Build the parser of all that may be asked."""
    return build_parser(
        "solarpass",
        "Walk in the shade: build a city from OpenStreetMap, then ask it for routes.",
        EXAMPLES,
        (
            _add_build,
            _add_info,
            add_route,
            _add_shade,
            _add_cast,
            _add_hours,
            _add_street,
            _add_check,
            _add_app,
            _add_serve,
        ),
    )


def _add_build(commands: Commands) -> None:
    command = add_command(
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
    _add_trees(command)
    _add_rasters(command)
    _add_heights(command)


def _add_trees(command: argparse.ArgumentParser) -> None:
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
        type=read_columns,
        metavar="WHAT=NAME,...",
        help="where a register's columns are not known by their names: species, genus, height, "
        "crown, base, planted, age, felled, date, lat and lon, x and y, or geometry; and crs of "
        "coordinates that do not tell it, as in height=baumhoehe,crs=EPSG:25833",
    )


def _add_heights(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--heights",
        metavar="FILE",
        help="heights of buildings (.gpkg, .geojson, .shp or .parquet of outlines), such as an "
        "export of a 3D city model, which override the map's and give way to --dsm",
    )
    command.add_argument(
        "--height-column",
        metavar="NAME",
        help="the column of --heights that tells them, or two as TOP-GROUND (default: by its name)",
    )
    command.add_argument(
        "--heights-credit", metavar="TEXT", help="licence of --heights and whom to name"
    )


def _add_rasters(command: argparse.ArgumentParser, *, needs_dsm: bool = False) -> None:
    models = {
        "dsm": "surface model: ground and roofs, metres above the sea",
        "cdsm": "canopy model: height of crowns above the ground, in metres",
        "dem": "terrain model: the bare ground, metres above the sea",
    }
    for name, told in models.items():
        command.add_argument(
            f"--{name}",
            action="extend",
            nargs="+",
            default=[],
            required=needs_dsm and name == "dsm",
            metavar="FILE",
            help=f"{told}; a GeoTIFF, or several sheets, or their folder",
        )
    command.add_argument(
        "--raster-crs",
        metavar="CRS",
        help="coordinate reference system of rasters that state none, such as EPSG:25833",
    )
    command.add_argument(
        "--lidar-credit",
        metavar="TEXT",
        help="licence of the rasters and whom to name, where they do not tell, such as "
        "'GeoSN, dl-de/by-2-0'",
    )


def _add_info(commands: Commands) -> None:
    command = add_command(
        commands,
        "info",
        "tell what a city folder knows",
        "Tell what a city folder knows, what of it is guessed, and where it comes from.",
    )
    _add_folder(command)
    command.add_argument("--json", action="store_true", help="the same as one JSON object")


def _add_shade(commands: Commands) -> None:
    command = add_command(
        commands,
        "shade",
        "write the shade of one instant as data or picture",
        "Write the shade of one instant. FILE ends in .tif (raster, 1 = sun), .geojson or\n"
        ".parquet (streets with sun_fraction) or .png (picture). Each carries licence and\n"
        "attribution. --missing tells where shade would help most.",
    )
    _add_folder(command)
    _add_time(command)
    command.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")
    command.add_argument(
        "--cell",
        type=read_cell,
        metavar="METRES",
        help="cell of the raster or picture (default: 1)",
    )
    add_missing(command)


def _add_cast(commands: Commands) -> None:
    command = add_command(
        commands,
        "cast",
        "cast the shadows of one sun on plain rasters",
        "Cast the shadows of one sun on rasters, without a city: --out is a GeoTIFF on the grid\n"
        "of the surface model, 1 = sunlit, 0 = shaded, 255 = unknown, for each cell on its own\n"
        "surface, roofs too. Nothing casts from beyond the raster.",
    )
    _add_rasters(command, needs_dsm=True)
    command.add_argument(
        "--azimuth",
        type=read_degrees,
        required=True,
        metavar="DEGREES",
        help="of the sun, clockwise from the north of the raster's rows: 180 is south",
    )
    command.add_argument(
        "--true-north",
        action="store_true",
        help="count the azimuth from true north, from which a map's rows are turned a little",
    )
    command.add_argument(
        "--elevation", type=read_degrees, required=True, metavar="DEGREES", help="above the horizon"
    )
    command.add_argument(
        "--trunk-ratio",
        type=read_share,
        default=0.25,
        metavar="SHARE",
        help="where a crown begins, as a share of its height (default: 0.25)",
    )
    command.add_argument("--out", required=True, metavar="FILE.tif", help="the mask to write")


def _add_check(commands: Commands) -> None:
    command = add_command(
        commands,
        "check",
        "tell what blocks the sun at a place",
        "Tell whether the sun reaches a place, which buildings and crowns block it, where their\n"
        "heights are from, and when the sun comes and goes that day. --out draws what is seen\n"
        "from there, to hold beside a photo.",
    )
    _add_folder(command)
    where = "as LAT,LON or as the name of an address, stop, street or place"
    command.add_argument("--place", required=True, metavar="PLACE", help=where)
    _add_time(command)
    command.add_argument("--out", metavar="FILE.png", help="the skyline with the sun's path")
    command.add_argument("--json", action="store_true", help="the answer as one JSON object")
    command.add_argument(
        "--language", choices=("de", "en"), default="en", help="of words and picture (default: en)"
    )


def _add_hours(commands: Commands) -> None:
    command = add_command(
        commands,
        "hours",
        "write the hours of sun of a day or a season as data",
        "Write the hours of sun a day under a cloudless sky: of one day, or the mean of a season\n"
        "or of other days. FILE ends in .tif (raster: hours, and their low and high end where the\n"
        "edge of the data leaves them open), .geojson or .parquet (streets with sun_hours, its\n"
        "ends if guessed heights are off as well, and the\n"
        "sun_fraction of each full hour). Each carries licence and attribution.",
    )
    _add_folder(command)
    when = command.add_mutually_exclusive_group(required=True)
    when.add_argument("--day", type=read_day, metavar="DAY", help="one day, such as 2026-07-15")
    when.add_argument(
        "--season",
        choices=("spring", "summer", "autumn", "winter"),
        help="three whole months, turned round south of the equator",
    )
    when.add_argument(
        "--from", dest="first", type=read_day, metavar="DAY", help="the first of days"
    )
    command.add_argument(
        "--to", dest="last", type=read_day, metavar="DAY", help="and the last of them"
    )
    command.add_argument(
        "--year",
        type=read_year,
        metavar="YEAR",
        help="in which the season ends (default: this year)",
    )
    command.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")
    command.add_argument(
        "--cell", type=read_cell, metavar="METRES", help="cell of the raster (default: 1)"
    )


def _add_street(commands: Commands) -> None:
    command = add_command(
        commands,
        "street",
        "draw the sun on one street through the day and the year",
        "Draw how much of each side of a street lies in the sun by hour and week of the year,\n"
        "and through one day. FILE ends in .png or .svg (figure) or .csv (its numbers, below\n"
        "lines that begin with # and tell licence and attribution).",
    )
    _add_folder(command)
    command.add_argument("--name", required=True, metavar="STREET", help="such as Mannerheimintie")
    command.add_argument(
        "--day", type=read_day, metavar="DAY", help="the day, and its year (default: today)"
    )
    command.add_argument(
        "--language", choices=("de", "en"), default="en", help="of the figure (default: en)"
    )
    command.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")


def _add_app(commands: Commands) -> None:
    command = add_command(
        commands,
        "app",
        "open the map in the browser",
        "Start the app on the built-in city (built the first time), or on these city folders. "
        "Of a folder that holds cities all are offered, later ones as soon as they are there.",
    )
    command.add_argument(
        "folder",
        nargs="*",
        metavar="FOLDER",
        help="a city folder, made by `solarpass build`, or one of them",
    )
    command.add_argument(
        "--port", type=read_port, metavar="N", help="where to listen (default: 8501)"
    )
    command.add_argument("--headless", action="store_true", help="do not open a browser")
    command.add_argument(
        "--host",
        metavar="ADDRESS",
        help="who is heard (default: 127.0.0.1, this machine; behind a proxy keep it so)",
    )
    command.add_argument(
        "--base-path", metavar="PATH", help="below which a proxy shows it, such as shade"
    )


def _add_serve(commands: Commands) -> None:
    command = add_command(
        commands,
        "serve",
        "answer the same over HTTP",
        "Answer over HTTP what the other commands answer, on the built-in city or on these city\n"
        "folders: /route, /departure, /loop, /shade, /cities, /health; /docs tells what each\n"
        "takes, /openapi.json tells programs. Only this machine is heard, unless --host says more.",
    )
    command.add_argument(
        "folder", nargs="*", metavar="FOLDER", help="a city folder, made by `solarpass build`"
    )
    command.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="HOST",
        help="where to listen (default: 127.0.0.1, this machine only)",
    )
    command.add_argument(
        "--port", type=read_port, default=8000, metavar="N", help="and on which port (8000)"
    )
    command.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="a site whose pages may ask from a browser, such as https://example.org; may be "
        "given several times (default: none)",
    )


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
