"""Temperature, humidity, wind and pressure of a file's rows, checked and completed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import WeatherError
from .irradiance import find_pressure
from .tally import count_rows
from .weather import find_saturation

Floats = NDArray[np.float64]

# No place on Earth is so warm on average, and none so cold in kelvin.
_WARMEST_MEAN_C = 150.0
_KELVIN = 273.15
# Hygrometers in fog read a little above 100.
_WETTEST_PCT = 105.0
_FASTEST_M_S = 60.0


@dataclass(frozen=True, slots=True)
class LogbookModel:
    """
    What is assumed where a weather file tells too little; change one with `dataclasses.replace`.

    Attributes
    ----------
    wind_m_s
        At 10 m, where a file tells no wind at all: that of the design day; our choice. [m s⁻¹]
    roughness_m
        Of the ground around the mast, to take wind from another height to 10 m by a logarithmic
        profile: as UTCI has it (P. Bröde et al., 2012). [m]
    longest_gap_h
        Up to which missing values are interpolated; our choice. [h]
    least_negative_w_m2
        Down to which negative radiation is an instrument's zero by night, and taken as 0; our
        choice. [W m⁻²]
    clock_slack_h
        By how much a clock may be off before radiation counts as stronger than beyond the air;
        our choice. [h]
    clock_tolerance
        Up to which root mean square of the difference between the sine of the sun's height, and
        that in the file's radiation, its clock is right; our choice. [1]
    farthest_km
        Beyond which distance between the place asked for and the file's a note says so; our
        choice. [km]

    Raises
    ------
    WeatherError
        If one is no positive number.
    """

    wind_m_s: float = 2.0
    roughness_m: float = 0.01
    longest_gap_h: float = 2.0
    least_negative_w_m2: float = -20.0
    clock_slack_h: float = 1.5
    clock_tolerance: float = 0.05
    farthest_km: float = 50.0

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for name in self.__slots__:
            value = getattr(self, name)
            wanted = -value if name == "least_negative_w_m2" else value
            if not (math.isfinite(wanted) and wanted >= 0.0):
                msg = f"`{name}` must be a finite number of the right sign; got {value}."
                raise WeatherError(msg)


def complete_air(
    values: Mapping[str, Floats],
    *,
    altitude_m: float,
    wind_height_m: float,
    model: LogbookModel,
) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """
    Check and complete temperature, humidity, wind at 10 m and pressure.

    Parameters
    ----------
    values
        Columns of a `Record`, each ``(n_rows,)``.
    altitude_m
        Of the place above the sea, for a pressure that is not told. [m]
    wind_height_m
        Above the ground, of the wind in the file. [m]
    model
        Assumptions.

    Returns
    -------
    tuple
        The four columns of `Weather`, NaN in gaps, and notes.

    Raises
    ------
    WeatherError
        If temperature or humidity is not told, or a column is in another unit.
    """
    n_rows = len(next(iter(values.values())))
    air_c = values.get("air_temperature_c", np.full(n_rows, np.nan))
    if np.isnan(air_c).all():
        msg = "The weather file tells no air temperature; wanted one in °C."
        raise WeatherError(msg)
    if np.nanmean(air_c) > _WARMEST_MEAN_C:
        msg = (
            f"The air temperature is {np.nanmean(air_c):.1f} on average, which looks like kelvin; "
            f"wanted °C, so take {_KELVIN} away."
        )
        raise WeatherError(msg)
    notes: list[str] = []
    humidity_pct = _find_humidity(values, air_c, notes)
    wind_m_s = _find_wind(values, n_rows, wind_height_m, model, notes)
    pressure_hpa = values.get("pressure_hpa", np.full(n_rows, np.nan))
    if np.isnan(pressure_hpa).all():
        pressure_hpa = np.full(n_rows, find_pressure(altitude_m))
        notes.append(
            f"No air pressure is told; taken as that of the standard atmosphere at "
            f"{altitude_m:.0f} m, {pressure_hpa[0]:.0f} hPa."
        )
    if np.isnan(pressure_hpa).any():
        rows = count_rows(int(np.isnan(pressure_hpa).sum()))
        notes.append(f"The air pressure, which is not told in {rows}, was taken as its mean.")
        pressure_hpa = np.where(np.isnan(pressure_hpa), np.nanmean(pressure_hpa), pressure_hpa)
    told = {
        "air_temperature_c": air_c,
        "relative_humidity_pct": humidity_pct,
        "wind_m_s": wind_m_s,
        "pressure_hpa": pressure_hpa,
    }
    return {name: column.copy() for name, column in told.items()}, tuple(notes)


def _find_humidity(values: Mapping[str, Floats], air_c: Floats, notes: list[str]) -> Floats:
    """Take the relative humidity, or find it from dew point or vapour pressure."""
    told = values.get("relative_humidity_pct")
    if told is not None and not np.isnan(told).all():
        humidity = told
        if np.nanmax(told) <= 1.0 and len(told) > 1:
            msg = (
                f"The relative humidity is {np.nanmax(told):g} at most, which looks like a share; "
                "wanted per cent, so multiply by 100."
            )
            raise WeatherError(msg)
    elif "dew_point_c" in values and not np.isnan(values["dew_point_c"]).all():
        dew_c = values["dew_point_c"]
        if np.nanmean(dew_c) > _WARMEST_MEAN_C:
            msg = f"The dew point is {np.nanmean(dew_c):.1f} on average; wanted °C, not kelvin."
            raise WeatherError(msg)
        if np.nanmin(dew_c) < -100.0:
            msg = f"The dew point falls to {np.nanmin(dew_c):g} °C; is the unit right?"
            raise WeatherError(msg)
        humidity = 100.0 * find_saturation(dew_c) / find_saturation(air_c)
        notes.append("Relative humidity was found from the dew point.")
    elif "vapour_pressure_hpa" in values and not np.isnan(values["vapour_pressure_hpa"]).all():
        humidity = 100.0 * values["vapour_pressure_hpa"] / find_saturation(air_c)
        notes.append("Relative humidity was found from the vapour pressure.")
    else:
        msg = (
            "The weather file tells no humidity; wanted the relative humidity in %, "
            "a dew point in °C or a vapour pressure in hPa."
        )
        raise WeatherError(msg)
    with np.errstate(invalid="ignore"):
        wet = (humidity > 100.0) & (humidity <= _WETTEST_PCT)
    if wet.any():
        notes.append(
            f"Relative humidity just above 100 % was taken as 100 in {count_rows(wet.sum())}."
        )
    return np.where(wet, 100.0, humidity)


def _find_wind(
    values: Mapping[str, Floats],
    n_rows: int,
    height_m: float,
    model: LogbookModel,
    notes: list[str],
) -> Floats:
    """Take the wind to 10 m, or assume it where none is told."""
    wind = values.get("wind_m_s", np.full(n_rows, np.nan))
    if np.isnan(wind).all():
        notes.append(f"No wind is told; assumed {model.wind_m_s:g} m/s at 10 m throughout.")
        return np.full(n_rows, model.wind_m_s)
    if np.nanmax(wind) > _FASTEST_M_S:
        msg = (
            f"The wind reaches {np.nanmax(wind):g}, faster than any hour's mean on Earth in m/s; "
            "wanted m/s, so divide km/h by 3.6."
        )
        raise WeatherError(msg)
    if height_m == 10.0:
        return wind
    if not model.roughness_m < height_m <= 200.0:
        msg = f"Wanted the wind's height above the ground, up to 200 m; got {height_m}."
        raise WeatherError(msg)
    factor = math.log(10.0 / model.roughness_m) / math.log(height_m / model.roughness_m)
    notes.append(
        f"Wind from {height_m:g} m above the ground was taken to 10 m: times {factor:.2f}."
    )
    return wind * factor
