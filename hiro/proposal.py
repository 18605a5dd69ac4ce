"""Proposals: a plan with all it rests on, each work told in words, German and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from solarpass.words import Words

from .balance import find_relief
from .catalogue import Catalogue
from .district import Districts
from .ensemble import Ensemble
from .feasibility import CHECK, Judgement, tell
from .level import find_level
from .option import VERDICTS, Options
from .piece import list_pieces, name_measures
from .plan import Plan
from .plan_terms import PLAN_TERMS
from .reason import tell_reason
from .robust import Robustness
from .score import Score
from .tablefile import DIGITS, list_texts, make_column, round_felt, round_lists, round_numbers
from .terms import HEAT_TERMS

Rows = NDArray[np.int64]

_LANGUAGES = ("en", "de")
_HEAT_DIGITS = 4  # as in a score


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """
    A plan, and all that is told with it.

    Attributes
    ----------
    score
        Of the day.
    options, plan
        What may be done, and what shall be.
    catalogue
        Of the measures.
    judgement
        Whether each measure can be at each site.
    districts
        Of the sites, None where nobody asked.
    robustness
        How sure the plan is, None where that was not tried.
    together
        All its works scored once more at once, None where that was not done.
    beside, about_beside
        More columns, row for row of the sites, as of `hiro.weighing`, and what to tell of them.
    """

    score: Score
    options: Options
    plan: Plan
    catalogue: Catalogue
    judgement: Judgement
    districts: Districts | None = None
    robustness: Robustness | None = None
    together: Ensemble | None = None
    beside: Mapping[str, Sequence[Any]] | None = None
    about_beside: Mapping[str, Any] | None = None


def tabulate_plan(proposal: Proposal) -> gpd.GeoDataFrame:
    """
    Lay a plan out as a table, one row a work, in degrees (EPSG:4326).

    Rows are in the order of years, then of relief, the most first.

    Returns
    -------
    GeoDataFrame
        Columns as in `hiro.planfile.UNITS`, with ``site_id, name, label, kind, lon, lat``; those
        of `hiro.planfile.NESTED` hold lists. What is unknown is None, never 0.
    """
    options, plan = proposal.options, proposal.plan
    relief = find_relief(options, plan)
    order = np.lexsort((plan.rows, -relief, plan.year))
    rows = plan.rows[order]
    sites = options.site[rows]
    text = proposal.score.sites.table.iloc[sites]
    lon = round_numbers(proposal.score.sites.longitude_deg[sites], 7)
    lat = round_numbers(proposal.score.sites.latitude_deg[sites], 7)
    columns = {
        **{name: list_texts(text[name]) for name in ("site_id", "name", "label", "kind")},
        "district": _tell_districts(proposal, sites),
        "year": (plan.year[order] + 1).tolist(),
        "measures": [list(options.measures[row]) for row in rows],
        "pieces": [
            [piece.tell() for piece in list_pieces(options, int(row), proposal.catalogue)]
            for row in rows
        ],
        "cost_eur": options.cost_eur[rows].tolist(),
        "cost_low_eur": options.cost_low_eur[rows].tolist(),
        "cost_high_eur": options.cost_high_eur[rows].tolist(),
        "upkeep_eur_per_year": options.upkeep_eur_per_year[rows].tolist(),
        "price_is_estimate": [_is_estimate(proposal, int(row)) for row in rows],
        "relief_person_kh": round_numbers(relief[order], _HEAT_DIGITS),
        "relief_grown_person_kh": round_numbers(options.relief_grown_person_kh[rows], _HEAT_DIGITS),
        "heat_person_kh": round_numbers(options.heat_person_kh[sites], _HEAT_DIGITS),
        "person_hours": round_numbers(options.persons[sites]),
        **_tell_heat(options, rows),
        "feasibility": [VERDICTS[verdict] for verdict in options.verdict[rows]],
        **_tell_sure(proposal, sites),
        **_tell_beside(proposal, sites),
        **_tell_words(proposal, order),
        "spots_lon_lat": _tell_spots(proposal, rows),
        "lon": lon,
        "lat": lat,
    }
    table = pd.DataFrame({name: make_column(cells) for name, cells in columns.items()})
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def tell_measures(proposal: Proposal, row: int, language: str) -> str:
    """Name the measures of an option, with how many there are of each where that is told."""
    return " + ".join(name_measures(proposal.options, row, proposal.catalogue, language))


def tell_checks(proposal: Proposal, row: int, language: str) -> list[str]:
    """List what must be checked before an option can be built."""
    at = {measure_id: place for place, measure_id in enumerate(proposal.catalogue.ids)}
    reasons = proposal.judgement.reasons[int(proposal.options.site[row])]
    told = [
        tell(reason, language)
        for measure_id in proposal.options.measures[row]
        for reason in reasons[at[measure_id]]
        if reason.verdict == CHECK
    ]
    return list(dict.fromkeys(told))


# --- columns


def _tell_beside(proposal: Proposal, sites: Rows) -> dict[str, Any]:
    """Tell what stands beside the score of each site, with its rank; nothing by default."""
    if proposal.beside is None:
        return {}
    ranks = proposal.score.risk.rank[sites].tolist()
    more = {name: [cells[row] for row in sites] for name, cells in proposal.beside.items()}
    return {"rank": [rank or None for rank in ranks], **more}


def _is_estimate(proposal: Proposal, row: int) -> bool:
    return any(proposal.catalogue.find(one).is_estimate for one in proposal.options.measures[row])


def _tell_districts(proposal: Proposal, sites: Rows) -> list[str | None]:
    districts = proposal.districts
    if districts is None:
        return [None] * len(sites)
    of = districts.of_site[sites].tolist()
    return [districts.names[place] if place >= 0 else None for place in of]


def _tell_heat(options: Options, rows: Rows) -> dict[str, Any]:
    """Tell each site's worst hour before and after."""
    before = options.utci_before_c[:, options.site[rows]].max(axis=0, initial=-np.inf)
    after = options.utci_after_c[:, rows].max(axis=0, initial=-np.inf)
    return {
        "level_before": find_level(before).tolist(),
        "level_after": find_level(after).tolist(),
        "utci_max_before_c": round_felt(before).tolist(),
        "utci_max_after_c": round_felt(after).tolist(),
    }


def _tell_sure(proposal: Proposal, sites: Rows) -> dict[str, Any]:
    """Tell in which share of draws a site keeps its measures, and any."""
    found = proposal.robustness
    if found is None:
        return dict.fromkeys(("stable_share", "site_share", "is_sure"), [None] * len(sites))
    return {
        "stable_share": round_numbers(found.stable_share[sites], DIGITS),
        "site_share": round_numbers(found.site_share[sites], DIGITS),
        "is_sure": found.is_sure[sites].tolist(),
    }


def _tell_words(proposal: Proposal, order: Rows) -> dict[str, Any]:
    """Tell each work in sentences."""
    rows = proposal.plan.rows[order]
    told: dict[str, Any] = {}
    for language, end in zip(_LANGUAGES, ("", "_de"), strict=True):
        words = Words(language, {**HEAT_TERMS, **PLAN_TERMS})
        told |= {
            f"measure_names{end}": [tell_measures(proposal, int(row), language) for row in rows],
            f"reason{end}": [
                tell_reason(
                    proposal.options, proposal.plan, int(k), language, causes=proposal.score.reasons
                )
                for k in order
            ],
            f"to_check{end}": [tell_checks(proposal, int(row), language) for row in rows],
            f"warnings{end}": [
                [words(term) for term in proposal.options.warnings[row]] for row in rows
            ],
            f"responsible{end}": [_tell_responsible(proposal, int(row), language) for row in rows],
        }
    return told


def _tell_responsible(proposal: Proposal, row: int, language: str) -> str:
    found = (proposal.catalogue.find(one) for one in proposal.options.measures[row])
    return "; ".join(dict.fromkeys(measure.responsible[language] for measure in found))


def _tell_spots(proposal: Proposal, rows: Rows) -> list[list[list[float | None]]]:
    """Tell where crowns stand, or where one is moved to, as longitude and latitude."""
    spots = proposal.options.spots or ((),) * len(proposal.options)
    back = pyproj.Transformer.from_crs(proposal.score.sites.crs, "EPSG:4326", always_xy=True)
    told = []
    for row in rows:
        xy = np.array(spots[row], float).reshape(-1, 2)
        told.append(round_lists(np.column_stack(back.transform(*xy.T)).reshape(-1, 2), 6))
    return told
