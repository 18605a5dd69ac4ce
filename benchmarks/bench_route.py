"""
How fast a route is found in a city, and how near the fast search comes to the exact one.

    SOLARPASS_REFERENCE_DATA=../shared/data python benchmarks/bench_route.py --profile full

Heidelberg's streets with a made-up shade: each street is a canyon of a height and width of
its own, shaded by its bearing under the real sun; flat, and once more on made-up hills.
Trips of 0.5 to 3 km, 15 % longer at most.
Prints figures beside their marks and asserts none.
"""

import argparse
import importlib
import importlib.util
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import networkx as nx
import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from solarpass.arcs import Sky, arcs_of
from solarpass.city import build_city
from solarpass.front import find_front
from solarpass.graph import to_networkx
from solarpass.network import Network, build_network, read_network, save_network
from solarpass.osm import read_osm
from solarpass.pavement import PavementModel
from solarpass.route import Route, find_routes
from solarpass.shade import ShadeTable
from solarpass.snap import Snap
from solarpass.stages import find_walks
from solarpass.sun import SunPath, find_sun
from solarpass.trip import Trip
from solarpass.walk import WalkModel

ZONE = ZoneInfo("Europe/Berlin")
HOURS = (9, 12, 14, 17, 19)
N_TRIPS = {"ci": 20, "full": 1000}
N_EXACT = {"ci": 5, "full": 300}
N_FRONTS = {"ci": 5, "full": 200}
N_NETWORKX = {"ci": 5, "full": 60}
BUDGET, FRONT_BUDGET = 0.15, 0.3
HILL_M, FAR_M = 25.0, 250.0  # height of the hills, and how far apart: slopes of up to 0.1


def draw_canyons(network: Network, sun: SunPath) -> NDArray[np.uint8]:
    """
    Shade each street as an endless canyon of its bearing, shape ``(n_times, n_edges)``.

    On a street's middle lies its mean; of its pavements, the one by the sun's façade is shaded
    first and the other one last.
    """
    street, way = np.unique(network.osm_id, return_inverse=True)
    height_to_width = np.random.default_rng(0).uniform(0.1, 1.5, len(street))[way]
    first, last = network.edge_vertex[:-1], network.edge_vertex[1:] - 1
    east, north = (network.vertex_xy[last] - network.vertex_xy[first]).T
    bearing = np.arctan2(east, north)
    left = np.select([network.side == 1, network.side == 2], [1.0, -1.0])
    stored = np.zeros((len(sun), network.n_edges), np.uint8)
    for row in np.flatnonzero(sun.elevation_deg > 0.0):
        # Positive where the sun stands to the right of the street's course.
        across = np.sin(np.deg2rad(sun.azimuth_deg[row]) - bearing)
        shadow = height_to_width * np.abs(across) / np.tan(np.deg2rad(sun.elevation_deg[row]))
        from_facade = 0.5 + 0.35 * left * np.sign(across)
        lit = np.where(left == 0.0, 1.0 - shadow, 0.5 + (from_facade - shadow) / 0.3)
        stored[row] = np.rint(254 * np.clip(lit, 0.0, 1.0))
    return stored


def raise_hills(network: Network) -> Network:
    """Lay the streets onto rolling hills, so that no way takes as long back."""
    x, y = network.vertex_xy.T / FAR_M
    return replace(network, vertex_z_m=(HILL_M * np.sin(x) * np.cos(y)).astype(np.float32))


def draw_trips(network: Network, n_trips: int) -> tuple[list[Trip], NDArray[np.int64]]:
    """Draw pairs of joined nodes 0.5 to 3 km apart, all distances alike, at five hours."""
    rng = np.random.default_rng(1)
    joined = np.flatnonzero(network.component == 0)
    to_degrees = pyproj.Transformer.from_crs(network.crs, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(*network.node_xy.T)
    trips, pairs = [], []
    while len(trips) < n_trips:
        start, wanted_m = rng.choice(joined), rng.uniform(500, 3000)
        away_m = np.hypot(*(network.node_xy[joined] - network.node_xy[start]).T)
        stop = joined[np.abs(away_m - wanted_m).argmin()]
        if not 500 <= np.hypot(*(network.node_xy[stop] - network.node_xy[start])) <= 3000:
            continue
        departs = datetime(2026, 7, 15, int(rng.choice(HOURS)), 2, tzinfo=ZONE)
        ends = [(float(latitude[node]), float(longitude[node])) for node in (start, stop)]
        trips.append(Trip(ends[0], ends[1], departs, BUDGET))
        pairs.append((start, stop))
    return trips, np.array(pairs)


def percentiles(seconds: list[float]) -> str:
    """Tell median, 95th percentile and most, in milliseconds."""
    p50, p95, most = 1e3 * np.percentile(seconds, [50, 95, 100])
    return f"p50 {p50:.2f} ms, p95 {p95:.2f} ms, most {most:.1f} ms"


def revisits(network: Network, route: Route) -> bool:
    """Tell whether a walk comes to a node twice."""
    ends = network.edge_node[route.edge]
    tail = np.where(route.forward, ends[:, 0], ends[:, 1])
    return len(np.unique(tail)) < len(tail)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--profile", choices=N_TRIPS, default="ci")
    profile = parser.parse_args().profile
    named = os.environ.get("SOLARPASS_REFERENCE_DATA")
    if not named:
        print("skipped: SOLARPASS_REFERENCE_DATA names no folder of reference data")
        return

    source = Path(named) / "osm" / "heidelberg-net.osm.pbf"
    city = build_city(read_osm(source), name="Heidelberg")
    models = (
        ("centre lines", None),
        ("centre lines on hills", None),
        ("pavements", PavementModel()),
    )
    for what, model in models[
        : 1 if profile == "ci" else None
    ]:  # laying pavements takes half a minute
        began = time.perf_counter()
        network = build_network(city, pavements=model)
        network = raise_hills(network) if "hills" in what else network
        print(
            f"\n{what}: {network.n_nodes:,} nodes, {network.n_edges:,} edges, "
            f"{network.length_m.sum() / 1e3:,.0f} km, {network.connected_fraction:.1%} joined, "
            f"built in {time.perf_counter() - began:.2f} s"
        )
        measure(network, city.centre, profile, slack=1 if model is None else 3)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def measure(network: Network, centre: tuple[float, float], profile: str, *, slack: int) -> None:
    """Measure one network; `slack` is what its marks are longer than those of centre lines."""
    with tempfile.TemporaryDirectory() as folder:
        save_network(network, Path(folder))
        began = time.perf_counter()
        read_network(Path(folder))
        began_ms = 1e3 * (time.perf_counter() - began)
        print(f"read_network: {began_ms:.1f} ms (mark: city ≤ 1 s per 100,000 edges)")
    times = pd.date_range("2026-07-15", periods=360, freq="5min", tz=ZONE)
    latitude_deg, longitude_deg = centre
    sun = find_sun(times, latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    shade = ShadeTable(
        times=times, sun=draw_canyons(network, sun), is_night=sun.elevation_deg <= 0.0
    )
    trips, pairs = draw_trips(network, N_TRIPS[profile])
    began = time.perf_counter()
    find_routes(network, shade, trips[0])
    print(f"first route, with compilation or its cache: {time.perf_counter() - began:.1f} s")
    measure_fast(network, shade, trips, slack=slack)
    search_s = measure_search(network, shade, trips, pairs)
    measure_fronts(network, shade, trips[: N_FRONTS[profile]], slack=slack)
    measure_networkx(network, pairs[: N_NETWORKX[profile]], search_s)
    measure_arrays(network, pairs[: N_NETWORKX[profile]], search_s)
    measure_exact(network, shade, trips[: N_EXACT[profile]])


def measure_search(
    network: Network, shade: ShadeTable, trips: list[Trip], pairs: NDArray[np.int64]
) -> list[float]:
    """Time the search alone, from node to node, as networkx is timed."""
    walk = WalkModel()
    arcs, end_of = arcs_of(network, walk), {}
    for edge, ends in enumerate(network.edge_node.tolist()):
        end_of |= {
            node: Snap(edge, float(k), 0.0, network.node_xy[node]) for k, node in enumerate(ends)
        }
    seconds = []
    for trip, (start, stop) in zip(trips, pairs.tolist(), strict=True):
        offset_s = int((trip.departs - shade.times[0]).total_seconds())
        sky = Sky(stored=shade.sun, slot_s=shade.slot_s, offset_s=offset_s)
        snaps = end_of[start], end_of[stop]
        began = time.perf_counter()
        find_walks(arcs, network, sky, snaps, budget=BUDGET, exact=False)
        seconds.append(time.perf_counter() - began)
    print(f"  of it the search: {percentiles(seconds)}")
    return seconds


def measure_fast(network: Network, shade: ShadeTable, trips: list[Trip], *, slack: int) -> None:
    """Time both routes of each trip, from coordinates to geometry."""
    seconds, saved, longer, n_round = [], [], [], 0
    for trip in trips:
        began = time.perf_counter()
        shortest, shadiest = find_routes(network, shade, trip)
        seconds.append(time.perf_counter() - began)
        if shadiest.walk_s > (1 + BUDGET) * shortest.walk_s or shadiest.sun_s > shortest.sun_s:
            sys.exit("a route breaks the law")
        saved.append(1 - shadiest.sun_s / shortest.sun_s if shortest.sun_s else 0.0)
        longer.append(shadiest.walk_s / shortest.walk_s - 1)
        n_round += revisits(network, shadiest)
    marks = f"marks: {2 * slack} ms, {6 * slack} ms"
    print(f"find_routes, {len(trips)} trips: {percentiles(seconds)} ({marks})")
    print(f"  over the budget or sunnier than the shortest: 0 of {len(trips)}")
    print(
        f"  median saving of sun {np.median(saved):.1%}, median detour {np.median(longer):.1%}, "
        f"less sun on {np.mean(np.array(saved) > 0):.0%} of trips, "
        f"a node twice on {n_round / len(trips):.1%}"
    )


def measure_networkx(network: Network, pairs: NDArray[np.int64], ours: list[float]) -> None:
    """Time networkx on the same graph with a weight that stands still."""
    graph = to_networkx(network)
    seconds = []
    ids = network.node_osm_id
    names = ids if len(np.unique(ids)) == len(ids) else np.arange(network.n_nodes)
    for start, stop in names[pairs].tolist():
        began = time.perf_counter()
        nx.shortest_path(graph, start, stop, weight="walk_s")
        seconds.append(time.perf_counter() - began)
    ratio = np.median(np.array(seconds) / ours[: len(seconds)])
    print(
        f"networkx.shortest_path: {percentiles(seconds)}, {ratio:.0f} times ours (mark: ≥ 20 times)"
    )


def measure_arrays(network: Network, pairs: NDArray[np.int64], ours: list[float]) -> None:
    """Time scipy, and rustworkx where it is installed, likewise: from one node to one or all."""
    walk_s = WalkModel().walk_s(network).astype(float)
    # Of parallel edges, which a matrix would add up, the quickest.
    pair, first = np.sort(network.edge_node, axis=1), np.argsort(walk_s, kind="stable")
    _, kept = np.unique(pair[first], axis=0, return_index=True)
    edge = first[kept]
    shape = (network.n_nodes, network.n_nodes)
    matrix = coo_array((walk_s[edge].clip(1e-9), tuple(pair[edge].T)), shape=shape).tocsr()
    askers = {"scipy.sparse.csgraph.dijkstra": lambda a, _: dijkstra(matrix, False, a)}  # noqa: FBT003
    if importlib.util.find_spec("rustworkx") is None:
        print("rustworkx: skipped, it is not installed")
    else:
        rustworkx = importlib.import_module("rustworkx")
        graph = rustworkx.PyGraph()
        graph.add_nodes_from(range(network.n_nodes))
        graph.add_edges_from(
            [(a, b, s) for (a, b), s in zip(pair.tolist(), walk_s.tolist(), strict=True)]
        )
        askers["rustworkx.dijkstra_shortest_paths"] = lambda a, b: (
            rustworkx.dijkstra_shortest_paths(graph, a, target=b, weight_fn=float)
        )
    for name, asker in askers.items():
        seconds = []
        for start, stop in pairs.tolist():
            began = time.perf_counter()
            asker(start, stop)
            seconds.append(time.perf_counter() - began)
        ratio = np.median(np.array(seconds) / ours[: len(seconds)])
        print(f"{name}: {percentiles(seconds)}, {ratio:.0f} times ours")


def measure_fronts(network: Network, shade: ShadeTable, trips: list[Trip], *, slack: int) -> None:
    """Time the whole trade between time and sun, as a walker is told it and exactly."""
    marks = f"marks: p50 ≤ {5 * slack} ms, p95 ≤ {25 * slack} ms"
    for how, (exact, waits), mark in (
        ("find_front", (False, False), marks),
        ("exact, ways round kept", (True, True), "aim: p50 ≤ 50 ms"),
    ):
        seconds, n_walks = [], []
        for trip in trips:
            asked = replace(trip, budget=FRONT_BUDGET)
            began = time.perf_counter()
            front = find_front(network, shade, asked, exact=exact, waits=waits)
            seconds.append(time.perf_counter() - began)
            n_walks.append(len(front))
        print(
            f"{how}, within +{FRONT_BUDGET:.0%}, {len(trips)} trips: {percentiles(seconds)} "
            f"({mark}); walks p50 {np.median(n_walks):.0f}, most {max(n_walks)}"
        )


def measure_exact(network: Network, shade: ShadeTable, trips: list[Trip]) -> None:
    """Compare the usual search with the exact one, like with like, and tell what rounds save."""
    sun_s: dict[tuple[bool, bool], list[float]] = {}
    for waits in (True, False):
        for exact in (False, True):
            seconds, found, n_round = [], [], 0
            for trip in trips:
                began = time.perf_counter()
                route = find_routes(network, shade, trip, exact=exact, waits=waits)[1]
                seconds.append(time.perf_counter() - began)
                found.append(route.sun_s)
                n_round += revisits(network, route)
            sun_s[exact, waits] = found
            kind, kept = ("exact" if exact else "usual"), ("kept" if waits else "cut")
            print(
                f"{kind} search, ways round {kept}: {percentiles(seconds)}; a node twice on "
                f"{n_round / len(trips):.1%}"
            )
        tell_regret("usual against exact", sun_s[False, waits], sun_s[True, waits])
    tell_regret("what cutting ways round costs", sun_s[True, False], sun_s[True, True])


def tell_regret(what: str, sun_s: list[float], least_s: list[float]) -> None:
    """Tell how often and how much one list has more sun than the other."""
    more_s = np.subtract(sun_s, least_s)
    regret = more_s / np.maximum(least_s, 1.0)
    print(
        f"  {what}: identical in sun on {np.mean(np.abs(more_s) < 1e-9):.1%} (mark for the usual "
        f"search: ≥ 99.9 %), regret p95 {np.percentile(regret, 95):.2%}, most {regret.max():.2%} "
        f"(mark: ≤ 1 %), most {max(more_s):.0f} s, all together {sum(more_s) / sum(least_s):.2%}"
    )


if __name__ == "__main__":
    main()
