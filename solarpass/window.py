"""Windows: rectangles of whole cells of the one grid that all rasters of a city lie on."""

from __future__ import annotations

import math
from dataclasses import dataclass

Bounds = tuple[float, float, float, float]
"""West, south, east, north. [m]"""


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """
    A rectangle of whole cells of the one grid whose corner is the origin of the local metres.

    Attributes
    ----------
    row, column
        Its first row, counted north, and first column, counted east. [count]
    n_rows, n_columns
        Its size. [count]
    cell_m
        Side of a cell. [m]
    """

    row: int
    column: int
    n_rows: int
    n_columns: int
    cell_m: float

    @classmethod
    def around(
        cls, bounds: tuple[float, float, float, float], *, cell_m: float, align: int = 1
    ) -> Window:
        """Find the cells that hold `bounds` (west, south, east, north), in whole blocks."""
        block_m = align * cell_m
        west, south, east, north = (value / block_m for value in bounds)
        row, column = math.floor(south), math.floor(west)
        return cls(
            row=row * align,
            column=column * align,
            n_rows=max(math.ceil(north) - row, 1) * align,
            n_columns=max(math.ceil(east) - column, 1) * align,
            cell_m=cell_m,
        )

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north. [m]."""
        west, south = self.column * self.cell_m, self.row * self.cell_m
        return (
            west,
            south,
            west + self.n_columns * self.cell_m,
            south + self.n_rows * self.cell_m,
        )
