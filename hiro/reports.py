"""Reports: the store of what citizens tell, with photos, moderation, deletion and retention."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

from .deletion import are_same, draw_code, find_key, hash_code
from .errors import ReportError
from .plaintext import make_plain_text
from .refusal import refuse
from .report import STATES, Report
from .report_terms import CONSENT_VERSION
from .reportbase import StoreModel, find_path, open_base, told_faults, wipe_log, writing
from .reportrate import DAY_MIN, count_attempt, count_report, forget
from .reportrow import REPORT, Decision, Purged, Receipt, insert, log, read_report, to_min, to_time

Bounds = tuple[float, float, float, float]
"""West, south, east and north. [°]"""

_MONTH_MIN: Final = 365.25 / 12.0 * 1440.0
_MOST_WORDS: Final = 500  # of a reason


class Reports:
    """
    A store of reports; several threads and processes may use the same file.

    Open it with `open_reports`, in each process anew.
    """

    __slots__ = ("_base", "_lock", "_model", "_purged_day", "path")

    def __init__(self, path: Path, model: StoreModel) -> None:
        """Open the file."""
        self.path = path
        self._model = model
        self._lock = threading.RLock()
        self._purged_day = -1
        self._base = open_base(path, model)

    def __enter__(self) -> Self:
        """Keep it open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._base.close()

    # --- what citizens do

    def add(
        self, report: Report, *, client: str | None = None, now: dt.datetime | None = None
    ) -> Receipt:
        """
        Store a report of the form; once this returns, it is on the disk.

        Parameters
        ----------
        report
            From `hiro.report.build_report`.
        client
            Whatever tells clients apart, such as an address; only its HMAC with a salt of the
            day is kept, for an hour.
        now
            UTC; None: the clock's.

        Raises
        ------
        ReportError
            If nobody agreed, it is there already, too many came within the hour, or the store is
            locked, full or broken; nothing is stored then.
        """
        if report.consent != CONSENT_VERSION or report.state != "new":
            raise refuse(term="report_agree", version=CONSENT_VERSION)
        code, now_min = draw_code(), to_min(now)
        self._purge_daily(now)
        with self._write() as base:
            count_report(base, client, now_min, self._model)
            if not insert(base, report, now_min, hash_code(code)):
                raise refuse(term="report_twice")
        return Receipt(report.report_id, code)

    def delete(self, code: str, *, now: dt.datetime | None = None) -> bool:
        """
        Delete a report and its photo by the code that its reporter got.

        Returns
        -------
        bool
            False if no report has it (any more).

        Raises
        ------
        ReportError
            If the store is locked or broken.
        """
        code_hash = hash_code(code)
        asked = "SELECT report_id, code_hash FROM reports WHERE code_key = ?"
        with self._write() as base:
            alike = base.execute(asked, (find_key(code_hash),)).fetchall()
            found = [name for name, kept in alike if are_same(kept, code_hash)]
            for report_id in found:
                base.execute("DELETE FROM reports WHERE report_id = ?", (report_id,))
                log(base, report_id, to_min(now), "reporter", "deleted", "")
        self._wipe()
        return bool(found)

    # --- what is read

    def list(
        self,
        bounds: Bounds | None = None,
        *,
        states: Sequence[str] = ("shown",),
        site_id: str | None = None,
        with_photos: bool = False,
    ) -> tuple[Report, ...]:
        """
        List reports, the latest first.

        Parameters
        ----------
        bounds
            West, south, east, north; west of more than east goes round the date line. [°]
        states
            Which; only what is ``shown`` is for everybody.
        site_id
            Of one object; None: of all.
        with_photos
            Whether photos are read along; else `photo` reads one.
        """
        self._purge_daily(None)
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
        return self._select(" AND ".join(terms), values, with_photos=with_photos)

    def find(self, report_id: str) -> Report:
        """
        Read one report, whatever its state, with its photo.

        Raises
        ------
        ReportError
            If there is none.
        """
        found = self._select("report_id = ?", [report_id], with_photos=True)
        if not found:
            raise refuse(term="report_unknown", report_id=report_id)
        return found[0]

    def photo(self, report_id: str, *, states: Sequence[str] = ("shown",)) -> bytes | None:
        """Read the photo of a report as a JPEG; None if there is none, or it is not shown."""
        asked = "SELECT state, jpeg FROM reports JOIN photos USING (report_id) WHERE report_id = ?"
        with self._read() as base:
            row = base.execute(asked, (report_id,)).fetchone()
        return row[1] if row and row[0] in states else None

    def count(self) -> dict[str, int]:
        """Count the reports of each of `hiro.report.STATES`."""
        with self._read() as base:
            told = dict(base.execute("SELECT state, count(*) FROM reports GROUP BY state"))
        return {state: told.get(state, 0) for state in STATES}

    # --- what moderators do

    def moderate(
        self,
        report_id: str,
        state: str,
        *,
        who: str,
        why: str = "",
        keep_photo: bool = True,
        keep_text: bool = True,
        now: dt.datetime | None = None,
    ) -> Report:
        """
        Show or hide a report, and log who decided it.

        Parameters
        ----------
        report_id
            Which.
        state
            ``shown`` or ``hidden``; the other one takes it back.
        who, why
            A moderator's sign, and a reason.
        keep_photo, keep_text
            False erases it for good, as where it shows or names somebody.
        now
            UTC; None: the clock's.

        Raises
        ------
        ReportError
            If there is no such report, or it is not told who decides what.
        """
        sign = make_plain_text(who)[:80]
        if state not in STATES[1:] or not sign:
            raise refuse(term="decision_unknown", got=repr((sign, state)))
        reason, now_min = make_plain_text(why)[:_MOST_WORDS], to_min(now)
        with self._write() as base:
            asked = "UPDATE reports SET state = ? WHERE report_id = ?"
            if not base.execute(asked, (state, report_id)).rowcount:
                raise refuse(term="report_unknown", report_id=report_id)
            log(base, report_id, now_min, sign, state, reason)
            erasures = (
                (keep_photo, "DELETE FROM photos WHERE report_id = ?", "photo erased"),
                (
                    keep_text,
                    "UPDATE reports SET suggestion = '' WHERE report_id = ?",
                    "text erased",
                ),
            )
            for is_kept, erase, what in erasures:
                if not is_kept:
                    base.execute(erase, (report_id,))
                    log(base, report_id, now_min, sign, what, reason)
        if not (keep_photo and keep_text):
            self._wipe()
        return self.find(report_id)

    def decisions(self, report_id: str | None = None) -> tuple[Decision, ...]:
        """List who decided what, the first first; None: of all reports, gone ones included."""
        asked = "SELECT * FROM decisions WHERE ? IS NULL OR report_id = ? ORDER BY number"
        with self._read() as base:
            rows = base.execute(asked, (report_id, report_id)).fetchall()
        return tuple(Decision(row[0], row[1], to_time(row[2]), *row[3:]) for row in rows)

    def count_attempt(self, client: str | None, *, now: dt.datetime | None = None) -> None:
        """
        Count an attempt at a moderator's password, before it is checked.

        Raises
        ------
        ReportError
            If there were too many within the hour.
        """
        with self._write() as base:
            count_attempt(base, client, to_min(now), self._model)

    # --- what the city does

    def add_all(self, reports: Iterable[Report], *, now: dt.datetime | None = None) -> int:
        """
        Store reports that were imported, all or none; those that are there stay as they are.

        One that was deleted does not come back.

        Returns
        -------
        int
            How many are new.

        Raises
        ------
        ReportError
            If the store is locked, full or broken.
        """
        now_min = to_min(now)
        with self._write() as base:
            deleted = "SELECT report_id FROM decisions WHERE what = 'deleted'"
            gone = {row[0] for row in base.execute(deleted)}
            kept = (report for report in reports if report.report_id not in gone)
            return sum(insert(base, report, now_min, None) for report in kept)

    def purge(self, now: dt.datetime | None = None) -> Purged:
        """
        Delete what was kept as long as it may be, photos before reports.

        It is done at opening too, and by the first `add` or `list` of each day.
        """
        now_min = to_min(now)
        oldest = now_min - int(self._model.keep_months * _MONTH_MIN)
        oldest_photo = now_min - int(self._model.keep_photo_months * _MONTH_MIN)
        with self._write() as base:
            late = "SELECT report_id FROM reports WHERE received_min < ?"
            gone = [row[0] for row in base.execute(late, (oldest,))]
            for report_id in gone:
                log(base, report_id, now_min, "retention", "deleted", "")
            base.execute("DELETE FROM reports WHERE received_min < ?", (oldest,))
            erase = "DELETE FROM photos WHERE received_min < ? RETURNING report_id"
            bare = [row[0] for row in base.execute(erase, (oldest_photo,)).fetchall()]
            for report_id in bare:
                log(base, report_id, now_min, "retention", "photo erased", "")
            forget(base, now_min)
        self._purged_day = now_min // DAY_MIN
        self._wipe()
        return Purged(len(gone), len(bare))

    # --- the file

    def _purge_daily(self, now: dt.datetime | None) -> None:
        """Purge once a day, as a server may stay open for months; if it cannot, the next does."""
        if to_min(now) // DAY_MIN != self._purged_day:
            with suppress(ReportError):
                self.purge(now)

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told_faults(self.path), writing(self._base):
            yield self._base

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told_faults(self.path):
            yield self._base

    def _wipe(self) -> None:
        """Overwrite what was deleted in the log of writes; the next purge does what this cannot."""
        with self._read() as base:
            wipe_log(base)

    def _select(
        self, where: str, values: Sequence[Any], *, with_photos: bool
    ) -> tuple[Report, ...]:
        columns = ", ".join(f"r.{name}" for name in REPORT)
        jpeg = "p.jpeg" if with_photos else "NULL"
        asked = (
            f"SELECT {columns}, p.report_id IS NOT NULL, {jpeg} FROM reports r "  # noqa: S608  ours
            "LEFT JOIN photos p USING (report_id) "
            f"WHERE {where} ORDER BY told_min DESC, report_id"
        )
        with self._read() as base:
            rows = base.execute(asked, values).fetchall()
        return tuple(map(read_report, rows))


def open_reports(
    path: str | Path | None = None,
    *,
    model: StoreModel = StoreModel(),
    now: dt.datetime | None = None,
) -> Reports:
    """
    Open a store of reports, made or brought up to date where needed, and purged.

    Parameters
    ----------
    path
        The SQLite file; None: what `HIROREPORTS` names, else in the user's data.
    model
        Retention, rates and bounds.
    now
        UTC, from which retention counts; None: the clock's.

    Raises
    ------
    ReportError
        If it is no store of reports, a newer version's, locked, or cannot be read or written.
    """
    reports = Reports(find_path() if path is None else Path(path), model)
    try:
        reports.purge(now)
    except BaseException:
        reports.close()
        raise
    return reports
