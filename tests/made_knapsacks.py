"""Knapsacks of the classic families, in their multiple-choice form, and their slow twin."""

import itertools
import math
from fractions import Fraction

import numpy as np

FAMILIES = ("uncorrelated", "weakly correlated", "strongly correlated", "subset sum")


def made_knapsack(rng, family, *, n_groups, n_options, largest):
    """
    Draw costs, benefits and groups of one of the four classic families; the spreads are ours.

    Costs are even over 1 to `largest`; benefits are as even, within a tenth of the largest of
    the cost, above it by as much, or equal to it. The options of a strongly correlated group are
    sums of such items, so that none is dominated and all lie on its hull.
    """
    n = n_groups * n_options
    group = np.repeat(np.arange(n_groups), n_options)
    cost = rng.integers(1, largest + 1, n)
    spread = max(largest // 10, 1)
    if family == "uncorrelated":
        benefit = rng.integers(1, largest + 1, n)
    elif family == "weakly correlated":
        benefit = np.maximum(cost + rng.integers(-spread, spread + 1, n), 1)
    elif family == "strongly correlated":
        benefit = cost + spread
        by_group = (n_groups, n_options)
        cost, benefit = (np.cumsum(of.reshape(by_group), axis=1).ravel() for of in (cost, benefit))
    else:
        benefit = cost
    return cost, benefit.astype(float), group


def try_all(cost, benefit, group, *, budget, n_groups):
    """Try all choices: the most benefit, then the least cost, then the earliest rows."""
    exact = [Fraction(str(float(value))) for value in benefit]
    best = None
    for pick, taken in list_picks(group, n_groups=n_groups):
        spent = sum(int(cost[row]) for row in taken)
        if spent <= budget:
            told = (-sum((exact[row] for row in taken), Fraction(0)), spent, pick)
            best = told if best is None else min(best, told)
    return best[2], best[1], float(-best[0])


def list_picks(group, *, n_groups):
    """List all choices: the row of each group or -1, and the rows that are taken."""
    rows = [[-1, *np.flatnonzero(group == k).tolist()] for k in range(n_groups)]
    for pick in itertools.product(*rows):
        yield pick, [row for row in pick if row >= 0]


def sum_up(cost, benefit, chosen):
    taken = chosen[chosen >= 0]
    return int(cost[taken].sum()), math.fsum(benefit[taken])
