"""Stages: a plan under side wishes, solved for one goal after another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .errors import PlanError, ShortBudgetError
from .floors import Floors
from .layout import Layout, find_benefit, find_relief, lay_out
from .option import Options
from .program import OPTIMAL, Solution, solve_program
from .wishes import Allowed, PlanModel, Wishes, find_lowered

Values = NDArray[np.float64]
Rows = NDArray[np.int64]

_BUDGET = 0  # the first row of a layout
_HAIR = 1e-9  # of a goal that is kept while the next is sought, lest rounding forbid it


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """
    What was chosen.

    Attributes
    ----------
    rows
        Of the options, ascending, ``(n_chosen,)``.
    bound
        No choice under the same wishes counts more. [person K h]
    status
        As of `hiro.program.Solution`; the worst of the stages.
    notes
        What the stages found, in sentences.
    """

    rows: Rows
    bound: float
    status: str
    notes: tuple[str, ...] = ()


def choose_by_stages(
    options: Options,
    wishes: Wishes,
    allowed: Allowed,
    *,
    floor_eur: Rows | None,
    model: PlanModel,
) -> Found:
    """
    Choose under any wishes, each goal proven to the model's gap before the next.

    Fewest hot sites first, where that is asked; then relief with coverage; then, with floors by
    need, the worst-met district, at `PlanModel.best_share` of the relief; and relief again.

    Parameters
    ----------
    options, wishes, allowed
        What may be done, what a plan shall keep to, and what is left of it.
    floor_eur
        Of each district, ``(n_districts,)``; None: none. [€]
    model
        Assumptions.

    Raises
    ------
    PlanError
        If no choice keeps to all of it, in one sentence.
    """
    layout = lay_out(options, wishes, allowed, floor_eur=floor_eur)
    try:
        return _choose(layout, options, wishes, allowed, model)
    except PlanError as error:
        _explain(layout, options, wishes, allowed, model, error)
        raise


def _choose(
    layout: Layout, options: Options, wishes: Wishes, allowed: Allowed, model: PlanModel
) -> Found:
    benefit = find_benefit(layout, options, wishes, allowed, model=model)
    notes, states = [], []
    if wishes.fewest_hot:
        solved, note = _solve_hot(layout, options, allowed, model)
        states.append(solved.status)
        notes.append(note)
    solved = _solve(layout, benefit, model)
    states.append(solved.status)
    if wishes.floors is not None and wishes.floors.way == "need":
        of, relief, site = find_relief(layout, options, wishes, allowed)
        met = _sum_by_district(wishes.floors, options, (of, relief, site), layout.n)
        solved, note = _solve_need(layout, benefit, met, solved, model)
        states.append(solved.status)
        notes.append(note)
    return Found(
        rows=allowed.rows[solved.x[: len(layout.group)] > 0.5],
        bound=solved.bound,
        status=next((state for state in states if state != OPTIMAL), OPTIMAL),
        notes=tuple(notes),
    )


def _solve(
    layout: Layout, benefit: Values, model: PlanModel, start: Values | None = None
) -> Solution:
    program = layout.build(benefit)
    return solve_program(program, gap=model.gap, time_limit_s=model.time_limit_s, start=start)


def _explain(
    layout: Layout,
    options: Options,
    wishes: Wishes,
    allowed: Allowed,
    model: PlanModel,
    error: PlanError,
) -> None:
    """Where money alone is short, tell how much of it the wishes need; else keep silent."""
    layout.highs[_BUDGET] = np.array([np.inf])
    cost = options.cost_eur[allowed.rows].astype(float)
    try:
        least = _solve(layout, -cost, model)
    except PlanError:
        return
    euros = round(-least.objective)
    if euros > wishes.budget_eur:
        msg = (
            f"What is wished for costs {euros:,} € at least, more than the budget of "
            f"{wishes.budget_eur:,} €: raise it, or lower the floors or other wishes."
        )
        raise ShortBudgetError(msg, least_eur=euros) from error


def _solve_hot(
    layout: Layout, options: Options, allowed: Allowed, model: PlanModel
) -> tuple[Solution, str]:
    """Let as few sites as possible stay hot, and keep to that."""
    lowered = find_lowered(options, hot_level=model.hot_level)[allowed.rows].astype(float)
    able = len(np.unique(layout.group[lowered > 0.0]))
    # Counts are whole: once less than one is missing, nothing is.
    solved = _solve(layout, lowered, replace(model, gap=0.5 / (able + 1.0)))
    layout.add_sum(np.arange(len(lowered)), lowered, low=round(solved.objective))
    unproven = "" if solved.status == OPTIMAL else ", as far as was found in time"
    note = (
        f"Level {model.hot_level} is left behind at {round(solved.objective):,} of the {able:,} "
        f"sites where it could be, as many as these wishes allow{unproven}."
    )
    return solved, note


def _sum_by_district(
    floors: Floors, options: Options, relief: tuple[Rows, Values, Rows], n: int
) -> scipy.sparse.csr_array:
    """
    Sum relief as a share of the need, a row for each district that has one and can be relieved.

    Its columns are the variables of the layout.
    """
    columns, values, site = relief
    of = floors.district[site]
    need = floors.sum_sites(floors.find_need(options))
    able = np.unique(of[(of >= 0) & (values > 0.0)])
    able = able[need[able] > 0.0]
    ours = np.isin(of, able)
    at = (np.searchsorted(able, of[ours]), columns[ours])
    shares = scipy.sparse.coo_array((values[ours] / need[of[ours]], at), shape=(len(able), n))
    return shares.tocsr()


def _solve_need(
    layout: Layout,
    benefit: Values,
    met: scipy.sparse.csr_array,
    best: Solution,
    model: PlanModel,
) -> tuple[Solution, str]:
    """Lift the worst-met district's share of its need, and relieve most with what is left."""
    n_able = met.shape[0]
    if not n_able:
        return best, "No district with a need can be relieved, so there is no floor."
    counts = np.flatnonzero(benefit)
    least = model.best_share * best.objective
    layout.add_sum(counts, benefit[counts], low=least - _HAIR * abs(least))
    # `t` runs from 0 to 1 between the worst share there is and what the poorest can have at most.
    most, now = float(met.maximum(0.0).sum(axis=1).min()), met @ best.x
    worst = min(float(now.min()), 0.0)
    width = most - worst
    entries = met.tocoo()
    t = layout.open("t", 1)
    values = np.concatenate([entries.data / width, np.full(n_able, -1.0)])
    at = (
        np.concatenate([entries.coords[0], np.arange(n_able)]).astype(np.int64),
        np.concatenate([entries.coords[1], np.full(n_able, t)]).astype(np.int64),
    )
    layout.add(values, at, low=np.full(n_able, worst / width))
    only = np.zeros(layout.n)
    only[t] = 1.0
    start = np.append(best.x, max((float(now.min()) - worst) / width - _HAIR, 0.0))
    lifted = _solve(layout, only, model, start)
    share = float((met @ lifted.x[:t]).min())
    keep = (entries.coords[0].astype(np.int64), entries.coords[1].astype(np.int64))
    layout.add(entries.data, keep, low=np.full(n_able, share - _HAIR * abs(share)))
    solved = _solve(layout, benefit, model, lifted.x)
    note = (
        f"The worst-met of {n_able} districts is relieved of {100.0 * share:.2f} % of its need; "
        f"no plan with {100.0 * model.best_share:g} % of the most relief lifts it above "
        f"{100.0 * max(worst + width * lifted.bound, share):.2f} %."
    )
    return (replace(solved, status=lifted.status) if lifted.status != OPTIMAL else solved), note
