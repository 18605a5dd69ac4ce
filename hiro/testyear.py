"""Test reference years of the German weather service (DWD TRY, ``.dat``), of 2011 and of 2017."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyproj

from .errors import WeatherError
from .record import Record, read_number, read_time

# Hours 1 to 24 in Central European Time, winter and summer; the grid is in EPSG:3034.
_MEZ_H = 1.0
_GRID = "EPSG:3034"

# A year without 29 February, as the files have none; any such would do.
_ANY_YEAR = 2015

_COLUMNS = {
    "air_temperature_c": "t",
    "pressure_hpa": "p",
    "wind_m_s": "WG",
    "relative_humidity_pct": "RF",
    "direct_w_m2": "B",
    "dhi_w_m2": "D",
    "longwave_down_w_m2": "A",
}


def is_testyear(text: str) -> bool:
    """Tell by the line of stars and the names above it whether a text is such a year."""
    head = text[:8000]
    return re.search(r"^\s*\*\*\*", head, re.MULTILINE) is not None and _find_names(head) != []


def read_testyear(text: str, *, name: str) -> Record:
    """
    Read a test reference year. Its hours are means of the hour before, in UTC+1 all year.

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
    names = _find_names(text)
    lines = text.splitlines()
    first = next(at for at, line in enumerate(lines) if line.lstrip().startswith("***")) + 1
    missing = {*_COLUMNS.values()} - {*names}
    if missing:
        msg = f"The test reference year lacks the columns {', '.join(sorted(missing))}."
        raise WeatherError(msg)
    rows = []
    for row, line in enumerate(lines[first:], start=first + 1):
        cells = line.split()
        if not cells:
            continue
        if len(cells) != len(names):
            msg = (
                f"Wanted {len(names)} numbers in line {row} of the test reference year; "
                f"got {len(cells)}."
            )
            raise WeatherError(msg)
        rows.append([read_number(c, row=row, column=n) for c, n in zip(cells, names, strict=True)])
    table = pd.DataFrame(rows, columns=names, dtype=float)
    stamps = [
        read_time(_ANY_YEAR, month, day, hour, row=row)
        for row, (month, day, hour) in enumerate(
            zip(table["MM"], table["DD"], table["HH"], strict=True), start=first + 1
        )
    ]
    place = _find_place(table) if {"RW", "HW"} <= {*names} and len(table) else (None, None)
    kind = _read_line(text, r"Art des TRY") or "Jahr"
    height = re.search(r"H(?:oe|ö)henlage\s*:\s*(-?\d+(?:\.\d+)?)", text[:8000])
    return Record(
        kind="a test reference year",
        stamps=pd.DatetimeIndex(stamps),
        labels=tuple(f"{stamp:%m-%dT%H:%M}" for stamp in stamps),
        columns={ours: table[theirs].to_numpy(float) for ours, theirs in _COLUMNS.items()},
        source=f"DWD test reference year {name} ({kind})",
        stamp="end",
        utc_offset_h=_MEZ_H,
        latitude_deg=place[0],
        longitude_deg=place[1],
        altitude_m=float(height.group(1)) if height else None,
        typical=True,
        attribution="Test reference years: Deutscher Wetterdienst (DWD), BBSR",
    )


def _find_names(text: str) -> list[str]:
    """Find the names of the columns in the last written line above the stars."""
    above = re.split(r"^\s*\*\*\*", text, maxsplit=1, flags=re.MULTILINE)[0].splitlines()
    written = [line.split() for line in above if line.strip()]
    names = written[-1] if written else []
    return names if {"MM", "DD", "HH"} <= {*names} and len({*names}) == len(names) else []


def _find_place(table: pd.DataFrame) -> tuple[float | None, float | None]:
    """Find latitude and longitude of the middle of the grid's cell."""
    way = pyproj.Transformer.from_crs(_GRID, "EPSG:4326", always_xy=True)
    longitude_deg, latitude_deg = way.transform(table["RW"].iloc[0], table["HW"].iloc[0])
    if not np.isfinite([longitude_deg, latitude_deg]).all():
        return None, None
    return float(latitude_deg), float(longitude_deg)


def _read_line(text: str, what: str) -> str | None:
    """Read what the header says after a name and a colon."""
    found = re.search(rf"{what}\s*:\s*(\S[^\n]*)", text[:8000])
    return found.group(1).strip() if found else None
