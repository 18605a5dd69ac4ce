"""Hours of sun, against casts summed one by one and the length of the day."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scenes import crowns, world
from streets import draw_grid

from solarpass import hours
from solarpass.errors import SourceError, TripError
from solarpass.horizon import build_horizon
from solarpass.hours import (
    HoursModel,
    Period,
    full_hours,
    read_season,
    sum_edges,
    sum_ground,
)
from solarpass.leaf import find_leaf_year
from solarpass.picture import cast
from solarpass.sun import find_sun

ZONE = ZoneInfo("Europe/Helsinki")
HELSINKI = {"latitude_deg": 60.17, "longitude_deg": 24.94}
LEAVES = find_leaf_year(60.17)
JULY = Period(date(2026, 7, 15), date(2026, 7, 15))
COARSE = HoursModel(step_min=60.0)
TOWER = (shapely.box(-5.0, -5.0, 5.0, 5.0), 20.0)
AROUND = (-30.0, -30.0, 30.0, 30.0)


def suns(period, model=COARSE):
    return [find_sun(times, **HELSINKI) for times in period.instants(ZONE, model)]


def ground(surface, period=JULY, *, model=COARSE, bounds=AROUND, cell_m=1.0):
    days = suns(period, model)
    return sum_ground(surface, days, leaf_year=LEAVES, bounds=bounds, cell_m=cell_m, model=model)


@pytest.mark.parametrize(
    ("name", "north", "south"),
    [
        ("spring", "2024-03-01/2024-05-31", "2024-09-01/2024-11-30"),
        ("summer", "2024-06-01/2024-08-31", "2023-12-01/2024-02-29"),
        ("autumn", "2024-09-01/2024-11-30", "2024-03-01/2024-05-31"),
        ("winter", "2023-12-01/2024-02-29", "2024-06-01/2024-08-31"),
    ],
)
def test_a_season_is_three_months_and_turns_round_at_the_equator(name, north, south):
    assert str(read_season(name, 2024, latitude_deg=60.0)) == north
    assert str(read_season(name, 2024, latitude_deg=-34.0)) == south


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 366))
def test_sampled_days_lie_evenly_within_the_period(first, n_days):
    period = Period(first, first + pd.Timedelta(days=n_days - 1).to_pytimedelta())
    days = period.sample()
    assert len(days) == -(-n_days // 7)
    assert period.first <= days[0]
    assert days[-1] <= period.last
    assert all(5 <= (b - a).days <= 7 or n_days < 21 for a, b in pairwise(days))


@pytest.mark.parametrize(
    ("day", "n"), [(date(2026, 7, 15), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_a_day_is_sampled_from_midnight_to_midnight(day, n):
    (times,) = Period(day, day).instants(ZONE, HoursModel(step_min=60.0))
    assert len(times) == n == len(full_hours(day, ZONE))
    assert (times.date == day).all()
    assert str(times[0])[11:19] == "00:30:00"


@pytest.mark.parametrize("every_days", [1, 7, 20])
def test_the_days_of_a_season_sample_the_step_evenly(every_days):
    season = Period(date(2026, 6, 1), date(2026, 8, 31))
    model = HoursModel(season_step_min=60.0, every_days=every_days)
    into = np.sort([times[0].minute / 60.0 + times[0].second / 3600.0
                    for times in season.instants(ZONE, model)])  # fmt: skip
    gaps = np.diff([*into, into[0] + 1.0])
    assert gaps.max() < 2.7 / len(into)  # thrice the smallest, as the golden ratio has them
    assert gaps.min() > 0.3 / len(into)


def test_open_ground_has_sun_as_long_as_the_day():
    model = HoursModel(step_min=5.0)
    summed = ground(world(TOWER), model=model, bounds=(200.0, 200.0, 204.0, 204.0))
    (times,) = JULY.instants(ZONE, HoursModel(step_min=0.5))
    long_h = (find_sun(times, **HELSINKI).elevation_deg > 0.0).sum() / 120.0
    assert summed.sun_h == pytest.approx(long_h, abs=5.0 / 60.0)
    assert (summed.low_h == summed.high_h).all()


def test_a_courtyard_knows_the_night_of_its_walls():
    ring = shapely.box(-20, -20, 20, 20) - shapely.box(-10, -10, 10, 10)
    winter = Period(date(2026, 12, 21), date(2026, 12, 21))
    assert np.nanmax(ground(world((ring, 12.0)), winter, bounds=(-9, -9, 9, 9)).sun_h) == 0.0


def test_hours_are_casts_summed_one_by_one():
    """The slow twin, with crowns, over the days of a week in spring when they open."""
    surface = world(TOWER, layers=(crowns([(15.0, 10.0, 8.0, 3.0, 9.0)]),))
    period = Period(date(2026, 5, 4), date(2026, 5, 24))
    model = HoursModel(season_step_min=120.0, most_unknown_h=0.0)
    summed = ground(surface, period, model=model)
    slow = np.zeros(summed.sun_h.shape)
    for day, times in zip(period.sample(model), period.instants(ZONE, model), strict=True):
        sun = find_sun(times, **HELSINKI)
        for azimuth_deg, elevation_deg in zip(sun.azimuth_deg, sun.elevation_deg, strict=True):
            picture = cast(
                surface,
                azimuth_deg=azimuth_deg,
                elevation_deg=elevation_deg,
                bounds=AROUND,
                cell_m=1.0,
                leaf_fraction=LEAVES[day.timetuple().tm_yday - 1],
            )
            slow += picture.sun * 2.0 / 3.0  # an instant stands for 2 h of one day in three
    assert summed.sun_h.shape == (60, 60)
    assert summed.transform == picture.transform
    assert np.allclose(summed.sun_h, slow, atol=1e-4, equal_nan=True)
    assert np.isnan(summed.sun_h).sum() == 100  # the tower's own cells
    assert len(np.unique(summed.sun_h[~np.isnan(summed.sun_h)])) > 20


def test_blocks_are_seamless(monkeypatch):
    surface, bounds = world(TOWER), (-31.3, -17.2, 22.9, 29.4)
    whole = ground(surface, bounds=bounds)
    monkeypatch.setattr(hours, "_BLOCK_CELLS", 13)
    parts = ground(surface, bounds=bounds)
    assert whole.transform == parts.transform
    assert (np.isnan(whole.sun_h) == np.isnan(parts.sun_h)).all()
    # A cast steps from its own border, so that the rim of a shadow may fall one cell aside.
    apart_h = np.abs(whole.sun_h - parts.sun_h)[~np.isnan(whole.sun_h)]
    assert (apart_h == 0.0).mean() > 0.85
    assert apart_h.mean() < 0.15


def test_what_the_edge_of_the_data_leaves_open_is_told_apart():
    bounds = (-400.0, -400.0, 400.0, 400.0)
    extent = shapely.MultiPolygon([shapely.box(*bounds)])
    summed = ground(world(TOWER, extent=extent), bounds=bounds, cell_m=5.0)
    inside = np.isnan(summed.low_h)
    assert inside.sum() == 4
    assert (np.isnan(summed.high_h) == inside).all()
    known = ~np.isnan(summed.sun_h)
    assert 0 < known.sum() < (~inside).sum()
    assert (summed.sun_h[known] == summed.high_h[known]).all()
    assert (summed.high_h[known] - summed.low_h[known] <= COARSE.most_unknown_h).all()
    lost = ~known & ~inside
    assert (summed.high_h[lost] - summed.low_h[lost] > COARSE.most_unknown_h).all()
    # At the rim the sun is known once it stands higher than what may be there reaches.
    assert (summed.high_h[0] > summed.low_h[0]).all()


def test_without_buildings_every_edge_may_have_all_or_nothing():
    horizon = build_horizon(world(knows_casters=False), draw_grid(2))
    of_edges = sum_edges(horizon, suns(JULY), [find_sun(full_hours(JULY.first, ZONE), **HELSINKI)])
    assert np.isnan(of_edges.sun_h).all()
    assert (of_edges.low_h == 0.0).all()
    assert of_edges.high_h == pytest.approx(18.0, abs=1.0)
    assert np.isnan(of_edges.sun_fraction).all()


def blocks(n):
    return [
        (shapely.box(100 * i + 10, 100 * j + 10, 100 * i + 90, 100 * j + 90), 18.0)
        for i in range(n)
        for j in range(n)
    ]


@pytest.fixture(scope="module")
def horizon():
    return build_horizon(world(*blocks(3)), draw_grid(4))


def test_an_edge_has_the_hours_of_the_ground_below_it(horizon):
    network = draw_grid(4)
    model = HoursModel(step_min=20.0)
    of_edges = sum_edges(horizon, suns(JULY, model), model=model)
    summed = ground(world(*blocks(3)), model=model, bounds=(-20.0, -20.0, 320.0, 320.0))
    for edge in range(network.n_edges):
        line = shapely.LineString(network.geometry(edge))
        x, y = shapely.get_coordinates(
            line.interpolate(np.linspace(0.0, 1.0, 201), normalized=True)
        ).T
        column = ((x + 20.0) // 1.0).astype(int)
        row = ((320.0 - y) // 1.0).astype(int)
        assert of_edges.sun_h[edge] == pytest.approx(summed.sun_h[row, column].mean(), abs=0.25)


def test_full_hours_say_when(horizon):
    hourly = [find_sun(full_hours(JULY.first, ZONE), **HELSINKI)]
    of_edges = sum_edges(horizon, suns(JULY), hourly)
    assert of_edges.hours == tuple(range(5, 23))  # sunrise at 4:24, sunset at 22:29
    assert of_edges.sun_fraction.shape == (18, horizon.n_edges)
    assert ((of_edges.sun_fraction >= 0.0) & (of_edges.sun_fraction <= 1.0)).all()
    # An hour each, they come near the hours of the day.
    assert of_edges.sun_fraction.sum(axis=0) == pytest.approx(of_edges.sun_h, abs=1.0)


def test_on_the_day_of_25_hours_each_hour_is_named_once(horizon):
    day = date(2026, 10, 25)
    of_edges = sum_edges(
        horizon, suns(Period(day, day)), [find_sun(full_hours(day, ZONE), **HELSINKI)]
    )
    assert len(set(of_edges.hours)) == len(of_edges.hours) == len(of_edges.sun_fraction)


def test_a_season_is_known_from_one_day_a_week(horizon):
    summer = read_season("summer", 2026, latitude_deg=60.0)
    every_day = HoursModel(season_step_min=10.0, every_days=1)
    dense = sum_edges(horizon, suns(summer, every_day), model=every_day)
    usual = sum_edges(horizon, suns(summer, HoursModel()))
    assert np.abs(usual.sun_h - dense.sun_h).mean() < 0.1
    assert np.abs(usual.sun_h - dense.sun_h).max() < 0.3


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 7, 2), date(2026, 7, 1), "in this order"),
        (date(1776, 7, 4), date(1776, 7, 4), "from 1900 to 2200"),
        (date(2025, 1, 1), date(2026, 6, 1), "a year at most"),
    ],
)
def test_days_that_cannot_be_summed_are_refused(first, last, told):
    with pytest.raises(TripError, match=told):
        Period(first, last)


def test_senseless_questions_are_refused():
    with pytest.raises(TripError, match="Wanted one of spring"):
        read_season("monsoon", 2026, latitude_deg=20.0)
    with pytest.raises(SourceError, match="got none"):
        sum_ground(world(), [], leaf_year=LEAVES, bounds=AROUND)
    with pytest.raises(SourceError, match="west < east"):
        ground(world(), bounds=(0.0, 0.0, -1.0, 1.0))
    with pytest.raises(SourceError, match="cell"):
        ground(world(), cell_m=-1.0)
