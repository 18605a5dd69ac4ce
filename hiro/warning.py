"""Official warnings of heat for a city, out of files of alerts, beside our own levels."""

from __future__ import annotations

import logging
import os
import re
import time
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from .alert import LONGEST, MOST_BYTES, Alert, read_alert
from .errors import AlertError

ENVIRONMENT: Final = "HIRO_WARNINGS"
"""Of the variable that names the folder, or the file, in which alerts lie."""

CELLS: Final = "HIRO_WARNCELLS"
"""Of the variable that lists the warning cells of the city, where alerts have no outlines."""

MOST_FILES: Final = 4_000  # in a folder or a zip: all districts of Germany at once; our choice
MOST_IN_ALL: Final = 100_000_000  # bytes, unpacked; our choice
MOST_TOLD: Final = 3  # warnings at once; our choice
KEPT_S: Final = 60.0  # for so long what was read is taken for the present; our choice

_told: dict[tuple[object, ...], tuple[float, list[Alert] | None]] = {}


def find_alerts(
    path: Path,
    *,
    at: datetime,
    latitude_deg: float,
    longitude_deg: float,
    cells: Sequence[str] = (),
) -> list[Alert]:
    """
    Find the warnings of heat for a place that hold, the gravest first.

    Parameters
    ----------
    path
        A folder of alerts, an alert, or a zip of alerts as DWD packs them. What cannot be read
        is left out: a torn file among others must not hide a warning.
    at
        Now.
    latitude_deg, longitude_deg
        The place. [°]
    cells
        Warning cells it lies in, for alerts without outlines.

    Raises
    ------
    AlertError
        If there is nothing at `path`, or nothing in it can be read.
    """
    alerts: dict[str, Alert] = {}
    replaced: set[str] = set()
    n_read, fault = 0, None
    for name, data in _list_files(path):
        try:
            found, gone = read_alert(data)
        except AlertError as error:
            fault = fault or AlertError(f"{name}: {error}")
            continue
        n_read += 1
        replaced |= gone
        for number, alert in enumerate(found):
            alerts[f"{alert.identifier} {number}"] = alert
    if not n_read and fault is not None:
        raise fault
    kept = [
        alert
        for alert in alerts.values()
        if alert.identifier not in replaced
        and alert.holds(at)
        and alert.is_for(latitude_deg, longitude_deg, cells)
    ]
    return sorted(kept, key=lambda alert: (-alert.grade, alert.begins, alert.headline))


def find_path() -> Path | None:
    """Find where alerts lie; None where nobody said."""
    told = os.environ.get(ENVIRONMENT, "").strip()
    return Path(told) if told else None


def find_cells() -> tuple[str, ...]:
    """Find the warning cells that were named for the city."""
    return tuple(re.findall(r"\d{6,12}", os.environ.get(CELLS, "")[:LONGEST]))


# --- files


def _list_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """List alerts of a folder, a zip or a file, within bounds."""
    try:
        if path.is_dir():
            names = sorted(one for one in path.iterdir() if one.suffix.lower() in {".xml", ".zip"})
        elif path.exists():
            names = [path]
        else:
            msg = f"Wanted warnings at {str(path)!r}; nothing is there."
            raise AlertError(msg)
        n_left, bytes_left = MOST_FILES, MOST_IN_ALL
        for one in names:
            for name, data in _list_zip(one) if one.suffix.lower() == ".zip" else _read_one(one):
                n_left, bytes_left = n_left - 1, bytes_left - len(data)
                if n_left < 0 or bytes_left < 0:
                    return
                yield name, data
    except OSError as error:
        msg = f"Cannot read warnings at {str(path)!r}: {error.strerror or error}."
        raise AlertError(msg) from error


def _read_one(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as file:
        yield path.name, _read_bounded(file)


def _list_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    """Unpack alerts, counting what comes out and not what the zip says."""
    try:
        with zipfile.ZipFile(path) as packed:
            for info in packed.infolist()[:MOST_FILES]:
                if info.filename.lower().endswith(".xml"):
                    with packed.open(info) as file:
                        yield f"{path.name}/{info.filename[-80:]}", _read_bounded(file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        yield path.name, b""  # which reads as no alert


def _read_bounded(file: IO[bytes]) -> bytes:
    return file.read(MOST_BYTES + 1)


# --- what the page is told


def tell_warnings(
    latitude_deg: float, longitude_deg: float, *, zone: ZoneInfo, language: str
) -> dict[str, Any] | None:
    """
    Tell the official warnings that hold for a city now.

    Parameters
    ----------
    latitude_deg, longitude_deg
        The city's middle. [°]
    zone
        In which times are told.
    language
        ``de`` or ``en``; an alert that has it is told in it.

    Returns
    -------
    None where nobody named a folder of alerts. ``is_read`` tells whether they could be read;
    ``alerts`` holds, for each, who warns, what is said, from when to when, and for which areas.
    """
    path = find_path()
    if path is None:
        return None
    now = datetime.now(zone)
    alerts = _find_lately(path, now, latitude_deg, longitude_deg)
    if alerts is None:
        return {"is_read": False, "alerts": []}
    told = [_tell(alert, zone) for alert in _choose_language(alerts, language)[:MOST_TOLD]]
    return {"is_read": True, "alerts": told}


def _find_lately(
    path: Path, now: datetime, latitude_deg: float, longitude_deg: float
) -> list[Alert] | None:
    """Find the alerts that hold, looking at the files once a minute; None if none can be read."""
    key = (path, find_cells(), round(latitude_deg, 4), round(longitude_deg, 4))
    at, kept = _told.get(key, (-KEPT_S, None))
    if time.monotonic() - at < KEPT_S and key in _told:
        return kept if kept is None else [alert for alert in kept if alert.holds(now)]
    try:
        found: list[Alert] | None = find_alerts(
            path,
            at=now,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            cells=find_cells(),
        )
    except AlertError as error:
        logging.getLogger(__name__).warning("%s", error)
        found = None
    _told.clear()
    _told[key] = (time.monotonic(), found)
    return found


def _choose_language(alerts: Sequence[Alert], language: str) -> list[Alert]:
    """Keep of each alert the parts in a language, or its first where it has none in that."""
    chosen = []
    for identifier in dict.fromkeys(alert.identifier for alert in alerts):
        parts = [alert for alert in alerts if alert.identifier == identifier]
        spoken = [one for one in parts if one.language.lower().startswith(language)]
        chosen += spoken or parts[:1]
    return chosen


def _tell(alert: Alert, zone: ZoneInfo) -> dict[str, Any]:
    ends = None if alert.ends is None else alert.ends.astimezone(zone)
    return {
        "sender": alert.sender,
        "headline": alert.headline,
        "instruction": alert.instruction,
        "language": alert.language[:10],
        "grade": alert.grade,
        "begins": alert.begins.astimezone(zone).isoformat(timespec="minutes"),
        "ends": None if ends is None else ends.isoformat(timespec="minutes"),
        "sent": alert.sent.astimezone(zone).isoformat(timespec="minutes"),
        "areas": list(alert.areas[:MOST_TOLD]),
    }
