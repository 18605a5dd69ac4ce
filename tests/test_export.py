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
from solarpass.export import edges_at, find_all_steps, routes_to_geojson, write_edges, write_raster
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
