import json
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import CRS, draw, draw_grid

from solarpass.city import build_city
from solarpass.errors import FolderError, SourceError
from solarpass.export import to_geodataframe
from solarpass.network import (
    ARRAY_NAMES,
    build_network,
    read_network,
    save_network,
)
from solarpass.osm import read_osm
from solarpass.shelf import sum_files

NO_BRIDGES = gpd.GeoDataFrame(
    {"osm_id": [], "base_m": [], "height_m": [], "layer": []}, geometry=[], crs=CRS
)


NO_BARRIERS = gpd.GeoDataFrame(
    {"osm_id": [], "barrier": [], "kerb": [], "wheelchair": [], "width_m": []},
    geometry=[],
    crs=CRS,
)
TEXTS = ("name", "footway", "crossing", "surface", "smoothness", "incline", "wheelchair", "ramp")
TEXTS += ("kerb", "sidewalk_left", "sidewalk_right")
TEXTS += tuple(f"{k}_{s}" for k in TEXTS[3:5] + TEXTS[6:7] for s in ("left", "right"))


@dataclass(frozen=True, eq=False)
class Made:
    """A city of which a network reads no more than this."""

    streets: gpd.GeoDataFrame
    name: str = "Nowhere"
    crs: pyproj.CRS = CRS
    dem: None = None
    bridges: gpd.GeoDataFrame = field(default_factory=lambda: NO_BRIDGES)
    barriers: gpd.GeoDataFrame = field(default_factory=lambda: NO_BARRIERS)
    squares: gpd.GeoDataFrame = field(default_factory=lambda: NO_BRIDGES)


def Ways(ways, **column):  # noqa: N802 - reads as a type
    """Make a city of such ways."""
    streets = gpd.GeoDataFrame(
        {
            "osm_id": np.arange(len(ways)) + 1,
            "node_id": [list(nodes) for nodes, _ in ways],
            "highway": "footway",
            "is_steps": False,
            "is_covered": False,
            "is_tunnel": False,
            "is_bridge": False,
            "layer": 0,
            "lit": "unknown",
            "lanes": np.nan,
            **dict.fromkeys(["width_m", "width_left_m", "width_right_m"], np.nan),
            **dict.fromkeys(TEXTS),
        }
        | column,
        geometry=[shapely.LineString(xy) for _, xy in ways],
        crs=CRS,
    )
    return Made(streets)


def edges(network):
    """Name the edges by the OpenStreetMap ids of their ends."""
    ids = network.node_osm_id[network.edge_node]
    return sorted(tuple(sorted(pair)) for pair in ids.tolist())


def test_ways_are_cut_where_they_share_a_node_and_only_there():
    across = Ways(
        [
            ((1, 2, 3), [(0, 0), (50, 0), (100, 0)]),
            ((4, 2, 5), [(50, -50), (50, 0), (50, 50)]),
            ((6, 7), [(25, -50), (25, 50)]),  # a bridge: crosses the first in the drawing only
        ]
    )
    network = build_network(across, pavements=None)
    assert edges(network) == [(1, 2), (2, 3), (2, 4), (2, 5), (6, 7)]
    assert network.length_m.tolist() == pytest.approx([50, 50, 50, 50, 100], abs=60)
    assert network.component[network.node_osm_id == 6] == 1
    assert network.connected_fraction == pytest.approx(200 / 300)


def test_a_bend_is_no_node():
    network = build_network(Ways([((1, 2, 3), [(0, 0), (30, 40), (30, 80)])]), pavements=None)
    assert edges(network) == [(1, 3)]
    assert network.length_m == pytest.approx([90])
    assert len(network.geometry(0)) == 3


def test_loops_and_parallel_edges_are_kept():
    ring = [(0, 0), (10, 0), (10, 10), (0, 0)]
    network = build_network(
        Ways(
            [
                ((1, 2, 3, 1), ring),
                ((1, 9), [(0, 0), (-50, 0)]),
                ((1, 8, 9), [(0, 0), (-25, 20), (-50, 0)]),
            ]
        ),
        pavements=None,
    )
    assert edges(network) == [(1, 1), (1, 9), (1, 9)]


def test_a_way_that_crosses_itself_is_cut_there():
    eight = [(0, 0), (10, 0), (20, 0), (20, 10), (10, 0), (0, 10)]
    network = build_network(Ways([((1, 2, 3, 4, 2, 5), eight)]), pavements=None)
    assert edges(network) == [(1, 2), (2, 2), (2, 5)]


def test_a_node_written_twice_and_a_way_without_length_do_no_harm():
    network = build_network(
        Ways(
            [
                ((1, 1, 2), [(0, 0), (0, 0), (10, 0)]),
                ((2, 3), [(10, 0), (10, 0)]),
                ((4, 4), [(0, 5), (0, 5)]),
            ]
        ),
        pavements=None,
    )
    assert edges(network) == [(1, 2), (2, 3), (4, 4)]
    assert sorted(network.length_m) == [0, 0, 10]


def test_an_edge_keeps_what_its_way_is():
    ways = Ways(
        [((1, 2), [(0, 0), (10, 0)]), ((2, 3), [(10, 0), (20, 0)]), ((3, 4), [(20, 0), (30, 0)])],
        name=["Schattengasse", None, "Allee"],
        highway=["footway", "steps", "footway"],
        is_steps=[False, True, False],
        is_tunnel=[False, False, True],
    )
    network = build_network(ways, pavements=None)
    table = to_geodataframe(network).sort_values("osm_id")
    assert table["name"].tolist() == ["Schattengasse", None, "Allee"]
    assert table["highway"].tolist() == ["footway", "steps", "footway"]
    assert table["is_steps"].tolist() == [False, True, False]
    assert table["is_covered"].tolist() == [False, False, True]
    assert table.crs == CRS


def test_a_table_shows_the_sun_it_is_given():
    network = draw_grid(3)
    sun = np.linspace(0, 1, network.n_edges)
    assert to_geodataframe(network, sun_fraction=sun)["sun_fraction"].tolist() == sun.tolist()
    assert "sun_fraction" not in to_geodataframe(network)


def test_arrays_are_locked_for_they_are_shared():
    network = draw_grid(2)
    for name in ARRAY_NAMES:
        assert not getattr(network, name).flags.writeable


@pytest.mark.parametrize(
    ("ways", "says"),
    [
        ([], "no street"),
        ([((1, 2, 3), [(0, 0), (1, 1)])], "Way 1 needs one node id per vertex"),
    ],
)
def test_streets_that_make_no_network_are_refused(ways, says):
    with pytest.raises(SourceError, match=says):
        build_network(Ways(ways), pavements=None)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.integers(0, 11), min_size=2, max_size=6),
        min_size=1,
        max_size=10,
    )
)
def test_cutting_ways_loses_no_metre_and_joins_what_shares_a_node(node_lists):
    xy = np.random.default_rng(7).uniform(0, 100, (12, 2))
    network = build_network(Ways([(nodes, xy[nodes]) for nodes in node_lists]), pavements=None)
    total_m = sum(shapely.LineString(xy[nodes]).length for nodes in node_lists)
    assert network.length_m.sum() == pytest.approx(total_m)
    first, last = network.edge_vertex[:-1], network.edge_vertex[1:] - 1
    assert (network.vertex_xy[first] == network.node_xy[network.edge_node[:, 0]]).all()
    assert (network.vertex_xy[last] == network.node_xy[network.edge_node[:, 1]]).all()
    assert shapely.length(network.lines()) == pytest.approx(network.length_m)
    # Slow reference: let components grow way by way.
    groups = [set(nodes) for nodes in node_lists]
    parts = []
    for group in groups:
        touching = [part for part in parts if part & group]
        parts = [part for part in parts if not part & group] + [group.union(*touching)]
    found = {}
    for node, part in zip(network.node_osm_id.tolist(), network.component.tolist(), strict=True):
        found.setdefault(part, set()).add(node)
    for nodes in found.values():
        assert any(nodes <= part for part in parts)
    assert len(found) == len(parts)


def test_the_order_of_the_ways_does_not_matter_to_what_is_joined():
    grid = draw_grid(5)
    turned = draw(grid.node_xy[::-1], (grid.n_nodes - 1 - grid.edge_node)[::-1])
    assert (turned.node_xy == grid.node_xy).all()
    assert (np.sort(turned.edge_node) == np.sort(grid.edge_node)).all()


def test_a_saved_network_reads_back_the_same_and_saves_to_the_same_bytes(tmp_path):
    network = draw_grid(4)
    save_network(network, tmp_path / "a")
    read = read_network(tmp_path / "a")
    for name in ARRAY_NAMES:
        np.testing.assert_array_equal(getattr(read, name), getattr(network, name))
        assert getattr(read, name).dtype == getattr(network, name).dtype
    assert read.street_name == network.street_name
    assert read.highway_kind == network.highway_kind
    assert read.crs == network.crs
    save_network(read, tmp_path / "b")
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_a_folder_that_is_no_network_is_refused(tmp_path):
    with pytest.raises(FolderError, match="solarpass build"):
        read_network(tmp_path)
    save_network(draw_grid(2), tmp_path)
    told = json.loads((tmp_path / "network.json").read_text())
    (tmp_path / "network.json").write_text(json.dumps({**told, "format": 99}))
    with pytest.raises(FolderError, match="format 99"):
        read_network(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x93NUMPY\x01\x00", b"text", b"PK\x03\x04"],
    ids=["empty", "torn", "text", "zip"],
)
def test_a_torn_array_is_refused(tmp_path, content):
    save_network(draw_grid(2), tmp_path)
    (tmp_path / "length_m.npy").write_bytes(content)
    with pytest.raises(FolderError, match="solarpass build"):
        read_network(tmp_path)


def test_a_pickle_is_not_read(tmp_path):
    save_network(draw_grid(2), tmp_path)
    np.save(tmp_path / "length_m.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(FolderError, match="solarpass build"):
        read_network(tmp_path)


def retell(folder, **told):
    """Change what ``network.json`` tells; a name without a value is left out."""
    path = folder / "network.json"
    kept = {**json.loads(path.read_text()), **told}
    path.write_text(json.dumps({name: value for name, value in kept.items() if value != "gone"}))


def refused(folder):
    with pytest.raises(FolderError, match="solarpass build") as caught:
        read_network(folder)
    said = str(caught.value)
    assert str(folder) in said
    assert said.endswith(".")
    assert "\n" not in said
    return said


@pytest.mark.parametrize("name", ARRAY_NAMES)
def test_no_byte_of_an_array_may_change(tmp_path, name):
    save_network(draw_grid(2), tmp_path)
    path = tmp_path / f"{name}.npy"
    kept = path.read_bytes()
    for at in (*range(0, 128, 7), len(kept) - 1):  # of the header, and of the array
        path.write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
        assert "not those that were written" in refused(tmp_path)


UNFIT = [
    ("street", lambda a: a + 1, "street.npy does not fit"),
    ("highway", lambda a: a - 1, "highway.npy does not fit"),
    ("side", lambda a: a + 3, "side.npy does not fit"),
    ("pavement", lambda a: a + 100, "pavement.npy does not fit"),
    ("crossing", lambda a: a + 6, "crossing.npy does not fit"),
    ("component", lambda a: a - 1, "component.npy does not fit"),
    ("edge_node", lambda a: a + 1, "edge_node.npy does not fit"),
    ("edge_node", np.ravel, "does not fit"),
    ("edge_vertex", lambda a: a + 1, "edge_vertex.npy does not fit"),
    ("edge_vertex", lambda a: a[[0, 2, 1, *range(3, len(a))]], "edge_vertex.npy does not fit"),
    ("edge_vertex", lambda a: a[:-1], "edge_vertex.npy does not fit"),
    ("vertex_xy", lambda a: a[:-1], "vertex_z_m.npy does not fit"),
    ("vertex_z_m", lambda a: a[:-1], "vertex_z_m.npy does not fit"),
    ("node_xy", lambda a: a[:-1], "does not fit"),
    ("length_m", lambda a: a[:-1], "length_m.npy does not fit"),
    ("length_m", lambda a: a.astype(">f8"), "length_m.npy holds >f8, not float64"),
    ("is_steps", lambda a: a.astype(np.int8), "is_steps.npy holds int8, not bool"),
    ("level_m", lambda a: a.astype(object), "solarpass build"),
    ("level_m", lambda a: a[0], "level_m.npy does not fit"),
    ("node_xy", lambda a: a[0, 0], "solarpass build"),
]


@pytest.mark.parametrize(
    ("name", "alter", "says"),
    UNFIT,
    ids=[f"{name}-{k}" for k, (name, *_) in enumerate(UNFIT)],
)
def test_arrays_that_do_not_fit_each_other_are_refused_though_signed(tmp_path, name, alter, says):
    save_network(draw_grid(2), tmp_path)
    path = tmp_path / f"{name}.npy"
    altered = alter(np.load(path))
    np.save(path, altered, allow_pickle=altered.dtype == object)
    retell(tmp_path, crc32=sum_files(tmp_path, ARRAY_NAMES))
    assert says in refused(tmp_path)


@pytest.mark.parametrize("told", ["gone", None, 9, "no", [3], {"a": 1}, []])
@pytest.mark.parametrize("name", ["crs", "street_name", "highway_kind", "crc32", "format"])
def test_a_network_that_is_told_otherwise_is_refused(tmp_path, name, told):
    save_network(draw_grid(2), tmp_path)
    retell(tmp_path, **{name: told})
    refused(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "null", "3", "{", '{"format"', "{}", '"format"'])
def test_a_network_that_is_told_in_no_json_is_refused(tmp_path, text):
    save_network(draw_grid(2), tmp_path)
    (tmp_path / "network.json").write_text(text)
    refused(tmp_path)


@pytest.mark.parametrize("name", ["hamburg-wartenau", "berlin-wittenau", "monaco"])
def test_a_real_extract_gives_a_network_mostly_joined(reference_data, name):
    tables = read_osm(reference_data / "osm" / f"{name}.osm.pbf")
    city = build_city(tables, name=name)
    centre = build_network(city, pavements=None)
    assert centre.length_m.sum() == pytest.approx(city.streets.length.sum(), rel=1e-6)
    network = build_network(city)
    assert network.connected_fraction >= 0.97 * centre.connected_fraction > 0.8
    assert (network.component >= 0).all()
    assert pyproj.CRS(network.crs) == city.crs
    again = build_network(city)
    for array in ARRAY_NAMES:
        np.testing.assert_array_equal(getattr(again, array), getattr(network, array))
