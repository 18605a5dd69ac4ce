"""Drawings: areas, lines, dots and letters, as SVG and as a PNG of the same."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Floats = NDArray[np.float64]

_SCALE = 3  # pixels of the PNG to one of the drawing: 290 to the inch at 174 mm
_FINER = 2  # drawn so many times larger, then made smaller, so that edges are smooth


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """Rings of one colour, shape ``(n, 2)`` each; those after the first are holes."""

    rings: tuple[Floats, ...]
    fill: str


@dataclass(frozen=True, eq=False, slots=True)
class Stroke:
    """A line of points, shape ``(n, 2)``."""

    points: Floats
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc with a rim."""

    x: float
    y: float
    radius: float
    fill: str
    rim: str = "#000000"
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Letters:
    """Text, its middle (or its left end) at a point; with a halo where it lies on a map."""

    x: float
    y: float
    text: str
    size: float
    colour: str = "#000000"
    is_bold: bool = False
    is_centred: bool = True
    has_halo: bool = False


Shape = Area | Stroke | Dot | Letters


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """
    Shapes on a sheet, the later above the earlier; y runs down.

    Attributes
    ----------
    width, height
        Of the sheet; 660 fill the width of a page. [px]
    shapes
        What is on it.
    """

    width: int
    height: int
    shapes: Sequence[Shape]


def to_svg(drawing: Drawing, *, title: str) -> str:
    """
    Write a drawing as an inline SVG without identifiers, scripts or references.

    Parameters
    ----------
    drawing
        What to write.
    title
        What it shows, for those who cannot see it.
    """
    shapes = "\n".join(_write(shape) for shape in drawing.shapes)
    size = f"{drawing.width} {drawing.height}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif">\n'
        f'<rect width="{drawing.width}" height="{drawing.height}" fill="#ffffff"/>\n'
        f"{shapes}\n</svg>"
    )


def to_png(drawing: Drawing) -> bytes:
    """Paint a drawing as a PNG, the same bytes for the same drawing."""
    zoom = _SCALE * _FINER
    size = (drawing.width * zoom, drawing.height * zoom)
    image = Image.new("RGB", size, "#ffffff")
    canvas = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        _paint(image, canvas, shape, zoom)
    small = image.resize(
        (drawing.width * _SCALE, drawing.height * _SCALE), Image.Resampling.BOX
    ).quantize(128, dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


# --- SVG


def _say(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _trace(points: Floats) -> str:
    return "L".join(f"{_say(x)} {_say(y)}" for x, y in points)


def _write(shape: Shape) -> str:
    if isinstance(shape, Area):
        path = "".join(f"M{_trace(ring)}Z" for ring in shape.rings)
        return f'<path d="{path}" fill="{shape.fill}" fill-rule="evenodd"/>'
    if isinstance(shape, Stroke):
        return (
            f'<path d="M{_trace(shape.points)}" fill="none" stroke="{shape.colour}" '
            f'stroke-width="{shape.width:g}" stroke-linejoin="round" stroke-linecap="round"/>'
        )
    if isinstance(shape, Dot):
        return (
            f'<circle cx="{_say(shape.x)}" cy="{_say(shape.y)}" r="{shape.radius:g}" '
            f'fill="{shape.fill}" stroke="{shape.rim}" stroke-width="{shape.width:g}"/>'
        )
    anchor = ' text-anchor="middle"' if shape.is_centred else ""
    weight = ' font-weight="bold"' if shape.is_bold else ""
    halo = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if shape.has_halo else ""
    # A third of the size below the middle stands the line of letters; not all know `baseline`.
    return (
        f'<text x="{_say(shape.x)}" y="{_say(shape.y + 0.35 * shape.size)}" '
        f'font-size="{shape.size:g}" fill="{shape.colour}"{anchor}{weight}{halo}>'
        f"{escape(shape.text)}</text>"
    )


# --- PNG


@lru_cache(maxsize=32)
def _font(size: int, *, is_bold: bool) -> ImageFont.FreeTypeFont:
    """Find the letters that matplotlib carries, which are the same on every machine."""
    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, size)


def _paint(image: Image.Image, canvas: ImageDraw.ImageDraw, shape: Shape, zoom: int) -> None:
    if isinstance(shape, Area):
        _paint_area(image, canvas, shape, zoom)
    elif isinstance(shape, Stroke):
        points = [(float(x), float(y)) for x, y in shape.points * zoom]
        width = max(round(shape.width * zoom), 1)
        canvas.line(points, fill=shape.colour, width=width, joint="curve")
    elif isinstance(shape, Dot):
        for radius, colour in (
            (shape.radius + shape.width / 2.0, shape.rim),
            (shape.radius - shape.width / 2.0, shape.fill),
        ):
            canvas.circle((shape.x * zoom, shape.y * zoom), radius * zoom, fill=colour)
    else:
        canvas.text(
            (shape.x * zoom, shape.y * zoom),
            shape.text,
            fill=shape.colour,
            font=_font(round(shape.size * zoom * 0.92), is_bold=shape.is_bold),
            anchor="mm" if shape.is_centred else "lm",
            stroke_width=round(1.5 * zoom) if shape.has_halo else 0,
            stroke_fill="#ffffff",
        )


def _paint_area(image: Image.Image, canvas: ImageDraw.ImageDraw, area: Area, zoom: int) -> None:
    rings = [[(float(x), float(y)) for x, y in ring * zoom] for ring in area.rings]
    if len(rings) == 1:
        canvas.polygon(rings[0], fill=area.fill)
        return
    mask = Image.new("1", image.size)
    stencil = ImageDraw.Draw(mask)
    for k, ring in enumerate(rings):
        stencil.polygon(ring, fill=int(k == 0))
    image.paste(area.fill, (0, 0), mask)
