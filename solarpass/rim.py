"""Where the ground ends of which the casters are known, as seen from points."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from ._skyline import SOLID_STEPS, find_exits
from .tile import Surface

_PLACE_POINTS = 8  # so many neighbouring points share one limit
_RIM_M = 5.0  # the extent's rim is drawn no finer


def find_limits(
    surface: Surface,
    xy: NDArray[np.float64],
    edge_point: NDArray[np.int64],
    *,
    n_sectors: int,
    most_unknown: float,
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """
    Tell below which step the beam comes over ground of which no caster is known.

    A place is in doubt where the way to the sun leaves the extent before it has risen to the
    surface's usual height. Neighbouring points of an edge share one limit, and an edge has
    the one below which too much of it is in doubt.

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
    most_unknown
        Share of an edge of which more must be in doubt.

    Returns
    -------
    tuple[NDArray[np.uint8], NDArray[np.int32]]
        Steps of u, shape ``(n_near, n_sectors)``, and each edge's row, -1 where no sun above
        the surface's lowest is in doubt.
    """
    n_edges = len(edge_point) - 1
    row = np.full(n_edges, -1, np.int32)
    height_m = surface.usual_height_m() - surface.model.eye_m
    if surface.extent is None or height_m <= 0.0 or not len(xy):
        return np.empty((0, n_sectors), np.uint8), row
    edge, number = _number(edge_point)
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
    step = np.ceil(SOLID_STEPS * u).astype(np.uint8)
    owner = edge[np.searchsorted(place, near)]
    begin = np.flatnonzero(np.diff(owner, prepend=-1))
    row[owner[begin]] = np.arange(len(begin))
    most = most_unknown * np.diff(edge_point)
    limits = [
        _join(step[:, some], n_in_place[near[some]], float(most[owner[some][0]]))
        for some in np.split(np.arange(len(near)), begin[1:])
        if len(some)
    ]
    return np.array(limits, np.uint8).reshape(len(begin), n_sectors), row


def _number(edge_point: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Tell each point's edge, and which of the edge's points it is."""
    n_points = np.diff(edge_point)
    edge = np.repeat(np.arange(len(n_points)), n_points)
    return edge, np.arange(len(edge)) - edge_point[:-1][edge]


def _join(step: NDArray[np.uint8], n_points: NDArray[np.int64], most: float) -> NDArray[np.uint8]:
    """Find the step that more than so many of an edge's points share, in each sector."""
    order = np.argsort(step, axis=1)[:, ::-1]
    beyond = np.cumsum(n_points[order], axis=1) > most
    found = np.take_along_axis(step, order, axis=1)
    first = np.argmax(beyond, axis=1)[:, None]
    limit = np.where(beyond.any(axis=1), np.take_along_axis(found, first, axis=1)[:, 0], 0)
    return limit.astype(np.uint8)
