"""Where the sun stands, against published positions."""

import numpy as np
import pandas as pd
import pvlib
import pytest

from solarpass.errors import NaiveTimeError
from solarpass.sun import find_sun


def one(time: str, tz: str | None) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([time], tz=tz)


def test_pvlib_gives_the_position_of_the_nrel_report():
    # Reda and Andreas (2004), the worked example; its zenith includes refraction.
    sun = pvlib.solarposition.spa_python(
        one("2003-10-17 12:30:30", "Etc/GMT+7"),
        39.742476,
        -105.1786,
        altitude=1830.14,
        pressure=82000,
        temperature=11,
        delta_t=67,
    )
    assert sun["apparent_zenith"].item() == pytest.approx(50.11162, abs=1e-4)
    assert sun["azimuth"].item() == pytest.approx(194.34024, abs=1e-4)


def test_our_position_is_that_of_the_nrel_report_to_a_hundredth_of_a_degree():
    # We take sea level and 12 °C, which moves the sun by refraction only.
    sun = find_sun(
        one("2003-10-17 12:30:30", "Etc/GMT+7"), latitude_deg=39.742476, longitude_deg=-105.1786
    )
    assert sun.elevation_deg.item() == pytest.approx(90.0 - 50.11162, abs=0.01)
    assert sun.azimuth_deg.item() == pytest.approx(194.34024, abs=0.01)


@pytest.mark.parametrize(
    ("time", "east", "north"),
    [("07:30", None, 0.0), ("13:10", 0.0, None), ("18:53", None, 0.0)],
)
def test_sun_rises_in_the_east_and_culminates_in_the_south(time, east, north):
    # CoolWalksUtils.jl, its test of 5 September 2022 at 55 N 12 E.
    sun = find_sun(
        one(f"2022-09-05 {time}", "Europe/Copenhagen"), latitude_deg=55, longitude_deg=12
    )
    azimuth, elevation = np.deg2rad(sun.azimuth_deg.item()), np.deg2rad(sun.elevation_deg.item())
    if east is not None:
        assert np.sin(azimuth) * np.cos(elevation) == pytest.approx(east, abs=0.01)
    if north is not None:
        assert np.cos(azimuth) * np.cos(elevation) == pytest.approx(north, abs=0.01)


def test_the_noon_sun_of_the_south_stands_in_the_north():
    noon = one("2026-01-15 13:20", "Australia/Sydney")
    sun = find_sun(noon, latitude_deg=-33.9, longitude_deg=151.2)
    assert min(sun.azimuth_deg.item(), 360.0 - sun.azimuth_deg.item()) < 20.0


def test_polar_day_has_no_night_and_polar_night_no_day():
    day = pd.date_range("2026-06-21", periods=48, freq="30min", tz="Europe/Oslo")
    night = pd.date_range("2026-12-21", periods=48, freq="30min", tz="Europe/Oslo")
    north_cape = {"latitude_deg": 71.2, "longitude_deg": 25.8}
    assert (find_sun(day, **north_cape).elevation_deg > 0.0).all()
    assert (find_sun(night, **north_cape).elevation_deg < 0.0).all()


def test_one_instant_has_one_sun_whatever_the_zone():
    rome = one("2025-07-15 14:00", "Europe/Rome")
    there = {"latitude_deg": 41.9, "longitude_deg": 12.5}
    ours, theirs = find_sun(rome, **there), find_sun(rome.tz_convert("UTC"), **there)
    assert ours.azimuth_deg.item() == pytest.approx(theirs.azimuth_deg.item(), abs=1e-9)
    assert ours.elevation_deg.item() == pytest.approx(theirs.elevation_deg.item(), abs=1e-9)
    assert ours.elevation_deg.item() == pytest.approx(67.5, abs=0.1)


def test_naive_times_are_refused():
    with pytest.raises(NaiveTimeError, match="time zone"):
        find_sun(one("2025-07-15 12:00", None), latitude_deg=41.9, longitude_deg=12.5)


def test_positions_cannot_be_changed():
    sun = find_sun(one("2025-07-15 12:00", "UTC"), latitude_deg=0.0, longitude_deg=0.0)
    with pytest.raises(ValueError, match="read-only"):
        sun.azimuth_deg[0] = 0.0


def test_no_time_has_no_sun():
    assert len(find_sun(pd.DatetimeIndex([], tz="UTC"), latitude_deg=0.0, longitude_deg=0.0)) == 0
