"""Feeds: the tables of a GTFS zip, read in memory and never more than may be."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import pandas as pd

from .errors import TimetableError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOST_BYTES = 2_000_000_000  # of all its tables unpacked: a whole country's
_WANTED = "wanted a GTFS timetable as one .zip"
# Timetables pack to a tenth, of headers and zeros alone to a thousandth; our choice.
_DENSEST = 200
_SPARED_BYTES = 100_000_000
_LONGEST_LINE = 1_000_000

# Table, its columns that must be there, and those that may be.
REQUIRED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "stops": (
        ("stop_id", "stop_lat", "stop_lon"),
        ("stop_name", "location_type", "parent_station"),
    ),
    "routes": (("route_id", "route_type"), ("route_short_name",)),
    "trips": (("route_id", "service_id", "trip_id"), ("direction_id", "trip_headsign")),
    "stop_times": (
        ("trip_id", "stop_id", "stop_sequence"),
        ("departure_time", "arrival_time", "pickup_type"),
    ),
}
OPTIONAL: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "calendar": (
        (
            *("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
            *("sunday", "start_date", "end_date"),
        ),
        (),
    ),
    "calendar_dates": (("service_id", "date", "exception_type"), ()),
    "frequencies": (("trip_id", "start_time", "end_time", "headway_secs"), ()),
    "agency": ((), ("agency_name", "agency_timezone")),
    "feed_info": ((), ("feed_publisher_name", "feed_publisher_url")),
}


def read_feed(path: Path) -> dict[str, pd.DataFrame]:
    """
    Read the tables of a feed that we use.

    Nothing is unpacked to the disk: members are read by their names, in the zip's root or in one
    folder of it, whatever else it holds.

    Parameters
    ----------
    path
        A GTFS zip.

    Returns
    -------
    dict
        Tables by name, every cell as text, "" where empty; an optional table that is missing
        is missing.

    Raises
    ------
    TimetableError
        If the file is none, is torn, unpacks to too much, or lacks a table or a column.
    """
    if not path.is_file() or path.stat().st_size == 0:
        lacks = "is a folder" if path.is_dir() else "is empty" if path.exists() else "is not there"
        msg = f"{path} {lacks}; {_WANTED}."
        raise TimetableError(msg)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _find_members(path, archive)
            return {
                name: _read_member(path, archive, member, name) for name, member in members.items()
            }
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
        msg = f"{path} does not open as a zip ({_first_line(error)}); {_WANTED}: get it anew."
        raise TimetableError(msg) from error
    except (RuntimeError, NotImplementedError) as error:  # locked, or packed in a way unknown
        msg = f"{path} cannot be unpacked ({_first_line(error)}); {_WANTED}, without a password."
        raise TimetableError(msg) from error


def _first_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200] or type(error).__name__


def _find_members(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Find our tables, each once, and refuse what would unpack to too much."""
    known = {*REQUIRED, *OPTIONAL}
    found: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = PurePosixPath(member.filename)
        if member.is_dir() or name.suffix != ".txt" or name.stem not in known:
            continue
        if name.stem in found:
            msg = f"{path} holds {name.name} twice; {_WANTED}, of one feed."
            raise TimetableError(msg)
        found[name.stem] = member
    for table, member in found.items():
        ratio = member.file_size / max(member.compress_size, 1)
        if ratio > _DENSEST and member.file_size > _SPARED_BYTES:
            msg = (
                f"{path}: {table}.txt unpacks to {member.file_size / 1e9:.1f} GB, {ratio:,.0f} "
                f"times its size, as no timetable does; {_WANTED}: get it anew."
            )
            raise TimetableError(msg)
    n_bytes = sum(member.file_size for member in found.values())
    if n_bytes > MOST_BYTES:
        msg = (
            f"{path} unpacks to {n_bytes / 1e9:.1f} GB, more than {MOST_BYTES / 1e9:g}; cut the "
            "feed to the city first."
        )
        raise TimetableError(msg)
    missing = [f"{name}.txt" for name in REQUIRED if name not in found]
    if not {"calendar", "calendar_dates"} & set(found):
        missing.append("calendar.txt or calendar_dates.txt")
    if missing:
        msg = f"{path} lacks {', '.join(missing)}; {_WANTED}."
        raise TimetableError(msg)
    return found


class _Lines(io.RawIOBase):
    """A file that refuses a line longer than any table has, before it fills the memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._n_open = 0  # bytes since the last end of a line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        first, last = piece.find(b"\n"), piece.rfind(b"\n")
        # Pieces are shorter than what is allowed, so only their first line may be too long.
        longest = self._n_open + (len(piece) if first < 0 else first)
        self._n_open = longest if first < 0 else len(piece) - last - 1
        if longest > _LONGEST_LINE:
            msg = f"a line is longer than {_LONGEST_LINE / 1e6:g} MB"
            raise ValueError(msg)
        return len(piece)


def _read_member(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str
) -> pd.DataFrame:
    must, may = (REQUIRED | OPTIONAL)[name]
    with archive.open(member) as file:  # which ends where the zip says, whatever it holds
        try:
            table = pd.read_csv(
                io.BufferedReader(_Lines(file), 1 << 16),
                dtype=str,
                keep_default_na=False,
                skipinitialspace=True,
                usecols=lambda column: _bare(column) in {*must, *may},
                index_col=False,
                encoding="utf-8-sig",
                encoding_errors="replace",
                on_bad_lines="skip",
            )
        except ValueError as error:
            msg = f"{path}: {name}.txt does not read ({_first_line(error)}); {_WANTED}."
            raise TimetableError(msg) from error
    table.columns = pd.Index([_bare(column) for column in table.columns])
    _refuse_lacking(path, table, name, must)
    for column in may:
        if column not in table:
            table[column] = ""
    for column in table.columns:
        table[column] = table[column].fillna("").str.strip()
    return table


def _bare(column: object) -> str:
    return str(column).strip().strip('"').lstrip("\ufeff")


def _refuse_lacking(path: Path, table: pd.DataFrame, name: str, must: Sequence[str]) -> None:
    lacking = [column for column in must if column not in table.columns]
    if lacking:
        msg = f"{path}: {name}.txt lacks the columns {', '.join(lacking)}; {_WANTED}."
        raise TimetableError(msg)
    if table.columns.duplicated().any():
        msg = f"{path}: {name}.txt has a column twice; {_WANTED}."
        raise TimetableError(msg)
