"""Layer styles: how QGIS shall draw a GeoPackage of ours, kept in the file itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from solarpass.words import Words

from .palette import LEVEL_FILLS, PLANNED
from .report_terms import REPORT_TERMS
from .terms import HEAT_TERMS

LEVEL_COLUMNS: Final = {"sites": ("level", False), "plan": ("level_before", True)}
"""By layer: the column that holds the level, and whether something is planned at its points."""

REPORTS: Final = "reports"
"""The layer of what citizens felt."""

_FELT_FILLS: Final = ("#9ec9e8", *LEVEL_FILLS[:4])  # cold, and then as levels are coloured

_TABLE: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
  styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""  # the columns that QGIS asks for


def style_layer(path: Path, *, layer: str, day: str) -> None:
    """
    Add to a GeoPackage how QGIS shall draw a layer: points in the colours of their levels.

    QGIS reads the table ``layer_styles`` only where ``gpkg_contents`` lists it. Reports are
    coloured by how it felt. Layers that have neither are left as they are.

    Parameters
    ----------
    path
        A GeoPackage.
    layer
        Of it.
    day
        What to date the style by, as YYYY-MM-DD, so that the same input gives the same bytes.

    Raises
    ------
    sqlite3.Error
        If it cannot be written.
    """
    if layer not in {*LEVEL_COLUMNS, REPORTS}:
        return
    named = ("felt", "felt, from 1 to 5; as people said")
    if layer in LEVEL_COLUMNS:
        named = ("level", "levels 0 to 4; no official warning")
    at = f"{day}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as file, file:
        (column,) = file.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
        ).fetchone()
        file.execute(_TABLE)
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', "
            "'how QGIS shall draw the layer', ?, 0)",
            (at,),
        )
        file.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)",
            (layer, column, named[0], make_qml(layer), named[1], at),
        )


def make_qml(layer: str) -> str:
    """Make the style of a layer in QGIS's own words: a category for each level or felt step."""
    column, is_planned = LEVEL_COLUMNS.get(layer, ("felt", False))
    is_felt = layer == REPORTS
    first, fills = (1, _FELT_FILLS) if is_felt else (0, LEVEL_FILLS)
    told = REPORT_TERMS if is_felt else HEAT_TERMS
    german, english = Words("de", told), Words("en", told)
    terms = {k: f"{column if is_felt else 'level'}_{k}" for k in range(first, first + len(fills))}
    categories = "".join(
        f'<category value="{k}" symbol="{k}" render="true" '
        f"label={quoteattr(f'{k} {german(term)} / {english(term)}')}/>"
        for k, term in terms.items()
    )
    symbols = "".join(
        _make_symbol(k, fill, is_planned=is_planned) for k, fill in enumerate(fills, first)
    )
    labels = "" if is_felt else _make_labels()
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22" styleCategories="Symbology|Labeling" '
        f'labelsEnabled="{int(bool(labels))}">'
        f'<renderer-v2 type="categorizedSymbol" attr="{column}" symbollevels="0" '
        f'enableorderby="0"><categories>{categories}</categories><symbols>{symbols}</symbols>'
        f"</renderer-v2>{labels}</qgis>"
    )


def _make_symbol(number: int, fill: str, *, is_planned: bool) -> str:
    """Make a marker: a diamond with a blue rim where something is planned, else a disc."""
    options = {
        "name": "diamond" if is_planned else "circle",
        "color": _say(fill),
        "outline_color": _say(PLANNED if is_planned else "#1b1f24"),
        "outline_width": "0.8" if is_planned else "0.3",
        "size": "4.5" if is_planned else "3",
        "size_unit": "MM",
    }
    told = "".join(
        f'<Option type="QString" name="{name}" value="{value}"/>' for name, value in options.items()
    )
    return (
        f'<symbol type="marker" name="{number}" alpha="1" clip_to_extent="1">'
        f'<layer class="SimpleMarker" enabled="1" pass="0" locked="0">'
        f'<Option type="Map">{told}</Option></layer></symbol>'
    )


def _make_labels() -> str:
    """Name the points."""
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        '<text-style fieldName="label" fontSize="8" textColor="27,31,36,255">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferColor="255,255,255,255"/></text-style>'
        '<placement placement="6" dist="1"/>'
        '<rendering scaleVisibility="0" drawLabels="1"/>'
        "</settings></labeling>"
    )


def _say(colour: str) -> str:
    """Say a colour as QGIS does: red, green, blue and opacity."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"{red},{green},{blue},255"
