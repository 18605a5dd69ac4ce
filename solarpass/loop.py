"""Round walks: so many minutes from here and back, in the shade, with little walked twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from .arcs import arcs_of
from .chain import find_repeat_m, find_repeat_s, join_legs, take_stretch
from .errors import NoRouteError, TripError
from .network import Network
from .profile import Profile
from .route import Route, find_routes
from .shade import LIT, UNKNOWN, ShadeTable
from .snap import Snap, snap
from .trip import MOST_BUDGET, Likes, Trip, walk_ends
from .turning import Reach, find_ends, find_reach, find_turns, place_of, place_xy
from .walk import WalkModel
from .ways import ways_of

LENGTHS_MIN = (5, 180)  # from round the block to half a day out; our choice
MOST_LOOPS = 10  # our choice
MOST_REPEAT_M = 50.0  # farther on ways walked before it looks like a mistake; our choice
HALF = LIT >> 1  # full sun where the other half is for ways walked before
# The stretches of a round that are laid anew, as shares of its time; our choice.
WINDOWS: Final = (
    *((k / 6, k / 6 + 1 / 2) for k in range(4)),
    *((k / 6, k / 6 + 1 / 3) for k in range(5)),
)
NOTHING: Final = np.empty(0, np.int32)

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LoopModel:
    """
    What a round walk shall be like; change one assumption with `dataclasses.replace`.

    Attributes
    ----------
    slack
        By what share it may take less or more than was asked for; as the issue wants it. [1]
    most_repeat
        What share of its time may be spent on ways walked before, where there is another; our
        choice. [1]
    retrace_cost
        So much more sun, as a share of the time asked for, one rather has than walk more than
        `MOST_REPEAT_M` twice; our choice. [1]
    repeat_cost
        A second on a way walked before weighs as so many seconds of sun; our choice. [1]
    most_alike
        What share of its time a proposal may have in common with one before it; our choice. [1]
    leg_stretch
        How much longer than the shortest the way to each turning point may be; our choice. [1]
    n_each
        Turning points tried in each direction; our choice.
    n_mended, n_passes
        How many of the best are laid anew, stretch by stretch, and how often at most; our choice.
    """

    slack: float = 0.1
    most_repeat: float = 0.2
    retrace_cost: float = 0.1
    repeat_cost: float = 1.0
    most_alike: float = 0.5
    leg_stretch: float = 0.25
    n_each: int = 3
    n_mended: int = 8
    n_passes: int = 2


def find_loops(
    network: Network,
    shade: ShadeTable,
    origin: Place,
    departs: datetime,
    *,
    minutes: float,
    likes: Likes = "shade",
    profile: Profile = Profile(),
    speed_m_s: float | None = None,
    walk: WalkModel | None = None,
    n: int = 3,
    model: LoopModel = LoopModel(),
) -> list[Route]:
    """
    Find round walks with little sun, from a place and back to it.

    Walks by one or two turning points are tried all around, each leg in the shade and away from
    ways that were walked before; the best are laid anew between the middles of their legs. Such as
    walk more than `MOST_REPEAT_M` twice are proposed if that spares sun (`LoopModel.retrace_cost`).
    None is sunnier, by as much if they walk less twice, than the plain walk to its farthest point
    and back, the shortest way each, if that takes as long. Where no walk keeps to the share that
    may be walked twice, as in a blind alley, the answer is one walk, the one with least walked
    twice; see `find_repeat_s`.

    Parameters
    ----------
    network, shade
        As `find_routes`; the table covers the walk.
    origin
        Where one sets out, as (latitude, longitude). [°]
    departs
        When, zone-aware.
    minutes
        How long the walk is to take, more or less by `LoopModel.slack`. [min]
    likes, profile, speed_m_s
        As in `Trip`.
    walk
        How fast one walks; None: the usual.
    n
        How many to propose, different from each other; there may be fewer.
    model
        Assumptions.

    Returns
    -------
    list of Route
        Of kind ``"loop"``, the best first.

    Raises
    ------
    TripError
        As `find_routes`, or if `minutes` or `n` is out of bounds.
    NoRouteError
        If the streets that lead on from there end before.
    """
    _check(minutes, n)
    trip = Trip(origin, origin, departs, likes=likes, profile=profile, speed_m_s=speed_m_s)
    search = _Rounds(network, shade, trip, walk, 60.0 * minutes, model)
    rounds = search.try_all()
    chosen: list[Route] = []
    for route in sorted(rounds, key=search.rank):
        if len(chosen) == n:
            break
        if search.is_round(route) and _is_other(route, chosen, model):
            kept = search.hold_against_plain(route)
            if search.is_round(kept) and _is_other(kept, chosen, model):
                chosen.append(kept)
    if not chosen:
        least = min(rounds, key=lambda route: (find_repeat_s(route), search.rank(route)))
        chosen = [search.hold_against_plain(least)]
    return chosen


class _Rounds:
    """The search for the round walks of one question."""

    def __init__(
        self,
        network: Network,
        shade: ShadeTable,
        trip: Trip,
        walk: WalkModel | None,
        wanted_s: float,
        model: LoopModel,
    ) -> None:
        self.network, self.shade, self.trip, self.walk = network, shade, trip, walk
        self.model, self.wanted_s = model, wanted_s
        self.least_s, self.most_s = (wanted_s * (1.0 + k * model.slack) for k in (-1, 1))
        self.window = _cut_out(shade, trip.departs, self.most_s)
        self.sour = _rate(self.window.sun, trip.likes)
        # As `find_routes` will have them.
        self.ways = ways_of(network, trip.profile, by_night=bool(self.window.is_night[0]))
        pace = (walk or WalkModel()).at_speed(trip.speed_m_s)
        self.arcs = arcs_of(network, pace, self.ways)
        self.start, self.reach = self._look_around()
        self.found: dict[bytes, Route] = {}

    def try_all(self) -> list[Route]:
        """Lay rounds by all turning points, and the best of them anew."""
        for turn in find_turns(self.reach, self.wanted_s, n_each=self.model.n_each):
            self._lay(turn)
        for route in sorted(self.found.values(), key=self.rank)[: self.model.n_mended]:
            self._mend(route)
        if not self.found:  # as in a blind alley
            for place in find_ends(self.network, self.arcs, self.start, self.reach, self.wanted_s):
                self._lay_by((place,), (self.wanted_s / 2, self.wanted_s / 2))
        if not self.found:
            self._refuse()
        return list(self.found.values())

    def is_round(self, route: Route) -> bool:
        """Tell whether little enough of a walk is walked twice."""
        return find_repeat_s(route) <= self.model.most_repeat * route.walk_s

    def rank(self, route: Route) -> tuple[float, int, bytes]:
        """Order walks, the best first; the last parts only keep the order the same each time."""
        cost = self.sour_s(route) + self.model.repeat_cost * find_repeat_s(route)
        return cost + self.retrace_s(route), route.walk_s, route.edge.tobytes()

    def retrace_s(self, route: Route) -> float:
        """Tell what it weighs that one turns round and walks back a stretch. [s]."""
        is_far = find_repeat_m(route) > MOST_REPEAT_M
        return self.model.retrace_cost * self.wanted_s if is_far else 0.0

    def sour_s(self, route: Route) -> float:
        """Add up what one does not like: sun, or shade, and the unknown in either case. [s]."""
        sun = route.edge_sun_fraction
        sour = np.where(np.isnan(sun), 1.0, 1.0 - sun if self.trip.likes == "sun" else sun)
        return float(route.edge_walk_s @ sour)

    def hold_against_plain(self, route: Route) -> Route:
        """Give way to the walk to its farthest point and back, the shortest each, if better."""
        ends = self.network.edge_node[route.edge, route.forward.astype(int)]
        both_s = np.nan_to_num((self.reach.out_s + self.reach.back_s)[ends], posinf=-1.0)
        plain = self._walk_to(self.reach.place(int(ends[both_s.argmax()])))
        if plain is None:
            return route
        plain_s, route_s = (self.sour_s(one) + self.retrace_s(one) for one in (plain, route))
        return plain if plain_s < route_s else route

    def _look_around(self) -> tuple[Snap, Reach]:
        """Find where one sets out; past a fenced-off path or an island if it leads nowhere."""
        xy = place_xy(self.network, self.trip.origin)
        nearest = snap(self.network, xy, ways=self.ways)
        glare = self.sour.mean(axis=0) / HALF
        limit_s = 0.6 * self.most_s
        reach = find_reach(self.network, self.arcs, nearest, glare, limit_s=limit_s)
        if reach.farthest_s >= self.least_s:
            return nearest, reach
        try:
            largest = snap(self.network, xy, component=0, ways=self.ways)
        except TripError:
            return nearest, reach
        if largest.edge == nearest.edge:
            return nearest, reach
        return largest, find_reach(self.network, self.arcs, largest, glare, limit_s=limit_s)

    def _lay(self, turn: tuple[int, ...]) -> None:
        """Lay a round by one place or two."""
        away_s = float(self.reach.out_s[turn[0]]), float(self.reach.back_s[turn[-1]])
        self._lay_by(tuple(map(self.reach.place, turn)), away_s)

    def _lay_by(self, places: tuple[Place, ...], away_s: tuple[float, float]) -> None:
        """Lay a round by places; away are the first and the last of them, in walking time [s]."""
        fair = self.most_s / sum(away_s) - 1.0
        legs: list[Route] = []
        used_s = 0
        for ends in pairwise((self.trip.origin, *places, self.trip.origin)):
            stretch = self.model.leg_stretch if len(places) > 1 else fair
            if len(legs) == len(places):  # the last has all the time that is left
                stretch = (self.most_s - used_s) / max(away_s[1], 1.0) - 1.0
            leg = self._find_leg(ends, used_s, legs, stretch)
            if leg is None:
                return
            legs.append(leg)
            used_s += leg.walk_s
        self._keep(legs)

    def _mend(self, route: Route) -> None:
        """Lay stretches of a round anew, each away from the rest of it, while that helps."""
        for _ in range(self.model.n_passes):
            before = route
            for window in WINDOWS:
                better = self._mend_within(route, window)
                if better is not None and self.rank(better) < self.rank(route):
                    route = better
            if route is before:
                return

    def _mend_within(self, route: Route, window: tuple[float, float]) -> Route | None:
        left_s = route.entered_s + route.edge_walk_s
        first, last = np.searchsorted(left_s, np.array(window) * route.walk_s).tolist()
        last = len(route.edge) if window[1] == 1.0 else last
        if first >= last:
            return None
        nodes = [route.xy[route.edge_vertex[k]] for k in (first, last)]
        start, stop = (
            self.trip.origin if k in (0, len(route.edge)) else place_of(self.network, xy)
            for k, xy in zip((first, last), nodes, strict=True)
        )
        before, after = (
            take_stretch(route, *bounds) for bounds in ((0, first), (last, len(route.edge)))
        )
        rest = [leg for leg in (before, after) if leg is not None]
        used_s = 0 if before is None else before.walk_s
        within_s = int(route.edge_walk_s[first:last].sum())
        stretch = (self.most_s - route.walk_s) / max(within_s, 1)
        leg = self._find_leg((start, stop), used_s, rest, stretch)
        if leg is None:
            return None
        return self._keep([one for one in (before, leg, after) if one is not None])

    def _find_leg(
        self,
        ends: tuple[Place, Place],
        used_s: int,
        legs: Sequence[Route],
        stretch: float,
    ) -> Route | None:
        """Find the best way on, away from what was walked."""
        sour = self.sour.copy()
        walked = np.unique(np.concatenate([NOTHING, *(leg.edge for leg in legs)]))
        sour[:, walked] += np.uint8(round(HALF * self.model.repeat_cost))
        table = ShadeTable(self.window.times, sour, self.window.is_night)
        trip = replace(
            self.trip,
            origin=ends[0],
            destination=ends[1],
            departs=self._at(used_s),
            budget=min(max(stretch, 0.0), MOST_BUDGET),
            likes="shade",
        )
        try:
            return find_routes(self.network, table, trip, walk=self.walk)[-1]
        except (NoRouteError, TripError):
            return None

    def _walk_to(self, place: Place) -> Route | None:
        """Walk to a place and back, the shortest way each, if that takes as long as wanted."""
        legs: list[Route] = []
        for start, stop in ((self.trip.origin, place), (place, self.trip.origin)):
            departs = self._at(sum(leg.walk_s for leg in legs))
            trip = replace(self.trip, origin=start, destination=stop, departs=departs, budget=0.0)
            try:
                legs.append(find_routes(self.network, self.window, trip, walk=self.walk)[0])
            except (NoRouteError, TripError):
                return None
        return self._join(legs)

    def _keep(self, legs: Sequence[Route]) -> Route | None:
        """Keep a round that takes as long as wanted."""
        route = self._join(legs)
        if route is None:
            return None
        return self.found.setdefault(route.edge.tobytes() + route.xy.tobytes(), route)

    def _join(self, legs: Sequence[Route]) -> Route | None:
        """Make one walk of legs, if it takes as long as wanted and comes back to its start."""
        if not self.least_s <= sum(leg.walk_s for leg in legs) <= self.most_s:
            return None
        seams = [(a.xy[-1], b.xy[0]) for a, b in zip(legs, (*legs[1:], legs[0]), strict=True)]
        if not all(np.allclose(*seam, atol=1e-6) for seam in seams):
            return None
        return join_legs(self.network, self.window, legs, likes=self.trip.likes)

    def _at(self, used_s: int) -> datetime:
        # By the sun's clock: through a clock change as well.
        return walk_ends(self.trip.departs, used_s)

    def _refuse(self) -> NoReturn:
        farthest_min = int(self.reach.farthest_s // 60)
        msg = (
            f"The streets that lead on from there end after {farthest_min} min there and back, so "
            f"there is no round walk of {self.wanted_s / 60:g} min; ask for a shorter one."
        )
        raise NoRouteError(msg)


def _cut_out(shade: ShadeTable, departs: datetime, walk_s: float) -> ShadeTable:
    """Cut the slots of the walk out of a day, as each search copies what it reads."""
    first = shade.row_at(departs)
    last = shade.row_at(walk_ends(departs, int(walk_s) + shade.slot_s))
    rows = slice(first, last + 1)
    return ShadeTable(shade.times[rows], shade.sun[rows], shade.is_night[rows])


def _rate(stored: NDArray[np.uint8], likes: Likes) -> NDArray[np.uint8]:
    """Rate what one does not like on each edge, 0 to 127, the unknown in full."""
    known = np.minimum(stored, LIT)
    sour = np.where(stored == UNKNOWN, LIT, LIT - known if likes == "sun" else known)
    return (sour >> 1).astype(np.uint8)


def _is_other(route: Route, chosen: Iterable[Route], model: LoopModel) -> bool:
    """Tell whether a walk differs from all that were chosen before."""
    return all(
        route.edge_walk_s[np.isin(route.edge, other.edge)].sum() <= model.most_alike * route.walk_s
        for other in chosen
    )


def _check(minutes: float, n: int) -> None:
    shortest, longest = LENGTHS_MIN
    if not shortest <= minutes <= longest:  # also NaN
        msg = f"A round walk may take {shortest} to {longest} minutes; got {minutes:g}."
        raise TripError(msg)
    if not 1 <= n <= MOST_LOOPS:
        msg = f"1 to {MOST_LOOPS} round walks can be proposed; got {n}."
        raise TripError(msg)
