"""Cohorts: persons and ages at each place, what is unknown filled and small numbers steadied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .age import OLDEST, expected_share, national_structure, split_ages
from .population import Population

_WHOLE = 0.999  # classes that hold this share of a country tell of all ages
_MOST_SUPPRESSED = 9.0  # an office hides but small counts; a gap beside large ones is none of these


@dataclass(frozen=True, eq=False, slots=True)
class Cohorts:
    """
    Who lives at each place of a population.

    Attributes
    ----------
    persons
        Of all ages; NaN where nobody can tell, shape ``(n_places,)``. [persons]
    ages
        Share of each year of age, rows sum up to 1; NaN where nothing is told,
        shape ``(n_places, 86)``.
    is_estimated
        Whether the persons are reckoned from some classes of age only.
    notes
        One sentence each on what was assumed.
    """

    persons: NDArray[np.float64]
    ages: NDArray[np.float64]
    is_estimated: bool
    notes: tuple[str, ...]

    def persons_of(self, first: int, last: int) -> NDArray[np.float64]:
        """Count the persons of ages from the first to the last, shape ``(n_places,)``."""
        return np.asarray(self.persons * self.ages[:, first : last + 1].sum(axis=1))


def build_cohorts(population: Population, *, n0_persons: float) -> Cohorts:
    """
    Fill what a population does not tell, and steady the shares of small cells.

    A suppressed count lies between none and one less than the least that the table tells: it is
    taken as the middle, or as what the cell's total leaves for it. Where a table has no totals
    and tells of some ages only, such as 0-9 and 80+, these are taken for as large a share of
    all as in the country: what is read from it is then how old and young stand to each other.
    A cell's shares are drawn to those of the whole table as if `n0_persons` more lived in it
    (empirical Bayes); shares of districts, whose persons are not told, stay.

    Parameters
    ----------
    population
        Cells or districts.
    n0_persons
        Weight of the mean. [persons]
    """
    expected = np.array([expected_share(ages) for ages in population.classes])
    told = np.isfinite(population.counts).any(axis=1) | np.isfinite(population.totals)
    if population.unit == "fraction":
        share, persons, notes = _steady_shares(population, n0_persons, expected)
        estimated = False
    else:
        share, persons, notes = _steady_counts(population, n0_persons, expected)
        estimated = not np.isfinite(population.totals).any() and expected.sum() < _WHOLE
    ages = split_ages(share, population.classes)
    if not population.classes:
        ages = np.broadcast_to(national_structure(), (len(population), OLDEST + 1)).copy()
        notes.append("The population tells no ages; those of the country are taken.")
    ages[~told] = np.nan
    return Cohorts(np.where(told, persons, np.nan), ages, estimated, tuple(notes))


def _steady_counts(
    population: Population, n0_persons: float, expected: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    counts, notes = _fill_counts(population, expected)
    covered, sums = float(expected.sum()), counts.sum(axis=1)
    totals = population.totals
    reckoned = sums / covered if 0.0 < covered < _WHOLE else sums
    persons = np.where(np.isfinite(totals), np.maximum(np.nan_to_num(totals), sums), reckoned)
    n_reckoned = int(np.isnan(totals).sum())
    if n_reckoned and 0.0 < covered < _WHOLE:
        known = " and ".join(map(str, population.classes))
        notes.append(
            f"{n_reckoned} cells tell no total: their people of {known} are taken as "
            f"{covered:.1%} of all, as in the country."
        )
    whole = max(float(persons.sum()), 1e-9)
    mean = counts.sum(axis=0) / whole
    share = (counts + n0_persons * mean) / np.maximum(persons + n0_persons, 1e-9)[:, None]
    return share, persons, notes


def _fill_counts(
    population: Population, expected: NDArray[np.float64]
) -> tuple[NDArray[np.float64], list[str]]:
    """Fill suppressed counts: the middle of what they may be, or what the total leaves."""
    counts = population.counts
    unknown = np.isnan(counts)
    told = np.asarray(np.isfinite(counts).any(axis=1))
    n_unknown = int(unknown[told].sum())
    positive = counts[~unknown & (np.nan_to_num(counts) > 0.0)]
    most = float(positive.min()) - 1.0 if positive.size else 0.0
    sums = np.nansum(counts, axis=1)
    left = np.maximum(population.totals - sums, 0.0)
    open_share = (unknown * expected).sum(axis=1) + max(1.0 - float(expected.sum()), 0.0)
    part = np.where(unknown, expected, 0.0) / np.maximum(open_share, 1e-9)[:, None]
    by_total = part * np.nan_to_num(left)[:, None]
    if 0.0 < most <= _MOST_SUPPRESSED:
        way = f"suppressed or none, between 0 and {most:g}: the middle is taken"
        guess = np.where(np.isfinite(left)[:, None], np.minimum(by_total, most), most / 2.0)
    else:
        way = "not told: they are taken as in the country"
        beside = sums / np.maximum((~unknown * expected).sum(axis=1), 1e-9)
        guess = np.where(np.isfinite(left)[:, None], by_total, beside[:, None] * expected)
    notes = [f"{n_unknown} counts of age are {way}, or what the total leaves."] if n_unknown else []
    return np.where(unknown, guess, np.nan_to_num(counts)), notes


def _steady_shares(
    population: Population, n0_persons: float, expected: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    shares, persons = population.counts, population.totals
    known = np.isfinite(shares)
    n_known = known.sum(axis=0)
    sums = np.where(known, shares, 0.0).sum(axis=0)
    mean = np.where(n_known > 0, sums / np.maximum(n_known, 1), expected)
    filled = np.where(known, np.nan_to_num(shares), mean)
    n_filled = int((~known[np.asarray(known.any(axis=1))]).sum())
    notes = [f"{n_filled} shares of age are not told: the mean stands."] if n_filled else []
    weight = n0_persons / np.maximum(persons + n0_persons, 1e-9)
    weight = np.where(np.isfinite(persons), weight, 0.0)[:, None]
    return filled * (1.0 - weight) + mean * weight, persons, notes
