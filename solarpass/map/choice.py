"""Which walks of a front a walker may choose from: few, and a minute or more apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from solarpass.route import Route
from solarpass.words import whole_minutes

MOST_WALKS: Final = 12  # a thumb finds no more stops on a slider; our choice


def choose_walks(front: Sequence[Route]) -> tuple[Route, ...]:
    """
    Choose the walks that differ in what a card tells: the least sun of each minute of walking.

    Parameters
    ----------
    front
        By rising ``walk_s`` with falling ``sun_s``, at least one; see `find_front`.

    Returns
    -------
    tuple of Route
        At most `MOST_WALKS`, the first and the last of the front among them.
    """
    chosen = [front[0]]
    for at, walk in enumerate(front[1:-1], start=1):
        minute = whole_minutes(walk.walk_s)
        if whole_minutes(front[at + 1].walk_s) == minute:
            continue  # the next one is as long, in minutes, with less sun
        if whole_minutes(walk.sun_s) < whole_minutes(chosen[-1].sun_s):
            chosen.append(walk)
    chosen += front[1:][-1:]
    kept = np.unique(np.linspace(0, len(chosen) - 1, MOST_WALKS).round().astype(int))
    return tuple(chosen[at] for at in kept.tolist())
