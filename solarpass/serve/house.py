"""The house behind the door: a server on this machine, until it is stopped."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from .cities import open_cities
from .door import build_door
from .gate import GateModel
from .memory import give_back_memory
from .porter import PorterModel, hire_porter


def open_door(
    folders: Sequence[Path],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    origins: Sequence[str] = (),
    model: GateModel = GateModel(),
) -> None:
    """
    Serve cities until stopped.

    Parameters
    ----------
    folders
        City folders; none is the built-in city.
    host, port
        Where to listen; by default nobody but this machine is heard.
    origins
        Sites whose pages may ask from a browser.
    model
        What the machine bears.
    """
    give_back_memory()  # before anything large is laid out
    cities = open_cities(folders)
    cities.warm()
    server = build_server(build_door(cities, origins=origins, model=model), host=host, port=port)
    with suppress(KeyboardInterrupt):  # which stops it
        server.run()


def build_server(
    door: FastAPI,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    model: PorterModel = PorterModel(),
) -> uvicorn.Server:
    """
    Build the server of a door, which is not open yet.

    Parameters
    ----------
    door
        What answers.
    host, port
        Where to listen.
    model
        How long one who dawdles is waited for.
    """
    config = uvicorn.Config(
        door,
        host=host,
        port=port,
        http=hire_porter(model),
        ws="none",
        log_level="error",  # who sends rubbish shall not fill a disk with it
        access_log=False,  # where people walk is nobody's business
        server_header=False,
        timeout_keep_alive=max(1, round(model.idle_s)),
        timeout_graceful_shutdown=max(1, round(model.idle_s)),
    )
    return uvicorn.Server(config)


def is_loopback(host: str) -> bool:
    """
    Tell whether only this machine reaches a host.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
