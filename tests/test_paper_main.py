"""`hiro paper`: from the JSON of a plan to a paper, or one sentence."""

import json

import pytest
from made_plan import made_plan
from made_town import made_town

from hiro.__main__ import main
from solarpass.atlas import build_atlas


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**made_plan(), "city": "Anywhere"}), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_a_paper_is_written_and_told_in_a_line(plan, tmp_path, capsys, ending):
    out = tmp_path / f"paper{ending}"
    assert main(["paper", str(plan), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Anywhere: 3 places, ")
    assert told.count("\n") == 1
    assert out.stat().st_size > 10_000


def test_the_language_is_asked_for(plan, tmp_path):
    out = tmp_path / "paper.html"
    assert main(["paper", str(plan), "--out", str(out), "--lang", "en"]) == 0
    assert '<html lang="en">' in out.read_text(encoding="utf-8")


def test_a_city_of_one_s_own_lies_beneath(plan, tmp_path, capsys):
    town = build_atlas(made_town().write(tmp_path / "town.osm.pbf"), tmp_path / "town")
    out = tmp_path / "paper.html"
    asked = ["paper", str(plan), "--out", str(out), "--city", str(town.folder)]
    assert main(asked) == 2
    assert "None of the plan's works lies in" in capsys.readouterr().err
    assert not out.exists()
    latitude, longitude = town.city.centre
    near = made_plan(1)
    near["sites"][0].update(lat=latitude, lon=longitude)
    plan.write_text(json.dumps(near), encoding="utf-8")
    assert main(asked) == 0
    assert out.read_text(encoding="utf-8").count("<path") > 10


@pytest.mark.parametrize(
    ("name", "told"),
    [("paper.pdf", ".html or .docx"), ("plan.json", ".html or .docx"), ("no/a.html", "folder")],
)
def test_where_to_write_is_checked_first(plan, tmp_path, capsys, name, told):
    before = plan.read_bytes()
    assert main(["paper", str(plan), "--out", str(tmp_path / name)]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert plan.read_bytes() == before


@pytest.mark.parametrize("content", ["", "{}", "[1", '{"sites": []}'])
def test_what_is_no_plan_is_one_sentence(tmp_path, capsys, content):
    path, out = tmp_path / "plan.json", tmp_path / "paper.docx"
    path.write_text(content, encoding="utf-8")
    assert main(["paper", str(path), "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert "Wanted the JSON of a plan" in error
    assert error.count("\n") == 1
    assert not out.exists()


def test_a_plan_that_is_not_there_is_one_sentence(tmp_path, capsys):
    asked = ["paper", str(tmp_path / "none.json"), "--out", str(tmp_path / "paper.html")]
    assert main(asked) == 2
    assert "cannot be read" in capsys.readouterr().err
