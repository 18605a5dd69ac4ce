"""Where a walker stands on the streets: the nearest edge to each end that leads to the other."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from .errors import NoRouteError, TripError
from .network import Network
from .ways import Ways

MOST_SNAP_M = 500.0  # farther from any street one is outside the city; our choice
PATIENCE_M = 150.0  # how far one goes past a fenced-off path to a street that leads on; our choice
SMALL = 0.05  # a part with less of all nodes is an island that one leaves; our choice
BELOW_M = 60.0  # so much farther a street above ground may be than a tunnel below; our choice
CORNER_M = 0.5  # this near to a node one stands on it, however a link was rounded; our choice
REACHES_M = (30.0, PATIENCE_M, MOST_SNAP_M)  # how far one looks, before one looks at all streets

_trees: WeakKeyDictionary[Network, STRtree] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False, slots=True)
class Snap:
    """
    A place on an edge.

    Attributes
    ----------
    edge
        Number of the edge.
    fraction
        How far along it, from its first end at 0 to its second at 1.
    distance_m
        Distance from the place that was asked for. [m]
    xy
        The place on the edge, in the city's local metres, shape ``(2,)``. [m]
    """

    edge: int
    fraction: float
    distance_m: float
    xy: NDArray[np.float64]


def snap(
    network: Network,
    xy: NDArray[np.float64],
    *,
    component: int | None = None,
    ways: Ways | None = None,
) -> Snap:
    """
    Find the nearest edge, within 500 m.

    Parameters
    ----------
    xy
        A place in the city's local metres, shape ``(2,)``. [m]
    component
        Only edges of this connected part; any where None.
    ways
        Only edges that are open, and the parts they make; None: all.

    Raises
    ------
    TripError
        If no street is that near.
    """
    point = shapely.Point(xy)
    away_m = _nearest_m(network, point, component, ways)
    if away_m > MOST_SNAP_M:
        msg = (
            f"The place is outside the city: the nearest street is {away_m:,.0f} m away; "
            f"pick a place within {MOST_SNAP_M:.0f} m of a street."
        )
        raise TripError(msg)
    near = _near_edges(network, point, ways, reach_m=away_m)
    if (network.level_m[near] < 0.0).all():
        near = _come_up(network, point, near, ways, reach_m=away_m + BELOW_M)
    parts = _parts(network, near, ways)
    return _stand_best(network, point, near if component is None else near[parts == component])


def snap_places(
    network: Network, xy: NDArray[np.float64], ways: Ways | None = None
) -> tuple[Snap, ...]:
    """
    Find where a walk begins, what it passes and where it ends, on streets that are joined.

    Parameters
    ----------
    xy
        Both ends as `snap_ends` finds them, with the places to pass between, ``(n, 2)``. [m]

    Raises
    ------
    TripError, NoRouteError
        As `snap_ends`; and if a place to pass is far from the streets that the ends are on.
    """
    origin, destination = snap_ends(network, xy[0], xy[-1], ways)
    part = _part(network, origin.edge, ways)
    between: list[Snap] = []
    for number, place in enumerate(xy[1:-1], 1):
        try:
            between.append(snap(network, place, component=part, ways=ways))
        except TripError as error:
            msg = f"Place {number} to pass: {error}"
            raise TripError(msg) from error
    return origin, *between, destination


def snap_ends(
    network: Network,
    origin_xy: NDArray[np.float64],
    destination_xy: NDArray[np.float64],
    ways: Ways | None = None,
) -> tuple[Snap, Snap]:
    """
    Find where both ends of a walk stand, on streets that are joined.

    Each end takes its nearest street if the two are joined. If not, as when one falls on a
    fenced-off path, the joined pair of least distance is taken among streets within 150 m, and
    if an end falls on an island of few streets (see `SMALL`), as a stop at the rim of the map may,
    among those within 500 m; of two such pairs one that is on no island. `Snap.distance_m` tells
    how far off that is.

    Raises
    ------
    TripError
        If an end is more than 500 m from any street.
    NoRouteError
        If no joined pair is that near, with the distance to the nearest street that would do.
    """
    origin, destination = (snap(network, xy, ways=ways) for xy in (origin_xy, destination_xy))
    parts = [_part(network, end.edge, ways) for end in (origin, destination)]
    if parts[0] == parts[1]:
        return origin, destination
    part = _find_shared(network, (origin_xy, destination_xy), (origin, destination), ways)
    if part is not None:
        return snap(network, origin_xy, component=part, ways=ways), snap(
            network, destination_xy, component=part, ways=ways
        )
    here, there = shapely.Point(origin_xy), shapely.Point(destination_xy)
    to_there_m = _nearest_m(network, there, parts[0], ways)
    to_here_m = _nearest_m(network, here, parts[1], ways)
    end, other, away_m = (
        ("destination", "start", to_there_m)
        if to_there_m <= to_here_m
        else ("start", "destination", to_here_m)
    )
    msg = (
        f"No street joins the two ends: the nearest street that leads to the {other} "
        f"is {away_m:,.0f} m from the {end}."
    )
    raise NoRouteError(msg)


def _find_shared(
    network: Network,
    places: tuple[NDArray[np.float64], NDArray[np.float64]],
    ends: tuple[Snap, Snap],
    ways: Ways | None,
) -> int | None:
    """Find the part of the network that is near to both places; None if there is none."""
    reaches_m = [max(PATIENCE_M, end.distance_m) for end in ends]
    # Steps or the dark may keep one on an island as well, but a profile is not to be left so far.
    is_island = _find_islands(network.component)
    if any(is_island[_part(network, end.edge)] for end in ends):
        reaches_m += [MOST_SNAP_M, MOST_SNAP_M]
    is_small = _find_islands(network.component if ways is None else ways.component)
    for pair_m in zip(reaches_m[::2], reaches_m[1::2], strict=True):
        here, there = (
            _nearest_by_part(network, shapely.Point(xy), ways, reach_m=reach_m)
            for xy, reach_m in zip(places, pair_m, strict=True)
        )
        shared = here.keys() & there
        if shared:
            return min(shared, key=lambda part: (is_small[part], here[part] + there[part], part))
    return None


def _find_islands(component: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell of each connected part whether it is small."""
    small: NDArray[np.bool_] = np.bincount(component) < SMALL * len(component)
    return small


def _come_up(
    network: Network,
    point: shapely.Point,
    below: NDArray[np.int64],
    ways: Ways | None,
    *,
    reach_m: float,
) -> NDArray[np.int64]:
    """Take the nearest streets above ground, if any is within reach, for those in tunnels."""
    edges = _near_edges(network, point, ways, reach_m=reach_m)
    part = np.isin(_parts(network, edges, ways), _parts(network, below, ways))
    above = edges[part & (network.level_m[edges] >= 0.0)]
    if not len(above):
        return below
    away_m = shapely.distance(_tree_of(network).geometries[above], point)
    nearest: NDArray[np.int64] = above[away_m <= away_m.min() + CORNER_M]
    return nearest


def _near_edges(
    network: Network, point: shapely.Point, ways: Ways | None, *, reach_m: float
) -> NDArray[np.int64]:
    """List the edges within reach and a hair, by number, so that ties fall the same way."""
    near = np.sort(_tree_of(network).query(point, predicate="dwithin", distance=reach_m + CORNER_M))
    return near if ways is None else near[ways.is_open[near]]


def _nearest_m(
    network: Network, point: shapely.Point, part: int | None, ways: Ways | None
) -> float:
    """Find how far the nearest edge is, or the nearest of a connected part [m]."""
    tree = _tree_of(network)
    if part is None and ways is None:
        _, least_m = tree.query_nearest(point, all_matches=False, return_distance=True)
        return float(least_m[0])

    def least_of(edges: NDArray[np.int64]) -> float:
        wanted = edges if part is None else edges[_parts(network, edges, ways) == part]
        return float(shapely.distance(tree.geometries[wanted], point).min(initial=np.inf))

    for reach_m in REACHES_M:
        away_m = least_of(_near_edges(network, point, ways, reach_m=reach_m))
        if away_m <= reach_m:
            return away_m
    is_open = np.ones(network.n_edges, bool) if ways is None else ways.is_open
    return least_of(np.flatnonzero(is_open))


def _nearest_by_part(
    network: Network, point: shapely.Point, ways: Ways | None, *, reach_m: float
) -> dict[int, float]:
    """Find the distance to each connected part within reach."""
    edges = _near_edges(network, point, ways, reach_m=reach_m)
    away_m = shapely.distance(_tree_of(network).geometries[edges], point)
    nearest: dict[int, float] = {}
    for part, m in zip(_parts(network, edges, ways).tolist(), away_m.tolist(), strict=True):
        nearest[part] = min(m, nearest.get(part, m))
    return nearest


def _stand_best(network: Network, point: shapely.Point, edges: NDArray[np.int64]) -> Snap:
    """Stand on a corner where there is one, else on the nearest of edges about as near."""
    stands = [_stand(network, edge, point) for edge in edges.tolist()]
    return min(stands, key=lambda at: (0.0 < at.fraction < 1.0, at.distance_m, at.edge))


def _stand(network: Network, edge: int, point: shapely.Point) -> Snap:
    line = _tree_of(network).geometries[edge]
    length_m = float(network.length_m[edge])
    along_m = float(shapely.line_locate_point(line, point)) if length_m > 0.0 else 0.0
    if along_m <= min(CORNER_M, length_m / 2):
        along_m = 0.0
    elif along_m >= length_m - CORNER_M:
        along_m = length_m
    fraction = along_m / length_m if length_m > 0.0 else 0.0
    at = shapely.line_interpolate_point(line, along_m)
    return Snap(
        edge=edge,
        fraction=fraction,
        distance_m=float(shapely.distance(at, point)),
        xy=shapely.get_coordinates(at)[0],
    )


def _parts(
    network: Network, edges: NDArray[np.int64], ways: Ways | None = None
) -> NDArray[np.int32]:
    of_node = network.component if ways is None else ways.component
    parts: NDArray[np.int32] = of_node[network.edge_node[edges, 0]]
    return parts


def _part(network: Network, edge: int, ways: Ways | None = None) -> int:
    return int(_parts(network, np.array([edge]), ways)[0])


def _tree_of(network: Network) -> STRtree:
    """Index the edges once for each network; a second thread at worst builds the same again."""
    tree = _trees.get(network)
    if tree is None:
        tree = _trees[network] = STRtree(network.lines())
    return tree
