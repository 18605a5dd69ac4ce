"""A walk in words says what the walk is: its streets, sides and crossings, and no metre less."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streets import BERLIN, draw, place, tabulate

from solarpass.bearing import along, bearing_deg, line_length_m, turned_deg
from solarpass.directions import count_crossings, crossings_of, find_steps
from solarpass.errors import NoRouteError, TripError
from solarpass.pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from solarpass.route import find_routes
from solarpass.sentence import tell_crossings, tell_step
from solarpass.trip import Trip
from solarpass.words import LANGUAGES, Words

NOON = datetime(2026, 7, 15, 12, 0, tzinfo=BERLIN)
LEFT, RIGHT = SIDES.index("left"), SIDES.index("right")
HALF_M = 6.0  # from the middle of a street to its pavement


def draw_town(edges):
    """Draw edges, each ``(from, to, street, side, crossing)``, with nodes where they end."""
    nodes = list(dict.fromkeys(tuple(map(float, end)) for edge in edges for end in edge[:2]))
    return draw(
        nodes,
        [[nodes.index(tuple(map(float, end))) for end in edge[:2]] for edge in edges],
        street=[edge[2] for edge in edges],
        highway=["crossing" if edge[4] else "footway" for edge in edges],
        side=[edge[3] for edge in edges],
        crossing=[CROSSINGS.index(edge[4] or "none") for edge in edges],
        osm_id=[0 if edge[2] == "Long Street" and not edge[4] else 9 for edge in edges],
    )


def long_street(*, turned=False, how="signals"):
    """
    Draw a street from west to east, with a pavement on each side.

    A side street joins at 100 m from the north, one crosses the street itself at 200 m.
    """
    ways = []
    for y, side in ((HALF_M, LEFT), (-HALF_M, RIGHT)):
        for a, b in ((0, 94), (106, 200), (200, 400)):
            ends = ((b, y), (a, y)) if turned else ((a, y), (b, y))
            drawn = (LEFT + RIGHT - side) if turned else side
            ways.append((*ends, "Long Street", drawn, None))
    ways.append(((94, HALF_M), (106, HALF_M), "Side Street", 0, "side_street"))
    ways.append(((94, -HALF_M), (106, -HALF_M), "Long Street", RIGHT, None))
    ways.append(((200, HALF_M), (200, -HALF_M), "Long Street", 0, how))
    return draw_town(ways)


def walk(network, start, end, *, sun=None, budget=0.0):
    shade = tabulate(np.full((12, network.n_edges), 127) if sun is None else sun)
    trip = Trip(place(start), place(end), departs=NOON, budget=budget)
    route = find_routes(network, shade, trip)[-1]
    return route, find_steps(network, route, shade=shade)


def read(steps, language="en"):
    said = [tell_step(step, Words(language)) for step in steps]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]


@pytest.mark.parametrize("turned", [False, True])
def test_a_walk_is_told_by_street_side_and_crossing(turned):
    _, steps = walk(long_street(turned=turned), (0, HALF_M), (400, -HALF_M))
    assert read(steps) == [
        "Along Long Street, on the left-hand (north) side: 200 m, 50 % sun, 1 crossing",
        "Cross to the right-hand (south) side, at the lights",
        "Straight on, along Long Street, on the right-hand (south) side: 200 m, 50 % sun",
    ]
    assert read(steps, "de") == [
        "Long Street entlang, auf der linken (nördlichen) Seite: 200 m, 50 % Sonne, 1 Querung",
        "Auf die rechte (südliche) Seite wechseln, an der Ampel",
        "Geradeaus, Long Street entlang, auf der rechten (südlichen) Seite: 200 m, 50 % Sonne",
    ]


def test_the_way_back_has_the_other_hand_and_the_same_compass():
    _, steps = walk(long_street(), (400, -HALF_M), (0, HALF_M))
    assert [(step.side, step.compass) for step in steps] == [
        ("left", "south"), ("right", "north"), ("right", "north")
    ]  # fmt: skip


def test_the_side_one_comes_to_lies_across_from_the_side_one_leaves():
    _, steps = walk(long_street(), (0, HALF_M), (220, -HALF_M))
    assert [step.compass for step in steps] == ["north", "south", None]  # 20 m are too short


def test_crossings_are_counted_by_kind_and_lie_on_the_walk():
    _, steps = walk(long_street(), (0, HALF_M), (400, -HALF_M))
    assert count_crossings(steps) == {"signals": 1, "side_street": 1}
    assert [crossing.xy for crossing in crossings_of(steps)] == [(100, HALF_M), (200, 0)]
    assert tell_crossings(steps, Words("en")) == "2\N{NO-BREAK SPACE}crossings (1 at lights)"
    assert tell_crossings(steps[2:], Words("en")) == ""
    assert tell_crossings(steps[1:2], Words("de")) == "1\N{NO-BREAK SPACE}Querung (mit Ampel)"


@pytest.mark.parametrize("how", CROSSINGS[1:])
def test_every_way_to_cross_has_words(how):
    _, steps = walk(long_street(how=how), (0, HALF_M), (400, -HALF_M))
    for language in LANGUAGES:
        assert "{" not in read(steps, language)[1]


def sun_by_side(network, *, north, south):
    """Sun on both sides of Long Street; elsewhere half of it."""
    sun = np.full((12, network.n_edges), 127)
    y = np.array([network.geometry(edge)[:, 1].mean() for edge in range(network.n_edges)])
    sun[:, y > 1] = round(254 * north)
    sun[:, y < -1] = round(254 * south)
    return sun


@pytest.mark.parametrize(("north", "told"), [(0.9, True), (0.4, True), (0.3, False), (0.0, False)])
def test_a_side_is_the_shadier_one_only_where_it_is(north, told):
    network = long_street()
    sun = sun_by_side(network, north=north, south=0.2)
    _, steps = walk(network, (0, HALF_M), (400, -HALF_M), sun=sun)
    (crossing,) = [step for step in steps if step.kind == "cross"]
    assert crossing.to_shade == told
    assert ("shadier" in read([crossing])[0]) == told


def test_what_is_unknown_is_told_and_makes_no_side_the_shadier():
    network = long_street()
    sun = sun_by_side(network, north=1.0, south=0.0)
    sun[
        :, [edge for edge in range(network.n_edges) if network.geometry(edge)[:, 0].min() > 199]
    ] = 255
    route, steps = walk(network, (0, HALF_M), (400, -HALF_M), sun=sun)
    assert not steps[1].to_shade
    assert np.isnan(steps[2].sun_fraction)
    assert steps[2].unknown_m == pytest.approx(200.0)
    assert sum(step.unknown_m for step in steps) == pytest.approx(route.unknown_m)
    assert "200 m at the edge of the data" in read(steps)[2]


def test_one_crosses_an_island_once_and_as_its_worst_part():
    network = draw_town(
        [
            ((0, 0), (100, 0), None, 0, None),
            ((100, 0), (106, 0), "Big Road", 0, "signals"),
            ((106, 0), (110, 0), None, 0, None),
            ((110, 0), (116, 0), "Big Road", 0, "big_road"),
            ((116, 0), (116, 90), None, 0, None),
        ]
    )
    _, steps = walk(network, (0, 0), (116, 90))
    assert [step.kind for step in steps] == ["walk", "cross", "walk"]
    (crossing,) = crossings_of(steps)
    assert (crossing.kind, crossing.street, crossing.xy) == ("big_road", "Big Road", (108, 0))
    assert steps[2].turn == "left"


@pytest.mark.parametrize("street", ["Long Street", None])
def test_a_crossing_may_be_a_point_of_a_way_across(street):
    """As where a footway is drawn over the street: what is crossed has no length."""
    nodes = [(0, 6), (100, 6), (100, 0), (100, 0), (100, -6), (200, -6)]
    network = draw(
        nodes,
        [(at, at + 1) for at in range(5)],
        street=[street, None, street, None, street],
        highway=["footway", "footway", "crossing", "footway", "footway"],
        side=[LEFT, 0, 0, 0, RIGHT],
        crossing=[0, 0, CROSSINGS.index("marked"), 0, 0],
    )
    _, steps = walk(network, (0, 6), (200, -6))
    assert [step.kind for step in steps] == ["walk", "cross", "walk"]
    assert [round(step.length_m) for step in steps] == [106, 0, 106]
    assert steps[1].changes_side == (street is not None)
    # Who changes sides looks along the street; who only crosses one looks across it.
    turn = "left" if street is None else "straight"
    assert (steps[2].turn, steps[2].compass) == (turn, "south")
    assert crossings_of(steps)[0].xy == (100, 0)


def test_a_street_crossed_to_turn_into_it_is_a_step():
    network = draw_town(
        [
            ((0, 0), (100, 0), "First Street", LEFT, None),
            ((100, 0), (112, 0), "Second Street", 0, "marked"),
            ((112, 0), (112, 90), "Second Street", RIGHT, None),
        ]
    )
    _, steps = walk(network, (0, 0), (112, 90))
    assert read(steps)[1:] == [
        "Cross Second Street, at the marked crossing",
        "Turn left, along Second Street, on the right-hand (east) side: 90 m, 50 % sun",
    ]


@pytest.mark.parametrize(
    ("end", "turn"),
    [((200, 0), "straight"), ((100, 90), "left"), ((100, -90), "right"), ((10, 9), "u-turn")],
)
def test_a_turn_is_the_one_the_walker_makes(end, turn):
    network = draw_town([((0, 0), (100, 0), "A", 0, None), ((100, 0), end, "B", 0, None)])
    _, (first, second) = walk(network, (0, 0), end)
    assert (first.turn, second.turn) == (None, turn)


def test_stairs_are_told_however_short_and_a_nameless_link_is_not():
    network = draw(
        [(0, 0), (60, 0), (72, 0), (84, 0), (150, 0)],
        [(0, 1), (1, 2), (2, 3), (3, 4)],
        street=["A", None, None, "A"],
        highway=["residential", "footway", "steps", "residential"],
        is_steps=[False, False, True, False],
    )
    _, steps = walk(network, (0, 0), (150, 0))
    assert [(step.street, step.way) for step in steps] == [
        ("A", None),
        (None, "steps"),
        ("A", None),
    ]
    assert [round(step.length_m) for step in steps] == [72, 12, 66]


def draw_stairs(*edges):
    """Draw ways in a row from west to east, each ``(metres, street, kind, crossing)``."""
    at = np.concatenate([[0], np.cumsum([edge[0] for edge in edges])])
    return draw(
        [(x, 0) for x in at],
        list(pairwise(range(len(at)))),
        street=[edge[1] for edge in edges],
        highway=[edge[2] for edge in edges],
        is_steps=[edge[2] == "steps" for edge in edges],
        crossing=[CROSSINGS.index(edge[3]) for edge in edges],
    )


@pytest.mark.parametrize(
    "edges",
    [
        [(13, None, "footway", "none"), (7, None, "steps", "none")],
        [(7, None, "steps", "none"), (3, "A", "residential", "none")],
        [(7, None, "steps", "none"), (2, None, "footway", "none"), (7, None, "steps", "none")],
        [
            (50, "A", "residential", "none"),
            (7, None, "steps", "none"),
            (12, "B", "crossing", "marked"),
            (50, None, "footway", "none"),
        ],
    ],
)
def test_stairs_are_told_as_long_as_they_are(edges):
    route, steps = walk(draw_stairs(*edges), (0, 0), (sum(edge[0] for edge in edges), 0))
    told_m = sum(step.length_m for step in steps if step.way == "steps")
    assert told_m == route.steps_m == sum(edge[0] for edge in edges if edge[2] == "steps")


def test_walks_in_helsinki_tell_no_more_stairs_than_they_climb(helsinki):
    """Short walks about stairs; those too short to be told may be missing, none is too long."""
    rng = np.random.default_rng(7)
    network, shade = helsinki.network, helsinki.shade_on(NOON.date())
    stairs = np.flatnonzero(network.is_steps & (network.component[network.edge_node[:, 0]] == 0))
    n_climbed = 0
    for edge in rng.choice(stairs, 60, replace=False):
        middle = network.geometry(edge).mean(axis=0)
        ends = helsinki.city.to_degrees(middle + rng.uniform(-120, 120, (2, 2)))
        trip = Trip(*map(tuple, ends.tolist()), departs=NOON)
        try:
            routes = find_routes(network, shade, trip)
        except (NoRouteError, TripError):
            continue
        for route in routes:
            steps = find_steps(network, route)
            told_m = sum(step.length_m for step in steps if step.way == "steps")
            assert told_m <= route.steps_m + 1e-6
            n_climbed += route.steps_m > 0
    assert n_climbed >= 20


def test_a_way_under_cover_is_told_as_one():
    network = draw(
        [(0, 0), (60, 0), (100, 0), (180, 0)],
        [(0, 1), (1, 2), (2, 3)],
        street=["A", "A", "B"],
    )
    begins = np.array([network.geometry(edge)[:, 0].min() for edge in range(network.n_edges)])
    network = replace(network, is_covered=begins >= 60.0)
    route, steps = walk(network, (0, 0), (180, 0))
    assert [step.covered_m for step in steps] == [40.0, 80.0]
    assert ["under cover or in a tunnel" in said for said in read(steps)] == [False, True]
    assert "unter Dach oder in einem Tunnel" in read(steps, "de")[1]
    assert route.length_m == 180.0


def test_a_change_of_side_names_the_street_after_another():
    """After a crossing of its own right across a side street, "the right-hand side" is of which."""
    network = draw_town(
        [
            ((0, 6), (94, 6), "Long Street", LEFT, None),
            ((94, 6), (94, 18), "Side Street", 0, "marked"),
            ((94, 18), (100, 6), "Long Street", 0, "marked"),
            ((100, 6), (200, 6), "Long Street", RIGHT, None),
        ]
    )
    _, steps = walk(network, (0, 6), (200, 6))
    assert [step.kind for step in steps] == ["walk", "cross", "cross", "walk"]
    assert [step.after_other for step in steps] == [False, True, True, False]
    assert read(steps)[2].startswith("Cross to the right-hand (south) side of Long Street, at the")
    assert read(steps, "de")[2].startswith("Auf die rechte (südliche) Seite von Long Street wechs")


def test_a_street_that_bends_has_a_hand_but_no_compass():
    turn = np.radians(np.arange(0, 91, 5))
    arc = [(200 * np.sin(a), 200 * (1 - np.cos(a))) for a in turn]
    network = draw_town([(a, b, "Bow", LEFT, None) for a, b in pairwise(arc)])
    _, (step,) = walk(network, arc[0], arc[-1])
    assert (step.side, step.compass) == ("left", None)
    _, (step,) = walk(network, arc[0], arc[6])
    assert (step.side, step.compass) == ("left", "north")
    _, (step,) = walk(network, arc[0], arc[1])  # 17 m
    assert (step.side, step.compass) == ("left", None)


@settings(deadline=None)
@given(st.integers(0, 359))
def test_the_side_of_the_compass_is_the_one_the_side_faces(turned):
    angle = np.radians(turned)
    end = (300 * np.sin(angle), 300 * np.cos(angle))
    _, (step,) = walk(draw_town([((0, 0), end, "A", RIGHT, None)]), (0, 0), end)
    faces = (np.sin(angle + np.pi / 2), np.cos(angle + np.pi / 2))
    said = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}[step.compass]
    assert np.dot(faces, said) >= np.cos(np.radians(45.01))


@settings(deadline=None)  # the first search is compiled
@given(st.integers(0, 10_000))
def test_steps_add_up_to_the_walk_on_any_streets(seed):
    """Names, sides, crossings and lengths at random: no metre, second or edge is lost."""
    rng = np.random.default_rng(seed)
    n_edges = 14
    network = draw(
        rng.uniform(0, 150, (8, 2)).round(),
        rng.integers(0, 8, (n_edges, 2)),
        street=rng.choice([None, "A", "B"], n_edges).tolist(),
        highway=rng.choice(["footway", "steps", "crossing"], n_edges).tolist(),
        side=rng.integers(0, len(SIDES), n_edges),
        pavement=rng.integers(0, len(PAVEMENT_SOURCES), n_edges),
        crossing=np.where(rng.random(n_edges) < 0.4, rng.integers(1, len(CROSSINGS), n_edges), 0),
        osm_id=rng.integers(0, 4, n_edges),
    )
    sun = rng.choice([0, 127, 254, 255], (12, n_edges))
    try:
        route, steps = walk(network, *network.node_xy[rng.integers(0, network.n_nodes, 2)], sun=sun)
    except (NoRouteError, TripError):
        return
    assert sum(step.length_m for step in steps) == pytest.approx(route.length_m)
    assert sum(step.walk_s for step in steps) == route.walk_s
    assert sum(step.unknown_m for step in steps) == pytest.approx(route.unknown_m)
    edges = [at for step in steps for at in range(step.first, step.last + 1)]
    assert edges == list(range(len(route.edge)))
    crossed = network.crossing[route.edge] > 0
    assert (len(crossings_of(steps)) == 0) == (not crossed.any())
    assert len(crossings_of(steps)) <= crossed.sum()
    for step in steps:
        assert (step.kind == "walk") or (step.crossings and step.way is None is step.turn)
        for language in LANGUAGES:
            assert "{" not in tell_step(step, Words(language))


def draw_round():
    """Draw a street, a loop at its end and a long street beyond, which the sun leaves at 12:05."""
    network = draw(
        [(0, 0), (134, 0), (1000, 0)],
        [(0, 1), (1, 1), (1, 2)],
        via=[(np.nan, np.nan), (134, 67), (np.nan, np.nan)],
        street=["Short Street", "Round", "Long Street"],
    )
    stored = np.zeros((12, 3))
    stored[0, network.length_m.argmax()] = 254
    return network, tabulate(stored)


@pytest.mark.parametrize(("after_s", "n_rounds", "minutes"), [(60, 2, 3), (180, 1, 2)])
def test_rounds_in_a_row_are_told_as_one_wait(after_s, n_rounds, minutes):
    network, shade = draw_round()
    departs = NOON + timedelta(seconds=after_s)
    trip = Trip(place((0, 0)), place((1000, 0)), departs, budget=0.5)
    route = find_routes(network, shade, trip, waits=True)[-1]
    steps = find_steps(network, route, shade=shade)
    assert len(route.edge) == 2 + n_rounds
    assert [step.kind for step in steps] == ["walk", "wait", "walk"]
    assert (steps[1].first, steps[1].last) == (1, n_rounds)
    assert steps[1].walk_s == route.edge_walk_s[1:-1].sum() == 100 * n_rounds
    assert steps[1].length_m == pytest.approx(134.0 * n_rounds)
    assert sum(step.walk_s for step in steps) == route.walk_s
    assert read(steps) == [
        "Along Short Street: 130 m, 0 % sun",
        f"Wait here {minutes} min until the sun has moved on",
        "Along Long Street: 870 m, 0 % sun",
    ]
    assert read(steps, "de") == [
        "Short Street entlang: 130 m, 0 % Sonne",
        f"Hier {minutes} min warten, bis die Sonne weitergezogen ist",
        "Long Street entlang: 870 m, 0 % Sonne",
    ]


def test_lines_are_measured_and_headed_as_drawn():
    line = np.array([(0, 0), (3, 4), (3, 10)], float)
    assert line_length_m(line) == 11.0
    assert along(line, np.array([0.0, 5.0, 8.0, 11.0])).tolist() == [
        [0, 0],
        [3, 4],
        [3, 7],
        [3, 10],
    ]
    assert bearing_deg(np.zeros(2), np.array([1.0, 0.0])) == 90.0
    assert np.isnan(bearing_deg(np.zeros(2), np.zeros(2)))
    assert [turned_deg(350, 10), turned_deg(10, 350), turned_deg(0, 180)] == [20, -20, -180]
