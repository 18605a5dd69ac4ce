"""Addresses: what may be asked where, as the guide and OpenAPI tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from solarpass.atlas import Atlas

from .answers import FORMATS, Answer, answer_departure, answer_loop, answer_route, answer_shade
from .inquiry import Inquiry

_WHERE = "as LAT,LON or as the name of an address, stop, street or place"
_TOLD: Final = {
    "from": f"Where one sets out, {_WHERE}.",
    "to": f"Where one goes, {_WHERE}.",
    "at": "When: wall time of the city such as 2026-07-15T14:00, or with an offset; now if left "
    "out.",
    "budget": "How much longer than the shortest walk: 0.15 is 15 %, the default.",
    "via": f"A place to pass, {_WHERE}; up to five, each as a parameter or with | between them.",
    "likes": "shade, the default, or sun.",
    "profile": "walk, pram or wheelchair, with +lit or +quiet (as %2Blit) if wished.",
    "speed": "Walking speed on the level, metres per second.",
    "exact": "true: the exact search, on walks of some kilometres.",
    "pareto": "true: all walks between the shortest and the shadiest that are worth while.",
    "waits": "true: rounds on which one waits until the sun has moved on are kept.",
    "wayside": "true: what lies on the way as well, water, benches, toilets; takes longer.",
    "format": f"{' or '.join(FORMATS)}; geojson is the default.",
    "city": "Which of /cities; needed if there are several.",
    "minutes": "How long the round walk takes, by default 30.",
    "n": "How many round walks to propose, by default 3.",
    "span": "Minutes earlier and later that are tried, by default 180.",
    "step": "Minutes from one departure to the next, by default 5.",
    "arrive_by": "When to be there at the latest, instead of `at`.",
    "bbox": "WEST,SOUTH,EAST,NORTH in degrees; the whole city if left out and not too large.",
}
_NEEDED: Final = {"from", "to"}
_WISHES: Final = ("budget", "via", "likes", "profile", "speed")


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
    media_type
        What it mostly sends.
    work
        What answers.
    """

    path: str
    told: str
    names: tuple[str, ...]
    media_type: str
    work: Callable[[Atlas, Inquiry], Answer]

    def describe(self) -> dict[str, Any]:
        """Describe parameters and answers as OpenAPI does."""
        refused = {
            "description": "One sentence on what cannot be.",
            "content": {"application/json": {"schema": _REFUSAL}},
        }
        answered = {self.media_type: {"schema": {"type": "object"}}}
        codes = ("400", "404", "413", "414", "500", "503", "504")
        return {
            "parameters": [
                {
                    "name": name,
                    "in": "query",
                    "required": name in _NEEDED,
                    "description": _TOLD[name],
                    "schema": {"type": "string"},
                }
                for name in self.names
            ],
            "responses": {
                "200": {"description": self.told, "content": answered},
                **dict.fromkeys(codes, refused),
            },
        }


_REFUSAL: Final = {
    "type": "object",
    "required": ["error", "kind"],
    "properties": {"error": {"type": "string"}, "kind": {"type": "string"}},
}

ADDRESSES: Final = (
    Address(
        "/route",
        "The shortest walk and the shadiest within the budget, as `solarpass route` tells them.",
        ("from", "to", "at", *_WISHES, "pareto", "exact", "waits", "wayside", "city", "format"),
        "application/geo+json",
        answer_route,
    ),
    Address(
        "/departure",
        "The same trip at many departures, which of them is best, and whether that is sure.",
        ("from", "to", "at", "arrive_by", "span", "step", *_WISHES, "city"),
        "application/json",
        answer_departure,
    ),
    Address(
        "/loop",
        "Round walks of so many minutes, from a place and back to it.",
        ("from", "at", "minutes", "n", "likes", "profile", "speed", "city"),
        "application/geo+json",
        answer_loop,
    ),
    Address(
        "/shade",
        "The streets of a rectangle with `sun_fraction`, the share of each in the sun.",
        ("at", "bbox", "city"),
        "application/geo+json",
        answer_shade,
    ),
)
