"""
Hot loops that look the sun, and the sky, up in the packed tables of edges.

If what makes a skyline is by some share taller than it is taken to be, the table is the same for
a sun that stands lower: so the least and the most sun are read from the one table of an edge, at
other elevations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from ._blend import COARSE, CROWN_LEVELS, LOOSE_STEPS, decode_edge
from ._skyline import CROWN_STEPS, W_HALF

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPREAD_STEPS = 32.0
"""Steps of a relative spread of 1, as stored."""

# What tan^1.5 of the sun becomes where a skyline is so much higher, or lower.
_SHARE = np.arange(256) / SPREAD_STEPS
_TALLER = ((1.0 + _SHARE) ** -1.5).astype(np.float32)
_LOWER = ((1.0 + _SHARE) ** 1.5).astype(np.float32)


class Suns(NamedTuple):
    """Suns between the steps and sectors of the tables: lower neighbour, and share beyond it."""

    sector: NDArray[np.int64]  # (n_times,)
    beyond: NDArray[np.float32]  # (n_times,): of the way to the next sector
    step: NDArray[np.int64]  # (n_times,)
    above: NDArray[np.float32]  # (n_times,): of the way to the next step
    loose_sector: NDArray[np.int64]  # the same four among the coarse steps and sectors
    loose_beyond: NDArray[np.float32]
    loose_step: NDArray[np.int64]
    loose_above: NDArray[np.float32]
    limit: NDArray[np.int64]  # (n_times,): unknown where the limit is not below it
    aspect: NDArray[np.int64]  # (n_times,): the direction that has a spread of its own
    curved: NDArray[np.float32]  # (n_times,): tangent of the elevation, to the power of 1.5


@njit(inline="always")
def _between(
    table: NDArray[np.uint8], sector: int, beyond: np.float32, step: int, above: np.float32
) -> np.float32:
    next_sector = sector + 1 if sector + 1 < table.shape[1] else 0
    next_step = min(step + 1, table.shape[0] - 1)
    here, there = np.float32(1.0) - beyond, beyond
    low = here * table[step, sector] + there * table[step, next_sector]
    high = here * table[next_step, sector] + there * table[next_step, next_sector]
    share: np.float32 = low + above * (high - low)
    return share


@njit(inline="always")
def _find_step(curved: np.float32) -> np.float32:
    """Place a sun among the steps, of which the first and last go on to the ends."""
    step = np.float32(CROWN_STEPS) * curved / (np.float32(W_HALF) + curved) - np.float32(0.5)
    return min(max(step, np.float32(0.0)), np.float32(CROWN_STEPS - 1))


@njit(inline="always")
def _to_byte(share: np.float32) -> np.uint8:
    return np.uint8(np.float32(254.0) * min(share, np.float32(1.0)) + np.float32(0.5))


@njit(inline="always")
def _look_through(
    through: NDArray[np.uint8], layer: int, suns: Suns, time: int, step: np.float32
) -> np.float32:
    """Share of an edge that sees the sun through a layer, the sun at some step."""
    loose = step / np.float32(COARSE)
    whole = int(loose)
    share: np.float32 = _between(
        through[layer],
        suns.loose_sector[time],
        suns.loose_beyond[time],
        whole,
        loose - np.float32(whole),
    ) / np.float32(CROWN_LEVELS)
    return share


@njit(inline="always")
def _see_past(
    lit: NDArray[np.uint8],
    through: NDArray[np.uint8],
    per_level: np.float32,
    suns: Suns,
    time: int,
    curved: np.float32,
) -> np.float32:
    """Share of an edge whose solids leave the sun free, were it at another elevation."""
    step = _find_step(curved)
    whole = int(step)
    seen = per_level * _between(
        lit, suns.sector[time], suns.beyond[time], whole, step - np.float32(whole)
    )
    for layer in range(through.shape[0]):
        seen += _look_through(through, layer, suns, time, step)
    return seen


@njit(inline="always")
def _bound(
    sign: int,  # 1 for the least sun, -1 for the most
    seen: np.float32,  # share that solids leave free, in the best guess
    past: np.float32,  # the same with the solids of this bound
    part: NDArray[np.float32],  # (n_planes,): behind each layer, in the best guess
    through: NDArray[np.uint8],
    crown: NDArray[np.float32],  # (n_planes, 2)
    passed: NDArray[np.float32],  # (n_planes,): in this bound
    suns: Suns,
    time: int,
) -> np.float32:
    free = min(past, seen) if sign > 0 else max(past, seen)
    share, left = free, free
    for layer in range(part.size):
        height, width = crown[layer]
        behind = part[layer]
        if height > 0.0:
            scale = np.float32(1.0) + height
            scale *= np.sqrt(scale)
            moved = suns.curved[time] / scale if sign > 0 else suns.curved[time] * scale
            moved = _look_through(through, layer, suns, time, _find_step(moved))
            behind = max(behind, moved) if sign > 0 else min(behind, moved)
        if behind <= 0.0 or left <= 0.0:
            continue
        behind = min(behind, left)
        # Where crowns close up, a wider one hides no more.
        behind = min(behind + sign * width * behind * (1.0 - behind / left), left)
        left -= behind
        share -= (np.float32(1.0) - passed[layer]) * behind
    return max(share, np.float32(0.0))


@njit(nogil=True, cache=True)
def look_up(
    code: NDArray[np.uint8],
    start: NDArray[np.int64],  # (n_groups,)
    bound: NDArray[np.int64],  # (n_groups + 1,)
    edges: NDArray[np.int32],  # (n_block_edges,): their columns of `table`
    n_levels: NDArray[np.uint8],  # (n_block_edges,)
    aspect: NDArray[np.uint8],  # (n_edges, n_aspects): spread in `SPREAD_STEPS`
    crown: NDArray[np.float32],  # (n_planes, 2): spread of heights and widths
    suns: Suns,
    passed: NDArray[np.float32],  # (n_tables, n_times, n_planes): transmittance
    row: NDArray[np.int64],  # (n_times,): of `table`
    most_unknown: float,  # fraction of an edge
    table: NDArray[np.uint8],  # (n_tables, n_rows, n_edges): best, or best, least and most sun
) -> None:
    n_sectors, n_planes = bound[-1], passed.shape[2]
    lit = np.zeros((CROWN_STEPS, n_sectors), np.uint8)
    through = np.zeros((n_planes, LOOSE_STEPS, n_sectors // COARSE), np.uint8)
    limit = np.zeros(n_sectors, np.uint8)
    part = np.empty(n_planes, np.float32)
    for i in range(edges.size):
        decode_edge(code, start, bound, edges.size, i, lit, through, limit)
        per_level = np.float32(1.0) / np.float32(n_levels[i])
        for time in range(row.size):
            s = suns.sector[time]
            seen = per_level * _between(
                lit, s, suns.beyond[time], suns.step[time], suns.above[time]
            )
            share = seen
            for layer in range(n_planes):
                part[layer] = _between(
                    through[layer],
                    suns.loose_sector[time],
                    suns.loose_beyond[time],
                    suns.loose_step[time],
                    suns.loose_above[time],
                ) / np.float32(CROWN_LEVELS)
                seen += part[layer]
                share += passed[0, time, layer] * part[layer]
            known_above = max(limit[s], limit[s + 1 if s + 1 < n_sectors else 0])
            if known_above >= suns.limit[time] and seen > most_unknown:
                table[:, row[time], edges[i]] = 255
                continue
            best = _to_byte(share)
            table[0, row[time], edges[i]] = best
            if table.shape[0] == 1:
                continue
            spread = aspect[edges[i], suns.aspect[time]]
            for at in (1, 2):
                past = seen
                if spread > 0:
                    moved = suns.curved[time] * (_TALLER[spread] if at == 1 else _LOWER[spread])
                    past = _see_past(lit, through, per_level, suns, time, moved)
                other = _to_byte(
                    _bound(
                        3 - 2 * at, seen, past, part, through, crown, passed[at, time], suns, time
                    )
                )
                other = min(other, best) if at == 1 else max(other, best)
                table[at, row[time], edges[i]] = other


@njit(nogil=True, cache=True)
def see_sky(
    code: NDArray[np.uint8],
    start: NDArray[np.int64],  # (n_groups,)
    bound: NDArray[np.int64],  # (n_groups + 1,)
    edges: NDArray[np.int32],  # (n_block_edges,): their places in `view`
    n_levels: NDArray[np.uint8],  # (n_block_edges,)
    n_planes: int,
    weight: NDArray[np.float64],  # (64,): of each step's sky
    loose_weight: NDArray[np.float64],  # (32,)
    view: NDArray[np.float64],  # (n_edges,): set in place
) -> None:
    n_sectors = bound[-1]
    lit = np.zeros((CROWN_STEPS, n_sectors), np.uint8)
    through = np.zeros((n_planes, LOOSE_STEPS, n_sectors // COARSE), np.uint8)
    limit = np.zeros(n_sectors, np.uint8)
    for i in range(edges.size):
        decode_edge(code, start, bound, edges.size, i, lit, through, limit)
        seen = 0.0
        for step in range(CROWN_STEPS):
            seen += weight[step] * lit[step].sum() / (n_levels[i] * n_sectors)
        for layer in range(n_planes):
            for step in range(LOOSE_STEPS):
                n = through[layer, step].sum()
                seen += loose_weight[step] * n / (CROWN_LEVELS * through.shape[2])
        view[edges[i]] = min(seen, 1.0)
