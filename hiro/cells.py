"""Cells of a CSV file that somebody wrote by hand: opened with suspicion, rows numbered."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

MOST_BYTES = 10_000_000
MOST_ROWS = 100_000
MOST_LETTERS = 1_000
"""In one cell: more is no name, source or note."""

_GROUPED = re.compile(r"\d{1,3}(?:[.,\u2019' \u00a0\u202f]\d{3})+")


class Row(NamedTuple):
    """One row: its number in the file, and its cells by column."""

    number: int
    cells: Mapping[str, str]


def read_cells(path: Path, *, wanted: str, error: type[ValueError]) -> list[Row]:
    """
    Read a CSV, in whichever letters and with whichever separator an office writes it.

    Parameters
    ----------
    path
        Comma, semicolon or tab; UTF-8, UTF-16 or Windows' letters.
    wanted
        What the file should have been, for the refusal.
    error
        What to raise.

    Returns
    -------
    list of Row
        Cells without spaces around them, by the names of the first row; empty rows are left out.

    Raises
    ------
    ValueError
        Of the kind asked for, if it is missing, empty, too large, no text, or a row is too long.
    """
    if not path.is_file() or path.stat().st_size == 0:
        lacks = "is a folder" if path.is_dir() else "is empty" if path.exists() else "is not there"
        msg = f"{path} {lacks}; wanted {wanted}."
        raise error(msg)
    if path.stat().st_size > MOST_BYTES:
        msg = (
            f"{path} has {path.stat().st_size / 1e6:,.0f} MB; wanted {wanted} of at most "
            f"{MOST_BYTES / 1e6:.0f} MB."
        )
        raise error(msg)
    try:
        return _split(_decode(path.read_bytes()))
    except (ValueError, csv.Error, OSError) as trouble:
        kind = " ".join(str(trouble).split()).rstrip(".")[:200]
        msg = f"{path} does not read ({kind}); wanted {wanted}."
        raise error(msg) from trouble


def read_number(text: str) -> float:
    """
    Read a number with a point or a comma.

    Raises
    ------
    ValueError
        With what is wrong, to follow the cell: no number, not finite, or with thousands marked,
        which may be a thousand or one and a bit.

    Examples
    --------
    >>> read_number("2,5"), read_number("-2.4"), read_number("5900")
    (2.5, -2.4, 5900.0)
    """
    plain = text.strip()
    if _GROUPED.fullmatch(plain) and not plain.startswith("0"):
        msg = "may be thousands or a fraction; write 5900 or 5.9"
        raise ValueError(msg)
    try:
        number = float(plain.replace(",", ".")) if "_" not in plain else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        msg = "is not a number"
        raise ValueError(msg)
    return number


def _decode(raw: bytes) -> str:
    is_wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # Excel's "Unicode"
    try:
        text = raw.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\0" in text:
        msg = "it holds no text"
        raise ValueError(msg)
    return text


def _split(text: str) -> list[Row]:
    header = text.lstrip().split("\n", 1)[0]
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(";\t,", key=header.count), strict=True
    )
    names: list[str] = []
    rows: list[Row] = []
    for line in lines:
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if not names:
            names = [cell.casefold() for cell in cells]
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                msg = f"it has two columns {twice[:40]!r}"
                raise ValueError(msg)
            continue
        if any(cells[len(names) :]) or max(map(len, cells)) > MOST_LETTERS:
            msg = f"row {lines.line_num} has more cells than the first, or one of over "
            msg += f"{MOST_LETTERS:,} letters"
            raise ValueError(msg)
        if len(rows) == MOST_ROWS:
            msg = f"it has more than {MOST_ROWS:,} rows"
            raise ValueError(msg)
        padded = cells[: len(names)] + [""] * (len(names) - len(cells))
        rows.append(Row(lines.line_num, dict(zip(names, padded, strict=True))))
    return rows
