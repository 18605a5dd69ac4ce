"""How a language says terms, numbers and errors; German and English."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
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
from .terms import CHECK_TERMS, TERMS
from .trip_terms import STEP_TERMS, TRIP_TERMS

Terms = Mapping[str, tuple[str, str]]

LANGUAGES: Final = ("de", "en")

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
    more
        Terms of a room of their own, which go before the usual ones.
    """

    language: str
    more: Terms = field(default_factory=dict, compare=False, repr=False)

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
        rooms = (self.more, TERMS, STEP_TERMS, TRIP_TERMS)
        texts = next((room[term] for room in rooms if term in room), None) or CHECK_TERMS[term]
        text = texts[LANGUAGES.index(self.language)]
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
        return self(term if term in TERMS else "opening")

    def frontend(self) -> dict[str, str]:
        """Give the browser its terms, to be chosen from there."""
        return {term: self(term) for term in TERMS}


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


def tell_credit(attribution: str, *, n_letters: int) -> str:
    """
    Say whose data a picture shows, in lines that fit, the map's licence beside the map's makers.

    Examples
    --------
    >>> print(tell_credit("(c) makers, site; heights: City, CC BY 4.0", n_letters=30))
    (c) makers, site (ODbL 1.0);
    heights: City, CC BY 4.0
    """
    makers, and_more, others = attribution.partition("; ")
    return textwrap.fill(f"{makers} (ODbL 1.0){and_more}{others}", n_letters)
