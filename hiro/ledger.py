"""Ledgers: tables that offices publish, with or without shapes, opened with suspicion."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from solarpass.column import fold_name
from solarpass.degrees import DEGREES, are_degrees, find_way
from solarpass.errors import CoordinateError
from solarpass.layer import check_layer

Bounds = tuple[float, float, float, float]  # west, south, east and north in degrees

GRID = "EPSG:3035"  # in which Europe's offices count their cells

_ROWS = 200_000  # of a table read at once
_SAME_GROUND = 0.01  # of the smaller of two outlines, which are no sharper; our choice
_MOST_COMPARED = 20_000
_TABLES = {".csv", ".tsv", ".txt"}
_LAYERS = {".geojson", ".json", ".gpkg", ".shp", ".fgb"}
_GEOMETRY = ("geometry", "geom", "the_geom", "wkt", "geom_wkt", "shape", "geo_shape")
_X = ("x_mp_100m", "x_mp_1km", "x_mp", "x", "longitude", "lon", "lng", "stop_lon")
_Y = ("y_mp_100m", "y_mp_1km", "y_mp", "y", "latitude", "lat", "stop_lat")
_EWKT = re.compile(r"(?:SRID=(\d+);)?\s*(.*)", re.IGNORECASE | re.DOTALL)
_DASHES = {"", "-", "\N{EN DASH}", "\N{EM DASH}", ".", "/", "x", "nan", "none", "null", "na"}


@dataclass(frozen=True, eq=False, slots=True)
class Ledger:
    """
    What one file says.

    Attributes
    ----------
    table
        Its columns as they are written, cells as text or numbers.
    shapes
        Points or polygons, None where a row has none, shape ``(n_rows,)``.
    crs
        In which the shapes count.
    names
        Of all columns of the file, also of those that were not wanted.
    """

    table: pd.DataFrame
    shapes: NDArray[Any]
    crs: pyproj.CRS
    names: tuple[str, ...]

    def tell_names(self) -> str:
        """Tell the first columns of the file, for a refusal."""
        return ", ".join(map(repr, self.names[:20]))[:300] or "none"

    def find(self, names: Iterable[str]) -> str | None:
        """Find a column by the first of several folded names."""
        return find_column(self.table, names)


def find_column(table: pd.DataFrame, names: Iterable[str]) -> str | None:
    """Find a column by the first of several folded names."""
    by_name = {fold_name(name): str(name) for name in reversed(table.columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def open_ledger(
    path: Path,
    *,
    wanted: str,
    error: type[ValueError],
    keeps: Callable[[str], bool] | None = None,
    bounds: Bounds | None = None,
) -> Ledger:
    """
    Read a table and where its rows are.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab) with ``x`` and ``y``, ``lat`` and ``lon`` or a geometry
        as WKT; or GeoJSON, GeoPackage, Shapefile.
    wanted
        What the file should have been, for the refusal.
    error
        What to raise.
    keeps
        Tells by its folded name whether a column is wanted; None: all are.
    bounds
        Of a table of points only those within are read, as of a whole country's cells.

    Raises
    ------
    ValueError
        Of the kind asked for, if the file is missing, torn, of another kind, empty, or does
        not tell where its rows are.
    """
    if not path.is_file() or path.stat().st_size == 0:
        lacks = "is a folder" if path.is_dir() else "is empty" if path.exists() else "is not there"
        msg = f"{path} {lacks}; wanted {wanted}."
        raise error(msg)
    ending = path.suffix.lower()
    if ending not in _TABLES | _LAYERS:
        msg = f"{path} is of no kind that we read; wanted {wanted}, as .csv, .geojson or .gpkg."
        raise error(msg)
    try:
        ledger = _read_csv(path, keeps, bounds) if ending in _TABLES else _read_layer(path)
    except (ValueError, OSError, OverflowError, csv.Error, shapely.errors.ShapelyError) as trouble:
        kind = " ".join(str(trouble).split()).rstrip(".")[:200]
        msg = f"{path} does not read ({kind}); wanted {wanted}."
        raise error(msg) from trouble
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as trouble:
        kind = " ".join(str(trouble).split()).rstrip(".")[:200]
        msg = f"{path} does not read ({kind}); wanted {wanted}: it may be torn, download it again."
        raise error(msg) from trouble
    if not len(ledger.table) or shapely.is_missing(ledger.shapes).all():
        here = "" if bounds is None else " there"
        msg = f"{path} holds no row that has a place{here}; wanted {wanted}."
        raise error(msg)
    return ledger


def read_amounts(table: pd.DataFrame, column: str) -> tuple[NDArray[np.float64], int]:
    """
    Read amounts, with a point or a comma; NaN where nothing is told.

    Returns
    -------
    tuple
        The amounts, and how many cells are neither a number of 0 or more nor one of the dashes
        that offices put for what they do not tell.
    """
    cells = table[column]
    if pd.api.types.is_numeric_dtype(cells):
        amounts = cells.to_numpy(float, na_value=np.nan)
        blank = np.isnan(amounts)
    else:
        texts = cells.fillna("").astype(str).str.strip()
        blank = texts.str.casefold().isin(_DASHES).to_numpy(bool)
        plain = texts.str.replace(",", ".", regex=False).mask(pd.Series(blank, texts.index))
        amounts = pd.to_numeric(plain, errors="coerce").to_numpy(float, na_value=np.nan)
    sound = np.isfinite(amounts) & (np.nan_to_num(amounts, nan=-1.0) >= 0.0)
    return np.where(sound, amounts, np.nan), int((~sound & ~blank).sum())


def count_overlaps(shapes: NDArray[Any]) -> int:
    """Count the pairs of outlines that lie on the same ground; of very many nobody asks."""
    shapes = shapes[shapely.get_dimensions(shapes) == 2]
    if len(shapes) > _MOST_COMPARED:
        return 0
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    smaller = np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    return int((shared > _SAME_GROUND * smaller).sum())


# --- the file


def _read_csv(path: Path, keeps: Callable[[str], bool] | None, bounds: Bounds | None) -> Ledger:
    encoding, separator, names = _sniff(path)
    header = pd.DataFrame(columns=names)
    shape = find_column(header, _GEOMETRY)
    x, y = find_column(header, _X), find_column(header, _Y)
    if shape is None and (x is None or y is None):
        held = ", ".join(map(repr, names[:20]))[:300]
        msg = f"no columns x and y, lat and lon, or a geometry as WKT, and it has {held}"
        raise ValueError(msg)
    placing = {shape} if shape is not None else {x, y}
    wanted = [name in placing or keeps is None or keeps(fold_name(name)) for name in names]
    chunks = pd.read_csv(
        path,
        sep=separator,
        encoding=encoding,
        header=0,
        names=[
            f"{name}" if names.count(name) == 1 else f"{name}_{i}" for i, name in enumerate(names)
        ],
        usecols=[i for i, is_wanted in enumerate(wanted) if is_wanted],
        dtype=str,
        keep_default_na=False,
        skipinitialspace=True,
        index_col=False,
        chunksize=_ROWS,
    )
    with chunks:
        if shape is not None:
            table = pd.concat(chunks, ignore_index=True)
            shapes, crs = _read_wkt(table[shape].tolist())
            return Ledger(table.drop(columns=shape), shapes, crs, tuple(names))
        return Ledger(*_read_points(chunks, str(x), str(y), bounds), tuple(names))


def _read_points(
    chunks: Iterable[pd.DataFrame], x: str, y: str, bounds: Bounds | None
) -> tuple[pd.DataFrame, NDArray[Any], pyproj.CRS]:
    """Read a table of points piece by piece, and keep what lies within."""
    crs: pyproj.CRS | None = None
    tables, places = [], []
    for chunk in chunks:
        xy = np.column_stack([_read_signed(chunk[name]) for name in (x, y)])
        if crs is None and (np.isfinite(xy).all(axis=1).any() or not len(xy)):
            crs = _guess_crs(xy)
        inside = np.ones(len(xy), dtype=bool)
        if bounds is not None and crs is not None:
            west, south, east, north = _move_bounds(bounds, crs)
            inside = (xy[:, 0] >= west) & (xy[:, 0] <= east)
            inside &= (xy[:, 1] >= south) & (xy[:, 1] <= north)
        tables.append(chunk[inside].drop(columns=[x, y]))
        places.append(xy[inside])
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    xy = np.vstack([np.empty((0, 2)), *places])
    return table, _points(xy), crs or pyproj.CRS.from_user_input(DEGREES)


def _move_bounds(bounds: Bounds, crs: pyproj.CRS) -> Bounds:
    way = pyproj.Transformer.from_crs(DEGREES, crs, always_xy=True)
    west, south, east, north = way.transform_bounds(*bounds)
    return west, south, east, north


def _sniff(path: Path) -> tuple[str, str, list[str]]:
    """Tell how a table is written, and the names of its columns."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if _is_utf8(path) else "cp1252"  # as offices write that are older
    text = head.decode(encoding, errors="ignore").lstrip()
    header = re.split(r"[\r\n]", text, maxsplit=1)[0].strip().lstrip("\ufeff")
    if "\0" in text:
        msg = "it holds no text"
        raise ValueError(msg)
    separator = max(";\t,", key=header.count)
    names = next(csv.reader([header], delimiter=separator), [])
    return encoding, separator, [name.strip() for name in names]


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _read_signed(cells: pd.Series[Any]) -> NDArray[np.float64]:
    texts = cells.str.strip().str.replace(",", ".", regex=False)
    return pd.to_numeric(texts, errors="coerce").to_numpy(float, na_value=np.nan)


def _points(xy: NDArray[np.float64]) -> NDArray[Any]:
    shapes = np.full(len(xy), None, dtype=object)
    known = np.isfinite(xy).all(axis=1)
    shapes[known] = shapely.points(xy[known])
    return shapes


def _guess_crs(xy: NDArray[np.float64]) -> pyproj.CRS:
    known = xy[np.isfinite(xy).all(axis=1)]
    if are_degrees(known):  # and so is nothing at all, which is refused later
        return pyproj.CRS.from_user_input(DEGREES)
    x, y = np.median(known, axis=0)
    if 900_000 < x < 7_500_000 and 900_000 < y < 7_500_000:
        return pyproj.CRS.from_user_input(GRID)
    msg = f"its coordinates, such as {x:.0f}, {y:.0f}, are neither degrees nor of {GRID}"
    raise ValueError(msg)


def _read_wkt(texts: Sequence[str]) -> tuple[NDArray[Any], pyproj.CRS]:
    parts = [_EWKT.fullmatch(text.strip()) if text else None for text in texts]
    codes = {match[1] for match in parts if match and match[1]}
    if len(codes) > 1:
        msg = f"it mixes the coordinate reference systems {sorted(codes)[:3]}"
        raise ValueError(msg)
    shapes = shapely.from_wkt([match and match[2] for match in parts], on_invalid="ignore")
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    if codes:
        return shapes, _known_crs(f"EPSG:{codes.pop()}")
    return shapes, _guess_crs(middle)


def _known_crs(told: object) -> pyproj.CRS:
    try:
        find_way(Path("it"), told)
    except CoordinateError as error:
        msg = f"its coordinate reference system {str(told)[:80]!r} is none that we know"
        raise ValueError(msg) from error
    return pyproj.CRS.from_user_input(told)


def _read_layer(path: Path) -> Ledger:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's doubts about single features
        check_layer(path)
        layers = pyogrio.list_layers(path)
        placed = [name for name, kind in layers if kind]
        if not placed:
            msg = "it holds a table without shapes"
            raise ValueError(msg)
        frame = pyogrio.read_dataframe(path, layer=placed[0])
    if not isinstance(frame, gpd.GeoDataFrame):
        msg = "it holds a table without shapes"
        raise ValueError(msg)  # noqa: TRY004  a file's fault, as all others here
    if frame.crs is None:
        msg = "it does not tell its coordinate reference system"
        raise ValueError(msg)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    shapes, crs = np.asarray(frame.geometry), pyproj.CRS.from_user_input(frame.crs)
    return Ledger(table, shapes, crs, tuple(map(str, table.columns)))
