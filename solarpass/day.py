"""Days: what is made of local days once, such as their shade, shared by all who ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

import pandas as pd

STEP_MIN = 5  # the slot of the routing law
AFTER_MIDNIGHT_H = 6  # a walk that starts late may end on the next day
N_DAYS_KEPT = 4  # shared by all sessions; a day of 30,000 edges is 33 MB, best and both ends

T = TypeVar("T")


class Days(Generic[T]):
    """What was made of the days last asked for; who asks for the same day waits for one."""

    def __init__(self) -> None:
        self._tables: OrderedDict[date, Future[T]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, day: date, build: Callable[[], T]) -> T:
        """Find what was made of a day, made now if it is not among the last ones."""
        with self._lock:
            is_first = day not in self._tables
            if is_first:
                self._tables[day] = Future()
                if len(self._tables) > N_DAYS_KEPT:
                    self._tables.popitem(last=False)
            self._tables.move_to_end(day)
            table = self._tables[day]
        if is_first:
            try:
                table.set_result(build())
            except BaseException as error:
                with self._lock:
                    self._tables.pop(day, None)  # the next who asks tries again
                table.set_exception(error)
                raise
        return table.result()


def day_times(day: date, zone: ZoneInfo) -> pd.DatetimeIndex:
    """
    List the middles of the 5-minute slots from one local midnight to six hours past the next.

    A day on which the clock changes has 23 or 25 hours; the steps stay even.

    Examples
    --------
    >>> times = day_times(date(2026, 7, 15), ZoneInfo("Europe/Helsinki"))
    >>> len(times), str(times[0])
    (360, '2026-07-15 00:02:30+03:00')
    >>> len(day_times(date(2026, 10, 25), ZoneInfo("Europe/Berlin")))
    372
    """
    first = datetime.combine(day, time(), tzinfo=zone)
    after = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    starts = pd.date_range(
        pd.Timestamp(first),
        pd.Timestamp(after) + pd.Timedelta(hours=AFTER_MIDNIGHT_H),
        freq=f"{STEP_MIN}min",
        inclusive="left",
    )
    return starts + pd.Timedelta(minutes=STEP_MIN) / 2
