"""Meshes: lines of sight across a square, and along its rim, between the places one enters it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

_SLACK_M = 0.01  # by which a line may touch what bounds it: a rounding, no more
_SAME_M = 0.05  # two drawings of one place
_BENT_DEG = 15.0  # a corner that turns less is none to go around
_FINE_M = 0.5  # rims are drawn no finer than this


@dataclass(frozen=True, slots=True)
class MeshModel:
    """
    Assumptions about how squares are crossed; change one with `dataclasses.replace`.

    Attributes
    ----------
    rim_m
        So far from walls and edges runs the rim; our choice. [m]
    narrow_m
        What is narrower has no rim, for its sides are one; our choice. [m]
    detour
        A line of sight is left out where others lead there within so many times its length;
        our choice. [1]
    piece_m
        Longer lines are cut, so that each piece has a shade of its own; our choice. [m]
    ring_m
        Around what has a shorter outline nobody walks for its own sake; our choice. [m]
    apart_m
        Of places nearer to each other than this one looks around for both; our choice. [m]
    most_seen
        Of one area no more places look at each other; our choice. [count]
    most_edges
        Of more lines of sight in one area only those stay that spare more; our choice. [count]
    """

    rim_m: float = 1.75
    narrow_m: float = 6.0
    detour: float = 1.03
    piece_m: float = 40.0
    ring_m: float = 30.0
    apart_m: float = 4.0
    most_seen: int = 150
    most_edges: int = 300


@dataclass(frozen=True, eq=False, slots=True)
class Mesh:
    """
    Edges across a square.

    Attributes
    ----------
    node_xy
        Places, first the entrances in their order, shape ``(n_nodes, 2)``. [m]
    end
        The two places of each edge, shape ``(n_edges, 2)``.
    xy
        Shape of each, ``(n_vertices, 2)`` each. [m]
    """

    node_xy: NDArray[np.float64]
    end: NDArray[np.int64]
    xy: list[NDArray[np.float64]]


class _Net:
    """Collects places and edges."""

    def __init__(self, entrance: NDArray[np.float64]) -> None:
        self.place = [tuple(xy) for xy in entrance.tolist()]
        self.known: dict[tuple[int, int], int] = {}
        self.end: list[tuple[int, int]] = []
        self.xy: list[NDArray[np.float64]] = []

    def node(self, xy: NDArray[np.float64]) -> int:
        """Give a place its number, one for what is one place but for rounding."""
        x, y = (float(one) for one in np.round(xy, 3))
        key = (round(x / _SAME_M), round(y / _SAME_M))
        if key not in self.known:
            self.known[key] = len(self.place)
            self.place.append((x, y))
        return self.known[key]

    def join(self, first: int, last: int, inner: NDArray[np.float64]) -> None:
        """Draw an edge between two places, by way of others."""
        self.end.append((first, last))
        self.xy.append(np.vstack([self.place[first], inner.reshape(-1, 2), self.place[last]]))

    def length_m(self, edge: int) -> float:
        """Measure an edge [m]."""
        return float(np.hypot(*np.diff(self.xy[edge], axis=0).T).sum())


def lay_mesh(
    floor: shapely.Polygon,
    entrance: NDArray[np.float64],
    *,
    given: NDArray[np.int64],
    given_m: NDArray[np.float64],
    model: MeshModel = MeshModel(),
) -> Mesh:
    """
    Lay lines of sight between the entrances of a floor, around its corners, and its rim.

    Each entrance leads to the rim; from there, and from the corners that one walks around,
    lines of sight lead to others, as few as spare anybody a detour.

    Parameters
    ----------
    floor
        Valid, its holes being what one walks around. [m]
    entrance
        Places on it, at its edge, or a little outside, shape ``(n, 2)``. [m]
    given, given_m
        Entrances that ways of their own join, shape ``(n_given, 2)``, and the lengths of these.
        [m]
    model
        Assumptions.
    """
    net = _Net(entrance)
    sight = shapely.buffer(floor, _SLACK_M, quad_segs=1)
    shapely.prepare(sight)
    rim = _draw_rim(floor, model)
    foot = [_enter(net, number, floor, sight, rim, model) for number in range(len(entrance))]
    corner = _turn_corners(net, floor, rim)
    seen = list(dict.fromkeys([*foot, *corner]))
    _walk_rim(net, rim, model)
    onto_m = np.hypot(*(np.array(net.place)[foot] - entrance).T)
    spared_m = np.maximum(given_m - onto_m[given].sum(axis=1), 0.0)
    _look(net, seen, sight, given=np.array(foot)[given], given_m=spared_m, model=model)
    return _cut_long(net, model.piece_m)


def _draw_rim(floor: shapely.Polygon, model: MeshModel) -> NDArray[Any]:
    """Draw the ground within the rim, where the floor is wide enough to have one."""
    inner = shapely.buffer(floor, -model.rim_m, join_style="mitre")
    spare_m = model.narrow_m / 2.0 - model.rim_m
    wide = shapely.buffer(
        shapely.buffer(inner, -spare_m, join_style="mitre"), spare_m, join_style="mitre"
    )
    kept = shapely.simplify(shapely.intersection(wide, inner), _FINE_M)
    parts = [part for part in shapely.get_parts(kept) if part.geom_type == "Polygon"]
    drawn: Any = shapely.orient_polygons(np.array([*parts, None], dtype=object)[:-1])
    return np.asarray(drawn, dtype=object)


def _enter(
    net: _Net,
    number: int,
    floor: shapely.Polygon,
    sight: Any,  # noqa: ANN401 - any geometry
    rim: NDArray[Any],
    model: MeshModel,
) -> int:
    """Lead from an entrance to the rim; tell from where one then looks around."""
    here = shapely.points(net.place[number])
    on = shapely.shortest_line(here, floor).coords[-1]
    is_off = shapely.distance(here, floor) > _SLACK_M
    to = np.array(on)
    if len(rim):
        lines = shapely.shortest_line(shapely.points(on), rim)
        nearest = lines[np.argmin(shapely.length(lines))]
        short = shapely.length(nearest) <= 2.0 * model.rim_m
        if short and (nearest.length == 0.0 or shapely.covers(sight, nearest)):
            to = np.array(nearest.coords[-1])
    if not is_off and np.hypot(*(to - net.place[number])) < _SAME_M:
        x, y = net.place[number]
        net.known.setdefault((round(x / _SAME_M), round(y / _SAME_M)), number)
        return number
    foot = net.node(to)
    if foot != number:
        by = np.array([on]) if is_off and np.hypot(*(to - on)) > _SAME_M else np.empty((0, 2))
        net.join(number, foot, by)
    return foot


def _turn_corners(net: _Net, floor: shapely.Polygon, rim: NDArray[Any]) -> list[int]:
    """Find the corners that one walks around: of the rim, and of what is too narrow for one."""
    corner = [net.node(xy) for part in rim for ring in _rings(part) for xy in _corners(ring)]
    tight = shapely.simplify(shapely.buffer(floor, -_FINE_M, join_style="mitre"), _FINE_M / 2.0)
    within = shapely.union_all(rim)
    for part in shapely.get_parts(tight):
        for ring in _rings(shapely.orient_polygons(part)):
            at = _corners(ring)
            far = shapely.distance(shapely.points(at), within) if len(rim) else np.full(len(at), 9)
            # The rim turns the same corner, farther out.
            corner += [net.node(xy) for xy in at[far > 2.5]]
    return corner


def _rings(part: Any) -> list[NDArray[np.float64]]:  # noqa: ANN401 - a polygon
    if part.is_empty:
        return []
    return [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]


def _corners(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the corners of a ring, its ground at the left, that stick out into the ground."""
    xy = shapely.get_coordinates(shapely.simplify(shapely.linestrings(ring), 2.0 * _FINE_M))[:-1]
    before, after = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    turn_deg = np.degrees(np.arctan2(cross, (before * after).sum(axis=1)))
    sticks_out: NDArray[np.float64] = xy[turn_deg < -_BENT_DEG]
    return sticks_out


def _walk_rim(net: _Net, rim: NDArray[Any], model: MeshModel) -> None:
    """Cut the rim at the places on it, and draw its pieces."""
    placed = np.array(net.place)
    tree = shapely.STRtree(np.asarray(shapely.points(placed)))
    for ring in (ring for part in rim for ring in _rings(part)):
        line = shapely.linestrings(ring)
        if shapely.length(line) < model.ring_m:
            continue
        on = np.sort(tree.query(line, predicate="dwithin", distance=_SAME_M))
        if not len(on):
            continue
        along = np.asarray(shapely.line_locate_point(line, shapely.points(placed[on])))
        order = np.argsort(along, kind="stable")
        on, along = on[order], along[order]
        at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
        total_m = at[-1]
        twice = np.vstack([ring[:-1], ring[:-1]])
        twice_at = np.concatenate([at[:-1], at[:-1] + total_m])
        for k, first in enumerate(on.tolist()):
            last = int(on[(k + 1) % len(on)])
            until = along[k + 1] if k + 1 < len(on) else along[0] + total_m
            inner = twice[(twice_at > along[k] + _SAME_M) & (twice_at < until - _SAME_M)]
            if first != last or len(inner) > 1:
                net.join(first, last, inner)


def _look(
    net: _Net,
    seen: list[int],
    sight: Any,  # noqa: ANN401 - any geometry
    *,
    given: NDArray[np.int64],
    given_m: NDArray[np.float64],
    model: MeshModel,
) -> None:
    """Join places that see each other, the nearest first, unless others lead there as well."""
    place = np.array(net.place)
    chosen = _thin(place, seen, model)
    for first, last in _see(place, _reach_lost(net, seen, chosen, place), sight)[0].tolist():
        net.join(first, last, np.empty((0, 2)))
    one, other = np.triu_indices(len(chosen), 1)
    pairs, apart_m = _see(place, np.column_stack([chosen[one], chosen[other]]), sight)
    start_m = _measure(net, chosen, given, given_m)
    row = np.searchsorted(chosen, pairs)
    for strict in (1, 2, 4, 8, 16, 32, 64, 128):
        kept = _spare(start_m.copy(), row, apart_m, model.detour**strict)
        if len(kept) <= model.most_edges:
            break
    for first, last in pairs[kept].tolist():
        net.join(first, last, np.empty((0, 2)))


def _thin(place: NDArray[np.float64], seen: list[int], model: MeshModel) -> NDArray[np.int64]:
    """Choose who looks around: all, but of many only some, evenly."""
    chosen, apart_m, is_thin = np.unique(np.array(seen, np.int64)), model.apart_m, False
    while not is_thin or len(chosen) > model.most_seen:
        taken: list[int] = []
        for one in chosen.tolist():
            if not taken or np.hypot(*(place[taken] - place[one]).T).min() >= apart_m:
                taken.append(one)
        chosen, apart_m, is_thin = np.array(taken, np.int64), 1.5 * apart_m, True
    return chosen


def _reach_lost(
    net: _Net, seen: list[int], chosen: NDArray[np.int64], place: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Let those who look nowhere and stand on no rim look at the nearest three who do."""
    held = np.array(net.end, np.int64).ravel()
    lost = np.setdiff1d(np.setdiff1d(seen, chosen), held)
    near = [chosen[np.argsort(np.hypot(*(place[chosen] - place[one]).T))[:3]] for one in lost]
    return np.array([(one, k) for one, of in zip(lost, near, strict=True) for k in of], np.int64)


def _see(
    place: NDArray[np.float64],
    pairs: NDArray[np.int64],
    sight: Any,  # noqa: ANN401 - any geometry
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Keep the pairs that see each other, the nearest first, and tell how far apart they are."""
    pairs = pairs.reshape(-1, 2)
    apart_m = np.hypot(*(place[pairs[:, 0]] - place[pairs[:, 1]]).T)
    order = np.lexsort([pairs[:, 1], pairs[:, 0], apart_m])
    pairs, apart_m = pairs[order], apart_m[order]
    free = shapely.covers(sight, shapely.linestrings(place[pairs]))
    return pairs[free], apart_m[free]


def _measure(
    net: _Net, chosen: NDArray[np.int64], given: NDArray[np.int64], given_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Tell how far it is between all who look around over edges that are there. [m]."""
    n = len(net.place)
    end = np.concatenate([np.array(net.end, np.int64).reshape(-1, 2), given.reshape(-1, 2)])
    length_m = np.concatenate([[net.length_m(edge) for edge in range(len(net.end))], given_m])
    low, high = np.sort(end, axis=1).T
    order = np.lexsort([length_m, high, low])  # of parallels the shortest
    _, first = np.unique(np.column_stack([low, high])[order], axis=0, return_index=True)
    kept = order[first]
    graph = coo_array((np.maximum(length_m[kept], 1e-3), (low[kept], high[kept])), shape=(n, n))
    far_m: NDArray[np.float64] = dijkstra(graph.tocsr(), directed=False, indices=chosen)
    return np.asarray(far_m[:, chosen])


def _spare(
    far_m: NDArray[np.float64],
    row: NDArray[np.int64],
    apart_m: NDArray[np.float64],
    detour: float,
) -> list[int]:
    """Choose the lines that spare somebody a detour, as if nobody had more patience."""
    kept = []
    for k, ((u, v), length_m) in enumerate(zip(row.tolist(), apart_m.tolist(), strict=True)):
        if far_m[u, v] > detour * length_m + _SAME_M:
            _shorten(far_m, u, v, length_m)
            kept.append(k)
    return kept


def _shorten(far_m: NDArray[np.float64], u: int, v: int, length_m: float) -> None:
    """Let all ways take a new edge where it spares something."""
    if far_m[u, v] <= length_m:
        return
    np.minimum(far_m, far_m[:, [u]] + (length_m + far_m[v]), out=far_m)
    np.minimum(far_m, far_m[:, [v]] + (length_m + far_m[u]), out=far_m)


def _cut_long(net: _Net, piece_m: float) -> Mesh:
    """Cut edges into equal pieces that are short enough."""
    place = list(net.place)
    end, drawn = [], []
    for (first, last), line in zip(net.end, net.xy, strict=True):
        at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        n = max(int(np.ceil(at[-1] / piece_m - 1e-9)), 1)
        cut = at[-1] * np.arange(n + 1) / n
        xy = np.column_stack([np.interp(cut, at, line[:, axis]) for axis in (0, 1)]).round(3)
        xy[[0, -1]] = line[[0, -1]]
        nodes = [first, *range(len(place), len(place) + n - 1), last]
        place += [tuple(one) for one in xy[1:-1].tolist()]
        for k in range(n):
            inner = line[(at > cut[k] + 1e-6) & (at < cut[k + 1] - 1e-6)]
            drawn.append(np.vstack([xy[k], inner, xy[k + 1]]))
            end.append((nodes[k], nodes[k + 1]))
    return Mesh(np.array(place).reshape(-1, 2), np.array(end, np.int64).reshape(-1, 2), drawn)
