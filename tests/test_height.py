import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from solarpass.extent import make_polygonal
from solarpass.height import HeightModel, build_buildings
from solarpass.key import AREA_TAGS

TEXT = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.floats(-10, 1000).map(lambda x: f"{x:.1f}"),
    st.sampled_from(["12 m", "12,5", "3 floors", "-4", "1e9", "NaN", "40 ft", "0", "2;3"]),
)


def areas(*rows):
    """Make areas from (tags, west, south, east, north)."""
    columns = {
        key: np.array([*(row[0].get(key) for row in rows), None], dtype=object)[:-1]
        for key in AREA_TAGS
    }
    return gpd.GeoDataFrame(
        {"osm_type": ["way"] * len(rows), "osm_id": np.arange(len(rows)), **columns},
        geometry=[shapely.box(*row[1:]) for row in rows],
        crs="EPSG:3035",
    )


def house(**tags):
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    return build_buildings(areas(({"building": "yes", **tags}, 0, 0, 10, 10))).iloc[0]


@pytest.mark.parametrize(
    ("tags", "height_m", "source"),
    [
        ({"height": "12 m"}, 12.0, "tagged"),
        ({"height": "12,5"}, 12.5, "tagged"),
        ({"height": "40 ft"}, 12.19, "tagged"),
        ({"height": "12", "building__levels": "9"}, 12.0, "tagged"),
        ({"building__height": "12"}, 12.0, "tagged"),
        ({"building__levels": "3"}, 10.5, "levels"),
        ({"height": "3 floors"}, 10.5, "levels"),
        ({"height": "-4", "building__levels": "2"}, 7.0, "levels"),
        ({"height": "NaN", "building__levels": "2"}, 7.0, "levels"),
        ({"building__levels": "0", "roof__levels": "1"}, 3.5, "levels"),
        ({"building": "garage"}, 3.0, "guessed"),
        ({"height": "1e9"}, 8.0, "guessed"),
        ({"height": "-4"}, 8.0, "guessed"),
        ({"height": "901"}, 8.0, "guessed"),
        ({"building__levels": "0"}, 8.0, "guessed"),
        ({"building": "igloo"}, 8.0, "guessed"),
    ],
)
def test_a_height_comes_from_the_surest_tag(tags, height_m, source):
    built = house(**tags)
    assert (built["height_m"], built["height_source"]) == (height_m, source)


def test_the_surer_the_source_the_narrower_the_interval():
    tagged, levels, guessed = (
        house(**tags)["height_spread_m"]
        for tags in ({"height": "9"}, {"building__levels": "3"}, {})
    )
    assert tagged < levels < guessed


def test_nine_tenths_of_what_casts_lie_within_the_interval_of_a_guess_by_the_neighbours():
    # Forty houses of the same width, from 5 to 20 m, and one that nobody measured.
    heights = np.linspace(5.0, 20.0, 40)
    told = [{"building": "yes", "height": f"{height:.2f}"} for height in heights]
    built = build_buildings(
        areas(
            *(
                (tags, 20 * k, 0, 20 * k + 10, 10)
                for k, tags in enumerate([*told, {"building": "yes"}])
            )
        )
    )
    guess = built.iloc[-1]
    assert guess["height_m"] == pytest.approx(12.5, abs=0.1)
    factor = 1.0 + guess["height_spread_m"] / guess["height_m"]
    within = np.abs(np.log(heights / guess["height_m"])) <= np.log(factor) + 1e-2
    assert heights[within].sum() / heights.sum() == pytest.approx(0.9, abs=0.03)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=6))
def test_no_tag_is_a_crash_or_out_of_range(rows):
    keys = ("height", "building:levels", "min_height", "roof:levels")
    made = [
        ({"building": "yes", **dict(zip(keys, row, strict=True))}, 20 * k, 0, 20 * k + 10, 10)
        for k, row in enumerate(rows)
    ]
    built = build_buildings(areas(*made))
    assert len(built) == len(rows)
    assert built["height_m"].between(0, 900, inclusive="right").all()
    assert (built["base_m"] >= 0).all()
    assert (built["base_m"] < built["height_m"]).all()
    assert set(built["height_source"]) <= {"tagged", "levels", "guessed"}
    assert (built["height_spread_m"] > 0).all()


def test_what_lies_under_ground_casts_nothing():
    under = [{"location": "underground"}, {"layer": "-1"}, {"building": "no"}]
    rows = [({"building": "yes", **tags}, 0, 0, 10, 10) for tags in under]
    assert build_buildings(areas(*rows)).empty


def test_one_walks_beneath_a_roof():
    roof = house(building="roof", height="5")
    assert roof["is_roof"]
    assert (roof["height_m"], roof["base_m"]) == (5.0, 4.5)
    assert house(building="carport")["is_roof"]
    assert house(building="yes", min_height="3", height="9")["is_roof"]
    assert not house(building="yes")["is_roof"]
    assert not house(building="yes", min_height="1", height="9")["is_roof"]


def part(*, west, east, **tags):
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    return {"building:part": "yes", **tags}, west, 0, east, 10


def test_an_outline_gives_way_to_parts_that_cover_it():
    outline = ({"building": "church", "height": "40"}, 0, 0, 20, 10)
    tower, nave = part(west=0, east=5, height="40"), part(west=5, east=20, height="15")
    built = build_buildings(areas(outline, tower, nave))
    assert built["casts"].tolist() == [False, True, True]
    assert built["is_part"].tolist() == [False, True, True]
    assert built["height_m"].tolist() == [40.0, 40.0, 15.0]
    assert built["kind"].tolist() == ["church"] * 3


def test_an_outline_casts_where_its_parts_leave_a_gap():
    outline = ({"building": "church", "height": "12"}, 0, 0, 20, 10)
    built = build_buildings(areas(outline, part(west=0, east=5, height="40")))
    assert built["casts"].tolist() == [True, True]


def test_a_part_that_tells_no_height_has_its_buildings():
    outline = ({"building": "office", "height": "22"}, 0, 0, 20, 10)
    built = build_buildings(areas(outline, part(west=0, east=10)))
    assert built["height_m"].tolist() == [22.0, 22.0]
    assert built["height_source"].tolist() == ["tagged", "tagged"]


def test_a_part_belongs_to_the_smallest_building_around_it():
    campus = ({"building": "university", "height": "5"}, 0, 0, 100, 100)
    hall = ({"building": "yes", "height": "22"}, 0, 0, 20, 10)
    built = build_buildings(areas(campus, hall, part(west=0, east=10)))
    assert built["height_m"].tolist() == [5.0, 22.0, 22.0]


def test_a_part_on_a_part_is_no_roof_but_one_in_the_air_is():
    foot = part(west=0, east=20, height="10")
    tower = part(west=0, east=10, height="40", min_height="10")
    bridge = part(west=20, east=30, height="12", min_height="5")
    built = build_buildings(areas(foot, tower, bridge))
    assert built["is_roof"].tolist() == [False, False, True]
    assert built["base_m"].tolist() == [0.0, 10.0, 5.0]


def test_enough_neighbours_tell_more_than_the_table():
    def street(n):
        told = [
            ({"building": "house", "height": "6"}, 20 * k, 0, 20 * k + 10, 10) for k in range(n)
        ]
        return [*told, ({"building": "house"}, 0, 50, 10, 60)]

    few, many = (build_buildings(areas(*street(n))).iloc[-1] for n in (29, 30))
    assert few["height_m"] == 8.5
    assert many["height_m"] == 6.0
    assert few["height_source"] == many["height_source"] == "guessed"


def test_towers_do_not_raise_the_sheds():
    towers = [
        ({"building": "office", "height": "60"}, 50 * k, 0, 50 * k + 40, 40) for k in range(40)
    ]
    shed, block = ({"building": "yes"}, 0, 99, 5, 104), ({"building": "yes"}, 50, 99, 90, 139)
    built = build_buildings(areas(*towers, shed, block))
    assert built["height_m"].tolist()[-2:] == [3.5, 60.0]


def test_a_storey_is_an_assumption_that_one_may_change():
    frame = areas(({"building": "yes", "building:levels": "4"}, 0, 0, 10, 10))
    assert build_buildings(frame, model=HeightModel(storey_m=3.0))["height_m"].tolist() == [12.0]


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (10, 10), (10, 0), (0, 10)],  # a bow tie
        [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (-5, 0)],  # with a spike
        [(0, 0), (10, 0), (20, 0)],  # flat
        [(1, 1), (1, 1), (1, 1)],  # a point
    ],
)
def test_crooked_footprints_are_mended_or_empty(ring):
    mended = make_polygonal(np.array([shapely.Polygon(ring)], dtype=object))[0]
    assert mended.is_valid
    assert mended.is_empty or mended.geom_type in {"Polygon", "MultiPolygon"}


def test_mending_keeps_courtyards():
    court = shapely.box(0, 0, 40, 40) - shapely.box(10, 10, 30, 30)
    assert make_polygonal(np.array([court], dtype=object))[0].equals(court)
