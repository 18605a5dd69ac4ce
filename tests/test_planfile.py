"""Plans as files: the same numbers in every format, the same bytes for the same plan."""

import hashlib
import json
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from made_town import made_town

from hiro.catalogue import read_catalogue
from hiro.district import Districts
from hiro.effect import build_options
from hiro.feasibility import judge_measures
from hiro.floors import Floors
from hiro.plan import choose_plan
from hiro.planfile import LISTS, NAMES, UNITS, describe_plan, write_plan
from hiro.proposal import Proposal, tabulate_plan
from hiro.robust import RobustModel, try_plan
from hiro.score import build_score, design_weather
from solarpass.atlas import build_atlas
from solarpass.errors import SourceError

HEAD = (
    *("budget_eur", "cost_eur", "upkeep_eur_per_year", "relief_person_kh", "bound_person_kh"),
    *("gap", "price_of_equity_pct", "sites"),
)
AS_ASKED = {
    *("site_id", "measures", "cost_eur", "upkeep_eur_per_year", "relief_person_kh"),
    *("level_before", "level_after", "feasibility", "stable_share", "reason"),
}
BUDGET = 60_000


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    return build_atlas(made_town().write(folder / "town.osm.pbf"), folder / "town")


@pytest.fixture(scope="module")
def score(town):
    weather = design_weather(town.city, pd.Timestamp("2026-07-20").date())
    return build_score(town.city, town.surface, weather)


@pytest.fixture(scope="module")
def options(town, score):
    return build_options(score, town.city, town.surface)


@pytest.fixture(scope="module")
def proposal(town, score, options):
    return propose(town, score, options)


def propose(town, score, options, *, budget=BUDGET, **wishes):
    catalogue = read_catalogue()
    of_site = np.arange(options.n_sites) % 2
    floors = Floors(of_site.copy(), alpha=0.5, names=("=West", "Ost"))
    plan = choose_plan(options, budget_eur=budget, **{"floors": floors, **wishes})
    return Proposal(
        score=score,
        options=options,
        plan=plan,
        catalogue=catalogue,
        judgement=judge_measures(catalogue, score.sites, city=town.city),
        districts=Districts(of_site, ("=West", "Ost"), "d.csv", ("Told.",), ("districts: us",)),
        robustness=try_plan(options, plan, model=RobustModel(n_draws=5)) if len(plan) else None,
    )


@pytest.fixture(scope="module")
def written(proposal, town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    paths = {end: folder / f"plan{end}" for end in (".json", ".csv", ".geojson", ".gpkg")}
    for path in paths.values():
        write_plan(proposal, town, path)
    return paths


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_back(path):
    """Read the works of any format as plain rows."""
    if path.suffix == ".json":
        return read_json(path)["sites"]
    if path.suffix == ".geojson":
        return [one["properties"] for one in read_json(path)["features"]]
    if path.suffix == ".csv":
        table = pd.read_csv(path, keep_default_na=False, na_values={"name": [""], "district": [""]})
        table = table.drop(columns=["licence", "attribution"])
    else:
        table = pd.DataFrame(gpd.read_file(path, layer="plan").drop(columns="geometry"))
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    for row in rows:
        row.update({name: json.loads(row[name]) for name in LISTS})
    return rows


def test_the_json_has_the_keys_that_were_asked_for_first(written):
    told = read_json(written[".json"])
    assert tuple(told)[:8] == HEAD
    assert set(told["sites"][0]) >= AS_ASKED
    assert told["budget_eur"] == BUDGET


def test_the_sums_are_those_of_the_works(written, proposal):
    told = read_json(written[".json"])
    sites = told["sites"]
    assert len(sites) == told["n_works"] == len(proposal.plan) > 0
    for key in ("cost_eur", "upkeep_eur_per_year"):
        assert sum(site[key] for site in sites) == told[key]
    relief = sum(site["relief_person_kh"] for site in sites)
    assert relief == pytest.approx(told["relief_person_kh"], abs=1e-3)
    assert told["relief_person_kh"] <= told["bound_person_kh"]
    assert told["cost_eur"] <= told["budget_eur"]
    assert told["gap"] == pytest.approx(
        1.0 - told["relief_person_kh"] / told["bound_person_kh"], abs=1e-6
    )
    total = told["balance"]["total"]
    assert total["relief_person_kh"] == pytest.approx(told["relief_person_kh"], abs=1e-3)
    assert total["cost_eur"] == told["cost_eur"]


@pytest.mark.parametrize("end", [".csv", ".geojson", ".gpkg"])
def test_every_format_tells_the_same(written, end):
    ours, theirs = read_back(written[".json"]), read_back(written[end])
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        assert list(our) == list(their)
        for name in our:
            disarmed = f"'{our[name]}" if end == ".csv" and name in NAMES else None
            assert their[name] in (our[name], disarmed), name


def test_the_same_plan_gives_the_same_bytes(proposal, town, tmp_path):
    def digest(path):
        write_plan(proposal, town, path)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    first = [digest(tmp_path / f"a{end}") for end in (".json", ".csv", ".geojson", ".gpkg")]
    time.sleep(1.1)  # a file that carries the time would tell another second
    again = [digest(tmp_path / f"b{end}") for end in (".json", ".csv", ".geojson", ".gpkg")]
    assert first == again
    beside = [(tmp_path / f"{name}.csv-metadata.json").read_bytes() for name in "ab"]
    assert beside[0] == beside[1]


def test_what_it_rests_on_stands_in_each(written, proposal, town):
    about = json.loads(json.dumps(describe_plan(proposal, town)))
    wanted = {"licence", "attribution", "weather", "catalogue", "notes", "not_considered", "units"}
    assert set(about) >= wanted | {"balance", "measures", "robustness", "status", "wishes"}
    assert "districts: us" in about["attribution"]
    assert "OpenStreetMap" in about["attribution"]
    assert about["licence"].startswith("ODbL")
    geojson = read_json(written[".geojson"])
    beside = read_json(written[".csv"].with_name("plan.csv-metadata.json"))
    layer = pyogrio.read_info(written[".gpkg"], layer="plan")["layer_metadata"]
    whole = read_json(written[".json"])
    for key, value in about.items():
        assert geojson[key] == beside[key] == whole[key] == value, key
        assert (layer[key] if isinstance(value, str) else json.loads(layer[key])) == value, key


def test_every_number_of_a_measure_has_its_source(proposal, town):
    measures = describe_plan(proposal, town)["measures"]
    used = {one for row in proposal.plan.rows for one in proposal.options.measures[row]}
    assert {measure["measure_id"] for measure in measures} == used
    for measure in measures:
        assert set(measure["name"]) == {"de", "en"}
        for figure in measure["figures"].values():
            assert figure["source"]
            assert figure["is_estimate"] == (figure["source_kind"] == "estimate")


def test_districts_tell_their_floor_and_what_is_spent(proposal, town):
    rows = describe_plan(proposal, town)["balance"]["districts"]
    assert [row["name"] for row in rows] == ["=West", "Ost"]
    assert [row["cost_eur"] for row in rows] == proposal.plan.spend_eur.tolist()
    assert [row["floor_eur"] for row in rows] == proposal.plan.floor_eur.tolist()
    assert all(row["cost_eur"] >= row["floor_eur"] for row in rows)


def test_names_are_no_formulas_in_a_csv(written):
    text = written[".csv"].read_text(encoding="utf-8")
    table = pd.read_csv(written[".csv"], dtype=str)
    assert "'=West" in text
    for name in (column for column in NAMES if column in table):
        assert not table[name].dropna().str.match(r"\s*[=+@-]").any(), name


def test_works_are_in_the_order_of_years_and_relief(town, score, options):
    proposal = propose(town, score, options, most_a_year=1, n_years=4, floors=None)
    table = tabulate_plan(proposal)
    assert table["year"].tolist() == sorted(table["year"])
    assert table["year"].iloc[0] == 1
    for _, works in table.groupby("year"):
        assert works["relief_person_kh"].is_monotonic_decreasing


def test_levels_and_temperatures_agree(proposal):
    table = tabulate_plan(proposal)
    edges = [-np.inf, 26.0, 32.0, 38.0, 46.0, np.inf]
    for when in ("before", "after"):
        levels, utci_c = table[f"level_{when}"], table[f"utci_max_{when}_c"]
        for level, felt in zip(levels, utci_c, strict=True):
            assert edges[level] <= felt < edges[level + 1]


def test_what_must_be_checked_is_told_in_both_languages(proposal):
    table = tabulate_plan(proposal)
    for row in table.to_dict("records"):
        assert row["feasibility"] in {"ok", "check"}
        assert bool(row["to_check"]) == bool(row["to_check_de"])
        if row["feasibility"] == "ok":
            assert not row["to_check"]
        assert row["reason"] != row["reason_de"]


def test_an_empty_plan_is_a_file_too(town, score, options, tmp_path):
    proposal = propose(town, score, options, budget=0)
    assert len(proposal.plan) == 0
    for end in (".json", ".csv", ".geojson", ".gpkg"):
        path = tmp_path / f"none{end}"
        write_plan(proposal, town, path)
        assert read_back(path) == []
    told = read_json(tmp_path / "none.json")
    assert (told["cost_eur"], told["relief_person_kh"], told["robustness"]) == (0, 0.0, None)


def test_without_districts_and_draws_what_is_unknown_is_null(town, score, options, tmp_path):
    whole = propose(town, score, options, floors=None)
    bare = Proposal(
        score=score,
        options=options,
        plan=whole.plan,
        catalogue=whole.catalogue,
        judgement=whole.judgement,
    )
    write_plan(bare, town, tmp_path / "bare.json")
    told = read_json(tmp_path / "bare.json")
    assert told["price_of_equity_pct"] is None
    assert told["robustness"] is None
    assert {site["stable_share"] for site in told["sites"]} == {None}
    assert told["balance"]["districts"] == []


def test_units_are_of_columns_that_are_there(proposal, town):
    columns = {*tabulate_plan(proposal).columns, *describe_plan(proposal, town)}
    for names in UNITS:
        for name in names.split(", "):
            assert name in columns, name


def test_a_folder_that_is_not_there_is_one_sentence(proposal, town, tmp_path):
    for end in (".json", ".csv", ".geojson", ".gpkg"):
        with pytest.raises(SourceError, match="Cannot write"):
            write_plan(proposal, town, tmp_path / "nowhere" / f"plan{end}")
    assert list(tmp_path.iterdir()) == []
