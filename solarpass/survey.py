"""Surveys: heights of buildings from a city's own file, such as an export of its 3D model."""

from __future__ import annotations

import re
import warnings
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

from .column import fold_name, read_coordinates, read_lengths, read_texts
from .degrees import are_degrees, find_way
from .errors import CoordinateError, SourceError
from .layer import check_layer

# What offices call the height of a building, the surest name first; and two columns that lie
# one such height apart. CityGML's measuredHeight, the German states' HoeheDach and HoeheGrund and
# France's HAUTEUR are handed down by others who read such files; we read none of them.
ALIASES = (
    *("height_m", "height", "building_height", "measuredheight", "measured_height", "bldg_height"),
    *("gebhoehe", "gebaeudehoehe", "geb_hoehe", "gebaeude_hoehe", "hoehe", "hoehe_m", "h_geb"),
    *("objekthoehe", "hauteur", "altura", "altezza", "hoogte", "roof_height", "firsthoehe"),
)
PAIRS = (
    *(("hoehedach", "hoehegrund"), ("hoehe_dach", "hoehe_grund"), ("h_max", "h_min")),
    *(("z_max", "z_min"), ("zmax", "zmin"), ("height_max", "height_min"), ("h_roof", "h_ground")),
    *(("hoehe_max", "hoehe_min"), ("roof_z", "ground_z"), ("top", "ground")),
)
ENDINGS = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".parquet", ".geoparquet", ".gml")

TALLEST_M = 1000.0  # nobody has built higher

_WANTED = "wanted outlines of buildings with their heights: .gpkg, .geojson, .shp or .parquet"
_UNIT = re.compile(r"_(?:in_)?(?:m|meter|metres?|meters)$")


@dataclass(frozen=True, slots=True)
class SurveyModel:
    """
    Assumptions about surveyed heights; change one with `dataclasses.replace`. All our choice.

    Attributes
    ----------
    least_cover_fraction
        A building is surveyed if outlines cover this share of it; a part that tells its own
        height, if they lie in it by this share too. [1]
    least_height_m
        What is lower is a court or a cellar and tells no height. [m]
    usual_m
        Where half of the outlines are higher than this, heights are not above the ground. [m]
    spread_m
        Half width of the interval around a surveyed height. [m]
    """

    least_cover_fraction: float = 0.5
    least_height_m: float = 1.0
    usual_m: float = 80.0
    spread_m: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Survey:
    """
    Heights of outlines, as one file tells them.

    Attributes
    ----------
    outlines
        ``height_m`` above the ground, and geometry (Multi)Polygon, in the file's own system.
    source
        Name of the file.
    credit
        Its licence and whom to name; None if that was not told.
    """

    outlines: gpd.GeoDataFrame
    source: str
    credit: str | None = None


def read_survey(
    path: str | Path,
    *,
    column: str | None = None,
    credit: str | None = None,
    model: SurveyModel = SurveyModel(),
) -> Survey:
    """
    Read heights of buildings.

    What has no outline or no height that makes sense is left out.

    Parameters
    ----------
    path
        A GeoPackage, GeoJSON, Shapefile or GeoParquet of polygons.
    column
        Which one tells the height above the ground, or two of them as ``TOP-GROUND``; None:
        found by its usual names.
    credit
        Its licence, and whom to name.
    model
        Assumptions.

    Raises
    ------
    SourceError
        If the file is missing, torn or of another kind, lacks the column, or tells no height.
    CoordinateError
        If it does not tell in which coordinate reference system its outlines are.
    """
    path = Path(path)
    frame = _read_frame(path)
    names = _find_columns(path, frame, column)
    height_m = _read_heights(frame, names, model)
    shape = _read_outlines(np.asarray(frame.geometry))
    outlined = ~(shapely.is_missing(shape) | shapely.is_empty(shape))
    if not outlined.any():
        kinds = ", ".join(sorted(set(frame.geom_type.dropna()))) or "no geometry"
        msg = f"{path} holds {kinds} and no outlines; wanted polygons of buildings."
        raise SourceError(msg)
    kept = outlined & ~np.isnan(height_m)
    _refuse_odd_heights(path, " - ".join(names), height_m[outlined], model)
    crs = _settle_crs(path, frame.crs, shape[kept])
    return Survey(
        outlines=gpd.GeoDataFrame({"height_m": height_m[kept]}, geometry=shape[kept], crs=crs),
        source=path.name,
        credit=" ".join((credit or "").split()) or None,
    )


def match_heights(
    buildings: gpd.GeoDataFrame, survey: Survey, *, model: SurveyModel = SurveyModel()
) -> NDArray[np.float64]:
    """
    Give each building the height of the surveyed outlines that cover it, by their shares in it.

    Parameters
    ----------
    buildings
        Outlines in a city's local metres; of parts (``is_part``) that tell their own height
        (``height_source``) only outlines that lie in them count.
    survey
        Heights.
    model
        Assumptions.

    Returns
    -------
    NDArray
        NaN where too little is covered, shape ``(n_buildings,)``. [m]

    Raises
    ------
    SourceError
        If the survey does not touch the buildings' ground.
    """
    shape = np.asarray(buildings.geometry)
    outlines = survey.outlines.to_crs(buildings.crs)
    outline, told_m = np.array(outlines.geometry), outlines["height_m"].to_numpy(float)
    broken = ~shapely.is_valid(outline)  # by what the way to the city's metres rounds
    outline[broken] = shapely.make_valid(outline[broken])
    of, by = shapely.STRtree(shape).query(outline, predicate="intersects")[::-1]
    _refuse_elsewhere(buildings, survey, n_met=len(of))
    area_m2 = shapely.area(shapely.intersection(shape[of], outline[by]))
    if {"is_part", "height_source"} <= set(buildings.columns):
        told = buildings["height_source"].isin(["tagged", "levels"]) & buildings["is_part"]
        lies_in = area_m2 >= model.least_cover_fraction * shapely.area(outline[by])
        area_m2 = np.where(told.to_numpy(bool)[of] & ~lies_in, 0.0, area_m2)
    covered_m2 = np.bincount(of, area_m2, len(shape))
    total = np.bincount(of, area_m2 * told_m[by], len(shape))
    known = (covered_m2 > 0.0) & (covered_m2 >= model.least_cover_fraction * shapely.area(shape))
    return np.where(known, total / np.where(known, covered_m2, 1.0), np.nan)


def measure_buildings(
    buildings: gpd.GeoDataFrame, survey: Survey, *, model: SurveyModel = SurveyModel()
) -> gpd.GeoDataFrame:
    """
    Take the heights of a survey where it tells them.

    A surveyed building has ``height_source`` survey; a roof that one walks beneath keeps its
    thickness, and nothing hangs higher than it is.
    """
    height_m = match_heights(buildings, survey, model=model)
    known = ~np.isnan(height_m)
    old_m, base_m = (buildings[name].to_numpy(float) for name in ("height_m", "base_m"))
    hangs = buildings["is_roof"].to_numpy(bool)
    base_m = np.where(known & hangs, np.maximum(height_m - (old_m - base_m), 0.0), base_m)
    base_m = np.where(known, np.minimum(base_m, 0.9 * height_m), base_m)
    source = buildings["height_source"].to_numpy(object).copy()
    source[known] = "survey"
    spread_m = buildings["height_spread_m"].to_numpy(float)
    return buildings.assign(
        height_m=np.where(known, height_m, old_m).round(2),
        base_m=base_m.round(2),
        height_source=pd.Series(source, index=buildings.index, dtype=object),
        height_spread_m=np.where(known, model.spread_m, spread_m),
    )


# --- the file


def _read_frame(path: Path) -> gpd.GeoDataFrame:
    if not path.is_file() or path.stat().st_size == 0:
        lacks = "is a folder" if path.is_dir() else "is empty" if path.exists() else "is not there"
        msg = f"{path} {lacks}; {_WANTED}."
        raise SourceError(msg)
    if path.suffix.lower() not in ENDINGS:
        msg = f"{path} is no survey that we read; {_WANTED}."
        raise SourceError(msg)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's doubts about single features
            if path.suffix.lower() in {".parquet", ".geoparquet"}:
                frame = gpd.read_parquet(path)
            else:
                frame = _read_layer(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        msg = f"{path} does not read ({error}); {_WANTED}: download it again."
        raise SourceError(msg) from error
    except (ValueError, OSError, shapely.errors.ShapelyError) as error:
        kind = str(error).split("\n", 1)[0].rstrip(".")[:200]
        msg = f"{path} does not read ({kind}); {_WANTED}: download it again."
        raise SourceError(msg) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        msg = f"{path} holds a table without outlines; {_WANTED}."
        raise SourceError(msg)
    return frame


def _read_layer(path: Path) -> gpd.GeoDataFrame | pd.DataFrame:
    """Read the layer of outlines, or the first if none says that it is one."""
    check_layer(path)
    layers = pyogrio.list_layers(path)
    areal = [name for name, kind in layers if kind and "Polygon" in kind]
    if len(layers) == 0:
        return gpd.GeoDataFrame()
    return pyogrio.read_dataframe(path, layer=areal[0] if areal else layers[0, 0])


def _read_outlines(shape: NDArray[Any]) -> NDArray[Any]:
    """Keep what has an area, flat and valid; None for the rest."""
    flat = shapely.force_2d(shape)
    broken = ~(shapely.is_valid(flat) | shapely.is_missing(flat))
    flat[broken] = shapely.make_valid(flat[broken])
    for row in np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(flat[row])
        flat[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    flat[shapely.area(flat) <= 0.0] = None
    return flat


def _settle_crs(path: Path, crs: pyproj.CRS | None, shape: NDArray[Any]) -> pyproj.CRS:
    if crs is None:
        msg = (
            f"{path} does not tell its coordinate reference system; state it in the file, as "
            "`ogr2ogr -a_srs EPSG:25833` does."
        )
        raise CoordinateError(msg)
    counts_degrees = find_way(path, crs)[1]
    middle = shapely.get_coordinates(shapely.centroid(shape))
    if are_degrees(middle) != counts_degrees:
        x, y = middle[0]
        they, it = ("no degrees", "degrees") if counts_degrees else ("degrees", "metres")
        msg = (
            f"{path} has coordinates such as {x:.1f}, {y:.1f}, which are {they}, but {crs.name} "
            f"counts in {it}; state the system that they are in, as `ogr2ogr -a_srs` does."
        )
        raise CoordinateError(msg)
    return crs


# --- its heights


def _find_columns(path: Path, frame: gpd.GeoDataFrame, asked: str | None) -> tuple[str, ...]:
    """Find the column of heights, or the two that lie a height apart."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    by_name = {fold_name(name): name for name in reversed(names)}
    if asked is not None:
        pair = (
            [asked] if fold_name(asked) in by_name else re.split(r"\s*[-\N{MINUS SIGN}]\s*", asked)
        )
        if len(pair) <= 2 and all(fold_name(name) in by_name for name in pair):
            return tuple(by_name[fold_name(name)] for name in pair)
        lacks = f"has no column {asked!r}"
    else:
        bare = {_UNIT.sub("", folded): name for folded, name in by_name.items()} | by_name
        for name in ALIASES:
            if name in bare:
                return (bare[name],)
        for top, ground in PAIRS:
            if top in bare and ground in bare:
                return bare[top], bare[ground]
        lacks = "has no column of heights that we know by its name"
    held = ", ".join(map(repr, names[:20]))[:400] or "none"
    msg = (
        f"{path} {lacks}; it has {held}: name one of these, as in --height-column NAME, or two "
        "that lie a height apart, as in TOP-GROUND."
    )
    raise SourceError(msg)


def _read_heights(
    frame: gpd.GeoDataFrame, names: tuple[str, ...], model: SurveyModel
) -> NDArray[np.float64]:
    """Read heights above the ground, NaN where they make no sense. [m]."""
    if len(names) == 2:
        top, ground = (read_coordinates(read_texts(frame, name)) for name in names)
        height_m = top - ground
    elif pd.api.types.is_numeric_dtype(frame[names[0]]):
        height_m = frame[names[0]].to_numpy(float, na_value=np.nan)
    else:
        height_m = read_lengths(read_texts(frame, names[0]), most_m=TALLEST_M)
    with np.errstate(invalid="ignore"):
        sound = (height_m >= model.least_height_m) & (height_m <= TALLEST_M)
    return np.where(sound, height_m, np.nan)


def _refuse_odd_heights(
    path: Path, column: str, height_m: NDArray[np.float64], model: SurveyModel
) -> None:
    known = height_m[~np.isnan(height_m)]
    if not len(known):
        msg = (
            f"{path} tells no height in its column {column!r} that makes sense; wanted metres "
            f"between {model.least_height_m:g} and {TALLEST_M:g}: name another --height-column."
        )
        raise SourceError(msg)
    if np.median(known) > model.usual_m:
        msg = (
            f"{path} has a median of {np.median(known):.0f} m in its column {column!r}; wanted "
            "heights above the ground, and these seem to count from the sea: name two columns, "
            "as in --height-column TOP-GROUND."
        )
        raise SourceError(msg)


def _refuse_elsewhere(buildings: gpd.GeoDataFrame, survey: Survey, *, n_met: int) -> None:
    """Refuse a survey of another place; one that merely knows none of a few buildings may be."""
    if n_met or buildings.empty:
        return
    home, outlines = shapely.box(*buildings.total_bounds), survey.outlines
    if shapely.intersects(home, shapely.box(*outlines.to_crs(buildings.crs).total_bounds)):
        return
    degrees = outlines.geometry.representative_point().to_crs("EPSG:4326")
    longitude, latitude = float(degrees.x.median()), float(degrees.y.median())
    xy = shapely.get_coordinates(shapely.centroid(np.asarray(outlines.geometry)))
    turned = gpd.GeoSeries(shapely.points(xy[:, ::-1]), crs=outlines.crs).to_crs(buildings.crs)
    if shapely.intersects(home, np.asarray(turned)).any():
        msg = (
            f"{survey.source}: its coordinates look swapped, for turned round its outlines lie in "
            "the city; put x before y, or longitude before latitude."
        )
        raise SourceError(msg)
    msg = (
        f"{survey.source}: none of its {len(outlines)} outlines lies in the city; they are around "
        f"{latitude:.4f}, {longitude:.4f} (latitude, longitude): give the city's own survey."
    )
    raise SourceError(msg)
