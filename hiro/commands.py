"""What each command of the command line does, and its exit code."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from solarpass.atlas import Atlas
from solarpass.terminal import NO_ANSWER
from solarpass.words import Words

from .export import ENDINGS, tell_kind, write_score
from .instance import read_instance, solve_instance
from .papering import write_asked_paper
from .planning import write_asked
from .point import read_plot, score_point, tell_point, write_point
from .reportcommands import answer_reports
from .request import (
    NoSiteError,
    check_asked,
    list_read,
    make_plain,
    read_asked_weather,
    read_out,
    read_path,
    score_asked,
)
from .score import Score
from .terms import HEAT_TERMS
from .weighing import check_weights, tabulate_before, tell_weights, weigh_asked

_N_WORST = 5  # told on stdout
_LONGEST = 80  # letters of a name


def score(asked: argparse.Namespace) -> int:
    """Score a city's sites, write them and sum them up."""
    out = read_out(asked.out, ".geojson, .csv, .gpkg or .parquet", ENDINGS, read=list_read(asked))
    check_asked(asked)
    check_weights(asked)
    try:
        atlas, found = score_asked(asked)
    except NoSiteError as error:
        print(error, file=sys.stderr)
        return NO_ANSWER
    weighed = weigh_asked(asked, found)
    if weighed is None:
        write_score(found, atlas, out)
    else:
        found = weighed.after
        beside, about = tabulate_before(weighed), tell_weights(weighed)
        write_score(found, atlas, out, beside=beside, about_beside=about)
    print(_sum_up(found, atlas, out))
    return 0


def plan(asked: argparse.Namespace) -> int:
    """Choose what to do for a budget, write it and sum it up."""
    try:
        print(write_asked(asked))
    except NoSiteError as error:
        print(error, file=sys.stderr)
        return NO_ANSWER
    return 0


def paper(asked: argparse.Namespace) -> int:
    """Write a plan as a paper for a council."""
    print(write_asked_paper(asked))
    return 0


def point(asked: argparse.Namespace) -> int:
    """Score one point on rasters."""
    rasters = (*asked.dsm, *asked.cdsm, *asked.dem, *asked.landcover)
    out = read_out(asked.out, ".csv", {".csv"}, read=(*rasters, asked.weather))
    weather = read_asked_weather(asked, asked.lat, asked.lon)
    plot = read_plot(
        asked.dsm,
        at=asked.at,
        cdsm=asked.cdsm,
        dem=asked.dem,
        landcover=asked.landcover,
        latitude_deg=asked.lat,
        longitude_deg=asked.lon,
    )
    table = score_point(plot, weather)
    write_point(table, out)
    tmrt_c, utci_c = (table[name].to_numpy(float) for name in ("tmrt_c", "utci_c"))
    warmest = int(np.nanargmax(tmrt_c))
    print(
        f"{len(table):,} intervals written to {out}; the most at {table['time'].iloc[warmest]}: "
        f"mean radiant temperature {tmrt_c[warmest]:.1f} °C, UTCI {utci_c[warmest]:.1f} °C."
    )
    for note in tell_point(plot, weather):
        print(f"- {note}")
    return 0


def choose(asked: argparse.Namespace) -> int:
    """Choose out of anyone's own numbers."""
    instance = read_instance(read_path(asked.instance))
    print(json.dumps(solve_instance(instance, budget_cents=asked.budget), ensure_ascii=False))
    return 0


def reports(asked: argparse.Namespace) -> int:
    """Keep what citizens tell."""
    print(answer_reports(asked))
    return 0


def _sum_up(found: Score, atlas: Atlas, out: Path) -> str:
    """Sum a score up in a few lines."""
    words = Words("en", HEAT_TERMS)
    hazard, n_sites = found.hazard, found.sites.n_sites
    level = hazard.level[hazard.worst_time, np.arange(n_sites)]
    counts = ", ".join(f"{words(f'level_{k}')} {int((level == k).sum()):,}" for k in range(5))
    day = hazard.begins.tz_convert(atlas.zone)[len(hazard.begins) // 2]
    lines = [
        f"{atlas.city.name}, {day:%Y-%m-%d}: {n_sites:,} sites ({found.weather.source}).",
        f"Level at each site's worst hour: {counts}.",
        *_tell_worst(found, atlas, words),
        *(f"- {make_plain(note)}" for note in found.notes),
        f"{words('not_official')} ({HEAT_TERMS['not_official'][0]}). {words('dwd')}",
        f"Written to {out}.",
    ]
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _tell_worst(found: Score, atlas: Atlas, words: Words) -> list[str]:
    """Tell of the worst sites, a line each; where heat harms nobody, that it does not."""
    if not (found.risk.heat_person_kh > 0.0).any():
        most_c = float(found.hazard.utci_c.max())
        return [f"On this day heat harms nowhere here: UTCI at most {most_c:.1f} °C."]
    known = np.flatnonzero(found.risk.rank > 0)
    rows = known[np.argsort(found.risk.rank[known], kind="stable")][:_N_WORST]
    first = f"The worst {len(rows)}, in brackets the ranks they would have with other weights:"
    return [first, *(_tell_site(found, int(row), atlas, words) for row in rows)]


def _tell_site(found: Score, row: int, atlas: Atlas, words: Words) -> str:
    """Tell of one site in a line."""
    hazard, risk = found.hazard, found.risk
    worst = int(hazard.worst_time[row])
    level = int(hazard.level[worst, row])
    site = found.sites.table.iloc[row]
    return (
        f"{risk.rank[row]:>4} ({risk.rank_low[row]}-{risk.rank_high[row]})  "
        f"{tell_kind(str(site['kind']), words)} {make_plain(str(site['label']), _LONGEST)}: "
        f"UTCI {hazard.utci_c[worst, row]:.1f} °C "
        f"at {hazard.begins[worst].tz_convert(atlas.zone):%H:%M} ({words(f'level_{level}')}, "
        f"{100.0 * hazard.level_probability[worst, row, level]:.0f} % sure), "
        f"{risk.heat_person_kh[row]:,.0f} person·K·h"
    )
