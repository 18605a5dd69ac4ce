"""Parameters: what each is, in which unit, between which bounds; read and told from one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from solarpass.loop import LENGTHS_MIN, MOST_LOOPS
from solarpass.trip import LIKES, MOST_BUDGET, MOST_VIA, SPEEDS_M_S, USUAL_BUDGET
from solarpass.tripfile import TRIP_KINDS
from solarpass.words import LANGUAGES

LONGEST_PLACE: Final = 200  # letters; our choice
KMH_PER_M_S: Final = 3.6

_WHERE = "as LAT,LON or as the name of an address, stop, street or place"
_WHEN = "wall time of the city such as 2026-07-15T14:00, or with an offset"


@dataclass(frozen=True, slots=True)
class Parameter:
    """
    One parameter.

    Attributes
    ----------
    told
        What it is, in a sentence.
    kind
        As JSON names it: string, integer, number, boolean; array of strings if it may come again.
    unit
        Of a number.
    least, most
        Between which a number lies.
    usual
        What is meant if it is left out.
    among
        The words it may be.
    example
        One that reads; of places the city has its own.
    """

    told: str
    kind: str = "string"
    unit: str = ""
    least: float | None = None
    most: float | None = None
    usual: float | str | None = None
    among: tuple[str, ...] = ()
    example: float | str | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which a number lies, without end where none is told."""
        least = -float("inf") if self.least is None else self.least
        return least, float("inf") if self.most is None else self.most

    def schema(self) -> dict[str, Any]:
        """Describe its values as OpenAPI does."""
        told: dict[str, Any] = {"type": self.kind}
        if self.kind == "array":
            told |= {"items": {"type": "string", "maxLength": LONGEST_PLACE}}
            told["maxItems"] = MOST_VIA
        further = {
            "minimum": self.least,
            "maximum": self.most,
            "default": self.usual,
            "enum": list(self.among) or None,
        }
        return told | {key: value for key, value in further.items() if value is not None}


def _yes(told: str) -> Parameter:
    return Parameter(f"true: {told}", "boolean")


_SLOWEST_KMH, _QUICKEST_KMH = (round(KMH_PER_M_S * speed_m_s, 6) for speed_m_s in SPEEDS_M_S)

PARAMETERS: Final = {
    "from": Parameter(f"Where one sets out, {_WHERE}."),
    "to": Parameter(f"Where one goes, {_WHERE}."),
    "at": Parameter(f"When: {_WHEN}; now if left out."),
    "budget": Parameter(
        "How much longer than the shortest walk it may be: 0.15 is 15 %, 0 asks for the shortest.",
        "number",
        "share of the shortest walking time",
        0.0,
        MOST_BUDGET,
        USUAL_BUDGET,
        example=0.3,
    ),
    "via": Parameter(
        f"A place to pass, {_WHERE}; up to five, each as a parameter or with | between them.",
        "array",
    ),
    "likes": Parameter("What to look for.", usual="shade", among=LIKES, example="sun"),
    "profile": Parameter(
        "Who walks: walk, pram or wheelchair, with +lit or +quiet (as %2Blit) if wished.",
        usual="walk",
        example="wheelchair",
    ),
    "speed_km_h": Parameter(
        "Walking speed on the level; about 4.8 if left out.",
        "number",
        "km/h",
        _SLOWEST_KMH,
        _QUICKEST_KMH,
        example=4.0,
    ),
    "pareto": _yes(
        "every walk between the shortest and the shadiest that is worth while, those between of "
        "the kind `pareto`."
    ),
    "exact": _yes("the exact search, on walks of some kilometres."),
    "waits": _yes("rounds on which one waits until the sun has moved on are kept."),
    "wayside": _yes("what lies on the way as well, water, benches, toilets; takes longer."),
    "format": Parameter(
        "What is sent: data, a track with times, a row an edge, words, or a page to print.",
        usual="geojson",
        among=tuple(TRIP_KINDS),
        example="gpx",
    ),
    "language": Parameter(
        "Of what is told in words: directions, names of tracks, the page.",
        usual="en",
        among=LANGUAGES,
        example="de",
    ),
    "city": Parameter("Which of /cities; needed if there are several."),
    "minutes": Parameter("How long the round walk takes.", "integer", "min", *LENGTHS_MIN, 30),
    "n": Parameter("How many round walks to propose.", "integer", "", 1, MOST_LOOPS, 3),
    "span": Parameter("So much earlier and later is tried.", "integer", "min", 0, 720, 180),
    "step": Parameter("From one departure to the next.", "integer", "min", 5, 60, 5),
    "depart_first": Parameter(
        f"The first departure that suits, instead of `at` and `span`: {_WHEN}.",
    ),
    "depart_last": Parameter(
        "The last departure that suits, at most 12 hours after `depart_first`.",
    ),
    "arrive_by": Parameter(
        f"When to be there at the latest, instead of `at`: {_WHEN}; `span` is how much earlier "
        "than one has to one might leave.",
    ),
    "bbox": Parameter(
        "WEST,SOUTH,EAST,NORTH; the whole city if left out and not too large.", unit="°"
    ),
}
