"""The page, run without a browser: links are answered, numbers agree, nothing crashes."""

import json
import re
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from solarpass.map.opening import find_scene, open_scene

APP = str(Path(__file__).parents[1] / "app.py")
TIMEOUT_S = 120  # the first answer compiles the search
ENDS = {"from": "60.17633,24.93678", "to": "60.16616,24.94937"}
NOON = {**ENDS, "at": "2026-07-15T14:00", "budget": "0.2"}


@pytest.fixture
def run(helsinki, monkeypatch):
    """Run the page on the built-in city, as if a link had been followed."""

    def run(query, *, folders=(helsinki.folder,)):
        monkeypatch.setattr(sys, "argv", ["app.py", *map(str, folders)])
        app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
        app.query_params.update({"lang": "en", **query})
        app.run()
        assert not app.exception
        return app

    return run


def payload(app, name):
    (component,) = [
        element.proto
        for element in app.get("bidi_component")
        if element.proto.component_name == f"solarpass.{name}"
    ]
    return json.loads(component.json)


def said(app):
    """Text of the answer, without its markup."""
    (body,) = [e.proto.body for e in app.get("html") if e.proto.body.startswith("<section")]
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\N{NO-BREAK SPACE}", " ").split())


def test_an_empty_link_asks_for_the_start(run):
    app = run({})
    assert "set the start" in said(app)
    assert payload(app, "map")["routes"] is None
    assert payload(app, "form")["ends"] == {"from": None, "to": None}
    assert dict(app.query_params) == {"lang": "en"}


def test_half_a_link_asks_for_the_destination(run):
    app = run({"from": ENDS["from"]})
    assert "where to?" in said(app)
    assert payload(app, "map")["ends"]["to"] is None


def test_a_good_link_is_answered_with_two_walks(run):
    app = run(NOON)
    drawn = payload(app, "map")["routes"]
    shortest, *_, shadiest = (feature["properties"] for feature in drawn["features"])
    assert (shortest["kind"], shadiest["kind"]) == ("shortest", "shadiest")
    assert shortest["walk_s"] <= shadiest["walk_s"] <= 1.2 * shortest["walk_s"]
    assert shadiest["sun_s"] <= shortest["sun_s"]
    told = said(app)
    assert "Shadiest walk" in told
    assert "Shortest walk" in told
    assert "clear sky is assumed" in told


def test_the_numbers_on_the_page_add_up(run):
    told = said(run(NOON))
    saved = r"(\d+) min of (\d+) min in the shade: (\d+) min less sun, (\d+) min longer"
    shade, walk, less, longer = map(int, re.findall(saved, told)[-1])  # the shadiest's
    (shady_walk, shady_sun), *_, (short_walk, short_sun) = [
        (int(a), int(b)) for a, b in re.findall(r"(\d+) min · .*?(\d+) min in the sun", told)
    ]
    assert walk == shady_walk
    assert shade == shady_walk - shady_sun
    assert less == short_sun - shady_sun
    assert longer == shady_walk - short_walk


def test_the_link_asks_the_same_again(run):
    first = run(NOON)
    written = dict(first.query_params)
    assert written["at"] == "2026-07-15T14:00+03:00"
    again = run(written)
    assert payload(again, "map") == payload(first, "map")
    assert dict(again.query_params) == dict(first.query_params)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"from": "60.17"}, "no start that reads"),
        ({"from": "nan,nan"}, "no start that reads"),
        ({"from": "\N{PILE OF POO}" * 500}, "no start that reads"),
        ({"to": "1e9,1"}, "no destination that reads"),
        ({"at": "yesterday"}, "no time that reads"),
        ({"at": "2026-13-45T99:99"}, "no time that reads"),
        ({"at": "9999-01-01T00:00"}, "no time that reads"),
        ({"at": "2026-03-29T03:30"}, "clocks change"),
        ({"at": "2026-10-25T03:30"}, "clocks change"),
        ({"budget": "nan"}, "no detour that reads"),
        ({"budget": "-1"}, "no detour that reads"),
        ({"city": "atlantis"}, "not open here"),
        ({"from": "52.5,13.4"}, "The start lies off all streets of Helsinki"),
        ({"to": "52.5,13.4"}, "The destination lies off all streets of Helsinki"),
        ({"to": ENDS["from"]}, "same place"),
    ],
)
def test_a_broken_link_is_answered_not_crashed(run, query, sentence):
    assert sentence in said(run({**NOON, **query}))


def test_a_link_with_two_faults_is_told_both(run):
    told = said(run({"from": "abc", "to": "1,2"}))
    assert "no start that reads" in told
    assert "The destination lies off all streets of Helsinki" in told


def test_a_plus_sign_that_became_a_space_still_reads(run):
    app = run({**NOON, "at": "2026-07-15T14:00 03:00"})
    assert payload(app, "form")["at"] == "2026-07-15T14:00"


def test_at_night_it_says_night(run):
    app = run({**NOON, "at": "2026-07-15T23:55"})
    told, drawn = said(app), payload(app, "map")
    assert "At 23:55 it is night" in told
    assert "it shines from 04:2" in told
    assert "in the sun" not in told
    assert drawn["sun"] is None
    assert drawn["shadow"] is None


def test_the_steps_are_listed_and_stay_with_the_server(run):
    app = run(NOON)
    (body,) = [e.proto.body for e in app.get("html") if e.proto.body.startswith("<section")]
    assert body.count("<ol>") == len(payload(app, "map")["routes"]["features"]) >= 2
    assert "along " in said(app)
    assert re.search(r"\d+ crossings?", said(app))
    drawn = payload(app, "map")
    assert all("steps" not in feature["properties"] for feature in drawn["routes"]["features"])
    assert all(-180 <= mark["at"][0] <= 180 for marks in drawn["crossings"] for mark in marks)


def sight(app):
    """Text of the checked place, without its markup; None while none is checked."""
    bodies = [e.proto.body for e in app.get("html") if 'class="sight"' in e.proto.body]
    return " ".join(re.sub(r"<[^>]+>", " ", bodies[0]).split()) if bodies else None


def test_a_place_is_checked_only_when_asked(run):
    app = run(NOON)
    assert sight(app) is None
    app.button("check-open").click().run()
    assert "At 14:00" in sight(app)
    assert dict(app.query_params)["check"] == "60.176330,24.936780"
    app.button("check_end").click().run()
    assert dict(app.query_params)["check"] == "60.166160,24.949370"
    app.button("check-close").click().run()
    assert sight(app) is None
    assert "check" not in app.query_params


def test_a_typed_place_is_checked_and_one_that_is_none_is_said(run):
    app = run({"at": "2026-07-15T10:00"})
    app.button("check-open").click().run()
    assert sight(app) is None
    app.text_input("typed").set_value("60.17,24.94").run()
    assert "Seurahuoneen talo" in sight(app)
    app.text_input("typed").set_value("Nowhere at all").run()
    assert "No place of that name" in app.error[0].value
    assert "Seurahuoneen talo" in sight(app)


def test_a_link_asks_for_a_check_and_a_broken_one_is_told(run):
    told = sight(run({"check": "60.17,24.94", "at": "2026-07-15T10:00"}))
    assert "At 10:00 this place is in the shade" in told
    assert "no place to check" in said(run({**NOON, "check": "nan,nan"}))


def test_a_budget_of_nothing_gives_a_walk_no_longer(run):
    shortest, shadiest = payload(run({**NOON, "budget": "0"}), "map")["routes"]["features"]
    assert shadiest["properties"]["walk_s"] == shortest["properties"]["walk_s"]


def test_one_card_where_the_shortest_is_the_shadiest(run):
    told = said(run({**NOON, "to": "60.17585,24.93678", "budget": "0"}))
    assert "Here the shortest walk is the shadiest" in told
    assert told.count("The walk in words") == 1


def test_the_page_speaks_german(run):
    app = run({**NOON, "lang": "de"})
    assert "Schattigster Weg" in said(app)
    assert payload(app, "map")["words"]["sun"] == "Sonne"
    assert payload(app, "form")["language"] == "de"


def test_several_cities_can_be_chosen(run, helsinki, tmp_path):
    other = tmp_path / "other"
    other.symlink_to(helsinki.folder)
    folders = (helsinki.folder, other)
    keys = [{"key": name, "name": name} for name in ("helsinki", "other")]  # both are Helsinki
    assert payload(run({}, folders=folders), "form")["cities"] == keys
    chosen = run({"city": "other"}, folders=folders)
    assert payload(chosen, "form")["city"] == "other"
    assert dict(chosen.query_params)["city"] == "other"


def test_two_folders_of_one_name_are_two_cities(run, helsinki, tmp_path):
    other = tmp_path / helsinki.folder.name
    other.symlink_to(helsinki.folder)
    folders = (helsinki.folder, other)
    told = payload(run({}, folders=folders), "form")["cities"]
    assert [city["key"] for city in told] == [str(path) for path in folders]


def test_a_folder_of_cities_offers_what_it_holds_now(run, helsinki, tmp_path):
    shelf = tmp_path / "cities"
    shelf.mkdir()
    for name in ("a", ".draft"):
        (shelf / name).symlink_to(helsinki.folder)
    (shelf / "notes.txt").write_text("not a city")
    app = run({}, folders=(shelf,))
    told = payload(app, "form")
    assert told["cities"] in ([], [{"key": "a", "name": "Helsinki"}])
    (shelf / "b").symlink_to(helsinki.folder)  # while the app runs
    app.run()
    assert [city["key"] for city in payload(app, "form")["cities"]] == ["a", "b"]
    chosen = run({"city": "b"}, folders=(shelf,))
    assert payload(chosen, "form")["city"] == "b"


def test_a_city_is_called_by_its_own_name(run, helsinki, tmp_path):
    other = tmp_path / "berlin-2026-07"
    other.mkdir()
    (other / "city.json").write_text('{"name": "Berlin"}')
    torn = tmp_path / "torn"
    torn.mkdir()
    told = payload(run({}, folders=(helsinki.folder, other, torn)), "form")["cities"]
    assert told == [
        {"key": "helsinki", "name": "Helsinki"},
        {"key": "berlin-2026-07", "name": "Berlin"},
        {"key": "torn", "name": "torn"},
    ]


def test_a_folder_that_is_no_city_is_a_sentence(run, tmp_path):
    app = run({}, folders=(tmp_path,))
    assert "solarpass build" in app.error[0].value


def test_what_the_browser_is_told_can_be_fetched(run, helsinki):
    told = payload(run(NOON), "map")
    digest = told["sun"].split("/")[-3]
    scene = find_scene(digest)
    assert scene is open_scene(helsinki.folder).wait(TIMEOUT_S)
    assert set(told["city"]["layers"]) == set(scene.layers)
