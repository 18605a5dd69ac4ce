"""
Hot loops of the skyline: marches from points over tiles.

A march goes ring by ring away from the point, in groups of rings and arcs of sectors. Before
it looks at the cells of a group it asks a pyramid of maxima whether anything there could rise
above what is seen already; that leaves the answer as it is and saves most of the cells.

What a crown covers is kept as one bit for each step of elevation; see `CROWN_STEPS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOLID_STEPS = 254.0
"""Steps of u = tan / (1 + tan) for solids; 255 is a point in a solid, which no sun reaches."""

CROWN_STEPS = 64
"""
Steps of w = tan^1.5 / (0.5 + tan^1.5) for crowns and for shares of edges, one bit each.

They are finest, 0.6° apart, at elevations of 10° to 20°, where a degree moves the end of a shadow
the farthest, and coarse overhead, where it hardly moves.
"""

W_HALF = 0.5
"""The tan^1.5 that has half of the steps below it; our choice."""


class Rings(NamedTuple):
    """Where a march looks: rings of cells, grouped; group 0 is the point's own cell."""

    cells: NDArray[np.float32]  # (n_rings,): distance in cells of the ring's grid
    near_slope: NDArray[np.float32]  # (n_rings,): 1 / distance of the ring's near side [1/dm]
    far_slope: NDArray[np.float32]  # (n_rings,): 1 / distance of its far side [1/dm]
    start: NDArray[np.int64]  # (n_groups + 1,): slices of rings
    is_far: NDArray[np.bool_]  # (n_groups,): on the coarse grid
    level: NDArray[np.int64]  # (n_groups, n_arcs): of the pyramid
    column: NDArray[np.float32]  # (n_groups, n_arcs): west end of the arc, in blocks
    row: NDArray[np.float32]  # (n_groups, n_arcs): south end
    arc: NDArray[np.int64]  # (n_arcs + 1,): slices of sectors
    ray: NDArray[np.float32]  # (n_sectors, 2): unit vectors, east and north


class Pyramid(NamedTuple):
    """Highest top in squares of 2 by 2 blocks, at levels of doubling blocks."""

    top: NDArray[np.uint16]  # levels one after another
    start: NDArray[np.int64]  # (n_levels,)
    n_rows: NDArray[np.int64]  # (n_levels,)
    n_columns: NDArray[np.int64]  # (n_levels,)


@njit(inline="always")
def _highest(
    pyramid: Pyramid, rings: Rings, group: int, arc: int, block_x: float, block_y: float
) -> float:
    level = rings.level[group, arc]
    row = int(block_y + rings.row[group, arc]) >> level
    column = int(block_x + rings.column[group, arc]) >> level
    row = min(max(row, 0), pyramid.n_rows[level] - 1)
    column = min(max(column, 0), pyramid.n_columns[level] - 1)
    top: float = pyramid.top[pyramid.start[level] + row * pyramid.n_columns[level] + column]
    return top


@njit(nogil=True, cache=True)
def raise_solids(
    xy: NDArray[np.float32],  # (n_points, 6): east and north in near cells, far cells, blocks
    eye: NDArray[np.float32],  # (n_points,) [dm]
    near: NDArray[np.uint16],  # (n_rows, n_columns): tops [dm]
    far: NDArray[np.uint16],
    rings: Rings,
    pyramid: Pyramid,
    tangent: NDArray[np.float32],  # (n_points, n_sectors): raised in place
) -> None:
    n_arcs = rings.arc.size - 1
    lowest = np.empty(n_arcs, np.float32)
    for p in range(xy.shape[0]):
        lowest[:] = 0.0
        for group in range(1, rings.is_far.size):
            grid = far if rings.is_far[group] else near
            n_columns = np.int32(grid.shape[1])
            cells = grid.reshape(-1)
            x, y = (xy[p, 2], xy[p, 3]) if rings.is_far[group] else (xy[p, 0], xy[p, 1])
            begin, end = rings.start[group], rings.start[group + 1]
            steepest = rings.near_slope[begin]
            for arc in range(n_arcs):
                tallest = _highest(pyramid, rings, group, arc, xy[p, 4], xy[p, 5])
                highest = np.float32((tallest - eye[p]) * steepest)
                if highest <= lowest[arc]:
                    continue
                least = np.float32(np.inf)
                for sector in range(rings.arc[arc], rings.arc[arc + 1]):
                    seen = tangent[p, sector]
                    if highest > seen:
                        east = rings.ray[sector, 0]
                        north = rings.ray[sector, 1]
                        for ring in range(begin, end):
                            column = np.int32(x + rings.cells[ring] * east)
                            row = np.int32(y + rings.cells[ring] * north)
                            height = np.float32(cells[np.uint32(row * n_columns + column)])
                            seen = max(seen, (height - eye[p]) * rings.near_slope[ring])
                        tangent[p, sector] = seen
                    least = min(least, seen)
                lowest[arc] = least


@njit(inline="always")
def find_step(tangent: np.float32) -> int:
    """Count the steps whose middles lie below a tangent that is not negative, 0 to 64."""
    # Beyond any tangent that still matters, lest the infinite one of a solid become no number.
    capped = min(tangent, np.float32(1e6))
    curved = capped * np.sqrt(capped)
    share = curved / (np.float32(W_HALF) + curved)
    # Rounded up from the middles; what is cast is never negative.
    return int(np.float32(CROWN_STEPS) * share + np.float32(0.4999999))


@njit(inline="always")
def _below(tangent: np.float32) -> np.uint64:
    """Set the bits of the steps whose middles lie below a tangent that is not negative."""
    n_steps = find_step(tangent)
    if n_steps >= CROWN_STEPS:
        return ~np.uint64(0)
    return (np.uint64(1) << np.uint64(n_steps)) - np.uint64(1)


@njit(inline="always")
def _look_along(
    x: np.float32,
    y: np.float32,
    east: np.float32,
    north: np.float32,
    eye: np.float32,
    begin: int,
    end: int,
    n_columns: np.int32,
    low_cells: NDArray[np.uint16],
    high_cells: NDArray[np.uint16],
    rings: Rings,
) -> np.uint64:
    bits, low, high = np.uint64(0), np.float32(0.0), np.float32(-1.0)
    for ring in range(begin, end):
        column = np.int32(x + rings.cells[ring] * east)
        row = np.int32(y + rings.cells[ring] * north)
        cell = np.uint32(row * n_columns + column)
        top = high_cells[cell]
        if top > 0:
            near_side = max((np.float32(top) - eye) * rings.near_slope[ring], np.float32(0.0))
            far_side = (np.float32(low_cells[cell]) - eye) * rings.far_slope[ring]
            # One crown's cells overlap as seen from here, so join them.
            low = min(low, far_side) if high >= 0.0 else far_side
            high = max(high, near_side)
        elif high >= 0.0:
            bits |= _below(high) & ~_below(max(low, np.float32(0.0)))
            high = np.float32(-1.0)
    if high >= 0.0:
        bits |= _below(high) & ~_below(max(low, np.float32(0.0)))
    return bits


@njit(nogil=True, cache=True)
def mark_crowns(
    xy: NDArray[np.float32],  # (n_points, 6)
    eye: NDArray[np.float32],  # (n_points,) [dm]
    near_low: NDArray[np.uint16],  # (n_rows, n_columns): bases and tops [dm]
    near_high: NDArray[np.uint16],
    far_low: NDArray[np.uint16],
    far_high: NDArray[np.uint16],
    rings: Rings,
    pyramid: Pyramid,
    tangent: NDArray[np.float32],  # (n_points, n_sectors): of the solids
    mask: NDArray[np.uint64],  # (n_points, n_sectors): bits are set in place
) -> None:
    n_arcs = rings.arc.size - 1
    lowest = np.empty(n_arcs, np.float32)
    above = np.empty(tangent.shape[1], np.uint64)  # the bits above the solids
    for p in range(xy.shape[0]):
        for arc in range(n_arcs):
            lowest[arc] = tangent[p, rings.arc[arc] : rings.arc[arc + 1]].min()
        for sector in range(above.size):
            above[sector] = ~_below(tangent[p, sector])
        for group in range(rings.is_far.size):
            is_far = rings.is_far[group]
            high_grid, low_grid = (far_high, far_low) if is_far else (near_high, near_low)
            n_columns = np.int32(high_grid.shape[1])
            high_cells, low_cells = high_grid.reshape(-1), low_grid.reshape(-1)
            x, y = (xy[p, 2], xy[p, 3]) if is_far else (xy[p, 0], xy[p, 1])
            begin, end = rings.start[group], rings.start[group + 1]
            steepest = rings.near_slope[begin]
            for arc in range(n_arcs):
                tallest = _highest(pyramid, rings, group, arc, xy[p, 4], xy[p, 5])
                highest = np.float32((tallest - eye[p]) * steepest)
                if highest <= lowest[arc]:
                    continue
                within = _below(highest)
                for sector in range(rings.arc[arc], rings.arc[arc + 1]):
                    # Nothing here may show, or all of it is covered already.
                    if within & above[sector] & ~mask[p, sector] == 0:
                        continue
                    east, north = rings.ray[sector, 0], rings.ray[sector, 1]
                    bits = _look_along(
                        x,
                        y,
                        east,
                        north,
                        eye[p],
                        begin,
                        end,
                        n_columns,
                        low_cells,
                        high_cells,
                        rings,
                    )
                    mask[p, sector] |= bits & above[sector]


@njit(nogil=True, cache=True)
def find_exits(
    xy: NDArray[np.float64],  # (n_places, 2)
    rim: NDArray[np.float64],  # (n_segments, 4): x0, y0, x1, y1
    ray: NDArray[np.float32],  # (n_sectors, 2)
    distance: NDArray[np.float64],  # (n_sectors, n_places): lowered in place
) -> None:
    for place in range(xy.shape[0]):
        for k in range(rim.shape[0]):
            x, y = rim[k, 0] - xy[place, 0], rim[k, 1] - xy[place, 1]
            dx, dy = rim[k, 2] - rim[k, 0], rim[k, 3] - rim[k, 1]
            for sector in range(ray.shape[0]):
                east, north = ray[sector, 0], ray[sector, 1]
                cross = east * dy - north * dx
                if cross == 0.0:
                    continue
                along = (north * x - east * y) / cross
                if along < 0.0 or along > 1.0:
                    continue
                far = (x * dy - y * dx) / cross
                if far >= 0.0 and far < distance[sector, place]:
                    distance[sector, place] = far


@njit(nogil=True, cache=True)
def add_sun(
    solid: NDArray[np.uint8],  # (n_places,): of the sun's sector
    crown: NDArray[np.uint64],  # (n_columns,)
    crown_column: NDArray[np.int32],  # (n_layers, n_places): -1 without crowns
    limit: NDArray[np.uint8],  # (n_near,): known above it
    limit_row: NDArray[np.int32],  # (n_places,): -1 where all is known
    solid_step: int,  # lit where the skyline is below it
    crown_step: int,  # the crowns' bit
    passed: NDArray[np.float32],  # (n_layers,): transmittance
    sun: NDArray[np.uint8],  # (n_places,): set in place
) -> None:
    for place in range(solid.size):
        if solid[place] >= solid_step:
            continue
        share = np.float32(1.0)
        for layer in range(passed.size):
            column = crown_column[layer, place]
            if column >= 0 and (crown[column] >> np.uint64(crown_step)) & np.uint64(1):
                share *= passed[layer]
        row = limit_row[place]
        if row >= 0 and share > 0.0 and limit[row] >= solid_step:
            sun[place] = 255
        else:
            sun[place] = np.uint8(np.float32(254.0) * share + np.float32(0.5))
