"""When to leave: the same trip at many departures, each with a walk of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import NaiveTimeError, NoRouteError, TripError
from .interval import find_interval
from .network import Network
from .route import Route, find_routes
from .shade import ShadeTable
from .trip import YEARS, Likes, Trip
from .walk import WalkModel

MOST_SPAN_MIN = 720  # earlier and later: past half a day it is another day's question; our choice
SPAN_MIN = 180
STEP_MIN = 5

ShadeOn = ShadeTable | Callable[[date], ShadeTable]


@dataclass(frozen=True, eq=False, slots=True)
class Departures:
    """
    One trip at many departures; for each of them the walk that suits best within the budget.

    Attributes
    ----------
    departs
        When one sets out, even steps by the sun's clock, on the clocks of the city,
        shape ``(n_departures,)``. At which there is no way, one is left out.
    walk_s
        Walking time, shape ``(n_departures,)``. [s]
    sun_s, sun_low_s, sun_high_s
        Time in the sun, and between which ends it lies, see `find_interval`; the unknown counts
        as sun, or as shade for who likes the sun, shape ``(n_departures,)``. [s]
    unknown_s
        Time on ways of which nothing is known about shade, shape ``(n_departures,)``. [s]
    is_night
        Whether the sun is down from departure to arrival, shape ``(n_departures,)``.
    routes
        The walks themselves.
    asked
        Which departure was asked for: that of the trip, or the last that arrives in time.
    best
        The departure with least sun, most for one who likes it; of equals the nearest to `asked`.
    is_sure
        Whether leaving at `best` beats leaving at `asked` whatever the guesses and the unknown
        turn out to be: only then it is advice. Never if the two are one.
    likes
        What the walker looks for: shade, or sun.
    leave_by
        When one has to set out at the latest, by the quickest walk, if an arrival was asked for.
    """

    departs: pd.DatetimeIndex
    walk_s: NDArray[np.int64]
    sun_s: NDArray[np.float64]
    sun_low_s: NDArray[np.float64]
    sun_high_s: NDArray[np.float64]
    unknown_s: NDArray[np.float64]
    is_night: NDArray[np.bool_]
    routes: tuple[Route, ...]
    asked: int
    best: int
    is_sure: bool
    likes: Likes
    leave_by: datetime | None

    def __len__(self) -> int:
        """Count the departures."""
        return len(self.routes)

    @property
    def arrives(self) -> pd.DatetimeIndex:
        """When each walk ends, on the clocks of the city, shape ``(n_departures,)``."""
        return self.departs + pd.to_timedelta(self.walk_s, unit="s")

    @property
    def route(self) -> Route:
        """The walk of the best departure."""
        return self.routes[self.best]

    @property
    def gain_s(self) -> float:
        """Seconds of sun one is spared, or has more if one likes it, at `best`; 0 or more. [s]."""
        return abs(float(self.sun_s[self.asked] - self.sun_s[self.best]))

    @property
    def worst(self) -> int:
        """The departure with most sun, least for one who likes it; of equals the first."""
        rank = -self.sun_s if self.likes == "sun" else self.sun_s
        return int(rank.argmax())

    def span_s(self, at: int) -> tuple[float, float]:
        """Tell the time in the sun at one departure, whatever guesses and the unknown are. [s]."""
        low_s, high_s = float(self.sun_low_s[at]), float(self.sun_high_s[at])
        unknown_s = float(self.unknown_s[at])
        if self.likes == "sun":
            return max(low_s, 0.0), high_s + unknown_s
        return max(low_s - unknown_s, 0.0), high_s

    def is_surely_worse(self, at: int) -> bool:
        """Tell whether one departure is worse than `best`, whatever the guesses turn out to be."""
        (low_s, high_s), (best_low_s, best_high_s) = self.span_s(at), self.span_s(self.best)
        return best_low_s > high_s if self.likes == "sun" else low_s > best_high_s


def find_departure(
    network: Network,
    shade_on: ShadeOn,
    trip: Trip,
    *,
    span_min: int = SPAN_MIN,
    step_min: int = STEP_MIN,
    before_min: int | None = None,
    arrive_by: datetime | None = None,
    walk: WalkModel | None = None,
    exact: bool = False,
) -> Departures:
    """
    Find when to leave, and the way to take then.

    Steps are by the sun's clock: through a clock change they stay as long.

    Parameters
    ----------
    network
        Streets.
    shade_on
        What tells the shade of a local day, such as `Atlas.shade_on`, or one table that covers
        every walk.
    trip
        Ends, departure and budget.
    span_min
        How much earlier and later one might leave; before the last departure that arrives in
        time only earlier. [min]
    step_min
        From one departure to the next. [min]
    before_min
        How much earlier one might leave, if not as much as later. [min]
    arrive_by
        Where one has to be in time, zone-aware: then `trip.departs` is not looked at, the walks
        all end by then, and late ones have less patience than the budget.
    walk, exact
        As `find_routes`, for each search.

    Raises
    ------
    NaiveTimeError
        If `arrive_by` carries no time zone.
    TripError
        As `find_routes`, or if a span or the step is none.
    NoRouteError
        If no street joins the ends.

    Examples
    --------
    >>> found = find_departure(atlas.network, atlas.shade_on, trip)  # doctest: +SKIP
    >>> found.departs[found.best], found.sun_s[found.best], found.is_sure  # doctest: +SKIP
    """
    before_min = span_min if before_min is None else before_min
    _check((span_min, before_min), step_min, arrive_by)
    scan = _Scan(network, shade_on, trip, walk, exact=exact)
    step = timedelta(minutes=step_min)
    before, after = before_min // step_min, span_min // step_min
    if arrive_by is None:
        asked = _whole(trip.departs, second=trip.departs.second)
        leave_by = None
    else:
        leave_by = scan.leave_by(arrive_by)
        asked, after = _whole(leave_by), 0
    first = scan.ask(asked, arrive_by)  # what is wrong with the trip is told of this departure
    if first is None:
        msg = "No walk arrives by then; ask for a later arrival, or a profile that finds a way."
        raise NoRouteError(msg)
    others = ((k, asked + k * step) for k in range(-before, after + 1) if k)
    found = dict(scan.ask_all(others, arrive_by)) | {0: first}
    return _gather(scan, found, leave_by=leave_by)


class _Scan:
    """One question at many times, and the tables it is answered with."""

    def __init__(
        self,
        network: Network,
        shade_on: ShadeOn,
        trip: Trip,
        walk: WalkModel | None,
        *,
        exact: bool,
    ) -> None:
        self.network, self.shade_on, self.trip = network, shade_on, trip
        self.walk, self.exact = walk, exact
        self._tables: dict[date, ShadeTable] = {}

    def table(self, departs: datetime) -> ShadeTable:
        """Find the table of the day on which one sets out."""
        if isinstance(self.shade_on, ShadeTable):
            return self.shade_on
        if not self._tables:  # which day it is where one walks, any table tells
            self._table_on(departs.date(), self.shade_on)
        zone = next(iter(self._tables.values())).times.tz
        return self._table_on(departs.astimezone(zone).date(), self.shade_on)

    def leave_by(self, arrive_by: datetime) -> datetime:
        """Find when one has to set out at the latest, to the second."""
        ends = _whole(arrive_by, second=arrive_by.second)
        departs = ends
        for _ in range(3):  # at nightfall other ways may be open
            shortest, _ = self._find(departs, budget=0.0)
            departs = ends - timedelta(seconds=shortest.walk_s)
        return departs.astimezone(shortest.departs.tzinfo)

    def ask(self, departs: datetime, arrive_by: datetime | None) -> Route | None:
        """Find the walk of one departure; None if it does not arrive in time."""
        shortest, wanted = self._find(departs, budget=self.trip.budget)
        if arrive_by is None:
            return wanted
        left_s = int((arrive_by - departs) // timedelta(seconds=1))
        if wanted.walk_s <= left_s:
            return wanted
        if shortest.walk_s > left_s:
            return None
        # Half a second more than is left, so that no rounding loses one.
        return self._find(departs, budget=(left_s + 0.5) / shortest.walk_s - 1.0)[-1]

    def ask_all(
        self, times: Iterable[tuple[int, datetime]], arrive_by: datetime | None
    ) -> Iterable[tuple[int, Route]]:
        """Find the walk of each departure for which there is one."""
        for k, departs in times:
            if departs.astimezone(self.trip.departs.tzinfo).year not in YEARS:
                continue
            try:
                route = self.ask(departs, arrive_by)
            except NoRouteError:  # no lit way by night, say
                continue
            if route is not None:
                yield k, route

    def _find(self, departs: datetime, *, budget: float) -> list[Route]:
        there = departs.astimezone(self.trip.departs.tzinfo)
        trip = replace(self.trip, departs=there, budget=budget)
        return find_routes(self.network, self.table(there), trip, walk=self.walk, exact=self.exact)

    def _table_on(self, day: date, shade_on: Callable[[date], ShadeTable]) -> ShadeTable:
        if day not in self._tables:
            self._tables[day] = shade_on(day)
        return self._tables[day]


def _gather(scan: _Scan, found: dict[int, Route], *, leave_by: datetime | None) -> Departures:
    """Put the walks side by side and choose among them."""
    steps = sorted(found)
    routes = tuple(found[k] for k in steps)
    tables = [scan.table(route.departs) for route in routes]
    spans = [find_interval(table, route) for table, route in zip(tables, routes, strict=True)]
    sun_s = np.array([route.sun_s for route in routes])
    low_s, high_s = (np.array([getattr(s, end) for s in spans]) for end in ("low_s", "high_s"))
    unknown_s = np.array([_unknown_s(route) for route in routes])
    likes_sun = scan.trip.likes == "sun"
    if likes_sun:  # to whom the unknown counts as shade, as in the walks themselves
        low_s, high_s = low_s - unknown_s, high_s - unknown_s
    rank = -sun_s if likes_sun else sun_s
    best = min(range(len(steps)), key=lambda i: (rank[i], abs(steps[i]), steps[i]))
    asked = steps.index(0)
    # What is unknown on the way one asked for may as well be what one likes.
    gap_s = low_s[best] - high_s[asked] if likes_sun else low_s[asked] - high_s[best]
    is_sure = bool(gap_s - unknown_s[asked] > 0.0)
    departures = Departures(
        departs=pd.DatetimeIndex([pd.Timestamp(route.departs) for route in routes]),
        walk_s=np.array([route.walk_s for route in routes]),
        sun_s=sun_s,
        sun_low_s=low_s,
        sun_high_s=high_s,
        unknown_s=unknown_s,
        is_night=np.array([_is_night(*pair) for pair in zip(tables, routes, strict=True)]),
        routes=routes,
        asked=asked,
        best=best,
        is_sure=is_sure,
        likes=scan.trip.likes,
        leave_by=leave_by,
    )
    for name in ("walk_s", "sun_s", "sun_low_s", "sun_high_s", "unknown_s", "is_night"):
        getattr(departures, name).flags.writeable = False
    return departures


def _unknown_s(route: Route) -> float:
    return float(route.edge_walk_s[np.isnan(route.edge_sun_fraction)].sum())


def _is_night(table: ShadeTable, route: Route) -> bool:
    first, last = table.row_at(route.departs), table.row_at(route.arrives)
    return bool(table.is_night[first : last + 1].all())


def _whole(time: datetime, *, second: int = 0) -> datetime:
    """Leave out what clocks do not show; in UTC, where steps stay even."""
    return time.astimezone(UTC).replace(second=second, microsecond=0)


def _check(spans_min: tuple[int, int], step_min: int, arrive_by: datetime | None) -> None:
    wrong = [span_min for span_min in spans_min if not 0 <= span_min <= MOST_SPAN_MIN]
    if wrong or not 1 <= step_min <= MOST_SPAN_MIN:
        msg = (
            f"Departures need a span of 0 to {MOST_SPAN_MIN} minutes and steps of a minute or "
            f"more; got {[*wrong, spans_min[0]][0]} and {step_min}."
        )
        raise TripError(msg)
    if arrive_by is not None and arrive_by.utcoffset() is None:
        msg = f"`arrive_by` needs a time zone, such as 'Europe/Berlin'; got {arrive_by}."
        raise NaiveTimeError(msg)
