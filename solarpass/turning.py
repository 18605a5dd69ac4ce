"""Where a round walk may turn: places around its start, by walking time, bearing and shade."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.enums import TransformDirection
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from .arcs import Arcs
from .errors import TripError
from .network import Network
from .snap import Snap

N_BEARINGS = 12  # sectors of which each offers its shadiest places; our choice
SHAPES = ((0, 0.45), (1, 0.36), (2, 0.31), (3, 0.28), (4, 0.26))
OFF = 0.1
"""Round walks by one place, and by two that lie some sectors apart: how many, and the share of
the walk after which one is there, which may be `OFF` more or less; our choice."""


_transformers: WeakKeyDictionary[Network, pyproj.Transformer] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """
    How far one gets from a place, and back.

    Attributes
    ----------
    out_s, back_s
        Walking time to each node and from it, infinite past the limit, ``(n_nodes,)``. [s]
    cost
        What the way to each node costs, a second of sun once more than one of shade.
    bearing
        Of each node from the place, counted from the east, in [0, 1).
    latitude_deg, longitude_deg
        Of each node. [°]
    """

    out_s: NDArray[np.float64]
    back_s: NDArray[np.float64]
    cost: NDArray[np.float64]
    bearing: NDArray[np.float64]
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]

    @property
    def farthest_s(self) -> float:
        """How long one can walk away from the place, there and back. [s]."""
        both = self.out_s + self.back_s
        return float(both[np.isfinite(both)].max(initial=0.0))

    def place(self, node: int) -> tuple[float, float]:
        """Tell the latitude and longitude of a node."""
        return float(self.latitude_deg[node]), float(self.longitude_deg[node])


def find_reach(
    network: Network, arcs: Arcs, start: Snap, glare: NDArray[np.float64], *, limit_s: float
) -> Reach:
    """
    Time the ways from a place to all nodes around and back, by plain search.

    Parameters
    ----------
    arcs
        Of the network, at the walker's pace.
    start
        Where one sets out.
    glare
        What a second on each edge costs beside its time, in [0, 1], shape ``(n_edges,)``.
    limit_s
        How far to look, one way. [s]
    """
    costly_s = arcs.walk_s * (1.0 + glare[arcs.code >> 1])
    out_s = _flood(network, arcs, start, arcs.walk_s.astype(float), limit_s, away=True)
    back_s = _flood(network, arcs, start, arcs.return_s.astype(float), limit_s, away=False)
    cost = _flood(network, arcs, start, costly_s, 2.0 * limit_s, away=True)
    east, north = (network.node_xy - start.xy).T
    to_degrees = _to_degrees(network)
    near = np.isfinite(out_s)
    degrees = np.full((2, network.n_nodes), np.nan)
    degrees[:, near] = to_degrees.transform(*network.node_xy[near].T)
    return Reach(
        out_s=out_s,
        back_s=back_s,
        cost=cost,
        bearing=np.arctan2(north, east) / (2.0 * np.pi) % 1.0,
        latitude_deg=degrees[1],
        longitude_deg=degrees[0],
    )


def find_turns(reach: Reach, walk_s: float, *, n_each: int) -> list[tuple[int, ...]]:
    """
    List the nodes by which to try a walk of some length, one or two for each.

    Parameters
    ----------
    walk_s
        How long the whole walk takes. [s]
    n_each
        How many places each sector offers to walks by one place; half as many to those by two.
    """
    turns: list[tuple[int, ...]] = []
    for apart, share in SHAPES:
        both_s = reach.out_s + reach.back_s
        in_ring = np.flatnonzero(np.abs(both_s / (2.0 * walk_s) - share) <= OFF)
        offers = _offer(reach, in_ring, n_each if apart == 0 else max(n_each // 2, 1))
        if apart == 0:
            turns += [(node,) for sector in offers for node in sector]
            continue
        for sector, here in enumerate(offers):
            there = offers[(sector + apart) % N_BEARINGS]
            # Which of them comes first matters little; the moving sun takes turns.
            pairs = [(a, b) for a in here for b in there]
            turns += pairs if sector % 2 else [pair[::-1] for pair in pairs]
    return turns


def find_ends(
    network: Network, arcs: Arcs, start: Snap, reach: Reach, walk_s: float
) -> list[tuple[float, float]]:
    """
    List the places, amid edges, from which one is back after just that time.

    Parameters
    ----------
    walk_s
        How long the walk there and back takes. [s]

    Returns
    -------
    list of (latitude, longitude)
        The shadiest first. [°]
    """
    both_s = reach.out_s + reach.back_s
    tail = np.repeat(np.arange(network.n_nodes), np.diff(arcs.start))
    more_s = arcs.walk_s + arcs.return_s
    on = np.flatnonzero((both_s[tail] <= walk_s) & (both_s[tail] + more_s >= walk_s))
    share = (walk_s - both_s[tail[on]]) / more_s[on]
    rate = reach.cost[tail[on]] / np.maximum(reach.out_s[tail[on]], 1.0)
    edge, back = arcs.code[on] >> 1, (arcs.code[on] & 1).astype(bool)
    fraction = np.where(back, 1.0 - share, share)
    order = np.lexsort([edge, rate.round(6)])[:N_BEARINGS]
    ends = [(int(edge[k]), float(fraction[k])) for k in order]
    # One may have to turn before one has left the edge on which one set out.
    for end in (0.0, 1.0):
        length_s = sum(
            arcs.part_s(network, start.edge, start=a, stop=b)
            for a, b in ((start.fraction, end), (end, start.fraction))
        )
        if length_s >= walk_s:
            away = (end - start.fraction) * walk_s / length_s
            ends.append((start.edge, start.fraction + away))
    if not ends:
        return []
    lines = network.lines()[[edge for edge, _ in ends]]
    at = shapely.line_interpolate_point(lines, [share for _, share in ends], normalized=True)
    to_degrees = _to_degrees(network)
    longitude, latitude = to_degrees.transform(shapely.get_x(at), shapely.get_y(at))
    return list(zip(latitude.tolist(), longitude.tolist(), strict=True))


def place_xy(network: Network, place: tuple[float, float]) -> NDArray[np.float64]:
    """Find a place in the city's local metres, shape ``(2,)``."""
    way = TransformDirection.INVERSE
    xy = np.array(_to_degrees(network).transform(place[1], place[0], direction=way))
    if not np.isfinite(xy).all():
        msg = "A place is outside the city: it lies so far away that it has no place on its map."
        raise TripError(msg)
    return xy


def place_of(network: Network, xy: NDArray[np.float64]) -> tuple[float, float]:
    """Tell the latitude and longitude of a place in the city's local metres. [°]."""
    longitude, latitude = _to_degrees(network).transform(*xy)
    return float(latitude), float(longitude)


def _to_degrees(network: Network) -> pyproj.Transformer:
    if network not in _transformers:
        _transformers[network] = pyproj.Transformer.from_crs(network.crs, 4326, always_xy=True)
    return _transformers[network]


def _offer(reach: Reach, nodes: NDArray[np.intp], n_each: int) -> list[list[int]]:
    """Find the nodes of each sector to which the way is shadiest for its length."""
    rate = reach.cost[nodes] / np.maximum(reach.out_s[nodes], 1.0)
    order = np.lexsort([nodes, rate.round(6)])
    sector = (reach.bearing[nodes] * N_BEARINGS).astype(int)
    return [nodes[order[sector[order] == k]][:n_each].tolist() for k in range(N_BEARINGS)]


def _flood(
    network: Network,
    arcs: Arcs,
    start: Snap,
    weight: NDArray[np.float64],
    limit: float,
    *,
    away: bool,
) -> NDArray[np.float64]:
    """Add up weights along the best ways from both ends of the edge one stands on."""
    n_nodes = network.n_nodes
    graph = csr_array((weight, arcs.head, arcs.start), shape=(n_nodes, n_nodes))
    ends = network.edge_node[start.edge]
    first = [
        arcs.part_s(network, start.edge, start=start.fraction, stop=float(end))
        if away
        else arcs.part_s(network, start.edge, start=float(end), stop=start.fraction)
        for end in range(2)
    ]
    found = dijkstra(graph, indices=ends, limit=limit)
    best: NDArray[np.float64] = (found + np.array(first)[:, None]).min(axis=0)
    return best
