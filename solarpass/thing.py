"""Things: what the tables of a city say of all that may stand between a place and the sun."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .city import City
from .surface import Surface, average_transmittance, drop_measured, span_decks
from .tile import UPHILL_M

SOLID, ROOF, EVERGREEN, DECIDUOUS, HILL, CANOPY = range(6)
"""Layers: what is solid, decks and roofs one walks beneath, two kinds of crowns, the ground, and
crowns measured from the air."""

_THIN_M = 0.1  # a roof's eaves lie at least so far below its ridge, as on the map

_FACTS = ["kind", "name", "osm_type", "osm_id", "height_m", "base_m"]
_FACTS += ["height_source", "height_spread_m", "layer", "eaves_m", "geometry", "radius_m"]


def gather_things(city: City, surface: Surface, here: NDArray[np.float64]) -> pd.DataFrame:
    """
    Take from each table what is near enough to reach a place with its shadow.

    Parameters
    ----------
    city
        What is known.
    surface
        Of this city.
    here
        The place, shape ``(2,)``. [m]

    Returns
    -------
    pd.DataFrame
        ``kind`` (building, part, roof, bridge, tree, wood), ``name``, ``osm_type``, ``osm_id``,
        ``height_m`` and ``base_m`` above its own ground, ``height_source``,
        ``height_spread_m``, ``layer``, ``eaves_m`` (of a roof that the surface model tells),
        ``geometry`` and ``radius_m`` (of points).
    """
    model = surface.model
    slope = math.tan(math.radians(model.lowest_deg))
    casting = city.buildings[city.buildings["casts"].to_numpy(bool)]
    beneath = casting["base_m"].to_numpy(float) >= model.underpass_m
    part, roof = casting["is_part"].to_numpy(bool), casting["is_roof"].to_numpy(bool)
    kind = np.where(roof, "roof", np.where(part, "part", "building")).astype(object)
    lowest_m = casting["height_m"].to_numpy(float) - _THIN_M
    eaves_m = np.minimum(casting["eaves_m"].to_numpy(float), lowest_m)
    casting = casting.assign(eaves_m=np.where(beneath, np.nan, eaves_m))
    bridges = span_decks(city.bridges, None if city.dem is None else surface.ground_m)
    trees, woods = (drop_measured(frame, city.cdsm) for frame in (city.trees, city.woods))
    listed = [
        _list(casting, kind=kind, layer=np.where(beneath, ROOF, SOLID)),
        _list(bridges, kind="bridge", layer=ROOF),
        _list(trees, kind="tree", layer=_crown_layer(trees)),
        _list(woods, kind="wood", layer=_crown_layer(woods)),
    ]
    apart = [_apart(some, here) for some in listed]
    reach_m = 0.0
    for some, apart_m in zip(listed, apart, strict=True):
        may_m = some["height_m"] + some["height_spread_m"].fillna(0.0)  # what is higher is told too
        own_m = (may_m.to_numpy(float) - model.eye_m) / slope
        uphill_m = own_m + np.maximum(_rise_m(some, here, surface), 0.0) / slope
        own_m = np.maximum(own_m, np.minimum(uphill_m, UPHILL_M))
        reach_m = max(reach_m, float(np.where(apart_m < own_m, own_m, 0.0).max(initial=0.0)))
    near = [
        some[(apart_m <= reach_m) & (some["height_m"] > some["base_m"].clip(lower=0.0))]
        for some, apart_m in zip(listed, apart, strict=True)
    ]
    there = [frame for frame in near if len(frame)] or [listed[0].iloc[:0]]
    return pd.concat(there, ignore_index=True)


def _rise_m(
    things: pd.DataFrame, here: NDArray[np.float64], surface: Surface
) -> NDArray[np.float64]:
    """Tell by how much the ground in the middle of things is higher than at a place. [m]."""
    if surface.measured.dem is None:
        return np.zeros(len(things))
    box = shapely.bounds(things["geometry"].to_numpy(object)).reshape(-1, 4)
    middle = 0.5 * (box[:, :2] + box[:, 2:])
    return surface.ground_m(middle) - surface.ground_m(here[None])


def find_transmittance(city: City) -> NDArray[np.float64]:
    """Tell what each layer lets through, in leaf and bare, as the map has it, shape ``(6, 2)``."""
    passed = np.zeros((6, 2))
    trees, woods = (drop_measured(frame, city.cdsm) for frame in (city.trees, city.woods))
    for crown in (EVERGREEN, DECIDUOUS):
        of = (frame[_crown_layer(frame) == crown] for frame in (trees, woods))
        passed[crown] = average_transmittance(*of)
    passed[CANOPY] = average_transmittance(city.trees, city.woods)
    return passed


def _list(
    frame: gpd.GeoDataFrame,
    *,
    kind: NDArray[np.object_] | str,
    layer: NDArray[np.int64] | int,
) -> pd.DataFrame:
    """Bring a table of the city to the columns that all share."""
    n = len(frame)
    of_kind = np.full(n, kind, object) if isinstance(kind, str) else kind

    def column(*names: str, default: object) -> NDArray[np.object_]:
        name = next((name for name in names if name in frame), None)
        return np.full(n, default, object) if name is None else frame[name].to_numpy(object)

    source = column("source", default="")
    osm_type = np.where(source == "tree_row", "way", np.where(of_kind == "bridge", "way", "node"))
    told = {
        "kind": of_kind,
        "name": column("name", "genus", default=None),
        "osm_type": column("osm_type", default=None) if "osm_type" in frame else osm_type,
        "osm_id": column("osm_id", default=0).astype(np.int64),
        "height_m": frame["height_m"].to_numpy(float),
        "base_m": frame["base_m"].to_numpy(float),
        "height_source": column("height_source", "size_source", default="default"),
        "height_spread_m": column("height_spread_m", default=np.nan).astype(float),
        "layer": np.full(n, layer) if isinstance(layer, int) else layer,
        "eaves_m": column("eaves_m", default=np.nan).astype(float),
        "geometry": np.asarray(frame.geometry, object),
        "radius_m": 0.5 * column("crown_diameter_m", default=0.0).astype(float),
    }
    return pd.DataFrame(told, columns=_FACTS)


def _apart(frame: pd.DataFrame, here: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell how far the boxes of shapes are from a place, shape ``(n,)``. [m]."""
    box = shapely.bounds(frame["geometry"].to_numpy(object)).reshape(-1, 4)
    east = np.maximum(np.maximum(box[:, 0] - here[0], here[0] - box[:, 2]), 0.0)
    north = np.maximum(np.maximum(box[:, 1] - here[1], here[1] - box[:, 3]), 0.0)
    apart: NDArray[np.float64] = np.hypot(east, north) - frame["radius_m"].to_numpy(float)
    return apart


def _crown_layer(frame: gpd.GeoDataFrame) -> NDArray[np.int64]:
    evergreen = (frame["leaf_cycle"] == "evergreen").to_numpy(bool)
    return np.where(evergreen, EVERGREEN, DECIDUOUS)
