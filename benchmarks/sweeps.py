"""
Shade by another road: shapes swept along the beam by shapely, no grid and no skyline.

The shadow of an upright solid on the level of the eye is its outline swept along the beam from
where its base meets that level to where its top does: both outlines, and a parallelogram a
wall between them. Slow, and exact but for the corners of round crowns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from solarpass.caster import Casters
from solarpass.surface import Surface

CORNERS_PER_QUARTER = 16


@dataclass(frozen=True)
class Scene:
    """Outlines with base and top, solids and layers apart."""

    surface: Surface
    solids: NDArray[np.object_]
    layers: tuple[NDArray[np.object_], ...]
    built: shapely.Geometry  # what solids cover

    @classmethod
    def of(cls, surface: Surface) -> Scene:
        """Draw a surface's casters as polygons."""
        solids = outlines(surface.solids)
        high = solids[surface.solids.top_m > surface.model.eye_m]
        return cls(surface, solids, tuple(map(outlines, surface.layers)), shapely.union_all(high))

    def settle(
        self, xy: NDArray[np.float64], *, slack_m: float
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Move points just inside a solid to its rim; tell which are deep inside."""
        # Clear of the outline by a hair, lest a wall shade what merely touches it.
        hair_m = 0.01
        grown = shapely.buffer(self.built, hair_m, join_style="mitre")
        shapely.prepare(grown)
        rim = shapely.boundary(grown)
        there, deep = xy.copy(), shapely.contains_xy(grown, xy)
        for i in np.flatnonzero(deep):
            way = shapely.shortest_line(shapely.Point(xy[i]), rim)
            if way.length < slack_m + hair_m:
                there[i], deep[i] = shapely.get_coordinates(way)[1], False
        return there, deep

    def sun_fraction(
        self,
        xy: NDArray[np.float64],
        *,
        azimuth_deg: float,
        elevation_deg: float,
        leaf_fraction: float = 1.0,
    ) -> NDArray[np.float64]:
        """Share of the beam at points outside of all solids, shape ``(n_points,)``."""
        beam = (azimuth_deg, elevation_deg, self.surface.model.eye_m)
        points = shapely.points(xy)
        sun = np.ones(len(xy))
        kinds = zip(
            (self.surface.solids, *self.surface.layers), (self.solids, *self.layers), strict=True
        )
        for casters, shapes in kinds:
            shadow = sweep(shapes, casters.base_m, casters.top_m, *beam)
            passed = casters.transmittance(leaf_fraction)
            hit, _ = STRtree(shadow).query(points, predicate="intersects")
            sun[np.unique(hit)] *= passed
        return sun


def outlines(casters: Casters) -> NDArray[np.object_]:
    """Draw casters as polygons, in their order; crowns as round as their area allows."""
    polygons = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, casters.xy, (casters.ring_start, casters.ring_of)
    )
    step = np.pi / (2 * CORNERS_PER_QUARTER)
    same_area = math.sqrt(2.0 * step / math.sin(2.0 * step))
    discs = shapely.buffer(
        shapely.points(casters.disc[:, :2]),
        casters.disc[:, 2] * same_area,
        quad_segs=CORNERS_PER_QUARTER,
    )
    return np.concatenate([polygons, discs])


def sweep(
    shape: NDArray[np.object_],
    base_m: NDArray[np.float64],
    top_m: NDArray[np.float64],
    azimuth_deg: float,
    elevation_deg: float,
    eye_m: float,
) -> NDArray[np.object_]:
    """Sweep outlines along the beam into pieces whose union is their shadow at the eye's level."""
    kept = top_m > eye_m
    shape, base_m, top_m = shape[kept], base_m[kept], top_m[kept]
    if not len(shape):
        return shape
    per_m = -1.0 / math.tan(math.radians(elevation_deg))
    away = per_m * np.array(
        [math.sin(math.radians(azimuth_deg)), math.cos(math.radians(azimuth_deg))]
    )
    from_xy = np.maximum(base_m - eye_m, 0.0)[:, None] * away
    to_xy = (top_m - eye_m)[:, None] * away
    ring, owner = shapely.get_parts(shapely.boundary(shape), return_index=True)
    corner, of_ring = shapely.get_coordinates(ring, return_index=True)
    wall = np.flatnonzero(of_ring[:-1] == of_ring[1:])
    building = owner[of_ring[wall]]
    a, b = corner[wall], corner[wall + 1]
    wall_box = shapely.polygons(
        np.stack(
            [
                a + from_xy[building],
                b + from_xy[building],
                b + to_xy[building],
                a + to_xy[building],
            ],
            axis=1,
        )
    )
    return np.concatenate([wall_box, _shift(shape, from_xy), _shift(shape, to_xy)])


def _shift(shape: NDArray[np.object_], by: NDArray[np.float64]) -> NDArray[np.object_]:
    corner, owner = shapely.get_coordinates(shape, return_index=True)
    return shapely.set_coordinates(shape.copy(), corner + by[owner])
