"""
Cores: what is left to decide once a bound has settled the rest, and the table that decides it.

With a price per euro every option has a worth of its own. Where taking it would push the bound
below what is already in hand, no best choice has it; of a thousand groups a few dozen stay open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hull import Hull, Ints

_SLACK = 1e-11  # share of the bound within which an option stays: floats are no proof
_DIGITS_OF_ONE, _DIGITS_OF_ALL = 15, 18  # of benefits as whole numbers: a double's, an int64's
_LEAST = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False, slots=True)
class Core:
    """
    Groups that are still open.

    Attributes
    ----------
    settled
        Option of the hull that each group takes, -1: none; of open groups too, ``(n_groups,)``.
    group
        The open groups, ascending, ``(n_open,)``.
    first
        Where the entries of each open group begin, and the end, ``(n_open + 1,)``.
    option
        Of each entry, -1: nothing; within a group nothing first, then by row, ``(n,)``.
    cost
        Of each entry, above the least of its group, in units, ``(n,)``.
    ticks
        Benefit of each entry in whole numbers, so that ties are ties, ``(n,)``.
    capacity
        Units there are for all open groups.
    """

    settled: Ints
    group: Ints
    first: Ints
    option: Ints
    cost: Ints
    ticks: Ints
    capacity: int

    def reach(self, unit: int) -> Ints:
        """Tell how far the table of each open group reaches, in units of units, ``(n_open,)``."""
        if not len(self.group):
            return np.zeros(0, np.int64)
        most = -(-np.maximum.reduceat(self.cost, self.first[:-1]) // unit)
        reach: Ints = np.minimum(np.cumsum(most[::-1])[::-1], self.capacity // unit)
        return reach

    def count_bytes(self) -> int:
        """Tell how large the exact table is, in bytes."""
        return int((self.reach(1) + 1).sum()) * _kind(self).itemsize

    def count_cells(self, unit: int) -> int:
        """Tell how much work the table is: entries times reach."""
        return int((np.diff(self.first) * (self.reach(unit) + 1)).sum())

    def solve(self, unit: int = 1) -> Ints:
        """
        Choose the most for the capacity by dynamic programming over it.

        Of choices with the same benefit the cheapest is returned; of those, at the first group
        where two differ, nothing before something, and the earlier row.

        Parameters
        ----------
        unit
            Costs are rounded up to multiples of this: 1 is exact, more is faster and within the
            budget all the same.

        Returns
        -------
        Ints
            Option of the hull that each group takes, -1: none, ``(n_groups,)``.
        """
        chosen = self.settled.copy()
        cost = -(-self.cost // unit)
        reach = self.reach(unit).tolist()
        picks: list[NDArray[np.uint8] | NDArray[np.uint16]] = []
        value = np.zeros(1, np.int64)
        for k in range(len(self.group) - 1, -1, -1):
            mine = slice(int(self.first[k]), int(self.first[k + 1]))
            before = np.pad(value, (0, reach[k] + 1 - len(value)), mode="edge")
            value = np.full(reach[k] + 1, _LEAST)
            pick = np.zeros(reach[k] + 1, _kind(self))
            for entry, (price, brings) in enumerate(
                zip(cost[mine].tolist(), self.ticks[mine].tolist(), strict=True)
            ):
                if price > reach[k]:
                    continue
                offered = before[: reach[k] + 1 - price] + brings
                better = offered > value[price:]
                np.copyto(value[price:], offered, where=better)
                pick[price:][better] = entry
            picks.append(pick)
        left = int(value.argmax())  # the first of the best: the cheapest
        for k, pick in enumerate(reversed(picks)):
            entry = int(self.first[k]) + int(pick[left])
            chosen[self.group[k]] = self.option[entry]
            left -= int(cost[entry])
        return chosen


def build_core(hull: Hull, *, budget: int, known: float) -> Core:
    """
    Settle what a bound can settle.

    Parameters
    ----------
    hull
        Options that are to be chosen among, each within the budget.
    budget
        What may be spent.
    known
        Benefit of a choice within the budget.
    """
    _, slope, _ = hull.fill(budget)
    worth = hull.benefit - slope * hull.cost
    best = np.zeros(hull.n_groups)
    np.maximum.at(best, hull.group, worth)
    bound = slope * budget + float(best.sum())
    allowed = bound - known + _SLACK * abs(bound)
    kept = np.flatnonzero(best[hull.group] - worth <= allowed)
    idle = np.flatnonzero(best <= allowed)
    option = np.concatenate([np.full(len(idle), -1), kept])
    group = np.concatenate([idle, hull.group[kept]])
    order = np.lexsort((np.concatenate([np.full(len(idle), -1), hull.row[kept]]), group))
    option, group = option[order], group[order]
    cost = np.where(option >= 0, hull.cost[option], 0) if len(hull.row) else option * 0
    least = np.zeros(hull.n_groups, np.int64)
    some, starts = np.unique(group, return_index=True)
    if len(some):
        least[some] = np.minimum.reduceat(cost, starts)
    cost = cost - least[group]
    capacity = budget - int(least.sum())
    fits = cost <= capacity
    return _close(hull, option[fits], group[fits], cost[fits], capacity)


def _close(hull: Hull, option: Ints, group: Ints, cost: Ints, capacity: int) -> Core:
    """Settle groups with one entry, and count costs in their greatest common unit."""
    some, starts, counts = np.unique(group, return_index=True, return_counts=True)
    settled = np.full(hull.n_groups, -1)
    settled[some] = option[starts]
    opened = np.repeat(counts > 1, counts)
    option, group, cost = option[opened], group[opened], cost[opened]
    unit = max(int(np.gcd.reduce(cost)), 1) if len(cost) else 1
    ticks = _count_ticks(hull)
    return Core(
        settled,
        group=some[counts > 1],
        first=np.concatenate([[0], np.cumsum(counts[counts > 1])]),
        option=option,
        cost=cost // unit,
        ticks=np.where(option >= 0, ticks[option], 0) if len(ticks) else option * 0,
        capacity=capacity // unit,
    )


def _count_ticks(hull: Hull) -> Ints:
    """Count benefits in a small power of ten, so that decimals that sum to the same are equal."""
    if not len(hull.benefit):
        return np.zeros(0, np.int64)
    largest = float(hull.benefit.max())
    digits = _DIGITS_OF_ONE - math.ceil(math.log10(largest))
    n_largest = math.ceil(math.log10(max(hull.n_groups, 1)))
    digits = min(digits - max(n_largest - (_DIGITS_OF_ALL - _DIGITS_OF_ONE), 0), 300)
    scaled = hull.benefit * 10.0**digits if digits >= 0 else hull.benefit / 10.0**-digits
    return np.rint(scaled).astype(np.int64)


def _kind(core: Core) -> np.dtype[np.uint8] | np.dtype[np.uint16]:
    most = int(np.diff(core.first).max(initial=1))
    return np.dtype(np.uint8) if most <= np.iinfo(np.uint8).max else np.dtype(np.uint16)
