"""Plans: against brute force under every wish, laws, and wishes that cannot be."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_options import made_options, random_options

from hiro.coverage import find_coverage
from hiro.errors import PlanError
from hiro.floors import Floors
from hiro.greedy import Task, choose_greedily
from hiro.level import find_level
from hiro.plan import choose_plan
from hiro.program import OPTIMAL
from hiro.reason import tell_reason
from hiro.wishes import PlanModel

EXACT = PlanModel(gap=0.0)
SEEDS = st.integers(0, 10**6)
KINDS = ("bus_stop", "playground")


def small(seed, *, n_sites=4):
    """Lay few options over a small place, in few prices, so that ties and tight fits occur."""
    options = random_options(seed, n_sites=n_sites, most=3, side_m=500.0, unit_eur=1, worse=0.15)
    return replace(options, cost_eur=options.cost_eur % 40 + 1)


# --- the slow twin: every choice there is


def offered(options, wish):
    """Give what may be chosen at each site, -1 for nothing."""
    relief, asked = options.relief_person_kh, wish.get("fewest_hot") or wish.get("at_least")
    per_site = []
    for site, name in enumerate(options.site_id):
        here = range(*options.of_site(site).indices(len(options)))
        fixed = wish.get("fixed_in", {})
        good = [
            row
            for row in here
            if relief[row] > 0
            or (
                relief[row] == 0 and (asked or (wish.get("coverage") and options.serves[row].any()))
            )
        ]
        good = [row for row in good if not any(is_padding(options, wish, row, p) for p in here)]
        if name in wish.get("fixed_out", ()):
            per_site.append([-1])
        elif name not in fixed:
            per_site.append([-1, *good])
        elif fixed[name]:
            per_site.append([row for row in here if options.measures[row] == fixed[name]])
        else:
            per_site.append(good or list(here))
    return per_site


def is_padding(options, wish, row, part):
    """Tell whether a part of a bundle is as good and no dearer, by all that counts."""
    if not set(options.measures[part]) < set(options.measures[row]):
        return False
    level = find_level(options.utci_after_c[:, [part, row]]).max(axis=0)
    return (
        options.cost_eur[part] <= options.cost_eur[row]
        and options.upkeep_eur_per_year[part] <= options.upkeep_eur_per_year[row]
        and options.relief_person_kh[part] >= options.relief_person_kh[row]
        and (not wish.get("coverage") or all(options.serves[part] >= options.serves[row]))
        and (not wish.get("fewest_hot") or level[0] <= level[1])
    )


def choices(options, wish):
    """Give every choice within the wishes that are no sums over districts."""
    for choice in itertools.product(*offered(options, wish)):
        rows = np.array([row for row in choice if row >= 0], int)
        if options.cost_eur[rows].sum() <= wish["budget_eur"] and keeps_limits(options, wish, rows):
            yield rows


def keeps_limits(options, wish, rows):
    upkeep = wish.get("upkeep_eur_per_year", math.inf)
    most = wish.get("most_a_year", math.inf) * wish.get("n_years", 1)
    kinds = [wish["kinds"][site] for site in options.site[rows]] if "kinds" in wish else []
    return (
        options.upkeep_eur_per_year[rows].sum() <= upkeep
        and len(rows) <= most
        and all(kinds.count(kind) >= n for kind, n in wish.get("at_least", {}).items())
    )


def spend(options, floors, rows, district):
    return sum(
        options.cost_eur[row] for row in rows if floors.district[options.site[row]] == district
    )


def due(options, wish, floors, district):
    """Find what a district is due: its share, or the most that can be spent in it alone."""
    heat = options.heat_person_kh
    share = heat[floors.district == district].sum() / heat.sum()
    upkeep = wish.get("upkeep_eur_per_year", math.inf)
    inside = [
        {-1, *(row for row in rows if row < 0 or options.upkeep_eur_per_year[row] <= upkeep)}
        for rows, of in zip(offered(options, wish), floors.district, strict=True)
        if of == district
    ]
    most, works = 0, wish.get("most_a_year", math.inf) * wish.get("n_years", 1)
    for choice in itertools.product(*inside):
        rows = np.array([row for row in choice if row >= 0], int)
        cost = options.cost_eur[rows].sum()
        if cost <= wish["budget_eur"] and len(rows) <= works:
            most = max(most, cost)
    return min(math.ceil(floors.alpha * share * wish["budget_eur"] - 1e-6), most)


def count(options, wish, rows, model=EXACT):
    """Count a choice: every way to put it into years, and each site within reach once."""
    relief = options.relief_person_kh[rows]
    n_years, most = wish.get("n_years", 1), wish.get("most_a_year")
    best = relief.sum()
    if most is not None and n_years > 1:
        best = max(
            sum(r * (1 - y / options.horizon_years) for r, y in zip(relief, years, strict=True))
            for years in itertools.product(range(n_years), repeat=len(rows))
            if all(years.count(y) <= most for y in range(n_years))
        )
    if wish.get("coverage"):
        best += served(options, rows) @ (model.water_weight_k, model.seat_weight_k)
    return best


def served(options, rows):
    total = np.zeros(2)
    for kind, site in itertools.product(range(2), range(options.n_sites)):
        total[kind] += options.persons[site] * any(
            options.serves[row, kind]
            and math.dist(options.xy[site], options.xy[options.site[row]])
            <= options.reach_m[row, kind]
            for row in rows
        )
    return total


def hot(options, rows):
    after = options.utci_before_c.copy()
    for row in rows:
        after[:, options.site[row]] = options.utci_after_c[:, row]
    return int((find_level(after).max(axis=0) >= 3).sum())


def brute(options, wish):
    """Find the most that any choice counts, or None; fewest hot sites first if that is asked."""
    wish = dict(wish)
    floors = wish.pop("floors", None)
    found = list(choices(options, wish))
    if floors is not None:
        least = [due(options, wish, floors, d) for d in range(floors.n_districts)]
        found = [
            rows
            for rows in found
            if all(spend(options, floors, rows, d) >= f for d, f in enumerate(least))
        ]
    if not found:
        return None
    if wish.get("fewest_hot"):
        fewest = min(hot(options, rows) for rows in found)
        found = [rows for rows in found if hot(options, rows) == fewest]
    return max(count(options, wish, rows) for rows in found)


def ask(options, wish, **more):
    wish = dict(wish)
    if wish.pop("coverage", False):
        wish["coverage"] = find_coverage(options)
    return choose_plan(options, **wish, **{"model": EXACT, **more})


# --- against the twin


@given(SEEDS, st.integers(0, 120))
@settings(max_examples=80, deadline=None)
def test_plain_plans_are_the_best_there_are(seed, budget):
    options = small(seed)
    plan = ask(options, {"budget_eur": budget})
    assert plan.relief_person_kh == pytest.approx(brute(options, {"budget_eur": budget}))
    assert plan.cost_eur == options.cost_eur[plan.rows].sum() <= budget
    assert plan.status == OPTIMAL
    assert plan.bound_person_kh == pytest.approx(plan.relief_person_kh)


@st.composite
def wishes(draw, options):
    """Wish for several things at once."""
    wish = {"budget_eur": draw(st.integers(0, 120))}
    names = st.lists(st.sampled_from(options.site_id), unique=True, max_size=2)
    if draw(st.booleans()):
        wish["upkeep_eur_per_year"] = draw(st.integers(0, 800))
    if draw(st.booleans()):
        district = draw(st.lists(st.integers(-1, 2), min_size=4, max_size=4))
        alpha = draw(st.sampled_from((0.25, 0.5, 1.0)))
        wish["floors"] = Floors(district=np.array(district), alpha=alpha)
    if draw(st.booleans()):
        wish["coverage"] = True
    if draw(st.booleans()):
        wish["kinds"] = draw(st.lists(st.sampled_from(KINDS), min_size=4, max_size=4))
        wish["at_least"] = {"bus_stop": draw(st.integers(0, 2))}
    if draw(st.booleans()):
        wish["most_a_year"] = draw(st.integers(1, 2))
        wish["n_years"] = draw(st.integers(1, 3))
    if draw(st.booleans()):
        wish["fewest_hot"] = True
    if draw(st.booleans()):
        wish["fixed_out"] = tuple(draw(names))
    if draw(st.booleans()):
        able = [name for name in draw(names) if name not in wish.get("fixed_out", ())]
        wish["fixed_in"] = {}
        for name in able:
            bundles = options.measures[options.of_site(options.site_id.index(name))]
            bundles = [one for one in bundles if bundles.count(one) == 1]
            wish["fixed_in"][name] = draw(st.sampled_from([(), *bundles]))
    return wish


@given(SEEDS, st.data())
@settings(max_examples=250, deadline=None)
def test_plans_under_any_wishes_are_the_best_there_are(seed, data):
    options = small(seed)
    wish = data.draw(wishes(options))
    most = brute(options, wish)
    if most is None:
        with pytest.raises(PlanError):
            ask(options, wish)
        return
    plan = ask(options, wish)
    assert plan.counted_person_kh == pytest.approx(most, abs=1e-6)
    assert plan.bound_person_kh >= plan.counted_person_kh
    assert plan.gap <= 1e-6
    assert served(options, plan.rows) == pytest.approx(plan.served_person_h)
    assert np.bincount(plan.year, minlength=1).max() <= wish.get("most_a_year", 4)
    # The quick answer keeps to the same and counts no more.
    live = ask(options, wish, is_live=True)
    if not wish.get("fewest_hot"):
        assert live.counted_person_kh <= plan.counted_person_kh + 1e-6
        assert live.bound_person_kh >= plan.counted_person_kh - 1e-6
    assert live.cost_eur <= wish["budget_eur"]
    assert (live.spend_eur >= live.floor_eur).all()
    assert live.upkeep_eur_per_year <= wish.get("upkeep_eur_per_year", math.inf)
    assert set(wish.get("fixed_in", ())) <= {options.site_id[s] for s in options.site[live.rows]}


@given(SEEDS, st.integers(10, 120))
@settings(max_examples=60, deadline=None)
def test_the_worst_met_district_is_lifted_at_99_percent_of_the_best(seed, budget):
    options = small(seed)
    floors = Floors(district=np.array([0, 0, 1, 1]), way="need")
    plan = ask(options, {"budget_eur": budget, "floors": floors})
    found = list(choices(options, {"budget_eur": budget}))
    total = np.array([options.relief_person_kh[rows].sum() for rows in found])
    need = floors.sum_sites(options.heat_person_kh)
    able = [
        d
        for d in (0, 1)
        if (options.relief_person_kh > 0)[floors.district[options.site] == d].any()
    ]

    def worst(rows):
        here = floors.district[options.site[rows]]
        return min(
            (options.relief_person_kh[rows][here == d].sum() / need[d] for d in able), default=0
        )

    met = np.array([worst(rows) for rows in found])
    most = met[total >= 0.99 * total.max() - 1e-9].max()
    assert worst(plan.rows) == pytest.approx(most, abs=1e-6)
    best = total[(total >= 0.99 * total.max() - 1e-9) & (met >= most - 1e-9)].max()
    assert plan.relief_person_kh == pytest.approx(best, abs=1e-6)
    assert 0.0 <= plan.price_of_equity_pct <= 1.0 + 1e-6


@given(SEEDS, st.integers(0, 120), st.integers(0, 600), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_greedy_choices_keep_their_limits_and_bound_the_best(seed, budget, upkeep, works):
    options = small(seed)
    task = Task(
        site=options.site,
        cost=options.cost_eur,
        benefit=options.relief_person_kh,
        budget=budget,
        upkeep=options.upkeep_eur_per_year.astype(float),
        most_upkeep=upkeep,
        most_works=works,
    )
    rows, bound = choose_greedily(task)
    assert options.cost_eur[rows].sum() <= budget
    assert options.upkeep_eur_per_year[rows].sum() <= upkeep
    assert len(rows) == len(set(options.site[rows])) <= works
    wish = {"budget_eur": budget, "upkeep_eur_per_year": upkeep, "most_a_year": works}
    assert options.relief_person_kh[rows].sum() - 1e-9 <= brute(options, wish) <= bound + 1e-6


# --- laws


@given(SEEDS, st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_more_money_never_relieves_less(seed, budget, more):
    options = random_options(seed, n_sites=15, unit_eur=1)
    less, most = (
        choose_plan(options, budget_eur=b).relief_person_kh for b in (budget, budget + more)
    )
    assert most >= less - 1e-9


@given(SEEDS, st.integers(0, 300), st.sampled_from(({}, {"most_a_year": 3}, {"coverage": True})))
@settings(max_examples=30, deadline=None)
def test_ten_times_the_prices_and_the_money_change_nothing(seed, budget, wish):
    options = random_options(seed, n_sites=12, unit_eur=1)
    dear = replace(options, cost_eur=options.cost_eur * 10)
    plans = [
        ask(priced, {"budget_eur": money, **wish})
        for priced, money in ((options, budget), (dear, 10 * budget))
    ]
    assert plans[0].counted_person_kh == pytest.approx(plans[1].counted_person_kh)
    if not wish:
        assert plans[0].rows.tolist() == plans[1].rows.tolist()


def city(seed=3, n_sites=150):
    options = random_options(seed, n_sites=n_sites, most=6, side_m=3000.0)
    return options, Floors(district=np.arange(n_sites) % 9 - 1, names=("Nord", "Süd"))


@pytest.mark.parametrize("alpha", [0.3, 0.7, 1.0])
def test_floors_are_kept_to_the_euro(alpha):
    options, floors = city()
    floors = replace(floors, alpha=alpha)
    plan = choose_plan(options, budget_eur=400_000, floors=floors)
    share = floors.sum_sites(options.heat_person_kh) / options.heat_person_kh.sum()
    assert (plan.spend_eur >= alpha * share * 400_000 - 1e-6).all()
    assert (plan.floor_eur == np.ceil(alpha * share * 400_000 - 1e-6)).all()
    by_hand = np.zeros(9)
    np.add.at(by_hand, floors.district[options.site[plan.rows]], options.cost_eur[plan.rows])
    assert plan.spend_eur.tolist() == by_hand[:8].tolist()
    free = choose_plan(options, budget_eur=400_000)
    lost = 100 * (1 - plan.relief_person_kh / free.relief_person_kh)
    assert plan.price_of_equity_pct == pytest.approx(lost, abs=1e-9)
    assert 0.0 <= plan.gap <= 1e-4


def test_a_higher_floor_costs_no_less():
    options, floors = city(5)
    prices = [
        choose_plan(
            options, budget_eur=300_000, floors=replace(floors, alpha=alpha), model=EXACT
        ).price_of_equity_pct
        for alpha in (0.0, 0.5, 1.0)
    ]
    assert prices == sorted(prices)
    assert prices[0] == pytest.approx(0.0, abs=1e-6)


def test_a_district_spends_what_it_can_where_that_is_less():
    """District 1 has half of the need, and one option of 30 euros."""
    options = made_options(
        (0, 100, 9.0), (1, 30, 1.0), (2, 80, 8.0), heat_person_kh=np.array([5.0, 10.0, 5.0])
    )
    floors = Floors(district=np.array([0, 1, 0]), alpha=1.0, names=("Nord", "Süd"))
    plan = choose_plan(options, budget_eur=200, floors=floors)
    assert plan.floor_eur.tolist() == [100, 30]
    assert plan.rows.tolist() == [0, 1]
    assert plan.price_of_equity_pct == pytest.approx(100 * (17 - 10) / 17) or plan.cost_eur == 130
    assert plan.notes == ("Some districts cannot spend what they are due: Süd 30 of 100 €.",)


def test_nothing_for_nothing():
    options, floors = city()
    for wish in ({}, {"floors": floors}, {"coverage": find_coverage(options)}, {"most_a_year": 5}):
        for is_live in (False, True):
            plan = choose_plan(options, budget_eur=0, is_live=is_live, **wish)
            assert (len(plan), plan.cost_eur, plan.counted_person_kh) == (0, 0, 0.0)
            assert (plan.bound_person_kh, plan.gap) == (0.0, 0.0)
    assert len(choose_plan(made_options(), budget_eur=1000)) == 0
    assert len(choose_plan(made_options(n_sites=3), budget_eur=1000, most_a_year=2, n_years=3)) == 0


@pytest.mark.parametrize("is_live", [False, True])
def test_the_same_wishes_give_the_same_plan(is_live):
    options, floors = city()
    wish = {
        "budget_eur": 300_000,
        "floors": floors,
        "coverage": find_coverage(options),
        "most_a_year": 12,
        "n_years": 3,
        "upkeep_eur_per_year": 6000,
    }
    first, again = (choose_plan(options, is_live=is_live, **wish) for _ in range(2))
    assert first.rows.tobytes() == again.rows.tobytes()
    assert first.year.tobytes() == again.year.tobytes()
    assert first.bound_person_kh == again.bound_person_kh
    assert first.notes == again.notes


def test_quick_plans_come_near_the_best():
    options, floors = city(8, n_sites=300)
    for wish, share in (
        ({}, 0.995),
        ({"upkeep_eur_per_year": 5000}, 0.97),
        ({"floors": floors}, 0.97),
        ({"coverage": find_coverage(options)}, 0.95),
        ({"most_a_year": 20, "n_years": 2}, 0.97),
    ):
        best, quick = (
            choose_plan(options, budget_eur=300_000, is_live=is_live, **wish).counted_person_kh
            for is_live in (False, True)
        )
        assert quick >= share * best, wish


# --- single wishes by hand


def test_what_makes_it_worse_is_built_only_where_it_is_fixed_in():
    options = made_options((0, 10, -5.0), (1, 10, -1.0), (1, 10, 3.0), measures=["a", "b", "c"])
    assert choose_plan(options, budget_eur=100).rows.tolist() == [2]
    # Not even where money must be spent, or something stand.
    floors = Floors(district=np.array([0, 1]), alpha=1.0)
    assert choose_plan(options, budget_eur=100, floors=floors).rows.tolist() == [2]
    kinds = ["stop", "stop"]
    with pytest.raises(PlanError, match="only 1 have an option"):
        choose_plan(options, budget_eur=100, kinds=kinds, at_least={"stop": 2})
    assert choose_plan(options, budget_eur=100, fixed_in=["site-0"]).rows.tolist() == [0, 2]
    assert choose_plan(options, budget_eur=100, fixed_in=["site-1"]).rows.tolist() == [2]
    fixed = choose_plan(options, budget_eur=100, fixed_in={"site-1": ["b"]})
    assert fixed.rows.tolist() == [1]
    assert fixed.relief_person_kh == -1.0
    live = choose_plan(options, budget_eur=100, fixed_in={"site-1": ["b"]}, is_live=True)
    assert live.rows.tolist() == [1]


def test_the_most_relieving_works_come_first():
    options = made_options((0, 1, 1.0), (1, 1, 3.0), (2, 1, 2.0), (3, 1, 3.0), horizon_years=10.0)
    plan = choose_plan(options, budget_eur=9, most_a_year=2, n_years=2)
    assert plan.rows.tolist() == [0, 1, 2, 3]
    assert plan.year.tolist() == [1, 0, 1, 0]
    assert plan.relief_person_kh == pytest.approx(6.0 + 0.9 * 3.0)
    assert len(choose_plan(options, budget_eur=9, most_a_year=1, n_years=2)) == 2
    assert choose_plan(options, budget_eur=9, n_years=4).year.tolist() == [0, 0, 0, 0]
    # What does harm and is wished for all the same waits for the last year.
    worse = made_options((0, 1, -1.0), (1, 1, 3.0), horizon_years=10.0)
    late = choose_plan(worse, budget_eur=9, most_a_year=1, n_years=3, fixed_in=["site-0"])
    assert late.year.tolist() == [2, 0]


def test_a_seat_for_many_counts_once_and_is_no_heat():
    """Site 2's bench reaches 1 and 2, as does that of 1; site 0 is far from both."""
    options = made_options(
        (0, 10, 0.0),
        (1, 10, 0.0),
        (2, 10, 0.0),
        serves=["seat", "seat", "seat+water"],
        xy=[(-900, 0), (0, 0), (100, 0)],
        persons=np.array([7.0, 20.0, 30.0]),
    )
    coverage = find_coverage(options)
    model = PlanModel(seat_weight_k=0.1, water_weight_k=0.3)
    one = choose_plan(options, budget_eur=10, coverage=coverage, model=model)
    assert one.rows.tolist() == [2]
    assert one.served_person_h.tolist() == [50.0, 50.0]
    assert (one.relief_person_kh, one.credit_person_kh) == (0.0, pytest.approx(20.0))
    all_money = choose_plan(options, budget_eur=30, coverage=coverage, model=model)
    assert set(all_money.rows) >= {0, 2}
    assert all_money.served_person_h.tolist() == [50.0, 57.0]
    assert len(choose_plan(options, budget_eur=30)) == 0
    has = np.array([[False, True], [False, False], [True, True]])
    rest = choose_plan(options, budget_eur=30, coverage=find_coverage(options, already=has))
    assert rest.served_person_h.tolist() == [20.0, 20.0]


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_shares_of_coverage_never_sum_to_more_than_there_is(seed):
    options = random_options(seed, n_sites=12, side_m=600.0)
    coverage = find_coverage(options)
    weight = np.array([0.3, 0.1])
    shares = coverage.find_shares(weight)
    rng = np.random.default_rng(seed)
    for _ in range(10):
        rows = np.array([rng.choice(np.flatnonzero(options.site == s)) for s in set(options.site)])
        rows = rows[rng.random(len(rows)) < 0.6]
        assert shares[rows].sum() <= coverage.count_persons(rows) @ weight + 1e-9
        assert coverage.count_persons(rows) == pytest.approx(served(options, rows))


def test_as_few_sites_as_possible_stay_hot():
    """The dear roof relieves more, but only the two trees take sites below level 3."""
    options = made_options(
        (0, 20, 50.0),
        (0, 10, 5.0),
        (1, 10, 5.0),
        utci_before_c=np.array([[39.0, 40.0]]),
        utci_after_c=np.array([[38.0, 37.9, 35.0]]),
    )
    assert choose_plan(options, budget_eur=20).rows.tolist() == [0]
    plan = choose_plan(options, budget_eur=20, fewest_hot=True)
    assert plan.rows.tolist() == [1, 2]
    assert plan.notes[0].startswith("Level 3 is left behind at 2 of the 2 sites where it could")
    assert choose_plan(options, budget_eur=20, fewest_hot=True, is_live=True).rows.tolist() == [
        1,
        2,
    ]


def test_some_of_a_kind_and_sites_in_and_out():
    options = made_options((0, 10, 9.0), (1, 10, 1.0), (2, 10, 2.0))
    kinds = ["stop", "school", "school"]
    assert choose_plan(options, budget_eur=10).rows.tolist() == [0]
    plan = choose_plan(options, budget_eur=10, kinds=kinds, at_least={"school": 1})
    assert plan.rows.tolist() == [2]
    assert choose_plan(options, budget_eur=10, fixed_in=["site-1"]).rows.tolist() == [1]
    assert choose_plan(options, budget_eur=20, fixed_out=["site-0"]).rows.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"budget_eur": -1}, "budget of 0 €"),
        ({"budget_eur": math.nan}, "budget of 0 €"),
        ({"budget_eur": math.inf}, "budget of 0 €"),
        ({"budget_eur": "viel"}, "budget of 0 €"),
        ({"budget_eur": 10, "upkeep_eur_per_year": -3}, "limit of upkeep"),
        ({"budget_eur": 10, "fixed_in": ["nowhere"]}, "'nowhere'"),
        ({"budget_eur": 10, "fixed_out": ["nowhere"]}, "'nowhere'"),
        ({"budget_eur": 10, "fixed_in": ["site-0"], "fixed_out": ["site-0"]}, "fixed in and fixed"),
        ({"budget_eur": 10, "fixed_in": ["site-3"]}, "nothing can be done"),
        ({"budget_eur": 10, "fixed_in": {"site-0": ["moon"]}}, "choose one of m0"),
        ({"budget_eur": 10, "fixed_in": ["site-0", "site-1"]}, "cost of 20 € at least"),
        (
            {"budget_eur": 99, "upkeep_eur_per_year": 6, "fixed_in": ["site-0", "site-1"]},
            "upkeep of",
        ),
        (
            {"budget_eur": 99, "most_a_year": 1, "fixed_in": ["site-0", "site-1"]},
            "2 sites are fixed",
        ),
        ({"budget_eur": 99, "at_least": {"stop": 1}}, "kind of each"),
        ({"budget_eur": 99, "at_least": {"stop": 4}, "kinds": ["stop"] * 4}, "only 3 have"),
        ({"budget_eur": 19, "at_least": {"stop": 2}, "kinds": ["stop"] * 4}, "costs 20 € at least"),
        ({"budget_eur": 99, "n_years": 0}, "1 year or more"),
        ({"budget_eur": 99, "n_years": 21}, "plan fewer"),
        ({"budget_eur": 99, "most_a_year": -1}, "0 or more works"),
        ({"budget_eur": 99, "floors": Floors(district=np.zeros(2, int))}, "each of 4 sites"),
        ({"budget_eur": 99, "floors": Floors(district=np.zeros(4, int), alpha=1.5)}, "between 0"),
        ({"budget_eur": 99, "floors": Floors(district=np.zeros(4, int), way="luck")}, "'luck'"),
        (
            {"budget_eur": 99, "floors": Floors(np.zeros(4, int), need=np.full(4, -1.0))},
            "need of 0",
        ),
        (
            {"budget_eur": 19, "floors": Floors(district=np.array([0, 1, 2, 3]), alpha=1.0)},
            "costs 30 € at least, more than the budget of 19 €",
        ),
    ],
)
@pytest.mark.parametrize("is_live", [False, True])
def test_wishes_that_cannot_be_get_one_sentence(wish, said, is_live):
    options = made_options((0, 10, 4.0), (1, 10, 4.0), (2, 10, 4.0), n_sites=4, upkeep=[4, 4, 4])
    with pytest.raises(PlanError, match=said) as error:
        choose_plan(options, is_live=is_live, **wish)
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")


def test_already_served_sites_are_told_for_each():
    with pytest.raises(PlanError, match="a row for each site"):
        find_coverage(made_options((0, 1, 1.0)), already=np.zeros((2, 2), bool))


def test_reasons_are_told_in_both_languages():
    options, floors = city()
    coverage = find_coverage(options)
    plan = choose_plan(
        options,
        budget_eur=200_000,
        floors=replace(floors, alpha=1.0),
        coverage=coverage,
        fixed_in=[options.site_id[options.site[0]]],
        most_a_year=10,
        n_years=3,
    )
    causes = {"sun": np.full(options.n_sites, 2.0), "wind": np.full(options.n_sites, -1.0)}
    told = [
        [tell_reason(options, plan, k, language, causes=causes) for k in range(len(plan))]
        for language in ("de", "en")
    ]
    assert all(text and "{" not in text for texts in told for text in texts)
    assert options.site[plan.rows[0]] == options.site[0]
    assert told[0][0].startswith("Fest vorgegeben.")
    assert told[1][0].startswith("Fixed in by you.")
    together = " ".join(told[0])
    for part in ("Rang 1 von ", "Mindestanteil für Nord", "Bietet allen", "Im 2. Jahr", "Sonne"):
        assert part in together


def test_a_floor_buys_nothing_that_adds_nothing():
    """A dearer bundle that relieves no more than a part of it is no way to spend what is due."""
    options = made_options(
        (0, 5_900, 10.3),
        (0, 15_900, 9.0),
        (0, 20_900, 10.3),
        (0, 18_000, 11.0),
        measures=[("tree",), ("tree", "glass"), ("tree", "fountain"), ("tree", "roof")],
        serves=["", "", "water", ""],
    )
    floors = Floors(district=np.zeros(1, np.int64), alpha=0.5)
    plan = choose_plan(options, budget_eur=25_000, floors=floors)
    assert [options.measures[row] for row in plan.rows] == [("tree", "roof")]
    poor = options.take(np.array([0, 1, 2]))
    plan = choose_plan(poor, budget_eur=25_000, floors=floors)
    assert [poor.measures[row] for row in plan.rows] == [("tree",)]
    assert any("cannot spend" in note for note in plan.notes)
    served = choose_plan(poor, budget_eur=25_000, floors=floors, coverage=find_coverage(poor))
    assert [poor.measures[row] for row in served.rows] == [("tree", "fountain")]
