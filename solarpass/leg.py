"""Legs: edges of a walk, in a row, that are told together; and how one turns between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from .bearing import along, bearing_deg, line_length_m, middle, turned_deg
from .network import Network
from .pavement import CROSSINGS, SIDES
from .route import Route

Side = Literal["left", "right"]
Compass = Literal["north", "east", "south", "west"]
Turn = Literal["left", "right", "straight", "u-turn"]

CROSSES: Final = "across a carriageway"  # no kind of way of OpenStreetMap, which has "crossing"
STAIRS: Final = "steps"
_SAME_M: Final = 1e-3  # nearer than this a place is the corner itself; our choice


@dataclass(frozen=True, slots=True)
class LegModel:
    """
    What is worth telling a walker; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    short_m, short_named_m, short_stairs_m
        A way without a name, a named one, and stairs that are shorter are no leg of their own;
        our choice. [m]
    gap_m
        Nor is one without a name that leads back to the same street within this; our choice. [m]
    look_m
        The way ahead is read over so many metres; our choice. [m]
    around_m
        And the way across a street over so many metres before and behind it; our choice. [m]
    straight_deg, u_turn_deg
        A turn of less is none, one of more is a turn back; our choice. [°]
    most_bend_deg, compass_m
        The sides of a street that bends more, or of a shorter piece, have no name of the compass;
        our choice. [°], [m]
    shadier_fraction
        A side is called the shadier one if the next stretch has so much less sun; our choice.
    across_m
        So far from a pavement lies the one on the other side of the street; our choice. [m]
    """

    short_m: float = 30.0
    short_named_m: float = 10.0
    short_stairs_m: float = 4.0
    gap_m: float = 100.0
    look_m: float = 20.0
    around_m: float = 4.0
    straight_deg: float = 40.0
    u_turn_deg: float = 150.0
    most_bend_deg: float = 60.0
    compass_m: float = 30.0
    shadier_fraction: float = 0.15
    across_m: tuple[float, float] = (3.0, 60.0)


@dataclass(frozen=True, slots=True)
class Crossing:
    """
    One carriageway crossed, islands included.

    Attributes
    ----------
    kind
        How: of `pavement.CROSSINGS`, the least secured where its parts differ.
    street
        Name of the street that is crossed, None where it has none.
    xy
        Its middle, in the city's local metres. [m]
    """

    kind: str
    street: str | None
    xy: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Leg:
    """
    Edges of a walk, in a row, that belong together.

    Attributes
    ----------
    street, way
        Name of the street, or the kind of way where it has no name or crosses a street.
    side
        Of the street, as one walks.
    first, last
        It takes the edges `first` to `last` of the route, in its order.
    crossings
        What is crossed on the way, in order.
    """

    street: str | None
    way: str | None
    side: Side | None
    first: int
    last: int
    crossings: tuple[Crossing, ...] = ()

    @property
    def key(self) -> tuple[str | None, str | None, Side | None]:
        """What is alike along a leg."""
        return (self.street, self.way, self.side)

    @property
    def crosses(self) -> bool:
        """Whether it leads across a carriageway."""
        return self.way == CROSSES


@dataclass(frozen=True, eq=False, slots=True)
class Walk:
    """A route with what its network says of its edges."""

    network: Network
    route: Route
    model: LegModel

    def legs(self, first: int = 0, after: int | None = None) -> list[Leg]:
        """
        Cut the walk; what is crossed straight on is no leg, but counted.

        Only its edges from `first` to before `after`, if asked.
        """
        after = len(self.route.edge) if after is None else after
        legs = self._join_ways(self._drop_short(self._alike(first, after)))
        return _joined(self._pass_crossings(legs))

    def rounds(self, first: int, after: int) -> list[tuple[int, int]]:
        """
        Find where edges from `first` to before `after` lead back to a corner left before.

        Each as its first edge and the one behind its last, in order and apart.
        """
        ends = self.network.edge_node[self.route.edge[first:after]]
        forward = self.route.forward[first:after]
        left = np.where(forward, ends[:, 0], ends[:, 1])
        # Where the walk begins amid an edge it has left no corner yet.
        begins_xy = self.route.xy[self.route.edge_vertex[first]]
        away_m = float(np.hypot(*(self.network.node_xy[left[0]] - begins_xy)))
        found: list[tuple[int, int]] = []
        since: dict[int, int] = {}
        for place, corner in enumerate(left.tolist()):
            if place == 0 and away_m > _SAME_M:
                continue
            if corner in since:
                found.append((first + since[corner], first + place))
                since = {}
            since[corner] = place
        return found

    def length_m(self, leg: Leg) -> float:
        """Measure a leg [m]."""
        return float(self.route.edge_length_m[leg.first : leg.last + 1].sum())

    def compass(self, leg: Leg) -> Compass | None:
        """Tell where the side of a street lies, if the street is straight enough to have one."""
        if leg.side is None:
            return None
        line = self._line(leg)
        length_m = line_length_m(line)
        if length_m < self.model.compass_m:
            return None
        n_looks = max(1, round(length_m / self.model.look_m))
        looks = along(line, np.linspace(0.0, length_m, n_looks + 1))
        heads_deg = bearing_deg(looks[0], looks[-1])
        bends_deg = [turned_deg(heads_deg, bearing_deg(a, b)) for a, b in pairwise(looks)]
        if isnan(heads_deg) or max(bends_deg) - min(bends_deg) > self.model.most_bend_deg:
            return None
        lies_deg = heads_deg + (90.0 if leg.side == "right" else -90.0)
        points: tuple[Compass, ...] = ("north", "east", "south", "west")
        return points[round(lies_deg / 90.0) % 4]

    def turn(self, before: Leg, leg: Leg) -> Turn:
        """Tell how one turns from the end of one leg to the begin of another."""
        turn_deg = turned_deg(self._bearing_deg(before, at_end=True), self._bearing_deg(leg))
        if not abs(turn_deg) >= self.model.straight_deg:
            return "straight"
        if abs(turn_deg) > self.model.u_turn_deg:
            return "u-turn"
        return "right" if turn_deg > 0.0 else "left"

    def _alike(self, first: int, after: int) -> list[Leg]:
        """Put neighbouring edges together that are alike."""
        legs: list[Leg] = []
        for at in range(first, after):
            leg = self._read(at)
            if legs and leg.key == legs[-1].key:
                legs[-1] = replace(legs[-1], last=at)
            else:
                legs.append(leg)
        return legs

    def _read(self, at: int) -> Leg:
        """Tell what one edge of the walk is."""
        network, edge = self.network, self.route.edge[at]
        street = network.street_name[network.street[edge]]
        if network.crossing[edge]:
            return Leg(street, CROSSES, None, at, at)
        way = None if street else network.highway_kind[network.highway[edge]]
        return Leg(street, way, self._side(at), at, at)

    def _side(self, at: int) -> Side | None:
        """Tell the side as one walks, which the edge tells from its first end to its second."""
        side = SIDES[self.network.side[self.route.edge[at]]]
        if side == "none":
            return None
        return "left" if (side == "left") == bool(self.route.forward[at]) else "right"

    def _drop_short(self, legs: list[Leg]) -> list[Leg]:
        """Join what is too short to be told with its neighbour, the shortest first."""
        while len(legs) > 1:
            around = zip([None, *legs], legs, [*legs[1:], None], strict=False)
            short = [at for at, three in enumerate(around) if self._is_short(*three)]
            if not short:
                break
            at = min(short, key=lambda at: self.length_m(legs[at]))
            leg = legs[at]
            before = _taker(leg, legs[at - 1] if at else None)
            after = _taker(leg, legs[at + 1] if at + 1 < len(legs) else None)
            if before and (not before.crosses or after is None or after.crosses):
                legs[at - 1 : at + 1] = [replace(before, last=leg.last)]
            elif after:
                legs[at : at + 2] = [replace(after, first=leg.first)]
            legs = _joined(legs)
        return legs

    def _is_short(self, before: Leg | None, leg: Leg, after: Leg | None) -> bool:
        """Tell whether a leg is too short to be told; a crossing never is, nor a landing."""
        if leg.crosses or not (_taker(leg, before) or _taker(leg, after)):
            return False
        model = self.model
        if leg.street or leg.way == STAIRS:
            least_m = model.short_named_m if leg.street else model.short_stairs_m
            return self.length_m(leg) < least_m
        leads_back = before and after and before.street and before.key == after.key
        return self.length_m(leg) < (model.gap_m if leads_back else model.short_m)

    def _join_ways(self, legs: list[Leg]) -> list[Leg]:
        """Join ways without a name that lead straight on, under the kind of the longer one."""
        joined = legs[:1]
        for leg in legs[1:]:
            before = joined[-1]
            plain = not {before.street, leg.street} - {None} and leg.side == before.side
            if (
                plain
                and not {CROSSES, STAIRS} & {before.way, leg.way}
                and self.turn(before, leg) == "straight"
            ):
                way = max(before, leg, key=self.length_m).way
                joined[-1] = replace(before, way=way, last=leg.last)
            else:
                joined.append(leg)
        return joined

    def _pass_crossings(self, legs: list[Leg]) -> list[Leg]:
        """Count a crossing that one meets straight on, and let the walk go on over it."""
        legs = [replace(leg, crossings=(self._cross(leg),)) if leg.crosses else leg for leg in legs]
        told = legs[:1]
        for at, leg in enumerate(legs[1:], start=1):
            before = told[-1]
            after = legs[at + 1] if at + 1 < len(legs) else None
            if leg.key == before.key or (leg.crosses and self._is_passed(before, leg, after)):
                crossed = (*before.crossings, *leg.crossings)
                told[-1] = replace(before, last=leg.last, crossings=crossed)
            else:
                told.append(leg)
        return told

    def _is_passed(self, before: Leg, crossing: Leg, after: Leg | None) -> bool:
        """Tell whether a crossing leads straight on, over a street other than one's own."""
        if before.crosses or before.way == STAIRS or after is None or after.crosses:
            return False
        if crossing.street and crossing.street == before.street:
            return False
        if before.street and before.key == after.key:
            return True  # however the street bends there
        return self.turn(before, crossing) == self.turn(crossing, after) == "straight"

    def _cross(self, leg: Leg) -> Crossing:
        edge = self.route.edge[leg.first : leg.last + 1]
        x, y = middle(self._line(leg))
        kind = CROSSINGS[self.network.crossing[edge].max()]
        return Crossing(kind, leg.street, (float(x), float(y)))

    def _line(self, leg: Leg) -> NDArray[np.float64]:
        bounds = self.route.edge_vertex
        return self.route.xy[bounds[leg.first] : bounds[leg.last + 1] + 1]

    def _bearing_deg(self, leg: Leg, *, at_end: bool = False) -> float:
        """
        Tell where a leg heads at its begin or its end, clockwise from north [°].

        A crossing may be a mere point of a way that leads across, so one looks around it.
        """
        if leg.crosses:
            begin_m = line_length_m(self.route.xy[: self.route.edge_vertex[leg.first] + 1])
            end_m = begin_m + line_length_m(self._line(leg))
            around = np.array([begin_m - self.model.around_m, end_m + self.model.around_m])
            return bearing_deg(*along(self.route.xy, around))
        line, look_m = self._line(leg), self.model.look_m
        length_m = line_length_m(line)
        seen = [max(length_m - look_m, 0.0), length_m] if at_end else [0.0, min(look_m, length_m)]
        return bearing_deg(*along(line, np.array(seen)))


def _taker(leg: Leg, beside: Leg | None) -> Leg | None:
    """Give the neighbour that may take a leg; stairs take none, for their metres are told."""
    return None if beside and beside.way == STAIRS != leg.way else beside


def _joined(legs: Sequence[Leg]) -> list[Leg]:
    """Join neighbours that are alike."""
    joined = list(legs[:1])
    for leg in legs[1:]:
        before = joined[-1]
        if before.key == leg.key:
            crossed = (*before.crossings, *leg.crossings)
            joined[-1] = replace(before, last=leg.last, crossings=crossed)
        else:
            joined.append(leg)
    return joined
