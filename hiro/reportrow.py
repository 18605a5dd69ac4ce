"""Rows of the store of reports: what stands in them, written and read."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from .deletion import find_key
from .report import Report

REPORT: Final = (
    *("report_id", "latitude_deg", "longitude_deg", "told_min", "felt", "category", "suggestion"),
    *("site_id", "city", "state", "source", "consent", "credit"),
)
"""Columns of a report."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What a reporter gets.

    Attributes
    ----------
    report_id
        Of the report, which is on the disk.
    code
        Deletes it; shown once, for only its hash is kept.
    """

    report_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Decision:
    """
    Who did what to a report, and why; it tells nothing of the report itself.

    Attributes
    ----------
    number
        Counts from 1, without gaps.
    report_id
        Of the report, which may be gone.
    decided_at
        UTC, of a whole minute.
    who
        A moderator's sign, or ``reporter`` or ``retention``.
    what
        ``shown``, ``hidden``, ``photo erased``, ``text erased`` or ``deleted``.
    why
        In their words.
    """

    number: int
    report_id: str
    decided_at: dt.datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Purged:
    """
    What went as its time was over.

    Attributes
    ----------
    n_reports, n_photos
        How many reports, and photos of reports that stay.
    """

    n_reports: int
    n_photos: int


def insert(base: sqlite3.Connection, report: Report, now_min: int, code_hash: bytes | None) -> bool:
    """Store a report and its photo; False if its id is there."""
    told = {name: getattr(report, name) for name in REPORT if name != "told_min"}
    told |= {"told_min": to_min(report.told_at), "received_min": now_min, "code_hash": code_hash}
    told["code_key"] = None if code_hash is None else find_key(code_hash)
    names = ", ".join(told)
    marks = ", ".join("?" * len(told))
    asked = f"INSERT INTO reports ({names}) VALUES ({marks}) ON CONFLICT (report_id) DO NOTHING"  # noqa: S608
    if not base.execute(asked, list(told.values())).rowcount:
        return False
    if report.photo is not None:
        photo = (report.report_id, report.photo, now_min)
        base.execute("INSERT INTO photos VALUES (?, ?, ?)", photo)
    return True


def log(
    base: sqlite3.Connection, report_id: str, now_min: int, who: str, what: str, why: str
) -> None:
    """Add to the log who did what."""
    asked = "INSERT INTO decisions (report_id, decided_min, who, what, why) VALUES (?, ?, ?, ?, ?)"
    base.execute(asked, (report_id, now_min, who, what, why))


def read_report(row: Sequence[Any]) -> Report:
    """Read `REPORT`, whether there is a photo, and the photo."""
    told = dict(zip(REPORT, row, strict=False))
    told["told_at"] = to_time(told.pop("told_min"))
    return Report(**told, has_photo=bool(row[-2]), photo=row[-1])


def to_min(at: dt.datetime | None) -> int:
    """Count minutes since 1970; None: until now."""
    return int((dt.datetime.now(dt.UTC) if at is None else at).timestamp() // 60)


def to_time(at_min: int) -> dt.datetime:
    """Turn minutes since 1970 to a time in UTC."""
    return dt.datetime.fromtimestamp(at_min * 60, dt.UTC)
