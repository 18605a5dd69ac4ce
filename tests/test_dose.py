"""The beam that meets a walker, edge by edge."""

from dataclasses import fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solarpass.beam import Beam, find_beam
from solarpass.day import day_times
from solarpass.dose import edge_dose_wh_m2, find_dose
from solarpass.errors import SourceError, TripError
from solarpass.route import Route
from solarpass.shade import LIT, UNKNOWN, ShadeTable
from solarpass.sun import find_sun

ZONE = ZoneInfo("Europe/Berlin")
DRESDEN = {"latitude_deg": 51.05, "longitude_deg": 13.74}
SLOT_S = 300


def walk(seconds, sun_fraction, *, departs):
    """Walk edges that take so many seconds each."""
    seconds = np.array(seconds, np.int32)
    n = len(seconds)
    told = {
        "edge": np.arange(n, dtype=np.int32),
        "entered_s": (np.cumsum(seconds) - seconds).astype(np.int32),
        "edge_walk_s": seconds,
        "edge_sun_fraction": np.array(sun_fraction, float),
        "departs": departs,
        "arrives": departs + timedelta(seconds=int(seconds.sum())),
    }
    # Where it runs, and how it was found, is nothing to the dose.
    return Route(**{field.name: told.get(field.name) for field in fields(Route)})


def steady(*body_w_m2):
    """Let a beam stay as it is for five minutes each, from 12:00 on."""
    times = pd.date_range("2026-07-15 12:02:30", periods=len(body_w_m2), freq="5min", tz=ZONE)
    return Beam(times, np.array(body_w_m2) * 4.0, np.array(body_w_m2, float))


NOON = datetime(2026, 7, 15, 12, tzinfo=ZONE)


@pytest.fixture(scope="module")
def july():
    return find_beam(find_sun(day_times(NOON.date(), ZONE), **DRESDEN), **DRESDEN)


def test_an_hour_in_a_steady_beam_is_its_strength():
    dose = find_dose(walk([3600], [1.0], departs=NOON), steady(*[150.0] * 12))
    assert dose.wh_m2 == pytest.approx(150.0)
    assert dose.unknown_wh_m2 == 0.0


def test_each_slot_counts_for_the_seconds_walked_in_it():
    # 100 s of the first slot, 200 of them on the second edge, and 60 s of the next.
    departs = NOON + timedelta(seconds=200)
    dose = find_dose(walk([40, 120], [1.0, 0.5], departs=departs), steady(100.0, 200.0))
    by_hand = [40 * 100 / 3600, 0.5 * (60 * 100 + 60 * 200) / 3600]
    assert dose.edge_wh_m2 == pytest.approx(by_hand)


def test_the_unknown_counts_as_sun_and_is_told_apart():
    dose = find_dose(walk([60, 60, 60], [0.0, np.nan, 1.0], departs=NOON), steady(120.0, 120.0))
    assert dose.edge_wh_m2 == pytest.approx([0.0, 2.0, 2.0])
    assert dose.wh_m2 == pytest.approx(4.0)
    assert dose.unknown_wh_m2 == pytest.approx(2.0)


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 299),
)
def test_the_dose_is_that_of_a_sum_second_by_second(edges, late_s):
    seconds, low, high = (list(column) for column in zip(*edges, strict=True))
    strength = np.linspace(20.0, 200.0, 20)
    route = walk(seconds, low, departs=NOON + timedelta(seconds=late_s))
    dose = find_dose(route, steady(*strength))
    clock, slow = late_s, []
    for s, share in zip(seconds, low, strict=True):
        slow.append(sum(share * strength[t // SLOT_S] / 3600.0 for t in range(clock, clock + s)))
        clock += s
    assert dose.edge_wh_m2 == pytest.approx(slow)
    # The ends of an interval go in as shares, and come out in their order.
    more = find_dose(route, steady(*strength), sun_fraction=np.maximum(low, high))
    assert (more.edge_wh_m2 >= dose.edge_wh_m2 - 1e-12).all()


def test_the_sun_of_eight_o_clock_is_not_that_of_thirteen(july):
    def dose(hour, day_beam=july):
        at = datetime(2026, 7, 15, hour, tzinfo=ZONE)
        return find_dose(walk([600], [1.0], departs=at), day_beam).wh_m2

    assert dose(6) < 0.4 * dose(8)
    assert dose(23) == 0.0
    row = {hour: hour * 12 for hour in (8, 13)}
    assert july.normal_w_m2[row[13]] > 1.4 * july.normal_w_m2[row[8]]
    # A low sun meets more of a standing body, which in midsummer makes up for its weakness.
    assert dose(8) != pytest.approx(dose(13), rel=0.03)


def test_in_winter_the_noon_sun_is_the_stronger_by_far():
    day = datetime(2026, 1, 15, tzinfo=ZONE)
    beam = find_beam(find_sun(day_times(day.date(), ZONE), **DRESDEN), **DRESDEN)
    early, noon = (
        find_dose(walk([600], [1.0], departs=day.replace(hour=hour)), beam).wh_m2
        for hour in (8, 12)
    )
    assert early < 0.3 * noon


def table(beam, *rows):
    stored = np.array(rows, np.uint8)
    return ShadeTable(beam.times - pd.Timedelta(seconds=150), stored, np.zeros(len(rows), bool))


def test_an_edge_has_the_beam_of_its_slot():
    beam = steady(100.0, 200.0)
    shade = table(beam, [LIT, 0, UNKNOWN], [127, LIT, LIT])
    seconds = np.array([36, 36, 72], np.int32)
    assert edge_dose_wh_m2(shade, 0, seconds, beam) == pytest.approx(
        [1.0, 0.0, np.nan], nan_ok=True
    )
    assert edge_dose_wh_m2(shade, 1, seconds, beam) == pytest.approx([1.0, 2.0, 4.0])


def test_edges_walked_within_one_slot_add_up_to_the_walk():
    beam = steady(130.0, 140.0)
    shade = table(beam, [LIT, 100, 0], [0, 0, 0])
    seconds = np.array([50, 60, 70], np.int32)
    route = walk(seconds, shade.sun_fraction(0), departs=NOON)
    assert find_dose(route, beam).edge_wh_m2 == pytest.approx(
        edge_dose_wh_m2(shade, 0, seconds, beam)
    )


def test_a_beam_that_does_not_fit_is_refused():
    beam = steady(100.0, 200.0)
    for departs in (NOON - timedelta(minutes=1), NOON + timedelta(minutes=9, seconds=30)):
        with pytest.raises(TripError, match="Wanted the beam from"):
            find_dose(walk([60], [1.0], departs=departs), beam)
    with pytest.raises(TripError, match="even steps"):
        find_dose(walk([60], [1.0], departs=NOON), steady(100.0))
    with pytest.raises(SourceError, match="each of 1 edges"):
        find_dose(walk([60], [1.0], departs=NOON), beam, sun_fraction=np.ones(2))
    shade = table(beam, [LIT], [LIT])
    with pytest.raises(SourceError, match="middles of the table"):
        edge_dose_wh_m2(shade, 0, np.array([1.0]), steady(1.0, 2.0, 3.0))
    with pytest.raises(SourceError, match="seconds of 1 edges"):
        edge_dose_wh_m2(shade, 0, np.array([1.0, 2.0]), beam)
