"""How warm surfaces get: against plain conduction, and by the laws of heat."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_heat import DAY, made_weather

from hiro.forcing import KELVIN, SIGMA, build_forcing
from hiro.skin import SkinModel, find_leaf_temperature, find_skin_temperature
from hiro.weather import find_saturation

FORCING = build_forcing(DAY)
DRY = np.array([np.inf])


def skin(taken, *, emissivity=0.95, admittance=1200.0, resistance=np.inf, forcing=FORCING):
    """Find one surface's temperature, ``(n_steps,)``."""
    return find_skin_temperature(
        np.asarray(taken, float)[:, None],
        forcing,
        emissivity=np.array([emissivity]),
        admittance=np.array([admittance]),
        resistance_s_m=np.array([resistance]),
    )[:, 0]


def taken_up(albedo=0.18, emissivity=0.95, forcing=FORCING):
    return (1.0 - albedo) * forcing.ghi_w_m2 + emissivity * forcing.longwave_w_m2


def conduct(taken, *, emissivity, admittance, to_air, forcing, n_days=20):
    """Conduct heat into a thick slab, cell by cell and second by second, day after day."""
    conductivity, cell_m, step_s = 0.8, 0.005, 10.0
    capacity = admittance**2 / conductivity
    n_cells = int(6.0 * np.sqrt(2.0 * conductivity / capacity / (2.0 * np.pi / 86400.0)) / cell_m)
    slab = np.full(n_cells, forcing.air_temperature_c.mean() + 8.0)
    n_sub = round(forcing.step_s / step_s)
    surface = np.empty(len(taken))
    top = slab[0]
    for day in range(n_days):
        for k, (heat, air_c) in enumerate(zip(taken, forcing.air_temperature_c, strict=True)):
            total = 0.0
            for _ in range(n_sub):
                for _ in range(2):  # Newton, from the last step's
                    beneath = 2.0 * conductivity / cell_m * (top - slab[0])
                    out = emissivity * SIGMA * (top + KELVIN) ** 4 + to_air * (top - air_c)
                    slope = 4.0 * emissivity * SIGMA * (top + KELVIN) ** 3 + to_air
                    top -= (out + beneath - heat) / (slope + 2.0 * conductivity / cell_m)
                flux = np.empty(n_cells + 1)
                flux[0] = 2.0 * conductivity / cell_m * (top - slab[0])
                flux[1:-1] = conductivity / cell_m * (slab[:-1] - slab[1:])
                flux[-1] = 0.0
                slab += step_s / (capacity * cell_m) * (flux[:-1] - flux[1:])
                total += top
            if day == n_days - 1:
                surface[k] = total / n_sub
    return surface


@pytest.mark.parametrize(
    ("admittance", "shade"),
    [(1200.0, None), (1500.0, (0, 66)), (1000.0, (78, 144))],  # none, of the morning, after noon
)
def test_the_day_that_comes_again_is_that_of_plain_conduction(admittance, shade):
    """The slab radiates with the fourth power, second by second."""
    light = FORCING.ghi_w_m2.copy()
    if shade is not None:
        light[slice(*shade)] *= 0.15
    taken = 0.82 * light + 0.95 * FORCING.longwave_w_m2
    model = SkinModel()
    to_air = model.still_w_m2_k + model.per_wind * model.wind_factor * 2.0
    twin = conduct(taken, emissivity=0.95, admittance=admittance, to_air=to_air, forcing=FORCING)
    told = skin(taken, admittance=admittance)
    hourly = FORCING.by_interval
    assert hourly(told) == pytest.approx(hourly(twin), abs=0.3)


def test_a_surface_that_only_gives_back_is_as_warm_as_the_air():
    """In black surroundings at the air's mean, and by night all day."""
    mean_c = FORCING.air_temperature_c.mean()
    black = np.full(FORCING.n_steps, 0.95 * SIGMA * (mean_c + KELVIN) ** 4)
    told = skin(black)
    assert told.mean() == pytest.approx(mean_c, abs=0.02)
    assert np.ptp(told) < np.ptp(FORCING.air_temperature_c)
    still = build_forcing(
        made_weather(air_temperature_c=20.0, relative_humidity_pct=50.0, dni_w_m2=0.0)
    )
    flat = np.full(still.n_steps, 0.95 * SIGMA * (20.0 + KELVIN) ** 4)
    assert skin(flat, forcing=still) == pytest.approx(np.full(still.n_steps, 20.0), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 0.6), st.floats(300, 3000), st.floats(0.8, 1.0), st.integers(0, 2**31))
def test_heat_is_neither_lost_nor_won_in_a_day(albedo, admittance, emissivity, seed):
    rng = np.random.default_rng(seed)
    shade = np.repeat(rng.random(24), FORCING.n_parts)
    taken = (1.0 - albedo) * FORCING.ghi_w_m2 * shade + emissivity * FORCING.longwave_w_m2
    told = skin(taken, admittance=admittance, emissivity=emissivity)
    model = SkinModel()
    to_air = model.still_w_m2_k + model.per_wind * model.wind_factor * 2.0
    radiated = emissivity * SIGMA * (told + KELVIN) ** 4
    balance = taken - radiated - to_air * (told - FORCING.air_temperature_c)
    assert balance.mean() == pytest.approx(0.0, abs=1.0)


def test_evaporation_cools_and_resistance_hinders_it():
    wet = [skin(taken_up(), resistance=r) for r in (0.0, 70.0, 300.0, 1500.0, np.inf)]
    means = [one.mean() for one in wet]
    assert means == sorted(means)
    assert np.diff(means).min() > 0.3
    peaks = [one.max() for one in wet]
    assert peaks == sorted(peaks)
    moist = build_forcing(made_weather(relative_humidity_pct=95.0))
    shade = 0.95 * SIGMA * (moist.air_temperature_c + KELVIN) ** 4
    drier = skin(shade, resistance=70.0)
    damp = skin(shade, resistance=70.0, forcing=moist)
    assert drier.mean() < damp.mean() < moist.air_temperature_c.mean()


def test_wet_ground_in_dry_shade_is_above_the_wet_bulb():
    """Nothing gets colder by giving off water than a wet bulb in a draught does."""
    shade = 0.95 * SIGMA * (FORCING.air_temperature_c + KELVIN) ** 4
    told = skin(shade, resistance=0.0)
    air_c, vapour = FORCING.air_temperature_c.mean(), FORCING.vapour_pressure_hpa.mean()
    bulbs = np.arange(0.0, 40.0, 0.01)
    gap = find_saturation(bulbs) - vapour - 0.665 * (air_c - bulbs)
    wet_bulb = bulbs[np.abs(gap).argmin()]
    assert wet_bulb < told.mean() < air_c


def test_what_holds_more_heat_swings_less_and_later():
    told = [skin(taken_up(), admittance=a) for a in (50.0, 600.0, 1200.0, 2400.0, 20_000.0)]
    swings = [np.ptp(one) for one in told]
    assert swings == sorted(swings, reverse=True)
    assert told[0].argmax() < told[2].argmax() <= told[3].argmax()
    means = [one.mean() for one in told]
    assert means == sorted(means)  # hot noons radiate more than cold nights save
    assert np.ptp(means) < 1.0
    assert swings[-1] < 0.25 * swings[2]


def test_shade_of_the_morning_is_still_felt_at_noon():
    light = FORCING.ghi_w_m2.copy()
    light[: 12 * 6] = 0.0
    shaded = skin(0.82 * light + 0.95 * FORCING.longwave_w_m2)
    open_sky = skin(taken_up())
    noon = slice(13 * 6, 14 * 6)
    assert (open_sky - shaded)[noon].mean() > 2.0
    assert (open_sky - shaded)[noon].mean() < (open_sky - shaded)[11 * 6 : 12 * 6].mean()


def test_asphalt_in_the_sun_is_as_warm_as_asphalt_gets():
    """Some 20 to 30 K warmer than the air at its warmest, and little warmer by night."""
    over = skin(taken_up()) - FORCING.air_temperature_c
    assert 15.0 < over.max() < 30.0
    assert 12 * 6 <= over.argmax() < 15 * 6
    assert -4.0 < over[2 * 6 : 5 * 6].mean() < 6.0


def test_surfaces_do_not_know_of_each_other():
    taken = np.stack([taken_up(a) for a in (0.1, 0.2, 0.4)], axis=1)
    many = find_skin_temperature(
        taken,
        FORCING,
        emissivity=np.array([0.95, 0.94, 0.9]),
        admittance=np.array([800.0, 1200.0, 2000.0]),
        resistance_s_m=np.array([np.inf, 70.0, 0.0]),
    )
    for k, told in enumerate(((0.95, 800.0, np.inf), (0.94, 1200.0, 70.0), (0.9, 2000.0, 0.0))):
        emissivity, admittance, resistance = told
        one = skin(taken[:, k], emissivity=emissivity, admittance=admittance, resistance=resistance)
        assert many[:, k] == pytest.approx(one, abs=1e-9)


# --- leaves


def test_leaves_in_dry_shade_are_cooler_than_the_air():
    dark = replace(SkinModel(), leaf_light=0.0)
    leaf_c = find_leaf_temperature(FORCING, model=dark)
    up = FORCING.sun.elevation_deg > 0.0
    assert (leaf_c < FORCING.air_temperature_c)[up].all()
    assert leaf_c[~up].tolist() == FORCING.air_temperature_c[~up].tolist()
    told = find_leaf_temperature(FORCING)
    assert (np.abs(told - FORCING.air_temperature_c) < 5.0).all()
    hottest = FORCING.air_temperature_c.argmax()
    assert told[hottest] < FORCING.air_temperature_c[hottest]


def test_leaves_that_hold_their_water_are_warmer():
    closed = find_leaf_temperature(FORCING, model=SkinModel(leaf_resistance_s_m=5000.0))
    up = FORCING.sun.elevation_deg > 0.0
    assert (closed >= find_leaf_temperature(FORCING))[up].all()
    noon = slice(11 * 6, 16 * 6)
    assert (closed - find_leaf_temperature(FORCING))[noon].min() > 0.5


def test_leaves_balance_their_heat():
    """Around the air's temperature, along tangents, as in the steady state of each step."""
    model = SkinModel()
    leaf_c = find_leaf_temperature(FORCING)
    over = leaf_c - FORCING.air_temperature_c
    up = FORCING.sun.elevation_deg > 0.0
    lacking = find_saturation(leaf_c) - FORCING.vapour_pressure_hpa
    wet = 1206.0 / (0.665 * (1206.0 / model.leaf_w_m2_k + model.leaf_resistance_s_m))
    given = model.leaf_w_m2_k * over + np.where(up, wet * lacking, 0.0)
    given += (
        2.0
        * model.leaf_emissivity
        * SIGMA
        * ((leaf_c + KELVIN) ** 4 - (FORCING.air_temperature_c + KELVIN) ** 4)
    )
    off_k = (given - model.leaf_light * FORCING.ghi_w_m2) / (model.leaf_w_m2_k + 12.0)
    assert np.abs(off_k).max() < 0.15
