"""One local day out of longer weather."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .air import LogbookModel
from .bounds import BOUNDS
from .clock import shift_years
from .errors import WeatherError
from .gap import fill_gaps
from .irradiance import find_sky, split_global
from .tally import count_hours
from .weather import Weather, find_day, find_zone


def choose_day(
    weather: Weather, day: dt.date | None = None, *, zone: str, model: LogbookModel = LogbookModel()
) -> Weather:
    """
    Choose one local day, 0 to 24 h by the clock.

    Parameters
    ----------
    weather
        Of one day or many. Of a typical year the same day and month is taken, in any year.
    day
        Which; None: the one with the highest temperature, the first of several.
    zone
        Time zone by its name, whose clocks the day follows: 23 or 25 hours where they change.
    model
        Assumptions, of which `LogbookModel.longest_gap_h` counts here.

    Raises
    ------
    WeatherError
        If there is no such zone, the weather does not hold the day, or too much of it is missing.
    """
    known = find_zone(zone)
    longest = pd.Timedelta(hours=model.longest_gap_h)
    days = _list_days(weather, known)
    if day is None:
        day, more = _find_hottest(weather, days, zone=zone, longest=longest)
        return _cut(weather, day, zone=zone, longest=longest, notes=more)
    if weather.typical and day not in days:
        return _cut(_move(weather, day.year), day, zone=zone, longest=longest, notes=())
    if day not in days:
        raise WeatherError(_tell_range(weather, day, days))
    return _cut(weather, day, zone=zone, longest=longest, notes=())


def _list_days(weather: Weather, zone: dt.tzinfo) -> dict[dt.date, NDArray[np.int64]]:
    """List the local days that the weather touches, each with its rows."""
    dates = pd.Series(weather.middles.tz_convert(zone).date)
    return {day: np.flatnonzero(dates == day) for day in dates.unique()}


def _find_hottest(
    weather: Weather,
    days: dict[dt.date, NDArray[np.int64]],
    *,
    zone: str,
    longest: pd.Timedelta,
) -> tuple[dt.date, tuple[str, ...]]:
    """Find the whole day with the highest temperature, the first of several."""
    highest = {day: float(weather.air_temperature_c[rows].max()) for day, rows in days.items()}
    for day in sorted(days, key=lambda day: (-highest[day], day)):
        wanted = _find_wanted(weather, day, zone)
        if not len(_find_lost(weather, wanted, longest)[1]):
            year = "" if weather.typical else f" {day.year}"
            note = (
                f"No day was asked for: {day.day} {day:%B}{year} was taken, the hottest whole day "
                f"of {len(days)} ({highest[day]:.1f} °C)."
            )
            return day, (note,)
    first, last = min(days), max(days)
    msg = (
        f"There is no whole day by the clocks of {zone} in the weather from {first} to {last}; "
        f"wanted 24 hours without a gap of more than {longest / pd.Timedelta(hours=1):g} h."
    )
    raise WeatherError(msg)


def fill_day(weather: Weather) -> Weather:
    """
    Continue part of a day to 24 hours around it, for what remembers the hours before.

    Air is drawn on from the last interval that is told to the first, and the sun is as clear as
    in those that are.

    Parameters
    ----------
    weather
        Of less than 24 hours, with or without gaps; of more only the first 24 are kept.
    """
    n_day = round(pd.Timedelta(days=1) / weather.step)
    row = np.rint((weather.begins - weather.begins[0]) / weather.step).astype(np.int64)
    told = np.flatnonzero(row < n_day)
    row = row[told]
    begins = pd.date_range(weather.begins[0], periods=n_day, freq=weather.step)
    sky = find_sky(
        begins,
        weather.step,
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
    )
    clear_ghi = float(weather.clear_ghi_w_m2[told].sum())
    clearness = min(float(weather.ghi_w_m2[told].sum()) / clear_ghi, 1.0) if clear_ghi else 1.0
    ghi_w_m2 = clearness * sky.ghi_w_m2
    beam, diffuse = split_global(ghi_w_m2, sky)
    columns: dict[str, Any] = {
        name: np.interp(np.arange(n_day), row, getattr(weather, name)[told], period=n_day)
        for name in BOUNDS
    }
    columns |= {"clear_ghi_w_m2": sky.ghi_w_m2, "extra_w_m2": sky.extra_w_m2}
    drawn = {"ghi_w_m2": ghi_w_m2, "dni_w_m2": beam, "dhi_w_m2": diffuse}
    drawn["longwave_down_w_m2"] = np.full(n_day, np.nan)
    for name, values in drawn.items():
        values[row] = getattr(weather, name)[told]
    return replace(weather, begins=begins, labels=(), **columns | drawn)


def _find_wanted(weather: Weather, day: dt.date, zone: str) -> pd.DatetimeIndex:
    """List the intervals whose middles lie in the day, in step with those that are there."""
    whole = find_day(day, zone, weather.step)
    late = (weather.begins[0] - whole[0]) % weather.step
    return whole + (late if late < weather.step / 2 else late - weather.step)


def _find_lost(
    weather: Weather, wanted: pd.DatetimeIndex, longest: pd.Timedelta
) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Find the intervals that are not there, and those of them in gaps too long to fill."""
    lost = wanted[~wanted.isin(weather.begins)]
    if not len(lost):
        return lost, lost
    at = weather.begins.searchsorted(lost)
    inside = (at > 0) & (at < len(weather))
    before = weather.begins[np.maximum(at - 1, 0)] + weather.step
    after = weather.begins[np.minimum(at, len(weather) - 1)]
    return lost, lost[~inside | ((after - before) > longest)]


def _move(weather: Weather, year: int) -> Weather:
    """Move a typical year to another one."""
    first = int(pd.Series(weather.begins.year).mode().iloc[0])
    moved = shift_years(weather.begins, year - first)
    kept = np.asarray(moved.notna())
    return replace(weather.take(kept), begins=moved[kept])


def _cut(
    weather: Weather,
    day: dt.date,
    *,
    zone: str,
    longest: pd.Timedelta,
    notes: tuple[str, ...],
) -> Weather:
    """Cut one day out, its short gaps filled; refuse longer ones."""
    wanted = _find_wanted(weather, day, zone)
    lost, too_long = _find_lost(weather, wanted, longest)
    if len(lost) == len(wanted):
        days = _list_days(weather, find_zone(zone))
        raise WeatherError(_tell_range(weather, day, days))
    if len(too_long):
        msg = (
            f"The weather of {day} lacks {len(too_long)} of {len(wanted)} intervals in gaps of "
            f"more than {longest / pd.Timedelta(hours=1):g} h: {count_hours(too_long)} ({zone}); "
            "choose another day, or fill them."
        )
        raise WeatherError(msg)
    around = weather.begins.union(lost)
    at = around.get_indexer(weather.begins.tz_convert(around.tz))
    chosen = around.get_indexer(wanted.tz_convert(around.tz))
    columns: dict[str, Any] = {}
    for name in BOUNDS:
        spread = np.full(len(around), np.nan)
        spread[at] = getattr(weather, name)
        filled, _ = fill_gaps(spread, begins=around, step=weather.step, longest=longest)
        columns[name] = (filled if len(lost) else spread)[chosen]
    rows = weather.begins.get_indexer(wanted.tz_convert(weather.begins.tz))
    sky = find_sky(
        wanted,
        weather.step,
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        altitude_m=weather.altitude_m,
    )
    columns["extra_w_m2"] = sky.extra_w_m2
    if lost.size:
        notes = (*notes, f"{len(lost)} intervals were interpolated: {count_hours(lost)}.")
    return replace(
        weather,
        begins=wanted,
        notes=(*weather.notes, *notes),
        labels=tuple(
            weather.labels[row] if row >= 0 else time.isoformat(timespec="minutes")
            for row, time in zip(rows, wanted, strict=True)
        ),
        **columns,
    )


def _tell_range(weather: Weather, day: dt.date, days: dict[dt.date, NDArray[np.int64]]) -> str:
    """Tell that a day is not there, and which are."""
    first, last = min(days), max(days)
    kind = " of a typical year" if weather.typical else ""
    return (
        f"The weather ({weather.source}) does not hold {day}; it reaches from {first} to {last}"
        f"{kind}: choose a day within."
    )
