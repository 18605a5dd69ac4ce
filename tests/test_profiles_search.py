"""The searches under a profile, against every walk that it leaves open."""

import os
from dataclasses import replace

import numpy as np
import pytest
from test_front import trade_off
from test_search import AllWalks, ask, draw_question, is_joined, score
from test_ways import EVERY, furnish

from solarpass.arcs import arcs_of
from solarpass.errors import NoRouteError, TripError
from solarpass.pavement import CROSSINGS
from solarpass.snap import Snap
from solarpass.stages import find_walks
from solarpass.walk import WalkModel
from solarpass.ways import ways_of

N_TANGLES = 1500 if os.environ.get("SOLARPASS_PROFILE") == "full" else 250
WALK = WalkModel()
CLOSED_S = 10**8
WHEELS = [one for one in EVERY if one.who != "walk"]


def slow_down(walk, times):
    """Let somebody be so many times as slow at everything, waits at crossings as well."""
    waits = {f"{kind}_s": times * getattr(walk, f"{kind}_s") for kind in CROSSINGS[1:]}
    return replace(
        walk,
        speed_m_s=walk.speed_m_s / times,
        steps_speed_m_s=walk.steps_speed_m_s / times,
        **waits,
    )


class OpenWalks(AllWalks):
    """Every walk over what is open, each edge as slow as it is for who walks."""

    def __init__(self, network, sky, snaps, ways):
        self.ways, self.pace = ways, WALK
        super().__init__(network, sky, snaps)
        self.edge_s[~ways.is_open] = CLOSED_S

    def part_s(self, edge, start, stop) -> int:
        self.walk = slow_down(self.pace, float(self.ways.slowness[edge]))
        return super().part_s(edge, start, stop)

    def arrivals(self, node, clock, sun):
        return super().arrivals(node, clock, sun) if clock < CLOSED_S else ()


def draw_errand(seed):
    """Draw a question of `draw_question`, what is told of its ways, and who walks them."""
    network, sky, _, budget = draw_question(seed)
    rng = np.random.default_rng([seed, 8])
    network = furnish(rng, network)
    profile = WHEELS[seed % len(WHEELS)]
    ways = ways_of(network, profile, by_night=bool(rng.random() < 0.5))
    edges = np.flatnonzero(ways.is_open)
    if len(edges) == 0:
        return None
    share = rng.choice([0.0, 1.0, 0.25, 0.618], 2)
    snaps = tuple(
        Snap(int(edge), float(one), 0.0, np.zeros(2))
        for edge, one in zip(rng.choice(edges, 2), share, strict=True)
    )
    return network, sky, snaps, budget, ways


def test_a_profile_s_searches_equal_all_walks_over_what_is_open():
    n_answered, n_slowed, n_closed, n_points = 0, 0, 0, 0
    for seed in range(N_TANGLES):
        question = draw_errand(seed)
        if question is None:
            continue
        network, sky, snaps, budget, ways = question
        arcs = arcs_of(network, WALK, ways)
        slow = OpenWalks(network, sky, snaps, ways)
        shortest_s = slow.shortest_s()
        if not shortest_s:
            wanted = NoRouteError if shortest_s is None else TripError
            with pytest.raises(wanted):
                ask(network, sky, snaps, budget=budget, exact=True, arcs=arcs)
            continue
        n_answered += 1
        walks = slow.within(int((1.0 + budget) * shortest_s))
        least_sun, quickest_s = min((sun, clock) for clock, sun in walks)
        shortest, shadiest = ask(network, sky, snaps, budget=budget, exact=True, arcs=arcs)
        assert score(sky, shortest) == min(walks), seed
        assert score(sky, shadiest) == (quickest_s, least_sun), seed
        _, fast = ask(network, sky, snaps, budget=budget, exact=False, arcs=arcs)
        assert score(sky, fast)[0] <= int((1.0 + budget) * shortest_s)
        assert least_sun <= score(sky, fast)[1] <= min(walks)[1]
        ends = {}
        for clock, sun in walks:
            ends[clock] = min(sun, ends.get(clock, sun))
        how = {"budget": budget, "whole": True, "exact": True, "waits": True}
        front = find_walks(arcs, network, sky, snaps, **how)
        told = [(int(walk[-1, 2]), sky.sun_on(walk)) for walk in front]
        assert told == trade_off(ends), seed
        for walk in (shortest, shadiest, fast, *front):
            assert is_joined(network, snaps, walk)
            assert ways.is_open[walk[:, 0] // 2].all()
        n_points += len(front)
        n_closed += int((~ways.is_open).any())
        n_slowed += int((ways.slowness[shortest[:, 0] // 2] > 1.0).any())
    # Enough of what the twin is for was drawn.
    assert n_answered > N_TANGLES / 4
    assert min(n_slowed, n_closed) > n_answered / 5
    assert n_points > n_answered


def test_what_is_closed_costs_nobody_anything():
    """The same question on a network without the closed edges has the same times."""
    n_compared = 0
    for seed in range(N_TANGLES // 5):
        question = draw_errand(seed)
        if question is None or question[-1].is_open.all():
            continue
        network, sky, snaps, budget, ways = question
        # Whoever may not walk there may as well find it in full shade, and of no length.
        dark = np.array(sky.stored)
        dark[:, ~ways.is_open] = 0
        shaded = replace(sky, stored=dark)
        arcs = arcs_of(network, WALK, ways)
        try:
            plain = ask(network, sky, snaps, budget=budget, exact=True, arcs=arcs)
        except (NoRouteError, TripError):
            continue
        other = ask(network, shaded, snaps, budget=budget, exact=True, arcs=arcs)
        assert all((a == b).all() for a, b in zip(plain, other, strict=True))
        n_compared += 1
    assert n_compared > 5
