"""Elements: what an answer of Overpass holds, as the tables of a city that we build from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from solarpass.extent import project
from solarpass.facility import build_facilities
from solarpass.gazetteer import build_stops
from solarpass.key import AREA_TAGS, POINT_TAGS, is_area

_TAGS = tuple(dict.fromkeys([*POINT_TAGS, *AREA_TAGS]))

Drawn = tuple[str, int, Mapping[str, str], Any]


def find_degrees(elements: Sequence[Mapping[str, Any]]) -> tuple[list[Drawn], int]:
    """
    Draw elements in degrees: their type, id, tags and shape; and count those without a place.

    Nodes carry ``lat`` and ``lon``; ways ``geometry``, ``nodes`` of the same answer, ``center``
    or ``bounds``; relations one of the latter.
    """
    at: dict[Any, tuple[float, float]] = {}
    for one in elements:
        place = _read_place(one) if one.get("type") == "node" else None
        if place is not None:
            at[one.get("id")] = place
    drawn: list[Drawn] = []
    n_lost = 0
    seen: set[tuple[str, int]] = set()
    for one in elements:
        tags = one.get("tags")
        kind, number = one.get("type"), one.get("id")
        if not isinstance(tags, dict) or kind not in {"node", "way", "relation"}:
            continue
        if not isinstance(number, int) or (kind, number) in seen:
            continue
        seen.add((kind, number))
        texts = {str(key): str(value) for key, value in tags.items()}
        shape = _draw(one, texts, at)
        if shape is None:
            n_lost += 1
        else:
            drawn.append((kind, number, texts, shape))
    return drawn, n_lost


def _draw(
    one: Mapping[str, Any], tags: Mapping[str, str], at: Mapping[Any, tuple[float, float]]
) -> Any:  # noqa: ANN401 - any geometry
    course: list[tuple[float, float]] = []
    if one["type"] == "node":
        return None if one["id"] not in at else shapely.Point(at[one["id"]])
    if isinstance(one.get("geometry"), list):
        course = [p for v in one["geometry"] if v and (p := _read_place(v)) is not None]
    elif isinstance(one.get("nodes"), list):
        course = [at[ref] for ref in one["nodes"] if ref in at]
    if len(course) >= 4 and course[0] == course[-1] and is_area(tags):
        return shapely.make_valid(shapely.Polygon(course))
    if len(course) >= 2:
        return shapely.LineString(course)
    middle = one.get("center") or _middle(one.get("bounds"))
    place = _read_place(middle) if isinstance(middle, dict) else None
    return None if place is None else shapely.Point(place)


def _middle(bounds: Any) -> dict[str, float] | None:  # noqa: ANN401 - of JSON
    try:
        return {
            "lat": 0.5 * (bounds["minlat"] + bounds["maxlat"]),
            "lon": 0.5 * (bounds["minlon"] + bounds["maxlon"]),
        }
    except (TypeError, KeyError):
        return None


def _read_place(told: Mapping[str, Any]) -> tuple[float, float] | None:
    """Read longitude and latitude, None where they make no sense."""
    try:
        longitude, latitude = float(told["lon"]), float(told["lat"])
    except (TypeError, KeyError, ValueError):
        return None
    is_sound = abs(longitude) <= 180.0 and abs(latitude) <= 90.0
    return (longitude, latitude) if is_sound else None


def tabulate_elements(
    drawn: Sequence[Drawn], crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Build stops and facilities, as of a `City`, of drawn elements."""
    is_node = [kind == "node" for kind, _, _, _ in drawn]
    is_line = [shape.geom_type == "LineString" for _, _, _, shape in drawn]
    rows = list(zip(drawn, is_node, is_line, strict=True))
    points = _frame([one for one, node, _ in rows if node], crs)
    areas = _frame([one for one, node, line in rows if not node and not line], crs)
    ways = _frame([one for one, _, line in rows if line], crs)
    nothing = points.iloc[:0]
    stops = build_stops(points, areas, ways=ways, lines=nothing)
    return stops, build_facilities(points, areas, stops=stops)


def _frame(drawn: Sequence[Drawn], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    columns: dict[str, Any] = {
        "osm_type": pd.Series([kind for kind, _, _, _ in drawn], dtype=object),
        "osm_id": np.array([number for _, number, _, _ in drawn], dtype=np.int64),
    }
    for key in _TAGS:
        columns[key] = pd.Series([tags.get(key) for _, _, tags, _ in drawn], dtype=object)
    degrees = np.array([*(shape for _, _, _, shape in drawn), None], dtype=object)[:-1]
    local = shapely.transform(degrees, lambda xy: project(crs, xy).round(3))
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(local, crs=crs), crs=crs)
