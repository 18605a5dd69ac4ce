"""The ground and what stands on it, in tiles of one grid, made where they are needed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from ._relief import raise_cells
from .caster import UNIT_M, Casters, to_units
from .hills import Hills
from .lidar import FRINGE_M, LEAST_RISE_M, TRUNK_FRACTION
from .relief import Relief
from .window import Bounds, Window

_EVERY = 8  # cells that are looked at for the highest ground

NO_BASE = np.iinfo(np.uint16).max
"""Base of a crown where there is none."""

GROUND_M = 300.0
"""The ground itself is looked at so far in full detail, hills beyond it; our choice. [m]"""

UPHILL_M = 1000.0
"""
What stands higher up than one does is looked for so far at least, if it may reach so far.

Farther away, a house hardly adds to the hill it stands on; our choice. [m]
"""


@dataclass(frozen=True, slots=True)
class SurfaceModel:
    """
    Assumptions about the surface; change one with `dataclasses.replace`.

    Attributes
    ----------
    cell_m
        Side of a cell, near the place one looks from; our choice. [m]
    eye_m
        Height above ground at which the sun must arrive: a walker's chest, and what
        field stations of urban climate measure at. [m]
    underpass_m
        What begins this high or higher is walked beneath; our choice. [m]
    lowest_deg
        Below this solar elevation no longer shadow is looked for; our choice. [°]
    fringe_m
        Outlines of the map and rasters from the air differ by so much: what rises that near to
        an outline is the building's; our choice. [m]
    """

    cell_m: float = 0.25
    eye_m: float = 1.1
    underpass_m: float = 2.0
    lowest_deg: float = 3.0
    fringe_m: float = FRINGE_M


@dataclass(frozen=True, eq=False)  # no slots: lowest and highest are found when first asked for
class Raster:
    """
    Measured heights on a grid, rows running north from its corner, in place of shapes.

    Attributes
    ----------
    window
        Where it lies.
    ground_m, solid_m
        Terrain, and terrain with what stands solid on it, shape ``(n_rows, n_columns)``. [m]
    crown_base_m, crown_top_m
        Base and top of crowns; NaN where there is none. [m]
    """

    window: Window
    ground_m: NDArray[np.float32]
    solid_m: NDArray[np.float32]
    crown_base_m: NDArray[np.float32]
    crown_top_m: NDArray[np.float32]

    @cached_property
    def lowest_m(self) -> float:
        """Height that tiles count from. [m]."""
        return min(float(np.nanmin(self.ground_m)), float(np.nanmin(self.solid_m)))

    @cached_property
    def highest_rise_m(self) -> float:
        """Height of the highest top of all above the lowest ground. [m]."""
        highest_m = max(float(np.nanmax(self.solid_m)), _highest(self.crown_top_m))
        return highest_m - float(np.nanmin(self.ground_m))


@dataclass(frozen=True, eq=False)  # no slots: the highest of each is found when first asked for
class Measured:
    """
    What was measured from the air, beneath and in place of shapes.

    Attributes
    ----------
    lowest_m
        Height that tiles count from. [m]
    dem
        Height of the ground; None: flat. [m]
    hills
        The ground as far as it is known.
    dsm
        Height of ground and roofs. [m]
    cdsm
        Height of crowns above the ground, 0 where there is none. [m]
    roofs
        Outlines of the buildings whose roofs `dsm` tells, from eaves to ridge.
    apart
        Outlines of all buildings and decks, a little wider: what rises out of these stands alone.
    trunk_fraction
        A crown begins at this share of its height.
    least_rise_m
        What rises less than this out of the ground casts nothing. [m]
    canopy_layer
        Layer of `Surface.layers` that is the measured crowns; -1 without any.
    """

    lowest_m: float = 0.0
    dem: Relief | None = None
    hills: Hills | None = None
    dsm: Relief | None = None
    cdsm: Relief | None = None
    roofs: Casters | None = None
    apart: Casters | None = None
    trunk_fraction: float = TRUNK_FRACTION
    least_rise_m: float = LEAST_RISE_M
    canopy_layer: int = -1

    @cached_property
    def highest_rise_m(self) -> float:
        """Height of the highest ground near by above the lowest. [m]."""
        if self.dem is None:
            return 0.0
        return float(np.nanmax(self.dem.height_m[::_EVERY, ::_EVERY])) - self.lowest_m

    @cached_property
    def highest_crown_m(self) -> float:
        """Height of the highest measured crown above its ground, 0 without any. [m]."""
        return 0.0 if self.cdsm is None else _highest(self.cdsm.height_m)

    @cached_property
    def usual_rise_m(self) -> float:
        """Tell how high what stands on the ground usually is, where only a raster knows. [m]."""
        if self.dsm is None or self.dem is None:
            return 0.0
        rise_m = self.dsm.height_m - self.dem.sample(self.dsm.window)
        stands = rise_m[rise_m > self.least_rise_m]
        return float(np.percentile(stands, 95.0)) if len(stands) else 0.0

    def lowest_ground_m(self, bounds: Bounds) -> float:
        """Tell the height of the lowest ground within bounds. [m]."""
        if self.dem is None or not np.isfinite(bounds).all():
            return self.lowest_m
        return self.dem.lowest_m(bounds)

    def ground(self, window: Window) -> NDArray[np.uint16]:
        """Tell the ground of a window's cells [dm]; unknown ground is at the lowest."""
        if self.dem is None:
            return np.zeros((window.n_rows, window.n_columns), np.uint16)
        return to_units(np.nan_to_num(self.dem.sample(window) - self.lowest_m))

    def raise_roofs(self, window: Window, solid: NDArray[np.uint16]) -> None:
        """Raise what is solid to the measured roofs, and to what else stands there, in place."""
        if self.dsm is None:
            return
        nowhere = np.empty((0, 0), np.uint16)
        roofs = self.roofs.burn(window) if self.roofs is not None else None
        outlines = self.apart.burn(window) if self.apart is not None else None
        crown_m = np.empty((0, 0), np.float32)
        if self.cdsm is not None:
            crown_m = self.cdsm.sample(window, smooth=False)
        raise_cells(
            self.dsm.sample(window, smooth=False),
            self.lowest_m,
            *((nowhere, nowhere) if roofs is None else roofs),
            nowhere if outlines is None else outlines[1],
            crown_m,
            round(self.least_rise_m / UNIT_M),
            solid,
        )

    def crowns(
        self, window: Window, ground: NDArray[np.uint16]
    ) -> tuple[NDArray[np.uint16], NDArray[np.uint16]] | None:
        """Tell base and top of the measured crowns [dm]; None without any here."""
        if self.cdsm is None:
            return None
        height_m = np.nan_to_num(self.cdsm.sample(window, smooth=False))
        there = height_m >= self.least_rise_m
        if not there.any():
            return None
        top = np.add(ground, to_units(height_m), dtype=np.uint16)
        base = np.add(ground, to_units(height_m * self.trunk_fraction), dtype=np.uint16)
        return (
            np.where(there, base, NO_BASE).astype(np.uint16),
            np.where(there, top, 0).astype(np.uint16),
        )


@dataclass(frozen=True, eq=False, slots=True)
class Tile:
    """
    A window of the surface.

    Attributes
    ----------
    window
        Which cells.
    ground, solid
        Terrain, and the top of what is solid, above the lowest ground,
        shape ``(n_rows, n_columns)``, row 0 in the south. [dm]
    crowns
        Index of the layer, base and top of what one walks beneath, for each layer
        found here; 65,535 and 0 where there is none. [dm]
    """

    window: Window
    ground: NDArray[np.uint16]
    solid: NDArray[np.uint16]
    crowns: tuple[tuple[int, NDArray[np.uint16], NDArray[np.uint16]], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Surface:
    """
    Ground, solids and crowns; its tiles are made where they are needed.

    Attributes
    ----------
    model
        Assumptions.
    solids
        What stands on the ground and lets no beam through.
    layers
        What one walks beneath: roofs and decks, evergreen and deciduous crowns.
    raster
        Measured heights in place of shapes, or None.
    measured
        Ground, roofs and crowns measured beneath and among shapes.
    extent
        Where what casts shade is known; None: everywhere.
    knows_casters
        False where there is no data on what casts shade at all.
    leaf_year
        How far the crowns are in leaf on each day of the year, shape ``(366,)``; None: as
        deciduous trees are in general at a place's latitude.
    """

    model: SurfaceModel
    solids: Casters
    layers: tuple[Casters, ...]
    raster: Raster | None = None
    measured: Measured = Measured()
    extent: shapely.MultiPolygon | None = None
    knows_casters: bool = True
    leaf_year: NDArray[np.float64] | None = None

    def tile(self, window: Window) -> Tile:
        """Make one tile."""
        if self.raster is not None:
            return _cut(self.raster, window)
        measured = self.measured
        ground = measured.ground(window)
        solid = ground.copy()
        measured.raise_roofs(window, solid)
        burnt = self.solids.burn(window, ground=ground)
        if burnt is not None:
            np.maximum(solid, burnt[1], out=solid)
        crowns = []
        for layer, casters in enumerate(self.layers):
            found = (
                measured.crowns(window, ground)
                if layer == measured.canopy_layer
                else casters.burn(window, ground=ground)
            )
            if found is None:
                continue
            if casters.transmittance_leaf == 0.0:
                _join(solid, *found)
            crowns.append((layer, *found))
        return Tile(window, ground, solid, tuple(crowns))

    def ground_m(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Tell the height of the ground at places, above the sea where terrain is known. [m]."""
        dem = self.measured.dem
        if dem is None:
            return np.zeros(len(xy))
        return np.nan_to_num(dem.at(xy), nan=self.measured.lowest_m).astype(float)

    def reach_m(self, bounds: Bounds) -> float:
        """Tell how far from `bounds` one must look for casters; hills may be farther. [m]."""
        slope = math.tan(math.radians(self.model.lowest_deg))
        west, south, east, north = bounds
        if self.raster is not None:
            return self.raster.highest_rise_m / slope
        measured = self.measured
        reach_m = 0.0 if measured.dem is None else GROUND_M
        low_m = measured.lowest_ground_m(bounds) - measured.lowest_m
        if measured.cdsm is not None:
            crown_m = measured.highest_crown_m - self.model.eye_m
            raised_m = min((crown_m + measured.highest_rise_m - low_m) / slope, UPHILL_M)
            reach_m = max(reach_m, crown_m / slope, raised_m)
        for casters in self._casters():
            box = casters.box
            apart = np.hypot(
                np.maximum(np.maximum(box[:, 0] - east, west - box[:, 2]), 0.0),
                np.maximum(np.maximum(box[:, 1] - north, south - box[:, 3]), 0.0),
            )
            lift_m = casters.lift_m
            if casters.is_draped and measured.dem is not None:
                lift_m = np.maximum(lift_m, measured.highest_rise_m)
            own_m = (casters.top_m - self.model.eye_m) / slope
            uphill_m = own_m + np.maximum(lift_m - low_m, 0.0) / slope
            own_m = np.maximum(own_m, np.minimum(uphill_m, UPHILL_M))
            reach_m = max(reach_m, float(np.where(apart < own_m, own_m, 0.0).max()))
        return reach_m

    def highest_m(self) -> float:
        """Tell how high the highest caster stands above its ground. [m]."""
        tops = [float(casters.top_m.max()) for casters in self._casters()]
        return max(*tops, self.measured.highest_crown_m, 0.0)

    def _casters(self) -> list[Casters]:
        """List what is packed as shapes."""
        roofs = self.measured.roofs
        packed = (self.solids, *(() if roofs is None else (roofs,)), *self.layers)
        return [casters for casters in packed if len(casters)]

    def usual_height_m(self) -> float:
        """
        Tell how high the casters beyond the extent may well be. [m].

        The 95th percentile of the solids' heights: the highest of all would let one
        chimney make a kilometre of rim unknown. Without solids, of the crowns' heights.
        """
        roofs = self.measured.roofs
        solid_m = np.concatenate([self.solids.top_m, [] if roofs is None else roofs.top_m])
        for top_m in (solid_m, *(casters.top_m for casters in self.layers)):
            if len(top_m):
                return float(np.percentile(top_m, 95.0))
        return self.measured.usual_rise_m


def _join(solid: NDArray[np.uint16], low: NDArray[np.uint16], high: NDArray[np.uint16]) -> None:
    """Let a part that rests on a solid be solid itself, in place."""
    resting = (high > 0) & (low <= solid)
    solid[resting] = np.maximum(solid, high)[resting]
    low[resting], high[resting] = NO_BASE, 0


def _highest(height_m: NDArray[np.float32]) -> float:
    return float(np.nanmax(height_m, initial=0.0))


def _cut(raster: Raster, window: Window) -> Tile:
    """Take a window from a raster, every k-th cell of it; beyond its rim stands nothing."""
    stride = round(window.cell_m / raster.window.cell_m)
    row = (window.row + np.arange(window.n_rows)) * stride + stride // 2 - raster.window.row
    column = (
        (window.column + np.arange(window.n_columns)) * stride + stride // 2 - raster.window.column
    )
    there = np.ix_(
        (row >= 0) & (row < raster.window.n_rows),
        (column >= 0) & (column < raster.window.n_columns),
    )
    source = np.ix_(
        row[(row >= 0) & (row < raster.window.n_rows)],
        column[(column >= 0) & (column < raster.window.n_columns)],
    )

    lowest_m = np.float32(raster.lowest_m)

    def take(height_m: NDArray[np.float32], empty: int) -> NDArray[np.uint16]:
        cut = np.full((window.n_rows, window.n_columns), empty, np.uint16)
        some = height_m[source]
        known = ~np.isnan(some)
        cut[there] = np.where(known, to_units(np.where(known, some - lowest_m, 0.0)), empty)
        return cut

    low, high = take(raster.crown_base_m, NO_BASE), take(raster.crown_top_m, 0)
    crowns = ((0, low, high),) if high.any() else ()
    return Tile(window, take(raster.ground_m, 0), take(raster.solid_m, 0), crowns)
