"""Welds: drawn pavements joined to the mapped ways that they run across or end beside."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

_AT_END_M = 0.5  # a cut this near to an edge's end is made there
_JOIN_M = 8.0  # a pavement that ends this near to a mapped way leads onto it; our choice


@dataclass(frozen=True, eq=False, slots=True)
class Welds:
    """
    Edges after welding.

    Attributes
    ----------
    node_xy
        Nodes, the new ones last, shape ``(n_nodes, 2)``. [m]
    end
        The two nodes of each edge, shape ``(n_edges, 2)``.
    xy
        Shape of each, ``(n_vertices, 2)`` each. [m]
    source
        The edge each was before, or that it leads on from, shape ``(n_edges,)``.
    is_join
        Whether it is a new piece from the end of a pavement to a mapped way.
    """

    node_xy: NDArray[np.float64]
    end: NDArray[np.int64]
    xy: list[NDArray[np.float64]]
    source: NDArray[np.int64]
    is_join: NDArray[np.bool_]


class _Welder:
    """Collects where edges are cut, and pieces that join them."""

    def __init__(
        self, node_xy: NDArray[np.float64], end: NDArray[np.int64], lines: NDArray[np.object_]
    ) -> None:
        self.end, self.lines = end, lines
        self.place = [*node_xy]
        self.cuts: dict[int, list[tuple[float, int]]] = defaultdict(list)
        self.joins: dict[tuple[int, int], int] = {}

    def cut(self, edge: int, at: shapely.Point, node: int | None = None) -> int:
        """Cut an edge at a place on it; tell the node there, which is `node` unless it ends."""
        along_m = float(shapely.line_locate_point(self.lines[edge], at))
        length_m = float(shapely.length(self.lines[edge]))
        for k, from_end_m in enumerate((along_m, length_m - along_m)):
            if from_end_m < _AT_END_M:
                return int(self.end[edge, k])
        for there_m, there in self.cuts[edge]:
            if abs(there_m - along_m) < _AT_END_M:
                return there
        if node is None:
            node = len(self.place)
            self.place.append(shapely.get_coordinates(at)[0].round(3))
        self.cuts[edge].append((along_m, node))
        return node

    def leads_onto(self, edge: int, end: int, way: int) -> bool:
        """Tell whether an edge meets a way so near to its end that a joint would double it."""
        there = {*self.end[way].tolist(), *(node for _, node in self.cuts[way])}
        length_m = float(shapely.length(self.lines[edge])) if end else 0.0
        return any(
            node in there and abs(length_m - along_m) <= 2.0 * _JOIN_M
            for along_m, node in self.cuts[edge]
        )

    def join(self, edge: int, first: int, last: int) -> None:
        """Add a piece between two nodes, unless they are one or have one."""
        if first != last:
            self.joins.setdefault((first, last), edge)


def weld(
    node_xy: NDArray[np.float64],
    end: NDArray[np.int64],
    xy: list[NDArray[np.float64]],
    *,
    is_drawn: NDArray[np.bool_],
    is_mapped: NDArray[np.bool_],
    level: NDArray[np.int64],
    houses: shapely.STRtree,
) -> Welds:
    """
    Join drawn pavements to mapped ways of their level: where they cross, and where they end.

    Parameters
    ----------
    node_xy, end, xy
        Nodes and edges. [m]
    is_drawn, is_mapped
        Which edges are pavements of ours, and which are mapped ways to join them to.
    level
        What must be alike for two edges to meet, shape ``(n_edges, n)``.
    houses
        Through which no joint leads.
    """
    lines = np.array([shapely.linestrings(each) for each in xy], dtype=object)
    welder = _Welder(node_xy, end, lines)
    drawn, mapped = np.flatnonzero(is_drawn), np.flatnonzero(is_mapped)
    if len(drawn) and len(mapped):
        tree = shapely.STRtree(lines[mapped])
        _weld_crossings(welder, drawn, mapped, tree, level)
        _weld_ends(welder, drawn, mapped, tree, level=level, houses=houses)
    return _split(welder, xy)


def _weld_crossings(
    welder: _Welder,
    drawn: NDArray[np.int64],
    mapped: NDArray[np.int64],
    tree: shapely.STRtree,
    level: NDArray[np.int64],
) -> None:
    lines, end = welder.lines, welder.end
    row, hit = tree.query(lines[drawn], predicate="crosses")
    one, other = drawn[row], mapped[hit]
    apart = ~(end[one][:, :, None] == end[other][:, None, :]).any(axis=(1, 2))
    apart &= (level[one] == level[other]).all(axis=1)
    for edge, way in zip(one[apart].tolist(), other[apart].tolist(), strict=True):
        met = shapely.intersection(lines[edge], lines[way])
        for at in shapely.get_parts(met):
            if shapely.get_type_id(at) == shapely.GeometryType.POINT:
                node = welder.cut(way, at)
                welder.join(edge, welder.cut(edge, at, node), node)


def _weld_ends(
    welder: _Welder,
    drawn: NDArray[np.int64],
    mapped: NDArray[np.int64],
    tree: shapely.STRtree,
    *,
    level: NDArray[np.int64],
    houses: shapely.STRtree,
) -> None:
    end, lines = welder.end, welder.lines
    degree = np.bincount(end.ravel(), minlength=len(welder.place))
    edge, which = np.nonzero(degree[end[drawn]] == 1)
    edge, node = drawn[edge], end[drawn[edge], which]
    points = np.asarray(shapely.points(np.array(welder.place)[node]))
    row, hit = tree.query(points, predicate="dwithin", distance=_JOIN_M)
    way = mapped[hit]
    kept = (level[edge[row]] == level[way]).all(axis=1)
    row, way = row[kept], way[kept]
    away_m = shapely.distance(points[row], lines[way])
    taken: set[int] = set()
    for k in np.lexsort([way, away_m]).tolist():
        here = int(node[row[k]])
        joint = shapely.shortest_line(points[row[k]], lines[way[k]])
        if here in taken or len(houses.query(joint, predicate="intersects")):
            continue
        taken.add(here)
        if welder.leads_onto(int(edge[row[k]]), int(which[row[k]]), int(way[k])):
            continue
        at = shapely.Point(joint.coords[-1])
        welder.join(int(edge[row[k]]), here, welder.cut(int(way[k]), at))


def cut_edges(
    node_xy: NDArray[np.float64],
    end: NDArray[np.int64],
    xy: list[NDArray[np.float64]],
    *,
    edge: NDArray[np.int64],
    at: NDArray[np.object_],
) -> Welds:
    """Cut edges at places on them, one a row of `edge` and `at`."""
    lines = np.array([shapely.linestrings(each) for each in xy], dtype=object)
    welder = _Welder(node_xy, end, lines)
    for one, point in zip(edge.tolist(), at, strict=True):
        welder.cut(one, point)
    return _split(welder, xy)


def _split(welder: _Welder, xy: list[NDArray[np.float64]]) -> Welds:
    place = np.array(welder.place)
    end: list[tuple[int, int]] = []
    pieces: list[NDArray[np.float64]] = []
    source: list[int] = []
    for edge, (line, (first, last)) in enumerate(zip(xy, welder.end.tolist(), strict=True)):
        cuts = sorted(welder.cuts.get(edge, ()))
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        nodes = [first, *(node for _, node in cuts), last]
        bounds = [-np.inf, *(m for m, _ in cuts), np.inf]
        for k in range(len(nodes) - 1):
            inner = line[(along > bounds[k]) & (along < bounds[k + 1])]
            start = [] if k == 0 else [place[nodes[k]]]
            stop = [] if k == len(nodes) - 2 else [place[nodes[k + 1]]]
            pieces.append(np.array([*start, *inner, *stop]))
            end.append((nodes[k], nodes[k + 1]))
            source.append(edge)
    n_old = len(source)
    for (first, last), edge in welder.joins.items():
        pieces.append(place[[first, last]])
        end.append((first, last))
        source.append(edge)
    return Welds(
        node_xy=place,
        end=np.array(end, np.int64).reshape(-1, 2),
        xy=pieces,
        source=np.array(source, np.int64),
        is_join=np.arange(len(source)) >= n_old,
    )
