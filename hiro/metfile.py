"""UMEP's met files: a line of names from ``iy id it imin`` on, then numbers between blanks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .errors import WeatherError
from .record import Record, read_number, read_time

_MISSING = (-999.0, -9999.0)
_TIME = ("iy", "id", "it", "imin")

# Names of UMEP's preprocessor and of SUEWS, whose files these are; factors to the units of Weather.
_COLUMNS = {
    "air_temperature_c": ({"td", "tair", "ta"}, 1.0),
    "relative_humidity_pct": ({"rh"}, 1.0),
    "wind_m_s": ({"wind", "u", "ws"}, 1.0),
    "pressure_hpa": ({"press", "pres"}, 10.0),
    "ghi_w_m2": ({"kdn", "kdown"}, 1.0),
    "dhi_w_m2": ({"kdiff"}, 1.0),
    "dni_w_m2": ({"kdir"}, 1.0),
    "longwave_down_w_m2": ({"ldown"}, 1.0),
}


def is_metfile(text: str) -> bool:
    """Tell by its first line whether a text is a met file."""
    names = text.lstrip().split("\n", 1)[0].lower().lstrip("%# ").split()
    return tuple(names[:4]) == _TIME


def read_metfile(text: str, *, name: str) -> Record:
    """
    Read a met file.

    ``iy id it imin`` are year, day of the year, hour and minute. Minutes that are the same in
    every row, and no quarter of an hour, carry no meaning and are left out, which a note says.
    ``Td`` is the temperature of the air, ``press`` is in kPa, ``Kdir`` faces the sun.

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
    lines = text.lstrip().splitlines()
    names = lines[0].lower().lstrip("%# ").split()
    rows = []
    for row, line in enumerate(lines[1:], start=2):
        cells = line.split()
        if not cells or line.lstrip().startswith(("%", "#")):
            continue
        if len(cells) != len(names):
            msg = f"Wanted {len(names)} numbers in line {row} of the met file; got {len(cells)}."
            raise WeatherError(msg)
        rows.append(
            [
                read_number(cell, row=row, column=column, missing=_MISSING)
                for cell, column in zip(cells, names, strict=True)
            ]
        )
    table = pd.DataFrame(rows, columns=names, dtype=float)
    table = table.loc[:, ~table.columns.duplicated()]
    minutes, notes = _read_minutes(table["imin"])
    stamps = [
        _read_stamp(year, day, hour, minute, row=row)
        for row, (year, day, hour, minute) in enumerate(
            zip(table["iy"], table["id"], table["it"], minutes, strict=True), start=2
        )
    ]
    values = {}
    for ours, (theirs, factor) in _COLUMNS.items():
        found = next((column for column in names if column in theirs), None)
        if found is not None:
            values[ours] = table[found].to_numpy(float) * factor
    return Record(
        kind="a UMEP met file",
        stamps=pd.DatetimeIndex(stamps),
        columns=values,
        source=f"UMEP met file {name}",
        notes=notes,
    )


def _read_minutes(minutes: pd.Series[float]) -> tuple[pd.Series[float], tuple[str, ...]]:
    """Leave minutes out that are no part of the time."""
    first = float(minutes.iloc[0]) if len(minutes) else 0.0
    if len(minutes) > 1 and (minutes == first).all() and first not in {0.0, 15.0, 30.0, 45.0}:
        note = f"The minute is {first:g} in every row of the met file; it is taken as 0."
        return minutes * 0.0, (note,)
    return minutes, ()


def _read_stamp(year: float, day: float, hour: float, minute: float, *, row: int) -> pd.Timestamp:
    """Put the time of one row together."""
    if not (1.0 <= day <= 366.0 and 0.0 <= minute < 60.0 and np.isfinite(year)):
        msg = (
            f"Wanted a year, a day from 1 to 366, an hour and a minute; got {year:g} {day:g} "
            f"{hour:g} {minute:g} in line {row} of the met file."
        )
        raise WeatherError(msg)
    january = read_time(year, 1, 1, hour + minute / 60.0, row=row)
    return january + pd.Timedelta(days=int(day) - 1)
