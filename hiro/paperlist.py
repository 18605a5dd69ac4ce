"""The middle of a paper: its list of places, each place with reasons and checks, its districts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .block import Block, Cell, Line, Part, Passage, Table
from .level import find_level
from .piece import tell_each
from .planback import PlanBack
from .voice import Voice, cell

_HOT_LEVEL = 3
_ARROW = "\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}"
Told = Mapping[str, Any]


def list_places(plan: PlanBack, voice: Voice) -> Part:
    """List the works in the plan's order, a row each."""
    if not plan.sites:
        return Part(voice("list_title"), (Passage(voice.line("list_none")),))
    heads = ("number", "place", "measures", "cost", "upkeep", "relief", "level", "feasible", "sure")
    has_years = plan.told["wishes"]["n_years"] > 1
    rows = tuple(
        _list_place(k, site, voice, has_years=has_years) for k, site in _number(plan, voice)
    )
    table = Table(
        voice("list_caption"),
        tuple(voice(f"col_{name}") for name in heads),
        rows,
        (0.04, 0.16, 0.18, 0.12, 0.08, 0.09, 0.13, 0.07, 0.13),
        frozenset({3, 4, 5}),
        is_keyed=True,
    )
    told = (
        Passage(voice.line("list_lead")),
        Passage(voice.line("list_levels", levels=voice.levels())),
        table,
        Passage(voice.line("list_relief", tone="small")),
    )
    return Part(voice("list_title"), told, is_wide=True)


def _number(plan: PlanBack, voice: Voice) -> Iterator[tuple[int, Told]]:
    """List the works with the map's numbers, by which those of one name are told apart."""
    names = Counter(site["label"] for site in plan.sites)
    for k, site in enumerate(plan.sites, 1):
        label = site["label"]
        if names[label] > 1:
            label = voice("same_name", label=label, k=k)
        yield k, {**site, "label": label}


def _list_place(k: int, site: Told, voice: Voice, *, has_years: bool) -> tuple[Cell, ...]:
    say = voice.numeral
    where = f"{voice.kind(site['kind'])}, {site['district'] or voice('no_district')}"
    year = voice("in_year", year=site["year"]) if has_years else ""
    price = voice("price_guess" if site["price_is_estimate"] else "price_told")
    span = say.span(site["cost_low_eur"], site["cost_high_eur"])
    levels = f"{site['level_before']} → {site['level_after']}"
    words = f"{voice.level(site['level_before'])} → {voice.level(site['level_after'])}"
    felt = voice(
        "felt_most",
        before=_say_felt(site["utci_max_before_c"], voice),
        after=_say_felt(site["utci_max_after_c"], voice),
    )
    who = voice("responsible_is", who=voice.told(site, "responsible"))
    return (
        cell(str(k)),
        cell(Line(site["label"], "strong"), Line(where, "small"), Line(year, "small")),
        cell(voice.told(site, "measure_names"), *_tell_each(site, voice), Line(who, "small")),
        cell(
            Line(say.euros(site["cost_eur"]), "strong"), Line(span, "small"), Line(price, "small")
        ),
        cell(say.euros(site["upkeep_eur_per_year"])),
        cell(say.heat(site["relief_person_kh"])),
        cell(levels, Line(words, "small"), Line(felt, "small")),
        cell(voice(f"feasible_{site['feasibility']}")),
        _tell_sure(site, voice),
    )


def _tell_each(site: Told, voice: Voice) -> list[Line]:
    """Tell what one of each measure costs, and of what."""
    pieces = site.get("pieces") or []
    told = (tell_each(one["eur_each"], one["unit"], voice.language) for one in pieces)
    return [Line(text, "small") for text in told]


def _say_felt(utci_c: float, voice: Voice) -> str:
    """Say a temperature to a tenth, but never one of the next level."""
    rounded = round(utci_c, 1)
    crosses = find_level(np.array([rounded]))[0] > find_level(np.array([utci_c]))[0]
    return voice.numeral.number(rounded - 0.1 if crosses else rounded, 1)


def _tell_sure(site: Told, voice: Voice) -> Cell:
    share = site["stable_share"]
    if share is None or site["is_sure"] is None:
        return cell(voice("sure_untold"))
    same = voice("sure_share", share=voice.numeral.percent(100.0 * share))
    return cell(voice("sure_yes" if site["is_sure"] else "sure_no"), Line(same, "small"))


def tell_places(plan: PlanBack, voice: Voice) -> Part:
    """Tell of each work why it is there, and what must be checked."""
    if not plan.sites:
        return Part(voice("each_title"), (Passage(voice.line("list_none")),))
    rows = tuple(_tell_place(k, site, voice) for k, site in _number(plan, voice))
    table = Table(
        voice("each_caption"),
        tuple(voice(f"col_{name}") for name in ("number", "place", "why", "check")),
        rows,
        (0.06, 0.22, 0.38, 0.34),
    )
    return Part(voice("each_title"), (Passage(voice.line("each_lead")), table))


def _tell_place(k: int, site: Told, voice: Voice) -> tuple[Cell, ...]:
    warnings = (voice("warning_is", text=text) for text in voice.told(site, "warnings"))
    checks = [Line(f"☐ {text}") for text in voice.told(site, "to_check")]
    who = voice("responsible_is", who=voice.told(site, "responsible"))
    measures = Line(voice.told(site, "measure_names"), "small")
    return (
        cell(str(k)),
        cell(Line(site["label"], "strong"), measures),
        cell(voice.told(site, "reason"), *warnings),
        cell(*(checks or [voice.line("check_nothing")]), Line(who, "small")),
    )


def tell_districts(plan: PlanBack, voice: Voice) -> Part:
    """Tell what each district gets, its floor, and the price of equity."""
    say, told = voice.numeral, plan.told
    districts = told["balance"]["districts"]
    if not districts:
        return Part(voice("districts_title"), (Passage(voice.line("districts_none")),))
    heads = ("district", "works", "spend", "floor", "heat_before", "heat_after", "hot")
    rows = [_tell_district(row, voice) for row in districts]
    last = _tell_district({**plan.total, "name": voice("total"), "floor_eur": None}, voice)
    rows.append((*last[:3], (), *last[4:]))
    table = Table(
        voice("districts_caption"),
        tuple(voice(f"col_{name}") for name in heads),
        tuple(rows),
        (0.18, 0.12, 0.13, 0.13, 0.14, 0.11, 0.19),
        frozenset({2, 3, 4, 5}),
    )
    blocks: list[Block] = [table]
    if told["wishes"]["floors"] is not None:
        blocks.append(Passage(voice.line("equity_means")))
        if told["price_of_equity_pct"] is not None:
            price = say.percent(told["price_of_equity_pct"], 1)
            blocks.append(Passage(Line(f"{voice('row_equity')}: {price}.", "strong")))
    else:
        blocks.append(Passage(voice.line("sum_fair_none")))
    if told["districts_source"]:
        source = voice("districts_source", source=told["districts_source"])
        blocks.append(Passage(Line(source, "small")))
    return Part(voice("districts_title"), tuple(blocks), begins_page=True)


def _tell_district(row: Told, voice: Voice) -> tuple[Cell, ...]:
    say = voice.numeral
    works = voice("of_all", n=say.number(row["n_works"]), all=say.number(row["n_sites"]))
    floor = voice("floor_none") if row["floor_eur"] is None else say.euros(row["floor_eur"])
    return (
        cell(row["name"] or voice("districts_rest")),
        cell(works),
        cell(say.euros(row["cost_eur"])),
        cell(floor),
        cell(say.number(row["heat_person_kh_before"])),
        cell(say.number(row["heat_person_kh_after"])),
        cell(_tell_hot(row, voice)),
    )


def _tell_hot(row: Told, voice: Voice) -> str:
    """Tell the sites at each hot level: the file's own numbers, not their sum."""
    told = []
    for level in range(_HOT_LEVEL, 5):
        before, after = row[f"level_{level}_before"], row[f"level_{level}_after"]
        if before or after or level == _HOT_LEVEL:
            told.append(
                f"{voice.level(level)}: {voice.numeral.number(before)}{_ARROW}"
                f"{voice.numeral.number(after)}"
            )
    return "; ".join(told)
