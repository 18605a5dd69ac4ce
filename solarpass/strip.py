"""Edges as strips of points that look around; what they see is blended strip by strip."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ._blend import COARSE, code_edges, count_lit
from ._skyline import CROWN_STEPS
from .blend import N_GROUPS, Blend, bytes_an_edge, find_held, group_bounds
from .skyline import Marcher, MarchModel, split_by_square
from .spread import N_ASPECTS, SpreadModel, Surveyor, to_steps
from .tile import Surface

Progress = Callable[[str, float], None]

N_THREADS = 2

_MOST_IN_BLOCK = 128  # edges that are packed together
_ZSTD_LEVEL = 9  # a tenth smaller than 5, and done in a fraction of the march's time
# An eighth smaller still, but as slow as a part of the march: for blocks of long edges among
# trees, which else take more than so many bytes an edge.
_THOROUGH_LEVEL, _MANY_BYTES = 17, 1300

_Counts = tuple[NDArray[np.uint16], NDArray[np.uint16]]
_Block = tuple[NDArray[np.int64], list[bytes]]


def find_planes(surface: Surface) -> tuple[list[int], list[int], NDArray[np.float64]]:
    """
    Order the layers of a surface from the darkest on, and number those that let light through.

    A point behind crowns of several layers counts as behind the darkest.

    Returns
    -------
    tuple[list[int], list[int], NDArray[np.float64]]
        Layers, the plane of each, -1 for one that is dark, and what planes let through in
        leaf and bare, shape ``(n_planes, 2)``.
    """
    passed = [(layer.transmittance_leaf, layer.transmittance_bare) for layer in surface.layers]
    order = sorted(range(len(passed)), key=lambda layer: sum(passed[layer]))
    n_dark = sum(sum(each) == 0.0 for each in passed)
    plane = [max(at - n_dark, -1) for at in range(len(order))]
    kept = [passed[layer] for layer in order[n_dark:]]
    return order, plane, np.array(kept, float).reshape(-1, 2)


@dataclass(frozen=True, eq=False, slots=True)
class Strips:
    """
    Edges as points to look from.

    Attributes
    ----------
    xy
        Points, shape ``(n_points, 2)``. [m]
    edge_point
        Points of edge `e`: ``edge_point[e]:edge_point[e + 1]``, evenly spaced.
    latitude_deg
        Where they are. [°]
    level_m
        How high above the ground each edge runs, shape ``(n_edges,)``. [m]
    n_levels
        To how many parts its shares are told, shape ``(n_edges,)``.
    limit, limit_row
        Step of u below which too much of an edge is unknown, shape ``(n_near, n_sectors)``,
        and each edge's row, -1 where all is known.
    """

    xy: NDArray[np.float64]
    edge_point: NDArray[np.int64]
    latitude_deg: float
    level_m: NDArray[np.float32]
    n_levels: NDArray[np.uint8]
    limit: NDArray[np.uint8]
    limit_row: NDArray[np.int32]


def blend_edges(
    surface: Surface,
    strips: Strips,
    *,
    model: MarchModel,
    spread: SpreadModel,
    progress: Progress | None = None,
) -> tuple[Blend, NDArray[np.uint8]]:
    """
    March from all points of edges, and keep what the edges see, and how far off that may be.

    Points are held for one neighbourhood at a time. An edge is marched where its middle is; a
    long one in pieces, whose counts wait for one another.

    Returns
    -------
    tuple[Blend, NDArray[np.uint8]]
        The tables, and the spread of the skylines, shape ``(n_edges, n_aspects)``.
    """
    blender = _Blender(surface, strips, model, spread)
    n_points, n_done = len(strips.xy), 0
    doubt = np.zeros((2, len(strips.n_levels), N_ASPECTS), np.float32)
    blocks: list[_Block] = []
    waiting: dict[int, _Counts] = {}
    with ThreadPoolExecutor(N_THREADS) as pool:
        for chunk, (whole, pieces, n_marched, found) in zip(
            blender.chunks, pool.map(blender.blend, blender.chunks), strict=True
        ):
            blocks += whole
            for at in (0, 1):
                np.add.at(doubt[at], blender.edge[chunk], found[at])
            for edge, counts in pieces:
                if edge in waiting:
                    for at in (0, 1):
                        waiting[edge][at][:] += counts[at]
                else:
                    waiting[edge] = counts
            n_done += n_marched
            if progress is not None:
                progress("horizon", n_done / n_points)
    long = np.array(sorted(waiting), np.int64)
    for first in range(0, len(long), _MOST_IN_BLOCK):
        edges = long[first : first + _MOST_IN_BLOCK]
        lit, through = zip(*(waiting[edge] for edge in edges), strict=True)
        blocks += blender.pack(edges, np.stack(lit), np.stack(through))
    blend = _join(blocks, strips, n_sectors=model.n_sectors, n_planes=blender.n_planes)
    return blend, to_steps(doubt)


class _Blender:
    """Edges cut for marching; then chunk after chunk, from several threads."""

    def __init__(
        self, surface: Surface, strips: Strips, model: MarchModel, spread: SpreadModel
    ) -> None:
        self.strips, self.n_sectors = strips, model.n_sectors
        self.marcher = Marcher(surface, model)
        self.surveyor = Surveyor(surface, model, spread)
        self.order, self.plane, passed = find_planes(surface)
        self.n_planes = len(passed)
        place = {"latitude_deg": strips.latitude_deg}
        self.is_held = find_held(**place, n_sectors=self.n_sectors, every=1)
        self.is_loosely_held = find_held(**place, n_sectors=self.n_sectors, every=COARSE)
        self.edge, self.begin, self.stop, self.is_part = _cut(strips, model.chunk_m / 2.0)
        middle = strips.xy[(self.begin + self.stop) // 2]
        self.chunks = split_by_square(middle, side_m=model.chunk_m)

    def blend(
        self, chunk: NDArray[np.int64]
    ) -> tuple[list[_Block], list[tuple[int, _Counts]], int, NDArray[np.float32]]:
        """Pack the whole edges of a chunk, count its pieces of long ones, and find their spread."""
        n_points = self.stop[chunk] - self.begin[chunk]
        edge_point = np.concatenate([[0], np.cumsum(n_points)])
        point = np.arange(edge_point[-1]) + np.repeat(self.begin[chunk] - edge_point[:-1], n_points)
        edge = self.edge[chunk]
        level_m = np.repeat(self.strips.level_m[edge], n_points)
        xy = self.strips.xy[point]
        found = self.surveyor.look(xy, level_m, edge_point)
        tangent, crowns = self.marcher.march(xy, level_m=level_m)
        lit, through = self._count(tangent, dict(crowns), edge_point)
        part = np.flatnonzero(self.is_part[chunk])
        pieces = [(int(edge[i]), (lit[i].copy(), through[i].copy())) for i in part]
        whole = np.flatnonzero(~self.is_part[chunk])
        return self.pack(edge[whole], lit[whole], through[whole]), pieces, len(point), found

    def _count(
        self,
        tangent: NDArray[np.float32],
        crowns: dict[int, NDArray[np.uint64]],
        edge_point: NDArray[np.int64],
    ) -> _Counts:
        near = [(layer, plane) for layer, plane in zip(self.order, self.plane, strict=True)
                if layer in crowns]  # fmt: skip
        mask = np.empty((len(near), *tangent.shape), np.uint64)
        for at, (layer, _) in enumerate(near):
            mask[at] = crowns.pop(layer)
        n_edges = len(edge_point) - 1
        lit = np.empty((n_edges, CROWN_STEPS, self.n_sectors), np.uint16)
        loose = (CROWN_STEPS // COARSE, self.n_sectors // COARSE)
        through = np.empty((n_edges, self.n_planes, *loose), np.uint16)
        plane = np.array([plane for _, plane in near], np.int64)
        count_lit(tangent, mask, plane, edge_point, lit, through)
        return lit, through

    def pack(
        self, edges: NDArray[np.int64], lit: NDArray[np.uint16], through: NDArray[np.uint16]
    ) -> list[_Block]:
        """Pack edges in blocks, each group of sectors for itself."""
        strips, bound = self.strips, group_bounds(self.n_sectors)
        size = bytes_an_edge(bound, self.n_planes)
        codec = pa.Codec("zstd", compression_level=_ZSTD_LEVEL)
        thorough = pa.Codec("zstd", compression_level=_THOROUGH_LEVEL)
        blocks = []
        for first in range(0, len(edges), _MOST_IN_BLOCK):
            some = slice(first, min(first + _MOST_IN_BLOCK, len(edges)))
            edge = edges[some]
            limit = np.zeros((len(edge), self.n_sectors), np.uint8)
            near = strips.limit_row[edge] >= 0
            limit[near] = strips.limit[strips.limit_row[edge[near]]]
            n_points = np.diff(strips.edge_point)[edge]
            codes = []
            for group in range(N_GROUPS):
                code = np.empty(len(edge) * size[group], np.uint8)
                code_edges(
                    lit[some],
                    through[some],
                    limit,
                    n_points,
                    strips.n_levels[edge],
                    self.is_held,
                    self.is_loosely_held,
                    int(bound[group]),
                    int(bound[group + 1]),
                    code,
                )
                codes.append(code)
            packed = [codec.compress(code, asbytes=True) for code in codes]
            if sum(map(len, packed)) > _MANY_BYTES * len(edge):
                packed = [thorough.compress(code, asbytes=True) for code in codes]
            blocks.append((edge, packed))
        return blocks


def _cut(
    strips: Strips, most_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Cut long edges: the edge, first and last point of each piece, and if it is but a part."""
    n_points = np.diff(strips.edge_point)
    edge = np.flatnonzero(n_points)
    if not len(edge):
        empty = np.empty(0, np.int64)
        return empty, empty, empty, np.empty(0, bool)
    first = strips.edge_point[:-1][edge]
    step_m = np.hypot(*np.diff(strips.xy, axis=0, append=strips.xy[-1:]).T)
    step_m[first[1:] - 1] = 0.0  # from one edge to the next
    n_pieces = np.maximum(np.ceil(np.add.reduceat(step_m, first) / most_m), 1).astype(np.int64)
    n_pieces = np.minimum(n_pieces, n_points[edge])
    owner = np.repeat(np.arange(len(edge)), n_pieces)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces)
    whole, parts = n_points[edge][owner], n_pieces[owner]
    begin, stop = number * whole // parts, (number + 1) * whole // parts
    return edge[owner], first[owner] + begin, first[owner] + stop, parts > 1


def _join(blocks: list[_Block], strips: Strips, *, n_sectors: int, n_planes: int) -> Blend:
    row_edge = np.concatenate([np.empty(0, np.int64), *(edge for edge, _ in blocks)])
    packed = [part for _, parts in blocks for part in parts]
    return Blend(
        n_sectors=n_sectors,
        n_planes=n_planes,
        row_edge=row_edge.astype(np.int32),
        n_levels=strips.n_levels[row_edge],
        block_row=np.cumsum([0, *(len(edge) for edge, _ in blocks)]).astype(np.int32),
        code_start=np.cumsum([0, *map(len, packed)]).astype(np.int64),
        code=np.frombuffer(b"".join(packed), np.uint8).copy(),
    )
