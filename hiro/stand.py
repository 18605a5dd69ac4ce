"""Stands: where one waits at a stop, out of the several things that a map draws of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from solarpass.column import fold_name
from solarpass.tag import read_tags

from .kerb import Kerbs, crosses_road, find_roads, find_roof, is_driven, step_aside, step_outdoors
from .shelter import read_shelter, shelter_beneath

if TYPE_CHECKING:
    import geopandas as gpd

_RANK = {"platform": 0, "pole": 1, "stop_position": 2}
_LETTER = {"node": "n", "way": "w", "relation": "r"}
# The number of one side or bay, as in "Markt (2)" or "Rautatientori, laituri 7".
_NUMBER = re.compile(
    r"\s*\((?:\d{1,3}|[A-Za-z])\)$|,?\s+(?:(?:bus|bahn)?steig|bstg\.?|gleis|laituri|platform|bay"
    r"|stand|quai|quay)\s+(?:\d{1,3}[a-z]?|[a-z])$",
    re.IGNORECASE,
)
_TOUCHING_M = 0.5
_ASIDE_M = 0.3  # what is drawn so far from the middle is on the side where it is
# Roofs that amenity=shelter also means, under which nobody waits for a bus.
_OTHER_ROOFS = {"picnic_shelter", "basic_hut", "lean_to", "rock_shelter", "field_shelter"}


@dataclass(frozen=True, slots=True)
class StandModel:
    """
    Assumptions about where one waits at stops, all our choice; see `dataclasses.replace`.

    Attributes
    ----------
    same_m
        A pole this near to a platform, of the same name or none, belongs to it. [m]
    twin_m
        Two poles of one name nearer than this are one. [m]
    bay_m
        Poles on one platform that are farther apart than this are waiting places each. [m]
    halt_m, namesake_m
        A stopping position belongs to the nearest platform or pole within this, or within the
        longer if they have one name. [m]
    shelter_m
        A shelter this near to a platform or pole, on the same side of the street, is its own. [m]
    pair_m
        Waiting places of one name are one stop if none of them is farther from the next. [m]
    nameless_m
        A waiting place without a name belongs to the nearest within this. [m]
    off_middle_m
        Who is drawn nearer than this to the middle of a carriageway stands on it, and is moved. [m]
    beyond_kerb_m
        So far from the kerb one waits. [m]
    """

    same_m: float = 8.0
    twin_m: float = 5.0
    bay_m: float = 25.0
    halt_m: float = 20.0
    namesake_m: float = 45.0
    shelter_m: float = 12.0
    pair_m: float = 200.0
    nameless_m: float = 40.0
    off_middle_m: float = 2.0
    beyond_kerb_m: float = 1.2


@dataclass(slots=True)
class Stand:
    """
    One waiting place of a stop, as it is put together.

    Attributes
    ----------
    ids
        What it is made of, such as n12 and w34.
    name, kind, role, ifopt, direction
        Of its members, the platform's first.
    shape
        Its platform, pole or stopping position.
    tags
        What is told of its shelter.
    point, shelter, source
        Where one waits there, beneath what, and how that was found.
    """

    ids: list[str]
    name: str | None
    kind: str
    role: str
    shape: Any
    ifopt: str | None
    direction: str | None
    tags: dict[str, Any]
    shelter: str = "unknown"
    source: str = "pole"
    point: shapely.Point = field(default_factory=shapely.Point)

    def take(self, other: Stand) -> None:
        """Take over what another thing of the same waiting place tells."""
        self.ids += other.ids
        self.name = self.name or other.name
        self.ifopt = self.ifopt or other.ifopt
        self.direction = self.direction or other.direction
        if "tram" in {self.kind, other.kind}:
            self.kind = "tram"
        elif other.kind == "bus" and self.kind == "train":  # a platform that tells no vehicle
            self.kind = "bus"
        if self.tags.get("shelter", "unknown") == "unknown":
            self.tags |= other.tags
        else:
            self.tags = other.tags | self.tags


def find_stands(
    stops: gpd.GeoDataFrame,
    shelters: gpd.GeoDataFrame,
    *,
    kerbs: Kerbs,
    model: StandModel = StandModel(),
) -> list[Stand]:
    """
    Find where one waits for buses and trams.

    A platform, its pole, its stopping position and its shelter are one waiting place. One waits
    beneath the shelter, else amid the platform, else at the pole; what is drawn on the
    carriageway is moved to the kerb, and nobody waits in a house.

    Parameters
    ----------
    stops
        As of `City.stops`.
    shelters
        As of `City.facilities`, those of kind shelter.
    kerbs
        Carriageways and houses.
    model
        Assumptions.

    Returns
    -------
    list[Stand]
        In the order of their first members.
    """
    rows = [_read(row, shape) for row, shape in _iterate(stops)]
    stands = _join_poles([row for row in rows if row.role != "stop_position"], model)
    alone = [row for row in rows if row.role == "stop_position"]
    for _ in range(2):  # the first lends platforms their names
        alone = _join_halts(stands, alone, model)
    stands += _face(_join_near(alone, model.twin_m), model)
    stands = [stand for stand in stands if stand.kind in {"bus", "tram"}]
    _roof(stands, shelters, kerbs, model)
    placed = [one for stand in stands for one in _place(stand, kerbs, model)]
    return sorted(placed, key=lambda stand: _order(stand.ids))


def fold_stop(name: str | None) -> str | None:
    """
    Fold a stop's name, without the number of its sides.

    Examples
    --------
    >>> fold_stop("Freital, Burgker Straße (2)")
    'freital_burgker_strasse'
    """
    if name is None:
        return None
    bare = strip_side(name)
    return fold_name(bare) or bare.casefold()


def strip_side(name: str) -> str:
    """
    Take the number of its side or bay off a stop's name.

    Examples
    --------
    >>> strip_side("Rautatientori, laituri 7"), strip_side("Markt (2)"), strip_side("Am Steig")
    ('Rautatientori', 'Markt', 'Am Steig')
    """
    return _NUMBER.sub("", name).strip() or name


def _iterate(frame: gpd.GeoDataFrame) -> Iterable[tuple[dict[str, Any], Any]]:
    return zip(read_tags(frame), np.asarray(frame.geometry), strict=True)


def _read(row: dict[str, Any], shape: Any) -> Stand:  # noqa: ANN401 - any geometry
    return Stand(
        ids=[f"{_LETTER.get(row['osm_type'], 'x')}{row['osm_id']}"],
        name=row.get("name"),
        kind=row["kind"],
        role=row["role"],
        shape=shape,
        ifopt=row.get("ifopt"),
        direction=row.get("direction"),
        tags={
            key: row[key]
            for key in ("shelter", "roof_material", "shelter_type", "wall")
            if key in row
        },
    )


def _order(ids: Sequence[str]) -> tuple[int, int]:
    """Order by the first of several ids: nodes before ways, then by number."""
    return min(map(order_id, ids))


def order_id(one: str) -> tuple[int, int]:
    """Order ids such as n12 and w34: nodes before ways, then by number."""
    return "nwrx".index(one[0]), int(one[1:])


def _join_poles(rows: list[Stand], model: StandModel) -> list[Stand]:
    """Join poles to the platforms on which they stand, and what was drawn twice."""
    rows = sorted((row for row in rows if row.role in _RANK), key=lambda row: _order(row.ids))
    rows.sort(key=lambda row: _RANK[row.role])
    areal = _join_near([row for row in rows if row.shape.geom_type != "Point"], _TOUCHING_M)
    poles = _join_near([row for row in rows if row.shape.geom_type == "Point"], model.twin_m)
    tree = shapely.STRtree(_shapes(areal))
    on: dict[int, list[Stand]] = {}
    alone = []
    for pole in poles:
        near = tree.query(pole.shape, predicate="dwithin", distance=model.same_m).tolist()
        near = [row for row in near if _is_named_alike(areal[row], pole)]
        if near:
            row = min(near, key=lambda one: (shapely.distance(areal[one].shape, pole.shape), one))
            on.setdefault(row, []).append(pole)
        else:
            alone.append(pole)
    stands = []
    for row, platform in enumerate(areal):
        stands += _settle_platform(platform, on.get(row, []), model)
    return stands + alone


def _settle_platform(platform: Stand, poles: list[Stand], model: StandModel) -> list[Stand]:
    """Let a platform be one waiting place; one with several bays, a place at each pole."""
    apart_m = max((shapely.distance(a.shape, b.shape) for a in poles for b in poles), default=0.0)
    if apart_m <= model.bay_m and len({fold_stop(pole.name) for pole in poles}) < 2:
        for pole in poles:
            platform.take(pole)
        return [platform]
    for number, pole in enumerate(poles):
        pole.take(replace(platform, ids=platform.ids if number == 0 else []))
        pole.role = "bay"
    return poles


def _join_near(rows: list[Stand], within_m: float) -> list[Stand]:
    """Join things of like names that are so near that they are one."""
    tree = shapely.STRtree(_shapes(rows))
    taken: set[int] = set()
    for a, row in enumerate(rows):
        for b in tree.query(row.shape, predicate="dwithin", distance=within_m).tolist():
            if a < b and not taken & {a, b} and _is_named_alike(row, rows[b]):
                row.take(rows[b])
                taken.add(b)
    return [row for place, row in enumerate(rows) if place not in taken]


def _shapes(stands: Sequence[Stand]) -> Any:  # noqa: ANN401 - an array of shapes
    return np.array([*(stand.shape for stand in stands), None], dtype=object)[:-1]


def _is_named_alike(one: Stand, other: Stand) -> bool:
    names = {fold_stop(one.name), fold_stop(other.name)} - {None}
    return len(names) < 2


def _join_halts(stands: list[Stand], halts: list[Stand], model: StandModel) -> list[Stand]:
    """Join stopping positions to where one waits for them; return those that stand alone."""
    alone = []
    shape = _shapes(stands)
    tree = shapely.STRtree(shape)
    for halt in halts:
        near = tree.query(halt.shape, predicate="dwithin", distance=model.namesake_m).tolist()
        best = None
        for row in near:
            distance = shapely.distance(shape[row], halt.shape)
            same = fold_stop(halt.name) is not None
            same &= fold_stop(halt.name) == fold_stop(stands[row].name)
            fits = _is_named_alike(halt, stands[row]) or distance <= model.same_m
            if same or (fits and distance <= model.halt_m):
                key = (distance, not same, row)
                best = key if best is None or key < best else best
        if best is None:
            alone.append(halt)
        else:
            stands[best[2]].take(halt)
    return alone


def _face(alone: list[Stand], model: StandModel) -> list[Stand]:
    """Let two stopping positions of one name that tell no direction face opposite ones."""
    first: dict[str, Stand] = {}
    for halt in alone:
        name = fold_stop(halt.name)
        if name is None or halt.direction is not None:
            continue
        other = first.get(name)
        if other is None:
            first[name] = halt
        elif shapely.distance(other.shape, halt.shape) <= model.pair_m:
            other.direction, halt.direction = "forward", "backward"
            del first[name]
    return alone


def _roof(stands: list[Stand], shelters: gpd.GeoDataFrame, kerbs: Kerbs, model: StandModel) -> None:
    """Give each shelter to the nearest waiting place on its side that does not say it has none."""
    shape = _shapes(stands)
    tree = shapely.STRtree(shape)
    best: dict[int, tuple[float, int, dict[str, Any], Any]] = {}
    for row, (tags, roof) in enumerate(_iterate(shelters)):
        if tags.get("shelter_type") in _OTHER_ROOFS:
            continue
        reached = tree.query(roof, predicate="dwithin", distance=model.shelter_m).tolist()
        near = [
            (shapely.distance(shape[one], roof), one)
            for one in reached
            if stands[one].tags.get("shelter") != "no" and not crosses_road(kerbs, shape[one], roof)
        ]
        if near:
            distance, one = min(near)
            if one not in best or (distance, row) < best[one][:2]:
                best[one] = (distance, row, tags, roof)
    for one, (_, _, tags, roof) in best.items():
        stands[one].tags["shelter"] = "yes"
        for key in ("roof_material", "shelter_type", "wall"):
            if key in tags:
                stands[one].tags[key] = tags[key]
        stands[one].point = shapely.point_on_surface(roof)
        stands[one].source = "shelter"


def _place(stand: Stand, kerbs: Kerbs, model: StandModel) -> list[Stand]:
    """Find where one waits: a place, or one on either kerb where nobody tells which."""
    stand.shelter = read_shelter(stand.tags)
    if stand.source == "shelter":
        return [stand]
    if stand.role == "bay" or stand.shape.geom_type != "Point":
        stand.point, stand.source = _find_middle(stand.shape), "platform"
        placed = [stand]
    else:
        placed = _leave_road(stand, kerbs, model)
    for one in placed:
        one.point = step_outdoors(kerbs, one.point)
        one.shelter = shelter_beneath(one.shelter, roof=find_roof(kerbs, one.point))
    return placed


def _find_middle(shape: Any) -> shapely.Point:  # noqa: ANN401 - any geometry
    if shapely.get_dimensions(shape) == 1:
        longest = max(shapely.get_parts(shape), key=shapely.length)
        return shapely.Point(shapely.line_interpolate_point(longest, 0.5, normalized=True))
    middle = shapely.centroid(shape)
    if not shapely.covers(shape, middle):  # as of a bent one
        middle = shapely.point_on_surface(shape)
    return shapely.Point(middle)


def _leave_road(stand: Stand, kerbs: Kerbs, model: StandModel) -> list[Stand]:
    """Move what is drawn on a carriageway to its kerb."""
    point = shapely.Point(stand.shape)
    stand.point = point
    roads = find_roads(kerbs, point, within_m=model.off_middle_m)
    made = [stand]
    for road in roads:  # at a crossing, the first beside which there is room
        stand.source = "kerb"
        made = []
        for side in _find_sides(stand, kerbs, road):
            twin = replace(stand, ids=list(stand.ids), tags=dict(stand.tags))
            twin.point = step_aside(kerbs, point, road, side=side, beyond_m=model.beyond_kerb_m)
            made.append(twin)
        if not any(is_driven(kerbs, one.point) for one in made):
            break
    return made


def _find_sides(stand: Stand, kerbs: Kerbs, road: int) -> list[int]:
    """Find on which sides of a carriageway one waits for what halts on it."""
    drive = 1 if kerbs.drives_left else -1
    if kerbs.is_oneway[road]:
        return [drive]
    if stand.direction in {"forward", "backward"}:
        return [drive if stand.direction == "forward" else -drive]
    is_aside = shapely.distance(stand.shape, kerbs.road[road]) > _ASIDE_M
    return [0] if is_aside else [drive, -drive]
