import math

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from made_knapsacks import list_picks, made_knapsack

from hiro.errors import PlanError
from hiro.knapsack import choose_exactly
from hiro.program import OPTIMAL, TIMED_OUT, Program, solve_program

OPEN = np.inf


def budgeted(cost, benefit, group, *, budget, floors=(), **more):
    """Lay a knapsack out as a program: one budget, and floors on the spending of some groups."""
    rows, low, high = [cost.astype(float)], [-OPEN], [float(budget)]
    for groups, floor in floors:
        rows.append(np.where(np.isin(group, groups), cost, 0.0))
        low.append(floor)
        high.append(OPEN)
    matrix = scipy.sparse.csr_array(np.array(rows))
    return Program(benefit, group, matrix, np.array(low), np.array(high), **more)


def districts(seed=0, *, n_groups=200, n_options=6, n_districts=10):
    """Make a knapsack whose districts shall each get a part of half the budget."""
    rng = np.random.default_rng(seed)
    cost, benefit, group = made_knapsack(
        rng, "weakly correlated", n_groups=n_groups, n_options=n_options, largest=1000
    )
    budget = 40_000
    of_group = rng.integers(0, n_districts, n_groups)
    floors = [
        (np.flatnonzero(of_group == k), float(budget // 2 // n_districts))
        for k in range(n_districts)
    ]
    return cost, benefit, group, budget, floors


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6), st.integers(0, 60), st.integers(0, 30))
def test_no_choice_within_the_rules_is_better(seed, budget, floor):
    rng = np.random.default_rng(seed)
    cost, benefit, group = made_knapsack(rng, "uncorrelated", n_groups=3, n_options=2, largest=20)
    benefit = benefit - 8.0
    able = [
        math.fsum(benefit[taken])
        for _, taken in list_picks(group, n_groups=3)
        if floor <= sum(cost[row] for row in taken if group[row] == 1)
        and cost[taken].sum() <= budget
    ]
    program = budgeted(cost, benefit, group, budget=budget, floors=[([1], floor)])
    if not able:
        with pytest.raises(PlanError, match="loosen a wish"):
            solve_program(program, gap=0.0)
        return
    solution = solve_program(program, gap=0.0)
    assert solution.objective == max(able)
    assert (solution.bound, solution.gap, solution.status) == (max(able), 0.0, OPTIMAL)


def test_without_floors_it_is_the_knapsack():
    cost, benefit, group, budget, _ = districts()
    exact = choose_exactly(cost, benefit, group, budget=budget)
    solution = solve_program(budgeted(cost, benefit, group, budget=budget), gap=0.0)
    assert solution.objective == exact.benefit
    near = solve_program(budgeted(cost, benefit, group, budget=budget), gap=1e-2)
    assert (1.0 - 1e-2) * exact.benefit <= near.objective <= exact.benefit <= near.bound
    assert near.gap <= 1e-2


def test_floors_are_kept_to_the_euro():
    cost, benefit, group, budget, floors = districts()
    solution = solve_program(budgeted(cost, benefit, group, budget=budget, floors=floors))
    taken = np.flatnonzero(solution.x)
    assert set(np.unique(solution.x)) == {0.0, 1.0}
    assert cost[taken].sum() <= budget
    assert len(np.unique(group[taken])) == len(taken)
    for groups, floor in floors:
        assert cost[taken[np.isin(group[taken], groups)]].sum() >= floor
    assert solution.gap <= 1e-4
    assert solution.objective == math.fsum(benefit[taken]) <= solution.bound


def test_sizes_of_numbers_do_not_matter():
    cost, benefit, group, budget, floors = districts(n_groups=40, n_districts=4)
    floors = [(groups, floor / 4) for groups, floor in floors]
    usual = solve_program(budgeted(cost, benefit, group, budget=budget, floors=floors), gap=0.0)
    for size in (2.0**-40, 2.0**40):
        scaled = budgeted(cost, benefit * size, group, budget=budget, floors=floors)
        assert solve_program(scaled, gap=0.0).objective == usual.objective * size
        floors_of_size = [(groups, floor * size) for groups, floor in floors]
        dear = budgeted(cost * size, benefit, group, budget=budget * size, floors=floors_of_size)
        assert solve_program(dear, gap=0.0).objective == usual.objective


def test_what_need_not_be_whole_is_not():
    """Two wells reach a square; being reached counts once, however many reach it."""
    benefit, group = np.array([-1.0, -1.0, 5.0]), np.array([0, 1, -1])
    reached = scipy.sparse.csr_array([[-0.6, -0.6, 1.0]])
    program = Program(
        benefit,
        group,
        reached,
        np.array([-OPEN]),
        np.array([0.0]),
        is_whole=np.array([True, True, False]),
    )
    solution = solve_program(program, gap=0.0)
    assert solution.x == pytest.approx([1.0, 1.0, 1.0])
    assert solution.objective == pytest.approx(3.0)


def test_what_is_fixed_stays():
    cost, benefit, group = np.array([4, 9, 5]), np.array([9.0, 12.0, 6.0]), np.array([0, 0, 1])
    fixed = budgeted(cost, benefit, group, budget=14, low=np.array([1.0, 0.0, 0.0]))
    assert solve_program(fixed).x.tolist() == [1.0, 0.0, 1.0]
    barred = budgeted(cost, benefit, group, budget=14, high=np.array([1.0, 0.0, 1.0]))
    assert solve_program(barred).x.tolist() == [1.0, 0.0, 1.0]
    both = budgeted(cost, benefit, group, budget=14, low=np.array([1.0, 1.0, 0.0]))
    with pytest.raises(PlanError, match="loosen a wish"):
        solve_program(both)


def test_nothing_to_choose_from():
    nothing = np.zeros(0)
    free = Program(nothing, nothing.astype(int), scipy.sparse.csr_array((0, 0)), nothing, nothing)
    assert solve_program(free).objective == 0.0
    owed = Program(
        nothing,
        nothing.astype(int),
        scipy.sparse.csr_array((1, 0)),
        np.array([1.0]),
        np.array([OPEN]),
    )
    with pytest.raises(PlanError, match="loosen a wish"):
        solve_program(owed)


def test_the_same_program_has_the_same_bytes_and_prints_nothing(capfd):
    cost, benefit, group, budget, floors = districts(seed=4)
    program = budgeted(cost, benefit, group, budget=budget, floors=floors)
    once, again = (solve_program(program) for _ in range(2))
    assert once.x.tobytes() == again.x.tobytes()
    assert (once.bound, once.gap) == (again.bound, again.gap)
    assert capfd.readouterr() == ("", "")


def test_out_of_time_the_best_so_far_is_told_with_its_gap():
    cost, benefit, group, budget, floors = districts(n_groups=400, n_districts=20)
    program = budgeted(cost, benefit, group, budget=2 * budget, floors=floors)
    known = solve_program(program, gap=0.2).x
    late = solve_program(program, gap=0.0, time_limit_s=0.0, start=known)
    assert late.status == TIMED_OUT
    assert late.objective >= math.fsum(benefit[known > 0])
    assert late.gap == (late.bound - late.objective) / late.bound > 0.0
    assert solve_program(program).objective <= late.bound
    with pytest.raises(PlanError, match="allow more time"):
        solve_program(program, gap=0.0, time_limit_s=0.0)


@pytest.mark.parametrize(
    "change",
    [
        {"benefit": np.array([np.nan, 1.0])},
        {"benefit": np.array([1.0])},
        {"row_low": np.array([np.nan])},
        {"row_high": np.array([1.0, 2.0])},
        {"high": np.array([OPEN, 1.0])},
        {"rows": scipy.sparse.csr_array([[1.0, OPEN]])},
        {"rows": scipy.sparse.csr_array([[1.0]])},
    ],
)
def test_what_is_no_program_is_one_sentence(change):
    told = {
        "benefit": np.array([1.0, 2.0]),
        "group": np.array([0, 1]),
        "rows": scipy.sparse.csr_array([[1.0, 1.0]]),
        "row_low": np.array([-OPEN]),
        "row_high": np.array([1.0]),
    }
    with pytest.raises(PlanError, match=r"^Wanted .*\.$"):
        Program(**(told | change))
