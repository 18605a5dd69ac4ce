"""Panorama: what a place sees all around, painted on a grid of azimuth and elevation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .surroundings import Surroundings
from .thing import CANOPY, DECIDUOUS, EVERGREEN

SKY = -2
"""Where nothing is seen but the sky."""
FAR_M = 1e4
"""A hill of which is known only that it is far."""
SIZE_IN: Final = (3.9, 3.25)
"""Width and height of its picture: a phone's width at 100 pixels an inch."""


@dataclass(frozen=True, eq=False, slots=True)
class Panorama:
    """
    What is seen in each direction; the nearest hides what is behind it.

    Attributes
    ----------
    azimuth_deg
        Of each column; may pass 0 or 360 so that it grows evenly, shape ``(n_columns,)``. [°]
    elevation_deg
        Of each row, from the horizon up, shape ``(n_rows,)``. [°]
    thing
        Row of `Surroundings.things` that is solid there, -1 for a hill, `SKY` for none,
        shape ``(n_rows, n_columns)``.
    away_m
        How far that is; infinite for the sky, shape ``(n_rows, n_columns)``. [m]
    crown
        Row of the nearest crown in front of it, `SKY` for none, shape ``(n_rows, n_columns)``.
    unknown_deg
        Below this something may stand beyond the data, shape ``(n_columns,)``. [°]
    """

    azimuth_deg: NDArray[np.float64]
    elevation_deg: NDArray[np.float64]
    thing: NDArray[np.int64]
    away_m: NDArray[np.float64]
    crown: NDArray[np.int64]
    unknown_deg: NDArray[np.float64]


def build_panorama(
    around: Surroundings,
    *,
    centre_deg: float,
    width_deg: float = 150.0,
    highest_deg: float = 60.0,
    step_deg: float = 0.2,
) -> Panorama:
    """
    Paint what a place sees, the farthest first.

    Parameters
    ----------
    around
        What stands around it.
    centre_deg
        Azimuth in the middle. [°]
    width_deg, highest_deg
        How much is seen from left to right, and from the horizon up. [°]
    step_deg
        Side of a cell. [°]
    """
    n_columns, n_rows = round(width_deg / step_deg), round(highest_deg / step_deg)
    nth = np.arange(n_columns, dtype=np.float64)
    azimuth_deg: NDArray[np.float64] = centre_deg - width_deg / 2.0 + (nth + 0.5) * step_deg
    thing = np.full((n_rows, n_columns), SKY, np.int64)
    away_m = np.full((n_rows, n_columns), np.inf)
    crown = thing.copy()
    bands = around.bands(azimuth_deg)
    low, high = (
        np.clip(np.rint(np.rad2deg(np.arctan(tangent)) / step_deg), 0, n_rows).astype(np.int64)
        for tangent in (bands.low, bands.high)
    )
    is_crown = np.isin(bands.layer, (EVERGREEN, DECIDUOUS, CANOPY))
    far_first = np.argsort(-np.nan_to_num(bands.near_m, nan=np.inf), kind="stable")
    for k in far_first:
        if high[k] <= low[k]:
            continue
        cells = (slice(low[k], high[k]), bands.ray[k])
        if is_crown[k]:
            crown[cells] = bands.thing[k]
        else:
            away_m[cells] = np.nan_to_num(bands.near_m[k], nan=FAR_M)
            thing[cells], crown[cells] = bands.thing[k], SKY
    return Panorama(
        azimuth_deg=azimuth_deg,
        elevation_deg=(np.arange(n_rows, dtype=np.float64) + 0.5) * step_deg,
        thing=thing,
        away_m=away_m,
        crown=crown,
        unknown_deg=np.rad2deg(np.arctan(around.unknown_below(azimuth_deg))).clip(0.0),
    )
