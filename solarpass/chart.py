"""The figure of one street through the day and the year, for a council paper; and its numbers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from .atlas import Atlas
from .course import (
    COMPASS,
    COURSE_COLUMNS,
    NO_SIDE,
    Course,
    CourseModel,
    Progress,
    StreetSide,
    find_course,
    find_street,
    list_rows,
    list_weeks,
)
from .draft import draft_file
from .draw import SUN_COLOURS
from .osm import LICENCE
from .verdict import tell_assumptions
from .words import Words, tell_credit

NIGHT_COLOUR: Final = "#e3e6ef"
UNKNOWN_COLOUR: Final = "#d9d4cc"
HATCH_COLOUR: Final = "#9a948a"
RISE_COLOUR: Final = "#5c2a6b"
SIDE_STYLES: Final = (("#b35806", "-"), ("#0f5fa8", "--"), ("#4a4f55", ":"))
LEAST_SHARE: Final = 0.05  # of the street's length: a side with less is in the numbers only
_PAPER_IN: Final = (11.7, 8.3)


@dataclass(frozen=True, eq=False, slots=True)
class StreetChart:
    """
    What the figure of one street shows.

    Attributes
    ----------
    city, attribution, assumptions
        Its city, whose data it rests on, and what is taken for granted.
    year
        Its sun, week by week.
    week
        Where each week begins, and where the last ends, shape ``(n_weeks + 1,)``.
    day
        Its sun on the day chosen.
    rise
        Solar elevation of every day of the year by slots of the clock, NaN where the clock
        skips, shape ``(n_days, n_slots)``. [°]
    """

    city: str
    attribution: str
    assumptions: str
    year: Course
    week: tuple[date, ...]
    day: Course
    rise: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the array."""
        self.rise.flags.writeable = False


def find_chart(
    atlas: Atlas,
    name: str,
    day: date,
    *,
    model: CourseModel = CourseModel(),
    progress: Progress | None = None,
) -> StreetChart:
    """
    Find the sun on one street through a day, and through the year of that day.

    Parameters
    ----------
    name
        Of the street, whatever its case.
    day
        The day to tell by itself.
    model
        Assumptions.
    progress
        Told the step and its share done.

    Raises
    ------
    PlaceError
        If no street has that name.
    """
    street = find_street(atlas.city, atlas.network, name)
    begin, middle = list_weeks(day.year)

    def course(days: list[date], progress: Progress | None = None) -> Course:
        return find_course(
            atlas.network,
            atlas.horizon,
            street,
            days,
            zone=atlas.zone,
            find_sun=atlas.find_sun,
            model=model,
            progress=progress,
        )

    return StreetChart(
        city=atlas.city.name,
        attribution=atlas.city.attribution,
        assumptions=atlas.city.assumptions,
        year=course(middle, progress),
        week=(*begin, date(day.year + 1, 1, 1)),
        day=course([day]),
        rise=_find_rise(atlas, day.year, step_min=model.step_min),
    )


def draw_street(chart: StreetChart, *, language: str = "en") -> Figure:
    """
    Draw the sides of a street by hour and week, and through the day chosen.

    Parameters
    ----------
    language
        ``"de"`` or ``"en"``.
    """
    words = Words(language)
    shown = _shown(chart.year)
    figure = Figure(figsize=_PAPER_IN, layout=ConstrainedLayoutEngine(h_pad=0.08, w_pad=0.06))
    title = words("chart_title", street=chart.year.street, year=chart.day.days[0].year)
    figure.suptitle(f"{title} \N{EN DASH} {chart.city}", fontsize=15, fontweight="bold")
    grid = figure.add_gridspec(3, len(shown), height_ratios=(1.9, 1.0, 0.07))
    maps: list[Axes] = []
    for place, side in enumerate(shown):
        axes = figure.add_subplot(grid[0, place], sharey=maps[0] if maps else None)
        maps.append(axes)
        _draw_year(axes, chart, side, words)
    maps[0].set_ylabel(words("chart_hour"))
    for axes in maps[1:]:
        axes.tick_params(labelleft=False)
    sun = maps[0].collections[0]
    bar = figure.colorbar(sun, ax=maps, fraction=0.03, pad=0.015, extend="neither")
    bar.set_label(words("chart_share"))
    bar.set_ticks([0.0, 0.25, 0.5, 0.75, 1.0], labels=["0", "25 %", "50 %", "75 %", "100 %"])
    course = figure.add_subplot(grid[1, :])
    _draw_day(course, chart, shown, words)
    foot = figure.add_subplot(grid[2, :])
    foot.set_axis_off()
    foot.legend(handles=_keys(words), loc="center", ncols=3, frameon=False, fontsize=9)
    note = tell_assumptions(chart.assumptions, words)
    credit = tell_credit(chart.attribution, n_letters=170)
    figure.supxlabel(f"{note}\n{credit}", x=0.99, ha="right", fontsize=7)
    return figure


def write_street(
    atlas: Atlas,
    name: str,
    day: date,
    path: Path,
    *,
    language: str = "en",
    model: CourseModel = CourseModel(),
    progress: Progress | None = None,
) -> None:
    """
    Find the sun on one street and write it: see `find_chart` and `write_chart`.

    Raises
    ------
    PlaceError
        If no street has that name.
    SourceError
        If nothing can be written there.
    """
    chart = find_chart(atlas, name, day, model=model, progress=progress)
    write_chart(chart, path, language=language)


def write_chart(chart: StreetChart, path: Path, *, language: str = "en") -> None:
    """
    Write the figure of one street as ``.png`` or ``.svg``, or its numbers as ``.csv``.

    The table has a row for each side, day and slot of the clock: the middle day of each week,
    and the day chosen. Its first lines begin with ``#`` and tell licence and attribution.

    Raises
    ------
    SourceError
        If nothing can be written there.
    """
    with draft_file(path) as draft:
        if path.suffix.lower() == ".csv":
            _write_numbers(chart, draft)
            return
        figure = draw_street(chart, language=language)
        if path.suffix.lower() == ".svg":
            # Else each drawing would bear its time, and names of its own.
            with mpl.rc_context({"svg.hashsalt": "solarpass"}):
                told = {"Source": chart.attribution, "Rights": LICENCE, "Date": None}
                figure.savefig(draft, metadata=told)
            _name_clips(draft)
            return
        told = {"Source": chart.attribution, "Copyright": LICENCE}
        figure.savefig(draft, dpi=200, metadata=told)


def _name_clips(path: Path) -> None:
    """Give the clips of a drawing numbers, which matplotlib names after what lies in memory."""
    text = path.read_text(encoding="utf-8")
    for number, name in enumerate(re.findall(r'<clipPath id="(\w+)"', text)):
        text = text.replace(name, f"clip-{number}")
    path.write_text(text, encoding="utf-8", newline="\n")


def _shown(course: Course) -> list[int]:
    """List the sides worth a panel."""
    whole_m = sum(side.length_m for side in course.sides)
    worth = [n for n, side in enumerate(course.sides) if side.length_m >= LEAST_SHARE * whole_m]
    return sorted(worth, key=lambda n: _eastward(course.sides[n]))


def _eastward(side: StreetSide) -> tuple[bool, float, float]:
    """Sort sides as on a map: west before east, then north before south, none last."""
    if side.compass == NO_SIDE:
        return True, 0.0, 0.0
    bearing = np.deg2rad(45.0 * COMPASS.index(side.compass))
    return False, round(float(np.sin(bearing)), 6), -float(np.cos(bearing))


def _label(side: StreetSide, words: Words) -> str:
    metres = words.metres(side.length_m)
    if side.compass == NO_SIDE:
        return words("chart_no_side", metres=metres)
    return words("chart_side", compass=words(f"compass_{side.compass}"), metres=metres)


def _draw_year(axes: Axes, chart: StreetChart, side: int, words: Words) -> None:
    """Draw one side as a map of hours and weeks, night and unknown apart from shade."""
    year, n_slots = chart.year, len(chart.year.hour)
    first = chart.week[0]
    week = np.array([(day - first).days for day in chart.week], float)
    sun = np.where(year.is_night, -1.0, year.sun_fraction[side])
    colours = SUN_COLOURS.with_extremes(under=NIGHT_COLOUR, bad=(0.0, 0.0, 0.0, 0.0))
    axes.set_facecolor(UNKNOWN_COLOUR)
    axes.patch.set(hatch="////", edgecolor=HATCH_COLOUR, linewidth=0.0)
    axes.pcolormesh(
        week,
        np.linspace(0.0, 24.0, n_slots + 1),
        np.ma.masked_invalid(sun.T),
        cmap=colours,
        vmin=0.0,
        vmax=1.0,
        rasterized=True,
    )
    n_days = len(chart.rise)
    axes.contour(
        np.arange(n_days) + 0.5,
        year.hour,
        np.ma.masked_invalid(chart.rise.T),
        levels=[0.0],
        colors=RISE_COLOUR,
        linewidths=1.2,
    )
    chosen = chart.day.days[0]
    axes.axvline((chosen - first).days + 0.5, color="#1b1f24", linewidth=1.0, linestyle=(0, (4, 3)))
    begins = [(date(first.year, month, 1) - first).days for month in range(1, 13)]
    axes.set_xticks([*begins, n_days], labels=[""] * 13)
    middles = (np.array(begins) + np.array([*begins[1:], n_days])) / 2.0
    axes.set_xticks(middles, labels=list("JFMAMJJASOND"), minor=True)
    axes.tick_params(axis="x", which="minor", length=0)
    axes.set(xlim=(0, n_days), ylim=(0, 24), yticks=range(0, 25, 3))
    axes.set_xlabel(words("chart_month"))
    axes.set_title(_label(year.sides[side], words), fontsize=12)


def _draw_day(axes: Axes, chart: StreetChart, shown: list[int], words: Words) -> None:
    """Draw the course of the day chosen, side by side."""
    course = chart.day
    hour, is_night = course.hour, course.is_night[0]
    unknown = np.asarray(np.isnan(course.sun_fraction[shown, 0]).any(axis=0))
    _band(axes, hour, is_night, NIGHT_COLOUR)
    _band(axes, hour, unknown, UNKNOWN_COLOUR, hatch="////")
    for side, (colour, dashes) in zip(shown, SIDE_STYLES, strict=False):
        hours = _say_hours(*course.sun_h(side, 0), words)
        axes.plot(
            hour,
            np.where(is_night, np.nan, 100.0 * course.sun_fraction[side, 0]),
            color=colour,
            linestyle=dashes,
            linewidth=2.2,
            label=words("chart_hours", side=_label(course.sides[side], words), hours=hours),
        )
    axes.set(xlim=(0, 24), ylim=(0, 101), xticks=range(0, 25, 3), xlabel=words("chart_hour"))
    axes.set_yticks([0, 25, 50, 75, 100], labels=["0", "25 %", "50 %", "75 %", "100 %"])
    axes.set_title(words.date(datetime.combine(course.days[0], time(12))), fontsize=12, loc="left")
    axes.grid(visible=True, color="#c9cbd3", linewidth=0.6)
    axes.set_axisbelow(True)
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(False)
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(shown), fontsize=9, frameon=False
    )


def _band(
    axes: Axes,
    hour: NDArray[np.float64],
    is_in: NDArray[np.bool_],
    colour: str,
    *,
    hatch: str | None = None,
) -> None:
    """Shade whole slots."""
    half_h = (hour[1] - hour[0]) / 2.0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_in, [False]]).astype(int)))
    for begin, end in edges.reshape(-1, 2):
        axes.axvspan(
            hour[begin] - half_h,
            hour[end - 1] + half_h,
            facecolor=colour,
            edgecolor=HATCH_COLOUR,
            hatch=hatch,
            linewidth=0.0,
            zorder=0,
        )


def _keys(words: Words) -> list[Patch | Line2D]:
    return [
        Patch(facecolor=NIGHT_COLOUR, edgecolor=HATCH_COLOUR, label=words("chart_night")),
        Patch(
            facecolor=UNKNOWN_COLOUR,
            hatch="////",
            edgecolor=HATCH_COLOUR,
            label=words("chart_unknown"),
        ),
        Line2D([], [], color=RISE_COLOUR, linewidth=1.2, label=words("chart_rise")),
    ]


def _say_hours(low_h: float, high_h: float, words: Words) -> str:
    """Say hours to a tenth; both ends where some are unknown."""
    told = (
        f"{low_h:.1f}"
        if f"{low_h:.1f}" == f"{high_h:.1f}"
        else f"{low_h:.1f}\N{EN DASH}{high_h:.1f}"
    )
    return f"{told.replace('.', ',') if words.language == 'de' else told}\N{NO-BREAK SPACE}h"


def _find_rise(atlas: Atlas, year: int, *, step_min: int) -> NDArray[np.float64]:
    """Find the sun's elevation in each slot of each day of a year."""
    begin, end = (pd.Timestamp(datetime(one, 1, 1, tzinfo=atlas.zone)) for one in (year, year + 1))
    times = pd.date_range(begin, end, freq=f"{step_min}min", inclusive="left")
    times += pd.Timedelta(minutes=step_min) / 2
    day = times.day_of_year.to_numpy() - 1
    clock = (times.hour * 60 + times.minute).to_numpy() // step_min
    elevation_deg = np.full((day.max() + 1, 24 * 60 // step_min), np.nan)
    elevation_deg[day, clock] = atlas.find_sun(times).elevation_deg
    return elevation_deg


def _write_numbers(chart: StreetChart, path: Path) -> None:
    """Write a row for each side, day and slot."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for key, value in (
            ("street", chart.year.street),
            ("city", chart.city),
            ("attribution", chart.attribution),
            ("licence", LICENCE),
            ("assumptions", chart.assumptions),
        ):
            file.write(f"# {key}: {value}\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COURSE_COLUMNS)
        rows.writerows(list_rows(chart.year, but=chart.day.days))  # lest a day stand there twice
        rows.writerows(list_rows(chart.day))
