"""Errands: many walks as people may take them, drawn by chance, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from .errors import SourceError
from .network import Network
from .trip import USUAL_BUDGET, Trip

MOST_TRIPS = 200_000  # minutes of work; our choice


@dataclass(frozen=True, slots=True)
class ErrandModel:
    """
    From where to where people walk, for want of a count; change one with `dataclasses.replace`.

    Attributes
    ----------
    stop_share
        Share of ends that are at a stop, each stop alike; the others are anywhere along the
        streets, each metre alike. Without stops all are; our choice.
    usual_m
        Of two places to go to, one that is so much farther away as the crow flies is e times
        less likely; our choice. [m]
    least_m, most_m
        Nobody plans a shorter way, or walks a longer one; our choice. [m]
    n_offered
        Places to go to among which one is drawn for each start; our choice.
    """

    stop_share: float = 0.5
    usual_m: float = 800.0
    least_m: float = 150.0
    most_m: float = 3000.0
    n_offered: int = 256


def draw_errands(
    network: Network,
    departs: Sequence[datetime],
    *,
    n_trips: int,
    seed: int = 0,
    budget: float = USUAL_BUDGET,
    stop_xy: NDArray[np.float64] | None = None,
    model: ErrandModel = ErrandModel(),
) -> list[Trip]:
    """
    Draw trips between places people walk to, on the largest joined part of the streets.

    Parameters
    ----------
    network
        Streets; stairs and crossings are walked, but nobody lives there.
    departs
        When one may set out, each alike; zone-aware.
    n_trips
        How many to draw.
    seed
        The same seed gives the same trips.
    budget
        Of each, as in `Trip`.
    stop_xy
        Where stops are, in the city's local metres, shape ``(n, 2)``; None: none. [m]
    model
        Assumptions.

    Raises
    ------
    SourceError
        If no trip, or too many are wanted, or no time to set out is given.
    """
    if not 1 <= n_trips <= MOST_TRIPS or not departs:
        msg = (
            f"Wanted 1 to {MOST_TRIPS:,} trips and one time or more to set out; got {n_trips} "
            f"trips and {len(departs)} times."
        )
        raise SourceError(msg)
    rng = np.random.default_rng(seed)
    starts = _draw_ends(network, stop_xy, n_trips, rng, model)
    pool = _draw_ends(network, stop_xy, max(n_trips, 4 * model.n_offered), rng, model)
    goals = np.array([_draw_goal(start, pool, rng, model) for start in starts])
    hours = rng.integers(len(departs), size=n_trips).tolist()
    to_degrees = pyproj.Transformer.from_crs(network.crs, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(*np.concatenate([starts, goals]).T)
    # To the centimetre, as links and files carry them.
    places = np.column_stack([latitude, longitude]).round(7).tolist()
    return [
        Trip(tuple(start), tuple(goal), departs[hour], budget)
        for start, goal, hour in zip(places[:n_trips], places[n_trips:], hours, strict=True)
    ]


def _draw_ends(
    network: Network,
    stop_xy: NDArray[np.float64] | None,
    n_ends: int,
    rng: np.random.Generator,
    model: ErrandModel,
) -> NDArray[np.float64]:
    """Draw places one comes from or goes to, shape ``(n_ends, 2)`` [m]."""
    lived = (network.component[network.edge_node[:, 0]] == 0) & (network.length_m > 0.0)
    homely = lived & ~network.is_steps & (network.crossing == 0)
    edges = np.flatnonzero(homely if homely.any() else lived)
    bounds_m = np.cumsum(network.length_m[edges])
    at_m = rng.uniform(0.0, bounds_m[-1], n_ends)
    place = np.searchsorted(bounds_m, at_m, side="right").clip(max=len(edges) - 1)
    along_m = at_m - (bounds_m - network.length_m[edges])[place]
    points = shapely.line_interpolate_point(network.lines()[edges[place]], along_m)
    xy = shapely.get_coordinates(points)
    is_stop, stop = rng.uniform(size=n_ends) < model.stop_share, rng.uniform(size=n_ends)
    if stop_xy is not None and len(stop_xy):
        xy[is_stop] = stop_xy[(stop[is_stop] * len(stop_xy)).astype(int)]
    return xy


def _draw_goal(
    start: NDArray[np.float64],
    pool: NDArray[np.float64],
    rng: np.random.Generator,
    model: ErrandModel,
) -> NDArray[np.float64]:
    """Draw where one goes to: what is near is likelier; in a hamlet, the farthest place."""
    offered = pool[rng.integers(len(pool), size=model.n_offered)]
    away_m = np.hypot(*(offered - start).T)
    weight = np.exp(-away_m / model.usual_m)
    weight[(away_m < model.least_m) | (away_m > model.most_m)] = 0.0
    drawn = rng.uniform()
    if weight.any():
        bounds = np.cumsum(weight)
        row = min(np.searchsorted(bounds, drawn * bounds[-1], side="right"), len(bounds) - 1)
    else:
        row = np.where(away_m > model.most_m, -away_m, away_m).argmax()
    goal: NDArray[np.float64] = offered[row]
    return goal
