"""Corners: where pavements and footways meet around a junction, and where one crosses there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .roadside import Roadsides
from .stretch import Stretches

_AHEAD_M = 12.0  # how far along a way one looks to tell where it leads
_FARTHEST = 2.5  # a corner lies no farther from the junction, in widths to the pavements
_NEAR_M = 25.0  # a crossing this near to a junction serves it

STREET_KINDS = ("side_street", "street", "big_road")
"""How one crosses a street where nothing is marked, the quietest first."""

Link = tuple[int, int, int, str]


@dataclass(frozen=True, eq=False, slots=True)
class Corners:
    """
    Nodes of the pavement graph, and what is attached to them.

    Attributes
    ----------
    xy
        Shape ``(n_corners, 2)``. [m]
    node
        The junction each belongs to, shape ``(n_corners,)``.
    of_way
        Corners at both ends of each stretch that is walked in the middle, -1 elsewhere,
        shape ``(n, 2)``.
    of_side
        Corners at both ends of its left and right pavement, -1 where there is none,
        shape ``(n, 2, 2)``: side, end.
    links
        Crossings: two corners, the stretch that is crossed, and how.
    """

    xy: NDArray[np.float64]
    node: NDArray[np.int64]
    of_way: NDArray[np.int64]
    of_side: NDArray[np.int64]
    links: list[Link]


@dataclass(frozen=True, slots=True)
class Crossings:
    """
    What is known of crossing: at nodes, along ways, and by the kind of street.

    Attributes
    ----------
    node
        signals, marked, unmarked or None at each node of the stretches.
    way
        The same of each stretch, as of a footway over a street.
    street
        How one crosses a stretch where nothing is marked: one of `STREET_KINDS`.
    name
        Of the street each stretch is of.
    """

    node: list[str | None]
    way: list[str | None]
    street: list[str]
    name: list[str | None]


@dataclass(slots=True)
class _Arm:
    """One end of a stretch, as it leaves a junction."""

    stretch: int
    end: int
    angle: float
    left_m: float  # to the pavement on its left as one leaves; NaN if there is none
    right_m: float


@dataclass(slots=True)
class _Junction:
    """One junction, sorted: sector i lies counter-clockwise between street i and the next."""

    node: int
    streets: list[_Arm]
    ways: list[list[_Arm]]  # the arms walked in the middle, by sector
    corner: list[int]  # of each sector, -1 where there is none


def lay_corners(stretches: Stretches, sides: Roadsides, crossings: Crossings) -> Corners:
    """Lay the corners of every junction, and the crossings between them."""
    n = len(stretches)
    of_way, of_side = np.full((n, 2), -1), np.full((n, 2, 2), -1)
    links: list[Link] = []
    away: list[tuple[float, float]] = []
    node: list[int] = []
    for number, arms in _junctions(stretches, sides):
        places, junction = _lay_junction(number, arms, sides, first=len(away))
        away.extend(places)
        node.extend([number] * len(places))
        for sector, ways in enumerate(junction.ways):
            for arm in ways:
                of_way[arm.stretch, arm.end] = junction.corner[sector]
        for sector, arm in enumerate(junction.streets):
            left, right = junction.corner[sector], junction.corner[sector - 1]
            of_side[arm.stretch, :, arm.end] = (right, left) if arm.end else (left, right)
            link = _link(junction, sector, crossings, stretches)
            if link is not None:
                links.append(link)
    of_side[~sides.has] = -1
    xy = stretches.node_xy[node] + np.array(away).reshape(-1, 2)
    return Corners(xy, np.array(node, np.int64), of_way, of_side, links)


def _junctions(stretches: Stretches, sides: Roadsides) -> Iterator[tuple[int, list[_Arm]]]:
    """Go through the nodes, each with its arms counter-clockwise."""
    angle = _angles(stretches)
    offset = np.where(sides.has, sides.offset_m, np.nan)
    node = stretches.end.ravel()
    order = np.lexsort([angle.ravel(), node])
    starts = np.flatnonzero(np.diff(node[order], prepend=-1))
    for begin, stop in pairwise([*starts.tolist(), len(order)]):
        arms = []
        for one in order[begin:stop].tolist():
            stretch, end = divmod(one, 2)
            left_m, right_m = offset[stretch].tolist()
            if end:  # seen from the far end, left is right
                left_m, right_m = right_m, left_m
            arms.append(_Arm(stretch, end, float(angle[stretch, end]), left_m, right_m))
        yield int(node[order[begin]]), arms


def _angles(stretches: Stretches) -> NDArray[np.float64]:
    """Tell in which direction each end of a stretch leaves its node, shape ``(n, 2)``. [rad]."""
    angle = np.zeros((len(stretches), 2))
    for row, xy in zip(angle, stretches.xy, strict=True):
        for end, line in enumerate((xy, xy[::-1])):
            away = line - line[0]
            far = np.hypot(away[:, 0], away[:, 1])
            ahead = int(np.argmax(far >= _AHEAD_M)) or int(np.argmax(far))
            to = away[ahead]
            if ahead and far[ahead] > _AHEAD_M:  # a point on the piece that leads there
                back = away[ahead - 1]
                share = (_AHEAD_M - far[ahead - 1]) / max(far[ahead] - far[ahead - 1], 1e-9)
                to = back + min(share, 1.0) * (to - back)
            row[end] = math.atan2(to[1], to[0])
    return angle


def _lay_junction(
    number: int, arms: list[_Arm], sides: Roadsides, *, first: int
) -> tuple[list[tuple[float, float]], _Junction]:
    """Place the corners of one junction, counted from `first`, as seen from its middle."""
    streets = [arm for arm in arms if not sides.is_walked[arm.stretch]]
    walked = [arm for arm in arms if sides.is_walked[arm.stretch]]
    if len(streets) < 2 and walked:  # a street that goes on as a way does so in its middle
        return [(0.0, 0.0)], _Junction(number, streets, [walked], [first] * max(len(streets), 1))
    # The end of a street has two sectors all the same, lest one cross it for nothing.
    bounds: list[tuple[_Arm | None, _Arm | None]] = (
        [(streets[0], None), (None, streets[0])]
        if len(streets) == 1
        else list(zip(streets, streets[1:] + streets[:1], strict=True))
    )
    ways: list[list[_Arm]] = [[] for _ in bounds]
    for arm in walked:
        ways[_sector_of(arm.angle, streets)].append(arm)
    corner = [-1] * len(bounds)
    places: list[tuple[float, float]] = []
    for sector, (after, before) in enumerate(bounds):
        place = _place(after, before) or ((0.0, 0.0) if ways[sector] else None)
        if place is not None:
            corner[sector] = first + len(places)
            places.append(place)
    return places, _Junction(number, streets, ways, corner)


def _sector_of(angle: float, streets: list[_Arm]) -> int:
    """Find the sector an angle falls in: number i lies between street i and the next."""
    turn = [(angle - street.angle) % math.tau for street in streets]
    return turn.index(min(turn))


def _place(after: _Arm | None, before: _Arm | None) -> tuple[float, float] | None:
    """Place a corner between the left side of one street and the right side of the next."""
    one_m = math.nan if after is None else after.left_m
    two_m = math.nan if before is None else before.right_m
    if math.isnan(one_m) and math.isnan(two_m):
        return None
    one = two = None
    if after is not None and not math.isnan(one_m):
        one = (-math.sin(after.angle) * one_m, math.cos(after.angle) * one_m)
    if before is not None and not math.isnan(two_m):
        two = (math.sin(before.angle) * two_m, -math.cos(before.angle) * two_m)
    if one is None or two is None:
        return one or two
    assert after is not None  # noqa: S101 - for the type checker: `one` and `two` came of them
    assert before is not None  # noqa: S101
    sine = math.sin(before.angle - after.angle)
    x, y = 0.5 * (one[0] + two[0]), 0.5 * (one[1] + two[1])
    if abs(sine) > 0.2:
        # Where the two pavements' lines cross: one + a (cos, sin) of the first street.
        gap_x, gap_y = two[0] - one[0], two[1] - one[1]
        along = (gap_x * math.sin(before.angle) - gap_y * math.cos(before.angle)) / sine
        x, y = one[0] + along * math.cos(after.angle), one[1] + along * math.sin(after.angle)
    farthest, away = _FARTHEST * max(one_m, two_m), math.hypot(x, y)
    if away > farthest:
        x, y = x * farthest / away, y * farthest / away
    return x, y


def _link(
    junction: _Junction, sector: int, crossings: Crossings, stretches: Stretches
) -> Link | None:
    """Cross one street at a junction, from the corner on its left to that on its right."""
    streets, ways = junction.streets, junction.ways
    arm, n = streets[sector], len(junction.streets)
    left, right = junction.corner[sector], junction.corner[sector - 1]
    if left < 0 or right < 0 or left == right:
        return None
    marked = _marked(junction, crossings)
    kind = crossings.street[arm.stretch]
    if marked is None and kind == "big_road" and _is_amid_block(junction, arm, crossings):
        return None
    if n == 2:  # two arms of one street are crossed once, by the quieter
        other = crossings.street[streets[1 - sector].stretch]
        if (kind == "big_road", sector) > (other == "big_road", 1 - sector):
            return None
    elif n > 2:
        if marked is None and _is_served(arm, crossings, stretches):
            return None
        on_left = ways[sector] or not math.isnan(streets[(sector + 1) % n].right_m)
        on_right = ways[sector - 1] or not math.isnan(streets[sector - 1].left_m)
        if not (on_left or on_right):  # back along the street one came from
            return None
    return left, right, arm.stretch, marked or kind


def _is_amid_block(junction: _Junction, arm: _Arm, crossings: Crossings) -> bool:
    """Tell whether a junction is of one street alone, as where its carriageways part."""
    name = crossings.name[arm.stretch]
    others = (
        crossings.street[street.stretch] != "big_road"
        or crossings.name[street.stretch] not in (None, name)
        for street in junction.streets
    )
    return not any(others) and sum(map(bool, junction.ways)) < 2


def _marked(junction: _Junction, crossings: Crossings) -> str | None:
    """Tell how one is helped across at a junction: signals, marked or None."""
    told = {crossings.way[way.stretch] for ways in junction.ways for way in ways}
    told.add(crossings.node[junction.node])
    if "signals" in told or ("lights" in told and len(junction.streets) > 2):
        return "signals"
    return "marked" if "marked" in told else None


def _is_served(arm: _Arm, crossings: Crossings, stretches: Stretches) -> bool:
    """Tell whether there is a marked crossing a few steps along the street."""
    far_end = int(stretches.end[arm.stretch, 1 - arm.end])
    if crossings.node[far_end] not in {"signals", "marked"}:
        return False
    xy = stretches.xy[arm.stretch]
    return math.dist(xy[0], xy[-1]) <= _NEAR_M
