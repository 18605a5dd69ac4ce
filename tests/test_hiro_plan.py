"""`hiro plan`: a plan in a file and summed up on stdout, or one sentence on stderr."""

import json

import geopandas as gpd
import pytest
import shapely
from made_town import made_town
from test_hiro_main import refused, run

from hiro.__main__ import main
from solarpass.atlas import build_atlas


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    build_atlas(made_town().write(folder / "town.osm.pbf"), folder / "town")
    return folder / "town"


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """Keep options in a cache of our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def plan(capsys, town, tmp_path, *arguments, budget=60_000):
    """Plan for the town, and read what was written."""
    path = tmp_path / "plan.json"
    code, out, err = run(capsys, "plan", town, "--budget", budget, *arguments, "--out", path)
    assert (code, err) == (0, ""), err
    return out, json.loads(path.read_text(encoding="utf-8"))


def list_sites(told):
    return {site["site_id"]: site for site in told["sites"]}


def write_halves(path, town_longitude=13.00065, column="name"):
    """Write two districts, either side of the town's middle."""
    west = shapely.box(town_longitude - 0.05, 51.95, town_longitude, 52.05)
    east = shapely.box(town_longitude, 51.95, town_longitude + 0.05, 52.05)
    frame = gpd.GeoDataFrame({column: ["West", "Ost"]}, geometry=[west, east], crs="EPSG:4326")
    frame.to_file(path)
    return path


def test_a_plan_is_summed_up_in_few_lines(capsys, town, tmp_path):
    out, told = plan(capsys, town, tmp_path)
    lines = out.splitlines()
    assert len(lines) <= 25
    assert f"{told['cost_eur']:,} € are spent" in out
    assert f"{told['relief_person_kh']:,.1f} of" in out
    assert "No plan so asked can bring more than" in out
    assert "no official warning" in out
    assert f"The first {min(5, told['n_works'])} of {told['n_works']}" in out
    assert "Works that stay in nearly all of 40 draws" in out
    assert lines[-1] == f"Written to {tmp_path / 'plan.json'}."


def test_the_same_question_gives_the_same_bytes(capsys, town, tmp_path):
    for ending in (".json", ".csv", ".geojson", ".gpkg"):
        paths = [tmp_path / f"{name}{ending}" for name in "ab"]
        for path in paths:
            code, _, err = run(capsys, "plan", town, "--budget", 60_000, "--out", path)
            assert (code, err) == (0, "")
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_no_money_is_no_plan_and_no_error(capsys, town, tmp_path):
    out, told = plan(capsys, town, tmp_path, budget=0)
    assert "Nothing is chosen." in out
    assert (told["sites"], told["cost_eur"], told["relief_person_kh"]) == ([], 0, 0.0)
    assert told["price_of_equity_pct"] is None


def test_more_money_never_relieves_less(capsys, town, tmp_path):
    relief = [
        plan(capsys, town, tmp_path, budget=budget)[1]["relief_person_kh"]
        for budget in (0, 3_000, 20_000, 200_000)
    ]
    assert relief == sorted(relief)
    assert relief[-1] > 0.0


def test_floors_hold_to_the_euro_in_districts_of_a_file(capsys, town, tmp_path):
    path = write_halves(tmp_path / "d.geojson")
    out, told = plan(capsys, town, tmp_path, "--floor", 0.5, "--districts", path)
    assert told["price_of_equity_pct"] >= 0.0
    assert "Price of equity" in out
    rows = told["balance"]["districts"]
    assert [row["name"] for row in rows] == ["West", "Ost"]
    for row in rows:
        assert row["cost_eur"] >= row["floor_eur"] > 0
    assert "districts: d.geojson, licence not stated" in told["attribution"]
    _, keyed = plan(
        capsys, town, tmp_path, "--floor", ".5", "--districts", path, "--district-key", "NAME"
    )
    assert keyed == told


def test_floors_without_a_file_are_of_the_map_or_of_cells(capsys, town, tmp_path):
    _, told = plan(capsys, town, tmp_path, "--floor", 0.5)
    assert told["districts_source"] == "500 m cells"
    assert any("squares of 500 m" in note for note in told["notes"])
    _, by_need = plan(capsys, town, tmp_path, "--floor", "need")
    assert by_need["wishes"]["floors"]["way"] == "need"
    assert by_need["price_of_equity_pct"] >= 0.0


def test_sites_are_fixed_in_and_out(capsys, town, tmp_path):
    _, free = plan(capsys, town, tmp_path)
    first = free["sites"][0]["site_id"]
    _, without = plan(capsys, town, tmp_path, "--without", first)
    assert first not in list_sites(without)
    assert without["relief_person_kh"] <= free["relief_person_kh"]
    measures = ",".join(free["sites"][0]["measures"])
    out, fixed = plan(capsys, town, tmp_path, "--fix", f"{first}={measures}", budget=200_000)
    assert list_sites(fixed)[first]["measures"] == measures.split(",")
    assert "=Markt" not in out.splitlines()[0]
    _, any_works = plan(capsys, town, tmp_path, "--fix", first)
    assert first in list_sites(any_works)


def test_works_are_spread_over_years(capsys, town, tmp_path):
    _, told = plan(capsys, town, tmp_path, "--years", 2, "--works-per-year", 1)
    assert [site["year"] for site in told["sites"]] == [1, 2]


def test_upkeep_is_kept(capsys, town, tmp_path):
    _, free = plan(capsys, town, tmp_path)
    most = free["upkeep_eur_per_year"] // 2
    _, told = plan(capsys, town, tmp_path, "--upkeep", most)
    assert told["upkeep_eur_per_year"] <= most
    assert told["relief_person_kh"] <= free["relief_person_kh"]


def test_kinds_coverage_and_hot_sites_can_be_asked_for(capsys, town, tmp_path):
    _, told = plan(capsys, town, tmp_path, "--at-least", "playground=1", "--fewest-hot")
    assert "playground" in {site["kind"] for site in told["sites"]}
    out, told = plan(capsys, town, tmp_path, "--coverage", budget=200_000)
    assert told["wishes"]["coverage"] is True
    assert told["credit_person_kh"] >= 0.0
    assert "within reach of water" in out


def test_a_catalogue_and_facts_of_a_city_count(capsys, town, tmp_path):
    own = tmp_path / "own.csv"
    header = "measure,quantity,value,unit,source,source_kind,note\n"
    off = "".join(
        f"{name},offered,0,1,the council,reported,\n" for name in ("street_tree", "park_tree")
    )
    own.write_text(header + off, encoding="utf-8")
    _, told = plan(capsys, town, tmp_path, "--catalogue", own, budget=200_000)
    used = {one for site in told["sites"] for one in site["measures"]}
    assert not used & {"street_tree", "park_tree"}
    assert "own.csv" in told["catalogue"]
    _, free = plan(capsys, town, tmp_path)
    facts = tmp_path / "facts.csv"
    facts.write_text(f"site_id,heritage\n{free['sites'][0]['site_id']},no\n", encoding="utf-8")
    _, known = plan(capsys, town, tmp_path, "--facts", facts)
    assert any(note.startswith("Facts of 1 of") for note in known["notes"])


def test_the_options_of_a_score_are_those_of_a_plan(capsys, town, tmp_path):
    _, july = plan(capsys, town, tmp_path, "--kinds", "bus_stop")
    assert {site["kind"] for site in july["sites"]} <= {"bus_stop"}
    assert july["balance"]["total"]["n_sites"] == 2
    _, october = plan(capsys, town, tmp_path, "--date", "2026-10-20")
    assert october["day"] == "2026-10-20"
    assert october["balance"]["total"]["heat_person_kh_before"] < 1e4


def test_a_kind_that_the_map_has_none_of_is_no_answer(capsys, town, tmp_path):
    out = tmp_path / "plan.csv"
    code, _, err = run(capsys, "plan", town, "--budget", 1, "--kinds", "hospital", "--out", out)
    assert (code, err.count("\n")) == (1, 1)
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--budget", "-5"), "whole euros"),
        (("--budget", "1.5"), "whole euros"),
        (("--budget", "1e5"), "whole euros"),
        (("--budget", "150.000"), "whole euros"),
        (("--budget", "nan"), "whole euros"),
        (("--budget", "٣"), "whole euros"),
        (("--budget", ""), "whole euros"),
        (("--budget", "9" * 13), "whole euros"),
        ((), "--budget"),
        (("--budget", "1", "--upkeep", "-1"), "whole euros"),
        (("--budget", "1", "--floor", "1.01"), "from 0 to 1"),
        (("--budget", "1", "--floor", "-0.1"), "from 0 to 1"),
        (("--budget", "1", "--floor", "nan"), "from 0 to 1"),
        (("--budget", "1", "--years", "0"), "from 1"),
        (("--budget", "1", "--years", "2"), "--works-per-year"),
        (("--budget", "1", "--years", "99", "--works-per-year", "1"), "years"),
        (("--budget", "1", "--works-per-year", "x"), "from 1"),
        (("--budget", "1", "--without", "nobody"), "'nobody' is no site"),
        (("--budget", "1", "--fix", "nobody=street_tree"), "'nobody' is no site"),
        (("--budget", "1", "--fix", "nobody"), "'nobody' is no site"),
        (("--budget", "1", "--at-least", "castle=1"), "no kind of site"),
        (("--budget", "1", "--at-least", "school"), "how many"),
        (("--budget", "1", "--district-key", "x"), "--districts"),
        (("--budget", "1", "--districts", "nowhere.csv"), "is not there"),
        (("--budget", "1", "--catalogue", "nowhere.csv"), "nowhere.csv"),
        (("--budget", "1", "--facts", "nowhere.csv"), "nowhere.csv"),
        (("--budget", "1", "--gtfs-date", "2026-07-20"), "--gtfs"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_writes_nothing(
    capsys, town, tmp_path, monkeypatch, arguments, told
):
    monkeypatch.chdir(tmp_path)
    err = refused(capsys, "plan", town, *arguments, "--out", "plan.json")
    assert told in err
    assert not list(tmp_path.iterdir())


def test_files_that_do_not_fit_are_refused(capsys, town, tmp_path):
    for ending in (".parquet", ".txt", ""):
        out = tmp_path / f"plan{ending}"
        assert "--out must end in" in refused(capsys, "plan", town, "--budget", 1, "--out", out)
    path = write_halves(tmp_path / "d.geojson")
    asked = ("plan", town, "--budget", 1, "--districts", path)
    assert "must not be one" in refused(capsys, *asked, "--out", path)
    out = tmp_path / "plan.json"
    err = refused(capsys, *asked, "--district-key", "Ortsteil", "--out", out)
    assert "has no column 'Ortsteil'; it has 'name'" in err
    ring = write_halves(tmp_path / "ring.geojson", 13.06)  # near, but nobody is within
    err = refused(
        capsys, "plan", town, "--budget", 1, "--floor", 0.5, "--districts", ring, "--out", out
    )
    assert "no floor can be kept" in err
    assert not out.exists()


def test_a_measure_that_is_none_is_refused(capsys, town, tmp_path):
    _, told = plan(capsys, town, tmp_path)
    site = told["sites"][0]["site_id"]
    asked = ("plan", town, "--budget", 1, "--fix", f"{site}=moon", "--out", tmp_path / "x.json")
    assert "'moon' is no measure on offer" in refused(capsys, *asked)


def test_what_cannot_be_paid_is_one_sentence(capsys, town, tmp_path):
    _, told = plan(capsys, town, tmp_path)
    site = told["sites"][0]["site_id"]
    out = tmp_path / "x.json"
    refused(capsys, "plan", town, "--budget", 0, "--fix", site, "--out", out)
    assert not out.exists()


def test_help_names_every_option(capsys):
    with pytest.raises(SystemExit):
        main(["plan", "--help"])
    out = capsys.readouterr().out
    for option in ("--budget", "--floor", "--district-key", "--facts", "--gtfs", "--forecast"):
        assert option in out
