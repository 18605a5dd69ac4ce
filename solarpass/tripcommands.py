"""What `solarpass route` does: reads what was asked of a trip, has it answered, writes a file."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from .atlas import Atlas, read_atlas
from .departure import MOST_SPAN_MIN, STEP_MIN, Departures, find_departure
from .digest import digest
from .draft import draft_file
from .errors import SourceError, TripError
from .front import find_front
from .itinerary import Itinerary, plan_itinerary
from .loop import find_loops
from .placename import call_place, read_place
from .profile import Profile
from .route import Route, find_routes
from .routetext import write_text
from .trip import USUAL_BUDGET, Trip, read_wall_time
from .tripfile import write_trip
from .words import Words

_ENDINGS: Final = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpx": "gpx",
    ".csv": "csv",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
}
# What a question of one kind leaves no place for.
_STRANGERS: Final = {
    "loop": (
        *("destination", "via", "depart_between", "arrive_by"),
        *("pareto", "exact", "waits", "budget"),
    ),
    "depart_between": ("at", "arrive_by", "pareto", "waits"),
    "arrive_by": ("at", "pareto", "waits"),
}

Found = tuple[list[Route], Departures | None]


def route(asked: argparse.Namespace) -> None:
    """Answer with walks, as data, as words or as a page."""
    kind = _check(asked)
    atlas = read_atlas(Path(asked.folder).expanduser())
    trip = _read_trip(atlas, asked)
    routes, departures = _find(atlas, trip, asked)
    itinerary = plan_itinerary(
        atlas,
        routes,
        origin=call_place(asked.origin),
        destination=None if asked.loop is not None else call_place(asked.destination),
        passed=[call_place(text) for text in asked.via],
        profile=trip.profile,
        departures=departures,
    )
    words = Words(asked.language)
    if asked.walk:
        text = _write_shown(itinerary, words, asked.walk)
    else:
        text = write_trip(itinerary, kind, words)
    if asked.out is not None:
        with draft_file(Path(asked.out).expanduser()) as draft:
            draft.write_text(text, encoding="utf-8", newline="")
        return
    sys.stdout.write(text)
    if sys.stderr.isatty() and kind != "text":  # for who reads along, beside the data on stdout
        sys.stderr.write(write_text(itinerary, words))


def _write_shown(itinerary: Itinerary, words: Words, shown: list[int]) -> str:
    """Write a front in words, with walks of these numbers step by step."""
    n_walks = len(digest(itinerary).kept)
    for number in shown:
        if not 1 <= number <= n_walks:
            msg = f"--walk must name a walk of the table, 1 to {n_walks}; got {number}."
            raise TripError(msg)
    return write_text(itinerary, words, shown=shown)


def _check(asked: argparse.Namespace) -> str:
    """Refuse what does not go together, before anything is read; tell the kind of file."""
    for leading, others in _STRANGERS.items():
        if getattr(asked, leading) is None:
            continue
        for other in others:
            if getattr(asked, other) not in (None, False, []):
                msg = f"{_option(leading)} and {_option(other)} do not go together; leave one out."
                raise TripError(msg)
    if asked.loop is None and asked.destination is None:
        msg = "Wanted --to PLACE, where to walk, or --loop MINUTES for a round walk."
        raise TripError(msg)
    kind = _check_file(asked)
    if asked.walk and not (asked.pareto and kind == "text"):
        msg = "--walk NUMBER wants --pareto and --format text, whose table has the numbers."
        raise TripError(msg)
    return kind


def _check_file(asked: argparse.Namespace) -> str:
    """Tell the kind of file, if it can be written."""
    if asked.out is None:
        return asked.format or "geojson"
    path = Path(asked.out).expanduser()
    kind: str | None = asked.format or _ENDINGS.get(path.suffix.lower())
    if kind is None:
        msg = (
            f"--out must end in .geojson, .gpx, .csv, .txt or .html, or stand beside --format; "
            f"got {asked.out!r}."
        )
        raise SourceError(msg)
    if not path.parent.is_dir():
        msg = f"--out must lie in a folder that exists; got {asked.out!r}."
        raise SourceError(msg)
    return kind


def _option(name: str) -> str:
    return "--to" if name == "destination" else "--" + name.replace("_", "-")


def _read_trip(atlas: Atlas, asked: argparse.Namespace) -> Trip:
    """Read the question; a round walk ends where it begins."""
    origin = read_place(atlas, asked.origin)
    is_round = asked.loop is not None
    first = asked.depart_between[0] if asked.depart_between else asked.arrive_by
    return Trip(
        origin=origin,
        destination=origin if is_round else read_place(atlas, asked.destination),
        departs=_read_time(atlas, asked.at or first or "now"),
        budget=USUAL_BUDGET if asked.budget is None else asked.budget,
        via=tuple(read_place(atlas, text) for text in asked.via),
        likes=asked.likes,
        profile=Profile.from_text(asked.profile),
        speed_m_s=asked.speed,
    )


def _read_time(atlas: Atlas, text: str) -> datetime:
    return datetime.now(atlas.zone) if text == "now" else read_wall_time(text, atlas.zone)


def _find(atlas: Atlas, trip: Trip, asked: argparse.Namespace) -> Found:
    """Have the question answered."""
    if asked.depart_between or asked.arrive_by:
        found = _find_departures(atlas, trip, asked)
        # Where no advice is given, the walk is that of the time that was asked for.
        best = found.routes[found.best if found.is_sure else found.asked]
        departs = best.departs.astimezone(atlas.zone)
        shade = atlas.shade_on(departs.date())
        # For the walk to take is held against the shortest at its own time.
        shortest = find_routes(atlas.network, shade, replace(trip, departs=departs, budget=0.0))[0]
        return [shortest, best], found
    shade = atlas.shade_on(trip.departs.astimezone(atlas.zone).date())
    if asked.loop is not None:
        loops = find_loops(
            atlas.network,
            shade,
            trip.origin,
            trip.departs,
            minutes=asked.loop,
            likes=trip.likes,
            profile=trip.profile,
            speed_m_s=trip.speed_m_s,
        )
        return loops, None
    search = find_front if asked.pareto else find_routes
    return search(atlas.network, shade, trip, exact=asked.exact, waits=asked.waits), None


def _find_departures(atlas: Atlas, trip: Trip, asked: argparse.Namespace) -> Departures:
    if asked.arrive_by:
        return find_departure(
            atlas.network, atlas.shade_on, trip, arrive_by=trip.departs, exact=asked.exact
        )
    last = _read_time(atlas, asked.depart_between[1])
    span_min = int((last - trip.departs).total_seconds() // 60)
    if not STEP_MIN <= span_min <= MOST_SPAN_MIN:
        msg = (
            f"--depart-between must name two times, the later one last, {STEP_MIN} minutes to "
            f"{MOST_SPAN_MIN // 60} hours apart; got {' and '.join(asked.depart_between)}."
        )
        raise TripError(msg)
    return find_departure(
        atlas.network, atlas.shade_on, trip, span_min=span_min, before_min=0, exact=asked.exact
    )
