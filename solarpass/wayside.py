"""The wayside: water, seats and toilets along a walk, each with the time one passes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import nan
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .atlas import Atlas
from .outlook import build_outlook
from .route import Route
from .shade import build_shade
from .trip import walk_ends

WaysideKind = Literal["drinking_water", "fountain", "toilets", "bench"]

WAYSIDE_KINDS: Final[tuple[WaysideKind, ...]] = ("drinking_water", "fountain", "toilets", "bench")
REACH_M: Final = 30.0  # so far one leaves a walk for water or a seat; our choice
APART_M: Final = 25.0  # benches nearer to one another along the walk are one; our choice
ON_WAY_M: Final = 1.0  # what lies this near has no side; our choice
_SLOT_S: Final = 300


@dataclass(frozen=True, slots=True)
class Waypoint:
    """
    Something along a walk that a walker may want.

    Attributes
    ----------
    kind
        Water to drink, a fountain that is not said to be for drinking, toilets, or a bench.
    name, access, opening_hours
        As somebody mapped them, judged by nobody; None where nothing is told.
    osm_type, osm_id
        Which it is in OpenStreetMap.
    count
        How many stand there together; more than one of benches only.
    latitude_deg, longitude_deg
        Where it is. [°]
    along_m
        How far one has walked when one passes it. [m]
    off_m
        How far it lies off the walk. [m]
    side
        On which hand; None where it lies on the way.
    passes
        When one passes it, on the city's clocks.
    sun_fraction
        Of a bench: share of the beam that reaches who sits there at that time, NaN where
        unknown; of anything else NaN.
    is_dark
        Whether the sun is down then.
    """

    kind: WaysideKind
    name: str | None
    access: str | None
    opening_hours: str | None
    osm_type: str
    osm_id: int
    count: int
    latitude_deg: float
    longitude_deg: float
    along_m: float
    off_m: float
    side: Literal["left", "right"] | None
    passes: datetime
    sun_fraction: float
    is_dark: bool


def find_wayside(atlas: Atlas, route: Route, *, reach_m: float = REACH_M) -> tuple[Waypoint, ...]:
    """
    Find water, toilets and benches along a walk.

    Each bench has the sun of its own spot in the five minutes in which one passes it, marched
    there and not taken from the street. What lies behind a building, seen from the walk, is left
    out, and so are benches indoors.

    Parameters
    ----------
    atlas
        The city.
    route
        A walk in it.
    reach_m
        How far off the walk. [m]

    Returns
    -------
    tuple of Waypoint
        In the order in which one passes them.
    """
    return find_waysides(atlas, [route], reach_m=reach_m)[0]


def find_waysides(
    atlas: Atlas, routes: Sequence[Route], *, reach_m: float = REACH_M
) -> list[tuple[Waypoint, ...]]:
    """Find what `find_wayside` does along each of some walks; a bench is marched once for all."""
    passed = [_pass(atlas, route, reach_m) for route in routes]
    skies = _find_skies(atlas, passed)
    return [
        tuple(
            _tell(atlas, one.line, row, along, at, share, dark=dark)
            for row, along, at, share, dark in zip(
                one.near.to_dict("records"),
                one.along_m.tolist(),
                one.passes,
                sun.tolist(),
                is_dark,
                strict=True,
            )
        )
        for one, (sun, is_dark) in zip(passed, skies, strict=True)
    ]


@dataclass(frozen=True, eq=False, slots=True)
class _Passed:
    """What lies along one walk, in its order, and when one passes it."""

    line: shapely.LineString
    near: gpd.GeoDataFrame
    along_m: NDArray[np.float64]
    passes: list[datetime]


def _pass(atlas: Atlas, route: Route, reach_m: float) -> _Passed:
    line = shapely.LineString(route.xy)
    near = _choose(atlas, line, reach_m)
    along_m = shapely.line_locate_point(line, np.asarray(near.geometry))
    order = np.lexsort((near["osm_id"].to_numpy(), along_m))
    near, along_m = near.iloc[order], along_m[order]
    near, along_m = _join_benches(near.assign(count=1), along_m)
    passes = [walk_ends(route.departs, second) for second in _find_seconds(route, along_m)]
    return _Passed(line, near, along_m, passes)


def _choose(atlas: Atlas, line: shapely.LineString, reach_m: float) -> gpd.GeoDataFrame:
    """Choose what lies within reach, each at its spot nearest to the walk."""
    held = atlas.city.facilities
    found = held.sindex.query(line, predicate="dwithin", distance=reach_m)
    near = held.iloc[np.sort(found)]
    near = near[near["kind"].isin(WAYSIDE_KINDS)]
    if not len(near):
        return near
    shape = np.asarray(near.geometry)
    sight = shapely.shortest_line(shape, line)
    buildings = atlas.city.buildings
    houses = buildings[~buildings["is_roof"].to_numpy(bool)]
    looks, house = houses.sindex.query(sight, predicate="intersects")
    # Toilets may be a house of their own, or lie in one: that house hides nothing.
    own = shapely.intersects(shape[looks], np.asarray(houses.geometry)[house])
    is_bench = (near["kind"] == "bench").to_numpy()
    hidden = np.zeros(len(near), bool)
    hidden[looks[~own]] = True
    hidden[looks[own & is_bench[looks]]] = True  # a bench indoors is no seat by the way
    spot = shapely.get_point(sight, 0)
    return near.set_geometry(gpd.GeoSeries(spot, index=near.index, crs=near.crs))[~hidden]


def _join_benches(
    near: gpd.GeoDataFrame, along_m: NDArray[np.float64]
) -> tuple[gpd.GeoDataFrame, NDArray[np.float64]]:
    """Take benches that stand together for one, the first of them, and count them."""
    kept, count = [], near["count"].to_list()
    first = None
    for at, kind in enumerate(near["kind"]):
        if kind == "bench" and first is not None and along_m[at] - along_m[first] < APART_M:
            count[first] += 1
            continue
        kept.append(at)
        first = at if kind == "bench" else first
    joined = near.assign(count=count).iloc[kept]
    return joined, along_m[kept]


def _find_seconds(route: Route, along_m: NDArray[np.float64]) -> list[int]:
    """Tell when one has walked so far, in whole seconds since departure."""
    steps_m = np.hypot(*np.diff(route.xy, axis=0).T)
    walked_m = np.concatenate([[0.0], np.cumsum(steps_m)])[route.edge_vertex]
    clock_s = np.append(route.entered_s, route.walk_s)
    return [int(second) for second in np.interp(along_m, walked_m, clock_s)]


def _find_skies(
    atlas: Atlas, passed: Sequence[_Passed]
) -> list[tuple[NDArray[np.float64], list[bool]]]:
    """March around the benches; tell the sun on each as one passes, and where it is night."""
    moments = [at for one in passed for at in one.passes]
    if not moments:
        return [(np.empty(0), []) for _ in passed]
    begins = pd.Timestamp(min(moments)).tz_convert("UTC").floor(f"{_SLOT_S}s")
    last = int((max(moments) - begins).total_seconds() // _SLOT_S)
    times = pd.date_range(
        begins + timedelta(seconds=_SLOT_S / 2), periods=last + 2, freq=f"{_SLOT_S}s"
    )
    sun = atlas.find_sun(times.tz_convert(atlas.zone))
    is_bench = [(one.near["kind"] == "bench").to_numpy() for one in passed]
    spots = [
        shapely.get_coordinates(np.asarray(one.near.geometry)[benches])
        for one, benches in zip(passed, is_bench, strict=True)
    ]
    xy, row_of = np.unique(np.concatenate(spots), axis=0, return_inverse=True)
    rows = np.split(row_of.reshape(-1), np.cumsum([len(each) for each in spots])[:-1])
    table = None
    if len(xy):
        outlook = build_outlook(atlas.surface, xy, latitude_deg=atlas.city.centre[0])
        table = build_shade(outlook, sun)
    found = []
    for one, benches, own in zip(passed, is_bench, rows, strict=True):
        slot = np.array([(at - begins).total_seconds() // _SLOT_S for at in one.passes], int)
        share = np.full(len(slot), nan)
        if table is not None:
            share[benches] = [
                table.sun_fraction(when)[at]
                for when, at in zip(slot[benches].tolist(), own.tolist(), strict=True)
            ]
        roofed = (one.near["covered"] == "yes").to_numpy() & benches
        share[roofed] = 0.0
        found.append((share, (sun.elevation_deg[slot] <= 0.0).tolist()))
    return found


def _tell(
    atlas: Atlas,
    line: shapely.LineString,
    row: Mapping[str, Any],
    along_m: float,
    passes: datetime,
    sun_fraction: float,
    *,
    dark: bool,
) -> Waypoint:
    """Put together what is told of one thing."""
    spot: shapely.Point = row["geometry"]
    off_m = float(shapely.distance(line, spot))
    latitude_deg, longitude_deg = atlas.city.to_degrees(shapely.get_coordinates(spot))[0]
    return Waypoint(
        kind=row["kind"],
        name=row["name"],
        access=row["access"],
        opening_hours=row["opening_hours"],
        osm_type=row["osm_type"],
        osm_id=int(row["osm_id"]),
        count=row["count"],
        latitude_deg=float(latitude_deg),
        longitude_deg=float(longitude_deg),
        along_m=along_m,
        off_m=off_m,
        side=_find_side(line, along_m, spot) if off_m > ON_WAY_M else None,
        passes=passes,
        sun_fraction=sun_fraction,
        is_dark=dark,
    )


def _find_side(
    line: shapely.LineString, along_m: float, spot: shapely.Point
) -> Literal["left", "right"]:
    """Tell on which hand a spot lies, as one walks."""
    length_m = line.length
    look = shapely.line_interpolate_point(
        line, [max(along_m - 1.0, 0.0), min(along_m + 1.0, length_m), along_m]
    )
    back, ahead, here = shapely.get_coordinates(look)
    (east, north), (right, up) = ahead - back, shapely.get_coordinates(spot)[0] - here
    return "left" if east * up - north * right > 0.0 else "right"
