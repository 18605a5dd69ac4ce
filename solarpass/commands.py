"""What each command of the command line does."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import NoReturn, Self

import numpy as np
from tqdm import tqdm

from . import chart, draw, export, glarefile, mask
from .atlas import Atlas, build_atlas, read_atlas
from .errors import SourceError, TripError
from .glare import GlareModel
from .hours import Period, read_season
from .lidar import Lidar, read_lidar
from .missing import day_departs, find_missing, read_day
from .placename import read_place
from .register import Register, read_register
from .sheet import find_sheets
from .skyview import write_skyview
from .spot import find_spot
from .survey import Survey, read_survey
from .trip import read_wall_time
from .verdict import NOWHERE, tell_check, tell_moved
from .words import Words

_MODELS = ("dsm", "cdsm", "dem")

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
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


def shade(asked: argparse.Namespace) -> None:
    """Write the shade of one instant, or where it is missing."""
    if asked.missing:
        _miss(asked)
        return
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


def _miss(asked: argparse.Namespace) -> None:
    """Write where shade is missing at an instant, or at some hours of a day."""
    wanted = ".geojson, .parquet, .gpkg, .csv (stretches) or .png (picture)"
    out = _file(asked.out, wanted, glarefile.MISSING_ENDINGS)
    atlas = read_atlas(_folder(asked.folder))
    is_day = DAY.fullmatch(asked.at.strip()) is not None
    departs = day_departs(read_day(asked.at), atlas.zone) if is_day else [_time(atlas, asked.at)]
    with _Bars() as bars:
        missing = find_missing(
            atlas,
            departs,
            n_trips=asked.trips,
            seed=asked.seed,
            budget=asked.budget,
            progress=bars.show,
        )
    model = GlareModel(least_min=asked.least)
    glarefile.write_glares(atlas, missing, out, n_most=asked.most, model=model)


def check(asked: argparse.Namespace) -> None:
    """Tell what blocks the sun at a place, in words or as JSON, and draw its skyline."""
    out = Path(asked.out) if asked.out is not None else None
    if out is not None and out.suffix.lower() != ".png":
        msg = f"--out must end in .png (the skyline as a picture); got {asked.out!r}."
        raise SourceError(msg)
    atlas = read_atlas(_folder(asked.folder))
    spot = find_spot(atlas, read_place(atlas, asked.place), _time(atlas, asked.at))
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
    # What the app is made of is not waited for by any other command.
    from .map.opening import list_cities  # noqa: PLC0415

    for city in list_cities([_folder(folder) for folder in asked.folder]):
        read_atlas(city)  # a sentence here beats a page that cannot open
    command = [sys.executable, "-m", "streamlit", "run", str(app_file())]
    if asked.port is not None:
        command += ["--server.port", str(asked.port)]
    if asked.headless:
        command += ["--server.headless", "true"]
    if asked.host is not None:
        command += ["--server.address", asked.host]
    if asked.base_path is not None:
        command += ["--server.baseUrlPath", asked.base_path.strip("/")]
    folders = [str(Path(folder).resolve()) for folder in asked.folder]
    sys.exit(subprocess.call([*command, "--", *folders]))  # noqa: S603  our own words


def serve(asked: argparse.Namespace) -> None:
    """Answer over HTTP until stopped."""
    # FastAPI takes a second to import, which no other command shall wait for.
    from .serve import is_loopback, open_door  # noqa: PLC0415

    if not is_loopback(asked.host):
        said = (
            f"Everybody who reaches {asked.host} may ask: there is neither a password nor "
            "encryption; put a proxy with both before it."
        )
        print(said, file=sys.stderr)
    folders = [_folder(folder) for folder in asked.folder]
    address = f"http://{asked.host}:{asked.port}/"
    print(f"SolarPass answers at {address} (stop with Ctrl+C).", file=sys.stderr)
    open_door(folders, host=asked.host, port=asked.port, origins=asked.allow_origin)


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
