"""Rises: what heights measured from the air show standing around a place, tree by tree."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .city import City
from .lidar import LidarModel
from .relief import Relief
from .sightline import Spans
from .surface import Surface, drop_measured
from .window import Window


@dataclass(frozen=True, slots=True)
class RiseModel:
    """
    How measured heights are told apart; change one with `dataclasses.replace`. All our choice.

    Attributes
    ----------
    crown_m
        A crown's top is the highest within a square of this side. [m]
    tree_m
        A tree of the map that stands this near below a top is that tree. [m]
    solid_m
        What no outline of the map tells is looked for so far away. [m]
    spread_m
        Half width of the interval around a measured height. [m]
    """

    crown_m: float = 5.0
    tree_m: float = 3.0
    solid_m: float = 300.0
    spread_m: float = LidarModel().spread_m


@dataclass(frozen=True, eq=False, slots=True)
class Rises:
    """
    Cells in which something measured stands, and what it is.

    Attributes
    ----------
    window
        Where they lie.
    things
        One row an object: ``kind``, ``name``, ``osm_type``, ``osm_id``, ``height_m`` and
        ``base_m`` above its own ground, ``height_source`` and ``height_spread_m``.
    thing
        Row of what stands in each cell, -1 where nothing does, shape ``(n_rows, n_columns)``.
    base_m, top_m
        Above the sea, or above flat ground; NaN there, shape ``(n_rows, n_columns)``. [m]
    far_m
        How far away the farthest is. [m]
    """

    window: Window
    things: pd.DataFrame
    thing: NDArray[np.int64]
    base_m: NDArray[np.float64]
    top_m: NDArray[np.float64]
    far_m: float

    def meet(
        self, xy: NDArray[np.float64], azimuth_deg: NDArray[np.float64]
    ) -> tuple[Spans, NDArray[np.float64], NDArray[np.float64]]:
        """
        Find the cells that rays from a place run through: stretches, and base and top of each.

        The number of a stretch's shape is the row of its thing.
        """
        n_rays = len(azimuth_deg)
        whole = Spans(
            np.arange(n_rays),
            np.zeros(n_rays, np.int64),
            np.zeros(n_rays),
            np.full(n_rays, self.far_m),
        )
        cut = whole.cut(xy, azimuth_deg, self.window.cell_m)
        corner = (self.window.column, self.window.row)
        cell = np.floor(cut.middle(xy, azimuth_deg) / self.window.cell_m).astype(int) - corner
        inside = np.flatnonzero(((cell >= 0) & (cell < self.thing.shape[::-1])).all(axis=1))
        column, row = cell[inside].T
        thing = self.thing[row, column]
        there = thing >= 0
        met, row, column = cut[inside[there]], row[there], column[there]
        told = Spans(met.ray, thing[there], met.near_m, met.far_m)
        return told, self.base_m[row, column], self.top_m[row, column]


def find_crowns(
    city: City, surface: Surface, here: NDArray[np.float64], *, model: RiseModel = RiseModel()
) -> Rises | None:
    """
    Tell the crowns of the canopy model apart, each by its top; None where it shows none near.

    Parameters
    ----------
    city
        Its trees and woods lend their names to what was measured where they stand.
    surface
        Of this city.
    here
        The place, shape ``(2,)``. [m]
    model
        Assumptions.
    """
    measured, cdsm = surface.measured, surface.measured.cdsm
    if cdsm is None:
        return None
    slope = math.tan(math.radians(surface.model.lowest_deg))
    far_m = (measured.highest_crown_m - surface.model.eye_m) / slope
    window, height_m = _cut(cdsm, here, far_m)
    height_m = np.nan_to_num(height_m)
    away_m = _away(window, here)
    crowned = height_m >= measured.least_rise_m
    seen = crowned & (height_m > slope * away_m)
    if not seen.any():
        return None
    top_xy, row = _part_crowns(window, np.where(crowned, height_m, 0.0), seen, model)
    thing = np.full(seen.shape, -1)
    thing[seen] = row
    tallest_m = np.zeros(len(top_xy))
    np.maximum.at(tallest_m, row, height_m[seen])
    ground_m = _ground(surface, window)
    things = _call(city, top_xy, tallest_m, model)
    return Rises(
        window=window,
        things=things.assign(base_m=measured.trunk_fraction * tallest_m),
        thing=thing,
        base_m=ground_m + measured.trunk_fraction * height_m,
        top_m=ground_m + height_m,
        far_m=float(away_m[seen].max()) + window.cell_m,
    )


def find_unmapped(
    surface: Surface, here: NDArray[np.float64], *, model: RiseModel = RiseModel()
) -> Rises | None:
    """
    Tell what the surface model shows standing outside of all outlines; None where it shows none.

    Parameters
    ----------
    surface
        Of a city.
    here
        The place, shape ``(2,)``. [m]
    model
        Assumptions.
    """
    measured, dsm = surface.measured, surface.measured.dsm
    if dsm is None:
        return None
    window, top_m = _cut(dsm, here, model.solid_m)
    ground = measured.ground(window)
    solid = ground.copy()
    replace(measured, roofs=None).raise_roofs(window, solid)  # as in a tile, but for what is mapped
    stands = solid > ground
    if not stands.any():
        return None
    rise_m = np.nan_to_num(top_m - _ground(surface, window))
    from scipy import ndimage  # noqa: PLC0415  half a second to import

    label, n_things = ndimage.label(stands)
    thing = np.asarray(label, np.int64) - 1
    tallest_m = np.zeros(n_things)
    np.maximum.at(tallest_m, thing[stands], rise_m[stands])
    things = pd.DataFrame({"kind": "building", "name": None, "height_m": tallest_m})
    return Rises(
        window=window,
        things=_complete(things, model),
        thing=thing,
        base_m=np.where(stands, top_m - rise_m, np.nan),
        top_m=np.where(stands, top_m, np.nan).astype(float),
        far_m=float(_away(window, here)[stands].max()) + window.cell_m,
    )


def _cut(
    relief: Relief, here: NDArray[np.float64], far_m: float
) -> tuple[Window, NDArray[np.float32]]:
    """Cut out the square that reaches so far from a place; NaN beyond the relief."""
    x, y = here.tolist()
    box = (x - far_m, y - far_m, x + far_m, y + far_m)
    window = Window.around(box, cell_m=relief.window.cell_m)
    return window, relief.sample(window, smooth=False)


def _away(window: Window, here: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell how far each cell is from a place, shape ``(n_rows, n_columns)``. [m]."""
    east_m = (window.column + np.arange(window.n_columns) + 0.5) * window.cell_m - here[0]
    north_m = (window.row + np.arange(window.n_rows) + 0.5) * window.cell_m - here[1]
    away_m: NDArray[np.float64] = np.hypot(*np.meshgrid(east_m, north_m))
    return away_m


def _ground(surface: Surface, window: Window) -> NDArray[np.float64]:
    """Tell the ground of each cell, above the sea where it is known. [m]."""
    dem = surface.measured.dem
    if dem is None:
        return np.zeros((window.n_rows, window.n_columns))
    return np.nan_to_num(dem.sample(window), nan=surface.measured.lowest_m).astype(float)


def _part_crowns(
    window: Window, height_m: NDArray[np.float32], seen: NDArray[np.bool_], model: RiseModel
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give each seen cell to the nearest top: place of each top that has any, and row of each."""
    from scipy import ndimage  # noqa: PLC0415  half a second to import
    from scipy.spatial import cKDTree  # noqa: PLC0415

    side = 2 * round(0.5 * model.crown_m / window.cell_m) + 1
    is_top = (height_m > 0.0) & (height_m == ndimage.maximum_filter(height_m, side))
    label, n_tops = ndimage.label(is_top, np.ones((3, 3)))
    corner = np.array([window.column, window.row]) + 0.5
    middle = np.asarray(ndimage.center_of_mass(is_top, label, np.arange(1, n_tops + 1)), float)
    top_xy = (middle.reshape(-1, 2)[:, ::-1] + corner) * window.cell_m
    row, column = np.nonzero(seen)
    _, nearest = cKDTree(top_xy).query((np.column_stack([column, row]) + corner) * window.cell_m)
    used, its = np.unique(nearest, return_inverse=True)
    return top_xy[used], np.asarray(its, np.int64)


def _call(
    city: City, top_xy: NDArray[np.float64], tallest_m: NDArray[np.float64], model: RiseModel
) -> pd.DataFrame:
    """Call each crown as the map does: the nearest tree, or the wood it stands in."""
    things = pd.DataFrame({"kind": np.full(len(top_xy), "tree", object), "height_m": tallest_m})
    top = shapely.points(top_xy)
    woods = shapely.STRtree(np.asarray(city.woods.geometry, object))
    in_wood = np.unique(woods.query(top, predicate="within")[0])
    things.loc[in_wood, "kind"] = "wood"
    kept = drop_measured(city.trees, city.cdsm).index
    trees = city.trees.drop(index=kept)
    its, tree = shapely.STRtree(np.asarray(trees.geometry, object)).query_nearest(
        top, max_distance=model.tree_m, all_matches=False
    )
    near = trees.iloc[tree]
    things.loc[its, "kind"] = "tree"
    things.loc[its, "name"] = near["genus"].to_numpy(object)
    things.loc[its, "osm_id"] = near["osm_id"].to_numpy(float)
    of_row = (near["source"] == "tree_row").to_numpy(bool)
    things.loc[its, "osm_type"] = np.where(of_row, "way", "node").astype(object)
    return _complete(things, model)


def _complete(things: pd.DataFrame, model: RiseModel) -> pd.DataFrame:
    """Say of all that they were measured; and nothing of a name where none is known."""
    told = things.reindex(columns=["kind", "name", "osm_type", "osm_id", "height_m"])
    for name in ("name", "osm_type"):
        text = told[name].astype(object)
        told[name] = text.where(text.notna(), None)
    told["osm_id"] = told["osm_id"].fillna(0).astype(np.int64)
    return told.assign(base_m=0.0, height_source="lidar", height_spread_m=model.spread_m)
