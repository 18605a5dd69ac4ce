"""Scores as files: GeoJSON, CSV, GeoPackage and GeoParquet, with what they rest on."""

from __future__ import annotations

import errno
import json
import os
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from solarpass.atlas import Atlas
from solarpass.credit import find_credit
from solarpass.draft import draft_file
from solarpass.errors import SourceError
from solarpass.words import Words

from .level import find_level
from .score import Score
from .terms import HEAT_TERMS

ENDINGS = {".geojson", ".csv", ".gpkg", ".parquet"}

DIGITS = 3
"""Of temperatures, shares and hours; sums are taken before rounding."""

NESTED = (
    *("level_probability", "hours", "times", "utci_c", "utci_low_c", "utci_high_c", "tmrt_c"),
    *("pet_c", "sun_fraction", "person_minutes", "stand_site", "stand_lon_lat"),
)
"""Columns of lists, which CSV and GeoPackage hold as JSON text."""

UNITS: Mapping[str, str] = {
    "shelter_is_mixed": "whether the places of a site have different shelters",
    "level": "0 none, 1 moderate, 2 strong, 3 very strong, 4 extreme, at worst_hour: UTCI from "
    "26, 32, 38 and 46 °C; no official warning",
    "level_probability": "of levels 0 to 4 at worst_hour",
    "level_word, level_word_de": "the level, in English and German",
    "worst_hour, worst_time": "local hour, and time, at which the interval with the highest UTCI "
    "begins",
    "utci_max_c, tmrt_max_c, pet_max_c": "°C, the highest of the intervals' means",
    "hours_utci_above_32": "h",
    "degree_hours_above_32": "K h, summed before rounding",
    "sky_view_factor": "1",
    "persons": "person-minutes of the day / 60",
    "exposure_tier": "gtfs, lines, population or default: from what it is known who waits",
    "vulnerability_factor": "1 is an adult in good health",
    "vulnerability_tier": "cells, districts, facilities or default: from what that is known",
    "heat_person_kh": "persons K h above 32 °C UTCI, times vulnerability_factor",
    "rank": "1 is the worst; ties share one",
    "rank_low, rank_high": "between which the rank lies in nine of ten draws of other weights",
    "reason_*": "person K h that heat_person_kh would be less without it; they overlap",
    "hours, times": "local hour, and time, at which each interval begins",
    "utci_c, tmrt_c, pet_c": "°C, means of the intervals",
    "utci_low_c, utci_high_c": "°C, between which UTCI lies in 90 % of all cases",
    "sun_fraction": "share of the sun's beam that arrives, 0 by night, null where unknown",
    "person_minutes": "persons min in each interval",
    "stand_site, stand_lon_lat": "the coolest waiting place within 30 m: whose it is, and where",
}

_FORMULA = ("=", "+", "-", "@")  # a spreadsheet would run these, also in their wide forms


_FULL_BYTES = 1_000_000  # a disk with less is full: an empty GeoPackage has 0.1 MB


def tell_kind(kind: str, words: Words) -> str:
    """Say a kind of site in words; one that we have none for, as it is written."""
    term = f"kind_{kind}"
    return words(term) if term in HEAT_TERMS else kind


def tabulate_score(score: Score, *, zone: str) -> gpd.GeoDataFrame:
    """
    Lay a score out as a table, one row a site, in degrees (EPSG:4326).

    Parameters
    ----------
    score
        Of one day.
    zone
        Time zone by its name, in which hours are told.

    Returns
    -------
    GeoDataFrame
        Columns as in `UNITS`, with ``site_id, name, label, kind, shelter, lon, lat``; those of
        `NESTED` hold lists. What is unknown is None, never 0.
    """
    sites = score.sites
    lon, lat = _round(sites.longitude_deg, 7), _round(sites.latitude_deg, 7)
    text = sites.table
    columns = {
        **{name: _texts(text[name]) for name in ("site_id", "name", "label", "kind", "shelter")},
        "shelter_is_mixed": sites.is_mixed.tolist(),
        **_tell_levels(score, zone),
        **_tell_risk(score),
        **_tell_hours(score, zone),
        "lon": lon,
        "lat": lat,
    }
    table = pd.DataFrame({name: _as_column(cells) for name, cells in columns.items()})
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def describe_score(score: Score, atlas: Atlas) -> dict[str, Any]:
    """Say whose data a score rests on, under which licence, what it assumes and what it means."""
    credit = find_credit(atlas)
    begins = score.hazard.begins.tz_convert(atlas.zone)
    words = Words("en", HEAT_TERMS)
    return {
        **credit,
        "attribution": "; ".join([credit["attribution"], *score.attribution]),
        "city": atlas.city.name,
        "day": f"{begins[len(begins) // 2]:%Y-%m-%d}",
        "time_zone": atlas.city.zone,
        "step_h": score.hazard.step_h,
        "weather": score.weather.source,
        "notes": list(score.notes),
        "warning": f"{words('not_official')}. {words('dwd')}".replace("\N{NO-BREAK SPACE}", " "),
        "rounded_to_digits": DIGITS,
        "units": dict(UNITS),
    }


def write_score(score: Score, atlas: Atlas, path: Path) -> None:
    """
    Write a score, whole or not at all, as its file's ending says.

    What it rests on stands in the members of a ``.geojson``, in the metadata of the ``.parquet``
    and of the layer of a ``.gpkg``, and beside a ``.csv`` in ``FILE.csv-metadata.json``.

    Raises
    ------
    SourceError
        If nothing can be written there.
    """
    table = tabulate_score(score, zone=atlas.city.zone)
    about = describe_score(score, atlas)
    write = {
        ".geojson": _write_geojson,
        ".csv": _write_csv,
        ".gpkg": _write_gpkg,
        ".parquet": _write_parquet,
    }
    write[path.suffix.lower()](table, about, path)


# --- columns


def _tell_levels(score: Score, zone: str) -> dict[str, Any]:
    """Tell each site's worst hour, and its levels then."""
    hazard = score.hazard
    worst, site = hazard.worst_time, np.arange(hazard.n_sites)
    level = hazard.level[worst, site]
    begins = hazard.begins.tz_convert(zone)
    english, german = Words("en", HEAT_TERMS), Words("de", HEAT_TERMS)
    highest = hazard.utci_c[worst, site]
    return {
        "level": [int(value) for value in level],
        "level_word": [english(f"level_{value}") for value in level],
        "level_word_de": [german(f"level_{value}") for value in level],
        "level_probability": _lists(hazard.level_probability[worst, site], 6),
        "worst_hour": [int(begins[row].hour) for row in worst],
        "worst_time": [begins[row].isoformat(timespec="minutes") for row in worst],
        "utci_max_c": _round_felt(highest).tolist(),
        "tmrt_max_c": _round(hazard.tmrt_c.max(axis=0)),
        "pet_max_c": _round(hazard.pet_c.max(axis=0)),
        "hours_utci_above_32": _round(hazard.hours_above(32.0)),
        "degree_hours_above_32": _round(hazard.degree_hours_above_32),
        "sky_view_factor": _round(hazard.sky_view_factor),
    }


def _tell_risk(score: Score) -> dict[str, Any]:
    """Tell who is there, how vulnerable, and what comes of it."""
    risk = score.risk
    return {
        "persons": _round(score.exposure.persons),
        "exposure_tier": _texts(score.exposure.tier),
        "vulnerability_factor": _round(score.vulnerability.factor, 4),
        "vulnerability_tier": _texts(score.vulnerability.tier),
        "heat_person_kh": _round(risk.heat_person_kh, 4),
        "rank": risk.rank.tolist(),
        "rank_low": risk.rank_low.tolist(),
        "rank_high": risk.rank_high.tolist(),
        **{f"reason_{cause}": _round(heat, 4) for cause, heat in risk.reasons.items()},
    }


def _tell_hours(score: Score, zone: str) -> dict[str, Any]:
    """Tell the intervals of the day, a list a site."""
    hazard, sites = score.hazard, score.sites
    begins = hazard.begins.tz_convert(zone)
    hours = [int(begin.hour) for begin in begins]
    times = [begin.isoformat(timespec="minutes") for begin in begins]
    back = pyproj.Transformer.from_crs(sites.crs, "EPSG:4326", always_xy=True)
    places = np.column_stack(back.transform(*sites.xy.T)).round(6)
    whose = sites.table["site_id"].to_numpy(object)[sites.waiting["site"].to_numpy(np.int64)]
    stand = hazard.stand.T
    return {
        "hours": [hours] * sites.n_sites,
        "times": [times] * sites.n_sites,
        "utci_c": _round_felt(hazard.utci_c.T).tolist(),
        "utci_low_c": _lists(hazard.utci_low_c.T),
        "utci_high_c": _lists(hazard.utci_high_c.T),
        "tmrt_c": _lists(hazard.tmrt_c.T),
        "pet_c": _lists(hazard.pet_c.T),
        "sun_fraction": _lists(hazard.sun_fraction.T),
        "person_minutes": _lists(score.exposure.person_minutes.T),
        "stand_site": whose[stand].tolist(),
        "stand_lon_lat": places[stand].tolist(),
    }


def _round(values: NDArray[np.float64], digits: int = DIGITS) -> list[float | None]:
    rounded = np.round(np.asarray(values, float), digits) + 0.0  # and no -0.0
    return [float(value) if np.isfinite(value) else None for value in rounded]


def _lists(rows: NDArray[np.float64], digits: int = DIGITS) -> list[list[float | None]]:
    return [_round(row, digits) for row in rows]


def _round_felt(utci_c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round UTCI, but never into the next level, so that level and number agree."""
    rounded = np.round(utci_c, DIGITS)
    crossed = find_level(rounded) > find_level(utci_c)
    agreed: NDArray[np.float64] = np.round(rounded - np.where(crossed, 10.0**-DIGITS, 0.0), DIGITS)
    return agreed


def _texts(cells: Any) -> list[str | None]:  # noqa: ANN401 - a column or an array of text
    return [None if pd.isna(cell) else str(cell) for cell in cells]


def _as_column(cells: Sequence[Any]) -> pd.Series[Any]:
    """Keep lists and None as they are, numbers as numbers."""
    if cells and all(isinstance(cell, int | float) for cell in cells):
        return pd.Series(cells)
    column = np.empty(len(cells), dtype=object)
    column[:] = list(cells) if not cells or not isinstance(cells[0], list) else [None] * len(cells)
    for row, cell in enumerate(cells):
        column[row] = cell
    return pd.Series(column, dtype=object)


# --- files


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


def _write_csv(table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path) -> None:
    """Write the table, and beside it what it rests on, as CSV on the Web names it."""
    flat = _flatten(pd.DataFrame(table.drop(columns="geometry")))
    for name in ("site_id", "name", "label"):
        flat[name] = [_disarm(cell) for cell in flat[name]]
    flat["licence"], flat["attribution"] = about["licence"], about["attribution"]
    beside = path.with_name(f"{path.name}-metadata.json")
    with draft_file(beside) as note, draft_file(path) as draft:
        note.write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
        flat.to_csv(draft, index=False, lineterminator="\n")


def _write_gpkg(table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path) -> None:
    flat = gpd.GeoDataFrame(_flatten(table), geometry="geometry", crs=table.crs)
    told = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in about.items()
    }
    with draft_file(path) as draft:
        try:
            pyogrio.write_dataframe(
                flat,
                draft,
                layer="sites",
                driver="GPKG",
                layer_metadata=told,
                layer_options={"DESCRIPTION": f"{about['attribution']}; {about['licence']}"},
            )
        except (DataSourceError, DataLayerError) as error:  # GDAL does not pass on the system's
            is_full = shutil.disk_usage(path.parent).free < _FULL_BYTES
            reason = os.strerror(errno.ENOSPC) if is_full else "GDAL could not write all of it"
            msg = f"Cannot write {str(path)!r}: {reason}; name another file."
            raise SourceError(msg) from error


def _write_parquet(table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path) -> None:
    table.attrs = dict(about)
    with draft_file(path) as draft:
        table.to_parquet(draft)


def _flatten(table: pd.DataFrame) -> pd.DataFrame:
    """Write lists as JSON text."""
    flat = table.copy()
    for name in NESTED:
        flat[name] = [json.dumps(cell, ensure_ascii=False) for cell in table[name]]
    return flat


def _disarm(cell: Any) -> Any:  # noqa: ANN401 - a cell of text, or None
    """Keep a spreadsheet from running a name as a formula, whatever unseen stands before it."""
    if not isinstance(cell, str) or not cell:
        return cell
    # NFKC makes of the wide signs of Chinese and Japanese keyboards the usual ones.
    seen = "".join(
        sign
        for sign in unicodedata.normalize("NFKC", cell)
        if not sign.isspace() and not unicodedata.category(sign).startswith("C")
    )
    return f"'{cell}" if seen.startswith(_FORMULA) or cell[0] in "\t\r\n" else cell
