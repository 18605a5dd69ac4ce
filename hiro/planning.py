"""Planning: what is asked of a plan, chosen, written and summed up."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import KDTree

from solarpass.atlas import Atlas
from solarpass.city import City
from solarpass.words import Words

from .balance import Account, draw_balance
from .catalogue import Catalogue, read_catalogue
from .coverage import Coverage, find_coverage
from .district import Districts, find_districts, read_districts
from .ensemble import Ensemble, score_together
from .errors import PlanError
from .export import tell_kind
from .facts import read_facts
from .feasibility import judge_measures
from .floors import Floors
from .option import SERVED, Options
from .optionfile import find_options
from .plan import Plan, choose_plan
from .planfile import ENDINGS, write_plan
from .premises import build_premises
from .proposal import Proposal, tabulate_plan
from .request import (
    check_asked,
    list_read,
    make_plain,
    read_out,
    read_path,
    score_asked,
)
from .risk import RiskModel
from .robust import Robustness, try_plan
from .score import Score
from .site import KINDS, Sites
from .terms import HEAT_TERMS
from .weighing import check_weights, tabulate_before, tell_weights, weigh_asked

_N_FIRST = 5  # works told on stdout
_MOST_LINES = 25
_LONGEST = 80  # letters of a name
_KINDS_SERVED = {"water": "drinking_water", "seat": "bench"}  # as `City.facilities` calls them


def write_asked(asked: argparse.Namespace) -> str:
    """
    Choose what to do for a budget, and write it.

    Returns
    -------
    str
        Its sum, in at most 25 lines.

    Raises
    ------
    NoSiteError
        If the map has none of the kinds asked for.
    SolarpassError
        If something does not read, or no plan keeps to what is asked.
    """
    files = tuple(one for one in (asked.districts, asked.catalogue, asked.facts) if one is not None)
    out = read_out(
        asked.out, ".json, .csv, .geojson or .gpkg", ENDINGS, read=(*list_read(asked), *files)
    )
    check_asked(asked)
    check_weights(asked)
    _check(asked)
    catalogue = read_catalogue(None if asked.catalogue is None else read_path(asked.catalogue))
    facts = None if asked.facts is None else read_facts(read_path(asked.facts))
    atlas, found = score_asked(asked)
    weighed = weigh_asked(asked, found)
    found = found if weighed is None else weighed.after
    judgement = judge_measures(catalogue, found.sites, city=atlas.city, facts=facts)
    districts = _find_districts(asked, found.sites, atlas.city)
    fixed = _read_fixed(asked.fix, found, catalogue)
    _check_sites(asked.without, found)
    options = find_options(found, atlas.city, atlas.surface, catalogue=catalogue, facts=facts)
    chosen = choose_plan(
        options,
        budget_eur=asked.budget,
        upkeep_eur_per_year=asked.upkeep,
        floors=_set_floors(asked, districts),
        fixed_in=fixed,
        fixed_out=asked.without,
        at_least=dict(asked.at_least),
        kinds=found.sites.table["kind"].tolist(),
        most_a_year=asked.works_per_year,
        n_years=asked.years or 1,
        coverage=_find_coverage(options, atlas.city) if asked.coverage else None,
        fewest_hot=asked.fewest_hot,
    )
    proposal = Proposal(
        score=found,
        options=options,
        plan=chosen,
        catalogue=catalogue,
        judgement=judgement,
        districts=districts,
        robustness=_try(found, options, chosen, catalogue),
        together=_score_together(found, atlas, options, chosen, catalogue),
        beside=None if weighed is None else tabulate_before(weighed),
        about_beside=None if weighed is None else tell_weights(weighed),
    )
    write_plan(proposal, atlas, out)
    return _sum_up(proposal, atlas, out)


# --- what is asked


def _check(asked: argparse.Namespace) -> None:
    """Refuse options that need one another, before anything is computed."""
    if asked.district_key is not None and asked.districts is None:
        msg = "Wanted --district-key beside --districts FILE only."
        raise PlanError(msg)
    if asked.years is not None and asked.works_per_year is None:
        msg = "Wanted --years beside --works-per-year only, which tells how many works each takes."
        raise PlanError(msg)
    strange = [kind for kind, _ in asked.at_least if kind not in KINDS]
    if strange:
        msg = f"{strange[0]!r} is no kind of site; wanted some of {', '.join(KINDS)}."
        raise PlanError(msg)


def _find_districts(asked: argparse.Namespace, sites: Sites, city: City) -> Districts:
    if asked.districts is None:
        return find_districts(sites, city)
    found = read_districts(read_path(asked.districts), sites, key=asked.district_key)
    if asked.floor is not None and not len(found):
        msg = f"No site lies in a district of {asked.districts}, so that no floor can be kept."
        raise PlanError(msg)
    return found


def _set_floors(asked: argparse.Namespace, districts: Districts) -> Floors | None:
    if asked.floor is None:
        return None
    by_need = asked.floor == "need"
    return Floors(
        district=districts.of_site.copy(),
        alpha=0.5 if by_need else asked.floor,
        way="need" if by_need else "spend",
        names=districts.names,
    )


def _check_sites(asked: list[str], found: Score) -> None:
    known = set(found.sites.table["site_id"])
    strange = next((one for one in asked if one not in known), None)
    if strange is not None:
        msg = (
            f"{strange[:80]!r} is no site here; wanted a site_id as `hiro score` writes it, such "
            f"as {found.sites.table['site_id'].iloc[0]!r}."
        )
        raise PlanError(msg)


def _read_fixed(
    asked: list[str], found: Score, catalogue: Catalogue
) -> Mapping[str, tuple[str, ...]]:
    """Read SITE or SITE=MEASURE,…; an id may have a = of its own."""
    known = set(found.sites.table["site_id"])
    fixed: dict[str, tuple[str, ...]] = {}
    for text in asked:
        site, _, bundle = (text, "", "") if text in known else text.rpartition("=")
        _check_sites([site or text], found)
        ids = dict.fromkeys(one.strip() for one in bundle.split(",") if one.strip())
        told = tuple(catalogue.find(one).measure_id for one in ids)
        if fixed.setdefault(site, told) != told:
            msg = f"{site[:80]!r} is fixed in twice, with different measures: give it once."
            raise PlanError(msg)
    return fixed


def _find_coverage(options: Options, city: City) -> Coverage:
    """Find who would be reached by water and seats, beside what the map has already."""
    already = np.zeros((options.n_sites, len(SERVED)), bool)
    for kind, name in enumerate(SERVED):
        there = city.facilities[city.facilities["kind"] == _KINDS_SERVED[name]]
        reach_m = options.reach_m[:, kind].max(initial=0.0)
        if len(there) and reach_m > 0.0:
            at = shapely.get_coordinates(shapely.centroid(np.asarray(there.geometry)))
            already[:, kind] = KDTree(at).query(options.xy)[0] <= reach_m
    return find_coverage(options, already=already)


def _try(found: Score, options: Options, chosen: Plan, catalogue: Catalogue) -> Robustness | None:
    """Try how sure a plan is; of an empty one nobody asks."""
    if not len(chosen):
        return None
    spread = [RiskModel().exposure_spread(str(tier)) for tier in found.exposure.tier]
    names = {measure.measure_id: measure.name for measure in catalogue.measures}
    return try_plan(options, chosen, waiting_spread=np.array(spread, float), names=names)


def _score_together(
    found: Score, atlas: Atlas, options: Options, chosen: Plan, catalogue: Catalogue
) -> Ensemble | None:
    """Score all works of a plan once more, at once."""
    if not len(chosen):
        return None
    premises = build_premises(found, atlas.city, atlas.surface, catalogue=catalogue)
    works = {int(options.site[row]): options.measures[row] for row in chosen.rows.tolist()}
    return score_together(premises, works)


# --- the sum


def _sum_up(proposal: Proposal, atlas: Atlas, out: Path) -> str:
    """Sum a plan up in at most 25 lines."""
    chosen, words = proposal.plan, Words("en", HEAT_TERMS)
    total = draw_balance(proposal.options, chosen).total
    begins = proposal.score.hazard.begins.tz_convert(atlas.zone)
    head = f"{atlas.city.name}, {begins[len(begins) // 2]:%Y-%m-%d}: {len(chosen):,} works at"
    spent = f"{chosen.cost_eur:,} € are spent, upkeep {chosen.upkeep_eur_per_year:,} € a year"
    lines = [
        f"{head} {total.n_sites:,} sites ({proposal.score.weather.source}).",
        f"Of {chosen.wishes.budget_eur:,} € {spent}.",
        *_tell_relief(chosen, total, proposal.options.horizon_years),
        *_tell_together(proposal),
        *_tell_levels(total, words),
        *_tell_first(proposal, words),
        *_tell_sure(proposal),
    ]
    last = [
        f"{words('not_official')} ({HEAT_TERMS['not_official'][0]}). {words('dwd')}",
        f"Written to {out}.",
    ]
    notes = _list_notes(proposal)
    room = _MOST_LINES - len(lines) - len(last)
    told = notes if len(notes) <= room else notes[: room - 1]
    lines += [f"- {make_plain(note)}" for note in told]
    if len(told) < len(notes):
        lines.append(f"- {len(notes) - len(told)} more notes stand in the file.")
    return "\n".join(lines + last).replace("\N{NO-BREAK SPACE}", " ")


def _list_notes(proposal: Proposal) -> list[str]:
    """List notes, those on the plan before those on the score."""
    districts = () if proposal.districts is None else proposal.districts.notes
    notes = (*proposal.plan.notes, *districts, *proposal.judgement.notes, *proposal.options.notes)
    return list(dict.fromkeys((*notes, *proposal.score.notes)))


def _tell_relief(chosen: Plan, total: Account, horizon_years: float) -> list[str]:
    heat = total.before.heat_person_kh
    share = 100.0 * chosen.relief_person_kh / heat if heat > 0.0 else 0.0
    of_all = f"Relief {chosen.relief_person_kh:,.1f} of {heat:,.1f} person·K·h ({share:.1f} %)"
    grown = f"{total.relief_grown_person_kh:,.1f} once grown"
    bound = f"can bring more than {chosen.bound_person_kh:,.1f}"
    lines = [
        f"{of_all}, the mean over {horizon_years:g} years; {grown}.",
        f"No plan so asked {bound} (gap {100.0 * chosen.gap:.3g} %, {chosen.status}).",
    ]
    if chosen.wishes.coverage is not None:
        water, seats = chosen.served_person_h
        lines.append(
            f"Newly within reach of water {water:,.0f} and of seats {seats:,.0f} person-hours, "
            f"which count as {chosen.credit_person_kh:,.1f} person·K·h of that bound."
        )
    if chosen.price_of_equity_pct is not None:
        lines.append(
            f"Price of equity: {chosen.price_of_equity_pct:.2f} % less than without floors."
        )
    return lines


def _tell_together(proposal: Proposal) -> list[str]:
    """Tell what all works bring at once, beside what each brings alone."""
    if proposal.together is None:
        return []
    before = float(proposal.options.heat_person_kh.sum())
    relief = before - float(proposal.together.heat_person_kh.sum())
    return [f"All works scored once more at once, with the sites around: {relief:,.1f} once grown."]


def _tell_levels(total: Account, words: Words) -> list[str]:
    """Tell before and after."""
    pairs = zip(total.before.sites_by_level, total.after.sites_by_level, strict=True)
    counts = ", ".join(
        f"{words(f'level_{level}')} {before:,} → {after:,}"
        for level, (before, after) in enumerate(pairs)
    )
    hours = "; ".join(
        f"from {limit} °C {getattr(total.before, name):,.0f} → {getattr(total.after, name):,.0f}"
        for limit, name in ((32, "hours_utci_above_32"), (38, "hours_utci_above_38"))
    )
    lines = [
        f"Sites by level at their worst hour, once grown: {counts}.",
        f"Hours of UTCI over all sites, once grown: {hours}.",
    ]
    price, helped = total.eur_per_person_kh, total.person_hours_helped_per_1000_eur
    if price is not None and helped is not None:
        lines.append(
            f"Helped are {total.person_hours_helped:,.0f} person-hours of such a day, {helped:,.1f}"
            f" for 1,000 €; one person·K·h less costs {price:,.0f} €."
        )
    return lines


def _tell_first(proposal: Proposal, words: Words) -> list[str]:
    """Tell the first works, a line each."""
    table = tabulate_plan(proposal).head(_N_FIRST)
    if table.empty:
        return ["Nothing is chosen."]
    rows = [
        f"  {tell_kind(row['kind'], words)} {make_plain(row['label'], _LONGEST)}: "
        f"{make_plain(row['measure_names'], _LONGEST)}, {row['cost_eur']:,} €, "
        f"{row['relief_person_kh']:,.1f} person·K·h, level {row['level_before']} → "
        f"{row['level_after']} ({row['feasibility']})"
        for row in table.to_dict("records")
    ]
    return [f"The first {len(rows)} of {len(proposal.plan):,}:", *rows]


def _tell_sure(proposal: Proposal) -> list[str]:
    """Tell how far the plan can be relied on."""
    found = proposal.robustness
    if found is None:
        return []
    relief = f"{found.relief_low_person_kh:,.1f} to {found.relief_high_person_kh:,.1f} person·K·h"
    drawn = f"{found.n_draws} draws of other effects, prices and weights"
    sure = f"Works that stay in nearly all of {drawn}: {int(found.is_sure.sum()):,} of"
    return [f"{sure} {len(proposal.plan):,}. The plan then relieves {relief}.", found.say("en")]
