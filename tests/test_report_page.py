"""The form takes reports and nothing else, and what strangers wrote is text wherever it stands."""

import asyncio
import base64
import io
import json
import re
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_reports import made_photo, made_report
from PIL import Image
from starlette.routing import Router
from streamlit.testing.v1 import AppTest
from test_reportweight import made_score

from hiro import report_address
from hiro.errors import ReportError
from hiro.moderation import write_password
from hiro.report import CATEGORIES
from hiro.report_address import MOST_BYTES
from hiro.report_address import report_address as address_of
from hiro.report_face import (
    REPORT_PAGE_TERMS,
    find_targets,
    form_payload,
    tell_shown,
    tell_table,
)
from hiro.report_face_terms import REPORT_FACE_TERMS
from hiro.report_terms import CONSENT_VERSION
from hiro.reportbase import StoreModel
from hiro.reportlink import draw_png, draw_svg, write_link
from hiro.reportquery import ReportQuery
from hiro.reportrank import tell_model, tell_ranks
from hiro.reports import open_reports
from hiro.reportweight import ReportWeightModel, weigh_reports
from hiro.visitor import name_client
from solarpass.map.opening import open_scene
from solarpass.words import LANGUAGES, Words

APP = str(Path(__file__).parents[1] / "app.py")
TIMEOUT_S = 120
WORDS = "vier alte Bäume am Platz"
HOSTILE = "<script>alert(1)</script> **bold** [x](http://evil.example) `c` $x$ :red[y]"
EN = Words("en", REPORT_PAGE_TERMS)


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Name a store of its own, which is not there yet."""
    path = tmp_path / "reports.sqlite"
    monkeypatch.setenv("HIRO_REPORTS", str(path))
    monkeypatch.delenv("HIRO_ADDRESS", raising=False)
    monkeypatch.delenv("HIRO_PROXIES", raising=False)
    yield path
    report_address.forget_open()


def ask(path, body=None, *, query="", kind="application/json", raw=None, forwarded=""):
    """Ask a route as the browser does; give status, headers and body."""
    sent = []
    told = json.dumps(body).encode() if raw is None else raw

    async def receive():
        return {"type": "http.request", "body": told}

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"heat.example"), (b"content-type", kind.encode())]
    headers += [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    method = "GET" if body is None and raw is None else "POST"
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode()}
    scope |= {"headers": headers, "root_path": "", "scheme": "https"}
    scope |= {"client": ("127.0.0.1", 1), "server": ("heat.example", 443)}
    asyncio.run(Router(report_address.routes())(scope, receive, send))
    told_back = {key.decode().lower(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], told_back, b"".join(part.get("body", b"") for part in sent[1:])


def report(scene, **changed):
    """Say what the form sends."""
    latitude, longitude = scene.city.centre
    told = {"report_id": "r0123456789abcdef", "latitude": latitude, "longitude": longitude}
    told |= {"felt": 5, "category": "no_shade", "suggestion": "", "consent": CONSENT_VERSION}
    return told | {"language": "en", "site": None, "photo": None} | changed


def send(scene, **changed):
    status, headers, body = ask(f"{address_of(scene)}/new", report(scene, **changed))
    assert status == 200
    assert headers["cache-control"] == "no-store"
    return json.loads(body)


# --- the link


@given(st.dictionaries(st.sampled_from(["site", "at", "category"]), st.text(max_size=90)))
def test_no_link_crashes(query):
    told = ReportQuery.from_query(query)
    assert told.category is None or told.category in CATEGORIES
    assert set(told.faults) <= {"bad_site", "bad_place"}


def test_a_link_tells_object_place_and_category(scene):
    site, target = next(iter(find_targets(scene).items()))
    told = form(scene, {"site": site, "category": "wrong_shade"})
    assert told["place"]["site"] == site
    assert told["place"]["latitude"] == target.latitude_deg
    assert told["category"] == "wrong_shade"
    latitude, longitude = scene.city.centre
    told = form(scene, {"at": f"{latitude:.6f},{longitude:.6f}"})
    assert told["place"]["site"] is None
    assert told["place"]["title"]
    assert told["faults"] == []
    assert form(scene, {})["place"] is None
    assert "not here" in form(scene, {"site": "n0"})["faults"][0]


def form(scene, query):
    return form_payload(
        scene,
        ReportQuery.from_query(query),
        EN,
        address=address_of(scene),
        city="",
        report_id="r0123456789abcdef",
    )


def test_what_is_kept_and_how_long_is_said_in_both_languages(scene):
    for language in LANGUAGES:
        words = Words(language, REPORT_PAGE_TERMS)
        told = form_payload(
            scene, ReportQuery(), words, address="", city="", report_id="r0123456789abcdef"
        )["words"]
        assert "24" in told["report_privacy"]
        assert "6" in told["report_privacy"]
        assert "CC0" in told["report_consent"]
    assert all(len(texts) == 2 and all(texts) for texts in REPORT_FACE_TERMS.values())
    for german, english in REPORT_FACE_TERMS.values():
        assert set(re.findall(r"\{(\w+)\}", german)) == set(re.findall(r"\{(\w+)\}", english))


# --- what is sent


def test_a_report_is_stored_and_deleted_by_its_code(scene, store):
    told = send(scene, suggestion=HOSTILE, photo=base64.b64encode(made_photo()).decode())
    assert told["next_id"] != "r0123456789abcdef"
    with closing(open_reports(store)) as reports:
        (kept,) = reports.list(states=("new",), with_photos=True)
    assert kept.suggestion == HOSTILE
    assert kept.city == scene.city.name
    assert kept.photo is not None
    status, _, body = ask("/report/delete", {"code": told["code"].lower(), "language": "de"})
    assert (status, json.loads(body)["deleted"]) == (200, True)
    status, _, body = ask("/report/delete", {"code": told["code"], "language": "de"})
    assert json.loads(body) == {
        "deleted": False,
        "said": "Zu diesem Code gibt es keine Meldung (mehr). Bitte prüfe die Zeichen.",
    }


def test_a_double_press_stores_once(scene, store):
    assert "code" in send(scene)
    assert send(scene)["term"] == "report_twice"
    with closing(open_reports(store)) as reports:
        assert reports.count()["new"] == 1


def test_where_an_object_is_is_ours_to_tell(scene, store):
    site, target = next(iter(find_targets(scene).items()))
    assert "code" in send(scene, site=site, latitude=0, longitude=0)
    assert "code" in send(scene, site="n0", report_id="r1123456789abcdef")
    with closing(open_reports(store)) as reports:
        kept = {one.report_id[:2]: one for one in reports.list(states=("new",))}
    assert (kept["r0"].site_id, kept["r0"].latitude_deg) == (site, target.latitude_deg)
    assert kept["r1"].site_id is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"latitude": 52.5, "longitude": 13.4}, "outside Helsinki"),
        ({"latitude": 24.94, "longitude": 60.17}, "look swapped"),
        ({"latitude": None}, "place"),
        ({"latitude": 10**400}, "place"),
        ({"latitude": {"a": 1}}, "place"),
        ({"latitude": True}, "place"),
        ({"felt": "5"}, "how it feels"),
        ({"felt": None}, "how it feels"),
        ({"felt": 6}, "how it feels"),
        ({"category": ["no_shade"]}, "category"),
        ({"suggestion": "x" * 1001}, "1,001 letters"),
        ({"consent": None}, "consent"),
        ({"consent": "1999-1"}, "consent"),
        ({"photo": "no letters of base64!"}, "no photo"),
        ({"report_id": "x"}, "is no id"),
        ({"report_id": "i0123456789abcdef"}, "is no id"),
        ({"report_id": None}, "is no id"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(scene, store, changed, said):
    told = send(scene, **changed)
    assert said in told["refusal"]
    assert not store.exists()


def test_what_is_no_report_at_all_is_turned_away(scene, store):
    path = f"{address_of(scene)}/new"
    assert ask(path, report(scene), kind="text/plain")[0] == 415  # as another site's page sends
    assert ask(path, raw=b"{")[0] == 400
    assert ask(path, raw=b"[1]")[0] == 400
    assert ask(path, raw=b"[" * 100_000)[0] == 400
    assert ask(path, raw=b" " * (MOST_BYTES + 1))[0] == 413
    status, _, body = ask("/report/nowhere/new", report(scene))
    assert (status, json.loads(body)["term"]) == (200, "report_reload")
    assert not store.exists()


def test_photos_that_are_refused_are_counted(scene, store, monkeypatch):
    model = replace(StoreModel(), most_photos=3)
    with closing(open_reports(store, model=model)) as reports:
        monkeypatch.setitem(report_address._kept, store, reports)
        told = {"photo": base64.b64encode(b"GIF89a").decode()}
        assert "feels" in send(scene, **told, felt=9)["refusal"]  # all else is looked at before
        terms = [send(scene, **told)["term"] for _ in range(4)]
        assert terms == ["photo_none"] * 3 + ["reports_slow"]
        assert reports.count()["new"] == 0


def test_a_store_that_was_deleted_is_opened_anew(scene, store):
    assert "code" in send(scene)
    for one in store.parent.glob(f"{store.name}*"):
        one.unlink()
    assert "code" in send(scene, report_id="r1123456789abcdef")
    with closing(open_reports(store)) as reports:
        assert reports.count()["new"] == 1


def test_too_many_from_one_client_are_refused_and_others_are_not(scene, store, monkeypatch):
    monkeypatch.setenv("HIRO_PROXIES", "127.0.0.1")

    def once(number, forwarded):
        told = report(scene, report_id=f"r{number:016x}")
        return json.loads(ask(f"{address_of(scene)}/new", told, forwarded=forwarded)[2])

    for number in range(30):
        assert "code" in once(number, "192.0.2.1")
    assert once(98, "6.6.6.6, 192.0.2.1")["term"] == "reports_slow"
    assert "code" in once(99, "192.0.2.2")
    assert b"192.0.2" not in store.read_bytes()


def test_clients_are_told_apart_by_what_cannot_be_made_up(monkeypatch):
    monkeypatch.delenv("HIRO_PROXIES", raising=False)
    for peer in ("9.9.9.9", "10.0.0.1", "127.0.0.1"):
        assert name_client(peer, "192.0.2.7") == peer  # no proxy is named
    assert name_client(None, None) is None
    assert name_client(None, "192.0.2.7") is None
    assert name_client("::ffff:192.0.2.7", None) == "192.0.2.7"
    assert name_client("::ffff:192.0.2.8", None) == "192.0.2.8"
    assert name_client("2a00:1450::1", None) == name_client("2a00:1450::ffff:2", None)
    monkeypatch.setenv("HIRO_PROXIES", "10.0.0.0/8, fd00::1")
    assert name_client("9.9.9.9", "192.0.2.7") == "9.9.9.9"
    assert name_client("10.0.0.1", "x' OR 1") == "10.0.0.1"
    for told in (
        "192.0.2.7",
        "192.0.2.7:4711",
        "6.6.6.6, 192.0.2.7, 10.9.9.9",
        "[::ffff:c000:207]:1",
    ):
        assert name_client("::ffff:10.0.0.1", told) == "192.0.2.7"
    assert name_client("fd00::1", '"[2001:db8::7]:443"') == "2001:db8::"
    monkeypatch.setenv("HIRO_PROXIES", "my-proxy")
    with pytest.raises(ReportError, match="HIRO_PROXIES"):
        name_client("10.0.0.1", None)


# --- what is shown


def test_only_what_was_moderated_is_sent(scene, store):
    path = f"{address_of(scene)}/shown.json"
    assert json.loads(ask(path)[2]) == {"reports": [], "n": 0}
    assert not store.exists()  # to look makes no store
    send(scene, suggestion=HOSTILE, photo=base64.b64encode(made_photo()).decode())
    photo = "/report/photo/r0123456789abcdef.jpg"
    assert json.loads(ask(path)[2])["reports"] == []
    assert ask(photo)[0] == 404
    report_address.keep_open(store).moderate("r0123456789abcdef", "shown", who="anna")
    (told,) = json.loads(ask(path)[2])["reports"]
    assert told["suggestion"] == HOSTILE
    assert set(told) == set(tell_shown([made_report()], zone=scene.atlas.zone)[0])
    status, headers, body = ask(photo)
    assert (status, headers["x-content-type-options"]) == (200, "nosniff")
    assert Image.open(io.BytesIO(body)).format == "JPEG"
    report_address.keep_open(store).moderate("r0123456789abcdef", "hidden", who="anna", why="x")
    assert json.loads(ask(path)[2])["reports"] == []
    assert ask(photo)[0] == 404


def test_a_place_is_named_or_refused(scene, store):
    latitude, longitude = scene.city.centre
    told = {"latitude": latitude, "longitude": longitude, "language": "en"}
    path = f"{address_of(scene)}/place"
    assert json.loads(ask(path, told)[2])["title"]
    assert "outside" in json.loads(ask(path, told | {"latitude": 61.0})[2])["refusal"]
    assert not store.exists()


# --- codes to be put up


def test_a_code_says_the_link_of_its_object(scene, store, monkeypatch):
    site = next(iter(find_targets(scene)))
    status, headers, body = ask(
        f"{address_of(scene)}/code.svg", query=f"site={site}&city=a%22b%26c&lang=de"
    )
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert "Zu heiß hier" in "".join(ET.fromstring(body).itertext())  # noqa: S314  our own
    status, headers, body = ask(f"{address_of(scene)}/code.png", query=f"site={site}")
    assert status == 200
    link = write_link("https://heat.example", site=site)
    assert body == draw_png(link)
    assert ask(f"{address_of(scene)}/code.svg", query="site=n0")[0] == 404
    assert ask(f"{address_of(scene)}/code.exe", query=f"site={site}")[0] == 404
    monkeypatch.setenv("HIRO_ADDRESS", "https://stadt.example/hitze/")
    assert write_link("http://10.0.0.1", site="n7", city="c d") == (
        "https://stadt.example/hitze/?face=report&site=n7&city=c+d"
    )
    assert not store.exists()


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_sheet_is_whole_whatever_its_object_is_called(title, name):
    drawn = ET.fromstring(draw_svg("https://heat.example/?site=n7", title=title, name=name))  # noqa: S314
    texts = [one.text for one in drawn if one.tag.endswith("}text")]
    assert texts[-1] == "https://heat.example/?site=n7"


# --- the pages


def open_page(face, **query):
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    app.query_params["face"] = face
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def told_by(app):
    return " ".join(
        str(one.value) for one in (*app.text, *app.info, *app.error, *app.success, *app.get("html"))
    )


def test_without_a_password_file_the_page_says_how_to_make_one(store, monkeypatch):
    monkeypatch.delenv("HIRO_MODERATORS", raising=False)
    app = open_page("moderation", lang="de")
    assert "hiro reports password" in app.info[0].value
    assert not app.exception
    monkeypatch.setenv("HIRO_MODERATORS", str(store.parent / "none"))
    app = open_page("moderation", lang="en")
    app.text_input[0].input("anna")
    app.text_input[1].input(WORDS)
    app.button[0].click().run()
    assert "no password file" in app.error[0].value.replace("\\", "")


@pytest.fixture
def door(store, monkeypatch):
    path = store.parent / "moderators"
    write_password(path, "anna", WORDS)
    monkeypatch.setenv("HIRO_MODERATORS", str(path))
    with closing(open_reports(store)) as reports:
        reports.add(made_report(report_id="r0123456789abcdef", suggestion=HOSTILE, photo=True))
    return path


def log_in(password=WORDS):
    app = open_page("moderation", lang="en")
    app.text_input[0].input("anna")
    app.text_input[1].input(password)
    return app.button[0].click().run()


def test_a_wrong_password_opens_nothing_and_few_are_tried(door, store):
    assert door.exists()
    app = log_in("wrong words in a row")
    assert "wrong" in app.error[0].value
    assert HOSTILE not in told_by(app)
    assert app.text_input(key="door_sign").value == "anna"
    assert app.text_input(key="door_password").value == ""
    for _ in range(9):
        report_address.keep_open(store).count_attempt(None, "anna")
    assert "Too many attempts" in log_in().error[0].value


def test_a_moderator_decides_and_the_log_says_who(door, store):
    app = log_in()
    assert HOSTILE in [one.value for one in app.text]
    assert WORDS not in repr(app.session_state)
    assert not app.exception
    app.button(key="hidden-r0123456789abcdef").click().run()
    assert "reason" in app.error[0].value
    app.text_input(key="why-r0123456789abcdef").input("=names <b>somebody</b>")
    app.checkbox(key="bare-r0123456789abcdef").check()
    app.button(key="hidden-r0123456789abcdef").click().run()
    with closing(open_reports(store)) as reports:
        assert reports.count() == {"new": 0, "shown": 0, "hidden": 1}
        assert not reports.find("r0123456789abcdef").has_photo
        assert [(one.who, one.what) for one in reports.decisions()] == [
            ("anna", "hidden"),
            ("anna", "photo erased"),
        ]
    assert "no shade, 51.05000, 13.74000: hidden" in app.success[0].value.replace("\\", "")
    app.radio(key="moderation_state").set_value("hidden").run()
    app.button(key="shown-r0123456789abcdef").click().run()
    assert not app.exception
    assert app.radio(key="moderation_state").value == "hidden"  # and stays so after a decision
    write_password(door, "anna", "another long password")  # whoever came in by the old is out
    assert HOSTILE not in told_by(app.run())


def test_a_table_holds_text_alone():
    told = tell_table("a|b", [("<b>1</b>", "&")], name='"x"')
    assert '<td role="cell" data-head="a">&lt;b&gt;1&lt;/b&gt;</td>' in told
    assert '<td role="cell" data-head="b">&amp;</td>' in told
    assert 'aria-label="&quot;x&quot;"' in told


def test_ranks_before_and_after_stand_side_by_side():
    score = made_score()
    site = str(score.sites.table["site_id"].iloc[2])
    reports = [made_report(site_id=site, felt=5) for _ in range(3)]
    model = ReportWeightModel(per_report=0.1)
    assert tell_ranks(weigh_reports(score, reports, model=model), EN)[1] == []  # none is shown
    shown = [replace(one, state="shown") for one in reports]
    weighed = weigh_reports(score, shown, model=model)
    said, rows = tell_ranks(weighed, EN)
    assert said.startswith("Places with reports: 1.")
    assert rows[0][1:5] == ("3", "1.30", "3", "2")  # 40 times 1.3 goes before 50, not before 60
    assert "at most 1.5 times" in tell_model(model, EN)
    assert "10 %" in tell_model(model, Words("de", REPORT_PAGE_TERMS))
