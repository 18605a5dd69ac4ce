"""What the browser draws of a city: its base map, and sun and shadow at one instant."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from io import BytesIO
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from solarpass.atlas import Atlas
from solarpass.basemap import COLUMNS, build_basemap, write_geojson
from solarpass.basemapfile import TileFile, read_tiles
from solarpass.city import City
from solarpass.leaf import leaves_on
from solarpass.lettering import read_lettering
from solarpass.network import Network
from solarpass.picture import cast
from solarpass.places import find_places

from .prisms import Prisms, find_prisms
from .question import SLOT

Corner = tuple[float, float]

UNKNOWN: Final = 255  # the byte of a street of whose shade nothing is known
WINDOW_M: Final = 3400.0  # side of a shadow picture: 11.6 million pixels of 1 m; our choice
WINDOW_STEP_M: Final = 500.0  # their centres lie on a grid, so that neighbours share pictures
PIXEL_M: Final = 1.0
HEART_M: Final = 300.0  # side of the squares in which houses are counted; our choice
# How far a place that one stands on, an address and any other lend a point their name; our choice
HERE_M: Final = 3.0
ADDRESS_M: Final = 60.0
PLACE_M: Final = 120.0
SHADES: Final = 15  # levels of a shadow picture, and one more for the unknown: 4 bits a pixel
SHADOW_RGB: Final = (16, 26, 56)
DEEPEST_ALPHA: Final = 150
HATCH_RGB: Final = (107, 113, 119)  # as the map's streets of unknown shade
HATCH_ALPHA: Final = 110
HATCH_PX: Final = (3, 10)  # width of a stripe, and from one to the next, along a row; our choice


@dataclass(frozen=True, eq=False)  # no slots: what is derived is kept once looked at
class Scene:
    """
    One city as the browser sees it.

    Attributes
    ----------
    atlas
        The city itself.
    layers
        GeoJSON of the extent, of the streets, and, where there are no tiles, of the base map,
        compressed, by name.
    digest
        Changes with anything that may be drawn, so that addresses that hold it never go stale.
    tiles
        The base map, where its city's folder has it as tiles.
    """

    atlas: Atlas
    layers: Mapping[str, bytes]
    digest: str
    tiles: TileFile | None = None

    @property
    def city(self) -> City:
        """The city."""
        return self.atlas.city

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city's extent [°]."""
        west, south, east, north = self.city.extent.bounds
        corners = [(west, south), (east, south), (east, north), (west, north)]
        latitude, longitude = self.city.to_degrees(corners).T
        return (
            float(longitude.min()),
            float(latitude.min()),
            float(longitude.max()),
            float(latitude.max()),
        )

    @cached_property
    def heart(self) -> tuple[float, float]:
        """
        Find where a first look goes that cannot show all: latitude and longitude [°].

        The middle of the square with the most houses in and around it, or, where none are
        known, the most corners of streets.
        """
        buildings = self.city.buildings
        xy = self.atlas.network.node_xy
        if self.city.knows_buildings and len(buildings):
            xy = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
        corner, cell = xy.min(axis=0), np.floor((xy - xy.min(axis=0)) / HEART_M).astype(int)
        count = np.zeros(cell.max(axis=0) + 3)  # with a rim of empty squares
        np.add.at(count, tuple(cell.T + 1), 1.0)
        around = sliding_window_view(count, (3, 3)).sum(axis=(2, 3))
        fullest = np.array(np.unravel_index(int(around.argmax()), around.shape))
        latitude, longitude = self.city.to_degrees([corner + (fullest + 0.5) * HEART_M])[0]
        return float(latitude), float(longitude)

    @cached_property
    def guessed_fraction(self) -> float:
        """Share of the buildings that cast shade whose height is guessed."""
        casting = self.city.buildings[self.city.buildings["casts"].astype(bool)]
        return float((casting["height_source"] == "guessed").mean()) if len(casting) else 0.0

    @cached_property
    def _place_trees(self) -> tuple[tuple[shapely.STRtree, list[str], float], ...]:
        """List what one stands on, addresses, and all that has a name, each with its reach."""
        places = self.city.places
        return tuple(
            (shapely.STRtree(some.geometry.to_numpy()), some["name"].tolist(), reach_m)
            for some, reach_m in (
                (places, HERE_M),
                (places[places["kind"] == "address"], ADDRESS_M),
                (places, PLACE_M),
            )
        )

    def name_near(self, place: tuple[float, float], *, picked: str | None = None) -> str:
        """
        Name the place one stands on, or the next address, or the next place, or coordinates.

        Where several stand in one spot, the name by which it was `picked` tells which is meant.
        """
        point = shapely.points(self.city.to_local(*place)[0])
        here, names, reach_m = self._place_trees[0]
        near = here.query(point, predicate="dwithin", distance=reach_m)
        if picked is not None and picked in {names[row] for row in near}:
            return picked
        for tree, names, reach_m in self._place_trees:
            near = tree.query_nearest(point, max_distance=reach_m)
            if len(near):
                return names[int(near.min())]
        return "{:.5f}, {:.5f}".format(*place)

    def search(self, text: str) -> list[dict[str, Any]]:
        """Find addresses, stops, places and streets of a name, best first."""
        return [
            {
                "name": place.name,
                "detail": place.detail,
                "kind": place.kind,
                "latitude": place.latitude_deg,
                "longitude": place.longitude_deg,
            }
            for place in find_places(self.city, text)
        ]

    def daylight(self, day: date) -> tuple[datetime, datetime] | None:
        """Find sunrise and sunset of a local day, to the minute; None where it stays below."""
        return _daylight(self.atlas, day)

    def is_night(self, at: datetime) -> bool:
        """Tell whether the sun is below the horizon in the slot that begins at `at`."""
        middle = pd.DatetimeIndex([at + SLOT / 2])
        return not bool(self.atlas.find_sun(middle).elevation_deg[0] > 0.0)

    def sun_bytes(self, at: datetime) -> bytes:
        """Sun on every street at one instant: a byte each, 0 to 254, or 255 where unknown."""
        table = self.atlas.shade_on(at.astimezone(self.atlas.zone).date())
        sun_fraction = table.sun_fraction(table.row_at(at))
        known = np.isfinite(sun_fraction)
        levels = np.rint(np.where(known, sun_fraction, 0.0) * (UNKNOWN - 1))
        return np.where(known, levels, UNKNOWN).astype(np.uint8).tobytes()

    def day_bytes(self, day: date) -> bytes:
        """
        Sun on every street all through a local day, and the sun that makes it.

        Returns
        -------
        bytes
            Length of the head (4 bytes, little-endian); the head, JSON: ``n_edges`` and, of
            every slot, ``minutes`` of its beginning on the city's clocks since midnight,
            ``azimuth_deg`` and ``elevation_deg`` of the sun in its middle and how far trees are
            in leaf, ``leaf_fraction``; then a row a slot, bytes as those of `sun_bytes`.
        """
        table = self.atlas.shade_on(day)
        rows = np.flatnonzero(table.times.tz_convert(self.atlas.zone).date == day)
        times = table.times[rows].tz_convert(self.atlas.zone)
        sun = self.atlas.find_sun(times + SLOT / 2)
        leaf = leaves_on(self.atlas.horizon.leaf_year, times + SLOT / 2)
        head = json.dumps(
            {
                "n_edges": int(table.sun.shape[1]),
                "minutes": (times.hour * 60 + times.minute).tolist(),
                "azimuth_deg": np.round(sun.azimuth_deg, 3).tolist(),
                "elevation_deg": np.round(sun.elevation_deg, 3).tolist(),
                "leaf_fraction": np.round(leaf, 4).tolist(),
            }
        ).encode()
        return len(head).to_bytes(4, "little") + head + table.sun[rows].tobytes()

    @cached_property
    def prisms(self) -> Prisms | None:
        """What casts shade, where upright prisms on a plane tell it all."""
        known = self.city.knows_buildings
        return find_prisms(self.atlas.surface) if known else None

    @cached_property
    def window_grid(self) -> dict[str, float] | None:
        """
        Tell where the centres of the shadow pictures lie; None where one holds the whole city.

        Longitude and latitude of the one named ``0_0``, and the steps from column to column
        and from row to row [°].
        """
        west, south, east, north = self.city.extent.bounds
        if (east - west) * (north - south) <= WINDOW_M**2:
            return None
        step = WINDOW_STEP_M
        latitude, longitude = self.city.to_degrees([(0.0, 0.0), (step, 0.0), (0.0, step)]).T
        return {
            "longitude": float(longitude[0]),
            "latitude": float(latitude[0]),
            "column": float(longitude[1] - longitude[0]),
            "row": float(latitude[2] - latitude[0]),
        }

    def window_bounds(self, window: str) -> tuple[float, float, float, float]:
        """
        Find west, south, east and north of a shadow picture, in local metres.

        Raises
        ------
        ValueError
            If there is no such picture.
        """
        if window == "city" and self.window_grid is None:
            west, south, east, north = self.city.extent.bounds
            return (np.floor(west), np.floor(south), np.ceil(east), np.ceil(north))
        x, y = (int(part) * WINDOW_STEP_M for part in window.split("_"))
        half = WINDOW_M / 2
        west, south, east, north = self.city.extent.bounds
        if not (west - half < x < east + half and south - half < y < north + half):
            msg = f"The window {window} lies off the city."
            raise ValueError(msg)
        return (x - half, y - half, x + half, y + half)

    def corners(self, window: str) -> list[Corner]:
        """Longitude and latitude of a picture's corners, from the north-west clockwise."""
        west, south, east, north = self.window_bounds(window)
        xy = [(west, north), (east, north), (east, south), (west, south)]
        return [(float(lon), float(lat)) for lat, lon in self.city.to_degrees(xy)]


@lru_cache(maxsize=64)
def _daylight(atlas: Atlas, day: date) -> tuple[datetime, datetime] | None:
    first, after = (
        pd.Timestamp(datetime.combine(date_, time(), tzinfo=atlas.zone))
        for date_ in (day, day + timedelta(days=1))
    )
    minutes = pd.date_range(first, after, freq="1min", inclusive="left")
    up = np.flatnonzero(atlas.find_sun(minutes).elevation_deg > 0.0)
    return (minutes[up[0]].to_pydatetime(), minutes[up[-1]].to_pydatetime()) if len(up) else None


def build_scene(atlas: Atlas) -> Scene:
    """Draw up the base map of a city."""
    city, tiles = atlas.city, read_tiles(atlas.folder)
    raw = {
        "extent": write_geojson(city, gpd.GeoDataFrame(geometry=[city.extent])),
        "streets": write_geojson(city, _edges(atlas.network), ("part",)),
    }
    if tiles is None:
        base = build_basemap(city, read_lettering(atlas.folder, city))
        raw |= {name: write_geojson(city, frame, COLUMNS[name]) for name, frame in base.items()}
    digest = hashlib.sha256()
    for path in sorted(atlas.folder.rglob("*")):  # large arrays by their size and age alone
        told = path.stat()
        digest.update(f"{path.name} {told.st_size} {told.st_mtime_ns}\n".encode())
    for text in raw.values():
        digest.update(text)
    layers = {name: gzip.compress(text, 6, mtime=0) for name, text in raw.items()}
    return Scene(atlas, layers, digest.hexdigest()[:16], tiles)


def _edges(network: Network) -> gpd.GeoDataFrame:
    """
    Tell what is drawn in a way of its own.

    Pavements, which lie in pairs, ways under a roof or the ground, and links, which only a near
    look shows apart.
    """
    is_link = (network.crossing != 0) | (network.length_m == 0.0)
    part = np.full(network.n_edges, None, object)
    part[network.side != 0] = "pavement"
    part[network.is_covered] = "covered"
    part[is_link] = "link"
    return gpd.GeoDataFrame({"part": part}, geometry=network.lines())


_casting = threading.Lock()


def shadow_png(scene: Scene, at: datetime, window: str) -> bytes:
    """Cast the shadows of one instant into a picture; one at a time, the latest are kept."""
    with _casting:
        return _shadow_png(scene, at, window)


@lru_cache(maxsize=48)  # a picture takes some 100 to 500 kB
def _shadow_png(scene: Scene, at: datetime, window: str) -> bytes:
    # In the slot's middle, as the streets have it.
    instant = pd.DatetimeIndex([at.astimezone(scene.atlas.zone) + SLOT / 2])
    sun = scene.atlas.find_sun(instant)
    picture = cast(
        scene.atlas.surface,
        azimuth_deg=float(sun.azimuth_deg[0]),
        elevation_deg=float(sun.elevation_deg[0]),
        bounds=scene.window_bounds(window),
        cell_m=PIXEL_M,
        leaf_fraction=float(leaves_on(scene.atlas.horizon.leaf_year, instant)[0]),
    )
    return encode_shadow(picture.sun, is_indoors=_indoors(scene, window))


@lru_cache(maxsize=4)  # a picture's takes 12 MB; the hours of one place are looked at in a row
def _indoors(scene: Scene, window: str) -> NDArray[np.bool_]:
    """Tell which cells of a picture lie inside buildings: those that not even the night knows."""
    bounds = scene.window_bounds(window)
    night = cast(
        scene.atlas.surface, azimuth_deg=0.0, elevation_deg=-90.0, bounds=bounds, cell_m=PIXEL_M
    )
    return np.isnan(night.sun)


def encode_shadow(
    sun: NDArray[np.floating], *, is_indoors: NDArray[np.bool_] | None = None
) -> bytes:
    """
    Write sun on the ground as a picture whose darkness is the shade.

    Parameters
    ----------
    sun
        1 = sun, 0 = shade, NaN = indoors, or unknown, which is hatched; row 0 in the north.
    is_indoors
        Cells that stay clear, though they are NaN; None: all of these.
    """
    shade = np.where(np.isnan(sun), 0.0, 1.0 - sun)
    levels = np.rint(np.clip(shade, 0.0, 1.0) * (SHADES - 1)).astype(np.uint8)
    n_rows, n_columns = levels.shape
    if is_indoors is not None:
        stripe, step = HATCH_PX
        is_striped = np.add.outer(np.arange(n_rows), np.arange(n_columns)) % step < stripe
        levels[np.isnan(sun) & ~is_indoors & is_striped] = SHADES
    picture = Image.frombytes("P", (n_columns, n_rows), levels.tobytes())
    picture.putpalette(SHADOW_RGB * SHADES + HATCH_RGB)
    alphas = bytes(round(DEEPEST_ALPHA * level / (SHADES - 1)) for level in range(SHADES))
    alphas += bytes([HATCH_ALPHA])
    file = BytesIO()
    picture.save(file, "PNG", bits=4, transparency=alphas, compress_level=4)
    return file.getvalue()
