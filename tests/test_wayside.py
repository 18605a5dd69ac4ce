"""What lies by the way: in order, on the right hand, seen from it, and as sunny as it is there."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from made_osm import MadeOsm

from solarpass.atlas import build_atlas
from solarpass.route import find_routes
from solarpass.trip import Trip
from solarpass.wayside import find_wayside, find_waysides

# Metres east and north of the middle of a way of 280 m from west to east.
OPEN, ROOFED, BEFORE_HOUSE, BEHIND_HOUSE = (-60, -4), (70, -4), (15, 6), (10, 25)
INDOORS, TAP = (0, 14), (105, 3)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Build a city of one way, with a house north of it, seats around it, and a tap."""
    made = MadeOsm()
    made.line((-140, 0), (0, 0), (140, 0), highway="footway", name="Bankweg")
    for y in (-300, 300):  # so far all is known, or nobody could tell what hides the sun
        made.line((-400, y), (400, y), highway="footway")
        for x in (-390, -200, 200, 380):  # nor in a city that seems to be mapped without houses
            made.box(x, y - 12, x + 8, y - 4, building="yes", height="4")
    made.box(-20, 8, 20, 20, building="yes", height="15")
    for xy in (OPEN, BEFORE_HOUSE, BEHIND_HOUSE, INDOORS):
        made.node(*xy, amenity="bench")
    made.node(*ROOFED, amenity="bench", covered="yes")
    made.node(*TAP, amenity="drinking_water", name="Brunnen")
    folder = tmp_path_factory.mktemp("city")
    return build_atlas(made.write(folder / "way.osm.pbf"), folder / "way")


def walk(city, at="2026-07-15T12:00", *, back=False):
    """Walk the way from its west end to its east end, or back."""
    made = MadeOsm()
    ends = [made.degrees(x, 0)[::-1] for x in (-140, 140)]
    departs = datetime.fromisoformat(at).replace(tzinfo=city.zone)
    trip = Trip(*(ends[::-1] if back else ends), departs)
    return find_routes(city.network, city.shade_on(departs.date()), trip)[0]


def test_what_is_passed_stands_in_order_and_what_a_house_hides_is_left_out(city):
    there, back = (find_wayside(city, walk(city, back=back)) for back in (False, True))
    kinds = ["bench", "bench", "bench", "drinking_water"]
    assert [one.kind for one in there] == kinds
    assert [one.kind for one in back] == kinds[::-1]
    wanted_m = [140 + x for x, _ in (OPEN, BEFORE_HOUSE, ROOFED, TAP)]
    assert [one.along_m for one in there] == pytest.approx(wanted_m, abs=1.0)
    assert [one.off_m for one in there] == pytest.approx([4, 6, 4, 3], abs=0.1)
    assert [one.count for one in there] == [1] * 4
    assert there[-1].name == "Brunnen"
    assert {one.osm_id for one in there} == {one.osm_id for one in back}


def test_the_way_back_has_them_on_the_other_hand(city):
    there, back = (find_wayside(city, walk(city, back=back)) for back in (False, True))
    assert [one.side for one in there] == ["right", "left", "right", "left"]
    other = {"left": "right", "right": "left"}
    assert [one.side for one in back] == [other[one.side] for one in there][::-1]
    length_m = walk(city).length_m
    assert [one.along_m for one in back] == pytest.approx(
        [length_m - one.along_m for one in reversed(there)], abs=0.1
    )


def test_one_passes_when_one_has_walked_so_far(city):
    for back in (False, True):
        route = walk(city, back=back)
        speed_m_s = route.length_m / route.walk_s
        for one in find_wayside(city, route):
            wanted = route.departs + timedelta(seconds=one.along_m / speed_m_s)
            assert abs(one.passes - wanted) <= timedelta(seconds=2)


@pytest.mark.parametrize(("at", "is_lit"), [("T12:00", True), ("T19:30", False)])
def test_a_bench_has_the_sun_of_the_time_one_passes_it(city, at, is_lit):
    """The house stands north-west of the bench before it, where the sun is in the evening."""
    held = find_wayside(city, walk(city, f"2026-07-15{at}"))
    lone, before_house, roofed, tap = held
    assert lone.sun_fraction == 1.0
    assert before_house.sun_fraction == (1.0 if is_lit else 0.0)
    assert roofed.sun_fraction == 0.0
    assert np.isnan(tap.sun_fraction)
    assert not any(one.is_dark for one in held)


def test_of_several_walks_each_has_what_it_has_alone(city):
    walks = [
        walk(city, f"2026-07-15{at}", back=back) for at in ("T12:00", "T19:30") for back in (0, 1)
    ]
    together, alone = find_waysides(city, walks), [find_wayside(city, one) for one in walks]
    assert repr(together) == repr(alone)  # as text, for of a tap the sun is not a number
    assert find_waysides(city, []) == []


def test_by_night_no_bench_is_lit(city):
    for one in find_wayside(city, walk(city, "2026-07-15T23:00")):
        assert one.is_dark
        assert one.kind != "bench" or one.sun_fraction == 0.0


def test_who_waits_for_the_evening_passes_later(city):
    """The sun is that of the bench's own passing time, not that of the departure."""
    route = walk(city, "2026-07-15T12:00")
    later = replace(route, departs=route.departs + timedelta(hours=7.5))
    (_, noon, *_), (_, evening, *_) = (find_wayside(city, one) for one in (route, later))
    assert evening.passes - noon.passes == timedelta(hours=7.5)
    assert (noon.sun_fraction, evening.sun_fraction) == (1.0, 0.0)
