"""Sun on the streets, slot by slot."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scenes import crowns, sun_at, world
from streets import draw_grid

from solarpass import blend, horizon, shade
from solarpass._skyline import find_step
from solarpass.blend import find_held, find_suns, to_elevation_deg
from solarpass.errors import NaiveTimeError, TripError
from solarpass.horizon import build_horizon
from solarpass.outlook import build_outlook
from solarpass.shade import LIT, UNKNOWN, build_shade
from solarpass.skyline import Marcher
from solarpass.sun import SunPath, find_sun

HELSINKI = {"latitude_deg": 60.17, "longitude_deg": 24.94}


def blocks(n: int) -> list[tuple[shapely.Polygon, float]]:
    """Fill a grid of streets 100 m apart with blocks, 20 m wide streets between."""
    return [
        (shapely.box(100 * i + 10, 100 * j + 10, 100 * i + 90, 100 * j + 90), 18.0)
        for i in range(n)
        for j in range(n)
    ]


@pytest.fixture(scope="module")
def day() -> shade.ShadeTable:
    horizon = build_horizon(world(*blocks(3)), draw_grid(4))
    times = pd.date_range("2026-07-15 00:02:30", periods=360, freq="5min", tz="Europe/Helsinki")
    return build_shade(horizon, find_sun(times, **HELSINKI))


def test_a_slot_has_the_sun_of_its_middle(day):
    assert day.times[0] == pd.Timestamp("2026-07-15 00:00", tz="Europe/Helsinki")
    assert day.slot_s == 300
    assert day.row_at(datetime(2026, 7, 15, 14, 4, 59, tzinfo=ZoneInfo("Europe/Helsinki"))) == 168
    assert day.row_at(datetime(2026, 7, 15, 11, 5, tzinfo=UTC)) == 169


def test_by_night_every_street_has_no_sun_and_is_known(day):
    assert day.is_night.any()
    assert (day.sun[day.is_night] == 0).all()
    assert (day.sun[~day.is_night].max(axis=1) > 0).any()


def test_stored_values_are_fractions(day):
    fraction = day.sun_fraction(day.row_at(datetime(2026, 7, 15, 12, tzinfo=UTC)))
    assert ((fraction >= 0.0) & (fraction <= 1.0)).all()
    assert 0.0 < np.mean(fraction) < 1.0


def test_a_street_along_the_sun_is_sunnier_than_one_across():
    network = draw_grid(4)
    fraction = build_shade(build_horizon(world(*blocks(3)), network), sun_at((180.0, 30.0)))
    along_x = np.ptp(network.node_xy[network.edge_node][:, :, 0], axis=1) > 0
    across, along = fraction.sun_fraction(0)[along_x], fraction.sun_fraction(0)[~along_x]
    assert along.mean() > across.mean() + 0.3


def test_all_streets_of_one_direction_in_an_even_grid_are_alike():
    # What makes seeking shade gain nothing there; the grid's own rim is left out.
    horizon = build_horizon(world(*blocks(7)), draw_grid(8))
    network = draw_grid(8)
    fraction = build_shade(horizon, sun_at((215.0, 35.0))).sun_fraction(0)
    ends = network.node_xy[network.edge_node]
    inner = ((ends > 250) & (ends < 550)).all(axis=(1, 2))
    along_x = np.ptp(ends[:, :, 0], axis=1) > 0
    for direction in (along_x, ~along_x):
        assert np.ptp(fraction[inner & direction]) < 0.03


def test_times_outside_the_table_are_refused(day):
    with pytest.raises(TripError, match="which the table holds"):
        day.row_at(datetime(2026, 7, 14, 20, tzinfo=UTC))
    with pytest.raises(TripError, match="which the table holds"):
        day.row_at(datetime(2026, 7, 16, 3, tzinfo=UTC))
    with pytest.raises(NaiveTimeError, match="zone"):
        day.row_at(datetime(2026, 7, 15, 12))  # noqa: DTZ001 - the very thing refused


def test_uneven_or_too_few_times_are_refused():
    horizon = build_outlook(world(), np.zeros((1, 2)), latitude_deg=50.0)
    times = pd.DatetimeIndex(["2026-07-15 12:00", "2026-07-15 12:05", "2026-07-15 12:15"], tz="UTC")
    half = pd.date_range(times[0], periods=4, freq="2500ms")
    for part in (times[:1], times, half):
        with pytest.raises(TripError, match="even steps"):
            build_shade(horizon, find_sun(part, **HELSINKI))


def test_a_day_with_a_clock_change_has_even_slots():
    zone = ZoneInfo("Europe/Berlin")
    first = pd.Timestamp("2026-03-29 00:02:30", tz=zone)
    times = pd.date_range(first, periods=60, freq="5min")
    horizon = build_outlook(world(), np.zeros((1, 2)), latitude_deg=52.5)
    table = build_shade(horizon, find_sun(times, latitude_deg=52.5, longitude_deg=13.4))
    assert table.row_at(datetime(2026, 3, 29, 1, 59, tzinfo=zone)) == 23
    assert table.row_at(datetime(2026, 3, 29, 3, 0, tzinfo=zone)) == 24


def test_the_mean_leaves_the_unknown_out():
    times = pd.date_range("2026-07-15", periods=2, freq="5min", tz="UTC")
    stored = np.array([[LIT, 0, UNKNOWN], [UNKNOWN] * 3], np.uint8)
    table = shade.ShadeTable(times, stored, np.zeros(2, bool))
    weights = np.array([30.0, 10.0, 500.0])
    assert table.mean_sun_fraction(0, weights=weights) == pytest.approx(0.75)
    assert np.isnan(table.mean_sun_fraction(1, weights=weights))
    np.testing.assert_array_equal(table.sun_fraction(0), [1.0, 0.0, np.nan])


def test_threads_give_the_same_table(day, monkeypatch):
    monkeypatch.setattr(blend, "N_THREADS", 1)
    horizon = build_horizon(world(*blocks(3)), draw_grid(4))
    times = pd.date_range("2026-07-15 00:02:30", periods=360, freq="5min", tz="Europe/Helsinki")
    np.testing.assert_array_equal(build_shade(horizon, find_sun(times, **HELSINKI)).sun, day.sun)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_an_edge_is_the_mean_of_its_points(seed):
    # Marched, blended, packed and looked up, against the marches of its points by hand.
    rng = np.random.default_rng(seed)
    towers = [
        (shapely.box(x, y, x + 8, y + 6), h)
        for x, y, h in rng.uniform((0, 0, 3), (200, 200, 30), (12, 3))
    ]
    trees, firs = rng.uniform((0, 0, 4, 2, 7), (200, 200, 9, 4, 15), (2, 12, 5))
    roof = crowns(woods=[(shapely.box(20, 90, 60, 110), 3.0, 4.0)], transmittance=(0.0, 0.0))
    kinds = (roof, crowns(trees), crowns(firs, transmittance=(0.3, 0.3)))
    surface, network = world(*towers, layers=kinds), draw_grid(3)
    # There crowns are kept too, and wherever the sun never stands: nothing is interpolated.
    sector, step = 4 * int(rng.integers(45)), 2 * int(rng.integers(4, 30))
    sun = sun_at((2.0 * sector, to_elevation_deg(np.array(float(step))).item()))
    model = horizon.ShadeModel()
    got = build_shade(build_horizon(surface, network, model=model), sun).sun_fraction(0)
    n_points = horizon._count_points(network.length_m, model)
    owner = np.repeat(np.arange(network.n_edges), n_points)
    tangent, masks = Marcher(surface, model.march).march(horizon.place_points(network, n_points))
    lit = (np.array([find_step(value) for value in tangent[:, sector]]) <= step).astype(float)
    by_layer = {layer: (mask[:, sector] >> np.uint64(step)) & np.uint64(1) for layer, mask in masks}
    nothing = np.zeros(len(owner), np.uint64)
    under, behind_tree, behind_fir = (by_layer.get(layer, nothing) > 0 for layer in range(3))
    lit[behind_fir] *= 0.3
    lit[behind_tree] *= 0.03 / np.where(behind_fir, 0.3, 1.0)[behind_tree]  # the darker counts
    lit[under] = 0.0
    expected = np.bincount(owner, lit) / n_points
    tolerance = 0.5 * model.least_share + 0.03 / 16.0 + 0.3 / 16.0 + 0.5 / LIT
    np.testing.assert_allclose(got, expected, atol=tolerance + 1e-6)


@pytest.mark.parametrize("latitude_deg", [-90.0, -35.0, 0.0, 20.0, 23.4, 52.5, 66.0, 75.0])
def test_the_tables_are_whole_wherever_the_sun_may_stand(latitude_deg):
    times = pd.date_range("2028-01-01", "2028-12-31", freq="37min", tz="UTC")
    sun = find_sun(times, latitude_deg=latitude_deg, longitude_deg=13.0)
    up = sun.elevation_deg > 0.0
    suns = find_suns(sun.azimuth_deg[up], sun.elevation_deg[up], n_sectors=180)
    loose = (suns.loose_sector, suns.loose_step)
    for every, (sector, step) in ((1, (suns.sector, suns.step)), (2, loose)):
        is_held = find_held(latitude_deg, n_sectors=180, every=every)
        n_steps, n_sectors = is_held.shape
        for up_by in (0, 1):
            for on_by in (0, 1):
                beside = np.minimum(step + up_by, n_steps - 1), (sector + on_by) % n_sectors
                assert not is_held[beside].any()
        assert is_held.any() or abs(latitude_deg) < 30.0


def test_the_sun_overhead_lights_all_that_no_roof_covers():
    horizon = build_horizon(world(*blocks(3)), draw_grid(4))
    times = pd.date_range("2026-03-20 12:00", periods=2, freq="5min", tz="UTC")
    overhead = SunPath(times, np.array([0.0, 180.0]), np.array([90.0, 89.99]))
    assert (build_shade(horizon, overhead).sun == LIT).all()
