"""Bargains: near the best within limits and floors, which are kept to the euro."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_options import random_options

from hiro.bargain import choose_from_purse
from hiro.errors import PlanError
from hiro.floors import Floors
from hiro.plan import PlanModel, choose_plan
from hiro.purse import lay_out_purse

SEEDS = st.integers(0, 10**6)


def brute(site, cost, upkeep, benefit, district, due, *, budget, most_upkeep):
    """Try all choices."""
    ways = [[-1, *np.flatnonzero(site == one)] for one in np.unique(site)]
    best = None
    for way in np.array(np.meshgrid(*ways)).reshape(len(ways), -1).T:
        rows = way[way >= 0]
        spent = np.bincount(district[rows][district[rows] >= 0], minlength=len(due))[: len(due)] * 0
        np.add.at(spent, district[rows][district[rows] >= 0], cost[rows][district[rows] >= 0])
        keeps = cost[rows].sum() <= budget and upkeep[rows].sum() <= most_upkeep
        if keeps and (spent >= due).all():
            brings = benefit[rows].sum()
            best = brings if best is None else max(best, brings)
    return best


@given(SEEDS)
@settings(max_examples=150, deadline=None)
def test_small_purses_are_spent_within_their_limits_and_near_the_best(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 13))
    site = np.sort(rng.integers(0, 5, n))
    cost, upkeep = rng.integers(0, 12, n), rng.integers(0, 6, n)
    benefit = rng.uniform(0.1, 10.0, n)
    district = rng.integers(-1, 3, 5)[site]
    due = rng.integers(0, 8, 3)
    limits = {"budget": int(rng.integers(0, 40)), "most_upkeep": int(rng.integers(0, 16))}
    best = brute(site, cost, upkeep, benefit, district, due, **limits)
    purse = lay_out_purse(site, cost, benefit, upkeep=upkeep, district=district, due=due, **limits)
    rows, bound = choose_from_purse(purse)
    if best is not None:
        assert bound >= best - 1e-9
    if rows is None:
        return
    assert best is not None
    assert len(np.unique(site[rows])) == len(rows)
    assert cost[rows].sum() <= limits["budget"]
    assert upkeep[rows].sum() <= limits["most_upkeep"]
    for one, least in enumerate(due):
        assert cost[rows][district[rows] == one].sum() >= least
    assert benefit[rows].sum() <= best + 1e-9


def test_a_site_that_must_have_something_has():
    site, cost, benefit = np.array([0, 1]), np.array([5, 5]), np.array([1.0, 9.0])
    must = np.array([True, False])
    rows, bound = choose_from_purse(lay_out_purse(site, cost, benefit, budget=5, must=must))
    assert rows.tolist() == [0]
    assert bound >= 1.0


def test_nothing_to_choose_from_meets_no_floor():
    none = np.zeros(0, np.int64)
    empty = lay_out_purse(none, none, np.zeros(0), budget=5)
    assert choose_from_purse(empty)[0].tolist() == []
    due = lay_out_purse(none, none, np.zeros(0), budget=5, district=none, due=np.array([3]))
    assert choose_from_purse(due)[0] is None


def shares(seed):
    """Tell what share of the best each live answer is, under a few wishes of a made city."""
    options = random_options(seed, n_sites=120, most=6)
    district = np.random.default_rng(seed).integers(-1, 6, 120)
    for budget in (60_000, 250_000):
        for upkeep, alpha in ((None, 0.5), (budget // 70, 0.4), (budget // 40, None)):
            floors = None if alpha is None else Floors(district=district, alpha=alpha)
            wish = {"budget_eur": budget, "upkeep_eur_per_year": upkeep, "floors": floors}
            try:
                best = choose_plan(options, **wish, model=PlanModel(time_limit_s=20.0))
            except PlanError:
                continue
            live = choose_plan(options, **wish, is_live=True)
            assert live.cost_eur <= budget
            assert upkeep is None or live.upkeep_eur_per_year <= upkeep
            assert (live.spend_eur >= live.floor_eur).all()
            assert live.bound_person_kh >= best.relief_person_kh * (1.0 - 1e-9)
            assert live.status == "quick"
            yield live.relief_person_kh / best.relief_person_kh


@pytest.mark.parametrize("first", [0, 4])
def test_live_answers_are_near_those_of_the_solver(first):
    found = np.array([share for seed in range(first, first + 4) for share in shares(seed)])
    assert len(found) >= 12
    assert np.median(found) >= 0.9985
    assert (found >= 0.995).all(), np.sort(found)[:4]
