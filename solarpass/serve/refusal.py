"""Refusals: one sentence, its kind and the status that says so, and never what lies behind."""

from __future__ import annotations

import json
from typing import Final

from starlette.responses import Response

from solarpass.errors import (
    CoordinateError,
    NaiveTimeError,
    NoRouteError,
    PlaceError,
    SolarpassError,
    SourceError,
    TripError,
    WallTimeError,
)

JSON: Final = "application/json"

# Whose fault it is: the question's, or there is no answer. All else is ours.
_STATUS: Final[tuple[tuple[type[Exception], int, str], ...]] = (
    (NoRouteError, 404, "no_route"),
    (PlaceError, 404, "no_place"),
    (WallTimeError, 400, "bad_time"),
    (NaiveTimeError, 400, "bad_time"),
    (TripError, 400, "bad_trip"),
    (CoordinateError, 400, "bad_place"),
    (SourceError, 400, "bad_question"),
)
OURS: Final = "Something went wrong here, not in your question; please report it."


class QuestionError(ValueError, SolarpassError):
    """A question that does not read, or asks for too much."""

    def __init__(self, sentence: str, *, status: int = 400, kind: str = "bad_question") -> None:
        super().__init__(sentence)
        self.status = status
        self.kind = kind


def refuse(
    sentence: str, *, status: int, kind: str, headers: dict[str, str] | None = None
) -> Response:
    """Say in one sentence what cannot be."""
    told = " ".join(sentence.split())
    text = json.dumps({"error": told, "kind": kind}, ensure_ascii=False)
    # A lone half of a letter, which somebody may have typed, has no place in UTF-8.
    body = text.encode("utf-8", "replace")
    return Response(body, status_code=status, media_type=JSON, headers=headers)


def tell_error(error: Exception) -> Response:
    """Say what an error means to who asked; ours are not told."""
    if isinstance(error, QuestionError):
        return refuse(str(error), status=error.status, kind=error.kind)
    for kind_of, status, kind in _STATUS:
        if isinstance(error, kind_of):
            return refuse(str(error), status=status, kind=kind)
    return refuse(OURS, status=500, kind="our_fault")
