"""
Hulls: what the next euro brings, best first, and how much no choice can exceed.

Of each group only the options on the upper convex hull of benefit over cost matter to the linear
relaxation of the multiple-choice knapsack; taken in the order of their slopes they fill any
budget at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Hull:
    """
    Options worth a thought, and the steps along the hulls of their groups, steepest first.

    Attributes
    ----------
    n_groups
        How many groups there are, also without options.
    row
        Of each option among those given; by group, then by cost, ``(n,)``.
    group, cost, benefit, upkeep
        Of each, ``(n,)``; upkeep is 0 where none was told.
    first
        Where each group's options begin, and the end, ``(n_groups + 1,)``.
    step
        Option to which each step leads, steepest step first, ``(n_steps,)``.
    step_cost, step_benefit
        By how much it adds to the option before, ``(n_steps,)``.
    reached_cost, reached_benefit
        Of the choice before each step and after the last, ``(n_steps + 1,)``.
    """

    n_groups: int
    row: Ints
    group: Ints
    cost: Ints
    benefit: Floats
    upkeep: Ints
    first: Ints
    step: Ints
    step_cost: Ints
    step_benefit: Floats
    reached_cost: Ints
    reached_benefit: Floats

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def within(self, budget: int) -> Hull:
        """Build the hull of those options that the budget can pay alone."""
        able = np.flatnonzero(self.cost <= budget)
        if len(able) == len(self.cost):
            return self
        upkeep = self.upkeep if self.upkeep.any() else None
        near = build_hull(
            self.cost, self.benefit, self.group, upkeep=upkeep, n_groups=self.n_groups, rows=able
        )
        return replace(near, row=self.row[near.row])

    def take(self, n_steps: int) -> Ints:
        """Take the first steps; return the option of each group, -1 for none."""
        taken = self.step[:n_steps]
        chosen = np.full(self.n_groups, -1)
        chosen[self.group[taken]] = taken  # along a hull slopes fall: the last of a group stays
        return chosen

    def fill(self, budget: int) -> tuple[int, float, float]:
        """
        Fill a budget with steps, the last in part: the linear relaxation.

        Returns
        -------
        n_steps, slope, bound
            Steps that fit whole, what one more euro brings, and the benefit that no choice
            within the budget exceeds.
        """
        n_steps = int(np.searchsorted(self.reached_cost, budget, side="right")) - 1
        reached = float(self.reached_benefit[n_steps])
        if n_steps == len(self.step):
            return n_steps, 0.0, reached
        slope = float(self.step_benefit[n_steps] / self.step_cost[n_steps])
        return n_steps, slope, reached + slope * (budget - int(self.reached_cost[n_steps]))


def build_hull(
    cost: Ints,
    benefit: Floats,
    group: Ints,
    *,
    upkeep: Ints | None = None,
    n_groups: int | None = None,
    rows: Ints | None = None,
) -> Hull:
    """
    Build the hull, once for all budgets.

    Parameters
    ----------
    cost, benefit, group
        Of each option, ``(n,)``: whole and not negative; any finite number; from 0.
    upkeep
        A second cost, whole and not negative, ``(n,)``.
    n_groups
        How many groups there are; default one more than the last.
    rows
        Which options may be taken; default all.

    Examples
    --------
    >>> import numpy as np
    >>> hull = build_hull(np.array([4, 9, 5]), np.array([90.0, 120.0, 60.0]), np.array([0, 0, 1]))
    >>> hull.fill(10)
    (2, 6.0, 156.0)
    """
    n_groups = int(group.max(initial=-1)) + 1 if n_groups is None else n_groups
    second = np.zeros(len(cost), np.int64) if upkeep is None else upkeep
    order = np.arange(len(cost)) if rows is None else rows
    order = order[benefit[order] > 0.0]  # nothing is as good, and free
    order = order[np.lexsort((order, -benefit[order], cost[order], group[order]))]
    if upkeep is None:
        order = order[_is_better(group[order], benefit[order])]
    group, cost, benefit = group[order], cost[order], benefit[order]
    hull = np.arange(len(order))
    if upkeep is not None:
        hull = hull[_is_better(group, benefit)]
    while True:
        step_cost, step_benefit = _add_up(group[hull], cost[hull], benefit[hull])
        with np.errstate(divide="ignore"):  # what is free comes first
            slope = step_benefit / step_cost
        above = np.ones(len(hull), bool)
        above[:-1] = (group[hull[:-1]] != group[hull[1:]]) | (slope[:-1] > slope[1:])
        if above.all():
            break
        hull = hull[above]
    steepest = np.argsort(-slope, kind="stable")
    step_cost, step_benefit = step_cost[steepest], step_benefit[steepest]
    return Hull(
        n_groups,
        row=order,
        group=group,
        cost=cost,
        benefit=benefit,
        upkeep=second[order],
        first=np.searchsorted(group, np.arange(n_groups + 1)),
        step=hull[steepest],
        step_cost=step_cost,
        step_benefit=step_benefit,
        reached_cost=np.concatenate([[0], np.cumsum(step_cost)]),
        reached_benefit=np.concatenate([[0.0], np.cumsum(step_benefit)]),
    )


def _is_better(group: Ints, benefit: Floats) -> NDArray[np.bool_]:
    """Tell which options bring more than all cheaper ones of their group."""
    better = np.ones(len(group), bool)
    most, now = 0.0, -1
    for k, (of, brings) in enumerate(zip(group.tolist(), benefit.tolist(), strict=True)):
        better[k] = of != now or brings > most
        if better[k]:
            most, now = brings, of
    return better


def _add_up(group: Ints, cost: Ints, benefit: Floats) -> tuple[Ints, Floats]:
    """Tell what each option adds to the one before it in its group, the first to nothing."""
    step_cost, step_benefit = cost.copy(), benefit.copy()
    inner = np.flatnonzero(group[1:] == group[:-1]) + 1
    step_cost[inner] -= cost[inner - 1]
    step_benefit[inner] -= benefit[inner - 1]
    return step_cost, step_benefit
