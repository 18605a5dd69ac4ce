"""How hot it feels: mean radiant temperature, UTCI and PET; arrays in, arrays out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from .errors import ComfortError
from .forcing import KELVIN, SIGMA
from .weather import find_saturation

Floats = NDArray[np.float64]

BODY_WIND = 1.0 / 1.47
"""
Wind at a body over that at 10 m: ln(1.1/0.01) / ln(10/0.01) is 0.68.

P. Bröde et al., "Deriving the operational procedure for the Universal Thermal Climate Index,"
Int. J. Biometeorol., vol. 56, 2012, as handed down by the design (reported).
"""

_N_KNOTS = 11  # mean radiant temperatures at which PET is reckoned; between them it runs smoothly
_FEW = 12  # as many are reckoned one by one


@dataclass(frozen=True, slots=True)
class ComfortModel:
    """
    Whose comfort; change one with `dataclasses.replace`.

    Attributes
    ----------
    met, clo
        Work and clothing of PET: 80 W, and light summer clothes. [met], [clo]
    """

    met: float = 1.37
    clo: float = 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Utci:
    """
    The Universal Thermal Climate Index.

    Attributes
    ----------
    utci_c
        In the inputs' shape; finite. [°C]
    is_clamped
        Where an input was moved to the bounds within which UTCI is made, in the same shape.
    clamped
        How many values each named rule moved.
    """

    utci_c: Floats
    is_clamped: NDArray[np.bool_]
    clamped: Mapping[str, int]


def mean_radiant_temperature(absorbed_w_m2: Floats, *, absorbs_long: float = 0.97) -> Floats:
    """
    Tell the temperature of even surroundings from which a body would take up as much. [°C].

    Parameters
    ----------
    absorbed_w_m2
        Light and warmth a body takes up. [W m⁻²]
    absorbs_long
        Its share of the warmth that reaches it. [1]

    Examples
    --------
    >>> black = 0.97 * 5.670374419e-8 * 300.0**4
    >>> mean_radiant_temperature(np.array([black])).round(2)
    array([26.85])
    """
    radiant: Floats = (absorbed_w_m2 / (absorbs_long * SIGMA)) ** 0.25 - KELVIN
    return radiant


def find_utci(
    *, air_temperature_c: Floats, tmrt_c: Floats, wind_m_s: Floats, relative_humidity_pct: Floats
) -> Utci:
    """
    Find UTCI, with inputs beyond its bounds moved to them and counted.

    Parameters
    ----------
    air_temperature_c, tmrt_c
        Of the air and of mean radiation, shapes that broadcast. [°C]
    wind_m_s
        At 10 m. [m s⁻¹]
    relative_humidity_pct
        [%]

    Raises
    ------
    ComfortError
        If an input is not finite.

    References
    ----------
    P. Bröde et al. (2012), as implemented by pythermalcomfort; the bounds are those of the
    official program, UTCI_a002.f90, as its documentation quotes them.

    Examples
    --------
    >>> one = lambda value: np.array([value])
    >>> told = find_utci(
    ...     air_temperature_c=one(27.0), tmrt_c=one(22.0), wind_m_s=one(0.1),
    ...     relative_humidity_pct=one(50.0),
    ... )
    >>> told.utci_c.round(1), dict(told.clamped)
    (array([25.6]), {'wind below 0.5 m/s': 1})
    """
    from pythermalcomfort.models import utci  # noqa: PLC0415 - it takes a second to import

    air, radiant, wind, humidity = np.broadcast_arrays(
        *(np.asarray(value, float) for value in (air_temperature_c, tmrt_c, wind_m_s)),
        np.asarray(relative_humidity_pct, float),
    )
    _refuse_unknown(air=air, radiant=radiant, wind=wind, humidity=humidity)
    rules: dict[str, NDArray[np.bool_]] = {}

    def clamp(
        value: Floats, low: Floats | float, high: Floats | float, name: str, unit: str
    ) -> Floats:
        for beyond, side, bound in ((value < low, "below", low), (value > high, "above", high)):
            if beyond.any():
                limit = f"{bound:g} {unit}" if np.ndim(bound) == 0 else unit
                rules[f"{name} {side} {limit}"] = beyond
        clamped: Floats = np.clip(value, low, high)
        return clamped

    air = clamp(air, -50.0, 50.0, "air", "°C")
    radiant = air + clamp(radiant - air, -30.0, 70.0, "radiation less air", "K")
    wind = clamp(wind, 0.5, 17.0, "wind", "m/s")
    humidity = clamp(humidity, 5.0, 100.0, "humidity", "%")
    # 49.8 hPa, as its own formula for saturation runs up to 0.3 % above ours.
    most = np.minimum(100.0, 100.0 * 49.8 / find_saturation(air))
    moist = humidity > most
    if moist.any():
        rules["vapour pressure above 50 hPa"] = moist
    found = utci(
        tdb=air,
        tr=np.clip(radiant, air - 29.999, air + 69.999),
        v=wind,
        rh=np.minimum(humidity, most),
        round_output=False,
    )
    return Utci(
        utci_c=np.asarray(found.utci, float).reshape(air.shape),
        is_clamped=np.logical_or.reduce([np.zeros(air.shape, bool), *rules.values()]),
        clamped={rule: int(moved.sum()) for rule, moved in rules.items()},
    )


def find_pet(
    *,
    air_temperature_c: Floats,
    tmrt_c: Floats,
    wind_m_s: Floats,
    relative_humidity_pct: Floats,
    pressure_hpa: float = 1013.25,
    model: ComfortModel = ComfortModel(),
) -> Floats:
    """
    Find the physiologically equivalent temperature of people who stand. [°C].

    Each takes a millisecond, so many at one temperature, humidity and wind are drawn smoothly
    between some that are reckoned.

    Parameters
    ----------
    air_temperature_c, tmrt_c, relative_humidity_pct
        As of `find_utci`. [°C], [°C], [%]
    wind_m_s
        At 10 m; what reaches the body is `BODY_WIND` of it. [m s⁻¹]
    pressure_hpa
        Of the air. [hPa]
    model
        Assumptions.

    Raises
    ------
    ComfortError
        If an input is not finite.

    References
    ----------
    P. Höppe, "The physiological equivalent temperature," Int. J. Biometeorol., vol. 43, 1999,
    as implemented by pythermalcomfort.
    """
    air, radiant, wind, humidity = np.broadcast_arrays(
        *(np.asarray(value, float) for value in (air_temperature_c, tmrt_c, wind_m_s)),
        np.asarray(relative_humidity_pct, float),
    )
    _refuse_unknown(air=air, radiant=radiant, wind=wind, humidity=humidity)
    felt = np.empty(air.shape)
    rest = np.stack([air.ravel(), wind.ravel(), humidity.ravel()], axis=1)
    kinds, kind = np.unique(rest, axis=0, return_inverse=True)
    flat_radiant, flat = radiant.ravel(), felt.reshape(-1)
    for k, (air_c, wind_10m, humid) in enumerate(kinds):
        here = np.flatnonzero(kind.ravel() == k)
        here_c = flat_radiant[here]
        low, high = float(here_c.min()), float(here_c.max())
        if len(here) <= _FEW or high - low < 1e-6:
            knots, back = np.unique(here_c, return_inverse=True)
        else:
            knots, back = np.linspace(low, high, _N_KNOTS), None
        told = _reckon_pet(air_c, knots, wind_10m, humid, pressure_hpa, model)
        flat[here] = told[back] if back is not None else PchipInterpolator(knots, told)(here_c)
    return felt


def _reckon_pet(
    air_c: float,
    tmrt_c: Floats,
    wind_m_s: float,
    humidity: float,
    pressure_hpa: float,
    model: ComfortModel,
) -> Floats:
    from pythermalcomfort.models import pet_steady  # noqa: PLC0415 - as above

    with warnings.catch_warnings():
        # In air as moist as a laundry its solver stops within some tenths of a kelvin, and says so.
        warnings.filterwarnings("ignore", "The iteration is not making", RuntimeWarning)
        told = pet_steady(
            tdb=np.full(len(tmrt_c), air_c),
            tr=tmrt_c,
            v=np.full(len(tmrt_c), max(wind_m_s * BODY_WIND, 0.1)),
            rh=np.full(len(tmrt_c), humidity),
            met=model.met,
            clo=model.clo,
            p_atm=pressure_hpa,
            position="standing",
        )
    return np.asarray(told.pet, float)


def _refuse_unknown(**inputs: Floats) -> None:
    for name, values in inputs.items():
        if not np.isfinite(values).all():
            n_bad = int((~np.isfinite(values)).sum())
            msg = f"Wanted finite numbers for {name}; got {n_bad} that are not: leave those out."
            raise ComfortError(msg)
