"""Walks as files of any kind: data, a track, a table, words or a page."""

from __future__ import annotations

import json
from typing import Any, Final

from .departure import Departures
from .edgefile import write_edges_csv
from .export import routes_to_geojson
from .foreign import plain_all
from .gpx import write_gpx
from .itinerary import Itinerary
from .routepage import write_route_page
from .routetext import write_text
from .words import Words

TRIP_KINDS: Final = {
    "geojson": "application/geo+json",
    "gpx": "application/gpx+xml",
    "csv": "text/csv",
    "text": "text/plain",
    "html": "text/html",
}
"""What a trip can be written as, and the media type of each."""


def write_trip(itinerary: Itinerary, kind: str, words: Words) -> str:
    """
    Write walks as one of `TRIP_KINDS`, whole; the same walks give the same text.

    Parameters
    ----------
    itinerary
        The walks.
    kind
        Of `TRIP_KINDS`.
    words
        The language of what is told in words.
    """
    if kind == "gpx":
        return write_gpx(itinerary, words)
    if kind == "csv":
        return write_edges_csv(itinerary.atlas, itinerary.routes)
    if kind == "text":
        return write_text(itinerary, words)
    if kind == "html":
        return write_route_page(itinerary, words)
    collection = routes_to_geojson(
        itinerary.atlas,
        itinerary.routes,
        steps=itinerary.steps,
        profile=itinerary.profile,
        wayside=itinerary.wayside,
    )
    if itinerary.departures is not None:
        collection["departures"] = lay_departures(itinerary.departures)
    return json.dumps(plain_all(collection), ensure_ascii=False) + "\n"


def lay_departures(found: Departures) -> dict[str, Any]:
    """Lay departures out column by column, as plain values."""
    return {
        "departs": [one.isoformat() for one in found.departs],
        "arrives": [one.isoformat() for one in found.arrives],
        "walk_s": found.walk_s.tolist(),
        "sun_s": found.sun_s.round(3).tolist(),
        "sun_low_s": found.sun_low_s.round(3).tolist(),
        "sun_high_s": found.sun_high_s.round(3).tolist(),
        "unknown_s": found.unknown_s.round(3).tolist(),
        "is_night": found.is_night.tolist(),
        "asked": found.asked,
        "best": found.best,
        "is_sure": bool(found.is_sure),
        "leave_by": None if found.leave_by is None else found.leave_by.isoformat(),
    }
