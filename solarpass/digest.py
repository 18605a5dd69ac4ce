"""A trip's walks as one reads them: none told twice, those of a front numbered, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .directions import count_crossings
from .itinerary import Itinerary
from .trip import USUAL_BUDGET
from .words import Words, whole_minutes

LEAST_RANGE_MIN = 2  # a narrower interval tells a walker nothing; our choice


@dataclass(frozen=True, slots=True)
class Digest:
    """
    Which of a trip's walks are told, and how fully.

    Attributes
    ----------
    kept
        Walks of the itinerary in its order, each other than those before as far as words tell.
    full
        Those of them that are told step by step: of a front the shortest, the one of the usual
        budget, and the one to take.
    usual
        The walk of the usual budget; None where that is the shortest or the one to take.
    is_front
        Whether they are a front, whose walks have numbers.
    """

    kept: tuple[int, ...]
    full: tuple[int, ...]
    usual: int | None = None
    is_front: bool = False

    def number(self, at: int) -> int:
        """Tell the number of a walk, from 1."""
        return self.kept.index(at) + 1


def digest(itinerary: Itinerary) -> Digest:
    """
    Choose what to tell of a trip's walks.

    Of walks on the same streets at the same time one is told. Of the walks of a front those are
    that still differ in the minutes told: none takes as many minutes as another and has as much
    sun (as little for who likes it). The shortest and the one to take stay.
    """
    routes, chosen = itinerary.routes, itinerary.chosen
    if all(route.kind != "pareto" for route in routes):
        kept = _drop_same(itinerary)
        return Digest(kept=kept, full=kept)
    turn = -1 if routes[chosen].kind == "sunniest" else 1
    said = [(whole_minutes(one.walk_s), turn * whole_minutes(one.sun_s)) for one in routes]
    best = [chosen] if said[0] == said[chosen] else [0, chosen]
    # Of walks told alike the last has least sun.
    for at in sorted(range(1, len(routes) - 1), key=lambda at: (*said[at], -at)):
        if all(said[at][0] < said[one][0] or said[at][1] < said[one][1] for one in best):
            best.append(at)
    kept = tuple(sorted(best))
    most_s = (1.0 + USUAL_BUDGET) * routes[0].walk_s
    usual = max((at for at in kept if routes[at].walk_s <= most_s), default=kept[0])
    ends = {kept[0], kept[-1]}
    return Digest(
        kept=kept,
        full=tuple(sorted(ends | {usual})),
        usual=None if usual in ends else usual,
        is_front=True,
    )


def tell_kind(itinerary: Itinerary, told: Digest, at: int, words: Words) -> str:
    """Say what a walk is best at, with its number in a front."""
    routes, kind = itinerary.routes, itinerary.routes[at].kind
    if itinerary.is_night[at] and kind != "loop":
        said = words("night_walk")
    elif len(routes) > 1 and at == itinerary.chosen and kind != "loop" and 0 not in told.kept:
        said = words("both_sun" if kind == "sunniest" else "both")
    else:
        said = words(kind)
    if at == told.usual:
        said += f" ({words('front_usual', percent=words.percent(USUAL_BUDGET))})"
    return f"{told.number(at)} · {said}" if told.is_front else said


def tell_front(itinerary: Itinerary, told: Digest, words: Words) -> str:
    """Say what the numbered walks are."""
    is_sunny = itinerary.routes[-1].kind == "sunniest"
    return words("front_sunny" if is_sunny else "front", n=len(told.kept))


def tell_rows(itinerary: Itinerary, told: Digest, words: Words) -> list[tuple[str, ...]]:
    """Lay the walks of a front out in rows, the first of them the heads of the columns."""
    heads = ("number", "walk", "longer", "in_sun", "crossings", "kind")
    rows = [tuple(words(f"front_{head}") for head in heads)]
    first_min = whole_minutes(itinerary.routes[0].walk_s)
    for at in told.kept:
        route = itinerary.routes[at]
        longer_min = whole_minutes(route.walk_s) - first_min
        kind = tell_kind(itinerary, told, at, words).partition(" · ")[2]
        rows.append(
            (
                str(told.number(at)),
                words.minutes(route.walk_s),
                f"+{words.minutes(60 * longer_min)}" if longer_min else "\N{EN DASH}",
                _tell_span(itinerary, at, words),
                str(sum(count_crossings(itinerary.steps[at]).values())),
                kind,
            )
        )
    return rows


def tell_range(itinerary: Itinerary, at: int, words: Words) -> tuple[str, str] | None:
    """Say between which ends the time in the sun lies; None where they tell a walker nothing."""
    interval = itinerary.intervals[at]
    low, high = whole_minutes(interval.low_s), whole_minutes(interval.high_s)
    if high - low < LEAST_RANGE_MIN:
        return None
    return (
        (str(low), str(high)) if high < 60 else (words.minutes(60 * low), words.minutes(60 * high))
    )


def _tell_span(itinerary: Itinerary, at: int, words: Words) -> str:
    sun, ends = words.minutes(itinerary.routes[at].sun_s), tell_range(itinerary, at, words)
    return sun if ends is None else f"{sun} ({ends[0]}\N{EN DASH}{ends[1]})"


def align(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """
    Write rows under each other, numbers to the right, words to the left.

    Examples
    --------
    >>> align([("No.", "kind"), ("1", "short")])
    ['No.  kind', '  1  short']
    """
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("  ".join([*cells[:-1], row[-1]]))
    return lines


def _drop_same(itinerary: Itinerary) -> tuple[int, ...]:
    """Leave out a walk on the same edges at the same time as another; the one to take stays."""
    kept: dict[object, int] = {}
    order = sorted(range(len(itinerary.routes)), key=lambda at: at != itinerary.chosen)
    for at in order:
        route = itinerary.routes[at]
        kept.setdefault((route.departs, route.edge.tobytes(), len(route.xy)), at)
    return tuple(sorted(kept.values()))
