"""
Hot loops of the skyline: marches from points over tiles, and its look-up.

A march goes ring by ring away from the point, in groups of rings and arcs of sectors. Before
it looks at the cells of a group it asks a pyramid of maxima whether anything there could rise
above what is seen already; that leaves the answer as it is and saves most of the cells.

Elevation is stored as u = tan / (1 + tan), which is 0 at the horizon, 1 overhead and finest low
down. Points take turns (`phase`) in where their sectors and steps of u lie, so that the
error of rounding averages out along an edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOLID_STEPS = 254.0
"""Steps of u for solids; 255 is a point in a solid, which no sun reaches."""

CROWN_STEPS = 32.0
"""Steps of u for crowns, one bit each."""


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
    ray: NDArray[np.float32]  # (n_phases, n_sectors, 2): unit vectors, east and north


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
    phase: NDArray[np.int64],  # (n_points,)
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
                        east = rings.ray[phase[p], sector, 0]
                        north = rings.ray[phase[p], sector, 1]
                        for ring in range(begin, end):
                            column = np.int32(x + rings.cells[ring] * east)
                            row = np.int32(y + rings.cells[ring] * north)
                            height = np.float32(cells[np.uint32(row * n_columns + column)])
                            seen = max(seen, (height - eye[p]) * rings.near_slope[ring])
                        tangent[p, sector] = seen
                    least = min(least, seen)
                lowest[arc] = least


@njit(inline="always")
def _below(tangent: np.float32, shift: np.float32) -> np.uint64:
    """Set the bits of the steps whose middles lie below a tangent that is not negative."""
    n_steps = min(max(int(np.ceil(CROWN_STEPS * tangent / (1.0 + tangent) + shift)), 0), 32)
    return (np.uint64(1) << np.uint64(n_steps)) - np.uint64(1)


@njit(inline="always")
def _look_along(
    x: np.float32,
    y: np.float32,
    east: np.float32,
    north: np.float32,
    eye: np.float32,
    shift: np.float32,
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
            bits |= _below(high, shift) & ~_below(max(low, np.float32(0.0)), shift)
            high = np.float32(-1.0)
    if high >= 0.0:
        bits |= _below(high, shift) & ~_below(max(low, np.float32(0.0)), shift)
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
    phase: NDArray[np.int64],  # (n_points,)
    offset: NDArray[np.float32],  # (n_phases,): in steps
    tangent: NDArray[np.float32],  # (n_points, n_sectors): of the solids
    mask: NDArray[np.uint32],  # (n_points, n_sectors): bits are set in place
) -> None:
    n_arcs = rings.arc.size - 1
    lowest = np.empty(n_arcs, np.float32)
    above = np.empty(tangent.shape[1], np.uint64)  # the bits above the solids
    for p in range(xy.shape[0]):
        shift = offset[phase[p]] - np.float32(0.5)
        for arc in range(n_arcs):
            lowest[arc] = tangent[p, rings.arc[arc] : rings.arc[arc + 1]].min()
        for sector in range(above.size):
            above[sector] = ~_below(min(tangent[p, sector], np.float32(1e6)), shift)
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
                within = _below(highest, shift)
                for sector in range(rings.arc[arc], rings.arc[arc + 1]):
                    # Nothing here may show, or all of it is covered already.
                    if within & above[sector] & ~np.uint64(mask[p, sector]) == 0:
                        continue
                    east, north = rings.ray[phase[p], sector, 0], rings.ray[phase[p], sector, 1]
                    bits = _look_along(
                        x,
                        y,
                        east,
                        north,
                        eye[p],
                        shift,
                        begin,
                        end,
                        n_columns,
                        low_cells,
                        high_cells,
                        rings,
                    )
                    mask[p, sector] |= np.uint32(bits & above[sector])


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
    begin: int,  # times begin ≤ time < end
    end: int,
    sector: NDArray[np.int16],  # (n_times, n_phases): the sun's sector
    solid_step: NDArray[np.int16],  # (n_times, n_phases): lit where the skyline is below it
    crown_step: NDArray[np.int16],  # (n_times, n_phases): the crowns' bit
    passed: NDArray[np.float32],  # (n_times, n_layers): transmittance
    solid: NDArray[np.uint8],  # (n_sectors, n_points)
    crown: NDArray[np.uint32],  # (n_sectors, n_columns)
    crown_column: NDArray[np.int32],  # (n_layers, n_points): -1 without crowns
    limit: NDArray[np.uint8],  # (n_sectors, n_places): known above it
    limit_column: NDArray[np.int32],  # (n_points,): -1 where all is known
    edge_point: NDArray[np.int64],  # (n_edges + 1,): slices of points
    most_unknown: float,  # fraction of an edge
    sun: NDArray[np.uint8],  # (n_times, n_edges)
) -> None:
    n_phases, n_layers = sector.shape[1], crown_column.shape[0]
    for time in range(begin, end):
        for edge in range(edge_point.size - 1):
            lit, n_unknown = np.float32(0.0), 0
            for p in range(edge_point[edge], edge_point[edge + 1]):
                phase = p % n_phases
                s = sector[time, phase]
                if solid[s, p] >= solid_step[time, phase]:
                    continue
                share = np.float32(1.0)
                for layer in range(n_layers):
                    column = crown_column[layer, p]
                    if column >= 0 and (crown[s, column] >> crown_step[time, phase]) & 1:
                        share *= passed[time, layer]
                lit += share
                place = limit_column[p]
                if place >= 0 and share > 0.0 and limit[s, place] >= solid_step[time, phase]:
                    n_unknown += 1
            n_points = edge_point[edge + 1] - edge_point[edge]
            if n_unknown > most_unknown * n_points:
                sun[time, edge] = 255
            elif n_points > 0:
                sun[time, edge] = np.uint8(254.0 * lit / n_points + 0.5)
