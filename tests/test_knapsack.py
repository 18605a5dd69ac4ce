import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_knapsacks import FAMILIES, list_picks, made_knapsack, sum_up, try_all

from hiro.errors import PlanError
from hiro.hull import build_hull
from hiro.knapsack import QUICK, choose_exactly, choose_quickly
from hiro.program import OPTIMAL

SMALL = {"n_groups": 4, "n_options": 3}
DATA = os.environ.get("SOLARPASS_REFERENCE_DATA")

# data/dresden/hiro2024_rule.md: the optimum in the three readings of level 3
BUDGETS_EUR = (10_000, 50_000, 150_000, 500_000, 1_000_000, 2_000_000)
OPTIMUM = {
    "as it is": (5_139, 23_043, 64_275, 178_883, 317_775, 457_551),
    "times the level": (10_943, 47_389, 130_764, 363_409, 641_991, 929_196),
    "level 3 ten times": (31_956, 96_670, 179_158, 310_357, 454_616, 612_293),
}


def optimum(cost, benefit, group, budget, **options):
    return choose_exactly(cost, benefit, group, budget=budget, **options)


@st.composite
def knapsacks(draw, most_groups=4):
    """Draw anything small: free options, ones that bring nothing or harm, decimals, any order."""
    n_groups = draw(st.integers(1, most_groups))
    option = st.tuples(
        st.integers(0, 40), st.integers(-300, 900).map(lambda k: k / 10), st.integers(0, n_groups)
    )
    told = draw(st.lists(option, max_size=9))
    cost, benefit, group = (
        (np.array(column) for column in zip(*told, strict=True))
        if told
        else (
            np.zeros(0, np.int64),
            np.zeros(0),
            np.zeros(0, np.int64),
        )
    )
    return cost, benefit, group, n_groups + 1, draw(st.integers(0, 120))


# --- exact


@pytest.mark.parametrize("family", FAMILIES)
def test_table_solver_and_brute_force_agree(family):
    rng = np.random.default_rng(FAMILIES.index(family))
    for k in range(260):
        largest = (8, 100, 1000)[k % 3]
        cost, benefit, group = made_knapsack(rng, family, **SMALL, largest=largest)
        budget = int(rng.integers(0, cost.sum() + 1))
        if k % 2:  # where it is tight
            budget //= 4
        rows, spent, most = try_all(cost, benefit, group, budget=budget, n_groups=4)
        ours = optimum(cost, benefit, group, budget)
        assert (tuple(ours.chosen.tolist()), ours.cost, ours.benefit) == (rows, spent, most)
        assert (ours.bound, ours.status, ours.gap) == (most, OPTIMAL, 0.0)
        theirs = optimum(cost, benefit, group, budget, table_bytes=0)
        assert (theirs.benefit, theirs.status) == (most, OPTIMAL)
        assert theirs.cost <= budget


@settings(deadline=None, max_examples=200)
@given(knapsacks())
def test_of_equals_the_cheapest_then_the_earliest_is_chosen(drawn):
    cost, benefit, group, n_groups, budget = drawn
    rows, spent, most = try_all(cost, benefit, group, budget=budget, n_groups=n_groups)
    ours = optimum(cost, benefit, group, budget, n_groups=n_groups)
    assert (tuple(ours.chosen.tolist()), ours.cost) == (rows, spent)
    assert ours.benefit == pytest.approx(most, rel=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_large_tables_agree_with_the_solver(family):
    cost, benefit, group = made_knapsack(
        np.random.default_rng(7), family, n_groups=30, n_options=5, largest=200
    )
    for budget in (150, 1500, 4000):
        ours = optimum(cost, benefit, group, budget)
        theirs = optimum(cost, benefit, group, budget, table_bytes=0)
        assert ours.benefit == pytest.approx(theirs.benefit, rel=1e-9)
        assert sum_up(cost, benefit, ours.chosen) == (ours.cost, ours.benefit)


@settings(deadline=None)
@given(knapsacks(), st.integers(1, 50))
def test_more_money_brings_no_less(drawn, more):
    cost, benefit, group, _, budget = drawn
    assert (
        optimum(cost, benefit, group, budget + more).benefit
        >= optimum(cost, benefit, group, budget).benefit
    )


@settings(deadline=None)
@given(knapsacks())
def test_no_money_buys_what_is_free(drawn):
    cost, benefit, group, _, _ = drawn
    chosen = optimum(cost, benefit, group, 0).chosen
    assert (cost[chosen[chosen >= 0]] == 0).all()
    for k, row in enumerate(chosen):
        gains = benefit[(group == k) & (cost == 0) & (benefit > 0.0)]
        assert (row >= 0) == (len(gains) > 0)
        assert row < 0 or benefit[row] == gains.max()


@settings(deadline=None)
@given(knapsacks())
def test_ten_times_the_prices_and_the_money_change_nothing(drawn):
    cost, benefit, group, _, budget = drawn
    once = optimum(cost, benefit, group, budget)
    ten = optimum(10 * cost, benefit, group, 10 * budget)
    assert np.array_equal(once.chosen, ten.chosen)
    assert np.array_equal(once.chosen, optimum(10 * cost, benefit, group, 10 * budget + 9).chosen)


@settings(deadline=None)
@given(knapsacks())
def test_each_group_takes_one_of_its_own(drawn):
    cost, benefit, group, _, budget = drawn
    told = optimum(cost, benefit, group, budget)
    taken = np.flatnonzero(told.chosen >= 0)
    assert np.array_equal(group[told.chosen[taken]], taken)
    assert (benefit[told.chosen[taken]] > 0.0).all()
    assert sum_up(cost, benefit, told.chosen) == (told.cost, told.benefit)
    assert told.cost <= budget


def test_what_cannot_be_chosen_among_is_one_sentence():
    for change in (
        {"budget": -1},
        {"budget": float("nan")},
        {"n_groups": 1},
        {"cost": [1.5, 2.0]},
        {"cost": [-1, 2]},
        {"cost": [2.0**62, 2.0**62]},
        {"benefit": [1.0]},
        {"benefit": [np.nan, 1.0]},
        {"group": [-1, 0]},
    ):
        asked = {"cost": [1, 2], "benefit": [1.0, 2.0], "group": [0, 1], "budget": 3} | change
        with pytest.raises(PlanError, match=r"^[A-Z].*\.$"):
            choose_exactly(**asked)


# --- at once


@settings(deadline=None, max_examples=200)
@given(knapsacks())
def test_a_quick_choice_fits_and_its_bound_holds(drawn):
    cost, benefit, group, n_groups, budget = drawn
    best = optimum(cost, benefit, group, budget, n_groups=n_groups)
    quick = choose_quickly(build_hull(cost, benefit, group, n_groups=n_groups), budget=budget)
    assert quick.cost <= budget
    assert sum_up(cost, benefit, quick.chosen) == (quick.cost, quick.benefit)
    assert best.benefit <= quick.bound * (1.0 + 1e-12)
    assert quick.benefit >= 0.995 * best.benefit


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("share", [0.0003, 0.001, 0.003, 0.01, 0.1, 0.4])
def test_a_quick_choice_is_near_the_best(family, share):
    cost, benefit, group = made_knapsack(
        np.random.default_rng(3), family, n_groups=400, n_options=8, largest=400
    )
    budget = int(share * cost.sum() / 8) + 30
    best = optimum(cost, benefit, group, budget)
    quick = choose_quickly(build_hull(cost, benefit, group), budget=budget)
    assert quick.benefit >= 0.995 * best.benefit
    assert best.benefit <= quick.bound * (1.0 + 1e-12)
    assert quick.status in {QUICK, OPTIMAL}


@settings(deadline=None, max_examples=60)
@given(knapsacks(most_groups=3), st.integers(0, 60), st.randoms(use_true_random=False))
def test_two_budgets_are_kept_and_bounded(drawn, upkeep_limit, random):
    cost, benefit, group, n_groups, budget = drawn
    upkeep = np.array([random.randint(0, 20) for _ in cost], np.int64)
    hull = build_hull(cost, benefit, group, upkeep=upkeep, n_groups=n_groups)
    quick = choose_quickly(hull, budget=budget, upkeep=upkeep_limit)
    taken = quick.chosen[quick.chosen >= 0]
    assert quick.cost <= budget
    assert upkeep[taken].sum() <= upkeep_limit
    able = [
        math.fsum(benefit[taken])
        for _, taken in list_picks(group, n_groups=n_groups)
        if cost[taken].sum() <= budget and upkeep[taken].sum() <= upkeep_limit
    ]
    assert quick.benefit <= max(able) + 1e-9
    assert max(able) <= quick.bound * (1.0 + 1e-9) + 1e-9


def test_two_budgets_are_used_well():
    rng = np.random.default_rng(5)
    cost, benefit, group = made_knapsack(
        rng, "uncorrelated", n_groups=400, n_options=6, largest=1000
    )
    upkeep = rng.integers(0, 300, len(cost))
    hull = build_hull(cost, benefit, group, upkeep=upkeep)
    for budget, upkeep_limit in ((10_000, 10_000), (50_000, 2_000), (4_000, 30_000)):
        quick = choose_quickly(hull, budget=budget, upkeep=upkeep_limit)
        assert quick.benefit >= 0.98 * quick.bound
    loose = choose_quickly(hull, budget=10_000, upkeep=10**9)
    plain = optimum(cost, benefit, group, 10_000)
    assert 0.99 * plain.benefit <= loose.benefit <= plain.benefit <= loose.bound * (1.0 + 1e-9)


# --- the reference instance of 2024


@pytest.fixture(scope="module")
def reference():
    path = Path(DATA or "") / "dresden" / "hiro2024_objects.geojson"
    if not path.is_file():
        pytest.skip(
            "SOLARPASS_REFERENCE_DATA names no folder with dresden/hiro2024_objects.geojson"
        )
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    told = [feature["properties"] for feature in features]
    served = [one for one in told if one["stufe"] in {2, 3}]
    assert (len(told), len(served)) == (1560, 1425)
    cost, benefit, group, level = [], [], [], []
    for k, one in enumerate(served):
        weight = 2 * one["prozent_0_5"] + one["prozent_60_74"] + 2 * one["prozent_75_"]
        cost += [700 if one["shelter"] == "yes" else 1000, 5000]
        benefit += [5 * weight, 12 * weight]
        group += [k, k]
        level += [one["stufe"]] * 2
    cost, benefit, group, level = map(np.array, (cost, benefit, group, level))
    counted = {
        "as it is": benefit,
        "times the level": benefit * level,
        "level 3 ten times": benefit * np.where(level == 3, 10, 1),
    }
    return cost, counted, group


@pytest.mark.parametrize("reading", OPTIMUM)
def test_the_optima_of_2024_are_met_to_the_digit(reading, reference):
    cost, counted, group = reference
    benefit = counted[reading]
    hull = build_hull(cost, benefit, group)
    for budget, most in zip(BUDGETS_EUR, OPTIMUM[reading], strict=True):
        best = optimum(cost, benefit, group, budget)
        assert round(best.benefit) == most
        assert best.cost <= budget
        quick = choose_quickly(hull, budget=budget)
        assert 0.995 * best.benefit <= quick.benefit <= best.benefit * (1.0 + 1e-12)
        assert best.benefit <= quick.bound * (1.0 + 1e-12)
