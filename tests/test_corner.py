import math

import numpy as np
import pytest

from solarpass.corner import Crossings, lay_corners
from solarpass.roadside import Roadsides
from solarpass.stretch import Stretches

AWAY_M = 5.0  # of every pavement


def towards(degrees, far=100.0):
    return (far * math.cos(math.radians(degrees)), far * math.sin(math.radians(degrees)))


def lay(*arms, kind="side_street", name="Allee", ways=(), has=True, node=None, far_node=None):
    """
    Lay the corners around the origin.

    `arms` are headings in degrees, or points that a street passes; `ways` headings of footways.
    """
    headings = [*arms, *map(float, ways)]
    n, n_streets = len(headings), len(arms)
    xy = [
        np.array([(0.0, 0.0), *([towards(arm)] if np.isscalar(arm) else arm)]) for arm in headings
    ]
    streets = np.arange(n) < n_streets
    stretches = Stretches(
        node_xy=np.array([(0.0, 0.0), *(line[-1] for line in xy)]),
        node_osm_id=np.arange(n + 1),
        end=np.column_stack([np.zeros(n, int), np.arange(n) + 1]),
        way=np.arange(n),
        xy=xy,
    )
    sides = Roadsides(
        is_carriageway=streets,
        has=np.outer(streets, (True, True)) & np.resize(has, n)[:, None],
        is_tagged=np.zeros((n, 2), bool),
        offset_m=np.full((n, 2), AWAY_M),
        is_walked=~streets,
        beside=np.full(n, -1),
        beside_side=np.zeros(n, np.int8),
    )
    kinds = [kind] * n if isinstance(kind, str) else [*kind, *["side_street"] * len(ways)]
    names = [name] * n if isinstance(name, str) else [*name, *[None] * len(ways)]
    known = [node, *(far_node or [None] * n)]
    return lay_corners(stretches, sides, Crossings(known, [None] * n, kinds, names))


def here(corners):
    """Find the corners around the origin, from west to east."""
    xy = corners.xy[corners.node == 0].round(6)
    return xy[np.lexsort(xy.T[::-1])]


def crossed(corners):
    """Tell which streets are crossed at the origin, and how."""
    return {stretch: how for one, _, stretch, how in corners.links if corners.node[one] == 0}


@pytest.mark.parametrize("second", [60.0, 90.0, 120.0, 150.0])
def test_a_corner_lies_where_the_lines_of_the_two_pavements_cross(second):
    corners = lay(0.0, second, 180.0, second - 180.0)
    half = second / 2.0
    expected = []
    for amid, bend in ((half, half), (half + 90.0, 90.0 - half)):
        far = min(AWAY_M / math.sin(math.radians(bend)), 2.5 * AWAY_M)
        expected += [towards(amid, far), towards(amid + 180.0, far)]
    assert here(corners) == pytest.approx(np.array(sorted(expected)), abs=1e-5)


def test_the_corner_of_a_sharp_turn_stays_near_the_junction():
    corners = lay(0.0, 20.0, 190.0)
    away = np.hypot(*here(corners).T)
    (sharp,) = here(corners)[away > 1.5 * AWAY_M]
    assert sharp == pytest.approx(towards(10.0, 2.5 * AWAY_M))  # not 5 m / sin(10°), 29 m off


def test_at_a_side_street_the_far_pavement_runs_straight_on():
    assert here(lay(0.0, 90.0, 180.0)) == pytest.approx(np.array([(-5, 5), (0, -5), (5, 5)]))


def test_a_kink_at_the_junction_is_not_where_the_street_leads():
    kinked = [(3.0, 3.0), (12.0, 0.0), (100.0, 0.0)]
    assert here(lay(kinked, 90.0, -90.0)) == pytest.approx(here(lay(0.0, 90.0, -90.0)), abs=1e-9)


def test_nobody_crosses_back_along_the_street_one_came_from():
    # Only the street to the north has pavements: past its corners there is nothing to walk on.
    assert crossed(lay(0.0, 90.0, 180.0, has=[False, True, False])) == {}
    # With pavements to the east there is.
    assert crossed(lay(0.0, 90.0, 180.0, has=[True, True, False])).keys() == {0, 1, 2}
    # A footway beyond is as good.
    assert crossed(lay(0.0, 90.0, 180.0, has=[False, True, False], ways=[45])).keys() == {1}


@pytest.mark.parametrize("turned", [0.0, 180.0])
def test_two_arms_of_one_street_are_crossed_once_by_the_quieter(turned):
    corners = lay(turned - 170.0, turned + 10.0, kind=("big_road", "street"))
    assert crossed(corners) == {1: "street"}
    assert len(crossed(lay(turned - 170.0, turned + 10.0))) == 1


@pytest.mark.parametrize(
    ("far_m", "how", "is_crossed"),
    [(20.0, "marked", False), (20.0, "signals", False), (20.0, "unmarked", True),
     (20.0, None, True), (30.0, "marked", True)],
)  # fmt: skip
def test_a_marked_crossing_a_few_steps_along_serves_the_junction(far_m, how, is_crossed):
    arms = ([towards(0.0, far_m)], 90.0, 180.0)
    corners = lay(*arms, kind="street", far_node=[how, None, None])
    assert crossed(corners).keys() == ({0, 1, 2} if is_crossed else {1, 2})
    # One at the junction itself stays.
    assert crossed(lay(*arms, node="marked", far_node=[how, None, None])).keys() == {0, 1, 2}


def test_lights_for_cars_help_across_where_streets_meet_but_not_amid_the_block():
    assert set(crossed(lay(0.0, 90.0, 180.0, node="lights")).values()) == {"signals"}
    assert set(crossed(lay(0.0, 170.0, node="lights")).values()) == {"side_street"}
    assert set(crossed(lay(0.0, 170.0, node="signals")).values()) == {"signals"}


@pytest.mark.parametrize(
    ("arms", "told", "is_crossed"),
    [
        ((10.0, 190.0), {}, False),
        ((10.0, 170.0, 190.0), {}, False),  # where its carriageways part
        ((10.0, 170.0, 190.0), {"name": (None, None, None)}, False),
        ((10.0, 170.0, 190.0), {"name": ("Allee", "Gasse", None)}, True),
        ((10.0, 90.0, 190.0), {"kind": ("big_road", "street", "big_road")}, True),
        ((10.0, 190.0), {"ways": [100]}, False),
        ((10.0, 190.0), {"ways": [100, 280]}, True),  # a path leads on beyond
        ((10.0, 190.0), {"node": "marked"}, True),
    ],
)
def test_amid_the_block_nobody_crosses_a_big_road_unasked(arms, told, is_crossed):
    corners = lay(*arms, **{"kind": "big_road", **told})
    assert bool(crossed(corners)) == is_crossed
