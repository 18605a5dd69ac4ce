"""The whole road on real maps: from a file to two walks, against networkx and the law."""

import json
import os
from datetime import datetime

import networkx as nx
import numpy as np
import pytest
from streets import places_to_stand

from solarpass.__main__ import main
from solarpass.atlas import build_atlas
from solarpass.graph import to_networkx
from solarpass.route import find_routes
from solarpass.trip import Trip

FULL = os.environ.get("SOLARPASS_PROFILE") == "full"
N_PAIRS = 3400 if FULL else 200  # an hour; three hours make 10,200
EXTRACTS = ["berlin-wittenau", "hamburg-wartenau", "monaco", "darmstadt", "heidelberg-net"]
EXTRACTS += ["liechtenstein"] if FULL else []  # it builds for a minute or two
HOURS = (9, 14, 18)


def random_pairs(atlas, *, n_pairs, seed):
    """Pairs of corners of the connected streets, 500 to 2,000 m apart."""
    network = atlas.network
    rng = np.random.default_rng(seed)
    nodes = places_to_stand(network)
    pairs = []
    while len(pairs) < n_pairs:
        a, b = rng.choice(nodes, size=2)
        if 500.0 <= np.hypot(*(network.node_xy[a] - network.node_xy[b])) <= 2000.0:
            pairs.append((int(a), int(b)))
    return pairs


def ask(atlas, a, b, *, hour, budget):
    origin, destination = (
        tuple(map(float, atlas.city.to_degrees(atlas.network.node_xy[node])[0])) for node in (a, b)
    )
    departs = datetime(2026, 7, 15, hour, tzinfo=atlas.zone)
    trip = Trip(origin=origin, destination=destination, departs=departs, budget=budget)
    return find_routes(atlas.network, atlas.shade_on(departs.date()), trip)


@pytest.mark.parametrize("hour", HOURS)
def test_the_shadiest_keeps_the_budget_and_is_never_sunnier(hour, helsinki):
    saved_s = 0.0
    for a, b in random_pairs(helsinki, n_pairs=N_PAIRS, seed=hour):
        shortest, shadiest = ask(helsinki, a, b, hour=hour, budget=0.15)
        assert shadiest.walk_s <= 1.15 * shortest.walk_s
        assert shadiest.sun_s <= shortest.sun_s
        saved_s += shortest.sun_s - shadiest.sun_s
    assert saved_s / N_PAIRS > 10.0  # and it is worth while


@pytest.mark.parametrize("hour", HOURS)
def test_without_a_budget_it_is_the_shortest_of_networkx(hour, helsinki):
    graph = to_networkx(helsinki.network)
    names = list(graph.nodes)  # in the network's order, under their OpenStreetMap ids
    for a, b in random_pairs(helsinki, n_pairs=200, seed=100 + hour):
        routes = ask(helsinki, a, b, hour=hour, budget=0.0)
        expected = nx.shortest_path_length(graph, names[a], names[b], weight="walk_s")
        for route in routes:
            assert route.walk_s == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("extract", EXTRACTS)
def test_every_extract_builds_and_answers(extract, reference_data, capsys, tmp_path):
    folder = tmp_path / extract
    atlas = build_atlas(reference_data / "osm" / f"{extract}.osm.pbf", folder)
    n_answered = 0
    for a, b in random_pairs_of_any(atlas, n_pairs=6):
        ends = [atlas.city.to_degrees(atlas.network.node_xy[node])[0] for node in (a, b)]
        places = [f"{latitude:.6f},{longitude:.6f}" for latitude, longitude in ends]
        question = ["--from", places[0], "--to", places[1], "--at", "2026-07-15T14:00"]
        code = main(["route", str(folder), *question])
        out, err = capsys.readouterr()
        if code == 0:
            n_answered += 1
            shortest, shadiest = (f["properties"] for f in json.loads(out)["features"])
            assert shadiest["walk_s"] <= 1.15 * shortest["walk_s"]
            if not atlas.city.knows_buildings:
                assert shortest["unknown_m"] == pytest.approx(shortest["length_m"], rel=0.2)
        else:
            assert (code, out, err.count("\n")) == (1, "", 1)
    assert n_answered >= 3


def random_pairs_of_any(atlas, *, n_pairs):
    """Pairs of any corners, islands too."""
    rng = np.random.default_rng(0)
    return rng.integers(0, atlas.network.n_nodes, size=(n_pairs, 2))
