"""The city's face as citizens and planners have it: a real server, Chromium, store and alert."""

import io
import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from made_alert import made_alert
from PIL import Image, ImageChops
from playwright.sync_api import expect
from test_browser import (
    ANSWER_MS,
    BUILT_MS,
    CUT_OFF,
    DESKTOP,
    PHONE,
    ROOT,
    _is_outside,
    _violations,
    _wait_for,
    axe,
    browser,
    link,
    proven,
    rows,
    settle,
    spent,
    windows,
)

from hiro.report import build_report, new_report_id
from hiro.report_terms import CONSENT_VERSION
from hiro.reports import open_reports

__all__ = ["axe", "browser", "windows"]  # fixtures

HOSTILE = "<img src=x onerror=alert(1)> mehr Bäume"
SQUARE = (60.17160, 24.94420)  # amid Rautatientori
NEAR = f"near={SQUARE[0]},{SQUARE[1]}"
TAPS = 3  # in which a citizen has an answer


@contextmanager
def started_app(folder):
    """Start the app with a store of reports and a folder of alerts; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    own = {"HIRO_REPORTS": str(folder / "reports.sqlite"), "HIRO_WARNINGS": str(folder / "alerts")}
    with (folder / "log").open("w") as told:
        server = subprocess.Popen(  # noqa: S603 - our own words
            [*command, "--server.port", str(port), "--server.headless", "true"],
            cwd=folder,
            env={**os.environ, **own},
            stdout=told,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)
    assert "Traceback" not in (folder / "log").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Lay a report that is shown, and an alert that holds, for the app to find."""
    folder = tmp_path_factory.mktemp("heat")
    reports = open_reports(folder / "reports.sqlite")
    latitude_deg, longitude_deg = SQUARE
    report = build_report(
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        felt=5,
        category="no_shade",
        suggestion=HOSTILE,
        city="Helsinki",
        consent=CONSENT_VERSION,
        report_id=new_report_id(),
    )
    reports.add(report, client=None)
    reports.moderate(report.report_id, "shown", who="anna")
    reports.close()
    (folder / "alerts").mkdir()
    now = datetime.now(UTC)
    ends = now + timedelta(hours=9)
    (folder / "alerts/a.xml").write_bytes(made_alert(headline=HOSTILE, sent=now, ends=ends))
    return folder


@pytest.fixture(scope="module")
def address(browser, folder):
    del browser  # without one no server is needed
    with started_app(folder) as address:
        yield address


@pytest.fixture
def visit(windows, address):
    """Open the city's face in a window of some size; at the end, nothing went wrong in it."""
    pages, wrong = [], []

    def visit(query, *, size=DESKTOP, scheme="light", shown='.heat-map[data-idle="1"]'):
        page = windows(size, scheme).new_page()
        pages.append(page)
        page.set_default_timeout(ANSWER_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: wrong.append(asked.url) if _is_outside(asked) else None)
        page.goto(f"{address}/{query}")
        page.locator(shown).wait_for(timeout=BUILT_MS)
        return page

    yield visit
    for page in pages:
        page.close()
    assert wrong == []


def taken(page, name):
    """Press what saves a file; give its name and path."""
    with page.expect_download() as begun:
        page.get_by_role("link", name=name, exact=True).click()
    return begun.value.suggested_filename, Path(begun.value.path())


def test_from_the_worst_stop_near_the_station_to_a_plan_and_its_files(visit, axe):
    """A newcomer's question: which bus stop near the station is worst, what would 50,000 € do?"""
    page = visit("?face=heat&lang=en")
    n_all = rows(page).count()
    page.get_by_role("searchbox", name="Search a place").fill("bus")
    page.get_by_role("button", name="Bus stop", exact=True).click()
    page.get_by_role("searchbox", name="Search a place").fill("rautatieas")
    page.get_by_role("button", name="Places near Rautatieasema").first.click()
    page.wait_for_function("new URL(location).searchParams.has('near')")
    asked = link(page)
    assert (asked["kind"], "q" in asked) == ("bus_stop", False)
    n_near = rows(page).count()
    assert 0 < n_near < n_all
    assert {"Bus stop"} == {
        text.splitlines()[-3].split(" · ")[0] for text in rows(page).all_inner_texts()
    }
    page.evaluate(axe)
    assert _violations(page) == []

    name, path = taken(page, "as CSV")
    table = pd.read_csv(path)
    assert (name[:10], len(table)) == ("hiro-score", n_near)
    assert set(table["kind"]) == {"bus_stop"}
    assert table["licence"].str.contains("ODbL").all()
    assert table["rank"].is_monotonic_increasing or len(table) > 1

    name = rows(page).first.locator("b").inner_text()
    rows(page).first.click()
    assert page.locator(".heat-site h2").inner_text() == name
    assert page.locator(".hour-bars .bar").count() >= 23
    page.locator(".helps .offer").first.wait_for(timeout=BUILT_MS)
    page.get_by_role("button", name="To the list").click()
    assert rows(page).count() == n_near  # as it was

    page.get_by_role("button", name="Plan", exact=True).click()
    page.get_by_label("Budget in euros").fill("50000")
    page.keyboard.press("Enter")
    page.wait_for_function("new URL(location).searchParams.get('budget') === '50000'")
    proven(page)
    assert 0 < spent(page) <= 50_000
    with sqlite3.connect(taken(page, "as GeoPackage")[1]) as file:
        (n_works,) = file.execute("SELECT count(*) FROM plan").fetchone()
    assert n_works == page.locator(".works button").count()
    assert taken(page, "as DOCX")[1].read_bytes()[:2] == b"PK"
    with page.expect_popup() as opened:
        page.get_by_role("link", name="read and print").click()
    paper = opened.value
    paper.get_by_role("heading", level=1).wait_for()
    assert "Helsinki" in paper.title()
    paper.close()


def test_a_plan_may_be_for_the_places_of_the_filter(visit):
    page = visit(f"?face=heat&lang=en&{NEAR}&kind=bus_stop&budget=50000")
    proven(page)
    found = page.locator(".works button")
    page.get_by_role("button", name="Places", exact=True).click()
    rows(page)
    left = {row.get_attribute("data-site") for row in page.locator(".heat-rows button").all()}
    page.get_by_role("button", name="Plan", exact=True).click()
    proven(page)
    in_all = found.count()
    page.get_by_label("Only at the places of the filter").check()
    page.wait_for_function("new URL(location).searchParams.get('only') === '1'")
    proven(page)
    near = {row.get_attribute("data-site") for row in found.all()}
    assert near <= left
    page.reload()
    proven(page)
    assert page.get_by_label("Only at the places of the filter").is_checked()
    page.get_by_label("Only at the places of the filter").uncheck()
    proven(page)
    assert found.count() == in_all


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_citizen_has_an_answer_in_three_taps_and_tells_theirs_in_five(visit, axe, scheme):
    page = visit(f"?face=heat&lang=de&{NEAR}", size=PHONE, scheme=scheme)
    taps = []

    def tap(found):
        taps.append(found)
        found.tap()

    tap(rows(page).first)
    card = page.locator(".heat-site")
    card.wait_for()
    said = card.inner_text()
    for part in ("Objektstufe, keine amtliche Warnung", "gefühlt", "Am heißesten ist es um"):
        assert part in said
    assert "Wo jetzt warten?" in said
    assert len(taps) <= TAPS
    page.get_by_text("Diese Auskunft als Link").click()
    page.wait_for_function(
        """() => [...document.querySelectorAll("*")].flatMap((one) => [...(one.shadowRoot ?? one)
        .querySelectorAll(".share-told .qr")]).some((picture) => picture.naturalWidth > 100)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(axe)
    assert _violations(page) == []

    taps.clear()
    tap(page.get_by_role("link", name="Hitze hier melden"))
    page.locator('.report[data-ready="1"]').wait_for()
    tap(page.get_by_role("radio", name="heiß", exact=True))
    tap(page.get_by_role("radio", name="kein Schatten"))
    tap(page.get_by_role("checkbox", name="Ja, einverstanden"))
    tap(page.get_by_role("button", name="Melden", exact=True))
    page.get_by_role("heading", name="Danke!").wait_for()
    assert len(taps) == 5


def find_mark(page):
    """Find where the mark of the only report is drawn: what its switch takes off the map."""
    page.get_by_text("Reports by people").click()
    switch = page.get_by_label("Show reports on the map")
    pictures = []
    for is_on in (True, False):
        switch.set_checked(is_on)
        settle(page)
        picture = page.locator(".heat-map canvas").first.screenshot()
        pictures.append(Image.open(io.BytesIO(picture)).convert("RGB").crop((430, 60, 1300, 800)))
    switch.set_checked(True)
    settle(page)
    left, top, right, bottom = ImageChops.difference(*pictures).getbbox()
    return 430 + (left + right) / 2, 60 + (top + bottom) / 2


def test_a_mark_on_the_map_opens_the_card_of_its_report(visit, axe):
    for scheme in ("light", "dark"):
        page = visit(f"?face=heat&lang=en&{NEAR}&kind=hospital", scheme=scheme)
        rows_left = page.locator(".heat-list .count")
        expect(rows_left).to_contain_text("place", timeout=BUILT_MS)
        page.locator(".heat-legend").get_by_text("reported").wait_for()
        settle(page)
        page.mouse.click(*find_mark(page))
        card = page.locator(".report-card")
        card.wait_for()
        assert HOSTILE in card.inner_text()  # as text
        page.evaluate(axe)
        assert _violations(page) == []
        page.keyboard.press("Escape")
        card.wait_for(state="detached")


def test_where_shade_is_missing_is_a_list_and_a_layer(visit, axe):
    page = visit("?face=heat&lang=en")
    rows(page)
    page.get_by_role("button", name="Shade gaps").click()
    stretches = page.locator(".stretches button")
    stretches.first.wait_for(timeout=BUILT_MS)
    assert link(page)["shade"] == "1"
    page.locator(".heat-legend").get_by_text("shade missing").wait_for()
    first = stretches.first.locator("b").inner_text()
    stretches.nth(1).click()
    expect(stretches.nth(1)).to_have_attribute("aria-pressed", "true")
    settle(page)
    box = page.locator(".heat-map").bounding_box()
    middle = 430 + (box["width"] - 430 - 64) / 2  # beside the panel, to which the map went
    page.mouse.click(middle, box["height"] / 2)
    page.evaluate(axe)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size["viewport"])
        assert _violations(page) == []
        assert page.evaluate(CUT_OFF) == []
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("heading", name="Wo Schatten fehlt").wait_for()
    expect(stretches.first.locator("b")).not_to_have_text(first) if " near " in first else None
    page.reload()
    stretches.first.wait_for(timeout=BUILT_MS)


def test_an_official_warning_stands_beside_our_levels(visit):
    for language, title in (("de", "Amtliche Warnung"), ("en", "Official warning")):
        page = visit(f"?face=heat&lang={language}", size=PHONE)
        card = page.locator(".warning-card")
        card.wait_for()
        assert card.inner_text().startswith(f"⚠ {title}")
        assert HOSTILE in card.inner_text()  # as text


def test_a_short_link_leads_to_its_object(visit):
    page = visit(f"?face=heat&lang=de&{NEAR}")
    site = rows(page).first.get_attribute("data-site")
    name = rows(page).first.locator("b").inner_text()
    page.goto(page.url.split("?")[0] + f"o/{site}")
    expect(page.locator(".heat-site h2")).to_have_text(name, timeout=BUILT_MS)
    assert link(page)["site"] == site
    page.emulate_media(media="print")
    expect(page.locator(".heat-map")).to_be_hidden()
    assert page.locator(".verdict").is_visible()
    page.emulate_media(media="screen")


def test_what_is_sent_of_a_filter_is_what_the_list_shows(visit):
    page = visit("?face=heat&lang=en&level=3&hour=15&q=ra")
    n = rows(page).count()
    told = json.loads(taken(page, "as GeoJSON")[1].read_text(encoding="utf-8"))
    assert len(told["features"]) == n
    assert told["filter"] == {"level": "3", "q": "ra"}
    assert "OpenStreetMap" in told["attribution"]
    page.get_by_role("button", name="Show all places").click()
    assert rows(page).count() > n or n == 50  # a page of the list
    assert "q" not in link(page)
