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
    _check_all(base, now_min, model)
    _count_client(base, "report", client, now_min, model.most_per_client, "reports_slow")


def count_attempt(
    base: sqlite3.Connection, client: str | None, sign: str, now_min: int, model: StoreModel
) -> None:
    """Count an attempt at a moderator's password, unless there were too many within the hour."""
    forget(base, now_min)
    known, term = client or "nobody told", "reports_attempts"
    _count_client(base, "attempt", known, now_min, model.most_attempts, term)
    # Whoever has many addresses shall not try one sign for ever.
    _count_client(base, "sign", sign, now_min, model.most_attempts_at_sign, term)


def count_photo(
    base: sqlite3.Connection, client: str | None, now_min: int, model: StoreModel
) -> None:
    """Count a photo before it is drawn, unless there were too many, or too many reports."""
    forget(base, now_min)
    _check_all(base, now_min, model)
    _check_client(base, "report", client, now_min, model.most_per_client, "reports_slow")
    _count_client(base, "photo", client, now_min, model.most_photos, "reports_slow")


def count_miss(base: sqlite3.Connection, client: str | None, now_min: int) -> None:
    """Count a code of no report."""
    forget(base, now_min)
    _insert(base, "miss", client, now_min)


def check_misses(
    base: sqlite3.Connection, client: str | None, now_min: int, model: StoreModel
) -> None:
    """Refuse a client that told too many codes of no report; it only reads."""
    _check_client(base, "miss", client, now_min, model.most_misses, "reports_attempts")


def forget(base: sqlite3.Connection, now_min: int) -> None:
    """Forget what is older than an hour, and the salts by which it was hidden."""
    base.execute("DELETE FROM hits WHERE at_min <= ? OR at_min > ?", (now_min - 60, now_min + 60))
    base.execute("DELETE FROM salts WHERE day NOT IN (?, ?)", _list_days(now_min))


def _check_all(base: sqlite3.Connection, now_min: int, model: StoreModel) -> None:
    asked = "SELECT count(*) FROM hits WHERE what = 'report' AND at_min > ?"
    n_all = int(base.execute(asked, (now_min - _HOUR_MIN,)).fetchone()[0])
    if n_all >= model.most_per_hour:
        raise refuse(term="reports_many", n=f"{n_all:,}")


def _count_client(
    base: sqlite3.Connection, what: str, client: str | None, now_min: int, most: int, term: str
) -> None:
    _check_client(base, what, client, now_min, most, term)
    _insert(base, what, client, now_min)


def _check_client(
    base: sqlite3.Connection, what: str, client: str | None, now_min: int, most: int, term: str
) -> None:
    """Refuse a client that was counted too often; one that is not told is not refused."""
    if client is None:
        return
    salts = base.execute("SELECT salt FROM salts WHERE day IN (?, ?)", _list_days(now_min))
    hidden = [_hide(salt, client) for (salt,) in salts.fetchall()]
    asked = "SELECT count(*) FROM hits WHERE what = ? AND at_min > ? AND client = ?"
    told = (what, now_min - _HOUR_MIN)
    n_same = sum(int(base.execute(asked, (*told, one)).fetchone()[0]) for one in hidden)
    if n_same >= most:
        raise refuse(term=term, n=f"{n_same:,}")


def _insert(base: sqlite3.Connection, what: str, client: str | None, now_min: int) -> None:
    hidden = None
    if client is not None:
        day = now_min // DAY_MIN
        base.execute("INSERT OR IGNORE INTO salts VALUES (?, ?)", (day, secrets.token_bytes(32)))
        (salt,) = base.execute("SELECT salt FROM salts WHERE day = ?", (day,)).fetchone()
        hidden = _hide(salt, client)
    base.execute("INSERT INTO hits VALUES (?, ?, ?)", (what, hidden, now_min))


def _list_days(now_min: int) -> tuple[int, int]:
    """List the days whose salts count: today's, and yesterday's for an hour."""
    return now_min // DAY_MIN, (now_min - _HOUR_MIN) // DAY_MIN


def _hide(salt: bytes, client: str) -> bytes:
    """Hide who it is behind a salt that is thrown away within an hour of the end of the day."""
    return hmac.new(salt, client.encode("utf-8", "replace"), hashlib.sha256).digest()
