"""
Who waits at Dresden's stops, and how vulnerable they are, without a city.

    python benchmarks/measure_dresden.py [--profile ci|full]

Tiers, spread and time of exposure and vulnerability for the 2,319 stops of an answer of Overpass:
with ages of the city's districts, and with the census' cells and the list of lines. `ci` takes
every tenth stop. Needs the folder of reference data.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

import hiro

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hiro import Exposure, Sites, Vulnerability

STOPS = "dresden/stops_overpass_2024-05-25.json"
DISTRICTS = [f"dresden/population_{ages}.csv" for ages in ("0-5", "60-74", "75plus")]
CELLS = "population/dresden_100m.csv"
LINES = "dresden/vvo_stations.csv"
STEP = {"ci": 10, "full": 1}


def main() -> None:
    """Print tiers, spread and seconds of both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=sorted(STEP), default="ci")
    step = STEP[parser.parse_args().profile]
    folder = Path(os.environ["SOLARPASS_REFERENCE_DATA"])
    start = time.process_time()
    sites = thin(hiro.read_sites(folder / STOPS), step)
    seconds = time.process_time() - start
    print(f"{sites.n_sites} stops, {sites.n_waiting} waiting places, {seconds:.2f} s to read")
    begins = pd.date_range("2026-07-20", periods=24, freq="h", tz="Europe/Berlin")
    lines = hiro.read_lines(folder / LINES)
    for title, paths in (("districts", DISTRICTS), ("cells", [CELLS])):
        population = hiro.read_population(*(folder / path for path in paths))
        start = time.process_time()
        vulnerability = hiro.build_vulnerability(sites, population=population)
        between = time.process_time()
        alone = hiro.build_exposure(sites, begins, population=population)
        exposure = hiro.build_exposure(sites, begins, population=population, lines=lines)
        end = time.process_time()
        seconds = f"vulnerability {between - start:.2f} s, both exposures {end - between:.2f} s"
        print(f"\n{title}: {seconds}")
        show_vulnerability(vulnerability)
        show_exposure("  exposure without lines", alone)
        show_exposure("  exposure with lines", exposure)


def thin(sites: Sites, step: int) -> Sites:
    """Keep every so manieth stop."""
    kept = np.arange(0, sites.n_sites, step)
    waiting = sites.waiting[sites.waiting["site"].isin(kept)].reset_index(drop=True)
    waiting["site"] = np.searchsorted(kept, waiting["site"])
    table = gpd.GeoDataFrame(sites.table.iloc[kept].reset_index(drop=True))
    return hiro.Sites(crs=sites.crs, table=table, waiting=waiting, notes=sites.notes)


def show_vulnerability(vulnerability: Vulnerability) -> None:
    """Print where the factor is from, how it spreads and what makes it."""
    for note in vulnerability.notes:
        print(f"  {note}")
    print(f"  factor: {tell_spread(vulnerability.factor, digits=2)}")
    known = vulnerability.tier != "default"
    shares = vulnerability.shares[known].mean(axis=0)
    print("  mean shares under 6, 6-64, 65-74, 75+: " + ", ".join(f"{s:.1%}" for s in shares))


def show_exposure(title: str, exposure: Exposure) -> None:
    """Print where the persons are from and how they spread."""
    tiers, counts = np.unique(exposure.tier.astype(str), return_counts=True)
    told = ", ".join(f"{count} {tier}" for tier, count in zip(tiers, counts, strict=True))
    print(f"{title}: {told}; {exposure.boardings.sum():.0f} boardings a day")
    for tier in tiers:
        print(f"    {tier}: person-hours {tell_spread(exposure.persons[exposure.tier == tier])}")


def tell_spread(values: NDArray[np.float64], digits: int = 1) -> str:
    """Tell the least, the middle and the most of some numbers."""
    marks: Sequence[float] = np.percentile(values, [0, 5, 25, 50, 75, 95, 100])
    return " ".join(f"{mark:.{digits}f}" for mark in marks) + " (0, 5, 25, 50, 75, 95, 100 %)"


if __name__ == "__main__":
    main()
