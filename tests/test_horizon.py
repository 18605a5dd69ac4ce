"""The skyline must be the geometry of the scene, whatever the method."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scenes import ON_GROUND, away, crowns, sun_at, world
from streets import draw

from benchmarks.sweeps import Scene
from solarpass import skyline, strip
from solarpass.blend import Blend
from solarpass.errors import FolderError
from solarpass.horizon import (
    Horizon,
    ShadeModel,
    build_horizon,
    place_points,
    read_horizon,
    save_horizon,
)
from solarpass.leaf import find_leaf_year
from solarpass.outlook import Outlook, build_outlook
from solarpass.picture import cast
from solarpass.rim import find_limits
from solarpass.shade import LIT, build_shade
from solarpass.shelf import find_array_types, sum_files
from solarpass.skyline import IN_SOLID, MarchModel
from solarpass.spread import Spread
from solarpass.sun import find_sun
from solarpass.surface import Surface, SurfaceModel, surface_from_arrays

FINE = ShadeModel(march=MarchModel(n_sectors=360))
TOWER = (shapely.box(-5, -5, 5, 5), 20.0)


def look(surface: Surface, *xy: tuple[float, float], model: ShadeModel = ShadeModel()) -> Outlook:
    return build_outlook(surface, np.array(xy, float), latitude_deg=50.0, model=model.march)


def sun_on(horizon: Horizon | Outlook, azimuth_deg: float, elevation_deg: float) -> list[float]:
    return build_shade(horizon, sun_at((azimuth_deg, elevation_deg))).sun_fraction(0).tolist()


# ------------------------------------------------------------------ solids


@pytest.mark.parametrize("azimuth_deg", [0.0, 90.0, 180.0, 270.0, 45.0])
def test_shadow_points_away_from_the_sun(azimuth_deg):
    there = [
        tuple(15.0 * away(turn)) for turn in (azimuth_deg, azimuth_deg + 90, azimuth_deg + 180)
    ]
    assert sun_on(look(world(TOWER), *there), azimuth_deg, 45.0) == [0.0, 1.0, 1.0]


def test_a_45_degree_ray_over_a_street_of_10_m_needs_a_wall_of_11_5_m():
    def facade(height_m: float) -> Surface:
        wall = (shapely.box(-50, -20, 50, -10), height_m)
        return world(wall, model=SurfaceModel(eye_m=1.5))

    assert sun_on(look(facade(11.2), (0, 0)), 180.0, 45.0) == [1.0]
    assert sun_on(look(facade(11.8), (0, 0)), 180.0, 45.0) == [0.0]
    assert sun_on(look(facade(50.0), (0, 0)), 0.0, 45.0) == [1.0]  # behind the observer


def test_each_building_keeps_its_own_height():
    low, high = (shapely.box(-5, -5, 5, 5), 4.0), (shapely.box(95, -5, 105, 5), 40.0)
    assert sun_on(look(world(low, high), (0, 25), (100, 25)), 180.0, 45.0) == [1.0, 0.0]


@pytest.mark.parametrize("height_to_width", [0.25, 0.5, 1.0, 2.0])
def test_sky_view_factor_of_a_long_canyon(height_to_width):
    # Oke (1981): at the middle of an endless street, SVF = cos(atan(2 H / W)).
    width_m = 20.0
    height_m = width_m * height_to_width
    walls = [
        (shapely.box(-4000, width_m / 2, 4000, width_m / 2 + 5), height_m),
        (shapely.box(-4000, -width_m / 2 - 5, 4000, -width_m / 2), height_m),
    ]
    canyon = world(*walls, model=replace(ON_GROUND, lowest_deg=0.3))
    svf = look(canyon, (0, 0)).sky_view_factor()
    assert svf == pytest.approx(np.cos(np.arctan(2 * height_to_width)), abs=5e-3)


def test_sky_view_factor_of_a_square_basin_and_of_flat_ground():
    # Closed form: (4 / pi) a atan(a), a = X / sqrt(1 + X²), X = W / 2H.
    court = shapely.box(-30, -30, 30, 30) - shapely.box(-10, -10, 10, 10)
    svf = look(world((court, 10.0), model=ON_GROUND), (0, 0), model=FINE).sky_view_factor()
    assert svf == pytest.approx(0.5541, abs=5e-3)
    assert look(world(), (0, 0)).sky_view_factor() == pytest.approx(1.0, abs=1e-6)


def test_athens_sees_as_much_sky_as_the_reference_has_it(reference_data):
    folder = reference_data / "validation" / "athens"
    with rasterio.open(folder / "DSM.tif") as dsm:
        solid_m = dsm.read(1)
    expected = np.load(folder / "svf_total.npy")
    surface = surface_from_arrays(solid_m, cell_m=1.0, north_m=400.0)
    # A tenth of the cells, spread over all rows and columns.
    row, column = np.divmod(np.arange(0, solid_m.size, 13), solid_m.shape[1])
    xy = np.column_stack([column + 0.5, 400.0 - row - 0.5])
    as_theirs = MarchModel(lead=0.0)
    horizon = build_outlook(surface, xy, latitude_deg=38.0, on_roofs=True, model=as_theirs)
    svf = horizon.sky_view_factor()
    assert svf.mean() == pytest.approx(0.6784, abs=0.02)
    assert (np.abs(svf - expected[row, column]) < 0.02).mean() >= 0.85


# ------------------------------------------------------------------ crowns


@pytest.mark.parametrize("far_m", [5.0, 9.0, 15.0])
@pytest.mark.parametrize("azimuth_deg", [180.0, 90.0, 300.0])
def test_the_sun_shines_in_beneath_a_flat_crown(azimuth_deg, far_m):
    # A gap below atan((base - eye) / d), d the way to the crown's far edge.
    x, y = -(far_m - 3.0) * away(azimuth_deg)
    tree = world(layers=(crowns([(x, y, 6.0, 3.0, 12.0)]),))
    gap_deg = np.rad2deg(np.arctan2(3.0 - 1.1, far_m))
    horizon = look(tree, (0, 0))
    assert sun_on(horizon, azimuth_deg, gap_deg - 2.5) == [1.0]
    assert sun_on(horizon, azimuth_deg, gap_deg + 2.5) == [pytest.approx(0.03, abs=2e-3)]
    near_m = far_m - 6.0
    if near_m > 0.0:
        top_deg = np.rad2deg(np.arctan2(12.0 - 1.1, near_m))
        assert sun_on(horizon, azimuth_deg, top_deg - 2.5) == [pytest.approx(0.03, abs=2e-3)]
        assert sun_on(horizon, azimuth_deg, top_deg + 2.5) == [1.0]
    assert sun_on(horizon, azimuth_deg - 180.0, 80.0 if near_m > 0.0 else 5.0) == [1.0]


def test_two_trees_one_behind_the_other_leave_a_gap():
    near, far = (0.0, -4.0, 4.0, 4.0, 12.0), (0.0, -60.0, 4.0, 2.0, 9.0)
    horizon = look(world(layers=(crowns([near, far]),)), (0, 0))
    assert sun_on(horizon, 180.0, 45.0)[0] < 0.1  # the near one: 26° to 80°
    assert sun_on(horizon, 180.0, 16.0) == [1.0]  # between them
    assert sun_on(horizon, 180.0, 5.0)[0] < 0.1  # the far one: 1° to 8°


def test_a_crown_behind_a_higher_house_is_not_seen():
    house, tree = (shapely.box(-20, -20, 20, -10), 15.0), (0.0, -26.0, 6.0, 3.0, 10.0)
    horizon = look(world(house, layers=(crowns([tree]),)), (0, 0))
    assert horizon.crown.size == 0


def test_one_walks_beneath_a_roof_and_the_low_sun_comes_in():
    roof = crowns(woods=[(shapely.box(-5, -5, 5, 5), 3.0, 3.5)], transmittance=(0.0, 0.0))
    horizon = look(world(layers=(roof,)), (0, 0))
    assert sun_on(horizon, 180.0, 60.0) == [0.0]
    assert sun_on(horizon, 180.0, 10.0) == [1.0]


def test_light_passes_two_kinds_of_crown_one_after_the_other():
    kinds = (
        crowns([(0.0, -6.0, 6.0, 1.5, 15.0)], transmittance=(0.5, 0.5)),
        crowns([(0.0, -14.0, 6.0, 1.5, 30.0)], transmittance=(0.2, 0.2)),
    )
    assert sun_on(look(world(layers=kinds), (0, 0)), 180.0, 45.0) == [pytest.approx(0.1, abs=2e-3)]


@pytest.mark.parametrize(
    ("latitude_deg", "day", "expected"),
    [(60.2, "2026-07-15", 0.03), (60.2, "2026-01-15", 0.45), (-37.8, "2026-01-15", 0.03)],
)
def test_leaves_are_out_in_the_summer_of_each_hemisphere(latitude_deg, day, expected):
    wood = crowns(woods=[(shapely.box(-50, -50, 50, 50), 3.0, 15.0)])
    horizon = build_outlook(world(layers=(wood,)), np.zeros((1, 2)), latitude_deg=latitude_deg)
    table = build_shade(horizon, sun_at((180.0, 60.0), day=day))
    assert table.sun_fraction(0) == pytest.approx(expected, abs=2e-3)


# ------------------------------------------------------------------ places in and at walls


def test_an_archway_is_in_the_shade_and_a_clipped_corner_is_not():
    block = world((shapely.box(-20, -10, 20, 10), 15.0))
    in_the_arch, at_the_corner = look(block, (0, 0)), look(block, (-19.2, 9.4))
    assert in_the_arch.solid.min() == IN_SOLID
    assert in_the_arch.sky_view_factor().item() == 0.0
    assert sun_on(in_the_arch, 180.0, 60.0) == [0.0]
    assert sun_on(at_the_corner, 315.0, 30.0) == [1.0]
    assert sun_on(at_the_corner, 135.0, 30.0) == [0.0]


def test_a_place_on_the_wall_sees_its_own_side_only():
    wall = world((shapely.box(-40, 0, 40, 12), 15.0))
    horizon = look(wall, (0, -1e-9), (0, 0.0), (0, 0.4))
    assert sun_on(horizon, 180.0, 30.0) == [1.0, 1.0, 1.0]
    assert sun_on(horizon, 0.0, 30.0) == [0.0, 0.0, 0.0]


# ------------------------------------------------------------------ three roads, one answer


boxes = st.tuples(
    st.floats(-40, 40),
    st.floats(-40, 40),
    st.floats(3, 15),
    st.floats(3, 15),
    st.floats(0, 90),
    st.floats(3, 25),
)


@settings(max_examples=60, deadline=None)
@given(
    scene=st.lists(boxes, min_size=1, max_size=5),
    azimuth_deg=st.floats(0, 360),
    elevation_deg=st.floats(8, 70),
    seed=st.integers(0, 2**16),
)
def test_skyline_picture_and_swept_shadows_agree_away_from_edges(
    scene, azimuth_deg, elevation_deg, seed
):
    shapes = [
        (shapely.affinity.rotate(shapely.box(x, y, x + w, y + d), turn), h)
        for x, y, w, d, turn, h in np.round(scene, 3).tolist()  # to the millimetre, as cities are
    ]
    surface = world(*shapes)
    exact = Scene.of(surface)
    rng = np.random.default_rng(seed)
    xy = rng.uniform(-45, 45, (40, 2))
    xy = xy[shapely.distance(shapely.points(xy), exact.built) > 1.0]
    assume(len(xy))
    # Away from edges: the answer holds half a metre aside and for a sun one step aside.
    answers = [
        exact.sun_fraction(
            xy + aside, azimuth_deg=azimuth_deg + turn, elevation_deg=elevation_deg + rise
        )
        for aside in ((0, 0), (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5), (-0.5, -0.5))
        for turn in (-1.3, 0.0, 1.3)
        for rise in (-0.4, 0.0, 0.4)
    ]
    clear = np.ptp(answers, axis=0) == 0.0
    ours = np.array(sun_on(look(surface, *xy), azimuth_deg, elevation_deg))
    assert (ours == answers[4])[clear].all()
    cell_m = 0.5
    picture = cast(
        surface,
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        bounds=(-46, -46, 46, 46),
        cell_m=cell_m,
    )
    column, row = np.floor(~picture.transform @ xy.T).astype(int)
    assert (picture.sun[row, column] == answers[4])[clear].all()


@settings(max_examples=100, deadline=None)
@given(
    corners=st.lists(
        st.tuples(st.floats(-12, 12), st.floats(-12, 12)), min_size=3, max_size=7, unique=True
    ),
    azimuth_deg=st.floats(0, 360),
    elevation_deg=st.floats(10, 80),
    height_m=st.floats(2, 40),
)
def test_the_sweep_of_a_convex_footprint_is_the_hull_of_its_ends(
    corners, azimuth_deg, elevation_deg, height_m
):
    footprint = shapely.convex_hull(shapely.multipoints(corners))
    assume(footprint.geom_type == "Polygon" and footprint.area > 5.0)
    surface = world((footprint, height_m), model=ON_GROUND)
    assume(len(surface.solids) == 1)
    shift = height_m / np.tan(np.deg2rad(elevation_deg)) * away(azimuth_deg)
    hull = shapely.convex_hull(
        shapely.union(footprint, shapely.affinity.translate(footprint, *shift))
    )
    xy = np.random.default_rng(0).uniform(-60, 60, (200, 2))
    clear = shapely.distance(shapely.points(xy), hull.boundary) > 1e-6
    swept = Scene.of(surface).sun_fraction(xy, azimuth_deg=azimuth_deg, elevation_deg=elevation_deg)
    assert ((swept == 0.0) == shapely.contains_xy(hull, xy))[clear].all()


def test_the_sky_is_asked_for_less_without_changing_the_answer(monkeypatch):
    # The pyramid of maxima only saves work: raised beyond all tops, it saves none.
    rng = np.random.default_rng(5)
    towers = [
        (shapely.box(x, y, x + 9, y + 6), h)
        for x, y, h in rng.uniform((-150, -150, 3), (150, 150, 30), (60, 3))
    ]
    trees = rng.uniform((-150, -150, 4, 2, 7), (150, 150, 9, 4, 15), (40, 5))
    surface = world(*towers, layers=(crowns(trees),))
    xy = rng.uniform(-100, 100, (60, 2))
    quick = look(surface, *xy)
    build = skyline._build_pyramid

    def blunt(*given):
        pyramid = build(*given)
        return pyramid._replace(top=np.full_like(pyramid.top, 60_000))

    monkeypatch.setattr(skyline, "_build_pyramid", blunt)
    slow = look(surface, *xy)
    for name in ("solid", "crown", "crown_column"):
        np.testing.assert_array_equal(getattr(quick, name), getattr(slow, name))


def test_hills_shade_too():
    # A ridge 30 m high, 100 m east; the valley floor at 0, its eye at 1.1 m.
    ground = np.zeros((200, 300))
    ground[:, 200:] = 30.0
    hill = surface_from_arrays(ground, cell_m=1.0, ground_m=ground, west_m=-100.0, north_m=100.0)
    horizon = look(hill, (0.0, 0.0), (150.0, 0.0))
    edge_deg = np.rad2deg(np.arctan2(30.0 - 1.1, 100.0))
    assert sun_on(horizon, 90.0, edge_deg - 1.0) == [0.0, 1.0]
    assert sun_on(horizon, 90.0, edge_deg + 1.0) == [1.0, 1.0]


# ------------------------------------------------------------------ along edges


def street(*, covered: bool = False):
    """Lay 60 m along the x axis, a long way north, and an edge without length at its end."""
    network = draw([(-30, 0), (30, 0), (0, 200), (0, 200)], [(0, 1), (1, 2), (2, 3)])
    return replace(network, is_covered=covered & (np.abs(network.length_m - 60.0) < 1e-9))


def find_edges(network) -> list[int]:
    """Tell which edges are the 60 m, the long one and the one without length."""
    return np.argsort(np.abs(network.length_m - [[60.0], [np.hypot(30, 200)], [0.0]])).T[0].tolist()


def test_points_stand_at_the_middles_of_equal_pieces():
    network = draw([(0, 0), (10, 0), (90, 0)], [(0, 1), (1, 2)], via=[(5, 5), (np.nan, np.nan)])
    n_points = np.array([7, 80])
    for edge, xy in enumerate(np.split(place_points(network, n_points), [7])):
        line = shapely.LineString(network.geometry(edge))
        along = shapely.line_locate_point(line, shapely.points(xy)) / line.length
        expected = (np.arange(len(xy)) + 0.5) / len(xy)
        np.testing.assert_allclose(along, expected, atol=1e-5)
        assert shapely.distance(line, shapely.points(xy)).max() < 1e-5


def test_an_edge_without_length_is_still_somewhere():
    still = find_edges(street())[2]
    network = street()
    xy = place_points(network, (np.arange(network.n_edges) == still).astype(int))
    np.testing.assert_allclose(xy, [(0, 200)])
    wall = world((shapely.box(-9, 210, 9, 211), 30.0))
    table = build_shade(build_horizon(wall, network), sun_at((0.0, 45.0), (180.0, 45.0)))
    assert table.sun_fraction(0)[still] == 0.0
    assert table.sun_fraction(1)[still] == 1.0


def test_a_covered_edge_needs_no_points():
    network = street(covered=True)
    horizon = build_horizon(world(TOWER), network)
    assert sorted(horizon.blend.row_edge) == np.flatnonzero(~network.is_covered).tolist()
    fraction = build_shade(horizon, sun_at((180.0, 50.0))).sun_fraction(0)
    assert fraction[find_edges(network)].tolist() == [0.0, 1.0, 1.0]


def test_an_edge_has_the_share_of_its_length_that_the_sun_reaches():
    # A wall 8 m high, 10 m south of 20 of the street's 60 m; sun in the south at 30°.
    wall = (shapely.box(-10, -14, 10, -5), 8.0)
    table = build_shade(build_horizon(world(wall), street()), sun_at((180.0, 30.0)))
    assert table.sun_fraction(0)[find_edges(street())[0]] == pytest.approx(2 / 3, abs=0.01)


def test_a_long_edge_is_marched_in_pieces_that_add_up():
    rng = np.random.default_rng(3)
    towers = [
        (shapely.box(x, y, x + 9, y + 6), h)
        for x, y, h in rng.uniform((-700, -40, 3), (700, 40, 30), (60, 3))
    ]
    surface = world(
        *towers, layers=(crowns(rng.uniform((-700, -40, 4, 2, 7), (700, 40, 9, 4, 15), (60, 5))),)
    )
    network = draw([(-690, 0), (690, 3)], [(0, 1)])
    whole = ShadeModel(march=MarchModel(chunk_m=4096.0))
    sun = sun_at((130.0, 20.0), (200.0, 40.0))
    in_pieces, at_once = (
        build_shade(build_horizon(surface, network, model=model), sun).sun
        for model in (ShadeModel(), whole)
    )
    np.testing.assert_array_equal(in_pieces, at_once)
    assert 0 < at_once.min() < LIT


YEAR = find_sun(
    pd.date_range("2026-01-01", periods=365 * 24, freq="h", tz="UTC"),
    latitude_deg=52.5,
    longitude_deg=13.4,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    scene=st.lists(boxes, min_size=1, max_size=5),
    hour=st.sampled_from(np.flatnonzero(YEAR.elevation_deg > 12.0).tolist()),
    seed=st.integers(0, 2**16),
)
def test_an_edge_has_the_sun_of_swept_shadows_away_from_edges(scene, hour, seed):
    # Suns that stand over the streets drawn here at some hour of a year, each edge's own.
    azimuth_deg, elevation_deg = YEAR.azimuth_deg[hour], YEAR.elevation_deg[hour]
    surface = world(
        *[
            (shapely.affinity.rotate(shapely.box(x, y, x + w, y + d), turn), h)
            for x, y, w, d, turn, h in np.round(scene, 3).tolist()
        ]
    )
    exact = Scene.of(surface)
    network = draw(np.random.default_rng(seed).uniform(-60, 60, (2, 2)), [(0, 1)])
    xy = place_points(network, np.array([200]))
    assume((shapely.distance(shapely.points(xy), exact.built) > 2.0).all())
    # Between the answers aside and for suns a sector and a step aside, which it lies between.
    answers = [
        exact.sun_fraction(
            xy + aside, azimuth_deg=azimuth_deg + turn, elevation_deg=elevation_deg + rise
        ).mean()
        for aside in ((0, 0), (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5), (-0.5, -0.5))
        for turn in (-2.0, -1.0, 0.0, 1.0, 2.0)
        for rise in (-3.0, -1.5, 0.0, 1.5, 3.0)
    ]
    ours = sun_on(build_horizon(surface, network), azimuth_deg, elevation_deg)[0]
    assert min(answers) - 0.04 <= ours <= max(answers) + 0.04


def test_a_bridge_is_lit_above_its_deck_and_dark_below():
    deck = crowns(woods=[(shapely.box(-40, -6, 40, 6), 5.0, 6.0)], transmittance=(0.0, 0.0))
    house = (shapely.box(-40, -30, 40, -20), 6.5)
    network = draw([(-30, 0), (30, 0), (-29, 1), (29, 1)], [(0, 1), (2, 3)])
    over = network.length_m > 59.0
    network = replace(network, level_m=np.where(over, 6.0, 0.0).astype(np.float32))
    horizon = build_horizon(world(house, layers=(deck,)), network)
    table = build_shade(horizon, sun_at((180.0, 60.0), (180.0, 8.0)))
    np.testing.assert_allclose(table.sun_fraction(0), np.where(over, 1.0, 0.0))
    np.testing.assert_allclose(table.sun_fraction(1), np.where(over, 1.0, 0.0))
    np.testing.assert_allclose(horizon.sky_view_factor()[over], 1.0, atol=2e-3)
    assert horizon.sky_view_factor()[~over].item() < 0.6


def test_a_bridge_is_no_archway_unless_the_house_rises_above_it():
    network = draw([(-20, 0), (20, 0)], [(0, 1)])
    raised = replace(network, level_m=np.full(1, 7.0, np.float32))
    low, high = world((shapely.box(-30, -9, 30, 9), 6.0)), world((shapely.box(-30, -9, 30, 9), 9.0))
    assert sun_on(build_horizon(low, raised), 180.0, 60.0) == [1.0]
    assert sun_on(build_horizon(high, raised), 180.0, 60.0) == [0.0]
    assert sun_on(build_horizon(low, network), 180.0, 60.0) == [0.0]


def test_an_edge_sees_as_much_sky_as_its_places():
    width_m, height_m = 20.0, 10.0
    walls = [
        (shapely.box(-4000, width_m / 2, 4000, width_m / 2 + 5), height_m),
        (shapely.box(-4000, -width_m / 2 - 5, 4000, -width_m / 2), height_m),
    ]
    canyon = world(*walls, model=replace(ON_GROUND, lowest_deg=0.3))
    horizon = build_horizon(canyon, draw([(-15, 0), (15, 0)], [(0, 1)]))
    assert horizon.sky_view_factor() == pytest.approx(np.cos(np.arctan(1.0)), abs=0.01)
    solid_deg, low_deg, high_deg = horizon.skyline_deg(0)
    assert solid_deg[[0, 90]] == pytest.approx(45.0, abs=1.5)
    assert solid_deg[45] < 1.0
    np.testing.assert_array_equal(low_deg, high_deg)


def test_along_an_edge_crowns_are_where_half_of_it_looks_through_them():
    avenue = crowns([(x, -10.0, 8.0, 4.1, 15.1) for x in range(-60, 61, 4)])
    horizon = build_horizon(world(layers=(avenue,)), draw([(-20, 0), (20, 0)], [(0, 1)]))
    solid_deg, low_deg, high_deg = horizon.skyline_deg(0)
    assert solid_deg.max() == pytest.approx(0.0, abs=1.0)
    assert low_deg[90] == pytest.approx(np.rad2deg(np.arctan2(3.0, 14.0)), abs=3.0)
    assert high_deg[90] == pytest.approx(np.rad2deg(np.arctan2(14.0, 6.0)), abs=5.0)
    assert low_deg[0] == high_deg[0] == solid_deg[0]


# ------------------------------------------------------------------ the reference itself


def reference(surface: Surface, xy: np.ndarray, **sun: float) -> np.ndarray:
    return Scene.of(surface).sun_fraction(xy, **sun)


def grid(west: float, south: float, east: float, north: float, *, step: float) -> np.ndarray:
    x, y = np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


@pytest.mark.parametrize("elevation_deg", [10.0, 30.0, 60.0])
def test_the_reference_ends_a_walls_shadow_at_h_over_tan(elevation_deg):
    wall = world((shapely.box(-500, -1, 500, 0), 12.0), model=ON_GROUND)
    xy = np.column_stack([np.zeros(1000), np.linspace(0.05, 99.95, 1000)])
    sun = reference(wall, xy, azimuth_deg=180.0, elevation_deg=elevation_deg)
    shadow_m = 0.1 * (sun == 0.0).sum()
    assert shadow_m == pytest.approx(12.0 / np.tan(np.deg2rad(elevation_deg)), abs=0.1)


@pytest.mark.parametrize(("eye_m", "shaded_m2"), [(0.0, 240.0), (1.1, 218.0)])
def test_the_reference_shades_the_court_of_a_ring_as_far_as_its_south_wing(eye_m, shaded_m2):
    ring = shapely.box(-20, -20, 20, 20) - shapely.box(-10, -10, 10, 10)
    surface = world((ring, 12.0), model=SurfaceModel(eye_m=eye_m))
    xy = grid(-10, -10, 10, 10, step=0.2)
    sun = reference(surface, xy, azimuth_deg=180.0, elevation_deg=45.0)
    assert 0.04 * (sun == 0.0).sum() == pytest.approx(shaded_m2, abs=2.1)


def test_the_reference_sweeps_a_cube_to_twice_its_footprint():
    # 0.0001° by 0.0001° at (0, 0), as high as wide, the sun in the east at 45°.
    side_m = 11.13
    cube = world((shapely.box(0, 0, side_m, side_m), side_m), model=ON_GROUND)
    xy = grid(-2 * side_m, -side_m, 2 * side_m, 2 * side_m, step=side_m / 40)
    sun = reference(cube, xy, azimuth_deg=90.0, elevation_deg=45.0)
    assert (sun == 0.0).sum() * (side_m / 40) ** 2 == pytest.approx(2 * side_m**2, rel=1e-3)


@pytest.mark.parametrize("far_m", [5.0, 12.0])
def test_the_reference_lets_the_sun_in_under_a_crown(far_m):
    tree = world(layers=(crowns(woods=[(shapely.box(-9, -far_m, 9, 3 - far_m), 3.0, 12.0)]),))
    gap_deg = np.rad2deg(np.arctan2(3.0 - 1.1, far_m))
    xy = np.zeros((1, 2))
    assert reference(tree, xy, azimuth_deg=180.0, elevation_deg=gap_deg - 0.1) == 1.0
    assert reference(tree, xy, azimuth_deg=180.0, elevation_deg=gap_deg + 0.1) == pytest.approx(
        0.03
    )


# ------------------------------------------------------------------ the city as edges


def test_leaves_come_and_go_as_at_the_latitude_of_the_streets_or_as_the_surface_tells():
    there = build_horizon(world(TOWER), street()).leaf_year
    assert there == pytest.approx(find_leaf_year(52.5), abs=0.01)
    told = replace(world(TOWER), leaf_year=np.linspace(0.0, 1.0, 366))
    assert build_horizon(told, street()).leaf_year == pytest.approx(told.leaf_year)


def test_a_city_without_building_data_is_unknown_by_day_and_night_by_night():
    network = street(covered=True)
    horizon = build_horizon(world(knows_casters=False), network)
    table = build_shade(horizon, sun_at((180.0, 50.0), (180.0, -1.0)))
    by_day = table.sun_fraction(0)[find_edges(network)]
    np.testing.assert_array_equal(by_day, [0.0, np.nan, np.nan])
    np.testing.assert_array_equal(table.sun_fraction(1), [0.0, 0.0, 0.0])


def test_near_the_rim_only_beams_over_known_ground_are_known():
    house = (shapely.box(50, -5, 54, 5), 20.0)
    extent = shapely.MultiPolygon([shapely.box(-500, -500, 60, 500)])
    horizon = look(world(house, extent=extent), (30, 40), (30, 0), (90, 0), (-400, 0))
    east, west = sun_on(horizon, 90.0, 20.0), sun_on(horizon, 270.0, 20.0)
    # 30 m to the rim: the beam leaves at 11 m. Behind the house, outside, far inside.
    np.testing.assert_array_equal(east, [np.nan, 0.0, np.nan, 1.0])
    np.testing.assert_array_equal(west, [1.0, 1.0, 0.0, 1.0])
    high = sun_on(horizon, 90.0, 60.0)
    np.testing.assert_array_equal(high, [1.0, 1.0, np.nan, 1.0])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_the_known_ends_where_the_way_to_the_sun_leaves_the_extent(seed):
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, 9))
    star = shapely.Polygon(
        np.column_stack([np.cos(turn), np.sin(turn)]) * rng.uniform(60, 300, (9, 1))
    )
    assume(star.is_valid and star.area > 5000)
    extent = shapely.MultiPolygon([star])
    surface = world((shapely.box(0, 0, 4, 4), 21.1), extent=extent)
    xy = rng.uniform(-150, 150, (12, 2))
    limit, row = find_limits(surface, xy, np.arange(13), n_sectors=36, most_unknown=0.0)
    rim = shapely.simplify(extent, 5.0).boundary
    for (x, y), place in zip(xy, row, strict=True):
        if shapely.distance(rim, shapely.Point(x, y)) < 0.1:
            continue
        assert place >= 0
        for sector in range(36):
            far = -600.0 * away(10.0 * sector) + (x, y)
            way = shapely.LineString([(x, y), far]).intersection(rim)
            exit_m = way.distance(shapely.Point(x, y)) if not way.is_empty else np.inf
            if not shapely.contains_xy(shapely.simplify(extent, 5.0), x, y):
                exit_m = 0.0
            assert limit[place, sector] == pytest.approx(254 * 20 / (20 + exit_m), abs=1.5)


def test_an_edge_is_unknown_when_too_much_of_it_is():
    extent = shapely.MultiPolygon([shapely.box(-500, -500, 500, 500)])
    network = draw([(400, 0), (500, 0)], [(0, 1)])
    surface = world((shapely.box(-300, 0, -290, 9), 21.1), extent=extent)

    def sun_fraction(most_unknown: float) -> float:
        model = ShadeModel(most_unknown_fraction=most_unknown)
        horizon = build_horizon(surface, network, model=model)
        return build_shade(horizon, sun_at((90.0, 45.0))).sun_fraction(0)[0]  # 20 of 100 m

    assert np.isnan(sun_fraction(0.1))
    assert sun_fraction(0.3) == 1.0


# ------------------------------------------------------------------ the folder


def test_a_saved_horizon_is_read_back_whole(tmp_path):
    surface = world(TOWER, layers=(crowns([(20, 0, 8, 3, 10)]),))
    horizon = build_horizon(surface, street())
    save_horizon(horizon, tmp_path / "a")
    again = read_horizon(tmp_path / "a")
    for name in find_array_types(Blend):
        np.testing.assert_array_equal(getattr(again.blend, name), getattr(horizon.blend, name))
    sun = sun_at((180.0, 30.0), (100.0, 10.0))
    assert (build_shade(again, sun).sun == build_shade(horizon, sun).sun).all()
    save_horizon(build_horizon(surface, street()), tmp_path / "b")
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.parametrize(
    "harm", ["none", "format", "torn", "cut", "blank", "foreign", "missing", "text"]
)
def test_a_folder_that_is_not_a_horizon_of_ours_is_refused(tmp_path, harm):
    folder = tmp_path / "horizon"
    if harm != "none":
        save_horizon(build_horizon(world(TOWER), street()), folder)
    if harm == "format":
        text = (folder / "horizon.json").read_text().replace('"format": ', '"format": 9')
        (folder / "horizon.json").write_text(text)
    if harm == "torn":
        (folder / "code.npy").write_bytes(b"\x93NUMPY")
    if harm == "cut":
        (folder / "code.npy").write_bytes((folder / "code.npy").read_bytes()[:-9])
    if harm == "blank":  # what a machine leaves that stops before its disk has all
        bytes_ = (folder / "code.npy").read_bytes()
        (folder / "code.npy").write_bytes(bytes_[:-9] + bytes(9))
    if harm == "foreign":
        network = draw([(-30, 0), (30, 0)], [(0, 1)])
        save_horizon(build_horizon(world(TOWER), network), tmp_path / "other")
        (tmp_path / "other" / "n_levels.npy").replace(folder / "n_levels.npy")
    if harm == "missing":
        (folder / "code_start.npy").unlink()
    if harm == "text":
        (folder / "horizon.json").write_text("no json")
    with pytest.raises(FolderError, match="solarpass build"):
        read_horizon(folder)


def save(folder):
    horizon = build_horizon(world(TOWER, layers=(crowns([(20, 0, 8, 3, 10)]),)), street())
    save_horizon(horizon, folder)


def retell(folder, **told):
    """Change what ``horizon.json`` tells."""
    path = folder / "horizon.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **told}))


def refused(folder):
    with pytest.raises(FolderError, match="solarpass build") as caught:
        read_horizon(folder)
    said = str(caught.value)
    assert str(folder) in said
    assert said.endswith(".")
    assert "\n" not in said
    return said


HORIZON_ARRAYS = tuple(name for kind in (Blend, Spread, Horizon) for name in find_array_types(kind))


@pytest.mark.parametrize("name", HORIZON_ARRAYS)
def test_no_byte_of_a_horizon_may_change(tmp_path, name):
    save(tmp_path)
    path = tmp_path / f"{name}.npy"
    kept = path.read_bytes()
    for at in (*range(0, 128, 7), len(kept) - 1):  # of the header, and of the array
        path.write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
        assert "not those that were written" in refused(tmp_path)


UNSOUND = [
    ("n_levels", np.zeros_like, "n_levels.npy holds what cannot be"),
    ("n_levels", lambda a: a.astype(np.int64), "n_levels.npy holds int64, not uint8"),
    ("n_levels", lambda a: a[:-1], "do not fit each other"),
    ("row_edge", lambda a: a - 1, "row_edge.npy holds what cannot be"),
    ("row_edge", lambda a: a + 1, "row_edge.npy holds what cannot be"),
    ("row_edge", lambda a: a.astype(float), "row_edge.npy holds float64, not int32"),
    ("is_covered", lambda a: a[:0], "do not fit each other"),
    ("is_covered", lambda a: a[0], "solarpass build"),
    ("is_covered", lambda a: a.astype(np.uint8), "is_covered.npy holds uint8, not bool"),
    ("transmittance", lambda a: a + 1.0, "transmittance.npy holds what cannot be"),
    ("transmittance", lambda a: a * np.nan, "transmittance.npy holds what cannot be"),
    ("transmittance", np.ravel, "do not fit each other"),
    ("leaf_year", lambda a: a - 0.1, "leaf_year.npy holds what cannot be"),
    ("leaf_year", lambda a: a[:365], "do not fit each other"),
    ("block_row", lambda a: a[:0], "do not fit each other"),
    ("block_row", lambda a: a[::-1], "do not fit each other"),
    ("code_start", lambda a: a[[0, 2, 1, *range(3, len(a))]], "do not fit each other"),
    ("code_start", lambda a: a[1:], "do not fit each other"),
    ("code", lambda a: a[:-1], "do not fit each other"),
    ("code", lambda a: a.reshape(1, -1), "do not fit each other"),
    ("aspect", lambda a: a[1:], "do not fit each other"),
    ("aspect", lambda a: a[:, :4], "do not fit each other"),
    ("crown", lambda a: a - 1.0, "do not fit each other"),
    ("crown", lambda a: a * np.nan, "do not fit each other"),
    ("least", lambda a: a + 0.5, "do not fit each other"),
    ("most", lambda a: a + 1.0, "do not fit each other"),
]


@pytest.mark.parametrize(
    ("name", "alter", "says"),
    UNSOUND,
    ids=[f"{name}-{k}" for k, (name, *_) in enumerate(UNSOUND)],
)
def test_a_horizon_that_cannot_be_is_refused_though_signed(tmp_path, name, alter, says):
    save(tmp_path)
    np.save(tmp_path / f"{name}.npy", alter(np.load(tmp_path / f"{name}.npy")))
    retell(tmp_path, crc32=sum_files(tmp_path, HORIZON_ARRAYS))
    assert says in refused(tmp_path)


@pytest.mark.parametrize(
    "told",
    [
        *({"n_points": None}, {"n_points": "9"}, {"n_points": -1}, {"n_points": 2.5}),
        *({"n_sectors": "180"}, {"n_sectors": 0}, {"n_sectors": True}, {"n_sectors": [180]}),
        *({"knows_casters": 1}, {"knows_casters": "yes"}, {"crc32": None}, {"crc32": "0"}),
        *({"most_unknown_fraction": value} for value in ("0.2", None, -0.1, 1.5, float("nan"))),
    ],
    ids=str,
)
def test_a_horizon_that_is_told_otherwise_is_refused(tmp_path, told):
    save(tmp_path)
    retell(tmp_path, **told)
    refused(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null", "3", "{}", '{"format": 5}', '"format"'])
def test_a_horizon_that_tells_nothing_is_refused(tmp_path, text):
    save(tmp_path)
    (tmp_path / "horizon.json").write_text(text)
    refused(tmp_path)


def test_threads_and_repetition_give_the_same_bytes(monkeypatch):
    rng = np.random.default_rng(7)
    towers = [
        (shapely.box(x, y, x + 9, y + 6), h)
        for x, y, h in rng.uniform((-700, -700, 3), (700, 700, 30), (200, 3))
    ]
    surface = world(
        *towers, layers=(crowns(rng.uniform((-700, -700, 4, 2, 7), (700, 700, 9, 4, 15), (99, 5))),)
    )
    network = draw(rng.uniform(-600, 600, (12, 2)), [(i, i + 1) for i in range(11)])
    two = build_horizon(surface, network)
    monkeypatch.setattr(strip, "N_THREADS", 1)
    one = build_horizon(surface, network)
    for name in find_array_types(Blend):
        np.testing.assert_array_equal(getattr(one.blend, name), getattr(two.blend, name))


def test_a_skyline_can_be_drawn():
    horizon = look(world(TOWER, layers=(crowns([(0, 40, 8, 3, 10)]),)), (0, 20))
    solid_deg, low_deg, high_deg = horizon.skyline_deg(0)
    south, north = 90, 0
    assert solid_deg[south] == pytest.approx(np.rad2deg(np.arctan2(18.9, 15.0)), abs=0.5)
    assert solid_deg[north] == 0.0
    assert low_deg[north] == pytest.approx(np.rad2deg(np.arctan2(1.9, 24.0)), abs=1.5)
    assert high_deg[north] == pytest.approx(np.rad2deg(np.arctan2(8.9, 16.0)), abs=2.0)
    assert low_deg[south] == high_deg[south]


def test_arrays_are_locked():
    horizon = look(world(TOWER), (0, 20))
    with pytest.raises(ValueError, match="read-only"):
        horizon.solid[0] = 1


def test_progress_ends_at_one():
    told = []
    build_horizon(world(TOWER), street(), progress=lambda step, share: told.append((step, share)))
    assert told[-1] == ("horizon", 1.0)
    assert LIT == 254
