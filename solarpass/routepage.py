"""Walks as one printable page: no script, no request, fit for a phone and a screen reader."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np

from .digest import Digest, digest, tell_front, tell_kind, tell_rows
from .drawing import to_svg
from .foreign import plain
from .itinerary import Itinerary
from .routemap import COLOURS, OTHER, draw_route, find_looks
from .routetext import (
    tell_advice,
    tell_facts,
    tell_ground,
    tell_notes,
    tell_times,
    tell_title,
    tell_waypoint,
)
from .sentence import tell_step
from .words import Words

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"

_STYLE: Final = """\
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 48rem; padding: 1.2rem 1rem 3rem; background: #fff;
  color: #1b1f24; font: 1rem/1.45 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .2rem; }
h2 { font-size: 1.25rem; line-height: 1.25; margin: 1.6rem 0 .1rem; padding-top: .6rem;
  border-top: 3px solid #1f5fa8; }
h3 { font-size: 1.05rem; margin: 1rem 0 .2rem; }
p { margin: .2rem 0 .5rem; }
h1, h2, p, li { overflow-wrap: anywhere; }
.facts { font-weight: 600; }
.advice { border-left: 4px solid #1f5fa8; padding: .1rem 0 .1rem .7rem; }
.small, footer { font-size: .85rem; color: #444b53; }
figure { margin: .8rem 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem;
  padding: 0; margin: .4rem 0 0; font-size: .9rem; }
figcaption svg { display: inline-block; width: 1.6rem; height: .6rem; margin-right: .4rem; }
ol, ul { padding-left: 1.9rem; margin: .2rem 0 .6rem; }
li { margin: .25rem 0; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .92rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: right; padding: .2rem .5rem; border-bottom: 1px solid #9aa1a8; }
th:last-child, td:last-child { text-align: left; }
details { margin: .6rem 0; }
summary { cursor: pointer; }
footer { margin-top: 2rem; border-top: 1px solid #9aa1a8; padding-top: .5rem; }
@page { size: A4; margin: 15mm 16mm 16mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; line-height: 1.35;
    print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h1 { font-size: 17pt; } h2 { font-size: 13pt; } h3 { font-size: 11pt; }
  h2, h3 { break-after: avoid; }
  li, figure { break-inside: avoid; }
  figure svg { max-height: 120mm; }
}
"""


def write_route_page(itinerary: Itinerary, words: Words) -> str:
    """Write walks as HTML; the walk to take first, the same walks the same text."""
    title = _say(tell_title(itinerary, words))
    told = digest(itinerary)
    order = sorted(told.kept, key=lambda at: (at != itinerary.chosen, at not in told.full, at))
    advice = "".join(
        f'<p class="advice">{_say(one)}</p>\n' for one in tell_advice(itinerary, words)
    )
    parts = "\n".join(_write_walk(itinerary, told, at, words) for at in order)
    ground = "".join(f"<p>{_say(one)}</p>\n" for one in tell_ground(itinerary, words))
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{title}</h1>\n"
        f"<p>{_say(itinerary.atlas.city.name)}</p>\n{advice}"
        f"{_write_front(itinerary, told, words)}</header>\n"
        f"<main>\n{_write_map(itinerary, words)}\n{parts}\n</main>\n"
        f"<footer>\n{ground}</footer>\n</body>\n</html>\n"
    )


def _say(text: str) -> str:
    return escape(plain(text))


def _write_front(itinerary: Itinerary, told: Digest, words: Words) -> str:
    """Write the walks of a front side by side."""
    if not told.is_front:
        return ""
    heads, *rows = tell_rows(itinerary, told, words)
    head = "".join(f'<th scope="col">{_say(cell)}</th>' for cell in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{_say(cell)}</td>' for cell in row)}</tr>\n" for row in rows
    )
    return (
        f"<table>\n<caption>{_say(tell_front(itinerary, told, words))}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
    )


def draw_route_map(itinerary: Itinerary, words: Words) -> str:
    """Draw the chosen walk on its map, as SVG."""
    atlas, chosen = itinerary.atlas, itinerary.chosen
    spots = [(one.latitude_deg, one.longitude_deg) for one in itinerary.wayside[chosen]]
    spot_xy = atlas.city.to_local(*np.transpose(spots)) if spots else np.empty((0, 2))
    is_night = itinerary.is_night[chosen]
    drawing = draw_route(
        atlas.city, itinerary.routes, chosen=chosen, waypoint_xy=spot_xy, is_night=is_night
    )
    return to_svg(drawing, title=words("route_map"))


def _write_map(itinerary: Itinerary, words: Words) -> str:
    keys = "".join(_write_key(colour, said) for colour, said in _list_keys(itinerary, words))
    is_loop = itinerary.routes[itinerary.chosen].kind == "loop"
    ends = words("key_loop" if is_loop else "key_ends")
    return (
        f"<figure>\n{draw_route_map(itinerary, words)}\n<figcaption>\n"
        f"<ul>{keys}<li>{escape(ends)}</li></ul>\n"
        f'<p class="small">{_say(itinerary.atlas.city.attribution)}</p>\n</figcaption>\n</figure>'
    )


def _list_keys(itinerary: Itinerary, words: Words) -> list[tuple[str, str]]:
    """Name each colour that is on the map."""
    chosen = itinerary.chosen
    looks = find_looks(itinerary.routes[chosen], is_night=itinerary.is_night[chosen])
    seen = {look for look, _, _ in looks}
    keys = [(colour, words(f"key_{look}")) for look, colour in COLOURS.items() if look in seen]
    if len(digest(itinerary).kept) > 1:
        keys.append((OTHER, words("key_other")))
    return keys


def _write_key(colour: str, said: str) -> str:
    return (
        f'<li><svg viewBox="0 0 16 6" aria-hidden="true"><rect width="16" height="6" '
        f'fill="{colour}"/></svg>{escape(said)}</li>'
    )


def _write_walk(itinerary: Itinerary, told: Digest, at: int, words: Words) -> str:
    """Write one walk; of a front all but a few as a line that unfolds."""
    kind = escape(tell_kind(itinerary, told, at, words))
    facts = _say(" · ".join(tell_facts(itinerary, at, words)))
    inner = _write_steps(itinerary, at, words)
    if at in told.full:
        return f'<section>\n<h2>{kind}</h2>\n<p class="facts">{facts}</p>\n{inner}\n</section>'
    return f"<details>\n<summary><b>{kind}</b> · {facts}</summary>\n{inner}\n</details>"


def _write_steps(itinerary: Itinerary, at: int, words: Words) -> str:
    route, dark = itinerary.routes[at], itinerary.is_night[at]
    steps = "".join(
        f"<li>{_say(tell_step(step, words, dark=dark))}</li>\n" for step in itinerary.steps[at]
    )
    written = [f"<p>{_say(tell_times(route, words))}</p>\n<ol>\n{steps}</ol>"]
    # Only those of the walk to take are on the map, and numbered as there.
    wayside = itinerary.wayside[at] if at == itinerary.chosen else ()
    for tag, title, lines in (
        ("ol", "wayside", [tell_waypoint(one, words) for one in wayside]),
        ("ul", "notes", tell_notes(itinerary.notes[at], words, by_night=dark)),
    ):
        if lines:
            items = "".join(f"<li>{_say(line)}</li>\n" for line in lines)
            written.append(f"<h3>{escape(words(title))}</h3>\n<{tag}>\n{items}</{tag}>")
    return "\n".join(written)
