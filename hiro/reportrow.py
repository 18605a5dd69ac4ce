"""Rows of the store of reports: what stands in them, written and read."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from .deletion import are_same, find_key
from .errors import ReportError
from .refusal import refuse
from .report import Report

REPORT: Final = (
    *("report_id", "latitude_deg", "longitude_deg", "told_min", "felt", "category", "suggestion"),
    *("site_id", "city", "state", "source", "consent", "credit"),
)
"""Columns of a report."""

Bounds = tuple[float, float, float, float]
"""West, south, east and north. [°]"""

ERASE: Final = {
    "photo": "DELETE FROM photos WHERE report_id = ?",
    "text": "UPDATE reports SET suggestion = '' WHERE report_id = ?",
}
"""How a part of a report is erased."""

REPORTER: Final = "reporter"
"""The sign by which a reporter's code stands in the log of decisions."""


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
        Counts up from 1.
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
    """
    Read `REPORT`, whether there is a photo, and the photo.

    Raises
    ------
    ReportError
        If it is no report as this version knows them.
    """
    told = dict(zip(REPORT, row, strict=False))
    try:
        told["told_at"] = to_time(told.pop("told_min"))
        return Report(**told, has_photo=bool(row[-2]), photo=row[-1])
    except (ValueError, OverflowError, OSError) as error:  # ReportError is a ValueError
        raise refuse(term="report_unread", report_id=row[0], reason=str(error)) from error


def list_reports(
    base: sqlite3.Connection,
    bounds: Bounds | None,
    *,
    states: Sequence[str],
    site_id: str | None,
    with_photos: bool,
) -> tuple[Report, ...]:
    """Read reports, the latest first; those that do not read are left out."""
    terms = [f"state IN ({', '.join('?' * len(states))})"]
    values: list[Any] = list(states)
    if bounds is not None:
        west, south, east, north = bounds
        way = "AND" if west <= east else "OR"
        terms.append(
            f"latitude_deg BETWEEN ? AND ? AND (longitude_deg >= ? {way} longitude_deg <= ?)"
        )
        values += [south, north, west, east]
    if site_id is not None:
        terms.append("site_id = ?")
        values.append(site_id)
    found = []
    for row in base.execute(_ask(" AND ".join(terms), with_photos=with_photos), values).fetchall():
        with suppress(ReportError):  # whoever counts them sees that some lack
            found.append(read_report(row))
    return tuple(found)


def find_report(base: sqlite3.Connection, report_id: str) -> Report:
    """Read one report with its photo, or refuse."""
    row = base.execute(_ask("report_id = ?", with_photos=True), (report_id,)).fetchone()
    if row is None:
        raise refuse(term="report_unknown", report_id=report_id)
    return read_report(row)


def find_coded(base: sqlite3.Connection, code_hash: bytes) -> list[str]:
    """Find the reports that a code deletes: one, or none."""
    asked = "SELECT report_id, code_hash FROM reports WHERE code_key = ?"
    alike = base.execute(asked, (find_key(code_hash),)).fetchall()
    return [report_id for report_id, kept in alike if are_same(kept, code_hash)]


def is_withdrawn(base: sqlite3.Connection, report_id: str) -> bool:
    """Tell whether a report was deleted by its reporter's code."""
    asked = "SELECT 1 FROM decisions WHERE report_id = ? AND who = ? AND what = 'deleted'"
    return base.execute(asked, (report_id, REPORTER)).fetchone() is not None


def _ask(where: str, *, with_photos: bool) -> str:
    columns = ", ".join(f"r.{name}" for name in REPORT)
    jpeg = "p.jpeg" if with_photos else "NULL"
    return (
        f"SELECT {columns}, p.report_id IS NOT NULL, {jpeg} FROM reports r "  # noqa: S608  ours
        "LEFT JOIN photos p USING (report_id) "
        f"WHERE {where} ORDER BY told_min DESC, report_id"
    )


def to_min(at: dt.datetime | None) -> int:
    """Count minutes since 1970; None: until now."""
    return int((dt.datetime.now(dt.UTC) if at is None else at).timestamp() // 60)


def to_time(at_min: int) -> dt.datetime:
    """Turn minutes since 1970 to a time in UTC."""
    return dt.datetime.fromtimestamp(at_min * 60, dt.UTC)
