"""What the browser says: one row a term, so that none lacks a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# fmt: off
TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # the page
    "page_title": ("SolarPass: im Schatten gehen", "SolarPass: walk in the shade"),
    "faces": ("Seiten", "Pages"),
    "face_walk": ("Im Schatten gehen", "Walk in the shade"),
    "face_heat": ("Hitze vor Ort", "Local heat"),
    "face_report": ("Hitze melden", "Report heat"),
    "notices": ("Rechtliches", "Legal"),
    "notice_imprint": ("Impressum", "Imprint"),
    "notice_privacy": ("Datenschutz", "Privacy"),
    "notice_accessibility": ("Barrierefreiheit", "Accessibility"),
    "other_language": ("English", "Deutsch"),
    "city": ("Stadt", "City"),
    "opening": ("Die Stadt wird geöffnet …", "Opening the city …"),
    "opening_read": (
        "Beim ersten Start wird die Stadt vorbereitet: Die Karte wird gelesen …",
        "The city is prepared on the first start: reading the map …",
    ),
    "opening_city": (
        "Beim ersten Start wird die Stadt vorbereitet: Häuser und Wege entstehen …",
        "The city is prepared on the first start: building houses and ways …",
    ),
    "opening_horizon": (
        "Beim ersten Start wird die Stadt vorbereitet: Der Schatten wird berechnet …",
        "The city is prepared on the first start: computing the shade …",
    ),
    # the question
    "from": ("Start", "Start"),
    "to": ("Ziel", "Destination"),
    "from_hint": ("Start suchen", "Search a start"),
    "to_hint": ("Ziel suchen", "Search a destination"),
    "nothing_found": ("Kein Ort dieses Namens.", "No place of that name."),
    "kind_address": ("Adresse", "address"),
    "kind_place": ("Ort", "place"),
    "kind_stop": ("Haltestelle", "stop"),
    "kind_street": ("Straße", "street"),
    "swap": ("Start und Ziel tauschen", "Swap start and destination"),
    "clear": ("Zurücksetzen", "Clear"),
    "date": ("Datum", "Date"),
    "time": ("Uhrzeit", "Time"),
    "time_of_day": ("Tageszeit", "Time of day"),
    "play": ("Tag abspielen", "Play the day"),
    "pause": ("Anhalten", "Pause"),
    "now": ("Jetzt", "Now"),
    "bad_time": (
        "Gib die Uhrzeit als HH:MM ein, etwa 14:30.",
        "Type the time as HH:MM, such as 14:30.",
    ),
    "budget": ("Umweg: höchstens {percent} länger", "Detour: at most {percent} longer"),
    "budget_minutes": (
        "Umweg: höchstens {percent} (+{minutes})",
        "Detour: at most {percent} (+{minutes})",
    ),
    "options": ("Wer geht, und wie schnell", "Who walks, and how fast"),
    "who": ("Wer geht", "Who walks"),
    "who_walk": ("Zu Fuß", "On foot"),
    "who_pram": ("Mit Kinderwagen", "With a pram"),
    "who_wheelchair": ("Im Rollstuhl", "In a wheelchair"),
    "wish_lit": ("Nachts nur beleuchtete Wege", "By night on lit ways only"),
    "wish_quiet": ("Große Straßen meiden", "Avoid big roads"),
    "pace": ("Tempo", "Pace"),
    "pace_slow": ("Langsam (3 km/h)", "Slow (3 km/h)"),
    "pace_usual": ("Normal (4,8 km/h)", "Usual (4.8 km/h)"),
    "pace_fast": ("Schnell (6 km/h)", "Fast (6 km/h)"),
    "pace_own": ("Wie im Link", "As in the link"),
    "bad_profile": (
        "Im Link steht nicht lesbar, wer geht; gerechnet wird zu Fuß.",
        "The link names nobody whom we know to walk; a walk on foot is shown.",
    ),
    "bad_speed": (
        "Im Link steht kein lesbares Tempo; das normale gilt.",
        "The link has no pace that reads; the usual one is taken.",
    ),
    # the walks to choose from, and what is looked for on asking
    "front_label": ("Wie viel länger?", "How much longer?"),
    "front_shortest": ("Kürzester Weg", "Shortest walk"),
    "front_stop": ("{longer} länger: {less} weniger Sonne", "{longer} longer: {less} less sun"),
    "chosen_walk": ("Gewählter Weg", "Chosen walk"),
    "chosen_shortest": (
        "Der kürzeste Weg: {sun} in der Sonne.",
        "The shortest walk: {sun} in the sun.",
    ),
    "take_gpx": ("GPX-Datei", "GPX file"),
    "take_geojson": ("GeoJSON-Datei", "GeoJSON file"),
    "take_html": ("Drucken", "Print"),
    "leave_ask": ("Wann ist es schattiger?", "When is there more shade?"),
    "leave_less": (
        "Um {time} Uhr losgehen: {less} weniger Sonne",
        "Leave at {time}: {less} less sun",
    ),
    "leave_now": (
        "Zu keiner Zeit, drei Stunden früher bis drei später, ist weniger Sonne.",
        "At no time, three hours earlier to three later, is there less sun.",
    ),
    "leave_unsure": (
        "Um {time} Uhr wohl {best} statt {asked} in der Sonne, aber das ist nicht sicher genug.",
        "At {time} perhaps {best} in the sun, not {asked}, but that is not sure enough to advise.",
    ),
    "wayside_ask": ("Wasser, Bänke, Toiletten", "Water, benches, toilets"),
    "wayside_none": ("Nichts in der Karte.", "Nothing on the map."),
    "share": ("Link kopieren", "Copy link"),
    "copied": ("Link kopiert", "Link copied"),
    "tap_start": (
        "Tippe auf die Karte oder suche einen Ort, um den Start zu setzen.",
        "Tap the map or search a place to set the start.",
    ),
    "tap_end": ("Und wohin? Tippe auf das Ziel.", "And where to? Tap the destination."),
    # the map
    "map": (
        ("Karte mit Schatten. Tippen setzt Start und Ziel; mit der Tastatur verschieben die "
        "Pfeiltasten, Eingabe setzt den Ort in der Mitte."),
        ("Map with shadows. Tapping sets start and destination; by keyboard, arrows move the "
        "map and Enter sets the place at its centre."),
    ),
    "no_map": (
        ("Dieser Browser kann die Karte nicht zeichnen (WebGL 2 fehlt). Suche Start und Ziel "
        "mit Namen; die Wege stehen als Text darunter."),
        ("This browser cannot draw the map (it lacks WebGL 2). Search start and destination "
        "by name; the walks are listed as text."),
    ),
    "zoom_in": ("Näher", "Zoom in"),
    "zoom_out": ("Weiter weg", "Zoom out"),
    "online_map": ("Online-Karte", "Online map"),
    "online_note": (
        ("Die Karte kommt dann von {host}. Dort sieht man deine Internet-Adresse (IP) und welche "
        "Gegend du anschaust."),
        ("The map then comes from {host}, which sees your internet address (IP) and which area "
        "you look at."),
    ),
    "online_load": ("Einverstanden, laden", "Agree and load"),
    "online_failed": ("{host} antwortet nicht.", "{host} does not answer."),
    "skip_map": ("Karte überspringen", "Skip the map"),
    "check_stands": (
        "Die Sonne steht im {compass}, {degrees} hoch.",
        "The sun stands in the {compass}, {degrees} up.",
    ),
    "compass_names": (
        "Norden Nordosten Osten Südosten Süden Südwesten Westen Nordwesten",
        "north north-east east south-east south south-west west north-west",
    ),
    "compass_letters": ("N NO O SO S SW W NW", "N NE E SE S SW W NW"),
    "locate": ("Mein Standort", "My location"),
    "locate_stop": ("Standort nicht mehr zeigen", "Stop showing my location"),
    "locating": ("Standort wird gesucht …", "Looking for your location …"),
    "locate_refused": (
        "Der Browser gibt den Standort nicht her; erlaube es dort, oder suche den Ort mit Namen.",
        "The browser does not tell your location; allow it there, or search the place by name.",
    ),
    "locate_failed": (
        "Der Standort ist gerade nicht zu bestimmen; suche den Ort mit Namen.",
        "Your location cannot be found just now; search the place by name.",
    ),
    "locate_outside": (
        "Du bist außerhalb von {city}; dafür hat diese Karte keine Daten.",
        "You are outside {city}, of which alone this map has data.",
    ),
    "locate_left": (
        "Noch {left}, davon {sun} in der Sonne",
        "{left} to go, {sun} of it in the sun",
    ),
    "locate_off": ("{metres} m neben dem Weg", "{metres} m off the walk"),
    "choose_end": ("Was ist dieser Ort?", "What is this place?"),
    "start_here": ("Start hier", "Start here"),
    "end_here": ("Ziel hier", "Destination here"),
    "check_here": ("Schatten hier prüfen", "Check the shade here"),
    "report_shade": ("Falschen Schatten hier melden", "Report wrong shade here"),
    "outside": ("Dieser Ort liegt außerhalb von {city}.", "This place is outside {city}."),
    "legend": ("Legende", "Legend"),
    "sun": ("Sonne", "sun"),
    "shade": ("Schatten", "shade"),
    "unknown": ("unbekannt", "unknown"),
    "edge_of_data": ("Rand der Daten", "edge of data"),
    "crossing": ("Querung", "crossing"),
    "night": ("Nacht: keine Sonne", "Night: no sun"),
    # the answer
    "shadiest": ("Schattigster Weg", "Shadiest walk"),
    "shortest": ("Kürzester Weg", "Shortest walk"),
    "both": ("Kürzester und schattigster Weg", "Shortest and shadiest walk"),
    "night_walk": ("Weg bei Nacht", "Walk at night"),
    "in_sun": ("{sun} in der Sonne", "{sun} in the sun"),
    "in_sun_range": (
        "{sun} in der Sonne ({low}\N{EN DASH}{high})",
        "{sun} in the sun ({low}\N{EN DASH}{high})",
    ),
    "tag": ("{walk}, {sun} Sonne", "{walk}, {sun} sun"),
    "saved": (
        "{shade} von {walk} im Schatten: {less} weniger Sonne, {longer} länger.",
        "{shade} of {walk} in the shade: {less} less sun, {longer} longer.",
    ),
    "saved_free": (
        "{shade} von {walk} im Schatten: {less} weniger Sonne, ohne länger zu gehen.",
        "{shade} of {walk} in the shade: {less} less sun, and no longer to walk.",
    ),
    "saved_little": (
        "Mehr Schatten lohnt hier kaum: {less} weniger Sonne, {longer} länger.",
        "More shade is hardly worth it here: {less} less sun, {longer} longer.",
    ),
    "same": (
        "Der kürzeste Weg ist hier auch der schattigste.",
        "Here the shortest walk is the shadiest as well.",
    ),
    "at_night": (
        "Um {time} ist es Nacht: Die Sonne steht unter dem Horizont.",
        "At {time} it is night: the sun is below the horizon.",
    ),
    "sun_hours": (
        "An diesem Tag scheint sie von {sunrise} bis {sunset}.",
        "On this day it shines from {sunrise} to {sunset}.",
    ),
    "no_sunrise": ("An diesem Tag geht sie nicht auf.", "On this day it does not rise."),
    "unknown_m": (
        "{metres} ohne Angaben zum Schatten, als Sonne gezählt",
        "{metres} with nothing known of the shade, counted as sun",
    ),
    "rim_m": (
        "{metres} am Rand der Daten: Schatten unbekannt, als Sonne gezählt",
        "{metres} at the edge of the data: shade unknown, counted as sun",
    ),
    "uphill": ("{metres} bergauf", "{metres} uphill"),
    "steps_m": ("{metres} Treppen", "{metres} of steps"),
    "arrives": ("Ankunft {time}", "arrive {time}"),
    "legs": ("Weg in Worten", "The walk in words"),
    "assumed": (
        "Angenommen ist klarer Himmel. {share} der Gebäudehöhen sind geschätzt.",
        "A clear sky is assumed. {share} of the building heights are guessed.",
    ),
    "no_buildings": (
        "Für diese Stadt fehlen die Gebäude, daher ist der Schatten überall unbekannt.",
        "The buildings of this city are missing, so its shade is unknown everywhere.",
    ),
    # what can go wrong
    "no_route": (
        "Zwischen Start und Ziel gibt es keinen Fußweg. Verschiebe einen der beiden Punkte.",
        "No street joins the start and the destination. Move one of the two.",
    ),
    "off_from": (
        "Der Start liegt abseits aller Wege von {city}. Verschiebe ihn auf die Karte.",
        "The start lies off all streets of {city}. Move it onto the map.",
    ),
    "off_to": (
        "Das Ziel liegt abseits aller Wege von {city}. Verschiebe es auf die Karte.",
        "The destination lies off all streets of {city}. Move it onto the map.",
    ),
    "same_place": (
        "Start und Ziel sind derselbe Ort. Verschiebe einen der beiden Punkte.",
        "Start and destination are the same place. Move one of the two.",
    ),
    "bad_from": (
        "Der Link nennt keinen lesbaren Start. Tippe auf die Karte.",
        "The link names no start that reads. Tap the map.",
    ),
    "bad_to": (
        "Der Link nennt kein lesbares Ziel. Tippe auf die Karte.",
        "The link names no destination that reads. Tap the map.",
    ),
    "bad_at": (
        "Der Link nennt keine lesbare Zeit, daher gilt jetzt.",
        "The link names no time that reads, so it is taken as now.",
    ),
    "bad_check": (
        "Der Link nennt keinen lesbaren Ort zum Prüfen. Suche ihn mit Namen.",
        "The link names no place to check that reads. Search it by name.",
    ),
    "bad_budget": (
        "Der Link nennt keinen lesbaren Umweg, daher gelten {percent}.",
        "The link names no detour that reads, so it is taken as {percent}.",
    ),
    "bad_city": (
        "Der Link nennt eine Stadt, die hier nicht geöffnet ist; gezeigt wird {city}.",
        "The link names a city that is not open here; this is {city}.",
    ),
    "bad_clock": (
        ("Diese Uhrzeit gibt es an dem Tag nicht oder doppelt, weil die Uhr umgestellt wird. "
        "Wähle eine andere."),
        ("The clocks change on that day, so this time does not exist or exists twice. "
        "Choose another."),
    ),
    "bad_folder": (
        "Der Ordner der Stadt lässt sich nicht öffnen: {reason}",
        "The folder of the city cannot be opened: {reason}",
    ),
    "failed": (
        "Da ist uns ein Fehler unterlaufen. Lade die Seite neu; bleibt er, melde ihn bitte.",
        "Something failed on our side. Reload the page; if it stays, please report it.",
    ),
    "bad": ("Das hat nicht geklappt: {reason}", "That did not work: {reason}"),
}

CHECK_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "check_sun": ("Um {time} scheint hier die Sonne.", "At {time} the sun shines here."),
    "check_crown": (
        "Um {time} kommen hier {share} der Sonne durch Baumkronen.",
        "At {time} {share} of the sun comes through crowns here.",
    ),
    "check_shade": ("Um {time} ist hier Schatten.", "At {time} this place is in the shade."),
    "check_moved": (
        "Der Ort liegt in einem Gebäude; geprüft ist der nächste Weg, {metres} entfernt.",
        "This place lies inside a building; what is checked is the nearest way, {metres} away.",
    ),
    "check_inside": (
        "Dieser Ort liegt in einem Gebäude. Wähle einen Ort im Freien.",
        "This place is inside a building. Choose one in the open.",
    ),
    "check_covered": (
        "Der Weg hier ist überdacht oder ein Tunnel, daher zählt er immer als Schatten.",
        "The way here is covered or a tunnel, so it always counts as shade.",
    ),
    "check_outside": (
        "Dieser Ort liegt außerhalb der Karte, daher ist sein Schatten unbekannt.",
        "This place lies beyond the map, so its shade is unknown.",
    ),
    "check_unknown": (
        "Ob hier um {time} die Sonne scheint, ist unbekannt: In ihrer Richtung enden die Daten.",
        "Whether the sun shines here at {time} is unknown: the data end in its direction.",
    ),
    "check_building": ("Gebäude", "Building"),
    "check_part": ("Gebäudeteil", "Part of a building"),
    "check_roof": ("Dach", "Roof"),
    "check_bridge": ("Brücke", "Bridge"),
    "check_tree": ("Baum", "Tree"),
    "check_wood": ("Wald", "Wood"),
    "check_terrain": ("Hügel", "Hill"),
    "check_unmapped": ("Etwas, das in der Karte fehlt", "Something that the map lacks"),
    "check_named": ("{kind} „{name}“", "{kind} “{name}”"),
    "check_away": ("{metres} entfernt", "{metres} away"),
    "check_horizon": ("{degrees} über dem Horizont", "{degrees} above the horizon"),
    "check_overhead": ("direkt über dir", "right above you"),
    "check_height": ("{height} hoch ({source})", "{height} high ({source})"),
    "check_top": ("Oberkante {degrees} über dem Horizont", "its top {degrees} above the horizon"),
    "check_passes": ("lässt {share} der Sonne durch", "lets {share} of the sun through"),
    "check_under": (
        "Ist die wahre Höhe kleiner als {height}, scheint die Sonne darüber hinweg.",
        "If the true height is below {height}, the sun shines over it.",
    ),
    "check_over": (
        "Ist die wahre Höhe größer als {height}, liegt dieser Ort im Schatten.",
        "If the true height is above {height}, this place is in the shade.",
    ),
    "check_maybe": (
        "Das kann gut sein, denn die Höhe ist unsicher.",
        "That may well be, for the height is uncertain.",
    ),
    "check_hardly": ("Das ist unwahrscheinlich.", "That is unlikely."),
    "check_comes": ("Die Sonne kommt um {time} hierher.", "The sun comes here at {time}."),
    "check_goes": ("Die Sonne ist ab {time} weg.", "The sun is gone from {time}."),
    "check_day": ("Sonne an diesem Tag: {times}.", "Sun on this day: {times}."),
    "check_day_crown": ("Durch Baumkronen: {times}.", "Through crowns: {times}."),
    "check_day_unknown": ("Unbekannt: {times}.", "Unknown: {times}."),
    "check_no_sun": (
        "An diesem Tag kommt hier keine direkte Sonne hin.",
        "No direct sun comes here on this day.",
    ),
    "check_eye": ("Gerechnet für {height} über dem Boden.", "Reckoned {height} above the ground."),
    # what `City.assumptions` tells, word for word
    "check_granted": ("Angenommen: {what}.", "Assumed: {what}."),
    "assumed_sky": ("klarer Himmel", "clear sky"),
    "assumed_flat": ("flacher Boden", "flat ground"),
    "assumed_hills": ("Hügel, so weit bekannt", "hills as far as the terrain is known"),
    "assumed_houses": ("Höhe der Gebäude teils geschätzt", "building heights partly guessed"),
    "assumed_trees": ("Größe der Bäume teils geschätzt", "tree sizes partly guessed"),
    "assumed_both": (
        "Höhe der Gebäude und Größe der Bäume teils geschätzt",
        "building heights and tree sizes partly guessed",
    ),
    "check_mend": (
        "Stimmt eine Höhe nicht? In OpenStreetMap lässt sie sich berichtigen.",
        "Is a height wrong? It can be put right in OpenStreetMap.",
    ),
    "check_report": (
        "Stimmt der Schatten hier nicht? Melde es der Stadt",
        "Is the shade wrong here? Report it to the city",
    ),
    "check_show": ("In OpenStreetMap ansehen", "See it in OpenStreetMap"),
    "height_tagged": ("so in der Karte", "as mapped"),
    "height_levels": ("aus den Geschossen", "from its storeys"),
    "height_guessed": ("geschätzt", "guessed"),
    "height_genus": ("für die Gattung üblich", "usual for its genus"),
    "height_default": ("angenommen", "assumed"),
    "height_age": ("aus dem Alter", "from its age"),
    "height_lidar": ("aus der Luft gemessen", "measured from the air"),
    "height_survey": ("vermessen", "surveyed"),
    "height_measured": ("gemessen", "measured"),
    # the way in, on the page
    "check_open": ("Passt der Schatten nicht?", "Does the shade not match?"),
    "check_title": ("Was verdeckt hier die Sonne?", "What hides the sun here?"),
    "check_place": ("Ort, Adresse oder Koordinaten", "Place, address or coordinates"),
    "check_hint": (
        "Oder tippe auf die Karte, wenn Start und Ziel gesetzt sind: „Schatten hier prüfen“.",
        "Or tap the map once start and destination are set: “Check the shade here”.",
    ),
    "check_start": ("Am Start", "At the start"),
    "check_end": ("Am Ziel", "At the destination"),
    "check_close": ("Schließen", "Close"),
    # the picture
    "sky_title": ("Blick nach {compass}, {date}, {time}", "Looking {compass}, {date}, {time}"),
    "sky_building": ("Gebäude", "buildings"),
    "sky_crown": ("Bäume", "trees"),
    "sky_blocker": ("verdeckt die Sonne", "hides the sun"),
    "sky_unknown": ("unbekannt", "not known"),
    "sky_path": ("Sonne an diesem Tag", "sun on this day"),
    "sky_year": ("längster, kürzester Tag", "longest, shortest day"),
    "sky_alt": (
        "Was du von hier siehst: Häuser, Bäume und die Bahn der Sonne. {told}",
        "What you see from here: houses, trees and the path of the sun. {told}",
    ),
}
# fmt: on
