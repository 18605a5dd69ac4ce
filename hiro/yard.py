"""Yards: where one stays on an open area, such as a playground, a school's ground or a square."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from solarpass.tag import read_tags

from .entry import Entry
from .kerb import Kerbs, find_roof, step_outdoors
from .shelter import read_shelter

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_SINGLE = frozenset(["bench", "drinking_water"])  # things, not grounds


@dataclass(frozen=True, slots=True)
class YardModel:
    """
    Assumptions about areas where one stays; change one with `dataclasses.replace`.

    All our choice.

    Attributes
    ----------
    most
        Waiting places of one area. [count]
    per_place_m2
        A waiting place stands for so much open ground, until there are `most`. [m²]
    rim_m
        One stays so far from the area's rim and from houses, where there is room. [m]
    least_m2
        What has less open ground than this is a house: one waits before it. [m²]
    door_m
        So far before its wall. [m]
    least_square_m2
        Paved areas without a name that are smaller than this are no square. [m²]
    campus_m
        Two of one kind and name this near to each other are one. [m]
    """

    most: int = 9
    per_place_m2: float = 150.0
    rim_m: float = 1.5
    least_m2: float = 25.0
    door_m: float = 2.0
    least_square_m2: float = 300.0
    campus_m: float = 50.0


def find_open(shape: Any, kerbs: Kerbs) -> Any:  # noqa: ANN401 - areas
    """Find what of an area lies outside houses."""
    near = kerbs.house_tree.query(shape, predicate="intersects")
    if not len(near):
        return shape
    return shapely.difference(shape, shapely.union_all(kerbs.house[near]))


def spread_places(
    shape: Any,  # noqa: ANN401 - an area
    kerbs: Kerbs,
    *,
    model: YardModel = YardModel(),
) -> NDArray[Any]:
    """
    Spread waiting places over the open ground of an area; of a house, set one before it.

    The same area gives the same places: the middles of as many parts of about one size.

    Parameters
    ----------
    shape
        Polygon or MultiPolygon, valid.
    kerbs
        Houses, and the streets before them.
    model
        Assumptions.

    Returns
    -------
    NDArray
        Points, at least one.
    """
    ground = find_open(shape, kerbs)
    area_m2 = shapely.area(ground)
    if area_m2 < model.least_m2:
        return np.array([_find_door(shape, kerbs, model)], dtype=object)
    inner = shapely.buffer(ground, -model.rim_m, quad_segs=2)
    if shapely.area(inner) < 0.25 * area_m2:
        inner = ground
    n = min(max(round(area_m2 / model.per_place_m2), 1), model.most)
    sample = _sample(inner, n)
    if len(sample) < n:
        return np.array([shapely.point_on_surface(ground)], dtype=object)
    return np.array([shapely.Point(*xy) for xy in _part(sample, n).round(2)], dtype=object)


def _sample(ground: Any, n: int) -> NDArray[np.float64]:  # noqa: ANN401 - areas
    """Lay a grid of some sixty points for each place wanted over an area."""
    west, south, east, north = shapely.bounds(ground)
    # No finer than the ground is large, nor finer than a box of it that is mostly empty allows.
    step = max(
        math.sqrt(shapely.area(ground) / (60.0 * n)), max(east - west, north - south) / 600.0
    )
    x, y = np.meshgrid(
        np.arange(west + 0.5 * step, east, step), np.arange(south + 0.5 * step, north, step)
    )
    xy = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(ground)
    held: NDArray[np.float64] = xy[shapely.contains_xy(ground, xy)]
    return held


def _part(xy: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Part points into `n` groups of near ones, by Lloyd; take those nearest to their means."""
    first = int(np.argmin(((xy - xy.mean(axis=0)) ** 2).sum(axis=1)))
    chosen = [first]
    least = ((xy - xy[first]) ** 2).sum(axis=1)
    for _ in range(n - 1):
        chosen.append(int(np.argmax(least)))
        least = np.minimum(least, ((xy - xy[chosen[-1]]) ** 2).sum(axis=1))
    middle: NDArray[np.float64] = xy[chosen]
    for _ in range(20):
        apart = ((xy[:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
        owner = apart.argmin(axis=1)
        count = np.bincount(owner, minlength=n)
        mean = np.zeros((n, 2))
        np.add.at(mean, owner, xy)
        mean = np.where(count[:, None] > 0, mean / np.maximum(count, 1)[:, None], middle)
        if np.allclose(mean, middle, atol=1e-6):
            break
        middle = mean
    apart = ((xy[:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
    taken: NDArray[np.float64] = xy[np.unique(apart.argmin(axis=0))]
    return taken


def _find_door(shape: Any, kerbs: Kerbs, model: YardModel) -> shapely.Point:  # noqa: ANN401
    """Find a place before a house, on its side that faces a street."""
    rim: Any = shapely.boundary(shapely.buffer(shape, model.door_m, quad_segs=2))
    rim = shapely.get_parts(rim)[int(np.argmax(shapely.length(shapely.get_parts(rim))))]
    near = kerbs.road_tree.query_nearest(shape, all_matches=True)
    facing = kerbs.road[near.min()] if len(near) else shapely.Point(shapely.bounds(shape)[:2])
    at: Any = shapely.get_coordinates(shapely.shortest_line(rim, facing))[0]
    return step_outdoors(kerbs, shapely.Point(at))


# --- the facilities of a city


def find_yards(
    facilities: gpd.GeoDataFrame,
    *,
    kinds: Sequence[str],
    kerbs: Kerbs,
    model: YardModel = YardModel(),
) -> list[Entry]:
    """
    Find the sites among the facilities of a city.

    What is drawn within a larger one of its kind, or bears its name close by, is one with it.

    Parameters
    ----------
    facilities
        As of `City.facilities`.
    kinds
        Which.
    kerbs
        Houses, and the streets before them.
    model
        Assumptions.
    """
    roofs = facilities[(facilities["kind"] == "shelter").to_numpy(bool)]
    cover = [(shape, read_shelter(tags | {"shelter": "yes"})) for tags, shape in _rows(roofs)]
    entries = []
    for kind in kinds:
        chosen = facilities[(facilities["kind"] == kind).to_numpy(bool)]
        rows = list(_rows(chosen))
        if kind not in _SINGLE:
            rows = _join(rows, model)
        for tags, shape in rows:
            is_small = shapely.area(shape) < model.least_square_m2
            if kind == "square" and tags.get("name") is None and is_small:
                continue
            entries.append(_settle(tags, shape, cover, kerbs, model))
    return entries


def _rows(frame: gpd.GeoDataFrame) -> Iterable[tuple[dict[str, Any], Any]]:
    return zip(read_tags(frame), np.asarray(frame.geometry), strict=True)


def _join(rows: list[tuple[dict[str, Any], Any]], model: YardModel) -> list[tuple[Any, Any]]:
    """Join what lies within another of the same kind, or bears its name close by."""
    rows = sorted(rows, key=lambda row: -shapely.area(row[1]))
    kept: list[tuple[dict[str, Any], Any]] = []
    for tags, shape in rows:
        inner = shapely.point_on_surface(shape)
        for place, (others, larger) in enumerate(kept):
            name = tags.get("name")
            is_near = shapely.distance(larger, shape) <= model.campus_m
            is_same = name is not None and name == others.get("name") and is_near
            if shapely.intersects(larger, inner) or is_same:
                joined = shapely.union(larger, shape) if shapely.area(shape) > 0.0 else larger
                kept[place] = ({**tags, **others}, joined)
                break
        else:
            kept.append((tags, shape))
    return kept


def _settle(
    tags: dict[str, Any],
    shape: Any,  # noqa: ANN401 - any geometry
    cover: Sequence[tuple[Any, str]],
    kerbs: Kerbs,
    model: YardModel,
) -> Entry:
    """Find where one stays at a facility, and beneath what."""
    if shapely.get_dimensions(shape) == 2 and tags["kind"] not in _SINGLE:
        points = list(spread_places(shape, kerbs, model=model))
        at = shapely.point_on_surface(shape)
    else:
        points = [step_outdoors(kerbs, shapely.point_on_surface(shape))]
        at = None
    is_covered = tags.get("covered") in {"yes", "roof"}
    places = []
    for point in points:
        shelter = next((kind for roof, kind in cover if shapely.intersects(roof, point)), None)
        if shelter is None:
            roof = find_roof(kerbs, point)
            shelter = "roofed" if roof == "shelter" or (is_covered and not roof) else "none"
        places.append((point, shelter, "area" if at is not None else "given"))
    letter = {"node": "n", "way": "w", "relation": "r"}.get(tags["osm_type"], "x")
    return Entry(f"{letter}{tags['osm_id']}", tags.get("name"), tags["kind"], places, at=at)
