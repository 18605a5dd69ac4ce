"""Crowns that are planted beside waiting places: where there is room, and how large they grow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solarpass.grove import add_crowns
from solarpass.outlook import Outlook
from solarpass.surface import Surface
from solarpass.trees import find_traits

from .kerb import Kerbs, find_free
from .measure import Crown

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CrownModel:
    """
    Where crowns are planted; change one with `dataclasses.replace`. All our choice.

    Attributes
    ----------
    away_m
        From the waiting place, the first that fits. [m]
    turns_deg
        From the direction of the midday sun, the first that fits. [°]
    wall_m, kerb_m
        No trunk stands nearer to a house, or to a carriageway. [m]
    """

    away_m: tuple[float, ...] = (2.0, 3.0, 1.5, 4.0)
    turns_deg: tuple[float, ...] = (0.0, 30.0, -30.0, 60.0, -60.0, 90.0, -90.0)
    wall_m: float = 1.5
    kerb_m: float = 0.5


@dataclass(frozen=True, slots=True)
class Grown:
    """
    A crown at some age.

    Attributes
    ----------
    radius_m, base_m, top_m
        Above the ground it stands on. [m]
    """

    radius_m: float
    base_m: float
    top_m: float


def grow(crown: Crown, age_years: float) -> Grown:
    """
    Tell the size of a planted crown after some years.

    Examples
    --------
    >>> lime = Crown(1.0, 0.1, 7.0, 4.5, 0.3, 20.0, 2.5)
    >>> grow(lime, 15.0)
    Grown(radius_m=2.5, base_m=2.5, top_m=9.0)
    """
    radius_m = min(crown.radius_m + crown.growth_m_per_year * age_years, crown.most_radius_m)
    top_m = min(crown.height_m + crown.height_growth_m_per_year * age_years, crown.most_height_m)
    return Grown(radius_m, crown.base_m, top_m)


def plant(outlook: Outlook, surface: Surface, spots: Floats, size: Grown) -> Outlook:
    """Add crowns of one size, deciduous as most street trees, at spots ``(n, 2)`` to a view."""
    traits = find_traits(None, "deciduous")
    return add_crowns(
        outlook,
        surface,
        spots,
        radius_m=size.radius_m,
        base_m=size.base_m,
        top_m=size.top_m,
        transmittance=(traits["transmittance_leaf"], traits["transmittance_bare"]),
    )


def find_spots(
    xy: Floats, kerbs: Kerbs, *, latitude_deg: float, model: CrownModel = CrownModel()
) -> Floats:
    """
    Find where a trunk may stand beside each place, on the side of the midday sun.

    Neither in a house, nor on or across a carriageway.

    Parameters
    ----------
    xy
        Waiting places, shape ``(n_places, 2)``. [m]
    kerbs
        Carriageways and houses.
    latitude_deg
        Which tells where the sun stands at noon.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_places, 2)``, NaN where the map leaves no room. [m]
    """
    toward_sun = 180.0 if latitude_deg >= 0.0 else 0.0
    turn = np.deg2rad(toward_sun + np.array(model.turns_deg))
    step = np.stack([np.sin(turn), np.cos(turn)], axis=-1)
    # All directions at the first distance, before the next.
    offset = np.concatenate([away_m * step for away_m in model.away_m])
    spots = np.full((len(xy), 2), np.nan)
    open_ones = np.arange(len(xy))
    for step_m in offset:  # the first that fits
        tried = xy[open_ones] + step_m
        free = find_free(kerbs, xy[open_ones], tried, wall_m=model.wall_m, kerb_m=model.kerb_m)
        spots[open_ones[free]] = tried[free]
        open_ones = open_ones[~free]
    return spots
