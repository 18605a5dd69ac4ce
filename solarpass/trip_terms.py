"""What is said of walks beyond their steps: kinds, advice, the wayside; German and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
TRIP_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # kinds of walks; the shortest and the shadiest have theirs already
    "pareto": ("Weg dazwischen", "Walk in between"),
    "sunniest": ("Sonnigster Weg", "Sunniest walk"),
    "loop": ("Rundweg", "Round walk"),
    # steps that only such walks have
    "wait_here": (
        "Hier {minutes} warten, bis die Sonne weitergezogen ist",
        "Wait here {minutes} until the sun has moved on",
    ),
    "pass_named": ("Zwischenziel: {place}", "On your way: {place}"),
    "pass_by": ("Zwischenziel {n}", "Stop {n} on your way"),
    # the answer
    "trip_title": (
        "Zu Fuß von {origin} nach {destination}",
        "On foot from {origin} to {destination}",
    ),
    "loop_title": ("Zu Fuß rund um {origin}", "On foot around {origin}"),
    "trip_via": ("über {places}", "via {places}"),
    "trip_departs": ("Start am {date} um {time} Uhr", "Leave on {date} at {time}"),
    "trip_arrives": ("Ankunft um {time} Uhr", "arrive at {time}"),
    "trip_night": (
        "Es ist Nacht: Die Sonne steht unter dem Horizont.",
        "It is night: the sun is below the horizon.",
    ),
    "trip_same": (
        "Der kürzeste Weg ist auch der schattigste.",
        "The shortest walk is the shadiest as well.",
    ),
    "trip_same_sun": (
        "Der kürzeste Weg ist auch der sonnigste.",
        "The shortest walk is the sunniest as well.",
    ),
    # when to leave
    "leave_at": (
        "Am besten um {time} Uhr losgehen: {sun} Sonne statt {asked} um {asked_time} Uhr.",
        "Best leave at {time}: {sun} of sun, not {asked} as at {asked_time}.",
    ),
    "leave_any": (
        "Wann man losgeht, macht keinen sicheren Unterschied.",
        "When to leave makes no sure difference.",
    ),
    "leave_by": ("Spätestens um {time} Uhr losgehen.", "Leave at {time} at the latest."),
    # on the way
    "wayside": ("Unterwegs", "On the way"),
    "wayside_drinking_water": ("Trinkwasser", "Drinking water"),
    "wayside_fountain": ("Brunnen, kein Trinkwasser", "Fountain, not for drinking"),
    "wayside_toilets": ("Toilette", "Toilets"),
    "wayside_bench": ("Bank", "Bench"),
    "wayside_benches": ("{n} Bänke", "{n} benches"),
    "wayside_at": ("nach {metres}, um {time}", "after {metres}, at {time}"),
    "wayside_left": ("links, {metres} vom Weg", "on the left, {metres} off the way"),
    "wayside_right": ("rechts, {metres} vom Weg", "on the right, {metres} off the way"),
    "wayside_on": ("am Weg", "by the way"),
    "wayside_shade": ("im Schatten", "in the shade"),
    "wayside_part": ("teils im Schatten", "partly in the shade"),
    "wayside_sun": ("in der Sonne", "in the sun"),
    "wayside_dim": ("Schatten unbekannt", "shade unknown"),
    "wayside_access": ("Zugang laut Karte: {told}", "access as mapped: {told}"),
    "wayside_hours": ("Öffnungszeiten laut Karte: {told}", "opening hours as mapped: {told}"),
    # what the walk is like
    "notes": ("Was man wissen sollte", "Good to know"),
    "note_steps": ("{metres} Treppen", "{metres} of steps"),
    "note_bad": ("{metres} auf schlechtem Belag", "{metres} on a poor surface"),
    "note_kerbs": ("{n} hohe Bordsteine", "{n} raised kerbs"),
    "note_kerb": ("1 hoher Bordstein", "1 raised kerb"),
    "note_big": ("{metres} an großen Straßen", "{metres} along big roads"),
    "note_unlit": ("{metres} ohne Licht", "{metres} without light"),
    "note_untold": ("nicht in der Karte: {tags}", "not in the map: {tags}"),
    "note_tag": ("{tag} auf {metres}", "{tag} on {metres}"),
    "tag_surface": ("Belag", "surface"),
    "tag_smoothness": ("Ebenheit", "smoothness"),
    "tag_width": ("Breite", "width"),
    "tag_incline": ("Steigung", "slope"),
    "tag_kerb": ("Bordstein", "kerb"),
    "tag_lit": ("Licht", "light"),
    "tag_wheelchair": ("Eignung für Rollstühle", "fitness for wheelchairs"),
    "tag_barrier": ("Hindernis", "barrier"),
    # the page
    "route_map": (
        "Karte des Wegs. Die Farbe zeigt Sonne und Schatten zu der Zeit, in der man dort geht.",
        "Map of the walk. Colours show sun and shade at the time one walks there.",
    ),
    "key_shade": ("Schatten", "shade"),
    "key_part": ("teils Schatten", "partly shade"),
    "key_sun": ("Sonne", "sun"),
    "key_night": ("Nacht", "night"),
    "key_unknown": ("unbekannt", "unknown"),
    "key_other": ("andere Wege", "other walks"),
    "key_ends": ("A Start, B Ziel", "A start, B destination"),
    "key_loop": ("A Start und Ziel", "A start and end"),
    "data_from": ("Daten: {credit}. Lizenz: {licence}.", "Data: {credit}. Licence: {licence}."),
    "granted": ("Angenommen: {what}.", "Assumed: {what}."),
}
# fmt: on
