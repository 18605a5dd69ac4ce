from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from solarpass.osm import AREA_TAGS, LINE_TAGS, POINT_TAGS
from solarpass.trees import build_trees, build_woods, leaf_fraction

METRES = "EPSG:3035"
tag = st.one_of(st.none(), st.text(max_size=8), st.floats(-5, 500).map(lambda x: f"{x:.1f}"))


def frame(keys, rows, shapes):
    columns = {key: np.array([*(row.get(key) for row in rows), None])[:-1] for key in keys}
    return gpd.GeoDataFrame(
        {"osm_id": np.arange(len(rows)), **columns}, geometry=shapes, crs=METRES
    )


def points(*rows):
    shapes = [shapely.Point(100.0 * k, 0) for k in range(len(rows))]
    return frame(POINT_TAGS, [{"natural": "tree", **row} for row in rows], shapes)


def lines(*shapes, **tags):
    return frame(LINE_TAGS, [{"natural": "tree_row", **tags}] * len(shapes), list(shapes))


def tree(**tags):
    return build_trees(points(tags), lines()).iloc[0]


def test_tags_come_before_the_genus_and_the_genus_before_the_default():
    tagged = tree(height="12", diameter_crown="6", genus="Tilia")
    assert (tagged["height_m"], tagged["crown_diameter_m"]) == (12.0, 6.0)
    assert tagged["size_source"] == "tagged"
    lime = tree(genus="Tilia")
    assert lime["crown_diameter_m"] == 10.0
    assert lime["size_source"] == "genus"
    some = tree()
    assert some["crown_diameter_m"] == 8.0
    assert some["size_source"] == "default"
    assert some["genus"] is None


@pytest.mark.parametrize(
    "tags",
    [{"species": "Tilia cordata"}, {"taxon": "tilia × europaea"}, {"genus": "tilia"}],  # noqa: RUF001 - a hybrid's cross
)
def test_a_genus_is_known_from_its_species(tags):
    assert tree(**tags)["genus"] == "Tilia"


def test_a_small_tree_is_small_both_ways():
    small, tall = tree(height="4"), tree(height="14")
    assert small["crown_diameter_m"] < 8.0 < tall["crown_diameter_m"]


@pytest.mark.parametrize("crown", ["80", "0", "-3", "wide", "NaN"])
def test_absurd_crowns_are_not_believed(crown):
    assert tree(diameter_crown=crown, height="8")["crown_diameter_m"] <= 16.0


@given(st.lists(st.tuples(tag, tag, tag, st.sampled_from([None, "evergreen", "x"])), max_size=5))
def test_a_crown_has_a_base_below_its_top(rows):
    made = [{"height": h, "diameter_crown": d, "genus": g, "leaf_cycle": c} for h, d, g, c in rows]
    trees = build_trees(points(*made), lines())
    assert (trees["base_m"] > 0).all()
    assert (trees["base_m"] < trees["height_m"]).all()
    assert trees["height_m"].between(0, 120).all()
    assert trees["crown_diameter_m"].between(0, 50).all()
    assert (trees["transmittance_leaf"] <= trees["transmittance_bare"]).all()
    assert set(trees["leaf_cycle"]) <= {"deciduous", "evergreen", "unknown"}


def test_an_evergreen_lets_no_more_through_in_winter():
    yew, lime = tree(genus="Taxus"), tree(genus="Tilia")
    assert (yew["leaf_cycle"], lime["leaf_cycle"]) == ("evergreen", "deciduous")
    assert yew["transmittance_bare"] == yew["transmittance_leaf"]
    assert lime["transmittance_bare"] == 0.45


def test_a_row_stands_at_its_spacing_from_end_to_end():
    row = build_trees(points(), lines(shapely.LineString([(0, 0), (80, 0)])))
    assert shapely.get_x(np.asarray(row.geometry)).tolist() == [8.0 * k for k in range(11)]
    assert set(row["source"]) == {"tree_row"}


def test_a_closed_row_has_no_tree_twice():
    ring = shapely.LineString([(0, 0), (16, 0), (16, 16), (0, 16), (0, 0)])
    row = build_trees(points(), lines(ring))
    assert len(row) == 8
    assert len(set(row.geometry.to_wkb())) == 8


def test_a_row_whose_trees_are_mapped_one_by_one_stands_once():
    single = points({}, {})  # at 0 and 100
    trees = build_trees(single, lines(shapely.LineString([(0, 1), (96, 1)])))
    assert (trees["source"] == "tree").sum() == 2
    assert shapely.get_x(np.asarray(trees.geometry)[2:]).tolist() == [8.0 * k for k in range(1, 13)]


def test_a_point_sized_row_is_one_tree_or_two():
    assert len(build_trees(points(), lines(shapely.LineString([(0, 0), (0, 0)])))) in {1, 2}


def test_a_wood_is_a_closed_canopy():
    rows = [
        {"natural": "wood", "leaf_type": "needleleaved"},
        {"landuse": "forest", "height": "1"},
        {"landuse": "grass"},
    ]
    woods = build_woods(frame(AREA_TAGS, rows, [shapely.box(0, 0, 9, 9)] * 3))
    assert len(woods) == 2
    assert (woods["base_m"] < woods["height_m"]).all()
    assert woods["leaf_cycle"].tolist() == ["evergreen", "unknown"]


@pytest.mark.parametrize("latitude", [30.0, 41.9, 52.5, 60.2, 69.0])
def test_leaves_come_in_spring_and_fall_in_autumn(latitude):
    days = [date(2026, 1, 1) + timedelta(days=k) for k in range(365)]
    leaf = np.array([leaf_fraction(day, latitude) for day in days])
    assert leaf[0] == 0.0
    assert leaf[195] == 1.0
    assert leaf[-1] == 0.0
    turns = np.sign(np.diff(leaf))
    assert (np.diff(turns[turns != 0]) != 0).sum() == 1  # once up, once down
    assert np.abs(np.diff(leaf)).max() < 0.05


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.floats(-90, 90))
def test_the_leaf_share_is_a_share(day, latitude):
    assert 0.0 <= leaf_fraction(day, latitude) <= 1.0


@given(st.integers(0, 364), st.floats(26, 70))
def test_the_south_is_half_a_year_behind(n_days, latitude):
    day = date(2025, 1, 1) + timedelta(days=n_days)
    other = date(2025, 1, 1) + timedelta(days=(n_days + 182) % 365)
    assert leaf_fraction(day, -latitude) == pytest.approx(leaf_fraction(other, latitude), abs=0.04)


def test_the_tropics_are_never_bare():
    assert {leaf_fraction(date(2026, m, 1), 10.0) for m in range(1, 13)} == {1.0}


def test_later_spring_further_north():
    day = date(2026, 4, 25)
    assert leaf_fraction(day, 41.9) > leaf_fraction(day, 52.5) > leaf_fraction(day, 60.2)
