"""How far it is through the places of a walk, in time and in sun, and the searches on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from . import _flood, _front
from .arcs import Arcs, Desk, Sky
from .errors import NoRouteError, TripError
from .network import Network
from .snap import Snap

# Sun per second walked, in 254ths: any price bounds the search, this one tightly at budgets
# about 15 % (benchmarks/bench_route.py: of 0 to 150, 64 to 150 are alike and best).
PRICE = 100

# Spans of 2**n seconds as a rule, and so many of them that memory is no matter; our choice.
SPAN_BITS = 4
MOST_SPANS = 2**28

Walk = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """
    A question laid out on a desk: how far all is, in time and in sun.

    Attributes
    ----------
    ends
        How each stage lies in the edges of its two ends, shape ``(n_stages, 2, 5)``.
    direct
        Seconds straight along where both ends of a stage are on one edge, and the arc.
    shortest_s, budget_s
        The shortest walk, and what one may take. [s]
    """

    arcs: Arcs
    desk: Desk
    sky: Sky
    ends: NDArray[np.int64]
    direct: NDArray[np.int64]
    shortest_s: int
    budget_s: int

    def lay_spans(self, span_bits: int) -> int:
        """Count the pairs of place and span of time, and number them."""
        desk, n_pairs = self.desk, 0
        for stage, n_touched in enumerate(desk.n_touched):
            n_pairs = _front.lay_spans(
                desk.touched[stage],
                n_touched,
                n_pairs,
                self.budget_s,
                span_bits,
                desk.back_s[stage],
                desk.out_s[stage],
                desk.sun_ahead[stage],
                desk.base[stage],
            )
        return n_pairs

    def search(
        self,
        within_s: int,
        most_sun: int,
        *,
        n_wanted: int,
        is_simple: bool = False,
        span_bits: int = SPAN_BITS,
        haste: int = 0,
        most_labels: int = _flood.FAR,
    ) -> tuple[list[Walk], bool]:
        """Find walks of less than so much sun, the shadiest first; tell whether labels ran out."""
        arcs, desk, sky = self.arcs, self.desk, self.sky
        settled, n_labels, desk.labels, desk.heap = _front.search_front(
            arcs.start,
            arcs.head,
            arcs.walk_s,
            arcs.code,
            self.ends,
            self.direct,
            within_s,
            most_sun,
            n_wanted,
            is_simple,
            sky.offset_s,
            sky.slot_s,
            sky.stored,
            sky.rating,
            desk.back_s.reshape(-1),
            desk.sun_ahead.reshape(-1),
            desk.priced.reshape(-1),
            desk.base.reshape(-1),
            PRICE,
            span_bits,
            haste,
            most_labels,
            desk.closed,
            desk.labels,
            desk.heap,
        )
        walks = [_front.trace(desk.labels, int(label), desk.width) for label in settled]
        return walks, n_labels >= most_labels

    def lay_bits(self, span_bits: int) -> int:
        """Lay spans of 2**n seconds or more, as many as memory has room for; tell how long."""
        while (n_spans := self.lay_spans(span_bits)) > MOST_SPANS:
            span_bits += 1
        self.desk.have_bits(n_spans)
        return span_bits

    def sweep(self, known: NDArray[np.int64], *, most_labels: int) -> tuple[list[Walk], bool]:
        """Find walks of less sun than is known for their time; tell whether labels ran out."""
        arcs, desk, sky = self.arcs, self.desk, self.sky
        settled, n_labels, desk.labels, desk.queue = _front.sweep_seconds(
            arcs.start,
            arcs.head,
            arcs.walk_s,
            arcs.code,
            self.ends,
            self.direct,
            self.shortest_s,
            self.budget_s,
            known,
            sky.offset_s,
            sky.slot_s,
            sky.stored,
            sky.rating,
            desk.back_s.reshape(-1),
            desk.sun_ahead.reshape(-1),
            desk.priced.reshape(-1),
            desk.base.reshape(-1),
            PRICE,
            most_labels,
            desk.label_at,
            desk.labels,
            desk.bucket,
            desk.queue,
        )
        walks = [_front.trace(desk.labels, int(label), desk.width) for label in settled]
        return walks, n_labels >= most_labels


def lay_out(
    arcs: Arcs, desk: Desk, network: Network, sky: Sky, snaps: Sequence[Snap], *, budget: float
) -> Reach:
    """Find how far it is, in time and in sun, from each place to each that matters."""
    stages = [_place_stage(arcs, network, *pair) for pair in pairwise(snaps)]
    ends = np.stack([ends for ends, _ in stages])
    direct = np.array([straight for _, straight in stages], dtype=np.int64)
    shifted, before_s, after_s = ends, [0, 0], [0]
    if len(stages) == 1:
        shortest_s, budget_s = _time_stage(arcs, desk, ends[0], int(direct[0, 0]), 0, budget, 0)
    else:
        each_s = [
            _time_stage(arcs, desk, *stage, k, 0.0, 0)[0]
            for k, stage in enumerate(zip(ends, direct[:, 0].tolist(), strict=True))
        ]
        shortest_s = _flood.FAR if max(each_s) == _flood.FAR else sum(each_s)
    _check_joined(shortest_s)
    if len(stages) > 1:
        desk.clear()
        budget_s = int(np.floor((1.0 + budget) * shortest_s))
        before_s = np.cumsum([0, *each_s]).tolist()
        after_s = [shortest_s - s for s in before_s[1:]]
        shifted = ends.copy()
        for k, stage in enumerate(shifted):
            stage[0, [_flood.S_0, _flood.S_1]] += before_s[k]
            stage[1, [_flood.S_0, _flood.S_1]] += after_s[k]
            straight_s = int(direct[k, 0])
            if straight_s < _flood.FAR:
                straight_s += before_s[k] + after_s[k]
            _time_stage(arcs, desk, stage, straight_s, k, 0.0, budget_s - shortest_s)
    _check_covered(sky, budget_s)
    reach = Reach(arcs, desk, sky, ends, direct, shortest_s, budget_s)
    _flood_stages(reach, shifted, before_s, after_s)
    return reach


def _time_stage(
    arcs: Arcs,
    desk: Desk,
    ends: NDArray[np.int64],
    direct_s: int,
    stage: int,
    budget: float,
    extra_s: int,
) -> tuple[int, int]:
    """Time the way to the end of a stage; tell the shortest and what one may take [s]."""
    shortest_s, budget_s, desk.n_touched[stage], desk.queue = _flood.flood_back(
        arcs.start,
        arcs.head,
        arcs.return_s,
        arcs.node_xy,
        ends,
        direct_s,
        arcs.pace_s_m,
        1.0 + budget,
        extra_s,
        desk.back_s[stage],
        desk.touched[stage],
        desk.bucket,
        desk.queue,
    )
    return shortest_s, budget_s


def _flood_stages(
    reach: Reach, shifted: NDArray[np.int64], before_s: list[int], after_s: list[int]
) -> None:
    """Time the way from the origin, and bound the sun to come, from the last stage to the first."""
    arcs, desk, sky, budget_s = reach.arcs, reach.desk, reach.sky, reach.budget_s
    goal = desk.width - 1
    for k, ends in enumerate(shifted):
        desk.queue = _flood.flood_out(
            arcs.start,
            arcs.head,
            arcs.walk_s,
            ends,
            budget_s,
            desk.back_s[k],
            desk.out_s[k],
            desk.bucket,
            desk.queue,
        )
        desk.touched[k, desk.n_touched[k]] = goal
        desk.n_touched[k] += 1
        desk.back_s[k, goal] = after_s[k]
        desk.out_s[k, goal] = reach.shortest_s - after_s[k]
    moment = (budget_s, sky.offset_s, sky.slot_s, sky.stored, sky.rating)
    for price, ahead in ((0, desk.sun_ahead), (PRICE, desk.priced)):
        after_sun = 0
        for k in range(len(shifted) - 1, -1, -1):
            ahead[k, goal] = after_sun
            desk.queue = _flood.flood_sun(
                arcs.start,
                arcs.head,
                arcs.return_s,
                arcs.code,
                shifted[k],
                *moment,
                desk.back_s[k],
                desk.out_s[k],
                price,
                after_s[k],
                after_sun,
                ahead[k],
                desk.bucket,
                desk.queue,
            )
            if k:
                after_sun = _flood.bound_sun(
                    shifted[k],
                    reach.direct[k],
                    before_s[k],
                    after_s[k],
                    after_sun,
                    *moment,
                    desk.back_s[k],
                    price,
                    ahead[k],
                )


def _check_joined(shortest_s: int) -> None:
    if shortest_s == _flood.FAR:
        msg = "No street joins the two ends; pick places on one network of streets."
        raise NoRouteError(msg)
    if shortest_s == 0:
        msg = "Start and destination are the same place; pick two places."
        raise TripError(msg)


def _check_covered(sky: Sky, budget_s: int) -> None:
    if not sky.covers(budget_s):
        hours = sky.slot_s * len(sky.stored) / 3600
        msg = (
            f"The walk may take {-(-budget_s // 60)} min, until after the shade table of "
            f"{hours:.0f} h ends; set out earlier, or build the shade of the next day too."
        )
        raise TripError(msg)


def _place_stage(
    arcs: Arcs, network: Network, origin: Snap, destination: Snap
) -> tuple[NDArray[np.int64], tuple[int, int]]:
    """Say how each end lies in its edge, and how far it is straight along a common one."""

    def part_s(edge: int, start: float, stop: float) -> int:
        # Of a wait to cross, the walker who starts amid the edge has a share before him.
        return arcs.part_s(network, edge, start=start, stop=stop)

    ends = np.empty((2, 5), dtype=np.int64)
    for row, snap in zip(ends, (origin, destination), strict=True):
        row[[_flood.EDGE, _flood.NODE_0, _flood.NODE_1]] = snap.edge, *network.edge_node[snap.edge]
    for k, column in enumerate((_flood.S_0, _flood.S_1)):
        ends[0, column] = part_s(origin.edge, origin.fraction, k)
        ends[1, column] = part_s(destination.edge, k, destination.fraction)
    if origin.edge != destination.edge:
        return ends, (_flood.FAR, -1)
    along_s = part_s(origin.edge, origin.fraction, destination.fraction)
    return ends, (along_s, 2 * origin.edge + (destination.fraction < origin.fraction))
