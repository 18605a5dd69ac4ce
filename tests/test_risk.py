"""Risk: by hand, and laws of ranks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from made_heat import made_hazard

from hiro.errors import SiteError
from hiro.exposure import Exposure
from hiro.risk import RiskModel, score_risk
from hiro.vulnerability import PARTS, Vulnerability

QUICK = RiskModel(n_draws=40)


def exposure(person_minutes, tier="gtfs"):
    person_minutes = np.array(person_minutes, float)
    n_sites = person_minutes.shape[1]
    tiers = [tier] * n_sites if isinstance(tier, str) else tier
    return Exposure(
        person_minutes=person_minutes,
        tier=np.array(tiers, dtype=object),
        boardings=np.full(n_sites, np.nan),
    )


def vulnerability(*factor):
    n_sites = len(factor)
    return Vulnerability(
        factor=np.array(factor, float),
        tier=np.array(["default"] * n_sites, dtype=object),
        parts=np.zeros((n_sites, len(PARTS))),
        shares=np.full((n_sites, 4), np.nan),
    )


def score(utci_c, minutes, factor, *, tier="gtfs", model=QUICK, **more):
    hazard = made_hazard(utci_c)
    return score_risk(hazard, exposure(minutes, tier), vulnerability(*factor), model=model, **more)


def test_by_hand():
    """
    Site 0: 2 K with 60 person minutes and 6 K with 30 are 2 + 3, times 2 is 10.

    Site 1: 10 K with 6 person minutes are 1, times 1.5; below 32 °C nothing counts.
    """
    told = score(
        [[34.0, 31.0, 20.0], [38.0, 42.0, 20.0]],
        [[60.0, 600.0, 50.0], [30.0, 6.0, 50.0]],
        (2.0, 1.5, 4.0),
    )
    assert told.heat_person_kh.tolist() == pytest.approx([10.0, 1.5, 0.0])
    assert told.rank.tolist() == [1, 2, 3]


def test_reasons_by_hand():
    """The hours count as they are waited in; half as many wait at the middle site of the kind."""
    hazard = made_hazard(
        [[34.0, 36.0, 33.0], [38.0, 32.0, 33.0]],
        utci_without={
            "sun": np.array([[30.0, 34.0, 32.0], [34.0, 32.0, 33.0]]),
            "ground": np.array([[33.0, 36.0, 33.5], [35.0, 32.0, 33.5]]),
            "wind": np.array([[34.0, 36.0, 33.0], [38.0, 32.0, 33.0]]),
        },
    )
    waits = exposure([[60.0, 30.0, 60.0], [60.0, 30.0, 60.0]])
    told = score_risk(hazard, waits, vulnerability(2.0, 1.0, 1.0), model=QUICK)
    assert told.heat_person_kh.tolist() == pytest.approx([16.0, 2.0, 2.0])
    assert told.reasons["sun"].tolist() == pytest.approx([12.0, 1.0, 1.0])
    assert told.reasons["ground"].tolist() == pytest.approx([8.0, 0.0, -1.0])
    assert told.reasons["wind"].tolist() == pytest.approx([0.0, 0.0, 0.0])
    assert told.reasons["age"].tolist() == pytest.approx([8.0, 0.0, 0.0])
    assert told.reasons["waiting"].tolist() == pytest.approx([0.0, -2.0, 0.0])
    kinds = np.array(["bus_stop", "bus_stop", "square"])
    within = score_risk(hazard, waits, vulnerability(2.0, 1.0, 1.0), kinds=kinds, model=QUICK)
    assert within.reasons["waiting"].tolist() == pytest.approx([4.0, -1.0, 0.0])


def test_a_cause_weighs_by_who_is_there_at_its_hour():
    """The sun makes the noon hotter, when nobody is there; the evening is hot without it."""
    hazard = made_hazard([[40.0], [36.0]], utci_without={"sun": np.array([[32.0], [35.0]])})
    told = score_risk(hazard, exposure([[0.0], [60.0]]), vulnerability(1.0), model=QUICK)
    assert told.heat_person_kh.tolist() == pytest.approx([4.0])
    assert told.reasons["sun"].tolist() == pytest.approx([1.0])


def test_where_nobody_waits_there_is_no_risk_and_no_reason():
    told = score([[40.0, 40.0]], [[0.0, 60.0]], (3.0, 1.0))
    assert told.heat_person_kh.tolist() == [0.0, pytest.approx(8.0)]
    assert told.rank.tolist() == [2, 1]
    assert all(np.isfinite(values).all() for values in told.reasons.values())


def test_equals_share_the_best_of_their_ranks():
    told = score([[36.0] * 5], [[60.0, 30.0, 30.0, 30.0 + 1e-9, 10.0]], (1.0,) * 5)
    assert told.rank.tolist() == [1, 2, 2, 2, 5]
    assert score([[20.0] * 4], [[60.0] * 4], (1.0,) * 4).rank.tolist() == [1] * 4


def test_many_small_steps_make_no_long_tie():
    minutes = [[60.0 * (1.0 - 6e-7 * k) for k in range(10)]]
    told = score([[36.0] * 10], minutes, (1.0,) * 10)
    assert told.rank.max() > 5


def tenths(shape, low, high):
    return hnp.arrays(np.int64, shape, elements=st.integers(low, high)).map(lambda n: n / 10.0)


sites = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        tenths((4, n), 200, 480),
        tenths((4, n), 0, 5000),
        tenths(n, 10, 40),
        st.lists(
            st.sampled_from(["gtfs", "lines", "population", "default"]), min_size=n, max_size=n
        ),
    )
)


@settings(deadline=None)
@given(sites)
def test_ranks_count_who_is_worse(drawn):
    utci_c, minutes, factor, tier = drawn
    told = score(utci_c, minutes, factor, tier=tier)
    by_hand = (np.maximum(utci_c - 32.0, 0.0) * minutes / 60.0).sum(axis=0) * factor
    assert told.heat_person_kh == pytest.approx(by_hand)
    n_sites = len(factor)
    assert (told.rank_low <= told.rank).all()
    assert (told.rank <= told.rank_high).all()
    assert ((told.rank_low >= 1) & (told.rank_high <= n_sites)).all()
    for k, heat in enumerate(by_hand):
        worse = (by_hand > heat * (1.0 + 2e-6) + 1e-11).sum()
        assert worse <= told.rank[k] - 1 <= (by_hand >= heat * (1.0 - 2e-6) - 1e-11).sum()


@settings(deadline=None, max_examples=30)
@given(sites, st.data())
def test_more_heat_people_or_years_never_lower_the_risk(drawn, data):
    utci_c, minutes, factor, tier = drawn
    k = data.draw(st.integers(0, len(factor) - 1))
    base = score(utci_c, minutes, factor, tier=tier)
    for change in ("utci", "minutes", "factor"):
        more = [utci_c.copy(), minutes.copy(), factor.copy()]
        more[("utci", "minutes", "factor").index(change)][..., k] *= 1.3
        told = score(*more, tier=tier)
        assert told.heat_person_kh[k] >= base.heat_person_kh[k] * (1.0 - 1e-12)
        assert told.rank[k] <= base.rank[k]
        others = np.arange(len(factor)) != k
        assert told.heat_person_kh[others].tolist() == base.heat_person_kh[others].tolist()


@settings(deadline=None, max_examples=30)
@given(sites, st.floats(0.01, 100))
def test_ten_times_as_many_everywhere_is_ten_times_the_risk_and_the_same_ranks(drawn, times):
    utci_c, minutes, factor, tier = drawn
    base = score(utci_c, minutes, factor, tier=tier)
    told = score(utci_c, minutes * times, factor, tier=tier)
    assert told.heat_person_kh == pytest.approx(base.heat_person_kh * times, rel=1e-9)
    big = base.heat_person_kh.max() * min(times, 1.0) > 1e-6
    if big and np.diff(np.sort(base.heat_person_kh)).min(initial=1.0) > 1e-3:
        assert told.rank.tolist() == base.rank.tolist()
        assert told.rank_low.tolist() == base.rank_low.tolist()
        assert told.rank_high.tolist() == base.rank_high.tolist()


def test_the_same_seed_draws_the_same_bytes():
    rng = np.random.default_rng(5)
    given_ = (rng.uniform(28, 44, (6, 30)), rng.uniform(0, 300, (6, 30)), rng.uniform(1, 3, 30))
    one, other = score(*given_), score(*given_)
    for name in ("heat_person_kh", "rank", "rank_low", "rank_high"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
        assert not getattr(one, name).flags.writeable
    third = score(*given_, model=replace(QUICK, seed=7))
    assert third.rank.tolist() == one.rank.tolist()
    assert (third.rank_low.tolist(), third.rank_high.tolist()) != (
        one.rank_low.tolist(),
        one.rank_high.tolist(),
    )


def test_what_is_less_known_has_wider_ranks():
    rng = np.random.default_rng(6)
    given_ = (rng.uniform(33, 40, (6, 60)), rng.uniform(50, 300, (6, 60)), np.ones(60))
    widths = []
    for tier in ("gtfs", "lines", "population", "default"):
        told = score(*given_, tier=tier, model=RiskModel())
        widths.append(float((told.rank_high - told.rank_low).mean()))
    assert widths == sorted(widths)
    assert widths[3] > 1.1 * widths[0]
    sure = replace(RiskModel(), gtfs_spread=0.0, age_spread=0.0, threshold_spread_k=0.0)
    told = score(*given_, model=sure)
    assert told.rank_low.tolist() == told.rank.tolist() == told.rank_high.tolist()


@pytest.mark.parametrize(
    ("minutes", "factor"),
    [([[1.0, 1.0]], (1.0, 1.0, 1.0)), ([[1.0] * 3], (1.0, 1.0)), ([[1.0] * 3] * 2, (1.0,) * 3)],
)
def test_what_is_not_of_the_same_sites_gets_a_sentence(minutes, factor):
    with pytest.raises(SiteError, match=r"^Wanted hazard, exposure and vulnerability of one .*\.$"):
        score([[33.0, 34.0, 35.0]], minutes, factor)


def test_one_site_is_the_first():
    told = score([[40.0]], [[60.0]], (1.0,))
    assert (told.rank.tolist(), told.rank_low.tolist(), told.rank_high.tolist()) == ([1], [1], [1])


@pytest.mark.filterwarnings("error")
def test_one_unknown_site_has_no_rank_and_takes_none_from_the_others():
    utci_c = np.array([[34.0, 36.0, 33.0], [35.0, 38.0, 33.0]])
    minutes, factor = np.full((2, 3), 60.0), (1.0, 1.2, 1.1)
    whole = score(utci_c, minutes, factor)
    for lost in range(3):
        torn = utci_c.copy()
        torn[0, lost] = np.nan
        told = score(torn, minutes, factor)
        kept = np.arange(3) != lost
        for name in ("rank", "rank_low", "rank_high"):
            ranks = getattr(told, name)
            assert ranks[lost] == 0
            assert (ranks[kept] >= 1).all()
            assert (ranks[kept] <= 2).all()
        assert (np.argsort(told.rank[kept]) == np.argsort(whole.rank[kept])).all()
        assert np.isnan(told.heat_person_kh[lost])
        np.testing.assert_array_equal(told.heat_person_kh[kept], whole.heat_person_kh[kept])


@pytest.mark.filterwarnings("error")
def test_where_nothing_is_known_nothing_is_ranked():
    told = score(np.full((2, 2), np.nan), np.full((2, 2), 60.0), (1.0, 1.0))
    assert told.rank.tolist() == told.rank_low.tolist() == told.rank_high.tolist() == [0, 0]
