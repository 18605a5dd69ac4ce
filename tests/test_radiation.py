"""Radiation on who waits: the laws of light and warmth, and what the field has measured."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from made_heat import AFTERNOON, DAY, NOON, PLACE, heat, made_weather, mean_of, street
from scenes import crowns, world

from hiro import radiation as room
from hiro.cover import COVERS, read_skins
from hiro.forcing import KELVIN, SIGMA, build_forcing
from hiro.radiation import build_radiation
from hiro.view import build_view

FORCING = build_forcing(DAY)
CLOSED = ("none", "opaque", "clear_open", "clear_closed")


def radiate(surface, *xy, shelters=("none",), cover="asphalt", weather=DAY, rows=None):
    """Add up what reaches places, each beneath each of the shelters."""
    xy = np.array(xy or ((0.0, 6.0),), float)
    place = np.repeat(np.arange(len(xy)), len(shelters))
    ground = np.zeros((len(xy), len(COVERS)))
    ground[:, COVERS.index(cover)] = 1.0
    rows = np.arange(len(place)) if rows is None else rows
    return build_radiation(
        build_view(surface, xy, latitude_deg=PLACE[0]),
        build_forcing(weather),
        ground[place[rows]],
        row_place=place[rows],
        shelters=[(list(shelters) * len(xy))[row] for row in rows],
    )


def tmrt_c(told):
    return (told.absorbed_w_m2[:, 0] / (0.97 * SIGMA)) ** 0.25 - KELVIN


@pytest.fixture(scope="module")
def open_stop():
    """Wait on the south-facing side of the standard street, without any shelter."""
    return heat(street())


# --- laws


def test_on_open_ground_all_light_arrives_and_the_sky_sends_its_warmth():
    told = radiate(world())
    assert told.kdown_w_m2[:, 0] == pytest.approx(FORCING.by_interval(FORCING.ghi_w_m2), abs=0.5)
    assert told.ldown_w_m2[:, 0] == pytest.approx(FORCING.by_interval(FORCING.longwave_w_m2))
    assert told.kup_w_m2[:, 0] == pytest.approx(0.18 * told.kdown_w_m2[:, 0], rel=1e-6)
    up = DAY.ghi_w_m2 > 0.0
    assert told.sun_fraction[up, 0] == pytest.approx(np.ones(up.sum()))


def test_the_six_sides_make_what_is_taken_up():
    """By hand, from what stations measure: the beam is taken from the sides and above again."""
    told = radiate(street(), (0, 6), (3, 0))
    forcing, mean = FORCING, FORCING.by_interval
    for k in range(2):
        share = np.repeat(told.sun_fraction[:, k], forcing.n_parts)
        lit = forcing.beam_w_m2 * share
        direct = told.beam_w_m2[:, k] / 0.70
        light = told.side_w_m2[0, :, :, k].sum(axis=1)
        azimuth = np.deg2rad(forcing.sun.azimuth_deg)
        on_sides = mean(
            lit
            * np.cos(np.deg2rad(np.maximum(forcing.sun.elevation_deg, 0.0)))
            * (np.abs(np.sin(azimuth)) + np.abs(np.cos(azimuth)))
        )
        from_above = told.kdown_w_m2[:, k] - mean(lit * forcing.sine)
        short = 0.06 * (from_above + told.kup_w_m2[:, k]) + 0.22 * (light - on_sides) + direct
        long = 0.06 * (told.ldown_w_m2[:, k] + told.lup_w_m2[:, k])
        long += 0.22 * told.side_w_m2[1, :, :, k].sum(axis=1)
        sure = np.abs(told.sun_fraction[:, k] - 0.5) > 0.5 - 1e-9
        assert sure.sum() > 15
        assert told.absorbed_w_m2[sure, k] == pytest.approx(
            (0.70 * short + 0.97 * long)[sure], abs=0.5
        )


def test_light_is_never_made_and_the_beam_is_part_of_it():
    told = radiate(street((0.0, 4.0, 6.0, 2.5, 9.0)), (0, 6), (0, 0), (30, -6), shelters=CLOSED)
    whole = FORCING.by_interval(FORCING.ghi_w_m2)[:, None]
    assert (told.kdown_w_m2 <= 1.35 * whole + 1.0).all()
    assert (told.kup_w_m2 <= 0.18 * told.kdown_w_m2.max() + 1.0).all()
    assert (told.beam_w_m2 >= 0.0).all()
    assert (told.beam_w_m2 <= told.absorbed_w_m2).all()
    assert (told.side_w_m2 >= 0.0).all()
    assert ((told.sun_fraction >= 0.0) & (told.sun_fraction <= 1.0 + 1e-9)).all()
    night = whole[:, 0] == 0.0
    for name in ("kdown_w_m2", "kup_w_m2", "beam_w_m2", "sun_fraction"):
        assert np.abs(getattr(told, name)[night]).max() == 0.0


def test_in_a_black_box_at_the_airs_temperature_radiation_is_the_airs():
    """Under a sky as warm as the air, with neither sun nor dry air, all is of one warmth."""
    air_c = 20.0
    weather = made_weather(
        air_temperature_c=air_c,
        relative_humidity_pct=100.0,
        ghi_w_m2=0.0,
        dni_w_m2=0.0,
        dhi_w_m2=0.0,
        longwave_down_w_m2=SIGMA * (air_c + KELVIN) ** 4,
    )
    tree = (0.0, 3.0, 6.0, 2.5, 9.0)
    for cover in COVERS:
        told = radiate(street(tree), (0, 6), weather=weather, cover=cover, shelters=CLOSED)
        felt = (told.absorbed_w_m2 / (0.97 * SIGMA)) ** 0.25 - KELVIN
        assert felt == pytest.approx(np.full(felt.shape, air_c), abs=0.02), cover
        assert np.abs(told.ground_w_m2).max() < 0.2


@pytest.mark.parametrize("chunk", [1, 3, 1000])
def test_neither_chunks_nor_the_order_of_rows_matter(monkeypatch, chunk):
    scene = street((0.0, 4.0, 6.0, 2.5, 9.0))
    xy = [(0, 6), (5, 0), (-20, -6), (14, 3)]
    whole = radiate(scene, *xy, shelters=CLOSED)
    monkeypatch.setattr(room, "_CHUNK", chunk)
    turned = np.random.default_rng(0).permutation(16)
    parts = radiate(scene, *xy, shelters=CLOSED, rows=turned)
    for name in ("absorbed_w_m2", "sun_fraction", "lup_w_m2", "ldown_w_m2", "side_w_m2"):
        expected = getattr(whole, name)[..., turned]
        assert getattr(parts, name) == pytest.approx(expected, abs=1e-9)


def test_a_turned_street_in_turned_light_is_not_another_street():
    """By night, without a sun, a street from north to south is one from east to west."""
    dark = made_weather(ghi_w_m2=0.0, dni_w_m2=0.0, dhi_w_m2=0.0)
    along = [(shapely.box(-400, 9, 400, 19), 14.0), (shapely.box(-400, -19, 400, -9), 14.0)]
    across = [(shapely.box(9, -400, 19, 400), 14.0), (shapely.box(-19, -400, -9, 400), 14.0)]
    one = radiate(world(*along), (0, 0), weather=dark)
    other = radiate(world(*across), (0, 0), weather=dark)
    assert one.absorbed_w_m2 == pytest.approx(other.absorbed_w_m2, rel=1e-3)
    turned = other.side_w_m2[1, :, [1, 2, 3, 0]]
    assert pytest.approx(turned[:, :, 0], rel=2e-3) == one.side_w_m2[1, :, :, 0].T


# --- the standard stop of the design, on the design day


def test_the_open_stop_is_as_hot_as_the_design_found_it(open_stop):
    assert mean_of(open_stop.tmrt_c) == pytest.approx(66.2, abs=5.0)
    assert mean_of(open_stop.utci_c) == pytest.approx(39.1, abs=1.5)
    assert mean_of(open_stop.pet_c) == pytest.approx(40.6, abs=3.0)
    assert open_stop.utci_c.max() == pytest.approx(40.7, abs=1.5)


@pytest.mark.parametrize("shelter", ["opaque", "green_roof"])
def test_an_opaque_roof_takes_20_to_32_k_of_radiation_at_noon(open_stop, shelter):
    """Middel, Kántor, Lee and others measured 20 to 40 K beneath trees and roofs."""
    told = heat(street(), shelter=shelter)
    cooler_k = open_stop.tmrt_c[NOON, 0] - told.tmrt_c[NOON, 0]
    assert 20.0 <= cooler_k <= 32.0
    assert 4.5 <= mean_of(open_stop.utci_c) - mean_of(told.utci_c) <= 8.0
    assert 7.0 <= mean_of(open_stop.pet_c) - mean_of(told.pet_c) <= 12.0


def test_a_metal_roof_is_warmer_than_a_green_one(open_stop):
    metal, green = heat(street(), shelter="opaque"), heat(street(), shelter="green_roof")
    assert 0.2 < mean_of(metal.tmrt_c) - mean_of(green.tmrt_c) < 4.0
    assert mean_of(metal.utci_c) < mean_of(open_stop.utci_c)


@pytest.mark.parametrize("kind", ["opaque", "film", "clear_closed"])
def test_a_roof_is_as_warm_as_the_sun_that_falls_on_it(monkeypatch, kind):
    """With a warmer roof more warmth comes from above, at every hour in step with the sun."""
    surface = world()
    cold = radiate(surface, (0, 0), shelters=(kind,))
    roof = room.find_roof(kind)
    monkeypatch.setattr(
        room, "find_roof", lambda *_: replace(roof, warming_k=roof.warming_k + 10.0)
    )
    more = radiate(surface, (0, 0), shelters=(kind,)).ldown_w_m2 - cold.ldown_w_m2
    forcing = build_forcing(DAY)
    sun = np.minimum(forcing.by_interval(forcing.ghi_w_m2) / 800.0, 1.0)
    wanted = 0.95 * 4.0 * SIGMA * 310.0**3 * 10.0 * sun * roof.hidden_up
    assert more[:, 0] == pytest.approx(wanted, abs=0.15 * wanted.max())
    assert np.corrcoef(more[:, 0], sun)[0, 1] > 0.99


def test_a_trees_shade_does_as_much(open_stop):
    tree = heat(street((0.0, 4.0, 9.0, 2.5, 12.0)))
    assert 20.0 <= open_stop.tmrt_c[NOON, 0] - tree.tmrt_c[NOON, 0] <= 34.0
    young = heat(street((0.0, 4.0, 2.0, 2.5, 5.0)))
    means = [mean_of(told.utci_c) for told in (tree, young, open_stop)]
    assert means == sorted(means)
    assert 4.0 <= means[2] - means[0] <= 8.0


def test_a_closed_clear_shelter_does_not_cool(open_stop):
    """Houston's unshaded, enclosed ones were 3 K hotter in WBGT: a table would call them shade."""
    closed = heat(street(), shelter="clear_closed")
    assert mean_of(closed.utci_c) >= mean_of(open_stop.utci_c)
    assert mean_of(closed.utci_c) <= mean_of(open_stop.utci_c) + 2.0
    assert mean_of(closed.pet_c) >= mean_of(open_stop.pet_c) + 1.0
    assert mean_of(closed.tmrt_c) <= mean_of(open_stop.tmrt_c)
    in_the_open = heat(world(), shelter="clear_closed")
    assert mean_of(in_the_open.utci_c) >= mean_of(heat(world()).utci_c)


def test_shelters_stand_in_the_order_of_what_they_let_through(open_stop):
    told = [heat(street(), shelter=kind) for kind in ("green_roof", "film", "clear_open")]
    means = [mean_of(one.tmrt_c) for one in (*told, open_stop)]
    assert means == sorted(means)


def test_bright_ground_does_not_cool_who_stands_on_it(monkeypatch, open_stop):
    """Cool pavement raises radiation at midday (Schneider et al. 2023, and the field)."""
    skins = read_skins()
    bright = {**skins, "asphalt": replace(skins["asphalt"], albedo=0.40)}
    monkeypatch.setattr(room, "read_skins", lambda: bright)
    told = heat(street())
    noon = slice(NOON - 1, NOON + 2)
    assert (told.tmrt_c[noon, 0] >= open_stop.tmrt_c[noon, 0]).all()
    assert mean_of(told.tmrt_c) - mean_of(open_stop.tmrt_c) < 6.0


def test_grass_is_cooler_than_asphalt(open_stop):
    for scene, reference in ((street(), open_stop), (world(), heat(world()))):
        told = heat(scene, cover="grass")
        assert 3.0 < mean_of(reference.tmrt_c) - mean_of(told.tmrt_c) < 12.0
        assert mean_of(told.utci_c) < mean_of(reference.utci_c)


def test_by_night_the_open_sky_cools_and_crowns_keep_warm():
    night = slice(1, 4)
    bare = heat(world())
    assert (bare.tmrt_c[night, 0] < DAY.air_temperature_c[night]).all()
    wood = world(layers=(crowns(woods=[(shapely.box(-30, -30, 30, 30), 3.0, 12.0)]),))
    beneath = heat(wood)
    assert 2.0 < (beneath.tmrt_c - bare.tmrt_c)[night, 0].mean() < 12.0  # Tempe: 5 K
    narrow = heat(street())
    assert (narrow.tmrt_c[night, 0] > bare.tmrt_c[night, 0]).all()


def test_walls_in_the_sun_send_more_than_walls_in_the_shade():
    """The northern side of the street faces the sun: one stands by it, or across."""
    told = radiate(street(), (0, 6), (0, -6))
    light, warmth = told.side_w_m2[:, AFTERNOON]
    assert (warmth[:, 0, 0] > warmth[:, 2, 0]).all()  # the north, by the sunlit wall
    assert warmth[:, 0, 0].mean() > warmth[:, 0, 1].mean()
    assert light[:, 2, 0].mean() > light[:, 0, 0].mean()  # the beam comes from the south
    assert told.absorbed_w_m2[AFTERNOON, 0].mean() > told.absorbed_w_m2[AFTERNOON, 1].mean()


def test_an_overcast_day_has_no_shade_to_seek():
    grey = made_weather(ghi_w_m2=0.25 * DAY.ghi_w_m2, dni_w_m2=0.0, dhi_w_m2=0.25 * DAY.ghi_w_m2)
    cooler = [
        heat(street(), weather=weather).tmrt_c[NOON, 0]
        - heat(street(), weather=weather, shelter="green_roof").tmrt_c[NOON, 0]
        for weather in (grey, DAY)
    ]
    assert -1.0 < cooler[0] < 8.0 < cooler[1]
