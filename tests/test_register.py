import json
from datetime import date

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from made_osm import MadeOsm

from solarpass.archive import read_city, save_city
from solarpass.city import build_city
from solarpass.column import ALIASES, fold_name, read_coordinates
from solarpass.errors import CoordinateError, SourceError
from solarpass.osm import read_osm
from solarpass.register import place_registers, read_register

LEIPZIG = {  # registers of the city, and how many trees each holds
    "connewitz": 1139,
    "suedvorstadt": 1493,
    "zentrum-sued": 1030,
    "zentrum-west": 981,
    "zentrum": 356,
}
PLACE = (52.0, 13.0)  # of made extracts
HEADER = "lat;lon;Gattung;Baumhöhe (m);Kronendurchmesser;Kronenansatz;Pflanzjahr"


def write(tmp_path, text, name="trees.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def feature(x=13.0, y=52.0, kind="Point", **properties):
    at = [[x, y]] if kind == "MultiPoint" else [x, y]
    geometry = {"type": kind, "coordinates": at}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(tmp_path, *features, name="trees.geojson", **more):
    told = {"type": "FeatureCollection", "features": list(features), **more}
    return write(tmp_path, json.dumps(told), name)


def one(register):
    assert len(register.trees) == 1
    return register.trees.iloc[0]


def refused(path, **options):
    with pytest.raises((SourceError, CoordinateError)) as caught:
        read_register(path, **options)
    said = str(caught.value)
    assert path.name in said or "register tells" in said
    assert said.endswith(".")
    assert "\n" not in said
    return said


# --- reading


@pytest.mark.parametrize("name", LEIPZIG)
def test_leipzigs_register_reads_whole(reference_data, name):
    register = read_register(reference_data / "leipzig" / f"trees_{name}.geojson")
    trees = register.trees
    assert len(trees) == LEIPZIG[name]
    assert trees.crs == "EPSG:4326"
    assert trees.geometry.x.between(12.3, 12.5).all()
    assert trees.geometry.y.between(51.2, 51.4).all()
    assert (trees["genus"].notna()).mean() > 0.99
    assert trees["planted_year"].dropna().between(1800, 2024).all()
    assert trees["planted_year"].notna().mean() > 0.99
    assert trees["height_m"].isna().all()  # it measures none
    assert register.provenance["data_date"] == "2024-06-07"
    assert register.provenance["licence"] == "licence not stated"
    assert len(register.provenance["sha256"]) == 64


def test_dresdens_columns_are_known(tmp_path):
    """By their names as others hand them down; the city's service is not asked."""
    told = feature(
        x=411_400.0,
        y=5_655_400.0,
        art_botanisch="Acer platanoides 'Columnare'",
        art_deutsch="Säulen-Spitz-Ahorn",
        baumhoehe_akt=12.5,
        kronendurchmesser_akt=6,
        jalter=40,
        aend_dat="2023-01-01",
    )
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}
    tree = one(read_register(geojson(tmp_path, told, crs=crs, license="dl-de/by-2-0")))
    assert (tree["genus"], tree["height_m"], tree["crown_diameter_m"]) == ("Acer", 12.5, 6.0)
    assert tree["age_years"] == 40.0
    assert (round(tree.geometry.x, 2), round(tree.geometry.y, 2)) == (13.74, 51.04)
    as_rows = "art_botanisch;baumhoehe_akt;gis_x_utm;gis_y_utm\nAcer rubrum;9,5;411400,0;5655400,0"
    same = one(read_register(write(tmp_path, as_rows)))
    assert same["height_m"] == 9.5
    assert same.geometry.distance(tree.geometry) < 1e-9
    as_wkt = 'art_botanisch;geom\nAcer rubrum;"SRID=25833;POINT(411400 5655400)"\n'
    assert one(read_register(write(tmp_path, as_wkt))).geometry.distance(tree.geometry) < 1e-9


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_a_table_is_read_as_offices_write_it(tmp_path, encoding):
    path = write(tmp_path, f"{HEADER}\r\n52,0;13,0;Tilia;12,5 m;8;3;1998\r\n", "t.csv", encoding)
    tree = one(read_register(path))
    assert (tree["genus"], tree["height_m"], tree["crown_diameter_m"]) == ("Tilia", 12.5, 8.0)
    assert (tree["base_m"], tree["planted_year"]) == (3.0, 1998.0)
    assert (tree.geometry.x, tree.geometry.y) == (13.0, 52.0)


@pytest.mark.parametrize(
    ("encoding", "bom"), [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]
)
def test_a_table_is_read_as_excel_writes_it(tmp_path, encoding, bom):
    path = tmp_path / "t.csv"
    raw = bom + f"{HEADER}\r\n52,0;13,0;Tilia;12,5 m;8;3;1998\r\n".encode(encoding)
    path.write_bytes(raw)
    tree = one(read_register(path))
    assert (tree["genus"], tree["height_m"]) == ("Tilia", 12.5)
    path.write_bytes(raw[:-1])
    assert "does not read as UTF-16" in refused(path)


@pytest.mark.parametrize("blank", ["\n", "\r\n\r\n", "  \n", ";;\n"])
def test_blank_lines_are_passed_over(tmp_path, blank):
    text = f"{blank}lat;lon;gattung\n{blank}52;13;Tilia\n{blank}52;13,1;Acer\n{blank}"
    assert read_register(write(tmp_path, text)).trees["genus"].tolist() == ["Tilia", "Acer"]
    assert "wanted a header" in refused(write(tmp_path, blank))


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("lat,lon,height,height,species", "height"),
        ("lat,lat,lon,x,y", "lat"),
        ("lat,lon,Krone, Krone,y", "Krone"),
        ("lat,lon,art,art,art", "art"),
    ],
)
def test_two_columns_of_one_name_are_refused(tmp_path, header, name):
    path = write(tmp_path, f"{header}\n52,13,9,8,7\n")
    assert f"has two columns {name!r}: keep one." in refused(path)


def test_two_columns_that_tell_nothing_do_no_harm(tmp_path):
    path = write(tmp_path, "lat,lon,height,note,note,,\n52,13,9,a,b,,\n")
    assert one(read_register(path))["height_m"] == 9.0
    assert "has two columns 'note'" in refused(path, columns={"species": "note"})


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:25833",
        {"type": "name", "properties": {"name": "EPSG:25833"}},
        {"type": "EPSG", "properties": {"code": 25833}},
    ],
    ids=["text", "name", "code"],
)
def test_a_geojson_may_state_its_crs_as_old_ones_do(tmp_path, crs):
    path = geojson(tmp_path, feature(500_000.0, 5_760_000.0), crs=crs)
    assert one(read_register(path)).geometry.x == pytest.approx(15.0)


@pytest.mark.parametrize("crs", ["EPSG:4326", "", None, {}])
def test_a_geojson_is_in_degrees_unless_it_states_another_crs(tmp_path, crs):
    assert one(read_register(geojson(tmp_path, feature(), crs=crs))).geometry.x == 13.0


@pytest.mark.parametrize(
    "crs", ["EPSG:99999", "somewhere", 3, [1], {"type": "name"}, {"properties": {}}]
)
def test_a_geojson_with_a_crs_that_is_none_is_refused(tmp_path, crs):
    refused(geojson(tmp_path, feature(), crs=crs))


@pytest.mark.parametrize("name", ["t.csv", "t.geojson"])
def test_a_crs_asked_for_that_is_none_is_refused_though_none_is_needed(tmp_path, name):
    text = "lat,lon\n52,13\n"
    path = write(tmp_path, text, name) if name == "t.csv" else geojson(tmp_path, feature())
    assert "'EPSG:99999', which is none" in refused(path, columns={"crs": "EPSG:99999"})
    assert "which is none" in refused(path, columns={"crs": 'LOCAL_CS["x"]'})


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_usual_separator_will_do(tmp_path, separator):
    rows = [["lon", "lat", "species"], ["13", "52", "tilia cordata"], ["13.1", "52", ""]]
    path = write(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert read_register(path).trees["genus"].tolist() == ["Tilia", None]


def test_a_geopackage_says_where_it_lies(tmp_path):
    frame = gpd.GeoDataFrame(
        {"Krone": ["7 m", None], "Höhe": [11.0, np.nan]},
        geometry=gpd.points_from_xy([500_000.0, 500_010.0], [5_760_000.0] * 2),
        crs="EPSG:25833",
    )
    frame.to_file(tmp_path / "trees.gpkg")
    trees = read_register(tmp_path / "trees.gpkg").trees
    assert trees["crown_diameter_m"].tolist()[0] == 7.0
    assert trees["height_m"].tolist()[0] == 11.0
    assert trees[["crown_diameter_m", "height_m"]].iloc[1].isna().all()
    assert trees.geometry.x.tolist() == pytest.approx([15.0, 15.0], abs=1e-3)


def test_columns_may_be_named(tmp_path):
    path = write(tmp_path, "o,n,stature,Größe\n13,52,9,4\n")
    columns = {"x": "O", "y": "n", "height": "stature", "crown": "GROESSE"}
    tree = one(read_register(path, columns=columns))
    assert (tree["height_m"], tree["crown_diameter_m"]) == (9.0, 4.0)
    assert "has no column 'hight' for height; it has 'o', 'n'" in refused(
        path, columns={"height": "hight"}
    )
    assert "species, genus, height" in refused(path, columns={"hight": "stature"})


def test_coordinates_in_metres_need_a_crs(tmp_path):
    path = write(tmp_path, "rechtswert,hochwert\n500000,5760000\n")
    assert "crs=EPSG:25833" in refused(path)
    tree = one(read_register(path, columns={"crs": "EPSG:25833"}))
    assert tree.geometry.x == pytest.approx(15.0)
    named = write(tmp_path, "x_25833,y_25833\n500000,5760000\n")
    assert one(read_register(named)).geometry.equals(tree.geometry)
    assert "none that we know" in refused(path, columns={"crs": "EPSG:1"})


def test_a_reference_system_that_the_numbers_belie_is_told_as_that(tmp_path):
    stated = {"crs": "EPSG:25833"}
    said = refused(geojson(tmp_path, feature(13.0, 52.0)), columns=stated)
    assert "13.0, 52.0, which are degrees, but EPSG:25833 counts in metres" in said
    said = refused(geojson(tmp_path, feature(500000.0, 5760000.0)))
    assert "which are no degrees, but EPSG:4326 counts in degrees" in said
    # Columns named for degrees have them, whatever is stated; or metres, if that is.
    path = write(tmp_path, "lat,lon\n52,13\n")
    assert one(read_register(path, columns=stated)).geometry.x == 13.0
    path = write(tmp_path, "lat,lon\n5760000,500000\n")
    assert one(read_register(path, columns=stated)).geometry.x == pytest.approx(15.0)


def test_a_credit_joins_what_the_file_tells(tmp_path):
    def licence(path, credit):
        return read_register(path, credit=credit).provenance["licence"]

    silent = geojson(tmp_path, feature())
    assert licence(silent, "") == "licence not stated"
    assert licence(silent, " Stadt\nX,  CC0 ") == "Stadt X, CC0"
    telling = geojson(tmp_path, feature(), licence="CC0")
    assert [licence(telling, credit) for credit in ("", "CC0", "Stadt X")] == [
        *("CC0", "CC0", "CC0; Stadt X")
    ]


def test_stumps_felled_trees_and_those_of_no_place_are_left_out(tmp_path):
    path = geojson(
        tmp_path,
        feature(gattung="Tilia", gefaellt_am=None),
        feature(gattung="Tilia", gefaellt_am="2020-02-02"),
        feature(gattung="Stammstück"),
        feature(kind="LineString", gattung="Tilia"),
        {"type": "Feature", "properties": {"gattung": "Acer"}, "geometry": None},
        feature(kind="MultiPoint", gattung="Acer"),
    )
    assert read_register(path).trees["genus"].tolist() == ["Tilia", "Acer"]


@pytest.mark.parametrize("size", ["-4", "0", "1e9", "NaN", "wide", "3 floors", ""])
def test_a_size_without_sense_is_not_told(tmp_path, size):
    tree = one(read_register(write(tmp_path, f"lat,lon,height,crown\n52,13,{size},{size}")))
    assert np.isnan(tree["height_m"])
    assert np.isnan(tree["crown_diameter_m"])


@pytest.mark.parametrize("age", ["-1", "-20", "-999", "inf", "9999", "unknown"])
def test_an_age_that_is_none_is_not_told(tmp_path, age):
    path = write(tmp_path, f"lat;lon;Gattung;Alter\n52.0;13.0;Tilia;{age}\n")
    assert np.isnan(one(read_register(path))["age_years"])


def test_feet_are_feet(tmp_path):
    assert one(read_register(write(tmp_path, "lat,lon,height\n52,13,40 ft")))[
        "height_m"
    ] == pytest.approx(12.192)


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("t.csv", "", "is empty"),
        ("t.geojson", "", "is empty"),
        ("t.geojson", '{"type": "FeatureCollection", "features": [{"ty', "may be torn"),
        ("t.geojson", "lat,lon\n52,13", "does not read as GeoJSON"),
        ("t.geojson", "[]", "does not read as GeoJSON"),
        ("t.geojson", '{"type": "FeatureCollection"}', "does not read as GeoJSON"),
        ("t.geojson", '{"type": "FeatureCollection", "features": []}', "holds no tree"),
        ("t.geojson", '{"features": [{"geometry": null}]}', "of none where it stands"),
        ("t.geojson", '{"features": [], "crs": 3}', "does not read as GeoJSON"),
        ("t.csv", "lat,lon,art\n", "holds no tree"),
        ("t.csv", "lat,lon\nhere,there\n", "of none where it stands"),
        ("t.csv", "street,species\nMain,Tilia\n", "wanted columns lat and lon"),
        ("t.csv", 'lat,lon\n"52,13\n', "does not read as CSV"),
        ("t.csv", 'geom\n"SRID=4326;POINT(1 2)"\n"SRID=25833;POINT(1 2)"\n', "mixes"),
        ("t.gpkg", "lat,lon\n52,13\n", "wanted a GeoPackage"),
        ("t.xlsx", "x", "wanted .geojson, .csv or .gpkg"),
    ],
)
def test_what_is_no_register_is_refused(tmp_path, name, text, wanted):
    assert wanted in refused(write(tmp_path, text, name))


def test_no_file_and_a_folder_are_refused(tmp_path):
    assert "does not exist" in refused(tmp_path / "none.csv")
    assert "is a folder" in refused(tmp_path)


def test_a_layer_without_a_crs_is_refused(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=gpd.points_from_xy([5.0], [5.0]))
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "t.gpkg")
    assert "does not tell its coordinate reference system" in refused(tmp_path / "t.gpkg")


@given(st.binary(max_size=80), st.sampled_from(["t.csv", "t.geojson", "t.gpkg"]))
def test_no_bytes_are_a_crash(tmp_path_factory, raw, name):
    path = tmp_path_factory.mktemp("registers") / name
    path.write_bytes(raw)
    try:
        read_register(path)
    except (SourceError, CoordinateError) as error:
        assert str(error).endswith(".")  # noqa: PT017 - a file may also read


@given(st.text(max_size=12))
def test_no_text_is_a_crash_where_a_number_is_wanted(text):
    assert read_coordinates([text, None]).shape == (2,)
    assert fold_name(text) == fold_name(fold_name(text))


def test_aliases_name_one_thing_each():
    every = [name for names in ALIASES.values() for name in names]
    assert len(every) == len(set(every))
    assert all(name == fold_name(name) for name in every)


# --- into a city


def town(tmp_path, *trees, **more):
    """Write a street grid with houses and `trees` (x, y, tags); read it."""
    made = MadeOsm(*PLACE).streets()
    for k in range(6):
        made.box(60 * k - 200, 10, 60 * k - 180, 30, building="house", height="8")
    for x, y, tags in trees:
        made.node(x, y, natural="tree", **tags)
    for name, args in more.items():
        made.line(*args, natural=name)
    return made, read_osm(made.write(tmp_path / "made.osm.pbf"))


def register_at(made, tmp_path, *places, name="trees.geojson"):
    """Write a register with trees at `places` (x, y, properties)."""
    told = [feature(*made.degrees(x, y), **properties) for x, y, properties in places]
    return read_register(geojson(tmp_path, *told, name=name))


def test_a_register_overrides_the_map(tmp_path):
    made, tables = town(
        tmp_path,
        (0, 0, {"height": "9", "genus": "Acer"}),  # the register's, 2 m aside
        (5, 0, {"genus": "Acer"}),  # one of its own
    )
    register = register_at(made, tmp_path, (0, 2, {"gattung": "Tilia"}))
    city = build_city(tables, name="made", registers=[register])
    trees = city.trees.set_index("source")
    assert list(trees.index) == ["tree", "register"]
    lime = trees.loc["register"]
    assert (lime["genus"], lime["height_m"], lime["size_source"]) == ("Tilia", 9.0, "tagged")
    assert lime["osm_id"] > 0  # of the tree it replaces, which lent its height
    assert city.provenance["n_trees_replaced"] == "1"
    assert city.provenance["register_1_source"] == "trees.geojson"
    assert city.provenance["register_1_n_trees"] == "1"
    assert city.provenance["register_1_licence"] == "licence not stated"


def test_a_size_in_the_register_is_newer_than_a_tag(tmp_path):
    made, tables = town(tmp_path, (0, 0, {"height": "9", "diameter_crown": "3"}))
    register = register_at(made, tmp_path, (0, 1, {"gattung": "Tilia", "hoehe": "13"}))
    tree = build_city(tables, name="made", registers=[register]).trees.iloc[0]
    assert (tree["height_m"], tree["crown_diameter_m"]) == (13.0, 10.0)


def test_a_row_gives_way_to_the_registers_trees(tmp_path):
    made, tables = town(tmp_path, tree_row=[(0, 5), (80, 5)])
    places = [(8.0 * k, 5.5, {"gattung": "Tilia"}) for k in range(5)]
    city = build_city(tables, name="made", registers=[register_at(made, tmp_path, *places)])
    assert city.trees["source"].tolist() == ["register"] * 5 + ["tree_row"] * 6


def test_what_stands_beyond_the_city_is_left_out_and_counted(tmp_path):
    made, tables = town(tmp_path)
    register = register_at(made, tmp_path, (0, 5, {}), (50_000, 0, {}))
    city = build_city(tables, name="made", registers=[register])
    assert len(city.trees) == 1
    assert city.provenance["register_1_n_outside"] == "1"


def test_a_register_of_another_city_is_refused(tmp_path):
    _, tables = town(tmp_path)
    path = write(tmp_path, "lat,lon\n51.34,12.37\n")
    with pytest.raises(SourceError, match=r"none of its 1 trees.*51\.34.*the city's own register"):
        build_city(tables, name="made", registers=[read_register(path)])
    path = write(tmp_path, "x,y\n500000,5760000\n")
    elsewhere = read_register(path, columns={"crs": "EPSG:25832"})
    with pytest.raises(SourceError, match=r"read in EPSG:25832 they are.*state another than that"):
        build_city(tables, name="made", registers=[elsewhere])


@pytest.mark.parametrize("origin", [(52.0, 13.0), (-37.81, 144.96), (60.17, 24.94)])
def test_swapped_coordinates_are_called_by_their_name(tmp_path, origin):
    made = MadeOsm(*origin).streets()
    tables = read_osm(made.write(tmp_path / "made.osm.pbf"))
    longitude, latitude = made.degrees(0, 5)
    turned = read_register(geojson(tmp_path, feature(latitude, longitude)))
    with pytest.raises(SourceError, match=r"^trees.geojson: its coordinates look swapped.*\.$"):
        build_city(tables, name="made", registers=[turned])
    as_rows = write(tmp_path, f"lat,lon\n{longitude},{latitude}\n")
    with pytest.raises(SourceError, match="look swapped"):
        build_city(tables, name="made", registers=[read_register(as_rows)])


def test_of_two_registers_the_first_stands(tmp_path):
    made, tables = town(tmp_path)
    first = register_at(made, tmp_path, (0, 5, {"gattung": "Tilia"}), name="a.geojson")
    second = register_at(
        made, tmp_path, (0, 5, {"gattung": "Acer"}), (20, 5, {"gattung": "Acer"}), name="b.geojson"
    )
    city = build_city(tables, name="made", registers=[first, second])
    assert city.trees["genus"].tolist() == ["Tilia", "Acer"]
    assert city.provenance["register_2_source"] == "b.geojson"


def test_a_young_tree_is_small_and_an_old_one_grown(tmp_path):
    made, tables = town(tmp_path)
    stamp = {"gattung": "Tilia", "stand": "2024-06-07"}
    years = [2030, 2024, 2014, 1994, 1954, 1850, None]
    places = [(8 * k, 5, {**stamp, "pflanzjahr": year}) for k, year in enumerate(years)]
    city = build_city(tables, name="made", registers=[register_at(made, tmp_path, *places)])
    height = city.trees["height_m"].to_numpy()
    assert height[1] == 4.0  # the sapling of tree.csv
    assert (np.diff(height[1:6]) > 0).all()
    # A planting to come is no age; nor is none.
    assert height[0] == height[6] == 13.0
    assert height[5] == pytest.approx(13.0, abs=0.01)
    assert height[3] == pytest.approx(13.0 - 9.0 * np.exp(-30 / 20), abs=0.01)
    assert city.trees["size_source"].tolist() == ["genus"] + ["age"] * 5 + ["genus"]


def test_age_counts_to_the_registers_date_else_to_the_citys(tmp_path):
    rows = "lat,lon,planted,{}\n52.0,13.0,2000,{}\n"
    crs = pyproj.CRS("EPSG:25833")
    everywhere = shapely.box(-1e7, -1e7, 1e7, 1e7)
    for text, age in (
        (rows.format("stand", "2020-01-01"), 20.0),
        (rows.format("note", "old"), 25.0),
        (rows.format("alter", "7"), 25.0),  # the year of planting is surer than an age
        ("lat,lon,alter\n52.0,13.0,7\n", 7.0),
    ):
        register = read_register(write(tmp_path, text))
        frame, _ = place_registers(
            [register], crs=crs, halo=everywhere, data_date=str(date(2025, 1, 1))
        )
        assert frame["age_years"].tolist() == [age]


def test_a_tree_in_a_house_is_left_out_and_one_in_its_court_stays(tmp_path):
    made = MadeOsm(*PLACE).streets()
    outer = made.box(-60, 65, -20, 105)
    inner = made.box(-50, 75, -30, 95)
    made.relation([(outer, "outer"), (inner, "inner")], type="multipolygon", building="yes")
    made.node(-55, 85, natural="tree")  # 5 m within the house
    made.node(-59, 85, natural="tree")  # 1 m within: as good as beside it
    made.node(-40, 85, natural="tree")  # in the court
    made.box(0, 65, 20, 85, building="roof", height="4")
    made.node(10, 75, natural="tree")  # beneath a roof on posts
    city = build_city(read_osm(made.write(tmp_path / "made.osm.pbf")), name="made")
    assert len(city.trees) == 3
    assert city.provenance["n_trees_in_buildings"] == "1"
    # A register's tree that is misplaced takes no other's place: that at the wall stays.
    register = register_at(made, tmp_path, (-57, 85, {}), (-40, 85, {}))
    city = build_city(read_osm(tmp_path / "made.osm.pbf"), name="made", registers=[register])
    assert city.trees["source"].tolist() == ["tree", "tree", "register"]
    assert city.provenance["n_trees_in_buildings"] == "2"
    assert city.provenance["n_trees_replaced"] == "1"


def test_leipzigs_registers_stand_in_a_town_there(reference_data, tmp_path):
    made = MadeOsm(51.338, 12.374).streets(n=13, step=500.0)
    made.node(0, 0, natural="tree")
    tables = read_osm(made.write(tmp_path / "leipzig.osm.pbf"))
    registers = [read_register(reference_data / "leipzig" / f"trees_{n}.geojson") for n in LEIPZIG]
    city = build_city(tables, name="Leipzig", registers=registers)
    from_register = city.trees[city.trees["source"] == "register"]
    told = city.provenance
    n_trees = sum(int(told[f"register_{k}_n_trees"]) for k in range(1, 6))
    n_outside = sum(int(told[f"register_{k}_n_outside"]) for k in range(1, 6))
    assert n_trees + n_outside == sum(LEIPZIG.values())
    assert 0 < len(from_register) <= n_trees
    assert len(from_register) > 3000
    assert (from_register["size_source"] == "age").mean() > 0.99
    assert from_register["height_m"].between(3.0, 20.0).all()
    assert from_register["genus"].value_counts().index[:2].tolist() == ["Tilia", "Platanus"]
    save_city(city, tmp_path / "a")
    again = build_city(tables, name="Leipzig", registers=registers)
    save_city(again, tmp_path / "b")
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
    assert dict(read_city(tmp_path / "a").provenance) == dict(told)
