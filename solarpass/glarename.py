"""Glare names: what people call a stretch where shade is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .city import City
    from .glare import Glare

_FAR_M = 300.0  # no street so far away tells where a path is; our choice
_WORDS = {
    "cycleway": "cycle path",
    "crossing": "crossing",
    "footway": "footpath",
    "path": "path",
    "pedestrian": "pedestrian way",
    "platform": "platform",
    "service": "service road",
    "square": "square",
    "steps": "steps",
    "track": "track",
}


def call_glares(city: City, glares: Sequence[Glare]) -> list[str]:
    """
    Name stretches so that people find them: each has a name of its own.

    A street has its own name, with its side; a square its own; a crossing that of what it
    crosses; a way without a name is near one that has one. Stretches that would share a name tell
    what they are near as well, and are numbered if that is the same too.

    Parameters
    ----------
    city
        Whose streets, squares and places have names.
    glares
        By `find_glares`.
    """
    lines = np.array([*(glare.line for glare in glares), None], dtype=object)[:-1]
    ways, names = _list_named(city)
    tree = shapely.STRtree(ways)
    named = [
        _call(glare, _cross(glare, lines[row], tree, names)) for row, glare in enumerate(glares)
    ]
    count = Counter(named)
    told = []
    for glare, line, name in zip(glares, lines, named, strict=True):
        is_bare = glare.name is None and " of " not in name
        near = _find_near(city, glare, line, tree, names) if is_bare or count[name] > 1 else None
        told.append(f"{name}{',' * (not is_bare)} near {near}" if near else name)
    return _number(told)


def _list_named(city: City) -> tuple[NDArray[Any], NDArray[Any]]:
    """List the streets and squares that have a name: their shapes, and their names."""
    frames = (city.streets, city.squares)
    names = np.concatenate([frame["name"].to_numpy(object) for frame in frames])
    ways = np.concatenate([np.asarray(frame.geometry) for frame in frames])
    kept = np.array([isinstance(name, str) for name in names], bool)
    return ways[kept], names[kept]


def _call(glare: Glare, crossed: Sequence[str]) -> str:
    """Name a stretch by itself."""
    if glare.name is None:
        kind = _WORDS.get(glare.highway, "street")
        return f"{kind} of {' and '.join(crossed)}" if crossed else kind
    return glare.name if glare.side is None else f"{glare.name}, {glare.side} side"


def _cross(
    glare: Glare, line: shapely.Geometry, tree: shapely.STRtree, names: NDArray[Any]
) -> list[str]:
    """List the streets that a crossing without a name crosses, two at most."""
    if glare.name is not None or glare.highway != "crossing":
        return []
    return sorted(set(names[tree.query(line, predicate="intersects")].tolist()))[:2]


def _find_near(
    city: City, glare: Glare, line: shapely.Geometry, tree: shapely.STRtree, names: NDArray[Any]
) -> str | None:
    """Find what a stretch is near: another street or square, else a place, else coordinates."""
    hit = tree.query(line, predicate="dwithin", distance=_FAR_M)
    hit = hit[names[hit] != glare.name]
    if len(hit):
        amid = _find_middle(line)
        away_m = shapely.distance(tree.geometries[hit], line)
        # Of all that it touches, what is nearest to its middle; of equals, the first by name.
        amid_m = shapely.distance(tree.geometries[hit], amid).round(1)
        return str(min(zip(away_m.round(1), amid_m, names[hit], strict=True))[2])
    if glare.name is not None:
        return None
    if len(city.places):
        row = shapely.STRtree(np.asarray(city.places.geometry)).nearest(line)
        return str(city.places["name"].iloc[row])
    latitude_deg, longitude_deg = city.to_degrees(shapely.get_coordinates(_find_middle(line)))[0]
    return f"{latitude_deg:.5f}, {longitude_deg:.5f}"


def _find_middle(line: shapely.Geometry) -> shapely.Point:
    longest = max(shapely.get_parts(line), key=shapely.length)
    point: shapely.Point = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return point


def _number(names: Sequence[str]) -> list[str]:
    """Add a number to those that share a name, from the second on."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
