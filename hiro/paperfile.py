"""A paper as a .docx, for offices that write on in it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, Final

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from solarpass.drawing import to_png

from .block import Block, Cell, Heading, Items, Line, Paper, Part, Passage, Picture, Table

_LETTERS: Final = "Arial"  # on every office machine, or a twin of the same widths
_LONG_MM, _SHORT_MM, _EDGE_MM = 297.0, 210.0, 18.0
_TALLEST_MM: Final = 205.0  # of a map, so that its caption stays on its page
_HEAD_FILL: Final = "E8EDF3"
_TONGUES: Final = {"de": "de-DE", "en": "en-GB"}
_SIZES: Final = {"plain": None, "strong": None, "small": Pt(8)}
_TABLE_SIZE: Final = Pt(9)
_GREY: Final = RGBColor(0x44, 0x4B, 0x53)
_BLUE: Final = RGBColor(0x0B, 0x4A, 0x9E)

_COLOURS: Final = {
    **dict.fromkeys(("Title", "Heading 1", "Heading 2"), _BLUE),
    "Subtitle": _GREY,
    "Caption": RGBColor(0, 0, 0),
}
_STYLES: Final = (  # size and space below, in points
    *(("Normal", 10.5, 5), ("Title", 20, 4), ("Subtitle", 12, 6), ("Heading 1", 15, 6)),
    *(("Heading 2", 11.5, 2), ("List Bullet", 10.5, 2), ("List Number", 10.5, 2)),
    ("Caption", 9.5, 4),
)


def write_docx(paper: Paper) -> bytes:
    """Write a paper as .docx; the same paper, the same bytes."""
    docx = Document()
    _set_properties(docx, paper)
    _set_styles(docx, paper)
    _turn(docx, is_wide=False)
    _number_pages(docx, paper)
    docx.add_paragraph(paper.title, style="Title")
    docx.add_paragraph(paper.subtitle, style="Subtitle")
    was_wide = False
    for k, part in enumerate(paper.parts):
        if part.is_wide != was_wide:
            docx.add_section(WD_SECTION.NEW_PAGE)
            _turn(docx, is_wide=part.is_wide)
        begins = part.begins_page and part.is_wide == was_wide and k > 0
        _add_part(docx, part, begins_page=begins)
        was_wide = part.is_wide
    file = io.BytesIO()
    docx.save(file)
    return _freeze(file.getvalue())


def _freeze(data: bytes) -> bytes:
    """Date all that is packed by the first day a zip knows, so that no clock shows in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as loose, zipfile.ZipFile(file, "w") as packed:
        for name in loose.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            packed.writestr(info, loose.read(name))
    return file.getvalue()


# --- the whole


def _set_properties(docx: Docx, paper: Paper) -> None:
    """Tell title and day; no author, no machine, no clock."""
    told = docx.core_properties
    day = dt.datetime.fromisoformat(paper.day)
    told.title, told.subject, told.language = (
        paper.title[:255],
        paper.subtitle[:255],
        paper.language,
    )
    told.author = told.last_modified_by = told.comments = told.keywords = told.category = ""
    told.created = told.modified = day
    told.revision = 1


def _set_styles(docx: Docx, paper: Paper) -> None:
    for name, size, space in _STYLES:
        style: Any = docx.styles[name]
        linked = [docx.styles[f"{name} Char"]] if f"{name} Char" in docx.styles else []
        for one in (style, *linked):
            one.font.size, one.font.italic = Pt(size), False
            _name_letters(one)
            if name in _COLOURS:
                one.font.color.rgb = _COLOURS[name]
        style.paragraph_format.space_after = Pt(space)
    caption: Any = docx.styles["Caption"]
    caption.font.bold, caption.paragraph_format.keep_with_next = True, True
    heading: Any = docx.styles["Heading 2"]
    heading.paragraph_format.space_before = Pt(7)
    normal: Any = docx.styles["Normal"]
    normal.element.get_or_add_rPr().append(_make_tongue(paper.language))
    for fonts in docx.styles.element.iter(qn("w:rFonts")):
        if fonts.get(qn("w:asciiTheme")):  # the template's theme would name other letters
            _name_fonts(fonts)


def _name_letters(style: Any) -> None:  # noqa: ANN401 - python-docx has no type of it
    _name_fonts(style.element.get_or_add_rPr().get_or_add_rFonts())


def _name_fonts(fonts: Any) -> None:  # noqa: ANN401 - an XML element
    """Name the letters for all scripts, where the template's theme would name its own."""
    for key in [*fonts.attrib]:
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _LETTERS)


def _make_tongue(language: str) -> Any:  # noqa: ANN401 - an XML element
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), _TONGUES.get(language, language))
    return element


def _turn(docx: Docx, *, is_wide: bool) -> None:
    """Set the last section upright or across."""
    section = docx.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    wide, high = (_LONG_MM, _SHORT_MM) if is_wide else (_SHORT_MM, _LONG_MM)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm(_EDGE_MM)
    section.top_margin = section.bottom_margin = Mm(_EDGE_MM)


def _number_pages(docx: Docx, paper: Paper) -> None:
    """Write the page at the foot of each, as a field that the office program fills."""
    line = docx.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.add_run(f"{paper.page} ").font.size = Pt(9)
    run = line.add_run()
    run.font.size = Pt(9)
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            run.add_text(text)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001 - python-docx writes no fields
        else:
            order = OxmlElement("w:instrText")
            order.text = text
            run._r.append(order)  # noqa: SLF001 - as above


# --- its parts


def _add_part(docx: Docx, part: Part, *, begins_page: bool) -> None:
    heading = docx.add_heading(part.title, 1)
    heading.paragraph_format.page_break_before = begins_page
    _speak(heading, part.language)
    for block in part.blocks:
        _add_block(docx, block, part)


def _add_block(docx: Docx, block: Block, part: Part) -> None:
    if isinstance(block, Heading):
        _speak(docx.add_heading(block.text, 2), part.language)
    elif isinstance(block, Passage):
        paragraph = docx.add_paragraph()
        _add_line(paragraph, block.line, part.language)
        if block.is_box:
            _frame(paragraph)
    elif isinstance(block, Items):
        for line in block.lines:
            style = "List Number" if block.is_ordered else "List Bullet"
            _add_line(docx.add_paragraph(style=style), line, part.language)
    elif isinstance(block, Picture):
        _add_picture(docx, block)
    else:
        _add_table(docx, block, part)


def _speak(paragraph: Paragraph, language: str | None) -> None:
    if language:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().append(_make_tongue(language))  # noqa: SLF001 - no other door


def _add_line(paragraph: Paragraph, line: Line, language: str | None) -> None:
    run = paragraph.add_run(line.text)
    run.bold = True if line.tone == "strong" else None
    if line.tone == "small":
        run.font.size, run.font.color.rgb = _SIZES["small"], _GREY
    _speak(paragraph, line.language or language)


def _frame(paragraph: Paragraph) -> None:
    """Set a paragraph in a box."""
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "90262A")):
            edge.set(qn(f"w:{key}"), value)
        edges.append(edge)
    formatting = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx draws no boxes
    formatting.insert_element_before(
        edges, *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
    )


def _add_picture(docx: Docx, picture: Picture) -> None:
    drawing = picture.drawing
    wide = min(_SHORT_MM - 2.0 * _EDGE_MM, _TALLEST_MM * drawing.width / drawing.height)
    paragraph = docx.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape: Any = paragraph.add_run().add_picture(io.BytesIO(to_png(drawing)), width=Mm(wide))
    named = shape._inline.docPr  # noqa: SLF001 - python-docx writes no alternative text
    named.set("descr", picture.alternative)
    named.set("name", "map")
    docx.add_paragraph(picture.caption)


def _add_table(docx: Docx, table: Table, part: Part) -> None:
    caption = docx.add_paragraph(table.caption, style="Caption")
    _speak(caption, part.language)
    made: Any = docx.add_table(rows=len(table.rows) + 1, cols=len(table.heads), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    long_mm = (_LONG_MM if part.is_wide else _SHORT_MM) - 2.0 * _EDGE_MM
    widths = [Mm(long_mm * share) for share in table.widths]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    heads = tuple((Line(head, "strong"),) for head in table.heads)
    for k, (row, cells) in enumerate(zip(made.rows, (heads, *table.rows), strict=True)):
        _hold(row, is_head=k == 0)
        for column, (box, cell) in enumerate(zip(row.cells, cells, strict=True)):
            box.width = widths[column]
            _fill(box, cell, part.language, is_number=column in table.numbers)
            if k == 0:
                _shade(box)
    docx.add_paragraph().paragraph_format.space_after = Pt(0)


def _hold(row: Any, *, is_head: bool) -> None:  # noqa: ANN401 - python-docx has no type of it
    """Keep a row on one page, and repeat the head on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - no other door
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_head else [])):
        properties.append(OxmlElement(name))


def _shade(box: Any) -> None:  # noqa: ANN401 - as above
    fill = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", _HEAD_FILL)):
        fill.set(qn(f"w:{key}"), value)
    box._tc.get_or_add_tcPr().append(fill)  # noqa: SLF001 - no other door


def _fill(box: Any, cell: Cell, language: str | None, *, is_number: bool) -> None:  # noqa: ANN401
    for k, line in enumerate(cell or (Line(""),)):
        paragraph = box.paragraphs[0] if k == 0 else box.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        if is_number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _add_line(paragraph, line, language)
        for run in paragraph.runs:
            run.font.size = _SIZES[line.tone] or _TABLE_SIZE
