"""Small questions about lines in local metres: how long, where along, and which way."""

from __future__ import annotations

from math import atan2, degrees, hypot, nan

import numpy as np
from numpy.typing import NDArray


def line_length_m(line: NDArray[np.float64]) -> float:
    """Measure a line, shape ``(n_vertices, 2)`` [m]."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def along(line: NDArray[np.float64], at_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the places so far along a line, shape ``(n_places, 2)`` [m]."""
    run_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    return np.column_stack([np.interp(at_m, run_m, line[:, axis]) for axis in range(2)])


def middle(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the place halfway along a line, shape ``(2,)`` [m]."""
    half: NDArray[np.float64] = along(line, np.array([line_length_m(line) / 2.0]))[0]
    return half


def bearing_deg(start: NDArray[np.float64], end: NDArray[np.float64]) -> float:
    """Tell the direction between two places, clockwise from north; NaN for one place [°]."""
    east, north = (float(x) for x in end - start)
    return degrees(atan2(east, north)) % 360.0 if hypot(east, north) > 0.0 else nan


def turned_deg(before_deg: float, after_deg: float) -> float:
    """Tell how far one turns, right positive, in [-180, 180) [°]."""
    return (after_deg - before_deg + 180.0) % 360.0 - 180.0
