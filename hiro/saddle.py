"""Saddles: prices of two budgets, by which every group chooses alone and no choice gains more."""

from __future__ import annotations

import math

import numpy as np

from .exchange import improve_choice
from .hull import Floats, Hull, Ints

_N_OUTER, _N_INNER = 16, 18  # halvings of the price of the one budget, and of the other


def find_saddle(hull: Hull, *, budget: int, upkeep: int) -> tuple[Ints, float]:
    """
    Choose well within two budgets, with a bound that no choice exceeds.

    For any prices that are not negative, what the budgets would cost at them, and what every
    group gains above them, bound the benefit (Lagrange). The best prices are found by halving:
    the one of upkeep around, that of the budget within.

    Parameters
    ----------
    hull
        The options, with their upkeep.
    budget, upkeep
        What may be spent of each.

    Returns
    -------
    chosen
        Option of the hull for each group, -1 for none, ``(n_groups,)``.
    bound
        No choice within both has more benefit.
    """
    search = _Search(hull, budget, upkeep)
    low, high = 0.0, search.highest(hull.upkeep)
    if search.look(low) <= upkeep:  # upkeep binds nowhere
        high = low
    for _ in range(_N_OUTER if high > low else 0):
        middle = (low + high) / 2.0
        if search.look(middle) > upkeep:
            low = middle
        else:
            high = middle
    chosen, left = search.chosen, search.left
    better = improve_choice(hull, chosen, left=left, prices=search.prices)
    return better, search.bound


class _Search:
    """The best that was seen, on the way to the best prices."""

    def __init__(self, hull: Hull, budget: int, upkeep: int) -> None:
        self._hull, self._limits = hull, (budget, upkeep)
        self._starts = hull.first[:-1][np.diff(hull.first) > 0]
        self._group = hull.group[self._starts]
        self.chosen = np.full(hull.n_groups, -1)
        self.left = (budget, upkeep)
        self.prices = (0.0, 0.0)
        self.bound, self._benefit = math.inf, 0.0

    def highest(self, cost: Ints) -> float:
        """Find a price at which nothing that costs is taken."""
        costly = cost > 0
        return float((self._hull.benefit[costly] / cost[costly]).max(initial=0.0)) * (1.0 + 1e-9)

    def look(self, upkeep_price: float) -> int:
        """Find the best price of the budget beside one of upkeep; return the upkeep there."""
        worth = self._hull.benefit - upkeep_price * self._hull.upkeep
        low, high = 0.0, self.highest(self._hull.cost)
        spent, kept = self._choose(worth, low, upkeep_price)
        if spent <= self._limits[0]:
            return kept
        for _ in range(_N_INNER):
            middle = (low + high) / 2.0
            spent, now = self._choose(worth, middle, upkeep_price)
            if spent > self._limits[0]:
                low = middle
            else:
                high, kept = middle, now
        return kept

    def _choose(self, worth: Floats, price: float, upkeep_price: float) -> tuple[int, int]:
        """Let every group choose alone at prices; return what that costs of both."""
        hull, (budget, upkeep) = self._hull, self._limits
        net = worth - price * hull.cost
        if not len(net):
            self.bound = 0.0
            return 0, 0
        best = np.maximum.reduceat(net, self._starts)
        bound = math.fsum((price * budget, upkeep_price * upkeep, best[best > 0.0].sum()))
        if bound < self.bound:
            self.bound, self.prices = bound, (price, upkeep_price)
        at_best = np.flatnonzero(net == np.maximum(best, 0.0).repeat(self._sizes()))
        at_best = at_best[net[at_best] > 0.0]
        chosen = np.full(hull.n_groups, -1)
        chosen[hull.group[at_best[::-1]]] = at_best[::-1]  # the cheapest of equals
        taken = chosen[chosen >= 0]
        spent, kept = int(hull.cost[taken].sum()), int(hull.upkeep[taken].sum())
        benefit = float(hull.benefit[taken].sum())
        if spent <= budget and kept <= upkeep and benefit > self._benefit:
            self.chosen, self._benefit = chosen, benefit
            self.left = (budget - spent, upkeep - kept)
        return spent, kept

    def _sizes(self) -> Ints:
        return np.diff(np.append(self._starts, len(self._hull.row)))
