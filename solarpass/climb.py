"""How steep the streets are, piece by piece, and how far one climbs on each."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from .network import Network

_steep: WeakKeyDictionary[Network, dict[float, NDArray[np.float32]]] = WeakKeyDictionary()

LEAST_ASCENT_M = 5.0
"""Fewer are not felt, and a terrain model is no better; our choice. [m]"""


def find_slopes(network: Network) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Measure the pieces of every edge, from one vertex to the next.

    Returns
    -------
    pair of array
        Length along the ground plan of the piece that begins at each vertex [m], and the
        metres it rises with each of these, towards the edge's second end [m per m]; shape
        ``(n_vertices,)`` each. The slope is 0 where a height is unknown, and both are 0 at
        the last vertex of an edge.
    """
    piece_m = np.append(np.hypot(*np.diff(network.vertex_xy, axis=0).T), 0.0)
    piece_m[network.edge_vertex[1:] - 1] = 0.0
    return piece_m, _slopes(piece_m, _rises(network.vertex_z_m))


def find_edge_slopes(
    network: Network, edge: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure the pieces of one edge, as `find_slopes` those of all, ``(n_vertices,)`` each."""
    piece_m = np.append(np.hypot(*np.diff(network.geometry(edge), axis=0).T), 0.0)
    return piece_m, _slopes(piece_m, _rises(edge_heights(network, edge)))


def edge_heights(network: Network, edge: int) -> NDArray[np.float32]:
    """Tell the height of the ground at each vertex of an edge, ``(n_vertices,)``; NaN unknown."""
    return network.vertex_z_m[network.edge_vertex[edge] : network.edge_vertex[edge + 1]]


def ascent_m(network: Network) -> NDArray[np.float64]:
    """
    Add up what one climbs on each edge from its first end to its second, ``(n_edges,)``. [m].

    It is all that the terrain rises on the way, its noise included; NaN where unknown.
    """
    return _climbs(network, sign=1.0)


def descent_m(network: Network) -> NDArray[np.float64]:
    """Add up what one comes down on each edge, as `ascent_m`: walking back one climbs it. [m]."""
    return _climbs(network, sign=-1.0)


def find_inclines(network: Network, *, sustained_m: float = 10.0) -> NDArray[np.float32]:
    """
    Tell how steep each edge is at most, as tagged, else as the terrain rises along it.

    Parameters
    ----------
    sustained_m
        The terrain's slope is that of its steepest piece of at least this length; a shorter
        edge counts as if it were so long. [m]

    Returns
    -------
    array
        Shape ``(n_edges,)``, up or down alike, NaN where unknown; stairs have none. [m per m]
    """
    kept = _steep.setdefault(network, {})
    if sustained_m not in kept:
        kept.clear()
        steep = np.where(
            np.isnan(network.incline), _sustained(network, sustained_m), network.incline
        ).astype(np.float32)
        steep[network.is_steps] = np.nan
        steep.flags.writeable = False
        kept[sustained_m] = steep
    return kept[sustained_m]


def _climbs(network: Network, *, sign: float) -> NDArray[np.float64]:
    rise_m = sign * _rises(network.vertex_z_m)
    rise_m[network.edge_vertex[1:] - 1] = 0.0  # from the end of one edge to the start of the next
    climb_m: NDArray[np.float64] = np.add.reduceat(rise_m.clip(0.0), network.edge_vertex[:-1])
    return climb_m


def _rises(z_m: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.append(np.diff(z_m.astype(np.float64)), 0.0)


def _slopes(piece_m: NDArray[np.float64], rise_m: NDArray[np.float64]) -> NDArray[np.float64]:
    slope = np.zeros(len(piece_m))
    return np.divide(rise_m, piece_m, out=slope, where=(piece_m > 0.0) & np.isfinite(rise_m))


def _sustained(network: Network, sustained_m: float) -> NDArray[np.float64]:
    """Find the steepest sustained slope of the ground along each edge; NaN unknown. [m per m]."""
    steep = np.full(network.n_edges, np.nan)
    start = network.edge_vertex
    known = ~np.logical_or.reduceat(np.isnan(network.vertex_z_m), start[:-1])
    if not known.any():
        return steep
    piece_m, slope = find_slopes(network)
    # Both run on from edge to edge; each edge reads only its own part of them.
    along_m = np.concatenate([[0.0], np.cumsum(piece_m)[:-1]])
    height_m = np.concatenate([[0.0], np.cumsum(piece_m * slope)[:-1]])
    edge = np.flatnonzero(known)
    begin_m, length_m = along_m[start[edge]], network.length_m[edge]
    n = np.maximum((length_m // sustained_m).astype(np.int64), 1)
    reach_m = length_m / n
    n_looks = 2 * n - 1  # each overlaps the next by half
    owner = np.repeat(np.arange(len(edge)), n_looks)
    first = np.cumsum(n_looks) - n_looks
    look = np.arange(len(owner)) - first[owner]
    from_m = begin_m[owner] + 0.5 * reach_m[owner] * look
    rise_m = np.interp(from_m + reach_m[owner], along_m, height_m)
    rise_m -= np.interp(from_m, along_m, height_m)
    steepest_m = np.maximum.reduceat(np.abs(rise_m), first)
    steep[edge] = steepest_m / np.maximum(reach_m, sustained_m)
    return steep
