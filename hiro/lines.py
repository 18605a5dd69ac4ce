"""Lines: how many lines call at a stop, as a list of stops tells it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .errors import TimetableError
from .ledger import Ledger, open_ledger, read_amounts

_WANTED = "a list of stops with their places and how many lines call (total_lines)"
_TOTALS = ("total_lines", "lines", "n_lines", "line_count", "linien", "anzahl_linien")
_OF_MODE = {
    "tram": ("tram_lines", "strassenbahn"),
    "bus": ("bus_lines", "bus"),
    "rail": ("train_lines", "rail_lines", "zug"),
    "metro": ("s_bahn_lines", "metro_lines", "subway_lines", "u_bahn_lines"),
}
_IDS = ("id", "ifopt", "ref_ifopt", "stop_id", "globalid", "global_id", "dhid")
_NAMES = ("name_with_city", "name", "stop_name", "haltestelle")
_MOST_LINES = 200.0  # at one stop: no station on Earth has more; our choice


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """
    How many lines call at each stop of a list.

    Attributes
    ----------
    table
        ``stop_id`` and ``name`` (None where not told), the number of lines of each mode as
        ``tram``, ``bus``, ``rail`` and ``metro``; Point in the list's own system.
    notes
        One sentence each on what was assumed or left out.
    attribution
        Whom to name.
    """

    table: gpd.GeoDataFrame
    notes: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()


def read_lines(path: str | Path, *, credit: str = "") -> Lines:
    """
    Read how many lines call at the stops of a list.

    Parameters
    ----------
    path
        CSV, GeoJSON or GeoPackage of points with ``total_lines``, and perhaps lines by name
        (``tram_lines`` and so on, parted by ``|``). What of the total is no tram and no train
        is taken for buses.
    credit
        Licence and whom to name, where the file does not tell.

    Raises
    ------
    TimetableError
        If the file is missing, torn, or tells no number of lines.
    """
    path = Path(path)
    ledger = open_ledger(path, wanted=_WANTED, error=TimetableError)
    total = ledger.find(_TOTALS)
    named = {mode: _count_names(ledger, names) for mode, names in _OF_MODE.items()}
    if total is None and not any(counts.any() for counts in named.values()):
        held = ledger.tell_names()
        msg = f"{path} tells no number of lines; wanted a column total_lines, and it has {held}."
        raise TimetableError(msg)
    n_odd = n_huge = 0
    if total is not None:
        amounts, n_odd = read_amounts(ledger.table, total)
        others = named["tram"] + named["rail"] + named["metro"]
        n_huge = int((np.nan_to_num(amounts) > _MOST_LINES).sum())
        amounts = np.where(amounts > _MOST_LINES, np.nan, amounts)
        left = np.nan_to_num(amounts) - others
        named["bus"] = np.maximum(named["bus"], left)
    places = shapely.force_2d(ledger.shapes)
    points = shapely.get_type_id(places) == shapely.GeometryType.POINT
    called = sum(named.values()) > 0.0
    kept = np.flatnonzero(points & called & ~shapely.is_empty(places))
    if not len(kept):
        msg = f"{path} tells of no stop at which a line calls; wanted {_WANTED}."
        raise TimetableError(msg)
    notes = []
    if len(kept) < len(places):
        notes.append(f"{path.name}: {len(places) - len(kept)} stops without a line or a place.")
    if n_huge:
        notes.append(f"{path.name}: above {_MOST_LINES:g} lines, taken as none: {n_huge}.")
    if n_odd:
        notes.append(f"{path.name}: {n_odd} numbers of lines do not read and count as none.")
    table = {
        "stop_id": _read_names(ledger, _IDS, kept),
        "name": _read_names(ledger, _NAMES, kept),
        **{mode: counts[kept] for mode, counts in named.items()},
    }
    told = " ".join(credit.split()) or f"lines: {path.name}, licence not stated"
    return Lines(
        gpd.GeoDataFrame(table, geometry=places[kept], crs=ledger.crs), tuple(notes), (told,)
    )


def _count_names(ledger: Ledger, names: tuple[str, ...]) -> NDArray[np.float64]:
    column = ledger.find(names)
    if column is None:
        return np.zeros(len(ledger.table))
    cells = ledger.table[column].fillna("").astype(str)
    counts = [len({part.strip() for part in text.split("|")} - {""}) for text in cells]
    return np.array(counts, dtype=float).clip(max=_MOST_LINES)


def _read_names(ledger: Ledger, names: tuple[str, ...], kept: NDArray[np.int64]) -> pd.Series[str]:
    column = ledger.find(names)
    cells = ledger.table[column].tolist() if column else [None] * len(ledger.table)
    told = [str(cells[row]).strip() if cells[row] is not None else "" for row in kept]
    return pd.Series([text or None for text in told], dtype=object)
