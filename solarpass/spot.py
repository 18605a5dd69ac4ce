"""Spot: one place of a prepared city at one time, with all that tells whether the sun is there."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from math import isfinite

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .atlas import Atlas
from .blocker import Blocker, Spell, SunCheck, find_blockers, find_spells
from .errors import TripError
from .osm import LICENCE
from .snap import snap
from .sun import SunPath
from .surroundings import Surroundings, build_surroundings

NEAR_M = 60.0
"""A place inside a building has its way so near, from which the sun is checked; our choice. [m]"""

_COARSE_MIN = 5  # the paths of midsummer and midwinter are drawn only


@dataclass(frozen=True, eq=False, slots=True)
class Spot:
    """
    A place and a time, checked.

    Attributes
    ----------
    latitude_deg, longitude_deg
        The place. [°]
    around
        What stands around it.
    check
        Whether the sun reaches it at the time, and what blocks it.
    spells
        When it does on that day.
    day, longest, shortest
        The sun on that day, minute by minute, and on the days of its highest and lowest noon.
    moved_m
        How far from the place asked for, which lies inside a building, the nearest way is, where
        the sun was checked instead; 0 where it was checked at the place itself. [m]
    attribution, assumptions
        Whose data this is, and what the answer takes for granted: see `City.assumptions`.
    """

    latitude_deg: float
    longitude_deg: float
    around: Surroundings
    check: SunCheck
    spells: tuple[Spell, ...]
    day: SunPath
    longest: SunPath
    shortest: SunPath
    moved_m: float
    attribution: str
    assumptions: str

    def to_json(self) -> dict[str, object]:
        """Tell it as plain values; what is unknown is null."""
        check = asdict(self.check)
        del check["blockers"], check["near_misses"]
        return {
            **{key: _plain(value) for key, value in check.items()},
            "latitude_deg": self.latitude_deg,
            "longitude_deg": self.longitude_deg,
            "moved_m": round(self.moved_m, 1),
            "is_sunlit": self.check.is_sunlit,
            "is_doubtful": self.check.is_doubtful,
            "blockers": [_tell(blocker) for blocker in self.check.blockers],
            "near_misses": [_tell(miss) for miss in self.check.near_misses],
            "spells": [
                {key: _plain(value) for key, value in asdict(spell).items()}
                for spell in self.spells
            ],
            "assumptions": self.assumptions,
            "attribution": self.attribution,
            "licence": LICENCE,
        }


def find_spot(atlas: Atlas, place: tuple[float, float], at: datetime) -> Spot:
    """
    Check one place of a city at one time.

    Parameters
    ----------
    atlas
        The city.
    place
        Latitude and longitude. [°]
    at
        Zone-aware; told on the city's clocks.
    """
    local = pd.Timestamp(at).tz_convert(atlas.city.zone)
    around, moved_m = _look_around(atlas, atlas.city.to_local(*place)[0])
    day = _path(atlas, local.date(), 1)
    june, december = (_path(atlas, date(local.year, month, 21), _COARSE_MIN) for month in (6, 12))
    is_north = june.elevation_deg.max() >= december.elevation_deg.max()
    return Spot(
        *place,
        around=around,
        check=find_blockers(around, atlas.find_sun(pd.DatetimeIndex([local]))),
        spells=tuple(find_spells(around, day)),
        day=day,
        longest=june if is_north else december,
        shortest=december if is_north else june,
        moved_m=moved_m,
        attribution=atlas.city.attribution,
        assumptions=atlas.city.assumptions,
    )


def _look_around(atlas: Atlas, xy: NDArray[np.float64]) -> tuple[Surroundings, float]:
    """Gather what stands around a place, or around the way in front of the house it lies in."""
    around = build_surroundings(atlas.city, atlas.surface, xy)
    if around.is_covered or not around.is_inside:
        return around, 0.0
    try:
        stood = snap(atlas.network, xy)
    except TripError:  # no way anywhere near
        return around, 0.0
    if stood.distance_m > NEAR_M:
        return around, 0.0
    there = build_surroundings(atlas.city, atlas.surface, stood.xy)
    # A way that runs through a building is an archway or an arcade, told as one or not.
    return replace(there, is_covered=there.is_covered or there.is_inside), stood.distance_m


def _path(atlas: Atlas, day: date, step_min: int) -> SunPath:
    """Find the sun from one local midnight to the next."""
    first = pd.Timestamp(day).tz_localize(
        atlas.city.zone, ambiguous=True, nonexistent="shift_forward"
    )
    after = pd.Timestamp(day) + pd.Timedelta(days=1)
    last = after.tz_localize(atlas.city.zone, ambiguous=True, nonexistent="shift_forward")
    return atlas.find_sun(pd.date_range(first, last, freq=f"{step_min}min", inclusive="left"))


def _tell(blocker: Blocker) -> dict[str, object]:
    told = {key: _plain(value) for key, value in asdict(blocker).items() if key != "thing"}
    low_m, high_m = blocker.height_interval_m
    return {
        **told,
        "height_low_m": _plain(low_m),
        "height_high_m": _plain(high_m),
        "link": blocker.link,
        "is_doubtful": blocker.is_doubtful,
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, float):
        return round(value, 3) if isfinite(value) else None
    return value
