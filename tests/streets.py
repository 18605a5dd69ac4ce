"""Small streets for the tests of the ways: drawn by hand, by the grid, or at random."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyproj

from solarpass.network import Network, network_from_arrays
from solarpass.shade import ShadeTable

CENTRE = (52.5, 13.4)
CRS = pyproj.CRS(
    f"+proj=tmerc +lat_0={CENTRE[0]} +lon_0={CENTRE[1]} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m"
)
BERLIN = ZoneInfo("Europe/Berlin")
TO_DEGREES = pyproj.Transformer.from_crs(CRS, 4326, always_xy=True)


def draw(
    node_xy,
    edge_node,
    *,
    via=None,
    is_steps=None,
    street=None,
    highway=None,
    osm_id=None,
    side=None,
    pavement=None,
    crossing=None,
) -> Network:
    """
    Join nodes by straight edges, or by bent ones through a point each.

    `street` and `highway` are texts, one an edge; `side`, `pavement` and `crossing` numbers.
    """
    node_xy = np.asarray(node_xy, dtype=float)
    edge_node = np.asarray(edge_node)
    n_edges = len(edge_node)
    edge_xy = [node_xy[ends] for ends in edge_node]
    if via is not None:
        edge_xy = [
            np.stack([xy[0], bend, xy[1]]) if np.isfinite(bend).all() else xy
            for xy, bend in zip(edge_xy, np.asarray(via, dtype=float), strict=True)
        ]
    street_name, street = number([None] * n_edges if street is None else street)
    highway_kind, highway = number(["footway"] * n_edges if highway is None else highway)
    return network_from_arrays(
        crs=CRS,
        node_xy=node_xy,
        node_osm_id=np.arange(len(node_xy)) + 1000,
        edge_node=edge_node,
        edge_xy=edge_xy,
        osm_id=np.arange(n_edges) if osm_id is None else np.asarray(osm_id),
        is_steps=np.zeros(n_edges, bool) if is_steps is None else np.asarray(is_steps),
        is_covered=np.zeros(n_edges, bool),
        street=street,
        street_name=street_name,
        highway=highway,
        highway_kind=highway_kind,
        side=None if side is None else np.asarray(side),
        pavement=None if pavement is None else np.asarray(pavement),
        crossing=None if crossing is None else np.asarray(crossing),
    )


def number(texts):
    """List the different texts, and number each by it."""
    kinds = tuple(dict.fromkeys(texts))
    return kinds, np.array([kinds.index(text) for text in texts])


def draw_grid(n: int, *, block_m: float = 100.0) -> Network:
    """Lay `n` by `n` streets of equal blocks."""
    xy = block_m * np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    at = np.arange(n * n).reshape(n, n)
    east = np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()])
    north = np.column_stack([at[:-1].ravel(), at[1:].ravel()])
    return draw(xy, np.vstack([east, north]))


def draw_random(rng: np.random.Generator) -> Network:
    """Draw a tangle: bent, parallel, looping and lengthless edges, stairs, and islands."""
    n_nodes = int(rng.integers(3, 8))
    node_xy = rng.uniform(0, 120, (n_nodes, 2)).round(1)
    if rng.random() < 0.3:
        node_xy[1] = node_xy[0]  # so that an edge between them has no length
    edge_node = rng.integers(0, n_nodes, (int(rng.integers(3, 11)), 2))
    via = rng.uniform(-20, 140, edge_node.shape)
    straight = (rng.random(len(via)) < 0.5) & (edge_node[:, 0] != edge_node[:, 1])
    via[straight] = np.nan
    crossing = np.where(rng.random(len(via)) < 0.3, rng.integers(0, 6, len(via)), 0)
    is_steps = rng.random(len(via)) < 0.1
    return draw(node_xy, edge_node, via=via, is_steps=is_steps, crossing=crossing)


def draw_sun(
    rng: np.random.Generator, network: Network, *, n_times: int, slot_s: int = 300
) -> ShadeTable:
    """Let edges fall into the shade and out of it, some unknown, on a summer's day."""
    stored = rng.choice([0, 0, 40, 127, 200, 254, 255], (n_times, network.n_edges))
    return tabulate(stored, slot_s=slot_s)


def tabulate(stored, *, begins="2026-07-15 12:00", slot_s: int = 300) -> ShadeTable:
    """Make a shade table of stored values, one row a slot."""
    stored = np.asarray(stored, dtype=np.uint8)
    first = pd.Timestamp(begins, tz=BERLIN)
    times = pd.date_range(first, periods=len(stored), freq=f"{slot_s}s")
    return ShadeTable(times=times, sun=stored, is_night=np.zeros(len(stored), bool))


def place(xy) -> tuple[float, float]:
    """Tell the latitude and longitude of a point in local metres."""
    longitude_deg, latitude_deg = TO_DEGREES.transform(*xy)
    return latitude_deg, longitude_deg


def find_edge(network: Network, a, b) -> int:
    """Find the edge between two places, in either direction."""
    ends = network.node_xy[network.edge_node]
    wanted = np.array([a, b], dtype=float)
    hits = np.abs(ends - wanted).max(axis=(1, 2)) < 1e-6
    hits |= np.abs(ends - wanted[::-1]).max(axis=(1, 2)) < 1e-6
    return int(np.flatnonzero(hits)[0])


def places_to_stand(network: Network):
    """
    List the nodes of the largest component at which a pin means this node and no other.

    Not two corners in one place, one on each side of a crossing; and no node of a tunnel, above
    which one stands on the street.
    """
    _, first, n_there = np.unique(
        network.node_xy.round(1), axis=0, return_index=True, return_counts=True
    )
    below = np.zeros(network.n_nodes, bool)
    below[network.edge_node[network.level_m < 0.0]] = True
    return first[(n_there == 1) & (network.component[first] == 0) & ~below[first]]
