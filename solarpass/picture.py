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

from .caster import UNIT_M, pack_casters
from .errors import SourceError
from .rays import N_THREADS, Rays
from .tile import Raster, Surface
from .window import Bounds, Window

_BLOCK_M = 512.0  # a picture is made in blocks of this side; it limits memory only
_HILL_STEP_M = 4.0  # the rim of a far hill's shadow is blunter than this
_SOLID, _NO_CROWN = 1, np.float32(-1e9)
UNKNOWN = 255
"""Code of a cell of a raster of which nobody knows whether the sun reaches it."""


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
    on_roofs: bool = False,
) -> SunPicture:
    """
    Cast the shadows of one instant on walkers' height above the ground, or on roofs too.

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
    on_roofs
        Stand on whatever surface there is, without an eye's height, instead of the ground; a
        surface of rasters is then marched through cell by cell: see `cast_raster`.

    Raises
    ------
    SourceError
        If there is neither an extent nor bounds, or the bounds or the cell are senseless.
    """
    cell_m = _settle_cell_m(surface, cell_m)
    whole = Window.around(_settle_bounds(surface, bounds), cell_m=cell_m)
    west, _, _, north = whole.bounds
    placed = Affine(cell_m, 0.0, west, 0.0, -cell_m, north)
    if on_roofs and surface.raster is not None and cell_m == surface.raster.window.cell_m:
        marched = _march(surface, surface.raster, azimuth_deg, elevation_deg, leaf_fraction)
        return SunPicture(_cut(marched, surface.raster.window, whole)[::-1], placed)
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
            surface, block, azimuth_deg, elevation_deg, leaf_fraction, on_roofs=on_roofs
        )

    corners = product(range(0, whole.n_rows, side), range(0, whole.n_columns, side))
    with ThreadPoolExecutor(N_THREADS) as pool:
        list(pool.map(fill, corners))
    return SunPicture(sun[::-1], placed)


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
    rises above it by more than k steps of the beam's slope. Nothing casts from outside. A cell
    is unknown where its height is, and where it would be lit but for what may stand, as high
    as the highest that is known, where heights are unknown.

    Parameters
    ----------
    solid_m
        Height of ground or roof, NaN where unknown, row 0 in the north, shape
        ``(n_rows, n_columns)``. [m]
    cell_m
        Side of a cell. [m]
    azimuth_deg, elevation_deg
        The sun: clockwise from the rasters' north, and above the horizon. [°]
    crown_top_m, crown_base_m
        Top and base of crowns, as heights like `solid_m`; NaN where there is none. [m]

    Returns
    -------
    NDArray[np.uint8]
        0 sunlit, 1 shaded by a solid, 2 by a crown alone, 255 unknown; all 1 by night.

    Examples
    --------
    >>> wall = np.zeros((6, 1))
    >>> wall[4] = 3.0
    >>> cast_raster(wall, cell_m=1.0, azimuth_deg=180.0, elevation_deg=45.0).ravel()
    array([0, 0, 1, 1, 0, 0], dtype=uint8)
    """
    solid = np.asarray(solid_m, np.float32)
    hole = np.isnan(solid) if np.isnan(solid.min(initial=0.0)) else None
    if hole is not None:
        solid = np.where(hole, np.nanmin(solid, initial=np.inf), solid)
    if elevation_deg <= 0.0:
        night = np.ones(solid.shape, np.uint8)
        return night if hole is None else np.where(hole, np.uint8(UNKNOWN), night)
    rays = Rays.towards(azimuth_deg, elevation_deg, cell_m)
    view = rays.turn(solid[::-1])
    crowns, highest_m = [], float(solid.max(initial=-np.inf))
    if crown_top_m is not None and crown_base_m is not None:
        high = np.where(np.isnan(crown_top_m), _NO_CROWN, crown_top_m)[::-1]
        low = np.where(np.isnan(crown_base_m), 0.0, crown_base_m)[::-1]
        crowns.append((2, rays.turn(low), rays.turn(high)))
        highest_m = max(highest_m, float(high.max(initial=-np.inf)))
    shaded = rays.cast(view, view, crowns, lead=0.0, above=1.0, below=0.0, nearest=1)
    seen = rays.turn_back(shaded)[::-1]
    code: NDArray[np.uint8] = np.where(seen & _SOLID, np.uint8(1), seen)
    if hole is not None:
        wall = rays.turn(np.where(hole, np.float32(highest_m), solid)[::-1])
        doubt = rays.cast(wall, view, [], lead=0.0, above=1.0, below=0.0, nearest=1)
        code[hole | ((code == 0) & (rays.turn_back(doubt)[::-1] > 0))] = UNKNOWN
    return code


def _march(
    surface: Surface,
    raster: Raster,
    azimuth_deg: float,
    elevation_deg: float,
    leaf_fraction: float,
) -> NDArray[np.float32]:
    """March through a whole raster, row 0 in the south as it has it."""
    code = cast_raster(
        raster.solid_m[::-1],
        cell_m=raster.window.cell_m,
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        crown_top_m=raster.crown_top_m[::-1],
        crown_base_m=raster.crown_base_m[::-1],
    )[::-1]
    passed = np.full(UNKNOWN + 1, np.nan, np.float32)
    passed[:3] = 1.0, 0.0, 0.0
    for casters in surface.layers[:1]:
        passed[2] = casters.transmittance(leaf_fraction)
    return passed[code]


def _cut(sun: NDArray[np.float32], have: Window, want: Window) -> NDArray[np.float32]:
    """Cut one window out of another of the same cells; NaN beyond."""
    cut = np.full((want.n_rows, want.n_columns), np.nan, np.float32)
    row, column = want.row - have.row, want.column - have.column
    top, left = max(row, 0), max(column, 0)
    part = sun[top : max(row + want.n_rows, 0), left : max(column + want.n_columns, 0)]
    cut[top - row : top - row + part.shape[0], left - column : left - column + part.shape[1]] = part
    return cut


def _settle_cell_m(surface: Surface, cell_m: float | None) -> float:
    if surface.raster is None:
        return cell_m or surface.model.cell_m
    own_m = surface.raster.window.cell_m
    times = (cell_m or own_m) / own_m
    if round(times) < 1 or abs(times - round(times)) > 1e-9:
        msg = f"Wanted cells that are whole multiples of the raster's {own_m:g} m; got {cell_m:g}."
        raise SourceError(msg)
    return round(times) * own_m


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
    *,
    on_roofs: bool,
) -> NDArray[np.float32]:
    """Cast one block, with as much around it towards the sun as may shade it."""
    if not surface.knows_casters:
        return np.full((block.n_rows, block.n_columns), np.nan, np.float32)
    if elevation_deg <= 0.0:
        return _night(surface, block, on_roofs=on_roofs)
    rays = Rays.towards(azimuth_deg, elevation_deg, block.cell_m)
    grown = _grow_towards(surface, block, azimuth_deg, elevation_deg)
    tile = surface.tile(grown)
    solid = rays.turn(tile.solid * np.float32(UNIT_M))
    eye_m = np.float32(surface.model.eye_m)
    receiver = solid if on_roofs else rays.turn(tile.ground * np.float32(UNIT_M) + eye_m)
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
    row, column = block.row - grown.row, block.column - grown.column
    cut = np.s_[row : row + block.n_rows, column : column + block.n_columns]
    if surface.measured.hills is not None:
        stand = (tile.solid if on_roofs else tile.ground)[cut]
        # A hill shades whatever may or may not stand before it.
        above_m = 0.0 if on_roofs else surface.model.eye_m
        behind = _behind_hills(surface, block, stand, azimuth_deg, elevation_deg, eye_m=above_m)
        sun[cut][behind] = 0.0
    if surface.raster is None and not on_roofs:
        sun[tile.solid * UNIT_M > tile.ground * UNIT_M + surface.model.eye_m] = np.nan
    return sun[cut]


def _behind_hills(
    surface: Surface,
    block: Window,
    stand: NDArray[np.uint16],
    azimuth_deg: float,
    elevation_deg: float,
    *,
    eye_m: float,
) -> NDArray[np.bool_]:
    """Tell which cells of a block lie in the shade of hills, looking from every few metres."""
    measured = surface.measured
    if measured.hills is None:
        return np.zeros(stand.shape, bool)
    side = max(round(_HILL_STEP_M / block.cell_m), 1)
    row, column = np.arange(0, block.n_rows, side), np.arange(0, block.n_columns, side)
    x, y = np.meshgrid(block.column + column + 0.5, block.row + row + 0.5)
    xy = np.column_stack([x.ravel(), y.ravel()]) * block.cell_m
    height_m = stand[::side, ::side].ravel().astype(float) * UNIT_M + measured.lowest_m + eye_m
    tangent = np.zeros((len(xy), 1), np.float32)
    measured.hills.raise_tangents(
        xy, height_m, azimuth_deg=np.array([azimuth_deg]), tangent=tangent
    )
    hidden = (tangent > math.tan(math.radians(elevation_deg))).reshape(len(row), len(column))
    return hidden.repeat(side, axis=0).repeat(side, axis=1)[: block.n_rows, : block.n_columns]


def _night(surface: Surface, block: Window, *, on_roofs: bool) -> NDArray[np.float32]:
    """No sun anywhere, and no ground inside buildings, as by day."""
    tile = surface.tile(block)
    sun = np.zeros((block.n_rows, block.n_columns), np.float32)
    if surface.raster is None and not on_roofs:
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
    slope = math.tan(math.radians(max(elevation_deg, lowest_deg)))
    far_m = surface.reach_m(block.bounds)
    highest_m = max(far_m * math.tan(math.radians(lowest_deg)), surface.usual_height_m())
    reach_m = highest_m / slope
    if surface.measured.dem is not None:  # what is no higher may stand higher up
        low_m = surface.measured.lowest_ground_m(block.bounds) - surface.measured.lowest_m
        rise_m = surface.measured.highest_rise_m - low_m
        reach_m = max(min(far_m, (surface.highest_m() + rise_m) / slope), reach_m)
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
