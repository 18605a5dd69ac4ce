"""
Speed of the shadow raster of 4096 by 4096 cells, and whether it equals a plain march.

    python benchmarks/bench_cast.py [--profile full]

The surface is Athens' (reference data), mirrored until it is large enough; without that
folder, random towers. Compilation is excluded.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray

from solarpass.picture import cast_raster

SIDE = {"ci": 1024, "full": 4096}
SUNS = ((225.0, 30.0), (180.0, 60.0), (100.0, 30.0))
MARK_S = 0.5  # of the first sun, at the full size, on two cores


def main() -> None:
    """Print the figures beside their marks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--profile", choices=SIDE, default="full")
    side = SIDE[asked.parse_args().profile]
    name, dsm = read_surface(side)
    cast_raster(dsm[:64, :64], cell_m=1.0, azimuth_deg=225.0, elevation_deg=30.0)  # compiled
    for azimuth_deg, elevation_deg in SUNS:
        sun = {"cell_m": 1.0, "azimuth_deg": azimuth_deg, "elevation_deg": elevation_deg}
        seconds, busy_s = [], []
        for _ in range(5):
            start, busy = time.perf_counter(), time.process_time()
            code = cast_raster(dsm, **sun)
            seconds.append(time.perf_counter() - start)
            busy_s.append(time.process_time() - busy)
        told = f"{min(seconds):.3f} s, {min(busy_s):.3f} s of the processor (mark {MARK_S} s)"
        apart = ""
        if azimuth_deg % 45.0 == 0.0:
            n_apart = int(((code == 1) != march(dsm, azimuth_deg, elevation_deg)).sum())
            apart = f"; {n_apart} cells differ from the plain march"
        print(f"{name}, {side}², azimuth {azimuth_deg:.0f}°, {elevation_deg:.0f}°: {told}{apart}")


def read_surface(side: int) -> tuple[str, NDArray[np.float32]]:
    """Mirror a surface until it has `side` rows and columns."""
    folder = os.environ.get("SOLARPASS_REFERENCE_DATA")
    if folder and Path(folder).is_dir():
        name = "Athens"
        with rasterio.open(Path(folder) / "validation" / "athens" / "DSM.tif") as raster:
            small = raster.read(1).astype(np.float32)
    else:
        name, rng = "towers", np.random.default_rng(0)
        towers = rng.choice([0.0, 12.0, 18.0, 25.0], (16, 16))
        small = np.kron(towers, np.ones((16, 16))).astype(np.float32)
    pair = np.block([[small, small[:, ::-1]], [small[::-1], small[::-1, ::-1]]])
    times = -(-side // len(pair))
    return name, np.ascontiguousarray(np.tile(pair, (times, times))[:side, :side])


def march(dsm: NDArray[np.float32], azimuth_deg: float, elevation_deg: float) -> NDArray[np.bool_]:
    """Look from each cell at those towards the sun, step by step, as the reference does."""
    turn = math.radians(azimuth_deg)
    down, on = -round(math.cos(turn) * 1.4142), round(math.sin(turn) * 1.4142)
    drop_m = math.hypot(down, on) * math.tan(math.radians(elevation_deg))
    shaded = np.zeros(dsm.shape, bool)
    for k in range(1, math.ceil(float(np.ptp(dsm)) / drop_m) + 1):
        here, there = [], []
        for size, step in zip(dsm.shape, (down * k, on * k), strict=True):
            here.append(slice(max(-step, 0), size - max(step, 0)))
            there.append(slice(max(step, 0), size + min(step, 0)))
        shaded[tuple(here)] |= dsm[tuple(there)] - k * drop_m > dsm[tuple(here)]
    return shaded


if __name__ == "__main__":
    main()
