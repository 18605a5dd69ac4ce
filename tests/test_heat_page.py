"""The city's face says what the library knows, in colours everybody tells apart, and no more."""

import asyncio
import gzip
import itertools
import json
import math
import re
import sys
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_score import BERLIN, DAY, make_score
from starlette.routing import Router
from streamlit.testing.v1 import AppTest

from hiro import address
from hiro.errors import SiteError
from hiro.face import heat_table, is_summer, tell_levels
from hiro.level import find_level
from hiro.palette import LEVEL_FILLS, LEVEL_LABELS, UNKNOWN_FILL, UNKNOWN_LABEL
from hiro.query import SIEVE_KEYS, HeatQuery, Sieve
from hiro.shelter import SHELTERS
from hiro.site import KINDS
from hiro.terms import HEAT_TERMS
from solarpass.map.lobby import tell_faces
from solarpass.map.opening import open_scene
from solarpass.words import LANGUAGES, Words

APP = str(Path(__file__).parents[1] / "app.py")
TIMEOUT_S = 120

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
# https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html
SIGHTS = {
    "full": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour):
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(colour, sight="full"):
    """CIELAB (D65) of a colour as somebody of that sight has it."""
    xyz = TO_XYZ @ np.clip(np.asarray(SIGHTS[sight]) @ linear(colour), 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def difference(one, other):
    """CIEDE2000, as Sharma, Wu and Dalal 2005 write it down."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 1.5 - 0.5 * math.sqrt(mean_c7 / (mean_c7 + 25**7))
    c1, c2 = math.hypot(g * a1, b1), math.hypot(g * a2, b2)
    h1 = math.degrees(math.atan2(b1, g * a1)) % 360
    h2 = math.degrees(math.atan2(b2, g * a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    delta_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2

    def cos(degrees):
        return math.cos(math.radians(degrees))

    t = (
        *(1 - 0.17 * cos(mean_h - 30), 0.24 * cos(2 * mean_h)),
        *(0.32 * cos(3 * mean_h + 6), -0.2 * cos(4 * mean_h - 63)),
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * sum(t)
    twist = math.radians(60 * math.exp(-(((mean_h - 275) / 25) ** 2)))
    r_t = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * math.sin(twist)
    terms = ((l2 - l1) / s_l, (c2 - c1) / s_c, delta_h / s_h)
    return math.sqrt(sum(term**2 for term in terms) + r_t * terms[1] * terms[2])


@pytest.mark.parametrize(
    ("one", "other", "expected"),  # of the table of Sharma et al.
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.1848, -84.8006), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ],
)
def test_the_difference_is_that_of_the_published_table(one, other, expected):
    assert difference(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbouring_levels_are_told_apart(sight):
    seen = [lab(colour, sight) for colour in LEVEL_FILLS]
    assert min(difference(*pair) for pair in itertools.pairwise(seen)) >= 20
    lightness = [colour[0] for colour in seen]
    assert lightness == sorted(lightness, reverse=True)
    assert min(difference(colour, lab(UNKNOWN_FILL, sight)) for colour in seen) >= 10


def luminance(colour):
    return float(TO_XYZ[1] @ linear(colour))


@pytest.mark.parametrize(
    ("colour", "ink"),
    [*zip(LEVEL_FILLS, LEVEL_LABELS, strict=True), (UNKNOWN_FILL, UNKNOWN_LABEL)],
)
def test_digits_stand_off_their_dots(colour, ink):
    low, high = sorted(map(luminance, (colour, ink)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# --- words


@pytest.mark.parametrize("term", HEAT_TERMS)
def test_a_term_has_a_text_in_each_language(term):
    texts = [Words(language, HEAT_TERMS)(term) for language in LANGUAGES]
    assert all(text.strip() == text and text for text in texts)
    blanks = [sorted(re.findall(r"\{\w+\}", text)) for text in texts]
    assert blanks[0] == blanks[1]


def test_german_is_not_english():
    said = {term: [Words(code, HEAT_TERMS)(term) for code in LANGUAGES] for term in HEAT_TERMS}
    assert {term for term, (german, english) in said.items() if german == english} == set()


def test_every_kind_and_shelter_has_a_word():
    assert {f"kind_{kind}" for kind in KINDS} <= set(HEAT_TERMS)
    assert {f"shelter_{shelter}" for shelter in (*SHELTERS, "mixed")} <= set(HEAT_TERMS)
    assert {f"exposure_{tier}" for tier in ("gtfs", "lines", "population", "default")} <= set(
        HEAT_TERMS
    )
    assert {f"age_{tier}" for tier in ("cells", "districts", "facilities", "default")} <= set(
        HEAT_TERMS
    )


def test_levels_have_the_words_of_the_model():
    german = [level["word"] for level in tell_levels(Words("de", HEAT_TERMS))]
    assert german == ["keine", "mäßig", "stark", "sehr stark", "extrem", "unbekannt"]


# --- links


def test_a_link_is_read_as_it_was_written():
    query = HeatQuery(date(2026, 8, 3), 15, "n123", 150_000, 4_000, fair=True)
    assert HeatQuery.from_query(query.to_query(design=DAY), design=DAY) == query
    design = HeatQuery(DAY)
    assert design.to_query(design=DAY) == {"face": "heat"}
    assert HeatQuery.from_query({"face": "heat"}, design=DAY) == design
    january = date(2026, 1, 20)
    assert HeatQuery(january).to_query(design=january) == {"face": "heat"}
    assert design.to_query(design=january) == {"face": "heat", "day": "2026-07-20"}
    assert HeatQuery.from_query({"face": "heat"}, design=january) == HeatQuery(january)
    last_year = HeatQuery(date(2025, 7, 20))
    assert HeatQuery.from_query(last_year.to_query(design=DAY), design=DAY) == last_year
    sieve = Sieve("bus_stop", "mixed", "?", "Süd-West & Co", "Straße", (52.51234, 13.4))
    sifted = HeatQuery(DAY, sieve=sieve, shade=True)
    assert HeatQuery.from_query(sifted.to_query(design=DAY), design=DAY) == sifted


@pytest.mark.parametrize(
    ("day", "latitude_deg", "expected"),
    [
        ("2026-07-20", 52.5, True),
        ("2026-09-18", 52.5, True),
        ("2026-09-19", 52.5, False),
        ("2026-01-20", 52.5, False),
        ("2026-01-20", -33.9, True),
        ("2026-12-31", -33.9, True),
        ("2026-07-20", -33.9, False),
    ],
)
def test_hot_days_are_expected_in_the_summer_of_the_place(day, latitude_deg, expected):
    assert is_summer(date.fromisoformat(day), latitude_deg) is expected


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("day", text) for text in ("tomorrow", "2026-02-30", "1066-07-20", "20260720")),
        *(("hour", text) for text in ("24", "-1", "15:00", "\N{SUPERSCRIPT TWO}", "nan")),
        *(("site", text) for text in ("a b", "<script>", "x" * 81, "\N{PILE OF POO}")),
    ],
)
def test_what_does_not_read_is_left_out_and_named(key, text):
    query = HeatQuery.from_query({key: text}, design=DAY)
    assert query == HeatQuery(DAY, faults=(f"bad_{key}",))
    assert f"bad_{key}" in HEAT_TERMS


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("kind", text) for text in ("Bus", "<b>", "x" * 41)),
        *(("level", text) for text in ("5", "-1", "22")),
        *(("near", text) for text in ("52.5", "91,0", "a,b", "nan,nan", "1," * 90)),
        *((key, text) for key in ("q", "district") for text in ("x" * 121, "a\nb", "\u202e")),
    ],
)
def test_a_filter_that_does_not_read_is_left_out_and_named(key, text):
    query = HeatQuery.from_query({key: text, "shade": "1"}, design=DAY)
    assert query == HeatQuery(DAY, shade=True, faults=("bad_sieve",))


@given(st.dictionaries(st.sampled_from(["day", "hour", "x", *SIEVE_KEYS]), st.text(max_size=140)))
def test_no_link_crashes(told):
    query = HeatQuery.from_query(told, design=DAY)
    assert HeatQuery.from_query(query.to_query(design=DAY), design=DAY) == query.changed({})


@given(
    st.dictionaries(
        st.sampled_from(["day", "hour", "site"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.integers()),
    )
)
def test_no_word_of_the_browser_crashes(change):
    query = HeatQuery(DAY).changed(change)
    assert query.hour is None or 0 <= query.hour <= 23


def test_the_links_to_the_faces_keep_city_and_language():
    told = tell_faces(Words("en"), "heat", {"city": 'a"b', "lang": "en", "site": "n1"})
    links = re.findall(r'href="([^"]+)"', told)
    kept = "city=a%22b&amp;lang=en"
    assert links == [f"?{kept}", f"?face=heat&amp;{kept}", f"?face=report&amp;{kept}"]
    assert re.findall(r'aria-current="page">([^<]+)<', told) == ["Local heat"]


# --- what the browser is told


@pytest.fixture(scope="module")
def table():
    return heat_table(make_score(), zone=BERLIN, day=DAY)


def test_what_the_browser_is_told_is_what_was_reckoned(table):
    score = make_score()
    for at in range(4):
        told = [table["sites"][column][at] for column in ("utci", "low", "high")]
        reckoned = (score.hazard.utci_c, score.hazard.utci_low_c, score.hazard.utci_high_c)
        np.testing.assert_allclose(told, [hours[:, at] for hours in reckoned], atol=0.1)
        digits = [int(digit) for digit in table["sites"]["levels"][at]]
        assert digits == score.hazard.level[:, at].tolist()
        assert digits == [int(find_level(np.array(told_c))) for told_c in told[0]]
        share = [score.hazard.level_probability[k, at, digit] for k, digit in enumerate(digits)]
        np.testing.assert_allclose(table["sites"]["sure"][at], 100 * np.array(share), atol=0.5)
    assert table["sites"]["rank"][:4] == [1, 2, 3, 4]
    assert table["sites"]["persons"] == [12.0] * 5
    assert table["hours"][0] == "00:00"
    assert table["hottest"] == int(np.nanmean(score.hazard.utci_c, axis=1).argmax())
    assert table["weather"]["is_assumed"]
    assert (table["weather"]["air"], table["weather"]["wind"]) == (33, 2.0)
    assert table["credits"] == ["A", "B"]


def test_the_unknown_is_none_and_never_nought(table):
    assert table["sites"]["levels"][4] == "?" * 24
    for column in ("utci", "low", "high", "sun", "sure", "stand_utci"):
        assert table["sites"][column][4] == [None] * 24, column
    for column in ("burden", "sky_view", "above_32", "worst"):
        assert table["sites"][column][4] is None, column
    assert table["sites"]["reasons"]["sun"][4] is None
    json.dumps(table, allow_nan=False)


def test_a_label_that_is_but_the_id_is_none():
    score = make_score()
    score.sites.table.loc[1, "label"] = "n1"
    told = heat_table(score, zone=BERLIN, day=DAY)["sites"]
    assert (told["name"][1], told["label"][1]) == (None, None)


@pytest.mark.parametrize(("day", "n_hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_the_clocks_change_keep_their_hours(day, n_hours):
    begins = pd.date_range(day, periods=n_hours, freq="h", tz=BERLIN)
    table = heat_table(make_score(begins=begins), zone=BERLIN, day=date.fromisoformat(day))
    assert len(table["hours"]) == n_hours == len(table["sites"]["levels"][0])
    assert table["hours"].count("02:00") == n_hours - 23
    assert table["hours"][-1] == "23:00"


def test_where_to_wait_is_the_place_that_was_found(table):
    score = make_score()
    places = score.sites.waiting.to_crs("EPSG:4326").geometry
    for site, (stand, felt_c) in enumerate(
        zip(table["sites"]["stand"], table["sites"]["stand_utci"], strict=True)
    ):
        for time, (row, told_c) in enumerate(zip(stand, felt_c, strict=True)):
            best = score.hazard.stand[time, site]
            told = [table["places"][axis][row] for axis in ("longitude", "latitude")]
            assert told == pytest.approx([places[best].x, places[best].y], abs=1e-6)
            if site < 4:
                assert told_c == round(score.hazard.waiting_utci_c[time, best], 1)
    assert len(table["places"]["shelter"]) == len(np.unique(score.hazard.stand))
    kinds = score.sites.table["kind"].to_numpy()[score.sites.waiting["site"]]
    assert table["places"]["kind"] == kinds[np.unique(score.hazard.stand)].tolist()


def test_whose_the_best_place_is_is_told(table):
    score = make_score()
    own = score.hazard.stand[:, 0]  # of the first site: row 0, where it is shown, or 1, 8 m off
    assert table["sites"]["stand_of"][0] == "".join("01"[row] for row in own)
    assert table["sites"]["stand_of"][1] == "2" * 24
    assert table["sites"]["stand_of"][2] == "1" * 24  # 5 m off


# --- the page and its addresses


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


@pytest.fixture
def scored(monkeypatch):
    """Have the made-up score stand in for the city's, which takes a minute."""
    heats = OrderedDict()
    monkeypatch.setattr(address, "_heats", heats)

    def scored(find):
        room = ModuleType("hiro.score")
        room.find_score = find
        monkeypatch.setitem(sys.modules, "hiro.score", room)

    yield scored
    for heat in list(heats.values()):
        heat.result(TIMEOUT_S)


def ask(path, headers=()):
    """Ask the routes without a server: status, headers and body."""
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    scope |= {"headers": [*headers], "root_path": ""}
    asyncio.run(Router(address.routes())(scope, receive, send))
    told = {key.decode().lower(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:])


def test_the_heat_is_sent_once_and_then_only_its_tag(scene, scored):
    asked = []
    scored(lambda atlas, day: asked.append((atlas, day)) or make_score())
    path = address.heat_address(scene, DAY)
    status, headers, body = ask(path)
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(body))["sites"]["id"] == [f"n{k}" for k in range(5)]
    status, headers, body = ask(path, [(b"if-none-match", headers["etag"].encode())])
    assert (status, body) == (304, b"")
    assert asked == [(scene.atlas, DAY)]


def test_what_cannot_be_reckoned_is_said_and_tried_again(scene, scored):
    def refuse(_atlas, _day):
        msg = "This city holds no objects."
        raise SiteError(msg)

    scored(refuse)
    for _ in range(2):
        status, _headers, body = ask(address.heat_address(scene, DAY))
        assert status == 200
        assert json.loads(gzip.decompress(body)) == {"fault": "This city holds no objects."}
    assert not address._heats


def test_our_own_fault_is_logged_and_keeps_its_words_to_itself(scene, scored, caplog):
    scored(lambda _atlas, _day: 1 / 0)
    _, _, body = ask(address.heat_address(scene, DAY))
    assert json.loads(gzip.decompress(body)) == {"fault": ""}
    assert "ZeroDivisionError" in caplog.text


def test_too_many_days_are_refused_and_only_finished_ones_forgotten(scene, scored, monkeypatch):
    go = threading.Event()
    scored(lambda _atlas, _day: go.wait(TIMEOUT_S) and make_score())
    days = [DAY + timedelta(k) for k in range(address.MOST_PENDING + 1)]
    pending = [address.reckon_heat(scene, day) for day in days]
    try:
        assert pending[-1] is None
        assert None not in pending[:-1]
        status, headers, _ = ask(address.heat_address(scene, days[-1]))
        assert (status, headers["retry-after"]) == (503, "60")
        assert address.reckon_heat(scene, days[0]) is pending[0]  # who asks again still waits
    finally:
        go.set()
    for heat in pending[:-1]:
        heat.result(TIMEOUT_S)
    monkeypatch.setattr(address, "MOST_KEPT", 3)
    assert ask(address.heat_address(scene, days[-1]))[0] == 200
    assert [day for _, day in address._heats] == [days[-2], days[0], days[-1]]


def test_who_is_stopped_meanwhile_keeps_still(scene, scored, monkeypatch, caplog):
    pool = ThreadPoolExecutor(1)
    monkeypatch.setattr(address, "_workers", pool)
    scored(lambda _atlas, _day: pool.shutdown() or 1 / 0)
    for _ in ("amid it", "before it began"):
        assert address._reckon(scene, DAY) == b""
    assert caplog.text == ""


def test_addresses_of_nothing_are_nothing(scene):
    good = address.heat_address(scene, DAY)
    for path in (good.replace(scene.digest, "0" * 16), good.replace("2026", "bad"), good + "x"):
        assert ask(path)[0] == 404


@pytest.fixture
def run(helsinki, scored, monkeypatch):
    """Run the city's face on the built-in city, as if a link had been followed."""

    def run(query):
        scored(lambda _atlas, _day: make_score())
        monkeypatch.setattr(sys, "argv", ["app.py", str(helsinki.folder)])
        app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
        app.query_params.update({"lang": "de", "face": "heat", **query})
        app.run()
        assert not app.exception
        return app

    return run


def payload(app):
    (component,) = [
        element.proto
        for element in app.get("bidi_component")
        if element.proto.component_name == "solarpass.heat"
    ]
    return json.loads(component.json)


def test_the_face_tells_the_browser_where_the_heat_is(run, scene):
    app = run({"hour": "15", "site": "n1"})
    told = payload(app)
    assert (told["hour"], told["site"], told["language"]) == (15, "n1", "de")
    assert told["heat"].endswith("-07-20.json")
    assert told["words"]["not_official"] == "Objektstufe, keine amtliche Warnung"
    assert "ODbL" in told["city"]["attribution"]
    assert told["faults"] == []
    assert len(json.dumps(told)) < 40_000  # heavy things go by their addresses
    assert set(told["city"]["layers"]) == set(scene.layers) - {"streets"}
    written = {key: app.query_params[key] for key in ("face", "hour", "site", "lang")}
    assert written == {"face": "heat", "hour": "15", "site": "n1", "lang": "de"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"day": "gestern"}, "keinen lesbaren Tag"),
        ({"hour": "99"}, "keine lesbare Stunde"),
        ({"site": "<script>"}, "keinen Ort, den es hier gibt"),
        ({"city": "atlantis"}, "nicht geöffnet"),
    ],
)
def test_a_broken_link_is_answered_not_crashed(run, query, sentence):
    (said,) = payload(run(query))["faults"]
    assert sentence in said


def test_each_face_links_to_the_other(run):
    told = [e.proto.body for e in run({}).get("html") if e.proto.body.startswith("<nav")]
    links, notices = told
    assert "face=imprint" in notices
    assert '"?lang=de"' in links
    assert '"?face=heat&amp;lang=de" target="_self" aria-current="page"' in links
