"""Exchanges: a choice made better by what still fits, and by one step up for one step down."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .hull import Floats, Hull, Ints

_N_FILLS, _N_SWAPS = 300, 20  # at most
_N_PAIRED = 256  # steps each way that are looked at in pairs
_LEAST_GAIN = 1e-9  # share of what is in hand; less is not worth a swap


def improve_choice(
    hull: Hull, chosen: Ints, *, left: tuple[int, int], prices: tuple[float, float]
) -> Ints:
    """
    Improve a choice within what is left of the budget and of the upkeep.

    Parameters
    ----------
    hull
        The options.
    chosen
        Option of the hull for each group, -1 for none, ``(n_groups,)``.
    left
        What is left of both; not negative.
    prices
        What another euro of each is worth, by which steps are compared.

    Returns
    -------
    Ints
        As `chosen`, with no less benefit.
    """
    moves, chosen = _Moves(hull), chosen.copy()
    n_swaps = 0
    for _ in range(_N_FILLS):
        cost, upkeep, gain = moves.count(chosen)
        worth = prices[0] * cost + prices[1] * upkeep
        best = _find_fill(gain, worth, (cost <= left[0]) & (upkeep <= left[1]))
        if best is not None:
            steps = [best]
        elif n_swaps < _N_SWAPS:
            n_swaps += 1
            steps = _find_swap(moves.group, cost, upkeep, gain, worth, left)
        else:
            break
        if not steps:
            break
        for step in steps:
            chosen[moves.group[step]] = moves.option[step]
            left = (left[0] - int(cost[step]), left[1] - int(upkeep[step]))
    return chosen


class _Moves:
    """All single steps: to each option of each group, and to nothing."""

    def __init__(self, hull: Hull) -> None:
        n, n_groups = len(hull.row), hull.n_groups
        self.group = np.concatenate([hull.group, np.arange(n_groups)])
        self.option = np.concatenate([np.arange(n), np.full(n_groups, -1)])
        idle = np.zeros(n_groups, np.int64)
        self._cost = np.concatenate([hull.cost, idle])
        self._upkeep = np.concatenate([hull.upkeep, idle])
        self._benefit = np.concatenate([hull.benefit, idle])

    def count(self, chosen: Ints) -> tuple[Ints, Ints, Floats]:
        """Count what each step costs, keeps costing and brings, from a choice."""
        now = np.where(chosen >= 0, chosen, len(self.option) - len(chosen) + np.arange(len(chosen)))
        here = now[self.group]
        return (
            self._cost - self._cost[here],
            self._upkeep - self._upkeep[here],
            self._benefit - self._benefit[here],
        )


def _find_fill(gain: Floats, worth: Floats, fits: NDArray[np.bool_]) -> int | None:
    """Find the step up that fits and brings most for what it takes, or None."""
    able = np.flatnonzero(fits & (gain > 0.0))
    if not len(able):
        return None
    price = worth[able]
    if (price <= 0.0).any():
        free = able[price <= 0.0]
        return int(free[gain[free].argmax()])
    return int(able[(gain[able] / price).argmax()])


def _find_swap(
    group: Ints,
    cost: Ints,
    upkeep: Ints,
    gain: Floats,
    worth: Floats,
    left: tuple[int, int],
) -> list[int]:
    """Find a step up and one down, in two groups, that together fit and bring most."""
    up, down = np.flatnonzero(gain > 0.0), np.flatnonzero((gain < 0.0) | (cost < 0))
    up = up[np.argsort(worth[up] - gain[up], kind="stable")[:_N_PAIRED]]
    down = down[np.argsort(worth[down] - gain[down], kind="stable")[:_N_PAIRED]]
    if not (len(up) and len(down)):
        return []
    total = gain[up][:, None] + gain[down]
    able = (cost[up][:, None] + cost[down] <= left[0]) & (group[up][:, None] != group[down])
    able &= upkeep[up][:, None] + upkeep[down] <= left[1]
    total = np.where(able, total, -np.inf)
    best = int(total.argmax())
    if total.flat[best] <= _LEAST_GAIN * np.abs(gain).max():
        return []
    i, j = divmod(best, len(down))
    return [int(up[i]), int(down[j])]
