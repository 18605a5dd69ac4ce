"""Balances: how hot it is for whom before and after a plan, in all and by district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .district import Districts
from .layout import find_factors
from .level import HOT_UTCI_C, LEVEL_UTCI_C, N_LEVELS, find_level
from .option import Options
from .plan import Plan

Mask = NDArray[np.bool_]

VERY_HOT_UTCI_C = LEVEL_UTCI_C[2]
"""From here on heat is very strong, level 3. [°C]"""

ELSEWHERE = "in no district"

_HELPED = (
    "Hours are summed over sites; person-hours helped are of all who are that day at sites where "
    "heat becomes less."
)
NOTES = (
    "Levels, hours and heat after the plan are told as on the same day once all has grown.",
    "The relief of a plan is the discounted mean over the horizon; once all has grown is another.",
    _HELPED,
)

UNITS: Mapping[str, str] = {
    "n_sites, n_works": "sites, and those at which something is done",
    "level_0 … level_4": "sites at each level, by their hottest interval",
    "heat_person_kh": "persons K h above 32 °C UTCI, times vulnerability; after: once all has "
    "grown",
    "hours_utci_above_32, hours_utci_above_38": "h, summed over the sites, of UTCI from 32 and 38 "
    "°C; after: once all has grown",
    "relief_person_kh": "persons K h, discounted mean over the horizon",
    "relief_grown_person_kh": "persons K h, once all has grown",
    "person_hours, person_hours_helped": "persons h of the day, and those at sites that become "
    "less hot",
    "cost_eur, upkeep_eur_per_year": "€, and € a-1",
    "eur_per_person_kh": "€ of investment for each of relief_person_kh; null if there is none",
    "person_hours_helped_per_1000_eur": "persons h; null if nothing is spent",
}


@dataclass(frozen=True, slots=True)
class State:
    """
    How hot it is at some sites on the day of the score.

    Attributes
    ----------
    sites_by_level
        How many are at levels 0 to 4 in their hottest interval.
    heat_person_kh
        Heat on people. [person K h]
    hours_utci_above_32, hours_utci_above_38
        With UTCI from 32 and from 38 °C, summed over the sites. [h]
    """

    sites_by_level: tuple[int, ...]
    heat_person_kh: float
    hours_utci_above_32: float
    hours_utci_above_38: float


@dataclass(frozen=True, slots=True)
class Account:
    """
    What a plan brings to some sites, and what it costs.

    Attributes
    ----------
    name
        Of the district; None of all sites.
    n_sites, n_works
        How many there are, and at how many something is done.
    before, after
        As it is, and once all has grown.
    relief_person_kh, relief_grown_person_kh
        As of the plan, the discounted mean over the horizon, and once all has grown. [person K h]
    person_hours, person_hours_helped
        Of the day, and of those at sites where heat becomes less. [persons h]
    cost_eur, upkeep_eur_per_year
        Whole euros. [€], [€ a⁻¹]
    """

    name: str | None
    n_sites: int
    n_works: int
    before: State
    after: State
    relief_person_kh: float
    relief_grown_person_kh: float
    person_hours: float
    person_hours_helped: float
    cost_eur: int
    upkeep_eur_per_year: int

    @property
    def eur_per_person_kh(self) -> float | None:
        """Investment for each person·K·h less, as the mean over the horizon; None for none. [€]."""
        return self.cost_eur / self.relief_person_kh if self.relief_person_kh > 0.0 else None

    @property
    def person_hours_helped_per_1000_eur(self) -> float | None:
        """Person-hours helped on such a day for 1,000 € of investment; None for none. [h]."""
        return 1000.0 * self.person_hours_helped / self.cost_eur if self.cost_eur else None


@dataclass(frozen=True, slots=True)
class Balance:
    """
    Before and after a plan.

    Attributes
    ----------
    total
        Of all sites.
    districts
        Of each district, in their order; last of sites in none, if there are any.
    notes
        Which figure is a mean over the years and which is once all has grown.
    """

    total: Account
    districts: tuple[Account, ...] = ()
    notes: tuple[str, ...] = NOTES


def draw_balance(options: Options, plan: Plan, *, districts: Districts | None = None) -> Balance:
    """
    Draw up what a plan brings.

    Parameters
    ----------
    options
        All that may be done.
    plan
        What is done of it.
    districts
        Of the sites; None: the total alone.
    """
    everywhere = np.ones(options.n_sites, dtype=bool)
    total = _account(options, plan, everywhere, name=None)
    if districts is None:
        return Balance(total)
    names = dict(enumerate(districts.names))
    if (districts.of_site < 0).any():
        names[-1] = ELSEWHERE
    return Balance(
        total,
        tuple(
            _account(options, plan, districts.of_site == place, name=name)
            for place, name in names.items()
        ),
    )


def find_relief(options: Options, plan: Plan) -> NDArray[np.float64]:
    """Tell the relief of each work; of a later year it counts by what is left of the horizon."""
    factors = find_factors(options, plan.wishes.n_years)
    relief: NDArray[np.float64] = options.relief_person_kh[plan.rows] * factors[plan.year]
    return relief


def _account(options: Options, plan: Plan, here: Mask, *, name: str | None) -> Account:
    """Add up what is done at some sites."""
    is_here = here[options.site[plan.rows]]
    rows, relief = plan.rows[is_here], find_relief(options, plan)[is_here]
    sites = options.site[rows]
    utci_c = options.utci_before_c.copy()
    utci_c[:, sites] = options.utci_after_c[:, rows]
    heat = options.heat_person_kh.copy()
    heat[sites] -= options.relief_grown_person_kh[rows]
    helped = sites[options.relief_person_kh[rows] > 0.0]
    return Account(
        name=name,
        n_sites=int(here.sum()),
        n_works=len(rows),
        before=_state(options.utci_before_c, options.heat_person_kh, here, options.step_h),
        after=_state(utci_c, heat, here, options.step_h),
        relief_person_kh=float(relief.sum()),
        relief_grown_person_kh=float(options.relief_grown_person_kh[rows].sum()),
        person_hours=float(options.persons[here].sum()),
        person_hours_helped=float(options.persons[helped].sum()),
        cost_eur=int(options.cost_eur[rows].sum()),
        upkeep_eur_per_year=int(options.upkeep_eur_per_year[rows].sum()),
    )


def _state(
    utci_c: NDArray[np.float64], heat_person_kh: NDArray[np.float64], here: Mask, step_h: float
) -> State:
    utci_c = utci_c[:, here]
    worst = find_level(utci_c.max(axis=0, initial=-np.inf))
    return State(
        sites_by_level=tuple(np.bincount(worst, minlength=N_LEVELS).tolist()),
        heat_person_kh=float(heat_person_kh[here].sum()),
        hours_utci_above_32=float((utci_c >= HOT_UTCI_C).sum() * step_h),
        hours_utci_above_38=float((utci_c >= VERY_HOT_UTCI_C).sum() * step_h),
    )


def tabulate_balance(balance: Balance) -> pd.DataFrame:
    """Lay a balance out as a table, a row the total and each district; units as in `UNITS`."""
    return pd.DataFrame([tell_account(one) for one in (balance.total, *balance.districts)])


def tell_account(account: Account) -> dict[str, Any]:
    """Tell one account as flat columns, ``…_before`` and ``…_after`` side by side."""
    flat: dict[str, Any] = {"name": account.name}
    for column, value in asdict(account).items():
        if column in {"before", "after"}:
            levels = dict(enumerate(value.pop("sites_by_level")))
            flat |= {f"level_{level}_{column}": n_sites for level, n_sites in levels.items()}
            flat |= {f"{name}_{column}": number for name, number in value.items()}
        else:
            flat[column] = value
    return flat | {
        "eur_per_person_kh": account.eur_per_person_kh,
        "person_hours_helped_per_1000_eur": account.person_hours_helped_per_1000_eur,
    }
