"""Waiting: how long riders wait for their line, and how many board it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import TimetableError


@dataclass(frozen=True, slots=True)
class WaitModel:
    """
    How long riders wait for a line that comes every so many minutes.

    Where it comes often they arrive at random; else by the timetable, a little ahead. The
    figures are handed down with the design as those of Fan & Machemehl (Austin, Texas), whom
    we did not read; the cap is our choice.

    Attributes
    ----------
    most_random_min
        Up to this headway riders arrive at random, and wait half of it. [min]
    planned_min, planned_fraction
        Beyond it they wait so long, and this share of the headway. [min, 1]
    most_min
        Nobody waits longer at the stop. [min]

    Raises
    ------
    TimetableError
        If one is no positive number.
    """

    most_random_min: float = 11.0
    planned_min: float = 2.0
    planned_fraction: float = 0.3
    most_min: float = 15.0

    def __post_init__(self) -> None:
        """Refuse waits that cannot be."""
        for one in fields(self):
            value = getattr(self, one.name)
            if not (math.isfinite(value) and value > 0.0):
                msg = f"`{one.name}` must be a positive number; got {value}."
                raise TimetableError(msg)


def find_wait_min(headway_min: ArrayLike, *, model: WaitModel = WaitModel()) -> NDArray[np.float64]:
    """
    Tell how long riders wait on average.

    Parameters
    ----------
    headway_min
        Between two departures of one line in one direction. [min]
    model
        Assumptions.

    Returns
    -------
    NDArray
        Of the same shape. [min]

    Examples
    --------
    >>> find_wait_min([4.0, 11.0, 20.0, 60.0]).tolist()
    [2.0, 5.5, 8.0, 15.0]
    """
    headway = np.asarray(headway_min, dtype=float)
    planned = model.planned_min + model.planned_fraction * headway
    wait = np.where(headway <= model.most_random_min, headway / 2.0, planned)
    return np.minimum(wait, model.most_min)
