"""
Score answers to the frozen trips, anyone's, against the dense reference shade.

    python benchmarks/shade_routing/score.py answers.geojsonl --city helsinki [--folder FOLDER]

Answers are GeoJSON features, one a line: a LineString in longitude and latitude with the
properties `city`, `trip`, `at` (a time of `trips.departures` with its offset) and `kind` (any
name). Each line is walked at 1.34 m/s without waits; every metre has the sun of its own place
and five minutes, cast from the city's buildings and crowns, no graph between. A line counts as
an answer if it begins and ends within 60 m of the trip's places.
"""

from __future__ import annotations

import argparse
import json
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from answer import open_city
from numpy.typing import NDArray
from trips import read_pairs

from solarpass.atlas import Atlas
from solarpass.leaf import leaves_on
from solarpass.picture import cast
from solarpass.window import Window

SPEED_M_S = 1.34
STEP_M = 1.0  # between two looks at the sun
SLOT_S = 300
SNAP_M = 60.0
LEAST_SAVING = 0.01  # less is noise of the pictures' cells
CELL_M = 1.0
SIDE = 512  # cells: a block, as `cast` makes its pictures of
MOST_BLOCKS = 500  # kept, of a megabyte each


@dataclass(frozen=True, slots=True)
class Score:
    """
    One answer, walked.

    Attributes
    ----------
    trip, at, kind
        Which.
    length_m
        Its length. [m]
    sun_s, unknown_s
        Time in the sun, and where nobody knows; a house's inside counts as unknown. [s]
    """

    trip: str
    at: datetime
    kind: str
    length_m: float
    sun_s: float
    unknown_s: float


class Reference:
    """
    The dense shade of a city: pictures of five minutes each, block by block.

    Only the blocks that a line passes through are cast, and the last ones kept, so that a whole
    country takes no more memory than a town. They are the blocks of which a picture of the whole
    city is made, hence the same sun.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.whole = Window.around(atlas.city.extent.bounds, cell_m=CELL_M)
        self._kept: OrderedDict[tuple[pd.Timestamp, int, int], NDArray[np.float32]] = OrderedDict()
        self._suns: dict[pd.Timestamp, tuple[float, float, float]] = {}

    def block_of(self, slot: pd.Timestamp, row: int, column: int) -> NDArray[np.float32]:
        """Cast the shadows of the middle of a slot on one block, row 0 in its north."""
        key = (slot, row, column)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if len(self._kept) >= MOST_BLOCKS:
            self._kept.popitem(last=False)
        whole = self.whole
        block = Window(
            whole.row + row * SIDE,
            whole.column + column * SIDE,
            min(SIDE, whole.n_rows - row * SIDE),
            min(SIDE, whole.n_columns - column * SIDE),
            CELL_M,
        )
        azimuth_deg, elevation_deg, leaf_fraction = self._sun_of(slot)
        self._kept[key] = cast(
            self.atlas.surface,
            azimuth_deg=azimuth_deg,
            elevation_deg=elevation_deg,
            bounds=block.bounds,
            cell_m=CELL_M,
            leaf_fraction=leaf_fraction,
        ).sun
        return self._kept[key]

    def look(
        self, xy: NDArray[np.float64], at_s: NDArray[np.float64], begins: datetime
    ) -> NDArray[np.float64]:
        """Look up the sun of places at seconds since a departure; NaN unknown, ``(n,)``."""
        start = pd.Timestamp(begins)
        first = start.floor(f"{SLOT_S}s")
        slot = (((start - first).total_seconds() + at_s) // SLOT_S).astype(int)
        west, _, _, north = self.whole.bounds
        column = np.floor((xy[:, 0] - west) / CELL_M).astype(int)
        row = self.whole.n_rows - 1 - np.floor((north - xy[:, 1]) / CELL_M).astype(int)
        inside = (row >= 0) & (row < self.whole.n_rows)
        inside &= (column >= 0) & (column < self.whole.n_columns)
        sun = np.full(len(xy), np.nan)
        keys = np.column_stack([slot, row // SIDE, column // SIDE])
        for number, block_row, block_column in np.unique(keys[inside], axis=0).tolist():
            instant = first + pd.Timedelta(seconds=number * SLOT_S)
            seen = self.block_of(instant, block_row, block_column)
            here = inside & (keys == (number, block_row, block_column)).all(axis=1)
            down = len(seen) - 1 - (row[here] - block_row * SIDE)
            sun[here] = seen[down, column[here] - block_column * SIDE]
        return sun

    def _sun_of(self, slot: pd.Timestamp) -> tuple[float, float, float]:
        """Tell where the sun stands amid a slot, and how far trees are in leaf."""
        if slot not in self._suns:
            times = pd.DatetimeIndex([slot + pd.Timedelta(seconds=SLOT_S / 2)])
            sun = self.atlas.find_sun(times)
            leaf = leaves_on(self.atlas.horizon.leaf_year, times)[0]
            self._suns[slot] = (
                float(sun.azimuth_deg[0]),
                float(sun.elevation_deg[0]),
                float(leaf),
            )
        return self._suns[slot]


def walk_line(
    reference: Reference, xy: NDArray[np.float64], departs: datetime
) -> tuple[float, float, float]:
    """Walk a line; tell its metres, its seconds in the sun and its unknown seconds."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    length_m = float(along[-1])
    if length_m == 0.0:
        return 0.0, 0.0, 0.0
    n = max(round(length_m / STEP_M), 1)
    at_m = (np.arange(n) + 0.5) * length_m / n
    places = np.column_stack([np.interp(at_m, along, xy[:, k]) for k in (0, 1)])
    sun = reference.look(places, at_m / SPEED_M_S, departs)
    each_s = length_m / n / SPEED_M_S
    unknown = np.isnan(sun)
    return length_m, float(np.nansum(sun)) * each_s, float(unknown.sum()) * each_s


def score_lines(reference: Reference, features: Iterable[dict[str, Any]], city: str) -> list[Score]:
    """Score the features of one city, slot by slot, so that few pictures are kept."""
    pairs = {pair.name: pair for pair in read_pairs(city)}
    mine = [one for one in features if one["properties"].get("city") == city]
    scores = []
    for feature in sorted(
        mine, key=lambda one: (one["properties"]["at"], one["properties"]["trip"])
    ):
        told = feature["properties"]
        pair, at = pairs.get(told["trip"]), datetime.fromisoformat(told["at"])
        lon_lat = np.asarray(feature["geometry"]["coordinates"], float)[:, :2]
        if pair is None or at.utcoffset() is None or len(lon_lat) < 2:
            msg = f"Wanted a line for a trip of {city} at a time with its offset; got {told}."
            raise SystemExit(msg)
        xy = reference.atlas.city.to_local(lon_lat[:, 1], lon_lat[:, 0])
        ends = reference.atlas.city.to_local(*np.transpose([pair.origin, pair.destination]))
        if np.hypot(*(xy[[0, -1]] - ends).T).max() > SNAP_M:
            msg = f"Trip {told['trip']} of {city} begins or ends more than {SNAP_M:g} m off."
            raise SystemExit(msg)
        scores.append(Score(pair.name, at, told["kind"], *walk_line(reference, xy, at)))
    return scores


def compare(scores: list[Score], kind: str, *, least: str = "shortest") -> dict[str, float]:
    """Hold the walks of a kind beside the shortest ones of the same trips."""
    by_kind: dict[str, dict[tuple[str, datetime], Score]] = defaultdict(dict)
    for score in scores:
        by_kind[score.kind][score.trip, score.at] = score
    both = [
        (by_kind[least][key], one) for key, one in by_kind[kind].items() if key in by_kind[least]
    ]
    lit = [(a, b) for a, b in both if a.sun_s + a.unknown_s > 0.0]
    saved = np.array([1.0 - b.sun_s / a.sun_s if a.sun_s else 0.0 for a, b in lit])
    longer = np.array([b.length_m / a.length_m - 1.0 for a, b in lit])
    better = saved > LEAST_SAVING
    return {
        "trips": len(lit),
        "less_sun": float(better.mean()) if lit else np.nan,
        "median_saving": float(np.median(saved[better])) if better.any() else np.nan,
        "mean_sun_s": float(np.mean([b.sun_s for _, b in lit])) if lit else np.nan,
        "more_sun": float((saved < -LEAST_SAVING).mean()) if lit else np.nan,
        "longer": float(np.median(longer)) if lit else np.nan,
    }


def main() -> None:
    """Score a file of answers and print a line for each kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("answers", type=Path)
    parser.add_argument("--city", required=True)
    parser.add_argument("--folder", help="a city folder; helsinki has one built in")
    asked = parser.parse_args()
    features = [json.loads(line) for line in asked.answers.read_text(encoding="utf-8").splitlines()]
    reference = Reference(open_city(asked.city, asked.folder))
    scores = score_lines(reference, features, asked.city)
    for kind in sorted({score.kind for score in scores}):
        told = compare(scores, kind)
        print(
            f"{asked.city:<22}{kind:<12}{told['trips']:>6.0f} trips, less sun on "
            f"{told['less_sun']:.0%}, median saving {told['median_saving']:.0%}, more sun on "
            f"{told['more_sun']:.1%}, mean {told['mean_sun_s'] / 60:.1f} min in the sun, "
            f"median way {told['longer']:.1%} longer"
        )


if __name__ == "__main__":
    main()
