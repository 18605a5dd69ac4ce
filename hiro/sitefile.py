"""Site files: a city's own list of objects as it lies, opened with suspicion."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from solarpass.column import ALIASES, fold_name, read_coordinates, read_texts
from solarpass.degrees import DEGREES, are_degrees

from .errors import SiteError

MOST_BYTES = 200_000_000
MOST_ROWS = 100_000
WANTED = "wanted a list of sites: .geojson, .csv, .gpkg, or an answer of Overpass as .json"

_POSITIONS = {
    "lat": (*ALIASES["lat"], "stop_lat", "wgs84_lat", "breite", "lat_wgs84"),
    "lon": (*ALIASES["lon"], "stop_lon", "wgs84_lon", "laenge", "lon_wgs84", "wgs84_lng"),
    "x": (*ALIASES["x"], "ost", "east", "e", "rw", "x_utm", "utm_x", "x_koordinate"),
    "y": (*ALIASES["y"], "nord", "north", "n", "hw", "y_utm", "utm_y", "y_koordinate"),
    "geometry": ALIASES["geometry"],
    "crs": ("crs", "epsg", "srid", "koordinatensystem", "bezugssystem"),
}
_CODE = re.compile(r"_(\d{4,5})$")
_EWKT = re.compile(r"(?:SRID=(\d{1,6});)?\s*(.*)", re.IGNORECASE | re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
# A GeoPackage, and nothing that merely bears its name: GDAL would open what it is instead.
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, eq=False, slots=True)
class SiteFile:
    """
    What a file says.

    Attributes
    ----------
    table
        Its columns as they are written.
    shapes
        Where each row is, None where it does not say, shape ``(n_rows,)``.
    crs
        In which the shapes count.
    elements
        Of an Overpass answer, which has neither table nor shapes; None: another file.
    """

    table: pd.DataFrame
    shapes: np.ndarray[Any, Any]
    crs: str
    elements: list[dict[str, Any]] | None = field(default=None)


def open_sites(path: Path, *, crs: str | None = None) -> SiteFile:
    """
    Open a list of sites by its ending.

    Parameters
    ----------
    path
        GeoJSON, CSV (comma, semicolon or tab), GeoPackage, or an Overpass answer as JSON.
    crs
        In which it counts, where it does not tell.

    Raises
    ------
    SiteError
        If it is missing, empty, torn, too large, of another kind, or tells no place.
    """
    _refuse_odd(path)
    ending = path.suffix.lower()
    try:
        if ending in {".geojson", ".json"}:
            opened = _read_json(path, path.read_bytes(), crs)
        elif ending in {".csv", ".tsv", ".txt"}:
            opened = _read_csv(path, path.read_bytes(), crs)
        else:
            opened = _read_layer(path, crs)
    except SiteError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError) as error:
        msg = f"{path} does not read ({_first_line(error)}); {WANTED}."
        raise SiteError(msg) from error
    n_rows = len(opened.table) if opened.elements is None else len(opened.elements)
    if n_rows == 0:
        msg = f"{path} holds no site; {WANTED}, one row or feature a site."
        raise SiteError(msg)
    if n_rows > MOST_ROWS:
        msg = (
            f"{path} holds {n_rows:,} rows; wanted at most {MOST_ROWS:,} sites: leave out those "
            "of other cities."
        )
        raise SiteError(msg)
    return opened


def find_columns(table: pd.DataFrame, names: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Find which column tells what, by its usual names, the surest first."""
    by_name = {fold_name(name): str(name) for name in reversed(table.columns)}
    bare = {_CODE.sub("", folded): name for folded, name in by_name.items()} | by_name
    found = {}
    for what, usual in names.items():
        known = next((bare[name] for name in usual if name in bare), None)
        if known is not None:
            found[what] = known
    return found


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(".: ")[:200]


def _refuse_odd(path: Path) -> None:
    if not path.is_file() or path.stat().st_size == 0:
        lacks = "is a folder" if path.is_dir() else "is empty" if path.exists() else "is not there"
        msg = f"{path} {lacks}; {WANTED}."
        raise SiteError(msg)
    if path.suffix.lower() not in {".geojson", ".json", ".csv", ".tsv", ".txt", ".gpkg"}:
        msg = f"{path} is no list of sites that we read; {WANTED}."
        raise SiteError(msg)
    if path.stat().st_size > MOST_BYTES:
        msg = (
            f"{path} has {path.stat().st_size / 1e6:,.0f} MB; wanted a list of sites of at most "
            f"{MOST_BYTES / 1e6:.0f} MB: leave out other cities and columns."
        )
        raise SiteError(msg)


# --- GeoJSON, and what Overpass answers


def _read_json(path: Path, raw: bytes, crs: str | None) -> SiteFile:
    text = raw.decode(json.detect_encoding(raw), "surrogatepass")
    told = json.loads(text)
    if _SURROGATE.search(text):
        told = _mend_texts(told)
    nothing = np.empty(0, dtype=object)
    if isinstance(told, dict) and isinstance(told.get("elements"), list):
        elements = [one for one in told["elements"] if isinstance(one, dict)]
        if not elements and told.get("remark"):
            msg = f"{path}: Overpass answered {str(told['remark'])[:120]!r}; ask it again."
            raise SiteError(msg)
        return SiteFile(pd.DataFrame(), nothing, DEGREES, elements)
    if not isinstance(told, dict) or not isinstance(told.get("features"), list):
        msg = "it is neither a FeatureCollection nor an answer of Overpass"
        raise ValueError(msg)  # noqa: TRY004  a file's fault, as all others here
    features = [one for one in told["features"] if isinstance(one, dict)]
    rows = [_read_properties(one) for one in features]
    table = pd.DataFrame(rows, index=pd.RangeIndex(len(rows)), dtype=object)
    written = [json.dumps(one.get("geometry")) for one in features]
    shapes = shapely.from_geojson(np.array([*written, None], dtype=object), on_invalid="ignore")
    stated = told.get("crs")
    if isinstance(stated, dict):
        stated = stated["properties"].get("name", f"EPSG:{stated['properties'].get('code')}")
    return SiteFile(table, shapes[:-1], crs or str(stated or DEGREES))


def _mend_texts(told: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Put a sign of replacement for halves of letters, which no file and no screen can hold."""
    if isinstance(told, str):
        return told.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(told, list):
        return [_mend_texts(one) for one in told]
    if isinstance(told, dict):
        return {_mend_texts(name): _mend_texts(one) for name, one in told.items()}
    return told


def _read_properties(feature: dict[str, Any]) -> dict[str, Any]:
    told = feature.get("properties")
    named = {"id": feature["id"]} if "id" in feature else {}
    return named | (told if isinstance(told, dict) else {})


# --- tables


def _read_csv(path: Path, raw: bytes, crs: str | None) -> SiteFile:
    table = _split(raw)
    found = find_columns(table, _POSITIONS)
    stated = crs or _read_code(table, found.get("crs"))
    if "geometry" in found and not {"lat", "lon"} <= set(found):
        texts = read_texts(table, found["geometry"])
        parts = [_EWKT.fullmatch(text) if text else None for text in texts]
        codes = sorted({match[1] for match in parts if match and match[1]})
        if len(codes) > 1:
            msg = f"{path} mixes the systems EPSG:{' and EPSG:'.join(codes[:3])}; wanted one."
            raise SiteError(msg)
        written = np.array([*(match and match[2] for match in parts), None], dtype=object)
        shapes = shapely.from_wkt(written, on_invalid="ignore")[:-1]
        stated = stated or (f"EPSG:{codes[0]}" if codes else None)
        middle = shapely.get_coordinates(shapely.centroid(shapes))
        return SiteFile(table, shapes, stated or _guess(path, middle))
    names = ("lon", "lat") if {"lat", "lon"} <= set(found) else ("x", "y")
    if not set(names) <= set(found):
        held = ", ".join(map(repr, table.columns[:20]))[:300]
        msg = (
            f"{path} does not tell where its sites are; wanted columns lat and lon, x and y with "
            f"crs, or a geometry as WKT, and it has {held}."
        )
        raise SiteError(msg)
    xy = np.column_stack([read_coordinates(read_texts(table, found[name])) for name in names])
    coded = _CODE.search(fold_name(found[names[0]]))
    if names == ("lon", "lat") and are_degrees(xy):
        stated = DEGREES
    stated = stated or (f"EPSG:{coded[1]}" if coded else None) or _guess(path, xy)
    shapes = np.full(len(xy), None, dtype=object)
    known = np.isfinite(xy).all(axis=1)
    shapes[known] = shapely.points(xy[known])
    return SiteFile(table, shapes, stated)


def _split(raw: bytes) -> pd.DataFrame:
    """Split a text into cells, in whichever letters an office writes."""
    is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # Excel's "Unicode"
    try:
        text = raw.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\0" in text:
        msg = "it holds no text"
        raise ValueError(msg)
    header = text.lstrip().split("\n", 1)[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(";\t,", key=header.count), strict=True
    )
    try:
        filled = [line for line in lines if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise ValueError(str(error)) from error
    first, rows = (filled[0], filled[1:]) if filled else ([], [])
    padded = [row[: len(first)] + [""] * (len(first) - len(row)) for row in rows]
    return pd.DataFrame(padded, columns=[name.strip() for name in first], dtype=object)


def _read_code(table: pd.DataFrame, column: str | None) -> str | None:
    """Read the coordinate reference system of a column, which all rows must share."""
    told = sorted({text for text in read_texts(table, column) if text})
    if len(told) > 1:
        msg = f"its rows count in {told[0][:40]!r} and {told[1][:40]!r}; one is wanted"
        raise ValueError(msg)
    return (f"EPSG:{told[0]}" if told[0].isdigit() else told[0]) if told else None


def _guess(path: Path, xy: np.ndarray[Any, Any]) -> str:
    known = xy[np.isfinite(xy).all(axis=1)]
    if are_degrees(known):
        return DEGREES
    x, y = known[0]
    msg = (
        f"{path} has coordinates such as {x:.1f}, {y:.1f} and does not tell their coordinate "
        "reference system; add a column crs, such as EPSG:25833."
    )
    raise SiteError(msg)


def _read_layer(path: Path, crs: str | None) -> SiteFile:
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            msg = f"{path} is no GeoPackage, though it is named so; {WANTED}."
            raise SiteError(msg)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's doubts about single features
        try:
            layers = [name for name, kind in pyogrio.list_layers(path) if kind]
            frame = pyogrio.read_dataframe(path, layer=layers[0]) if layers else None
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            msg = f"{path} does not read ({_first_line(error)}); {WANTED}: it may be torn."
            raise SiteError(msg) from error
    if not isinstance(frame, gpd.GeoDataFrame) or (frame.crs is None and crs is None):
        lacks = "tells no coordinate reference system" if frame is not None else "tells no places"
        msg = f"{path} {lacks}; {WANTED}."
        raise SiteError(msg)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return SiteFile(table, np.asarray(frame.geometry), crs or frame.crs.to_wkt())
