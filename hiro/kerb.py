"""Kerbs: where the carriageway ends and houses begin, for whoever must stand in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from solarpass.tables import read_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solarpass import City

# Where one drives on the left; after what is generally known, not after a table of law.
_LEFT_ZONES = frozenset(
    [
        *("Europe/London", "Europe/Dublin", "Europe/Belfast", "Europe/Malta", "Europe/Jersey"),
        *("Europe/Guernsey", "Europe/Isle_of_Man", "Asia/Nicosia", "Asia/Tokyo", "Asia/Kolkata"),
        *("Asia/Bangkok", "Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Kuching", "Asia/Jakarta"),
        *("Asia/Makassar", "Asia/Jayapura", "Asia/Pontianak", "Asia/Hong_Kong", "Asia/Macau"),
        *("Asia/Colombo", "Asia/Dhaka", "Asia/Karachi", "Asia/Kathmandu", "Asia/Thimphu"),
        *("Asia/Brunei", "Asia/Dili", "Indian/Mauritius", "Indian/Maldives", "Indian/Mahe"),
        *("Africa/Johannesburg", "Africa/Nairobi", "Africa/Kampala", "Africa/Dar_es_Salaam"),
        *("Africa/Lusaka", "Africa/Harare", "Africa/Maputo", "Africa/Windhoek", "Africa/Gaborone"),
        *("Africa/Blantyre", "Africa/Maseru", "Africa/Mbabane", "Pacific/Auckland"),
        *("Pacific/Fiji", "Pacific/Port_Moresby", "Pacific/Guadalcanal", "Pacific/Tongatapu"),
        *("America/Jamaica", "America/Barbados", "America/Nassau", "America/Port_of_Spain"),
        *("America/Guyana", "America/Paramaribo", "Atlantic/Bermuda", "Atlantic/Stanley"),
    ]
)
_TRACK_M = 3.0  # width that a tram takes up; our choice
_FARTHEST_M = 15.0  # one looks no farther for a pavement; our choice
_WIDEST_M = 100.0  # no carriageway is wider
_HEAD_M = 2.0  # what hangs higher one walks beneath; our choice
_CLEAR_M = 0.7  # one stands no nearer to a wall than this; our choice

MOST_SHELTER_M2 = 60.0
"""Larger roofs are halls; our choice. [m²]"""


@dataclass(frozen=True, eq=False, slots=True)
class Kerbs:
    """
    Carriageways and houses of a city, or of none.

    Attributes
    ----------
    road
        Middle lines of streets and tramways.
    half_m
        From the middle to the kerb, shape ``(n_roads,)``. [m]
    is_oneway
        Whether all drive the way the line is drawn, shape ``(n_roads,)``.
    house
        Outlines of houses, not of roofs that one walks beneath.
    roof
        Outlines of those roofs.
    drives_left
        Whether one drives on the left.
    """

    road: NDArray[Any]
    half_m: NDArray[np.float64]
    is_oneway: NDArray[np.bool_]
    house: NDArray[Any]
    roof: NDArray[Any]
    drives_left: bool
    road_tree: shapely.STRtree
    house_tree: shapely.STRtree
    roof_tree: shapely.STRtree


def build_kerbs(city: City | None) -> Kerbs:
    """Find the carriageways and houses of a city; none without a city."""
    road = half_m = house = roof = np.empty(0, dtype=object)
    is_oneway = np.empty(0, dtype=bool)
    if city is not None:
        width = {kind: row["width"] for kind, row in read_numbers("street", key="highway").items()}
        driven = city.streets[city.streets["highway"].isin(list(width)).to_numpy(bool)]
        usual_m = driven["highway"].map(width).to_numpy(float)
        told_m = driven["width_m"].to_numpy(float)
        half_m = 0.5 * np.where(told_m > 2.0, told_m, usual_m)
        track = np.asarray(city.lines.geometry)[(city.lines["kind"] == "tram").to_numpy(bool)]
        road = np.concatenate([np.asarray(driven.geometry), track])
        half_m = np.concatenate([half_m, np.full(len(track), 0.5 * _TRACK_M)])
        is_oneway = np.concatenate([driven["is_oneway"].to_numpy(bool), np.zeros(len(track), bool)])
        outline = np.asarray(city.buildings.geometry)
        is_roof = city.buildings["is_roof"].to_numpy(bool)
        is_roof = is_roof | (city.buildings["base_m"].to_numpy(float) >= _HEAD_M)
        # Mappers draw bus shelters as buildings, too.
        shelters = city.facilities[(city.facilities["kind"] == "shelter").to_numpy(bool)]
        known = set(zip(shelters["osm_type"], shelters["osm_id"], strict=True))
        ids = zip(city.buildings["osm_type"], city.buildings["osm_id"], strict=True)
        is_roof = is_roof | np.array([one in known for one in ids], dtype=bool)
        house, roof = outline[~is_roof], outline[is_roof]
    return Kerbs(
        road=road,
        half_m=half_m.astype(float),
        is_oneway=is_oneway,
        house=house,
        roof=roof,
        drives_left=city is not None and _drives_left(city.zone),
        road_tree=shapely.STRtree(road),
        house_tree=shapely.STRtree(house),
        roof_tree=shapely.STRtree(roof),
    )


def _drives_left(zone: str) -> bool:
    """
    Tell whether one drives on the left.

    Examples
    --------
    >>> _drives_left("Australia/Sydney"), _drives_left("Europe/Berlin")
    (True, False)
    """
    return zone in _LEFT_ZONES or zone.startswith("Australia/")


def find_roads(kerbs: Kerbs, point: shapely.Point, *, within_m: float) -> list[int]:
    """Find the carriageways whose middle is near a place, the nearest first."""
    near = kerbs.road_tree.query(point, predicate="dwithin", distance=within_m)
    away_m = shapely.distance(kerbs.road[near], point)
    return [int(row) for row in near[np.lexsort((near, np.round(away_m, 2)))]]


def is_driven(kerbs: Kerbs, point: shapely.Point) -> bool:
    """Tell whether a place lies on a carriageway or track."""
    near = kerbs.road_tree.query(point, predicate="dwithin", distance=0.5 * _WIDEST_M)
    return bool((shapely.distance(kerbs.road[near], point) < kerbs.half_m[near]).any())


def find_free(
    kerbs: Kerbs,
    here: NDArray[np.float64],
    there: NDArray[np.float64],
    *,
    wall_m: float,
    kerb_m: float = 0.0,
) -> NDArray[np.bool_]:
    """
    Tell which spots are free beside places: outdoors, and on the same side of the carriageway.

    Parameters
    ----------
    here, there
        A place, and a spot near it, shape ``(n, 2)`` each. [m]
    wall_m, kerb_m
        So far from houses, and from the carriageway. [m]
    """
    free = np.ones(len(there), bool)
    spots: Any = shapely.points(there)
    free[kerbs.house_tree.query(spots, predicate="dwithin", distance=wall_m)[0]] = False
    row, road = kerbs.road_tree.query(spots, predicate="dwithin", distance=0.5 * _WIDEST_M)
    on_it = shapely.distance(spots[row], kerbs.road[road]) < kerbs.half_m[road] + kerb_m
    free[row[on_it]] = False
    ways = shapely.linestrings(np.stack([here, there], axis=1))
    free[kerbs.road_tree.query(ways, predicate="crosses")[0]] = False
    return free


def crosses_road(kerbs: Kerbs, here: shapely.Geometry, there: shapely.Geometry) -> bool:
    """Tell whether the middle of a carriageway lies between two things."""
    way: Any = shapely.shortest_line(here, there)
    return bool(len(kerbs.road_tree.query(way, predicate="crosses")))


def step_aside(
    kerbs: Kerbs, point: shapely.Point, road: int, *, side: int, beyond_m: float
) -> shapely.Point:
    """
    Step from a carriageway onto the pavement, across what else is driven on beside it.

    Parameters
    ----------
    point
        On or beside the carriageway.
    road
        Which one.
    side
        1 to the left of the line as drawn, -1 to the right, 0 to the side where the point is.
    beyond_m
        How far beyond the kerb. [m]
    """
    line = kerbs.road[road]
    at = shapely.line_locate_point(line, point)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(line, at))[0]
    ends = [max(at - 1.0, 0.0), min(at + 1.0, shapely.length(line))]
    behind, ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, ends))
    along = (ahead - behind) / max(float(np.hypot(*(ahead - behind))), 1e-9)
    left = np.array([-along[1], along[0]])
    away = shapely.get_coordinates(point)[0] - foot
    turn = float(side) if side else (1.0 if float(away @ left) > 0.0 else -1.0)
    step_m = kerbs.half_m[road] + beyond_m + np.arange(0.0, _FARTHEST_M, 0.5)
    tried = shapely.points(foot + turn * step_m[:, None] * left)
    # Beyond one's own kerb the ground may be a second track or the other carriageway.
    row, near = kerbs.road_tree.query(tried, predicate="dwithin", distance=0.5 * _WIDEST_M)
    driven = shapely.distance(tried[row], kerbs.road[near]) < kerbs.half_m[near] + 0.5 * beyond_m
    free = np.setdiff1d(np.arange(len(tried)), row[driven])
    return shapely.Point(shapely.get_coordinates(tried[free[0] if len(free) else 0])[0])


def step_outdoors(kerbs: Kerbs, point: shapely.Point) -> shapely.Point:
    """Step out of the house that a place lies in, by the nearest wall."""
    for _ in range(4):  # out of one house, perhaps into its neighbour
        inside = kerbs.house_tree.query(point, predicate="intersects")
        if not len(inside):
            return point
        block = shapely.union_all(kerbs.house[_block(kerbs, inside)])
        wall: Any = shapely.boundary(shapely.buffer(block, _CLEAR_M, quad_segs=2))
        point = shapely.line_interpolate_point(
            shapely.shortest_line(point, wall), 1.0, normalized=True
        )
    return point


def _block(kerbs: Kerbs, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add the neighbours of houses, wall to wall."""
    near = kerbs.house_tree.query(kerbs.house[rows], predicate="dwithin", distance=2 * _CLEAR_M)[1]
    return np.unique(np.concatenate([rows, near]))


def find_roof(kerbs: Kerbs, point: shapely.Point) -> str | None:
    """
    Tell which roof of the map covers a place: a ``shelter``, a larger ``hall``, or None.

    A hall, as of a station, shades like anything else that the map tells, and is no shelter.
    """
    above = kerbs.roof_tree.query(point, predicate="intersects")
    if not len(above):
        return None
    area_m2 = shapely.area(kerbs.roof_tree.geometries[above]).max()
    return "shelter" if area_m2 < MOST_SHELTER_M2 else "hall"
