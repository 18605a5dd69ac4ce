"""The best walks through the places of a trip: good ones at once, and then the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import _flood
from .arcs import Arcs, Sky
from .errors import TripError
from .network import Network
from .reach import SPAN_BITS, Reach, Walk, lay_out
from .shortcut import cut_rounds
from .snap import Snap

# A good answer first: one label for each node and span of 2**n seconds. Where that takes more
# than so many labels, as on walks of hours at twice the time, the search closes wider spans, and
# overrates the sun to come by so many quarters; our choice.
HASTE = ((8, 4), (8, 256))

# Then the best: one label for each node and second; past so many, about a quarter of a second,
# or places for them, the good answer has to do; our choice.
MOST_LABELS = 1_000_000
MOST_PAIRS = 2**26
EXACT_PAIRS = 2**29  # two gigabytes: with more one is told to ask for less; our choice


def find_walks(
    arcs: Arcs,
    network: Network,
    sky: Sky,
    snaps: Sequence[Snap],
    *,
    budget: float,
    exact: bool = False,
    waits: bool = False,
    whole: bool = False,
) -> list[Walk]:
    """
    Find the shortest walk and the shadiest within the budget, and those between if asked for.

    Parameters
    ----------
    snaps
        The origin, places to pass in this order, the destination.
    exact
        Whether to go on, however long it takes, where the usual search hurries.
    waits
        Whether to keep each way round that saves less time in the sun than it takes.
    whole
        Whether to find every walk that none is both quicker and shadier than.

    Returns
    -------
    list of array
        Walks by rising time, each with less sun than the one before; one if the shortest is the
        shadiest. Rows are (arc code, second entered, second left, stage), first to last; the
        first and the last of a stage are the parts of the edges on which its two ends stand,
        or one row if it is one part.

    Raises
    ------
    TripError
        If all ends are one place, the slots do not cover the walk, or it is too long to search
        exactly.
    NoRouteError
        If no street joins two of them.
    """
    with arcs.desk_for(len(snaps) - 1) as desk:
        reach = lay_out(arcs, desk, network, sky, snaps, budget=budget)
        # On the shortest ways each node has one second only, so that any spans are right.
        span_bits = reach.lay_bits(SPAN_BITS)
        (shortest,), _ = reach.search(reach.shortest_s, _flood.FAR, n_wanted=1, span_bits=span_bits)
        most_sun = sky.sun_on(shortest)
        if most_sun == 0 or reach.budget_s == reach.shortest_s:  # nothing is left to gain
            return [shortest]

        # Of many walks with ways round the best without may be another than of the best one.
        wide = whole or (exact and not waits)
        found, ran_out = _search(reach, most_sun, exact=exact, whole=wide)
        if wide and ran_out:  # it hurried, and the shadiest alone may be within its means
            found += _search(reach, most_sun, exact=exact, whole=False)[0]
        if not waits:
            cut = [cut_rounds(arcs, sky, walk) for walk in found]
            if any(len(a) < len(b) for a, b in zip(cut, found, strict=True)):
                least = most_sun if wide else min([most_sun, *map(sky.sun_on, cut)])
                more, ran_out = _hurry(reach, least, exact=exact, whole=wide, is_simple=True)
                if wide and ran_out:
                    more += _hurry(reach, least, exact=exact, whole=False, is_simple=True)[0]
                cut += [cut_rounds(arcs, sky, walk) for walk in more]
            found = cut
    front = _thin(sky, shortest, found)
    return front if whole else [shortest, *front[1:][-1:]]


def _thin(sky: Sky, shortest: Walk, found: list[Walk]) -> list[Walk]:
    """Keep the walks that none is both as quick and as shady as."""
    front, least = [shortest], sky.sun_on(shortest)
    for sun, walk in sorted(
        ((sky.sun_on(walk), walk) for walk in found), key=lambda one: (one[1][-1, 2], one[0])
    ):
        if sun < least:
            front.append(walk)
            least = sun
    return front


def _search(reach: Reach, most_sun: int, *, exact: bool, whole: bool) -> tuple[list[Walk], bool]:
    """Find walks of less sun than is known: good ones, then the best; tell if it had to hurry."""
    found, _ = _hurry(reach, most_sun, exact=False, whole=whole)
    n_pairs = reach.lay_spans(0)
    if exact and n_pairs > EXACT_PAIRS:
        msg = "The walk is too long to be searched exactly; ask for the usual search."
        raise TripError(msg)
    if not exact and n_pairs > MOST_PAIRS:
        return found, True
    reach.desk.have_pairs(n_pairs)
    # What is known for each second of arrival.
    known = np.full(reach.budget_s - reach.shortest_s + 1, most_sun, dtype=np.int64)
    for walk in sorted(found, key=lambda one: -reach.sky.sun_on(one)):
        sun, after_s = reach.sky.sun_on(walk), int(walk[-1, 2]) - reach.shortest_s
        known[after_s:] = sun
        if not whole:  # the quickest of the shadiest is wanted, nothing else
            known[:after_s] = sun + 1
    better, ran_out = reach.sweep(known, most_labels=_flood.FAR if exact else MOST_LABELS)
    return found + better, ran_out


def _hurry(
    reach: Reach, most_sun: int, *, exact: bool, whole: bool, is_simple: bool = False
) -> tuple[list[Walk], bool]:
    """Find good walks, in haste where it would take long; tell whether it would have."""
    found: list[Walk] = []
    hurried = False
    for bits, haste in ((SPAN_BITS, 0), *HASTE):
        span_bits = reach.lay_bits(bits)
        more, ran_out = reach.search(
            int(found[-1][-1, 2]) - 1 if found else reach.budget_s,
            most_sun,
            n_wanted=_flood.FAR if whole and not haste else 1,
            is_simple=is_simple,
            span_bits=span_bits,
            haste=haste,
            most_labels=MOST_LABELS if exact else MOST_LABELS // 4,
        )
        found += more
        hurried = hurried or ran_out
        if not ran_out or (found and not whole):
            break
    return found, hurried
