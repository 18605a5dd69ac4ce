"""Plain text: what strangers write, kept as text without what steers a screen or turns a line."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"  # join letters of Persian and parts of an emoji
_LINE_ENDS: Final = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_MOST_MARKS: Final = 3  # on one letter: Vietnamese has two; our choice


def make_plain_text(text: str) -> str:
    r"""
    Keep letters, signs and line ends; HTML stays the letters that it is.

    Control signs, marks that turn the direction of writing, halves of letters, private and
    unassigned signs go, and so do all marks on a letter but the first three; letters are composed
    (NFC). Done twice it changes nothing.

    Examples
    --------
    >>> make_plain_text("  <b>Mehr\u202eBäume</b>\x07 \r\n\r\n\r\n\r\nbitte ")
    '<b>MehrBäume</b>\n\nbitte'
    """
    told = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    kept: list[str] = []
    n_marks = 0
    for sign in told:
        category = unicodedata.category(sign)
        n_marks = n_marks + 1 if category in {"Mn", "Me"} else 0
        if sign == "\n" or sign in _JOINERS:
            kept.append(sign)
        elif sign.isspace():
            kept.append(" ")
        elif not category.startswith("C") and n_marks <= _MOST_MARKS:
            kept.append(sign)
    # Composed again, as what stood between a letter and its mark may be gone.
    joined = unicodedata.normalize("NFC", "".join(kept))
    lines = (line.strip(" ") for line in joined.split("\n"))
    squeezed = "\n".join(re.sub(" {2,}", " ", line) for line in lines)
    return _BLANK_LINES.sub("\n\n", squeezed).strip(f" \n{_JOINERS}")
