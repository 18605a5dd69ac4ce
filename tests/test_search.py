"""The label search against every walk there is."""

import math
import os
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hills import raise_ground, raise_hills
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import draw, draw_grid, draw_random, draw_sun

from solarpass import _front
from solarpass.arcs import Sky, arcs_of
from solarpass.errors import NoRouteError, TripError
from solarpass.pavement import CROSSINGS
from solarpass.snap import Snap
from solarpass.stages import find_walks
from solarpass.walk import WalkModel

N_TANGLES = 2500 if os.environ.get("SOLARPASS_PROFILE") == "full" else 1000
WALK = WalkModel()


def stand_anywhere(rng, network) -> Snap:
    fraction = float(rng.choice([0.0, 1.0, round(rng.random(), 3)]))
    return Snap(int(rng.integers(network.n_edges)), fraction, 0.0, np.zeros(2))


class AllWalks:
    """Slow twin, by another road: try every walk within the budget, step by step."""

    def __init__(self, network, sky, snaps, *, walk=WALK):
        self.network, self.sky = network, sky
        self.origin, self.destination = snaps
        self.walk = walk
        self.edge_s = np.array(
            [
                [self.part_s(edge, 0.0, 1.0), self.part_s(edge, 1.0, 0.0)]
                for edge in range(network.n_edges)
            ]
        )

    def part_s(self, edge, start, stop) -> int:
        """Add up the way piece by piece, as stairs and slopes have it, and a share of the wait."""
        network, walk = self.network, self.walk
        kind = CROSSINGS[network.crossing[edge]]
        wait_s = getattr(walk, f"{kind}_s") if network.crossing[edge] else 0.0
        xy = network.geometry(edge).tolist()
        z_m = network.vertex_z_m[network.edge_vertex[edge] :][: len(xy)].tolist()
        if stop < start:
            xy, z_m, start, stop = xy[::-1], z_m[::-1], 1.0 - start, 1.0 - stop
        pieces_m = [math.dist(a, b) for a, b in pairwise(xy)]
        total_s, behind_m = wait_s * (stop - start), 0.0
        for piece_m, (low_m, high_m) in zip(pieces_m, pairwise(z_m), strict=True):
            first_m = max(start * sum(pieces_m), behind_m)
            behind_m += piece_m
            walked_m = max(min(stop * sum(pieces_m), behind_m) - first_m, 0.0)
            speed = walk.steps_speed_m_s if network.is_steps[edge] else walk.speed_m_s
            if piece_m > 0.0 and not (network.is_steps[edge] or math.isnan(high_m - low_m)):
                slope = max(min((high_m - low_m) / piece_m, walk.most_slope), -walk.most_slope)
                speed *= math.exp(-3.5 * (abs(slope + 0.05) - 0.05))
            total_s += walked_m / speed
        return math.ceil(total_s - 1e-6)

    def sun(self, edge, clock, seconds) -> int:
        row = (self.sky.offset_s + clock) // self.sky.slot_s
        return seconds * min(int(self.sky.stored[row, edge]), 254)

    def leaves(self, clock=0, sun=0):
        """List the first steps: (node, clock, sun)."""
        edge, fraction = self.origin.edge, self.origin.fraction
        for node, end in zip(self.network.edge_node[edge], (0.0, 1.0), strict=True):
            seconds = self.part_s(edge, fraction, end)
            yield int(node), clock + seconds, sun + self.sun(edge, clock, seconds)

    def arrivals(self, node, clock, sun):
        """List the last steps from a node: (clock, sun)."""
        edge, fraction = self.destination.edge, self.destination.fraction
        for node_there, end in zip(self.network.edge_node[edge], (0.0, 1.0), strict=True):
            if node_there == node:
                seconds = self.part_s(edge, end, fraction)
                yield clock + seconds, sun + self.sun(edge, clock, seconds)

    def straight(self, clock=0, sun=0):
        if self.origin.edge == self.destination.edge:
            ends = self.origin.fraction, self.destination.fraction
            seconds = self.part_s(self.origin.edge, *ends)
            yield clock + seconds, sun + self.sun(self.origin.edge, clock, seconds)

    def within(self, budget_s, begun=(0, 0)):
        """List (clock, sun) of every walk within the budget, from a clock and sun so far."""
        found = [walk for walk in self.straight(*begun) if walk[0] <= budget_s]
        ahead = list(self.leaves(*begun))
        seen = set()
        while ahead:
            state = ahead.pop()
            if state in seen or state[1] > budget_s:
                continue
            seen.add(state)  # the same place, second and sun have the same future
            node, clock, sun = state
            found += [walk for walk in self.arrivals(*state) if walk[0] <= budget_s]
            for edge, (a, b) in enumerate(self.network.edge_node):
                for here, there, seconds in zip((a, b), (b, a), self.edge_s[edge], strict=True):
                    if here == node and clock + seconds <= budget_s:
                        ahead.append(
                            (
                                int(there),
                                clock + int(seconds),
                                sun + self.sun(edge, clock, int(seconds)),
                            )
                        )
        return found

    def shortest_s(self) -> int | None:
        """Time the quickest walk by Bellman and Ford."""
        time_s = dict.fromkeys(range(self.network.n_nodes), np.inf)
        for node, clock, _ in self.leaves():
            time_s[node] = min(time_s[node], clock)
        for _ in range(self.network.n_nodes):
            for (a, b), (there_s, back_s) in zip(self.network.edge_node, self.edge_s, strict=True):
                time_s[b] = min(time_s[b], time_s[a] + there_s)
                time_s[a] = min(time_s[a], time_s[b] + back_s)
        ends = [end for end, _ in self.straight()]
        for node, clock in time_s.items():
            if np.isfinite(clock):
                ends += [end for end, _ in self.arrivals(node, int(clock), 0)]
        return min(ends, default=None)


def draw_question(seed):
    rng = np.random.default_rng(seed)
    network = draw_random(rng)
    slot_s = int(rng.choice([20, 60, 300]))
    table = draw_sun(rng, network, n_times=2000 // slot_s + 40, slot_s=slot_s)
    sky = Sky(stored=table.sun, slot_s=slot_s, offset_s=int(rng.integers(0, 2 * slot_s)))
    snaps = stand_anywhere(rng, network), stand_anywhere(rng, network)
    budget = float(rng.choice([0.0, 0.1, 0.3, 0.6]))
    return raise_hills(rng, network) if seed % 2 else network, sky, snaps, budget


def ask(network, sky, snaps, *, budget, exact, waits=None, walk=WALK, arcs=None):
    """Find both walks; the exact one with its ways round, the usual one without."""
    found = find_walks(
        arcs or arcs_of(network, walk),
        network,
        sky,
        snaps,
        budget=budget,
        exact=exact,
        waits=exact if waits is None else waits,
    )
    return found[0], found[-1]


def score(sky, walk):
    """Add a walk up from its edges: (clock, sun), in whole seconds and 254ths."""
    sun = sum(
        (left - entered)
        * min(int(sky.stored[(sky.offset_s + entered) // sky.slot_s, code // 2]), 254)
        for code, entered, left, _ in walk.tolist()
    )
    return int(walk[-1, 2]), sun


def is_joined(network, snaps, walk) -> bool:
    """Tell whether each arc begins where the one before it ends, from end to end."""
    edge, back = walk[:, 0] // 2, walk[:, 0] % 2
    tail, head = network.edge_node[edge, back], network.edge_node[edge, 1 - back]
    ends_right = edge[0] == snaps[0].edge and edge[-1] == snaps[1].edge
    return ends_right and (head[:-1] == tail[1:]).all() and (walk[1:, 1] == walk[:-1, 2]).all()


def test_exact_search_equals_all_walks_and_the_fast_one_keeps_the_budget(monkeypatch):
    n_answered, n_worse = 0, 0
    for seed in range(N_TANGLES):
        network, sky, snaps, budget = draw_question(seed)
        slow = AllWalks(network, sky, snaps)
        shortest_s = slow.shortest_s()
        if not shortest_s:
            wanted = NoRouteError if shortest_s is None else TripError
            with pytest.raises(wanted):
                ask(network, sky, snaps, budget=budget, exact=True)
            continue
        n_answered += 1
        budget_s = int((1.0 + budget) * shortest_s)
        walks = slow.within(budget_s)
        shortest, shadiest = ask(network, sky, snaps, budget=budget, exact=True)
        assert is_joined(network, snaps, shortest)
        assert is_joined(network, snaps, shadiest)
        least_sun, quickest_s = min((sun, clock) for clock, sun in walks)
        assert score(sky, shortest) == min(walks), seed
        assert score(sky, shadiest) == (quickest_s, least_sun), seed
        _, usual = ask(network, sky, snaps, budget=budget, exact=False, waits=True)
        assert (usual == shadiest).all()
        with monkeypatch.context() as hurried:
            hurried.setattr("solarpass.stages.MOST_LABELS", int(seed % 7))
            _, quick = ask(network, sky, snaps, budget=budget, exact=False, waits=True)
        assert is_joined(network, snaps, quick)
        assert least_sun <= score(sky, quick)[1] <= min(walks)[1]
        assert score(sky, quick)[0] <= budget_s
        fast_shortest, fast = ask(network, sky, snaps, budget=budget, exact=False)
        assert (fast_shortest == shortest).all()
        assert is_joined(network, snaps, fast)
        clock, sun = score(sky, fast)
        assert clock <= budget_s
        assert least_sun <= sun <= min(walks)[1]
        n_worse += sun > least_sun
    assert n_answered > N_TANGLES / 2
    # The fast search is not exact, but nearly, even where slots are mere seconds long.
    assert n_worse < 0.1 * n_answered


@pytest.mark.parametrize(("later", "n_arcs"), [(200, 3), (230, 2)])
def test_a_way_round_is_kept_only_if_it_saves_more_sun_than_it_takes(later, n_arcs):
    """Five minutes past, the long street is less sunny; a shady loop would pass the time."""
    network = draw(
        [(0, 0), (134, 0), (1000, 0)],
        [(0, 1), (1, 1), (1, 2)],
        via=[(np.nan, np.nan), (134, 67), (np.nan, np.nan)],
    )
    stored = np.zeros((12, 3), np.uint8)
    long_street = int(network.length_m.argmax())
    stored[0, long_street], stored[1:, long_street] = 254, later
    sky = Sky(stored=stored, slot_s=300, offset_s=180)
    west, east = (
        int(np.flatnonzero(network.node_xy[:, 0] == x)[0]) for x in network.node_xy[[0, -1], 0]
    )
    snaps = stand_on(network, west), stand_on(network, east)
    _, exact = ask(network, sky, snaps, budget=0.5, exact=True)
    _, fast = ask(network, sky, snaps, budget=0.5, exact=False)
    assert len(exact) == 3
    assert len(fast) == n_arcs
    assert is_joined(network, snaps, fast)
    assert score(sky, fast)[1] == sky.sun_on(fast)


def test_a_walk_that_pays_only_by_a_way_round_gives_place_to_the_shortest():
    """Straightened, the bent street is sunnier than the straight one beside it."""
    network = draw(
        [(0, 0), (134, 0), (1000, 0)],
        [(0, 1), (1, 1), (1, 2), (1, 2)],
        via=[(np.nan, np.nan), (134, 67), (np.nan, np.nan), (567, 75)],
    )
    stored = np.zeros((12, 4), np.uint8)
    straight, bent = np.argsort(network.length_m)[-2:]
    stored[:, straight], stored[0, bent], stored[1:, bent] = 240, 254, 220
    sky = Sky(stored=stored, slot_s=300, offset_s=180)
    snaps = tuple(
        stand_on(network, int(node))
        for node in (network.node_xy[:, 0].argmin(), network.node_xy[:, 0].argmax())
    )
    _, exact = ask(network, sky, snaps, budget=0.5, exact=True)
    shortest, fast = ask(network, sky, snaps, budget=0.5, exact=False)
    assert bent in exact[exact[:, 2] > exact[:, 1], 0] // 2
    assert (fast == shortest).all()


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("exact", [False, True])
def test_time_saved_early_is_worth_sun_if_it_buys_more_shade_later(is_turned, exact):
    """Two forks, and time for one detour: the second, which is wholly in the shade."""
    network = draw(
        [(0, 0), (134, 0), (268, 0)],
        [(0, 1), (0, 1), (1, 2), (1, 2)][:: -1 if is_turned else 1],
        via=[(np.nan, np.nan), (67, 28), (np.nan, np.nan), (201, 28)][:: -1 if is_turned else 1],
    )
    seconds = WALK.walk_s(network)
    assert sorted(seconds) == [100, 100, 109, 109]
    is_second = network.vertex_xy[network.edge_vertex[1:] - 1].max(axis=1) > 135
    detour = np.where(is_second, 0, 127)
    stored = np.tile(np.where(seconds > 100, detour, 254).astype(np.uint8), (12, 1))
    sky = Sky(stored=stored, slot_s=300, offset_s=0)
    west, east = (int(network.node_xy[:, 0].argmin()), int(network.node_xy[:, 0].argmax()))
    snaps = stand_on(network, west), stand_on(network, east)
    shortest, shadiest = ask(network, sky, snaps, budget=0.05, exact=exact)
    assert score(sky, shortest) == (200, 200 * 254)
    assert score(sky, shadiest) == (209, 100 * 254)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**12), max_size=40), st.randoms(use_true_random=False))
def test_the_heap_gives_the_least_key_first(keys, random):
    heap, waiting = np.empty((64, 2), np.int64), []
    for label, key in enumerate(keys):
        _front.push(heap, len(waiting), key, label)
        waiting.append(key)
        if random.random() < 0.3:
            assert heap[0, 0] == min(waiting)
            assert keys[heap[0, 1]] == heap[0, 0]
            waiting.remove(heap[0, 0])
            _front.pop(heap, len(waiting) + 1)
    while waiting:
        assert heap[0, 0] == min(waiting)
        waiting.remove(heap[0, 0])
        _front.pop(heap, len(waiting) + 1)


def test_a_search_that_runs_out_of_labels_hurries_but_keeps_the_law(monkeypatch):
    rng = np.random.default_rng(4)
    network = draw_grid(12)
    stored = rng.choice([0, 60, 254], (40, network.n_edges)).astype(np.uint8)
    sky = Sky(stored=stored, slot_s=300, offset_s=0)
    snaps = stand_on(network, 0), stand_on(network, network.n_nodes - 1)
    shortest, free = ask(network, sky, snaps, budget=1.0, exact=False)
    gained = []
    for most_labels in (10, 60, 10**6):
        monkeypatch.setattr("solarpass.stages.MOST_LABELS", most_labels)
        again, hurried = ask(network, sky, snaps, budget=1.0, exact=False)
        assert (again == shortest).all()
        assert is_joined(network, snaps, hurried)
        assert hurried[-1, 2] <= 2 * shortest[-1, 2]
        gained.append(sky.sun_on(shortest) - sky.sun_on(hurried))
    assert 0 <= gained[0] <= gained[2]
    assert gained[2] == sky.sun_on(shortest) - sky.sun_on(free)


def draw_detour():
    """Draw one long bent street, and beside it many short ones that are quicker together."""
    xy = [(0.0, 0.0), (1000.0, 0.0), *((x, 30.0) for x in range(50, 1000, 50))]
    chain = [0, *range(2, len(xy)), 1]
    return draw(
        xy,
        [(0, 1), *pairwise(chain)],
        via=[(500, 160), *[(np.nan, np.nan)] * (len(chain) - 1)],
    )


def test_the_bound_of_the_search_is_admissible():
    network = draw_detour()
    sky = Sky(stored=np.full((12, network.n_edges), 254, np.uint8), slot_s=300, offset_s=0)
    west, east = (
        int(np.flatnonzero((network.node_xy == xy).all(axis=1))[0]) for xy in ((0, 0), (1000, 0))
    )
    snaps = tuple(stand_on(network, node) for node in (west, east))
    arcs = arcs_of(network, WALK)
    straight_m = np.hypot(*np.diff(network.node_xy[network.edge_node], axis=1)[:, 0].T)
    for back in (False, True):
        assert (arcs.pace_s_m * straight_m <= WALK.walk_s(network, back=back)).all()
    shortest, _ = ask(network, sky, snaps, budget=0.0, exact=False)
    assert shortest[-1, 2] == AllWalks(network, sky, snaps).shortest_s() == 772
    # A crow that flies slower than people walk would miss it, so this network would tell.
    wrong = replace(arcs, pace_s_m=1.5 * arcs.pace_s_m)
    missed, _ = ask(network, sky, snaps, budget=0.0, exact=False, arcs=wrong)
    assert missed[-1, 2] > 772


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_the_bound_of_the_search_is_admissible_on_hills(seed):
    rng = np.random.default_rng(seed)
    network = raise_hills(rng, draw_random(rng))
    arcs = arcs_of(network, WALK)
    straight_m = np.hypot(*np.diff(network.node_xy[network.edge_node], axis=1)[:, 0].T)
    for back in (False, True):
        seconds = WALK.walk_s(network, back=back)
        assert (arcs.pace_s_m * straight_m <= seconds + 1e-9).all()
        taken = (arcs.code & 1) == back
        assert (arcs.walk_s[taken] == seconds[arcs.code[taken] >> 1]).all()
        assert (arcs.return_s[~taken] == seconds[arcs.code[~taken] >> 1]).all()


def test_downhill_the_search_knows_that_one_is_quicker_than_on_the_level():
    """A crow at the pace of the level would rate the straight way down too long to look at."""
    network = raise_ground(draw_detour(), lambda x, _: -0.05 * x)
    sky = Sky(stored=np.full((12, network.n_edges), 254, np.uint8), slot_s=300, offset_s=0)
    west, east = (
        int(np.flatnonzero((network.node_xy == xy).all(axis=1))[0]) for xy in ((0, 0), (1000, 0))
    )
    down, up = (
        tuple(stand_on(network, node) for node in nodes) for nodes in ((west, east), (east, west))
    )
    took_s = [ask(network, sky, snaps, budget=0.0, exact=False)[0][-1, 2] for snaps in (down, up)]
    assert took_s == [AllWalks(network, sky, snaps).shortest_s() for snaps in (down, up)]
    assert took_s[0] < 1000 / WALK.speed_m_s < took_s[1]
    assert arcs_of(network, WALK).pace_s_m < 1.0 / WALK.speed_m_s


def stand_on(network, node) -> Snap:
    edge, end = (int(found[0]) for found in np.nonzero(network.edge_node == node))
    return Snap(edge, float(end), 0.0, network.node_xy[node])
