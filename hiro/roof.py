"""What a shelter's own roof and panes hide of the sky from whoever waits beneath."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from solarpass.tables import read_numbers

Floats = NDArray[np.float64]

_N_TURNS = 360
_ELEVATION_DEG = np.arange(0.5, 90.0)


@dataclass(frozen=True, slots=True)
class RoofModel:
    """
    How large shelters are; change one with `dataclasses.replace`.

    Attributes
    ----------
    length_m, depth_m, height_m
        Of a usual shelter, where the table tells no size of its kind; our choice. [m]
    eye_m
        Height of the middle of whoever stands beneath, as elsewhere. [m]
    emissivity
        Of roofs and panes, which let no warmth through, by the design (reported). [1]
    full_sun_w_m2
        Sun on level ground in which a roof is as warm as the table says; our choice. [W m⁻²]
    """

    length_m: float = 4.0
    depth_m: float = 1.5
    height_m: float = 2.4
    eye_m: float = 1.1
    emissivity: float = 0.95
    full_sun_w_m2: float = 800.0


@dataclass(frozen=True, eq=False, slots=True)
class Roof:
    """
    One kind of shelter, in no particular direction: means over all ways it may face.

    Attributes
    ----------
    beam
        Share of the beam that arrives beneath, by degrees of the sun's elevation, ``(90,)``.
    hidden_up, hidden_side
        Share of what a flat patch facing up, or an upright one, sees that roof and panes take
        in warmth. [1]
    passed_up, passed_side
        Share of the light from above that arrives, through and beside them. [1]
    warming_k
        How much warmer than the air it is in full sun. [K]
    wind_factor
        Wind beneath over wind beside. [1]
    """

    beam: Floats
    hidden_up: float
    hidden_side: float
    passed_up: float
    passed_side: float
    warming_k: float
    wind_factor: float

    def pass_beam(self, elevation_deg: Floats) -> Floats:
        """Tell the share of the beam that arrives, at each of some elevations."""
        passed: Floats = np.interp(elevation_deg, _ELEVATION_DEG, self.beam)
        return passed


@cache
def find_roof(kind: str, model: RoofModel = RoofModel()) -> Roof:
    """
    Find what one kind of shelter hides: see ``data/shelter.csv``.

    One stands in the middle of the shelter for what one sees, and moves within it to stay in its
    shade: a beam is kept off where the roof's shadow and the shelter's ground still meet.
    """
    told = read_numbers("shelter", key="kind")[kind]
    if kind == "none":
        return Roof(np.ones(90), 0.0, 0.0, 1.0, 1.0, 0.0, told["wind_factor"])
    model = replace(
        model,
        length_m=told.get("length", model.length_m),
        depth_m=told.get("depth", model.depth_m),
        height_m=told.get("height", model.height_m),
    )
    elevation = np.deg2rad(_ELEVATION_DEG)
    up = _share(np.sin(np.deg2rad(np.arange(91.0))) ** 2)
    edge = np.deg2rad(np.arange(91.0))
    side = _share((edge + np.sin(edge) * np.cos(edge)) / (np.pi / 2.0))
    above, beside = _find_hidden(elevation, round(told["closed_sides"]), model, reach=0.5)
    shading, _ = _find_hidden(elevation, 0, model, reach=1.0)
    panes = np.minimum(beside, 1.0 - shading)
    dim_roof, dim_pane = 1.0 - told["transmittance"], 1.0 - told["pane_transmittance"]
    dim = above * dim_roof + beside * dim_pane
    return Roof(
        beam=1.0 - shading * dim_roof - panes * dim_pane,
        hidden_up=float(up @ (above + beside)),
        hidden_side=float(side @ (above + beside)),
        passed_up=1.0 - float(up @ dim),
        passed_side=1.0 - float(side @ dim),
        warming_k=told["roof_warming"],
        wind_factor=told["wind_factor"],
    )


def find_mixture(shelter: str) -> Mapping[str, float]:
    """
    Tell which kinds a shelter may be and how likely, summing to 1.

    Examples
    --------
    >>> find_mixture("green_roof")
    {'green_roof': 1.0}
    """
    told = read_numbers("shelter", key="kind")[shelter]
    shares = {name[6:]: share for name, share in told.items() if name.startswith("share_")}
    if not shares:
        return {shelter: 1.0}
    mixture: dict[str, float] = {}
    for kind, share in shares.items():
        for part, within in find_mixture(kind).items():
            mixture[part] = mixture.get(part, 0.0) + share * within
    return mixture


def _share(cumulative: Floats) -> Floats:
    """Turn what lies below each whole degree into what lies within each."""
    within: Floats = np.diff(cumulative)
    return within


def _find_hidden(
    elevation: Floats, n_closed: int, model: RoofModel, *, reach: float
) -> tuple[Floats, Floats]:
    """
    Tell the share of all turns in which the roof, or a pane, stands at each elevation.

    `reach` is how far from the middle, in lengths of the shelter, it reaches.
    """
    turn = (np.arange(_N_TURNS) + 0.5) * (2.0 * np.pi / _N_TURNS)
    along, across = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    to_end = reach * model.length_m / along
    to_side = reach * model.depth_m / across
    away = (model.height_m - model.eye_m) / np.tan(elevation)
    distance = np.minimum(to_end, to_side)
    under = away[:, None] < distance[None]
    is_end = to_end < to_side
    is_back = ~is_end & (np.sin(turn) > 0.0)
    closed = {0: is_end & False, 1: is_back, 2: is_end, 3: is_end | is_back}[n_closed]
    return under.mean(axis=1), (~under & closed[None]).mean(axis=1)
