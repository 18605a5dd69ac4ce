"""One pass through an extract: ways as flat arrays, and the lines, rings and areas they draw."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from .key import find_rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOWHERE = 2**31 - 1  # how osmium writes the coordinate of a node that the file does not hold


@dataclass(slots=True)
class Scan:
    """One pass through a file: ways flat, the rest as it comes."""

    way_id: list[int] = field(default_factory=list)
    way_tags: list[dict[str, str]] = field(default_factory=list)
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    ref: array[int] = field(default_factory=lambda: array("q"))
    x: array[int] = field(default_factory=lambda: array("i"))
    y: array[int] = field(default_factory=lambda: array("i"))
    nodes: dict[int, tuple[int, int, dict[str, str]]] = field(default_factory=dict)
    relations: dict[int, tuple[dict[str, str], list[tuple[int, str]]]] = field(default_factory=dict)
    boundaries: dict[int, tuple[dict[str, str], list[tuple[int, str]]]] = field(
        default_factory=dict
    )
    box: Any = None
    data_date: str = ""


def scan_file(path: Path, point_keys: frozenset[str]) -> Scan:
    """
    Read a file in one pass, keeping nodes that carry one of the keys.

    Raises
    ------
    RuntimeError
        If the file does not read, as osmium puts it.
    """
    scan = Scan()
    kept = osmium.filter.EmptyTagFilter()
    kept.enable_for(osmium.osm.NODE)
    reader = osmium.FileProcessor(str(path)).with_locations().with_filter(kept)
    newest = datetime(1970, 1, 1, tzinfo=UTC)
    seen: set[int] = set()
    item: Any  # a node, way or relation; each test below settles which
    for item in reader:
        newest = max(newest, item.timestamp)
        tags = {tag.k: tag.v for tag in item.tags}
        if item.is_node():
            if not point_keys.isdisjoint(tags) and item.location.valid():
                scan.nodes[item.id] = (item.location.x, item.location.y, tags)
        elif item.is_way():
            if item.id in seen:  # two extracts merged into one file
                continue
            seen.add(item.id)
            scan.way_id.append(item.id)
            scan.way_tags.append(tags)
            for node in item.nodes:
                scan.ref.append(node.ref)
                scan.x.append(node.x)
                scan.y.append(node.y)
            scan.start.append(len(scan.ref))
        elif item.is_relation() and tags.get("type") in {"multipolygon", "boundary"}:
            members = [(m.ref, m.role) for m in item.members if m.type == "w"]
            if tags["type"] == "multipolygon":
                scan.relations[item.id] = (tags, members)
            if find_rank(tags) is not None:
                scan.boundaries[item.id] = (tags, members)
    header = reader.header
    scan.box = header.box()
    dated = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    scan.data_date = (dated or newest.isoformat())[:10]
    return scan


def _flat(scan: Scan) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    ref = np.frombuffer(scan.ref, dtype=np.int64) if scan.ref else np.empty(0, np.int64)
    x = np.frombuffer(scan.x, dtype=np.int32) if scan.x else np.empty(0, np.int32)
    y = np.frombuffer(scan.y, dtype=np.int32) if scan.y else np.empty(0, np.int32)
    return ref, np.column_stack([x, y]) / 1e7, x != _NOWHERE


def draw_lines(
    scan: Scan, ways: Sequence[int]
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]], NDArray[Any]]:
    """Draw ways as lines, cut where nodes are missing: way, node ids and geometry per piece."""
    ref, degrees, known = _flat(scan)
    owner: list[int] = []
    pieces: list[NDArray[np.int64]] = []
    for way in ways:
        begin, end = scan.start[way], scan.start[way + 1]
        here = known[begin:end]
        runs = [np.arange(begin, end)]
        if not here.all():
            runs = np.split(runs[0], np.flatnonzero(~here))
            runs = [run[known[run]] for run in runs]
        for run in runs:
            if len(run) >= 2:
                owner.append(way)
                pieces.append(run)
    if not pieces:
        return np.empty(0, np.int64), [], np.empty(0, object)
    index = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    drawn: Any = shapely.linestrings(degrees[np.concatenate(pieces)], indices=index)
    return np.array(owner), [ref[piece] for piece in pieces], drawn


def draw_rings(scan: Scan, ways: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Draw closed ways as polygons, passing over missing nodes."""
    _, degrees, known = _flat(scan)
    owner: list[int] = []
    coordinates: list[NDArray[np.float64]] = []
    index: list[NDArray[np.int64]] = []
    for way in ways:
        ring = degrees[scan.start[way] : scan.start[way + 1] - 1]
        ring = ring[known[scan.start[way] : scan.start[way + 1] - 1]]
        if len(ring) >= 3:
            index.append(np.full(len(ring) + 1, len(owner)))
            owner.append(way)
            coordinates.append(np.vstack([ring, ring[:1]]))
    if not owner:
        return np.empty(0, np.int64), np.empty(0, object)
    rings = shapely.linearrings(np.concatenate(coordinates), indices=np.concatenate(index))
    drawn: Any = shapely.polygons(rings)
    return np.array(owner), drawn


def is_closed(scan: Scan, way: int) -> bool:
    """Tell whether a way ends where it began."""
    begin, end = scan.start[way], scan.start[way + 1]
    return end - begin >= 4 and scan.ref[begin] == scan.ref[end - 1]


def assemble(scan: Scan, outers: Sequence[int], inners: Sequence[int]) -> Any:  # noqa: ANN401 - any geometry
    """Assemble a multipolygon from the ways that bound it and those that bound its holes."""
    outer, inner = (_close(scan, rows) for rows in (outers, inners))
    if outer.is_empty or inner.is_empty:
        return outer
    kept = shapely.difference(outer, inner)
    return shapely.multipolygons([p for p in shapely.get_parts(kept) if p.geom_type == "Polygon"])


def _close(scan: Scan, rows: Sequence[int]) -> Any:  # noqa: ANN401 - any geometry
    """Build the polygons that lines close, even-odd; lines that close none fall away."""
    _, degrees, known = _flat(scan)
    lines = []
    for row in rows:
        span = slice(scan.start[row], scan.start[row + 1])
        line = degrees[span][known[span]]
        if len(line) >= 2:
            lines.append(line)
    index = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    if not lines:
        return shapely.MultiPolygon()
    drawn: Any = shapely.linestrings(np.concatenate(lines), indices=index)
    return shapely.build_area(shapely.node(shapely.geometrycollections(drawn)))
