"""Radiation where it was measured, in six directions, hour by hour: marks of the design."""

import numpy as np
import pytest
from gothenburg import STATIONS, find_errors, read_days, read_measured, score_station, tell

N_HOURS = {"gvc": 30, "kronenhuset": 12}


def rmse(errors):
    return float(np.sqrt(np.mean(errors**2)))


@pytest.fixture(scope="module")
def scored(reference_data):
    """Score both stations once."""
    return {name: score_station(reference_data, name) for name in STATIONS}


@pytest.mark.parametrize("name", STATIONS)
def test_radiation_is_within_three_kelvins_of_what_was_measured(scored, name):
    errors = find_errors(scored[name])
    print(f"\n{name}: {tell(errors)}")  # noqa: T201  the figures to publish
    assert len(errors) == N_HOURS[name]
    assert rmse(errors) <= 3.0


def test_neither_too_warm_nor_too_cold_in_all(scored):
    errors = np.concatenate([find_errors(table) for table in scored.values()])
    print(f"\npooled: {tell(errors)}")  # noqa: T201
    assert abs(errors.mean()) <= 1.0


@pytest.mark.parametrize(
    ("ours", "theirs", "within"),
    [
        ("kdown_w_m2", "Kdown", 70.0),
        ("kup_w_m2", "Kup", 20.0),
        ("ldown_w_m2", "Ldown", 35.0),
        ("lup_w_m2", "Lup", 30.0),
    ],
)
def test_so_are_its_parts(scored, ours, theirs, within):
    """Right in sum for the right reasons."""
    for name, table in scored.items():
        off = (table[ours] - table[theirs]).to_numpy(float)
        print(f"\n{name} {theirs}: {off.mean():+.1f}, {rmse(off):.1f} W/m²")  # noqa: T201
        assert rmse(off) <= within
        assert abs(off.mean()) <= 0.6 * within


def test_an_hour_off_is_clearly_worse(reference_data, scored):
    """The clock of either station: earlier or later by an hour costs kelvins."""
    for name in STATIONS:
        right = rmse(find_errors(scored[name]))
        for slip_h in (-1, 1):
            wrong = score_station(reference_data, name, slip_h=slip_h)
            assert len(wrong) >= N_HOURS[name] - 3
            assert rmse(find_errors(wrong)) > right + 1.0, (name, slip_h)


def test_the_clock_is_that_of_the_sun(reference_data):
    """The beam on level ground over that to the sun is the sine of its height at the middle."""
    from solarpass.sun import find_sun  # noqa: PLC0415

    for name, station in STATIONS.items():
        for weather, _ in read_days(reference_data, name):
            sun = find_sun(
                weather.middles,
                latitude_deg=station.latitude_deg,
                longitude_deg=station.longitude_deg,
            )
            strong = (weather.dni_w_m2 > 200.0) & (sun.elevation_deg > 10.0)
            sine = (weather.ghi_w_m2 - weather.dhi_w_m2)[strong] / weather.dni_w_m2[strong]
            assert sine == pytest.approx(np.sin(np.deg2rad(sun.elevation_deg[strong])), abs=0.02)


def test_no_station_receives_more_light_than_the_open_sky(reference_data):
    for name in STATIONS:
        measured = read_measured(reference_data, name)
        for weather, clock in read_days(reference_data, name):
            sky = clock.assign(ghi=weather.ghi_w_m2)
            hours = measured.merge(sky, on=["id", "it"])
            bright = hours[hours["ghi"] >= 80.0]
            assert (bright["Kdown"] <= 1.1 * bright["ghi"]).all()


def test_sun_and_shade_are_those_that_were_measured(scored):
    """Light on level ground is far too much or too little where shade is missed."""
    right = n_hours = 0
    for table in scored.values():
        some = table[(table["Kdown"] > 0.0) & (table["kdown_w_m2"] > 80.0)]
        lit = some["sun_fraction"] > 0.5
        ratio = some["kdown_w_m2"] / some["Kdown"]
        right += int(((ratio > 0.6) & (ratio < 1.7)).sum())
        n_hours += len(some)
        assert lit.any()
    assert right >= 0.85 * n_hours
