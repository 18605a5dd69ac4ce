"""Inventory: what a city knows, what of it is guessed, and where it comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .city import City
from .network import Network
from .pavement import CROSSINGS, PAVEMENT_SOURCES


def take_inventory(city: City, network: Network) -> dict[str, object]:
    """Say what the city knows, what of it is guessed, and where it comes from."""
    casting = city.buildings[city.buildings["casts"]]
    return {
        "city": city.name,
        "centre": "{:.5f}, {:.5f} (latitude, longitude)".format(*city.centre),
        "time zone": city.zone,
        "extent_km2": round(city.extent.area / 1e6, 2),
        "ways_km": round(float(network.length_m.sum()) / 1e3, 1),
        "connected_fraction": round(network.connected_fraction, 4),
        "edges": network.n_edges,
        "pavement_km": {
            source: round(float(network.length_m[network.pavement == k].sum()) / 1e3, 1)
            for k, source in enumerate(PAVEMENT_SOURCES)
        },
        "crossings": {
            kind: int((network.crossing == k).sum()) for k, kind in enumerate(CROSSINGS) if k
        },
        "buildings": len(casting),
        "heights": _count(casting["height_source"]),
        "ground": _tell_ground(city, network),
        "crowns": "measured" if city.cdsm is not None else "from the map",
        "buildings known": _tell_buildings(city),
        "trees": len(city.trees),
        "tree sources": _count(city.trees["source"]),
        "tree sizes": _count(city.trees["size_source"]),
        "woods": len(city.woods),
        "stops": len(city.stops),
        "shelters": _count(city.stops["shelter"]),
        "addresses": int((city.places["kind"] == "address").sum()),
        "named places": int((city.places["kind"] != "address").sum()),
        **{f"data {key}": value for key, value in sorted(city.provenance.items())},
    }


def _tell_buildings(city: City) -> str:
    if city.knows_buildings:
        return "yes"
    if city.dsm is not None:
        return "no, but what the surface model tells"
    return "no: shade is unknown everywhere"


def _tell_ground(city: City, network: Network) -> str:
    if city.dem is None:
        return "taken as flat"
    low, high = np.nanpercentile(city.dem.height_m, [1.0, 99.0])
    how = "measured" if city.far_dem is not None else "read from the surface model"
    unknown = float(np.isnan(network.vertex_z_m).mean())
    lacks = f"; unknown under {100.0 * unknown:.0f} % of the ways" if unknown > 0.005 else ""
    return f"{how}, {low:.0f} to {high:.0f} m above sea{lacks}"


def _count(column: pd.Series[str]) -> dict[str, int]:
    """Count the values of a column, commonest first."""
    return {str(value): int(n) for value, n in column.value_counts().items()}
