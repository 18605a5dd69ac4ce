"""Pieces of a file, as browsers ask for them by the Range header (RFC 9110, section 14)."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Mapping
from typing import Final

from starlette.responses import Response, StreamingResponse

MOST_BYTES: Final = (
    8 * 1024 * 1024
)  # that one answer holds; tiles are a hundredth of it: our choice
_CHUNK: Final = 256 * 1024  # bytes that are copied at a time, where the whole file is sent
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def send_piece(
    data: mmap.mmap, asked: str | None, *, media_type: str, headers: Mapping[str, str]
) -> Response:
    """
    Send the piece that is asked for.

    Parameters
    ----------
    data
        The file.
    asked
        The Range header; None: the whole file. Of several pieces none is sent.

    Returns
    -------
    starlette.responses.Response
        206 with the piece, which ends where the file does and after `MOST_BYTES` at the latest;
        416 where there is no such piece.
    """
    told = {**headers, "Accept-Ranges": "bytes"}
    if asked is None:
        told["Content-Length"] = str(len(data))
        return StreamingResponse(_chunks(data), media_type=media_type, headers=told)
    ends = read_range(asked, len(data))
    if ends is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(data)}"})
    first, last = ends
    told["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, headers=told, media_type=media_type)


def read_range(asked: str, size: int) -> tuple[int, int] | None:
    """
    Read the first and the last byte of the one piece that a Range header asks for.

    Examples
    --------
    >>> read_range("bytes=0-99", 50), read_range("bytes=40-", 50), read_range("bytes=-9", 50)
    ((0, 49), (40, 49), (41, 49))
    >>> read_range("bytes=50-", 50), read_range("bytes=9-3", 50), read_range("bytes=0-1,5-6", 50)
    (None, None, None)
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    begin, end = found.groups()
    first = int(begin) if begin else size - min(int(end), size)
    last = min(int(end) if begin and end else size - 1, size - 1, first + MOST_BYTES - 1)
    return (first, last) if first <= last else None


def _chunks(data: mmap.mmap) -> Iterator[bytes]:
    for first in range(0, len(data), _CHUNK):
        yield data[first : first + _CHUNK]
