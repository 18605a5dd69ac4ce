"""Gains: what each option brings at its site, in numbers one can say."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .level import HOT_UTCI_C, find_level
from .option import Options

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Gains:
    """
    What each option brings, row for row of the same options.

    Attributes
    ----------
    hot_h
        Hours of the day from 32 °C UTCI at each site as it is, ``(n_sites,)``. [h]
    cooler_k
        By how much it feels cooler in those hours, on average, once all has grown; below 0 where
        it feels hotter, NaN where there are none, ``(n_options,)``. [K]
    share
        Of the site's heat on people, how much is taken away once all has grown; NaN where there
        is none, ``(n_options,)``. [1]
    level_before, level_after
        By the hottest interval, as it is, ``(n_sites,)``, and once all has grown, ``(n_options,)``;
        -1 where that is not known.
    """

    hot_h: Floats
    cooler_k: Floats
    share: Floats
    level_before: NDArray[np.int8]
    level_after: NDArray[np.int8]

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            getattr(self, item.name).flags.writeable = False


def find_gains(options: Options) -> Gains:
    """Tell what each option brings at its site."""
    before_c = options.utci_before_c
    is_hot = before_c >= HOT_UTCI_C
    n_hot = is_hot.sum(axis=0)
    site = options.site
    less_k = np.where(is_hot[:, site], before_c[:, site] - options.utci_after_c, 0.0).sum(axis=0)
    heat = options.heat_person_kh[site]
    with np.errstate(divide="ignore", invalid="ignore"):
        cooler_k = less_k / n_hot[site]
        share = options.relief_grown_person_kh / heat
    return Gains(
        hot_h=n_hot * options.step_h,
        cooler_k=np.where(n_hot[site] > 0, cooler_k, np.nan),
        share=np.where(heat > 0.0, share, np.nan),
        level_before=_find_worst(before_c),
        level_after=_find_worst(options.utci_after_c),
    )


def _find_worst(utci_c: Floats) -> NDArray[np.int8]:
    """Find the level of the hottest interval; -1 where not all is known."""
    worst_c = utci_c.max(axis=0, initial=-np.inf)
    known = np.isfinite(worst_c)
    level = find_level(np.where(known, worst_c, 0.0))
    return np.where(known, level, -1).astype(np.int8)


def rank_offers(options: Options, site: int, *, n_bundles: int = 2) -> Rows:
    """
    List what is worth telling of a site: single measures, and the best bundles; rows of options.

    Most relief for a euro comes first, what is free before that, and what relieves nobody last,
    by its price. A bundle is told if nothing cheaper at the site relieves as much.

    Parameters
    ----------
    options
        All that may be done.
    site
        Row of the site.
    n_bundles
        So many bundles at most, those that relieve most.
    """
    here = np.arange(len(options))[options.of_site(site)]
    relief, cost = options.relief_person_kh[here], options.cost_eur[here]
    bundles = [
        place
        for place, row in enumerate(here.tolist())
        if len(options.measures[row]) > 1
        and relief[place] > relief[(cost <= cost[place]) & (here != row)].max(initial=0.0)
    ]
    bundles.sort(key=lambda place: -float(relief[place]))
    singles = [row for row in here.tolist() if len(options.measures[row]) == 1]
    told = np.array(sorted([*singles, *here[bundles[:n_bundles]].tolist()]), np.int64)
    ranked: Rows = told[np.lexsort((told, options.cost_eur[told], -find_thrift(options)[told]))]
    return ranked


def find_thrift(options: Options) -> Floats:
    """Tell the relief for a euro of each option; infinite if it is free. [person K h €⁻¹]."""
    relief = options.relief_person_kh
    with np.errstate(divide="ignore", invalid="ignore"):
        thrift = relief / options.cost_eur
    # What brings nothing brings nothing for any money.
    told: Floats = np.where(relief == 0.0, 0.0, thrift)
    return told


def find_useful_eur(options: Options) -> tuple[int, int]:
    """
    Tell what the most relieving option of every site would cost together.

    Returns
    -------
    cost_eur, upkeep_eur_per_year
        Of equals the cheapest is taken, and nothing where nothing relieves. [€], [€ a⁻¹]
    """
    rows = np.flatnonzero(options.relief_person_kh > 0.0)
    order = rows[
        np.lexsort(
            (rows, options.cost_eur[rows], -options.relief_person_kh[rows], options.site[rows])
        )
    ]
    first = order[np.unique(options.site[order], return_index=True)[1]]
    return int(options.cost_eur[first].sum()), int(options.upkeep_eur_per_year[first].sum())
