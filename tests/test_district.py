"""Districts: rings that close, rings that an extract cuts, a city's own file, and cells."""

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm
from made_sites import made_sites

from hiro.district import DistrictModel, find_districts, read_districts
from hiro.errors import PlanError
from hiro.site import build_sites
from solarpass.border import take_borders
from solarpass.city import build_city
from solarpass.district import build_districts
from solarpass.key import find_rank
from solarpass.osm import read_osm

HALF = 260.0  # of the town's streets, in metres
BOX = (-HALF, -HALF, HALF, HALF)


def made_quarters(*, reach=1000.0, names=("West", "Ost"), level="10", shared=0.0):
    """Lay a town on the border of two quarters that reach far beyond it; a third lies east."""
    made = MadeOsm().streets()
    corners = {
        "nw": (-reach, reach), "n": (shared, reach), "sw": (-reach, -reach), "s": (shared, -reach),
        "ne": (150.0, reach), "se": (150.0, -reach), "fe": (reach, reach), "fs": (reach, -reach),
    }  # fmt: skip
    at = {name: made.node(*xy) for name, xy in corners.items()}
    middle = made.way([at["n"], at["s"]])
    east = made.way([at["ne"], at["se"]])
    west = [made.way([at["s"], at["sw"], at["nw"], at["n"]])]
    between = [made.way([at["n"], at["ne"]]), made.way([at["se"], at["s"]])]
    far = [made.way([at["ne"], at["fe"], at["fs"], at["se"]])]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": level}
    for name, ways in zip((*names, "Fern"), ([middle, *west], [middle, *between, east],
                                             [east, *far]), strict=False):  # fmt: skip
        made.relation([(way, "outer") for way in ways], name=name, **tags)
    return made, {"west": west, "between": between, "far": far, "at": at}


def drop_ways(made, ways):
    """Leave ways out of a file, as an extract's cut does, but not out of the relations."""
    made.ways = [way for way in made.ways if way.id not in ways]


def areas(city):
    frame = city.districts
    return dict(zip(frame["name"], np.asarray(frame.geometry), strict=True))


def city_of(made, tmp_path, *, box=BOX):
    return build_city(read_osm(made.write(tmp_path / "x.osm.pbf", box=box)), name="X")


@pytest.fixture(scope="module")
def city(helsinki):
    """Take the built-in city."""
    return helsinki.city


# --- of the map


def test_whole_rings_are_areas(tmp_path):
    made, _ = made_quarters(reach=400.0)
    found = areas(city_of(made, tmp_path))
    assert set(found) == {"West", "Ost", "Fern"}
    assert found["West"].area == pytest.approx(400.0 * 800.0, rel=5e-3)
    assert found["Ost"].area == pytest.approx(150.0 * 800.0, rel=5e-3)


def test_cut_rings_are_closed_along_the_extent_on_the_right_side(tmp_path):
    made, ways = made_quarters()
    drop_ways(made, [*ways["west"], *ways["between"], *ways["far"]])
    city = city_of(made, tmp_path)
    found, whole = areas(city), city.extent.area
    assert set(found) == {"West", "Ost", "Fern"}
    assert sum(area.area for area in found.values()) == pytest.approx(whole, rel=1e-6)
    assert found["West"].area == pytest.approx(whole / 2.0, rel=0.01)
    assert shapely.contains_xy(found["West"], -100.0, 0.0)
    assert shapely.contains_xy(found["Ost"], 75.0, 0.0)
    assert shapely.contains_xy(found["Fern"], 200.0, 0.0)
    assert city.provenance["n_districts_open"] == "0"


def test_whole_and_cut_agree_within_the_extent(tmp_path):
    made, ways = made_quarters()
    whole = city_of(made, tmp_path)
    made, ways = made_quarters()
    drop_ways(made, ways["west"])
    cut = city_of(made, tmp_path)
    for name, area in areas(whole).items():
        inside = shapely.intersection(area, whole.extent)
        theirs = shapely.intersection(areas(cut)[name], cut.extent)
        assert shapely.symmetric_difference(inside, theirs).area < 1.0


def made_pair(**place):
    """Lay two quarters of which only the border between them is known."""
    made = MadeOsm().streets()
    line = made.line((0.0, -1000.0), (0.0, 1000.0))
    lost = made.line((0.0, 1000.0), (5.0, 1000.0))
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "10"}
    for name in ("West", "Ost"):
        made.relation([(line, "outer"), (lost, "outer")], name=name, **tags)
    drop_ways(made, [lost])
    for name, x in place.items():
        made.node(x, 0.0, place="suburb", name=name)
    return made


def test_what_could_be_either_side_stays_open(tmp_path):
    city = city_of(made_pair(), tmp_path)
    assert city.districts.empty
    assert city.provenance["n_districts_open"] == "2"


def test_a_place_of_its_name_tells_the_side(tmp_path):
    one = areas(city_of(made_pair(West=-50.0), tmp_path))
    both = areas(city_of(made_pair(West=-50.0, Ost=50.0), tmp_path))
    for found in (one, both):  # where one is, the other is not
        assert set(found) == {"West", "Ost"}
        assert shapely.contains_xy(found["West"], -100.0, 0.0)
        assert shapely.contains_xy(found["Ost"], 100.0, 0.0)
        assert shapely.intersection(found["West"], found["Ost"]).area == 0.0
    told_wrongly = areas(city_of(made_pair(West=-50.0, Ost=-60.0), tmp_path))
    assert set(told_wrongly) == {"West", "Ost"}


@pytest.mark.parametrize("gap", [0.0, 60.0, 140.0])
def test_a_border_that_ends_near_the_rim_runs_on(tmp_path, gap):
    made = MadeOsm().streets()
    south = made.line((0.0, -1000.0), (0.0, 0.0), (0.0, HALF - gap))
    lost = made.line((0.0, HALF), (5.0, 1000.0))
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "9"}
    made.relation([(south, "outer"), (lost, "outer")], name="West", **tags)
    made.node(-50.0, 0.0, place="suburb", name="West")
    drop_ways(made, [lost])
    found = areas(city_of(made, tmp_path))
    assert found["West"].area == pytest.approx(2.0 * HALF * HALF, rel=0.02)


def test_a_border_that_ends_amid_the_town_stays_open(tmp_path):
    made = MadeOsm().streets()
    stub = made.line((0.0, -1000.0), (0.0, 0.0))
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "9"}
    made.relation([(stub, "outer"), (99, "outer")], name="West", **tags)
    made.node(-50.0, 0.0, place="suburb", name="West")
    city = city_of(made, tmp_path)
    assert city.districts.empty
    assert city.provenance["n_districts_open"] == "1"


def test_closed_ways_are_districts_and_towns_are_none(tmp_path):
    made = MadeOsm().streets()
    tags = {"boundary": "administrative", "name": "Mitte"}
    made.box(-100.0, -100.0, 100.0, 100.0, admin_level="11", **tags)
    made.box(-200.0, -200.0, 200.0, 200.0, admin_level="8", **tags)
    made.box(-200.0, -200.0, 200.0, 200.0, admin_level="ten", **tags)
    made.box(-200.0, -200.0, 200.0, 200.0, admin_level="10", boundary="political", name="Y")
    city = city_of(made, tmp_path)
    assert city.districts["admin_level"].tolist() == [11]
    assert city.districts["osm_type"].tolist() == ["way"]
    assert city.districts.geometry.iloc[0].area == pytest.approx(200.0**2, rel=5e-3)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 7))
def test_cut_quarters_of_any_mosaic_tile_the_extent(seed, n):
    """Cut a mosaic at random, keep only what runs through the extent: each piece is itself."""
    rng = np.random.default_rng(seed)
    extent = shapely.MultiPolygon([shapely.box(-500.0, -500.0, 500.0, 500.0)])
    seeds = shapely.MultiPoint(rng.uniform(-900.0, 900.0, (n + 3, 2)))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(seeds, extend_to=shapely.box(-3000, -3000, 3000, 3000))
    )
    near = shapely.buffer(extent, 300.0)
    lines = [shapely.intersection(shapely.boundary(cell), near) for cell in cells]
    frame = gpd.GeoDataFrame(
        {
            "osm_type": ["relation"] * len(cells),
            "osm_id": range(len(cells)),
            "name": [f"Q{k}" for k in range(len(cells))],
            "admin_level": [10] * len(cells),
            "is_whole": [False] * len(cells),
        },
        geometry=lines,
    )
    frame = frame[~frame.geometry.is_empty].reset_index(drop=True)
    points = gpd.GeoDataFrame({"place": [], "name": []}, geometry=[])
    found, n_open = build_districts(frame, extent=extent, points=points)
    for name, area in zip(found["name"], found.geometry, strict=True):
        mine = shapely.intersection(cells[int(name[1:])], extent)
        assert shapely.symmetric_difference(area, mine).area < 1.0
    within = sum(bool(shapely.intersects(extent, line)) for line in frame.geometry)
    assert len(found) + n_open == within
    if within > 2:  # of two nobody can tell which is which
        assert n_open == 0


def test_areas_that_others_made_are_borders_too():
    ring = shapely.box(13.0, 52.0, 13.01, 52.01)
    tags = [{"boundary": "administrative", "admin_level": "9", "name": "Mitte"}, {"name": "Park"}]
    frame = take_borders(["relation", "way"], [1, 2], [ring, ring], tags)
    assert frame["name"].tolist() == ["Mitte"]
    assert frame["is_whole"].tolist() == [True]
    assert find_rank({"boundary": "administrative", "admin_level": "12"}) is None


def test_of_the_built_in_city_every_stop_is_in_one_district(city):
    frame = city.districts[city.districts["admin_level"] == 10]
    assert set(frame["name"]) >= {"Kluuvi", "Kamppi", "Kruununhaka"}
    shapes = np.asarray(frame.geometry)
    assert shapely.union_all(shapes).intersection(city.extent).area == pytest.approx(
        city.extent.area, rel=1e-6
    )
    overlap = shapely.area(shapes).sum() - shapely.union_all(shapes).area
    assert overlap == pytest.approx(0.0, abs=1.0)


# --- of sites


def test_the_finest_level_that_holds_most_sites_is_taken(city):
    sites = build_sites(city)
    found = find_districts(sites, city)
    assert found.source == "OpenStreetMap, admin_level 10"  # of 11 only one is there
    assert (found.of_site >= 0).all()
    assert len(found) == len(set(found.names)) == found.of_site.max() + 1
    assert any("admin_level 10" in note for note in found.notes)


def test_without_districts_cells_stand_for_them(city):
    sites = build_sites(city)
    bare = dataclasses.replace(city, districts=city.districts.iloc[:0])
    found = find_districts(sites, bare)
    assert found.source == "500 m cells"
    assert "squares of 500 m" in found.notes[0]
    assert (found.of_site >= 0).all()
    xy = shapely.get_coordinates(np.asarray(sites.table.geometry))
    cells = pd.Series(map(tuple, np.floor(xy / 500.0)))
    assert cells.groupby(found.of_site).nunique().max() == 1
    assert cells.nunique() == len(found)
    wide = find_districts(sites, bare, model=DistrictModel(cell_m=5000.0))
    assert len(wide) <= 4


def test_districts_of_a_few_sites_do_not_stand_for_all(city):
    sites = build_sites(city)
    x, y = shapely.get_coordinates(np.asarray(sites.table.geometry))[:2].T
    tiny = gpd.GeoDataFrame(
        {"osm_type": "way", "osm_id": [1, 2], "name": ["A", "B"], "admin_level": 10},
        geometry=shapely.buffer(shapely.points(x, y), 1.0),
        crs=city.crs,
    )
    few = dataclasses.replace(city, districts=tiny)
    assert find_districts(sites, few).source == "500 m cells"
    shares = DistrictModel(least_share=0.0)
    assert find_districts(sites, few, model=shares).source.startswith("OpenStreetMap")


# --- of a file


def write_districts(path, *, crs="EPSG:4326", names=("West", "Ost"), column="name", shift=0.0):
    """Write two squares of 2 km either side of the sites' middle, in any system and format."""
    sites = made_sites((0.0, 0.0))
    boxes = [
        shapely.box(-2000.0 + shift, -1000.0, shift, 1000.0),
        shapely.box(shift, -1000.0, 2000.0 + shift, 1000.0),
    ]
    frame = gpd.GeoDataFrame({column: list(names), "n": [1, 2]}, geometry=boxes, crs=sites.crs)
    frame = frame.to_crs(crs)
    if path.suffix == ".csv":
        frame["geom"] = [f"SRID={crs[5:]};{shape.wkt}" for shape in frame.geometry]
        pd.DataFrame(frame.drop(columns="geometry")).to_csv(path, index=False, sep=";")
    else:
        frame.to_file(path)
    return path


SITES = ((-500.0, 0.0), (500.0, 0.0), (900.0, 10.0), (500.0, 5000.0))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:25833"])
@pytest.mark.parametrize("ending", [".csv", ".geojson", ".gpkg"])
def test_a_citys_own_districts_are_read_in_any_system(tmp_path, ending, crs):
    path = write_districts(tmp_path / f"d{ending}", crs=crs)
    found = read_districts(path, made_sites(*SITES))
    assert [found.names[k] if k >= 0 else None for k in found.of_site] == [
        "West",
        "Ost",
        "Ost",
        None,
    ]
    assert any("no district" in note and "1 of 4" in note for note in found.notes)
    assert found.attribution == (f"districts: {path.name}, licence not stated",)


def test_the_key_names_the_column(tmp_path):
    path = write_districts(tmp_path / "d.gpkg", column="Ortsteil_Nr")
    sites = made_sites(*SITES)
    assert read_districts(path, sites, key="ortsteil_nr").names == ("West", "Ost")
    assert read_districts(path, sites, key="n").names == ("1", "2")
    for key in (None, "stadtteil"):
        with pytest.raises(PlanError, match=r"it has 'Ortsteil_Nr', 'n'.*--district-key"):
            read_districts(path, sites, key=key)


def test_where_districts_overlap_the_first_counts(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["A", "B"]},
        geometry=[shapely.box(13.7, 51.0, 13.8, 51.1), shapely.box(13.7, 51.0, 13.75, 51.1)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "d.gpkg")
    found = read_districts(tmp_path / "d.gpkg", made_sites((0.0, 0.0)))
    assert found.names == ("A",)
    assert any("pairs that overlap: 1" in note for note in found.notes)


def test_two_pieces_of_one_name_are_one_district(tmp_path):
    path = write_districts(tmp_path / "d.gpkg", names=("Ort", "Ort"))
    found = read_districts(path, made_sites(*SITES))
    assert found.names == ("Ort",)
    assert found.of_site.tolist() == [0, 0, 0, -1]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("d.csv", "", "is empty"),
        ("d.csv", "name;x;y\nA;13.74;51.05\n", "no outlines"),
        ("d.csv", "name;geom\nA;POLYGON((1 2\n", "no row that has a place"),
        ("d.geojson", '{"type": "FeatureCollection", "features": []}', "wanted districts"),
        ("d.geojson", "not json", "does not read"),
        ("d.txt.zip", "x", "no kind that we read"),
    ],
)
def test_what_tells_no_district_is_one_sentence(tmp_path, name, text, told):
    (tmp_path / name).write_text(text)
    with pytest.raises(PlanError, match=told) as caught:
        read_districts(tmp_path / name, made_sites(*SITES))
    assert "\n" not in str(caught.value)


def test_districts_of_another_place_are_refused(tmp_path):
    path = write_districts(tmp_path / "d.geojson", shift=100_000.0)
    with pytest.raises(PlanError, match="No district lies within 3 km"):
        read_districts(path, made_sites(*SITES))


def test_the_districts_of_dresden(reference_data):
    path = reference_data / "dresden" / "population_75plus.csv"
    found = read_districts(path, made_sites((0.0, 0.0), (2000.0, 0.0)))
    assert found.names == ("Innere Altstadt", "Johannstadt-Süd")
    assert json.dumps(found.names)


def test_nobody_changes_districts(city):
    found = find_districts(build_sites(city), city)
    with pytest.raises(ValueError, match="read-only"):
        found.of_site[0] = 3
