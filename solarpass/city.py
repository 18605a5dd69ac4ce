"""A city as we know it: streets, buildings, trees, stops and places in its own metres."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import ArrayLike

from . import extent as reach
from .bridge import BridgeModel, build_bridges
from .errors import FolderError, SourceError
from .gazetteer import build_places, build_stops
from .ground import build_areas, build_lines, draw_sea
from .height import HeightModel, build_buildings
from .osm import ATTRIBUTION, OsmTables
from .register import NO_LICENCE, Register, place_registers
from .street import build_crossings, build_streets
from .tag import text_column
from .trees import TreeModel, build_trees, build_woods, stands_indoors

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT = 2  # of a city's folder; raised with every change that an older reader would misread

TABLES = (
    *("streets", "crossings", "bridges", "buildings", "trees", "woods"),
    *("stops", "places", "areas", "lines"),
)


@dataclass(frozen=True, slots=True)
class CityModel:
    """
    Assumptions that go into a city; change one with `dataclasses.replace`.

    Attributes
    ----------
    extent, height, tree, bridge
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
        unknown), ``surface``, ``incline``, ``width_m``, ``lanes``, ``sidewalk_left``
        and ``sidewalk_right`` as seen along the way (yes, no, separate), ``footway``,
        ``crossing`` (signals, marked, unmarked), ``is_oneway``, ``is_roundabout``.
    crossings
        Nodes at which one crosses a street, or cars wait at lights: ``osm_id``,
        ``crossing`` (signals, marked, unmarked, lights).
    bridges
        Decks that shade what is below: ``osm_id``, ``base_m`` and ``height_m`` above ground,
        ``layer``.
    buildings
        ``osm_type``, ``osm_id``, ``kind``, ``name``, ``height_m`` and ``base_m`` above ground,
        ``height_source`` (tagged, levels, guessed), ``height_spread_m`` (half width of its
        interval), ``is_part``, ``is_roof`` (one walks beneath), ``casts`` (False for an outline
        that its parts replace).
    trees
        ``osm_id``, ``height_m``, ``base_m``, ``crown_diameter_m``, ``genus``, ``leaf_cycle``,
        ``transmittance_leaf``, ``transmittance_bare``, ``size_source`` (tagged, age, genus,
        default), ``source`` (tree, register, tree_row).
    woods
        Closed canopies: ``height_m``, ``base_m``, ``leaf_cycle``, ``transmittance_leaf``,
        ``transmittance_bare``.
    stops
        ``osm_type``, ``osm_id``, ``name``, ``kind`` (bus, tram, train, subway, ferry),
        ``shelter`` (yes, no, unknown).
    places
        ``name``, ``kind`` (address, stop, place, street), ``detail``.
    areas, lines
        For the map: ``kind``, ``name``.
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
    bridges: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    trees: gpd.GeoDataFrame
    woods: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    provenance: Mapping[str, str]

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
        return self.provenance.get("attribution", ATTRIBUTION) + trees

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
    models
        Assumptions.
    progress
        Told the step and the share of it that is done.

    Raises
    ------
    SourceError
        If no way can be walked, or a register holds no tree of the city.
    """
    models = models or CityModel()
    tell = progress or (lambda _step, _done: None)
    tell("city", 0.0)
    crs, centre, extent = reach.settle(tables, model=models.extent)
    local = {
        table: reach.to_local(getattr(tables, table), crs)
        for table in ("ways", "lines", "areas", "points")
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
    ways, lines, areas, points = (reach.touching(frame, halo) for frame in local.values())
    whole = reach.make_polygonal(np.asarray(areas.geometry))
    areas = areas.set_geometry(gpd.GeoSeries(whole, crs=crs))
    buildings = build_buildings(areas, model=models.height)
    registered, told = place_registers(
        registers, crs=crs, halo=halo, data_date=tables.provenance.get("data_date", "")
    )
    trees, counts = _plant(points, lines, buildings, registered=registered, model=models.tree)
    tell("city", 0.6)
    stops = build_stops(points, areas)
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
        bridges=build_bridges(
            reach.touching(local["ways"], halo), lines, areas, model=models.bridge
        ),
        buildings=buildings,
        trees=trees,
        woods=reach.clip(build_woods(areas), halo),
        stops=stops,
        places=build_places(points, areas, streets=streets, stops=stops),
        areas=reach.clip(
            pd.concat([draw_sea(lines, extent), build_areas(areas)], ignore_index=True), halo
        ),
        lines=build_lines(ways, lines),
        provenance={**tables.provenance, **told, **counts, "models": _describe(models)},
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


def _describe(models: CityModel) -> str:
    return json.dumps(dataclasses.asdict(models), sort_keys=True)


def save_city(city: City, folder: str | Path) -> None:
    """
    Write a city to a folder: one GeoParquet per table, and what binds them in ``city.json``.

    The same city gives the same bytes.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frame: gpd.GeoDataFrame = getattr(city, name)
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
    told = {
        "format": FORMAT,
        "software": f"solarpass {_version()}",
        "name": city.name,
        "zone": city.zone,
        "centre": list(city.centre),
        "crs": city.crs.to_wkt(),
        "extent": shapely.to_wkt(city.extent, rounding_precision=3),
        "knows_buildings": city.knows_buildings,
        "provenance": dict(city.provenance),
    }
    text = json.dumps(told, sort_keys=True, indent=1, ensure_ascii=False)
    # Last, so that a folder that was not finished is not taken for one.
    (folder / "city.json").write_text(text + "\n", encoding="utf-8")


def _version() -> str:
    try:
        return version("solarpass")
    except PackageNotFoundError:  # a checkout that was never installed
        return "from a checkout"


def read_city(folder: str | Path) -> City:
    """
    Read a city that `save_city` wrote.

    Raises
    ------
    FolderError
        If the folder is missing, half there, foreign, or of another version.
    """
    folder = Path(folder)
    cure = f"build it with: solarpass build SOURCE --out {folder}"
    try:
        told: dict[str, Any] = json.loads((folder / "city.json").read_text(encoding="utf-8"))
        version_there = told["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{folder} holds no city (no readable city.json); {cure}"
        raise FolderError(msg) from error
    if version_there != FORMAT:
        msg = f"{folder} was built in format {version_there}, this version reads {FORMAT}; re{cure}"
        raise FolderError(msg)
    try:
        plain = _read_plain(told)
        frames = {name: _read_frame(folder / f"{name}.parquet") for name in TABLES}
        return City(crs=reach.make_crs(plain["centre"]), **plain, **frames)
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        msg = f"{folder} holds only half a city ({error}); {cure}"
        raise FolderError(msg) from error


def _read_plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read what ``city.json`` tells beside its tables and the format.

    Raises
    ------
    ValueError, KeyError, TypeError, OSError, ShapelyError
        If something is missing, of another kind, or of no sense.
    """
    centre, provenance = told["centre"], told["provenance"]
    extent = shapely.from_wkt(told["extent"])
    is_sound = {
        "name": isinstance(told["name"], str),
        "zone": isinstance(told["zone"], str),
        "centre": isinstance(centre, list)
        and len(centre) == 2
        and all(type(one) in {float, int} for one in centre)
        and abs(centre[0]) <= 90.0
        and abs(centre[1]) <= 180.0,
        "extent": isinstance(extent, shapely.MultiPolygon) and not extent.is_empty,
        "knows_buildings": isinstance(told["knows_buildings"], bool),
        "provenance": isinstance(provenance, dict)
        and all(isinstance(fact, str) for fact in provenance.values()),
    }
    wrong = [name for name, sound in is_sound.items() if not sound]
    if wrong:
        msg = f"city.json tells {wrong[0]} as {str(told[wrong[0]])[:40]!r}"
        raise ValueError(msg)
    ZoneInfo(told["zone"])  # refuses what names none
    return {name: told[name] for name in is_sound} | {"centre": tuple(centre), "extent": extent}


def _read_frame(path: Path) -> gpd.GeoDataFrame:
    frame = gpd.read_parquet(path)
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.StringDtype):
            frame[name] = text_column(frame[name])
    return frame
