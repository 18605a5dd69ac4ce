"""What the page of the heat says: one row a term, so that none lacks a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
HEAT_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # the page
    "heat_page": ("HiRo: Hitze vor Ort", "HiRo: local heat"),
    "heat_title": ("Wie heiß wird es hier?", "How hot does it get here?"),
    "heat_intro": (
        "Orte, an denen Menschen warten, spielen oder gepflegt werden, und wie heiß es dort wird.",
        "Places where people wait, play or are cared for, and how hot it gets there.",
    ),
    "heat_map": (
        ("Karte der Orte, nach Hitzestufe gefärbt. Alle Orte stehen auch in der Liste; mit der "
        "Tastatur verschieben die Pfeiltasten die Karte."),
        ("Map of the places, coloured by level of heat. All places stand in the list as well; "
        "by keyboard, arrows move the map."),
    ),
    "heat_no_map": (
        ("Dieser Browser kann die Karte nicht zeichnen (WebGL 2 fehlt). Alle Orte stehen in der "
        "Liste."),
        "This browser cannot draw the map (it lacks WebGL 2). All places stand in the list.",
    ),
    "heat_reckoned": (
        "Die Hitze wird berechnet. Beim ersten Mal dauert das bis zu einer Minute …",
        "Reckoning the heat. The first time this takes up to a minute …",
    ),
    "heat_again": (
        "Die Hitze am {day} wird berechnet. Das dauert bis zu einer Minute …",
        "Reckoning the heat of {day}. This takes up to a minute …",
    ),
    "heat_busy": (
        "Gerade werden zu viele andere Tage berechnet. Lade die Seite in einer Minute neu.",
        "Too many other days are being reckoned just now. Reload the page in a minute.",
    ),
    "heat_fault": (
        "Die Hitze lässt sich für diese Stadt nicht berechnen: {reason}",
        "The heat of this city cannot be reckoned: {reason}",
    ),
    "heat_lost": (
        "Die Hitze ließ sich nicht laden. Lade die Seite neu.",
        "The heat could not be loaded. Reload the page.",
    ),
    # levels; the words of heat.md
    "level": ("Hitzestufe", "Level of heat"),
    "level_0": ("keine", "none"),
    "level_1": ("mäßig", "moderate"),
    "level_2": ("stark", "strong"),
    "level_3": ("sehr stark", "very strong"),
    "level_4": ("extrem", "extreme"),
    "level_unknown": ("unbekannt", "unknown"),
    "level_said_0": ("keine Hitze", "no heat"),
    "level_almost": (
        "fast sicher {level} ({sure}\N{NO-BREAK SPACE}%)",
        "almost certainly {level} ({sure}\N{NO-BREAK SPACE}%)",
    ),
    "level_probably": (
        "wahrscheinlich {level} ({sure}\N{NO-BREAK SPACE}%)",
        "probably {level} ({sure}\N{NO-BREAK SPACE}%)",
    ),
    "level_likeliest": (
        "am ehesten {level} ({sure}\N{NO-BREAK SPACE}%)",
        "most likely {level} ({sure}\N{NO-BREAK SPACE}%)",
    ),
    "not_official": (
        "Objektstufe, keine amtliche Warnung",
        "Level of this object, no official warning",
    ),
    "felt_means": (
        ("„Gefühlt“ meint das Maß UTCI: Luft, Sonne, Wind, Feuchte und warmer Boden zusammen. "
        "Die „gefühlte Temperatur“ des Wetterdienstes ist ein anderes Maß."),
        ("“Felt” means the measure UTCI: air, sun, wind, moisture and warm ground together. The "
        "“perceived temperature” of the weather service is another measure."),
    ),
    "dwd": (
        ("Der Deutsche Wetterdienst (DWD) warnt vor starker Wärmebelastung ab etwa "
        "32\N{NO-BREAK SPACE}°C und vor extremer über 38\N{NO-BREAK SPACE}°C seiner „gefühlten "
        "Temperatur“, immer für einen ganzen Landkreis. Unsere Stufen beginnen bei 26, 32, 38 "
        "und 46\N{NO-BREAK SPACE}°C UTCI und gelten für einen einzelnen Ort."),
        ("The German weather service (DWD) warns of strong heat stress from about "
        "32\N{NO-BREAK SPACE}°C of its “perceived temperature” and of extreme above "
        "38\N{NO-BREAK SPACE}°C, always for a whole district. Our levels begin at 26, 32, 38 "
        "and 46\N{NO-BREAK SPACE}°C of UTCI and hold for a single place."),
    ),
    "assumed_day": (
        ("Auslegungstag: {day}, {air}\N{NO-BREAK SPACE}°C, {vapour}\N{NO-BREAK SPACE}hPa, "
        "{wind}\N{NO-BREAK SPACE}m/s, klar"),
        ("Design day: {day}, {air}\N{NO-BREAK SPACE}°C, {vapour}\N{NO-BREAK SPACE}hPa, "
        "{wind}\N{NO-BREAK SPACE}m/s, clear"),
    ),
    "assumed_off_season": (
        ("Sonne vom {day}, Luft wie an einem Hitzetag: {air}\N{NO-BREAK SPACE}°C, "
        "{vapour}\N{NO-BREAK SPACE}hPa, {wind}\N{NO-BREAK SPACE}m/s, klar"),
        ("Sun of {day}, air as on a hot day: {air}\N{NO-BREAK SPACE}°C, "
        "{vapour}\N{NO-BREAK SPACE}hPa, {wind}\N{NO-BREAK SPACE}m/s, clear"),
    ),
    "assumed_weather": ("Wetter: {source}", "Weather: {source}"),
    "assumed_why": (
        ("So rechnen wir: Der Tag ist angenommen, keine Vorhersage. {air}\N{NO-BREAK SPACE}°C "
        "ist die höchste Lufttemperatur im Schatten, {vapour}\N{NO-BREAK SPACE}hPa die Feuchte "
        "der Luft."),
        ("How we reckon: the day is assumed, no forecast. {air}\N{NO-BREAK SPACE}°C is the "
        "highest air temperature in the shade, {vapour}\N{NO-BREAK SPACE}hPa the moisture of "
        "the air."),
    ),
    "data": ("Daten", "Data"),
    "about": ("Annahmen, Warnungen, Daten", "Assumptions, warnings, data"),
    "day": ("Tag", "Day"),
    "hour": ("Uhrzeit", "Time"),
    "at_hour": ("{hour} Uhr", "{hour}"),
    # the list
    "list": ("Orte nach Hitzelast", "Places by burden of heat"),
    "search_sites": ("Ort suchen", "Search a place"),
    "all_kinds": ("Alle Arten", "All kinds"),
    "all_shelters": ("Jeder Schutz", "Any shelter"),
    "all_levels": ("Alle Stufen", "All levels"),
    "kind": ("Art", "Kind"),
    "shelter": ("Wetterschutz", "Shelter"),
    "count_one": ("1 Ort", "1 place"),
    "count": ("{n} Orte", "{n} places"),
    "count_none": (
        "Kein Ort passt dazu. Ändere die Suche oder die Filter.",
        "No place fits. Change the search or the filters.",
    ),
    "clear_filters": ("Alle Orte zeigen", "Show all places"),
    "no_sites": (
        "Für diese Stadt sind keine Orte bekannt, an denen Menschen warten.",
        "No places where people wait are known of this city.",
    ),
    "more": ("{n} weitere zeigen", "Show {n} more"),
    "rank": ("Rang {rank}", "Rank {rank}"),
    "rank_range": (
        "Rang {rank}, je nach Gewichtung {low} bis {high}",
        "Rank {rank}, {low} to {high} depending on the weights",
    ),
    "no_rank": ("ohne Rang", "no rank"),
    "most_felt": (
        "bis {utci}\N{NO-BREAK SPACE}°C gefühlt",
        "up to {utci}\N{NO-BREAK SPACE}°C felt",
    ),
    "person_kh": (
        "rund\N{NO-BREAK SPACE}{n}\N{NO-BREAK SPACE}Personen·K·h",
        "about\N{NO-BREAK SPACE}{n}\N{NO-BREAK SPACE}person·K·h",
    ),
    "person_kh_least": (
        "unter {n}\N{NO-BREAK SPACE}Personen·K·h",
        "under {n}\N{NO-BREAK SPACE}person·K·h",
    ),
    "person_kh_none": ("keine Last", "no burden"),
    "burden_assumed": (
        "{burden}, angenommen",
        "{burden}, assumed",
    ),
    "no_burden": ("Last unbekannt", "burden unknown"),
    "person_kh_why": (
        ("Personen·K·h: wie viele Menschen warten, wie lange, und um wie viel Grad es dabei "
        "über 32\N{NO-BREAK SPACE}°C gefühlt ist. Alte Menschen und kleine Kinder zählen mehr. "
        "„Angenommen“: Wie viele Menschen dort sind, wissen wir nicht und nehmen es an. "
        "In Klammern steht, welchen Rang ein Ort mit anderen Gewichten hätte."),
        ("Person·K·h: how many people wait, how long, and by how many degrees it feels hotter "
        "than 32\N{NO-BREAK SPACE}°C meanwhile. Old people and small children count more. "
        "“Assumed”: how many people are there is not known, and taken to be as usual. In "
        "brackets stand the ranks that a place would have with other weights."),
    ),
    "no_name": ("{kind} ohne Namen", "{kind} without a name"),
    # one object
    "back": ("Zur Liste", "To the list"),
    "felt": (
        "gefühlt {utci}\N{NO-BREAK SPACE}°C (UTCI)",
        "feels like {utci}\N{NO-BREAK SPACE}°C (UTCI)",
    ),
    "felt_range": (
        "gefühlt {utci}\N{NO-BREAK SPACE}°C (UTCI; {low} bis {high})",
        "feels like {utci}\N{NO-BREAK SPACE}°C (UTCI; {low} to {high})",
    ),
    "say_0": ("Um {hour} ist die Hitze hier kein Problem.", "At {hour} heat is no problem here."),
    "say_1": (
        "Um {hour} ist es hier warm. Trink genug, wenn du länger wartest.",
        "At {hour} it is warm here. Drink enough if you wait for long.",
    ),
    "say_2": (
        "Um {hour} ist es hier heiß. Suche Schatten und trink etwas.",
        "At {hour} it is hot here. Find some shade and drink.",
    ),
    "say_3": (
        ("Um {hour} ist es hier sehr heiß. Warte nicht in der Sonne; für alte Menschen, Kranke "
        "und kleine Kinder ist das gefährlich."),
        ("At {hour} it is very hot here. Do not wait in the sun; for old people, the sick and "
        "small children this is dangerous."),
    ),
    "say_4": (
        "Um {hour} ist es hier extrem heiß. Das ist für alle gefährlich: Bleib nicht hier.",
        "At {hour} it is extremely hot here. That is dangerous for everyone: do not stay here.",
    ),
    "say_unknown": (
        "Wie heiß es hier um {hour} ist, wissen wir nicht.",
        "We do not know how hot it is here at {hour}.",
    ),
    "say_worst": (
        "Am heißesten ist es um {hour}: gefühlt {utci}\N{NO-BREAK SPACE}°C.",
        "It is hottest at {hour}: it feels like {utci}\N{NO-BREAK SPACE}°C.",
    ),
    "say_hours": (
        "Über 32\N{NO-BREAK SPACE}°C gefühlt sind es {hours}.",
        "It feels hotter than 32\N{NO-BREAK SPACE}°C for {hours}.",
    ),
    "hours_one": ("1\N{NO-BREAK SPACE}Stunde", "1\N{NO-BREAK SPACE}hour"),
    "hours_n": ("{n}\N{NO-BREAK SPACE}Stunden", "{n}\N{NO-BREAK SPACE}hours"),
    "hours_title": ("Der Tag hier", "The day here"),
    "hours_alt": (
        ("Gefühlte Temperatur Stunde für Stunde, mit der Spanne, in der sie zu "
        "90\N{NO-BREAK SPACE}% liegt."),
        "Felt temperature hour by hour, with the range in which it lies at 90\N{NO-BREAK SPACE}%.",
    ),
    "hours_legend": (
        ("Balken: gefühlte Temperatur [°C]. Strich: Spanne, in der sie zu 90\N{NO-BREAK SPACE}% "
        "liegt."),
        "Bars: felt temperature [°C]. Line: the range in which it lies at 90\N{NO-BREAK SPACE}%.",
    ),
    "hours_table": ("Stunden als Tabelle", "Hours as a table"),
    "range": ("Spanne", "Range"),
    "felt_head": ("gefühlt", "felt"),
    "worst_hour": ("Heißeste Stunde", "Hottest hour"),
    "above_32": ("Über 32\N{NO-BREAK SPACE}°C gefühlt", "Felt above 32\N{NO-BREAK SPACE}°C"),
    "sky_view": ("Freier Himmel", "Open sky"),
    "persons": ("Draußen am Tag, alle zusammen", "Outdoors a day, all together"),
    "persons_n": ("{n} Stunden", "{n} hours"),
    "tier": ("Woher die Zahl ist", "Where that is from"),
    "exposure_gtfs": ("Fahrplan", "timetable"),
    "exposure_lines": ("Zahl der Linien", "number of lines"),
    "exposure_population": ("Menschen, die nahe wohnen", "people who live nearby"),
    "exposure_default": (
        "angenommen, gleich für alle dieser Art",
        "assumed, the same for all of this kind",
    ),
    "age": ("Alter der Menschen", "Age of the people"),
    "age_n": ("zählt {n}-fach", "counts {n} times"),
    "age_cells": ("Zensus", "census"),
    "age_districts": ("Stadtteil", "district"),
    "age_facilities": ("Heime, Kliniken, Schulen in der Nähe", "homes, clinics, schools nearby"),
    "age_default": ("angenommen", "assumed"),
    "unknown_fact": ("unbekannt", "unknown"),
    "sun_share": (
        "{n}\N{NO-BREAK SPACE}% der Sonne kommen hier an",
        "{n}\N{NO-BREAK SPACE}% of the sun gets here",
    ),
    "sun_share_roofed": (
        "Je nach Dach kommen etwa {n}\N{NO-BREAK SPACE}% der Sonne hier an",
        "Depending on the roof, about {n}\N{NO-BREAK SPACE}% of the sun gets here",
    ),
    "sun_share_mixed": (
        "Im Mittel der Warteplätze kommen etwa {n}\N{NO-BREAK SPACE}% der Sonne an",
        "On average over where one waits, about {n}\N{NO-BREAK SPACE}% of the sun gets here",
    ),
    "sun_share_unknown": (
        "Je nachdem, ob hier ein Dach ist, kommen etwa {n}\N{NO-BREAK SPACE}% der Sonne an",
        "Depending on whether there is a roof, about {n}\N{NO-BREAK SPACE}% of the sun gets here",
    ),
    "sun_unknown": (
        "Schatten unbekannt, als Sonne gerechnet",
        "Shade unknown, reckoned as sun",
    ),
    "sun_none": ("Keine direkte Sonne", "No direct sun"),
    "stand_title": ("Wo jetzt warten?", "Where to wait now?"),
    "stand_there": (
        ("Kühler ist es {metres} {compass}, {start} aus: gefühlt {utci}\N{NO-BREAK SPACE}°C, "
        "{less} weniger."),
        ("It is cooler {metres} to the {compass}, {start}: it feels like "
        "{utci}\N{NO-BREAK SPACE}°C, {less} less."),
    ),
    "stand_spot": (
        ("Am kühlsten ist es genau dort, wo der Punkt auf der Karte ist: gefühlt "
        "{utci}\N{NO-BREAK SPACE}°C, {less} weniger als im Mittel aller Warteplätze."),
        ("It is coolest exactly where the dot on the map is: it feels like "
        "{utci}\N{NO-BREAK SPACE}°C, {less} less than on average over where one waits."),
    ),
    "stand_from_stop": ("von der Haltestelle", "counted from the stop"),
    "stand_from_dot": ("vom Punkt auf der Karte", "counted from the dot on the map"),
    "stand_platform": (
        "Das ist ein anderer Bahnsteig, vielleicht eine andere Linie oder Richtung.",
        "That is another platform, perhaps another line or direction.",
    ),
    "stand_bay": (
        "Das ist ein anderer Bussteig, vielleicht eine andere Linie oder Richtung.",
        "That is another bus stand, perhaps another line or direction.",
    ),
    "stand_elsewhere": (
        "Das ist ein anderer Ort: {kind}.",
        "That is another place: {kind}.",
    ),
    "degrees_one": ("1\N{NO-BREAK SPACE}Grad", "1\N{NO-BREAK SPACE}degree"),
    "degrees_n": ("{n}\N{NO-BREAK SPACE}Grad", "{n}\N{NO-BREAK SPACE}degrees"),
    "stand_here": (
        "Im Umkreis von {reach} ist kein Warteplatz merklich kühler.",
        "No place to wait within {reach} is noticeably cooler.",
    ),
    "stand_unknown": (
        "Wo es hier um {hour} am kühlsten ist, wissen wir nicht.",
        "We do not know where it is coolest here at {hour}.",
    ),
    "stand_mark": ("Hier warten", "Wait here"),
    "stand_sheltered": ("Dort ist ein Wetterschutz.", "There is a shelter."),
    "stand_north": ("nördlich", "north"),
    "stand_north_east": ("nordöstlich", "north-east"),
    "stand_east": ("östlich", "east"),
    "stand_south_east": ("südöstlich", "south-east"),
    "stand_south": ("südlich", "south"),
    "stand_south_west": ("südwestlich", "south-west"),
    "stand_west": ("westlich", "west"),
    "stand_north_west": ("nordwestlich", "north-west"),
    "why_title": ("Warum hier?", "Why here?"),
    "why_hint": (
        ("So viel kleiner wäre die Last (in Personen·K·h, gerundet): {parts}. Die Teile "
        "überlappen sich."),
        ("So much less would the burden be (in person·K·h, rounded): {parts}. The parts "
        "overlap."),
    ),
    "without_sun": ("ohne Sonne", "without the sun"),
    "without_ground": ("mit kühlem Boden", "on cool ground"),
    "without_wind": ("mit freiem Wind", "with free wind"),
    "without_waiting": ("mit der üblichen Wartezeit", "with the usual waiting"),
    "without_age": ("mit gesunden Erwachsenen", "with healthy adults"),
    "why_sun": ("Sonne", "Sun"),
    "why_ground": ("Warmer Boden", "Warm ground"),
    "why_wind": ("Wenig Wind", "Little wind"),
    "why_waiting": ("Langes Warten", "Long waiting"),
    "why_age": ("Alter", "Age"),
    "walk_here": ("Schattig hierher gehen", "Walk here in the shade"),
    # kinds, shelters
    "kind_bus_stop": ("Bushaltestelle", "Bus stop"),
    "kind_tram_stop": ("Straßenbahnhaltestelle", "Tram stop"),
    "kind_train_station": ("Bahnhof", "Train station"),
    "kind_station": ("Bahnhof", "Station"),
    "kind_ferry": ("Fähranleger", "Ferry landing"),
    "kind_playground": ("Spielplatz", "Playground"),
    "kind_school": ("Schule", "School"),
    "kind_day_care": ("Kita", "Day-care centre"),
    "kind_hospital": ("Krankenhaus", "Hospital"),
    "kind_nursing_home": ("Pflegeheim", "Nursing home"),
    "kind_square": ("Platz", "Square"),
    "kind_bench": ("Sitzbank", "Bench"),
    "kind_drinking_water": ("Trinkwasser", "Drinking water"),
    "kind_other": ("Anderer Ort", "Other place"),
    "shelter_none": ("ohne Schutz", "no shelter"),
    "shelter_opaque": ("festes Dach", "solid roof"),
    "shelter_green_roof": ("begrüntes Dach", "green roof"),
    "shelter_film": ("Dach mit Folie", "roof with film"),
    "shelter_clear_open": ("Glasdach, offen", "glass roof, open"),
    "shelter_clear_closed": ("Glasdach, geschlossen", "glass roof, closed in"),
    "shelter_roofed": ("Dach, Material unbekannt", "roof, material unknown"),
    "shelter_mixed": ("teils mit Dach", "partly roofed"),
    "shelter_unknown": ("unbekannt", "unknown"),
    # what can go wrong
    "bad_day": (
        "Der Link nennt keinen lesbaren Tag, daher gilt der Auslegungstag.",
        "The link names no day that reads, so it is the design day.",
    ),
    "bad_hour": (
        "Der Link nennt keine lesbare Stunde, daher gilt die heißeste.",
        "The link names no hour that reads, so it is the hottest.",
    ),
    "bad_site": (
        "Der Link nennt keinen Ort, den es hier gibt. Wähle einen aus der Liste.",
        "The link names no place that exists here. Choose one from the list.",
    ),
}
# fmt: on
