"""To and from the graphs of osmnx and networkx."""

import networkx as nx
import numpy as np
import osmnx as ox
import pyproj
import pytest
import shapely
from hills import raise_ground
from streets import draw, draw_grid

from solarpass.errors import CoordinateError, SourceError
from solarpass.export import to_geodataframe
from solarpass.graph import network_from_osmnx, to_networkx
from solarpass.walk import WalkModel


def draw_osmnx(**graph):
    """Draw what osmnx gives for a street both ways, a one-way street and some stairs."""
    drawn = nx.MultiDiGraph(crs="epsg:4326", **graph)
    for node, (x, y) in enumerate([(13.4, 52.5), (13.402, 52.5), (13.402, 52.501)], start=1):
        drawn.add_node(node, x=x, y=y)
    bend = shapely.LineString([(13.4, 52.5), (13.401, 52.5005), (13.402, 52.5)])
    street = {"osmid": [7, 8], "highway": "residential", "name": "Allee"}
    drawn.add_edge(1, 2, **street, geometry=bend, length=1.0, reversed=False)
    drawn.add_edge(2, 1, **street, geometry=bend.reverse(), length=1.0, reversed=True)
    drawn.add_edge(1, 2, osmid=9, highway="footway", tunnel="building_passage")
    drawn.add_edge(2, 3, osmid=10, highway=["steps", "footway"], oneway=True)
    drawn.add_edge(3, 1, osmid=11, highway="steps", tunnel="no")
    return drawn


def test_two_directions_become_one_street_and_parallel_ones_stay_two():
    network = network_from_osmnx(draw_osmnx())
    assert sorted(network.osm_id.tolist()) == [7, 9, 10, 11]
    table = to_geodataframe(network).set_index("osm_id")
    assert table["name"].to_dict() == {7: "Allee", 9: None, 10: None, 11: None}
    assert table["is_steps"].to_dict() == {7: False, 9: False, 10: False, 11: True}
    assert table["is_covered"].to_dict() == {7: False, 9: True, 10: False, 11: False}
    geod = pyproj.Geod(ellps="WGS84")
    straight_m = geod.inv(13.4, 52.5, 13.402, 52.5)[2]
    assert table["length_m"][9] == pytest.approx(straight_m, rel=1e-6)
    assert len(network.geometry(int(np.flatnonzero(network.osm_id == 7)[0]))) == 3


def test_a_projected_graph_gives_the_same_network():
    ours = network_from_osmnx(draw_osmnx())
    theirs = network_from_osmnx(ox.projection.project_graph(draw_osmnx(), to_crs="EPSG:32633"))
    assert theirs.edge_node.tolist() == ours.edge_node.tolist()
    assert theirs.length_m == pytest.approx(ours.length_m, rel=1e-6)


def test_a_network_survives_the_way_through_networkx():
    network = draw_grid(4)
    again = network_from_osmnx(to_networkx(network))
    assert again.n_nodes == network.n_nodes
    assert sorted(again.length_m) == pytest.approx(sorted(network.length_m), rel=1e-6)
    assert set(again.node_osm_id.tolist()) == set(network.node_osm_id.tolist())


def test_a_graph_tells_side_source_and_crossing_as_one_walks_each_edge():
    network = draw([(0, 0), (50, 0)], [(0, 1)], side=[1], pavement=[3], crossing=[2])
    graph = to_networkx(network)
    there, back = graph.edges[1000, 1001, 0], graph.edges[1001, 1000, 0]
    assert (there["side"], back["side"]) == ("left", "right")
    assert there["pavement_source"] == back["pavement_source"] == "assumed"
    assert there["crossing"] == "marked"
    assert there["is_covered"] is False


def test_an_unsimplified_graph_is_taken_as_it_is():
    drawn = nx.MultiDiGraph(crs="epsg:4326")
    for node in range(5):
        drawn.add_node(node, x=13.4 + node / 1000, y=52.5)
    for node in range(4):
        drawn.add_edge(node, node + 1, osmid=1, highway="path")
        drawn.add_edge(node + 1, node, osmid=1, highway="path")
    assert network_from_osmnx(drawn).n_edges == 4
    assert network_from_osmnx(ox.simplify_graph(drawn)).n_edges == 1


def test_graphs_that_make_no_network_are_refused():
    with pytest.raises(SourceError, match="no edge"):
        network_from_osmnx(nx.MultiDiGraph(crs="epsg:4326"))
    nowhere = draw_osmnx()
    del nowhere.graph["crs"]
    with pytest.raises(CoordinateError, match="names no CRS"):
        network_from_osmnx(nowhere)
    unplaced = draw_osmnx()
    del unplaced.nodes[2]["x"]
    with pytest.raises(SourceError, match="needs numbers `x` and `y`"):
        network_from_osmnx(unplaced)


def test_osmnx_goes_on_with_the_graph():
    network = draw_grid(4)
    sun = np.linspace(0, 1, network.n_edges)
    graph = to_networkx(network, sun_fraction=sun)
    nodes, edges = ox.graph_to_gdfs(graph)
    assert (len(nodes), len(edges)) == (network.n_nodes, 2 * network.n_edges)
    assert sorted(edges["sun_fraction"]) == pytest.approx(sorted([*sun, *sun]))
    geodesic_m = edges.to_crs(network.crs).length
    assert geodesic_m.to_numpy() == pytest.approx(edges["length"].to_numpy(), rel=1e-6)
    start, stop = network.node_osm_id[[0, -1]].tolist()
    path = nx.shortest_path(graph, start, stop, weight="walk_s")
    assert len(ox.routing.route_to_gdf(graph, path)) == len(path) - 1
    assert ox.distance.nearest_nodes(ox.project_graph(graph), *_projected(graph, start)) == start


def _projected(graph, node):
    placed = ox.project_graph(graph).nodes[node]
    return placed["x"], placed["y"]


def test_edges_carry_the_clock_of_the_walk_and_their_number():
    network = draw([(0, 0), (134, 0), (134, 50)], [(0, 1), (1, 2), (1, 1)][:2], is_steps=[0, 1])
    walk = WalkModel(speed_m_s=1.34, steps_speed_m_s=0.5)
    graph = to_networkx(network, walk=walk)
    seconds = {told["edge"]: told["walk_s"] for _, _, told in graph.edges(data=True)}
    assert [seconds[edge] for edge in range(2)] == walk.walk_s(network).tolist()
    assert sorted(seconds.values()) == [100, 100]


def test_each_direction_of_a_hill_has_its_own_time_and_ascent():
    network = raise_ground(draw([(0, 0), (134, 0)], [(0, 1)]), lambda x, _: 0.1 * x)
    graph = to_networkx(network)
    up, down = graph.edges[1000, 1001, 0], graph.edges[1001, 1000, 0]
    assert (up["walk_s"], down["walk_s"]) == (142, 100)
    assert (up["ascent_m"], down["ascent_m"]) == pytest.approx((13.4, 0.0), abs=1e-5)
    flat = to_networkx(draw([(0, 0), (134, 0)], [(0, 1)]))
    assert all("ascent_m" not in told for _, _, told in flat.edges(data=True))


def test_nodes_without_ids_of_their_own_are_named_by_number():
    network = draw([(0, 0), (100, 0)], [(0, 1)])
    network.node_osm_id.flags.writeable = True
    network.node_osm_id[:] = -1
    assert set(to_networkx(network).nodes) == {0, 1}
