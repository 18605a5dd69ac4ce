"""
The streets as a graph of arrays: which corner joins which, how far, and by what kind of way.

A node is a place where ways meet, end or cross themselves; an edge is the stretch of one
way between two of them. Edges have no direction: a one-way street does not bind a walker.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from .errors import FolderError
from .footing import FOOTING_NAMES, Footing, lay_footing
from .level import find_covered, lay_edges
from .numbering import find_components, number_texts, order_places
from .pavement import (
    CROSSINGS,
    PAVEMENT_SOURCES,
    SIDES,
    PavementModel,
    lay_centres,
    lay_pavements,
)
from .shelf import find_array_types, open_arrays, read_plain, save_arrays
from .square import list_ways

if TYPE_CHECKING:
    from .city import City

FORMAT = 5  # of the folder; raised when its files change meaning


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Network:
    """
    The walkable graph as arrays: one row per node, one per edge; shared, so never changed.

    It holds no cost, no shade and no request. Parallel edges, loops and edges of no length
    are kept: the ground has them.

    Attributes
    ----------
    crs
        The city's local metres, x east and y north.
    node_xy
        Where the nodes are, shape ``(n_nodes, 2)``. [m]
    node_osm_id
        Their ids in OpenStreetMap, shape ``(n_nodes,)``.
    edge_node
        The two ends of each edge, shape ``(n_edges, 2)``.
    length_m
        Length along the way, shape ``(n_edges,)``. [m]
    vertex_xy, edge_vertex
        Shape of edge `e`, from its first end to its second:
        ``vertex_xy[edge_vertex[e]:edge_vertex[e + 1]]``. [m]
    osm_id
        The OpenStreetMap way each edge belongs to, shape ``(n_edges,)``.
    is_steps
        Whether one climbs stairs, shape ``(n_edges,)``.
    is_covered
        Whether a tunnel, passage or arcade keeps the beam out, shape ``(n_edges,)``.
    street, street_name
        Name of edge `e`: ``street_name[street[e]]``, None where it has none.
    highway, highway_kind
        Kind of way of edge `e`: ``highway_kind[highway[e]]``.
    side
        Side of the street edge `e` runs on, seen from its first end to its second:
        ``SIDES[side[e]]``, none for a way of its own.
    pavement
        Where edge `e` is from: ``PAVEMENT_SOURCES[pavement[e]]``.
    crossing
        How edge `e` crosses a carriageway: ``CROSSINGS[crossing[e]]``.
    level_m
        Height above the ground of edge `e`, as of a bridge; below it in a tunnel. [m]
    vertex_z_m
        Height of the ground at each vertex, as the terrain model tells it, evenly rising on
        bridges and in tunnels; NaN where no terrain is known, shape ``(n_vertices,)``. [m]
    surface, smoothness, lit, wheelchair, ramp, kerb, barrier
        What is underfoot or in the way on edge `e`: ``FOOTING_NAMES["surface"][surface[e]]``
        and so on, number 0 where it is unknown; see `Footing`.
    width_m, incline
        How wide edge `e` is [m], and how steep at most, as tagged, up or down alike [m per m];
        NaN where unknown.
    is_big_road
        Whether one walks along, or crosses, a road with much traffic, shape ``(n_edges,)``.
    component
        Which connected part each node is in, 0 the one of greatest length, shape ``(n_nodes,)``.
    """

    crs: pyproj.CRS
    node_xy: NDArray[np.float64]
    node_osm_id: NDArray[np.int64]
    edge_node: NDArray[np.int32]
    length_m: NDArray[np.float64]
    vertex_xy: NDArray[np.float64]
    edge_vertex: NDArray[np.int64]
    osm_id: NDArray[np.int64]
    is_steps: NDArray[np.bool_]
    is_covered: NDArray[np.bool_]
    street: NDArray[np.int32]
    street_name: tuple[str | None, ...]
    highway: NDArray[np.int16]
    highway_kind: tuple[str, ...]
    side: NDArray[np.int8]
    pavement: NDArray[np.int8]
    crossing: NDArray[np.int8]
    level_m: NDArray[np.float32]
    vertex_z_m: NDArray[np.float32]
    surface: NDArray[np.int8]
    smoothness: NDArray[np.int8]
    lit: NDArray[np.int8]
    wheelchair: NDArray[np.int8]
    ramp: NDArray[np.int8]
    kerb: NDArray[np.int8]
    barrier: NDArray[np.int8]
    width_m: NDArray[np.float32]
    incline: NDArray[np.float32]
    is_big_road: NDArray[np.bool_]
    component: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Lock the arrays, which every session shares."""
        for name in ARRAY_NAMES:
            getattr(self, name).flags.writeable = False

    @property
    def n_nodes(self) -> int:
        """Count the nodes."""
        return len(self.node_xy)

    @property
    def n_edges(self) -> int:
        """Count the edges."""
        return len(self.edge_node)

    @property
    def connected_fraction(self) -> float:
        """Share of the length that belongs to the largest connected part, in [0, 1]."""
        total_m = float(self.length_m.sum())
        if total_m == 0.0:
            return 1.0
        largest = self.component[self.edge_node[:, 0]] == 0
        return float(self.length_m[largest].sum()) / total_m

    def geometry(self, edge: int) -> NDArray[np.float64]:
        """Trace one edge from its first end to its second, shape ``(n_vertices, 2)`` [m]."""
        return self.vertex_xy[self.edge_vertex[edge] : self.edge_vertex[edge + 1]]

    def lines(self) -> NDArray[np.object_]:
        """Draw every edge as a LineString in local metres, shape ``(n_edges,)``."""
        lines: NDArray[np.object_] = shapely.from_ragged_array(
            shapely.GeometryType.LINESTRING, self.vertex_xy, (self.edge_vertex,)
        )
        return lines


ARRAY_TYPES = find_array_types(Network)
ARRAY_NAMES = tuple(ARRAY_TYPES)


def build_network(city: City, *, pavements: PavementModel | None = PavementModel()) -> Network:
    """
    Build the walkable graph from the ways of a city.

    Ways are cut where they share an OpenStreetMap node, with each other or with
    themselves, and at their ends; edges never span two ways, so each keeps the one
    `osm_id` it came from. Crossing in the drawing is not meeting: a bridge shares no node.

    Parameters
    ----------
    city
        Only its `streets`, `crossings`, `barriers`, `bridges`, `buildings`, `areas`, `dem`
        and `crs` are read.
    pavements
        How streets get their pavements; None: one walks in the middle of the streets.

    Raises
    ------
    SourceError
        If there is no street, or a street's node ids do not match its geometry.
    """
    laid = lay_centres(city) if pavements is None else lay_pavements(city, model=pavements)
    streets = list_ways(city.streets, city.squares)
    city = replace(city, streets=streets)
    is_crossing = laid.crossing > 0
    highway = streets["highway"].to_numpy(object)[laid.way]
    highway[is_crossing] = "crossing"
    highway[laid.source == PAVEMENT_SOURCES.index("square")] = "square"
    kind, highway_kind = number_texts(highway)
    name, street_name = number_texts(streets["name"].to_numpy(object)[laid.street])
    edge_xy, edge_z, level_m = lay_edges(city, laid)
    return network_from_arrays(
        crs=city.crs,
        node_xy=laid.node_xy,
        node_osm_id=laid.node_osm_id,
        edge_node=laid.end,
        edge_xy=edge_xy,
        edge_z=edge_z,
        osm_id=streets["osm_id"].to_numpy(np.int64)[laid.way],
        is_steps=streets["is_steps"].to_numpy(bool)[laid.way] & ~is_crossing,
        is_covered=find_covered(streets, laid),
        street=name,
        street_name=street_name,
        highway=kind,
        highway_kind=tuple(str(each) for each in highway_kind),
        side=laid.side,
        pavement=laid.source,
        crossing=laid.crossing,
        level_m=level_m,
        footing=lay_footing(city, laid),
    )


def network_from_arrays(
    *,
    crs: pyproj.CRS,
    node_xy: NDArray[np.float64],
    node_osm_id: NDArray[np.int64],
    edge_node: NDArray[np.integer[Any]],
    edge_xy: list[NDArray[np.float64]],
    edge_z: list[NDArray[np.float32]] | None = None,
    osm_id: NDArray[np.int64],
    is_steps: NDArray[np.bool_],
    is_covered: NDArray[np.bool_],
    street: NDArray[np.integer[Any]],
    street_name: tuple[str | None, ...],
    highway: NDArray[np.integer[Any]],
    highway_kind: tuple[str, ...],
    side: NDArray[np.integer[Any]] | None = None,
    pavement: NDArray[np.integer[Any]] | None = None,
    crossing: NDArray[np.integer[Any]] | None = None,
    level_m: NDArray[np.floating[Any]] | None = None,
    footing: Footing | None = None,
) -> Network:
    """
    Build a network from its parts: measure it, drop lone nodes, and number it along a curve.

    Parameters
    ----------
    edge_xy
        Shape of each edge from its first end to its second, ``(n_vertices, 2)`` each. [m]
    edge_z
        Height of the ground at these, ``(n_vertices,)`` each; None: unknown. [m]
    footing
        What is underfoot, ``(n_edges,)`` each; None: unknown.
    others
        As the attributes of `Network`, by default without sides and at the ground; nodes that
        no edge touches are dropped.
    """
    none = np.zeros(len(edge_node), np.int8)
    node_order = order_places(node_xy)
    node_order = node_order[np.isin(node_order, edge_node)]
    number = np.full(len(node_xy), -1)
    number[node_order] = np.arange(len(node_order))
    ends = number[edge_node]
    # Neighbours on the ground become neighbours in memory, so a search stays in the cache.
    order = np.lexsort([np.arange(len(ends)), ends.max(axis=1), ends.min(axis=1)])
    ends = ends[order].astype(np.int32)
    edge_xy = [edge_xy[edge] for edge in order]
    edge_vertex = np.concatenate([[0], np.cumsum([len(xy) for xy in edge_xy])]).astype(np.int64)
    vertex_xy = np.ascontiguousarray(np.concatenate(edge_xy), dtype=np.float64)
    length_m = _length(vertex_xy, edge_vertex)
    vertex_z_m = np.full(len(vertex_xy), np.nan, np.float32)
    if edge_z is not None:
        vertex_z_m = np.concatenate([edge_z[edge] for edge in order]).astype(np.float32)
    return Network(
        crs=crs,
        node_xy=np.ascontiguousarray(node_xy[node_order], dtype=np.float64),
        node_osm_id=node_osm_id[node_order].astype(np.int64),
        edge_node=ends,
        length_m=length_m,
        vertex_xy=vertex_xy,
        edge_vertex=edge_vertex,
        osm_id=osm_id[order].astype(np.int64),
        is_steps=is_steps[order],
        is_covered=is_covered[order],
        street=street[order].astype(np.int32),
        street_name=street_name,
        highway=highway[order].astype(np.int16),
        highway_kind=highway_kind,
        side=(none if side is None else side)[order].astype(np.int8),
        pavement=(none if pavement is None else pavement)[order].astype(np.int8),
        crossing=(none if crossing is None else crossing)[order].astype(np.int8),
        level_m=(none if level_m is None else level_m)[order].astype(np.float32),
        vertex_z_m=vertex_z_m,
        **(footing or Footing.unknown(len(order))).take(order),
        component=find_components(ends, length_m, n_nodes=len(node_order)),
    )


def save_network(network: Network, folder: Path) -> None:
    """Save a network: one ``.npy`` per array and the strings as JSON; same network, same bytes."""
    crc32 = save_arrays({name: getattr(network, name) for name in ARRAY_NAMES}, folder)
    text = {
        "format": FORMAT,
        "crs": network.crs.to_wkt(),
        "street_name": network.street_name,
        "highway_kind": network.highway_kind,
        "crc32": crc32,
    }
    (folder / "network.json").write_text(
        json.dumps(text, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


def read_network(folder: Path) -> Network:
    """
    Read a saved network; its arrays stay on disk and are mapped, so sessions share them.

    Raises
    ------
    FolderError
        If the folder lacks a file, is torn, or holds another format.
    """
    remedy = "build the city again with `solarpass build`"
    try:
        text = read_plain(folder / "network.json")
        if text.get("format") == FORMAT:
            network = Network(
                crs=pyproj.CRS.from_wkt(text["crs"]),
                street_name=_read_names(text["street_name"], kinds=(str, type(None))),
                highway_kind=_read_names(text["highway_kind"], kinds=(str,)),
                **open_arrays(folder, ARRAY_TYPES, crc32=text["crc32"]),
            )
            _check(network)
            return network
    except KeyError as error:
        msg = f"{folder} holds no whole network (network.json lacks {error}); {remedy}."
        raise FolderError(msg) from error
    except (OSError, TypeError, ValueError, pyproj.exceptions.CRSError) as error:
        msg = f"{folder} holds no whole network ({error}); {remedy}."
        raise FolderError(msg) from error
    msg = f"{folder} holds a network of format {text.get('format')}, this is {FORMAT}; {remedy}."
    raise FolderError(msg)


def _read_names(told: object, *, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    if not isinstance(told, list) or not all(isinstance(name, kinds) for name in told):
        msg = "network.json does not list its names as texts"
        raise ValueError(msg)
    return tuple(told)


def _check(network: Network) -> None:
    """Refuse arrays that do not fit each other, or number what there is not."""
    n_nodes, n_edges, n_vertices = network.n_nodes, network.n_edges, len(network.vertex_xy)
    shape: dict[str, tuple[int, ...]] = dict.fromkeys(ARRAY_NAMES, (n_edges,)) | {
        "node_xy": (n_nodes, 2),
        "node_osm_id": (n_nodes,),
        "component": (n_nodes,),
        "edge_node": (n_edges, 2),
        "vertex_xy": (n_vertices, 2),
        "vertex_z_m": (n_vertices,),
        "edge_vertex": (n_edges + 1,),
    }
    n_numbered = {
        "edge_node": n_nodes,
        "component": n_nodes,
        "street": len(network.street_name),
        "highway": len(network.highway_kind),
        "side": len(SIDES),
        "pavement": len(PAVEMENT_SOURCES),
        "crossing": len(CROSSINGS),
        **{name: len(names) for name, names in FOOTING_NAMES.items()},
    }
    torn = [name for name in ARRAY_NAMES if getattr(network, name).shape != shape[name]]
    torn = torn or [
        name
        for name, n in n_numbered.items()
        if not ((number := getattr(network, name)) >= 0).all() or not (number < n).all()
    ]
    start = network.edge_vertex
    if not torn and (start[0] != 0 or start[-1] != n_vertices or (np.diff(start) < 2).any()):
        torn = ["edge_vertex"]
    if torn:
        msg = f"{torn[0]}.npy does not fit the others"
        raise ValueError(msg)


def _length(vertex_xy: NDArray[np.float64], edge_vertex: NDArray[np.int64]) -> NDArray[np.float64]:
    step_m = np.hypot(*np.diff(vertex_xy, axis=0).T)
    step_m[edge_vertex[1:-1] - 1] = 0.0  # from the end of one edge to the start of the next
    # Summed edge by edge: differences of one running total would carry its rounding.
    length_m: NDArray[np.float64] = np.add.reduceat(np.append(step_m, 0.0), edge_vertex[:-1])
    return length_m
