"""What edges see, as shares of their length: packed together."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ._blend import COARSE, CROWN_LEVELS, decode_edge
from ._gaze import Suns, look_up, see_sky
from ._skyline import CROWN_STEPS, SOLID_STEPS, W_HALF
from .errors import FolderError
from .spread import N_ASPECTS, Spread

N_THREADS = 2
N_GROUPS = 5
"""Groups of sectors, packed apart: a day unpacks those that its sun passes."""


@dataclass(frozen=True, eq=False, slots=True)
class Blend:
    """
    Shares of edges that see the sky at each step and sector, packed.

    Attributes
    ----------
    n_sectors
        Compass sectors.
    n_planes
        Layers of crowns told apart.
    row_edge
        Edges in the order they are packed, shape ``(n_rows,)``; those without points are not.
    n_levels
        Shares of an edge are told to one part in so many, shape ``(n_rows,)``.
    block_row
        Rows of block `b`: ``block_row[b]:block_row[b + 1]``.
    code_start
        Bytes of block `b` and group of sectors `g`: from ``code_start[b * N_GROUPS + g]`` to
        the next.
    code
        The tables as differences from sector to sector, compressed by zstd.
    """

    n_sectors: int
    n_planes: int
    row_edge: NDArray[np.int32]
    n_levels: NDArray[np.uint8]
    block_row: NDArray[np.int32]
    code_start: NDArray[np.int64]
    code: NDArray[np.uint8]

    @property
    def n_blocks(self) -> int:
        """Count the blocks."""
        return len(self.block_row) - 1

    def fits_itself(self) -> bool:
        """Tell whether the arrays fit each other."""
        arrays = (self.row_edge, self.n_levels, self.block_row, self.code_start, self.code)
        n_rows = len(self.row_edge)
        return (
            all(array.ndim == 1 for array in arrays)
            and len(self.n_levels) == n_rows
            and _parts(self.block_row, n_rows)
            and _parts(self.code_start, len(self.code))
            and len(self.code_start) == self.n_blocks * N_GROUPS + 1
        )

    def rows(self, block: int) -> slice:
        """Tell which rows a block has."""
        return slice(int(self.block_row[block]), int(self.block_row[block + 1]))

    def unpack(
        self, block: int, groups: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """
        Decompress some groups of a block; tell where each begins, -1 for the others.

        Raises
        ------
        FolderError
            If the bytes are not what was packed.
        """
        n_edges = len(self.row_edge[self.rows(block)])
        bound = group_bounds(self.n_sectors)
        size = n_edges * bytes_an_edge(bound, self.n_planes)
        start, parts, at = np.full(N_GROUPS, -1), [], 0
        for group in groups:
            piece = block * N_GROUPS + group
            packed = self.code[self.code_start[piece] : self.code_start[piece + 1]]
            try:
                part = pa.decompress(packed, int(size[group]), codec="zstd")
            except (OSError, pa.ArrowException) as error:
                msg = f"Wanted a whole horizon; {error}: run `solarpass build` again."
                raise FolderError(msg) from error
            start[group], at = at, at + size[group]
            parts.append(np.frombuffer(part, np.uint8))
        return np.concatenate(parts), start


_DECLINATIONS_DEG = np.linspace(-23.45, 23.45, 95)  # of the sun through the year
_STEEP_DEG = 75.0
_ONE_IN = 4


def group_bounds(n_sectors: int) -> NDArray[np.int64]:
    """List the sectors where groups begin and end, all even as crowns skip every other."""
    bound: NDArray[np.int64] = COARSE * np.linspace(0, n_sectors // COARSE, N_GROUPS + 1).astype(
        np.int64
    )
    return bound


def to_steps(elevation_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Express elevations in steps from the middle of the lowest one.

    Examples
    --------
    >>> to_steps(np.array([0.0, 32.2, 90.0])).round(1)
    array([-0.5, 31.5, 63.5])
    """
    with np.errstate(over="ignore"):
        curved = np.tan(np.deg2rad(np.clip(elevation_deg, 0.0, 90.0))) ** 1.5
    steps: NDArray[np.float64] = CROWN_STEPS * curved / (W_HALF + curved) - 0.5
    return steps


def to_elevation_deg(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn steps back to elevations. [°]."""
    w = np.clip((steps + 0.5) / CROWN_STEPS, 0.0, 1.0)
    elevation: NDArray[np.float64] = np.rad2deg(
        np.arctan2((W_HALF * w) ** (2.0 / 3.0), (1.0 - w) ** (2.0 / 3.0))
    )
    return elevation


def find_suns(
    azimuth_deg: NDArray[np.float64], elevation_deg: NDArray[np.float64], *, n_sectors: int
) -> Suns:
    """Place suns above the horizon between the tables' steps and sectors."""
    turn = np.mod(azimuth_deg * (n_sectors / 360.0), n_sectors)
    step = np.clip(to_steps(elevation_deg), 0.0, CROWN_STEPS - 1.0)
    tangent = np.tan(np.deg2rad(np.clip(elevation_deg, 0.0, 89.9)))

    def split(value: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        whole = np.floor(value).astype(np.int64)
        return whole, (value - whole).astype(np.float32)

    sector, beyond = split(turn)
    whole = sector >= n_sectors  # where the remainder was rounded up
    sector[whole] = 0
    return Suns(
        sector,
        beyond,
        *split(step),
        *split((sector + beyond) / COARSE),
        *split(step / COARSE),
        np.ceil(SOLID_STEPS * tangent / (1.0 + tangent)).astype(np.int64),
        np.rint(azimuth_deg * (N_ASPECTS / 360.0)).astype(np.int64) % N_ASPECTS,
        (tangent**1.5).astype(np.float32),
    )


def find_held(latitude_deg: float, *, n_sectors: int, every: int) -> NDArray[np.bool_]:
    """
    Tell where the tables may hold on to the sector before, as no sun ever stands there.

    Between the paths of midsummer and midwinter every sector is kept, and a step and a sector
    around them; elsewhere, where only the view of the sky asks, one in four.

    Parameters
    ----------
    latitude_deg
        Of the city. [°]
    n_sectors, every
        Sectors of the tables, of which every so many-th is told, as of their steps.
    """
    hour, declination = np.deg2rad(np.meshgrid(np.arange(0.0, 360.0, 0.5), _DECLINATIONS_DEG))
    latitude = math.radians(latitude_deg)
    east = -np.cos(declination) * np.sin(hour)
    north = math.cos(latitude) * np.sin(declination) - math.sin(latitude) * np.cos(
        declination
    ) * np.cos(hour)
    up = math.sin(latitude) * np.sin(declination) + math.cos(latitude) * np.cos(
        declination
    ) * np.cos(hour)
    is_up = up > math.sin(math.radians(-1.0))
    azimuth_deg = np.rad2deg(np.arctan2(east, north))[is_up] % 360.0
    elevation_deg = np.rad2deg(np.arcsin(np.minimum(up[is_up], 1.0)))
    shape = (CROWN_STEPS // every, n_sectors // every)
    step = np.floor(np.maximum(to_steps(elevation_deg), 0.0) / every).astype(np.int64)
    sector = np.floor(azimuth_deg * (n_sectors / 360.0) / every).astype(np.int64)
    is_kept = np.zeros(shape, bool)
    for up_by in (-1, 0, 1, 2):
        for on_by in (-1, 0, 1, 2):
            is_kept[np.clip(step + up_by, 0, shape[0] - 1), (sector + on_by) % shape[1]] = True
    # Close to the zenith an instant spans many sectors.
    is_kept[step.max() - 1 :] |= elevation_deg.max() > _STEEP_DEG
    is_held: NDArray[np.bool_] = ~is_kept & (np.arange(shape[1]) % (_ONE_IN // every) != 0)
    return is_held


def add_sun(
    blend: Blend,
    suns: Suns,
    *,
    spread: Spread,
    passed: NDArray[np.float32],
    row: NDArray[np.int64],
    most_unknown: float,
    table: NDArray[np.uint8],
) -> None:
    """
    Look up the sun on all edges, block by block in several threads.

    Parameters
    ----------
    blend
        The tables.
    suns
        Where the sun stands, shape ``(n_times,)``.
    spread
        How far off they may be.
    passed
        Share of the beam that passes each layer of crowns, shape
        ``(n_tables, n_times, n_planes)``.
    row
        Row of `table` for each time.
    most_unknown
        An edge of which more than this is unknown, is unknown.
    table
        Set in place to 254 times the share in the sun, 255 where unknown: the best guess, and
        where three tables are given the least and the most, shape
        ``(n_tables, n_rows, n_edges)``.
    """
    if not len(row):
        return
    bound = group_bounds(blend.n_sectors)
    beyond = (suns.sector // COARSE + 1) * COARSE % blend.n_sectors
    groups = np.unique(np.searchsorted(bound, np.concatenate([suns.sector, beyond]), "right") - 1)

    crown = spread.crown.astype(np.float32)

    def fill(block: int) -> None:
        code, start = blend.unpack(block, groups)
        rows = blend.rows(block)
        edge, n_levels = blend.row_edge[rows], blend.n_levels[rows]
        doubt = spread.aspect, crown
        look_up(code, start, bound, edge, n_levels, *doubt, suns, passed, row, most_unknown, table)

    with ThreadPoolExecutor(N_THREADS) as pool:
        list(pool.map(fill, range(blend.n_blocks)))


def view_sky(blend: Blend, *, n_edges: int) -> NDArray[np.float64]:
    """
    Find the share of the sky over each edge that no solid or roof hides.

    Where an edge is not packed it is 0, shape ``(n_edges,)``.

    References
    ----------
    G. T. Johnson and I. D. Watson, "The determination of view-factors in urban
    canyons," J. Climate Appl. Meteor., vol. 23, no. 2, 1984.
    """
    view = np.zeros(n_edges)
    fine = _weigh_sky(np.arange(0.0, CROWN_STEPS))
    coarse = _weigh_sky(np.arange(0.0, CROWN_STEPS, COARSE))
    bound = group_bounds(blend.n_sectors)
    for block in range(blend.n_blocks):
        code, start = blend.unpack(block, np.arange(N_GROUPS))
        rows = blend.rows(block)
        edge, n_levels = blend.row_edge[rows], blend.n_levels[rows]
        see_sky(code, start, bound, edge, n_levels, blend.n_planes, fine, coarse, view)
    return view


def read_table(blend: Blend, edge: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Unpack the shares of one edge.

    Returns
    -------
    tuple[NDArray[np.float64], NDArray[np.float64]]
        Lit outright, shape ``(64, n_sectors)``, and through each layer of crowns, shape
        ``(n_planes, 32, n_sectors / 2)``; all 0 for an edge that is not packed.
    """
    lit = np.zeros((CROWN_STEPS, blend.n_sectors), np.uint8)
    through = np.zeros((blend.n_planes, CROWN_STEPS // COARSE, blend.n_sectors // COARSE), np.uint8)
    found = np.flatnonzero(blend.row_edge == edge)
    if not found.size:
        return lit.astype(float), through.astype(float)
    row = int(found[0])
    block = int(np.searchsorted(blend.block_row, row, "right")) - 1
    rows = blend.rows(block)
    code, start = blend.unpack(block, np.arange(N_GROUPS))
    limit = np.zeros(blend.n_sectors, np.uint8)
    bound = group_bounds(blend.n_sectors)
    n_edges, at = rows.stop - rows.start, row - rows.start
    decode_edge(code, start, bound, n_edges, at, lit, through, limit)
    return lit / float(blend.n_levels[row]), through / float(CROWN_LEVELS)


def bytes_an_edge(bound: NDArray[np.int64], n_planes: int) -> NDArray[np.int64]:
    """Count what each group of sectors takes, unpacked, shape ``(n_groups,)``."""
    width = np.diff(bound)
    loose = (CROWN_STEPS // COARSE) * (width // COARSE)
    size: NDArray[np.int64] = CROWN_STEPS * width + n_planes * loose + width
    return size


def _weigh_sky(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh the sky around each of some steps, as a flat patch of ground sees it; sum 1."""
    height = np.sin(np.deg2rad(to_elevation_deg(steps))) ** 2
    ends = np.concatenate([[0.0], (height[1:] + height[:-1]) / 2.0, [1.0]])
    return np.diff(ends)


def _parts(start: NDArray[np.int32] | NDArray[np.int64], n: int) -> bool:
    """Tell whether slices begin at 0, end at `n` and never run backwards."""
    return bool(len(start) and start[0] == 0 and start[-1] == n and (np.diff(start) >= 0).all())
