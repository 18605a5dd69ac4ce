"""Stops: waiting places that bear one name, such as the two sides of a street."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from .entry import Entry
from .stand import Stand, StandModel, fold_stop, order_id, strip_side

if TYPE_CHECKING:
    from numpy.typing import NDArray


def list_stops(stands: Sequence[Stand], *, model: StandModel = StandModel()) -> list[Entry]:
    """List stops as entries: each group of waiting places, a tram's if one halts there."""
    entries = []
    for group in group_stands(stands, model=model):
        members = [stands[row] for row in group]
        names = [one.name for one in members if one.name is not None]
        stations = sorted({one for member in members if (one := _station(member)) is not None})
        told = [one.ifopt for one in members if one.ifopt is not None]
        entries.append(
            Entry(
                site_id=min((one for member in members for one in member.ids), key=order_id),
                name=strip_side(names[0]) if names else None,
                kind="tram_stop" if any(one.kind == "tram" for one in members) else "bus_stop",
                places=[(one.point, one.shelter, one.source) for one in members],
                ifopt=stations[0] if stations else (told[0] if told else None),
            )
        )
    return entries


def group_stands(stands: Sequence[Stand], *, model: StandModel = StandModel()) -> list[list[int]]:
    """
    Group waiting places into stops: by their name and, without one, by where they are.

    Returns
    -------
    list[list[int]]
        Places in `stands`, in order of the first of each.
    """
    point = np.array([stand.point for stand in stands], dtype=object)
    if not len(point):
        return []
    parent = list(range(len(stands)))
    names = [fold_stop(stand.name) for stand in stands]
    for a, b in _pairs(point, model.pair_m):
        is_near = shapely.distance(point[a], point[b]) <= model.pair_m
        same = names[a] is not None and names[a] == names[b]
        same |= _station(stands[a]) is not None and _station(stands[a]) == _station(stands[b])
        if same and is_near:
            _union(parent, a, b)
    tree = shapely.STRtree(point)
    for row, name in enumerate(names):
        if name is None and _station(stands[row]) is None:
            reached = tree.query(point[row], predicate="dwithin", distance=model.nameless_m)
            near = [other for other in reached.tolist() if other != row]
            # Next to a name rather than to another that has none.
            near.sort(key=lambda o: (names[o] is None, shapely.distance(point[row], point[o]), o))
            if near:
                _union(parent, row, near[0])
    groups: dict[int, list[int]] = {}
    for row in range(len(stands)):
        groups.setdefault(_root(parent, row), []).append(row)
    return list(groups.values())


def _station(stand: Stand) -> str | None:
    """Tell the station of a global id: the first three parts of de:14612:13:1:2."""
    parts = (stand.ifopt or "").split(":")
    return ":".join(parts[:3]) if len(parts) >= 3 and all(parts[:3]) else None


def _pairs(point: NDArray[Any], reach_m: float) -> list[tuple[int, int]]:
    found = shapely.STRtree(point).query(point, predicate="dwithin", distance=reach_m)
    return [(int(a), int(b)) for a, b in found.T if a < b]


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def _union(parent: list[int], a: int, b: int) -> None:
    a, b = sorted((_root(parent, a), _root(parent, b)))
    parent[b] = a
