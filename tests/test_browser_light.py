"""The light of a day in the browser: the slider and the playing day ask the server for nothing."""

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from starlette.routing import Router
from test_browser import NOON, PHONE, ROOT, _wait_for, browser, settle, visit, windows
from test_map import ask

from solarpass.map.opening import open_scene
from solarpass.map.server import city_address, routes

__all__ = ["browser", "visit", "windows"]  # fixtures

DAY = date(2026, 7, 15)
LONG_DAY = date(2026, 10, 25)  # on which an hour comes twice
TIMEOUT_S = 300
MARGIN_PX = 20  # the panel's shadow
SLIDE = """(hours, minutes) => {
  hours.value = minutes;
  hours.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


def get(scene, day):
    return asyncio.run(ask(Router(routes()), f"{city_address(scene)}/day/{day}", ""))


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """Start the app; give its address."""
    del browser  # without one no server is needed
    folder = tmp_path_factory.mktemp("light")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    with (folder / "log").open("w") as told:
        server = subprocess.Popen(  # noqa: S603 - our own words
            [*command, "--server.port", str(port), "--server.headless", "true"],
            cwd=folder,
            env={**os.environ},
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


# --- the day as it is sent


@pytest.mark.parametrize(("day", "n_slots"), [(DAY, 288), (LONG_DAY, 300)])
def test_a_day_holds_what_each_instant_is_sent(scene, day, n_slots):
    _, headers, body = get(scene, day)
    assert "immutable" in headers["cache-control"]
    length = int.from_bytes(body[:4], "little")
    head = json.loads(body[4 : 4 + length])
    rows = np.frombuffer(body[4 + length :], np.uint8).reshape(-1, head["n_edges"])
    assert {len(rows), *(len(head[name]) for name in head if name != "n_edges")} == {n_slots}
    times = scene.atlas.shade_on(day).times
    for row in (0, 100, 150, 287):
        assert rows[row].tobytes() == scene.sun_bytes(times[row].to_pydatetime())
        assert (head["elevation_deg"][row] <= 0) == scene.is_night(times[row].to_pydatetime())


@pytest.mark.parametrize("day", ["now", "20260715", "2026-02-30", "1066-10-14", "2026-W29-3"])
def test_what_is_no_day_is_not_found(scene, day):
    assert get(scene, day)[0] == 404


# --- the day as it is seen


def hear(page):
    """List what is asked of the server from now on, by fetch and by message."""
    heard = []
    page.on("request", lambda asked: heard.append(asked.url))
    return heard


def slide(page, minutes):
    """Drag the slider, without letting go."""
    page.locator(".hours").evaluate(SLIDE, minutes)
    page.wait_for_timeout(400)


def picture(page):
    """Take what stands still of the map, as a digest: pytest would compare long bytes for hours."""
    panel, canvas = (
        page.locator(name).bounding_box() for name in (".st-key-panel", ".walk-map canvas")
    )
    left = panel["x"] + panel["width"] + MARGIN_PX  # what the panel covers tells the time
    clip = {**canvas, "x": left, "width": canvas["width"] - (left - canvas["x"])}
    before, shown = None, b""
    while shown != before:
        before, shown = shown, page.screenshot(clip=clip)
    return hashlib.sha256(shown).hexdigest()


def test_the_slider_moves_the_light_and_asks_for_nothing(visit):
    page = visit(NOON)
    settle(page)
    page.evaluate("""() => {
      const send = WebSocket.prototype.send;
      window.messages = 0;
      WebSocket.prototype.send = function (told) { window.messages += 1; send.call(this, told); };
    }""")
    before, sent = picture(page), hear(page)
    seen = set()
    for minutes in (540, 780, 1140):
        slide(page, minutes)
        seen.add(picture(page))
    assert page.get_by_label("Time", exact=True).input_value() == "19:00"
    assert (sent, page.evaluate("window.messages")) == ([], 0)
    assert len(seen - {before}) == 3
    slide(page, 60)  # at night no street is lit or shaded
    night = picture(page)
    slide(page, 75)
    assert picture(page) == night
    assert sent == []


def test_the_day_plays_and_rests_where_it_is_stopped(visit):
    page = visit(NOON, size=PHONE)
    settle(page)
    play = page.get_by_role("button", name="Play the day")
    box = play.bounding_box()
    assert min(box["width"], box["height"]) >= 44
    sent = hear(page)
    play.click()
    page.wait_for_timeout(1500)
    assert sent == []
    page.get_by_role("button", name="Pause").click()
    settle(page)
    stopped = page.get_by_label("Time", exact=True).input_value()
    assert stopped > "14:00"
    assert any("/sun/" in asked for asked in sent)
    page.wait_for_timeout(400)
    assert page.get_by_label("Time", exact=True).input_value() == stopped
