"""The sun's radiation on open ground by interval: of a clear sky, and split of a measured one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.beam import find_turbidity
from solarpass.sun import SunPath, find_sun

Floats = NDArray[np.float64]

# The sun moves 1.3° in five minutes; sunrise within an hour is met to a twelfth. Our choice.
_FINEST = pd.Timedelta(minutes=5)
_COARSEST = pd.Timedelta(minutes=10)
_LONG = 1000

# Below 3° (sine 0.052) a beam found by division is noise.
_LOW_SINE = 0.052


@dataclass(frozen=True, eq=False, slots=True)
class Sky:
    """
    Sun and clear sky at one place, one value per interval.

    Attributes
    ----------
    sine
        Of the sun's height above the horizon, 0 below it: mean over the interval,
        shape ``(n_times,)``.
    extra_w_m2
        Beyond the air, on a plane that faces the sun, shape ``(n_times,)``. [W m⁻²]
    ghi_w_m2, dhi_w_m2
        Of a clear sky on level ground: all, and without the beam, means over the interval,
        shape ``(n_times,)``. [W m⁻²]
    dni_w_m2
        Its beam on a plane that faces the sun, so that ``dni * sine + dhi = ghi``,
        shape ``(n_times,)``. [W m⁻²]
    """

    sine: Floats
    extra_w_m2: Floats
    ghi_w_m2: Floats
    dni_w_m2: Floats
    dhi_w_m2: Floats

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name in ("sine", "extra_w_m2", "ghi_w_m2", "dni_w_m2", "dhi_w_m2"):
            getattr(self, name).flags.writeable = False


def sample(begins: pd.DatetimeIndex, step: pd.Timedelta) -> tuple[pd.DatetimeIndex, int]:
    """
    Find instants in the middles of equal parts of each interval.

    Parameters
    ----------
    begins, step
        The intervals: ``(n_times,)`` starts, and their length.

    Returns
    -------
    tuple
        The instants, ``(n_times * n_parts,)``, interval by interval, and ``n_parts``.
    """
    part = _FINEST if len(begins) <= _LONG else _COARSEST
    n_parts = max(1, round(step / part))
    within = (np.arange(n_parts) + 0.5) * (step / pd.Timedelta(nanoseconds=1)) / n_parts
    offsets = pd.to_timedelta(np.tile(within, len(begins)), unit="ns")
    return begins.repeat(n_parts) + offsets, n_parts


def find_sky(
    begins: pd.DatetimeIndex,
    step: pd.Timedelta,
    *,
    latitude_deg: float,
    longitude_deg: float,
    altitude_m: float,
    linke_turbidity: float | None = None,
) -> Sky:
    """
    Find the sun and the clear sky of each interval.

    Parameters
    ----------
    begins, step
        The intervals: zone-aware starts, ``(n_times,)``, and their length.
    latitude_deg, longitude_deg
        Place, north and east positive. [°]
    altitude_m
        Above the sea. [m]
    linke_turbidity
        How hazy the air is: that many clean, dry atmospheres; None: of the month and place, a
        climatology of J. Remund et al. (2003) that pvlib ships. [1]

    References
    ----------
    P. Ineichen and R. Perez, "A new airmass independent formulation for the Linke turbidity
    coefficient," Solar Energy, vol. 73, no. 3, 2002, doi:10.1016/S0038-092X(02)00045-2, as
    implemented by pvlib.
    """
    # It takes a second to import, and a score from the shelf needs none.
    import pvlib  # noqa: PLC0415

    times, n_parts = sample(begins, step)
    sun = find_sun(times, latitude_deg=latitude_deg, longitude_deg=longitude_deg)
    sine = np.maximum(np.sin(np.deg2rad(sun.elevation_deg)), 0.0)
    extra = pvlib.irradiance.get_extra_radiation(times.day_of_year.to_numpy())
    ghi, dhi = np.zeros(len(times)), np.zeros(len(times))
    up = sine > 0.0
    if up.any():
        zenith_deg = 90.0 - sun.elevation_deg[up]
        turbidity = (
            find_turbidity(times[up], latitude_deg=latitude_deg, longitude_deg=longitude_deg)
            if linke_turbidity is None
            else np.full(int(up.sum()), linke_turbidity)
        )
        airmass = pvlib.atmosphere.get_absolute_airmass(
            pvlib.atmosphere.get_relative_airmass(zenith_deg),
            pvlib.atmosphere.alt2pres(altitude_m),
        )
        clear = pvlib.clearsky.ineichen(
            zenith_deg, airmass, turbidity, altitude=altitude_m, dni_extra=extra[up]
        )
        ghi[up], dhi[up] = clear["ghi"], clear["dhi"]

    def mean(values: Floats) -> Floats:
        averaged: Floats = values.reshape(-1, n_parts).mean(axis=1)
        return averaged

    whole, scattered, height = mean(ghi), mean(dhi), mean(sine)
    beam = np.divide(whole - scattered, height, out=np.zeros(len(begins)), where=height > 0.0)
    return Sky(
        sine=height, extra_w_m2=mean(extra), ghi_w_m2=whole, dni_w_m2=beam, dhi_w_m2=scattered
    )


def split_global(ghi_w_m2: Floats, sky: Sky) -> tuple[Floats, Floats]:
    """
    Split what falls on level ground into beam and diffuse.

    Parameters
    ----------
    ghi_w_m2
        On level ground, means over the intervals, shape ``(n_times,)``. [W m⁻²]
    sky
        Sun of the same intervals.

    Returns
    -------
    tuple
        The beam on a plane that faces the sun, and the diffuse, both ``(n_times,)``. [W m⁻²]

    References
    ----------
    A. Driesse, A. Jensen and R. Perez, "A continuous form of the Perez diffuse sky model for
    forward and reverse transposition," Solar Energy, vol. 267, 2024,
    doi:10.1016/j.solener.2023.112093, as implemented by pvlib's ``erbs_driesse``.
    """
    import pvlib  # noqa: PLC0415  as above

    split = pvlib.irradiance.erbs_driesse(
        ghi_w_m2, np.rad2deg(np.arccos(sky.sine)), dni_extra=sky.extra_w_m2
    )
    scattered = np.clip(np.nan_to_num(split["dhi"], nan=0.0), 0.0, ghi_w_m2)
    return bound_beam(ghi_w_m2 - scattered, ghi_w_m2, sky)


def bound_beam(direct_w_m2: Floats, ghi_w_m2: Floats, sky: Sky) -> tuple[Floats, Floats]:
    """
    Turn direct radiation on level ground to face the sun, and call the rest diffuse.

    With the sun below 3° the beam is no stronger than a clear sky's, and never more than beyond
    the air: a division by a small sine makes a beam of what is rounding.

    Parameters
    ----------
    direct_w_m2, ghi_w_m2
        Beam, and all, on level ground, shape ``(n_times,)``. [W m⁻²]
    sky
        Sun of the same intervals.

    Returns
    -------
    tuple
        The beam on a plane that faces the sun, and the diffuse, both ``(n_times,)``. [W m⁻²]
    """
    most = np.where(sky.sine < _LOW_SINE, sky.dni_w_m2, sky.extra_w_m2)
    beam = np.divide(direct_w_m2, sky.sine, out=np.zeros(len(ghi_w_m2)), where=sky.sine > 0.0).clip(
        0.0, most
    )
    return beam, np.maximum(ghi_w_m2 - beam * sky.sine, 0.0)


def find_altitude(latitude_deg: float, longitude_deg: float) -> float:
    """Look the metres above the sea up, on the coarse map of the Earth that pvlib ships."""
    import pvlib  # noqa: PLC0415  as above

    return float(pvlib.location.lookup_altitude(latitude_deg, longitude_deg))


def find_pressure(altitude_m: float) -> float:
    """Find the air pressure of the standard atmosphere, in hectopascal."""
    import pvlib  # noqa: PLC0415  as above

    return float(pvlib.atmosphere.alt2pres(altitude_m)) / 100.0


def find_circumsolar(sun: SunPath, dni_w_m2: Floats, dhi_w_m2: Floats) -> Floats:
    """
    Find the share of the sky's light that comes from close around the sun, ``(n_times,)``. [1].

    Parameters
    ----------
    sun
        Where it stands.
    dni_w_m2, dhi_w_m2
        Its beam on a plane that faces it, and the sky's light on level ground,
        ``(n_times,)``. [W m⁻²]

    References
    ----------
    R. Perez et al., "Modeling daylight availability and irradiance components from direct and
    global irradiance," Solar Energy, vol. 44, no. 5, 1990, as implemented by pvlib.
    """
    import pvlib  # noqa: PLC0415 - as above

    zenith_deg = 90.0 - sun.elevation_deg
    airmass = np.nan_to_num(
        pvlib.atmosphere.get_relative_airmass(np.minimum(zenith_deg, 89.9)), nan=38.0
    )
    level = pvlib.irradiance.perez(
        0.0,
        180.0,
        dhi_w_m2,
        dni_w_m2,
        pvlib.irradiance.get_extra_radiation(sun.times.day_of_year.to_numpy()),
        zenith_deg,
        sun.azimuth_deg,
        airmass,
        return_components=True,
    )
    known = (dhi_w_m2 > 1.0) & (sun.elevation_deg > 0.0)
    isotropic = np.nan_to_num(np.asarray(level["poa_isotropic"], float))
    share: Floats = np.where(known, 1.0 - isotropic / np.maximum(dhi_w_m2, 1.0), 0.0)
    return np.clip(share, 0.0, 1.0)
