"""Relocation: a shadier place near by to which a waiting place may be moved."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solarpass.outlook import build_outlook
from solarpass.shade import UNKNOWN, build_shade
from solarpass.skyline import MarchModel
from solarpass.surface import Surface

from .forcing import Forcing
from .kerb import Kerbs, find_free

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RelocationModel:
    """
    Where a shadier place is looked for; change one with `dataclasses.replace`. All our choice.

    Attributes
    ----------
    n_turns
        Directions that are tried, at half the way and the whole. [count]
    wall_m
        One waits no nearer to a house. [m]
    worth_fraction
        A place counts if no more than this share of the beam is left there. [1]
    march
        How the surface is sampled.
    """

    n_turns: int = 8
    wall_m: float = 0.7
    worth_fraction: float = 0.7
    march: MarchModel = field(default_factory=lambda: MarchModel(chunk_m=128.0))


def find_shadier(
    xy: Floats,
    *,
    within_m: float,
    weight: Floats,
    surface: Surface,
    kerbs: Kerbs,
    forcing: Forcing,
    model: RelocationModel = RelocationModel(),
) -> Floats:
    """
    Find the shadiest place near each waiting place, on its side of the carriageway.

    Parameters
    ----------
    xy
        Waiting places, shape ``(n_places, 2)``. [m]
    within_m
        One is moved no farther. [m]
    weight
        What the sun of each interval counts at each place, such as persons times kelvins,
        ``(n_times, n_places)``.
    surface
        What casts shade.
    kerbs
        Carriageways and houses, where nobody waits.
    forcing
        The day's beam.
    model
        Assumptions.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_places, 2)``, NaN where none is worth it. [m]
    """
    shadier = np.full((len(xy), 2), np.nan)
    turn = np.arange(model.n_turns) * (2.0 * np.pi / model.n_turns)
    step = np.stack([np.sin(turn), np.cos(turn)], axis=-1)
    offset = np.concatenate([0.5 * within_m * step, within_m * step])
    place = np.repeat(np.arange(len(xy)), len(offset))
    spots = (xy[:, None, :] + offset[None]).reshape(-1, 2)
    free = find_free(kerbs, xy[place], spots, wall_m=model.wall_m)
    if not free.any():
        return shadier
    place, spots = place[free], spots[free]
    whose = np.concatenate([np.arange(len(xy)), place])
    steps = np.repeat(weight[:, whose], forcing.n_parts, axis=0)
    dose = _find_dose(np.concatenate([xy, spots]), steps, surface, forcing, model)
    here, there = dose[: len(xy)], dose[len(xy) :]
    order = np.lexsort((there, place))
    first = order[np.unique(place[order], return_index=True)[1]]
    now = here[place[first]]
    worth = first[(now > 0.0) & (there[first] <= model.worth_fraction * now)]
    shadier[place[worth]] = spots[worth]
    return shadier


def _find_dose(
    xy: Floats, weight: Floats, surface: Surface, forcing: Forcing, model: RelocationModel
) -> Floats:
    """Add up the beam that arrives at places, weighed; what is unknown is taken to arrive."""
    outlook = build_outlook(
        surface, xy, latitude_deg=forcing.weather.latitude_deg, model=model.march
    )
    sun = build_shade(outlook, forcing.sun).sun.reshape(forcing.n_steps, -1)
    share = np.where(sun == UNKNOWN, 1.0, sun / 254.0)
    dose: Floats = (forcing.beam_w_m2[:, None] * share * weight).sum(axis=0)
    return dose
