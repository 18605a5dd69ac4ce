"""Other people's graphs: a network from an osmnx graph, and a networkx graph from a network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx as nx
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from .climb import ascent_m, descent_m
from .errors import CoordinateError, SourceError
from .extent import make_crs
from .network import Network, network_from_arrays
from .pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from .stretch import NO_ID
from .walk import WalkModel

_ASIDE = {"left": "right", "right": "left"}


def network_from_osmnx(graph: nx.MultiDiGraph) -> Network:
    """
    Build a network from a graph as osmnx makes it: simplified or not, in degrees or projected.

    The two directions of a street become one edge, and a one-way street an edge like any
    other. Each edge is measured anew along its geometry, in metres around the graph's own
    middle. A node of the graph stays a node, also amid a street; `osmnx.simplify_graph`
    removes those beforehand.

    Parameters
    ----------
    graph
        Nodes with `x` and `y`, edges with `osmid`, `highway` and, where they bend,
        `geometry`; of merged edges with several values each the first is kept, and such an
        edge is steps only if all of it is.

    Raises
    ------
    CoordinateError
        If the graph names no coordinate reference system.
    SourceError
        If it has no edge, or a node lacks its place.
    """
    if graph.number_of_edges() == 0:
        msg = "The graph has no edge; take one of a place with streets."
        raise SourceError(msg)
    if graph.graph.get("crs") is None:
        msg = "The graph names no CRS; set `graph.graph['crs']`, such as 'epsg:4326'."
        raise CoordinateError(msg)
    nodes = list(graph.nodes)
    try:
        xy = np.array([(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in nodes], float)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"Each node of the graph needs numbers `x` and `y`; one has no such {error}."
        raise SourceError(msg) from error
    theirs = pyproj.CRS.from_user_input(graph.graph["crs"])
    to_degrees = pyproj.Transformer.from_crs(theirs, 4326, always_xy=True)
    longitude_deg, latitude_deg = np.median(np.column_stack(to_degrees.transform(*xy.T)), axis=0)
    crs = make_crs((latitude_deg, longitude_deg))
    to_local = pyproj.Transformer.from_crs(theirs, crs, always_xy=True)

    number = {node: k for k, node in enumerate(nodes)}
    edges = list(_streets(graph, number, xy))
    n_vertices = [len(edge_xy) for _, _, edge_xy, _ in edges]
    vertex_xy = np.column_stack(to_local.transform(*np.concatenate([e[2] for e in edges]).T))
    tags = [tag for *_, tag in edges]
    kinds = sorted({str(_first(tag.get("highway"))) for tag in tags})
    names = sorted({str(_first(tag["name"])) for tag in tags if tag.get("name")})
    return network_from_arrays(
        crs=crs,
        node_xy=np.column_stack(to_local.transform(*xy.T)),
        node_osm_id=np.array([node if isinstance(node, int) else NO_ID for node in nodes]),
        edge_node=np.array([(tail, head) for tail, head, *_ in edges]),
        edge_xy=np.split(vertex_xy, np.cumsum(n_vertices)[:-1]),
        osm_id=np.array([int(_first(tag.get("osmid", NO_ID))) for tag in tags]),
        is_steps=np.array([_values(tag.get("highway")) == ["steps"] for tag in tags]),
        is_covered=np.array([_is_covered(tag) for tag in tags]),
        street=np.array(
            [names.index(str(_first(tag["name"]))) + 1 if tag.get("name") else 0 for tag in tags]
        ),
        street_name=(None, *names),
        highway=np.array([kinds.index(str(_first(tag.get("highway")))) for tag in tags]),
        highway_kind=tuple(kinds),
    )


def to_networkx(
    network: Network,
    *,
    sun_fraction: NDArray[np.float64] | None = None,
    walk: WalkModel = WalkModel(),
) -> nx.MultiDiGraph:
    """
    Turn a network into a graph that osmnx and networkx go on with.

    Nodes are named by their OpenStreetMap ids, or by their numbers where ids repeat; they and
    the edges carry what osmnx expects, in longitude and latitude. A street is walked both
    ways, so it is two edges.

    Parameters
    ----------
    sun_fraction
        Share of each edge in the sun, NaN where unknown, shape ``(n_edges,)``. The unknown
        counts as sun, as in our own searches, and `sun_known` says so.
    walk
        How fast one walks, for the edges' `walk_s`.

    Returns
    -------
    MultiDiGraph
        Edges with `osmid`, `length` [m], `geometry`, `highway`, `name` where there is one,
        `side`, `walk_s` [s] and `ascent_m` as one walks the edge (no `ascent_m` where it is
        unknown), `pavement_source`, `crossing`, `is_covered`, `edge` (the number in
        `network`), `sun_fraction` and `sun_known` if given, such that
        ``networkx.shortest_path(graph, a, b, weight="walk_s")`` is the quickest walk.
    """
    to_degrees = pyproj.Transformer.from_crs(network.crs, 4326, always_xy=True)
    ids = network.node_osm_id
    names = ids if len(np.unique(ids)) == len(ids) else np.arange(network.n_nodes)
    node_lon, node_lat = to_degrees.transform(*network.node_xy.T)
    degrees = np.column_stack(to_degrees.transform(*network.vertex_xy.T))
    street_count = np.bincount(network.edge_node.ravel(), minlength=network.n_nodes)
    graph = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    graph.add_nodes_from(
        (name, {"x": x, "y": y, "street_count": count})
        for name, x, y, count in zip(
            names.tolist(), node_lon.tolist(), node_lat.tolist(), street_count.tolist(), strict=True
        )
    )
    there = _draw(degrees, network)
    columns: dict[str, list[Any]] = {
        "osmid": network.osm_id.tolist(),
        "length": network.length_m.tolist(),
        "edge": list(range(network.n_edges)),
        "highway": [network.highway_kind[kind] for kind in network.highway],
        "name": [network.street_name[street] for street in network.street],
        "side": [SIDES[side] for side in network.side],
        "pavement_source": [PAVEMENT_SOURCES[source] for source in network.pavement],
        "crossing": [CROSSINGS[kind] for kind in network.crossing],
        "is_covered": network.is_covered.tolist(),
    }
    if sun_fraction is not None:
        known = ~np.isnan(sun_fraction)
        columns["sun_fraction"] = np.where(known, sun_fraction, 1.0).tolist()
        columns["sun_known"] = known.tolist()
    for is_back, line, climb_m in (
        (False, there, ascent_m(network)),
        (True, shapely.reverse(there), descent_m(network)),
    ):
        columns["walk_s"] = walk.walk_s(network, back=is_back).tolist()
        columns["ascent_m"] = [None if np.isnan(m) else m for m in climb_m.tolist()]
        ends = names[network.edge_node[:, ::-1] if is_back else network.edge_node].tolist()
        for (tail, head), geometry, *values in zip(ends, line, *columns.values(), strict=True):
            told = {k: v for k, v in zip(columns, values, strict=True) if v is not None}
            if is_back:  # the left is on the right when one turns round
                told["side"] = _ASIDE.get(told["side"], told["side"])
            graph.add_edge(tail, head, **told, geometry=geometry, oneway=False, reversed=is_back)
    return graph


def _streets(
    graph: nx.MultiDiGraph, number: dict[Any, int], xy: NDArray[np.float64]
) -> Iterable[tuple[int, int, NDArray[np.float64], dict[str, Any]]]:
    """Go through the edges, each street in one direction only."""
    seen = set()
    for tail, head, tag in graph.edges(data=True):
        ends = number[tail], number[head]
        line = tag.get("geometry")
        edge_xy = xy[list(ends)] if line is None else shapely.get_coordinates(line)
        # Of the two directions, the one that reads first; told apart by shape and way, for
        # parallel edges between two nodes are streets of their own.
        way = tuple(sorted(map(str, _values(tag.get("osmid")))))
        there, back = edge_xy.round(9).tobytes(), edge_xy[::-1].round(9).tobytes()
        street = (frozenset(ends), way, min(there, back))
        if street not in seen:
            seen.add(street)
            yield *ends, _tied(edge_xy, xy[list(ends)]), tag


def _tied(edge_xy: NDArray[np.float64], ends_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Run an edge's shape from its first end to its second: some graphs store it reversed."""
    ahead = np.abs(edge_xy[[0, -1]] - ends_xy).sum()
    return edge_xy if ahead <= np.abs(edge_xy[[-1, 0]] - ends_xy).sum() else edge_xy[::-1]


def _is_covered(tag: dict[str, Any]) -> bool:
    values = [*_values(tag.get("tunnel")), *_values(tag.get("covered"))]
    return bool(values) and "no" not in values


def _values(tag: object) -> list[Any]:
    """List the values of a tag, of which a merged edge has several."""
    return list(tag) if isinstance(tag, (list, tuple, set)) else [] if tag is None else [tag]


def _first(tag: object) -> Any:  # noqa: ANN401 - a tag may hold anything
    return next(iter(_values(tag)), None)


def _draw(degrees: NDArray[np.float64], network: Network) -> NDArray[np.object_]:
    lines: NDArray[np.object_] = shapely.from_ragged_array(
        shapely.GeometryType.LINESTRING, degrees, (network.edge_vertex,)
    )
    return lines
