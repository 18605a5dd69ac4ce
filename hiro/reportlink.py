"""The link of a form as words and as a QR code: to be shown, saved or put up at a stop."""

from __future__ import annotations

import io
import os
import textwrap
from html import escape
from typing import Final
from urllib.parse import quote as quote_path
from urllib.parse import urlencode

import segno

from .refusal import quote

ENVIRONMENT: Final = "HIRO_ADDRESS"
"""Of the variable that names the app's public address, where a proxy hides it."""

_QUIET: Final = 4  # modules of white around a code, as ISO/IEC 18004 wants
_PNG_SCALE: Final = 12  # pixels a module: 4 cm at 300 dots an inch; our choice
_ACROSS: Final = 60.0  # width of a sheet in its own units: 60 mm; our choice
_LETTERS: Final = 34  # of a line on it
_SMALL_LETTERS: Final = 44  # of a line of the link
_LINES: Final = 4
_STEP: Final = 4.2  # from line to line


def write_link(base: str, *, site: str, city: str = "") -> str:
    """
    Write the link that opens the form for an object.

    Parameters
    ----------
    base
        Address of the app as the browser sees it; `HIRO_ADDRESS` goes before it.
    site
        Id of the object.
    city
        The city in the link, unless there is but one.

    Examples
    --------
    >>> write_link("https://heat.example/", site="n7")
    'https://heat.example/?face=report&site=n7'
    """
    named = os.environ.get(ENVIRONMENT) or base
    asked = {"face": "report", "site": site, **({"city": city} if city else {})}
    return f"{named.rstrip('/')}/?{urlencode(asked)}"


def shorten_link(base: str, *, site: str, city: str = "") -> str:
    """
    Write the short link that shows how hot it gets at an object.

    Parameters
    ----------
    base, site, city
        As in `write_link`.

    Examples
    --------
    >>> shorten_link("https://heat.example/", site="n7")
    'https://heat.example/o/n7'
    """
    named = os.environ.get(ENVIRONMENT) or base
    asked = f"?{urlencode({'city': city})}" if city else ""
    return f"{named.rstrip('/')}/o/{quote_path(site, safe='')}{asked}"


def draw_png(link: str) -> bytes:
    """Draw the QR code of a link as a PNG."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        drawn, kind="png", scale=_PNG_SCALE, border=_QUIET
    )
    return drawn.getvalue()


def draw_svg(link: str, *, title: str, name: str) -> str:
    """
    Draw a sheet to be printed: title, QR code, name of the object, and the link in letters.

    Parameters
    ----------
    link
        What the code says.
    title, name
        What stands above and below it.

    Returns
    -------
    str
        An SVG of 60 mm across, without fonts or pictures from elsewhere.
    """
    rows = tuple(segno.make(link, error="m", micro=False).matrix)
    dark = ((x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
    scale = _ACROSS / (len(rows) + 2 * _QUIET)
    texts, y = [], 1.0
    for text in _wrap(title):
        y += _STEP
        texts.append(_line(text, y=y, is_bold=True))
    top = y
    y += _ACROSS
    for text in _wrap(name):
        texts.append(_line(text, y=y, is_bold=False))
        y += _STEP
    for at in range(0, min(len(link), _LINES * _SMALL_LETTERS), _SMALL_LETTERS):
        texts.append(_line(link[at : at + _SMALL_LETTERS], y=y, is_bold=False, size=2.2))
        y += 3.0
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_ACROSS:g}mm" height="{y:.1f}mm" '
        f'viewBox="0 0 {_ACROSS:g} {y:.1f}"><title>{escape(quote(title))}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<path transform="translate(0 {top:.1f}) scale({scale:.4f}) translate({_QUIET} {_QUIET})" '
        f'fill="#000000" shape-rendering="crispEdges" d="{path}"/>{"".join(texts)}</svg>'
    )


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(quote(text), _LETTERS)[:_LINES]


def _line(text: str, *, y: float, is_bold: bool, size: float = 3.2) -> str:
    weight = ' font-weight="700"' if is_bold else ""
    return (
        f'<text x="{_ACROSS / 2:g}" y="{y:.1f}" font-family="sans-serif" font-size="{size:g}" '
        f'text-anchor="middle"{weight} fill="#000000">{escape(text)}</text>'
    )
