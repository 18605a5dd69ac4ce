"""Sun and shadow on the ground at one instant, as a raster."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from ._cast import cast_crowns, cast_solids
from .caster import UNIT_M, Window, pack_casters
from .errors import SourceError
from .surface import Bounds, Surface

N_THREADS = 2
_BLOCK_M = 512.0  # a picture is made in blocks of this side; it limits memory only
_SOLID, _NO_CROWN = 1, np.float32(-1e9)


@dataclass(frozen=True, eq=False, slots=True)
class SunPicture:
    """
    How much of the beam arrives in each cell at one instant.

    Attributes
    ----------
    sun
        1 = sunlit, 0 = shaded or night, between the two what crowns let through; NaN inside
        buildings and where what casts shade is unknown, shape ``(n_rows, n_columns)``, row 0
        in the north.
    transform
        From (column, row) to local metres (x east, y north), as in rasterio.
    """

    sun: NDArray[np.float32]
    transform: Affine


def cast(
    surface: Surface,
    *,
    azimuth_deg: float,
    elevation_deg: float,
    bounds: Bounds | None = None,
    cell_m: float | None = None,
    leaf_fraction: float = 1.0,
) -> SunPicture:
    """
    Cast the shadows of one instant on walkers' height above the ground.

    Parameters
    ----------
    surface
        What casts them.
    azimuth_deg, elevation_deg
        The sun: clockwise from north, and above the horizon; at 0 or less it is night. [°]
    bounds
        West, south, east, north; None: the surface's extent. [m]
    cell_m
        Side of a cell; None: the surface's own. [m]
    leaf_fraction
        How far deciduous crowns are in leaf, 0 to 1.

    Raises
    ------
    SourceError
        If there is neither an extent nor bounds, or the bounds or the cell are senseless.
    """
    cell_m = cell_m or surface.model.cell_m
    whole = Window.around(_settle_bounds(surface, bounds), cell_m=cell_m)
    side = max(round(_BLOCK_M / cell_m), 1)
    sun = np.full((whole.n_rows, whole.n_columns), np.nan, np.float32)

    def fill(corner: tuple[int, int]) -> None:
        row, column = corner
        block = Window(
            whole.row + row,
            whole.column + column,
            min(side, whole.n_rows - row),
            min(side, whole.n_columns - column),
            cell_m,
        )
        sun[row : row + block.n_rows, column : column + block.n_columns] = _cast_block(
            surface, block, azimuth_deg, elevation_deg, leaf_fraction
        )

    corners = product(range(0, whole.n_rows, side), range(0, whole.n_columns, side))
    with ThreadPoolExecutor(N_THREADS) as pool:
        list(pool.map(fill, corners))
    west, _, _, north = whole.bounds
    return SunPicture(sun[::-1], Affine(cell_m, 0.0, west, 0.0, -cell_m, north))


def cast_raster(
    solid_m: NDArray[np.floating],
    *,
    cell_m: float,
    azimuth_deg: float,
    elevation_deg: float,
    crown_top_m: NDArray[np.floating] | None = None,
    crown_base_m: NDArray[np.floating] | None = None,
) -> NDArray[np.uint8]:
    """
    Tell what shades each cell of a raster, standing on its own surface, roofs too.

    The march of urban-climate models: a cell is shaded if any cell k steps towards the sun
    rises above it by more than k steps of the beam's slope. Nothing casts from outside.

    Parameters
    ----------
    solid_m
        Height of ground or roof, row 0 in the north, shape ``(n_rows, n_columns)``. [m]
    cell_m
        Side of a cell. [m]
    azimuth_deg, elevation_deg
        The sun: clockwise from the rasters' north, and above the horizon. [°]
    crown_top_m, crown_base_m
        Top and base of crowns, as heights like `solid_m`; NaN where there is none. [m]

    Returns
    -------
    NDArray[np.uint8]
        0 sunlit, 1 shaded by a solid, 2 by a crown alone; all 1 by night.

    Examples
    --------
    >>> wall = np.zeros((6, 1))
    >>> wall[4] = 3.0
    >>> cast_raster(wall, cell_m=1.0, azimuth_deg=180.0, elevation_deg=45.0).ravel()
    array([0, 0, 1, 1, 0, 0], dtype=uint8)
    """
    solid = np.asarray(solid_m, np.float32)
    if elevation_deg <= 0.0:
        return np.ones(solid.shape, np.uint8)
    rays = _Rays.towards(azimuth_deg, elevation_deg, cell_m)
    view = rays.turn(solid[::-1])
    crowns = []
    if crown_top_m is not None and crown_base_m is not None:
        high = np.where(np.isnan(crown_top_m), _NO_CROWN, crown_top_m)[::-1]
        low = np.where(np.isnan(crown_base_m), 0.0, crown_base_m)[::-1]
        crowns.append((2, rays.turn(low), rays.turn(high)))
    shaded = rays.cast(view, view, crowns, lead=0.0, above=1.0, below=0.0, nearest=1)
    seen = rays.turn_back(shaded)[::-1]
    code: NDArray[np.uint8] = np.where(seen & _SOLID, 1, seen).astype(np.uint8)
    return code


@dataclass(frozen=True, slots=True)
class _Rays:
    """One direction of the sun, turned so that it stands towards the last row."""

    transposed: bool
    flipped: bool
    slope: float  # columns per row towards the sun
    drop_m: float  # the beam's descent per row

    @classmethod
    def towards(cls, azimuth_deg: float, elevation_deg: float, cell_m: float) -> _Rays:
        east, north = math.sin(math.radians(azimuth_deg)), math.cos(math.radians(azimuth_deg))
        transposed = abs(east) > abs(north) * (1.0 + 1e-12)  # a diagonal goes by rows
        along, across = (east, north) if transposed else (north, east)
        descent = cell_m / abs(along) * math.tan(math.radians(elevation_deg))
        return cls(transposed, along < 0.0, across / abs(along), descent)

    def turn(self, array: NDArray[np.floating]) -> NDArray[np.float32]:
        turned = array.T if self.transposed else array
        return np.ascontiguousarray(turned[::-1] if self.flipped else turned, np.float32)

    def turn_back(self, array: NDArray[np.uint8]) -> NDArray[np.uint8]:
        turned = array[::-1] if self.flipped else array
        return turned.T if self.transposed else turned

    def cast(
        self,
        solid: NDArray[np.float32],
        receiver: NDArray[np.float32],
        crowns: list[tuple[int, NDArray[np.float32], NDArray[np.float32]]],
        *,
        lead: float,
        above: float,
        below: float,
        nearest: int,
    ) -> NDArray[np.uint8]:
        """Cast turned rasters; `lead`, `above` and `below` in rows."""
        n_rows, n_columns = solid.shape
        # Half a hair keeps a slope of 1 from rounding now up, now down.
        shift = np.floor(np.arange(n_rows) * self.slope + 0.5 + 1e-9).astype(np.int64)
        shaded = np.zeros(solid.shape, np.uint8)
        drop, lowest = np.float32(self.drop_m), np.float32(receiver.min())
        lines = np.linspace(-shift.max(), n_columns - shift.min(), N_THREADS + 1).astype(int)

        def sweep(part: int) -> None:
            strip = (int(lines[part]), int(lines[part + 1]))
            first_m = np.float32(lead * self.drop_m)
            cast_solids(solid, receiver, shift, drop, first_m, *strip, shaded)
            reach = (np.float32(above), np.float32(below), nearest, lowest)
            for flag, low, high in crowns:
                cast_crowns(
                    low, high, receiver, shift, drop, *reach, np.uint8(flag), *strip, shaded
                )

        with ThreadPoolExecutor(N_THREADS) as pool:
            list(pool.map(sweep, range(N_THREADS)))
        return shaded


def _settle_bounds(surface: Surface, bounds: Bounds | None) -> Bounds:
    if bounds is None and surface.extent is not None:
        bounds = surface.extent.bounds
    if bounds is None and surface.raster is not None:
        bounds = surface.raster.window.bounds
    if bounds is None or not np.isfinite(bounds).all():
        msg = f"Wanted bounds (west, south, east, north) in metres; got {bounds}."
        raise SourceError(msg)
    west, south, east, north = bounds
    if not (west < east and south < north):
        msg = f"Wanted west < east and south < north; got {bounds}."
        raise SourceError(msg)
    return bounds


def _cast_block(
    surface: Surface,
    block: Window,
    azimuth_deg: float,
    elevation_deg: float,
    leaf_fraction: float,
) -> NDArray[np.float32]:
    """Cast one block, with as much around it towards the sun as may shade it."""
    if not surface.knows_casters:
        return np.full((block.n_rows, block.n_columns), np.nan, np.float32)
    if elevation_deg <= 0.0:
        return _night(surface, block)
    rays = _Rays.towards(azimuth_deg, elevation_deg, block.cell_m)
    grown = _grow_towards(surface, block, azimuth_deg, elevation_deg)
    tile = surface.tile(grown)
    solid = rays.turn(tile.solid * np.float32(UNIT_M))
    receiver = rays.turn(tile.ground * np.float32(UNIT_M) + np.float32(surface.model.eye_m))
    crowns = []
    for layer, low, high in tile.crowns:
        top = np.where(high > 0, high * np.float32(UNIT_M), _NO_CROWN)
        crowns.append((2 << layer, rays.turn(low * np.float32(UNIT_M)), rays.turn(top)))
    # A wall sampled in one cell begins, on average, half a cell earlier.
    seen = rays.cast(solid, receiver, crowns, lead=0.5, above=0.5, below=0.5, nearest=0)
    sun = _passed(surface, leaf_fraction)[rays.turn_back(seen)]
    beyond = _beyond(surface, grown)
    if beyond is not None:
        wall = rays.turn(tile.ground * np.float32(UNIT_M) + beyond)
        hidden = rays.cast(wall, receiver, [], lead=0.5, above=0.5, below=0.5, nearest=0)
        sun[(sun > 0.0) & ((rays.turn_back(hidden) > 0) | (beyond > 0.0))] = np.nan
    if surface.raster is None:
        sun[tile.solid * UNIT_M > tile.ground * UNIT_M + surface.model.eye_m] = np.nan
    row, column = block.row - grown.row, block.column - grown.column
    return sun[row : row + block.n_rows, column : column + block.n_columns]


def _night(surface: Surface, block: Window) -> NDArray[np.float32]:
    """No sun anywhere, and no ground inside buildings, as by day."""
    tile = surface.tile(block)
    sun = np.zeros((block.n_rows, block.n_columns), np.float32)
    if surface.raster is None:
        sun[tile.solid * UNIT_M > tile.ground * UNIT_M + surface.model.eye_m] = np.nan
    return sun


def _passed(surface: Surface, leaf_fraction: float) -> NDArray[np.float32]:
    """List the share of the beam that passes for each set of bits that a cast can set."""
    bits = np.arange(256)
    passed = np.where(bits & _SOLID, 0.0, 1.0)
    for layer, casters in enumerate(surface.layers):
        passed[(bits & (2 << layer)) > 0] *= casters.transmittance(leaf_fraction)
    return passed.astype(np.float32)


def _grow_towards(
    surface: Surface, block: Window, azimuth_deg: float, elevation_deg: float
) -> Window:
    """Add to a block what lies towards the sun, as far as shadows come from."""
    lowest_deg = surface.model.lowest_deg
    highest_m = surface.reach_m(block.bounds) * math.tan(math.radians(lowest_deg))
    highest_m = max(highest_m, surface.usual_height_m())
    reach_m = highest_m / math.tan(math.radians(max(elevation_deg, lowest_deg)))
    east = reach_m * math.sin(math.radians(azimuth_deg))
    north = reach_m * math.cos(math.radians(azimuth_deg))
    west_m, south_m, east_m, north_m = block.bounds
    rim_m = 2.0 * block.cell_m
    return Window.around(
        (
            west_m + min(east, 0.0) - rim_m,
            south_m + min(north, 0.0) - rim_m,
            east_m + max(east, 0.0) + rim_m,
            north_m + max(north, 0.0) + rim_m,
        ),
        cell_m=block.cell_m,
    )


def _beyond(surface: Surface, window: Window) -> NDArray[np.float32] | None:
    """Raise what may well stand beyond the extent; None if the window lies within."""
    extent = surface.extent
    if extent is None or extent.contains(shapely.box(*window.bounds)):
        return None
    frame = gpd.GeoDataFrame({"base_m": [0.0], "height_m": [1.0]}, geometry=[extent])
    burnt = pack_casters(frame).burn(window)
    height_m = np.float32(surface.usual_height_m())
    if burnt is None:
        return np.full((window.n_rows, window.n_columns), height_m, np.float32)
    beyond: NDArray[np.float32] = np.where(burnt[1] > 0, np.float32(0.0), height_m)
    return beyond
