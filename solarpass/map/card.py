"""The answer as text: what each walk takes, what the shade saves, and the walk step by step."""

from __future__ import annotations

from html import escape
from typing import Final

from solarpass.climb import LEAST_ASCENT_M
from solarpass.export import find_notes
from solarpass.interval import find_interval
from solarpass.profile import Profile
from solarpass.route import Route
from solarpass.routetext import find_arrival, tell_notes
from solarpass.sentence import tell_crossings, tell_step
from solarpass.words import Words, whole_minutes

from .answer import Answer
from .takeaway import OFFERED, walk_address

LEAST_RANGE_MIN: Final = 2  # a narrower interval tells a walker nothing; our choice
LEAST_SAVED_S: Final = 30.0  # less is told as less than a minute: no reason to walk one more


def tell_saved(answer: Answer, number: int = -1) -> str:
    """
    Say in one sentence what a walk saves, and what it costs; nothing unanswered.

    Of the shadiest, unless another is named. Counts in the minutes that the cards show, so that
    the reader's sums come out.
    """
    words = answer.words
    if answer.routes is None:
        return ""
    if answer.same:
        return words("same")
    shortest, shadiest = answer.routes[0], answer.routes[number]
    if shadiest is shortest:
        return words("chosen_shortest", sun=words.minutes(shortest.sun_s))
    walk, sun = whole_minutes(shadiest.walk_s), whole_minutes(shadiest.sun_s)
    less_s = 60 * (whole_minutes(shortest.sun_s) - sun) or shortest.sun_s - shadiest.sun_s
    longer = walk - whole_minutes(shortest.walk_s)
    term = "saved_free" if not longer else "saved" if less_s >= LEAST_SAVED_S else "saved_little"
    return words(
        term,
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
        said += [
            f'<p class="saved pick" data-number="{number}">{escape(tell_saved(answer, number))}</p>'
            for number in ([len(answer.routes) - 1] if answer.same else range(len(answer.routes)))
        ]
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
    last = len(answer.routes) - 1
    if answer.dark:
        return [_card(answer, last, title=words("night_walk"))]
    if answer.same:
        return [_card(answer, last, title=words("both"))]
    return [
        _card(answer, number, title=words(answer.routes[number].kind))
        for number in range(last, -1, -1)
    ]


def tell_longer(answer: Answer, number: int) -> str:
    """Say in a few words what a walk costs and saves against the shortest, for the slider."""
    routes, words = answer.routes or (), answer.words
    longer, less = (
        abs(whole_minutes(getattr(routes[number], of)) - whole_minutes(getattr(routes[0], of)))
        for of in ("walk_s", "sun_s")
    )
    if not number:
        return words("front_shortest")
    return words("front_stop", longer=words.minutes(60 * longer), less=words.minutes(60 * less))


def _card(answer: Answer, number: int, *, title: str) -> str:
    """Write a walk's card; `pick` marks those of which the browser shows the chosen one."""
    words, dark = answer.words, answer.dark
    route, steps = (answer.routes or ())[number], answer.steps[number]
    pick = "" if route.kind == "shortest" else " pick"
    arrives = find_arrival(route)
    numbers = [words.metres(route.length_m), words("arrives", time=f"{arrives:%H:%M}")]
    told = [escape(number) for number in numbers]
    told[1:1] = _tell_ascent(route, words)
    facts = [] if dark else [_tell_sun(answer, route)]
    facts += [crossed] if (crossed := tell_crossings(steps, words)) else []
    if route.steps_m >= 1.0:
        facts.append(words("steps_m", metres=words.metres(route.steps_m)))
    if route.unknown_m >= 1.0 and not dark:
        why = "rim_m" if answer.scene.city.knows_buildings else "unknown_m"
        facts.append(words(why, metres=words.metres(route.unknown_m)))
    listed = "".join(
        f'<li class="{step.kind}-step">{escape(tell_step(step, words, dark=dark))}</li>'
        for step in steps
    )
    return (
        f'<article class="walk {route.kind}{pick}" data-number="{number}"><h2>{escape(title)}</h2>'
        f"<p><strong>{words.minutes(route.walk_s)}</strong> · {' · '.join(told)}</p>"
        f"<p>{escape(' · '.join(facts))}</p>"
        f"{_tell_ways(answer, route)}"
        f"<details><summary>{escape(words('legs'))}</summary><ol>{listed}</ol></details>"
        f"{_offer_files(answer, number)}</article>"
    )


def _tell_ways(answer: Answer, route: Route) -> str:
    """Say what may trouble whoever asks for more than a way on foot, and what nobody knows."""
    profile = answer.question.profile
    if profile == Profile():
        return ""
    notes = find_notes(answer.scene.atlas, route, profile)
    told = tell_notes(notes, answer.words, by_night=answer.night)
    return _paragraph("ways", " · ".join(told)) if told else ""


def _offer_files(answer: Answer, number: int) -> str:
    """Offer the walk as files; each lies at an address that asks the same again."""
    links = [
        f'<a href="{escape(walk_address(answer, number, kind))}" target="_blank" rel="noopener">'
        f"{escape(answer.words('take_' + kind))}</a>"
        for kind in OFFERED
    ]
    return f'<p class="take">{" ".join(links)}</p>'


def _tell_sun(answer: Answer, route: Route) -> str:
    """Say how long one is in the sun, and between which ends that lies where it matters."""
    atlas, words, sun = answer.scene.atlas, answer.words, answer.words.minutes(route.sun_s)
    interval = find_interval(atlas.shade_on(route.departs.astimezone(atlas.zone).date()), route)
    low, high = whole_minutes(interval.low_s), whole_minutes(interval.high_s)
    if high - low < LEAST_RANGE_MIN:
        return words("in_sun", sun=sun)
    ends = (low, high) if high < 60 else [words.minutes(60 * end) for end in (low, high)]
    return words("in_sun_range", sun=sun, low=ends[0], high=ends[1])


def _tell_ascent(route: Route, words: Words) -> list[str]:
    """Draw what one climbs as an arrow, which a screen reader gets in words; nothing unfelt."""
    if not route.ascent_m >= LEAST_ASCENT_M:  # nor where it is NaN, unknown
        return []
    metres = f"{route.ascent_m:.0f}\N{NO-BREAK SPACE}m"
    said = escape(words("uphill", metres=metres))
    return [
        f'<span role="img" aria-label="{said}">\N{UPWARDS ARROW}\N{NO-BREAK SPACE}{metres}</span>'
    ]
