"""Columns: by which names a city's list of trees calls what, and what its cells say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import SourceError
from .tag import read_metres

# What cities call a column, the surest name first. Leipzig's were read from its files; those
# of Dresden (art_botanisch, baumhoehe_akt, jalter …), Berlin, Hamburg, Vienna and Cologne are
# handed down by others who read theirs, and not checked against the cities' services.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "species": (
        *("species", "art_botanisch", "baumart_wi", "ga_lang_wiss", "sorte_latein", "art_latein"),
        *("art_bot", "art_botan", "botanischer_name", "wis_text", "gattung_art", "gattungart"),
        *("scientific_name", "latin_name", "taxon", "baumart", "art"),
    ),
    "genus": ("genus", "gattung", "gattung_latein"),
    "height": ("height", "hoehe", "baumhoehe", "tree_height", "total_height"),
    "crown": (
        *("crown", "krone", "kronendurchmesser", "kronendurchm", "kronedurch", "krone_dm"),
        *("kr_durchm", "kronenbreite", "crown_diameter", "diameter_crown", "crown_width"),
    ),
    "base": ("base", "crown_base", "kronenansatz", "kronenansatzhoehe"),
    "planted": ("planted", "pflanzjahr", "plant_year", "year_planted", "planted_year"),
    "age": ("age", "alter", "jalter", "baumalter", "age_years"),
    "felled": ("felled", "gefaellt", "gefaellt_am", "faelldatum", "removed"),
    "date": ("date", "dat_abgabe", "stand", "datenstand", "data_date", "aend_dat"),
    "lat": ("lat", "latitude", "breitengrad", "geo_breite"),
    "lon": ("lon", "lng", "long", "longitude", "laengengrad", "geo_laenge"),
    "x": ("x", "xcoord", "x_coord", "gis_x_utm", "ostwert", "rechtswert", "easting"),
    "y": ("y", "ycoord", "y_coord", "gis_y_utm", "nordwert", "hochwert", "northing"),
    "geometry": ("geometry", "geom", "the_geom", "wkt", "geom_wkt", "shape", "geo_shape"),
}
_UMLAUTS: dict[int, str] = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_UNIT = re.compile(r"_(?:in_m|m|akt|aktuell|meter|\d{4,5})$")  # 25833 is no part of a name
_OLDEST_YEARS = 5000.0  # the oldest tree that stands has fewer
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d{1,3}(?!\d))")
_DAY = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)|(\d\d)\.(\d\d)\.(20\d\d)")


def fold_name(name: object) -> str:
    """
    Fold case, umlauts and signs of a column's name.

    Examples
    --------
    >>> fold_name("Baumhöhe (m)")
    'baumhoehe_m'
    """
    text = str(name).casefold().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def find_columns(path: Path, table: pd.DataFrame, asked: Mapping[str, str]) -> dict[str, str]:
    """
    Find which column tells what: those asked for, else by their usual names.

    Parameters
    ----------
    path
        The file, for the refusal.
    table
        Its columns.
    asked
        A column's name for a key of `ALIASES`; ``crs`` is passed over.

    Raises
    ------
    SourceError
        If a key is none, or a column asked for is not there, or is there twice.
    """
    by_name = {fold_name(name): str(name) for name in reversed(table.columns)}
    found = {}
    for what, name in asked.items():
        if what not in {*ALIASES, "crs"}:
            wanted = ", ".join([*ALIASES, "crs"])
            msg = f"A tree register tells no {what!r}; name a column for one of {wanted}."
            raise SourceError(msg)
        if what != "crs" and fold_name(name) not in by_name:
            held = ", ".join(map(repr, table.columns[:20]))[:400]
            msg = f"{path} has no column {name!r} for {what}; it has {held}: name one of these."
            raise SourceError(msg)
        if what != "crs":
            found[what] = by_name[fold_name(name)]
    bare = {_UNIT.sub("", folded): name for folded, name in by_name.items()} | by_name
    for what, names in ALIASES.items():
        known = next((bare[name] for name in names if name in bare), None)
        if known is not None:
            found.setdefault(what, known)
    stripped = [str(name).strip() for name in table.columns]
    twice = next((name for name in found.values() if stripped.count(name.strip()) > 1), None)
    if twice is not None:
        msg = f"{path} has two columns {twice.strip()!r}: keep one."
        raise SourceError(msg)
    return found


def read_texts(table: pd.DataFrame, column: str | None) -> list[str | None]:
    """Read a column as text, None where it is empty or there is none."""
    if column is None:
        return [None] * len(table)
    return [_text(value) for value in table[column].tolist()]


def _text(value: object) -> str | None:
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return f"{value:.10g}" if isinstance(value, float) else str(value).strip() or None


def read_coordinates(texts: Iterable[str | None]) -> NDArray[np.float64]:
    """Read degrees or metres, with a point or a comma; NaN where there is none."""

    def read(text: str | None) -> float:
        text = (text or "").replace(" ", "")
        if "," in text:  # then a point parts thousands
            text = text.replace(".", "").replace(",", ".")
        try:
            return float(text)
        except ValueError:
            return np.nan

    return np.array([read(text) for text in texts], dtype=float)


def read_lengths(texts: Iterable[str | None], *, most_m: float) -> NDArray[np.float64]:
    """Read lengths as `read_metres` does, NaN for what is longer than `most_m` [m]."""
    return np.array([read_metres(text, most_m=most_m) for text in texts], dtype=float)


def read_years(texts: Iterable[str | None]) -> NDArray[np.float64]:
    """
    Read the year of a date, NaN where there is none.

    Examples
    --------
    >>> read_years(["1998", "01.11.2004", "20240607190541", "0", None]).tolist()
    [1998.0, 2004.0, 2024.0, nan, nan]
    """
    found = [_YEAR.search(text) if text else None for text in texts]
    return np.array([float(match[1]) if match else np.nan for match in found], dtype=float)


def read_ages(texts: Iterable[str | None]) -> NDArray[np.float64]:
    """
    Read ages in years, NaN where none is told or where it is none, such as a mark of -1.

    Examples
    --------
    >>> read_ages(["12", "0", "-1", "-999", "9999", "old", None]).tolist()
    [12.0, 0.0, nan, nan, nan, nan, nan]
    """
    ages = read_coordinates(texts)
    return np.where((ages >= 0.0) & (ages <= _OLDEST_YEARS), ages, np.nan)


def read_day(text: str | None) -> str:
    """
    Read the day of a stamp, "" where there is none.

    Examples
    --------
    >>> read_day("20240607190541"), read_day("07.06.2024"), read_day("gut")
    ('2024-06-07', '2024-06-07', '')
    """
    match = _DAY.match(text or "")
    if not match:
        return ""
    year, month, day = (1, 2, 3) if match[1] else (6, 5, 4)
    return f"{match[year]}-{match[month]}-{match[day]}"
