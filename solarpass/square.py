"""Squares: ground that one walks across, rather than along, and what stands in the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .extent import make_polygonal
from .street import build_streets

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Streets on foot drawn as areas. An area of a service road is a yard for lorries, that of a
# platform is left at its ends: both stay what their outlines are.
_ON_FOOT = frozenset(["pedestrian", "footway", "path", "living_street"])
# `place=square` gives a name to streets and green alike: ground is what has a paved surface.
_PAVED = frozenset(
    [
        *("paved", "asphalt", "concrete", "concrete:plates", "paving_stones", "sett", "bricks"),
        *("cobblestone", "unhewn_cobblestone", "compacted", "fine_gravel", "stone"),
    ]
)
# Green is crossed only where somebody says that one may tread on it: a park is open by its
# paths, and nobody maps what is planted between them.
_GREEN = (
    ("landuse", frozenset(["grass", "meadow", "village_green", "recreation_ground"])),
    ("leisure", frozenset(["common", "park", "garden"])),
)
_MAY = frozenset(["yes", "designated", "permissive"])
_IN_THE_WAY = (
    ("landuse", frozenset(["flowerbed", "grass", "construction", "railway", "forest"])),
    ("leisure", frozenset(["garden", "pitch", "playground", "swimming_pool", "outdoor_seating"])),
    ("natural", frozenset(["water", "wood", "scrub", "shrubbery", "heath", "rock", "bare_rock"])),
    ("waterway", frozenset(["riverbank", "dock"])),
    ("amenity", frozenset(["fountain", "parking", "bicycle_parking", "parking_space"])),
    ("historic", frozenset(["monument", "memorial", "archaeological_site", "ruins"])),
    ("tourism", frozenset(["artwork"])),
    ("man_made", frozenset(["planter", "flagpole", "chimney", "tower", "ventilation_shaft"])),
)
_FENCES = frozenset(
    [
        *("fence", "wall", "hedge", "retaining_wall", "city_wall", "guard_rail", "handrail"),
        *("railing", "jersey_barrier", "ditch", "planter"),
    ]
)
_FENCE_M = 0.2  # half the thickness of a fence; our choice
_LEAST_M2 = 12.0  # smaller ground is a doormat; our choice


def build_squares(areas: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build the squares that one walks across, without what stands on them but houses and water.

    Areas of streets on foot are squares (``highway=pedestrian``, ``footway``, ``path`` or
    ``living_street``), a ``place=square`` with a paved surface, and green that a ``foot`` tag
    opens; not what is closed to walkers. ``area:highway`` draws the surface of ways that are
    mapped besides, so it is none.

    Parameters
    ----------
    areas, lines
        `OsmTables.areas`, valid, and `OsmTables.lines`, in local metres.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.squares`.
    """
    highway = areas["highway"].to_numpy(object).copy()
    is_named = (areas["place"] == "square") & areas["surface"].isin(_PAVED)
    is_green = _is_one_of(areas, _GREEN) & areas["foot"].isin(_MAY).to_numpy(bool)
    highway[is_named.to_numpy(bool) & areas["highway"].isna().to_numpy(bool)] = "pedestrian"
    highway[is_green & areas["highway"].isna().to_numpy(bool)] = "path"
    told = pd.Series(highway, index=areas.index)
    flat = areas["building"].isna() & (areas["location"] != "underground")
    chosen = np.flatnonzero((told.isin(_ON_FOOT) & flat).to_numpy(bool))
    ground = areas.iloc[chosen].assign(
        highway=highway[chosen],
        node_id=None,
        # As osm2pgsql has it, so that no relation is taken for a way of the same number.
        osm_id=np.where(areas["osm_type"].iloc[chosen] == "relation", -1, 1)
        * areas["osm_id"].to_numpy(np.int64)[chosen],
    )
    squares = build_streets(ground).drop(columns="node_id")
    whole = _leave_out(np.asarray(squares.geometry), squares, areas, lines)
    kept = shapely.area(whole) >= _LEAST_M2
    return squares.set_geometry(gpd.GeoSeries(whole, crs=areas.crs))[kept].reset_index(drop=True)


def list_ways(streets: gpd.GeoDataFrame, squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    List all that edges may belong to: the rows of `City.streets`, then those of `City.squares`.

    The first are walked along, the second across; these are drawn as their longest outline, and
    have no ``node_id``.
    """
    if squares.empty:
        return streets
    parts, row = shapely.get_parts(np.asarray(squares.geometry), return_index=True)
    order = np.argsort(shapely.length(parts), kind="stable")
    outline = np.empty(len(squares), dtype=object)
    outline[row[order]] = [shapely.LineString(part.exterior.coords) for part in parts[order]]
    node_id = np.empty(len(outline), dtype=object)
    node_id[:] = [np.empty(0, np.int64)] * len(outline)
    squares = squares.assign(node_id=node_id).set_geometry(gpd.GeoSeries(outline, crs=squares.crs))
    return gpd.GeoDataFrame(pd.concat([streets, squares], ignore_index=True))


def _is_one_of(
    areas: gpd.GeoDataFrame, kinds: tuple[tuple[str, frozenset[str]], ...]
) -> NDArray[np.bool_]:
    found = np.zeros(len(areas), bool)
    for key, values in kinds:
        found |= areas[key].isin(values).to_numpy(bool)
    return found


def _leave_out(
    whole: NDArray[Any], squares: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, lines: gpd.GeoDataFrame
) -> NDArray[Any]:
    """Cut beds, basins, monuments and fences out of squares at the ground."""
    is_ground = (squares["layer"] == 0).to_numpy(bool) & ~squares["is_covered"].to_numpy(bool)
    in_way = _is_one_of(areas, _IN_THE_WAY) & areas["highway"].isna().to_numpy(bool)
    in_way &= ~(areas["foot"].isin(_MAY) | areas["building"].notna()).to_numpy(bool)
    in_way &= ((areas["layer"].isna()) | (areas["layer"] == "0")).to_numpy(bool)
    things = [np.asarray(areas.geometry)[in_way]]
    for frame in (areas, lines):
        fenced = frame["barrier"].isin(_FENCES).to_numpy(bool)
        drawn = np.asarray(frame.geometry)[fenced]
        if frame is areas:  # a fence around something, not something of fences
            drawn = shapely.boundary(drawn)
        things.append(shapely.buffer(drawn, _FENCE_M, quad_segs=1))
    thing = np.concatenate(things)
    row, hit = shapely.STRtree(thing).query(whole, predicate="intersects")
    cut = whole.copy()
    for square in np.unique(row[is_ground[row]]).tolist():
        inside = thing[hit[row == square]]
        # What a square lies in is not in its way.
        inside = inside[shapely.area(shapely.intersection(inside, whole[square])) > 0.0]
        inside = inside[~shapely.covers(shapely.buffer(inside, 1.0), whole[square])]
        cut[square] = shapely.difference(whole[square], shapely.union_all(inside))
    return make_polygonal(cut)
