"""The addresses to which the form sends reports, and from which what is shown is fetched."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.map.opening import find_scene
from solarpass.map.server import base_path
from solarpass.words import LANGUAGES, Words

from .photo import PhotoModel
from .refusal import refuse, say_refusal
from .reportbase import find_path
from .visitor import name_client

if TYPE_CHECKING:
    from solarpass.map.scene import Scene

    from .reports import Reports

PREFIX: Final = "/report"
MOST_SHOWN: Final = 2000  # that the browser gets, the latest; our choice
# Of what is sent: a photo in letters, a third longer than in bytes, and all else
MOST_BYTES: Final = PhotoModel().most_bytes * 4 // 3 + 200_000
NOT_KEPT: Final = {"Cache-Control": "no-store"}
GUARDED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}

Told = Mapping[str, Any]

_kept: dict[Path, Reports] = {}
_keeping = Lock()


def routes() -> list[Route]:
    """List the routes for ``st.App``."""
    at = f"{base_path()}{PREFIX}"
    return [
        Route(f"{at}/delete", _answer(_delete), methods=["POST"]),
        Route(f"{at}/photo/{{report_id}}.jpg", _send_photo),
        Route(f"{at}/{{digest}}/new", _answer(_take), methods=["POST"]),
        Route(f"{at}/{{digest}}/place", _answer(_look), methods=["POST"]),
        Route(f"{at}/{{digest}}/shown.json", _send_shown),
        Route(f"{at}/{{digest}}/code.{{ending}}", _send_code),
    ]


def report_address(scene: Scene) -> str:
    """Folder to which reports of a city are sent."""
    return f"{base_path()}{PREFIX}/{scene.digest}"


def keep_open(path: Path) -> Reports:
    """Open the store of reports once for all who come; anew where its file is another one."""
    from .reports import open_reports  # noqa: PLC0415 - the engine behind it is not waited for

    with _keeping:
        kept = _kept.get(path)
        if kept is not None and not kept.is_there():
            kept.close()
            del _kept[path]
            kept = None
        if kept is None:
            kept = _kept[path] = open_reports(path)
    return kept


def forget_open() -> None:
    """Close all stores that are kept open."""
    with _keeping:
        while _kept:
            _kept.popitem()[1].close()


def _answer(
    act: Callable[[Told, str, Scene | None, str | None], dict[str, Any]],
) -> Callable[[Request], Awaitable[Response]]:
    """Read what was sent, act in a thread, and answer; a refusal is a sentence."""

    async def endpoint(request: Request) -> Response:
        # What a foreign page may send unasked is no JSON, so nobody reports by another's hand.
        if request.headers.get("Content-Type", "").split(";")[0].strip() != "application/json":
            return Response(status_code=415)
        raw = await _read_body(request)
        told = None if raw is None else _read_json(raw)
        if told is None:
            return Response(status_code=413 if raw is None else 400)
        language = _read_language(told.get("language"))
        scene = find_scene(request.path_params.get("digest", ""))
        peer = request.client.host if request.client else None
        try:
            client = name_client(peer, ",".join(request.headers.getlist("X-Forwarded-For")))
            answer = await run_in_threadpool(act, told, language, scene, client)
        except SolarpassError as error:
            term = getattr(error, "term", "")
            answer = {"refusal": say_refusal(error, language), "term": term}
        return JSONResponse(answer, headers=NOT_KEPT)

    return endpoint


def _read_language(told: object) -> str:
    return next((one for one in LANGUAGES if one == told), LANGUAGES[-1])


async def _read_body(request: Request) -> bytes | None:
    """Read what was sent; None as soon as it is too much."""
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MOST_BYTES:
            return None
    return bytes(raw)


def _read_json(raw: bytes) -> Told | None:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _take(told: Told, language: str, scene: Scene | None, client: str | None) -> dict[str, Any]:
    """Take a report; once this answers with a code, it is on the disk."""
    from .report import add_photo, build_report, new_report_id  # noqa: PLC0415
    from .reportplace import check_place  # noqa: PLC0415

    del language
    latitude_deg, longitude_deg, site = _find_where(told, _need(scene))
    city = _need(scene).city
    check_place(latitude_deg, longitude_deg, city=city)
    report = build_report(
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        felt=cast("int", told.get("felt")),  # checked there, whatever it is
        category=str(told.get("category") or ""),
        suggestion=str(told.get("suggestion") or ""),
        site_id=site,
        city=city.name,
        consent=str(told.get("consent") or ""),
        report_id=str(told.get("report_id") or ""),
    )
    raw = _read_photo(told.get("photo"))
    reports = keep_open(find_path())
    if raw is not None:
        reports.count_photo(client)  # before it is drawn, which is the dearest part
        report = add_photo(report, raw)
    receipt = reports.add(report, client=client)
    return {"code": receipt.code, "next_id": new_report_id()}


def _look(told: Told, language: str, scene: Scene | None, client: str | None) -> dict[str, Any]:
    """Name a place, unless it is not in the city."""
    from .report_face import REPORT_PAGE_TERMS, tell_place  # noqa: PLC0415
    from .reportplace import check_place  # noqa: PLC0415

    del client
    at = _read_degrees(told, "latitude"), _read_degrees(told, "longitude")
    check_place(*at, city=_need(scene).city)
    return tell_place(_need(scene), at, Words(language, REPORT_PAGE_TERMS))


def _delete(told: Told, language: str, scene: Scene | None, client: str | None) -> dict[str, Any]:
    """Delete the report of a code."""
    from .report_terms import REPORT_TERMS  # noqa: PLC0415

    del scene
    path = find_path()
    code = str(told.get("code") or "")
    is_gone = path.exists() and keep_open(path).delete(code, client=client)
    term = "report_deleted" if is_gone else "report_no_such_code"
    return {"deleted": is_gone, "said": Words(language, REPORT_TERMS)(term)}


def _need(scene: Scene | None) -> Scene:
    """Refuse a city that is not open, as after a start anew: the page opens it."""
    if scene is None:
        raise refuse(term="report_reload")
    return scene


def _find_where(told: Told, scene: Scene) -> tuple[float, float, str | None]:
    """Find where it is: that of an object is ours to tell, whatever was sent with it."""
    from .report_face import find_targets  # noqa: PLC0415

    site = told.get("site")
    target = find_targets(scene).get(site) if isinstance(site, str) else None
    if target is not None:
        return target.latitude_deg, target.longitude_deg, target.site_id
    return _read_degrees(told, "latitude"), _read_degrees(told, "longitude"), None


def _read_degrees(told: Told, name: str) -> float:
    value = told.get(name)
    try:
        return float("nan") if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _read_photo(told: object) -> bytes | None:
    if told is None or told == "":
        return None
    try:
        return base64.b64decode(str(told), validate=True)
    except (binascii.Error, ValueError) as error:
        raise refuse(term="photo_none") from error


def _send_shown(request: Request) -> Response:
    """Send what was moderated and is shown; where nobody reported yet, no store is made."""
    scene = find_scene(request.path_params["digest"])
    if scene is None:
        return Response(status_code=404)
    from .report_face import tell_shown  # noqa: PLC0415

    path, found, n_all = find_path(), [], 0
    try:
        if path.exists():
            shown = keep_open(path).list(scene.bounds)
            n_all, found = len(shown), tell_shown(shown[:MOST_SHOWN], zone=scene.atlas.zone)
    except SolarpassError:
        return JSONResponse({"reports": [], "n": 0, "fault": True}, headers=NOT_KEPT)
    return JSONResponse({"reports": found, "n": n_all}, headers=NOT_KEPT)


def _send_photo(request: Request) -> Response:
    """Send the photo of a report that is shown; of any other there is none."""
    path = find_path()
    try:
        jpeg = keep_open(path).photo(request.path_params["report_id"]) if path.exists() else None
    except SolarpassError:
        jpeg = None
    if jpeg is None:
        return Response(status_code=404)
    return Response(jpeg, media_type="image/jpeg", headers={**NOT_KEPT, **GUARDED})


def _send_code(request: Request) -> Response:
    """Send the QR code that opens the form for an object."""
    from .report_face import REPORT_PAGE_TERMS, find_targets  # noqa: PLC0415
    from .reportlink import draw_png, draw_svg, write_link  # noqa: PLC0415

    scene = find_scene(request.path_params["digest"])
    asked = request.query_params.get("site", "")
    target = None if scene is None else find_targets(scene).get(asked)
    ending = request.path_params["ending"]
    if target is None or ending not in {"svg", "png"}:
        return Response(status_code=404)
    city = request.query_params.get("city", "")[:200]
    base = str(request.base_url).rstrip("/") + base_path()
    link = write_link(base, site=target.site_id, city=city)
    stem = f"report-{_plain(target.site_id)}"
    saved = {"Content-Disposition": f'inline; filename="{stem}.{ending}"', **NOT_KEPT, **GUARDED}
    if ending == "png":
        return Response(draw_png(link), media_type="image/png", headers=saved)
    words = Words(_read_language(request.query_params.get("lang")), REPORT_PAGE_TERMS)
    drawn = draw_svg(link, title=words("report_qr_sheet"), name=target.tell(words))
    return Response(drawn, media_type="image/svg+xml", headers=saved)


def _plain(site_id: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in site_id)
