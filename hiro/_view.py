"""Hot loop of the view: what share of the hemisphere is sky, solid and crown, by sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOLID, CROWN = 0, 1


@njit(nogil=True, cache=True)
def add_views(  # noqa: C901, PLR0912 - a hot loop
    solid: NDArray[np.uint8],  # (n_rays, n_points): step of the solids' skyline, 255 within one
    crown: NDArray[np.uint64],  # (n_rays, n_columns): one bit a step of elevation
    crown_column: NDArray[np.int32],  # (n_layers, n_points): -1 without crowns
    passed: NDArray[np.float64],  # (n_layers,): share that passes each layer
    point_place: NDArray[np.int64],  # (n_points,): of which place
    weight: NDArray[np.float64],  # (n_points,): that sum to 1 for each place
    below_solid: NDArray[np.float64],  # (n_kinds, 256): weight below each step of solids
    below_crown: NDArray[np.float64],  # (n_kinds, n_steps + 1): below each step of crowns
    seen: NDArray[np.float64],  # (n_kinds, 2, n_places, n_sectors): solid, crown; added to
    steepness: NDArray[np.float64],  # (n_places, n_sectors): mean step of the solids; added to
) -> None:
    n_rays = solid.shape[0]
    n_kinds, _, _, n_sectors = seen.shape
    n_steps = below_crown.shape[1] - 1
    bits = np.empty(crown_column.shape[0], np.uint64)
    for point in range(solid.shape[1]):
        place = point_place[point]
        scale = weight[point] * n_sectors / n_rays
        if scale == 0.0:
            continue
        has_crown = False
        for layer in range(bits.size):
            has_crown |= crown_column[layer, point] >= 0
        for ray in range(n_rays):
            # Rays stand for what is around them: the first sector begins half a sector early.
            sector = (ray * n_sectors + n_rays // 2) // n_rays % n_sectors
            step = solid[ray, point]
            steepness[place, sector] += scale * step
            for kind in range(n_kinds):
                seen[kind, SOLID, place, sector] += scale * below_solid[kind, step]
            if not has_crown:
                continue
            covered = np.uint64(0)
            for layer in range(bits.size):
                column = crown_column[layer, point]
                bits[layer] = crown[ray, column] if column >= 0 else np.uint64(0)
                covered |= bits[layer]
            for k in range(n_steps):
                if not (covered >> np.uint64(k)) & np.uint64(1):
                    continue
                through = 1.0
                for layer in range(bits.size):
                    if (bits[layer] >> np.uint64(k)) & np.uint64(1):
                        through *= passed[layer]
                if through < 1.0:
                    for kind in range(n_kinds):
                        low = max(below_crown[kind, k], below_solid[kind, step])
                        band = max(below_crown[kind, k + 1] - low, 0.0)
                        seen[kind, CROWN, place, sector] += scale * (1.0 - through) * band
