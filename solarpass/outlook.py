"""What single places see all around: time-free, and sharper than the blend along a street."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from ._skyline import CROWN_STEPS, SOLID_STEPS, add_sun
from .blend import to_elevation_deg, to_steps
from .leaf import find_leaf_year
from .rim import find_limits
from .skyline import IN_SOLID, MarchModel, find_skyline
from .sun import SunPath
from .tile import Surface

Progress = Callable[[str, float], None]

N_THREADS = 2


@dataclass(frozen=True, eq=False, slots=True)
class Outlook:
    """
    What stands between single places and the sky, for any date and hour.

    Attributes
    ----------
    leaf_year
        How far trees are in leaf on each day of the year, shape ``(366,)``.
    knows_casters
        False where there is no data on what casts shade at all.
    xy
        Where the places are, shape ``(n_places, 2)``. [m]
    solid, crown, crown_column
        The skyline: see `Skyline`.
    transmittance
        Of each layer of crowns, in leaf and bare, shape ``(n_layers, 2)``.
    limit, limit_row
        A beam that passes below this step leaves the ground of which the casters are known,
        shape ``(n_near, n_sectors)``; row of each place, -1 where all is known.
    """

    leaf_year: NDArray[np.float64]
    knows_casters: bool
    xy: NDArray[np.float64]
    solid: NDArray[np.uint8]
    crown: NDArray[np.uint64]
    crown_column: NDArray[np.int32]
    transmittance: NDArray[np.float64]
    limit: NDArray[np.uint8]
    limit_row: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Lock the arrays, which every session shares."""
        for item in fields(self):
            if str(item.type).startswith("NDArray"):
                getattr(self, item.name).flags.writeable = False

    @property
    def n_edges(self) -> int:
        """Count the places, each an edge of its own."""
        return len(self.xy)

    @property
    def n_sectors(self) -> int:
        """Count the sectors."""
        return len(self.solid)

    @property
    def is_covered(self) -> NDArray[np.bool_]:
        """Tell which places no beam reaches whatever is known: none, shape ``(n_places,)``."""
        return np.zeros(self.n_edges, bool)

    @property
    def is_sure(self) -> bool:
        """Tell that only the best guess is known of single places."""
        return True

    def pass_crowns(self) -> NDArray[np.float64]:
        """Share of the beam that passes the crowns, shape ``(1, n_layers, 2)``."""
        return self.transmittance[None]

    def add_sun(self, sun: SunPath, passed: NDArray[np.float32], table: NDArray[np.uint8]) -> None:
        """
        Look up the sun at the times it is up, in the sector that is nearest to it.

        Parameters
        ----------
        sun
            Its positions, shape ``(n_times,)``.
        passed
            Share of the beam that passes each layer, shape ``(1, n_times, n_layers)``.
        table
            Set in place to 254 times the share of the beam, 255 where unknown, shape
            ``(1, n_times, n_places)``.
        """
        turn = np.rint(sun.azimuth_deg * (self.n_sectors / 360.0)).astype(np.int64)
        tangent = np.tan(np.deg2rad(np.clip(sun.elevation_deg, 0.0, 89.9)))
        solid_step = np.ceil(SOLID_STEPS * tangent / (1.0 + tangent)).astype(np.int64)
        step = np.clip(np.rint(to_steps(sun.elevation_deg)), 0, CROWN_STEPS - 1).astype(np.int64)

        def fill(time: int) -> None:
            sector = int(turn[time] % self.n_sectors)
            add_sun(
                self.solid[sector],
                self.crown[sector],
                self.crown_column,
                self.limit[:, sector],
                self.limit_row,
                int(solid_step[time]),
                int(step[time]),
                passed[0, time],
                table[0, time],
            )

        with ThreadPoolExecutor(N_THREADS) as pool:
            list(pool.map(fill, np.flatnonzero(sun.elevation_deg > 0.0)))

    def sky_view_factor(self) -> NDArray[np.float64]:
        """
        Share of the sky seen by a flat patch of ground, in [0, 1], shape ``(n_places,)``.

        Solids only: what crowns let through depends on the season.

        References
        ----------
        G. T. Johnson and I. D. Watson, "The determination of view-factors in urban
        canyons," J. Climate Appl. Meteor., vol. 23, no. 2, 1984.
        """
        u = np.arange(256.0) / SOLID_STEPS
        open_sky = (1.0 - u) ** 2 / ((1.0 - u) ** 2 + u**2)  # cos² of the elevation
        open_sky[IN_SOLID] = 0.0
        svf = np.zeros(self.n_edges)
        for steps in self.solid:
            svf += open_sky[steps]
        return svf / self.n_sectors

    def skyline_deg(
        self, place: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """
        Tell what one place sees: elevation of solids, lowest and highest edge of crowns.

        Shape ``(n_sectors,)`` each; the two of the crowns are equal where there is none. [°]
        """
        u = np.clip(self.solid[:, place] / SOLID_STEPS, 0.0, 1.0)
        solid = np.rad2deg(np.arctan2(u, 1.0 - u))
        low, high = solid.copy(), solid.copy()
        mask = np.zeros(self.n_sectors, np.uint64)
        for column in self.crown_column[:, place]:
            if column >= 0:
                mask |= self.crown[:, column]
        bits = (mask[:, None] >> np.arange(CROWN_STEPS, dtype=np.uint64)) & np.uint64(1)
        seen = bits.any(axis=1)
        first, after = np.argmax(bits, axis=1), CROWN_STEPS - np.argmax(bits[:, ::-1], axis=1)
        low[seen] = to_elevation_deg(first - 0.5)[seen]
        high[seen] = to_elevation_deg(after - 0.5)[seen]
        return solid, low, high


def build_outlook(
    surface: Surface,
    xy: NDArray[np.float64],
    *,
    latitude_deg: float,
    model: MarchModel = MarchModel(),
    on_roofs: bool = False,
    progress: Progress | None = None,
) -> Outlook:
    """
    Build the skyline around single places, each an edge of its own.

    Parameters
    ----------
    surface
        What casts shade.
    xy
        Places in its local metres, shape ``(n_places, 2)``. [m]
    latitude_deg
        For the leaf season. [°]
    model
        How the surface is sampled.
    on_roofs
        Stand on whatever surface there is, without an eye's height, instead of the ground.
    progress
        Told the step and its share done.
    """
    skyline = find_skyline(surface, xy, model=model, on_roofs=on_roofs, progress=progress)
    limit, limit_row = find_limits(
        surface, xy, np.arange(len(xy) + 1), n_sectors=model.n_sectors, most_unknown=0.0
    )
    passed = [(layer.transmittance_leaf, layer.transmittance_bare) for layer in surface.layers]
    return Outlook(
        leaf_year=leaf_year_of(surface, latitude_deg=latitude_deg),
        knows_casters=surface.knows_casters,
        xy=xy.copy(),
        solid=skyline.solid,
        crown=skyline.crown,
        crown_column=skyline.crown_column,
        transmittance=np.array(passed, float).reshape(-1, 2),
        limit=limit,
        limit_row=limit_row,
    )


def leaf_year_of(surface: Surface, *, latitude_deg: float) -> NDArray[np.float64]:
    """Tell how far the crowns of a surface are in leaf on each day, shape ``(366,)``."""
    return find_leaf_year(latitude_deg) if surface.leaf_year is None else surface.leaf_year.copy()
