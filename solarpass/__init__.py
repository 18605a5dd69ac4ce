"""
Shade-aware walks in any city, from open data: the public names, in the order of the data.

A source becomes `OsmTables`, a `City`, a `Network` and a `Surface`; these a `Horizon`; with
the sun a `ShadeTable`; with a `Trip` the `Route` that walks in the shade. `Atlas` is all that
is prepared of one city, in one folder.

Nothing is imported before it is asked for: the libraries behind it take seconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .atlas import (
        Atlas,
        build_atlas,
        built_in_atlas,
        cast_at,
        read_atlas,
        read_source,
    )
    from .city import City, build_city, read_city, save_city
    from .day import day_times
    from .directions import Step, find_steps
    from .errors import NoRouteError, SolarpassError
    from .export import (
        edges_at,
        routes_to_geojson,
        to_geodataframe,
        write_edges,
        write_raster,
    )
    from .fetch.overpass import fetch_osm
    from .graph import network_from_osmnx, to_networkx
    from .horizon import (
        Horizon,
        ShadeModel,
        build_horizon,
        read_horizon,
        save_horizon,
    )
    from .network import Network, build_network, read_network, save_network
    from .osm import OsmTables, helsinki_path, read_osm, tables_from_osmnx
    from .outlook import Outlook, build_outlook
    from .pavement import PavementModel
    from .picture import SunPicture, cast
    from .places import Place, find_place, find_places
    from .register import Register, read_register
    from .route import Route, find_routes
    from .sentence import tell_step
    from .shade import ShadeTable, build_shade
    from .sun import SunPath, find_sun
    from .surface import Surface, SurfaceModel, build_surface, surface_from_arrays
    from .trip import Trip, read_coordinates, read_wall_time
    from .walk import WalkModel
    from .words import Words

_ROOM = {
    "OsmTables": ".osm",
    "helsinki_path": ".osm",
    "read_osm": ".osm",
    "tables_from_osmnx": ".osm",
    "fetch_osm": ".fetch.overpass",
    "Register": ".register",
    "read_register": ".register",
    "City": ".city",
    "build_city": ".city",
    "read_city": ".city",
    "save_city": ".city",
    "Place": ".places",
    "find_place": ".places",
    "find_places": ".places",
    "Network": ".network",
    "build_network": ".network",
    "read_network": ".network",
    "save_network": ".network",
    "to_geodataframe": ".export",
    "network_from_osmnx": ".graph",
    "to_networkx": ".graph",
    "PavementModel": ".pavement",
    "WalkModel": ".walk",
    "Surface": ".surface",
    "SurfaceModel": ".surface",
    "build_surface": ".surface",
    "surface_from_arrays": ".surface",
    "SunPicture": ".picture",
    "cast": ".picture",
    "SunPath": ".sun",
    "find_sun": ".sun",
    "Horizon": ".horizon",
    "ShadeModel": ".horizon",
    "build_horizon": ".horizon",
    "build_outlook": ".outlook",
    "read_horizon": ".horizon",
    "save_horizon": ".horizon",
    "Outlook": ".outlook",
    "ShadeTable": ".shade",
    "build_shade": ".shade",
    "Trip": ".trip",
    "read_coordinates": ".trip",
    "read_wall_time": ".trip",
    "Route": ".route",
    "find_routes": ".route",
    "Step": ".directions",
    "find_steps": ".directions",
    "tell_step": ".sentence",
    "Words": ".words",
    "Atlas": ".atlas",
    "build_atlas": ".atlas",
    "built_in_atlas": ".atlas",
    "cast_at": ".atlas",
    "day_times": ".day",
    "read_atlas": ".atlas",
    "read_source": ".atlas",
    "edges_at": ".export",
    "routes_to_geojson": ".export",
    "write_edges": ".export",
    "write_raster": ".export",
    "NoRouteError": ".errors",
    "SolarpassError": ".errors",
}

__all__ = [
    "Atlas",
    "City",
    "Horizon",
    "Network",
    "NoRouteError",
    "OsmTables",
    "Outlook",
    "PavementModel",
    "Place",
    "Register",
    "Route",
    "ShadeModel",
    "ShadeTable",
    "SolarpassError",
    "Step",
    "SunPath",
    "SunPicture",
    "Surface",
    "SurfaceModel",
    "Trip",
    "WalkModel",
    "Words",
    "build_atlas",
    "build_city",
    "build_horizon",
    "build_network",
    "build_outlook",
    "build_shade",
    "build_surface",
    "built_in_atlas",
    "cast",
    "cast_at",
    "day_times",
    "edges_at",
    "fetch_osm",
    "find_place",
    "find_places",
    "find_routes",
    "find_steps",
    "find_sun",
    "helsinki_path",
    "network_from_osmnx",
    "read_atlas",
    "read_city",
    "read_coordinates",
    "read_horizon",
    "read_network",
    "read_osm",
    "read_register",
    "read_source",
    "read_wall_time",
    "routes_to_geojson",
    "save_city",
    "save_horizon",
    "save_network",
    "surface_from_arrays",
    "tables_from_osmnx",
    "tell_step",
    "to_geodataframe",
    "to_networkx",
    "write_edges",
    "write_raster",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _ROOM:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_ROOM[name], __name__), name)


def __dir__() -> list[str]:
    """List the public names, though most are not imported yet."""
    return sorted([*globals(), *_ROOM])
