"""The answer as text: what each walk takes, what the shade saves, and the walk street by street."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from solarpass.network import Network
from solarpass.route import Route
from solarpass.trip import walk_ends
from solarpass.words import Words, whole_minutes

from .answer import Answer

SHORT_LEG_M = 20.0  # a crossing between two pieces of a street is no leg of its own; our choice


@dataclass(frozen=True, slots=True)
class Leg:
    """
    A stretch of a walk along one street.

    Attributes
    ----------
    street
        Its name, None where it has none.
    length_m, walk_s, sun_s
        Metres, seconds, and seconds in the sun.
    """

    street: str | None
    length_m: float
    walk_s: float
    sun_s: float

    @property
    def sun_fraction(self) -> float:
        """Share of the time in the sun."""
        return self.sun_s / self.walk_s if self.walk_s else 0.0


def find_legs(network: Network, route: Route) -> list[Leg]:
    """Tell a walk street by street; what is shorter than a crossing joins the leg before it."""
    sun = np.where(np.isnan(route.edge_sun_fraction), 1.0, route.edge_sun_fraction)
    legs: list[Leg] = []
    rows = zip(route.edge, route.edge_length_m, route.edge_walk_s, sun, strict=True)
    for edge, length_m, walk_s, sun_fraction in rows:
        street = network.street_name[network.street[edge]]
        leg = Leg(street, float(length_m), float(walk_s), float(walk_s * sun_fraction))
        if legs and (legs[-1].street == street or length_m < SHORT_LEG_M):
            legs[-1] = _joined(legs[-1], leg)
        else:
            legs.append(leg)
    if len(legs) > 1 and legs[0].length_m < SHORT_LEG_M:
        first, second, *rest = legs
        legs = [_joined(second, first), *rest]
    return legs


def _joined(main: Leg, other: Leg) -> Leg:
    return Leg(
        main.street,
        main.length_m + other.length_m,
        main.walk_s + other.walk_s,
        main.sun_s + other.sun_s,
    )


def tell_saved(answer: Answer) -> str:
    """
    Say in one sentence what the shadiest walk saves, and what it costs; nothing unanswered.

    Counts in the minutes that the cards show, so that the reader's sums come out.
    """
    words = answer.words
    if answer.routes is None:
        return ""
    if answer.same:
        return words("same")
    shortest, shadiest = answer.routes
    walk, sun = whole_minutes(shadiest.walk_s), whole_minutes(shadiest.sun_s)
    less_s = 60 * (whole_minutes(shortest.sun_s) - sun) or shortest.sun_s - shadiest.sun_s
    longer = walk - whole_minutes(shortest.walk_s)
    return words(
        "saved" if longer else "saved_free",
        shade=words.minutes(60 * (walk - sun)),
        walk=words.minutes(60 * walk),
        less=words.minutes(less_s),
        longer=words.minutes(60 * longer),
    )


def tell_answer(answer: Answer) -> str:
    """Write as HTML all that is said below the form."""
    words, question = answer.words, answer.question
    said = [_paragraph("fault", fault, role="alert") for fault in answer.faults]
    if question.origin is None:
        said.append(_paragraph("hint", words("tap_start")))
    elif question.destination is None:
        said.append(_paragraph("hint", words("tap_end")))
    if answer.night:
        said.append(_paragraph("saved", _tell_night(answer)))
    if not answer.dark and answer.routes is not None:
        said.append(_paragraph("saved", tell_saved(answer)))
    said += _cards(answer)
    said.append(_paragraph("note", _tell_assumed(answer)))
    return f'<section lang="{words.language}">{"".join(said)}</section>'


def _paragraph(name: str, text: str, *, role: str | None = None) -> str:
    spoken = f' role="{role}"' if role else ""
    return f'<p class="{name}"{spoken}>{escape(text)}</p>'


def _tell_assumed(answer: Answer) -> str:
    if not answer.scene.city.knows_buildings:
        return answer.words("no_buildings")
    share = answer.words.percent(answer.scene.guessed_fraction)
    return answer.words("assumed", share=share)


def _tell_night(answer: Answer) -> str:
    words, departs = answer.words, answer.question.departs
    said = words("at_night", time=f"{departs:%H:%M}")
    day = answer.scene.daylight(departs.date())
    if day is None:
        return f"{said} {words('no_sunrise')}"
    sunrise, sunset = (f"{at:%H:%M}" for at in day)
    return f"{said} {words('sun_hours', sunrise=sunrise, sunset=sunset)}"


def _cards(answer: Answer) -> list[str]:
    """Write a card a walk; one where the walks are the same, or it is night."""
    words = answer.words
    if answer.routes is None:
        return []
    shortest, shadiest = answer.routes
    titled = {words("shadiest"): shadiest, words("shortest"): shortest}
    if answer.dark:
        titled = {words("night_walk"): shadiest}
    elif answer.same:
        titled = {words("both"): shadiest}
    network = answer.scene.atlas.network
    return [
        _card(route, find_legs(network, route), words, title=title, dark=answer.dark)
        for title, route in titled.items()
    ]


def _card(route: Route, legs: list[Leg], words: Words, *, title: str, dark: bool) -> str:
    arrives = walk_ends(route.departs, 60 * whole_minutes(route.walk_s))  # as the minutes say
    numbers = [words.metres(route.length_m), words("arrives", time=f"{arrives:%H:%M}")]
    facts = []
    if not dark:
        facts.append(words("in_sun", sun=words.minutes(route.sun_s)))
    if route.unknown_m >= 1.0 and not dark:
        facts.append(words("unknown_m", metres=words.metres(route.unknown_m)))
    if route.steps_m >= 1.0:
        facts.append(words("steps_m", metres=words.metres(route.steps_m)))
    listed = "".join(f"<li>{escape(_tell_leg(leg, words, dark=dark))}</li>" for leg in legs)
    return (
        f'<article class="walk {route.kind}"><h2>{escape(title)}</h2>'
        f"<p><strong>{words.minutes(route.walk_s)}</strong> · {escape(' · '.join(numbers))}</p>"
        f"<p>{escape(' · '.join(facts))}</p>"
        f"<details><summary>{escape(words('legs'))}</summary><ol>{listed}</ol></details></article>"
    )


def _tell_leg(leg: Leg, words: Words, *, dark: bool) -> str:
    street, metres = leg.street or words("unnamed"), words.metres(leg.length_m)
    if dark:
        return f"{street}: {metres}"
    return words("leg", street=street, metres=metres, share=words.percent(leg.sun_fraction))
