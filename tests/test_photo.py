"""Photos of strangers: drawn anew without what they tell, or refused in a sentence."""

import io
import re
import struct
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_reports import made_photo
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hiro import photo
from hiro.errors import ReportError
from hiro.photo import PhotoModel, is_photo, read_photo
from hiro.photohead import count_webp_pixels, read_jpeg_head


def opened(raw):
    return Image.open(io.BytesIO(raw))


def refused(raw, **model):
    with pytest.raises(ReportError) as caught:
        read_photo(raw, model=PhotoModel(**model))
    told = str(caught.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


def with_exif(orientation=1, size=(64, 48)):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[2] = (51.0, 3.0, 0.0)
    return made_photo(size, exif=exif, comment=b"SECRETCOMMENT", icc_profile=b"SECRETPROFILE" * 9)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew(form):
    kept = read_photo(made_photo((320, 240), form))
    image = opened(kept)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (320, 240))
    assert all(abs(a - b) < 12 for a, b in zip(image.getpixel((9, 9)), (200, 120, 40), strict=True))
    assert is_photo(kept)


def test_no_metadata_stays():
    raw = with_exif()
    assert raw.count(b"SECRET") >= 3
    kept = read_photo(raw)
    assert b"SECRET" not in kept
    assert b"Exif" not in kept
    image = opened(kept)
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_what_a_png_tells_goes_too():
    info = PngInfo()
    info.add_text("Author", "SECRETNAME")
    raw = made_photo(form="PNG", pnginfo=info, dpi=(300, 300))
    assert b"SECRET" in raw
    assert b"SECRET" not in read_photo(raw)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation):
    """All eight ways to hold a camera show the same scene: red at the upper left."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    scene = Image.new("RGB", (64, 48), "blue")
    scene.paste("red", (0, 0, 24, 24))
    held = scene if orientation == 1 else scene.transpose(turns[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    drawn = io.BytesIO()
    held.save(drawn, "JPEG", exif=exif, quality=95)
    image = opened(read_photo(drawn.getvalue()))
    assert image.size == (64, 48)
    red, _, blue = image.getpixel((8, 8))
    assert red > 150 > blue
    red, _, blue = image.getpixel((56, 40))
    assert blue > 150 > red


def test_a_large_photo_is_shrunk():
    image = opened(read_photo(made_photo((4000, 3000))))
    assert image.size == (1600, 1200)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_other_kinds_of_pixels_are_drawn(mode):
    image = Image.new(mode, (32, 32))
    form = "JPEG" if mode == "CMYK" else "PNG"
    drawn = io.BytesIO()
    image.save(drawn, form)
    assert is_photo(read_photo(drawn.getvalue()))


def test_what_is_clear_becomes_white():
    drawn = io.BytesIO()
    Image.new("RGBA", (16, 16), (255, 0, 0, 0)).save(drawn, "PNG")
    assert opened(read_photo(drawn.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def test_grey_of_sixteen_bits_keeps_its_tone():
    drawn = io.BytesIO()
    Image.new("I;16", (16, 16), 32768).save(drawn, "PNG")
    assert abs(opened(read_photo(drawn.getvalue())).getpixel((4, 4))[0] - 128) <= 3


def test_of_a_moving_picture_the_first_is_taken():
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    drawn = io.BytesIO()
    frames[0].save(drawn, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert opened(read_photo(drawn.getvalue())).getpixel((9, 9))[0] > 200


def test_a_jpeg_of_several_pictures_is_taken():
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    drawn = io.BytesIO()
    frames[0].save(drawn, "MPO", save_all=True, append_images=frames[1:])
    assert opened(read_photo(drawn.getvalue())).getpixel((9, 9))[0] > 200


def png_of(width, height):
    """Write the head of a PNG that claims many pixels in few bytes."""

    def chunk(name, told):
        body = name + told
        return struct.pack(">I", len(told)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999))


@pytest.mark.parametrize("size", [(8000, 8000), (12_000, 12_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size):
    assert "million pixels" in refused(png_of(*size))


def test_a_jpeg_of_too_many_pixels_is_refused():
    raw = bytearray(made_photo((16, 16)))
    at = raw.index(b"\xff\xc0")
    raw[at + 5 : at + 9] = struct.pack(">HH", 9000, 9000)
    assert "81 million pixels" in refused(bytes(raw))


def scans_of(raw):
    """List the scans of a progressive JPEG, each with the table before it."""
    starts = [one.start() for one in re.finditer(rb"\xff\xda", raw)]
    return [
        raw[raw.rfind(b"\xff\xc4", 0, at) : end] for at, end in pairwise([*starts, len(raw) - 2])
    ]


def test_a_jpeg_of_many_scans_is_refused_before_it_is_decoded():
    """0.7 MB of them took more than a minute."""
    raw = made_photo((2000, 1500), progressive=True, colour=128)
    assert is_photo(read_photo(raw))
    bomb = raw[:-2] + scans_of(raw)[-1] * 200 + raw[-2:]
    assert read_jpeg_head(bomb).n_scans > 200
    assert "scans, and at most 40" in refused(bomb)


def test_a_progressive_jpeg_lies_whole_in_memory_and_may_have_fewer_pixels():
    raw = bytearray(made_photo((16, 16), progressive=True))
    at = raw.index(b"\xff\xc2")
    raw[at + 5 : at + 9] = struct.pack(">HH", 4000, 4000)
    assert "16 million pixels, and at most 12" in refused(bytes(raw))
    assert is_photo(read_photo(made_photo((4000, 4000))))


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_of_many_pixels_is_refused_before_it_takes_memory(lossless):
    for alpha in ("RGB", "RGBA"):
        drawn = io.BytesIO()
        Image.new(alpha, (4000, 3100)).save(drawn, "WEBP", lossless=lossless, method=0)
        assert count_webp_pixels(drawn.getvalue()) == 4000 * 3100
        assert "12 million pixels, and at most 12" in refused(drawn.getvalue())
    assert count_webp_pixels(made_photo()) == 0


def test_photos_are_drawn_one_by_one(monkeypatch):
    monkeypatch.setattr("hiro.photo._WAIT_S", 0.01)
    with photo._decoding:
        assert "in a moment" in refused(made_photo())
    assert is_photo(read_photo(made_photo()))


def test_too_many_bytes_are_refused():
    assert "12.0 MB, and at most 12" in refused(b"\xff\xd8" + b"\0" * 12_000_001)


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"\0", b"hello", b"<svg onload=alert(1)>", b"GIF89a" + b"\0" * 99, b"%PDF-1.7"),
        *(b"BM" + b"\0" * 99, b"II*\0" + b"\0" * 99, b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8 "),
    ],
)
def test_what_is_no_photo_is_refused(raw):
    assert "JPEG, a PNG or a WebP" in refused(raw) or "torn" in refused(raw)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(form):
    raw = made_photo((640, 480), form, colour=(1, 2, 3))
    told = refused(raw[: len(raw) // 2])
    assert "torn" in told or "no photo" in told


def test_a_gif_is_refused_though_pillow_reads_it():
    assert "no photo" in refused(made_photo(form="GIF"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_photo_is_drawn_or_refused(form, data):
    raw = bytearray(with_exif() if form == "JPEG" else made_photo(form=form))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        kept = read_photo(bytes(raw))
    except ReportError as error:
        assert "\n" not in str(error)  # noqa: PT017  either will do
    else:
        assert is_photo(kept)
        assert max(opened(kept).size) <= 1600
