"""Inquiries: the parameters of an address, read with suspicion."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Final

from solarpass.atlas import Atlas
from solarpass.placename import read_place
from solarpass.trip import Trip, read_wall_time

from .parameter import KMH_PER_M_S, LONGEST_PLACE, PARAMETERS
from .refusal import QuestionError

LONGEST_QUERY: Final = 2000  # letters: five places to pass by name have room; our choice
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,20})?(e-\d{1,3})?")
_FORMER: Final = {"speed": "`speed` tells no unit; ask with `speed_km_h`, such as 4.8."}
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
        speed_km_h = self.number("speed_km_h")
        if speed_km_h is not None:
            query["speed"] = repr(speed_km_h / KMH_PER_M_S)
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

    def choice(self, key: str) -> str:
        """Read one of the words a parameter may be, by default the usual."""
        parameter = PARAMETERS[key]
        text = self.texts.get(key, "").strip().lower() or str(parameter.usual)
        if text not in parameter.among:
            msg = f"`{key}` must be one of {', '.join(parameter.among)}; got {text[:40]!r}."
            raise QuestionError(msg)
        return text

    def whole(self, key: str) -> int:
        """Read a whole number between its bounds, by default the usual."""
        parameter = PARAMETERS[key]
        least, most = parameter.bounds
        text = self.texts.get(key, "").strip() or str(parameter.usual)
        if not (text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most):
            msg = (
                f"`{key}` must be a whole number from {least:g} to {most:g}{_unit(key)}; "
                f"got {text[:40]!r}."
            )
            raise QuestionError(msg)
        return int(text)

    def number(self, key: str) -> float | None:
        """Read a number between its bounds; None if it is left out."""
        least, most = PARAMETERS[key].bounds
        text = self.texts.get(key, "").strip()
        if not text:
            return None
        if not (_NUMBER.fullmatch(text) and least <= float(text) <= most):
            msg = (
                f"`{key}` must be a number from {least:g} to {most:g}{_unit(key)}; "
                f"got {text[:40]!r}."
            )
            raise QuestionError(msg)
        return float(text)

    def refuse_together(self, leading: str, others: Sequence[str]) -> None:
        """Refuse parameters beside one that leaves them no meaning."""
        for other in others:  # an empty field of a form asks for nothing
            if self.texts.get(leading) and self.texts.get(other):
                msg = f"`{leading}` and `{other}` do not go together; leave one out."
                raise QuestionError(msg)

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
        if name in _FORMER:
            raise QuestionError(_FORMER[name])
        if name not in known:
            msg = f"{name[:40]!r} is no parameter here; these are: {', '.join(known)}."
            raise QuestionError(msg)
        if name in texts and name != "via":
            msg = f"`{name}` stands twice; give it once."
            raise QuestionError(msg)
        texts[name] = f"{texts[name]}|{value}" if name in texts else value
    return Inquiry(texts)


def _unit(key: str) -> str:
    unit = PARAMETERS[key].unit
    return f" {unit}" if unit else ""


def _settle(atlas: Atlas, text: str) -> str:
    """Write a place, named or not, as coordinates."""
    if len(text) > LONGEST_PLACE:
        msg = f"A place may have {LONGEST_PLACE} letters; got {len(text)}."
        raise QuestionError(msg)
    return "{!r},{!r}".format(*map(float, read_place(atlas, text)))
