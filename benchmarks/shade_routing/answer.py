"""
SolarPass answers the frozen trips: one GeoJSON feature a line, as any other router may.

    python benchmarks/shade_routing/answer.py helsinki FOLDER --out answers.geojsonl

Kinds: `shortest`, `shadiest` (the usual search, 10 % longer at most), `exact` (the search that
is proven) and `frozen` (the shadiest if the sun stood still at the departure, as other
routers have it).
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from trips import Pair, departures, read_pairs

from solarpass.atlas import Atlas, built_in_atlas, read_atlas
from solarpass.errors import NoRouteError, TripError
from solarpass.route import Route, find_routes
from solarpass.shade import LIT, ShadeTable
from solarpass.trip import Trip

BUDGET = 0.10
LONGEST_H = 8.0  # no walk of these trips takes longer, over the hills of Liechtenstein either


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """
    What one trip got.

    Attributes
    ----------
    pair, departs
        The question.
    routes
        By kind.
    sun_s
        Time of each in the sun that moves, by our own table; the frozen one walked again. [s]
    seconds
        What the two usual walks took to find. [s]
    """

    pair: Pair
    departs: datetime
    routes: dict[str, Route]
    sun_s: dict[str, float]
    seconds: float


def open_city(name: str, folder: str | None) -> Atlas:
    """Open a city by its folder, or the built-in one."""
    return built_in_atlas() if folder is None and name == "helsinki" else read_atlas(str(folder))


def answer_all(
    atlas: Atlas, pairs: list[Pair], instants: list[datetime]
) -> Iterator[Answer | tuple[Pair, datetime, str]]:
    """Answer each pair at each instant; a trip that has no answer comes with the sentence why."""
    if pairs:  # compiles, or reads what was compiled
        _answer(atlas, pairs[0], instants[0])
    for departs in instants:
        for pair in pairs:
            try:
                yield _answer(atlas, pair, departs)
            except (TripError, NoRouteError) as error:
                yield pair, departs, str(error)


def _answer(atlas: Atlas, pair: Pair, departs: datetime) -> Answer:
    shade = atlas.shade_on(departs.date())
    trip = Trip(pair.origin, pair.destination, departs, BUDGET)
    began = time.perf_counter()
    shortest, shadiest = find_routes(atlas.network, shade, trip)
    seconds = time.perf_counter() - began
    routes = {
        "shortest": shortest,
        "shadiest": shadiest,
        "exact": find_routes(atlas.network, shade, trip, exact=True)[-1],
        "frozen": find_routes(atlas.network, stand_still(shade, departs), trip)[-1],
    }
    sun_s = {kind: walk_again(shade, route) for kind, route in routes.items()}
    return Answer(pair, departs, routes, sun_s, seconds)


_frozen: dict[tuple[int, int], ShadeTable] = {}


def stand_still(shade: ShadeTable, departs: datetime) -> ShadeTable:
    """Hold the sun where it stands at the departure."""
    row = shade.row_at(departs)
    key = (id(shade), row)
    if key not in _frozen:
        _frozen.clear()
        n = int(LONGEST_H * 3600 / shade.slot_s)
        still = np.repeat(shade.sun[row : row + 1], n, axis=0)
        night = np.repeat(shade.is_night[row : row + 1], n)
        _frozen[key] = ShadeTable(shade.times[row : row + n], still, night)
    return _frozen[key]


def walk_again(shade: ShadeTable, route: Route) -> float:
    """Walk a route under the sun that moves. [s]."""
    begins_s = (route.departs - shade.times[0]).total_seconds()
    row = ((begins_s + route.entered_s) // shade.slot_s).astype(np.int64)
    stored: NDArray[np.uint8] = np.minimum(shade.sun[row, route.edge], LIT)
    return float(stored.astype(np.int64) @ route.edge_walk_s) / LIT


def to_lines(atlas: Atlas, answer: Answer) -> Iterator[str]:
    """Write an answer as features, one a line."""
    for kind, route in answer.routes.items():
        degrees = np.round(atlas.city.to_degrees(route.xy)[:, ::-1], 6)
        yield json.dumps(
            {
                "type": "Feature",
                "properties": {
                    "city": answer.pair.city,
                    "trip": answer.pair.name,
                    "at": answer.departs.isoformat(),
                    "kind": kind,
                },
                "geometry": {"type": "LineString", "coordinates": degrees.tolist()},
            }
        )


def main() -> None:
    """Answer a city's trips into a file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("city")
    parser.add_argument("folder", nargs="?", help="a city folder; helsinki has one built in")
    parser.add_argument("--out", required=True)
    asked = parser.parse_args()
    atlas = open_city(asked.city, asked.folder)
    with Path(asked.out).open("w", encoding="utf-8") as lines:
        for answer in answer_all(atlas, read_pairs(asked.city), departures(atlas.zone)):
            if isinstance(answer, Answer):
                lines.writelines(f"{line}\n" for line in to_lines(atlas, answer))


if __name__ == "__main__":
    main()
