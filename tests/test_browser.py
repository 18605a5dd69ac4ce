"""The app as a citizen has it: a real server, a real Chromium, the built-in city."""

import io
import json
import math
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlparse

import pytest
from PIL import Image
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[1]
AXE = ROOT / "solarpass/map/frontend/node_modules/axe-core/axe.min.js"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",  # WebGL without a graphics card
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
BUILT_MS = 180_000  # the city is built and its kernels are compiled on the first start
ANSWER_MS = 60_000  # the search is compiled while the first visitor looks at the map
ENDS = "from=60.17420,24.94590&to=60.16780,24.94250"
NOON = "?at=2026-07-15T14:00&lang=en"
ASKED = f"?{ENDS}&at=2026-07-15T14:00&lang=en"


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI needs Chromium at {CHROMIUM}, or where CHROMIUM says.")
        pytest.skip("needs Chromium at /usr/bin/chromium, or where CHROMIUM says")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """Start the app as the README says, with an empty cache; give its address."""
    del browser  # without one no server is needed
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    with log.open("w") as told:
        server = subprocess.Popen(  # noqa: S603 - our own words
            [*command, "--server.port", str(port), "--server.headless", "true"],
            cwd=tmp_path_factory.mktemp("empty"),
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))},
            stdout=told,
            stderr=subprocess.STDOUT,
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for(address + "/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)
    assert "Traceback" not in log.read_text(encoding="utf-8")


def _wait_for(url, server):
    for _ in range(240):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(url, timeout=1)  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.25)
        else:
            return
    pytest.fail("the server did not start")


@pytest.fixture(scope="module")
def windows(browser):
    """Keep one window a size, whose cache the pages share as a visitor's does."""
    opened = {}

    def window(size, scheme):
        key = (json.dumps(size), scheme)
        if key not in opened:
            opened[key] = browser.new_context(locale="de-DE", color_scheme=scheme, **size)
        return opened[key]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture
def visit(windows, address):
    """Open the app in a window of some size; at the end, nothing went wrong in it."""
    pages, wrong = [], []

    def visit(query, *, size=DESKTOP, scheme="light", script=None):
        page = windows(size, scheme).new_page()
        pages.append(page)
        page.set_default_timeout(ANSWER_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: wrong.append(asked.url) if _is_outside(asked) else None)
        if script:
            page.add_init_script(script)
        page.goto(f"{address}/{query}")
        page.locator('.walk-map[data-idle="1"]').wait_for(timeout=BUILT_MS)
        return page

    yield visit
    for page in pages:
        page.close()
    assert wrong == []


def _is_outside(request):
    return urlparse(request.url).hostname not in {"localhost", None, ""}


def tap(page, across, down):
    """Tap the map at a share of its width and height."""
    box = page.locator(".walk-map").bounding_box()
    x, y = box["x"] + box["width"] * across, box["y"] + box["height"] * down
    if page.evaluate("navigator.maxTouchPoints"):
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)


def settle(page):
    """Wait until streets, shadows and routes stand on the screen."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def link(page):
    return {key: values[0] for key, values in parse_qs(urlparse(page.url).query).items()}


def cards(page):
    shown = page.locator("article.walk:visible")
    expect(shown).to_have_count(2, timeout=ANSWER_MS)  # the chosen one and the shortest
    return shown.all_inner_texts()


@pytest.mark.parametrize(
    ("size", "start", "destination"),
    [(PHONE, (0.3, 0.25), (0.8, 0.8)), (DESKTOP, (0.55, 0.3), (0.72, 0.85))],
    ids=["phone", "desktop"],
)
def test_two_taps_give_two_walks_and_a_link_that_asks_them_again(visit, size, start, destination):
    page = visit(NOON, size=size)
    tap(page, *start)
    page.locator(".pin").wait_for()
    page.get_by_text("And where to?").wait_for()
    tap(page, *destination)
    told = cards(page)
    for card, title in zip(told, ("Shadiest walk", "Shortest walk"), strict=True):
        assert title in card
        assert re.search(r"\d+\smin · [\d.]+\sk?m · arrive 14:\d\d", card)
        assert re.search(r"\d+\smin in the sun", card)
    assert page.locator(".route-tag").count() == 2
    assert page.locator(".pin").count() == 2
    page.wait_for_url(re.compile("to="))  # the link is written last
    assert link(page)["at"] == "2026-07-15T14:00+03:00"

    page.reload()
    assert cards(page) == told
    page.locator(".pin").nth(1).wait_for()


def test_both_walks_are_painted(visit):
    page = visit(ASKED, size=PHONE)
    cards(page)
    settle(page)
    picture = Image.open(io.BytesIO(page.locator(".walk-map").screenshot())).convert("RGB")
    painted = {colour: n for n, colour in picture.getcolors(1 << 24)}
    assert len(painted) > 500
    for colour in ((0x00, 0x66, 0x4F), (0x2B, 0x31, 0x38)):  # the shadiest, the shortest
        assert painted.get(colour, 0) > 300


def reach(page):
    """Tell how far apart the pins of both ends stand, in pixels, once the map does."""
    before, now = None, 0.0
    while now != before:
        page.wait_for_timeout(400)
        boxes = [page.locator(".pin").nth(at).bounding_box() for at in (0, 1)]
        before, now = now, math.dist(*((box["x"], box["y"]) for box in boxes))
    return now


def test_a_short_walk_of_a_link_is_gone_to_and_no_one_is_fought(visit):
    """On a wide screen a walk of 300 m would be a speck; who then looks around is let be."""
    short = "from=60.17420,24.94590&to=60.17180,24.94450"
    page = visit(f"?{short}&at=2026-07-15T14:00&lang=en")
    cards(page)
    settle(page)
    assert reach(page) > 900 / 3
    for _ in range(4):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(400)
    settle(page)
    assert (before := reach(page)) < 900 / 6
    with page.expect_response(lambda response: "/shadow/" in response.url):
        page.get_by_role("button", name="Swap").click()
        page.locator(".hours").fill("1080")
    settle(page)
    assert abs(reach(page) - before) < 2


def tags(page):
    """Find where both tags stand once the map does."""
    before, now = None, []
    while now != before:
        page.wait_for_timeout(600)
        shown = page.locator(".route-tag")
        before, now = now, [shown.nth(at).bounding_box() for at in (0, 1)]
    return now


def test_two_tags_do_not_hide_each_other(visit):
    page = visit(ASKED, size=PHONE)
    cards(page)
    settle(page)
    for _ in range(3):
        a, b = tags(page)
        beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
        assert beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
        page.get_by_role("button", name="Zoom out").click()


def test_the_steps_and_crossings_of_a_walk_are_told_and_marked(visit):
    page = visit(ASKED, size=PHONE)
    assert all(re.search(r"\d+\scrossings?", card) for card in cards(page))
    page.get_by_text("The walk in words").first.click()
    steps = page.locator("article.walk").first.locator("li").all_inner_texts()
    assert len(steps) >= 3
    assert steps[0].startswith("Along ")
    assert any(re.search(r", on the (left|right)-hand \(\w+\) side: \d+\sm", one) for one in steps)
    page.locator(".legend").get_by_text("crossing").wait_for()
    assert page.evaluate(CUT_OFF) == []


def test_the_edge_of_the_data_is_named(visit):
    page = visit("?at=2026-07-15T06:00&lang=en", size=PHONE)
    page.locator(".legend").get_by_text("edge of data").wait_for()
    page.get_by_role("button", name="Deutsch").click()
    page.locator(".legend").get_by_text("Rand der Daten").wait_for()


def test_the_time_changes_sun_and_shadow_and_reloads_no_geometry(visit):
    page = visit(NOON)
    settle(page)
    before, fetched = page.locator(".walk-map canvas").screenshot(), []
    page.on("request", lambda request: fetched.append(urlparse(request.url).path))
    with (
        page.expect_response(lambda response: "/shadow/" in response.url),
        page.expect_response(lambda response: "/sun/" in response.url),
    ):
        page.locator(".hours").fill("1080")
    page.wait_for_function("new URL(location).searchParams.get('at') === null")  # no end yet
    settle(page)
    assert page.get_by_label("Time", exact=True).input_value() == "18:00"
    ours = [path for path in fetched if path.startswith("/map/city/")]
    assert {path.split("/")[4] for path in ours} == {"sun", "shadow"}
    assert page.locator(".walk-map canvas").screenshot() != before


def test_an_end_is_found_by_name(visit):
    page = visit(NOON, size=PHONE)
    field = page.get_by_role("combobox", name="Start")
    field.fill("rautatient")
    offered = page.locator("[role=option]")  # whoever walks is chosen from options as well
    offered.first.wait_for()
    assert 1 <= offered.count() <= 8
    field.press("ArrowDown")
    field.press("Enter")
    page.get_by_text("And where to?").wait_for()
    expect(field).to_have_value(re.compile("rautatient", re.IGNORECASE))
    page.wait_for_url(re.compile("from="))
    page.get_by_role("combobox", name="Destination").fill("xyzxyz")
    page.get_by_text("No place of that name.").first.wait_for()


def test_a_picked_stop_keeps_its_name(visit):
    page = visit("?lang=de")
    field = page.get_by_role("combobox", name="Start")
    field.fill("senaatintori")
    told = page.get_by_role("option").filter(has_text="Haltestelle")
    assert "Senaatintori" in told.inner_text()
    told.click()
    page.get_by_text("Und wohin?").wait_for()
    expect(page.locator(".pin")).to_have_attribute("aria-label", "A: Senaatintori")
    page.wait_for_url(re.compile("from="))  # the link is written last
    page.reload()
    expect(field).to_have_value("Senaatintori", timeout=ANSWER_MS)


def test_no_update_takes_what_one_types(visit):
    page = visit(ASKED)
    cards(page)
    field = page.get_by_role("combobox", name="Start")
    name = field.input_value()
    field.click()
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("zzz")
    page.locator("#budget").evaluate(CHANGE_BUDGET)
    page.wait_for_function("new URL(location).searchParams.get('budget') === '0.4'")
    page.keyboard.type("qq")
    page.get_by_text("No place of that name.").first.wait_for()
    assert field.input_value() == "zzzqq"
    page.keyboard.press("Tab")
    page.get_by_text("No place of that name.").first.wait_for(state="hidden")
    assert field.input_value() == name


# As another part of the page would: without taking the focus from the field.
CHANGE_BUDGET = "(slider) => { slider.value = 40; slider.dispatchEvent(new Event('change')); }"


def test_a_time_that_is_none_is_told_and_taken_back(visit):
    page = visit(ASKED)
    cards(page)
    field = page.get_by_label("Time", exact=True)
    field.fill("25:99")
    field.press("Enter")
    page.get_by_text("Type the time as HH:MM").wait_for()
    assert field.input_value() == "14:00"
    field.fill("15:30")
    field.press("Enter")
    page.get_by_text("Type the time as HH:MM").wait_for(state="hidden")
    page.wait_for_function("new URL(location).searchParams.get('at').includes('T15:30')")


def test_a_tap_beside_the_city_sets_no_end(visit):
    page = visit("?lang=en")
    for _ in range(3):
        page.get_by_role("button", name="Zoom out").click()
        page.wait_for_timeout(500)
    tap(page, 0.95, 0.7)
    page.get_by_text("This place is outside Helsinki.").wait_for()
    assert page.locator(".pin").count() == 0
    assert page.url.endswith("?lang=en")


def test_a_third_tap_asks_which_end_it_is(visit):
    page = visit(ASKED)
    cards(page)
    settle(page)
    before = link(page)
    tap(page, 0.6, 0.5)
    page.get_by_role("button", name="Destination here").click()
    page.wait_for_function(f"new URL(location).searchParams.get('to') !== '{before['to']}'")
    assert link(page)["from"] == before["from"]


def test_swap_budget_language_and_clear(visit):
    page = visit(ASKED)
    cards(page)
    settle(page)
    before = link(page)
    page.get_by_role("button", name="Swap start and destination").click()
    page.wait_for_function(f"new URL(location).searchParams.get('from') === '{before['to']}'")
    page.locator("#budget").fill("40")
    page.wait_for_function("new URL(location).searchParams.get('budget') === '0.4'")
    page.get_by_text("at most 40").wait_for()
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_text("Schattigster Weg").first.wait_for()
    page.wait_for_function("document.documentElement.lang === 'de'")
    page.get_by_role("button", name="Zurücksetzen").click()
    page.get_by_text("Tippe auf die Karte").wait_for()
    page.wait_for_url(re.compile(r"\?lang=de$"))
    assert page.locator(".pin").count() == 0


def test_the_link_can_be_copied(visit):
    page = visit(ASKED)
    cards(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_link_that_cannot_be_copied_is_shown(visit):
    page = visit(ASKED, script="Object.defineProperty(navigator, 'clipboard', { value: null });")
    cards(page)
    page.get_by_role("button", name="Copy link").click()
    assert page.get_by_role("textbox", name="Copy link").input_value() == page.url


def test_one_step_back_asks_the_question_of_before(visit):
    page = visit(ASKED)
    first = cards(page)
    page.locator(".hours").fill("600")
    page.wait_for_function("new URL(location).searchParams.get('at').includes('T10:00')")
    page.wait_for_function(
        "before => document.querySelector('article.walk').innerText !== before", arg=first[0]
    )
    page.go_back()
    page.wait_for_function(
        "before => document.querySelector('article.walk')?.innerText === before", arg=first[0]
    )


def test_on_a_phone_nothing_is_cut_off(visit):
    page = visit(NOON, size=PHONE)
    page.get_by_text("Tap the map").wait_for()
    assert page.locator(".walk-map").bounding_box()["height"] >= 0.6 * 844 - 1
    for query in (ASKED, f"?{ENDS}&at=2026-01-15T23:00&lang=de", "?lang=de"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.evaluate(CUT_OFF) == []
        page.goto(urljoin(page.url, query))
        page.locator(".st-key-answer section").wait_for()
        page.locator('.walk-map[data-idle="1"]').wait_for()


# What lies past the screen's sides, overflows its own box, or is too small for a finger.
CUT_OFF = """() => {
  const wrong = [];
  const look = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) look(node.shadowRoot);
      const box = node.getBoundingClientRect(), style = getComputedStyle(node);
      if (!box.width || !box.height || style.visibility === 'hidden') continue;
      const unseen = node.closest('.unseen, .skip:not(:focus), .maplibregl-canvas-container');
      if (unseen) continue;
      const name = node.tagName + '.' + node.className;
      if (box.left < -1 || box.right > innerWidth + 1) wrong.push('off the side: ' + name);
      const text = node.matches('p, h1, h2, button, label, li, summary');
      if (text && node.scrollWidth > node.clientWidth + 1) wrong.push('cut: ' + name);
      const touched = node.matches('button, input, select, summary, [role=option]');
      if (touched && box.height < 43.5) wrong.push(`low, ${box.height} px: ` + name);
      if (touched && box.width < 43.5) wrong.push(`narrow, ${box.width} px: ` + name);
    }
  };
  look(document.querySelector('[data-testid=stMain]'));
  return wrong;
}"""


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        assert not os.environ.get("CI"), "CI needs axe-core, which the build hook installs"
        pytest.skip("needs axe-core, which `npm ci` in the frontend installs")
    return AXE.read_text(encoding="utf-8")


def test_axe_finds_nothing(visit, axe):
    for scheme in ("light", "dark"):
        page = visit(ASKED, scheme=scheme)
        cards(page)
        page.evaluate(axe)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size["viewport"])
            settle(page)
            assert _violations(page) == []
        page.get_by_role("button", name="Clear").click()
        page.get_by_text("Tap the map").wait_for()
        assert _violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_hides_the_sun_is_told_and_shown_on_a_phone(visit, axe, scheme):
    page = visit(f"?{ENDS}&at=2026-07-15T10:00&lang=en", size=PHONE, scheme=scheme)
    cards(page)
    page.get_by_role("button", name="Does the shade not match?").click()
    page.locator(".sight").wait_for()
    page.get_by_label("Place, address or coordinates").fill("60.17000,24.94000")
    page.keyboard.press("Enter")
    page.locator(".sight").get_by_text("Seurahuoneen talo").wait_for()
    page.wait_for_function("document.querySelector('.sight img').naturalWidth > 700")
    assert "check=" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(axe)
    assert _violations(page) == []
    page.get_by_role("button", name="Close").click()
    page.locator(".sight").wait_for(state="detached")


def test_a_third_tap_may_check_the_shade_there(visit):
    page = visit(ASKED, size=PHONE)
    cards(page)
    settle(page)
    tap(page, 0.85, 0.8)  # off every walk, which a tap would choose
    page.get_by_role("button", name="Check the shade here").click()
    page.locator(".sight").wait_for()
    page.wait_for_function("document.querySelector('.sight img').naturalWidth > 700")
    assert page.locator(".pin").count() == 3
    assert page.locator(".pin-head.check").inner_text() == "?"
    page.get_by_role("button", name="Clear").click()
    page.locator(".sight").wait_for(state="detached")
    page.locator(".pin").first.wait_for(state="detached")
    assert "check=" not in page.url


def _violations(page):
    # Streamlit's own link to skip to its main part stands, as such links do, outside of any.
    found = page.evaluate("axe.run({ exclude: ['[data-testid=stSkipToContent]'] })")
    assert len(found["passes"]) > 10
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]
    ]


def test_without_webgl_the_walks_are_still_told(visit):
    context_less = "HTMLCanvasElement.prototype.getContext = ((old) => function (kind, ...rest) {\
        return kind.startsWith('webgl') ? null : old.call(this, kind, ...rest);\
    })(HTMLCanvasElement.prototype.getContext);"
    page = visit(ASKED, script=context_less)
    assert "lacks WebGL 2" in page.get_by_role("alert").inner_text()
    assert "Shadiest walk" in cards(page)[0]
    page.get_by_text("The walk in words").first.click()
    page.locator("article.walk li").first.wait_for()


# --- the city's face

needs_score = pytest.mark.skipif(find_spec("hiro.score") is None, reason="needs hiro.score")
HEAT = "?face=heat&lang=en"
# Counts what the page sends to the server.
COUNT_SENT = """
const send = WebSocket.prototype.send;
window.sent = 0;
WebSocket.prototype.send = function (...told) { window.sent += 1; return send.apply(this, told); };
"""
WITHOUT_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest);
};
"""


def rows(page):
    """Wait for the list of objects, which the first visitor's heat may take long to fill."""
    found = page.locator(".heat-rows button")
    found.first.wait_for(timeout=BUILT_MS)
    return found


@needs_score
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_hours_of_the_heat_turn_in_the_browser_alone(visit, size):
    page = visit(HEAT, size=size, script=COUNT_SENT)
    rows(page)
    settle(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    sent, hottest = page.evaluate("window.sent"), picture_of(page)
    page.locator("#heat-hour").fill("4")
    page.get_by_text("04:00").first.wait_for()
    page.wait_for_timeout(500)
    assert picture_of(page) != hottest
    assert page.evaluate("window.sent") == sent
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == []
    assert link(page)["hour"] == "4"


def picture_of(page):
    return page.locator(".heat-map canvas").first.screenshot()


@needs_score
def test_an_object_is_looked_at_and_its_link_shows_it_again(visit):
    page = visit(f"{HEAT}&hour=14", size=PHONE)
    first = rows(page).first
    name = first.locator("b").inner_text()
    first.click()
    heading = page.locator(".heat-site h2")
    assert heading.inner_text() == name
    assert heading.evaluate("node => node === node.getRootNode().activeElement")
    told = page.locator(".site-body").inner_text()
    for part in ("Level of this object, no official warning", "Design day: 20 July", "UTCI"):
        assert part in told
    assert page.locator(".heat-panel").inner_text().count("(DWD)") == 1
    assert page.locator(".hour-bars rect.bar").count() in range(1, 26)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF) == []
    page.reload()
    expect(page.locator(".heat-site h2")).to_have_text(name, timeout=BUILT_MS)
    page.get_by_role("button", name="To the list").click()
    rows(page)
    assert "site" not in link(page)


@needs_score
def test_one_step_back_leads_from_an_object_to_the_list_as_it_was(visit):
    page = visit(f"{HEAT}&hour=14", size=PHONE)
    rows(page)
    page.get_by_role("searchbox").fill("a")
    page.get_by_label("Kind").select_option("bus_stop")
    before = rows(page).all_inner_texts()
    n_steps = page.evaluate("history.length")
    for leave in (
        page.go_back,
        lambda: page.keyboard.press("Escape"),
        page.get_by_role("button", name="To the list").click,
    ):
        rows(page).nth(1).click()
        page.locator(".heat-site h2").wait_for()
        assert "site" in link(page)
        page.locator("#heat-hour").fill("15")
        leave()
        page.locator(".heat-site").wait_for(state="detached")
        settle(page)  # the server has answered the step
        sifted = {"q": "a", "kind": "bus_stop"}
        assert link(page) == {"face": "heat", "lang": "en", "hour": "15", **sifted}
        assert page.get_by_role("searchbox").input_value() == "a"
        assert page.get_by_label("Kind").input_value() == "bus_stop"
        assert rows(page).count() == len(before)
        assert page.locator("#heat-hour").input_value() == "15"
        assert page.evaluate("history.length") == n_steps + 1
    page.go_forward()
    page.locator(".heat-site h2").wait_for()
    settle(page)
    assert page.locator(".heat-site h2").is_visible()


@needs_score
def test_while_heat_is_awaited_the_page_speaks_the_language_of_the_link(visit):
    page = visit(HEAT)
    rows(page)
    held = []
    page.route(re.compile(r"/heat/"), lambda route: held.append(route))  # noqa: PLW0108 - a plain one
    page.get_by_label("Day", exact=True).fill("2026-12-21")
    page.get_by_text("Reckoning the heat of 21 December 2026").first.wait_for()
    assert page.locator("#heat-hour").is_disabled()
    assert (
        page.locator("#heat-hour").evaluate("node => node.style.getPropertyValue('--track')") == ""
    )
    assert page.locator(".heat.stale").count() == 1
    assert page.locator(".heat-rows button").count() > 0
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_text("Die Hitze am 21. Dezember 2026 wird berechnet").first.wait_for()
    assert page.locator("#heat-hour").get_attribute("aria-label") == "Uhrzeit"
    assert "Beim ersten Mal" not in page.locator(".map-status").inner_text()
    page.evaluate("window.ask = fetch; fetch = async () => new Response(null, { status: 503 });")
    page.get_by_label("Tag", exact=True).fill("2026-12-23")
    page.get_by_text("zu viele andere Tage").wait_for()
    page.evaluate("fetch = window.ask;")
    page.unroute_all()
    page.get_by_label("Tag", exact=True).fill("2026-12-22")
    page.get_by_text("Sonne vom 22. Dezember 2026, Luft wie an einem Hitzetag").wait_for(
        timeout=BUILT_MS
    )
    assert page.locator(".heat.stale").count() == 0


@needs_score
def test_the_list_is_sifted_by_words_and_kinds(visit):
    page = visit(HEAT)
    everything = rows(page).count()
    page.get_by_role("searchbox").fill("zzzz")
    page.get_by_text("No place fits").wait_for()
    page.get_by_role("button", name="Show all places").click()
    assert rows(page).count() == everything
    page.get_by_label("Kind").select_option("tram_stop")
    page.wait_for_function("document.activeElement !== null")
    assert all("Tram stop" in text for text in rows(page).all_inner_texts())
    rows(page).first.focus()
    page.keyboard.press("Enter")
    page.locator(".heat-site h2").wait_for()


@needs_score
def test_another_language_and_another_day_keep_what_is_looked_at(visit):
    page = visit(f"{HEAT}&hour=14")
    rows(page).first.click()
    page.wait_for_function("new URL(location).searchParams.has('site')")
    site = link(page)["site"]
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_text("Objektstufe, keine amtliche Warnung").first.wait_for()
    page.wait_for_function("document.documentElement.lang === 'de'")
    assert (link(page)["site"], link(page)["hour"]) == (site, "14")
    page.get_by_label("Tag", exact=True).fill("2026-08-03")
    page.wait_for_function("new URL(location).searchParams.get('day') === '2026-08-03'")
    page.locator(".heat-site .note", has_text="3. August 2026").wait_for(timeout=BUILT_MS)
    assert (link(page)["site"], link(page)["hour"]) == (site, "14")


@needs_score
def test_axe_finds_nothing_in_the_heat(visit, axe):
    for scheme in ("light", "dark"):
        page = visit(HEAT, scheme=scheme)
        rows(page)
        page.evaluate(axe)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size["viewport"])
            settle(page)
            assert _violations(page) == []
        rows(page).first.click()
        page.get_by_text("Hours as a table").click()
        page.locator(".helps .offer").first.wait_for(timeout=BUILT_MS)
        assert _violations(page) == []


@needs_score
def test_on_a_phone_the_heat_is_not_cut_off(visit):
    page = visit("?face=heat&lang=de", size=PHONE)
    rows(page)
    assert page.locator(".heat-map").bounding_box()["height"] >= 0.6 * 844 - 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF) == []


@needs_score
def test_without_webgl_the_heat_is_a_list(visit):
    page = visit(HEAT, script=WITHOUT_WEBGL)
    rows(page)
    assert "lacks WebGL 2" in page.locator(".no-map").inner_text()
    rows(page).first.click()
    page.locator(".hour-bars").wait_for()


@needs_score
def test_each_face_leads_to_the_other(visit):
    page = visit(NOON)
    page.get_by_role("link", name="Local heat").click()
    rows(page).first.click()
    page.get_by_role("link", name="Walk here in the shade").click()
    page.get_by_role("combobox", name="Destination").wait_for()
    assert "to" in link(page)
    assert "face" not in link(page)


# --- measures and plans

needs_plan = pytest.mark.skipif(find_spec("hiro.plan") is None, reason="needs hiro.plan")
PLAN = f"{HEAT}&budget=150000"


def works(page):
    """Wait for the works of a plan, before which all measures may have to be reckoned."""
    found = page.locator(".works button")
    found.first.wait_for(timeout=BUILT_MS)
    return found


def proven(page):
    """Wait until the plan is the best one, and tried out."""
    works(page)
    page.locator('.plan-answer[aria-busy="false"]').wait_for(timeout=BUILT_MS)
    page.get_by_text("Proven: no other plan").wait_for(timeout=BUILT_MS)
    page.get_by_text("Sure recommendation:").wait_for(timeout=BUILT_MS)


def spent(page):
    """Read the cost in euros."""
    told = page.locator(".plan-sums dd").first.inner_text()
    return int(re.search(r"€([\d,]+)", told)[1].replace(",", ""))


@needs_plan
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_plan_is_opened_changed_and_kept_in_the_link(visit, size):
    page = visit(HEAT, size=size)
    rows(page)
    page.get_by_role("button", name="Plan", exact=True).click()
    proven(page)
    assert link(page)["budget"] == "150000"
    assert 0 < spent(page) <= 150_000
    before = works(page).count()

    slider = page.get_by_role("slider", name="Budget in steps")
    assert slider.get_attribute("aria-valuetext") == "€150,000"
    slider.focus()
    with page.expect_response(lambda answer: "/live.json" in answer.url):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function("new URL(location).searchParams.get('budget') === '125000'")
    proven(page)
    assert slider.get_attribute("aria-valuetext") == "€125,000"
    assert spent(page) <= 125_000

    page.get_by_label("Budget in euros").fill("1000")
    page.keyboard.press("Enter")
    page.wait_for_function("new URL(location).searchParams.get('budget') === '1000'")
    proven(page)
    assert spent(page) <= 1_000
    assert works(page).count() < before
    told = page.locator(".plan-answer").inner_text()
    page.reload()
    proven(page)
    expect(page.locator(".plan-answer")).to_have_text(told, use_inner_text=True)

    page.get_by_role("button", name="Places", exact=True).click()
    rows(page)
    page.wait_for_function("!new URL(location).searchParams.has('budget')")
    page.go_back()
    proven(page)
    assert link(page)["budget"] == "1000"


@needs_plan
def test_thousands_may_have_dots_and_the_same_again_is_proven_again(visit):
    page = visit(PLAN)
    proven(page)
    field = page.get_by_label("Budget in euros")
    field.fill("80.000")
    page.keyboard.press("Enter")
    page.wait_for_function("new URL(location).searchParams.get('budget') === '80000'")
    proven(page)
    assert 1_000 < spent(page) <= 80_000
    field.fill("150000")
    field.fill("80000")  # the browser tells of no change, as it ends where it began
    page.get_by_text("Proven: no other plan").wait_for(timeout=BUILT_MS)
    proven(page)
    assert link(page)["budget"] == "80000"


@needs_plan
def test_fairness_has_a_price_and_upkeep_a_limit(visit):
    page = visit(PLAN)
    proven(page)
    page.get_by_label("Spread fairly over the districts").check()
    page.locator(".fair-price").wait_for()
    proven(page)
    assert link(page)["fair"] == "1"
    page.get_by_text("By district").click()
    assert page.locator(".plan-answer details tbody tr").count() >= 2
    page.get_by_label("Upkeep a year at most").fill("2000")
    page.keyboard.press("Enter")
    page.wait_for_function("new URL(location).searchParams.get('upkeep') === '2000'")
    proven(page)
    upkeep = page.locator(".plan-sums dd").nth(1).inner_text()
    assert int(re.sub(r"\D", "", upkeep)) <= 2_000
    assert page.locator(".plan-answer details").get_attribute("open") is not None


@needs_plan
def test_the_map_shows_how_it_is_and_how_it_will_be(visit):
    page = visit(PLAN)
    proven(page)
    settle(page)
    assert page.locator(".heat-legend").get_by_text("in the plan").is_visible()
    after = picture_of(page)
    page.get_by_role("button", name="now", exact=True).click()
    settle(page)
    assert page.get_by_role("button", name="now", exact=True).evaluate(
        "node => node === node.getRootNode().activeElement"
    )
    assert picture_of(page) != after
    page.get_by_role("button", name="with plan", exact=True).click()
    settle(page)
    assert picture_of(page) == after
    page.get_by_role("button", name="Places", exact=True).click()
    expect(page.locator(".heat-legend").get_by_text("in the plan")).to_have_count(0)


@needs_plan
def test_what_helps_at_an_object_is_told(visit, axe):
    page = visit(PLAN, size=PHONE)
    proven(page)
    name = works(page).first.locator("b").inner_text()
    works(page).first.click()
    assert page.locator(".heat-site h2").inner_text() == name
    offers = page.locator(".helps .offer")
    offers.first.wait_for(timeout=BUILT_MS)
    told = page.locator(".helps").inner_text()
    for part in ("What helps here", "In the plan for", "°C cooler", "€", "Not possible here ("):
        assert part in told
    for details in page.locator(".helps summary").all():
        details.click()
    assert "To be checked before" in page.locator(".helps").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(axe)
    assert _violations(page) == []
    page.get_by_role("button", name="To the list").click()
    expect(works(page).first).to_be_focused()
    assert link(page)["budget"] == "150000"


@needs_plan
def test_another_language_keeps_the_plan(visit):
    page = visit(f"{PLAN}&fair=1")
    proven(page)
    n_works = works(page).count()
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_text("Bewiesen: kein anderer Plan").wait_for()
    page.wait_for_function("document.documentElement.lang === 'de'")
    assert works(page).count() == n_works
    asked = link(page)
    assert (asked["budget"], asked["fair"], asked["lang"]) == ("150000", "1", "de")


@needs_plan
def test_a_plan_can_be_saved(visit):
    page = visit(PLAN)
    proven(page)
    with page.expect_download() as begun:
        page.get_by_role("link", name="as JSON", exact=True).click()
    told = json.loads(Path(begun.value.path()).read_text(encoding="utf-8"))
    assert begun.value.suggested_filename.endswith("-150000.json")
    assert told["cost_eur"] == spent(page)
    assert len(told["sites"]) == works(page).count()


@needs_plan
def test_axe_finds_nothing_in_a_plan_and_nothing_is_cut_off(visit, axe):
    for scheme in ("light", "dark"):
        page = visit(f"{PLAN}&fair=1", scheme=scheme)
        proven(page)
        page.get_by_text("By district").click()
        page.evaluate(axe)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size["viewport"])
            settle(page)
            assert _violations(page) == []
            assert page.evaluate(CUT_OFF) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@needs_plan
def test_while_measures_are_reckoned_it_is_told_how_long(visit):
    page = visit(HEAT)
    rows(page)
    state = {"status": 202, "body": '{"since": 7, "about": 300}'}
    page.route(re.compile(r"/options\.json"), lambda route: route.fulfill(**state))
    page.get_by_role("button", name="Plan", exact=True).click()
    page.get_by_text("This takes about 5\N{NO-BREAK SPACE}minutes").wait_for()
    assert "For 7\N{NO-BREAK SPACE}seconds so far" in page.locator(".plan-status").inner_text()
    assert page.get_by_label("Budget in euros").is_hidden()
    state |= {"status": 200, "body": '{"fault": "No options."}'}
    page.get_by_text("could not be reckoned: No options.").wait_for()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    proven(page)


@needs_plan
def test_without_webgl_a_plan_is_a_list(visit):
    page = visit(PLAN, script=WITHOUT_WEBGL)
    proven(page)
    works(page).first.click()
    page.locator(".helps .offer").first.wait_for()
