"""Which ways a walker may use, and what is known of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from .tag import read_layer, read_metres, read_storeys, read_tags, text_column

_WALKED = frozenset(
    [
        *("footway", "path", "pedestrian", "steps", "living_street", "residential", "service"),
        *("unclassified", "tertiary", "tertiary_link", "secondary", "secondary_link", "primary"),
        *("primary_link", "road", "track", "cycleway", "bridleway", "platform", "crossing"),
    ]
)
# Big roads that one walks along only where a tag says so.
_FAST = frozenset(["trunk", "trunk_link"])
_DRIVEN = frozenset(
    [
        *("residential", "unclassified", "tertiary", "tertiary_link", "secondary", "road"),
        *("secondary_link", "primary", "primary_link", "trunk", "trunk_link"),
    ]
)
_EVEN_WHERE_ASKED = _WALKED | _FAST | {"corridor", "busway"}
_MAY = frozenset(["yes", "designated", "permissive", "destination", "official", "public"])
_MAY_NOT = frozenset(["no", "private", "use_sidepath", "military"])
_CLOSED = frozenset(["no", "private", "military"])
_SIDES = ("sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both")
_COVERED = frozenset(["yes", "arcade", "colonnade", "roof", "building_passage"])
_MOST_WIDE_M = 100.0
_SIDEWALK = {"yes": "yes", "no": "no", "none": "no", "separate": "separate"}
_SIDEWALKS = {
    "both": ("yes", "yes"),
    "left": ("yes", "no"),
    "right": ("no", "yes"),
    "left;right": ("yes", "yes"),
    "yes": ("yes", "yes"),
    "no": ("no", "no"),
    "none": ("no", "no"),
    "separate": ("separate", "separate"),
}
_HOURS = re.compile(r"\d\d:\d\d|sunset|sunrise|dusk|dawn", re.ASCII)
_RINGS = frozenset(["roundabout", "circular"])
_ONE_WAY = frozenset(["yes", "1", "-1", "true", "reversible"])
_SIGNALS = frozenset(
    ["traffic_signals", "traffic_lights", "pelican", "puffin", "toucan", "pegasus"]
)
_KERBS = ["kerb", "crossing:kerb", "kerb:left", "kerb:right"]
_LIT = frozenset(["yes", "24/7", "automatic", "limited", "interval", "operating_times", "good"])
_LIT |= {"sunset-sunrise", "dusk-dawn", "poor", "on", "sensor"}
_MARKED = frozenset(["zebra", "marked", "uncontrolled", "island"])


def is_walkable(tags: Mapping[str, object]) -> bool:
    """
    Tell whether one may walk along a way, whichever way its cars drive.

    Parameters
    ----------
    tags
        The way's tags; an absent one may be None.

    Examples
    --------
    >>> is_walkable({"highway": "residential", "oneway": "yes"})
    True
    >>> is_walkable({"highway": "service", "access": "private"})
    False
    >>> is_walkable({"highway": "trunk", "sidewalk": "right"})
    True
    """
    foot = tags.get("foot")
    if foot in _MAY_NOT:
        return False
    if foot in _MAY:
        return tags.get("highway") in _EVEN_WHERE_ASKED
    if tags.get("access") in _CLOSED or tags.get("motorroad") == "yes":
        return False
    if tags.get("indoor") in {"room", "area"}:
        return False
    if tags.get("highway") in _FAST and not _is_deep(tags):
        return any(tags.get(key) in {"yes", "both", "left", "right"} for key in _SIDES)
    # A moving walkway in a house is none; an escalator is at least a stair.
    rolls = tags.get("conveying") not in (None, "no") and tags.get("highway") != "steps"
    return tags.get("highway") in _WALKED and not rolls and not _is_deep(tags)


def _is_deep(tags: Mapping[str, object]) -> bool:
    """Tell whether a tunnel is for cars and deliveries, of which nobody says that one walks it."""
    if tags.get("tunnel") in (None, "no", "building_passage", "culvert", "covered"):
        return False
    if any(tags.get(key) in {"yes", "both", "left", "right"} for key in _SIDES):
        return False
    highway = tags.get("highway")
    return highway == "service" or (highway in _DRIVEN and read_layer(tags.get("layer")) < -1)


def build_streets(ways: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build the ways that a walker may use.

    Parameters
    ----------
    ways
        `OsmTables.ways`, in any CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.streets`, in the order given.
    """
    tags = read_tags(ways.drop(columns="node_id"))
    walked = np.array([is_walkable(row) for row in tags], dtype=bool)
    kept = [row for row, ok in zip(tags, walked, strict=True) if ok]
    sidewalk = [_sidewalks(row) for row in kept]
    chosen = ways[walked]

    def text(key: str) -> pd.Series[Any]:
        return text_column(row.get(key) for row in kept)

    return gpd.GeoDataFrame(
        {
            "osm_id": chosen["osm_id"].to_numpy(np.int64),
            "node_id": chosen["node_id"].to_numpy(),
            "highway": text("highway"),
            "name": text("name"),
            "is_steps": np.array([row.get("highway") == "steps" for row in kept], dtype=bool),
            "is_covered": np.array([_is_covered(row) for row in kept], dtype=bool),
            "is_bridge": np.array([_is_said(row.get("bridge")) for row in kept], dtype=bool),
            "is_tunnel": np.array([_is_tunnel(row) for row in kept], dtype=bool),
            "layer": np.array([read_layer(row.get("layer")) for row in kept], dtype=np.int8),
            "lit": text_column(_lit(row.get("lit")) for row in kept),
            "surface": text("surface"),
            "smoothness": text("smoothness"),
            "incline": text("incline"),
            "wheelchair": text("wheelchair"),
            "ramp": text_column(_ramp(row) for row in kept),
            "kerb": text_column(row.get("kerb", row.get("crossing:kerb")) for row in kept),
            "width_m": np.array(
                [read_metres(row.get("width"), most_m=_MOST_WIDE_M) for row in kept], dtype=float
            ),
            "lanes": np.array([read_storeys(row.get("lanes"), most=20) for row in kept], float),
            "sidewalk_left": text_column(left for left, _ in sidewalk),
            "sidewalk_right": text_column(right for _, right in sidewalk),
            "footway": text("footway"),
            "crossing": text_column(_crossing(row) for row in kept),
            "is_oneway": np.array([row.get("oneway") in _ONE_WAY for row in kept], dtype=bool),
            "is_roundabout": np.array([row.get("junction") in _RINGS for row in kept], dtype=bool),
            **_pavements(kept),
        },
        geometry=chosen.geometry.to_numpy(),
        crs=ways.crs,
    )


def _pavements(tags: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    """Tell what is said of the pavements left and right, which is not said of the street."""
    columns: dict[str, Any] = {}
    for side in ("left", "right"):

        def of_side(key: str, side: str = side) -> list[object]:
            here, both = f"sidewalk:{side}:{key}", f"sidewalk:both:{key}"
            return [row.get(here, row.get(both)) for row in tags]

        for key in ("surface", "smoothness", "wheelchair"):
            columns[f"{key}_{side}"] = text_column(of_side(key))
        width_m = [read_metres(told, most_m=_MOST_WIDE_M) for told in of_side("width")]
        columns[f"width_{side}_m"] = np.array(width_m, dtype=float)
    return columns


def _ramp(tags: Mapping[str, object]) -> str | None:
    """Tell what a ramp beside stairs is for: wheelchair, stroller, yes, no; None if unsaid."""
    for kind in ("wheelchair", "stroller"):
        if tags.get(f"ramp:{kind}") == "yes":
            return kind
    told = tags.get("ramp")
    if told in {"yes", "separate"}:
        return "yes"
    return "no" if "no" in (told, tags.get("ramp:stroller")) else None


def _is_tunnel(tags: Mapping[str, object]) -> bool:
    """Tell whether a way runs beneath something; over a culvert one walks in the open."""
    return tags.get("tunnel") not in (None, "no", "culvert")


def _is_said(value: object) -> bool:
    return isinstance(value, str) and value != "no"


def _is_covered(tags: Mapping[str, object]) -> bool:
    """Tell whether something keeps the beam out; over a culvert one walks in the open."""
    tunnel = tags.get("tunnel")
    if _is_said(tunnel) and tunnel != "culvert":
        return True
    if tags.get("covered") in _COVERED or tags.get("bridge") == "covered":
        return True
    if tags.get("location") in {"underground", "indoor"} or _is_said(tags.get("indoor")):
        return True
    return tags.get("highway") == "corridor"


def _lit(value: object) -> str:
    """Tell whether there is light; hours told are hours with light, and nonsense tells nothing."""
    if not isinstance(value, str):
        return "unknown"
    if value in {"no", "disused"}:
        return "no"
    return "yes" if value in _LIT or _HOURS.search(value) else "unknown"


def _sidewalks(tags: Mapping[str, object]) -> tuple[str | None, str | None]:
    """Join the two customs of tagging sidewalks: left and right; yes, no, separate or None."""
    plain = _SIDEWALKS.get(str(tags.get("sidewalk")), (None, None))
    both = tags.get("sidewalk:both")
    left, right = (
        _SIDEWALK.get(str(tags.get(f"sidewalk:{side}", both)), of_plain)
        for side, of_plain in zip(("left", "right"), plain, strict=True)
    )
    return left, right


def _crossing(tags: Mapping[str, object]) -> str | None:
    """Tell how one crosses: signals, lights, marked, unmarked; None if nothing is said of it."""
    value = tags.get("crossing")
    if value in _SIGNALS:
        return "signals"
    if tags.get("highway") == "traffic_signals":
        return "lights"
    if value in _MARKED or tags.get("crossing:markings") not in (None, "no"):
        return "marked"
    if value in {"unmarked", "informal", "no"}:
        return "unmarked"
    # Whoever maps a crossing and says no more of it has seen one.
    is_crossing = "crossing" in (tags.get("highway"), tags.get("footway"), tags.get("path"))
    return "marked" if is_crossing else None


def build_crossings(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build the nodes of ways at which a crossing or a traffic light is mapped.

    Parameters
    ----------
    points
        `OsmTables.points`, in any CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        ``osm_id`` and ``crossing``: signals, marked, unmarked, or lights, which are for cars.
    """
    found = [_crossing(row) for row in read_tags(points)]
    is_one = np.array([each is not None for each in found], dtype=bool)
    return gpd.GeoDataFrame(
        {
            "osm_id": points["osm_id"].to_numpy(np.int64)[is_one],
            "crossing": text_column(each for each in found if each is not None),
        },
        geometry=points.geometry.to_numpy()[is_one],
        crs=points.crs,
    )


def build_barriers(points: gpd.GeoDataFrame, *, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Build the nodes of walked ways at which one has to get over a kerb or through a barrier.

    Parameters
    ----------
    points
        `OsmTables.points`, in any CRS.
    streets
        `City.streets`.

    Returns
    -------
    geopandas.GeoDataFrame
        The columns of `City.barriers`, in the order given.
    """
    kerb = [_kerb(row) for row in read_tags(points[_KERBS])]
    is_one = points["barrier"].notna().to_numpy(bool) | np.array([bool(one) for one in kerb], bool)
    osm_id = points["osm_id"].to_numpy(np.int64)
    held = streets["node_id"].tolist()
    is_one &= np.isin(osm_id, np.concatenate(held) if held else [])
    chosen = points[is_one]
    width_m = [read_metres(told, most_m=_MOST_WIDE_M) for told in chosen["maxwidth:physical"]]
    return gpd.GeoDataFrame(
        {
            "osm_id": osm_id[is_one],
            "barrier": text_column(chosen["barrier"]),
            "kerb": text_column(one for one, ok in zip(kerb, is_one, strict=True) if ok),
            "wheelchair": text_column(chosen["wheelchair"]),
            "width_m": np.array(width_m, dtype=float),
        },
        geometry=chosen.geometry.to_numpy(),
        crs=points.crs,
    )


def _kerb(tags: Mapping[str, object]) -> str | None:
    """Join what is told of the kerbs at a node, as of both sides of a crossing."""
    told = [str(tags[key]) for key in _KERBS if key in tags]
    return ";".join(told) if told else None
