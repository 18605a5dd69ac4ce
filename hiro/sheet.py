"""Weather in a CSV table: columns go by their usual names, English or German, with units."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from .errors import WeatherError
from .heading import Heading, read_heading
from .record import Record, read_number

_DELIMITERS = (",", ";", "\t")
_PREAMBLE_LINES = 60
_MISSING = (-999.0, -999.9, -9999.0, -99999.0)
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T,]+(\d{1,2})(?::(\d{2}))?(?::\d{2})?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})?")
_HOUR = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?")


def read_sheet(text: str, *, name: str) -> Record:
    """
    Read a table of weather.

    Wanted is a time (``time``, or ``date`` and ``hour``) and a temperature; lines above the
    heading are skipped. Decimal commas are read where something else parts the columns.

    Parameters
    ----------
    text
        The file.
    name
        Of the file, for sentences.

    Raises
    ------
    WeatherError
        If there is no such heading, or a cell does not read.
    """
    lines = text.splitlines()
    at, delimiter, headings = _find_headings(lines, name)
    known = _name_columns(headings)
    rows = _read_rows(lines, at, delimiter, width=len(headings))
    stamps, labels = _read_stamps(rows, known)
    comma = delimiter != ","
    values, notes, wind_height_m = {}, [], None
    for quantity, (column, heading) in known.items():
        if quantity in {"time", "day", "hour"}:
            continue
        numbers = [
            read_number(
                cells[column].replace(",", ".") if comma else cells[column],
                row=row,
                column=heading.name.strip(),
                missing=_MISSING,
            )
            for row, cells in rows
        ]
        values[quantity] = np.array(numbers, dtype=float) * heading.factor + heading.offset
        if (heading.factor, heading.offset) != (1.0, 0.0):
            notes.append(f"Column {heading.name.strip()!r} was converted from {heading.unit}.")
        if quantity == "wind_m_s":
            wind_height_m = heading.height_m
    return Record(
        kind="a CSV file",
        stamps=stamps,
        labels=labels,
        columns=values,
        source=f"weather of {name}",
        wind_height_m=wind_height_m,
        notes=tuple(notes),
    )


def _find_headings(lines: Sequence[str], name: str) -> tuple[int, str, list[Heading | None]]:
    """Find the line of headings, and what parts them."""
    for at, line in enumerate(lines[:_PREAMBLE_LINES]):
        for delimiter in _DELIMITERS:
            cells = _split(line, delimiter, at + 1)
            if len(cells) < 2 or len(cells) > 500:
                continue
            headings = [read_heading(cell.lstrip("#% ")) for cell in cells]
            told = {heading.quantity for heading in headings if heading is not None}
            if told & {"time", "day"} and "air_temperature_c" in told:
                return at, delimiter, headings
    msg = (
        f"{name!r} is no weather file we know: wanted EPW, DWD test reference year, UMEP met "
        "file, or CSV with columns such as time, temperature, humidity, wind, ghi, dni, dhi."
    )
    raise WeatherError(msg)


def _split(line: str, delimiter: str, row: int) -> list[str]:
    """Split one line into its cells."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        msg = f"Line {row} of the CSV file does not read ({error})."
        raise WeatherError(msg) from error


def _name_columns(headings: Sequence[Heading | None]) -> dict[str, tuple[int, Heading]]:
    """Find the column of each quantity; refuse two of one."""
    known: dict[str, tuple[int, Heading]] = {}
    for column, heading in enumerate(headings):
        if heading is None:
            continue
        if heading.quantity in known:
            first = known[heading.quantity][1].name.strip()
            msg = f"Columns {first!r} and {heading.name.strip()!r} tell the same; keep one."
            raise WeatherError(msg)
        known[heading.quantity] = (column, heading)
    return known


def _read_rows(
    lines: Sequence[str], at: int, delimiter: str, *, width: int
) -> list[tuple[int, list[str]]]:
    """Read the rows below the headings, each with its line from 1; blank ones are skipped."""
    rows = []
    for row, line in enumerate(lines[at + 1 :], start=at + 2):
        cells = _split(line, delimiter, row)
        if not any(cell.strip() for cell in cells) or line.startswith("#"):
            continue
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            msg = f"Wanted {width} cells in line {row} of the CSV file; got {len(cells)}."
            raise WeatherError(msg)
        rows.append((row, cells))
    return rows


def _read_stamps(
    rows: Sequence[tuple[int, Sequence[str]]], known: dict[str, tuple[int, Heading]]
) -> tuple[pd.DatetimeIndex, tuple[str, ...]]:
    """Read the time of each row, with and without an offset not mixed, and its text."""
    columns = [known[part][0] for part in _choose_parts(rows, known)]
    labels = tuple(" ".join(cells[column].strip() for column in columns) for _row, cells in rows)
    times = [_read_time(label, row) for label, (row, _cells) in zip(labels, rows, strict=True)]
    offsets = {time.utcoffset() for time in times}
    if len(offsets) > 1 and None in offsets:
        msg = "Some times in the CSV file carry an offset from UTC and others do not; wanted one."
        raise WeatherError(msg)
    heading = known.get("time", (0, None))[1]
    utc = heading is not None and re.search(r"\butc\b|_utc$", heading.name, re.IGNORECASE)
    if times and (len(offsets) > 1 or (utc and offsets == {None})):
        return pd.DatetimeIndex(pd.to_datetime(times, utc=True)), labels
    return pd.DatetimeIndex(times), labels


def _choose_parts(
    rows: Sequence[tuple[int, Sequence[str]]], known: dict[str, tuple[int, Heading]]
) -> list[str]:
    """Choose the columns that make a time: one, or a day and an hour."""
    clock = "hour" if "hour" in known else "time"
    alone = "time" in known and rows and not _HOUR.fullmatch(rows[0][1][known["time"][0]].strip())
    if alone or "day" not in known:
        return ["time"]
    return ["day", clock] if clock in known else ["day"]


def _read_time(text: str, row: int) -> dt.datetime:
    """Read a time: ISO 8601, German, or digits alone; 24 h is the next midnight."""
    plain = text.strip()
    german, digits = _GERMAN.fullmatch(plain), _DIGITS.fullmatch(plain)
    day, _, clock = plain.partition(" ")
    hour = _HOUR.fullmatch(clock)
    try:
        if german is not None:
            date, month, year, hours, minutes = (int(part or 0) for part in german.groups())
            return _add(dt.datetime(year, month, date), hours, minutes)  # noqa: DTZ001 - the file's
        if digits is not None:
            year, month, date, hours, minutes = (int(part or 0) for part in digits.groups())
            return _add(dt.datetime(year, month, date), hours, minutes)  # noqa: DTZ001
        if hour is not None:
            midnight = dt.datetime.fromisoformat(day)
            return _add(midnight, int(hour.group(1)), int(hour.group(2) or 0))
        return dt.datetime.fromisoformat(plain)
    except (ValueError, OverflowError) as error:
        msg = (
            f"Wanted a time such as 2026-07-20T14:00 in line {row} of the CSV file; "
            f"got {plain[:40]!r}."
        )
        raise WeatherError(msg) from error


def _add(midnight: dt.datetime, hours: int, minutes: int) -> dt.datetime:
    """Add a time of day, up to 24:00, to a midnight."""
    if hours * 60 + minutes > 1440 or minutes > 59:
        msg = "no such time of day"
        raise ValueError(msg)
    return midnight + dt.timedelta(hours=hours, minutes=minutes)
