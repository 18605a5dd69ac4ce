"""A walk in steps: along which streets, on which side, and where one crosses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from math import nan
from typing import Final, Literal

import numpy as np

from .leg import Compass, Crossing, Leg, LegModel, Side, Turn, Walk
from .network import Network
from .pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from .route import Route
from .shade import LIT, UNKNOWN, ShadeTable

WAITS: Final = "a round"  # no kind of way of OpenStreetMap either

_SQUARE: Final = PAVEMENT_SOURCES.index("square")
_OPPOSITE: Final[Mapping[Compass, Compass]] = {
    "north": "south",
    "east": "west",
    "south": "north",
    "west": "east",
}


@dataclass(frozen=True, slots=True)
class Step:
    """
    A part of a walk that is told in one sentence.

    Attributes
    ----------
    kind
        ``"walk"`` along a way, or ``"cross"`` a street: to its other side, or where one turns.
        A side street that is crossed straight on is no step of its own. ``"wait"`` is a way
        round back to the same corner, which the search takes until the sun has moved on: one
        may as well stand there. Several in a row are one wait. ``"pass"`` tells of a place to
        pass, and has no edges: its `last` lies before its `first`.
    street, way
        Name of the street, or the kind of way where it has no name. To pass: the name of the
        place, if told, and its number.
    side
        Side of the street one walks on, or comes to, as one walks; None for a way of its own.
    compass
        Where that side lies, None where the street bends too much to say.
    turn
        At the begin of a walk, against the way before; None on the first and on crossings.
    changes_side, to_shade
        Whether one crosses to the other side of the same street, and whether that side is the
        shadier one along the next step.
    after_other
        Whether the step before tells of another street, so that this one is to be named.
    length_m, walk_s
        Metres, and seconds with waiting.
    sun_fraction
        Share of the known time in the sun, NaN where nothing is known.
    unknown_m
        Metres of which nothing is known about shade. [m]
    covered_m
        Metres under a roof, in a passage or a tunnel. [m]
    crossings
        What is crossed on the way, in order.
    first, last
        The step takes the edges `first` to `last` of the route, in its order.
    """

    kind: Literal["walk", "cross", "wait", "pass"]
    street: str | None
    way: str | None
    side: Side | None
    compass: Compass | None
    turn: Turn | None
    changes_side: bool
    to_shade: bool
    after_other: bool
    length_m: float
    walk_s: int
    sun_fraction: float
    unknown_m: float
    covered_m: float
    crossings: tuple[Crossing, ...]
    first: int
    last: int


def find_steps(
    network: Network,
    route: Route,
    *,
    shade: ShadeTable | None = None,
    passed: Sequence[str | None] = (),
    model: LegModel = LegModel(),
) -> tuple[Step, ...]:
    """
    Cut a walk into steps: a street and a side each, the crossings between them, and pauses.

    Parameters
    ----------
    network, route
        The walk, and the network it was found on.
    shade
        The table it was found with; without it no side is called the shadier one.
    passed
        Names of the places to pass, in order; without them they are numbered.
    model
        What is worth telling.

    Returns
    -------
    tuple[Step, ...]
        In order; their metres and seconds add up to those of the walk.
    """
    walk = Walk(network, route, model)
    legs, pauses = _cut(walk)
    steps: list[Step] = []
    for at, leg in enumerate(legs):
        steps += [_pass(place, leg.first, passed) for place in pauses.get(at, ())]
        if leg.way == WAITS:
            steps.append(_wait(walk, leg))
            continue
        # Over a pause one does not turn: the next step begins anew.
        before = next((one for one in reversed(legs[:at]) if not one.crosses), None)
        before = None if before is None or before.way == WAITS else before
        after = next((one for one in legs[at + 1 :] if not one.crosses), None)
        after = None if after is None or after.way == WAITS else after
        step = _tell(walk, leg, before=before, after=after, shade=shade)
        # Who has crossed a street to turn there looks across it; who changed sides, along it.
        if step.turn and steps and steps[-1].kind == "cross" and not steps[-1].changes_side:
            step = replace(step, turn=walk.turn(legs[at - 1], leg))
        steps.append(replace(step, after_other=at > 0 and legs[at - 1].street != leg.street))
    steps += [_pass(place, len(route.edge), passed) for place in pauses.get(len(legs), ())]
    return tuple(steps)


def _cut(walk: Walk) -> tuple[list[Leg], dict[int, list[int]]]:
    """
    Cut a walk into legs at the places to pass and at rounds.

    Returns
    -------
    list of Leg, dict
        The legs, a round being one of them; and before which leg which places are passed.
    """
    route = walk.route
    bounds = [0, *map(int, route.via_index), len(route.edge)]
    legs: list[Leg] = []
    pauses: dict[int, list[int]] = {}
    for number, (first, after) in enumerate(pairwise(bounds)):
        if number:
            pauses.setdefault(len(legs), []).append(number - 1)
        if after <= first:  # two places are one, or the last is where the walk ends
            continue
        # A round trip comes by a corner twice because it was asked to.
        rounds = [] if route.kind == "loop" else walk.rounds(first, after)
        for begins, ends in [*rounds, (after, after)]:
            legs += walk.legs(first, begins) if begins > first else []
            if ends > begins:
                _add_round(legs, begins, ends)
            first = ends  # noqa: PLW2901  the rest begins there
    return legs, pauses


def _add_round(legs: list[Leg], begins: int, ends: int) -> None:
    """Add a round; one straight after another, from the same corner, is the same wait."""
    if legs and legs[-1].way == WAITS:  # no place to pass is between: one walks on before it
        begins = legs.pop().first
    legs.append(Leg(None, WAITS, None, begins, ends - 1))


def _wait(walk: Walk, leg: Leg) -> Step:
    """Tell ways round as a wait; its metres are those of the rounds."""
    step = _tell(walk, leg, before=None, after=None, shade=None)
    return replace(step, kind="wait", way=None)


def _pass(place: int, at: int, passed: Sequence[str | None]) -> Step:
    return Step(
        kind="pass",
        street=passed[place] if place < len(passed) else None,
        way=str(place + 1),
        side=None,
        compass=None,
        turn=None,
        changes_side=False,
        to_shade=False,
        after_other=False,
        length_m=0.0,
        walk_s=0,
        sun_fraction=nan,
        unknown_m=0.0,
        covered_m=0.0,
        crossings=(),
        first=at,
        last=at - 1,
    )


def crossings_of(steps: Iterable[Step]) -> tuple[Crossing, ...]:
    """List all that is crossed, in order."""
    return tuple(crossing for step in steps for crossing in step.crossings)


def count_crossings(steps: Iterable[Step]) -> dict[str, int]:
    """Count the crossings of each kind, best secured first; no kind without any."""
    count = Counter(crossing.kind for crossing in crossings_of(steps))
    return {kind: count[kind] for kind in CROSSINGS if count[kind]}


def _tell(
    walk: Walk, leg: Leg, *, before: Leg | None, after: Leg | None, shade: ShadeTable | None
) -> Step:
    """Add up what a stretch is."""
    route, edges = walk.route, slice(leg.first, leg.last + 1)
    sun, seconds = route.edge_sun_fraction[edges], route.edge_walk_s[edges]
    known, covered = ~np.isnan(sun), walk.network.is_covered[route.edge[edges]]
    known_s = int(seconds[known].sum())
    changes_side = leg.crosses and _changes_side(before, leg, after)
    on = after if changes_side else leg
    compass = None if on is None else walk.compass(on)
    if changes_side and compass is None and before is not None:  # the side left may tell
        left = walk.compass(before)
        compass = None if left is None else _OPPOSITE[left]
    return Step(
        kind="cross" if leg.crosses else "walk",
        street=leg.street,
        way=None if leg.crosses else leg.way or _square(walk, leg),
        side=None if on is None else on.side,
        compass=compass,
        turn=None if leg.crosses or before is None else walk.turn(before, leg),
        changes_side=changes_side,
        to_shade=changes_side and _is_shadier(walk, after, shade),
        after_other=False,
        length_m=walk.length_m(leg),
        walk_s=int(seconds.sum()),
        sun_fraction=float(seconds[known] @ sun[known]) / known_s if known_s else nan,
        unknown_m=float(route.edge_length_m[edges][~known].sum()),
        covered_m=float(route.edge_length_m[edges][covered].sum()),
        crossings=leg.crossings,
        first=leg.first,
        last=leg.last,
    )


def _square(walk: Walk, leg: Leg) -> str | None:
    """Tell whether a named stretch leads across a square, rather than along a street."""
    edges = walk.route.edge[leg.first : leg.last + 1]
    is_across = walk.network.pavement[edges] == _SQUARE
    across_m = float(walk.route.edge_length_m[leg.first : leg.last + 1] @ is_across)
    return "square" if leg.street and 2.0 * across_m > walk.length_m(leg) else None


def _changes_side(before: Leg | None, crossing: Leg, after: Leg | None) -> bool:
    if before is None or after is None or crossing.street is None:
        return False
    same = before.street == crossing.street == after.street
    return same and None not in (before.side, after.side) and before.side != after.side


def _is_shadier(walk: Walk, leg: Leg | None, shade: ShadeTable | None) -> bool:
    """Compare a stretch with the other side of its street, at the times one walks it."""
    if leg is None or shade is None:
        return False
    route, here_m, less_m = walk.route, 0.0, 0.0
    for at in range(leg.first, leg.last + 1):
        other = _opposite(walk, int(route.edge[at]))
        row = shade.row_at(route.departs + timedelta(seconds=int(route.entered_s[at])))
        here, there = shade.sun[row, [route.edge[at], other or 0]].astype(int)
        if other is not None and UNKNOWN not in (here, there):
            here_m += route.edge_length_m[at]
            less_m += route.edge_length_m[at] * (there - here) / LIT
    # Said only where most of the other side is known.
    least_m = walk.model.shadier_fraction * here_m
    return bool(2.0 * here_m >= walk.length_m(leg) and less_m >= least_m > 0.0)


def _opposite(walk: Walk, edge: int) -> int | None:
    """Find the edge of the same street that runs beside this one, towards its other side."""
    network = walk.network
    if network.side[edge] == 0:
        return None
    found = np.flatnonzero(
        (network.street == network.street[edge]) & (network.side != 0) & (network.crossing == 0)
    )
    start, end = network.node_xy[network.edge_node[edge]]
    length_m = float(np.hypot(*(end - start)))
    if length_m == 0.0:
        return None
    (east, north), off = (end - start) / length_m, network.node_xy[network.edge_node[found]].mean(1)
    off -= (start + end) / 2.0
    along_m = np.abs(off @ (east, north))
    # Who walks on the left has the street at the right hand, and the other way round.
    towards = 1.0 if SIDES[network.side[edge]] == "left" else -1.0
    across_m = towards * (off @ (north, -east))
    is_beside = (along_m <= (length_m + network.length_m[found]) / 2.0) & (
        (across_m >= walk.model.across_m[0]) & (across_m <= walk.model.across_m[1])
    )
    if not is_beside.any():
        return None
    return int(found[is_beside][(along_m + across_m)[is_beside].argmin()])
