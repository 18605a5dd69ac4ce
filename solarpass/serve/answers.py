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
from solarpass.front import find_front
from solarpass.itinerary import plan_itinerary
from solarpass.loop import LENGTHS_MIN, MOST_LOOPS, find_loops
from solarpass.placename import call_place
from solarpass.route import Route, find_routes
from solarpass.shade import ShadeTable
from solarpass.trip import Trip
from solarpass.tripfile import TRIP_KINDS, lay_departures, write_trip
from solarpass.words import Words

from .inquiry import Inquiry
from .refusal import JSON, QuestionError
from .streets import find_streets

GEOJSON_KIND: Final = "geojson"
GEOJSON: Final = TRIP_KINDS[GEOJSON_KIND]
FORMATS: Final = TRIP_KINDS
MOST_BYTES: Final = 20_000_000  # of one answer; our choice
# The exact search has no bound but the budget: on longer walks it takes memory and minutes.
EXACT_KM, EXACT_BUDGET = 5.0, 0.5
SPAN_MIN, STEP_MIN = (0, 180, 720), (5, 5, 60)  # least, usual and most; our choice
MOST_DEPARTURES: Final = 73  # three hours either way in steps of five minutes; our choice


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
    kind = asked.choice("format", tuple(FORMATS))
    trip, exact = asked.trip(atlas), asked.is_wanted("exact")
    if exact:
        _refuse_long(trip)
    shade = _shade_of(atlas, trip)
    find = find_front if asked.is_wanted("pareto") else find_routes
    routes = find(atlas.network, shade, trip, exact=exact, waits=asked.is_wanted("waits"))
    if kind == GEOJSON_KIND and not asked.is_wanted("wayside"):
        return _send_routes(atlas, routes, trip)
    itinerary = plan_itinerary(
        atlas,
        routes,
        origin=call_place(asked.texts["from"]),
        destination=call_place(asked.texts["to"]),
        passed=[f"{latitude_deg:g}, {longitude_deg:g}" for latitude_deg, longitude_deg in trip.via],
        profile=trip.profile,
    )
    return _send(write_trip(itinerary, kind, Words("en")).rstrip("\n"), media_type=FORMATS[kind])


def answer_departure(atlas: Atlas, asked: Inquiry) -> Answer:
    """Answer with all departures around a time, and with the walk of the best."""
    trip = asked.trip(atlas)
    least, usual, most = SPAN_MIN
    span_min = asked.whole("span", usual=usual, least=least, most=most)
    least, usual, most = STEP_MIN
    step_min = asked.whole("step", usual=usual, least=least, most=most)
    arrive_by = asked.instant(atlas, "arrive_by") if asked.texts.get("arrive_by") else None
    n_departures = (2 if arrive_by is None else 1) * (span_min // step_min) + 1
    if n_departures > MOST_DEPARTURES:
        msg = (
            f"At most {MOST_DEPARTURES} departures are tried; `span` {span_min} and `step` "
            f"{step_min} ask for {n_departures}: widen the step or narrow the span."
        )
        raise QuestionError(msg)
    found = find_departure(
        atlas.network,
        atlas.shade_on,
        trip,
        span_min=span_min,
        step_min=step_min,
        arrive_by=arrive_by,
    )
    shown = [found.routes[row] for row in dict.fromkeys((found.best, found.asked))]
    told = {
        **find_credit(atlas),
        **lay_departures(found),
        "routes": export.routes_to_geojson(atlas, shown, profile=trip.profile),
    }
    return _send_json(told, media_type=JSON)


def answer_loop(atlas: Atlas, asked: Inquiry) -> Answer:
    """Answer with round walks from a place and back to it."""
    least, most = LENGTHS_MIN
    minutes = asked.whole("minutes", usual=30, least=least, most=most)
    n_loops = asked.whole("n", usual=3, least=1, most=MOST_LOOPS)
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
    return _send_routes(atlas, routes, trip)


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


def _send_routes(atlas: Atlas, routes: Sequence[Route], trip: Trip) -> Answer:
    told = export.routes_to_geojson(atlas, routes, profile=trip.profile)
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
