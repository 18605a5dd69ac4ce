"""Place names: where a place is that somebody typed, as coordinates or by its name."""

from __future__ import annotations

import math
import re

import numpy as np
import shapely

from .atlas import Atlas
from .errors import TripError
from .places import find_place
from .trip import read_coordinates

# Made of numbers alone: meant as coordinates, though they may not read as such.
_ODD = r".*\b(?:nan|inf)\b.*"
NUMBERS = re.compile(rf"[\s\d.,;+-]*\d[\s\d.,;+-]*|{_ODD},.*|.*,{_ODD}", re.IGNORECASE)


def read_place(atlas: Atlas, text: str) -> tuple[float, float]:
    """
    Read "LAT,LON", or look the name up; latitude and longitude. [°].

    Raises
    ------
    TripError
        If coordinates do not read, or would be in the city only if turned round.
    PlaceError
        If no place answers to the name, or too many do.
    """
    if not NUMBERS.fullmatch(text):
        place = find_place(atlas.city, text)
        return place.latitude_deg, place.longitude_deg
    latitude_deg, longitude_deg = read_coordinates(text)
    here = _distance_m(atlas, latitude_deg, longitude_deg)
    may_turn = here > 10_000.0 and abs(longitude_deg) <= 90.0
    if may_turn and _distance_m(atlas, longitude_deg, latitude_deg) == 0.0:
        msg = (
            f"Wanted LAT,LON; {text} lies {here / 1000.0:,.0f} km away, but turned round, as "
            f"{longitude_deg:g},{latitude_deg:g}, it is in {atlas.city.name}."
        )
        raise TripError(msg)
    return latitude_deg, longitude_deg


def _distance_m(atlas: Atlas, latitude_deg: float, longitude_deg: float) -> float:
    """Measure how far a place lies from the city; infinite past what its map can draw."""
    xy = atlas.city.to_local(latitude_deg, longitude_deg)[0]
    if not np.isfinite(xy).all():
        return math.inf
    return float(shapely.distance(atlas.city.extent, shapely.Point(xy)))


def call_place(text: str) -> str:
    """
    Call a place as it was typed, coordinates by their digits.

    Examples
    --------
    >>> call_place("60.17,24.94"), call_place("Rautatientori")
    ('60.17, 24.94', 'Rautatientori')
    """
    return ", ".join(part.strip() for part in text.split(",")) if NUMBERS.fullmatch(text) else text
