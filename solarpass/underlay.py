"""Underlay: what lies beneath a drawn map, out of a city's own data; its scale and its north."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .city import City
from .drawing import Area, Letters, Shape, Stroke

Floats = NDArray[np.float64]

_WIDTH: Final = 660  # px of a page's width
_NARROWEST: Final = 460  # px of a map that is high
_LEAST, _MOST = 380, 720  # px of height
_MARGIN: Final = 34.0  # px between the outermost places and the frame
_NARROWEST_M: Final = 600.0  # a single place still shows where it lies
_FINE, _MIDDLE = 9.0, 4.0  # m a px; coarser than these, houses and footways are left out

_WATER, _GREEN, _HOUSE, _GROUND = "#c9dbe6", "#e9efe4", "#dcdcdc", "#f7f7f7"
_ROAD, _MAIN, _RAIL, _INK = "#bdbdbd", "#a3a3a3", "#c8c8c8", "#1b1f24"
_GREENS: Final = {"grass", "park", "wood", "pitch"}
_MAINS: Final = {"motorway", "trunk", "primary", "secondary", "tertiary"}
_FOOTWAYS: Final = {"footway", "steps", "path", "cycleway", "platform", "crossing", "service"}


@dataclass(frozen=True, slots=True)
class Pane:
    """
    What of the ground is shown.

    Attributes
    ----------
    x, y
        Its middle, in the map's local metres. [m]
    m_per_px
        Metres to a pixel. [m]
    width, height
        Of the drawing. [px]
    """

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


def frame_pane(xy: Floats) -> Pane:
    """Frame places, with a margin, as wide and as high as they need."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    wide, tall = np.maximum(high - low, 1.0)
    both, room = 2.0 * _MARGIN, _MOST - 2.0 * _MARGIN
    m_per_px = max(wide / (_WIDTH - both), tall / room, _NARROWEST_M / _WIDTH)
    width = round(min(max(wide / m_per_px + both, _NARROWEST), _WIDTH))
    height = round(min(max(tall / m_per_px + both, _LEAST), _MOST))
    x, y = (low + high) / 2.0
    return Pane(float(x), float(y), float(m_per_px), width, height)


def draw_ground(city: City, pane: Pane) -> Iterator[Shape]:
    """Draw water, green, houses, rails and streets, as finely as the scale allows."""
    areas = city.areas["kind"]
    yield from _draw_areas(city.areas[areas.isin(_GREENS)], _GREEN, pane)
    yield from _draw_areas(city.areas[areas == "water"], _WATER, pane)
    yield from _draw_lines(city.lines[city.lines["kind"] == "water"], _WATER, 2.0, pane)
    if pane.m_per_px <= _FINE:
        yield from _draw_areas(city.buildings, _HOUSE, pane)
    yield from _draw_lines(city.lines[city.lines["kind"].isin({"rail", "tram"})], _RAIL, 0.6, pane)
    kind = city.streets["highway"].fillna("").str.removesuffix("_link")
    walked, main = kind.isin(_FOOTWAYS), kind.isin(_MAINS)
    if pane.m_per_px <= _MIDDLE:
        yield from _draw_lines(city.streets[walked], _ROAD, 0.4, pane)
    if pane.m_per_px <= _FINE:
        yield from _draw_lines(city.streets[~walked & ~main], _ROAD, 1.2, pane)
    yield from _draw_lines(city.lines[city.lines["kind"] == "road"], _MAIN, 1.6, pane)
    yield from _draw_lines(city.streets[main], _MAIN, 1.8, pane)


def _cut(table: gpd.GeoDataFrame, pane: Pane) -> NDArray[np.object_]:
    """Cut shapes to the pane, without what is finer than a third of a pixel."""
    shapes = np.asarray(table.geometry, dtype=object)
    if not len(shapes):
        return shapes
    inside = shapes[np.sort(shapely.STRtree(shapes).query(shapely.box(*pane.box)))]
    plain = shapely.simplify(inside, pane.m_per_px / 3.0)
    parts: NDArray[np.object_] = shapely.get_parts(shapely.clip_by_rect(plain, *pane.box))
    return parts


def _draw_areas(table: gpd.GeoDataFrame, fill: str, pane: Pane) -> Iterator[Area]:
    parts = _cut(table, pane)
    seen = shapely.area(parts) >= 2.0 * pane.m_per_px**2
    for part in parts[seen & (shapely.get_type_id(parts) == 3)]:
        rings = [part.exterior, *part.interiors]
        yield Area(tuple(pane.place(shapely.get_coordinates(ring)) for ring in rings), fill)


def _draw_lines(table: gpd.GeoDataFrame, colour: str, width: float, pane: Pane) -> Iterator[Stroke]:
    parts = _cut(table, pane)
    parts = parts[shapely.get_type_id(parts) == 1]
    merged = shapely.line_merge(shapely.multilinestrings(parts)) if len(parts) else parts
    for part in shapely.get_parts(merged):
        if part.length >= pane.m_per_px:
            yield Stroke(pane.place(shapely.get_coordinates(part)), colour, width)


def fill_pane(pane: Pane) -> Area:
    """Colour the whole pane as plain ground."""
    return Area((_corners(0.0, 0.0, pane.width, pane.height),), _GROUND)


def _corners(left: float, top: float, right: float, bottom: float) -> Floats:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)


def draw_rim(pane: Pane) -> Stroke:
    """Draw the line around it."""
    ring = _corners(0.5, 0.5, pane.width - 0.5, pane.height - 0.5)
    return Stroke(np.vstack([ring, ring[:1]]), _INK, 1.0)


def draw_scale(pane: Pane) -> list[Shape]:
    """Draw a bar of a round length, at most a quarter of the width."""
    metres = _round_down(pane.width / 4.0 * pane.m_per_px)
    long, y = metres / pane.m_per_px, pane.height - 14.0
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


def draw_north(north: str, pane: Pane) -> list[Shape]:
    """Draw an arrow to the north, named as asked."""
    x, y = pane.width - 22.0, 12.0
    back = Area((_corners(x - 12.0, y - 6.0, x + 12.0, y + 40.0),), "#ffffff")
    arrow = np.array([(x, y), (x - 7.0, y + 20.0), (x, y + 15.0), (x + 7.0, y + 20.0)])
    return [back, Area((arrow,), _INK), Letters(x, y + 29.0, north, 12.0, _INK, is_bold=True)]
