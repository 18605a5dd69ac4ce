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

from .arcs import Sky, arcs_of, find_walks
from .climb import edge_heights
from .errors import NaiveTimeError, SourceError, TripError
from .network import Network
from .shade import LIT, UNKNOWN, ShadeTable
from .snap import Snap, snap_ends
from .trip import Trip, walk_ends
from .walk import WalkModel

Kind = Literal["shortest", "shadiest"]


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
        Time in the sun; the unknown counts as sun. [s]
    unknown_m
        Metres of which nothing is known about shade. [m]
    steps_m
        Metres of stairs. [m]
    departs, arrives
        On the clocks of the shade table's zone.
    start_snap_m, end_snap_m
        From the places asked for to the ends of the walk. [m]
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
    walk: WalkModel = WalkModel(),
    exact: bool = False,
) -> list[Route]:
    """
    Find the shortest walk, and the shadiest within the budget.

    The sun moves while one walks: each edge has the sun of the slot of the table in which
    it is entered, on a clock of whole seconds, and each takes its walking time rounded up.
    Among equally quick walks the shortest is the one with least sun; among equally shaded
    ones the shadiest is the quickest. A budget b allows ``walk_s <= (1 + b) * shortest``.
    Where the network knows the terrain, hills cost time, more up than down, see `WalkModel`.

    Parameters
    ----------
    network
        Streets; an end takes the nearest, see `snap_ends`.
    shade
        Sun on the edges of `network`, at times that cover the walk.
    trip
        Ends, departure and budget.
    walk
        How fast one walks.
    exact
        Whether to find the very least sun under this law, though it may lie in walking round
        a block in the shade until the sun has moved on. The usual search weighs ways to a
        corner against each other within a slot, and cuts out a way round that saves less
        time in the sun than it takes; it keeps the budget and is never sunnier than the
        shortest, but may miss the very least sun.

    Returns
    -------
    list of Route
        The shortest and the shadiest, in this order; they may be the same walk.

    Raises
    ------
    TripError
        If an end is far from any street, both ends are one place, or the times of `shade`
        do not cover the walk.
    NoRouteError
        If no street joins the ends.
    SourceError
        If `shade` is of another network.
    """
    sky, departs = _read_sky(network, shade, trip.departs)
    arcs = arcs_of(network, walk)
    origin_xy, destination_xy = _place(network, trip)
    snaps = snap_ends(network, origin_xy, destination_xy)
    shortest, shadiest = find_walks(arcs, network, sky, snaps, budget=trip.budget, exact=exact)
    told = _tell(network, sky, snaps, shortest, kind="shortest", departs=departs)
    if shadiest is shortest:
        return [told, replace(told, kind="shadiest")]
    return [told, _tell(network, sky, snaps, shadiest, kind="shadiest", departs=departs)]


def _read_sky(network: Network, shade: ShadeTable, departs: datetime) -> tuple[Sky, datetime]:
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
    start_s = int(departs.timestamp() // 1)
    starts = datetime.fromtimestamp(start_s, tz=times.tz)
    sky = Sky(stored=_read_only(stored), slot_s=slot_s, offset_s=start_s - first_s)
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
    """Find both ends in local metres, shape ``(2, 2)``."""
    if network not in _to_local:
        _to_local[network] = pyproj.Transformer.from_crs(4326, network.crs, always_xy=True)
    (from_lat, from_lon), (to_lat, to_lon) = trip.origin, trip.destination
    x, y = _to_local[network].transform([from_lon, to_lon], [from_lat, to_lat])
    xy = np.column_stack([x, y])
    if not np.isfinite(xy).all():
        msg = "A place is outside the city: it lies so far away that it has no place on its map."
        raise TripError(msg)
    return xy


def _tell(
    network: Network,
    sky: Sky,
    snaps: tuple[Snap, Snap],
    walk: NDArray[np.int64],
    *,
    kind: Kind,
    departs: datetime,
) -> Route:
    """Add up what the search found."""
    edge, forward = walk[:, 0] >> 1, walk[:, 0] % 2 == 0
    begin, end = np.where(forward, 0.0, 1.0), np.where(forward, 1.0, 0.0)
    begin[0], end[-1] = snaps[0].fraction, snaps[1].fraction
    share = np.abs(end - begin)
    length_m = network.length_m[edge] * share
    # An end that stands on a corner has walked nothing of its edge.
    kept = np.ones(len(walk), dtype=bool)
    kept[[0, -1]] = share[[0, -1]] > 0.0
    edge, forward, entered_s, left_s = edge[kept], forward[kept], walk[kept, 1], walk[kept, 2]
    begin, end, length_m = begin[kept], end[kept], length_m[kept]
    seconds = left_s - entered_s
    stored = sky.stored[(sky.offset_s + entered_s) // sky.slot_s, edge]
    unknown = stored == UNKNOWN
    xy, z_m, edge_vertex = _draw(network, edge, begin, end)
    walk_s = int(walk[-1, 2])
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
        sun_s=int(seconds @ np.minimum(stored, LIT).astype(np.int64)) / LIT,
        unknown_m=float(length_m[unknown].sum()),
        steps_m=float(length_m[network.is_steps[edge]].sum()),
        departs=departs,
        arrives=walk_ends(departs, walk_s),
        start_snap_m=snaps[0].distance_m,
        end_snap_m=snaps[1].distance_m,
    )


def _draw(
    network: Network,
    edge: NDArray[np.int64],
    begin: NDArray[np.float64],
    end: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Join the edges into one line and the heights along it; tell where in it each begins."""
    # Only the first and the last can be walked in part; neighbours share a vertex.
    xy, z_m = _cut(network, int(edge[0]), begin[0], end[0])
    if len(edge) == 1:
        return xy, z_m, np.array([0, len(xy) - 1])
    last_xy, last_z_m = _cut(network, int(edge[-1]), begin[-1], end[-1])
    inner, n_new = _find_vertices(network, edge[1:-1], forward=begin[1:-1] < end[1:-1])
    edge_vertex = np.cumsum(np.concatenate([[0, len(xy) - 1], n_new, [len(last_xy) - 1]]))
    xy = np.concatenate([xy, network.vertex_xy[inner], last_xy[1:]])
    z_m = np.concatenate([z_m, network.vertex_z_m[inner], last_z_m[1:]])
    return xy, z_m, edge_vertex


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
