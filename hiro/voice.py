"""The voice of a paper: its terms and numbers, and what a plan tells in English only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from solarpass.verdict import tell_assumptions
from solarpass.words import Words

from .block import Cell, Line, Tone
from .numeral import Numeral
from .paper_terms import PAPER_TERMS
from .plan_terms import PLAN_TERMS
from .rendition import render
from .terms import HEAT_TERMS

_TERMS: Final = {**HEAT_TERMS, **PLAN_TERMS, **PAPER_TERMS}
_DESIGN: Final = re.compile(
    r"design day: (\d{1,2}) (July|January), ([\d.]+) °C, ([\d.]+) hPa, ([\d.]+) m/s, clear"
)
_MONTHS: Final = {"July": "Juli", "January": "Januar"}


@dataclass(frozen=True, slots=True)
class Voice:
    """
    How a paper speaks.

    Attributes
    ----------
    language
        ``de`` or ``en``.
    """

    language: str

    @property
    def numeral(self) -> Numeral:
        """How it writes numbers."""
        return Numeral(self.language)

    def __call__(self, term: str, **values: object) -> str:
        """Say a term."""
        return Words(self.language, _TERMS)(term, **values)

    def knows(self, term: str) -> bool:
        """Tell whether there is such a term."""
        return term in _TERMS

    def line(self, term: str, *, tone: Tone = "plain", **values: object) -> Line:
        """Say a term as a line of its own."""
        return Line(self(term, **values), tone)

    def told(self, site: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - JSON
        """Look up what a plan tells in both languages."""
        return site[f"{key}_de" if self.language == "de" else key]

    def kind(self, kind: str) -> str:
        """Say a kind of site; one that has no term, as it is written."""
        return self(f"kind_{kind}") if self.knows(f"kind_{kind}") else kind

    def level(self, level: int) -> str:
        """Say a level."""
        return self(f"level_{level}")

    def levels(self) -> str:
        """Say what the levels mean."""
        return ", ".join(f"{level} {self.level(level)}" for level in range(5))

    def translate(self, sentence: str, *, tone: Tone = "plain") -> Line:
        """Say what a plan tells in English: in German where we have it, else marked as English."""
        if self.language == "en":
            return Line(sentence, tone)
        german = render(sentence)
        return Line(sentence, tone, "en") if german is None else Line(german, tone)

    def assumptions(self, told: str) -> str:
        """Say what a city takes for granted."""
        return tell_assumptions(told, Words(self.language)) if self.language == "de" else told

    def weather(self, told: str) -> Line:
        """Say of which weather a plan is; the design day also in German."""
        found = _DESIGN.fullmatch(told) if self.language == "de" else None
        if found is None:
            return Line(told, language=None if self.language == "en" else "en")
        day, month, celsius, hpa, wind = found.groups()
        numbers = (self.numeral.exact(float(number)) for number in (celsius, hpa, wind))
        warm, moist, windy = numbers
        return Line(
            f"Auslegungstag: {day}. {_MONTHS[month]}, {warm} °C, {moist} hPa Dampfdruck, "
            f"{windy} m/s Wind, wolkenlos"
        )


def cell(*lines: Line | str) -> Cell:
    """Make a cell of lines, without empty ones."""
    made = (Line(line) if isinstance(line, str) else line for line in lines)
    return tuple(line for line in made if line.text)
