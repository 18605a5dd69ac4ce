"""Cutting out of a walk each way round that is not worth its time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import _flood
from .arcs import Arcs, Sky


def cut_rounds(arcs: Arcs, sky: Sky, walk: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Cut out each way round that saves less time in the sun than it takes.

    The law lets one walk round a block in the shade until the sun has moved; nobody does so for
    five minutes to save one. A place to pass is passed all the same.

    Parameters
    ----------
    walk
        Rows (arc code, second entered, second left, stage).
    """
    tail = list(
        zip(
            walk[:, 3].tolist(),
            arcs.edge_node[walk[:, 0] >> 1, walk[:, 0] & 1].tolist(),
            strict=True,
        )
    )
    # The first arc of a stage starts amid its edge, at no node.
    for row in np.flatnonzero(np.diff(walk[:, 3], prepend=-1)).tolist():
        tail[row] = (tail[row][0], -1)
    straight, first = walk, 1
    last_at = {place: row for row, place in enumerate(tail)}
    while len(last_at) < len(tail) and first < len(tail):
        last = last_at[tail[first]]
        if last > first:
            cut = _retime(np.delete(straight, slice(first, last), axis=0))
            saved_s = straight[-1, 2] - cut[-1, 2]
            if sky.sun_on(cut) - sky.sun_on(straight) < _flood.FULL_SUN * saved_s:
                straight = cut
                del tail[first:last]
                last_at = {place: row for row, place in enumerate(tail)}
        first += 1
    return straight


def _retime(walk: NDArray[np.int64]) -> NDArray[np.int64]:
    """Set the clock of a walk anew, each arc taking as long as it did."""
    left = np.cumsum(walk[:, 2] - walk[:, 1])
    return np.column_stack([walk[:, 0], left - (walk[:, 2] - walk[:, 1]), left, walk[:, 3]])
