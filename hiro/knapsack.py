"""
The multiple-choice knapsack: at most one option of each group, the most benefit for a budget.

`choose_exactly` proves its answer with a dynamic programme over the budget; `choose_quickly`
answers at once, with a bound that no choice exceeds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike

from .core import Core, build_core
from .errors import PlanError
from .exchange import improve_choice
from .hull import Floats, Hull, Ints, build_hull
from .program import OPTIMAL, Program, solve_program
from .saddle import find_saddle

QUICK = "quick"
"""Status of a choice that nobody proved to be the best."""

_TABLE_BYTES = 10**9  # a larger table is not worth its memory
_QUICK_CELLS = 4_000_000  # of a table that is filled in some 20 ms
_GOOD = 0.999  # share of the bound that a quick choice leaves as it is
_LARGEST = 2**53  # of sums of costs: what a double still counts one by one


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """
    What to take of each group.

    Attributes
    ----------
    chosen
        Row of the option that each group takes, -1: none, ``(n_groups,)``.
    cost
        Of all that is taken.
    benefit
        Of all that is taken.
    bound
        No choice within the budget has more benefit.
    status
        `OPTIMAL` where that is proven, `QUICK`, or that of a solver that ran out of time.
    """

    chosen: Ints
    cost: int
    benefit: float
    bound: float
    status: str

    def __post_init__(self) -> None:
        """Lock the array."""
        self.chosen.flags.writeable = False

    @property
    def gap(self) -> float:
        """What may be missing, as a share of the bound."""
        return (self.bound - self.benefit) / self.bound if self.bound > 0.0 else 0.0


def choose_exactly(
    cost: ArrayLike,
    benefit: ArrayLike,
    group: ArrayLike,
    *,
    budget: float,
    n_groups: int | None = None,
    table_bytes: int = _TABLE_BYTES,
    time_limit_s: float = 60.0,
) -> Choice:
    """
    Choose what brings most for a budget, and prove it.

    Bounds settle most groups first; a dynamic programme over the budget, in the greatest unit
    that all costs share, decides the rest. Only where its table would be larger than
    `table_bytes` HiGHS decides it, with no gap. Ties: of choices with the same benefit (to 15
    digits) the cheapest; of those, at the first group where two differ, nothing before
    something, and the earlier row. So an option that brings nothing is never taken. HiGHS
    breaks ties its own way, the same way each time.

    Parameters
    ----------
    cost
        Of each option, whole and not negative, ``(n,)``.
    benefit
        Of each option, ``(n,)``.
    group
        Of which at most one option is taken, from 0, in any order, ``(n,)``.
    budget
        What may be spent.
    n_groups
        How many groups there are; default one more than the last.
    table_bytes
        How large a table may be. [B]
    time_limit_s
        Of HiGHS. [s]

    Raises
    ------
    PlanError
        If an option, a group or the budget is none.

    Examples
    --------
    A tree or a roof at one place, a sail at another:

    >>> choice = choose_exactly([4, 9, 5], [90.0, 120.0, 60.0], [0, 0, 1], budget=10)
    >>> choice.chosen.tolist(), choice.cost, choice.benefit
    ([0, 2], 9, 150.0)
    """
    items = _read(cost, benefit, group, n_groups=n_groups)
    spend = _read_budget(budget)
    hull = _keep_affordable(items, spend)
    known = _start(hull, spend)
    if known.status == OPTIMAL:
        return known
    core = build_core(hull, budget=spend, known=known.benefit)
    if core.count_bytes() > table_bytes:
        return _ask_solver(hull, core, known, time_limit_s)
    return _sum_up(hull, core.solve(), bound=None)


def choose_quickly(hull: Hull, *, budget: float, upkeep: float | None = None) -> Choice:
    """
    Choose well for a budget, at once, and tell how much better any other choice could be.

    Steps along the hull fill the budget, what is left is filled and exchanged; where the bound
    is not near, a table with a coarse unit decides what bounds cannot settle. Beside a limit of
    upkeep there is no such table: where either is scarce, some percent may be missing, which
    the bound tells.

    Parameters
    ----------
    hull
        Of all options: see `hiro.build_hull`; with its `upkeep` if one is limited here.
    budget
        What may be spent.
    upkeep
        What may be spent of the second cost; None: any.

    Raises
    ------
    PlanError
        If a budget is negative.

    Examples
    --------
    >>> import numpy as np
    >>> hull = build_hull(np.array([4, 9, 5]), np.array([90.0, 120.0, 60.0]), np.array([0, 0, 1]))
    >>> choice = choose_quickly(hull, budget=10)
    >>> choice.chosen.tolist(), choice.benefit, choice.bound
    ([0, 2], 150.0, 150.0)
    """
    spend = _read_budget(budget)
    if upkeep is not None:
        keep = _read_budget(upkeep)
        chosen, bound = find_saddle(hull, budget=spend, upkeep=keep)
        return _sum_up(hull, chosen, bound=bound)
    first = _start(hull, spend)
    if first.benefit >= _GOOD * first.bound:
        return first
    near = hull.within(spend)  # what nobody can pay only loosens the bound
    first = _start(near, spend)
    if first.benefit >= _GOOD * first.bound:
        return first
    core = build_core(near, budget=spend, known=first.benefit)
    unit = 1
    while core.count_cells(unit) > _QUICK_CELLS and unit < core.capacity:
        unit *= 2
    chosen = core.solve(unit)
    if unit == 1:
        return _sum_up(near, chosen, bound=None)
    return max(first, _improve(near, chosen, spend, first.bound), key=lambda one: one.benefit)


def _start(hull: Hull, budget: int) -> Choice:
    """Fill the budget with steps, and improve on that; optimal where all steps fit."""
    n_steps, _, bound = hull.fill(budget)
    chosen = hull.take(n_steps)
    if n_steps == len(hull.step):
        return _sum_up(hull, chosen, bound=None)
    return _improve(hull, chosen, budget, bound)


def _improve(hull: Hull, chosen: Ints, budget: int, bound: float) -> Choice:
    taken = chosen[chosen >= 0]
    left = (budget - int(hull.cost[taken].sum()), 0 * budget)
    _, slope, _ = hull.fill(budget)
    better = improve_choice(hull, chosen, left=left, prices=(slope, 0.0))
    return _sum_up(hull, better, bound=bound)


def _sum_up(hull: Hull, chosen: Ints, *, bound: float | None) -> Choice:
    """Sum a choice of the hull's options up, in rows as they were given; no bound: optimal."""
    taken = chosen[chosen >= 0]
    row = np.where(chosen >= 0, hull.row[chosen], -1) if len(hull.row) else chosen
    benefit = math.fsum(hull.benefit[taken])
    cost = int(hull.cost[taken].sum())
    if bound is None:
        return Choice(row, cost, benefit, benefit, OPTIMAL)
    return Choice(row, cost, benefit, max(bound, benefit), QUICK)


def _ask_solver(hull: Hull, core: Core, known: Choice, time_limit_s: float) -> Choice:
    """Ask HiGHS what the table would tell, beginning with what is in hand."""
    group = np.repeat(np.arange(len(core.group)), np.diff(core.first))
    brings = np.where(core.option >= 0, hull.benefit[core.option], 0.0)
    least = np.zeros(len(core.group), np.int64)  # the entry that costs nothing more
    least[group[core.cost == 0]] = np.flatnonzero(core.cost == 0)
    program = Program(
        brings - brings[least][group],
        group,
        scipy.sparse.csr_array(core.cost[None, :].astype(float)),
        np.array([-np.inf]),
        np.array([float(core.capacity)]),
    )
    row = np.where(core.option >= 0, hull.row[core.option], -1)
    start = (known.chosen[core.group][group] == row).astype(float)
    solution = solve_program(program, gap=0.0, time_limit_s=time_limit_s, start=start)
    taken = np.flatnonzero(solution.x > 0.5)
    entry = least.copy()
    entry[group[taken]] = taken
    chosen = core.settled.copy()
    chosen[core.group] = core.option[entry]
    if solution.status == OPTIMAL:
        return _sum_up(hull, chosen, bound=None)
    told = _sum_up(hull, chosen, bound=math.inf)
    bound = min(known.bound, told.benefit + solution.bound - solution.objective)
    return replace(told, bound=max(bound, told.benefit), status=solution.status)


def _keep_affordable(items: tuple[Ints, Floats, Ints, int], budget: int) -> Hull:
    cost, benefit, group, n_groups = items
    rows = np.flatnonzero(cost <= budget)
    return build_hull(cost, benefit, group, n_groups=n_groups, rows=rows)


def _read(
    cost: ArrayLike, benefit: ArrayLike, group: ArrayLike, *, n_groups: int | None
) -> tuple[Ints, Floats, Ints, int]:
    """Read options: whole costs, finite benefits, groups from 0."""
    costs, benefits, groups = (np.asarray(given, float) for given in (cost, benefit, group))
    if not costs.shape == benefits.shape == groups.shape == (len(costs),):
        msg = "Wanted as many costs as benefits and groups."
        raise PlanError(msg)
    for name, given in (("costs", costs), ("groups", groups)):
        if (~(given >= 0.0) | (given != np.floor(given))).any() or given.sum() > _LARGEST:
            msg = f"Wanted whole {name} from 0, which sum to less than 2⁵³."
            raise PlanError(msg)
    if not np.isfinite(benefits).all():
        msg = "Wanted finite benefits."
        raise PlanError(msg)
    most = int(groups.max(initial=-1)) + 1
    if n_groups is not None and n_groups < most:
        msg = f"Wanted groups below {n_groups}; got {most - 1}."
        raise PlanError(msg)
    count = most if n_groups is None else n_groups
    return costs.astype(np.int64), benefits, groups.astype(np.int64), count


def _read_budget(budget: float) -> int:
    """Read a budget: what lies beyond the comma buys nothing, as costs are whole."""
    if not budget >= 0.0:
        msg = f"Wanted a budget that is not negative; got {budget}."
        raise PlanError(msg)
    return int(min(budget, _LARGEST))
