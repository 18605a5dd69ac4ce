"""When to leave: a scan is a search at each step, and advice is given only where it is sure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import BERLIN, draw, draw_grid, draw_random, place, tabulate

from solarpass.day import day_times
from solarpass.departure import find_departure
from solarpass.errors import NaiveTimeError, NoRouteError, TripError
from solarpass.interval import find_interval
from solarpass.route import find_routes
from solarpass.shade import ShadeTable
from solarpass.sun import find_sun
from solarpass.trip import Trip

NOON = datetime(2026, 7, 15, 12, 0, tzinfo=BERLIN)
GRID = draw_grid(5)
ENDS = place((10, 0)), place((390, 300))


def draw_days(network, *, zone=BERLIN, latitude_deg=52.5, guessed=60):
    """Make up the shade of any local day: by chance while the sun is up, the same whoever asks."""

    @cache
    def shade_on(day):
        times = day_times(day, zone)
        sun = find_sun(times, latitude_deg=latitude_deg, longitude_deg=13.4)
        is_night = sun.elevation_deg <= 0.0
        second = times.as_unit("s").asi8[:, None]
        drawn = (second * 2654435761 + np.arange(network.n_edges) * 97531) >> 13
        stored = np.array([0, 40, 127, 200, 254, 255], np.uint8)[drawn % 6]
        stored[is_night] = 0
        known = (stored < 255) & ~is_night[:, None]
        low = np.where(known, np.maximum(stored.astype(int) - guessed, 0), stored)
        high = np.where(known, np.minimum(stored.astype(int) + guessed, 254), stored)
        begins = times - (times[1] - times[0]) / 2
        return ShadeTable(begins, stored, is_night, low.astype(np.uint8), high.astype(np.uint8))

    return shade_on


def twin(network, shade_on, trip, *, zone=BERLIN, span_min=180, step_min=5, **how):
    """Ask for each step by itself, slowly."""
    found = []
    for minutes in range(-span_min, span_min + 1, step_min):
        departs = (trip.departs.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone)
        table = shade_on(departs.date())
        route = find_routes(network, table, replace(trip, departs=departs), **how)[-1]
        interval = find_interval(table, route)
        ends = interval.low_s, interval.high_s
        if trip.likes == "sun":  # to whom the unknown counts as shade
            unknown_s = route.edge_walk_s[np.isnan(route.edge_sun_fraction)].sum()
            ends = interval.low_s - unknown_s, interval.high_s - unknown_s
        found.append((route.departs, route.walk_s, route.sun_s, *ends))
    return found


def told(departures):
    columns = (departures.walk_s, departures.sun_s, departures.sun_low_s, departures.sun_high_s)
    return [
        (time.to_pydatetime(), *values)
        for time, *values in zip(departures.departs, *map(np.ndarray.tolist, columns), strict=True)
    ]


# ------------------------------------------------------------------ the scan


@pytest.mark.parametrize("likes", ["shade", "sun"])
@pytest.mark.parametrize(
    "departs",
    [
        "2026-07-15T12:00+02:00",  # noon
        "2026-07-15T20:10+02:00",  # through sunset
        "2026-07-15T23:55+02:00",  # midnight
        "2026-07-16T01:30+02:00",  # before it as well
        "2026-03-29T01:30+01:00",  # the clocks are put forward
        "2026-10-25T02:30+02:00",  # and back: both 02:30 of that night
        "2026-10-25T02:30+01:00",
        "2026-12-31T23:30+01:00",  # a new year
    ],
)
def test_a_scan_is_a_search_at_each_step(departs, likes):
    shade_on = draw_days(GRID)
    trip = Trip(*ENDS, datetime.fromisoformat(departs).astimezone(BERLIN), 0.4, likes=likes)
    found = find_departure(GRID, shade_on, trip)
    assert told(found) == twin(GRID, shade_on, trip)
    assert len(found) == 73
    assert found.asked == 36
    steps = np.diff(found.departs.asi8)
    assert (steps == steps[0]).all()
    assert found.departs[36] == trip.departs
    assert [time.to_pydatetime() for time in found.arrives] == [r.arrives for r in found.routes]
    rank = -found.sun_s if likes == "sun" else found.sun_s
    assert rank[found.best] == rank.min()
    away = np.abs(np.arange(73) - 36)
    assert away[found.best] == away[rank == rank.min()].min()
    assert found.route is found.routes[found.best]


@pytest.mark.parametrize("likes", ["shade", "sun"])
@pytest.mark.parametrize(("before_min", "n_before"), [(0, 0), (12, 2), (180, 36)])
def test_who_cannot_leave_earlier_has_the_rest_of_the_scan(before_min, n_before, likes):
    shade_on = draw_days(GRID)
    for hour in (9, 12, 15, 20):
        trip = Trip(*ENDS, NOON.replace(hour=hour), 0.4, likes=likes)
        every = find_departure(GRID, shade_on, trip)
        found = find_departure(GRID, shade_on, trip, before_min=before_min)
        assert told(found) == told(every)[36 - n_before :]
        assert found.asked == n_before
        rank = -found.sun_s if likes == "sun" else found.sun_s
        equal = np.flatnonzero(rank == rank.min())
        assert found.best == min(equal, key=lambda at: (abs(at - n_before), at))
        if found.best == found.asked:
            assert not found.is_sure
        if found.departs[found.best] == every.departs[every.best]:
            assert found.is_sure == every.is_sure


def test_advice_for_later_only_does_not_name_an_earlier_time():
    sun = np.full(7, 254)
    sun[[1, 5]] = 0, 100
    sure = ask_lone_street(sun, sun, sun, before_min=0)
    assert (len(sure), sure.asked, sure.best, sure.is_sure) == (4, 0, 2, True)
    unsure = ask_lone_street(sun, np.zeros(7), np.full(7, 254), before_min=0)
    assert (unsure.best, unsure.is_sure) == (2, False)
    assert ask_lone_street(sun, sun, sun).best == 1


def test_who_cannot_leave_earlier_needs_no_day_before():
    shade_on = draw_days(GRID)
    trip = Trip(*ENDS, NOON.replace(hour=0))
    assert len(find_departure(GRID, shade_on, trip, before_min=0)) == 37
    assert shade_on.cache_info().misses == 1


@pytest.mark.parametrize("before_min", [0, 20])
def test_before_an_arrival_one_looks_back_as_far_as_asked(before_min):
    trip = Trip(*ENDS, NOON)
    found = find_departure(
        GRID, draw_days(GRID), trip, arrive_by=NOON, before_min=before_min, span_min=60
    )
    assert found.asked == len(found) - 1 == before_min // 5


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.15, 0.6]), st.integers(1, 40))
def test_a_scan_is_a_search_at_each_step_on_any_streets(seed, budget, step_min):
    rng = np.random.default_rng(seed)
    network = draw_random(rng)
    shade_on = draw_days(network)
    table = shade_on(NOON.date())
    trip = Trip(*(place(xy) for xy in rng.uniform(0, 120, (2, 2))), NOON, budget)
    span_min = int(rng.choice([10, 10, 20, 60]))
    try:
        found = find_departure(network, table, trip, span_min=span_min, step_min=step_min)
    except (NoRouteError, TripError):
        with pytest.raises((NoRouteError, TripError)):
            find_routes(network, table, trip)
        return
    n = span_min // step_min
    again = twin(network, lambda _: table, trip, span_min=n * step_min, step_min=step_min)
    assert told(found) == again


def test_the_exact_search_is_asked_for_at_each_step():
    shade_on = draw_days(GRID)
    trip = Trip(*ENDS, NOON, 0.5)
    found = find_departure(GRID, shade_on, trip, exact=True, span_min=30)
    assert told(found) == twin(GRID, shade_on, trip, exact=True, span_min=30)
    fast = find_departure(GRID, shade_on, trip, span_min=30)
    assert (found.sun_s <= fast.sun_s).all()


def test_the_day_is_that_of_the_place_whatever_zone_one_asks_in():
    shade_on = draw_days(GRID)
    there = datetime(2026, 7, 15, 23, 30, tzinfo=BERLIN)
    asked = there.astimezone(ZoneInfo("Pacific/Auckland"))
    ours, theirs = (find_departure(GRID, shade_on, Trip(*ENDS, at)) for at in (there, asked))
    assert told(ours) == told(theirs)
    assert str(theirs.departs.tz) == "Europe/Berlin"


def test_no_day_is_asked_for_that_no_walk_needs():
    shade_on = draw_days(GRID)
    find_departure(GRID, shade_on, Trip(*ENDS, NOON))
    assert shade_on.cache_info().misses == 1
    find_departure(GRID, shade_on, Trip(*ENDS, NOON.replace(hour=22)))
    assert shade_on.cache_info().misses == 2


def test_the_same_question_twice_has_the_same_answer():
    shade_on = draw_days(GRID)
    once, again = (find_departure(GRID, shade_on, Trip(*ENDS, NOON)) for _ in range(2))
    assert told(once) == told(again)
    assert (once.best, once.is_sure) == (again.best, again.is_sure)
    assert all((a.edge == b.edge).all() for a, b in zip(once.routes, again.routes, strict=True))


def test_steps_past_the_years_of_the_sun_are_left_out():
    shade_on = draw_days(GRID)
    last = datetime(2100, 12, 31, 23, 0, tzinfo=BERLIN)
    found = find_departure(GRID, shade_on, Trip(*ENDS, last))
    assert len(found) == 36 + 1 + 11
    assert found.departs[found.asked] == last


# ------------------------------------------------------------------ night and day


def test_by_night_it_is_as_good_as_in_the_shade_and_said_to_be_night():
    found = find_departure(GRID, draw_days(GRID), Trip(*ENDS, NOON.replace(hour=20)))
    assert (found.sun_s[found.is_night] == 0.0).all()
    assert found.is_night[-1]
    assert not found.is_night[0]
    assert (np.diff(found.is_night.astype(int)) >= 0).all()
    # The first of the night: of equals the nearest to what was asked.
    first = int(found.is_night.argmax())
    assert found.best <= first


@pytest.mark.parametrize(
    ("month", "is_night", "hours"), [(6, False, range(24)), (12, True, range(24))]
)
def test_polar_day_and_polar_night(month, is_night, hours):
    zone = ZoneInfo("Arctic/Longyearbyen")
    shade_on = draw_days(GRID, zone=zone, latitude_deg=78.2)
    for hour in hours[::6]:
        trip = Trip(*ENDS, datetime(2026, month, 21, hour, 0, tzinfo=zone))
        found = find_departure(GRID, shade_on, trip)
        assert (found.is_night == is_night).all()
        if is_night:
            assert found.best == found.asked
            assert not found.is_sure
            assert found.gain_s == 0.0
        else:
            assert found.sun_s.min() > 0.0


# ------------------------------------------------------------------ arriving in time


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 59), st.sampled_from([0.0, 0.2, 1.0]))
def test_whoever_has_to_be_there_is_never_late(seed, second, budget):
    rng = np.random.default_rng(seed)
    shade_on = draw_days(GRID)
    by = NOON + timedelta(minutes=int(rng.integers(0, 600)), seconds=second)
    a, b = rng.uniform(0, 400, (2, 2))
    trip = Trip(place(a), place(b), NOON, budget)
    found = find_departure(GRID, shade_on, trip, arrive_by=by, span_min=60)
    shortest = find_routes(GRID, shade_on(by.date()), trip)[0].walk_s
    assert found.leave_by == by - timedelta(seconds=shortest)
    assert all(route.arrives <= by for route in found.routes)
    assert (found.walk_s <= (1 + budget) * shortest).all()
    assert found.asked == len(found) - 1 == 12
    late = found.departs[-1].to_pydatetime()
    assert timedelta(0) <= found.leave_by - late < timedelta(minutes=1)
    # One who has time enough has all the patience there is.
    for at, departs in enumerate(found.departs):
        alone = find_routes(GRID, shade_on(by.date()), replace(trip, departs=departs))[-1]
        if alone.arrives <= by:
            assert found.sun_s[at] == alone.sun_s


def test_the_last_seconds_before_an_arrival_are_used():
    """Two ways, one shady and 40 s longer: it is taken as long as there are 40 s."""
    network = draw([(0, 0), (268, 0)], [(0, 1), (0, 1)], via=[(np.nan, np.nan), (134, 81.4)])
    shady = int(network.length_m.argmax())
    stored = np.full((288, 2), 254)
    stored[:, shady] = 0
    table = tabulate(stored, begins="2026-07-15 00:00")
    trip = Trip(place((0, 0)), place((268, 0)), NOON, 1.0)
    quick_s, slow_s = 200, find_routes(network, table, trip)[-1].walk_s
    assert slow_s > quick_s
    for spare_s in range(60):
        by = NOON + timedelta(seconds=quick_s + spare_s)
        found = find_departure(network, table, trip, arrive_by=by, span_min=0)
        left_s = int((by - found.departs[-1]).total_seconds())
        assert (found.sun_s[-1] == 0.0) == (left_s >= slow_s)


@pytest.mark.parametrize("by", ["2026-03-29T03:10+02:00", "2026-10-25T02:10+01:00"])
def test_arriving_after_a_clock_change(by):
    by = datetime.fromisoformat(by).astimezone(BERLIN)
    found = find_departure(GRID, draw_days(GRID), Trip(*ENDS, by), arrive_by=by)
    assert len(found) == 37
    # In one zone Python compares wall clocks, of which an hour comes twice.
    assert all(route.arrives.timestamp() <= by.timestamp() for route in found.routes)
    assert str(found.leave_by.tzinfo) == "Europe/Berlin"


# ------------------------------------------------------------------ advice


def ask_lone_street(best, low, high, *, likes="shade", before_min=None):
    """Walk one street of 100 s at seven departures, with the sun of the street as stored."""
    network = draw([(0, 0), (134, 0)], [(0, 1)])
    best, low, high = (np.array(each, np.uint8)[:, None] for each in (best, low, high))
    begins = NOON - timedelta(minutes=15)
    table = replace(
        tabulate(np.vstack([best, best[:1]]), begins=begins.replace(tzinfo=None)),
        low=np.vstack([low, low[:1]]),
        high=np.vstack([high, high[:1]]),
    )
    trip = Trip(place((0, 0)), place((134, 0)), NOON, likes=likes)
    return find_departure(network, table, trip, span_min=15, before_min=before_min)


@pytest.mark.parametrize(
    ("best_high", "asked_low", "is_sure"), [(100, 101, True), (100, 100, False), (120, 90, False)]
)
@pytest.mark.parametrize("likes", ["shade", "sun"])
def test_advice_is_withheld_where_the_intervals_overlap(best_high, asked_low, is_sure, likes):
    best, low, high = ([value] * 7 for value in (200, asked_low, 254))
    best[5], low[5], high[5] = 50, 0, best_high
    if likes == "sun":  # the same upside down
        best, low, high = ([254 - value for value in each] for each in (best, high, low))
    found = ask_lone_street(best, low, high, likes=likes)
    assert (found.asked, found.best, found.is_sure) == (3, 5, is_sure)
    assert found.gain_s == pytest.approx(150 / 254 * 100)


def test_of_equal_departures_the_nearest_is_best_and_of_these_the_earlier():
    for lit, nearest in (([1, 2, 5], 2), ([1, 5], 1), ([0, 4, 6], 4)):
        sun = np.full(7, 254)
        sun[lit] = 10
        assert ask_lone_street(sun, sun, sun).best == nearest


def test_who_leaves_at_the_best_time_already_gets_no_advice():
    sun = np.full(7, 254)
    sun[3] = 0
    found = ask_lone_street(sun, sun, sun)
    assert found.best == found.asked == 3
    assert not found.is_sure


@pytest.mark.parametrize("likes", ["shade", "sun"])
def test_the_unknown_makes_no_advice_sure(likes):
    known, unknown = (0, 255) if likes == "shade" else (254, 255)
    sun = np.full(7, unknown)
    sun[5] = known
    found = ask_lone_street(sun, sun, sun, likes=likes)
    assert found.best == 5
    assert not found.is_sure
    assert found.unknown_s.tolist() == [100.0] * 5 + [0.0, 100.0]


# ------------------------------------------------------------------ hostile questions


def test_what_cannot_be_asked_is_refused_in_one_sentence():
    trip = Trip(*ENDS, NOON)
    shade_on = draw_days(GRID)
    for span_min, step_min in ((-1, 5), (10**9, 5), (180, 0)):
        with pytest.raises(TripError, match="span of 0 to 720 minutes"):
            find_departure(GRID, shade_on, trip, span_min=span_min, step_min=step_min)
    for before_min in (-1, 721):
        with pytest.raises(TripError, match=f"span of 0 to 720 minutes.* got {before_min} "):
            find_departure(GRID, shade_on, trip, before_min=before_min)
    with pytest.raises(NaiveTimeError, match="arrive_by"):
        find_departure(GRID, shade_on, trip, arrive_by=NOON.replace(tzinfo=None))
    with pytest.raises(TripError, match="outside the city"):
        find_departure(GRID, shade_on, Trip(ENDS[0], (10.0, 10.0), NOON))
    with pytest.raises(TripError, match="shade is known from"):
        find_departure(GRID, shade_on(NOON.date()), Trip(*ENDS, NOON.replace(hour=1)))


def test_on_an_island_of_one_street():
    network = draw([(0, 0), (134, 0), (5000, 0), (5134, 0)], [(0, 1), (2, 3)])
    shade_on = draw_days(network)
    found = find_departure(network, shade_on, Trip(place((0, 0)), place((134, 0)), NOON))
    assert (found.walk_s == 100).all()
    with pytest.raises(NoRouteError, match="No street joins"):
        find_departure(network, shade_on, Trip(place((0, 0)), place((5134, 0)), NOON))
