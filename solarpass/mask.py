"""Masks: sunlit or shaded, cell by cell, cast from rasters alone on their own grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from affine import Affine
from numpy.typing import NDArray

from .caster import pack_casters
from .draft import draft_file
from .errors import SourceError
from .lidar import TRUNK_FRACTION
from .mosaic import Mosaic, draw_heights, find_extent, join_sheets, unit_m
from .picture import cast
from .sheet import find_sheets, read_sheet, tell_sheets
from .surface import Surface, SurfaceModel
from .tile import Raster
from .window import Window

LIT, SHADED, UNKNOWN = 1, 0, 255

Paths = Sequence[str | Path]

_TRUE_SCALE = 0.02  # a map that draws metres longer or shorter than this is no plan [1]


@dataclass(frozen=True, slots=True)
class MaskModel:
    """
    Assumptions about the crowns of a canopy model; change one with `dataclasses.replace`.

    Attributes
    ----------
    trunk_fraction
        A crown begins at this share of its height; as urban-climate models have it. [1]
    """

    trunk_fraction: float = TRUNK_FRACTION


@dataclass(frozen=True, eq=False, slots=True)
class Plot:
    """
    Heights on the grid of a surface model.

    Attributes
    ----------
    surface
        What casts shade, in metres from the lower left corner.
    unseen
        Cells beyond the sheets of the canopy model, if there is one, of whose crowns nobody
        knows; shape ``(n_rows, n_columns)``, row 0 in the north.
    crs, transform
        Where it lies: from (column, row) to coordinates, row 0 in the north.
    convergence_deg
        By how much the rows' north is turned from true north, clockwise. [°]
    provenance
        Source and licence of each model.
    """

    surface: Surface
    unseen: NDArray[np.bool_]
    crs: pyproj.CRS
    transform: Affine
    convergence_deg: float
    provenance: Mapping[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class Mask:
    """
    Which cells the sun reaches at one instant, each standing on its own surface.

    Attributes
    ----------
    sunlit
        1 sunlit, 0 shaded, by buildings, ground or crowns, or night, 255 unknown; shape
        ``(n_rows, n_columns)``, row 0 in the north.
    crs, transform
        Where it lies.
    told
        What it was cast from and for which sun, as text.
    """

    sunlit: NDArray[np.uint8]
    crs: pyproj.CRS
    transform: Affine
    told: Mapping[str, str]


def read_plot(
    dsm: Paths,
    *,
    cdsm: Paths = (),
    dem: Paths = (),
    stated_crs: object = None,
    credit: str = "",
    model: MaskModel = MaskModel(),
) -> Plot:
    """
    Read a surface model with what grows on it, on the surface model's own grid.

    A crown reaches from a share of its height to its height above the terrain, or above the
    surface where no terrain is told. What a canopy model leaves blank bears no crown; beyond its
    sheets crowns are unknown.

    Parameters
    ----------
    dsm
        Surface model: ground and roofs; one file, or several on one grid. [m]
    cdsm
        Canopy model: height of crowns above the ground, on any grid. [m]
    dem
        Terrain model, on any grid. [m]
    stated_crs
        The coordinate reference system of files that state none. Without it canopy and terrain
        have the surface's.
    credit
        Licence and whom to name, where the files do not tell.
    model
        Assumptions.

    Raises
    ------
    SourceError
        If a file is missing, torn or of another kind, cells are not square, or tell nothing.
    CoordinateError
        If the surface model does not tell where it lies.
    """
    paths = {"dsm": find_sheets(dsm), "cdsm": find_sheets(cdsm), "dem": find_sheets(dem)}
    sheets = [read_sheet(path, crs=stated_crs) for path in paths["dsm"]]
    grid = _find_grid(join_sheets(sheets))
    solid = _draw(paths["dsm"], grid, stated_crs, smooth=False)
    unknown = np.full(solid.shape, np.nan, np.float32)
    ground, top, base, unseen = solid, unknown, unknown, np.zeros(solid.shape, bool)
    if paths["dem"]:
        terrain = _draw(paths["dem"], grid, stated_crs, smooth=True)
        ground = np.where(np.isnan(terrain), solid, terrain)
    if paths["cdsm"]:
        crown_m = _draw(paths["cdsm"], grid, stated_crs, smooth=False)
        crown_m = np.where(crown_m > 0.0, crown_m, np.float32(np.nan))
        top, base = ground + crown_m, ground + crown_m * np.float32(model.trunk_fraction)
        unseen = _find_unseen(paths["cdsm"], grid, stated_crs)
    cell_m = _cell_m(grid)
    window = Window(0, 0, grid.n_rows, grid.n_columns, cell_m)
    layers = (pack_casters(None, transmittance=(0.0, 0.0)),) if not np.isnan(top).all() else ()
    heights = (np.ascontiguousarray(array[::-1]) for array in (ground, solid, base, top))
    return Plot(
        surface=Surface(
            model=replace(SurfaceModel(), cell_m=cell_m),
            solids=pack_casters(None),
            layers=layers,
            raster=Raster(window, *heights),
        ),
        unseen=unseen,
        crs=grid.crs,
        transform=grid.transform,
        convergence_deg=_find_convergence(grid),
        provenance={
            f"{name}_{what}": fact
            for name, files in paths.items()
            if files
            for what, fact in tell_sheets(files, credit=credit).items()
        },
    )


def cast_mask(
    plot: Plot, *, azimuth_deg: float, elevation_deg: float, from_true_north: bool = False
) -> Mask:
    """
    Cast the shadows of one sun.

    Beyond the sheets of a canopy model crowns may stand as high as the highest that it tells:
    what is sunlit there, or only without them, is unknown.

    Parameters
    ----------
    plot
        What casts them.
    azimuth_deg, elevation_deg
        The sun: clockwise from the north of the raster's rows, and above the horizon; at 0 or
        less it is night. [°]
    from_true_north
        Count the azimuth from true north; a map's rows are turned from it by some degrees.

    Raises
    ------
    SourceError
        If the sun does not stand anywhere.
    """
    if not (np.isfinite(azimuth_deg) and -90.0 <= elevation_deg <= 90.0):
        msg = (
            "Wanted an azimuth in degrees and an elevation between -90 and 90; got "
            f"{azimuth_deg} and {elevation_deg}."
        )
        raise SourceError(msg)
    turned_deg = azimuth_deg - (plot.convergence_deg if from_true_north else 0.0)
    sun = _cast_surely(plot, azimuth_deg=turned_deg, elevation_deg=elevation_deg)
    sunlit = np.where(np.isnan(sun), UNKNOWN, np.where(sun > 0.0, LIT, SHADED))
    return Mask(
        sunlit=sunlit.astype(np.uint8),
        crs=plot.crs,
        transform=plot.transform,
        told={
            "values": f"{LIT} sunlit, {SHADED} shaded, {UNKNOWN} unknown",
            "receiver": "each cell's own surface, roofs too",
            "azimuth_deg": f"{azimuth_deg:g}",
            "azimuth_from": "true north" if from_true_north else "the north of the rows",
            "convergence_deg": f"{plot.convergence_deg:.4f}",
            "elevation_deg": f"{elevation_deg:g}",
            **plot.provenance,
        },
    )


def write_mask(mask: Mask, path: Path) -> None:
    """
    Write a mask as a GeoTIFF on the surface model's grid.

    Raises
    ------
    SourceError
        If it cannot be written there.
    """
    licences = {fact for what, fact in mask.told.items() if what.endswith("_licence")}
    with (
        draft_file(path) as draft,
        rasterio.open(
            draft,
            "w",
            driver="GTiff",
            height=mask.sunlit.shape[0],
            width=mask.sunlit.shape[1],
            count=1,
            dtype="uint8",
            crs=mask.crs.to_wkt(),
            transform=mask.transform,
            nodata=UNKNOWN,
            compress="deflate",
            tiled=True,
        ) as raster,
    ):
        raster.write(mask.sunlit, 1)
        raster.set_band_description(1, "sunlit")
        raster.update_tags(TIFFTAG_COPYRIGHT="; ".join(sorted(licences)), **mask.told)


def _cast_surely(plot: Plot, *, azimuth_deg: float, elevation_deg: float) -> NDArray[np.float32]:
    """Cast, and once more as if a wood stood wherever crowns are unknown; NaN where that tells."""
    sun = cast(
        plot.surface, azimuth_deg=azimuth_deg, elevation_deg=elevation_deg, on_roofs=True
    ).sun
    raster = plot.surface.raster
    if raster is None or not plot.unseen.any():
        return sun
    unseen, ground_m = plot.unseen[::-1], raster.ground_m
    crown_m = np.nanmax(raster.crown_top_m - ground_m, initial=0.0)
    wood = replace(
        raster,
        crown_base_m=np.where(unseen, ground_m, raster.crown_base_m),
        crown_top_m=np.where(unseen, ground_m + crown_m, raster.crown_top_m),
    )
    wooded = cast(
        replace(plot.surface, raster=wood),
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        on_roofs=True,
    ).sun
    return np.where((sun > 0.0) & (plot.unseen | (wooded == 0.0)), np.float32(np.nan), sun)


def _find_unseen(paths: Paths, grid: Mosaic, stated_crs: object) -> NDArray[np.bool_]:
    """Find what lies beyond a model's sheets on the surface's grid."""
    crs = grid.crs if stated_crs is None else stated_crs
    return ~find_extent(
        join_sheets(read_sheet(Path(path), crs=crs) for path in paths),
        crs=grid.crs,
        transform=grid.transform,
        n_rows=grid.n_rows,
        n_columns=grid.n_columns,
    )


def _draw(paths: Paths, grid: Mosaic, stated_crs: object, *, smooth: bool) -> NDArray[np.float32]:
    """Draw a model onto the surface's grid; refuse one that tells nothing there."""
    crs = grid.crs if stated_crs is None else stated_crs
    mosaics = join_sheets(read_sheet(Path(path), crs=crs) for path in paths)
    heights = draw_heights(
        mosaics,
        crs=grid.crs,
        transform=grid.transform,
        n_rows=grid.n_rows,
        n_columns=grid.n_columns,
        smooth=smooth,
    )
    if np.isnan(heights).all():
        first = grid.sheets[0][0].path
        msg = (
            f"{paths[0]} tells no height where {first.name} lies; give sheets of the same place "
            "that are not blank."
        )
        raise SourceError(msg)
    return heights


def _find_grid(mosaics: Sequence[Mosaic]) -> Mosaic:
    """Find the one grid of a surface model on which rows and metres mean what they say."""
    grid = mosaics[0]
    path = grid.sheets[0][0].path
    if len(mosaics) > 1:
        other = mosaics[1].sheets[0][0].path
        msg = f"{path} and {other} lie on different grids; wanted sheets of one: cast each alone."
        raise SourceError(msg)
    turned = grid.transform
    side, down = turned.a, -turned.e
    if turned.b or turned.d or side <= 0.0 or down <= 0.0:
        msg = f"{path} does not lie with north up; warp it first, as `gdalwarp` does."
        raise SourceError(msg)
    scale = _find_scale(grid)
    if grid.crs.is_geographic or not abs(scale - 1.0) <= _TRUE_SCALE:
        drawn = "counts in degrees" if grid.crs.is_geographic else f"draws 1 m as {scale:.2f} m"
        msg = (
            f"{path} {drawn}; wanted a map in true metres: warp it first, as "
            f"`gdalwarp -t_srs {_suggest_crs(grid)}` does."
        )
        raise SourceError(msg)
    if abs(side - down) > 1e-6 * side:
        msg = (
            f"{path} has cells of {side:g} by {down:g}; wanted square ones: warp it first, as "
            f"`gdalwarp -tr {side:g} {side:g}` does."
        )
        raise SourceError(msg)
    return grid


def _cell_m(grid: Mosaic) -> float:
    return float(grid.transform.a) * unit_m(grid.crs)


def _middle_deg(grid: Mosaic) -> tuple[float, float]:
    """Longitude and latitude of a grid's middle. [°]."""
    middle = grid.transform @ (grid.n_columns / 2.0, grid.n_rows / 2.0)
    way = pyproj.Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = way.transform(*middle)
    return float(longitude), float(latitude)


def _find_scale(grid: Mosaic) -> float:
    """Tell how long a metre northward is drawn at a grid's middle."""
    if not grid.crs.is_projected:
        return 1.0  # a local system has but its own metres
    return float(pyproj.Proj(grid.crs).get_factors(*_middle_deg(grid)).meridional_scale)


def _find_convergence(grid: Mosaic) -> float:
    """Tell how far the rows' north is turned clockwise from true north. [°]."""
    if not grid.crs.is_projected:
        return 0.0
    return float(pyproj.Proj(grid.crs).get_factors(*_middle_deg(grid)).meridian_convergence)


def _suggest_crs(grid: Mosaic) -> str:
    """Name the zone of UTM around a grid's middle."""
    longitude, latitude = _middle_deg(grid)
    zone = int((longitude + 180.0) // 6.0) % 60 + 1
    return f"EPSG:{(32600 if latitude >= 0.0 else 32700) + zone}"
