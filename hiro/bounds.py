"""Bounds of weather, of time and of places on Earth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.errors import CoordinateError

from .errors import WeatherError

Floats = NDArray[np.float64]

# What no weather on Earth leaves, with room to spare (World Meteorological Organization, Weather
# and Climate Extremes Archive: -89.2 and 56.7 °C; one hour's mean wind stays below 60 m/s).
BOUNDS = {
    "air_temperature_c": (-90.0, 60.0, "°C"),
    "relative_humidity_pct": (0.0, 100.0, "%"),
    "wind_m_s": (0.0, 60.0, "m/s"),
    "ghi_w_m2": (0.0, 1600.0, "W/m²"),
    "dni_w_m2": (0.0, 1450.0, "W/m²"),
    "dhi_w_m2": (0.0, 1200.0, "W/m²"),
    "clear_ghi_w_m2": (0.0, 1600.0, "W/m²"),
    "extra_w_m2": (1300.0, 1450.0, "W/m²"),
    "pressure_hpa": (300.0, 1100.0, "hPa"),
    "longwave_down_w_m2": (20.0, 700.0, "W/m²"),
}


def check_place(*, latitude_deg: float, longitude_deg: float, altitude_m: float = 0.0) -> None:
    """Refuse a place that is none on Earth."""
    if not (abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0):  # also refuses NaN
        msg = f"Wanted a latitude and a longitude in degrees; got {latitude_deg}, {longitude_deg}."
        raise CoordinateError(msg)
    if not -500.0 <= altitude_m <= 9_000.0:
        msg = f"Wanted metres above the sea, -500 to 9,000; got {altitude_m}."
        raise CoordinateError(msg)


def check_bounds(name: str, values: Floats, begins: pd.DatetimeIndex) -> None:
    """Refuse values of one column that are missing, or out of its bounds."""
    if values.shape != (len(begins),):
        msg = f"Wanted {len(begins)} values of `{name}`; got shape {values.shape}."
        raise WeatherError(msg)
    low, high, unit = BOUNDS[name]
    told = values[~np.isnan(values)] if name == "longwave_down_w_m2" else values
    if len(told) < len(values) and not len(told):
        return
    with np.errstate(invalid="ignore"):
        wrong = ~((values >= low) & (values <= high))
    if name == "longwave_down_w_m2":
        wrong &= ~np.isnan(values)
    if wrong.any():
        at = int(wrong.argmax())
        msg = (
            f"Wanted `{name}` from {low:g} to {high:g} {unit}; got {values[at]:g} at {begins[at]} "
            f"({int(wrong.sum())} such); is the unit right?"
        )
        raise WeatherError(msg)


def check_times(begins: pd.DatetimeIndex, step: pd.Timedelta) -> None:
    """Refuse intervals without a zone, out of order or on top of each other."""
    if begins.tz is None:
        msg = "Weather needs times with a time zone, such as 'Europe/Berlin'; got naive ones."
        raise WeatherError(msg)
    if not len(begins):
        msg = "Wanted weather of one interval or more; got none."
        raise WeatherError(msg)
    if not pd.Timedelta(0) < step <= pd.Timedelta(hours=3):
        msg = f"Wanted intervals of up to 3 hours; got {step}."
        raise WeatherError(msg)
    apart = begins[1:] - begins[:-1]
    if len(apart) and (apart < step).any():
        at = int((apart < step).argmax()) + 1
        msg = (
            f"Wanted times {step} apart or more, ascending; got {begins[at]} "
            f"after {begins[at - 1]}."
        )
        raise WeatherError(msg)
