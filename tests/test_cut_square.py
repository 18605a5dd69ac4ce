"""Squares that the edge of an extract cuts: what is left of them is walked, and nothing else."""

from datetime import datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm
from streets import BERLIN
from test_square import TAGS, across

from solarpass.atlas import build_atlas
from solarpass.city import build_city
from solarpass.network import build_network
from solarpass.osm import read_osm
from solarpass.route import find_routes
from solarpass.trip import Trip

EDGE_M = 75.0  # where the extract ends, east of the origin: amid the square
BOX = (-310.0, -310.0, EDGE_M, 310.0)
CORNER = np.array([(25, 25), (125, 25), (125, 125), (25, 125)], float)
UNKNOWN = 255
ROUND_M = 0.6  # by which metres of `MadeOsm` and of a city differ, 300 m away


def build(osm, path, **how):
    """Build what is in a file, and tell where its origin is in the city's metres."""
    city = build_city(read_osm(osm.write(path, **how)), name="town")
    return city, build_network(city), city.to_local([osm.origin[0]], [osm.origin[1]])[0]


def make_town(corner=CORNER, **tags):
    """Lay a square amid a block of streets; a footway leads away from each of its corners."""
    osm = MadeOsm().streets(n=5, step=150.0)
    nodes = [osm.node(x, y) for x, y in corner.tolist()]
    osm.way([*nodes, nodes[0]], **(tags or TAGS))
    away = corner + 0.2 * (corner - corner.mean(axis=0))
    for node, (x, y) in zip(nodes, away.tolist(), strict=True):
        osm.way([node, osm.node(x, y)], highway="footway")
    return osm, nodes


def parts_at(network, places):
    """Tell to which parts of the network the nodes nearest to places belong."""
    nearest = [np.hypot(*(network.node_xy - one).T).argmin() for one in places]
    return {int(network.component[node]) for node in nearest}


def lines_on(network, origin):
    """Draw the edges that lead across squares, in metres from the origin."""
    lines = network.lines()[across(network)]
    return shapely.transform(lines, lambda xy: xy - origin)


def test_a_square_kept_whole_by_the_extract_is_crossed_as_if_nothing_were_cut(tmp_path):
    osm, _ = make_town()
    _, whole, there = build(osm, tmp_path / "whole.osm.pbf")
    city, cut, here = build(osm, tmp_path / "cut.osm.pbf", box=BOX)
    east_m = shapely.bounds(city.extent)[2] - here[0]
    assert east_m == pytest.approx(EDGE_M, abs=0.5)
    ours, theirs = lines_on(cut, here), lines_on(whole, there)
    assert len(ours) == len(theirs) > 0
    length_m = sorted(shapely.length(ours))
    np.testing.assert_allclose(length_m, sorted(shapely.length(theirs)), atol=0.02)
    assert shapely.bounds(ours).max() == pytest.approx(125.0, abs=0.5)


def test_beyond_the_cut_the_sun_on_a_square_is_unknown_and_told(tmp_path):
    osm, _ = make_town()
    osm.write(tmp_path / "town.osm.pbf", box=BOX)
    atlas = build_atlas(tmp_path / "town.osm.pbf", tmp_path / "town", name="town")
    network = atlas.network
    origin = atlas.city.to_local([osm.origin[0]], [osm.origin[1]])[0]
    departs = datetime(2026, 7, 15, 18, tzinfo=BERLIN)
    table = atlas.shade_on(departs.date())
    row = table.sun[table.row_at(departs)]
    beyond = shapely.bounds(network.lines())[:, 0] > origin[0] + EDGE_M + 5.0
    assert (row[across(network) & beyond] == UNKNOWN).all()
    assert (across(network) & beyond).any()
    near, far = atlas.city.to_degrees(origin + CORNER[[0, 2]])
    route = find_routes(network, table, Trip(tuple(near), tuple(far), departs))[-1]
    assert across(network)[route.edge].any()
    assert route.unknown_m > 30.0
    assert np.isnan(route.edge_sun_fraction).any()


@pytest.mark.parametrize("lost", [0, 1, 2, 3])
def test_a_square_that_lost_a_corner_is_crossed_on_what_is_left(lost, tmp_path):
    osm, nodes = make_town()
    city, network, origin = build(osm, tmp_path / "cut.osm.pbf", without={nodes[lost]})
    left = np.delete(CORNER, lost, axis=0)
    assert city.squares.geometry.area.tolist() == pytest.approx([5000.0], rel=0.01)
    on = lines_on(network, origin)
    assert len(on)
    assert shapely.covers(shapely.buffer(shapely.Polygon(left), ROUND_M), on).all()
    # The three footways that still lead there are joined by it.
    assert len(parts_at(network, origin + left)) == 1


def test_a_square_of_which_one_side_is_left_is_no_ground(tmp_path):
    osm, nodes = make_town()
    city, network, _ = build(osm, tmp_path / "cut.osm.pbf", box=BOX, without=set(nodes[1:3]))
    assert city.squares.empty
    assert not across(network).any()
    assert np.isfinite(network.vertex_xy).all()


@pytest.mark.parametrize("lost", ["half", "side", "hole"])
def test_a_square_of_several_ways_is_no_larger_than_it_was(lost, tmp_path):
    """An outline of two ways that lost the nodes of one, or a hole that lost some of its own."""
    osm = MadeOsm().streets(n=5, step=150.0)
    places = [(25, 25), (75, 25), (125, 25), (125, 125), (75, 125), (25, 125)]
    a, b, c, d, e, f = (osm.node(x, y) for x, y in places)
    west, east = osm.way([e, f, a, b]), osm.way([b, c, d, e])
    bed = [osm.node(x, y) for x, y in ((45, 65), (65, 65), (65, 85), (45, 85))]
    hole = osm.way([*bed, bed[0]])
    members = [(west, "outer"), (east, "outer"), (hole, "inner")]
    osm.relation(members, type="multipolygon", **TAGS)
    for node, x, y in ((a, 10, 10), (f, 10, 140), (b, 75, 10), (e, 75, 140)):
        osm.way([node, osm.node(x, y)], highway="footway")
    without = {"half": {c, d}, "side": {b, c, d, e}, "hole": {bed[1]}}[lost]
    _, network, origin = build(osm, tmp_path / "cut.osm.pbf", box=BOX, without=without)
    assert np.isfinite(network.vertex_xy).all()
    on = lines_on(network, origin)
    whole = shapely.box(25, 25, 125, 125)
    assert shapely.covers(shapely.buffer(whole, ROUND_M), on).all()
    if lost == "hole":  # a bed that lost a corner is still walked around, as far as it is known
        left = shapely.Polygon([(45, 65), (65, 85), (45, 85)])
        assert len(on)
        assert shapely.length(shapely.intersection(on, shapely.buffer(left, -0.2))).max() < 0.1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_cut_away_nobody_walks_where_no_ground_is_left(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(4, 12))))
    corner = 75.0 + 55.0 * np.column_stack([np.cos(turn), np.sin(turn)])
    osm, nodes = make_town(corner)
    lost = {node for node in nodes if rng.random() < 0.4}
    path = tmp_path_factory.mktemp("cut") / "cut.osm.pbf"
    city, network, origin = build(osm, path, without=lost)
    assert np.isfinite(network.vertex_xy).all()
    left = corner[[node not in lost for node in nodes]]
    on = lines_on(network, origin)
    if len(left) < 3:
        assert city.squares.empty
        assert len(on) == 0
        return
    assert shapely.covers(shapely.buffer(shapely.Polygon(left), ROUND_M), on).all()
    if shapely.Polygon(left).area > 200.0 and len(on):
        # Who could come in can still get to everybody else who can.
        assert len(parts_at(network, origin + left)) == 1
