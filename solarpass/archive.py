"""Archives: a city as a folder of tables and rasters, written whole and read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .city import City
from .errors import FolderError
from .extent import make_crs
from .lidar import Reliefs
from .relief import Relief
from .tag import text_column
from .window import Window

FORMAT = 6  # of a city's folder; raised with every change that an older reader would misread
TABLES = (
    *("streets", "crossings", "barriers", "squares", "bridges", "buildings", "trees", "woods"),
    *("stops", "facilities", "places", "areas", "lines", "districts"),
)
RELIEFS = Reliefs._fields


def save_city(city: City, folder: str | Path) -> None:
    """
    Write a city to a folder: one GeoParquet per table, and what binds them in ``city.json``.

    The same city gives the same bytes.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frame: gpd.GeoDataFrame = getattr(city, name)
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
    told = {
        "format": FORMAT,
        "software": f"solarpass {_version()}",
        "name": city.name,
        "zone": city.zone,
        "centre": list(city.centre),
        "crs": city.crs.to_wkt(),
        "extent": shapely.to_wkt(city.extent, rounding_precision=3),
        "knows_buildings": city.knows_buildings,
        "provenance": dict(city.provenance),
        "reliefs": {
            name: _save_relief(relief, folder / f"{name}.npy")
            for name in RELIEFS
            if (relief := getattr(city, name)) is not None
        },
    }
    text = json.dumps(told, sort_keys=True, indent=1, ensure_ascii=False)
    # Last, so that a folder that was not finished is not taken for one.
    (folder / "city.json").write_text(text + "\n", encoding="utf-8")


def _save_relief(relief: Relief, path: Path) -> dict[str, float]:
    """Write the heights of a relief; tell where it lies."""
    np.save(path, relief.height_m, allow_pickle=False)
    window = relief.window
    return {"row": window.row, "column": window.column, "cell_m": window.cell_m}


def _read_relief(told: Mapping[str, Any], path: Path) -> Relief:
    """Open the heights of a relief, mapped into memory."""
    height_m = np.load(path, mmap_mode="r", allow_pickle=False)
    if height_m.dtype != np.float32 or height_m.ndim != 2 or not told["cell_m"] > 0.0:
        msg = f"{path.name} holds no heights"
        raise ValueError(msg)
    n_rows, n_columns = height_m.shape
    row, column = int(told["row"]), int(told["column"])
    return Relief(Window(row, column, n_rows, n_columns, float(told["cell_m"])), height_m)


def _version() -> str:
    try:
        return version("solarpass")
    except PackageNotFoundError:  # a checkout that was never installed
        return "from a checkout"


def read_city(folder: str | Path) -> City:
    """
    Read a city that `save_city` wrote.

    Raises
    ------
    FolderError
        If the folder is missing, half there, foreign, or of another version.
    """
    folder = Path(folder)
    cure = f"build it with: solarpass build SOURCE --out {folder}"
    try:
        told: dict[str, Any] = json.loads((folder / "city.json").read_text(encoding="utf-8"))
        version_there = told["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{folder} holds no city (no readable city.json); {cure}"
        raise FolderError(msg) from error
    if version_there != FORMAT:
        msg = f"{folder} was built in format {version_there}, this version reads {FORMAT}; re{cure}"
        raise FolderError(msg)
    try:
        plain = _read_plain(told)
        frames = {name: _read_frame(folder / f"{name}.parquet") for name in TABLES}
        reliefs: dict[str, Any] = {
            name: _read_relief(where, folder / f"{name}.npy")
            for name, where in told["reliefs"].items()
            if name in RELIEFS
        }
        return City(crs=make_crs(plain["centre"]), **plain, **frames, **reliefs)
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        msg = f"{folder} holds only half a city ({error}); {cure}"
        raise FolderError(msg) from error


def _read_plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read what ``city.json`` tells beside its tables and the format.

    Raises
    ------
    ValueError, KeyError, TypeError, OSError, ShapelyError
        If something is missing, of another kind, or of no sense.
    """
    centre, provenance = told["centre"], told["provenance"]
    extent = shapely.from_wkt(told["extent"])
    is_sound = {
        "name": isinstance(told["name"], str),
        "zone": isinstance(told["zone"], str),
        "centre": isinstance(centre, list)
        and len(centre) == 2
        and all(type(one) in {float, int} for one in centre)
        and abs(centre[0]) <= 90.0
        and abs(centre[1]) <= 180.0,
        "extent": isinstance(extent, shapely.MultiPolygon) and not extent.is_empty,
        "knows_buildings": isinstance(told["knows_buildings"], bool),
        "provenance": isinstance(provenance, dict)
        and all(isinstance(fact, str) for fact in provenance.values()),
    }
    wrong = [name for name, sound in is_sound.items() if not sound]
    if wrong:
        msg = f"city.json tells {wrong[0]} as {str(told[wrong[0]])[:40]!r}"
        raise ValueError(msg)
    ZoneInfo(told["zone"])  # refuses what names none
    return {name: told[name] for name in is_sound} | {"centre": tuple(centre), "extent": extent}


def _read_frame(path: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_parquet(path)
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.StringDtype):
            frame[name] = text_column(frame[name])
    return frame
