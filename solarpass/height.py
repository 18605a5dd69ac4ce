"""Buildings as bodies that cast shade: what stands where, how high, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from .tables import read_numbers
from .tag import read_layer, read_metres, read_storeys, read_tags, says_storeys, text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

TALLEST_M = 900.0  # Burj Khalifa, 828 m, is the highest yet

_ROOFS = frozenset(["roof", "carport", "canopy"])
_HUTS = frozenset(["basic_hut", "wildlife_hide", "rock_shelter"])  # with walls around
_NO_BUILDING = frozenset(["no", "demolished", "proposed", "planned", "razed"])
# Kinds that tell too little for a table, so that the neighbours tell more.
_PLAIN = frozenset(["yes", "wide"])


@dataclass(frozen=True, slots=True)
class HeightModel:
    """
    Assumptions about heights; change one with `dataclasses.replace`.

    Attributes
    ----------
    storey_m
        Height of a building per storey, its roof included: the best flat rule where objects
        carry both tags, a figure handed down with the design. On the 78 such objects of
        the reference extracts storeys in the roof then add nothing. [m]
    tagged_spread_m
        How much higher than tagged a building may be, and as many times lower; our choice. [m]
    storey_spread_m
        The same around a height from storeys: its mean absolute error was
        2.6 to 3.2 m, handed down with the design. [m]
    table_widening, local_widening
        A guess by the table may be off by so many times the table's spread, one by the
        buildings of known height by so many times theirs; by `measure_intervals.py`. [1]
    n_for_median
        Buildings of known height that make the median of their kind better than the
        table; our choice. [count]
    small_m2, wide_m2
        Below and above these footprints a building of no told kind is taken for a shed or for
        a block; our choice. [m²]
    parts_fraction
        An outline gives way to its parts if they cover at least this much of it; our choice. [1]
    beneath_m
        What hangs at least this high can be walked under; our choice. [m]
    roof_thickness_m
        Of a roof on posts; our choice. [m]
    """

    storey_m: float = 3.5
    tagged_spread_m: float = 1.0
    storey_spread_m: float = 3.0
    table_widening: float = 4.0
    local_widening: float = 1.0
    n_for_median: int = 30
    small_m2: float = 30.0
    wide_m2: float = 300.0
    parts_fraction: float = 0.8
    beneath_m: float = 2.0
    roof_thickness_m: float = 0.5


def build_buildings(
    areas: gpd.GeoDataFrame, *, model: HeightModel | None = None
) -> gpd.GeoDataFrame:
    """
    Build the buildings and their parts.

    Parameters
    ----------
    areas
        `OsmTables.areas` in local metres, valid.
    model
        Assumptions.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.buildings`, in the order given.
    """
    model = model or HeightModel()
    stands = _stands(areas)
    chosen, tags = areas[stands], read_tags(areas[stands])
    shape = np.asarray(chosen.geometry)
    solid = shapely.area(shape) > 0.0
    chosen, shape = chosen[solid], shape[solid]
    tags = [row for row, ok in zip(tags, solid, strict=True) if ok]

    is_part = np.array([not _is_said(row.get("building")) for row in tags], dtype=bool)
    kind = np.array([*(_kind(row) for row in tags), None], dtype=object)[:-1]
    top, source = _read_heights(tags, model)
    base = np.array([_base(row, model) for row in tags], dtype=float)
    outline = _find_outlines(shape, is_part)
    _inherit(kind, top, source, is_part=is_part, outline=outline)
    named = is_roof_kind(kind)
    spread = guess_heights(kind, top, source, shape, counts=~is_part & ~named, model=model)

    base = np.where(named & np.isnan(base), np.maximum(top - model.roof_thickness_m, 0.5), base)
    base = np.nan_to_num(base)
    base = np.where(base < top, base, np.where(named, 0.5 * top, 0.0))
    casts = ~_is_replaced(shape, is_part, outline, model)
    hangs = base >= model.beneath_m
    is_roof = hangs & ~_stands_on(shape, hangs, casts)
    return gpd.GeoDataFrame(
        {
            "osm_type": text_column(chosen["osm_type"]),
            "osm_id": chosen["osm_id"].to_numpy(np.int64),
            "kind": text_column(kind),
            "name": text_column(chosen["name"]),
            "height_m": top.round(2),
            "base_m": base.round(2),
            "eaves_m": np.full(len(top), np.nan),
            "height_source": text_column(source),
            "height_spread_m": spread,
            "is_part": is_part,
            "is_roof": is_roof,
            "casts": casts,
        },
        geometry=shape,
        crs=areas.crs,
    )


def _is_said(value: object) -> bool:
    return isinstance(value, str) and value not in _NO_BUILDING


def _stands(areas: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell what rises above the ground."""
    rows = zip(
        areas["building"], areas["building:part"], areas["location"], areas["layer"], strict=True
    )
    return np.array(
        [
            (_is_said(building) or _is_said(part))
            and location != "underground"
            and read_layer(layer) >= 0
            for building, part, location, layer in rows
        ],
        dtype=bool,
    )


def _kind(tags: dict[str, Any]) -> str:
    if tags.get("amenity") == "shelter" and tags.get("shelter_type") not in _HUTS:
        return "roof"  # however its building is called: one waits beneath it
    building = tags["building"] if _is_said(tags.get("building")) else tags["building:part"]
    return str(building).split(";")[0].strip().lower()


def _read_heights(
    tags: Sequence[dict[str, Any]], model: HeightModel
) -> tuple[NDArray[np.float64], NDArray[Any]]:
    top = np.full(len(tags), np.nan)
    source = np.full(len(tags), "guessed", dtype=object)
    for row, tag in enumerate(tags):
        said = tag.get("height") or tag.get("building:height")
        top[row] = read_metres(said, most_m=TALLEST_M)
        source[row] = "tagged"
        if np.isnan(top[row]):
            levels = read_storeys(tag.get("building:levels"))
            if np.isnan(levels) and says_storeys(said):
                levels = read_storeys(said)
            if not levels > 0.0:  # a house that is all roof, or nothing told
                levels = read_storeys(tag.get("roof:levels"))
            top[row] = levels * model.storey_m if levels > 0.0 else np.nan
            source[row] = "levels" if levels > 0.0 else "guessed"
    return np.where(top <= TALLEST_M, top, np.nan), source


def _base(tags: dict[str, Any], model: HeightModel) -> float:
    """Height of the lowest point above ground, NaN where not told [m]."""
    base = read_metres(tags.get("min_height") or tags.get("building:min_height"), most_m=TALLEST_M)
    if np.isnan(base):
        base = read_storeys(tags.get("building:min_level")) * model.storey_m
    return base


def _find_outlines(shape: NDArray[Any], is_part: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Find the building that each part belongs to, -1 for none."""
    outline = np.full(len(shape), -1)
    whole, parts = np.flatnonzero(~is_part), np.flatnonzero(is_part)
    if len(whole) and len(parts):
        tree = shapely.STRtree(shape[whole])
        inside = shapely.point_on_surface(shape[parts])
        part, found = tree.query(inside, predicate="within")
        # Of several buildings around a part the smallest is its own.
        order = np.lexsort([whole[found], shapely.area(shape[whole[found]])])[::-1]
        outline[parts[part[order]]] = whole[found[order]]
    return outline


def is_roof_kind(kind: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which kinds of building are roofs on posts, shape ``(n,)``."""
    return np.array([value in _ROOFS for value in kind], dtype=bool)


def _inherit(
    kind: NDArray[Any],
    top: NDArray[np.float64],
    source: NDArray[Any],
    *,
    is_part: NDArray[np.bool_],
    outline: NDArray[np.int64],
) -> None:
    """Let a part take from its building what it does not tell itself."""
    heirs = is_part & (outline >= 0)
    plain = heirs & (kind == "yes")
    kind[plain] = kind[outline[plain]]
    heightless = heirs & np.isnan(top) & np.array([k not in _ROOFS for k in kind], dtype=bool)
    top[heightless] = top[outline[heightless]]
    source[heightless] = source[outline[heightless]]


def guess_heights(
    kind: NDArray[Any],
    top: NDArray[np.float64],
    source: NDArray[Any],
    shape: NDArray[Any],
    *,
    counts: NDArray[np.bool_],
    model: HeightModel,
) -> NDArray[np.float64]:
    """
    Fill in the heights that nobody told, and say how sure each one is.

    Parameters
    ----------
    kind, source, shape
        Of each building, shape ``(n_buildings,)``.
    top
        Heights, NaN where not told; filled in place, shape ``(n_buildings,)``. [m]
    counts
        Which tell of others, if they are told, shape ``(n_buildings,)``.
    model
        Assumptions.

    Returns
    -------
    NDArray[np.float64]
        How much higher each may be, and as many times lower: nine in ten lie between
        ``top² / (top + spread)`` and ``top + spread``, shape ``(n_buildings,)``. [m]
    """
    table = read_numbers("height", key="kind")
    area_m2 = shapely.area(shape)
    known = ~np.isnan(top)
    size_of = np.digitize(area_m2, [model.small_m2, model.wide_m2])
    class_of = np.array([*(value if value in table else "yes" for value in kind), None])[:-1]
    plain = class_of == "yes"
    class_of[plain] = np.array(["small", "yes", "wide"], dtype=object)[size_of[plain]]
    spread = np.where(source == "tagged", model.tagged_spread_m, model.storey_spread_m)
    for name in sorted(set(class_of[~known])):
        here = class_of == name
        # Of a building that is just a building, the others of its size tell more.
        like = np.isin(size_of, size_of[here]) if name in _PLAIN else here
        told, weight = (of[like & known & counts] for of in (top, np.sqrt(area_m2) * top))
        middle, off = table[name]["height"], model.table_widening * table[name]["spread"]
        if len(told) >= model.n_for_median:
            middle = float(np.median(told))
            factor = _find_factor(told / middle, weight)
            off = model.local_widening * middle * (factor - 1.0)
        top[here & ~known] = middle
        spread[here & ~known] = max(off, model.tagged_spread_m)
    return spread.round(2)


def _find_factor(ratio: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Find the factor within which, both ways, nine tenths of what casts shade lie."""
    away = np.abs(np.log(ratio))
    order = np.argsort(away)
    share = np.cumsum(weight[order]) / weight.sum()
    return float(np.exp(away[order[np.searchsorted(share, 0.9)]]))


def _is_replaced(
    shape: NDArray[Any],
    is_part: NDArray[np.bool_],
    outline: NDArray[np.int64],
    model: HeightModel,
) -> NDArray[np.bool_]:
    """Tell which outlines give way to their parts."""
    replaced = np.zeros(len(shape), dtype=bool)
    for whole in np.unique(outline[is_part & (outline >= 0)]):
        parts = shapely.union_all(shape[outline == whole])
        covered = shapely.area(shapely.intersection(parts, shape[whole]))
        replaced[whole] = covered >= model.parts_fraction * shapely.area(shape[whole])
    return replaced


def _stands_on(
    shape: NDArray[Any], hangs: NDArray[np.bool_], casts: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which hanging bodies rest on others, such as the upper part of a tower."""
    rests = np.zeros(len(shape), dtype=bool)
    above, below = np.flatnonzero(hangs & casts), np.flatnonzero(~hangs & casts)
    if len(above) and len(below):
        tree = shapely.STRtree(shape[below])
        for row in above:
            under = below[tree.query(shape[row], predicate="intersects")]
            held = shapely.intersection(shapely.union_all(shape[under]), shape[row])
            rests[row] = shapely.area(held) >= 0.5 * shapely.area(shape[row])
    return rests
