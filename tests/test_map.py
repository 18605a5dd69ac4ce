"""What the browser draws is what the library says, at addresses that never go stale."""

import asyncio
import gzip
import json
import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from starlette.routing import Router

from solarpass.directions import crossings_of
from solarpass.map import bundle, routes
from solarpass.map.answer import find_answer
from solarpass.map.card import tell_answer, tell_saved
from solarpass.map.opening import STEPS, open_scene
from solarpass.map.payload import map_payload
from solarpass.map.question import MOST_BUDGET, Question
from solarpass.map.scene import (
    DEEPEST_ALPHA,
    HATCH_ALPHA,
    HATCH_RGB,
    SHADES,
    WINDOW_M,
    Scene,
    build_scene,
    encode_shadow,
    shadow_png,
)
from solarpass.map.server import stamp
from solarpass.sentence import tell_crossings
from solarpass.words import Words

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 7, 15, 13, 20, tzinfo=HELSINKI)
FRONTEND = Path(bundle.__file__).parent / "frontend"
TIMEOUT_S = 120


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


@pytest.fixture(scope="module")
def fetch(scene):
    """Ask the app's own routes, without a server: status, headers and body."""
    router = Router(routes())

    def fetch(path, query=""):
        path = path.format(scene=f"/map/city/{scene.digest}")
        return asyncio.run(ask(router, path, query))

    return fetch


async def ask(router, path, query):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [],
    }
    await router(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return sent[0]["status"], headers, body


# --- the base map


def test_every_street_is_drawn_where_the_network_has_it(scene):
    drawn = json.loads(gzip.decompress(scene.layers["streets"]))["features"]
    network = scene.atlas.network
    assert [feature["id"] for feature in drawn] == list(range(network.n_edges))
    for edge in range(0, network.n_edges, 97):
        lonlat = np.array(drawn[edge]["geometry"]["coordinates"])
        xy = scene.city.to_local(lonlat[:, 1], lonlat[:, 0])
        assert np.abs(xy - network.geometry(edge)).max() < 0.1


def test_pavements_and_links_are_told_apart_from_other_streets(scene):
    drawn = json.loads(gzip.decompress(scene.layers["streets"]))["features"]
    network = scene.atlas.network
    part = np.array([feature["properties"].get("part", "") for feature in drawn])
    is_link = (network.crossing > 0) | (network.length_m == 0.0)
    assert np.array_equal(part == "link", is_link)
    open_air = ~is_link & ~network.is_covered
    assert np.array_equal(part == "covered", ~is_link & network.is_covered)
    assert np.array_equal(part == "pavement", open_air & (network.side > 0))
    assert (part == "covered").any()


def test_layers_are_geojson_with_text_or_nothing(scene):
    for name, packed in scene.layers.items():
        features = json.loads(gzip.decompress(packed))["features"]
        assert features, name
        told = [value for feature in features for value in feature["properties"].values()]
        assert all(isinstance(value, str) for value in told)


def test_the_digest_changes_with_the_city_only(scene, helsinki):
    assert build_scene(helsinki).digest == scene.digest


# --- sun and shadow


def test_the_streets_have_the_sun_of_the_table(scene):
    table = scene.atlas.shade_on(NOON.date())
    sun_fraction = table.sun_fraction(table.row_at(NOON))
    shown = np.frombuffer(scene.sun_bytes(NOON), np.uint8)
    known = ~np.isnan(sun_fraction)
    assert (shown[~known] == 255).all()
    assert np.abs(shown[known] / 254 - sun_fraction[known]).max() <= 0.5 / 254 + 1e-12


shares = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.one_of(st.just(np.nan), st.floats(0, 1, width=32)),
)


@given(shares)
def test_a_shadow_picture_is_as_dark_as_the_shade(sun):
    picture = np.asarray(Image.open(BytesIO(encode_shadow(sun))).convert("RGBA"))
    shade = np.where(np.isnan(sun), 0.0, 1.0 - sun)
    alpha = picture[..., 3] / DEEPEST_ALPHA
    assert np.abs(alpha - shade).max() <= 0.5 / (SHADES - 1) + 0.5 / DEEPEST_ALPHA + 1e-6


@given(shares, st.randoms(use_true_random=False))
def test_the_unknown_is_hatched_and_what_is_indoors_stays_clear(sun, random):
    is_indoors = np.isnan(sun) & (np.reshape([random.random() for _ in sun.flat], sun.shape) < 0.5)
    packed = encode_shadow(sun, is_indoors=is_indoors)
    picture = np.asarray(Image.open(BytesIO(packed)).convert("RGBA"))
    plain = np.asarray(Image.open(BytesIO(encode_shadow(sun))).convert("RGBA"))
    unknown = np.isnan(sun) & ~is_indoors
    assert np.array_equal(picture[~unknown], plain[~unknown])
    is_striped = (picture[..., :3] == HATCH_RGB).all(axis=-1)
    assert (picture[..., 3][unknown] == np.where(is_striped, HATCH_ALPHA, 0)[unknown]).all()
    assert not (is_striped & ~unknown).any()


def test_ground_that_shadows_from_beyond_may_reach_is_hatched(scene):
    """At noon that is the rim in the south, but for its buildings."""
    picture = np.asarray(Image.open(BytesIO(shadow_png(scene, NOON, "city"))).convert("RGBA"))
    is_striped = (picture[..., :3] == HATCH_RGB).all(axis=-1)
    assert is_striped[-12:-2].mean() > 0.05
    assert not is_striped[2:-100, 100:-100].any()
    west, south, east, north = scene.window_bounds("city")
    at = np.meshgrid(np.arange(west, east) + 0.5, np.arange(north, south, -1.0) - 0.5)
    houses = scene.city.buildings[scene.city.buildings["casts"].astype(bool)]
    indoors = shapely.union_all(houses.geometry.to_numpy()).buffer(-1.5)
    shapely.prepare(indoors)
    assert not (is_striped[-60:] & shapely.contains_xy(indoors, *(of[-60:] for of in at))).any()


def test_a_shadow_picture_lies_on_its_corners(scene):
    west, south, east, north = scene.window_bounds("city")
    picture = Image.open(BytesIO(shadow_png(scene, NOON, "city")))
    assert picture.size == (east - west, north - south)
    lonlat = np.array(scene.corners("city"))
    xy = scene.city.to_local(lonlat[:, 1], lonlat[:, 0])
    assert np.allclose(xy, [(west, north), (east, north), (east, south), (west, south)], atol=1e-3)


def test_a_shadow_points_north_at_noon(scene):
    """Cells just north of a wall are darker than cells just south of it."""
    picture = np.asarray(
        Image.open(BytesIO(shadow_png(scene, NOON, "city"))).convert("RGBA"), float
    )[..., 3]
    west, _, _, north = scene.window_bounds("city")
    houses = scene.city.buildings[scene.city.buildings["height_m"] > 15]
    boxes = houses.geometry.bounds.to_numpy()
    dark = {-1: [], 1: []}
    for x0, y0, x1, y1 in boxes:
        for side, y in ((1, y1 + 3), (-1, y0 - 3)):
            row, column = int(north - y), int((x0 + x1) / 2 - west)
            if 0 <= row < picture.shape[0] and 0 <= column < picture.shape[1]:
                dark[side].append(picture[row, column])
    assert np.mean(dark[1]) > np.mean(dark[-1]) + 20


def test_night_is_night_and_the_day_lies_between(scene):
    sunrise, sunset = scene.daylight(date(2026, 7, 15))
    assert not scene.is_night(sunrise + timedelta(minutes=5))
    assert scene.is_night(sunset + timedelta(minutes=5))
    assert scene.is_night(datetime(2026, 12, 21, 8, 0, tzinfo=HELSINKI))


def test_one_picture_holds_a_small_city(scene):
    assert scene.window_grid is None


@given(st.floats(-19_000, 19_000), st.floats(-19_000, 19_000))
def test_a_picture_of_a_large_city_holds_the_place_it_is_looked_up_by(x, y):
    city = SimpleNamespace(
        extent=shapely.box(-20_000, -20_000, 20_000, 20_000),
        to_degrees=lambda xy: np.array(xy)[:, ::-1] / 1e5,
    )
    scene = Scene(SimpleNamespace(city=city), {}, "0")
    grid = scene.window_grid
    column = round((x / 1e5 - grid["longitude"]) / grid["column"])
    row = round((y / 1e5 - grid["latitude"]) / grid["row"])
    west, south, east, north = scene.window_bounds(f"{column}_{row}")
    assert min(x - west, east - x, y - south, north - y) > WINDOW_M / 3
    assert (east - west) * (north - south) <= WINDOW_M**2 + 1e-6


# --- places


def test_a_point_is_named_after_the_next_address(scene):
    address = scene.city.places[scene.city.places["kind"] == "address"].iloc[5]
    latitude, longitude = scene.city.to_degrees([address.geometry.coords[0]])[0]
    assert scene.name_near((latitude, longitude)) == address["name"]
    assert scene.name_near((latitude + 1, longitude)) == f"{latitude + 1:.5f}, {longitude:.5f}"


def test_a_picked_place_keeps_its_name(scene):
    for row in scene.city.places.iloc[::97].itertuples():
        latitude, longitude = scene.city.to_degrees([row.geometry.coords[0]])[0]
        asked = {"from": {"latitude": latitude, "longitude": longitude, "title": row.name}}
        question = Question(None, None, NOON).changed(asked, zone=HELSINKI)
        told = scene.name_near(question.origin, picked=question.origin_name)
        assert told == row.name
        assert scene.name_near(question.origin, picked="Nowhere") != "Nowhere"


def test_opening_moves_one_bar_over_all_steps():
    told = [f for step in STEPS.values() for f in step]
    assert told == sorted(told)
    assert (told[0], told[-1] < 1) == (0, True)
    begin, end = STEPS["horizon"]
    assert end - begin > 0.6  # which takes the most time


# --- the addresses


def test_the_bundle_is_served_for_good(fetch):
    status, headers, body = fetch(f"/map/ui/{bundle.bundle_digest()}/main.js")
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert body == bundle.read_bundle()["main.js"]


def test_layers_sun_and_shadow_are_served(fetch, scene):
    now = stamp(NOON)
    assert fetch("{scene}/streets.json")[2] == gzip.decompress(scene.layers["streets"])
    assert fetch(f"{{scene}}/sun/{now}")[2] == scene.sun_bytes(NOON)
    _, headers, picture = fetch(f"{{scene}}/shadow/{now}/city.png")
    assert picture == shadow_png(scene, NOON.astimezone(UTC), "city")
    assert np.allclose(json.loads(headers["x-corners"]), scene.corners("city"))


def test_places_are_found_as_one_types(fetch):
    found = json.loads(fetch("{scene}/places", "q=manner")[2])
    assert 0 < len(found) <= 8
    assert all("manner" in place["name"].lower() for place in found[:3])
    assert json.loads(fetch("{scene}/places", "q=%20")[2]) == []
    assert json.loads(fetch("{scene}/places", "q=" + "x" * 100_000)[2]) == []


@pytest.mark.parametrize(
    "path",
    [
        "/map/ui/0000000000000000/main.js",
        "/map/ui/{bundle}/page.py",
        "/map/ui/{bundle}/../scene.py",
        "/map/city/0000000000000000/streets.json",
        "/map/city/0000000000000000/places",
        "{scene}/secrets.json",
        "{scene}/sun/20260715T1101Z",
        "{scene}/sun/now",
        "{scene}/shadow/20260715T1100Z/9_9.png",
        "{scene}/shadow/20260715T1100Z/a_b_c.png",
        "{scene}/shadow/20260715T1100Z/999999999999999999999_1.png",
    ],
)
def test_what_is_not_there_is_not_found(fetch, path):
    assert fetch(path.replace("{bundle}", bundle.bundle_digest()))[0] == 404


# --- the question


places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
slots = st.integers(0, 365 * 288).map(
    lambda slot: datetime(2026, 1, 1, tzinfo=UTC) + slot * timedelta(minutes=5)
)
questions = st.builds(
    Question,
    places,
    places,
    slots.map(lambda at: at.astimezone(HELSINKI)),
    st.integers(0, 10).map(lambda step: step * 0.05),
)


@given(questions)
def test_a_question_survives_its_link(question):
    again = Question.from_query(question.to_query(), zone=HELSINKI)
    assert again.faults == ()
    assert np.allclose(again.origin, question.origin, atol=1e-6)
    assert np.allclose(again.destination, question.destination, atol=1e-6)
    assert again.departs.astimezone(UTC) == question.departs.astimezone(UTC)
    assert again.budget == pytest.approx(question.budget)
    assert again.to_query() == question.to_query()


junk = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=30), st.lists(st.text()))


@given(st.dictionaries(st.sampled_from(["from", "to", "at", "budget", "lang", "x"]), junk))
def test_no_word_of_the_browser_breaks_the_question(change):
    before = Question((60.17, 24.94), None, NOON)
    after = before.changed(change, zone=HELSINKI)
    assert 0 <= after.budget <= MOST_BUDGET
    assert after.departs.minute % 5 == 0
    assert all(abs(x) <= 180 for place in (after.origin, after.destination) if place for x in place)


def test_a_time_of_its_own_is_kept_when_an_end_moves():
    before = Question(None, None, NOON)
    after = before.changed({"from": {"latitude": 60.1, "longitude": 24.9}}, zone=HELSINKI)
    assert after.departs == NOON
    assert after.origin == (60.1, 24.9)


def test_now_is_the_slot_that_has_begun():
    late = datetime(2026, 7, 15, 13, 24, 59, tzinfo=HELSINKI)
    asked = Question(None, None, NOON).changed({"at": None}, zone=HELSINKI, now=late)
    assert asked.departs == NOON


# --- the walk in words


@pytest.fixture(scope="module")
def answer(scene):
    origin, destination = (60.17633, 24.93678), (60.16616, 24.94937)
    return find_answer(scene, Question(origin, destination, NOON, 0.2), Words("en"))


def test_steps_add_up_to_the_walk(answer):
    for route, steps in zip(answer.routes, answer.steps, strict=True):
        assert sum(step.length_m for step in steps) == pytest.approx(route.length_m)
        assert sum(step.walk_s for step in steps) == pytest.approx(route.walk_s)
        assert [a.last + 1 for a in steps[:-1]] == [b.first for b in steps[1:]]


def test_every_crossing_of_the_shadiest_walk_is_marked_on_it(scene, answer):
    told = map_payload(answer)["crossings"][-1]
    assert len(told) == len(crossings_of(answer.steps[-1])) > 0
    assert {mark["is_step"] for mark in told} == {
        step.kind == "cross" for step in answer.steps[-1] if step.crossings
    }
    walk = shapely.LineString(answer.routes[-1].xy)
    for mark in told:
        xy = scene.city.to_local(*mark["at"][::-1])[0]
        assert shapely.distance(walk, shapely.Point(xy)) < 0.1


def test_the_cards_tell_every_step_and_how_many_streets_are_crossed(answer):
    told = tell_answer(answer)
    assert told.count("<li ") == sum(len(steps) for steps in answer.steps)
    assert told.count('class="cross-step"') == sum(
        step.kind == "cross" for steps in answer.steps for step in steps
    )
    for steps in answer.steps:
        assert tell_crossings(steps, Words("en")) in told


@pytest.mark.parametrize(
    ("walk_s", "sun_s", "said"),
    [(660, 40, "hardly worth it"), (660, 20, "1 min longer"), (600, 40, "no longer to walk")],
)
def test_a_longer_walk_for_hardly_less_sun_is_told_as_no_gain(walk_s, sun_s, said):
    routes = [SimpleNamespace(walk_s=walk, sun_s=sun) for walk, sun in ((600, 60), (walk_s, sun_s))]
    told = tell_saved(SimpleNamespace(words=Words("en"), routes=routes, same=False))
    assert said in told.replace("\N{NO-BREAK SPACE}", " ")
    assert ("hardly" in told) == (said == "hardly worth it")


def test_metres_at_the_edge_of_the_data_are_told(scene):
    """At sunrise the beam comes from beyond the extract's rim."""
    _, south, east, north = scene.bounds
    ends = [(south + 0.3 * (north - south), east - 0.002), (north - 0.003, east - 0.002)]
    asked = Question(*ends, NOON.replace(hour=6, minute=0), 0.2)
    answer = find_answer(scene, asked, Words("de"))
    assert answer.routes[0].unknown_m > 1.0
    assert "am Rand der Daten" in tell_answer(answer)
    assert map_payload(answer)["city"]["unknown"] == "Rand der Daten"


# --- the frontend


def test_the_frontend_passes_its_own_tests():
    node = shutil.which("node")
    if node is None:
        assert not os.environ.get("CI"), "CI needs Node on the path"
        pytest.skip("needs Node on the path")
    tests = sorted(str(path) for path in (FRONTEND / "test").glob("*.test.js"))
    assert tests
    done = subprocess.run(  # noqa: S603 - our own files
        [node, "--test", *tests], capture_output=True, text=True, check=False, cwd=FRONTEND
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_lock_file_names_no_registry():
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"]
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]


def test_the_bundle_carries_its_licences():
    text = (bundle.DIST / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    assert "maplibre-gl" in text
    assert "BSD-3-Clause" in text
