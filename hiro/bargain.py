"""
Bargains: the best near a choice by prices, within the limits and floors of a purse, at once.

Of what can be had near that choice, a table holds the best for each small range of sums: first of
each district, then of all together. Sums are exact, only what is forgotten is not, so limits and
floors are kept to the euro.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ._purse import STAY, deviate, find_pair
from .purse import Look, Purse, find_look, look_at

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_N_STEPS = 1200  # away from a choice, those that cost least
_N_CELLS = (800, 1), (64, 16)  # of a district's table: without a limit of upkeep, and with
_N_JOINED = (1024, 1), (72, 20)  # of that of all districts
_N_PLANS = 1600  # of all districts that are laid beside each other
_FIRST_REACH = 2.5  # largest steps that the first table reaches either way
_REACHES = 1.2, 0.5, 2.5  # the same of further ones, about what was found
_DEARER = 1.0, 1.3, 3.0  # upkeep at these prices, where none is kept at the best one
_N_IDLE = 2  # rounds without gain, after which no more is sought
_GOOD = 0.997  # share of the bound that is left as it is
_N_MOVES, _N_PAIRS = 200, 30  # that are tried in pairs, and pairs that are taken
_LEAST_GAIN = 1e-9  # share of what is in hand; less is rounding


def choose_from_purse(purse: Purse) -> tuple[Rows | None, float]:
    """
    Choose well within all limits and floors, at once.

    Returns
    -------
    numpy.ndarray
        Chosen options, in rows as given, ascending; None if no choice was found.
    float
        No choice within the limits brings more.
    """
    if not len(purse.cost):
        none = np.zeros(0, np.int64)
        return (none if purse.keeps(none) else None), 0.0
    look = find_look(purse)
    best, most = _start(purse, look)
    n_idle = 0
    for reach in _REACHES:
        if best is None or n_idle == _N_IDLE or most >= look.bound * _GOOD:
            break
        found = _search(purse, replace(look, chosen=best), reach)
        found, brings = _polish(purse, best if found is None else found, look)
        n_idle = 0 if brings > most + _LEAST_GAIN * abs(most) else n_idle + 1
        if brings > most:
            best, most = found, brings
    if best is None:
        return None, look.bound
    return np.sort(purse.row[best[best >= 0]]), max(look.bound, most)


def _start(purse: Purse, look: Look) -> tuple[Rows | None, float]:
    """Search near a choice by prices; with dearer upkeep, if nothing there keeps to all."""
    for dearer in _DEARER if purse.has_upkeep else (1.0,):
        centre = look if dearer == 1.0 else look_at(purse, dearer * look.upkeep_price)
        found = _search(purse, centre, _FIRST_REACH)
        if found is not None:
            return _polish(purse, found, look)
    return None, -math.inf


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """
    Steps away from a choice, by site.

    Attributes
    ----------
    site, option
        Where each leads: -1 for nothing, ``(n_steps,)``.
    more
        Cost and upkeep more, ``(n_steps, 2)``.
    gain
        What it brings more, ``(n_steps,)``.
    loss
        What it brings less, net of all prices, ``(n_steps,)``.
    """

    site: Rows
    option: Rows
    more: Rows
    gain: Floats
    loss: Floats

    def take(self, rows: Rows) -> _Steps:
        """Keep some."""
        return _Steps(
            self.site[rows], self.option[rows], self.more[rows], self.gain[rows], self.loss[rows]
        )


def _find_steps(purse: Purse, look: Look, *, most: int) -> _Steps:
    """Find the steps away from a choice that lose least."""
    chosen, n = look.chosen, len(purse.cost)
    quits = np.flatnonzero((chosen >= 0) & ~purse.must)
    site = np.concatenate([purse.site, quits])
    option = np.concatenate([np.arange(n), np.full(len(quits), -1)])
    now, here = chosen[site], option >= 0

    def more(values: Floats) -> Floats:
        differs: Floats = np.where(here, values[option], 0.0) - np.where(now >= 0, values[now], 0.0)
        return differs

    gain = more(purse.benefit)
    cost, upkeep = more(purse.cost.astype(float)), more(purse.upkeep.astype(float))
    loss = look.prices[purse.district[site]] * cost + look.upkeep_price * upkeep - gain
    steps = _Steps(site, option, np.column_stack([cost, upkeep]).astype(np.int64), gain, loss)
    apart = np.flatnonzero(option != now)
    if len(apart) > most:
        apart = apart[np.argpartition(loss[apart], most)[:most]]
    return steps.take(apart[np.argsort(site[apart], kind="stable")])


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """
    The best sums of steps, by ranges of what they cost.

    Attributes
    ----------
    sums, value
        Of each cell: see `hiro._purse.deviate`.
    pick, before
        Of each turn and cell.
    """

    sums: Rows
    value: Floats
    pick: NDArray[np.int32]
    before: NDArray[np.int32]

    def trace(self, cell: int) -> list[int]:
        """Tell which steps lead to a cell."""
        taken = []
        for turn in range(len(self.pick) - 1, -1, -1):
            if self.pick[turn, cell] != STAY:
                taken.append(int(self.pick[turn, cell]))
            cell = int(self.before[turn, cell])
        return taken


def _fill_table(
    purse: Purse,
    turn: Rows,
    more: Rows,
    gains: Floats,
    *,
    ends: tuple[Rows, Rows],
    is_joint: bool = False,
) -> _Table:
    low, high = ends
    most_cells = np.array((_N_JOINED if is_joint else _N_CELLS)[int(purse.has_upkeep)])
    width = np.maximum(-(-(high - low + 1) // most_cells), 1)
    shape = (high - low) // width + 1
    n_cells, n_turns = int(shape.prod()), len(np.unique(turn))
    table = _Table(
        np.zeros((n_cells, 2), np.int64),
        np.zeros((n_cells, 2)),
        np.zeros((n_turns, n_cells), np.int32),
        np.zeros((n_turns, n_cells), np.int32),
    )
    stays = np.full(n_turns, not is_joint)  # of each district a plan is taken
    steps = np.column_stack([turn, more]).astype(np.int64)
    deviate(
        steps, gains, stays, low, width, shape, table.sums, table.value, table.pick, table.before
    )
    return table


def _search(purse: Purse, look: Look, reach: float) -> Rows | None:
    """Search near a choice: the best plans of each district, then the best of those together."""
    steps = _find_steps(purse, look, most=_N_STEPS)
    spare, left = purse.spare(look.chosen), purse.limits - purse.sum_up(look.chosen)
    most = (reach * np.abs(steps.more).max(axis=0, initial=0)).astype(np.int64)
    most = np.minimum(most, purse.limits)
    ends = (-most, most)
    of = purse.district[steps.site]
    price = np.array([look.price, look.upkeep_price])
    tables, mine, plans = [], [], []
    for one in range(len(purse.due)):
        ours = np.flatnonzero(of == one)
        part = steps.take(ours)
        table = _fill_table(
            purse, part.site, part.more, np.column_stack([-part.loss, part.gain]), ends=ends
        )
        able = np.isfinite(table.value[:, 0]) & (table.sums[:, 0] + spare[one] >= 0)
        if len(purse.due) == 1:
            able &= (table.sums <= left).all(axis=1)
        cells = np.flatnonzero(able)
        net = table.value[cells, 1] - table.sums[cells] @ price
        if not len(cells):
            return None
        cells = cells[np.argsort(-net, kind="stable")[: _N_PLANS // len(purse.due)]]
        cells = cells[_find_undominated(table.sums[cells], table.value[cells, 1])]
        tables.append(table)
        mine.append(ours)
        plans.append(cells)
    return _join(purse, look, steps, (tables, mine, plans))


def _find_undominated(sums: Rows, gain: Floats) -> Mask:
    """Tell which plans no other beats: in cost, in upkeep and in what it brings."""
    beats = (sums[:, None] <= sums).all(axis=2) & (gain[:, None] >= gain)
    # Of plans that are equal in all the first stands.
    beats &= ~beats.T | (np.arange(len(gain))[:, None] < np.arange(len(gain)))
    undominated: Mask = np.logical_not(beats.any(axis=0))
    return undominated


def _join(
    purse: Purse,
    look: Look,
    steps: _Steps,
    found: tuple[list[_Table], list[Rows], list[Rows]],
) -> Rows | None:
    """Join plans of districts to the best of all."""
    tables, mine, plans = found
    left = purse.limits - purse.sum_up(look.chosen)
    turn = np.repeat(np.arange(len(plans)), [len(cells) for cells in plans])
    cell = np.concatenate(plans)
    more = np.concatenate([t.sums[cells] for t, cells in zip(tables, plans, strict=True)])
    gain = np.concatenate([t.value[cells, 1] for t, cells in zip(tables, plans, strict=True)])
    net = gain - more @ np.array([look.price, look.upkeep_price])
    reach = np.abs(more).max(axis=0)
    joined = _fill_table(
        purse,
        turn,
        more,
        np.column_stack([net, gain]),
        ends=(np.minimum(left, 0) - reach, np.maximum(left, 0) + reach),
        is_joint=True,
    )
    able = np.isfinite(joined.value[:, 0]) & (joined.sums <= left).all(axis=1)
    if not able.any():
        return None
    chosen = look.chosen.copy()
    for plan in joined.trace(int(np.where(able, joined.value[:, 1], -np.inf).argmax())):
        taken = mine[turn[plan]][tables[turn[plan]].trace(int(cell[plan]))]
        chosen[steps.site[taken]] = steps.option[taken]
    return chosen


def _polish(purse: Purse, chosen: Rows, look: Look) -> tuple[Rows, float]:
    """Take single steps and pairs of them while that brings more."""
    for _ in range(_N_PAIRS):
        steps = _find_steps(purse, replace(look, chosen=chosen), most=_N_MOVES)
        moves = np.column_stack([steps.site, purse.district[steps.site], steps.more])
        left = purse.limits - purse.sum_up(chosen)
        one, other, gain = find_pair(moves, steps.gain, left, purse.spare(chosen))
        if gain <= _LEAST_GAIN * np.abs(purse.benefit).max():
            break
        chosen = chosen.copy()
        for step in (one, other) if other >= 0 else (one,):
            chosen[steps.site[step]] = steps.option[step]
    return chosen, math.fsum(purse.benefit[chosen[chosen >= 0]])
