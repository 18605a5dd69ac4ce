"""What is said of walks: steps, kinds, advice, the wayside; German and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
STEP_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "along": ("{street} entlang", "along {street}"),
    "across": ("über den Platz {street}", "across {street}"),
    "across_den": ("über den {street}", "across {street}"),
    "way_footway": ("den Gehweg entlang", "along the footway"),
    "way_path": ("den Pfad entlang", "along the path"),
    "way_steps": ("über die Treppe", "over the steps"),
    "way_pedestrian": ("durch die Fußgängerzone", "through the pedestrian zone"),
    "way_square": ("über den Platz", "across the square"),
    "way_service": ("die Zufahrt entlang", "along the service road"),
    "way_cycleway": ("den Radweg entlang", "along the cycle path"),
    "way_track": ("den Feldweg entlang", "along the track"),
    "way_corridor": ("durch den Gang", "through the corridor"),
    "way_other": ("den Weg ohne Namen entlang", "along the unnamed way"),
    "turn_left": ("links abbiegen, {way}", "turn left, {way}"),
    "turn_right": ("rechts abbiegen, {way}", "turn right, {way}"),
    "turn_straight": ("geradeaus, {way}", "straight on, {way}"),
    "turn_u_turn": ("umkehren, {way}", "turn round, {way}"),
    # German inflects both by the same "n": auf die linke, auf der linken Seite
    "left": ("linke", "left-hand"),
    "right": ("rechte", "right-hand"),
    "side_north": ("nördliche", "north"),
    "side_east": ("östliche", "east"),
    "side_south": ("südliche", "south"),
    "side_west": ("westliche", "west"),
    "on_side": (", auf der {side}n Seite", ", on the {side} side"),
    "on_side_compass": (", auf der {side}n ({compass}n) Seite", ", on the {side} ({compass}) side"),
    "shadier": ("schattigere", "shadier"),
    "cross_to": (
        "auf die {shadier}{side} Seite{of} wechseln, {how}",
        "cross to the {shadier}{side} side{of}, {how}",
    ),
    "cross_to_compass": (
        "auf die {shadier}{side} ({compass}) Seite{of} wechseln, {how}",
        "cross to the {shadier}{side} ({compass}) side{of}, {how}",
    ),
    "of_street": ("von {street}", "of {street}"),
    "cross": ("{street} queren, {how}", "cross {street}, {how}"),
    "a_street": ("die Straße", "the street"),
    "at_signals": ("an der Ampel", "at the lights"),
    "at_marked": ("am markierten Überweg", "at the marked crossing"),
    "at_side_street": ("ohne Überweg", "where no crossing is marked"),
    "at_street": ("ohne Überweg", "where no crossing is marked"),
    "at_big_road": (
        "ohne Überweg: Vorsicht, große Straße",
        "where no crossing is marked: take care, a big road",
    ),
    "step_sun": ("{share}\N{NO-BREAK SPACE}Sonne", "{share}\N{NO-BREAK SPACE}sun"),
    "step_unknown": ("{metres} am Rand der Daten", "{metres} at the edge of the data"),
    "step_covered": ("unter Dach oder in einem Tunnel", "under cover or in a tunnel"),
    "crossing_one": ("1\N{NO-BREAK SPACE}Querung", "1\N{NO-BREAK SPACE}crossing"),
    "crossings": ("{n}\N{NO-BREAK SPACE}Querungen", "{n}\N{NO-BREAK SPACE}crossings"),
    "all_lights": ("mit Ampel", "at lights"),
    "some_lights": ("{n} mit Ampel", "{n} at lights"),
    # the figure of one street
    "chart_title": (
        "{street}: Sonne durch Tag und Jahr {year}",
        "{street}: sun through the day and the year {year}",
    ),
    "chart_side": ("{compass}seite ({metres})", "{compass} side ({metres})"),
    "chart_no_side": ("ohne Seite ({metres})", "on no side ({metres})"),
    "compass_N": ("Nord", "Northern"),
    "compass_NE": ("Nordost", "North-eastern"),
    "compass_E": ("Ost", "Eastern"),
    "compass_SE": ("Südost", "South-eastern"),
    "compass_S": ("Süd", "Southern"),
    "compass_SW": ("Südwest", "South-western"),
    "compass_W": ("West", "Western"),
    "compass_NW": ("Nordwest", "North-western"),
    "chart_hour": ("Uhrzeit [h]", "time of day [h]"),
    "chart_month": ("Monat", "month"),
    "chart_share": ("Anteil der Länge in der Sonne", "share of the length in the sun"),
    "chart_night": ("Nacht", "night"),
    "chart_unknown": ("unbekannt (Rand der Daten)", "unknown (edge of the data)"),
    "chart_rise": ("Sonnenauf- und -untergang", "sunrise and sunset"),
    "chart_hours": ("{side}: {hours} Sonne", "{side}: {hours} of sun"),
}

TRIP_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # kinds of walks; the shortest and the shadiest have theirs already
    "pareto": ("Weg dazwischen", "Walk in between"),
    "sunniest": ("Sonnigster Weg", "Sunniest walk"),
    "loop": ("Rundweg", "Round walk"),
    "both_sun": ("Kürzester und sonnigster Weg", "Shortest and sunniest walk"),
    "twice_m": ("{metres} davon doppelt", "walks {metres} twice"),
    # the walks of a front
    "front": (
        "{n} Wege zur Wahl, jeder mit weniger Sonne als der vor ihm.",
        "{n} walks to choose from, each with less sun than the one before.",
    ),
    "front_sunny": (
        "{n} Wege zur Wahl, jeder mit mehr Sonne als der vor ihm.",
        "{n} walks to choose from, each with more sun than the one before.",
    ),
    "front_number": ("Nr.", "No."),
    "front_walk": ("Gehzeit", "walking"),
    "front_longer": ("länger um", "longer by"),
    "front_in_sun": ("in der Sonne", "in the sun"),
    "front_crossings": ("Querungen", "crossings"),
    "front_kind": ("Weg", "walk"),
    "front_usual": ("höchstens {percent} länger", "at most {percent} longer"),
    "front_rest": (
        "Die übrigen Wege Schritt für Schritt: mit --walk NR., oder als Seite (html).",
        "The other walks step by step: with --walk NUMBER, or as a page (html).",
    ),
    "range_min": (
        "{low} bis {high}\N{NO-BREAK SPACE}min",
        "{low} to {high}\N{NO-BREAK SPACE}min",
    ),
    # where the streets that lead on are not at the door
    "starts_off": (
        "Der Weg beginnt {metres} von {place} entfernt: Näher liegt keine Straße, die weiterführt.",
        "The walk begins {metres} from {place}: no street that leads on is nearer.",
    ),
    "ends_off": (
        "Der Weg endet {metres} von {place} entfernt: Näher liegt keine Straße, die hinführt.",
        "The walk ends {metres} from {place}: no street that leads there is nearer.",
    ),
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
    "leave_close": (
        ("Um {best_time} Uhr {best} in der Sonne, um {worst_time} Uhr {worst}: zu wenig "
        "Unterschied, um zu raten."),
        "{best} in the sun at {best_time}, {worst} at {worst_time}: too close to advise.",
    ),
    "leave_best": (
        "{best_time} Uhr passt am besten: {best} in der Sonne, um {worst_time} Uhr {worst}.",
        "{best_time} suits best: {best} in the sun, {worst} at {worst_time}.",
    ),
    "leave_fair": (
        ("{asked_time} Uhr ist kaum schlechter als {best_time} Uhr ({asked} und {best} in der "
        "Sonne); schlechter ist {worst_time} Uhr mit {worst}."),
        ("{asked_time} is hardly worse than {best_time} ({asked} and {best} in the sun); "
        "{worst_time} is worse, with {worst}."),
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
