"""How far reports count: never lower, bounded, off unless asked for, and undone with `before`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_heat import DAY, PLACE, made_hazard
from made_reports import made_report
from made_sites import made_sites

from hiro.errors import ReportError
from hiro.exposure import Exposure
from hiro.reportweight import ReportWeightModel, tabulate_weights, weigh_reports
from hiro.risk import score_risk
from hiro.score import Score
from hiro.vulnerability import PARTS, Vulnerability

ON = ReportWeightModel(per_report=0.1)
METRE_DEG = 1.0 / 111_200.0


def made_score(minutes=(60.0, 50.0, 40.0)):
    """Score three stops, 200 m from each other, all 4 K too hot."""
    n_sites = len(minutes)
    sites = made_sites(*((0.0, 200.0 * k) for k in range(n_sites)), place=PLACE)
    sites.table["label"] = sites.table["site_id"]
    hazard = made_hazard(np.full((1, n_sites), 36.0))
    exposure = Exposure(
        person_minutes=np.array([minutes]),
        tier=np.array(["gtfs"] * n_sites, dtype=object),
        boardings=np.full(n_sites, np.nan),
    )
    vulnerability = Vulnerability(
        factor=np.full(n_sites, 2.0),
        tier=np.array(["default"] * n_sites, dtype=object),
        parts=np.full((n_sites, len(PARTS)), 2.0 / len(PARTS)),
        shares=np.full((n_sites, 4), np.nan),
    )
    risk = score_risk(hazard, exposure, vulnerability)
    return Score(sites, DAY, hazard, exposure, vulnerability, risk)


SCORE = made_score()


def at(north_m, **changed):
    """Tell of a place so far north of the first stop, shown."""
    place = {"latitude_deg": PLACE[0] + north_m * METRE_DEG, "longitude_deg": PLACE[1]}
    state = changed.pop("state", "shown")
    return replace(made_report(**(place | {"felt": 5} | changed)), state=state)


def test_it_is_off_unless_asked_for():
    weighed = weigh_reports(SCORE, [at(200.0)] * 9)
    assert weighed.after is weighed.before is SCORE
    assert weighed.factor.tolist() == [1.0, 1.0, 1.0]
    assert weighed.n_reports.tolist() == [0, 9, 0]


def test_by_hand():
    """Three reports make 1.3: 50 person minutes times 1.3 are 65, more than 60."""
    weighed = weigh_reports(SCORE, [at(200.0), at(205.0), at(160.0)], model=ON)
    assert weighed.factor.tolist() == pytest.approx([1.0, 1.3, 1.0])
    assert weighed.before.risk.rank.tolist() == [1, 2, 3]
    assert weighed.after.risk.rank.tolist() == [2, 1, 3]
    heat = weighed.after.risk.heat_person_kh
    assert heat.tolist() == pytest.approx([8.0, 8.0 * 65 / 60, 8.0 * 40 / 60])
    assert "raise the weight of 1 sites" in weighed.after.notes[-1]
    assert "at most 1.5 times" in weighed.after.notes[-1]
    # what age does is told without them
    assert weighed.after.risk.reasons["age"].tolist() == pytest.approx((heat / 2.0).tolist())
    vulnerability = weighed.after.vulnerability
    assert vulnerability.parts.sum(axis=1).tolist() == pytest.approx(vulnerability.factor.tolist())


@pytest.mark.filterwarnings("error")
def test_a_site_of_unknown_heat_keeps_no_rank_and_lets_the_others_be_weighed():
    score = made_score()
    utci_c = score.hazard.utci_c.copy()
    utci_c[0, 1] = np.nan
    hazard = made_hazard(utci_c)
    risk = score_risk(hazard, score.exposure, score.vulnerability)
    told = weigh_reports(replace(score, hazard=hazard, risk=risk), [at(400.0)] * 9, model=ON)
    assert told.before.risk.rank.tolist() == [1, 0, 2]
    assert told.after.risk.rank.tolist() == [1, 0, 1]  # 40 times 1.5 is 60
    assert told.after.risk.rank_low[1] == told.after.risk.rank_high[1] == 0


def test_before_and_after_stand_side_by_side():
    table = tabulate_weights(weigh_reports(SCORE, [at(200.0)] * 3, model=ON))
    first = table.iloc[0]
    assert (first["site_id"], first["n_reports"]) == ("n1", 3)
    assert (first["rank_before"], first["rank_after"]) == (2, 1)
    assert first["heat_after_person_kh"] == pytest.approx(1.3 * first["heat_before_person_kh"])


@pytest.mark.parametrize(
    "apart",
    [
        at(0.0, state="new"),
        at(0.0, state="hidden"),
        at(0.0, category="wrong_shade"),
        at(0.0, felt=3),
        at(100.0),
        at(60.0),
    ],
)
def test_what_does_not_count(apart):
    weighed = weigh_reports(SCORE, [apart], model=ON)
    assert weighed.n_reports.sum() == 0
    assert weighed.n_apart == 1
    assert weighed.after is SCORE


def test_an_object_that_is_named_counts_wherever_one_stands():
    weighed = weigh_reports(SCORE, [at(0.0, site_id="n2"), at(0.0, site_id="gone")], model=ON)
    assert weighed.n_reports.tolist() == [1, 0, 1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-100, 600), st.integers(1, 5)), max_size=20),
    st.floats(0.0, 5.0),
    st.floats(1.0, 10.0),
)
def test_no_weight_falls_or_rises_beyond_its_bound(told, per_report, most):
    model = ReportWeightModel(per_report=per_report, most_factor=most)
    reports = [at(north_m, felt=felt) for north_m, felt in told]
    weighed = weigh_reports(SCORE, reports, model=model)
    assert (weighed.factor >= 1.0).all()
    assert (weighed.factor <= most).all()
    assert (weighed.after.risk.heat_person_kh >= SCORE.risk.heat_person_kh - 1e-9).all()
    assert weighed.n_reports.sum() + weighed.n_apart == len(reports)
    # one more report lowers nothing
    more = weigh_reports(SCORE, [*reports, at(0.0)], model=model)
    assert (more.factor >= weighed.factor).all()
    # taken back, all is as it was
    assert weigh_reports(weighed.before, [], model=model).after is SCORE


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_report": -0.1},
        {"per_report": float("nan")},
        {"most_factor": 0.9},
        {"most_factor": 11.0},
        {"near_m": -1.0},
        {"least_felt": 0},
    ],
)
def test_weights_that_lower_or_have_no_bound_are_refused(wrong):
    with pytest.raises(ReportError, match="Wanted a weight"):
        ReportWeightModel(**wrong)
