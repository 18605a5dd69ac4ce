"""Hot loops that read heights between the cells of a relief."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(inline="always")
def read_between(height: NDArray[np.float32], x: float, y: float) -> np.float32:
    """Read at a place in cells from the outer corner; what lies beyond the rim is unknown."""
    n_rows, n_columns = height.shape
    if not (0.0 <= x < n_columns and 0.0 <= y < n_rows):
        return np.float32(np.nan)
    own: np.float32 = height[int(y), int(x)]
    if np.isnan(own):
        return own
    x, y = x - 0.5, y - 0.5
    column, row = int(np.floor(x)), int(np.floor(y))
    east, north = np.float32(x - column), np.float32(y - row)
    total = np.float32(0.0)
    for up in range(2):
        for on in range(2):
            there = height[
                min(max(row + up, 0), n_rows - 1), min(max(column + on, 0), n_columns - 1)
            ]
            if np.isnan(there):  # beside a hole the cell itself is all there is
                there = own
            share = (north if up else np.float32(1.0) - north) * (
                east if on else np.float32(1.0) - east
            )
            total += share * there
    return total


@njit(nogil=True, cache=True)
def read_points(
    height: NDArray[np.float32],  # (n_rows, n_columns), row 0 in the south
    xy: NDArray[np.float64],  # (n_points, 2): in cells from the outer corner
    found: NDArray[np.float32],  # (n_points,): filled
) -> None:
    for p in range(xy.shape[0]):
        found[p] = read_between(height, xy[p, 0], xy[p, 1])


@njit(nogil=True, cache=True)
def read_grid(
    height: NDArray[np.float32],
    x: NDArray[np.float64],  # (n_columns,): in cells from the outer corner
    y: NDArray[np.float64],  # (n_rows,)
    found: NDArray[np.float32],  # (n_rows, n_columns): filled
) -> None:
    for row in range(y.size):
        for column in range(x.size):
            found[row, column] = read_between(height, x[column], y[row])


@njit(nogil=True, cache=True)
def take_grid(
    height: NDArray[np.float32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    found: NDArray[np.float32],
) -> None:
    for row in range(y.size):
        for column in range(x.size):
            if 0.0 <= x[column] < height.shape[1] and 0.0 <= y[row] < height.shape[0]:
                found[row, column] = height[int(y[row]), int(x[column])]
            else:
                found[row, column] = np.float32(np.nan)


@njit(nogil=True, cache=True)
def raise_cells(
    top_m: NDArray[np.float32],  # (n_rows, n_columns): as measured, NaN where unknown
    lowest_m: float,  # that decimetres count from
    eaves: NDArray[np.uint16],  # (n_rows, n_columns) [dm]; empty: no roofs here
    ridge: NDArray[np.uint16],  # the same; 0 where there is none
    outline: NDArray[np.uint16],  # not 0 in and near outlines; empty: there are none here
    crown_m: NDArray[np.float32],  # height above the ground; empty: none
    least_rise: int,  # out of the ground [dm]
    solid: NDArray[np.uint16],  # the ground [dm], raised in place
) -> None:
    for row in range(solid.shape[0]):
        for column in range(solid.shape[1]):
            ground = int(solid[row, column])
            measured = top_m[row, column]
            is_known = not np.isnan(measured)
            top = 0
            if is_known:
                top = int(min(max(np.rint((measured - lowest_m) * 10.0), 0.0), 65_000.0))
            if ridge.size and ridge[row, column] > 0:
                low, high = int(eaves[row, column]), int(ridge[row, column])
                # Outline and raster differ by a cell or two: inside it is roof all the same.
                roof = min(max(top if is_known else (low + high) // 2, low), high)
                solid[row, column] = max(ground, roof)
            elif is_known and top > ground + least_rise:
                is_built = outline.size > 0 and outline[row, column] > 0
                is_crown = crown_m.size > 0 and crown_m[row, column] * 10.0 >= least_rise
                if not (is_built or is_crown):
                    solid[row, column] = top
