"""
The file that holds reports: SQLite, whose tables are laid and changed step by step.

A write is on the disk before it is acknowledged (WAL, synchronous FULL), and what is deleted is
overwritten (secure_delete), in the log of writes as well once no reader holds it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from .errors import ReportError
from .refusal import refuse

APPLICATION_ID: Final = 0x4869526F  # "HiRo"
ENVIRONMENT: Final = "HIRO_REPORTS"
"""Of the variable that names the file."""

_FIRST: Final = """
CREATE TABLE reports (
    report_id TEXT PRIMARY KEY,
    latitude_deg REAL NOT NULL CHECK (latitude_deg BETWEEN -90 AND 90),
    longitude_deg REAL NOT NULL CHECK (longitude_deg BETWEEN -180 AND 180),
    told_min INTEGER NOT NULL,     -- minutes since 1970, UTC
    received_min INTEGER NOT NULL, -- the same; from here on it is kept
    felt INTEGER NOT NULL CHECK (felt BETWEEN 1 AND 5),
    category TEXT NOT NULL,
    suggestion TEXT NOT NULL CHECK (length(suggestion) <= 1000),
    site_id TEXT,
    city TEXT,
    state TEXT NOT NULL CHECK (state IN ('new', 'shown', 'hidden')),
    source TEXT NOT NULL CHECK (source IN ('form', 'import')),
    consent TEXT,
    code_key INTEGER,              -- first bytes of code_hash, to find it by
    code_hash BLOB                 -- SHA-256 of the code that deletes it; NULL: imported
) STRICT;
CREATE INDEX reports_by_code ON reports (code_key) WHERE code_key IS NOT NULL;
CREATE INDEX reports_by_state ON reports (state, told_min);
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    report_id TEXT NOT NULL,       -- outlives the report, of which it tells nothing
    decided_min INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE TRIGGER decisions_stay BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decisions_hold BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
"""

_SECOND: Final = """
ALTER TABLE reports ADD COLUMN credit TEXT;
CREATE TABLE photos (
    report_id TEXT PRIMARY KEY REFERENCES reports (report_id) ON DELETE CASCADE,
    jpeg BLOB NOT NULL,
    received_min INTEGER NOT NULL
) STRICT;
CREATE TABLE hits (
    what TEXT NOT NULL,
    client BLOB,                   -- HMAC of an opaque key with the salt of the day
    at_min INTEGER NOT NULL
) STRICT;
CREATE INDEX hits_by_time ON hits (at_min);
CREATE TABLE salts (day INTEGER PRIMARY KEY, salt BLOB NOT NULL) STRICT;
"""

_THIRD: Final = """
CREATE TABLE marks (
    what TEXT PRIMARY KEY,         -- purged: when last; held: since when its clock is doubted
    at_min INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_by_report ON decisions (report_id);
"""

STEPS: Final = (_FIRST, _SECOND, _THIRD)
"""Each makes the next form of the file out of the last; never changed, only added to."""


@dataclass(frozen=True, slots=True)
class StoreModel:
    """
    How a store of reports behaves; all our choice.

    Attributes
    ----------
    keep_months, keep_photo_months
        How long a report and its photo are kept after they came in.
    most_per_client, most_per_hour
        Reports that are taken within an hour from one client, behind which a school may be, and
        from all.
    most_photos
        That are drawn within an hour for one client, refused ones included.
    most_misses
        Codes of no report, within an hour from one client.
    most_attempts, most_attempts_at_sign
        At a password, within an hour from one client, and at one moderator's from all.
    wait_s
        How long a write waits for another to end. [s]
    most_bytes
        Of the file. [B]
    most_ahead_days, doubt_days
        A clock so far ahead of all that is stored deletes nothing, unless it goes on so long. [d]
    """

    keep_months: int = 24
    keep_photo_months: int = 6
    most_per_client: int = 30
    most_per_hour: int = 1000
    most_photos: int = 60
    most_misses: int = 30
    most_attempts: int = 10
    most_attempts_at_sign: int = 100
    wait_s: float = 15.0
    most_bytes: int = 4_000_000_000
    most_ahead_days: int = 60
    doubt_days: int = 14


def find_path() -> Path:
    """Tell where reports lie unless one says otherwise: `HIRO_REPORTS`, else the user's data."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named).expanduser() if named else user_data_path("hiro") / "reports.sqlite"


def open_base(path: Path, model: StoreModel) -> sqlite3.Connection:
    """
    Open the file, laid out as this version knows it; one that is not there is made.

    Raises
    ------
    ReportError
        If it is no store of reports, is of a newer version, or cannot be read or written.
    """
    if path.exists() and not path.is_file():
        reason = "it is a folder" if path.is_dir() else "it is no plain file"
        raise refuse(term="reports_broken", path=path, reason=reason)
    for asked in (path, path.parent):
        if asked.exists() and not os.access(asked, os.W_OK):
            raise refuse(term="reports_readonly", path=path, reason="permission denied")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody but the owner reads what is not moderated; SQLite's other files follow suit.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise refuse(term="reports_readonly", path=path, reason=error.strerror) from error
    with told_faults(path):
        base = sqlite3.connect(
            path, timeout=model.wait_s, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(base, path, model)
        except BaseException:
            base.close()
            raise
    return base


@contextmanager
def told_faults(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
        reason = " ".join(str(error).split())[:100]
        raise _find_fault(code, path, reason) from error


def identify(path: Path) -> tuple[int, int] | None:
    """Tell which file lies at a path, whatever it is called; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def writing(base: sqlite3.Connection, check: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Do all of it or nothing, alone, unless `check` refuses it at last."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        check()
        base.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # SQLite may have rolled back itself, as on a full disk
            base.execute("ROLLBACK")
        raise


def wipe_log(base: sqlite3.Connection) -> bool:
    """Take what was deleted out of the log of writes; False while a reader holds it."""
    return not base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def _find_fault(code: int, path: Path, reason: str) -> ReportError:
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}:
        return refuse(term="reports_busy", path=path)
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return refuse(term="reports_full", path=path, reason=reason)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return refuse(term="reports_readonly", path=path, reason=reason)
    return refuse(term="reports_broken", path=path, reason=reason)


def _prepare(base: sqlite3.Connection, path: Path, model: StoreModel) -> None:
    _check_form(base, path)
    _turn_to_wal(base, model.wait_s)
    base.execute("PRAGMA synchronous=FULL")
    base.execute("PRAGMA secure_delete=ON")
    base.execute("PRAGMA foreign_keys=ON")
    base.execute("PRAGMA trusted_schema=OFF")
    if _read_form(base) < len(STEPS):
        with writing(base):
            for step in STEPS[_check_form(base, path) :]:  # another may have been quicker
                for statement in _split(step):
                    base.execute(statement)
            base.execute(f"PRAGMA application_id={APPLICATION_ID}")
            base.execute(f"PRAGMA user_version={len(STEPS)}")
    page_bytes = base.execute("PRAGMA page_size").fetchone()[0]
    base.execute(f"PRAGMA max_page_count={max(model.most_bytes // page_bytes, 1)}")


def _turn_to_wal(base: sqlite3.Connection, wait_s: float) -> None:
    """Turn to a log of writes; SQLite does not wait here for another who does the same."""
    until = time.monotonic() + wait_s
    while True:
        try:
            base.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _read_form(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA user_version").fetchone()[0])


def _check_form(base: sqlite3.Connection, path: Path) -> int:
    """Tell which form a file has, 0 an empty one; refuse those of others and of the future."""
    n_tables = base.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = base.execute("PRAGMA application_id").fetchone()[0]
    form = _read_form(base)
    if application != APPLICATION_ID and (n_tables or application or form):
        raise refuse(term="reports_foreign", path=path)
    if form > len(STEPS):
        raise refuse(term="reports_newer", path=path, got=form, known=len(STEPS))
    return form


def _split(step: str) -> list[str]:
    """Split a step into statements, as `executescript` would end the transaction."""
    statements, open_ = [], ""
    for line in step.splitlines(keepends=True):
        open_ += line
        if sqlite3.complete_statement(open_):
            statements.append(open_)
            open_ = ""
    return statements
