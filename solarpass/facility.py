"""Facilities: things for everybody, such as playgrounds, hospitals, benches and drinking water."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .tag import read_tags, text_column

KINDS = (
    *("school", "day_care", "hospital", "clinic", "doctors", "nursing_home", "playground"),
    *("square", "shelter", "toilets", "drinking_water", "fountain", "bench"),
)
_AMENITY = {
    **{kind: kind for kind in ("school", "hospital", "clinic", "doctors", "nursing_home")},
    **{kind: kind for kind in ("shelter", "toilets", "drinking_water", "bench")},
    "kindergarten": "day_care",
    "childcare": "day_care",
}
_HEALTHCARE = {"hospital": "hospital", "clinic": "clinic", "doctor": "doctors"}
_HOMES = frozenset(["nursing_home", "assisted_living"])
_TAPS = frozenset(["water_tap", "water_well", "drinking_fountain"])
_TOLD = ("access", "opening_hours", "social_facility", "covered", "bench")
_REACH_M = 1.0  # a roof this near to a stop is its shelter; our choice


def build_facilities(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, stops: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Build the things for everybody: where children, the sick and the old are, and what helps.

    Parameters
    ----------
    points, areas
        Of `OsmTables`, in local metres.
    stops
        Of the city: a roof over one of them is a shelter, though nobody says so.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.facilities`, nodes first, areas as they are drawn.
    """
    frames = [points.assign(osm_type="node"), areas]
    tags = [row for frame in frames for row in read_tags(frame)]
    shape = np.concatenate([np.asarray(frame.geometry) for frame in frames])
    kind = np.array([*map(find_kind, tags), None], dtype=object)[:-1]
    is_area = np.arange(len(tags)) >= len(points)
    paved = np.array([row.get("highway") == "pedestrian" for row in tags], dtype=bool)
    kind[paved & is_area & pd.isna(kind)] = "square"
    roof = np.array([row.get("building") in {"roof", "canopy"} for row in tags], dtype=bool)
    roof &= is_area & pd.isna(kind)
    near = shapely.STRtree(np.asarray(stops.geometry)).query(
        shape[roof], predicate="dwithin", distance=_REACH_M
    )[0]
    kind[np.flatnonzero(roof)[near]] = "shelter"
    kept = ~pd.isna(kind) & ~shapely.is_empty(shape)
    rows = [row for row, ok in zip(tags, kept, strict=True) if ok]
    return gpd.GeoDataFrame(
        {
            "osm_type": text_column([row["osm_type"] for row in rows]),
            "osm_id": np.array([row["osm_id"] for row in rows], dtype=np.int64),
            "kind": text_column(kind[kept]),
            "name": text_column([row.get("name") for row in rows]),
            **{key: text_column([row.get(key) for row in rows]) for key in _TOLD},
            **read_roofs(rows),
        },
        geometry=shape[kept],
        crs=points.crs,
    )


def find_kind(tags: Mapping[str, Any]) -> str | None:
    """
    Tell which of `KINDS` something is by its tags, None if it is none.

    Examples
    --------
    >>> find_kind({"amenity": "social_facility", "social_facility": "assisted_living"})
    'nursing_home'
    >>> find_kind({"man_made": "water_tap"}) is None, find_kind({"amenity": "fountain"})
    (True, 'fountain')
    >>> find_kind({"amenity": "fountain", "drinking_water": "yes"})
    'drinking_water'
    """
    amenity = tags.get("amenity")
    told = _AMENITY.get(amenity) or _HEALTHCARE.get(tags.get("healthcare"))  # type: ignore[arg-type]  # None is no kind
    home = tags.get("social_facility")
    is_old = "senior" in str(tags.get("social_facility:for", ""))
    if told is None and (home in _HOMES or (home == "group_home" and is_old)):
        told = "nursing_home"
    if told is None and tags.get("leisure") == "playground":
        told = "playground"
    if told is None and tags.get("place") == "square":
        told = "square"
    if told is None and tags.get("public_transport") == "shelter":
        told = "shelter"
    if told is None or told == "drinking_water":
        is_fountain = told is None and amenity == "fountain"
        return "drinking_water" if _is_drinkable(tags) else "fountain" if is_fountain else None
    return told


def _is_drinkable(tags: Mapping[str, Any]) -> bool:
    """Tell whether one may drink here; a tap is drinkable only where somebody says so."""
    told = tags.get("drinking_water")
    if tags.get("amenity") in {"drinking_water", "water_point"}:
        return told != "no"
    is_source = tags.get("amenity") == "fountain" or tags.get("man_made") in _TAPS
    return told == "yes" and (is_source or tags.get("natural") == "spring")


def read_roofs(
    rows: list[dict[str, Any]],
    materials: Sequence[str] = ("roof:material", "material", "building:material"),
) -> dict[str, pd.Series[Any]]:
    """Read what is told of roofs: ``shelter_type``, ``roof_material``, ``roof_shape``, ``wall``."""
    return {
        "shelter_type": text_column([row.get("shelter_type") for row in rows]),
        "roof_material": text_column(
            [next((row[key] for key in materials if key in row), None) for row in rows]
        ),
        "roof_shape": text_column([row.get("roof:shape") for row in rows]),
        "wall": text_column([row.get("wall") for row in rows]),
    }
