"""The first pages of a paper: its main points in plain words, and what is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .block import Block, Cell, Heading, Items, Line, Part, Passage, Table
from .piece import count_name
from .planback import PlanBack
from .voice import Voice, cell

_MOST_NAMED = 8  # measures on the first page


def sum_up(plan: PlanBack, voice: Voice, *, is_other: bool = False) -> Part:
    """
    Sum a plan up on one page in plain words.

    Parameters
    ----------
    plan
        What it is about.
    voice
        How to say it.
    is_other
        Whether it is the page in the language that the rest of the paper is not in.
    """
    blocks: list[Block] = []
    for heading, lines in _tell_points(plan, voice):
        blocks += [Heading(heading), Passage(Line(" ".join(lines)))]
    blocks.append(Passage(voice.line("warn_text"), is_box=True))
    title = voice("sum_title_other" if is_other else "sum_title")
    return Part(
        title,
        tuple(blocks),
        begins_page=is_other,
        language=voice.language if is_other else None,
    )


def tell_decision(plan: PlanBack, voice: Voice) -> Part:
    """Tell what the council decides, and the plan in numbers."""
    say, told = voice.numeral, plan.told
    blocks: list[Block]
    if plan.sites:
        items = (
            voice.line("decide_works", cost=say.euros(told["cost_eur"])),
            voice.line("decide_upkeep", upkeep=say.euros(told["upkeep_eur_per_year"])),
            voice.line("decide_check"),
        )
        blocks = [Passage(voice.line("decide_lead")), Items(items, is_ordered=True)]
    else:
        blocks = [Passage(voice.line("decide_none"))]
    rows = tuple((cell(name), cell(much)) for name, much in _list_numbers(plan, voice))
    blocks.append(
        Table(
            voice("decide_table"),
            (voice("decide_what"), voice("decide_much")),
            (*rows, *_list_wishes(plan, voice)),
            (0.68, 0.32),
            frozenset({1}),
        )
    )
    return Part(voice("decide_title"), tuple(blocks), begins_page=True)


def _tell_points(plan: PlanBack, voice: Voice) -> Iterator[tuple[str, list[str]]]:
    yield voice("sum_what"), [voice("sum_what_text")]
    yield voice("sum_do"), _tell_works(plan, voice)
    if plan.sites:
        yield voice("sum_cost"), _tell_cost(plan, voice)
        yield voice("sum_gain"), _tell_gain(plan, voice)
        yield voice("sum_fair"), _tell_fair(plan, voice)
        yield voice("sum_sure"), _tell_sure(plan, voice)
        yield voice("sum_check"), [voice("sum_check_text", part=voice("each_title"))]


def _tell_works(plan: PlanBack, voice: Voice) -> list[str]:
    n = len(plan.sites)
    if not n:
        return [voice("sum_do_none")]
    named = [_count_measure(measure, voice) for measure in plan.told["measures"]]
    more = [voice("sum_do_more")] if len(named) > _MOST_NAMED else []
    shown = "; ".join([*named[:_MOST_NAMED], *more])
    term = "sum_do_one" if n == 1 else "sum_do_n"
    told = [voice(term, n=voice.numeral.number(n), measures=shown)]
    years = plan.told["wishes"]["n_years"]
    return [*told, voice("sum_do_years", n=years)] if years > 1 else told


def _count_measure(measure: Mapping[str, Any], voice: Voice) -> str:
    """Name a measure with how many of it there are in all, where the file tells that."""
    name, n = measure["name"][voice.language], measure.get("n_units")
    return name if n is None else count_name(name, n, measure["price_per"], voice.language)


def _tell_cost(plan: PlanBack, voice: Voice) -> list[str]:
    say, told = voice.numeral, plan.told
    first = voice(
        "sum_cost_text",
        cost=say.euros(told["cost_eur"]),
        budget=say.euros(told["budget_eur"]),
        upkeep=say.euros(told["upkeep_eur_per_year"]),
    )
    robust = told["robustness"]
    if robust is None:
        return [first, voice("sum_cost_unsure")]
    low, high = (say.about(robust[f"cost_{end}_eur"]) for end in ("low", "high"))
    over = [voice("sum_cost_over")] if robust["cost_high_eur"] > told["budget_eur"] else []
    return [first, voice("sum_cost_range", low=low, high=high), *over]


def _tell_gain(plan: PlanBack, voice: Voice) -> list[str]:
    say, total = voice.numeral, plan.total
    before = voice(
        "sum_gain_before",
        n=say.number(total["n_sites"]),
        before=say.about(total["heat_person_kh_before"]),
        after=say.about(total["heat_person_kh_after"]),
    )
    return [voice("sum_gain_text", relief=say.about(plan.told["relief_person_kh"])), before]


def _tell_fair(plan: PlanBack, voice: Voice) -> list[str]:
    say, floors = voice.numeral, plan.told["wishes"]["floors"]
    if floors is None:
        return [voice("sum_fair_none")]
    share = say.percent(100.0 * floors["alpha"])
    told = [voice(f"sum_fair_{floors['way']}", share=share)]
    price = plan.told["price_of_equity_pct"]
    if price is None:
        return told
    if price <= 0.0:
        return [*told, voice("sum_fair_free")]
    return [*told, voice("sum_fair_price", price=say.percent(price, 1))]


def _tell_sure(plan: PlanBack, voice: Voice) -> list[str]:
    robust, say = plan.told["robustness"], voice.numeral
    tiers = plan.told.get("exposure_tiers") or {}
    n_assumed = tiers.get("default", 0)
    assumed = (
        [voice("sum_sure_people", n=say.number(n_assumed), all=say.number(sum(tiers.values())))]
        if n_assumed
        else []
    )
    if robust is None:
        return [voice("sum_sure_none"), *assumed]
    first = voice(
        "sum_sure_text",
        draws=voice.numeral.number(robust["n_draws"]),
        sure=voice.numeral.number(robust["n_sure_sites"]),
        n=voice.numeral.number(len(plan.sites)),
    )
    return [first, *assumed, robust["said"][voice.language]]


# --- the plan in numbers


def _list_numbers(plan: PlanBack, voice: Voice) -> Iterator[tuple[str, str]]:
    say, told, total = voice.numeral, plan.told, plan.total
    yield voice("row_budget"), say.euros(told["budget_eur"])
    yield voice("row_cost"), say.euros(told["cost_eur"])
    yield voice("row_upkeep"), say.euros(told["upkeep_eur_per_year"])
    yield voice("row_works"), say.number(told["n_works"])
    yield voice("row_sites"), say.number(total["n_sites"])
    years = say.exact(told["wishes"]["horizon_years"])
    yield voice("row_relief", years=years), say.heat(told["relief_person_kh"])
    for when in ("before", "after"):
        yield voice(f"row_heat_{when}"), say.heat(total[f"heat_person_kh_{when}"])
    yield voice("row_bound"), say.heat(told["bound_person_kh"])
    yield voice("row_gap"), say.percent(100.0 * told["gap"], 2)
    yield voice("row_hours"), say.number(total["person_hours_helped"])
    price = told["price_of_equity_pct"]
    if price is not None:
        yield voice("row_equity"), say.percent(price, 1)


def _list_wishes(plan: PlanBack, voice: Voice) -> Iterator[tuple[Cell, Cell]]:
    """List what was wished for beside money, where anything was."""
    say, wishes = voice.numeral, plan.told["wishes"]
    if wishes["upkeep_eur_per_year"] is not None:
        yield cell(voice("row_upkeep_most")), cell(say.euros(wishes["upkeep_eur_per_year"]))
    if wishes["n_years"] > 1:
        yield cell(voice("row_years")), cell(say.number(wishes["n_years"]))
    if wishes["most_a_year"] is not None:
        yield cell(voice("row_per_year")), cell(say.number(wishes["most_a_year"]))
    for term, sites in (("fixed", wishes["fixed_in"]), ("without", wishes["fixed_out"])):
        if sites:
            yield cell(voice(f"row_{term}")), cell("; ".join(sorted(sites)))
    for kind, count in wishes["at_least"].items():
        yield cell(voice("row_at_least", kind=voice.kind(kind))), cell(say.number(count))
    for term in ("fewest", "coverage"):
        if wishes[{"fewest": "fewest_hot"}.get(term, term)]:
            yield cell(voice(f"row_{term}")), cell(voice("yes"))
