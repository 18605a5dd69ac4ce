"""Leaves: how far trees are in leaf on each day of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .trees import find_traits

N_DAYS = 366


@dataclass(frozen=True, slots=True)
class LeafModel:
    """
    How leaves come and go beside what `tree.csv` and `genus.csv` tell; all our choice.

    Attributes
    ----------
    ramp_days
        From the first leaf to the last. [d]
    tropic_deg
        Below this latitude trees are never bare. [°]
    """

    ramp_days: float = 30.0
    tropic_deg: float = 25.0


def leaf_fraction(
    day: date, latitude_deg: float, *, genus: str | None = None, model: LeafModel = LeafModel()
) -> float:
    """
    Tell how far trees are in leaf: 1 fully, 0 bare.

    Parameters
    ----------
    day
        Of the local year.
    latitude_deg
        South is negative. [°]
    genus
        None: deciduous trees in general.
    model
        Assumptions.

    Examples
    --------
    >>> leaf_fraction(date(2026, 7, 15), 60.2), leaf_fraction(date(2026, 1, 15), 60.2)
    (1.0, 0.0)
    >>> leaf_fraction(date(2026, 7, 15), -37.8), leaf_fraction(date(2026, 1, 15), 1.3)
    (0.0, 1.0)
    >>> leaf_fraction(date(2026, 1, 15), 52.5, genus="Taxus")
    1.0
    """
    return float(_year_of(latitude_deg, genus, model)[day.timetuple().tm_yday - 1])


def find_leaf_year(
    latitude_deg: float,
    *,
    area_m2: Mapping[str | None, float] | None = None,
    model: LeafModel = LeafModel(),
) -> NDArray[np.float64]:
    """
    Find how far the trees of a place are in leaf on each day of its year, shape ``(366,)``.

    Parameters
    ----------
    latitude_deg
        South is negative. [°]
    area_m2
        Crowns of each genus; None: deciduous trees in general. [m²]
    model
        Assumptions.
    """
    shares = {genus: area for genus, area in (area_m2 or {}).items() if area > 0.0} or {None: 1.0}
    mean = np.zeros(N_DAYS)
    for genus, area in shares.items():
        mean += area * _year_of(latitude_deg, genus, model)
    return mean / sum(shares.values())


def leaves_on(leaf_year: NDArray[np.float64], times: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Tell how far trees are in leaf at each time, by its local date, shape ``(n_times,)``."""
    leaf: NDArray[np.float64] = leaf_year[times.day_of_year.to_numpy() - 1]
    return leaf


def _year_of(latitude_deg: float, genus: str | None, model: LeafModel) -> NDArray[np.float64]:
    poleward = abs(latitude_deg)
    traits = find_traits(genus)
    if poleward < model.tropic_deg or traits.get("evergreen"):
        return np.ones(N_DAYS)
    of_year = np.arange(1, N_DAYS + 1)
    if latitude_deg < 0.0:  # the southern year is half a year behind
        of_year = (of_year + 182) % 365
    out = traits["leaf_out_day"] + traits["leaf_out_per_deg"] * (poleward - 50.0)
    fall = traits["leaf_fall_day"] - traits["leaf_fall_per_deg"] * (poleward - 50.0)
    if fall <= out:  # so near the pole that the table has no summer
        return np.zeros(N_DAYS)
    opened = 0.5 + (of_year - out) / model.ramp_days
    closed = 0.5 + (fall - of_year) / model.ramp_days
    leaf: NDArray[np.float64] = np.clip(np.minimum(opened, closed), 0.0, 1.0)
    return leaf
