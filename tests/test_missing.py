"""Where shade is missing: what full shade on an edge saves at least, over many trips."""

import json
from dataclasses import replace
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import BERLIN, draw, draw_grid, draw_random, draw_sun, place, tabulate

import hiro
from solarpass.__main__ import main
from solarpass.errand import ErrandModel, draw_errands
from solarpass.errors import NoRouteError, SolarpassError, SourceError
from solarpass.glare import GlareModel, find_glares
from solarpass.glarefile import glare_sites, missing_edges, write_glares
from solarpass.missing import day_departs, find_missing, read_day, sum_missing
from solarpass.route import find_routes
from solarpass.shade import ShadeTable
from solarpass.trip import Trip

NOON = datetime(2026, 7, 15, 12, 0, tzinfo=BERLIN)
SUN, SHADE, UNKNOWN = 254, 0, 255
SHORT = ErrandModel(least_m=20.0, usual_m=200.0)


def errands(network, n_trips=12, seed=0, **how):
    return draw_errands(network, [NOON], n_trips=n_trips, seed=seed, model=SHORT, **how)


def sun_min(network, shade, trips, *, exact):
    """Walk all trips again, one by one, and add up the time in the sun, unknown as sun."""
    walked = []
    for trip in trips:
        try:
            walked.append(find_routes(network, shade, trip, exact=exact)[-1].sun_s)
        except SolarpassError:
            continue
    return sum(walked) / len(walked) / 60.0 * 1000.0


def shaded(shade, edges):
    """Put edges into full shade at all times."""
    sun = np.array(shade.sun)
    sun[:, edges] = SHADE
    return ShadeTable(times=shade.times, sun=sun, is_night=np.array(shade.is_night))


def drawn(seed):
    rng = np.random.default_rng(seed)
    network = draw_random(rng)
    return network, draw_sun(rng, network, n_times=40)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_walking_anew_saves_at_least_as_much(seed):
    network, shade = drawn(seed)
    trips = errands(network, seed=seed)
    try:
        missing = sum_missing(network, shade, trips, exact=True)
    except NoRouteError:
        return
    before = sun_min(network, shade, trips, exact=True)
    for edge in missing.rank()[:3].tolist():
        after = sun_min(network, shaded(shade, [edge]), trips, exact=True)
        assert before - after >= missing.saved_min[edge] - 1e-6
    together = missing.rank()[:4]
    if len(together):
        after = sun_min(network, shaded(shade, together), trips, exact=True)
        assert before - after >= missing.saved_min[together].sum() - 1e-6


def test_the_sum_is_that_of_the_walks_themselves():
    network, shade = drawn(7)
    trips = errands(network, n_trips=40)
    missing = sum_missing(network, shade, trips)
    saved, unknown, walked = (np.zeros(network.n_edges) for _ in range(3))
    for trip in trips:
        route = find_routes(network, shade, trip)[-1]
        for edge, seconds, share in zip(
            route.edge, route.edge_walk_s, route.edge_sun_fraction, strict=True
        ):
            if np.isnan(share):
                unknown[edge] += seconds
            else:
                saved[edge] += seconds * share
        walked[np.unique(route.edge)] += 1
    per = 1000.0 / 60.0 / len(trips)
    np.testing.assert_allclose(missing.saved_min, saved * per, atol=1e-9)
    np.testing.assert_allclose(missing.unknown_min, unknown * per, atol=1e-9)
    assert (missing.n_walked == walked).all()
    assert missing.sun_min == pytest.approx(missing.saved_min.sum())
    assert (missing.walked_fraction <= 1.0).all()
    assert not missing.saved_min.flags.writeable


def test_the_unknown_is_carried_but_not_counted():
    network = draw_grid(3)
    shade = tabulate(np.full((12, network.n_edges), UNKNOWN))
    missing = sum_missing(network, shade, errands(network))
    assert missing.saved_min.sum() == missing.low_min.sum() == missing.sun_min == 0.0
    assert missing.unknown_min.sum() == pytest.approx(missing.walk_min)
    np.testing.assert_array_equal(missing.high_min, missing.unknown_min)
    assert find_glares(network, missing) == []


def test_low_and_high_enclose_the_best():
    network, shade = drawn(3)
    known = np.where(shade.sun == UNKNOWN, 100, shade.sun).astype(np.uint8)
    low, high = known // 2, np.minimum(known.astype(int) + 60, SUN).astype(np.uint8)
    shade = replace(shade, sun=known, low=low, high=high)
    missing = sum_missing(network, shade, errands(network))
    assert (missing.low_min <= missing.saved_min).all()
    assert (missing.saved_min <= missing.high_min).all()
    assert missing.low_min.sum() < missing.saved_min.sum() < missing.high_min.sum()


def test_at_night_nothing_is_missing():
    network = draw_grid(4)
    missing = sum_missing(network, tabulate(np.zeros((12, network.n_edges))), errands(network))
    assert missing.saved_min.sum() == missing.high_min.sum() == 0.0
    assert missing.walk_min > 0.0
    assert len(missing.rank()) == 0


def test_a_city_of_one_street():
    network = draw([(0, 0), (400, 0)], [(0, 1)], street=["Only Street"])
    shade = tabulate(np.full((12, 1), SUN))
    missing = sum_missing(network, shade, errands(network, n_trips=30))
    assert missing.saved_min[0] == pytest.approx(missing.walk_min)
    (glare,) = find_glares(network, missing, model=GlareModel(most_m=500.0))
    assert (glare.name, glare.side, glare.length_m) == ("Only Street", None, 400.0)
    assert glare.saved_min_per_m == pytest.approx(missing.walk_min / 400.0)


def test_a_hamlet_too_small_for_a_walk_is_walked_across():
    network = draw([(0, 0), (30, 0)], [(0, 1)])
    trips = draw_errands(network, [NOON], n_trips=5)
    assert len(trips) == 5
    assert sum_missing(network, tabulate(np.full((12, 1), SUN)), trips).n_trips == 5


def test_trips_without_an_answer_are_counted():
    network = draw([(0, 0), (400, 0), (0, 900), (100, 900)], [(0, 1), (2, 3)])
    shade = tabulate(np.full((12, 2), SUN))
    lost = Trip(place((0, 0)), place((50, 900)), NOON)
    missing = sum_missing(network, shade, [*errands(network, n_trips=4), lost])
    assert (missing.n_trips, missing.n_lost) == (4, 1)
    with pytest.raises(NoRouteError, match="None of 1 trips"):
        sum_missing(network, shade, [lost])
    with pytest.raises(SourceError, match="likes the sun"):
        sum_missing(network, shade, [replace(lost, likes="sun")])


@pytest.mark.parametrize("n_trips", [0, -1, 10**9])
def test_a_senseless_number_of_trips_is_refused(n_trips):
    with pytest.raises(SourceError, match="trips"):
        draw_errands(draw_grid(2), [NOON], n_trips=n_trips)


def test_the_same_seed_draws_the_same_trips():
    network = draw_grid(6)
    assert errands(network, seed=5) == errands(network, seed=5)
    assert errands(network, seed=5) != errands(network, seed=6)


def test_stops_are_ends_of_walks():
    network = draw_grid(10)
    stops = np.array([[100.0, 100.0], [700.0, 800.0]])
    model = replace(SHORT, stop_share=1.0)
    trips = draw_errands(network, [NOON], n_trips=20, stop_xy=stops, model=model)
    near = np.array([place(xy) for xy in stops])
    ends = np.array([end for trip in trips for end in (trip.origin, trip.destination)])
    assert (np.abs(ends[:, None] - near).max(axis=2).min(axis=1) < 1e-6).all()


def test_near_places_are_likelier():
    network = draw_grid(30)
    trips = draw_errands(network, [NOON], n_trips=400)
    away_m = [
        111_195.0 * np.hypot(
            t.origin[0] - t.destination[0],
            (t.origin[1] - t.destination[1]) * np.cos(np.deg2rad(52.5)),
        )
        for t in trips
    ]  # fmt: skip
    assert min(away_m) > 149.0
    assert max(away_m) < 3010.0
    assert np.median(away_m) < 1300.0


def test_a_stretch_keeps_to_its_side_and_its_length():
    # Two pavements of a street from west to east, 20 edges of 50 m each.
    xy = [(50.0 * k, y) for y in (0.0, 20.0) for k in range(21)]
    ends = [(k, k + 1) for k in range(20)] + [(21 + k, 22 + k) for k in range(20)]
    ends += [(0, 21), (20, 41)]
    side = [2] * 20 + [1] * 20 + [0, 0]
    network = draw(xy, ends, side=side, street=["Long Street"] * 42, crossing=[0] * 40 + [1, 1])
    shade = tabulate(np.full((12, 42), SUN))
    missing = sum_missing(network, shade, errands(network, n_trips=100))
    glares = find_glares(network, missing)
    assert {glare.side for glare in glares} == {"north", "south"}
    assert all(10.0 <= glare.length_m <= 200.0 for glare in glares)
    assert [g.saved_min for g in glares] == sorted((g.saved_min for g in glares), reverse=True)
    edges = np.concatenate([glare.edges for glare in glares])
    assert len(np.unique(edges)) == len(edges)
    assert (network.crossing[edges] == 0).all()
    for glare in glares:
        assert glare.saved_min == pytest.approx(missing.saved_min[glare.edges].sum())
        assert len({int(network.side[edge]) for edge in glare.edges}) == 1
        assert glare.line.length == pytest.approx(glare.length_m)


@pytest.mark.parametrize("text", ["2026-02-30", "tomorrow", "1800-01-01", ""])
def test_a_day_that_does_not_read_is_one_sentence(text):
    with pytest.raises(SolarpassError, match="such as 2026-07-15"):
        read_day(text)


@pytest.fixture(scope="module")
def missing_in_helsinki(helsinki):
    departs = day_departs(date(2026, 7, 15), helsinki.zone, (12, 17))
    return find_missing(helsinki, departs, n_trips=60, seed=1)


def test_a_city_tells_where_shade_is_missing(helsinki, missing_in_helsinki):
    missing = missing_in_helsinki
    assert 0.0 < missing.low_min.sum() < missing.sun_min < missing.high_min.sum()
    assert missing.sun_min < missing.walk_min
    assert len(missing.departs) == 2
    table = glare_sites(helsinki, missing)
    assert list(table["rank"]) == list(range(1, len(table) + 1))
    assert table["saved_min"].is_monotonic_decreasing
    longest_m = max(200.0, helsinki.network.length_m.max())
    assert (table["length_m"] <= longest_m + 0.05).all()
    assert "OpenStreetMap" in table.attrs["attribution"]
    assert len(glare_sites(helsinki, missing, n_most=3)) == 3
    edges = missing_edges(helsinki, missing)
    # Where one waits to cross between two pavements that meet, an edge has time but no length.
    drawn_min = missing.saved_min[helsinki.network.length_m > 0.0].sum()
    assert edges["saved_min"].sum() == pytest.approx(drawn_min, rel=1e-3)


@pytest.mark.parametrize("ending", [".geojson", ".csv", ".gpkg"])
def test_hiro_reads_the_stretches_as_sites(ending, helsinki, missing_in_helsinki, tmp_path):
    path = tmp_path / f"missing{ending}"
    write_glares(helsinki, missing_in_helsinki, path)
    sites = hiro.read_sites(path, city=helsinki.city)
    table = glare_sites(helsinki, missing_in_helsinki)
    assert set(sites.table["site_id"]) <= set(table["site_id"])
    assert sites.n_sites > 0.9 * len(table)
    again = tmp_path / f"again{ending}"
    write_glares(helsinki, missing_in_helsinki, again)
    assert again.read_bytes() == path.read_bytes()


def test_the_command_writes_every_ending(helsinki, tmp_path, capsys):
    for ending in (".geojson", ".parquet", ".gpkg", ".csv", ".png"):
        out = tmp_path / f"m{ending}"
        asked = ["--at", "2026-07-15T14:00", "--missing", "--trips", "20", "--out", str(out)]
        assert main(["shade", str(helsinki.folder), *asked]) == 0, capsys.readouterr()
        assert out.stat().st_size > 1000
    told = json.loads((tmp_path / "m.geojson").read_text(encoding="utf-8"))
    assert told["n_trips"] == 20
    assert "ODbL" in told["licence"]
    assert "ODbL" in pd.read_csv(tmp_path / "m.csv")["licence"][0]
    assert {"stretches", "edges"} == set(gpd.list_layers(tmp_path / "m.gpkg")["name"])


def test_the_command_at_night_writes_an_empty_list(helsinki, tmp_path):
    for ending in (".geojson", ".gpkg", ".csv", ".png", ".parquet"):
        out = tmp_path / f"night{ending}"
        asked = ["--at", "2026-12-15T23:00", "--missing", "--trips", "5", "--out", str(out)]
        assert main(["shade", str(helsinki.folder), *asked]) == 0
        assert out.exists()
    assert json.loads((tmp_path / "night.geojson").read_text(encoding="utf-8"))["features"] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--at", "2026-02-30"], "such as"),
        (["--at", "2026-07-15", "--trips", "0"], "trips"),
        (["--at", "2026-07-15", "--budget", "9"], "budget"),
        (["--at", "2026-07-15", "--out", "m.tif"], ".gpkg"),
    ],
)
def test_a_bad_question_for_missing_shade_is_one_sentence(asked, said, helsinki, tmp_path, capsys):
    out = [] if "--out" in asked else ["--out", str(tmp_path / "m.geojson")]
    assert main(["shade", str(helsinki.folder), "--missing", *asked, *out]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
