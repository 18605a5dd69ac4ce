"""Rasters that several tests write, and the metres they are read in."""

from pathlib import Path

import numpy as np
import pyproj
import rasterio
from affine import Affine

UTM = "EPSG:25833"
CORNER = (411_000.0, 5_656_000.0)  # upper left of what the tests write; Dresden
LATITUDE, LONGITUDE = 51.0463, 13.7318


def metres(latitude_deg: float = LATITUDE, longitude_deg: float = LONGITUDE) -> pyproj.CRS:
    """Draw a city's own metres around a place."""
    return pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0={latitude_deg} +lon_0={longitude_deg} +k=1 +ellps=WGS84 +units=m"
    )


def write_raster(
    path: Path,
    height: np.ndarray,
    *,
    crs: str | None = UTM,
    transform: Affine | None = None,
    cell: float = 1.0,
    nodata: float | None = None,
    unit: str | None = None,
    scale: float | None = None,
    **more: object,
) -> Path:
    """Write heights, row 0 in the north, as a GeoTIFF or what the name's ending says."""
    height = np.atleast_3d(height.T).T if height.ndim == 2 else height
    placed = transform or Affine(cell, 0.0, CORNER[0], 0.0, -cell, CORNER[1])
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(height),
        height=height.shape[1],
        width=height.shape[2],
        dtype=height.dtype,
        crs=crs,
        transform=placed,
        nodata=nodata,
        **more,
    ) as raster:
        raster.write(height)
        if unit is not None:
            raster.units = (unit,) * len(height)
        if scale is not None:
            raster.scales = (scale,) * len(height)
    return path


def slope_m(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Tell a hillside's height at coordinates of UTM: exact between the cells too. [m]."""
    return 100.0 + 0.1 * (x - CORNER[0]) - 0.05 * (y - CORNER[1])


def hillside(
    n_rows: int = 60, n_columns: int = 80, *, transform: Affine | None = None
) -> np.ndarray:
    """Fill a raster with the hillside, at the middles of its cells."""
    placed = transform or Affine(1.0, 0.0, CORNER[0], 0.0, -1.0, CORNER[1])
    column, row = np.meshgrid(np.arange(n_columns) + 0.5, np.arange(n_rows) + 0.5)
    a, b, c, d, e, f = tuple(placed)[:6]
    return slope_m(a * column + b * row + c, d * column + e * row + f).astype(np.float32)
