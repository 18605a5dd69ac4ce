"""Where shade is missing: what full shade on an edge saves at least, over many trips."""

import json
from dataclasses import replace
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm
from matplotlib.text import Text
from streets import BERLIN, draw, draw_grid, draw_random, draw_sun, place, tabulate

import hiro
from hiro.__main__ import main as hiro_main
from solarpass.__main__ import main
from solarpass.city import build_city
from solarpass.draw import draw_missing
from solarpass.errand import ErrandModel, draw_errands
from solarpass.errors import NoRouteError, SolarpassError, SourceError
from solarpass.glare import Glare, GlareModel, find_glares
from solarpass.glarefile import glare_sites, missing_edges, write_glares
from solarpass.glarename import call_glares
from solarpass.missing import Missing, day_departs, find_missing, read_day, sum_missing
from solarpass.osm import read_osm
from solarpass.pavement import PAVEMENT_SOURCES
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
    assert all(10.0 <= glare.length_m <= 400.0 for glare in glares)
    assert [g.saved_min for g in glares] == sorted((g.saved_min for g in glares), reverse=True)
    edges = np.concatenate([glare.edges for glare in glares])
    assert len(np.unique(edges)) == len(edges)
    assert (network.crossing[edges] == 0).all()
    for glare in glares:
        assert glare.saved_min == pytest.approx(missing.saved_min[glare.edges].sum())
        assert len({int(network.side[edge]) for edge in glare.edges}) == 1
        assert glare.line.length == pytest.approx(glare.length_m)


def missing_of(saved_min):
    """Say by hand what shade on each edge saves."""
    saved = np.asarray(saved_min, float)
    zero = np.zeros(len(saved))
    return Missing(
        saved_min=saved,
        low_min=0.5 * saved,
        high_min=2.0 * saved,
        unknown_min=zero,
        error_min=zero.copy(),
        n_walked=np.where(saved > 0.0, 7, 0),
        n_trips=100,
        n_lost=0,
        walk_min=float(saved.sum()) * 2.0,
        sun_min=float(saved.sum()),
        departs=(NOON,),
    )


def draw_street(*, street, n=4, gap_m=15.0, apart_m=12.0):
    """Draw both pavements of `n` blocks of 60 m from west to east, side streets between them."""
    xy, ends, side, name = [], [], [], []
    for y, of in ((0.0, 2), (apart_m, 1)):
        for k in range(n):
            first = len(xy)
            xy += [(k * (60.0 + gap_m), y), (k * (60.0 + gap_m) + 60.0, y)]
            ends.append((first, first + 1))
            side.append(of)
            name.append(street)
    # Where the side streets are crossed.
    for row in (0, 2 * n):
        for k in range(n - 1):
            ends.append((row + 2 * k + 1, row + 2 * k + 2))
            side.append(of)
            name.append(street)
    crossing = [0] * (2 * n) + [1] * (2 * n - 2)
    return draw(xy, ends, side=side, street=name, crossing=crossing)


def test_neighbours_on_one_side_are_one_line_with_the_sum_over_side_streets():
    network = draw_street(street="Long Street")
    saved = np.zeros(network.n_edges)
    south = (network.side == 2) & (network.crossing == 0)
    north = (network.side == 1) & (network.crossing == 0)
    saved[south], saved[north] = [20.0, 3.0, 12.0, 30.0], 2.0
    first, second = find_glares(network, missing_of(saved))
    # The second block is far less bad than the others, but joins them.
    assert (first.side, first.saved_min, first.length_m) == ("south", 65.0, 240.0)
    assert (second.side, second.saved_min, second.length_m) == ("north", 8.0, 240.0)
    assert (network.crossing[first.edges] == 0).all()
    far = find_glares(network, missing_of(saved), model=GlareModel(gap_m=5.0))
    assert len(far) == 8
    short = find_glares(network, missing_of(saved), model=GlareModel(most_m=130.0))
    assert [one.length_m for one in short if one.side == "south"] == [120.0, 120.0]


def test_what_saves_too_little_is_not_told():
    network = draw_street(street="Long Street")
    saved = np.where(network.crossing == 0, 0.4, 0.0)
    missing = missing_of(saved)
    assert len(find_glares(network, missing)) == 2  # 1.6 minutes each
    assert find_glares(network, missing, model=GlareModel(least_min=1.7)) == []
    assert len(find_glares(network, missing, model=GlareModel(least_min=0.0, gap_m=1.0))) == 8


def test_a_square_is_one_stretch_however_large():
    grid = draw_grid(8)
    square = np.full(grid.n_edges, PAVEMENT_SOURCES.index("square"))
    network = replace(grid, pavement=square, osm_id=np.full(grid.n_edges, -4))
    (glare,) = find_glares(network, missing_of(np.full(grid.n_edges, 2.0)))
    assert glare.length_m == grid.length_m.sum()
    assert glare.saved_min == 2.0 * grid.n_edges


def made_glare(line, name=None, side=None, highway="footway"):
    return Glare(
        name=name,
        side=side,
        highway=highway,
        edges=np.array([0]),
        length_m=line.length,
        saved_min=9.0,
        low_min=1.0,
        high_min=12.0,
        unknown_min=0.0,
        n_walked=3,
        line=line,
        worst_xy=(0.0, 0.0),
    )


@pytest.fixture(scope="module")
def small_town(tmp_path_factory):
    osm = MadeOsm().streets(n=9)
    osm.line((-200, 5), (200, 5), highway="residential", name="Markt$straße")
    osm.line((0, -200), (0, 200), highway="residential", name="Allee")
    path = osm.write(tmp_path_factory.mktemp("town") / "town.osm.pbf")
    return build_city(read_osm(path), name="Town")


def test_every_stretch_has_a_name_that_a_person_can_use(small_town):
    streets = small_town.streets.set_index("name").geometry
    alley = shapely.get_coordinates(streets["Allee"])[:, 0].mean()
    market = shapely.get_coordinates(streets["Markt$straße"])[:, 1].mean()

    def line(*xy):
        return shapely.LineString([(alley + x, market + y) for x, y in xy])

    named = call_glares(
        small_town,
        [
            made_glare(line((3, 20), (3, 90)), "Allee", "east"),
            made_glare(line((3, -20), (3, -90)), "Allee", "east"),
            made_glare(line((-3, 20), (-3, 90)), "Allee", "west"),
            made_glare(line((50, 4), (80, 4))),
            made_glare(line((90, 4), (120, 4))),
            made_glare(line((-60, 8), (-50, 20)), highway="square"),
            made_glare(line((-9, 30), (9, 30)), highway="crossing"),
            made_glare(line((4, 60), (9, 60)), highway="crossing"),
            made_glare(line((40, 5), (60, 5)), highway="motorway_link"),
        ],
    )
    assert named == [
        "Allee, east side, near Markt$straße",
        "Allee, east side, near Markt$straße (2)",
        "Allee, west side",
        "footpath near Markt$straße",
        "footpath near Markt$straße (2)",
        "square near Markt$straße",
        "crossing of Allee",
        "crossing near Allee",
        "street near Markt$straße",
    ]
    assert call_glares(small_town, []) == []
    # Where no street has a name, a place tells it, and where there is none, coordinates.
    nameless = replace(small_town, streets=small_town.streets.assign(name=None))
    bare = [made_glare(line((0, 0), (10, 0)))]
    assert call_glares(nameless, bare)[0].startswith("footpath near ")
    nowhere = replace(nameless, places=nameless.places.iloc[:0])
    assert call_glares(nowhere, bare)[0].startswith("footpath near 5")


def test_the_picture_tells_the_names_the_date_and_how_many_trips(helsinki, missing_in_helsinki):
    marks = [("A $1 street", (0.0, 0.0)), ("B " + 99 * "x", (50.0, 80.0))]
    figure = draw_missing(helsinki.city, helsinki.network, missing_in_helsinki, marks=marks)
    figure.draw_without_rendering()
    told = " ".join(text.get_text() for text in figure.findobj(Text))
    assert "60 trips drawn by chance, 2026-07-15 at 12:00, 17:00" in told
    assert r"1 A \$1 street" in told
    assert "…" in told


def test_a_score_of_the_stretches_says_how_much_shade_would_save(
    helsinki, missing_in_helsinki, tmp_path
):
    path = tmp_path / "missing.geojson"
    write_glares(helsinki, missing_in_helsinki, path, n_most=3)
    out, plain = tmp_path / "score.geojson", tmp_path / "plain.csv"
    asked = ["score", str(helsinki.folder), "--out"]
    assert hiro_main([*asked, str(out), "--sites", str(path)]) == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    rows = {one["properties"]["site_id"]: one["properties"] for one in told["features"]}
    table = glare_sites(helsinki, missing_in_helsinki, n_most=3)
    assert {k: row["saved_min"] for k, row in rows.items()} == dict(
        zip(table["site_id"], table["saved_min"], strict=True)
    )
    assert "nobody was counted" in told["units"]["saved_min"]
    pd.DataFrame({"site_id": ["a", "b"], "lat": 60.17, "lon": [24.94, 24.945]}).assign(
        saved_min=["many", "-3"]
    ).to_csv(plain, index=False)
    sites = hiro.read_sites(plain, city=helsinki.city)
    assert "saved_min" not in sites.table
    assert any("saved_min" in note and note.endswith(": 2.") for note in sites.notes)


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
    longest_m = max(400.0, helsinki.network.length_m.max())
    is_square = (table["highway"] == "square").to_numpy(bool)
    assert (table["length_m"][~is_square] <= longest_m + 0.05).all()
    assert table["name"].is_unique
    assert (table["saved_min"] >= 1.0).all()
    assert not table["name"].isin(["square", "footway", "crossing", "cycleway"]).any()
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
    table = glare_sites(helsinki, missing_in_helsinki, n_most=50)
    assert set(sites.table["site_id"]) <= set(table["site_id"])
    assert sites.n_sites > 0.9 * len(table)
    saved = dict(zip(table["site_id"], table["saved_min"], strict=True))
    assert sites.table["saved_min"].tolist() == [saved[one] for one in sites.table["site_id"]]
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


def test_the_command_tells_as_many_as_are_wanted(helsinki, tmp_path):
    out = tmp_path / "few.csv"
    asked = ["--at", "2026-07-15T14:00", "--missing", "--trips", "40", "--out", str(out)]
    assert main(["shade", str(helsinki.folder), *asked, "--most", "4"]) == 0
    worst = pd.read_csv(out)["saved_min"]
    assert len(worst) == 4
    least = f"{worst[2] - 1e-4:.4f}"
    assert main(["shade", str(helsinki.folder), *asked, "--least", least]) == 0
    assert pd.read_csv(out)["saved_min"].min() >= worst[2] - 1e-3


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


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--most", "0", "whole number"), ("--most", "9" * 99, "whole number")]
    + [("--least", text, "minutes, 0 or more") for text in ("nan", "-1", "few")],
)
def test_an_option_that_does_not_read_is_one_sentence(option, value, said, tmp_path, capsys):
    out = str(tmp_path / "m.geojson")
    with pytest.raises(SystemExit) as left:
        main(["shade", "x", "--missing", "--at", "2026-07-15", "--out", out, option, value])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
