"""How far off what an edge sees may be: the spread of guessed heights and crowns, as it looks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ._gaze import SPREAD_STEPS
from .skyline import Marcher, MarchModel
from .tables import read_numbers
from .tile import Surface

N_ASPECTS = 12
"""Compass directions in which an edge's skyline has a spread of its own; 0 looks north."""


@dataclass(frozen=True, slots=True)
class SpreadModel:
    """
    How the spread of a skyline is sampled; change one with `dataclasses.replace`.

    Attributes
    ----------
    every
        One in so many points of an edge looks again, and its middle one; our choice. [count]
    cell_m
        Side of a cell for that look; our choice. [m]
    n_sectors
        Compass sectors of that look, a multiple of the aspects; our choice. [count]
    least_deg
        What stands lower on the sky than this does not count; our choice. [°]
    """

    every: int = 16
    cell_m: float = 1.0
    n_sectors: int = 36
    least_deg: float = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """
    How much larger what is guessed may be, as a share, and as many times smaller.

    Nine in ten buildings lie between these ends; a height that has a typical one is as often
    half as twice that, not as often nothing as twice.

    Attributes
    ----------
    aspect
        The skyline of solids over the eye, in steps of 1/32, shape ``(n_edges, n_aspects)``.
    crown
        Height of each layer's crowns over the eye, and their width, shape ``(n_planes, 2)``.
    least, most
        What each layer lets through at least and at most, in leaf and bare, shape
        ``(n_planes, 2)``.
    """

    aspect: NDArray[np.uint8]
    crown: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    @property
    def is_none(self) -> bool:
        """Tell whether nothing is in doubt."""
        return not (self.aspect.any() or self.crown.any() or (self.least < self.most).any())

    def fits(self, *, n_edges: int, n_planes: int) -> bool:
        """Tell whether these are arrays of so many edges and layers, of numbers that can be."""
        both = (n_planes, 2)
        return bool(
            self.aspect.shape == (n_edges, N_ASPECTS)
            and self.crown.shape == self.least.shape == self.most.shape == both
            and (self.crown >= 0.0).all()
            and (self.least >= 0.0).all()
            and (self.least <= self.most).all()
            and (self.most <= 1.0).all()
        )


class Surveyor:
    """Looks at solids as they are taken to be, and raised by their spread."""

    def __init__(self, surface: Surface, march: MarchModel, model: SpreadModel) -> None:
        """Raise the solids; nothing is looked at where no height is in doubt."""
        self.model = model
        solids, coarse = surface.solids, replace(surface.model, cell_m=model.cell_m)
        self.is_idle = surface.raster is not None or not solids.spread_m.any()
        if self.is_idle:
            return
        march = replace(march, n_sectors=model.n_sectors)
        best = replace(surface, layers=(), model=coarse)
        tall = replace(best, solids=replace(solids, top_m=solids.top_m + solids.spread_m))
        self.marchers = Marcher(best, march), Marcher(tall, march)

    def look(
        self, xy: NDArray[np.float64], level_m: NDArray[np.float32], edge_point: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """
        Weigh the spread of the skylines of edges of one neighbourhood.

        Parameters
        ----------
        xy, level_m
            Points, shape ``(n_points, 2)``, and how high above the ground each stands. [m]
        edge_point
            Slices of them, shape ``(n_edges + 1,)``.

        Returns
        -------
        NDArray[np.float32]
            Weighted sum of relative spreads, and the weights, shape ``(2, n_edges, n_aspects)``.
        """
        n_edges = len(edge_point) - 1
        if self.is_idle:
            return np.zeros((2, n_edges, N_ASPECTS), np.float32)
        n_points = np.diff(edge_point)
        owner = np.repeat(np.arange(n_edges), n_points)
        from_middle = np.arange(len(owner)) - (edge_point[:-1] + n_points // 2)[owner]
        some = from_middle % self.model.every == 0
        best, tall = (
            marcher.march(xy[some], level_m=level_m[some])[0] for marcher in self.marchers
        )
        counts = (best > np.tan(np.deg2rad(self.model.least_deg))) & np.isfinite(best + tall)
        share = np.divide(tall, best, out=np.ones_like(best), where=counts) - 1.0
        # A wall high on the sky hides the sun for longer than one that is low.
        weight = np.divide(best, 1.0 + best, out=np.zeros_like(best), where=counts)
        return np.stack([self._gather(of, owner[some], n_edges) for of in (weight * share, weight)])

    def _gather(
        self, values: NDArray[np.float32], owner: NDArray[np.int64], n_edges: int
    ) -> NDArray[np.float32]:
        """Add up the points of each edge and the sectors around each aspect."""
        per_aspect = self.model.n_sectors // N_ASPECTS
        around = np.roll(values, per_aspect // 2, axis=1)
        by_aspect = around.reshape(len(values), N_ASPECTS, per_aspect).sum(axis=2)
        total = np.zeros((n_edges, N_ASPECTS), np.float32)
        np.add.at(total, owner, by_aspect)
        return total


def to_steps(total: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round the sums of `Surveyor.look` to stored shares, shape ``(n_edges, n_aspects)``."""
    share = np.divide(total[0], total[1], out=np.zeros_like(total[0]), where=total[1] > 0.0)
    steps: NDArray[np.uint8] = np.clip(np.rint(SPREAD_STEPS * share), 0, 255).astype(np.uint8)
    return steps


def find_spread(
    surface: Surface,
    aspect: NDArray[np.uint8],
    planes: tuple[list[int], list[int], NDArray[np.float64]],
) -> Spread:
    """
    Add to the spread of solids that of crowns.

    Parameters
    ----------
    surface
        With what casts shade.
    aspect
        As from `to_steps`.
    planes
        As from `find_planes`.
    """
    order, plane_of, transmittance = planes
    crown = np.zeros(transmittance.shape)
    for plane, layer in zip(plane_of, order, strict=True):
        if plane < 0:
            continue
        casters = surface.layers[layer]
        area_m2 = casters.area_m2()
        if area_m2.sum() > 0.0:
            crown[plane, 0] = np.average(casters.spread_m / casters.top_m, weights=area_m2)
            crown[plane, 1] = np.average(casters.spread_fraction, weights=area_m2)
    return Spread(aspect, crown, *_find_passed(transmittance))


def _find_passed(
    transmittance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tell what crowns let through at least and at most, in leaf and bare, as the table has it."""
    table = read_numbers("tree", key="what")
    sheds = transmittance[:, 1] > transmittance[:, 0]
    ends = []
    for end in ("least", "most"):
        leaf, bare = (
            table[kind][f"{end}_transmittance_{season}"] / table[kind][f"transmittance_{season}"]
            for kind, season in (("tree", "leaf"), ("deciduous", "bare"))
        )
        scale = np.stack([np.full(len(sheds), leaf), np.where(sheds, bare, leaf)], axis=-1)
        ends.append(np.clip(transmittance * scale, 0.0, 1.0))
    return ends[0], ends[1]
