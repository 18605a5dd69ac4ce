"""Addresses: what may be asked where, as the guide and OpenAPI tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from solarpass.atlas import Atlas

from .answers import (
    FORMATS,
    GEOJSON,
    Answer,
    answer_departure,
    answer_loop,
    answer_route,
    answer_shade,
)
from .inquiry import Inquiry
from .parameter import LONGEST_PLACE, PARAMETERS
from .refusal import JSON

_NEEDED: Final = {"from", "to"}
_WISHES: Final = ("budget", "via", "likes", "profile", "speed_km_h")
_CODES: Final = ("400", "404", "413", "414", "500", "503", "504")
_REFUSAL: Final = {
    "type": "object",
    "required": ["error", "kind"],
    "properties": {"error": {"type": "string"}, "kind": {"type": "string"}},
}
REFUSED: Final = {
    "description": "One sentence on what cannot be.",
    "content": {JSON: {"schema": _REFUSAL}},
}


@dataclass(frozen=True, eq=False, slots=True)
class Address:
    """
    One address that the engine works on.

    Attributes
    ----------
    path
        Where it is.
    told
        What it answers.
    names
        The parameters it takes.
    media_types
        What it sends, the most usual first.
    shown
        Parameters that an example names, and what is asked beside them, one example each.
    work
        What answers.
    """

    path: str
    told: str
    names: tuple[str, ...]
    media_types: tuple[str, ...]
    shown: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]
    work: Callable[[Atlas, Inquiry], Answer]

    def describe(self, examples: Mapping[str, str], cities: tuple[str, ...]) -> dict[str, Any]:
        """
        Describe parameters and answers as OpenAPI does.

        Parameters
        ----------
        examples
            Places and times that the first of the cities has an answer to.
        cities
            Which may be named.
        """
        answered = {
            media_type: {"schema": {"type": "object" if media_type.endswith("json") else "string"}}
            for media_type in self.media_types
        }
        known = dict(examples) | ({"city": cities[0]} if len(cities) > 1 else {})
        asked = [
            {name: known[name] for name in (*names, "city") if name in known} | dict(beside)
            for names, beside in self.shown
        ]
        return {
            "parameters": [_describe(name, examples, cities) for name in self.names],
            "responses": {
                "200": {"description": self.told, "content": answered},
                **dict.fromkeys(_CODES, REFUSED),
            },
            "x-examples": [f"{self.path.strip('/')}?{urlencode(one, safe=',:')}" for one in asked],
        }


def _describe(name: str, examples: Mapping[str, str], cities: tuple[str, ...]) -> dict[str, Any]:
    parameter = PARAMETERS[name]
    is_city = name == "city"
    told: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": name in _NEEDED or (is_city and len(cities) > 1),
        "description": parameter.told,
        "schema": parameter.schema() | ({"enum": list(cities)} if is_city else {}),
    }
    example = cities[0] if is_city else examples.get(name, parameter.example)
    if name in _NEEDED:  # what is left empty is left out
        told["schema"] |= {"minLength": 1, "maxLength": LONGEST_PLACE}
    if example is not None:
        told["example"] = [example] if parameter.kind == "array" else example
    if parameter.unit:
        told["x-unit"] = parameter.unit
    return told


_ENDS: Final = ("from", "to", "at")
_DEPARTURES: Final = ("span", "depart_first", "depart_last", "arrive_by", "step")


ADDRESSES: Final = (
    Address(
        "/route",
        "The shortest walk and the shadiest within the budget, as `solarpass route` tells them.",
        (*_ENDS, *_WISHES, "pareto", "exact", "waits", "wayside", "city", "format", "language"),
        tuple(FORMATS.values()),
        (
            (_ENDS, {}),
            (_ENDS, {"budget": "0.3", "pareto": "true"}),
            (_ENDS, {"format": "text", "language": "de"}),
            (_ENDS, {"format": "gpx"}),
        ),
        answer_route,
    ),
    Address(
        "/departure",
        "The same trip at many departures, which of them is best, and whether that is sure.",
        (*_ENDS, *_DEPARTURES, *_WISHES, "city", "language"),
        (JSON,),
        (
            (_ENDS, {"span": "60"}),
            (("from", "to", "depart_first", "depart_last"), {"step": "10"}),
            (("from", "to", "arrive_by"), {}),
        ),
        answer_departure,
    ),
    Address(
        "/loop",
        "Round walks of so many minutes, from a place and back to it.",
        ("from", "at", "minutes", "n", "likes", "profile", "speed_km_h", "city", "language"),
        (GEOJSON,),
        ((("from", "at"), {"minutes": "30"}),),
        answer_loop,
    ),
    Address(
        "/shade",
        "The streets of a rectangle with `sun_fraction`, the share of each in the sun.",
        ("at", "bbox", "city"),
        (GEOJSON,),
        ((("at", "bbox"), {}),),
        answer_shade,
    ),
)
