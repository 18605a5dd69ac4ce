"""The services are played by a loopback server, which replays real data in their own form."""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import osmium
import osmnx
import pytest

from solarpass.city import build_city
from solarpass.errors import FetchError
from solarpass.fetch.overpass import fetch_osm
from solarpass.osm import helsinki_path

WEST, SOUTH, EAST, NORTH = 24.9420, 60.1680, 24.9490, 60.1715
STATUS = (
    "Connected as: 1\nCurrent time: 2026-07-15T12:00:00Z\nAnnounced endpoint: none\n"
    "Rate limit: 2\n2 slots available now.\nCurrently running queries:\n"
)


@pytest.fixture(scope="module")
def elements():
    """Turn a window of the built-in city into what Overpass would answer."""
    nodes, ways, relations = {}, {}, {}
    for item in osmium.FileProcessor(str(helsinki_path())):
        told = {"id": item.id, "tags": {tag.k: tag.v for tag in item.tags}}
        if item.is_node():
            where = {"lat": item.location.lat, "lon": item.location.lon}
            nodes[item.id] = {"type": "node", **told, **where}
        elif item.is_way():
            ways[item.id] = {"type": "way", **told, "nodes": [node.ref for node in item.nodes]}
        else:
            kinds = {"n": "node", "w": "way", "r": "relation"}
            members = [{"type": kinds[m.type], "ref": m.ref, "role": m.role} for m in item.members]
            relations[item.id] = {"type": "relation", **told, "members": members}
    inside = {
        n for n, node in nodes.items() if WEST < node["lon"] < EAST and SOUTH < node["lat"] < NORTH
    }
    kept = [way for way in ways.values() if inside.intersection(way["nodes"])]
    kept = [way for way in kept if nodes.keys() >= set(way["nodes"])]
    known = {way["id"] for way in kept}
    whole = [
        relation
        for relation in relations.values()
        if relation["tags"].get("type") == "multipolygon"
        and all(m["type"] == "way" and m["ref"] in known for m in relation["members"])
    ]
    used = inside.union(*(way["nodes"] for way in kept))
    return [*(nodes[n] for n in sorted(used)), *kept, *whole]


@pytest.fixture
def service(elements):
    """Serve Nominatim and Overpass on a loopback port; `refuse` makes the next answers fail."""

    class Handler(BaseHTTPRequestHandler):
        border = "polygon"

        def log_message(self, *_args):
            pass

        def answer(self, content, kind="application/json"):
            code = next((c for part, c in self.refuse.items() if part in self.path), 200)
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(
                body if code == 200 else b"<html>no</html>".ljust(len(body))[: len(body)]
            )

        def do_GET(self):
            self.asked.append(self.path)
            if "/status" in self.path:
                return self.answer(STATUS.encode(), "text/plain")
            query = parse_qs(urlparse(self.path).query)["q"][0]
            return self.answer([] if query == "Nowhere" else [found(query, self.border)])

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            query = parse_qs(self.rfile.read(length).decode())["data"][0]
            self.asked.append(query)
            if self.border == "empty":
                return self.answer({"elements": []})
            if re.search(r'\(way\["highway"\]', query):
                ways = [e for e in elements if e["type"] == "way" and "highway" in e["tags"]]
                refs = {ref for way in ways for ref in way["nodes"]}
                nodes = [e for e in elements if e["type"] == "node" and e["id"] in refs]
                return self.answer({"elements": [*nodes, *ways]})
            return self.answer({"elements": elements})

    Handler.asked, Handler.refuse = [], {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    root = f"http://127.0.0.1:{server.server_port}"
    yield Handler, {"overpass_url": f"{root}/api", "nominatim_url": f"{root}/", "timeout_s": 5.0}
    server.shutdown()
    server.server_close()
    thread.join()


def found(query, border):
    """Answer as Nominatim does."""
    size = 10.0 if border == "huge" else 0.0
    west, south, east, north = WEST - size, SOUTH - size, EAST + size, NORTH + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    if border == "point":
        shape = {"type": "Point", "coordinates": [WEST, SOUTH]}
    return {
        "place_id": 1,
        "osm_type": "relation",
        "osm_id": 34914,
        "lat": str(0.5 * (SOUTH + NORTH)),
        "lon": str(0.5 * (WEST + EAST)),
        "class": "boundary",
        "type": "administrative",
        "place_rank": 16,
        "importance": 0.7,
        "addresstype": "city",
        "name": query,
        "display_name": query,
        "boundingbox": [str(south), str(north), str(west), str(east)],
        "geojson": shape,
    }


def test_a_place_name_becomes_a_city(service):
    handler, where = service
    before = {name: getattr(osmnx.settings, name) for name in ("overpass_url", "use_cache")}
    resolver = socket.getaddrinfo
    told = []
    tables = fetch_osm("Kluuvi, Helsinki", **where, progress=lambda *step: told.append(step))
    assert len(handler.asked) >= 3
    assert before == {name: getattr(osmnx.settings, name) for name in before}
    assert socket.getaddrinfo is resolver
    assert (told[0], told[-1]) == (("fetch", 0.0), ("fetch", 1.0))

    city = build_city(tables, name="Kluuvi")
    assert city.zone == "Europe/Helsinki"
    assert city.knows_buildings
    assert city.streets.length.sum() > 5000
    assert city.streets["is_steps"].any()
    assert city.streets["is_covered"].any()
    assert len(city.buildings) > 30
    assert (city.buildings["height_source"] == "levels").any()
    assert len(city.trees) > 10
    assert len(city.places) > 100
    assert not city.stops.empty
    # The extent stays within what was asked for, give or take a cell.
    west, south, east, north = city.extent.bounds
    assert east - west < 390 + 300
    assert north - south < 390 + 300


def test_answers_are_kept_where_one_says(service, tmp_path):
    handler, where = service
    fetch_osm("Kluuvi", **where, cache_folder=tmp_path)
    n_asked = len(handler.asked)
    assert any(tmp_path.iterdir())
    fetch_osm("Kluuvi", **where, cache_folder=tmp_path)
    assert len(handler.asked) == n_asked


@pytest.mark.parametrize(
    ("place", "border", "wanted"),
    [
        ("Nowhere", "polygon", "'Nowhere'"),
        ("A statue", "point", "no border"),
        ("Finland", "huge", "km²"),
        ("A field", "empty", "'A field'"),
    ],
)
def test_a_place_that_is_none_is_a_sentence(service, place, border, wanted):
    handler, where = service
    handler.border = border
    with pytest.raises(FetchError, match=wanted) as refusal:
        fetch_osm(place, **where)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("part", "code", "wanted"),
    [
        ("/search", 429, "busy"),
        ("/interpreter", 429, "busy"),
        ("/interpreter", 504, "busy"),
        ("/interpreter", 500, "HTTP 500"),
        ("/search", 403, "HTTP 403"),
    ],
)
def test_a_service_that_refuses_is_not_asked_again_and_again(service, part, code, wanted):
    handler, where = service
    handler.refuse = {part: code}
    with pytest.raises(FetchError, match=wanted):
        fetch_osm("Kluuvi", **where)
    handler.refuse = {}
    assert osmnx.settings.requests_kwargs == {}


def test_a_service_that_is_not_there_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = f"http://127.0.0.1:{port}"
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch_osm("Kluuvi", overpass_url=root, nominatim_url=root, timeout_s=2.0)
