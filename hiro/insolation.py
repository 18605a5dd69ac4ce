"""Global, beam and diffuse radiation of a file's rows, checked and completed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .air import LogbookModel
from .errors import WeatherError
from .irradiance import Sky, bound_beam, split_global
from .tally import count_hours, count_rows

Floats = NDArray[np.float64]

_NAMES = ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "direct_w_m2")

# Clouds beside the sun lift a short mean above what falls beyond the air; our choice.
_SLACK_W_M2 = 50.0


def complete_insolation(
    values: Mapping[str, Floats],
    *,
    begins: pd.DatetimeIndex,
    step: pd.Timedelta,
    sky: Sky,
    is_elsewhere: bool = False,
    model: LogbookModel,
) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """
    Check the sun's radiation, and find what a file does not tell of it.

    Two of global, beam and diffuse give the third; global alone is split; without any the sky is
    taken as clear.

    Parameters
    ----------
    values
        Columns of a `Record`, each ``(n_rows,)``.
    begins, step
        The intervals.
    sky
        Sun and clear sky in them.
    is_elsewhere
        Whether the rows are of another sun than that of `sky`: what is too strong for it is then
        cut to the clear sky instead of refused.
    model
        Assumptions.

    Returns
    -------
    tuple
        The three columns of `Weather`, NaN in gaps, and notes.

    Raises
    ------
    WeatherError
        If radiation is negative, or stronger than beyond the air.
    """
    notes: list[str] = []
    none = np.full(len(begins), np.nan)
    told = {name: _clip(values.get(name, none), name, begins, model, notes) for name in _NAMES}
    if all(np.isnan(column).all() for column in told.values()):
        notes.append("No radiation of the sun is told; the sky is taken as clear throughout.")
        return {
            "ghi_w_m2": sky.ghi_w_m2.copy(),
            "dni_w_m2": sky.dni_w_m2.copy(),
            "dhi_w_m2": sky.dhi_w_m2.copy(),
        }, tuple(notes)
    # By night some stations write nothing.
    dark = sky.sine == 0.0
    ghi, dni, dhi, direct = (
        np.where(dark & np.isnan(told[name]) & ~np.isnan(told[name]).all(), 0.0, told[name])
        for name in _NAMES
    )
    direct = np.where(np.isnan(direct), dni * sky.sine, direct)
    whole = np.where(np.isnan(ghi), direct + dhi, ghi)
    if np.isnan(whole).all():
        msg = (
            "The weather file tells a part of the sun's radiation only; "
            "wanted global, or both beam and diffuse."
        )
        raise WeatherError(msg)
    if is_elsewhere:
        strong = _find_strong(whole, sky, notes)
        # Cut as a whole, and split anew: beam and diffuse were of the other sun.
        whole = np.where(strong, np.minimum(whole, sky.ghi_w_m2), whole)
        dni, dhi, direct = (np.where(strong, np.nan, part) for part in (dni, dhi, direct))
    _refuse_too_much(whole, begins=begins, step=step, sky=sky, model=model)
    beside = _find_beside(whole, begins=begins, sky=sky, notes=notes)
    direct = np.where(np.isnan(direct), whole - dhi, direct)
    beam, scattered, alone = _split(whole, direct, sky)
    # What cannot be of this sun makes no beam of it that is stronger than a clear sky's.
    beam = np.where(beside, np.minimum(beam, sky.dni_w_m2), beam)
    scattered = np.where(beside, np.nan_to_num(whole) - beam * sky.sine, scattered)
    if alone:
        notes.append(
            f"Beam and diffuse were found from the global radiation in {count_rows(alone)} "
            "(Erbs-Driesse)."
        )
    # What a file tells of its own stays as it is.
    beam = np.where(np.isfinite(dni), np.minimum(dni, sky.extra_w_m2), beam)
    scattered = np.where(np.isfinite(dhi), dhi, scattered)
    lost = np.isnan(whole)
    return {
        "ghi_w_m2": whole,
        "dni_w_m2": np.where(lost, np.nan, beam),
        "dhi_w_m2": np.where(lost, np.nan, scattered),
    }, tuple(notes)


def _find_strong(whole: Floats, sky: Sky, notes: list[str]) -> NDArray[np.bool_]:
    """Find where another place's sun was stronger than this one can be, and say so."""
    with np.errstate(invalid="ignore"):
        strong: NDArray[np.bool_] = whole > sky.extra_w_m2 * sky.sine
    if strong.any():
        notes.append(
            f"The radiation was cut to a clear sky's in {count_rows(int(strong.sum()))}, where "
            "it is more than the sun of the place asked for can give."
        )
    return strong


def _find_beside(
    whole: Floats, *, begins: pd.DatetimeIndex, sky: Sky, notes: list[str]
) -> NDArray[np.bool_]:
    """Find where there is more radiation than the sun can give, and say so, ``(n_times,)``."""
    with np.errstate(invalid="ignore"):
        beside: NDArray[np.bool_] = whole > sky.extra_w_m2 * sky.sine + _SLACK_W_M2
    if beside.any():
        notes.append(
            f"In {count_rows(int(beside.sum()))} the radiation is more than the sun can give at "
            f"that hour ({count_hours(begins[beside])}): check --stamp and --utc-offset."
        )
    return beside


def _split(whole: Floats, direct: Floats, sky: Sky) -> tuple[Floats, Floats, int]:
    """Find beam and diffuse, by a model where direct is not told; count such rows."""
    ghi = np.nan_to_num(whole)
    beam, scattered = bound_beam(np.nan_to_num(direct), ghi, sky)
    split_beam, split_rest = split_global(ghi, sky)
    alone = np.isnan(direct) & np.isfinite(whole)
    return (
        np.where(alone, split_beam, beam),
        np.where(alone, split_rest, scattered),
        int(alone.sum()),
    )


def _clip(
    column: Floats, name: str, begins: pd.DatetimeIndex, model: LogbookModel, notes: list[str]
) -> Floats:
    """Take an instrument's small negative zero as 0, and refuse what is more negative."""
    with np.errstate(invalid="ignore"):
        below = column < 0.0
        wrong = column < model.least_negative_w_m2
    if wrong.any():
        at = int(wrong.argmax())
        msg = (
            f"Wanted `{name}` of 0 W/m² or more; got {column[at]:g} at {begins[at]} "
            f"({wrong.sum()} such)."
        )
        raise WeatherError(msg)
    if below.any():
        notes.append(f"Slightly negative `{name}` was taken as 0 in {count_rows(below.sum())}.")
    return np.where(below, 0.0, column)


def _refuse_too_much(
    ghi_w_m2: Floats,
    *,
    begins: pd.DatetimeIndex,
    step: pd.Timedelta,
    sky: Sky,
    model: LogbookModel,
) -> None:
    """Refuse more on level ground than falls beyond the air, whatever the clock."""
    reach = 2 * int(np.ceil(model.clock_slack_h * pd.Timedelta(hours=1) / step)) + 1
    beyond = pd.Series(sky.extra_w_m2 * sky.sine).rolling(reach, center=True, min_periods=1).max()
    with np.errstate(invalid="ignore"):
        wrong = ghi_w_m2 > beyond.to_numpy() + _SLACK_W_M2
    if wrong.any():
        at = int(np.nanargmax(np.where(wrong, ghi_w_m2 - beyond.to_numpy(), np.nan)))
        msg = (
            f"The global radiation of {ghi_w_m2[at]:g} at {begins[at]} is stronger than beyond the "
            f"air ({beyond.iloc[at]:.0f} W/m²), as in {count_rows(wrong.sum())} "
            f"({count_hours(begins[wrong])}); are the clock, the place and the unit (W/m²) right?"
        )
        raise WeatherError(msg)
