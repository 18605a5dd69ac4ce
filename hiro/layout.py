"""Layouts: wishes as rows of a program, over what is chosen, when, and whom it reaches."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .option import Options
from .program import Program
from .wishes import Allowed, PlanModel, Wishes

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(slots=True)
class Layout:
    """
    A program on its way.

    Its variables are choices (``x``), the year of each (``v``), offers (``z``), sites reached
    (``y``) and the worst-met need (``t``); only choices are whole numbers.

    Attributes
    ----------
    group
        Site of each choice, ``(n_choices,)``.
    n
        Variables in all.
    first
        Where each kind of variables begins.
    values, rows, columns
        Coefficients of all rows, in blocks.
    lows, highs
        Ends of all rows, in blocks.
    """

    group: Rows
    n: int = 0
    first: dict[str, int] = field(default_factory=dict)
    values: list[Floats] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    columns: list[Rows] = field(default_factory=list)
    lows: list[Floats] = field(default_factory=list)
    highs: list[Floats] = field(default_factory=list)

    def open(self, kind: str, n: int) -> int:
        """Lay out variables of a kind; return the first."""
        self.first[kind] = self.n
        self.n += n
        return self.first[kind]

    def add(
        self, values: Floats, at: tuple[Rows, Rows], *, low: Floats, high: float = np.inf
    ) -> None:
        """Add a block of rows: coefficients at rows, from 0, and columns; lower ends, one upper."""
        before = sum(len(block) for block in self.lows)
        self.values.append(values)
        self.rows.append(at[0] + before)
        self.columns.append(at[1])
        self.lows.append(low)
        self.highs.append(np.full(len(low), high))

    def add_sum(
        self, columns: Rows, values: Floats, *, low: float = -np.inf, high: float = np.inf
    ) -> None:
        """Add one row."""
        at = (np.zeros(len(columns), np.int64), columns)
        self.add(values, at, low=np.array([low]), high=high)

    def build(self, benefit: Floats) -> Program:
        """Give the program with a goal, of the first variables at least."""
        n_choices = len(self.group)
        low = np.concatenate(self.lows)
        at = (np.concatenate(self.rows), np.concatenate(self.columns))
        matrix = scipy.sparse.coo_array((np.concatenate(self.values), at), shape=(len(low), self.n))
        return Program(
            benefit=np.concatenate([benefit, np.zeros(self.n - len(benefit))]),
            group=np.concatenate([self.group, np.full(self.n - n_choices, -1)]),
            rows=matrix.tocsr(),
            row_low=low,
            row_high=np.concatenate(self.highs),
            is_whole=np.arange(self.n) < n_choices,
        )


def find_factors(options: Options, n_years: int) -> Floats:
    """
    Tell what share of the horizon is left to works of each year, ``(n_years,)``. [1].

    A work of the third year relieves for two years less of those over which relief is averaged.
    """
    factors: Floats = 1.0 - np.arange(n_years) / options.horizon_years
    return factors


def weigh_coverage(model: PlanModel) -> Floats:
    """Tell what an hour of water and of a seat counts, in the order of `SERVED`. [K]."""
    return np.array([model.water_weight_k, model.seat_weight_k])


def lay_out(
    options: Options, wishes: Wishes, allowed: Allowed, *, floor_eur: Rows | None
) -> Layout:
    """
    Lay wishes out as rows; the first row is the budget.

    Parameters
    ----------
    options, wishes, allowed
        What may be done, what a plan shall keep to, and what is left of it.
    floor_eur
        Of each district, ``(n_districts,)``; None: none. [€]
    """
    rows = allowed.rows
    site = options.site[rows]
    one = np.ones(len(rows))
    layout = Layout(group=site)
    choice = np.arange(len(rows)) + layout.open("x", len(rows))
    cost = options.cost_eur[rows].astype(float)
    layout.add_sum(choice, cost, high=wishes.budget_eur)
    if wishes.upkeep_eur_per_year is not None:
        upkeep = options.upkeep_eur_per_year[rows].astype(float)
        layout.add_sum(choice, upkeep, high=wishes.upkeep_eur_per_year)
    _add_least(layout, site, one, allowed.must.astype(float))
    if floor_eur is not None and wishes.floors is not None:
        _add_least(layout, wishes.floors.district[site], cost, floor_eur.astype(float))
    for kind, least in wishes.at_least.items():
        ours = choice[wishes.kinds[site] == kind] if wishes.kinds is not None else choice
        layout.add_sum(ours, np.ones(len(ours)), low=least)
    if wishes.most_a_year is not None and wishes.n_years == 1:
        layout.add_sum(choice, one, high=wishes.most_a_year)
    elif wishes.most_a_year is not None:
        _add_years(layout, most=wishes.most_a_year, n_years=wishes.n_years)
    _add_coverage(layout, wishes, rows)
    return layout


def _add_least(layout: Layout, of: Rows, values: Floats, least: Floats) -> None:
    """Sum choices by what they are of, where something is due."""
    due = np.flatnonzero(least > 0.0)
    place = np.full(len(least) + 1, -1)  # the last is of those that are of none, at -1
    place[due] = np.arange(len(due))
    ours = np.flatnonzero(place[of] >= 0)
    layout.add(values[ours], (place[of[ours]], ours), low=least[due])


def _add_years(layout: Layout, *, most: int, n_years: int) -> None:
    """
    Put each work in a year.

    Years need not be whole numbers: once it is settled what is chosen, to put works into years
    with room for so many is a transport problem, and the best corners of those are whole.
    """
    n_choices = len(layout.group)
    n = n_choices * n_years
    column = layout.open("v", n) + np.arange(n)
    choice = np.arange(n_choices)
    values = np.concatenate([np.ones(n), -np.ones(n_choices)])
    at = (
        np.concatenate([np.repeat(choice, n_years), choice]),
        np.concatenate([column, choice]),
    )
    layout.add(values, at, low=np.zeros(n_choices), high=0.0)
    year = np.tile(np.arange(n_years), n_choices)
    layout.add(np.ones(n), (year, column), low=np.full(n_years, -np.inf), high=most)


def _add_coverage(layout: Layout, wishes: Wishes, rows: Rows) -> None:
    """Count a site as reached as far as an offer is made that reaches it."""
    coverage = wishes.coverage
    if coverage is None:
        return
    z = layout.open("z", sum(reached.shape[1] for reached in coverage.reached))
    y = layout.open("y", sum(reached.shape[0] for reached in coverage.reached))
    for reached, offers in zip(coverage.reached, coverage.offers, strict=True):
        n_sites, n_offers = reached.shape
        makes = np.flatnonzero(offers[rows] >= 0)
        near = reached.tocoo()
        for column, n, row, made in (
            (z, n_offers, offers[rows[makes]], makes),
            (y, n_sites, near.coords[0], z + near.coords[1]),
        ):
            values = np.concatenate([np.ones(n), -np.ones(len(made))])
            at = (
                np.concatenate([np.arange(n), row]),
                np.concatenate([column + np.arange(n), made]),
            )
            layout.add(values, at, low=np.full(n, -np.inf), high=0.0)
        z, y = z + n_offers, y + n_sites


def find_benefit(
    layout: Layout, options: Options, wishes: Wishes, allowed: Allowed, *, model: PlanModel
) -> Floats:
    """Tell what each variable counts, ``(n,)``. [person K h]."""
    benefit = np.zeros(layout.n)
    columns, relief, _ = find_relief(layout, options, wishes, allowed)
    benefit[columns] = relief
    if wishes.coverage is not None:
        worth = weigh_coverage(model)[:, None] * wishes.coverage.persons
        y = layout.first["y"]
        benefit[y : y + worth.size] = worth.ravel()
    return benefit


def find_relief(
    layout: Layout, options: Options, wishes: Wishes, allowed: Allowed
) -> tuple[Rows, Floats, Rows]:
    """
    Find which variables bring relief: those of the choices, or of their years.

    Returns
    -------
    columns, relief, site
        Of each such variable: where it stands, what it brings and at which site.
    """
    relief = options.relief_person_kh[allowed.rows]
    if "v" not in layout.first:
        return np.arange(len(relief)), relief, layout.group
    by_year = np.outer(relief, find_factors(options, wishes.n_years)).ravel()
    columns = layout.first["v"] + np.arange(len(by_year))
    return columns, by_year, np.repeat(layout.group, wishes.n_years)
