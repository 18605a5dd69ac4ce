"""What is guessed has an interval, edge by edge and along a walk."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import crowns, sun_at, world
from streets import BERLIN, draw, draw_grid, place, tabulate

from solarpass.caster import pack_casters
from solarpass.export import edges_at, routes_to_geojson
from solarpass.horizon import build_horizon, read_horizon, save_horizon
from solarpass.interval import IntervalModel, find_doubts, find_interval
from solarpass.map.answer import find_answer
from solarpass.map.card import tell_answer
from solarpass.map.question import Question
from solarpass.map.scene import build_scene
from solarpass.network import Network
from solarpass.route import Route, find_routes
from solarpass.shade import LIT, UNKNOWN, ShadeTable, build_shade
from solarpass.surface import Surface
from solarpass.trip import Trip
from solarpass.words import Words, whole_minutes

EYE_M = 1.1
WALL = shapely.box(-300, -10, 300, 0)


def guessed(
    *shapes: tuple[shapely.Geometry, float, float], trees: gpd.GeoDataFrame | None = None
) -> Surface:
    """Stand shapes on the ground, each with its height and the spread of that."""
    solids = pack_casters(
        gpd.GeoDataFrame(
            {
                "base_m": 0.0,
                "height_m": [shape[1] for shape in shapes],
                "height_spread_m": [shape[2] for shape in shapes],
            },
            geometry=[shape[0] for shape in shapes],
        )
    )
    layers = () if trees is None else (pack_casters(None, trees, transmittance=(0.03, 0.45)),)
    return replace(world(layers=layers), solids=solids)


def plant(xy, *, height_spread_m: float = 0.0, crown_spread_m: float = 0.0) -> gpd.GeoDataFrame:
    """Plant trees of 12 m with crowns of 8 m from 3 m on."""
    return gpd.GeoDataFrame(
        {
            "base_m": 3.0,
            "height_m": 12.0,
            "crown_diameter_m": 8.0,
            "height_spread_m": height_spread_m,
            "crown_spread_m": crown_spread_m,
        },
        index=range(len(xy)),
        geometry=shapely.points(np.asarray(xy, float)),
    )


def away_from_wall() -> Network:
    """Walk straight away from the wall, for 60 m."""
    return draw([(0.0, 1.0), (0.0, 61.0)], [(0, 1)])


def look(surface: Surface, network: Network, *sun: tuple[float, float]) -> ShadeTable:
    return build_shade(build_horizon(surface, network), sun_at(*sun))


# ------------------------------------------------------------------ edges


@pytest.mark.parametrize("elevation_deg", [18.0, 25.0, 40.0])
@pytest.mark.parametrize(("height_m", "spread_m"), [(12.0, 4.0), (12.0, 1.0), (8.0, 7.0)])
def test_a_shadow_ends_as_far_off_as_its_wall_is_high_or_low(elevation_deg, height_m, spread_m):
    # The wall is as much as 1 + r higher or lower over the eye, r the spread over that height.
    sun, above_m = (180.0, elevation_deg), height_m - EYE_M
    table = look(guessed((WALL, height_m, spread_m)), away_from_wall(), sun)
    low, high = (bound.item() for bound in table.sun_bounds(0))
    factor = 1.0 + spread_m / above_m
    for got, over_m in ((low, above_m * factor), (high, above_m / factor)):
        shaded_m = over_m / np.tan(np.deg2rad(elevation_deg)) - 1.0
        assert got == pytest.approx(1.0 - min(shaded_m, 60.0) / 60.0, abs=0.03)
        direct = look(guessed((WALL, over_m + EYE_M, 0.0)), away_from_wall(), sun)
        assert got == pytest.approx(direct.sun_fraction(0)[0], abs=0.03)


def test_what_is_sure_has_no_interval():
    table = look(guessed((WALL, 12.0, 0.0)), away_from_wall(), (180.0, 25.0))
    assert table.low is table.sun
    assert table.high is table.sun


def test_each_side_of_a_street_has_its_own_spread():
    known, unsure = shapely.box(-300, 10, 300, 20), shapely.box(-300, -20, 300, -10)
    surface = guessed((known, 12.0, 0.0), (unsure, 12.0, 6.0))
    aspect = build_horizon(surface, draw([(-40.0, 0.0), (40.0, 0.0)], [(0, 1)])).spread.aspect[0]
    assert aspect[0] == 0  # north
    assert aspect[6] / 32.0 == pytest.approx(6.0 / (12.0 - EYE_M), abs=0.05)


@pytest.mark.parametrize("aspect", [0, 3, 7])
@pytest.mark.parametrize("off_deg", [-10.0, 0.0, 10.0])
def test_what_is_unsure_lies_in_the_aspect_around_it(aspect, off_deg):
    bearing = np.deg2rad(30.0 * aspect + off_deg)
    tower = shapely.Point(60.0 * np.sin(bearing), 60.0 * np.cos(bearing)).buffer(2.0)
    surface = guessed((tower, 20.0, 8.0))
    spread = build_horizon(surface, draw([(-1.0, 0.0), (1.0, 0.0)], [(0, 1)])).spread
    assert np.flatnonzero(spread.aspect[0]).tolist() == [aspect]


def test_a_house_behind_a_higher_one_puts_nothing_in_doubt():
    high, behind = shapely.box(-300, -20, 300, -10), shapely.box(-300, -60, 300, -50)
    surface = guessed((high, 20.0, 0.0), (behind, 12.0, 6.0))
    horizon = build_horizon(surface, draw([(-40.0, 0.0), (40.0, 0.0)], [(0, 1)]))
    assert not horizon.spread.aspect.any()


@pytest.mark.parametrize("spread", [{"height_spread_m": 5.0}, {"crown_spread_m": 4.0}])
def test_crowns_of_unsure_size_give_more_sun_or_less(spread):
    trees = [(x, -2.0) for x in range(-30, 31, 12)]
    walk = draw([(-40.0, 12.0), (40.0, 12.0)], [(0, 1)])
    sure = look(guessed(trees=plant(trees)), walk, (180.0, 40.0))
    unsure = look(guessed(trees=plant(trees, **spread)), walk, (180.0, 40.0))
    assert unsure.sun[0] == sure.sun[0]
    assert unsure.low[0] < sure.low[0] <= sure.sun[0] <= sure.high[0] < unsure.high[0]


def test_crowns_of_known_size_let_more_through_or_less():
    # 1.3 to 5.3 % in leaf, where 3 % is the best guess.
    wood = crowns(woods=[(shapely.box(-100, -100, 100, 100), 3.0, 20.0)])
    table = look(world(layers=(wood,)), draw([(-20.0, 0.0), (20.0, 0.0)], [(0, 1)]), (180.0, 50.0))
    shares = [of[0, 0] / LIT for of in (table.low, table.sun, table.high)]
    assert shares == pytest.approx([0.013, 0.03, 0.053], abs=0.5 / LIT)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_best_guess_lies_between_the_ends_and_the_unknown_is_unknown_in_each(seed):
    rng = np.random.default_rng(seed)
    towers = [
        (shapely.box(x, y, x + 12, y + 9), h, spread)
        for x, y, h, spread in rng.uniform((0, 0, 3, 0), (200, 200, 30, 20), (10, 4))
    ]
    trees = plant(rng.uniform(0, 200, (15, 2)), height_spread_m=5.0, crown_spread_m=3.0)
    extent = shapely.MultiPolygon([shapely.box(-60, -60, 220, 260)])
    surface = replace(guessed(*towers, trees=trees), extent=extent)
    suns = rng.uniform((0, 3), (360, 80), (6, 2)).tolist()
    table = look(surface, draw_grid(3), *map(tuple, suns))
    assert (table.low <= table.sun).all()
    assert (table.sun <= table.high).all()
    unknown = table.sun == UNKNOWN
    np.testing.assert_array_equal(table.low == UNKNOWN, unknown)
    np.testing.assert_array_equal(table.high == UNKNOWN, unknown)
    sure = look(replace(surface, solids=replace(surface.solids, spread_m=np.zeros(10))),
                draw_grid(3), *map(tuple, suns))  # fmt: skip
    np.testing.assert_array_equal(table.sun, sure.sun)  # a spread leaves the best guess


def test_a_spread_comes_back_from_a_folder(tmp_path):
    horizon = build_horizon(guessed((WALL, 12.0, 4.0), trees=plant([(0, 20)])), away_from_wall())
    save_horizon(horizon, tmp_path)
    again = read_horizon(tmp_path)
    for name in ("aspect", "crown", "least", "most"):
        np.testing.assert_array_equal(getattr(again.spread, name), getattr(horizon.spread, name))


def test_without_data_on_casters_nothing_has_an_interval():
    table = look(world(knows_casters=False), away_from_wall(), (180.0, 40.0))
    assert (table.low == UNKNOWN).all()
    assert np.isnan(table.sun_bounds(0)).all()


# ------------------------------------------------------------------ walks


def walk(network: Network, table: ShadeTable, begin, end) -> Route:
    trip = Trip(
        origin=place(begin),
        destination=place(end),
        departs=datetime(2026, 7, 15, 12, 1, tzinfo=BERLIN),
        budget=0.0,
    )
    return find_routes(network, table, trip)[0]


def doubt(network: Network, rng: np.random.Generator) -> ShadeTable:
    """Draw sun, and how much less or more it may be."""
    best = rng.integers(0, LIT + 1, (12, network.n_edges))
    off = rng.integers(0, 120, (2, *best.shape))
    best[rng.random(best.shape) < 0.2] = UNKNOWN
    known = best != UNKNOWN
    low = np.where(known, np.maximum(best - off[0], 0), UNKNOWN)
    high = np.where(known, np.minimum(best + off[1], LIT), UNKNOWN)
    table = tabulate(best)
    return replace(table, low=low.astype(np.uint8), high=high.astype(np.uint8))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), common=st.floats(0, 1), reach_m=st.floats(1, 1e4))
def test_an_interval_is_no_wider_than_the_sum_and_no_narrower_than_of_independent(
    seed, common, reach_m
):
    rng = np.random.default_rng(seed)
    network = draw_grid(4)
    table = doubt(network, rng)
    route = walk(network, table, (0, 0), (300, 300))
    found = find_interval(table, route, model=IntervalModel(common=common, reach_m=reach_m))
    best_s, less_s, more_s = find_doubts(table, route)
    assert best_s.sum() == pytest.approx(found.best_s) == pytest.approx(route.sun_s)
    assert 0.0 <= found.low_s <= found.best_s <= found.high_s <= route.walk_s
    hair = 1e-6
    assert found.best_s - found.low_s <= less_s.sum() + hair
    assert found.high_s - found.best_s <= more_s.sum() + hair
    if found.low_s > 0.0 and np.isfinite(route.edge_sun_fraction).all():
        assert found.best_s - found.low_s >= np.hypot.reduce(less_s) - hair
    if found.high_s < route.walk_s:
        assert found.high_s - found.best_s >= np.hypot.reduce(more_s) - hair


def test_errors_far_from_each_other_make_up_for_each_other():
    widths = []
    for middle_m in (10.0, 2000.0):
        ends = [(0, 0), (50, 0), (50 + middle_m, 0), (100 + middle_m, 0)]
        network = draw(ends, [(0, 1), (1, 2), (2, 3)])
        table = tabulate([[127] * 3] * 12)
        low = np.array([[27, 127, 27]] * 12, np.uint8)
        table = replace(table, low=low)
        found = find_interval(table, walk(network, table, ends[0], ends[-1]))
        widths.append(found.best_s - found.low_s)
        assert found.high_s == found.best_s
    assert widths[1] < 0.9 * widths[0]


@pytest.mark.parametrize("share_unknown", [0.0, 0.3])
def test_where_all_may_be_shade_what_is_unknown_is_left_to_the_last_bit(share_unknown):
    network = draw_grid(4)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        best = rng.integers(0, LIT + 1, (12, network.n_edges))
        best[rng.random(best.shape) < share_unknown] = UNKNOWN
        low = np.where(best == UNKNOWN, UNKNOWN, 0).astype(np.uint8)
        table = replace(tabulate(best), low=low)
        route = walk(network, table, (0, 0), (300, 300))
        found = find_interval(table, route, model=IntervalModel(common=1.0))
        unknown_s = route.edge_walk_s[np.isnan(route.edge_sun_fraction)].sum()
        assert found.low_s >= min(unknown_s, found.best_s)
        assert found.low_s == pytest.approx(unknown_s, abs=1e-6)


def test_the_unknown_counts_as_sun_from_end_to_end():
    network = draw([(0, 0), (100, 0), (200, 0)], [(0, 1), (1, 2)])
    table = tabulate([[UNKNOWN, 100]] * 12)
    table = replace(table, low=np.array([[UNKNOWN, 0]] * 12, np.uint8))
    route = walk(network, table, (0, 0), (200, 0))
    found = find_interval(table, route)
    assert found.low_s == pytest.approx(route.edge_walk_s[0], abs=1e-6)
    assert found.high_s == found.best_s


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_what_is_guessed_or_unknown_never_improves_a_rank(seed):
    # The search reads the best guess alone, in which the unknown is sun.
    rng = np.random.default_rng(seed)
    network = draw_grid(4)
    table = doubt(network, rng)
    sure = replace(table, low=table.sun, high=table.sun)
    as_sun = replace(sure, sun=np.minimum(table.sun, LIT))
    trip = Trip(
        origin=place((0, 0)),
        destination=place((300, 300)),
        departs=datetime(2026, 7, 15, 12, 1, tzinfo=BERLIN),
        budget=0.3,
    )
    found = [find_routes(network, each, trip) for each in (table, sure, as_sun)]
    for routes in zip(*found, strict=True):
        for route in routes[1:]:
            np.testing.assert_array_equal(route.edge, routes[0].edge)
            assert route.sun_s == routes[0].sun_s


# ------------------------------------------------------------------ as it is told

NOON = datetime(2026, 7, 15, 14, 0, tzinfo=ZoneInfo("Europe/Helsinki"))


def test_every_edge_is_told_with_its_ends(helsinki):
    edges = edges_at(helsinki, NOON)
    low, best, high = (edges[f"sun_fraction{end}"] for end in ("_low", "", "_high"))
    known = best.notna()
    assert (low.notna() == known).all()
    assert (high.notna() == known).all()
    assert (low[known] <= best[known]).all()
    assert (best[known] <= high[known]).all()
    assert (low[known] < high[known]).mean() > 0.2  # the rest is all sun or shade


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_walk_is_told_with_its_interval(helsinki, language):
    origin, destination = (60.17633, 24.93678), (60.16616, 24.94937)
    question = Question(origin, destination, NOON, 0.2)
    answer = find_answer(build_scene(helsinki), question, Words(language))
    said = tell_answer(answer)
    told = routes_to_geojson(helsinki, answer.routes)["features"]
    shade = helsinki.shade_on(NOON.date())
    for route, feature in zip(answer.routes, told, strict=True):
        found = find_interval(shade, route)
        properties = feature["properties"]
        assert properties["sun_low_s"] == pytest.approx(found.low_s, abs=1e-3)
        assert properties["sun_high_s"] == pytest.approx(found.high_s, abs=1e-3)
        assert properties["sun_low_s"] < properties["sun_s"] < properties["sun_high_s"]
        ends = whole_minutes(found.low_s), whole_minutes(found.high_s)
        if ends[1] - ends[0] >= 2:
            assert f"({ends[0]}\N{EN DASH}{ends[1]})" in said
