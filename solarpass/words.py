"""What the browser says, in German and English: one row a term, so that none lacks a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .errors import (
    FetchError,
    FolderError,
    NoRouteError,
    PlaceError,
    SolarpassError,
    WallTimeError,
)

LANGUAGES: Final = ("de", "en")

# fmt: off
_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    # the page
    "page_title": ("SolarPass: im Schatten gehen", "SolarPass: walk in the shade"),
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
    "choose_end": ("Was ist dieser Ort?", "What is this place?"),
    "start_here": ("Start hier", "Start here"),
    "end_here": ("Ziel hier", "Destination here"),
    "outside": ("Dieser Ort liegt außerhalb von {city}.", "This place is outside {city}."),
    "legend": ("Legende", "Legend"),
    "sun": ("Sonne", "sun"),
    "shade": ("Schatten", "shade"),
    "unknown": ("unbekannt", "unknown"),
    "night": ("Nacht: keine Sonne", "Night: no sun"),
    # the answer
    "shadiest": ("Schattigster Weg", "Shadiest walk"),
    "shortest": ("Kürzester Weg", "Shortest walk"),
    "both": ("Kürzester und schattigster Weg", "Shortest and shadiest walk"),
    "night_walk": ("Weg bei Nacht", "Walk at night"),
    "in_sun": ("{sun} in der Sonne", "{sun} in the sun"),
    "tag": ("{walk}, {sun} Sonne", "{walk}, {sun} sun"),
    "saved": (
        "{shade} von {walk} im Schatten: {less} weniger Sonne, {longer} länger.",
        "{shade} of {walk} in the shade: {less} less sun, {longer} longer.",
    ),
    "saved_free": (
        "{shade} von {walk} im Schatten: {less} weniger Sonne, ohne länger zu gehen.",
        "{shade} of {walk} in the shade: {less} less sun, and no longer to walk.",
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
    "steps_m": ("{metres} Treppen", "{metres} of steps"),
    "arrives": ("Ankunft {time}", "arrive {time}"),
    "legs": ("Weg in Worten", "The walk in words"),
    "unnamed": ("Weg ohne Namen", "unnamed path"),
    "leg": ("{street}: {metres}, {share} Sonne", "{street}: {metres}, {share} sun"),
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
# fmt: on

# The sentence for each kind of error; the library's own sentences are in English only.
_SAID: Final[tuple[tuple[type[SolarpassError], str], ...]] = (
    (NoRouteError, "no_route"),
    (WallTimeError, "bad_clock"),
    (PlaceError, "nothing_found"),
    (FolderError, "bad_folder"),
    (FetchError, "bad"),
)

_MONTHS: Final = (
    ("Januar", "January"),
    ("Februar", "February"),
    ("März", "March"),
    ("April", "April"),
    ("Mai", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("August", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Dezember", "December"),
)
_SPACE: Final = "\N{NO-BREAK SPACE}"  # between a number and its unit, which stay on one line


@dataclass(frozen=True, slots=True)
class Words:
    """
    The terms and the number forms of one language.

    Attributes
    ----------
    language
        ``"de"`` or ``"en"``.
    """

    language: str

    def __call__(self, term: str, **values: object) -> str:
        """
        Say a term, with values in its braces; what stays open is left for the browser.

        Examples
        --------
        >>> Words("de")("steps_m", metres="12 m")
        '12 m Treppen'
        >>> Words("en")("budget", percent="15 %")
        'Detour: at most 15 % longer'
        """
        text = _TERMS[term][LANGUAGES.index(self.language)]
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), text)

    @property
    def other(self) -> str:
        """The other language."""
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    def minutes(self, seconds: float) -> str:
        r"""
        Say a duration; below a minute that there is hardly any.

        Examples
        --------
        >>> [Words("de").minutes(s) for s in (0, 20, 89, 3600, 4500)]
        ['0\xa0min', '<\xa01\xa0min', '1\xa0min', '1\xa0h', '1\xa0h\xa015\xa0min']
        """
        if 0 < seconds < 30:
            return f"<{_SPACE}1{_SPACE}min"
        hours, minutes = divmod(whole_minutes(seconds), 60)
        if not hours:
            return f"{minutes}{_SPACE}min"
        return f"{hours}{_SPACE}h" + (f"{_SPACE}{minutes}{_SPACE}min" if minutes else "")

    def metres(self, length_m: float) -> str:
        r"""
        Say a length: tens of metres, from 1 km on kilometres.

        Examples
        --------
        >>> Words("de").metres(1234.0), Words("en").metres(1234.0), Words("en").metres(87.0)
        ('1,2\xa0km', '1.2\xa0km', '90\xa0m')
        """
        if length_m >= 995:
            point = f"{length_m / 1000:.1f}"
            return f"{point.replace('.', ',') if self.language == 'de' else point}{_SPACE}km"
        rounded = round(length_m, -1) if length_m >= 20 else round(length_m)
        return f"{rounded:.0f}{_SPACE}m"

    def percent(self, fraction: float) -> str:
        r"""
        Say a share of the whole.

        Examples
        --------
        >>> Words("en").percent(0.333)
        '33\xa0%'
        """
        return f"{100 * fraction:.0f}{_SPACE}%"

    def date(self, at: datetime) -> str:
        """
        Say a day.

        Examples
        --------
        >>> Words("de").date(datetime(2026, 7, 5)), Words("en").date(datetime(2026, 7, 5))
        ('5. Juli 2026', '5 July 2026')
        """
        month = _MONTHS[at.month - 1][LANGUAGES.index(self.language)]
        return f"{at.day}{'.' if self.language == 'de' else ''} {month} {at.year}"

    def error(self, error: SolarpassError, **values: object) -> str:
        """Say what went wrong, in one sentence that names a way on."""
        term = next((said for kind, said in _SAID if isinstance(error, kind)), "bad")
        return self(term, reason=error, **values)

    def opening(self, step: str) -> str:
        """Say what is done while a city is opened; `step` as the library's progress names it."""
        term = f"opening_{step}"
        return self(term if term in _TERMS else "opening")

    def frontend(self) -> dict[str, str]:
        """Give the browser all terms, to be chosen from there."""
        return {term: self(term) for term in _TERMS}


def choose_language(asked: str | None, locale: str | None) -> str:
    """
    Choose the language asked for, else that of the browser; whoever speaks no German gets English.

    Examples
    --------
    >>> choose_language(None, "de-AT"), choose_language("en", "de-DE"), choose_language("xx", None)
    ('de', 'en', 'en')
    """
    if asked in LANGUAGES:
        return asked
    return "de" if (locale or "").lower().split("-")[0] == "de" else "en"


def whole_minutes(seconds: float) -> int:
    """
    Round a duration to minutes, half a minute up.

    Examples
    --------
    >>> [whole_minutes(seconds) for seconds in (0, 29.9, 30, 90, 149)]
    [0, 0, 1, 2, 2]
    """
    return int(seconds / 60 + 0.5)
