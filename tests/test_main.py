"""The command line: an answer on stdout, or one sentence on stderr; 0, 1 or 2."""

import json
import os
import signal
import subprocess
import sys
import time

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from made_osm import MadeOsm
from rasters import write_raster

from solarpass.__main__ import main
from solarpass.atlas import read_atlas

WEST, EAST = "60.1675,24.9430", "60.1740,24.9490"


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as leaving:  # argparse
        code = leaving.code
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys, *arguments):
    code, out, err = run(capsys, *arguments)
    assert code == 2, (code, out, err)
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def route(capsys, folder, *more, at="2026-07-15T14:00", origin=WEST, destination=EAST):
    return run(capsys, "route", folder, "--from", origin, "--to", destination, "--at", at, *more)


def test_a_route_is_geojson_on_stdout(capsys, helsinki):
    code, out, err = route(capsys, helsinki.folder, "--budget", "0.15")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["type"] == "FeatureCollection"
    assert "OpenStreetMap" in answer["attribution"]
    shortest, shadiest = (feature["properties"] for feature in answer["features"])
    assert (shortest["kind"], shadiest["kind"]) == ("shortest", "shadiest")
    assert shadiest["walk_s"] <= 1.15 * shortest["walk_s"]
    assert shadiest["sun_s"] <= shortest["sun_s"]
    for feature in answer["features"]:
        told = feature["properties"]
        assert set(told) >= {
            "kind", "length_m", "walk_s", "sun_s", "sun_fraction", "unknown_m", "departs", "arrives"
        }  # fmt: skip
        assert told["departs"] == "2026-07-15T14:00:00+03:00"
        assert told["sun_fraction"] == pytest.approx(told["sun_s"] / told["walk_s"], abs=1e-5)
        longitude_deg, latitude_deg = np.transpose(feature["geometry"]["coordinates"])
        assert abs(longitude_deg[0] - 24.9430) < 2e-3
        assert abs(latitude_deg[-1] - 60.1740) < 2e-3


def test_the_same_question_gives_the_same_bytes(capsys, helsinki):
    assert route(capsys, helsinki.folder) == route(capsys, helsinki.folder)


def test_names_are_places_too(capsys, helsinki):
    code, out, _ = route(capsys, helsinki.folder, origin="Rautatientori", destination="Ateneum")
    assert code == 0
    assert len(json.loads(out)["features"]) == 2


def test_an_offset_is_obeyed(capsys, helsinki):
    _, local, _ = route(capsys, helsinki.folder, at="2026-07-15T14:00")
    _, utc, _ = route(capsys, helsinki.folder, at="2026-07-15T11:00Z")
    assert json.loads(local) == json.loads(utc)


def test_an_offset_of_another_day_finds_the_city_s_own_day(capsys, helsinki):
    _, here, _ = route(capsys, helsinki.folder, at="2026-07-14T14:00")
    _, there, _ = route(capsys, helsinki.folder, at="2026-07-15T01:00+14:00")
    assert json.loads(here) == json.loads(there)


@pytest.mark.parametrize("words", [["--from", "-33.9,151.2"], ["--from=-33.9,151.2"]])
def test_southern_places_can_be_typed(words, capsys, helsinki):
    at = ["--at", "2026-07-15T14:00"]
    code, out, err = run(capsys, "route", helsinki.folder, *words, "--to", EAST, *at)
    assert (code, out) == (2, "")
    assert "outside the city" in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"origin": "Dresden Hauptbahnhof"}, "Dresden"),
        ({"origin": "nan,nan"}, "nan"),
        ({"origin": "91,24.9"}, "91"),
        ({"origin": "24.9430,60.1675"}, "turned round"),
        ({"origin": "48.1,11.5"}, "street"),
        ({"at": "2026-03-29T03:30"}, "2026-03-29"),  # the Finnish clock skips it
        ({"at": "2026-10-25T03:30"}, "+02:00"),  # and repeats this one
        ({"at": "tomorrow"}, "tomorrow"),
        ({"at": "9999-12-31T23:59"}, "2100"),
        ({"origin": "60,17 24,94"}, "60.1699,24.9384"),
        ({"at": "2026-13-01T10:00"}, "2026-13"),
    ],
)
def test_a_bad_question_is_one_sentence(change, said, capsys, helsinki):
    code, out, err = route(capsys, helsinki.folder, **change)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("budget", ["-0.1", "nan", "inf", "lots", "99"])
def test_a_bad_budget_is_one_sentence(budget, capsys, helsinki):
    code, out, err = route(capsys, helsinki.folder, f"--budget={budget}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_a_folder_that_is_none_is_told_what_to_run(capsys, tmp_path):
    assert "solarpass build" in refused(capsys, "info", tmp_path)
    assert "solarpass build" in refused(capsys, "info", tmp_path / "none")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["route"], ["build", "x"]])
def test_a_command_that_does_not_read_is_one_sentence(arguments, capsys):
    assert "--help" in refused(capsys, *arguments)


@pytest.mark.parametrize("command", ["build", "info", "route", "shade", "app"])
def test_help_teaches(command, capsys):
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert "usage: solarpass" in out


def test_info_is_readable_by_people_and_programs(capsys, helsinki):
    _, text, _ = run(capsys, "info", helsinki.folder)
    assert "ways_km" in text
    _, out, _ = run(capsys, "info", helsinki.folder, "--json")
    assert json.loads(out)["time zone"] == "Europe/Helsinki"


def shade(capsys, helsinki, out, at="2026-07-15T14:00"):
    return run(capsys, "shade", helsinki.folder, "--at", at, "--out", out)


def test_shade_as_a_raster(capsys, helsinki, tmp_path):
    out = tmp_path / "shade.tif"
    assert shade(capsys, helsinki, out) == (0, "", "")
    with rasterio.open(out) as raster:
        sun = raster.read(1, masked=True)
        assert raster.crs.is_projected
        assert "OpenStreetMap" in raster.tags()["attribution"]
    assert 0.0 <= sun.min() <= sun.max() <= 1.0
    assert 0.1 < (sun > 0.5).mean() < 0.95


def test_shade_as_streets(capsys, helsinki, tmp_path):
    assert shade(capsys, helsinki, tmp_path / "s.geojson") == (0, "", "")
    assert shade(capsys, helsinki, tmp_path / "s.parquet") == (0, "", "")
    text = json.loads((tmp_path / "s.geojson").read_text(encoding="utf-8"))
    assert "ODbL" in text["licence"]
    told = gpd.read_file(tmp_path / "s.geojson")
    same = gpd.read_parquet(tmp_path / "s.parquet")
    assert told.crs == same.crs == "EPSG:4326"
    np.testing.assert_allclose(told["sun_fraction"], same["sun_fraction"])
    assert len(same) == (helsinki.network.length_m > 0.0).sum()
    assert same.attrs["attribution"] == text["attribution"]


def test_shade_as_a_picture(capsys, helsinki, tmp_path):
    assert shade(capsys, helsinki, tmp_path / "s.png") == (0, "", "")
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")


def test_shade_at_midnight_is_night(capsys, helsinki, tmp_path):
    assert shade(capsys, helsinki, tmp_path / "n.parquet", at="2026-07-15T00:30")[0] == 0
    assert gpd.read_parquet(tmp_path / "n.parquet")["sun_fraction"].max() == 0.0


@pytest.mark.parametrize("name", ["shade.jpg", "shade", "none/shade.tif", "folder.tif"])
def test_a_file_that_cannot_be_written_is_one_sentence(name, capsys, helsinki, tmp_path):
    (tmp_path / "folder.tif").mkdir()
    code, out, err = shade(capsys, helsinki, tmp_path / name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert [path.name for path in tmp_path.rglob("*")] == ["folder.tif"]


@pytest.mark.parametrize("port", ["0", "-1", "99999999", "http"])
def test_a_port_that_is_none_is_one_sentence(port, capsys):
    assert "65535" in refused(capsys, "app", f"--port={port}")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_build_leaves_a_whole_city_or_nothing(stop, tmp_path):
    """A real process, stopped in the middle of writing."""
    build = subprocess.Popen(
        [sys.executable, "-m", "solarpass", "build", "helsinki", "--out", "city"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    while not list(tmp_path.iterdir()):
        assert build.poll() is None
        time.sleep(0.001)
    build.send_signal(stop)
    _, err = build.communicate(timeout=60)
    assert b"Traceback" not in err
    left = [path.name for path in tmp_path.iterdir()]
    assert left in ([], ["city"])
    if left:  # it was as good as done
        read_atlas(tmp_path / "city")


# --- a tree register


@pytest.fixture
def town(tmp_path):
    """Write an extract in the middle of Leipzig, and a register of three trees there."""
    made = MadeOsm(51.338, 12.374).streets(n=3)
    made.box(10, 10, 30, 30, building="house", height="8")
    made.node(0, 5, natural="tree")
    made.write(tmp_path / "town.osm.pbf")
    rows = [made.degrees(x, 5) for x in (1, 20, 40)]
    text = "".join(f"{lat},{lon},Tilia,11\n" for lon, lat in rows)
    (tmp_path / "trees.csv").write_text(f"lat,lon,gattung,stature\n{text}")
    return tmp_path


def build(capsys, town, *arguments):
    return run(capsys, "build", town / "town.osm.pbf", "--out", town / "city", *arguments)


def test_a_build_takes_tree_registers(capsys, town, reference_data):
    more = reference_data / "leipzig" / "trees_zentrum.geojson"
    code, out, err = build(
        capsys, town, "--trees", town / "trees.csv", "--trees", more, "--tree-columns", "age=alter"
    )
    assert (code, out) == (2, "")  # a column of one register alone
    assert "no column 'alter' for age" in err
    code, out, _ = build(capsys, town, "--trees", town / "trees.csv", "--trees", more)
    assert code == 0
    assert "data register_2_source" in out
    _, out, _ = run(capsys, "info", town / "city", "--json")
    told = json.loads(out)
    assert told["tree sources"]["register"] == told["trees"]
    assert told["data register_1_n_trees"] == "3"
    assert told["data register_1_source"] == "trees.csv"
    assert len(told["data register_1_sha256"]) == 64
    assert told["data register_1_licence"] == "licence not stated"
    assert told["data n_trees_replaced"] == "1"


def test_a_register_has_the_credit_it_is_given(capsys, town):
    credit = ("--trees-credit", "Stadt Leipzig, dl-de/by-2-0")
    assert build(capsys, town, "--trees", town / "trees.csv", *credit)[0] == 0
    city = read_atlas(town / "city").city
    assert city.registers == ("trees.csv (Stadt Leipzig, dl-de/by-2-0)",)
    assert "Stadt Leipzig" in city.attribution
    assert "one --trees-credit for each --trees" in refused(
        capsys, "build", town / "town.osm.pbf", "--out", town / "other", *credit
    )


def test_columns_of_a_register_may_be_named(capsys, town):
    code, _, _ = build(
        capsys, town, "--trees", town / "trees.csv", "--tree-columns", "height=stature"
    )
    assert code == 0
    trees = read_atlas(town / "city").city.trees
    assert trees["height_m"].tolist() == [11.0, 11.0, 11.0]


@pytest.mark.parametrize("columns", ["height", "height=", "=a", "height=a,,", ""])
def test_columns_that_do_not_read_are_one_sentence(columns, capsys, town):
    assert "height=baumhoehe" in refused(
        capsys, "build", "helsinki", "--out", town / "city", f"--tree-columns={columns}"
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("none.csv", None, "does not exist"),
        ("t.csv", "lat,lon\n12.374,51.338\n", "look swapped"),
        ("t.csv", "lat,lon\n60.17,24.94\n", "none of its 1 trees"),
        ("t.geojson", "{", "may be torn"),
    ],
)
def test_a_bad_register_is_one_sentence_and_leaves_nothing(name, text, said, capsys, town):
    if text is not None:
        (town / name).write_text(text)
    before = sorted(path.name for path in town.iterdir())
    arguments = ("build", town / "town.osm.pbf", "--out", town / "city", "--trees", town / name)
    assert said in refused(capsys, *arguments)
    assert sorted(path.name for path in town.iterdir()) == before


def test_cast_keeps_its_hands_off_the_rasters_it_reads(tmp_path, capsys):
    dsm = write_raster(tmp_path / "dsm.tif", np.full((20, 20), 100.0, np.float32))
    before = dsm.read_bytes()
    asked = ["cast", "--dsm", dsm, "--azimuth", 180, "--elevation"]
    assert "must not be one of the rasters" in refused(capsys, *asked, 40, "--out", dsm)
    assert dsm.read_bytes() == before
    mask = tmp_path / "mask.tif"
    assert "between -90 and 90" in refused(capsys, *asked, 91, "--out", mask)
    nowhere = tmp_path / "nowhere" / "mask.tif"
    assert "a folder that exists" in refused(capsys, *asked, 40, "--out", nowhere)
