"""Where the sun stands: azimuth clockwise from true north, elevation above the horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import CoordinateError, NaiveTimeError


@dataclass(frozen=True, eq=False, slots=True)
class SunPath:
    """
    Positions of the sun at one place, one per time.

    Attributes
    ----------
    times
        Zone-aware times, shape ``(n_times,)``.
    azimuth_deg
        Solar azimuth, clockwise from true north, shape ``(n_times,)``. [°]
    elevation_deg
        Refraction-corrected solar elevation, negative by night, shape
        ``(n_times,)``. [°]
    """

    times: pd.DatetimeIndex
    azimuth_deg: NDArray[np.float64]
    elevation_deg: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self.azimuth_deg.flags.writeable = False
        self.elevation_deg.flags.writeable = False

    def __len__(self) -> int:
        """Count the times."""
        return len(self.times)


def find_sun(times: pd.DatetimeIndex, *, latitude_deg: float, longitude_deg: float) -> SunPath:
    """
    Find the sun at each time.

    Parameters
    ----------
    times
        Zone-aware times. A naive time is refused: read as UTC it would put an
        Italian summer shadow two hours away from where it falls.
    latitude_deg, longitude_deg
        Place, north and east positive. [°]

    Raises
    ------
    NaiveTimeError
        If `times` carries no time zone.
    CoordinateError
        If the place is none on Earth.

    References
    ----------
    I. Reda and A. Andreas, "Solar position algorithm for solar radiation
    applications," Solar Energy, vol. 76, no. 5, 2004,
    doi:10.1016/j.solener.2003.12.003, as implemented by pvlib.

    Examples
    --------
    >>> noon = pd.DatetimeIndex(["2025-07-15 13:16"], tz="Europe/Rome")
    >>> sun = find_sun(noon, latitude_deg=41.9, longitude_deg=12.5)
    >>> sun.azimuth_deg.round(), sun.elevation_deg.round()
    (array([180.]), array([70.]))
    """
    if times.tz is None:
        first = times[0] if len(times) else "none at all"
        msg = f"`times` needs a time zone, such as 'Europe/Rome'; got naive {first}."
        raise NaiveTimeError(msg)
    if not (abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0):  # also refuses NaN
        msg = f"Wanted a latitude and a longitude in degrees; got {latitude_deg}, {longitude_deg}."
        raise CoordinateError(msg)
    if not len(times):
        return SunPath(times=times, azimuth_deg=np.empty(0), elevation_deg=np.empty(0))
    # It takes a second to import, and a city is built without any sun.
    import pvlib  # noqa: PLC0415

    position = pvlib.solarposition.get_solarposition(times, latitude_deg, longitude_deg)
    return SunPath(
        times=times,
        azimuth_deg=position["azimuth"].to_numpy(float, copy=True),
        elevation_deg=position["apparent_elevation"].to_numpy(float, copy=True),
    )
