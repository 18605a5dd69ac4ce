"""Answers: what the engine finds, as the bytes that are sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from solarpass import export
from solarpass.atlas import Atlas
from solarpass.credit import find_credit
from solarpass.departure import find_departure
from solarpass.foreign import plain_all
from solarpass.front import find_front
from solarpass.itinerary import plan_itinerary
from solarpass.loop import find_loops
from solarpass.placename import call_place
from solarpass.route import Route, find_routes
from solarpass.sentence import tell_step
from solarpass.shade import ShadeTable
from solarpass.trip import Trip
from solarpass.tripfile import TRIP_KINDS, lay_departures, write_trip
from solarpass.wayside import Waypoint
from solarpass.words import Words

from .inquiry import Inquiry
from .refusal import JSON, QuestionError
from .streets import find_streets
from .window import read_window

GEOJSON_KIND: Final = "geojson"
GEOJSON: Final = TRIP_KINDS[GEOJSON_KIND]
FORMATS: Final = TRIP_KINDS
MOST_BYTES: Final = 20_000_000  # of one answer; our choice
# The exact search has no bound but the budget: on longer walks it takes memory and minutes.
EXACT_KM, EXACT_BUDGET = 5.0, 0.5


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """
    What is sent.

    Attributes
    ----------
    body
        As it goes over the wire.
    media_type
        What it is.
    """

    body: bytes
    media_type: str


def answer_route(atlas: Atlas, asked: Inquiry) -> Answer:
    """Answer with the shortest and the shadiest walk, or with all between, as GeoJSON."""
    kind, words = asked.choice("format"), Words(asked.choice("language"))
    trip, exact = asked.trip(atlas), asked.is_wanted("exact")
    if exact:
        _refuse_long(trip)
    shade = _shade_of(atlas, trip)
    find = find_front if asked.is_wanted("pareto") else find_routes
    routes = find(atlas.network, shade, trip, exact=exact, waits=asked.is_wanted("waits"))
    is_wayside = asked.is_wanted("wayside")
    passed = _call_passed(asked)
    if kind == GEOJSON_KIND and not is_wayside:
        return _send_routes(atlas, routes, trip, words, passed=passed)
    itinerary = plan_itinerary(
        atlas,
        routes,
        origin=call_place(asked.texts["from"]),
        destination=call_place(asked.texts["to"]),
        passed=passed,
        profile=trip.profile,
    )
    if kind == GEOJSON_KIND:
        return _send_routes(atlas, routes, trip, words, passed=passed, wayside=itinerary.wayside)
    return _send(write_trip(itinerary, kind, words).rstrip("\n"), media_type=FORMATS[kind])


def answer_departure(atlas: Atlas, asked: Inquiry) -> Answer:
    """Answer with all departures around a time, and with the walk of the best."""
    words = Words(asked.choice("language"))
    window = read_window(atlas, asked)
    trip = window.asked.trip(atlas)
    found = find_departure(
        atlas.network,
        atlas.shade_on,
        trip,
        span_min=window.after_min,
        step_min=window.step_min,
        before_min=window.before_min,
        arrive_by=window.arrive_by,
    )
    shown = [found.routes[row] for row in dict.fromkeys((found.best, found.asked))]
    told = {
        **find_credit(atlas),
        **lay_departures(found),
        "routes": _tell_routes(atlas, shown, trip, words, passed=_call_passed(asked)),
    }
    return _send_json(told, media_type=JSON)


def answer_loop(atlas: Atlas, asked: Inquiry) -> Answer:
    """Answer with round walks from a place and back to it."""
    words = Words(asked.choice("language"))
    minutes, n_loops = asked.whole("minutes"), asked.whole("n")
    # Read as a trip from there to there, so that all other wishes are read as theirs.
    trip = Inquiry({**asked.texts, "to": asked.texts.get("from", "")}).trip(atlas)
    routes = find_loops(
        atlas.network,
        _shade_of(atlas, trip),
        trip.origin,
        trip.departs,
        minutes=minutes,
        likes=trip.likes,
        profile=trip.profile,
        speed_m_s=trip.speed_m_s,
        n=n_loops,
    )
    return _send_routes(atlas, routes, trip, words)


def answer_shade(atlas: Atlas, asked: Inquiry) -> Answer:
    """Answer with the sun on the streets of a rectangle at an instant."""
    streets = find_streets(atlas, asked.instant(atlas), asked.box())
    return _send_json(streets, media_type=GEOJSON)


def _shade_of(atlas: Atlas, trip: Trip) -> ShadeTable:
    return atlas.shade_on(trip.departs.astimezone(atlas.zone).date())


def _refuse_long(trip: Trip) -> None:
    """Refuse an exact search that may take minutes."""
    (lat, lon), (to_lat, to_lon) = trip.origin, trip.destination
    # As on a plane of the middle latitude's degrees, or more: bounds need no ellipsoid.
    away_km = 111.2 * max(abs(lat - to_lat), abs(lon - to_lon))
    if away_km > EXACT_KM or trip.budget > EXACT_BUDGET or trip.via:
        msg = (
            f"`exact` is answered up to {EXACT_KM:g} km, without places to pass, and with a "
            f"`budget` of at most {EXACT_BUDGET:g}; leave it out, or ask for a shorter walk."
        )
        raise QuestionError(msg)


def _call_passed(asked: Inquiry) -> list[str]:
    """Call the places to pass as they were asked for."""
    places = asked.texts.get("via", "").split("|")
    return [call_place(place.strip()) for place in places if place.strip()]


def _tell_routes(
    atlas: Atlas,
    routes: Sequence[Route],
    trip: Trip,
    words: Words,
    *,
    passed: Sequence[str] = (),
    wayside: Sequence[Sequence[Waypoint]] | None = None,
) -> dict[str, Any]:
    """Tell walks as the command line does, but for the language of the steps."""
    steps = export.find_all_steps(atlas, routes, passed=passed)
    told = export.routes_to_geojson(
        atlas, routes, steps=steps, profile=trip.profile, wayside=wayside
    )
    for feature, of_route in zip(told["features"], steps, strict=True):
        for shown, step in zip(feature["properties"]["steps"], of_route, strict=True):
            shown["words"] = tell_step(step, words).replace("\N{NO-BREAK SPACE}", " ")
    cleaned: dict[str, Any] = plain_all(told)
    return cleaned


def _send_routes(
    atlas: Atlas,
    routes: Sequence[Route],
    trip: Trip,
    words: Words,
    *,
    passed: Sequence[str] = (),
    wayside: Sequence[Sequence[Waypoint]] | None = None,
) -> Answer:
    told = _tell_routes(atlas, routes, trip, words, passed=passed, wayside=wayside)
    return _send_json(told, media_type=GEOJSON)


def _send_json(told: dict[str, Any], *, media_type: str) -> Answer:
    """Write JSON as the command line does, byte by byte."""
    return _send(json.dumps(told, ensure_ascii=False, allow_nan=False), media_type=media_type)


def _send(text: str, *, media_type: str) -> Answer:
    body = text.encode("utf-8", "replace")
    if len(body) > MOST_BYTES:
        msg = (
            f"The answer would have {len(body) / 1e6:,.0f} MB, and {MOST_BYTES / 1e6:.0f} MB are "
            "sent at most; ask for less."
        )
        raise QuestionError(msg, status=413, kind="too_large")
    return Answer(body, media_type)
