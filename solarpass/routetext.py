"""Walks in words, line by line: for a terminal, and for whoever reads aloud."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from math import isnan

from .chain import find_repeat_m
from .climb import LEAST_ASCENT_M
from .credit import find_credit
from .departure import Departures
from .digest import Digest, align, digest, tell_front, tell_kind, tell_range, tell_rows
from .foreign import plain
from .itinerary import Itinerary
from .loop import MOST_REPEAT_M
from .route import Route
from .sentence import tell_crossings, tell_step
from .trip import walk_ends
from .ways import WayNotes
from .wayside import Waypoint
from .words import Words, whole_minutes

LEAST_OFF_M = 50.0  # from a place to the walk: less goes without saying; our choice
IN_SHADE, IN_SUN = (
    0.25,
    0.75,
)  # shares of the beam below and above which words are plain; our choice
_LEAST_M = 1.0
_LEAST_NOTED_M = 10.0  # of a big road, say; our choice; stairs are told from the first metre


def write_text(itinerary: Itinerary, words: Words, *, shown: Collection[int] = ()) -> str:
    """
    Write walks as plain text, without signs that would steer a terminal.

    Parameters
    ----------
    itinerary
        The walks; those of a front stand in a table, and three of them are told step by step.
    words
        The language.
    shown
        Numbers of walks of a front, as the table has them, that are told step by step as well.
    """
    told = digest(itinerary)
    full = {*told.full, *(at for at in told.kept if told.number(at) in shown)}
    head = [tell_title(itinerary, words), *tell_advice(itinerary, words), ""]
    table: list[str] = []
    rest: list[str] = []
    if told.is_front:
        head.append(tell_front(itinerary, told, words))
        table = ["", *align(tell_rows(itinerary, told, words)), ""]
        rest = [words("front_rest"), ""] if len(full) < len(told.kept) else []
    walks = [line for at in sorted(full) for line in _write_walk(itinerary, told, at, words)]
    body = [*walks, *rest, *tell_ground(itinerary, words)]
    return "\n".join([*map(_indented, head), *table, *map(_indented, body)]) + "\n"


def _write_walk(itinerary: Itinerary, told: Digest, at: int, words: Words) -> list[str]:
    route, dark = itinerary.routes[at], itinerary.is_night[at]
    kind = tell_kind(itinerary, told, at, words)
    lines = [
        f"{kind}: {', '.join(tell_facts(itinerary, at, words))}",
        tell_times(route, words),
        *(
            f"{count:3}. {tell_step(step, words, dark=dark)}"
            for count, step in enumerate(itinerary.steps[at], 1)
        ),
    ]
    for title, said in (
        ("wayside", [tell_waypoint(one, words) for one in itinerary.wayside[at]]),
        ("notes", tell_notes(itinerary.notes[at], words, by_night=dark)),
    ):
        lines += [f"{words(title)}:", *(f"  - {one}" for one in said)] if said else []
    return [*lines, ""]


def tell_title(itinerary: Itinerary, words: Words) -> str:
    """Say from where to where."""
    if itinerary.destination is None:
        said = words("loop_title", origin=itinerary.origin)
    else:
        said = words("trip_title", origin=itinerary.origin, destination=itinerary.destination)
    if itinerary.passed:
        said += " " + words("trip_via", places=", ".join(itinerary.passed))
    return said


def find_arrival(route: Route) -> datetime:
    """Find when a walk ends, to the minute, so that its departure and its minutes add up."""
    return walk_ends(route.departs, 60 * whole_minutes(route.walk_s))


def tell_times(route: Route, words: Words) -> str:
    """Say when one leaves and arrives."""
    leaves = words("trip_departs", date=words.date(route.departs), time=f"{route.departs:%H:%M}")
    return f"{leaves}, {words('trip_arrives', time=f'{find_arrival(route):%H:%M}')}"


def tell_advice(itinerary: Itinerary, words: Words) -> list[str]:
    """Say when to leave, if that was asked, and what holds for all walks."""
    said = [words("trip_night")] if all(itinerary.is_night) else []
    routes = itinerary.routes
    is_one = len({route.xy.tobytes() for route in routes}) == 1
    if len(routes) > 1 and is_one and not said:
        said.append(words("trip_same_sun" if routes[-1].kind == "sunniest" else "trip_same"))
    said += _tell_ends(itinerary, words)
    found = itinerary.departures
    if found is None:
        return said
    if found.leave_by is not None:
        said.append(words("leave_by", time=f"{found.leave_by:%H:%M}"))
    return [*said, _tell_departure(found, words)]


def _tell_departure(found: Departures, words: Words) -> str:
    """Say when to leave, or why no time is better: with numbers in either case."""
    best, asked = found.routes[found.best], found.routes[found.asked]
    if found.is_sure:
        return words(
            "leave_at",
            time=f"{best.departs:%H:%M}",
            sun=words.minutes(best.sun_s),
            asked=words.minutes(asked.sun_s),
            asked_time=f"{asked.departs:%H:%M}",
        )
    named = {"best": found.best, "worst": found.worst, "asked": found.asked}
    values: dict[str, str] = {}
    for name, at in named.items():
        values[name] = _tell_range(found.span_s(at), words)
        values[f"{name}_time"] = f"{found.routes[at].departs:%H:%M}"
    if values["best"] == values["worst"]:
        return words("leave_any")
    if not found.is_surely_worse(found.worst):
        return words("leave_close", **values)
    return words("leave_best" if found.best == found.asked else "leave_fair", **values)


def _tell_range(span_s: tuple[float, float], words: Words) -> str:
    low, high = map(whole_minutes, span_s)
    return words.minutes(60 * high) if low == high else words("range_min", low=low, high=high)


def _tell_ends(itinerary: Itinerary, words: Words) -> list[str]:
    """Say how far the streets are from the places that were asked for, if that is far."""
    first = itinerary.routes[0]
    ends = [("starts_off", first.start_snap_m, itinerary.origin)]
    if itinerary.destination is not None:
        ends.append(("ends_off", first.end_snap_m, itinerary.destination))
    return [
        words(term, metres=words.metres(off_m), place=place)
        for term, off_m, place in ends
        if off_m >= LEAST_OFF_M
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
    if route.kind == "loop" and (twice_m := find_repeat_m(route)) >= MOST_REPEAT_M:
        told.append(words("twice_m", metres=words.metres(twice_m)))
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
    sun, ends = words.minutes(itinerary.routes[number].sun_s), tell_range(itinerary, number, words)
    if ends is None:
        return words("in_sun", sun=sun)
    return words("in_sun_range", sun=sun, low=ends[0], high=ends[1])


def _indented(line: str) -> str:
    """Clean a line, and keep the spaces it begins with."""
    return " " * (len(line) - len(line.lstrip(" "))) + plain(line)
