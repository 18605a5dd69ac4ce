"""Points: the file of a register as it lies, its table and, where it has them, its points."""

from __future__ import annotations

import codecs
import csv
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from .degrees import DEGREES
from .errors import SourceError
from .layer import check_layer


class PointFile(NamedTuple):
    """
    What a file tells: its table, and where its rows stand if it has points.

    Attributes
    ----------
    table
        One row a point, as texts and numbers.
    point
        East and north, or longitude and latitude, NaN where there is none, shape
        ``(n_rows, 2)``; None: columns of the table tell it.
    crs
        Coordinate reference system that the file states, if it does.
    licence
        That it states, or nothing.
    """

    table: pd.DataFrame
    point: NDArray[np.float64] | None
    crs: Any
    licence: str


def read_points(path: Path) -> PointFile:
    """
    Read a file by its ending.

    Raises
    ------
    SourceError
        If it is missing, empty, torn, or of another kind.
    """
    _refuse_no_file(path)
    ending = path.suffix.lower()
    if ending in {".geojson", ".json"}:
        return _read_geojson(path)
    if ending in {".csv", ".tsv", ".txt"}:
        return PointFile(_read_csv(path), None, None, "")
    if ending in {".gpkg", ".shp", ".fgb"}:
        return _read_layer(path)
    msg = f"{path} is no tree register that we read; wanted .geojson, .csv or .gpkg."
    raise SourceError(msg)


def draw_points(shape: NDArray[Any]) -> NDArray[np.float64]:
    """Take the middle of points; what has a length or an area is no tree."""
    middle = shapely.centroid(shape)
    xy = np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])
    xy[shapely.get_dimensions(shape) != 0] = np.nan
    return xy


def _refuse_no_file(path: Path) -> None:
    wanted = "wanted a tree register: .geojson, .csv or .gpkg"
    if not path.is_file():
        msg = f"{path} {'is a folder' if path.is_dir() else 'does not exist'}; {wanted}."
        raise SourceError(msg)
    if path.stat().st_size == 0:
        msg = f"{path} is empty; {wanted}: download it again."
        raise SourceError(msg)


def _read_geojson(path: Path) -> PointFile:
    try:
        told = json.loads(path.read_bytes())
        features = [one for one in told["features"] if isinstance(one, dict)]
        table = pd.DataFrame([one.get("properties") or {} for one in features], dtype=object)
        table.index = pd.RangeIndex(len(features))
        xy = np.array([_first_point(one.get("geometry")) for one in features], dtype=float)
        stated = _stated_crs(told.get("crs"))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        msg = (
            f"{path} does not read as GeoJSON ({type(error).__name__}: {error}); wanted a "
            "FeatureCollection of points: it may be torn, download it again."
        )
        raise SourceError(msg) from error
    licence = next((told[key] for key in ("licence", "license", "lizenz") if key in told), None)
    return PointFile(table, xy.reshape(-1, 2), stated, str(licence or ""))


def _stated_crs(crs: Any) -> Any:  # noqa: ANN401 - of JSON
    """Read what a GeoJSON states of old: by a name, by a code, or against the rules as text."""
    if not crs or isinstance(crs, str):
        return crs or DEGREES
    told = crs["properties"]
    return f"EPSG:{told['code']}" if "code" in told else told["name"]


def _first_point(geometry: Any) -> tuple[float, float]:  # noqa: ANN401 - of JSON
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Point", "MultiPoint"} or not geometry.get("coordinates"):
        return np.nan, np.nan
    at = geometry["coordinates"] if kind == "Point" else geometry["coordinates"][0]
    return float(at[0]), float(at[1])


def _read_csv(path: Path) -> pd.DataFrame:
    raw = path.read_bytes()
    is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # Excel's "Unicode"
    try:
        text = raw.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_wide:
            msg = f"{path} does not read as UTF-16 ({error.reason}); it is torn: download it again."
            raise SourceError(msg) from error
        text = raw.decode("latin-1")  # as older offices write
    header = text.lstrip().split("\n", 1)[0]
    separator = max(";\t,", key=header.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        first, *rows = (line for line in lines if any(cell.strip() for cell in line))
    except (csv.Error, ValueError) as error:
        msg = f"{path} does not read as CSV ({error}); wanted a header and one row a tree."
        raise SourceError(msg) from error
    filled = [row[: len(first)] + [""] * (len(first) - len(row)) for row in rows]
    return pd.DataFrame(filled, columns=first, dtype=object)


_UNREADABLE = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)


def _read_layer(path: Path) -> PointFile:
    try:
        check_layer(path)
        layer = pyogrio.list_layers(path)[0, 0]
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (*_UNREADABLE, LookupError, ValueError) as error:
        msg = f"{path} does not read ({error}); wanted a GeoPackage of points: download it again."
        raise SourceError(msg) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        msg = f"{path} holds a table without places; wanted a layer of points."
        raise SourceError(msg)
    xy = draw_points(np.asarray(frame.geometry))
    return PointFile(pd.DataFrame(frame.drop(columns=frame.geometry.name)), xy, frame.crs, "")
