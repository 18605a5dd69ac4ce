"""
Speed of heat at sites, from the surface to the ranks, and how far it tells sites apart.

    python benchmarks/bench_hazard.py [--profile full] [--solweig PYTHON] [--data FOLDER]

Each city is scored in a process of its own, for its peak of memory. With fewer sites than asked
for, waiting places with unknown shelters are laid evenly along the streets. `--solweig` names
an interpreter that has the package of that name (0.1.0b96 was used): it is run beside ours on one
tile of 500 by 500 cells of 1 m, rendered from the same city, over the same hours.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine
from rasterio.features import rasterize

from hiro.errors import SiteError
from hiro.score import build_score, design_weather
from hiro.site import Sites, build_sites
from hiro.weather import Weather, design_date
from solarpass.city import City, build_city
from solarpass.osm import helsinki_path, read_osm
from solarpass.surface import build_surface

MARK_S, MARK_GB = 60.0, 1.0
N_SITES = {"ci": 150, "full": 1500}
CITIES = {
    "ci": ("berlin-wittenau",),
    "full": ("berlin-wittenau", "liechtenstein", "helsinki"),
}
LEVELS = ("none", "moderate", "strong", "very strong", "extreme")
HOUR = 14
TILE_M = 500
STOPS = ("bus_stop", "tram_stop")

SOLWEIG = """
import datetime as dt, json, sys, time
import solweig
folder = sys.argv[1]
told = json.load(open(folder + "/weather.json"))
start, busy = time.perf_counter(), time.process_time()
surface = solweig.SurfaceData.prepare(
    dsm=folder + "/dsm.tif", cdsm=folder + "/cdsm.tif", working_dir=folder + "/work"
)
hours = [
    solweig.Weather(datetime=dt.datetime.fromisoformat(h["end"]), ta=h["ta"], rh=h["rh"],
                    global_rad=h["ghi"], ws=h["ws"])
    for h in told["hours"]
]
place = solweig.Location(latitude=told["latitude"], longitude=told["longitude"],
                         utc_offset=told["utc_offset"])
solweig.calculate(surface, hours, place, output_dir=folder + "/out", outputs=["tmrt", "utci"])
print(json.dumps([time.perf_counter() - start, time.process_time() - busy]))
"""


def main() -> None:
    """Print the figures beside their marks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--profile", choices=N_SITES, default="full")
    asked.add_argument("--data", default=os.environ.get("SOLARPASS_REFERENCE_DATA"))
    asked.add_argument("--solweig", metavar="PYTHON")
    asked.add_argument("--alone", metavar="CITY", help=argparse.SUPPRESS)
    asked.add_argument("--sites", type=int, default=0, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.alone:
        print(json.dumps(score(options.alone, n_sites=options.sites, data=options.data)))
        return
    names = [name for name in CITIES[options.profile] if find(name, options.data).is_file()]
    first = (names or ["helsinki"])[0]
    fast = run_alone(first, n_sites=N_SITES[options.profile], data=options.data)
    tell_speed(first, fast)
    if options.solweig:
        tell_solweig(first, fast, python=options.solweig, data=options.data)
    for name in names or ["helsinki"]:
        tell_levels(name, run_alone(name, n_sites=0, data=options.data))


def find(name: str, data: str | None) -> Path:
    """Find a city's extract."""
    return helsinki_path() if name == "helsinki" else Path(data or "") / "osm" / f"{name}.osm.pbf"


def run_alone(name: str, *, n_sites: int, data: str | None) -> dict[str, Any]:
    """Score a city in a process of its own."""
    told = subprocess.run(  # noqa: S603  our own file
        [sys.executable, __file__, "--alone", name, "--sites", str(n_sites), "--data", data or ""],
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return figures


def score(name: str, *, n_sites: int, data: str | None) -> dict[str, Any]:
    """Score a city's sites, or as many as asked for, and take the time and the memory."""
    city = build_city(read_osm(find(name, data)), name=name)
    weather = design_of(city)
    start, busy = time.perf_counter(), time.process_time()
    surface = build_surface(city)
    told = build_score(city, surface, weather, sites=fill_up(city, n_sites) if n_sites else None)
    seconds, busy_s = time.perf_counter() - start, time.process_time() - busy
    hour = int(np.flatnonzero(weather.begins.hour == HOUR)[0])
    is_stop = told.sites.table["kind"].isin(STOPS).to_numpy()
    hazard, risk = told.hazard, told.risk
    level = np.bincount(hazard.level[hour, is_stop], minlength=len(LEVELS))
    utci_c = hazard.utci_c[hour, is_stop]
    spread = np.percentile(utci_c, (5, 50, 95)).tolist() if is_stop.any() else [np.nan] * 3
    return {
        "seconds": seconds,
        "busy_s": busy_s,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2,
        "n_sites": told.sites.n_sites,
        "n_waiting": told.sites.n_waiting,
        "n_hours": len(weather),
        "n_stops": int(is_stop.sum()),
        "level": level.tolist(),
        "n_utci": len(np.unique(utci_c.round(2))),
        "n_heat": len(np.unique(risk.heat_person_kh[is_stop].round(2))),
        "n_rank": len(np.unique(risk.rank[is_stop])),
        "utci_c": spread,
        "sure": float(hazard.level_probability[hour, is_stop].max(axis=1).mean()),
    }


def design_of(city: City) -> Weather:
    """Build the city's design day."""
    return design_weather(city, design_date(city.centre[0], 2026))


def fill_up(city: City, n_sites: int) -> Sites:
    """List a city's sites, and lay more along its streets until there are so many."""
    try:
        found = build_sites(city)
    except SiteError:
        found = None
    n_found = 0 if found is None else min(found.n_sites, n_sites)
    lines = np.asarray(city.streets.geometry)
    length_m = shapely.length(lines)
    at_m = (np.arange(n_sites - n_found) + 0.5) * (length_m.sum() / max(n_sites - n_found, 1))
    line = np.searchsorted(np.cumsum(length_m), at_m).clip(max=len(lines) - 1)
    within_m = at_m - (np.cumsum(length_m) - length_m)[line]
    points = shapely.line_interpolate_point(lines[line], within_m)
    table = gpd.GeoDataFrame(
        {
            "site_id": [f"street{k}" for k in range(len(points))],
            "name": None,
            "label": "",
            "kind": "bus_stop",
            "shelter": "unknown",
            "ifopt": None,
        },
        geometry=points,
        crs=city.crs,
    )
    waiting = gpd.GeoDataFrame(
        {"site": np.arange(len(points)), "shelter": "unknown", "source": "given"},
        geometry=points,
        crs=city.crs,
    )
    if found is None:
        return Sites(crs=city.crs, table=table, waiting=waiting)
    kept = found.waiting[found.waiting["site"] < n_found]
    waiting["site"] += n_found
    return replace(
        found,
        table=pd.concat([found.table.iloc[:n_found], table], ignore_index=True),
        waiting=pd.concat([kept, waiting], ignore_index=True),
    )


def tell_speed(name: str, told: dict[str, Any]) -> None:
    """Print time and memory beside their marks."""
    print(
        f"{name}: {told['n_sites']} sites with {told['n_waiting']} waiting places, "
        f"{told['n_hours']} hours, from surface to ranks: {told['seconds']:.1f} s, "
        f"{told['busy_s']:.1f} s of the processor (mark {MARK_S:.0f} s for 1500), "
        f"peak {told['peak_gb']:.2f} GB (mark {MARK_GB:.0f})"
    )


def tell_levels(name: str, told: dict[str, Any]) -> None:
    """Print how stops spread over the levels in the afternoon, and how far they are told apart."""
    n_stops = told["n_stops"]
    if not n_stops:
        print(f"{name}: no stops")
        return
    shares = ", ".join(
        f"{word} {n} ({n / n_stops:.0%})"
        for word, n in zip(LEVELS, told["level"], strict=True)
        if n
    )
    low, middle, high = told["utci_c"]
    print(
        f"{name}: {n_stops} stops at {HOUR} h: {shares}; in the commonest level "
        f"{max(told['level']) / n_stops:.0%}; UTCI {middle:.1f} ({low:.1f} to {high:.1f}) °C, "
        f"{told['n_utci']} different; risk {told['n_heat']} different, {told['n_rank']} ranks; "
        f"the likeliest level has a chance of {told['sure']:.0%} in the mean; "
        f"{told['seconds']:.1f} s"
    )


def tell_solweig(name: str, fast: dict[str, Any], *, python: str, data: str | None) -> None:
    """Run SOLWEIG on one tile around the middle of the city's stops, over the same hours."""
    city = build_city(read_osm(find(name, data)), name=name)
    with tempfile.TemporaryDirectory() as folder:
        n_within = write_tile(city, Path(folder))
        write_hours(design_of(city), Path(folder))
        told = subprocess.run(  # noqa: S603  an interpreter the caller named
            [python, "-c", SOLWEIG, folder], check=False, capture_output=True, text=True
        )
    if told.returncode:
        print(f"SOLWEIG did not run: {told.stderr.strip().splitlines()[-1]}")
        return
    seconds, busy_s = json.loads(told.stdout.splitlines()[-1])
    per_site = fast["busy_s"] / fast["n_sites"]
    print(
        f"SOLWEIG, one tile of {TILE_M} by {TILE_M} m with {n_within} sites: {seconds:.1f} s, "
        f"{busy_s:.1f} s of the processor; ours {per_site * 1e3:.1f} ms a site: "
        f"{busy_s / per_site:.0f} times as much for one site with a tile around it, "
        f"{busy_s / max(n_within, 1) / per_site:.0f} times for each site within the tile"
    )


def write_tile(city: City, folder: Path) -> int:
    """Render houses and crowns where stops are densest, and count the sites in the middle."""
    sites = build_sites(city)
    xy = sites.xy
    near = [(np.abs(xy - middle).max(axis=1) < TILE_M / 2).sum() for middle in xy]
    west, north = xy[int(np.argmax(near))].round() + np.array([-TILE_M, TILE_M]) / 2
    grid: dict[str, Any] = {
        "out_shape": (TILE_M, TILE_M),
        "transform": Affine(1.0, 0.0, west, 0.0, -1.0, north),
    }
    houses, trees = city.buildings, city.trees
    discs = trees.geometry.buffer(trees["crown_diameter_m"] / 2.0)
    for file, shapes, height in (
        ("dsm", houses.geometry, houses["height_m"]),
        ("cdsm", discs, trees["height_m"]),
    ):
        order = np.argsort(height.to_numpy(float))  # the highest last, on top
        pairs = list(zip(shapes.iloc[order], height.iloc[order], strict=True))
        values = rasterize(pairs, **grid, dtype="float32") if pairs else np.zeros((TILE_M, TILE_M))
        with rasterio.open(
            folder / f"{file}.tif",
            "w",
            driver="GTiff",
            count=1,
            height=TILE_M,
            width=TILE_M,
            dtype="float32",
            crs=city.crs,
            transform=grid["transform"],
        ) as raster:
            raster.write(values.astype(np.float32), 1)
    return int(max(near))


def write_hours(weather: Weather, folder: Path) -> None:
    """Write the hours as SOLWEIG wants them: their ends, by a clock without summer time."""
    ends = (weather.begins + weather.step).tz_convert("UTC").tz_localize(None)
    hours = [
        {
            "end": end.isoformat(),
            "ta": float(weather.air_temperature_c[k]),
            "rh": float(weather.relative_humidity_pct[k]),
            "ghi": float(weather.ghi_w_m2[k]),
            "ws": float(weather.wind_m_s[k]),
        }
        for k, end in enumerate(ends)
    ]
    place = {"latitude": weather.latitude_deg, "longitude": weather.longitude_deg, "utc_offset": 0}
    told = {**place, "hours": hours}
    (folder / "weather.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
