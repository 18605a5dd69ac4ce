"""
How fast the best departure and round walks are found in a city.

    SOLARPASS_REFERENCE_DATA=../shared/data python benchmarks/bench_departure.py --profile full

Heidelberg's streets with the made-up shade of `bench_route.py`: 73 departures of trips of 0.5
to 3 km, 15 % longer at most, and round walks of half an hour. Prints figures beside their
marks and asserts none.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
from bench_route import ZONE, draw_canyons, draw_trips, percentiles

from solarpass.chain import find_repeat_s
from solarpass.city import build_city
from solarpass.departure import find_departure
from solarpass.loop import find_loops
from solarpass.network import Network, build_network
from solarpass.osm import read_osm
from solarpass.pavement import PavementModel
from solarpass.shade import ShadeTable
from solarpass.sun import find_sun

N_TRIPS = {"ci": 3, "full": 100}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--profile", choices=N_TRIPS, default="ci")
    profile = parser.parse_args().profile
    n_trips = N_TRIPS[profile]
    named = os.environ.get("SOLARPASS_REFERENCE_DATA")
    if not named:
        print("skipped: SOLARPASS_REFERENCE_DATA names no folder of reference data")
        return
    city = build_city(read_osm(Path(named) / "osm" / "heidelberg-net.osm.pbf"), name="Heidelberg")
    models = (("centre lines", None, 0.3), ("pavements", PavementModel(), 0.9))
    for what, model, mark_s in models[: 1 if profile == "ci" else None]:  # as in `bench_route`
        network = build_network(city, pavements=model)
        print(f"\n{what}: {network.n_nodes:,} nodes, {network.n_edges:,} edges")
        shade = draw_shade(network, city.centre)
        measure_departures(network, shade, n_trips, mark_s=mark_s)
        measure_loops(network, shade, n_trips)


def draw_shade(network: Network, centre: tuple[float, float]) -> ShadeTable:
    """Draw the shade of a July day."""
    times = pd.date_range("2026-07-15", periods=360, freq="5min", tz=ZONE)
    sun = find_sun(times, latitude_deg=centre[0], longitude_deg=centre[1])
    return ShadeTable(times, draw_canyons(network, sun), sun.elevation_deg <= 0.0)


def measure_departures(network: Network, shade: ShadeTable, n_trips: int, *, mark_s: float) -> None:
    """Time the scan of 73 departures."""
    trips, _ = draw_trips(network, n_trips)
    find_departure(network, shade, trips[0], span_min=0)  # compiles
    seconds, spared = [], []
    for trip in trips:
        began = time.perf_counter()
        found = find_departure(network, shade, trip)
        seconds.append(time.perf_counter() - began)
        asked_s = found.sun_s[found.asked]
        spared.append(found.gain_s / asked_s if asked_s else 0.0)
    print(
        f"find_departure, {len(found)} departures, {len(trips)} trips: {percentiles(seconds)} "
        f"(mark: {1e3 * mark_s:.0f} ms)"
    )
    print(f"  sun spared by the best departure: median {np.median(spared):.0%}")


def measure_loops(network: Network, shade: ShadeTable, n_walks: int) -> None:
    """Time round walks of half an hour, three proposals each."""
    trips, _ = draw_trips(network, n_walks)
    seconds, sun, repeat, n_found = [], [], [], []
    for trip in trips:
        began = time.perf_counter()
        found = find_loops(network, shade, trip.origin, trip.departs, minutes=30)
        seconds.append(time.perf_counter() - began)
        n_found.append(len(found))
        sun.append(found[0].sun_fraction)
        repeat.append(find_repeat_s(found[0]) / found[0].walk_s)
    print(f"find_loops, {len(trips)} walks of 30 min: {percentiles(seconds)} (mark: 1000 ms)")
    print(
        f"  {np.mean(n_found):.1f} proposals; of the best {np.median(sun):.0%} in the sun, "
        f"{np.median(repeat):.1%} walked twice"
    )


if __name__ == "__main__":
    main()
