"""The cities behind the door: each opened once, mapped into memory, shared by all who ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import Path

import numpy as np
import pyproj

from solarpass.atlas import Atlas, built_in_atlas, read_atlas
from solarpass.credit import find_credit
from solarpass.errand import draw_errands
from solarpass.errors import SolarpassError, SourceError
from solarpass.places import find_places
from solarpass.route import find_routes
from solarpass.shade import ShadeTable
from solarpass.trip import Trip

from .refusal import QuestionError

_EXAMPLE_AT = "2026-07-15T14:00"


class Cities:
    """
    Cities by name, the first the one that is meant where none is named and there is no other.

    Attributes
    ----------
    atlases
        Name and city; the name is that of the folder.
    """

    def __init__(self, atlases: Mapping[str, Atlas]) -> None:
        if not atlases:
            msg = "Wanted one city or more to serve; got none."
            raise SourceError(msg)
        self.atlases = dict(atlases)

    def choose(self, name: str) -> tuple[str, Atlas]:
        """
        Find a city by its name.

        Raises
        ------
        QuestionError
            If there is none of that name, or several and no name.
        """
        if name in self.atlases:
            return name, self.atlases[name]
        names = ", ".join(self.atlases)
        if name:
            msg = f"There is no city {name[:40]!r} here; these are: {names}."
            raise QuestionError(msg, status=404, kind="no_city")
        if len(self.atlases) > 1:
            msg = f"Several cities are here; name one with `city`: {names}."
            raise QuestionError(msg)
        return next(iter(self.atlases.items()))

    def tell(self) -> list[dict[str, object]]:
        """List the cities, with what an app has to know before it asks."""
        told: list[dict[str, object]] = []
        for name, atlas in self.atlases.items():
            corners = atlas.city.to_degrees(
                np.array(atlas.city.extent.bounds, dtype=float).reshape(2, 2)
            )
            (south, west), (north, east) = corners.round(6).tolist()
            told.append(
                {
                    "id": name,
                    "name": atlas.city.name,
                    "zone": atlas.city.zone,
                    "centre": [round(degree, 6) for degree in atlas.city.centre],
                    "bbox": [west, south, east, north],
                    **find_credit(atlas),
                }
            )
        return told

    def give_examples(self) -> dict[str, str]:
        """Give ends, a time and a rectangle to which the first city has an answer."""
        atlas = next(iter(self.atlases.values()))
        latitude_deg, longitude_deg = atlas.city.centre
        at = datetime.fromisoformat(_EXAMPLE_AT).replace(tzinfo=atlas.zone)
        ends = (atlas.city.centre, (latitude_deg + 0.004, longitude_deg))
        with suppress(SolarpassError):  # in a hamlet nobody has an errand
            (trip,) = draw_errands(atlas.network, [at], n_trips=1)
            ends = (trip.origin, trip.destination)
        (lat, lon), (to_lat, to_lon) = ends
        return {
            "from": f"{lat:.5f},{lon:.5f}",
            "to": f"{to_lat:.5f},{to_lon:.5f}",
            "via": f"{latitude_deg:.5f},{longitude_deg:.5f}",
            "at": _EXAMPLE_AT,
            "depart_first": f"{_EXAMPLE_AT[:11]}13:30",
            "depart_last": f"{_EXAMPLE_AT[:11]}15:00",
            "arrive_by": f"{_EXAMPLE_AT[:11]}15:00",
            "bbox": f"{longitude_deg - 0.004:.4f},{latitude_deg - 0.002:.4f},"
            f"{longitude_deg + 0.004:.4f},{latitude_deg + 0.002:.4f}",
        }

    def warm(self) -> None:
        """Walk one way in each city, so that no visitor waits while kernels compile."""
        for atlas in self.atlases.values():
            with suppress(SolarpassError):
                find_places(atlas.city, "a")
                find_routes(atlas.network, *_first_walk(atlas))


def open_cities(folders: Sequence[Path]) -> Cities:
    """
    Open city folders, or the built-in city.

    Raises
    ------
    FolderError
        If one is none.
    SourceError
        If two have the same name.
    """
    if not folders:
        return Cities({"helsinki": built_in_atlas()})
    atlases: dict[str, Atlas] = {}
    for folder in folders:
        name = folder.resolve().name
        if name in atlases:
            msg = f"Two folders are called {name!r}, by which cities are told apart; rename one."
            raise SourceError(msg)
        atlases[name] = read_atlas(folder)
    return Cities(atlases)


def _first_walk(atlas: Atlas) -> tuple[ShadeTable, Trip]:
    network = atlas.network
    edge = int(np.argmax(network.length_m))
    to_degrees = pyproj.Transformer.from_crs(network.crs, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(*network.node_xy[network.edge_node[edge]].T)
    day = datetime.now(atlas.zone).date()
    noon = datetime.combine(day, time(12), tzinfo=atlas.zone)
    ends = list(zip(latitude.tolist(), longitude.tolist(), strict=True))
    return atlas.shade_on(day), Trip(ends[0], ends[1], noon)
