"""Short gaps in weather, filled between their neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fill_gaps(
    values: Floats, *, begins: pd.DatetimeIndex, step: pd.Timedelta, longest: pd.Timedelta
) -> tuple[Floats, int]:
    """
    Interpolate over short gaps in time.

    Parameters
    ----------
    values
        One column, NaN where missing, shape ``(n_times,)``.
    begins, step
        The intervals.
    longest
        Gaps of missing values up to this long are filled; longer ones stay.

    Returns
    -------
    tuple
        The column, and how many values were filled.

    Examples
    --------
    >>> hours = pd.date_range("2026-07-20", periods=4, freq="h", tz="UTC")
    >>> hour = pd.Timedelta(hours=1)
    >>> fill_gaps(np.array([1.0, np.nan, 2.0, np.nan]), begins=hours, step=hour, longest=2 * hour)
    (array([1. , 1.5, 2. , nan]), 1)
    """
    known = np.flatnonzero(np.isfinite(values))
    lost = np.flatnonzero(~np.isfinite(values))
    if not len(lost) or len(known) < 2:
        return values, 0
    time = begins.as_unit("ns").asi8.astype(float)
    after = np.searchsorted(known, lost)
    inside = (after > 0) & (after < len(known))
    lost, after = lost[inside], after[inside]
    gap = time[known[after]] - time[known[after - 1]] - step / pd.Timedelta(nanoseconds=1)
    short = lost[gap <= longest / pd.Timedelta(nanoseconds=1)]
    filled = values.copy()
    filled[short] = np.interp(time[short], time[known], values[known])
    return filled, len(short)
