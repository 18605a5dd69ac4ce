"""Obstacles: the houses and waters that a drawn pavement keeps clear of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from .stretch import Stretches

if TYPE_CHECKING:
    from .city import City

LEFT, RIGHT = 0, 1
_UNDERPASS_M = 2.0  # what begins this high or higher is walked beneath; our choice
_GRAZE_M = 0.3  # so much of a pavement may run through a house, as neither is drawn finer


def find_houses(city: City) -> shapely.STRtree:
    """Index the buildings that stand on the ground, where one cannot walk."""
    buildings = city.buildings
    stands = buildings["casts"].astype(bool) & ~buildings["is_roof"].astype(bool)
    stands &= buildings["base_m"] < _UNDERPASS_M
    return shapely.STRtree(np.asarray(buildings.geometry)[stands.to_numpy(bool)])


def runs_through(houses: shapely.STRtree, drawn: list[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Tell which lines run through a house by more than both are drawn exactly."""
    line = np.array([shapely.linestrings(xy) for xy in drawn], dtype=object)
    row, house = houses.query(line, predicate="intersects")
    inside = shapely.intersection(line[row], houses.geometries[house])
    through: NDArray[np.bool_] = np.bincount(row, shapely.length(inside), len(line)) > _GRAZE_M
    return through


def keep_clear(
    stretches: Stretches, city: City, has: NDArray[np.bool_], offset_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draw pavements nearer to the street's middle where a house or water is in their way."""
    houses = find_houses(city)
    water = shapely.STRtree(np.asarray(city.areas.geometry)[(city.areas["kind"] == "water")])
    is_bridge = city.streets["is_bridge"].to_numpy(bool)[stretches.way]
    clear = offset_m.copy()
    edge, side = np.nonzero(has)
    for factor in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):
        clear[edge, side] = factor * offset_m[edge, side]
        if not len(edge) or factor == 0.0:
            break
        drawn = [
            offset_line(stretches.xy[k], (1.0 if s == LEFT else -1.0) * clear[k, s])
            for k, s in zip(edge.tolist(), side.tolist(), strict=True)
        ]
        line = np.asarray(
            shapely.linestrings(np.concatenate(drawn), indices=_repeat(map(len, drawn)))
        )
        # Where streets meet, corners are found anew.
        inner = shapely.difference(line, shapely.buffer(_ends(line), 1.5 * clear[edge, side]))
        hit = np.zeros(len(line), bool)
        hit[houses.query(inner, predicate="intersects")[0]] = True
        wet = np.unique(water.query(inner, predicate="intersects")[0])
        hit[wet[~is_bridge[edge[wet]]]] = True
        edge, side = edge[hit], side[hit]
    return clear


def _ends(line: NDArray[np.object_]) -> NDArray[np.object_]:
    both = np.column_stack([shapely.get_point(line, 0), shapely.get_point(line, -1)])
    return np.asarray(shapely.multipoints(both.ravel(), indices=_repeat([2] * len(line))))


def _repeat(sizes: Iterable[int]) -> NDArray[np.int64]:
    """Say of each part which thing it is of: 0, 0, 1, 1, 1 of sizes 2 and 3."""
    each = np.array(list(sizes), np.int64)
    return np.repeat(np.arange(len(each)), each)


def offset_line(xy: NDArray[np.float64], left_m: float) -> NDArray[np.float64]:
    """
    Draw a line beside a line, vertex by vertex; to the right where `left_m` is negative.

    Bends are mitred, up to twice the distance.
    """
    step = np.diff(xy, axis=0)
    length = np.hypot(*step.T)
    if not length.any():
        return xy.copy()
    step = step[length > 0.0] / length[length > 0.0, None]
    whole = np.concatenate([xy[:1], xy[1:][length > 0.0]])
    before = np.concatenate([step[:1], step])
    after = np.concatenate([step, step[-1:]])
    normal = np.column_stack([-(before + after)[:, 1], (before + after)[:, 0]])
    half = np.hypot(*normal.T)  # twice the cosine of half the bend
    beside: NDArray[np.float64] = whole + left_m * 2.0 * normal / np.maximum(half**2, 1.0)[:, None]
    # Inside a bend tighter than the distance the line would run backwards: cut the knot.
    while len(beside) > 2:
        back = np.flatnonzero((np.diff(beside, axis=0) * step).sum(axis=1) < 0.0)
        if not back.size:
            break
        k = int(back[0])
        if 0 < k < len(step) - 1:
            beside[k] = beside[k : k + 2].mean(axis=0)
        beside = np.delete(beside, k if k == len(step) - 1 else k + 1, axis=0)
        step = np.delete(step, k, axis=0)
    return beside
