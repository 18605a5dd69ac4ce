"""
Shadow polygons by pybdshadow (0.3.5, BSD), against our raster of the same extent and instant.

    python benchmarks/bench_pybdshadow.py [EXTRACT.osm.pbf] [--python PYTHON]

pybdshadow is no dependency: name a Python that has it, in an environment of its own; without
one only our own time is told. Its time is that of its one call, without import and reading.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from solarpass.city import City, build_city
from solarpass.osm import helsinki_path, read_osm
from solarpass.picture import cast
from solarpass.sun import find_sun
from solarpass.surface import build_surface

AT = pd.Timestamp("2026-07-15 13:00", tz="UTC")
CELL_M = 1.0
THEIRS = """
import sys, time, warnings
warnings.simplefilter("ignore")
import geopandas, pandas, pybdshadow
buildings = pybdshadow.bd_preprocess(geopandas.read_file(sys.argv[1]))
at = pandas.Timestamp(sys.argv[2])
best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    shadows = pybdshadow.bdshadow_sunlight(buildings, at, include_building=False)
    best = min(best, time.perf_counter() - start)
print(best, len(shadows))
"""


def main() -> None:
    """Print both times and their ratio beside the mark."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("extract", nargs="?", default=str(helsinki_path()))
    asked.add_argument("--python", help="a Python that has pybdshadow")
    asked.add_argument("--profile", choices=("ci", "full"), default="full", help="both are one")
    options = asked.parse_args()
    city = build_city(read_osm(Path(options.extract)), name="pybdshadow")
    ours_s, n_cells = time_ours(city)
    print(f"our raster of {n_cells / 1e6:.1f} million cells of {CELL_M} m: {ours_s:.3f} s")
    if options.python is None:
        print("pybdshadow: not asked for, name its Python by --python")
        return
    theirs_s, n_shadows = time_theirs(city, options.python)
    print(f"pybdshadow, shadows of {n_shadows} buildings: {theirs_s:.3f} s")
    print(f"ours is {theirs_s / ours_s:.0f} times as fast (mark 20)")


def time_ours(city: City) -> tuple[float, int]:
    """Cast the solids' shadow over all buildings, burning included, the best of three."""
    sun = find_sun(
        pd.DatetimeIndex([AT]), latitude_deg=city.centre[0], longitude_deg=city.centre[1]
    )
    surface = replace(build_surface(city), layers=(), extent=None)
    west, south, east, north = city.buildings.total_bounds.tolist()
    best_s, n_cells = float("inf"), 0
    for _ in range(4):  # the first compiles
        start = time.perf_counter()
        picture = cast(
            surface,
            azimuth_deg=sun.azimuth_deg.item(),
            elevation_deg=sun.elevation_deg.item(),
            bounds=(west, south, east, north),
            cell_m=CELL_M,
        )
        best_s = min(best_s, time.perf_counter() - start)
        n_cells = picture.sun.size
    return best_s, n_cells


def time_theirs(city: City, python: str) -> tuple[float, int]:
    """Let pybdshadow find the shadow of each building at the same instant."""
    cast_by = city.buildings[city.buildings["casts"].astype(bool)]
    simple = cast_by[["geometry"]].assign(height=cast_by["height_m"].to_numpy(float))
    simple = simple.to_crs(4326).explode(ignore_index=True)
    simple["building_id"] = range(len(simple))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "buildings.gpkg"
        simple.to_file(path)
        done = subprocess.run(  # noqa: S603 - the one that runs this names it
            [python, "-c", THEIRS, str(path), AT.tz_localize(None).isoformat()],
            capture_output=True,
            check=True,
            text=True,
        )
    seconds, n_shadows = done.stdout.split()[-2:]
    return float(seconds), int(n_shadows)


if __name__ == "__main__":
    main()
