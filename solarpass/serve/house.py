"""The house behind the door: a server on this machine, until it is stopped."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from .cities import open_cities
from .door import build_door
from .gate import GateModel

MOST_CONNECTIONS = 512  # open at once; our choice
KEEP_S = 15  # a connection nobody asks on is kept; our choice. [s]


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
    cities = open_cities(folders)
    cities.warm()
    uvicorn.run(
        build_door(cities, origins=origins, model=model),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # where people walk is nobody's business
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_S,
        timeout_graceful_shutdown=KEEP_S,
    )


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
