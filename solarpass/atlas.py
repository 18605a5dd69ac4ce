"""
A prepared city in one folder: the City, its Network, its Horizon, and shade by the day.

The slow arrows are walked once, by `build_atlas`; `read_atlas` opens what they left, maps
the large arrays into memory and shares them, read-only, with every session.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import shapely
from platformdirs import user_cache_path

from .archive import RELIEFS, TABLES, read_city, save_city
from .basemap import build_basemap
from .basemapfile import BASEMAP, save_basemap
from .beam import Beam, find_beam
from .city import City, CityModel, build_city
from .day import Days, day_times
from .draft import draft_folder
from .errors import FolderError, NaiveTimeError, SourceError
from .horizon import Horizon, ShadeModel, build_horizon, read_horizon, save_horizon
from .inventory import take_inventory
from .leaf import leaves_on
from .lettering import LETTERING, build_lettering, save_lettering
from .lidar import Lidar
from .network import Network, build_network, read_network, save_network
from .osm import OsmTables, helsinki_path, read_osm
from .picture import SunPicture, cast
from .register import Register
from .shade import ShadeTable, build_shade
from .sun import SunPath, find_sun
from .surface import Surface, SurfaceModel, build_surface
from .survey import Survey
from .tables import data_folder

Progress = Callable[[str, float], None]

BUILT_IN = "helsinki"
ATLAS_FORMAT = 1  # raised whenever a folder of before can no longer be read
SOFTWARE = f"solarpass {version('solarpass')}"
MANIFEST = "atlas.json"
PARTS = {
    *(MANIFEST, "city.json", "network", "horizon", LETTERING, BASEMAP),
    *(f"{table}.parquet" for table in TABLES),
    *(f"{relief}.npy" for relief in RELIEFS),
}
MOST_CELLS = 100_000_000  # of a picture, unless one asks for a cell


@dataclass(frozen=True, eq=False)  # no slots: the surface is made when first looked at
class Atlas:
    """
    One prepared city, opened for reading.

    Attributes
    ----------
    folder
        Where it lies.
    city, network, horizon
        What was built of it.
    surface_model
        The assumptions its surface was made with.
    """

    folder: Path
    city: City
    network: Network
    horizon: Horizon
    surface_model: SurfaceModel
    _days: Days[ShadeTable] = field(default_factory=Days, repr=False)
    _beams: Days[Beam] = field(default_factory=Days, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.city.zone)

    @cached_property
    def surface(self) -> Surface:
        """What casts shade, for pictures of an instant; routes need it no more."""
        return build_surface(self.city, model=self.surface_model)

    def find_sun(self, times: pd.DatetimeIndex) -> SunPath:
        """Find the sun over the city at zone-aware `times`."""
        latitude_deg, longitude_deg = self.city.centre
        return find_sun(times, latitude_deg=latitude_deg, longitude_deg=longitude_deg)

    def summary(self) -> dict[str, object]:
        """Say what the city knows, what of it is guessed, and where it comes from."""
        return take_inventory(self.city, self.network)

    def shade_on(self, day: date) -> ShadeTable:
        """
        Look up the shade of one local day, and of the small hours after it.

        Built when first asked for and kept for all sessions; shape of its table
        ``(n_times, n_edges)`` at 5-minute steps.
        """
        return self._days.find(
            day, lambda: build_shade(self.horizon, self.find_sun(day_times(day, self.zone)))
        )

    def beam_on(self, day: date) -> Beam:
        """Find the clear-sky beam of one local day, at the same steps; kept likewise."""
        latitude_deg, longitude_deg = self.city.centre
        return self._beams.find(
            day,
            lambda: find_beam(
                self.find_sun(day_times(day, self.zone)),
                latitude_deg=latitude_deg,
                longitude_deg=longitude_deg,
                altitude_m=self.city.altitude_m,
            ),
        )


def cast_at(atlas: Atlas, at: datetime, *, cell_m: float | None = None) -> SunPicture:
    """
    Cast the shadows of one instant over the extent of a city.

    Parameters
    ----------
    at
        Zone-aware.
    cell_m
        Side of a cell; None: 1 m, coarser where a country would not fit. [m]

    Raises
    ------
    NaiveTimeError
        If `at` carries no time zone.
    SourceError
        If `cell_m` is not a positive number.
    """
    if at.tzinfo is None:
        msg = f"`at` needs a time zone, such as 'Europe/Rome'; got naive {at}."
        raise NaiveTimeError(msg)
    if cell_m is not None and not (math.isfinite(cell_m) and cell_m > 0.0):
        msg = f"Wanted a cell of some metres; got {cell_m}."
        raise SourceError(msg)
    instant = pd.DatetimeIndex([pd.Timestamp(at).tz_convert(atlas.zone)])
    sun = atlas.find_sun(instant)
    west, south, east, north = shapely.bounds(atlas.city.extent)
    if cell_m is None:
        cell_m = max(1.0, math.sqrt((east - west) * (north - south) / MOST_CELLS))
    return cast(
        atlas.surface,
        azimuth_deg=float(sun.azimuth_deg[0]),
        elevation_deg=float(sun.elevation_deg[0]),
        cell_m=cell_m,
        leaf_fraction=float(leaves_on(atlas.horizon.leaf_year, instant)[0]),
    )


def read_source(source: str | Path, *, progress: Progress | None = None) -> OsmTables:
    """
    Read what a source names: the built-in city, an extract, or a place to ask Overpass for.

    Parameters
    ----------
    source
        ``"helsinki"``, a path to an ``.osm.pbf``, or a place name such as "Dresden, Germany".
    progress
        Told the step and its share done.

    Raises
    ------
    SourceError
        If the file is missing or is not an extract.
    FetchError
        If the place has to be fetched and the service does not answer.
    """
    if source == BUILT_IN:
        return read_osm(helsinki_path(), progress=progress)
    path = Path(source)
    if isinstance(source, Path) or path.exists() or path.suffix or "/" in str(source):
        if not path.exists():
            msg = (
                f"Wanted an .osm.pbf file; there is none at {str(path)!r}: give the path of an "
                f"extract, {BUILT_IN!r}, or a place such as 'Dresden, Germany'."
            )
            raise SourceError(msg)
        return read_osm(path, progress=progress)
    # osmnx takes seconds to import, and only a place name needs it.
    from .fetch.overpass import fetch_osm  # noqa: PLC0415

    return fetch_osm(str(source), progress=progress)


def build_atlas(
    source: str | Path,
    folder: str | Path,
    *,
    name: str | None = None,
    registers: Sequence[Register] = (),
    lidar: Lidar | None = None,
    survey: Survey | None = None,
    surface_model: SurfaceModel = SurfaceModel(),
    shade_model: ShadeModel = ShadeModel(),
    progress: Progress | None = None,
) -> Atlas:
    """
    Build a city folder from a source, whole or not at all.

    The same source, files and models give the same bytes. A city folder that stands there
    already is replaced in one step, at the end.

    Raises
    ------
    SourceError
        If the source cannot be read, holds no street to walk on, or a register, a raster or a
        survey tells nothing of it.
    FolderError
        If `folder` holds something that is not a city folder, or cannot be written.
    """
    folder = Path(folder)
    _refuse_foreign(folder)
    tables = read_source(source, progress=progress)
    city = build_city(
        tables,
        name=name or _name_of(source),
        registers=registers,
        lidar=lidar,
        survey=survey,
        progress=progress,
    )
    network = build_network(city)
    if progress:
        progress("horizon", 0.0)  # it compiles first, which takes its time
    surface = build_surface(city, model=surface_model)
    horizon = build_horizon(surface, network, model=shade_model, progress=progress)
    with draft_folder(folder) as draft:
        save_city(city, draft)
        lettering = build_lettering(tables, city)
        save_lettering(lettering, draft)
        save_basemap(city, build_basemap(city, lettering), draft)
        save_network(network, draft / "network")
        save_horizon(horizon, draft / "horizon")
        manifest = {
            "format": ATLAS_FORMAT,
            "software": SOFTWARE,
            "surface_model": asdict(surface_model),
            "shade_model": asdict(shade_model),
        }
        _atlas_file(draft).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return read_atlas(folder)


def read_atlas(folder: str | Path) -> Atlas:
    """
    Open a city folder.

    Raises
    ------
    FolderError
        If there is none, it is torn, or another version built it; the sentence says what to
        run.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    try:
        surface_model = SurfaceModel(**manifest["surface_model"])
    except (KeyError, TypeError) as error:
        msg = f"{_atlas_file(folder)} does not read ({error}). {_remedy(folder)}"
        raise FolderError(msg) from error
    network, horizon = read_network(folder / "network"), read_horizon(folder / "horizon")
    if horizon.n_edges != network.n_edges:
        msg = (
            f"The city folder {str(folder)!r} holds a network of {network.n_edges} edges and a "
            f"horizon of {horizon.n_edges}, which are of two cities. {_remedy(folder)}"
        )
        raise FolderError(msg)
    return Atlas(
        folder=folder,
        city=read_city(folder),
        network=network,
        horizon=horizon,
        surface_model=surface_model,
    )


def built_in_atlas(*, progress: Progress | None = None) -> Atlas:
    """
    Open the built-in city; the first time it is built, into the user's cache.

    Its folder is named after the version, the extract and every assumption, so that a city
    of before is never taken for today's.
    """
    rests_on = hashlib.sha256(helsinki_path().read_bytes())
    for table in sorted(data_folder().iterdir(), key=lambda table: table.name):
        if table.name.endswith(".csv"):
            rests_on.update(table.read_bytes())
    rests_on.update(
        repr((SOFTWARE, CityModel(), SurfaceModel(), ShadeModel(), sorted(PARTS))).encode()
    )
    folder = user_cache_path("solarpass") / f"{BUILT_IN}-{rests_on.hexdigest()[:12]}"
    try:
        return read_atlas(folder)
    except FolderError:  # none yet, or torn; the cache is ours to clear
        shutil.rmtree(folder, ignore_errors=True)
        return build_atlas(BUILT_IN, folder, progress=progress)


def _atlas_file(folder: Path) -> Path:
    return folder / MANIFEST


def _name_of(source: str | Path) -> str:
    if source == BUILT_IN:
        return "Helsinki"
    path = Path(source)
    return path.name.split(".")[0] if path.exists() else str(source)


def _read_manifest(folder: Path) -> Mapping[str, Any]:
    again = _remedy(folder)
    try:
        manifest = json.loads(_atlas_file(folder).read_text())
    except FileNotFoundError:
        what = "holds none" if folder.is_dir() else "does not exist"
        msg = f"Wanted a city folder; {str(folder)!r} {what}. {again}"
        raise FolderError(msg) from None
    except (OSError, ValueError) as error:
        msg = f"The city folder {str(folder)!r} cannot be read ({error}). {again}"
        raise FolderError(msg) from error
    ours = (ATLAS_FORMAT, SOFTWARE)
    if not isinstance(manifest, dict) or (manifest.get("format"), manifest.get("software")) != ours:
        msg = (
            f"The city folder {str(folder)!r} was built by another version "
            f"({manifest.get('software', 'unnamed') if isinstance(manifest, dict) else 'unnamed'});"
            f" this is {SOFTWARE}. {again}"
        )
        raise FolderError(msg)
    return manifest


def _is_ours(folder: Path) -> bool:
    """Tell whether some version of ours wrote the manifest."""
    try:
        manifest = json.loads(_atlas_file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and str(manifest.get("software")).startswith("solarpass ")


def _remedy(folder: Path) -> str:
    return f"Run `solarpass build SOURCE --out {folder}`."


def _refuse_foreign(folder: Path) -> None:
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    foreign = sorted(held - PARTS) or sorted(held if not _is_ours(folder) else ())
    if foreign:
        msg = (
            f"{str(folder)!r} holds files that are no city folder, such as {foreign[0]!r}; "
            f"name an empty or a new folder with --out."
        )
        raise FolderError(msg)
    if folder.exists() and not folder.is_dir():
        msg = f"Wanted a folder to write to; {str(folder)!r} is a file: name another with --out."
        raise FolderError(msg)
    if folder.resolve() == Path.cwd():
        msg = (
            "Wanted a folder of its own for the city, not the one you are in; name one with --out."
        )
        raise FolderError(msg)
