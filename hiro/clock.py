"""From the times in a weather file to the starts of its intervals, and whether the sun agrees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.sun import find_sun

from .errors import WeatherError
from .record import STAMPS, Record, Stamp
from .weather import find_zone

Floats = NDArray[np.float64]

_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}
_HOUR = pd.Timedelta(hours=1)

# Rows that tell the clock: a beam worth dividing by, and the sun clear of the horizon's haze.
_LEAST_BEAM_W_M2 = 100.0
_LEAST_GLOBAL_W_M2 = 80.0
_LEAST_ROWS = 3
_SHIFTS_MIN = tuple(range(-720, 721, 30))


@dataclass(frozen=True, eq=False, slots=True)
class Clock:
    """
    The intervals of a file's rows.

    Attributes
    ----------
    begins
        Zone-aware starts, shape ``(n_rows,)``.
    step
        Length of each.
    labels
        The times as the file has them, ``n_rows``.
    notes
        What was overruled or assumed.
    """

    begins: pd.DatetimeIndex
    step: pd.Timedelta
    labels: tuple[str, ...]
    notes: tuple[str, ...]


def read_clock(
    record: Record,
    *,
    zone: str | None,
    stamp: Stamp | None,
    utc_offset_h: float | None,
    year: int | None = None,
) -> Clock:
    """
    Read the intervals of a file's rows.

    Parameters
    ----------
    record
        The file.
    zone
        In which times are told; also the clock of naive times if nothing else tells it.
    stamp
        Where in its interval a time stands; overrules the format, with a note.
    utc_offset_h
        Clock of naive times; overrules the format, with a note. [h]
    year
        Of a typical year, or one that another year's rows stand for.

    Raises
    ------
    WeatherError
        If stamp or clock are neither given nor known, or times are doubled, out of order,
        unevenly spaced, or skipped by the clocks of `zone`.
    """
    meant, notes = _choose_stamp(record, stamp)
    stamps, more = _place_stamps(record, zone=zone, utc_offset_h=utc_offset_h)
    step, yet_more = _find_step(stamps, record.kind)
    begins = stamps - _SHARE[meant] * step
    labels = record.labels or tuple(t.isoformat(timespec="minutes") for t in record.stamps)
    notes = [*notes, *more, *yet_more]
    if year is not None:
        begins, told = _move_to(begins, year, typical=record.typical)
        notes += told
    return Clock(begins=begins, step=step, labels=labels, notes=tuple(notes))


def shift_years(begins: pd.DatetimeIndex, years: int) -> pd.DatetimeIndex:
    """
    Move times by whole years, each to the same day and hour in UTC.

    Parameters
    ----------
    begins
        Zone-aware times.
    years
        How many, negative into the past; 29 February becomes NaT where there is none.
    """
    universal = begins.tz_convert("UTC")
    moved = pd.DatetimeIndex(universal + pd.DateOffset(years=years)) if years else universal
    moved = pd.DatetimeIndex(moved.where(moved.day == universal.day))
    return moved.tz_convert(begins.tz)


def check_clock(
    begins: pd.DatetimeIndex,
    step: pd.Timedelta,
    *,
    ghi_w_m2: Floats,
    dhi_w_m2: Floats,
    dni_w_m2: Floats,
    latitude_deg: float,
    longitude_deg: float,
    tolerance: float,
) -> tuple[str, ...]:
    """
    Check the clock against the sun, where a file tells global, diffuse and beam of their own.

    ``(ghi - dhi) / dni`` is the sine of the sun's height in the middle of the interval. Nothing
    is shifted: a clock that fits far better is told in a note.

    Parameters
    ----------
    begins, step
        The intervals: ``(n_rows,)`` starts, and their length.
    ghi_w_m2, dhi_w_m2, dni_w_m2
        As the file tells them, NaN where it does not, shape ``(n_rows,)``. [W m⁻²]
    latitude_deg, longitude_deg
        Place. [°]
    tolerance
        Up to which root mean square of the difference a clock is right. [1]
    """
    with np.errstate(invalid="ignore"):
        use = (dni_w_m2 >= _LEAST_BEAM_W_M2) & (ghi_w_m2 >= _LEAST_GLOBAL_W_M2)
    use &= np.isfinite(dhi_w_m2)
    rows = np.flatnonzero(use)
    if len(rows) < _LEAST_ROWS:
        return ()
    rows = rows[:: max(1, len(rows) // 500)]
    told = (ghi_w_m2[rows] - dhi_w_m2[rows]) / dni_w_m2[rows]
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}

    def find_miss(shift_min: int) -> float:
        middles = begins[rows] + step / 2 + pd.Timedelta(minutes=shift_min)
        sine = np.sin(np.deg2rad(find_sun(middles, **place).elevation_deg))
        return float(np.sqrt(np.mean((sine - told) ** 2)))

    now = find_miss(0)
    if now <= tolerance:
        return ()
    missed = {shift: find_miss(shift) for shift in _SHIFTS_MIN}
    best = min(missed, key=lambda shift: (missed[shift], abs(shift)))
    if missed[best] > min(tolerance, 0.5 * now):
        note = (
            f"Global, diffuse and beam of the file do not fit the sun at this place (rms error of "
            f"its sine {now:.3f}), nor with any other clock; are the columns what they are "
            "called, and `dni` on a plane that faces the sun?"
        )
        return (note,)
    way = "later" if best > 0 else "earlier"
    note = (
        f"The radiation in the file fits the sun {abs(best)} minutes {way} far better (rms error "
        f"of its sine {missed[best]:.3f}, now {now:.3f}): check what a time stands for (start, "
        "middle or end) and the UTC offset; nothing was shifted."
    )
    return (note,)


def _choose_stamp(record: Record, stamp: Stamp | None) -> tuple[Stamp, list[str]]:
    """Settle where in its interval a time stands."""
    if stamp is not None and stamp not in STAMPS:
        msg = f"Wanted `stamp` to be start, middle or end of the interval; got {stamp!r}."
        raise WeatherError(msg)
    if stamp is None and record.stamp is None:
        msg = (
            f"A time in {record.kind} may be the start, the middle or the end of the interval "
            "that its row is the mean of; say which with `stamp`."
        )
        raise WeatherError(msg)
    if stamp is None or record.stamp in {None, stamp}:
        return stamp or record.stamp or "end", []
    note = (
        f"Times in {record.kind} stand for the {record.stamp} of an interval; "
        f"they are taken as its {stamp}, as asked."
    )
    return stamp, [note]


def _place_stamps(
    record: Record, *, zone: str | None, utc_offset_h: float | None
) -> tuple[pd.DatetimeIndex, list[str]]:
    """Give the times a zone: that asked for, else that of the file."""
    known = find_zone(zone) if zone is not None else None
    if utc_offset_h is not None and not -14.0 <= utc_offset_h <= 14.0:
        msg = f"Wanted an offset from UTC of -14 to 14 hours; got {utc_offset_h}."
        raise WeatherError(msg)
    if record.stamps.tz is not None:
        notes = []
        told = None if utc_offset_h is None else dt.timedelta(hours=utc_offset_h)
        if told is not None and {time.utcoffset() for time in record.stamps} != {told}:
            notes.append(
                f"Times in {record.kind} carry their own offset, so the UTC offset of "
                f"{utc_offset_h:+g} h was not used."
            )
        return record.stamps if known is None else record.stamps.tz_convert(known), notes
    notes = []
    offset_h = utc_offset_h if utc_offset_h is not None else record.utc_offset_h
    if offset_h is not None:
        if record.utc_offset_h not in {None, offset_h}:
            notes.append(
                f"The clock of {record.kind} is UTC{record.utc_offset_h:+g} h; "
                f"it is taken as UTC{offset_h:+g} h, as asked."
            )
        clock = dt.timezone(dt.timedelta(hours=offset_h))
        placed = record.stamps.tz_localize(clock)
        return placed if known is None else placed.tz_convert(known), notes
    if known is None:
        msg = (
            f"Times in {record.kind} have no time zone; give `utc_offset_h`, such as 1 for "
            "Central European Time all year, or `zone`, such as 'Europe/Berlin'."
        )
        raise WeatherError(msg)
    try:
        return record.stamps.tz_localize(known, ambiguous="infer"), notes
    except (ValueError, OverflowError) as error:
        skipped = record.stamps[record.stamps.tz_localize(known, True, "NaT").isna()]  # noqa: FBT003 - pandas' own
        fault = f"skip {skipped[0]}" if len(skipped) else "repeat an hour that stands there once"
        msg = (
            f"The clocks of {zone} {fault}, as times in {record.kind} do not; if the file's clock "
            "does not change in summer, give `utc_offset_h`."
        )
        raise WeatherError(msg) from error


def _find_step(stamps: pd.DatetimeIndex, kind: str) -> tuple[pd.Timedelta, list[str]]:
    """Find how long an interval is; refuse times that are doubled or out of order."""
    if len(stamps) == 1:
        return _HOUR, [f"There is one row in {kind}; it is taken as one hour."]
    apart = stamps[1:] - stamps[:-1]
    if (apart <= pd.Timedelta(0)).any():
        at = int((apart <= pd.Timedelta(0)).argmax()) + 1
        fault = "twice" if stamps[at] == stamps[at - 1] else f"after {stamps[at - 1]}"
        msg = f"Wanted ascending times in {kind}, each once; got {stamps[at]} {fault}."
        raise WeatherError(msg)
    step = pd.Series(apart).mode().iloc[0]
    if (apart < step).any():
        at = int((apart < step).argmax()) + 1
        msg = (
            f"Wanted times {_tell(step)} apart in {kind}, as most are; "
            f"got {stamps[at]} after {stamps[at - 1]}."
        )
        raise WeatherError(msg)
    return step, []


def _move_to(
    begins: pd.DatetimeIndex, year: int, *, typical: bool
) -> tuple[pd.DatetimeIndex, list[str]]:
    """Let the rows of one year stand for those of another."""
    if not 1850 <= year <= 2150:
        msg = f"Wanted a year from 1850 to 2150; got {year}."
        raise WeatherError(msg)
    years = sorted({*begins.year})
    if year in years and not typical:
        return begins, []
    # The first interval of a year in a westerly clock may begin in the year before.
    first = int(pd.Series(begins.year).mode().iloc[0])
    moved = shift_years(begins, year - first)
    note = f"The days of {first} stand for those of {year}."
    return moved, [] if typical else [note]


def _tell(step: pd.Timedelta) -> str:
    """Tell a length of time in minutes or hours."""
    minutes = step / pd.Timedelta(minutes=1)
    return f"{minutes / 60:g} h" if minutes >= 60 else f"{minutes:g} min"
