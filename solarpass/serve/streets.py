"""Streets: the sun on those of a rectangle at one instant, as GeoJSON, no more than fit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from solarpass.atlas import Atlas
from solarpass.credit import find_credit
from solarpass.network import Network
from solarpass.pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES

from .refusal import QuestionError

MOST_STREETS: Final = 20_000  # edges in one answer, some 8 MB; our choice

Box = tuple[float, float, float, float]

_trees: WeakKeyDictionary[Network, STRtree] = WeakKeyDictionary()


def find_streets(atlas: Atlas, at: datetime, box: Box | None) -> dict[str, Any]:
    """
    Tell the sun on the streets of a rectangle, as `export.edges_at` does on all.

    Parameters
    ----------
    atlas
        The city.
    at
        When, zone-aware.
    box
        West, south, east and north; None: the whole city. [°]

    Raises
    ------
    QuestionError
        If there are more than 20,000 edges.
    """
    edges = _find_edges(atlas, box)
    if len(edges) > MOST_STREETS:
        msg = (
            f"There are {len(edges):,} pieces of streets, and {MOST_STREETS:,} are sent at most; "
            "ask for a smaller `bbox`."
        )
        raise QuestionError(msg, status=413, kind="too_large")
    table = atlas.shade_on(at.astimezone(atlas.zone).date())
    row = table.row_at(at)
    low, high = table.sun_bounds(row)
    suns = zip(
        *(_list_shares(share[edges]) for share in (table.sun_fraction(row), low, high)),
        strict=True,
    )
    return {
        "type": "FeatureCollection",
        **find_credit(atlas),
        "at": at.isoformat(),
        "city": atlas.city.name,
        "features": [
            _tell_edge(atlas, edge, *sun) for edge, sun in zip(edges.tolist(), suns, strict=True)
        ],
    }


def _find_edges(atlas: Atlas, box: Box | None) -> NDArray[np.int64]:
    network = atlas.network
    has_length = network.length_m > 0.0
    if box is None:
        return np.flatnonzero(has_length)
    west, south, east, north = box
    # The rectangle of degrees is none in metres: its rim is followed in small steps.
    share = np.linspace(0.0, 1.0, 17)[:-1]
    lon = np.concatenate([west + (east - west) * share, np.full(16, east)])
    lon = np.concatenate([lon, east - (east - west) * share, np.full(16, west)])
    lat = np.concatenate([np.full(16, south), south + (north - south) * share])
    lat = np.concatenate([lat, np.full(16, north), north - (north - south) * share])
    rim = atlas.city.to_local(lat, lon)
    if not np.isfinite(rim).all():
        msg = "`bbox` reaches so far that it has no place on the city's map; ask for a smaller one."
        raise QuestionError(msg)
    tree = _trees.get(network)
    if tree is None:
        tree = _trees[network] = STRtree(network.lines())
    # Through the corners of a wide rectangle the rim may cut itself; what it spans is meant.
    found = np.sort(tree.query(shapely.make_valid(shapely.Polygon(rim)), predicate="intersects"))
    edges: NDArray[np.int64] = found[has_length[found]]
    return edges


def _list_shares(share: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(one) else round(float(one), 6) for one in share]


def _tell_edge(
    atlas: Atlas, edge: int, sun: float | None, low: float | None, high: float | None
) -> dict[str, Any]:
    network = atlas.network
    line = atlas.city.to_degrees(np.asarray(network.geometry(edge)))
    return {
        "type": "Feature",
        "properties": {
            "osm_id": int(network.osm_id[edge]),
            "name": network.street_name[network.street[edge]],
            "highway": network.highway_kind[network.highway[edge]],
            "length_m": round(float(network.length_m[edge]), 2),
            "side": SIDES[network.side[edge]],
            "pavement_source": PAVEMENT_SOURCES[network.pavement[edge]],
            "crossing": CROSSINGS[network.crossing[edge]],
            "is_steps": bool(network.is_steps[edge]),
            "is_covered": bool(network.is_covered[edge]),
            "sun_fraction": sun,
            "sun_fraction_low": low,
            "sun_fraction_high": high,
        },
        "geometry": {"type": "LineString", "coordinates": np.round(line[:, ::-1], 7).tolist()},
    }
