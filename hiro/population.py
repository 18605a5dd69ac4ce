"""Population: who lives where, in classes of age, as cells or districts tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from solarpass.column import fold_name, read_texts
from solarpass.tag import text_column

from .age import AgeClass, drop_overlaps, read_class
from .errors import PopulationError
from .ledger import Bounds, Ledger, count_overlaps, open_ledger, read_amounts

Floats = NDArray[np.float64]

CREDIT = "© Statistische Ämter des Bundes und der Länder 2024, dl-de/by-2-0"

_WANTED = "a table of ages: cells with x and y, or districts with their outlines"
_TOTALS = (
    *("insgesamt_bevoelkerung", "einwohner", "total", "insgesamt", "population", "persons"),
    *("bevoelkerung", "gesamt", "inhabitants"),
)
_NAMES = ("stadtteilname", "name", "ortsteilname", "ortsteil", "bezirk", "district", "stadtteil")
_CENSUS = "werterlaeuternde_zeichen"  # a column of theirs alone
_PERCENT = ("prozent", "percent", "pct")
_SHARES = (*_PERCENT, "anteil", "share")
_WIDE_CELLS_M = (10_000.0, 1_000.0)  # too wide for a catchment: taken as outlines
_MOST_PERSONS = 1e8  # in one row
# Offices alter small counts to hide single persons, so sums differ a little; our choice.
_SLACK, _SLACK_PERSONS = 1.05, 10.0


@dataclass(frozen=True, eq=False, slots=True)
class Population:
    """
    Who lives where.

    What an office suppressed is unknown: NaN, never zero.

    Attributes
    ----------
    table
        ``name`` (None where not told) and geometry: the middle of each cell (Point) or the
        outline of each district (Polygon), in the file's own system.
    classes
        Classes of age, in order and without overlaps.
    counts
        Persons of each class, or shares of all persons, as `unit` says; NaN where unknown,
        shape ``(n_places, n_classes)``. [persons or 1]
    totals
        Persons of all ages, NaN where unknown, shape ``(n_places,)``. [persons]
    kind
        "cells" or "districts".
    unit
        "persons" or "fraction".
    notes
        One sentence each on what was counted, dropped or assumed.
    attribution
        Whom to name.
    """

    table: gpd.GeoDataFrame
    classes: tuple[AgeClass, ...]
    counts: Floats
    totals: Floats
    kind: Literal["cells", "districts"]
    unit: Literal["persons", "fraction"]
    notes: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self.counts.flags.writeable = False
        self.totals.flags.writeable = False

    def __len__(self) -> int:
        """Count the cells or districts."""
        return len(self.table)


def read_population(
    *paths: str | Path, credit: str = "", bounds: Bounds | None = None
) -> Population:
    """
    Read who lives where from one file, or from several that tell of the same places.

    Parameters
    ----------
    paths
        Cells of the census (CSV with ``x`` and ``y`` or ``x_mp_100m`` and ``y_mp_100m`` of their
        middles in EPSG:3035) or districts with outlines (CSV with WKT or EWKT, GeoJSON,
        GeoPackage). A column's name tells its class (``age0_9``, ``a65undaelter``, ``Unter18``);
        a column ``prozent`` is of the class that the file's name tells (``…_75plus.csv``).
    credit
        Licence and whom to name, where the files do not tell.
    bounds
        West, south, east and north in degrees: of cells only those within are read, which
        spares a country's table much of its time and memory.

    Raises
    ------
    PopulationError
        If no file is given, one does not read, tells no class of age and no total, or they
        are of different kinds.
    """
    if not paths:
        msg = f"No file was given; wanted {_WANTED}."
        raise PopulationError(msg)
    read = [_read_one(Path(path), credit, bounds) for path in paths]
    return read[0] if len(read) == 1 else join_populations(read)


def join_populations(populations: Sequence[Population]) -> Population:
    """
    Join tables of the same places, or of neighbouring ones, into one.

    Where two tell the same class at one place, the first stands. Districts that the first
    table does not know are left out; cells are added. Both are counted in the notes.

    Raises
    ------
    PopulationError
        If there is none, or cells would be joined to districts, or persons to shares.
    """
    if not populations:
        msg = f"No table was given; wanted {_WANTED}."
        raise PopulationError(msg)
    first = populations[0]
    if len({(one.kind, one.unit) for one in populations}) > 1:
        told = " and ".join(sorted({f"{one.kind} in {one.unit}" for one in populations}))
        msg = f"Tables of different kinds were given ({told}); give those of one kind."
        raise PopulationError(msg)
    frames = [one.table.to_crs(first.table.crs) for one in populations]
    keys = [_place_keys(frame) for frame in frames]
    known = keys[0] if first.kind == "districts" else np.unique(np.concatenate(keys))
    joined = [_lay(one, key, known) for one, key in zip(populations, keys, strict=True)]
    classes, counts, twice = _join_classes([one.classes for one in populations], joined)
    totals = _first_told([total for _, total in joined])
    lost = sum(int((~np.isin(key, known)).sum()) for key in keys[1:])
    away = sum(int((~np.isin(keys[0], key)).sum()) for key in keys[1:])
    notes = [note for one in populations for note in one.notes]
    if lost or away:
        dropped = "left out" if first.kind == "districts" else "kept"
        notes.append(
            f"Of the further tables {lost} places are not in the first and were {dropped}; "
            f"{away} places of the first are not in all of them."
        )
    if twice:
        notes.append(f"{twice} classes were told twice or overlap others; the narrowest stands.")
    every = pd.concat(frames, ignore_index=True)
    rows = np.unique(np.concatenate(keys), return_index=True)
    place = rows[1][np.searchsorted(rows[0], known)]
    return Population(
        table=gpd.GeoDataFrame(every.iloc[place].reset_index(drop=True), crs=first.table.crs),
        classes=classes,
        counts=counts,
        totals=totals,
        kind=first.kind,
        unit=first.unit,
        notes=tuple(dict.fromkeys(notes)),
        attribution=tuple(dict.fromkeys(one for each in populations for one in each.attribution)),
    )


# --- one file


def _read_one(path: Path, credit: str, bounds: Bounds | None) -> Population:
    ledger = open_ledger(
        path, wanted=_WANTED, error=PopulationError, keeps=_is_wanted, bounds=bounds
    )
    columns, odd = _read_columns(path, ledger)
    total = ledger.find(_TOTALS)
    totals = np.full(len(ledger.table), np.nan)
    if total is not None:
        totals, n_odd = read_amounts(ledger.table, total)
        odd += n_odd
    if not columns and not np.isfinite(totals).any():
        msg = (
            f"{path} tells no class of age; wanted columns such as age0_9, Unter18 or "
            f"a65undaelter, and it has {ledger.tell_names()}."
        )
        raise PopulationError(msg)
    classes, counts, twice = _settle_classes(columns, len(totals))
    shapes, kind, doubts = _settle_shapes(path, ledger)
    counts, unit = _settle_unit(path, counts, totals, is_share=_is_share(ledger))
    placed = ~shapely.is_missing(shapes)
    keys = _place_keys(gpd.GeoDataFrame(geometry=shapes[placed], crs=ledger.crs))
    kept = np.flatnonzero(placed)[np.sort(np.unique(keys, return_index=True)[1])]
    name = ledger.find(_NAMES)
    names = read_texts(ledger.table, name)
    return Population(
        table=gpd.GeoDataFrame(
            {"name": text_column([names[row] for row in kept])},
            geometry=shapes[kept],
            crs=ledger.crs,
        ),
        classes=classes,
        counts=counts[kept],
        totals=totals[kept],
        kind=kind,
        unit=unit,
        notes=(
            *doubts,
            *_tell_doubts(path, counts[kept], totals[kept], unit, count_overlaps(shapes[kept])),
            *_tell_losses(path, odd=odd, n_rows=len(shapes), kept=kept, twice=twice),
        ),
        attribution=(_find_credit(path, ledger, credit),),
    )


def _is_wanted(column: str) -> bool:
    told = {*_TOTALS, *_NAMES, *_PERCENT}
    return column in told or read_class(column) is not None or column.startswith(_CENSUS)


def _read_columns(path: Path, ledger: Ledger) -> tuple[list[tuple[AgeClass, Floats]], int]:
    """Read the columns that tell a class of age; and count the cells that do not read."""
    columns, odd = [], 0
    for name in ledger.table.columns:
        ages = read_class(name)
        if ages is not None:
            amounts, n_odd = read_amounts(ledger.table, str(name))
            columns.append((ages, amounts))
            odd += n_odd
    percent = ledger.find(_PERCENT)
    if columns or percent is None:
        return columns, odd
    ages = read_class(re.sub(r"^.*?(?=(?:unter|under)?_?\d)", "", fold_name(path.stem)))
    if ages is None:
        msg = (
            f"{path} has a column {percent!r} and its name does not tell of which ages; name the "
            "file as in population_60-74.csv or population_75plus.csv."
        )
        raise PopulationError(msg)
    amounts, odd = read_amounts(ledger.table, percent)
    return [(ages, amounts)], odd


def _is_share(ledger: Ledger) -> bool:
    """Tell whether the columns of ages say of themselves that they are shares."""
    aged = [fold_name(name) for name in ledger.table.columns if read_class(name)]
    if not aged:
        return ledger.find(_PERCENT) is not None
    return all(name.startswith(_SHARES) for name in aged)


def _settle_classes(
    columns: Sequence[tuple[AgeClass, Floats]], n_rows: int
) -> tuple[tuple[AgeClass, ...], Floats, int]:
    kept, dropped = drop_overlaps([ages for ages, _ in columns])
    counts = np.column_stack([np.empty((n_rows, 0)), *(columns[i][1] for i in kept)])
    return tuple(columns[i][0] for i in kept), counts, len(dropped)


def _settle_unit(
    path: Path, counts: Floats, totals: Floats, *, is_share: bool
) -> tuple[Floats, Literal["persons", "fraction"]]:
    """Tell whether a table counts persons or shares; shares become fractions of 1."""
    most = float(np.nanmax(counts, initial=0.0))
    if most > _MOST_PERSONS or float(np.nanmax(totals, initial=0.0)) > _MOST_PERSONS:
        msg = f"{path} counts more than {_MOST_PERSONS:.0e} persons at one place; wanted persons."
        raise PopulationError(msg)
    if is_share:
        if most > 100.0:
            msg = f"{path} tells a share of {most:g} %; wanted percent between 0 and 100."
            raise PopulationError(msg)
        return (counts if most <= 1.0 else counts / 100.0), "fraction"
    sums = np.nansum(counts, axis=1)
    parts = np.isfinite(counts) & (np.nan_to_num(counts) % 1.0 > 0.0)
    if parts.any() and not np.isfinite(totals).any() and float(sums.max()) <= 1.0 + 1e-6:
        return counts, "fraction"
    return counts, "persons"


def _settle_shapes(
    path: Path, ledger: Ledger
) -> tuple[NDArray[Any], Literal["cells", "districts"], list[str]]:
    shapes = shapely.force_2d(ledger.shapes)
    dimension = shapely.get_dimensions(shapes)
    areal = dimension == 2
    if areal.any():
        shapes[~areal] = None
        broken = areal & ~shapely.is_valid(shapes)
        shapes[broken] = shapely.make_valid(shapes[broken])
        shapes[shapely.area(shapes) <= 0.0] = None
        doubts = [f"{path.name}: {broken.sum()} outlines were mended."] if broken.any() else []
        return shapes, "districts", doubts
    shapes[dimension != 0] = None
    if shapely.is_missing(shapes).all():
        msg = f"{path} holds lines and no places; wanted {_WANTED}."
        raise PopulationError(msg)
    width_m = _cell_width_m(shapes, ledger.crs)
    if not width_m:
        return shapes, "cells", []
    placed = ~shapely.is_missing(shapes)
    x, y, half = shapely.get_x(shapes[placed]), shapely.get_y(shapes[placed]), width_m / 2.0
    shapes[placed] = shapely.box(x - half, y - half, x + half, y + half)
    note = f"{path.name}: its cells are {width_m:g} m wide and are taken as districts."
    return shapes, "districts", [note]


def _cell_width_m(shapes: NDArray[Any], crs: pyproj.CRS) -> float:
    """Tell how wide cells are: their middles lie half a width off whole ones; 0: not so wide."""
    placed = shapes[~shapely.is_missing(shapes)]
    xy = shapely.get_coordinates(placed)
    wide = (w for w in _WIDE_CELLS_M if not crs.is_geographic and (xy % w == w / 2.0).all())
    return next(wide, 0.0)


def _tell_doubts(path: Path, counts: Floats, totals: Floats, unit: str, n_pairs: int) -> list[str]:
    """Tell where ages make more than all, and where districts lie on the same ground."""
    whole, slack = (1.0, 0.0) if unit == "fraction" else (totals, _SLACK_PERSONS)
    with np.errstate(invalid="ignore"):
        n_over = int((np.nansum(counts, axis=1) > _SLACK * whole + slack).sum())
    notes = []
    if n_over:
        notes.append(f"{path.name}: rows whose ages add up to more than their total: {n_over}.")
    if n_pairs:
        first = "where they do, the first in the table counts"
        notes.append(f"{path.name}: pairs of districts that overlap: {n_pairs}; {first}.")
    return notes


def _tell_losses(
    path: Path, *, odd: int, n_rows: int, kept: NDArray[np.int64], twice: int
) -> list[str]:
    notes = []
    if odd:
        notes.append(f"{path.name}: {odd} cells of the table are no amounts and count as unknown.")
    if len(kept) < n_rows:
        notes.append(
            f"{path.name}: {n_rows - len(kept)} of {n_rows} rows have no place, or that of a row "
            "before, and were left out."
        )
    if twice:
        notes.append(f"{path.name}: {twice} classes of age overlap narrower ones: left out.")
    return notes


def _find_credit(path: Path, ledger: Ledger, credit: str) -> str:
    told = " ".join(credit.split())
    if told:
        return told
    columns = {fold_name(name) for name in ledger.table.columns}
    if path.name.startswith("Zensus2022") or any(name.startswith(_CENSUS) for name in columns):
        return CREDIT
    return f"population: {path.name}, licence not stated"


# --- several files


def _place_keys(frame: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Tell places apart by their middles, to a tenth of a metre."""
    middle = shapely.get_coordinates(shapely.centroid(np.asarray(frame.geometry)))
    scale = 1e6 if frame.crs.is_geographic else 10.0
    whole = np.clip(np.round(middle * scale), -1e9, 1e9).astype(np.int64)
    return np.asarray(whole[:, 0] * 1_000_000_007 + whole[:, 1])


def _lay(
    population: Population, key: NDArray[np.int64], known: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Lay a table's rows beside the places that are known, NaN where it tells none."""
    order = np.argsort(key, kind="stable")
    at = np.clip(np.searchsorted(key[order], known), 0, max(len(key) - 1, 0))
    row = order[at]
    here = key[row] == known
    counts = np.where(here[:, None], population.counts[row], np.nan)
    return counts, np.where(here, population.totals[row], np.nan)


def _join_classes(
    classes: Sequence[tuple[AgeClass, ...]],
    laid: Sequence[tuple[Floats, Floats]],
) -> tuple[tuple[AgeClass, ...], Floats, int]:
    told: dict[AgeClass, Floats] = {}
    for names, (counts, _) in zip(classes, laid, strict=True):
        for ages, column in zip(names, counts.T, strict=True):
            told[ages] = _first_told([told[ages], column]) if ages in told else column
    return _settle_classes(list(told.items()), len(laid[0][1]))


def _first_told(columns: Sequence[Floats]) -> Floats:
    first = columns[0]
    for column in columns[1:]:
        first = np.where(np.isnan(first), column, first)
    return first
