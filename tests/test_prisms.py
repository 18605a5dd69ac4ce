"""What casts shade, as the browser is sent it."""

import asyncio
import json

import numpy as np
import pytest
import shapely
from starlette.routing import Router
from test_map import ask

from solarpass.map.opening import open_scene
from solarpass.map.prisms import N_KINDS, SIDE_M, SOLID, find_prisms
from solarpass.map.server import city_address, routes
from solarpass.surface import surface_from_arrays

TIMEOUT_S = 300
EARTH_M = 40_075_016.686  # the equator on the sphere of Web Mercator


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


def get(scene, name):
    return asyncio.run(ask(Router(routes()), f"{city_address(scene)}/prisms/{name}", ""))


def read(packed):
    """Read a piece back, independently of the browser."""
    length = int.from_bytes(packed[:4], "little")
    head, at = json.loads(packed[4 : 4 + length]), 4 + length
    assert at % 4 == 0
    n = sum(head["polygons"])
    arrays = {}
    for name, kind, shape in (
        ("n_rings", "<u4", (n,)),
        ("n_corners", "<u4", (head["rings"],)),
        ("span", "<f4", (n, 2)),
        ("xy", "<f4", (head["corners"], 2)),
        ("disc", "<f4", (sum(head["discs"]), 5)),
    ):
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(packed, kind, count, at).reshape(shape)
        at += 4 * count
    assert at == len(packed)
    return head, arrays


def polygons_of(arrays):
    """Draw the polygons of a piece from its rings."""
    rings = np.split(arrays["xy"].astype(float), np.cumsum(arrays["n_corners"])[:-1])
    owned = np.split(np.arange(len(rings)), np.cumsum(arrays["n_rings"])[:-1])
    return [shapely.Polygon(rings[own[0]], [rings[hole] for hole in own[1:]]) for own in owned]


def test_all_that_rises_above_the_eye_is_in_one_piece_as_large_and_as_high(scene):
    _, _, index = get(scene, "index.json")
    surface = scene.atlas.surface
    eye_m = surface.model.eye_m
    area_m2, volume, n_discs = np.zeros(N_KINDS), np.zeros(N_KINDS), 0
    for name in json.loads(index)["pieces"]:
        head, arrays = read(get(scene, name + ".bin")[2])
        kind = np.repeat(np.arange(N_KINDS), head["polygons"])
        area = np.array([polygon.area for polygon in polygons_of(arrays)])
        np.add.at(area_m2, kind, area)
        np.add.at(volume, kind, area * np.diff(arrays["span"].astype(float)).ravel())
        n_discs += len(arrays["disc"])
    solids = surface.solids
    rows = np.flatnonzero(solids.top_m > eye_m)
    own = solids.area_m2()[rows]
    assert area_m2[SOLID] == pytest.approx(own.sum(), rel=1e-5)
    assert volume[SOLID] == pytest.approx((own * (solids.top_m[rows] - eye_m)).sum(), rel=1e-5)
    n_layers = [len(layer.disc) for layer in surface.layers]
    assert n_discs == sum(n_layers) > 500


def test_a_piece_lies_where_the_map_has_it(scene):
    _, _, index = get(scene, "index.json")
    for name in json.loads(index)["pieces"]:
        head, _ = read(get(scene, name + ".bin")[2])
        corner = np.array([int(part) for part in name.split("_")]) * SIDE_M
        across = np.stack(np.meshgrid([0.0, 150.0, 500.0], [0.0, 350.0, 500.0]), -1)
        offset = across.reshape(-1, 2)
        latitude, longitude = np.radians(scene.city.to_degrees(corner + offset)).T
        x = longitude / (2 * np.pi) + 0.5
        y = 0.5 - np.log(np.tan(np.pi / 4 + latitude / 2)) / (2 * np.pi)
        plane = np.array(head["anchor"]) + offset @ np.array([head["east"], head["north"]])
        metres = EARTH_M * np.cos(latitude.mean())
        assert np.hypot(*(plane - np.column_stack([x, y])).T).max() * metres < 0.03


@pytest.mark.parametrize("name", ["9_9.bin", "0.bin", "a_b.bin", "-0_0.bin", "0_0_0.bin"])
def test_a_piece_that_is_none_is_not_found(scene, name):
    assert get(scene, name)[0] == 404


def test_measured_heights_are_no_prisms():
    assert find_prisms(surface_from_arrays(np.zeros((4, 4)), cell_m=1.0)) is None
