"""
The open benchmark for shade routing, whole: answer, score, and write the page of results.

    SOLARPASS_REFERENCE_DATA=../shared/data python benchmarks/shade_routing/run.py --profile full

Builds each city that has buildings (into --cities, where they are kept), walks its frozen trips
on ten instants, and tells with 95 % intervals (pairs drawn anew a thousand times): how often
there is a walk with less sun that is at most 10 % longer, how much it saves, what it costs to
freeze the sun, what the fast search misses, and how long it takes. `--profile ci` takes a few
trips of the built-in city. Prints figures, asserts none.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from answer import BUDGET, Answer, answer_all, open_city, to_lines
from numpy.typing import NDArray
from score import Reference, compare, score_lines
from trips import BANDS_M, departures, read_pairs

from solarpass.atlas import Atlas, build_atlas, read_atlas
from solarpass.errors import FolderError

PAGE = Path(__file__).with_name("RESULTS.md")
CITIES = (
    *("helsinki", "berlin-wittenau", "berlin-neukoelln", "darmstadt", "hamburg-wartenau"),
    *("karlsruhe-kirchfeld", "karlsruhe-suedweststadt", "liechtenstein", "monaco"),
)
N_PAIRS = {"ci": 12, "full": 402}
N_REFERENCE = {"ci": 6, "full": 60}  # pairs scored against the dense shade as well
N_DRAWS = 1000
LESS_S = 1.0  # a walk has less sun if it saves a second or more
MINUTE_S = 60.0
ALONE_LOAD = 1.5  # one thread and its machine make no more


@dataclass(eq=False)
class Tally:
    """
    What is told of one city: a row for each pair and instant, by our own table.

    Attributes
    ----------
    city
        Its name.
    pair, hour, band
        Which pair, the local hour, and the band of distance.
    sun_s
        By kind: time in the sun that moves. [s]
    walk_s
        By kind: walking time. [s]
    seconds
        What it took to find the two usual walks. [s]
    unanswered
        Trips without an answer, with the sentence why.
    """

    city: str
    pair: list[str] = field(default_factory=list)
    hour: list[int] = field(default_factory=list)
    band: list[str] = field(default_factory=list)
    sun_s: dict[str, list[float]] = field(default_factory=dict)
    walk_s: dict[str, list[int]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Take an answer in."""
        self.pair.append(answer.pair.name)
        self.hour.append(answer.departs.hour)
        self.band.append(answer.pair.band)
        for kind, route in answer.routes.items():
            self.sun_s.setdefault(kind, []).append(answer.sun_s[kind])
            self.walk_s.setdefault(kind, []).append(route.walk_s)
        self.seconds.append(answer.seconds)

    def sun(self, kind: str) -> NDArray[np.float64]:
        """Time in the sun of a kind, shape ``(n,)``. [s]."""
        return np.array(self.sun_s[kind])

    def resample(self, tell: Callable[[NDArray[np.int64]], float]) -> tuple[float, float, float]:
        """Tell a figure and its 95 % interval, pairs drawn anew."""
        rng = np.random.default_rng(0)
        names, of = np.unique(self.pair, return_inverse=True)
        rows = [np.flatnonzero(of == k) for k in range(len(names))]
        drawn = [
            tell(np.concatenate([rows[k] for k in rng.integers(len(names), size=len(names))]))
            for _ in range(N_DRAWS)
        ]
        low, high = np.nanpercentile(drawn, [2.5, 97.5])
        return tell(np.arange(len(self.pair))), float(low), float(high)


def open_built(name: str, cities: Path, osm: Path) -> Atlas:
    """Open a city that was built before, or build it."""
    if name == "helsinki":
        return open_city(name, None)
    folder = cities / name
    try:
        return read_atlas(folder)
    except FolderError:
        return build_atlas(osm / f"{name}.osm.pbf", folder, name=name)


def run_city(atlas: Atlas, name: str, profile: str, lines: Path) -> Tally:
    """Answer a city's trips; keep the lines of those that the reference looks at."""
    pairs = read_pairs(name, N_PAIRS[profile])
    looked_at = {pair.name for pair in read_pairs(name, N_REFERENCE[profile])}
    instants = departures(atlas.zone)
    tally = Tally(name)
    with lines.open("w", encoding="utf-8") as out:
        for answer in answer_all(atlas, pairs, instants[::3] if profile == "ci" else instants):
            if not isinstance(answer, Answer):
                tally.unanswered.append(answer[-1])
                continue
            tally.add(answer)
            if answer.pair.name in looked_at:
                out.writelines(f"{line}\n" for line in to_lines(atlas, answer))
    return tally


def tell_city(tally: Tally) -> Iterator[str]:
    """Sum a city up: the cells of its row."""
    shortest, shadiest = tally.sun("shortest"), tally.sun("shadiest")
    frozen, exact = tally.sun("frozen"), tally.sun("exact")
    is_lit = shortest >= LESS_S
    less = is_lit & (shortest - shadiest >= LESS_S)
    saved = np.divide(shortest - shadiest, shortest, out=np.zeros_like(shortest), where=is_lit)

    def share(rows: NDArray[np.int64]) -> float:
        return float(less[rows].sum() / max(is_lit[rows].sum(), 1))

    def saving(rows: NDArray[np.int64]) -> float:
        return float(np.median(saved[rows][less[rows]])) if less[rows].any() else np.nan

    def froze(rows: NDArray[np.int64]) -> float:
        """Sun that a frozen sun's walk has beyond the best, in parts of what was saved."""
        gained = (shortest - shadiest)[rows].sum()
        return float((frozen - shadiest)[rows].sum() / gained) if gained > 0.0 else np.nan

    alike = np.abs(shadiest - exact) < 0.5 / 254
    regret = np.divide(shadiest - exact, exact, out=np.zeros_like(exact), where=exact > MINUTE_S)
    yield tally.city
    yield f"{len(set(tally.pair)):,} x {len(tally.pair) // max(len(set(tally.pair)), 1)}"
    yield _band(*tally.resample(share))
    yield _band(*tally.resample(saving))
    yield _band(*tally.resample(froze))
    yield f"{np.mean((frozen - shadiest) >= LESS_S):.0%}"
    yield f"{alike.mean():.1%}"
    yield f"{regret.max(initial=0.0):.1%}"
    p50, p95 = 1e3 * np.percentile(tally.seconds, [50, 95])
    yield f"{p50:.1f} / {p95:.1f}"
    yield f"{int((shadiest - shortest > 1e-9).sum())}"


def _band(best: float, low: float, high: float) -> str:
    return f"{best:.0%} ({low:.0%}-{high:.0%})"


def tell_bands(tallies: list[Tally]) -> Iterator[tuple[str, ...]]:
    """Sum all cities up by band and by hour: share with less sun, and median saving."""
    shortest = np.concatenate([one.sun("shortest") for one in tallies])
    shadiest = np.concatenate([one.sun("shadiest") for one in tallies])
    band = np.concatenate([one.band for one in tallies])
    hour = np.concatenate([one.hour for one in tallies])
    groups = [(name, band == name) for name in BANDS_M]
    groups += [(f"{h} h", hour == h) for h in np.unique(hour)]
    for name, here in groups:
        lit = here & (shortest >= LESS_S)
        less = lit & (shortest - shadiest >= LESS_S)
        if lit.any() and less.any():
            saved = 1.0 - shadiest[less] / shortest[less]
            minutes = (shortest - shadiest)[less] / MINUTE_S
            yield (
                name,
                f"{lit.sum():,}",
                f"{less.sum() / lit.sum():.0%}",
                f"{np.median(saved):.0%}",
                f"{np.median(minutes):.1f} min",
            )


HEAD = (
    *("city", "pairs x instants", "less sun at ≤ 10 % longer", "median saving among them"),
    *("lost by freezing the sun", "trips it harms", "fast = exact", "most regret"),
    *("ms p50 / p95", "worse than shortest"),
)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Lay rows out in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tell_reference(atlas: Atlas, name: str, lines: Path) -> list[tuple[str, ...]]:
    """Score the same walks against the dense shade, that no graph stands between."""
    features = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    reference = Reference(atlas)
    scores = score_lines(reference, features, name)
    rows = []
    for kind in ("shortest", "frozen", "shadiest"):
        told = compare(scores, kind)
        rows.append(
            (
                name,
                kind,
                f"{told['trips']:.0f}",
                f"{told['less_sun']:.0%}",
                "none" if np.isnan(told["median_saving"]) else f"{told['median_saving']:.0%}",
                f"{told['more_sun']:.1%}",
                f"{told['mean_sun_s'] / MINUTE_S:.2f}",
                f"{told['longer']:.1%}",
            )
        )
    return rows


PAGE_TEXT = """# Shade routing: results

Written by `benchmarks/shade_routing/run.py --profile {profile}` on {day}; {machine}.
What is asked and how others may take part stands in [README.md](README.md). Intervals are of
95 %, with pairs drawn anew.

## By our own table

{own}

*Less sun*: the walk of least sun that takes at most {budget:.0%} longer saves a second or more,
among trips whose shortest walk meets the sun. *Lost by freezing the sun*: how much of the sun
saved is lost again where the sun is taken to stand still at the departure. *Fast = exact*: the
usual search found a walk of as little sun as the proven one. *Most regret*: among trips whose
best walk has a minute of sun or more.

{bands}

## Against the dense reference shade

Each line walked metre by metre at 1.34 m/s over pictures of the shadows, cast every five
minutes: no graph, no edges. The first {n_reference} pairs of each city. The budget is of time,
with waits at crossings, so a walk may be longer by more metres.

{dense}

{unanswered}
"""


def main() -> None:
    """Run, print, and write the page if all was run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[1])
    parser.add_argument("--profile", choices=N_PAIRS, default="ci")
    parser.add_argument("--cities", type=Path, help="where built cities are kept")
    parser.add_argument("--only", nargs="*", default=CITIES, help="some cities, for no page")
    asked = parser.parse_args()
    named = os.environ.get("SOLARPASS_REFERENCE_DATA")
    names = ["helsinki"] if asked.profile == "ci" or not named else list(asked.only)
    tallies, dense = [], []
    loads = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            began = time.perf_counter()
            atlas = open_built(name, asked.cities or Path(folder), Path(named or ".") / "osm")
            lines = Path(folder) / f"{name}.geojsonl"
            tally = run_city(atlas, name, asked.profile, lines)
            if not tally.pair:
                print(f"{name}: no trip has an answer", file=sys.stderr)
                continue
            tallies.append(tally)
            dense += tell_reference(atlas, name, lines)
            loads.append(os.getloadavg()[0])
            print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    text = tell_page(tallies, dense, profile=asked.profile, load=max(loads))
    print(text)
    if asked.profile == "full" and set(CITIES) <= set(names):
        PAGE.write_text(text.strip() + "\n", encoding="utf-8")


def tell_page(
    tallies: list[Tally], dense: list[tuple[str, ...]], *, profile: str, load: float
) -> str:
    """Write the page of results."""
    return PAGE_TEXT.format(
        profile=profile,
        day=date.today().isoformat(),  # noqa: DTZ011 - the day here
        machine=tell_machine(load),
        own=table(HEAD, [tuple(tell_city(tally)) for tally in tallies]),
        budget=BUDGET,
        bands=table(
            ("all cities", "trips in the sun", "less sun", "median saving", "median minutes"),
            list(tell_bands(tallies)),
        ),
        n_reference=N_REFERENCE[profile],
        dense=table(
            (
                *("city", "walk", "trips", "less sun", "median saving", "more sun"),
                *("mean minutes in the sun", "median longer by metres"),
            ),
            dense,
        ),
        unanswered=tell_unanswered(tallies),
    )


def tell_machine(load: float) -> str:
    """Tell what ran it, and whether something else ran beside it, which makes latency worse."""
    beside = f", other work beside (load {load:.1f})" if load > ALONE_LOAD else ""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}{beside}"


def tell_unanswered(tallies: list[Tally]) -> str:
    """Tell how many trips had no answer, and the first reason."""
    told = [
        f"{one.city}: {len(one.unanswered)} trips without an answer ({one.unanswered[0]})"
        for one in tallies
        if one.unanswered
    ]
    return "\n".join(told) or "Every trip had an answer."


if __name__ == "__main__":
    main()
