"""
Speed of scoring measures: all bundles of one site (the city at hand), of a city, of many sites.

    python benchmarks/bench_effect.py [--profile full] [--data FOLDER]

Sites beyond those of the map are laid evenly along the streets, as `bench_hazard.py` does, with
shelters of which nothing is known; marks are for 1,500.
"""

from __future__ import annotations

import argparse
import os
import resource
import time

import numpy as np
from bench_hazard import design_of, fill_up, find

from hiro.catalogue import read_catalogue
from hiro.effect import build_options, score_measures
from hiro.option import find_efficient
from hiro.premises import build_premises
from hiro.score import build_score
from solarpass.city import build_city
from solarpass.osm import read_osm
from solarpass.surface import build_surface

N_SITES = {"ci": 40, "full": 1500}
N_ALONE = {"ci": 3, "full": 15}
CITY = "berlin-wittenau"
MARK_ONE_S, MARK_BUILT_IN_S, MARK_MANY_S = 0.5, 20.0, 480.0


def main() -> None:
    """Print the figures beside their marks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--profile", choices=N_SITES, default="full")
    asked.add_argument("--data", default=os.environ.get("SOLARPASS_REFERENCE_DATA"))
    options = asked.parse_args()
    tell("helsinki", n_sites=0, n_alone=0, data=None, mark_s=MARK_BUILT_IN_S)
    name = CITY if find(CITY, options.data).is_file() else "helsinki"
    tell(
        name,
        n_sites=N_SITES[options.profile],
        n_alone=N_ALONE[options.profile],
        data=options.data,
        mark_s=MARK_MANY_S,
    )


def tell(name: str, *, n_sites: int, n_alone: int, data: str | None, mark_s: float) -> None:
    """Score a city's measures, and print how long that takes."""
    city = build_city(read_osm(find(name, data)), name=name)
    surface = build_surface(city)
    sites = fill_up(city, n_sites) if n_sites else None
    score = build_score(city, surface, design_of(city), sites=sites)
    premises = build_premises(score, city, surface, catalogue=read_catalogue())
    score_measures(premises, only=[0])  # compiles
    alone = []
    for site in np.linspace(0, score.sites.n_sites - 1, n_alone).astype(int).tolist():
        start = time.perf_counter()
        score_measures(premises, only=[site])
        alone.append(time.perf_counter() - start)
    start, busy = time.perf_counter(), time.process_time()
    told = build_options(score, city, surface)
    seconds, busy_s = time.perf_counter() - start, time.process_time() - busy
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2
    print(
        f"{name}: {len(told):,} bundles at {told.n_sites:,} sites with "
        f"{score.sites.n_waiting:,} waiting places: {seconds:.1f} s, {busy_s:.1f} s of the "
        f"processor (mark {mark_s:.0f} s{' for 1500' if n_sites else ''}), "
        f"{len(find_efficient(told)) / told.n_sites:.1f} efficient ones a site, "
        f"peak {peak_gb:.2f} GB"
    )
    if alone:
        print(
            f"{name}: one site alone: median {np.median(alone):.2f} s, most {max(alone):.2f} s "
            f"(mark {MARK_ONE_S} s)"
        )


if __name__ == "__main__":
    main()
