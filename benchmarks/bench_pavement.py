"""
What the pavement graph costs: how much stays connected, how long its ways are, what it is made of.

    python benchmarks/bench_pavement.py [helsinki | EXTRACT.osm.pbf ...]

Marks: the largest component holds at least 97 % of the walkable length that it held on centre
lines (a street and its pavements, drawn or mapped, being the same walk); the median detour,
walk over bee-line, of 500 random pairs is at most 1.40. Beside them the share of drawn pavement
that runs through a building.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from solarpass.city import City, build_city
from solarpass.network import Network, build_network
from solarpass.obstacle import find_houses
from solarpass.osm import helsinki_path, read_osm
from solarpass.pavement import CROSSINGS, PAVEMENT_SOURCES

N_PAIRS = 500
NEAR_M, FAR_M = 300.0, 2000.0
EVERY_M, BESIDE_M = 10.0, 20.0


def main() -> None:
    """Print the figures of each city beside their marks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("cities", nargs="*", default=["helsinki"])
    asked.add_argument("--profile", choices=["ci", "full"], default="full", help="alike")
    for name in asked.parse_args().cities:
        path = helsinki_path() if name == "helsinki" else Path(name)
        city = build_city(read_osm(path), name=path.stem)
        centre = build_network(city, pavements=None)
        start = time.perf_counter()
        network = build_network(city)
        seconds = time.perf_counter() - start
        print(f"\n{path.name}: laid in {seconds:.1f} s")
        for what, each in (("centre lines", centre), ("pavements", network)):
            print(
                f"{what}: {each.n_edges} edges, {each.length_m.sum() / 1e3:.1f} km, largest "
                f"component {each.connected_fraction:.4f}, median detour {detour(each):.3f}"
            )
        kept = network.connected_fraction / centre.connected_fraction
        print(
            f"largest component against centre lines: {still_walked(centre, network):.4f} of its "
            f"length has a pavement of the largest component within {BESIDE_M:.0f} m (mark 0.97); "
            f"share of all length against share: {kept:.4f}"
        )
        print("median detour: mark 1.40")
        for kind, names in (("pavement", PAVEMENT_SOURCES), ("crossing", CROSSINGS)):
            code = getattr(network, kind)
            told = (
                f"{name} {(code == k).sum()} ({network.length_m[code == k].sum() / 1e3:.1f} km)"
                for k, name in enumerate(names)
            )
            print(f"{kind}: {', '.join(told)}")
        drawn = np.isin(network.pavement, [2, 3, 4, 5])
        print(
            f"in buildings: {in_houses(city, network, drawn):.2%} of what we draw, "
            f"{in_houses(city, centre, np.ones(centre.n_edges, bool)):.2%} of centre lines"
        )


def still_walked(centre: Network, network: Network) -> float:
    """
    Tell what share of the largest component of centre lines one of the pavements' accompanies.

    Of an extract in two parts, another may be the largest once there are pavements: then it is
    the one that accompanies most.
    """
    held = centre.component[centre.edge_node[:, 0]] == 0
    line = centre.lines()[held]
    n = np.maximum(np.rint(centre.length_m[held] / EVERY_M), 1).astype(int)
    owner = np.repeat(np.arange(len(line)), n)
    share = (np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n) + 0.5) / n[owner]
    point = shapely.line_interpolate_point(line[owner], share, normalized=True)
    component = network.component[network.edge_node[:, 0]]
    each_m = centre.length_m[held][owner] / n[owner]
    accompanied_m = []
    for one in (0, 1):
        tree = shapely.STRtree(network.lines()[component == one])
        near = np.unique(tree.query(point, predicate="dwithin", distance=BESIDE_M)[0])
        accompanied_m.append(each_m[near].sum())
    return float(max(accompanied_m) / each_m.sum())


def detour(network: Network) -> float:
    """Divide walk by bee-line for random pairs of nodes; their median."""
    rng = np.random.default_rng(0)
    largest = np.flatnonzero(network.component == 0)
    tail, head = network.edge_node.T
    pair = np.sort(network.edge_node, axis=1)
    order = np.lexsort([network.length_m, pair[:, 1], pair[:, 0]])  # the shortest of parallels
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(pair[order], axis=0) != 0).any(axis=1)
    chosen = order[first]
    graph = coo_array(
        (np.maximum(network.length_m[chosen], 1e-3), (tail[chosen], head[chosen])),
        shape=(network.n_nodes, network.n_nodes),
    ).tocsr()
    found: list[float] = []
    while len(found) < N_PAIRS:
        origin = int(rng.choice(largest))
        walk_m: NDArray[np.float64] = dijkstra(graph, directed=False, indices=origin)
        there = rng.choice(largest, 20)
        bee_m = np.hypot(*(network.node_xy[there] - network.node_xy[origin]).T)
        kept = (bee_m > NEAR_M) & (bee_m < FAR_M)
        found.extend((walk_m[there] / np.maximum(bee_m, 1.0))[kept][:5])
    return float(np.median(found[:N_PAIRS]))


def in_houses(city: City, network: Network, chosen: NDArray[np.bool_]) -> float:
    """Tell what share of open edges runs inside houses that stand on the ground."""
    houses = find_houses(city)
    open_air = chosen & ~network.is_covered
    line = network.lines()[open_air]
    edge, hit = houses.query(line, predicate="intersects")
    inside_m = shapely.length(shapely.intersection(line[edge], houses.geometries[hit]))
    of_edge = np.bincount(edge, inside_m, len(line))
    length_m = shapely.length(line)
    return float(np.minimum(of_edge, length_m).sum() / max(length_m.sum(), 1e-9))


if __name__ == "__main__":
    main()
