"""The course of the sun along one street: on each of its sides, through the day and the year."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .city import City
from .errors import PlaceError
from .horizon import Horizon
from .network import Network
from .pavement import PAVEMENT_SOURCES, SIDES
from .places import find_places
from .shade import LIT, UNKNOWN, build_shade
from .sun import SunPath

Progress = Callable[[str, float], None]
FindSun = Callable[[pd.DatetimeIndex], SunPath]

COMPASS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
NO_SIDE: Final = "none"
COURSE_COLUMNS: Final = (
    "side",
    "length_m",
    "date",
    "time",
    "is_night",
    "sun_fraction",
    "unknown_fraction",
)
"""Of the rows that `list_rows` lists."""
_CROSSING: Final = PAVEMENT_SOURCES.index("crossing")


@dataclass(frozen=True, slots=True)
class CourseModel:
    """
    How the sun on a street is told; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    step_min
        Between two instants of a day; our choice. [min]
    least_lean
        A pavement has a side of the compass if it lies so clearly on it: the cosine of its
        angle to the street's own; our choice. [1]
    most_unknown_fraction
        Where more of a side's length than this is unknown, its sun is; our choice. [1]
    """

    step_min: int = 10
    least_lean: float = 0.4
    most_unknown_fraction: float = 0.2


@dataclass(frozen=True, eq=False, slots=True)
class StreetSide:
    """
    The edges on one side of a street.

    Attributes
    ----------
    compass
        Of `COMPASS`, as the street runs on the whole; `NO_SIDE` for ways in its middle, and
        where it bends too far.
    edge
        Which edges of the network, shape ``(n_edges,)``.
    length_m
        Their length. [m]
    """

    compass: str
    edge: NDArray[np.int64]
    length_m: float


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """
    Sun on the sides of a street, by day and by slots of the local clock.

    Attributes
    ----------
    street
        Its name.
    sides
        Longest first; crossings are on none.
    days
        Days in order, shape ``(n_days,)``.
    hour
        The middle of each slot on the clock, shape ``(n_slots,)``. [h]
    elevation_deg
        Of the sun, NaN where the clock skips, shape ``(n_days, n_slots)``. [°]
    sun_fraction
        Share of the length of each side in the sun, 0 by night, NaN where too much of it is
        unknown, shape ``(n_sides, n_days, n_slots)``.
    unknown_fraction
        Share of its length of which nothing is known, same shape.
    """

    street: str
    sides: tuple[StreetSide, ...]
    days: tuple[date, ...]
    hour: NDArray[np.float64]
    elevation_deg: NDArray[np.float64]
    sun_fraction: NDArray[np.float64]
    unknown_fraction: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for array in (self.hour, self.elevation_deg, self.sun_fraction, self.unknown_fraction):
            array.flags.writeable = False

    @property
    def is_night(self) -> NDArray[np.bool_]:
        """Whether the sun is down, or the clock skips, shape ``(n_days, n_slots)``."""
        is_night: NDArray[np.bool_] = ~(self.elevation_deg > 0.0)
        return is_night

    def sun_h(self, side: int, day: int) -> tuple[float, float]:
        """Sum the hours of sun on one side on one day: at least, and at most. [h]."""
        step_h = 24.0 / len(self.hour)
        share, unknown = self.sun_fraction[side, day], self.unknown_fraction[side, day]
        # Where too much is unknown, the little that is known says nothing about the rest.
        lost = np.where(np.isnan(share), 1.0, unknown)
        low_h = float((np.nan_to_num(share) * (1.0 - lost)).sum() * step_h)
        return low_h, low_h + float(lost.sum() * step_h)


def find_street(city: City, network: Network, name: str) -> str:
    """
    Find a street of the network by its name, whatever its case.

    Raises
    ------
    PlaceError
        If there is none, with up to three names that are near.
    """
    named = {one.casefold(): one for one in network.street_name if one}
    found = named.get(" ".join(name.split()).casefold())
    if found is not None:
        return found
    like = [place.name for place in find_places(city, name, n_most=20) if place.kind == "street"]
    alike = difflib.get_close_matches(name.casefold(), list(named), n=3, cutoff=0.6)
    near = [one for one in like if one.casefold() in named] + [named[one] for one in alike]
    told = ", ".join(repr(one) for one in list(dict.fromkeys(near))[:3])
    hint = f"; did you mean {told}?" if told else "."
    msg = f"No street one can walk in {city.name} has the name {name[:60]!r}{hint}"
    raise PlaceError(msg)


def find_sides(
    network: Network, street: str, *, model: CourseModel = CourseModel()
) -> tuple[StreetSide, ...]:
    """
    Sort the edges of a street by the side they lie on, longest first; crossings are on none.

    The sides are named by the compass across the street's own direction, the mean of all its
    pavements.
    """
    number = network.street_name.index(street)
    is_way = (network.pavement != _CROSSING) & (network.crossing == 0) & (network.length_m > 0.0)
    edge = np.flatnonzero((network.street == number) & is_way)
    lines = [network.geometry(one) for one in edge.tolist()]
    heads = np.array([line[-1] - line[0] for line in lines]).reshape(-1, 2)
    side, length_m = network.side[edge], network.length_m[edge]
    # To the right of (x, y) lies (y, -x).
    turn = np.select([side == SIDES.index("left"), side == SIDES.index("right")], [-1.0, 1.0], 0.0)
    span_m = np.hypot(*heads.T)
    turn /= np.maximum(span_m, 1e-9)
    outward = np.column_stack([heads[:, 1], -heads[:, 0]]) * turn[:, None]
    # Both sides point along one axis if angles count twice.
    doubled = (length_m * (outward[:, 0] + 1j * outward[:, 1]) ** 2).sum()
    axis = np.sqrt(doubled)
    axis = axis / abs(axis) if abs(axis) > 0.0 else 1.0 + 0.0j
    lean = outward[:, 0] * axis.real + outward[:, 1] * axis.imag
    bearing_deg = np.rad2deg(np.arctan2(axis.real, axis.imag))
    point = round(bearing_deg / 45.0) % 8
    sides = []
    for compass, belongs in (
        (COMPASS[point], lean >= model.least_lean),
        (COMPASS[(point + 4) % 8], lean <= -model.least_lean),
        (NO_SIDE, abs(lean) < model.least_lean),
    ):
        if belongs.any():
            sides.append(StreetSide(compass, edge[belongs], float(length_m[belongs].sum())))
    return tuple(sorted(sides, key=lambda one: -one.length_m))


def find_course(
    network: Network,
    horizon: Horizon,
    street: str,
    days: Sequence[date],
    *,
    zone: ZoneInfo,
    find_sun: FindSun,
    model: CourseModel = CourseModel(),
    progress: Progress | None = None,
) -> Course:
    """
    Look up the sun on a street on some days.

    Parameters
    ----------
    network, horizon
        Edges, and what stands between them and the sky.
    street
        As the network names it: see `find_street`.
    days
        In order.
    zone
        Of the clock.
    find_sun
        Finds the sun over the city at zone-aware times, as `Atlas.find_sun`.
    model
        Assumptions.
    progress
        Told the step and its share done.
    """
    sides = find_sides(network, street, model=model)
    n_slots = 24 * 60 // model.step_min
    elevation_deg = np.full((len(days), n_slots), np.nan)
    sun_fraction = np.zeros((len(sides), len(days), n_slots))
    unknown_fraction = np.zeros_like(sun_fraction)
    for number, day in enumerate(days):
        sun = find_sun(clock_times(day, zone, step_min=model.step_min))
        clock = (sun.times.hour * 60 + sun.times.minute).to_numpy() // model.step_min
        elevation_deg[number, clock] = sun.elevation_deg
        stored = build_shade(horizon, sun).sun
        for at, side in enumerate(sides):
            share, unknown = _mean(stored[:, side.edge], network.length_m[side.edge])
            share[unknown > model.most_unknown_fraction] = np.nan
            sun_fraction[at, number, clock] = share
            unknown_fraction[at, number, clock] = unknown
        if progress:
            progress("street", (number + 1) / len(days))
    hour = (np.arange(n_slots) + 0.5) * 24.0 / n_slots
    return Course(street, sides, tuple(days), hour, elevation_deg, sun_fraction, unknown_fraction)


def clock_times(day: date, zone: ZoneInfo, *, step_min: int) -> pd.DatetimeIndex:
    """List the middles of even slots from one local midnight to the next."""
    midnight, next_midnight = (
        pd.Timestamp(datetime.combine(one, time(), tzinfo=zone))
        for one in (day, day + timedelta(days=1))
    )
    starts = pd.date_range(midnight, next_midnight, freq=f"{step_min}min", inclusive="left")
    return starts + pd.Timedelta(minutes=step_min) / 2


def list_weeks(year: int) -> tuple[list[date], list[date]]:
    """
    Part a year into weeks: where each begins, and the day in its middle.

    They begin on Sundays, when clocks change, so that each has one clock only.
    """
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    begin = [first]
    begin += [
        day
        for day in (first + timedelta(days=n) for n in range(1, (after - first).days))
        if day.weekday() == 6
    ]
    ends = [*begin[1:], after]
    middle = [a + (b - a - timedelta(days=1)) // 2 for a, b in zip(begin, ends, strict=True)]
    return begin, middle


def list_rows(course: Course, *, but: Sequence[date] = ()) -> list[tuple[str, ...]]:
    """List the columns of `COURSE_COLUMNS` for each side, day (`but` some) and slot."""
    clock = [f"{int(hour):02d}:{round(hour % 1.0 * 60.0):02d}" for hour in course.hour]
    rows: list[tuple[str, ...]] = []
    for number, side in enumerate(course.sides):
        for at, day in enumerate(course.days):
            if day in but:
                continue
            for slot in np.flatnonzero(~np.isnan(course.elevation_deg[at])):  # no skipped ones
                sun = course.sun_fraction[number, at, slot]
                rows.append(
                    (
                        side.compass,
                        f"{side.length_m:.1f}",
                        day.isoformat(),
                        clock[slot],
                        "false" if course.elevation_deg[at, slot] > 0.0 else "true",
                        "" if np.isnan(sun) else f"{sun:.4f}",
                        f"{course.unknown_fraction[number, at, slot]:.4f}",
                    )
                )
    return rows


def _mean(
    stored: NDArray[np.uint8], length_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average the known sun of some edges by length, and tell the unknown share, ``(n_times,)``."""
    is_unknown = stored == UNKNOWN
    known_m = np.where(is_unknown, 0.0, length_m)
    total_m = known_m.sum(axis=1)
    share = (known_m * stored).sum(axis=1) / (LIT * np.maximum(total_m, 1e-9))
    return share, 1.0 - total_m / length_m.sum()
