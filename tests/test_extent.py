import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from solarpass.extent import find_extent, find_middle, find_zone, make_crs, project, turn_to

NOTHING = np.empty((0, 2))


def town(*, west=0.0, south=0.0, east=2000.0, north=2000.0, step=50.0):
    """Lay streets as a grid of vertices."""
    x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
    return np.column_stack([x.ravel(), y.ravel()])


def stray(*, start, end, step=50.0):
    n = int(np.hypot(*np.subtract(end, start)) / step)
    return np.linspace(start, end, n)


def test_three_stray_ways_do_not_stretch_a_town():
    strays = [
        stray(start=(1000, 1000), end=(38_000, 1500)),
        stray(start=(1000, 1000), end=(700, 22_000)),
        stray(start=(1000, 1000), end=(-9_000, -9_000)),
    ]
    extent = find_extent(np.vstack([town(), *strays]), NOTHING, box=None)
    assert len(extent.geoms) == 1
    west, south, east, north = extent.bounds
    assert -300 <= west <= 0
    assert -300 <= south <= 0
    assert 1950 <= east <= 2300
    assert 1950 <= north <= 2300


def test_a_sane_box_is_the_extent():
    box = shapely.box(100, 100, 1900, 1900)
    assert find_extent(town(), NOTHING, box=box).equals(box)


def test_a_box_much_larger_than_the_data_is_not_believed():
    extent = find_extent(town(), NOTHING, box=shapely.box(-50_000, -50_000, 50_000, 50_000))
    assert extent.area < 2 * 2000**2


def test_a_box_that_the_data_does_not_touch_is_some_other_files():
    extent = find_extent(town(), NOTHING, box=shapely.box(50_000, 50_000, 52_000, 52_000))
    assert extent.contains(shapely.Point(1000, 1000))


def test_two_patches_joined_by_one_street_stay_two():
    west, east = town(east=1500), town(west=3500, east=5000)
    joint = stray(start=(1500, 1000), end=(3500, 1000))
    extent = find_extent(np.vstack([west, east, joint]), NOTHING, box=None)
    assert len(extent.geoms) == 2
    assert not extent.contains(shapely.Point(2500, 1000))


def test_a_park_in_a_town_belongs_to_it():
    streets = town()
    in_park = (np.abs(streets - 1000) < 400).all(axis=1)
    extent = find_extent(streets[~in_park], NOTHING, box=None)
    assert extent.contains(shapely.Point(1000, 1000))


def test_streets_that_run_on_beyond_the_last_building_do_not_widen_the_extent():
    houses = town(west=500, south=500, east=1500, north=1500, step=40.0)
    extent = find_extent(town(), houses, box=None)
    assert extent.contains(shapely.box(550, 550, 1400, 1400))
    assert shapely.box(300, 300, 1700, 1700).contains(extent)


def test_a_hamlet_of_one_lane_has_an_extent():
    lane = stray(start=(0, 0), end=(120, 0), step=10.0)
    extent = find_extent(lane, NOTHING, box=None)
    assert extent.area > 0.0
    assert extent.is_valid


def test_a_mistyped_node_on_the_other_side_of_the_earth_costs_nothing():
    far = np.array([[1.9e7, -1.1e7]])
    extent = find_extent(np.vstack([town(), far]), NOTHING, box=None)
    assert extent.area < 2 * 2000**2


@given(
    latitude=st.floats(-75, 75),
    longitude=st.floats(-180, 180),
    spread=st.floats(0.001, 0.2),
)
def test_the_middle_does_not_mind_the_antimeridian(latitude, longitude, spread):
    rng = np.random.default_rng(7)
    around = longitude + spread * rng.uniform(-1, 1, 51)
    degrees = np.column_stack([turn_to(around, 0.0), np.full(51, latitude)])
    middle_latitude, middle_longitude = find_middle(degrees)
    assert middle_latitude == pytest.approx(latitude)
    assert abs(turn_to(np.array([middle_longitude]), longitude)[0] - longitude) <= spread
    assert -180.0 <= middle_longitude < 180.0


@pytest.mark.parametrize(
    "centre", [(60.17, 24.94), (-37.81, 144.96), (69.65, 18.96), (-16.5, 180.0), (0.0, 0.0)]
)
def test_local_metres_are_true_and_north_is_up(centre):
    latitude, longitude = centre
    crs = make_crs(centre)
    step = 1e-3
    degrees = np.array([[longitude, latitude], [longitude, latitude + step]])
    (x0, y0), (x1, y1) = project(crs, degrees)
    assert (x0, y0) == pytest.approx((0, 0), abs=1e-6)
    assert x1 == pytest.approx(0, abs=1e-6)
    # A degree of the meridian is 110.57 km at the equator and 111.69 km at the poles (WGS 84).
    assert 110.5 < y1 < 111.8


@pytest.mark.parametrize(
    ("centre", "zone"),
    [
        ((60.1716, 24.9443), "Europe/Helsinki"),
        ((47.16, 9.55), "Europe/Vaduz"),
        ((-37.81, 144.96), "Australia/Melbourne"),
        ((69.65, 18.96), "Europe/Oslo"),
        ((0.0, -140.0), "Etc/GMT+9"),
        ((0.0, 0.0), "Etc/GMT"),
        ((-40.0, 180.0), "Etc/GMT-12"),
    ],
)
def test_every_place_on_earth_has_a_zone(centre, zone):
    assert find_zone(centre) == zone
