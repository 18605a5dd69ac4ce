"""Effects: what measures would bring at each site, as the same physics scores them anew."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solarpass.city import City
from solarpass.skyline import split_by_square
from solarpass.surface import Surface

from .bundle import Bundle, list_bundles
from .catalogue import Catalogue, read_catalogue
from .feasibility import Judgement, judge_measures
from .option import SERVED, Options
from .outcome import Outcome, find_outcomes
from .premises import EffectModel, Premises, build_premises
from .score import Score

Floats = NDArray[np.float64]

N_THREADS = 2

_N_SITES = 48  # scored at once: bounds the memory
_SQUARE_M = 512.0


def build_options(
    score: Score,
    city: City,
    surface: Surface,
    *,
    catalogue: Catalogue | None = None,
    facts: pd.DataFrame | None = None,
    only: Sequence[int] | None = None,
    model: EffectModel = EffectModel(),
) -> Options:
    """
    Score what measures, and bundles of them, would bring at the sites of a scored city.

    A measure changes what heat is scored from: the roof, a crown, the ground, the air, the place.
    Nothing is looked up, and nothing added up: two measures are scored together. Crowns grow, roofs
    wear out: relief is the discounted mean over the horizon.

    Parameters
    ----------
    score
        Of one day.
    city, surface
        What it was scored on.
    catalogue
        Measures; None: ours.
    facts
        What a city knows of its sites: see `read_facts`.
    only
        Rows of the sites to score; None: all.
    model
        Assumptions.
    """
    catalogue = read_catalogue() if catalogue is None else catalogue
    premises = build_premises(score, city, surface, catalogue=catalogue, model=model)
    return score_measures(premises, facts=facts, only=only)


def score_measures(
    premises: Premises,
    *,
    facts: pd.DataFrame | None = None,
    only: Sequence[int] | None = None,
) -> Options:
    """
    Score measures at the sites of premises, as `build_options` does, any time again.

    Parameters
    ----------
    premises
        Of a scored city.
    facts
        What the city knows of its sites: see `read_facts`.
    only
        Rows of the sites to score; None: all.
    """
    if only is None:
        return _score(premises, facts)
    rows = np.unique(np.asarray(only, np.int64))
    told = _score(premises.take(rows), facts)
    whole = _describe(premises)
    return replace(told, site=rows[told.site], **whole)


def _score(premises: Premises, facts: pd.DataFrame | None) -> Options:
    sites, measures = premises.sites, premises.measures
    judgement = judge_measures(
        premises.catalogue,
        sites,
        city=premises.city,
        facts=facts,
        has_room=premises.n_units > 0,
    )
    most = premises.model.most_measures

    def work(rows: list[int]) -> list[Outcome]:
        bundles = list_bundles(measures, judgement.verdict, sites=rows, most=most)
        return find_outcomes(premises, bundles)

    with ThreadPoolExecutor(N_THREADS) as pool:
        found = [one for some in pool.map(work, _split(premises)) for one in some]
    found.sort(key=lambda outcome: outcome.bundle.site)  # and in the order of the catalogue
    return _gather(found, premises, judgement)


def _split(premises: Premises) -> list[list[int]]:
    """Split sites into groups of neighbours, and look up what all of them need."""
    first = np.unique(premises.site, return_index=True)[1]
    squares = split_by_square(premises.xy[first], side_m=_SQUARE_M)
    order = np.concatenate(squares) if squares else np.zeros(0, np.int64)
    premises.look_up()
    parts = np.array_split(order, max(-(-len(order) // _N_SITES), 1))
    return [np.sort(part).tolist() for part in parts]


def _describe(premises: Premises) -> dict[str, Any]:
    """Tell of the sites themselves."""
    sites = premises.sites
    return {
        "site_id": tuple(sites.table["site_id"]),
        "xy": shapely.get_coordinates(np.asarray(sites.table.geometry)),
        "heat_person_kh": premises.heat_person_kh.copy(),
        "persons": premises.person_minutes.sum(axis=0) / 60.0,
        "utci_before_c": premises.utci_c.copy(),
    }


def _gather(found: Sequence[Outcome], premises: Premises, judgement: Judgement) -> Options:
    """Lay outcomes out as a table."""
    measures = premises.measures
    site = np.array([one.bundle.site for one in found], np.int64)
    members = [[measures[row] for row in one.bundle.members] for one in found]
    costs = {
        f"{name}_{end}": np.array(
            [
                sum(_price(premises, one.bundle.site, row, name, end) for row in one.bundle.members)
                for one in found
            ],
            np.int64,
        )
        for name in ("invest", "upkeep")
        for end in ("low", "typical", "high")
    }
    verdict = [
        max(int(judgement.verdict[one.bundle.site, row]) for row in one.bundle.members)
        for one in found
    ]
    before_c = premises.utci_c
    after_c = np.stack([one.utci_c for one in found], axis=1) if found else before_c[:, :0].copy()
    offers = [[any(m.change.serves == kind for m in some) for kind in SERVED] for some in members]
    reach = [
        [
            max((m.change.reach_m for m in some if m.change.serves == kind), default=0.0)
            for kind in SERVED
        ]
        for some in members
    ]
    return Options(
        **_describe(premises),
        site=site,
        measures=tuple(tuple(m.measure_id for m in some) for some in members),
        cost_eur=costs["invest_typical"],
        cost_low_eur=costs["invest_low"],
        cost_high_eur=costs["invest_high"],
        upkeep_eur_per_year=costs["upkeep_typical"],
        upkeep_low_eur_per_year=costs["upkeep_low"],
        upkeep_high_eur_per_year=costs["upkeep_high"],
        relief_person_kh=np.array([one.relief_person_kh for one in found], float),
        relief_grown_person_kh=np.array([one.grown_person_kh for one in found], float),
        serves=np.array(offers, bool).reshape(-1, len(SERVED)),
        reach_m=np.array(reach, float).reshape(-1, len(SERVED)),
        verdict=np.array(verdict, np.int8),
        warnings=tuple(one.warnings for one in found),
        utci_after_c=after_c,
        step_h=premises.weather.step.total_seconds() / 3600.0,
        horizon_years=premises.model.horizon_years,
        unfelt=tuple(m.measure_id for m in measures if not m.change.is_felt),
        spots=tuple(_find_spots(premises, one.bundle) for one in found),
        units=tuple(
            tuple(premises.count_units(one.bundle.site, measure) for measure in some)
            for one, some in zip(found, members, strict=True)
        ),
    )


def _price(premises: Premises, site: int, row: int, name: str, end: str) -> int:
    """Tell what one measure costs at a site, in whole euros."""
    measure = premises.measures[row]
    cost = measure.invest if name == "invest" else measure.upkeep
    units = premises.count_units(site, measure)
    each_eur: float = getattr(cost, f"{end}_eur")
    return round(each_eur * units)


def _find_spots(premises: Premises, bundle: Bundle) -> tuple[tuple[float, float], ...]:
    """Tell where crowns are planted, or one is moved to."""
    places, told = premises.places[bundle.site], []
    for change in (premises.measures[row].change for row in bundle.members):
        if change.crown is not None:
            told += [(float(x), float(y)) for x, y in premises.spots[places] if np.isfinite(x)]
        if change.move_m:
            away = premises.shadier[change.move_m][places]
            told += [(float(x), float(y)) for x, y in away if np.isfinite(x)]
    return tuple(told)
