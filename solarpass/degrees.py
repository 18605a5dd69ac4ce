"""Degrees: what the coordinates of a file are, and how they become longitude and latitude."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
from numpy.typing import NDArray

from .errors import CoordinateError

DEGREES = "EPSG:4326"


def guess_degrees(path: Path, xy: NDArray[np.float64]) -> str:
    """
    Take coordinates that may be degrees for degrees.

    Raises
    ------
    CoordinateError
        If they are too large for that.
    """
    if are_degrees(xy):
        return DEGREES
    msg = (
        f"{path} has coordinates such as {_example(xy)} and does not tell "
        "their coordinate reference system; state it, as in crs=EPSG:25833."
    )
    raise CoordinateError(msg)


def are_degrees(xy: NDArray[np.float64]) -> bool:
    """Tell whether most coordinates may be degrees, in whichever order; metres are more."""
    known = xy[np.isfinite(xy).all(axis=1)]
    return bool((np.median(np.abs(known), axis=0) <= 180.0).all()) if len(known) else True


def _example(xy: NDArray[np.float64]) -> str:
    return "{:.1f}, {:.1f}".format(*xy[np.isfinite(xy).all(axis=1)][0])


def to_degrees(path: Path, xy: NDArray[np.float64], crs: object) -> NDArray[np.float64]:
    """
    Turn coordinates of a file into longitude and latitude, shape ``(n, 2)``.

    Raises
    ------
    CoordinateError
        If the system is none, or the coordinates do not look like it.
    """
    if crs is None:
        msg = (
            f"{path} does not tell its coordinate reference system; state it, as in crs=EPSG:25833."
        )
        raise CoordinateError(msg)
    move, counts_degrees = find_way(path, crs)
    if np.isfinite(xy).all(axis=1).any() and are_degrees(xy) != counts_degrees:
        they, it = ("no degrees", "degrees") if counts_degrees else ("degrees", "metres")
        msg = (
            f"{path} has coordinates such as {_example(xy)}, which are {they}, but {str(crs)[:80]} "
            f"counts in {it}; state the coordinate reference system that they are in, as in "
            f"crs={'EPSG:25833' if counts_degrees else DEGREES}."
        )
        raise CoordinateError(msg)
    return np.column_stack(move.transform(*xy.T))


def find_way(path: Path, crs: object) -> tuple[pyproj.Transformer, bool]:
    """Find the way from a coordinate reference system to degrees; and whether it counts in them."""
    try:
        move = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
        return move, pyproj.CRS.from_user_input(crs).is_geographic
    except pyproj.exceptions.ProjError as error:
        msg = (
            f"{path} has the coordinate reference system {str(crs)[:80]!r}, which is none that we "
            "know; state another, as in crs=EPSG:25833."
        )
        raise CoordinateError(msg) from error
