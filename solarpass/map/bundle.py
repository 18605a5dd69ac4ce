"""The built frontend: its files, under an address that changes with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from solarpass.errors import SourceError

DIST: Final = Path(__file__).parent / "dist"
MEDIA_TYPES: Final = {"main.js": "text/javascript", "main.css": "text/css"}


@cache
def read_bundle() -> dict[str, bytes]:
    """
    Read the frontend that the build hook bundled.

    Raises
    ------
    SourceError
        If it was not built.
    """
    try:
        return {name: (DIST / name).read_bytes() for name in MEDIA_TYPES}
    except FileNotFoundError as error:
        msg = (
            "The map's frontend has not been built; run `pip install -e .` in the checkout, "
            "which builds it."
        )
        raise SourceError(msg) from error


@cache
def bundle_digest() -> str:
    """Digest of the bundle, which is part of its address."""
    return hashlib.sha256(b"\0".join(read_bundle().values())).hexdigest()[:16]
