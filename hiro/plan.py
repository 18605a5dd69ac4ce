"""Plans: what to build, where and when, for the money there is, and what any could bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from .coverage import Coverage, count_served
from .floors import Floors, find_floors
from .knapsack import choose_exactly
from .layout import find_factors, weigh_coverage
from .option import Options
from .program import TIMED_OUT
from .quick import choose_at_once, keeps_all
from .stage import Found, choose_by_stages
from .wishes import (
    Allowed,
    PlanModel,
    Wishes,
    check_wishes,
    find_allowed,
    read_fixed,
    read_money,
)

__all__ = ["Floors", "Plan", "PlanModel", "Wishes", "choose_plan", "find_due"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


_SAME = 1e-12  # share of a bound; sums are no more exact


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """
    Options chosen together, at most one a site.

    Attributes
    ----------
    rows
        Of the options, ascending, and so by site, ``(n_chosen,)``.
    year
        Of each work, 0 the first, ``(n_chosen,)``.
    cost_eur, upkeep_eur_per_year
        Of all works. [€], [€ a⁻¹]
    relief_person_kh
        Of all works; those of later years count by what is left of the horizon. [person K h]
    served_person_h
        Person-hours of sites within reach of the water and the seats that are built, each site
        counted once, less those a coverage says are served already, in the order of
        `hiro.option.SERVED`, ``(2,)``. [persons h]
    credit_person_kh
        What they counted in the choice, 0 if coverage was not asked for; no heat. [person K h]
    bound_person_kh
        No plan under the same wishes counts more, relief and credit together. [person K h]
    gap
        What may be missing, as a share of the bound. [1]
    price_of_equity_pct
        How much less this plan counts than the best without floors; None without floors. [%]
    status
        ``optimal`` if proven to the model's gap, ``time limit`` if not, ``quick`` if live.
    spend_eur, floor_eur
        Of each district, and what it was due; empty without floors, ``(n_districts,)``. [€]
    wishes
        To which it keeps.
    notes
        What was found or lowered, in sentences.
    """

    rows: Rows
    year: Rows
    cost_eur: int
    upkeep_eur_per_year: int
    relief_person_kh: float
    served_person_h: Floats
    credit_person_kh: float
    bound_person_kh: float
    gap: float
    price_of_equity_pct: float | None
    status: str
    spend_eur: Rows
    floor_eur: Rows
    wishes: Wishes
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        """Count the works."""
        return len(self.rows)

    @property
    def counted_person_kh(self) -> float:
        """What was made the most of: relief, and the credit of water and seats."""
        return self.relief_person_kh + self.credit_person_kh


def choose_plan(
    options: Options,
    *,
    budget_eur: float,
    upkeep_eur_per_year: float | None = None,
    floors: Floors | None = None,
    fixed_in: Iterable[str] | Mapping[str, Sequence[str] | None] = (),
    fixed_out: Iterable[str] = (),
    at_least: Mapping[str, int] | None = None,
    kinds: Iterable[str] | None = None,
    most_a_year: int | None = None,
    n_years: int = 1,
    coverage: Coverage | None = None,
    fewest_hot: bool = False,
    is_live: bool = False,
    model: PlanModel = PlanModel(),
) -> Plan:
    """
    Choose the options that relieve most within a budget.

    Exact: a dynamic programme where there is but a budget, else HiGHS to the model's gap; its
    bound tells how much better any other plan could be. What makes things worse is never chosen
    unless it is fixed in. The same input gives the same plan, unless a time limit struck.

    Parameters
    ----------
    options
        What may be done at each site.
    budget_eur
        For works, in all; cents are cut off. [€]
    upkeep_eur_per_year
        At most; None: whatever it takes. [€ a⁻¹]
    floors
        What districts are due.
    fixed_in
        Ids of sites at which something must be done, or each with its bundle of measures.
    fixed_out
        Ids of sites at which nothing is done.
    at_least, kinds
        So many sites of a kind must get something, and the kind of each site, ``(n_sites,)``.
    most_a_year, n_years
        At most so many works in each of so many years; the most relieving come first. A work
        that is `k` years late counts ``1 - k / horizon``, by which growth and discount are
        taken to cancel: our choice.
    coverage
        Of `hiro.find_coverage`: water and seats within reach count a little, once the whole
        plan is built; None: not.
    fewest_hot
        First let as few sites as possible stay at `PlanModel.hot_level` or above.
    is_live
        Answer at once, near the best, with an honest if wider bound; hard wishes that the quick
        way misses are left to the slow one.
    model
        Assumptions.

    Raises
    ------
    PlanError
        If no plan keeps to the wishes, or they cannot be read, in one sentence.
    """
    wishes = Wishes(
        budget_eur=read_money(budget_eur, what="budget"),
        upkeep_eur_per_year=(
            None
            if upkeep_eur_per_year is None
            else read_money(upkeep_eur_per_year, what="limit of upkeep")
        ),
        floors=floors,
        fixed_in=read_fixed(fixed_in),
        fixed_out=frozenset(fixed_out),
        at_least=dict(at_least or {}),
        kinds=None if kinds is None else np.array(list(kinds), str),
        most_a_year=most_a_year,
        n_years=n_years,
        coverage=coverage,
        fewest_hot=fewest_hot,
    )
    check_wishes(options, wishes)
    allowed = find_allowed(options, wishes)
    floor_eur, lowered = find_due(options, wishes, allowed)
    found = _find(options, wishes, allowed, floor_eur, is_live=is_live, model=model)
    found = replace(found, notes=tuple(note for note in (lowered, *found.notes) if note))
    plan = _sum_up(options, wishes, found, floor_eur, model)
    if floors is None:
        return plan
    alone = replace(wishes, floors=None)
    free = _find(options, alone, allowed, None, is_live=is_live, model=model)
    return _price(plan, _sum_up(options, alone, free, None, model))


def find_due(options: Options, wishes: Wishes, allowed: Allowed) -> tuple[Rows | None, str]:
    """Find what each district is due in euros, if that is wished for, and what was lowered."""
    if wishes.floors is None or wishes.floors.way != "spend":
        return None, ""
    return find_floors(
        wishes.floors,
        options,
        allowed.rows,
        budget_eur=wishes.budget_eur,
        most_works=wishes.most_works,
    )


def _find(
    options: Options,
    wishes: Wishes,
    allowed: Allowed,
    floor_eur: Rows | None,
    *,
    is_live: bool,
    model: PlanModel,
) -> Found:
    if is_live:
        found = choose_at_once(options, wishes, allowed, floor_eur=floor_eur, model=model)
        if keeps_all(options, wishes, allowed, found.rows, floor_eur=floor_eur):
            return found
    elif wishes.is_plain and not allowed.must.any():
        return _find_plainly(options, wishes, allowed)
    return choose_by_stages(options, wishes, allowed, floor_eur=floor_eur, model=model)


def _find_plainly(options: Options, wishes: Wishes, allowed: Allowed) -> Found:
    rows = allowed.rows
    choice = choose_exactly(
        options.cost_eur[rows],
        options.relief_person_kh[rows],
        options.site[rows],
        budget=wishes.budget_eur,
    )
    chosen = np.sort(choice.chosen[choice.chosen >= 0])
    return Found(rows=rows[chosen], bound=choice.bound, status=choice.status)


def _sum_up(
    options: Options, wishes: Wishes, found: Found, floor_eur: Rows | None, model: PlanModel
) -> Plan:
    rows = found.rows
    year = _find_years(options, wishes, rows)
    factors = find_factors(options, wishes.n_years)
    relief = float((options.relief_person_kh[rows] * factors[year]).sum())
    credit = 0.0
    served = count_served(options, rows)
    if wishes.coverage is not None:
        served = wishes.coverage.count_persons(rows)
        credit = float(served @ weigh_coverage(model))
    bound = max(found.bound, relief + credit)
    floors = wishes.floors
    spend = np.zeros(0, np.int64)
    if floors is not None:
        cost = np.zeros(options.n_sites)
        cost[options.site[rows]] = options.cost_eur[rows]
        spend = floors.sum_sites(cost).astype(np.int64)
    return Plan(
        rows=rows,
        year=year,
        cost_eur=int(options.cost_eur[rows].sum()),
        upkeep_eur_per_year=int(options.upkeep_eur_per_year[rows].sum()),
        relief_person_kh=relief,
        served_person_h=served,
        credit_person_kh=credit,
        bound_person_kh=bound,
        gap=_find_gap(bound, relief + credit),
        price_of_equity_pct=None,
        status=found.status,
        spend_eur=spend,
        floor_eur=np.zeros_like(spend) if floor_eur is None else floor_eur,
        wishes=wishes,
        notes=found.notes + _tell_status(found, model),
    )


def _find_gap(bound: float, counted: float) -> float:
    """Tell which share of the bound is lacking; sums that round differently lack nothing."""
    gap = (bound - counted) / bound if bound > 0.0 else 0.0
    return gap if gap > _SAME else 0.0


def _find_years(options: Options, wishes: Wishes, rows: Rows) -> Rows:
    """Put works into years: the most relieving first, of those alike the first site."""
    year = np.zeros(len(rows), np.int64)
    if wishes.most_a_year:
        relief = options.relief_person_kh[rows]
        slot = np.arange(len(rows))
        # What does harm, and is fixed in, waits for the very last.
        harms = int((relief < 0.0).sum())
        slot[len(rows) - harms :] += wishes.most_a_year * wishes.n_years - len(rows)
        year[np.argsort(-relief, kind="stable")] = slot // wishes.most_a_year
    return year


def _tell_status(found: Found, model: PlanModel) -> tuple[str, ...]:
    told = (
        f"The solver stopped after {model.time_limit_s:g} s; the bound tells how much better a "
        "plan could be."
    )
    return (told,) if found.status == TIMED_OUT else ()


def _price(plan: Plan, free: Plan) -> Plan:
    """Tell what the floors cost, against the best plan without them."""
    most = free.counted_person_kh
    # Both are known to the model's gap, so it may look as if floors had brought something.
    lost = max(most - plan.counted_person_kh, 0.0)
    return replace(plan, price_of_equity_pct=100.0 * lost / most if most > 0.0 else 0.0)
