"""Visitors: told apart by the address that is theirs, not by one that they made up."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from .refusal import refuse

PROXIES: Final = "HIRO_PROXIES"
"""Of the variable that names the addresses or networks of one's own proxies."""

_Address = IPv4Address | IPv6Address
_Networks = tuple[IPv4Network | IPv6Network, ...]

_PORT: Final = re.compile(r"\[([^\]]*)\](?::\d+)?|([^:]*):\d+")
_MOST: Final = 50  # proxies in a row that are looked at


def name_client(peer: str | None, forwarded: str | None) -> str | None:
    """
    Tell clients apart: by their address, by the network of one of IPv6.

    Anybody can send ``X-Forwarded-For``. It counts only where the peer is a proxy of our own,
    named in `PROXIES`; then the last address in it that is none of them. The store keeps a
    salted hash of it for an hour, and nothing else does.

    Parameters
    ----------
    peer
        Who sent it.
    forwarded
        What ``X-Forwarded-For`` says.

    Raises
    ------
    ReportError
        If `PROXIES` does not read.

    Examples
    --------
    >>> name_client("::ffff:192.0.2.7", None), name_client("10.0.0.1", "192.0.2.7")
    ('192.0.2.7', '10.0.0.1')
    """
    proxies = _read_proxies(os.environ.get(PROXIES, ""))
    own = _read_address(peer)
    for told in reversed((forwarded or "").split(",")[-_MOST:]):
        if own is None or not any(own in network for network in proxies):
            break
        before = _read_address(told)
        if before is None:
            break
        own = before
    if isinstance(own, IPv6Address):
        return str(IPv6Address(int(own) >> 64 << 64))
    return None if own is None else str(own)


def _read_address(text: str | None) -> _Address | None:
    """Read an address as proxies write it: with a port, brackets or quotes, or IPv4 within IPv6."""
    bare = str(text or "").strip().strip('"')
    if found := _PORT.fullmatch(bare):
        bare = found[1] if found[1] is not None else found[2]
    try:
        own = ip_address(bare)
    except ValueError:
        return None
    return (own.ipv4_mapped or own) if isinstance(own, IPv6Address) else own


@lru_cache(4)
def _read_proxies(told: str) -> _Networks:
    try:
        return tuple(ip_network(one) for one in told.replace(",", " ").split())
    except ValueError as error:
        raise refuse(term="proxies_unread", got=told) from error
