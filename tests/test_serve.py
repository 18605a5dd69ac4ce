"""The HTTP door, asked over the loopback by real clients."""

import itertools
import json
import platform
import re
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from xml.etree import ElementTree as ET

import geopandas as gpd
import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from solarpass.__main__ import main
from solarpass.errors import SourceError
from solarpass.export import edges_at, routes_to_geojson
from solarpass.front import find_front
from solarpass.serve import build_door, is_loopback
from solarpass.serve.cities import Cities, open_cities
from solarpass.serve.gate import Gate, GateModel
from solarpass.serve.house import build_server
from solarpass.serve.memory import give_back_memory
from solarpass.serve.porter import PorterModel
from solarpass.trip import Trip, read_coordinates

WEST, EAST = "60.1675,24.9430", "60.1740,24.9490"
NOON = "2026-07-15T14:00"
TRIP = {"from": WEST, "to": EAST, "at": NOON}
PATHS = ["/route", "/departure", "/loop", "/shade", "/cities", "/health", "/docs", "/none"]


@contextmanager
def serving(cities, **how):
    """Serve cities on a free port of the loopback, as the command does; yields the address."""
    terms, kept_bytes = how.pop("terms", PorterModel()), how.pop("kept_bytes", 0)
    server = build_server(build_door(cities, **how), model=terms)
    with socket.socket() as listening:
        if kept_bytes:  # by the system for who does not listen; else some megabytes
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, kept_bytes)
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def client(helsinki):
    with (
        serving(Cities({"helsinki": helsinki})) as address,
        httpx.Client(base_url=address, timeout=120) as client,
    ):
        yield client


def ask(client, path="/route", **changed):
    return client.get(path, params=TRIP | changed)


def refused(answer, status):
    """Hold a refusal against its form: one sentence, its kind, nothing from inside."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert set(told) == {"error", "kind"}
    assert told["error"].endswith((".", "…"))
    assert "\n" not in told["error"]
    assert not re.search(r"Traceback|\.py\b|/work|/tmp|/home|object at 0x", answer.text)
    return told["error"]


def command(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out.rstrip("\n").encode()


def test_a_route_is_byte_by_byte_that_of_the_command_line(client, helsinki, capsys):
    wanted = command(
        capsys, "route", helsinki.folder, "--from", WEST, "--to", EAST, "--at", NOON,
        "--budget", "0.3",
    )  # fmt: skip
    answer = ask(client, budget="0.3", wayside="true")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.content == wanted


def test_a_front_is_that_of_the_engine(client, helsinki):
    departs = datetime.fromisoformat(NOON).replace(tzinfo=helsinki.zone)
    trip = Trip(read_coordinates(WEST), read_coordinates(EAST), departs)
    front = find_front(helsinki.network, helsinki.shade_on(departs.date()), trip)
    wanted = json.dumps(routes_to_geojson(helsinki, front), ensure_ascii=False)
    assert ask(client, pareto="true").text == wanted


def test_places_go_by_name(client):
    answer = ask(client, **{"from": "Rautatientori", "to": "Ateneum"})
    assert len(answer.json()["features"]) == 2


def test_places_to_pass_stand_apart_or_together(client):
    apart = client.get("/route", params={**TRIP, "via": ["60.1700,24.9440", "60.1715,24.9500"]})
    together = ask(client, via="60.1700,24.9440|60.1715,24.9500")
    assert apart.status_code == 200
    assert apart.content == together.content
    assert apart.content != ask(client).content


def test_the_same_question_gives_the_same_bytes(client):
    assert ask(client).content == ask(client).content


def test_an_exact_walk_has_no_more_sun(client):
    fast, exact = (ask(client, exact=word).json()["features"][-1] for word in ("no", "yes"))
    assert exact["properties"]["sun_s"] <= fast["properties"]["sun_s"]
    assert "shorter" in refused(ask(client, exact="1", budget="1.5"), 400)


def test_rounds_are_kept_if_wished(client, helsinki, capsys):
    ends = {"from": "60.1731,24.9413", "to": "60.1648,24.9529", "at": "2026-07-15T17:58"}
    asked = {**ends, "budget": "0.5"}
    usual, waiting = (ask(client, **asked, waits=word).json() for word in ("false", "true"))
    least, most = (told["features"][-1]["properties"] for told in (usual, waiting))
    assert most["waits_s"] > least["waits_s"]
    assert most["sun_s"] < least["sun_s"]
    words = [text for key, value in asked.items() for text in (f"--{key}", value)]
    wanted = command(capsys, "route", helsinki.folder, *words, "--waits")
    assert ask(client, **asked, waits="true", wayside="true").content == wanted
    assert "maybe" in refused(ask(client, waits="maybe"), 400)


def test_departures_tell_when_to_leave(client):
    answer = ask(client, "/departure", span="30", step="10").json()
    assert len(answer["departs"]) == len(answer["sun_s"]) == 7
    assert answer["departs"][answer["asked"]] == "2026-07-15T14:00:00+03:00"
    assert answer["sun_s"][answer["best"]] == min(answer["sun_s"])
    assert "OpenStreetMap" in answer["attribution"]
    by = "2026-07-15T15:00"
    answer = ask(client, "/departure", span="20", arrive_by=by, at="").json()
    assert max(answer["arrives"]) <= "2026-07-15T15:00:00+03:00"
    assert "73" in refused(ask(client, "/departure", span="720"), 400)


def test_a_departure_is_looked_for_between_two(client, helsinki, capsys):
    ends = {"from": WEST, "to": EAST}
    between = {"depart_first": "2026-07-15T14:00", "depart_last": "2026-07-15T14:40"}
    told = client.get("/departure", params=ends | between).json()
    wanted = command(
        capsys, "route", helsinki.folder, "--from", WEST, "--to", EAST,
        "--depart-between", *between.values(),
    )  # fmt: skip
    wanted = json.loads(wanted)["departures"]
    assert len(wanted["departs"]) == 9
    assert {key: told[key] for key in wanted} == wanted
    autumn = {"depart_first": "2026-10-25T02:30", "depart_last": "2026-10-25T04:30", "step": "15"}
    told = client.get("/departure", params=ends | autumn | {"depart_first": "2026-10-25T02:30"})
    # The clocks show 3 o'clock twice: three hours lie between, not two.
    assert len(told.json()["departs"]) == 13


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"depart_first": NOON}, "depart_last"),
        ({"depart_last": NOON}, "depart_first"),
        ({"depart_first": NOON, "depart_last": "2026-07-15T13:00"}, "after"),
        ({"depart_first": NOON, "depart_last": NOON}, "after"),
        ({"depart_first": NOON, "depart_last": "2026-07-16T14:00"}, "12 hours"),
        ({"depart_first": NOON, "depart_last": "2026-07-16T01:00"}, "73"),
        ({"depart_first": NOON, "depart_last": "2026-07-15T15:00", "at": NOON}, "`at`"),
        ({"depart_first": NOON, "depart_last": "2026-07-15T15:00", "span": "30"}, "`span`"),
        ({"depart_first": NOON, "arrive_by": NOON}, "arrive_by"),
        ({"arrive_by": NOON, "at": NOON}, "arrive_by"),
        ({"depart_first": "soon", "depart_last": NOON}, "soon"),
    ],
)
def test_a_window_that_is_none_is_refused(client, asked, said):
    answer = client.get("/departure", params={"from": WEST, "to": EAST, **asked})
    assert said in refused(answer, 400)


def test_speed_is_that_of_the_command_line(client, helsinki, capsys):
    wanted = command(
        capsys, "route", helsinki.folder, "--from", WEST, "--to", EAST, "--at", NOON,
        "--speed", "3.1",
    )  # fmt: skip
    answer = ask(client, speed_km_h="3.1", wayside="true")
    assert answer.content == wanted
    usual, slow = (told.json()["features"][0]["properties"] for told in (ask(client), answer))
    assert slow["walk_s"] > 1.3 * usual["walk_s"]
    for speed in ("1.08", "10.8"):
        assert ask(client, speed_km_h=speed).status_code == 200
    assert "speed_km_h" in refused(ask(client, speed="1.3"), 400)
    assert "km/h" in refused(ask(client, speed_km_h="1.0"), 400)


def test_words_come_in_german_or_english(client, helsinki, capsys):
    english, german = (ask(client, language=code).json() for code in ("en", "de"))
    said = [
        [step.pop("words") for route in told["features"] for step in route["properties"]["steps"]]
        for told in (english, german)
    ]
    assert english == german
    assert not set(said[0]) & set(said[1])
    assert any("Sonne" in words for words in said[1])
    assert ask(client).content == ask(client, language="en").content
    for kind in ("text", "gpx", "html", "csv"):
        wanted = command(
            capsys, "route", helsinki.folder, "--from", WEST, "--to", EAST, "--at", NOON,
            "--language", "de", "--format", kind,
        )  # fmt: skip
        assert ask(client, language="de", format=kind).content.rstrip() == wanted.rstrip(), kind
    around = client.get("/loop", params={"from": WEST, "at": NOON, "language": "de", "n": "1"})
    assert any(
        "Sonne" in step["words"] for step in around.json()["features"][0]["properties"]["steps"]
    )
    assert "fr" in refused(ask(client, language="fr"), 400)


def test_a_phone_gets_the_whole_front(client):
    told = ask(
        client, pareto="true", budget="0.5", **{"from": "60.1731,24.9413", "to": "60.1648,24.9529"}
    )
    routes = [feature["properties"] for feature in told.json()["features"]]
    assert [routes[0]["kind"], routes[-1]["kind"]] == ["shortest", "shadiest"]
    assert {route["kind"] for route in routes[1:-1]} == {"pareto"}
    assert all(
        a["walk_s"] < b["walk_s"] and a["sun_s"] > b["sun_s"] for a, b in itertools.pairwise(routes)
    )


def test_loops_come_back(client):
    answer = client.get("/loop", params={"from": WEST, "at": NOON, "minutes": "20", "n": "2"})
    features = answer.json()["features"]
    assert 1 <= len(features) <= 2
    for feature in features:
        assert feature["properties"]["kind"] == "loop"
        xy = feature["geometry"]["coordinates"]
        assert xy[0] == pytest.approx(xy[-1], abs=1e-5)


def test_shade_is_that_of_the_export(client, helsinki):
    answer = client.get("/shade", params={"at": NOON, "bbox": "24.940,60.168,24.945,60.171"})
    told = gpd.GeoDataFrame.from_features(answer.json())
    every = edges_at(helsinki, datetime.fromisoformat(NOON).replace(tzinfo=helsinki.zone))
    wanted = every.cx[24.940:24.945, 60.168:60.171]
    assert 0 < len(told) < len(every)
    assert abs(len(told) - len(wanted)) <= 3  # on the very rim
    whole = gpd.GeoDataFrame.from_features(client.get("/shade", params={"at": NOON}).json())
    assert len(whole) == len(every)
    for column in ("sun_fraction", "sun_fraction_low", "sun_fraction_high"):
        np.testing.assert_allclose(
            whole[column].to_numpy(float), every[column].to_numpy(float), atol=1e-6
        )
    assert (whole["osm_id"].to_numpy() == every["osm_id"].to_numpy()).all()
    nowhere = client.get("/shade", params={"at": NOON, "bbox": "10,10,10.1,10.1"})
    assert nowhere.json()["features"] == []


def test_health_and_cities(client):
    told = client.get("/health").json()
    assert (told["status"], told["cities"], told["at_work"]) == ("ok", ["helsinki"], 0)
    (city,) = client.get("/cities").json()
    west, south, east, north = city["bbox"]
    latitude, longitude = city["centre"]
    assert west < longitude < east
    assert south < latitude < north
    assert city["zone"] == "Europe/Helsinki"


def test_the_guide_needs_nothing_from_elsewhere(client):
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in re.sub(r"HTTP|http-equiv", "", page.text)
    assert "<script" not in page.text
    schema = client.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/route", "/departure", "/loop", "/shade", "/health", "/cities"
    }  # fmt: skip
    for path in schema["paths"]:
        assert path in page.text
    names = {one["name"] for one in schema["paths"]["/route"]["get"]["parameters"]}
    assert {"from", "to", "at", "budget", "via", "likes", "profile", "speed_km_h"} <= names


def test_the_guide_says_what_is_needed_in_which_unit_and_what_reads(client):
    page, schema = client.get("/docs").text, client.get("/openapi.json").json()
    assert page.count("<strong>required</strong>") == 5  # both ends twice, and whence a loop
    assert "1.08 to 10.8 km/h" in page
    assert "geojson, gpx, csv, text, html" in page
    for way in schema["paths"].values():
        for parameter in way["get"].get("parameters", ()):
            value = parameter["schema"]
            assert "example" in parameter or value["type"] == "boolean" or "default" in value
            if value["type"] in {"number", "integer"} and parameter["name"] != "n":
                assert parameter["x-unit"]
                assert value["minimum"] < value["maximum"]
        for link in way["get"].get("x-examples", ()):
            assert re.sub("&", "&amp;", link) in page
            assert client.get(f"/{link}").status_code == 200, link


def test_a_tab_has_its_sun(client):
    icon = client.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/svg+xml"
    ET.fromstring(icon.text)  # noqa: S314  ours


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"from": "Dresden Hauptbahnhof"}, 404, "Dresden"),
        ({"from": "nan,nan"}, 400, "nan"),
        ({"from": "24.9430,60.1675"}, 400, "turned round"),
        ({"from": "48.1,11.5"}, 400, "street"),
        ({"from": ""}, 400, "from"),
        ({"to": WEST}, 400, "same place"),
        ({"at": "tomorrow"}, 400, "tomorrow"),
        ({"at": "2026-03-29T03:30"}, 400, "2026-03-29"),
        ({"at": "9999-12-31T23:59"}, 400, "2100"),
        ({"budget": "lots"}, 400, "budget"),
        ({"budget": "99"}, 400, "budget"),
        ({"speed_km_h": "999"}, 400, "km/h"),
        ({"speed_km_h": "nan"}, 400, "km/h"),
        ({"speed_km_h": "1_0"}, 400, "km/h"),
        ({"language": "tlh"}, 400, "de, en"),
        ({"profile": "horse"}, 400, "horse"),
        ({"likes": "rain"}, 400, "rain"),
        ({"exact": "perhaps"}, 400, "perhaps"),
        ({"format": "exe"}, 400, "geojson"),
        ({"city": "atlantis"}, 404, "atlantis"),
        ({"budgte": "0.2"}, 400, "budgte"),
        ({"via": "|".join([WEST] * 6)}, 400, "five"),
        ({"from": "x" * 300}, 400, "200"),
        ({"from": "x" * 3000}, 414, "letters"),
    ],
)
def test_a_bad_question_is_one_sentence(changed, status, said, client):
    if said == "five":
        said = "up to 5"
    assert said in refused(ask(client, **changed), status)


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/shade", {"bbox": "1,2,3"}, 400),
        ("/shade", {"bbox": "9,2,3,4"}, 400),
        ("/shade", {"bbox": "nan,nan,nan,nan"}, 400),
        ("/loop", {"from": WEST, "minutes": "-5"}, 400),
        ("/loop", {"from": WEST, "minutes": "9" * 30}, 400),
        ("/loop", {"from": WEST, "n": "1000"}, 400),
        ("/departure", {**TRIP, "step": "0"}, 400),
        # Found by schemathesis against openapi.json, kept as it found them.
        ("/shade", {"city": "\x1f"}, 404),
        ("/shade", {"at": "\x8eb\U0001888a\x03\U0004617e"}, 400),
        ("/loop", {"from": ""}, 400),
        ("/loop", {"from": WEST, "speed_km_h": "{'True': 1.7976931348623157e+308}"}, 400),
        ("/loop", {"from": WEST, "speed_km_h": "1e100"}, 400),
        ("/route", {**TRIP, "budget": "true"}, 400),
        ("/route", {**TRIP, "budget": "-1e-05"}, 400),
        ("/route", {**TRIP, "pareto": "null"}, 400),
        ("/departure", {**TRIP, "step": "5.0"}, 400),
        ("/none", {}, 404),
        ("/../etc/passwd", {}, 404),
    ],
)
def test_other_addresses_refuse_in_one_sentence_too(path, params, status, client):
    refused(client.get(path, params=params), status)


def test_a_parameter_twice_and_a_body_are_refused(client):
    refused(client.get("/route?from=1,1&from=2,2"), 400)
    posted = client.post("/route", params=TRIP)
    refused(posted, 405)
    assert posted.headers["allow"] == "GET"
    refused(client.request("GET", "/route", params=TRIP, content=b"x" * 100), 413)
    refused(client.request("GET", "/route", params=TRIP, content=iter([b"x"])), 413)


def test_no_other_site_may_ask_unless_allowed(client, helsinki):
    origin = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in client.get("/health", headers=origin).headers
    with serving(Cities({"h": helsinki}), origins=["https://example.org"]) as address:
        allowed = httpx.get(f"{address}/health", headers=origin)
        assert allowed.headers["access-control-allow-origin"] == "https://example.org"
        other = httpx.get(f"{address}/health", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_several_cities_have_to_be_named(helsinki):
    with serving(Cities({"one": helsinki, "two": helsinki})) as address:
        assert "one, two" in refused(httpx.get(f"{address}/route", params=TRIP), 400)
        named = httpx.get(f"{address}/route", params=TRIP | {"city": "two"}, timeout=60)
        assert named.status_code == 200


def test_two_folders_of_one_name_are_refused(helsinki):
    with pytest.raises(SourceError, match="Two folders"):
        open_cities([helsinki.folder, helsinki.folder])
    with pytest.raises(SourceError, match="one city"):
        Cities({})


ODD = st.text(max_size=60) | st.sampled_from(
    ["nan,nan", "1e400,0", "-0,-0", "60.17,24.94", "\x00", "%00", "'; drop", "../..", "٣,٤",
     "60.17,24.94|", "|||", "2026-07-15T14:00", "now", "0x10", "1e-999", "true", "=1+1", "²"]
)  # fmt: skip
NAMES = [
    *("from", "to", "at", "budget", "via", "likes", "profile", "exact", "pareto", "city"),
    *("speed", "speed_km_h", "language", "depart_first", "depart_last"),
    *("format", "minutes", "n", "span", "step", "arrive_by", "bbox", "other"),
]


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PATHS), st.dictionaries(st.sampled_from(NAMES), ODD, max_size=6))
@example("/route", TRIP | {"budget": "1e-999"})
@example("/departure", TRIP | {"arrive_by": "1950-01-01T00:00", "span": "0"})
@example("/shade", {"bbox": "-180,-90,180,90", "at": NOON})
@example("/loop", {"from": WEST, "minutes": "²"})
@example("/route", TRIP | {"from": "A" * 199})
def test_whatever_is_asked_the_answer_is_an_answer_or_a_sentence(client, path, params):
    # Days of any year would each be reckoned anew; hostile texts are the matter here.
    answer = client.get(path, params={"at": NOON} | params if path not in PATHS[4:] else params)
    assert answer.status_code in {200, 400, 404, 413, 414}, (path, params, answer.text)
    if answer.status_code != 200:
        refused(answer, answer.status_code)


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_bytes_that_are_no_request_do_not_close_the_door(client, raw):
    host, port = client.base_url.host, client.base_url.port
    with socket.create_connection((host, port), timeout=5) as caller:
        caller.sendall(b"GET /route?" + raw.replace(b"\n", b"") + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        caller.shutdown(socket.SHUT_WR)
        caller.recv(100)
    assert client.get("/health").status_code == 200


def test_many_clients_get_the_answers_that_one_gets(client):
    rng = np.random.default_rng(0)
    ends = rng.uniform((60.165, 24.935), (60.175, 24.955), (24, 2))
    asked = [
        TRIP | {"from": "{},{}".format(*a), "to": "{},{}".format(*b)}
        for a, b in zip(ends[::2], ends[1::2], strict=True)
    ]
    alone = [client.get("/route", params=one).content for one in asked]
    with ThreadPoolExecutor(8) as clients:
        together = list(clients.map(lambda one: client.get("/route", params=one).content, asked))
    assert alone == together


def test_who_waits_too_long_and_who_is_too_many_are_told(helsinki):
    model = GateModel(n_workers=1, n_waiting=1, patience_s=0.001)
    with serving(Cities({"h": helsinki}), model=model) as address:
        wide = {"at": NOON}
        assert "took longer" in refused(httpx.get(f"{address}/shade", params=wide), 504)
        with ThreadPoolExecutor(16) as clients:
            asked = [
                clients.submit(httpx.get, f"{address}/shade", params=wide, timeout=60)
                for _ in range(32)
            ]
            answers = [one.result() for one in asked]
        assert {answer.status_code for answer in answers} <= {503, 504}
        busy = [answer for answer in answers if answer.status_code == 503]
        assert busy
        assert int(busy[0].headers["retry-after"]) >= 1
        refused(busy[0], 503)
        assert httpx.get(f"{address}/health").status_code == 200


def test_a_fault_of_ours_tells_nothing_of_what_lies_behind(helsinki, monkeypatch):
    def fail(*_):
        msg = "secret /srv/app/solarpass/x.py"
        raise RuntimeError(msg)

    monkeypatch.setattr("solarpass.serve.answers.find_streets", fail)
    with serving(Cities({"h": helsinki})) as address:
        told = refused(httpx.get(f"{address}/shade"), 500)
    assert "secret" not in told


SOON = PorterModel(question_s=2.5, idle_s=3.0)


def call(address):
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def hear(caller):
    """Hear a connection to its end; what was said, and whether it was cut."""
    said = b""
    with caller, suppress(ConnectionError):
        while more := caller.recv(65536):
            said += more
    return said


def trickle(address, begun=b""):
    """Send a question byte by byte, one a second; hear what is said of it."""
    caller = call(address)
    began_s = time.monotonic()
    caller.sendall(begun)
    caller.settimeout(1.0)
    said = b""
    for byte in itertools.cycle(b"GET /health HTTP/1.1\r\nX: " + b"x" * 1000):
        try:
            caller.sendall(bytes([byte]))
            said += (more := caller.recv(65536))
            if not more:
                break
        except TimeoutError:
            assert time.monotonic() - began_s < 20
        except ConnectionError:
            break
    caller.close()
    return said


def test_who_sends_a_byte_now_and_then_is_shown_out_while_others_are_answered(helsinki):
    with (
        serving(Cities({"h": helsinki}), terms=SOON) as address,
        ThreadPoolExecutor(58) as clients,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        ask(client)  # the day's table comes to be
        slow = [clients.submit(trickle, address) for _ in range(4)]
        body = b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n"
        slow += [clients.submit(trickle, address, body) for _ in range(4)]
        time.sleep(0.5)
        others = [
            clients.submit(httpx.get, f"{address}/route", params=TRIP, timeout=60)
            for _ in range(50)
        ]
        assert {other.result().status_code for other in others} == {200}
        said = [one.result() for one in slow]
    for heard in said[:4]:
        head, _, told = heard.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert json.loads(told)["kind"] == "too_slow"
    for heard in said[4:]:
        assert heard.startswith(b"HTTP/1.1 413 ")


def test_who_says_nothing_or_nothing_more_is_shown_out(helsinki):
    with serving(Cities({"h": helsinki}), terms=SOON) as address:
        silent, once, half = call(address), call(address), call(address)
        question = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        once.sendall(question)
        half.sendall(question + b"GET /heal")
        assert hear(silent) == b""
        assert hear(once).startswith(b"HTTP/1.1 200 ")
        heard = hear(half)
        assert heard.startswith(b"HTTP/1.1 200 ")
        assert b"HTTP/1.1 408 " in heard


def test_who_does_not_take_an_answer_is_shown_out_and_who_takes_it_slowly_gets_it(helsinki):
    terms = PorterModel(idle_s=1.0, least_b_s=5000.0)
    question = f"GET /shade?at={NOON} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with serving(Cities({"h": helsinki}), terms=terms, kept_bytes=65536) as address:
        whole = len(
            httpx.get(
                f"{address}/shade",
                params={"at": NOON},
                timeout=60,
                headers={"Accept-Encoding": "identity"},
            ).content
        )
        assert whole > 2_000_000
        with call(address) as idle, call(address) as steady:
            for caller in (idle, steady):
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
                caller.sendall(question)
            n_heard, step = 0, whole // 30
            while n_heard < whole:  # some four seconds, past the term of one that is idle
                time.sleep(0.13)
                want = n_heard + step
                while n_heard < min(want, whole) and (more := steady.recv(step)):
                    n_heard += len(more)
                assert more
            time.sleep(1.5)
            n_idle = len(hear(idle))
        assert n_idle < whole


def test_a_crowd_that_says_nothing_does_not_hold_the_door(helsinki):
    terms = PorterModel(n_connections=8)
    with serving(Cities({"h": helsinki}), terms=terms) as address, ExitStack() as crowd:
        for _ in range(40):
            crowd.enter_context(call(address))
        for _ in range(5):
            assert httpx.get(f"{address}/health").status_code == 200


def test_rubbish_is_refused_in_one_sentence(client):
    for raw in (b"\x16\x03\x01 rubbish\r\n\r\n", b"GET /health HTTP/1.1\r\n\r\n", b"x" * 100_000):
        caller = socket.create_connection((client.base_url.host, client.base_url.port), timeout=20)
        with suppress(ConnectionError):
            caller.sendall(raw)
        heard = hear(caller)
        assert heard.startswith(b"HTTP/1.1 400 ") or (not heard and len(raw) > 65536)
        if heard:
            assert json.loads(heard.partition(b"\r\n\r\n")[2])["kind"] == "bad_request"


@pytest.mark.parametrize(
    "how",
    [{"question_s": 0.0}, {"idle_s": float("nan")}, {"least_b_s": -1.0}, {"n_connections": 0}],
)
def test_a_porter_who_lets_nobody_in_is_refused(how):
    with pytest.raises(SourceError):
        PorterModel(**how)


@pytest.mark.parametrize("how", [{"n_workers": 0}, {"n_waiting": -1}, {"patience_s": 0.0}])
def test_a_gate_that_nobody_gets_through_is_refused(how):
    with pytest.raises(SourceError):
        Gate(GateModel(**how))


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x", False)],  # noqa: S104
)
def test_which_hosts_are_this_machine(host, is_ours):
    assert is_loopback(host) is is_ours


def test_the_command_serves_until_it_is_stopped(helsinki):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "solarpass", "serve", str(helsinki.folder), "--port", str(port)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603  ours
        try:
            for _ in range(600):
                try:
                    health = httpx.get(f"http://127.0.0.1:{port}/health")
                    break
                except httpx.ConnectError:
                    assert server.poll() is None, server.stderr.read()
                    time.sleep(0.2)
            assert health.json()["cities"] == ["helsinki"]
        finally:
            server.terminate()
            told = server.communicate(timeout=60)[1]
    assert f"http://127.0.0.1:{port}/" in told
    assert "Traceback" not in told
    assert json.loads(health.text)["status"] == "ok"


def test_memory_is_given_back_where_the_allocator_can_be_told():
    assert give_back_memory() is (platform.libc_ver()[0] == "glibc")


def test_a_folder_that_is_none_is_told_before_the_door_opens(tmp_path, capsys):
    assert main(["serve", str(tmp_path)]) == 2
    assert "solarpass build" in capsys.readouterr().err
