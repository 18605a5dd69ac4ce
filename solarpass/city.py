"""A city as we know it: streets, buildings, trees, stops and places in its own metres."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import ArrayLike

from . import extent as reach
from .bridge import BridgeModel, build_bridges
from .canopy import find_canopy
from .district import build_districts
from .errors import SourceError
from .facility import build_facilities
from .gazetteer import build_places, build_stops
from .ground import build_areas, build_lines, draw_sea
from .height import HeightModel, build_buildings
from .lidar import (
    Lidar,
    LidarModel,
    Reliefs,
    read_ground,
    read_reliefs,
    refuse_other_datums,
    tell_lidar,
)
from .osm import ATTRIBUTION, OsmTables
from .register import NO_LICENCE, Register, place_registers
from .relief import Relief
from .roof import measure_roofs
from .square import build_squares
from .street import build_barriers, build_crossings, build_streets
from .survey import Survey, measure_buildings
from .trees import TreeModel, build_trees, build_woods, stands_indoors

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class CityModel:
    """
    Assumptions that go into a city; change one with `dataclasses.replace`.

    Attributes
    ----------
    extent, height, tree, bridge, lidar
        Of its parts.
    stray_m
        Ways with no vertex this near to the extent are left out; our choice. [m]
    halo_m
        Buildings, trees and grounds beyond this from the extent are left out; our choice. [m]
    least_per_km
        An extract with fewer buildings than this per kilometre of way is taken to have been
        made without them: Heidelberg's network has 0.04, Liechtenstein 12; our choice. [km⁻¹]
    """

    extent: reach.ExtentModel = field(default_factory=reach.ExtentModel)
    height: HeightModel = field(default_factory=HeightModel)
    tree: TreeModel = field(default_factory=TreeModel)
    bridge: BridgeModel = field(default_factory=BridgeModel)
    lidar: LidarModel = field(default_factory=LidarModel)
    stray_m: float = 500.0
    halo_m: float = 1000.0
    least_per_km: float = 0.5


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class City:
    """
    A place as we know it, in local metres; text columns hold None where nothing is known.

    Attributes
    ----------
    name
        What to call it.
    zone
        Its time zone, an IANA name.
    crs
        Transverse Mercator through its centre: x east, y north, metres at true scale.
    centre
        Latitude and longitude of the origin. [°]
    extent
        Where the extract is taken to hold all there is.
    knows_buildings
        False if the extract holds (nearly) none, so that shade is unknown everywhere.
    streets
        Ways a walker may use: ``osm_id``, ``node_id`` (one a vertex), ``highway``, ``name``,
        ``is_steps``, ``is_covered``, ``is_bridge``, ``is_tunnel``, ``layer``, ``lit`` (yes, no,
        unknown), ``surface``, ``smoothness``, ``incline``, ``wheelchair``, ``ramp`` (beside
        stairs: wheelchair, stroller, yes, no), ``kerb``, ``width_m``, ``lanes``, ``sidewalk_left``
        and ``sidewalk_right`` as seen along the way (yes, no, separate), ``footway``,
        ``crossing`` (signals, marked, unmarked), ``is_oneway``, ``is_roundabout``; of a street's
        pavements ``surface_left``, ``smoothness_left``, ``wheelchair_left``, ``width_left_m``
        and the same of the right. Texts are as they were written.
    crossings
        Nodes at which one crosses a street, or cars wait at lights: ``osm_id``,
        ``crossing`` (signals, marked, unmarked, lights).
    barriers
        Nodes of ways at which one gets over or through something: ``osm_id``, ``barrier``,
        ``kerb`` and ``wheelchair`` as they were written, ``width_m`` of what is left open.
    squares
        Areas that one walks across, without what stands on them but houses and water: the columns
        of `streets` but ``node_id``, ``osm_id`` negative of a relation; (Multi)Polygon.
    bridges
        Decks that shade what is below: ``osm_id``, ``base_m`` and ``height_m`` above ground,
        ``layer``.
    buildings
        ``osm_type``, ``osm_id``, ``kind``, ``name``, ``height_m`` and ``base_m`` above ground,
        ``height_source`` (tagged, levels, guessed, survey, lidar), ``height_spread_m`` (how
        much higher it may well be, and as many times lower), ``eaves_m`` (of a roof that `dsm`
        tells), ``is_part``, ``is_roof`` (one walks beneath), ``casts`` (False for an outline
        that its parts replace).
    trees
        ``osm_id``, ``height_m``, ``base_m``, ``crown_diameter_m``, ``genus``, ``leaf_cycle``,
        ``transmittance_leaf``, ``transmittance_bare``, ``size_source`` (tagged, age, genus,
        default), ``height_spread_m`` and ``crown_spread_m`` (as of buildings), ``source`` (tree,
        register, tree_row).
    woods
        Closed canopies: ``height_m``, ``base_m``, ``leaf_cycle``, ``transmittance_leaf``,
        ``transmittance_bare``.
    stops
        ``osm_type``, ``osm_id``, ``name``, ``kind`` (bus, tram, train, subway, ferry),
        ``role`` (platform, pole, stop_position on the street or track, station), ``shelter``
        (yes, no, unknown), ``bench``, ``direction``, ``ifopt``, ``layer``, ``shelter_type``,
        ``roof_material``, ``roof_shape``, ``wall``; platforms as lines or areas.
    facilities
        Things for everybody, as points or areas: ``osm_type``, ``osm_id``, ``kind`` (school,
        day_care, hospital, clinic, doctors, nursing_home, playground, square, shelter, toilets,
        drinking_water, bench), ``name``, ``access``, ``opening_hours``, ``social_facility``,
        ``covered``, ``bench``, ``shelter_type``, ``roof_material``, ``roof_shape``, ``wall``.
    places
        ``name``, ``kind`` (address, stop, place, street), ``detail``.
    areas, lines
        For the map: ``kind``, ``name``.
    districts
        What the city is made of, several ranks of it: ``osm_type``, ``osm_id``, ``name``,
        ``admin_level`` (9 to 11, the highest number the finest), (Multi)Polygon; those that the
        extract cuts end where it does.
    dem, far_dem
        Height of the ground, and of that far around, coarser; None: taken as flat. [m]
    dsm, cdsm
        Height of ground and roofs, and of crowns above the ground; None: not measured. [m]
    provenance
        Source, sha256, date of the data, licence and attribution; the same of each tree
        register, and how many trees give way to them or stand in a building.
    """

    name: str
    zone: str
    crs: pyproj.CRS
    centre: tuple[float, float]
    extent: shapely.MultiPolygon
    knows_buildings: bool
    streets: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    squares: gpd.GeoDataFrame
    bridges: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    trees: gpd.GeoDataFrame
    woods: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    provenance: Mapping[str, str]
    dem: Relief | None = None
    far_dem: Relief | None = None
    dsm: Relief | None = None
    cdsm: Relief | None = None

    @property
    def registers(self) -> tuple[str, ...]:
        """Name each tree register that went in, with its licence."""
        told = self.provenance
        keys = sorted(
            key for key in told if key.startswith("register_") and key.endswith("_source")
        )
        return tuple(
            f"{told[key]} ({told.get(key.replace('_source', '_licence'), NO_LICENCE)})"
            for key in keys
        )

    @property
    def attribution(self) -> str:
        """Say whose data this is, as every picture and file made of it must."""
        trees = f"; trees: {', '.join(self.registers)}" if self.registers else ""
        heights = self.provenance.get("heights_credit", "")
        measured = f"; heights and ground: {heights}" if heights else ""
        return self.provenance.get("attribution", ATTRIBUTION) + trees + measured

    @property
    def assumptions(self) -> str:
        """Say what every answer takes for granted."""
        ground = "flat ground" if self.dem is None else "hills as far as the terrain is known"
        told = {"lidar", "survey", "tagged"}
        is_guessed = {
            "building heights": not set(self.buildings["height_source"]) <= told,
            "tree sizes": self.cdsm is None or self._has_unmeasured_trees(),
        }
        guessed = " and ".join(what for what, is_so in is_guessed.items() if is_so)
        return "; ".join(["clear sky", ground, *([f"{guessed} partly guessed"] if guessed else [])])

    def _has_unmeasured_trees(self) -> bool:
        stem = shapely.get_coordinates(np.asarray(self.trees.geometry))
        return self.cdsm is None or bool(np.isnan(self.cdsm.at(stem)).any())

    @property
    def altitude_m(self) -> float | None:
        """Median height of the ground above the sea; None where no terrain is known. [m]."""
        return None if self.dem is None else float(np.nanmedian(self.dem.height_m[::8, ::8]))

    def to_local(self, latitude: ArrayLike, longitude: ArrayLike) -> NDArray[np.float64]:
        """Turn latitudes and longitudes [°] into x east and y north [m], shape ``(n, 2)``."""
        there, _ = _transformers(self.centre)
        x, y = there.transform(np.atleast_1d(longitude), np.atleast_1d(latitude))
        return np.column_stack([x, y])

    def to_degrees(self, xy: ArrayLike) -> NDArray[np.float64]:
        """Turn x and y [m] into latitude and longitude [°], shape ``(n, 2)``."""
        _, back = _transformers(self.centre)
        x, y = np.asarray(xy, dtype=float).reshape(-1, 2).T
        longitude, latitude = back.transform(x, y)
        return np.column_stack([latitude, longitude])


@lru_cache(maxsize=16)
def _transformers(
    centre: tuple[float, float],
) -> tuple[pyproj.Transformer, pyproj.Transformer]:
    crs = reach.make_crs(centre)
    return (
        pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True),
        pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True),
    )


def build_city(
    tables: OsmTables,
    *,
    name: str,
    registers: Sequence[Register] = (),
    lidar: Lidar | None = None,
    survey: Survey | None = None,
    models: CityModel | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> City:
    """
    Build a city from what an extract says.

    Parameters
    ----------
    tables
        The extract.
    name
        What to call the city.
    registers
        Tree registers, which override the extract's trees.
    lidar
        What was measured from the air.
    survey
        Heights of buildings, which override the extract's.
    models
        Assumptions.
    progress
        Told the step and the share of it that is done.

    Raises
    ------
    SourceError
        If no way can be walked, or a register, a raster or a survey tells nothing of the city.
    """
    models = models or CityModel()
    tell = progress or (lambda _step, _done: None)
    tell("city", 0.0)
    crs, centre, extent = reach.settle(tables, model=models.extent)
    local = {
        table: reach.to_local(getattr(tables, table), crs)
        for table in ("ways", "lines", "areas", "points", "borders")
    }
    near = shapely.buffer(extent, models.stray_m)
    halo = shapely.buffer(extent, models.halo_m)
    shapely.prepare([near, halo])
    streets = build_streets(reach.touching(local["ways"], near))
    if streets.empty:
        msg = (
            f"{tables.provenance.get('source', name)} holds no way that one may walk; "
            "wanted an extract with streets or paths."
        )
        raise SourceError(msg)
    tell("city", 0.3)
    ways, lines, areas, points, borders = (reach.touching(frame, halo) for frame in local.values())
    whole = reach.make_polygonal(np.asarray(areas.geometry))
    areas = areas.set_geometry(gpd.GeoSeries(whole, crs=crs))
    bridges = build_bridges(reach.touching(local["ways"], halo), lines, areas, model=models.bridge)
    buildings = build_buildings(areas, model=models.height)
    if survey is not None:
        buildings = measure_buildings(buildings, survey)
    reliefs = Reliefs()
    if lidar:
        reliefs = read_reliefs(
            lidar, crs=crs, region=extent, halo_m=models.halo_m, model=models.lidar
        )
        reliefs = read_ground(reliefs, buildings, model=models.lidar)
        refuse_other_datums(reliefs, buildings, model=models.lidar)
        buildings = measure_roofs(buildings, reliefs, model=models.lidar)
    tell("city", 0.4)
    registered, told = place_registers(
        registers, crs=crs, halo=halo, data_date=tables.provenance.get("data_date", "")
    )
    trees, counts = _plant(points, lines, buildings, registered=registered, model=models.tree)
    reliefs = find_canopy(reliefs, trees, (buildings, bridges), model=models.lidar)
    tell("city", 0.6)
    stops = build_stops(points, areas, ways=ways, lines=lines)
    districts, n_open = build_districts(borders, extent=extent, points=points)
    length_km = shapely.length(np.asarray(streets.geometry)).sum() / 1000.0
    city = City(
        name=name,
        zone=reach.find_zone(centre),
        crs=crs,
        centre=centre,
        extent=extent,
        knows_buildings=bool(len(buildings) >= models.least_per_km * length_km),
        streets=streets,
        crossings=build_crossings(points),
        barriers=build_barriers(points, streets=streets),
        squares=build_squares(reach.touching(areas, near), lines),
        bridges=bridges,
        buildings=buildings,
        trees=trees,
        woods=reach.clip(build_woods(areas), halo),
        stops=stops,
        facilities=build_facilities(points, areas, stops=stops),
        places=build_places(points, areas, streets=streets, stops=stops),
        areas=reach.clip(
            pd.concat([draw_sea(lines, extent), build_areas(areas)], ignore_index=True), halo
        ),
        lines=build_lines(ways, lines),
        districts=reach.clip(districts, halo),
        provenance={
            **tables.provenance,
            **told,
            **counts,
            "n_districts_open": str(n_open),
            **_credit(lidar, survey),
            "models": _describe(models),
        },
        **reliefs._asdict(),
    )
    tell("city", 1.0)
    return city


def _plant(
    points: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    registered: gpd.GeoDataFrame | None,
    model: TreeModel,
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Build the trees that stand in the open; and count those that do not."""
    n_indoors = 0
    if registered is not None:  # first, so that one misplaced takes no other's place
        indoors = stands_indoors(registered, buildings, model=model)
        registered, n_indoors = registered[~indoors], int(indoors.sum())
    trees = build_trees(points, lines, registered=registered, model=model)
    n_replaced = (points["natural"] == "tree").sum() - (trees["source"] == "tree").sum()
    indoors = stands_indoors(trees, buildings, model=model)
    return trees[~indoors].reset_index(drop=True), {
        "n_trees_replaced": str(n_replaced),
        "n_trees_in_buildings": str(n_indoors + indoors.sum()),
    }


def _credit(lidar: Lidar | None, survey: Survey | None) -> dict[str, str]:
    """Name the files that heights were taken from, and whom to name for them."""
    told = tell_lidar(lidar) if lidar else {}
    named = [told[name] for name in told if name.endswith("_licence")]
    if survey is not None:
        told["heights_source"] = survey.source
        named.append(survey.credit or f"{survey.source} ({NO_LICENCE})")
    return told | ({"heights_credit": "; ".join(dict.fromkeys(named))} if named else {})


def _describe(models: CityModel) -> str:
    return json.dumps(dataclasses.asdict(models), sort_keys=True)
