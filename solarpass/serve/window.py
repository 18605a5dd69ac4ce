"""Windows: between which departures one is looked for, asked for in one of three ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from solarpass.atlas import Atlas
from solarpass.departure import MOST_SPAN_MIN

from .inquiry import Inquiry
from .refusal import QuestionError

MOST_DEPARTURES: Final = 73  # three hours either way in steps of five minutes; our choice


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """
    Between which departures to look, as `find_departure` takes it.

    Attributes
    ----------
    asked
        The question with the time that all others are held against.
    before_min, after_min, step_min
        How much earlier and later one might leave, and in which steps. [min]
    arrive_by
        When to be there; None if that was not asked.
    """

    asked: Inquiry
    before_min: int
    after_min: int
    step_min: int
    arrive_by: datetime | None


def read_window(atlas: Atlas, asked: Inquiry) -> Window:
    """
    Read around a time, between two, or before an arrival.

    Raises
    ------
    SolarpassError
        If a part does not read, does not go with another, or asks for too many departures.
    """
    asked.refuse_together("arrive_by", ("at", "depart_first", "depart_last"))
    for end in ("depart_first", "depart_last"):
        asked.refuse_together(end, ("at", "span"))
    step_min = asked.whole("step")
    if asked.texts.get("depart_first") or asked.texts.get("depart_last"):
        window = _between(atlas, asked, step_min)
    else:
        span_min = asked.whole("span")
        arrives = asked.texts.get("arrive_by")
        arrive_by = asked.instant(atlas, "arrive_by") if arrives else None
        after_min = span_min if arrive_by is None else 0
        window = Window(asked, span_min, after_min, step_min, arrive_by)
    n_departures = window.before_min // step_min + window.after_min // step_min + 1
    if n_departures > MOST_DEPARTURES:
        msg = (
            f"At most {MOST_DEPARTURES} departures are tried, and {n_departures} are asked for, "
            f"one in {step_min} minutes: widen `step`, or narrow the time."
        )
        raise QuestionError(msg)
    return window


def _between(atlas: Atlas, asked: Inquiry, step_min: int) -> Window:
    """Read the first and the last departure; the first is held against the others."""
    for end in ("depart_first", "depart_last"):
        if not asked.texts.get(end):
            msg = f"`depart_first` and `depart_last` go together; `{end}` is missing."
            raise QuestionError(msg)
    first, last = (asked.instant(atlas, end) for end in ("depart_first", "depart_last"))
    # By the sun's clock: clocks of one zone would hide an hour that is put forward.
    after_min = int((last.astimezone(UTC) - first.astimezone(UTC)).total_seconds() // 60)
    if not step_min <= after_min <= MOST_SPAN_MIN:
        msg = (
            f"`depart_last` must be {step_min} minutes to {MOST_SPAN_MIN // 60} hours after "
            f"`depart_first`; got {first.isoformat()} and {last.isoformat()}."
        )
        raise QuestionError(msg)
    texts = {**asked.texts, "at": first.isoformat()}
    return Window(Inquiry(texts), 0, after_min, step_min, None)
