"""Hot loop of the grove: which steps of elevation planted crowns cover, seen from points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from ._skyline import _below

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def cover_steps(
    xy: NDArray[np.float64],  # (n_points, 2) [m]
    eye_m: NDArray[np.float64],  # (n_points,)
    disc: NDArray[np.float64],  # (n_crowns, 3): centre and radius [m]
    base_m: NDArray[np.float64],  # (n_crowns,)
    top_m: NDArray[np.float64],  # (n_crowns,)
    ray: NDArray[np.float64],  # (n_sectors, 2): unit vectors, east and north
    reach_m: float,
    mask: NDArray[np.uint64],  # (n_sectors, n_points): bits are set in place
) -> None:
    for p in range(xy.shape[0]):
        for k in range(disc.shape[0]):
            x, y = disc[k, 0] - xy[p, 0], disc[k, 1] - xy[p, 1]
            radius = disc[k, 2]
            square = x * x + y * y - radius * radius
            if square > reach_m * reach_m or top_m[k] <= eye_m[p]:
                continue
            for sector in range(ray.shape[0]):
                along = x * ray[sector, 0] + y * ray[sector, 1]
                half = along * along - square  # of the chord, squared
                if half <= 0.0:
                    continue
                near, far = along - np.sqrt(half), along + np.sqrt(half)
                if far <= 1e-6:
                    continue  # behind
                # A ray at some slope is in the crown between its base and its top.
                high = (top_m[k] - eye_m[p]) / max(near, 1e-6)
                low = max((base_m[k] - eye_m[p]) / far, 0.0)
                mask[sector, p] |= _below(np.float32(high)) & ~_below(np.float32(low))
