"""Walks in words, line by line: for a terminal, and for whoever reads aloud."""

from __future__ import annotations

from datetime import timedelta
from math import isnan

from .climb import LEAST_ASCENT_M
from .credit import find_credit
from .foreign import plain
from .itinerary import Itinerary
from .route import Route
from .sentence import tell_crossings, tell_step
from .ways import WayNotes
from .wayside import Waypoint
from .words import Words, whole_minutes

LEAST_RANGE_MIN = 2  # a narrower interval tells a walker nothing; our choice
IN_SHADE, IN_SUN = (
    0.25,
    0.75,
)  # shares of the beam below and above which words are plain; our choice
_LEAST_M = 1.0
_LEAST_NOTED_M = 10.0  # of a big road, say; our choice; stairs are told from the first metre


def write_text(itinerary: Itinerary, words: Words) -> str:
    """Write all walks as plain text, without signs that would steer a terminal."""
    lines = [tell_title(itinerary, words), *tell_advice(itinerary, words), ""]
    for number, route in enumerate(itinerary.routes):
        lines.append(f"{words(route.kind)}: {', '.join(tell_facts(itinerary, number, words))}")
        lines.append(tell_times(route, words))
        dark = itinerary.is_night[number]
        for count, step in enumerate(itinerary.steps[number], 1):
            lines.append(f"{count:3}. {tell_step(step, words, dark=dark)}")
        for title, told in (
            ("wayside", [tell_waypoint(one, words) for one in itinerary.wayside[number]]),
            (
                "notes",
                tell_notes(itinerary.notes[number], words, by_night=itinerary.is_night[number]),
            ),
        ):
            lines += [f"{words(title)}:", *(f"  - {one}" for one in told)] if told else []
        lines.append("")
    lines += tell_ground(itinerary, words)
    return "\n".join(_indented(line) for line in lines) + "\n"


def tell_title(itinerary: Itinerary, words: Words) -> str:
    """Say from where to where."""
    if itinerary.destination is None:
        said = words("loop_title", origin=itinerary.origin)
    else:
        said = words("trip_title", origin=itinerary.origin, destination=itinerary.destination)
    if itinerary.passed:
        said += " " + words("trip_via", places=", ".join(itinerary.passed))
    return said


def tell_times(route: Route, words: Words) -> str:
    """Say when one leaves and arrives."""
    arrives = route.arrives + timedelta(seconds=30)  # to the minute, as the minutes told are
    leaves = words("trip_departs", date=words.date(route.departs), time=f"{route.departs:%H:%M}")
    return f"{leaves}, {words('trip_arrives', time=f'{arrives:%H:%M}')}"


def tell_advice(itinerary: Itinerary, words: Words) -> list[str]:
    """Say when to leave, if that was asked, and what holds for all walks."""
    said = [words("trip_night")] if all(itinerary.is_night) else []
    routes = itinerary.routes
    is_one = len({route.xy.tobytes() for route in routes}) == 1
    if len(routes) > 1 and is_one and not said:
        said.append(words("trip_same_sun" if routes[-1].kind == "sunniest" else "trip_same"))
    found = itinerary.departures
    if found is None:
        return said
    if found.leave_by is not None:
        said.append(words("leave_by", time=f"{found.leave_by:%H:%M}"))
    if not found.is_sure:
        return [*said, words("leave_any")]
    best, asked = found.routes[found.best], found.routes[found.asked]
    return [
        *said,
        words(
            "leave_at",
            time=f"{best.departs:%H:%M}",
            sun=words.minutes(best.sun_s),
            asked=words.minutes(asked.sun_s),
            asked_time=f"{asked.departs:%H:%M}",
        ),
    ]


def tell_facts(itinerary: Itinerary, number: int, words: Words) -> list[str]:
    """Say what one walk takes, in short pieces."""
    route = itinerary.routes[number]
    told = [words.minutes(route.walk_s), words.metres(route.length_m)]
    if not itinerary.is_night[number]:
        told.append(_tell_sun(itinerary, number, words))
        if route.unknown_m >= _LEAST_M:
            told.append(words("unknown_m", metres=words.metres(route.unknown_m)))
    if route.ascent_m >= LEAST_ASCENT_M:  # nor where none is known
        told.append(words("uphill", metres=words.metres(route.ascent_m)))
    crossed = tell_crossings(itinerary.steps[number], words)
    return [*told, crossed] if crossed else told


def tell_waypoint(one: Waypoint, words: Words) -> str:
    """Say what lies by the way, where, and when one passes it."""
    if one.kind == "bench" and one.count > 1:
        said = words("wayside_benches", n=one.count)
    else:
        said = words(f"wayside_{one.kind}")
    told = [f"{said} ({plain(one.name)})" if one.name else said]
    told.append(words("wayside_at", metres=words.metres(one.along_m), time=f"{one.passes:%H:%M}"))
    told.append(words(f"wayside_{one.side or 'on'}", metres=words.metres(one.off_m)))
    if one.kind == "bench" and not one.is_dark:
        share = one.sun_fraction
        known = "shade" if share < IN_SHADE else "sun" if share > IN_SUN else "part"
        told.append(words(f"wayside_{'dim' if isnan(share) else known}"))
    if one.access:
        told.append(words("wayside_access", told=plain(one.access)))
    if one.opening_hours:
        told.append(words("wayside_hours", told=plain(one.opening_hours)))
    return ", ".join(told)


def tell_notes(notes: WayNotes, words: Words, *, by_night: bool) -> list[str]:
    """Say what of a way may trouble somebody, by day no dark, and what of it nobody knows."""
    metres = {
        "note_steps": notes.steps_m,
        "note_bad": notes.bad_surface_m,
        "note_big": notes.big_road_m,
        "note_unlit": notes.unlit_m if by_night else 0.0,
    }
    said = []
    for term, told in metres.items():
        if told >= (_LEAST_M if term == "note_steps" else _LEAST_NOTED_M):
            said.append(words(term, metres=words.metres(told)))
    if notes.n_raised_kerbs:
        many = notes.n_raised_kerbs > 1
        said.append(words("note_kerbs" if many else "note_kerb", n=notes.n_raised_kerbs))
    untold = [
        words("note_tag", tag=words(f"tag_{tag}"), metres=words.metres(told))
        for tag, told in notes.unknown_m.items()
        if told >= _LEAST_M
    ]
    return [*said, words("note_untold", tags=", ".join(untold))] if untold else said


def tell_ground(itinerary: Itinerary, words: Words) -> list[str]:
    """Say what is taken for granted, and whose data this is."""
    credit = find_credit(itinerary.atlas)
    granted = [part.strip() for part in credit["assumptions"].split(";")]
    known = {words_en: term for term, words_en in _GRANTED.items()}
    what = ", ".join(words(known[one]) if one in known else one for one in granted)
    return [
        words("granted", what=what),
        words("data_from", credit=credit["attribution"], licence=credit["licence"]),
    ]


_GRANTED = {
    term: Words("en")(term)
    for term in (
        "assumed_sky",
        "assumed_flat",
        "assumed_hills",
        "assumed_houses",
        "assumed_trees",
        "assumed_both",
    )
}


def _tell_sun(itinerary: Itinerary, number: int, words: Words) -> str:
    route, interval = itinerary.routes[number], itinerary.intervals[number]
    sun = words.minutes(route.sun_s)
    low, high = whole_minutes(interval.low_s), whole_minutes(interval.high_s)
    if high - low < LEAST_RANGE_MIN:
        return words("in_sun", sun=sun)
    ends = (low, high) if high < 60 else [words.minutes(60 * end) for end in (low, high)]
    return words("in_sun_range", sun=sun, low=ends[0], high=ends[1])


def _indented(line: str) -> str:
    """Clean a line, and keep the spaces it begins with."""
    return " " * (len(line) - len(line.lstrip(" "))) + plain(line)
