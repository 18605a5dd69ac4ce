"""The map of a paper: numbered dots that match its list, over streets, houses and water."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from solarpass.city import City
from solarpass.drawing import Dot, Drawing, Letters, Shape, Stroke
from solarpass.underlay import (
    Pane,
    draw_ground,
    draw_north,
    draw_rim,
    draw_scale,
    fill_pane,
    frame_pane,
)

from .palette import LEVEL_FILLS, LEVEL_LABELS

Floats = NDArray[np.float64]
Sites = Sequence[Mapping[str, Any]]

_INK = "#1b1f24"


def draw_map(sites: Sites, *, city: City | None, north: str) -> Drawing:
    """
    Draw the works of a plan.

    Parameters
    ----------
    sites
        With ``lon, lat, level_before, district``; the first gets the number 1.
    city
        What lies beneath; None: nothing but the ground.
    north
        What the arrow to the north is called.

    Returns
    -------
    Drawing
        With scale bar and arrow. Dots that would hide one another stand beside, with a line to
        their place.
    """
    crs = _find_crs(sites) if city is None else city.crs
    ahead = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    lon, lat = (np.array([site[key] for site in sites], float) for key in ("lon", "lat"))
    xy = np.column_stack(ahead.transform(lon, lat)).reshape(-1, 2)
    pane = frame_pane(xy)
    shapes: list[Shape] = [fill_pane(pane)]
    if city is not None:
        shapes += draw_ground(city, pane)
    at = pane.place(xy)
    shapes += _draw_dots(at, [int(site["level_before"]) for site in sites], pane)
    shapes += draw_scale(pane)
    shapes += draw_north(north, pane)
    shapes.append(draw_rim(pane))
    return Drawing(pane.width, pane.height, tuple(shapes))


def lies_in(city: City, sites: Sites) -> bool:
    """Tell whether any of the works lies where a city is known."""
    ahead = pyproj.Transformer.from_crs("EPSG:4326", city.crs, always_xy=True)
    lon, lat = (np.array([site[key] for site in sites], float) for key in ("lon", "lat"))
    x, y = ahead.transform(lon, lat)
    return bool(shapely.contains_xy(city.extent, x, y).any())


def _find_crs(sites: Sites) -> pyproj.CRS:
    lat, lon = (float(np.mean([site[key] for site in sites])) for key in ("lat", "lon"))
    return pyproj.CRS.from_proj4(f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +datum=WGS84")


# --- the works


def _draw_dots(at: Floats, levels: Sequence[int], pane: Pane) -> list[Shape]:
    """Draw each work as a numbered dot, those that lie close beside one another."""
    radius = 9.5 if len(at) <= 60 else 8.0 if len(at) <= 150 else 6.5
    spots = spread_dots(at, radius=radius + 1.0, size=(pane.width, pane.height))
    shapes: list[Shape] = []
    for (x, y), (own_x, own_y) in zip(spots, at, strict=True):
        if math.hypot(x - own_x, y - own_y) > 0.5:
            shapes.append(Stroke(np.array([(own_x, own_y), (x, y)]), _INK, 0.9))
            shapes.append(Dot(float(own_x), float(own_y), 2.0, _INK, _INK, 0.0))
    for k in reversed(range(len(at))):  # the first of the list lies on top
        x, y = (float(value) for value in spots[k])
        size = radius * (1.25 if k < 9 else 1.1 if k < 99 else 0.85)
        fill, ink = LEVEL_FILLS[levels[k]], LEVEL_LABELS[levels[k]]
        shapes.append(Dot(x, y, radius, fill, _INK, 1.2))
        shapes.append(Letters(x, y, str(k + 1), size, ink, is_bold=True))
    return shapes


def spread_dots(at: Floats, *, radius: float, size: tuple[float, float]) -> Floats:
    """
    Put dots so that none hides another: each at the free spot nearest to its place.

    Parameters
    ----------
    at
        Their places, shape ``(n, 2)``, the first served first. [px]
    radius
        Of a dot. [px]
    size
        Of the sheet, which none leaves. [px]

    Returns
    -------
    ndarray
        Their spots, shape ``(n, 2)``; where the sheet is full, a dot stays at its place.

    Examples
    --------
    >>> spread_dots(np.array([[50.0, 50.0], [50.0, 50.0]]), radius=5.0, size=(100, 100)).round()
    array([[50., 50.],
           [60., 50.]])
    """
    spots = np.empty_like(at)
    low, high = np.full(2, radius), np.array(size, float) - radius
    for k, place in enumerate(at):
        spots[k] = next(
            (
                spot
                for spot in _circle(place, radius, most=max(size))
                if (spot >= low).all()
                and (spot <= high).all()
                and (np.hypot(*(spots[:k] - spot).T) >= 2.0 * radius - 1e-9).all()
            ),
            place,
        )
    return spots


def _circle(place: Floats, radius: float, *, most: float) -> Iterable[Floats]:
    """Go round a place in ever wider circles."""
    yield place
    away = 2.0 * radius
    while away < most:
        steps = max(8, round(2.0 * math.pi * away / radius))
        for turn in np.arange(steps) * (2.0 * math.pi / steps):
            yield place + away * np.array([math.cos(turn), math.sin(turn)])
        away += 0.75 * radius
