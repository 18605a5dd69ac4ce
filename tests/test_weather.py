"""The weather: a design day, files of four formats, and one local day out of them."""

import csv
import datetime as dt
import io
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hiro.air import LogbookModel
from hiro.day import choose_day
from hiro.errors import WeatherError
from hiro.irradiance import find_sky, split_global
from hiro.logbook import read_weather
from hiro.weather import (
    DesignDayModel,
    build_design_day,
    design_date,
    find_saturation,
)
from solarpass.errors import CoordinateError
from solarpass.sun import find_sun

ZONE = "Europe/Berlin"
DRESDEN = {"latitude_deg": 51.05, "longitude_deg": 13.74}
JULY = dt.date(2026, 7, 20)
HOUR = pd.Timedelta(hours=1)
HEAD = "time,temperature,humidity,wind,ghi"


@pytest.fixture(scope="module")
def design():
    return build_design_day(JULY, zone=ZONE, **DRESDEN, altitude_m=113.0)


def sines(weather):
    place = {"latitude_deg": weather.latitude_deg, "longitude_deg": weather.longitude_deg}
    return np.sin(np.deg2rad(find_sun(weather.middles, **place).elevation_deg))


def closure(weather, least_beam=100.0):
    """How far (global - diffuse) / beam is from the sine of the sun's height, root mean square."""
    use = (weather.dni_w_m2 >= least_beam) & (weather.ghi_w_m2 >= 80.0)
    told = (weather.ghi_w_m2 - weather.dhi_w_m2)[use] / weather.dni_w_m2[use]
    return float(np.sqrt(np.mean((told - sines(weather)[use]) ** 2))), int(use.sum())


# --- the design day -----------------------------------------------------------------------------


def test_the_design_day_is_as_stated(design):
    assert design.source == "design day: 20 July, 33 °C, 15 hPa, 2 m/s, clear"
    assert len(design) == 24
    assert design.begins[0] == pd.Timestamp("2026-07-20", tz=ZONE)
    assert design.step == HOUR
    assert design.air_temperature_c.max() == pytest.approx(33.0, abs=0.1)
    assert design.air_temperature_c.min() == pytest.approx(21.0, abs=0.15)
    assert design.vapour_pressure_hpa == pytest.approx(15.0)
    assert (design.wind_m_s == 2.0).all()
    # 15 to 16 h local standard time are 16 to 17 h of summer time.
    assert design.begins[design.air_temperature_c.argmax()].hour in {15, 16}
    assert design.begins[design.air_temperature_c.argmin()].hour in {4, 5}
    assert (design.ghi_w_m2 == design.clear_ghi_w_m2).all()
    assert design.ghi_w_m2.argmax() == design.begins.get_loc(
        pd.Timestamp("2026-07-20 13:00", tz=ZONE)
    )
    assert np.isnan(design.longwave_down_w_m2).all()
    assert design.middles[0] == design.begins[0] + HOUR / 2


def test_its_course_is_that_of_hot_days(reference_data):
    """The mean course of the days of 30 °C and more in a year the model was not asked about."""
    year = read_weather(reference_data / "weather" / "TRY2015_508233129181_Somm.dat")
    days = year.air_temperature_c.reshape(-1, 24)
    hot = days[days.max(axis=1) >= 30.0]
    assert 10.0 < np.ptp(hot, axis=1).mean() < 13.0  # DesignDayModel.swing_k
    shape = (hot - hot.min(axis=1, keepdims=True)) / np.ptp(hot, axis=1)[:, None]
    ours = build_design_day(JULY, zone="Etc/GMT-1", latitude_deg=50.82, longitude_deg=12.92)
    course = (ours.air_temperature_c - 21.0) / 12.0
    assert np.sqrt(np.mean((course - shape.mean(axis=0)) ** 2)) < 0.06


@pytest.mark.parametrize(
    ("day", "zone", "latitude_deg", "hours"),
    [
        (dt.date(2026, 3, 29), ZONE, 51.0, 23),
        (dt.date(2026, 10, 25), ZONE, 51.0, 25),
        (dt.date(2026, 7, 20), ZONE, 51.0, 24),
        (dt.date(2024, 9, 8), "America/Santiago", -33.0, 23),  # from 1 h: there is no midnight
        (dt.date(2025, 11, 2), "America/Havana", 23.0, 25),  # midnight comes twice
    ],
)
def test_a_day_is_local_and_clocks_change(day, zone, latitude_deg, hours):
    made = build_design_day(day, zone=zone, latitude_deg=latitude_deg, longitude_deg=13.0)
    assert len(made) == hours
    assert {time.date() for time in made.begins} == {day}
    assert made.begins[-1] + made.step == pd.Timestamp(day + dt.timedelta(days=1), tz=zone)
    assert (made.begins[1:] - made.begins[:-1] == made.step).all()


@pytest.mark.parametrize("latitude_deg", [90.0, 78.0, 66.6, 0.0, -33.0, -90.0])
@pytest.mark.parametrize("month", [1, 4, 7])
def test_any_latitude_has_its_day(latitude_deg, month):
    made = build_design_day(
        dt.date(2026, month, 20), zone="UTC", latitude_deg=latitude_deg, longitude_deg=10.0
    )
    assert made.air_temperature_c.max() == pytest.approx(33.0, abs=0.15)
    assert made.air_temperature_c.min() >= 21.0
    # Smooth: no hour jumps.
    assert np.abs(np.diff(made.air_temperature_c)).max() < 4.0
    if abs(latitude_deg) == 90.0 and month != 4:
        assert (made.ghi_w_m2.max() > 0.0) == ((latitude_deg > 0.0) == (month == 7))


def test_high_summer_is_in_january_in_the_south():
    assert design_date(51.0, 2026) == JULY
    assert design_date(-33.9, 2026) == dt.date(2026, 1, 20)


def test_humid_air_is_saturated_by_night_and_says_so():
    wet = DesignDayModel(vapour_pressure_hpa=30.0)
    made = build_design_day(JULY, zone=ZONE, **DRESDEN, model=wet)
    assert made.relative_humidity_pct.max() == 100.0
    assert "saturated" in made.notes[0]


def test_shorter_steps_have_the_same_mean(design):
    fine = build_design_day(
        JULY, zone=ZONE, **DRESDEN, altitude_m=113.0, model=DesignDayModel(step_min=15)
    )
    for name, slack in (("air_temperature_c", 0.01), ("ghi_w_m2", 1.0), ("dhi_w_m2", 0.5)):
        quarters = getattr(fine, name).reshape(24, 4).mean(axis=1)
        assert quarters == pytest.approx(getattr(design, name), abs=slack), name


@pytest.mark.parametrize(
    "change",
    [
        {"highest_c": 306.0},
        {"swing_k": -1.0},
        {"vapour_pressure_hpa": math.nan},
        {"wind_m_s": -1.0},
        {"linke_turbidity": 0.5},
        {"step_min": 7},
    ],
)
def test_a_design_day_that_cannot_be_is_refused(change):
    with pytest.raises(WeatherError, match=next(iter(change))):
        DesignDayModel(**change)


def test_a_place_that_cannot_be_is_refused():
    with pytest.raises(CoordinateError):
        build_design_day(JULY, zone=ZONE, latitude_deg=99.0, longitude_deg=0.0)
    with pytest.raises(CoordinateError):
        build_design_day(JULY, zone=ZONE, **DRESDEN, altitude_m=math.nan)
    with pytest.raises(WeatherError, match="no time zone"):
        build_design_day(JULY, zone="Mars/Olympus", **DRESDEN)
    with pytest.raises(WeatherError, match="skip 2011-12-30"):
        build_design_day(dt.date(2011, 12, 30), zone="Pacific/Apia", **DRESDEN)


# --- the sky ------------------------------------------------------------------------------------


@given(
    latitude_deg=st.floats(-90.0, 90.0),
    longitude_deg=st.floats(-180.0, 180.0),
    day=st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31)),
    share=st.floats(0.0, 1.2),
)
@settings(max_examples=30, deadline=None)
def test_a_clear_sky_is_darker_than_beyond_the_air(latitude_deg, longitude_deg, day, share):
    begins = pd.date_range(day, periods=24, freq="h", tz="UTC")
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    sky = find_sky(begins, HOUR, **place, altitude_m=100.0)
    assert (sky.ghi_w_m2 <= sky.extra_w_m2 * sky.sine + 1e-9).all()
    assert (sky.dni_w_m2 <= sky.extra_w_m2).all()
    assert (sky.dhi_w_m2 >= 0.0).all()
    assert sky.dni_w_m2 * sky.sine + sky.dhi_w_m2 == pytest.approx(sky.ghi_w_m2, abs=1e-6)
    ghi = share * sky.ghi_w_m2
    beam, scattered = split_global(ghi, sky)
    assert (beam >= 0.0).all()
    assert (scattered >= 0.0).all()
    assert beam * sky.sine + scattered == pytest.approx(ghi, abs=1e-6)


def test_the_saturation_is_that_of_the_tables():
    """Goff-Gratch over water, Smithsonian Meteorological Tables: 12.27, 23.37 and 42.43 hPa."""
    assert find_saturation(np.array([10.0, 20.0, 30.0])) == pytest.approx(
        [12.27, 23.37, 42.43], rel=0.003
    )


# --- the type -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"air_temperature_c": np.full(24, 300.0)}, "air_temperature_c.*unit"),
        ({"air_temperature_c": np.full(23, 20.0)}, "24 values"),
        ({"ghi_w_m2": np.full(24, np.nan)}, "ghi_w_m2"),
        ({"wind_m_s": np.full(24, -1.0)}, "wind_m_s"),
        ({"longwave_down_w_m2": np.full(24, -300.0)}, "longwave"),
        ({"begins": pd.date_range("2026-07-20", periods=24, freq="h")}, "time zone"),
        ({"begins": pd.date_range("2026-07-20", periods=24, freq="30min", tz=ZONE)}, "apart"),
        ({"begins": pd.date_range("2026-07-20", periods=24, freq="-1h", tz=ZONE)}, "ascending"),
        ({"step": pd.Timedelta(days=1)}, "3 hours"),
        ({"labels": ("a",)}, "label"),
    ],
)
def test_what_is_no_weather_is_refused(design, change, told):
    with pytest.raises(WeatherError, match=told):
        replace(design, **change)


def test_weather_stays_as_it_is(design):
    with pytest.raises(ValueError, match="read-only"):
        design.ghi_w_m2[0] = 1.0


# --- measured and typical files -----------------------------------------------------------------


def gothenburg(reference_data, site):
    folder = reference_data / "validation" / "gothenburg" / site
    station = json.loads((folder / "poi.geojson").read_text())
    way = pyproj.Transformer.from_crs(station["properties"]["crs"], 4326, always_xy=True)
    longitude_deg, latitude_deg = way.transform(*station["geometry"]["coordinates"])
    place = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    return sorted(folder.glob("MetFile*.txt")), place


@pytest.mark.parametrize("site", ["gvc", "kronenhuset"])
def test_the_clock_of_gothenburg_is_that_of_its_sun(reference_data, site):
    """`it` ends the hour in UTC, as the radiation itself tells."""
    files, place = gothenburg(reference_data, site)
    for file in files:
        weather = read_weather(file, **place, stamp="end", utc_offset_h=0.0)
        miss, rows = closure(weather)
        assert miss <= 0.005
        assert rows >= 7
        assert not any("radiation" in note for note in weather.notes)
        assert len(weather) == len(file.read_text().splitlines()) - 1
        assert weather.labels[5].endswith("T05:00")
        assert weather.begins[5].hour == 4
        assert "minute is 7" in weather.notes[0]
        # The same hours, told in another way.
        same = read_weather(file, **place, stamp="start", utc_offset_h=1.0, zone="Europe/Stockholm")
        assert (same.begins == weather.begins).all()


def test_missing_wind_is_assumed_and_said(reference_data):
    files, place = gothenburg(reference_data, "gvc")
    weather = read_weather(files[0], **place, stamp="end", utc_offset_h=0.0)
    assert (weather.wind_m_s == 2.0).all()
    assert any("No wind is told; assumed 2 m/s" in note for note in weather.notes)
    windy = read_weather(
        files[0], **place, stamp="end", utc_offset_h=0.0, model=LogbookModel(wind_m_s=3.0)
    )
    assert (windy.wind_m_s == 3.0).all()


@pytest.mark.parametrize(
    ("stamp", "offset_h", "told"),
    [("start", 0.0, "60 minutes earlier"), ("end", 2.0, "120 minutes later")],
)
def test_a_wrong_clock_is_told_and_not_shifted(reference_data, stamp, offset_h, told):
    files, place = gothenburg(reference_data, "gvc")
    weather = read_weather(files[0], **place, stamp=stamp, utc_offset_h=offset_h)
    assert any(told in note and "nothing was shifted" in note for note in weather.notes)
    assert weather.begins[1].tz_convert("UTC").hour == {"start": 1, "end": 22}[stamp]


def test_a_place_far_away_is_told_by_the_sun(reference_data):
    files, _place = gothenburg(reference_data, "gvc")
    weather = read_weather(
        files[0], latitude_deg=0.0, longitude_deg=12.0, stamp="end", utc_offset_h=0.0
    )
    assert any("nor with any other clock" in note for note in weather.notes)


def test_a_met_file_needs_its_stamp_and_its_clock(reference_data):
    files, place = gothenburg(reference_data, "gvc")
    with pytest.raises(WeatherError, match="start, the middle or the end"):
        read_weather(files[0], **place, utc_offset_h=0.0)
    with pytest.raises(WeatherError, match="utc_offset_h"):
        read_weather(files[0], **place, stamp="end")
    with pytest.raises(WeatherError, match="latitude and longitude"):
        read_weather(files[0], stamp="end", utc_offset_h=0.0)
    with pytest.raises(WeatherError, match="'begin'"):
        read_weather(files[0], **place, stamp="begin", utc_offset_h=0.0)


@pytest.mark.parametrize("name", ["TRY2015_508233129181_Jahr.dat", "TRY2015_508233129181_Somm.dat"])
def test_a_test_reference_year_reads(reference_data, name):
    path = reference_data / "weather" / name
    year = read_weather(path)
    assert len(year) == 8760
    assert year.typical
    # The position of the grid's cell is that in the file's name.
    assert (year.latitude_deg, year.longitude_deg) == pytest.approx((50.8233, 12.9181), abs=1e-4)
    assert year.altitude_m == 297.0
    assert year.begins[0].utcoffset() == dt.timedelta(hours=1)
    assert (year.begins[0].month, year.begins[0].day, year.begins[0].hour) == (1, 1, 0)
    assert year.labels[0] == "01-01T01:00"
    assert "Deutscher Wetterdienst" in year.attribution
    assert np.isfinite(year.longwave_down_w_m2).all()
    # Direct and diffuse on level ground, as the columns tell, are kept.
    rows = [line.split() for line in path.read_text("latin-1").splitlines() if line[:4].isdigit()]
    direct, diffuse = (np.array([float(row[at]) for row in rows]) for at in (12, 13))
    assert year.ghi_w_m2 == pytest.approx(direct + diffuse)
    assert year.dhi_w_m2 == pytest.approx(diffuse)
    # The sun of its noons, in its own clock: neither before nor behind.
    noon = year.middles.hour == 12
    tall = noon & (year.dni_w_m2 > 400.0)
    assert year.dni_w_m2[tall] * sines(year)[tall] == pytest.approx(direct[tall], rel=0.02)
    assert year.ghi_w_m2[noon].sum() == pytest.approx(
        year.ghi_w_m2[year.middles.hour == 11].sum(), rel=0.08
    )
    assert (year.ghi_w_m2 <= year.extra_w_m2 * np.maximum(sines(year), 0.0) + 50.0).all()
    best = [
        np.corrcoef(year.ghi_w_m2, np.roll(year.clear_ghi_w_m2, shift))[0, 1]
        for shift in (-1, 0, 1)
    ]
    assert best.index(max(best)) == 1


def test_an_epw_reads(reference_data):
    path = reference_data / "weather" / "athens_2023.epw"
    year = read_weather(path, zone="Europe/Athens")
    rows = list(csv.reader(io.StringIO(path.read_text())))[8:]
    assert len(year) == len(rows) == 8760
    assert not year.typical
    assert (year.latitude_deg, year.longitude_deg, year.altitude_m) == (38.0, 23.75, 175.0)
    assert year.air_temperature_c == pytest.approx([float(row[6]) for row in rows])
    assert year.pressure_hpa == pytest.approx([float(row[9]) / 100.0 for row in rows])
    assert year.dni_w_m2 == pytest.approx([float(row[14]) for row in rows])
    assert year.begins[0] == pd.Timestamp("2023-01-01T00:00+02:00")
    assert (year.labels[0], year.labels[23]) == ("2023-01-01T01:00", "2023-01-02T00:00")
    assert "Copernicus" in year.attribution
    miss, _rows = closure(year)
    assert miss <= 0.05
    noon = year.take(np.asarray(year.middles.hour.isin([12, 13])))
    assert closure(noon)[0] <= 0.02


def test_an_epw_of_several_years_is_typical(reference_data, tmp_path):
    lines = (reference_data / "weather" / "athens_2023.epw").read_text().splitlines()
    years = [2001, 1998, 2007, 2007, 1999, 2012, 2003, 2004, 2011, 1997, 2002, 2005]
    mixed = [f"{years[int(line.split(',')[1]) - 1]}{line[4:]}" for line in lines[8:]]
    path = tmp_path / "typical.epw"
    path.write_text("\n".join([*lines[:8], *mixed]))
    year = read_weather(path, zone="Europe/Athens")
    assert year.typical
    assert len(year) == 8760
    assert "typical year" in year.source
    assert year.labels[0] == "01-01T01:00"
    assert len(choose_day(year, JULY, zone="Europe/Athens")) == 24


def test_an_epw_may_have_half_hours(reference_data, tmp_path):
    lines = (reference_data / "weather" / "athens_2023.epw").read_text().splitlines()
    lines[7] = lines[7].replace("DATA PERIODS,1,1", "DATA PERIODS,1,2")
    halves = []
    for line in lines[8 : 8 + 24]:
        year, month, day, hour, _minute, rest = line.split(",", 5)
        halves += [f"{year},{month},{day},{hour},{minute},{rest}" for minute in (30, 60)]
    path = tmp_path / "halves.epw"
    path.write_text("\n".join([*lines[:8], *halves]))
    weather = read_weather(path)
    assert len(weather) == 48
    assert weather.step == HOUR / 2
    assert weather.begins[0] == pd.Timestamp("2023-01-01T00:00+02:00")


def test_the_older_test_reference_years_read_alike(reference_data, tmp_path):
    """The columns of 2011 stand in another order, without a place."""
    path = reference_data / "weather" / "TRY2015_508233129181_Jahr.dat"
    names = [
        "RW",
        "HW",
        "MM",
        "DD",
        "HH",
        "t",
        "p",
        "WR",
        "WG",
        "N",
        "x",
        "RF",
        "B",
        "D",
        "A",
        "E",
        "IL",
    ]
    older = [
        "RG",
        "IS",
        "MM",
        "DD",
        "HH",
        "N",
        "WR",
        "WG",
        "t",
        "p",
        "x",
        "RF",
        "W",
        "B",
        "D",
        "IK",
        "A",
        "E",
        "IL",
    ]
    lines = [" ".join(older), "***"]
    for line in path.read_text("latin-1").splitlines():
        if line[:4].isdigit():
            told = dict(zip(names, line.split(), strict=True))
            lines.append(" ".join(told.get(name, "1") for name in older))
    old = tmp_path / "TRY_04.dat"
    old.write_text("\n".join(lines))
    place = {"latitude_deg": 50.8233, "longitude_deg": 12.9181}
    year, same = read_weather(path, **place), read_weather(old, **place)
    assert (same.begins == year.begins).all()
    for name in ("air_temperature_c", "wind_m_s", "ghi_w_m2", "longwave_down_w_m2"):
        assert (getattr(same, name) == getattr(year, name)).all(), name
    with pytest.raises(WeatherError, match="no place told"):
        read_weather(old)


def test_a_split_comes_near_what_was_measured(reference_data, tmp_path):
    """Beam and diffuse taken out of a met file are found again, to what such a split can."""
    files, place = gothenburg(reference_data, "kronenhuset")
    lines = files[0].read_text().splitlines()
    without = [line.split() for line in lines]
    for cells in without[1:]:
        cells[-3:-1] = ["-999.00", "-999.00"]
    path = tmp_path / "met.txt"
    path.write_text("\n".join(" ".join(cells) for cells in without))
    clock = {"stamp": "end", "utc_offset_h": 0.0}
    told, split = read_weather(files[0], **place, **clock), read_weather(path, **place, **clock)
    assert any("Erbs-Driesse" in note for note in split.notes)
    assert (split.ghi_w_m2 == told.ghi_w_m2).all()
    assert np.sqrt(np.mean((split.dhi_w_m2 - told.dhi_w_m2) ** 2)) < 35.0


def test_a_stamp_that_contradicts_wins_and_says_so(reference_data):
    path = reference_data / "weather" / "athens_2023.epw"
    year = read_weather(path, stamp="start", utc_offset_h=3.0)
    assert year.begins[0] == pd.Timestamp("2023-01-01T01:00+03:00")
    assert sum("as asked" in note for note in year.notes) == 2


def test_a_file_from_far_away_says_so(reference_data):
    folder = reference_data / "weather"
    year = read_weather(folder / "TRY2015_508233129181_Jahr.dat", **DRESDEN)
    assert any("63 km away" in note for note in year.notes)
    assert (year.latitude_deg, year.longitude_deg) == (51.05, 13.74)
    near = read_weather(
        folder / "TRY2015_508233129181_Jahr.dat", latitude_deg=50.83, longitude_deg=12.92
    )
    assert not any("km away" in note for note in near.notes)
    south = read_weather(folder / "athens_2023.epw", **DRESDEN)
    assert any("cut to a clear sky's" in note for note in south.notes)


# --- one day out of many ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"),
    [(dt.date(2023, 3, 26), 23), (dt.date(2023, 10, 29), 25), (dt.date(2023, 7, 20), 24)],
)
def test_a_day_out_of_a_year_has_its_hours(reference_data, day, hours):
    year = read_weather(reference_data / "weather" / "athens_2023.epw", zone="UTC")
    chosen = choose_day(year, day, zone="Europe/Athens")
    assert len(chosen) == hours
    assert {time.date() for time in chosen.begins} == {day}
    rows = year.begins.get_indexer(chosen.begins.tz_convert("UTC"))
    assert (chosen.air_temperature_c == year.air_temperature_c[rows]).all()
    assert chosen.labels == tuple(year.labels[row] for row in rows)
    assert chosen.clear_ghi_w_m2 == pytest.approx(year.clear_ghi_w_m2[rows], abs=3.0)


def test_the_hottest_day_is_taken_and_said(reference_data):
    year = read_weather(reference_data / "weather" / "athens_2023.epw", zone="Europe/Athens")
    chosen = choose_day(year, None, zone="Europe/Athens")
    assert chosen.air_temperature_c.max() == year.air_temperature_c.max()
    assert "hottest" in chosen.notes[-1]
    first = pd.Series(year.air_temperature_c).idxmax()
    assert chosen.begins[0].date() == year.begins[first].date()


def test_a_typical_year_has_any_year(reference_data):
    path = reference_data / "weather" / "TRY2015_508233129181_Somm.dat"
    year = read_weather(path, zone=ZONE)
    chosen = choose_day(year, JULY, zone=ZONE)
    assert chosen.begins[0] == pd.Timestamp("2026-07-20", tz=ZONE)
    assert chosen.labels[0] == "07-20T00:00"  # the hour to 24 h of the 19th, by a clock of UTC+1
    told = read_weather(path, zone=ZONE, year=2026)
    same = choose_day(told, JULY, zone=ZONE)
    assert (same.begins == chosen.begins).all()
    assert same.air_temperature_c == pytest.approx(chosen.air_temperature_c)
    with pytest.raises(WeatherError, match="choose another day"):
        choose_day(year, dt.date(2028, 2, 29), zone=ZONE)
    other = choose_day(year, None, zone=ZONE)
    assert "hottest" in other.notes[-1]


def test_a_year_may_stand_for_another(reference_data):
    path = reference_data / "weather" / "athens_2023.epw"
    year = read_weather(path, zone="Europe/Athens", year=2028)
    assert any("The days of 2023 stand for those of 2028." in note for note in year.notes)
    assert len(choose_day(year, dt.date(2028, 7, 20), zone="Europe/Athens")) == 24


def test_a_day_that_is_not_there_is_told(reference_data):
    year = read_weather(reference_data / "weather" / "athens_2023.epw", zone="Europe/Athens")
    with pytest.raises(WeatherError, match=r"2026-07-20.*2023-01-01 to 2023-12-31"):
        choose_day(year, JULY, zone="Europe/Athens")


# --- tables -------------------------------------------------------------------------------------


def write_table(folder, design, *, head=HEAD, times=None, change=None, comma=False, drop=()):
    """Write the design day as a table, one cell changed."""
    if times is None:
        times = [(time + design.step).isoformat() for time in design.begins]
    parted, rows = (";" if comma else ","), [head]
    for row, time in enumerate(times):
        at = row % 24
        numbers = [
            f"{design.air_temperature_c[at]:.2f}",
            f"{design.relative_humidity_pct[at]:.2f}",
            "2.0",
            f"{design.ghi_w_m2[at]:.2f}",
        ]
        cells = [time, *(number.replace(".", ",") if comma else number for number in numbers)]
        for (line, column), text in (change or {}).items():
            if line in {row, "all"}:
                cells[column] = text
        if row not in drop:
            rows.append(parted.join(cells))
    path = folder / "table.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def read_table(path, **more):
    return read_weather(path, **{"zone": ZONE, "stamp": "end", **DRESDEN, **more})


def test_a_table_is_read_back(tmp_path, design):
    weather = read_table(write_table(tmp_path, design))
    assert (weather.begins == design.begins).all()
    assert weather.air_temperature_c == pytest.approx(design.air_temperature_c, abs=0.005)
    assert weather.relative_humidity_pct == pytest.approx(design.relative_humidity_pct, abs=0.005)
    assert weather.ghi_w_m2 == pytest.approx(design.ghi_w_m2, abs=0.005)
    assert any("Erbs-Driesse" in note for note in weather.notes)
    sine = find_sky(weather.begins, HOUR, **DRESDEN, altitude_m=weather.altitude_m).sine
    assert weather.dni_w_m2 * sine + weather.dhi_w_m2 == pytest.approx(weather.ghi_w_m2, abs=1e-6)
    assert weather.labels[0] == "2026-07-20T01:00:00+02:00"
    assert (choose_day(weather, JULY, zone=ZONE).begins == design.begins).all()
    # The file's own offset holds; one that differs is told.
    for offset_h, count in ((2.0, 0), (1.0, 1)):
        same = read_table(tmp_path / "table.csv", utc_offset_h=offset_h)
        assert (same.begins == design.begins).all()
        assert sum("was not used" in note for note in same.notes) == count


def test_a_table_of_wide_letters_is_read(tmp_path, design):
    """As spreadsheets write "Unicode text"."""
    path = write_table(tmp_path, design)
    narrow = read_table(path)
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert (read_table(path).ghi_w_m2 == narrow.ghi_w_m2).all()


@pytest.mark.parametrize("year", [1949, 2101])
def test_a_year_of_which_the_sun_is_not_known_is_refused(tmp_path, design, year):
    times = [time.replace(year=year).isoformat() for time in design.begins]
    with pytest.raises(WeatherError, match=f"from 1950 to 2100; got {year}"):
        read_table(write_table(tmp_path, design, times=times))


def test_an_epw_that_is_cut_off_says_so(reference_data, tmp_path):
    lines = (reference_data / "weather" / "athens_2023.epw").read_text().splitlines()
    path = tmp_path / "cut.epw"
    path.write_text("\n".join(lines[: 8 + 4992]) + "\n")
    assert any("4,992 of a year's 8,760" in note for note in read_weather(path).notes)
    whole = read_weather(reference_data / "weather" / "athens_2023.epw")
    assert not any("cut off" in note for note in whole.notes)


def test_radiation_beside_the_sun_is_told_and_makes_no_beam(tmp_path, design):
    """A sun of 3° on average, and radiation as of an hour before: a clock that is off."""
    sky = find_sky(design.begins, HOUR, **DRESDEN, altitude_m=150.0)
    low = int(np.flatnonzero(sky.sine > 0.0)[-1])
    change = {(low, 4): f"{1361.0 * sky.sine[low] + 100.0:.1f}"}
    told = read_table(write_table(tmp_path, design, change=change))
    assert any("In 1 row the radiation is more than the sun can" in note for note in told.notes)
    assert told.dni_w_m2[low] <= told.extra_w_m2[low]
    assert told.dni_w_m2[low] == pytest.approx(sky.dni_w_m2[low], abs=30.0)
    assert told.ghi_w_m2[low] == pytest.approx(
        told.dni_w_m2[low] * sky.sine[low] + told.dhi_w_m2[low], abs=0.5
    )


@pytest.mark.parametrize(
    ("head", "comma"),
    [
        (("Zeit;Lufttemperatur [°C];Relative Feuchte (%);Windgeschwindigkeit [m/s];"
         "Globalstrahlung [W/m²]"), True),
        ("MESS_DATUM;TT_TU;RF_TU;FF;GHI", True),
        ("timestamp,air_temperature_c,rh_pct,wind_10m_m_s,ghi_w_m2", False),
        (("time,temperature_2m (°C),relative_humidity_2m (%),wind_speed_10m (m/s),"
         "shortwave_radiation (W/m²)"), False),
    ],
)  # fmt: skip
def test_columns_go_by_their_usual_names(tmp_path, design, head, comma):
    weather = read_table(write_table(tmp_path, design, head=head, comma=comma))
    assert weather.air_temperature_c == pytest.approx(design.air_temperature_c, abs=0.005)
    assert weather.wind_m_s == pytest.approx(2.0)


def test_units_are_converted_and_said(tmp_path, design):
    head = "time,temp [F],rh,wind [km/h],ghi (kW/m2)"
    fahrenheit = {
        (row, 1): f"{1.8 * t + 32.0:.3f}" for row, t in enumerate(design.air_temperature_c)
    }
    light = {(row, 4): f"{g / 1000.0:.5f}" for row, g in enumerate(design.ghi_w_m2)}
    weather = read_table(write_table(tmp_path, design, head=head, change={**fahrenheit, **light}))
    assert weather.air_temperature_c == pytest.approx(design.air_temperature_c, abs=0.005)
    assert weather.wind_m_s == pytest.approx(2.0 / 3.6)
    assert weather.ghi_w_m2 == pytest.approx(design.ghi_w_m2, abs=0.01)
    assert sum("converted" in note for note in weather.notes) == 3


def test_wind_is_taken_to_ten_metres(tmp_path, design):
    """UTCI's log law (Bröde et al. 2012): log(10 / 0.01) / log(2 / 0.01) = 1.3038."""
    told = read_table(write_table(tmp_path, design, head="time,temp,rh,wind_2m,ghi"))
    asked = read_table(write_table(tmp_path, design), wind_height_m=2.0)
    for weather in (told, asked):
        assert weather.wind_m_s == pytest.approx(2.0 * 1.3038, rel=1e-4)
    with pytest.raises(WeatherError, match="height"):
        read_table(write_table(tmp_path, design), wind_height_m=0.0)


@pytest.mark.parametrize(("stamp", "shift_min"), [("start", 0), ("middle", -30), ("end", -60)])
def test_a_stamp_is_what_it_is_said_to_be(tmp_path, design, stamp, shift_min):
    path = write_table(tmp_path, design, head="time,temp,rh,wind,cloud")
    weather = read_table(path, stamp=stamp)
    begin = pd.Timestamp("2026-07-20 01:00", tz=ZONE) + pd.Timedelta(minutes=shift_min)
    assert weather.begins[0] == begin
    assert any("taken as clear" in note for note in weather.notes)


def test_a_day_of_middles_is_whole(tmp_path, design):
    times = [time.isoformat() for time in design.begins]
    path = write_table(tmp_path, design, head="time,temp,rh,wind,cloud", times=times)
    chosen = choose_day(read_table(path, stamp="middle"), JULY, zone=ZONE)
    assert (chosen.middles == design.begins).all()


@pytest.mark.parametrize("date", ["2026-07-20", "20.07.2026"])
def test_day_and_hour_may_stand_apart(tmp_path, date):
    hours = "\n".join(f"{date};{hour};20,5;50" for hour in range(1, 25))
    path = tmp_path / "x.csv"
    path.write_text(f"Datum;Stunde;Temperatur;Luftfeuchte\n{hours}\n", encoding="utf-8")
    weather = read_table(path)
    assert len(choose_day(weather, JULY, zone=ZONE)) == 24
    path.write_text(path.read_text().replace(f"{date};24", f"{date};24:00"))
    path.write_text(path.read_text().replace("Stunde", "Uhrzeit"))
    assert weather.begins.equals(read_table(path).begins)


@pytest.mark.parametrize(
    ("humid", "unit"), [("15.0", "vapour_pressure [hPa]"), ("13.0", "dew_point")]
)
def test_humidity_may_be_told_otherwise(tmp_path, design, humid, unit):
    path = write_table(
        tmp_path, design, head=f"time,temp,{unit},wind,ghi", change={("all", 2): humid}
    )
    assert read_table(path).vapour_pressure_hpa == pytest.approx(15.0, abs=0.1)


def test_two_of_three_give_the_third(tmp_path, design):
    columns = {"ghi": design.ghi_w_m2, "dni": design.dni_w_m2, "dhi": design.dhi_w_m2}
    for left_out in (*columns, None):
        names = [name for name in columns if name != left_out]
        lines = [",".join(["time,temp,rh", *names])]
        for row, time in enumerate(design.begins):
            numbers = [f"{columns[name][row]:.4f}" for name in names]
            lines.append(",".join([time.isoformat(), "20", "50", *numbers]))
        path = tmp_path / "x.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        weather = read_table(path, stamp="start")
        for name, column in columns.items():
            assert getattr(weather, f"{name}_w_m2") == pytest.approx(column, abs=0.1)
        assert not any("Erbs" in note or "clock" in note for note in weather.notes)


def test_short_gaps_are_filled_and_counted(tmp_path, design):
    blank = {(row, 1): "" for row in (5, 6)}
    weather = read_table(write_table(tmp_path, design, change=blank))
    air = design.air_temperature_c
    assert weather.air_temperature_c[5] == pytest.approx(air[4] + (air[7] - air[4]) / 3.0, abs=0.01)
    assert any("interpolated in 2 rows" in note for note in weather.notes)

    absent = read_table(write_table(tmp_path, design, drop=(5, 6)))
    assert len(absent) == 22
    chosen = choose_day(absent, JULY, zone=ZONE)
    assert len(chosen) == 24
    assert "2 intervals were interpolated: 2026-07-20 05:00, 06:00" in chosen.notes[-1]
    assert chosen.air_temperature_c == pytest.approx(weather.air_temperature_c, abs=1e-9)


def test_nothing_by_night_is_no_gap(tmp_path, design):
    dark = {(row, 4): "" for row in range(24) if design.ghi_w_m2[row] == 0.0}
    weather = read_table(write_table(tmp_path, design, change=dark))
    assert len(dark) == 7
    assert len(weather) == 24
    assert weather.ghi_w_m2 == pytest.approx(design.ghi_w_m2, abs=0.01)


def test_pressure_has_no_gaps(tmp_path, design):
    blank = {(row, 3): "" for row in range(12)}
    path = write_table(
        tmp_path,
        design,
        head="time,temp,rh,pressure [kPa],ghi",
        change={("all", 3): "100.2", **blank},
    )
    weather = read_table(path)
    assert weather.pressure_hpa == pytest.approx(1002.0)
    assert any("12 rows, was taken as its mean" in note for note in weather.notes)


def test_long_gaps_are_named(tmp_path, design):
    blank = {(row, 2): "-999" for row in (5, 6, 7)}
    for path in (
        write_table(tmp_path, design, change=blank),
        write_table(tmp_path, design, drop=(5, 6, 7)),
    ):
        weather = read_table(path)
        assert len(weather) == 21
        with pytest.raises(WeatherError, match=r"lacks 3 of 24 .*2026-07-20 05:00, 06:00, 07:00"):
            choose_day(weather, JULY, zone=ZONE)
        with pytest.raises(WeatherError, match="no whole day"):
            choose_day(weather, None, zone=ZONE)
    with pytest.raises(WeatherError, match="2026-07-20 00:00"):
        choose_day(read_table(write_table(tmp_path, design, drop=(0,))), JULY, zone=ZONE)


def test_the_hottest_day_is_a_whole_one(tmp_path, design):
    times = pd.date_range("2026-07-18 01:00", periods=72, freq="h", tz=ZONE)
    path = write_table(
        tmp_path,
        design,
        times=[time.isoformat() for time in times],
        change={(60, 1): "39.0", **{(row, 4): "0" for row in range(72)}},
        drop=(50, 51, 52, 53),
    )
    chosen = choose_day(read_table(path), None, zone=ZONE)
    assert chosen.begins[0] == pd.Timestamp("2026-07-18", tz=ZONE)


def test_wall_times_follow_the_clocks(tmp_path, design):
    autumn = pd.date_range("2026-10-24", "2026-10-27", freq="h", tz=ZONE, inclusive="left")
    dark = {("all", 4): "0"}
    wall = [f"{time:%Y-%m-%d %H:%M}" for time in autumn]
    weather = read_table(write_table(tmp_path, design, times=wall, change=dark), stamp="start")
    assert (weather.begins == autumn).all()
    assert len(choose_day(weather, dt.date(2026, 10, 25), zone=ZONE)) == 25

    spring = [f"{t:%d.%m.%Y %H:%M}" for t in pd.date_range("2026-03-28", "2026-03-30", freq="h")]
    path = write_table(tmp_path, design, times=spring, change=dark)
    with pytest.raises(WeatherError, match=r"skip 2026-03-29 02:00.*utc_offset_h"):
        read_table(path, stamp="start")
    standard = read_table(path, stamp="start", utc_offset_h=1.0)
    assert len(choose_day(standard, dt.date(2026, 3, 29), zone=ZONE)) == 23


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({(row, 1): f"{300 + row}" for row in range(24)}, "looks like kelvin"),
        ({("all", 2): "0.55"}, "looks like a share"),
        ({("all", 3): "72"}, "km/h by 3.6"),
        ({(12, 4): "1900"}, "stronger than beyond the air"),
        ({(0, 4): "200"}, "stronger than beyond the air.*clock"),
        ({(1, 4): "-50"}, "got -50"),
        ({(1, 2): "130"}, "relative_humidity_pct"),
        ({(5, 1): "warm"}, "line 7, column 'temperature'.*'warm'"),
        ({(5, 1): "1e999"}, "'1e999'"),
        ({(5, 0): "noon"}, "Wanted a time such as"),
        ({(5, 0): "2026-02-30T10:00"}, "Wanted a time such as"),
        ({(5, 0): "2026-07-20T05:00:00+02:00"}, "each once.*twice"),
        ({(5, 0): "2026-07-20T04:00:00+02:00"}, "ascending times.*after"),
        ({(5, 0): "2026-07-20T05:30:00+02:00"}, "1 h apart"),
        ({(5, 0): "2026-07-20T06:00:00"}, "carry an offset"),
        ({("all", 1): ""}, "no air temperature"),
        ({("all", 2): ""}, "no humidity"),
    ],
)
def test_a_bad_table_gets_one_sentence(tmp_path, design, change, told):
    with pytest.raises(WeatherError, match=told) as caught:
        read_table(write_table(tmp_path, design, change=change))
    assert "\n" not in str(caught.value)


def test_an_instruments_zero_is_clipped_and_counted(tmp_path, design):
    weather = read_table(write_table(tmp_path, design, change={(1, 4): "-3", (2, 4): "-1"}))
    assert (weather.ghi_w_m2[1:3] == 0.0).all()
    assert any("taken as 0 in 2 rows" in note for note in weather.notes)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"PK\x03\x04\x00\x00", "is no text"),
        (b"\x89PNG\r\n\x1a\n\x00", "is no text"),
        (b"a,b\n1,2\n", "no weather file we know"),
        (b"when,how warm\n2026-07-20,20\n", "no weather file we know"),
        (b"time,temp,rh\n", "no row of weather"),
        (b"time,temp,rh,ghi\n2026-07-20T10:00,20,50\n", "Wanted 4 cells in line 2"),
        (b"time,temp,t_air,rh\n2026-07-20T10:00,20,20,50\n", "tell the same"),
        (b"time,temp [R],rh\n2026-07-20T10:00,20,50\n", "in a unit we know"),
        (b"time,temp,rh,dni\n2026-07-20T10:00,20,50,300\n", "a part of the sun's radiation"),
        (b"time,temp,rh\n2026-07-20,20,50\n2026-07-21,20,50\n", "up to 3 hours"),
        (b"time,temp,rh\n9999-12-31T23:00,20,50\n", "1850 to 2150"),
        (b"time,temp,rh\n0001-01-01T00:00+14:00,20,50\n", "1850 to 2150"),
        (b"LOCATION,a\n", "cut off"),
        (b"LOCATION,a,b,c,d,e,x,2,3,4\n" + 8 * b"x\n", "line 1, column 'latitude'"),
        (b"%iy id it imin Td\n2010 400 1 0 3\n", "a day from 1 to 366"),
        (b"%iy id it imin Td\n2010 200 25 0 3\n", "an hour from 0 to 24"),
        (b"%iy id it imin Td\n2010 200 1 0\n", "Wanted 5 numbers in line 2"),
        (b"%iy id it imin Td\n", "no row of weather"),
        (b"%iy id it imin Td RH\n-999 200 1 0 3 4\n", "Wanted a year"),
        (b"MM DD HH t\n***\n 1 1 1 3\n", "lacks the columns"),
    ],
)
def test_a_file_that_is_none_gets_one_sentence(tmp_path, content, told):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(WeatherError, match=told) as caught:
        read_table(path)
    assert "\n" not in str(caught.value)


def test_a_file_is_read_in_bounds(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    with pytest.raises(WeatherError, match="larger than 10 MB"):
        read_table(path)
    with pytest.raises(WeatherError, match="cannot be read"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(WeatherError, match="cannot be read"):
        read_table(tmp_path)


def test_a_torn_file_is_refused(reference_data, tmp_path):
    for name, at in (("athens_2023.epw", 3000), ("TRY2015_508233129181_Jahr.dat", 3010)):
        content = (reference_data / "weather" / name).read_bytes()
        path = tmp_path / name
        path.write_bytes(content[: content.index(b"\n", at * 20) - 120])
        with pytest.raises(WeatherError):
            read_weather(path)


cells = st.one_of(
    st.sampled_from(
        ["", "0", "1", "20.5", "-999", "-1", "1e5", "nan", "inf", "warm", "2026-07-20T10:00", "5,5"]
    ),
    st.floats(allow_nan=False).map(str),
    st.text(max_size=8),
)
heads = st.sampled_from(
    ["time", "date", "hour", "temp", "temp [K]", "rh", "dew_point", "wind", "wind_2m", "ghi",
     "dni", "dhi", "pressure [kPa]", "longwave", "iy id it imin", "LOCATION", "***", "x"]
)  # fmt: skip


@given(
    head=st.lists(heads, min_size=1, max_size=8),
    rows=st.lists(st.lists(cells, max_size=9), max_size=6),
    start=st.sampled_from(["2026-07-20T00:00", "2026-03-29T00:00", "2026-10-25T01:00+02:00", ""]),
    parted=st.sampled_from([",", ";", "\t", " "]),
    stamp=st.sampled_from(["start", "middle", "end", None]),
)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table_is_read_or_refused(tmp_path, head, rows, start, parted, stamp):
    lines = [parted.join(["time", "temp", "rh", *head] if start else head)]
    for at, row in enumerate(rows):
        if start:
            time = pd.Timestamp(start) + at * HOUR
            lines.append(parted.join([time.isoformat(), "20", "50", *row][: 3 + len(head)]))
        else:
            lines.append(parted.join(row))
    path = tmp_path / "any.csv"
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    try:
        weather = read_table(path, stamp=stamp)
    except WeatherError as error:
        assert str(error)  # noqa: PT017 - a sentence, or weather
    else:
        assert len(weather) == len(weather.labels) > 0


@given(content=st.binary(max_size=300))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_are_refused(tmp_path, content):
    path = tmp_path / "any.dat"
    path.write_bytes(content)
    with pytest.raises(WeatherError):
        read_table(path)
