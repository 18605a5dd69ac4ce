"""The skyline along every street: time-free, so geometry is paid for once a city."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyproj
from numpy.typing import NDArray

from ._skyline import CROWN_STEPS, SOLID_STEPS
from .errors import FolderError
from .rim import find_limits
from .skyline import IN_SOLID, MarchModel, Skyline, find_skyline, phase_offsets
from .sun import SunPath
from .surface import Surface

if TYPE_CHECKING:
    from .network import Network

Progress = Callable[[str, float], None]

FORMAT = 1  # of the folder; raised when its files change meaning
_USUAL_LENGTH_M = 60.0  # edges of this length have the model's spacing


@dataclass(frozen=True, slots=True)
class ShadeModel:
    """
    Assumptions of the shade model; change one with `dataclasses.replace`.

    Attributes
    ----------
    spacing_m
        Distance of sample points along an edge; our choice. [m]
    n_phases
        Points in turn look by fractions of a sector aside, so that an edge is seen by
        `n_phases` times as many sectors; our choice. [count]
    most_unknown_fraction
        An edge of which more than this is unknown, is unknown; our choice. [1]
    march
        How the surface is sampled.
    """

    spacing_m: float = 1.0
    n_phases: int = 8
    most_unknown_fraction: float = 0.2
    march: MarchModel = field(default_factory=MarchModel)


@dataclass(frozen=True, eq=False, slots=True)
class SunSteps:
    """Where the sun stands in a horizon's own steps, per time and phase."""

    sector: NDArray[np.int16]
    solid: NDArray[np.int16]
    crown: NDArray[np.int16]


@dataclass(frozen=True, eq=False, slots=True)
class Horizon:
    """
    What stands between points along the edges and the sky, for any date and hour.

    Attributes
    ----------
    n_phases
        Points take turns in so many phases: that of point `p` is ``p % n_phases``.
    most_unknown_fraction
        An edge of which more than this is unknown, is unknown.
    latitude_deg
        For the leaf season. [°]
    knows_casters
        False where there is no data on what casts shade at all.
    point_xy
        Where the points are, shape ``(n_points, 2)``. [m]
    edge_point
        Points of edge `e`: ``edge_point[e]:edge_point[e + 1]``, evenly spaced and of equal
        weight; none where it is covered.
    is_covered
        Edges that no beam reaches, shape ``(n_edges,)``.
    solid, crown, crown_column
        The skyline: see `Skyline`.
    transmittance
        Of each layer of crowns, in leaf and bare, shape ``(n_layers, 2)``.
    limit, limit_column
        A beam that passes below this step leaves the ground of which the casters are known,
        shape ``(n_sectors, n_places)``; column of each point, -1 where all is known.
    """

    n_phases: int
    most_unknown_fraction: float
    latitude_deg: float
    knows_casters: bool
    point_xy: NDArray[np.float32]
    edge_point: NDArray[np.int64]
    is_covered: NDArray[np.bool_]
    solid: NDArray[np.uint8]
    crown: NDArray[np.uint32]
    crown_column: NDArray[np.int32]
    transmittance: NDArray[np.float64]
    limit: NDArray[np.uint8]
    limit_column: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Lock the arrays, which every session shares."""
        for name in ARRAY_NAMES:
            getattr(self, name).flags.writeable = False

    @property
    def n_points(self) -> int:
        """Count the points."""
        return len(self.point_xy)

    @property
    def n_edges(self) -> int:
        """Count the edges."""
        return len(self.is_covered)

    @property
    def n_sectors(self) -> int:
        """Count the sectors."""
        return len(self.solid)

    @property
    def n_bytes(self) -> int:
        """Count the bytes of all arrays."""
        return sum(getattr(self, name).nbytes for name in ARRAY_NAMES)

    def find_steps(self, sun: SunPath) -> SunSteps:
        """Express the sun in the horizon's steps, shape ``(n_times, n_phases)`` each."""
        offset = phase_offsets(self.n_phases).astype(float)
        turn = (sun.azimuth_deg * (self.n_sectors / 360.0))[:, None] - offset
        tangent = np.tan(np.deg2rad(np.clip(sun.elevation_deg, 0.0, 89.9)))
        u = (tangent / (1.0 + tangent))[:, None]
        solid = np.ceil(SOLID_STEPS * u + offset)
        crown = np.clip(np.floor(CROWN_STEPS * u + offset), 0, CROWN_STEPS - 1)
        return SunSteps(
            sector=(np.rint(turn).astype(np.int64) % self.n_sectors).astype(np.int16),
            solid=solid.astype(np.int16),
            crown=crown.astype(np.int16),
        )

    def sky_view_factor(self) -> NDArray[np.float64]:
        """
        Share of the sky seen by a flat patch of ground, in [0, 1], shape ``(n_points,)``.

        Solids only: what crowns let through depends on the season.

        References
        ----------
        G. T. Johnson and I. D. Watson, "The determination of view-factors in urban
        canyons," J. Climate Appl. Meteor., vol. 23, no. 2, 1984.
        """
        phase = np.arange(self.n_points) % self.n_phases
        u = _to_u(np.arange(256.0), phase_offsets(self.n_phases)[:, None])
        open_sky = (1.0 - u) ** 2 / ((1.0 - u) ** 2 + u**2)  # cos² of the elevation
        open_sky[:, IN_SOLID] = 0.0
        svf = np.zeros(self.n_points)
        for steps in self.solid:
            svf += open_sky[phase, steps]
        return svf / self.n_sectors

    def skyline_deg(
        self, point: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """
        Tell what one point sees: elevation of solids, lowest and highest edge of crowns.

        Shape ``(n_sectors,)`` each; the two of the crowns are equal where there is none. [°]
        """
        offset = phase_offsets(self.n_phases)[point % self.n_phases]
        solid = _to_deg(_to_u(self.solid[:, point].astype(float), offset))
        solid[self.solid[:, point] == IN_SOLID] = 90.0
        low, high = solid.copy(), solid.copy()
        mask = np.zeros(self.n_sectors, np.uint32)
        for column in self.crown_column[:, point]:
            if column >= 0:
                mask |= self.crown[:, column]
        bits = (mask[:, None] >> np.arange(32, dtype=np.uint32)) & 1
        seen = bits.any(axis=1)
        first = np.argmax(bits, axis=1) - offset
        after = 32 - np.argmax(bits[:, ::-1], axis=1) - offset
        low[seen] = _to_deg(np.clip(first / CROWN_STEPS, 0.0, 1.0))[seen]
        high[seen] = _to_deg(np.clip(after / CROWN_STEPS, 0.0, 1.0))[seen]
        return solid, low, high


ARRAY_NAMES = tuple(item.name for item in fields(Horizon) if str(item.type).startswith("NDArray"))


def build_horizon(
    surface: Surface,
    network: Network,
    *,
    model: ShadeModel = ShadeModel(),
    progress: Progress | None = None,
) -> Horizon:
    """
    Build the skyline along the edges of a network.

    Parameters
    ----------
    surface
        What casts shade, in the local metres of `network`.
    network
        Its edges are sampled every `model.spacing_m`, at the middles of equal pieces.
    model
        Assumptions.
    progress
        Told the step and its share done.
    """
    n_points = _count_points(network.length_m, model)
    n_points[network.is_covered] = 0
    if not surface.knows_casters:
        n_points[:] = 0
    xy = place_points(network, n_points)
    edge_point = np.concatenate([[0], np.cumsum(n_points)])
    middle = network.node_xy.mean(axis=0) if network.n_nodes else np.zeros(2)
    degrees = pyproj.Transformer.from_crs(network.crs, "EPSG:4326", always_xy=True)
    skyline = find_skyline(
        surface, xy, model=model.march, n_phases=model.n_phases, progress=progress
    )
    return _assemble(
        surface,
        skyline,
        xy,
        edge_point=edge_point,
        is_covered=network.is_covered.copy(),
        latitude_deg=float(degrees.transform(*middle)[1]),
        model=model,
    )


def build_horizon_at(
    surface: Surface,
    xy: NDArray[np.float64],
    *,
    latitude_deg: float,
    model: ShadeModel = ShadeModel(),
    on_roofs: bool = False,
    progress: Progress | None = None,
) -> Horizon:
    """
    Build the skyline around single places, each an edge of its own.

    Parameters
    ----------
    surface
        What casts shade.
    xy
        Places in its local metres, shape ``(n_points, 2)``. [m]
    latitude_deg
        For the leaf season. [°]
    model
        Assumptions; there is no turn-taking, as no neighbours average it out.
    on_roofs
        Stand on whatever surface there is, without an eye's height, instead of the ground.
    progress
        Told the step and its share done.
    """
    skyline = find_skyline(
        surface, xy, model=model.march, n_phases=1, on_roofs=on_roofs, progress=progress
    )
    return _assemble(
        surface,
        skyline,
        xy,
        edge_point=np.arange(len(xy) + 1),
        is_covered=np.zeros(len(xy), bool),
        latitude_deg=latitude_deg,
        model=model,
        n_phases=1,
    )


def save_horizon(horizon: Horizon, folder: Path) -> None:
    """Write a horizon as one array a file, and what it assumes beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ARRAY_NAMES:
        np.save(folder / f"{name}.npy", getattr(horizon, name), allow_pickle=False)
    plain = {
        item.name: getattr(horizon, item.name)
        for item in fields(Horizon)
        if item.name not in ARRAY_NAMES
    }
    text = json.dumps({"format": FORMAT, **plain}, indent=1, sort_keys=True)
    (folder / "horizon.json").write_text(text + "\n", encoding="utf-8")


def read_horizon(folder: Path) -> Horizon:
    """
    Open a horizon, its arrays mapped into memory.

    Raises
    ------
    FolderError
        If it is missing, torn, or of another version.
    """
    try:
        plain = json.loads((folder / "horizon.json").read_text(encoding="utf-8"))
        found = plain.pop("format", None)
        if found == FORMAT:
            arrays = {
                name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
                for name in ARRAY_NAMES
            }
            return Horizon(**plain, **arrays)
    except (OSError, EOFError, ValueError, TypeError, AttributeError) as error:
        msg = f"Wanted a horizon in {folder}; {error}: run `solarpass build` again."
        raise FolderError(msg) from error
    msg = (
        f"Wanted a horizon of format {FORMAT} in {folder}; got {found}: "
        "run `solarpass build` again."
    )
    raise FolderError(msg)


def _assemble(
    surface: Surface,
    skyline: Skyline,
    xy: NDArray[np.float64],
    *,
    edge_point: NDArray[np.int64],
    is_covered: NDArray[np.bool_],
    latitude_deg: float,
    model: ShadeModel,
    n_phases: int | None = None,
) -> Horizon:
    limit, limit_column = find_limits(surface, xy, edge_point, n_sectors=model.march.n_sectors)
    return Horizon(
        n_phases=n_phases or model.n_phases,
        most_unknown_fraction=model.most_unknown_fraction,
        latitude_deg=latitude_deg,
        knows_casters=surface.knows_casters,
        point_xy=xy.astype(np.float32),
        edge_point=edge_point,
        is_covered=is_covered,
        solid=skyline.solid,
        crown=skyline.crown,
        crown_column=skyline.crown_column,
        transmittance=np.array(
            [(layer.transmittance_leaf, layer.transmittance_bare) for layer in surface.layers]
        ).reshape(-1, 2),
        limit=limit,
        limit_column=limit_column,
    )


def _count_points(length_m: NDArray[np.float64], model: ShadeModel) -> NDArray[np.int64]:
    """Count each edge's points so that its share of sun is known as well as any other's."""
    usual_m = model.spacing_m * np.sqrt(length_m / _USUAL_LENGTH_M)
    spacing_m = np.clip(usual_m, model.spacing_m / 4.0, model.spacing_m * 2.0)
    return np.maximum(np.rint(length_m / spacing_m), 1).astype(np.int64)


def place_points(network: Network, n_points: NDArray[np.int64]) -> NDArray[np.float64]:
    """Place points at the middles of equal pieces of each edge."""
    vertex, start = network.vertex_xy, network.edge_vertex
    piece_m = np.hypot(*np.diff(vertex, axis=0).T)
    piece_m[start[1:-1] - 1] = 0.0  # from one edge to the next
    along_m = np.concatenate([[0.0], np.cumsum(piece_m)])
    edge = np.repeat(np.arange(network.n_edges), n_points)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(n_points) - n_points, n_points)
    first_m, last_m = along_m[start[:-1]], along_m[start[1:] - 1]
    share = (number + 0.5) / n_points[edge]
    wanted_m = first_m[edge] + share * (last_m - first_m)[edge]
    xy = np.column_stack([np.interp(wanted_m, along_m, vertex[:, axis]) for axis in (0, 1)])
    still = (last_m == first_m)[edge]
    xy[still] = vertex[start[:-1][edge[still]]]
    return xy


def _to_u(
    steps: NDArray[np.float64], offset: NDArray[np.float32] | np.float32
) -> NDArray[np.float64]:
    return np.clip((steps - offset) / SOLID_STEPS, 0.0, 1.0)


def _to_deg(u: NDArray[np.float64]) -> NDArray[np.float64]:
    elevation: NDArray[np.float64] = np.rad2deg(np.arctan2(u, 1.0 - u))
    return elevation
