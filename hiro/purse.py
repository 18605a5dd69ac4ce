"""
Purses: a budget and upkeep, and what districts are due of it, with the prices of all.

Prices of the budget, of upkeep and of what each district is due let every site choose alone, and
bound what any choice brings (Lagrange).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ._purse import find_prices

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_N_LOOKS = 14  # at prices of upkeep
_DEPTH = 1e-5  # share of the highest price of upkeep below which it is as good as none


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Purse:
    """
    What to choose from, at most one option a site, and what limits it; see `lay_out_purse`.

    Attributes
    ----------
    row
        Of each option among those given, by district and by site, ``(n_options,)``.
    cost, upkeep, benefit
        Of each option, ``(n_options,)``.
    first
        Where the options of each site begin, and the end, ``(n_sites + 1,)``.
    must
        Whether something has to be chosen, ``(n_sites,)``.
    district_first
        Where the sites of each district begin, those of none last, and the end.
    due
        What each must spend at least; 0 for those of none.
    limits
        The budget, and the most upkeep; 0, and no upkeep anywhere, where it is not limited.
    has_upkeep
        Whether upkeep is limited.
    """

    row: Rows
    cost: Rows
    upkeep: Rows
    benefit: Floats
    first: Rows
    must: Mask
    district_first: Rows
    due: Rows
    limits: Rows
    has_upkeep: bool

    @property
    def site(self) -> Rows:
        """Site of each option."""
        return np.repeat(np.arange(len(self.must)), np.diff(self.first))

    @property
    def district(self) -> Rows:
        """District of each site."""
        return np.repeat(np.arange(len(self.due)), np.diff(self.district_first))

    def sum_up(self, chosen: Rows) -> Rows:
        """Sum cost and upkeep of a choice, ``(2,)``."""
        taken = chosen[chosen >= 0]
        return np.array([self.cost[taken].sum(), self.upkeep[taken].sum()], np.int64)

    def spare(self, chosen: Rows) -> Rows:
        """Tell what each district spends above what it is due; below 0: less."""
        spent = np.where(chosen >= 0, self.cost[chosen], 0)
        by_district = np.zeros(len(self.due), np.int64)
        np.add.at(by_district, self.district, spent)
        return by_district - self.due

    def keeps(self, chosen: Rows) -> bool:
        """Tell whether a choice keeps to all limits and floors."""
        return bool(
            (self.sum_up(chosen) <= self.limits).all()
            and (self.spare(chosen) >= 0).all()
            and (chosen[self.must] >= 0).all()
        )


def lay_out_purse(
    site: Rows,
    cost: Rows,
    benefit: Floats,
    *,
    budget: int,
    upkeep: Rows | None = None,
    most_upkeep: int = 0,
    district: Rows | None = None,
    due: Rows | None = None,
    must: Mask | None = None,
) -> Purse:
    """
    Lay options out.

    Parameters
    ----------
    site, cost, benefit
        Of each option, ``(n_options,)``.
    budget
        In the unit of the costs, both whole.
    upkeep, most_upkeep
        Of each option, and at most in all; None: any.
    district, due
        Of each option, -1 for none, and what each district must spend; None: nothing.
    must
        Whether something has to be chosen at each site, ``(n_sites,)``; None: nowhere.
    """
    due = np.zeros(0, np.int64) if due is None else due
    district = np.full(len(site), -1) if district is None else district
    # Districts that are due nothing are of no account.
    counts = np.append(due > 0, False)
    place = np.where(counts, np.cumsum(counts) - 1, counts.sum())
    of = place[district]
    order = np.lexsort((site, of))
    sites, starts = np.unique(
        of[order] * (site.max(initial=0) + 1) + site[order], return_index=True
    )
    return Purse(
        row=order,
        cost=cost[order].astype(np.int64),
        upkeep=np.zeros(len(site), np.int64) if upkeep is None else upkeep[order].astype(np.int64),
        benefit=benefit[order].astype(float),
        first=np.append(starts, len(site)).astype(np.int64),
        must=np.zeros(len(sites), bool) if must is None else must[site[order][starts]],
        district_first=np.searchsorted(of[order][starts], np.arange(counts.sum() + 2)),
        due=np.append(due[due > 0], 0).astype(np.int64),
        limits=np.array([budget, most_upkeep], np.int64),
        has_upkeep=upkeep is not None,
    )


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """
    A choice by prices.

    Attributes
    ----------
    price, upkeep_price
        Of a euro of the budget, and of upkeep.
    prices
        Of a euro spent in each district: lower where it is due more.
    chosen
        Option of each site, -1: nothing.
    bound
        No choice within the limits brings more.
    """

    price: float
    upkeep_price: float
    prices: Floats
    chosen: Rows
    bound: float


def find_look(purse: Purse) -> Look:
    """Find the prices with the least bound."""
    best = look_at(purse, 0.0)
    if not purse.has_upkeep or purse.sum_up(best.chosen)[1] <= purse.limits[1]:
        return best
    some = purse.upkeep > 0
    high = max(float((purse.benefit[some] / purse.upkeep[some]).max()), 0.0) * (1.0 + 1e-9)
    low = _DEPTH * high
    for _ in range(_N_LOOKS if high > 0.0 else 0):
        middle = math.sqrt(low * high)
        look = look_at(purse, middle)
        best = min(best, look, key=lambda one: one.bound)
        if purse.sum_up(look.chosen)[1] > purse.limits[1]:
            low = middle
        else:
            high = middle
    return best


def look_at(purse: Purse, upkeep_price: float) -> Look:
    """Let every site choose alone, at a price of upkeep and the best others beside it."""
    prices, chosen = np.zeros(len(purse.due)), np.full(len(purse.must), -1)
    price, bound = find_prices(
        purse.first,
        purse.benefit - upkeep_price * purse.upkeep,
        purse.cost,
        purse.must,
        purse.district_first,
        purse.due,
        int(purse.limits[0]),
        prices,
        chosen,
    )
    bound += upkeep_price * float(purse.limits[1])
    return Look(price, upkeep_price, prices, chosen, bound)
