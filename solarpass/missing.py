"""Where shade is missing: the sun that walkers still meet on each edge, over many trips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from .atlas import Atlas
from .errand import ErrandModel, draw_errands
from .errors import NoRouteError, SourceError, TripError
from .interval import find_doubts
from .network import Network
from .route import find_routes
from .shade import ShadeTable
from .trip import USUAL_BUDGET, YEARS, Trip

Progress = Callable[[str, float], None]

HOURS = (9, 12, 14, 17, 19)  # of a day of which no hour is named; our choice
USUAL_TRIPS = 2000


@dataclass(frozen=True, eq=False, slots=True)
class Missing:
    """
    What full shade on an edge would save at least, for every edge.

    Who walks the shadiest way within the budget meets the sun where there is no shade to choose.
    An edge put into full shade spares those who walk it now their time in the sun there, and
    perhaps more, for some others may come by then; so each number is a lower bound of what is
    saved (of this sample, and of the exact search: the usual one may miss a little). It holds for
    several edges shaded at once as well: then the bounds add up.

    Attributes
    ----------
    saved_min
        Minutes in the sun on each edge of 1,000 trips, known sun only, shape ``(n_edges,)``.
        [min per 1,000 trips]
    low_min, high_min
        The same if what is guessed casts more shade or less; the unknown is shade in the first
        and sun in the second.
    unknown_min
        Minutes of 1,000 trips on each edge of which nothing is known; not in `saved_min`.
    error_min
        Standard error of `saved_min`, for trips are drawn by chance.
    n_walked
        Trips that walk each edge, shape ``(n_edges,)``.
    n_trips, n_lost
        Trips that were answered, and that were not: their ends are not joined.
    walk_min, sun_min
        Minutes walked in all, and minutes in the known sun of them. [min per 1,000 trips]
    departs
        When they set out.
    """

    saved_min: NDArray[np.float64]
    low_min: NDArray[np.float64]
    high_min: NDArray[np.float64]
    unknown_min: NDArray[np.float64]
    error_min: NDArray[np.float64]
    n_walked: NDArray[np.int64]
    n_trips: int
    n_lost: int
    walk_min: float
    sun_min: float
    departs: tuple[datetime, ...]

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def walked_fraction(self) -> NDArray[np.float64]:
        """Share of the trips that walk each edge, shape ``(n_edges,)``, in [0, 1]."""
        return self.n_walked / self.n_trips

    def rank(self) -> NDArray[np.int64]:
        """List the edges on which sun is met, the most minutes first."""
        order = np.lexsort([np.arange(len(self.saved_min)), -self.saved_min])
        kept: NDArray[np.int64] = order[self.saved_min[order] > 0.0]
        return kept


def read_day(text: str) -> date:
    """
    Read a day of the years for which the sun is reckoned.

    Raises
    ------
    TripError
        If it is none.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if day.year not in YEARS:
        msg = f"Wanted a day of {YEARS[0]} to {YEARS[-1]}, such as 2026-07-15; got {text[:40]!r}."
        raise TripError(msg)
    return day


def day_departs(day: date, zone: ZoneInfo, hours: Sequence[int] = HOURS) -> list[datetime]:
    """
    List full hours of a day, on which trips set out.

    Examples
    --------
    >>> [one.isoformat() for one in day_departs(date(2026, 7, 15), ZoneInfo("UTC"), (9,))]
    ['2026-07-15T09:00:00+00:00']
    """
    return [datetime.combine(day, time(hour), tzinfo=zone) for hour in hours]


def find_missing(
    atlas: Atlas,
    departs: Sequence[datetime],
    *,
    n_trips: int = USUAL_TRIPS,
    seed: int = 0,
    budget: float = USUAL_BUDGET,
    exact: bool = False,
    model: ErrandModel = ErrandModel(),
    progress: Progress | None = None,
) -> Missing:
    """
    Find where shade is missing in a city, by many trips drawn by chance.

    Parameters
    ----------
    atlas
        The city; of its stops every one is as likely as another, see `ErrandModel`.
    departs
        When trips set out, each as often; see `day_departs`.
    n_trips, seed
        How many trips; the same seed gives the same.
    budget
        How much longer than the shortest way one goes for shade, as in `Trip`.
    exact
        As in `find_routes`.
    model
        Between which places people walk.
    progress
        Told the step and its share done.

    Raises
    ------
    SourceError
        If none or too many trips are wanted.
    NoRouteError
        If not one of the trips can be walked.
    """
    trips = draw_errands(
        atlas.network,
        departs,
        n_trips=n_trips,
        seed=seed,
        budget=budget,
        stop_xy=shapely.get_coordinates(shapely.centroid(np.asarray(atlas.city.stops.geometry))),
        model=model,
    )

    def shade_at(at: datetime) -> ShadeTable:
        return atlas.shade_on(at.astimezone(atlas.zone).date())

    return sum_missing(atlas.network, shade_at, trips, exact=exact, progress=progress)


def sum_missing(
    network: Network,
    shade: ShadeTable | Callable[[datetime], ShadeTable],
    trips: Sequence[Trip],
    *,
    exact: bool = False,
    progress: Progress | None = None,
) -> Missing:
    """
    Sum the sun that the shadiest walks of trips meet on each edge.

    Parameters
    ----------
    network
        Streets.
    shade
        Sun on its edges, or what finds it for a departure.
    trips
        Those that have no answer are counted and left out.
    exact
        As in `find_routes`.
    progress
        Told the step and its share done.

    Raises
    ------
    SourceError
        If a trip looks for the sun.
    NoRouteError
        If no trip has an answer.
    """
    if any(trip.likes != "shade" for trip in trips):
        msg = "Wanted trips that look for shade; got one that likes the sun."
        raise SourceError(msg)
    # Best, square of it by trip, low, high, unknown, and how many: one row each.
    sums = np.zeros((6, network.n_edges))
    n_lost, walk_s = 0, 0
    for number, trip in enumerate(sorted(trips, key=lambda trip: trip.departs)):
        if progress and number % 50 == 0:
            progress("trips", number / len(trips))
        table = shade if isinstance(shade, ShadeTable) else shade(trip.departs)
        try:
            route = find_routes(network, table, trip, exact=exact)[-1]
        except (NoRouteError, TripError):
            n_lost += 1
            continue
        walk_s += route.walk_s
        sun_s, less_s, more_s = find_doubts(table, route)
        unknown_s = np.where(np.isnan(route.edge_sun_fraction), route.edge_walk_s, 0.0)
        known_s = sun_s - unknown_s
        rows = (known_s, known_s - less_s, known_s + more_s + unknown_s, unknown_s)
        edge, place = np.unique(route.edge, return_inverse=True)
        best, low, high, unknown = (np.bincount(place, row) for row in rows)
        sums[:, edge] += np.stack([best, best**2, low, high, unknown, np.ones(len(edge))])
    if n_lost == len(trips):
        msg = (
            f"None of {len(trips):,} trips can be walked; name another time, or build a city with "
            "more streets."
        )
        raise NoRouteError(msg)
    if progress:
        progress("trips", 1.0)
    return _tell(sums, len(trips) - n_lost, n_lost, walk_s, trips)


def _tell(
    sums: NDArray[np.float64], n_trips: int, n_lost: int, walk_s: int, trips: Sequence[Trip]
) -> Missing:
    """Tell sums of seconds as minutes of 1,000 trips."""
    scale = 1000.0 / n_trips / 60.0
    best, square, low, high, unknown, n_walked = sums
    spread = (square - best**2 / n_trips).clip(0.0) * n_trips / max(1, n_trips - 1)
    return Missing(
        saved_min=best * scale,
        low_min=low * scale,
        high_min=high * scale,
        unknown_min=unknown * scale,
        error_min=np.sqrt(spread) * scale,
        n_walked=n_walked.astype(np.int64),
        n_trips=n_trips,
        n_lost=n_lost,
        walk_min=walk_s * scale,
        sun_min=float(best.sum()) * scale,
        departs=tuple(sorted({trip.departs for trip in trips})),
    )
