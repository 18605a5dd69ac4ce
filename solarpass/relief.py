"""Reliefs: heights measured on a grid, as a terrain, surface or canopy model tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyproj
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize

from ._relief import read_grid, read_points, take_grid
from .errors import SourceError
from .mosaic import Mosaic, draw_heights, join_sheets
from .sheet import find_sheets, read_sheet
from .window import Bounds, Window


@dataclass(frozen=True, slots=True)
class ReliefModel:
    """
    Assumptions about the reading of heights; change one with `dataclasses.replace`.

    Attributes
    ----------
    finest_m
        Heights are read no finer than this, and in whole multiples of it; our choice. [m]
    coarsest_m
        A surface or canopy model of larger cells tells no roofs and no crowns; our choice. [m]
    """

    finest_m: float = 0.25
    coarsest_m: float = 10.0


@dataclass(frozen=True, eq=False, slots=True)
class Relief:
    """
    Heights on a grid of local metres.

    Attributes
    ----------
    window
        Where it lies.
    height_m
        Height of each cell, NaN where unknown, shape ``(n_rows, n_columns)``, row 0 in the
        south. [m]
    """

    window: Window
    height_m: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Lock the heights, which every session shares."""
        self.height_m.flags.writeable = False

    def at(self, xy: NDArray[np.float64]) -> NDArray[np.float32]:
        """Read between the cells at places, shape ``(n, 2)``; NaN where unknown. [m]."""
        corner = (self.window.column, self.window.row)
        found = np.empty(len(xy), np.float32)
        read_points(self.height_m, np.asarray(xy, float) / self.window.cell_m - corner, found)
        return found

    def take(self, xy: NDArray[np.float64]) -> NDArray[np.float32]:
        """Take the height of the cell at places, shape ``(n, 2)``; NaN where unknown. [m]."""
        corner = (self.window.column, self.window.row)
        column, row = (np.floor(np.asarray(xy, float) / self.window.cell_m) - corner).T.astype(int)
        n_rows, n_columns = self.height_m.shape
        there = (row >= 0) & (row < n_rows) & (column >= 0) & (column < n_columns)
        found = np.full(len(xy), np.nan, np.float32)
        found[there] = self.height_m[row[there], column[there]]
        return found

    def sample(self, window: Window, *, smooth: bool = True) -> NDArray[np.float32]:
        """
        Read at the middles of another window's cells; NaN where unknown. [m].

        Parameters
        ----------
        window
            The cells.
        smooth
            Read between the cells, as of ground; else take the cell's own, as of roofs.
        """
        scale = window.cell_m / self.window.cell_m
        x = (np.arange(window.n_columns, dtype=float) + window.column + 0.5) * scale
        y = (np.arange(window.n_rows, dtype=float) + window.row + 0.5) * scale
        found = np.empty((window.n_rows, window.n_columns), np.float32)
        (read_grid if smooth else take_grid)(
            self.height_m, x - self.window.column, y - self.window.row, found
        )
        return found

    def lowest_m(self, bounds: Bounds) -> float:
        """Tell the least height known within bounds, or of all if none is known there. [m]."""
        window = self.window
        box = Window.around(bounds, cell_m=window.cell_m)
        row, column = box.row - window.row, box.column - window.column
        cut = self.height_m[
            max(row, 0) : max(row + box.n_rows, 0), max(column, 0) : max(column + box.n_columns, 0)
        ]
        return float(np.nanmin(self.height_m if np.isnan(cut).all() else cut))


def read_relief(
    paths: Sequence[str | Path],
    *,
    crs: pyproj.CRS,
    bounds: Bounds,
    smooth: bool,
    cell_m: float | None = None,
    least_cell_m: float = 0.0,
    stated_crs: object = None,
    model: ReliefModel = ReliefModel(),
) -> Relief:
    """
    Read the heights within bounds from raster files, their folders, or patterns of their names.

    Any number of files in any order; each may have a grid and a coordinate reference system
    of its own. Where several tell a height the finest counts. Heights are metres unless a file
    states another unit. What is declared unknown is unknown, and so is what no land is as low
    or as high as, such as -9999.

    Parameters
    ----------
    paths
        Files that GDAL reads, such as GeoTIFFs.
    crs
        The city's local metres.
    bounds
        What to read, in these. [m]
    smooth
        Read between the cells, and the mean where cells are coarser, as of ground; else the
        nearest cell's height, as of roofs and crowns.
    cell_m
        Side of a cell; None: about that of the finest file. [m]
    least_cell_m
        The same, at least. [m]
    stated_crs
        The coordinate reference system of files that state none, as pyproj takes it.
    model
        Assumptions.

    Raises
    ------
    SourceError
        If a file is missing, torn, or of another kind, or nothing is known within the bounds.
    CoordinateError
        If a file does not tell where it lies.
    """
    mosaics = join_sheets(read_sheet(path, crs=stated_crs) for path in find_sheets(paths))
    own_m = _settle_cell_m(mosaics, crs, smooth=smooth, model=model)
    window = Window.around(bounds, cell_m=max(cell_m or own_m, least_cell_m))
    west, south, _, _ = window.bounds
    heights = draw_heights(
        mosaics,
        crs=crs,
        transform=Affine(window.cell_m, 0.0, west, 0.0, window.cell_m, south),
        n_rows=window.n_rows,
        n_columns=window.n_columns,
        smooth=smooth,
    )
    if np.isnan(heights).all():
        raise SourceError(_tell_nothing(mosaics, crs, bounds))
    return Relief(window, heights)


def crop_relief(relief: Relief) -> Relief:
    """Cut off what is unknown all around."""
    known, window = ~np.isnan(relief.height_m), relief.window
    rows, columns = (np.flatnonzero(known.any(axis=axis)) for axis in (1, 0))
    row, column, n_rows, n_columns = rows[0], columns[0], np.ptp(rows) + 1, np.ptp(columns) + 1
    cut = relief.height_m[row : row + n_rows, column : column + n_columns].copy()
    return Relief(
        Window(
            row=window.row + int(row),
            column=window.column + int(column),
            n_rows=int(n_rows),
            n_columns=int(n_columns),
            cell_m=window.cell_m,
        ),
        cut,
    )


def fill_relief(relief: Relief) -> Relief:
    """Fill what is unknown with what is known nearest by, read in coarse squares."""
    hole = np.isnan(relief.height_m)
    if not hole.any() or hole.all():
        return relief
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415  half a second to import

    side = max(1, round(np.sqrt(relief.height_m.size / 1e6)))
    coarse = relief.height_m[side // 2 :: side, side // 2 :: side]
    if np.isnan(coarse).all():
        side, coarse = 1, relief.height_m
    near = distance_transform_edt(np.isnan(coarse), return_distances=False, return_indices=True)
    filled = coarse[tuple(near)]
    row, column = np.nonzero(hole)
    at = (np.minimum(row // side, len(filled) - 1), np.minimum(column // side, filled.shape[1] - 1))
    height_m = relief.height_m.copy()
    height_m[row, column] = filled[at]
    return replace(relief, height_m=height_m)


def mark_shapes(
    shape: NDArray[np.object_], window: Window, *, margin_m: float
) -> NDArray[np.bool_]:
    """Mark the cells whose middles lie within shapes, or so near, ``(n_rows, n_columns)``."""
    west, _, _, north = window.bounds
    wider = shapely.buffer(shape, margin_m, join_style="mitre")
    wider = wider[shapely.intersects(shapely.box(*window.bounds), wider)]
    if not len(wider):
        return np.zeros((window.n_rows, window.n_columns), bool)
    marked = rasterize(
        wider,
        out_shape=(window.n_rows, window.n_columns),
        transform=Affine(window.cell_m, 0.0, west, 0.0, -window.cell_m, north),
        dtype="uint8",
    )
    return np.asarray(marked[::-1] > 0)


def _settle_cell_m(
    mosaics: Sequence[Mosaic], crs: pyproj.CRS, *, smooth: bool, model: ReliefModel
) -> float:
    """Find the side of a cell that keeps what the finest file tells. [m]."""
    sides = [mosaic.cell_in(crs) for mosaic in mosaics]
    finest_m = min((side for side in sides if np.isfinite(side)), default=model.coarsest_m)
    if not smooth and finest_m > model.coarsest_m:
        path = mosaics[0].sheets[0][0].path
        msg = (
            f"{path} has cells of {finest_m:.0f} m, which tell neither roofs nor crowns; wanted "
            f"a surface or canopy model of {model.coarsest_m:g} m or finer."
        )
        raise SourceError(msg)
    return max(round(finest_m / model.finest_m), 1) * model.finest_m


def _tell_nothing(mosaics: Sequence[Mosaic], crs: pyproj.CRS, bounds: Bounds) -> str:
    """Say why no height was found: no file lies there, or all are blank there."""
    west, south, east, north = bounds
    x, y = np.meshgrid(np.linspace(west, east, 33), np.linspace(south, north, 33))
    xy = np.column_stack([x.ravel(), y.ravel()])
    for mosaic in mosaics:
        column, row = mosaic.find_cells(crs, xy)
        within = (column >= 0.0) & (column < mosaic.n_columns)
        if (within & (row >= 0.0) & (row < mosaic.n_rows)).any():
            path = mosaic.sheets[0][0].path
            return (
                f"{path} tells no height here, for all its cells in the city are blank; give "
                "another, or leave it out."
            )
    first = mosaics[0]
    middle = first.transform @ (first.n_columns / 2.0, first.n_rows / 2.0)
    way = pyproj.Transformer.from_crs(first.crs, "EPSG:4326", always_xy=True)
    home = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    (there_x, there_y), here = way.transform(*middle), home.transform(*xy.mean(axis=0))
    return (
        f"{first.sheets[0][0].path} does not touch the city: it lies around {there_y:.4f}, "
        f"{there_x:.4f} (latitude, longitude), the city around {here[1]:.4f}, {here[0]:.4f}; "
        "give the sheets of the city."
    )
