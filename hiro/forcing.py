"""What the sky sends down in small steps of a day: beam, light, warmth, and the air between."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.sun import SunPath, find_sun

from .irradiance import find_circumsolar
from .weather import Weather, find_saturation

Floats = NDArray[np.float64]

SIGMA = 5.670374419e-8
"""Stefan-Boltzmann constant (CODATA 2018). [W m⁻² K⁻⁴]"""

KELVIN = 273.15


@dataclass(frozen=True, slots=True)
class ForcingModel:
    """
    Assumptions about the sky; change one with `dataclasses.replace`.

    Attributes
    ----------
    n_parts
        Steps an hour is looked at in, as the sun moves 15° in it; our choice. [count]
    longwave_offset_w_m2
        Added to the clear sky's emission: Jonsson et al. (2006) as the design hands it down, who
        found the usual formulas to send too much in cities. [W m⁻²]
    clear_deg
        How cloudy it is cannot be told from a sun below this; the nearest hours tell then; our
        choice. [°]
    """

    n_parts: int = 6
    longwave_offset_w_m2: float = -25.0
    clear_deg: float = 8.0


@dataclass(frozen=True, eq=False, slots=True)
class Forcing:
    """
    Sun, sky and air in even steps, above the roofs.

    Attributes
    ----------
    weather
        What it was made of, interval by interval.
    n_parts
        Steps in each interval; the arrays below have ``n_steps = n_parts * n_times`` values.
    sun
        Where it stands in the middle of each step.
    air_temperature_c, vapour_pressure_hpa, wind_m_s
        Of the air. [°C], [hPa], [m s⁻¹]
    beam_w_m2
        On a plane that faces the sun, with what comes from close around it. [W m⁻²]
    diffuse_w_m2
        The rest of the sky's light on level ground, the same from everywhere. [W m⁻²]
    longwave_w_m2
        The sky's warmth on level ground, the same from everywhere. [W m⁻²]
    """

    weather: Weather
    n_parts: int
    sun: SunPath
    air_temperature_c: Floats
    vapour_pressure_hpa: Floats
    wind_m_s: Floats
    beam_w_m2: Floats
    diffuse_w_m2: Floats
    longwave_w_m2: Floats

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            if item.type == "Floats":
                getattr(self, item.name).flags.writeable = False

    @property
    def n_steps(self) -> int:
        """Count the steps."""
        return len(self.sun)

    @property
    def step_s(self) -> float:
        """Length of a step. [s]."""
        return self.weather.step.total_seconds() / self.n_parts

    @property
    def ghi_w_m2(self) -> Floats:
        """All of the sun on level ground, shape ``(n_steps,)``. [W m⁻²]."""
        return self.beam_w_m2 * self.sine + self.diffuse_w_m2

    @property
    def sine(self) -> Floats:
        """Sine of the sun's elevation, 0 by night, shape ``(n_steps,)``."""
        sine: Floats = np.sin(np.deg2rad(np.maximum(self.sun.elevation_deg, 0.0)))
        return sine

    def by_interval(self, steps: Floats) -> Floats:
        """Average over each interval: from ``(n_steps, …)`` to ``(n_times, …)``."""
        mean: Floats = steps.reshape(-1, self.n_parts, *steps.shape[1:]).mean(axis=1)
        return mean


def build_forcing(weather: Weather, *, model: ForcingModel = ForcingModel()) -> Forcing:
    """
    Build the small steps of some weather, which is taken to come again the next day.

    Temperature and humidity run straight from one interval's middle to the next. A measured
    warmth of the sky goes before a reckoned one.

    References
    ----------
    A. J. Prata, "A new long-wave formula for estimating downward clear-sky radiation at the
    surface," Q. J. R. Meteorol. Soc., vol. 122, 1996, with the constants of the design.
    """
    hours = weather.step.total_seconds() / 3600.0
    n_parts = max(round(model.n_parts * hours), 1)
    part = weather.step / n_parts
    offsets = pd.TimedeltaIndex((np.arange(n_parts) + 0.5) * part)
    times = weather.begins.repeat(n_parts) + offsets[np.tile(np.arange(n_parts), len(weather))]
    sun = find_sun(times, latitude_deg=weather.latitude_deg, longitude_deg=weather.longitude_deg)
    is_up = sun.elevation_deg > 0.0
    dhi_w_m2 = np.repeat(weather.dhi_w_m2, n_parts)
    dni_w_m2 = np.where(is_up, np.repeat(weather.dni_w_m2, n_parts), 0.0)
    share = find_circumsolar(sun, dni_w_m2, dhi_w_m2)
    # Towards the horizon the sine goes to 0; 85° is where Hay and Davies, and Perez, stop.
    sine = np.maximum(
        np.sin(np.deg2rad(np.maximum(sun.elevation_deg, 0.0))), np.cos(np.deg2rad(85))
    )
    air_c = _smooth(weather.air_temperature_c, n_parts)
    vapour_hpa = np.minimum(_smooth(weather.vapour_pressure_hpa, n_parts), find_saturation(air_c))
    clear = np.repeat(_find_clearness(weather, sun, model), n_parts)
    told = np.repeat(weather.longwave_down_w_m2, n_parts)
    reckoned = _emit(air_c, vapour_hpa, clear, offset_w_m2=model.longwave_offset_w_m2)
    return Forcing(
        weather=weather,
        n_parts=n_parts,
        sun=sun,
        air_temperature_c=air_c,
        vapour_pressure_hpa=vapour_hpa,
        wind_m_s=np.repeat(weather.wind_m_s, n_parts),
        beam_w_m2=np.where(is_up, dni_w_m2 + dhi_w_m2 * share / sine, 0.0),
        diffuse_w_m2=dhi_w_m2 * (1.0 - share),
        longwave_w_m2=np.where(np.isnan(told), reckoned, told),
    )


def _smooth(of_interval: Floats, n_parts: int) -> Floats:
    """Run from middle to middle, around the day."""
    middle = np.arange(len(of_interval)) * n_parts + (n_parts - 1) / 2.0
    steps = np.arange(len(of_interval) * n_parts)
    smooth: Floats = np.interp(steps, middle, of_interval, period=float(len(steps)))
    return smooth


def _find_clearness(weather: Weather, sun: SunPath, model: ForcingModel) -> Floats:
    """Tell how near the sun is to that of a clear sky, 1 where nothing tells, ``(n_times,)``."""
    height_deg = sun.elevation_deg.reshape(len(weather), -1).mean(axis=1)
    tells = (height_deg > model.clear_deg) & (weather.clear_ghi_w_m2 > 0.0)
    if not tells.any():
        return np.ones(len(weather))
    clear = np.minimum(weather.ghi_w_m2[tells] / weather.clear_ghi_w_m2[tells], 1.0)
    hours: Floats = np.interp(np.arange(len(weather)), np.flatnonzero(tells), clear)
    return hours


def _emit(air_c: Floats, vapour_hpa: Floats, clear: Floats, *, offset_w_m2: float) -> Floats:
    """Tell the warmth that a sky sends down; clouds fill it up to a black one. [W m⁻²]."""
    air_k = air_c + KELVIN
    water = 46.5 * vapour_hpa / air_k  # of the column, by Prata [cm]
    emissivity = 1.0 - (1.0 + water) * np.exp(-np.sqrt(1.2 + 3.0 * water))
    filled = clear * emissivity + (1.0 - clear)
    warmth: Floats = filled * SIGMA * air_k**4 + offset_w_m2 * clear
    return warmth
