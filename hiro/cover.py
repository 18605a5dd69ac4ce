"""What covers the ground where one waits, and how each cover takes up heat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from solarpass.city import City
from solarpass.tables import read_numbers

COVERS = ("paving", "asphalt", "grass", "soil", "water", "bright")
"""What may lie on the ground; no map tells that paving is bright, measures lay it."""

SEALED = ("paving", "asphalt")
"""Covers that give way to others."""

# Areas of a city's map, by what covers them; anything else in a town is paved.
_COVER_OF = {
    **dict.fromkeys(("park", "grass", "wood", "farmland", "pitch"), "grass"),
    **dict.fromkeys(("sand", "playground", "rock"), "soil"),
    "water": "water",
    "parking": "asphalt",
}

# Codes of land cover as UMEP's rasters have them; buildings are no ground.
RASTER_COVERS = {1: "paving", 2: None, 3: "grass", 4: "grass", 5: "grass", 6: "soil", 7: "water"}


@dataclass(frozen=True, slots=True)
class CoverModel:
    """
    Where the ground is looked at; change one with `dataclasses.replace`.

    Attributes
    ----------
    radius_m
        The ground within this around a place is taken for one mixture, as maps and rasters of
        it are no sharper; seven eighths of what lies beneath is nearer than 3 m; our choice. [m]
    grid_m
        Distance of the points that are looked at; our choice. [m]
    """

    radius_m: float = 5.0
    grid_m: float = 1.0

    def offsets(self) -> NDArray[np.float64]:
        """Lay a disc of points, shape ``(n_points, 2)``. [m]."""
        side = np.arange(-self.radius_m, self.radius_m + self.grid_m / 2.0, self.grid_m)
        points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        within: NDArray[np.float64] = points[np.hypot(*points.T) <= self.radius_m]
        return within


@dataclass(frozen=True, slots=True)
class Skin:
    """
    How a surface takes up heat: see ``data/ground.csv``.

    Attributes
    ----------
    albedo, emissivity
        Shares. [1]
    admittance
        √(conductivity · density · heat capacity). [J m⁻² K⁻¹ s⁻½]
    resistance_s_m
        Against giving off water; infinite where there is none. [s m⁻¹]
    """

    albedo: float
    emissivity: float
    admittance: float
    resistance_s_m: float


@cache
def read_skins() -> dict[str, Skin]:
    """Read how each cover, and a wall, takes up heat."""
    return {
        cover: Skin(
            albedo=told["albedo"],
            emissivity=told["emissivity"],
            admittance=told["admittance"],
            resistance_s_m=told.get("resistance", np.inf),
        )
        for cover, told in read_numbers("ground", key="cover").items()
    }


def find_cover(
    city: City, xy: NDArray[np.float64], *, model: CoverModel = CoverModel()
) -> NDArray[np.float64]:
    """
    Find what covers the ground around places, as the map tells.

    Parameters
    ----------
    city
        Whose `areas` tell green, water, sand and car parks, and `buildings` what is no ground.
    xy
        Places, shape ``(n_places, 2)``. [m]
    model
        Assumptions.

    Returns
    -------
    numpy.ndarray
        Shares of `COVERS`, shape ``(n_places, 6)``, that sum to 1; within a building: paved.
    """
    offsets = model.offsets()
    points = (xy[:, None, :] + offsets[None]).reshape(-1, 2)
    cover = np.zeros(len(points), np.int8)
    for name in ("asphalt", "soil", "grass", "water"):  # what comes last lies on top
        kinds = [kind for kind, covers in _COVER_OF.items() if covers == name]
        inside = _find_inside(points, city.areas[city.areas["kind"].isin(kinds)])
        cover[inside] = COVERS.index(name)
    cover[_find_inside(points, city.areas[city.areas["kind"].isin(["platform", "square"])])] = 0
    indoors = _find_inside(points, city.buildings[~city.buildings["is_roof"].astype(bool)])
    return share_covers(np.where(indoors, -1, cover).reshape(len(xy), -1))


def share_covers(codes: NDArray[np.int8]) -> NDArray[np.float64]:
    """
    Count the covers of points: indices of `COVERS`, -1 none, shape ``(n_places, n_points)``.

    Examples
    --------
    >>> share_covers(np.array([[0, 2, 2, 2], [-1, -1, -1, -1]], np.int8))
    array([[0.25, 0.  , 0.75, 0.  , 0.  , 0.  ],
           [1.  , 0.  , 0.  , 0.  , 0.  , 0.  ]])
    """
    counts = np.stack([(codes == k).sum(axis=1) for k in range(len(COVERS))], axis=1).astype(float)
    counts[counts.sum(axis=1) == 0.0, 0] = 1.0
    shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _find_inside(points: NDArray[np.float64], frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), bool)
    if len(frame):
        tree = shapely.STRtree(np.asarray(frame.geometry))
        inside[tree.query(shapely.points(points), predicate="intersects")[0]] = True
    return inside
