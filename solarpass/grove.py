"""Groves: crowns added to what single places see, without marching over the city again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ._grove import cover_steps
from .outlook import Outlook
from .surface import Surface

_REACH_M = 200.0  # beyond, no crown hides more than the lowest steps


def take_points(outlook: Outlook, points: NDArray[np.int64]) -> Outlook:
    """Keep some places of an outlook, in the given order."""
    return replace(
        outlook,
        xy=outlook.xy[points],
        solid=np.ascontiguousarray(outlook.solid[:, points]),
        crown_column=np.ascontiguousarray(outlook.crown_column[:, points]),
        limit_row=outlook.limit_row[points],
    )


def add_crowns(
    outlook: Outlook,
    surface: Surface,
    xy: NDArray[np.float64],
    *,
    radius_m: float,
    base_m: float,
    top_m: float,
    transmittance: tuple[float, float],
) -> Outlook:
    """
    Add upright crowns of one size to what places see: exact discs, where `plant_crowns` has cells.

    Parameters
    ----------
    outlook
        Of places on the surface.
    surface
        Which tells the ground, and the height of the eye.
    xy
        Where the crowns stand, in its local metres, shape ``(n, 2)``. [m]
    radius_m, base_m, top_m
        Of each crown, above the ground it stands on. [m]
    transmittance
        Share of the beam that passes, in leaf and bare.
    """
    lift_m = surface.ground_m(xy)
    turn = np.arange(outlook.n_sectors) * (2.0 * np.pi / outlook.n_sectors)
    mask = np.zeros((outlook.n_sectors, outlook.n_edges), np.uint64)
    cover_steps(
        np.ascontiguousarray(outlook.xy),
        surface.ground_m(outlook.xy) + surface.model.eye_m,
        np.column_stack([xy, np.full(len(xy), radius_m)]),
        lift_m + base_m,
        lift_m + top_m,
        np.column_stack([np.sin(turn), np.cos(turn)]),
        _REACH_M,
        mask,
    )
    seeing = mask.any(axis=0)
    column = np.full(outlook.n_edges, -1, np.int32)
    column[seeing] = outlook.crown.shape[1] + np.arange(int(seeing.sum()), dtype=np.int32)
    return replace(
        outlook,
        crown=np.concatenate([outlook.crown, mask[:, seeing]], axis=1),
        crown_column=np.concatenate([outlook.crown_column, column[None]]),
        transmittance=np.concatenate([outlook.transmittance, [transmittance]]),
    )
