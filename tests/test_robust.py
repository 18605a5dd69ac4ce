"""Robustness: by hand, laws of draws, and what the plan depends on."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_options import made_options, random_options

from hiro.coverage import find_coverage
from hiro.dice import RobustModel, build_dice
from hiro.errors import PlanError
from hiro.floors import Floors
from hiro.plan import choose_plan
from hiro.robust import try_plan

STILL = RobustModel(
    n_draws=3,
    effect_spread=0.0,
    site_spread=0.0,
    price_spread=0.0,
    waiting_spread=0.0,
    weight_spread=0.0,
)
QUICK = RobustModel(n_draws=12, n_trials=2)
EVERY_WISH = (
    {},
    {"upkeep_eur_per_year": 3000},
    {"floors": Floors(district=np.arange(60) % 4, alpha=0.8)},
    {"floors": Floors(district=np.arange(60) % 4, way="need")},
    {"coverage": True},
    {"most_a_year": 4, "n_years": 3},
    {"fewest_hot": True},
    {"kinds": ["stop", "school"] * 30, "at_least": {"school": 9}},
    {"fixed_in": ["site-0"], "fixed_out": ["site-1"]},
)


def tell(wish):
    way = wish["floors"].way if "floors" in wish else ""
    return "-".join(filter(None, [*wish, way])) or "plain"


def city(seed=1):
    options = random_options(seed, n_sites=60, most=5)
    assert options.site[0] == 0
    return options


def plan_for(options, wish, budget=120_000):
    wish = {**wish, "coverage": find_coverage(options)} if "coverage" in wish else wish
    return choose_plan(options, budget_eur=budget, **wish)


@pytest.mark.parametrize("wish", EVERY_WISH, ids=tell)
def test_what_changes_nothing_changes_nothing(wish):
    options = city()
    plan = plan_for(options, wish)
    found = try_plan(options, plan, model=STILL)
    assert (found.stable_share == 1.0).all()
    assert set(found.moved.values()) == {0.0}
    assert found.depends_on == ""
    assert found.say("de").startswith("Keine der geprüften")
    assert np.flatnonzero(found.is_sure).tolist() == options.site[plan.rows].tolist()
    assert found.relief_low_person_kh == pytest.approx(plan.relief_person_kh)
    assert found.cost_low_eur == found.cost_high_eur == plan.cost_eur


@pytest.mark.parametrize("wish", EVERY_WISH, ids=tell)
def test_shares_are_shares_and_the_same_seed_gives_the_same_bytes(wish):
    options = city()
    plan = plan_for(options, wish)
    first, again = (try_plan(options, plan, model=QUICK) for _ in range(2))
    for item in fields(first):
        one, other = (getattr(found, item.name) for found in (first, again))
        same = one.tobytes() == other.tobytes() if isinstance(one, np.ndarray) else one == other
        assert same, item.name
    assert json.dumps(first.tell()) == json.dumps(again.tell())
    for share in (first.stable_share, first.site_share, np.array([*first.moved.values()])):
        assert ((share >= 0.0) & (share <= 1.0)).all()
    assert 0.0 < first.stable_share[options.site[plan.rows]].mean() < 1.0
    assert first.relief_low_person_kh < first.relief_high_person_kh
    assert first.cost_low_eur < first.cost_high_eur
    assert list(first.moved.values()) == sorted(first.moved.values(), reverse=True)
    planned = np.isin(np.arange(options.n_sites), options.site[plan.rows])
    # What keeps its bundle is worked at; where nothing is planned it keeps that, or is worked at.
    assert (first.stable_share[planned] <= first.site_share[planned]).all()
    assert first.stable_share[~planned] == pytest.approx(1.0 - first.site_share[~planned])
    other = try_plan(options, plan, model=replace(QUICK, seed=1))
    assert other.stable_share.tobytes() != first.stable_share.tobytes()


def test_what_is_far_ahead_stays_and_a_close_call_does_not():
    """There is money for two: site 0 is ten times as good, 1 and 2 are nearly alike."""
    options = made_options(
        (0, 100, 100.0), (1, 100, 10.0), (2, 100, 9.9), measures=["tree", "tree", "tree"]
    )
    options = replace(options, cost_low_eur=options.cost_eur, cost_high_eur=options.cost_eur)
    plan = choose_plan(options, budget_eur=200)
    found = try_plan(options, plan, model=RobustModel(n_draws=200))
    assert found.stable_share[0] == 1.0
    assert found.is_sure.tolist() == [True, False, False]
    assert 0.4 < found.stable_share[1] < 0.65
    assert found.stable_share[2] == pytest.approx(found.stable_share[1])
    assert found.site_share.sum() == pytest.approx(2.0)
    # One measure alike at all sites, and no price that could be other: only the rest counts.
    assert found.moved["effect:tree"] == found.moved["costs"] == 0.0
    assert found.depends_on in {"effects", "waiting", "weights"}


def test_what_a_plan_depends_on_is_named():
    """A roof and a tree cost and bring the same; nothing but their effects can tell them apart."""
    options = made_options((0, 100, 10.0), (0, 100, 9.5), measures=["roof", "tree"])
    options = replace(options, cost_low_eur=options.cost_eur, cost_high_eur=options.cost_eur)
    plan = choose_plan(options, budget_eur=100)
    names = {"roof": {"de": "Dach", "en": "Roof"}, "tree": {"de": "Baum", "en": "Tree"}}
    model = RobustModel(site_spread=0.0, n_trials=20)
    found = try_plan(options, plan, names=names, model=model)
    assert found.moved["waiting"] == found.moved["weights"] == found.moved["costs"] == 0.0
    assert found.moved["effect:roof"] == found.moved["effect:tree"] == 0.5
    assert found.depends_on in {"effects", "effect:roof"}
    assert "Dach" in found.say("de")
    assert "Roof" in found.say("en")
    assert found.name("effect:unknown", "en").endswith("“unknown”")
    dear = replace(options, cost_high_eur=options.cost_eur * 3)
    priced = try_plan(dear, plan, model=replace(model, effect_spread=0.0))
    assert priced.depends_on == "costs"
    assert "Preise" in priced.say("de")
    assert "prices" in priced.say("en")


def test_spreads_by_site_move_only_those_sites():
    options = city(2)
    plan = choose_plan(options, budget_eur=120_000)
    none = np.zeros(options.n_sites)
    only = replace(QUICK, effect_spread=0.0, site_spread=0.0, price_spread=0.0)
    found = try_plan(options, plan, waiting_spread=none, weight_spread=none, model=only)
    assert (found.stable_share == 1.0).all()
    spread = none.copy()
    spread[options.site[plan.rows[0]]] = 3.0
    found = try_plan(options, plan, waiting_spread=spread, weight_spread=none, model=only)
    assert found.stable_share.min() < 1.0
    assert found.moved["weights"] == 0.0 < found.moved["waiting"]


@given(st.integers(0, 10**6), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_draws_lie_where_they_must(seed, number):
    options = random_options(seed, n_sites=8)
    drawn = build_dice(options, model=RobustModel()).apply(
        build_dice(options, model=RobustModel()).throw(number)
    )
    assert (drawn.cost_eur >= options.cost_low_eur).all()
    assert (drawn.cost_eur <= options.cost_high_eur).all()
    assert drawn.cost_eur.dtype == np.int64
    assert (drawn.upkeep_eur_per_year >= options.upkeep_low_eur_per_year).all()
    assert (drawn.upkeep_eur_per_year <= options.upkeep_high_eur_per_year).all()
    assert (np.sign(drawn.relief_person_kh) == np.sign(options.relief_person_kh)).all()
    # The same measures at one site take part in the same draws.
    keys = [(site, bundle) for site, bundle in zip(options.site, options.measures, strict=True)]
    felt = np.flatnonzero(options.relief_person_kh)
    ratio = dict.fromkeys(keys)
    for row in felt:
        here = drawn.relief_person_kh[row] / options.relief_person_kh[row]
        assert ratio[keys[row]] is None or ratio[keys[row]] == pytest.approx(here)
        ratio[keys[row]] = here


def test_draws_are_as_wide_as_told_and_common_to_all_sites():
    options = random_options(4, n_sites=50)
    model = RobustModel(effect_spread=0.3, waiting_spread=0.4)
    dice = build_dice(options, model=model)
    draws = [dice.throw(number) for number in range(400)]
    effects = np.array([draw.effects for draw in draws])
    # On average a draw changes nothing, of single measures and of bundles.
    felt = np.flatnonzero(options.relief_person_kh > 0.0)
    factors = np.array(
        [dice.apply(draw).relief_person_kh[felt] / options.relief_person_kh[felt] for draw in draws]
    )
    sizes = np.array([len(options.measures[row]) for row in felt])
    for size in np.unique(sizes):
        assert factors[:, sizes == size].mean() == pytest.approx(1.0, abs=0.03)
    assert effects.std(axis=0) == pytest.approx(0.3, abs=0.04)
    prices = np.array([draw.prices for draw in draws])
    assert prices.std(axis=0) == pytest.approx(6**-0.5, abs=0.05)
    assert np.array([draw.waiting for draw in draws]).std() == pytest.approx(0.4, abs=0.01)
    # Measures keep their draws when other measures or sites come in.
    fewer = random_options(5, n_sites=3)
    at = {one: k for k, one in enumerate(dice.measures)}
    other = build_dice(fewer, model=model)
    for column, one in enumerate(other.measures):
        assert other.throw(7).effects[column] == draws[7].effects[at[one]]
        assert other.throw(7).prices[column] == draws[7].prices[at[one]]


def test_a_plan_of_nothing_is_tried_as_well():
    for options in (made_options(n_sites=2), made_options((0, 10, 5.0))):
        plan = choose_plan(options, budget_eur=0)
        found = try_plan(options, plan, model=QUICK)
        assert (found.stable_share == 1.0).all()
        assert (found.site_share == 0.0).all()
        assert found.tell()["n_sure_sites"] == 0


def test_what_cannot_be_tried_gets_one_sentence():
    options = city()
    plan = choose_plan(options, budget_eur=50_000)
    with pytest.raises(PlanError, match="each of 60 sites"):
        try_plan(options, plan, waiting_spread=np.zeros(3))
    with pytest.raises(PlanError, match="each of 60 sites"):
        try_plan(options, plan, weight_spread=np.full(60, np.nan))
    with pytest.raises(PlanError, match="one draw or more"):
        try_plan(options, plan, model=RobustModel(n_draws=0))


def test_the_plan_keeps_a_share_of_what_is_best():
    options = random_options(11, n_sites=30)
    plan = choose_plan(options, budget_eur=60_000)
    told = try_plan(options, plan, model=RobustModel(n_draws=30))
    assert 0.3 < told.kept_share < 1.0
    still = RobustModel(
        n_draws=5, effect_spread=0.0, site_spread=0.0, waiting_spread=0.0, weight_spread=0.0
    )
    assert try_plan(options, plan, model=still).kept_share == pytest.approx(1.0)
    words = told.say("de"), told.say("en")
    assert f"{100 * told.kept_share:.0f}" in words[0]
    assert words[0] != words[1]


def test_what_nobody_feels_has_no_effect_to_be_unsure_of():
    options = random_options(11, n_sites=30)
    names = sorted({one for bundle in options.measures for one in bundle})
    unfelt = replace(options, unfelt=(names[0],))
    plan = choose_plan(unfelt, budget_eur=60_000)
    told = try_plan(unfelt, plan, model=RobustModel(n_draws=5))
    assert told.moved[f"effect:{names[0]}"] == 0.0
    dice = build_dice(unfelt, model=RobustModel())
    assert (dice.share[:, 0] == 0.0).all()
    felt = np.array([set(bundle) != {names[0]} for bundle in options.measures])
    np.testing.assert_allclose(dice.share.sum(axis=1), felt)
    np.testing.assert_allclose(dice.price_share.sum(axis=1), 1.0)
