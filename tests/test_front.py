"""The trade between time and sun against every walk there is; places to pass; who likes the sun."""

import os
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from streets import draw_grid, draw_random, place, tabulate
from test_route import NOON, check, constant
from test_search import AllWalks, draw_question, score, stand_anywhere, stand_on

from solarpass import _flood
from solarpass.arcs import RATINGS, Sky, arcs_of
from solarpass.errors import NoRouteError, TripError
from solarpass.front import find_front
from solarpass.profile import Profile
from solarpass.route import find_routes
from solarpass.stages import find_walks
from solarpass.trip import Trip
from solarpass.walk import WalkModel
from solarpass.ways import Ways

# By the number of places to pass: through two, all walks are very many.
N_TANGLES = (2000, 1500, 300) if os.environ.get("SOLARPASS_PROFILE") == "full" else (1000, 400, 60)
WALK = WalkModel()


def list_walks(network, sky, snaps, budget):
    """List (clock, sun) of all walks through all places, and what the shortest takes."""
    stages = [AllWalks(network, sky, pair) for pair in pairwise(snaps)]
    shortest = [stage.shortest_s() for stage in stages]
    if None in shortest:
        return None, None
    budget_s = int(np.floor((1.0 + budget) * sum(shortest)))
    reached = {0: 0}
    for k, stage in enumerate(stages):
        left_s, ends = sum(shortest[k + 1 :]), {}
        for begun in reached.items():
            for clock, sun in stage.within(budget_s - left_s, begun):
                ends[clock] = min(sun, ends.get(clock, sun))
        reached = ends
    return reached, sum(shortest)


def trade_off(walks):
    """Keep (clock, sun) of the walks that none is as quick and as shady as."""
    front, least = [], np.inf
    for clock, sun in sorted(walks.items()):
        if sun < least:
            front.append((clock, sun))
            least = sun
    return front


def joins(network, snaps, walk) -> bool:
    """Tell whether a walk goes from place to place, each stage from its edge to its edge."""
    ends, clocks = network.edge_node, walk[:, 1:3].reshape(-1)
    stages = [walk[walk[:, 3] == k] for k in range(len(snaps) - 1)]
    for (origin, destination), rows in zip(pairwise(snaps), stages, strict=True):
        edge, back = rows[:, 0] // 2, rows[:, 0] % 2
        tail, head = ends[edge, back], ends[edge, 1 - back]
        if edge[0] != origin.edge or edge[-1] != destination.edge:
            return False
        if (head[:-1] != tail[1:]).any():
            return False
    return clocks[0] == 0 and (clocks[1:-1:2] == clocks[2::2]).all()


@pytest.mark.parametrize("n_via", [0, 1, 2])
def test_the_front_is_that_of_all_walks_within_the_budget(n_via, monkeypatch):
    n_answered, n_points = 0, 0
    for seed in range(N_TANGLES[n_via]):
        network, sky, snaps, budget = draw_question(seed)
        rng = np.random.default_rng([seed, n_via])
        snaps = (snaps[0], *(stand_anywhere(rng, network) for _ in range(n_via)), snaps[1])
        if n_via:
            budget = min(budget, 0.3)
        sky = replace(sky, rating=RATINGS["sun" if seed % 3 == 2 else "shade"])
        turned = replace(
            sky, stored=sky.rating[sky.stored].astype(np.uint8), rating=RATINGS["shade"]
        )
        walks, shortest_s = list_walks(network, turned, snaps, budget)
        arcs = arcs_of(network, WALK)

        def ask(arcs=arcs, network=network, sky=sky, snaps=snaps, budget=budget, **how):
            return find_walks(arcs, network, sky, snaps, budget=budget, **how)

        if not shortest_s:
            with pytest.raises(NoRouteError if walks is None else TripError):
                ask(whole=True)
            continue
        n_answered += 1
        wanted = trade_off(walks)
        assert wanted[0][0] == shortest_s
        found = ask(whole=True, exact=True, waits=True)
        assert all(joins(network, snaps, walk) for walk in found)
        assert [(int(walk[-1, 2]), sky.sun_on(walk)) for walk in found] == wanted, seed
        assert [score(turned, walk) for walk in found] == wanted
        n_points += len(found)
        both = ask(waits=True)
        assert (both[0] == found[0]).all()
        assert score(turned, both[-1]) == wanted[-1]
        least = dict(wanted)
        for hurried in (False, True):
            with monkeypatch.context() as few:
                if hurried:
                    few.setattr("solarpass.stages.MOST_LABELS", int(rng.integers(1, 40)))
                cut = ask(whole=True)
            points = [score(turned, walk) for walk in cut]
            assert points == trade_off(dict(points))
            assert points[0] == wanted[0]
            assert all(joins(network, snaps, walk) for walk in cut)
            for clock, sun in points:
                assert clock <= int(np.floor((1.0 + budget) * shortest_s))
                assert sun >= min(s for at, s in least.items() if at <= clock)
    assert n_answered > N_TANGLES[n_via] / 3
    assert n_points > n_answered


def test_a_bound_that_is_not_admissible_would_be_seen(monkeypatch):
    """Were the bound four times too high, the front would lose points: so the test above tells."""
    real, n_wrong = _flood.flood_sun, 0

    def overrate(*args):
        queue = real(*args)
        ahead = args[15]
        known = ahead < _flood.FAR
        ahead[known] *= 4
        return queue

    for seed in range(150):
        network, sky, snaps, budget = draw_question(seed)
        walks, shortest_s = list_walks(network, sky, snaps, budget)
        if not shortest_s:
            continue
        with monkeypatch.context() as wrong:
            wrong.setattr("solarpass._flood.flood_sun", overrate)
            found = find_walks(
                arcs_of(network, WALK), network, sky, snaps, budget=budget, waits=True, whole=True
            )
        n_wrong += [score(sky, walk) for walk in found] != trade_off(walks)
    assert n_wrong > 0


def draw_town(seed, *, n=9):
    rng = np.random.default_rng(seed)
    network = draw_grid(n, block_m=80.0)
    stored = rng.choice([0, 30, 90, 200, 254, 255], (24, network.n_edges))
    return network, tabulate(stored), rng


def ask_between(network, table, a, b, *, finder=find_front, trip=None, **how):
    return finder(network, table, Trip(place(a), place(b), NOON, **(trip or {})), **how)


@pytest.mark.parametrize("seed", range(6))
def test_the_front_begins_with_the_shortest_and_ends_with_the_shadiest(seed):
    network, table, rng = draw_town(seed)
    a, b = rng.uniform(0, 640, (2, 2))
    for likes, last in (("shade", "shadiest"), ("sun", "sunniest")):
        trip = {"likes": likes, "budget": 0.3}
        front = ask_between(network, table, a, b, trip=trip)
        shortest, best = ask_between(network, table, a, b, trip=trip, finder=find_routes)
        for route in front:
            check(network, table, route) if likes == "shade" else None
        assert front[0].walk_s == shortest.walk_s
        assert front[0].xy.tobytes() == shortest.xy.tobytes()
        assert front[-1].sun_s == best.sun_s
        assert [front[0].kind, best.kind] == ["shortest", last]
        kinds = ["shortest", *["pareto"] * (len(front) - 2), last]
        assert [route.kind for route in front] == kinds[: len(front)]
        walk_s, sun_s = ([getattr(one, name) for one in front] for name in ("walk_s", "sun_s"))
        assert (np.diff(walk_s) > 0).all()
        assert (np.diff(sun_s) * (-1 if likes == "shade" else 1) > 0).all()
        assert walk_s[-1] <= 1.3 * walk_s[0]
        again = ask_between(network, table, a, b, trip=trip)
        assert [one.xy.tobytes() for one in again] == [one.xy.tobytes() for one in front]


def test_who_likes_the_sun_asks_for_the_turned_table():
    network, table, _ = draw_town(3)
    turned = tabulate(np.where(table.sun == 255, 255, 254 - table.sun))
    ends = (10.0, 20.0), (600.0, 500.0)
    sunny = ask_between(network, table, *ends, trip={"likes": "sun"})
    shady = ask_between(network, turned, *ends)
    assert [one.edge.tolist() for one in sunny] == [one.edge.tolist() for one in shady]
    for a, b in zip(sunny, shady, strict=True):
        assert a.sun_s == pytest.approx(a.walk_s - b.sun_s)


def test_a_larger_budget_never_gives_more_sun():
    network, table, rng = draw_town(5)
    a, b = rng.uniform(0, 640, (2, 2))
    least = [
        ask_between(network, table, a, b, trip={"budget": budget}, waits=True)[-1].sun_s
        for budget in (0.0, 0.05, 0.1, 0.2, 0.3, 0.5)
    ]
    assert least == sorted(least, reverse=True)


def test_without_a_budget_it_is_the_shortest_walk_of_networkx_and_scipy():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        network = draw_random(rng)
        first, last = rng.integers(network.n_nodes, size=2)
        stood = [bool((network.edge_node == node).any()) for node in (first, last)]
        if first == last or not all(stood):
            continue
        seconds = WALK.walk_s(network)
        graph = nx.MultiGraph()
        graph.add_nodes_from(range(network.n_nodes))
        for (a, b), walk_s in zip(network.edge_node.tolist(), seconds.tolist(), strict=True):
            graph.add_edge(a, b, weight=walk_s)
        matrix = np.full((network.n_nodes, network.n_nodes), np.inf)
        np.minimum.at(matrix, tuple(network.edge_node.T), np.maximum(seconds, 1e-9))
        matrix = np.minimum(matrix, matrix.T)
        known = np.isfinite(matrix)
        sparse = coo_array((matrix[known], np.nonzero(known)), shape=matrix.shape).tocsr()
        scipy_s = dijkstra(sparse, indices=int(first))[int(last)]
        sky = Sky(np.full((30, network.n_edges), 254, np.uint8), 300, 0)
        snaps = stand_on(network, first), stand_on(network, last)
        if not np.isfinite(scipy_s) or round(scipy_s) == 0:
            continue
        (walk,) = find_walks(arcs_of(network, WALK), network, sky, snaps, budget=0.0, whole=True)
        assert walk[-1, 2] == nx.shortest_path_length(graph, first, last, weight="weight")
        assert walk[-1, 2] == round(scipy_s)


def test_the_walk_passes_the_places_in_their_order_within_one_budget():
    network, table, _ = draw_town(7)
    trip = {"via": (place((160, 320)), place((333, 80)), place((333, 80))), "budget": 0.2}
    ends = (0.0, 0.0), (600.0, 600.0)
    for route in ask_between(network, table, *ends, trip=trip):
        # Amid an edge one goes on, or turns round: no corner, so the line alone is held to it.
        pieces = route.pieces()
        assert all(a[-1] == pytest.approx(b[0]) for a, b in pairwise(pieces))
        assert sum(np.hypot(*np.diff(xy, axis=0).T).sum() for xy in pieces) == pytest.approx(
            route.length_m
        )
        stops = [route.xy[route.edge_vertex[k]] for k in route.via_index]
        assert stops == [pytest.approx(xy, abs=0.01) for xy in ((160, 320), (333, 80), (333, 80))]
        assert list(route.via_index) == sorted(route.via_index)
        assert route.xy[[0, -1]] == pytest.approx(np.array(ends), abs=45)
    stages = [
        ask_between(network, table, a, b, finder=find_routes)[0].walk_s
        for a, b in pairwise([ends[0], (160, 320), (333, 80), ends[1]])
    ]
    front = ask_between(network, table, *ends, trip=trip)
    assert front[0].walk_s == sum(stages)
    assert front[-1].walk_s <= 1.2 * sum(stages)


def test_a_round_trip_has_a_place_to_pass():
    network, table, _ = draw_town(2)
    trip = {"via": (place((240, 240)),)}
    shortest, _ = ask_between(network, table, (0, 0), (0, 0), trip=trip, finder=find_routes)
    assert shortest.length_m == pytest.approx(960, abs=1)
    with pytest.raises(TripError, match="same place"):
        ask_between(network, table, (0, 0), (0, 0), trip={"via": (place((0, 0)),)})
    with pytest.raises(TripError, match=r"Place 1 to pass: .*outside the city"):
        ask_between(network, table, (0, 0), (80, 0), trip={"via": (place((0, -900)),)})


def test_closed_ways_are_never_walked_and_slow_ones_take_longer(monkeypatch):
    network, table, rng = draw_town(1)
    is_open = rng.random(network.n_edges) < 0.85
    slowness = rng.choice([1.0, 1.5, 2.0], network.n_edges)
    graph = nx.Graph(network.edge_node[is_open].tolist())
    graph.add_nodes_from(range(network.n_nodes))
    component = np.empty(network.n_nodes, np.int32)
    for number, part in enumerate(sorted(nx.connected_components(graph), key=len, reverse=True)):
        component[list(part)] = number
    ways = Ways(is_open, slowness, component, {}, np.zeros(network.n_edges, bool))
    monkeypatch.setattr("solarpass.route.ways_of", lambda *_, **__: ways)
    for _ in range(20):
        a, b = rng.uniform(0, 640, (2, 2))
        trip = {"budget": 0.3, "via": (place(rng.uniform(0, 640, 2)),)}
        for route in ask_between(network, table, a, b, trip=trip):
            assert is_open[route.edge].all()
            whole = route.edge_length_m == network.length_m[route.edge]
            wanted = np.ceil(network.length_m / 1.34 * slowness - 1e-6)[route.edge]
            assert (route.edge_walk_s[whole] == wanted[whole]).all()


def test_the_trip_says_how_fast_one_walks():
    network = draw_grid(4)
    for speed, seconds in ((None, 75), (2.0, 50), (0.5, 200)):
        shortest, _ = ask_between(
            network,
            constant(network),
            (0, 0),
            (100, 0),
            trip={"speed_m_s": speed},
            finder=find_routes,
        )
        assert shortest.walk_s == seconds


def test_on_an_even_grid_nothing_is_to_be_traded():
    network = draw_grid(6)
    along = np.abs(np.diff(network.node_xy[network.edge_node], axis=1)[:, 0, 0]) > 1
    table = tabulate(np.broadcast_to(np.where(along, 60, 190), (24, network.n_edges)))
    assert len(ask_between(network, table, (0, 0), (400, 500), trip={"budget": 1.0})) == 1


@pytest.mark.parametrize("most_labels", [50, 400])
def test_where_labels_run_out_the_front_still_ends_as_well_as_the_shadiest(
    most_labels, monkeypatch
):
    """The search hurries; what it tells keeps the law, and the two doors do not part."""
    monkeypatch.setattr("solarpass.stages.MOST_LABELS", most_labels)
    for seed in range(12):
        network, table, rng = draw_town(seed)
        a, b, via = (place(xy) for xy in rng.uniform(0, 640, (3, 2)))
        likes = ("shade", "sun")[seed % 2]
        trip = Trip(a, b, NOON, 0.6, via=(via,) * (seed % 3 == 0), likes=likes)
        front, best = find_front(network, table, trip), find_routes(network, table, trip)
        sign = 1 if likes == "shade" else -1
        assert sign * front[-1].sun_s <= sign * best[-1].sun_s + 1e-9
        assert front[-1].walk_s <= 1.6 * front[0].walk_s
        assert (np.diff([sign * one.sun_s for one in front]) < 0).all()


def test_searched_exactly_both_end_alike_and_no_worse_than_usual():
    for seed in range(8):
        network, table, rng = draw_town(seed)
        a, b = (place(xy) for xy in rng.uniform(0, 640, (2, 2)))
        trip = Trip(a, b, NOON, 0.5)
        exact = find_routes(network, table, trip, exact=True)[-1]
        assert find_front(network, table, trip, exact=True)[-1].sun_s == exact.sun_s
        assert exact.sun_s <= find_routes(network, table, trip)[-1].sun_s
        assert find_routes(network, table, trip, waits=True)[-1].sun_s <= exact.sun_s


def test_a_large_search_leaves_no_large_desk_behind(monkeypatch):
    monkeypatch.setattr("solarpass.arcs.MOST_KEPT_BYTES", 10_000)
    network, table, _ = draw_town(1, n=14)
    find_front(network, table, Trip(place((0.0, 0.0)), place((1000.0, 1000.0)), NOON, 0.5))
    (desk,) = arcs_of(network, WalkModel()).desks
    pools = (desk.labels, desk.heap, desk.queue, desk.closed, desk.label_at)
    assert max(pool.nbytes for pool in pools) <= 24 * 1024  # as small as a new one


def test_a_desk_that_was_left_in_disorder_is_not_used_again(monkeypatch):
    network, table, _ = draw_town(2)
    trip = Trip(place((0.0, 0.0)), place((600.0, 500.0)), NOON, 0.5)
    wanted = find_routes(network, table, trip)[-1]

    def break_off(reach, *_, **__):
        reach.desk.closed[:] = 255
        reach.desk.label_at[:] = 7
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("solarpass.reach.Reach.sweep", break_off)
        with pytest.raises(MemoryError):
            find_routes(network, table, trip)
    assert find_routes(network, table, trip)[-1].edge.tolist() == wanted.edge.tolist()


def test_who_likes_it_quiet_takes_a_big_road_where_nothing_else_joins(monkeypatch):
    network, table, _ = draw_town(3)
    west = network.node_xy[:, 0] < 300.0
    is_open = west[network.edge_node[:, 0]] == west[network.edge_node[:, 1]]
    closed = Ways(
        is_open=is_open,
        slowness=np.ones(network.n_edges),
        component=np.where(west, 0, 1).astype(np.int32),
        unknown={},
        is_bad=np.zeros(network.n_edges, bool),
    )
    monkeypatch.setattr(
        "solarpass.route.ways_of", lambda _, profile, **__: closed if profile.quiet else None
    )
    ends = place((10.0, 20.0)), place((600.0, 500.0))
    quiet = Trip(*ends, NOON, profile=Profile(quiet=True))
    found = find_routes(network, table, quiet)
    plain = find_routes(network, table, Trip(*ends, NOON))
    assert [one.edge.tolist() for one in found] == [one.edge.tolist() for one in plain]
    here = Trip(place((10.0, 20.0)), place((200.0, 500.0)), NOON, profile=Profile(quiet=True))
    for route in find_routes(network, table, here):
        assert is_open[route.edge].all()
