"""Canopy: crowns measured from the air, told apart from all else that rises out of the ground."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from .lidar import LidarModel, Reliefs
from .relief import Relief, fill_relief, mark_shapes


def find_canopy(
    reliefs: Reliefs,
    trees: gpd.GeoDataFrame,
    outlines: Sequence[gpd.GeoDataFrame],
    *,
    model: LidarModel = LidarModel(),
) -> Reliefs:
    """
    Take what rises outside of outlines for crowns, unless the surface model holds no vegetation.

    Parameters
    ----------
    reliefs
        A canopy model among them is kept where it tells anything.
    trees
        Of the map; by them one sees whether the surface model holds vegetation.
    outlines
        Tables of buildings and decks.
    model
        Assumptions.
    """
    dsm, dem, cdsm = reliefs.dsm, reliefs.dem, reliefs.cdsm
    if dsm is None or dem is None:
        return reliefs
    finer = dsm if cdsm is None or dsm.window.cell_m < cdsm.window.cell_m else cdsm
    window = finer.window
    rise_m = dsm.sample(window, smooth=False) - fill_relief(dem).sample(window)
    for frame in outlines:
        near = mark_shapes(np.asarray(frame.geometry), window, margin_m=model.fringe_m)
        rise_m[near] = np.nan
    told_m = np.full_like(rise_m, np.nan)
    if cdsm is not None:
        told_m = cdsm.sample(window, smooth=False)
        rise_m[~np.isnan(told_m)] = np.nan
    at = Relief(window, rise_m).at(shapely.get_coordinates(np.asarray(trees.geometry)))
    at = at[~np.isnan(at)]
    # Of few trees one learns nothing; and what nobody knows is sooner a tree than a house.
    if len(at) < model.n_trees or (at >= model.least_rise_m).mean() >= model.vegetated_fraction:
        crown_m = np.where(rise_m < model.least_rise_m, np.float32(0.0), rise_m)
        told_m = np.where(np.isnan(told_m), crown_m, told_m)
    elif cdsm is None:
        return reliefs
    return reliefs._replace(cdsm=Relief(window, told_m.astype(np.float32)))
