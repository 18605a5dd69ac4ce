"""What casts shade, packed as arrays: outlines and discs with a base and a top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ._burn import burn_discs, burn_polygons
from .window import Window

UNIT_M = 0.1
"""Heights in tiles are whole decimetres, which hold what OpenStreetMap tags."""

Ground = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Height of the ground at places, shape ``(n, 2)``, above what tiles count from. [m]"""

_SLIVER_M = 0.1  # what is no wider is left by overlaps of outlines, not built
_HIGHEST = 65_000  # decimetres that a tile's uint16 holds, with room for the ground


@dataclass(frozen=True, eq=False, slots=True)
class Casters:
    """
    Shapes of one kind, in a fixed order, ready to be burnt into any window.

    Attributes
    ----------
    ring_of, ring_start, xy
        Rings of polygon `i`: ``ring_of[i]:ring_of[i + 1]``; corners of ring `j`:
        ``xy[ring_start[j]:ring_start[j + 1]]``. Holes are rings too. [m]
    disc
        Centre and radius of each disc, shape ``(n_discs, 3)``. [m]
    base_m, top_m
        Above the ground, polygons first, then discs, shape ``(n_casters,)``. [m]
    lift_m
        Height of the ground each stands on, above what tiles count from, shape
        ``(n_casters,)``. [m]
    is_draped
        Polygons follow the ground, as a wood does, instead of standing level on it.
    spread_m
        Half width of the interval around each height, shape ``(n_casters,)``. [m]
    spread_fraction
        Half width of the interval around each width, as a share of it, shape
        ``(n_casters,)``. [1]
    box
        West, south, east, north of each, shape ``(n_casters, 4)``. [m]
    transmittance_leaf, transmittance_bare
        Share of the beam that passes, in summer and in winter.
    """

    ring_of: NDArray[np.int64]
    ring_start: NDArray[np.int64]
    xy: NDArray[np.float64]
    disc: NDArray[np.float64]
    base_m: NDArray[np.float64]
    top_m: NDArray[np.float64]
    lift_m: NDArray[np.float64]
    is_draped: bool
    spread_m: NDArray[np.float64]
    spread_fraction: NDArray[np.float64]
    box: NDArray[np.float64]
    transmittance_leaf: float
    transmittance_bare: float

    def __len__(self) -> int:
        """Count the shapes."""
        return len(self.top_m)

    def area_m2(self) -> NDArray[np.float64]:
        """Area of each shape, shape ``(n_casters,)``. [m²]."""
        polygons = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, self.xy, (self.ring_start, self.ring_of)
        )
        return np.concatenate([shapely.area(polygons), np.pi * self.disc[:, 2] ** 2])

    def transmittance(self, leaf_fraction: float) -> float:
        """Share of the beam that passes when the crowns are so far in leaf."""
        return leaf_fraction * self.transmittance_leaf + (1.0 - leaf_fraction) * (
            self.transmittance_bare
        )

    def burn(
        self, window: Window, *, ground: NDArray[np.uint16] | None = None
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint16]] | None:
        """
        Burn the shapes into a window: lowest base and highest top in each cell [dm].

        A cell without a shape has base 65,535 and top 0; None if none has one.

        Parameters
        ----------
        window
            The cells.
        ground
            Height of the ground in each, for what is draped over it; None: flat. [dm]
        """
        west, south, east, north = window.bounds
        near = np.flatnonzero(
            (self.box[:, 0] < east)
            & (self.box[:, 2] > west)
            & (self.box[:, 1] < north)
            & (self.box[:, 3] > south)
        )
        if not near.size:
            return None
        low = np.full((window.n_rows, window.n_columns), np.iinfo(np.uint16).max, np.uint16)
        high = np.zeros((window.n_rows, window.n_columns), np.uint16)
        n_polygons = len(self.ring_of) - 1
        base, top = to_units(self.base_m + self.lift_m), to_units(self.top_m + self.lift_m)
        place = (window.row, window.column, low, high)
        burn_polygons(
            near[near < n_polygons],
            self.ring_of,
            self.ring_start,
            self.xy,
            1.0 / window.cell_m,
            base[:n_polygons],
            top[:n_polygons],
            *place,
        )
        if self.is_draped and ground is not None:
            there = high > 0
            low[there] += ground[there]
            high[there] += ground[there]
        burn_discs(
            near[near >= n_polygons] - n_polygons,
            self.disc,
            1.0 / window.cell_m,
            base[n_polygons:],
            top[n_polygons:],
            *place,
        )
        return (low, high) if high.any() else None


def to_units(metres: NDArray[np.floating]) -> NDArray[np.uint16]:
    """Round heights to the tiles' decimetres."""
    return np.asarray(np.clip(np.rint(metres / UNIT_M), 0, _HIGHEST), np.uint16)


def pack_casters(
    areas: gpd.GeoDataFrame | None,
    discs: gpd.GeoDataFrame | None = None,
    *,
    transmittance: tuple[float, float] = (0.0, 0.0),
    ground: Ground | None = None,
    is_draped: bool = False,
) -> Casters:
    """
    Pack polygons and upright cylinders into arrays, dropping what has no height.

    Parameters
    ----------
    areas
        (Multi)Polygons with ``base_m`` and ``height_m``, and ``height_spread_m`` where these
        are not sure; holes are kept.
    discs
        Points with ``base_m``, ``height_m`` and ``crown_diameter_m``, and ``height_spread_m``
        and ``crown_spread_m``.
    transmittance
        Share of the beam that passes, in leaf and bare.
    ground
        Tells the height of the ground at places; None: flat. A polygon stands on the lowest
        ground at its corners, a disc on that at its middle.
    is_draped
        Let polygons follow the ground instead.
    """
    shape, base_m, top_m, spread_m = _read_areas(areas)
    disc, disc_base_m, disc_top_m, disc_spread_m, disc_spread = _read_discs(discs)
    _, xy, (ring_start, ring_of) = (
        shapely.to_ragged_array(shape)
        if len(shape)
        else (None, np.empty((0, 2)), (np.zeros(1), np.zeros(1)))
    )
    radius = disc[:, 2]
    lift_m = np.zeros(len(shape) + len(disc))
    if ground is not None:
        lift_m[len(shape) :] = ground(disc[:, :2])
        if len(shape) and not is_draped:
            first = np.asarray(ring_start, np.int64)[np.asarray(ring_of, np.int64)[:-1]]
            lift_m[: len(shape)] = np.minimum.reduceat(ground(xy), first)
    packed = Casters(
        ring_of=np.asarray(ring_of, np.int64),
        ring_start=np.asarray(ring_start, np.int64),
        xy=np.ascontiguousarray(xy, np.float64),
        disc=disc,
        base_m=np.concatenate([base_m, disc_base_m]),
        top_m=np.concatenate([top_m, disc_top_m]),
        lift_m=lift_m,
        is_draped=is_draped,
        spread_m=np.concatenate([spread_m, disc_spread_m]),
        spread_fraction=np.concatenate([np.zeros(len(shape)), disc_spread]),
        box=np.vstack(
            [
                shapely.bounds(shape).reshape(-1, 4),
                np.column_stack(
                    [
                        disc[:, 0] - radius,
                        disc[:, 1] - radius,
                        disc[:, 0] + radius,
                        disc[:, 1] + radius,
                    ]
                ),
            ]
        ),
        transmittance_leaf=transmittance[0],
        transmittance_bare=transmittance[1],
    )
    for array in (packed.ring_of, packed.ring_start, packed.xy, packed.disc, packed.box):
        array.flags.writeable = False
    return packed


def _read_areas(
    areas: gpd.GeoDataFrame | None,
) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if areas is None or not len(areas):
        return np.empty(0, object), np.empty(0), np.empty(0), np.empty(0)
    shape, owner = shapely.get_parts(shapely.force_2d(areas.geometry.to_numpy()), return_index=True)
    base_m = areas["base_m"].to_numpy(float)[owner]
    top_m = areas["height_m"].to_numpy(float)[owner]
    kept = (shapely.get_type_id(shape) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(shape)
    kept &= top_m > np.maximum(base_m, 0.0)
    kept &= shapely.area(shape) > 0.5 * _SLIVER_M * shapely.length(shape)
    spread_m = _read_spread(areas, "height_spread_m")[owner]
    return shape[kept], base_m[kept], top_m[kept], spread_m[kept]


def _read_discs(
    discs: gpd.GeoDataFrame | None,
) -> tuple[NDArray[np.float64], ...]:
    if discs is None or not len(discs):
        return np.empty((0, 3)), np.empty(0), np.empty(0), np.empty(0), np.empty(0)
    disc = np.column_stack(
        [
            shapely.get_coordinates(discs.geometry.to_numpy()),
            discs["crown_diameter_m"].to_numpy(float) / 2.0,
        ]
    )
    base_m, top_m = discs["base_m"].to_numpy(float), discs["height_m"].to_numpy(float)
    kept = (disc[:, 2] > 0.0) & (top_m > np.maximum(base_m, 0.0))
    spread_m = _read_spread(discs, "height_spread_m")
    spread = _read_spread(discs, "crown_spread_m")[kept] / (2.0 * disc[kept, 2])
    return disc[kept], base_m[kept], top_m[kept], spread_m[kept], spread


def _read_spread(frame: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """Read half widths; without any, what is told is taken as it is. [m]."""
    if name not in frame.columns:
        return np.zeros(len(frame))
    spread: NDArray[np.float64] = np.nan_to_num(frame[name].to_numpy(float))
    return spread
