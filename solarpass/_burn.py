"""
Hot loops that burn outlines into a grid: a cell belongs to a shape that holds its centre.

Rows run north and columns east from the grid's origin, so that the cell a shape takes does not
depend on the tile it is burnt into. Heights are whole decimetres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(inline="always")
def _fill(
    low: NDArray[np.uint16],
    high: NDArray[np.uint16],
    row: int,
    first: int,
    stop: int,
    base: int,
    top: int,
) -> None:
    for column in range(max(first, 0), min(stop, high.shape[1])):
        high[row, column] = max(high[row, column], top)
        low[row, column] = min(low[row, column], base)


@njit(nogil=True, cache=True)
def _cross(
    ring_start: NDArray[np.int64],
    first_ring: int,
    stop_ring: int,
    xy: NDArray[np.float64],
    per_m: float,
    first_row: int,
    rows: tuple[int, int],
    begin: NDArray[np.int64],  # (n_rows + 1,): where each row's crossings begin; moved on
    crossing: NDArray[np.float64],  # empty: only count, one place further
) -> None:
    for ring in range(first_ring, stop_ring):
        for i in range(ring_start[ring], ring_start[ring + 1] - 1):
            lower, upper = (i, i + 1) if xy[i, 1] <= xy[i + 1, 1] else (i + 1, i)
            y0, y1 = xy[lower, 1] * per_m, xy[upper, 1] * per_m
            for row in range(
                max(int(np.ceil(y0 - 0.5)) - first_row, rows[0]),
                min(int(np.ceil(y1 - 0.5)) - first_row, rows[1]),
            ):
                if crossing.size == 0:
                    begin[row + 1] += 1
                    continue
                along = (row + first_row + 0.5 - y0) / (y1 - y0)
                x0, x1 = xy[lower, 0] * per_m, xy[upper, 0] * per_m
                crossing[begin[row]] = x0 + along * (x1 - x0)
                begin[row] += 1


@njit(nogil=True, cache=True)
def burn_polygons(
    which: NDArray[np.int64],  # the polygons to burn
    ring_of: NDArray[np.int64],  # (n_polygons + 1,): slices of ring_start
    ring_start: NDArray[np.int64],  # (n_rings + 1,): slices of xy
    xy: NDArray[np.float64],  # (n_corners, 2) from the grid's origin [m]
    per_m: float,  # cells
    base: NDArray[np.uint16],  # (n_polygons,)
    top: NDArray[np.uint16],  # (n_polygons,)
    first_row: int,
    first_column: int,
    low: NDArray[np.uint16],  # (n_rows, n_columns): lowest base, lowered in place
    high: NDArray[np.uint16],  # (n_rows, n_columns): highest top, raised in place
) -> None:
    begin = np.zeros(high.shape[0] + 1, np.int64)
    for polygon in which:
        rings = (ring_of[polygon], ring_of[polygon + 1])
        y = xy[ring_start[rings[0]] : ring_start[rings[1]], 1] * per_m
        rows = (
            max(int(np.ceil(y.min() - 0.5)) - first_row, 0),
            min(int(np.ceil(y.max() - 0.5)) - first_row, high.shape[0]),
        )
        if rows[1] <= rows[0]:
            continue
        begin[rows[0] : rows[1] + 1] = 0
        _cross(ring_start, rings[0], rings[1], xy, per_m, first_row, rows, begin, np.empty(0))
        for row in range(rows[0], rows[1]):
            begin[row + 1] += begin[row]
        crossing = np.empty(max(begin[rows[1]], 1))
        _cross(ring_start, rings[0], rings[1], xy, per_m, first_row, rows, begin, crossing)
        start = 0
        for row in range(rows[0], rows[1]):  # begin[row] has moved on to the row's end
            for k in range(start + 1, begin[row]):  # few: sorted by insertion
                moved, at = crossing[k], k
                while at > start and crossing[at - 1] > moved:
                    crossing[at] = crossing[at - 1]
                    at -= 1
                crossing[at] = moved
            for k in range(start, begin[row] - 1, 2):
                c0 = int(np.ceil(crossing[k] - 0.5)) - first_column
                c1 = int(np.ceil(crossing[k + 1] - 0.5)) - first_column
                _fill(low, high, row, c0, c1, base[polygon], top[polygon])
            start = begin[row]


@njit(nogil=True, cache=True)
def burn_discs(
    which: NDArray[np.int64],  # the discs to burn
    disc: NDArray[np.float64],  # (n_discs, 3): x, y from the grid's origin, radius [m]
    per_m: float,  # cells
    base: NDArray[np.uint16],  # (n_discs,)
    top: NDArray[np.uint16],  # (n_discs,)
    first_row: int,
    first_column: int,
    low: NDArray[np.uint16],
    high: NDArray[np.uint16],
) -> None:
    for i in which:
        x, y, radius = disc[i, 0] * per_m, disc[i, 1] * per_m, disc[i, 2] * per_m
        r0 = max(int(np.ceil(y - radius - 0.5)) - first_row, 0)
        r1 = min(int(np.ceil(y + radius - 0.5)) - first_row, high.shape[0])
        for row in range(r0, r1):
            half = np.sqrt(max(radius**2 - (row + first_row + 0.5 - y) ** 2, 0.0))
            c0 = int(np.ceil(x - half - 0.5)) - first_column
            c1 = int(np.ceil(x + half - 0.5)) - first_column
            _fill(low, high, row, c0, c1, base[i], top[i])
