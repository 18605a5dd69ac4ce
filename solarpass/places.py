"""Find an address, stop, place or street by its name, offline and forgivingly."""

from __future__ import annotations

import difflib
import re
import threading
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from .city import City
from .errors import PlaceError
from .tag import text_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"\d+|[^\W\d_]+")
_APART = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"}
# Endings that are written onto the name or apart from it.
_ENDINGS = ("strasse", "platz", "gasse", "allee", "weg", "ring", "damm", "ufer", "katu", "gatan")
_RANK = {"street": 3, "stop": 2, "place": 1, "address": 0}
_MOST_WORDS = 12
_FAR_M = 1000.0  # two of one name further apart are two places


@dataclass(frozen=True, slots=True)
class Place:
    """
    A place that answers to a name.

    Attributes
    ----------
    name, kind, detail
        As in `City.places`; the detail is a quarter or town, or None.
    latitude_deg, longitude_deg
        Where it is. [°]
    """

    name: str
    kind: str
    latitude_deg: float
    longitude_deg: float
    detail: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class _Index:
    """Words of all names in order, and the places that hold each: in its name, or its detail."""

    words: list[str]
    start: NDArray[np.int64]
    holder: NDArray[np.int64]
    in_name: NDArray[np.bool_]
    n_words: NDArray[np.float64]
    rank: NDArray[np.float64]
    folded: list[str]
    label: list[tuple[str, str, str | None]]  # name, kind, detail
    xy: NDArray[np.float64]


def find_places(city: City, text: str, *, n_most: int = 8) -> list[Place]:
    """
    Find the places that best answer to a text, as one types it.

    Every word must begin a word of the name or of its quarter, whatever its case, accents or
    order; ``str.`` is ``straße``. Only if nothing answers to all words, the unknown are let go.

    Parameters
    ----------
    city
        Where to look.
    text
        What was typed.
    n_most
        How many to find at most.

    Returns
    -------
    list[Place]
        The best first; empty if nothing answers.
    """
    index = _index_of(city)
    return _tell(city, index, _search(index, text)[0], n_most)


def find_place(city: City, text: str) -> Place:
    """
    Find the one place that a text names.

    Raises
    ------
    PlaceError
        If none answers to every word, with up to three that are near to it; or if two
        of one name lie far apart.
    """
    index = _index_of(city)
    rows, is_whole = _search(index, text)
    if not is_whole or not len(rows):
        near = _tell(city, index, rows, 3)
        near = near or _tell(city, index, _search(index, _mend(index, text))[0], 3)
        names = ", ".join(repr(_label(place)) for place in near)
        hint = f"; did you mean {names}?" if near else "."
        msg = f"No address, stop, place or street in {city.name} answers to {_short(text)}{hint}"
        raise PlaceError(msg)
    best = rows[0]
    name, kind, detail = index.label[best]
    for row in rows[1:50]:
        is_far = float(np.hypot(*(index.xy[row] - index.xy[best]))) > _FAR_M
        if is_far and index.label[row][:2] == (name, kind) and index.label[row][2] != detail:
            first, second = _tell(city, index, np.array([best, row]), 2)
            msg = f"{text!r} is both {_label(first)!r} and {_label(second)!r}; add which."
            raise PlaceError(msg)
    return _tell(city, index, rows, 1)[0]


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _label(place: Place) -> str:
    return place.name if place.detail is None else f"{place.name}, {place.detail}"


_known: WeakKeyDictionary[City, _Index] = WeakKeyDictionary()
_lock = threading.Lock()


def _index_of(city: City) -> _Index:
    with _lock:  # sessions share a city, and so its index
        if city not in _known:
            _known[city] = _build_index(city)
        return _known[city]


def _build_index(city: City) -> _Index:
    places = city.places
    found: set[tuple[str, int, bool]] = set()
    folded = []
    n_words = np.ones(len(places))
    for row, (name, detail) in enumerate(zip(places["name"], places["detail"], strict=True)):
        words = _split(name)
        folded.append(" ".join(words))
        n_words[row] = len(words)
        found.update((word, row, True) for word in _variants(name, words))
        if isinstance(detail, str):
            found.update((word, row, False) for word in _variants(detail, _split(detail)))
    listed = sorted(found)
    words = sorted({word for word, _, _ in listed})
    owner = np.array([word for word, _, _ in listed], dtype=object)
    return _Index(
        words=words,
        start=np.searchsorted(owner, np.array([*words, "\U0010ffff"], dtype=object)),
        holder=np.array([row for _, row, _ in listed], dtype=np.int64),
        in_name=np.array([is_name for _, _, is_name in listed], dtype=bool),
        n_words=n_words,
        rank=np.array([_RANK.get(kind, 0) for kind in places["kind"]], dtype=float),
        folded=folded,
        label=list(zip(*(text_column(places[c]) for c in ("name", "kind", "detail")), strict=True)),
        xy=shapely.get_coordinates(np.asarray(places.geometry)),
    )


def _fold(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in flat if not unicodedata.combining(mark))


def _split(text: str) -> list[str]:
    """
    Split a text into folded words, numbers apart from letters.

    Examples
    --------
    >>> _split("Große Hauptstr. 12b")
    ['grosse', 'hauptstrasse', '12', 'b']
    """
    words = _WORD.findall(_fold(text))
    return [re.sub(r"str$", "strasse", word) for word in words]


def _variants(text: str, words: list[str]) -> Iterable[str]:
    """List the words by which a name can be called, with umlauts spelt out and endings apart."""
    spelt = text.casefold()
    for letter, apart in _APART.items():
        spelt = spelt.replace(letter, apart)
    for spelling in (words, _split(spelt)):
        yield from spelling
        for first, second in pairwise(spelling):
            if second in _ENDINGS:
                yield first + second
        for word in spelling:
            yield from (ending for ending in _ENDINGS if word.endswith(ending))


def _search(index: _Index, text: str) -> tuple[NDArray[np.int64], bool]:
    """Rank the places that answer, best first, and say whether they answer to every word."""
    words = _split(text[:200])[:_MOST_WORDS]
    n = len(index.folded)
    score, answers = np.zeros(n), np.ones(n, dtype=bool)
    is_whole = True
    scores = [_score(index, word) for word in words]
    for one in scores:
        answers &= one > 0.0
        score += one
    if words and not answers.any():
        is_whole = False
        letters = [one > 0.0 for one, word in zip(scores, words, strict=True) if word.isalpha()]
        n_answered = sum((one.astype(int) for one in letters), np.zeros(n, dtype=int))
        answers = n_answered == max(n_answered.max(initial=0), 1)
    rows = np.flatnonzero(answers) if words else np.empty(0, np.int64)
    if not len(rows):
        return rows, is_whole
    asks_number = is_whole and any(word.isdigit() for word in words)
    total = score[rows] - 0.3 * index.n_words[rows]
    # Who gives a number wants a door; who gives none wants the street, not its doors.
    total += np.where(index.rank[rows] == 0, 2.0 if asks_number else -2.0, 0.05 * index.rank[rows])
    best = rows[np.argsort(-total, kind="stable")[:200]]
    value = dict(zip(rows.tolist(), total.round(6).tolist(), strict=True))
    asked = " ".join(words)
    ordered = sorted(
        best.tolist(),
        key=lambda row: (
            -value[row] - (index.folded[row] == asked) - index.folded[row].startswith(asked),
            [(int(w), "") if w.isdigit() else (0, w) for w in index.folded[row].split()],
            row,
        ),
    )
    return np.array(ordered, dtype=np.int64), is_whole


def _score(index: _Index, word: str) -> NDArray[np.float64]:
    """Score how each place answers to a word: 0 not, more for its name and for the whole word."""
    score = np.zeros(len(index.folded))
    first = bisect_left(index.words, word)
    last = bisect_left(index.words, word + "\U0010ffff")
    held = slice(index.start[first], index.start[last])
    np.maximum.at(score, index.holder[held], np.where(index.in_name[held], 2.0, 0.5))
    if first < last and index.words[first] == word:
        held = slice(index.start[first], index.start[first + 1])
        np.maximum.at(score, index.holder[held], np.where(index.in_name[held], 3.0, 1.0))
    return score


def _mend(index: _Index, text: str) -> str:
    """Replace words that nobody holds by the nearest that somebody does."""
    mended = []
    for word in _split(text[:200])[:_MOST_WORDS]:
        first = bisect_left(index.words, word[:1])
        last = bisect_left(index.words, word[:1] + "\U0010ffff")
        near = difflib.get_close_matches(word, index.words[first:last], n=1, cutoff=0.7)
        mended.append(near[0] if near else word)
    return " ".join(mended)


def _tell(city: City, index: _Index, rows: NDArray[np.int64], n_most: int) -> list[Place]:
    told: dict[tuple[str, str, str | None], int] = {}
    for row in rows.tolist():
        if len(told) >= n_most:
            break
        told.setdefault(index.label[row], row)
    if not told:
        return []
    degrees = city.to_degrees(index.xy[list(told.values())])
    return [
        Place(name, kind, float(latitude), float(longitude), detail)
        for (name, kind, detail), (latitude, longitude) in zip(told, degrees, strict=True)
    ]
