"""Renditions: what a plan's file tells in English only, sources and notes, in German."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from .numeral import Numeral
from .terms import HEAT_TERMS
from .told import GERMAN

_N: Final = r"[\d,]+(?:\.\d+)?"
_PATTERNS: Final = tuple(
    (re.compile(pattern.replace("#", _N)), german)
    for pattern, german in (
        (
            r"Districts are those of (OpenStreetMap), admin_level (#): (#)\.",
            "Die Stadtteile sind die von {0} (admin_level {1}): {2}.",
        ),
        (
            r"Districts are those of (.+), by its column (.+): (#) hold sites\.",
            "Die Stadtteile sind die von {0}, nach der Spalte {1}; in {2} davon liegen Orte.",
        ),
        (
            r"Districts that are not known, as the map's extract cuts them: (#)\.",
            "Stadtteile, die der Ausschnitt der Karte anschneidet und die daher fehlen: {0}.",
        ),
        (
            (
                r"The map knows no two districts that hold most of the sites: squares of (#) m "
                r"stand "
                r"for them, (#) of which hold sites\."
            ),
            (
                "Die Karte kennt keine Stadtteile, in denen die meisten Orte liegen. Dafür stehen "
                "Quadrate von {0} m; in {1} davon liegen Orte."
            ),
        ),
        (
            (
                r"(#) sites \((?P<kinds>[^)]*)\) with (#) waiting places \((?P<places>[^;]*); "
                r"shelters: (?P<shelters>[^)]*)\)\."
            ),
            "{0} Orte ({kinds}) mit {2} Warteplätzen ({places}; Dächer: {shelters}).",
        ),
        (
            (
                r"At (#) of (#) sites what casts shade is unknown for some hours, as data ends "
                r"near "
                r"by; there the sun is taken to shine\."
            ),
            (
                "An {0} von {1} Orten ist für einige Stunden nicht bekannt, was Schatten wirft, "
                "da die "
                "Daten in der Nähe enden. Dort gilt die Sonne als scheinend."
            ),
        ),
        (
            r"(#) of (#) waiting places stand within walls, and are taken to be in their shade\.",
            (
                "{0} von {1} Warteplätzen liegen innerhalb von Mauern und gelten als in deren "
                "Schatten."
            ),
        ),
        (
            r"UTCI is not made for it: (.+) in (#) of (#) values, which were moved to its bounds\.",
            (
                "Dafür ist der UTCI nicht gemacht: {0} bei {1} von {2} Werten. Sie wurden an seine "
                "Grenzen verschoben."
            ),
        ),
        (
            r"Exposure of (#) sites: (?P<people>[^.]*)\.",
            "Woher die Zahl der Menschen an {0} Orten kommt: {people}.",
        ),
        (
            r"Vulnerability of (#) sites: (?P<ages>[^.]*)\.",
            "Woher die Verletzlichkeit an {0} Orten kommt: {ages}.",
        ),
        (
            r"Where no ages are known, a person weighs (#) before facilities\.",
            "Wo kein Alter bekannt ist, zählt ein Mensch {0}, bevor Einrichtungen dazukommen.",
        ),
        (
            r"Facts of (#) of (#) sites are known\.",
            "Von {0} von {1} Orten sind eigene Angaben der Stadt bekannt.",
        ),
        (
            r"Left out, beyond the city's edge: (#)\.",
            "Ausgelassen, da jenseits des Stadtrands: {0}.",
        ),
        (
            r"The solver stopped after (#) s; the bound tells how much better a plan could be\.",
            (
                "Die Suche brach nach {0} s ab. Die Schranke sagt, wie viel besser ein Plan sein "
                "könnte."
            ),
        ),
        (
            r"Some districts cannot spend what they are due: (.+)\.",
            "Einige Stadtteile können nicht ausgeben, was ihnen zusteht: {0}.",
        ),
        (
            (
                r"Level (#) is left behind at (#) of the (#) sites where it could be, as many as "
                r"these "
                r"wishes allow\."
            ),
            (
                "An {1} von {2} Orten, an denen das möglich ist, wird Stufe {0} verlassen. Mehr "
                "lassen "
                "die Vorgaben nicht zu."
            ),
        ),
        (
            (
                r"(#) citizens' reports raise the weight of (#) sites, by (#) each and to at most "
                r"(#) "
                r"times; this is the city's choice\."
            ),
            (
                "{0} Meldungen von Menschen heben das Gewicht von {1} Orten, um je {2} und "
                "höchstens "
                "auf das {3}-Fache. Das hat die Stadt so entschieden."
            ),
        ),
        (
            r"(.+), from the collection of figures of this project",
            "{0}, aus der Zahlensammlung dieses Projekts",
        ),
        (r"data/measures\.csv, (#) rows replaced by (.+)", "data/measures.csv, {0} Zeilen aus {1}"),
    )
)

_PLACES: Final = {
    "area": "Fläche",
    "given": "eigene Stelle der Karte",
    "platform": "Bahnsteig",
    "pole": "Haltestellenschild",
    "kerb": "am Bordstein",
    "shelter": "Wartehaus",
    "list": "eigene Liste",
}
_TIERS: Final = {
    "gtfs": "aus dem Fahrplan",
    "lines": "aus der Zahl der Linien",
    "population": "aus der Bevölkerung ringsum",
    "cells": "aus dem Zensus",
    "districts": "aus den Stadtteilen",
    "facilities": "aus Einrichtungen in der Nähe",
    "default": "angenommen, nicht gezählt",
}
_AGES: Final = {**_TIERS, "default": "angenommen"}


def render(sentence: str) -> str | None:
    """
    Say in German what a plan tells in English; None where we have no German of it.

    Examples
    --------
    >>> render("At 83 of 1,239 sites what casts shade is unknown for some hours, as data ends "
    ...        "near by; there the sun is taken to shine.")[:23]
    'An 83 von 1.239 Orten i'
    >>> render("Exposure of 2 sites: 2 by default.")
    'Woher die Zahl der Menschen an 2 Orten kommt: angenommen, nicht gezählt: 2.'
    """
    if sentence in GERMAN:
        return GERMAN[sentence]
    for pattern, german in _PATTERNS:
        found = pattern.fullmatch(sentence)
        if found is not None:
            named = {name: _render_list(name, text) for name, text in found.groupdict().items()}
            told = (GERMAN.get(text, _render_number(text)) for text in found.groups(""))
            return german.format(*told, **named)
    return None


def _render_number(text: str) -> str:
    """Write a number as in German, with the digits it has; other texts stay."""
    if re.fullmatch(_N, text) is None:
        return text
    digits = len(text.partition(".")[2])
    return Numeral("de").number(float(text.replace(",", "")), digits)


def _render_list(name: str, text: str) -> str:
    """Say how many there are of each of what a note counts."""
    told = []
    for part in text.split(", "):
        count, _, what = part.partition(" ")
        word = _find_word(name, what.removeprefix("by ").strip())
        told.append(f"{word}: {_render_number(count)}")
    return ", ".join(told)


def _find_word(name: str, what: str) -> str:
    terms: Mapping[str, Mapping[str, str]] = {
        "places": _PLACES,
        "people": _TIERS,
        "ages": _AGES,
    }
    if name in terms:
        return terms[name].get(what, what)
    term = f"{'kind' if name == 'kinds' else 'shelter'}_{what}"
    return HEAT_TERMS[term][0] if term in HEAT_TERMS else what
