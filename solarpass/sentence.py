"""The steps of a walk as sentences, German and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan

from .climb import LEAST_ASCENT_M
from .directions import Step, count_crossings
from .route import Route
from .trip_terms import STEP_TERMS
from .words import Words

# How a German square's name ends that takes an article, as in: über den Marktplatz.
_MASCULINE = ("platz", "markt", "hof", "garten", "anger")


def tell_step(step: Step, words: Words, *, dark: bool = False) -> str:
    """Say one step in a sentence without a full stop; `dark` says nothing of the sun."""
    if step.kind == "wait":
        return words("wait_here", minutes=words.minutes(max(step.walk_s, 60)))
    if step.kind == "pass":
        return (
            words("pass_named", place=step.street) if step.street else words("pass_by", n=step.way)
        )
    said = _tell_crossing(step, words) if step.kind == "cross" else _tell_walk(step, words)
    said = said[0].upper() + said[1:]
    if step.kind == "cross":
        return said
    told = [words.metres(step.length_m)]
    if 2.0 * step.covered_m > step.length_m:
        told.append(words("step_covered"))
    if not dark and not isnan(step.sun_fraction):
        told.append(words("step_sun", share=words.percent(step.sun_fraction)))
    if not dark and step.unknown_m >= 1.0:
        told.append(words("step_unknown", metres=words.metres(step.unknown_m)))
    if step.crossings:
        told.append(tell_crossings([step], words))
    return f"{said}: {', '.join(told)}"


def tell_routes(routes: Sequence[Route], steps: Sequence[Sequence[Step]], words: Words) -> str:
    """Say walks as lines of text: a heading each, and a numbered line a step."""
    lines = []
    for route, of_route in zip(routes, steps, strict=True):
        facts = [words.minutes(route.walk_s), words.metres(route.length_m)]
        facts.append(words("in_sun", sun=words.minutes(route.sun_s)))
        if route.ascent_m >= LEAST_ASCENT_M:  # nor where none is known
            facts.append(words("uphill", metres=words.metres(route.ascent_m)))
        facts += [crossed] if (crossed := tell_crossings(of_route, words)) else []
        lines.append(f"{words(route.kind)}: {', '.join(facts)}")
        lines += [f"{n:3}. {tell_step(step, words)}" for n, step in enumerate(of_route, start=1)]
    return "\n".join(lines)


def tell_crossings(steps: Iterable[Step], words: Words) -> str:
    """Say how many streets are crossed, and how many at lights; nothing where none is."""
    count = count_crossings(steps)
    n = sum(count.values())
    if not n:
        return ""
    said = words("crossing_one") if n == 1 else words("crossings", n=n)
    lights = count.get("signals", 0)
    if not lights:
        return said
    return f"{said} ({words('all_lights') if lights == n else words('some_lights', n=lights)})"


def _tell_walk(step: Step, words: Words) -> str:
    if step.street and step.way == "square":
        is_den = step.street.lower().endswith(_MASCULINE)
        way = words("across_den" if is_den else "across", street=step.street)
    elif step.street:
        way = words("along", street=step.street)
    else:
        term = f"way_{step.way}"
        way = words(term if term in STEP_TERMS else "way_other")
    said = words(f"turn_{step.turn}".replace("-", "_"), way=way) if step.turn else way
    if step.side and step.compass:
        said += words(
            "on_side_compass", side=words(step.side), compass=words(f"side_{step.compass}")
        )
    elif step.side:
        said += words("on_side", side=words(step.side))
    return said


def _tell_crossing(step: Step, words: Words) -> str:
    how = words(f"at_{step.crossings[0].kind}")
    if not step.changes_side or step.side is None:
        street = step.street or words("a_street")
        return words("cross", street=street, how=how)
    shadier = words("shadier") + " " if step.to_shade else ""
    said = {"shadier": shadier, "side": words(step.side), "how": how}
    said["of"] = " " + words("of_street", street=step.street) if step.after_other else ""
    if step.compass is None:
        return words("cross_to", **said)
    return words("cross_to_compass", **said, compass=words(f"side_{step.compass}"))
