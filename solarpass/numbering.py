"""Numbering: nodes along a curve, connected parts by their length, texts by the alphabet."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def number_texts(values: NDArray[np.object_]) -> tuple[NDArray[np.int64], tuple[Any, ...]]:
    """Give each text a number, in alphabetical order; missing ones share one, for None."""
    code, text = pd.factorize(values, sort=True)
    if (code < 0).any():
        return code + 1, (None, *(str(each) for each in text))
    return code.astype(np.int64), tuple(str(each) for each in text)


def order_places(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order places along a Hilbert curve, so that near in space is near in memory."""
    if not np.ptp(xy, axis=0).all():  # all on one line: the curve has no square to fill
        return np.lexsort([xy[:, 1], xy[:, 0]])
    distance = gpd.GeoSeries(shapely.points(xy)).hilbert_distance(level=16)
    return np.argsort(distance.to_numpy(), kind="stable")


def find_components(
    edge_node: NDArray[np.int32], length_m: NDArray[np.float64], *, n_nodes: int
) -> NDArray[np.int32]:
    """
    Find the connected parts, 0 the one of greatest length, shape ``(n_nodes,)``.

    Parameters
    ----------
    edge_node, length_m
        The ends of each edge, shape ``(n_edges, 2)``, and its length, ``(n_edges,)``. [m]
    n_nodes
        How many nodes there are; one without an edge is a part of its own.
    """
    graph = coo_array(
        (np.ones(len(edge_node), dtype=bool), (edge_node[:, 0], edge_node[:, 1])),
        shape=(n_nodes, n_nodes),
    )
    n_parts, part = connected_components(graph.tocsr(), directed=False)
    part_m = np.bincount(part[edge_node[:, 0]], weights=length_m, minlength=n_parts)
    rank = np.empty(n_parts, dtype=np.int32)
    rank[np.argsort(-part_m, kind="stable")] = np.arange(n_parts)
    return rank[part]
