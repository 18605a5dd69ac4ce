"""A city's own heights of buildings: read whatever its columns are called, matched by area."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasters import CORNER, UTM, metres

from solarpass.errors import CoordinateError, SourceError
from solarpass.survey import Survey, SurveyModel, match_heights, measure_buildings, read_survey

LOCAL = metres()


def boxes(*corners):
    return [shapely.box(*corner) for corner in corners]


def in_utm(shapes):
    """Move shapes of local metres beside the corner that the tests use."""
    return gpd.GeoSeries(shapes, crs=LOCAL).to_crs(UTM)


def outlines(tmp_path, columns, shapes, *, name="heights.gpkg", crs=UTM):
    frame = gpd.GeoDataFrame(columns, geometry=in_utm(shapes)).to_crs(crs)
    frame.to_file(tmp_path / name)
    return tmp_path / name


def houses(shapes, **columns):
    table = {
        "height_m": 9.0, "base_m": 0.0, "height_source": "guessed", "height_spread_m": 4.0,
        "is_part": False, "is_roof": False,
    } | columns  # fmt: skip
    frame = gpd.GeoDataFrame(table, index=range(len(shapes)), geometry=shapes, crs=LOCAL)
    return frame.astype({"height_source": object})


def survey(shapes, height_m):
    frame = gpd.GeoDataFrame({"height_m": np.asarray(height_m, float)}, geometry=shapes, crs=LOCAL)
    return Survey(frame, "made.gpkg")


TWO = boxes((0, 0, 10, 10), (20, 0, 30, 10))


# ------------------------------------------------------------------ what a file tells


@pytest.mark.parametrize(
    "column",
    ["height", "Höhe", "measuredHeight", "GEBHOEHE", "Gebäudehöhe (m)", "HAUTEUR", "HEIGHT_M"],
)
def test_heights_go_by_many_names(tmp_path, column):
    found = read_survey(outlines(tmp_path, {"id": [1, 2], column: [12.5, 8.0]}, TWO))
    assert found.outlines["height_m"].tolist() == [12.5, 8.0]
    assert found.source == "heights.gpkg"
    assert found.credit is None


@pytest.mark.parametrize(
    ("asked", "columns"),
    [
        (None, {"HoeheDach": ["124,5", "119.0"], "HoeheGrund": ["112,0", "111.0"]}),
        ("TOP - FOOT", {"top": [124.5, 119.0], "foot": [112.0, 111.0]}),
        ("oben-unten", {"oben": [124.5, 119.0], "unten": [112.0, 111.0]}),
        ("roof-h", {"roof-h": [12.5, 8.0], "height": [1.0, 1.0]}),
    ],
)
def test_two_columns_may_lie_a_height_apart(tmp_path, asked, columns):
    found = read_survey(outlines(tmp_path, columns, TWO), column=asked)
    assert found.outlines["height_m"].tolist() == [12.5, 8.0]


def test_cells_are_read_as_people_write_them(tmp_path):
    told = ["12,5", "12 m", "NaN", "-4", "1e9", "40 ft", "", None, "0", "drei"]
    shapes = boxes(*((12 * n, 0, 12 * n + 9, 9) for n in range(len(told))))
    found = read_survey(outlines(tmp_path, {"hoehe": told}, shapes)).outlines["height_m"]
    assert found.tolist() == pytest.approx([12.5, 12.0, 12.192])


@pytest.mark.parametrize("name", ["h.gpkg", "h.geojson", "h.shp", "h.fgb", "h.parquet"])
def test_every_kind_of_file_tells_the_same(tmp_path, name):
    frame = gpd.GeoDataFrame({"height": [12.5, 8.0]}, geometry=in_utm(TWO))
    frame = frame.to_crs("EPSG:4326") if name == "h.geojson" else frame
    if name.endswith("parquet"):
        frame.to_parquet(tmp_path / name)
    else:
        frame.to_file(tmp_path / name)
    height_m = match_heights(houses(TWO), read_survey(tmp_path / name, credit="City  of X"))
    assert height_m.tolist() == pytest.approx([12.5, 8.0])
    assert read_survey(tmp_path / name, credit="City  of X").credit == "City of X"


def test_crossed_outlines_and_walls_in_space_are_read_for_their_ground(tmp_path):
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    spatial = shapely.force_3d(shapely.MultiPolygon(boxes((20, 0, 30, 10))), z=113.0)
    path = outlines(tmp_path, {"height": [7.0, 8.0]}, [bow, spatial])
    found = read_survey(path).outlines
    assert found.is_valid.all()
    assert not found.has_z.any()
    assert found.area.tolist() == pytest.approx([50.0, 100.0], rel=1e-3)


# ------------------------------------------------------------------ whose height is whose


def test_a_building_takes_the_mean_height_of_what_covers_it_by_area():
    shapes = boxes((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10), (60, 0, 70, 10))
    told = survey(
        boxes((0, 0, 10, 10), (20, 0, 24, 10), (24, 0, 32, 10), (40, 0, 44, 10)),
        [12.0, 10.0, 20.0, 30.0],
    )
    height_m = match_heights(houses(shapes), told)
    assert height_m[:2].tolist() == pytest.approx([12.0, 0.4 * 10.0 + 0.6 * 20.0])
    assert np.isnan(height_m[2:]).all()  # two fifths are covered, and nothing
    loose = SurveyModel(least_cover_fraction=0.3)
    assert match_heights(houses(shapes), told, model=loose)[2] == pytest.approx(30.0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_match_is_that_of_every_pair_looked_at_alone(seed):
    rng = np.random.default_rng(seed)

    def some(n):
        x, y, wide, deep = rng.uniform((0, 0, 3, 3), (60, 60, 15, 15), (n, 4)).T
        return list(shapely.box(x, y, x + wide, y + deep))

    buildings, told = some(9), some(14)
    height_m = rng.uniform(3, 30, len(told))
    found = match_heights(houses(buildings), survey(told, height_m))
    for building, ours in zip(buildings, found, strict=True):
        area = np.array([building.intersection(outline).area for outline in told])
        if area.sum() >= 0.5 * building.area:
            assert ours == pytest.approx((area * height_m).sum() / area.sum())
        else:
            assert np.isnan(ours)


def test_a_part_that_tells_its_height_gives_way_to_outlines_within_it_alone():
    tower, podium = shapely.box(0, 0, 10, 10), shapely.box(-40, -40, 40, 40)
    parts = houses([tower, tower], is_part=True, height_m=60.0, height_source=["tagged", "guessed"])
    whole = survey([podium], [15.0])
    np.testing.assert_array_equal(match_heights(parts, whole), [np.nan, 15.0])
    own = survey([podium, tower], [15.0, 58.0])
    assert match_heights(parts, own)[0] == pytest.approx(58.0)


def test_measured_buildings_say_so_and_the_others_stay_as_they_are():
    shapes = boxes((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10))
    before = houses(shapes, base_m=[0.0, 3.0, 8.5], is_roof=[False, True, False])
    after = measure_buildings(before, survey(shapes[1:], [5.0, 4.0]))
    assert after["height_m"].tolist() == [9.0, 5.0, 4.0]
    assert after["height_source"].tolist() == ["guessed", "survey", "survey"]
    assert after["height_spread_m"].tolist() == [4.0, 1.0, 1.0]
    assert (after["base_m"] < after["height_m"]).all()
    assert after.dtypes.equals(before.dtypes)
    assert before["height_source"].tolist() == ["guessed"] * 3


# ------------------------------------------------------------------ refusals


def refusal(path, kind=SourceError, **more):
    with pytest.raises(kind) as caught:
        read_survey(path, **more)
    said = str(caught.value)
    assert str(path) in said
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_what_is_no_survey_is_refused(tmp_path):
    assert "is not there" in refusal(tmp_path / "no.gpkg")
    assert "is a folder" in refusal(tmp_path)
    (tmp_path / "void.gpkg").touch()
    assert "is empty" in refusal(tmp_path / "void.gpkg")
    for name in ("text.gpkg", "text.geojson", "text.shp", "text.parquet"):
        (tmp_path / name).write_text("no outlines\n" * 99, encoding="ascii")
        assert "does not read" in refusal(tmp_path / name)
    (tmp_path / "heights.csv").write_text("height\n12\n", encoding="ascii")
    assert "no survey that we read" in refusal(tmp_path / "heights.csv")
    pd.DataFrame({"height": [12.0]}).to_parquet(tmp_path / "table.parquet")
    assert "does not read" in refusal(tmp_path / "table.parquet")
    points = outlines(tmp_path, {"height": [3.0]}, [shapely.Point(1, 1)], name="points.gpkg")
    assert "holds Point and no outlines" in refusal(points)


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    path = outlines(tmp_path, {"storeys": [3, 4], "name": ["a", "b"]}, TWO)
    assert "'storeys', 'name'" in refusal(path)
    assert "no column 'h'" in refusal(path, column="h")
    assert "no column 'storeys-h'" in refusal(path, column="storeys-h")
    assert "makes sense" in refusal(path, column="name")


def test_heights_above_the_sea_are_refused(tmp_path):
    path = outlines(tmp_path, {"height": [124.5, 119.0]}, TWO)
    assert "count from the sea" in refusal(path)


def test_outlines_without_a_system_or_in_another_one_are_refused(tmp_path):
    far = [shapely.box(CORNER[0], CORNER[1], CORNER[0] + 9, CORNER[1] + 9)]
    bare = gpd.GeoDataFrame({"height": [5.0]}, geometry=far)
    bare.to_parquet(tmp_path / "bare.parquet")
    said = refusal(tmp_path / "bare.parquet", kind=CoordinateError)
    assert "does not tell its coordinate reference system" in said
    bare.set_crs("EPSG:4326").to_parquet(tmp_path / "odd.parquet")
    assert "no degrees" in refusal(tmp_path / "odd.parquet", kind=CoordinateError)


def test_a_survey_of_elsewhere_or_turned_round_is_refused():
    degrees = gpd.GeoDataFrame({"height_m": [5.0, 5.0]}, geometry=in_utm(TWO)).to_crs("EPSG:4326")
    turned = shapely.transform(np.asarray(degrees.geometry), lambda xy: xy[:, ::-1])
    swapped = Survey(
        gpd.GeoDataFrame({"height_m": [5.0, 5.0]}, geometry=turned, crs="EPSG:4326"), "s.gpkg"
    )
    with pytest.raises(SourceError, match=r"^s\.gpkg: its coordinates look swapped"):
        match_heights(houses(TWO), swapped)
    far = survey(boxes((90_000, 0, 90_010, 10)), [5.0])
    with pytest.raises(SourceError, match=r"^made\.gpkg: none of its 1 outlines .*51\.0"):
        match_heights(houses(TWO), far)
    beside = survey(boxes((12, 0, 18, 10)), [5.0])  # in the city, of none of its houses
    assert np.isnan(match_heights(houses(TWO), beside)).all()
