"""
Ways: which edges a walker of some profile may take, and how much slower than on foot.

Steps, kerbs, barriers, surfaces, slopes and widths close ways to a wheelchair or a pram; light
and traffic to whoever asks for it. What nobody told stays open, and is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from .climb import find_inclines
from .footing import BARRIERS, KERBS, LIGHTS, RAMPS, WHEELCHAIRS
from .numbering import find_components
from .pavement import PAVEMENT_SOURCES
from .wheels import GRADE_OF_SMOOTHNESS, GRADE_OF_SURFACE, ProfileModel, RollModel

if TYPE_CHECKING:
    from .network import Network
    from .profile import Profile

_MOST_KEPT = 8  # ways kept of one network


@dataclass(frozen=True, eq=False, slots=True)
class Ways:
    """
    The network as one walker may use it; arrays that nobody may change.

    Attributes
    ----------
    is_open
        Whether one may walk along each edge, shape ``(n_edges,)``.
    slowness
        How many times as long one takes as a walker on foot, 1 or more, ``(n_edges,)``.
    component
        The connected parts of what is open, 0 the longest, as `Network.component`; a node
        without an open edge is a part of its own, shape ``(n_nodes,)``.
    unknown
        Which edges lack what the profile asks for, by tag, shape ``(n_edges,)`` each: surface,
        incline, width, kerb, barrier, lit.
    is_bad
        Open edges on which the surface makes one slower, shape ``(n_edges,)``.
    """

    is_open: NDArray[np.bool_]
    slowness: NDArray[np.float64]
    component: NDArray[np.int32]
    unknown: Mapping[str, NDArray[np.bool_]]
    is_bad: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Lock the arrays, which every session shares."""
        for array in (self.is_open, self.slowness, self.component, self.is_bad):
            array.flags.writeable = False
        for array in self.unknown.values():
            array.flags.writeable = False


@dataclass(frozen=True, slots=True)
class WayNotes:
    """
    What a walk is like under its profile, and what is not known of it.

    Attributes
    ----------
    unknown_m
        Metres of which the map does not tell what the profile asks for, by tag. [m]
    bad_surface_m
        Metres on ground that makes one slower. [m]
    steps_m
        Metres of stairs. [m]
    n_raised_kerbs, n_unknown_kerbs
        How often one crosses a street over a raised (or rolled) kerb, or over one unknown.
    big_road_m
        Metres along roads with much traffic. [m]
    lit_m, unlit_m, light_unknown_m
        Metres with light by night, without, and where nobody tells. [m]
    """

    unknown_m: Mapping[str, float]
    bad_surface_m: float
    steps_m: float
    n_raised_kerbs: int
    n_unknown_kerbs: int
    big_road_m: float
    lit_m: float
    unlit_m: float
    light_unknown_m: float


class Walked(Protocol):
    """What `tell_ways` reads of a route."""

    @property
    def edge(self) -> NDArray[np.int32]:
        """Name the edges in order, shape ``(n_walked,)``."""

    @property
    def edge_length_m(self) -> NDArray[np.float64]:
        """Tell the metres walked on each, shape ``(n_walked,)`` [m]."""


@dataclass(slots=True)
class _Draft:
    """Ways while rule after rule closes some."""

    is_open: NDArray[np.bool_]
    slowness: NDArray[np.float64]
    is_bad: NDArray[np.bool_]
    unknown: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


_Key = tuple["Profile", bool, ProfileModel]
_ways: WeakKeyDictionary[Network, dict[_Key, Ways]] = WeakKeyDictionary()


def ways_of(
    network: Network,
    profile: Profile,
    *,
    by_night: bool = False,
    model: ProfileModel = ProfileModel(),
) -> Ways | None:
    """
    Find the ways that a profile may take; they are kept as long as the network is.

    Parameters
    ----------
    network
        Streets.
    profile
        Who walks, and what the way has to be like.
    by_night
        Whether it is dark: only then the wish for light counts.
    model
        What wheels can do.

    Returns
    -------
    Ways or None
        None where all is open, and as quick as on foot.
    """
    needs_light = profile.lit and by_night
    if profile.who == "walk" and not (needs_light or profile.quiet):
        return None
    kept = _ways.setdefault(network, {})
    key = (profile, needs_light, model)
    if key not in kept:
        while len(kept) >= _MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = _build(network, profile, needs_light=needs_light, model=model)
    return kept[key]


def relax(profile: Profile) -> Profile:
    """
    Leave out the wish that may be left out where no way fulfils it: to keep from big roads.

    Where it returns the profile itself, there is nothing to relax: what closes a way to a
    wheelchair closes it, and who asks for light is not sent into the dark.
    """
    return replace(profile, quiet=False) if profile.quiet else profile


def tell_ways(
    network: Network,
    route: Walked,
    profile: Profile,
    *,
    by_night: bool = False,
    model: ProfileModel = ProfileModel(),
) -> WayNotes:
    """
    Tell what a walk is like under a profile, and how much of it nobody knows.

    Parameters
    ----------
    network
        The streets it is on.
    route
        The walk.
    profile, by_night, model
        As in `ways_of`.
    """
    edge, metres = route.edge, route.edge_length_m

    def add(mask: NDArray[np.bool_]) -> float:
        return float(metres[mask[edge]].sum())

    ways = ways_of(network, profile, by_night=by_night, model=model)
    high = network.kerb[edge] >= KERBS.index("rolled")
    untold = (network.kerb[edge] == 0) & (network.crossing[edge] > 0)
    return WayNotes(
        unknown_m=MappingProxyType({tag: add(mask) for tag, mask in ways.unknown.items()})
        if ways
        else MappingProxyType({}),
        bad_surface_m=add(ways.is_bad) if ways else 0.0,
        steps_m=add(network.is_steps),
        n_raised_kerbs=_count_runs(high),
        n_unknown_kerbs=_count_runs(untold),
        big_road_m=add(network.is_big_road & (network.crossing == 0)),
        lit_m=add(network.lit == LIGHTS.index("yes")),
        unlit_m=add(network.lit == LIGHTS.index("no")),
        light_unknown_m=add(network.lit == 0),
    )


def _build(network: Network, profile: Profile, *, needs_light: bool, model: ProfileModel) -> Ways:
    n_edges = network.n_edges
    draft = _Draft(np.ones(n_edges, bool), np.ones(n_edges), np.zeros(n_edges, bool))
    if profile.who != "walk":
        roll = model.wheelchair if profile.who == "wheelchair" else model.pram
        judged = network.wheelchair == WHEELCHAIRS.index("yes")
        _roll(network, draft, roll, judged=judged, sustained_m=model.sustained_m)
        _get_over(network, draft, roll)
        if profile.who == "wheelchair":
            draft.is_open &= network.wheelchair != WHEELCHAIRS.index("no")
            draft.is_open &= ~network.is_steps
    if needs_light:
        draft.is_open &= network.lit != LIGHTS.index("no")
        draft.unknown["lit"] = network.lit == 0
    if profile.quiet:
        draft.is_open &= ~network.is_big_road | (network.crossing > 0)
    kept = draft.is_open
    return Ways(
        is_open=kept,
        slowness=draft.slowness,
        component=find_components(
            network.edge_node[kept], network.length_m[kept], n_nodes=network.n_nodes
        ),
        unknown=MappingProxyType(draft.unknown),
        is_bad=draft.is_bad & kept,
    )


def _roll(
    network: Network,
    draft: _Draft,
    roll: RollModel,
    *,
    judged: NDArray[np.bool_],
    sustained_m: float,
) -> None:
    """Judge ground, slope and width; where somebody says that one can, they only cost time."""
    is_crossing = network.crossing > 0
    slowness = np.array([1.0, roll.rough_slowness, roll.loose_slowness, roll.soft_slowness], float)
    grade = np.where(
        network.smoothness > 0,
        GRADE_OF_SMOOTHNESS[network.smoothness],
        GRADE_OF_SURFACE[network.surface],
    )
    grade[network.is_steps] = 0
    times = slowness[grade]
    worst = float(slowness[np.isfinite(slowness)].max())
    too_rough = np.isinf(times)
    times[too_rough] = worst
    incline = find_inclines(network, sustained_m=sustained_m)
    with np.errstate(invalid="ignore"):
        too_steep = incline > roll.most_incline + 1e-6  # of float32
        share = (incline - roll.gentle_incline) / (roll.most_incline - roll.gentle_incline)
        too_narrow = (network.width_m < roll.least_width_m - 1e-6) & ~is_crossing
    steep = 1.0 + (roll.steep_slowness - 1.0) * np.nan_to_num(share).clip(0.0, 1.0)
    draft.slowness *= times * steep
    draft.is_bad |= times > 1.0
    draft.is_open &= judged | ~(too_rough | too_steep | too_narrow)
    needed = ~judged & ~network.is_steps
    draft.unknown["surface"] = needed & (network.surface == 0) & (network.smoothness == 0)
    draft.unknown["incline"] = needed & np.isnan(incline) & ~is_crossing
    is_wide = network.pavement == PAVEMENT_SOURCES.index("square")
    draft.unknown["width"] = needed & np.isnan(network.width_m) & ~(is_crossing | is_wide)


def _get_over(network: Network, draft: _Draft, roll: RollModel) -> None:
    """Judge kerbs, barriers and stairs, which no good word opens."""
    draft.is_open &= network.kerb <= KERBS.index(roll.worst_kerb)
    is_closed = np.array([name in roll.closed_barriers for name in BARRIERS])
    draft.is_open &= ~is_closed[network.barrier]
    is_ramp = np.array([name in roll.ramps for name in RAMPS])
    draft.is_open &= ~network.is_steps | is_ramp[network.ramp]
    if roll.worst_kerb != KERBS[-1]:
        draft.unknown["kerb"] = network.kerb == 0
    draft.unknown["barrier"] = network.barrier == 0


def _count_runs(mask: NDArray[np.bool_]) -> int:
    """Count how often something begins: two edges of one crossing are one kerb."""
    return int(np.diff(mask.astype(np.int8), prepend=0).clip(0).sum())
