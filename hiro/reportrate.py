"""Rates: how often one client, and all, may report within an hour; no address is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from typing import Final

from .refusal import refuse
from .reportbase import StoreModel

_HOUR_MIN: Final = 60
DAY_MIN: Final = 1440


def count_report(
    base: sqlite3.Connection, client: str | None, now_min: int, model: StoreModel
) -> None:
    """
    Count a report within a transaction, unless there were too many within the hour.

    Parameters
    ----------
    base
        Within a transaction.
    client
        Whatever tells clients apart; only its HMAC with a salt of the day is kept, and that for
        an hour: what is older goes with each count and each purge. None: not told.
    now_min
        Minutes since 1970.
    model
        How many are too many.

    Raises
    ------
    ReportError
        If there were too many from this client, or from all.
    """
    forget(base, now_min)
    n_all = _count(base, "report", now_min)
    if n_all >= model.most_per_hour:
        raise refuse(term="reports_many", n=f"{n_all:,}")
    _count_client(base, "report", client, now_min, model.most_per_client, "reports_slow")


def count_attempt(
    base: sqlite3.Connection, client: str | None, now_min: int, model: StoreModel
) -> None:
    """Count an attempt at a password, unless there were too many within the hour."""
    forget(base, now_min)
    known = client or "nobody told"
    _count_client(base, "attempt", known, now_min, model.most_attempts, "reports_attempts")


def forget(base: sqlite3.Connection, now_min: int) -> None:
    """Forget what is older than an hour, and the salts of other days."""
    base.execute("DELETE FROM hits WHERE at_min <= ? OR at_min > ?", (now_min - 60, now_min + 60))
    base.execute("DELETE FROM salts WHERE day <> ?", (now_min // DAY_MIN,))


def _count_client(
    base: sqlite3.Connection, what: str, client: str | None, now_min: int, most: int, term: str
) -> None:
    hidden = None if client is None else _hide(base, client, now_min)
    if hidden is not None:
        n_same = _count(base, what, now_min, hidden)
        if n_same >= most:
            raise refuse(term=term, n=f"{n_same:,}")
    base.execute("INSERT INTO hits VALUES (?, ?, ?)", (what, hidden, now_min))


def _count(base: sqlite3.Connection, what: str, now_min: int, client: bytes | None = None) -> int:
    asked = "SELECT count(*) FROM hits WHERE what = ? AND at_min > ? AND (? IS NULL OR client = ?)"
    told = (what, now_min - _HOUR_MIN, client, client)
    return int(base.execute(asked, told).fetchone()[0])


def _hide(base: sqlite3.Connection, client: str, now_min: int) -> bytes:
    """Hide who it is behind a salt that is thrown away at the end of the day."""
    day = now_min // DAY_MIN
    base.execute("INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(32)))
    salt = base.execute("SELECT salt FROM salts WHERE day = ?", (day,)).fetchone()[0]
    return hmac.new(salt, client.encode("utf-8", "replace"), hashlib.sha256).digest()
