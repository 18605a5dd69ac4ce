"""What one takes along: a walk as a track, as data, or as a page to print."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from solarpass.errors import SolarpassError
from solarpass.export import routes_to_geojson
from solarpass.foreign import plain_all
from solarpass.gpx import write_gpx
from solarpass.itinerary import plan_itinerary
from solarpass.words import LANGUAGES, Words

from .question import Question

if TYPE_CHECKING:
    from .answer import Answer
    from .scene import Scene

# As in the address, and the media type of each.
FILES: Final = {
    "gpx": "application/gpx+xml",
    "geojson": "application/geo+json",
    "html": "text/html; charset=utf-8",
    "svg": "image/svg+xml",
}
OFFERED: Final = ("gpx", "geojson", "html")  # the picture stands on the page where no map can
LONGEST_QUERY: Final = 400  # letters; a question in full takes some 200
WAIT_S: Final = 20.0  # so long one waits for those before; our choice

_writing = threading.Lock()


def walk_address(answer: Answer, number: int, kind: str) -> str:
    """Write where a walk lies as a file: the question itself, and which of its walks."""
    from .server import city_address  # noqa: PLC0415 - which sends what is written here

    asked = answer.question.to_query()
    asked.pop("check", None)
    query = urlencode({**asked, "walk": number, "lang": answer.words.language})
    return f"{city_address(answer.scene)}/walk.{kind}?{query}"


def write_walk(scene: Scene, query: Mapping[str, str], kind: str) -> str | None:
    """
    Write the walk that an address asks for; one at a time, for each is searched anew.

    Parameters
    ----------
    scene
        The city.
    query
        Of the address.
    kind
        Of `FILES`.

    Returns
    -------
    str or None
        The file; None where the address asks for nothing that there is.

    Raises
    ------
    TimeoutError
        If too many others are before.
    """
    number, language = query.get("walk", ""), query.get("lang", "")
    if not (number.isdecimal() and number.isascii()) or language not in LANGUAGES:
        return None
    question = Question.from_query(query, zone=scene.atlas.zone)
    if question.faults or question.trip is None:
        return None
    if not _writing.acquire(timeout=WAIT_S):
        msg = "Too many walks are being written; ask again in a minute."
        raise TimeoutError(msg)
    try:
        return _write(scene, question, int(number), kind, Words(language))
    except SolarpassError:
        return None
    finally:
        _writing.release()


def _write(scene: Scene, question: Question, number: int, kind: str, words: Words) -> str | None:
    # What draws pictures takes a second to load, and the page offers this with every answer.
    from solarpass.routepage import draw_route_map, write_route_page  # noqa: PLC0415

    from .answer import find_answer  # noqa: PLC0415 - which offers what is written here

    answer = find_answer(scene, question, words)
    if answer.routes is None or number >= len(answer.routes):
        return None
    origin, destination = (
        scene.name_near(place, picked=None)
        for place in (question.origin, question.destination)
        if place
    )
    itinerary = plan_itinerary(
        scene.atlas,
        [answer.routes[number]],
        origin=origin,
        destination=destination,
        profile=question.profile,
    )
    if kind == "gpx":
        return write_gpx(itinerary, words)
    if kind == "html":
        return write_route_page(itinerary, words)
    if kind == "svg":
        return draw_route_map(itinerary, words)
    told = routes_to_geojson(
        scene.atlas,
        itinerary.routes,
        steps=itinerary.steps,
        profile=itinerary.profile,
        wayside=itinerary.wayside,
    )
    return json.dumps(plain_all(told), ensure_ascii=False) + "\n"
