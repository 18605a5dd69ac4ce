"""Tree registers: a city's own list of its trees, from GeoJSON, CSV or GeoPackage."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
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

from .column import (
    ALIASES,
    find_columns,
    fold_name,
    read_ages,
    read_coordinates,
    read_day,
    read_lengths,
    read_texts,
    read_years,
)
from .degrees import DEGREES, are_degrees, find_way, guess_degrees, to_degrees
from .errors import CoordinateError, SourceError
from .tag import text_column

# The highest living tree, a redwood, stands 116 m; no crown is as wide as 50 m.
TALLEST_M = 120.0
WIDEST_M = 50.0
NO_LICENCE = "licence not stated"

_CRS_OF = {"gis_x_utm": "EPSG:25833"}  # Dresden's own
_NO_TREE = re.compile(
    r"stammst|stubben|stump|baumgruppe|bestandsfl|waldartig|leer|unbesetzt", re.IGNORECASE
)
_POINT = re.compile(r"(?:SRID=(\d+);)?\s*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, eq=False, slots=True)
class Register:
    """
    The trees of one register.

    Attributes
    ----------
    trees
        ``species``, ``genus``, ``height_m``, ``crown_diameter_m``, ``base_m``,
        ``planted_year`` and ``age_years``, NaN and None where not told; Point in EPSG:4326.
    provenance
        ``source``, ``sha256``, ``licence``, ``data_date`` (empty if not told).
    crs
        The coordinate reference system in which its places were read.
    """

    trees: gpd.GeoDataFrame
    provenance: Mapping[str, str]
    crs: str = DEGREES


def read_register(
    path: str | Path, *, columns: Mapping[str, str] | None = None, credit: str = ""
) -> Register:
    """
    Read a tree register.

    Stumps and felled trees are left out, and so is what has no place.

    Parameters
    ----------
    path
        GeoJSON, CSV (comma, semicolon or tab), GeoPackage or Shapefile, of points.
    columns
        Which column holds what, where its name does not tell: keys of `ALIASES`, and ``crs``
        for the coordinate reference system of coordinates that do not state it.
    credit
        Its licence and whom to name, where the file does not tell, or does not tell all.

    Raises
    ------
    SourceError
        If the file is missing, of another kind, lacks a column, or holds no tree.
    CoordinateError
        If it does not tell in which coordinate reference system its places are.
    """
    path = Path(path)
    _refuse_no_file(path)
    ending = path.suffix.lower()
    if ending in {".geojson", ".json"}:
        table, point, crs, licence = _read_geojson(path)
    elif ending in {".csv", ".tsv", ".txt"}:
        table, point, crs, licence = _read_csv(path), None, None, NO_LICENCE
    elif ending in {".gpkg", ".shp", ".fgb"}:
        table, point, crs, licence = _read_layer(path)
    else:
        msg = f"{path} is no tree register that we read; wanted .geojson, .csv or .gpkg."
        raise SourceError(msg)
    if len(table) == 0:  # a table without columns is empty too, whatever its length
        msg = f"{path} holds no tree; wanted a register with one point or row a tree."
        raise SourceError(msg)
    found = find_columns(path, table, columns or {})
    if "crs" in (columns or {}):
        crs = (columns or {})["crs"]
        find_way(path, crs)  # though its places may need none
    if point is None:
        point, crs = _place(path, table, found, crs)
    degrees = to_degrees(path, point, crs)
    trees, told_date = _frame(table, found, degrees)
    if trees.empty:
        msg = f"{path} tells of {len(table)} trees, but of none where it stands; wanted points."
        raise SourceError(msg)
    return Register(
        trees=trees,
        provenance={
            "source": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "licence": _join_credit(licence, " ".join(credit.split())),
            "data_date": told_date,
        },
        crs=str(crs),
    )


def place_registers(
    registers: Iterable[Register],
    *,
    crs: pyproj.CRS,
    halo: shapely.Geometry,
    data_date: str,
) -> tuple[gpd.GeoDataFrame | None, dict[str, str]]:
    """
    Place the trees of registers in a city, as `build_trees` wants them.

    Of two trees at one place the first stands. Without a date a register's planting years
    count up to that of the city's data.

    Parameters
    ----------
    registers
        In the order in which they count.
    crs
        The city's local metres.
    halo
        What lies beyond it is left out.
    data_date
        Of the city's data, as in its provenance.

    Returns
    -------
    tuple
        The trees, or None without a register; and what goes into the provenance.

    Raises
    ------
    SourceError
        If none of a register's trees stands in the city.
    """
    frames: list[gpd.GeoDataFrame] = []
    told: dict[str, str] = {}
    for number, register in enumerate(registers, start=1):
        frame = _in_city(register, crs, halo)
        year = read_years([register.provenance["data_date"] or data_date])[0]
        age = year - frame["planted_year"]
        frame["age_years"] = age.where(age >= 0.0, frame["age_years"])
        frames.append(frame)
        facts = {**register.provenance, "n_trees": str(len(frame))}
        facts["n_outside"] = str(len(register.trees) - len(frame))
        told |= {f"register_{number}_{name}": fact for name, fact in facts.items() if fact}
    if not frames:
        return None, {}
    joined = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    first = ~joined.geometry.to_wkb().duplicated().to_numpy(bool)
    return gpd.GeoDataFrame(joined[first].reset_index(drop=True), crs=crs), told


# --- the file


def _join_credit(licence: str, credit: str) -> str:
    """Join what the file tells with what it was said to lack."""
    if licence == NO_LICENCE:
        return credit or licence
    return licence if credit in licence else f"{licence}; {credit}"


def _refuse_no_file(path: Path) -> None:
    wanted = "wanted a tree register: .geojson, .csv or .gpkg"
    if not path.is_file():
        msg = f"{path} {'is a folder' if path.is_dir() else 'does not exist'}; {wanted}."
        raise SourceError(msg)
    if path.stat().st_size == 0:
        msg = f"{path} is empty; {wanted}: download it again."
        raise SourceError(msg)


def _read_geojson(path: Path) -> tuple[pd.DataFrame, NDArray[Any], Any, str]:
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
    return table, xy.reshape(-1, 2), stated, str(licence or NO_LICENCE)


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


def _read_layer(path: Path) -> tuple[pd.DataFrame, NDArray[Any], Any, str]:
    try:
        layer = pyogrio.list_layers(path)[0, 0]
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as error:
        msg = f"{path} does not read ({error}); wanted a GeoPackage of points: download it again."
        raise SourceError(msg) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        msg = f"{path} holds a table without places; wanted a layer of points."
        raise SourceError(msg)
    xy = _draw_points(np.asarray(frame.geometry))
    return pd.DataFrame(frame.drop(columns=frame.geometry.name)), xy, frame.crs, NO_LICENCE


# --- its places


def _place(
    path: Path, table: pd.DataFrame, found: Mapping[str, str], crs: object
) -> tuple[NDArray[np.float64], object]:
    """Read where the rows of a table stand, and in which coordinate reference system."""
    if "lat" in found and "lon" in found:
        names = ("lon", "lat")
    elif "x" in found and "y" in found:
        names = ("x", "y")
        coded = re.search(r"\d{4,5}$", found["x"])
        crs = crs or _CRS_OF.get(fold_name(found["x"])) or (coded and f"EPSG:{coded[0]}")
    elif "geometry" in found:
        return _read_wkt(path, read_texts(table, found["geometry"]), crs)
    else:
        held = ", ".join(map(repr, table.columns[:20]))[:400]
        msg = (
            f"{path} does not tell where its trees stand; wanted columns lat and lon, x and y, or "
            f"a geometry as WKT, and it has {held}: name them, as in lat=NAME,lon=NAME."
        )
        raise SourceError(msg)
    xy = np.column_stack([read_coordinates(read_texts(table, found[name])) for name in names])
    if names == ("lon", "lat") and are_degrees(xy):
        crs = DEGREES  # what is stated is meant for another register, or for its metres
    return xy, crs or guess_degrees(path, xy)


def _read_wkt(
    path: Path, texts: list[str | None], crs: object
) -> tuple[NDArray[np.float64], object]:
    parts = [_POINT.fullmatch(text) if text else None for text in texts]
    codes = {match[1] for match in parts if match and match[1]}
    if len(codes) > 1:
        msg = f"{path} mixes coordinate reference systems ({sorted(codes)}); wanted one."
        raise CoordinateError(msg)
    shape = shapely.from_wkt([match and match[2] for match in parts], on_invalid="ignore")
    xy = _draw_points(shape)
    return xy, crs or (f"EPSG:{codes.pop()}" if codes else guess_degrees(path, xy))


def _draw_points(shape: NDArray[Any]) -> NDArray[np.float64]:
    """Take the middle of points; what has a length or an area is no tree."""
    middle = shapely.centroid(shape)
    xy = np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])
    xy[shapely.get_dimensions(shape) != 0] = np.nan
    return xy


def _in_city(register: Register, crs: pyproj.CRS, halo: shapely.Geometry) -> gpd.GeoDataFrame:
    move = pyproj.Transformer.from_crs(DEGREES, crs, always_xy=True)
    degrees = shapely.get_coordinates(np.asarray(register.trees.geometry))
    xy = np.column_stack(move.transform(*degrees.T)).round(3)
    inside = _lies_in(halo, xy)
    if not inside.any():
        name = register.provenance["source"]
        longitude, latitude = np.median(degrees, axis=0)
        if _lies_in(halo, np.column_stack(move.transform(*degrees.T[::-1]))).any():
            msg = (
                f"{name}: its coordinates look swapped, for with latitude and longitude turned "
                "round its trees stand in the city; put longitude (x) before latitude (y)."
            )
            raise SourceError(msg)
        other = "" if register.crs == DEGREES else ", or state another than that"
        msg = (
            f"{name}: none of its {len(inside)} trees stands in the city; read in "
            f"{register.crs[:80]} they are around {latitude:.4f}, {longitude:.4f} (latitude, "
            f"longitude): give the city's own register{other}."
        )
        raise SourceError(msg)
    return gpd.GeoDataFrame(
        pd.DataFrame(register.trees.drop(columns="geometry"))[inside].reset_index(drop=True),
        geometry=shapely.points(xy[inside]),
        crs=crs,
    )


def _lies_in(halo: shapely.Geometry, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = shapely.contains_xy(
        halo, np.nan_to_num(xy, posinf=1e9, neginf=-1e9)
    )
    return inside & np.isfinite(xy).all(axis=1)


# --- its trees


def _frame(
    table: pd.DataFrame, found: Mapping[str, str], degrees: NDArray[np.float64]
) -> tuple[gpd.GeoDataFrame, str]:
    """Read what is told of each tree that stands somewhere; and the date of the data."""
    told = {what: read_texts(table, found.get(what)) for what in ALIASES}
    genus = [read_genus(*names) for names in zip(told["genus"], told["species"], strict=True)]
    stands = np.atleast_1d(np.isfinite(degrees).all(axis=1))
    for row, (felled, *names) in enumerate(
        zip(told["felled"], told["genus"], told["species"], strict=True)
    ):
        gone = felled is not None and felled.casefold() not in {"0", "no", "nein", "false", "n"}
        stands[row] &= not gone and not any(name and _NO_TREE.match(name) for name in names)
    frame = gpd.GeoDataFrame(
        {
            "species": text_column(told["species"]),
            "genus": text_column(genus),
            "height_m": read_lengths(told["height"], most_m=TALLEST_M),
            "crown_diameter_m": read_lengths(told["crown"], most_m=WIDEST_M),
            "base_m": read_lengths(told["base"], most_m=TALLEST_M),
            "planted_year": read_years(told["planted"]),
            "age_years": read_ages(told["age"]),
        },
        geometry=shapely.points(np.where(stands[:, None], degrees, 0.0)),
        crs=DEGREES,
    )
    return frame[stands].reset_index(drop=True), max(map(read_day, told["date"]), default="")


def read_genus(*names: object) -> str | None:
    """
    Read the genus from the first of several botanical names that tells one.

    Examples
    --------
    >>> read_genus(None, "tilia cordata 'Greenspire'")
    'Tilia'
    """
    for name in names:
        if isinstance(name, str):
            words = name.replace(";", " ").replace("\u00d7", " ").split()
            if words:
                return words[0].capitalize()
    return None
