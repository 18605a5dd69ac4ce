"""What one takes away from the heat: files of what a filter leaves, links, and missing shade."""

import asyncio
import io
import json
import sqlite3
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import parse_qs, quote, urlparse

import numpy as np
import pandas as pd
import pytest
from made_score import BERLIN, DAY, make_score
from starlette.routing import Router

from hiro import missing_address, takeaway
from hiro.city_terms import CITY_TERMS
from hiro.district import Districts
from hiro.missing_face import say_name, tell_missing
from hiro.query import Sieve
from hiro.reportlink import shorten_link
from hiro.sift import NEAR_M, find_hottest, find_row, fold, sift
from solarpass.glarefile import glare_sites
from solarpass.map.opening import open_scene
from solarpass.missing import day_departs, find_missing
from solarpass.words import LANGUAGES, Words

TIMEOUT_S = 120
NONE = Districts(np.full(5, -1), (), "none")
TWO = Districts(np.array([0, 0, 1, -1, 1]), ("Nord", "Süd"), "OpenStreetMap, admin_level 10")
HOSTILE = '=HYPERLINK("http://evil.example")'


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


def ask(routes, path, query=""):
    """Ask routes without a server: status, headers and body."""
    sent = []

    async def receive():
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    scope |= {"headers": [(b"host", b"heat.example")], "root_path": "", "scheme": "https"}
    scope |= {"server": ("heat.example", 443)}
    asyncio.run(Router(routes)(scope, receive, send))
    told = {key.decode().lower(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:])


# --- terms


@pytest.mark.parametrize("term", CITY_TERMS)
def test_a_term_has_a_text_in_each_language(term):
    german, english = (Words(language, CITY_TERMS)(term) for language in LANGUAGES)
    assert german.strip() == german != ""
    assert english.strip() == english != ""


# --- sifting


@pytest.mark.parametrize(
    ("sieve", "kept"),
    [
        (Sieve(), [0, 1, 2, 3, 4]),
        (Sieve(kind="bench"), [1]),
        (Sieve(shelter="opaque"), [2]),
        (Sieve(shelter="mixed"), [0]),
        (Sieve(district="Süd"), [2, 4]),
        (Sieve(district="Mitte"), []),
        (Sieve(text=" RING "), [1]),
        (Sieve(text="o"), [2, 3]),
        (Sieve(level="?"), [4]),
        (Sieve(kind="bus_stop", district="Süd"), []),
    ],
)
def test_a_sieve_leaves_what_fits_all_of_it(sieve, kept):
    score = make_score()
    assert np.flatnonzero(sift(score, sieve, TWO, row=12)).tolist() == kept


def test_a_level_is_that_of_the_hour():
    score = make_score()
    for row in range(24):
        for digit in "01234":
            kept = sift(score, Sieve(level=digit), NONE, row=row)
            is_level = (score.hazard.level[row] == int(digit)) & np.isfinite(
                score.hazard.utci_c[row]
            )
            assert kept.tolist() == is_level.tolist()


def test_near_is_within_so_many_metres():
    score = make_score()
    near = (float(score.sites.latitude_deg[0]), float(score.sites.longitude_deg[0]))
    kept = sift(score, Sieve(near=near), NONE, row=0)
    assert kept.tolist() == [True, True, False, False, False]  # at 0, 20, 500 m and more
    up_deg = NEAR_M / 111_320
    for share, is_near in ((0.99, True), (1.01, False)):
        moved = (near[0] + share * up_deg, near[1])
        assert sift(score, Sieve(near=moved), NONE, row=0)[0] == is_near


def test_an_hour_is_found_by_the_wall_clock_else_the_hottest():
    score = make_score()
    assert [find_row(score, hour, BERLIN) for hour in (0, 15, 23)] == [0, 15, 23]
    assert find_row(score, None, BERLIN) == find_hottest(score)
    means = np.nanmean(score.hazard.utci_c, axis=1)
    assert find_hottest(score) == int(means.argmax())


def test_letters_are_folded_as_the_browser_does():
    assert fold("Évora Straße") == "evora strasse"


# --- files


@pytest.fixture
def path(scene, monkeypatch):
    """Have a made-up score stand in for the city's, with a name that a spreadsheet would run."""
    score = make_score()
    score.sites.table.loc[2, "name"] = HOSTILE
    monkeypatch.setattr(takeaway, "reckon_heat", lambda _scene, _day: None)
    monkeypatch.setattr(takeaway, "kept_score", lambda _scene, _day: score)
    return f"/heat/{scene.digest}/{DAY}/score."


def test_the_csv_holds_what_the_filter_leaves_and_runs_nothing(path):
    status, headers, body = ask(takeaway.routes(), f"{path}csv")
    table = pd.read_csv(io.BytesIO(body))
    assert (status, len(table)) == (200, 5)
    assert headers["content-disposition"] == f'attachment; filename="hiro-score-{DAY}.csv"'
    assert table["name"][2] == f"'{HOSTILE}"
    assert table["attribution"].str.contains("OpenStreetMap").all()
    assert table["licence"].notna().all()
    _, _, body = ask(takeaway.routes(), f"{path}csv", "kind=bench")
    assert pd.read_csv(io.BytesIO(body))["site_id"].tolist() == ["n1"]


def test_geojson_and_geopackage_tell_the_filter_and_the_licence(path, tmp_path):
    query = "shelter=none&near=52.51,13.38"
    _, _, body = ask(takeaway.routes(), f"{path}geojson", query)
    told = json.loads(body)
    assert told["filter"] == {"shelter": "none", "near": "52.51000,13.38000"}
    assert (told["n_sites_of_all"], told["licence"] != "") == (5, True)
    _, _, body = ask(takeaway.routes(), f"{path}gpkg", "kind=square")
    (tmp_path / "a.gpkg").write_bytes(body)
    with sqlite3.connect(tmp_path / "a.gpkg") as file:
        assert file.execute("SELECT site_id FROM sites").fetchall() == [("n3",)]


def test_the_level_of_a_file_is_that_of_its_hour(path):
    levels = make_score().hazard.level[14, :4]  # as the clocks of Berlin are an hour behind
    digit = levels[0]
    _, _, body = ask(takeaway.routes(), f"{path}csv", f"hour=15&level={digit}")
    expected = [f"n{k}" for k in np.flatnonzero(levels == digit)]
    assert pd.read_csv(io.BytesIO(body))["site_id"].tolist() == expected


@pytest.mark.parametrize(
    ("ending", "query"),
    [
        ("exe", ""),
        ("parquet", ""),
        ("csv", "level=9"),
        ("csv", "hour=99"),
        ("csv", "day=2020-01-01"),
    ],
)
def test_files_of_nothing_are_nothing(path, ending, query):
    assert ask(takeaway.routes(), path + ending, query)[0] == 404
    assert ask(takeaway.routes(), path.replace(str(DAY), "bad") + "csv")[0] == 404


def test_a_filter_that_leaves_nothing_is_an_empty_file(path):
    status, _, body = ask(takeaway.routes(), f"{path}geojson", "q=nowhere")
    assert (status, json.loads(body)["features"]) == (200, [])
    assert ask(takeaway.routes(), f"{path}gpkg", "q=nowhere")[0] == 200
    assert len(pd.read_csv(io.BytesIO(ask(takeaway.routes(), f"{path}csv", "q=nowhere")[2]))) == 0


def test_too_many_files_at_once_are_refused(path, monkeypatch):
    monkeypatch.setattr(takeaway, "MOST_PENDING", 0)
    status, headers, _ = ask(takeaway.routes(), f"{path}csv")
    assert (status, headers["retry-after"]) == (503, "30")


# --- links


@pytest.mark.parametrize("site", ["n7", "way/12", "a&b=c", "ö 1", "x" * 300])
def test_a_short_link_leads_to_the_page_of_the_heat_and_nowhere_else(site):
    status, headers, _ = ask(takeaway.routes(), f"/o/{site}", "city=Dresden")
    target = urlparse(headers["location"])
    assert (status, target.scheme, target.netloc, target.path) == (307, "", "", "/")
    asked = parse_qs(target.query)
    assert asked == {"face": ["heat"], "site": [site[:80]], "city": ["Dresden"]}


def test_a_short_link_is_short_and_safe(monkeypatch):
    monkeypatch.delenv("HIRO_ADDRESS", raising=False)
    assert shorten_link("https://a.example", site="way/1?x") == "https://a.example/o/way%2F1%3Fx"
    monkeypatch.setenv("HIRO_ADDRESS", "https://heat.example/app/")
    assert shorten_link("x", site="n7", city="a b") == "https://heat.example/app/o/n7?city=a+b"


def test_the_code_of_an_object_is_a_picture_of_its_link(scene):
    from hiro.report_face import find_targets  # noqa: PLC0415

    site = next(iter(find_targets(scene)))
    for ending, begins in (("png", b"\x89PNG"), ("svg", b"<svg")):
        query = f"site={quote(site)}&lang=de"
        status, headers, body = ask(takeaway.routes(), f"/heat/{scene.digest}/code.{ending}", query)
        assert (status, body[:4]) == (200, begins)
        assert headers["content-security-policy"] == "default-src 'none'"
    assert b"Wie hei" in body
    for name, query in (("code.png", "site=none"), ("code.gif", f"site={quote(site)}")):
        assert ask(takeaway.routes(), f"/heat/{scene.digest}/{name}", query)[0] == 404


# --- missing shade


@pytest.fixture(scope="module")
def stretches(scene):
    missing = find_missing(scene.atlas, day_departs(DAY, scene.atlas.zone), n_trips=120)
    return glare_sites(scene.atlas, missing, n_most=10)


def test_stretches_are_told_the_worst_first(stretches):
    told = tell_missing(stretches, "en")
    saved = [one["saved"] for one in told["stretches"]]
    assert saved == sorted(saved, reverse=True)
    assert [one["rank"] for one in told["stretches"]] == list(range(1, len(saved) + 1))
    assert (told["n_trips"], told["hours"][0]) == (120, "09:00")
    for one, row in zip(told["stretches"], stretches.itertuples(), strict=True):
        assert one["low"] <= one["high"]
        assert sum(map(len, one["lines"])) >= 2
        assert one["name"].lower() == row.name.lower()
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize(
    ("name", "is_named", "german"),
    [
        ("Ring, north side", True, "Ring, Nordseite"),
        ("Ring, one side, near Markt (2)", True, "Ring, eine Seite, bei Markt (2)"),
        ("Markt, near Ring", True, "Markt, bei Ring"),
        ("path near 60.1, 24.9", False, "Pfad bei 60.1, 24.9"),
        ("crossing of A and B", False, "Querung über A und B"),
        ("square near West side", False, "Platz bei West side"),
        ("Way of Side", True, "Way of Side"),
    ],
)
def test_names_are_said_in_german_and_proper_names_stay(name, is_named, german):
    assert say_name(name, is_named=is_named, to="de") == german
    assert say_name(name, is_named=is_named, to="en").lower() == name.lower()


@pytest.fixture
def wanted(scene, monkeypatch):
    """Ask where shade is missing, of a search that was replaced."""
    monkeypatch.setattr(missing_address, "_kept", OrderedDict())

    def wanted(find, *, query="lang=de", day=DAY):
        monkeypatch.setattr(missing_address.Search, "_find", lambda _self: find())
        ask_it = partial(ask, missing_address.routes())
        status, body = 202, b""
        for _ in range(200):
            status, headers, body = ask_it(missing_address.missing_address(scene, day), query)
            if status != 202:
                return status, headers, json.loads(body) if body else None
            assert set(json.loads(body)) == {"since", "about"}
        return pytest.fail("It never was.")

    return wanted


def test_what_was_found_is_sent_and_kept(wanted, stretches):
    assert wanted(lambda: stretches)[2] == tell_missing(stretches, "de")
    assert wanted(lambda: 1 / 0)[2] == tell_missing(stretches, "de")  # kept, not searched again


def test_what_fails_is_told_and_tried_again(wanted, stretches, caplog):
    assert wanted(lambda: 1 / 0)[2] == {"fault": ""}
    assert "ZeroDivisionError" in caplog.text
    assert wanted(lambda: stretches)[0] == 200


def test_addresses_of_nothing_are_nothing(wanted, stretches, scene):
    assert wanted(lambda: stretches, query="lang=xx")[0] == 404
    address = missing_address.missing_address(scene, date(2026, 7, 20)).replace("2026", "bad")
    assert ask(missing_address.routes(), address)[0] == 404


def test_a_sieve_is_its_own_link():
    sieve = Sieve("bench", "none", "3", "Süd", "a b", (52.5, 13.4))
    assert sieve.to_query()["near"] == "52.50000,13.40000"
    assert replace(sieve, near=None).to_query().get("near") is None
