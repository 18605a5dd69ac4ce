"""What the sky sends down must be what the weather says, and no more than a black sky would."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_heat import DAY, NOON, made_weather

from hiro.day import choose_day
from hiro.forcing import KELVIN, SIGMA, ForcingModel, build_forcing
from hiro.logbook import read_weather
from hiro.weather import DesignDayModel, build_design_day, find_saturation


def black_w_m2(air_c):
    return SIGMA * (air_c + KELVIN) ** 4


def dim(share):
    """Let clouds take a share of the beam, hour by hour."""
    share = np.broadcast_to(share, 24)
    beam = DAY.ghi_w_m2 - DAY.dhi_w_m2
    scattered = DAY.dhi_w_m2 + 0.4 * beam * (1.0 - share)
    return made_weather(
        ghi_w_m2=beam * share + scattered, dni_w_m2=DAY.dni_w_m2 * share, dhi_w_m2=scattered
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=24, max_size=24))
def test_beam_and_sky_are_all_there_is_hour_by_hour(share):
    weather = dim(np.array(share))
    forcing = build_forcing(weather)
    told = forcing.by_interval(forcing.beam_w_m2 * forcing.sine + forcing.diffuse_w_m2)
    assert told == pytest.approx(forcing.by_interval(forcing.ghi_w_m2))
    high = forcing.by_interval(forcing.sine) > np.sin(np.deg2rad(8.0))
    assert told[high] == pytest.approx(weather.ghi_w_m2[high], rel=0.01)
    assert told[~high] == pytest.approx(weather.ghi_w_m2[~high], abs=12.0)  # sun at the horizon
    assert min(forcing.beam_w_m2.min(), forcing.diffuse_w_m2.min()) >= 0.0


def test_measured_weather_adds_up_too(reference_data):
    """Of the hottest day of a test reference year, in quarters of an hour's sun."""
    file = reference_data / "weather" / "TRY2015_508233129181_Somm.dat"
    year = read_weather(file, latitude_deg=50.82, longitude_deg=12.92)
    weather = choose_day(year, None, zone="Europe/Berlin")
    forcing = build_forcing(weather)
    told = forcing.by_interval(forcing.ghi_w_m2)
    assert told.sum() == pytest.approx(weather.ghi_w_m2.sum(), rel=0.01)
    assert told == pytest.approx(weather.ghi_w_m2, abs=15.0)


def test_there_is_no_light_by_night():
    forcing = build_forcing(DAY)
    night = forcing.sun.elevation_deg <= 0.0
    assert night.any()
    assert forcing.beam_w_m2[night].max() == 0.0
    assert forcing.sine[night].max() == 0.0
    deep = forcing.sun.elevation_deg < -10.0
    assert forcing.diffuse_w_m2[deep].max() == 0.0


@settings(max_examples=25, deadline=None)
@given(st.floats(-30, 45), st.floats(3, 100), st.floats(0, 1))
def test_the_sky_is_never_warmer_than_a_black_one(air_c, humidity, share):
    weather = replace(
        dim(share),
        air_temperature_c=np.full(24, air_c),
        relative_humidity_pct=np.full(24, humidity),
    )
    forcing = build_forcing(weather)
    black = black_w_m2(forcing.air_temperature_c)
    assert (forcing.longwave_w_m2 <= black + 1e-9).all()
    assert (forcing.longwave_w_m2 > 0.4 * black).all()
    no_offset = build_forcing(weather, model=ForcingModel(longwave_offset_w_m2=0.0))
    assert (no_offset.longwave_w_m2 >= forcing.longwave_w_m2).all()


def test_a_clear_sky_is_pratas_and_clouds_fill_it_up():
    """By hand at 33 °C and 15 hPa: 2.28 cm of water in the column, and a share of 0.807."""
    forcing = build_forcing(DAY)
    hottest = forcing.air_temperature_c.argmax()
    water = (
        46.5 * forcing.vapour_pressure_hpa[hottest] / (forcing.air_temperature_c[hottest] + KELVIN)
    )
    assert water == pytest.approx(2.28, abs=0.02)
    share = 1.0 - (1.0 + water) * np.exp(-np.sqrt(1.2 + 3.0 * water))
    assert share == pytest.approx(0.807, abs=0.002)
    black = black_w_m2(forcing.air_temperature_c[hottest])
    assert forcing.longwave_w_m2[hottest] == pytest.approx(share * black - 25.0, abs=1.0)
    overcast = build_forcing(dim(0.0)).longwave_w_m2[hottest]
    half = build_forcing(dim(0.5)).longwave_w_m2[hottest]
    assert forcing.longwave_w_m2[hottest] < half < overcast <= black
    dark = made_weather(ghi_w_m2=0.05 * DAY.ghi_w_m2, dni_w_m2=0.0, dhi_w_m2=0.05 * DAY.ghi_w_m2)
    filled = 0.05 * (share * black - 25.0) + 0.95 * black
    assert build_forcing(dark).longwave_w_m2[hottest] == pytest.approx(filled, abs=1.0)
    moist = made_weather(relative_humidity_pct=np.minimum(DAY.relative_humidity_pct * 1.2, 100.0))
    assert (build_forcing(moist).longwave_w_m2 > forcing.longwave_w_m2).all()


def test_measured_warmth_goes_before_reckoned_one():
    told = np.full(24, np.nan)
    told[5:9] = [301.0, 302.0, 303.0, 304.0]
    forcing = build_forcing(made_weather(longwave_down_w_m2=told))
    reckoned = build_forcing(DAY)
    assert forcing.by_interval(forcing.longwave_w_m2)[5:9].tolist() == [301.0, 302.0, 303.0, 304.0]
    kept = np.repeat(np.isnan(told), forcing.n_parts)
    assert forcing.longwave_w_m2[kept].tolist() == reckoned.longwave_w_m2[kept].tolist()


@pytest.mark.parametrize("n_parts", [1, 2, 6, 12])
def test_steps_keep_the_means_of_their_hours(n_parts):
    forcing = build_forcing(DAY, model=ForcingModel(n_parts=n_parts))
    assert forcing.n_steps == 24 * n_parts
    assert forcing.step_s == 3600.0 / n_parts
    assert forcing.by_interval(forcing.wind_m_s).tolist() == DAY.wind_m_s.tolist()
    air_c = forcing.by_interval(forcing.air_temperature_c)
    assert air_c == pytest.approx(DAY.air_temperature_c, abs=0.3)
    assert air_c.mean() == pytest.approx(DAY.air_temperature_c.mean(), abs=1e-9)
    saturated = find_saturation(forcing.air_temperature_c)
    assert (forcing.vapour_pressure_hpa <= saturated).all()
    around = np.append(forcing.air_temperature_c, forcing.air_temperature_c[0])  # midnight too
    assert np.abs(np.diff(around)).max() < 2.0 / n_parts + 0.1


def test_most_of_the_light_of_a_clear_noon_comes_straight():
    forcing = build_forcing(DAY)
    noon = slice(NOON * 6, NOON * 6 + 6)
    beam = (forcing.beam_w_m2 * forcing.sine)[noon]
    assert (beam > 4.0 * forcing.diffuse_w_m2[noon]).all()
    told = (DAY.ghi_w_m2 - DAY.dhi_w_m2)[NOON]
    assert beam.mean() >= told  # with what comes from close around the sun
    overcast = build_forcing(dim(0.0))
    assert overcast.weather.dni_w_m2.max() == 0.0
    scattered = overcast.by_interval(overcast.diffuse_w_m2)[NOON] / overcast.weather.ghi_w_m2[NOON]
    assert 0.75 < scattered < 1.0  # Perez: bright clouds are brighter around the sun


@pytest.mark.parametrize(("day", "latitude_deg"), [((2026, 12, 21), 69.6), ((2026, 6, 21), 69.6)])
def test_days_without_sunrise_and_nights_without_sunset_have_a_sky(day, latitude_deg):
    weather = build_design_day(
        dt.date(*day), zone="Europe/Oslo", latitude_deg=latitude_deg, longitude_deg=18.9
    )
    forcing = build_forcing(weather)
    for name in ("beam_w_m2", "diffuse_w_m2", "longwave_w_m2", "air_temperature_c"):
        assert np.isfinite(getattr(forcing, name)).all()
        assert not getattr(forcing, name).flags.writeable


@pytest.mark.parametrize(("step_min", "n_parts"), [(60, 6), (30, 3), (10, 1), (5, 1)])
def test_an_hour_is_looked_at_in_as_many_steps_whatever_the_intervals(step_min, n_parts):
    day = build_design_day(
        dt.date(2026, 7, 20),
        zone="Europe/Berlin",
        latitude_deg=51.0,
        longitude_deg=13.7,
        model=DesignDayModel(step_min=step_min),
    )
    assert build_forcing(day).n_parts == n_parts
