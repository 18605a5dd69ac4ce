"""The shortest walk, and the one with least sun that is not much longer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np
import pyproj
from numpy.typing import NDArray

from .arcs import RATINGS, Sky, arcs_of
from .climb import edge_heights
from .errors import NaiveTimeError, NoRouteError, SourceError, TripError
from .network import Network
from .shade import LIT, UNKNOWN, ShadeTable
from .snap import Snap, snap_places
from .stages import find_walks
from .trip import Trip, walk_ends
from .walk import WalkModel
from .ways import relax, ways_of

Kind = Literal["shortest", "pareto", "shadiest", "sunniest", "loop"]


@dataclass(frozen=True, eq=False, slots=True)
class Route:
    """
    One walk: its edges in order, and what it costs in time and in sun.

    Attributes
    ----------
    kind
        What it is best at.
    edge, forward
        Edges in order, and whether each is walked from its first end to its second,
        shape ``(n_walked,)``. A node that comes up twice is on purpose: see `find_routes`.
    first_fraction, last_fraction
        Where on the first edge the walk starts and on the last it ends, counted along
        the edge's own direction, in [0, 1].
    xy
        The walk as one line, in the city's local metres, shape ``(n_vertices, 2)``. [m]
    z_m
        Height of the ground at each vertex of `xy`, NaN where unknown, ``(n_vertices,)``. [m]
    edge_vertex
        Where each edge begins in `xy`, and where the last ends, shape ``(n_walked + 1,)``.
    edge_length_m
        Metres walked on each edge, shape ``(n_walked,)``. [m]
    entered_s
        When each edge is entered, since departure, shape ``(n_walked,)``. [s]
    edge_walk_s
        Time on each edge, whole seconds rounded up, shape ``(n_walked,)``. [s]
    edge_sun_fraction
        Share of each edge in the sun when it is entered, NaN where unknown, shape
        ``(n_walked,)``.
    walk_s
        Walking time. [s]
    sun_s
        Time in the sun; the unknown counts as sun, or as shade for who likes the sun. [s]
    unknown_m
        Metres of which nothing is known about shade. [m]
    steps_m
        Metres of stairs. [m]
    departs, arrives
        On the clocks of the shade table's zone.
    start_snap_m, end_snap_m
        From the places asked for to the ends of the walk. [m]
    via_index
        For each place to pass, which of the walked edges begins there; as many as there are
        edges if none is left to walk, and twice the same where two places are one.
    """

    kind: Kind
    edge: NDArray[np.int32]
    forward: NDArray[np.bool_]
    first_fraction: float
    last_fraction: float
    xy: NDArray[np.float64]
    z_m: NDArray[np.float64]
    edge_vertex: NDArray[np.int64]
    edge_length_m: NDArray[np.float64]
    entered_s: NDArray[np.int32]
    edge_walk_s: NDArray[np.int32]
    edge_sun_fraction: NDArray[np.float64]
    walk_s: int
    sun_s: float
    unknown_m: float
    steps_m: float
    departs: datetime
    arrives: datetime
    start_snap_m: float
    end_snap_m: float
    via_index: tuple[int, ...] = ()

    @property
    def length_m(self) -> float:
        """Length of the walk [m]."""
        return float(self.edge_length_m.sum())

    @property
    def ascent_m(self) -> float:
        """Metres one climbs, all that the ground rises added up; NaN where a height is unknown."""
        return float(np.diff(self.z_m).clip(0.0).sum())

    @property
    def descent_m(self) -> float:
        """Metres one comes down, as `ascent_m`."""
        return float(np.diff(-self.z_m).clip(0.0).sum())

    @property
    def sun_fraction(self) -> float:
        """Share of the walking time spent in the sun, in [0, 1]."""
        return self.sun_s / self.walk_s

    def pieces(self) -> list[NDArray[np.float64]]:
        """Cut the line edge by edge, as `edge_sun_fraction` colours it, ``(n, 2)`` each [m]."""
        bounds = self.edge_vertex
        return [self.xy[a : b + 1] for a, b in pairwise(bounds)]


_to_local: WeakKeyDictionary[Network, pyproj.Transformer] = WeakKeyDictionary()


def find_routes(
    network: Network,
    shade: ShadeTable,
    trip: Trip,
    *,
    walk: WalkModel | None = None,
    exact: bool = False,
    waits: bool = False,
) -> list[Route]:
    """
    Find the shortest walk, and the shadiest within the budget.

    The sun moves while one walks: each edge has the sun of the slot of the table in which
    it is entered, on a clock of whole seconds, and each takes its walking time rounded up.
    Among equally quick walks the shortest is the one with least sun; among equally shaded
    ones the shadiest is the quickest. A budget b allows ``walk_s <= (1 + b) * shortest``.
    Where the network knows the terrain, hills cost time, more up than down, see `WalkModel`.

    With places to pass the shortest is the shortest through all of them in their order, and
    there is one budget for the whole walk. Who likes the sun asks for least shade, and gets the
    sunniest in place of the shadiest: what is unknown counts as shade to him.

    Parameters
    ----------
    network
        Streets; an end takes the nearest, see `snap_ends`.
    shade
        Sun on the edges of `network`, at times that cover the walk.
    trip
        Ends, places to pass, departure, budget, and who walks; its speed is put in the place of
        that of `walk`, see `WalkModel.at_speed`.
    walk
        How fast one walks; None: the usual.
    exact
        Whether the search may take as long as it takes. The usual one finds the same walk
        unless that needs more than `stages.MOST_LABELS` labels, as on walks of hours; then it
        hurries on to a good one, which keeps the budget and is never sunnier than the shortest.
    waits
        Whether to find the very least sun under this law, though it may lie in walking round
        a block in the shade until the sun has moved on. Usually a way round that saves less
        time in the sun than it takes is cut out, and walks without one are looked for: that
        costs a little sun (`benchmarks/bench_route.py`), and only with `waits` is it certain
        that a larger budget never has more.

    Returns
    -------
    list of Route
        The shortest and the shadiest, in this order; they may be the same walk.

    Raises
    ------
    TripError
        If a place is far from any street, all places are one, or the times of `shade`
        do not cover the walk.
    NoRouteError
        If no street joins the ends.
    SourceError
        If `shade` is of another network.
    """
    found = search_routes(network, shade, trip, walk, exact=exact, waits=waits, whole=False)
    best: Kind = "sunniest" if trip.likes == "sun" else "shadiest"
    return [found[0], replace(found[-1], kind=best)]


def search_routes(
    network: Network,
    shade: ShadeTable,
    trip: Trip,
    walk: WalkModel | None,
    *,
    exact: bool,
    waits: bool,
    whole: bool,
) -> list[Route]:
    """Find what `find_routes` and `find_front` tell: the shortest first, the shadiest last."""
    sky, departs = _read_sky(network, shade, trip)
    is_night = bool(shade.is_night[sky.offset_s // sky.slot_s])
    ways = ways_of(network, trip.profile, by_night=is_night)
    arcs = arcs_of(network, (walk or WalkModel()).at_speed(trip.speed_m_s), ways)
    try:
        snaps = snap_places(network, _place(network, trip), ways)
    except NoRouteError:
        if (profile := relax(trip.profile)) == trip.profile:
            raise
        # Where nothing else joins the places, who likes it quiet walks along big roads.
        loud = replace(trip, profile=profile)
        return search_routes(network, shade, loud, walk, exact=exact, waits=waits, whole=whole)
    walks = find_walks(
        arcs, network, sky, snaps, budget=trip.budget, exact=exact, waits=waits, whole=whole
    )
    best: Kind = "sunniest" if trip.likes == "sun" else "shadiest"
    inner: list[Kind] = ["pareto"] * (len(walks) - 2)
    kinds: list[Kind] = ["shortest", *inner, best][: len(walks)]
    return [
        _tell(network, sky, snaps, found, kind=kind, departs=departs)
        for kind, found in zip(kinds, walks, strict=True)
    ]


def _read_sky(network: Network, shade: ShadeTable, trip: Trip) -> tuple[Sky, datetime]:
    """Read the table's clock, and the departure on it, in whole seconds."""
    times, stored = shade.times, shade.sun
    if times.tz is None:
        msg = "The shade table's times need a time zone."
        raise NaiveTimeError(msg)
    if stored.shape != (len(times), network.n_edges):
        msg = (
            f"The shade table is of another network: {len(times)} times and {network.n_edges} "
            f"edges were wanted, it has the shape {stored.shape}."
        )
        raise SourceError(msg)
    first_s, slot_s = round(times[0].timestamp()), shade.slot_s
    start_s = int(trip.departs.timestamp() // 1)
    starts = datetime.fromtimestamp(start_s, tz=times.tz)
    sky = Sky(_read_only(stored), slot_s, start_s - first_s, rating=RATINGS[trip.likes])
    if not sky.covers(0):
        last = walk_ends(starts, slot_s * len(times) - sky.offset_s)
        msg = (
            f"The shade is known from {times[0]:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, "
            f"not at {starts:%Y-%m-%d %H:%M}; build the shade of that day."
        )
        raise TripError(msg)
    return sky, starts


def _read_only(stored: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """View the table as what it is to us, so that one compiled search serves all."""
    view = stored.view()
    view.flags.writeable = False
    return view


def _place(network: Network, trip: Trip) -> NDArray[np.float64]:
    """Find the origin, places to pass and destination in local metres, shape ``(n, 2)``."""
    if network not in _to_local:
        _to_local[network] = pyproj.Transformer.from_crs(4326, network.crs, always_xy=True)
    latitude, longitude = zip(trip.origin, *trip.via, trip.destination, strict=True)
    x, y = _to_local[network].transform(longitude, latitude)
    xy = np.column_stack([x, y])
    if not np.isfinite(xy).all():
        msg = "A place is outside the city: it lies so far away that it has no place on its map."
        raise TripError(msg)
    return xy


def _tell(
    network: Network,
    sky: Sky,
    snaps: tuple[Snap, ...],
    walk: NDArray[np.int64],
    *,
    kind: Kind,
    departs: datetime,
) -> Route:
    """Add up what the search found."""
    edge, forward = walk[:, 0] >> 1, walk[:, 0] % 2 == 0
    begin, end = np.where(forward, 0.0, 1.0), np.where(forward, 1.0, 0.0)
    starts = np.searchsorted(walk[:, 3], np.arange(len(snaps)))  # of each stage, and the end
    for k, (first, stop) in enumerate(pairwise(starts)):
        begin[first], end[stop - 1] = snaps[k].fraction, snaps[k + 1].fraction
    share = np.abs(end - begin)
    length_m = network.length_m[edge] * share
    # An end that stands on a corner has walked nothing of its edge.
    kept = np.ones(len(walk), dtype=bool)
    partly = np.concatenate([starts[:-1], starts[1:] - 1])
    kept[partly] = share[partly] > 0.0
    edge, forward, entered_s, left_s = edge[kept], forward[kept], walk[kept, 1], walk[kept, 2]
    begin, end, length_m = begin[kept], end[kept], length_m[kept]
    via_index = tuple(int(kept[:start].sum()) for start in starts[1:-1])
    seconds = left_s - entered_s
    stored = sky.stored[(sky.offset_s + entered_s) // sky.slot_s, edge]
    unknown = stored == UNKNOWN
    xy, z_m, edge_vertex = _draw(network, edge, begin, end)
    walk_s, sun = int(walk[-1, 2]), sky.sun_on(walk)
    if sky.rating is RATINGS["sun"]:
        sun = LIT * walk_s - sun
    return Route(
        kind=kind,
        edge=_locked(edge.astype(np.int32)),
        forward=_locked(forward),
        first_fraction=float(begin[0]),
        last_fraction=float(end[-1]),
        xy=_locked(xy),
        z_m=_locked(z_m),
        edge_vertex=_locked(edge_vertex),
        edge_length_m=_locked(length_m),
        entered_s=_locked(entered_s.astype(np.int32)),
        edge_walk_s=_locked(seconds.astype(np.int32)),
        edge_sun_fraction=_locked(np.where(unknown, np.nan, stored / LIT)),
        walk_s=walk_s,
        sun_s=sun / LIT,
        unknown_m=float(length_m[unknown].sum()),
        steps_m=float(length_m[network.is_steps[edge]].sum()),
        departs=departs,
        arrives=walk_ends(departs, walk_s),
        start_snap_m=snaps[0].distance_m,
        end_snap_m=snaps[-1].distance_m,
        via_index=via_index,
    )


def _draw(
    network: Network,
    edge: NDArray[np.int64],
    begin: NDArray[np.float64],
    end: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Join the edges into one line and the heights along it; tell where in it each begins."""
    # Whole edges are drawn at once, those walked in part, as at the ends, one by one.
    is_part = np.abs(end - begin) < 1.0
    cuts = np.unique(np.concatenate([[0, len(edge)], *np.nonzero(is_part | np.roll(is_part, 1))]))
    xy: list[NDArray[np.float64]] = []
    z_m: list[NDArray[Any]] = []
    n_new: list[int] = []
    for first, stop in pairwise(cuts.tolist()):
        if is_part[first]:
            line, height = _cut(network, int(edge[first]), begin[first], end[first])
            xy.append(line[1:])
            z_m.append(height[1:])
            n_new.append(len(line) - 1)
        else:
            run = slice(first, stop)
            at, counts = _find_vertices(network, edge[run], forward=begin[run] < end[run])
            xy.append(network.vertex_xy[at])
            z_m.append(network.vertex_z_m[at])
            n_new.extend(counts.tolist())
    line, height = _cut(network, int(edge[0]), begin[0], end[0])
    edge_vertex = np.cumsum([0, *n_new])
    return np.concatenate([line[:1], *xy]), np.concatenate([height[:1], *z_m]), edge_vertex


def _find_vertices(
    network: Network, edge: NDArray[np.int64], *, forward: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the vertices of whole edges as walked, each without its first; count them by edge."""
    first, last = network.edge_vertex[edge], network.edge_vertex[edge + 1] - 1
    n_new, step = last - first, np.where(forward, 1, -1)
    behind = np.arange(n_new.sum()) - np.repeat(np.cumsum(n_new) - n_new, n_new)
    start = np.where(forward, first, last) + step
    return np.repeat(start, n_new) + np.repeat(step, n_new) * behind, n_new


def _cut(
    network: Network, edge: int, begin: float, end: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut an edge and its heights out between two fractions of its length, as one walks it."""
    xy, z_m = np.array(network.geometry(edge)), np.array(edge_heights(network, edge), np.float64)
    start, stop = min(begin, end), max(begin, end)
    if start > 0.0 or stop < 1.0:
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
        first, last = start * along[-1], stop * along[-1]
        between = (along > first) & (along < last)
        at = np.concatenate([[first], along[between], [last]])
        xy = np.column_stack([np.interp(at, along, xy[:, axis]) for axis in range(2)])
        z_m = np.interp(at, along, z_m)
    return (xy, z_m) if begin < end else (xy[::-1], z_m[::-1])


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
