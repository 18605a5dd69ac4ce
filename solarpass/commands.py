"""What each command of the command line does."""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import NoReturn, Self

import numpy as np
import shapely
from tqdm import tqdm

from . import chart, draw, export, mask
from .atlas import Atlas, build_atlas, read_atlas
from .errors import SourceError, TripError
from .hours import Period, read_season
from .lidar import Lidar, read_lidar
from .places import find_place
from .register import Register, read_register
from .route import find_routes
from .sentence import tell_routes
from .sheet import find_sheets
from .skyview import write_skyview
from .spot import find_spot
from .survey import Survey, read_survey
from .trip import Trip, read_coordinates, read_wall_time
from .verdict import NOWHERE, tell_check, tell_moved
from .words import Words

_MODELS = ("dsm", "cdsm", "dem")

# Made of numbers alone: meant as coordinates, though they may not read as such.
_ODD = r".*\b(?:nan|inf)\b.*"
NUMBERS = re.compile(rf"[\s\d.,;+-]*\d[\s\d.,;+-]*|{_ODD},.*|.*,{_ODD}", re.IGNORECASE)
SHADE_ENDINGS = {".tif", ".tiff", ".geojson", ".parquet", ".png"}
HOURS_ENDINGS = {".tif", ".tiff", ".geojson", ".parquet"}
STREET_ENDINGS = {".png", ".svg", ".csv"}


def build(asked: argparse.Namespace) -> None:
    """Build a city folder and sum it up."""
    # First, so that a register that does not read costs nobody a build.
    registers, lidar, survey = _registers(asked), _lidar(asked), _survey(asked)
    with _Bars() as bars:
        atlas = build_atlas(
            asked.source,
            _folder(asked.out),
            name=asked.name,
            registers=registers,
            lidar=lidar,
            survey=survey,
            progress=bars.show,
        )
    print(_summary(atlas))


def _registers(asked: argparse.Namespace) -> list[Register]:
    if len(asked.trees_credit) > len(asked.trees):
        msg = (
            f"Wanted at most one --trees-credit for each --trees, in their order; got "
            f"{len(asked.trees_credit)} for {len(asked.trees)}."
        )
        raise SourceError(msg)
    return [
        read_register(_folder(path), columns=asked.tree_columns, credit=credit)
        for path, credit in zip_longest(asked.trees, asked.trees_credit, fillvalue="")
    ]


def _lidar(asked: argparse.Namespace) -> Lidar:
    files = {name: [_folder(path) for path in getattr(asked, name)] for name in _MODELS}
    if not any(files.values()) and (asked.lidar_credit or asked.raster_crs):
        msg = "Wanted --lidar-credit and --raster-crs beside --dsm, --cdsm or --dem."
        raise SourceError(msg)
    return read_lidar(**files, credit=asked.lidar_credit, crs=asked.raster_crs)


def _survey(asked: argparse.Namespace) -> Survey | None:
    if asked.heights is not None:
        path = _folder(asked.heights)
        return read_survey(path, column=asked.height_column, credit=asked.heights_credit)
    if asked.height_column or asked.heights_credit:
        msg = "Wanted --height-column and --heights-credit beside --heights FILE."
        raise SourceError(msg)
    return None


def info(asked: argparse.Namespace) -> None:
    """Tell what a city folder knows."""
    atlas = read_atlas(_folder(asked.folder))
    if asked.json:
        print(json.dumps(atlas.summary(), ensure_ascii=False, indent=1))
    else:
        print(_summary(atlas))


def route(asked: argparse.Namespace) -> None:
    """Answer with the shortest and the shadiest walk."""
    atlas = read_atlas(_folder(asked.folder))
    trip = Trip(
        origin=_place(atlas, asked.origin),
        destination=_place(atlas, asked.destination),
        departs=_time(atlas, asked.at),
        budget=asked.budget,
    )
    day = trip.departs.astimezone(atlas.zone).date()
    routes = find_routes(atlas.network, atlas.shade_on(day), trip)
    steps = export.find_all_steps(atlas, routes)
    collection = export.routes_to_geojson(atlas, routes, steps=steps)
    print(json.dumps(collection, ensure_ascii=False))
    if sys.stderr.isatty():  # in words for who reads along, beside the data on stdout
        print(tell_routes(routes, steps, Words("en")), file=sys.stderr)


def shade(asked: argparse.Namespace) -> None:
    """Write the shade of one instant."""
    out = Path(asked.out)
    ending = out.suffix.lower()
    if ending not in SHADE_ENDINGS:
        msg = (
            f"--out must end in .tif (raster), .geojson or .parquet (streets) or .png (picture); "
            f"got {asked.out!r}."
        )
        raise SourceError(msg)
    atlas = read_atlas(_folder(asked.folder))
    at = _time(atlas, asked.at)
    if ending == ".png":
        draw.write_shade(atlas, at, out, cell_m=asked.cell)
    elif ending in {".tif", ".tiff"}:
        export.write_raster(atlas, at, out, cell_m=asked.cell)
    else:
        export.write_edges(atlas, at, out)


def check(asked: argparse.Namespace) -> None:
    """Tell what blocks the sun at a place, in words or as JSON, and draw its skyline."""
    out = Path(asked.out) if asked.out is not None else None
    if out is not None and out.suffix.lower() != ".png":
        msg = f"--out must end in .png (the skyline as a picture); got {asked.out!r}."
        raise SourceError(msg)
    atlas = read_atlas(_folder(asked.folder))
    spot = find_spot(atlas, _place(atlas, asked.place), _time(atlas, asked.at))
    words = Words(asked.language)
    if out is not None:
        write_skyview(spot, out.expanduser(), words)
    if asked.json:
        print(json.dumps(spot.to_json(), ensure_ascii=False, indent=1))
    else:
        if moved := tell_moved(spot.moved_m, words):
            print(moved)
        granted = "" if spot.check.state in NOWHERE else spot.assumptions
        print(tell_check(spot.check, spot.spells, words, assumptions=granted))


def hours(asked: argparse.Namespace) -> None:
    """Write the hours of sun of a day or a season."""
    out = _file(asked.out, ".tif (raster), .geojson or .parquet (streets)", HOURS_ENDINGS)
    if (asked.first is None) != (asked.last is None):
        msg = "Wanted --from and --to together, the first and the last day."
        raise TripError(msg)
    if asked.year is not None and asked.season is None:
        msg = "Wanted --year with --season only; a day has its own."
        raise TripError(msg)
    atlas = read_atlas(_folder(asked.folder))
    if asked.season is not None:
        year = asked.year or datetime.now(atlas.zone).year
        period = read_season(asked.season, year, latitude_deg=atlas.city.centre[0])
    else:
        period = Period(asked.day or asked.first, asked.day or asked.last)
    with _Bars() as bars:
        export.write_hours(atlas, period, out, cell_m=asked.cell, progress=bars.show)


def street(asked: argparse.Namespace) -> None:
    """Draw the sun on one street."""
    out = _file(asked.out, ".png or .svg (figure) or .csv (its numbers)", STREET_ENDINGS)
    atlas = read_atlas(_folder(asked.folder))
    day = asked.day or datetime.now(atlas.zone).date()
    Period(day, day)  # refuses a year of which no sun is known
    with _Bars() as bars:
        chart.write_street(atlas, asked.name, day, out, language=asked.language, progress=bars.show)


def cast(asked: argparse.Namespace) -> None:
    """Cast the shadows of one sun on plain rasters, and sum the mask up."""
    out = _file(asked.out, ".tif (the mask)", {".tif", ".tiff"})
    if not -90.0 <= asked.elevation <= 90.0:
        msg = f"--elevation must lie between -90 and 90 degrees; got {asked.elevation:g}."
        raise SourceError(msg)
    sheets = [path for name in _MODELS for path in find_sheets(getattr(asked, name))]
    if out.resolve() in {path.resolve() for path in sheets}:
        msg = f"--out must not be one of the rasters that are read; got {asked.out!r}."
        raise SourceError(msg)
    plot = mask.read_plot(
        asked.dsm,
        cdsm=asked.cdsm,
        dem=asked.dem,
        stated_crs=asked.raster_crs,
        credit=asked.lidar_credit or "",
        model=mask.MaskModel(trunk_fraction=asked.trunk_ratio),
    )
    found = mask.cast_mask(
        plot,
        azimuth_deg=asked.azimuth,
        elevation_deg=asked.elevation,
        from_true_north=asked.true_north,
    )
    mask.write_mask(found, out)
    for value, what in ((mask.LIT, "sunlit"), (mask.SHADED, "shaded"), (mask.UNKNOWN, "unknown")):
        print(f"{what:<28}{100.0 * float(np.mean(found.sunlit == value)):.2f} %")
    print(f"{'rows turned from true north':<28}{plot.convergence_deg:.2f}°")


def app(asked: argparse.Namespace) -> None:
    """Start the app, and stay until it ends."""
    for folder in asked.folder:
        read_atlas(_folder(folder))  # a sentence here beats a page that cannot open
    command = [sys.executable, "-m", "streamlit", "run", str(app_file())]
    if asked.port is not None:
        command += ["--server.port", str(asked.port)]
    if asked.headless:
        command += ["--server.headless", "true"]
    folders = [str(Path(folder).resolve()) for folder in asked.folder]
    sys.exit(subprocess.call([*command, "--", *folders]))  # noqa: S603  our own words


def app_file() -> Path:
    """Find app.py: in a folder of its own where a wheel put it, else in the checkout."""
    here = Path(__file__).parent
    return next(
        path for path in (here / "door" / "app.py", here.parent / "app.py") if path.exists()
    )


def _file(text: str, wanted: str, endings: set[str]) -> Path:
    """Read where to write, before anything is computed for it."""
    path = Path(text).expanduser()
    if path.suffix.lower() not in endings:
        msg = f"--out must end in {wanted}; got {text!r}."
        raise SourceError(msg)
    if not path.parent.is_dir():
        msg = f"--out must lie in a folder that exists; got {text!r}."
        raise SourceError(msg)
    return path


def _folder(text: str) -> Path:
    return Path(text).expanduser()


def _place(atlas: Atlas, text: str) -> tuple[float, float]:
    """Read "LAT,LON", or look the name up."""
    if not NUMBERS.fullmatch(text):
        place = find_place(atlas.city, text)
        return place.latitude_deg, place.longitude_deg
    latitude_deg, longitude_deg = read_coordinates(text)
    here = _distance_m(atlas, latitude_deg, longitude_deg)
    may_turn = here > 10_000.0 and abs(longitude_deg) <= 90.0
    if may_turn and _distance_m(atlas, longitude_deg, latitude_deg) == 0.0:
        msg = (
            f"Wanted LAT,LON; {text} lies {here / 1000.0:,.0f} km away, but turned round, as "
            f"{longitude_deg:g},{latitude_deg:g}, it is in {atlas.city.name}."
        )
        raise TripError(msg)
    return latitude_deg, longitude_deg


def _distance_m(atlas: Atlas, latitude_deg: float, longitude_deg: float) -> float:
    """Measure how far a place lies from the city; infinite past what its map can draw."""
    xy = atlas.city.to_local(latitude_deg, longitude_deg)[0]
    if not np.isfinite(xy).all():
        return math.inf
    return float(shapely.distance(atlas.city.extent, shapely.Point(xy)))


def _time(atlas: Atlas, text: str) -> datetime:
    return datetime.now(atlas.zone) if text == "now" else read_wall_time(text, atlas.zone)


def _summary(atlas: Atlas) -> str:
    """Lay the summary out for people; the assumptions stand in city.json."""
    lines = []
    for key, value in atlas.summary().items():
        if isinstance(value, dict):
            told = ", ".join(f"{n:,} {what}" for what, n in value.items()) or "none"
        elif isinstance(value, int):
            told = f"{value:,}"
        else:
            told = " ".join(str(value).split())
        if key != "data models":
            lines.append(f"{key:<28}{told}")
    return "\n".join(lines)


class _Bars:
    """Progress on a terminal: one bar a step."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._step = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, step: str, fraction: float) -> None:
        if self._bar is None or self._step != step:
            self._close()
            self._step = step
            self._bar = tqdm(
                desc=step,
                total=100,
                disable=None,  # silent where nobody watches
                bar_format="{desc:<24}{bar}{percentage:4.0f} % {elapsed}",
                file=sys.stderr,
            )
        self._bar.update(round(100 * fraction) - self._bar.n)
