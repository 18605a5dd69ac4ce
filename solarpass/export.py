"""Answers as files: GeoJSON, GeoParquet, GeoTIFF; each with its licence and attribution."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .atlas import Atlas, cast_at
from .beam import Beam
from .credit import find_credit, write_table, write_tiff
from .directions import Step, count_crossings, find_steps
from .dose import edge_dose_wh_m2, find_dose
from .hours import HoursModel, Period, SunHours, full_hours, sum_edges, sum_ground
from .interval import find_interval
from .network import Network
from .pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from .profile import Profile
from .route import Route
from .sentence import tell_step
from .walk import WalkModel
from .ways import WayNotes, tell_ways
from .wayside import Waypoint
from .words import Words

Progress = Callable[[str, float], None]

MOST_CELLS = 50_000_000  # of hours of sun, which are three rasters, unless one asks for a cell


def routes_to_geojson(
    atlas: Atlas,
    routes: Sequence[Route],
    *,
    steps: Sequence[Sequence[Step]] | None = None,
    profile: Profile = Profile(),
    wayside: Sequence[Sequence[Waypoint]] | None = None,
) -> dict[str, Any]:
    """
    Write routes as a GeoJSON FeatureCollection in longitude and latitude.

    Properties of each: ``kind``, ``length_m``, ``walk_s``, ``sun_s``, ``sun_low_s`` and
    ``sun_high_s`` (see `SunInterval`), ``sun_fraction``, ``unknown_m``, ``steps_m``,
    ``ascent_m`` and ``descent_m``, ``beam_wh_m2`` and ``beam_unknown_wh_m2`` (the clear-sky beam
    on a standing person: see `find_dose`; also under their names of before, ``dose_wh_m2`` and
    ``dose_unknown_wh_m2``), ``departs`` and ``arrives`` with their offset, ``n_crossings``,
    ``crossings`` (how many of each kind), ``waits_s`` (what rounds take in which one may as well
    wait), ``ways`` (see `WayNotes`), ``steps`` (what `Step` tells, in words as well) and, if
    given, ``wayside``.

    Parameters
    ----------
    steps
        Those of each route where they are known; else they are found.
    profile
        For whom ``ways`` tells what the walks are like.
    wayside
        What lies along each route, see `find_wayside`; None: not told.
    """
    steps = find_all_steps(atlas, routes) if steps is None else steps
    return {
        "type": "FeatureCollection",
        **find_credit(atlas),
        "features": [
            _route_feature(
                atlas,
                route,
                of_route,
                profile=profile,
                wayside=None if wayside is None else wayside[number],
            )
            for number, (route, of_route) in enumerate(zip(routes, steps, strict=True))
        ],
    }


def find_all_steps(
    atlas: Atlas, routes: Sequence[Route], *, passed: Sequence[str | None] = ()
) -> list[tuple[Step, ...]]:
    """Find the steps of each route, with the shade of the day one sets out; see `find_steps`."""
    return [
        find_steps(
            atlas.network,
            route,
            shade=atlas.shade_on(route.departs.astimezone(atlas.zone).date()),
            passed=passed,
        )
        for route in routes
    ]


def find_notes(atlas: Atlas, route: Route, profile: Profile) -> WayNotes:
    """Tell what a walk is like for somebody, by night if the sun is down as one sets out."""
    shade = atlas.shade_on(route.departs.astimezone(atlas.zone).date())
    by_night = bool(shade.is_night[shade.row_at(route.departs)])
    return tell_ways(atlas.network, route, profile, by_night=by_night)


def _route_feature(
    atlas: Atlas,
    route: Route,
    steps: Sequence[Step],
    *,
    profile: Profile,
    wayside: Sequence[Waypoint] | None,
) -> dict[str, Any]:
    latitude_longitude = atlas.city.to_degrees(route.xy)
    crossings = count_crossings(steps)
    shade = atlas.shade_on(route.departs.astimezone(atlas.zone).date())
    interval = find_interval(shade, route)
    return {
        "type": "Feature",
        "properties": {
            "kind": route.kind,
            "length_m": round(route.length_m, 1),
            "walk_s": route.walk_s,
            "sun_s": round(route.sun_s, 3),
            "sun_low_s": round(interval.low_s, 3),
            "sun_high_s": round(interval.high_s, 3),
            "sun_fraction": round(route.sun_fraction, 6),
            "unknown_m": round(route.unknown_m, 1),
            "steps_m": round(route.steps_m, 1),
            "ascent_m": None if np.isnan(route.ascent_m) else round(route.ascent_m, 1),
            "descent_m": None if np.isnan(route.descent_m) else round(route.descent_m, 1),
            **_tell_dose(atlas, route),
            "departs": route.departs.isoformat(),
            "arrives": route.arrives.isoformat(),
            "n_crossings": sum(crossings.values()),
            "crossings": crossings,
            "waits_s": sum(step.walk_s for step in steps if step.kind == "wait"),
            "ways": _notes_properties(find_notes(atlas, route, profile)),
            **({} if wayside is None else {"wayside": [*map(_waypoint_properties, wayside)]}),
            "steps": [_step_properties(atlas, route, step) for step in steps],
        },
        "geometry": {
            "type": "LineString",
            "coordinates": np.round(latitude_longitude[:, ::-1], 7).tolist(),
        },
    }


def _find_beam(atlas: Atlas, at: datetime) -> Beam:
    """Find the clear-sky beam of the day of an instant, at the middles of its slots."""
    return atlas.beam_on(at.astimezone(atlas.zone).date())


def _tell_dose(atlas: Atlas, route: Route) -> dict[str, float]:
    """Tell the clear-sky beam that meets who walks a route, and what of it is unknown."""
    dose = find_dose(route, _find_beam(atlas, route.departs))
    told = {"wh_m2": round(dose.wh_m2, 3), "unknown_wh_m2": round(dose.unknown_wh_m2, 3)}
    return {f"{name}_{key}": value for name in ("beam", "dose") for key, value in told.items()}


def _notes_properties(notes: WayNotes) -> dict[str, Any]:
    told = {field.name: getattr(notes, field.name) for field in fields(notes)}
    told["unknown_m"] = {tag: round(metres, 1) for tag, metres in notes.unknown_m.items()}
    return {key: round(one, 1) if isinstance(one, float) else one for key, one in told.items()}


def _waypoint_properties(one: Waypoint) -> dict[str, Any]:
    told = {field.name: getattr(one, field.name) for field in fields(one)}
    digits = {"latitude_deg": 7, "longitude_deg": 7, "along_m": 1, "off_m": 1}
    told |= {key: round(told[key], count) for key, count in digits.items()}
    told["passes"] = one.passes.isoformat()
    told["sun_fraction"] = None if np.isnan(one.sun_fraction) else round(one.sun_fraction, 6)
    return told


def _step_properties(atlas: Atlas, route: Route, step: Step) -> dict[str, Any]:
    edges = route.edge[step.first : step.last + 1]
    sources = {PAVEMENT_SOURCES[source] for source in atlas.network.pavement[edges]}
    return {
        "words": tell_step(step, Words("en")).replace("\N{NO-BREAK SPACE}", " "),
        "kind": step.kind,
        "street": step.street,
        "way": step.way,
        "side": step.side,
        "compass": step.compass,
        "turn": step.turn,
        "crossing": [crossing.kind for crossing in step.crossings],
        "changes_side": step.changes_side,
        "to_shade": step.to_shade,
        "pavement_source": sorted(sources),
        "length_m": round(step.length_m, 1),
        "walk_s": step.walk_s,
        "sun_fraction": None if np.isnan(step.sun_fraction) else round(step.sun_fraction, 6),
        "unknown_m": round(step.unknown_m, 1),
        "covered_m": round(step.covered_m, 1),
    }


def to_geodataframe(
    network: Network, *, sun_fraction: NDArray[np.float64] | None = None
) -> gpd.GeoDataFrame:
    """
    Lay the edges out as a table, one row each in the network's order, in local metres.

    Parameters
    ----------
    sun_fraction
        Share of each edge in the sun, NaN where unknown, shape ``(n_edges,)``; a column
        of the table when given.

    Returns
    -------
    GeoDataFrame
        Columns ``osm_id, name, highway, length_m, side, pavement_source, crossing,
        is_steps, is_covered, level_m, component``, with
        `sun_fraction` if given, and geometry; ready for ``.plot()`` and ``.explore()``.
    """
    table: dict[str, Any] = {
        "osm_id": network.osm_id,
        # As objects, for a column of texts would turn None into NaN.
        "name": pd.Series(
            np.array(network.street_name, dtype=object)[network.street], dtype=object
        ),
        "highway": np.array(network.highway_kind, dtype=object)[network.highway],
        "length_m": network.length_m,
        "side": np.array(SIDES, dtype=object)[network.side],
        "pavement_source": np.array(PAVEMENT_SOURCES, dtype=object)[network.pavement],
        "crossing": np.array(CROSSINGS, dtype=object)[network.crossing],
        "is_steps": network.is_steps,
        "is_covered": network.is_covered,
        "level_m": network.level_m,
        "component": network.component[network.edge_node[:, 0]],
    }
    if sun_fraction is not None:
        table["sun_fraction"] = np.asarray(sun_fraction, dtype=float)
    return gpd.GeoDataFrame(table, geometry=network.lines(), crs=network.crs)


def edges_at(atlas: Atlas, at: datetime) -> gpd.GeoDataFrame:
    """
    Tell the sun on every edge at one instant, in degrees (EPSG:4326).

    ``sun_fraction`` is in [0, 1], NaN where nothing is known of what casts shade; it is
    ``sun_fraction_low`` or ``sun_fraction_high`` if what is guessed is off by its spread, and
    ``dose_wh_m2`` the clear-sky beam that meets who walks the edge then. The other
    columns are those of `to_geodataframe`, among them ``name`` (the street, on a crossing the one
    that is crossed), ``side``, ``pavement_source`` and ``crossing``. Edges of no length are left
    out.
    """
    table = atlas.shade_on(at.astimezone(atlas.zone).date())
    sun_fraction = table.sun_fraction(table.row_at(at))
    edges = to_geodataframe(atlas.network, sun_fraction=sun_fraction).to_crs("EPSG:4326")
    bounds = table.sun_bounds(table.row_at(at))
    edges["sun_fraction_low"], edges["sun_fraction_high"] = bounds
    edge_s = WalkModel().walk_s(atlas.network)
    edges["dose_wh_m2"] = edge_dose_wh_m2(table, table.row_at(at), edge_s, _find_beam(atlas, at))
    # A crossing between two mapped pavements may be a place without length, and draws no line.
    edges = edges[edges["length_m"] > 0.0]
    edges.attrs = {**find_credit(atlas), "at": at.isoformat(), "city": atlas.city.name}
    return edges


def write_edges(atlas: Atlas, at: datetime, path: Path) -> None:
    """Write the edges of `edges_at` as ``.geojson`` or ``.parquet``, by the file's ending."""
    write_table(edges_at(atlas, at), path)


def write_raster(atlas: Atlas, at: datetime, path: Path, *, cell_m: float | None = None) -> None:
    """
    Write the sun on the ground at one instant as a GeoTIFF.

    1 = sunlit, 0 = shaded or night, between the two what crowns let through; nodata (-1)
    inside buildings and where nothing is known of what casts shade.
    """
    picture = cast_at(atlas, at, cell_m=cell_m)
    bands = {"sun_fraction": picture.sun}
    write_tiff(atlas, bands, path, transform=picture.transform, at=at.isoformat())


def find_sun_hours(
    atlas: Atlas,
    period: Period,
    *,
    cell_m: float | None = None,
    model: HoursModel = HoursModel(),
    progress: Progress | None = None,
) -> SunHours:
    """
    Sum the hours of sun a day on the ground of a city.

    Parameters
    ----------
    period
        A day, or days of which the mean is taken.
    cell_m
        Side of a cell; None: 1 m, coarser where a large city would not fit. [m]
    model
        How finely to sum.
    progress
        Told the step and its share done.

    Raises
    ------
    SourceError
        If `cell_m` is not a positive number.
    """
    west, south, east, north = shapely.bounds(atlas.city.extent)
    if cell_m is None:
        cell_m = max(1.0, math.sqrt((east - west) * (north - south) / MOST_CELLS))
    return sum_ground(
        atlas.surface,
        [atlas.find_sun(times) for times in period.instants(atlas.zone, model)],
        leaf_year=atlas.horizon.leaf_year,
        bounds=(west, south, east, north),
        cell_m=cell_m,
        model=model,
        progress=progress,
    )


def find_edge_hours(
    atlas: Atlas, period: Period, *, model: HoursModel = HoursModel()
) -> gpd.GeoDataFrame:
    """
    Tell the hours of sun a day on every edge, in degrees (EPSG:4326).

    Columns of `to_geodataframe` with ``sun_hours`` (NaN where too much of the day is unknown),
    ``sun_hours_low`` and ``sun_hours_high`` (if all of the unknown were shade, or sun, and what
    is guessed off by its spread), and ``sun_fraction_08`` and so on at each full hour. Edges of
    no length are left out.
    """
    hours = sum_edges(
        atlas.horizon,
        [atlas.find_sun(times) for times in period.instants(atlas.zone, model)],
        [atlas.find_sun(full_hours(day, atlas.zone)) for day in period.sample(model)],
        model=model,
    )
    edges = to_geodataframe(atlas.network)
    edges["sun_hours"] = hours.sun_h
    edges["sun_hours_low"] = hours.low_h
    edges["sun_hours_high"] = hours.high_h
    for hour, fraction in zip(hours.hours, hours.sun_fraction, strict=True):
        edges[f"sun_fraction_{hour:02d}"] = fraction
    edges = edges[edges["length_m"] > 0.0].to_crs("EPSG:4326")
    edges.attrs = {**find_credit(atlas), **_tell_hours(period, model), "city": atlas.city.name}
    return edges


def write_hours(
    atlas: Atlas,
    period: Period,
    path: Path,
    *,
    cell_m: float | None = None,
    model: HoursModel = HoursModel(),
    progress: Progress | None = None,
) -> None:
    """
    Write the hours of sun a day, as ``.tif`` (ground), ``.parquet`` or ``.geojson`` (edges).

    The raster has three bands: `sun_hours`, nodata (-1) inside buildings and where too much of
    the day is unknown, and `sun_hours_low` and `sun_hours_high`, if all of the unknown were
    shade, or sun. The table is that of `find_edge_hours`.
    """
    if path.suffix.lower() not in {".tif", ".tiff"}:
        write_table(find_edge_hours(atlas, period, model=model), path)
        return
    hours = find_sun_hours(atlas, period, cell_m=cell_m, model=model, progress=progress)
    bands = {
        "sun_hours": hours.sun_h,
        "sun_hours_low": hours.low_h,
        "sun_hours_high": hours.high_h,
    }
    ends = "low and high: if all that the edge of the data leaves open were shade, or sun"
    told = {"ends": ends, **_tell_hours(period, model)}
    write_tiff(atlas, bands, path, transform=hours.transform, **told)


def _tell_hours(period: Period, model: HoursModel) -> dict[str, str]:
    """Say of which days hours are the mean, and how finely they are summed."""
    days = period.sample(model)
    is_one = len(days) == 1
    return {
        "period": str(period),
        "unit": "hours of sun a day" if is_one else "hours of sun a day, mean of the period",
        "days_summed": " ".join(map(str, days)),
        "step_min": f"{model.step_min if is_one else model.season_step_min:g}",
        "most_unknown_h": f"{model.most_unknown_h:g}",
    }
