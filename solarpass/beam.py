"""How strong the sun's beam is under a clear sky, and how much of it meets a standing person."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import CoordinateError, SourceError
from .sun import SunPath

_LOWEST_M, _HIGHEST_M = -500.0, 9_000.0


@dataclass(frozen=True, slots=True)
class BeamModel:
    """
    Assumptions of the clear-sky beam; change one with `dataclasses.replace`.

    Attributes
    ----------
    linke_turbidity
        How hazy the air is: that many clean, dry atmospheres; None: of the month and place, a
        climatology of J. Remund et al. (ISES Solar World Congress, 2003) that pvlib ships. [1]
    flat_factor
        Share of a standing person's surface that a level beam meets: `projected_factor`. [1]
    square_deg2
        How fast that falls as the sun climbs: `projected_factor`. [°²]

    Raises
    ------
    SourceError
        If one is no positive number, or the air is clearer than clean and dry.
    """

    linke_turbidity: float | None = None
    flat_factor: float = 0.308
    square_deg2: float = 48_402.0

    def __post_init__(self) -> None:
        """Refuse air and bodies that cannot be."""
        for name, least in (("linke_turbidity", 1.0), ("flat_factor", 0.0), ("square_deg2", 0.0)):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= least and value > 0.0):
                msg = f"`{name}` must be a number of {least:g} or more; got {value}."
                raise SourceError(msg)


@dataclass(frozen=True, eq=False, slots=True)
class Beam:
    """
    The clear-sky beam at one place, one value per time.

    Attributes
    ----------
    times
        Zone-aware times, shape ``(n_times,)``.
    normal_w_m2
        On a plane that faces the sun (direct normal irradiance), 0 by night, shape
        ``(n_times,)``. [W m⁻²]
    body_w_m2
        On a standing person, mean over the body's surface, before what clothes and skin
        reflect, shape ``(n_times,)``. [W m⁻²]
    """

    times: pd.DatetimeIndex
    normal_w_m2: NDArray[np.float64]
    body_w_m2: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self.normal_w_m2.flags.writeable = False
        self.body_w_m2.flags.writeable = False

    def __len__(self) -> int:
        """Count the times."""
        return len(self.times)


def find_beam(
    sun: SunPath,
    *,
    latitude_deg: float,
    longitude_deg: float,
    altitude_m: float | None = None,
    model: BeamModel = BeamModel(),
) -> Beam:
    """
    Find the beam of a clear sky at each position of the sun.

    Parameters
    ----------
    sun
        Its positions at the place.
    latitude_deg, longitude_deg
        Place, north and east positive. [°]
    altitude_m
        Above the sea; None: of the coarse map of the Earth that pvlib ships, which may miss the
        floor of a valley by hundreds of metres, some per cent of the beam. [m]
    model
        Assumptions.

    Raises
    ------
    CoordinateError
        If the place is none on Earth.

    References
    ----------
    P. Ineichen and R. Perez, "A new airmass independent formulation for the Linke turbidity
    coefficient," Solar Energy, vol. 73, no. 3, 2002, doi:10.1016/S0038-092X(02)00045-2, as
    implemented by pvlib.

    Examples
    --------
    >>> from solarpass.sun import find_sun
    >>> hours = pd.DatetimeIndex(["2026-07-15 08:00", "2026-07-15 13:00"], tz="Europe/Berlin")
    >>> place = {"latitude_deg": 51.05, "longitude_deg": 13.74}
    >>> beam = find_beam(find_sun(hours, **place), **place, altitude_m=113.0)
    >>> beam.normal_w_m2.round(-1)
    array([490., 750.])
    """
    # It takes a second to import, and a city is built without any beam.
    import pvlib  # noqa: PLC0415

    if not (abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0):  # also refuses NaN
        msg = f"Wanted a latitude and a longitude in degrees; got {latitude_deg}, {longitude_deg}."
        raise CoordinateError(msg)
    if altitude_m is None:
        altitude_m = float(pvlib.location.lookup_altitude(latitude_deg, longitude_deg))
    if not _LOWEST_M <= altitude_m <= _HIGHEST_M:
        msg = f"Wanted metres above the sea, {_LOWEST_M:g} to {_HIGHEST_M:g}; got {altitude_m}."
        raise CoordinateError(msg)
    normal = np.zeros(len(sun))
    up = sun.elevation_deg > 0.0
    if up.any():
        times, zenith_deg = sun.times[up], 90.0 - sun.elevation_deg[up]
        turbidity = (
            find_turbidity(times, latitude_deg=latitude_deg, longitude_deg=longitude_deg)
            if model.linke_turbidity is None
            else np.full(len(times), model.linke_turbidity)
        )
        airmass = pvlib.atmosphere.get_absolute_airmass(
            pvlib.atmosphere.get_relative_airmass(zenith_deg),
            pvlib.atmosphere.alt2pres(altitude_m),
        )
        normal[up] = pvlib.clearsky.ineichen(
            zenith_deg,
            airmass,
            turbidity,
            altitude=altitude_m,
            dni_extra=pvlib.irradiance.get_extra_radiation(times.day_of_year.to_numpy()),
        )["dni"]
    body = normal * projected_factor(sun.elevation_deg, model=model)
    return Beam(times=sun.times, normal_w_m2=normal, body_w_m2=body)


def projected_factor(
    elevation_deg: NDArray[np.float64], *, model: BeamModel = BeamModel()
) -> NDArray[np.float64]:
    """
    Share of a standing person's surface that the beam meets, whichever way they face.

    ``0.308 cos(h (1 - h² / 48402))`` with the sun h degrees above the horizon, as VDI 3787
    part 2 has it after G. Jendritzky et al. (1990). We know it by quotation in other works, not
    from the guideline itself; that of C. Di Napoli et al. (2020), with 0.998 and 50,000 for 1 and
    48,402, lies within 0.002 of it.

    Parameters
    ----------
    elevation_deg
        Of the sun. By night it is 0. [°]
    model
        Assumptions.

    Examples
    --------
    >>> projected_factor(np.array([-1.0, 0.1, 45.0, 90.0])).round(3)
    array([0.   , 0.308, 0.225, 0.08 ])
    """
    turned_deg = elevation_deg * (1.0 - elevation_deg**2 / model.square_deg2)
    factor = model.flat_factor * np.cos(np.deg2rad(turned_deg))
    return np.where(elevation_deg > 0.0, factor, 0.0)


def find_turbidity(
    times: pd.DatetimeIndex, *, latitude_deg: float, longitude_deg: float
) -> NDArray[np.float64]:
    """
    Look the haze of a place up, between the middles of the months, ``(n_times,)``. [1].

    Linke's turbidity in the climatology of J. Remund et al. (2003) that pvlib ships.
    """
    import pvlib  # noqa: PLC0415  as above

    # pvlib's own way between the months uses what pandas is about to drop.
    middles = pd.date_range("2025-01-01", periods=12, freq="MS", tz="UTC") + pd.Timedelta(days=14.5)
    of_months = pvlib.clearsky.lookup_linke_turbidity(
        middles, latitude_deg, longitude_deg, interp_turbidity=False
    )
    at_days = middles.day_of_year.to_numpy()
    turbidity: NDArray[np.float64] = np.interp(
        times.day_of_year.to_numpy(), at_days, of_months.to_numpy(float), period=365.0
    )
    return turbidity
