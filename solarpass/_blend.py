"""
Hot loops that blend what the points of an edge see, and code it.

An edge has one table of shares over steps and sectors: of its points lit outright, and for each
layer of crowns of those that see the sun through it. As rows of sectors they change little from
one sector to the next, so what is packed are differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from ._skyline import CROWN_STEPS, find_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

CROWN_LEVELS = 8
"""Shares behind crowns are eighths: what passes them is faint, or low winter sun."""

COARSE = 2
"""They are kept for every second sector and step."""

LOOSE_STEPS = CROWN_STEPS // COARSE

# The place of a lone bit, by the top six bits of its product with a de Bruijn sequence.
_DE_BRUIJN = 0x03F79D71B4CB0A89
_PLACE = np.zeros(64, np.int64)
for _bit in range(64):
    _PLACE[((_DE_BRUIJN << _bit) & (2**64 - 1)) >> 58] = _bit


@njit(inline="always")
def _mark_runs(bits: np.uint64, by: int, change: NDArray[np.int64]) -> None:
    """Add `by` where each run of bits begins, and take it off where it ends."""
    turn = bits ^ (bits << np.uint64(1))
    sign = by
    while turn != 0:
        lone = turn & (~turn + np.uint64(1))
        change[_PLACE[(lone * np.uint64(_DE_BRUIJN)) >> np.uint64(58)]] += sign
        turn ^= lone
        sign = -sign


@njit(inline="always")
def _add_up(change: NDArray[np.int64], every: int, count: NDArray[np.uint16]) -> None:
    """Add changes up from step to step, and keep every so many-th sum."""
    n = 0
    for step in range(CROWN_STEPS):
        n += change[step]
        if step % every == 0:
            count[step // every] = n


@njit(nogil=True, cache=True)
def count_lit(
    tangent: NDArray[np.float32],  # (n_points, n_sectors): of the solids
    mask: NDArray[np.uint64],  # (n_near_layers, n_points, n_sectors): darkest layer first
    plane: NDArray[np.int64],  # (n_near_layers,): where each is counted; -1: it is dark
    edge_point: NDArray[np.int64],  # (n_edges + 1,): slices of points
    lit: NDArray[np.uint16],  # (n_edges, 64, n_sectors): filled
    through: NDArray[np.uint16],  # (n_edges, n_planes, 32, n_sectors / 2): filled
) -> None:
    n_planes = through.shape[1]
    change = np.empty(CROWN_STEPS + 1, np.int64)
    behind = np.empty((n_planes, CROWN_STEPS + 1), np.int64)
    for edge in range(edge_point.size - 1):
        for sector in range(tangent.shape[1]):
            change[:], behind[:] = 0, 0
            for p in range(edge_point[edge], edge_point[edge + 1]):
                change[find_step(tangent[p, sector])] += 1
                taken = np.uint64(0)
                for layer in range(plane.size):
                    bits = mask[layer, p, sector] & ~taken
                    taken |= bits
                    if plane[layer] >= 0:
                        _mark_runs(bits, 1, behind[plane[layer]])
                _mark_runs(taken, -1, change)
            _add_up(change, 1, lit[edge, :, sector])
            if sector % COARSE == 0:
                for layer in range(n_planes):
                    _add_up(behind[layer], COARSE, through[edge, layer, :, sector // COARSE])


@njit(inline="always")
def _code_plane(
    count: NDArray[np.uint16],  # (n_steps, n_sectors)
    is_held: NDArray[np.bool_],  # (n_steps, n_sectors)
    first: int,
    stop: int,
    n_levels: int,
    n_points: int,
    code: NDArray[np.uint8],
    at: int,
) -> int:
    lowest = 0
    for step in range(count.shape[0]):
        before = lowest
        for sector in range(first, stop):
            value = before
            if sector == first or not is_held[step, sector]:
                value = (2 * n_levels * int(count[step, sector]) + n_points) // (2 * n_points)
            if sector == first:
                lowest = value
            code[at] = np.uint8((value - before) & 255)
            before = value
            at += 1
    return at


@njit(nogil=True, cache=True)
def code_edges(
    lit: NDArray[np.uint16],  # (n_edges, 64, n_sectors)
    through: NDArray[np.uint16],  # (n_edges, n_planes, 32, n_sectors / 2)
    limit: NDArray[np.uint8],  # (n_edges, n_sectors)
    n_points: NDArray[np.int64],  # (n_edges,)
    n_levels: NDArray[np.uint8],  # (n_edges,)
    is_held: NDArray[np.bool_],  # (64, n_sectors): is as one sector before
    is_loosely_held: NDArray[np.bool_],  # (32, n_sectors / 2)
    first: int,  # sectors first ≤ sector < stop
    stop: int,
    code: NDArray[np.uint8],  # filled: shares of all edges, then each plane's, then limits
) -> None:
    at = 0
    for edge in range(lit.shape[0]):
        at = _code_plane(lit[edge], is_held, first, stop, n_levels[edge], n_points[edge], code, at)
    for layer in range(through.shape[1]):
        for edge in range(lit.shape[0]):
            at = _code_plane(
                through[edge, layer],
                is_loosely_held,
                first // COARSE,
                stop // COARSE,
                CROWN_LEVELS,
                n_points[edge],
                code,
                at,
            )
    for edge in range(lit.shape[0]):
        before = 0
        for sector in range(first, stop):
            value = int(limit[edge, sector])
            code[at] = np.uint8((value - before) & 255)
            before = value
            at += 1


@njit(inline="always")
def _decode_plane(
    code: NDArray[np.uint8],
    at: int,
    first: int,
    stop: int,
    table: NDArray[np.uint8],  # (n_steps, n_sectors)
) -> None:
    lowest = np.uint8(0)
    for step in range(table.shape[0]):
        value = lowest
        for sector in range(first, stop):
            value = np.uint8(value + code[at])
            table[step, sector] = value
            at += 1
        lowest = table[step, first]


@njit(nogil=True, cache=True)
def decode_edge(
    code: NDArray[np.uint8],  # groups of sectors one after another
    start: NDArray[np.int64],  # (n_groups,): of each in `code`, -1 where it is not there
    bound: NDArray[np.int64],  # (n_groups + 1,): slices of sectors
    n_edges: int,
    edge: int,
    lit: NDArray[np.uint8],  # (64, n_sectors): filled
    through: NDArray[np.uint8],  # (n_planes, 32, n_sectors / 2): filled
    limit: NDArray[np.uint8],  # (n_sectors,): filled
) -> None:
    for group in range(start.size):
        if start[group] < 0:
            continue
        first, stop = bound[group], bound[group + 1]
        size = (stop - first) * CROWN_STEPS
        at = start[group]
        _decode_plane(code, at + edge * size, first, stop, lit)
        at += n_edges * size
        low, high = first // COARSE, stop // COARSE
        size = (high - low) * LOOSE_STEPS
        for layer in range(through.shape[0]):
            _decode_plane(code, at + edge * size, low, high, through[layer])
            at += n_edges * size
        value, at = np.uint8(0), at + edge * (stop - first)
        for sector in range(first, stop):
            value = np.uint8(value + code[at])
            limit[sector] = value
            at += 1
