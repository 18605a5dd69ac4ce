"""Floors: no district goes without, by its share of the heat or by how far its need is met."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .errors import PlanError
from .knapsack import choose_exactly
from .option import Options
from .program import Program, solve_program

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

WAYS = ("spend", "need")
"""A share of the money for each district, or the worst-met need met as far as may be."""


@dataclass(frozen=True, eq=False, slots=True)
class Floors:
    """
    What districts are due.

    Attributes
    ----------
    district
        Of each site, from 0, -1 for none, shape ``(n_sites,)``.
    alpha
        By ``spend``: this share of the budget goes to the districts in proportion to their need,
        the rest wherever it relieves most. [1]
    way
        One of `WAYS`.
    need
        Of each site, ``(n_sites,)``; None: its heat on people. [person K h]
    names
        Of the districts; those left out are numbered.
    """

    district: Rows
    alpha: float = 0.5
    way: str = "spend"
    need: Floats | None = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take copies of the arrays, and lock them."""
        # Frozen: set once, here.
        object.__setattr__(self, "district", np.array(self.district, np.int64))
        if self.need is not None:
            object.__setattr__(self, "need", np.array(self.need, float))
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def n_districts(self) -> int:
        """Count the districts."""
        return max(int(self.district.max(initial=-1)) + 1, len(self.names))

    def name(self, district: int) -> str:
        """Tell what a district is called."""
        return self.names[district] if district < len(self.names) else f"district {district + 1}"

    def sum_sites(self, values: Floats) -> Floats:
        """Add up what sites have, by district, shape ``(n_districts,)``."""
        inside = self.district >= 0
        total = np.bincount(self.district[inside], values[inside], minlength=self.n_districts)
        return total.astype(float)

    def find_need(self, options: Options) -> Floats:
        """Tell the need of each site. [person K h]."""
        return options.heat_person_kh if self.need is None else self.need


def check_floors(floors: Floors, options: Options) -> None:
    """
    Check that floors are of these sites.

    Raises
    ------
    PlanError
        In one sentence.
    """
    if floors.district.shape != (options.n_sites,):
        msg = (
            f"Wanted a district for each of {options.n_sites} sites; got {len(floors.district)}: "
            "give -1 to those in none."
        )
        raise PlanError(msg)
    if floors.way not in WAYS:
        msg = f"Wanted floors by {' or by '.join(WAYS)}; got {floors.way!r}."
        raise PlanError(msg)
    if not 0.0 <= floors.alpha <= 1.0:
        msg = (
            "Wanted a share of the budget for the districts between 0 and 1; got "
            f"{floors.alpha:g}: give 0.5 for half of it."
        )
        raise PlanError(msg)
    need = floors.find_need(options)
    if need.shape != (options.n_sites,) or not np.isfinite(need).all() or need.min(initial=0) < 0:
        msg = f"Wanted a need of 0 or more for each of {options.n_sites} sites."
        raise PlanError(msg)


def find_floors(
    floors: Floors, options: Options, rows: Rows, *, budget_eur: int, most_works: int | None
) -> tuple[Rows, str]:
    """
    Find how many euros each district gets at least.

    Its share of the need of all sites, those in no district too, of `Floors.alpha` of the budget;
    where so much cannot be spent there, what can be.

    Parameters
    ----------
    floors, options
        What is due, and what may be done.
    rows
        Options that may be chosen; none costs more than the budget.
    budget_eur
        Whole euros. [€]
    most_works
        So many sites can be worked at in all; None: any.

    Returns
    -------
    numpy.ndarray
        Whole euros, shape ``(n_districts,)``. [€]
    str
        What was lowered, in a sentence; empty if nothing was.
    """
    need = floors.find_need(options)
    total = float(need.sum())
    due = floors.sum_sites(need) * (floors.alpha * budget_eur / total if total > 0.0 else 0.0)
    # What is a whole number but for rounding is not raised by a euro.
    euros = np.array([math.ceil(value - 1e-6) for value in due], np.int64)
    lowered = []
    for district in np.flatnonzero(euros):
        here = rows[floors.district[options.site[rows]] == district]
        most = find_most_spent(
            options, here, budget_eur=budget_eur, enough=int(euros[district]), works=most_works
        )
        if most < euros[district]:
            lowered.append(f"{floors.name(int(district))} {most:,} of {euros[district]:,} €")
            euros[district] = most
    note = f"Some districts cannot spend what they are due: {', '.join(lowered)}."
    return euros, note if lowered else ""


def find_most_spent(
    options: Options, rows: Rows, *, budget_eur: int, enough: int, works: int | None
) -> int:
    """
    Find how much of a budget can be spent on some options; no further than `enough`. [€].

    The dearest at each site, dearest first, nearly always comes to enough; what they cannot tell
    is left to the knapsack.
    """
    if not len(rows):
        return 0
    sites, group = np.unique(options.site[rows], return_inverse=True)
    dearest = np.zeros(len(sites), np.int64)
    np.maximum.at(dearest, group, options.cost_eur[rows])
    falling = np.sort(dearest)[::-1][:works]
    spent = 0
    for cost in falling:
        spent += int(cost) if spent + cost <= budget_eur else 0
        if spent >= enough:
            return spent
    if int(falling.sum()) <= budget_eur:
        return int(falling.sum())
    cost = options.cost_eur[rows].astype(float)
    if works is None:
        return choose_exactly(cost, cost, group, budget=budget_eur).cost
    limits = scipy.sparse.csr_array(np.stack([cost, np.ones(len(cost))]))
    program = Program(cost, group, limits, np.full(2, -np.inf), np.array([budget_eur, works]))
    return round(solve_program(program, gap=0.0).objective)
