"""Whereabouts: where the rows of a list are on the Earth, and whether that can be meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from solarpass.degrees import DEGREES
from solarpass.extent import find_middle, find_zone, make_crs, project, turn_to

from .errors import SiteError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solarpass import City

WIDEST_M = 150_000.0  # no site of one city is as far from their middle; our choice


def find_shapes(path: Path, shapes: NDArray[Any], crs: str) -> NDArray[Any]:
    """
    Turn shapes of a file into longitude and latitude; None for what has no place on Earth.

    Raises
    ------
    SiteError
        If the coordinate reference system is none, or is not that of the coordinates.
    """
    try:
        move = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
        is_geographic = pyproj.CRS.from_user_input(crs).is_geographic
    except pyproj.exceptions.ProjError as error:
        msg = (
            f"{path} has the coordinate reference system {crs[:60]!r}, which is none that we know; "
            "state another, such as EPSG:25833."
        )
        raise SiteError(msg) from error
    flat = _flatten(shapes)
    middle = shapely.get_coordinates(shapely.centroid(flat[flat != None]))  # noqa: E711 - of objects
    if len(middle) and is_geographic and (np.median(np.abs(middle), axis=0) > 360.0).any():
        x, y = middle[0]
        msg = (
            f"{path} has coordinates such as {x:.0f}, {y:.0f}, which are no degrees; state their "
            "coordinate reference system, such as EPSG:25833."
        )
        raise SiteError(msg)
    with np.errstate(invalid="ignore", over="ignore"):
        there = shapely.transform(flat, lambda xy: np.column_stack(move.transform(*xy.T)))
    return _keep_sound(there, swapped=False)


def find_swapped(shapes: NDArray[Any], crs: str) -> NDArray[Any]:
    """Turn a point of each shape into longitude and latitude, x taken for y."""
    move = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
    flat = shapely.centroid(_flatten(shapes))
    with np.errstate(invalid="ignore", over="ignore"):
        turned = shapely.transform(flat, lambda xy: np.column_stack(move.transform(*xy[:, ::-1].T)))
    return _keep_sound(turned, swapped=True)


def _flatten(shapes: NDArray[Any]) -> NDArray[Any]:
    """Keep flat shapes with finite coordinates, mended; None for the rest."""
    flat = shapely.force_2d(np.array([*shapes, None], dtype=object)[:-1])
    for row, shape in enumerate(flat):
        xy = shapely.get_coordinates(shape)
        if len(xy) == 0 or not np.isfinite(xy).all():
            flat[row] = None
        elif not shapely.is_valid(shape):
            flat[row] = shapely.make_valid(shape)
    return flat


def _keep_sound(degrees: NDArray[Any], *, swapped: bool) -> NDArray[Any]:
    """Keep what lies on the Earth; what lies beyond the poles is left to be told as swapped."""
    for row, shape in enumerate(degrees):
        if shape is not None:
            xy = np.abs(shapely.get_coordinates(shape))
            most_deg = 90.0 if swapped else 180.0
            sound = np.isfinite(xy).all() and (xy[:, 1] <= most_deg).all()
            if not sound or (xy[:, 0] > 360.0).any():
                degrees[row] = None
    return degrees


def settle_whereabouts(
    path: Path, degrees: NDArray[Any], swapped: NDArray[Any], city: City | None
) -> tuple[pyproj.CRS, NDArray[Any], NDArray[np.bool_], list[str]]:
    """
    Place shapes in a city, or in metres of their own.

    Parameters
    ----------
    path
        Of the list, for refusals.
    degrees
        From `find_shapes`.
    swapped
        From `find_swapped`.
    city
        None: metres are centred amid the sites.

    Returns
    -------
    tuple
        The metres, the shapes in them, which to keep, and notes.

    Raises
    ------
    SiteError
        If no row has a place, all are outside the city, coordinates look swapped, or the sites
        are strewn over a country.
    """
    known = degrees != None  # noqa: E711 - of objects
    if not known.any():
        msg = (
            f"{path} tells of {len(known):,} sites, but of none where it is; wanted coordinates in "
            "every row."
        )
        raise SiteError(msg)
    notes = []
    if not known.all():
        notes.append(f"Left out, without coordinates: {int((~known).sum()):,}.")
    if city is None:
        crs = _centre(path, degrees[known], swapped[known])
        return crs, _move(degrees, crs), known, notes
    local = _move(degrees, city.crs)
    inside = known & shapely.intersects(city.extent, local)
    turned = shapely.intersects(city.extent, _move(swapped, city.crs)) & ~inside
    if not inside.any():
        _refuse_outside(path, local[known], city, n_turned=int(turned.sum()))
    n_outside = int((known & ~inside).sum())
    if n_outside:
        notes.append(f"Left out, outside {city.name}: {n_outside:,}.")
    if turned.any():
        notes.append(
            f"Check what is left out: {int(turned.sum()):,} of them in {city.name} if x and y "
            "were swapped."
        )
    return city.crs, local, inside, notes


def _move(degrees: NDArray[Any], crs: pyproj.CRS) -> NDArray[Any]:
    moved: NDArray[Any] = shapely.transform(degrees, lambda xy: project(crs, xy))
    return moved


def _refuse_outside(path: Path, local: NDArray[Any], city: City, *, n_turned: int) -> None:
    if n_turned:
        msg = (
            f"{path}: its coordinates look swapped, for with x and y turned round its sites lie in "
            f"{city.name}; put longitude (x) before latitude (y)."
        )
        raise SiteError(msg)
    away_km = float(shapely.distance(city.extent, local).min()) / 1000.0
    told = "its site does not lie" if len(local) == 1 else f"none of its {len(local):,} sites lies"
    nearest = "it" if len(local) == 1 else "the nearest"
    msg = (
        f"{path}: {told} in {city.name}; {nearest} is "
        f"{away_km:,.1f} km away: give the city's own list."
    )
    raise SiteError(msg)


def _centre(path: Path, degrees: NDArray[Any], swapped: NDArray[Any]) -> pyproj.CRS:
    """Centre metres of their own on sites, unless those are at sea, or everywhere."""
    at = shapely.get_coordinates(shapely.centroid(degrees))
    latitude, longitude = find_middle(at)
    other = shapely.get_coordinates(shapely.centroid(swapped[swapped != None]))  # noqa: E711 - of objects
    is_off = abs(latitude) > 90.0 or _is_at_sea(latitude, longitude)
    if is_off and len(other) and not _is_at_sea(*find_middle(other)):
        latitude_there, longitude_there = find_middle(other)
        msg = (
            f"{path}: its coordinates look swapped, for its sites are around latitude "
            f"{latitude:.3f}, longitude {longitude:.3f}, where nobody waits, and turned round near "
            f"{latitude_there:.3f}, {longitude_there:.3f}; put longitude (x) before latitude (y)."
        )
        raise SiteError(msg)
    if (np.abs(at[:, 1]) > 90.0).any():
        worst = at[np.argmax(np.abs(at[:, 1]))]
        msg = f"{path} has the latitude {worst[1]:.3f}; wanted degrees between -90 and 90."
        raise SiteError(msg)
    east_deg = turn_to(at[:, 0], longitude) - longitude
    north_m = 111_320.0 * (at[:, 1] - latitude)
    east_m = 111_320.0 * np.cos(np.deg2rad(latitude)) * east_deg
    away_m = float(np.hypot(north_m, east_m).max())
    if away_m > WIDEST_M:
        msg = (
            f"{path}: its sites are up to {away_m / 1000.0:,.0f} km from their middle; wanted "
            "those of one city: leave out the others, or check their coordinates."
        )
        raise SiteError(msg)
    return make_crs((round(latitude, 4), round(longitude, 4)))


def _is_at_sea(latitude: float, longitude: float) -> bool:
    return abs(latitude) > 90.0 or find_zone((latitude, longitude)).startswith("Etc/")
