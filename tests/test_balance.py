"""Balances: what is done adds up, in all and by district, before and after."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_options import made_options, random_options

from hiro.balance import (
    ELSEWHERE,
    UNITS,
    draw_balance,
    find_relief,
    tabulate_balance,
    tell_account,
)
from hiro.district import Districts
from hiro.level import find_level
from hiro.plan import choose_plan

ADDS_UP = ("n_sites", "n_works", "relief_person_kh", "relief_grown_person_kh", "person_hours")
ADDS_UP += ("person_hours_helped", "cost_eur", "upkeep_eur_per_year")


def made_districts(n_sites, n_districts, seed, *, some_outside=True):
    """Draw a district for each site, -1 for some."""
    rng = np.random.default_rng(seed)
    of_site = rng.integers(-1 if some_outside else 0, n_districts, n_sites)
    return Districts(of_site, tuple(f"D{k}" for k in range(n_districts)), "made")


def test_nothing_done_leaves_all_as_it_is():
    options = random_options(3)
    total = draw_balance(options, choose_plan(options, budget_eur=0)).total
    assert total.before == total.after
    assert (total.n_works, total.cost_eur, total.relief_person_kh) == (0, 0, 0.0)
    assert total.eur_per_person_kh is None
    assert total.person_hours_helped_per_1000_eur is None


def test_one_work_by_hand():
    options = made_options(
        (0, 5_000, 10.0),
        n_sites=2,
        utci_before_c=np.array([[40.0, 33.0], [31.0, 31.9]]),
        utci_after_c=np.array([[37.0], [30.0]]),
        heat_person_kh=np.array([50.0, 5.0]),
        persons=np.array([20.0, 30.0]),
        step_h=0.5,
        upkeep=[100],
    )
    total = draw_balance(options, choose_plan(options, budget_eur=10_000)).total
    assert total.before.sites_by_level == (0, 0, 1, 1, 0)
    assert total.after.sites_by_level == (0, 0, 2, 0, 0)
    assert (total.before.hours_utci_above_32, total.after.hours_utci_above_32) == (1.0, 1.0)
    assert (total.before.hours_utci_above_38, total.after.hours_utci_above_38) == (0.5, 0.0)
    assert (total.before.heat_person_kh, total.after.heat_person_kh) == (55.0, 43.0)  # 1.2 · 10
    assert (total.person_hours, total.person_hours_helped) == (50.0, 20.0)
    assert (total.cost_eur, total.upkeep_eur_per_year) == (5_000, 100)
    assert total.eur_per_person_kh == 500.0
    assert total.person_hours_helped_per_1000_eur == 4.0


@pytest.mark.parametrize("utci_c", [26.0, 32.0, 38.0, 46.0, 25.999, 37.999])
def test_hours_and_levels_begin_at_the_same_temperature(utci_c):
    options = made_options((0, 1, 1.0), utci_before_c=np.full((2, 1), utci_c))
    before = draw_balance(options, choose_plan(options, budget_eur=0)).total.before
    level = int(find_level(np.array([utci_c]))[0])
    assert before.sites_by_level[level] == 1
    assert (before.hours_utci_above_32 > 0.0) == (level >= 2)
    assert (before.hours_utci_above_38 > 0.0) == (level >= 3)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), budget=st.integers(0, 60_000), n_districts=st.integers(1, 5))
def test_districts_add_up_to_the_total(seed, budget, n_districts):
    options = random_options(seed)
    plan = choose_plan(options, budget_eur=budget)
    districts = made_districts(options.n_sites, n_districts, seed)
    drawn = draw_balance(options, plan, districts=districts)
    assert (drawn.districts[-1].name == ELSEWHERE) == bool((districts.of_site < 0).any())
    for name in ADDS_UP:
        parts = sum(getattr(one, name) for one in drawn.districts)
        assert parts == pytest.approx(getattr(drawn.total, name), rel=1e-9, abs=1e-9)
    for side in ("before", "after"):
        states = [getattr(one, side) for one in drawn.districts]
        whole = getattr(drawn.total, side)
        levels = np.sum([state.sites_by_level for state in states], axis=0)
        assert levels.tolist() == list(whole.sites_by_level)
        heat = sum(state.heat_person_kh for state in states)
        assert heat == pytest.approx(whole.heat_person_kh)
    assert drawn.total.cost_eur == plan.cost_eur
    assert drawn.total.relief_person_kh == pytest.approx(plan.relief_person_kh)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), budget=st.integers(0, 60_000))
def test_what_is_chosen_by_relief_never_makes_it_hotter(seed, budget):
    options = random_options(seed)
    total = draw_balance(options, choose_plan(options, budget_eur=budget)).total
    assert total.after.heat_person_kh <= total.before.heat_person_kh
    assert total.after.hours_utci_above_32 <= total.before.hours_utci_above_32
    hotter = (np.cumsum(one.sites_by_level[::-1]) for one in (total.after, total.before))
    after, before = hotter
    assert (after <= before).all()


def test_works_of_later_years_count_by_what_is_left_of_the_horizon():
    options = made_options((0, 100, 10.0), (1, 100, 8.0), (2, 100, 6.0))
    plan = choose_plan(options, budget_eur=300, most_a_year=1, n_years=3)
    relief = find_relief(options, plan)
    assert relief.tolist() == pytest.approx([10.0, 8.0 * 19 / 20, 6.0 * 18 / 20])
    total = draw_balance(options, plan).total
    assert total.relief_person_kh == pytest.approx(plan.relief_person_kh)
    assert total.relief_grown_person_kh == pytest.approx(1.2 * 24.0)


def test_the_table_has_a_row_each_and_units():
    options = random_options(5)
    plan = choose_plan(options, budget_eur=20_000)
    drawn = draw_balance(options, plan, districts=made_districts(options.n_sites, 3, 0))
    table = tabulate_balance(drawn)
    assert len(table) == 1 + len(drawn.districts)
    assert table["name"].isna().tolist() == [True] + [False] * len(drawn.districts)
    row = tell_account(drawn.total)
    assert [row[f"level_{k}_after"] for k in range(5)] == list(drawn.total.after.sites_by_level)
    named = " ".join(UNITS).replace("level_0 … level_4", " ".join(f"level_{k}" for k in range(5)))
    for column in table.columns.drop("name"):
        assert column.removesuffix("_before").removesuffix("_after") in named, column


def test_the_notes_tell_mean_from_grown():
    notes = " ".join(
        draw_balance(random_options(1), choose_plan(random_options(1), budget_eur=0)).notes
    )
    assert "once all has grown" in notes
    assert "mean over the horizon" in notes
