"""The address from which the browser fetches where shade is missing, reckoned meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.map.opening import find_scene
from solarpass.map.server import base_path
from solarpass.words import LANGUAGES

from .address import PREFIX
from .query import read_day

if TYPE_CHECKING:
    from solarpass.map.scene import Scene

MOST_KEPT: Final = 8  # days of cities, each some 100 kB; our choice
MOST_PENDING: Final = 2  # that wait to be reckoned, each for up to minutes; our choice
MOST_TOLD: Final = 50  # stretches: what a planner can look at; our choice
START_S: Final = 10.0  # how long the built-in city takes on two cores
RETRY_S: Final = 60
NOT_KEPT: Final = {"Cache-Control": "no-store"}

_kept: OrderedDict[tuple[str, date], Search] = OrderedDict()
_lock = threading.Lock()
_turn = threading.Lock()  # one search after another


class Search:
    """A search for missing shade on its way, which all who wait for it share."""

    def __init__(self, scene: Scene, day: date) -> None:
        self.scene, self.day = scene, day
        self.began = time.monotonic()
        self.fraction = 0.0
        self.found: Any = None  # a table, or why there is none as text
        # It may take minutes, for which a server that is stopped does not wait.
        threading.Thread(target=self._run, name="missing", daemon=True).start()

    def _run(self) -> None:
        with _turn:
            self.began = time.monotonic()  # it is its turn
            try:
                self.found = self._find()
            except SolarpassError as error:
                self.found = str(error)
            except Exception:
                logging.getLogger(__name__).exception("Missing shade was not found: %s.", self.day)
                self.found = ""

    def _find(self) -> object:
        from solarpass.glarefile import glare_sites  # noqa: PLC0415 - the engine is not waited for
        from solarpass.missing import day_departs, find_missing  # noqa: PLC0415

        atlas = self.scene.atlas
        departs = day_departs(self.day, atlas.zone)
        missing = find_missing(atlas, departs, progress=self._note)
        return glare_sites(atlas, missing, n_most=MOST_TOLD)

    def _note(self, _step: str, fraction: float) -> None:
        self.fraction = fraction

    @property
    def is_done(self) -> bool:
        """Tell whether it is found, or failed."""
        return self.found is not None

    def tell_wait(self) -> dict[str, int]:
        """Tell for how long it has been searched, and how long that takes about. [s]."""
        since_s = time.monotonic() - self.began
        about_s = since_s / self.fraction if self.fraction > 0.0 else START_S
        return {"since": round(since_s), "about": max(1, round(about_s))}


def routes() -> list[Route]:
    """List the routes for ``st.App``."""
    return [Route(f"{base_path()}{PREFIX}/{{digest}}/{{day}}/missing.json", _send_missing)]


def missing_address(scene: Scene, day: date) -> str:
    """Where it is told where shade is missing in a city on a day."""
    return f"{base_path()}{PREFIX}/{scene.digest}/{day.isoformat()}/missing.json"


def search_missing(scene: Scene, day: date) -> Search | None:
    """
    Begin to search where shade is missing, once for all who ask.

    Returns
    -------
    None if too many others are waited for.
    """
    key = (scene.digest, day)
    with _lock:
        search = _kept.get(key)
        if search is None:
            if sum(not other.is_done for other in _kept.values()) >= MOST_PENDING:
                return None
            search = _kept[key] = Search(scene, day)
            done = [old for old, other in _kept.items() if other.is_done]
            for old in done[: max(0, len(_kept) - MOST_KEPT)]:
                del _kept[old]
        _kept.move_to_end(key)
        return search


def _send_missing(request: Request) -> Response:
    """Send the stretches; with 202 how far the search is, while it lasts."""
    scene = find_scene(request.path_params["digest"])
    language = request.query_params.get("lang", LANGUAGES[0])
    try:
        day = read_day(request.path_params["day"])
    except ValueError:
        return Response(status_code=404)
    if scene is None or language not in LANGUAGES:
        return Response(status_code=404)
    search = search_missing(scene, day)
    if search is None:
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    if not search.is_done:
        return JSONResponse(search.tell_wait(), status_code=202, headers=NOT_KEPT)
    if isinstance(search.found, str):
        with _lock:
            _kept.pop((scene.digest, day), None)  # tried again when next asked
        return JSONResponse({"fault": search.found}, headers=NOT_KEPT)
    from .missing_face import tell_missing  # noqa: PLC0415 - the engine is not waited for

    return JSONResponse(tell_missing(search.found, language), headers=NOT_KEPT)
