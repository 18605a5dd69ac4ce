"""Roadsides: on which sides of a street there is a pavement, and how far from its middle."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from .obstacle import LEFT, RIGHT, keep_clear
from .stretch import Stretches
from .tables import read_numbers

if TYPE_CHECKING:
    from .city import City

# Streets that have pavements unless something says otherwise; others only where tagged.
_PAVED = frozenset(
    [
        *("residential", "unclassified", "tertiary", "tertiary_link", "secondary", "road"),
        *("secondary_link", "primary", "primary_link"),
    ]
)
_CARRIAGEWAY = _PAVED | {"trunk", "trunk_link", "busway", "living_street", "service"}
_ALONG = frozenset(["footway", "path", "pedestrian", "cycleway"])
_SAMPLE_M = 8.0  # apart along a street, where it is asked for a mapped pavement beside it
_PARALLEL = 0.85  # cosine: within 32° of the street's course
_LEAST_M = 0.8  # pavements nearer to the middle than this are one with it


@dataclass(frozen=True, slots=True)
class RoadsideModel:
    """
    Assumptions about the sides of streets; change one with `dataclasses.replace`.

    Attributes
    ----------
    lane_m
        Width of a lane, where lanes are tagged; our choice. [m]
    pavement_m
        Width of a pavement, of which one walks the middle; our choice. [m]
    mapped_reach_m
        A mapped way is a street's pavement if it runs no farther than this beyond where we
        should draw one; our choice. [m]
    mapped_fraction
        Of a street's length that it must run along; our choice. [1]
    built_up_m
        A street without a tag and without a building this near has no pavement; our choice. [m]
    twin_m
        Two one-way streets of opposite directions no farther apart than this are one street
        without pavements in between; our choice. [m]
    """

    lane_m: float = 3.2
    pavement_m: float = 2.5
    mapped_reach_m: float = 6.0
    mapped_fraction: float = 0.5
    built_up_m: float = 40.0
    twin_m: float = 25.0


@dataclass(frozen=True, eq=False, slots=True)
class Roadsides:
    """
    What runs along the sides of each stretch.

    Attributes
    ----------
    is_carriageway
        Streets for cars, which one crosses, shape ``(n,)``.
    has
        Whether we draw a pavement left and right, shape ``(n, 2)``.
    is_tagged
        Whether a tag says there is one, shape ``(n, 2)``.
    offset_m
        From the middle of the street to that of the pavement, shape ``(n, 2)``. [m]
    is_walked
        Whether one walks in the middle, as on a footway, shape ``(n,)``.
    beside
        The street, a row of `City.streets`, that a mapped pavement belongs to, -1 if none,
        shape ``(n,)``.
    beside_side
        On which side of that street it runs, 1 left and 2 right as seen along the
        pavement, 0 if none.
    """

    is_carriageway: NDArray[np.bool_]
    has: NDArray[np.bool_]
    is_tagged: NDArray[np.bool_]
    offset_m: NDArray[np.float64]
    is_walked: NDArray[np.bool_]
    beside: NDArray[np.int64]
    beside_side: NDArray[np.int8]

    def without_narrow(self) -> Roadsides:
        """Leave out what would run in the street's middle; there one walks if none is left."""
        has = self.has & (self.offset_m >= _LEAST_M)
        lost = self.has.any(axis=1) & ~has.any(axis=1)
        return replace(
            self, has=has, is_tagged=self.is_tagged & has, is_walked=self.is_walked | lost
        )

    def take(self, rows: NDArray[np.int64]) -> Roadsides:
        """Take some rows, as when stretches are split."""
        return Roadsides(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def find_roadsides(
    stretches: Stretches, city: City, *, model: RoadsideModel = RoadsideModel()
) -> Roadsides:
    """
    Find on which sides of each stretch there is a pavement that is not mapped by itself.

    Tags are obeyed: a pavement is drawn where they say so, left out where they say `no`, and
    where they say `separate` a mapped one is walked instead. Without a tag a street in a
    built-up area has both, but for sides on which a mapped footway runs along, and sides that
    face the other carriageway or the inside of a roundabout.
    """
    row = stretches.way
    streets = city.streets
    highway = streets["highway"].to_numpy(object)[row]
    street_m = _width_m(stretches, city, model)
    offset_m = np.repeat((street_m / 2.0 + model.pavement_m / 2.0)[:, None], 2, axis=1)
    told = np.column_stack(
        [streets[f"sidewalk_{side}"].fillna("").to_numpy(str)[row] for side in ("left", "right")]
    )
    tagged_yes = told == "yes"
    is_paved = np.isin(highway, list(_PAVED))
    is_carriageway = np.isin(highway, list(_CARRIAGEWAY)) & (is_paved | (told != "").any(axis=1))
    courses = _sample(stretches, np.flatnonzero(is_carriageway))
    share, beside, beside_side = _find_mapped(stretches, city, courses, offset_m[:, 0], model)
    is_mapped = (share >= model.mapped_fraction) | ((told == "separate") & (share >= 0.2))
    inner = _find_inner(stretches, city, courses, is_carriageway, model)
    assumed = (told == "") | (told == "separate")
    assumed &= is_paved[:, None] & ~is_mapped & ~inner
    assumed[~_is_built_up(stretches, city, is_carriageway, model)] = False
    has = (tagged_yes & ~(is_mapped & (share >= 0.8))) | assumed
    # Who is sent nowhere else walks on the street itself.
    is_walked = ~is_carriageway | ~(has | is_mapped | inner).any(axis=1)
    offset_m = keep_clear(stretches, city, has, offset_m)
    return Roadsides(
        is_carriageway=is_carriageway,
        has=has,
        is_tagged=tagged_yes,
        offset_m=offset_m,
        is_walked=is_walked,
        beside=beside,
        beside_side=beside_side,
    ).without_narrow()


def _width_m(stretches: Stretches, city: City, model: RoadsideModel) -> NDArray[np.float64]:
    """Tell the width of each street: tagged, by its lanes, or usual for its kind. [m]."""
    streets = city.streets
    usual = {kind: row["width"] for kind, row in read_numbers("street", key="highway").items()}
    by_kind = streets["highway"].map(usual).fillna(usual["service"]).to_numpy(float)
    # Beside the lanes there is parking and what else kerbs enclose, so no less than this.
    by_lanes = np.maximum(streets["lanes"].to_numpy(float) * model.lane_m, 0.75 * by_kind)
    width_m = streets["width_m"].to_numpy(float)
    width_m = np.where(width_m >= model.lane_m, width_m, by_lanes)
    told: NDArray[np.float64] = np.where(np.isnan(width_m), by_kind, width_m)[stretches.way]
    return told


@dataclass(frozen=True, eq=False, slots=True)
class _Courses:
    """Places along streets, with the unit vector of the street's course at each."""

    owner: NDArray[np.int64]
    xy: NDArray[np.float64]
    along: NDArray[np.float64]


def _sample(stretches: Stretches, chosen: NDArray[np.int64]) -> _Courses:
    lines = stretches.lines()[chosen]
    length_m = shapely.length(lines)
    n = np.maximum(np.rint(length_m / _SAMPLE_M), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(chosen)), n)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(n) - n, n)
    at_m = (number + 0.5) / n[owner] * length_m[owner]
    before = shapely.line_interpolate_point(lines[owner], np.maximum(at_m - 1.0, 0.0))
    after = shapely.line_interpolate_point(lines[owner], at_m + 1.0)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[owner], at_m))
    course = shapely.get_coordinates(after) - shapely.get_coordinates(before)
    norm = np.hypot(*course.T)
    course[norm > 0.0] /= norm[norm > 0.0, None]
    return _Courses(chosen[owner], xy, course)


def _segments(
    stretches: Stretches, chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.float64]]:
    """Split stretches at their vertices: owner, line, and unit vector of each piece."""
    pieces = [np.stack([stretches.xy[k][:-1], stretches.xy[k][1:]], axis=1) for k in chosen]
    owner = np.repeat(chosen, [len(piece) for piece in pieces])
    ends = np.concatenate(pieces) if pieces else np.empty((0, 2, 2))
    course = ends[:, 1] - ends[:, 0]
    norm = np.hypot(*course.T)
    kept = norm > 0.0
    line: NDArray[np.object_] = np.asarray(shapely.linestrings(ends[kept]))
    return owner[kept], line, course[kept] / norm[kept, None]


def _find_mapped(
    stretches: Stretches,
    city: City,
    courses: _Courses,
    offset_m: NDArray[np.float64],
    model: RoadsideModel,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int8]]:
    """Find along what share of each side a mapped way runs, and whose pavement each such way is."""
    n = len(stretches)
    share = np.zeros((n, 2))
    beside, side_there = np.full(n, -1), np.zeros(n, np.int8)
    row = city.streets.iloc[stretches.way]
    is_along = row["highway"].isin(_ALONG) & (row["footway"] != "crossing") & ~row["is_covered"]
    walk, line, course = _segments(stretches, np.flatnonzero(is_along))
    if not len(line) or not len(courses.owner):
        return share, beside, side_there
    reach_m = offset_m[courses.owner] + model.mapped_reach_m
    sample, piece, left_m = _look_beside(courses, line, reach_m)
    turn = (courses.along[sample] * course[piece]).sum(axis=1)
    kept = (np.abs(turn) > _PARALLEL) & (np.abs(left_m) > 1.0)
    level = find_levels(city)[stretches.way]
    kept &= (level[walk[piece]] == level[courses.owner[sample]]).all(axis=1)
    sample, piece, left_m, turn = sample[kept], piece[kept], left_m[kept], turn[kept]
    side = np.where(left_m > 0.0, LEFT, RIGHT)
    hit = np.zeros((len(courses.owner), 2), bool)
    hit[sample, side] = True
    n_samples = np.maximum(np.bincount(courses.owner, minlength=n), 1)
    for each in (LEFT, RIGHT):
        share[:, each] = np.bincount(courses.owner, hit[:, each], minlength=n) / n_samples
    # A pavement belongs to the street that it accompanies longest.
    seen_left = (side == LEFT) == (turn > 0.0)
    vote = np.unique(
        np.column_stack([walk[piece], courses.owner[sample], np.where(seen_left, 1, 2), sample]),
        axis=0,
    )
    pair, n_votes = np.unique(vote[:, :3], axis=0, return_counts=True)
    length_m = shapely.length(stretches.lines())
    enough = n_votes * _SAMPLE_M >= 0.4 * length_m[pair[:, 0]]
    pair, n_votes = pair[enough], n_votes[enough]
    order = np.argsort(n_votes, kind="stable")
    beside[pair[order, 0]] = stretches.way[pair[order, 1]]
    side_there[pair[order, 0]] = pair[order, 2]
    return share, beside, side_there


def find_levels(city: City) -> NDArray[np.int64]:
    """Tell each way's layer and whether it is covered: on other levels nothing is beside it."""
    streets = city.streets
    layer = streets["layer"].to_numpy(np.int64)
    layer = np.where(streets["is_bridge"].to_numpy(bool), np.maximum(layer, 1), layer)
    beneath = streets["is_tunnel"].to_numpy(bool) | streets["is_covered"].to_numpy(bool)
    return np.column_stack([layer, beneath])


def _find_inner(
    stretches: Stretches,
    city: City,
    courses: _Courses,
    is_carriageway: NDArray[np.bool_],
    model: RoadsideModel,
) -> NDArray[np.bool_]:
    """Find the sides that face a twin carriageway, or the inside of a roundabout, ``(n, 2)``."""
    n = len(stretches)
    inner = np.zeros((n, 2), bool)
    row = city.streets.iloc[stretches.way]
    is_ring = row["is_roundabout"].to_numpy(bool) & is_carriageway
    # By the whole way, for a stretch of it may be straight.
    turning = np.array([_turning(shapely.get_coordinates(way)) for way in row.geometry[is_ring]])
    inner[is_ring, LEFT] = turning >= 0.0
    inner[is_ring, RIGHT] = turning < 0.0
    oneway = row["is_oneway"].to_numpy(bool) & is_carriageway & ~is_ring
    owner, line, course = _segments(stretches, np.flatnonzero(oneway))
    from_twin = oneway[courses.owner]
    twins = _Courses(courses.owner[from_twin], courses.xy[from_twin], courses.along[from_twin])
    if not len(line) or not len(twins.owner):
        return inner
    reach_m = np.full(len(twins.owner), model.twin_m)
    sample, piece, left_m = _look_beside(twins, line, reach_m)
    name = row["name"].to_numpy(object)
    back = (twins.along[sample] * course[piece]).sum(axis=1) < -_PARALLEL
    kept = back & np.equal(name[twins.owner[sample]], name[owner[piece]])
    n_samples = np.maximum(np.bincount(twins.owner, minlength=n), 1)
    for side, there in ((LEFT, left_m > 2.0), (RIGHT, left_m < -2.0)):
        seen = np.unique(sample[kept & there])
        inner[:, side] |= np.bincount(twins.owner[seen], minlength=n) >= 0.5 * n_samples
    return inner


def _look_beside(
    courses: _Courses, line: NDArray[np.object_], reach_m: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Find the lines abreast of each place: the place, the line, and how far to its left. [m]."""
    points: NDArray[np.object_] = np.asarray(shapely.points(courses.xy))
    sample, piece = shapely.STRtree(line).query(points, predicate="dwithin", distance=reach_m)
    nearest = shapely.line_interpolate_point(
        line[piece], shapely.line_locate_point(line[piece], points[sample])
    )
    away = shapely.get_coordinates(nearest) - courses.xy[sample]
    along = courses.along[sample]
    abreast = np.abs((along * away).sum(axis=1)) < 0.5 * _SAMPLE_M
    return sample[abreast], piece[abreast], _cross(along, away)[abreast]


def _is_built_up(
    stretches: Stretches, city: City, chosen: NDArray[np.bool_], model: RoadsideModel
) -> NDArray[np.bool_]:
    """Tell which streets run by buildings; all do where no building is known."""
    built = np.ones(len(stretches), bool)
    if not city.knows_buildings:
        return built
    tree = shapely.STRtree(np.asarray(city.buildings.geometry))
    asked = np.flatnonzero(chosen)
    near = tree.query(stretches.lines()[asked], predicate="dwithin", distance=model.built_up_m)
    built[asked] = False
    built[asked[near[0]]] = True
    return built


def _turning(xy: NDArray[np.float64]) -> float:
    """Add up how far a line turns, leftwards positive, weighted by what it passes over."""
    step = np.diff(xy, axis=0)
    return float(_cross(step[:-1], step[1:]).sum())


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    product: NDArray[np.float64] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product
