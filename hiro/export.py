"""Scores as files: GeoJSON, CSV, GeoPackage and GeoParquet, with what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from solarpass.atlas import Atlas
from solarpass.credit import find_credit
from solarpass.words import Words

from .score import Score
from .tablefile import (
    DIGITS,
    list_texts,
    make_column,
    round_felt,
    round_lists,
    round_numbers,
    write_table,
)
from .terms import HEAT_TERMS

ENDINGS = {".geojson", ".csv", ".gpkg", ".parquet"}

NESTED = (
    *("level_probability", "hours", "times", "utci_c", "utci_low_c", "utci_high_c", "tmrt_c"),
    *("pet_c", "sun_fraction", "person_minutes", "stand_site", "stand_lon_lat"),
)
"""Columns of lists, which CSV and GeoPackage hold as JSON text."""

NAMES = ("site_id", "name", "label")
"""Columns of text that others wrote."""

SAVED: Mapping[str, str] = {
    "saved_min": "min in the sun that full shade there saves at least of 1,000 trips drawn by "
    "chance, as the list of sites has it; nobody was counted, and it is no part of the score",
}
"""Columns that stand in a score only where a list of sites has them."""

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


def tell_kind(kind: str, words: Words) -> str:
    """Say a kind of site in words; one that we have none for, as it is written."""
    term = f"kind_{kind}"
    return words(term) if term in HEAT_TERMS else kind


def list_ranks(ranks: NDArray[np.int64]) -> list[int | None]:
    """List ranks, None where the heat is unknown."""
    return [rank if rank > 0 else None for rank in ranks.tolist()]


def tabulate_score(
    score: Score, *, zone: str, beside: Mapping[str, list[Any]] | None = None
) -> gpd.GeoDataFrame:
    """
    Lay a score out as a table, one row a site, in degrees (EPSG:4326).

    Parameters
    ----------
    score
        Of one day.
    zone
        Time zone by its name, in which hours are told.
    beside
        More columns, row for row of the sites; None: none.

    Returns
    -------
    GeoDataFrame
        Columns as in `UNITS` and, where the list of sites has them, `SAVED`, with ``site_id,
        name, label, kind, shelter, lon, lat``; those of `NESTED` hold lists. What is unknown is
        None, never 0.
    """
    sites = score.sites
    lon, lat = round_numbers(sites.longitude_deg, 7), round_numbers(sites.latitude_deg, 7)
    text = sites.table
    columns = {
        **{
            name: list_texts(text[name]) for name in ("site_id", "name", "label", "kind", "shelter")
        },
        "shelter_is_mixed": sites.is_mixed.tolist(),
        **{name: round_numbers(text[name], 3) for name in SAVED if name in text},
        **_tell_levels(score, zone),
        **_tell_risk(score),
        **(beside or {}),
        **_tell_hours(score, zone),
        "lon": lon,
        "lat": lat,
    }
    table = pd.DataFrame({name: make_column(cells) for name, cells in columns.items()})
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
        "units": {**UNITS, **{name: SAVED[name] for name in SAVED if name in score.sites.table}},
    }


def write_score(
    score: Score,
    atlas: Atlas,
    path: Path,
    *,
    kept: NDArray[np.bool_] | None = None,
    beside: Mapping[str, list[Any]] | None = None,
    about_beside: Mapping[str, Any] | None = None,
) -> None:
    """
    Write a score, whole or not at all, as its file's ending says.

    What it rests on stands in the members of a ``.geojson``, in the metadata of the ``.parquet``
    and of the layer of a ``.gpkg``, and beside a ``.csv`` in ``FILE.csv-metadata.json``.

    Parameters
    ----------
    score, atlas
        Of one day, and its city.
    path
        Ends in one of `ENDINGS`.
    kept
        Which sites are written, shape ``(n_sites,)``; None: all.
    beside, about_beside
        More columns, as of `hiro.weighing`, and what to tell of them; None: none.

    Raises
    ------
    SourceError
        If nothing can be written there.
    """
    table = tabulate_score(score, zone=atlas.city.zone, beside=beside)
    table = table if kept is None else table[kept].reset_index(drop=True)
    about = describe_score(score, atlas)
    if about_beside:
        units = about_beside.get("units", {})
        about = {**about, **about_beside, "units": {**about["units"], **units}}
    write_table(table, about, path, layer="sites", nested=NESTED, names=NAMES)


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
        "level_probability": round_lists(hazard.level_probability[worst, site], 6),
        "worst_hour": [int(begins[row].hour) for row in worst],
        "worst_time": [begins[row].isoformat(timespec="minutes") for row in worst],
        "utci_max_c": round_felt(highest).tolist(),
        "tmrt_max_c": round_numbers(hazard.tmrt_c.max(axis=0)),
        "pet_max_c": round_numbers(hazard.pet_c.max(axis=0)),
        "hours_utci_above_32": round_numbers(hazard.hours_above(32.0)),
        "degree_hours_above_32": round_numbers(hazard.degree_hours_above_32),
        "sky_view_factor": round_numbers(hazard.sky_view_factor),
    }


def _tell_risk(score: Score) -> dict[str, Any]:
    """Tell who is there, how vulnerable, and what comes of it."""
    risk = score.risk
    return {
        "persons": round_numbers(score.exposure.persons),
        "exposure_tier": list_texts(score.exposure.tier),
        "vulnerability_factor": round_numbers(score.vulnerability.factor, 4),
        "vulnerability_tier": list_texts(score.vulnerability.tier),
        "heat_person_kh": round_numbers(risk.heat_person_kh, 4),
        **{name: list_ranks(getattr(risk, name)) for name in ("rank", "rank_low", "rank_high")},
        **{f"reason_{cause}": round_numbers(heat, 4) for cause, heat in risk.reasons.items()},
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
        "utci_c": round_felt(hazard.utci_c.T).tolist(),
        "utci_low_c": round_lists(hazard.utci_low_c.T),
        "utci_high_c": round_lists(hazard.utci_high_c.T),
        "tmrt_c": round_lists(hazard.tmrt_c.T),
        "pet_c": round_lists(hazard.pet_c.T),
        "sun_fraction": round_lists(hazard.sun_fraction.T),
        "person_minutes": round_lists(score.exposure.person_minutes.T),
        "stand_site": whose[stand].tolist(),
        "stand_lon_lat": places[stand].tolist(),
    }
