"""Hours of sun in a day, or a day of a season, on each spot of ground and each street."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from affine import Affine
from numpy.typing import NDArray

from .errors import SourceError, TripError
from .horizon import Horizon
from .leaf import leaves_on
from .picture import cast
from .shade import LIT, UNKNOWN, build_shade
from .sun import SunPath
from .surface import Surface

Progress = Callable[[str, float], None]

SEASONS: Final = ("spring", "summer", "autumn", "winter")
_YEARS: Final = (1900, 2200)
_GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0
_BLOCK_CELLS: Final = 4096  # a side of what is summed at once; it limits memory only


@dataclass(frozen=True, slots=True)
class HoursModel:
    """
    How finely the hours of sun are summed; change one with `dataclasses.replace`.

    Attributes
    ----------
    step_min
        Between two instants of a single day; our choice. [min]
    season_step_min, every_days
        Between two instants of a day of a longer period, and between two of its days; our
        choice. [min], [d]
    most_unknown_h
        Where more of the day than this is unknown, the hours are; the rest counts as sun; our
        choice. [h]
    """

    step_min: float = 10.0
    season_step_min: float = 30.0
    every_days: int = 7
    most_unknown_h: float = 0.5


@dataclass(frozen=True, slots=True)
class Period:
    """
    Some days in a row, of at most a year.

    Attributes
    ----------
    first, last
        Its first and its last day, both in it.

    Raises
    ------
    TripError
        If it ends before it begins, is longer than a year, or lies outside 1900 to 2200.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse days that cannot be summed."""
        low, high = _YEARS
        if not low <= self.first.year <= self.last.year <= high or self.last < self.first:
            msg = (
                f"Wanted a first and a last day from {low} to {high}, in this order; got "
                f"{self.first} and {self.last}."
            )
            raise TripError(msg)
        if self.n_days > 366:
            msg = f"Wanted a year at most; {self.first} to {self.last} are {self.n_days} days."
            raise TripError(msg)

    def __str__(self) -> str:
        """Say it as a day, or as two with a slash between (ISO 8601)."""
        return f"{self.first}" if self.n_days == 1 else f"{self.first}/{self.last}"

    @property
    def n_days(self) -> int:
        """Count the days."""
        return (self.last - self.first).days + 1

    def sample(self, model: HoursModel = HoursModel()) -> list[date]:
        """List the middle days of equal parts of the period, as many as the model asks for."""
        n = math.ceil(self.n_days / model.every_days)
        return [
            self.first + timedelta(days=math.floor((part + 0.5) * self.n_days / n))
            for part in range(n)
        ]

    def instants(self, zone: ZoneInfo, model: HoursModel = HoursModel()) -> list[pd.DatetimeIndex]:
        """
        List the instants to sum: of each sampled day, even steps from midnight to midnight.

        Over several days the steps begin each day at another part of a step, so that the days
        together sample the sun's path more finely than one alone.
        """
        days = self.sample(model)
        step_min = model.step_min if len(days) == 1 else model.season_step_min
        found = []
        for number, day in enumerate(days):
            midnight, next_midnight = (
                pd.Timestamp(datetime.combine(one, time(), tzinfo=zone))
                for one in (day, day + timedelta(days=1))
            )
            length = next_midnight - midnight
            n = max(round(length / pd.Timedelta(minutes=step_min)), 2)
            into = (0.5 + number * _GOLDEN) % 1.0
            found.append(midnight + pd.TimedeltaIndex((np.arange(n) + into) * (length / n)))
        return found


def read_season(name: str, year: int, *, latitude_deg: float) -> Period:
    """
    Find the three whole months of a season, as meteorologists count them.

    Parameters
    ----------
    name
        One of `SEASONS`.
    year
        In which it ends: northern winter of 2026 begins in December 2025.
    latitude_deg
        South of the equator summer begins in December. [°]

    Raises
    ------
    TripError
        If there is no such season or year.

    Examples
    --------
    >>> str(read_season("summer", 2026, latitude_deg=60.2))
    '2026-06-01/2026-08-31'
    >>> str(read_season("summer", 2026, latitude_deg=-33.9))
    '2025-12-01/2026-02-28'
    """
    low, high = _YEARS
    if name not in SEASONS or not low < year <= high:
        msg = f"Wanted one of {', '.join(SEASONS)} and a year up to {high}; got {name!r}, {year}."
        raise TripError(msg)
    part = (SEASONS.index(name) + (2 if latitude_deg < 0.0 else 0)) % 4
    first = date(year, 3 + 3 * part, 1) if part < 3 else date(year - 1, 12, 1)
    after = date(year, 6 + 3 * part, 1) if part < 2 else date(year, 12 if part == 2 else 3, 1)
    return Period(first, after - timedelta(days=1))


@dataclass(frozen=True, eq=False, slots=True)
class SunHours:
    """
    Hours of sun on the ground, a day, under a cloudless sky.

    Attributes
    ----------
    sun_h
        What crowns let through counts in part; NaN inside buildings, and where too much of the
        day is unknown, shape ``(n_rows, n_columns)``, row 0 in the north. [h]
    low_h, high_h
        If all of the unknown were shade, or sun; NaN inside buildings only, same shape. [h]
    transform
        From (column, row) to local metres, as in rasterio.
    """

    sun_h: NDArray[np.float32]
    low_h: NDArray[np.float32]
    high_h: NDArray[np.float32]
    transform: Affine

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for array in (self.sun_h, self.low_h, self.high_h):
            array.flags.writeable = False


@dataclass(frozen=True, eq=False, slots=True)
class EdgeHours:
    """
    Hours of sun on the edges, a day, under a cloudless sky.

    Attributes
    ----------
    sun_h, low_h, high_h
        As those of `SunHours`, the mean along each edge; low and high also by the spread of what
        is guessed, shape ``(n_edges,)``. [h]
    hours
        Full hours of the local clock at which the sun is up on some day.
    sun_fraction
        Share of each edge in the sun at each full hour, night counting as none, the mean of the
        days; NaN where it is unknown on one of them, shape ``(n_hours, n_edges)``.
    """

    sun_h: NDArray[np.float64]
    low_h: NDArray[np.float64]
    high_h: NDArray[np.float64]
    hours: tuple[int, ...]
    sun_fraction: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for array in (self.sun_h, self.low_h, self.high_h, self.sun_fraction):
            array.flags.writeable = False


def sum_ground(
    surface: Surface,
    days: Sequence[SunPath],
    *,
    leaf_year: NDArray[np.float64],
    bounds: tuple[float, float, float, float],
    cell_m: float = 1.0,
    model: HoursModel = HoursModel(),
    progress: Progress | None = None,
) -> SunHours:
    """
    Sum the hours of sun on the ground.

    Parameters
    ----------
    surface
        What casts shade.
    days
        Where the sun stands at even steps of each sampled day: see `Period.instants`.
    leaf_year
        How far trees are in leaf on each day of the year, shape ``(366,)``.
    bounds
        West, south, east, north. [m]
    cell_m
        Side of a cell. [m]
    model
        Assumptions.
    progress
        Told the step and its share done.

    Raises
    ------
    SourceError
        If there is no day, or the bounds or the cell are senseless.
    """
    weight_h = _weights_h(days)
    west, south, east, north = (value / cell_m for value in bounds)
    if not (cell_m > 0.0 and west < east and south < north):
        msg = f"Wanted bounds west < east, south < north and a cell; got {bounds}, {cell_m}."
        raise SourceError(msg)
    first_column, top = math.floor(west), math.ceil(north)
    shape = (top - math.floor(south), math.ceil(east) - first_column)
    low_h, unknown_h = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    corners = list(product(*(range(0, length, _BLOCK_CELLS) for length in shape)))
    n_done, n_all = 0, len(corners) * sum(len(sun) for sun in days)
    for row, column in corners:
        here = np.s_[row : row + _BLOCK_CELLS, column : column + _BLOCK_CELLS]
        block = _block_bounds(low_h[here].shape, top - row, first_column + column, cell_m)
        is_inside = np.isnan(
            cast(surface, azimuth_deg=0.0, elevation_deg=-90.0, bounds=block, cell_m=cell_m).sun
        )
        for sun, step_h in zip(days, weight_h, strict=True):
            leaf = leaves_on(leaf_year, sun.times)
            for at in range(len(sun)):
                if sun.elevation_deg[at] > 0.0:
                    lit = cast(
                        surface,
                        azimuth_deg=float(sun.azimuth_deg[at]),
                        elevation_deg=float(sun.elevation_deg[at]),
                        bounds=block,
                        cell_m=cell_m,
                        leaf_fraction=float(leaf[at]),
                    ).sun
                    is_unknown = np.isnan(lit)
                    low_h[here] += np.where(is_unknown, 0.0, lit * np.float32(step_h))
                    unknown_h[here] += np.where(is_unknown, np.float32(step_h), 0.0)
                n_done += 1
                if progress:
                    progress("sun hours", n_done / n_all)
        low_h[here][is_inside] = np.nan
    high_h = low_h + unknown_h
    sun_h = np.where(unknown_h > model.most_unknown_h, np.float32(np.nan), high_h)
    transform = Affine(cell_m, 0.0, first_column * cell_m, 0.0, -cell_m, top * cell_m)
    return SunHours(sun_h, low_h, high_h, transform)


def sum_edges(
    horizon: Horizon,
    days: Sequence[SunPath],
    hourly: Sequence[SunPath] = (),
    *,
    model: HoursModel = HoursModel(),
) -> EdgeHours:
    """
    Sum the hours of sun on the edges.

    Parameters
    ----------
    horizon
        What stands between the edges and the sky.
    days
        Where the sun stands at even steps of each sampled day: see `Period.instants`.
    hourly
        Where it stands at the full hours of the same days: see `full_hours`.
    model
        Assumptions.

    Raises
    ------
    SourceError
        If there is no day.
    """
    sums_h, unknown_h = np.zeros((3, horizon.n_edges)), np.zeros(horizon.n_edges)
    for sun, step_h in zip(days, _weights_h(days), strict=True):
        table = build_shade(horizon, sun)
        is_unknown = table.sun == UNKNOWN
        unknown_h += is_unknown.sum(axis=0) * step_h
        for which, stored in enumerate((table.low, table.sun, table.high)):
            sums_h[which] += np.where(is_unknown, 0, stored).sum(axis=0) * (step_h / LIT)
    count, is_up = np.zeros(24, int), np.zeros(24, bool)
    total = np.zeros((24, horizon.n_edges))
    for sun in hourly:
        table, hour = build_shade(horizon, sun), sun.times.hour.to_numpy()
        for row in range(len(table)):
            total[hour[row]] += table.sun_fraction(row)
            count[hour[row]] += 1
            is_up[hour[row]] |= not table.is_night[row]
    full = np.flatnonzero(is_up)
    low_h, best_h, high_h = sums_h[0], sums_h[1] + unknown_h, sums_h[2] + unknown_h
    sun_h = np.where(unknown_h > model.most_unknown_h, np.nan, best_h)
    of_hours = total[full] / count[full, None]
    return EdgeHours(sun_h, low_h, high_h, tuple(full.tolist()), of_hours)


def full_hours(day: date, zone: ZoneInfo) -> pd.DatetimeIndex:
    """
    List the full hours of a local day; when the clock changes there are 23 or 25.

    Examples
    --------
    >>> len(full_hours(date(2026, 10, 25), ZoneInfo("Europe/Berlin")))
    25
    """
    midnight, next_midnight = (
        pd.Timestamp(datetime.combine(one, time(), tzinfo=zone))
        for one in (day, day + timedelta(days=1))
    )
    return pd.date_range(midnight, next_midnight, freq="h", inclusive="left")


def _weights_h(days: Sequence[SunPath]) -> list[float]:
    """Tell what each instant of each day stands for, in the mean of the days. [h]."""
    if not days:
        msg = "Wanted the sun of a day or more; got none."
        raise SourceError(msg)
    return [(sun.times[1] - sun.times[0]) / pd.Timedelta(hours=len(days)) for sun in days]


def _block_bounds(
    shape: tuple[int, ...], top: int, column: int, cell_m: float
) -> tuple[float, float, float, float]:
    """Bound a block of cells, a hair within, so that rounding adds no cell."""
    n_rows, n_columns = shape
    hair = 1e-3
    return (
        (column + hair) * cell_m,
        (top - n_rows + hair) * cell_m,
        (column + n_columns - hair) * cell_m,
        (top - hair) * cell_m,
    )
