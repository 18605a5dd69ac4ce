"""Reports: the store of what citizens tell, with photos, moderation, deletion and retention."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Self

from .deletion import draw_code, hash_code
from .errors import ReportError
from .plaintext import make_plain_text
from .refusal import refuse
from .report import RESERVED, STATES, Report
from .report_terms import CONSENT_VERSION
from .reportbase import StoreModel, find_path, identify, open_base, told_faults, wipe_log, writing
from .reportrate import DAY_MIN, check_misses, count_attempt, count_miss, count_photo, count_report
from .reportrow import (
    ERASE,
    REPORTER,
    Bounds,
    Decision,
    Receipt,
    find_coded,
    find_report,
    insert,
    is_withdrawn,
    list_reports,
    log,
    to_min,
    to_time,
)
from .retention import Purged, purge_base

_MOST_WORDS: Final = 500  # of a reason
_SHORT_MS: Final = 200  # that the daily purge waits for another's write; our choice


class Reports:
    """
    A store of reports; several threads and processes may use the same file.

    Open it with `open_reports`, in each process anew.
    """

    __slots__ = ("_base", "_file", "_lock", "_model", "_purged_day", "path")

    def __init__(self, path: Path, model: StoreModel) -> None:
        """Open the file."""
        self.path = path
        self._model = model
        self._lock = threading.RLock()
        self._purged_day = -1
        self._base = open_base(path, model)
        self._file = identify(path)

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

    def is_there(self) -> bool:
        """Tell whether its path still names the file that was opened."""
        return self._file is not None and identify(self.path) == self._file

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
            If nobody agreed, it is there already or was deleted by its code, too many came within
            the hour, or the store is gone, locked, full or broken; nothing is stored then.
        """
        if report.consent != CONSENT_VERSION or report.state != "new":
            raise refuse(term="report_agree", version=CONSENT_VERSION)
        code, now_min = draw_code(), to_min(now)
        self._purge_daily(now)
        with self._write() as base:
            if is_withdrawn(base, report.report_id):
                raise refuse(term="report_withdrawn")
            count_report(base, client, now_min, self._model)
            if not insert(base, report, now_min, hash_code(code)):
                raise refuse(term="report_twice")
        return Receipt(report.report_id, code)

    def count_photo(self, client: str | None, *, now: dt.datetime | None = None) -> None:
        """
        Count a photo before it is drawn, which is the dearest part of a report.

        Raises
        ------
        ReportError
            If there were too many, or too many reports, within the hour.
        """
        with self._write() as base:
            count_photo(base, client, to_min(now), self._model)

    def delete(
        self, code: str, *, client: str | None = None, now: dt.datetime | None = None
    ) -> bool:
        """
        Delete a report and its photo by the code that its reporter got.

        Parameters
        ----------
        code
            As it was typed.
        client
            As for `add`; whoever told too many codes of no report waits an hour.
        now
            UTC; None: the clock's.

        Returns
        -------
        bool
            False if no report has it (any more).

        Raises
        ------
        ReportError
            If too many codes were wrong, or the store is gone, locked or broken.
        """
        code_hash, now_min = hash_code(code), to_min(now)
        with self._read() as base:  # whoever guesses keeps nobody from writing
            check_misses(base, client, now_min, self._model)
            found = find_coded(base, code_hash)
        if not found and client is None:
            return False
        with self._write() as base:
            if not found:
                count_miss(base, client, now_min)
                return False
            erase = "DELETE FROM reports WHERE report_id = ?"
            gone = [one for one in found if base.execute(erase, (one,)).rowcount]
            for report_id in gone:
                log(base, report_id, now_min, REPORTER, "deleted", "")
        self._wipe()
        return bool(gone)

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
        List reports, the latest first; those that do not read are left out.

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
        with self._read() as base:
            return list_reports(
                base, bounds, states=states, site_id=site_id, with_photos=with_photos
            )

    def find(self, report_id: str) -> Report:
        """
        Read one report, whatever its state, with its photo.

        Raises
        ------
        ReportError
            If there is none.
        """
        with self._read() as base:
            return find_report(base, report_id)

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
            If there is no such report, it does not read, or it is not told who decides what.
        """
        sign = make_plain_text(who)[:80]
        if state not in STATES[1:] or not sign or sign.casefold() in RESERVED:
            raise refuse(term="decision_unknown", got=repr((sign, state)))
        reason, now_min = make_plain_text(why)[:_MOST_WORDS], to_min(now)
        with self._write() as base:
            asked = "UPDATE reports SET state = ? WHERE report_id = ?"
            if not base.execute(asked, (state, report_id)).rowcount:
                raise refuse(term="report_unknown", report_id=report_id)
            log(base, report_id, now_min, sign, state, reason)
            for is_kept, erased in ((keep_photo, "photo"), (keep_text, "text")):
                if not is_kept:
                    base.execute(ERASE[erased], (report_id,))
                    log(base, report_id, now_min, sign, f"{erased} erased", reason)
            decided = find_report(base, report_id)
        if not (keep_photo and keep_text):
            self._wipe()
        return decided

    def decisions(self, report_id: str | None = None) -> tuple[Decision, ...]:
        """List who decided what, the first first; None: of all reports, gone ones included."""
        asked = "SELECT * FROM decisions WHERE ? IS NULL OR report_id = ? ORDER BY number"
        with self._read() as base:
            rows = base.execute(asked, (report_id, report_id)).fetchall()
        return tuple(Decision(row[0], row[1], to_time(row[2]), *row[3:]) for row in rows)

    def count_attempt(
        self, client: str | None, sign: str, *, now: dt.datetime | None = None
    ) -> None:
        """
        Count an attempt at the password of a moderator's sign, before it is checked.

        Raises
        ------
        ReportError
            If there were too many within the hour.
        """
        with self._write() as base:
            count_attempt(base, client, sign, to_min(now), self._model)

    # --- what the city does

    def add_all(self, reports: Iterable[Report], *, now: dt.datetime | None = None) -> int:
        """
        Store reports that were imported, all or none; those that are there stay as they are.

        One that its reporter deleted does not come back; one that retention deleted does, for who
        imports an old list wants it.

        Returns
        -------
        int
            How many are new.

        Raises
        ------
        ReportError
            If the store is locked, full or broken.
        """
        with self._write() as base:
            kept = (report for report in reports if not is_withdrawn(base, report.report_id))
            return sum(insert(base, report, to_min(now), None) for report in kept)

    def purge(self, now: dt.datetime | None = None, *, is_sure: bool = False) -> Purged:
        """
        Delete what was kept as long as it may be, photos before reports.

        It is done at opening too, and tried by the first `add` or `list` of each day. Nothing goes
        while the clock is too far ahead to be believed (`hiro.retention`), unless one is sure.
        """
        with self._write() as base:
            purged = purge_base(base, to_min(now), self._model, is_sure=is_sure)
        self._purged_day = to_min(now) // DAY_MIN
        self._wipe()
        return purged

    # --- the file

    def _purge_daily(self, now: dt.datetime | None) -> None:
        """Try once a day to purge, as a server may stay open for months; nobody waits for it."""
        day = to_min(now) // DAY_MIN
        with self._lock:
            if day == self._purged_day:
                return
            self._purged_day = day  # before it is tried, so that nobody else waits for it
            with suppress(ReportError), told_faults(self.path):
                self._base.execute(f"PRAGMA busy_timeout={_SHORT_MS}")
                try:
                    self.purge(now)
                finally:
                    self._base.execute(f"PRAGMA busy_timeout={int(self._model.wait_s * 1000)}")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told_faults(self.path):
            self._check_file()
            with writing(self._base, self._check_file):
                yield self._base

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told_faults(self.path):
            self._check_file()
            yield self._base

    def _check_file(self) -> None:
        """Refuse a file that nobody will find again: deleted, or replaced as by a copy."""
        if not self.is_there():
            raise refuse(term="reports_moved", path=self.path)

    def _wipe(self) -> None:
        """Overwrite what was deleted in the log of writes; the next purge does what this cannot."""
        with self._read() as base:
            wipe_log(base)


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
        The SQLite file; None: what `HIRO_REPORTS` names, else in the user's data.
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
