"""Keys: which tags of OpenStreetMap are kept, and which make a closed way a surface."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = ("name", "ref", "layer", "level", "location", "indoor", "covered", "tunnel", "bridge")
# What is told of where one waits for a vehicle, and of its roof.
_STOP = (
    *("public_transport", "bus", "tram", "train", "subway", "ferry", "shelter", "shelter_type"),
    *("bench", "direction", "ref:IFOPT", "gtfs:stop_id", "material", "roof:material"),
    *("building:material", "wall"),
)
# What is told of a street's pavements, rather than of its carriageway.
_SIDEWALK = tuple(
    f"sidewalk:{side}:{key}"
    for side in ("left", "right", "both")
    for key in ("surface", "smoothness", "width", "wheelchair")
)
WAY_TAGS = (
    *("highway", *_NAME, "access", "foot", "area", "service", "footway", "crossing", "sidewalk"),
    *("sidewalk:left", "sidewalk:right", "sidewalk:both", "motorroad", "bicycle", "lit"),
    *("surface", "smoothness", "tracktype", "incline", "width", "lanes", "step_count", "ramp"),
    *("handrail", "wheelchair", "kerb", "tactile_paving", "conveying", "place", "railway"),
    *("oneway", "junction", "crossing:markings", *_STOP, *_SIDEWALK),
    *("ramp:stroller", "ramp:wheelchair", "crossing:kerb"),
)
LINE_TAGS = (
    *(*_NAME, "railway", "waterway", "natural", "service", "height", "genus", "species"),
    *("leaf_cycle", "leaf_type", "diameter_crown", "barrier", *_STOP),
)
_ADDRESS = ("addr:street", "addr:place", "addr:housenumber", "addr:postcode", "addr:city")
_THING = (
    *("amenity", "shop", "tourism", "leisure", "historic", "place", "railway", "office"),
    *("highway", "natural", "man_made", "station", "craft", "healthcare", *_STOP),
    *("social_facility", "social_facility:for", "drinking_water"),
)
AREA_TAGS = (
    *(*_NAME, *_THING, *_ADDRESS, "building", "building:part", "height", "building:height"),
    *("building:levels", "roof:levels", "roof:height", "roof:shape", "min_height"),
    *("building:min_level", "building:min_height", "landuse", "water", "waterway", "wetland"),
    *("leaf_cycle", "leaf_type", "genus", "species", "area:highway", "surface", "access", "foot"),
    *("opening_hours", "operator", "barrier", "lit", "smoothness", "wheelchair", "incline"),
)
POINT_TAGS = (
    *(*_NAME, *_THING, *_ADDRESS, "height", "diameter_crown", "circumference", "genus", "species"),
    *("genus:de", "species:de", "taxon", "leaf_cycle", "leaf_type", "crossing", "kerb", "barrier"),
    *("lit", "wheelchair", "population", "operator", "alt_name", "access", "opening_hours"),
    *("crossing:markings", "roof:shape", "crossing:kerb", "kerb:left", "kerb:right"),
    "maxwidth:physical",
)

# A closed way with one of these is a surface, not a line.
_AREA_KEYS = frozenset(
    [
        *("building", "building:part", "landuse", "leisure", "natural", "amenity", "water"),
        *("place", "shop", "tourism", "historic", "office", "public_transport", "craft"),
        *("man_made", "area:highway", "addr:housenumber", "healthcare"),
    ]
)
LINE_KEYS = frozenset(["railway", "waterway", "natural", "public_transport", "barrier"])
_LINE_NATURE = frozenset(["tree_row", "coastline", "cliff", "ridge", "arete", "valley"])
POINT_KEYS = frozenset([*_THING[:8], "public_transport", "highway", "natural", "healthcare"])
POINT_KEYS |= {"addr:housenumber", "craft", "man_made", "barrier", "kerb"}
_RANK = re.compile(r"\d{1,2}", re.ASCII)
_RANKS = range(2, 12)  # a country to the parts of a district


def find_rank(tags: Mapping[str, str]) -> int | None:
    """
    Tell the ``admin_level`` of an administrative border, None if it is none.

    Examples
    --------
    >>> find_rank({"boundary": "administrative", "admin_level": "10"})
    10
    >>> find_rank({"boundary": "postal_code", "admin_level": "10"}) is None
    True
    """
    told = tags.get("admin_level", "")
    if tags.get("boundary") != "administrative" or not _RANK.fullmatch(told):
        return None
    return int(told) if int(told) in _RANKS else None


def is_area(tags: Mapping[str, str]) -> bool:
    """Tell whether a closed way, or a relation, of these tags is a surface."""
    if tags.get("area") == "no" or tags.get("natural") in _LINE_NATURE:
        return False
    if "highway" in tags and "building" not in tags:
        return tags.get("area") == "yes" or tags["highway"] in {"platform", "rest_area"}
    if tags.get("railway") in {"platform", "station"}:
        return True
    if tags.get("waterway") in {"riverbank", "dock"}:
        return True
    return not _AREA_KEYS.isdisjoint(tags)
