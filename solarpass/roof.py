"""Roofs: the eaves and the ridge of each building, as a surface model tells them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from .lidar import LidarModel, Reliefs
from .relief import Relief, fill_relief
from .tag import text_column
from .window import Window

_MOST_BASE = 0.9  # whatever hangs has some thickness


def measure_roofs(
    buildings: gpd.GeoDataFrame, reliefs: Reliefs, *, model: LidarModel = LidarModel()
) -> gpd.GeoDataFrame:
    """
    Take the heights of buildings from the surface model where it tells their roofs.

    Heights count from the lowest ground at the outline, as OpenStreetMap's do. A measured
    building has ``height_source`` lidar, its ridge in ``height_m`` and its eaves in ``eaves_m``.
    """
    dsm, dem = reliefs.dsm, reliefs.dem
    if dsm is None or dem is None:
        return buildings
    shape = np.asarray(buildings.geometry)
    inner = shapely.buffer(shape, -dsm.window.cell_m, join_style="mitre")
    inner = np.where(shapely.is_empty(inner), shape, inner)
    xy, owner = shapely.get_coordinates(shape, return_index=True)
    first = np.searchsorted(owner, np.arange(len(shape)))
    foot_m = (
        np.minimum.reduceat(fill_relief(dem).at(xy).astype(float), first)
        if len(shape)
        else np.empty(0)
    )
    roof_m = np.array([_measure_roof(one, dsm, model) for one in inner]).reshape(-1, 2)
    eaves_m, ridge_m = (roof_m - foot_m[:, None]).T
    measured = ridge_m >= model.least_height_m
    thickness_m = (buildings["height_m"] - buildings["base_m"]).to_numpy(float)
    # Of parts that hang it is told where they begin, and others may stand above them.
    hangs = (buildings["is_roof"] & ~buildings["is_part"]).to_numpy(bool)
    base_m = np.where(hangs, np.maximum(ridge_m - thickness_m, 0.0), buildings["base_m"])
    source = buildings["height_source"].to_numpy(object).copy()
    source[measured] = "lidar"
    told = {
        "height_m": (ridge_m, buildings["height_m"]),
        "base_m": (np.minimum(base_m, _MOST_BASE * ridge_m), buildings["base_m"]),
        "eaves_m": (np.maximum(eaves_m, 0.0), buildings["eaves_m"]),
        "height_spread_m": (model.spread_m, buildings["height_spread_m"]),
    }
    columns = {
        name: np.where(measured, new, old.to_numpy(float)).round(2)
        for name, (new, old) in told.items()
    }
    return buildings.assign(**columns, height_source=text_column(source))


def _measure_roof(shape: shapely.Geometry, dsm: Relief, model: LidarModel) -> tuple[float, float]:
    """Tell eaves and ridge of one outline above the sea; NaN where too little is known. [m]."""
    window = dsm.window
    box = Window.around(tuple(shapely.bounds(shape).tolist()), cell_m=window.cell_m)
    row, column = max(box.row - window.row, 0), max(box.column - window.column, 0)
    stop_row = min(box.row - window.row + box.n_rows, window.n_rows)
    stop_column = min(box.column - window.column + box.n_columns, window.n_columns)
    if row >= stop_row or column >= stop_column:
        return np.nan, np.nan
    cut = dsm.height_m[row:stop_row, column:stop_column]
    x = (np.arange(column, stop_column) + window.column + 0.5) * window.cell_m
    y = (np.arange(row, stop_row) + window.row + 0.5) * window.cell_m
    roof = cut[shapely.contains_xy(shape, *np.meshgrid(x, y))]
    known = roof[~np.isnan(roof)]
    if len(known) == 0 or len(known) < model.least_known_fraction * len(roof):
        return np.nan, np.nan
    eaves, ridge = np.percentile(known, [model.eaves_percentile, model.ridge_percentile])
    return float(eaves), float(ridge)
