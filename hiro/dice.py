"""Draws: other effects, prices and weights that are as likely, each from a stream of its own."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .coverage import Coverage
from .option import Options

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RobustModel:
    """
    How far assumptions are changed when a plan is tried; change one with `dataclasses.replace`.

    Factors are lognormal with a mean of 1, so that draws make a plan neither better nor worse.

    Attributes
    ----------
    n_draws, seed
        How often the plan is chosen anew, and from which random numbers; our choice. [count]
    effect_spread
        Of the logarithm of what a measure brings, the same at all sites: a third more or less;
        our choice. [1]
    site_spread
        Of the logarithm of what a bundle brings at one site beyond that; our choice. [1]
    price_spread
        How far prices are drawn towards their own low and high ends, 1 all the way, with the
        typical price the likeliest; our choice. [1]
    waiting_spread
        Of the logarithm of who waits, where no spread is given: that of stops whose lines are
        known, as in `hiro.risk.RiskModel`; our choice. [1]
    weight_spread
        Of the logarithm of their vulnerability, where none is given; our choice. [1]
    sure_share
        A site that keeps its bundle in this share of the draws is a sure recommendation; our
        choice. [1]
    n_trials
        How often each assumption is changed alone; our choice. [count]
    low_pct, high_pct
        Ends of the ranges that are told. [%]
    """

    n_draws: int = 40
    seed: int = 20240720
    effect_spread: float = 0.3
    site_spread: float = 0.2
    price_spread: float = 1.0
    waiting_spread: float = 0.4
    weight_spread: float = 0.2
    sure_share: float = 0.8
    n_trials: int = 4
    low_pct: float = 5.0
    high_pct: float = 95.0


@dataclass(frozen=True, eq=False, slots=True)
class Draw:
    """
    One draw of all assumptions; 0 is what the plan was chosen with.

    Attributes
    ----------
    effects, prices
        Of each measure in the order of `Dice.measures`: logarithm of what it brings, and where
        its price lies from -1, the low end, over 0, the typical, to 1, ``(n_measures,)`` each.
    effect_spread
        Spread that `effects` were drawn with, 0 where they are set. [1]
    here
        Logarithm of what each bundle brings at its site beyond that, ``(n_sites,)``.
    waiting, weight
        Logarithms of who waits, and of how vulnerable they are, ``(n_sites,)`` each.
    """

    effects: Floats
    effect_spread: float
    prices: Floats
    here: Floats
    waiting: Floats
    weight: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Dice:
    """
    Throws draws for some options.

    Attributes
    ----------
    options
        As they are.
    measures
        All that occur, in alphabetical order.
    share, price_share
        Share of each measure in what each bundle brings, and in its price,
        ``(n_options, n_measures)`` each.
    waiting_spread, weight_spread
        Of the logarithms, ``(n_sites,)`` each.
    model
        Assumptions.
    """

    options: Options
    measures: tuple[str, ...]
    share: Floats
    price_share: Floats
    waiting_spread: Floats
    weight_spread: Floats
    model: RobustModel

    def throw(self, number: int) -> Draw:
        """Throw a draw; the same number gives the same, whatever else is thrown."""
        model, n_sites = self.model, self.options.n_sites
        effects = [self._open("effect", one, number).standard_normal() for one in self.measures]
        prices = [self._open("price", one, number).triangular(-1, 0, 1) for one in self.measures]
        here, waiting, weight = (
            self._open(kind, "", number).standard_normal(n_sites)
            for kind in ("here", "waiting", "weight")
        )
        return Draw(
            effects=model.effect_spread * np.array(effects),
            effect_spread=model.effect_spread,
            prices=model.price_spread * np.array(prices),
            here=_spread(here, model.site_spread),
            waiting=_spread(waiting, self.waiting_spread),
            weight=_spread(weight, self.weight_spread),
        )

    def _open(self, kind: str, measure: str, number: int) -> np.random.Generator:
        """Open a stream that no other draw of another thing moves on."""
        name = zlib.crc32(f"{kind}:{measure}".encode())
        return np.random.default_rng((self.model.seed, name, number))

    def nothing(self) -> Draw:
        """Give the draw that changes nothing."""
        none, still = np.zeros(len(self.measures)), np.zeros(self.options.n_sites)
        return Draw(none, 0.0, none, still, still, still)

    def apply(self, draw: Draw) -> Options:
        """
        Give the options as a draw has them.

        A bundle takes the mean of its measures' draws; its price is read between its own low,
        typical and high ones, half of the draws on either side of the typical.
        """
        options = self.options
        site = options.site
        # The mean of a bundle's factor is 1 as well, though it takes part in several draws.
        within = 0.5 * np.square(draw.effect_spread * self.share).sum(axis=1)
        effect = np.exp(self.share @ draw.effects - within + draw.here[site])
        heat = np.exp(draw.waiting + draw.weight)
        price = self.price_share @ draw.prices
        after = options.utci_before_c[:, site]
        return replace(
            options,
            relief_person_kh=options.relief_person_kh * effect * heat[site],
            relief_grown_person_kh=options.relief_grown_person_kh * effect * heat[site],
            heat_person_kh=options.heat_person_kh * heat,
            persons=options.persons * np.exp(draw.waiting),
            utci_after_c=after + (options.utci_after_c - after) * effect,
            cost_eur=_price(
                options.cost_low_eur, options.cost_eur, options.cost_high_eur, at=price
            ),
            upkeep_eur_per_year=_price(
                options.upkeep_low_eur_per_year,
                options.upkeep_eur_per_year,
                options.upkeep_high_eur_per_year,
                at=price,
            ),
        )


def build_dice(
    options: Options,
    *,
    waiting_spread: Floats | None = None,
    weight_spread: Floats | None = None,
    model: RobustModel,
) -> Dice:
    """
    Build what throws draws.

    Parameters
    ----------
    options
        As they are.
    waiting_spread, weight_spread
        Of the logarithms of who waits and of how vulnerable they are, ``(n_sites,)``; None: the
        model's at all sites.
    model
        Assumptions.
    """
    measures = tuple(sorted({one for bundle in options.measures for one in bundle}))
    column = {one: k for k, one in enumerate(measures)}
    share = np.zeros((len(options), len(measures)))
    price_share = np.zeros((len(options), len(measures)))
    for row, bundle in enumerate(options.measures):
        felt = [one for one in bundle if one not in options.unfelt]
        for one in felt:
            share[row, column[one]] = 1.0 / len(felt)
        for one in bundle:
            price_share[row, column[one]] = 1.0 / len(bundle)
    everywhere = np.ones(options.n_sites)
    return Dice(
        options=options,
        measures=measures,
        share=share,
        price_share=price_share,
        waiting_spread=everywhere
        * (model.waiting_spread if waiting_spread is None else waiting_spread),
        weight_spread=everywhere
        * (model.weight_spread if weight_spread is None else weight_spread),
        model=model,
    )


def _spread(normal: Floats, spread: float | Floats) -> Floats:
    """Turn standard normal draws into logarithms of factors whose mean is 1."""
    logarithm: Floats = spread * normal - 0.5 * np.square(spread)
    return logarithm


def draw_coverage(coverage: Coverage | None, options: Options) -> Coverage | None:
    """Count the persons of a draw's options in a coverage."""
    return None if coverage is None else replace(coverage, persons=options.persons)


def _price(
    low: NDArray[np.int64],
    typical: NDArray[np.int64],
    high: NDArray[np.int64],
    *,
    at: Floats,
) -> NDArray[np.int64]:
    """Read prices between three, in whole euros."""
    span = np.where(at < 0.0, typical - low, high - typical)
    return np.rint(typical + at * span).astype(np.int64)
