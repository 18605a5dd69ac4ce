import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from made_osm import MadeOsm

from solarpass.errors import CoordinateError, SourceError
from solarpass.osm import helsinki_path, read_osm, tables_from_osmnx


@pytest.fixture(scope="module")
def helsinki():
    return read_osm(helsinki_path())


def test_the_built_in_city_reads(helsinki):
    assert len(helsinki.ways) == 2584
    assert helsinki.areas["building"].notna().sum() == 485
    assert (helsinki.points["natural"] == "tree").sum() == 649
    assert helsinki.box == pytest.approx((24.9351762, 60.164155, 24.9534145, 60.179113))
    assert helsinki.provenance["data_date"] == "2019-04-21"
    assert "OpenStreetMap contributors" in helsinki.provenance["attribution"]
    assert helsinki.provenance["licence"].startswith("ODbL")


def test_each_vertex_of_a_way_has_its_node(helsinki):
    n_vertices = shapely.get_num_points(np.asarray(helsinki.ways.geometry))
    assert [len(nodes) for nodes in helsinki.ways["node_id"]] == n_vertices.tolist()


def test_an_absent_tag_is_none_not_nan(helsinki):
    assert set(map(type, helsinki.ways["name"])) == {str, type(None)}


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "is empty"),
        (b"This is a letter, not a map.\n" * 200, "does not read"),
        (bytes(5000), "does not read"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, content, wanted):
    path = tmp_path / "city.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=wanted) as refusal:
        read_osm(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("cut", [1, 7, 1000, 400_000])
def test_a_torn_file_is_refused(tmp_path, cut):
    path = tmp_path / "torn.osm.pbf"
    path.write_bytes(helsinki_path().read_bytes()[:-cut])
    with pytest.raises(SourceError, match="torn"):
        read_osm(path)


def test_no_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        read_osm(tmp_path / "nowhere.osm.pbf")
    with pytest.raises(SourceError, match="is a folder"):
        read_osm(tmp_path)


def test_an_extract_without_streets_is_refused(tmp_path):
    made = MadeOsm()
    made.box(0, 0, 10, 10, building="yes")
    with pytest.raises(SourceError, match="no street"):
        read_osm(made.write(tmp_path / "field.osm.pbf"))


def test_streets_without_any_node_are_refused(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (10, 0), highway="path")
    with pytest.raises(SourceError, match="not their nodes"):
        read_osm(made.write(tmp_path / "bare.osm.pbf", without={1, 2}))


def test_a_way_is_cut_where_its_nodes_are_missing(tmp_path):
    made = MadeOsm()
    way = made.line(*((x, 0) for x in range(0, 80, 10)), highway="path")
    tables = read_osm(made.write(tmp_path / "cut.osm.pbf", without={4, 8}))
    assert tables.ways["osm_id"].tolist() == [way, way]
    assert [list(nodes) for nodes in tables.ways["node_id"]] == [[1, 2, 3], [5, 6, 7]]


def test_zero_length_ways_and_doubled_nodes_survive(tmp_path):
    made = MadeOsm()
    here, there = made.node(0, 0), made.node(0, 0)
    made.way([here, there], highway="path")
    made.way([here, here, made.node(5, 0)], highway="path")
    made.way([here], highway="path")  # one node makes no line
    tables = read_osm(made.write(tmp_path / "zero.osm.pbf"))
    assert tables.ways["osm_id"].tolist() == [1, 2]
    assert tables.ways.geometry.iloc[0].length == 0.0


def area_of(tables, key="building"):
    kept = tables.areas[tables.areas[key].notna()]
    metres = 111_320.0**2 * np.cos(np.deg2rad(52.0))
    return [round(area * metres) for area in shapely.area(np.asarray(kept.geometry))]


def test_a_multipolygon_keeps_its_holes_and_is_closed_from_pieces(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (1, 1), highway="path")
    a, b, c, d = (made.node(*xy) for xy in ((0, 0), (40, 0), (40, 40), (0, 40)))
    west, east = made.way([c, d, a]), made.way([a, b, c])
    court = made.box(10, 10, 30, 30)
    members = [(west, "outer"), (court, "inner"), (east, "outer")]
    made.relation(members, type="multipolygon", building="yes")
    tables = read_osm(made.write(tmp_path / "court.osm.pbf"))
    assert area_of(tables) == [40 * 40 - 20 * 20]
    assert tables.areas["osm_type"].tolist() == ["relation"]


def test_of_a_multipolygon_with_missing_members_the_closed_rings_stay(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (1, 1), highway="path")
    whole = made.box(0, 0, 10, 10)
    half = made.line((50, 0), (60, 0), (60, 10))
    lost = made.box(52, 2, 54, 4)  # the hole of the half, which must not become an area
    members = [(whole, "outer"), (half, "outer"), (lost, "inner"), (999, "outer")]
    made.relation(members, type="multipolygon", building="yes")
    assert area_of(read_osm(made.write(tmp_path / "half.osm.pbf"))) == [100]


def test_an_old_multipolygon_has_its_tags_on_the_outer_way(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (1, 1), highway="path")
    outer, inner = made.box(0, 0, 40, 40, building="yes"), made.box(10, 10, 30, 30)
    made.relation([(outer, "outer"), (inner, "inner")], type="multipolygon")
    assert area_of(read_osm(made.write(tmp_path / "old.osm.pbf"))) == [1200]


def test_a_ring_passes_over_a_missing_node(tmp_path):
    made = MadeOsm()
    made.line((0, 0), (1, 1), highway="path")
    made.ring((0, 0), (10, 0), (20, 0), (20, 10), (0, 10), building="yes")
    path = made.write(tmp_path / "ring.osm.pbf", without={4})
    assert area_of(read_osm(path)) == [200]


@pytest.mark.parametrize(
    ("tags", "is_area"),
    [
        ({"highway": "pedestrian", "area": "yes"}, True),
        ({"highway": "residential"}, False),
        ({"natural": "tree_row"}, False),
        ({"leisure": "park"}, True),
        ({"leisure": "park", "area": "no"}, False),
        ({"railway": "rail"}, False),
        ({"railway": "platform"}, True),
        ({"barrier": "fence"}, False),
    ],
)
def test_a_closed_way_is_an_area_only_if_its_tags_say_so(tmp_path, tags, is_area):
    made = MadeOsm()
    made.line((0, 0), (1, 1), highway="path")
    made.box(0, 0, 10, 10, **tags)
    tables = read_osm(made.write(tmp_path / "closed.osm.pbf"))
    assert len(tables.areas) == is_area


def test_a_box_around_the_whole_world_is_none(reference_data):
    assert read_osm(reference_data / "osm" / "heidelberg-net.osm.pbf").box is None
    assert read_osm(reference_data / "osm" / "darmstadt.osm.pbf").box is None


@pytest.mark.parametrize(
    ("name", "n_buildings", "n_trees"),
    [("berlin-wittenau", 3720, 2866), ("hamburg-wartenau", 166, 127), ("monaco", 1285, 557)],
)
def test_the_reference_extracts_are_read_whole(reference_data, name, n_buildings, n_trees):
    tables = read_osm(reference_data / "osm" / f"{name}.osm.pbf")
    assert tables.areas["building"].notna().sum() == n_buildings
    assert (tables.points["natural"] == "tree").sum() == n_trees


def osmnx_graph(crs="EPSG:4326"):
    graph = nx.MultiDiGraph(crs=crs, created_date="2026-01-02 03:04:05")
    for node, (x, y) in enumerate([(13.0, 52.0), (13.001, 52.0), (13.002, 52.0)], start=1):
        graph.add_node(node, x=x, y=y)
    for tail, head in [(1, 2), (2, 3)]:
        length = 68.5
        graph.add_edge(tail, head, osmid=7, highway="steps", length=length, reversed=False)
        graph.add_edge(head, tail, osmid=7, highway="steps", length=length, reversed=True)
    bend = shapely.LineString([(13.0, 52.0), (13.001, 52.001), (13.002, 52.0)])
    joined = {"osmid": [8, 9], "highway": ["path", "track"], "length": 260.0}
    graph.add_edge(1, 3, **joined, geometry=bend, tunnel=True, reversed=False)
    return graph


def test_an_osmnx_graph_keeps_each_street_once():
    tables = tables_from_osmnx(osmnx_graph())
    assert tables.ways["osm_id"].tolist() == [7, 7, 8]
    assert tables.ways["highway"].tolist() == ["steps", "steps", "path"]
    assert tables.ways["tunnel"].tolist() == [None, None, "yes"]
    ends = [(nodes[0], nodes[-1]) for nodes in tables.ways["node_id"]]
    assert ends == [(1, 2), (2, 3), (1, 3)]
    assert (np.asarray(tables.ways["node_id"].iloc[2])[1:-1] < 0).all()
    assert tables.areas.empty
    assert tables.provenance["data_date"] == "2026-01-02"


def test_a_projected_osmnx_graph_comes_back_in_degrees():
    graph = osmnx_graph()
    back = tables_from_osmnx(osmnx.project_graph(graph)).ways.geometry
    there = tables_from_osmnx(graph).ways.geometry
    assert back.geom_equals_exact(there, 1e-6).all()


def test_osmnx_frames_that_are_none_are_refused(helsinki):
    with pytest.raises(SourceError, match="no edge"):
        tables_from_osmnx(nx.MultiDiGraph(crs="EPSG:4326"))
    with pytest.raises(CoordinateError, match="CRS"):
        tables_from_osmnx(nx.MultiDiGraph())
    with pytest.raises(SourceError, match="index"):
        tables_from_osmnx(osmnx_graph(), helsinki.areas)
