"""Quick choices under the wishes of a plan, for a slider and for many draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .bargain import choose_from_purse
from .coverage import Coverage
from .floors import Floors
from .greedy import Due, Task, choose_greedily
from .hull import build_hull
from .knapsack import QUICK, choose_quickly
from .layout import weigh_coverage
from .option import Options
from .purse import lay_out_purse
from .stage import Found
from .wishes import Allowed, PlanModel, Wishes, find_lowered

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

_N_HALVINGS = 7  # of the share of its need to which the worst-met district is lifted


def choose_at_once(
    options: Options,
    wishes: Wishes,
    allowed: Allowed,
    *,
    floor_eur: Rows | None,
    model: PlanModel,
) -> Found:
    """
    Choose well under any wishes, within milliseconds.

    What is fixed in, a number of a kind, and floors are met as near as it gets: ask `keeps_all`.
    Years are not looked at but for how many works they hold; water and seats count by
    `Coverage.find_shares`, never more than they are worth.

    Parameters
    ----------
    options, wishes, allowed
        What may be done, what a plan shall keep to, and what is left of it.
    floor_eur
        Of each district, ``(n_districts,)``; None: none. [€]
    model
        Assumptions.
    """
    rows = allowed.rows
    benefit = options.relief_person_kh[rows]
    missed = 0.0  # by which shares may fall short of the coverage that there is
    if wishes.coverage is not None:
        weight = weigh_coverage(model)
        benefit = benefit + wishes.coverage.find_shares(weight)[rows]
        most = benefit + _miss_shares(wishes.coverage, weight)[rows]
        missed = _bound(options, rows, most, wishes.budget_eur)
    chosen: Rows | None = None
    if not _needs_greed(wishes):
        if floor_eur is None and wishes.upkeep_eur_per_year is None:
            chosen, bound = _choose_by_hull(options, wishes, allowed, benefit)
        else:
            chosen, bound = _choose_by_purse(options, wishes, allowed, benefit, floor_eur)
    if chosen is None:
        chosen, bound = _choose_by_greed(options, wishes, allowed, benefit, floor_eur, model)
    return Found(rows=rows[chosen], bound=max(bound, missed), status=QUICK)


def keeps_all(
    options: Options, wishes: Wishes, allowed: Allowed, rows: Rows, *, floor_eur: Rows | None
) -> bool:
    """Tell whether a quick choice keeps to what is fixed in, to kinds and to floors."""
    sites = options.site[rows]
    worked = np.zeros(options.n_sites, bool)
    worked[sites] = True
    if (allowed.must & ~worked).any():
        return False
    if wishes.kinds is not None and any(
        (wishes.kinds[sites] == kind).sum() < least for kind, least in wishes.at_least.items()
    ):
        return False
    if floor_eur is None or wishes.floors is None:
        return True
    spent = np.zeros(options.n_sites)
    spent[sites] = options.cost_eur[rows]
    return bool((wishes.floors.sum_sites(spent) >= floor_eur).all())


def _miss_shares(coverage: Coverage, weight: Values) -> Values:
    """Tell by how much each option's share is below all whom it reaches. [person K h]."""
    whole = np.zeros(len(coverage.offers[0]))
    for kind, (reached, offers) in enumerate(zip(coverage.reached, coverage.offers, strict=True)):
        makes = offers >= 0
        whole[makes] += weight[kind] * (reached.T @ coverage.persons)[offers[makes]]
    missed: Values = whole - coverage.find_shares(weight)
    return missed


def _bound(options: Options, rows: Rows, benefit: Values, budget_eur: int) -> float:
    hull = build_hull(options.cost_eur[rows], benefit, options.site[rows])
    return hull.fill(budget_eur)[2]


def _needs_greed(wishes: Wishes) -> bool:
    return (
        (wishes.floors is not None and wishes.floors.way == "need")
        or bool(wishes.at_least)
        or wishes.most_a_year is not None
        or wishes.fewest_hot
    )


def _choose_by_hull(
    options: Options, wishes: Wishes, allowed: Allowed, benefit: Values
) -> tuple[Rows, float]:
    """Choose by the hull; what is fixed in is worth more than all else."""
    rows = allowed.rows
    bonus = 2.0 * float(np.abs(benefit).sum()) + 1.0 if allowed.must.any() else 0.0
    hull = build_hull(
        options.cost_eur[rows],
        benefit + bonus * allowed.must[options.site[rows]],
        options.site[rows],
        n_groups=options.n_sites,
    )
    choice = choose_quickly(hull, budget=wishes.budget_eur)
    chosen = np.sort(choice.chosen[choice.chosen >= 0])
    return chosen, choice.bound - bonus * int(allowed.must.sum())


def _choose_by_purse(
    options: Options, wishes: Wishes, allowed: Allowed, benefit: Values, floor_eur: Rows | None
) -> tuple[Rows | None, float]:
    """Choose within limits of money and upkeep, with floors kept to the euro, if one is found."""
    rows, upkeep = allowed.rows, wishes.upkeep_eur_per_year
    district = None
    if floor_eur is not None and wishes.floors is not None:
        district = wishes.floors.district[options.site[rows]]
    return choose_from_purse(
        lay_out_purse(
            options.site[rows],
            options.cost_eur[rows],
            benefit,
            budget=wishes.budget_eur,
            upkeep=None if upkeep is None else options.upkeep_eur_per_year[rows],
            most_upkeep=0 if upkeep is None else upkeep,
            district=district,
            due=floor_eur,
            must=allowed.must,
        )
    )


def _choose_by_greed(
    options: Options,
    wishes: Wishes,
    allowed: Allowed,
    benefit: Values,
    floor_eur: Rows | None,
    model: PlanModel,
) -> tuple[Rows, float]:
    rows = allowed.rows
    lowered = np.zeros(len(rows))
    if wishes.fewest_hot:
        lowered = find_lowered(options, hot_level=model.hot_level)[rows].astype(float)
    bonus = 2.0 * float(np.abs(benefit).sum()) + 1.0
    dues = _find_dues(options, wishes, allowed, floor_eur)

    def choose(more: tuple[Due, ...] = ()) -> tuple[Rows, float]:
        upkeep, works = wishes.upkeep_eur_per_year, wishes.most_works
        return choose_greedily(
            Task(
                site=options.site[rows],
                cost=options.cost_eur[rows],
                benefit=benefit + bonus * lowered,
                budget=wishes.budget_eur,
                upkeep=options.upkeep_eur_per_year[rows].astype(float),
                most_upkeep=np.inf if upkeep is None else upkeep,
                most_works=np.inf if works is None else works,
                dues=dues + more,
            )
        )

    chosen, bound = choose()
    if wishes.floors is not None and wishes.floors.way == "need":
        total = benefit + bonus * lowered
        best = model.best_share * float(total[chosen].sum())
        need, most = _find_need(wishes.floors, options, rows)
        district, relief = (
            wishes.floors.district[options.site[rows]],
            options.relief_person_kh[rows],
        )
        low, high = 0.0, most
        for _ in range(_N_HALVINGS if most > 0.0 else 0):
            share = 0.5 * (low + high)
            lifted, _ = choose((Due(group=district, amount=relief, least=share * need),))
            if float(total[lifted].sum()) >= best:
                low, chosen = share, lifted
            else:
                high = share
    # With no more than the budget nothing counts more, whatever else is wished for.
    alone = _bound(options, rows, benefit, wishes.budget_eur)
    return chosen, min(bound - bonus * float(lowered[chosen].sum()), alone)


def _find_dues(
    options: Options, wishes: Wishes, allowed: Allowed, floor_eur: Rows | None
) -> tuple[Due, ...]:
    site = options.site[allowed.rows]
    one = np.ones(len(site))
    dues = []
    if allowed.must.any():
        dues.append(Due(group=site, amount=one, least=allowed.must.astype(float)))
    if wishes.kinds is not None:
        for kind, least in wishes.at_least.items():
            group = np.where(wishes.kinds[site] == kind, 0, -1)
            dues.append(Due(group=group, amount=one, least=np.array([float(least)])))
    if floor_eur is not None and wishes.floors is not None:
        cost = options.cost_eur[allowed.rows].astype(float)
        district = wishes.floors.district[site]
        dues.append(Due(group=district, amount=cost, least=floor_eur.astype(float)))
    return tuple(dues)


def _find_need(floors: Floors, options: Options, rows: Rows) -> tuple[Values, float]:
    """Find the need of each district that can be relieved, and the share the poorest can have."""
    need = floors.sum_sites(floors.find_need(options))
    best = np.zeros(options.n_sites)
    np.maximum.at(best, options.site[rows], options.relief_person_kh[rows])
    total = floors.sum_sites(best)
    able = (need > 0.0) & (total > 0.0)
    most = float((total[able] / need[able]).min()) if able.any() else 0.0
    return np.where(able, need, 0.0), most
