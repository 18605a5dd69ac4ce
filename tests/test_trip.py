from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solarpass.errors import NaiveTimeError, TripError, WallTimeError
from solarpass.profile import WHO, Profile
from solarpass.trip import (
    LIKES,
    MOST_BUDGET,
    MOST_VIA,
    SPEEDS_M_S,
    Trip,
    read_coordinates,
    read_wall_time,
    walk_ends,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"]
GOOD = {"from": "52.5,13.4", "to": "52.51,13.41", "at": "2026-07-15T14:00", "budget": "0.2"}

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
instants = st.datetimes(
    datetime.fromisoformat("1990-01-01"),
    datetime.fromisoformat("2060-01-01"),
    timezones=st.just(UTC),
).map(lambda instant: instant.replace(microsecond=0))


wishes = st.fixed_dictionaries(
    {},
    optional={
        "via": st.lists(places, max_size=MOST_VIA).map(tuple),
        "likes": st.sampled_from(LIKES),
        "profile": st.builds(Profile, st.sampled_from(WHO), st.booleans(), st.booleans()),
        "speed_m_s": st.none() | st.floats(*SPEEDS_M_S),
    },
)


@given(places, places, instants, st.floats(0, MOST_BUDGET), st.sampled_from(ZONES), wishes)
def test_a_trip_survives_the_address_bar(origin, destination, instant, budget, zone, wish):
    asked = Trip(origin, destination, instant.astimezone(ZoneInfo(zone)), budget, **wish)
    read = Trip.from_query(asked.to_query(), zone=ZoneInfo(zone))
    assert read == asked
    assert hash(read) == hash(asked)
    assert read.to_query() == asked.to_query()


def test_a_link_carries_the_offset():
    for offset in ("+02:00", "+01:00"):
        query = {**GOOD, "at": f"2026-10-25T02:30{offset}"}
        assert Trip.from_query(query, zone=BERLIN).to_query()["at"] == query["at"]


def test_both_half_past_two_of_an_autumn_night_are_two_trips():
    first = Trip((52.5, 13.4), (52.6, 13.4), datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN))
    second = replace(first, departs=first.departs.replace(fold=1))
    assert first != second
    assert first.departs.astimezone(UTC) + timedelta(hours=1) == second.departs.astimezone(UTC)
    assert first != "another thing"


def test_a_time_that_clocks_skip_is_refused_with_what_to_type():
    with pytest.raises(WallTimeError, match=r"skip.*2026-03-29T01:30 or 2026-03-29T03:30"):
        read_wall_time("2026-03-29T02:30", BERLIN)


def test_a_time_that_clocks_repeat_is_refused_with_both_offsets():
    with pytest.raises(WallTimeError, match=r"twice.*02:30\+02:00 .* 2026-10-25T02:30\+01:00"):
        read_wall_time("2026-10-25T02:30", BERLIN)


@pytest.mark.parametrize("typed", ["2026-03-29T01:59", "2026-03-29T03:00", "2026-10-25T03:00"])
def test_a_time_beside_a_clock_change_is_plain(typed):
    assert read_wall_time(typed, BERLIN).isoformat(timespec="minutes").startswith(typed)


@given(instants, st.sampled_from(ZONES))
def test_a_time_with_its_offset_is_always_plain(instant, zone):
    there = instant.astimezone(ZoneInfo(zone))
    assert read_wall_time(there.isoformat(), ZoneInfo(zone)).astimezone(UTC) == instant


def test_an_offset_of_elsewhere_is_shown_on_the_citys_clocks():
    read = read_wall_time("2026-07-15T12:00Z", BERLIN)
    assert read.isoformat() == "2026-07-15T14:00:00+02:00"


@pytest.mark.parametrize(
    "typed",
    ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "1949-12-31T23:59", "2101-01-01T00:00"],
)
def test_a_year_the_sun_is_not_reckoned_for_is_refused(typed):
    with pytest.raises(TripError, match="1950 to 2100"):
        read_wall_time(typed, BERLIN)


@pytest.mark.parametrize(
    "typed",
    [
        "", "now", "2026-07-15", "14:00", "2026-13-01T10:00", "2026-02-30T10:00",
        "2026-07-15T24:30",
        "2026-W29-3T10:00", "20260715T1400",
        "2026-07-15T14:00+25:00", "nan",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(TripError, match="no date and time"):
        read_wall_time(typed, BERLIN)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("60.1699,24.9384", (60.1699, 24.9384)),
        (" 60.1699 , 24.9384 ", (60.1699, 24.9384)),
        ("60.1699 24.9384", (60.1699, 24.9384)),
        ("-33.9;18.4", (-33.9, 18.4)),
        ("90,180", (90.0, 180.0)),
    ],
)
def test_coordinates_are_read_as_people_write_them(typed, place):
    assert read_coordinates(typed) == place


@pytest.mark.parametrize(
    "typed", ["", "60.1", "a,b", "nan,nan", "1,2,3", "inf,0", "0x10,2", "1e400,2", "1_0,2"]
)  # fmt: skip
def test_what_is_no_place_is_refused(typed):
    with pytest.raises(TripError, match=r"latitude"):
        read_coordinates(typed)


def test_swapped_coordinates_are_told_where_it_shows():
    with pytest.raises(TripError, match=r"latitude comes first, so -33.9,151.2 may be meant"):
        read_coordinates("151.2,-33.9")


@pytest.mark.parametrize(
    "broken",
    [
        {"from": ""},
        {"from": "nan,nan"},
        {"to": "91,200"},
        {"at": "x"},
        {"budget": "nan"},
        {"budget": "inf"},
        {"budget": "-0.1"},
        {"budget": "2.01"},
        {"budget": "15 %"},
        {"budget": "1e400"},
        {"budget": "gASVBAAAAAAAAABLAS4="},
    ],
)
def test_a_broken_link_is_a_sentence(broken):
    with pytest.raises(TripError, match=r"\.$"):
        Trip.from_query({**GOOD, **broken}, zone=BERLIN)


@pytest.mark.parametrize("key", ["from", "to", "at"])
def test_a_link_that_lacks_something_says_what(key):
    query = {k: v for k, v in GOOD.items() if k != key}
    with pytest.raises(TripError, match=f"lacks `{key}`"):
        Trip.from_query(query, zone=BERLIN)


def test_a_link_without_budget_takes_the_usual_one():
    query = {k: v for k, v in GOOD.items() if k != "budget"}
    assert Trip.from_query(query, zone=BERLIN).budget == 0.15


def test_a_naive_departure_is_refused():
    with pytest.raises(NaiveTimeError, match="time zone"):
        Trip((52.5, 13.4), (52.6, 13.4), datetime(2026, 7, 15, 14))  # noqa: DTZ001 - the point


@pytest.mark.parametrize("origin", [(float("nan"), 13.4), (52.5, float("inf")), (91.0, 0.0)])
def test_an_end_off_the_earth_is_refused(origin):
    with pytest.raises(TripError, match="latitude"):
        Trip(origin, (52.6, 13.4), datetime(2026, 7, 15, 14, tzinfo=BERLIN))


@given(instants, st.integers(0, 20_000), st.sampled_from(ZONES))
def test_a_walk_takes_as_long_through_a_clock_change(instant, walk_s, zone):
    departs = instant.astimezone(ZoneInfo(zone))
    took = walk_ends(departs, walk_s).astimezone(UTC) - departs.astimezone(UTC)
    assert took == timedelta(seconds=walk_s)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"via": "52.5"}, "no place"),
        ({"via": "|".join(["52.5,13.4"] * 6)}, "up to 5 places"),
        ({"via": "91,0"}, "latitude"),
        ({"likes": "rain"}, "shade or sun"),
        ({"profile": "elephant"}, "walk, pram, wheelchair"),
        ({"profile": "pram+walk"}, "walk, pram, wheelchair"),
        ({"profile": "lit+lit"}, "walk, pram, wheelchair"),
        ({"speed": "fast"}, "metres per second"),
        ({"speed": "9"}, "between 0.3 and 3"),
        ({"speed": "nan"}, "metres per second"),
    ],
)
def test_a_wish_that_does_not_read_is_refused_in_a_sentence(wrong, told):
    with pytest.raises(TripError, match=told):
        Trip.from_query({**GOOD, **wrong}, zone=BERLIN)


def test_wishes_are_checked_however_a_trip_is_made():
    trip = Trip.from_query(GOOD, zone=BERLIN)
    for wrong in ({"speed_m_s": float("nan")}, {"likes": "rain"}, {"via": ((0.0, 0.0),) * 6}):
        with pytest.raises(TripError):
            replace(trip, **wrong)
