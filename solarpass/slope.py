"""Ways laid onto the terrain: a height at each vertex, and decks where they really are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .relief import Relief

_SAME_M = 0.01  # a vertex so near to where the ground is read needs no neighbour
_N_LOOKS = 9  # at the ground beneath a deck


@dataclass(frozen=True, slots=True)
class SlopeModel:
    """
    How finely ways follow the ground; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    step_m
        The ground is read so often along a way, and rises evenly between: what is finer is
        noise of the terrain model more than a hill; our choice. [m]
    """

    step_m: float = 20.0


def lay_on_ground(
    lines: list[NDArray[np.float64]],
    dem: Relief,
    *,
    spans: NDArray[np.bool_],
    courses: NDArray[np.object_],
    model: SlopeModel = SlopeModel(),
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float32]]]:
    """
    Tell the height of the ground along lines, and add vertices where it is read.

    Parameters
    ----------
    lines
        Shape ``(n_vertices, 2)`` each. [m]
    dem
        The terrain.
    spans
        Lines on bridges and in tunnels, shape ``(n_lines,)``.
    courses
        Bridges and tunnels, which rise evenly from one end to the other whatever is below:
        lines, joined where they meet.
    model
        Assumptions.

    Returns
    -------
    tuple[list[NDArray[np.float64]], list[NDArray[np.float32]]]
        The lines with more vertices, and the height at each, NaN where unknown. [m]
    """
    if not lines:
        return [], []
    along = [_along(xy) for xy in lines]
    knots = [
        np.linspace(0.0, far[-1], 2 if span else max(int(np.ceil(far[-1] / model.step_m)), 1) + 1)
        for far, span in zip(along, spans, strict=True)
    ]
    places = [
        _interpolate(knot, far, xy) for knot, far, xy in zip(knots, along, lines, strict=True)
    ]
    read = dem.at(np.concatenate(places))
    heights = np.split(read, np.cumsum([len(knot) for knot in knots])[:-1])
    _rise_evenly(heights, places, np.flatnonzero(spans), dem, courses)
    laid, z = [], []
    for xy, far, knot, height in zip(lines, along, knots, heights, strict=True):
        inner = knot[1:-1]
        new = inner[np.abs(inner[:, None] - far).min(axis=1, initial=np.inf) > _SAME_M]
        order = np.argsort(np.concatenate([far, new]), kind="stable")
        laid.append(np.concatenate([xy, _interpolate(new, far, xy)])[order])
        more = np.concatenate([far, new])[order]
        z.append(np.interp(more, knot, height).astype(np.float32))
    return laid, z


def _rise_evenly(
    heights: list[NDArray[np.float32]],
    places: list[NDArray[np.float64]],
    spans: NDArray[np.int64],
    dem: Relief,
    courses: NDArray[np.object_],
) -> None:
    """Give spans the heights of the bridge or tunnel they are part of, in place."""
    if not len(spans) or not len(courses):
        return
    # Joined at shared ends alone: what crosses on the map passes below or above.
    whole = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(courses))))
    ends_m = dem.at(shapely.get_coordinates(shapely.get_point(whole, [[0], [-1]]))).reshape(2, -1)
    middle = shapely.points([places[span].mean(axis=0) for span in spans])
    course = shapely.STRtree(whole).nearest(middle)
    for span, own in zip(spans, course, strict=True):
        share = shapely.line_locate_point(whole[own], shapely.points(places[span]), normalized=True)
        begin_m, end_m = ends_m[:, own]
        heights[span][:] = begin_m + (end_m - begin_m) * share


def raise_decks(
    level_m: NDArray[np.floating],
    lines: list[NDArray[np.float64]],
    height_m: list[NDArray[np.float32]],
    dem: Relief,
) -> NDArray[np.float64]:
    """
    Raise bridges that lead from brink to brink so high above the ground in between.

    Parameters
    ----------
    level_m
        Height above the ground of each line, told without a terrain, shape ``(n_lines,)``. [m]
    lines, height_m
        As `lay_on_ground` tells them.
    dem
        The terrain.
    """
    raised = level_m.astype(float)
    for line in np.flatnonzero(level_m > 0.0):
        begin, end = lines[line][0], lines[line][-1]
        share = np.linspace(0.0, 1.0, _N_LOOKS)[:, None]
        deck_m = height_m[line][0] + share[:, 0] * (height_m[line][-1] - height_m[line][0])
        above_m = deck_m - dem.at(begin + share * (end - begin))
        raised[line] = max(raised[line], float(np.nan_to_num(above_m).max()))
    return raised


def _along(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])


def _interpolate(
    at: NDArray[np.float64], along: NDArray[np.float64], xy: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.column_stack([np.interp(at, along, xy[:, axis]) for axis in (0, 1)])
