"""Heads of photos: what a file says of itself, read before anything of it is decoded."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MARKER: Final = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")  # amid data, no restart and no FF 00
_END: Final = 0xD9
_SCAN: Final = 0xDA
_BARE: Final = {0x01, 0xD8}  # markers that no length follows
_PROGRESSIVE: Final = {0xC2, 0xC6, 0xCA, 0xCE}
_MOST_COUNTED: Final = 1000


class JpegHead(NamedTuple):
    """
    How a JPEG is laid out.

    Attributes
    ----------
    n_scans
        How often the decoder goes over the picture: 1 as cameras write, some 10 on the web.
    is_progressive
        Whether it says so; with more than one scan all of it lies in memory either way.
    """

    n_scans: int
    is_progressive: bool


def read_jpeg_head(raw: bytes) -> JpegHead:
    r"""
    Walk the markers of a JPEG as its decoder does, up to the first end of a picture.

    Examples
    --------
    >>> read_jpeg_head(b"\xff\xd8\xff\xc2\x00\x02\xff\xda\x00\x02\xff\xd9")
    JpegHead(n_scans=1, is_progressive=True)
    """
    n_scans, is_progressive, at = 0, False, 0
    while n_scans <= _MOST_COUNTED and (found := _MARKER.search(raw, at)) is not None:
        marker, at = found[1][0], found.end()
        if marker == _END:
            break
        n_scans += marker == _SCAN
        is_progressive |= marker in _PROGRESSIVE
        if marker not in _BARE:
            at += max(int.from_bytes(raw[at : at + 2], "big"), 2)
    return JpegHead(n_scans, is_progressive)


def count_webp_pixels(raw: bytes) -> int:
    """
    Tell of how many pixels a WebP says it is, whose decoder takes memory for all when it opens.

    Returns
    -------
    int
        0 where it is no WebP, or does not say.
    """
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
        return 0
    kind = raw[12:16]
    if kind == b"VP8X":
        return (_number(raw, 24, 3) + 1) * (_number(raw, 27, 3) + 1)
    if kind == b"VP8L":
        told = _number(raw, 21, 4)
        return ((told & 0x3FFF) + 1) * ((told >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        return (_number(raw, 26, 2) & 0x3FFF) * (_number(raw, 28, 2) & 0x3FFF)
    return 0


def _number(raw: bytes, at: int, n_bytes: int) -> int:
    return int.from_bytes(raw[at : at + n_bytes], "little")
