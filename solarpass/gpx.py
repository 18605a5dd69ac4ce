"""GPX: walks as tracks with times, for watches and phones; what lies along them as waypoints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from math import isnan

import numpy as np
from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint

from .city import City
from .credit import find_credit
from .foreign import plain
from .itinerary import Itinerary
from .route import Route
from .routetext import tell_facts, tell_title, tell_waypoint
from .words import Words

CREATOR = "SolarPass"
DIGITS = 7  # of degrees: a centimetre


def write_gpx(itinerary: Itinerary, words: Words) -> str:
    """
    Write walks as GPX 1.1, the same for the same walks.

    Each walk is a track: its points carry the second in which one is there, and the height of the
    ground where that is known. Waypoints are the places to pass and what lies along the walk that
    is to be taken, with the time one passes. Whose data it is stands in the copyright.
    """
    credit = find_credit(itinerary.atlas)
    gpx = GPX()
    gpx.creator = CREATOR
    gpx.name = plain(tell_title(itinerary, words))
    gpx.description = plain(words("granted", what=credit["assumptions"]))
    gpx.copyright_author = plain(credit["attribution"])
    gpx.copyright_license = _find_link(credit["licence"])
    gpx.time = itinerary.routes[0].departs.astimezone(UTC)
    gpx.waypoints.extend(_list_waypoints(itinerary, words))
    for number, route in enumerate(itinerary.routes):
        track = GPXTrack(
            name=words(route.kind),
            description=plain(", ".join(tell_facts(itinerary, number, words))),
        )
        track.type = "walking"  # type: ignore[assignment]  # gpxpy starts it as None
        track.source = CREATOR
        track.segments.append(GPXTrackSegment(list(_list_points(itinerary.atlas.city, route))))
        gpx.tracks.append(track)
    text: str = gpx.to_xml(version="1.1")
    return text + "\n"


def _list_points(city: City, route: Route) -> Iterator[GPXTrackPoint]:
    """Go along a walk, vertex by vertex, each at its second."""
    place_deg = city.to_degrees(route.xy)
    walked_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(route.xy, axis=0).T))])
    clock_s = np.append(route.entered_s, route.walk_s)
    at_s = np.interp(walked_m, walked_m[route.edge_vertex], clock_s).astype(int).tolist()
    departs = route.departs.astimezone(UTC)
    for (latitude, longitude), height_m, second in zip(
        place_deg.round(DIGITS).tolist(), route.z_m.tolist(), at_s, strict=True
    ):
        yield GPXTrackPoint(
            latitude,
            longitude,
            elevation=None if isnan(height_m) else round(height_m, 1),
            time=departs + timedelta(seconds=second),
        )


def _list_waypoints(itinerary: Itinerary, words: Words) -> Iterator[GPXWaypoint]:
    route = itinerary.routes[itinerary.chosen]
    place_deg = itinerary.atlas.city.to_degrees(route.xy).round(DIGITS).tolist()
    for number, edge in enumerate(route.via_index):
        latitude, longitude = place_deg[int(route.edge_vertex[edge])]
        clock_s = np.append(route.entered_s, route.walk_s)
        name = itinerary.passed[number] if number < len(itinerary.passed) else str(number + 1)
        one = GPXWaypoint(
            latitude,
            longitude,
            time=route.departs.astimezone(UTC) + timedelta(seconds=int(clock_s[edge])),
            name=plain(words("pass_named", place=name)),
        )
        one.type = "via"
        yield one
    for held in itinerary.wayside[itinerary.chosen]:
        one = GPXWaypoint(
            round(held.latitude_deg, DIGITS),
            round(held.longitude_deg, DIGITS),
            time=held.passes.astimezone(UTC),
            name=plain(held.name or words(f"wayside_{held.kind}")),
            description=plain(tell_waypoint(held, words)),
        )
        one.type = held.kind
        yield one


def _find_link(licence: str) -> str:
    """Find the address of a licence in its name, for a GPX takes nothing else."""
    return next((word for word in licence.split() if word.startswith("http")), "")
