"""Requests: what the command line asks to be scored, checked, read and scored."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from solarpass.atlas import Atlas, built_in_atlas, read_atlas
from solarpass.errors import SourceError

from .day import choose_day
from .errors import SiteError, WeatherError
from .forecast import OPEN_METEO_URL, fetch_forecast
from .lines import read_lines
from .logbook import read_weather
from .population import read_population
from .score import Score, build_score, design_weather
from .site import KINDS, Sites, build_sites, read_sites
from .timetable import read_timetable
from .weather import Weather, design_date

_COUNT = re.compile(r"(\d[\d,]* rows?)\b")
_YEARS = range(1950, 2101)  # of which the sun is known


class NoSiteError(SiteError):
    """The map has no site of the kinds asked for: an answer, though an empty one."""


def list_read(asked: argparse.Namespace) -> tuple[str, ...]:
    """List the files that a score is asked to read."""
    files = (asked.weather, asked.sites, asked.gtfs, asked.lines, *asked.population)
    return tuple(file for file in files if file is not None)


def score_asked(asked: argparse.Namespace) -> tuple[Atlas, Score]:
    """
    Score what is asked for, with all that it is asked to read.

    Raises
    ------
    NoSiteError
        If the map has none of the kinds asked for.
    SolarpassError
        If something does not read.
    """
    atlas = _open(asked.folder)
    sites = _find_sites(asked, atlas)
    chosen = _find_weather(asked, atlas)
    timetable = lines = population = None
    if asked.gtfs is not None:
        day = asked.gtfs_date or chosen.weekday_of
        timetable = read_timetable(read_path(asked.gtfs), day=day)
    if asked.lines is not None:
        lines = read_lines(read_path(asked.lines))
    if asked.population:
        population = read_population(*map(read_path, asked.population))
    found = build_score(
        atlas.city,
        atlas.surface,
        chosen.weather,
        sites=sites,
        timetable=timetable,
        lines=lines,
        population=population,
    )
    return atlas, found


@dataclass(frozen=True, eq=False, slots=True)
class _Chosen:
    """Weather, and the day whose timetable goes with it: None where its weekday means nothing."""

    weather: Weather
    weekday_of: dt.date | None


def check_asked(asked: argparse.Namespace) -> None:
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
    return built_in_atlas() if folder is None else read_atlas(read_path(folder))


def _find_sites(asked: argparse.Namespace, atlas: Atlas) -> Sites:
    if asked.sites is not None:
        return read_sites(read_path(asked.sites), city=atlas.city)
    try:
        return build_sites(atlas.city, kinds=asked.kinds)
    except SiteError as error:
        raise NoSiteError(*error.args) from error


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
        told = read_asked_weather(asked, latitude_deg, longitude_deg, zone=zone)
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


def read_asked_weather(
    asked: argparse.Namespace,
    latitude_deg: float,
    longitude_deg: float,
    *,
    zone: str | None = None,
) -> Weather:
    """Read weather as asked; what the library calls by its names, a refusal calls by options."""
    try:
        return read_weather(
            read_path(asked.weather),
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


def read_path(text: str) -> Path:
    """Read the name of a file or folder."""
    return Path(text).expanduser()


def read_out(text: str, wanted: str, endings: set[str], *, read: Sequence[str | None]) -> Path:
    """Read where to write, before anything is computed for it; never onto what is read."""
    path = read_path(text)
    if path.suffix.lower() not in endings:
        msg = f"--out must end in {wanted}; got {text!r}."
        raise SourceError(msg)
    if not path.parent.is_dir():
        msg = f"--out must lie in a folder that exists; got {text!r}."
        raise SourceError(msg)
    if path.is_dir():
        msg = f"--out must be a file; {text!r} is a folder."
        raise SourceError(msg)
    if path.resolve() in {read_path(name).resolve() for name in read if name is not None}:
        msg = f"--out must not be one of the files that are read; got {text!r}."
        raise SourceError(msg)
    return path


def make_plain(text: str, most: int | None = None) -> str:
    """Take out of a text what would steer a terminal, or turn its line round; and cut it."""
    line = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or not unicodedata.category(sign).startswith("C")
    )
    line = " ".join(line.split())
    return line if most is None or len(line) <= most else f"{line[: most - 1]}…"
