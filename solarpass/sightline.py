"""Lines of sight: where rays over the ground enter and leave the shapes around a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """
    Stretches of rays within shapes, by ray, then shape, then distance.

    Attributes
    ----------
    ray, shape
        Which ray and which shape, shape ``(n_spans,)``.
    near_m, far_m
        Where the ray enters and leaves, 0 where it begins inside, shape ``(n_spans,)``. [m]
    """

    ray: NDArray[np.int64]
    shape: NDArray[np.int64]
    near_m: NDArray[np.float64]
    far_m: NDArray[np.float64]

    def __getitem__(self, some: NDArray[Any]) -> Spans:
        """Choose some, by number or by mask."""
        return Spans(self.ray[some], self.shape[some], self.near_m[some], self.far_m[some])

    def cut(
        self, xy: NDArray[np.float64], azimuth_deg: NDArray[np.float64], cell_m: float
    ) -> Spans:
        """
        Cut each where it crosses the lines of the grid whose corner is the origin.

        Parameters
        ----------
        xy
            Where all rays begin, shape ``(2,)``. [m]
        azimuth_deg
            Of each ray, shape ``(n_rays,)``. [°]
        cell_m
            Side of a cell. [m]
        """
        turn = np.deg2rad(azimuth_deg)[self.ray]
        own = np.arange(len(self.ray))
        of, at_m = [own, own], [self.near_m, self.far_m]
        for start_m, towards in zip(xy, (np.sin(turn), np.cos(turn)), strict=True):
            ends = np.sort((start_m + np.stack([self.near_m, self.far_m]) * towards) / cell_m, 0)
            first = np.floor(ends[0]).astype(np.int64) + 1
            n_lines = np.maximum(np.ceil(ends[1]).astype(np.int64) - first, 0)
            crossing = np.repeat(own, n_lines)
            nth = np.arange(len(crossing)) - np.repeat(np.cumsum(n_lines) - n_lines, n_lines)
            line_m = (first[crossing] + nth) * cell_m
            of.append(crossing)
            met_m = (line_m - start_m) / towards[crossing]
            at_m.append(np.clip(met_m, self.near_m[crossing], self.far_m[crossing]))
        owner, mark_m = np.concatenate(of), np.concatenate(at_m)
        order = np.argsort(owner * (self.far_m.max(initial=0.0) + 1.0) + mark_m, kind="stable")
        owner, mark_m = owner[order], mark_m[order]
        inner = (owner[1:] == owner[:-1]) & (mark_m[1:] > mark_m[:-1])
        piece = self[owner[:-1][inner]]
        return Spans(piece.ray, piece.shape, mark_m[:-1][inner], mark_m[1:][inner])

    def middle(self, xy: NDArray[np.float64], azimuth_deg: NDArray[np.float64]) -> NDArray[Any]:
        """Tell where the middle of each lies, for rays from `xy`, shape ``(n_spans, 2)``. [m]."""
        turn = np.deg2rad(azimuth_deg)[self.ray]
        away_m = 0.5 * (self.near_m + self.far_m)
        middle: NDArray[np.float64] = xy + away_m[:, None] * np.column_stack(
            [np.sin(turn), np.cos(turn)]
        )
        return middle


@dataclass(frozen=True, eq=False, slots=True)
class Sightlines:
    """
    Shapes around a place, as seen from it on the ground plan: polygons first, then discs.

    Attributes
    ----------
    wall
        Start (x, y) and end (x, y) of each wall, holes too, from the place, shape
        ``(n_walls, 4)``. [m]
    wall_of
        Shape of each wall, shape ``(n_walls,)``.
    disc
        Centre from the place, and radius, shape ``(n_discs, 3)``. [m]
    n_polygons
        The first disc is the shape of this number.
    """

    wall: NDArray[np.float64]
    wall_of: NDArray[np.int64]
    disc: NDArray[np.float64]
    n_polygons: int

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            if str(item.type).startswith("NDArray"):
                getattr(self, item.name).flags.writeable = False

    def spans(self, azimuth_deg: NDArray[np.float64]) -> Spans:
        """
        Find where rays run through the shapes: exact but for rounding.

        Parameters
        ----------
        azimuth_deg
            Of each ray, clockwise from north, shape ``(n_rays,)``. [°]
        """
        azimuth_deg = np.asarray(azimuth_deg, float) % 360.0
        walls, discs = self._cross_walls(azimuth_deg), self._cross_discs(azimuth_deg)
        ray, shape, near_m, far_m = (
            np.concatenate(pair) for pair in zip(walls, discs, strict=True)
        )
        order = np.lexsort((near_m, shape, ray))
        return Spans(ray[order], shape[order], near_m[order], far_m[order])

    def _cross_walls(self, azimuth_deg: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
        """Pair the crossings of each ray with each polygon as entry and exit."""
        x, y, to_x, to_y = self.wall.T
        begin, end = _bearing(x, y), _bearing(to_x, to_y)
        is_clockwise = (end - begin) % 360.0 < 180.0
        low, high = np.where(is_clockwise, (begin, end), (end, begin))
        ray, wall = _meet(azimuth_deg, low, np.where(high < low, high + 360.0, high))
        east, north = np.sin(np.deg2rad(azimuth_deg[ray])), np.cos(np.deg2rad(azimuth_deg[ray]))
        along_x, along_y = (to_x - x)[wall], (to_y - y)[wall]
        cross = east * along_y - north * along_x
        met = cross != 0.0  # else the ray runs along the wall, which the next one tells
        ray, wall = ray[met], wall[met]
        at_m = (x[wall] * along_y[met] - y[wall] * along_x[met]) / cross[met]
        shape = self.wall_of[wall]
        # Who crosses a shape's walls an odd number of times began inside it.
        pair, n_met = np.unique(ray * (self.n_polygons + 1) + shape, return_counts=True)
        inside = pair[n_met % 2 == 1]
        ray = np.concatenate([ray, inside // (self.n_polygons + 1)])
        shape = np.concatenate([shape, inside % (self.n_polygons + 1)])
        at_m = np.concatenate([np.maximum(at_m, 0.0), np.zeros(len(inside))])
        order = np.lexsort((at_m, shape, ray))
        enter, leave = order[0::2], order[1::2]
        return ray[enter], shape[enter], at_m[enter], at_m[leave]

    def _cross_discs(self, azimuth_deg: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
        x, y, radius_m = self.disc.T
        away_m = np.hypot(x, y)
        around = away_m <= radius_m
        half = np.rad2deg(np.arcsin(np.minimum(radius_m / np.maximum(away_m, 1e-9), 1.0)))
        low = np.where(around, 0.0, (_bearing(x, y) - half) % 360.0)
        ray, disc = _meet(azimuth_deg, low, low + np.where(around, 360.0, 2.0 * half))
        turn = np.deg2rad(azimuth_deg[ray])
        along_m = x[disc] * np.sin(turn) + y[disc] * np.cos(turn)
        aside_m = x[disc] * np.cos(turn) - y[disc] * np.sin(turn)
        half_m = np.sqrt(np.maximum(radius_m[disc] ** 2 - aside_m**2, 0.0))
        near_m = np.maximum(along_m - half_m, 0.0)
        return ray, disc + self.n_polygons, near_m, along_m + half_m


def build_sightlines(
    xy: NDArray[np.float64],
    polygons: Sequence[shapely.Polygon] | NDArray[np.object_],
    discs: NDArray[np.float64] | None = None,
) -> Sightlines:
    """
    Build the lines of sight from a place.

    Parameters
    ----------
    xy
        The place, shape ``(2,)``. [m]
    polygons
        With their holes; each one shape.
    discs
        Centre x, y and radius, shape ``(n_discs, 3)``. [m]
    """
    shapes = np.asarray(polygons, object)
    rings, ring_of = shapely.get_rings(shapes, return_index=True)
    corner, of_ring = shapely.get_coordinates(rings, return_index=True)
    corner = corner - xy
    same = of_ring[1:] == of_ring[:-1]
    round_ = np.empty((0, 3)) if discs is None else np.asarray(discs, float).reshape(-1, 3)
    return Sightlines(
        wall=np.hstack([corner[:-1][same], corner[1:][same]]),
        wall_of=np.asarray(ring_of, np.int64)[of_ring[:-1][same]],
        disc=round_ - np.array([xy[0], xy[1], 0.0]),
        n_polygons=len(shapes),
    )


def _bearing(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    bearing: NDArray[np.float64] = np.rad2deg(np.arctan2(x, y)) % 360.0
    return bearing


def _meet(
    azimuth_deg: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the rays within each half-open range of bearings, which may pass north."""
    order = np.argsort(azimuth_deg, kind="stable")
    twice = np.concatenate([azimuth_deg[order], azimuth_deg[order] + 360.0])
    first, after = np.searchsorted(twice, low), np.searchsorted(twice, high)
    n_met = after - first
    item = np.repeat(np.arange(len(low)), n_met)
    nth = np.arange(len(item)) - np.repeat(np.cumsum(n_met) - n_met, n_met)
    position = np.repeat(first, n_met) + nth
    return order[position % max(len(order), 1)], item
