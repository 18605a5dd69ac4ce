"""What each command of the command line does, and its exit code."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from solarpass.atlas import Atlas, built_in_atlas, read_atlas
from solarpass.errors import SourceError
from solarpass.terminal import NO_ANSWER
from solarpass.words import Words

from .day import choose_day
from .errors import SiteError, WeatherError
from .export import ENDINGS, tell_kind, write_score
from .forecast import OPEN_METEO_URL, fetch_forecast
from .lines import read_lines
from .logbook import read_weather
from .point import read_plot, score_point, tell_point, write_point
from .population import read_population
from .score import Score, build_score, design_weather
from .site import KINDS, Sites, build_sites, read_sites
from .terms import HEAT_TERMS
from .timetable import read_timetable
from .weather import Weather, design_date

_N_WORST = 5  # told on stdout
_LONGEST = 80  # letters of a name
_COUNT = re.compile(r"(\d[\d,]* rows?)\b")
_YEARS = range(1950, 2101)  # of which the sun is known


def score(asked: argparse.Namespace) -> int:
    """Score a city's sites, write them and sum them up."""
    files = (asked.weather, asked.sites, asked.gtfs, asked.lines, *asked.population)
    out = _file(asked.out, ".geojson, .csv, .gpkg or .parquet", ENDINGS, read=files)
    _check(asked)
    atlas = _open(asked.folder)
    try:
        sites = _find_sites(asked, atlas)
    except _NoSiteError as error:
        print(error, file=sys.stderr)
        return NO_ANSWER
    chosen = _find_weather(asked, atlas)
    timetable = lines = population = None
    if asked.gtfs is not None:
        timetable = read_timetable(_path(asked.gtfs), day=asked.gtfs_date or chosen.weekday_of)
    if asked.lines is not None:
        lines = read_lines(_path(asked.lines))
    if asked.population:
        population = read_population(*map(_path, asked.population))
    found = build_score(
        atlas.city,
        atlas.surface,
        chosen.weather,
        sites=sites,
        timetable=timetable,
        lines=lines,
        population=population,
    )
    write_score(found, atlas, out)
    print(_sum_up(found, atlas, out))
    return 0


def point(asked: argparse.Namespace) -> int:
    """Score one point on rasters."""
    rasters = (*asked.dsm, *asked.cdsm, *asked.dem, *asked.landcover)
    out = _file(asked.out, ".csv", {".csv"}, read=(*rasters, asked.weather))
    weather = _read_weather(asked, asked.lat, asked.lon)
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


class _NoSiteError(SiteError):
    """The map has no site of the kinds asked for: an answer, though an empty one."""


@dataclass(frozen=True, eq=False, slots=True)
class _Chosen:
    """Weather, and the day whose timetable goes with it: None where its weekday means nothing."""

    weather: Weather
    weekday_of: dt.date | None


def _check(asked: argparse.Namespace) -> None:
    """Refuse options that need one another, before anything is computed."""
    loose = {"--stamp": asked.stamp, "--utc-offset": asked.utc_offset}
    loose["--wind-height"] = asked.wind_height
    given = [name for name, value in loose.items() if value is not None]
    if given and asked.weather is None:
        msg = f"Wanted {given[0]} beside --weather FILE only."
        raise WeatherError(msg)
    if asked.forecast_url is not None and not asked.forecast:
        msg = "Wanted --forecast-url beside --forecast only."
        raise WeatherError(msg)
    if asked.gtfs_date is not None and asked.gtfs is None:
        msg = "Wanted --gtfs-date beside --gtfs ZIP only."
        raise SourceError(msg)
    if asked.date is not None and asked.date.year not in _YEARS:
        msg = f"Wanted a --date from {_YEARS[0]} to {_YEARS[-1]}; got {asked.date}."
        raise WeatherError(msg)
    strange = [kind for kind in asked.kinds or () if kind not in KINDS]
    if strange:
        msg = f"{strange[0]!r} is no kind of site; wanted some of {', '.join(KINDS)}."
        raise SiteError(msg)


def _open(folder: str | None) -> Atlas:
    return built_in_atlas() if folder is None else read_atlas(_path(folder))


def _find_sites(asked: argparse.Namespace, atlas: Atlas) -> Sites:
    if asked.sites is not None:
        return read_sites(_path(asked.sites), city=atlas.city)
    try:
        return build_sites(atlas.city, kinds=asked.kinds)
    except SiteError as error:
        raise _NoSiteError(*error.args) from error


def _find_weather(asked: argparse.Namespace, atlas: Atlas) -> _Chosen:
    """Read the weather of one day, or ask for it, or take the design day's."""
    zone = atlas.city.zone
    latitude_deg, longitude_deg = atlas.city.centre
    today = dt.datetime.now(atlas.zone).date()
    if asked.forecast:
        day = asked.date or today
        ahead = max((day - today).days + 1, 1)
        url = asked.forecast_url or OPEN_METEO_URL
        told = fetch_forecast(
            zone=zone,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            days=ahead,
            url=url,
        )
        return _Chosen(choose_day(told, day, zone=zone), day)
    if asked.weather is not None:
        told = _read_weather(asked, latitude_deg, longitude_deg, zone=zone)
        weather = choose_day(_tell_whole(told), asked.date, zone=zone)
        is_real = asked.date is not None or not weather.typical
        day = weather.middles[len(weather) // 2].tz_convert(atlas.zone).date()
        return _Chosen(weather, day if is_real else None)
    day = asked.date or design_date(latitude_deg, today.year)
    return _Chosen(design_weather(atlas.city, day), asked.date)


def _tell_whole(weather: Weather) -> Weather:
    """Say of counts of rows that they are of all the file, of which one day is taken."""
    if len(weather) * weather.step <= dt.timedelta(hours=25):
        return weather
    notes = (_COUNT.sub(r"\1 of the whole file", note, count=1) for note in weather.notes)
    return replace(weather, notes=tuple(notes))


def _read_weather(
    asked: argparse.Namespace,
    latitude_deg: float,
    longitude_deg: float,
    *,
    zone: str | None = None,
) -> Weather:
    """Read weather as asked; what the library calls by its names, a refusal calls by options."""
    try:
        return read_weather(
            _path(asked.weather),
            zone=zone,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            stamp=asked.stamp,
            utc_offset_h=asked.utc_offset,
            wind_height_m=10.0 if asked.wind_height is None else asked.wind_height,
        )
    except WeatherError as error:
        told = str(error).replace("`stamp`", "--stamp").replace("`utc_offset_h`", "--utc-offset")
        raise WeatherError(told.replace(", or `zone`, such as 'Europe/Berlin'", "")) from error


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _file(text: str, wanted: str, endings: set[str], *, read: Sequence[str | None]) -> Path:
    """Read where to write, before anything is computed for it; never onto what is read."""
    path = _path(text)
    if path.suffix.lower() not in endings:
        msg = f"--out must end in {wanted}; got {text!r}."
        raise SourceError(msg)
    if not path.parent.is_dir():
        msg = f"--out must lie in a folder that exists; got {text!r}."
        raise SourceError(msg)
    if path.is_dir():
        msg = f"--out must be a file; {text!r} is a folder."
        raise SourceError(msg)
    if path.resolve() in {_path(name).resolve() for name in read if name is not None}:
        msg = f"--out must not be one of the files that are read; got {text!r}."
        raise SourceError(msg)
    return path


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
        *(f"- {_plain(note)}" for note in found.notes),
        f"{words('not_official')} ({HEAT_TERMS['not_official'][0]}). {words('dwd')}",
        f"Written to {out}.",
    ]
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _tell_worst(found: Score, atlas: Atlas, words: Words) -> list[str]:
    """Tell of the worst sites, a line each; where heat harms nobody, that it does not."""
    if not (found.risk.heat_person_kh > 0.0).any():
        most_c = float(found.hazard.utci_c.max())
        return [f"On this day heat harms nowhere here: UTCI at most {most_c:.1f} °C."]
    rows = np.argsort(found.risk.rank, kind="stable")[:_N_WORST]
    first = f"The worst {len(rows)}, in brackets the ranks they would have with other weights:"
    return [first, *(_tell_site(found, int(row), atlas, words) for row in rows)]


def _plain(text: str, most: int | None = None) -> str:
    """Take out of a text what would steer a terminal, or turn its line round; and cut it."""
    line = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or not unicodedata.category(sign).startswith("C")
    )
    line = " ".join(line.split())
    return line if most is None or len(line) <= most else f"{line[: most - 1]}…"


def _tell_site(found: Score, row: int, atlas: Atlas, words: Words) -> str:
    """Tell of one site in a line."""
    hazard, risk = found.hazard, found.risk
    worst = int(hazard.worst_time[row])
    level = int(hazard.level[worst, row])
    site = found.sites.table.iloc[row]
    return (
        f"{risk.rank[row]:>4} ({risk.rank_low[row]}-{risk.rank_high[row]})  "
        f"{tell_kind(str(site['kind']), words)} {_plain(str(site['label']), _LONGEST)}: "
        f"UTCI {hazard.utci_c[worst, row]:.1f} °C "
        f"at {hazard.begins[worst].tz_convert(atlas.zone):%H:%M} ({words(f'level_{level}')}, "
        f"{100.0 * hazard.level_probability[worst, row, level]:.0f} % sure), "
        f"{risk.heat_person_kh[row]:,.0f} person·K·h"
    )
