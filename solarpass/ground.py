"""What lies on the ground, for the map alone: water, green, squares, and lines nobody walks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .street import is_walkable
from .tag import read_tags, text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

# In this order: the first that fits names the area.
_KINDS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("water", "natural", frozenset(["water"])),
    ("water", "waterway", frozenset(["riverbank", "dock"])),
    ("water", "landuse", frozenset(["reservoir", "basin"])),
    ("water", "leisure", frozenset(["swimming_pool"])),
    ("square", "place", frozenset(["square"])),
    ("square", "highway", frozenset(["pedestrian", "footway", "path", "living_street", "service"])),
    ("pitch", "leisure", frozenset(["pitch", "track", "sports_centre", "stadium"])),
    ("playground", "leisure", frozenset(["playground"])),
    ("park", "leisure", frozenset(["park", "garden", "dog_park", "nature_reserve", "common"])),
    ("park", "landuse", frozenset(["recreation_ground", "village_green", "cemetery"])),
    ("park", "landuse", frozenset(["allotments", "flowerbed"])),
    ("wood", "natural", frozenset(["wood"])),
    ("wood", "landuse", frozenset(["forest"])),
    ("grass", "natural", frozenset(["grassland", "heath", "scrub", "wetland", "fell"])),
    ("grass", "landuse", frozenset(["grass", "meadow", "orchard", "vineyard", "greenfield"])),
    ("farmland", "landuse", frozenset(["farmland", "farmyard", "plant_nursery"])),
    ("sand", "natural", frozenset(["sand", "beach", "shingle"])),
    ("rock", "natural", frozenset(["bare_rock", "scree", "glacier"])),
    ("parking", "amenity", frozenset(["parking"])),
    ("rail", "landuse", frozenset(["railway"])),
    ("platform", "railway", frozenset(["platform"])),
    ("platform", "public_transport", frozenset(["platform"])),
)
_RAIL = frozenset(["rail", "light_rail", "subway", "narrow_gauge", "funicular", "monorail"])
_WATER = frozenset(["river", "stream", "canal", "ditch", "drain"])
_MOTORWAY = frozenset(["motorway", "motorway_link", "trunk", "trunk_link"])
_NOT_THERE = frozenset(["construction", "proposed", "abandoned", "razed", "no", "elevator"])


def build_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build the areas of the map: ``osm_type``, ``osm_id``, ``kind``, ``name``, (Multi)Polygon.

    Parameters
    ----------
    areas
        `OsmTables.areas` in local metres, valid.
    """
    kind = np.full(len(areas), None, dtype=object)
    for name, key, values in _KINDS:
        kind[np.array(areas[key].isin(values)) & (kind == None)] = name  # noqa: E711 - of objects
    shown = (kind != None) & (areas["location"] != "underground").to_numpy(bool)  # noqa: E711
    shown &= np.array(areas["tunnel"].isna(), dtype=bool)
    chosen = areas[shown]
    return gpd.GeoDataFrame(
        {
            "osm_type": text_column(chosen["osm_type"]),
            "osm_id": chosen["osm_id"].to_numpy(np.int64),
            "kind": text_column(kind[shown]),
            "name": text_column(chosen["name"]),
        },
        geometry=np.asarray(chosen.geometry),
        crs=areas.crs,
    )


def build_lines(ways: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build the lines of the map that nobody walks: ``osm_id``, ``kind``, ``name``, LineString.

    Parameters
    ----------
    ways, lines
        Of `OsmTables`, in local metres.
    """
    frames = [
        _frame(ways, [_way_kind(tags) for tags in read_tags(ways)]),
        _frame(lines, [_line_kind(tags) for tags in read_tags(lines)]),
    ]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=ways.crs)


def draw_sea(lines: gpd.GeoDataFrame, extent: shapely.MultiPolygon) -> gpd.GeoDataFrame:
    """
    Draw the sea within the extent: what lies to the right of the coastline.

    Parameters
    ----------
    lines
        `OsmTables.lines` in local metres.
    extent
        Of the city.
    """
    coast = np.asarray(lines.geometry)[(lines["natural"] == "coastline").to_numpy(bool)]
    frame = shapely.box(*shapely.bounds(extent))
    coast = coast[shapely.intersects(frame, coast)]
    sea = list(_flood(coast, frame)) if len(coast) else []
    return gpd.GeoDataFrame(
        {
            "osm_type": text_column(["way"] * len(sea)),
            "osm_id": np.zeros(len(sea), dtype=np.int64),
            "kind": text_column(["water"] * len(sea)),
            "name": text_column([None] * len(sea)),
        },
        geometry=np.array([*sea, None], dtype=object)[:-1],
        crs=lines.crs,
    )


def _flood(coast: NDArray[Any], frame: shapely.Polygon) -> NDArray[Any]:
    rim = shapely.boundary(frame)
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(coast)))
    ends = shapely.get_coordinates(shapely.boundary(merged))
    loose = shapely.points(ends[shapely.contains_xy(frame, ends)])
    # An extract cut short of its own frame leaves the coast hanging.
    gangways: Any = shapely.shortest_line(loose, rim)
    noded = shapely.union_all([*coast, *gangways, rim])
    faces: NDArray[Any] = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.covers(shapely.buffer(frame, 0.01), faces)]
    start, end = _segments(coast)
    along = end - start
    length = np.hypot(*along.T)
    turned = length > 0.0
    right = 0.05 * along[turned][:, ::-1] * [1.0, -1.0] / length[turned, None]
    middle = 0.5 * (start + end)[turned]
    tree = shapely.STRtree(faces)
    wet, dry = (
        np.unique(tree.query(shapely.points(middle + side * right), predicate="within")[1])
        for side in (1.0, -1.0)
    )
    # A face on both sides of its coast means that the coast has a gap.
    sea: NDArray[Any] = faces[np.setdiff1d(wet, dry)]
    return sea


def _segments(lines: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    joined = owner[:-1] == owner[1:]
    return xy[:-1][joined], xy[1:][joined]


def _frame(frame: gpd.GeoDataFrame, kind: list[str | None]) -> gpd.GeoDataFrame:
    shown = np.array([one is not None for one in kind], dtype=bool)
    chosen = frame[shown]
    return gpd.GeoDataFrame(
        {
            "osm_id": chosen["osm_id"].to_numpy(np.int64),
            "kind": text_column(one for one in kind if one),
            "name": text_column(chosen["name"]),
        },
        geometry=np.asarray(chosen.geometry),
        crs=frame.crs,
    )


def _way_kind(tags: dict[str, Any]) -> str | None:
    highway = tags.get("highway")
    if highway in _NOT_THERE or highway == "corridor" or is_walkable(tags):
        return None
    return "motorway" if highway in _MOTORWAY else "road"


def _line_kind(tags: dict[str, Any]) -> str | None:
    if tags.get("tunnel") not in (None, "no"):
        return None
    if tags.get("railway") == "tram":
        return "tram"
    if tags.get("railway") in _RAIL:
        return "rail"
    return "water" if tags.get("waterway") in _WATER else None
