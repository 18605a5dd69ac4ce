"""Tree registers: a city's own list of its trees, from GeoJSON, CSV or GeoPackage."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
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
from .points import draw_points, read_points
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
    table, point, crs, licence = read_points(path)
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


def _join_credit(licence: str, credit: str) -> str:
    """Join what the file tells with what it was said to lack."""
    if not licence:
        return credit or NO_LICENCE
    return licence if credit in licence else f"{licence}; {credit}"


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
    xy = draw_points(shape)
    return xy, crs or (f"EPSG:{codes.pop()}" if codes else guess_degrees(path, xy))


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
