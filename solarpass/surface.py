"""Surfaces of cities and of rasters; and `cast`, which asks one where the sun is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .caster import UNIT_M, Casters, Ground, pack_casters
from .errors import SourceError
from .hills import Hills
from .leaf import find_leaf_year
from .picture import SunPicture, cast, cast_raster
from .relief import Relief, fill_relief
from .tile import Measured, Raster, Surface, SurfaceModel, Tile
from .trees import find_traits
from .window import Window

if TYPE_CHECKING:
    from .city import City

_KNOWN_M = 16.0  # squares in which a surface model is told to know or not

__all__ = [
    "Raster",
    "SunPicture",
    "Surface",
    "SurfaceModel",
    "Tile",
    "average_transmittance",
    "build_surface",
    "cast",
    "cast_raster",
    "drop_measured",
    "plant_crowns",
    "span_decks",
    "surface_from_arrays",
]


def build_surface(city: City, *, model: SurfaceModel = SurfaceModel()) -> Surface:
    """
    Build the surface of a city from its buildings, bridges, trees and woods, and what was measured.

    Roofs, decks and parts one walks beneath are one layer that lets nothing through. Crowns are
    upright cylinders with a flat base, evergreen and the rest apart; what a layer lets through
    and when it is in leaf is the mean of its crowns, by their area. Where a terrain model tells
    the ground, all stand on it; without one the ground is flat. Where a canopy model tells the
    crowns, those of the map give way; roofs that a surface model tells are as it tells them,
    within the outlines of the map.
    """
    # Where no ground is known, that nearby goes on: a hole is no pit.
    dem = None if city.dem is None else fill_relief(city.dem)
    lowest_m = 0.0 if dem is None else math.floor(10.0 * float(dem.height_m.min())) / 10.0
    ground = _find_ground(dem, lowest_m)
    buildings = city.buildings[city.buildings["casts"].astype(bool)]
    beneath = (buildings["base_m"] >= model.underpass_m).to_numpy(bool)
    by_dsm = np.isfinite(buildings["eaves_m"].to_numpy(float)) & ~beneath
    body = ["base_m", "height_m", "geometry"]
    bridges = span_decks(city.bridges, ground)
    hanging = pd.concat([buildings[beneath][body], bridges[body]])
    layers = [pack_casters(hanging, ground=ground)]
    trees, woods = (drop_measured(frame, city.cdsm) for frame in (city.trees, city.woods))
    for cycle in (True, False):
        tree = trees[(trees["leaf_cycle"] == "evergreen") == cycle]
        wood = woods[(woods["leaf_cycle"] == "evergreen") == cycle]
        passed = average_transmittance(tree, wood)
        layers.append(pack_casters(wood, tree, transmittance=passed, ground=ground, is_draped=True))
    kept = [layer for layer in layers if len(layer)]
    if city.cdsm is not None:
        kept.append(pack_casters(None, transmittance=average_transmittance(city.trees, city.woods)))
    roofs = buildings[by_dsm]
    # A flat roof's ridge is its eaves; but a body without any height would be none.
    eaves_m = np.minimum(roofs["eaves_m"], roofs["height_m"] - UNIT_M)
    roofs = roofs.assign(base_m=eaves_m)
    return Surface(
        model=model,
        solids=pack_casters(buildings[~beneath & ~by_dsm], ground=ground),
        layers=tuple(kept),
        measured=Measured(
            lowest_m=lowest_m,
            dem=dem,
            hills=None if city.far_dem is None else Hills(city.far_dem),
            dsm=city.dsm,
            cdsm=city.cdsm,
            roofs=pack_casters(roofs, ground=ground) if len(roofs) else None,
            apart=_set_apart(city, model) if city.dsm is not None else None,
            canopy_layer=-1 if city.cdsm is None else len(kept) - 1,
        ),
        extent=city.extent if city.knows_buildings else _find_known(city),
        knows_casters=city.knows_buildings or city.dsm is not None,
        leaf_year=find_leaf_year(city.centre[0], area_m2=_sheds(city)),
    )


def _find_known(city: City) -> shapely.MultiPolygon:
    """Find where the surface model tells what casts shade, of a city without buildings."""
    if city.dsm is None:
        return city.extent
    window, known = city.dsm.window, ~np.isnan(city.dsm.height_m)
    side = max(round(_KNOWN_M / window.cell_m), 1)
    row, column = np.nonzero(known[side // 2 :: side, side // 2 :: side])
    side_m = side * window.cell_m
    west, south, _, _ = window.bounds
    squares = shapely.box(
        west + column * side_m,
        south + row * side_m,
        west + (column + 1) * side_m,
        south + (row + 1) * side_m,
    )
    region = shapely.intersection(shapely.union_all(squares), city.extent)
    parts = shapely.get_parts(region)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _find_ground(dem: Relief | None, lowest_m: float) -> Ground | None:
    """Give what tells the ground above what tiles count from; None where it is flat."""
    if dem is None:
        return None
    return lambda xy: np.nan_to_num(dem.at(xy) - lowest_m).astype(float)


def span_decks(bridges: gpd.GeoDataFrame, ground: Ground | None) -> gpd.GeoDataFrame:
    """Raise decks over a valley to its brinks, from which they lead."""
    if ground is None or bridges.empty:
        return bridges
    xy, owner = shapely.get_coordinates(np.asarray(bridges.geometry), return_index=True)
    height_m = pd.Series(ground(xy)).groupby(owner)
    brink_m, foot_m = height_m.quantile(0.75).to_numpy(), height_m.min().to_numpy()
    more_m = np.maximum(brink_m - foot_m - bridges["height_m"].to_numpy(float), 0.0)
    return bridges.assign(base_m=bridges["base_m"] + more_m, height_m=bridges["height_m"] + more_m)


def drop_measured(frame: gpd.GeoDataFrame, cdsm: Relief | None) -> gpd.GeoDataFrame:
    """Leave out trees and woods where a canopy model tells what stands there."""
    if cdsm is None or frame.empty:
        return frame
    place = shapely.get_coordinates(shapely.point_on_surface(np.asarray(frame.geometry)))
    return frame[np.isnan(cdsm.at(place))]


def _set_apart(city: City, model: SurfaceModel) -> Casters:
    """Pack all outlines, as much wider as map and raster may differ."""
    outlines = [np.asarray(city.buildings.geometry), np.asarray(city.bridges.geometry)]
    wider = shapely.buffer(np.concatenate(outlines), model.fringe_m, join_style="mitre")
    frame = gpd.GeoDataFrame(geometry=wider).assign(base_m=0.0, height_m=1.0)
    return pack_casters(frame)


def _sheds(city: City) -> dict[str | None, float]:
    """Add up the crowns that are not evergreen, by genus. [m²]."""
    trees = city.trees[city.trees["leaf_cycle"] != "evergreen"]
    woods = city.woods[city.woods["leaf_cycle"] != "evergreen"]
    area_m2 = np.pi / 4.0 * trees["crown_diameter_m"].to_numpy(float) ** 2
    by_genus: dict[str | None, float] = {None: float(woods.area.sum())}
    for genus, area in zip(trees["genus"], area_m2.tolist(), strict=True):
        by_genus[genus] = by_genus.get(genus, 0.0) + area
    return by_genus


def surface_from_arrays(
    solid_m: NDArray[np.floating],
    *,
    cell_m: float,
    west_m: float = 0.0,
    north_m: float = 0.0,
    ground_m: NDArray[np.floating] | None = None,
    crown_top_m: NDArray[np.floating] | None = None,
    crown_base_m: NDArray[np.floating] | None = None,
    transmittance: tuple[float, float] = (0.03, 0.45),
    model: SurfaceModel = SurfaceModel(),
) -> Surface:
    """
    Build a surface from rasters, row 0 in the north as in a GeoTIFF.

    Parameters
    ----------
    solid_m
        Height of ground or roof, shape ``(n_rows, n_columns)``. [m]
    cell_m, west_m, north_m
        Side of a cell and the outer corner; the corner must lie on the grid of cells. [m]
    ground_m
        Terrain; None: flat at 0. [m]
    crown_top_m, crown_base_m
        Top and base of crowns, as heights like `solid_m`; NaN where there is none. [m]
    transmittance
        Share of the beam that passes the crowns, in leaf and bare.
    model
        Assumptions; its cell becomes `cell_m`.

    Raises
    ------
    SourceError
        If shapes differ, a height is not finite, or the corner lies off the grid.
    """
    shape = solid_m.shape
    terrain = np.zeros(shape) if ground_m is None else np.asarray(ground_m, float)
    top = np.full(shape, np.nan) if crown_top_m is None else np.asarray(crown_top_m, float)
    base = np.full(shape, np.nan) if crown_base_m is None else np.asarray(crown_base_m, float)
    if not shape == terrain.shape == top.shape == base.shape or len(shape) != 2:
        shapes = ", ".join(str(array.shape) for array in (solid_m, terrain, top, base))
        msg = f"Wanted rasters of one shape; got {shapes}."
        raise SourceError(msg)
    if not (np.isfinite(solid_m).all() and np.isfinite(terrain).all()):
        msg = "Wanted a finite height in every cell of surface and ground; fill the holes first."
        raise SourceError(msg)
    corner = np.array([west_m, north_m]) / cell_m
    if np.abs(corner - np.rint(corner)).max() > 1e-6:
        msg = f"Wanted a corner on the grid of {cell_m} m cells; got ({west_m}, {north_m})."
        raise SourceError(msg)
    crowned = np.isfinite(top) & np.isfinite(base) & (top > base)
    north_first = (
        terrain,
        solid_m,
        np.where(crowned, base, np.nan),
        np.where(crowned, top, np.nan),
    )
    window = Window(round(corner[1]) - shape[0], round(corner[0]), *shape, cell_m)
    heights = (np.ascontiguousarray(array[::-1], np.float32) for array in north_first)
    layer = pack_casters(None, transmittance=transmittance)
    return Surface(
        model=replace(model, cell_m=cell_m),
        solids=pack_casters(None),
        layers=(layer,) if crowned.any() else (),
        raster=Raster(window, *heights),
    )


def plant_crowns(
    surface: Surface,
    xy: NDArray[np.float64],
    *,
    radius_m: float,
    base_m: float,
    top_m: float,
    transmittance: tuple[float, float],
) -> Surface:
    """
    Plant upright crowns of one size on a surface; what stands there stays.

    Parameters
    ----------
    surface
        Of a city, not of rasters.
    xy
        Where, in its local metres, shape ``(n, 2)``. [m]
    radius_m, base_m, top_m
        Of each crown, above the ground it stands on. [m]
    transmittance
        Share of the beam that passes, in leaf and bare.

    Raises
    ------
    SourceError
        If the surface is one of rasters.
    """
    if surface.raster is not None:
        msg = "Wanted the surface of a city to plant crowns on; got rasters: draw them in there."
        raise SourceError(msg)
    crowns = gpd.GeoDataFrame(geometry=shapely.points(xy)).assign(
        crown_diameter_m=2.0 * radius_m, base_m=base_m, height_m=top_m
    )
    dem, lowest_m = surface.measured.dem, surface.measured.lowest_m
    layer = pack_casters(
        None, crowns, transmittance=transmittance, ground=_find_ground(dem, lowest_m)
    )
    return replace(surface, layers=(*surface.layers, layer))


def average_transmittance(trees: gpd.GeoDataFrame, woods: gpd.GeoDataFrame) -> tuple[float, float]:
    """Average what crowns of one kind let through, in leaf and bare, by their area."""
    area_m2 = np.concatenate(
        [np.pi / 4.0 * trees["crown_diameter_m"].to_numpy(float) ** 2, woods.area.to_numpy(float)]
    )
    if not area_m2.sum() > 0.0:
        any_tree = find_traits(None)  # of a canopy model where the map has no tree
        return any_tree["transmittance_leaf"], any_tree["transmittance_bare"]
    leaf, bare = (
        float(np.average(np.concatenate([trees[name], woods[name]]).astype(float), weights=area_m2))
        for name in ("transmittance_leaf", "transmittance_bare")
    )
    return leaf, bare
