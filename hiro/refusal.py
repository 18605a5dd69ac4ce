"""Refusals of reports, which whoever tells them reads: a sentence in either language."""

from __future__ import annotations

import re

from solarpass.errors import SolarpassError
from solarpass.words import Words

from .errors import ReportError
from .report_terms import REPORT_TERMS


def refuse(*, term: str, **values: object) -> ReportError:
    """
    Make the error of a term, in English; it can be said in German.

    Examples
    --------
    >>> print(refuse(term="report_long", n="1,200", most="1,000"))
    The text has 1,200 letters, and at most 1,000 are taken; shorten it.
    """
    told = {name: quote(value) for name, value in values.items()}
    return ReportError(Words("en", REPORT_TERMS)(term, **told), term=term, values=told)


def say_refusal(error: SolarpassError, language: str) -> str:
    """
    Say an error in a language; one that has no term, in its own words.

    Examples
    --------
    >>> say_refusal(refuse(term="photo_torn"), "de")
    'Das Foto ist unvollständig oder beschädigt. Bitte wähle es noch einmal aus.'
    """
    term = getattr(error, "term", "")
    if term not in REPORT_TERMS:
        return str(error)
    told = {name: _tell(value, language) for name, value in getattr(error, "values", {}).items()}
    return Words(language, REPORT_TERMS)(term, **told)


def _tell(value: object, language: str) -> str:
    """Write a number as German does."""
    text = str(value)
    is_number = language == "de" and re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", text)
    return text.translate(str.maketrans(",.", ".,")) if is_number else text


def quote(value: object) -> str:
    """Cut what was told to what a sentence bears, without what would steer a screen."""
    shown = "".join(sign if sign.isprintable() else " " for sign in str(value)[:400])
    line = " ".join(shown.split())
    return line if len(line) <= 160 else f"{line[:159]}…"
