"""Scores as files: the same numbers in every format, which agree with each other."""

import json
import resource

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from made_feed import made_feed
from made_town import made_town

from hiro.export import (
    NESTED,
    UNITS,
    describe_score,
    tabulate_score,
    write_score,
)
from hiro.level import find_level
from hiro.score import build_score, design_weather
from hiro.tablefile import round_felt
from hiro.timetable import read_timetable
from solarpass.atlas import build_atlas
from solarpass.errors import SourceError
from solarpass.foreign import disarm

AS_ASKED = {
    *("site_id", "name", "kind", "shelter", "level", "level_probability", "worst_hour"),
    *("utci_max_c", "tmrt_max_c", "pet_max_c", "hours_utci_above_32", "degree_hours_above_32"),
    *("sky_view_factor", "persons", "exposure_tier", "vulnerability_factor", "heat_person_kh"),
    *("rank", "rank_low", "rank_high", "hours", "utci_c", "tmrt_c", "sun_fraction"),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    return build_atlas(made_town().write(folder / "town.osm.pbf"), folder / "town")


@pytest.fixture(scope="module")
def score(town, tmp_path_factory):
    lines = "A,Markt,52.0,13.0\nB,Nord,52.0,13.001\n"
    feed = made_feed(
        tmp_path_factory.mktemp("feed"), stops=f"stop_id,stop_name,stop_lat,stop_lon\n{lines}"
    )
    weather = design_weather(town.city, pd.Timestamp("2026-10-25").date())
    return build_score(town.city, town.surface, weather, timetable=read_timetable(feed))


@pytest.fixture(scope="module")
def hot(town):
    weather = design_weather(town.city, pd.Timestamp("2026-07-20").date())
    return build_score(town.city, town.surface, weather)


def read_back(path):
    """Read a file as anyone would: lists as lists, the unknown as None."""
    if path.suffix == ".geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return pd.DataFrame([feature["properties"] for feature in features])
    if path.suffix == ".parquet":
        return pd.DataFrame(gpd.read_parquet(path).drop(columns="geometry"))
    table = pd.read_csv(path) if path.suffix == ".csv" else gpd.read_file(path, layer=0)
    return table.assign(**{name: table[name].map(json.loads) for name in NESTED})


def plain(cell):
    """Turn arrays into lists, and what is missing into None."""
    if isinstance(cell, list | tuple | np.ndarray):
        return [plain(part) for part in cell]
    return None if pd.isna(cell) else cell


@pytest.mark.parametrize("ending", ["geojson", "csv", "gpkg", "parquet"])
def test_every_format_holds_the_same(ending, score, town, tmp_path):
    path = tmp_path / f"heat.{ending}"
    write_score(score, town, path)
    table = tabulate_score(score, zone=town.city.zone)
    told = read_back(path)
    assert set(told) >= AS_ASKED
    assert len(told) == len(table)
    for name in table.drop(columns="geometry"):
        ours = [plain(cell) for cell in table[name]]
        theirs = [plain(cell) for cell in told[name]]
        if name in {"name", "label"} and ending == "csv":
            theirs = [cell and cell.removeprefix("'") for cell in theirs]
        assert theirs == ours, name


def check_laws(table):
    """Hold every row against itself."""
    for row in table.itertuples():
        utci = np.array(row.utci_c)
        assert row.worst_hour in row.hours
        assert row.worst_hour == row.hours[int(np.argmax(utci))]
        assert row.worst_time == row.times[int(np.argmax(utci))]
        assert row.utci_max_c == utci.max()
        assert row.tmrt_max_c == max(row.tmrt_c)
        assert row.pet_max_c == max(row.pet_c)
        assert row.level == find_level(np.array([row.utci_max_c]))[0]
        assert sum(row.level_probability) == pytest.approx(1.0, abs=1e-5)
        assert row.degree_hours_above_32 == pytest.approx(
            np.maximum(utci - 32.0, 0.0).sum(), abs=0.001 * len(utci)
        )
        assert row.hours_utci_above_32 == pytest.approx((utci > 32.0).sum())
        assert row.persons == pytest.approx(sum(row.person_minutes) / 60.0, abs=0.001)
        heat = (np.maximum(utci - 32.0, 0.0) * np.array(row.person_minutes)).sum() / 60.0
        assert row.heat_person_kh == pytest.approx(heat * row.vulnerability_factor, rel=0.01, abs=1)
        assert (np.array(row.utci_low_c) <= utci).all()
        assert (utci <= np.array(row.utci_high_c)).all()
        assert row.rank_low <= row.rank <= row.rank_high
        assert 0.0 <= row.sky_view_factor <= 1.0
        known = [share for share in row.sun_fraction if share is not None]
        assert all(0.0 <= share <= 1.0 for share in known)
    falling = table.sort_values("rank")["heat_person_kh"].to_numpy()
    assert (np.diff(falling) <= 1e-3).all()
    assert table["site_id"].is_unique


def test_columns_agree_with_each_other(score, hot, town):
    check_laws(tabulate_score(score, zone=town.city.zone))
    table = tabulate_score(hot, zone=town.city.zone)
    check_laws(table)
    assert (table["heat_person_kh"] > 0.0).any()
    assert set(table["level_word"]) <= {"none", "moderate", "strong", "very strong", "extreme"}


def test_the_best_place_to_stand_is_a_waiting_place(hot, town):
    table = tabulate_score(hot, zone=town.city.zone)
    ids = set(table["site_id"])
    for row in table.itertuples():
        assert set(row.stand_site) <= ids
        assert np.abs(np.array(row.stand_lon_lat) - [row.lon, row.lat]).max() < 0.002


def test_a_day_of_25_hours_doubles_one(score, town):
    table = tabulate_score(score, zone=town.city.zone)
    assert table["hours"][0] == [0, 1, 2, 2, *range(3, 24)]
    assert len(set(table["times"][0])) == 25


def test_the_unknown_is_null_and_never_0(hot, town, tmp_path):
    """Who reads the file cannot take a gap in the data for shade."""
    unknown = np.isnan(hot.hazard.sun_fraction)
    table = tabulate_score(hot, zone=town.city.zone)
    for site, shares in enumerate(table["sun_fraction"]):
        assert [share is None for share in shares] == unknown[:, site].tolist()
    write_score(hot, town, tmp_path / "heat.geojson")
    assert "NaN" not in (tmp_path / "heat.geojson").read_text(encoding="utf-8")
    assert None in set(table["name"]) or table["name"].notna().all()


def test_whose_data_it_is_goes_with_every_file(score, town, tmp_path):
    about = describe_score(score, town)
    assert "ODbL" in about["licence"]
    assert "OpenStreetMap" in about["attribution"]
    assert "Our buses" in about["attribution"]
    assert "no official warning" in about["warning"]
    assert about["notes"] == list(score.notes)
    for ending in ("geojson", "csv", "gpkg", "parquet"):
        write_score(score, town, tmp_path / f"heat.{ending}")
    collection = json.loads((tmp_path / "heat.geojson").read_text(encoding="utf-8"))
    assert {key: collection[key] for key in about} == about
    assert gpd.read_parquet(tmp_path / "heat.parquet").attrs == about
    layer = pyogrio.read_info(tmp_path / "heat.gpkg", layer="sites")["layer_metadata"]
    assert layer["attribution"] == about["attribution"]
    assert json.loads(layer["notes"]) == about["notes"]
    beside = tmp_path / "heat.csv-metadata.json"
    assert json.loads(beside.read_text(encoding="utf-8")) == about
    assert set(pd.read_csv(tmp_path / "heat.csv")["attribution"]) == {about["attribution"]}


def test_every_column_says_what_it_is(hot, town):
    named = {name.strip() for names in UNITS for name in names.split(",")}
    plain_words = {"site_id", "name", "label", "kind", "shelter", "lon", "lat", "geometry"}
    table = tabulate_score(hot, zone=town.city.zone)
    bare = set(table) - named - plain_words
    assert {name for name in bare if not name.startswith("reason_")} == set()


def test_a_spreadsheet_runs_no_name(score, town, tmp_path):
    write_score(score, town, tmp_path / "heat.csv")
    names = pd.read_csv(tmp_path / "heat.csv")["name"].dropna()
    assert "'=Markt" in set(names)
    assert not names.str.startswith(("=", "+", "-", "@")).any()


@pytest.mark.parametrize(
    "name",
    [
        "=1",
        " =1",
        "\u200b+1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\ufeff\N{FULLWIDTH COMMERCIAL AT}x",
        "\tx",
    ],
)
def test_what_a_spreadsheet_passes_over_does_not_hide_a_formula(name):
    assert disarm(name) == f"'{name}"
    assert [disarm(plain) for plain in ("Markt", "", None, "a=b")] == ["Markt", "", None, "a=b"]


@pytest.mark.parametrize("ending", ["geojson", "csv", "gpkg", "parquet"])
def test_a_disk_that_takes_no_more_is_one_sentence(ending, score, town, tmp_path):
    """Files may have 4 kB here, as if there were no room for more."""
    path = tmp_path / f"heat.{ending}"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(SourceError, match=r"Cannot write .*heat.* name another file\.$"):
            write_score(score, town, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_a_rounded_temperature_stays_in_its_level():
    utci = np.array([31.9999, 32.0, 37.99996, 38.0004, 25.0])
    rounded = round_felt(utci)
    assert rounded.tolist() == [31.999, 32.0, 37.999, 38.0, 25.0]
    assert (find_level(rounded) == find_level(utci)).all()


@pytest.mark.parametrize("ending", ["geojson", "csv", "gpkg", "parquet"])
def test_a_file_is_whole_or_not_there(ending, score, town, tmp_path):
    path = tmp_path / f"heat.{ending}"
    path.mkdir()
    with pytest.raises(SourceError, match="heat"):
        write_score(score, town, path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
