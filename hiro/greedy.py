"""Greedy choices under side wishes: near the best, in milliseconds, with a bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hull import build_hull

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STRIDE, _N_STRIDES = 8.0, 12  # down to a price on upkeep or works that is too low
_N_HALVINGS = 8  # between it and the one above


@dataclass(frozen=True, eq=False, slots=True)
class Due:
    """
    What groups of options must come to at least, as near as a greedy choice gets.

    Attributes
    ----------
    group
        Of each option, -1 for none, ``(n_options,)``.
    amount
        How much each option brings, ``(n_options,)``.
    least
        Of each group, ``(n_groups,)``.
    """

    group: Rows
    amount: Floats
    least: Floats


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Task:
    """
    What to choose from, at most one option a site.

    Attributes
    ----------
    site, cost, benefit
        Of each option, sites ascending, ``(n_options,)``.
    budget
        In the unit of the costs, both whole.
    upkeep, most_upkeep
        Of each option, ``(n_options,)``, and at most in all; infinite: any.
    most_works
        At most so many options; infinite: any.
    dues
        What some must come to, served first.
    """

    site: Rows
    cost: Rows
    benefit: Floats
    budget: int
    upkeep: Floats
    most_upkeep: float = np.inf
    most_works: float = np.inf
    dues: tuple[Due, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """
    Steps up the hull, steepest first.

    Attributes
    ----------
    row, below
        The option reached, and the one it stands on, -1: nothing, ``(n_steps,)``.
    cost
        Of the step, ``(n_steps,)``.
    bound
        What no choice within the budget exceeds.
    """

    row: Rows
    below: Rows
    cost: Rows
    bound: float


def _find_steps(task: Task, benefit: Floats) -> _Steps:
    hull = build_hull(task.cost, benefit, task.site)
    group = hull.group[hull.step]
    # Along a hull slopes fall, so what a step stands on is the one before of its group.
    order = np.argsort(group, kind="stable")
    before = np.append(-1, order[:-1])[: len(order)]
    below = np.full(len(order), -1)
    same = np.diff(group[order], prepend=-1) == 0
    below[order[same]] = hull.row[hull.step[before[same]]]
    return _Steps(
        row=hull.row[hull.step],
        below=below,
        cost=hull.step_cost,
        bound=hull.fill(task.budget)[2],
    )


def choose_greedily(task: Task) -> tuple[Rows, float]:
    """
    Choose well, at once.

    Steps that are due go first, then all by what they gain for the cost; upkeep and works have a
    price, sought by halves, where else too much were taken. Single exchanges fill what is left.

    Parameters
    ----------
    task
        What to choose from, and how much.

    Returns
    -------
    numpy.ndarray
        Chosen options, ascending. Limits are kept; dues as near as it gets.
    float
        No choice within the limits has more benefit.
    """
    works = np.ones(len(task.site))
    upkeep_price = _find_price(task, task.upkeep, task.most_upkeep, np.zeros(len(task.site)))
    works_price = _find_price(task, works, task.most_works, upkeep_price * task.upkeep)
    priced = task.benefit - upkeep_price * task.upkeep - works_price * works
    steps = _find_steps(task, priced)
    chosen = _climb(task, steps, _order(task, steps))
    rows = _fill(task, chosen)
    slack = sum(
        price * limit
        for price, limit in ((upkeep_price, task.most_upkeep), (works_price, task.most_works))
        if price > 0.0
    )
    return rows, max(slack + steps.bound, float(task.benefit[rows].sum()))


def _find_price(task: Task, amount: Floats, limit: float, already: Floats) -> float:
    """Find about the least price on an amount at which a choice keeps to its limit."""
    if not np.isfinite(limit):
        return 0.0

    def is_kept(price: float) -> bool:
        steps = _find_steps(task, task.benefit - already - price * amount)
        order = _order(task, steps)
        taken = order[np.cumsum(steps.cost[order]) <= task.budget]
        below = steps.below[taken]
        stood = amount[below[below >= 0]].sum()
        return float(amount[steps.row[taken]].sum() - stood) <= limit

    if is_kept(0.0):
        return 0.0
    some = amount > 0.0
    high = float((task.benefit[some] / amount[some]).max(initial=0.0))
    low = high / _STRIDE
    for _ in range(_N_STRIDES):
        if not is_kept(low):
            break
        low, high = low / _STRIDE, low
    for _ in range(_N_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if is_kept(middle) else (middle, high)
    return high


def _order(task: Task, steps: _Steps) -> Rows:
    """Order steps: what is due first, then as they are, by gain for the cost."""
    is_due = np.zeros(len(steps.row), bool)
    below = steps.below
    for due in task.dues:
        group = due.group[steps.row]
        amount = due.amount[steps.row] - np.where(below >= 0, due.amount[below], 0.0)
        for one in np.flatnonzero(due.least > 0.0):
            ours = np.flatnonzero(group == one)
            before = np.cumsum(amount[ours]) - amount[ours]
            is_due[ours[before < due.least[one]]] = True
    return np.argsort(~is_due, kind="stable")


def _climb(task: Task, steps: _Steps, order: Rows) -> Rows:
    """Take steps in order as limits allow; above one that was left out none is taken."""
    at = np.full(int(task.site.max(initial=-1)) + 1, -1)
    left = [task.budget, task.most_upkeep, task.most_works]
    for step in order:
        row, below = steps.row[step], steps.below[step]
        site = task.site[row]
        if at[site] != below:
            continue
        more = task.upkeep[row] - (task.upkeep[below] if below >= 0 else 0.0)
        takes = (steps.cost[step], more, 1.0 if below < 0 else 0.0)
        if all(take <= has for take, has in zip(takes, left, strict=True)):
            at[site] = row
            left = [has - take for take, has in zip(takes, left, strict=True)]
    return at


def _fill(task: Task, at: Rows) -> Rows:
    """Exchange single sites' options for better and no cheaper ones while that is possible."""
    while len(task.site):
        now = at[task.site]
        has = now >= 0
        gain = task.benefit - np.where(has, task.benefit[now], 0.0)
        more = task.cost - np.where(has, task.cost[now], 0.0)
        taken = at[at >= 0]
        fits = (
            (gain > 1e-12)
            & (more >= 0.0)
            & (more <= task.budget - task.cost[taken].sum())
            & (
                task.upkeep - np.where(has, task.upkeep[now], 0.0)
                <= task.most_upkeep - task.upkeep[taken].sum()
            )
            & (np.where(has, 0.0, 1.0) <= task.most_works - len(taken))
        )
        if not fits.any():
            break
        best = int(np.argmax(np.where(fits, gain, -np.inf)))
        at[task.site[best]] = best
    return np.sort(at[at >= 0])
