"""Online tiles: another's map below ours, where the operator names one and the visitor wants it."""

from __future__ import annotations

import logging
import os
import re
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

ENVIRONMENT: Final = "SOLARPASS_ONLINE_TILES"
"""Of the variable that names where the tiles are: ``https://host/{z}/{x}/{y}.png``."""

CREDIT: Final = "SOLARPASS_ONLINE_CREDIT"
"""Of the variable that tells whose they are, as text."""

_LONGEST: Final = 300  # letters of either; our choice
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\\]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Online:
    """
    Tiles from elsewhere.

    Attributes
    ----------
    address
        Of a tile, with ``{z}``, ``{x}`` and ``{y}`` for its place.
    host
        Who is asked for them, and learns of it.
    credit
        Whose they are.
    """

    address: str
    host: str
    credit: str


def read_online() -> Online | None:
    """Read which tiles the operator offers; None, which is usual, where none are."""
    return _read(os.environ.get(ENVIRONMENT, ""), os.environ.get(CREDIT, ""))


@cache  # so that a fault is told once
def _read(address: str, credit: str) -> Online | None:
    address = address.strip()
    if not address:
        return None
    is_tile = all(blank in address for blank in ("{z}", "{x}", "{y}"))
    if not (is_tile and _ADDRESS.fullmatch(address) and len(address) <= _LONGEST):
        logging.getLogger(__name__).warning(
            "%s wants an address such as https://host/{z}/{x}/{y}.png; got %r, which is left out.",
            ENVIRONMENT,
            address[:_LONGEST],
        )
        return None
    host = urlsplit(address).hostname or ""
    return Online(address, host, credit.strip()[:_LONGEST] or host)
