"""
Footing: what one walks or rolls on, edge by edge, as far as the map tells.

A pavement that we draw beside a street has what the map says of the street's pavements, its
light and its slope; the surface of the carriageway is none of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .pavement import PAVEMENT_SOURCES, Pavements, find_street_kinds
from .stretch import NO_ID
from .tag import read_incline

if TYPE_CHECKING:
    import geopandas as gpd

    from .city import City

# In each table the first is what nobody told, or told in words that we do not know; then the
# worst comes last, for of several told the last counts. Numbers are stored: a new value among
# them is a new FORMAT of networks.
SURFACES: Final = (
    *("unknown", "rubber", "tartan", "carpet", "asphalt", "concrete", "concrete:plates", "tiles"),
    *("paved", "paving_stones", "bricks", "plastic", "metal", "wood", "chipseal"),
    *("artificial_turf", "concrete:lanes", "compacted", "fine_gravel", "clay", "sett"),
    *("metal_grid", "grass_paver", "cobblestone", "unhewn_cobblestone", "unpaved", "ground"),
    *("dirt", "grass", "gravel", "pebblestone", "shells", "woodchips", "stone", "rock"),
    *("stepping_stones", "sand", "mud", "snow", "ice"),
)
"""What the ground is made of, in the words of OpenStreetMap."""

SMOOTHNESSES: Final = (
    *("unknown", "excellent", "good", "intermediate", "bad", "very_bad", "horrible"),
    *("very_horrible", "impassable"),
)
"""How even it is, the smoothest first."""

LIGHTS: Final = ("unknown", "yes", "no")
"""Whether there is light by night."""

WHEELCHAIRS: Final = ("unknown", "yes", "limited", "no")
"""Whether somebody says that a wheelchair may go there."""

RAMPS: Final = ("unknown", "no", "yes", "stroller", "wheelchair")
"""What a ramp beside stairs is for."""

KERBS: Final = ("unknown", "none", "flush", "lowered", "rolled", "raised")
"""What one steps over where a carriageway is crossed; none where there is nothing to cross."""

BARRIERS: Final = (
    *("unknown", "none", "entrance", "bollard", "gate", "swing_gate", "sliding_gate"),
    *("lift_gate", "sally_port", "toll_booth", "border_control", "height_restrictor"),
    *("bus_trap", "collision_protection", "block", "planter", "rock", "jersey_barrier"),
    *("cattle_grid", "hampshire_gate", "chain", "rope", "cycle_barrier", "motorcycle_barrier"),
    *("kissing_gate", "turnstile", "full-height_turnstile", "horse_stile", "stile", "step"),
    *("log", "debris", "ditch", "hedge", "guard_rail", "fence", "wall"),
)
"""What one passes through or over, the worst last."""

FOOTING_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "surface": SURFACES,
    "smoothness": SMOOTHNESSES,
    "lit": LIGHTS,
    "wheelchair": WHEELCHAIRS,
    "ramp": RAMPS,
    "kerb": KERBS,
    "barrier": BARRIERS,
}
"""The names behind the numbers of each array of codes."""

# Other words for the same, as mappers write them.
_SAME: Final[Mapping[str, str]] = {
    "brick": "bricks",
    "cobblestone:flattened": "sett",
    "flagstone": "paving_stones",
    "earth": "dirt",
    "soil": "dirt",
    "pebbles": "pebblestone",
    "granite": "stone",
    "mulch": "woodchips",
    "marble": "tiles",
    "acrylic": "tartan",
    "granite:plates": "tiles",
}
_SAME_KERB: Final = {"no": "flush", "sloped": "rolled", "regular": "raised", "normal": "raised"}
_SAME_WHEELCHAIR: Final = {"designated": "yes", "permissive": "yes"}
_SAME_BARRIER: Final = {
    "stone": "rock",
    "wicket_gate": "gate",
    "boom_gate": "lift_gate",
    "wire_fence": "fence",
    "spikes": "fence",
    "retaining_wall": "wall",
    "city_wall": "wall",
    "steps": "step",
}
_NEAR_M = 0.5  # a street is drawn anew no farther than this from its own nodes
_FEWEST_TOLD = 2  # the first two of KERBS and BARRIERS: unknown, none


@dataclass(frozen=True, eq=False, slots=True)
class Footing:
    """
    What one walks on, one value an edge: numbers in the tables above, 0 where nobody told.

    Attributes
    ----------
    surface, smoothness, lit, wheelchair, ramp, kerb, barrier
        Numbers in `SURFACES`, `SMOOTHNESSES`, `LIGHTS`, `WHEELCHAIRS`, `RAMPS`, `KERBS` and
        `BARRIERS`: of several kerbs or barriers the worst.
    width_m
        How wide it is, or what a barrier leaves of it; NaN unknown. [m]
    incline
        How steep it is at most, up or down alike; NaN unknown. [m per m]
    is_big_road
        Whether one walks along, or crosses, a road with much traffic.
    """

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

    @classmethod
    def unknown(cls, n_edges: int) -> Footing:
        """Know nothing of any edge."""
        nan = np.full(n_edges, np.nan, np.float32)
        codes = {name: np.zeros(n_edges, np.int8) for name in FOOTING_NAMES}
        return cls(**codes, width_m=nan, incline=nan.copy(), is_big_road=np.zeros(n_edges, bool))

    def take(self, order: NDArray[np.integer[Any]]) -> dict[str, NDArray[Any]]:
        """Take some edges in order, as arrays by name."""
        return {one.name: np.ascontiguousarray(getattr(self, one.name)[order]) for one in _FIELDS}


_FIELDS: Final = fields(Footing)
FOOTING_ARRAYS: Final = tuple(one.name for one in _FIELDS)


@dataclass(frozen=True, eq=False, slots=True)
class _Edges:
    """How the edges of a network came to be, as masks, shape ``(n_edges,)``."""

    is_drawn: NDArray[np.bool_]
    is_link: NDArray[np.bool_]
    is_centre: NDArray[np.bool_]
    is_crossing: NDArray[np.bool_]  # links, and mapped ways over a street


def lay_footing(city: City, laid: Pavements) -> Footing:
    """
    Tell what one walks on along each edge.

    Parameters
    ----------
    city
        Its `streets` and `barriers` are read.
    laid
        The edges, drawn between the corners.
    """
    streets = city.streets
    source = np.array(PAVEMENT_SOURCES)[laid.source]
    is_link = laid.crossing > 0
    is_over = (streets["footway"] == "crossing").to_numpy(bool)[laid.way]
    edges = _Edges(
        is_drawn=np.isin(source, ["tagged", "assumed"]),
        is_link=is_link,
        is_centre=source == "centre",
        is_crossing=is_link | (is_over & ~np.isin(source, ["tagged", "assumed"])),
    )
    codes = {name: _of_pavement(streets, laid, edges, name) for name in ("surface", "smoothness")}
    chair = _of_pavement(streets, laid, edges, "wheelchair")
    chair[is_link] = 0  # of a street, not of crossing it
    width_m, incline = _widths(streets, laid, edges), _inclines(streets["incline"])[laid.way]
    incline[is_link] = np.nan
    kerb, barrier = _obstruct(city, laid, edges, chair, width_m)
    ramp = read_codes(streets["ramp"], RAMPS)[laid.way]
    big = find_street_kinds(city) == "big_road"
    return Footing(
        **codes,
        lit=_lights(streets, laid),
        wheelchair=chair,
        ramp=np.where(streets["is_steps"].to_numpy(bool)[laid.way] & ~is_link, ramp, 0).astype(
            np.int8
        ),
        kerb=kerb,
        barrier=barrier,
        width_m=width_m,
        incline=incline,
        is_big_road=big[laid.way] | (big[laid.street] & ~edges.is_crossing),
    )


def read_codes(
    texts: pd.Series[Any], names: tuple[str, ...], same: Mapping[str, str] | None = None
) -> NDArray[np.int8]:
    """
    Give texts their numbers in a table of names; of several in one the last there counts.

    Examples
    --------
    >>> read_codes(pd.Series(["lowered;no", None, "<script>"]), KERBS, {"no": "flush"})
    array([3, 0, 0], dtype=int8)
    """
    row, different = pd.factorize(texts.to_numpy(object))
    number = {name: k for k, name in enumerate(names)}
    number |= {word: number[name] for word, name in (same or {}).items()}
    read = np.zeros(len(different) + 1, np.int8)  # the last is for what is missing, row -1
    for k, text in enumerate(different):
        words = [word.strip() for word in str(text).lower().split(";")]
        read[k] = max(number.get(word, number.get(word.split(":")[0], 0)) for word in words)
    return read[row]


def _of_pavement(
    streets: gpd.GeoDataFrame, laid: Pavements, edges: _Edges, key: str
) -> NDArray[np.int8]:
    """Read a tag that a street has for itself and for the pavements beside it."""
    names = FOOTING_NAMES[key]
    same = _SAME if key == "surface" else _SAME_WHEELCHAIR if key == "wheelchair" else None
    own, left, right = (
        read_codes(streets[column], names, same) for column in (key, f"{key}_left", f"{key}_right")
    )
    of_edge = own[laid.way]
    of_side = np.stack([np.zeros_like(left), left, right])
    of_edge[edges.is_drawn] = of_side[laid.side, laid.way][edges.is_drawn]
    # Who walks in the middle of a street that has pavements is taken to be on one of them.
    paved = streets[["sidewalk_left", "sidewalk_right"]].isin(["yes", "separate"]).any(axis=1)
    either = np.where((left == right) | (right == 0), left, np.where(left == 0, right, 0))
    on_one = edges.is_centre & paved.to_numpy(bool)[laid.way]
    of_edge[on_one] = either[laid.way][on_one]
    return of_edge


def _widths(streets: gpd.GeoDataFrame, laid: Pavements, edges: _Edges) -> NDArray[np.float32]:
    """Tell how wide each edge is, pavements as tagged for themselves; NaN unknown. [m]."""
    none = np.full(len(streets), np.nan)
    of_side = np.stack([none, *(streets[f"width_{side}_m"] for side in ("left", "right"))])
    width_m = streets["width_m"].to_numpy(float)[laid.way]
    width_m = np.where(edges.is_drawn, of_side[laid.side, laid.way], width_m)
    width_m[edges.is_link] = np.nan
    return width_m.astype(np.float32)


def _inclines(texts: pd.Series[Any]) -> NDArray[np.float32]:
    row, different = pd.factorize(texts.to_numpy(object))
    read = np.array([*(read_incline(text) for text in different), np.nan], np.float32)
    return read[row]


def _lights(streets: gpd.GeoDataFrame, laid: Pavements) -> NDArray[np.int8]:
    """Tell which edges are lit; a mapped pavement at least by the lights of its street."""
    of_way = read_codes(streets["lit"], LIGHTS)
    lit = of_way[laid.way]
    by_street = (lit == 0) & (of_way[laid.street] == LIGHTS.index("yes"))
    lit[by_street] = LIGHTS.index("yes")
    return lit


def _obstruct(
    city: City,
    laid: Pavements,
    edges: _Edges,
    chair: NDArray[np.int8],
    width_m: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Find kerbs and barriers on edges; `chair` and `width_m` learn of them in place."""
    kerb = np.where(edges.is_crossing, KERBS.index("unknown"), KERBS.index("none")).astype(np.int8)
    told = read_codes(city.streets["kerb"], KERBS, _SAME_KERB)[laid.way]
    kerb = np.where(edges.is_crossing & ~edges.is_link & (told > 1), told, kerb)
    barrier = np.full(len(laid.way), BARRIERS.index("none"), np.int8)
    there = city.barriers
    chosen, edge = _find_edges(city, laid, edges)
    over = edges.is_crossing[edge]
    # A kerb where a crossing begins is of the crossing, not of the pavement that runs past.
    of_kerb = over | ~np.isin(chosen, chosen[over])
    code = read_codes(there["kerb"], KERBS, _SAME_KERB)
    said = ~there["kerb"].isna().to_numpy(bool) | (there["barrier"] == "kerb").to_numpy(bool)
    _worsen(kerb, edge[of_kerb], code[chosen[of_kerb]], said=said[chosen[of_kerb]])
    free = ~edges.is_link[edge]
    chosen, edge = chosen[free], edge[free]
    rolls = read_codes(there["wheelchair"], WHEELCHAIRS, _SAME_WHEELCHAIR)
    code = read_codes(there["barrier"], BARRIERS, _SAME_BARRIER)
    said = ~(there["barrier"].isna() | (there["barrier"] == "kerb")).to_numpy(bool)
    said &= rolls != WHEELCHAIRS.index("yes")
    _worsen(barrier, edge, code[chosen], said=said[chosen])
    chair[edge[rolls[chosen] == WHEELCHAIRS.index("no")]] = WHEELCHAIRS.index("no")
    np.fmin.at(width_m, edge, there["width_m"].to_numpy(np.float32)[chosen])
    is_halved = _meets_on_both_ends(laid, edges)
    kerb[is_halved & (kerb == 0)] = KERBS.index("none")  # the halves of the crossing tell
    return kerb, barrier


def _worsen(
    code: NDArray[np.int8],
    edge: NDArray[np.int64],
    told: NDArray[np.int8],
    *,
    said: NDArray[np.bool_],
) -> None:
    """Give edges the worst that is told of them, in place; what is told unclearly is unknown."""
    edge, told = edge[said], told[said]
    worst = np.zeros(len(code), np.int8)
    np.maximum.at(worst, edge, told)
    is_told = worst >= _FEWEST_TOLD
    unclear = np.zeros(len(code), bool)
    unclear[edge] = True
    code[unclear & ~is_told & (code < _FEWEST_TOLD)] = 0
    code[is_told] = np.maximum(code, worst)[is_told]


def _find_edges(
    city: City, laid: Pavements, edges: _Edges
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List which row of `City.barriers` lies on which edge; rather on a path than on a street."""
    there, streets = city.barriers, city.streets
    none = np.empty(0, np.int64)
    if there.empty:
        return none, none
    osm_id = there["osm_id"].to_numpy(np.int64)
    n_nodes = np.array([len(each) for each in streets["node_id"]])
    node = np.concatenate(streets["node_id"].tolist())
    held = np.isin(node, osm_id)
    rank = np.argsort(osm_id)
    row = rank[np.searchsorted(osm_id, node[held], sorter=rank)]
    way = np.repeat(np.arange(len(streets)), n_nodes)[held]
    pair = row * len(streets) + way
    asked = np.flatnonzero(~edges.is_drawn & ~edges.is_link & np.isin(laid.way, way))
    lines: Any = shapely.linestrings(
        np.concatenate([laid.xy[k] for k in asked]) if len(asked) else np.empty((0, 2)),
        indices=np.repeat(np.arange(len(asked)), [len(laid.xy[k]) for k in asked]),
    )
    found = shapely.STRtree(lines).query(
        there.geometry.to_numpy(), predicate="dwithin", distance=_NEAR_M
    )
    end_id = laid.node_osm_id[laid.end]
    begins = [_match(osm_id, end_id[asked, k]) for k in (0, 1)]  # corners lie beside their node
    chosen = np.concatenate([found[0], *(here for here, _ in begins)])
    edge = asked[np.concatenate([found[1], *(at for _, at in begins)])]
    kept = np.isin(chosen * len(streets) + laid.way[edge], pair)
    chosen, edge = chosen[kept], edge[kept]
    on_path = ~edges.is_centre[edge]
    kept = on_path | ~np.isin(chosen, chosen[on_path])
    links = np.flatnonzero(edges.is_link & (end_id[:, 0] == end_id[:, 1]) & (end_id[:, 0] != NO_ID))
    over, at = _match(osm_id, end_id[links, 0])
    return np.concatenate([chosen[kept], over]), np.concatenate([edge[kept], links[at]])


def _match(
    osm_id: NDArray[np.int64], node: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair ids with the nodes that bear them: row of the one, row of the other."""
    rank = np.argsort(osm_id)
    at = np.flatnonzero(np.isin(node, osm_id))
    return rank[np.searchsorted(osm_id, node[at], sorter=rank)], at


def _meets_on_both_ends(laid: Pavements, edges: _Edges) -> NDArray[np.bool_]:
    """Tell which links lie between mapped crossings, whose kerbs are told there."""
    touched = np.zeros(len(laid.node_xy), bool)
    touched[laid.end[edges.is_crossing & ~edges.is_link]] = True
    both: NDArray[np.bool_] = edges.is_link & touched[laid.end].all(axis=1)
    return both
