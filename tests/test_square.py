from datetime import datetime
from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from streets import BERLIN

from benchmarks.bench_pavement import detour, in_houses
from solarpass.atlas import build_atlas
from solarpass.city import build_city
from solarpass.directions import find_steps
from solarpass.mesh import MeshModel, lay_mesh
from solarpass.network import build_network
from solarpass.osm import read_osm
from solarpass.pavement import PAVEMENT_SOURCES
from solarpass.route import find_routes
from solarpass.sentence import tell_step
from solarpass.trip import Trip
from solarpass.words import Words

SQUARE = PAVEMENT_SOURCES.index("square")
NONE = {"given": np.empty((0, 2), np.int64), "given_m": np.empty(0)}


def mesh_of(floor, entrance, **how):
    return lay_mesh(floor, np.array(entrance, float), **{**NONE, **how})


def walk_m(mesh, n):
    """Measure the walks between the first nodes by scipy."""
    length_m = [shapely.length(shapely.LineString(xy)) for xy in mesh.xy]
    graph = {}
    for (a, b), m in zip(mesh.end.tolist(), length_m, strict=True):
        key = (min(a, b), max(a, b))
        graph[key] = min(graph.get(key, np.inf), max(m, 1e-6))
    pairs = np.array(list(graph)).reshape(-1, 2)
    size = len(mesh.node_xy)
    matrix = coo_array((list(graph.values()), tuple(pairs.T)), shape=(size, size)).tocsr()
    return dijkstra(matrix, directed=False, indices=np.arange(n))[:, :n]


def geodesic_m(floor, entrance):
    """Measure the shortest ways over a floor: all its corners see each other, or do not."""
    corner = shapely.get_coordinates(floor)
    place = np.vstack([entrance, corner])
    pairs = np.array(list(combinations(range(len(place)), 2)))
    sight = shapely.buffer(floor, 1e-6)
    free = shapely.covers(sight, shapely.linestrings(place[pairs]))
    pairs = pairs[free]
    apart_m = np.hypot(*(place[pairs[:, 0]] - place[pairs[:, 1]]).T)
    size = (len(place), len(place))
    matrix = coo_array((np.maximum(apart_m, 1e-9), tuple(pairs.T)), shape=size).tocsr()
    n = len(entrance)
    return dijkstra(matrix, directed=False, indices=np.arange(n))[:, :n]


def test_a_square_with_a_fountain_is_crossed_along_the_sight_line():
    fountain = shapely.Point(60, 45).buffer(9)
    floor = shapely.difference(shapely.box(0, 0, 120, 90), fountain)
    entrance = np.array([(0, 0), (120, 90), (60, 0), (60, 90), (0, 45), (120, 20)], float)
    mesh = mesh_of(floor, entrance)
    ratio = walk_m(mesh, 6) / np.maximum(geodesic_m(floor, entrance), 1e-9)
    along = np.isclose(entrance[:, None], entrance[None]).any(axis=2)
    apart = ~np.eye(6, dtype=bool)
    assert ratio[apart].min() >= 0.999
    assert ratio[apart & ~along].max() <= 1.03
    # Along one wall one walks on the rim, which is a step away at either end.
    away_m = (walk_m(mesh, 6) - geodesic_m(floor, entrance))[apart & along]
    assert away_m.max() <= 2.0 * np.sqrt(2.0) * MeshModel().rim_m
    assert shapely.length(shapely.intersection(fountain, shapely.MultiLineString(mesh.xy))) < 0.05


def test_the_rim_runs_inside_the_edge_all_around_in_pieces_of_bounded_length():
    floor = shapely.box(0, 0, 120, 90)
    mesh = mesh_of(floor, [(0, 10), (120, 80)])
    model = MeshModel()
    lines = shapely.linestrings
    drawn = shapely.union_all([lines(xy) for xy in mesh.xy])
    rim = shapely.buffer(floor, -model.rim_m, join_style="mitre").exterior
    assert shapely.length(shapely.difference(rim, shapely.buffer(drawn, 0.05))) < 0.1
    assert max(shapely.length(lines(xy)) for xy in mesh.xy) <= model.piece_m + 1e-6


@st.composite
def floors(draw):
    """Draw a star of corners with holes, and places on its outline and amid it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = int(rng.integers(3, 14))
    turn = np.sort(rng.uniform(0, 2 * np.pi, n))
    away = rng.uniform(8, 90, n)
    star = np.column_stack([np.cos(turn), np.sin(turn)]) * away[:, None]
    shape = shapely.make_valid(shapely.Polygon(star))
    for _ in range(int(rng.integers(0, 5))):
        at = rng.uniform(-50, 50, 2)
        kind = shapely.box(*at, *(at + rng.uniform(0.5, 20, 2)))
        shape = shapely.difference(shape, kind)
    parts = shapely.get_parts(shapely.make_valid(shape))
    parts = [one for one in parts if one.geom_type == "Polygon" and one.area > 5.0]
    floor = max(parts, key=shapely.area, default=shapely.box(0, 0, 9, 9))
    outline = shapely.line_interpolate_point(
        floor.exterior, rng.uniform(0, 1, int(rng.integers(2, 9))), normalized=True
    )
    return floor, shapely.get_coordinates(outline)


@settings(max_examples=40, deadline=None)
@given(floors())
def test_no_edge_leaves_the_floor_and_entrances_lead_somewhere(case):
    floor, entrance = case
    mesh = mesh_of(floor, entrance)
    assert np.isfinite(mesh.node_xy).all()
    room = shapely.buffer(floor, 0.05)
    assert all(shapely.covers(room, shapely.LineString(xy)) for xy in mesh.xy)
    for (first, last), xy in zip(mesh.end.tolist(), mesh.xy, strict=True):
        assert xy[0].tolist() == mesh.node_xy[first].tolist()
        assert xy[-1].tolist() == mesh.node_xy[last].tolist()


def inner_line(first, last):
    """Draw a line without its last metres."""
    share = min(8.0 / max(np.hypot(*(last - first)), 1e-9), 0.5)
    return shapely.LineString([first + share * (last - first), last - share * (last - first)])


@settings(max_examples=25, deadline=None)
@given(floors())
def test_what_sees_each_other_far_apart_needs_no_long_way_round(case):
    floor, entrance = case
    if floor.area < 1500.0:
        return
    walked = walk_m(mesh_of(floor, entrance), len(entrance))
    apart = np.hypot(*(entrance[:, None] - entrance[None]).transpose(2, 0, 1))
    sees = np.array(
        [
            [
                a != b and shapely.covers(floor, inner_line(p, q).buffer(4.0))
                for b, q in enumerate(entrance)
            ]
            for a, p in enumerate(entrance)
        ]
    )
    sees &= apart > 20.0
    # Three per cent, and what the rim and one place for two cost at either end.
    assert (walked[sees] <= 1.03 * apart[sees] + 14.0).all()


def test_a_huge_square_with_many_entrances_keeps_within_the_cap():
    floor = shapely.box(0, 0, 1500, 900)
    at = shapely.line_interpolate_point(floor.exterior, np.linspace(0, 1, 900), normalized=True)
    model = MeshModel()
    mesh = mesh_of(floor, shapely.get_coordinates(at))
    straight = len(mesh.xy)
    # Lines of sight in pieces, the rim, and a step from each entrance onto it.
    assert straight <= model.most_edges * 45 + 3 * 900
    assert np.isfinite(walk_m(mesh, 5)).all()


def test_ways_that_lead_across_anyway_need_no_line_beside_them():
    floor = shapely.box(0, 0, 100, 60)
    ends = np.array([(0, 30), (100, 30)], float)
    alone = mesh_of(floor, ends)
    beside = mesh_of(floor, ends, given=np.array([(0, 1)]), given_m=np.array([100.0]))
    assert len(beside.xy) < len(alone.xy)


# --- in a city


@pytest.fixture
def town(tmp_path):
    """Build the city of made OpenStreetMap, moved so that its origin is the origin again."""

    def build(osm):
        city = build_city(read_osm(osm.write(tmp_path / "town.osm.pbf")), name="town")
        return city, build_network(city), city.to_local([osm.origin[0]], [osm.origin[1]])[0]

    return build


TAGS = {"highway": "pedestrian", "area": "yes", "name": "Neumarkt"}


def place(osm, *, size=100.0, corners=((0, 0), (1, 0), (1, 1), (0, 1)), **tags):
    """Lay a square whose corners footways lead to from outside."""
    nodes = [osm.node(x * size, y * size) for x, y in corners]
    osm.way([*nodes, nodes[0]], **(tags or TAGS))
    for node, (x, y) in zip(nodes, corners, strict=True):
        out = osm.node(x * size + (60 if x else -60), y * size + (10 if y else -10))
        osm.way([node, out], highway="footway")
    return nodes


def across(network):
    return network.pavement == SQUARE


def test_a_square_is_crossed_corner_to_corner_and_bears_its_name(town):
    osm = MadeOsm()
    place(osm)
    city, network, _ = town(osm)
    on = across(network)
    assert len(city.squares) == 1
    assert {network.street_name[k] for k in network.street[on]} == {"Neumarkt"}
    assert {network.highway_kind[k] for k in network.highway[on]} == {"square"}
    assert network.connected_fraction == 1.0
    # Its outline is walked no more.
    assert {PAVEMENT_SOURCES[k] for k in network.pavement} == {"mapped", "square"}
    assert (network.pavement != SQUARE).sum() == 4


@pytest.mark.parametrize(
    "tags",
    [
        {**TAGS, "area": "no"},
        {**TAGS, "access": "private"},
        {**TAGS, "foot": "no"},
        {"place": "square", "name": "Neumarkt"},
        {"leisure": "park"},
        {"landuse": "grass"},
        {"highway": "service", "area": "yes"},
    ],
)
def test_what_is_no_open_ground_is_not_crossed(town, tags):
    osm = MadeOsm()
    place(osm, **tags)
    city, network, _ = town(osm)
    assert city.squares.empty
    assert not across(network).any()


@pytest.mark.parametrize(
    "tags",
    [{"place": "square", "surface": "sett"}, {"landuse": "grass", "foot": "yes"}],
)
def test_paved_squares_and_green_open_to_feet_are_crossed(town, tags):
    osm = MadeOsm()
    place(osm, **tags)
    _, network, _ = town(osm)
    assert across(network).any()
    assert network.connected_fraction == 1.0


@pytest.mark.parametrize(
    "thing",
    [
        {"building": "yes", "height": "9"},
        {"amenity": "fountain"},
        {"natural": "water"},
        {"landuse": "flowerbed"},
        {"barrier": "fence"},
    ],
)
def test_houses_water_beds_and_fences_are_walked_around(town, thing):
    osm = MadeOsm()
    place(osm)
    osm.box(30, 30, 70, 70, **thing)
    _, network, origin = town(osm)
    box = shapely.box(*(origin + 30.1), *(origin + 69.9))
    assert across(network).any()
    hit = shapely.intersection(network.lines()[across(network)], box)
    if "barrier" in thing:  # amid it one is fenced in, but nothing leads over the fence
        hit = shapely.intersection(network.lines()[across(network)], box.exterior)
    assert shapely.length(hit).max() < 0.05


def test_a_multipolygon_is_crossed_past_its_hole(town):
    osm = MadeOsm()
    nodes = place(osm, foot="yes", highway="proposed")
    outer = osm.way([*nodes, nodes[0]])
    inner = osm.box(30, 30, 70, 70)
    osm.relation([(outer, "outer"), (inner, "inner")], type="multipolygon", highway="pedestrian")
    city, network, origin = town(osm)
    assert city.squares["osm_id"].tolist() == [-1]
    hole = shapely.box(*(origin + 30), *(origin + 70))
    on = network.lines()[across(network)]
    assert len(on)
    assert shapely.length(shapely.intersection(on, hole)).max() < 0.05


def test_a_roof_is_walked_beneath(town):
    osm = MadeOsm()
    place(osm)
    osm.box(30, 30, 70, 70, building="roof", height="6")
    _, network, origin = town(osm)
    middle = shapely.Point(*(origin + 50)).buffer(9)
    hit = shapely.intersects(network.lines()[across(network)], middle)
    assert hit.any()


def test_a_square_without_ways_to_it_stays_what_it_was(town):
    osm = MadeOsm().streets(n=3)
    osm.box(300, 300, 360, 360, **TAGS)
    _, network, _ = town(osm)
    assert not across(network).any()


def test_a_square_that_touches_itself_is_crossed_all_the_same(town):
    osm = MadeOsm()
    place(osm, corners=((0, 0), (1, 1), (1, 0), (0, 1)))  # a bow tie
    _, network, _ = town(osm)
    assert np.isfinite(network.vertex_xy).all()
    assert network.connected_fraction == 1.0


def test_squares_that_touch_are_one(town):
    osm = MadeOsm()
    place(osm)
    nodes = [osm.node(x, y) for x, y in ((100, 0), (200, 0), (200, 50), (200, 100), (100, 100))]
    osm.way([*nodes, nodes[0]], **{**TAGS, "name": "Altmarkt"})
    osm.way([nodes[2], osm.node(260, 50)], highway="footway")
    _, network, _ = town(osm)
    names = {network.street_name[k] for k in network.street[across(network)]}
    assert names == {"Neumarkt", "Altmarkt"}


def test_a_footway_that_shares_no_node_enters_where_it_crosses_the_outline(town):
    osm = MadeOsm()
    place(osm)
    osm.line((50, -60), (50, 40), highway="footway")
    _, network, origin = town(osm)
    there = np.hypot(*(network.node_xy - origin - (50, 0)).T) < 0.6
    assert there.any()
    assert network.connected_fraction == 1.0


def test_the_shaded_rim_of_a_square_is_the_shadier_walk_and_is_told(tmp_path):
    osm = MadeOsm()
    corners = ((0, 0), (160, 0), (160, 100), (0, 100), (0, 50), (160, 50))
    nodes = [osm.node(x, y) for x, y in corners]
    ring = [nodes[k] for k in (0, 1, 5, 2, 3, 4, 0)]
    osm.way(ring, **TAGS)
    osm.way([osm.node(-80, 50), nodes[4]], highway="footway")
    osm.way([nodes[5], osm.node(240, 50)], highway="footway")
    osm.box(-20, -30, 180, -0.5, building="yes", height="14")  # south of it, the sun behind it
    atlas = build_atlas(osm.write(tmp_path / "one.osm.pbf"), tmp_path / "one")
    city = atlas.city
    origin = city.to_local([osm.origin[0]], [osm.origin[1]])[0]
    ends = [tuple(city.to_degrees(origin + xy)[0]) for xy in ((-60, 50), (220, 50))]
    trip = Trip(*ends, datetime(2026, 9, 20, 13, 0, tzinfo=BERLIN), budget=0.6)
    shade = atlas.shade_on(trip.departs.date())
    shortest, shadiest = find_routes(atlas.network, shade, trip)
    assert shortest.length_m == pytest.approx(280.0, rel=0.03)
    assert shadiest.sun_s < shortest.sun_s
    assert (shadiest.xy[:, 1] - origin[1]).min() < 6.0
    steps = find_steps(atlas.network, shortest)
    said = [tell_step(step, Words("en")) for step in steps]
    assert any("cross Neumarkt" in one for one in said)
    assert any("ber den Neumarkt" in tell_step(step, Words("de")) for step in steps)


def test_helsinki_is_crossed_and_stays_joined_and_out_of_houses(helsinki):
    city, network = helsinki.city, helsinki.network
    centre = build_network(city, pavements=None)
    on = across(network)
    assert in_houses(city, network, on) < 0.0005
    assert network.connected_fraction >= centre.connected_fraction - 0.01
    assert detour(network) <= 1.40
    assert network.length_m[on].max() <= MeshModel().piece_m + 0.1
    named = {network.street_name[k] for k in network.street[on]}
    assert {"Senaatintori", "Narinkkatori"} <= named
    (hole,) = [
        shapely.Polygon(ring)
        for shape in city.squares.geometry[city.squares["name"] == "Senaatintori"]
        for part in shapely.get_parts(shape)
        for ring in part.interiors
    ]
    assert shapely.length(shapely.intersection(network.lines()[on], hole)).max() < 0.05
