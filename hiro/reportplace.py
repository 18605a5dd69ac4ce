"""Places of reports: within the city's map, else a sentence that says how far off."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyproj
import shapely

from .refusal import refuse
from .report import check_degrees

if TYPE_CHECKING:
    from solarpass import City

SLACK_M = 250.0
"""A report may lie so far beyond the edge of the map; our choice."""

_NEAR_M = 100_000.0  # up to here the way to the edge is told, farther off that to the middle
_FAR_M = 1_000_000.0  # no map of a city reaches so far
_EARTH = pyproj.Geod(ellps="WGS84")


def check_place(latitude_deg: float, longitude_deg: float, *, city: City | None = None) -> None:
    """
    Refuse a place that is none, or is not in the city.

    Parameters
    ----------
    latitude_deg, longitude_deg
        WGS 84. [°]
    city
        Whose map counts, with `SLACK_M` around it; None: anywhere on Earth.

    Raises
    ------
    ReportError
        If it is no number, lies off the Earth or beyond the city (with how far), or lies in the
        city once latitude and longitude are turned round.
    """
    check_degrees(latitude_deg, longitude_deg)
    if city is None:
        return
    away_m = _find_away(latitude_deg, longitude_deg, city)
    if away_m <= SLACK_M:
        return
    place = f"{latitude_deg:.5f}, {longitude_deg:.5f}"
    if abs(longitude_deg) <= 90.0 and _find_away(longitude_deg, latitude_deg, city) <= SLACK_M:
        raise refuse(term="report_swapped", place=place, city=city.name)
    km = f"{away_m / 1000.0:,.1f}" if away_m < 10_000.0 else f"{away_m / 1000.0:,.0f}"
    raise refuse(term="report_beyond", place=place, km=km, city=city.name)


def _find_away(latitude_deg: float, longitude_deg: float, city: City) -> float:
    """Tell how far a place is from the city's edge, or, if that is far, along the Earth. [m]."""
    centre_lat, centre_lon = city.centre
    along = float(_EARTH.inv(longitude_deg, latitude_deg, centre_lon, centre_lat)[2])
    if along > _FAR_M:  # flat metres mean little there, and none on the far side
        return along
    away = shapely.distance(
        city.extent, shapely.Point(_find_way(city.crs).transform(longitude_deg, latitude_deg))
    )
    return float(away) if away < _NEAR_M else along


@lru_cache(maxsize=4)
def _find_way(crs: pyproj.CRS) -> pyproj.Transformer:
    """Find the way to a city's metres, which takes longer than to go it."""
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
