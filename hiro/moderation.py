"""Who may moderate: a password file of signs and scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from .errors import ReportError

LEAST_LETTERS: Final = 12
"""Of a password; our choice."""

_MOST_LETTERS: Final = 1000
_N, _R, _P = 2**15, 8, 1  # 32 MB and a tenth of a second a guess; our choice
_MOST_MEMORY: Final = 128 * 1024 * 1024
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
    if not _SIGN.fullmatch(sign):
        msg = f"Wanted a moderator's sign of up to 40 letters, digits and .@-_; got {sign[:60]!r}."
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


def _hash(password: str, kept: _Kept) -> bytes:
    # The same letters, however a keyboard composes them.
    letters = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    return hashlib.scrypt(
        letters, salt=kept.salt, n=kept.n, r=kept.r, p=kept.p, maxmem=_MOST_MEMORY, dklen=32
    )


def _read(path: Path) -> dict[str, _Kept]:
    """Read the file; a line that does not read refuses all of it, lest somebody is shut out."""
    try:
        if path.stat().st_size > _MOST_FILE:
            raise _doubt(path, "it is too long")
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise _doubt(path, getattr(error, "strerror", None) or "it holds no text") from error
    kept = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None or not _is_sound(*map(int, found.group(2, 3, 4))):
            raise _doubt(path, f"line {number} is no sign with a scrypt hash")
        n, r, p = map(int, found.group(2, 3, 4))
        kept[found[1]] = _Kept(n, r, p, bytes.fromhex(found[5]), bytes.fromhex(found[6]))
    if not kept:
        raise _doubt(path, "it is empty")
    return kept


def _is_sound(n: int, r: int, p: int) -> bool:
    """Tell whether scrypt takes these, within our memory."""
    return (
        n > 1 and n & (n - 1) == 0 and r > 0 and p > 0 and 129 * n * r + 128 * r * p < _MOST_MEMORY
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
