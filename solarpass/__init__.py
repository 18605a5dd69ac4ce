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
    from .archive import read_city, save_city
    from .atlas import (
        Atlas,
        build_atlas,
        built_in_atlas,
        cast_at,
        read_atlas,
        read_source,
    )
    from .beam import Beam, BeamModel, find_beam
    from .blocker import Blocker, Spell, SunCheck, find_blockers, find_spells
    from .chain import find_repeat_s
    from .chart import draw_street, find_chart, write_chart, write_street
    from .city import City, build_city
    from .course import Course, find_course
    from .day import day_times
    from .departure import Departures, find_departure
    from .directions import Step, find_steps
    from .dose import Dose, edge_dose_wh_m2, find_dose
    from .edgefile import write_edges_csv
    from .errand import ErrandModel, draw_errands
    from .errors import NoRouteError, SolarpassError
    from .export import (
        edges_at,
        find_edge_hours,
        find_sun_hours,
        routes_to_geojson,
        to_geodataframe,
        write_edges,
        write_hours,
        write_raster,
    )
    from .fetch.overpass import fetch_osm
    from .front import find_front
    from .glare import Glare, GlareModel, find_glares
    from .glarefile import glare_sites, missing_edges, write_glares
    from .gpx import write_gpx
    from .graph import network_from_osmnx, to_networkx
    from .horizon import (
        Horizon,
        ShadeModel,
        build_horizon,
        read_horizon,
        save_horizon,
    )
    from .hours import Period, SunHours, read_season
    from .interval import IntervalModel, SunInterval, find_interval
    from .itinerary import Itinerary, plan_itinerary
    from .lidar import Lidar, read_lidar
    from .loop import LoopModel, find_loops
    from .mask import Mask, Plot, cast_mask, read_plot, write_mask
    from .missing import Missing, day_departs, find_missing, sum_missing
    from .network import Network, build_network, read_network, save_network
    from .osm import OsmTables, helsinki_path, read_osm, tables_from_osmnx
    from .outlook import Outlook, build_outlook
    from .pavement import PavementModel
    from .picture import SunPicture, cast
    from .places import Place, find_place, find_places
    from .register import Register, read_register
    from .relief import Relief, read_relief
    from .route import Route, find_routes
    from .routepage import write_route_page
    from .sentence import tell_step
    from .shade import ShadeTable, build_shade
    from .skyview import draw_skyview
    from .spot import Spot, find_spot
    from .sun import SunPath, find_sun
    from .surface import Surface, SurfaceModel, build_surface, surface_from_arrays
    from .surroundings import Surroundings, build_surroundings
    from .survey import Survey, read_survey
    from .trip import Trip, read_coordinates, read_wall_time
    from .verdict import tell_check
    from .walk import WalkModel
    from .ways import WayNotes, Ways, relax, tell_ways, ways_of
    from .wayside import Waypoint, find_wayside
    from .wheels import ProfileModel, RollModel
    from .words import Words

_ROOM = {
    "OsmTables": ".osm",
    "helsinki_path": ".osm",
    "read_osm": ".osm",
    "tables_from_osmnx": ".osm",
    "fetch_osm": ".fetch.overpass",
    "Register": ".register",
    "read_register": ".register",
    "Survey": ".survey",
    "read_survey": ".survey",
    "Relief": ".relief",
    "read_relief": ".relief",
    "City": ".city",
    "build_city": ".city",
    "read_city": ".archive",
    "save_city": ".archive",
    "Place": ".places",
    "find_place": ".places",
    "find_places": ".places",
    "Lidar": ".lidar",
    "read_lidar": ".lidar",
    "Network": ".network",
    "build_network": ".network",
    "read_network": ".network",
    "save_network": ".network",
    "to_geodataframe": ".export",
    "network_from_osmnx": ".graph",
    "to_networkx": ".graph",
    "PavementModel": ".pavement",
    "WalkModel": ".walk",
    "WayNotes": ".ways",
    "Ways": ".ways",
    "relax": ".ways",
    "tell_ways": ".ways",
    "ways_of": ".ways",
    "ProfileModel": ".wheels",
    "RollModel": ".wheels",
    "Surface": ".surface",
    "SurfaceModel": ".surface",
    "build_surface": ".surface",
    "surface_from_arrays": ".surface",
    "SunPicture": ".surface",
    "cast": ".surface",
    "Mask": ".mask",
    "Plot": ".mask",
    "cast_mask": ".mask",
    "read_plot": ".mask",
    "write_mask": ".mask",
    "SunPath": ".sun",
    "find_sun": ".sun",
    "Beam": ".beam",
    "BeamModel": ".beam",
    "find_beam": ".beam",
    "Horizon": ".horizon",
    "ShadeModel": ".horizon",
    "build_horizon": ".horizon",
    "build_outlook": ".outlook",
    "read_horizon": ".horizon",
    "save_horizon": ".horizon",
    "Outlook": ".outlook",
    "ShadeTable": ".shade",
    "build_shade": ".shade",
    "Surroundings": ".surroundings",
    "build_surroundings": ".surroundings",
    "Blocker": ".blocker",
    "Spell": ".blocker",
    "SunCheck": ".blocker",
    "find_blockers": ".blocker",
    "find_spells": ".blocker",
    "Spot": ".spot",
    "find_spot": ".spot",
    "draw_skyview": ".skyview",
    "tell_check": ".verdict",
    "Trip": ".trip",
    "read_coordinates": ".trip",
    "read_wall_time": ".trip",
    "IntervalModel": ".interval",
    "SunInterval": ".interval",
    "find_interval": ".interval",
    "Route": ".route",
    "find_front": ".front",
    "find_routes": ".route",
    "Departures": ".departure",
    "find_departure": ".departure",
    "LoopModel": ".loop",
    "find_loops": ".loop",
    "find_repeat_s": ".chain",
    "Dose": ".dose",
    "edge_dose_wh_m2": ".dose",
    "find_dose": ".dose",
    "Step": ".directions",
    "find_steps": ".directions",
    "tell_step": ".sentence",
    "Words": ".words",
    "Atlas": ".atlas",
    "build_atlas": ".atlas",
    "built_in_atlas": ".atlas",
    "cast_at": ".atlas",
    "day_times": ".day",
    "Period": ".hours",
    "SunHours": ".hours",
    "read_season": ".hours",
    "Course": ".course",
    "find_course": ".course",
    "read_atlas": ".atlas",
    "read_source": ".atlas",
    "ErrandModel": ".errand",
    "draw_errands": ".errand",
    "Missing": ".missing",
    "day_departs": ".missing",
    "find_missing": ".missing",
    "sum_missing": ".missing",
    "Glare": ".glare",
    "GlareModel": ".glare",
    "find_glares": ".glare",
    "glare_sites": ".glarefile",
    "missing_edges": ".glarefile",
    "write_glares": ".glarefile",
    "edges_at": ".export",
    "find_edge_hours": ".export",
    "find_sun_hours": ".export",
    "Itinerary": ".itinerary",
    "Waypoint": ".wayside",
    "find_wayside": ".wayside",
    "plan_itinerary": ".itinerary",
    "routes_to_geojson": ".export",
    "write_edges_csv": ".edgefile",
    "write_gpx": ".gpx",
    "write_route_page": ".routepage",
    "write_edges": ".export",
    "write_hours": ".export",
    "write_raster": ".export",
    "draw_street": ".chart",
    "find_chart": ".chart",
    "write_chart": ".chart",
    "write_street": ".chart",
    "NoRouteError": ".errors",
    "SolarpassError": ".errors",
}

__all__ = [
    "Atlas",
    "Beam",
    "BeamModel",
    "Blocker",
    "City",
    "Course",
    "Departures",
    "Dose",
    "ErrandModel",
    "Glare",
    "GlareModel",
    "Horizon",
    "IntervalModel",
    "Itinerary",
    "Lidar",
    "LoopModel",
    "Mask",
    "Missing",
    "Network",
    "NoRouteError",
    "OsmTables",
    "Outlook",
    "PavementModel",
    "Period",
    "Place",
    "Plot",
    "ProfileModel",
    "Register",
    "Relief",
    "RollModel",
    "Route",
    "ShadeModel",
    "ShadeTable",
    "SolarpassError",
    "Spell",
    "Spot",
    "Step",
    "SunCheck",
    "SunHours",
    "SunInterval",
    "SunPath",
    "SunPicture",
    "Surface",
    "SurfaceModel",
    "Surroundings",
    "Survey",
    "Trip",
    "WalkModel",
    "WayNotes",
    "Waypoint",
    "Ways",
    "Words",
    "build_atlas",
    "build_city",
    "build_horizon",
    "build_network",
    "build_outlook",
    "build_shade",
    "build_surface",
    "build_surroundings",
    "built_in_atlas",
    "cast",
    "cast_at",
    "cast_mask",
    "day_departs",
    "day_times",
    "draw_errands",
    "draw_skyview",
    "draw_street",
    "edge_dose_wh_m2",
    "edges_at",
    "fetch_osm",
    "find_beam",
    "find_blockers",
    "find_chart",
    "find_course",
    "find_departure",
    "find_dose",
    "find_edge_hours",
    "find_front",
    "find_glares",
    "find_interval",
    "find_loops",
    "find_missing",
    "find_place",
    "find_places",
    "find_repeat_s",
    "find_routes",
    "find_spells",
    "find_spot",
    "find_steps",
    "find_sun",
    "find_sun_hours",
    "find_wayside",
    "glare_sites",
    "helsinki_path",
    "missing_edges",
    "network_from_osmnx",
    "plan_itinerary",
    "read_atlas",
    "read_city",
    "read_coordinates",
    "read_horizon",
    "read_lidar",
    "read_network",
    "read_osm",
    "read_plot",
    "read_register",
    "read_relief",
    "read_season",
    "read_source",
    "read_survey",
    "read_wall_time",
    "relax",
    "routes_to_geojson",
    "save_city",
    "save_horizon",
    "save_network",
    "sum_missing",
    "surface_from_arrays",
    "tables_from_osmnx",
    "tell_check",
    "tell_step",
    "tell_ways",
    "to_geodataframe",
    "to_networkx",
    "ways_of",
    "write_chart",
    "write_edges",
    "write_edges_csv",
    "write_glares",
    "write_gpx",
    "write_hours",
    "write_mask",
    "write_raster",
    "write_route_page",
    "write_street",
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
