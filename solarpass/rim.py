"""Where the ground ends of which the casters are known, as seen from points."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from ._skyline import SOLID_STEPS, find_exits
from .surface import Surface

_PLACE_POINTS = 8  # so many neighbouring points share one limit
_RIM_M = 5.0  # the extent's rim is drawn no finer


def find_limits(
    surface: Surface,
    xy: NDArray[np.float64],
    edge_point: NDArray[np.int64],
    *,
    n_sectors: int,
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """
    Tell below which step the beam comes over ground of which no caster is known.

    A place is in doubt where the way to the sun leaves the extent before it has risen to the
    surface's usual height. Neighbouring points of an edge share one limit.

    Parameters
    ----------
    surface
        Its extent, and what is usual within.
    xy
        Points in local metres, shape ``(n_points, 2)``. [m]
    edge_point
        Points of edge `e`: ``edge_point[e]:edge_point[e + 1]``.
    n_sectors
        Compass sectors.

    Returns
    -------
    tuple[NDArray[np.uint8], NDArray[np.int32]]
        Steps of u, shape ``(n_sectors, n_places)``, and each point's column, -1 where no
        sun above the surface's lowest is in doubt.
    """
    column = np.full(len(xy), -1, np.int32)
    height_m = surface.usual_height_m() - surface.model.eye_m
    if surface.extent is None or height_m <= 0.0 or not len(xy):
        return np.empty((n_sectors, 0), np.uint8), column
    n_points = np.diff(edge_point)
    number = np.arange(len(xy)) - np.repeat(edge_point[:-1], n_points)
    place = np.cumsum(number % _PLACE_POINTS == 0) - 1
    n_in_place = np.bincount(place)
    middle = np.column_stack([np.bincount(place, values) / n_in_place for values in xy.T])
    extent = shapely.simplify(surface.extent, _RIM_M)
    shapely.prepare(extent)
    rim = shapely.boundary(extent)
    shapely.prepare(rim)
    reach_m = height_m / math.tan(math.radians(surface.model.lowest_deg))
    outside = ~shapely.contains_xy(extent, middle)
    near = np.flatnonzero(outside | shapely.dwithin(rim, shapely.points(middle), reach_m))
    corner, owner = shapely.get_coordinates(shapely.get_parts(rim), return_index=True)
    joined = owner[:-1] == owner[1:]
    turn = np.arange(n_sectors) * (2.0 * np.pi / n_sectors)
    ray = np.column_stack([np.sin(turn), np.cos(turn)]).astype(np.float32)
    exit_m = np.full((n_sectors, len(near)), np.inf)
    find_exits(middle[near], np.hstack([corner[:-1], corner[1:]])[joined], ray, exit_m)
    exit_m[:, outside[near]] = 0.0
    with np.errstate(divide="ignore"):
        u = height_m / (height_m + exit_m)
    of_place = np.full(len(middle), -1, np.int32)
    of_place[near] = np.arange(len(near))
    return np.ceil(SOLID_STEPS * u).astype(np.uint8), of_place[place]
