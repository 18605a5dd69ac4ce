"""Layers: vector files of others, opened only if they are what their ending says."""

from __future__ import annotations

from pathlib import Path

_BEGINS = {".gpkg": b"SQLite format 3\0", ".fgb": b"fgb"}
_TEXTS = frozenset([".geojson", ".json"])
_HEAD_BYTES = 1_000_000
_BOM = b"\xef\xbb\xbf"


def check_layer(path: Path) -> None:
    """
    Refuse a file that is of another kind within, which might lead GDAL on to other files or hosts.

    Raises
    ------
    ValueError
        If it does not begin as its ending says.
    OSError
        If it cannot be read.
    """
    ending = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    begin = _BEGINS.get(ending)
    fits = begin is None or head.startswith(begin)
    if ending in _TEXTS:
        fits = head.removeprefix(_BOM).lstrip()[:1] == b"{" and b"gdal_streamed_alg" not in head
    if not fits:
        msg = f"it is no {ending.removeprefix('.')} within"
        raise ValueError(msg)
