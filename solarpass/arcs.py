"""The two ways of walking each edge, laid out for the search, and the desks it works on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from . import _flood, _search
from .errors import NoRouteError, TripError
from .network import Network
from .snap import Snap
from .walk import WalkModel

# Sun per second walked, in 254ths: any price bounds the search, this one tightly at budgets
# about 15 % (benchmarks/bench_route.py: of 0 to 150, 64 to 150 are alike and best).
PRICE = 100

# Walks of hours at twice the time: past so many labels, about a quarter of a second, the search
# hurries on to a good walk, by overrating the sun still to come by so many quarters; our choice.
MOST_LABELS = 800_000
HASTE = (4, 256)

_known: WeakKeyDictionary[Network, dict[WalkModel, Arcs]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False, slots=True)
class Arcs:
    """
    What every search of one network at one pace shares, read-only but for the desks.

    Attributes
    ----------
    start, head
        Arcs that leave node `n` reach ``head[start[n]:start[n + 1]]``.
    code
        Twice the edge, and one more where it is walked from its second end to its first.
    walk_s, return_s
        Time on each arc, and on the same edge the other way, shape ``(2 * n_edges,)``. [s]
    edge_node
        The two ends of each edge.
    node_xy
        Where the nodes are. [m]
    pace_s_m
        No arc gains distance as the crow flies faster than this. [s m⁻¹]
    walk
        How fast one walks.
    desks
        Idle working memory; a search takes one, or makes one, and puts it back clean.
    """

    start: NDArray[np.int64]
    head: NDArray[np.int32]
    code: NDArray[np.int32]
    walk_s: NDArray[np.int32]
    return_s: NDArray[np.int32]
    edge_node: NDArray[np.int32]
    node_xy: NDArray[np.float64]
    pace_s_m: float
    walk: WalkModel
    desks: deque[Desk]


class Desk:
    """What one search writes on."""

    def __init__(self, n_nodes: int, longest_s: int) -> None:
        # One node more than the city has, for the destination.
        self.back_s, self.out_s, self.sun_ahead, self.priced = (
            np.full(n_nodes + 1, _flood.FAR, dtype=np.int32) for _ in range(4)
        )
        self.touched = np.empty(n_nodes + 1, dtype=np.int32)
        self.base = np.empty(n_nodes + 1, dtype=np.int64)
        self.bucket = np.empty(1 << (2 * longest_s + 2).bit_length(), dtype=np.int32)
        self.queue = np.empty((1024, 3), dtype=np.int32)
        self.labels = np.empty((1024, 7), dtype=np.int32)
        self.heap = np.empty((1024, 2), dtype=np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Sky:
    """
    The sun on the edges as the search reads it.

    Attributes
    ----------
    stored
        Sun of each edge in each slot, 0 to 254, 255 unknown, shape ``(n_slots, n_edges)``.
    slot_s
        Length of a slot. [s]
    offset_s
        Departure, since the first slot began. [s]
    """

    stored: NDArray[np.uint8]
    slot_s: int
    offset_s: int

    def sun_on(self, walk: NDArray[np.int64]) -> int:
        """Add up the sun of a walk, in 254ths of a second."""
        stored = self.stored[(self.offset_s + walk[:, 1]) // self.slot_s, walk[:, 0] >> 1]
        known = np.minimum(stored, _flood.FULL_SUN).astype(np.int64)
        return int(known @ (walk[:, 2] - walk[:, 1]))

    def covers(self, walk_s: int) -> bool:
        """Tell whether a walk that starts at the departure ends within the slots."""
        return self.offset_s >= 0 and self.offset_s + walk_s < self.slot_s * len(self.stored)


def arcs_of(network: Network, walk: WalkModel) -> Arcs:
    """Prepare a network for a pace, once; a second thread at worst prepares the same again."""
    paces = _known.setdefault(network, {})
    if walk not in paces:
        paces[walk] = _build_arcs(network, walk)
    return paces[walk]


def find_walks(
    arcs: Arcs,
    network: Network,
    sky: Sky,
    snaps: tuple[Snap, Snap],
    *,
    budget: float,
    exact: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Find the shortest walk and the shadiest within the budget.

    Returns
    -------
    pair of array
        Rows (arc code, second entered, second left), first to last; the first and the last
        are the parts of the edges on which the two ends stand, or one row if it is one part.

    Raises
    ------
    TripError
        If both ends are one place, or the slots do not cover the walk.
    NoRouteError
        If no street joins the two.
    """
    try:
        desk = arcs.desks.pop()
    except IndexError:
        desk = Desk(network.n_nodes, int(arcs.walk_s.max()))
    ends, direct_s, direct_code = _place_ends(arcs, network, snaps)
    shortest_s, budget_s, n_touched, desk.queue = _flood.flood_back(
        arcs.start,
        arcs.head,
        arcs.return_s,
        arcs.node_xy,
        ends,
        direct_s,
        arcs.pace_s_m,
        1.0 + budget,
        desk.back_s,
        desk.touched,
        desk.bucket,
        desk.queue,
    )
    try:
        _check(shortest_s, budget_s, sky)
        return _search_both(
            arcs,
            desk,
            sky,
            ends,
            (direct_s, direct_code),
            shortest_s,
            budget_s,
            n_touched,
            exact=exact,
        )
    finally:
        _flood.forget(desk.touched, n_touched, desk.back_s, desk.out_s, desk.sun_ahead, desk.priced)
        arcs.desks.append(desk)


def _search_both(
    arcs: Arcs,
    desk: Desk,
    sky: Sky,
    ends: NDArray[np.int64],
    direct: tuple[int, int],
    shortest_s: int,
    budget_s: int,
    n_touched: int,
    *,
    exact: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    graph = (arcs.start, arcs.head, arcs.walk_s)
    clock = (sky.offset_s, sky.slot_s)
    desk.queue = _flood.flood_out(
        *graph, ends, budget_s, desk.back_s, desk.out_s, desk.bucket, desk.queue
    )
    for price, ahead in ((0, desk.sun_ahead), (PRICE, desk.priced)):
        desk.queue = _flood.flood_sun(
            arcs.start,
            arcs.head,
            arcs.return_s,
            arcs.code,
            ends,
            budget_s,
            *clock,
            sky.stored,
            desk.back_s,
            desk.out_s,
            price,
            ahead,
            desk.bucket,
            desk.queue,
        )

    def lay_spans(span_s: int, most_sun: int) -> int:
        return _search.lay_spans(
            desk.touched,
            n_touched,
            budget_s,
            most_sun,
            sky.offset_s,
            span_s,
            desk.back_s,
            desk.out_s,
            desk.sun_ahead,
            desk.base,
        )

    def search(
        within_s: int, most_sun: int, *, haste: int, most_labels: int
    ) -> tuple[NDArray[np.int64], int, bool]:
        found, sun, ran_out, desk.labels, desk.heap = _search.search_labels(
            *graph,
            arcs.code,
            ends,
            *direct,
            within_s,
            most_sun,
            *clock,
            sky.stored,
            desk.back_s,
            desk.sun_ahead,
            desk.priced,
            PRICE,
            desk.base,
            n_pairs,
            haste,
            most_labels,
            desk.labels,
            desk.heap,
        )
        return found, sun, ran_out

    n_pairs = lay_spans(sky.slot_s, _flood.FAR - 1)
    shortest, most_sun, _ = search(shortest_s, _flood.FAR, haste=0, most_labels=_flood.FAR)
    if most_sun == 0 or budget_s == shortest_s:  # by night, say, nothing is left to gain
        return shortest, shortest
    shadiest, sun, ran_out = search(budget_s, most_sun, haste=0, most_labels=MOST_LABELS)
    for haste in HASTE if ran_out else ():
        if not len(shadiest):
            shadiest, sun, _ = search(budget_s, most_sun, haste=haste, most_labels=MOST_LABELS)
    if not len(shadiest):
        shadiest, sun = shortest, most_sun
    if not exact:
        straight = _straighten(arcs, sky, shadiest)
        return shortest, straight if sky.sun_on(straight) < most_sun else shortest
    n_pairs = lay_spans(1, sun)
    better, desk.queue = _search.search_seconds(
        *graph,
        arcs.code,
        arcs.edge_node,
        ends,
        budget_s,
        sun,
        int(shadiest[-1, 2]),
        *clock,
        sky.stored,
        desk.back_s,
        desk.sun_ahead,
        desk.priced,
        PRICE,
        desk.base,
        n_pairs,
        desk.bucket,
        desk.queue,
    )
    return shortest, better if len(better) else shadiest


def _straighten(arcs: Arcs, sky: Sky, walk: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Cut out each way round that saves less time in the sun than it takes.

    The law lets one walk round a block in the shade until the sun has moved; nobody does so for
    five minutes to save one.
    """
    tail = arcs.edge_node[walk[:, 0] >> 1, walk[:, 0] & 1].tolist()
    straight, first = walk, 1  # the first arc starts amid its edge, at no node
    while first < len(tail):
        last = len(tail) - 1 - tail[::-1].index(tail[first])
        cut = _retime(np.delete(straight, slice(first, last), axis=0))
        saved_s = straight[-1, 2] - cut[-1, 2]
        if last > first and sky.sun_on(cut) - sky.sun_on(straight) < _flood.FULL_SUN * saved_s:
            straight = cut
            del tail[first:last]
        first += 1
    return straight


def _retime(walk: NDArray[np.int64]) -> NDArray[np.int64]:
    """Set the clock of a walk anew, each arc taking as long as it did."""
    left = np.cumsum(walk[:, 2] - walk[:, 1])
    return np.column_stack([walk[:, 0], left - (walk[:, 2] - walk[:, 1]), left])


def _check(shortest_s: int, budget_s: int, sky: Sky) -> None:
    if shortest_s == _flood.FAR:
        msg = "No street joins the two ends; pick places on one network of streets."
        raise NoRouteError(msg)
    if shortest_s == 0:
        msg = "Start and destination are the same place; pick two places."
        raise TripError(msg)
    if not sky.covers(budget_s):
        hours = sky.slot_s * len(sky.stored) / 3600
        msg = (
            f"The walk may take {-(-budget_s // 60)} min, until after the shade table of "
            f"{hours:.0f} h ends; set out earlier, or build the shade of the next day too."
        )
        raise TripError(msg)


def _place_ends(
    arcs: Arcs, network: Network, snaps: tuple[Snap, Snap]
) -> tuple[NDArray[np.int64], int, int]:
    """Say how each end lies in its edge, and how far it is straight along a common one."""
    origin, destination = snaps

    def part_s(edge: int, start: float, stop: float) -> int:
        # Of a wait to cross, the walker who starts amid the edge has a share before him.
        return arcs.walk.part_s(network, edge, start=start, stop=stop)

    ends = np.empty((2, 5), dtype=np.int64)
    for row, snap in zip(ends, snaps, strict=True):
        row[[_flood.EDGE, _flood.NODE_0, _flood.NODE_1]] = snap.edge, *network.edge_node[snap.edge]
    for k, column in enumerate((_flood.S_0, _flood.S_1)):
        ends[0, column] = part_s(origin.edge, origin.fraction, k)
        ends[1, column] = part_s(destination.edge, k, destination.fraction)
    if origin.edge != destination.edge:
        return ends, _flood.FAR, -1
    along_s = part_s(origin.edge, origin.fraction, destination.fraction)
    return ends, along_s, 2 * origin.edge + (destination.fraction < origin.fraction)


def _build_arcs(network: Network, walk: WalkModel) -> Arcs:
    tail = network.edge_node.T.ravel()
    order = np.argsort(tail, kind="stable")
    edge = np.arange(network.n_edges)
    code = np.concatenate([2 * edge, 2 * edge + 1])[order].astype(np.int32)
    seconds = np.column_stack([walk.walk_s(network), walk.walk_s(network, back=True)])
    crow_m = np.hypot(*np.diff(network.node_xy[network.edge_node], axis=1)[:, 0].T)
    gains = crow_m > 0.0
    arcs = Arcs(
        start=np.searchsorted(tail[order], np.arange(network.n_nodes + 1)),
        head=network.edge_node[:, ::-1].T.ravel()[order],
        code=code,
        walk_s=seconds.ravel()[code],
        return_s=seconds.ravel()[code ^ 1],
        edge_node=network.edge_node,
        node_xy=network.node_xy,
        # Taken from the edges themselves, it holds however their lengths came about, and
        # downhill, where one is quicker than on the level.
        pace_s_m=float(
            (seconds.min(axis=1)[gains] / crow_m[gains]).min(initial=1.0 / walk.speed_m_s)
        ),
        walk=walk,
        desks=deque(),
    )
    for array in (arcs.start, arcs.head, arcs.code, arcs.walk_s, arcs.return_s):
        array.flags.writeable = False
    return arcs
