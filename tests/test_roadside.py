from dataclasses import replace

import numpy as np
import pytest
import shapely
from made_osm import MadeOsm

from solarpass.city import build_city
from solarpass.obstacle import LEFT, RIGHT, offset_line
from solarpass.osm import read_osm
from solarpass.roadside import Roadsides, find_roadsides
from solarpass.stretch import cut_ways

BOTH, LEFT_ONLY, RIGHT_ONLY, NEITHER = [True, True], [True, False], [False, True], [False, False]


class Town:
    """A street of 200 m along the x axis, with a house before its end, and what else is drawn."""

    def __init__(self, **tags):
        self.osm = MadeOsm()
        self.osm.box(-30, 5, -20, 15, building="yes", height="6")
        tags = {"highway": "residential", "name": "Allee", "width": "7", **tags}
        self.street = self.osm.line((0, 0), (200, 0), **tags)

    def walk(self, *xy, **tags):
        return self.osm.line(*xy, **{"highway": "footway", **tags})

    def sides(self, folder):
        """Find the roadsides, as a function that tells one of them for a way."""
        city = build_city(read_osm(self.osm.write(folder / "town.osm.pbf")), name="town")
        stretches = cut_ways(city)
        sides = find_roadsides(stretches, city)
        osm_id = city.streets["osm_id"].to_numpy()

        def tell(what, way):
            (row,) = np.flatnonzero(osm_id[stretches.way] == way)
            told = getattr(sides, what)[row].tolist()
            return None if what == "beside" and told < 0 else told

        return tell


def test_a_path_that_winds_beside_a_street_is_not_its_pavement(tmp_path):
    town, other = Town(), Town()
    town.walk(*((4.5 * k, 7.0 + 2.0 * (-1) ** k) for k in range(45)))  # at 42°
    assert town.sides(tmp_path)("has", town.street) == BOTH
    other.walk(*((9.0 * k, 7.0 + 1.0 * (-1) ** k) for k in range(23)))  # at 13°
    assert other.sides(tmp_path)("has", other.street) == RIGHT_ONLY


@pytest.mark.parametrize(
    ("tag", "along_m", "has"),
    [
        ("separate", 60.0, RIGHT_ONLY),
        ("separate", 20.0, BOTH),  # of that little it does not speak
        (None, 60.0, BOTH),
        (None, 120.0, RIGHT_ONLY),
        ("yes", 120.0, BOTH),
        ("yes", 180.0, RIGHT_ONLY),
    ],
)
def test_how_much_of_a_street_a_mapped_pavement_must_run_along(tmp_path, tag, along_m, has):
    town = Town(**({"sidewalk:left": tag} if tag else {}))
    town.walk((0, 7), (along_m, 7))
    assert town.sides(tmp_path)("has", town.street) == has


@pytest.mark.parametrize(
    ("name", "turns", "away_m", "has"),
    [
        ("Allee", True, 12.0, RIGHT_ONLY),
        ("Gasse", True, 12.0, BOTH),
        ("Allee", False, 12.0, BOTH),
        ("Allee", True, 30.0, BOTH),
    ],
)
def test_twins_drive_opposite_ways_under_one_name(tmp_path, name, turns, away_m, has):
    town = Town(oneway="yes")
    ends = [(0, away_m), (200, away_m)]
    twin = town.osm.line(*ends[:: -1 if turns else 1], highway="residential", oneway="yes",
                         name=name, width="7")  # fmt: skip
    tell = town.sides(tmp_path)
    assert tell("has", town.street) == has
    # Seen along its own course, the twin's pavement is on the other side of the two.
    assert tell("has", twin) == has


@pytest.mark.parametrize(("turn", "has"), [(1, RIGHT_ONLY), (-1, LEFT_ONLY)])
def test_nobody_walks_inside_a_roundabout_whichever_way_it_turns(tmp_path, turn, has):
    town = Town()
    town.osm.box(130, 50, 140, 60, building="yes", height="6")
    angle = turn * np.arange(12) * (2 * np.pi / 12)
    ring = town.osm.ring(
        *((100 + 15 * np.cos(a), 60 + 15 * np.sin(a)) for a in angle),
        highway="residential",
        junction="roundabout",
        oneway="yes",
    )
    assert town.sides(tmp_path)("has", ring) == has


@pytest.mark.parametrize(
    ("tags", "offset_m"), [({}, 0.8 * 4.75), ({"bridge": "yes", "layer": "1"}, 4.75)]
)
def test_over_water_one_walks_on_bridges(tmp_path, tags, offset_m):
    town = Town(**tags)
    town.osm.box(80, -60, 120, -4, natural="water")
    assert town.sides(tmp_path)("offset_m", town.street) == pytest.approx([4.75, offset_m])


@pytest.mark.parametrize(
    ("street", "walk", "is_its"),
    [
        ({}, {"footway": "sidewalk"}, True),
        ({}, {"footway": "crossing"}, False),
        ({}, {"layer": "-1"}, False),
        ({}, {"layer": "1"}, False),
        ({}, {"bridge": "yes"}, False),
        ({}, {"tunnel": "yes"}, False),
        ({"bridge": "yes"}, {}, False),
        ({"tunnel": "yes"}, {}, False),
        ({"bridge": "yes"}, {"bridge": "yes"}, True),
    ],
)
def test_what_crosses_or_runs_above_or_below_is_no_pavement_of_a_street(
    tmp_path, street, walk, is_its
):
    town = Town(**street)
    path = town.walk((0, 7), (200, 7), **walk)
    tell = town.sides(tmp_path)
    assert tell("has", town.street) == (RIGHT_ONLY if is_its else BOTH)
    assert (tell("beside", path) is not None) == is_its


@pytest.mark.parametrize(("along_m", "is_its"), [(60.0, False), (100.0, True), (180.0, True)])
def test_a_pavement_belongs_to_a_street_that_it_follows_long_enough(tmp_path, along_m, is_its):
    town = Town()
    path = town.walk((0, 7), (along_m, 7), (along_m, 207 - along_m))  # 200 m in all
    tell = town.sides(tmp_path)
    assert (tell("beside", path) is not None) == is_its
    assert tell("beside_side", path) == (1 + LEFT if is_its else 0)


def test_of_which_side_a_pavement_is_is_seen_along_it(tmp_path):
    town = Town()
    ways = [town.walk((0, 7), (200, 7)), town.walk((200, 7), (0, 7)),
            town.walk((0, -7), (200, -7)), town.walk((200, -7), (0, -7))]  # fmt: skip
    tell = town.sides(tmp_path)
    expected = [1 + side for side in (LEFT, RIGHT, RIGHT, LEFT)]
    assert [tell("beside_side", way) for way in ways] == expected


def test_a_pavement_in_the_streets_middle_is_left_out_side_by_side():
    sides = Roadsides(
        is_carriageway=np.ones(4, bool),
        has=np.array([BOTH, BOTH, LEFT_ONLY, NEITHER]),
        is_tagged=np.array([BOTH, BOTH, BOTH, BOTH]),
        offset_m=np.array([(0.79, 0.8), (0.0, 0.79), (0.79, 4.0), (4.0, 4.0)]),
        is_walked=np.zeros(4, bool),
        beside=np.full(4, -1),
        beside_side=np.zeros(4, np.int8),
    )
    left = sides.without_narrow()
    assert left.has.tolist() == [RIGHT_ONLY, NEITHER, NEITHER, NEITHER]
    assert left.is_tagged.tolist() == left.has.tolist()
    # Whoever loses both walks in the middle; whoever had none is sent elsewhere as before.
    assert left.is_walked.tolist() == [False, True, True, False]
    wide = replace(sides, offset_m=np.full((4, 2), 5.0))
    assert wide.without_narrow().has.tolist() == sides.has.tolist()


@pytest.mark.parametrize("radius_m", [0.5, 2.0, 3.9])
def test_inside_a_tight_bend_the_line_does_not_run_backwards(radius_m):
    angle = np.linspace(-np.pi / 2, 0, 9)
    arc = np.column_stack([20 + radius_m * np.cos(angle), radius_m + radius_m * np.sin(angle)])
    bent = np.vstack([(0.0, 0.0), arc, (20.0 + radius_m, 30.0)])
    inside, outside = (shapely.LineString(offset_line(bent, left_m)) for left_m in (4.0, -4.0))
    assert inside.is_simple
    corner_m = (20 + radius_m - 4) + (30 - 4)
    assert inside.length == pytest.approx(corner_m, rel=0.1)
    arc_m = 20 + (30 - radius_m) + (radius_m + 4) * np.pi / 2
    assert outside.length == pytest.approx(arc_m, rel=0.02)
