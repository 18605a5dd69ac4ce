"""Mosaics: sheets that lie on one grid, drawn onto another one block by block."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyproj
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.features import rasterize
from rasterio.warp import Resampling, reproject

from .sheet import Sheet

_BLOCK_CELLS = 2048  # side of what is read at a time; it limits memory only
_ON_GRID = 1e-3  # corners that are off by so small a share of a cell are rounding [1]
_CORNER = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # and its neighbours on and down
_EXACT = {"XSCALE": "1", "YSCALE": "1"}  # lest GDAL smooth what is turned: a real bilinear
_PER_CELL = 4.0  # of far finer heights so many rows and columns go into a cell's mean [count]


def apply(
    transform: Affine, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move places by a transform, as its matrix does."""
    a, b, c, d, e, f = tuple(transform)[:6]
    return a * x + b * y + c, d * x + e * y + f


def unit_m(crs: pyproj.CRS) -> float:
    """
    Tell how many metres one unit of a system is, of degrees northward.

    Examples
    --------
    >>> round(unit_m(pyproj.CRS("EPSG:2227")), 4)
    0.3048
    """
    if crs.is_geographic:
        return 111_320.0
    return float(crs.axis_info[0].unit_conversion_factor) if crs.axis_info else 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Mosaic:
    """
    Sheets on one grid.

    Attributes
    ----------
    crs
        Their coordinate reference system.
    transform
        From (column, row) to its coordinates; all sheets lie at whole rows and columns from 0.
    n_rows, n_columns
        Size of what holds them all. [count]
    sheets
        Each with its first row and column; where two overlap, the first counts.
    """

    crs: pyproj.CRS
    transform: Affine
    n_rows: int
    n_columns: int
    sheets: tuple[tuple[Sheet, int, int], ...]

    def read(
        self, row: int, column: int, n_rows: int, n_columns: int, *, every: int = 1
    ) -> NDArray[np.float32]:
        """Read the heights of a part, NaN where unknown; see `Sheet.read`. [m]."""
        heights = np.full((n_rows // every, n_columns // every), np.nan, np.float32)
        for sheet, first_row, first_column in self.sheets:
            rows = _share(row, n_rows, first_row, sheet.n_rows, every)
            columns = _share(column, n_columns, first_column, sheet.n_columns, every)
            if rows is None or columns is None:
                continue
            told = sheet.read(rows[0], columns[0], rows[1], columns[1], every=every)
            top, left = rows[2], columns[2]
            there = heights[top : top + told.shape[0], left : left + told.shape[1]]
            np.copyto(there, told, where=np.isnan(there))
        return heights

    def find_cells(
        self, crs: pyproj.CRS, xy: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Find columns and rows of places in another system, infinite where it has none."""
        way = pyproj.Transformer.from_crs(crs, self.crs, always_xy=True)
        x, y = way.transform(*xy.T)
        with np.errstate(invalid="ignore"):
            return apply(~self.transform, x, y)

    def cell_in(self, crs: pyproj.CRS) -> float:
        """Tell the side of a cell at its middle, in units of another system."""
        column, row = self.n_columns / 2 + _CORNER[0], self.n_rows / 2 + _CORNER[1]
        way = pyproj.Transformer.from_crs(self.crs, crs, always_xy=True)
        x, y = way.transform(*apply(self.transform, column, row))
        area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
        return math.sqrt(abs(area))


def join_sheets(sheets: Iterable[Sheet]) -> list[Mosaic]:
    """
    Join sheets that lie on one grid; of several mosaics the finest stands first.

    The order in which sheets are given is without effect.
    """
    groups: list[list[tuple[Sheet, int, int]]] = []
    for sheet in sorted(sheets, key=_rank):
        for group in groups:
            offset = _offset(group[0][0], sheet)
            if offset is not None:
                group.append((sheet, *offset))
                break
        else:
            groups.append([(sheet, 0, 0)])
    return [_frame(group) for group in groups]


def draw_heights(
    mosaics: Iterable[Mosaic],
    *,
    crs: pyproj.CRS,
    transform: Affine,
    n_rows: int,
    n_columns: int,
    smooth: bool,
) -> NDArray[np.float32]:
    """
    Draw mosaics onto a grid; where several tell a height, the first does.

    Parameters
    ----------
    mosaics
        What to draw.
    crs, transform, n_rows, n_columns
        The grid.
    smooth
        Between the cells, and the mean where the grid is much coarser, as of ground; else
        the nearest cell's height, as of roofs.

    Returns
    -------
    NDArray
        NaN where unknown, shape ``(n_rows, n_columns)``. [m]
    """
    heights = np.full((n_rows, n_columns), np.nan, np.float32)
    for mosaic in mosaics:
        if _is_aligned(mosaic, crs, transform):
            _copy(mosaic, transform, heights)
        else:
            _warp(mosaic, crs, transform, heights, smooth=smooth)
    return heights


def find_extent(
    mosaics: Iterable[Mosaic], *, crs: pyproj.CRS, transform: Affine, n_rows: int, n_columns: int
) -> NDArray[np.bool_]:
    """Tell which cells of a grid lie on a sheet, be it blank there; see `draw_heights`."""
    outlines = []
    for mosaic in mosaics:
        way = pyproj.Transformer.from_crs(mosaic.crs, crs, always_xy=True)
        for sheet, _, _ in mosaic.sheets:
            box = shapely.box(0.0, 0.0, sheet.n_columns, sheet.n_rows)
            edge = shapely.segmentize(box, max(sheet.n_columns, sheet.n_rows) / 16.0)
            xy = np.column_stack(
                way.transform(*apply(sheet.transform, *shapely.get_coordinates(edge).T))
            )
            if np.isfinite(xy).all():
                outlines.append(shapely.Polygon(xy))
    if not outlines:
        return np.zeros((n_rows, n_columns), bool)
    drawn = rasterize(outlines, out_shape=(n_rows, n_columns), transform=transform, dtype=np.uint8)
    reached: NDArray[np.bool_] = drawn.astype(bool)
    return reached


def _rank(sheet: Sheet) -> tuple[float, str, tuple[float, ...], str]:
    """Order sheets by what they are, the finest first, not by how they were named."""
    place = tuple(sheet.transform)[:6]
    side = math.sqrt(abs(sheet.transform.determinant)) * unit_m(sheet.crs)
    return round(side, 6), sheet.crs.to_wkt(), place, sheet.path.name


def _offset(first: Sheet, other: Sheet) -> tuple[int, int] | None:
    """Find row and column at which a sheet begins on another's grid; None if it is not on it."""
    ours, theirs = first.transform, other.transform
    rates = zip(ours[:6], theirs[:6], strict=True)
    if first.crs != other.crs or any(
        abs(a - b) * max(other.n_rows, other.n_columns) > _ON_GRID * _side(first)
        for place, (a, b) in enumerate(rates)
        if place not in {2, 5}
    ):
        return None
    column, row = ~ours @ (theirs.c, theirs.f)
    if max(abs(column - round(column)), abs(row - round(row))) > _ON_GRID:
        return None
    return round(row), round(column)


def _side(sheet: Sheet) -> float:
    return math.sqrt(abs(sheet.transform.determinant))


def _frame(group: list[tuple[Sheet, int, int]]) -> Mosaic:
    top, left = min(row for _, row, _ in group), min(column for *_, column in group)
    first = group[0][0]
    return Mosaic(
        crs=first.crs,
        transform=first.transform @ Affine.translation(left, top),
        n_rows=max(row + sheet.n_rows for sheet, row, _ in group) - top,
        n_columns=max(column + sheet.n_columns for sheet, _, column in group) - left,
        sheets=tuple((sheet, row - top, column - left) for sheet, row, column in group),
    )


def _share(
    start: int, size: int, first: int, n_cells: int, every: int
) -> tuple[int, int, int] | None:
    """Find which of a sheet's cells lie in a part: from where, how many, and where to put them."""
    begin = max(start, first)
    begin += -(begin - start) % every  # the part's own rhythm, whatever the sheet
    n_taken = (min(start + size // every * every, first + n_cells) - begin) // every
    if n_taken <= 0:
        return None
    return begin - first, n_taken * every, (begin - start) // every


def _is_aligned(mosaic: Mosaic, crs: pyproj.CRS, transform: Affine) -> bool:
    ours = mosaic.transform
    rates = (ours.a, ours.b, ours.d, ours.e) == (transform.a, transform.b, transform.d, transform.e)
    column, row = ~ours @ (transform.c, transform.f)
    apart = max(abs(column - round(column)), abs(row - round(row)))
    return rates and apart <= _ON_GRID and mosaic.crs == crs


def _copy(mosaic: Mosaic, transform: Affine, heights: NDArray[np.float32]) -> None:
    """Copy what lies on the very same grid, to the bit."""
    column, row = (round(value) for value in ~mosaic.transform @ (transform.c, transform.f))
    for top, left, rows, columns in _blocks(heights.shape, _BLOCK_CELLS):
        there = heights[top : top + rows, left : left + columns]
        told = mosaic.read(row + top, column + left, rows, columns)
        np.copyto(there, told, where=np.isnan(there))


def _warp(
    mosaic: Mosaic,
    crs: pyproj.CRS,
    transform: Affine,
    heights: NDArray[np.float32],
    *,
    smooth: bool,
) -> None:
    """Draw one mosaic where nothing is drawn yet, in place."""
    rate = _cells_per_cell(mosaic, crs, transform, heights.shape)
    if not 0.0 < rate < math.inf:
        return
    every = max(int(rate / _PER_CELL), 1) if smooth else 1
    way = Resampling.average if rate > 1.5 else Resampling.bilinear
    systems = {"src_crs": CRS.from_wkt(mosaic.crs.to_wkt()), "dst_crs": CRS.from_wkt(crs.to_wkt())}
    side = max(int(_BLOCK_CELLS / max(rate / every, 1.0)), 64)
    for top, left, rows, columns in _blocks(heights.shape, side):
        there = heights[top : top + rows, left : left + columns]
        placed = transform @ Affine.translation(left, top)
        cut = _find_part(mosaic, crs, placed, (rows, columns), margin=3.0 * max(rate, 1.0))
        if cut is None or not np.isnan(there).any():
            continue
        source = mosaic.read(*cut, every=every)
        if np.isnan(source).all():
            continue
        drawn = np.full((rows, columns), np.nan, np.float32)
        # Of an even number the middle one is half a cell beside the middle.
        lead = 0.0 if every % 2 else 0.5 / every
        reproject(
            source,
            drawn,
            src_transform=mosaic.transform
            @ Affine.translation(cut[1], cut[0])
            @ Affine.scale(every)
            @ Affine.translation(lead, lead),
            dst_transform=placed,
            src_nodata=np.nan,
            dst_nodata=np.nan,
            resampling=way if smooth else Resampling.nearest,
            **({} if rate > 1.5 else _EXACT),
            **systems,
        )
        np.copyto(there, drawn, where=np.isnan(there))


def _blocks(shape: tuple[int, ...], side: int) -> Iterator[tuple[int, int, int, int]]:
    """Cut a grid into blocks: first row and column, and size."""
    n_rows, n_columns = shape
    for top, left in product(range(0, n_rows, side), range(0, n_columns, side)):
        yield top, left, min(side, n_rows - top), min(side, n_columns - left)


def _cells_per_cell(
    mosaic: Mosaic, crs: pyproj.CRS, transform: Affine, shape: tuple[int, ...]
) -> float:
    """Count the mosaic's cells along the side of one of the grid's, at the grid's middle."""
    xy = np.column_stack(apply(transform, shape[1] / 2 + _CORNER[0], shape[0] / 2 + _CORNER[1]))
    column, row = mosaic.find_cells(crs, xy)
    with np.errstate(invalid="ignore"):
        area = (column[1] - column[0]) * (row[2] - row[0]) - (column[2] - column[0]) * (
            row[1] - row[0]
        )
    return math.sqrt(abs(area)) if math.isfinite(area) else math.inf


def _find_part(
    mosaic: Mosaic, crs: pyproj.CRS, transform: Affine, shape: tuple[int, int], *, margin: float
) -> tuple[int, int, int, int] | None:
    """Find the part of a mosaic that a block of a grid needs; None where it has none."""
    steps = np.linspace(0.0, 1.0, 9)
    down, on = (values.ravel() for values in np.meshgrid(steps * shape[0], steps * shape[1]))
    xy = np.column_stack(apply(transform, on, down))
    column, row = mosaic.find_cells(crs, xy)
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        return None
    top = max(math.floor(row.min() - margin), 0)
    left = max(math.floor(column.min() - margin), 0)
    bottom = min(math.ceil(row.max() + margin), mosaic.n_rows)
    right = min(math.ceil(column.max() + margin), mosaic.n_columns)
    if top >= bottom or left >= right:
        return None
    return top, left, bottom - top, right - left
