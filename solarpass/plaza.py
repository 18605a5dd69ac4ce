"""Plazas: the squares of a city, laid into its graph in place of their outlines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.cluster.hierarchy import DisjointSet

from .mesh import MeshModel, lay_mesh
from .obstacle import find_houses, runs_through
from .roadside import find_levels
from .square import list_ways
from .weld import cut_edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .city import City

_CLOSE_M = 0.1  # squares no farther apart are one; a mapper's hand
_ON_M = 0.3  # a place this near to a floor is on it
_LEAST_M2 = 12.0  # smaller ground is a doormat; our choice
_BESIDE_M = 12.0  # where an outline leads to a pavement's corner beside the floor; our choice
_CARRIAGEWAY_M = 3.0  # half of what cars keep of a square that they cross; our choice
_DRIVEN = frozenset(
    [
        *("residential", "unclassified", "tertiary", "tertiary_link", "secondary", "road"),
        *("secondary_link", "primary", "primary_link", "trunk", "trunk_link", "busway"),
        *("motorway", "motorway_link"),
    ]
)


@dataclass(frozen=True, eq=False, slots=True)
class Plazas:
    """
    The graph with its squares.

    Attributes
    ----------
    node_xy
        Nodes, the new ones last, shape ``(n_nodes, 2)``. [m]
    end
        The two nodes of each edge, shape ``(n_edges, 2)``.
    xy
        Shape of each, ``(n_vertices, 2)`` each. [m]
    source
        The edge each was before, -1 for those across squares, shape ``(n_edges,)``.
    way
        The row of `list_ways` each is of, shape ``(n_edges,)``.
    """

    node_xy: NDArray[np.float64]
    end: NDArray[np.int64]
    xy: list[NDArray[np.float64]]
    source: NDArray[np.int64]
    way: NDArray[np.int64]

    @property
    def is_new(self) -> NDArray[np.bool_]:
        """Which edges lead across squares."""
        return self.source < 0


@dataclass(frozen=True, eq=False, slots=True)
class _Floor:
    """Connected ground of one level, and the squares that it is of."""

    shape: shapely.Polygon
    level: tuple[int, int]


def lay_plazas(
    city: City,
    node_xy: NDArray[np.float64],
    end: NDArray[np.int64],
    xy: list[NDArray[np.float64]],
    way: NDArray[np.int64],
    *,
    may_enter: NDArray[np.bool_],
    model: MeshModel = MeshModel(),
) -> Plazas:
    """
    Lay the squares of a city into its graph.

    Squares that touch are one. One enters where a node lies on the ground, where an edge crosses
    its outline, or where the outline led on. A square's outline is walked no more, save where
    something hangs on it alone; what no two ways lead to stays as it was.

    Parameters
    ----------
    city
        Its `streets`, `squares`, `buildings` and `areas` are read.
    node_xy, end, xy, way
        Nodes and edges, and the row of `City.streets` each edge is of. [m]
    may_enter
        Which edges may be cut where they enter a square; others lead there by their ends.
    model
        Assumptions.
    """
    n_edges = np.arange(len(end))
    same = Plazas(node_xy, end, xy, n_edges, way)
    if city.squares.empty:
        return same
    ways = list_ways(city.streets, city.squares)
    levels = find_levels(replace(city, streets=ways))
    floors = _find_floors(city, levels[len(city.streets) :])
    if not floors:
        return same
    ids = city.streets["osm_id"].to_numpy(np.int64)
    is_own = np.isin(ids, city.squares["osm_id"].to_numpy(np.int64))
    same = _cut(same, floors, levels, may_enter & ~is_own[way])
    is_outline = is_own[same.way]
    lines = np.array([shapely.linestrings(each) for each in same.xy], dtype=object)
    laid, meshed = _lay_all(city, same, lines, floors, levels, is_outline, model)
    if not laid.is_new.any():
        return Plazas(node_xy, end, xy, n_edges, way)
    return _drop_outlines(laid, lines, np.flatnonzero(is_outline), meshed)


def _find_floors(city: City, level: NDArray[np.int64]) -> list[_Floor]:
    """Join squares that touch, and leave out houses, water and carriageways."""
    whole = np.asarray(city.squares.geometry)
    water = np.asarray(city.areas.geometry)[(city.areas["kind"] == "water").to_numpy(bool)]
    driven = city.streets["highway"].isin(_DRIVEN).to_numpy(bool)
    driven = driven & (find_levels(city) == 0).all(axis=1)
    road = shapely.buffer(np.asarray(city.streets.geometry)[driven], _CARRIAGEWAY_M, quad_segs=2)
    houses = find_houses(city)
    trees = (houses, shapely.STRtree(water), shapely.STRtree(road))
    floors = []
    for each in np.unique(level, axis=0):
        shapes = shapely.buffer(whole[(level == each).all(axis=1)], _CLOSE_M, join_style="mitre")
        joined = shapely.buffer(shapely.union_all(shapes), -_CLOSE_M, join_style="mitre")
        for part in shapely.get_parts(joined):
            left = part
            for tree in trees if not each.any() else trees[: int(each[0] > 0)]:
                hit = tree.geometries[tree.query(part, predicate="intersects")]
                left = shapely.difference(left, shapely.union_all(hit))
            floors += [
                _Floor(one, (int(each[0]), int(each[1])))
                for one in shapely.get_parts(shapely.make_valid(left))
                if one.geom_type == "Polygon" and one.area >= _LEAST_M2
            ]
    return floors


def _cut(
    laid: Plazas, floors: list[_Floor], levels: NDArray[np.int64], may_enter: NDArray[np.bool_]
) -> Plazas:
    """Cut edges where they cross the outline of a floor."""
    lines = np.array([shapely.linestrings(each) for each in laid.xy], dtype=object)
    rims = np.array([*(shapely.boundary(one.shape) for one in floors), None], dtype=object)[:-1]
    own = np.array([one.level for one in floors])
    floor, edge = shapely.STRtree(lines).query(rims, predicate="intersects")
    kept = may_enter[edge] & (levels[laid.way[edge]] == own[floor]).all(axis=1)
    floor, edge = floor[kept], edge[kept]
    met = shapely.intersection(lines[edge], rims[floor])
    point, owner = shapely.get_parts(met, return_index=True)
    # What runs along an outline meets it all the way, but is entered at its ends.
    is_point = shapely.get_type_id(point) == shapely.GeometryType.POINT
    cut = cut_edges(laid.node_xy, laid.end, laid.xy, edge=edge[owner[is_point]], at=point[is_point])
    return Plazas(cut.node_xy, cut.end, cut.xy, cut.source, laid.way[cut.source])


def _lay_all(
    city: City,
    laid: Plazas,
    lines: NDArray[Any],
    floors: list[_Floor],
    levels: NDArray[np.int64],
    is_outline: NDArray[np.bool_],
    model: MeshModel,
) -> tuple[Plazas, list[shapely.Polygon]]:
    """Lay the mesh of every floor that at least two ways lead to."""
    places = np.asarray(shapely.points(laid.node_xy))
    tree, houses = shapely.STRtree(places), find_houses(city)
    level = levels[laid.way]
    place, end, xy, way, meshed = [laid.node_xy], [laid.end], list(laid.xy), [laid.way], []
    n_nodes = len(laid.node_xy)
    for floor in floors:
        is_level = (level == floor.level).all(axis=1)
        entrance = _find_entrances(laid, floor, tree, houses, is_level, is_outline)
        if len(entrance) < 2:
            continue
        number = {node: k for k, node in enumerate(entrance.tolist())}
        given, given_m = _find_given(laid, lines, number, is_level & ~is_outline)
        mesh = lay_mesh(
            floor.shape, laid.node_xy[entrance], given=given, given_m=given_m, model=model
        )
        # Under the ground and on decks houses stand elsewhere.
        through = runs_through(houses, mesh.xy) & (floor.level == (0, 0))
        kept = np.flatnonzero(~through)
        if not len(kept):
            continue
        new = np.append(entrance, n_nodes + np.arange(len(mesh.node_xy) - len(entrance)))
        n_nodes += len(mesh.node_xy) - len(entrance)
        place.append(mesh.node_xy[len(entrance) :])
        end.append(new[mesh.end[kept]])
        xy += [mesh.xy[k] for k in kept.tolist()]
        way.append(len(city.streets) + _tell_square(city, [mesh.xy[k] for k in kept.tolist()]))
        meshed.append(floor.shape)
    ends = np.concatenate(end)
    source = np.full(len(ends), -1)
    source[: len(laid.end)] = laid.source
    return Plazas(np.concatenate(place), ends, xy, source, np.concatenate(way)), meshed


def _find_entrances(
    laid: Plazas,
    floor: _Floor,
    tree: shapely.STRtree,
    houses: shapely.STRtree,
    is_level: NDArray[np.bool_],
    is_outline: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Find the nodes from which a floor is entered."""
    n = len(laid.node_xy)
    leads, of_outline = np.zeros(n, bool), np.zeros(n, bool)
    leads[laid.end[is_level & ~is_outline]] = True
    of_outline[laid.end[is_outline & is_level]] = True
    # A step down to a passage or up to a deck ends on the ground as well.
    leads[laid.end[~is_level & ~is_outline]] |= of_outline[laid.end[~is_level & ~is_outline]]
    near = np.sort(tree.query(floor.shape, predicate="dwithin", distance=_BESIDE_M))
    near = near[leads[near]]
    away_m = shapely.distance(tree.geometries[near], floor.shape)
    beside = near[(away_m > _ON_M) & of_outline[near]]
    joints = shapely.shortest_line(tree.geometries[beside], floor.shape)
    blocked = np.unique(houses.query(joints, predicate="crosses")[0])
    return np.sort(np.append(near[away_m <= _ON_M], np.delete(beside, blocked))).astype(np.int64)


def _find_given(
    laid: Plazas,
    lines: NDArray[Any],
    number: dict[int, int],
    may: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the ways of their own that join entrances of a floor."""
    is_in = np.zeros(len(laid.node_xy), bool)
    is_in[list(number)] = True
    edge = np.flatnonzero(may & is_in[laid.end].all(axis=1))
    pairs = [[number[node] for node in pair] for pair in laid.end[edge].tolist()]
    return np.array(pairs, np.int64).reshape(-1, 2), shapely.length(lines[edge])


def _tell_square(city: City, xy: list[NDArray[np.float64]]) -> NDArray[np.int64]:
    """Tell the row of `City.squares` each edge is of, by its middle."""
    lines = np.array([shapely.linestrings(each) for each in xy], dtype=object)
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    tree = shapely.STRtree(np.asarray(city.squares.geometry))
    row, hit = tree.query_nearest(middle, all_matches=False)
    found = np.zeros(len(xy), np.int64)
    found[row] = hit
    return found


def _drop_outlines(
    laid: Plazas, lines: NDArray[Any], outline: NDArray[np.int64], meshed: list[shapely.Polygon]
) -> Plazas:
    """Leave out outlines of floors that one crosses, save where something hangs on them alone."""
    grown = shapely.buffer(np.array([*meshed, None], dtype=object)[:-1], 2.0 * _CARRIAGEWAY_M)
    row, hit = shapely.STRtree(grown).query(lines[outline], predicate="intersects")
    within = shapely.intersection(lines[outline][row], grown[hit])
    within_m = np.bincount(row, shapely.length(within), len(outline))
    asked = outline[within_m >= 0.6 * shapely.length(lines[outline])]
    kept = np.ones(len(laid.end), bool)
    kept[asked] = False
    degree = np.bincount(laid.end[kept].ravel(), minlength=len(laid.node_xy))
    parts = DisjointSet(range(len(laid.node_xy)))
    for first, last in laid.end[kept].tolist():
        parts.merge(first, last)
    for chain in _chains(laid.end, asked.tolist(), degree):
        ends = np.unique([laid.end[edge] for edge in chain])
        ends = ends[degree[ends] > 0]
        # All of them are to be joined, not only the first that was not.
        joined = [parts.merge(int(ends[0]), int(one)) for one in ends[1:]]
        kept[chain] = any(joined)
    rows = np.flatnonzero(kept)
    return Plazas(
        laid.node_xy,
        laid.end[rows],
        [laid.xy[row] for row in rows.tolist()],
        laid.source[rows],
        laid.way[rows],
    )


def _chains(
    end: NDArray[np.int64], edges: list[int], degree: NDArray[np.int64]
) -> Iterator[list[int]]:
    """Follow outlines from one node that something else leads to, to the next."""
    at: dict[int, list[int]] = {}
    for edge in edges:
        for node in end[edge].tolist():
            at.setdefault(node, []).append(edge)
    left = set(edges)
    for start in edges:
        if start not in left:
            continue
        chain, open_nodes = [start], end[start].tolist()
        left.discard(start)
        while open_nodes:
            node = open_nodes.pop()
            if degree[node]:
                continue
            for edge in at[node]:
                if edge in left:
                    left.discard(edge)
                    chain.append(edge)
                    open_nodes += [one for one in end[edge].tolist() if one != node]
        yield chain
