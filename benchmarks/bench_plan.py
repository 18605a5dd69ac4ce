"""
Plans for a budget: the rule of 2024 beside the optimum, and how long answers take.

    python benchmarks/bench_plan.py [--profile full] [--data FOLDER]

The rule of 2024 is built after the words of data/dresden/hiro2024_rule.md and lives here only.
Times are processor seconds of one thread; the least of a few runs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hiro.bargain import choose_from_purse
from hiro.errors import PlanError
from hiro.hull import build_hull
from hiro.knapsack import choose_exactly, choose_quickly
from hiro.program import Program, solve_program
from hiro.purse import Purse, lay_out_purse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BUDGETS_EUR = (10_000, 50_000, 150_000, 500_000, 1_000_000, 1_500_000, 2_000_000)
READINGS = ("as it is", "times the level", "level 3 ten times")
SHADE_K, TREE_K = 5, 12
FILM_EUR, PERGOLA_EUR, TREE_EUR = 700, 1_000, 5_000
MARK_PROGRAM_S, MARK_GAP = 5.0, 1e-4
MARK_QUICK_MS, MARK_QUICK_SHARE = 50.0, 0.995
N_SITES, N_BUNDLES, N_DISTRICTS = 1_500, 8, 19
FAIR_BUDGETS_EUR = (50_000, 300_000, 1_000_000, 3_000_000)
FAIR_SHARES, UPKEEP_SHARES = (0.25, 0.5, 0.75), (None, 0.02, 0.005)
N_RUNS = {"ci": 1, "full": 3}
N_SEEDS = {"ci": 1, "full": 5}
N_BUDGETS = {"ci": 1, "full": 4}
SHARES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7)


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """Options to choose among, ``(n,)`` each."""

    cost: Ints
    benefit: Floats
    group: Ints


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """The objects of 2024 that are served: weight, level, and what shade costs at each."""

    weight: Floats
    level: Ints
    shade_eur: Ints

    def counted(self, reading: str) -> Floats:
        """Count the weights in a reading of how much level 3 goes before level 2."""
        factor = {
            "as it is": np.ones(len(self.level)),
            "times the level": self.level.astype(float),
            "level 3 ten times": np.where(self.level == 3, 10.0, 1.0),
        }
        return self.weight * factor[reading]

    def lay_out(self, reading: str) -> Case:
        """Lay a reading out as options: shade or a tree at each object."""
        counted = self.counted(reading)
        cost = np.column_stack([self.shade_eur, np.full(len(counted), TREE_EUR)])
        benefit = np.column_stack([SHADE_K * counted, TREE_K * counted])
        return Case(cost.ravel(), benefit.ravel(), np.repeat(np.arange(len(counted)), 2))


def main() -> None:
    """Print the figures beside their marks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--profile", choices=N_RUNS, default="full")
    asked.add_argument("--data", default=os.environ.get("SOLARPASS_REFERENCE_DATA"))
    options = asked.parse_args()
    path = Path(options.data or "") / "dresden" / "hiro2024_objects.geojson"
    n_runs, n_seeds = N_RUNS[options.profile], N_SEEDS[options.profile]
    if path.is_file():
        reference = read_reference(path)
        tell_reference(reference)
        tell_exact(reference.lay_out(READINGS[0]), n_runs=n_runs)
    else:
        print("No hiro2024_objects.geojson: name the folder of the reference data with --data.")
    tell_program(n_seeds=n_seeds, n_runs=n_runs)
    tell_quick(n_seeds=n_seeds)
    n_budgets = N_BUDGETS[options.profile]
    tell_fair(n_seeds=n_seeds, budgets_eur=FAIR_BUDGETS_EUR[:n_budgets])


def read_reference(path: Path) -> Reference:
    """Read the objects of 2024 at level 2 and 3."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    told = [one["properties"] for one in features if one["properties"]["stufe"] in {2, 3}]
    weight = [2 * o["prozent_0_5"] + o["prozent_60_74"] + 2 * o["prozent_75_"] for o in told]
    shade_eur = [FILM_EUR if o["shelter"] == "yes" else PERGOLA_EUR for o in told]
    return Reference(np.array(weight), np.array([o["stufe"] for o in told]), np.array(shade_eur))


def follow_rule(reference: Reference, budget: int) -> Ints:
    """Follow the rule of 2024; return the kelvins that each object gets."""
    order = np.lexsort((-reference.weight, -reference.level))
    spent, strength_k = np.zeros(len(order), np.int64), np.zeros(len(order), np.int64)
    left = budget
    for k in order:  # everybody gets shade, until the first that cannot be paid
        if reference.shade_eur[k] > left:
            break
        spent[k], strength_k[k] = reference.shade_eur[k], SHADE_K
        left -= int(spent[k])
    for k in order:  # a tree in its place for the difference, until the first that cannot be paid
        if TREE_EUR - spent[k] > left:
            break
        left -= int(TREE_EUR - spent[k])
        strength_k[k] = TREE_K
    return strength_k


def tell_reference(reference: Reference) -> None:
    """Print the rule of 2024 beside the optimum, in the three readings."""
    print(f"Reference of 2024: {len(reference.level):,} objects, three actions")
    for reading in READINGS:
        case, counted = reference.lay_out(reading), reference.counted(reading)
        hull = build_hull(case.cost, case.benefit, case.group)
        print(f"  level 3 {reading}\n   budget €   rule 2024    optimum     gain   quick     bound")
        for budget in BUDGETS_EUR:
            rule = float((counted * follow_rule(reference, budget)).sum())
            best = choose_exactly(case.cost, case.benefit, case.group, budget=budget)
            quick = choose_quickly(hull, budget=budget)
            print(
                f"  {budget:9,} {rule:11,.0f} {best.benefit:10,.0f} "
                f"{100 * (best.benefit / rule - 1):+7.1f} % "
                f"{100 * quick.benefit / best.benefit:6.2f} % {quick.bound:9,.0f}"
            )


def tell_exact(case: Case, *, n_runs: int) -> None:
    """Print how long a proof takes: by our table, by HiGHS in its place, and by HiGHS alone."""
    budget, told = BUDGETS_EUR[-1], (case.cost, case.benefit, case.group)
    alone = Program(
        case.benefit,
        case.group,
        scipy.sparse.csr_array(case.cost[None, :].astype(float)),
        np.array([-np.inf]),
        np.array([float(budget)]),
    )
    ways: dict[str, Callable[[], Any]] = {
        "table": lambda: choose_exactly(*told, budget=budget),
        "HiGHS on what bounds leave": lambda: choose_exactly(*told, budget=budget, table_bytes=0),
        f"HiGHS alone, gap {MARK_GAP:.0e}": lambda: solve_program(alone, gap=MARK_GAP),
    }
    print(f"{len(case.cost) // 2:,} objects and {budget:,} €")
    for name, answer in ways.items():
        busy_s, best = clock(answer, n_runs)
        most = getattr(best, "benefit", None) or best.objective
        print(f"  by {name}: {busy_s:.3f} s, {most:,.2f}, gap {best.gap:.1e}, {best.status}")


def made_city(seed: int) -> tuple[Case, Floats]:
    """Make sites with bundles at prices such as ours, and the need of each site."""
    rng = np.random.default_rng(seed)
    n = N_SITES * N_BUNDLES
    group = np.repeat(np.arange(N_SITES), N_BUNDLES)
    prices = np.array([250, 500, 700, 1_000, 2_500, 5_000, 6_150, 8_000, 12_000, 18_000, 35_000])
    cost = rng.choice(prices, n)
    need = rng.lognormal(0.0, 1.2, N_SITES)  # few places have most of the heat
    benefit = need[group] * cost**0.6 * rng.lognormal(0.0, 0.4, n)
    return Case(cost, benefit, group), need


def tell_program(*, n_seeds: int, n_runs: int) -> None:
    """Print how long a plan with floors for districts takes, and its gap."""
    budget, worst_s, worst_gap = 1_000_000.0, 0.0, 0.0
    for seed in range(n_seeds):
        case, need = made_city(seed)
        n = len(case.cost)
        district = np.random.default_rng(seed).integers(0, N_DISTRICTS, N_SITES)
        share = np.bincount(district, need, N_DISTRICTS) / need.sum()
        spent = scipy.sparse.csr_array(
            (case.cost.astype(float), (district[case.group], np.arange(n))), shape=(N_DISTRICTS, n)
        )
        program = Program(
            case.benefit,
            case.group,
            scipy.sparse.csr_array(scipy.sparse.vstack([case.cost[None, :].astype(float), spent])),
            np.concatenate([[-np.inf], 0.5 * share * budget]),
            np.concatenate([[budget], np.full(N_DISTRICTS, np.inf)]),
        )
        busy_s, solution = clock(lambda program=program: solve_program(program), n_runs)
        worst_s, worst_gap = max(worst_s, busy_s), max(worst_gap, solution.gap)
    print(
        f"{N_SITES:,} sites of {N_BUNDLES} bundles, floors for {N_DISTRICTS} districts, "
        f"{n_seeds} cities: at most {worst_s:.2f} s (mark {MARK_PROGRAM_S:g}), "
        f"gap {worst_gap:.1e} (mark {MARK_GAP:.0e})"
    )


def tell_quick(*, n_seeds: int) -> None:
    """Print how long the slider's answer takes, and how near to the best it is."""
    took_ms, shares, hulls_ms = [], [], []
    for seed in range(n_seeds):
        case, _ = made_city(seed)
        hull_s, hull = clock(lambda case=case: build_hull(case.cost, case.benefit, case.group), 1)
        hulls_ms.append(1e3 * hull_s)
        for share in SHARES:
            budget = int(share * case.cost.sum() / N_BUNDLES)
            busy_s, quick = clock(
                lambda hull=hull, budget=budget: choose_quickly(hull, budget=budget), 1
            )
            best = choose_exactly(case.cost, case.benefit, case.group, budget=budget)
            took_ms.append(1e3 * busy_s)
            shares.append(quick.benefit / best.benefit)
    print(
        f"Slider, {N_SITES:,} sites of {N_BUNDLES} bundles, {len(shares)} budgets: at most "
        f"{max(took_ms):.1f} ms, median {np.median(took_ms):.1f} ms (mark {MARK_QUICK_MS:g}), hull "
        f"{max(hulls_ms):.1f} ms once; at least {100 * min(shares):.2f} % of the best "
        f"(mark {100 * MARK_QUICK_SHARE:g} %)"
    )


def tell_fair(*, n_seeds: int, budgets_eur: Sequence[int]) -> None:
    """Print the same for sliders with floors for districts, and with a limit of upkeep."""
    took_ms, shares = [], []
    for seed in range(n_seeds):
        case, need = made_city(seed)
        rng = np.random.default_rng(seed)
        of_site = rng.integers(0, N_DISTRICTS, N_SITES)
        upkeep = np.rint(case.cost * rng.uniform(0.0, 0.04, len(case.cost))).astype(np.int64)
        weight = np.bincount(of_site, need, N_DISTRICTS) / need.sum()
        for budget in budgets_eur:
            for alpha, limit in itertools.product(FAIR_SHARES, UPKEEP_SHARES):
                busy_s, share = answer_fairly(
                    lay_out_purse(
                        case.group,
                        case.cost,
                        case.benefit,
                        budget=budget,
                        upkeep=None if limit is None else upkeep,
                        most_upkeep=int((limit or 0.0) * budget),
                        district=of_site[case.group],
                        due=np.ceil(alpha * budget * weight).astype(np.int64),
                    )
                )
                took_ms.append(1e3 * busy_s)
                shares.append(share)
    met = np.array([share for share in shares if not np.isnan(share)])
    print(
        f"Slider with floors for {N_DISTRICTS} districts and upkeep, {len(shares)} wishes, "
        f"{len(met)} of which can be met: at most {max(took_ms):.1f} ms, median "
        f"{np.median(took_ms):.1f} ms (mark {MARK_QUICK_MS:g}); at least {100 * met.min():.2f} %, "
        f"{100 * (met >= MARK_QUICK_SHARE).mean():.1f} % of them at the mark of "
        f"{100 * MARK_QUICK_SHARE:g} %"
    )


def answer_fairly(purse: Purse) -> tuple[float, float]:
    """Take the time of an answer, and its share of the best; NaN where nobody finds one. [s, 1]."""
    choose_from_purse(purse)  # the first time it is compiled
    busy_s, (rows, _) = clock(lambda: choose_from_purse(purse), 2)
    n, n_due = len(purse.cost), len(purse.due) - 1
    of = purse.district[purse.site]
    inside = np.flatnonzero(of < n_due)
    spent = scipy.sparse.csr_array(
        (purse.cost[inside].astype(float), (of[inside], inside)), shape=(n_due, n)
    )
    limits = np.stack([purse.cost, purse.upkeep]).astype(float)
    program = Program(
        purse.benefit,
        purse.site,
        scipy.sparse.csr_array(scipy.sparse.vstack([limits, spent])),
        np.concatenate([[-np.inf, -np.inf], purse.due[:-1].astype(float)]),
        np.concatenate([purse.limits.astype(float), np.full(n_due, np.inf)]),
    )
    try:
        best = solve_program(program, time_limit_s=5.0).objective
    except PlanError:
        return busy_s, math.nan
    if rows is None:
        return busy_s, 0.0
    back = np.argsort(purse.row)
    return busy_s, math.fsum(purse.benefit[back[rows]]) / best


def clock(answer: Callable[[], Any], n_runs: int) -> tuple[float, Any]:
    """Take the processor's time of the fastest of some runs. [s]."""
    took = []
    for _ in range(n_runs):
        busy = time.process_time()
        told = answer()
        took.append(time.process_time() - busy)
    return min(took), told


if __name__ == "__main__":
    main()
