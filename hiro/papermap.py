"""The map of a paper: numbered dots that match its list, over streets, houses and water."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from solarpass.city import City

from .drawing import Area, Dot, Drawing, Letters, Shape, Stroke
from .palette import LEVEL_FILLS, LEVEL_LABELS

Floats = NDArray[np.float64]
Sites = Sequence[Mapping[str, Any]]

_WIDTH: Final = 660  # px of a page's width
_NARROWEST: Final = 460  # px of a map that is high
_LEAST, _MOST = 380, 720  # px of height
_MARGIN: Final = 34.0  # px between the outermost works and the frame
_NARROWEST_M: Final = 600.0  # a single work still shows where it lies
_FINE, _MIDDLE = 9.0, 4.0  # m a px; coarser than these, houses and footways are left out

_WATER, _GREEN, _HOUSE, _GROUND = "#c9dbe6", "#e9efe4", "#dcdcdc", "#f7f7f7"
_ROAD, _MAIN, _RAIL, _INK = "#bdbdbd", "#a3a3a3", "#c8c8c8", "#1b1f24"
_GREENS: Final = {"grass", "park", "wood", "pitch"}
_MAINS: Final = {"motorway", "trunk", "primary", "secondary", "tertiary"}
_FOOTWAYS: Final = {"footway", "steps", "path", "cycleway", "platform", "crossing", "service"}


@dataclass(frozen=True, slots=True)
class _Window:
    """What of the ground is shown: its middle in the map's metres, metres a pixel, and its size."""

    x: float
    y: float
    m_per_px: float
    width: int
    height: int

    def place(self, xy: Floats) -> Floats:
        """Put metres on the sheet."""
        middle = np.array([self.width / 2.0, self.height / 2.0])
        moved: Floats = (xy - [self.x, self.y]) * [1.0, -1.0] / self.m_per_px + middle
        return moved

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What is shown. [m]."""
        half_x, half_y = self.width / 2.0 * self.m_per_px, self.height / 2.0 * self.m_per_px
        return (self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y)


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
    window = _frame(xy)
    shapes: list[Shape] = [_fill_sheet(window)]
    if city is not None:
        shapes += _draw_ground(city, window)
    at = window.place(xy)
    shapes += _draw_dots(at, [int(site["level_before"]) for site in sites], window)
    shapes += _draw_scale(window)
    shapes += _draw_north(north, window)
    shapes.append(_draw_frame(window))
    return Drawing(window.width, window.height, tuple(shapes))


def lies_in(city: City, sites: Sites) -> bool:
    """Tell whether any of the works lies where a city is known."""
    ahead = pyproj.Transformer.from_crs("EPSG:4326", city.crs, always_xy=True)
    lon, lat = (np.array([site[key] for site in sites], float) for key in ("lon", "lat"))
    x, y = ahead.transform(lon, lat)
    return bool(shapely.contains_xy(city.extent, x, y).any())


def _find_crs(sites: Sites) -> pyproj.CRS:
    lat, lon = (float(np.mean([site[key] for site in sites])) for key in ("lat", "lon"))
    return pyproj.CRS.from_proj4(f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +datum=WGS84")


def _frame(xy: Floats) -> _Window:
    """Frame all works, as wide and as high as they need."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    wide, tall = np.maximum(high - low, 1.0)
    both, room = 2.0 * _MARGIN, _MOST - 2.0 * _MARGIN
    m_per_px = max(wide / (_WIDTH - both), tall / room, _NARROWEST_M / _WIDTH)
    width = round(min(max(wide / m_per_px + both, _NARROWEST), _WIDTH))
    height = round(min(max(tall / m_per_px + both, _LEAST), _MOST))
    x, y = (low + high) / 2.0
    return _Window(float(x), float(y), float(m_per_px), width, height)


def _fill_sheet(window: _Window) -> Area:
    return Area((_corners(0.0, 0.0, window.width, window.height),), _GROUND)


def _corners(left: float, top: float, right: float, bottom: float) -> Floats:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)


def _draw_frame(window: _Window) -> Stroke:
    ring = _corners(0.5, 0.5, window.width - 0.5, window.height - 0.5)
    return Stroke(np.vstack([ring, ring[:1]]), _INK, 1.0)


# --- what lies beneath


def _draw_ground(city: City, window: _Window) -> Iterator[Shape]:
    areas = city.areas["kind"]
    yield from _draw_areas(city.areas[areas.isin(_GREENS)], _GREEN, window)
    yield from _draw_areas(city.areas[areas == "water"], _WATER, window)
    yield from _draw_lines(city.lines[city.lines["kind"] == "water"], _WATER, 2.0, window)
    if window.m_per_px <= _FINE:
        yield from _draw_areas(city.buildings, _HOUSE, window)
    yield from _draw_lines(
        city.lines[city.lines["kind"].isin({"rail", "tram"})], _RAIL, 0.6, window
    )
    kind = city.streets["highway"].fillna("").str.removesuffix("_link")
    walked, main = kind.isin(_FOOTWAYS), kind.isin(_MAINS)
    if window.m_per_px <= _MIDDLE:
        yield from _draw_lines(city.streets[walked], _ROAD, 0.4, window)
    if window.m_per_px <= _FINE:
        yield from _draw_lines(city.streets[~walked & ~main], _ROAD, 1.2, window)
    yield from _draw_lines(city.lines[city.lines["kind"] == "road"], _MAIN, 1.6, window)
    yield from _draw_lines(city.streets[main], _MAIN, 1.8, window)


def _cut(table: gpd.GeoDataFrame, window: _Window) -> NDArray[np.object_]:
    """Cut shapes to the window, without what is finer than a third of a pixel."""
    shapes = np.asarray(table.geometry, dtype=object)
    if not len(shapes):
        return shapes
    inside = shapes[np.sort(shapely.STRtree(shapes).query(shapely.box(*window.box)))]
    plain = shapely.simplify(inside, window.m_per_px / 3.0)
    parts: NDArray[np.object_] = shapely.get_parts(shapely.clip_by_rect(plain, *window.box))
    return parts


def _draw_areas(table: gpd.GeoDataFrame, fill: str, window: _Window) -> Iterator[Area]:
    parts = _cut(table, window)
    seen = shapely.area(parts) >= 2.0 * window.m_per_px**2
    for part in parts[seen & (shapely.get_type_id(parts) == 3)]:
        rings = [part.exterior, *part.interiors]
        yield Area(tuple(window.place(shapely.get_coordinates(ring)) for ring in rings), fill)


def _draw_lines(
    table: gpd.GeoDataFrame, colour: str, width: float, window: _Window
) -> Iterator[Stroke]:
    parts = _cut(table, window)
    parts = parts[shapely.get_type_id(parts) == 1]
    merged = shapely.line_merge(shapely.multilinestrings(parts)) if len(parts) else parts
    for part in shapely.get_parts(merged):
        if part.length >= window.m_per_px:
            yield Stroke(window.place(shapely.get_coordinates(part)), colour, width)


# --- the works


def _draw_dots(at: Floats, levels: Sequence[int], window: _Window) -> list[Shape]:
    """Draw each work as a numbered dot, those that lie close beside one another."""
    radius = 9.5 if len(at) <= 60 else 8.0 if len(at) <= 150 else 6.5
    spots = spread_dots(at, radius=radius + 1.0, size=(window.width, window.height))
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


# --- scale and north


def _draw_scale(window: _Window) -> list[Shape]:
    """Draw a bar of a round length, at most a quarter of the width."""
    metres = _round_down(window.width / 4.0 * window.m_per_px)
    long, y = metres / window.m_per_px, window.height - 14.0
    told = f"{metres:g} m" if metres < 1000.0 else f"{metres / 1000.0:g} km"
    left = 12.0
    back = Area((_corners(left - 6.0, y - 22.0, left + long + 8.0, y + 8.0),), "#ffffff")
    bar = np.array([(left, y - 4.0), (left, y), (left + long, y), (left + long, y - 4.0)])
    words = Letters(left + long / 2.0, y - 11.0, told, 11.0, _INK)
    return [back, Stroke(bar, _INK, 1.6), words]


def _round_down(metres: float) -> float:
    """Find the longest of 1, 2 and 5 times powers of ten that fits."""
    power = 10.0 ** math.floor(math.log10(metres))
    return power * max(step for step in (1.0, 2.0, 5.0) if step * power <= metres)


def _draw_north(north: str, window: _Window) -> list[Shape]:
    x, y = window.width - 22.0, 12.0
    back = Area((_corners(x - 12.0, y - 6.0, x + 12.0, y + 40.0),), "#ffffff")
    arrow = np.array([(x, y), (x - 7.0, y + 20.0), (x, y + 15.0), (x + 7.0, y + 20.0)])
    return [back, Area((arrow,), _INK), Letters(x, y + 29.0, north, 12.0, _INK, is_bold=True)]
