"""The walker's answer: walks to choose from, for whom, when, and what one takes along."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Router
from test_map import ask

from solarpass.map import routes
from solarpass.map.advice import find_advice, find_passed, is_advised, tell_advice, tell_wayside
from solarpass.map.answer import find_answer
from solarpass.map.card import tell_answer, tell_longer
from solarpass.map.choice import MOST_WALKS, choose_walks
from solarpass.map.opening import open_scene
from solarpass.map.payload import form_payload, front_payload, map_payload
from solarpass.map.question import Question
from solarpass.map.takeaway import FILES, LONGEST_QUERY, walk_address
from solarpass.profile import Profile
from solarpass.words import Words, whole_minutes

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 7, 15, 13, 20, tzinfo=HELSINKI)
ENDS = (60.17633, 24.93678), (60.16616, 24.94937)
TIMEOUT_S = 120
fronts = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=1, max_size=60).map(
    lambda steps: [
        SimpleNamespace(
            walk_s=600 + sum(longer for longer, _ in steps[: at + 1]),
            sun_s=30000 - sum(less for _, less in steps[: at + 1]),
        )
        for at in range(len(steps))
    ]
)


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


@pytest.fixture(scope="module")
def answer(scene):
    return find_answer(scene, Question(*ENDS, NOON, 0.3), Words("en"))


@pytest.fixture
def fetch():
    router = Router(routes())
    return lambda address: asyncio.run(ask(router, urlsplit(address).path, urlsplit(address).query))


@given(fronts)
def test_walks_to_choose_from_are_few_and_differ_in_minutes(front):
    walks = choose_walks(front)
    assert len(walks) <= MOST_WALKS
    assert (walks[0], walks[-1]) == (front[0], front[-1])
    assert len(walks) == len({id(walk) for walk in walks})
    told = [whole_minutes(walk.walk_s) for walk in walks[1:]]
    assert told == sorted(set(told))
    assert all(a.sun_s > b.sun_s for a, b in pairwise(walks))


def test_a_link_keeps_who_walks_and_how_fast():
    asked = Question(*ENDS, NOON, 0.2, profile=Profile("wheelchair", lit=True), speed_m_s=0.83)
    query = asked.to_query()
    assert (query["profile"], query["speed"]) == ("wheelchair+lit", "0.83")
    assert Question.from_query(query, zone=HELSINKI) == asked
    assert asked.trip.profile == asked.profile
    assert asked.trip.speed_m_s == 0.83
    usual = Question(*ENDS, NOON).to_query()
    assert {"profile", "speed"}.isdisjoint(usual)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"profile": "dragon"}, "bad_profile"),
        ({"profile": "pram+pram"}, "bad_profile"),
        ({"profile": ["walk"]}, "bad_profile"),
        ({"speed": "nan"}, "bad_speed"),
        ({"speed": "99"}, "bad_speed"),
        ({"speed": {}}, "bad_speed"),
    ],
)
def test_who_or_a_pace_that_does_not_read_is_told_and_left_out(change, fault):
    asked = Question(*ENDS, NOON).changed(change, zone=HELSINKI)
    assert asked.faults == (fault,)
    assert (asked.profile, asked.speed_m_s) == (Profile(), None)
    assert all(Words(language)(fault) for language in ("de", "en"))


def test_the_slider_and_the_map_have_the_same_walks(answer):
    drawn, front = map_payload(answer), front_payload(answer)
    told = [feature["properties"] for feature in drawn["routes"]["features"]]
    assert len(front["stops"]) == len(told) == len(drawn["crossings"]) > 2
    assert [one["number"] for one in told] == list(range(len(told)))
    assert {one["kind"] for one in told[1:-1]} == {"pareto"}
    assert (front["shown"], front["chosen"]) == (drawn["shown"], drawn["chosen"])
    longer = whole_minutes(told[2]["walk_s"]) - whole_minutes(told[0]["walk_s"])
    assert tell_longer(answer, 2).startswith(f"{longer}\N{NO-BREAK SPACE}min longer")
    cards = tell_answer(answer)
    assert cards.count("<article") == len(told)
    assert cards.count('class="saved pick"') == len(told)


def test_nothing_to_choose_at_night_or_where_one_walk_is_all(scene):
    night = Question(*ENDS, NOON.replace(hour=0), 0.3)
    assert front_payload(find_answer(scene, night, Words("en")))["stops"] == []
    one = find_answer(scene, Question(*ENDS, NOON, 0.0), Words("en"))
    assert not one.same or front_payload(one)["stops"] == []


def test_a_wheelchair_is_told_what_nobody_knows_and_takes_no_steps(scene):
    asked = Question(*ENDS, NOON, 0.2, profile=Profile("wheelchair"))
    found = find_answer(scene, asked, Words("en"))
    assert found.routes
    assert all(route.steps_m == 0.0 for route in found.routes)
    told = tell_answer(found)
    assert 'class="ways"' in told
    assert "not in the map" in told
    assert form_payload(found, cities={"": "Helsinki"}, city="")["profile"]["who"] == "wheelchair"


def test_a_slow_walk_takes_longer(scene, answer):
    slow = find_answer(scene, replace(answer.question, speed_m_s=0.83), Words("en"))
    assert slow.routes[0].walk_s > 1.3 * answer.routes[0].walk_s


def test_advice_is_given_only_where_it_is_sure(answer):
    found = find_advice(answer, now=NOON + timedelta(days=99))
    told = tell_advice(found, Words("en"))
    assert ("Leave at" in told) == is_advised(found)
    unsure = replace(found, is_sure=False)
    assert "not sure enough" in tell_advice(unsure, Words("en"))
    assert "nicht sicher genug" in tell_advice(unsure, Words("de"))


def test_no_time_that_has_passed_is_advised(answer):
    found = find_advice(answer, now=NOON - timedelta(minutes=30))
    assert found.departs[0] >= NOON - timedelta(minutes=30)


def test_what_lies_on_the_way_is_told_of_each_walk(answer):
    passed = find_passed(answer)
    told = tell_wayside(answer, passed)
    assert told.count("<li>") == sum(map(len, passed)) > 0
    marks = map_payload(answer, passed=passed)["wayside"]
    assert len(marks) == len(answer.routes)
    for mark in marks[-1]:
        assert mark["kind"] in {"water", "bench", "toilet"}
        assert mark["shaded"] in {True, False, None}
    assert map_payload(answer)["wayside"] == []


@pytest.mark.parametrize("kind", FILES)
def test_a_walk_is_taken_along_as_a_file(answer, fetch, kind):
    address = walk_address(answer, 1, kind)
    assert len(urlsplit(address).query) <= LONGEST_QUERY
    status, headers, body = fetch(address)
    assert status == 200
    assert headers["content-type"].startswith(FILES[kind])
    if kind == "geojson":
        (feature,) = json.loads(body)["features"]
        assert feature["properties"]["walk_s"] == answer.routes[1].walk_s
    else:
        (ET.fromstring if kind == "gpx" else bytes.decode)(body)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("walk=1", "walk=99"),
        ("walk=1", "walk=-1"),
        ("walk=1", "walk=²"),
        ("lang=en", "lang=xx"),
        ("walk.gpx", "walk.exe"),
        ("from=", "from=nan"),
        ("from=", "x=" + 400 * "y" + "&from="),
        ("budget=0.3", "budget=1e9"),
    ],
)
def test_an_address_that_asks_for_nothing_is_not_found(answer, fetch, part, instead):
    address = walk_address(answer, 1, "gpx")
    assert part in address
    assert fetch(address.replace(part, instead))[0] == 404
