"""Fetch a place by its name: its border from Nominatim, what lies in it from Overpass."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import osmnx
import requests

from solarpass.errors import FetchError, SourceError
from solarpass.key import WAY_TAGS
from solarpass.osm import OsmTables, Progress, tables_from_osmnx

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

OVERPASS_URL = "https://overpass-api.de/api"
NOMINATIM_URL = "https://nominatim.openstreetmap.org/"

# One asks the public server for a city, not for a country; our choice.
MOST_KM2 = 2000.0

_FEATURES: dict[str, bool | str | list[str]] = {
    **dict.fromkeys(["building", "building:part", "landuse", "leisure", "natural"], True),
    **dict.fromkeys(["amenity", "shop", "tourism", "historic", "place", "public_transport"], True),
    **dict.fromkeys(["railway", "waterway", "addr:housenumber", "office", "healthcare"], True),
    "highway": ["bus_stop", "platform", "elevator", "crossing", "pedestrian"],
    "man_made": ["bridge", "tower", "pier", "water_tap"],
}
_lock = threading.Lock()  # the settings of osmnx are one for all threads


def fetch_osm(
    place: str,
    *,
    overpass_url: str = OVERPASS_URL,
    nominatim_url: str = NOMINATIM_URL,
    timeout_s: float = 180.0,
    cache_folder: str | Path | None = None,
    progress: Progress | None = None,
) -> OsmTables:
    """
    Fetch what OpenStreetMap holds of a place today.

    Parameters
    ----------
    place
        As one would write it on a letter, such as "Dresden, Germany".
    overpass_url, nominatim_url
        Where to ask.
    timeout_s
        How long to wait for each answer. [s]
    cache_folder
        Where to keep the answers, so that the next call needs no network; nowhere if None.
    progress
        Told the step and the share of it that is done.

    Raises
    ------
    FetchError
        If there is no such place, it is too large, or a service did not answer as hoped.
    """
    tell = progress or (lambda _step, _done: None)
    tell("fetch", 0.0)
    with _lock, _settings(overpass_url, nominatim_url, timeout_s, cache_folder), _sentences(place):
        border = _find_border(place)
        tell("fetch", 0.1)
        graph = osmnx.graph_from_polygon(
            border, network_type="all", simplify=False, retain_all=True, truncate_by_edge=True
        )
        tell("fetch", 0.5)
        features = osmnx.features_from_polygon(border, _FEATURES)
    tell("fetch", 0.9)
    try:
        tables = tables_from_osmnx(graph, _without_lists(features))
    except SourceError as error:
        msg = f"OpenStreetMap holds no street in {place!r}; name a town or district."
        raise FetchError(msg) from error
    tell("fetch", 1.0)
    return tables


def _find_border(place: str) -> shapely.Polygon | shapely.MultiPolygon:
    found = osmnx.geocode_to_gdf(place)
    border: shapely.Polygon | shapely.MultiPolygon = found.geometry.iloc[0]
    area_km2 = found.to_crs(found.estimate_utm_crs()).area.sum() / 1e6
    if area_km2 > MOST_KM2:
        msg = (
            f"{place!r} covers {area_km2:,.0f} km², and Overpass is asked for at most "
            f"{MOST_KM2:,.0f}; name a part of it, or download an extract and build from the file."
        )
        raise FetchError(msg)
    return border


def _without_lists(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop what osmnx adds beside tags."""
    return features.drop(columns=["nodes", "ways"], errors="ignore")


def _refuse(response: requests.Response, *_args: Any, **_more: Any) -> None:  # noqa: ANN401 - a hook
    """Stop at a refusal, where osmnx would ask again without end."""
    host = response.url.split("/")[2]
    if response.status_code in {429, 503, 504}:
        msg = f"{host} is busy (HTTP {response.status_code}); try again in a few minutes."
        raise FetchError(msg)
    if response.status_code >= 400:
        msg = f"{host} refused to answer (HTTP {response.status_code} {response.reason})."
        raise FetchError(msg)


@contextmanager
def _settings(
    overpass_url: str, nominatim_url: str, timeout_s: float, cache_folder: str | Path | None
) -> Iterator[None]:
    """Set osmnx's settings for one call, and whatever it changes around it, back again."""
    ours: dict[str, Any] = {
        "overpass_url": overpass_url,
        "nominatim_url": nominatim_url,
        "requests_timeout": timeout_s,
        "requests_kwargs": {"hooks": {"response": _refuse}},
        "use_cache": cache_folder is not None,
        "cache_folder": str(cache_folder or "."),
        "doh_url_template": None,  # no third party is asked where a host is
        "useful_tags_way": sorted(WAY_TAGS),
    }
    before = {name: getattr(osmnx.settings, name) for name in ours}
    resolver = socket.getaddrinfo
    try:
        for name, value in ours.items():
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
        socket.getaddrinfo = resolver  # osmnx pins the host to one address


@contextmanager
def _sentences(place: str) -> Iterator[None]:
    """Turn what osmnx and requests raise into one sentence."""
    try:
        yield
    except requests.exceptions.Timeout as error:
        msg = f"No answer about {place!r} in time; try again, or allow more time."
        raise FetchError(msg) from error
    except requests.exceptions.RequestException as error:
        msg = f"The map service cannot be reached ({type(error).__name__}); are you online?"
        raise FetchError(msg) from error
    except TypeError as error:  # how osmnx tells a place that is a mere point
        msg = f"{place!r} has no border on the map; name a town or district."
        raise FetchError(msg) from error
    except (ValueError, KeyError) as error:  # how osmnx tells an empty or a broken answer
        reason = str(error).strip().rstrip(".").splitlines()[0]
        msg = f"OpenStreetMap gave no streets for {place!r} ({reason}); is it spelt right?"
        raise FetchError(msg) from error
