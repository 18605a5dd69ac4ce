"""Foreign texts: what strangers wrote in a map stays text in spreadsheets, terminals and XML."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# A no-break space stays one: it keeps a number and its unit on one line.
_BREAKS = re.compile("[ \\t\\n\\r\\f\\v\\x1c-\\x1f\\x85\\u2028\\u2029]+")
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # which some scripts need
_FORMULA = ("=", "+", "-", "@")  # a spreadsheet would run these, also in their wide forms
_PARTERS = ";\t|\r\n"  # and at these some begin another cell


def disarm(cell: Any) -> Any:  # noqa: ANN401 - a cell of text, or None
    """
    Keep a spreadsheet from running text as a formula, whatever unseen stands before it.

    A spreadsheet set to German parts cells at semicolons, and some at tabs or bars, whatever
    quotes are about them: what follows one of these, or a line end, begins a cell there.

    Examples
    --------
    >>> disarm("=1+1"), disarm("more; =1+1"), disarm("a - b")
    ("'=1+1", "more;' =1+1", 'a - b')
    """
    if not isinstance(cell, str) or not cell:
        return cell
    kept: list[str] = []
    begin: int | None = 0  # where a cell begins of which nothing is seen yet
    for sign in cell:
        # NFKC makes of the wide signs of Chinese and Japanese keyboards the usual ones.
        usual = unicodedata.normalize("NFKC", sign)
        if begin is not None and usual.startswith(_FORMULA):
            kept.insert(begin, "'")
            begin = None
        kept.append(sign)
        if sign in _PARTERS:
            begin = len(kept)
        elif not (sign.isspace() or sign == '"' or unicodedata.category(sign).startswith("C")):
            begin = None
    return f"'{''.join(kept)}" if cell[0] in "\t\r\n" else "".join(kept)


def plain_all(told: Any) -> Any:  # noqa: ANN401 - values as JSON has them
    r"""
    Clean every text of a JSON document by `plain`, at any depth; keys are our own.

    Examples
    --------
    >>> plain_all({"name": "Markt\u202e", "steps": [{"street": None}, 3]})
    {'name': 'Markt', 'steps': [{'street': None}, 3]}
    """
    if isinstance(told, str):
        return plain(told)
    if isinstance(told, dict):
        return {key: plain_all(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [plain_all(value) for value in told]
    return told


def plain(text: str) -> str:
    r"""
    Leave out what is no sign to read: control characters, marks that turn the writing round.

    Examples
    --------
    >>> plain("Markt\x1b[31m\nSquare")
    'Markt[31m Square'
    """
    spaced = _BREAKS.sub(" ", text).strip(" ")
    return "".join(
        sign
        for sign in spaced
        if sign in _JOINERS or not unicodedata.category(sign).startswith("C")
    )
