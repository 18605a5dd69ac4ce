"""How hot it feels at sites: averages, mixtures, chances, and where to stand."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from made_heat import DAY, NOON, SIDE_WALK, heat, made_hazard, made_weather, stops, street
from scenes import crowns, world

from hiro import radiation as room
from hiro.errors import SiteError
from hiro.hazard import HazardModel, build_hazard
from hiro.level import LEVEL_UTCI_C, find_degree_hours, find_level, find_probability
from hiro.shelter import SHELTERS

TREE = (0.0, 4.0, 9.0, 2.5, 12.0)
PER_SITE = (
    *("utci_c", "tmrt_c", "pet_c", "sun_fraction", "utci_spread_k", "utci_low_c", "utci_high_c"),
    *("level", "level_probability"),
)


@pytest.fixture(scope="module")
def shelters():
    """Wait beneath each kind of shelter, side by side."""
    return heat(street(), *[(30.0 * k, 6.0) for k in range(len(SHELTERS))], shelter=SHELTERS)


# --- levels


@given(hnp.arrays(float, st.integers(1, 20), elements=st.floats(-50, 80)))
def test_levels_are_counted_thresholds(utci_c):
    assert find_level(utci_c).tolist() == [sum(u >= at for at in (26, 32, 38, 46)) for u in utci_c]


def test_a_threshold_belongs_to_the_higher_level():
    assert find_level(np.array(LEVEL_UTCI_C)).tolist() == [1, 2, 3, 4]
    assert find_level(np.nextafter(np.array(LEVEL_UTCI_C), -np.inf)).tolist() == [0, 1, 2, 3]


@given(
    hnp.arrays(float, (3, 4), elements=st.floats(0, 60)),
    hnp.arrays(float, (3, 4), elements=st.floats(0.0, 5.0)),
)
def test_chances_sum_up_and_follow_the_normal_law(centre, spread):
    weight = scipy.sparse.csr_array(np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.2, 0.3, 0.5]]))
    told = find_probability(centre, spread, weight)
    assert told.shape == (3, 2, 5)
    assert told.sum(axis=2) == pytest.approx(np.ones((3, 2)))
    assert told.min() >= 0.0
    rng = np.random.default_rng(0).standard_normal(4000)
    for k in range(3):
        drawn = find_level(centre[k, 0] + max(spread[k, 0], 1e-6) * rng)
        assert told[k, 0] == pytest.approx(np.bincount(drawn, minlength=5) / 4000, abs=0.04)


def test_the_level_is_that_of_the_mean_and_its_chance_is_told(shelters):
    told = shelters
    assert told.level.tolist() == find_level(told.utci_c).tolist()
    assert told.level_probability.sum(axis=2) == pytest.approx(np.ones(told.utci_c.shape))
    assert told.level_probability.min() >= 0.0
    bounds = np.array([-np.inf, *LEVEL_UTCI_C, np.inf])
    deep = np.minimum(told.utci_c - bounds[told.level], bounds[told.level + 1] - told.utci_c)
    sure = deep > 2.0 * told.utci_spread_k
    likeliest = told.level_probability.argmax(axis=2)
    assert sure.any()
    assert (likeliest == told.level)[sure].all()
    plain = [SHELTERS.index(kind) for kind in SHELTERS if kind not in {"roofed", "unknown"}]
    middle = deep[:, plain] > 0.4 * told.utci_spread_k[:, plain]
    assert (likeliest == told.level)[:, plain][middle].all()


def test_the_band_is_as_wide_as_its_errors(shelters):
    told = shelters
    half = (told.utci_high_c - told.utci_low_c) / 2.0
    assert half == pytest.approx(1.645 * told.utci_spread_k)
    assert (told.utci_low_c + told.utci_high_c) / 2.0 == pytest.approx(told.utci_c)
    open_stop = told.utci_spread_k[11:17, 0]
    assert (open_stop > 1.3).all()  # the design reckons 1.8 K
    assert (open_stop < 2.3).all()


# --- shelters of which little is known


def test_what_is_unknown_widens(shelters):
    day = slice(10, 17)
    at = {kind: SHELTERS.index(kind) for kind in SHELTERS}
    spread = shelters.utci_spread_k[day]
    plain = [at[kind] for kind in at if kind not in {"roofed", "unknown"}]
    for kind in ("roofed", "unknown"):
        assert (spread[:, at[kind]] > spread[:, plain].max(axis=1)).all()
        assert spread[:, at[kind]].mean() > spread[:, at["none"]].mean() + 0.2
    sure = shelters.level_probability[day].max(axis=2)
    assert sure[:, at["roofed"]].mean() < sure[:, plain].mean(axis=0).min()


def test_a_mixture_is_the_mean_of_its_kinds(shelters):
    from hiro.roof import find_mixture  # noqa: PLC0415

    for kind in ("roofed", "unknown"):
        k = SHELTERS.index(kind)
        parts = find_mixture(kind)
        for name in ("utci_c", "tmrt_c", "pet_c", "sun_fraction"):
            values = getattr(shelters, name)
            mean = sum(share * values[:, SHELTERS.index(part)] for part, share in parts.items())
            assert values[:, k] == pytest.approx(mean, abs=0.05), name


# --- sites and their places


def test_a_site_is_the_mean_of_its_places():
    pair = heat(street(TREE), (0, 6), (0, -6), shelter=("none", "opaque"), site=(0, 0))
    apart = heat(street(TREE), (0, 6), (0, -6), shelter=("none", "opaque"))
    assert pair.n_sites == 1
    for name in ("utci_c", "tmrt_c", "pet_c", "sun_fraction"):
        mean = getattr(apart, name).mean(axis=1)
        assert getattr(pair, name)[:, 0] == pytest.approx(mean, abs=0.02), name
    assert pair.waiting_utci_c == pytest.approx(apart.utci_c, abs=1e-9)
    assert pair.waiting_sun_fraction == pytest.approx(apart.sun_fraction, abs=1e-9)
    assert pair.sky_view_factor[0] == pytest.approx(apart.sky_view_factor.mean())
    # Both sides are there: what sets them apart is no doubt about the mean.
    assert pair.utci_spread_k.max() < apart.utci_spread_k.max() + 0.5


def test_one_stands_at_the_coolest_place_within_thirty_metres():
    told = heat(
        street(TREE),
        (25, 6),
        (0, 6),
        (56, 6),
        (25, 6.5),
        shelter=("none", "none", "opaque", "none"),
    )
    day = slice(11, 16)
    assert (told.stand[day, 0] == 1).all()  # beneath the tree, 25 m away
    assert (told.stand[day, 2] == 2).all()
    assert (told.stand[day, 1] == 1).all()
    near = np.hypot(*(np.array([(25, 6), (0, 6), (56, 6), (25, 6.5)])[:, None] - [25, 6]).T)[0]
    for hour in range(24):
        within = np.flatnonzero(near <= 30.0)
        best = told.waiting_utci_c[hour, within].min()
        assert told.waiting_utci_c[hour, told.stand[hour, 0]] <= best + 0.1
    lone = heat(street(TREE), (45, 6), (0, 6))
    assert lone.stand.tolist() == [[0, 1]] * 24
    far = heat(street(TREE), (45, 6), (0, 6), model=replace(HazardModel(), stand_m=60.0))
    assert (far.stand[day, 0] == 1).all()


def test_one_is_not_sent_across_a_bus_station():
    """Another bay of one's own stop, 60 m away beneath a roof, is not near."""
    told = heat(
        street(), (0, 6), (-60, 6), (60, 6), shelter=("none", "opaque", "opaque"), site=(0, 0, 0)
    )
    assert (told.stand[11:16, 0] == 0).all()


def test_one_stays_where_one_is_if_nothing_is_gained():
    told = heat(world(), (0, 0), (10, 0), (5, 5))
    assert told.stand.tolist() == [[0, 1, 2]] * 24


# --- sums over the day


@given(hnp.arrays(float, (24, 3), elements=st.floats(10, 55)))
def test_hours_and_degree_hours_are_hand_sums(utci_c):
    told = made_hazard(utci_c)
    for k in range(3):
        column = utci_c[:, k].tolist()
        assert told.hours_above(32.0)[k] == sum(u > 32.0 for u in column)
        by_hand = sum(max(u - 32.0, 0.0) for u in column)
        assert told.degree_hours_above_32[k] == pytest.approx(by_hand)
        assert told.worst_time[k] == column.index(max(column))
    assert find_degree_hours(utci_c, step_h=0.25) * 4 == pytest.approx(told.degree_hours_above_32)


def test_a_finer_day_has_the_same_degree_hours():
    import datetime as dt  # noqa: PLC0415

    from hiro.weather import DesignDayModel, build_design_day  # noqa: PLC0415

    fine = build_design_day(
        dt.date(2026, 7, 20),
        zone="Europe/Berlin",
        latitude_deg=DAY.latitude_deg,
        longitude_deg=DAY.longitude_deg,
        model=DesignDayModel(step_min=30),
    )
    half, whole = heat(street(), weather=fine), heat(street())
    assert half.utci_c.shape == (48, 1)
    assert half.degree_hours_above_32[0] == pytest.approx(whole.degree_hours_above_32[0], rel=0.03)
    assert half.hours_above(32.0)[0] == pytest.approx(whole.hours_above(32.0)[0], abs=1.0)


def test_without_the_sun_there_are_fewer_degree_hours():
    told = heat(street(), SIDE_WALK, (40, 6), shelter=("none", "clear_closed"))
    whole = told.degree_hours_above_32
    assert set(told.reasons_kh) == {"sun", "ground", "wind"}
    for values in told.reasons_kh.values():
        assert (values <= whole + 1e-9).all()
    assert (told.reasons_kh["sun"] > 10.0).all()
    assert (told.reasons_kh["ground"] > 5.0).all()
    assert told.reasons_kh["wind"][0] == pytest.approx(0.0)
    assert told.reasons_kh["wind"][1] > 3.0
    cold = heat(street(), weather=made_weather(air_temperature_c=5.0))
    assert all(values.tolist() == [0.0] for values in cold.reasons_kh.values())


# --- what is unknown, and what cannot be


def test_where_data_end_the_sun_is_unknown_and_taken_to_shine():
    extent = shapely.MultiPolygon([shapely.box(-9000, -10, 9000, 9000)])
    wall = (shapely.box(-400, 9, 400, 19), 14.0)
    told = heat(world(wall, extent=extent), (0, -8), (0, 4000))
    assert np.isnan(told.sun_fraction[NOON - 2 : NOON + 3, 0]).all()
    assert np.isfinite(told.sun_fraction[:, 1]).all()
    for name in ("utci_c", "pet_c", "level_probability", "utci_spread_k"):
        assert np.isfinite(getattr(told, name)).all()
    assert any("At 1 of 2 sites what casts shade is unknown" in note for note in told.notes)
    known = heat(world(wall), (0, -8), (0, 4000))
    assert np.isfinite(known.sun_fraction).all()
    assert not any("unknown" in note for note in known.notes)
    up = DAY.ghi_w_m2 > 100.0
    hours = up & np.isnan(told.sun_fraction[:, 0])
    assert (told.utci_c[hours, 0] >= known.utci_c[hours, 0] - 1e-6).all()
    noon = slice(NOON - 2, NOON + 3)  # as hot there, and less sure
    assert (told.utci_spread_k[noon, 0] > known.utci_spread_k[noon, 0] + 0.5).all()


def test_who_stands_in_a_house_is_told():
    told = heat(street(), SIDE_WALK, (0, 14))
    assert any("1 of 2 waiting places stand within walls" in note for note in told.notes)
    assert told.sun_fraction[:, 1].max() == 0.0
    assert np.isfinite(told.utci_c).all()


def test_ground_that_nobody_told_is_paved_and_said():
    told = build_hazard(stops(SIDE_WALK), DAY, street())
    paved = heat(street(), cover="paving")
    assert told.utci_c.tolist() == paved.utci_c.tolist()
    assert "The ground is taken to be paved everywhere." in told.notes
    assert not any("paved" in note for note in paved.notes)


def test_no_site_gets_a_sentence():
    sites = stops((0, 0))
    none = replace(sites, table=sites.table.iloc[:0], waiting=sites.waiting.iloc[:0])
    with pytest.raises(SiteError, match=r"^Wanted at least one site .* got none: .*\.$"):
        build_hazard(none, DAY, street())


@pytest.mark.parametrize("chunk", [7, 500])
def test_neither_the_order_of_sites_nor_chunks_matter(monkeypatch, chunk):
    rng = np.random.default_rng(2)
    xy = rng.uniform((-60, -8), (60, 8), (14, 2))
    kinds = rng.choice(SHELTERS, 14).tolist()
    told = heat(street(TREE), *xy, shelter=kinds)
    monkeypatch.setattr(room, "_CHUNK", chunk)
    turned = rng.permutation(14)
    other = heat(street(TREE), *xy[turned], shelter=[kinds[k] for k in turned])
    for name in PER_SITE:
        expected = getattr(told, name)[:, turned]
        assert getattr(other, name) == pytest.approx(expected, abs=0.06, nan_ok=True), name
    assert other.utci_c == pytest.approx(told.utci_c[:, turned], abs=1e-9)
    assert other.degree_hours_above_32 == pytest.approx(told.degree_hours_above_32[turned])


def test_the_same_question_has_the_same_answer():
    one, other = heat(street(TREE), shelter="unknown"), heat(street(TREE), shelter="unknown")
    for name in PER_SITE:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
        assert not getattr(one, name).flags.writeable


@settings(max_examples=6, deadline=None)
@given(st.floats(-20, 48), st.floats(3, 100), st.floats(0, 25), st.sampled_from(SHELTERS))
def test_any_weather_is_answered_and_what_is_moved_is_counted(air_c, humidity, wind, kind):
    weather = made_weather(air_temperature_c=air_c, relative_humidity_pct=humidity, wind_m_s=wind)
    told = heat(street(TREE), shelter=kind, weather=weather)
    for name in PER_SITE:
        assert np.isfinite(getattr(told, name)).all(), name
    assert (told.utci_spread_k > 0.0).all()
    if wind > 17.0 / 0.4:
        assert told.clamped["wind above 17 m/s"] > 0
    if wind < 0.5:
        assert told.clamped["wind below 0.5 m/s"] > 0
    if humidity < 5.0:
        assert told.clamped["humidity below 5 %"] > 0


def test_seasons_and_crowns_matter_as_they_do():
    wood = crowns(woods=[(shapely.box(-30, -30, 30, 30), 3.0, 12.0)])
    leafy = heat(world(layers=(wood,)))
    bare = heat(world())
    assert (leafy.sky_view_factor < 0.2).all()
    assert (bare.sky_view_factor > 0.99).all()
    assert leafy.sun_fraction[NOON, 0] == pytest.approx(0.03, abs=0.01)
    assert leafy.degree_hours_above_32[0] < bare.degree_hours_above_32[0]
