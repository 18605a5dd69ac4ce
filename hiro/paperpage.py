"""A paper as one HTML file: no script, no request, fit for a printer and a screen reader."""

from __future__ import annotations

from html import escape
from typing import Final

from solarpass.drawing import to_svg

from .block import Block, Cell, Heading, Items, Line, Paper, Part, Passage, Picture, Table

_MOST_HELD: Final = 8  # rows of a table that stays on one page
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"

_STYLE: Final = """\
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 4rem; background: #fff;
  color: #1b1f24; font: 1rem/1.45 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.5rem 0 .6rem; padding-top: .5rem;
  border-top: 3px solid #0b4a9e; }
h3 { font-size: 1.05rem; margin: 1rem 0 .1rem; }
p { margin: .2rem 0 .6rem; }
main p, main li { max-width: 46rem; }
.subtitle { color: #444b53; font-size: 1.1rem; }
.box { border: 2px solid #90262a; padding: .5rem .75rem; }
.small { font-size: .85em; color: #444b53; }
.strong { font-weight: 600; }
td > span { display: block; }
nav ol { columns: 2 16rem; margin: .2rem 0; padding-left: 1.4rem; }
a { color: #0b4a9e; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 1.2rem; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: .2rem 0; }
th, td { border: 1px solid #9aa1a8; padding: .3rem .4rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; hyphens: auto; }
thead th { background: #e8edf3; }
tbody th { font-weight: 600; }
.number { text-align: right; hyphens: manual; }
tr:target { outline: 3px solid #0b4a9e; }
figure { margin: .8rem 0; }
figure svg { display: block; width: 100%; max-width: 46rem; height: auto; }
figcaption { font-size: .9rem; max-width: 46rem; margin-top: .4rem; }
ul, ol { padding-left: 1.4rem; margin: .2rem 0 .8rem; }
li { margin: .15rem 0; overflow-wrap: anywhere; }
p { overflow-wrap: break-word; }
.digest { overflow-wrap: anywhere; }
@page { size: A4; margin: 17mm 18mm 18mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif; } }
@page across { size: A4 landscape; margin: 15mm 15mm 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.35;
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main p, main li, figcaption { max-width: none; }
  nav { display: none; }
  a { color: inherit; text-decoration: none; }
  .scroll { overflow: visible; }
  h1 { font-size: 19pt; }
  h2 { font-size: 14pt; margin-top: 7mm; }
  h3 { font-size: 11pt; margin-top: 2.5mm; }
  h2, h3, caption { break-after: avoid; }
  table { font-size: 9pt; }
  thead { display: table-header-group; }
  tr, figure, .box, .whole { break-inside: avoid; }
  figure svg { max-height: 200mm; max-width: 100%; }
  .begins { break-before: page; }
  .begins h2, .across h2 { margin-top: 0; }
  .across { page: across; break-before: page; break-after: page; }
}
@media (max-width: 40rem) { .scroll table { min-width: 40rem; } }
"""


def write_page(paper: Paper) -> str:
    """Write a paper as HTML; the same paper, the same text."""
    parts = "\n".join(_write_part(k, part) for k, part in enumerate(paper.parts, 1))
    entries = "".join(
        f'<li><a href="#part-{k}"{_tongue(part.language)}>{escape(part.title)}</a></li>'
        for k, part in enumerate(paper.parts, 1)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{paper.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(paper.title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escape(paper.title)}</h1>\n"
        f'<p class="subtitle">{escape(paper.subtitle)}</p>\n</header>\n'
        f'<nav aria-label="{escape(paper.contents)}">\n<ol>{entries}</ol>\n</nav>\n'
        f"<main>\n{parts}\n</main>\n</body>\n</html>\n"
    )


def _write_part(k: int, part: Part) -> str:
    names = [
        *(["across"] if part.is_wide else []),
        *(["begins"] if part.begins_page else []),
    ]
    looks = f' class="{" ".join(names)}"' if names else ""
    blocks = "\n".join(_write_block(block) for block in part.blocks)
    return (
        f'<section id="part-{k}" aria-labelledby="title-{k}"{looks}{_tongue(part.language)}>\n'
        f'<h2 id="title-{k}">{escape(part.title)}</h2>\n{blocks}\n</section>'
    )


def _write_block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h3>{escape(block.text)}</h3>"
    if isinstance(block, Passage):
        looks = [*(["box"] if block.is_box else []), *_look(block.line)]
        named = f' class="{" ".join(looks)}"' if looks else ""
        return f"<p{named}{_tongue(block.line.language)}>{escape(block.line.text)}</p>"
    if isinstance(block, Items):
        tag = "ol" if block.is_ordered else "ul"
        items = "".join(f"<li>{_write_line(line)}</li>\n" for line in block.lines)
        return f"<{tag}>\n{items}</{tag}>" if items else ""
    if isinstance(block, Picture):
        svg = to_svg(block.drawing, title=block.alternative)
        return f"<figure>\n{svg}\n<figcaption>{escape(block.caption)}</figcaption>\n</figure>"
    return _write_table(block)


def _write_table(table: Table) -> str:
    columns = "".join(f'<col style="width: {100.0 * width:.3g}%">' for width in table.widths)
    heads = "".join(
        f'<th scope="col"{_side(k, table)}>{escape(head)}</th>'
        for k, head in enumerate(table.heads)
    )
    held = ' class="whole"' if len(table.rows) <= _MOST_HELD else ""
    rows = "\n".join(_write_row(k, row, table) for k, row in enumerate(table.rows, 1))
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(table.caption)}">\n'
        f"<table{held}>\n<caption>{escape(table.caption)}</caption>\n<colgroup>{columns}</colgroup>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


def _write_row(number: int, row: tuple[Cell, ...], table: Table) -> str:
    own = f' id="place-{number}"' if table.is_keyed else ""
    first, *others = (_write_cell(cell) for cell in row)
    cells = "".join(f"<td{_side(k, table)}>{text}</td>" for k, text in enumerate(others, 1))
    return f'<tr{own}><th scope="row"{_side(0, table)}>{first}</th>{cells}</tr>'


def _write_cell(cell: Cell) -> str:
    if len(cell) == 1 and not _look(cell[0]) and not cell[0].language:
        return escape(cell[0].text)
    return "".join(
        f"<span{_named(line)}{_tongue(line.language)}>{escape(line.text)}</span>" for line in cell
    )


def _write_line(line: Line) -> str:
    if not _look(line) and not line.language:
        return escape(line.text)
    return f"<span{_named(line)}{_tongue(line.language)}>{escape(line.text)}</span>"


def _look(line: Line) -> list[str]:
    return [] if line.tone == "plain" else [line.tone]


def _named(line: Line) -> str:
    return "" if line.tone == "plain" else f' class="{line.tone}"'


def _side(column: int, table: Table) -> str:
    return ' class="number"' if column in table.numbers else ""


def _tongue(language: str | None) -> str:
    return f' lang="{language}"' if language else ""
