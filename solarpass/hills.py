"""Hills: the ground far away, which shades a valley before the sun has set on the map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ._hills import find_crests, raise_crests
from .relief import Relief

# Mean radius of the Earth, and the usual share of its curvature that refraction near the ground
# takes back (7/6 of the radius, surveyors' rule of thumb, handed down to us). [m]
_RADIUS_M = 6_371_000.0 * 7.0 / 6.0

_EYE_M = 1.1  # of an anchor; which crest it sees hardly depends on it


@dataclass(frozen=True, slots=True)
class HillModel:
    """
    How hills are looked at; all our choice.

    Attributes
    ----------
    near_m
        They begin here; what is nearer is looked at with the buildings. [m]
    far_m
        Farther ones are not looked for. [m]
    growth
        Step as a share of the distance. [1]
    anchor_m
        Crests are looked for from anchors so far apart; places between see the same crests,
        each from where it is. [m]
    """

    near_m: float = 250.0
    far_m: float = 40_000.0
    growth: float = 0.02
    anchor_m: float = 32.0


@dataclass(frozen=True, eq=False)  # no slots: the highest is found when first asked for
class Hills:
    """
    The ground out to the horizon.

    Attributes
    ----------
    relief
        Its heights. [m]
    model
        Assumptions.
    """

    relief: Relief
    model: HillModel = HillModel()

    @cached_property
    def highest_m(self) -> float:
        """Height of the highest ground of all. [m]."""
        return float(np.nanmax(self.relief.height_m))

    def raise_tangents(
        self,
        xy: NDArray[np.float64],
        eye_m: NDArray[np.float64],
        *,
        azimuth_deg: NDArray[np.floating],
        tangent: NDArray[np.float32],
    ) -> None:
        """
        Raise the skyline of places of one neighbourhood to the hills.

        Parameters
        ----------
        xy, eye_m
            Places in local metres, shape ``(n_places, 2)``, and the heights of their eyes
            above the sea, shape ``(n_places,)``. [m]
        azimuth_deg
            Sectors, clockwise from north, shape ``(n_sectors,)``. [°]
        tangent
            Of the skyline's elevation, raised in place, shape ``(n_places, n_sectors)``.
        """
        model, window = self.model, self.relief.window
        azimuth = np.deg2rad(azimuth_deg)
        ray = np.column_stack([np.sin(azimuth), np.cos(azimuth)])
        first = np.floor(xy.min(axis=0) / model.anchor_m)
        n_columns, n_rows = (np.floor(xy.max(axis=0) / model.anchor_m) - first + 2.0).astype(int)
        grid = np.stack(np.meshgrid(np.arange(n_columns), np.arange(n_rows)), axis=-1)
        anchor = (grid.reshape(-1, 2) + first) * model.anchor_m
        ground = self.relief.at(anchor).astype(float)
        ground = np.where(np.isnan(ground), eye_m.mean() - _EYE_M, ground)
        far_m = _lay_rings(model)
        shape = (len(anchor), len(ray))
        crest_m, crest_far_m = np.zeros(shape), np.zeros(shape)
        find_crests(
            self.relief.height_m,
            anchor / window.cell_m - (window.column, window.row),
            ground + _EYE_M,
            ray,
            far_m / window.cell_m,
            far_m,
            far_m**2 / (2.0 * _RADIUS_M),
            self.highest_m,
            crest_m,
            crest_far_m,
        )
        place = xy / model.anchor_m - first
        raise_crests(
            place,
            eye_m.astype(float),
            ray,
            model.anchor_m,
            int(n_columns),
            crest_m,
            crest_far_m,
            tangent,
        )


def _lay_rings(model: HillModel) -> NDArray[np.float64]:
    n = int(np.ceil(np.log(model.far_m / model.near_m) / np.log1p(model.growth)))
    return np.asarray(model.near_m * (1.0 + model.growth) ** np.arange(n + 1), np.float64)
