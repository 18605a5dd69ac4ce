"""Walks joined end to end and taken apart, and what of them is walked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network import Network
from .route import Route
from .shade import LIT, UNKNOWN, ShadeTable
from .trip import Likes, walk_ends


def join_legs(
    network: Network, shade: ShadeTable, legs: Sequence[Route], *, likes: Likes = "shade"
) -> Route:
    """
    Make one walk of legs that follow each other, with the sun of a table when each is entered.

    Parameters
    ----------
    network, shade
        What they were found with; the table covers the walk.
    legs
        Each begins where the one before ends, when it ends.
    likes
        What is unknown counts as sun, or as shade for who likes the sun.
    """
    first, last = legs[0], legs[-1]
    begins_s = np.cumsum([0, *(leg.walk_s for leg in legs)])
    n_before = np.cumsum([0, *(len(leg.xy) - 1 for leg in legs)])

    def chain(name: str) -> NDArray[Any]:
        return _locked(np.concatenate([getattr(leg, name) for leg in legs]))

    edge, length_m = chain("edge"), chain("edge_length_m")
    entered_s = np.concatenate([leg.entered_s + s for leg, s in zip(legs, begins_s, strict=False)])
    offset_s = int(first.departs.timestamp()) - round(shade.times[0].timestamp())
    stored = shade.sun[(offset_s + entered_s) // shade.slot_s, edge]
    unknown = 0 if likes == "sun" else LIT
    counted = np.where(stored == UNKNOWN, unknown, stored).astype(np.int64)
    seconds = chain("edge_walk_s")
    vertex = [leg.edge_vertex[:-1] + n for leg, n in zip(legs, n_before, strict=False)]
    return replace(
        first,
        kind="loop",
        edge=edge,
        forward=chain("forward"),
        last_fraction=last.last_fraction,
        xy=_locked(np.concatenate([first.xy, *(leg.xy[1:] for leg in legs[1:])])),
        z_m=_locked(np.concatenate([first.z_m, *(leg.z_m[1:] for leg in legs[1:])])),
        edge_vertex=_locked(np.concatenate([*vertex, n_before[-1:]])),
        edge_length_m=length_m,
        entered_s=_locked(entered_s.astype(np.int32)),
        edge_walk_s=seconds,
        edge_sun_fraction=_locked(np.where(stored == UNKNOWN, np.nan, stored / LIT)),
        walk_s=int(begins_s[-1]),
        sun_s=int(seconds @ counted) / LIT,
        unknown_m=float(length_m[stored == UNKNOWN].sum()),
        steps_m=float(length_m[network.is_steps[edge]].sum()),
        arrives=walk_ends(first.departs, int(begins_s[-1])),
        end_snap_m=last.end_snap_m,
    )


def take_stretch(route: Route, first: int, last: int) -> Route | None:
    """Take the edges from one up to another out of a walk, None if there is none."""
    if first >= last:
        return None
    edges = slice(first, last)
    vertices = slice(route.edge_vertex[first], route.edge_vertex[last] + 1)
    begins_s, seconds = int(route.entered_s[first]), route.edge_walk_s[edges]
    departs = walk_ends(route.departs, begins_s)
    return replace(
        route,
        edge=route.edge[edges],
        forward=route.forward[edges],
        first_fraction=route.first_fraction if first == 0 else float(not route.forward[first]),
        last_fraction=route.last_fraction
        if last == len(route.edge)
        else float(route.forward[last - 1]),
        xy=route.xy[vertices],
        z_m=route.z_m[vertices],
        edge_vertex=route.edge_vertex[first : last + 1] - route.edge_vertex[first],
        edge_length_m=route.edge_length_m[edges],
        entered_s=route.entered_s[edges] - begins_s,
        edge_walk_s=seconds,
        edge_sun_fraction=route.edge_sun_fraction[edges],
        walk_s=int(seconds.sum()),
        departs=departs,
        arrives=walk_ends(departs, int(seconds.sum())),
    )


def find_repeat_s(route: Route) -> int:
    """
    Add up the time spent on edges that were walked before on the same walk. [s].

    Both pavements of a street are two edges. Who sets out amid an edge and comes back to it from
    its other end has walked no part of it twice.
    """
    return int(route.edge_walk_s[_find_repeats(route)].sum())


def find_repeat_m(route: Route) -> float:
    """Add up the metres of edges that were walked before, as `find_repeat_s` does time. [m]."""
    return float(route.edge_length_m[_find_repeats(route)].sum())


def _find_repeats(route: Route) -> list[int]:
    """List where a walk takes an edge that it took before."""
    edge = route.edge.tolist()
    seen: set[int] = set()
    repeats: list[int] = []
    for at, number in enumerate(edge):
        closes = at == len(edge) - 1 and number == edge[0] and edge.count(number) == 2
        if number in seen and not (closes and route.forward[at] == route.forward[0]):
            repeats.append(at)
        seen.add(number)
    return repeats


def _locked(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
