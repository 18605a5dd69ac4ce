"""Levels: how edges lie to the ground: on it, on a deck above, in a tunnel below, under cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .bridge import BridgeModel, deck_levels
from .pavement import Pavements
from .slope import lay_on_ground, raise_decks

if TYPE_CHECKING:
    from .city import City


def lay_edges(
    city: City, laid: Pavements
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float32]] | None, NDArray[np.floating]]:
    """
    Lay edges on the ground of a city.

    Returns
    -------
    tuple
        Their shapes, with more vertices where the ground is read, and its height at each; None
        where no terrain is known. And how high above the ground each edge runs, as on a bridge;
        below it in a tunnel, shape ``(n_edges,)``. [m]
    """
    streets = city.streets
    is_deep = streets["is_tunnel"].to_numpy(bool) & (streets["layer"].to_numpy() < 0)
    below_m = np.where(is_deep, streets["layer"].to_numpy() * BridgeModel().clearance_m, 0.0)
    level_m: NDArray[np.floating] = below_m[laid.way] + deck_levels(
        np.array([shapely.linestrings(xy) for xy in laid.xy]),
        layer=streets["layer"].to_numpy()[laid.way],
        is_bridge=streets["is_bridge"].to_numpy(bool)[laid.way],
        bridges=city.bridges,
    )
    if city.dem is None:
        return laid.xy, None, level_m
    spans = (streets["is_bridge"] | streets["is_tunnel"]).to_numpy(bool)
    courses = np.asarray(streets.geometry)[spans]
    edge_xy, edge_z = lay_on_ground(laid.xy, city.dem, spans=spans[laid.way], courses=courses)
    return edge_xy, edge_z, raise_decks(level_m, edge_xy, edge_z, city.dem)


def find_covered(streets: gpd.GeoDataFrame, laid: Pavements) -> NDArray[np.bool_]:
    """Tell which edges a tunnel, passage or arcade covers, and the crossings between such."""
    is_crossing = laid.crossing > 0
    covered = (streets["is_covered"] | streets["is_tunnel"]).to_numpy(bool)[laid.way]
    is_hidden = covered | is_crossing
    is_open = np.zeros(len(laid.node_xy), bool)
    is_open[laid.end[~is_hidden]] = True
    meets_the_open = is_open[laid.end].any(axis=1)
    return np.asarray(covered & ~(is_crossing & meets_the_open))
