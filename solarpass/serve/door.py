"""The door: the application, who may ask it, and what is said when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, Response

from solarpass.atlas import SOFTWARE
from solarpass.errors import SolarpassError

from .address import ADDRESSES, Address
from .cities import Cities
from .gate import BusyError, Gate, GateModel, SlowError
from .guide import ICON, write_guide
from .inquiry import LONGEST_QUERY, read_inquiry
from .refusal import refuse, tell_error

_ABOUT: Final = (
    "Walks in the shade: the sun moves while one walks, and a budget says how much longer the "
    "way may be. Each answer carries its licence; what cannot be is told in one sentence as "
    '{"error": …, "kind": …}.'
)
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def build_door(
    cities: Cities, *, origins: Sequence[str] = (), model: GateModel = GateModel()
) -> FastAPI:
    """
    Build the application.

    Parameters
    ----------
    cities
        What is asked about.
    origins
        Sites whose pages may ask from a browser; none by default.
    model
        How many are answered at once, and how long one waits.
    """
    gate = Gate(model)

    @asynccontextmanager
    async def live(_: FastAPI) -> AsyncIterator[None]:
        yield
        gate.close()

    door = FastAPI(
        title="SolarPass",
        description=_ABOUT,
        version=SOFTWARE.split()[-1],
        docs_url=None,  # FastAPI's own page would fetch its scripts from elsewhere
        redoc_url=None,
        lifespan=live,
    )
    examples = cities.give_examples()
    for address in ADDRESSES:
        told = address.describe(examples, tuple(cities.atlases))
        _add_address(door, cities, gate, address, told)
    _add_rest(door, cities, gate)
    _add_guards(door, origins)
    return door


def _add_address(
    door: FastAPI, cities: Cities, gate: Gate, address: Address, told: dict[str, Any]
) -> None:
    """Add what the engine works on; parameters are read by us, so that we say what is wrong."""

    async def send(request: Request) -> Response:
        return await _answer(request, cities, gate, address)

    door.add_api_route(
        address.path,
        send,
        name=address.path.strip("/"),
        description=address.told,
        openapi_extra=told,
        response_class=Response,
    )


def _add_rest(door: FastAPI, cities: Cities, gate: Gate) -> None:
    """Add what is answered at once."""
    known = cities.tell()

    @door.get("/health", description="Whether the door is open, and how many it works for.")
    async def health() -> dict[str, Any]:
        told = {"status": "ok", "software": SOFTWARE, "cities": list(cities.atlases)}
        return {**told, "at_work": gate.n_inside}

    @door.get("/cities", description="The cities that may be asked about.")
    async def list_cities() -> list[dict[str, Any]]:
        return known

    @door.get("/", include_in_schema=False)
    @door.get("/docs", include_in_schema=False)
    async def guide() -> HTMLResponse:
        return HTMLResponse(write_guide(door.openapi()))

    @door.get("/favicon.ico", include_in_schema=False)
    async def icon() -> Response:
        return Response(ICON, media_type="image/svg+xml")


def _add_guards(door: FastAPI, origins: Sequence[str]) -> None:
    """Refuse in one sentence, and let no page of another site ask unless it may."""

    @door.exception_handler(HTTPException)
    async def tell_http(_: Request, error: HTTPException) -> Response:
        sentence = {
            404: "There is nothing at this address; /docs tells what there is.",
            405: "Here one only asks, with GET.",
        }.get(error.status_code, "This request does not read.")
        # Of a method that is none, `Allow` tells which are.
        headers = dict(error.headers or {})
        return refuse(sentence, status=error.status_code, kind="bad_address", headers=headers)

    @door.middleware("http")
    async def guard(request: Request, call: Callable[[Request], Any]) -> Response:
        n_letters = len(request.scope["query_string"])
        if n_letters > LONGEST_QUERY:
            sentence = f"A question may have {LONGEST_QUERY:,} letters, not {n_letters:,}."
            response = refuse(sentence, status=414, kind="too_long")
        elif _has_body(request):
            sentence = "A question stands in its address alone; send nothing with it."
            response = refuse(sentence, status=413, kind="too_large")
        else:
            response = await call(request)
        response.headers.update(_HEADERS)
        return response

    door.add_middleware(GZipMiddleware, minimum_size=4096, compresslevel=5)
    if origins:
        door.add_middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["GET"])


def _has_body(request: Request) -> bool:
    told = request.headers.get("content-length", "0")
    return told != "0" or "transfer-encoding" in request.headers


async def _answer(request: Request, cities: Cities, gate: Gate, address: Address) -> Response:
    """Read what is asked, wait for the answer, and say what went wrong."""
    try:
        asked = read_inquiry(request.query_params.multi_items(), address.names)
        _, atlas = cities.choose(asked.texts.get("city", ""))
        answer = await gate.let_through(lambda: address.work(atlas, asked))
    except SolarpassError as error:
        return tell_error(error)
    except BusyError:
        sentence = f"Too many ask at once; come again in {gate.model.retry_s} s."
        headers = {"Retry-After": str(gate.model.retry_s)}
        return refuse(sentence, status=503, kind="busy", headers=headers)
    except SlowError:
        sentence = f"This took longer than {gate.model.patience_s:g} s; ask for a shorter walk."
        return refuse(sentence, status=504, kind="too_slow")
    except Exception as error:
        logging.getLogger(__name__).exception("An answer failed.")
        return tell_error(error)
    return Response(answer.body, media_type=answer.media_type)
