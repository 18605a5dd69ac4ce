"""The addresses from which the browser fetches a city's heat, which is reckoned meanwhile."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import logging
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.map.opening import find_scene
from solarpass.map.server import base_path

from .query import read_day

if TYPE_CHECKING:
    from solarpass.map.scene import Scene

    from .score import Score

PREFIX: Final = "/heat"
MOST_KEPT: Final = 16  # days of cities that are kept, each some 100 kB; our choice
MOST_SCORES: Final = 4  # each some 10 MB; our choice
MOST_PENDING: Final = 8  # that wait to be reckoned, each for up to a minute; our choice
LOOK_S: Final = 0.05  # between two looks at whether a day is reckoned
RETRY_S: Final = 60

_workers = ThreadPoolExecutor(1, thread_name_prefix="heat")
_heats: OrderedDict[tuple[str, date], Future[bytes]] = OrderedDict()
_scores: OrderedDict[tuple[str, date], Score] = OrderedDict()  # from which plans are made
_lock = threading.Lock()


def routes() -> list[Route]:
    """List the routes for ``st.App``."""
    return [Route(f"{base_path()}{PREFIX}/{{digest}}/{{day}}.json", _send_heat)]


def heat_address(scene: Scene, day: date) -> str:
    """Where the heat of a city on a day lies."""
    return f"{base_path()}{PREFIX}/{scene.digest}/{day.isoformat()}.json"


def reckon_heat(scene: Scene, day: date) -> Future[bytes] | None:
    """
    Begin to reckon a city's heat on a day, once for all who ask.

    Returns
    -------
    What compressed JSON comes of; None if too many other days are waited for.
    """
    key = (scene.digest, day)
    with _lock:
        heat = _heats.get(key)
        if heat is None:
            if sum(not other.done() for other in _heats.values()) >= MOST_PENDING:
                return None
            heat = _heats[key] = _workers.submit(_reckon, scene, day)
            done = [old for old, other in _heats.items() if other.done()]
            for old in done[: max(0, len(_heats) - MOST_KEPT)]:
                del _heats[old]
        _heats.move_to_end(key)
        return heat


def _is_stopping() -> bool:
    """Tell whether Python ends: then it waits for what is pending, but takes nothing more on."""
    try:
        _workers.submit(int)
    except RuntimeError:
        return True
    return False


def _reckon(scene: Scene, day: date) -> bytes:
    """Reckon the heat; what goes wrong is told as a ``fault``, and tried again when next asked."""
    if _is_stopping():
        return b""
    from .district import find_districts  # noqa: PLC0415 - the engine is not waited for
    from .face import heat_table  # noqa: PLC0415 - the engine behind it is not waited for
    from .score import find_score  # noqa: PLC0415

    try:
        score = find_score(scene.atlas, day)
        districts = find_districts(score.sites, scene.city)
        table = heat_table(score, zone=scene.atlas.zone, day=day, districts=districts)
        _keep_score((scene.digest, day), score)
    except SolarpassError as error:
        table = {"fault": str(error)}
    except Exception:
        if _is_stopping():
            return b""
        logging.getLogger(__name__).exception("The heat of %s could not be reckoned.", day)
        table = {"fault": ""}
    if "fault" in table:
        with _lock:
            _heats.pop((scene.digest, day), None)
    text = json.dumps(table, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _keep_score(key: tuple[str, date], score: Score) -> None:
    with _lock:
        _scores[key] = score
        while len(_scores) > MOST_SCORES:
            _scores.popitem(last=False)


def kept_score(scene: Scene, day: date) -> Score | None:
    """Find the score of a city on a day, if it was reckoned lately."""
    with _lock:
        return _scores.get((scene.digest, day))


async def _send_heat(request: Request) -> Response:
    """Send the heat once it is reckoned; kept by the browser as long as it is the same."""
    scene = find_scene(request.path_params["digest"])
    try:
        day = read_day(request.path_params["day"])
    except ValueError:
        return Response(status_code=404)
    if scene is None:
        return Response(status_code=404)
    heat = reckon_heat(scene, day)
    if heat is None:
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    try:
        # Not by a callback, which would find the loop closed when the server is stopped meanwhile.
        while not heat.done():  # noqa: ASYNC110 - what is waited for is of another thread
            await asyncio.sleep(LOOK_S)
    except asyncio.CancelledError:  # the server was told twice to stop, and ends
        return Response(status_code=503)
    packed = heat.result()
    tag = f'"{hashlib.sha256(packed).hexdigest()[:16]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(packed, media_type="application/json", headers=headers)
