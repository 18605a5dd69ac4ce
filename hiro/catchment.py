"""Catchments: which cells lie around a site, and in which district it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from solarpass.degrees import DEGREES

from .ledger import Bounds
from .population import Population

if TYPE_CHECKING:
    from .site import Sites


_EARTH_M = 6_371_000.0  # mean radius


@dataclass(frozen=True, eq=False, slots=True)
class Catchment:
    """
    Which places of a population belong to which site, one entry a pair.

    Attributes
    ----------
    site, place
        Rows of the sites and of the population, shape ``(n_pairs,)``.
    distance_m
        To the middle of the cell; 0 in a district, shape ``(n_pairs,)``. [m]
    n_sites
        How many sites there are, with or without a place.
    """

    site: NDArray[np.int64]
    place: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    n_sites: int

    def sum_up(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum a weight of each pair over the pairs of a site, shape ``(n_sites,)``."""
        return np.bincount(self.site, weight, self.n_sites).astype(float)


def site_xy(sites: Sites) -> NDArray[np.float64]:
    """Tell where sites are, in their own metres, shape ``(n_sites, 2)``. [m]."""
    return shapely.get_coordinates(shapely.centroid(np.asarray(sites.table.geometry)))


def site_kinds(sites: Sites) -> NDArray[np.str_]:
    """Tell of which kind sites are, "other" where it is not told, shape ``(n_sites,)``."""
    return np.array([kind or "other" for kind in sites.table["kind"]], dtype=np.str_)


def find_bounds(sites: Sites, *, reach_m: float = 3_000.0) -> Bounds:
    """
    Tell the box around sites, as `read_population` wants it of a country's cells.

    Parameters
    ----------
    sites
        One at least.
    reach_m
        How far beyond them: what "the city" is, of whose mean ages small cells are taken. [m]

    Returns
    -------
    tuple
        West, south, east and north. [°]
    """
    west, south, east, north = _draw_rim(sites, reach_m).to_crs(DEGREES).total_bounds.tolist()
    return west, south, east, north


def _draw_rim(sites: Sites, reach_m: float) -> gpd.GeoSeries:
    xy = site_xy(sites)
    low, high = xy.min(axis=0) - reach_m, xy.max(axis=0) + reach_m
    return gpd.GeoSeries([shapely.segmentize(shapely.box(*low, *high), 1_000.0)], crs=sites.crs)


def crop_population(population: Population, sites: Sites, *, reach_m: float) -> Population:
    """
    Keep the cells of the ground on which the sites lie, which is then what "the city" means.

    Parameters
    ----------
    population
        Of a country, perhaps. Districts stay as they are.
    sites
        Where it is asked for.
    reach_m
        How far beyond the sites. [m]
    """
    if population.kind != "cells" or not len(sites.table):
        return population
    rim = _draw_rim(sites, reach_m).to_crs(population.table.crs)
    west, south, east, north = rim.total_bounds
    points = np.asarray(population.table.geometry)
    x, y = shapely.get_x(points), shapely.get_y(points)
    kept = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    return Population(
        table=gpd.GeoDataFrame(population.table.iloc[kept].reset_index(drop=True)),
        classes=population.classes,
        counts=population.counts[kept].copy(),
        totals=population.totals[kept].copy(),
        kind=population.kind,
        unit=population.unit,
        notes=population.notes,
        attribution=population.attribution,
    )


def refuse_elsewhere(
    sites: Sites,
    places: gpd.GeoDataFrame,
    *,
    what: str,
    error: type[ValueError],
    reach_m: float = 3_000.0,
) -> None:
    """
    Refuse what tells of another place than that of the sites.

    Parameters
    ----------
    sites
        Where it is asked for; of none nothing is refused.
    places
        Points or outlines, in any system.
    what
        Which they are, in a sentence, such as "cell of the population".
    error
        What to raise.
    reach_m
        As far as one of them must lie from a site; our choice. [m]

    Raises
    ------
    ValueError
        Of the kind asked for, if none of them lies so near.
    """
    shapes = np.asarray(places.geometry)
    around = _draw_rim(sites, reach_m).to_crs(places.crs).union_all() if len(sites.table) else None
    if around is None or not len(shapes) or shapely.intersects(shapes, around).any():
        return
    far_m = _measure(sites, shapely.get_coordinates(shapes), places.crs)
    turned = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    hint = "give those of this place"
    if shapely.intersects(turned, around).any():
        hint = "with x and y turned round it would lie here, so put longitude (x) before latitude"
    msg = (
        f"No {what} lies within {reach_m / 1000.0:g} km of a site; of {len(shapes):,} the "
        f"nearest is {far_m / 1000.0:,.0f} km away: {hint}."
    )
    raise error(msg)


def _measure(sites: Sites, xy: NDArray[np.float64], crs: object) -> float:
    """Measure how far the nearest of some points is from a site, on a globe. [m]."""
    back = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
    there = _on_globe(np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
    here = _on_globe(np.column_stack([sites.longitude_deg, sites.latitude_deg]))
    if not len(there):
        return np.inf
    chord = float(np.min(KDTree(here).query(there)[0]))
    return 2.0 * _EARTH_M * float(np.arcsin(min(chord / 2.0, 1.0)))


def _on_globe(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put places on a globe of radius 1; what is none on Earth is left out."""
    known = np.isfinite(degrees).all(axis=1) & (np.abs(degrees[:, 1]) <= 90.0)
    longitude, latitude = np.deg2rad(degrees[known]).T
    across = np.cos(latitude)
    return np.column_stack(
        [across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)]
    )


def find_catchment(sites: Sites, population: Population, *, radius_m: ArrayLike = 0.0) -> Catchment:
    """
    Find the cells around each site, or the district in which it stands.

    Parameters
    ----------
    sites
        In local metres.
    population
        Of a site in several districts the first in the table counts.
    radius_m
        How far the middle of a cell may be, one number or one a site. [m]
    """
    xy, n_sites = site_xy(sites), len(sites.table)
    if not len(population) or not n_sites:
        nothing = np.zeros(0, dtype=np.int64)
        return Catchment(nothing, nothing, np.zeros(0), n_sites)
    shapes = np.asarray(population.table.geometry.to_crs(sites.crs))
    if population.kind == "districts":
        site, place = shapely.STRtree(shapes).query(shapely.points(xy), predicate="intersects")
        order = np.lexsort((place, site))
        first = order[np.unique(site[order], return_index=True)[1]]
        return Catchment(
            site[first].astype(np.int64),
            place[first].astype(np.int64),
            np.zeros(len(first)),
            n_sites,
        )
    cells = shapely.get_coordinates(shapes)
    radii = np.broadcast_to(np.asarray(radius_m, dtype=float), (n_sites,))
    around = KDTree(cells).query_ball_point(xy, radii, return_sorted=True)
    site = np.repeat(np.arange(n_sites), [len(found) for found in around])
    place = np.concatenate([np.asarray(found, dtype=np.int64) for found in around])
    distance_m = np.hypot(*(cells[place] - xy[site]).T)
    return Catchment(site, place, distance_m, n_sites)


def nearest_pairs(
    sites: Sites, things: gpd.GeoDataFrame, *, reach_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """
    Find the things around each site.

    Returns
    -------
    tuple
        Row of the site, row of the thing and the distance between them, one a pair. [m]
    """
    shapes = np.asarray(things.geometry.to_crs(sites.crs))
    points = np.asarray(shapely.points(site_xy(sites)))
    if not len(shapes) or not len(points):
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    site, thing = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=reach_m)
    distance_m = np.asarray(shapely.distance(points[site], shapes[thing]), dtype=float)
    return site.astype(np.int64), thing.astype(np.int64), distance_m
