"""The ground and what stands on it, in tiles of one grid, made where they are needed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .caster import UNIT_M, Casters, Window, pack_casters, to_units
from .errors import SourceError
from .leaf import find_leaf_year

if TYPE_CHECKING:
    from .city import City

Bounds = tuple[float, float, float, float]
_NO_BASE = np.iinfo(np.uint16).max


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
    """

    cell_m: float = 0.25
    eye_m: float = 1.1
    underpass_m: float = 2.0
    lowest_deg: float = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class Raster:
    """
    Measured heights on a grid, rows running north from its corner.

    Attributes
    ----------
    window
        Where it lies.
    ground, solid
        Terrain, and terrain with what stands solid on it, above the lowest ground,
        shape ``(n_rows, n_columns)``. [dm]
    crown_low, crown_high
        Base and top of crowns above the lowest ground; 65,535 and 0 where there is none. [dm]
    """

    window: Window
    ground: NDArray[np.uint16]
    solid: NDArray[np.uint16]
    crown_low: NDArray[np.uint16]
    crown_high: NDArray[np.uint16]


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
    extent: shapely.MultiPolygon | None = None
    knows_casters: bool = True
    leaf_year: NDArray[np.float64] | None = None

    def tile(self, window: Window) -> Tile:
        """Make one tile."""
        if self.raster is not None:
            return _cut(self.raster, window)
        shape = (window.n_rows, window.n_columns)
        burnt = self.solids.burn(window)
        solid = np.zeros(shape, np.uint16) if burnt is None else burnt[1]
        crowns = []
        for layer, casters in enumerate(self.layers):
            found = casters.burn(window)
            if found is None:
                continue
            if casters.transmittance_leaf == 0.0:
                _join(solid, *found)
            crowns.append((layer, *found))
        return Tile(window, np.zeros(shape, np.uint16), solid, tuple(crowns))

    def reach_m(self, bounds: Bounds) -> float:
        """Tell how far from `bounds` one must look for casters. [m]."""
        slope = math.tan(math.radians(self.model.lowest_deg))
        west, south, east, north = bounds
        if self.raster is not None:
            raster = self.raster
            highest = max(int(raster.solid.max()), int(raster.crown_high.max()))
            return (highest - int(raster.ground.min())) * UNIT_M / slope
        reach_m = 0.0
        for casters in (self.solids, *self.layers):
            if not len(casters):
                continue
            box = casters.box
            apart = np.hypot(
                np.maximum(np.maximum(box[:, 0] - east, west - box[:, 2]), 0.0),
                np.maximum(np.maximum(box[:, 1] - north, south - box[:, 3]), 0.0),
            )
            own_m = (casters.top_m - self.model.eye_m) / slope
            reach_m = max(reach_m, float(np.where(apart < own_m, own_m, 0.0).max()))
        return reach_m

    def usual_height_m(self) -> float:
        """
        Tell how high the casters beyond the extent may well be. [m].

        The 95th percentile of the solids' heights: the highest of all would let one
        chimney make a kilometre of rim unknown. Without solids, of the crowns' heights.
        """
        for casters in (self.solids, *self.layers):
            if len(casters):
                return float(np.percentile(casters.top_m, 95.0))
        return 0.0


def build_surface(city: City, *, model: SurfaceModel = SurfaceModel()) -> Surface:
    """
    Build the surface of a city from its buildings, bridges, trees and woods; the ground is flat.

    Roofs, decks and parts one walks beneath are one layer that lets nothing through. Crowns are
    upright cylinders with a flat base, evergreen and the rest apart; what a layer lets through
    and when it is in leaf is the mean of its crowns, by their area.
    """
    buildings = city.buildings[city.buildings["casts"].astype(bool)]
    beneath = (buildings["base_m"] >= model.underpass_m).to_numpy(bool)
    body = ["base_m", "height_m", "geometry"]
    layers = [pack_casters(pd.concat([buildings[beneath][body], city.bridges[body]]))]
    for cycle in (True, False):
        trees = city.trees[(city.trees["leaf_cycle"] == "evergreen") == cycle]
        woods = city.woods[(city.woods["leaf_cycle"] == "evergreen") == cycle]
        layers.append(pack_casters(woods, trees, transmittance=_transmittance(trees, woods)))
    return Surface(
        model=model,
        solids=pack_casters(buildings[~beneath]),
        layers=tuple(layer for layer in layers if len(layer)),
        extent=city.extent,
        knows_casters=city.knows_buildings,
        leaf_year=find_leaf_year(city.centre[0], area_m2=_sheds(city)),
    )


def _sheds(city: City) -> dict[str | None, float]:
    """Add up the crowns that are not evergreen, by genus. [m²]."""
    trees = city.trees[city.trees["leaf_cycle"] != "evergreen"]
    woods = city.woods[city.woods["leaf_cycle"] != "evergreen"]
    area_m2 = np.pi / 4.0 * trees["crown_diameter_m"].to_numpy(float) ** 2
    by_genus: dict[str | None, float] = {None: float(woods.area.sum())}
    for genus, area in zip(trees["genus"], area_m2.tolist(), strict=True):
        by_genus[genus] = by_genus.get(genus, 0.0) + area
    return by_genus


def surface_from_arrays(
    solid_m: NDArray[np.floating],
    *,
    cell_m: float,
    west_m: float = 0.0,
    north_m: float = 0.0,
    ground_m: NDArray[np.floating] | None = None,
    crown_top_m: NDArray[np.floating] | None = None,
    crown_base_m: NDArray[np.floating] | None = None,
    transmittance: tuple[float, float] = (0.03, 0.45),
    model: SurfaceModel = SurfaceModel(),
) -> Surface:
    """
    Build a surface from rasters, row 0 in the north as in a GeoTIFF.

    Parameters
    ----------
    solid_m
        Height of ground or roof, shape ``(n_rows, n_columns)``. [m]
    cell_m, west_m, north_m
        Side of a cell and the outer corner; the corner must lie on the grid of cells. [m]
    ground_m
        Terrain; None: flat at 0. [m]
    crown_top_m, crown_base_m
        Top and base of crowns, as heights like `solid_m`; NaN where there is none. [m]
    transmittance
        Share of the beam that passes the crowns, in leaf and bare.
    model
        Assumptions; its cell becomes `cell_m`.

    Raises
    ------
    SourceError
        If shapes differ, a height is not finite, or the corner lies off the grid.
    """
    shape = solid_m.shape
    terrain = np.zeros(shape) if ground_m is None else np.asarray(ground_m, float)
    top = np.full(shape, np.nan) if crown_top_m is None else np.asarray(crown_top_m, float)
    base = np.full(shape, np.nan) if crown_base_m is None else np.asarray(crown_base_m, float)
    if not shape == terrain.shape == top.shape == base.shape or len(shape) != 2:
        shapes = ", ".join(str(array.shape) for array in (solid_m, terrain, top, base))
        msg = f"Wanted rasters of one shape; got {shapes}."
        raise SourceError(msg)
    if not (np.isfinite(solid_m).all() and np.isfinite(terrain).all()):
        msg = "Wanted a finite height in every cell of surface and ground; fill the holes first."
        raise SourceError(msg)
    corner = np.array([west_m, north_m]) / cell_m
    if np.abs(corner - np.rint(corner)).max() > 1e-6:
        msg = f"Wanted a corner on the grid of {cell_m} m cells; got ({west_m}, {north_m})."
        raise SourceError(msg)
    lowest = min(float(terrain.min()), float(np.min(solid_m)))
    crowned = np.isfinite(top) & np.isfinite(base) & (top > base)
    low = np.where(crowned, to_units(np.where(crowned, base, 0.0) - lowest), _NO_BASE)
    high = np.where(crowned, to_units(np.where(crowned, top, 0.0) - lowest), 0)
    north_first = (
        to_units(terrain - lowest),
        to_units(np.asarray(solid_m, float) - lowest),
        low.astype(np.uint16),
        high.astype(np.uint16),
    )
    window = Window(round(corner[1]) - shape[0], round(corner[0]), *shape, cell_m)
    layer = pack_casters(None, transmittance=transmittance)
    return Surface(
        model=replace(model, cell_m=cell_m),
        solids=pack_casters(None),
        layers=(layer,) if crowned.any() else (),
        raster=Raster(window, *(np.ascontiguousarray(array[::-1]) for array in north_first)),
    )


def _join(solid: NDArray[np.uint16], low: NDArray[np.uint16], high: NDArray[np.uint16]) -> None:
    """Let a part that rests on a solid be solid itself, in place."""
    resting = (high > 0) & (low <= solid)
    solid[resting] = np.maximum(solid, high)[resting]
    low[resting], high[resting] = _NO_BASE, 0


def _transmittance(trees: gpd.GeoDataFrame, woods: gpd.GeoDataFrame) -> tuple[float, float]:
    """Average what crowns of one kind let through, in leaf and bare, by their area."""
    area_m2 = np.concatenate(
        [np.pi / 4.0 * trees["crown_diameter_m"].to_numpy(float) ** 2, woods.area.to_numpy(float)]
    )
    if not area_m2.sum() > 0.0:
        return 0.0, 0.0
    leaf, bare = (
        float(np.average(np.concatenate([trees[name], woods[name]]).astype(float), weights=area_m2))
        for name in ("transmittance_leaf", "transmittance_bare")
    )
    return leaf, bare


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

    def take(array: NDArray[np.uint16], empty: int) -> NDArray[np.uint16]:
        cut = np.full((window.n_rows, window.n_columns), empty, np.uint16)
        cut[there] = array[source]
        return cut

    low, high = take(raster.crown_low, _NO_BASE), take(raster.crown_high, 0)
    crowns = ((0, low, high),) if high.any() else ()
    return Tile(window, take(raster.ground, 0), take(raster.solid, 0), crowns)
