"""Glares: stretches of one side of a street where shade is missing, that a planner can act on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from .missing import Missing
from .network import Network
from .pavement import SIDES

_POINTS = ("north", "east", "south", "west")


@dataclass(frozen=True, slots=True)
class GlareModel:
    """
    What makes one stretch; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    most_m
        No longer, but where one edge is: some 20 trees at 10 m; our choice. [m]
    least_m
        Nor shorter: a crown is as wide; our choice. [m]
    kept_share
        Neighbours belong to a stretch that miss this share of what its worst edge misses by the
        metre; our choice.
    straight_share
        A side has a point of the compass if the ways across to it, added up, come to this share
        of its length; our choice.
    """

    most_m: float = 200.0
    least_m: float = 10.0
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
    edge by the metre that is left, and grows along its side of the street.

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
    kin = _number_kin(network)
    at_node: dict[tuple[int, int], list[int]] = defaultdict(list)
    for edge in np.flatnonzero(free).tolist():
        for node in network.edge_node[edge].tolist():
            at_node[node, int(kin[edge])].append(edge)
    found = []
    for seed in np.lexsort([np.arange(len(per_m)), -per_m]).tolist():
        if free[seed]:
            edges = _grow(network, seed, per_m, kin, free, at_node, model)
            free[edges] = False
            if network.length_m[edges].sum() >= model.least_m:
                found.append(_tell(network, missing, edges, model))
    return sorted(found, key=lambda one: (-one.saved_min, int(one.edges.min())))


def _number_kin(network: Network) -> NDArray[np.int64]:
    """Give edges of one street the same number, pavements and ways of their own apart."""
    named = np.array([name is not None for name in network.street_name])[network.street]
    of_street = np.where(named, network.street.astype(np.int64), -1 - network.osm_id)
    both = np.column_stack([of_street, network.side > 0])
    kin: NDArray[np.int64] = np.unique(both, axis=0, return_inverse=True)[1].ravel()
    return kin


def _grow(
    network: Network,
    seed: int,
    per_m: NDArray[np.float64],
    kin: NDArray[np.int64],
    free: NDArray[np.bool_],
    at_node: dict[tuple[int, int], list[int]],
    model: GlareModel,
) -> NDArray[np.int64]:
    """Add the worst neighbour again and again, while it is bad enough and the stretch short."""
    edges, nodes = {seed}, set(network.edge_node[seed].tolist())
    length_m = float(network.length_m[seed])
    while True:
        near = {edge for node in nodes for edge in at_node[node, int(kin[seed])]} - edges
        near = {
            edge
            for edge in near
            if free[edge]
            and per_m[edge] >= model.kept_share * per_m[seed]
            and length_m + network.length_m[edge] <= model.most_m
        }
        if not near:
            return np.array(sorted(edges))
        worst = min(near, key=lambda edge: (-per_m[edge], edge))
        edges.add(worst)
        nodes.update(network.edge_node[worst].tolist())
        length_m += float(network.length_m[worst])


def _tell(network: Network, missing: Missing, edges: NDArray[np.int64], model: GlareModel) -> Glare:
    worst = edges[missing.saved_min[edges].argmax()]
    line: Any = shapely.line_merge(shapely.multilinestrings(network.lines()[edges]))
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
    )


def _find_side(network: Network, edges: NDArray[np.int64], model: GlareModel) -> str | None:
    """Tell on which side of its street a stretch lies."""
    side = network.side[edges]
    if not side.any():
        return None
    first, last = network.edge_vertex[edges], network.edge_vertex[edges + 1] - 1
    east, north = (network.vertex_xy[last] - network.vertex_xy[first]).T
    right = np.where(side == SIDES.index("right"), 1.0, -1.0)
    across_m = np.array([(right * north).sum(), (-right * east).sum()])
    if np.hypot(*across_m) < model.straight_share * network.length_m[edges].sum():
        return "one"
    clockwise_deg = np.degrees(np.arctan2(across_m[0], across_m[1]))
    return _POINTS[round(float(clockwise_deg) / 90.0) % 4]
