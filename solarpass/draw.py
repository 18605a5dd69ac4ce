"""Figures of each thing the engine builds; matplotlib only, no arithmetic, no browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .atlas import Atlas, cast_at
from .city import City
from .directions import crossings_of, find_steps
from .draft import draft_file
from .horizon import Horizon
from .missing import Missing
from .network import Network
from .osm import ATTRIBUTION, LICENCE
from .outlook import Outlook
from .picture import SunPicture
from .route import Route
from .shade import ShadeTable
from .sun import SunPath
from .words import tell_credit

# Blue to amber: told apart by the colour-blind and in grey print (dark shade, light sun).
SUN_COLOURS = LinearSegmentedColormap.from_list(
    "sun", ["#0d4085", "#387ab8", "#9e8f99", "#fab31a"]
).with_extremes(bad="#d9d4cc")
ROUTE_COLOUR = {"shortest": "#b35806", "shadiest": "#0f5fa8"}


def _map(title: str, city: City | None = None) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 8), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    axes.set_aspect("equal")
    axes.set_axis_off()
    _credit(figure, city)
    return figure, axes


def _credit(figure: Figure, city: City | None = None) -> None:
    attribution = ATTRIBUTION if city is None else city.attribution
    figure.supxlabel(tell_credit(attribution, n_letters=140), x=0.99, ha="right", fontsize=6)


def draw_city(city: City) -> Figure:
    """Draw what is known of a city: buildings by height, trees, streets, water and green."""
    figure, axes = _map(city.name, city)
    for kind, colour in {"water": "#bfdcec", "park": "#d9e8cf", "wood": "#c3dcb4"}.items():
        some = city.areas[city.areas["kind"] == kind]
        if len(some):
            some.plot(ax=axes, color=colour, zorder=0)
    city.streets.plot(ax=axes, color="#b9b2a6", linewidth=0.5, zorder=1)
    if len(city.trees):
        city.trees.plot(ax=axes, color="#5a9a4a", markersize=1.5, zorder=2)
    casting = city.buildings[city.buildings["casts"]]
    if len(casting):
        casting.plot(
            ax=axes,
            column="height_m",
            cmap="magma_r",
            zorder=3,
            legend=True,
            legend_kwds={"label": "height [m]", "shrink": 0.5},
        )
    _frame(axes, city)
    return figure


def draw_network(network: Network, *, sun_fraction: NDArray[np.float64] | None = None) -> Figure:
    """Draw the edges, coloured by the sun on them where `sun_fraction` (n_edges,) is given."""
    figure, axes = _map("Streets" if sun_fraction is None else "Sun on the streets")
    lines = LineCollection(
        [network.geometry(edge) for edge in range(network.n_edges)],
        linewidths=1.2,
        cmap=SUN_COLOURS,
        colors="#4a4f55" if sun_fraction is None else None,
    )
    if sun_fraction is not None:
        lines.set_array(np.ma.masked_invalid(sun_fraction))
        lines.set_clim(0.0, 1.0)
        figure.colorbar(lines, ax=axes, label="share of the edge in the sun", shrink=0.5)
    axes.add_collection(lines)
    axes.autoscale()
    return figure


def draw_skyline(horizon: Horizon | Outlook, place: int, *, sun: SunPath | None = None) -> Figure:
    """Draw the skyline as one edge sees it, or one place, and the sun's path across it."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    azimuth_deg = np.arange(horizon.n_sectors) * 360.0 / horizon.n_sectors
    solid_deg, crown_low_deg, crown_high_deg = horizon.skyline_deg(place)
    axes.fill_between(azimuth_deg, 0.0, solid_deg, color="#8d8579", label="buildings")
    axes.fill_between(
        azimuth_deg, crown_low_deg, crown_high_deg, color="#5a9a4a", alpha=0.6, label="crowns"
    )
    if sun is not None:
        up = sun.elevation_deg > 0.0
        axes.plot(sun.azimuth_deg[up], sun.elevation_deg[up], ".", color="#e08a00", label="sun")
    axes.set(
        xlim=(0, 360),
        ylim=(0, 90),
        xticks=range(0, 361, 45),
        xticklabels=["N", "NE", "E", "SE", "S", "SW", "W", "NW", "N"],
        ylabel="elevation above the horizon [°]",
        title=f"Skyline; sky view factor {horizon.sky_view_factor()[place]:.2f}",
    )
    axes.legend(loc="upper right")
    _credit(figure)
    return figure


def draw_sun(sun: SunPath) -> Figure:
    """Draw elevation and azimuth of the sun over the time."""
    figure = Figure(figsize=(8, 3.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(sun.times, sun.elevation_deg, color="#e08a00")
    axes.axhline(0.0, color="#4a4f55", linewidth=0.8)
    axes.set(ylabel="solar elevation [°]", title=f"The sun on {sun.times[0]:%d %B %Y}")
    _clock(axes, sun.times)
    return figure


def draw_day(shade: ShadeTable, network: Network) -> Figure:
    """Draw the sunlit share of all streets through the day, weighted by their length."""
    figure = Figure(figsize=(8, 3.5), layout="constrained")
    axes = figure.add_subplot()
    share = [shade.mean_sun_fraction(row, weights=network.length_m) for row in range(len(shade))]
    axes.fill_between(shade.times, 0.0, share, color="#fab31a", alpha=0.7)
    axes.set(ylim=(0, 1), ylabel="share of street length in the sun", title="Sun through the day")
    _clock(axes, shade.times)
    _credit(figure)
    return figure


def draw_shade(atlas: Atlas, at: datetime, *, cell_m: float | None = None) -> Figure:
    """Draw sun and shadow on the ground of a whole city at one instant."""
    picture = cast_at(atlas, at, cell_m=cell_m)
    night = "" if np.nanmax(picture.sun, initial=0.0) > 0.0 else ": no sun"
    title = f"{atlas.city.name}, {at.astimezone(atlas.zone):%d %B %Y, %H:%M}{night}"
    return draw_picture(atlas.city, picture, title=title)


def draw_picture(city: City, picture: SunPicture, *, title: str = "Sun on the ground") -> Figure:
    """Draw the sun on the ground, 1 = sun, grey inside buildings and where nothing is known."""
    figure, axes = _map(title, city)
    n_rows, n_columns = picture.sun.shape
    west, north, cell_m = picture.transform.c, picture.transform.f, picture.transform.a
    east, south = west + n_columns * cell_m, north - n_rows * cell_m
    shown = axes.imshow(
        picture.sun,
        extent=(west, east, south, north),
        cmap=SUN_COLOURS,
        vmin=0.0,
        vmax=1.0,
        interpolation="none",
    )
    figure.colorbar(
        shown,
        ax=axes,
        label="sun on the ground (1 = sun; grey: in buildings, or unknown)",
        shrink=0.6,
    )
    _frame(axes, city)
    return figure


def draw_routes(city: City, network: Network, routes: Sequence[Route]) -> Figure:
    """Draw walks on the streets, with their minutes, those in the sun, and what they cross."""
    figure, axes = _map(f"{routes[0].departs:%d %B %Y, %H:%M}", city)
    streets = [network.geometry(edge) for edge in range(network.n_edges)]
    axes.add_collection(LineCollection(streets, colors="#cfc7ba", linewidths=0.6))
    casting = city.buildings[city.buildings["casts"]]
    if len(casting):
        casting.plot(ax=axes, color="#e2dcd2")
    for route in routes:
        axes.plot(
            *route.xy.T,
            color=ROUTE_COLOUR[route.kind],
            linewidth=4.0 if route.kind == "shadiest" else 2.5,
            linestyle="-" if route.kind == "shadiest" else "--",
            label=f"{route.kind}: {route.walk_s / 60:.0f} min, {route.sun_s / 60:.0f} in the sun",
            zorder=2,
        )
        crossed = [crossing.xy for crossing in crossings_of(find_steps(network, route))]
        if crossed:
            x, y = np.transpose(crossed)
            axes.plot(x, y, "o", color="#1b1f24", markerfacecolor="white", markersize=4, zorder=3)
    every = np.vstack([route.xy for route in routes])
    low, high = every.min(axis=0), every.max(axis=0)
    margin_m = 0.1 * float((high - low).max()) + 30.0
    axes.set(xlim=(low[0] - margin_m, high[0] + margin_m))
    axes.set(ylim=(low[1] - margin_m, high[1] + margin_m))
    axes.legend(loc="upper left")
    return figure


def draw_missing(
    city: City,
    network: Network,
    missing: Missing,
    *,
    marks: Sequence[tuple[str, tuple[float, float]]] = (),
) -> Figure:
    """
    Draw where walkers still meet the sun: bolder where a metre of shade saves more.

    Parameters
    ----------
    city, network, missing
        What was found, and where.
    marks
        Names of the worst places and where they are, in local metres, numbered from 1.
    """
    figure, axes = _map(f"{city.name}: where shade is missing\n{_tell_trips(missing)}", city)
    axes.title.set_fontsize(9)
    streets = [network.geometry(edge) for edge in range(network.n_edges)]
    axes.add_collection(LineCollection(streets, colors="#d9d4cc", linewidths=0.4))
    per_m = missing.saved_min / np.maximum(network.length_m, 1.0)
    met = np.flatnonzero(per_m > 0.0)
    met = met[np.argsort(per_m[met], kind="stable")]  # the worst on top
    top = float(np.percentile(per_m[met], 99.0)) if len(met) else 1.0
    share = (per_m[met] / top).clip(max=1.0)
    lines = LineCollection(
        [network.geometry(edge) for edge in met.tolist()],
        linewidths=(0.4 + 3.0 * share).tolist(),
        cmap="YlOrRd",
        zorder=2,
    )
    lines.set_array(per_m[met])
    lines.set_clim(0.0, top)
    axes.add_collection(lines)
    label = "minutes in the sun that a metre of shade saves at least, of 1,000 trips"
    figure.colorbar(lines, ax=axes, label=label, shrink=0.6)
    _frame(axes, city)
    _mark(axes, marks)
    return figure


def _tell_trips(missing: Missing) -> str:
    """Tell of which trips a picture is: how many, and when they set out."""
    days: dict[str, list[str]] = {}
    for one in missing.departs:
        days.setdefault(f"{one:%Y-%m-%d}", []).append(f"{one:%H:%M}")
    when = "; ".join(f"{day} at {', '.join(hours)}" for day, hours in days.items())
    return f"{missing.n_trips:,} trips drawn by chance, {when}"


def _mark(axes: Axes, marks: Sequence[tuple[str, tuple[float, float]]]) -> None:
    """Put numbers at places on a map, and list their names beneath it."""
    for number, (_, (x, y)) in enumerate(marks, 1):
        axes.annotate(
            str(number),
            (x, y),
            fontsize=6,
            ha="center",
            va="center",
            zorder=3,
            bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "#333333", "lw": 0.5},
        )
    # Names of streets may hold what matplotlib would take for a formula.
    names = [f"{k} {name}".replace("$", r"\$") for k, (name, _) in enumerate(marks, 1)]
    text = "\n".join(name if len(name) <= 90 else f"{name[:89]}…" for name in names)
    axes.text(0.0, -0.01, text, transform=axes.transAxes, fontsize=6, va="top")


def write_shade(atlas: Atlas, at: datetime, path: Path, *, cell_m: float | None = None) -> None:
    """Write the picture of `draw_shade` as a PNG."""
    with draft_file(path) as draft:
        figure = draw_shade(atlas, at, cell_m=cell_m)
        figure.savefig(
            draft, dpi=200, metadata={"Source": atlas.city.attribution, "Copyright": LICENCE}
        )


def _clock(axes: Axes, times: pd.DatetimeIndex) -> None:
    """Label the hours of the place, not those of Greenwich."""
    hours = mdates.DateFormatter("%H", tz=times.tz)  # type: ignore[no-untyped-call]  # their gap
    axes.xaxis.set_major_formatter(hours)
    axes.set_xlabel(f"hour of the day [{times.tz}]")


def _frame(axes: Axes, city: City) -> None:
    """Show the extent, whatever stray way leads out of it."""
    west, south, east, north = shapely.bounds(city.extent)
    axes.set(xlim=(west, east), ylim=(south, north))
