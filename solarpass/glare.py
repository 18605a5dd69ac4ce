"""Glares: stretches of one side of a street where shade is missing, that a planner can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .pavement import PAVEMENT_SOURCES, SIDES

if TYPE_CHECKING:
    from .missing import Missing
    from .network import Network

_POINTS = ("north", "east", "south", "west")
_SQUARE = PAVEMENT_SOURCES.index("square")
# Two pavements lie on one side of their street unless what points away from it turns by more than
# about 107 degrees: opposite ones turn by 180, those around its corners by 90.
_ACROSS = -0.3


@dataclass(frozen=True, slots=True)
class GlareModel:
    """
    What makes one stretch; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    most_m
        No longer, but where one edge is: some 40 trees at 10 m; a square is one, however large;
        our choice. [m]
    least_m
        Nor shorter: a crown is as wide; our choice. [m]
    least_min
        Nor saving fewer minutes in the sun of 1,000 trips; our choice. [min per 1,000 trips]
    gap_m
        Neighbours on one side of a street are no farther apart: a side street is as wide; our
        choice. [m]
    kept_share
        Neighbours belong to the core of a stretch that miss this share of what its worst edge
        misses by the metre; our choice.
    straight_share
        A side has a point of the compass if the ways across to it, added up, come to this share
        of its length; our choice.
    """

    most_m: float = 400.0
    least_m: float = 10.0
    least_min: float = 1.0
    gap_m: float = 25.0
    kept_share: float = 0.4
    straight_share: float = 0.7


@dataclass(frozen=True, eq=False, slots=True)
class Glare:
    """
    A stretch where shade is missing.

    Attributes
    ----------
    name
        The street, None where it has none.
    side
        On which side of it: a point of the compass, ``"one"`` where it bends, None for a way of
        its own.
    highway
        Kind of way of its worst edge.
    edges
        What it is made of, shape ``(n,)``.
    length_m
        How long. [m]
    saved_min, low_min, high_min, unknown_min
        Sums of those of `Missing`. [min per 1,000 trips]
    n_walked
        Trips that walk its busiest edge.
    line
        Its drawing, in the city's local metres.
    worst_xy
        The middle of the edge that misses most, in the city's local metres. [m]
    """

    name: str | None
    side: str | None
    highway: str
    edges: NDArray[np.int64]
    length_m: float
    saved_min: float
    low_min: float
    high_min: float
    unknown_min: float
    n_walked: int
    line: shapely.Geometry
    worst_xy: tuple[float, float]

    @property
    def saved_min_per_m(self) -> float:
        """Minutes that a metre of shade saves at least. [min per 1,000 trips and m]."""
        return self.saved_min / self.length_m


def find_glares(
    network: Network, missing: Missing, *, model: GlareModel = GlareModel()
) -> list[Glare]:
    """
    Merge edges along a street into stretches, the most minutes saved first.

    Crossings and covered ways are left out: nobody plants there. A stretch begins at the worst
    edge by the metre that is left, and grows along its side of the street, over side streets as
    well; neighbouring stretches that save enough each are one while it is short enough. A square
    is one stretch.

    Parameters
    ----------
    network
        Whose edges were summed.
    missing
        By `find_missing`.
    model
        Assumptions.
    """
    per_m = missing.saved_min / np.maximum(network.length_m, 1.0)
    free = (per_m > 0.0) & (network.crossing == 0) & ~network.is_covered
    lines = network.lines()
    near = _find_neighbours(network, lines, np.flatnonzero(free), model)
    grown = []
    for seed in np.lexsort([np.arange(len(per_m)), -per_m]).tolist():
        if free[seed]:
            edges = _grow(network, seed, per_m, free, near, model)
            free[edges] = False
            if missing.saved_min[edges].sum() >= model.least_min:
                grown.append(edges)
    found = [
        _tell(network, missing, lines, edges, model)
        for edges in _merge(network, missing, grown, near, model)
        if network.length_m[edges].sum() >= model.least_m
    ]
    return sorted(found, key=lambda one: (-one.saved_min, int(one.edges.min())))


def _find_neighbours(
    network: Network, lines: NDArray[Any], edges: NDArray[np.int64], model: GlareModel
) -> dict[int, set[int]]:
    """Find the edges near each, on the same side of the same street, or on the same square."""
    one, other = shapely.STRtree(lines[edges]).query(
        lines[edges], predicate="dwithin", distance=model.gap_m
    )
    one, other = edges[one], edges[other]
    kin, across = _number_kin(network), _point_across(network)
    along = (across[one] * across[other]).sum(axis=1) > _ACROSS
    kept = (one != other) & (kin[one] == kin[other]) & (along | (network.side[one] == 0))
    near: dict[int, set[int]] = {edge: set() for edge in edges.tolist()}
    for first, second in zip(one[kept].tolist(), other[kept].tolist(), strict=True):
        near[first].add(second)
    return near


def _number_kin(network: Network) -> NDArray[np.int64]:
    """Give edges of one street the same number; pavements, squares and ways of their own apart."""
    named = np.array([name is not None for name in network.street_name])[network.street]
    of_street = np.where(named, network.street.astype(np.int64), network.osm_id)
    what = np.where(network.pavement == _SQUARE, 2, network.side > 0)
    kin: NDArray[np.int64] = np.unique(
        np.column_stack([named, of_street, what]), axis=0, return_inverse=True
    )[1].ravel()
    return kin


def _point_across(network: Network) -> NDArray[np.float64]:
    """Point from the middle of the street to each pavement, of length 1 or 0, ``(n_edges, 2)``."""
    first, last = network.edge_vertex[:-1], network.edge_vertex[1:] - 1
    east, north = (network.vertex_xy[last] - network.vertex_xy[first]).T
    turn = np.where(network.side == SIDES.index("right"), 1.0, -1.0) * (network.side > 0)
    across = np.column_stack([turn * north, -turn * east])
    pointed: NDArray[np.float64] = across / np.maximum(np.hypot(*across.T), 1e-9)[:, None]
    return pointed


def _grow(
    network: Network,
    seed: int,
    per_m: NDArray[np.float64],
    free: NDArray[np.bool_],
    near: dict[int, set[int]],
    model: GlareModel,
) -> NDArray[np.int64]:
    """Add the worst neighbour again and again, while it is bad enough and the stretch short."""
    most_m = np.inf if network.pavement[seed] == _SQUARE else model.most_m
    edges, length_m = {seed}, float(network.length_m[seed])
    ahead = {edge for edge in near[seed] if free[edge]}
    least = model.kept_share * per_m[seed]
    while True:
        ahead = {
            edge
            for edge in ahead
            if per_m[edge] >= least and length_m + network.length_m[edge] <= most_m
        }
        if not ahead:
            return np.array(sorted(edges))
        worst = min(ahead, key=lambda edge: (-per_m[edge], edge))
        edges.add(worst)
        length_m += float(network.length_m[worst])
        ahead = (ahead | {edge for edge in near[worst] if free[edge]}) - edges


def _merge(
    network: Network,
    missing: Missing,
    grown: list[NDArray[np.int64]],
    near: dict[int, set[int]],
    model: GlareModel,
) -> list[NDArray[np.int64]]:
    """Join neighbouring stretches while they are short enough, from the one that saves most."""
    owner = {edge: number for number, edges in enumerate(grown) for edge in edges.tolist()}
    saved_min = [float(missing.saved_min[edges].sum()) for edges in grown]
    length_m = [float(network.length_m[edges].sum()) for edges in grown]
    left, merged = set(range(len(grown))), []
    for number in sorted(left, key=lambda one: (-saved_min[one], one)):
        if number not in left:
            continue
        left.discard(number)
        edges, total_m = grown[number].tolist(), length_m[number]
        most_m = np.inf if network.pavement[edges[0]] == _SQUARE else model.most_m
        while True:
            beside = {owner[near_by] for edge in edges for near_by in near[edge] & owner.keys()}
            fits = [one for one in beside & left if total_m + length_m[one] <= most_m]
            if not fits:
                break
            best = min(fits, key=lambda one: (-saved_min[one], one))
            left.discard(best)
            edges, total_m = [*edges, *grown[best].tolist()], total_m + length_m[best]
        merged.append(np.array(sorted(edges)))
    return merged


def _tell(
    network: Network,
    missing: Missing,
    lines: NDArray[Any],
    edges: NDArray[np.int64],
    model: GlareModel,
) -> Glare:
    worst = edges[missing.saved_min[edges].argmax()]
    line: Any = shapely.line_merge(shapely.multilinestrings(lines[edges]))
    amid = shapely.line_interpolate_point(lines[worst], 0.5, normalized=True)
    return Glare(
        name=network.street_name[network.street[worst]],
        side=_find_side(network, edges, model),
        highway=network.highway_kind[network.highway[worst]],
        edges=edges,
        length_m=float(network.length_m[edges].sum()),
        saved_min=float(missing.saved_min[edges].sum()),
        low_min=float(missing.low_min[edges].sum()),
        high_min=float(missing.high_min[edges].sum()),
        unknown_min=float(missing.unknown_min[edges].sum()),
        n_walked=int(missing.n_walked[edges].max()),
        line=line,
        worst_xy=(amid.x, amid.y),
    )


def _find_side(network: Network, edges: NDArray[np.int64], model: GlareModel) -> str | None:
    """Tell on which side of its street a stretch lies."""
    if not network.side[edges].any():
        return None
    first, last = network.edge_vertex[edges], network.edge_vertex[edges + 1] - 1
    chord_m = np.hypot(*(network.vertex_xy[last] - network.vertex_xy[first]).T)
    across_m = chord_m @ _point_across(network)[edges]
    if np.hypot(*across_m) < model.straight_share * network.length_m[edges].sum():
        return "one"
    clockwise_deg = np.degrees(np.arctan2(across_m[0], across_m[1]))
    return _POINTS[round(float(clockwise_deg) / 90.0) % 4]
