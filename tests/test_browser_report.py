"""Reports as citizens and moderators have them: a real server, Chromium and store."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from made_reports import made_photo
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
    windows,
)

from hiro.moderation import write_password

__all__ = ["axe", "browser", "windows"]  # fixtures

WORDS = "vier alte Bäume am Platz"
HOSTILE = "<img src=x onerror=alert(1)> **bold** [x](http://evil.example)"
PLACE = "at=60.17160,24.94420"
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.id || at.className;
}"""


@contextmanager
def started_app(folder):
    """Start the app with a store of reports and a password file of its own; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    write_password(folder / "moderators", "anna", WORDS)
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    own = {"HIRO_REPORTS": str(folder / "reports.sqlite")}
    own |= {"HIRO_MODERATORS": str(folder / "moderators")}
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
def address(browser, tmp_path_factory):
    del browser  # without one no server is needed
    with started_app(tmp_path_factory.mktemp("reports")) as address:
        yield address


def fill_by_keys(page, text, *, photo=None):
    """Fill in the form and send it with keys alone; a photo is chosen in the system's window."""
    does = {
        "report-felt-1": lambda: [page.keyboard.press("ArrowDown") for _ in range(4)],
        "report-category-no_shade": lambda: page.keyboard.press("Space"),
        "report-text": lambda: page.keyboard.insert_text(text),
        "report-photo": lambda: photo and page.locator("#report-photo").set_input_files(photo),
        "report-agree": lambda: page.keyboard.press("Space"),
    }
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        does.get(at, lambda: None)()
        if at == "share":
            page.keyboard.press("Enter")
            return
    pytest.fail("Tab leads nowhere near the button that sends it")


@pytest.fixture
def visit(windows, address):
    """Open a page in a window of some size; at the end, nothing went wrong in it."""
    pages, wrong = [], []

    def visit(query, *, size=PHONE, scheme="light", shown='.report[data-ready="1"]'):
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


def test_a_report_by_link_takes_four_taps(visit):
    page = visit(f"?face=report&{PLACE}&category=wrong_shade&lang=de")
    assert page.evaluate(CUT_OFF) == []
    expect(page.get_by_role("radio", name="Schatten hier falsch angezeigt")).to_be_checked()
    page.get_by_role("radio", name="heiß", exact=True).tap()
    page.get_by_role("radio", name="kein Schatten").tap()
    page.get_by_role("checkbox", name="Ja, einverstanden").tap()
    page.get_by_role("button", name="Melden", exact=True).tap()
    page.get_by_role("heading", name="Danke!").wait_for()
    assert page.evaluate(CUT_OFF) == []
    code = page.locator(".code").inner_text()
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])").find(code) < 0
    assert code not in page.url
    page.get_by_text("Meldung löschen").click()
    page.get_by_label("Löschcode").fill(code.replace("-", " ").lower())
    page.get_by_role("button", name="Endgültig löschen").click()
    page.get_by_text("Die Meldung und ihr Foto sind gelöscht.").wait_for()


IN_VIEW = """(id) => {
  const find = (root) => root.querySelector(`#${id}`) ?? [...root.querySelectorAll("*")]
    .filter((one) => one.shadowRoot).map((one) => find(one.shadowRoot)).find(Boolean);
  const box = find(document).getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
}"""


def test_what_is_missing_is_said_where_it_is_missing_and_in_view(visit):
    page = visit("?face=report&lang=en")
    mend = {
        "place": lambda: page.goto(f"{page.url}&{PLACE}"),
        "felt": lambda: page.get_by_role("radio", name="hot", exact=True).tap(),
        "category": lambda: page.get_by_role("radio", name="no shade").tap(),
        "agree": lambda: page.get_by_role("checkbox", name="Yes, I agree").tap(),
    }
    for part, does in mend.items():
        page.get_by_role("button", name="Send report").click()
        fault = page.locator(f"#report-{part}-fault")
        fault.wait_for()
        assert page.evaluate(IN_VIEW, f"report-{part}-fault")
        assert page.evaluate(FOCUSED).startswith(f"report-{part}")
        about = page.locator(f'[aria-describedby~="report-{part}-fault"]')
        expect(about).to_have_attribute("aria-invalid", "true")
        expect(page.locator('.report .fault[tabindex="-1"]')).to_contain_text("missing")
        does()
        page.locator('.report[data-ready="1"]').wait_for()
        expect(page.locator(f"#report-{part}-fault")).to_be_hidden()


def test_a_rough_position_asks_for_a_tap(visit):
    page = visit("?face=report&lang=en")
    page.context.grant_permissions(["geolocation"])
    at = {"latitude": 60.1716, "longitude": 24.9442}
    page.context.set_geolocation({**at, "accuracy": 734})
    page.get_by_role("button", name="Where I am").tap()
    page.get_by_text("known to about 740 m: please tap the place").wait_for()
    page.locator('.report-sheet[data-idle="1"]').wait_for()
    expect(page.locator(".place-told")).to_be_hidden()
    page.context.set_geolocation({**at, "accuracy": 20})
    page.get_by_role("button", name="Where I am").tap()
    page.locator(".place-told:visible").wait_for()


def test_a_refusal_takes_nothing_of_what_was_typed_and_a_search_mends_it(visit):
    page = visit("?face=report&at=52.5,13.4&lang=en", size=DESKTOP)
    page.get_by_label("What would help?").fill(HOSTILE)
    page.get_by_role("button", name="Send report").click()
    page.get_by_text("Please choose how it feels.").first.wait_for()
    assert page.evaluate(FOCUSED) == "report-felt-1"
    page.get_by_role("radio", name="hot", exact=True).click()
    page.get_by_role("radio", name="long wait").click()
    page.get_by_role("checkbox", name="Yes, I agree").click()
    page.get_by_role("button", name="Send report").click()
    page.get_by_text("outside Helsinki").wait_for()
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("heading", name="Hitze melden").wait_for()
    expect(page.get_by_role("radio", name="heiß", exact=True)).to_be_checked()
    assert page.locator("#report-text").input_value() == HOSTILE
    page.get_by_role("button", name="Ort ändern").click()
    page.get_by_role("combobox").fill("senaatintori")
    page.get_by_role("option").first.click()
    page.locator(".place-told").get_by_text("Senaatintori").wait_for()
    page.get_by_role("button", name="Melden", exact=True).click()
    page.get_by_role("heading", name="Danke!").wait_for()


def test_a_place_is_tapped_on_the_map(visit):
    page = visit("?face=report&lang=en")
    page.get_by_role("button", name="On the map").tap()
    sheet = page.locator('.report-sheet[data-idle="1"]')
    sheet.wait_for()
    box = sheet.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator(".place-told:visible").wait_for()
    page.locator(".report .pin").wait_for()
    assert page.evaluate(CUT_OFF) == []


def test_by_keyboard_alone_and_shown_once_moderated(visit, axe):
    page = visit(f"?face=report&{PLACE}&lang=en")
    photo = {"name": "a.png", "mimeType": "image/png", "buffer": made_photo(form="PNG")}
    fill_by_keys(page, f"{HOSTILE} in my street", photo=photo)
    page.get_by_role("heading", name="Thank you!").wait_for()

    page = visit(
        "?face=moderation&lang=en",
        size=DESKTOP,
        shown=".st-key-moderation form, [data-testid=stForm]",
    )
    page.get_by_label("Sign").fill("anna")
    page.get_by_role("textbox", name="Password").fill(WORDS)
    page.keyboard.press("Enter")
    page.get_by_text("Logged in as anna").wait_for()
    report = page.locator("[class*=st-key-report-r]").filter(has_text="in my street")
    report.locator("img").wait_for()
    page.evaluate(axe)
    assert _violations(page) == []
    report.get_by_role("button", name="Show").click()
    page.get_by_text("shown.").wait_for()
    assert "anna" not in page.url

    page = visit("?face=heat&lang=en", size=DESKTOP, shown=".heat-rows button >> nth=0")
    page.get_by_text("Reports by people (1)").click()
    told = page.locator(".reports li")
    assert HOSTILE in told.inner_text()
    told.locator("img").scroll_into_view_if_needed()
    page.wait_for_function(
        "() => { const at = [...document.querySelectorAll('*')].find((one) => one.shadowRoot"
        "?.querySelector('.reports img'));"
        " return at.shadowRoot.querySelector('.reports img').naturalWidth > 0; }"
    )
    page.locator(".heat-rows button").first.click()
    page.get_by_text("QR code to put up").click()
    page.get_by_role("img", name="QR code").wait_for()
    page.get_by_role("link", name="Report heat here").click()
    page.locator('.report[data-ready="1"]').wait_for()
    assert page.locator(".place-told").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_form(visit, axe, scheme):
    page = visit("?face=report&lang=de", scheme=scheme)
    page.evaluate(axe)
    page.get_by_role("button", name="Melden", exact=True).click()
    page.get_by_text("Bitte wähle, wo es ist.").first.wait_for()
    assert _violations(page) == []
    page.set_viewport_size(DESKTOP["viewport"])
    assert _violations(page) == []
    assert page.evaluate(CUT_OFF) == []


def test_a_wrong_shade_leads_from_the_walk_to_the_form(visit):
    page = visit(f"?check={PLACE[3:]}&at=2026-07-15T10:00&lang=en", shown=".sight")
    page.get_by_role("link", name="Is the shade wrong here?").click()
    page.locator('.report[data-ready="1"]').wait_for()
    expect(page.get_by_role("radio", name="wrong shade shown here")).to_be_checked()
    assert page.locator(".place-told").inner_text()


def test_a_notice_is_whole_and_the_sign_stays(visit):
    page = visit("?face=moderation&lang=de", shown="[data-testid=stForm]")
    page.get_by_label("Kürzel").fill("anna")
    page.get_by_role("textbox", name="Passwort").fill("ganz falsche Worte")
    page.keyboard.press("Enter")
    page.get_by_text("stimmt nicht").wait_for()
    notice = page.locator("[data-testid=stAlertContainer]").bounding_box()
    text = page.locator("[data-testid=stAlertContainer] p").bounding_box()
    assert notice["y"] <= text["y"]
    assert text["y"] + text["height"] <= notice["y"] + notice["height"]
    assert page.get_by_label("Kürzel").input_value() == "anna"
    assert page.get_by_role("textbox", name="Passwort").input_value() == ""
    eye = page.locator("[data-testid=stTextInputRootElement] button").bounding_box()
    assert min(eye["width"], eye["height"]) >= 44
