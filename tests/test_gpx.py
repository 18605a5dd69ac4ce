"""Walks as files: GPX that others read, CSV, words, a page, whatever strangers named a street."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import gpxpy
import numpy as np
import pyogrio
import pytest

from solarpass.edgefile import COLUMNS, write_edges_csv
from solarpass.export import routes_to_geojson
from solarpass.gpx import write_gpx
from solarpass.itinerary import plan_itinerary
from solarpass.route import find_routes
from solarpass.routepage import write_route_page
from solarpass.routetext import write_text
from solarpass.trip import Trip
from solarpass.tripfile import write_trip
from solarpass.wayside import WAYSIDE_KINDS, find_wayside
from solarpass.words import LANGUAGES, Words

WEST, EAST, VIA = (60.1675, 24.9430), (60.1740, 24.9490), (60.1702, 24.9440)
HOSTILE = "=1+1<script>alert(1)</script>\x1b[31m\x00 & \"'\N{RIGHT-TO-LEFT OVERRIDE}@x"
# Children of GPX 1.1 in the order of its schema, as topografix.com/GPX/1/1 has them.
ORDER = {
    "gpx": ["metadata", "wpt", "rte", "trk", "extensions"],
    "metadata": [
        "name",
        "desc",
        "author",
        "copyright",
        "link",
        "time",
        "keywords",
        "bounds",
        "extensions",
    ],
    "wpt": [
        "ele",
        "time",
        "magvar",
        "geoidheight",
        "name",
        "cmt",
        "desc",
        "src",
        "link",
        "sym",
        "type",
        "fix",
        "sat",
        "hdop",
    ],
    "trkpt": [
        "ele",
        "time",
        "magvar",
        "geoidheight",
        "name",
        "cmt",
        "desc",
        "src",
        "link",
        "sym",
        "type",
        "fix",
        "sat",
        "hdop",
    ],
    "trk": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"],
    "trkseg": ["trkpt", "extensions"],
    "copyright": ["year", "license"],
}


def plan(atlas, at="2026-07-15T14:00", *, passed=("Ateneum",)):
    departs = datetime.fromisoformat(at).replace(tzinfo=atlas.zone)
    trip = Trip(WEST, EAST, departs, via=(VIA,) if passed else ())
    routes = find_routes(atlas.network, atlas.shade_on(departs.date()), trip)
    return plan_itinerary(atlas, routes, origin="West", destination="East", passed=passed)


@pytest.fixture(scope="module")
def noon(helsinki):
    return plan(helsinki)


@pytest.fixture(scope="module")
def hostile(noon):
    """Name every street, place and thing along the walk as nobody should."""
    named = replace(
        noon.atlas.network,
        street_name=(None, *[HOSTILE] * (len(noon.atlas.network.street_name)))[
            : len(noon.atlas.network.street_name)
        ],
    )
    return replace(
        noon,
        atlas=replace(noon.atlas, network=named),
        origin=HOSTILE,
        passed=(HOSTILE,),
        steps=tuple(
            tuple(replace(step, street=step.street and HOSTILE) for step in steps)
            for steps in noon.steps
        ),
        wayside=tuple(
            tuple(replace(one, name=HOSTILE, access=HOSTILE, opening_hours=HOSTILE) for one in held)
            for held in noon.wayside
        ),
    )


def check_order(element):
    name = element.tag.split("}")[1]
    children = [child.tag.split("}")[1] for child in element]
    if name in ORDER:
        places = [ORDER[name].index(child) for child in children]
        assert places == sorted(places), (name, children)
    for child in element:
        check_order(child)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gpx_is_read_by_others(noon, language, tmp_path):
    text = write_gpx(noon, Words(language))
    check_order(ET.fromstring(text))  # noqa: S314  our own
    read = gpxpy.parse(text)
    assert read.version == "1.1"
    assert "OpenStreetMap" in read.copyright_author
    assert read.copyright_license.startswith("https://opendatacommons.org")
    assert len(read.tracks) == len(noon.routes)
    for track, route in zip(read.tracks, noon.routes, strict=True):
        points = track.segments[0].points
        assert len(points) == len(route.xy)
        times = [point.time for point in points]
        assert times == sorted(times)
        assert times[0] == route.departs.astimezone(UTC)
        assert times[-1] == route.departs.astimezone(UTC) + timedelta(seconds=route.walk_s)
    path = tmp_path / "walk.gpx"
    path.write_text(text, encoding="utf-8")
    assert len(pyogrio.read_dataframe(path, layer="tracks")) == len(noon.routes)
    assert len(pyogrio.read_dataframe(path, layer="waypoints")) == len(read.waypoints)
    assert read.waypoints[0].type == "via"


def test_an_edge_has_a_row(noon):
    text = write_edges_csv(noon.atlas, noon.routes)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert "ODbL" in text.split("walk,kind")[0]
    rows = list(csv.DictReader(lines))
    assert tuple(rows[0]) == COLUMNS
    for number, route in enumerate(noon.routes, 1):
        own = [row for row in rows if row["walk"] == str(number)]
        assert sum(int(row["walk_s"]) for row in own) == route.walk_s
        assert sum(float(row["length_m"]) for row in own) == pytest.approx(route.length_m, abs=0.5)
        assert [row["sun_fraction_low"] <= row["sun_fraction_high"] for row in own]


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for key, value in attrs if key in {"src", "href"}]

    def handle_data(self, data):
        self.words.append(data)


def find_texts(told):
    if isinstance(told, str):
        return [told]
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return [text for one in inner for text in find_texts(one)]


def test_hostile_names_stay_text(hostile):
    page = Page()
    page.feed(write_route_page(hostile, Words("de")))
    assert "script" not in page.tags
    assert page.links == []
    assert any("<script>" in one for one in page.words)
    for text in (
        write_text(hostile, Words("en")),
        write_gpx(hostile, Words("en")),
        write_route_page(hostile, Words("en")),
        write_edges_csv(hostile.atlas, hostile.routes),
    ):
        assert not set(text) & {"\x1b", "\x00", "\N{RIGHT-TO-LEFT OVERRIDE}"}
    check_order(ET.fromstring(write_gpx(hostile, Words("en"))))  # noqa: S314
    lines = write_edges_csv(hostile.atlas, hostile.routes).splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("# "))
    assert {row["name"][:2] for row in rows if row["name"]} == {"'="}
    told = routes_to_geojson(hostile.atlas, hostile.routes, wayside=hostile.wayside)
    assert json.loads(json.dumps(told)) == told
    written = write_trip(hostile, "geojson", Words("en"))
    texts = [text for walk in json.loads(written)["features"] for text in find_texts(walk)]
    assert any("<script>" in text for text in texts)
    assert not set("".join(texts)) & {"\x1b", "\x00", "\N{RIGHT-TO-LEFT OVERRIDE}"}


@pytest.mark.parametrize(
    "at", ["2026-07-15T23:55", "2026-07-15T22:30", "2026-03-29T02:55", "2026-10-25T02:55"]
)
def test_nights_and_clock_changes_have_files_too(helsinki, at):
    itinerary = plan(helsinki, at, passed=())
    for language in LANGUAGES:
        words = Words(language)
        for write in (write_gpx, write_text, write_route_page):
            assert write(itinerary, words) == write(itinerary, words)
            assert "{" not in write(itinerary, words).split("</style>")[-1]
    rows = csv.DictReader(
        line
        for line in io.StringIO(write_edges_csv(helsinki, itinerary.routes))
        if not line.startswith("#")
    )
    entered = [datetime.fromisoformat(row["entered"]) for row in rows if row["walk"] == "1"]
    assert entered == sorted(entered)


def comparable(one):
    """Replace NaN, which equals nothing, by None."""
    return replace(one, sun_fraction=None) if np.isnan(one.sun_fraction) else one


def test_the_wayside_lies_by_the_way_in_order(helsinki, noon):
    for route, held in zip(noon.routes, noon.wayside, strict=True):
        again = find_wayside(helsinki, route)
        assert [*map(comparable, held)] == [*map(comparable, again)]
        along_m = [one.along_m for one in held]
        assert along_m == sorted(along_m)
        for one in held:
            assert one.kind in WAYSIDE_KINDS
            assert one.off_m <= 30.0
            assert route.departs <= one.passes <= route.arrives
            assert (one.kind == "bench") or np.isnan(one.sun_fraction)
    assert find_wayside(helsinki, noon.routes[0], reach_m=0.0) == ()


def test_a_place_to_pass_is_a_step_and_the_rest_adds_up(noon):
    for route, steps in zip(noon.routes, noon.steps, strict=True):
        assert [step.street for step in steps if step.kind == "pass"] == ["Ateneum"]
        assert sum(step.walk_s for step in steps) == route.walk_s
        walked = [step for step in steps if step.kind != "pass"]
        assert [step.first for step in walked[1:]] == [step.last + 1 for step in walked[:-1]]
