"""How warm surfaces get in a day: ground, walls and leaves, by their balance of heat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .forcing import KELVIN, SIGMA, Forcing
from .weather import find_saturation

Floats = NDArray[np.float64]

_HEAT = 1206.0  # volumetric heat capacity of air at 20 °C: 1.2 kg m⁻³ times 1005 J kg⁻¹ K⁻¹
_PSYCHROMETRIC = 0.665  # at sea level [hPa K⁻¹]
_N_ROUNDS = 3  # the emission is straight around the mean, which they find


@dataclass(frozen=True, slots=True)
class SkinModel:
    """
    Assumptions about the exchange with the air; change one with `dataclasses.replace`.

    Attributes
    ----------
    still_w_m2_k, per_wind
        Heat that air takes from a surface: McAdams' 5.7 + 3.8 v, as handed down in handbooks
        (reported). [W m⁻² K⁻¹], [W s m⁻³ K⁻¹]
    wind_factor
        Wind by the ground and walls over that at 10 m: 1 / 1.47, as to a body. [1]
    leaf_w_m2_k
        Heat that air takes from both sides of a leaf of 5 cm in 1 m/s: our reckoning from
        0.135 √(v/0.7d) mol m⁻² s⁻¹ of each (reported). [W m⁻² K⁻¹]
    leaf_resistance_s_m
        Of the leaves of a city tree against giving off water; well-watered ones have 100 to
        400, of which this is the middle: estimate. [s m⁻¹]
    leaf_light
        Share of the sun's radiation that leaves inside a crown take up: estimate. [1]
    leaf_emissivity
        Of crowns, by the design (reported). [1]
    """

    still_w_m2_k: float = 5.7
    per_wind: float = 3.8
    wind_factor: float = 1.0 / 1.47
    leaf_w_m2_k: float = 42.0
    leaf_resistance_s_m: float = 200.0
    leaf_light: float = 0.05
    leaf_emissivity: float = 0.97


def find_skin_temperature(
    taken_w_m2: Floats,
    forcing: Forcing,
    *,
    emissivity: Floats,
    admittance: Floats,
    resistance_s_m: Floats,
    model: SkinModel = SkinModel(),
) -> Floats:
    """
    Find how warm surfaces are in the course of a day that comes again and again.

    What a surface takes up, less what it radiates, gives to the air and spends on water, goes
    into the ground, which answers each frequency ω with its admittance times √(iω): a half-space
    of one material. In frequencies this is a division, so that the shade of the morning is
    still felt at noon, and pavements in the shade stay cooler than the air. The air takes heat with
    the mean wind of the day, as a division needs one number. The tests check it against a plain
    numerical solution of conduction.

    Parameters
    ----------
    taken_w_m2
        Absorbed light, and absorbed warmth of sky and surroundings, ``(n_steps, …)``. [W m⁻²]
    forcing
        Of the air.
    emissivity
        ``(…)``. [1]
    admittance
        √(conductivity · density · heat capacity), ``(…)``. [J m⁻² K⁻¹ s⁻½]
    resistance_s_m
        Against giving off water; infinite where there is none, ``(…)``. [s m⁻¹]
    model
        Assumptions.

    Returns
    -------
    numpy.ndarray
        ``(n_steps, …)``. [°C]
    """
    shape = (-1,) + (1,) * (taken_w_m2.ndim - 1)
    air_c = forcing.air_temperature_c
    mean_air_c = np.full(taken_w_m2.shape[1:], air_c.mean())
    lacking = find_saturation(air_c) - forcing.vapour_pressure_hpa
    wind_m_s = model.wind_factor * float(forcing.wind_m_s.mean())
    to_air = model.still_w_m2_k + model.per_wind * wind_m_s
    slope = _saturation_slope(mean_air_c)
    wet = _HEAT / (_PSYCHROMETRIC * (_HEAT / to_air + resistance_s_m))
    steady = to_air + wet * slope
    forced = taken_w_m2 + steady * air_c.reshape(shape) - wet * lacking.reshape(shape)
    omega = 2.0 * np.pi * np.fft.rfftfreq(len(taken_w_m2), forcing.step_s)
    soaking = np.sqrt(1j * omega).reshape(shape) * admittance
    mean_c = mean_air_c
    answer = np.fft.rfft(forced, axis=0)
    n_steps = len(taken_w_m2)
    whole = answer[0].real / n_steps
    for _ in range(_N_ROUNDS):  # of the mean alone, into which nothing soaks
        mean_k = mean_c + KELVIN
        radiating = 4.0 * emissivity * SIGMA * mean_k**3
        lasting = whole + radiating * mean_c - emissivity * SIGMA * mean_k**4
        mean_c = lasting / (steady + radiating)
    answer[0] = n_steps * lasting
    answer /= steady + radiating + soaking
    skin_k = np.fft.irfft(answer, n=n_steps, axis=0) + KELVIN
    # What the straight emission leaves out is added once: up to 0.6 K at the day's ends.
    bent = emissivity * SIGMA * (np.square(np.square(skin_k)) - mean_k**4)
    bent -= radiating * (skin_k - mean_k)
    answer -= np.fft.rfft(bent, axis=0) / (steady + radiating + soaking)
    return np.fft.irfft(answer, n=n_steps, axis=0)


def find_leaf_temperature(forcing: Forcing, *, model: SkinModel = SkinModel()) -> Floats:
    """
    Find how warm the shaded leaves are that one sees from beneath, ``(n_steps,)``. [°C].

    Leaves hold no heat; by day they give off water, the more the drier the air.
    """
    air_c = forcing.air_temperature_c
    wet = _HEAT / (_PSYCHROMETRIC * (_HEAT / model.leaf_w_m2_k + model.leaf_resistance_s_m))
    by_day = np.where(forcing.sun.elevation_deg > 0.0, wet, 0.0)
    lacking = find_saturation(air_c) - forcing.vapour_pressure_hpa
    radiating = 8.0 * model.leaf_emissivity * SIGMA * (air_c + KELVIN) ** 3  # to both sides
    cooled = model.leaf_light * forcing.ghi_w_m2 - by_day * lacking
    leaf_c: Floats = air_c + cooled / (
        model.leaf_w_m2_k + radiating + by_day * _saturation_slope(air_c)
    )
    return leaf_c


def _saturation_slope(air_c: Floats) -> Floats:
    """Tell how much more vapour air holds for each kelvin. [hPa K⁻¹]."""
    step_k = 0.1
    return (find_saturation(air_c + step_k) - find_saturation(air_c - step_k)) / (2.0 * step_k)
