"""The sun along one street: its sides, its days, and how it is drawn."""

import csv
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scenes import world
from streets import draw

from solarpass.chart import NIGHT_COLOUR, draw_street, find_chart, write_chart, write_street
from solarpass.course import (
    NO_SIDE,
    Course,
    StreetSide,
    clock_times,
    find_course,
    find_sides,
    find_street,
    list_weeks,
)
from solarpass.errors import PlaceError, SourceError
from solarpass.horizon import build_horizon
from solarpass.pavement import PAVEMENT_SOURCES, SIDES
from solarpass.sun import find_sun
from solarpass.words import LANGUAGES, Words

ZONE = ZoneInfo("Europe/Helsinki")
JULY = date(2026, 7, 15)
LEFT, RIGHT = SIDES.index("left"), SIDES.index("right")
CROSSING = PAVEMENT_SOURCES.index("crossing")


def find_helsinki_sun(times):
    return find_sun(times, latitude_deg=60.17, longitude_deg=24.94)


def canyon():
    """Draw a street from west to east with a pavement each side, and a way across it."""
    xy = [(-50, 6), (50, 6), (50, -6), (-50, -6)]
    network = draw(
        xy,
        [(0, 1), (2, 3), (1, 2)],
        street=["Broad Street", "Broad Street", "Broad Street"],
        side=[LEFT, LEFT, 0],
        pavement=[0, 0, CROSSING],
        crossing=[0, 0, 1],
    )
    rows = [(shapely.box(-200, 10, 200, 20), 15.0), (shapely.box(-200, -20, 200, -10), 15.0)]
    return network, build_horizon(world(*rows), network)


def course(days):
    network, horizon = canyon()
    return find_course(
        network, horizon, "Broad Street", days, zone=ZONE, find_sun=find_helsinki_sun
    )


def test_sides_are_told_by_the_compass_whichever_way_an_edge_is_drawn():
    network, _ = canyon()
    sides = find_sides(network, "Broad Street")
    drawn = {side.compass: network.osm_id[side.edge].tolist() for side in sides}
    assert drawn == {"N": [0], "S": [1]}  # and the crossing on none


@given(st.floats(0.0, 359.0), st.lists(st.booleans(), min_size=2, max_size=6))
def test_a_street_turned_round_keeps_its_two_sides(turn_deg, drawn_back):
    turn = np.deg2rad(turn_deg)
    along, right = np.array([np.sin(turn), np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])
    xy, edge_node, side, lies_right = [], [], [], []
    for number, back in enumerate(drawn_back):
        is_right = number % 2 == 0
        offset = (5.0 if is_right else -5.0) * right + 100.0 * (number // 2) * along
        ends = [offset, offset + 90.0 * along]
        xy += ends[::-1] if back else ends
        edge_node.append((2 * number, 2 * number + 1))
        side.append(LEFT if is_right == back else RIGHT)
        lies_right.append(is_right)
    n = len(drawn_back)
    network = draw(xy, edge_node, street=["A"] * n, side=side, pavement=[0] * n, crossing=[0] * n)
    found = find_sides(network, "A")
    assert len(found) == 2
    for one in found:
        assert len({lies_right[edge] for edge in network.osm_id[one.edge]}) == 1


def test_in_a_street_from_west_to_east_the_north_side_is_the_sunny_one():
    told = course([JULY])
    north, south = (
        next(n for n, side in enumerate(told.sides) if side.compass == point) for point in "NS"
    )
    at_noon = int(13.3 * 6)
    assert told.sun_fraction[north, 0, at_noon] == pytest.approx(1.0, abs=0.02)
    assert told.sun_fraction[south, 0, at_noon] == pytest.approx(0.0, abs=0.02)
    assert told.sun_h(north, 0)[0] > told.sun_h(south, 0)[1]


def test_night_is_no_shade_of_the_day():
    told = course([JULY])
    assert told.is_night[0, 0]
    assert not told.is_night[0, 6 * 12]
    assert (told.sun_fraction[:, told.is_night] == 0.0).all()
    assert (told.is_night == ~(told.elevation_deg > 0.0)).all()


def test_the_clock_s_skipped_hour_is_no_time_at_all():
    told = course([date(2026, 3, 29)])
    assert np.isnan(told.elevation_deg[0, 18:24]).all()  # 3 to 4 o'clock
    assert np.isfinite(told.elevation_deg[0, :18]).all()
    assert len(clock_times(date(2026, 10, 25), ZONE, step_min=10)) == 150


@given(st.integers(1900, 2200))
def test_weeks_part_the_year_and_hold_their_days(year):
    begin, middle = list_weeks(year)
    assert begin[0] == date(year, 1, 1)
    ends = [*begin[1:], date(year + 1, 1, 1)]
    for first, day, after in zip(begin, middle, ends, strict=True):
        assert first <= day < after
    assert all((b - a).days == 7 for a, b in pairwise(begin[1:]))
    assert all(day.isoweekday() == 7 for day in begin[1:])


def test_hours_have_two_ends_where_some_is_unknown():
    shape = (1, 1, 24)
    share, unknown = np.zeros(shape), np.zeros(shape)
    share[..., 10], share[..., 11], share[..., 12] = 1.0, 0.5, np.nan
    unknown[..., 11], unknown[..., 12] = 0.1, 0.6
    told = Course(
        street="A",
        sides=(StreetSide("N", np.array([0]), 1.0),),
        days=(JULY,),
        hour=np.arange(24) + 0.5,
        elevation_deg=np.ones((1, 24)),
        sun_fraction=share,
        unknown_fraction=unknown,
    )
    assert told.sun_h(0, 0) == pytest.approx((1.0 + 0.45, 1.0 + 0.55 + 1.0))


def test_a_street_is_found_by_its_name_in_any_case(helsinki):
    assert find_street(helsinki.city, helsinki.network, "  MANNERHEIMINTIE") == "Mannerheimintie"
    with pytest.raises(PlaceError, match=r"did you mean 'Mannerheimintie'"):
        find_street(helsinki.city, helsinki.network, "Manerheimintie")
    with pytest.raises(PlaceError, match=r"has the name 'Xyzzy'\."):
        find_street(helsinki.city, helsinki.network, "Xyzzy")


@pytest.fixture(scope="module")
def chart(helsinki):
    return find_chart(helsinki, "Unioninkatu", JULY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_says_what_it_shows_and_whose_data_it_is(chart, language):
    figure = draw_street(chart, language=language)
    words = Words(language)
    assert "Unioninkatu" in figure.get_suptitle()
    assert "OpenStreetMap" in figure.get_supxlabel()
    assert words("assumed_sky") in figure.get_supxlabel()
    assert words("assumed_flat") in figure.get_supxlabel()
    measured = replace(chart, assumptions="clear sky; hills as far as the terrain is known")
    told = draw_street(measured, language=language).get_supxlabel()
    assert words("assumed_hills") in told
    assert words("assumed_flat") not in told
    assert not re.search("gesch|guess", told)
    titles = [axes.get_title() for axes in figure.axes[:2]]
    # West is on the left, as on a map.
    assert words("compass_W") in titles[0] or words("compass_E") in titles[1]
    legends = [axes.get_legend() for axes in figure.axes]
    said = [text.get_text() for legend in legends if legend for text in legend.get_texts()]
    assert words("chart_night") in said
    assert words("chart_unknown") in said


def test_night_and_unknown_are_drawn_apart_from_shade(chart):
    mesh = draw_street(chart).axes[0].collections[0]
    drawn = mesh.get_array()
    shown = [side for side in chart.year.sides if side.compass != NO_SIDE]
    assert drawn.shape == (144, len(chart.year.days))
    assert len(shown) == 2
    night = chart.year.is_night.T
    assert (drawn[night] == -1.0).all()
    assert (drawn[~night].compressed() >= 0.0).all()
    assert drawn.mask.any()
    shade, dark = mesh.cmap(0.0), mesh.cmap(-1.0)
    assert dark != shade
    assert "#{:02x}{:02x}{:02x}".format(*(round(255 * c) for c in dark[:3])) == NIGHT_COLOUR
    assert mesh.cmap(np.ma.masked)[3] == 0.0  # the hatching shows through


@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_the_same_street_gives_the_same_bytes(chart, tmp_path, ending):
    written = []
    for number in range(2):
        path = tmp_path / f"{number}.{ending}"
        write_chart(chart, path, language="de")
        written.append(path.read_bytes())
    assert written[0] == written[1]
    if ending == "png":
        with Image.open(tmp_path / "0.png") as picture:
            assert "OpenStreetMap" in picture.text["Source"]
            assert "ODbL" in picture.text["Copyright"]
    else:
        assert "OpenStreetMap" in written[0].decode()
        assert "ODbL" in written[0].decode()


def test_the_numbers_are_those_of_the_chart(chart, tmp_path):
    path = tmp_path / "street.csv"
    write_chart(chart, path)
    head = path.read_text(encoding="utf-8").split("street,", 1)[0]
    assert f"# assumptions: {chart.assumptions}\n" in head
    assert "flat ground" in head
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    days = {row["date"] for row in rows}
    assert days == {day.isoformat() for day in (*chart.year.days, JULY)}
    side = chart.day.sides[0]
    mine = [row for row in rows if row["date"] == "2026-07-15" and row["side"] == side.compass]
    assert len(mine) == 144  # and not twice, for the day is the middle of a week
    told = np.array([float(row["sun_fraction"] or "nan") for row in mine])
    assert np.allclose(told, chart.day.sun_fraction[0, 0], atol=1e-4, equal_nan=True)
    assert [row["is_night"] == "true" for row in mine] == chart.day.is_night[0].tolist()
    table = pd.read_csv(path, comment="#")
    assert len(table) == len(rows)


def test_nothing_half_written_stays(helsinki, chart, tmp_path):
    with pytest.raises(PlaceError):
        write_street(helsinki, "Xyzzy", JULY, tmp_path / "street.png")
    with pytest.raises(SourceError, match="Cannot write"):
        write_chart(chart, tmp_path / "none" / "street.csv")
    assert list(tmp_path.iterdir()) == []
