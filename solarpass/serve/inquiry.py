"""Inquiries: the parameters of an address, read with suspicion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final

from solarpass.atlas import Atlas
from solarpass.placename import read_place
from solarpass.trip import Trip, read_wall_time

from .refusal import QuestionError

LONGEST_QUERY: Final = 2000  # letters: five places to pass by name have room; our choice
LONGEST_PLACE: Final = 200
_YES: Final = {"": False, "0": False, "false": False, "no": False, "1": True} | {
    "true": True,
    "yes": True,
}


@dataclass(frozen=True, eq=False, slots=True)
class Inquiry:
    """
    What was asked, as text.

    Attributes
    ----------
    texts
        Parameter and value; of those that may come again, all with ``|`` between them.
    """

    texts: Mapping[str, str]

    def trip(self, atlas: Atlas) -> Trip:
        """
        Read a trip as links write it, but for places, which may be names.

        Raises
        ------
        SolarpassError
            If a part of it does not read, or no place has that name.
        """
        query = {**self.texts, "at": self.instant(atlas).isoformat()}
        for key in ("from", "to"):
            if query.get(key, "").strip():
                query[key] = _settle(atlas, query[key])
        if query.get("via", "").strip():
            places = query["via"].split("|")
            query["via"] = "|".join(_settle(atlas, place) for place in places if place.strip())
        return Trip.from_query(query, zone=atlas.zone)

    def instant(self, atlas: Atlas, key: str = "at") -> datetime:
        """Read a time, by default now, as clocks in the city show it."""
        text = self.texts.get(key, "").strip()
        if text in {"", "now"}:
            return datetime.now(atlas.zone).replace(microsecond=0)
        return read_wall_time(text, atlas.zone)

    def is_wanted(self, key: str) -> bool:
        """Read yes or no, by default no."""
        text = self.texts.get(key, "").strip().lower()
        if text not in _YES:
            msg = f"`{key}` must be true or false; got {text[:40]!r}."
            raise QuestionError(msg)
        return _YES[text]

    def choice(self, key: str, among: Sequence[str]) -> str:
        """Read one of some words, by default the first."""
        text = self.texts.get(key, "").strip().lower() or among[0]
        if text not in among:
            msg = f"`{key}` must be one of {', '.join(among)}; got {text[:40]!r}."
            raise QuestionError(msg)
        return text

    def whole(self, key: str, *, usual: int, least: int, most: int) -> int:
        """Read a whole number between bounds."""
        text = self.texts.get(key, "").strip() or str(usual)
        if not (text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most):
            msg = f"`{key}` must be a whole number from {least} to {most}; got {text[:40]!r}."
            raise QuestionError(msg)
        return int(text)

    def box(self) -> tuple[float, float, float, float] | None:
        """Read west, south, east, north in degrees; None: the whole city."""
        text = self.texts.get("bbox", "").strip()
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text[:200].split(","))
        except ValueError:
            west = south = east = north = float("nan")
        is_box = all(map(isfinite, (west, south, east, north))) and west < east and south < north
        if not is_box or max(abs(west), abs(east)) > 180.0 or max(abs(south), abs(north)) > 90.0:
            msg = (
                "`bbox` must be WEST,SOUTH,EAST,NORTH in degrees, such as "
                f"24.93,60.16,24.95,60.18; got {text[:60]!r}."
            )
            raise QuestionError(msg)
        return west, south, east, north


def read_inquiry(pairs: Sequence[tuple[str, str]], known: Collection[str]) -> Inquiry:
    """
    Read the parameters of an address.

    Parameters
    ----------
    pairs
        Names and values, as they stand.
    known
        What may be asked here; only ``via`` may come more than once.

    Raises
    ------
    QuestionError
        If a parameter is not known, or comes twice.
    """
    texts: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            msg = f"{name[:40]!r} is no parameter here; these are: {', '.join(known)}."
            raise QuestionError(msg)
        if name in texts and name != "via":
            msg = f"`{name}` stands twice; give it once."
            raise QuestionError(msg)
        texts[name] = f"{texts[name]}|{value}" if name in texts else value
    return Inquiry(texts)


def _settle(atlas: Atlas, text: str) -> str:
    """Write a place, named or not, as coordinates."""
    if len(text) > LONGEST_PLACE:
        msg = f"A place may have {LONGEST_PLACE} letters; got {len(text)}."
        raise QuestionError(msg)
    return "{!r},{!r}".format(*map(float, read_place(atlas, text)))
