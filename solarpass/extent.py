"""How far an extract reaches: where it holds all there is, and where its middle is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from timezonefinder import TimezoneFinder

    from .osm import OsmTables

_FAR_M = 4.0e7  # once around

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ExtentModel:
    """
    Assumptions about where an extract is complete; all our choice.

    Attributes
    ----------
    cell_m
        Cells in which streets and buildings are looked for. [m]
    widest_m
        What is further than this from the median of all is no part of a city. [m]
    bridge_fraction
        Gaps belong to the city, such as a park or a mountain, up to this share of its size (the
        root of the area that its cells cover) to either side. [1]
    most_bridge_cells
        But never more than this. [count]
    thin_cells
        What is narrower than about twice this is a stray way. [count]
    filled_fraction
        The file's own box is believed if the dense cells fill at least this share of it:
        a box around a country's border is not. [1]
    least_fraction
        A patch that holds less than this share of what the richest holds is dropped. [1]
    n_for_rim, rim_m, gap_m
        Where the file tells no box, streets run on beyond the cut. A patch with so many buildings
        then ends this far beyond them, and is torn where they leave more than this gap.
        [count], [m], [m]
    """

    cell_m: float = 125.0
    widest_m: float = 150_000.0
    bridge_fraction: float = 0.08
    most_bridge_cells: int = 8
    thin_cells: int = 1
    filled_fraction: float = 0.75
    least_fraction: float = 0.05
    n_for_rim: int = 30
    rim_m: float = 40.0
    gap_m: float = 300.0


def find_middle(degrees: NDArray[np.float64]) -> tuple[float, float]:
    """
    Find the median place of longitudes and latitudes, across the antimeridian too.

    Parameters
    ----------
    degrees
        Longitude and latitude, shape ``(n, 2)``. [°]

    Returns
    -------
    tuple[float, float]
        Latitude and longitude. [°]
    """
    turn = np.exp(1j * np.deg2rad(degrees[:, 0])).mean()
    around = float(np.rad2deg(np.angle(turn)))
    median = around + float(np.median(turn_to(degrees[:, 0], around) - around))
    return float(np.median(degrees[:, 1])), turn_to_one(median, 0.0)


def turn_to(longitude_deg: NDArray[np.float64], around_deg: float) -> NDArray[np.float64]:
    """Turn longitudes to within half a circle of one of them [°]."""
    turned: NDArray[np.float64] = (longitude_deg - around_deg + 180.0) % 360.0 - 180.0 + around_deg
    return turned


def turn_to_one(longitude_deg: float, around_deg: float) -> float:
    """Turn one longitude to within half a circle of another [°]."""
    return float(turn_to(np.array([longitude_deg]), around_deg)[0])


def make_crs(centre: tuple[float, float]) -> pyproj.CRS:
    """Make the city's own metres: transverse Mercator through its centre, so that up is north."""
    latitude_deg, longitude_deg = centre
    return pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0={latitude_deg:.4f} +lon_0={longitude_deg:.4f} +k=1 +x_0=0 +y_0=0 "
        "+datum=WGS84 +units=m +no_defs +type=crs"
    )


def project(crs: pyproj.CRS, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn longitude and latitude into local metres, shape ``(n, 2)``."""
    transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    xy = np.column_stack(transformer.transform(degrees[:, 0], degrees[:, 1]))
    # The far side of the Earth has no image: it stays far, where nobody takes it for the city.
    xy[~np.isfinite(xy)] = _FAR_M
    return xy


def find_extent(
    street_xy: NDArray[np.float64],
    building_xy: NDArray[np.float64],
    *,
    box: shapely.Polygon | None,
    model: ExtentModel | None = None,
) -> shapely.MultiPolygon:
    """
    Find where streets and buildings lie dense enough that the extract must hold all there is.

    Parameters
    ----------
    street_xy
        Vertices of streets in local metres, shape ``(n, 2)``, at least one.
    building_xy
        A point in each building, shape ``(n_buildings, 2)``.
    box
        The box that the file's header claims, in local metres.
    model
        Assumptions.
    """
    model = model or ExtentModel()
    patches = _draw_patches(np.vstack([street_xy, building_xy]), model)
    if box is not None:
        within = shapely.intersection(shapely.union_all(patches), box)
        if within.area >= model.filled_fraction * box.area:
            return shapely.MultiPolygon([box])
        if within.area > 0.0:
            return _polygons(within)
    # A box that the data does not touch is some other file's.
    kept = [_trim(patch, building_xy, model) for patch in patches]
    return _polygons(shapely.union_all(kept))


def _polygons(shape: Any) -> shapely.MultiPolygon:  # noqa: ANN401 - any geometry
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def _trim(patch: Any, building_xy: NDArray[np.float64], model: ExtentModel) -> Any:  # noqa: ANN401 - any geometry
    near = building_xy[shapely.contains_xy(shapely.buffer(patch, model.cell_m), building_xy)]
    if len(near) < model.n_for_rim:
        return patch
    thinned = np.unique(np.rint(near / 20.0) * 20.0, axis=0)  # one in 20 m draws the same rim
    grown = shapely.buffer(shapely.multipoints(thinned), 0.5 * model.gap_m, quad_segs=4)
    rim = shapely.get_parts(shapely.buffer(grown, model.rim_m - 0.5 * model.gap_m, quad_segs=4))
    whole: Any = shapely.polygons(shapely.get_exterior_ring(rim))  # a hole is a park
    area = shapely.area(whole)
    return shapely.union_all(whole[area >= model.least_fraction * area.max()])


def _draw_patches(xy: NDArray[np.float64], model: ExtentModel) -> list[Any]:
    # Half a second to import, which a city that is only read need not wait for.
    from scipy import ndimage  # noqa: PLC0415

    # A mistyped node on the other side of the Earth must cost no memory.
    near = (np.abs(xy - np.median(xy, axis=0)) <= model.widest_m).all(axis=1)
    column = np.floor(xy[near] / model.cell_m).astype(np.int64)
    pad = model.most_bridge_cells + 2
    origin = column.min(axis=0) - pad
    shape = column.max(axis=0) - origin + pad + 1
    held = np.zeros(tuple(shape), dtype=bool)
    held[tuple((column - origin).T)] = True
    bridge = round(model.bridge_fraction * float(np.sqrt(held.sum())))
    closed = ndimage.binary_closing(held, _disc(min(max(bridge, 1), model.most_bridge_cells)))
    opened = ndimage.binary_opening(closed, _disc(model.thin_cells))
    if not opened.any():  # a village smaller than what counts as a stray way
        opened = closed
    patch, n_patches = ndimage.label(ndimage.binary_fill_holes(opened))
    # A patch counts by what it holds, so that a meadow between strays is none.
    weight = ndimage.sum_labels(held, patch, np.arange(1, n_patches + 1))
    return [
        _draw_cells(np.argwhere(patch == number + 1) + origin, model.cell_m)
        for number in np.flatnonzero(weight >= model.least_fraction * weight.max())
    ]


def _draw_cells(cell: NDArray[np.int64], cell_m: float) -> Any:  # noqa: ANN401 - any geometry
    west, south = (cell * cell_m).T
    return shapely.union_all(shapely.box(west, south, west + cell_m, south + cell_m))


def _disc(radius: int) -> NDArray[np.bool_]:
    x, y = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc: NDArray[np.bool_] = x * x + y * y <= (radius + 0.5) ** 2
    return disc


def draw_box(crs: pyproj.CRS, box: Box) -> shapely.Polygon:
    """Draw a box of degrees in local metres, its sides bent as the map bends them."""
    ring = shapely.segmentize(shapely.box(*box), (box[2] - box[0] + box[3] - box[1]) / 64.0)
    drawn: shapely.Polygon = shapely.transform(ring, lambda degrees: project(crs, degrees))
    return drawn


@cache
def _finder() -> TimezoneFinder:
    # Its import takes a second, which a city that is only read need not wait for.
    from timezonefinder import TimezoneFinder  # noqa: PLC0415

    return TimezoneFinder(in_memory=True)


def find_zone(centre: tuple[float, float]) -> str:
    """
    Find the time zone of a place, a nautical one at sea.

    Examples
    --------
    >>> find_zone((60.17, 24.94)), find_zone((0.0, -140.0))
    ('Europe/Helsinki', 'Etc/GMT+9')
    """
    latitude_deg, longitude_deg = centre
    zone = _finder().timezone_at(lat=latitude_deg, lng=turn_to_one(longitude_deg, 0.0))
    if zone is not None:
        return str(zone)
    hours = round(turn_to_one(longitude_deg, 0.0) / 15.0)
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def settle(
    tables: OsmTables, *, model: ExtentModel
) -> tuple[pyproj.CRS, tuple[float, float], shapely.MultiPolygon]:
    """Find the extent around the median of the streets, then centre the city on it."""
    built = tables.areas["building"].notna().to_numpy(bool)
    street = shapely.get_coordinates(np.asarray(tables.ways.geometry))
    building = shapely.get_coordinates(shapely.centroid(np.asarray(tables.areas.geometry)[built]))
    first = make_crs(find_middle(street))
    extent = find_extent(
        project(first, street),
        project(first, building),
        box=draw_box(first, tables.box) if tables.box else None,
        model=model,
    )
    west, south, east, north = shapely.bounds(extent)
    back = pyproj.Transformer.from_crs(first, "EPSG:4326", always_xy=True)
    longitude, latitude = back.transform(0.5 * (west + east), 0.5 * (south + north))
    centre = (round(latitude, 4), round(longitude, 4))
    crs = make_crs(centre)
    move = pyproj.Transformer.from_crs(first, crs, always_xy=True)
    moved = shapely.transform(
        extent, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])).round(3)
    )
    return crs, centre, moved


def to_local(frame: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Turn a table in degrees into local metres."""
    # A millimetre is finer than any mapper's hand, and the same on every machine.
    moved = shapely.transform(
        np.asarray(frame.geometry), lambda degrees: project(crs, degrees).round(3)
    )
    return frame.set_geometry(gpd.GeoSeries(moved, crs=crs, index=frame.index), crs=crs)


def touching(frame: gpd.GeoDataFrame, region: shapely.Geometry) -> gpd.GeoDataFrame:
    """Take the rows that reach into a region."""
    return frame[shapely.intersects(region, np.asarray(frame.geometry))].reset_index(drop=True)


def clip(frame: gpd.GeoDataFrame, region: shapely.Geometry) -> gpd.GeoDataFrame:
    """Cut areas off at a region's rim."""
    shape = np.asarray(frame.geometry).copy()
    out = ~shapely.covers(region, shape)
    shape[out] = shapely.intersection(shape[out], region)
    shape = make_polygonal(shape)
    kept = shapely.area(shape) > 0.0
    return gpd.GeoDataFrame(
        frame.drop(columns="geometry")[kept].reset_index(drop=True),
        geometry=shape[kept],
        crs=frame.crs,
    )


def make_polygonal(shape: NDArray[Any]) -> NDArray[Any]:
    """Mend self-crossing areas; lines and points that mending leaves are dropped."""
    mended = np.array([*shape, None], dtype=object)[:-1]
    bad = ~shapely.is_valid(mended)
    for row in np.flatnonzero(bad):
        parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(mended[row])))
        flat = [part for part in parts if part.geom_type == "Polygon" and part.area > 0.0]
        mended[row] = flat[0] if len(flat) == 1 else shapely.union_all(flat)
    return mended
