"""Wheels: what a wheelchair and a pram roll on, get over and get through."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from .errors import TripError
from .footing import BARRIERS, KERBS, SURFACES

GRADES: Final = ("firm", "rough", "loose", "soft")
"""How a surface rolls, the best first."""

# Usual of each surface, where nobody told how smooth it is; what is not named here is firm. What
# mappers call cobblestone is sett more often than pebbles in mortar.
_ROUGH: Final = frozenset(
    [
        *("concrete:lanes", "compacted", "fine_gravel", "clay", "sett", "cobblestone"),
        *("artificial_turf", "chipseal", "metal_grid"),
    ]
)
_LOOSE: Final = frozenset(
    [
        *("grass_paver", "unhewn_cobblestone", "unpaved", "ground", "dirt", "grass"),
        *("gravel", "pebblestone", "shells", "woodchips", "stone"),
    ]
)
_SOFT: Final = frozenset(["rock", "stepping_stones", "sand", "mud", "snow", "ice"])
# "intermediate" is the roughest that wheelchairs are said to use, "bad" is for robust wheels:
# https://wiki.openstreetmap.org/wiki/Key:smoothness, read in November 2026.
_SMOOTH: Final = ("firm", "firm", "rough", "loose", "soft", "soft", "soft", "soft")
# Too narrow, or to be climbed; a chain or rope may be stepped over, but not rolled.
_NOT_ROLLED: Final = frozenset(BARRIERS[BARRIERS.index("cattle_grid") :]) - {"hampshire_gate"}
# A pram is lifted over a rope, and steered or carried through what is but tight.
_NOT_PUSHED: Final = _NOT_ROLLED - {"cattle_grid", "chain", "rope", "cycle_barrier", "step"}


def _grade_surface(name: str) -> int:
    return 3 if name in _SOFT else 2 if name in _LOOSE else 1 if name in _ROUGH else 0


GRADE_OF_SURFACE: Final = np.array([_grade_surface(name) for name in SURFACES])
"""Number in `GRADES` of each surface, 0 where unknown."""

GRADE_OF_SMOOTHNESS: Final = np.array([0, *(GRADES.index(grade) for grade in _SMOOTH)])
"""Number in `GRADES` of each smoothness, 0 where unknown."""


@dataclass(frozen=True, slots=True)
class RollModel:
    """
    What wheels can do; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    rough_slowness, loose_slowness, soft_slowness
        Times as long as on firm ground; inf: closed; our choice.
    most_incline
        Steeper is closed; our choice. [m per m]
    gentle_incline, steep_slowness
        Up to here a slope costs nothing more; from here the time rises evenly to so many times
        at `most_incline`; our choice. [m per m]
    least_width_m
        Narrower is closed; our choice. [m]
    worst_kerb
        The highest kerb one gets over. A raised one is what stops a wheelchair, says
        https://wiki.openstreetmap.org/wiki/Key:kerb, read in November 2026; that a rolled one
        does so too, and that a pram is lifted over each, is our choice.
    closed_barriers
        What one does not get through; our choice.
    ramps
        Ramps by which one takes stairs; our choice.

    Raises
    ------
    TripError
        If a slowness is less than 1, a limit no positive number, or a kerb unknown.
    """

    rough_slowness: float
    loose_slowness: float
    soft_slowness: float
    most_incline: float
    gentle_incline: float
    steep_slowness: float
    least_width_m: float
    worst_kerb: str
    closed_barriers: frozenset[str]
    ramps: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse wheels that make one quicker, and limits that make no sense."""
        for name in ("rough_slowness", "loose_slowness", "soft_slowness", "steep_slowness"):
            if not getattr(self, name) >= 1.0:
                msg = f"`{name}` must be 1 or more; got {getattr(self, name)}."
                raise TripError(msg)
        if not 0.0 <= self.gentle_incline < self.most_incline:
            msg = (
                "`gentle_incline` must be 0 or more and less than `most_incline`; got "
                f"{self.gentle_incline} and {self.most_incline}."
            )
            raise TripError(msg)
        if not self.least_width_m >= 0.0 or self.worst_kerb not in KERBS:
            msg = (
                f"`least_width_m` must be 0 or more and `worst_kerb` one of {', '.join(KERBS)}; "
                f"got {self.least_width_m} and {self.worst_kerb!r}."
            )
            raise TripError(msg)


_WHEELCHAIR: Final = RollModel(
    rough_slowness=1.4,
    loose_slowness=inf,
    soft_slowness=inf,
    most_incline=0.08,
    gentle_incline=0.03,
    steep_slowness=2.0,
    least_width_m=0.9,
    worst_kerb="lowered",
    closed_barriers=_NOT_ROLLED,
    ramps=frozenset(),
)
_PRAM: Final = RollModel(
    rough_slowness=1.1,
    loose_slowness=1.3,
    soft_slowness=inf,
    most_incline=0.2,
    gentle_incline=0.06,
    steep_slowness=1.5,
    least_width_m=0.7,
    worst_kerb="raised",
    closed_barriers=_NOT_PUSHED,
    ramps=frozenset(["stroller", "wheelchair"]),
)


@dataclass(frozen=True, slots=True)
class ProfileModel:
    """
    What each walker can do; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    wheelchair, pram
        What their wheels can do. Steps are closed to a wheelchair whatever these say.
    sustained_m
        A slope of the terrain counts where it goes on for so long: shorter ones are noise of
        the terrain model as often as a hill; our choice. [m]
    """

    wheelchair: RollModel = _WHEELCHAIR
    pram: RollModel = _PRAM
    sustained_m: float = 10.0

    def __post_init__(self) -> None:
        """Refuse a slope without length."""
        if not 0.0 < self.sustained_m < inf:
            msg = f"`sustained_m` must be a positive number of metres; got {self.sustained_m}."
            raise TripError(msg)
