"""What the browser is told of measures and plans: numbers and names, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .balance import draw_balance
from .desk import Desk, Wish
from .feasibility import CHECK, EXCLUDED, OK, Reason, tell
from .gain import Gains, find_useful_eur, rank_offers
from .level import find_level
from .measure import Measure
from .option import SERVED, Options
from .piece import list_pieces, name_measures, tell_each
from .plan import Plan
from .reason import tell_reason
from .robust import Robustness

# Budgets of a slider: round to the eye, each a fifth to a half more than the one before.
MANTISSAS: Final = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
LEAST_EUR: Final = 1_000

UNKNOWN_LEVEL: Final = "?"  # as `hiro.face` has it

Floats = NDArray[np.float64]


def tell_desk(desk: Desk, language: str) -> dict[str, Any]:
    """
    Tell what plans are made from.

    Returns
    -------
    ``steps`` (budgets of the slider, up to what everything useful costs), ``upkeep`` (of
    everything useful), ``names`` (of measures), and how many districts there are.
    """
    cost_eur, upkeep_eur = find_useful_eur(desk.efficient)
    return {
        "steps": list_budgets(cost_eur),
        "upkeep": upkeep_eur,
        "horizon": round(desk.options.horizon_years),
        "n_sites": desk.options.n_sites,
        "n_able": len(np.unique(desk.efficient.site)),
        "n_districts": len(desk.districts),
        "is_mapped": desk.districts.is_mapped,
        "alpha": round(100 * desk.model.alpha),
        "names": {one.measure_id: one.name[language] for one in desk.catalogue.measures},
        "estimates": [one.measure_id for one in desk.catalogue.measures if one.is_estimate],
    }


def list_budgets(most_eur: int) -> list[int]:
    """
    List budgets from 0 to all that is useful, with ever longer steps.

    Examples
    --------
    >>> list_budgets(2700)
    [0, 1000, 1250, 1500, 2000, 2500, 2700]
    """
    steps, decade = [0], LEAST_EUR
    while decade < most_eur:
        steps += [round(part * decade) for part in MANTISSAS if part * decade < most_eur]
        decade *= 10
    return [*steps, most_eur] if most_eur > 0 else steps


# --- one site


def tell_site(desk: Desk, site: int, language: str) -> dict[str, Any]:
    """
    Tell what may be done at one site.

    Returns
    -------
    ``offers`` (single measures and the best bundles, most relief for a euro first), ``worse``
    (what makes it hotter there), and ``excluded`` (what cannot be, with its reasons).
    """
    told = [_tell_offer(desk, int(row), language) for row in rank_offers(desk.options, site)]
    reasons = desk.judgement.reasons[site]
    verdicts = desk.judgement.verdict[site].tolist()
    return {
        "id": desk.options.site_id[site],
        "level": int(desk.gains.level_before[site]),
        "hot_h": round(float(desk.gains.hot_h[site]), 1),
        "horizon": round(desk.options.horizon_years),
        "offers": [one for one in told if not one["is_worse"]],
        "worse": [one for one in told if one["is_worse"]],
        "excluded": [
            {"name": measure.name[language], "reasons": _say(of, EXCLUDED, language)}
            for measure, of, verdict in zip(desk.catalogue.measures, reasons, verdicts, strict=True)
            if verdict == EXCLUDED
        ],
        "withheld": [measure.name[language] for measure in desk.catalogue.withheld],
    }


def _tell_offer(desk: Desk, row: int, language: str) -> dict[str, Any]:
    options, gains = desk.options, desk.gains
    at = {measure_id: place for place, measure_id in enumerate(desk.catalogue.ids)}
    rows = [at[measure_id] for measure_id in options.measures[row]]
    measures = [desk.catalogue.measures[one] for one in rows]
    here = desk.judgement.reasons[int(options.site[row])]
    reasons = [reason for one in rows for reason in here[one]]
    lives = [measure.life_years for measure in measures]
    return {
        "names": name_measures(options, row, desk.catalogue, language),
        "each": [
            tell_each(one.eur_each, one.unit, language)
            for one in list_pieces(options, row, desk.catalogue)
        ],
        "ids": list(options.measures[row]),
        **_tell_gain(options, gains, row),
        **_tell_prices(options, row),
        "is_estimate": any(measure.is_estimate for measure in measures),
        "is_worse": bool(options.relief_person_kh[row] < 0.0),
        "verdict": int(options.verdict[row]),
        "to_check": _say(reasons, CHECK, language),
        "met": _say(reasons, OK, language),
        "warnings": list(options.warnings[row]),
        "serves": [
            kind for kind, is_served in zip(SERVED, options.serves[row], strict=True) if is_served
        ],
        "reach_m": round(float(options.reach_m[row].max(initial=0.0))),
        "fewer": _tell_fewer(measures),
        "life": round(min(lives)),
        "full_effect": _find_full(measures),
        "responsible": list(dict.fromkeys(one.responsible[language] for one in measures)),
    }


def _tell_gain(options: Options, gains: Gains, row: int) -> dict[str, Any]:
    """Tell what an option brings once all has grown, and on average over the years."""
    site = int(options.site[row])
    heat = float(options.heat_person_kh[site])
    relief = float(options.relief_person_kh[row])
    return {
        "cooler": _round(gains.cooler_k[row], 1),
        "share": _round(100.0 * gains.share[row]),
        "share_mean": _round(100.0 * relief / heat) if heat > 0.0 else None,
        "relief": _round(relief, 3),
        "level_before": int(gains.level_before[site]),
        "level_after": int(gains.level_after[row]),
    }


def _tell_prices(options: Options, row: int) -> dict[str, list[int]]:
    """Tell typical prices, and between which ends they are."""
    return {
        "cost": [
            int(column[row])
            for column in (options.cost_eur, options.cost_low_eur, options.cost_high_eur)
        ],
        "upkeep": [
            int(column[row])
            for column in (
                options.upkeep_eur_per_year,
                options.upkeep_low_eur_per_year,
                options.upkeep_high_eur_per_year,
            )
        ],
    }


def _tell_fewer(measures: Sequence[Measure]) -> int | None:
    """Tell by how much less those measures have people wait there, in percent."""
    left = float(np.prod([measure.change.waiting_factor for measure in measures]))
    return round(100.0 * (1.0 - left)) or None


def _find_full(measures: Sequence[Measure]) -> int:
    """Tell after how many years the last of some measures works in full; 0 at once. [a]."""
    return round(max((one.full_effect_years for one in measures if one.change.is_felt), default=0))


def _say(reasons: Sequence[Reason], verdict: int, language: str) -> list[str]:
    """Say the reasons for one verdict, each once."""
    said = (tell(reason, language) for reason in reasons if reason.verdict == verdict)
    return list(dict.fromkeys(said))


# --- a plan


def tell_plan(desk: Desk, wish: Wish, plan: Plan, language: str) -> dict[str, Any]:
    """
    Tell a plan: its sums before and after, and each work, the most relieving first.

    Percent and euros are whole, but for the gap and the price of fairness, which are told to a
    hundredth and a tenth of a percent.
    """
    options = desk.efficient
    total = draw_balance(options, plan).total
    order = np.lexsort((plan.rows, -options.relief_person_kh[plan.rows]))
    heat = total.before.heat_person_kh
    return {
        "budget": wish.budget_eur,
        "cost": plan.cost_eur,
        "upkeep": plan.upkeep_eur_per_year,
        "relief": _round(plan.relief_person_kh, 3),
        "share": _round(100.0 * plan.relief_person_kh / heat, 1) if heat > 0.0 else None,
        "share_grown": (
            _round(100.0 * total.relief_grown_person_kh / heat, 1) if heat > 0.0 else None
        ),
        "gap": _round(np.ceil(1e4 * plan.gap - 1e-6) / 100.0, 2),
        "is_proven": plan.status == "optimal",
        "is_live": plan.status == "quick",
        "price": _round(plan.price_of_equity_pct, 1),
        "before": list(total.before.sites_by_level),
        "after": list(total.after.sites_by_level),
        "helped": _round(total.person_hours_helped),
        "works": [_tell_work(desk, plan, int(k), language) for k in order],
        "districts": _tell_districts(desk, plan),
    }


def _tell_work(desk: Desk, plan: Plan, k: int, language: str) -> dict[str, Any]:
    options, gains, row = desk.efficient, desk.efficient_gains, int(plan.rows[k])
    site = int(options.site[row])
    return {
        "id": options.site_id[site],
        "measures": list(options.measures[row]),
        "names": name_measures(options, row, desk.catalogue, language),
        **_tell_gain(options, gains, row),
        "cost": int(options.cost_eur[row]),
        "upkeep": int(options.upkeep_eur_per_year[row]),
        "verdict": int(options.verdict[row]),
        "warnings": list(options.warnings[row]),
        "levels": tell_digits(options.utci_after_c[:, row]),
        "reason": tell_reason(options, plan, k, language, causes=desk.score.reasons),
    }


def tell_digits(utci_c: Floats) -> str:
    """
    Tell levels hour by hour as a text of digits, as the face has them.

    Examples
    --------
    >>> tell_digits(np.array([25.0, 33.0, np.nan]))
    '02?'
    """
    known = np.isfinite(utci_c)
    digits = find_level(np.where(known, utci_c, 0.0)).astype(str)
    return "".join(np.where(known, digits, UNKNOWN_LEVEL).tolist())


def tell_sure(desk: Desk, plan: Plan, found: Robustness, language: str) -> dict[str, Any]:
    """
    Tell how sure a plan is.

    Returns
    -------
    ``draws``, ``shares`` (percent of them in which each site of the plan keeps its measures),
    ``sure`` (ids of sites with a sure recommendation), ``n_sure``, ``depends`` (a sentence).
    """
    ids = desk.options.site_id
    sites = desk.efficient.site[plan.rows].tolist()
    sure = [ids[site] for site in sites if found.is_sure[site]]
    return {
        "draws": found.n_draws,
        "shares": {ids[site]: round(100.0 * float(found.stable_share[site])) for site in sites},
        "sure": sure,
        "n_sure": len(sure),
        "depends": found.say(language),
    }


def _tell_districts(desk: Desk, plan: Plan) -> list[dict[str, Any]]:
    """Tell what each district gets, and what it was due; None where none was asked for."""
    districts = draw_balance(desk.efficient, plan, districts=desk.districts).districts
    due = plan.floor_eur.tolist() if plan.wishes.floors is not None else []
    return [
        {
            "name": one.name,
            "works": one.n_works,
            "cost": one.cost_eur,
            "due": due[place] if place < len(due) else None,
            "share": (
                _round(100.0 * one.relief_person_kh / one.before.heat_person_kh)
                if one.before.heat_person_kh > 0.0
                else None
            ),
        }
        for place, one in enumerate(districts)
    ]


def _round(value: float | None, digits: int = 0) -> float | int | None:
    """Round for the wire; None where there is no number."""
    if value is None or not np.isfinite(value):
        return None
    return round(float(value), digits) if digits else round(float(value))
