"""Profiles: how much of something there is at each hour of a local day, and at given times."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.errors import NaiveTimeError
from solarpass.tables import read_numbers

from .errors import TimetableError

HOURS = 24

_SLICE = pd.Timedelta(minutes=15)  # zones are off whole hours by multiples of it
_LONGEST = pd.Timedelta(days=1)


def read_profile(table: str, *, key: str, of: str, quantity: str) -> NDArray[np.float64]:
    """
    Read one profile of our tables, whose rows name the hour from which they hold.

    Parameters
    ----------
    table, key, of
        The table, the column that names what a row is about, and which of these.
    quantity
        Its name before ``_from_HH``.

    Returns
    -------
    NDArray
        One value a local hour, shape ``(24,)``; zeros if the table tells nothing of it.
    """
    told = read_numbers(table, key=key).get(of, {})
    values = np.zeros(HOURS)
    for name in sorted(told):  # two digits sort by the clock
        match = re.fullmatch(rf"{quantity}_from_(\d\d)", name)
        if match:
            values[int(match[1]) :] = told[name]
    return values


def find_step(begins: pd.DatetimeIndex) -> pd.Timedelta:
    """
    Find the length of intervals from where they begin; an hour where there is but one.

    Raises
    ------
    NaiveTimeError
        If they carry no zone.
    TimetableError
        If they do not follow each other, or at no steady step of a day at most.
    """
    if begins.tz is None:
        msg = "`begins` needs a time zone, such as 'Europe/Berlin'; got times without one."
        raise NaiveTimeError(msg)
    if len(begins) < 2:
        return pd.Timedelta(hours=1)
    gaps = begins[1:] - begins[:-1]
    step = gaps.min()
    if begins.hasnans or step <= pd.Timedelta(0) or step > _LONGEST or gaps.max() != step:
        msg = (
            "`begins` must follow each other at one step of a day at most; got steps from "
            f"{gaps.min()} to {gaps.max()}: fill the gaps first."
        )
        raise TimetableError(msg)
    return step


def hour_shares(begins: pd.DatetimeIndex) -> NDArray[np.float64]:
    """
    Tell how many hours of each local hour of the day an interval holds.

    An hour that autumn repeats is held twice, one that spring skips not at all, so intervals
    of a local day sum up to the day's own 23, 24 or 25 hours.

    Parameters
    ----------
    begins
        Zone-aware starts of intervals at one step, shape ``(n_times,)``.

    Returns
    -------
    NDArray
        Shape ``(n_times, 24)``; rows sum up to the step. [h]

    Raises
    ------
    NaiveTimeError
        If they carry no zone.
    TimetableError
        If they do not follow each other at one step.

    Examples
    --------
    >>> hours = hour_shares(pd.DatetimeIndex(["2026-07-20 13:30+02:00"]))
    >>> hours[0, 12:16].tolist()
    [0.0, 0.5, 0.5, 0.0]
    """
    step = find_step(begins)
    n_slices = max(1, -int(-step // _SLICE))
    shares = np.zeros((len(begins), HOURS))
    rows = np.arange(len(begins))
    for part in range(n_slices):
        middle = begins + step * ((part + 0.5) / n_slices)
        shares[rows, middle.hour] += step / pd.Timedelta(hours=1) / n_slices
    return shares
