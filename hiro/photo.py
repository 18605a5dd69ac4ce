"""Photos: what strangers send, opened with suspicion and drawn anew without what they tell."""

from __future__ import annotations

import io
import struct
import threading
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image

from .errors import ReportError
from .photohead import count_webp_pixels, read_jpeg_head
from .refusal import refuse

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_ORIENTATION: Final = 0x0112  # of EXIF: how the camera was held
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow raises on files that lie about themselves.
_FAULTS: Final = (
    *(OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, AttributeError),
    *(ArithmeticError, MemoryError, NotImplementedError, struct.error),
)
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_WAIT_S: Final = 20.0  # for others' photos; our choice
_decoding = threading.BoundedSemaphore(1)  # one at a time, so that memory is bounded


@dataclass(frozen=True, slots=True)
class PhotoModel:
    """
    Which photos are taken, and how they are kept; all our choice.

    Attributes
    ----------
    most_bytes
        Of what is sent. [B]
    most_pixels
        Of a JPEG, which is decoded at a fraction of its size: phones take up to 50 million.
    most_whole_pixels
        Of a PNG, a WebP or a JPEG of several scans, which is decoded whole, 4 to 12 bytes a pixel.
    most_scans
        Of a JPEG; the web's have some 10, and each costs as much as a photo.
    longest_px
        The longer side of what is kept.
    quality
        Of the JPEG that is kept, from 1 to 95.
    """

    most_bytes: int = 12_000_000
    most_pixels: int = 64_000_000
    most_whole_pixels: int = 12_000_000
    most_scans: int = 40
    longest_px: int = 1600
    quality: int = 82


def read_photo(raw: bytes, *, model: PhotoModel = PhotoModel()) -> bytes:
    """
    Draw a photo anew: upright, at most 1600 pixels long, and without any metadata.

    Parameters
    ----------
    raw
        JPEG, PNG or WebP, as it was sent. Of moving pictures the first is taken.
    model
        Bounds.

    Returns
    -------
    bytes
        A JPEG that holds pixels only: no EXIF, place, comment, thumbnail or colour profile, for
        lack of which strong colours may look a little duller.

    Raises
    ------
    ReportError
        If it has too many bytes, pixels or scans (told before any is decoded), is torn, is no
        photo, or too many others are being drawn.
    """
    if len(raw) > model.most_bytes:
        most = f"{model.most_bytes / 1e6:.0f}"
        raise refuse(term="photo_heavy", mb=f"{len(raw) / 1e6:,.1f}", most=most)
    if not _decoding.acquire(timeout=_WAIT_S):
        raise refuse(term="photo_busy")
    try:
        return _draw_anew(raw, model)
    finally:
        _decoding.release()


def is_photo(kept: bytes) -> bool:
    """Tell whether bytes begin and end as a JPEG that `read_photo` drew."""
    return kept.startswith(b"\xff\xd8\xff\xe0") and kept.endswith(b"\xff\xd9")


def _draw_anew(raw: bytes, model: PhotoModel) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # Pillow's doubts about metadata
        image = _open(raw, model)
        try:
            with image:
                upright = _draw(image, model.longest_px)
        except _FAULTS as error:
            raise refuse(term="photo_torn") from error
    drawn = io.BytesIO()
    upright.save(drawn, "JPEG", quality=model.quality, optimize=True)
    return drawn.getvalue()


def _open(raw: bytes, model: PhotoModel) -> Image.Image:
    """Read the head of a photo, and refuse what is none or has too many pixels or scans."""
    if (n_pixels := count_webp_pixels(raw)) > model.most_whole_pixels:
        raise _refuse_huge(n_pixels, model.most_whole_pixels)
    try:
        image = Image.open(io.BytesIO(raw), formats=_FORMATS)
        n_pixels = image.width * image.height
    except _BOMBS as error:
        raise _refuse_huge(Image.MAX_IMAGE_PIXELS or 0, model.most_pixels, more=True) from error
    except _FAULTS as error:
        raise refuse(term="photo_none") from error
    # A JPEG of several pictures, as some phones write, is "MPO"; the first is the photo.
    is_jpeg = image.format in {"JPEG", "MPO"}
    head = read_jpeg_head(raw) if is_jpeg else None
    is_light = head is not None and head.n_scans <= 1 and not head.is_progressive
    most = model.most_pixels if is_light else model.most_whole_pixels
    if n_pixels > most:
        image.close()
        raise _refuse_huge(n_pixels, most)
    if head is not None and head.n_scans > model.most_scans:
        image.close()
        raise refuse(term="photo_scans", n=f"{head.n_scans:,}", most=model.most_scans)
    return image


def _refuse_huge(n_pixels: int, most: int, *, more: bool = False) -> ReportError:
    told = f"{'more than ' if more else ''}{n_pixels / 1e6:,.0f}"
    return refuse(term="photo_huge", n=told, most=f"{most / 1e6:,.0f}")


def _draw(image: Image.Image, longest_px: int) -> Image.Image:
    """Shrink, turn upright and copy the pixels, and nothing else, onto white."""
    turn = _TURNS.get(_read_orientation(image))
    image.thumbnail((longest_px, longest_px))
    if image.mode in {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}:  # greys of 16 bits
        image = image.convert("I").point(lambda grey: grey / 256.0).convert("L")
    flat = image.convert("RGBA")
    clean = Image.new("RGB", flat.size, "white")
    clean.paste(flat, mask=flat.getchannel("A"))
    return clean if turn is None else clean.transpose(turn)


def _read_orientation(image: Image.Image) -> int:
    """Read how the camera was held; a photo that tells nonsense is taken for upright."""
    try:
        told = image.getexif().get(_ORIENTATION, 1)
    except _FAULTS:
        return 1
    return told if isinstance(told, int) else 1
