"""Robustness: whether a plan stays what it is under other effects, prices and weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solarpass.words import LANGUAGES, Words

from .dice import Dice, Draw, RobustModel, build_dice, draw_coverage
from .errors import PlanError
from .knapsack import choose_exactly
from .layout import find_factors
from .option import Options
from .plan import Plan, find_due
from .plan_terms import PLAN_TERMS
from .quick import choose_at_once, keeps_all
from .wishes import Allowed, PlanModel, Wishes, find_allowed

__all__ = ["RobustModel", "Robustness", "try_plan"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_NEAR = 0.995  # of the best: a quick choice comes no nearer, by its mark

EFFECT_OF = "effect:"
"""Before a measure's id: what that measure alone brings."""


@dataclass(frozen=True, eq=False, slots=True)
class Robustness:
    """
    How far a plan can be relied on.

    Attributes
    ----------
    stable_share
        Share of the draws in which each site keeps what the plan has for it, also if that is
        nothing, ``(n_sites,)``; see `try_plan`. [1]
    site_share
        Share of the draws in which anything is done at it, ``(n_sites,)``. [1]
    is_sure
        Whether the plan has something for it, and it keeps that in nearly all draws: a sure
        recommendation, ``(n_sites,)``.
    moved
        By assumption: share of the plan's money that goes elsewhere when it alone is changed:
        ``effects`` of all measures together, the effect of each (``effect:`` and its id),
        ``costs``, ``waiting`` and ``weights``, falling. [1]
    relief_low_person_kh, relief_high_person_kh
        Between which ends the relief of the plan as it is lies in nine of ten draws.
    cost_low_eur, cost_high_eur
        Between which its cost lies. [€]
    kept_share
        Share of the best plan's relief that the plan as it is keeps, at typical prices, in the
        middle one of the draws: many works may be as good as those chosen. [1]
    n_draws
        How often it was chosen anew.
    names
        Of measures, by id and language.
    """

    stable_share: Floats
    site_share: Floats
    is_sure: NDArray[np.bool_]
    moved: Mapping[str, float]
    relief_low_person_kh: float
    relief_high_person_kh: float
    cost_low_eur: int
    cost_high_eur: int
    kept_share: float
    n_draws: int
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def depends_on(self) -> str:
        """The assumption on which the plan depends most; empty if on none."""
        name, share = next(iter(self.moved.items()), ("", 0.0))
        return name if share > 0.0 else ""

    def say(self, language: str) -> str:
        """Say on which assumption the plan depends most, German or English."""
        words = Words(language, PLAN_TERMS)
        if not self.depends_on:
            return words("robust_none")
        kept = words("robust_kept", share=words.percent(self.kept_share))
        return f"{self._say_most(words, language)} {kept}"

    def _say_most(self, words: Words, language: str) -> str:
        most = self.depends_on
        said = words(
            "robust_most", what=self.name(most, language), share=words.percent(self.moved[most])
        )
        single = next((one for one in self.moved if one.startswith(EFFECT_OF)), "")
        if most != "effects" or not single or not self.moved[single]:
            return said
        share = words.percent(self.moved[single])
        more = words("robust_single", what=self.name(single, language), share=share)
        return f"{said} {more}"

    def name(self, assumption: str, language: str) -> str:
        """Name an assumption in German or English."""
        words = Words(language, PLAN_TERMS)
        if not assumption.startswith(EFFECT_OF):
            return words(f"robust_{assumption}")
        measure = assumption.removeprefix(EFFECT_OF)
        named = self.names.get(measure, {}).get(language, measure)
        return words("robust_effect_of", measure=named)

    def tell(self) -> dict[str, Any]:
        """Tell all but the sites, for a file."""
        return {
            "n_draws": self.n_draws,
            "n_sure_sites": int(self.is_sure.sum()),
            "relief_low_person_kh": round(self.relief_low_person_kh, 3),
            "relief_high_person_kh": round(self.relief_high_person_kh, 3),
            "cost_low_eur": self.cost_low_eur,
            "cost_high_eur": self.cost_high_eur,
            "kept_share": round(self.kept_share, 3),
            "depends_on": self.depends_on,
            "said": {language: self.say(language) for language in LANGUAGES},
            "moved_share": {name: round(share, 3) for name, share in self.moved.items()},
        }


def try_plan(
    options: Options,
    plan: Plan,
    *,
    waiting_spread: Floats | None = None,
    weight_spread: Floats | None = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    plan_model: PlanModel = PlanModel(),
    model: RobustModel = RobustModel(),
) -> Robustness:
    """
    Choose a plan anew under other effects, prices and weights, with the same wishes.

    With side wishes the quick choice is taken in each draw. Where a site gets what the quick
    choice has for it when nothing is changed, and the plan has something for it as well, it
    counts as that: so what sets the two ways of choosing apart is not taken for doubt. Then each
    assumption is changed alone. The same seed gives the same bytes.

    Parameters
    ----------
    options, plan
        What may be done, and what was chosen of it.
    waiting_spread
        Spread of the logarithm of who waits, by how it is known: see
        `hiro.risk.RiskModel.exposure_spread`, ``(n_sites,)``; None: the model's. [1]
    weight_spread
        The same of how vulnerable they are; None: the model's. [1]
    names
        Of measures, by id and language, to be said.
    plan_model, model
        Assumptions.

    Raises
    ------
    PlanError
        If spreads are not of these sites, or there are no draws.
    """
    _check(options, (waiting_spread, weight_spread), model)
    dice = build_dice(
        options, waiting_spread=waiting_spread, weight_spread=weight_spread, model=model
    )
    trial = _Trial(dice, plan, find_allowed(options, plan.wishes), plan_model)
    drawn = [trial.choose(dice.throw(number)) for number in range(model.n_draws)]
    at = np.stack([_place(options, rows) for rows in drawn])
    planned = _place(options, plan.rows)
    usual = _place(options, trial.choose(dice.nothing()))
    alike = (at == usual) & (usual >= 0) & (planned >= 0)
    stable = (alike | (at == planned)).mean(axis=0)
    relief, cost = _find_ranges(dice, plan, model)
    return Robustness(
        stable_share=stable,
        site_share=(at >= 0).mean(axis=0),
        is_sure=(planned >= 0) & (stable >= model.sure_share),
        moved=_find_moved(trial),
        relief_low_person_kh=float(relief[0]),
        relief_high_person_kh=float(relief[1]),
        cost_low_eur=round(float(cost[0])),
        cost_high_eur=round(float(cost[1])),
        kept_share=_find_kept(trial, model),
        n_draws=model.n_draws,
        names=names or {},
    )


def _check(options: Options, spreads: tuple[Floats | None, ...], model: RobustModel) -> None:
    for spread in spreads:
        if spread is not None and (
            spread.shape != (options.n_sites,) or not (np.isfinite(spread) & (spread >= 0.0)).all()
        ):
            msg = f"Wanted a spread of 0 or more for each of {options.n_sites} sites."
            raise PlanError(msg)
    if model.n_draws < 1 or model.n_trials < 1:
        msg = f"Wanted one draw or more; got {min(model.n_draws, model.n_trials)}."
        raise PlanError(msg)


@dataclass(frozen=True, eq=False, slots=True)
class _Trial:
    """What it takes to choose a plan anew."""

    dice: Dice
    plan: Plan
    allowed: Allowed
    model: PlanModel

    def choose(self, draw: Draw) -> Rows:
        """Choose under a draw, ascending rows."""
        options = self.dice.apply(draw)
        wishes = replace(
            self.plan.wishes, coverage=draw_coverage(self.plan.wishes.coverage, options)
        )
        allowed = self._allow(options, wishes)
        if wishes.is_plain and not allowed.must.any():
            rows = allowed.rows
            choice = choose_exactly(
                options.cost_eur[rows],
                options.relief_person_kh[rows],
                options.site[rows],
                budget=wishes.budget_eur,
            )
            return np.sort(rows[choice.chosen[choice.chosen >= 0]])
        floor_eur, _ = find_due(options, wishes, allowed)
        found = choose_at_once(options, wishes, allowed, floor_eur=floor_eur, model=self.model)
        # The plan itself stays where it is as good as a quick choice can tell.
        ours = self._keep_plan(options, wishes, allowed, floor_eur)
        is_near = ours is not None and (
            _sum_relief(options, ours) >= _NEAR * _sum_relief(options, found.rows)
        )
        return ours if is_near and ours is not None else found.rows

    def _keep_plan(
        self, options: Options, wishes: Wishes, allowed: Allowed, floor_eur: Rows | None
    ) -> Rows | None:
        """Give the plan's own rows, if they keep to all wishes under a draw."""
        rows = self.plan.rows
        within = options.cost_eur[rows].sum() <= wishes.budget_eur
        within &= options.upkeep_eur_per_year[rows].sum() <= _limit(wishes)
        keeps = within and keeps_all(options, wishes, allowed, rows, floor_eur=floor_eur)
        return rows if keeps else None

    def _allow(self, options: Options, wishes: Wishes) -> Allowed:
        rows = self.allowed.rows
        can = options.cost_eur[rows] <= wishes.budget_eur
        can &= options.upkeep_eur_per_year[rows] <= _limit(wishes)
        return replace(self.allowed, rows=rows[can])


def _sum_relief(options: Options, rows: Rows) -> float:
    return float(options.relief_person_kh[rows].sum())


def _limit(wishes: Wishes) -> float:
    return np.inf if wishes.upkeep_eur_per_year is None else wishes.upkeep_eur_per_year


def _place(options: Options, rows: Rows) -> Rows:
    """Tell which option each site has, -1 for none."""
    at = np.full(options.n_sites, -1)
    at[options.site[rows]] = rows
    return at


def _find_ranges(dice: Dice, plan: Plan, model: RobustModel) -> tuple[Floats, Floats]:
    """Find between which ends relief and cost of the plan as it is lie."""
    relief, cost = np.zeros(model.n_draws), np.zeros(model.n_draws)
    factors = find_factors(dice.options, plan.wishes.n_years)[plan.year]
    for number in range(model.n_draws):
        options = dice.apply(dice.throw(number))
        relief[number] = float((options.relief_person_kh[plan.rows] * factors).sum())
        cost[number] = float(options.cost_eur[plan.rows].sum())
    ends = (model.low_pct, model.high_pct)
    return np.percentile(relief, ends), np.percentile(cost, ends)


def _find_kept(trial: _Trial, model: RobustModel) -> float:
    """Find which share of the best plan's relief the plan keeps, at typical prices."""
    kept, plan, still = [], trial.plan, trial.dice.nothing()
    factors = find_factors(trial.dice.options, plan.wishes.n_years)[plan.year]
    for number in range(model.n_draws):
        draw = replace(trial.dice.throw(number), prices=still.prices)
        relief = trial.dice.apply(draw).relief_person_kh
        ours = float((relief[plan.rows] * factors).sum())
        best = max(float(relief[trial.choose(draw)].sum()), ours)
        kept.append(ours / best if best > 0.0 else 1.0)
    return float(np.median(kept))


def _find_moved(trial: _Trial) -> dict[str, float]:
    """Tell which share of the plan's money moves when one assumption is changed alone."""
    usual = trial.choose(trial.dice.nothing())
    cost = trial.dice.options.cost_eur[usual]
    total = float(cost.sum())
    moved: dict[str, list[float]] = {}
    for name, draw in _throw_alone(trial.dice):
        gone = ~np.isin(usual, trial.choose(draw))
        moved.setdefault(name, []).append(float(cost[gone].sum()) / total if total else 0.0)
    mean = {name: math.fsum(shares) / len(shares) for name, shares in moved.items()}
    return dict(sorted(mean.items(), key=lambda item: (-item[1], item[0])))


def _throw_alone(dice: Dice) -> Iterator[tuple[str, Draw]]:
    """Throw draws that change one assumption; a measure's effect by its spread up and down."""
    still, model = dice.nothing(), dice.model
    for number in range(model.n_draws, model.n_draws + model.n_trials):
        draw = dice.throw(number)
        yield (
            "effects",
            replace(still, effects=draw.effects, effect_spread=draw.effect_spread, here=draw.here),
        )
        yield "costs", replace(still, prices=draw.prices)
        yield "waiting", replace(still, waiting=draw.waiting)
        yield "weights", replace(still, weight=draw.weight)
    for column, measure in enumerate(dice.measures):
        for sign in (-1.0, 1.0):
            effects = still.effects.copy()
            effects[column] = sign * model.effect_spread
            yield EFFECT_OF + measure, replace(still, effects=effects)
