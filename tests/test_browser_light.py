"""The light of a day in the browser: the slider and the playing day ask the server for nothing."""

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
import shapely
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


def test_the_dial_tells_where_the_sun_stands(visit):
    page = visit(NOON, size=PHONE)
    settle(page)
    dial = page.locator(".sun-dial svg")
    dial.wait_for()
    noon = dial.get_attribute("aria-label")
    assert noon.startswith("The sun stands in the south")
    slide(page, 540)
    assert dial.get_attribute("aria-label").startswith("The sun stands in the east, 30° up")
    assert page.locator(".sun-dial .sun").is_visible()
    slide(page, 60)
    assert dial.get_attribute("aria-label") == "Night: no sun"
    assert not page.locator(".sun-dial .sun").is_visible()


# --- shadows that move


CAST = """(frame) => {
  const { layer } = frame.shadows.moving;
  return new Promise((resolve) => {
    layer.map.once("render", () => resolve(layer.sun));
    layer.map.triggerRepaint();
  });
}"""
# Where the middles of pixels lie, at which the graphics card looks, and what it found there.
MARKS = """(frame, pixels) => {
  const { map } = frame.shadows;
  const places = pixels.map(([x, y]) => map.unproject([x + 0.5, y + 0.5]).toArray());
  return { places, marks: frame.shadows.moving.layer.marksAt(places) };
}"""
LOOK = """(frame, center) => new Promise((resolve) => {
  const { map } = frame.shadows;
  map.once("idle", resolve);
  map.jumpTo({ center, zoom: 16 });
})"""
N_PLACES = 4000
CHANNELS = ((0, 0), (0, 1), (1, 2))  # of solids and of the layers: what hangs, and crowns


def sweep(casters, eye_m, azimuth_deg, elevation_deg):
    """Draw all that prisms and cylinders shade on the level of the eye, exactly, in parts."""
    turn = np.radians(azimuth_deg)
    step = -np.array([np.sin(turn), np.cos(turn)]) / np.tan(np.radians(elevation_deg))
    low = np.maximum(casters.base_m - eye_m, 0.0)
    high = casters.top_m - eye_m
    outlines = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, casters.xy, (casters.ring_start, casters.ring_of)
    )
    shaded = []
    for outline, base, top in zip(outlines, low, high, strict=False):
        if top <= 0.0:
            continue
        shaded += [shapely.transform(outline, lambda xy, h=h: xy + h * step) for h in (base, top)]
        for ring in (outline.exterior, *outline.interiors):
            for a, b in pairwise(shapely.get_coordinates(ring)):
                side = [a + base * step, b + base * step, a + top * step, b + top * step]
                shaded.append(shapely.convex_hull(shapely.multipoints(side)))
    for (x, y, radius), base, top in zip(
        casters.disc, low[len(outlines) :], high[len(outlines) :], strict=True
    ):
        if top > 0.0:
            middle = shapely.LineString([(x, y) + base * step, (x, y) + top * step])
            shaded.append(middle.buffer(radius, quad_segs=64))
    return shaded


@pytest.mark.parametrize("minutes", [540, 1170])
def test_moving_shadows_are_those_of_exact_polygons(visit, scene, minutes):
    page = visit(NOON)
    settle(page)
    frame = page.locator(".walk-map")
    surface = scene.atlas.surface
    middle = scene.city.to_degrees([(100.0, 200.0)])[0][::-1].tolist()
    frame.evaluate(LOOK, middle)
    page.wait_for_timeout(500)  # for the pieces to come
    slide(page, minutes)
    sun = frame.evaluate(CAST)
    assert sun["elevation"] > 10.0
    pixels = np.random.default_rng(minutes).integers((0, 0), (1440, 900), (N_PLACES, 2))
    found = frame.evaluate(MARKS, pixels.tolist())
    marks = np.array(found["marks"]) > 127
    longitude, latitude = np.array(found["places"]).T
    points = shapely.points(scene.city.to_local(latitude, longitude))
    casters, eye_m = (surface.solids, *surface.layers), surface.model.eye_m
    # Indoors and beyond the extent no shade is drawn.
    footprints = shapely.STRtree(sweep(surface.solids, eye_m, 0.0, 90.0))
    outdoors = shapely.intersects(surface.extent, points)
    outdoors[footprints.query(points, predicate="intersects")[0]] = False
    assert (marks[:, 3] == ~outdoors).mean() > 0.995
    wrong = np.zeros(len(points), bool)
    for channel in {channel for channel, _ in CHANNELS}:
        shapes = [
            shape
            for own, row in CHANNELS
            if own == channel and row < len(casters)
            for shape in sweep(casters[row], eye_m, sun["azimuth"], sun["elevation"])
        ]
        tree = shapely.STRtree(shapes)
        shaded = np.zeros(len(points), bool)
        shaded[np.unique(tree.query(points, predicate="intersects")[0])] = True
        differs = outdoors & (marks[:, channel] != shaded)
        wrong |= differs
        for point in points[differs]:
            near = tree.query(point, predicate="dwithin", distance=3.0)
            rim = shapely.union_all([shapes[row] for row in near]).boundary
            assert rim.distance(point) < 1.0
    assert wrong[outdoors].mean() <= 0.005
    assert 0.05 < marks[outdoors, 0].mean() < 0.95  # there is something to tell apart
