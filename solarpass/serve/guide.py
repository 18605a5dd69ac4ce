"""The guide: what may be asked at the door, as a page that needs nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1f24}table{border-collapse:collapse;width:100%}td,th{border-top:1px solid #d9d4cc;"
    "padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}code{background:#f4f1ec;"
    "padding:0 .2em}@media(prefers-color-scheme:dark){body{background:#14181d;color:#e8e6e3}"
    "code{background:#262c33}}"
)


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
    rows = [
        f"<tr><td><code>{escape(one['name'])}</code></td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for one in told.get("parameters", ())
    ]
    head = "<tr><th>parameter</th><th>what it is</th></tr>"
    return [
        f"<h2><code>{escape(way.upper())} {escape(path)}</code></h2>",
        f"<p>{escape(' '.join(told.get('description', '').split()))}</p>",
        f"<table>{head}{''.join(rows)}</table>" if rows else "",
    ]
