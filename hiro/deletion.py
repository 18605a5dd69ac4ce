"""Codes by which whoever reported something deletes it: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none looks like another
_N_SIGNS: Final = 20  # of 5 bits each: 100 bits, which nobody guesses, so that one hash is enough
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_MOST: Final = 100


def draw_code() -> str:
    """Draw a code, in groups that can be copied by hand."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_N_SIGNS))
    return "-".join(signs[first : first + 4] for first in range(0, _N_SIGNS, 4))


def hash_code(code: str) -> bytes:
    """
    Hash a code as it was typed: case, blanks and hyphens do not count, nor O for 0 or I for 1.

    Examples
    --------
    >>> hash_code("0000-1111-0000-1111-ABCD") == hash_code("oooo iiii 0000 llll abcd")
    True
    """
    letters = "".join(sign for sign in code[:_MOST].upper() if sign.isalnum())
    return hashlib.sha256(letters.translate(_ALIKE).encode("utf-8", "replace")).digest()


def find_key(code_hash: bytes) -> int:
    """Tell the number by which a hash is found; too short to tell the hash by the time it takes."""
    return int.from_bytes(code_hash[:4], "big")


def are_same(one: bytes, other: bytes) -> bool:
    """Compare two hashes, which takes as long whether or not they are alike."""
    return hmac.compare_digest(one, other)
