"""A trip's walks as one reads them: a front in a table, none told twice, numbers where unsure."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from solarpass.departure import find_departure
from solarpass.digest import align, digest, tell_rows
from solarpass.front import find_front
from solarpass.itinerary import plan_itinerary
from solarpass.route import find_routes
from solarpass.routepage import write_route_page
from solarpass.routetext import find_arrival, tell_advice, write_text
from solarpass.trip import Trip
from solarpass.words import LANGUAGES, Words, whole_minutes

WEST, EAST = (60.1731, 24.9413), (60.1648, 24.9529)
EN = Words("en")


def plan(atlas, at, *, likes="shade", budget=0.4, search=find_front):
    departs = datetime.fromisoformat(at).replace(tzinfo=atlas.zone)
    trip = Trip(WEST, EAST, departs, budget=budget, likes=likes)
    routes = search(atlas.network, atlas.shade_on(departs.date()), trip)
    return plan_itinerary(atlas, routes, origin="West", destination="East")


@pytest.fixture(scope="module")
def front(helsinki):
    return plan(helsinki, "2026-07-15T17:58")


@pytest.mark.parametrize("likes", ["shade", "sun"])
def test_the_walks_of_a_front_differ_in_the_minutes_told(helsinki, likes):
    itinerary = plan(helsinki, "2026-07-15T17:58", likes=likes)
    told, routes = digest(itinerary), itinerary.routes
    turn = -1 if likes == "sun" else 1
    said = [
        (whole_minutes(routes[at].walk_s), turn * whole_minutes(routes[at].sun_s))
        for at in told.kept
    ]
    assert told.is_front
    assert 3 <= len(told.kept) < len(routes)
    assert {0, len(routes) - 1} <= set(told.full) <= set(told.kept)
    assert len(told.full) <= 3
    # Who is left out takes no fewer minutes and has no less sun than one that is told.
    for route in routes:
        own = whole_minutes(route.walk_s), turn * whole_minutes(route.sun_s)
        assert any(one[0] <= own[0] and one[1] <= own[1] for one in said)
    assert len(set(said)) == len(said)
    rows = tell_rows(itinerary, told, EN)
    assert len(rows) == len(told.kept) + 1
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, len(rows))]
    assert len(set(map(len, (line.rpartition("  ")[0] for line in align(rows))))) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_front_is_told_in_a_table_and_few_walks(front, language):
    words, told = Words(language), digest(front)
    text, page = write_text(front, words), write_route_page(front, words)
    assert text.count("\n  1. ") == len(told.full)
    assert page.count("<section>") == len(told.full)
    assert page.count("<details>") == len(told.kept) - len(told.full) > 0
    assert page.count("<tr>") == len(told.kept) + 1
    assert page.index("<table>") < page.index("<svg")
    missing = next(told.number(at) for at in told.kept if at not in told.full)
    more = write_text(front, words, shown=[missing])
    assert more.count("\n  1. ") == len(told.full) + 1
    assert f"\n{missing} · " in more
    assert f"\n{missing} · " not in text


@pytest.mark.parametrize("at", ["2026-07-15T23:50", "2026-07-15T14:00"])
def test_two_walks_of_the_same_edges_are_told_once(helsinki, at):
    itinerary = plan(helsinki, at, budget=0.0, search=find_routes)
    assert write_text(itinerary, EN).count("\n  1. ") == 1
    assert write_route_page(itinerary, EN).count("<section>") == 1


def test_departure_and_minutes_add_up_to_the_arrival_told(front):
    for seconds in range(0, 3600, 7):
        for second in (0, 1, 29, 31, 59):
            departs = front.routes[0].departs.replace(second=second)
            route = replace(front.routes[0], departs=departs, walk_s=seconds)
            leaves = departs.replace(second=0)
            arrives = find_arrival(route).replace(second=0)
            assert arrives - leaves == timedelta(minutes=whole_minutes(seconds))


def test_advice_that_is_withheld_has_numbers(helsinki):
    departs = datetime(2026, 7, 15, 12, 0, tzinfo=helsinki.zone)
    trip = Trip(WEST, EAST, departs, budget=0.15)
    found = find_departure(helsinki.network, helsinki.shade_on, trip, span_min=30, step_min=10)
    walks = plan(helsinki, "2026-07-15T12:00", budget=0.15, search=find_routes)
    unsure = replace(found, is_sure=False)
    (said,) = [one for one in tell_advice(replace(walks, departures=unsure), EN) if ":" in one]
    for at in (found.best, found.worst):
        assert f"{found.routes[at].departs:%H:%M}" in said
        assert str(whole_minutes(found.span_s(at)[1])) in said
    low_s, high_s = found.span_s(found.best)
    assert low_s <= found.sun_s[found.best] <= high_s
    assert not found.is_surely_worse(found.best)
    wide = replace(unsure, sun_low_s=0.0 * found.sun_s, sun_high_s=found.sun_s + 60)
    said = tell_advice(replace(walks, departures=wide), EN)
    assert any("too close to advise" in one for one in said)


def test_streets_far_from_a_place_are_told(front):
    routes = tuple(replace(one, start_snap_m=320.0, end_snap_m=20.0) for one in front.routes)
    said = write_text(replace(front, routes=routes), EN)
    assert "The walk begins 320\N{NO-BREAK SPACE}m from West: no street" in said
    assert "The walk ends" not in said
    assert "The walk begins" not in write_text(front, EN)
