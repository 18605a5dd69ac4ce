import geopandas as gpd
import numpy as np
import pytest
import shapely

from solarpass.key import POINT_TAGS, WAY_TAGS
from solarpass.osm import helsinki_path, read_osm
from solarpass.street import build_crossings, build_streets, is_walkable


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "footway"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "track"}, True),
        ({"highway": "cycleway"}, True),
        ({"highway": "cycleway", "foot": "no"}, False),
        ({"highway": "bridleway"}, True),
        ({"highway": "platform"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "path", "foot": "private"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "service", "access": "no", "foot": "permissive"}, True),
        ({"highway": "service", "access": "customers"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "service", "tunnel": "yes"}, False),
        ({"highway": "service", "tunnel": "building_passage"}, True),
        ({"highway": "service", "tunnel": "yes", "foot": "yes"}, True),
        ({"highway": "unclassified", "tunnel": "yes", "layer": "-3"}, False),
        ({"highway": "unclassified", "tunnel": "yes", "layer": "-3", "sidewalk": "left"}, True),
        ({"highway": "residential", "tunnel": "yes", "layer": "-1"}, True),
        ({"highway": "footway", "tunnel": "yes", "layer": "-3"}, True),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "motorway_link"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "sidewalk": "both"}, True),
        ({"highway": "trunk", "foot": "yes"}, True),
        ({"highway": "primary"}, True),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"highway": "construction"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "abandoned"}, False),
        ({"highway": "raceway"}, False),
        ({"highway": "busway"}, False),
        ({"highway": "elevator"}, False),
        ({"highway": "corridor"}, False),
        ({"highway": "corridor", "foot": "designated"}, True),
        ({"highway": "footway", "indoor": "yes"}, True),
        ({"highway": "footway", "conveying": "yes"}, False),
        ({"highway": "steps", "conveying": "forward"}, True),
        ({"route": "ferry"}, False),
        ({}, False),
        (dict.fromkeys(WAY_TAGS), False),
    ],
)
def test_one_walks_where_one_may(tags, walkable):
    assert is_walkable(tags) is walkable


def streets(*rows):
    ways = gpd.GeoDataFrame(
        {
            "osm_id": np.arange(len(rows)),
            "node_id": [[1, 2]] * len(rows),
            **{key: [row.get(key) for row in rows] for key in WAY_TAGS},
        },
        geometry=[shapely.LineString([(0, 0), (1, 1)])] * len(rows),
        crs="EPSG:3035",
    )
    return build_streets(ways)


@pytest.mark.parametrize(
    ("tags", "covered"),
    [
        ({"tunnel": "yes"}, True),
        ({"tunnel": "building_passage"}, True),
        ({"tunnel": "no"}, False),
        ({"covered": "yes"}, True),
        ({"covered": "arcade"}, True),
        ({"covered": "no"}, False),
        ({"indoor": "yes"}, True),
        ({"bridge": "yes"}, False),
    ],
)
def test_the_sky_is_hidden_where_a_tag_says_so(tags, covered):
    assert streets({"highway": "footway", **tags})["is_covered"].tolist() == [covered]


def test_what_is_not_told_is_unknown():
    street = streets({"highway": "path"}).iloc[0]
    assert street["lit"] == "unknown"
    assert street["name"] is None
    assert street["sidewalk_left"] is None
    assert street["crossing"] is None
    assert np.isnan(street["width_m"])
    assert np.isnan(street["lanes"])
    assert street["layer"] == 0


@pytest.mark.parametrize(
    ("tags", "left", "right"),
    [
        ({"sidewalk": "both"}, "yes", "yes"),
        ({"sidewalk:both": "yes"}, "yes", "yes"),
        ({"sidewalk": "left"}, "yes", "no"),
        ({"sidewalk": "right"}, "no", "yes"),
        ({"sidewalk": "separate"}, "separate", "separate"),
        ({"sidewalk": "none"}, "no", "no"),
        ({"sidewalk": "maybe"}, None, None),
        ({"sidewalk:left": "yes"}, "yes", None),
        ({"sidewalk:left": "yes", "sidewalk:right": "yes"}, "yes", "yes"),
        ({"sidewalk:left": "no", "sidewalk:right": "separate"}, "no", "separate"),
        ({"sidewalk": "both", "sidewalk:right": "separate"}, "yes", "separate"),
    ],
)
def test_both_customs_of_tagging_sidewalks_read_alike(tags, left, right):
    street = streets({"highway": "residential", **tags}).iloc[0]
    assert street[["sidewalk_left", "sidewalk_right"]].tolist() == [left, right]


@pytest.mark.parametrize(
    ("tags", "crossing"),
    [
        ({"highway": "crossing", "crossing": "zebra"}, "marked"),
        ({"highway": "crossing", "crossing": "traffic_signals"}, "signals"),
        ({"highway": "traffic_signals"}, "lights"),
        ({"highway": "crossing", "crossing": "unmarked"}, "unmarked"),
        ({"highway": "crossing"}, "marked"),
        ({"highway": "crossing", "crossing": "no"}, "unmarked"),
        ({"highway": "crossing", "crossing:markings": "zebra"}, "marked"),
    ],
)
def test_crossings_are_read_of_nodes_and_bus_stops_are_none(tags, crossing):
    rows = [tags, {"highway": "bus_stop"}]
    points = gpd.GeoDataFrame(
        {"osm_id": [1, 2], **{key: [row.get(key) for row in rows] for key in POINT_TAGS}},
        geometry=[shapely.Point(0, 0)] * 2,
        crs="EPSG:3035",
    )
    assert build_crossings(points)["crossing"].tolist() == [crossing]


def test_values_are_read():
    told = {"lit": "24/7", "width": "3,5 m", "lanes": "2", "layer": "-1", "tunnel": "yes"}
    street = streets({"highway": "steps", **told}).iloc[0]
    assert street[["is_steps", "is_tunnel", "lit"]].tolist() == [True, True, "yes"]
    assert street[["width_m", "lanes", "layer"]].tolist() == [3.5, 2.0, -1]


def test_of_the_built_in_city_most_ways_are_walked():
    ways = read_osm(helsinki_path()).ways
    walked = build_streets(ways)
    assert 0.85 < len(walked) / len(ways) < 0.95
    assert set(walked["lit"]) <= {"yes", "no", "unknown"}
    assert not walked["highway"].isin(["motorway", "construction", "elevator"]).any()
