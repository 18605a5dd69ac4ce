"""Where heat harms most: hazard times exposure times vulnerability, ranked, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from .errors import SiteError
from .exposure import Exposure
from .hazard import Hazard
from .level import HOT_UTCI_C
from .vulnerability import Vulnerability

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RiskModel:
    """
    How far weights are changed when ranks are tried; change one with `dataclasses.replace`.

    Attributes
    ----------
    n_draws, seed
        How often ranks are tried, and from which random numbers; our choice. [count]
    gtfs_spread, lines_spread, population_spread, default_spread
        Spread of the logarithm of who waits, by what it is known from: a quarter with a
        timetable, two thirds where nothing is known; our choice. [1]
    age_spread
        Vulnerability is taken to powers of 1 with so much spread: 0 treats all alike, 2 doubles
        what sets them apart; our choice. [1]
    threshold_spread_k
        Of the UTCI from which heat is counted; our choice. [K]
    low_pct, high_pct
        Ends of the ranks that are told. [%]
    tie_share
        Whoever differs by less than this of the greater has one rank; our choice. [1]
    """

    n_draws: int = 200
    seed: int = 20240720
    gtfs_spread: float = 0.25
    lines_spread: float = 0.4
    population_spread: float = 0.5
    default_spread: float = 0.65
    age_spread: float = 0.4
    threshold_spread_k: float = 1.0
    low_pct: float = 5.0
    high_pct: float = 95.0
    tie_share: float = 1e-6

    def exposure_spread(self, tier: str) -> float:
        """Tell the spread of who waits by what it is known from. [1]."""
        spread: float = getattr(self, f"{tier}_spread")
        return spread


@dataclass(frozen=True, eq=False, slots=True)
class Risk:
    """
    Heat on people at sites, in one design day.

    Attributes
    ----------
    heat_person_kh
        Kelvins of UTCI above 32 °C, times hours, times persons, times their vulnerability, shape
        ``(n_sites,)``. [person K h]
    rank
        1 is the worst; ties share the best of their ranks; 0 where the heat is unknown,
        ``(n_sites,)``.
    rank_low, rank_high
        Between which it lies in nine of ten draws of other weights, 0 where the heat is unknown,
        ``(n_sites,)``.
    reasons
        How much less `heat_person_kh` would be, ``(n_sites,)`` each: without the sun's beam
        (``sun``), on cool and dull ground (``ground``), with the wind outside the shelter
        (``wind``), with as much waiting as at the middle site of its kind (``waiting``), with
        people who are no more vulnerable than healthy adults (``age``). They overlap, and do not
        add up; below 0 where it would be more. [person K h]
    """

    heat_person_kh: Floats
    rank: NDArray[np.int64]
    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]
    reasons: Mapping[str, Floats]

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


def score_risk(
    hazard: Hazard,
    exposure: Exposure,
    vulnerability: Vulnerability,
    *,
    kinds: NDArray[np.str_] | None = None,
    model: RiskModel = RiskModel(),
) -> Risk:
    """
    Score the heat on people, rank the sites, and try the ranks under other weights.

    Parameters
    ----------
    hazard, exposure, vulnerability
        Of the same sites and hours.
    kinds
        Kind of each site, among which waiting is compared, ``(n_sites,)``; None: among all.
    model
        Assumptions.

    Raises
    ------
    SiteError
        If the three are not of the same sites and hours.
    """
    n_sites = hazard.n_sites
    shapes = (exposure.person_minutes.shape, vulnerability.factor.shape)
    if shapes != (hazard.utci_c.shape, (n_sites,)):
        msg = (
            f"Wanted hazard, exposure and vulnerability of one list of sites; got {n_sites} sites, "
            f"{shapes[0][1]} and {shapes[1][0]}, in {len(hazard.begins)} and {shapes[0][0]} "
            "intervals: build all three from the same."
        )
        raise SiteError(msg)
    heat = find_heat(hazard.utci_c, exposure.person_minutes) * vulnerability.factor
    rank = _rank(heat, model)
    low, high = _try_ranks(hazard, exposure, vulnerability, rank, model)
    return Risk(
        heat_person_kh=heat,
        rank=rank,
        rank_low=low,
        rank_high=high,
        reasons=_find_reasons(heat, hazard, exposure, vulnerability, kinds),
    )


def find_heat(utci_c: Floats, person_minutes: Floats, *, threshold_c: float = HOT_UTCI_C) -> Floats:
    """Add up kelvins above a threshold, times persons, over the first axis. [person K h]."""
    # Person-minutes of an interval over its length are persons; times its hours, person hours.
    hours = person_minutes / 60.0
    heat: Floats = (np.maximum(utci_c - threshold_c, 0.0) * hours).sum(axis=0)
    return heat


def _rank(heat: Floats, model: RiskModel) -> NDArray[np.int64]:
    """Rank from the worst; those that hardly differ share the best of their ranks."""
    known = np.flatnonzero(np.isfinite(heat))
    order = known[np.argsort(-heat[known], kind="stable")]
    falling = heat[order]
    # Compared with the first of its group, lest many small steps make one long tie.
    rank = np.zeros(len(heat), np.int64)  # what is unknown has none, and takes none from others
    first = 0
    for place, value in enumerate(falling):
        if falling[first] - value > model.tie_share * max(falling[first], 1e-12):
            first = place
        rank[order[place]] = first + 1
    return rank


def _try_ranks(
    hazard: Hazard,
    exposure: Exposure,
    vulnerability: Vulnerability,
    rank: NDArray[np.int64],
    model: RiskModel,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rank again and again under other weights; the told rank is always within."""
    rng = np.random.default_rng(model.seed)
    spread = np.array([model.exposure_spread(str(tier)) for tier in exposure.tier])
    known = rank > 0
    tried = np.zeros((model.n_draws, hazard.n_sites))
    for draw in range(model.n_draws):
        threshold_c = HOT_UTCI_C + model.threshold_spread_k * rng.standard_normal()
        power = max(1.0 + model.age_spread * rng.standard_normal(), 0.0)
        who = np.exp(spread * rng.standard_normal(hazard.n_sites))
        heat = find_heat(hazard.utci_c, exposure.person_minutes, threshold_c=threshold_c)
        heat *= vulnerability.factor**power * who
        tried[draw, known] = rankdata(-heat[known], method="min")
    low, high = np.percentile(tried, (model.low_pct, model.high_pct), axis=0)
    return (
        np.minimum(np.floor(low).astype(np.int64), rank),
        np.maximum(np.ceil(high).astype(np.int64), rank),
    )


def _find_reasons(
    heat: Floats,
    hazard: Hazard,
    exposure: Exposure,
    vulnerability: Vulnerability,
    kinds: NDArray[np.str_] | None,
) -> dict[str, Floats]:
    persons = exposure.persons
    groups = np.zeros(len(heat), np.int64)
    if kinds is not None:
        groups = np.unique(np.asarray(kinds, str), return_inverse=True)[1]
    middle = np.zeros(len(heat))
    for group in np.unique(groups):
        middle[groups == group] = np.median(persons[groups == group])
    usual = np.divide(middle, persons, out=np.ones_like(heat), where=persons > 0.0)
    return {
        **{
            cause: heat - find_heat(utci_c, exposure.person_minutes) * vulnerability.factor
            for cause, utci_c in hazard.utci_without.items()
        },
        "waiting": heat * (1.0 - usual),
        "age": heat * (1.0 - 1.0 / vulnerability.factor),
    }
