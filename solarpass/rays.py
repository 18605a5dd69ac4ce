"""Rays: rasters turned so that the sun stands towards their last row, and swept."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ._cast import cast_crowns, cast_solids

N_THREADS = 2


@dataclass(frozen=True, slots=True)
class Rays:
    """One direction of the sun, turned so that it stands towards the last row."""

    transposed: bool
    flipped: bool
    slope: float  # columns per row towards the sun
    drop_m: float  # the beam's descent per row

    @classmethod
    def towards(cls, azimuth_deg: float, elevation_deg: float, cell_m: float) -> Rays:
        """Look towards a sun above the horizon; azimuth clockwise from north, rows run north."""
        east, north = math.sin(math.radians(azimuth_deg)), math.cos(math.radians(azimuth_deg))
        transposed = abs(east) > abs(north) * (1.0 + 1e-12)  # a diagonal goes by rows
        along, across = (east, north) if transposed else (north, east)
        descent = cell_m / abs(along) * math.tan(math.radians(elevation_deg))
        return cls(transposed, along < 0.0, across / abs(along), descent)

    def turn(self, array: NDArray[np.floating]) -> NDArray[np.float32]:
        """Turn a raster whose row 0 lies in the south."""
        turned = array.T if self.transposed else array
        return np.ascontiguousarray(turned[::-1] if self.flipped else turned, np.float32)

    def turn_back(self, array: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turn back what was found on turned rasters."""
        turned = array[::-1] if self.flipped else array
        return turned.T if self.transposed else turned

    def cast(
        self,
        solid: NDArray[np.float32],
        receiver: NDArray[np.float32],
        crowns: list[tuple[int, NDArray[np.float32], NDArray[np.float32]]],
        *,
        lead: float,
        above: float,
        below: float,
        nearest: int,
    ) -> NDArray[np.uint8]:
        """Cast turned rasters; `lead`, `above` and `below` in rows."""
        n_rows, n_columns = solid.shape
        # Half a hair keeps a slope of 1 from rounding now up, now down.
        shift = np.floor(np.arange(n_rows) * self.slope + 0.5 + 1e-9).astype(np.int64)
        shaded = np.zeros(solid.shape, np.uint8)
        drop, lowest = np.float32(self.drop_m), np.float32(receiver.min())
        lines = np.linspace(-shift.max(), n_columns - shift.min(), N_THREADS + 1).astype(int)

        def sweep(part: int) -> None:
            strip = (int(lines[part]), int(lines[part + 1]))
            first_m = np.float32(lead * self.drop_m)
            cast_solids(solid, receiver, shift, drop, first_m, *strip, shaded)
            reach = (np.float32(above), np.float32(below), nearest, lowest)
            for flag, low, high in crowns:
                cast_crowns(
                    low, high, receiver, shift, drop, *reach, np.uint8(flag), *strip, shaded
                )

        with ThreadPoolExecutor(N_THREADS) as pool:
            list(pool.map(sweep, range(N_THREADS)))
        return shaded
