"""Districts of a city: the areas that their borders close, also where an extract cuts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from .extent import make_polygonal

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = (9, 10, 11)
"""``admin_level`` of what a city is made of, the coarsest first; what is above is a town."""

_GANGWAY_M = 150.0  # from the rim: a border that ends no further runs on to it; our choice
_ASIDE_M = 0.02  # beside a border, which is no sharper


def build_districts(
    borders: gpd.GeoDataFrame, *, extent: shapely.MultiPolygon, points: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, int]:
    """
    Build the districts of a city out of their borders.

    A border that the extract cuts is closed along the extent's outline. Its inside is then the
    side on which no other border of its own or a higher rank runs; or, if none runs on either,
    the one on which the place of its name lies. What stays open is left out.

    Parameters
    ----------
    borders
        As of `solarpass.border.frame_borders`, in local metres.
    extent
        Of the city.
    points
        Of the extract, in local metres: those with ``place`` and ``name``.

    Returns
    -------
    tuple
        ``osm_type``, ``osm_id``, ``name``, ``admin_level``, (Multi)Polygon; and how many stayed
        open.
    """
    level, line = borders["admin_level"].to_numpy(np.int64), np.asarray(borders.geometry)
    is_wanted = borders["name"].notna().to_numpy(bool) & (level >= LEVELS[0])
    is_wanted &= shapely.intersects(extent, shapely.envelope(line))
    shape = np.full(len(borders), None, dtype=object)
    for row in np.flatnonzero(is_wanted & borders["is_whole"].to_numpy(bool)):
        shape[row] = _ring(line[row])
    is_open = is_wanted & shapely.is_missing(shape) & shapely.intersects(extent, line)
    named = points[points["place"].notna() & points["name"].notna()]
    for rank in LEVELS:
        here = np.flatnonzero(level <= rank)
        cut = np.flatnonzero(is_open[here] & (level[here] == rank))
        if len(cut):
            faces = _Faces(line[here], extent)
            names = borders["name"].to_numpy(object)[here]
            marks = {
                row: np.asarray(named.geometry)[(named["name"] == names[row]).to_numpy(bool)]
                for row in cut.tolist()
            }
            for place, area in faces.find_insides(marks).items():
                shape[here[place]] = area
    kept = np.flatnonzero(~shapely.is_missing(shape))
    kept = kept[np.argsort(level[kept], kind="stable")]
    table = borders.iloc[kept][["osm_type", "osm_id", "name", "admin_level"]]
    areas = make_polygonal(shape[kept])
    found = gpd.GeoDataFrame(table.reset_index(drop=True), geometry=areas, crs=borders.crs)
    return found, int((is_open & shapely.is_missing(shape)).sum())


def _ring(line: Any) -> Any:  # noqa: ANN401 - any geometry
    """Draw the area within a border that is whole, None if it does not close."""
    area = shapely.build_area(shapely.node(line))
    return area if area.area > 0.0 else None


class _Faces:
    """The pieces into which all borders of a rank, and those above it, cut an extent."""

    def __init__(self, lines: NDArray[Any], extent: shapely.MultiPolygon) -> None:
        """Cut the extent; tell which face lies on which side of each piece of border."""
        rim = shapely.boundary(extent)
        lines = _run_on(lines, extent)
        # Whole lines: what is cut at the rim first may miss it by a hair.
        pieces = shapely.get_parts(shapely.union_all([*lines, rim]))
        faces = shapely.get_parts(shapely.polygonize(pieces))
        self.faces = faces[shapely.covers(shapely.buffer(extent, _ASIDE_M), faces)]
        start, end, middle = _longest_segments(pieces)
        along = end - start
        aside = _ASIDE_M * along[:, ::-1] * [1.0, -1.0] / np.hypot(*along.T)[:, None]
        tree = shapely.STRtree(self.faces)
        sides = [_whose(tree, middle + way * aside) for way in (1.0, -1.0)]
        between = (sides[0] >= 0) & (sides[1] >= 0)
        self.right, self.left = sides[0][between], sides[1][between]
        owner = shapely.STRtree(lines).query(
            shapely.points(middle[between]), predicate="dwithin", distance=0.5 * _ASIDE_M
        )
        self.owns = np.zeros((len(lines), int(between.sum())), dtype=bool)
        self.owns[owner[1], owner[0]] = True

    def find_insides(self, marks: Mapping[int, NDArray[Any]]) -> dict[int, Any]:
        """
        Find the faces within borders, those left out of which it may as well be those without.

        Parameters
        ----------
        marks
            By row of the borders: places of its name.
        """
        sides = {row: self._colour(self.owns[row]) for row in marks}
        left = {row: side for row, side in sides.items() if side is not None}
        taken = np.zeros(len(self.faces), dtype=bool)
        found: dict[int, NDArray[np.bool_]] = {}
        for may_ask in (False, True):
            n_before = -1
            while n_before != len(found):  # who is known tells his neighbours where they are not
                n_before = len(found)
                for row, side in left.items():
                    inside = self._find_inside(row, side, taken, marks[row] if may_ask else None)
                    if row not in found and inside is not None:
                        found[row] = inside
                        taken |= inside
        return {row: shapely.union_all(self.faces[inside]) for row, inside in found.items()}

    def _find_inside(
        self,
        row: int,
        side: NDArray[np.int64],
        taken: NDArray[np.bool_],
        marks: NDArray[Any] | None,
    ) -> NDArray[np.bool_] | None:
        own = self.owns[row]
        strange = self.owns.any(axis=0) & ~own
        outside = side[np.concatenate([self.right[strange], self.left[strange]])]
        told = np.unique(np.concatenate([outside, side[taken]]))
        told = told[told >= 0]
        if len(told) == 1:
            return np.asarray(side == 1 - told[0])
        if len(told) or marks is None:
            return None
        tree = shapely.STRtree(self.faces)
        within = np.unique(side[np.unique(tree.query(marks, predicate="within")[1])])
        within = within[within >= 0]
        return np.asarray(side == within[0]) if len(within) == 1 else None

    def _colour(self, own: NDArray[np.bool_]) -> NDArray[np.int64] | None:
        """Tell faces on one side of a border from those on the other; None if it has a gap."""
        side = np.full(len(self.faces), -1, dtype=np.int64)
        if not own.any():
            return None
        side[self.right[own][0]] = 0
        while True:
            before = side.copy()
            for one, other in ((self.right, self.left), (self.left, self.right)):
                known = side[one] >= 0
                side[other[known]] = side[one[known]] ^ own[known]
            if (side == before).all():
                break
            if ((before >= 0) & (side != before)).any():
                return None
        both = (side[self.right] >= 0) & (side[self.left] >= 0)
        is_crossed = (side[self.right] ^ side[self.left]).astype(bool)
        return None if (is_crossed != own)[both].any() else side


def _run_on(lines: NDArray[Any], extent: shapely.MultiPolygon) -> NDArray[Any]:
    """Lead borders that end within an extent on to its rim, where that is near."""
    rim = shapely.boundary(extent)
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
    ends = shapely.get_coordinates(shapely.boundary(merged))
    xy, count = np.unique(ends, axis=0, return_counts=True)
    loose = shapely.points(xy[count == 1])
    away_m = shapely.distance(loose, rim)
    near = shapely.covers(extent, loose) & (away_m > _ASIDE_M) & (away_m <= _GANGWAY_M)
    course = shapely.get_coordinates(shapely.shortest_line(loose[near], rim)).reshape(-1, 2, 2)
    course[:, 1] += (course[:, 1] - course[:, 0]) / away_m[near, None]  # a metre beyond it
    longer = lines.copy()
    ended = shapely.STRtree(lines).query(loose[near], predicate="dwithin", distance=_ASIDE_M)
    for way, line in ended.T:
        longer[line] = shapely.union(longer[line], shapely.linestrings(course[way]))
    return longer


def _longest_segments(
    pieces: NDArray[Any],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Take of each line its longest segment: start, end and middle."""
    xy, owner = shapely.get_coordinates(pieces, return_index=True)
    joined = np.flatnonzero(owner[:-1] == owner[1:])
    start, end = xy[joined], xy[joined + 1]
    length = np.hypot(*(end - start).T)
    order = np.lexsort((-length, owner[joined]))
    longest = order[np.unique(owner[joined][order], return_index=True)[1]]
    start, end = start[longest], end[longest]
    return start, end, 0.5 * (start + end)


def _whose(tree: shapely.STRtree, xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Tell in which face points lie, -1 in none."""
    found = np.full(len(xy), -1, dtype=np.int64)
    at, face = tree.query(shapely.points(xy), predicate="within")
    found[at] = face
    return found
