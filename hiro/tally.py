"""Rows and times of weather, counted in a few words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

_MOST = 4


def count_rows(number: int) -> str:
    """
    Tell how many rows there are.

    Examples
    --------
    >>> count_rows(1), count_rows(1200)
    ('1 row', '1,200 rows')
    """
    return "1 row" if number == 1 else f"{number:,} rows"


def count_hours(times: Iterable[pd.Timestamp]) -> str:
    """
    Tell times in a few words: the first ones, and how many more there are.

    Examples
    --------
    >>> count_hours(pd.date_range("2026-07-20", periods=6, freq="h", tz="UTC"))
    '2026-07-20 00:00, 01:00, 02:00, 03:00 and 2 more'
    """
    listed = list(times)
    told, last = [], None
    for time in listed[:_MOST]:
        told.append(f"{time:%H:%M}" if time.date() == last else f"{time:%Y-%m-%d %H:%M}")
        last = time.date()
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return ", ".join(told) + more
