"""A place checked: in words, as JSON, as a picture, and on the command line."""

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from solarpass.__main__ import main
from solarpass.errors import PlaceError, TripError
from solarpass.map.opening import open_scene
from solarpass.map.sight import read_spot, tell_spot
from solarpass.panorama import SIZE_IN
from solarpass.places import find_place
from solarpass.relief import Relief
from solarpass.route import find_routes
from solarpass.skyview import DOTS_PER_IN, draw_skyview, skyview_png
from solarpass.spot import NEAR_M, find_spot
from solarpass.trip import Trip
from solarpass.verdict import tell_assumptions, tell_blocker, tell_check, tell_turn
from solarpass.window import Window
from solarpass.words import Words

SHADED, LIT = (60.17000, 24.94000), (60.17420, 24.94590)
NOON = "2026-07-15T10:00"


@pytest.fixture(scope="module")
def spots(helsinki):
    at = pd.Timestamp(NOON, tz="Europe/Helsinki").to_pydatetime()
    return {
        name: find_spot(helsinki, place, at) for name, place in (("shade", SHADED), ("sun", LIT))
    }


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_words_tell_what_blocks_and_when_that_changes(spots, language):
    words = Words(language)
    check = spots["shade"].check
    told = tell_check(check, spots["shade"].spells, words).replace("\N{NO-BREAK SPACE}", " ")
    assert "{" not in told
    assert words("check_shade", time="10:00") in told
    assert "Seurahuoneen talo" in told
    assert "openstreetmap.org/relation/1752097" in told
    assert re.search(r"17[.,]5 m", told)
    assert words("check_comes", time="15:04") in told
    for blocker in (*check.blockers, *check.near_misses):
        assert "{" not in tell_blocker(blocker, words) + tell_turn(blocker, check, words)


def test_a_sunlit_place_is_told_so(spots):
    told = tell_check(spots["sun"].check, spots["sun"].spells, Words("en"))
    assert told.startswith("At 10:00 the sun shines here.")


def test_the_json_is_plain_and_complete(spots):
    told = json.loads(json.dumps(spots["shade"].to_json(), allow_nan=False))
    assert told["state"] == "shade"
    assert told["is_sunlit"] is False
    assert told["blockers"][0]["height_source"] == "levels"
    assert told["blockers"][0]["critical_height_m"] < told["blockers"][0]["height_m"]
    assert "OpenStreetMap" in told["attribution"]
    assert told["assumptions"].startswith("clear sky; flat ground")


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_taken_for_granted_is_said_in_each_language(helsinki, language):
    words = Words(language)
    measured = helsinki.city.buildings.assign(height_source="lidar")
    relief = Relief(Window(0, 0, 2, 2, 1.0), np.zeros((2, 2), np.float32))
    said = set()
    for buildings in (helsinki.city.buildings, measured):
        for dem, cdsm in ((None, None), (relief, None), (relief, relief), (None, relief)):
            trees = helsinki.city.trees.iloc[: None if cdsm is None else 0]
            city = replace(helsinki.city, buildings=buildings, trees=trees, dem=dem, cdsm=cdsm)
            told = tell_assumptions(city.assumptions, words)
            assert "{" not in told
            assert (words("assumed_flat") in told) == (dem is None)
            english = words("check_granted", what=city.assumptions)
            assert (told == english) == (language == "en")
            rest = city.assumptions.split("; ")
            assert language == "en" or not any(what in told for what in rest)
            assert ("gesch" in told or "guessed" in told) == ("guessed" in city.assumptions)
            said.add(told)
    assert len(said) == 8


@pytest.mark.parametrize("name", ["shade", "sun"])
def test_the_picture_is_a_png_with_its_licence(spots, name):
    picture = Image.open(io.BytesIO(skyview_png(spots[name], Words("de"))))
    assert picture.size == tuple(round(side * DOTS_PER_IN) for side in SIZE_IN)
    assert "OpenStreetMap" in picture.text["Source"]
    assert "ODbL" in picture.text["Copyright"]
    red, green, blue = np.asarray(picture.convert("RGB"), int).reshape(-1, 3).T
    hides = (abs(red - 184) < 4) & (abs(green - 84) < 4) & (abs(blue - 51) < 4)
    assert (hides.mean() > 0.2) == (name == "shade")


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_which_the_clock_changes_is_told_whole(helsinki, day):
    at = pd.Timestamp(f"{day} 12:00", tz="Europe/Helsinki").to_pydatetime()
    spot = find_spot(helsinki, LIT, at)
    hours = (spot.spells[-1].ends - spot.spells[0].begins).total_seconds() / 3600.0
    assert abs(len(spot.day) / 60.0 - 24.0) == 1.0
    assert len({spell.begins.date() for spell in spot.spells}) == 1
    assert hours in {23.0, 24.0, 25.0}


# ------------------------------------------------------------------ the command line


def check(capsys, folder, *more, place="60.17,24.94", at=NOON):
    code = main(["check", str(folder), "--place", place, "--at", at, *map(str, more)])
    return code, *capsys.readouterr()


def test_check_answers_in_words_and_draws(capsys, helsinki, tmp_path):
    out = tmp_path / "skyline.png"
    code, told, err = check(capsys, helsinki.folder, "--out", out, "--language", "de")
    assert (code, err) == (0, "")
    assert told.startswith("Um 10:00 ist hier Schatten.")
    assert "Angenommen: klarer Himmel; flacher Boden" in told
    with Image.open(out) as picture:
        assert picture.format == "PNG"


def test_check_answers_as_json_of_a_place_by_name(capsys, helsinki):
    code, told, err = check(capsys, helsinki.folder, "--json", place="Rautatientori")
    assert (code, err) == (0, "")
    assert json.loads(told)["at"] == "2026-07-15T10:00+03:00"


@pytest.mark.parametrize(
    ("more", "place", "sentence"),
    [
        (("--out", "skyline.pdf"), "60.17,24.94", "--out must end in .png"),
        ((), "Nowhere at all", "Nowhere at all"),
        ((), "60.17", "60.17"),
    ],
)
def test_check_refuses_in_a_sentence(capsys, helsinki, more, place, sentence):
    code, told, err = check(capsys, helsinki.folder, *more, place=place)
    assert (code, told) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_beyond_the_map_is_an_answer(capsys, helsinki):
    code, told, _ = check(capsys, helsinki.folder, place="60.30,24.94")
    assert code == 0
    assert "beyond the map" in told


# ------------------------------------------------------------------ on the page


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(120)


def test_a_typed_place_is_a_name_or_coordinates(scene):
    assert read_spot(scene, "60.17, 24.94") == (60.17, 24.94)
    latitude_deg, longitude_deg = read_spot(scene, "Senaatintori")
    assert (round(latitude_deg, 2), round(longitude_deg, 2)) == (60.17, 24.95)
    with pytest.raises(PlaceError):
        read_spot(scene, "Nowhere at all")
    with pytest.raises(TripError):
        read_spot(scene, "60.17")


def test_of_a_place_beyond_the_map_there_is_nothing_to_see(scene):
    at = pd.Timestamp(NOON, tz="Europe/Helsinki").to_pydatetime()
    told = tell_spot(scene, (60.16000, 24.90000), at, Words("en"))
    assert Words("en")("check_outside") in told
    assert "<img" not in told
    assert "The sun stands" not in told


def test_under_an_archway_it_is_said_that_one_is(scene):
    at = pd.Timestamp(NOON, tz="Europe/Helsinki").to_pydatetime()
    told = tell_spot(scene, (60.17170, 24.94640), at, Words("en"))
    assert "nearest way" in told
    assert Words("en")("check_covered") in told


def test_what_the_page_says_is_escaped_and_names_its_picture(scene):
    at = pd.Timestamp(NOON, tz="Europe/Helsinki").to_pydatetime()
    told = tell_spot(scene, SHADED, at, Words("de"))
    assert told.count("<img") == 1
    assert f"/view/60.170000,24.940000/{'20260715T0700Z'}/de.png" in told
    assert 'href="https://www.openstreetmap.org/relation/1752097"' in told
    assert "&quot;" not in re.sub(r'alt="[^"]*"', "", told)


def test_an_address_inside_its_house_is_checked_on_the_way_in_front(helsinki, capsys):
    at = pd.Timestamp(NOON, tz="Europe/Helsinki").to_pydatetime()
    found = find_place(helsinki.city, "Pohjoisesplanadi 2")
    spot = find_spot(helsinki, (found.latitude_deg, found.longitude_deg), at)
    assert spot.check.state not in {"inside", "outside"}
    assert 1.0 < spot.moved_m <= NEAR_M
    code, out, _ = check(capsys, helsinki.folder, place="Pohjoisesplanadi 2")
    assert code == 0
    assert out.startswith("This place lies inside a building")
    assert f"{spot.moved_m:.0f}\N{NO-BREAK SPACE}m away" in out


def test_no_place_on_a_walk_is_told_to_be_inside_a_building(helsinki):
    at = pd.Timestamp("2026-07-15T15:30", tz="Europe/Helsinki").to_pydatetime()
    trip = Trip((60.171551, 24.942651), (60.168989, 24.950390), departs=at, budget=0.3)
    _, route = find_routes(helsinki.network, helsinki.shade_on(at.date()), trip)
    along = np.linspace(0, len(route.xy) - 1, 25).astype(int)
    for place in helsinki.city.to_degrees(route.xy[along]):
        assert find_spot(helsinki, tuple(place), at).check.state != "inside"


@pytest.mark.parametrize("n_registers", [0, 4])
def test_the_credit_stands_within_the_picture(spots, n_registers):
    others = "; ".join(
        f"trees of quarter {k}: City of Elsewhere, CC BY 4.0" for k in range(n_registers)
    )
    credit = spots["shade"].attribution + (f"; {others}" if others else "")
    figure = draw_skyview(replace(spots["shade"], attribution=credit), Words("en"))
    figure.draw_without_rendering()
    shown = next(text for text in figure.texts if "OpenStreetMap" in text.get_text())
    box = shown.get_window_extent()
    assert box.x0 >= 0.0
    assert box.x1 <= figure.bbox.width
    assert "contributors" in shown.get_text().split("(ODbL 1.0)")[0]


def test_the_page_starts_without_what_draws_pictures():
    code = "import sys, solarpass.page; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
