"""What points see of solids and crowns all around: marches over the tiles of a surface."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ._skyline import SOLID_STEPS, Pyramid, Rings, mark_crowns, raise_solids
from .caster import UNIT_M
from .tile import Surface, Tile
from .window import Window

Progress = Callable[[str, float], None]

N_THREADS = 2
IN_SOLID = 255
"""Step of a point that stands in a solid."""

_FAR_FACTOR = 4  # coarse cells are so many fine cells wide
_BLOCK_CELLS = 2 * _FAR_FACTOR  # fine cells to a block of the pyramid
_N_ARCS = 30


@dataclass(frozen=True, slots=True)
class MarchModel:
    """
    How the surface is sampled around a point; change one with `dataclasses.replace`.

    Attributes
    ----------
    n_sectors
        Compass sectors. [count]
    growth
        Step as a share of the distance, where that exceeds the cell; our choice. [1]
    near_m
        Beyond this distance coarse cells are looked at; our choice. [m]
    lead
        A wall first sampled at some distance begins, on average, this share of a step
        earlier; urban-climate models have 0 and see less of it. [1]
    wall_slack_m
        A place this little inside a solid is taken for one beside it, as streets and
        outlines are drawn no finer; our choice. [m]
    chunk_m
        Side of the squares of points that share their tiles; it limits memory only. [m]
    """

    n_sectors: int = 180
    growth: float = 0.03
    near_m: float = 64.0
    lead: float = 0.5
    wall_slack_m: float = 1.5
    chunk_m: float = 512.0


@dataclass(frozen=True, eq=False, slots=True)
class Skyline:
    """
    What points see.

    Attributes
    ----------
    solid
        Steps of u = tan / (1 + tan) of the skyline, shape ``(n_sectors, n_points)``; 255 in a
        solid.
    crown
        One bit per step (`CROWN_STEPS`) that a crown covers above that, for the points that see
        one, shape ``(n_sectors, n_columns)``.
    crown_column
        Which column of `crown` a point has in each layer, -1 none, shape
        ``(n_layers, n_points)``.
    """

    solid: NDArray[np.uint8]
    crown: NDArray[np.uint64]
    crown_column: NDArray[np.int32]


def find_skyline(
    surface: Surface,
    xy: NDArray[np.float64],
    *,
    model: MarchModel,
    on_roofs: bool = False,
    progress: Progress | None = None,
) -> Skyline:
    """
    March from points, shape ``(n_points, 2)``, towards every sector.

    Points stand on the ground; with `on_roofs`, on whatever surface there is.
    """
    marcher = Marcher(surface, model, on_roofs=on_roofs)
    chunks = split_by_square(xy, side_m=model.chunk_m)
    solid = np.empty((model.n_sectors, len(xy)), np.uint8)
    n_done = 0

    def march(chunk: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64], NDArray[np.uint64]]]:
        nonlocal n_done
        tangent, crowns = marcher.march(xy[chunk])
        solid[:, chunk] = _to_steps(tangent).T
        n_done += len(chunk)
        if progress is not None:
            progress("horizon", min(n_done / len(xy), 1.0))
        seeing = [(layer, np.flatnonzero(mask.any(axis=1)), mask) for layer, mask in crowns]
        return [(layer, chunk[seen], mask[seen]) for layer, seen, mask in seeing if seen.size]

    with ThreadPoolExecutor(N_THREADS) as pool:
        found = [crown for crowns in pool.map(march, chunks) for crown in crowns]
    return Skyline(solid, *_gather(found, len(surface.layers), len(xy), model.n_sectors))


def split_by_square(xy: NDArray[np.float64], *, side_m: float) -> list[NDArray[np.int64]]:
    """List the places in each square of a grid, square by square, in their order."""
    if not len(xy):
        return []
    square = np.floor(xy / side_m).astype(np.int64)
    order = np.lexsort((np.arange(len(xy)), square[:, 0], square[:, 1]))
    turns = np.flatnonzero(np.diff(square[order], axis=0).any(axis=1)) + 1
    return np.split(order, turns)


def _gather(
    found: list[tuple[int, NDArray[np.int64], NDArray[np.uint64]]],
    n_layers: int,
    n_points: int,
    n_sectors: int,
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Give each layer's points their columns, and put each chunk's masks there."""
    column = np.full((n_layers, n_points), -1, np.int32)
    for layer, point, _ in found:
        column[layer, point] = 0
    n_columns = int((column == 0).sum())
    column[column == 0] = np.arange(n_columns, dtype=np.int32)
    crown = np.empty((n_sectors, n_columns), np.uint64)
    for layer, point, mask in found:
        crown[:, column[layer, point]] = mask.T
    return crown, column


class Marcher:
    """Rings and rays once for a surface; then chunk after chunk, from several threads."""

    def __init__(self, surface: Surface, model: MarchModel, *, on_roofs: bool = False) -> None:
        """Lay the rings out to where the highest caster's longest shadow ends."""
        self.surface, self.model, self.on_roofs = surface, model, on_roofs
        self.cell_m = surface.model.cell_m
        highest_m = surface.reach_m((-np.inf, -np.inf, np.inf, np.inf))
        self.rings, self.end_m = _lay_rings(self.cell_m, highest_m, model)

    def march(
        self, xy: NDArray[np.float64], *, level_m: NDArray[np.float32] | None = None
    ) -> tuple[NDArray[np.float32], list[tuple[int, NDArray[np.uint64]]]]:
        """
        Find what points of one neighbourhood see.

        Parameters
        ----------
        xy
            Points, shape ``(n_points, 2)``. [m]
        level_m
            How high above the ground each stands, as on a bridge; None: on it. [m]

        Returns
        -------
        tuple[NDArray[np.float32], list[tuple[int, NDArray[np.uint64]]]]
            Tangent of the elevation of solids, infinite within one, and for each layer that
            is near the steps it covers above them, shape ``(n_points, n_sectors)`` each.
        """
        level = np.zeros(len(xy), np.float32) if level_m is None else level_m / np.float32(UNIT_M)
        west, south, east, north = np.concatenate([xy.min(axis=0), xy.max(axis=0)]).tolist()
        box = (west, south, east, north)
        n_groups = max(int(np.searchsorted(self.end_m, self.surface.reach_m(box))) + 1, 2)
        n_groups = min(n_groups, len(self.end_m))
        rings = self.rings._replace(
            start=self.rings.start[: n_groups + 1], is_far=self.rings.is_far[:n_groups]
        )
        reach_m = float(self.end_m[n_groups - 1])
        near = self._tile(box, min(reach_m, self.model.near_m), self.cell_m, _BLOCK_CELLS)
        far = self._tile(box, reach_m, self.cell_m * _FAR_FACTOR, 2)
        xy, inside = (
            (xy, None) if self.on_roofs else _settle(near, self.surface, self.model, xy, level)
        )
        eye, places = self._place(near, far, xy, level)

        tangent = np.zeros((len(xy), self.model.n_sectors), np.float32)
        self._see_hills(xy, eye, tangent)
        pyramid = _build_pyramid(near, far, near.solid, far.solid, rings)
        raise_solids(places, eye, near.solid, far.solid, rings, pyramid, tangent)
        if inside is not None:
            tangent[inside] = np.inf
        crowns = []
        for layer in range(len(self.surface.layers)):
            near_low, near_high = _crown(near, layer)
            far_low, far_high = _crown(far, layer)
            if not (near_high.any() or far_high.any()):
                continue
            pyramid = _build_pyramid(near, far, near_high, far_high, rings)
            mask = np.zeros(tangent.shape, np.uint64)
            grids = (near_low, near_high, far_low, far_high)
            mark_crowns(places, eye, *grids, rings, pyramid, tangent, mask)
            crowns.append((layer, mask))
        return tangent, crowns

    def _see_hills(
        self,
        xy: NDArray[np.float64],
        eye: NDArray[np.float32],  # above what tiles count from [dm]
        tangent: NDArray[np.float32],
    ) -> None:
        measured = self.surface.measured
        if measured.hills is None:
            return
        sectors = np.arange(self.model.n_sectors) * (360.0 / self.model.n_sectors)
        eye_m = eye.astype(float) * UNIT_M + measured.lowest_m
        measured.hills.raise_tangents(xy, eye_m, azimuth_deg=sectors, tangent=tangent)

    def _tile(
        self, box: tuple[float, float, float, float], reach_m: float, cell_m: float, align: int
    ) -> Tile:
        rim_m = reach_m + _BLOCK_CELLS * self.cell_m + 2.0 * self.model.wall_slack_m
        west, south, east, north = box
        grown = (west - rim_m, south - rim_m, east + rim_m, north + rim_m)
        return self.surface.tile(Window.around(grown, cell_m=cell_m, align=align))

    def _place(
        self, near: Tile, far: Tile, xy: NDArray[np.float64], level: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Express points in cells of both tiles and in blocks, and find their eyes [dm]."""
        fine = xy / near.window.cell_m - (near.window.column, near.window.row)
        coarse = xy / far.window.cell_m - (far.window.column, far.window.row)
        column, row = fine.astype(np.int64).T
        if self.on_roofs:
            eye = near.solid[row, column].astype(np.float32)
        else:
            eye = near.ground[row, column] + level + np.float32(self.surface.model.eye_m / UNIT_M)
        return eye.astype(np.float32), np.hstack([fine, coarse, coarse / 2.0]).astype(np.float32)


def _crown(tile: Tile, layer: int) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    for number, low, high in tile.crowns:
        if number == layer:
            return low, high
    empty = np.zeros_like(tile.solid)
    return empty, empty


def _settle(
    near: Tile,
    surface: Surface,
    model: MarchModel,
    xy: NDArray[np.float64],
    level: NDArray[np.float32],  # above the ground [dm]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Move points that stand just inside a solid out of it, and tell which stand deep inside.

    A street that clips the corner of an outline is drawn no finer than that; one that runs
    through a building is an archway or a corridor, and is in the shade.
    """
    cell_m = near.window.cell_m
    corner = np.array([near.window.column, near.window.row])
    eye = level + surface.model.eye_m / UNIT_M

    def is_solid(cell: NDArray[np.int64], eye: NDArray[np.float32]) -> NDArray[np.bool_]:
        column, row = cell.T
        above: NDArray[np.bool_] = near.solid[row, column] > near.ground[row, column] + eye
        return above

    cell = np.floor(xy / cell_m).astype(np.int64) - corner
    inside = is_solid(cell, eye)
    if not inside.any():
        return xy, inside
    xy, inside = xy.copy(), inside.copy()
    n = int(np.ceil(model.wall_slack_m / cell_m))
    steps = np.mgrid[-n : n + 1, -n : n + 1].reshape(2, -1).T
    best = np.full(len(xy), model.wall_slack_m)
    there = xy.copy()
    for step in steps:
        point = np.flatnonzero(inside)
        moved = cell[point] + step
        west_south = (moved + corner) * cell_m
        hair = 1e-3 * cell_m
        nearest = np.clip(xy[point], west_south + hair, west_south + cell_m - hair)
        apart = np.hypot(*(nearest - xy[point]).T)
        better = ~is_solid(moved, eye[point]) & (apart < best[point])
        best[point[better]] = apart[better]
        there[point[better]] = nearest[better]
    inside &= best >= model.wall_slack_m
    return there, inside


def _to_steps(tangent: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round tangents to steps of u."""
    with np.errstate(invalid="ignore"):
        u = np.where(np.isinf(tangent), 1.0, tangent / (1.0 + tangent))
    steps = np.clip(np.floor(SOLID_STEPS * u + 0.5), 0.0, SOLID_STEPS)
    return np.where(np.isinf(tangent), IN_SOLID, steps).astype(np.uint8)


def _lay_rings(
    cell_m: float, reach_m: float, model: MarchModel
) -> tuple[Rings, NDArray[np.float64]]:
    """Lay rings out to a reach, in groups; and tell where each group ends. [m]."""
    distance, before, after = [0.0], [0.0], [0.5 * cell_m]
    while distance[-1] < max(reach_m, 4.0 * cell_m):
        before.append(after[-1])
        distance.append(distance[-1] + 2.0 * after[-1])
        after.append(0.5 * max(cell_m, model.growth * distance[-1]))
    radius = np.array(distance)
    is_far = radius > model.near_m
    start = [0, 1]
    for ring in range(2, len(radius)):
        first, n_rings = start[-1], ring - start[-1]
        wide = n_rings >= 4 and radius[ring] > 1.35 * radius[first]
        if wide or n_rings == 8 or is_far[ring] != is_far[first]:
            start.append(ring)
    start.append(len(radius))
    n_arcs = min(_N_ARCS, model.n_sectors)
    arc = np.linspace(0, model.n_sectors, n_arcs + 1).astype(np.int64)
    azimuth = np.arange(model.n_sectors) * (2.0 * np.pi / model.n_sectors)
    level, column, row = _frame(radius, np.array(start), arc, model.n_sectors, cell_m)
    near_m = np.maximum(radius - 2.0 * model.lead * np.array(before), 1e-3)
    rings = Rings(
        cells=(radius / np.where(is_far, _FAR_FACTOR * cell_m, cell_m)).astype(np.float32),
        near_slope=(UNIT_M / near_m).astype(np.float32),
        far_slope=(UNIT_M / (radius + np.array(after))).astype(np.float32),
        start=np.array(start, np.int64),
        is_far=is_far[start[:-1]],
        level=level,
        column=column,
        row=row,
        arc=arc,
        ray=np.stack([np.sin(azimuth), np.cos(azimuth)], axis=-1).astype(np.float32),
    )
    return rings, radius[np.array(start[1:]) - 1]


def _frame(
    radius: NDArray[np.float64],
    start: NDArray[np.int64],
    arc: NDArray[np.int64],
    n_sectors: int,
    cell_m: float,
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Frame each group's arcs: the pyramid's level, and the corner in blocks."""
    block_m = _BLOCK_CELLS * cell_m
    inner, outer = radius[start[:-1]] - 0.25, radius[start[1:] - 1] + 0.25
    ends = (np.stack([arc[:-1], arc[1:]]) - 0.5) * (2.0 * np.pi / n_sectors)
    azimuth = np.linspace(ends[0], ends[1], 9)  # (9, n_arcs)
    ray = np.stack([np.sin(azimuth), np.cos(azimuth)])  # (2, 9, n_arcs)
    corner = np.stack([inner, outer])[:, :, None, None, None] * ray  # (2, n_groups, 2, 9, n_arcs)
    low = corner.min(axis=(0, 3)) - 0.25
    high = corner.max(axis=(0, 3)) + 0.25
    side = (high - low).max(axis=1) / block_m
    level = np.ceil(np.log2(np.maximum(side, 1.0))).astype(np.int64)
    low = low / block_m
    return level, low[:, 0].astype(np.float32), low[:, 1].astype(np.float32)


def _build_pyramid(
    near: Tile,
    far: Tile,
    near_top: NDArray[np.uint16],
    far_top: NDArray[np.uint16],
    rings: Rings,
) -> Pyramid:
    """Stack maxima of ever larger blocks, each joined with its neighbours north and east."""
    block = _maxima(far_top, 2)
    row = (near.window.row // _BLOCK_CELLS) - far.window.row // 2
    column = (near.window.column // _BLOCK_CELLS) - far.window.column // 2
    fine = _maxima(near_top, _BLOCK_CELLS)
    there = block[row : row + fine.shape[0], column : column + fine.shape[1]]
    np.maximum(there, fine, out=there)
    levels = []
    for _ in range(int(rings.level[: len(rings.is_far)].max()) + 1):
        wide = np.pad(block, ((0, 1), (0, 1)))
        rows = np.maximum(wide[:-1], wide[1:])
        levels.append(np.maximum(rows[:, :-1], rows[:, 1:]))
        odd = [(0, n % 2) for n in block.shape]
        block = _maxima(np.pad(block, odd), 2)
    sizes = np.array([level.size for level in levels], np.int64)
    return Pyramid(
        top=np.concatenate([level.ravel() for level in levels]),
        start=np.cumsum(sizes) - sizes,
        n_rows=np.array([level.shape[0] for level in levels], np.int64),
        n_columns=np.array([level.shape[1] for level in levels], np.int64),
    )


def _maxima(array: NDArray[np.uint16], side: int) -> NDArray[np.uint16]:
    """Take the highest of each square of cells; `side` is a power of two."""
    while side > 1:  # in halves, whole rows first: ten times as fast as one reduction
        array = np.maximum(array[::2], array[1::2])
        side //= 2
        array = np.maximum(array[:, ::2], array[:, 1::2])
    return array
