"""What was measured from the air: surface, canopy and terrain models beneath and above a city."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from .errors import SourceError
from .relief import Relief, crop_relief, fill_relief, mark_shapes, read_relief
from .sheet import NO_LICENCE, find_sheets, read_sheet, tell_sheets
from .window import Window

Paths = Sequence[str | Path]

_EVERYWHERE = 0.9  # of the cells, so that a forest of known crowns alone is none
_LEAST_BELOW_M = 0.5  # so far below the ground no crown is told by noise


FRINGE_M = 1.5
"""Outlines of the map and rasters from the air differ by so much; our choice. [m]"""

LEAST_RISE_M = 2.0
"""What rises less than this out of the ground casts nothing; our choice. [m]"""

TRUNK_FRACTION = 0.25
"""A crown begins at this share of its height: handed down to us as UMEP's default."""


@dataclass(frozen=True, slots=True)
class Lidar:
    """
    Rasters of one city, as surveying offices publish them; several files are tiles of one model.

    Attributes
    ----------
    dsm
        Surface models: ground and roofs, with or without vegetation. [m above sea]
    cdsm
        Canopy models: height of crowns above the ground. [m]
    dem
        Terrain models: the bare ground. [m above sea]
    credit
        Licence, and whom to name.
    crs
        Coordinate reference system of files that state none, as pyproj takes it.
    """

    dsm: Paths = ()
    cdsm: Paths = ()
    dem: Paths = ()
    credit: str | None = None
    crs: str | None = None

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.dsm or self.cdsm or self.dem)


def read_lidar(
    *,
    dsm: Paths = (),
    cdsm: Paths = (),
    dem: Paths = (),
    credit: str | None = None,
    crs: str | None = None,
) -> Lidar:
    """
    Look at raster files, or folders and patterns of them, whose heights a city will read.

    Parameters
    ----------
    dsm, cdsm, dem, credit, crs
        As of `Lidar`.

    Raises
    ------
    SourceError
        If a file is missing, torn, or of another kind.
    CoordinateError
        If a file does not tell where it lies.
    """
    found = {}
    for name, paths in {"dsm": dsm, "cdsm": cdsm, "dem": dem}.items():
        sheets = [read_sheet(path, crs=crs) for path in find_sheets(paths)] if paths else []
        found[name] = tuple(sheet.path for sheet in sheets)
    return Lidar(**found, credit=" ".join((credit or "").split()) or None, crs=crs)


def tell_lidar(lidar: Lidar) -> dict[str, str]:
    """Tell of each model its ``_source``, the ``_sha256`` of its files, and their ``_licence``."""
    told: dict[str, str] = {}
    for name in ("dsm", "cdsm", "dem"):
        if paths := [Path(path) for path in getattr(lidar, name)]:
            facts = tell_sheets(paths, credit=lidar.credit or "")
            if facts["licence"] == NO_LICENCE:
                facts["licence"] = f"{facts['source']} ({NO_LICENCE})"
            told |= {f"{name}_{fact}": value for fact, value in facts.items()}
    return told


@dataclass(frozen=True, slots=True)
class LidarModel:
    """
    Assumptions about measured heights; change one with `dataclasses.replace`. All our choice.

    Attributes
    ----------
    far_m, far_cell_m
        Hills are looked for so far out, and told no finer than this. [m]
    most_cells, most_far_cells
        Of one raster, and of that of the hills; a larger one is read coarser. [count]
    cell_step_m, ground_m
        Cells have sides of whole steps, and terrain is told no finer than this. [m]
    least_height_m
        A building measured lower than this was built since, so its height stays the map's. [m]
    spread_m
        Half width of the interval around a measured height. [m]
    eaves_percentile, ridge_percentile
        Of the cells of a roof, which are its eaves and its ridge. [%]
    least_known_fraction
        A roof is measured, and a terrain covers the city, from this share of its area on. [1]
    least_rise_m
        What rises so much out of the ground is no hedge. [m]
    n_trees, vegetated_fraction
        A surface model holds vegetation if it rises at this share of so many trees of the map.
        [count], [1]
    fringe_m
        So near to an outline, what rises is the building's. [m]
    highest_crown_m
        What a canopy model tells above this is no crown. [m]
    most_apart_m, tallest_m
        Surface and terrain may differ so much where nothing stands; and half of the cells of a
        canopy model are no higher than that. [m]
    ground_cell_m, ground_percentile
        Where there is no terrain model the ground is read from the surface: of squares of this
        side, the share of the cells outside of buildings that lies below it. [m], [%]
    """

    far_m: float = 40_000.0
    far_cell_m: float = 25.0
    most_cells: float = 100e6
    cell_step_m: float = 0.25
    ground_m: float = 1.0
    most_far_cells: float = 16e6
    least_height_m: float = 2.0
    spread_m: float = 0.5
    eaves_percentile: float = 10.0
    ridge_percentile: float = 98.0
    least_known_fraction: float = 0.5
    least_rise_m: float = LEAST_RISE_M
    n_trees: int = 20
    vegetated_fraction: float = 0.5
    fringe_m: float = FRINGE_M
    highest_crown_m: float = 120.0
    most_apart_m: float = 3.0
    tallest_m: float = 60.0
    ground_cell_m: float = 25.0
    ground_percentile: float = 5.0


class Reliefs(NamedTuple):
    """Terrain near and far, surface and canopy of a city, each None where nothing tells it."""

    dem: Relief | None = None
    far_dem: Relief | None = None
    dsm: Relief | None = None
    cdsm: Relief | None = None


def read_reliefs(
    lidar: Lidar,
    *,
    crs: pyproj.CRS,
    region: shapely.Geometry,
    halo_m: float,
    model: LidarModel = LidarModel(),
) -> Reliefs:
    """
    Read what lies over a city and around it.

    Parameters
    ----------
    lidar
        The files.
    crs
        The city's local metres.
    region
        The city's extent.
    halo_m
        Surface and canopy are read so far beyond it. [m]
    model
        Assumptions.

    Raises
    ------
    SourceError
        If a file does not read, or does not lie where the city does.
    """
    west, south, east, north = shapely.bounds(region)
    near = (west - halo_m, south - halo_m, east + halo_m, north + halo_m)
    wide = (west - model.far_m, south - model.far_m, east + model.far_m, north + model.far_m)
    least_m = math.sqrt((near[2] - near[0]) * (near[3] - near[1]) / model.most_cells)
    least_m = math.ceil(least_m / model.cell_step_m) * model.cell_step_m
    read = {}
    for name in ("dem", "dsm", "cdsm"):
        is_ground = name == "dem"
        finest_m = max(least_m, model.ground_m if is_ground else 0.0)
        if paths := getattr(lidar, name):
            relief = read_relief(
                paths,
                crs=crs,
                bounds=near,
                least_cell_m=finest_m,
                smooth=is_ground,
                stated_crs=lidar.crs,
            )
            # No tree is so high: a bird, a crane, or a mark of what is unknown.
            spike = relief.height_m > (model.highest_crown_m if name == "cdsm" else np.inf)
            read[name] = replace(
                relief, height_m=np.where(spike, np.float32(np.nan), relief.height_m)
            )
    far_dem = None
    if lidar.dem:
        side_m = math.ceil((wide[2] - wide[0]) / math.sqrt(model.most_far_cells))
        cell_m = max(model.far_cell_m, float(side_m))
        far_dem = crop_relief(
            read_relief(
                lidar.dem,
                crs=crs,
                bounds=wide,
                least_cell_m=cell_m,
                smooth=True,
                stated_crs=lidar.crs,
            )
        )
        known = _known_fraction(read["dem"], region)
        if known < model.least_known_fraction:
            msg = (
                f"Wanted a terrain model of the city; {Path(lidar.dem[0]).name} tells the ground "
                f"of {100.0 * known:.0f} % of it: add the tiles that are missing with --dem."
            )
            raise SourceError(msg)
    return Reliefs(far_dem=far_dem, **read)


def read_ground(
    reliefs: Reliefs, buildings: gpd.GeoDataFrame, *, model: LidarModel = LidarModel()
) -> Reliefs:
    """Read the ground from the surface model between the buildings, where no terrain is told."""
    dsm = reliefs.dsm
    if dsm is None or reliefs.dem is not None:
        return reliefs
    outdoors = np.where(_is_built(buildings, dsm, model), np.nan, dsm.height_m)
    rough = _find_low(outdoors, dsm.window, model)
    # On a slope the low end of a square lies below its middle: look again, along the slope.
    fine = _find_low(outdoors - rough.sample(dsm.window), dsm.window, model)
    return reliefs._replace(dem=replace(rough, height_m=rough.height_m + fine.height_m))


def _find_low(height_m: NDArray[np.floating], window: Window, model: LidarModel) -> Relief:
    """Find the low end of heights in squares, filled where nothing is known."""
    side = max(round(model.ground_cell_m / window.cell_m), 1)
    row, column = window.row % side, window.column % side
    coarse = Window(
        row=window.row // side,
        column=window.column // side,
        n_rows=-(-(row + window.n_rows) // side),
        n_columns=-(-(column + window.n_columns) // side),
        cell_m=side * window.cell_m,
    )
    padded = np.full((coarse.n_rows * side, coarse.n_columns * side), np.nan, np.float32)
    padded[row : row + window.n_rows, column : column + window.n_columns] = height_m
    squares = padded.reshape(coarse.n_rows, side, coarse.n_columns, side).transpose(0, 2, 1, 3)
    flat = np.sort(squares.reshape(coarse.n_rows, coarse.n_columns, -1), axis=-1)  # holes last
    n_known = (~np.isnan(flat)).sum(axis=-1)
    low = np.minimum(n_known * model.ground_percentile / 100.0, n_known - 1).astype(int)
    found = np.take_along_axis(flat, np.maximum(low, 0)[..., None], axis=-1)[..., 0]
    return fill_relief(Relief(coarse, found))


def refuse_other_datums(
    reliefs: Reliefs, buildings: gpd.GeoDataFrame, *, model: LidarModel = LidarModel()
) -> None:
    """
    Refuse models that do not count from one height.

    Raises
    ------
    SourceError
        If the surface lies above or below the terrain where nothing stands, as it does if one
        counts from the ellipsoid or in feet, or crowns are told above the sea.
    """
    dsm, dem, cdsm = reliefs.dsm, reliefs.dem, reliefs.cdsm
    if dsm is not None and dem is not None:
        rise_m = dsm.height_m - dem.sample(dsm.window)
        rise_m[_is_built(buildings, dsm, model)] = np.nan
        known_m = rise_m[~np.isnan(rise_m)]
        apart_m = float(np.percentile(known_m, model.ground_percentile)) if len(known_m) else 0.0
        if abs(apart_m) > model.most_apart_m:
            msg = (
                "Wanted surface and terrain model in metres above the same zero; between the "
                f"buildings the surface lies {apart_m:+.0f} m from the terrain: bring "
                "both to one vertical datum and unit."
            )
            raise SourceError(msg)
    if cdsm is None:
        return
    known_m = cdsm.height_m[~np.isnan(cdsm.height_m)]
    low_m, middle_m = np.percentile(known_m, [model.ground_percentile, 50.0])
    is_everywhere = len(known_m) > _EVERYWHERE * cdsm.height_m.size
    if (
        middle_m < -_LEAST_BELOW_M
        or middle_m > model.tallest_m
        or (is_everywhere and low_m > model.most_apart_m)
    ):
        msg = (
            "Wanted a canopy model of heights above the ground, 0 where no crown is; half of its "
            f"cells are higher than {middle_m:.0f} m: subtract the terrain model from it."
        )
        raise SourceError(msg)


def _is_built(buildings: gpd.GeoDataFrame, dsm: Relief, model: LidarModel) -> NDArray[np.bool_]:
    """Mark the cells of a surface model that lie in or near an outline."""
    return mark_shapes(np.asarray(buildings.geometry), dsm.window, margin_m=model.fringe_m)


def _known_fraction(relief: Relief, region: shapely.Geometry) -> float:
    """Tell how much of a region a relief knows, looking at some thousand places."""
    west, south, east, north = shapely.bounds(region)
    x, y = np.meshgrid(np.linspace(west, east, 66)[1:-1], np.linspace(south, north, 66)[1:-1])
    inside = shapely.contains_xy(region, x, y)
    if not inside.any():
        return 1.0
    return float((~np.isnan(relief.at(np.column_stack([x[inside], y[inside]])))).mean())
