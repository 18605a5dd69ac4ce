from itertools import pairwise

import numpy as np
import pytest
import shapely
from made_osm import MadeOsm

from benchmarks.bench_pavement import detour, in_houses
from solarpass.city import build_city
from solarpass.network import build_network
from solarpass.obstacle import offset_line
from solarpass.osm import helsinki_path, read_osm
from solarpass.pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from solarpass.roadside import RoadsideModel
from solarpass.walk import WalkModel


def houses_along(osm, length=200.0, away=20.0, free=()):
    """Stand houses on both sides of the x axis, so that it is a street in town."""
    for x in range(0, int(length), 20):
        if any(x - 5 < at < x + 15 for at in free):
            continue
        for y in (away, -away - 8.0):
            osm.box(x, y, x + 10, y + 8, building="yes", height="6")


@pytest.fixture
def town(tmp_path):
    """Build the city of made OpenStreetMap, moved so that its origin is the origin again."""

    def build(osm):
        city = build_city(read_osm(osm.write(tmp_path / "town.osm.pbf")), name="town")
        origin = city.to_local([osm.origin[0]], [osm.origin[1]])[0]
        return city, build_network(city), origin

    return build


def told(network, edge):
    return (
        SIDES[network.side[edge]],
        PAVEMENT_SOURCES[network.pavement[edge]],
        CROSSINGS[network.crossing[edge]],
    )


def rows(network):
    return sorted(told(network, edge) for edge in range(network.n_edges))


def street(osm, *, length=90.0, **tags):
    """Lay one street along the x axis, with houses."""
    houses_along(osm, length)
    osm.line((0, 0), (length, 0), **{"highway": "residential", "name": "Allee", **tags})
    return osm


def test_a_street_in_town_gets_a_pavement_on_each_side_and_says_that_they_are_assumed(town):
    _, network, origin = town(street(MadeOsm(), width="7"))
    assert rows(network) == [
        ("left", "assumed", "none"),
        ("none", "crossing", "side_street"),
        ("none", "crossing", "side_street"),
        ("right", "assumed", "none"),
    ]
    away_m = 7.0 / 2 + RoadsideModel().pavement_m / 2
    for side, y in (("left", away_m), ("right", -away_m)):
        (edge,) = np.flatnonzero(network.side == SIDES.index(side))
        xy = network.geometry(edge) - origin
        # Seen from the first end to the second, as the street's way runs or against it.
        assert np.abs(xy[:, 1]) == pytest.approx([away_m] * len(xy), abs=0.02)
        assert np.sign(xy[0, 1]) == np.sign(y * (xy[-1, 0] - xy[0, 0]))
        assert network.street_name[network.street[edge]] == "Allee"


@pytest.mark.parametrize(
    ("tags", "width_m"),
    [
        ({"width": "5"}, 5.0),
        ({"lanes": "4"}, 12.8),
        ({"lanes": "1"}, 6.0),  # of the 8 m usual there
        ({}, 8.0),
        ({"width": "1"}, 8.0),  # no street is that narrow
        ({"highway": "tertiary"}, 11.7),
    ],
)
def test_how_far_out_a_pavement_lies_follows_from_width_else_lanes_else_kind(town, tags, width_m):
    _, network, origin = town(street(MadeOsm(), **tags))
    along = np.flatnonzero(network.side > 0)
    away_m = np.abs([(network.geometry(edge) - origin)[0, 1] for edge in along])
    assert away_m == pytest.approx([width_m / 2 + 1.25] * 2, abs=0.02)


@pytest.mark.parametrize(
    ("tags", "sides"),
    [
        ({"sidewalk": "both"}, {"left": "tagged", "right": "tagged"}),
        ({"sidewalk": "left"}, {"left": "tagged"}),
        ({"sidewalk": "right"}, {"right": "tagged"}),
        ({"sidewalk": "no"}, {"none": "centre"}),
        ({"sidewalk:right": "no"}, {"left": "assumed"}),
        ({"sidewalk": "separate"}, {"left": "assumed", "right": "assumed"}),  # none is drawn yet
        ({"highway": "living_street"}, {"none": "centre"}),
        ({"highway": "service"}, {"none": "centre"}),
        ({"highway": "service", "sidewalk": "left"}, {"left": "tagged"}),
        ({"highway": "footway"}, {"none": "mapped"}),
        ({"highway": "steps"}, {"none": "mapped"}),
        ({"highway": "pedestrian"}, {"none": "mapped"}),
    ],
)
def test_sidewalk_tags_are_obeyed_and_ways_of_their_own_stay_single(town, tags, sides):
    _, network, _ = town(street(MadeOsm(), **tags))
    along = np.flatnonzero(network.crossing == 0)
    assert {told(network, edge)[0]: told(network, edge)[1] for edge in along} == sides


def test_a_country_road_has_no_pavement(town):
    osm = MadeOsm()
    houses_along(osm)
    osm.line((0, 0), (180, 0), highway="residential")
    osm.line((0, 300), (180, 300), highway="tertiary", name="Landstraße")
    _, network, origin = town(osm)
    out = [e for e in range(network.n_edges) if (network.geometry(e) - origin)[0, 1] > 200.0]
    assert [told(network, edge)[:2] for edge in out] == [("none", "centre")]


def test_a_mapped_pavement_is_walked_and_not_doubled_and_bears_the_name_of_its_street(town):
    osm = street(MadeOsm(), highway="tertiary")
    a, b = osm.node(0, 7), osm.node(90, 7)
    osm.way([a, b], highway="footway", footway="sidewalk")
    osm.line((0, 0), (0, 7), highway="footway", footway="crossing")
    _, network, origin = town(osm)
    north = [
        e
        for e in range(network.n_edges)
        if (network.geometry(e) - origin)[:, 1].min() > 5.0 and network.length_m[e] > 50.0
    ]
    assert [told(network, edge)[1:] for edge in north] == [("mapped", "none")]
    (edge,) = north
    assert network.street_name[network.street[edge]] == "Allee"
    eastward = network.geometry(edge)[-1, 0] > network.geometry(edge)[0, 0]
    assert SIDES[network.side[edge]] == ("left" if eastward else "right")
    drawn = np.flatnonzero(network.pavement == PAVEMENT_SOURCES.index("assumed"))
    assert all((network.geometry(edge) - origin)[:, 1].max() < 0.0 for edge in drawn)


def cross(osm, *, highway="primary", at=None, **ways):
    """Lay a street along the x axis and one across it, in town."""
    middle = osm.node(90, 0, **(at or {}))
    houses_along(osm, free=(90,))
    west, east, south, north = (
        osm.node(0, 0), osm.node(180, 0), osm.node(90, -80), osm.node(90, 80),
    )  # fmt: skip
    osm.way([west, middle, east], highway=highway, name="Allee")
    osm.way([south, middle, north], highway="residential", name="Gasse", **ways)
    return osm


@pytest.mark.parametrize(
    ("at", "highway", "kinds"),
    [
        ({}, "primary", {"big_road", "side_street"}),
        ({}, "tertiary", {"street", "side_street"}),
        ({"highway": "traffic_signals"}, "primary", {"signals", "side_street"}),
        ({"highway": "crossing", "crossing": "zebra"}, "primary", {"marked", "side_street"}),
    ],
)
def test_where_streets_meet_one_crosses_each_arm_by_its_kind(town, at, highway, kinds):
    _, network, origin = town(cross(MadeOsm(), highway=highway, at=at))
    middle = network.node_xy[network.edge_node].mean(axis=1) - origin - (90, 0)
    here = np.flatnonzero((network.crossing > 0) & (np.hypot(*middle.T) < 20.0))
    assert len(here) == 4
    found = {told(network, edge)[2] for edge in here}
    assert found == (kinds if not at else kinds - {"side_street"})
    assert network.connected_fraction == 1.0
    names = {network.street_name[network.street[edge]] for edge in here}
    assert names == {"Allee", "Gasse"}


def test_nobody_crosses_a_big_road_amid_the_block_but_at_a_marked_place(town):
    osm = MadeOsm()
    houses_along(osm)
    nodes = [osm.node(0, 0), osm.node(60, 0)]
    nodes += [osm.node(120, 0, highway="crossing", crossing="traffic_signals"), osm.node(180, 0)]
    osm.way(nodes, highway="secondary")
    osm.way([nodes[1], osm.node(60, 30)], highway="service")  # a drive, on one side
    _, network, origin = town(osm)
    place = network.node_xy[network.edge_node].mean(axis=1) - origin
    crossed = np.flatnonzero(network.crossing > 0)
    found = sorted((round(place[e, 0]), told(network, e)[2]) for e in crossed)
    assert found == [(120, "signals")]


def test_side_streets_are_crossed_anywhere_and_waits_are_walking_time(town):
    _, network, _ = town(street(MadeOsm(), length=390.0))
    crossed = network.crossing > 0
    assert crossed.sum() == 5  # both ends and three in between, 97.5 m apart
    walk = WalkModel(side_street_s=100.0)
    plain = WalkModel(side_street_s=0.0)
    assert (walk.walk_s(network) - plain.walk_s(network))[crossed] == pytest.approx(100.0)
    assert (walk.walk_s(network) == plain.walk_s(network))[~crossed].all()


def test_pavements_keep_clear_of_houses_and_of_water(town):
    osm = MadeOsm()
    osm.box(60, 4, 100, 20, building="yes", height="9")  # juts out to 4 m from the middle
    osm.box(-50, -60, 200, -3, natural="water")
    houses_along(osm, 200.0, away=30.0)
    osm.line((0, 0), (180, 0), highway="residential", width="7")
    city, network, _ = town(osm)
    obstacle = [*city.buildings.geometry, *city.areas[city.areas["kind"] == "water"].geometry]
    assert (network.pavement == PAVEMENT_SOURCES.index("assumed")).sum() >= 2
    assert not shapely.union_all(obstacle).intersects(network.lines()).any()


def test_between_two_carriageways_and_inside_a_roundabout_nobody_walks(town):
    osm = MadeOsm()
    houses_along(osm, 200.0, away=30.0)
    osm.line((0, -6), (180, -6), highway="primary", oneway="yes", name="Ring")
    osm.line((180, 6), (0, 6), highway="primary", oneway="yes", name="Ring")
    turn = np.arange(13) * (2 * np.pi / 12)
    ring = [osm.node(260 + 15 * np.cos(t), 15 * np.sin(t)) for t in turn[:-1]]
    osm.way([*ring, ring[0]], highway="tertiary", junction="roundabout", oneway="yes")
    osm.box(280, 20, 290, 30, building="yes", height="5")
    _, network, origin = town(osm)
    drawn = np.flatnonzero(network.side > 0)
    xy = [network.geometry(edge) - origin for edge in drawn]
    ways = [line for line in xy if line[:, 0].max() < 200.0]
    assert len(ways) == 2
    assert all(np.abs(line[:, 1]).min() > 6.0 for line in ways)
    around = [line for line in xy if line[:, 0].min() > 200.0]
    assert around
    assert all(np.hypot(*(line - (260, 0)).T).min() > 15.0 for line in around)


def test_short_pieces_that_end_amid_a_junction_are_dropped(town):
    osm = MadeOsm()
    houses_along(osm, away=30.0)
    main = [osm.node(x, 0) for x in (0, 90, 180)]
    osm.way(main, highway="secondary", sidewalk="separate")
    walk = {}
    for y in (8, -8):
        walk[y] = [osm.node(x, y) for x in (0, 90, 180)]
        osm.way(walk[y], highway="footway", footway="sidewalk")
    osm.way([main[1], walk[8][1], osm.node(90, 80)], highway="service")  # a drive to the north
    _, network, origin = town(osm)
    assert (np.abs(network.vertex_xy[:, 1] - origin[1]) > 7.0).all()
    assert (network.pavement == PAVEMENT_SOURCES.index("mapped")).sum() == 3


def test_where_pavements_are_mapped_on_both_sides_the_wait_at_the_crossing_counts(town):
    osm = MadeOsm()
    houses_along(osm, away=30.0)
    main = [osm.node(0, 0), osm.node(90, 0, highway="crossing", crossing="traffic_signals")]
    main.append(osm.node(180, 0))
    osm.way(main, highway="secondary", sidewalk="separate")
    north, south = ([osm.node(x, y) for x in (0, 90, 180)] for y in (8, -8))
    osm.way(north, highway="footway", footway="sidewalk")
    osm.way(south, highway="footway", footway="sidewalk")
    osm.way([north[1], main[1], south[1]], highway="footway", footway="crossing")
    _, network, _ = town(osm)
    (waited,) = np.flatnonzero(network.crossing > 0)
    assert told(network, waited) == ("none", "crossing", "signals")
    assert network.length_m[waited] == 0.0
    assert WalkModel(signals_s=33.0).walk_s(network)[waited] == 33


def test_without_pavements_the_network_is_of_centre_lines(town):
    city, _, _ = town(street(MadeOsm(), sidewalk="both"))
    network = build_network(city, pavements=None)
    assert rows(network) == [("none", "centre", "none")]


def draw_tangle(rng):
    """Draw a town of random streets with random tags, some of them mapped pavements."""
    osm = MadeOsm()
    n = 5
    at = [[osm.node(x * 70 + rng.uniform(-15, 15), y * 70 + rng.uniform(-15, 15)) for x in range(n)]
          for y in range(n)]  # fmt: skip
    kinds = ["residential", "tertiary", "primary", "service", "footway", "living_street"]
    for y in range(n):
        for x in range(n):
            for other in ([at[y][x + 1]] if x + 1 < n else []) + (
                [at[y + 1][x]] if y + 1 < n else []
            ):
                if rng.random() < 0.2:
                    continue
                tags = {"highway": str(rng.choice(kinds))}
                if rng.random() < 0.7:
                    tags["sidewalk"] = str(rng.choice(["both", "left", "right", "no", "separate"]))
                if rng.random() < 0.2:
                    tags["oneway"] = "yes"
                osm.way([at[y][x], other], **tags)
            if rng.random() < 0.5:
                osm.box(x * 70 + 25, y * 70 + 25, x * 70 + 45, y * 70 + 45, building="yes")
    for _ in range(4):
        y = rng.uniform(0, 280)
        osm.line((0, y), (280, y + rng.uniform(-20, 20)), highway="footway", footway="sidewalk")
    return osm


@pytest.mark.parametrize("seed", range(25))
def test_what_hangs_together_on_ways_hangs_together_on_pavements(town, seed):
    city, network, _ = town(draw_tangle(np.random.default_rng(seed)))
    centre = build_network(city, pavements=None)
    part = dict(zip(centre.node_osm_id.tolist(), centre.component.tolist(), strict=True))
    known = np.isin(network.node_osm_id, centre.node_osm_id)
    pairs = {
        (part[osm_id], component)
        for osm_id, component in zip(
            network.node_osm_id[known].tolist(), network.component[known].tolist(), strict=True
        )
    }
    assert len({here for here, _ in pairs}) == len(pairs)
    assert np.isfinite(network.vertex_xy).all()
    assert (network.length_m >= 0.0).all()


def test_the_same_city_gives_the_same_pavements(town):
    city, network, _ = town(draw_tangle(np.random.default_rng(3)))
    again = build_network(city)
    assert np.array_equal(network.vertex_xy, again.vertex_xy)
    assert np.array_equal(network.edge_node, again.edge_node)


def test_a_line_beside_a_line_keeps_its_distance_and_its_side():
    bent = np.array([(0.0, 0.0), (30.0, 0.0), (50.0, 25.0), (90.0, 25.0)])
    for left_m in (4.0, -4.0):
        beside = offset_line(bent, left_m)
        amid = shapely.points(0.5 * (beside[1:] + beside[:-1]))
        assert shapely.distance(amid, shapely.LineString(bent)) == pytest.approx([4.0] * 3)
        assert np.sign(beside[0, 1]) == np.sign(left_m)


def test_a_hairpin_does_not_throw_the_line_beside_it_far_away():
    hairpin = np.array([(0.0, 0.0), (30.0, 0.0), (0.0, 1.0)])
    beside = offset_line(hairpin, 4.0)
    assert shapely.distance(shapely.points(beside), shapely.LineString(hairpin)).max() <= 8.0


@pytest.mark.parametrize("name", ["helsinki", "berlin-wittenau", "monaco", "karlsruhe-kirchfeld"])
def test_real_cities_stay_joined_without_long_ways_round_or_through_houses(reference_data, name):
    path = helsinki_path() if name == "helsinki" else reference_data / "osm" / f"{name}.osm.pbf"
    city = build_city(read_osm(path), name=name)
    centre, network = build_network(city, pavements=None), build_network(city)
    assert network.connected_fraction >= 0.97 * centre.connected_fraction
    assert detour(network) <= 1.40
    drawn = network.pavement >= PAVEMENT_SOURCES.index("tagged")
    assert drawn.any()
    assert in_houses(city, network, drawn) < 0.005
    named = np.array(network.street_name, object)[network.street] != None  # noqa: E711
    mapped = (network.pavement == PAVEMENT_SOURCES.index("mapped")) & (network.side > 0)
    assert named[mapped].mean() > 0.8


# --- laws of single rules


def test_a_pavement_with_a_name_of_its_own_keeps_it(town):
    osm = street(MadeOsm())
    osm.line((0, 7), (90, 7), highway="footway", name="Promenade")
    _, network, _ = town(osm)
    (mapped,) = np.flatnonzero(network.pavement == PAVEMENT_SOURCES.index("mapped"))
    assert network.street_name[network.street[mapped]] == "Promenade"
    assert network.side[mapped] > 0


def test_a_corner_does_not_stand_in_a_house(town):
    osm = MadeOsm()
    osm.box(3, 3, 6.5, 6.5, building="yes", height="9")  # where two pavements would meet
    middle = osm.node(0, 0)
    for xy in ((90, 0), (0, 90), (-90, 0), (0, -90)):
        osm.way([middle, osm.node(*xy)], highway="residential", width="7")
    city, network, _ = town(osm)
    (house,) = city.buildings.geometry
    assert shapely.length(shapely.intersection(network.lines(), house)).max() <= 0.3
    assert (network.side > 0).sum() == 8


@pytest.mark.parametrize(("lanes", "how"), [("3", "side_street"), ("4", "big_road")])
def test_a_street_of_many_lanes_is_a_big_road_to_cross(town, lanes, how):
    _, network, origin = town(cross(MadeOsm(), highway="tertiary", lanes=lanes))
    place = network.node_xy[network.edge_node].mean(axis=1) - origin - (90, 0)
    over = (network.crossing > 0) & (np.abs(place[:, 1]) > 3.0) & (np.hypot(*place.T) < 20.0)
    assert [told(network, edge)[2] for edge in np.flatnonzero(over)] == [how, how]


def test_through_a_passage_the_pavements_run_straight_on(town):
    osm = MadeOsm()
    nodes = [osm.node(x, 0) for x in (0, 60, 72, 132)]
    osm.box(61, -20, 71, 20, building="yes", height="9")
    tags = {"highway": "residential", "width": "7", "sidewalk": "both"}
    osm.way(nodes[:2], **tags)
    osm.way(nodes[1:3], **tags, tunnel="building_passage")
    osm.way(nodes[2:], **tags)
    _, network, origin = town(osm)
    along = np.flatnonzero(network.is_covered & (network.side > 0))
    away_m = [np.abs(network.geometry(edge) - origin)[:, 1] for edge in along]
    assert away_m == [pytest.approx([4.75, 4.75], abs=0.02)] * 2


def test_the_two_sides_of_a_lone_big_road_are_joined_once(town):
    _, network, _ = town(street(MadeOsm(), highway="secondary"))
    assert rows(network) == [
        ("left", "assumed", "none"),
        ("none", "crossing", "big_road"),
        ("right", "assumed", "none"),
    ]
    assert network.connected_fraction == 1.0


def test_where_pavements_are_mapped_but_lead_nowhere_one_walks_on_in_the_street(town):
    osm = MadeOsm()
    houses_along(osm, 300.0, away=40.0)
    nodes = [osm.node(x, 0) for x in (0, 100, 200, 300)]
    for pair in pairwise(nodes):
        osm.way(pair, highway="residential", name="Allee", width="7")
    for y in (-10, 10):
        osm.line((102, y), (198, y), highway="footway")
    _, network, origin = town(osm)
    (amid,) = np.flatnonzero(network.pavement == PAVEMENT_SOURCES.index("centre"))
    assert sorted(network.geometry(amid)[:, 0] - origin[0]) == pytest.approx([100, 200], abs=0.5)
    drawn = network.pavement == PAVEMENT_SOURCES.index("assumed")
    assert len(set(network.component[network.edge_node[drawn]].ravel().tolist())) == 1


def test_a_street_drawn_with_jitter_has_pavements_no_longer_than_itself(town):
    osm = MadeOsm()
    houses_along(osm, 100.0)
    osm.line(*((0.5 * k, 0.12 * (-1) ** k) for k in range(181)), highway="residential")
    _, network, _ = town(osm)
    assert network.length_m[network.side > 0] == pytest.approx([90.0, 90.0], rel=0.05)


def tunnel(osm, kind, **tags):
    """Lay a street to the north whose southern half is a tunnel."""
    osm.box(20, -50, 30, 50, building="yes", height="6")
    mouth = osm.node(0, 0)
    osm.way([osm.node(0, -90), mouth], highway="residential", tunnel=kind, **tags)
    osm.way([mouth, osm.node(0, 90)], highway="residential")
    return osm


def test_a_crossing_at_a_tunnels_mouth_is_in_the_open(town):
    _, network, origin = town(tunnel(MadeOsm(), "yes"))
    north = (network.node_xy[network.edge_node].mean(axis=1) - origin)[:, 1].round()
    crossed = network.crossing > 0
    covered = dict(zip(north[crossed].tolist(), network.is_covered[crossed].tolist(), strict=True))
    assert covered == {-90.0: True, 0.0: False, 90.0: False}
    assert network.is_covered[~crossed].tolist() == (north[~crossed] < 0.0).tolist()


def test_over_a_culvert_one_walks_in_the_open(town):
    _, network, _ = town(tunnel(MadeOsm(), "culvert"))
    assert not network.is_covered.any()
    assert (network.side > 0).sum() == 4


def test_a_drawn_pavement_meets_the_footway_that_runs_across_it(town):
    osm = street(MadeOsm())
    osm.line((45, -40), (45, 40), highway="footway")  # shares no node with the street
    _, network, origin = town(osm)
    assert network.connected_fraction == 1.0
    met = np.hypot(*(np.abs(network.node_xy - origin) - (45, 5.25)).T) < 0.1
    assert np.bincount(network.edge_node.ravel())[met].tolist() == [4, 4]
