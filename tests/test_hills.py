"""Ground that rises: slopes nearby, hills far away, and what stands on them."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scenes import sun_at, world

from solarpass.caster import pack_casters
from solarpass.hills import HillModel, Hills
from solarpass.outlook import build_outlook
from solarpass.picture import cast
from solarpass.relief import Relief
from solarpass.shade import build_shade
from solarpass.skyline import MarchModel
from solarpass.tile import Measured
from solarpass.window import Window

AZIMUTH_DEG = np.arange(180) * 2.0
RADIUS_M = 6_371_000.0 * 7.0 / 6.0


def relief(height, *, side_m: float, cell_m: float) -> Relief:
    """Shape the ground of a square around the origin by a function of x and y."""
    n = round(side_m / cell_m)
    window = Window(-(n // 2), -(n // 2), n, n, cell_m)
    at = (np.arange(n) - n // 2 + 0.5) * cell_m
    return Relief(window, np.asarray(height(*np.meshgrid(at, at)), np.float32))


def land(height, *, near_m: float = 4_000.0, far_m: float = 0.0, far_cell_m: float = 20.0):
    """Measure the ground near by, and far around."""
    dem = relief(height, side_m=near_m, cell_m=2.0)
    far = relief(height, side_m=far_m, cell_m=far_cell_m) if far_m else None
    return Measured(
        lowest_m=float(np.floor(dem.height_m.min())),
        dem=dem,
        hills=Hills(far) if far else None,
    )


def skyline(surface, *xy, model=MarchModel()):
    outlook = build_outlook(surface, np.array(xy, float), latitude_deg=47.0, model=model)
    return np.stack([outlook.skyline_deg(place)[0] for place in range(len(xy))])


def sector(azimuth_deg: float) -> int:
    return round(azimuth_deg / 2.0) % 180


# ------------------------------------------------------------------ reading between cells


def test_a_relief_of_a_plane_is_that_plane_between_its_cells():
    plane = relief(lambda x, y: 100.0 + 0.3 * x - 0.2 * y, side_m=200.0, cell_m=5.0)
    xy = np.random.default_rng(0).uniform(-95.0, 95.0, (200, 2))
    assert plane.at(xy) == pytest.approx(100.0 + xy @ [0.3, -0.2], abs=1e-3)
    window = Window(-100, -60, 30, 50, 0.5)
    middle_x, middle_y = np.meshgrid(
        (window.column + np.arange(50) + 0.5) * 0.5, (window.row + np.arange(30) + 0.5) * 0.5
    )
    expected = 100.0 + 0.3 * middle_x - 0.2 * middle_y
    assert plane.sample(window) == pytest.approx(expected, abs=1e-3)


def test_beyond_a_relief_and_in_its_holes_nothing_is_known():
    height = np.full((4, 4), 7.0, np.float32)
    height[1, 2] = np.nan
    holed = Relief(Window(0, 0, 4, 4, 1.0), height)
    at = holed.at(np.array([[-0.1, 1.0], [4.1, 1.0], [2.5, 1.5], [1.9, 1.5]]))
    # Beside the hole the cell's own height holds: a hole is no pit.
    assert np.isnan(at).tolist() == [True, True, True, False]
    assert at[3] == 7.0
    assert np.isnan(holed.sample(Window(-1, -1, 6, 6, 1.0))).sum() == 36 - 16 + 1


def test_roofs_are_taken_cell_by_cell():
    steps = Relief(Window(0, 0, 1, 2, 1.0), np.array([[0.0, 10.0]], np.float32))
    fine = Window(0, 0, 4, 8, 0.25)
    assert np.unique(steps.sample(fine, smooth=False)).tolist() == [0.0, 10.0]
    assert len(np.unique(steps.sample(fine))) > 2


# ------------------------------------------------------------------ closed forms


def test_ground_that_is_high_is_as_good_as_flat():
    tower = (shapely.box(-5, 10, 5, 20), 20.0)
    low = world(tower)
    high = replace(low, measured=land(lambda x, _: np.full_like(x, 812.0), near_m=800.0))
    places = [(0.0, 0.0), (0.0, 30.0), (40.0, -10.0), (3.0, 9.0)]
    assert skyline(high, *places) == pytest.approx(skyline(low, *places), abs=1e-6)


@pytest.mark.parametrize("slope", [0.05, 0.2, 0.4])
def test_an_endless_slope_is_the_horizon(slope):
    # Uphill the skyline nears the slope itself, across and downhill it is level.
    surface = replace(
        world(), measured=land(lambda x, _: 500.0 + slope * x, near_m=2_000.0, far_m=20_000.0)
    )
    [seen] = skyline(surface, (0.0, 0.0))
    uphill_deg = np.rad2deg(np.arctan(slope))
    assert seen[sector(90.0)] == pytest.approx(uphill_deg, abs=0.35)
    assert seen[sector(30.0)] == pytest.approx(np.rad2deg(np.arctan(slope / 2.0)), abs=0.35)
    assert seen[sector(270.0)] == seen[sector(200.0)] == 0.0


def test_the_horizon_of_a_valley_is_its_ridges():
    # A valley 3 km wide that runs north, with ridges of 900 m and 400 m; the Earth bends 0.6 m.
    def ridges(x, _):
        return np.interp(x, [-1500.0, 0.0, 2000.0], [900.0, 0.0, 400.0])

    surface = replace(world(), measured=land(ridges, near_m=1_500.0, far_m=24_000.0))
    [seen] = skyline(surface, (0.0, 0.0))
    west = np.rad2deg(np.arctan2(900.0 - 1.1, 1500.0))
    east = np.rad2deg(np.arctan2(400.0 - 1.1, 2000.0))
    assert seen[sector(270.0)] == pytest.approx(west, abs=0.4)
    assert seen[sector(90.0)] == pytest.approx(east, abs=0.4)
    assert seen[sector(0.0)] == seen[sector(180.0)] == 0.0
    # The sun is gone behind the western ridge before it sets, and not behind the other.
    outlook = build_outlook(surface, np.zeros((1, 2)), latitude_deg=47.0)
    sun = build_shade(outlook, sun_at((270.0, west - 1.5), (270.0, west + 1.5), (90.0, west - 1.5)))
    assert [sun.sun_fraction(row)[0] for row in range(3)] == [0.0, 1.0, 1.0]


def test_a_mountain_sinks_behind_the_bend_of_the_earth():
    # A wall 1,000 m high 30 km away stands (30 km)² / 2R = 61 m lower than on a flat Earth.
    def wall(x, y):
        return np.where(np.hypot(x, y) > 30_000.0, 1_000.0, 0.0)

    surface = replace(world(), measured=land(wall, near_m=800.0, far_m=64_000.0, far_cell_m=100.0))
    [seen] = skyline(surface, (0.0, 0.0))
    bent = np.rad2deg(np.arctan((1_000.0 - 1.1 - 30_000.0**2 / (2.0 * RADIUS_M)) / 30_000.0))
    assert seen.mean() == pytest.approx(bent, abs=0.12)


def test_a_house_on_a_slope_stands_on_its_lowest_corner():
    # OpenStreetMap counts a height from the lowest ground that a building touches.
    slope = 0.3
    measured = land(lambda x, _: 200.0 + slope * x, near_m=800.0)

    def ground(xy):
        return measured.dem.at(xy).astype(float) - measured.lowest_m

    shape = shapely.box(20.0, -30.0, 30.0, 30.0)
    frame = gpd.GeoDataFrame({"base_m": [0.0], "height_m": [12.0]}, geometry=[shape])
    surface = replace(world(), solids=pack_casters(frame, ground=ground), measured=measured)
    [seen] = skyline(surface, (0.0, 0.0))
    top_m = slope * 20.0 + 12.0 - 1.1
    assert seen[sector(90.0)] == pytest.approx(np.rad2deg(np.arctan2(top_m, 20.0)), abs=0.5)


def test_a_wood_follows_the_ground():
    slope = 0.4
    measured = land(lambda x, _: 100.0 + slope * x, near_m=1_200.0)
    wood = gpd.GeoDataFrame(
        {"base_m": [2.0], "height_m": [20.0]}, geometry=[shapely.box(-300, -300, 300, 300)]
    )
    surface = replace(world(), layers=(pack_casters(wood, is_draped=True),), measured=measured)
    tile = surface.tile(Window(-40, -400, 80, 800, 0.25))
    [(_, low, high)] = tile.crowns
    assert set(np.unique(high - tile.ground)) == {200}
    assert set(np.unique(low - tile.ground)) == {20}


# ------------------------------------------------------------------ a slow twin


def rugged(seed: int) -> Relief:
    """Shape mountains at random, 1,200 m from deepest to highest, 24 km wide."""
    rng = np.random.default_rng(seed)
    n = 800
    frequency = np.fft.fftfreq(n)[:, None] ** 2 + np.fft.rfftfreq(n)[None] ** 2
    frequency[0, 0] = 1.0
    noise = rng.normal(size=frequency.shape) + 1j * rng.normal(size=frequency.shape)
    height = np.fft.irfft2(noise * frequency**-1.1, s=(n, n))
    height = 300.0 + 1_200.0 * (height - height.min()) / np.ptp(height)
    return Relief(Window(-n // 2, -n // 2, n, n, 30.0), height.astype(np.float32))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hills_equal_a_dense_march_from_each_place(seed):
    ground = rugged(seed)
    xy = np.random.default_rng(seed).uniform(-250.0, 250.0, (40, 2))
    eye_m = ground.at(xy).astype(float) + 1.1
    tangent = np.zeros((len(xy), len(AZIMUTH_DEG)), np.float32)
    Hills(ground).raise_tangents(xy, eye_m, azimuth_deg=AZIMUTH_DEG, tangent=tangent)
    far_m = np.arange(HillModel().near_m, 17_000.0, 15.0)
    dense = np.zeros(tangent.shape)
    for number, azimuth in enumerate(np.deg2rad(AZIMUTH_DEG)):
        ray = far_m[:, None] * [np.sin(azimuth), np.cos(azimuth)]
        height = ground.at((xy[:, None] + ray).reshape(-1, 2)).reshape(len(xy), -1)
        rise = (height - far_m**2 / (2.0 * RADIUS_M) - eye_m[:, None]) / far_m
        dense[:, number] = np.maximum(np.nanmax(rise, axis=1), 0.0)
    apart_deg = np.abs(np.rad2deg(np.arctan(tangent) - np.arctan(dense)))
    assert dense.max() > 0.1
    assert apart_deg.mean() < 0.05
    assert np.percentile(apart_deg, 99.0) < 0.4


def test_the_bend_of_the_earth_is_reckoned_with():
    # The same wall 30 km away stands 0.115 degrees lower than it would on a flat Earth.
    def wall(x, y):
        return np.where(np.hypot(x, y) > 30_000.0, 1_000.0, 0.0)

    ground = relief(wall, side_m=64_000.0, cell_m=100.0)
    tangent = np.zeros((1, len(AZIMUTH_DEG)), np.float32)
    Hills(ground, HillModel(growth=0.001)).raise_tangents(
        np.zeros((1, 2)), np.zeros(1), azimuth_deg=AZIMUTH_DEG, tangent=tangent
    )
    flat_deg = np.rad2deg(np.arctan(1_000.0 / 30_000.0))
    bend_deg = np.rad2deg(30_000.0 / (2.0 * RADIUS_M))
    assert flat_deg - np.rad2deg(np.arctan(tangent)).mean() == pytest.approx(bend_deg, abs=0.02)


@pytest.mark.parametrize("x", [0.0, 9.0, 16.0, 31.0])
def test_a_ridge_is_seen_from_where_one_is_and_not_from_the_anchor(x):
    # A ridge 90 m high, 320 m east of the origin.
    ground = relief(lambda east, _: 90.0 - np.abs(east - 320.0) * 0.4, side_m=1_600.0, cell_m=2.0)
    ground = replace(ground, height_m=np.maximum(ground.height_m, 0.0))
    tangent = np.zeros((1, len(AZIMUTH_DEG)), np.float32)
    Hills(ground).raise_tangents(
        np.array([[x, 5.0]]), np.array([1.1]), azimuth_deg=AZIMUTH_DEG, tangent=tangent
    )
    seen_deg = np.rad2deg(np.arctan(tangent[0, sector(90.0)]))
    assert seen_deg == pytest.approx(np.rad2deg(np.arctan2(88.9, 320.0 - x)), abs=0.25)


def lit_in_picture(surface, azimuth_deg, elevation_deg, *, on_roofs=False):
    picture = cast(
        surface,
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        bounds=(-2.0, -2.0, 2.0, 2.0),
        cell_m=0.5,
        on_roofs=on_roofs,
    )
    return float(picture.sun.mean()) > 0.5


@pytest.mark.parametrize(
    ("name", "height", "house"),
    [
        ("bump", lambda _, y: np.where((y < -150) & (y > -200), 30.0, 0.0), None),
        ("slope", lambda _, y: np.clip(-y - 40.0, 0.0, 40.0), None),
        ("house", lambda _, y: np.where(y < -480, 60.0, 0.0), shapely.box(-60, -520, 60, -505)),
    ],
)
def test_the_picture_and_the_skyline_see_the_same_ground(name, height, house):
    measured = land(height, near_m=1_600.0, far_m=6_000.0)
    solid = world().solids
    if house is not None:
        frame = gpd.GeoDataFrame({"base_m": [0.0], "height_m": [20.0]}, geometry=[house])
        solid = pack_casters(frame, ground=lambda xy: measured.dem.at(xy).astype(float))
    surface = replace(world(), solids=solid, measured=measured)
    horizon_deg = skyline(surface, (0.0, 0.0))[0][sector(180.0)]
    told = {"bump": (28.9, 150.0), "slope": (38.9, 80.0), "house": (78.9, 505.0)}[name]
    assert horizon_deg == pytest.approx(np.rad2deg(np.arctan2(*told)), abs=0.7)
    for apart_deg in (-4.0, -1.2, 1.2, 4.0):
        lit = lit_in_picture(surface, 180.0, horizon_deg + apart_deg)
        assert lit == (apart_deg > 0.0), (name, apart_deg)


def test_on_roofs_one_looks_from_the_roof_itself():
    def crest(_, y):
        return np.where(y < -400.0, 30.0, 0.0)

    surface = replace(world(), measured=land(crest, near_m=1_600.0, far_m=6_000.0))
    crest_deg = np.rad2deg(np.arctan2(30.0, 400.0))
    assert not lit_in_picture(surface, 180.0, crest_deg - 0.1, on_roofs=True)
    assert lit_in_picture(surface, 180.0, crest_deg + 0.3, on_roofs=True)


def test_a_hill_beyond_what_is_known_is_none():
    surface = replace(world(), measured=land(lambda x, _: 0.1 * x, near_m=800.0, far_m=3_000.0))
    assert skyline(surface, (0.0, 0.0))[0][sector(90.0)] == pytest.approx(5.7, abs=0.3)
