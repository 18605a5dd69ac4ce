"""Prisms: what casts shade as outlines with a base and a top, in pieces the browser fetches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from solarpass.caster import Casters
    from solarpass.city import City
    from solarpass.surface import Surface

SIDE_M: Final = 500.0  # of a piece, over which Web Mercator is plane to a few cm; our choice
SOLID: Final = 0
HANGING: Final = 1
CROWNS: Final = (2, 3)  # of two layers at most: each is a channel of the browser's picture
N_KINDS: Final = 4


@dataclass(frozen=True, eq=False)  # no slots: the pieces' names are found when first asked for
class Prisms:
    """
    Upright prisms that cast shade on level ground, in square pieces.

    Attributes
    ----------
    casters
        Polygons and discs of each kind (solid, hanging, crowns, other crowns); None: there are
        none of it.
    rows
        Of each kind, the casters of each piece, by its column and row.
    transmittance
        Share of the beam that passes the two layers of crowns, in leaf and bare, shape
        ``(2, 2)``.
    eye_m
        Height above the ground on which the shade falls. [m]
    extent
        Where what casts shade is known; None: everywhere.
    """

    casters: tuple[Casters | None, ...]
    rows: tuple[dict[tuple[int, int], NDArray[np.int64]], ...]
    transmittance: NDArray[np.float64]
    eye_m: float
    extent: shapely.MultiPolygon | None

    def index(self, city: City) -> dict[str, Any]:
        """
        List the pieces, for the browser to choose from.

        Returns
        -------
        dict
            ``transmittance``; ``extent``: polygons, rings and corners, longitude and latitude,
            of where what casts shade is known, or None; ``pieces``: by name, west, south, east
            and north of what stands in it [°] and the highest top above the eye [m].
        """
        pieces = {name: self._bounds(city, at) for name, at in self._names.items()}
        return {
            "transmittance": self.transmittance.tolist(),
            "extent": None if self.extent is None else _write_degrees(city, self.extent),
            "pieces": pieces,
        }

    @cached_property
    def _names(self) -> dict[str, tuple[int, int]]:
        places = sorted({at for rows in self.rows for at in rows})
        return {f"{column}_{row}": (column, row) for column, row in places}

    def _bounds(self, city: City, at: tuple[int, int]) -> list[float]:
        found = [
            (casters.box[rows[at]], casters.top_m[rows[at]] - self.eye_m)
            for casters, rows in zip(self.casters, self.rows, strict=True)
            if casters is not None and at in rows
        ]
        box = np.concatenate([box for box, _ in found])
        west, south = box[:, :2].min(axis=0)
        east, north = box[:, 2:].max(axis=0)
        degrees = city.to_degrees([(west, south), (east, south), (east, north), (west, north)])
        latitude, longitude = degrees.T
        highest_m = max(float(top.max()) for _, top in found)
        corners = (longitude.min(), latitude.min(), longitude.max(), latitude.max())
        return [*(round(float(value), 7) for value in corners), round(highest_m, 1)]

    def piece(self, city: City, name: str) -> bytes | None:
        """
        Write one piece: length of the head, the head, and what it tells to follow.

        Parameters
        ----------
        city
            Tells where its local metres lie on the globe.
        name
            As the index has it.

        Returns
        -------
        bytes
            Length of the head (4 bytes, little-endian; so that what follows is aligned); the
            head, JSON: ``anchor``, ``east`` and ``north``, the place of the piece's corner in
            Web Mercator (0 to 1) and what a metre adds to it; ``polygons`` and ``discs``, how
            many of each kind; ``rings`` and ``corners``, how many in all. Then, of all polygons
            in a row: how many rings each has, how many corners each ring (32-bit unsigned),
            base and top of each, x and y of each corner (32-bit floats, metres from the
            piece's corner); then x, y, radius, base and top of each disc. Heights are above the
            eye. None: there is no such piece.
        """
        at = self._names.get(name)
        if at is None:
            return None
        parts = [self._of_kind(kind, at) for kind in range(N_KINDS)]
        corner = np.array(at) * SIDE_M
        n_rings, n_corners, span, xy, disc = (
            np.concatenate([part[column] for part in parts]) for column in range(5)
        )
        disc[:, :2] -= corner
        head = {
            **_lay_on_mercator(city, corner),
            "polygons": [len(part[0]) for part in parts],
            "discs": [len(part[4]) for part in parts],
            "rings": len(n_corners),
            "corners": len(xy),
        }
        told = json.dumps(head).encode()
        told += b" " * (-len(told) % 4)
        arrays = (
            n_rings.astype("<u4"),
            n_corners.astype("<u4"),
            span.astype("<f4"),
            (xy - corner).astype("<f4"),
            disc.astype("<f4"),
        )
        body = b"".join(array.tobytes() for array in arrays)
        return len(told).to_bytes(4, "little") + told + body

    def _of_kind(self, kind: int, at: tuple[int, int]) -> tuple[NDArray[np.float64], ...]:
        """Gather rings, corners, spans and discs of one kind in one piece."""
        casters = self.casters[kind]
        rows = self.rows[kind].get(at)
        if casters is None or rows is None:
            return np.empty(0), np.empty(0), np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 5))
        # What stands on the ground begins at its foot, whatever lies beneath a part of it.
        base_m = casters.base_m[rows] if kind != SOLID else np.zeros(len(rows))
        span = np.column_stack([np.maximum(base_m - self.eye_m, 0.0), casters.top_m[rows]])
        span[:, 1] -= self.eye_m
        n_polygons = len(casters.ring_of) - 1
        is_polygon = rows < n_polygons
        polygon = rows[is_polygon]
        ring = _spans(casters.ring_of[polygon], casters.ring_of[polygon + 1])
        # A ring ends where it began; the browser closes it itself.
        first, last = casters.ring_start[ring], casters.ring_start[ring + 1] - 1
        disc = casters.disc[rows[~is_polygon] - n_polygons]
        return (
            np.diff(casters.ring_of)[polygon].astype(float),
            (last - first).astype(float),
            span[is_polygon],
            casters.xy[_spans(first, last)],
            np.column_stack([disc, span[~is_polygon]]),
        )


def find_prisms(surface: Surface) -> Prisms | None:
    """
    Tell what casts shade as prisms; None where prisms on a plane do not tell it all.

    On measured ground, roofs or crowns shadows fall otherwise; there the server's pictures are
    all there is.
    """
    measured = surface.measured
    by_shape = all(
        raster is None
        for raster in (surface.raster, measured.dem, measured.hills, measured.dsm, measured.cdsm)
    )
    dense = [layer for layer in surface.layers if layer.transmittance_leaf == 0.0]
    crowns = [layer for layer in surface.layers if layer.transmittance_leaf > 0.0]
    if not by_shape or len(dense) > 1 or len(crowns) > len(CROWNS):
        return None
    passed = np.ones((len(CROWNS), 2))
    for row, layer in enumerate(crowns):
        passed[row] = layer.transmittance_leaf, layer.transmittance_bare
    casters: list[Casters | None] = [None] * N_KINDS
    casters[SOLID] = surface.solids
    casters[HANGING] = dense[0] if dense else None
    casters[CROWNS[0] : CROWNS[0] + len(crowns)] = crowns
    eye_m = surface.model.eye_m
    rows = tuple({} if kind is None else _sort_into_pieces(kind, eye_m) for kind in casters)
    return Prisms(tuple(casters), rows, passed, eye_m, surface.extent)


def _sort_into_pieces(casters: Casters, eye_m: float) -> dict[tuple[int, int], NDArray[np.int64]]:
    """Group what rises above the eye by the piece in which the middle of its box lies."""
    rows = np.flatnonzero(casters.top_m > eye_m)
    if not rows.size:
        return {}
    middle = (casters.box[rows, :2] + casters.box[rows, 2:]) / 2.0
    names, of_row = np.unique(np.floor(middle / SIDE_M).astype(int), axis=0, return_inverse=True)
    return {
        (int(column), int(row)): rows[of_row.ravel() == number]
        for number, (column, row) in enumerate(names)
    }


def _write_degrees(city: City, extent: shapely.MultiPolygon) -> list[list[list[list[float]]]]:
    """List polygons, rings and corners, longitude first."""

    def degrees(ring: shapely.LinearRing) -> list[list[float]]:
        corners = city.to_degrees(shapely.get_coordinates(ring))
        return [[round(float(lon), 7), round(float(lat), 7)] for lat, lon in corners]

    return [
        [degrees(ring) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in extent.geoms
    ]


def _spans(first: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """Join the whole numbers from each `first` to below its `stop`."""
    length = stop - first
    before = np.concatenate([[0], np.cumsum(length)[:-1]])[: len(length)]
    return np.repeat(first - before, length) + np.arange(int(length.sum()))


def _lay_on_mercator(city: City, corner: NDArray[np.float64]) -> dict[str, list[float]]:
    """Find the plane that best holds a piece: from its middle, as far to either side."""
    half = SIDE_M / 2.0
    middle = corner + half
    steps = np.array([(0.0, 0.0), (half, 0.0), (-half, 0.0), (0.0, half), (0.0, -half)])
    latitude, longitude = np.radians(city.to_degrees(middle + steps)).T
    mercator = np.column_stack(
        [
            0.5 + longitude / (2.0 * np.pi),
            0.5 - np.arcsinh(np.tan(latitude)) / (2.0 * np.pi),
        ]
    )
    east = (mercator[1] - mercator[2]) / SIDE_M
    north = (mercator[3] - mercator[4]) / SIDE_M
    anchor = mercator[0] - half * (east + north)
    return {"anchor": anchor.tolist(), "east": east.tolist(), "north": north.tolist()}
