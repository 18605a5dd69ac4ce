"""Bridges: decks above the ground, which shade what is below and carry who walks on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from .street import is_walkable
from .tables import read_numbers
from .tag import read_layer, read_metres, read_storeys, read_tags

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_NO_DECK = frozenset(["no", "boardwalk", "low_water_crossing"])  # these lie on the ground
_NOT_THERE = frozenset(["construction", "proposed", "planned", "razed", "dismantled", "elevator"])
_NO_PAVEMENT = frozenset(["motorway", "motorway_link", "track"])
_MOST_WIDE_M = 100.0
_SAME_M = 0.1  # two drawings of one node


@dataclass(frozen=True, slots=True)
class BridgeModel:
    """
    Assumptions about bridges beside the widths of `bridge.csv`; change one with `replace`.

    Attributes
    ----------
    clearance_m
        From one layer to the underside of the next: what lorries and trams need, rounded
        up; our choice. [m]
    deck_m
        Thickness of a deck with its railing; our choice. [m]
    lane_m
        Width of a lane with its share of the verge, where lanes are tagged; our choice. [m]
    pavement_m
        What a street's deck is wider than its carriageway, on each side; our choice. [m]
    covered_fraction
        A way is part of a mapped bridge area if this much of it lies within; our choice. [1]
    beside_m
        Who walks on a bridge may be drawn this far outside its deck; our choice. [m]
    """

    clearance_m: float = 5.0
    deck_m: float = 1.0
    lane_m: float = 3.5
    pavement_m: float = 2.5
    covered_fraction: float = 0.5
    beside_m: float = 2.0


def build_bridges(
    ways: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    model: BridgeModel | None = None,
) -> gpd.GeoDataFrame:
    """
    Build the decks of those bridges beneath which somebody walks.

    The ground is flat, so a bridge over a river, a railway in a cutting or a meadow stays level
    with the streets that it joins: to lift it would shade whoever walks beside its ends, and
    beneath it walks nobody. A deck is a mapped bridge area, or a way, railway or aqueduct
    tagged as a bridge, as wide as it says or as its kind is wont to be.

    Parameters
    ----------
    ways, lines, areas
        `OsmTables.ways`, `OsmTables.lines` and `OsmTables.areas` in local metres.
    model
        Assumptions.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.bridges`.
    """
    model = model or BridgeModel()
    decks = _find_decks(ways, lines, areas, model)
    kept = _has_walk_beneath(decks, ways)
    layer = decks["layer"].to_numpy()[kept]
    base_m = model.clearance_m * layer
    return gpd.GeoDataFrame(
        {
            "osm_id": decks["osm_id"].to_numpy()[kept],
            "base_m": base_m,
            "height_m": base_m + model.deck_m,
            "layer": layer.astype(np.int8),
        },
        geometry=np.asarray(decks.geometry)[kept],
        crs=ways.crs,
    )


def deck_levels(
    lines: ArrayLike,
    *,
    layer: ArrayLike,
    is_bridge: ArrayLike,
    bridges: gpd.GeoDataFrame,
    model: BridgeModel | None = None,
) -> NDArray[np.float32]:
    """
    Tell how high above the ground edges run that lie on a deck. [m].

    An edge is on a deck if at least half its length is, and if it is a bridge or its layer
    says that it does not pass beneath. Of several the highest that its layer allows counts.

    Parameters
    ----------
    lines
        LineStrings in local metres, shape ``(n_edges,)``.
    layer, is_bridge
        Of the way each edge belongs to, shape ``(n_edges,)``.
    bridges
        `City.bridges`.
    model
        Assumptions.

    Returns
    -------
    numpy.ndarray
        Top of the deck, 0 where there is none, shape ``(n_edges,)``.
    """
    model = model or BridgeModel()
    line = np.asarray(lines, dtype=object)
    on_bridge = np.asarray(is_bridge, dtype=bool)
    own = np.where(on_bridge, np.maximum(np.asarray(layer, dtype=int), 1), np.asarray(layer))
    level = np.zeros(len(line), dtype=np.float32)
    raised = np.flatnonzero(own > 0)
    # An edge without length has its place all the same.
    room = shapely.buffer(np.asarray(bridges.geometry), model.beside_m, cap_style="flat")
    edge, deck = shapely.STRtree(room).query(line[raised], predicate="intersects")
    edge = raised[edge]
    within_m = shapely.length(shapely.intersection(line[edge], room[deck]))
    fits = within_m >= 0.5 * shapely.length(line[edge])
    fits &= bridges["layer"].to_numpy(int)[deck] <= own[edge]
    np.maximum.at(level, edge[fits], bridges["height_m"].to_numpy(np.float32)[deck[fits]])
    return level


def _find_decks(
    ways: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, model: BridgeModel
) -> gpd.GeoDataFrame:
    """Find every deck: its outline, its layer, and the course of what runs on it."""
    course, layer, width_m, osm_id = _find_courses(ways, lines, model)
    mapped = areas[(areas["man_made"] == "bridge").to_numpy(bool)]
    area = np.asarray(mapped.geometry)
    part, of = shapely.STRtree(area).query(course, predicate="intersects")
    within_m = shapely.length(shapely.intersection(course[part], area[of]))
    on = within_m >= model.covered_fraction * shapely.length(course[part])
    part, of = part[on], of[on]
    area_layer = np.array([read_layer(text) for text in mapped["layer"]], dtype=np.int64)
    for row in range(len(area)):
        area_layer[row] = max(1, area_layer[row], *layer[part[of == row]])
    alone = np.setdiff1d(np.arange(len(course)), part)
    # An area without a way is its own course: what enters it passes beneath.
    carried = [
        shapely.union_all(course[part[of == row]]) if (of == row).any() else area[row]
        for row in range(len(area))
    ]
    outline = shapely.buffer(course[alone], 0.5 * width_m[alone], cap_style="flat")
    return gpd.GeoDataFrame(
        {
            "osm_id": np.concatenate([mapped["osm_id"].to_numpy(np.int64), osm_id[alone]]),
            "layer": np.concatenate([area_layer, layer[alone]]),
            "course": np.array([*carried, *course[alone], None], dtype=object)[:-1],
        },
        geometry=np.concatenate([area, outline]),
        crs=ways.crs,
    )


def _find_courses(
    ways: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, model: BridgeModel
) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Find what runs over bridges: its course, layer, width and id."""
    course, layer, width_m, osm_id = [], [], [], []
    for frame in (ways, lines):
        bridged = frame[frame["bridge"].notna().to_numpy(bool)]
        for tags, shape in zip(
            read_tags(bridged.drop(columns="node_id", errors="ignore")),
            np.asarray(bridged.geometry),
            strict=True,
        ):
            if _is_deck(tags) and shapely.length(shape) > 0.0:
                course.append(shape)
                layer.append(max(1, read_layer(tags.get("layer"))))
                width_m.append(_width_m(tags, model))
                osm_id.append(tags["osm_id"])
    return (
        np.array([*course, None], dtype=object)[:-1],
        np.array(layer, dtype=np.int64),
        np.array(width_m, dtype=float),
        np.array(osm_id, dtype=np.int64),
    )


def _is_deck(tags: dict[str, Any]) -> bool:
    kind = tags.get("highway") or tags.get("railway") or tags.get("waterway")
    return tags["bridge"] not in _NO_DECK and kind is not None and kind not in _NOT_THERE


def _width_m(tags: dict[str, Any], model: BridgeModel) -> float:
    """Tell how wide a deck is: as tagged, by its lanes, else as its kind is wont to be [m]."""
    of_street, of_deck = read_numbers("street", key="highway"), read_numbers("bridge", key="kind")
    highway = tags.get("highway")
    told_m = read_metres(tags.get("width"), most_m=_MOST_WIDE_M)
    if highway is None:
        kind = "railway" if "railway" in tags else "waterway"
        return of_deck[kind]["width"] if np.isnan(told_m) else told_m
    if highway in of_deck and highway not in _NO_PAVEMENT:
        return of_deck[highway]["width"] if np.isnan(told_m) else told_m
    lanes = read_storeys(tags.get("lanes"), most=20)
    kind_m = (of_deck.get(highway) or of_street.get(highway) or of_deck["any"])["width"]
    street_m = next(m for m in (told_m, lanes * model.lane_m, kind_m) if m > 0.0)
    return street_m + (0.0 if highway in _NO_PAVEMENT else 2.0 * model.pavement_m)


def _has_walk_beneath(decks: gpd.GeoDataFrame, ways: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which decks a way crosses beneath that one may walk in the open air."""
    tags = read_tags(ways.drop(columns="node_id"))
    open_air = np.array(
        [is_walkable(row) and row.get("tunnel") in (None, "no", "culvert") for row in tags],
        dtype=bool,
    )
    walk = np.asarray(ways.geometry)[open_air]
    walk_layer = np.array(
        [
            max(read_layer(row.get("layer")), 0 if row.get("bridge") in (None, *_NO_DECK) else 1)
            for row, ok in zip(tags, open_air, strict=True)
            if ok
        ],
        dtype=np.int64,
    )
    course = decks["course"].to_numpy(object)
    below, deck = shapely.STRtree(course).query(walk, predicate="intersects")
    lower = walk_layer[below] < decks["layer"].to_numpy()[deck]
    beneath = np.zeros(len(decks), dtype=bool)
    for row, over in zip(below[lower], deck[lower], strict=True):
        beneath[over] = beneath[over] or _crosses(walk[row], course[over])
    return beneath


def _crosses(walk: shapely.LineString, course: shapely.Geometry) -> bool:
    """Tell whether a way crosses a course elsewhere than at a node that both have."""
    met = shapely.get_parts(shapely.intersection(walk, course))
    if shapely.get_dimensions(course) == 2:  # an area: its rim is no node
        return bool(shapely.length(met).sum() > 1.0)
    shared = set(map(tuple, shapely.get_coordinates(walk))) & set(
        map(tuple, shapely.get_coordinates(course))
    )
    if not shared:
        return True
    return bool((shapely.distance(met, shapely.MultiPoint(sorted(shared))) > _SAME_M).any())
