"""What is written says what was found: sides, crossings and steps, and whose data it is."""

import io
import json
import os
import sys
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from solarpass.__main__ import main
from solarpass.directions import count_crossings, crossings_of, find_steps
from solarpass.draw import draw_routes
from solarpass.errors import SourceError
from solarpass.export import (
    _tell_dose,
    edges_at,
    find_all_steps,
    routes_to_geojson,
    write_edges,
    write_hours,
    write_raster,
)
from solarpass.hours import HoursModel, Period, read_season
from solarpass.pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from solarpass.route import find_routes
from solarpass.sentence import tell_routes
from solarpass.trip import Trip
from solarpass.words import LANGUAGES, Words

NOON = datetime(2026, 7, 15, 14, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
ENDS = (60.17633, 24.93678), (60.16616, 24.94937)


@pytest.fixture(scope="module")
def routes(helsinki):
    trip = Trip(*ENDS, departs=NOON, budget=0.2)
    return find_routes(helsinki.network, helsinki.shade_on(NOON.date()), trip)


def test_a_route_tells_its_steps_and_crossings(helsinki, routes):
    features = routes_to_geojson(helsinki, routes)["features"]
    json.dumps(features, allow_nan=False)
    for feature, steps in zip(features, find_all_steps(helsinki, routes), strict=True):
        told = feature["properties"]
        assert told["crossings"] == count_crossings(steps)
        assert told["n_crossings"] == sum(told["crossings"].values()) == len(crossings_of(steps))
        assert [step["street"] for step in told["steps"]] == [step.street for step in steps]
        length_m = sum(step["length_m"] for step in told["steps"])
        assert length_m == pytest.approx(told["length_m"], abs=0.06 * len(steps))
        for step in told["steps"]:
            assert set(step["pavement_source"]) <= set(PAVEMENT_SOURCES)
            assert step["side"] in {None, "left", "right"}
            assert step["words"]


@pytest.mark.parametrize("ending", ["geojson", "parquet"])
def test_edges_carry_street_side_source_and_crossing(helsinki, tmp_path, ending):
    path = tmp_path / f"edges.{ending}"
    write_edges(helsinki, NOON, path)
    edges = gpd.read_parquet(path) if ending == "parquet" else gpd.read_file(path)
    network, drawn = helsinki.network, helsinki.network.length_m > 0.0
    assert edges.geometry.is_valid.all()
    assert edges["side"].tolist() == np.array(SIDES)[network.side[drawn]].tolist()
    assert (
        edges["pavement_source"].tolist()
        == np.array(PAVEMENT_SOURCES)[network.pavement[drawn]].tolist()
    )
    assert edges["crossing"].tolist() == np.array(CROSSINGS)[network.crossing[drawn]].tolist()
    names = [network.street_name[street] for street in network.street[drawn]]
    assert edges["name"].astype(object).where(edges["name"].notna(), None).tolist() == names


def test_edges_say_whose_data_they_are(helsinki):
    assert "OpenStreetMap" in edges_at(helsinki, NOON).attrs["attribution"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_walks_are_told_line_by_line(helsinki, routes, language):
    steps = find_all_steps(helsinki, routes)
    words = Words(language)
    lines = tell_routes(routes, steps, words).split("\n")
    assert len(lines) == sum(1 + len(of_route) for of_route in steps)
    assert lines[0].startswith(words("shortest"))
    assert lines[1].startswith("  1. ")


def test_who_reads_along_on_a_terminal_is_told_the_steps(helsinki, capsys, monkeypatch):
    """Stdout stays data; a file or a pipe in place of the terminal gets no words."""
    question = ["--from", "60.1742,24.9459", "--to", "60.1678,24.9425", "--at", "2026-07-15T14:00"]
    ours, terminal = os.openpty()
    with os.fdopen(terminal, "w") as stderr, io.FileIO(ours) as screen:
        monkeypatch.setattr(sys, "stderr", stderr)
        assert main(["route", str(helsinki.folder), *question]) == 0
        stderr.flush()
        said = screen.read(100_000).decode()
    assert "Shortest walk" in said
    out, _ = capsys.readouterr()
    assert len(json.loads(out)["features"]) == 2


def test_crossings_are_drawn_on_the_walks(helsinki, routes):
    figure = draw_routes(helsinki.city, helsinki.network, routes)
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    drawn = sorted(map(tuple, np.vstack([dot.get_xydata() for dot in dots]).tolist()))
    crossed = [c.xy for one in routes for c in crossings_of(find_steps(helsinki.network, one))]
    assert np.allclose(drawn, sorted(crossed))


def test_every_export_names_the_tree_registers_that_went_in(helsinki, routes, tmp_path):
    told = {"register_1_source": "trees.geojson", "register_1_licence": "dl-de/by-2-0"}
    city = replace(helsinki.city, provenance={**helsinki.city.provenance, **told})
    atlas = replace(helsinki, city=city)
    wanted = "trees: trees.geojson (dl-de/by-2-0)"
    assert wanted in routes_to_geojson(atlas, routes)["attribution"]
    assert wanted in edges_at(atlas, NOON).attrs["attribution"]
    write_raster(atlas, NOON, tmp_path / "shade.tif", cell_m=20.0)
    with rasterio.open(tmp_path / "shade.tif") as raster:
        assert wanted in raster.tags()["attribution"]
        assert "OpenStreetMap" in raster.tags()["TIFFTAG_COPYRIGHT"]
    assert wanted in draw_routes(city, atlas.network, routes).get_supxlabel()
    assert "trees:" not in helsinki.city.attribution


def test_the_shadier_walk_meets_less_of_the_beam(helsinki, routes):
    told = [_tell_dose(helsinki, route) for route in routes]
    for route, dose in zip(routes, told, strict=True):
        # Between 14 and 15 o'clock in July a body in the sun meets 100 to 200 W/m².
        assert 100.0 < dose["dose_wh_m2"] / (route.sun_s / 3600.0) < 200.0
        assert 0.0 <= dose["dose_unknown_wh_m2"] <= dose["dose_wh_m2"]
    assert told[1]["dose_wh_m2"] < told[0]["dose_wh_m2"]


JULY = Period(NOON.date(), NOON.date())
COARSE = HoursModel(step_min=120.0, season_step_min=240.0, every_days=31)


def test_hours_of_sun_are_a_raster_with_licence_period_and_both_ends(helsinki, tmp_path):
    path = tmp_path / "hours.tif"
    write_hours(helsinki, JULY, path, cell_m=10.0, model=COARSE)
    with rasterio.open(path) as raster:
        assert raster.descriptions == ("sun_hours", "sun_hours_low", "sun_hours_high")
        assert raster.crs is not None
        tags = raster.tags()
        sun_h, low_h, high_h = raster.read(masked=True)
        west, south, east, north = raster.bounds
    assert (tags["period"], tags["step_min"]) == ("2026-07-15", "120")
    assert "OpenStreetMap" in tags["attribution"]
    assert "ODbL" in tags["licence"]
    assert "clear sky" in tags["assumptions"]
    assert (low_h <= high_h).all()
    assert (sun_h.compressed() == high_h[~sun_h.mask]).all()
    assert low_h.mask.sum() < sun_h.mask.sum()  # unknown near the rim
    assert 4.0 < float(sun_h.mean()) < 18.0
    assert (west, north) == (-510.0, 840.0)
    assert east - west == sun_h.shape[1] * 10.0
    assert north - south == sun_h.shape[0] * 10.0


@pytest.mark.parametrize("ending", ["geojson", "parquet"])
def test_hours_of_sun_are_a_table_of_streets(helsinki, tmp_path, ending):
    path = tmp_path / f"hours.{ending}"
    summer = read_season("summer", 2026, latitude_deg=60.0)
    write_hours(helsinki, summer, path, model=COARSE)
    if ending == "parquet":
        edges = gpd.read_parquet(path)
        told = edges.attrs
    else:
        edges = gpd.read_file(path)
        told = json.loads(path.read_text(encoding="utf-8"))
    assert "OpenStreetMap" in told["attribution"]
    assert "ODbL" in told["licence"]
    assert told["period"] == "2026-06-01/2026-08-31"
    assert told["days_summed"].count(" ") == 2
    assert {"osm_id", "name", "side", "pavement_source", "length_m"} <= set(edges.columns)
    assert len(edges) == (helsinki.network.length_m > 0.0).sum()
    known = edges["sun_hours"].notna()
    assert 0 < known.sum() < len(edges)
    assert (edges["sun_hours_low"] <= edges["sun_hours_high"]).all()
    assert (edges["sun_hours"] <= edges["sun_hours_high"] + 1e-9)[known].all()
    assert (edges["sun_hours"] >= edges["sun_hours_low"] - 1e-9)[known].all()
    noon = edges["sun_fraction_13"].dropna()
    assert ((noon >= 0.0) & (noon <= 1.0)).all()
    assert noon.mean() > edges["sun_fraction_08"].mean() > 0.0
    assert "sun_fraction_01" not in edges.columns


def test_nothing_half_written_stays_of_hours(helsinki, tmp_path):
    for ending in ("tif", "parquet"):
        with pytest.raises(SourceError, match="Cannot write"):
            write_hours(
                helsinki, JULY, tmp_path / "none" / f"h.{ending}", cell_m=50.0, model=COARSE
            )
    with pytest.raises(SourceError, match="cell"):
        write_hours(helsinki, JULY, tmp_path / "h.tif", cell_m=-1.0, model=COARSE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--day", "2026-07-15", "--out", "h.png"], "--out must end in .tif"),
        (["--day", "2026-07-15", "--out", "none/h.tif"], "a folder that exists"),
        (["--day", "15.7.2026", "--out", "h.tif"], "wanted a day such as 2026-07-15"),
        (["--day", "1776-07-04", "--out", "h.tif"], "from 1900 to 2200"),
        (["--from", "2026-07-15", "--out", "h.tif"], "--from and --to together"),
        (["--from", "2026-07-15", "--to", "2026-07-01", "--out", "h.tif"], "in this order"),
        (["--day", "2026-07-15", "--to", "2026-07-16", "--out", "h.tif"], "--from and --to"),
        (["--day", "2026-07-15", "--year", "2026", "--out", "h.tif"], "--season only"),
        (["--season", "summer", "--year", "26", "--out", "h.tif"], "wanted a year"),
        (["--out", "h.tif"], "--day --season --from"),
    ],
)
def test_hours_refuse_in_one_sentence(helsinki, capsys, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert _refuse(["hours", str(helsinki.folder), *arguments], capsys).count(told) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--name", "Xyzzy", "--out", "s.png"], "No street one can walk in Helsinki"),
        (["--name", "Unioninkatu", "--out", "s.pdf"], "--out must end in .png or .svg"),
        (["--name", "Unioninkatu", "--out", "s.png", "--day", "today"], "wanted a day"),
    ],
)
def test_street_refuses_in_one_sentence(helsinki, capsys, tmp_path, monkeypatch, arguments, told):
    monkeypatch.chdir(tmp_path)
    assert told in _refuse(["street", str(helsinki.folder), *arguments], capsys)
    assert list(tmp_path.iterdir()) == []


def test_both_commands_write_and_say_nothing(helsinki, capsys, tmp_path):
    hours, street = tmp_path / "h.tif", tmp_path / "s.csv"
    folder = str(helsinki.folder)
    days = ["--from", "2026-12-24", "--to", "2026-12-26"]
    assert main(["hours", folder, *days, "--cell", "40", "--out", str(hours)]) == 0
    question = ["--name", "unioninkatu", "--day", "2026-07-15", "--language", "de"]
    assert main(["street", folder, *question, "--out", str(street)]) == 0
    assert capsys.readouterr().out == ""
    assert hours.stat().st_size
    assert street.read_text(encoding="utf-8").startswith("# street: Unioninkatu")


def _refuse(arguments, capsys):
    try:
        code = main(arguments)
    except SystemExit as leaving:  # argparse
        code = leaving.code
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (2, "", 1)
    return err
