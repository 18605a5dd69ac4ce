"""Walks edge by edge, as a CSV for whoever counts on with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np

from .atlas import Atlas
from .credit import find_credit
from .footing import LIGHTS, SMOOTHNESSES, SURFACES
from .foreign import disarm, plain
from .pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from .route import Route
from .shade import LIT, UNKNOWN
from .trip import walk_ends

COLUMNS = (
    *("walk", "kind", "edge", "osm_id", "name", "highway", "side", "pavement_source", "crossing"),
    *("length_m", "walk_s", "entered", "sun_fraction_low", "sun_fraction", "sun_fraction_high"),
    *("is_steps", "is_covered", "surface", "smoothness", "lit"),
)


def write_edges_csv(atlas: Atlas, routes: tuple[Route, ...]) -> str:
    """
    Write walks as CSV, one row an edge as it is walked, below lines of licence with a ``#``.

    ``side`` is as one walks, ``entered`` the city's time with its offset; what is not known is
    an empty cell, or the word unknown. No cell runs as a formula in a spreadsheet.
    """
    file = io.StringIO(newline="")
    for key, told in find_credit(atlas).items():
        file.write(f"# {key}: {plain(told)}\n")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, route in enumerate(routes, 1):
        for row in _list_rows(atlas, route):
            writer.writerow([number, route.kind, *map(disarm, row)])
    return file.getvalue()


def _list_rows(atlas: Atlas, route: Route) -> Iterator[tuple[object, ...]]:
    network = atlas.network
    shade = atlas.shade_on(route.departs.astimezone(atlas.zone).date())
    for at, edge in enumerate(route.edge.tolist()):
        enters = walk_ends(route.departs, int(route.entered_s[at]))
        row = shade.row_at(enters)
        name = network.street_name[network.street[edge]]
        yield (
            at + 1,
            int(network.osm_id[edge]),
            plain(name) if name else "",
            network.highway_kind[network.highway[edge]],
            _tell_side(SIDES[network.side[edge]], forward=bool(route.forward[at])),
            PAVEMENT_SOURCES[network.pavement[edge]],
            CROSSINGS[network.crossing[edge]],
            f"{route.edge_length_m[at]:.2f}",
            int(route.edge_walk_s[at]),
            enters.isoformat(),
            *(_tell_share(table[row, edge]) for table in (shade.low, shade.sun, shade.high)),
            int(network.is_steps[edge]),
            int(network.is_covered[edge]),
            SURFACES[network.surface[edge]],
            SMOOTHNESSES[network.smoothness[edge]],
            LIGHTS[network.lit[edge]],
        )


def _tell_share(stored: np.uint8) -> str:
    return "" if stored == UNKNOWN else f"{stored / LIT:.4f}"


def _tell_side(side: str, *, forward: bool) -> str:
    if side not in {"left", "right"} or forward:
        return side
    return "left" if side == "right" else "right"
