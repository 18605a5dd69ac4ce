"""Reasons: why a plan has just this at a site, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from solarpass.words import Words

from .option import SERVED, Options
from .plan import Plan
from .plan_terms import PLAN_TERMS

Floats = NDArray[np.float64]


def tell_reason(
    options: Options,
    plan: Plan,
    k: int,
    language: str,
    *,
    causes: Mapping[str, Floats] | None = None,
) -> str:
    """
    Tell why a work is in a plan: its rank by relief per euro first.

    Parameters
    ----------
    options, plan
        What may be done, and what was chosen of it.
    k
        Which of the plan's works.
    language
        ``de`` or ``en``.
    causes
        As of `hiro.risk.Risk.reasons`: what the heat of each site comes from, ``(n_sites,)``.
    """
    words = Words(language, PLAN_TERMS)
    row = int(plan.rows[k])
    site = int(options.site[row])
    told = []
    if options.site_id[site] in plan.wishes.fixed_in:
        told.append(words("reason_fixed"))
    if options.relief_person_kh[row] > 0.0:
        told += _tell_relief(options, plan, row, words)
    main = _find_cause(causes, site)
    if main:
        told.append(words("reason_cause", cause=words(f"reason_cause_{main}")))
    offers = [name for name, serves in zip(SERVED, options.serves[row], strict=True) if serves]
    if offers:
        what = ", ".join(words(f"serves_{name}") for name in offers)
        told.append(words("reason_served", what=what))
    floors = plan.wishes.floors
    district = int(floors.district[site]) if floors is not None else -1
    # Without it the district would fall below what it is due.
    if (
        floors is not None
        and district >= 0
        and plan.spend_eur[district] - options.cost_eur[row] < plan.floor_eur[district]
    ):
        told.append(words("reason_floor", district=floors.name(district)))
    if plan.year[k] > 0:
        told.append(words("reason_year", year=int(plan.year[k]) + 1))
    return " ".join(told)


def _tell_relief(options: Options, plan: Plan, row: int, words: Words) -> list[str]:
    site = int(options.site[row])
    gain = options.relief_person_kh[plan.rows] / np.maximum(options.cost_eur[plan.rows], 1)
    mine = options.relief_person_kh[row] / max(int(options.cost_eur[row]), 1)
    relief, heat = float(options.relief_person_kh[row]), float(options.heat_person_kh[site])
    rank = words(
        "reason_rank",
        rank=int((gain > mine).sum()) + 1,
        n=len(plan),
        relief=_say(relief, 2 if relief < 10.0 else 0, words),
        euros=_say(float(options.cost_eur[row]), 0, words),
    )
    share = words("reason_share", share=words.percent(relief / heat)) if heat > 0.0 else ""
    return [rank, share] if share else [rank]


def _find_cause(causes: Mapping[str, Floats] | None, site: int) -> str:
    """Find without which the heat of a site would be least; empty if nothing lessens it."""
    if not causes:
        return ""
    name = max(sorted(causes), key=lambda cause: float(causes[cause][site]))
    return name if causes[name][site] > 0.0 else ""


def _say(number: float, digits: int, words: Words) -> str:
    text = f"{number:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if words.language == "de" else text
