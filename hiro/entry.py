"""Entries: sites on their way into the tables, whatever told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from solarpass.tag import text_column

from .shelter import SHELTERS


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """
    One site.

    Attributes
    ----------
    site_id, name, kind, ifopt
        As in the table of `Sites`.
    places
        Where one waits, each with its shelter and what told of it.
    at
        Where the map shows it; None: at the place that lies amid the others.
    saved_min
        Minutes in the sun that shade there saves of 1,000 trips, as `solarpass shade --missing`
        tells; None: nobody told. [min per 1,000 trips]
    """

    site_id: str
    name: str | None
    kind: str
    places: Sequence[tuple[shapely.Point, str, str]]
    ifopt: str | None = None
    at: shapely.Point | None = None
    saved_min: float | None = None


def tabulate(
    entries: Sequence[Entry], crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Write entries as the two tables of `Sites`, without what the sites are called."""
    at = [entry.at or _find_middle(entry) for entry in entries]
    table = gpd.GeoDataFrame(
        {
            "site_id": text_column([entry.site_id for entry in entries]),
            "name": text_column([entry.name for entry in entries]),
            "kind": text_column([entry.kind for entry in entries]),
            "shelter": text_column([_find_shelter(entry) for entry in entries]),
            "ifopt": text_column([entry.ifopt for entry in entries]),
        },
        geometry=gpd.GeoSeries(_hold(at), crs=crs),
        crs=crs,
    )
    if any(entry.saved_min is not None for entry in entries):
        saved_min = [np.nan if one.saved_min is None else one.saved_min for one in entries]
        table["saved_min"] = np.array(saved_min, dtype=float)
    places = [place for entry in entries for place in entry.places]
    counts = [len(entry.places) for entry in entries]
    waiting = gpd.GeoDataFrame(
        {
            "site": np.repeat(np.arange(len(entries), dtype=np.int64), counts),
            "shelter": text_column([shelter for _, shelter, _ in places]),
            "source": text_column([source for _, _, source in places]),
        },
        geometry=gpd.GeoSeries(_hold([point for point, _, _ in places]), crs=crs),
        crs=crs,
    )
    return table, waiting


def _hold(points: Sequence[shapely.Point]) -> Any:  # noqa: ANN401 - an array of points
    # A centimetre is finer than any map, and the same on every machine.
    xy = np.array([(point.x, point.y) for point in points], dtype=float).reshape(-1, 2)
    return shapely.points(xy.round(2))


def _find_middle(entry: Entry) -> shapely.Point:
    """Find the place where one waits that lies nearest to the middle of all."""
    xy = np.array([(point.x, point.y) for point, _, _ in entry.places])
    away_m = np.hypot(*(xy - xy.mean(axis=0)).T).round(2)
    return entry.places[int(np.argmin(away_m))][0]


def _find_shelter(entry: Entry) -> str:
    """Tell the commonest shelter of its places, the least of equals; unknown only if all are."""
    kinds = Counter(shelter for _, shelter, _ in entry.places if shelter != "unknown")
    return min(kinds, key=lambda kind: (-kinds[kind], SHELTERS.index(kind)), default="unknown")


def count_words(words: Sequence[str]) -> str:
    """
    Count words, the commonest first.

    Examples
    --------
    >>> count_words(["kerb", "pole", "kerb"])
    '2 kerb, 1 pole'
    """
    ordered = sorted(Counter(words).items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{count:,} {word}" for word, count in ordered)
