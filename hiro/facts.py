"""Facts: what a city knows of its sites that no map tells, such as where pipes lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from solarpass.column import fold_name

from .cells import MOST_LETTERS, Row, read_cells, read_number
from .errors import CatalogueError

YES_NO: Mapping[str, tuple[str, ...]] = {
    "catenary": ("fahrleitung", "oberleitung"),
    "fall_zone": ("fallbereich", "fallschutz"),
    "watering": ("giessen", "bewaesserung"),
    "heritage": ("denkmal", "denkmalschutz"),
    "owner_agrees": ("eigentuemer_stimmt_zu",),
    "open_sides_ok": ("offene_seiten_ok",),
    "climbing_ok": ("klettern_ok",),
    "staff": ("personal",),
    "contamination": ("altlast", "altlasten"),
    "lines_beneath": ("leitungen_darunter",),
    "fire_lane": ("feuerwehrzufahrt", "feuerwehr"),
    "germ_test": ("keimpruefung",),
    "upkeep_secured": ("unterhalt_gesichert",),
    "sight_lines_ok": ("sicht_ok",),
    "operator_agrees": ("verkehrsbetrieb_stimmt_zu",),
}
"""Facts that are so or not, with what else their column may be called."""

AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "waiting_depth_m": ("wartetiefe_m", "tiefe_wartebereich_m"),
    "passage_m": ("durchgang_m", "restgehweg_m"),
    "clear_height_m": ("lichte_hoehe_m",),
    "kerb_m": ("bordabstand_m",),
    "pipes_m": ("leitungsabstand_m", "leitungen_m"),
    "pit_m3": ("baumgrube_m3",),
    "lane_m": ("fahrbahnabstand_m",),
    "roof_load_kg_m2": ("dachlast_kg_m2",),
    "mains_m": ("wasserleitung_m",),
    "humidity_pct": ("luftfeuchte_pct",),
    "sealed_pct": ("versiegelt_pct",),
}
"""Facts that are a number, in the unit of their name, with what else their column may be called."""

WANTED = "facts of sites: CSV with site_id and columns such as waiting_depth_m, pipes_m, heritage"

_MOST = 100_000.0
_IGNORED = frozenset(["site_id", "name", "note", "label", "kind", "bemerkung", "notiz"])
_YES = frozenset(["yes", "y", "ja", "j", "true", "wahr", "1", "x"])
_NO = frozenset(["no", "n", "nein", "false", "falsch", "0"])
_UNKNOWN = frozenset(["", "?", "-", "unknown", "unbekannt", "k_a", "n_a", "na", "nan", "none"])
_NAME_OF = {
    alias: name for table in (YES_NO, AMOUNTS) for name, also in table.items() for alias in also
} | {name: name for name in (*YES_NO, *AMOUNTS)}


class _At(NamedTuple):
    """Where a cell stands, for a refusal."""

    where: str
    column: str


def read_facts(path: str | Path) -> pd.DataFrame:
    """
    Read what a city knows of its sites.

    Parameters
    ----------
    path
        CSV with ``site_id`` and some of `YES_NO` and `AMOUNTS`, or what else they may be called.
        Numbers with a point or a comma; yes or no, ja or nein; empty where nobody knows.

    Returns
    -------
    pandas.DataFrame
        By ``site_id``; numbers, True or False, and NaN where nothing is told.

    Raises
    ------
    CatalogueError
        If the file is missing, torn or too large, a column is none of these, a site is told
        twice, or a cell does not read.
    """
    path = Path(path)
    rows = read_cells(path, wanted=WANTED, error=CatalogueError)
    if not rows or "site_id" not in rows[0].cells:
        lacks = "lacks the column 'site_id'" if rows else "holds no row"
        msg = f"{path} {lacks}; wanted {WANTED}."
        raise CatalogueError(msg)
    columns = _name_columns(path, rows[0])
    told: dict[str, dict[str, object]] = {}
    for row in rows:
        site_id, where = row.cells["site_id"], f"Row {row.number} of {path.name}"
        if not site_id or site_id in told:
            lacks = f"tells of the site {site_id[:60]!r} again" if site_id else "lacks its site_id"
            msg = f"{where} {lacks}; wanted one row a site."
            raise CatalogueError(msg)
        told[site_id] = {
            name: _settle(row.cells[column], name, _At(where, column))
            for column, name in columns.items()
        }
    frame = pd.DataFrame.from_dict(told, orient="index", columns=list(columns.values()))
    return frame.astype(object).rename_axis("site_id")


def settle_facts(facts: pd.DataFrame) -> dict[str, dict[str, float | bool]]:
    """
    Tell what is known of each site, by its id; what is not known is left out.

    Raises
    ------
    CatalogueError
        If a column is none of ours, a site is told twice, or a value is none.
    """
    strange = [str(name) for name in facts.columns if name not in _NAME_OF]
    if strange:
        msg = f"{strange[0][:60]!r} is no fact; wanted {', '.join((*YES_NO, *AMOUNTS))}."
        raise CatalogueError(msg)
    told: dict[str, dict[str, float | bool]] = {}
    for site_id, values in zip(facts.index, facts.to_numpy(object), strict=True):
        if str(site_id) in told:
            msg = f"The site {str(site_id)[:60]!r} is told twice; wanted one row a site."
            raise CatalogueError(msg)
        here = told.setdefault(str(site_id), {})
        for column, value in zip(facts.columns, values, strict=True):
            name = _NAME_OF[column]
            fact = _settle(value, name, _At(f"Site {site_id}", str(column)))
            if fact is not None:
                here[name] = fact
    return told


def _name_columns(path: Path, first: Row) -> dict[str, str]:
    """Tell which fact each column is."""
    columns: dict[str, str] = {}
    for column in first.cells:
        folded = fold_name(column)
        if folded in _IGNORED or not folded:
            continue
        name = _NAME_OF.get(folded)
        if name is None or name in columns.values():
            is_what = "is no fact that we know" if name is None else "is told by another column too"
            msg = f"{path}: {column[:60]!r} {is_what}; wanted {', '.join((*YES_NO, *AMOUNTS))}."
            raise CatalogueError(msg)
        columns[column] = name
    return columns


def _settle(value: object, name: str, at: _At) -> float | bool | None:
    """Tell a fact, None where it is not known."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    text = str(value).strip()[:MOST_LETTERS]
    folded = fold_name(text) if any(map(str.isalnum, text)) else text
    if folded in _UNKNOWN:
        return None
    if name in YES_NO:
        if folded in _YES | _NO:
            return folded in _YES
        msg = f"{at.where}: {at.column[:60]} is {text[:60]!r}; wanted yes, no or nothing."
        raise CatalogueError(msg)
    try:
        amount = float(value) if isinstance(value, int | float) else read_number(text)
    except ValueError as trouble:
        msg = f"{at.where}: {at.column[:60]} {text[:60]!r} {trouble}."
        raise CatalogueError(msg) from trouble
    most = 100.0 if name.endswith("_pct") else _MOST
    if not 0.0 <= amount <= most or isinstance(value, bool):
        msg = f"{at.where}: {at.column[:60]} is {text[:60]}; wanted a number of 0 to {most:g}."
        raise CatalogueError(msg)
    return amount
