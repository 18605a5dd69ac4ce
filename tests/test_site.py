import json
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm

import hiro
from hiro.catalogue import read_catalogue
from hiro.errors import SiteError
from hiro.kerb import build_kerbs
from hiro.roster import find_kind
from hiro.shelter import SHELTERS, find_shelter, read_shelter
from hiro.site import KINDS, SOURCES, Sites, build_sites, read_sites
from hiro.yard import YardModel, spread_places
from solarpass.city import build_city
from solarpass.osm import helsinki_path, read_osm
from solarpass.tables import read_numbers

DRESDEN = (51.05, 13.74)


def city_of(made, folder):
    return build_city(read_osm(made.write(folder / "made.osm.pbf")), name="Made")


def check_sane(sites, city=None):
    """Check what must hold of all sites."""
    table, waiting = sites.table, sites.waiting
    assert table["site_id"].is_unique
    assert set(table["kind"]) <= set(KINDS)
    assert set(table["shelter"]) | set(waiting["shelter"]) <= set(SHELTERS)
    assert set(waiting["source"]) <= set(SOURCES)
    assert table.index.equals(pd.RangeIndex(len(table)))
    assert waiting.index.equals(pd.RangeIndex(len(waiting)))
    assert set(waiting["site"]) == set(range(sites.n_sites))  # a site has a place to wait
    assert waiting["site"].is_monotonic_increasing
    assert (table.geom_type == "Point").all()
    assert (waiting.geom_type == "Point").all()
    assert table["label"].map(type).eq(str).all()
    assert table.crs == waiting.crs == sites.crs
    assert sites.xy.shape == (sites.n_waiting, 2)
    assert np.isfinite(sites.xy).all()
    assert (np.abs(sites.latitude_deg) <= 90.0).all()
    assert (np.abs(sites.longitude_deg) <= 180.0).all()
    assert sites.notes[0].endswith(".")
    if city is not None:
        house = city.buildings[~city.buildings["is_roof"].to_numpy(bool)]
        house = house[house["base_m"] < 2.0]
        shelter = city.facilities[city.facilities["kind"] == "shelter"]
        house = house[~house["osm_id"].isin(shelter["osm_id"])]
        tree = shapely.STRtree(np.asarray(house.geometry))
        inside = tree.query(np.asarray(waiting.geometry), predicate="intersects")
        assert inside.size == 0


def street(tags=None):
    """Lay a street along y = 0 with a bus stop of two sides, as the newer custom has it."""
    made = MadeOsm(*DRESDEN)
    made.line((-300, 0), (300, 0), highway="secondary", width="8", name="Hauptstraße")
    made.line((-300, 80), (300, 80), highway="residential", name="Nebenstraße")
    made.line((0, 0), (0, 80), highway="residential")
    for x, y, shelter in ((20, 6, "yes"), (-20, -6, "no")):
        side = {"bus": "yes", "name": "Markt", "shelter": shelter} | (tags or {})
        made.line((x - 8, y), (x + 8, y), public_transport="platform", **side)
        made.node(x + 8, y + 0.5, highway="bus_stop", public_transport="platform", name="Markt")
        made.node(x + 8, 0, public_transport="stop_position", bus="yes", name="Markt")
    return made


# --- stops


def test_a_platform_its_pole_its_halt_and_its_other_side_are_one_stop(tmp_path):
    city = city_of(street(), tmp_path)
    sites = build_sites(city)
    check_sane(sites, city)
    assert sites.table["name"].tolist() == ["Markt"]
    assert sites.table["kind"].tolist() == ["bus_stop"]
    assert sites.table["shelter"].tolist() == ["none"]  # as often as not
    assert sites.is_mixed.tolist() == [True]
    assert sites.waiting["shelter"].tolist() == ["roofed", "none"]
    assert sites.waiting["source"].tolist() == ["platform"] * 2
    there = city.to_local(*zip(*[_place(20, 6), _place(-20, -6)], strict=True))
    assert sites.xy == pytest.approx(there, abs=0.05)


def _place(x, y):
    longitude, latitude = MadeOsm(*DRESDEN).degrees(x, y)
    return latitude, longitude


def test_one_waits_beneath_the_shelter_on_ones_own_side(tmp_path):
    made = street({"shelter": "yes"})
    made.box(24, 5, 28, 7, amenity="shelter", shelter_type="public_transport", material="glass")
    made.box(-40, 5, -36, 7, amenity="shelter", shelter_type="public_transport")  # across
    made.box(-25, -11, -21, -9, building="yes", public_transport="shelter", material="metal")
    city = city_of(made, tmp_path)
    sites = build_sites(city)
    check_sane(sites, city)
    assert sites.waiting["source"].tolist() == ["shelter"] * 2
    assert sites.waiting["shelter"].tolist() == ["clear_closed", "opaque"]
    there = city.to_local(*zip(*[_place(26, 6), _place(-23, -10)], strict=True))
    assert sites.xy == pytest.approx(there, abs=0.05)


def test_a_shelter_does_not_overrule_who_says_that_there_is_none(tmp_path):
    made = street({"shelter": "no"})
    made.box(24, 5, 28, 7, amenity="shelter")
    sites = build_sites(city_of(made, tmp_path))
    assert sites.waiting["shelter"].tolist() == ["none", "none"]


def test_what_nobody_tells_is_unknown_unless_a_roof_is_mapped_above(tmp_path):
    made = MadeOsm(*DRESDEN).streets()
    made.node(10, 5, highway="bus_stop", name="A")
    made.node(70, 5, highway="bus_stop", name="B")
    made.box(66, 3, 74, 9, building="roof", height="4")
    sites = build_sites(city_of(made, tmp_path), kinds=["bus_stop"])
    told = dict(zip(sites.table["name"], sites.table["shelter"], strict=True))
    assert told == {"A": "unknown", "B": "roofed"}


@pytest.mark.parametrize(("place", "side"), [(DRESDEN, -1.0), ((51.5, -0.12), 1.0)])
def test_who_is_drawn_on_a_one_way_street_waits_at_its_kerb(tmp_path, place, side):
    made = MadeOsm(*place).streets()
    made.line((-300, 300), (300, 300), highway="secondary", width="8", oneway="yes")
    made.line((0, 240), (0, 300), highway="residential")
    made.node(50, 300, highway="bus_stop", public_transport="stop_position", name="A")
    city = city_of(made, tmp_path)
    sites = build_sites(city)
    assert sites.waiting["source"].tolist() == ["kerb"]
    way = city.streets.set_index("highway").geometry["secondary"]
    off_m = sites.xy[0, 1] - shapely.get_coordinates(way)[0, 1]
    assert off_m == pytest.approx(side * (4.0 + 1.2), abs=0.1)


def test_a_halt_that_tells_no_side_has_a_place_on_either(tmp_path):
    made = MadeOsm(*DRESDEN).streets()
    made.node(30, 0, highway="bus_stop", public_transport="stop_position", name="A")
    made.node(90, 60, highway="bus_stop", direction="forward", name="B")
    made.node(-90, -60, public_transport="stop_position", bus="yes", name="C")
    made.node(-70, -60, public_transport="stop_position", bus="yes", name="C")
    sites = build_sites(city_of(made, tmp_path))
    count = sites.waiting.groupby("site").size()
    assert dict(zip(sites.table["name"], count, strict=True)) == {"A": 2, "B": 1, "C": 2}
    for row in np.flatnonzero(count == 2):
        (_, a), (_, b) = sites.xy[(sites.waiting["site"] == row).to_numpy()]
        assert abs(a - b) == pytest.approx(2 * (4.0 + 1.2), abs=0.1)


def test_a_kerb_beyond_a_second_track_is_found(tmp_path):
    made = MadeOsm(*DRESDEN).streets()
    for y in (150, 153):
        made.line((-200, y), (200, y), railway="tram")
    made.node(30, 150, railway="tram_stop", name="A", direction="backward")
    city = city_of(made, tmp_path)
    sites = build_sites(city)
    assert sites.table["kind"].tolist() == ["tram_stop"]
    tracks = city.lines[city.lines["kind"] == "tram"]
    assert tracks.distance(sites.waiting.geometry[0]).min() >= 1.5


def test_bays_of_one_platform_are_places_of_one_stop(tmp_path):
    made = MadeOsm(*DRESDEN).streets()
    made.box(-50, 10, 50, 14, public_transport="platform", bus="yes", covered="yes")
    for number, x in enumerate((-45, 0, 45)):
        made.node(x, 11, highway="bus_stop", name=f"ZOB, Bussteig {number + 1}")
    sites = build_sites(city_of(made, tmp_path))
    assert sites.table["name"].tolist() == ["ZOB"]
    assert sites.waiting["shelter"].tolist() == ["roofed"] * 3
    assert np.ptp(sites.xy[:, 0]) == pytest.approx(90, abs=0.5)


def test_stops_of_one_global_id_are_one_and_far_namesakes_are_two(tmp_path):
    made = MadeOsm(*DRESDEN).streets()
    made.node(10, 6, highway="bus_stop", name="Markt", ref__IFOPT="de:14:7:1:1")
    made.node(14, -6, highway="bus_stop", name="Am Markt", ref__IFOPT="de:14:7:1:2")
    made.node(-230, 187, highway="bus_stop", name="Dorf")
    made.node(230, -187, highway="bus_stop", name="Dorf")
    made.node(226, -173, highway="bus_stop")
    sites = build_sites(city_of(made, tmp_path))
    assert sites.table["name"].tolist() == ["Markt", "Dorf", "Dorf"]
    assert sites.table["ifopt"].tolist() == ["de:14:7", None, None]
    assert np.bincount(sites.waiting["site"]).tolist() == [2, 1, 2]


# --- open areas and single things


def grounds():
    made = MadeOsm(*DRESDEN).streets()
    made.box(5, 5, 55, 55, leisure="playground")
    made.box(-55, 5, -5, 55, amenity="school", name="Schule")
    made.box(-50, 10, -20, 50, building="school", amenity="school", name="Schule")
    made.box(65, 5, 85, 20, building="yes", amenity="kindergarten")
    made.node(75, 10, amenity="childcare")
    made.node(70, 40, amenity="bench")
    made.node(20, 20, amenity="bench", covered="yes")
    made.box(125, 5, 130, 9, highway="pedestrian", area="yes")  # too small for a square
    made.box(125, 15, 150, 40, place="square", name="Platz")
    made.box(130, 20, 140, 30, highway="pedestrian", area="yes")
    made.node(-70, 40, amenity="hospital", name="Klinik")
    made.box(-80, 30, -63, 50, building="hospital")
    return made


def test_places_are_spread_over_open_ground_and_before_houses(tmp_path):
    city = city_of(grounds(), tmp_path)
    sites = build_sites(city)
    check_sane(sites, city)
    count = dict(zip(sites.table["kind"], sites.waiting.groupby("site").size(), strict=False))
    kinds = sites.table["kind"].value_counts().to_dict()
    assert kinds == {
        "bench": 2,
        "playground": 1,
        "school": 1,
        "day_care": 1,
        "square": 1,
        "hospital": 1,
    }
    assert count["playground"] == 9
    ground = city.facilities[city.facilities["kind"] == "playground"].geometry.iloc[0]
    row = sites.table.index[sites.table["kind"] == "playground"][0]
    xy = sites.waiting.geometry[sites.waiting["site"] == row]
    assert xy.within(ground).all()
    apart = [a.distance(b) for a in xy for b in xy if a is not b]
    assert min(apart) > 10.0  # thirds of 50 m
    house = city.facilities[city.facilities["kind"] == "day_care"].geometry
    row = sites.table.index[sites.table["kind"] == "day_care"][0]
    door = sites.waiting.geometry[sites.waiting["site"] == row].iloc[0]
    area = house[house.geom_type == "Polygon"].iloc[0]
    assert 0.7 < area.distance(door) < 2.5
    bench = sites.table[sites.table["kind"] == "bench"]
    assert bench["shelter"].tolist() == ["none", "roofed"]
    assert bench["name"].isna().all()


def test_the_same_city_gives_the_same_sites(tmp_path):
    first, second = (build_sites(city_of(grounds(), tmp_path)) for _ in range(2))
    assert first.table.equals(second.table)
    assert first.waiting.equals(second.waiting)


def test_only_what_was_asked_for(tmp_path):
    city = city_of(grounds(), tmp_path)
    assert set(build_sites(city, kinds=["school", "bench"]).table["kind"]) == {"school", "bench"}
    with pytest.raises(SiteError, match="'pub' is no kind of site; wanted some of bus_stop"):
        build_sites(city, kinds=["pub"])
    with pytest.raises(SiteError, match="Made has no bus_stop or tram_stop in OpenStreetMap"):
        build_sites(city, kinds=["bus_stop", "tram_stop"])


def test_what_has_no_name_is_shown_by_its_street(tmp_path):
    made = street()
    made.node(100, 70, amenity="bench")
    sites = build_sites(city_of(made, tmp_path), kinds=["bench"])
    assert sites.table["name"].tolist() == [None]
    assert sites.table["label"].tolist() == ["Nebenstraße"]


def _boxes(*, most):
    corner, size = st.integers(-60, 60), st.integers(1, 80)
    box = st.tuples(corner, corner, size, size).map(
        lambda b: shapely.box(b[0], b[1], b[0] + b[2], b[1] + b[3])
    )
    return st.lists(box, min_size=1, max_size=most)


@given(_boxes(most=3), _boxes(most=4))
def test_places_lie_on_the_open_ground_whatever_its_shape(ground, houses):
    ground = shapely.union_all(ground)
    house = np.array(houses, dtype=object)
    kerbs = replace(build_kerbs(None), house=house, house_tree=shapely.STRtree(house))
    places = spread_places(ground, kerbs)
    assert 1 <= len(places) <= 9
    assert all(a.equals(b) for a, b in zip(places, spread_places(ground, kerbs), strict=True))
    walls = shapely.union_all(house)
    still_open = shapely.difference(ground, walls)
    assert not shapely.intersects(shapely.buffer(walls, -0.01), places).any()
    if still_open.area > YardModel().least_m2:
        assert shapely.dwithin(still_open, places, 0.01).all()
        assert len(places) >= min(9, still_open.area / 400.0)


# --- real extracts


def test_the_built_in_city_has_its_stops():
    city = build_city(read_osm(helsinki_path()), name="Helsinki")
    sites = build_sites(city)
    check_sane(sites, city)
    kinds = sites.table["kind"].value_counts()
    assert kinds["tram_stop"] == 17
    assert kinds["bench"] == 162
    name = sites.table["name"].tolist()
    stops = np.isin(sites.table["kind"], ["bus_stop", "tram_stop"])
    named = [one for one, is_stop in zip(name, stops, strict=True) if is_stop]
    assert "Elielinaukio" in named  # whose sixteen bays have numbers
    assert not any("laituri" in one for one in named if one)


def test_wittenau_has_two_sides_to_its_stops(reference_data):
    city = build_city(read_osm(reference_data / "osm" / "berlin-wittenau.osm.pbf"), name="W")
    sites = build_sites(city, kinds=["bus_stop"])
    check_sane(sites, city)
    assert (sites.n_sites, sites.n_waiting) == (23, 55)
    assert set(sites.waiting["shelter"]) == {"none", "roofed"}
    assert (sites.waiting.groupby("site").size() == 2).sum() == 17
    of = sites.waiting["site"].to_numpy()
    for a, b in pairwise(range(sites.n_waiting)):
        if of[a] == of[b]:
            assert np.hypot(*(sites.xy[a] - sites.xy[b])) < 200.0


def test_dresdens_stops_are_read_without_a_city(reference_data):
    sites = read_sites(reference_data / "dresden" / "stops_overpass_2024-05-25.json")
    check_sane(sites)
    assert (sites.n_sites, sites.n_waiting) == (1184, 2292)
    assert sites.latitude_deg == pytest.approx(np.full(1184, 51.05), abs=0.2)
    assert set(sites.table["kind"]) == {"bus_stop", "tram_stop"}
    assert sites.waiting["shelter"].value_counts().to_dict().keys() == {"none", "roofed", "unknown"}


# --- shelters


def test_every_kind_of_shelter_has_its_numbers():
    table = read_numbers("shelter", key="kind")
    built = {kind for one in read_catalogue().measures for kind in one.change.shelter.values()}
    assert set(table) == set(SHELTERS) | built  # some are built by measures only
    for kind, told in table.items():
        if kind in {"roofed", "unknown"}:  # mixtures
            assert sum(told.values()) == pytest.approx(1.0)
            assert {name.removeprefix("share_") for name in told} < set(table)
        else:
            assert 0.0 <= told["transmittance"] <= 1.0
            assert 0.0 <= told["pane_transmittance"] <= 1.0
            assert 0.0 < told["wind_factor"] <= 1.0
            assert 0.0 <= told["roof_warming"] <= 15.0
            assert told["closed_sides"] in {0.0, 1.0, 2.0, 3.0}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({}, "unknown"),
        ({"shelter": "unknown"}, "unknown"),
        ({"shelter": "no", "roof_material": "glass"}, "none"),
        ({"shelter": "yes"}, "roofed"),
        ({"shelter_type": "public_transport"}, "roofed"),
        ({"shelter": "yes", "roof_material": "metal"}, "opaque"),
        ({"shelter": "yes", "roof_material": "Roof Tiles;glass"}, "opaque"),
        ({"shelter": "yes", "roof_material": "sedum"}, "green_roof"),
        ({"shelter": "yes", "roof_material": "glass", "wall": "yes"}, "clear_closed"),
        ({"shelter": "yes", "roof_material": "acrylic_glass", "wall": "no"}, "clear_open"),
        ({"shelter": "yes", "roof_material": "moon dust"}, "roofed"),
    ],
)
def test_shelters_are_read_of_tags(tags, kind):
    assert read_shelter(tags) == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *((kind, kind) for kind in SHELTERS),
        *(("ja", "roofed"), ("Nein", "none"), (1.0, "roofed"), (0, "none"), (True, "roofed")),
        *(("Gründach", "green_roof"), ("Glas", "clear_closed"), ("", "unknown"), ("-", "unknown")),
        *((None, "unknown"), (float("nan"), "unknown"), ("k. A.", "unknown"), ("sofa", None)),
        *(("Acrylglas", "clear_closed"), ("Stahl", "opaque"), ("Aluminium", "opaque")),
        *(("verglast", "clear_closed"), ("Sonnensegel", "opaque"), ("Pergola", "roofed")),
        *(("geschlossen, Glas", "clear_closed"), ("Glas, seitlich offen", "clear_open")),
        *(("Glasdach geschlossen", "clear_closed"), ("Unterstand mit Glasdach", "clear_open")),
        *(("Folie auf Glas", None), ("Glas und Folie", "film"), ("Stahl und Glas", "roofed")),
        *(("kein Glas", None), ("offen, geschlossen", None), ("mit und", None)),
    ],
)
def test_shelters_are_read_of_words(word, kind):
    assert find_shelter(word) == kind


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_no_word_is_too_strange(word):
    assert find_shelter(word) in {*SHELTERS, None}
    if isinstance(word, str):
        assert find_kind(word) in {*KINDS, None}


# --- a list of one's own


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_german_table_is_read(tmp_path, encoding):
    text = (
        "Objekt-ID;Bezeichnung;Art;Wartehäuschen;Breitengrad;Längengrad\r\n"
        "7;Größe;Haltestelle;ja;51,05;13,74\r\n;;Spielplatz;;51,051;13,741\r\n"
        "9;Uferweg;Sitzbank;nein;51,052;13,742\r\n10;Rätsel;Ufo;Glas;51,05;13,73\r\n"
    )
    sites = read_sites(write(tmp_path / "liste.csv", text, encoding))
    check_sane(sites)
    table = sites.table.set_index("site_id")
    assert table["kind"].to_dict() == {
        "7": "bus_stop",
        "row2": "playground",
        "9": "bench",
        "10": "other",
    }
    assert table["shelter"].tolist() == ["roofed", "unknown", "none", "clear_closed"]
    assert table["name"].tolist() == ["Größe", None, "Uferweg", "Rätsel"]
    assert table["label"]["row2"] == "row2"
    assert sites.latitude_deg[0] == pytest.approx(51.05, abs=1e-6)
    assert any("row1" in note for note in sites.notes)
    assert any("1 Ufo" in note for note in sites.notes)


def test_metres_need_their_system(tmp_path):
    rows = "id,name,x,y{}\n1,A,411000,5655000{}\n"
    with pytest.raises(SiteError, match=r"such as 411000.0, 5655000.0 .* add a column crs"):
        read_sites(write(tmp_path / "a.csv", rows.format("", "")))
    told = read_sites(write(tmp_path / "b.csv", rows.format(",crs", ",25833")))
    asked = read_sites(write(tmp_path / "a.csv", rows.format("", "")), crs="EPSG:25833")
    named = read_sites(
        write(tmp_path / "c.csv", "id,x_25833,y_25833,shelter\n1,411000,5655000,yes\n")
    )
    for sites in (told, asked, named):
        assert sites.latitude_deg == pytest.approx(51.04, abs=0.01)
        assert "+k=1 " in sites.crs.to_wkt() or sites.crs.coordinate_operation is not None


def polygons():
    shape = shapely.box(13.74, 51.05, 13.7405, 51.0503)
    return gpd.GeoDataFrame(
        {"site_id": ["p", "q"], "kind": ["playground", "bench"], "name": ["Wiese", None]},
        geometry=[shape, shapely.Point(13.741, 51.051)],
        crs="EPSG:4326",
    )


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv"])
def test_areas_are_spread_from_any_file(tmp_path, ending):
    path, frame = tmp_path / f"sites.{ending}", polygons()
    if ending == "csv":
        frame.to_wkt().to_csv(path, index=False)
    else:
        frame.to_crs(25833 if ending == "gpkg" else 4326).to_file(path)
    sites = read_sites(path)
    check_sane(sites)
    assert sites.table["site_id"].tolist() == ["p", "q"]
    assert np.bincount(sites.waiting["site"]).tolist() == [8, 1]
    assert sites.waiting["source"].tolist() == ["area"] * 8 + ["given"]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return city_of(street(), tmp_path_factory.mktemp("town"))


def table_of(*rows, header="site_id,name,kind,shelter,lat,lon"):
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)])


def test_a_list_in_a_city_takes_its_metres_and_leaves_out_what_is_elsewhere(tmp_path, town):
    at, on_road = _place(30, 20), _place(50, 0.6)
    rows = [
        ("a", "A", "bench", "no", *at),
        ("b", "B", "bus_stop", "yes", *on_road),
        ("c", "C", "bench", "no", 48.1, 11.5),
        ("d", "D", "bench", "no", "", ""),
        ("e", "E", "bench", "no", at[1], at[0]),
    ]
    sites = read_sites(write(tmp_path / "list.csv", table_of(*rows)), city=town)
    check_sane(sites, town)
    assert sites.crs == town.crs
    assert sites.table["site_id"].tolist() == ["b", "a"]
    told = " ".join(sites.notes)
    assert "Left out, outside Made: 2." in told
    assert "Left out, without coordinates: 1." in told
    assert "1 of them in Made if x and y were swapped" in told
    assert "1 from the carriageway" in told
    assert sites.xy[0, 1] - town.to_local(*_place(50, 0))[0, 1] == pytest.approx(5.2, abs=0.05)


HERE = _place(30, 20)
BAD = {
    "all outside": (
        table_of(("a", "A", "bench", "no", 48.1, 11.5)),
        r"its site does not lie in .*; it is .* km away",
    ),
    "swapped": (table_of(("a", "A", "bench", "no", *HERE[::-1])), "look swapped"),
    "twice": (
        table_of(("a", "A", "bench", "", *HERE), ("a", "B", "bench", "", *HERE)),
        "rows 1 and 2 are different sites with the same id 'a'",
    ),
    "no places": (table_of(("a", "A", "bench", "", "", "")), "1 sites, but of none where it is"),
    "words for places": (table_of(("a", "A", "bench", "", "x", "y")), "of none where it is"),
    "no columns": ("a,b\n1,2\n", r"wanted columns lat and lon, .* it has 'a', 'b'"),
    "strange shelter": (
        table_of(("a", "A", "bench", "umbrella", *HERE)),
        "'shelter' has shelters that do not read, in all 1: 'umbrella' in row 1; wanted yes",
    ),
    "header only": ("site_id,lat,lon\n", "holds no site"),
    "blank": ("\n\n", "does not|holds no"),
    "zeros": ("\0\0\0\0,\0", "it holds no text"),
    "no system": ("id,x,y\n1,411000,5655000\n", "add a column crs"),
    "a system that is none": ("id,x,y,crs\n1,411000,5655000,EPSG:1\n", "none that we know"),
    "degrees that are none": ("id,x,y,crs\n1,411000,5655000,4326\n", "which are no degrees"),
    "two systems": ("id,x,y,crs\n1,4,5,4326\n2,4,5,25833\n", "one is wanted"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_get_one_sentence(tmp_path, town, name):
    text, sentence = BAD[name]
    with pytest.raises(SiteError, match=sentence) as refused:
        read_sites(write(tmp_path / "list.csv", text), city=town)
    told = str(refused.value)
    assert "\n" not in told
    assert len(told) < 500


def test_twins_to_the_letter_are_one(tmp_path, town):
    row = ("a", "A", "bench", "no", *HERE)
    sites = read_sites(write(tmp_path / "list.csv", table_of(row, row)), city=town)
    assert sites.n_sites == 1
    assert any("to the letter: 1." in note for note in sites.notes)


def test_coordinates_that_lie_at_sea_until_swapped_are_refused_without_a_city(tmp_path):
    text = table_of(("a", "A", "bench", "no", 13.74, 51.05))
    with pytest.raises(SiteError, match="look swapped"):
        read_sites(write(tmp_path / "list.csv", text))
    text = table_of(("a", "A", "bench", "no", 139.7, 35.68))
    with pytest.raises(SiteError, match="look swapped"):
        read_sites(write(tmp_path / "list.csv", text))
    far = table_of(("a", "A", "", "", 52.5, 13.4), ("b", "B", "", "", 48.1, 11.5))
    with pytest.raises(SiteError, match="km from their middle"):
        read_sites(write(tmp_path / "list.csv", far))


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("a.csv", b"", "is empty"),
        ("a.geojson", b"{", "does not read"),
        ("a.geojson", b"[" * 100_000, "does not read"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}', "holds no site"),
        ("a.json", b'{"elements":[],"remark":"runtime error: timed out"}', "ask it again"),
        ("a.json", b'{"elements":[{"type":"node","id":1,"tags":{}}]}', "of none where it is"),
        ("a.json", b'{"elements":[7, null]}', "holds no site"),
        ("a.gpkg", b"<OGRVRTDataSource></OGRVRTDataSource>", "is no GeoPackage"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(200), "does not read|tells no places"),
        ("a.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>", "does not read"),
        ("a.vrt", b"<OGRVRTDataSource></OGRVRTDataSource>", "is no list of sites that we read"),
        ("a.xlsx", b"PK", "is no list of sites that we read"),
    ],
)
def test_bad_files_get_one_sentence(tmp_path, name, raw, sentence):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(SiteError, match=sentence) as refused:
        read_sites(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_no_file_no_folder_and_no_heap_of_rows(tmp_path, monkeypatch):
    with pytest.raises(SiteError, match="is not there"):
        read_sites(tmp_path / "none.csv")
    with pytest.raises(SiteError, match="is a folder"):
        read_sites(tmp_path)
    path = write(tmp_path / "a.csv", table_of(*[(k, "", "", "", *HERE) for k in range(5)]))
    monkeypatch.setattr("hiro.sitefile.MOST_ROWS", 4)
    with pytest.raises(SiteError, match="holds 5 rows; wanted at most 4"):
        read_sites(path)
    monkeypatch.setattr("hiro.sitefile.MOST_BYTES", 10)
    with pytest.raises(SiteError, match="wanted a list of sites of at most"):
        read_sites(path)


def test_an_answer_of_overpass_draws_its_ways(tmp_path):
    made = MadeOsm(*DRESDEN)
    ring = [made.degrees(*xy) for xy in ((0, 0), (40, 0), (40, 40), (0, 40), (0, 0))]
    elements = [
        *({"type": "node", "id": k + 1, "lon": x, "lat": y} for k, (x, y) in enumerate(ring[:4])),
        {"type": "way", "id": 7, "nodes": [1, 2, 3, 4, 1], "tags": {"leisure": "playground"}},
        {
            "type": "way",
            "id": 8,
            "tags": {"public_transport": "platform", "name": "A"},
            "geometry": [{"lon": x, "lat": y} for x, y in ring[:2]],
        },
        {
            "type": "relation",
            "id": 9,
            "tags": {"amenity": "school", "name": "S"},
            "center": {"lon": ring[0][0], "lat": ring[0][1]},
        },
        {"type": "way", "id": 10, "tags": {"amenity": "school"}},
    ]
    sites = read_sites(write(tmp_path / "a.json", json.dumps({"elements": elements})))
    check_sane(sites)
    assert sites.table["site_id"].tolist() == ["w8", "w7", "r9"]
    assert sites.table["kind"].tolist() == ["bus_stop", "playground", "school"]
    assert any("elements without a place: 1." in note for note in sites.notes)


cell = st.one_of(
    st.text(max_size=8),
    st.floats(-200, 200).map(str),
    st.sampled_from(["yes", "nein", "1e400", "nan", "inf", "-0", '"', "51.05", "13.74"]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cell, min_size=1, max_size=7), max_size=6), st.sampled_from(",;\t"))
def test_no_table_breaks_in_more_than_a_sentence(tmp_path, rows, separator):
    header = separator.join(["id", "name", "art", "shelter", "lat", "lon"])
    text = "\n".join([header, *(separator.join(row) for row in rows)])
    path = tmp_path / "hostile.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    _read_or_refuse(path)


jsons = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
geometry = st.one_of(
    jsons,
    st.fixed_dictionaries(
        {"type": st.sampled_from(["Point", "Polygon", "LineString"]), "coordinates": jsons}
    ),
    st.tuples(st.floats(), st.floats()).map(lambda at: {"type": "Point", "coordinates": at}),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.fixed_dictionaries({"geometry": geometry, "properties": jsons}), max_size=4),
    st.sampled_from(["features", "elements"]),
    jsons,
)
def test_no_json_breaks_in_more_than_a_sentence(tmp_path, features, key, more):
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps({key: features, "crs": more}), encoding="utf-8")
    _read_or_refuse(path)


def _read_or_refuse(path):
    try:
        sites = read_sites(path)
    except SiteError as error:
        told = str(error)
        assert len(told.splitlines()) == 1
    else:
        check_sane(sites)


def test_the_names_are_public():
    assert hiro.build_sites is build_sites
    assert hiro.read_sites is read_sites
    assert hiro.Sites is Sites


def test_halves_of_letters_are_mended(tmp_path):
    point = {"type": "Point", "coordinates": [13.7402, 51.0502]}
    told = {"site_id": "\\ud800", "name": "Platz \\udfff \\ud83d\\ude00"}
    feature = {"type": "Feature", "properties": told, "geometry": point}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}).replace("\\\\", "\\")
    sites = read_sites(write(tmp_path / "half.geojson", text))
    row = sites.table.iloc[0]
    assert (row["site_id"], row["name"]) == ("\ufffd", "Platz \ufffd \U0001f600")
    assert "".join(row[["site_id", "name", "label"]]).encode()


def test_ground_of_more_than_a_square_kilometre_is_told(tmp_path):
    box = "POLYGON ((13.7 51.0, 13.72 51.0, 13.72 51.02, 13.7 51.02, 13.7 51.0))"
    text = f'site_id,kind,geometry\nbig,square,"{box}"\n'
    sites = read_sites(write(tmp_path / "big.csv", text))
    assert any("Larger than 1 km²" in note and "big 3.1 km²" in note for note in sites.notes)


def test_all_strange_shelters_are_told_at_once(tmp_path):
    rows = [(f"s{i}", "A", "bench", f"umbrella{i}", *HERE) for i in range(7)]
    with pytest.raises(SiteError, match=r"in all 7: 'umbrella0' .* and 2 more") as refused:
        read_sites(write(tmp_path / "list.csv", table_of(*rows)))
    assert "nein" in str(refused.value)
