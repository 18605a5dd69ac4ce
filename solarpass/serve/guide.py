"""The guide: what may be asked at the door, as a page that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24}table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #d9d4cc;"
    "padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}div{overflow-x:auto}"
    "li code{overflow-wrap:anywhere}code{background:#f4f1ec;"
    "padding:0 .2em}@media(prefers-color-scheme:dark){body{background:#14181d;color:#e8e6e3}"
    "code{background:#262c33}}"
)


ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<circle cx="16" cy="16" r="14" fill="#f2b632"/>'
    '<path d="M16 2a14 14 0 0 1 0 28z" fill="#2f3e4e"/></svg>'
)
"""A sun, half of it in the shade, for the tab of a browser."""


def write_guide(schema: Mapping[str, Any]) -> str:
    """Write an OpenAPI description as a page of plain HTML."""
    about = schema["info"]
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(about['title'])}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(about['title'])}</h1><p>{escape(about['description'])}</p>",
        '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>',
    ]
    for path, ways in schema["paths"].items():
        for way, told in ways.items():
            parts += _write_way(path, way, told)
    return "\n".join([*parts, "</body></html>\n"])


def _write_way(path: str, way: str, told: Mapping[str, Any]) -> list[str]:
    rows = [_write_parameter(one) for one in told.get("parameters", ())]
    heads = ("parameter", "what it is", "values", "if left out", "example")
    head = "".join(f"<th>{title}</th>" for title in heads)
    links = [
        f'<li><a href="{escape(link)}"><code>{escape(link)}</code></a></li>'
        for link in told.get("x-examples", ())
    ]
    return [
        f"<h2><code>{escape(way.upper())} {escape(path)}</code></h2>",
        f"<p>{escape(' '.join(told.get('description', '').split()))}</p>",
        f"<div><table><tr>{head}</tr>{''.join(rows)}</table></div>" if rows else "",
        f"<p>Such as</p><ul>{''.join(links)}</ul>" if links else "",
    ]


def _write_parameter(one: Mapping[str, Any]) -> str:
    schema = one["schema"]
    usual = (
        "<strong>required</strong>" if one["required"] else escape(str(schema.get("default", "")))
    )
    example = one.get("example", "")
    shown = example[0] if isinstance(example, list) else example
    cells = (
        f"<code>{escape(one['name'])}</code>",
        escape(one.get("description", "")),
        escape(_tell_values(schema, one.get("x-unit", ""))),
        usual,
        f"<code>{escape(str(shown))}</code>" if shown != "" else "",
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _tell_values(schema: Mapping[str, Any], unit: str) -> str:
    """Tell what a parameter may be: words, or numbers between bounds with their unit."""
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "minimum" in schema:
        return f"{schema['minimum']:g} to {schema['maximum']:g} {unit}".strip()
    return unit or {"boolean": "true, false", "array": "text"}.get(schema["type"], "text")
