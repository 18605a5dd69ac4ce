import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from made_osm import MadeOsm

from solarpass.archive import read_city, save_city
from solarpass.city import CityModel, build_city
from solarpass.errors import FolderError, SourceError
from solarpass.extent import ExtentModel
from solarpass.osm import helsinki_path, read_osm

TABLES = (
    *("streets", "crossings", "bridges", "buildings", "trees", "woods"),
    *("stops", "facilities", "places", "areas", "lines"),
)
EXTRACTS = {
    "berlin-neukoelln": "Europe/Berlin",
    "berlin-wittenau": "Europe/Berlin",
    "darmstadt": "Europe/Berlin",
    "hamburg-wartenau": "Europe/Berlin",
    "heidelberg-net": "Europe/Berlin",
    "karlsruhe-kirchfeld": "Europe/Berlin",
    "karlsruhe-suedweststadt": "Europe/Berlin",
    "liechtenstein": "Europe/Vaduz",
    "monaco": "Europe/Monaco",
}


@pytest.fixture(scope="module")
def helsinki():
    return build_city(read_osm(helsinki_path()), name="Helsinki")


def city_of(made, tmp_path, **options):
    return build_city(read_osm(made.write(tmp_path / "made.osm.pbf", **options)), name="made")


def check_sane(city):
    """Check what must hold of every city."""
    for name in TABLES:
        frame = getattr(city, name)
        assert frame.crs == city.crs
        assert not frame.geometry.is_empty.any()
        assert frame.geometry.notna().all()
    for name in ("buildings", "woods", "areas"):
        frame = getattr(city, name)
        assert frame.is_valid.all()
        assert frame.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    n_vertices = shapely.get_num_points(np.asarray(city.streets.geometry))
    assert [len(nodes) for nodes in city.streets["node_id"]] == n_vertices.tolist()
    assert (city.buildings["base_m"] < city.buildings["height_m"]).all()
    assert (city.trees["base_m"] < city.trees["height_m"]).all()
    assert set(city.stops["shelter"]) <= {"yes", "no", "unknown"}
    assert city.extent.is_valid
    assert not city.extent.is_empty
    # The centre is the middle of the extent, to the rounding of 1e-4°.
    west, south, east, north = city.extent.bounds
    assert abs(west + east) < 2 * 15
    assert abs(south + north) < 2 * 15


def test_the_built_in_city_is_sane(helsinki):
    check_sane(helsinki)
    assert helsinki.zone == "Europe/Helsinki"
    assert helsinki.knows_buildings
    assert helsinki.extent.area == pytest.approx(1014 * 1667, rel=0.01)
    assert helsinki.streets.length.sum() == pytest.approx(96_700, rel=0.01)
    assert (helsinki.buildings["height_source"] != "guessed").mean() > 0.4
    assert (helsinki.trees["source"] == "tree").sum() == 647


def test_courtyards_are_kept(helsinki):
    holes = shapely.get_num_interior_rings(
        shapely.get_parts(np.asarray(helsinki.buildings.geometry))
    )
    assert (holes > 0).sum() > 40


@pytest.mark.parametrize("name", EXTRACTS)
def test_every_reference_extract_builds(reference_data, name):
    city = build_city(read_osm(reference_data / "osm" / f"{name}.osm.pbf"), name=name)
    check_sane(city)
    assert city.zone == EXTRACTS[name]
    assert city.knows_buildings == (name != "heidelberg-net")
    if name == "berlin-wittenau":
        west, south, east, north = city.extent.bounds
        assert (east - west, north - south) == pytest.approx((2200, 1930), rel=0.02)
        assert (~city.buildings["is_part"]).sum() == 3720
        assert city.stops.loc[city.stops["kind"] == "bus", "shelter"].isin(["yes", "no"]).all()
    if name == "darmstadt":
        assert len(city.extent.geoms) == 2


def test_saving_and_reading_gives_the_same_city(helsinki, tmp_path):
    save_city(helsinki, tmp_path / "city")
    back = read_city(tmp_path / "city")
    for name in TABLES:
        ours, theirs = getattr(helsinki, name), getattr(back, name)
        assert theirs.columns.tolist() == ours.columns.tolist()
        assert theirs.crs == ours.crs
        assert theirs.geom_equals(ours.geometry).all()
        for column in ours.columns.drop(["geometry", "node_id"], errors="ignore"):
            assert theirs[column].equals(ours[column]), column
            assert theirs[column].map(type).eq(ours[column].map(type)).all(), column
    assert (back.name, back.zone, back.centre) == (helsinki.name, helsinki.zone, helsinki.centre)
    assert back.crs == helsinki.crs
    assert back.extent.equals_exact(helsinki.extent, 1e-3)
    assert back.provenance == helsinki.provenance


BUILD = """
import sys
from solarpass.archive import save_city
from solarpass.city import build_city
from solarpass.osm import helsinki_path, read_osm
save_city(build_city(read_osm(helsinki_path()), name="Helsinki"), sys.argv[1])
"""


def test_the_same_source_gives_the_same_bytes_in_any_process(helsinki, tmp_path):
    save_city(helsinki, tmp_path / "here")
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", BUILD, str(tmp_path / "there")]
    subprocess.run(command, check=True, env=environment)  # noqa: S603 - our own python

    def digests(folder):
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}

    assert digests(tmp_path / "here") == digests(tmp_path / "there")


def test_a_city_that_was_read_is_saved_to_the_same_bytes(helsinki, tmp_path):
    save_city(helsinki, tmp_path / "first")
    save_city(read_city(tmp_path / "first"), tmp_path / "second")
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_a_folder_of_another_version_says_what_to_run(helsinki, tmp_path):
    save_city(helsinki, tmp_path)
    told = json.loads((tmp_path / "city.json").read_text())
    (tmp_path / "city.json").write_text(json.dumps({**told, "format": 999}))
    with pytest.raises(FolderError, match="solarpass build"):
        read_city(tmp_path)


@pytest.mark.parametrize("text", [None, "", "{}", "[]", "not json", '{"format": 1}'])
def test_a_foreign_folder_is_refused(tmp_path, text):
    if text is not None:
        (tmp_path / "city.json").write_text(text)
    with pytest.raises(FolderError, match="solarpass build"):
        read_city(tmp_path)


@pytest.mark.parametrize("name", TABLES)
def test_half_a_folder_is_refused(helsinki, tmp_path, name):
    save_city(helsinki, tmp_path)
    path = tmp_path / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(FolderError, match="half a city"):
        read_city(tmp_path)
    path.unlink()
    with pytest.raises(FolderError, match="half a city"):
        read_city(tmp_path)


@pytest.fixture(scope="module")
def saved(helsinki, tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    save_city(helsinki, folder)
    return folder


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(("zone", told) for told in (3, None, "", "Europe", "Middle-earth/Shire", "../x")),
        *(("name", told) for told in (3, None, ["Helsinki"])),
        *(("centre", told) for told in (3, None, [60.0], [60.0, 25.0, 0.0], ["60", "25"])),
        *(("centre", told) for told in ([91.0, 25.0], [float("nan"), 25.0], [True, 25.0])),
        *(("extent", told) for told in (3, None, "", "POINT (1 2)", "MULTIPOLYGON EMPTY")),
        *(("knows_buildings", told) for told in (1, None, "yes")),
        *(("provenance", told) for told in (3, None, [], {"source": 3})),
    ],
)
def test_a_city_that_is_told_otherwise_is_refused(saved, tmp_path, name, told):
    shutil.copytree(saved, tmp_path / "city")
    plain = json.loads((saved / "city.json").read_text())
    (tmp_path / "city" / "city.json").write_text(json.dumps({**plain, name: told}))
    with pytest.raises(FolderError, match="solarpass build"):
        read_city(tmp_path / "city")


def test_degrees_and_metres_turn_into_each_other(helsinki):
    latitude, longitude = helsinki.centre
    assert helsinki.to_local(latitude, longitude) == pytest.approx(np.zeros((1, 2)), abs=1e-6)
    there = np.array([[120.0, -340.0], [0.0, 500.0]])
    degrees = helsinki.to_degrees(there)
    assert helsinki.to_local(*degrees.T) == pytest.approx(there, abs=1e-6)
    assert degrees[1, 0] > latitude


def test_a_city_without_a_walkable_street_is_refused(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (500, 0), highway="motorway")
    with pytest.raises(SourceError, match="no way that one may walk"):
        city_of(made, tmp_path)


def test_a_city_without_buildings_knows_that_it_knows_none(tmp_path):
    city = city_of(MadeOsm().streets(), tmp_path)
    check_sane(city)
    assert not city.knows_buildings
    assert city.buildings.empty
    save_city(city, tmp_path / "city")
    assert read_city(tmp_path / "city").trees.empty


@pytest.mark.parametrize(
    ("origin", "zone"),
    [
        ((-37.81, 144.96), "Australia/Melbourne"),
        ((69.65, 18.96), "Europe/Oslo"),
        ((-16.8, 179.9999), "Pacific/Fiji"),
        ((0.0, -140.0), "Etc/GMT+9"),
    ],
)
def test_a_city_may_lie_anywhere_on_earth(tmp_path, origin, zone):
    made = MadeOsm(*origin).streets()
    for k in range(6):
        made.box(60 * k - 200, 10, 60 * k - 180, 30, building="house")
    city = city_of(made, tmp_path)
    check_sane(city)
    assert city.zone == zone
    assert city.knows_buildings
    west, south, east, north = city.extent.bounds
    assert max(east - west, north - south) < 1000
    assert city.streets.length.max() == pytest.approx(480, rel=0.01)
    assert shapely.area(np.asarray(city.buildings.geometry)) == pytest.approx(400, rel=0.02)


def test_far_strays_are_left_out_and_near_ones_kept(tmp_path):
    made = MadeOsm().streets()
    far = made.line((9000, 0), (9100, 0), highway="path")
    near = made.line((300, 0), (500, 0), highway="path")
    city = city_of(made, tmp_path, box=(-240, -240, 240, 240))
    assert far not in city.streets["osm_id"].tolist()
    assert near in city.streets["osm_id"].tolist()


def test_a_way_on_the_other_side_of_the_earth_is_a_stray(tmp_path):
    made = MadeOsm().streets()
    made.line((0, -15_500_000), (500, -15_500_000), highway="path")  # at 87° S
    half_way = 111_320.0 * 180.0 * np.cos(np.deg2rad(52.0))
    made.line((half_way, 0), (half_way + 500, 0), highway="path")
    made.line((half_way / 2, -5_788_640), (half_way / 2 + 500, -5_788_640), highway="path")
    city = city_of(made, tmp_path)
    check_sane(city)
    assert city.streets.length.max() < 500


def test_one_short_lane_is_a_city(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (3, 0), highway="path")
    made.line((0, 0), (0, 0), highway="path")
    city = city_of(made, tmp_path)
    check_sane(city)
    assert len(city.streets) == 2


def test_a_sane_header_box_is_the_extent(tmp_path):
    city = city_of(MadeOsm().streets(), tmp_path, box=(-200, -200, 200, 200))
    assert city.extent.bounds == pytest.approx((-200, -200, 200, 200), abs=15)


def test_a_self_crossing_footprint_stands_as_what_it_covers(tmp_path):
    made = MadeOsm().streets()
    made.ring((0, 10), (20, 30), (20, 10), (0, 30), building="yes", height="9")
    made.ring((50, 10), (60, 10), (70, 10), building="yes")  # covers nothing
    city = city_of(made, tmp_path)
    assert shapely.area(np.asarray(city.buildings.geometry)) == pytest.approx([200], rel=0.02)


def test_the_sea_is_to_the_right_of_the_coast(tmp_path):
    made = MadeOsm().streets()
    made.line((-900, 100), (900, 100), natural="coastline")  # eastward: the sea lies south
    city = city_of(made, tmp_path, box=(-240, -240, 240, 240))
    water = city.areas[city.areas["kind"] == "water"].union_all()
    assert water.contains(shapely.Point(0, -100))
    assert not water.contains(shapely.Point(0, 200))


def test_a_coast_that_ends_amid_the_map_floods_no_land(tmp_path):
    made = MadeOsm().streets()
    made.line((-50, 0), (50, 0), natural="coastline")
    city = city_of(made, tmp_path, box=(-240, -240, 240, 240))
    water = city.areas[city.areas["kind"] == "water"].union_all()
    assert not water.contains(shapely.Point(0, 100))


def test_stops_say_whether_they_shelter_or_that_nobody_knows(tmp_path):
    made = MadeOsm().streets()
    made.node(0, 0, highway="bus_stop", shelter="yes", name="A")
    made.node(9, 0, highway="bus_stop", shelter="no")
    made.node(18, 0, railway="tram_stop")
    made.node(27, 0, railway="station", station="subway", name="B")
    made.box(30, 5, 50, 8, public_transport="platform", train="yes", covered="yes")
    stops = city_of(made, tmp_path).stops
    assert stops["kind"].tolist() == ["bus", "bus", "tram", "subway", "train"]
    assert stops["shelter"].tolist() == ["yes", "no", "unknown", "unknown", "yes"]
    assert stops["osm_type"].tolist() == ["node"] * 4 + ["way"]


def test_stops_say_what_they_are_and_keep_the_platforms_lines(tmp_path):
    made = MadeOsm().streets()
    made.node(0, 0, highway="bus_stop", public_transport="stop_position", name="A")
    made.node(0, 5, highway="bus_stop", ref__IFOPT="de:1:2:3:4", bench="yes")
    made.node(9, 0, railway="tram_stop")
    made.node(9, 9, railway="station")
    made.line((-10, 4), (10, 4), public_transport="platform", bus="yes", shelter="no")
    made.line((-10, -4), (10, -4), highway="platform", roof__material="metal", layer="1")
    made.box(30, 5, 50, 8, railway="platform", area="yes")
    made.ring((60, 0), (70, 0), (70, 3), highway="platform", name="ring")
    made.line((0, 20), (9, 20), public_transport="stop_area")
    stops = city_of(made, tmp_path).stops
    roles = ["stop_position", "pole", "stop_position", "station", *["platform"] * 4]
    assert stops["role"].tolist() == roles
    assert stops.geom_type.tolist() == [*["Point"] * 4, *["Polygon"] * 2, *["LineString"] * 2]
    assert stops["kind"].tolist() == ["bus", "bus", "tram", "train", "train", "bus", "bus", "bus"]
    assert stops["ifopt"].dropna().tolist() == ["de:1:2:3:4"]
    assert stops["bench"].dropna().tolist() == ["yes"]
    assert stops["roof_material"].dropna().tolist() == ["metal"]
    assert stops["layer"].tolist() == [0] * 6 + [1, 0]
    assert stops["shelter"].tolist()[-1] == "no"
    assert stops.crs is not None


def test_facilities_are_what_everybody_may_use(tmp_path):
    made = MadeOsm().streets()
    made.box(0, 0, 40, 30, amenity="school", name="S")
    made.box(50, 0, 60, 9, building="yes", amenity="kindergarten")
    made.node(5, 50, amenity="childcare")
    made.node(6, 50, healthcare="doctor")
    made.node(7, 50, amenity="social_facility", social_facility="group_home")
    old = {"social_facility": "group_home", "social_facility:for": "senior"}
    made.node(8, 50, amenity="social_facility", **old)
    made.box(70, 0, 90, 20, place="square", name="P")
    made.box(100, 0, 120, 20, highway="pedestrian", area="yes", surface="sett")
    made.line((100, 30), (120, 30), highway="pedestrian")
    made.node(10, 50, amenity="bench", covered="yes")
    made.node(11, 50, amenity="fountain", drinking_water="yes")
    made.node(12, 50, man_made="water_tap")
    made.node(13, 50, amenity="drinking_water", drinking_water="no")
    made.node(14, 50, amenity="toilets")
    made.box(20, 50, 24, 52, amenity="shelter", shelter_type="public_transport", material="glass")
    made.node(31, 51, highway="bus_stop")
    made.box(30, 50, 34, 52, building="roof")
    made.box(80, 50, 84, 52, building="roof")
    table = city_of(made, tmp_path).facilities
    assert table["kind"].tolist() == [
        *("day_care", "doctors", "nursing_home", "bench", "drinking_water", "toilets"),
        *("school", "day_care", "square", "square", "shelter", "shelter"),
    ]
    assert table.loc[table["kind"] == "school"].geom_type.tolist() == ["Polygon"]
    assert table["roof_material"].dropna().tolist() == ["glass"]
    assert table["covered"].dropna().tolist() == ["yes"]
    assert table["name"].dropna().tolist() == ["S", "P"]


def test_an_assumption_may_be_changed(helsinki):
    models = CityModel(extent=replace(ExtentModel(), filled_fraction=1.1), least_per_km=1e9)
    city = build_city(read_osm(helsinki_path()), name="Helsinki", models=models)
    assert not city.knows_buildings
    assert city.provenance["models"] != helsinki.provenance["models"]


def test_progress_is_told_from_nothing_to_all():
    told = []
    tables = read_osm(helsinki_path(), progress=lambda step, done: told.append((step, done)))
    build_city(tables, name="x", progress=lambda step, done: told.append((step, done)))
    assert [done for step, done in told if step == "read"][::2] == [0.0, 1.0]
    assert [done for step, done in told if step == "city"][-1] == 1.0


def test_tables_are_geodataframes_for_anyone(helsinki):
    for name in TABLES:
        frame = getattr(helsinki, name)
        assert isinstance(frame, gpd.GeoDataFrame)
        if name == "bridges":  # beneath none of the built-in city's anyone walks
            continue
        assert frame.to_crs("EPSG:4326").total_bounds[0] == pytest.approx(24.9, abs=0.3)
