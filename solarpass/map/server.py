"""The addresses the browser fetches from; each names its content, so each may be kept for good."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from solarpass.errors import SolarpassError
from solarpass.trip import YEARS, read_coordinates
from solarpass.words import LANGUAGES

from .bundle import MEDIA_TYPES, bundle_digest, read_bundle
from .opening import find_scene
from .piece import send_piece

if TYPE_CHECKING:
    from .scene import Scene

PREFIX: Final = "/map"
TILES: Final = "/basemap.pmtiles"  # of a city
STAMP: Final = "%Y%m%dT%H%MZ"
FOR_GOOD: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
LONGEST_SEARCH: Final = 120  # letters; no street's name is longer


def routes() -> list[Route]:
    """List the routes for ``st.App``; sync endpoints, which Starlette runs in threads."""
    at = base_path() + PREFIX
    city = at + "/city/{digest}"
    return [
        Route(at + "/ui/{digest}/{name}", _send_bundle),
        Route(city + "/places", _send_places),
        Route(city + "/sun/{stamp}", _send_sun),
        Route(city + "/day/{day}", _send_day),
        Route(city + "/shadow/{stamp}/{window}.png", _send_shadow),
        Route(city + "/prisms/index.json", _send_prism_index),
        Route(city + "/prisms/{name}.bin", _send_prisms),
        Route(city + "/view/{place}/{stamp}/{language}.png", _send_view),
        Route(city + "/walk.{kind}", _send_walk),
        Route(city + TILES, _send_tiles),
        Route(city + "/{layer}.json", _send_layer),
    ]


def base_path() -> str:
    """Path under which Streamlit itself is served, which its own routes know and ours do not."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def city_address(scene: Scene) -> str:
    """Where all that is drawn of a city lies."""
    return f"{base_path()}{PREFIX}/city/{scene.digest}"


def stamp(at: datetime) -> str:
    """Write an instant as part of an address."""
    return at.astimezone(UTC).strftime(STAMP)


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(read_bundle()[name], 6, mtime=0)


def _send_bundle(request: Request) -> Response:
    name = request.path_params["name"]
    if request.path_params["digest"] != bundle_digest() or name not in MEDIA_TYPES:
        return _nothing()
    return _send_packed(_packed(name), MEDIA_TYPES[name])


def _send_layer(request: Request) -> Response:
    scene = find_scene(request.path_params["digest"])
    packed = scene and scene.layers.get(request.path_params["layer"])
    return _send_packed(packed, "application/geo+json") if packed else _nothing()


def _send_tiles(request: Request) -> Response:
    scene = find_scene(request.path_params["digest"])
    if scene is None or scene.tiles is None:
        return _nothing()
    asked = request.headers.get("range")
    kind = "application/vnd.pmtiles"
    return send_piece(scene.tiles.data, asked, media_type=kind, headers=FOR_GOOD)


def _send_places(request: Request) -> Response:
    scene = find_scene(request.path_params["digest"])
    if scene is None:
        return _nothing()
    text = request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
    return JSONResponse(scene.search(text) if text else [])


def _send_sun(request: Request) -> Response:
    scene, at = find_scene(request.path_params["digest"]), _read_stamp(request)
    if scene is None or at is None:
        return _nothing()
    return _send_packed(gzip.compress(scene.sun_bytes(at), 5), "application/octet-stream")


def _send_day(request: Request) -> Response:
    """Send the sun of a whole day, so that the time slider asks for nothing more."""
    scene, day = find_scene(request.path_params["digest"]), _read_day(request)
    if scene is None or day is None:
        return _nothing()
    return _send_packed(_packed_day(scene, day), "application/octet-stream")


@lru_cache(maxsize=8)  # a day takes some hundred kB, of a large city a few MB
def _packed_day(scene: Scene, day: date) -> bytes:
    return gzip.compress(scene.day_bytes(day), 5, mtime=0)


def _send_shadow(request: Request) -> Response:
    scene, at = find_scene(request.path_params["digest"]), _read_stamp(request)
    if scene is None or at is None:
        return _nothing()
    from .scene import shadow_png  # noqa: PLC0415 - the engine behind it is not waited for

    window = request.path_params["window"]
    try:
        picture = shadow_png(scene, at, window)
    except ValueError:
        return _nothing()
    corners = {"X-Corners": json.dumps(scene.corners(window))}
    return Response(picture, media_type="image/png", headers={**FOR_GOOD, **corners})


def _send_prism_index(request: Request) -> Response:
    scene = find_scene(request.path_params["digest"])
    if scene is None or scene.prisms is None:
        return _nothing()
    return JSONResponse(scene.prisms.index(scene.city), headers=FOR_GOOD)


def _send_prisms(request: Request) -> Response:
    """Send what casts shade in one piece of the city, for the browser to move."""
    scene = find_scene(request.path_params["digest"])
    if scene is None or scene.prisms is None:
        return _nothing()
    piece = scene.prisms.piece(scene.city, request.path_params["name"])
    if piece is None:
        return _nothing()
    return _send_packed(gzip.compress(piece, 5, mtime=0), "application/octet-stream")


def _send_view(request: Request) -> Response:
    """Send the skyline of a place, drawn when it is asked for."""
    scene, at = find_scene(request.path_params["digest"]), _read_stamp(request)
    language = request.path_params["language"]
    if scene is None or at is None or language not in LANGUAGES:
        return _nothing()
    from .sight import view_png  # noqa: PLC0415 - the engine behind it is not waited for

    try:
        place = read_coordinates(request.path_params["place"])
    except SolarpassError:
        return _nothing()
    picture = view_png(scene, place, at, language)
    return Response(picture, media_type="image/png", headers=FOR_GOOD)


def _send_walk(request: Request) -> Response:
    """Send a walk as a file, searched when it is asked for; no question is longer than ours."""
    scene, kind = find_scene(request.path_params["digest"]), request.path_params["kind"]
    from .takeaway import FILES, LONGEST_QUERY, write_walk  # noqa: PLC0415 - as above

    if scene is None or kind not in FILES or len(request.url.query) > LONGEST_QUERY:
        return _nothing()
    try:
        written = write_walk(scene, request.query_params, kind)
    except TimeoutError as error:
        return Response(str(error), 503, headers={"Retry-After": "60"}, media_type="text/plain")
    if written is None:
        return _nothing()
    shown = "inline" if kind == "html" else "attachment"
    headers = {
        "Content-Disposition": f'{shown}; filename="solarpass.{kind}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(written, media_type=FILES[kind], headers=headers)


def _read_day(request: Request) -> date | None:
    """Read the date, which has one spelling, so that no day is kept twice."""
    told = request.path_params["day"]
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return day if day.isoformat() == told and day.year in YEARS else None


def _read_stamp(request: Request) -> datetime | None:
    """Read the instant; only those of the 5-minute grid are ever drawn."""
    try:
        at = datetime.strptime(request.path_params["stamp"], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at if at.minute % 5 == 0 and at.year in YEARS else None


def _send_packed(packed: bytes, media_type: str) -> Response:
    return Response(packed, media_type=media_type, headers={**FOR_GOOD, "Content-Encoding": "gzip"})


def _nothing() -> Response:
    return Response(status_code=404)
