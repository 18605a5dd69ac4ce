"""Plans to take away: as files for an office, and as a paper for the council."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.map.server import base_path

from .plan_address import (
    NOT_KEPT,
    PREFIX,
    RETRY_S,
    answer,
    find_desk,
    read_asked,
    read_wish,
    tried_out,
    try_out,
    wait_for,
    wait_for_plan,
)
from .takeaway import wait_for_writer

if TYPE_CHECKING:
    from solarpass.map.scene import Scene

    from .proposal import Proposal

MEDIA_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
}
PAPER_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# A paper is opened in a page of its own; it holds styles and drawings, and runs nothing.
GUARDED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}

_writers = ThreadPoolExecutor(1, thread_name_prefix="plan-file")
_pending: list[Future[bytes]] = []


def routes() -> list[Route]:
    """List the routes for ``st.App``."""
    at = f"{base_path()}{PREFIX}/{{digest}}/{{day}}"
    return [
        Route(f"{at}/file.{{ending}}", _send_file),
        Route(f"{at}/paper.{{ending}}", _send_paper),
    ]


async def _send_file(request: Request) -> Response:
    """Send the best plan as a file, as `hiro plan` writes it."""
    ending = request.path_params["ending"]
    if ending not in MEDIA_TYPES:
        return Response(status_code=404)
    return await _send(request, write_file, ending, MEDIA_TYPES[ending])


async def _send_paper(request: Request) -> Response:
    """Send the best plan as the council's paper, as `hiro paper` writes it."""
    ending = request.path_params["ending"]
    if ending not in PAPER_TYPES:
        return Response(status_code=404)
    plan = await wait_for_plan(request)
    if isinstance(plan, Response):
        return plan
    found, wish = find_desk(request), read_wish(request)
    if isinstance(found, Response) or wish is None:
        return found if isinstance(found, Response) else Response(status_code=404)
    desk, key, language = found
    if len(plan):  # a paper says how sure it is
        tried = await wait_for(try_out(key, desk, wish, plan), language)
        if isinstance(tried, Response):
            return tried
    write = partial(write_asked_paper, language=language)
    return await _send(request, write, ending, PAPER_TYPES[ending])


async def _send(
    request: Request,
    write: Callable[[Proposal, Scene, str], bytes],
    ending: str,
    media_type: str,
) -> Response:
    plan = await wait_for_plan(request)
    if isinstance(plan, Response):
        return plan
    found, asked, wish = find_desk(request), read_asked(request), read_wish(request)
    if isinstance(found, Response) or asked is None or wish is None:  # dropped meanwhile
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    desk, key, _ = found
    scene, day, _ = asked
    proposal = desk.propose(plan, tried_out(key, wish))
    try:
        content = await wait_for_writer(_writers, _pending, partial(write, proposal, scene, ending))
    except SolarpassError as error:
        return answer({"fault": str(error)})
    if content is None:
        return Response(status_code=503, headers={"Retry-After": str(RETRY_S)})
    name = f"hiro-plan-{day.isoformat()}-{wish.budget_eur}.{ending}"
    shown = "inline" if ending == "html" else "attachment"
    headers = {**NOT_KEPT, **GUARDED, "Content-Disposition": f'{shown}; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def write_file(proposal: Proposal, scene: Scene, ending: str) -> bytes:
    """Write a plan as one of `MEDIA_TYPES`."""
    from .planfile import write_plan  # noqa: PLC0415 - the engine behind it is not waited for

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan.{ending}"
        write_plan(proposal, scene.atlas, path)
        return path.read_bytes()


def write_asked_paper(proposal: Proposal, scene: Scene, ending: str, *, language: str) -> bytes:
    """Write a plan as a paper, one of `PAPER_TYPES`."""
    from .paper import write_paper  # noqa: PLC0415 - the engine behind it is not waited for
    from .planfile import write_plan  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        plan, path = Path(folder) / "plan.json", Path(folder) / f"paper.{ending}"
        write_plan(proposal, scene.atlas, plan)
        write_paper(plan, path, language=language, atlas=scene.atlas)
        return path.read_bytes()
