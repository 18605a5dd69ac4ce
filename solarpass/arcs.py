"""The two ways of walking each edge, laid out for the search, and the desks it works on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from . import _flood
from .network import Network
from .walk import WalkModel, whole_s
from .ways import Ways

MOST_KEPT_BYTES = 8_000_000  # of each pool of an idle desk; our choice
MOST_PACES = 8  # of one network that are kept: speeds are the walker's to choose; our choice

_known: WeakKeyDictionary[Network, dict[tuple[WalkModel, Ways | None], Arcs]] = WeakKeyDictionary()


def _rate(*, likes_sun: bool) -> NDArray[np.int32]:
    """Rate a second by the table's value; what is unknown is what one does not like."""
    value = np.minimum(np.arange(256, dtype=np.int32), _flood.FULL_SUN)
    rating = np.where(np.arange(256) <= _flood.FULL_SUN, _flood.FULL_SUN - value, _flood.FULL_SUN)
    chosen: NDArray[np.int32] = rating.astype(np.int32) if likes_sun else value
    chosen.flags.writeable = False
    return chosen


RATINGS: Final = {"shade": _rate(likes_sun=False), "sun": _rate(likes_sun=True)}


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
        Time on each arc, and on the same edge the other way, shape ``(n_arcs,)``. [s]
    edge_node
        The two ends of each edge.
    node_xy
        Where the nodes are. [m]
    pace_s_m
        No arc gains distance as the crow flies faster than this. [s m⁻¹]
    walk
        How fast one walks.
    ways
        Which edges are open and how they slow one down; None where all are and none does.
    longest_s
        Time on the longest arc. [s]
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
    ways: Ways | None
    longest_s: int
    desks: deque[Desk]

    def part_s(self, network: Network, edge: int, *, start: float, stop: float) -> int:
        """Time a part of an edge as `WalkModel.part_s`, as slow as the way is for this walker."""
        slowness = 1.0 if self.ways is None else float(self.ways.slowness[edge])
        return self.walk.part_s(network, edge, start=start, stop=stop, slowness=slowness)

    @contextmanager
    def desk_for(self, n_stages: int) -> Iterator[Desk]:
        """Lend a desk with room for so many stages; it comes back clean, or not at all."""
        try:
            desk = self.desks.pop()
        except IndexError:
            desk = Desk(len(self.start), self.longest_s)
        desk.lay_out(n_stages)
        # A search that broke off may have left its marks: such a desk is not used again.
        yield desk
        desk.clear()
        desk.give_back()
        self.desks.append(desk)


class Desk:
    """What one search writes on: rows of stages, as wide as there are nodes and one more."""

    def __init__(self, width: int, longest_s: int) -> None:
        self.width = width
        self._rows = np.empty((5, 0, width), dtype=np.int32)
        self._base = np.empty((0, width), dtype=np.int64)
        self.n_touched: list[int] = []
        self.bucket = np.empty(1 << (2 * longest_s + 2).bit_length(), dtype=np.int32)
        self.queue = np.empty((1024, 3), dtype=np.int32)
        self.labels = np.empty((1024, 5), dtype=np.int32)
        self.heap = np.empty((1024, 2), dtype=np.int64)
        self.closed = np.zeros(1024, dtype=np.uint8)
        self.label_at = np.full(1024, -1, dtype=np.int32)

    def lay_out(self, n_stages: int) -> None:
        """Clear the way for a search of so many stages."""
        if n_stages > len(self._base):
            self._rows = np.full((5, n_stages, self.width), _flood.FAR, dtype=np.int32)
            self._base = np.empty((n_stages, self.width), dtype=np.int64)
        self.back_s, self.out_s, self.sun_ahead, self.priced, self.touched = self._rows[
            :, :n_stages
        ]
        self.base = self._base[:n_stages]
        self.n_touched = [0] * n_stages

    def clear(self) -> None:
        """Wipe what was written, node by node: far cheaper than the whole city."""
        for stage, n_touched in enumerate(self.n_touched):
            _flood.forget(
                self.touched[stage],
                n_touched,
                self.back_s[stage],
                self.out_s[stage],
                self.sun_ahead[stage],
                self.priced[stage],
            )
        self.n_touched = [0] * len(self.n_touched)

    def give_back(self) -> None:
        """Let go of what a large search took, lest each pace keep as much for ever."""
        if self.closed.nbytes > MOST_KEPT_BYTES:
            self.closed = np.zeros(1024, dtype=np.uint8)
        if self.label_at.nbytes > MOST_KEPT_BYTES:
            self.label_at = np.full(1024, -1, dtype=np.int32)
        if self.queue.nbytes > MOST_KEPT_BYTES:
            self.queue = np.empty((1024, 3), dtype=np.int32)
        if self.labels.nbytes > MOST_KEPT_BYTES:
            self.labels = np.empty((1024, 5), dtype=np.int32)
        if self.heap.nbytes > MOST_KEPT_BYTES:
            self.heap = np.empty((1024, 2), dtype=np.int64)

    def have_bits(self, n_spans: int) -> None:
        """Have a bit for each place and span of time, all of them open."""
        if len(self.closed) * 8 < n_spans:
            self.closed = np.zeros(n_spans // 8 + 1, dtype=np.uint8)

    def have_pairs(self, n_pairs: int) -> None:
        """Have room for a label for each place and second, without one."""
        if len(self.label_at) < n_pairs:
            self.label_at = np.full(n_pairs, -1, dtype=np.int32)


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
    rating
        What a second is rated at by the stored value, 0 to 254, shape ``(256,)``: as sun by
        who likes the shade, as shade by who likes the sun, the unknown in full by either.
    """

    stored: NDArray[np.uint8]
    slot_s: int
    offset_s: int
    rating: NDArray[np.int32] = field(default_factory=lambda: RATINGS["shade"])

    def sun_on(self, walk: NDArray[np.int64]) -> int:
        """Add up the sun of a walk as rated, in 254ths of a second."""
        stored = self.stored[(self.offset_s + walk[:, 1]) // self.slot_s, walk[:, 0] >> 1]
        return int(self.rating[stored].astype(np.int64) @ (walk[:, 2] - walk[:, 1]))

    def covers(self, walk_s: int) -> bool:
        """Tell whether a walk that starts at the departure ends within the slots."""
        return self.offset_s >= 0 and self.offset_s + walk_s < self.slot_s * len(self.stored)


def arcs_of(network: Network, walk: WalkModel, ways: Ways | None = None) -> Arcs:
    """Prepare a network for a pace, once; a second thread at worst prepares the same again."""
    paces = _known.setdefault(network, {})
    arcs = paces.pop((walk, ways), None) or _build_arcs(network, walk, ways)
    paces[walk, ways] = arcs  # the latest last
    for pace in list(paces)[:-MOST_PACES]:
        paces.pop(pace, None)
    return arcs


def _build_arcs(network: Network, walk: WalkModel, ways: Ways | None) -> Arcs:
    is_open = np.ones(network.n_edges, bool) if ways is None else ways.is_open
    edge = np.flatnonzero(is_open)
    tail = network.edge_node[edge].T.ravel()
    order = np.argsort(tail, kind="stable")
    code = np.concatenate([2 * edge, 2 * edge + 1])[order].astype(np.int32)
    slowness = 1.0 if ways is None else ways.slowness
    seconds = np.column_stack(
        [whole_s(walk.edge_s(network, back=back) * slowness) for back in (False, True)]
    )
    crow_m = np.hypot(*np.diff(network.node_xy[network.edge_node], axis=1)[:, 0].T)
    gains = (crow_m > 0.0) & is_open
    arcs = Arcs(
        start=np.searchsorted(tail[order], np.arange(network.n_nodes + 1)),
        head=network.edge_node[edge][:, ::-1].T.ravel()[order],
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
        ways=ways,
        longest_s=int(seconds[edge].max(initial=0)),
        desks=deque(),
    )
    for array in (arcs.start, arcs.head, arcs.code, arcs.walk_s, arcs.return_s):
        array.flags.writeable = False
    return arcs
