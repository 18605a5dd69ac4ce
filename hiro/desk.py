"""The desk: all that plans of a city on one day are made from, laid out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solarpass.atlas import Atlas

from .catalogue import Catalogue, read_catalogue
from .district import Districts, find_districts
from .feasibility import Judgement, judge_measures
from .floors import Floors
from .gain import Gains, find_gains
from .option import Options, find_efficient
from .optionfile import find_options
from .plan import Plan, choose_plan
from .proposal import Proposal
from .query import Sieve
from .risk import RiskModel
from .robust import Robustness, try_plan
from .score import Score
from .sift import sift
from .wishes import PlanModel


@dataclass(frozen=True, slots=True)
class DeskModel:
    """
    Assumptions of whoever plans at the screen; change one with `dataclasses.replace`.

    Attributes
    ----------
    alpha
        What share of the budget districts are due, where one asks for fairness; that of the
        design of this house. [1]
    time_limit_s
        So long the solver may take for each goal, as somebody waits; our choice. [s]
    """

    alpha: float = 0.5
    time_limit_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What is asked of a plan at the screen.

    Attributes
    ----------
    budget_eur
        Whole euros. [€]
    upkeep_eur_per_year
        At most, None: whatever it takes. [€ a⁻¹]
    is_fair
        Whether each district is due its share.
    sieve
        Only at these places something may be built; its level counts for nothing, as that is of
        an hour.
    """

    budget_eur: int
    upkeep_eur_per_year: int | None = None
    is_fair: bool = False
    sieve: Sieve = Sieve()


@dataclass(frozen=True, eq=False)  # no slots: what is derived is kept once looked at
class Desk:
    """
    All that plans are made from.

    Attributes
    ----------
    score
        Of the day.
    catalogue
        Of measures.
    options
        All that may be done, also what another option beats.
    judgement
        Whether each measure can be at each site.
    districts
        Of the sites.
    model
        Assumptions.
    """

    score: Score
    catalogue: Catalogue
    options: Options
    judgement: Judgement
    districts: Districts
    model: DeskModel = DeskModel()

    @cached_property
    def gains(self) -> Gains:
        """What each option brings at its site."""
        return find_gains(self.options)

    @cached_property
    def kept(self) -> NDArray[np.int64]:
        """Rows of `options` that no other beats."""
        return find_efficient(self.options)

    @cached_property
    def efficient(self) -> Options:
        """What plans are chosen from: no option that another beats."""
        return self.options.take(self.kept)

    @cached_property
    def efficient_gains(self) -> Gains:
        """What each of those brings at its site."""
        return find_gains(self.efficient)

    def choose(self, wish: Wish, *, is_live: bool = False) -> Plan:
        """
        Choose a plan out of `efficient`.

        Raises
        ------
        PlanError
            If none keeps to the wish.
        """
        floors = None
        if wish.is_fair and len(self.districts):
            floors = Floors(
                district=self.districts.of_site,
                alpha=self.model.alpha,
                names=self.districts.names,
            )
        return choose_plan(
            self.efficient,
            budget_eur=wish.budget_eur,
            upkeep_eur_per_year=wish.upkeep_eur_per_year,
            floors=floors,
            fixed_out=self._list_out(wish.sieve),
            is_live=is_live,
            model=replace(PlanModel(), time_limit_s=self.model.time_limit_s),
        )

    def _list_out(self, sieve: Sieve) -> list[str]:
        """List the ids of sites that a sieve does not leave."""
        kept = sift(self.score, replace(sieve, level=None), self.districts, row=0)
        ids = self.options.site_id
        return [site_id for site_id, is_kept in zip(ids, kept, strict=True) if not is_kept]

    def try_out(self, plan: Plan) -> Robustness:
        """Choose a plan of `efficient` anew under other effects, prices and weights."""
        tiers = self.score.exposure.tier
        # What another option beats at typical prices may be the best at others.
        return try_plan(
            self.options,
            replace(plan, rows=self.kept[plan.rows]),
            waiting_spread=np.array([RiskModel().exposure_spread(str(tier)) for tier in tiers]),
            names={one.measure_id: one.name for one in self.catalogue.measures},
            plan_model=replace(PlanModel(), time_limit_s=self.model.time_limit_s),
        )

    def propose(self, plan: Plan, robustness: Robustness | None = None) -> Proposal:
        """Lay a plan beside all that it rests on."""
        return Proposal(
            score=self.score,
            options=self.efficient,
            plan=plan,
            catalogue=self.catalogue,
            judgement=self.judgement,
            districts=self.districts,
            robustness=robustness,
        )


def open_desk(score: Score, atlas: Atlas) -> Desk:
    """
    Lay out all that plans of a scored city are made from: options are scored, or read if kept.

    Parameters
    ----------
    score
        Of one day.
    atlas
        The city.
    """
    catalogue = read_catalogue()
    options = find_options(score, atlas.city, atlas.surface, catalogue=catalogue)
    return Desk(
        score=score,
        catalogue=catalogue,
        options=options,
        judgement=judge_again(score, atlas, catalogue, options),
        districts=find_districts(score.sites, atlas.city),
    )


def judge_again(score: Score, atlas: Atlas, catalogue: Catalogue, options: Options) -> Judgement:
    """
    Judge all measures, as they were judged for options: what has none there had no room.

    To ask whether there is room would need all sites to be marched over again.
    """
    row = {measure_id: at for at, measure_id in enumerate(catalogue.ids)}
    offered = np.zeros((options.n_sites, len(catalogue)), bool)
    for site, bundle in zip(options.site.tolist(), options.measures, strict=True):
        offered[site, [row[one] for one in bundle]] = True
    return judge_measures(catalogue, score.sites, city=atlas.city, has_room=offered)
