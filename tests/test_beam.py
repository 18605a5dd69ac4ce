"""The clear sky's beam, against tables, closed forms and a field station."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pvlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solarpass.beam import BeamModel, find_beam, projected_factor
from solarpass.errors import CoordinateError, SourceError
from solarpass.sun import SunPath, find_sun

DRESDEN = {"latitude_deg": 51.05, "longitude_deg": 13.74}
GOTHENBURG = {"latitude_deg": 57.69, "longitude_deg": 11.97}
USUAL_AIR = BeamModel(linke_turbidity=3.0)


def suns(*elevation_deg, day="2026-06-21"):
    times = pd.date_range(f"{day} 12:00", periods=len(elevation_deg), freq="5min", tz="UTC")
    return SunPath(times, np.full(len(times), 180.0), np.array(elevation_deg, float))


def test_the_sun_at_sixty_degrees_gives_some_nine_hundred_watts_at_the_sea():
    beam = find_beam(suns(60.0), **DRESDEN, altitude_m=0.0, model=USUAL_AIR)
    assert 850.0 < beam.normal_w_m2[0] < 950.0


def test_by_night_there_is_no_beam():
    beam = find_beam(suns(-30.0, -0.1, 0.0, 5.0), **DRESDEN)
    assert (beam.normal_w_m2[:3] == 0.0).all()
    assert (beam.body_w_m2[:3] == 0.0).all()
    assert beam.body_w_m2[3] > 0.0
    assert len(find_beam(suns(), **DRESDEN)) == 0


@pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofyear")  # in pvlib, until it is mended
def test_the_beam_is_that_of_pvlib_s_clear_sky():
    times = pd.date_range("2026-07-15 00:02:30", periods=288, freq="5min", tz="Europe/Berlin")
    place = pvlib.location.Location(*DRESDEN.values(), tz="Europe/Berlin", altitude=113.0)
    beam = find_beam(find_sun(times, **DRESDEN), **DRESDEN, altitude_m=113.0)
    theirs = place.get_clearsky(times, model="ineichen")["dni"].to_numpy()
    # They place the sun with the pressure of the altitude, which matters at the horizon only.
    assert np.abs(beam.normal_w_m2 - theirs).max() < 2.0


@given(st.floats(1.0, 89.0), st.floats(0.1, 30.0))
def test_a_higher_sun_shines_through_less_air(elevation_deg, more_deg):
    higher_deg = min(elevation_deg + more_deg, 90.0)
    beam = find_beam(suns(elevation_deg, higher_deg), **DRESDEN, altitude_m=0.0, model=USUAL_AIR)
    assert 0.0 < beam.normal_w_m2[0] < beam.normal_w_m2[1] < 1361.0


def test_haze_weakens_the_beam_and_altitude_strengthens_it():
    def normal(altitude_m, turbidity):
        model = BeamModel(linke_turbidity=turbidity)
        return find_beam(suns(40.0), **DRESDEN, altitude_m=altitude_m, model=model).normal_w_m2[0]

    assert normal(0.0, 5.0) < normal(0.0, 3.0) < normal(0.0, 2.0)
    assert normal(0.0, 3.0) < normal(1500.0, 3.0)


def test_a_standing_person_meets_least_of_a_high_sun():
    """VDI 3787 part 2: 0.308 of the surface at the horizon, 0.08 at the zenith."""
    factor = projected_factor(np.array([1e-9, 30.0, 60.0, 90.0]))
    assert factor == pytest.approx([0.308, 0.268, 0.174, 0.080], abs=5e-4)
    assert (np.diff(projected_factor(np.arange(1.0, 91.0))) < 0.0).all()


def test_the_factor_agrees_with_the_form_of_di_napoli():
    """C. Di Napoli et al., Int. J. Biometeorol., 2020."""
    up = np.arange(1.0, 91.0)
    theirs = 0.308 * np.cos(np.deg2rad(up * (0.998 - up**2 / 50_000.0)))
    assert np.abs(projected_factor(up) - theirs).max() < 0.002


def test_the_body_meets_its_share_of_the_beam():
    sun = suns(10.0, 45.0, 80.0)
    beam = find_beam(sun, **DRESDEN)
    assert beam.body_w_m2 == pytest.approx(beam.normal_w_m2 * projected_factor(sun.elevation_deg))
    wider = find_beam(sun, **DRESDEN, model=replace(BeamModel(), flat_factor=0.616))
    assert wider.body_w_m2 == pytest.approx(2.0 * beam.body_w_m2)


def test_in_winter_the_air_is_clearer_where_the_climatology_says_so():
    model = BeamModel()
    winter, summer = (
        find_beam(suns(15.0, day=day), **DRESDEN, altitude_m=0.0, model=model).normal_w_m2[0]
        for day in ("2026-01-15", "2026-07-15")
    )
    assert winter > 1.2 * summer  # the sun is 7 % stronger, the rest is haze


@pytest.mark.parametrize(
    ("site", "file", "first", "last", "day"),
    [
        ("gvc", "MetFile20100710_Prepared.txt", 10, 18, "2010-07-10"),
        ("kronenhuset", "MetFile_Prepared.txt", 8, 14, "2005-10-07"),
    ],
)
def test_clear_hours_of_gothenburg_have_the_beam_that_was_measured(
    reference_data, site, file, first, last, day
):
    met = pd.read_csv(reference_data / "validation" / "gothenburg" / site / file, sep=r"\s+")
    met.columns = [name.strip("%") for name in met.columns]
    met = met[(met["it"] > first) & (met["it"] <= last)]
    # Their hour ends at the full hour, in UTC.
    times = pd.Timestamp(day, tz="UTC") + pd.to_timedelta(met["it"] - 0.5, unit="h")
    beam = find_beam(find_sun(pd.DatetimeIndex(times), **GOTHENBURG), **GOTHENBURG, altitude_m=10.0)
    assert beam.normal_w_m2 == pytest.approx(met["Kdir"].to_numpy(float), rel=0.09)
    assert beam.normal_w_m2.mean() == pytest.approx(met["Kdir"].mean(), rel=0.06)


@pytest.mark.parametrize("altitude_m", [float("nan"), 12_000.0, -900.0])
def test_a_place_that_is_none_is_refused(altitude_m):
    with pytest.raises(CoordinateError, match="metres above the sea"):
        find_beam(suns(30.0), **DRESDEN, altitude_m=altitude_m)
    with pytest.raises(CoordinateError, match="latitude"):
        find_beam(suns(30.0), latitude_deg=float("nan"), longitude_deg=0.0)


@pytest.mark.parametrize(
    "wrong", [{"linke_turbidity": 0.5}, {"flat_factor": 0.0}, {"square_deg2": float("inf")}]
)
def test_air_and_bodies_that_cannot_be_are_refused(wrong):
    with pytest.raises(SourceError, match=next(iter(wrong))):
        BeamModel(**wrong)
