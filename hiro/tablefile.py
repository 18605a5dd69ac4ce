"""Table files: a table and what it rests on as GeoJSON, CSV, GeoPackage and GeoParquet."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from solarpass.draft import draft_file
from solarpass.errors import SourceError
from solarpass.foreign import disarm

from .layerstyle import style_layer
from .level import find_level

DIGITS = 3
"""Of temperatures, shares and hours; sums are taken before rounding."""

_FULL_BYTES = 1_000_000  # a disk with less is full: an empty GeoPackage has 0.1 MB


def write_table(
    table: gpd.GeoDataFrame,
    about: Mapping[str, Any],
    path: Path,
    *,
    layer: str,
    nested: Collection[str],
    names: Collection[str],
) -> None:
    """
    Write a table, whole or not at all, as its file's ending says.

    Parameters
    ----------
    table
        Points in degrees, with ``lon`` and ``lat``.
    about
        What it rests on, with ``licence``, ``attribution`` and the ``day`` it is of: it stands in
        the members of a ``.geojson``, in the metadata of the ``.parquet`` and of the layer of a
        ``.gpkg``, and beside a ``.csv`` in ``FILE.csv-metadata.json``.
    path
        Ends in ``.geojson``, ``.csv``, ``.gpkg`` or ``.parquet``.
    layer
        What to call it in a GeoPackage.
    nested
        Columns of lists, which CSV and GeoPackage hold as JSON text.
    names
        Columns of text that others wrote, which no spreadsheet shall run.

    Raises
    ------
    SourceError
        If nothing can be written there.
    """
    ending = path.suffix.lower()
    if ending == ".geojson":
        _write_geojson(table, about, path)
    elif ending == ".csv":
        _write_csv(_flatten(table, nested), about, path, names=names)
    elif ending == ".gpkg":
        _write_gpkg(_flatten(table, nested), about, path, layer=layer)
    else:
        _write_parquet(table, about, path)


def round_numbers(values: NDArray[np.float64], digits: int = DIGITS) -> list[float | None]:
    """Round numbers for a file, None where there is none."""
    rounded = np.round(np.asarray(values, float), digits) + 0.0  # and no -0.0
    return [float(value) if np.isfinite(value) else None for value in rounded]


def round_lists(rows: NDArray[np.float64], digits: int = DIGITS) -> list[list[float | None]]:
    """Round the numbers of each row."""
    return [round_numbers(row, digits) for row in rows]


def round_felt(utci_c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round UTCI, but never into the next level, so that level and number agree."""
    rounded = np.round(utci_c, DIGITS)
    crossed = find_level(rounded) > find_level(utci_c)
    agreed: NDArray[np.float64] = np.round(rounded - np.where(crossed, 10.0**-DIGITS, 0.0), DIGITS)
    return agreed


def list_texts(cells: Any) -> list[str | None]:  # noqa: ANN401 - a column or an array of text
    """List a column of text, None where nothing is told."""
    return [None if pd.isna(cell) else str(cell) for cell in cells]


def make_column(cells: Sequence[Any]) -> pd.Series[Any]:
    """Keep lists and None as they are, numbers as numbers."""
    if cells and all(isinstance(cell, int | float) for cell in cells):
        return pd.Series(cells)
    column = np.empty(len(cells), dtype=object)
    column[:] = list(cells) if not cells or not isinstance(cells[0], list) else [None] * len(cells)
    for row, cell in enumerate(cells):
        column[row] = cell
    return pd.Series(column, dtype=object)


def _write_geojson(table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path) -> None:
    told = pd.DataFrame(table.drop(columns="geometry"))
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Point", "coordinates": [properties["lon"], properties["lat"]]},
        }
        for properties in told.to_dict("records")
    ]
    collection = {**about, "type": "FeatureCollection", "features": features}
    with draft_file(path) as draft:
        text = json.dumps(collection, ensure_ascii=False, allow_nan=False)
        draft.write_text(text, encoding="utf-8")


def _write_csv(
    table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path, *, names: Collection[str]
) -> None:
    """Write the table, and beside it what it rests on, as CSV on the Web names it."""
    flat = pd.DataFrame(table.drop(columns="geometry"))
    for name in names:
        flat[name] = [disarm(cell) for cell in flat[name]]
    flat["licence"], flat["attribution"] = about["licence"], about["attribution"]
    beside = path.with_name(f"{path.name}-metadata.json")
    with draft_file(beside) as note, draft_file(path) as draft:
        note.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
        flat.to_csv(draft, index=False, lineterminator="\n")


def _write_gpkg(
    table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path, *, layer: str
) -> None:
    told = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in about.items()
    }
    with draft_file(path) as draft, _as_of(about["day"]):
        try:
            pyogrio.write_dataframe(
                table,
                draft,
                layer=layer,
                driver="GPKG",
                layer_metadata=told,
                layer_options={"DESCRIPTION": f"{about['attribution']}; {about['licence']}"},
            )
            style_layer(draft, layer=layer, day=about["day"])
        except (
            DataSourceError,
            DataLayerError,
            sqlite3.Error,
        ) as error:  # GDAL does not pass on the system's
            is_full = shutil.disk_usage(path.parent).free < _FULL_BYTES
            reason = os.strerror(errno.ENOSPC) if is_full else "GDAL could not write all of it"
            msg = f"Cannot write {str(path)!r}: {reason}; name another file."
            raise SourceError(msg) from error


@contextmanager
def _as_of(day: str) -> Iterator[None]:
    """Let GDAL date a file by what it tells of, so that the same input gives the same bytes."""
    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: f"{day}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})


def _write_parquet(table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path) -> None:
    table.attrs = dict(about)
    with draft_file(path) as draft:
        table.to_parquet(draft)


def _flatten(table: gpd.GeoDataFrame, nested: Collection[str]) -> gpd.GeoDataFrame:
    """Write lists as JSON text."""
    flat = table.copy()
    for name in nested:
        flat[name] = [json.dumps(cell, ensure_ascii=False) for cell in table[name]]
    return flat
