"""What a weather file tells, before anything is assumed, filled or found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import WeatherError

Floats = NDArray[np.float64]
Stamp = Literal["start", "middle", "end"]
STAMPS: tuple[Stamp, ...] = get_args(Stamp)

# No quantity of weather has so many digits, in any unit.
_LARGEST = 1e12

_FIRST_YEAR, _LAST_YEAR = 1850, 2150


@dataclass(frozen=True, eq=False, slots=True)
class Record:
    """
    The rows of one weather file, in its order.

    Attributes
    ----------
    kind
        What sort of file it is, as in "an EPW file".
    stamps
        Times of the rows as the file writes them: naive in the clock of the file, or zone-aware,
        shape ``(n_rows,)``.
    columns
        Columns by their names in `Weather`, NaN where missing, each ``(n_rows,)``; also
        ``dew_point_c``, ``vapour_pressure_hpa`` and ``direct_w_m2`` (the beam on level ground).
    stamp
        Where in its interval a time stands, by the rule of the format; None if it has none.
    utc_offset_h
        Clock of naive times by the format; None if it tells none. [h]
    latitude_deg, longitude_deg, altitude_m
        Place, where the file tells it. [°, °, m]
    wind_height_m
        Above the ground, of the wind, where the file tells it. [m]
    typical
        Whether it is a year put together of several, whose days have no year.
    source, attribution, notes
        As in `Weather`.
    labels
        The times as the file writes them, ``n_rows``; none: as `stamps`.
    """

    kind: str
    stamps: pd.DatetimeIndex
    columns: Mapping[str, Floats]
    source: str
    stamp: Stamp | None = None
    utc_offset_h: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_m: float | None = None
    wind_height_m: float | None = None
    typical: bool = False
    attribution: str | None = None
    notes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a file without rows, or of a time nobody measured in."""
        if not len(self.stamps):
            msg = f"There is no row of weather in {self.kind}; is the file whole?"
            raise WeatherError(msg)
        years = self.stamps.year
        if years.min() < _FIRST_YEAR or years.max() > _LAST_YEAR:
            wrong = years.min() if years.min() < _FIRST_YEAR else years.max()
            msg = f"Wanted years from {_FIRST_YEAR} to {_LAST_YEAR}; got {wrong} in {self.kind}."
            raise WeatherError(msg)


def read_number(text: str, *, row: int, column: str, missing: Sequence[float] = ()) -> float:
    """
    Read one cell as a number.

    Parameters
    ----------
    text
        The cell; empty or one of "nan", "NA", "-" is missing.
    row, column
        Where it stands, for the sentence: rows count from 1, as an editor does.
    missing
        Numbers that stand for none.

    Returns
    -------
    float
        NaN where missing.

    Raises
    ------
    WeatherError
        If it is no number, or one beyond measure.
    """
    plain = text.strip()
    if plain.lower() in {"", "nan", "na", "n/a", "null", "none", "-", "--"}:
        return np.nan
    try:
        value = float(plain)
    except ValueError:
        value = np.inf
    if not abs(value) <= _LARGEST:  # also refuses NaN
        msg = f"Wanted a number in line {row}, column {column!r}; got {plain[:40]!r}."
        raise WeatherError(msg)
    return np.nan if value in missing else value


def read_time(year: float, month: float, day: float, hours: float, *, row: int) -> pd.Timestamp:
    """
    Put a time together of numbers; 24 h is the next midnight.

    Raises
    ------
    WeatherError
        If there is no such day, or no such hour.
    """
    try:
        midnight = pd.Timestamp(year=int(year), month=int(month), day=int(day))
    except (ValueError, OverflowError) as error:
        msg = f"There is no day {year:g}-{month:g}-{day:g}, as line {row} has it."
        raise WeatherError(msg) from error
    if not 0.0 <= hours <= 24.0:
        msg = f"Wanted an hour from 0 to 24; got {hours:g} in line {row}."
        raise WeatherError(msg)
    return midnight + pd.Timedelta(minutes=round(60.0 * hours))
