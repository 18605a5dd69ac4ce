"""What every street sees of the sky: time-free, so geometry is paid for once a city."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from ._blend import COARSE
from .blend import (
    Blend,
    add_sun,
    find_suns,
    read_table,
    to_elevation_deg,
    view_sky,
)
from .errors import FolderError
from .leaf import N_DAYS
from .outlook import leaf_year_of
from .rim import find_limits
from .shelf import find_array_types, open_arrays, read_plain, save_arrays
from .skyline import MarchModel
from .spread import Spread, SpreadModel, find_spread
from .strip import Strips, blend_edges, find_planes
from .sun import SunPath
from .tile import Surface

if TYPE_CHECKING:
    from .network import Network

Progress = Callable[[str, float], None]

FORMAT = 5  # of the folder; raised when its files change meaning
_USUAL_LENGTH_M = 60.0  # edges of this length have the model's spacing
_MOST_POINTS = 60_000  # of an edge: counts of them are kept in 16 bits


@dataclass(frozen=True, slots=True)
class ShadeModel:
    """
    Assumptions of the shade model; change one with `dataclasses.replace`.

    Attributes
    ----------
    spacing_m
        Distance of sample points along an edge; our choice. [m]
    least_m
        Length of an edge that is told from no length, down to which its sun is kept; our
        choice. [m]
    least_share, most_share
        Bounds of that as a share of the edge; our choice. [1]
    most_unknown_fraction
        An edge of which more than this is unknown, is unknown; our choice. [1]
    march
        How the surface is sampled.
    spread
        How its doubts are.
    """

    spacing_m: float = 0.85
    least_m: float = 0.35
    least_share: float = 1.0 / 64.0
    most_share: float = 1.0 / 8.0
    most_unknown_fraction: float = 0.2
    march: MarchModel = field(default_factory=MarchModel)
    spread: SpreadModel = field(default_factory=SpreadModel)


@dataclass(frozen=True, eq=False, slots=True)
class Horizon:
    """
    What stands between the edges and the sky, for any date and hour.

    Attributes
    ----------
    most_unknown_fraction
        An edge of which more than this is unknown, is unknown.
    leaf_year
        How far trees are in leaf on each day of the year, shape ``(366,)``.
    knows_casters
        False where there is no data on what casts shade at all.
    n_points
        So many points along the edges looked around.
    is_covered
        Edges that no beam reaches, shape ``(n_edges,)``.
    transmittance
        Of each layer of crowns, in leaf and bare, shape ``(n_planes, 2)``.
    blend
        What the edges see.
    spread
        How far off that may be.
    """

    most_unknown_fraction: float
    leaf_year: NDArray[np.float64]
    knows_casters: bool
    n_points: int
    is_covered: NDArray[np.bool_]
    transmittance: NDArray[np.float64]
    blend: Blend
    spread: Spread

    def __post_init__(self) -> None:
        """Lock the arrays, which every session shares."""
        for array in _arrays(self).values():
            array.flags.writeable = False

    @property
    def n_edges(self) -> int:
        """Count the edges."""
        return len(self.is_covered)

    @property
    def n_sectors(self) -> int:
        """Count the sectors."""
        return self.blend.n_sectors

    @property
    def n_bytes(self) -> int:
        """Count the bytes of all arrays, as they lie on disk."""
        return sum(array.nbytes for array in _arrays(self).values())

    @property
    def is_sure(self) -> bool:
        """Tell whether nothing about it is guessed."""
        return self.spread.is_none

    def pass_crowns(self) -> NDArray[np.float64]:
        """Share of the beam that passes: best, least and most, ``(3, n_planes, 2)``."""
        return np.stack([self.transmittance, self.spread.least, self.spread.most])

    def add_sun(self, sun: SunPath, passed: NDArray[np.float32], table: NDArray[np.uint8]) -> None:
        """
        Look up the sun at the times it is up, between the sectors and steps around it.

        An edge is unknown where too much of it is in doubt and more than that would be lit.

        Parameters
        ----------
        sun
            Its positions, shape ``(n_times,)``.
        passed
            Share of the beam that passes each layer, shape ``(n_tables, n_times, n_planes)``.
        table
            Set in place to 254 times the share of each edge in the sun, 255 where unknown: the
            best guess, and of three tables the least and the most, shape
            ``(n_tables, n_times, n_edges)``.
        """
        by_day = np.flatnonzero(sun.elevation_deg > 0.0)
        suns = find_suns(
            sun.azimuth_deg[by_day], sun.elevation_deg[by_day], n_sectors=self.n_sectors
        )
        add_sun(
            self.blend,
            suns,
            spread=self.spread,
            passed=passed[:, by_day],
            row=by_day,
            most_unknown=self.most_unknown_fraction,
            table=table,
        )

    def sky_view_factor(self) -> NDArray[np.float64]:
        """
        Share of the sky seen by flat ground, the mean along each edge, shape ``(n_edges,)``.

        Solids and roofs only: what crowns let through depends on the season. 0 where covered.
        """
        return view_sky(self.blend, n_edges=self.n_edges)

    def skyline_deg(
        self, edge: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """
        Tell what one edge sees: elevation of solids, lowest and highest edge of crowns.

        Solids end where half of the edge sees past them; crowns are where half of it looks
        through them. Shape ``(n_sectors,)`` each; the two of the crowns are equal where there
        is none. [°]
        """
        lit, through = read_table(self.blend, edge)
        behind = through.sum(axis=0).repeat(COARSE, axis=0).repeat(COARSE, axis=1)
        is_open = lit + behind >= 0.5
        step = np.where(is_open.any(axis=0), np.argmax(is_open, axis=0), len(lit))
        solid = to_elevation_deg(step - 0.5)
        is_crown = behind >= 0.5
        low, high = solid.copy(), solid.copy()
        seen = is_crown.any(axis=0)
        first = np.argmax(is_crown, axis=0)
        after = len(lit) - np.argmax(is_crown[::-1], axis=0)
        low[seen] = to_elevation_deg(first - 0.5)[seen]
        high[seen] = to_elevation_deg(after - 0.5)[seen]
        return solid, low, high


def build_horizon(
    surface: Surface,
    network: Network,
    *,
    model: ShadeModel = ShadeModel(),
    progress: Progress | None = None,
) -> Horizon:
    """
    Build what the edges of a network see of the sky.

    Parameters
    ----------
    surface
        What casts shade, in the local metres of `network`.
    network
        Its edges are sampled every `model.spacing_m`, at the middles of equal pieces, and at
        their height above the ground.
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
    limit, limit_row = find_limits(
        surface,
        xy,
        edge_point,
        n_sectors=model.march.n_sectors,
        most_unknown=model.most_unknown_fraction,
    )
    strips = Strips(
        xy=xy,
        edge_point=edge_point,
        latitude_deg=float(degrees.transform(*middle)[1]),
        level_m=network.level_m,
        n_levels=_count_levels(network.length_m, model),
        limit=limit,
        limit_row=limit_row,
    )
    planes = find_planes(surface)
    blend, aspect = blend_edges(
        surface, strips, model=model.march, spread=model.spread, progress=progress
    )
    return Horizon(
        most_unknown_fraction=model.most_unknown_fraction,
        leaf_year=leaf_year_of(surface, latitude_deg=strips.latitude_deg),
        knows_casters=surface.knows_casters,
        n_points=len(xy),
        is_covered=network.is_covered.copy(),
        transmittance=planes[2],
        blend=blend,
        spread=find_spread(surface, aspect, planes),
    )


_BLEND_TYPES = find_array_types(Blend)
_SPREAD_TYPES = find_array_types(Spread)
_ARRAY_TYPES = _BLEND_TYPES | _SPREAD_TYPES | find_array_types(Horizon)
_PLAIN: dict[str, tuple[type, ...]] = {
    "most_unknown_fraction": (float, int),
    "knows_casters": (bool,),
    "n_points": (int,),
    "n_sectors": (int,),
}


def save_horizon(horizon: Horizon, folder: Path) -> None:
    """Write a horizon as one array a file, and what it assumes beside them."""
    plain = {name: getattr(horizon, name) for name in _PLAIN}
    told = {"format": FORMAT, "crc32": save_arrays(_arrays(horizon), folder), **plain}
    text = json.dumps(told, indent=1, sort_keys=True)
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
        told = read_plain(folder / "horizon.json")
        if told.get("format") == FORMAT:
            plain = _read_plain_numbers(told)
            array = open_arrays(folder, _ARRAY_TYPES, crc32=told.get("crc32"))
            blend_arrays = {name: array.pop(name) for name in _BLEND_TYPES}
            blend = Blend(plain.pop("n_sectors"), len(array["transmittance"]), **blend_arrays)
            spread = Spread(**{name: array.pop(name) for name in _SPREAD_TYPES})
            everything: dict[str, Any] = {**plain, **array, "blend": blend, "spread": spread}
            horizon = Horizon(**everything)
            _check(horizon)
            return horizon
    except (OSError, TypeError, ValueError) as error:
        msg = f"Wanted a horizon in {folder}; {error}: run `solarpass build` again."
        raise FolderError(msg) from error
    msg = (
        f"Wanted a horizon of format {FORMAT} in {folder}; got {told.get('format')}: "
        "run `solarpass build` again."
    )
    raise FolderError(msg)


def _read_plain_numbers(told: dict[str, Any]) -> dict[str, Any]:
    """Take what a horizon knows beside its arrays; True is no number here."""
    wrong = [name for name, kinds in _PLAIN.items() if type(told.get(name)) not in kinds]
    plain = {name: told[name] for name in _PLAIN if name not in wrong}
    if not wrong:
        is_sound = {
            "most_unknown_fraction": 0.0 <= plain["most_unknown_fraction"] <= 1.0,
            "n_points": plain["n_points"] >= 0,
            "n_sectors": plain["n_sectors"] >= COARSE,
        }
        wrong = [name for name, sound in is_sound.items() if not sound]
    if wrong:
        msg = f"horizon.json tells {wrong[0]} as {told.get(wrong[0])!r}"
        raise ValueError(msg)
    return plain


def _check(horizon: Horizon) -> None:
    """Refuse arrays that do not fit each other, or hold what cannot be."""
    blend, n_edges = horizon.blend, horizon.n_edges
    fits = (
        horizon.is_covered.ndim == 1
        and horizon.leaf_year.shape == (N_DAYS,)
        and horizon.transmittance.shape == (blend.n_planes, 2)
        and horizon.spread.fits(n_edges=n_edges, n_planes=blend.n_planes)
        and blend.fits_itself()
    )
    if not fits:
        msg = "its files do not fit each other"
        raise ValueError(msg)
    is_sound = {
        "row_edge": (blend.row_edge >= 0) & (blend.row_edge < n_edges),
        "n_levels": blend.n_levels >= 1,
        "transmittance": (horizon.transmittance >= 0.0) & (horizon.transmittance <= 1.0),
        "leaf_year": (horizon.leaf_year >= 0.0) & (horizon.leaf_year <= 1.0),
    }
    for name, sound in is_sound.items():
        if not sound.all():
            msg = f"{name}.npy holds what cannot be"
            raise ValueError(msg)


def _arrays(horizon: Horizon) -> dict[str, NDArray[Any]]:
    parts: tuple[tuple[Any, Any], ...] = (
        (horizon, find_array_types(Horizon)),
        (horizon.blend, _BLEND_TYPES),
        (horizon.spread, _SPREAD_TYPES),
    )
    return {name: getattr(part, name) for part, names in parts for name in names}


def _count_points(length_m: NDArray[np.float64], model: ShadeModel) -> NDArray[np.int64]:
    """Count each edge's points so that its share of sun is known as well as any other's."""
    usual_m = model.spacing_m * np.sqrt(length_m / _USUAL_LENGTH_M)
    spacing_m = np.clip(usual_m, model.spacing_m / 4.0, model.spacing_m * 2.0)
    return np.clip(np.rint(length_m / spacing_m), 1, _MOST_POINTS).astype(np.int64)


def _count_levels(length_m: NDArray[np.float64], model: ShadeModel) -> NDArray[np.uint8]:
    """Count the parts of each edge that are told apart: a short one needs fewer."""
    with np.errstate(divide="ignore"):
        share = np.clip(model.least_m / length_m, model.least_share, model.most_share)
    return np.rint(1.0 / share).astype(np.uint8)


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
