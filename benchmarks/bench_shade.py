"""
Speed, accuracy and size of the shade, at one and the same default setting.

    python benchmarks/bench_shade.py [helsinki | EXTRACT.osm.pbf ...] [--profile full]

Accuracy is measured against shapes swept by shapely (`sweeps.py`) at points every 0.25 m,
weighted by edge length. Twelve suns: azimuth and elevation as in `SUNS`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sweeps import Scene

from solarpass.city import build_city
from solarpass.horizon import (
    Horizon,
    ShadeModel,
    build_horizon,
    place_points,
    read_horizon,
    save_horizon,
)
from solarpass.network import Network, build_network
from solarpass.osm import helsinki_path, read_osm
from solarpass.picture import cast_raster
from solarpass.shade import LIT, build_shade
from solarpass.sun import SunPath, find_sun
from solarpass.surface import Surface, SurfaceModel, build_surface

SUNS = (
    (70, 12), (100, 30), (115, 38), (130, 45), (155, 52), (180, 53),
    (205, 50), (230, 40), (250, 28), (270, 18), (285, 10), (300, 5),
)  # fmt: skip
DENSE_M = 0.25
BANDS_DEG = (0.0, 10.0, 20.0, 35.0, 50.0, 90.0)  # of elevation, apart
N_EDGES = {"ci": 200, "full": 2000}  # of the accuracy sample


def main() -> None:
    """Print the figures of each city beside their marks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("cities", nargs="*", default=["helsinki"])
    asked.add_argument("--profile", choices=N_EDGES, default="full")
    options = asked.parse_args()
    print(f"default setting: {SurfaceModel()} {ShadeModel()}")
    time_raster()
    for name in options.cities:
        measure(name, n_edges=N_EDGES[options.profile])


def time_raster() -> None:
    """Cast a raster of 4096 by 4096 cells, mirrored blocks of random towers."""
    rng = np.random.default_rng(0)
    small = np.kron(rng.choice([0.0, 12.0, 18.0, 25.0], (16, 16)), np.ones((16, 16)))
    quarter = np.block([[small, small[:, ::-1]], [small[::-1], small[::-1, ::-1]]])
    dsm = np.tile(quarter, (8, 8)).astype(np.float32)
    for azimuth_deg in (225.0, 100.0):
        sun = {"cell_m": 1.0, "azimuth_deg": azimuth_deg, "elevation_deg": 30.0}
        seconds, _ = clock(lambda sun=sun: cast_raster(dsm, **sun), best_of=3)
        print(f"shadow raster 4096², azimuth {azimuth_deg:.0f}°: {seconds:.3f} s (mark 0.5 s)")


def measure(name: str, *, n_edges: int) -> None:
    """Time one city and find its errors."""
    path = helsinki_path() if name == "helsinki" else Path(name)
    seconds, city = clock(lambda: build_city(read_osm(path), name=path.stem))
    network = build_network(city)
    surface = build_surface(city)
    bare = replace(surface, layers=())
    print(
        f"\n{path.name}: {network.n_edges} edges, {network.length_m.sum() / 1e3:.0f} km, "
        f"{len(surface.solids)} solids, {sum(map(len, surface.layers))} crowns and roofs; "
        f"read in {seconds:.1f} s"
    )
    build_horizon(surface, network)  # compiled, and tiles' pages touched
    for what, stage, mark in (("without", bare, 20), ("with", surface, 35)):
        busy_s = time.process_time()
        seconds, horizon = clock(lambda stage=stage: build_horizon(stage, network))
        busy_s = time.process_time() - busy_s
        per_million = 1e6 / horizon.n_points
        print(
            f"horizon {what} crowns: {seconds:.2f} s for {horizon.n_points} points, "
            f"{seconds * per_million:.1f} s per million (mark {mark} s); "
            f"on two idle cores {busy_s / 2.0 * per_million:.1f} s"
        )
    times = pd.date_range("2026-07-15 00:02:30", periods=288, freq="5min", tz=city.zone)
    latitude_deg, longitude_deg = city.centre
    sun = find_sun(times, latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    build_shade(horizon, sun)  # compiled
    with tempfile.TemporaryDirectory() as folder:
        save_horizon(horizon, Path(folder))
        on_disk = sum(file.stat().st_size for file in Path(folder).iterdir())
        horizon = read_horizon(Path(folder))
        busy_s = time.process_time()
        seconds, _ = clock(lambda: build_shade(horizon, sun))
        busy_s = time.process_time() - busy_s
    per_edges = 1e5 / network.n_edges
    print(
        f"day of 288 slots, unpacked and looked up: {seconds:.3f} s, "
        f"{seconds * per_edges:.2f} s per 100,000 edges (mark 5 s); "
        f"on two idle cores {busy_s / 2.0 * per_edges:.2f} s"
    )
    print(
        f"horizon on disk: {on_disk * per_edges / 1e6:.1f} MB per 100,000 edges (mark 120), "
        f"{on_disk / network.n_edges:.0f} bytes an edge, {on_disk / horizon.n_points:.1f} a point"
    )
    for what, stage in (("without", bare), ("with", surface)):
        found = find_errors(replace(stage, extent=None), network, n_edges=n_edges)
        print(f"sun per edge {what} crowns: {found}")


def find_errors(surface: Surface, network: Network, *, n_edges: int) -> str:
    """Compare the share of sun on random edges with the dense reference."""
    rng = np.random.default_rng(1)
    open_air = np.flatnonzero(~network.is_covered & (network.length_m > 0.0))
    edge = np.sort(rng.choice(open_air, min(n_edges, len(open_air)), replace=False))
    azimuth_deg, elevation_deg = np.array(SUNS, float).T
    exact = find_dense(surface, network, edge)
    times = pd.date_range("2026-07-15", periods=len(SUNS), freq="5min", tz="UTC")
    horizon: Horizon = build_horizon(surface, network)
    table = build_shade(horizon, SunPath(times, azimuth_deg.copy(), elevation_deg.copy()))
    points = 100.0 * np.abs(table.sun[:, edge] / LIT - exact)
    weight = np.broadcast_to(network.length_m[edge], points.shape)
    high = elevation_deg >= 10.0
    bands = []
    for low_deg, high_deg in pairwise(BANDS_DEG):
        band = (elevation_deg >= low_deg) & (elevation_deg < high_deg)
        mean = np.average(points[band], weights=weight[band])
        most = quantile(points[band], weight[band], 0.95)
        bands.append(f"{low_deg:.0f}-{high_deg:.0f}° {mean:.2f}/{most:.2f}")
    return (
        f"mean absolute error {np.average(points[high], weights=weight[high]):.2f} points "
        f"(mark 0.8), p95 {quantile(points[high], weight[high], 0.95):.2f} (mark 2.5); "
        f"mean/p95 by elevation: {', '.join(bands)}"
    )


def find_dense(surface: Surface, network: Network, edge: NDArray[np.int64]) -> NDArray[np.float64]:
    """Find the share of sun on edges by sweeping shapes, shape ``(n_suns, n_edges)``."""
    n_points = np.zeros(network.n_edges, np.int64)
    n_points[edge] = np.maximum(np.rint(network.length_m[edge] / DENSE_M), 1)
    xy = place_points(network, n_points)
    owner = np.repeat(np.arange(network.n_edges), n_points)
    exact = np.empty((len(SUNS), len(xy)))
    for level_m in np.unique(network.level_m[edge]):
        there = network.level_m[owner] == level_m
        exact[:, there] = find_dense_at(surface, xy[there], level_m=float(level_m))
    shares = [np.bincount(owner, sun, network.n_edges)[edge] / n_points[edge] for sun in exact]
    return np.array(shares)


def find_dense_at(
    surface: Surface, xy: NDArray[np.float64], *, level_m: float
) -> NDArray[np.float64]:
    """Find the sun at points of one height above the ground, shape ``(n_suns, n_points)``."""
    raised = replace(surface.model, eye_m=surface.model.eye_m + level_m)
    scene = Scene.of(replace(surface, model=raised))
    there, deep = scene.settle(xy, slack_m=ShadeModel().march.wall_slack_m)
    exact = []
    for azimuth_deg, elevation_deg in SUNS:
        sun = scene.sun_fraction(there, azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
        sun[deep] = 0.0
        exact.append(sun)
    return np.array(exact)


def quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Find the value that `share` of the weight does not exceed."""
    values, weights = values.ravel(), weights.ravel()
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(below, share * below[-1])])


def clock(work: Callable[[], Any], *, best_of: int = 1) -> tuple[float, Any]:
    """Time a piece of work; the best of some runs."""
    best = np.inf
    for _ in range(best_of):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


if __name__ == "__main__":
    main()
