from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from solarpass.key import AREA_TAGS, LINE_TAGS, POINT_TAGS
from solarpass.leaf import find_leaf_year, leaf_fraction
from solarpass.tables import read_numbers
from solarpass.trees import (
    TreeModel,
    build_trees,
    build_woods,
    find_traits,
    stands_indoors,
)

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


def test_what_is_told_of_a_tree_is_surer_than_what_its_genus_says():
    told, genus, bare = tree(height="10", diameter_crown="8"), tree(genus="Tilia"), tree()
    for measure, spread in (
        ("height_m", "height_spread_m"),
        ("crown_diameter_m", "crown_spread_m"),
    ):
        shares = [each[spread] / each[measure] for each in (told, genus, bare)]
        assert 0.0 < shares[0] < shares[1] < shares[2] < 1.0


def test_a_measure_that_follows_the_other_is_as_unsure_as_by_genus():
    half = tree(height="10", genus="Tilia")
    assert half["height_spread_m"] == pytest.approx(0.1 * 10.0)
    grown = tree(genus="Tilia")
    share = half["crown_spread_m"] / half["crown_diameter_m"]
    assert share == pytest.approx(grown["crown_spread_m"] / grown["crown_diameter_m"], abs=0.01)


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


@settings(deadline=None)
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


GENERA = sorted(read_numbers("genus", key="genus"))


@pytest.mark.parametrize("genus", GENERA)
def test_a_genus_has_a_crown_a_base_and_lets_some_beam_through(genus):
    grown = tree(genus=genus)
    assert 0.0 < grown["base_m"] < 0.85 * grown["height_m"]
    assert 0.01 <= grown["transmittance_leaf"] <= 0.1
    assert grown["transmittance_leaf"] <= grown["transmittance_bare"] <= 0.5
    traits = find_traits(genus)
    assert 90 <= traits["leaf_out_day"] <= 135
    assert 280 <= traits["leaf_fall_day"] <= 325


def test_what_a_genus_does_not_tell_its_class_tells():
    of_any = find_traits(None)
    assert find_traits("Nosuchia") == of_any
    assert find_traits("Tilia")["transmittance_leaf"] == of_any["transmittance_leaf"] == 0.03
    assert find_traits("Gleditsia")["transmittance_leaf"] == 0.1
    assert find_traits("Gleditsia")["base_fraction"] == of_any["base_fraction"]


def test_a_palm_bears_its_crown_at_the_top_and_a_fir_to_the_ground():
    assert tree(genus="Phoenix")["base_m"] == 7.0
    assert tree(genus="Phoenix", height="5")["base_m"] == 3.5  # in proportion
    assert tree(genus="Abies")["base_m"] == 1.0
    assert tree(genus="Tilia")["base_m"] == 3.25


def test_a_base_is_over_the_traffic_but_not_above_the_middle():
    bases = [tree(height=str(height))["base_m"] for height in (2, 4, 8, 12, 16)]
    assert bases == [1.0, 2.0, 3.0, 3.0, 4.0]


def test_an_oak_tagged_as_evergreen_is_one():
    holm, english = tree(genus="Quercus", leaf_cycle="evergreen"), tree(genus="Quercus")
    assert holm["transmittance_bare"] == holm["transmittance_leaf"]
    assert english["transmittance_bare"] == 0.4


def test_birches_are_green_before_robinias():
    day = date(2026, 4, 20)
    of = {genus: leaf_fraction(day, 52.5, genus=genus) for genus in ("Betula", "Robinia", "Taxus")}
    assert of["Betula"] > leaf_fraction(day, 52.5) > of["Robinia"]
    assert of["Taxus"] == 1.0
    assert leaf_fraction(day, 52.5, genus="Nosuchia") == leaf_fraction(day, 52.5)


# --- with a register


def registered(*trees):
    """Make what `place_registers` makes, of (x, y, what is told)."""
    numbers = ("height_m", "crown_diameter_m", "base_m", "age_years")
    columns = {name: [float(told.get(name, np.nan)) for *_, told in trees] for name in numbers}
    columns["genus"] = np.array([*(told.get("genus") for *_, told in trees), None])[:-1]
    shapes = [shapely.Point(x, y) for x, y, _ in trees]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=METRES)


def test_a_registers_tree_takes_the_place_of_the_maps():
    single = points({"genus": "Acer"}, {"genus": "Acer"})  # at 0 and 100
    trees = build_trees(single, lines(), registered=registered((2.9, 0, {}), (96.9, 0, {})))
    assert trees["source"].tolist() == ["tree", "register", "register"]
    assert shapely.get_x(np.asarray(trees.geometry)).tolist() == [100.0, 2.9, 96.9]
    assert trees["genus"].tolist() == ["Acer", "Acer", None]
    assert trees["osm_id"].tolist() == [1, 0, 0]
    far = TreeModel(same_m=5.0)
    trees = build_trees(
        single, lines(), registered=registered((2.9, 0, {}), (96.9, 0, {})), model=far
    )
    assert trees["source"].tolist() == ["register", "register"]


spot = st.tuples(st.floats(0, 30), st.floats(0, 30))


@given(st.lists(spot, max_size=8), st.lists(spot, max_size=8))
def test_exactly_the_maps_trees_near_a_registers_give_way(mapped, listed):
    shapes = [shapely.Point(xy) for xy in mapped]
    single = frame(POINT_TAGS, [{"natural": "tree"}] * len(mapped), shapes)
    trees = build_trees(single, lines(), registered=registered(*((x, y, {}) for x, y in listed)))
    apart = [min((np.hypot(x - u, y - v) for u, v in listed), default=9.0) for x, y in mapped]
    sure = [row for row, metres in enumerate(apart) if abs(metres - 3.0) > 1e-9]
    left = trees.loc[trees["source"] == "tree", "osm_id"].tolist()
    assert [row for row in sure if apart[row] > 3.0] == [row for row in left if row in sure]
    assert (trees["source"] == "register").sum() == len(listed)


def test_a_base_that_is_told_counts_unless_it_is_above_the_top():
    told = registered(
        (0, 9, {"height_m": 12.0, "base_m": 5.0}), (50, 9, {"height_m": 4.0, "base_m": 5.0})
    )
    trees = build_trees(points(), lines(), registered=told)
    assert trees["base_m"].tolist() == [5.0, 2.0]


@given(st.floats(0, 300), st.sampled_from([None, *GENERA]))
def test_no_age_outgrows_the_genus(age_years, genus):
    told = registered((0, 0, {"age_years": age_years, "genus": genus}))
    young = build_trees(points(), lines(), registered=told).iloc[0]
    grown = tree(genus=genus) if genus else tree()
    assert 0.0 < young["base_m"] < young["height_m"] <= grown["height_m"]
    assert 0.0 < young["crown_diameter_m"] <= grown["crown_diameter_m"]
    assert young["size_source"] == "age"


def test_a_register_without_trees_on_a_map_without_trees_is_none():
    assert build_trees(points(), lines()).empty
    assert build_trees(points(), lines(), registered=registered()).empty


def test_a_stem_deep_in_a_building_stands_indoors():
    shape = [shapely.box(0, 0, 20, 20) - shapely.box(8, 8, 12, 12)]
    houses = gpd.GeoDataFrame(
        {"height_m": [9.0], "base_m": [0.0], "casts": [True]}, geometry=shape, crs=METRES
    )
    stems = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([4, 1, 10, 30, 6.6], [4, 10, 10, 0, 10]), crs=METRES
    )
    assert stands_indoors(stems, houses).tolist() == [True, False, False, False, False]
    for change in ({"height_m": 1.5}, {"base_m": 3.0}, {"casts": False}):
        assert not stands_indoors(stems, houses.assign(**change)).any()
    assert not stands_indoors(stems, houses.iloc[:0]).any()
    assert stands_indoors(stems, houses, model=TreeModel(indoors_m=0.5)).sum() == 3


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


def test_a_citys_leaves_are_those_of_its_trees_by_their_crowns():
    birch, robinia = (find_leaf_year(52.5, area_m2={one: 9.0}) for one in ("Betula", "Robinia"))
    both = find_leaf_year(52.5, area_m2={"Betula": 10.0, "Robinia": 30.0, "Tilia": 0.0})
    assert both == pytest.approx(0.25 * birch + 0.75 * robinia)
    assert np.abs(birch - robinia).max() > 0.5
    assert find_leaf_year(52.5, area_m2={}) == pytest.approx(find_leaf_year(52.5))
    day = date(2026, 4, 20)
    assert find_leaf_year(52.5)[day.timetuple().tm_yday - 1] == leaf_fraction(day, 52.5)


# --- laws of single rules


@pytest.mark.parametrize(("crown", "told"), [("11.9", 11.9), ("12", 12.0), ("12.1", 4.8)])
def test_a_crown_wider_than_twice_its_height_is_a_slip(crown, told):
    assert tree(height="6", diameter_crown=crown)["crown_diameter_m"] == told


def test_one_measure_scales_the_other_up_to_a_limit():
    assert tree(height="14")["crown_diameter_m"] == pytest.approx(1.4 * 8.0)
    assert tree(height="30")["crown_diameter_m"] == 1.5 * 8.0
    assert tree(diameter_crown="30")["height_m"] == 1.5 * 10.0
    low = build_trees(points({"height": "30"}), lines(), model=TreeModel(most_scale=1.0))
    assert low["crown_diameter_m"].tolist() == [8.0]
