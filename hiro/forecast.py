"""Fetch the weather of the next days from Open-Meteo."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import requests
from numpy.typing import NDArray

from solarpass.errors import FetchError

from .air import LogbookModel
from .bounds import check_place
from .logbook import complete
from .record import Record
from .weather import Weather, find_zone

Floats = NDArray[np.float64]

OPEN_METEO_URL = "https://api.open-meteo.com/v1/forecast"
ATTRIBUTION = "Weather data by Open-Meteo.com (CC BY 4.0)"

# Sixteen days of seven columns are 40 kB.
MOST_BYTES = 2 * 1024 * 1024
MOST_DAYS = 15
_CHUNK_BYTES = 16 * 1024

# Names and units of the answer. What is radiation is the mean of the hour that ends at its time,
# the rest is of that instant (Open-Meteo, Weather Forecast API, "Hourly Parameter Definition").
_INSTANTS = {
    "air_temperature_c": ("temperature_2m", "°C"),
    "relative_humidity_pct": ("relative_humidity_2m", "%"),
    "wind_m_s": ("wind_speed_10m", "m/s"),
    "pressure_hpa": ("surface_pressure", "hPa"),
}
_MEANS = {
    "ghi_w_m2": ("shortwave_radiation", "W/m²"),
    "dni_w_m2": ("direct_normal_irradiance", "W/m²"),
    "dhi_w_m2": ("diffuse_radiation", "W/m²"),
}
_COLUMNS = {**_INSTANTS, **_MEANS}


def fetch_forecast(
    *,
    zone: str,
    latitude_deg: float,
    longitude_deg: float,
    days: int = 3,
    url: str = OPEN_METEO_URL,
    timeout_s: float = 30.0,
    model: LogbookModel = LogbookModel(),
) -> Weather:
    """
    Fetch the forecast, hour by hour, from the start of yesterday in UTC.

    Temperature, humidity, wind and pressure are told at instants, and taken as the mean of both
    ends of each hour; radiation is told as the mean of the hour before.

    Parameters
    ----------
    zone
        Time zone by its name, such as "Europe/Berlin", in which times are told.
    latitude_deg, longitude_deg
        Place, north and east positive. [°]
    days
        How many days, today's included; all of them are whole in any zone.
    url
        Where to ask.
    timeout_s
        How long to wait for all of the answer. [s]
    model
        Assumptions.

    Raises
    ------
    FetchError
        If the service cannot be reached, or does not answer as hoped.
    WeatherError
        If there is no such zone, or the forecast is no weather.
    """
    check_place(latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    find_zone(zone)
    if not 1 <= days <= MOST_DAYS:
        msg = f"Wanted a forecast of 1 to {MOST_DAYS} days; got {days}."
        raise FetchError(msg)
    question = {
        "latitude": f"{latitude_deg:.4f}",
        "longitude": f"{longitude_deg:.4f}",
        "hourly": ",".join(theirs for theirs, _unit in _COLUMNS.values()),
        "wind_speed_unit": "ms",
        "timezone": "UTC",
        "past_days": "1",
        "forecast_days": str(days + 1),
    }
    answer = _read_answer(_ask(url, question, timeout_s))
    return complete(
        _read_record(answer),
        zone=zone,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        model=model,
    )


def _ask(url: str, question: Mapping[str, str], timeout_s: float) -> bytes:
    """Ask once, and read an answer of bounded size in bounded time."""
    until = time.monotonic() + timeout_s
    late = f"No forecast within {timeout_s:g} s; try again, or allow more time."
    content = b""
    try:
        with requests.get(url, params=question, timeout=timeout_s, stream=True) as response:
            for chunk in response.iter_content(_CHUNK_BYTES):
                content += chunk
                if len(content) > MOST_BYTES:
                    msg = f"The forecast is larger than {MOST_BYTES // 1024**2} MB; is {url} right?"
                    raise FetchError(msg)
                if time.monotonic() > until:
                    raise FetchError(late)
            status = response.status_code
    except requests.exceptions.Timeout as error:
        raise FetchError(late) from error
    except requests.exceptions.ConnectionError as error:
        if "timed out" in str(error):  # how requests tells a stall amid the answer
            raise FetchError(late) from error
        msg = f"The forecast at {url} cannot be reached; are you online?"
        raise FetchError(msg) from error
    except requests.exceptions.RequestException as error:
        msg = f"The forecast at {url} broke off ({type(error).__name__}); try again."
        raise FetchError(msg) from error
    if status in {429, 503, 504}:
        msg = f"The forecast service is busy (HTTP {status}); try again in a few minutes."
        raise FetchError(msg)
    if status != requests.codes.ok:
        msg = f"The forecast service refused to answer (HTTP {status}{_find_reason(content)})."
        raise FetchError(msg)
    return content


def _find_reason(content: bytes) -> str:
    """Find the reason that Open-Meteo gives for a refusal."""
    try:
        told = json.loads(content)
    except ValueError:
        return ""
    reason = told.get("reason") if isinstance(told, dict) else None
    return f": {reason[:120]}" if isinstance(reason, str) else ""


def _read_answer(content: bytes) -> Mapping[str, Any]:
    """Read the hours of an answer, and check its units."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        msg = "The forecast is cut off or no JSON; try again."
        raise FetchError(msg) from error
    hours = told.get("hourly") if isinstance(told, dict) else None
    units = told.get("hourly_units") if isinstance(told, dict) else None
    if not isinstance(hours, dict) or not isinstance(units, dict):
        msg = "The forecast holds no hours; is this the address of Open-Meteo?"
        raise FetchError(msg)
    for theirs, unit in _COLUMNS.values():
        if units.get(theirs) != unit:
            msg = f"Wanted {theirs} of the forecast in {unit}; got {units.get(theirs)!r}."
            raise FetchError(msg)
    return hours


def _read_record(hours: Mapping[str, Any]) -> Record:
    """Turn the hours of an answer into intervals."""
    try:
        times = pd.DatetimeIndex(pd.to_datetime(hours["time"], format="%Y-%m-%dT%H:%M", utc=True))
        table = {
            ours: np.array(hours[theirs], dtype=float) for ours, (theirs, _) in _COLUMNS.items()
        }
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        msg = f"The forecast does not read ({type(error).__name__}); try again later."
        raise FetchError(msg) from error
    shapes = {column.shape for column in table.values()}
    if shapes != {(len(times),)} or len(times) < 2 or times.isna().any():
        msg = "The hours of the forecast and their values differ in number; try again later."
        raise FetchError(msg)
    if not (times[1:] - times[:-1] == pd.Timedelta(hours=1)).all():
        msg = "Wanted a forecast hour by hour; its times are not an hour apart."
        raise FetchError(msg)
    instants = {name: 0.5 * (table[name][1:] + table[name][:-1]) for name in _INSTANTS}
    means = {name: table[name][1:] for name in _MEANS}
    labels = tuple(time.strftime("%Y-%m-%dT%H:%MZ") for time in times[1:])
    return Record(
        kind="the forecast",
        stamps=times[1:],
        labels=labels,
        columns={**instants, **means},
        source=f"forecast of Open-Meteo, {times[1]:%Y-%m-%d} to {times[-1]:%Y-%m-%d}",
        stamp="end",
        attribution=ATTRIBUTION,
    )
