"""
The frozen trips of the benchmark: read them, or draw them for a new city.

    python benchmarks/shade_routing/trips.py my-town.osm.pbf >> benchmarks/shade_routing/trips.csv

Pairs of places on the middles of walkable streets, spread over three bands of distance as the
crow flies, from a seeded draw. Once written they are never drawn again, for other routers answer
the same.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from solarpass.city import City, build_city
from solarpass.network import Network, build_network
from solarpass.osm import helsinki_path, read_osm

TRIPS = Path(__file__).with_name("trips.csv")
COLUMNS = ("city", "trip", "band", "from_lat", "from_lon", "to_lat", "to_lon")
BANDS_M = {"short": (300.0, 800.0), "middle": (800.0, 1500.0), "long": (1500.0, 2500.0)}
DATES = (date(2026, 7, 15), date(2026, 9, 15))
HOURS = (9, 12, 14, 17, 19)
N_PAIRS = 402  # a city: as many in each band as the city is wide for
N_TRIES = 2000  # for one pair, before a band counts as too wide for the city
SEED = 2024


@dataclass(frozen=True)
class Pair:
    """Two places of one city, as (latitude, longitude) [°]."""

    city: str
    name: str
    band: str
    origin: tuple[float, float]
    destination: tuple[float, float]


def read_pairs(city: str, n_most: int | None = None) -> list[Pair]:
    """Read the pairs of a city; with `n_most`, as many from the front of each band."""
    with TRIPS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["city"] == city]
    pairs = [
        Pair(
            row["city"],
            row["trip"],
            row["band"],
            (float(row["from_lat"]), float(row["from_lon"])),
            (float(row["to_lat"]), float(row["to_lon"])),
        )
        for row in rows
    ]
    if n_most is None:
        return pairs
    bands = [[pair for pair in pairs if pair.band == band] for band in BANDS_M]
    each = -(-n_most // max(sum(map(bool, bands)), 1))
    return [pair for band in bands for pair in band[:each]][:n_most]


def departures(zone: ZoneInfo) -> list[datetime]:
    """List the ten instants at which each pair is walked."""
    return [datetime.combine(day, time(hour), tzinfo=zone) for day, hour in product(DATES, HOURS)]


def draw_pairs(city: City, network: Network) -> list[Pair]:
    """Draw the pairs of a city; a band that is wider than the city gets none."""
    rng = np.random.default_rng(SEED)
    xy = _places(city, network, rng, n=20_000)
    told = city.to_degrees(xy)
    pairs: list[Pair] = []
    count = dict.fromkeys(BANDS_M, 0)
    wide = list(BANDS_M)
    while wide and len(pairs) < N_PAIRS:
        band = min(wide, key=lambda one: count[one])
        found = _find(xy, rng, *BANDS_M[band])
        if found is None:
            wide.remove(band)
            continue
        ends = [(round(float(told[k, 0]), 6), round(float(told[k, 1]), 6)) for k in found]
        pairs.append(Pair(city.name, f"{band[0]}{count[band]:03d}", band, ends[0], ends[1]))
        count[band] += 1
    return sorted(pairs, key=lambda pair: (list(BANDS_M).index(pair.band), pair.name))


def _places(
    city: City, network: Network, rng: np.random.Generator, *, n: int
) -> NDArray[np.float64]:
    """Draw places on the largest connected part within the extent, by length of street."""
    is_open = network.component[network.edge_node[:, 0]] == 0
    length_m = np.where(is_open, network.length_m, 0.0)
    edge = rng.choice(network.n_edges, size=n, p=length_m / length_m.sum())
    points = shapely.line_interpolate_point(
        network.lines()[edge], rng.uniform(size=n), normalized=True
    )
    inside = shapely.contains(city.extent, points)
    return shapely.get_coordinates(points[inside])


def _find(
    xy: NDArray[np.float64], rng: np.random.Generator, least_m: float, most_m: float
) -> tuple[int, int] | None:
    """Find two places whose distance is drawn evenly from a band."""
    for _ in range(N_TRIES):
        start, wanted_m = int(rng.integers(len(xy))), rng.uniform(least_m, most_m)
        away_m = np.hypot(*(xy - xy[start]).T)
        near = np.flatnonzero(np.abs(away_m - wanted_m) < 10.0)
        if len(near):
            return start, int(rng.choice(near))
    return None


def main() -> None:
    """Draw a city's pairs and print them as rows of the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("source", help="an .osm.pbf, whose name names the city, or helsinki")
    source = parser.parse_args().source
    path = helsinki_path() if source == "helsinki" else Path(source)
    city = build_city(read_osm(path), name=Path(source).name.split(".")[0])
    table = csv.writer(sys.stdout, lineterminator="\n")
    for pair in draw_pairs(city, build_network(city, pavements=None)):
        table.writerow((pair.city, pair.name, pair.band, *pair.origin, *pair.destination))


if __name__ == "__main__":
    main()
