"""The skyline as one place sees it, as a picture to hold beside a photo."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from .blocker import SUNLIT, find_sun_fraction
from .draft import draft_file
from .osm import LICENCE
from .panorama import SIZE_IN, SKY, Panorama, build_panorama
from .spot import Spot
from .sun import SunPath
from .verdict import degrees, name_blocker, tall, tell_source
from .words import Words, tell_credit

SKY_COLOUR: Final = "#dcebf7"
NEAR_COLOUR, FAR_COLOUR = np.array([0.42, 0.40, 0.38]), np.array([0.76, 0.75, 0.74])
CROWN_COLOUR: Final = np.array([0.25, 0.55, 0.25])
BLOCKER_COLOUR: Final = np.array([0.72, 0.33, 0.20])
LINE_COLOUR: Final = np.array([0.20, 0.19, 0.18])
SUN_COLOUR, PATH_COLOUR = "#ffc400", "#a86200"

CROWN_ALPHA: Final = 0.65
FADES_M: Final = 150.0  # what is so far away has faded by two thirds; our choice
EDGE: Final = 0.1  # a line is drawn where the distance leaps by this share; our choice
ABOVE_DEG: Final = 7.0  # of sky over the highest path; our choice
LEAST_DEG: Final = 40.0
DOTS_PER_IN: Final = 220
LABEL_WIDTH, LABEL_HEIGHT = 0.56, 0.24  # shares of the picture
CASING: Final = [withStroke(linewidth=2.8, foreground="white", alpha=0.8)]
LEGEND: Final = 0.19  # of the height: three lines and the credit below them


Course = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Azimuths and elevations along a path of the sun, NaN where it is torn. [°]"""


def draw_skyview(spot: Spot, words: Words) -> Figure:
    """
    Draw what a place sees towards the sun: houses, crowns, and the sun's path of the day.

    Drawn from the shapes themselves. Nearer houses are darker, what hides the sun now is red,
    and the sky is hatched where something may stand beyond the data. By night the picture
    looks to where the sun is highest.
    """
    around, check, day = spot.around, spot.check, spot.day
    noon_deg = float(day.azimuth_deg[np.argmax(day.elevation_deg)])
    is_up = check.elevation_deg > 0.0
    centre_deg = check.azimuth_deg if is_up else noon_deg
    highest_deg = float(spot.longest.elevation_deg.max()) + ABOVE_DEG
    view = build_panorama(
        around, centre_deg=centre_deg, highest_deg=min(max(highest_deg, LEAST_DEG), 90.0)
    )
    figure = Figure(
        figsize=SIZE_IN, layout=ConstrainedLayoutEngine(rect=(0.0, LEGEND, 1.0, 1.0 - LEGEND))
    )
    axes = figure.add_subplot()
    _frame(axes, view, centre_deg, words)
    hatch = axes.fill_between(
        view.azimuth_deg, 0.0, np.minimum(view.unknown_deg, 90.0), zorder=1, facecolor="none"
    )
    hatch.set(hatch="////", edgecolor="#7d8a95", linewidth=0.0)
    hiding = [blocker for blocker in check.blockers if check.state in {"shade", "crown"}]
    red = [blocker.thing for blocker in hiding]  # of hills it is that of the ground
    box = (view.azimuth_deg[0], view.azimuth_deg[-1], 0.0, float(view.elevation_deg[-1]))
    axes.imshow(
        _colour(view, red),
        extent=box,
        origin="lower",
        aspect="auto",
        interpolation="none",
        zorder=2,
    )
    for path in (spot.longest, spot.shortest):
        axes.plot(
            *_course(path, centre_deg), color=PATH_COLOUR, alpha=0.6, lw=0.8, ls="--", zorder=3
        )
    _draw_day(axes, spot, centre_deg)
    if is_up:
        axes.plot(
            centre_deg, check.elevation_deg, "o", ms=13, mfc=SUN_COLOUR, mec="#3a2c00", zorder=6
        )
    if hiding:
        said = [name_blocker(hiding[0], words)]
        if hiding[0].kind == "terrain":
            said.append(words("check_horizon", degrees=degrees(hiding[0].elevation_deg)))
        else:
            said += [tall(hiding[0].height_m, words), tell_source(hiding[0], words)]
        _label(axes, view, red, _course(day, centre_deg), "\n".join(said))
    when = {"date": words.date(check.at), "time": f"{check.at:%H:%M}"}
    compass = words("compass_letters").split()[round(centre_deg / 45.0) % 8]
    axes.set_title(words("sky_title", compass=compass, **when), fontsize=9, loc="left")
    _explain(figure, view, words, hiding=bool(hiding))
    credit = tell_credit(spot.attribution, n_letters=115)
    figure.text(0.99, 0.01, credit, ha="right", va="bottom", fontsize=4.5)
    return figure


def skyview_png(spot: Spot, words: Words) -> bytes:
    """Make the picture of `draw_skyview` a PNG that carries licence and attribution."""
    written = BytesIO()
    told = {"Source": spot.attribution, "Copyright": LICENCE}
    draw_skyview(spot, words).savefig(written, dpi=DOTS_PER_IN, format="png", metadata=told)
    return written.getvalue()


def write_skyview(spot: Spot, path: Path, words: Words) -> None:
    """Write the picture of `draw_skyview` as a PNG."""
    with draft_file(path) as draft:
        draft.write_bytes(skyview_png(spot, words))


def _frame(axes: Axes, view: Panorama, centre_deg: float, words: Words) -> None:
    """Give the picture a horizon with compass letters, and heights in degrees."""
    axes.set_facecolor(SKY_COLOUR)
    left, right = view.azimuth_deg[[0, -1]]
    letters = words("compass_letters").split()
    ticks = [deg for deg in range(-360, 721, 45) if left <= deg <= right]
    axes.set(xlim=(left, right), ylim=(0.0, view.elevation_deg[-1]), xticks=ticks)
    axes.set_xticklabels([letters[deg // 45 % 8] for deg in ticks], fontsize=9, fontweight="bold")
    up = range(0, int(view.elevation_deg[-1]) + 1, 20)
    axes.set_yticks(list(up), [f"{deg}°" for deg in up], fontsize=7)
    axes.axvline(centre_deg, color="#3a2c00", lw=0.5, alpha=0.35, zorder=2.5)


def _colour(view: Panorama, red: Sequence[int]) -> NDArray[np.float64]:
    """Colour each cell: nothing for the sky, grey for what is solid, green over it for crowns."""
    picture = np.zeros((*view.thing.shape, 4))
    solid = view.thing != SKY
    fade = np.exp(-view.away_m / FADES_M)[..., None]
    picture[..., :3] = NEAR_COLOUR * fade + FAR_COLOUR * (1.0 - fade)
    picture[..., 3] = solid
    picture[np.isin(view.thing, red) & solid, :3] = BLOCKER_COLOUR
    edge = np.zeros_like(solid)
    # Between what stands side by side, parts of one house say, no line helps.
    depth = np.log(np.where(solid, np.maximum(view.away_m, 1.0), 1e6))
    edge[1:] |= np.abs(depth[1:] - depth[:-1]) > EDGE
    edge[:, 1:] |= np.abs(depth[:, 1:] - depth[:, :-1]) > EDGE
    picture[edge & solid, :3] = LINE_COLOUR
    crown = view.crown != SKY
    colour = np.where(np.isin(view.crown, red)[..., None], BLOCKER_COLOUR, CROWN_COLOUR)
    under = np.where(solid[..., None], picture[..., :3], colour)
    picture[crown, :3] = (CROWN_ALPHA * colour + (1.0 - CROWN_ALPHA) * under)[crown]
    picture[crown & ~solid, 3] = CROWN_ALPHA
    return picture


def _draw_day(axes: Axes, spot: Spot, centre_deg: float) -> None:
    """Draw the path of the day; an hour is a full dot where the sun reaches the place."""
    day = spot.day
    axes.plot(*_course(day, centre_deg), color=PATH_COLOUR, lw=1.4, zorder=4, path_effects=CASING)
    sun_fraction = find_sun_fraction(spot.around, day)
    hours = np.flatnonzero((day.times.minute == 0) & (day.elevation_deg > 0.0))
    azimuth_deg, elevation_deg = _course(day, centre_deg, keep=True)
    left, right = axes.get_xlim()
    for k in hours.tolist():
        now = np.hypot(azimuth_deg[k] - centre_deg, elevation_deg[k] - spot.check.elevation_deg)
        if not left + 3.0 < azimuth_deg[k] < right - 3.0 or now < 4.0:
            continue
        lit = sun_fraction[k] > SUNLIT
        axes.plot(
            *(azimuth_deg[k], elevation_deg[k], "o"),
            ms=4.5,
            mec=PATH_COLOUR,
            mfc=SUN_COLOUR if lit else "white",
            zorder=5,
        )
        axes.annotate(
            f"{day.times[k]:%H}".lstrip("0") or "0",
            (azimuth_deg[k], elevation_deg[k]),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            fontsize=7,
            bbox={"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.75},
            zorder=5.5,
        )


def _course(sun: SunPath, centre_deg: float, *, keep: bool = False) -> Course:
    """Turn a path so that it runs evenly through the picture, torn where it passes behind."""
    azimuth_deg = centre_deg + (sun.azimuth_deg - centre_deg + 180.0) % 360.0 - 180.0
    elevation_deg = np.where(sun.elevation_deg > 0.0, sun.elevation_deg, np.nan)
    if not keep:
        elevation_deg[1:][np.abs(np.diff(azimuth_deg)) > 90.0] = np.nan
    return azimuth_deg, elevation_deg


def _label(axes: Axes, view: Panorama, red: Sequence[int], course: Course, text: str) -> None:
    """Write on what is seen of the blockers what the nearest is, off the sun's path if it can."""
    hides = np.isin(view.thing, red) | np.isin(view.crown, red)
    if not hides.any():
        return
    n_rows, n_columns = hides.shape
    left, right = axes.get_xlim()
    width_deg, height_deg = LABEL_WIDTH * (right - left), LABEL_HEIGHT * view.elevation_deg[-1]
    side = round(n_rows * LABEL_HEIGHT / 2.0)
    best, at = -np.inf, (0.5 * (left + right), height_deg)
    for row in range(side, n_rows - side, side):
        for column in range(round(0.5 * LABEL_WIDTH * n_columns) + 1, n_columns, side):
            x_deg, y_deg = float(view.azimuth_deg[column]), float(view.elevation_deg[row])
            if x_deg + 0.5 * width_deg >= right:
                break
            away = np.fmax(
                np.abs(course[0] - x_deg) / width_deg, np.abs(course[1] - y_deg) / height_deg
            )
            is_free = min(float(np.nanmin(away, initial=1.0)), 0.75)  # from 0.5 on none is beneath
            worth = is_free + 0.2 * hides[row - side : row + side, column].mean()
            worth -= 0.001 * abs(x_deg - 0.5 * (left + right))
            if worth > best:
                best, at = worth, (x_deg, y_deg)
    axes.text(
        *at,
        text,
        ha="center",
        va="center",
        fontsize=8,
        zorder=7,
        bbox={"boxstyle": "round,pad=0.25", "fc": "white", "ec": "#8a3c22", "alpha": 0.9},
    )


def _explain(figure: Figure, view: Panorama, words: Words, *, hiding: bool) -> None:
    """Say beneath the picture what its colours mean."""
    sky = view.thing == SKY
    is_unknown = sky & (view.elevation_deg[:, None] < view.unknown_deg)
    shown: list[tuple[Patch | Line2D, str]] = []
    if not sky.all():
        grey = Patch(fc=tuple(0.5 * (NEAR_COLOUR + FAR_COLOUR)))
        shown.append((grey, words("sky_building")))
    if (view.crown != SKY).any():
        green = Patch(fc=tuple(CROWN_COLOUR), alpha=CROWN_ALPHA)
        shown.append((green, words("sky_crown")))
    if hiding:
        shown.append((Patch(fc=tuple(BLOCKER_COLOUR)), words("sky_blocker")))
    if is_unknown.any():
        unknown = Patch(fc=SKY_COLOUR, ec="#7d8a95", hatch="////", lw=0.0)
        shown.append((unknown, words("sky_unknown")))
    path = Line2D([], [], color=PATH_COLOUR, marker="o", ms=4, mfc=SUN_COLOUR)
    shown.append((path, words("sky_path")))
    shown.append((Line2D([], [], color=PATH_COLOUR, alpha=0.5, ls="--"), words("sky_year")))
    figure.legend(
        [handle for handle, _ in shown],
        [label for _, label in shown],
        loc="lower center",
        bbox_to_anchor=(0.5, 0.03),
        ncol=2,
        fontsize=7.5,
        frameon=False,
        columnspacing=1.2,
        handlelength=1.6,
        borderpad=0.1,
        labelspacing=0.3,
    )
