"""Intervals: between which ends the time in the sun of a walk lies, given what is guessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .route import Route
from .shade import LIT, ShadeTable


@dataclass(frozen=True, slots=True)
class IntervalModel:
    """
    How the errors of guesses go together; change one with `dataclasses.replace`.

    Chosen so that intervals hold about nine times in ten: `benchmarks/measure_intervals.py` finds
    89 % at Helsinki, 95 % at Wittenau, 94 % at Karlsruhe and 89 % in Monaco where a random half
    of the told heights is hidden. Where all are, it is 86, 94, 94 and 64 %: no table foresees
    Monaco's towers.

    Attributes
    ----------
    common
        Correlation of the errors at two ends of a city. [1]
    reach_m
        Distance over which the rest of it falls to 1/e. [m]
    """

    common: float = 0.2
    reach_m: float = 100.0


@dataclass(frozen=True, slots=True)
class SunInterval:
    """
    Time in the sun of one walk.

    Attributes
    ----------
    low_s, best_s, high_s
        The least, the best guess and the most; what is unknown counts as sun in each. [s]
    """

    low_s: float
    best_s: float
    high_s: float


def find_interval(
    shade: ShadeTable, route: Route, *, model: IntervalModel = IntervalModel()
) -> SunInterval:
    """
    Find the interval of the time in the sun of a walk.

    The errors along a walk are neither one nor independent: two edges at a distance d from each
    other have a correlation of ``common + (1 - common) * exp(-d / reach_m)``.

    Parameters
    ----------
    shade
        What the route was found with.
    route
        The walk.
    model
        Assumptions.
    """
    sun_s, less_s, more_s = find_doubts(shade, route)
    middle = _find_middles(route)
    apart_m = np.hypot(*(middle[:, None] - middle[None]).T)
    alike = model.common + (1.0 - model.common) * np.exp(-apart_m / model.reach_m)
    unknown_s = float(route.edge_walk_s[np.isnan(route.edge_sun_fraction)].sum())
    best_s = float(sun_s.sum())
    low_s = best_s - float(np.sqrt(less_s @ alike @ less_s))
    high_s = best_s + float(np.sqrt(more_s @ alike @ more_s))
    return SunInterval(max(low_s, min(unknown_s, best_s)), best_s, min(high_s, float(route.walk_s)))


def find_doubts(
    shade: ShadeTable, route: Route
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """
    Tell the time in the sun on each edge of a walk, and how much less or more it may be.

    Shape ``(n_walked,)`` each; nothing less or more where it is unknown. [s]
    """
    begins_s = int((route.departs - shade.times[0]).total_seconds() // 1)
    row = np.minimum((begins_s + route.entered_s) // shade.slot_s, len(shade) - 1)
    best, low, high = (
        np.minimum(table[row, route.edge], LIT).astype(float)
        for table in (shade.sun, shade.low, shade.high)
    )
    per_s = route.edge_walk_s / LIT
    return per_s * best, per_s * (best - low), per_s * (high - best)


def _find_middles(route: Route) -> NDArray[np.float64]:
    """Find the place halfway between the ends of each edge, shape ``(n_walked, 2)``. [m]."""
    ends = route.xy[route.edge_vertex]
    return 0.5 * (ends[:-1] + ends[1:])
