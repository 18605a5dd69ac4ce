"""
Answers as files: GeoJSON, GeoParquet, GeoTIFF; each with its licence and attribution.

A file appears whole or not at all: it is written under another name and renamed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray

from .atlas import Atlas, cast_at
from .directions import Step, count_crossings, find_steps
from .draft import draft_file
from .network import Network
from .osm import LICENCE
from .pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from .route import Route
from .sentence import tell_step
from .words import Words

ASSUMPTIONS = "clear sky; flat ground; building heights and tree sizes partly guessed"

NODATA = -1.0  # in rasters: inside a building, or no data on what casts shade


def routes_to_geojson(
    atlas: Atlas, routes: Sequence[Route], *, steps: Sequence[Sequence[Step]] | None = None
) -> dict[str, Any]:
    """
    Write routes as a GeoJSON FeatureCollection in longitude and latitude.

    Properties of each: ``kind``, ``length_m``, ``walk_s``, ``sun_s``, ``sun_fraction``,
    ``unknown_m``, ``steps_m``, ``departs`` and ``arrives`` with their offset, ``n_crossings``,
    ``crossings`` (how many of each kind) and ``steps`` (what `Step` tells, in words as well).

    Parameters
    ----------
    steps
        Those of each route where they are known; else they are found.
    """
    steps = find_all_steps(atlas, routes) if steps is None else steps
    return {
        "type": "FeatureCollection",
        **_credit(atlas),
        "features": [
            _route_feature(atlas, route, of_route)
            for route, of_route in zip(routes, steps, strict=True)
        ],
    }


def find_all_steps(atlas: Atlas, routes: Sequence[Route]) -> list[tuple[Step, ...]]:
    """Find the steps of each route, with the shade of the day one sets out."""
    return [
        find_steps(
            atlas.network,
            route,
            shade=atlas.shade_on(route.departs.astimezone(atlas.zone).date()),
        )
        for route in routes
    ]


def _route_feature(atlas: Atlas, route: Route, steps: Sequence[Step]) -> dict[str, Any]:
    latitude_longitude = atlas.city.to_degrees(route.xy)
    crossings = count_crossings(steps)
    return {
        "type": "Feature",
        "properties": {
            "kind": route.kind,
            "length_m": round(route.length_m, 1),
            "walk_s": route.walk_s,
            "sun_s": round(route.sun_s, 3),
            "sun_fraction": round(route.sun_fraction, 6),
            "unknown_m": round(route.unknown_m, 1),
            "steps_m": round(route.steps_m, 1),
            "departs": route.departs.isoformat(),
            "arrives": route.arrives.isoformat(),
            "n_crossings": sum(crossings.values()),
            "crossings": crossings,
            "steps": [_step_properties(atlas, route, step) for step in steps],
        },
        "geometry": {
            "type": "LineString",
            "coordinates": np.round(latitude_longitude[:, ::-1], 7).tolist(),
        },
    }


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

    ``sun_fraction`` is in [0, 1], NaN where nothing is known of what casts shade; the other
    columns are those of `to_geodataframe`, among them ``name`` (the street, on a crossing the one
    that is crossed), ``side``, ``pavement_source`` and ``crossing``. Edges of no length are left
    out.
    """
    table = atlas.shade_on(at.astimezone(atlas.zone).date())
    sun_fraction = table.sun_fraction(table.row_at(at))
    edges = to_geodataframe(atlas.network, sun_fraction=sun_fraction).to_crs("EPSG:4326")
    # A crossing between two mapped pavements may be a place without length, and draws no line.
    edges = edges[edges["length_m"] > 0.0]
    edges.attrs = {**_credit(atlas), "at": at.isoformat(), "city": atlas.city.name}
    return edges


def write_edges(atlas: Atlas, at: datetime, path: Path) -> None:
    """Write the edges of `edges_at` as ``.geojson`` or ``.parquet``, by the file's ending."""
    edges = edges_at(atlas, at)
    with draft_file(path) as draft:
        if path.suffix.lower() == ".parquet":
            edges.to_parquet(draft)
            return
        collection = {**edges.attrs, **json.loads(edges.to_json(na="null", drop_id=True))}
        draft.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")


def write_raster(atlas: Atlas, at: datetime, path: Path, *, cell_m: float | None = None) -> None:
    """
    Write the sun on the ground at one instant as a GeoTIFF.

    1 = sunlit, 0 = shaded or night, between the two what crowns let through; nodata (-1)
    inside buildings and where nothing is known of what casts shade.
    """
    picture = cast_at(atlas, at, cell_m=cell_m)
    sun = np.where(np.isnan(picture.sun), NODATA, picture.sun).astype("float32")
    with (
        draft_file(path) as draft,
        rasterio.open(
            draft,
            "w",
            driver="GTiff",
            height=sun.shape[0],
            width=sun.shape[1],
            count=1,
            dtype="float32",
            crs=atlas.city.crs.to_wkt(),
            transform=picture.transform,
            nodata=NODATA,
            compress="deflate",
            predictor=3,
            tiled=True,
        ) as raster,
    ):
        raster.write(sun, 1)
        raster.set_band_description(1, "sun_fraction")
        credit = _credit(atlas)
        raster.update_tags(at=at.isoformat(), TIFFTAG_COPYRIGHT=credit["attribution"], **credit)


def _credit(atlas: Atlas) -> dict[str, str]:
    """Say whose data an answer rests on, under which licence, and what it assumes."""
    return {
        "attribution": atlas.city.attribution,
        "licence": LICENCE,
        "assumptions": ASSUMPTIONS,
    }
