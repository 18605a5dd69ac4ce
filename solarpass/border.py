"""Borders: the lines between districts, towns and countries, as far as an extract holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from .degrees import DEGREES
from .key import find_rank
from .scan import draw_lines, is_closed
from .tag import text_column

if TYPE_CHECKING:
    from .scan import Scan


def frame_borders(scan: Scan) -> gpd.GeoDataFrame:
    """
    Draw the administrative borders of an extract, in degrees.

    Returns
    -------
    GeoDataFrame
        ``osm_type``, ``osm_id``, ``name``, ``admin_level``, ``is_whole`` (False where the extract
        lacks a piece), MultiLineString; by type and id.
    """
    row_of = {way: row for row, way in enumerate(scan.way_id)}
    found: list[tuple[str, int, dict[str, str], list[int], bool]] = []
    for osm_id, (tags, members) in scan.boundaries.items():
        known = [row_of[ref] for ref, _ in members if ref in row_of]
        found.append(("relation", osm_id, tags, known, len(known) == len(members)))
    for row, tags in enumerate(scan.way_tags):
        if find_rank(tags) is not None and "name" in tags and is_closed(scan, row):
            found.append(("way", scan.way_id[row], tags, [row], True))
    drawn = [_draw(scan, rows) for _, _, _, rows, _ in found]
    return _frame(
        [one[0] for one in found],
        [one[1] for one in found],
        [one[2] for one in found],
        is_whole=[one[4] and not cut for one, (_, cut) in zip(found, drawn, strict=True)],
        lines=[line for line, _ in drawn],
    )


def take_borders(
    osm_type: Iterable[str],
    osm_id: Iterable[int],
    areas: Iterable[Any],
    tags: Iterable[Mapping[str, str]],
) -> gpd.GeoDataFrame:
    """Take over borders that others have made areas of, as of `frame_borders`."""
    told = zip(osm_type, osm_id, areas, tags, strict=True)
    found = [one for one in told if find_rank(one[3]) is not None]
    return _frame(
        [one[0] for one in found],
        [one[1] for one in found],
        [one[3] for one in found],
        is_whole=[True] * len(found),
        lines=[shapely.MultiLineString(_lines(one[2])) for one in found],
    )


def _lines(area: Any) -> list[Any]:  # noqa: ANN401 - any geometry
    return list(shapely.get_parts(shapely.boundary(shapely.force_2d(area))))


def _frame(
    osm_type: Sequence[str],
    osm_id: Sequence[int],
    tags: Sequence[Mapping[str, str]],
    *,
    is_whole: Sequence[bool],
    lines: Sequence[Any],
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {
            "osm_type": text_column(osm_type),
            "osm_id": np.array(osm_id, dtype=np.int64),
            "name": text_column(one.get("name") for one in tags),
            "admin_level": np.array([find_rank(one) for one in tags], dtype=np.int64),
            "is_whole": np.array(is_whole, dtype=bool),
        },
        geometry=gpd.GeoSeries(list(lines), crs=DEGREES),
        crs=DEGREES,
    )
    frame = frame[~shapely.is_empty(np.asarray(frame.geometry))]
    return frame.sort_values(["osm_type", "osm_id"], kind="stable", ignore_index=True)


def _draw(scan: Scan, rows: list[int]) -> tuple[Any, bool]:
    """Draw ways; and tell whether a node of theirs is missing."""
    _, nodes, lines = draw_lines(scan, rows)
    n_nodes = sum(scan.start[row + 1] - scan.start[row] for row in rows)
    return shapely.MultiLineString(list(lines)), sum(map(len, nodes)) < n_nodes
