import json
import math
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise

import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely
from hills import raise_ground, raise_hills
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from streets import (
    BERLIN,
    draw,
    draw_grid,
    draw_random,
    draw_sun,
    find_edge,
    place,
    places_to_stand,
    tabulate,
)

from solarpass.city import build_city
from solarpass.errors import NoRouteError, SourceError, TripError
from solarpass.export import routes_to_geojson
from solarpass.graph import to_networkx
from solarpass.map.card import _tell_ascent
from solarpass.network import build_network
from solarpass.osm import read_osm
from solarpass.route import find_routes
from solarpass.snap import snap
from solarpass.trip import Trip
from solarpass.walk import WalkModel
from solarpass.words import Words

NOON = datetime(2026, 7, 15, 12, 0, tzinfo=BERLIN)
SUN, SHADE, UNKNOWN = 254, 0, 255


def walk_between(network, table, a, b, *, budget=0.15, departs=NOON, **how):
    """Find both routes between two points in local metres."""
    return find_routes(network, table, Trip(place(a), place(b), departs, budget), **how)


def constant(network, value=SUN, *, n_times=12):
    return tabulate(np.full((n_times, network.n_edges), value))


def corners(network, route):
    """List the nodes in the order they are walked; both ends of each edge."""
    ends = network.edge_node[route.edge]
    tail = np.where(route.forward, ends[:, 0], ends[:, 1])
    head = np.where(route.forward, ends[:, 1], ends[:, 0])
    return tail, head


def check(network, table, route):
    """Hold a route against its own parts."""
    tail, head = corners(network, route)
    assert (head[:-1] == tail[1:]).all()
    assert route.edge_walk_s.sum() == route.walk_s
    assert (np.cumsum(route.edge_walk_s)[:-1] == route.entered_s[1:]).all()
    assert route.edge_length_m.sum() == pytest.approx(route.length_m)
    assert shapely.LineString(route.xy).length == pytest.approx(route.length_m, abs=1e-6)
    rows = [table.row_at(route.departs + timedelta(seconds=int(s))) for s in route.entered_s]
    stored = table.sun[rows, route.edge]
    sun = np.where(stored == UNKNOWN, 1.0, stored / 254)
    assert route.sun_s == pytest.approx(route.edge_walk_s @ sun)
    assert (np.isnan(route.edge_sun_fraction) == (stored == UNKNOWN)).all()
    assert route.unknown_m == pytest.approx(route.edge_length_m[stored == UNKNOWN].sum())
    assert route.steps_m == pytest.approx(route.edge_length_m[network.is_steps[route.edge]].sum())
    assert route.arrives - route.departs == timedelta(seconds=route.walk_s)
    assert len(route.z_m) == len(route.xy)
    pieces = route.pieces()
    assert [shapely.LineString(xy).length for xy in pieces] == pytest.approx(
        route.edge_length_m, abs=1e-6
    )
    assert all((a[-1] == b[0]).all() for a, b in pairwise(pieces))


# Two ways round a block: south then east is sunny, west then north a little longer and shady.
BLOCK = draw([(0, 0), (100, 0), (100, 100), (-5, 100)], [(0, 1), (1, 2), (2, 3), (3, 0)])


def block_sun(shady):
    stored = np.full((12, BLOCK.n_edges), SUN)
    for a, b in shady:
        stored[:, find_edge(BLOCK, a, b)] = SHADE
    return tabulate(stored)


def test_the_shadiest_goes_round_by_the_shade_if_the_budget_allows():
    table = block_sun([((100, 100), (-5, 100)), ((-5, 100), (0, 0))])
    shortest, shadiest = walk_between(BLOCK, table, (0, 0), (100, 100), budget=0.15)
    assert (shortest.kind, shadiest.kind) == ("shortest", "shadiest")
    assert shortest.length_m == pytest.approx(200, abs=0.01)
    assert shortest.sun_fraction == 1.0
    assert shadiest.length_m == pytest.approx(105 + math.hypot(5, 100), abs=0.01)
    assert shadiest.sun_s == 0.0
    for route in (shortest, shadiest):
        check(BLOCK, table, route)
    _, timid = walk_between(BLOCK, table, (0, 0), (100, 100), budget=0.01)
    assert timid.length_m == pytest.approx(200, abs=0.01)


@pytest.mark.parametrize(("budget", "walk_s"), [(0.0266, 150), (0.027, 154)])
def test_the_budget_ends_at_the_second(budget, walk_s):
    """The shady way takes 154 s, the shortest 150 s: allowed are 153.99 s or 154.05 s."""
    table = block_sun([((100, 100), (-5, 100)), ((-5, 100), (0, 0))])
    for exact in (False, True):
        _, shadiest = walk_between(BLOCK, table, (0, 0), (100, 100), budget=budget, exact=exact)
        assert shadiest.walk_s == walk_s


def test_walking_time_is_counted_in_whole_seconds_street_by_street():
    shortest, _ = walk_between(BLOCK, block_sun([]), (0, 0), (100, 100))
    assert shortest.edge_walk_s.tolist() == [math.ceil(100 / 1.34)] * 2
    assert shortest.walk_s == 150


def test_a_known_street_beats_an_unknown_one_of_the_same_look():
    network = draw([(0, 0), (100, 50), (100, -50), (200, 0)], [(0, 1), (1, 3), (0, 2), (2, 3)])
    for unknown_side in (50, -50):
        stored = np.full((12, network.n_edges), 200)
        for end in ((0, 0), (200, 0)):
            stored[:, find_edge(network, end, (100, unknown_side))] = UNKNOWN
        table = tabulate(stored)
        for route in walk_between(network, table, (0, 0), (200, 0)):
            assert route.unknown_m == 0.0
            assert np.sign(route.xy[1, 1]) == -np.sign(unknown_side)


def test_the_unknown_counts_as_sun_and_is_told():
    _, route = walk_between(BLOCK, constant(BLOCK, UNKNOWN), (0, 0), (100, 100))
    assert route.sun_s == route.walk_s
    assert route.unknown_m == pytest.approx(route.length_m)
    assert np.isnan(route.edge_sun_fraction).all()


def test_the_sun_moves_while_one_walks():
    """A long street, then a fork: left is shady until 12:10, right from then on."""
    network = draw(
        [(0, 0), (900, 0), (950, 50), (950, -50), (1000, 0)],
        [(0, 1), (1, 2), (2, 4), (1, 3), (3, 4)],
    )
    stored = np.full((12, network.n_edges), SUN)
    for end in ((900, 0), (1000, 0)):
        stored[:2, find_edge(network, end, (950, 50))] = SHADE
        stored[2:, find_edge(network, end, (950, -50))] = SHADE
    table = tabulate(stored)
    _, route = walk_between(network, table, (0, 0), (1000, 0))
    assert route.xy[:, 1].min() == pytest.approx(-50)  # at the fork it is 12:11
    _, stroll = walk_between(network, table, (300, 0), (1000, 0))
    assert stroll.xy[:, 1].max() == pytest.approx(50)


def test_a_street_has_the_sun_of_the_slot_in_which_it_is_entered():
    network = draw([(0, 0), (134, 0), (268, 0)], [(0, 1), (1, 2)])
    stored = np.full((12, 2), SUN)
    stored[1:, find_edge(network, (134, 0), (268, 0))] = SHADE
    table = tabulate(stored)
    before, at = NOON + timedelta(seconds=199), NOON + timedelta(seconds=200)
    for departs, sun_s in ((before, 200.0), (at, 100.0)):
        route, _ = walk_between(network, table, (0, 0), (268, 0), departs=departs)
        assert (route.walk_s, route.sun_s) == (200, sun_s)


def test_a_fraction_of_a_second_starts_with_its_second():
    table = constant(BLOCK)
    route, _ = walk_between(
        BLOCK, table, (0, 0), (100, 100), departs=NOON + timedelta(microseconds=999_999)
    )
    assert route.departs == NOON


def test_no_benefit_on_an_endless_grid_of_equal_blocks():
    """CoolWalks' theorem: on centre lines, at one instant, all monotone walks are alike."""
    network = draw_grid(7)
    along = np.abs(np.diff(network.node_xy[network.edge_node], axis=1)[:, 0, 0]) > 1
    stored = np.broadcast_to(np.where(along, 60, 190), (24, network.n_edges))
    shortest, shadiest = walk_between(network, tabulate(stored), (0, 0), (600, 400), budget=1.0)
    assert shadiest.sun_s == shortest.sun_s
    assert shadiest.walk_s == shortest.walk_s


def test_by_night_both_walks_are_the_shortest():
    shortest, shadiest = walk_between(BLOCK, constant(BLOCK, SHADE), (0, 0), (100, 100), budget=2.0)
    assert shortest.sun_s == shadiest.sun_s == 0.0
    assert shadiest.walk_s == shortest.walk_s


def test_stairs_cost_time():
    network = draw(
        [(0, 0), (50, 0), (25, 20)], [(0, 1), (0, 2), (2, 1)], is_steps=[True, False, False]
    )
    shortest, _ = walk_between(network, constant(network), (0, 0), (50, 0))
    assert shortest.steps_m == 0.0
    slowly = WalkModel(steps_speed_m_s=1.34)
    shortest, _ = walk_between(network, constant(network), (0, 0), (50, 0), walk=slowly)
    assert shortest.steps_m == pytest.approx(50, abs=0.01)


def test_both_ends_on_one_street():
    network = draw([(0, 0), (100, 0)], [(0, 1)])
    table = constant(network)
    ahead, _ = walk_between(network, table, (20, 0), (70, 0))
    back, _ = walk_between(network, table, (70, 0), (20, 0))
    assert ahead.length_m == back.length_m == pytest.approx(50, abs=0.01)
    assert ahead.forward.tolist() != back.forward.tolist()
    assert ahead.xy == pytest.approx(back.xy[::-1], abs=0.01)
    assert (ahead.first_fraction, ahead.last_fraction) == pytest.approx((0.2, 0.7), abs=1e-4)
    check(network, table, ahead)


def test_both_ends_on_one_bent_street_may_be_joined_by_a_short_cut():
    hairpin = draw([(0, 0), (0, 10)], [(0, 1), (0, 1)], via=[(400, 5), (np.nan, np.nan)])
    table = constant(hairpin)
    shortest, _ = walk_between(hairpin, table, (40, 0.5), (40, 9.5))
    assert len(shortest.edge) == 3
    assert shortest.length_m == pytest.approx(90, abs=1)
    check(hairpin, table, shortest)


def test_ends_amid_streets_are_walked_in_part():
    table = block_sun([])
    shortest, _ = walk_between(BLOCK, table, (40, 0), (100, 30))
    assert shortest.length_m == pytest.approx(90, abs=0.01)
    assert shortest.edge_length_m == pytest.approx([60, 30], abs=0.01)
    assert shortest.xy[[0, -1]] == pytest.approx(np.array([(40, 0), (100, 30)]), abs=0.01)
    check(BLOCK, table, shortest)


def test_an_end_beside_the_street_is_told_its_distance():
    shortest, _ = walk_between(BLOCK, block_sun([]), (50, -30), (120, 50))
    assert (shortest.start_snap_m, shortest.end_snap_m) == pytest.approx((30, 20), abs=0.01)


def test_equal_ends_are_refused():
    with pytest.raises(TripError, match="same place"):
        walk_between(BLOCK, block_sun([]), (40, 0), (40, 0))
    with pytest.raises(TripError, match="same place"):
        walk_between(BLOCK, block_sun([]), (100, 0), (100.1, -0.1))


def test_an_end_outside_the_city_is_refused_with_its_distance():
    with pytest.raises(TripError, match=r"outside the city.* 900 m"):
        walk_between(BLOCK, block_sun([]), (0, -900), (100, 100))
    trip = Trip((-33.9, 151.2), place((100, 100)), NOON)
    with pytest.raises(TripError, match=r"outside the city"):
        find_routes(BLOCK, block_sun([]), trip)


ISLAND = draw(
    [(0, 0), (400, 0), (200, 30), (230, 30), (200, 460), (230, 460)], [(0, 1), (2, 3), (4, 5)]
)


def test_an_end_on_an_island_is_told_how_far_the_nearest_street_is():
    with pytest.raises(NoRouteError, match=r"No street joins.* 460 m from the destination"):
        walk_between(ISLAND, constant(ISLAND), (10, 0), (210, 460))
    with pytest.raises(NoRouteError, match=r"No street joins.* 460 m from the start"):
        walk_between(ISLAND, constant(ISLAND), (210, 460), (10, 0))


def test_a_fenced_off_path_does_not_stop_a_walker():
    shortest, _ = walk_between(ISLAND, constant(ISLAND), (10, 0), (215, 30))
    assert shortest.end_snap_m == pytest.approx(30, abs=0.01)
    assert shortest.xy[-1] == pytest.approx((215, 0), abs=0.01)


def draw_islet(away_m, *, n=8):
    """Lay a town of blocks, and an islet of one street off it."""
    town = draw_grid(n, block_m=100.0)
    corner = town.node_xy.max(axis=0)
    islet = corner + np.array([(away_m, 0), (away_m + 30, 0)])
    edges = np.vstack([town.edge_node, [(town.n_nodes, town.n_nodes + 1)]])
    return draw(np.vstack([town.node_xy, islet]), edges), corner


@pytest.mark.parametrize("away_m", [160, 300, 499])
def test_an_end_on_an_islet_of_streets_goes_to_the_town(away_m):
    network, corner = draw_islet(away_m)
    ends = (0, 0), (corner[0] + away_m, corner[1])
    shortest, _ = walk_between(network, constant(network), *ends)
    assert shortest.end_snap_m == pytest.approx(away_m, abs=0.5)
    assert shortest.xy[-1] == pytest.approx(corner, abs=0.5)
    back, _ = walk_between(network, constant(network), *ends[::-1])
    assert back.start_snap_m == pytest.approx(away_m, abs=0.5)
    at = (corner[0] + away_m + 2, corner[1]), (corner[0] + away_m + 25, corner[1])
    there, _ = walk_between(network, constant(network), *at)
    assert there.length_m == pytest.approx(23, abs=0.1)


def test_an_islet_too_far_from_the_town_is_refused():
    network, corner = draw_islet(520)
    with pytest.raises(NoRouteError, match=r"No street joins.* 520 m from the destination"):
        walk_between(network, constant(network), (0, 0), (corner[0] + 520, corner[1]))


def test_two_ends_on_one_island_are_joined_there():
    shortest, _ = walk_between(ISLAND, constant(ISLAND), (205, 30), (225, 30))
    assert shortest.length_m == pytest.approx(20, abs=0.01)


@pytest.mark.parametrize("departs", [NOON - timedelta(seconds=1), NOON + timedelta(hours=1)])
def test_a_departure_outside_the_table_is_refused(departs):
    with pytest.raises(TripError, match=r"shade is known from 2026-07-15 12:00 to .* 13:00"):
        walk_between(BLOCK, block_sun([]), (0, 0), (100, 100), departs=departs)


def test_a_walk_that_may_outlast_the_table_is_refused():
    table = block_sun([])
    with pytest.raises(TripError, match="ends"):
        walk_between(BLOCK, table, (0, 0), (100, 100), departs=NOON + timedelta(minutes=58))


def test_a_table_of_another_network_is_refused():
    with pytest.raises(SourceError, match="another network"):
        walk_between(BLOCK, tabulate(np.zeros((12, 99))), (0, 0), (100, 100))


@pytest.mark.parametrize(
    ("begins", "departs", "arrives"),
    [
        ("2026-03-29 01:00", "2026-03-29T01:59+01:00", "2026-03-29T03:01:30+02:00"),
        ("2026-10-25 01:00", "2026-10-25T02:59+02:00", "2026-10-25T02:01:30+01:00"),
        ("2026-07-15 23:00", "2026-07-15T23:59+02:00", "2026-07-16T00:01:30+02:00"),
    ],
)
def test_a_walk_through_a_clock_change_or_past_midnight(begins, departs, arrives):
    table = tabulate(np.full((36, BLOCK.n_edges), SUN), begins=begins)
    route, _ = walk_between(
        BLOCK, table, (0, 0), (100, 100), departs=datetime.fromisoformat(departs)
    )
    assert route.departs.isoformat() == f"{departs[:16]}:00{departs[16:]}"
    assert route.arrives.isoformat() == arrives


def test_a_walk_past_sunset_ends_in_no_sun():
    network = draw([(0, 0), (402, 0), (804, 0)], [(0, 1), (1, 2)])
    stored = np.full((12, 2), SUN)
    stored[1:] = SHADE
    route, _ = walk_between(network, tabulate(stored), (0, 0), (804, 0))
    assert (route.walk_s, route.sun_s) == (600, 300)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, math.inf])
def test_a_speed_at_which_one_never_arrives_is_refused(speed):
    with pytest.raises(TripError, match="speed_m_s"):
        WalkModel(speed_m_s=speed)
    with pytest.raises(TripError, match="steps_speed_m_s"):
        WalkModel(steps_speed_m_s=speed)


def rhombus(height):
    """Draw two ways of one length from west to east, over the ground `height(x, y)`."""
    network = draw([(0, 0), (200, 60), (200, -60), (400, 0)], [(0, 1), (1, 3), (0, 2), (2, 3)])
    return raise_ground(network, height)


def north_shade(network):
    stored = np.full((12, network.n_edges), SUN)
    for end in ((0, 0), (400, 0)):
        stored[:, find_edge(network, end, (200, 60))] = SHADE
    return tabulate(stored)


def test_the_shortest_goes_round_the_hill_and_tells_what_it_climbs():
    network = rhombus(lambda _, y: np.maximum(y, 0.0) / 3)
    shortest, _ = walk_between(network, constant(network), (0, 0), (400, 0))
    assert shortest.xy[:, 1].min() == pytest.approx(-60)
    assert (shortest.ascent_m, shortest.descent_m) == (0.0, 0.0)
    over = rhombus(lambda _, y: np.abs(y) / 3 * np.where(y < 0, 0.9, 1.0))
    shortest, _ = walk_between(over, constant(over), (0, 0), (400, 0))
    assert shortest.z_m == pytest.approx([0, 18, 0])
    assert (shortest.ascent_m, shortest.descent_m) == pytest.approx((18.0, 18.0))


def test_the_way_back_up_takes_longer_than_the_way_down():
    network = rhombus(lambda x, _: 0.1 * x)
    table = constant(network)
    up, _ = walk_between(network, table, (0, 0), (400, 0))
    down, _ = walk_between(network, table, (400, 0), (0, 0))
    m = math.hypot(200, 60)
    factor_up, factor_down = (
        math.exp(3.5 * (abs(slope + 0.05) - 0.05)) for slope in (20 / m, -20 / m)
    )
    assert up.walk_s == 2 * math.ceil(m / 1.34 * factor_up)
    assert down.walk_s == 2 * math.ceil(m / 1.34 * factor_down)
    assert (up.ascent_m, up.descent_m) == pytest.approx((40.0, 0.0))
    assert (down.ascent_m, down.descent_m) == pytest.approx((0.0, 40.0))


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(("high_m", "is_over"), [(0.0, True), (12.0, True), (30.0, False)])
def test_the_budget_of_the_shadiest_counts_the_seconds_of_a_hill(high_m, is_over, exact):
    """Both ways are as long; the shady one is over a hill, worth it while it is low."""
    network = rhombus(lambda _, y: high_m * np.maximum(y, 0.0) / 60)
    table = north_shade(network)
    shortest, shadiest = walk_between(network, table, (0, 0), (400, 0), exact=exact)
    slope = high_m / math.hypot(200, 60)
    seconds = [
        math.ceil(math.hypot(200, 60) / 1.34 * math.exp(3.5 * (abs(s + 0.05) - 0.05)))
        for s in (slope, -slope)
    ]
    assert (sum(seconds) <= 1.15 * shortest.walk_s) == is_over
    assert (shadiest.sun_s == 0.0) == is_over
    assert shadiest.walk_s == (sum(seconds) if is_over else shortest.walk_s)
    assert shadiest.ascent_m == pytest.approx(high_m if is_over else 0.0)


def test_ends_amid_a_hill_climb_their_part_of_it():
    network = rhombus(lambda x, _: 0.1 * x)
    table = constant(network)
    shortest, _ = walk_between(network, table, (100, 30), (300, 30))
    assert shortest.z_m == pytest.approx([10, 20, 30], abs=1e-3)
    assert shortest.ascent_m == pytest.approx(20.0, abs=1e-3)
    straight, _ = walk_between(network, table, (150, 45), (50, 15))
    assert straight.descent_m == pytest.approx(10.0, abs=1e-3)
    check(network, table, straight)


def test_an_unknown_height_is_not_none():
    network = rhombus(lambda x, _: np.where(x > 300, np.nan, 0.1 * x))
    table = constant(network)
    known, _ = walk_between(network, table, (50, 15), (200, 60))
    assert known.ascent_m == pytest.approx(15.0, abs=1e-3)
    unknown, _ = walk_between(network, table, (0, 0), (400, 0))
    assert math.isnan(unknown.ascent_m)
    assert math.isnan(unknown.descent_m)
    flat, _ = walk_between(BLOCK, block_sun([]), (0, 0), (100, 100))
    assert math.isnan(flat.ascent_m)


@pytest.mark.parametrize(
    ("high_m", "told"), [(4.9, []), (18.0, ["18 m uphill", "↑ 18 m"]), (np.nan, [])]
)
def test_the_card_tells_an_ascent_that_is_felt(high_m, told):
    network = rhombus(lambda _, y: high_m * np.abs(y) / 60)
    shortest, _ = walk_between(network, constant(network), (0, 0), (400, 0))
    said = "".join(_tell_ascent(shortest, Words("en"))).replace("\N{NO-BREAK SPACE}", " ")
    assert bool(said) == bool(told)
    assert all(text in said for text in told)


def joined_pair(rng, network):
    """Pick two nodes of the largest part, which no other node lies upon."""
    _, place, count = np.unique(network.node_xy, axis=0, return_inverse=True, return_counts=True)
    choice = np.flatnonzero((network.component == 0) & (count[place] == 1))
    return rng.choice(choice, 2, replace=False) if len(choice) > 1 else None


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.05, 0.15, 0.5, 2.0]))
def test_never_over_the_budget_and_never_sunnier_than_the_shortest(seed, budget):
    rng = np.random.default_rng(seed)
    network = draw_random(rng)
    table = draw_sun(rng, network, n_times=40)
    a, b = rng.uniform(0, 120, (2, 2))
    if seed % 2:
        network = raise_hills(rng, network)
    try:
        shortest, shadiest = walk_between(network, table, a, b, budget=budget)
    except (NoRouteError, TripError):
        return
    assert shortest.walk_s <= shadiest.walk_s <= (1 + budget) * shortest.walk_s
    assert shadiest.sun_s <= shortest.sun_s
    for route in (shortest, shadiest):
        check(network, table, route)
    if budget == 0.0:
        assert shadiest.sun_s == shortest.sun_s


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_larger_budget_never_gives_more_sun(seed):
    rng = np.random.default_rng(seed)
    network = draw_random(rng)
    table = draw_sun(rng, network, n_times=20)
    a, b = rng.uniform(0, 120, (2, 2))
    try:
        sun = [
            walk_between(network, table, a, b, budget=budget, exact=True)[1].sun_s
            for budget in (0.0, 0.1, 0.3, 0.7)
        ]
    except (NoRouteError, TripError):
        return
    assert sun == sorted(sun, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_without_budget_the_walk_is_networkx_and_scipys_shortest(seed):
    rng = np.random.default_rng(seed)
    network = raise_hills(rng, draw_random(rng))
    pair = joined_pair(rng, network)
    if pair is None:
        return
    start, stop = pair
    graph = to_networkx(network)
    ids = network.node_osm_id
    theirs = nx.shortest_path_length(graph, ids[start], ids[stop], weight="walk_s")
    seconds = np.concatenate([WalkModel().walk_s(network, back=back) for back in (False, True)])
    u, v = np.concatenate([network.edge_node, network.edge_node[:, ::-1]]).T
    order = np.lexsort([-seconds, v, u])  # the quickest of parallel edges last, to be kept
    least = {(int(u[k]), int(v[k])): int(seconds[k]) for k in order}
    pairs = np.array(list(least))
    matrix = coo_array(
        (np.array(list(least.values())) + 1e-9, (pairs[:, 0], pairs[:, 1])),
        shape=(network.n_nodes,) * 2,
    )
    scipys = dijkstra(matrix.tocsr(), indices=start)[stop]
    assert scipys == pytest.approx(theirs, abs=1e-6)
    table = draw_sun(rng, network, n_times=20)
    ours = walk_between(network, table, *network.node_xy[pair], budget=0.0)
    assert [route.walk_s for route in ours] == [theirs, theirs]


def test_the_same_question_twice_has_the_same_answer_from_any_thread():
    rng = np.random.default_rng(3)
    network = draw_grid(12)
    table = draw_sun(rng, network, n_times=40)
    pairs = [rng.uniform(0, 1100, (2, 2)) for _ in range(30)]

    def ask(pair):
        return [
            (r.edge.tolist(), r.walk_s, r.sun_s, r.xy.tobytes())
            for r in walk_between(network, table, *pair, budget=0.4)
        ]

    once = [ask(pair) for pair in pairs]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(ask, pairs)) == once


def test_snap_takes_the_nearest_edge_there_is():
    rng = np.random.default_rng(5)
    for _ in range(40):
        network = draw_random(rng)
        xy = rng.uniform(-50, 170, 2)
        found = snap(network, xy)
        away_m = shapely.distance(network.lines(), shapely.Point(xy))
        assert away_m[found.edge] <= away_m.min() + 0.5
        assert found.distance_m <= away_m.min() + 1.0
        line = network.lines()[found.edge]
        at = shapely.line_interpolate_point(line, found.fraction, normalized=True)
        if network.length_m[found.edge] > 0:
            assert shapely.get_coordinates(at)[0] == pytest.approx(found.xy, abs=1e-6)


def test_snap_within_one_part_looks_no_further():
    found = snap(ISLAND, np.array([210.0, 40.0]), component=0)
    assert found.distance_m == pytest.approx(40)
    with pytest.raises(TripError, match="outside the city"):
        snap(ISLAND, np.array([210.0, 600.0]), component=0)


@pytest.mark.parametrize("name", ["hamburg-wartenau", "monaco"])
def test_real_streets_give_routes_that_keep_the_law(reference_data, name):
    network = build_network(
        build_city(read_osm(reference_data / "osm" / f"{name}.osm.pbf"), name=name)
    )
    if name == "monaco":  # no town for level streets
        network = raise_ground(network, lambda x, y: 60 * np.sin(x / 300) + 0.1 * y)
    graph = to_networkx(network)
    rng = np.random.default_rng(1)
    table = draw_sun(rng, network, n_times=60)
    to_degrees = pyproj.Transformer.from_crs(network.crs, 4326, always_xy=True)
    nodes = rng.choice(places_to_stand(network), (40, 2))
    for start, stop in nodes[nodes[:, 0] != nodes[:, 1]]:
        lon, lat = to_degrees.transform(*network.node_xy[[start, stop]].T)
        ends = list(zip(lat.round(6).tolist(), lon.round(6).tolist(), strict=True))
        theirs = nx.shortest_path_length(graph, start, stop, weight="walk_s")
        for budget in (0.0, 0.15):
            shortest, shadiest = find_routes(network, table, Trip(*ends, NOON, budget))
            assert shortest.walk_s == pytest.approx(theirs, abs=1e-6)
            assert shadiest.walk_s <= (1 + budget) * shortest.walk_s
            assert shadiest.sun_s <= shortest.sun_s
            check(network, table, shadiest)
            assert math.isnan(shadiest.ascent_m) == (name != "monaco")


def test_geojson_tells_the_climb_and_null_where_it_is_unknown(helsinki):
    origin, destination = (60.17633, 24.93678), (60.16616, 24.94937)
    trip = Trip(origin, destination, datetime(2026, 7, 15, 14, tzinfo=helsinki.zone))
    shade = helsinki.shade_on(trip.departs.date())
    hilly = raise_ground(helsinki.network, lambda x, _: 0.02 * x)
    for network, is_known in ((helsinki.network, False), (hilly, True)):
        routes = find_routes(network, shade, trip)
        told = [each["properties"] for each in routes_to_geojson(helsinki, routes)["features"]]
        assert "NaN" not in json.dumps(told)
        if is_known:
            rise_m = 0.02 * (routes[0].xy[-1, 0] - routes[0].xy[0, 0])
            assert [each["ascent_m"] - each["descent_m"] for each in told] == pytest.approx(
                [rise_m] * 2, abs=0.2
            )
        else:
            assert [(each["ascent_m"], each["descent_m"]) for each in told] == [(None, None)] * 2
