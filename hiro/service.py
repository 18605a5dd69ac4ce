"""Services: which trips of a feed run on which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import TimetableError

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_WEEKS = 520  # from the day that was asked for
_EARLIEST, _LATEST = date(1900, 1, 1).toordinal(), date(2200, 12, 31).toordinal()


@dataclass(frozen=True, eq=False, slots=True)
class Services:
    """
    The calendar of a feed.

    Attributes
    ----------
    weekly
        ``service_id``, one flag a weekday, and ``start`` and ``end`` as days.
    added, removed
        Services by day, from ``calendar_dates.txt``.
    first, last
        Between which days any service may run.
    notes
        What was left out.
    """

    weekly: pd.DataFrame
    added: Mapping[date, frozenset[str]]
    removed: Mapping[date, frozenset[str]]
    first: date
    last: date
    notes: tuple[str, ...] = ()

    def find(self, day: date) -> frozenset[str]:
        """Find the services that run on a day."""
        number = day.toordinal()
        runs = self.weekly[_WEEKDAYS[day.weekday()]]
        runs = runs & (self.weekly["start"] <= number) & (self.weekly["end"] >= number)
        usual = frozenset(self.weekly["service_id"][runs])
        nothing: frozenset[str] = frozenset()
        return (usual | self.added.get(day, nothing)) - self.removed.get(day, nothing)


def read_services(path: Path, feed: Mapping[str, pd.DataFrame]) -> Services:
    """
    Read the calendar of a feed; rows without a day are passed over.

    A day before 1900 or after 2200 is how some feeds write "always": services end there.

    Raises
    ------
    TimetableError
        If it tells no day at all.
    """
    weekly, n_odd = _read_weekly(feed.get("calendar"))
    changes = feed.get("calendar_dates")
    added: dict[date, frozenset[str]] = {}
    removed: dict[date, frozenset[str]] = {}
    if changes is not None and len(changes):
        number = _read_ordinals(changes["date"])
        is_odd = (number > 0) & ((number < _EARLIEST) | (number > _LATEST))
        n_odd += int(is_odd.sum())
        number[is_odd] = 0
        for told, kind in ((added, "1"), (removed, "2")):
            chosen = (changes["exception_type"] == kind).to_numpy(bool) & (number > 0)
            service = changes["service_id"].to_numpy(object)
            for day in np.unique(number[chosen]).tolist():
                told[date.fromordinal(day)] = frozenset(service[chosen & (number == day)])
    runs = weekly[list(_WEEKDAYS)].any(axis=1)
    edges = weekly.loc[runs, ["start", "end"]].to_numpy(int)
    days = [int(day) for day in edges.ravel()]
    days += [day.toordinal() for day in added]
    if not days:
        msg = f"{path} tells no day on which anything runs; wanted a feed with a calendar."
        raise TimetableError(msg)
    first, last = date.fromordinal(min(days)), date.fromordinal(max(days))
    note = f"Days of the calendar before 1900 or after 2200, cut off or left out: {n_odd}."
    return Services(weekly, added, removed, first, last, (note,) if n_odd else ())


def choose_service_day(
    path: Path, services: Services, trips: pd.Series[str], day: date | None
) -> tuple[date, str | None]:
    """
    Choose the day of which to tell.

    The day asked for; where the feed has none of it, the same weekday nearest inside the feed,
    as summer and winter may differ; where none is asked for, the day with most trips.

    Parameters
    ----------
    path
        The feed, for the refusal.
    services
        Its calendar.
    trips
        The service of each trip.
    day
        What was asked for.

    Returns
    -------
    tuple
        The day, and a sentence where it is another than that.

    Raises
    ------
    TimetableError
        If nothing runs on any such day.
    """
    n_trips = trips.value_counts()
    if day is None:
        busiest = _find_busiest(services, n_trips)
        if busiest is None:
            msg = f"{path} runs no trip on any day; wanted a feed whose trips have services."
            raise TimetableError(msg)
        return busiest, f"No day was asked for: that with most trips stands, {_tell(busiest)}."
    for nearby in _same_weekdays(services, day):
        if _count(services, nearby, n_trips):
            if nearby == day:
                return day, None
            return nearby, (
                f"The timetable has nothing on {_tell(day)} (it tells of {services.first} to "
                f"{services.last}): the same weekday nearest in it stands, {_tell(nearby)}."
            )
    msg = (
        f"{path} runs nothing on any {day:%A} from {services.first} to {services.last}; ask for "
        f"another day than {day}."
    )
    raise TimetableError(msg)


def _tell(day: date) -> str:
    return f"{day:%A} {day}"


def _count(services: Services, day: date, n_trips: pd.Series[int]) -> int:
    return int(n_trips.reindex(list(services.find(day))).fillna(0).sum())


def _find_busiest(services: Services, n_trips: pd.Series[int]) -> date | None:
    first, n_days = services.first, (services.last - services.first).days + 1
    if n_days > 7 * _MOST_WEEKS:  # "always": look from where the last service sets in
        starts = services.weekly["start"]
        first = max(first, date.fromordinal(int(starts.max()))) if len(starts) else first
        if first.toordinal() == _EARLIEST and services.last.toordinal() < _LATEST:
            first = services.last - timedelta(weeks=52)
        n_days = min((services.last - first).days + 1, 7 * _MOST_WEEKS)
    days = [first + timedelta(days=i) for i in range(n_days)]
    days += [day for day in services.added if day > days[-1]]
    counts = [_count(services, day, n_trips) for day in days]
    best = int(np.argmax(counts))
    return days[best] if counts[best] else None


def _same_weekdays(services: Services, day: date) -> list[date]:
    """List the day and the same weekdays of the feed, the nearest first."""
    ordinals = np.arange(services.first.toordinal(), services.last.toordinal() + 1)
    same = ordinals[(ordinals - day.toordinal()) % 7 == 0]
    order = np.argsort(np.abs(same - day.toordinal()), kind="stable")
    return [date.fromordinal(int(number)) for number in same[order][: 2 * _MOST_WEEKS]]


def _read_weekly(table: pd.DataFrame | None) -> tuple[pd.DataFrame, int]:
    """Read the weekly services, and count the days beyond all calendars."""
    if table is None:
        table = pd.DataFrame(
            columns=["service_id", *_WEEKDAYS, "start_date", "end_date"], dtype=str
        )
    start, end = _read_ordinals(table["start_date"]), _read_ordinals(table["end_date"])
    n_odd = int(((start > 0) & (start < _EARLIEST)).sum() + (end > _LATEST).sum())
    start = np.where(start > 0, np.maximum(start, _EARLIEST), 0)
    end = np.minimum(end, _LATEST)
    flags = {name: (table[name] == "1").to_numpy(bool) for name in _WEEKDAYS}
    read = pd.DataFrame({"service_id": table["service_id"], "start": start, "end": end, **flags})
    return read[(start > 0) & (end >= start)].reset_index(drop=True), n_odd


def _read_ordinals(texts: pd.Series[str]) -> NDArray[np.int64]:
    """Read days such as 20220618 as numbers of days, 0 where it is none."""
    days = pd.to_datetime(texts, format="%Y%m%d", errors="coerce")
    epoch = date(1970, 1, 1).toordinal()
    whole = (days - pd.Timestamp("1970-01-01")) // pd.Timedelta(days=1)
    return np.asarray(whole.fillna(-epoch).to_numpy(np.int64) + epoch, dtype=np.int64)
