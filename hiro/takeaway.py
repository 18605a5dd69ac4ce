"""What one takes away from the heat: the score as a file, an object's short link and QR code."""

from __future__ import annotations

import asyncio
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.map.opening import find_scene
from solarpass.map.server import base_path
from solarpass.words import LANGUAGES, Words

from .address import PREFIX, kept_score, reckon_heat
from .query import HeatQuery, read_day

if TYPE_CHECKING:
    from solarpass.map.scene import Scene

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
NOT_KEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
GUARDED: Final = {**NOT_KEPT, "Content-Security-Policy": "default-src 'none'"}
MOST_PENDING: Final = 8  # files that wait to be written, each for seconds; our choice
LONGEST_ID: Final = 80
LONGEST_CITY: Final = 200
RETRY_S: Final = 30
LOOK_S: Final = 0.05

_writers = ThreadPoolExecutor(1, thread_name_prefix="score-file")
_pending: list[Future[bytes]] = []


def routes() -> list[Route]:
    """List the routes for ``st.App``."""
    at = f"{base_path()}{PREFIX}/{{digest}}"
    return [
        Route(f"{at}/{{day}}/score.{{ending}}", _send_score),
        Route(f"{at}/code.{{ending}}", _send_code),
        Route(f"{base_path()}/o/{{site:path}}", _lead),
    ]


# --- files


async def _send_score(request: Request) -> Response:
    """Send the score as a file, of the objects that the link's filter leaves."""
    scene, ending = find_scene(request.path_params["digest"]), request.path_params["ending"]
    try:
        day = read_day(request.path_params["day"])
    except ValueError:
        return Response(status_code=404)
    query = HeatQuery.from_query(request.query_params, design=day)
    if scene is None or ending not in MEDIA_TYPES or query.faults or query.day != day:
        return Response(status_code=404)
    write = partial(write_file, scene, query, ending)
    try:
        content = await wait_for_writer(_writers, _pending, write)
    except SolarpassError as error:
        return JSONResponse({"fault": str(error)}, headers=NOT_KEPT)
    if content is None:
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    name = f"hiro-score-{day.isoformat()}.{ending}"
    saved = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPES[ending], headers=saved)


async def wait_for_writer(
    pool: ThreadPoolExecutor, pending: list[Future[bytes]], write: partial[bytes]
) -> bytes | None:
    """
    Wait until one of a pool's workers has written something; None if too many others wait.

    Raises
    ------
    SolarpassError
        If it cannot be written.
    """
    pending[:] = [other for other in pending if not other.done()]
    if len(pending) >= MOST_PENDING:
        return None
    work = pool.submit(write)
    pending.append(work)
    try:
        while not work.done():  # noqa: ASYNC110 - what is waited for is of another thread
            await asyncio.sleep(LOOK_S)
    except asyncio.CancelledError:  # whoever asked has gone
        work.cancel()
        return None
    return work.result()


def write_file(scene: Scene, query: HeatQuery, ending: str) -> bytes:
    """
    Write the score of a day as a file.

    Parameters
    ----------
    scene
        The city.
    query
        The day, the hour whose levels count, and which objects.
    ending
        One of `MEDIA_TYPES`.

    Raises
    ------
    SolarpassError
        If there is no score, or no place to write.
    """
    from .district import find_districts  # noqa: PLC0415 - the engine is not waited for
    from .export import write_score  # noqa: PLC0415
    from .score import find_score  # noqa: PLC0415
    from .sift import find_row, sift  # noqa: PLC0415

    heat = reckon_heat(scene, query.day)
    if heat is not None:
        heat.result()  # which needs the same score
    score = kept_score(scene, query.day) or find_score(scene.atlas, query.day)
    row = find_row(score, query.hour, scene.atlas.zone)
    kept = sift(score, query.sieve, find_districts(score.sites, scene.city), row=row)
    told = {"filter": query.sieve.to_query(), "n_sites_of_all": score.sites.n_sites}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"score.{ending}"
        write_score(score, scene.atlas, path, kept=kept, about_beside=told)
        return path.read_bytes()


# --- links


def _send_code(request: Request) -> Response:
    """Send the QR code of an object's short link."""
    from .report_face import REPORT_PAGE_TERMS, find_targets  # noqa: PLC0415
    from .reportlink import draw_png, draw_svg, shorten_link  # noqa: PLC0415

    scene = find_scene(request.path_params["digest"])
    asked, ending = request.query_params.get("site", ""), request.path_params["ending"]
    target = None if scene is None else find_targets(scene).get(asked)
    if target is None or ending not in {"svg", "png"}:
        return Response(status_code=404)
    city = request.query_params.get("city", "")[:LONGEST_CITY]
    base = str(request.base_url).rstrip("/") + base_path()
    link = shorten_link(base, site=target.site_id, city=city)
    stem = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in target.site_id)
    saved = {**GUARDED, "Content-Disposition": f'inline; filename="heat-{stem}.{ending}"'}
    if ending == "png":
        return Response(draw_png(link), media_type="image/png", headers=saved)
    told = request.query_params.get("lang")
    words = Words(told if told in LANGUAGES else LANGUAGES[0], REPORT_PAGE_TERMS)
    drawn = draw_svg(link, title=words("heat_title"), name=target.tell(words))
    return Response(drawn, media_type="image/svg+xml", headers=saved)


def _lead(request: Request) -> Response:
    """Lead a short link to the page of the heat; what does not read, that page tells."""
    site = request.path_params["site"][:LONGEST_ID]
    city = request.query_params.get("city", "")[:LONGEST_CITY]
    asked = {"face": "heat", "site": site, **({"city": city} if city else {})}
    return RedirectResponse(f"{base_path()}/?{urlencode(asked)}", status_code=307)
