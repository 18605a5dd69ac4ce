"""EnergyPlus weather files (EPW): eight lines of header, then one row an hour."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from .errors import WeatherError
from .record import Record, read_number, read_time

_HEADER_LINES = 8
_FEWEST_CELLS = 22

# Place in the row, factor to the units of Weather, and the number that stands for "missing"
# (EnergyPlus, Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary").
_COLUMNS = {
    "air_temperature_c": (6, 1.0, 99.9),
    "dew_point_c": (7, 1.0, 99.9),
    "relative_humidity_pct": (8, 1.0, 999.0),
    "pressure_hpa": (9, 0.01, 999999.0),
    "longwave_down_w_m2": (12, 1.0, 9999.0),
    "ghi_w_m2": (13, 1.0, 9999.0),
    "dni_w_m2": (14, 1.0, 9999.0),
    "dhi_w_m2": (15, 1.0, 9999.0),
    "wind_m_s": (21, 1.0, 999.0),
}


def is_epw(text: str) -> bool:
    """Tell by its first word whether a text is an EPW file."""
    return text.lstrip()[:9].upper() == "LOCATION,"


def read_epw(text: str, *, name: str) -> Record:
    """
    Read an EPW file. Its times end the hour, in the clock of its header.

    Parameters
    ----------
    text
        The file.
    name
        Of the file, for `Record.source`.

    Raises
    ------
    WeatherError
        If a line is torn, or holds what is no number or no time.
    """
    lines = list(csv.reader(text.lstrip().splitlines()))
    if len(lines) <= _HEADER_LINES or len(lines[0]) < 10:
        msg = f"Wanted {_HEADER_LINES} lines of header and rows below; this EPW file is cut off."
        raise WeatherError(msg)
    place = lines[0]
    latitude_deg, longitude_deg, offset_h, altitude_m = (
        read_number(cell, row=1, column=column)
        for cell, column in zip(
            place[6:10], ("latitude", "longitude", "time zone", "elevation"), strict=True
        )
    )
    rows = _find_rows(lines)
    stamps, typical = _read_stamps(rows, each_h=_count_rows(lines[7]))
    values = {
        column: factor
        * np.array(
            [
                read_number(cells[at], row=number, column=column, missing=(missing,))
                for number, cells in rows
            ]
        )
        for column, (at, factor, missing) in _COLUMNS.items()
    }
    credits_ = [line[-1].strip() for line in lines[:8] if "copernicus" in ",".join(line).lower()]
    told = [part.strip() for part in place[1:5] if part.strip() not in {"", "-", "NA"}]
    years = "typical year" if typical else f"{stamps[0].year}"
    return Record(
        kind="an EPW file",
        stamps=stamps,
        labels=tuple(f"{stamp:%m-%dT%H:%M}" for stamp in stamps) if typical else (),
        columns=values,
        source=f"EPW {name} ({', '.join([*told, years])})",
        stamp="end",
        utc_offset_h=None if np.isnan(offset_h) else offset_h,
        latitude_deg=None if np.isnan(latitude_deg) else latitude_deg,
        longitude_deg=None if np.isnan(longitude_deg) else longitude_deg,
        altitude_m=None if np.isnan(altitude_m) else altitude_m,
        typical=typical,
        attribution=credits_[0] if credits_ else None,
    )


def _find_rows(lines: Sequence[Sequence[str]]) -> list[tuple[int, Sequence[str]]]:
    """List the lines below the header, with their numbers, and refuse torn ones."""
    rows = [
        (number, cells)
        for number, cells in enumerate(lines[_HEADER_LINES:], start=_HEADER_LINES + 1)
        if any(cell.strip() for cell in cells)
    ]
    for number, cells in rows:
        if len(cells) < _FEWEST_CELLS:
            msg = (
                f"Wanted {_FEWEST_CELLS} cells or more in line {number} of the EPW file; "
                f"got {len(cells)}."
            )
            raise WeatherError(msg)
    return rows


def _count_rows(periods: Sequence[str]) -> float:
    """Read how many rows the header says make an hour; 1 if it does not."""
    told = periods[2] if len(periods) > 2 else "1"
    return float(told) if told.strip().isdigit() else 1.0


def _read_stamps(
    rows: Sequence[tuple[int, Sequence[str]]], *, each_h: float
) -> tuple[pd.DatetimeIndex, bool]:
    """Read the ends of the intervals, and whether the months are of several years."""
    fields = [
        [read_number(cell, row=number, column="time") for cell in cells[:5]]
        for number, cells in rows
    ]
    for (number, _cells), numbers in zip(rows, fields, strict=True):
        if not np.isfinite(numbers[:4]).all():
            msg = f"Wanted year, month, day and hour in line {number} of the EPW file."
            raise WeatherError(msg)
    years = [numbers[0] for numbers in fields]
    typical = any(later < earlier for earlier, later in pairwise(years))
    if len(set(years)) > 2:
        typical = True
    leap = any(numbers[1:3] == [2.0, 29.0] for numbers in fields)
    stamps = []
    for (number, _cells), (year, month, day, hour, minute) in zip(rows, fields, strict=True):
        # With one row an hour the minute is 0 in some files and 60 in others.
        past = hour if each_h == 1.0 else hour - 1.0 + minute / 60.0
        common = 2016.0 if leap else 2015.0
        stamps.append(read_time(common if typical else year, month, day, past, row=number))
    return pd.DatetimeIndex(stamps), typical
