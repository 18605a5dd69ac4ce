"""What is looked for only on asking: when else to leave, and what lies on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Final

from solarpass.departure import SPAN_MIN, STEP_MIN, Departures, find_departure
from solarpass.routetext import tell_waypoint
from solarpass.trip import Trip
from solarpass.wayside import Waypoint, find_waysides
from solarpass.words import Words, whole_minutes

from .answer import Answer, find_walks
from .scene import Scene

LEAST_GAIN_S: Final = 60.0  # for less nobody waits; our choice
MOST_KEPT: Final = 64  # trips of which all this is kept, for every tap asks again; our choice
STEP: Final = timedelta(minutes=STEP_MIN)


def find_advice(answer: Answer, *, now: datetime | None = None) -> Departures | None:
    """Look for a better time, up to 3 h earlier and later, and none that has passed by now."""
    trip = answer.question.trip
    if trip is None or answer.routes is None:
        return None
    ahead = trip.departs - (now or datetime.now(answer.scene.atlas.zone))
    before_min = ahead // STEP * STEP_MIN if ahead > timedelta(0) else SPAN_MIN
    return _scan(answer.scene, trip, min(max(before_min, STEP_MIN), SPAN_MIN))


@lru_cache(maxsize=MOST_KEPT)
def _scan(scene: Scene, trip: Trip, before_min: int) -> Departures:
    atlas = scene.atlas
    return find_departure(atlas.network, atlas.shade_on, trip, before_min=before_min)


def is_advised(found: Departures) -> bool:
    """Whether leaving at another time is surely better, and by enough to wait for."""
    return found.is_sure and found.gain_s >= LEAST_GAIN_S


def tell_advice(found: Departures, words: Words) -> str:
    """Say what leaving at the best time saves, or that nothing surely does."""
    best, asked = found.routes[found.best], found.routes[found.asked]
    time = f"{best.departs:%H:%M}"
    less = whole_minutes(asked.sun_s) - whole_minutes(best.sun_s)
    if is_advised(found) and less > 0:
        return words("leave_less", time=time, less=words.minutes(60 * less))
    if less <= 0:
        return words("leave_now")
    return words(
        "leave_unsure", time=time, best=words.minutes(best.sun_s), asked=words.minutes(asked.sun_s)
    )


def find_passed(answer: Answer) -> tuple[tuple[Waypoint, ...], ...]:
    """Find water, benches and toilets along each walk."""
    trip = answer.question.trip
    return () if trip is None or answer.routes is None else _look_around(answer.scene, trip)


@lru_cache(maxsize=MOST_KEPT)
def _look_around(scene: Scene, trip: Trip) -> tuple[tuple[Waypoint, ...], ...]:
    return tuple(find_waysides(scene.atlas, find_walks(scene, trip)[0]))


def tell_wayside(answer: Answer, passed: Sequence[Sequence[Waypoint]]) -> str:
    """Write as HTML the water, benches and toilets of each walk; the browser shows the chosen."""
    words, last = answer.words, len(answer.routes or ()) - 1
    said = []
    for number, found in enumerate(passed):
        if answer.same and number < last:
            continue
        listed = "".join(f"<li>{escape(tell_waypoint(one, words))}</li>" for one in found)
        body = f"<ul>{listed}</ul>" if found else f"<p>{escape(words('wayside_none'))}</p>"
        said.append(f'<div class="pick" data-number="{number}">{body}</div>')
    title = escape(words("wayside"))
    return f'<div class="wayside" lang="{words.language}"><h2>{title}</h2>{"".join(said)}</div>'
