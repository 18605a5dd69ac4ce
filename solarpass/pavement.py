"""
Pavements: both sides of a street as edges, joined at corners and crossings.

Where OpenStreetMap maps a pavement as a way of its own, that way is walked. Elsewhere a street
in a built-up area gets one on each side. Footways, paths, squares and steps stay single.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .corner import STREET_KINDS, Corners, Crossings, lay_corners
from .joint import drop_stubs, keep_joined
from .mesh import MeshModel
from .obstacle import LEFT, find_houses, offset_line, runs_through
from .plaza import lay_plazas
from .roadside import RoadsideModel, Roadsides, find_levels, find_roadsides
from .stretch import NO_ID, Stretches, cut_ways, split_long
from .weld import weld

if TYPE_CHECKING:
    from .city import City

SIDES = ("none", "left", "right")
"""Of the street, seen from an edge's first end to its second."""

PAVEMENT_SOURCES = ("mapped", "centre", "tagged", "assumed", "crossing", "square")
"""
Drawn in OpenStreetMap as a way of its own; a street walked on its carriageway; drawn by us
beside a street where a tag says there is a pavement; where no tag says; across a carriageway;
across a square, or along its rim.
"""

CROSSINGS = ("none", "signals", "marked", *STREET_KINDS)
"""How one crosses a carriageway: at lights, at markings, or unmarked by the kind of street."""

_STREETS = frozenset(["tertiary", "tertiary_link"])
_BIG_ROADS = frozenset(
    [*("secondary", "secondary_link", "primary", "primary_link", "trunk", "trunk_link")]
)
_ROADS = _STREETS | _BIG_ROADS
_ROADS |= {"residential", "unclassified", "living_street", "service", "road", "busway"}
_MANY_LANES = 4
_JITTER_M = 0.3  # of streets as they are drawn


@dataclass(frozen=True, slots=True)
class PavementModel:
    """
    Assumptions of the pavement graph; change one with `dataclasses.replace`.

    Attributes
    ----------
    side
        Where there are pavements.
    cross_every_m
        A side street can be crossed at least this often; our choice. [m]
    mesh
        How squares are crossed.
    """

    side: RoadsideModel = field(default_factory=RoadsideModel)
    cross_every_m: float = 100.0
    mesh: MeshModel = field(default_factory=MeshModel)


@dataclass(frozen=True, eq=False, slots=True)
class Pavements:
    """
    The pavement graph, before it is numbered and measured.

    Attributes
    ----------
    node_xy, node_osm_id
        Corners, and the junctions they belong to. [m]
    end
        The two corners of each edge, shape ``(n_edges, 2)``.
    xy
        Shape of each edge, ``(n_vertices, 2)`` each. [m]
    way
        The row of `square.list_ways` each edge is of, or crosses.
    street
        The row whose name it bears: of a mapped pavement, the street beside it.
    side, source, crossing
        Numbers in `SIDES`, `PAVEMENT_SOURCES` and `CROSSINGS`.
    """

    node_xy: NDArray[np.float64]
    node_osm_id: NDArray[np.int64]
    end: NDArray[np.int64]
    xy: list[NDArray[np.float64]]
    way: NDArray[np.int64]
    street: NDArray[np.int64]
    side: NDArray[np.int8]
    source: NDArray[np.int8]
    crossing: NDArray[np.int8]


def lay_pavements(city: City, *, model: PavementModel = PavementModel()) -> Pavements:
    """
    Lay the pavements of a city.

    What hangs together on the ways of the city hangs together on its pavements.

    Raises
    ------
    SourceError
        If there is no street, or a street's node ids do not match its geometry.
    """
    known = city.crossings[city.crossings["crossing"] != "lights"]
    stretches = _smooth(cut_ways(city, at=known["osm_id"].to_numpy(np.int64)), city)
    sides = find_roadsides(stretches, city, model=model.side)
    kind = find_street_kinds(city)[stretches.way]
    often = (kind == "side_street") & sides.has.all(axis=1)
    stretches, before = split_long(stretches, most_m=np.where(often, model.cross_every_m, np.inf))
    sides = sides.take(before)
    crossings = _know_crossings(stretches, city, kind[before])
    sides, corners = _lay(stretches, sides, crossings)
    clear, moved = _clear(city, stretches, sides, corners)
    if (clear.has & (clear.offset_m < sides.offset_m)).any():
        # Between two houses there may be room for none, or for one.
        sides, corners = _lay(stretches, clear.without_narrow(), crossings)
        clear, moved = _clear(city, stretches, sides, corners)
    return _cross_squares(city, _weld(city, _draw(city, stretches, clear, moved)), model=model)


def _weld(city: City, laid: Pavements) -> Pavements:
    """Join what we drew to the mapped ways that it runs across or ends beside."""
    layer, beneath = find_levels(city)[laid.way].T
    welded = weld(
        laid.node_xy,
        laid.end,
        laid.xy,
        is_drawn=np.isin(laid.source, [_number("tagged"), _number("assumed")]),
        is_mapped=(laid.source == _number("mapped")) & (beneath == 0),
        level=np.column_stack([layer, beneath]),
        houses=find_houses(city),
    )
    n_new = len(welded.node_xy) - len(laid.node_xy)
    source = laid.source[welded.source]
    source[welded.is_join] = _number("assumed")
    side = laid.side[welded.source]
    side[welded.is_join] = 0
    return Pavements(
        node_xy=welded.node_xy,
        node_osm_id=np.concatenate([laid.node_osm_id, np.full(n_new, NO_ID)]),
        end=welded.end,
        xy=welded.xy,
        way=laid.way[welded.source],
        street=laid.street[welded.source],
        side=side,
        source=source,
        crossing=laid.crossing[welded.source],
    )


def _cross_squares(city: City, laid: Pavements, *, model: PavementModel) -> Pavements:
    """Lay lines of sight and rims across squares."""
    may_enter = np.isin(laid.source, [_number("mapped"), _number("tagged"), _number("assumed")])
    plazas = lay_plazas(
        city, laid.node_xy, laid.end, laid.xy, laid.way, may_enter=may_enter, model=model.mesh
    )
    n_new, is_new = len(plazas.node_xy) - len(laid.node_xy), plazas.is_new

    def told(values: NDArray[Any], new: object) -> NDArray[Any]:
        kept: NDArray[Any] = values[plazas.source]
        return np.where(is_new, np.asarray(new), kept).astype(values.dtype)

    return Pavements(
        node_xy=plazas.node_xy,
        node_osm_id=np.concatenate([laid.node_osm_id, np.full(n_new, NO_ID)]),
        end=plazas.end,
        xy=plazas.xy,
        way=plazas.way,
        street=told(laid.street, plazas.way),
        side=told(laid.side, 0),
        source=told(laid.source, _number("square")),
        crossing=told(laid.crossing, 0),
    )


def _smooth(stretches: Stretches, city: City) -> Stretches:
    """Draw streets no finer than by hand, lest every jitter multiply in the lines beside them."""
    is_street = city.streets["highway"].isin(_ROADS).to_numpy(bool)[stretches.way]
    lines = stretches.lines()
    lines[is_street] = shapely.simplify(lines[is_street], _JITTER_M)
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    return replace(stretches, xy=np.split(xy, np.flatnonzero(np.diff(owner)) + 1))


def _lay(stretches: Stretches, sides: Roadsides, crossings: Crossings) -> tuple[Roadsides, Corners]:
    corners = lay_corners(stretches, sides, crossings)
    sides, changed = keep_joined(stretches, sides, corners, crossings)
    if changed:
        corners = lay_corners(stretches, sides, crossings)
        keep_joined(stretches, sides, corners, crossings)
    drop_stubs(stretches, corners)
    return sides, corners


def lay_centres(city: City) -> Pavements:
    """Lay every way as one edge a stretch, walked in the middle."""
    stretches = cut_ways(city)
    is_road = city.streets["highway"].isin(_ROADS).to_numpy(bool)[stretches.way]
    none = np.zeros(len(stretches), np.int8)
    return Pavements(
        node_xy=stretches.node_xy,
        node_osm_id=stretches.node_osm_id,
        end=stretches.end,
        xy=stretches.xy,
        way=stretches.way,
        street=stretches.way,
        side=none,
        source=np.where(is_road, _number("centre"), _number("mapped")).astype(np.int8),
        crossing=none,
    )


def find_street_kinds(city: City) -> NDArray[np.object_]:
    """Tell how each way is crossed where nothing is marked, one of the last of `CROSSINGS`."""
    highway = city.streets["highway"]
    kind = np.full(len(highway), "side_street", dtype=object)
    kind[highway.isin(_STREETS)] = "street"
    many = city.streets["lanes"] >= _MANY_LANES
    kind[highway.isin(_BIG_ROADS) | (many & highway.isin(_ROADS))] = "big_road"
    return kind


def _know_crossings(stretches: Stretches, city: City, kind: NDArray[np.object_]) -> Crossings:
    told = dict(zip(city.crossings["osm_id"], city.crossings["crossing"], strict=True))
    return Crossings(
        node=[told.get(number) for number in stretches.node_osm_id.tolist()],
        way=city.streets["crossing"].to_numpy(object)[stretches.way].tolist(),
        street=kind.tolist(),
        name=city.streets["name"].to_numpy(object)[stretches.way].tolist(),
    )


def _clear(
    city: City, stretches: Stretches, sides: Roadsides, corners: Corners
) -> tuple[Roadsides, Corners]:
    """Draw nearer to the middle of the street what would still run through a house."""
    houses, middle = find_houses(city), stretches.node_xy[corners.node]
    is_covered = city.streets["is_covered"].to_numpy(bool)[stretches.way]
    stretch, side = np.nonzero((corners.of_side >= 0).all(axis=2))
    ends = np.concatenate([corners.of_side[stretch, side], _link_ends(corners)])
    owner = np.concatenate([stretch, [link[2] for link in corners.links]]).astype(np.int64)
    share, offset_m = np.ones(len(corners.xy)), sides.offset_m.copy()
    asked = np.arange(len(ends)) if len(houses) else np.empty(0, np.int64)
    for factor in (0.6, 0.3, 0.0):
        moved = replace(corners, xy=middle + share[:, None] * (corners.xy - middle))
        nearer = replace(sides, offset_m=offset_m)
        beside = asked[asked < len(stretch)]
        drawn = _side_lines(stretches, nearer, moved, stretch[beside], side[beside])
        drawn += list(moved.xy[ends[asked[asked >= len(stretch)]]])
        hit = asked[runs_through(houses, drawn) & ~is_covered[owner[asked]]]
        share[ends[hit].ravel()] = factor
        beside = hit[hit < len(stretch)]
        offset_m[stretch[beside], side[beside]] = (
            factor * sides.offset_m[stretch[beside], side[beside]]
        )
        asked = np.flatnonzero((share[ends] == factor).any(axis=1))
    xy = middle + share[:, None] * (corners.xy - middle)
    return replace(sides, offset_m=offset_m), replace(corners, xy=xy.round(3))


def _link_ends(corners: Corners) -> NDArray[np.int64]:
    return np.array([link[:2] for link in corners.links], np.int64).reshape(-1, 2)


def _side_lines(
    stretches: Stretches,
    sides: Roadsides,
    corners: Corners,
    stretch: NDArray[np.int64],
    side: NDArray[np.int64],
) -> list[NDArray[np.float64]]:
    """Draw pavements between their corners."""
    lines = []
    for k, s in zip(stretch.tolist(), side.tolist(), strict=True):
        left_m = (1.0 if s == LEFT else -1.0) * sides.offset_m[k, s]
        ends_xy = corners.xy[corners.of_side[k, s]]
        lines.append(_join(offset_line(stretches.xy[k], left_m), *ends_xy))
    return lines


def _draw(city: City, stretches: Stretches, sides: Roadsides, corners: Corners) -> Pavements:
    """Draw every edge between its corners."""
    place = corners.xy
    walked = np.flatnonzero((corners.of_way >= 0).all(axis=1))
    stretch, side = np.nonzero((corners.of_side >= 0).all(axis=2))
    end = np.concatenate(
        [
            corners.of_way[walked],
            corners.of_side[stretch, side],
            _link_ends(corners),
        ]
    )
    xy = [_join(stretches.xy[k], *place[corners.of_way[k]]) for k in walked.tolist()]
    xy += _side_lines(stretches, sides, corners, stretch, side)
    xy.extend(place[list(link[:2])] for link in corners.links)
    crossed = np.array([link[2] for link in corners.links], np.int64)
    source = np.concatenate([walked, stretch, crossed])
    is_road = city.streets["highway"].isin(_ROADS).to_numpy(bool)[stretches.way]
    told = sides.is_tagged[stretch, side]
    way = stretches.way[source]
    beside = sides.beside[walked]
    unnamed = city.streets["name"].isna().to_numpy(bool)
    bears = (beside >= 0) & unnamed[way[: len(walked)]]
    none = np.zeros(len(crossed), np.int8)
    return Pavements(
        node_xy=place,
        node_osm_id=stretches.node_osm_id[corners.node],
        end=end,
        xy=xy,
        way=way,
        street=np.concatenate([np.where(bears, beside, way[: len(walked)]), way[len(walked) :]]),
        side=np.concatenate([sides.beside_side[walked], side + 1, none]).astype(np.int8),
        source=np.concatenate(
            [
                np.where(is_road[walked], _number("centre"), _number("mapped")),
                np.where(told, _number("tagged"), _number("assumed")),
                none + _number("crossing"),
            ]
        ).astype(np.int8),
        crossing=np.concatenate(
            [
                np.zeros(len(walked) + len(stretch), np.int8),
                np.array([CROSSINGS.index(link[3]) for link in corners.links], np.int8),
            ]
        ),
    )


def _number(source: str) -> int:
    return PAVEMENT_SOURCES.index(source)


def _join(
    line: NDArray[np.float64], first: NDArray[np.float64], last: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Let a line begin and end at corners, without turning back to reach them."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    begin, stop = _reach(line, first), along[-1] - _reach(line[::-1], last)
    inner = line[1:-1][(along[1:-1] > begin) & (along[1:-1] < stop)]
    drawn = np.vstack([first, inner, last])
    return drawn.round(3)


def _reach(line: NDArray[np.float64], corner: NDArray[np.float64]) -> float:
    """Tell how far along a line its new first point lies."""
    to = corner - line[0]
    apart = np.hypot(*to)
    away = line - line[0]
    far = np.hypot(away[:, 0], away[:, 1])
    ahead = int(np.argmax(far >= apart)) or int(np.argmax(far))
    if not far[ahead] > 0.0:
        return 0.0
    return max(float(to @ away[ahead]) / float(far[ahead]), 0.0)
