"""Tag values as mappers write them, read as numbers: NaN where there is no sense in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

# 0.3048 m and 0.0254 m: the international foot and inch, exact since 1959.
_METRES_OF = {
    **dict.fromkeys(["", "m", "metre", "metres", "meter", "meters", "mtr"], 1.0),
    **dict.fromkeys(["cm"], 0.01),
    **dict.fromkeys(["ft", "foot", "feet", "'"], 0.3048),
    **dict.fromkeys(["in", "inch", "inches", '"'], 0.0254),
}
# Typographic quotes and primes, as a helpful keyboard writes them.
_PLAIN = str.maketrans({"\u2019": "'", "\u2032": "'", "\u201d": '"', "\u2033": '"'})
_NUMBER = r"(?:about|ca\.?|circa|approx\.?|[~≈±])?\s*(\d{1,9}(?:[.,]\d{1,9})?)"
_LENGTH = re.compile(_NUMBER + r"\s*([a-z]*|['\"])\.?", re.IGNORECASE | re.ASCII)
_FEET = re.compile(r"(\d{1,5})\s*(?:'|ft)\s*(\d{1,2}(?:\.\d{1,4})?)\s*(?:\"|in)?", re.ASCII)
_STOREYS = re.compile(
    _NUMBER + r"\s*(?:levels?|floors?|stor(?:e?y|eys|ies)|etagen?|geschosse?|stockwerke?)?",
    re.IGNORECASE | re.ASCII,
)
_INCLINE = re.compile(r"[+-]?(\d{1,3}(?:[.,]\d{1,4})?)\s*(%|°|deg(?:rees?)?)", re.ASCII)
_SAID_STOREYS = re.compile(r".*\d\s*(?:level|floor|stor|etage|geschoss|stockwerk)", re.IGNORECASE)


def read_metres(text: object, *, most_m: float = math.inf) -> float:
    r"""
    Read a length as mappers write it [m].

    Parameters
    ----------
    text
        A tag's value, or None.
    most_m
        What is longer makes no sense. [m]

    Returns
    -------
    float
        Metres above 0 and up to `most_m`, else NaN.

    Examples
    --------
    >>> read_metres("12,5 m"), read_metres("40 ft"), read_metres("~10")
    (12.5, 12.192, 10.0)
    >>> round(read_metres("40'6\""), 3), read_metres("1e9"), read_metres("-4")
    (12.344, nan, nan)
    """
    if not isinstance(text, str):
        return math.nan
    text = text.split(";")[0].strip().translate(_PLAIN)
    if match := _FEET.fullmatch(text):
        length_m = int(match[1]) * 0.3048 + float(match[2]) * 0.0254
    elif match := _LENGTH.fullmatch(text):
        length_m = float(match[1].replace(",", ".")) * _METRES_OF.get(match[2].lower(), math.nan)
    else:
        return math.nan
    return length_m if 0.0 < length_m <= most_m else math.nan


def read_storeys(text: object, *, most: float = 200.0) -> float:
    """
    Read a count of storeys; of several the most, zero for "0", NaN without sense [count].

    Examples
    --------
    >>> read_storeys("3"), read_storeys("2,5"), read_storeys("3 floors"), read_storeys("4;6")
    (3.0, 2.5, 3.0, 6.0)
    >>> read_storeys("-1"), read_storeys("many")
    (nan, nan)
    """
    if not isinstance(text, str):
        return math.nan
    found = [_STOREYS.fullmatch(part.strip()) for part in text.split(";")]
    storeys = max((float(match[1].replace(",", ".")) for match in found if match), default=math.nan)
    return storeys if 0.0 <= storeys <= most else math.nan


def read_incline(text: object, *, most: float = 1.0) -> float:
    """
    Read how steep a way is as mappers write it, up or down alike [m per m].

    Parameters
    ----------
    text
        A tag's value, or None: per cent or degrees. A number without either may be both, and
        `up` and `down` say nothing of how steep.
    most
        What is steeper makes no sense: stairs are not so steep. [m per m]

    Returns
    -------
    float
        Metres of height per metre of ground plan, 0 and up to `most`, else NaN.

    Examples
    --------
    >>> read_incline("-8 %"), read_incline("0"), round(read_incline("5°"), 3)
    (0.08, 0.0, 0.087)
    >>> read_incline("up"), read_incline("12"), read_incline("999%")
    (nan, nan, nan)
    """
    if not isinstance(text, str):
        return math.nan
    if text.strip() == "0":
        return 0.0
    match = _INCLINE.fullmatch(text.split(";")[0].strip().lower())
    if match is None:
        return math.nan
    told = float(match[1].replace(",", "."))
    if match[2] != "%":
        told = 100.0 * math.tan(math.radians(min(told, 89.0)))
    return told / 100.0 if told <= 100.0 * most else math.nan


def says_storeys(text: object) -> bool:
    """
    Tell whether a height is written in storeys.

    Examples
    --------
    >>> says_storeys("3 floors"), says_storeys("12 m")
    (True, False)
    """
    return isinstance(text, str) and _SAID_STOREYS.match(text) is not None


def read_layer(text: object) -> int:
    """
    Read the layer of a way or building, 0 where it makes no sense.

    Examples
    --------
    >>> read_layer("-1"), read_layer("2"), read_layer(None), read_layer("up")
    (-1, 2, 0, 0)
    """
    if isinstance(text, str) and re.fullmatch(r"[+-]?\d{1,2}", text.strip(), re.ASCII):
        layer = int(text)
        return layer if -9 <= layer <= 9 else 0
    return 0


def text_column(values: Iterable[object]) -> pd.Series[Any]:
    """Make a column of text that keeps None where nothing is known; pandas would make it NaN."""
    return pd.Series([None if value != value else value for value in values], dtype=object)  # noqa: PLR0124 - NaN differs from itself


def read_tags(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Read the rows of a table of tags, each without the tags that are absent."""
    columns = {name: frame[name].tolist() for name in frame.columns if name != "geometry"}
    rows: list[dict[str, Any]] = [{} for _ in range(len(frame))]
    for name, values in columns.items():
        for row, value in zip(rows, values, strict=True):
            if value is not None and not (isinstance(value, float) and math.isnan(value)):
                row[name] = value
    return rows
