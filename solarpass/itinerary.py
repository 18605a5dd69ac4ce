"""Itinerary: walks that answer one trip, with all that is told of them in any kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .atlas import Atlas
from .departure import Departures
from .directions import Step
from .export import find_all_steps, find_notes
from .interval import SunInterval, find_interval
from .profile import Profile
from .route import Route
from .ways import WayNotes
from .wayside import Waypoint, find_waysides


@dataclass(frozen=True, eq=False, slots=True)
class Itinerary:
    """
    Walks that answer one trip, and what is told of each.

    Attributes
    ----------
    atlas
        The city.
    origin, destination
        What to call the ends; one for a round walk.
    passed
        What to call the places to pass.
    profile
        Who walks.
    routes
        The walks; the last is the one to take, of round walks the first.
    steps, wayside, notes, intervals
        Of each walk.
    departures
        When else one might leave; None where that was not asked.
    """

    atlas: Atlas
    origin: str
    destination: str | None
    passed: tuple[str, ...]
    profile: Profile
    routes: tuple[Route, ...]
    steps: tuple[tuple[Step, ...], ...]
    wayside: tuple[tuple[Waypoint, ...], ...]
    notes: tuple[WayNotes, ...]
    intervals: tuple[SunInterval, ...]
    departures: Departures | None = None

    @property
    def chosen(self) -> int:
        """Which of the walks is the one to take."""
        return 0 if self.routes[0].kind == "loop" else len(self.routes) - 1

    @property
    def is_night(self) -> tuple[bool, ...]:
        """Tell of each walk whether the sun is down all the way."""
        return tuple(self._is_night(route) for route in self.routes)

    def _is_night(self, route: Route) -> bool:
        shade = self.atlas.shade_on(route.departs.astimezone(self.atlas.zone).date())
        first, last = shade.row_at(route.departs), shade.row_at(route.arrives)
        return bool(shade.is_night[first : last + 1].all())


def plan_itinerary(
    atlas: Atlas,
    routes: Sequence[Route],
    *,
    origin: str,
    destination: str | None,
    passed: Sequence[str] = (),
    profile: Profile = Profile(),
    departures: Departures | None = None,
) -> Itinerary:
    """
    Find all that is told of walks: steps, the wayside, what they are like, how sure they are.

    Parameters
    ----------
    atlas, routes
        The city, and walks in it, at least one.
    origin, destination, passed, profile, departures
        As `Itinerary`.
    """
    shades = [atlas.shade_on(route.departs.astimezone(atlas.zone).date()) for route in routes]
    return Itinerary(
        atlas=atlas,
        origin=origin,
        destination=destination,
        passed=tuple(passed),
        profile=profile,
        routes=tuple(routes),
        steps=tuple(find_all_steps(atlas, routes, passed=passed)),
        wayside=tuple(find_waysides(atlas, routes)),
        notes=tuple(find_notes(atlas, route, profile) for route in routes),
        intervals=tuple(map(find_interval, shades, routes)),
        departures=departures,
    )
