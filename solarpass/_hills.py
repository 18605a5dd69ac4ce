"""Hot loops of the hills: from anchors out to the crests, and from the crests back to places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from ._relief import read_between

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def find_crests(
    height: NDArray[np.float32],  # (n_rows, n_columns): of the ground [m], row 0 in the south
    xy: NDArray[np.float64],  # (n_anchors, 2): in cells from the outer corner
    eye: NDArray[np.float64],  # (n_anchors,): height of the eye [m]
    ray: NDArray[np.float64],  # (n_sectors, 2): unit vectors, east and north
    cells: NDArray[np.float64],  # (n_rings,): distances in cells
    far_m: NDArray[np.float64],  # (n_rings,): distances [m]
    sink_m: NDArray[np.float64],  # (n_rings,): how far the ground sinks beneath the level [m]
    highest_m: float,  # of all ground [m]
    crest_m: NDArray[np.float64],  # (n_anchors, n_sectors): height of the crest, filled [m]
    crest_far_m: NDArray[np.float64],  # (n_anchors, n_sectors): distance, filled; 0: none [m]
) -> None:
    n_rows, n_columns = height.shape
    for anchor in range(xy.shape[0]):
        for sector in range(ray.shape[0]):
            steepest, found = 0.0, -1
            for ring in range(cells.size):
                # From here on not even the highest ground of all would rise above the crest.
                if highest_m - sink_m[ring] - eye[anchor] <= steepest * far_m[ring]:
                    break
                x = xy[anchor, 0] + cells[ring] * ray[sector, 0]
                y = xy[anchor, 1] + cells[ring] * ray[sector, 1]
                if not (0.0 <= x < n_columns and 0.0 <= y < n_rows):
                    break
                ground = read_between(height, x, y)
                if np.isnan(ground):
                    continue
                slope = (ground - sink_m[ring] - eye[anchor]) / far_m[ring]
                if slope > steepest:
                    steepest, found = slope, ring
                    crest_m[anchor, sector] = ground - sink_m[ring]
            crest_far_m[anchor, sector] = far_m[found] if found >= 0 else 0.0


@njit(nogil=True, cache=True)
def raise_crests(
    place: NDArray[np.float64],  # (n_places, 2): in anchors from the first one
    eye: NDArray[np.float64],  # (n_places,) [m]
    ray: NDArray[np.float64],  # (n_sectors, 2)
    step_m: float,  # between anchors
    n_columns: int,  # of anchors
    crest_m: NDArray[np.float64],  # (n_anchors, n_sectors)
    crest_far_m: NDArray[np.float64],
    tangent: NDArray[np.float32],  # (n_places, n_sectors): raised in place
) -> None:
    for p in range(place.shape[0]):
        column, row = int(place[p, 0]), int(place[p, 1])
        east, north = place[p, 0] - column, place[p, 1] - row
        for sector in range(ray.shape[0]):
            seen = 0.0
            for up in range(2):
                for on in range(2):
                    anchor = (row + up) * n_columns + column + on
                    far = crest_far_m[anchor, sector]
                    if far == 0.0:
                        continue
                    # From here the same crest is so much nearer than from the anchor.
                    ahead = (east - on) * ray[sector, 0] + (north - up) * ray[sector, 1]
                    slope = (crest_m[anchor, sector] - eye[p]) / (far - ahead * step_m)
                    share = (north if up else 1.0 - north) * (east if on else 1.0 - east)
                    seen += share * max(slope, 0.0)
            tangent[p, sector] = max(tangent[p, sector], np.float32(seen))
