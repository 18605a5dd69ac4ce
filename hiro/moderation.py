"""Who may moderate: a password file of signs and scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from .errors import ReportError
from .report import RESERVED

LEAST_LETTERS: Final = 12
"""Of a password; our choice."""

_MOST_LETTERS: Final = 1000
_N, _R, _P = 2**15, 8, 1  # 32 MB and a tenth of a second a guess; our choice
_MOST_MEMORY: Final = 128 * 1024 * 1024
_LEAST_N: Final = 2**14  # a weaker hash is guessed
_MOST_WORK: Final = 4 * _N * _R * _P  # n times r times p, lest a guess takes seconds
_MOST_FILE: Final = 100_000
_SIGN: Final = re.compile(r"[\w.@-]{1,40}")
_LINE: Final = re.compile(
    r"([\w.@-]{1,40}):scrypt\$(\d{1,7})\$(\d{1,2})\$(\d)\$([0-9a-f]{32})\$([0-9a-f]{64})"
)


class _Kept(NamedTuple):
    """What is kept of a password."""

    n: int
    r: int
    p: int
    salt: bytes
    hashed: bytes


_NOBODY: Final = _Kept(_N, _R, _P, b"\0" * 16, b"\0" * 32)


def write_password(path: Path, sign: str, password: str) -> None:
    """
    Write a moderator's password to a file, which only its owner may read.

    Parameters
    ----------
    path
        A line each: sign, and scrypt hash with its own salt. One that is there gets the new
        password, others stay.
    sign
        Stands in the log of decisions: letters, digits and ``.@-_``.
    password
        At least `LEAST_LETTERS` letters.

    Raises
    ------
    ReportError
        If the sign or the password does not do, or the file does not read or cannot be written.
    """
    if not _SIGN.fullmatch(sign) or sign.casefold() in RESERVED:
        msg = (
            "Wanted a moderator's sign of up to 40 letters, digits and .@-_, and neither reporter "
            f"nor retention; got {sign[:60]!r}."
        )
        raise ReportError(msg)
    if not LEAST_LETTERS <= len(password) <= _MOST_LETTERS:
        msg = (
            f"Wanted a password of {LEAST_LETTERS} to {_MOST_LETTERS:,} letters, such as some "
            f"words in a row; got {len(password):,}."
        )
        raise ReportError(msg)
    kept = _read(path) if path.exists() else {}
    salt = secrets.token_bytes(16)
    kept[sign] = _Kept(_N, _R, _P, salt, _hash(password, _Kept(_N, _R, _P, salt, b"")))
    lines = [
        f"{name}:scrypt${one.n}${one.r}${one.p}${one.salt.hex()}${one.hashed.hex()}\n"
        for name, one in kept.items()
    ]
    _write_closed(path, "".join(lines))


def check_password(path: Path, sign: str, password: str) -> bool:
    """
    Tell whether a moderator's password is right; an unknown sign takes as long as a wrong one.

    Raises
    ------
    ReportError
        If the file is missing or does not read.
    """
    kept = _read(path).get(sign)
    guess = _hash(password[:_MOST_LETTERS], kept or _NOBODY)
    return hmac.compare_digest(guess, (kept or _NOBODY).hashed) and kept is not None


def list_signs(path: Path) -> Sequence[str]:
    """
    List who may moderate.

    Raises
    ------
    ReportError
        If the file is missing or does not read.
    """
    return tuple(_read(path))


def mark_password(path: Path, sign: str) -> str | None:
    """
    Tell a mark that changes with a moderator's password; None: nobody has that sign.

    Raises
    ------
    ReportError
        If the file is missing or does not read.
    """
    kept = _read(path).get(sign)
    return None if kept is None else hashlib.sha256(kept.salt + kept.hashed).hexdigest()


def _hash(password: str, kept: _Kept) -> bytes:
    # The same letters, however a keyboard composes them.
    letters = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    return hashlib.scrypt(
        letters, salt=kept.salt, n=kept.n, r=kept.r, p=kept.p, maxmem=2 * _MOST_MEMORY, dklen=32
    )


def _read(path: Path) -> dict[str, _Kept]:
    """Read the file; a line that does not read refuses all of it, lest somebody is shut out."""
    kept: dict[str, _Kept] = {}
    for number, line in enumerate(_read_closed(path).split(), 1):
        found = _LINE.fullmatch(line)
        if found is None or not _is_sound(*map(int, found.group(2, 3, 4))):
            raise _doubt(path, f"line {number} is no sign with a scrypt hash as strong as ours")
        if found[1] in kept or found[1].casefold() in RESERVED:
            raise _doubt(path, f"the sign of line {number} is there twice, or is no moderator's")
        n, r, p = map(int, found.group(2, 3, 4))
        kept[found[1]] = _Kept(n, r, p, bytes.fromhex(found[5]), bytes.fromhex(found[6]))
    if not kept:
        raise _doubt(path, "it is empty")
    return kept


def _read_closed(path: Path) -> str:
    """Read a plain file that nobody but its owner writes."""
    try:
        number = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
        )  # a pipe is not waited for
        with os.fdopen(number, "rb") as file:
            found = os.fstat(number)
            if not stat.S_ISREG(found.st_mode):
                raise _doubt(path, "it is no plain file")
            if os.name == "posix" and found.st_mode & 0o022:
                raise _doubt(path, "others may write it; chmod it to 600 and look who is in it")
            raw = file.read(_MOST_FILE + 1)
    except OSError as error:
        raise _doubt(path, error.strerror or "it cannot be opened") from error
    if len(raw) > _MOST_FILE:
        raise _doubt(path, "it is too long")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _doubt(path, "it holds no text") from error


def _is_sound(n: int, r: int, p: int) -> bool:
    """Tell whether scrypt takes these, within our memory and time, and they are not weak."""
    return (
        n >= _LEAST_N
        and n & (n - 1) == 0
        and r >= _R
        and p > 0
        and n * r * p <= _MOST_WORK
        and 129 * n * r + 128 * r * p < _MOST_MEMORY
    )


def _doubt(path: Path, reason: str) -> ReportError:
    return ReportError(
        f"{path} is no password file ({reason}); write one with `hiro reports password FILE`."
    )


def _write_closed(path: Path, text: str) -> None:
    """Write whole or not at all, for nobody but the owner from the first byte on."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        msg = f"Cannot write {str(path)!r}: {error.strerror or error}; name another file."
        raise ReportError(msg) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
