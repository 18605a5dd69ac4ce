"""Retention: what was kept as long as it may be goes, unless the clock cannot be right."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from .reportbase import StoreModel
from .reportrate import DAY_MIN, forget
from .reportrow import log

RETENTION: Final = "retention"
"""The sign by which it stands in the log of decisions."""

_MONTH_MIN: Final = 365.25 / 12.0 * DAY_MIN


@dataclass(frozen=True, slots=True)
class Purged:
    """
    What went as its time was over.

    Attributes
    ----------
    n_reports, n_photos
        How many reports, and photos of reports that stay.
    n_days_ahead
        Not 0: nothing went, as the clock is so many days ahead of all that is stored.
    """

    n_reports: int
    n_photos: int
    n_days_ahead: int = 0


def purge_base(
    base: sqlite3.Connection, now_min: int, model: StoreModel, *, is_sure: bool = False
) -> Purged:
    """
    Delete what was kept long enough, within a transaction.

    A clock that stands far ahead would delete all of it for good. So it is asked first how far it
    is ahead of the newest report, decision and purge; one that is too far is believed once it has
    gone on for some days, or by who is sure.

    Parameters
    ----------
    base
        Within a transaction.
    now_min
        Minutes since 1970.
    model
        How long things are kept, and how far ahead is too far.
    is_sure
        Whether somebody has looked at the clock.
    """
    forget(base, now_min)
    n_days_ahead = 0 if is_sure else _find_ahead(base, now_min, model)
    if n_days_ahead:
        return Purged(0, 0, n_days_ahead)
    base.execute("DELETE FROM marks")
    base.execute("INSERT INTO marks VALUES ('purged', ?)", (now_min,))
    oldest = now_min - int(model.keep_months * _MONTH_MIN)
    late = "SELECT report_id FROM reports WHERE received_min < ?"
    gone = [row[0] for row in base.execute(late, (oldest,))]
    for report_id in gone:
        log(base, report_id, now_min, RETENTION, "deleted", "")
    base.execute("DELETE FROM reports WHERE received_min < ?", (oldest,))
    oldest_photo = now_min - int(model.keep_photo_months * _MONTH_MIN)
    erase = "DELETE FROM photos WHERE received_min < ? RETURNING report_id"
    bare = [row[0] for row in base.execute(erase, (oldest_photo,)).fetchall()]
    for report_id in bare:
        log(base, report_id, now_min, RETENTION, "photo erased", "")
    return Purged(len(gone), len(bare))


def _find_ahead(base: sqlite3.Connection, now_min: int, model: StoreModel) -> int:
    """Tell by how many days the clock is too far ahead, 0 where it is believed."""
    marks = dict(base.execute("SELECT what, at_min FROM marks"))
    held_min = marks.get("held", now_min + 1)
    if held_min > now_min:  # the clock was put right
        base.execute("DELETE FROM marks WHERE what = 'held'")
        held_min = now_min + 1
    # What came in since a clock is doubted bears its time, and proves nothing.
    known = base.execute(
        "SELECT max(at) FROM (SELECT max(received_min) AS at FROM reports WHERE received_min < ? "
        "UNION ALL SELECT max(decided_min) FROM decisions WHERE decided_min < ?)",
        (held_min, held_min),
    ).fetchone()[0]
    newest = max(known or 0, marks.get("purged", 0))
    ahead_min, most_min = now_min - newest, model.most_ahead_days * DAY_MIN
    if not newest or ahead_min <= most_min:
        return 0
    if model.doubt_days * DAY_MIN <= now_min - held_min <= most_min:
        return 0
    if not 0 <= now_min - held_min <= most_min:
        base.execute("INSERT OR REPLACE INTO marks VALUES ('held', ?)", (now_min,))
    return int(ahead_min // DAY_MIN)
