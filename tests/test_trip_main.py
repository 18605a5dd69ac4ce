"""`solarpass route`: one sentence for what does not go together, files whole or not at all."""

import json
from itertools import pairwise

import pytest

from solarpass.__main__ import main

HERE = ["--from", "60.1675,24.9430"]
WALK = [*HERE, "--to", "60.1740,24.9490"]
AT = ["--at", "2026-07-15T14:00"]
TIMES = ["--depart-between", "2026-07-15T12:00", "2026-07-15T14:00"]


def run(capsys, *arguments):
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as leaving:  # argparse
        code = leaving.code
    return code, *capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (HERE, "--loop MINUTES"),
        ([*WALK, "--loop", "30"], "--loop and --to"),
        ([*HERE, "--loop", "30", "--via", "60.17,24.94"], "--loop and --via"),
        ([*HERE, "--loop", "30", "--pareto"], "--loop and --pareto"),
        ([*HERE, "--loop", "30", *TIMES], "--loop and --depart-between"),
        ([*WALK, *TIMES, "--arrive-by", "2026-07-15T14:00"], "--depart-between and --arrive-by"),
        ([*WALK, *TIMES, *AT], "--depart-between and --at"),
        ([*WALK, "--arrive-by", "2026-07-15T14:00", "--pareto"], "--arrive-by and --pareto"),
        ([*WALK, "--out", "walk.doc"], ".gpx"),
        ([*WALK, "--out", "no/such/folder/walk.gpx"], "folder that exists"),
        ([*HERE, "--loop", "0"], "minutes between 5 and 180"),
        ([*WALK, *AT, "--walk", "2"], "--walk NUMBER wants --pareto"),
        (
            [*WALK, *AT, "--pareto", "--format", "text", "--walk", "99"],
            "--walk must name a walk of the table, 1 to",
        ),
        ([*WALK, "--speed", "30"], "km/h"),
        ([*WALK, *AT, "--profile", "horse"], "wheelchair"),
        ([*WALK, "--depart-between", "2026-07-15T14:00", "2026-07-15T12:00"], "later one last"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(capsys, helsinki, words, said):
    code, out, err = run(capsys, "route", helsinki.folder, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize("ending", ["geojson", "gpx", "csv", "txt", "html"])
def test_the_same_question_writes_the_same_file(capsys, helsinki, tmp_path, ending):
    wrote = []
    for name in ("one", "two"):
        path = tmp_path / f"{name}.{ending}"
        assert run(capsys, "route", helsinki.folder, *WALK, *AT, "--out", path) == (0, "", "")
        wrote.append(path.read_bytes())
    assert wrote[0] == wrote[1]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_front_rises_in_time_and_falls_in_sun(capsys, helsinki):
    code, out, _ = run(capsys, "route", helsinki.folder, *WALK, *AT, "--pareto", "--budget", "0.3")
    told = [feature["properties"] for feature in json.loads(out)["features"]]
    assert code == 0
    assert [one["walk_s"] for one in told] == sorted(one["walk_s"] for one in told)
    assert [one["sun_s"] for one in told] == sorted((one["sun_s"] for one in told), reverse=True)
    assert {one["kind"] for one in told[1:-1]} <= {"pareto"}


def test_rounds_are_kept_if_wished_and_told_as_waits(capsys, helsinki):
    across = ["--from", "60.1731,24.9413", "--to", "60.1648,24.9529"]
    when = ["--at", "2026-07-15T17:58", "--budget", "0.5"]
    told = []
    for wished in ([], ["--waits"]):
        code, out, _ = run(capsys, "route", helsinki.folder, *across, *when, *wished)
        assert code == 0
        told.append(json.loads(out)["features"][-1]["properties"])
    usual, waiting = told
    waits = [step["walk_s"] for step in waiting["steps"] if step["kind"] == "wait"]
    assert waiting["waits_s"] == sum(waits) > usual["waits_s"]
    assert waiting["sun_s"] < usual["sun_s"]
    kinds = [step["kind"] for step in waiting["steps"]]
    assert ("wait", "wait") not in pairwise(kinds)


def test_departures_stand_beside_the_walks(capsys, helsinki):
    code, out, _ = run(capsys, "route", helsinki.folder, *WALK, *TIMES)
    found = json.loads(out)["departures"]
    assert code == 0
    assert len(found["departs"]) == 25
    assert found["departs"][0] == "2026-07-15T12:00:00+03:00"
    assert found["sun_s"][found["best"]] == min(found["sun_s"])


def test_a_round_walk_takes_its_minutes(capsys, helsinki):
    code, out, _ = run(capsys, "route", helsinki.folder, *HERE, *AT, "--loop", "30")
    told = [feature["properties"] for feature in json.loads(out)["features"]]
    assert code == 0
    assert all(one["kind"] == "loop" and 1620 <= one["walk_s"] <= 1980 for one in told)
