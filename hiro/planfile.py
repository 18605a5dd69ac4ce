"""Plan files: a plan as JSON, CSV, GeoJSON and GeoPackage, with licence and what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from solarpass.atlas import Atlas
from solarpass.draft import draft_file

from . import balance as accounts
from .balance import draw_balance, tabulate_balance
from .export import describe_score
from .level import N_LEVELS, find_level
from .measure import Measure
from .option import SERVED
from .piece import list_pieces
from .proposal import Proposal, tabulate_plan
from .tablefile import write_table

ENDINGS = {".json", ".csv", ".geojson", ".gpkg"}

LISTS = (
    *("measures", "pieces", "to_check", "to_check_de", "warnings", "warnings_de"),
    "spots_lon_lat",
)
"""Columns of lists, which CSV and GeoPackage hold as JSON text."""

NAMES = (
    *("site_id", "name", "label", "kind", "district", "measure_names", "measure_names_de"),
    *("reason", "reason_de", "responsible", "responsible_de"),
)
"""Columns of text that others wrote, or in which it stands."""

UNITS: Mapping[str, str] = {
    "year": "1 is the first year of the plan",
    "measures": "ids of the catalogue, all at once",
    "pieces": "of each measure how many (n) of what its price is for (unit: place is a waiting "
    "place, site the whole site, m2 a square metre), and the typical price of one (eur_each, €): "
    "n times eur_each, each to the euro, add up to cost_eur",
    "cost_eur, cost_low_eur, cost_high_eur": "€, typical, and between which ends",
    "upkeep_eur_per_year": "€ a-1",
    "price_is_estimate": "whether a price in it is an estimate and no reported one",
    "relief_person_kh": "persons K h of the day taken away, discounted mean over the horizon; of "
    "later years by what is left of it",
    "relief_grown_person_kh": "persons K h of the day taken away once all has grown",
    "heat_person_kh": "persons K h above 32 °C UTCI as it is, times vulnerability",
    "person_hours": "persons h of the day",
    "level_before, level_after": "0 none, 1 moderate, 2 strong, 3 very strong, 4 extreme: by the "
    "hottest interval, after once all has grown; no official warning",
    "utci_max_before_c, utci_max_after_c": "°C, the highest of the intervals' means",
    "feasibility": "ok or check: what must be checked stands in to_check",
    "stable_share": "share of draws of other effects, prices and weights in which the site keeps "
    "these measures; null if that was not tried",
    "site_share": "share of those draws in which it gets any measures",
    "is_sure": "whether it keeps them in nearly all draws: a sure recommendation",
    "spots_lon_lat": "where crowns are planted, or where one is moved to wait",
    "bound_person_kh": "persons K h that no plan under the same wishes can exceed",
    "gap": "what may be missing to that, as a share of it",
    "price_of_equity_pct": "% less than the best plan without floors; null without floors",
}

NOT_CONSIDERED = (
    "Pipes, owners, heritage and wires are not on the map: check what stands under to_check.",
    "Prices are no offers; grants, rising prices and the staff of the city are not in them.",
    "How many find room in the shade that is built: all who are at its places count as in it.",
    "Each site is scored by itself: shade that reaches a neighbouring site is not counted there.",
    "Only heat by daylight counts: not nights, rain, air, animals, plants, nor how a place looks.",
    "Nobody is taken to come because it is cooler, and the climate is taken to stay as it is.",
)
"""Of every plan, in sentences."""

_DIGITS = 4
_SHARE_DIGITS = 9


def describe_plan(proposal: Proposal, atlas: Atlas) -> dict[str, Any]:
    """Tell a plan without its works: sums, bound, balance, sources, and what it rests on."""
    plan = proposal.plan
    return {
        "budget_eur": plan.wishes.budget_eur,
        "cost_eur": plan.cost_eur,
        "upkeep_eur_per_year": plan.upkeep_eur_per_year,
        "relief_person_kh": round(plan.relief_person_kh, _DIGITS),
        "bound_person_kh": round(plan.bound_person_kh, _DIGITS),
        "gap": round(plan.gap, _SHARE_DIGITS),
        "price_of_equity_pct": _round(plan.price_of_equity_pct),
        "status": plan.status,
        "n_works": len(plan),
        "credit_person_kh": round(plan.credit_person_kh, _DIGITS),
        "served_person_h": {
            kind: round(float(hours), _DIGITS)
            for kind, hours in zip(SERVED, plan.served_person_h, strict=True)
        },
        "wishes": _tell_wishes(proposal),
        "balance": _tell_balance(proposal),
        "robustness": None if proposal.robustness is None else proposal.robustness.tell(),
        "districts_source": None if proposal.districts is None else proposal.districts.source,
        "measures": [
            {**_tell_measure(measure), "n_units": _count(proposal, measure)}
            for measure in _list_measures(proposal)
        ],
        "exposure_tiers": _count_tiers(proposal),
        "not_considered": list(NOT_CONSIDERED),
        **_tell_grounds(proposal, atlas),
    }


def write_plan(proposal: Proposal, atlas: Atlas, path: Path) -> None:
    """
    Write a plan, whole or not at all, as its file's ending says; the same plan, the same bytes.

    Parameters
    ----------
    proposal
        The plan.
    atlas
        The city.
    path
        Ends in one of `ENDINGS`. What a plan is beside its works stands in the members of
        ``.json`` and ``.geojson``, in the metadata of the layer of a ``.gpkg``, and beside a
        ``.csv`` in ``FILE.csv-metadata.json``.

    Raises
    ------
    SourceError
        If nothing can be written there.
    """
    table, about = tabulate_plan(proposal), describe_plan(proposal, atlas)
    if path.suffix.lower() == ".json":
        _write_json(table, about, path)
    else:
        write_table(table, about, path, layer="plan", nested=LISTS, names=NAMES)


def _write_json(table: gpd.GeoDataFrame, about: Mapping[str, Any], path: Path) -> None:
    sites = pd.DataFrame(table.drop(columns="geometry")).to_dict("records")
    told = dict(about)
    head = {key: told.pop(key) for key in list(told)[:7]}  # the sums first, then the works
    text = json.dumps({**head, "sites": sites, **told}, ensure_ascii=False, allow_nan=False)
    with draft_file(path) as draft:
        draft.write_text(f"{text}\n", encoding="utf-8")


# --- what stands beside the works


def _count_tiers(proposal: Proposal) -> dict[str, int]:
    """Count the sites by what it is known from how many people are there."""
    tiers, counts = np.unique(proposal.score.exposure.tier.astype(str), return_counts=True)
    return dict(zip(tiers.tolist(), counts.tolist(), strict=True))


def _round(number: float | None, digits: int = _DIGITS) -> float | None:
    return None if number is None or not np.isfinite(number) else round(float(number), digits)


def _tell_wishes(proposal: Proposal) -> dict[str, Any]:
    wishes = proposal.plan.wishes
    floors = wishes.floors
    return {
        "upkeep_eur_per_year": wishes.upkeep_eur_per_year,
        "floors": None if floors is None else {"way": floors.way, "alpha": floors.alpha},
        "fixed_in": {site: list(bundle) for site, bundle in sorted(wishes.fixed_in.items())},
        "fixed_out": sorted(wishes.fixed_out),
        "at_least": dict(sorted(wishes.at_least.items())),
        "most_a_year": wishes.most_a_year,
        "n_years": wishes.n_years,
        "coverage": wishes.coverage is not None,
        "fewest_hot": wishes.fewest_hot,
        "horizon_years": proposal.options.horizon_years,
    }


def _tell_balance(proposal: Proposal) -> dict[str, Any]:
    """Tell before and after, in all and by district, there with its floor."""
    drawn = draw_balance(proposal.options, proposal.plan, districts=proposal.districts)
    rows = [
        {name: _round(cell) if isinstance(cell, float) else cell for name, cell in row.items()}
        for row in tabulate_balance(drawn).astype(object).to_dict("records")
    ]
    floors = proposal.plan.wishes.floors
    for place, row in enumerate(rows[1:]):
        is_due = floors is not None and floors.way == "spend" and place < floors.n_districts
        row["floor_eur"] = int(proposal.plan.floor_eur[place]) if is_due else None
    return {
        "together": _tell_together(proposal),
        "total": rows[0],
        "districts": rows[1:],
        "notes": list(drawn.notes),
        "units": dict(accounts.UNITS),
    }


def _tell_together(proposal: Proposal) -> dict[str, Any] | None:
    """Tell how it is once all works stand and have grown, scored at once, not added up."""
    if proposal.together is None:
        return None
    options, together = proposal.options, proposal.together
    worst = find_level(together.utci_c.max(axis=0, initial=-np.inf))
    after = float(together.heat_person_kh.sum())
    return {
        "sites_by_level": np.bincount(worst, minlength=N_LEVELS).tolist(),
        "heat_person_kh": _round(after),
        "relief_grown_person_kh": _round(float(options.heat_person_kh.sum()) - after),
    }


def _list_measures(proposal: Proposal) -> list[Measure]:
    """List the measures of the plan, in the catalogue's order."""
    used = {one for row in proposal.plan.rows for one in proposal.options.measures[row]}
    return [measure for measure in proposal.catalogue.measures if measure.measure_id in used]


def _count(proposal: Proposal, measure: Measure) -> float | int | None:
    """Count what a measure's price is for over all works; None where that is not told."""
    options = proposal.options
    if not options.units:
        return None
    n = sum(
        piece.n
        for row in proposal.plan.rows.tolist()
        for piece in list_pieces(options, row, proposal.catalogue)
        if piece.measure == measure.measure_id
    )
    n = round(n, 1)  # the sum of tenths of m²
    return int(n) if float(n).is_integer() else n


def _tell_measure(measure: Measure) -> dict[str, Any]:
    """Tell a measure with the source of each of its numbers."""
    return {
        "measure_id": measure.measure_id,
        "name": dict(measure.name),
        "family": measure.family,
        "group": measure.group,
        "price_per": measure.per,
        "price_is_estimate": measure.is_estimate,
        "responsible": dict(measure.responsible),
        "figures": {
            quantity: {**asdict(figure), "is_estimate": figure.source_kind == "estimate"}
            for quantity, figure in measure.figures.items()
        },
    }


def _tell_grounds(proposal: Proposal, atlas: Atlas) -> dict[str, Any]:
    """Tell whose data a plan rests on, under which licence, and what was assumed."""
    about = describe_score(proposal.score, atlas)
    districts, beside_score = proposal.districts, dict(proposal.about_beside or {})
    beside = () if districts is None else districts.attribution
    notes = (
        *([] if districts is None else districts.notes),
        *proposal.plan.notes,
        *proposal.judgement.notes,
        *proposal.options.notes,
        *about["notes"],
    )
    return {
        **about,
        "attribution": "; ".join([about["attribution"], *beside]),
        "catalogue": proposal.catalogue.source,
        "notes": list(dict.fromkeys(notes)),
        **beside_score,
        "units": {**UNITS, **beside_score.get("units", {})},
    }
