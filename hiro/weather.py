"""Weather: air, wind and the sun's radiation over open ground, interval by interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.sun import find_sun

from .bounds import BOUNDS, check_bounds, check_place, check_times
from .errors import WeatherError
from .irradiance import find_pressure, find_sky, sample
from .tally import count_rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DesignDayModel:
    """
    The hot day that all objects are compared on; change one with `dataclasses.replace`.

    Attributes
    ----------
    highest_c
        Highest air temperature of the day; issue 5 of the project. [°C]
    swing_k
        From the lowest, at sunrise, to the highest: 11 to 13 K on the hot days of the test
        reference year of Chemnitz and of Athens 2023; our choice. [K]
    peak_after_noon_h
        When it is hottest: that long after the sun is highest, some 15 h local standard time;
        our choice. [h]
    evening_power
        Exponent of the time since the peak as a share of the way to sunrise; below 1 it cools
        sooner. 0.8 follows the mean of the same hot days; our choice. [1]
    vapour_pressure_hpa
        Of the air, all day; issue 5 of the project. [hPa]
    wind_m_s
        At 10 m above the ground, all day; issue 5 of the project. [m s⁻¹]
    linke_turbidity
        How hazy the air is: that many clean, dry atmospheres; None: of the month and place, a
        climatology of J. Remund et al. (2003) that pvlib ships. [1]
    step_min
        Length of an interval; a part of an hour. [min]

    Raises
    ------
    WeatherError
        If one is out of bounds.
    """

    highest_c: float = 33.0
    swing_k: float = 12.0
    peak_after_noon_h: float = 3.0
    evening_power: float = 0.8
    vapour_pressure_hpa: float = 15.0
    wind_m_s: float = 2.0
    linke_turbidity: float | None = None
    step_min: int = 60

    def __post_init__(self) -> None:
        """Refuse days that cannot be."""
        for name, low, high in (
            ("highest_c", -60.0, 60.0),
            ("swing_k", 0.0, 40.0),
            ("peak_after_noon_h", 0.0, 8.0),
            ("evening_power", 0.3, 2.0),
            ("vapour_pressure_hpa", 0.1, 60.0),
            ("wind_m_s", 0.0, 60.0),
            ("linke_turbidity", 1.0, 15.0),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:  # also refuses NaN
                msg = f"`{name}` must lie from {low:g} to {high:g}; got {value}."
                raise WeatherError(msg)
        if self.step_min not in {5, 10, 15, 20, 30, 60}:
            msg = f"`step_min` must divide an hour: 5, 10, 15, 20, 30 or 60; got {self.step_min}."
            raise WeatherError(msg)


@dataclass(frozen=True, eq=False, slots=True)
class Weather:
    """
    Weather at one place, above the roofs and far from trees, one mean per interval.

    Attributes
    ----------
    begins
        Zone-aware START of each interval, ascending, shape ``(n_times,)``. Intervals may be
        missing, and never overlap.
    step
        Length of every interval.
    air_temperature_c
        2 m above the ground, shape ``(n_times,)``. [°C]
    relative_humidity_pct
        Shape ``(n_times,)``. [%]
    wind_m_s
        10 m above the ground, shape ``(n_times,)``. [m s⁻¹]
    ghi_w_m2
        All of the sun's radiation on level ground, shape ``(n_times,)``. [W m⁻²]
    dni_w_m2
        Its beam on a plane that faces the sun, as seen while the sun is up: times the mean sine
        of the sun's height over the interval (0 below the horizon) it is the beam on level
        ground, shape ``(n_times,)``. [W m⁻²]
    dhi_w_m2
        What the sky scatters, on level ground, shape ``(n_times,)``. [W m⁻²]
    clear_ghi_w_m2
        `ghi_w_m2` of a clear sky (Ineichen), shape ``(n_times,)``. [W m⁻²]
    extra_w_m2
        Beyond the air, on a plane that faces the sun, shape ``(n_times,)``. [W m⁻²]
    pressure_hpa
        Of the air at the place, shape ``(n_times,)``. [hPa]
    longwave_down_w_m2
        The sky's thermal radiation on level ground, NaN where the source tells none, shape
        ``(n_times,)``. [W m⁻²]
    latitude_deg, longitude_deg
        Place, north and east positive. [°]
    source
        What it is, in a phrase to be shown wherever it is used.
    attribution
        Credit the licence asks for, or None.
    notes
        One sentence each: what was assumed, filled, converted, counted.
    altitude_m
        Of the place above the sea. [m]
    labels
        Each interval's time as the source writes it, ``n_times``.
    typical
        Whether it is a year put together of several, whose days have no year.

    Raises
    ------
    WeatherError
        If shapes disagree, times have no zone, do not ascend or overlap, or a value is missing
        or out of the bounds of weather on Earth.
    """

    begins: pd.DatetimeIndex
    step: pd.Timedelta
    air_temperature_c: Floats
    relative_humidity_pct: Floats
    wind_m_s: Floats
    ghi_w_m2: Floats
    dni_w_m2: Floats
    dhi_w_m2: Floats
    clear_ghi_w_m2: Floats
    extra_w_m2: Floats
    pressure_hpa: Floats
    longwave_down_w_m2: Floats
    latitude_deg: float
    longitude_deg: float
    source: str
    attribution: str | None = None
    notes: tuple[str, ...] = ()
    altitude_m: float = 0.0
    labels: tuple[str, ...] = ()
    typical: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no weather, and freeze the arrays."""
        check_times(self.begins, self.step)
        if not self.labels:
            object.__setattr__(self, "labels", tuple(time.isoformat() for time in self.begins))
        if len(self.labels) != len(self.begins):
            msg = f"Wanted a label for each of {len(self)} intervals; got {len(self.labels)}."
            raise WeatherError(msg)
        for name in BOUNDS:
            check_bounds(name, getattr(self, name), self.begins)
            getattr(self, name).flags.writeable = False

    def __len__(self) -> int:
        """Count the intervals."""
        return len(self.begins)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Weather:
        """
        Take some of the intervals.

        Parameters
        ----------
        rows
            Which: a mask, ``(n_times,)``, or indices, ascending.
        """
        return replace(
            self,
            begins=self.begins[rows],
            labels=tuple(np.array(self.labels, dtype=object)[rows]),
            **{name: getattr(self, name)[rows] for name in BOUNDS},
        )

    @property
    def middles(self) -> pd.DatetimeIndex:
        """Middle of each interval, shape ``(n_times,)``."""
        return self.begins + self.step / 2

    @property
    def vapour_pressure_hpa(self) -> Floats:
        """Pressure of the water vapour in the air, in hectopascal, shape ``(n_times,)``."""
        return self.relative_humidity_pct / 100.0 * find_saturation(self.air_temperature_c)


def find_saturation(temperature_c: Floats) -> Floats:
    """
    Find the vapour pressure of air over water that can hold no more.

    References
    ----------
    World Meteorological Organization, Guide to Instruments and Methods of Observation
    (WMO-No. 8), annex 4.B: ``6.112 exp(17.62 t / (243.12 + t))``.

    Examples
    --------
    >>> find_saturation(np.array([0.0, 33.0])).round(2)
    array([ 6.11, 50.2 ])
    """
    saturation: Floats = 6.112 * np.exp(17.62 * temperature_c / (243.12 + temperature_c))
    return saturation


def design_date(latitude_deg: float, year: int) -> dt.date:
    """
    Choose the day of the design day: high summer at that place.

    Parameters
    ----------
    latitude_deg
        North positive: 20 July, and 20 January south of the equator. [°]
    year
        Calendar year.

    Examples
    --------
    >>> design_date(51.05, 2026), design_date(-33.9, 2026)
    (datetime.date(2026, 7, 20), datetime.date(2026, 1, 20))
    """
    return dt.date(year, 7 if latitude_deg >= 0.0 else 1, 20)


def build_design_day(
    day: dt.date,
    *,
    zone: str,
    latitude_deg: float,
    longitude_deg: float,
    altitude_m: float = 0.0,
    model: DesignDayModel = DesignDayModel(),
) -> Weather:
    """
    Build the hot, clear day that objects are compared on.

    The temperature climbs from sunrise along a quarter of a sine, as W. J. Parton and J. A. Logan
    (1981) have it by day, and falls from its peak to the next sunrise along half a cosine; where
    the sun does not rise or set, it is lowest 12 h from noon. Humidity follows from a constant
    vapour pressure.

    Parameters
    ----------
    day
        Local day: 0 to 24 h by the clock, so 23 or 25 hours where clocks change.
    zone
        Time zone by its name, such as "Europe/Berlin".
    latitude_deg, longitude_deg
        Place, north and east positive. [°]
    altitude_m
        Above the sea. [m]
    model
        Assumptions.

    Raises
    ------
    WeatherError
        If there is no such zone, place or height.

    Examples
    --------
    >>> day = build_design_day(
    ...     dt.date(2026, 7, 20), zone="Europe/Berlin", latitude_deg=51.05, longitude_deg=13.74
    ... )
    >>> day.source
    'design day: 20 July, 33 °C, 15 hPa, 2 m/s, clear'
    >>> day.begins[day.air_temperature_c.argmax()].hour, len(day)
    (15, 24)
    """
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    check_place(**place, altitude_m=altitude_m)
    step = pd.Timedelta(minutes=model.step_min)
    begins = find_day(day, zone, step)
    sky = find_sky(
        begins, step, **place, altitude_m=altitude_m, linke_turbidity=model.linke_turbidity
    )
    times, n_parts = sample(begins, step)
    course = _find_course(times, place, model)
    air_c = model.highest_c - model.swing_k * (1.0 - course.reshape(-1, n_parts).mean(axis=1))
    humidity_pct = 100.0 * model.vapour_pressure_hpa / find_saturation(air_c)
    notes = []
    if (humidity_pct > 100.0).any():
        wet = count_rows(int((humidity_pct > 100.0).sum()))
        notes.append(f"The air of the design day is saturated in {wet}.")
    return Weather(
        begins=begins,
        step=step,
        air_temperature_c=air_c,
        relative_humidity_pct=np.minimum(humidity_pct, 100.0),
        wind_m_s=np.full(len(begins), model.wind_m_s),
        ghi_w_m2=sky.ghi_w_m2,
        dni_w_m2=sky.dni_w_m2,
        dhi_w_m2=sky.dhi_w_m2,
        clear_ghi_w_m2=sky.ghi_w_m2.copy(),
        extra_w_m2=sky.extra_w_m2,
        pressure_hpa=np.full(len(begins), find_pressure(altitude_m)),
        longwave_down_w_m2=np.full(len(begins), np.nan),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        source=(
            f"design day: {day.day} {day:%B}, {model.highest_c:g} °C, "
            f"{model.vapour_pressure_hpa:g} hPa, {model.wind_m_s:g} m/s, clear"
        ),
        notes=tuple(notes),
        altitude_m=altitude_m,
    )


def find_day(day: dt.date, zone: str, step: pd.Timedelta) -> pd.DatetimeIndex:
    """
    List the starts of the intervals of a local day.

    Parameters
    ----------
    day, zone
        Which day, by the clocks of which zone.
    step
        Length of an interval.

    Raises
    ------
    WeatherError
        If there is no such zone, or no such day in it.
    """
    known = find_zone(zone)
    midnight = pd.Timestamp(day)
    ends = pd.DatetimeIndex([midnight, midnight + pd.Timedelta(days=1)])
    # Where clocks change at midnight the day begins with its first hour that is.
    first, last = ends.tz_localize(
        known, ambiguous=np.array([True, True]), nonexistent="shift_forward"
    )
    begins = pd.date_range(first, last, freq=step, inclusive="left")
    if not len(begins):
        msg = f"The clocks of {zone} skip {day}; choose another day."
        raise WeatherError(msg)
    return begins


def find_zone(zone: str) -> ZoneInfo:
    """Find a time zone by its name, or refuse it with a `WeatherError`."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"There is no time zone {zone!r}; name one such as 'Europe/Berlin'."
        raise WeatherError(msg) from error


def _find_course(
    times: pd.DatetimeIndex, place: Mapping[str, float], model: DesignDayModel
) -> Floats:
    """Find where between its lowest (0) and highest (1) the temperature stands, ``(n_times,)``."""
    around = pd.date_range(times[0], periods=288, freq="5min")
    height = find_sun(around, **place).elevation_deg
    noon = around[int(height.argmax())]
    half_h = float((height > 0.0).mean()) * 12.0 or 12.0
    after_h = ((times - noon) / pd.Timedelta(hours=1)).to_numpy(float)
    since_low_h = np.mod(after_h + half_h, 24.0)
    climb_h = half_h + model.peak_after_noon_h
    climbs = since_low_h < climb_h
    phase = np.where(climbs, since_low_h, since_low_h - climb_h) / np.where(
        climbs, climb_h, 24.0 - climb_h
    )
    falling = 0.5 + 0.5 * np.cos(np.pi * phase**model.evening_power)
    course: Floats = np.where(climbs, np.sin(0.5 * np.pi * phase), falling)
    return course
