"""Joints: what hangs together on the ways of a city hangs together on its pavements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import shapely
from scipy.cluster.hierarchy import DisjointSet

from .corner import STREET_KINDS, Corners, Crossings
from .roadside import Roadsides
from .stretch import Stretches

_STUB_M = 25.0  # a pavement that ends in nothing within this distance is none


def keep_joined(
    stretches: Stretches, sides: Roadsides, corners: Corners, crossings: Crossings
) -> tuple[Roadsides, bool]:
    """
    Join again what the ways join and the pavements do not.

    The corners of a junction get the crossings they lack, in place. Streets without pavements
    that are needed are walked in the middle: then the corners must be laid anew.
    """
    n_corners = len(corners.xy)
    joined = DisjointSet(range(n_corners + len(stretches.node_xy)))
    for a, b in _pairs(corners):
        joined.merge(a, b)
    at: dict[int, list[int]] = {}
    for corner, node in enumerate(corners.node.tolist()):
        at.setdefault(node, []).append(corner)
    touching = _streets_at(stretches, sides)
    # Where a crossing is needed that nobody would choose, it is over the quietest street.
    rank = {node: STREET_KINDS.index(crossings.street[street]) for node, street in touching.items()}
    for node in sorted(at.keys() & touching, key=lambda node: (rank[node], node)):
        for corner in at[node][1:]:
            if joined.merge(at[node][0], corner):
                crossed = touching[node]
                corners.links.append((at[node][0], corner, crossed, crossings.street[crossed]))
    idle = np.flatnonzero(~sides.is_walked & ~sides.has.any(axis=1))
    idle = idle[np.argsort(shapely.length(stretches.lines()[idle]), kind="stable")]
    ends = [
        [at.get(node, [n_corners + node])[0] for node in pair]
        for pair in stretches.end[idle].tolist()
    ]
    needed = [k for k, (a, b) in zip(idle.tolist(), ends, strict=True) if joined.merge(a, b)]
    needed = _prune(needed, stretches, at)
    walked = sides.is_walked.copy()
    walked[needed] = True
    return replace(sides, is_walked=walked), bool(needed)


def _prune(needed: list[int], stretches: Stretches, at: dict[int, list[int]]) -> list[int]:
    """Leave out streets that only lead to where no pavement or footway begins."""
    while True:
        uses: dict[int, int] = {}
        for node in stretches.end[needed].ravel().tolist():
            uses[node] = uses.get(node, 0) + 1
        kept = [
            k
            for k in needed
            if all(node in at or uses[node] > 1 for node in stretches.end[k].tolist())
        ]
        if len(kept) == len(needed):
            return kept
        needed = kept


def _streets_at(stretches: Stretches, sides: Roadsides) -> dict[int, int]:
    """Name a street that one crosses at each junction."""
    crossed = np.flatnonzero(~sides.is_walked)
    return {
        node: stretch
        for stretch, pair in zip(crossed.tolist(), stretches.end[crossed].tolist(), strict=True)
        for node in pair
    }


def _pairs(corners: Corners) -> Iterable[tuple[int, int]]:
    """List the corners that edges join."""
    pairs = np.concatenate([corners.of_way, corners.of_side.reshape(-1, 2)])
    yield from map(tuple, pairs[(pairs >= 0).all(axis=1)].tolist())
    for a, b, *_ in corners.links:
        yield a, b


def drop_stubs(stretches: Stretches, corners: Corners) -> None:
    """Drop, in place, short pieces that end amid a junction and lead nowhere."""
    degree = np.bincount(np.array(list(_pairs(corners))).ravel(), minlength=len(corners.xy))
    n_arms = np.bincount(stretches.end.ravel(), minlength=len(stretches.node_xy))
    is_short = shapely.length(stretches.lines()) < _STUB_M
    pieces = [corners.of_way[is_short], *corners.of_side[is_short].transpose(1, 0, 2)]
    pair = np.concatenate(pieces)
    while True:
        there = (pair >= 0).all(axis=1)
        alone = (degree[pair] == 1) & (n_arms[corners.node[pair]] > 1)
        stub = there & alone.any(axis=1) & ~(degree[pair] == 1).all(axis=1)
        if not stub.any():
            break
        degree -= np.bincount(pair[stub].ravel(), minlength=len(degree))
        pair[stub] = -1
    way, left, right = np.split(pair, 3)
    corners.of_way[is_short] = way
    corners.of_side[is_short] = np.stack([left, right], axis=1)
