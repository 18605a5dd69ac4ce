"""What waiting places see all around: sky, crowns and what is solid, and the ground by them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from solarpass.blend import to_elevation_deg
from solarpass.outlook import Outlook, build_outlook
from solarpass.skyline import IN_SOLID, MarchModel
from solarpass.surface import Surface

from ._view import CROWN, SOLID, add_views

Floats = NDArray[np.float64]

N_SECTORS: Final = 36
"""Sectors of 10° in which what is seen is told, the first around true north."""

DIRECTIONS_DEG: Final = (0.0, 90.0, 180.0, 270.0)
"""North, east, south and west, as stations have their radiometers. [°]"""

_SOLID_STEPS = 254.0
_CROWN_STEPS = 64
_N_SIDE, _N_RING = 7, 8


@dataclass(frozen=True, slots=True)
class ViewModel:
    """
    From where one looks; change one with `dataclasses.replace`.

    Attributes
    ----------
    spread_m
        One waits within this to each side of a place, at 49 points, two thirds of a metre apart:
        outlines, rasters and places are known to no better, and the edge of the shade is the
        largest single error; our choice. [m]
    ring_m
        Distances at which the ground around is looked at, at eight points each; our choice. [m]
    eye_m
        Height from which the ground is seen, as of `SurfaceModel`. [m]
    march
        How the surface is sampled; in small squares, as sites lie apart.
    """

    spread_m: float = 2.0
    ring_m: tuple[float, float] = (4.0, 8.0)
    eye_m: float = 1.1
    march: MarchModel = field(default_factory=lambda: MarchModel(chunk_m=128.0))


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """
    What places see, and the points they look from.

    Attributes
    ----------
    up, side
        Shares that are solid and crowns of what a flat patch facing up, and an upright one that
        faces the sector, sees in each sector, shape ``(2, n_places, n_sectors)``; the rest is sky.
    tangent
        Of the elevation of the solids' skyline, shape ``(n_places, n_sectors)``.
    outlook
        Of all points, `n_points` for each place.
    body
        What share of one who waits stands at each point, 0 within walls, shape
        ``(n_places, n_points)``.
    ground
        What share of the ground that is seen lies around each point: by a patch that faces down,
        and by upright ones that face the four directions, shape ``(5, n_places, n_points)``.
    is_indoors
        Whether all points lie within walls, shape ``(n_places,)``.
    """

    up: Floats
    side: Floats
    tangent: Floats
    outlook: Outlook
    body: Floats
    ground: Floats
    is_indoors: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def n_places(self) -> int:
        """Count the places."""
        return len(self.tangent)

    @property
    def sky_view_factor(self) -> Floats:
        """Share of the sky that a flat patch sees past solids and crowns, ``(n_places,)``."""
        factor: Floats = 1.0 - self.up.sum(axis=0).mean(axis=1)
        return factor

    def factors(self) -> dict[str, Floats]:
        """
        Tell the view factors of patches facing up, north, east, south and west.

        Shape ``(5, n_places)`` each of sky, solid, crown and ground; they sum to 1.
        """
        toward = direction_weights()
        half = 0.5 * np.einsum("ds,kps->kdp", toward, self.side)
        solid, crown = (
            np.concatenate([self.up[k].mean(axis=1)[None], half[k]]) for k in (SOLID, CROWN)
        )
        ground = np.full_like(solid, 0.5)
        ground[0] = 0.0
        sky = 1.0 - solid - crown - ground
        return {"sky": sky, "solid": solid, "crown": crown, "ground": ground}


def build_view(
    surface: Surface,
    xy: Floats,
    *,
    latitude_deg: float,
    leaf_fraction: float = 1.0,
    model: ViewModel = ViewModel(),
) -> View:
    """
    March from places over a surface, and add up what they see.

    Parameters
    ----------
    surface
        What casts shade.
    xy
        Places in its local metres, shape ``(n_places, 2)``. [m]
    latitude_deg
        For the leaf season. [°]
    leaf_fraction
        How far deciduous crowns are in leaf, which decides on the sky seen through them.
    model
        Assumptions.
    """
    outlook = look_out(surface, xy, latitude_deg=latitude_deg, model=model)
    return find_view(outlook, leaf_fraction=leaf_fraction, model=model)


def look_out(
    surface: Surface, xy: Floats, *, latitude_deg: float, model: ViewModel = ViewModel()
) -> Outlook:
    """March from the points around places, `count_points` for each."""
    offset, _ = _lay_points(model)
    points = (xy[:, None, :] + offset[None]).reshape(-1, 2)
    return build_outlook(surface, points, latitude_deg=latitude_deg, model=model.march)


def count_points(model: ViewModel = ViewModel()) -> int:
    """Count the points around a place."""
    return len(_lay_points(model)[0])


def find_view(
    outlook: Outlook, *, leaf_fraction: float = 1.0, model: ViewModel = ViewModel()
) -> View:
    """Add up what places see, out of the outlook of all their points: see `look_out`."""
    offset, ring = _lay_points(model)
    n_places = len(outlook.xy) // len(offset)
    outside = ~(outlook.solid == IN_SOLID).all(axis=0).reshape(n_places, -1)
    body = np.where(ring == 0, 1.0, 0.0) * outside
    ground = _weigh_ground(offset, ring, model)[:, None, :] * outside[None]
    is_indoors = ~body.any(axis=1)
    body = _normalise(np.where(is_indoors[:, None], ring == 0, body))
    ground = _normalise(ground)
    in_leaf, bare = outlook.transmittance.T
    seen = np.zeros((2, 2, n_places, N_SECTORS))
    steepness = np.zeros((n_places, N_SECTORS))
    u = np.minimum(np.arange(256.0) / _SOLID_STEPS, 1.0)
    edge = np.deg2rad(to_elevation_deg(np.arange(_CROWN_STEPS + 1.0) - 0.5))
    add_views(
        outlook.solid,
        outlook.crown,
        outlook.crown_column,
        bare + leaf_fraction * (in_leaf - bare),
        np.repeat(np.arange(n_places), len(offset)),
        body.reshape(-1),
        _weigh_below(np.arctan2(u, 1.0 - u)),
        _weigh_below(np.where(np.arange(_CROWN_STEPS + 1) == 0, 0.0, edge)),
        seen,
        steepness,
    )
    share = steepness / _SOLID_STEPS
    return View(
        up=seen[0],
        side=seen[1],
        tangent=share / np.maximum(1.0 - share, 1e-3),
        outlook=outlook,
        body=body,
        ground=ground,
        is_indoors=is_indoors,
    )


def direction_weights() -> Floats:
    """Tell how much each sector weighs in what the four directions see, ``(4, n_sectors)``."""
    sector = np.arange(N_SECTORS) * (2.0 * np.pi / N_SECTORS)
    facing = np.cos(sector[None] - np.deg2rad(np.array(DIRECTIONS_DEG))[:, None])
    weight = np.maximum(facing, 0.0)
    shares: Floats = weight / weight.sum(axis=1, keepdims=True)
    return shares


def _lay_points(model: ViewModel) -> tuple[Floats, NDArray[np.int64]]:
    """Lay the points around a place: offsets, ``(n_points, 2)`` [m], and 0, or which ring."""
    steps = np.linspace(-model.spread_m, model.spread_m, _N_SIDE)
    body = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    turn = np.arange(_N_RING) * (2.0 * np.pi / _N_RING)
    around = np.stack([np.sin(turn), np.cos(turn)], axis=-1)
    offsets = np.concatenate([body, *(radius * around for radius in model.ring_m)])
    return offsets, np.repeat([0, 1, 2], [_N_SIDE**2, _N_RING, _N_RING])


def _weigh_ground(offset: Floats, ring: NDArray[np.int64], model: ViewModel) -> Floats:
    """Weigh points by how much of the ground around them is seen, ``(5, n_points)``."""
    near_m, far_m = model.ring_m
    limits = np.array([np.inf, (near_m + far_m) / 2.0, near_m / 2.0, 0.0])
    dip = np.arctan2(model.eye_m, limits)  # below the horizon
    down, side = (np.diff(below)[::-1] for below in _weigh_below(dip))
    weight = np.zeros((1 + len(DIRECTIONS_DEG), len(offset)))
    for k in range(3):
        here = ring == k
        weight[0, here] = down[k] / here.sum()
        for d, azimuth in enumerate(np.deg2rad(DIRECTIONS_DEG), start=1):
            ahead = np.maximum(offset[here] @ (np.sin(azimuth), np.cos(azimuth)), 0.0)
            facing = np.ones(here.sum()) if k == 0 else ahead
            weight[d, here] = side[k] * facing / facing.sum()
    return weight


def _weigh_below(elevation: Floats) -> Floats:
    """
    Tell what share of a patch's half of the hemisphere lies below elevations, ``(2, n)``.

    Of one that faces up, and of an upright one in the direction it faces.
    """
    upright = (elevation + np.sin(elevation) * np.cos(elevation)) / (np.pi / 2.0)
    return np.stack([np.sin(elevation) ** 2, upright])


def _normalise(weight: Floats) -> Floats:
    """Let weights sum to 1 along the last axis, evenly where there are none."""
    total = weight.sum(axis=-1, keepdims=True)
    even = np.full_like(weight, 1.0 / weight.shape[-1])
    return np.where(total > 0.0, weight / np.where(total > 0.0, total, 1.0), even)
