"""Stretches: the ways of a city, cut where they meet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .errors import SourceError

if TYPE_CHECKING:
    from .city import City


NO_ID = -1
"""Of a node that OpenStreetMap does not know."""


@dataclass(frozen=True, eq=False, slots=True)
class Stretches:
    """
    Pieces of ways between the nodes at which ways meet, end or cross themselves.

    Attributes
    ----------
    node_xy
        Where the nodes are, shape ``(n_nodes, 2)``. [m]
    node_osm_id
        Their ids in OpenStreetMap, shape ``(n_nodes,)``.
    end
        The first and last node of each stretch, shape ``(n, 2)``.
    way
        The row of `City.streets` each is of, shape ``(n,)``.
    xy
        Shape of each from its first node to its last, ``(n_vertices, 2)`` each. [m]
    """

    node_xy: NDArray[np.float64]
    node_osm_id: NDArray[np.int64]
    end: NDArray[np.int64]
    way: NDArray[np.int64]
    xy: list[NDArray[np.float64]]

    def __len__(self) -> int:
        """Count the stretches."""
        return len(self.way)

    def lines(self) -> NDArray[np.object_]:
        """Draw every stretch as a LineString, shape ``(n,)``."""
        start = np.concatenate([[0], np.cumsum([len(xy) for xy in self.xy])])
        lines: NDArray[np.object_] = shapely.from_ragged_array(
            shapely.GeometryType.LINESTRING, np.concatenate(self.xy), (start,)
        )
        return lines


def cut_ways(city: City, *, at: NDArray[np.int64] | None = None) -> Stretches:
    """
    Cut the ways of a city where they share an OpenStreetMap node, and at their ends.

    Crossing in the drawing is not meeting: a bridge shares no node.

    Parameters
    ----------
    city
        Only its `streets` are read.
    at
        Ids of nodes to cut at besides, as of crossings.

    Raises
    ------
    SourceError
        If there is no street, or a street's node ids do not match its geometry.
    """
    streets = city.streets
    if streets.empty:
        msg = f"{city.name} has no street to walk on; build the city from an extract with streets."
        raise SourceError(msg)
    node, way, xy = _unroll(streets)
    is_end = np.ones(len(way), dtype=bool)  # first or last vertex of its way
    is_end[1:-1] = (way[1:-1] != way[:-2]) | (way[1:-1] != way[2:])
    node_osm_id, first_use, place, n_uses = np.unique(
        node, return_index=True, return_inverse=True, return_counts=True
    )
    is_cut = is_end | (n_uses[place] > 1)
    if at is not None:
        is_cut |= np.isin(node_osm_id, at)[place]
    cut = np.flatnonzero(is_cut)
    same_way = way[cut[:-1]] == way[cut[1:]]
    head, tail = cut[:-1][same_way], cut[1:][same_way]
    return Stretches(
        node_xy=xy[first_use],
        node_osm_id=node_osm_id,
        end=np.column_stack([place[head], place[tail]]),
        way=way[head],
        xy=[xy[start : stop + 1] for start, stop in zip(head, tail, strict=True)],
    )


def split_long(
    stretches: Stretches, *, most_m: NDArray[np.float64]
) -> tuple[Stretches, NDArray[np.int64]]:
    """
    Split each stretch that is longer than its `most_m` into equal pieces.

    Returns
    -------
    tuple
        The stretches, and the row each was before. New nodes have `NO_ID`.
    """
    length_m = shapely.length(stretches.lines())
    n_pieces = np.maximum(np.ceil(length_m / most_m - 1e-9), 1).astype(np.int64)
    source = np.repeat(np.arange(len(stretches)), n_pieces)
    if len(source) == len(stretches):
        return stretches, source
    xy: list[NDArray[np.float64]] = []
    end: list[tuple[int, int]] = []
    new_xy: list[NDArray[np.float64]] = []
    n_nodes = len(stretches.node_xy)
    for number, pieces in enumerate(n_pieces.tolist()):
        line, (first, last) = stretches.xy[number], stretches.end[number].tolist()
        if pieces == 1:
            xy.append(line)
            end.append((first, last))
            continue
        parts = _split(line, pieces)
        new = [n_nodes + len(new_xy) + k for k in range(pieces - 1)]
        new_xy.extend(part[-1] for part in parts[:-1])
        xy.extend(parts)
        end.extend(zip([first, *new], [*new, last], strict=True))
    return Stretches(
        node_xy=np.vstack([stretches.node_xy, *new_xy]),
        node_osm_id=np.concatenate([stretches.node_osm_id, np.full(len(new_xy), NO_ID)]),
        end=np.array(end),
        way=stretches.way[source],
        xy=xy,
    ), source


def _split(line: NDArray[np.float64], n_pieces: int) -> list[NDArray[np.float64]]:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    cut = along[-1] * np.arange(n_pieces + 1) / n_pieces
    at = np.column_stack([np.interp(cut, along, line[:, axis]) for axis in (0, 1)])
    at[[0, -1]] = line[[0, -1]]
    inner = [line[(along > a) & (along < b)] for a, b in pairwise(cut)]
    return [
        np.vstack([at[k : k + 1], vertices, at[k + 1 : k + 2]]) for k, vertices in enumerate(inner)
    ]


def _unroll(
    streets: gpd.GeoDataFrame,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """List every vertex of every way: its OSM node, its way, its place."""
    way_node = streets["node_id"].tolist()
    n_nodes = np.array([len(each) for each in way_node])
    geometry = streets.geometry.to_numpy()
    n_vertices = shapely.get_num_coordinates(geometry)
    odd = np.flatnonzero((n_nodes != n_vertices) | (n_nodes < 2))
    if odd.size:
        row = odd[0]
        msg = (
            f"Way {streets['osm_id'].iloc[row]} needs one node id per vertex and two at least; "
            f"got {n_nodes[row]} ids on {n_vertices[row]} vertices."
        )
        raise SourceError(msg)
    node = np.concatenate([np.asarray(each, dtype=np.int64) for each in way_node])
    way = np.repeat(np.arange(len(streets)), n_nodes)
    xy = shapely.get_coordinates(geometry)
    # A node written twice running is one place, not a loop; a way of nothing else stays.
    again = np.zeros(len(node), dtype=bool)
    again[1:] = (node[1:] == node[:-1]) & (way[1:] == way[:-1])
    left = np.bincount(way[~again], minlength=len(streets))
    again &= left[way] > 1
    return node[~again], way[~again], xy[~again]
