"""Blocks of a paper: headings, passages, lists, tables and a picture, for any kind of file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from solarpass.drawing import Drawing

Tone = Literal["plain", "strong", "small"]


@dataclass(frozen=True, slots=True)
class Line:
    """
    A line of text.

    Attributes
    ----------
    text
        What it says; never markup.
    tone
        How loud.
    language
        Of its text where that is not the paper's; None: the same.
    """

    text: str
    tone: Tone = "plain"
    language: str | None = None


Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of its part."""

    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph; as a box where it must not be missed."""

    line: Line
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list with bullets, or with numbers."""

    lines: tuple[Line, ...]
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table with a repeated head.

    Attributes
    ----------
    caption
        What it shows.
    heads
        Of its columns; the first column heads its row.
    rows
        Cells of lines, as many as heads.
    widths
        Of the columns, as shares of the page.
    numbers
        Which columns are set flush right.
    is_keyed
        Whether each row begins a place of the paper that the map's numbers lead to.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    is_keyed: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A map, with what it shows for those who cannot see it."""

    drawing: Drawing
    alternative: str
    caption: str


Block = Heading | Passage | Items | Table | Picture


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """
    A part of a paper under a heading of its own.

    Attributes
    ----------
    title
        Its heading.
    blocks
        What it holds.
    is_wide
        Whether it lies across, on pages of its own.
    begins_page
        Whether it begins a page.
    language
        Of all its text where that is not the paper's; None: the same.
    """

    title: str
    blocks: tuple[Block, ...]
    is_wide: bool = False
    begins_page: bool = False
    language: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Paper:
    """
    A paper.

    Attributes
    ----------
    language
        ``de`` or ``en``.
    title, subtitle
        On its first page.
    day
        That its plan was reckoned for, as YYYY-MM-DD.
    parts
        In order.
    contents
        What to call the list of parts.
    page
        What to call a page.
    """

    language: str
    title: str
    subtitle: str
    day: str
    parts: tuple[Part, ...] = field(repr=False)
    contents: str
    page: str
