"""
Hot loops that cast a whole raster at one instant, in one sweep away from the sun.

The sun stands towards the last row. A cell looks along its line: `shift[row]` columns
sideways, so that every cell lies on exactly one line and each line hands its crest on from
row to row. That equals a march from each cell, at the price of one step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def cast_solids(
    solid: NDArray[np.float32],  # (n_rows, n_columns): tops
    receiver: NDArray[np.float32],  # (n_rows, n_columns): heights the beam should reach
    shift: NDArray[np.int64],  # (n_rows,)
    drop: np.float32,  # the beam's descent from one row to the next
    lead: np.float32,  # how much earlier a sampled wall may begin, as descent
    first: int,  # lines first ≤ line < stop; the line of a cell is column - shift[row]
    stop: int,
    shaded: NDArray[np.uint8],  # (n_rows, n_columns): bit 1 is set where shaded
) -> None:
    n_rows, n_columns = solid.shape
    crest = np.full(stop - first, -np.inf, np.float32)
    for row in range(n_rows - 1, -1, -1):
        begin = max(first + shift[row], 0)
        end = min(stop + shift[row], n_columns)
        offset = -shift[row] - first
        for column in range(begin, end):
            height = crest[column + offset] - drop
            if height + lead > receiver[row, column]:
                shaded[row, column] |= 1
            crest[column + offset] = max(height, solid[row, column])


@njit(nogil=True, cache=True)
def cast_crowns(
    low: NDArray[np.float32],  # (n_rows, n_columns): bases
    high: NDArray[np.float32],  # (n_rows, n_columns): tops; not above the base: no crown
    receiver: NDArray[np.float32],
    shift: NDArray[np.int64],
    drop: np.float32,
    above: np.float32,  # how many rows earlier the beam meets a top, and how many later
    below: np.float32,  # it leaves the base, than at the middle of the cell
    nearest: int,  # 0: a crown shades the cell beneath it; 1: only those behind it
    lowest: np.float32,  # of all receivers
    flag: np.uint8,
    first: int,
    stop: int,
    shaded: NDArray[np.uint8],  # the bits of `flag` are set where shaded
) -> None:
    n_rows, n_columns = low.shape
    for row in range(n_rows):
        begin = max(first + shift[row], 0)
        end = min(stop + shift[row], n_columns)
        for column in range(begin, end):
            if high[row, column] <= low[row, column]:
                continue
            for k in range(nearest, row + 1):
                top = high[row, column] - (k - above) * drop
                if top <= lowest:
                    break
                there = column + shift[row - k] - shift[row]
                if there < 0 or there >= n_columns:
                    break
                height = receiver[row - k, there]
                if top > height and low[row, column] - (k + below) * drop <= height:
                    shaded[row - k, there] |= flag
