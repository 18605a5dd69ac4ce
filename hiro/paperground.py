"""The end of a paper: how sure it is, where prices come from, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .block import Block, Cell, Heading, Items, Line, Part, Passage, Table
from .planback import PlanBack
from .voice import Voice, cell

Told = Mapping[str, Any]

_PRICES = tuple(
    f"{what}_{end}" for what in ("invest", "upkeep") for end in ("low", "typical", "high")
)
_SPANS = ("life", "full_effect")
_ASSUMPTIONS = ("waiting", "effects", "costs", "weights")


def tell_sure(plan: PlanBack, voice: Voice) -> Part:
    """Tell in words how far the plan can be relied on."""
    say, robust = voice.numeral, plan.told["robustness"]
    if robust is None:
        return Part(voice("sure_title"), (Passage(voice.line("sum_sure_none")),))
    relief, cost = (
        {"low": form(robust[f"{what}_low_{unit}"]), "high": form(robust[f"{what}_high_{unit}"])}
        for form, what, unit in ((say.heat, "relief", "person_kh"), (say.euros, "cost", "eur"))
    )
    sure = say.number(robust["n_sure_sites"])
    lines = (
        voice.line("sure_sites", sure=sure, n=say.number(len(plan.sites))),
        voice.line("sure_relief", low=relief["low"], high=relief["high"]),
        voice.line("sure_cost", low=cost["low"], high=cost["high"]),
        Line(robust["said"][voice.language]),
    )
    moved = robust["moved_share"]
    rows = tuple(
        (cell(voice(f"robust_{name}")), cell(say.percent(100.0 * moved[name])))
        for name in sorted(_ASSUMPTIONS, key=lambda name: -moved.get(name, 0.0))
        if name in moved
    )
    heads = (voice("col_assumption"), voice("col_moved"))
    table = Table(voice("sure_table"), heads, rows, (0.65, 0.35), frozenset({1}))
    lead = Passage(voice.line("sure_lead", draws=say.number(robust["n_draws"])))
    blocks: tuple[Block, ...] = (lead, Items(lines), *([table] if rows else []))
    return Part(voice("sure_title"), blocks)


def tell_prices(plan: PlanBack, voice: Voice) -> Part:
    """Tell the source of every price, and its kind."""
    rows = tuple(row for measure in plan.told["measures"] for row in _list_figures(measure, voice))
    if not rows:
        return Part(voice("prices_title"), (Passage(voice.line("prices_none")),))
    heads = tuple(voice(f"col_{name}") for name in ("measure", "quantity", "kind", "source"))
    table = Table(voice("prices_caption"), heads, rows, (0.20, 0.35, 0.17, 0.28))
    catalogue = voice("prices_catalogue", name=plan.told["catalogue"])
    blocks = (Passage(voice.line("prices_lead")), table, Passage(Line(catalogue, "small")))
    return Part(voice("prices_title"), blocks)


def _list_figures(measure: Told, voice: Voice) -> Iterator[tuple[Cell, ...]]:
    """List a measure's prices and life, a row for those of one source and kind."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name in (*_PRICES, *_SPANS):
        figure = measure["figures"].get(name)
        if figure is not None:
            groups.setdefault((figure["source_kind"], figure["source"]), []).append(name)
    for (kind, source), names in groups.items():
        told = measure["figures"]
        values = [
            f"{voice(f'figure_{name}')}: "
            f"{_tell_value(name, told[name]['value'], measure['price_per'], voice)}"
            for name in names
        ]
        notes = dict.fromkeys(told[name]["note"] for name in names)
        term = f"source_kind_{kind}"
        yield (
            cell(measure["name"][voice.language]),
            cell(*values),
            cell(voice(term) if voice.knows(term) else kind),
            cell(
                voice.translate(source),
                *(voice.translate(note, tone="small") for note in notes if note),
            ),
        )


def _tell_value(name: str, value: float, per: str, voice: Voice) -> str:
    say = voice.numeral
    if name == "life":
        return voice("unit_years_life", n=say.exact(value))
    if name == "full_effect":
        return voice("unit_years", n=say.exact(value)) if value else voice("unit_at_once")
    unit = f"per_{per}"
    return f"{say.euros(value)} {voice(unit) if voice.knows(unit) else per}"


def tell_grounds(plan: PlanBack, voice: Voice) -> Part:
    """Tell what the plan rests on, and what was not considered."""
    told = plan.told
    notes = list(dict.fromkeys([*told["notes"], *told["balance"].get("notes", [])]))
    note_lines = tuple(voice.translate(note, tone="small") for note in notes)
    hint = any(line.language for line in note_lines)
    english = (Passage(voice.line("grounds_english")),) if hint else ()
    blocks: tuple[Block, ...] = (
        Heading(voice("grounds_missing")),
        Items(tuple(voice.translate(line) for line in told["not_considered"])),
        Heading(voice("grounds_day")),
        Passage(Line(f"{told['city']}, {voice.numeral.date(told['day'])}.")),
        Passage(voice.weather(told["weather"])),
        Heading(voice("grounds_assumed")),
        Passage(Line(voice.assumptions(told["assumptions"]))),
        Heading(voice("grounds_notes")),
        *english,
        Items(note_lines),
    )
    return Part(voice("grounds_title"), blocks)


def tell_licence(plan: PlanBack, voice: Voice, *, credit: str) -> Part:
    """Tell that it warns of nothing, whose data it rests on, and of which file it was made."""
    told = plan.told
    beneath = [voice.line("licence_map", credit=credit)] if credit else []
    lines = (
        voice.line("licence_text", attribution=told["attribution"]),
        voice.line("licence_name", licence=told["licence"]),
        *beneath,
        voice.line("licence_file", digest=plan.digest),
    )
    warning = (
        Heading(voice("warn_title")),
        Passage(voice.line("warn_text")),
        Passage(voice.line("dwd")),
        Heading(voice("licence_title")),
    )
    return Part(voice("end_title"), (*warning, *(Passage(line) for line in lines)))
