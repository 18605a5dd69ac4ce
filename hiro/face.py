"""What the browser is told of a city's heat: numbers and names, once a city and day, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray

from solarpass.map.payload import city_payload
from solarpass.map.scene import Scene
from solarpass.map.server import city_address
from solarpass.words import Words

from .city_terms import CITY_TERMS
from .district import Districts
from .export import list_ranks
from .hazard import HazardModel
from .palette import LEVEL_FILLS, LEVEL_LABELS, UNKNOWN_FILL, UNKNOWN_LABEL
from .plan_face_terms import PLAN_FACE_TERMS
from .plan_terms import PLAN_TERMS
from .query import SIEVE_KEYS, HeatQuery
from .report_face import REPORT_PAGE_TERMS, SHOWN_TERMS
from .score import Score
from .sift import NEAR_M, find_hottest, list_digits, name_districts
from .site import Sites
from .terms import HEAT_TERMS
from .weather import Weather, design_date

UNKNOWN_LEVEL: Final = "?"
LEVELS: Final = "01234"

# What may be said of a measure, of the terms of plans
WARNINGS: Final = (
    *("closed_clear_shelter", "bright_without_shade", "mist_in_humid_air", "worse_than_before"),
    *("crown_keeps_night_warm", "hotter_at_its_hottest", "serves_note"),
)
FACE_TERMS: Final = {
    **HEAT_TERMS,
    **CITY_TERMS,
    **PLAN_FACE_TERMS,
    **{term: PLAN_TERMS[term] for term in WARNINGS},
    **{term: REPORT_PAGE_TERMS[term] for term in SHOWN_TERMS},
}
USUAL_EUR: Final = 150_000  # the budget of a plan at first: that of the design

HERE_M: Final = 2.0  # from where a site is shown it is the place itself; our choice
SUMMER_DAYS: Final = 60  # from the design day, before and after; our choice
DESIGN_SOURCE: Final = "design day"  # what the source of an assumed day begins with
# Terms of the map's own that this face says as well
SHARED_TERMS: Final = ("zoom_in", "zoom_out", "legend", "edge_of_data", "city", "date")


def face_payload(
    scene: Scene,
    query: HeatQuery,
    words: Words,
    *,
    address: str,
    plan: str,
    report: str = "",
    missing: str = "",
    warnings: Mapping[str, Any] | None = None,
    cities: Mapping[str, str],
    city: str,
    is_summer: bool = True,
) -> dict[str, Any]:
    """
    Tell the face what it shows; the heat itself it fetches.

    Parameters
    ----------
    scene
        The city.
    query
        What is looked at.
    words
        The language.
    address
        Where the heat lies.
    plan
        Folder in which measures and plans lie.
    report
        Folder in which reports lie.
    missing
        Where it lies where shade is missing.
    warnings
        By `hiro.warning.tell_warnings`.
    cities, city
        What the cities to choose from are called in the link, and on the page; the chosen one.
    is_summer
        Whether a hot day is to be expected on the query's: see `is_summer`.
    """
    said = {"city": scene.city.name}
    base = city_payload(scene, words)
    del base["layers"]["streets"]  # how sunny they are is the walker's
    return {
        "city": base,
        "cities": [{"key": key, "name": name} for key, name in cities.items()],
        "city_key": city,
        "language": words.language,
        "other_language": words.other,
        "other_language_name": words("other_language"),
        "heat": address,
        "plan": plan,
        "report": report,
        "missing": missing,
        "warnings": None if warnings is None else dict(warnings),
        "places": f"{city_address(scene)}/places",
        "usual_budget": USUAL_EUR,
        "day": query.day.isoformat(),
        "day_text": words.date(datetime.combine(query.day, time())),
        "is_summer": is_summer,
        "hour": query.hour,
        "site": query.site,
        "budget": query.budget,
        "upkeep": query.upkeep,
        "fair": query.fair,
        "only": query.only,
        "shade": query.shade,
        "sieve": {key: query.sieve.to_query().get(key) for key in SIEVE_KEYS},
        "near_m": NEAR_M,
        "near_name": scene.name_near(query.sieve.near) if query.sieve.near else None,
        "faults": [words(term, **said) for term in query.faults],
        "levels": tell_levels(words),
        "reach_m": HazardModel().stand_m,
        "words": {term: words(term) for term in (*FACE_TERMS, *SHARED_TERMS)},
    }


def is_summer(day: date, latitude_deg: float) -> bool:
    """Tell whether a day lies near the design day of some year, so that its air may be so hot."""
    years = (day.year - 1, day.year, day.year + 1)
    away = (abs((day - design_date(latitude_deg, year)).days) for year in years)
    return min(away) <= SUMMER_DAYS


def tell_levels(words: Words) -> list[dict[str, str]]:
    """List the levels with their words and colours, the unknown last."""
    rows = zip(LEVELS, LEVEL_FILLS, LEVEL_LABELS, strict=True)
    told = [
        {"digit": digit, "word": words(f"level_{digit}"), "colour": colour, "ink": ink}
        for digit, colour, ink in rows
    ]
    word = words("level_unknown")
    last = {"digit": UNKNOWN_LEVEL, "word": word, "colour": UNKNOWN_FILL, "ink": UNKNOWN_LABEL}
    return [*told, last]


def heat_table(
    score: Score, *, zone: ZoneInfo, day: date, districts: Districts | None = None
) -> dict[str, Any]:
    """
    Write all that is known of a day's heat at the objects, in no language.

    Parameters
    ----------
    score, zone, day
        The heat, and of which day in which time zone.
    districts
        Of the objects; None: there are none to choose from.

    Returns
    -------
    ``hours`` (``n_times`` wall-clock times at which the intervals begin), ``hottest`` (row of the
    hour that is hottest on average), ``sites`` (columns of ``n_sites``; hourly ones hold a list
    a site) and ``places`` (waiting places that somewhere are the best). What is not known is
    None, and ``?`` among the levels; never 0. Temperatures in °C, shares in percent.
    """
    hazard, sites = score.hazard, score.sites
    begins = hazard.begins.tz_convert(zone)
    used, rows = np.unique(hazard.stand, return_inverse=True)
    stand_utci_c = np.take_along_axis(hazard.waiting_utci_c, hazard.stand, axis=1)
    return {
        "day": day.isoformat(),
        "hours": [f"{begin:%H:%M}" for begin in begins],
        "hottest": find_hottest(score),
        "weather": _tell_weather(score.weather),
        "credits": list(score.attribution),
        "sites": {
            **_tell_sites(score),
            "district": _tell_districts(score, districts),
            **_tell_hours(score),
            "stand": rows.reshape(hazard.stand.shape).T.tolist(),
            "stand_of": _tell_whose(score),
            "stand_utci": _round(stand_utci_c.T, 1),
            "reasons": {name: _round(value, 3) for name, value in score.reasons.items()},
        },
        "places": _tell_places(sites, used),
        "is_mapped": districts is not None and districts.is_mapped,
    }


def _tell_districts(score: Score, districts: Districts | None) -> list[str | None]:
    if districts is None:
        return [None] * score.sites.n_sites
    return list(name_districts(districts))


def _tell_sites(score: Score) -> dict[str, Any]:
    """Columns of what does not hang on the hour."""
    sites, hazard, risk = score.sites, score.hazard, score.risk
    known = np.atleast_1d(np.isfinite(hazard.utci_c).any(axis=0))
    return {
        "id": sites.table["site_id"].astype(str).tolist(),
        "name": _texts(sites, "name"),
        "label": _texts(sites, "label"),
        "kind": sites.table["kind"].astype(str).tolist(),
        "shelter": np.where(sites.is_mixed, "mixed", sites.table["shelter"].astype(str)).tolist(),
        "longitude": _round(sites.longitude_deg, 6),
        "latitude": _round(sites.latitude_deg, 6),
        **{name: list_ranks(getattr(risk, name)) for name in ("rank", "rank_low", "rank_high")},
        "burden": _round(risk.heat_person_kh, 3),
        "persons": _round(score.exposure.persons, 1),
        "persons_from": [str(tier) for tier in score.exposure.tier],
        "age": _round(score.vulnerability.factor, 2),
        "age_from": [str(tier) for tier in score.vulnerability.tier],
        "sky_view": _round(100.0 * hazard.sky_view_factor, 0),
        "above_32": _round(np.where(known, hazard.hours_above(32.0), np.nan), 1),
        "worst": [
            int(row) if is_known else None
            for row, is_known in zip(hazard.worst_time.tolist(), known.tolist(), strict=True)
        ],
    }


def _texts(sites: Sites, column: str) -> list[str | None]:
    """Read a column of texts; None where there is none, or it only repeats the id."""
    if column not in sites.table:
        return [None] * sites.n_sites
    pairs = zip(sites.table[column], sites.table["site_id"], strict=True)
    return [text if isinstance(text, str) and text != site_id else None for text, site_id in pairs]


def _tell_hours(score: Score) -> dict[str, Any]:
    """Columns of lists by the hour, and the levels as a text of digits."""
    hazard = score.hazard
    known = np.isfinite(hazard.utci_c) & (hazard.level >= 0)
    level = np.where(known, hazard.level, 0)
    share = np.take_along_axis(hazard.level_probability, level[..., None], axis=2)[..., 0]
    return {
        "levels": ["".join(of_site) for of_site in list_digits(score).T.tolist()],
        "sure": _round(np.where(known, 100.0 * share, np.nan).T, 0),
        # Down, so that what is told never is of another level than the digit says.
        "utci": _round(np.floor(10.0 * hazard.utci_c.T) / 10.0, 1),
        "low": _round(hazard.utci_low_c.T, 1),
        "high": _round(hazard.utci_high_c.T, 1),
        "sun": _round(100.0 * hazard.sun_fraction.T, 0),
    }


def _tell_whose(score: Score) -> list[str]:
    """
    Tell by the hour whose the best waiting place is.

    Returns
    -------
    A text of digits a site: 0 where the site is shown, 1 another of its own, 2 another site's.
    """
    sites, stand = score.sites, score.hazard.stand
    marker = shapely.get_coordinates(np.asarray(sites.table.geometry))
    away_m = np.linalg.norm(sites.xy[stand] - marker, axis=2)
    is_own = sites.waiting["site"].to_numpy(np.int64)[stand] == np.arange(sites.n_sites)
    whose = np.where(is_own, np.where(away_m > HERE_M, "1", "0"), "2")
    return ["".join(of_site) for of_site in whose.T.tolist()]


def _tell_places(sites: Sites, rows: NDArray[np.int64]) -> dict[str, Any]:
    """Columns of some waiting places."""
    points = sites.waiting.geometry.iloc[rows].to_crs("EPSG:4326")
    return {
        "longitude": _round(points.x.to_numpy(), 6),
        "latitude": _round(points.y.to_numpy(), 6),
        "shelter": sites.waiting["shelter"].iloc[rows].astype(str).tolist(),
        "kind": sites.table["kind"].iloc[sites.waiting["site"].iloc[rows]].astype(str).tolist(),
    }


def _tell_weather(weather: Weather) -> dict[str, Any]:
    """Tell the assumed day in numbers, so that it is said in any language."""
    return {
        "is_assumed": weather.source.startswith(DESIGN_SOURCE),
        "source": weather.source,
        "air": round(float(weather.air_temperature_c.max())),
        "vapour": round(float(weather.vapour_pressure_hpa.mean())),
        "wind": round(float(weather.wind_m_s.mean()), 1),
    }


def _round(values: NDArray[Any], digits: int) -> list[Any]:
    """Round for the wire; what is not finite becomes None."""
    rounded = np.round(np.asarray(values, np.float64), digits)
    told = rounded.astype(object)
    told[~np.isfinite(rounded)] = None
    if digits == 0:
        told[np.isfinite(rounded)] = rounded[np.isfinite(rounded)].astype(int)
    return list(told.tolist())


def _whole(values: NDArray[Any]) -> list[int | None]:
    return [int(value) if np.isfinite(value) else None for value in np.asarray(values, np.float64)]
