"""
How often the time in the sun of a walk lies within its interval, and how wide that is.

    python benchmarks/measure_intervals.py [--city helsinki | EXTRACT.osm.pbf ...] [--profile full]

Heights that are told are hidden, all of them or a random half, so that they are guessed: by the
table, or by the other half. Walks are then found with the guesses, and their time in the sun is
compared with that of the same walk under the told heights, to half a second. What is never told
is the same in both, and taken as sure, and so are crowns: their truth is not known. Suns are 10°
high or more.

With several cities the correlation of errors is chosen anew for each, from the others alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solarpass.city import City, build_city
from solarpass.errors import SolarpassError
from solarpass.height import HeightModel, guess_heights, is_roof_kind
from solarpass.horizon import Horizon, ShadeModel, build_horizon
from solarpass.interval import IntervalModel, find_doubts, find_interval
from solarpass.network import Network, build_network
from solarpass.osm import helsinki_path, read_osm
from solarpass.route import Route, find_routes
from solarpass.shade import ShadeTable, build_shade
from solarpass.sun import SunPath, find_sun
from solarpass.surface import build_surface
from solarpass.trip import Trip

COARSE = ShadeModel(spacing_m=2.0)  # for all horizons of a city alike; takes a third of the time
NEAR_M, FAR_M = 300.0, 1500.0  # between the ends of a walk
LEAST_DEG = 10.0
SLOTS = 14  # of five minutes, which hold the longest walk
COMMONS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)  # to choose from
AT_STAKE_S = 30.0  # walks on which hidden heights may matter by this much are told apart
PROFILES = {"ci": (2, 25, 1), "full": (10, 60, 5)}  # suns, walks a sun, random halves


@dataclass(frozen=True, eq=False)
class Walk:
    """A walk found with guessed heights, and what it is under those told."""

    city: str
    way: str
    route: Route
    guess: ShadeTable
    true_s: float

    def holds(self, model: IntervalModel) -> tuple[bool, float]:
        """Tell whether the interval holds the truth, to half a second, and its width. [s]."""
        found = find_interval(self.guess, self.route, model=model)
        inside = found.low_s - 0.5 <= self.true_s <= found.high_s + 0.5
        return inside, found.high_s - found.low_s

    def stake_s(self) -> float:
        """Tell how far the guesses may be off on all edges together. [s]."""
        _, less_s, more_s = find_doubts(self.guess, self.route)
        return float(less_s.sum() + more_s.sum())


def main() -> None:
    """Print coverage and width for each city and way of hiding."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--city", nargs="*", default=["helsinki"])
    asked.add_argument("--profile", choices=PROFILES, default="full")
    options = asked.parse_args()
    print(f"{HeightModel()} {IntervalModel()}")
    walks: dict[str, list[Walk]] = {}
    for name in options.city:
        path = helsinki_path() if name == "helsinki" else Path(name)
        walks[path.name] = list(walk_city(path, *PROFILES[options.profile]))
        tell(path.name, walks[path.name], IntervalModel())
    for name, of_city in walks.items():
        others = [walk for other, of in walks.items() if other != name for walk in of]
        if others:
            common = choose_common(others)
            print(f"\nwith common {common} chosen from the other cities:")
            tell(name, of_city, replace(IntervalModel(), common=common))


def tell(name: str, walks: Sequence[Walk], model: IntervalModel) -> None:
    """Print how often intervals hold, and how wide they are."""
    for way in ("half", "all"):
        some = [walk for walk in walks if walk.way == way]
        held = np.array([walk.holds(model) for walk in some])
        stake = np.array([walk.stake_s() for walk in some]) >= AT_STAKE_S
        bias_s = [walk.true_s - walk.route.sun_s for walk in some]
        walk_s = np.array([walk.route.walk_s for walk in some])
        print(
            f"{name}, {way} hidden: {100 * held[:, 0].mean():.0f} % of {len(some)} walks within, "
            f"median width {np.median(held[:, 1]) / 60:.1f} min of {np.median(walk_s) / 60:.0f}; "
            f"where heights are at stake {100 * held[stake, 0].mean():.0f} % of {stake.sum()}, "
            f"{np.median(held[stake, 1]) / 60:.1f} min; truth less guess "
            f"{np.mean(bias_s) / 60:+.1f} min",
            flush=True,
        )


def choose_common(walks: Sequence[Walk]) -> float:
    """Choose the correlation at which nine in ten hold where one half is hidden."""
    half = [walk for walk in walks if walk.way == "half"]
    step = max(len(half) // 2000, 1)

    def miss(common: float) -> float:
        model = replace(IntervalModel(), common=common)
        return abs(float(np.mean([walk.holds(model)[0] for walk in half[::step]])) - 0.9)

    return min(COMMONS, key=miss)


def walk_city(path: Path, n_suns: int, n_walks: int, n_halves: int) -> Iterator[Walk]:
    """Hide heights in one city, and walk through it."""
    city = build_city(read_osm(path), name=path.stem)
    network = build_network(city)
    rng = np.random.default_rng(7)
    suns = list(draw_suns(city, rng, n_suns))
    trips = [trip for at, _ in suns for trip in draw_trips(city, network, rng, at, n_walks)]
    told = (city.buildings["height_source"] != "guessed").to_numpy(bool)
    whole = find_wholes(city.buildings)
    truth = shade_suns(build(city, network, city.buildings.assign(height_spread_m=0.0)), suns)
    casting = int((told & city.buildings["casts"]).sum())
    print(f"\n{path.name}: {casting} of {int(city.buildings['casts'].sum())} heights are told")
    for way, n_seeds in (("all", 1), ("half", n_halves)):
        for seed in range(n_seeds):
            drawn = np.random.default_rng(seed).random(len(told)) < 0.5
            hidden = told & (drawn[whole] if way == "half" else True)
            guess = shade_suns(build(city, network, hide(city.buildings, hidden)), suns)
            for trip in trips:
                for route in find_all(network, guess[trip.departs], trip):
                    true_s = float(find_doubts(truth[trip.departs], route)[0].sum())
                    yield Walk(path.name, way, route, guess[trip.departs], true_s)


def find_all(network: Network, shade: ShadeTable, trip: Trip) -> list[Route]:
    """Find the walks of a trip, none where its ends are not joined."""
    try:
        return find_routes(network, shade, trip)
    except SolarpassError:
        return []


def hide(buildings: gpd.GeoDataFrame, hidden: NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Guess the hidden heights from those still told; all others are sure."""
    top = buildings["height_m"].to_numpy(float).copy()
    kind, source = (buildings[name].to_numpy(object).copy() for name in ("kind", "height_source"))
    kept = top.copy()
    top[hidden | (source == "guessed")] = np.nan
    source[hidden] = "guessed"
    counts = ~buildings["is_part"].to_numpy(bool) & ~is_roof_kind(kind)
    shape = np.asarray(buildings.geometry)
    spread = guess_heights(kind, top, source, shape, counts=counts, model=HeightModel())
    top[~hidden], spread[~hidden] = kept[~hidden], 0.0
    base = buildings["base_m"].to_numpy(float)
    return buildings.assign(
        height_m=top, height_spread_m=spread, base_m=np.where(base < top, base, 0.0)
    )


def find_wholes(buildings: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Find the building of each part, which is hidden with it; others are their own."""
    whole = np.arange(len(buildings))
    shape, is_part = np.asarray(buildings.geometry), buildings["is_part"].to_numpy(bool)
    parts, outlines = np.flatnonzero(is_part), np.flatnonzero(~is_part)
    inside = shapely.point_on_surface(shape[parts])
    part, found = shapely.STRtree(shape[outlines]).query(inside, predicate="within")
    whole[parts[part]] = outlines[found]
    return whole


def build(city: City, network: Network, buildings: gpd.GeoDataFrame) -> Horizon:
    """Build a horizon of which crowns are sure."""
    surface = build_surface(replace(city, buildings=buildings))
    horizon = build_horizon(surface, network, model=COARSE)
    passed = horizon.transmittance
    sure = replace(horizon.spread, crown=np.zeros(passed.shape), least=passed, most=passed)
    return replace(horizon, spread=sure)


def draw_suns(
    city: City, rng: np.random.Generator, n_suns: int
) -> Iterator[tuple[pd.Timestamp, SunPath]]:
    """Draw instants of summer days, and the suns of the hour after each."""
    latitude_deg, longitude_deg = city.centre
    while n_suns > 0:
        day = pd.Timestamp("2026-05-15") + pd.Timedelta(days=int(rng.integers(110)))
        at = (day + pd.Timedelta(minutes=int(rng.integers(300, 1260)))).tz_localize(city.zone)
        times = pd.date_range(at, periods=SLOTS, freq="5min") + pd.Timedelta(minutes=2.5)
        sun = find_sun(times, latitude_deg=latitude_deg, longitude_deg=longitude_deg)
        if sun.elevation_deg.min() >= LEAST_DEG:
            n_suns -= 1
            yield at, sun


def draw_trips(
    city: City, network: Network, rng: np.random.Generator, at: pd.Timestamp, n_trips: int
) -> Iterator[Trip]:
    """Draw trips between corners of the largest component within the extent."""
    inside = shapely.contains_xy(city.extent, network.node_xy)
    node = np.flatnonzero((network.component == 0) & inside)
    for _ in range(1000 * n_trips):
        ends = network.node_xy[rng.choice(node, 2)]
        if NEAR_M <= np.hypot(*(ends[1] - ends[0])) <= FAR_M:
            origin, destination = (tuple(map(float, end)) for end in city.to_degrees(ends))
            departs = at.to_pydatetime()
            yield Trip(origin=origin, destination=destination, departs=departs, budget=0.15)
            n_trips -= 1
        if n_trips == 0:
            return


def shade_suns(
    horizon: Horizon, suns: Sequence[tuple[pd.Timestamp, SunPath]]
) -> dict[pd.Timestamp, ShadeTable]:
    """Look up the shade of the hour after each instant."""
    return {at.to_pydatetime(): build_shade(horizon, sun) for at, sun in suns}


if __name__ == "__main__":
    main()
