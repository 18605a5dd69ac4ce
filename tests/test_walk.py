"""How long a way takes, up and down, and how far one climbs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hills import raise_ground, raise_hills
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import draw, draw_random

from solarpass.climb import ascent_m, descent_m, find_edge_slopes, find_slopes
from solarpass.errors import TripError
from solarpass.walk import WalkModel

WALK = WalkModel()
slopes = st.floats(-0.5, 0.5)


def draw_street(*, up_m, length_m=100.0, **drawn):
    """Draw one street east that rises evenly; with its two ends in this order."""
    street = draw([(0, 0), (length_m, 0)], [(0, 1)], **drawn)
    return raise_ground(street, lambda x, _: x * up_m / length_m)


@given(slopes)
def test_uphill_and_down_one_walks_after_tobler(slope):
    def tobler_km_h(s):
        return 6.0 * math.exp(-3.5 * abs(s + 0.05))

    slowdown = WALK.slowdown(np.array([slope]))[0]
    assert slowdown == pytest.approx(tobler_km_h(0.0) / tobler_km_h(slope))


def test_on_the_level_tobler_walks_about_as_fast_as_we_do():
    assert 6.0 * math.exp(-3.5 * 0.05) / 3.6 == pytest.approx(WALK.speed_m_s, rel=0.05)


@given(slopes, slopes)
def test_the_farther_from_the_easiest_descent_the_slower(one, other):
    slow, fast = sorted([one, other], key=lambda s: -abs(s + 0.05))
    assert WALK.slowdown(np.array([slow]))[0] >= WALK.slowdown(np.array([fast]))[0]


@given(slopes)
def test_up_and_down_again_is_never_quicker_than_level(slope):
    assert WALK.slowdown(np.array([slope, -slope])).sum() >= 2.0


@given(st.floats(0.5, 100.0))
def test_a_wall_in_the_terrain_model_stops_nobody(slope):
    up, down, steepest = WALK.slowdown(np.array([slope, -slope, 0.5]))
    assert down < up == steepest < 6.0


@pytest.mark.parametrize(
    ("up_m", "times"),
    [
        (0.0, 1.0),
        (10.0, math.exp(0.35)),
        (-5.0, math.exp(-0.175)),
        (-10.0, 1.0),  # twice the easiest descent is as the level
        (-20.0, math.exp(0.35)),
        (30.0, math.exp(1.05)),
        (90.0, math.exp(1.75)),  # as steep as counts
    ],
)
def test_one_street_in_closed_form(up_m, times):
    there = draw_street(up_m=up_m)
    assert WALK.edge_s(there)[0] == pytest.approx(100 / 1.34 * times)
    assert WALK.edge_s(draw_street(up_m=-up_m), back=True) == pytest.approx(WALK.edge_s(there))
    assert WALK.walk_s(there)[0] == math.ceil(100 / 1.34 * times)
    assert WALK.part_s(there, 0, start=0.0, stop=1.0) == WALK.walk_s(there)[0]
    assert WALK.part_s(there, 0, start=1.0, stop=0.0) == WALK.walk_s(there, back=True)[0]


def test_a_part_is_timed_by_the_slopes_it_has():
    """30 m level, then 70 m up a slope of 0.2; from 0.2 to 0.6 it is 10 m and 30 m."""
    bent = draw([(0, 0), (100, 0)], [(0, 1)], via=[(30, 0)])
    hill = raise_ground(bent, lambda x, _: 0.2 * np.maximum(x - 30, 0))
    up_s, down_s = (
        (10 + 30 * math.exp(3.5 * away)) / 1.34 for away in (0.2, abs(-0.2 + 0.05) - 0.05)
    )
    assert WALK.part_s(hill, 0, start=0.2, stop=0.6) == math.ceil(up_s)
    assert WALK.part_s(hill, 0, start=0.6, stop=0.2) == math.ceil(down_s)
    assert WALK.part_s(hill, 0, start=0.0, stop=0.3) == math.ceil(30 / 1.34)
    assert WALK.part_s(hill, 0, start=0.7, stop=0.7) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_the_parts_of_a_way_take_as_long_as_the_whole(seed):
    rng = np.random.default_rng(seed)
    network = raise_hills(rng, draw_random(rng))
    at = float(rng.random())
    for back in (False, True):
        whole_s = WALK.walk_s(network, back=back)
        begin, end = (1.0, 0.0) if back else (0.0, 1.0)
        for edge in range(network.n_edges):
            first = WALK.part_s(network, edge, start=begin, stop=at)
            second = WALK.part_s(network, edge, start=at, stop=end)
            assert WALK.part_s(network, edge, start=begin, stop=end) == whole_s[edge]
            assert whole_s[edge] <= first + second <= whole_s[edge] + 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 37.25, np.nan]))
def test_without_a_hill_times_are_to_the_bit_those_of_the_level(seed, height_m):
    network = draw_random(np.random.default_rng(seed))
    speed = np.where(network.is_steps, WALK.steps_speed_m_s, WALK.speed_m_s)
    waits = np.array([0.0, 20.0, 2.0, 3.0, 10.0, 45.0])[network.crossing]
    level = raise_ground(network, lambda x, _: np.full(len(x), height_m))
    for back in (False, True):
        assert (WALK.edge_s(level, back=back) == network.length_m / speed + waits).all()


def test_stairs_take_as_long_up_as_down_and_as_on_paper():
    stairs = draw_street(up_m=40.0, is_steps=[True])
    assert WALK.walk_s(stairs) == WALK.walk_s(stairs, back=True) == 200
    assert WALK.part_s(stairs, 0, start=0.5, stop=0.0) == 100


def test_the_wait_to_cross_does_not_grow_with_the_slope():
    plain, crossed = (draw_street(up_m=10.0, crossing=[kind]) for kind in (0, 1))
    assert WALK.edge_s(crossed) - WALK.edge_s(plain) == pytest.approx(WALK.signals_s)


def test_whoever_does_not_mind_hills_walks_as_on_the_level():
    hill = draw_street(up_m=30.0)
    unmoved = replace(WALK, slope_decay=0.0)
    assert unmoved.edge_s(hill) == unmoved.edge_s(hill, back=True) == 100 / 1.34


@pytest.mark.parametrize("name", ["slope_decay", "easiest_descent", "most_slope"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_a_slope_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(TripError, match=name):
        WalkModel(**{name: value})


def test_a_hill_on_which_one_never_arrives_is_refused():
    with pytest.raises(TripError, match=r"more than 100 times as long.* smaller `most_slope`"):
        WalkModel(most_slope=2.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_what_one_climbs_and_comes_down_is_the_difference_of_the_ends(seed):
    rng = np.random.default_rng(seed)
    network = raise_hills(rng, draw_random(rng))
    first, last = network.edge_vertex[:-1], network.edge_vertex[1:] - 1
    rise_m = (network.vertex_z_m[last] - network.vertex_z_m[first]).astype(float)
    up_m, down_m = ascent_m(network), descent_m(network)
    known = np.logical_and.reduceat(np.isfinite(network.vertex_z_m), network.edge_vertex[:-1])
    assert (np.isfinite(up_m) == known).all()
    assert (up_m - down_m)[known] == pytest.approx(rise_m[known], abs=1e-4)
    assert (up_m[known] >= 0.0).all()
    assert (down_m[known] >= 0.0).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_the_slopes_of_one_edge_are_those_of_all(seed):
    rng = np.random.default_rng(seed)
    network = raise_hills(rng, draw_random(rng))
    alone = [find_edge_slopes(network, edge) for edge in range(network.n_edges)]
    for all_of, each in zip(find_slopes(network), zip(*alone, strict=True), strict=True):
        assert (all_of == np.concatenate(each)).all()
