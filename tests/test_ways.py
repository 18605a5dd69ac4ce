"""Which ways a wheelchair, a pram, and one who wants light or quiet may take."""

import json
import math
import tempfile
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hills import raise_ground
from hypothesis import given
from hypothesis import strategies as st
from made_osm import MadeOsm
from streets import draw, draw_grid, draw_random

from solarpass.archive import read_city, save_city
from solarpass.city import build_city
from solarpass.climb import find_inclines
from solarpass.errors import FolderError, TripError
from solarpass.footing import (
    BARRIERS,
    FOOTING_ARRAYS,
    FOOTING_NAMES,
    KERBS,
    LIGHTS,
    RAMPS,
    SMOOTHNESSES,
    SURFACES,
    WHEELCHAIRS,
    read_codes,
)
from solarpass.graph import network_from_osmnx
from solarpass.network import build_network, read_network, save_network
from solarpass.osm import helsinki_path, read_osm
from solarpass.pavement import CROSSINGS, PAVEMENT_SOURCES, SIDES
from solarpass.profile import Profile
from solarpass.tag import read_incline
from solarpass.ways import relax, tell_ways, ways_of
from solarpass.wheels import GRADE_OF_SMOOTHNESS, GRADE_OF_SURFACE, GRADES, ProfileModel

WHEELCHAIR, PRAM, QUIET = Profile("wheelchair"), Profile("pram"), Profile(quiet=True)
LIT = Profile(lit=True)
EVERY = [Profile(who, lit, quiet) for who in ("walk", "pram", "wheelchair")
         for lit in (False, True) for quiet in (False, True)]  # fmt: skip
HOSTILE = ["<script>alert(1)</script>", "", " ", "yes' OR 1=1", "\x00", "ä" * 5000, ";;;", "None"]
MODEL = ProfileModel()


class Walk:
    """A walk over some edges, all of each."""

    def __init__(self, network, edge):
        self.edge = np.asarray(edge, np.int32)
        self.edge_length_m = network.length_m[self.edge]


def lane(n=1, **arrays):
    """Draw a lane of `n` edges, each 100 m, of which all or each is told something."""
    network = draw([(100.0 * k, 0.0) for k in range(n + 1)], [(k, k + 1) for k in range(n)])
    network = replace(network, kerb=np.full(n, 1, np.int8), barrier=np.full(n, 1, np.int8))
    for name, value in arrays.items():
        kind = getattr(network, name).dtype
        network = replace(network, **{name: np.broadcast_to(value, n).astype(kind)})
    return network


def told(**tags):
    """Say what is told of the only edge of a way with such tags, in words."""
    network = way_of(**tags)
    return {k: names[getattr(network, k)[0]] for k, names in FOOTING_NAMES.items()}


@pytest.fixture
def town(tmp_path):
    def build(osm, **options):
        city = build_city(read_osm(osm.write(tmp_path / "town.osm.pbf")), name="town")
        return city, build_network(city, **options)

    return build


@pytest.fixture(scope="module", params=["helsinki", "berlin-wittenau"])
def real(request):
    if request.param == "helsinki":
        path = helsinki_path()
    else:
        folder = request.getfixturevalue("reference_data")
        path = folder / "osm" / f"{request.param}.osm.pbf"
    city = build_city(read_osm(path), name=request.param)
    return city, build_network(city)


# What is open


def test_on_foot_all_is_open():
    network = draw_grid(3)
    assert ways_of(network, Profile()) is None
    assert ways_of(network, LIT) is None  # by day
    assert ways_of(network, LIT, by_night=True) is not None


def test_nothing_told_is_open_and_counted():
    network = draw_grid(3)
    ways = ways_of(network, WHEELCHAIR)
    assert ways.is_open.all()
    assert (ways.slowness == 1.0).all()
    assert set(ways.unknown) == {"surface", "incline", "width", "kerb", "barrier"}
    assert all(mask.all() for mask in ways.unknown.values())
    assert (ways.component == network.component).all()
    notes = tell_ways(network, Walk(network, [0, 1]), WHEELCHAIR)
    assert notes.unknown_m == dict.fromkeys(ways.unknown, pytest.approx(200.0))


@pytest.mark.parametrize("surface", SURFACES)
def test_each_surface_rolls_as_its_grade(surface):
    network = lane(surface=SURFACES.index(surface))
    grade = GRADES[GRADE_OF_SURFACE[SURFACES.index(surface)]]
    wheelchair, pram = ways_of(network, WHEELCHAIR), ways_of(network, PRAM)
    assert wheelchair.is_open[0] == (grade in {"firm", "rough"})
    assert pram.is_open[0] == (grade != "soft")
    expected = {"firm": 1.0, "rough": MODEL.pram.rough_slowness, "loose": MODEL.pram.loose_slowness}
    assert pram.slowness[0] == pytest.approx(expected.get(grade, MODEL.pram.loose_slowness))
    assert ways_of(network, WHEELCHAIR).unknown["surface"][0] == (surface == "unknown")


@pytest.mark.parametrize("smoothness", SMOOTHNESSES[1:])
@pytest.mark.parametrize("surface", ["asphalt", "sand", "unknown"])
def test_what_was_seen_of_smoothness_counts_before_what_the_surface_is(smoothness, surface):
    number = SMOOTHNESSES.index(smoothness)
    network = lane(surface=SURFACES.index(surface), smoothness=number)
    grade = GRADES[GRADE_OF_SMOOTHNESS[number]]
    assert ways_of(network, WHEELCHAIR).is_open[0] == (grade in {"firm", "rough"})
    assert not ways_of(network, WHEELCHAIR).unknown["surface"].any()


@pytest.mark.parametrize("kerb", KERBS)
def test_a_wheelchair_gets_over_no_raised_kerb_and_an_unknown_one_is_told(kerb):
    network = lane(kerb=KERBS.index(kerb))
    assert ways_of(network, WHEELCHAIR).is_open[0] == (kerb not in {"raised", "rolled"})
    assert ways_of(network, WHEELCHAIR).unknown["kerb"][0] == (kerb == "unknown")
    assert ways_of(network, PRAM).is_open[0]
    assert tell_ways(network, Walk(network, [0]), PRAM).n_raised_kerbs == (
        kerb in {"raised", "rolled"}
    )


@pytest.mark.parametrize("barrier", BARRIERS)
def test_barriers_close_what_cannot_be_passed(barrier):
    network = lane(barrier=BARRIERS.index(barrier))
    shut = {*("stile", "kissing_gate", "turnstile", "full-height_turnstile", "horse_stile", "log")}
    shut |= {"motorcycle_barrier", "fence", "wall", "hedge", "ditch", "debris", "guard_rail"}
    tight = {"cycle_barrier", "chain", "rope", "cattle_grid", "step"}
    assert ways_of(network, PRAM).is_open[0] == (barrier not in shut)
    assert ways_of(network, WHEELCHAIR).is_open[0] == (barrier not in shut | tight)
    assert ways_of(network, WHEELCHAIR).unknown["barrier"][0] == (barrier == "unknown")


@pytest.mark.parametrize("ramp", RAMPS)
def test_steps_are_never_for_a_wheelchair_and_for_a_pram_by_a_ramp_alone(ramp):
    network = lane(
        is_steps=True, ramp=RAMPS.index(ramp), wheelchair=WHEELCHAIRS.index("yes"), surface=1
    )
    assert not ways_of(network, WHEELCHAIR).is_open.any()
    assert ways_of(network, PRAM).is_open[0] == (ramp in {"stroller", "wheelchair"})


@pytest.mark.parametrize("word", WHEELCHAIRS)
def test_who_says_that_a_wheelchair_may_or_may_not_is_believed(word):
    number = WHEELCHAIRS.index(word)
    asphalt, sand = (
        lane(wheelchair=number, surface=SURFACES.index(name)) for name in ("asphalt", "sand")
    )
    assert ways_of(asphalt, WHEELCHAIR).is_open[0] == (word != "no")
    assert ways_of(sand, WHEELCHAIR).is_open[0] == (word == "yes")
    assert np.isfinite(ways_of(sand, WHEELCHAIR).slowness).all()
    assert ways_of(asphalt, PRAM).is_open[0]


@pytest.mark.parametrize(
    ("incline", "wheelchair", "pram"),
    [(0.0, 1.0, 1.0), (0.03, 1.0, 1.0), (0.08, 2.0, None), (0.0801, None, None), (0.2, None, 1.5),
     (0.21, None, None), (math.nan, 1.0, 1.0)],
)  # fmt: skip
def test_slopes_slow_and_then_stop(incline, wheelchair, pram):
    network = lane(incline=incline)
    ways = ways_of(network, WHEELCHAIR)
    assert ways.is_open[0] == (wheelchair is not None)
    if wheelchair:
        assert ways.slowness[0] == pytest.approx(wheelchair)
    if pram:
        assert ways_of(network, PRAM).slowness[0] == pytest.approx(pram)
    assert ways.unknown["incline"][0] == math.isnan(incline)


@pytest.mark.parametrize(("width_m", "is_open"), [(0.9, True), (0.85, False), (math.nan, True)])
def test_what_is_too_narrow_is_closed(width_m, is_open):
    assert ways_of(lane(width_m=width_m), WHEELCHAIR).is_open[0] == is_open


def test_by_night_the_unlit_is_closed_and_the_unknown_told():
    network = lane(3, lit=[0, 1, 2])
    ways = ways_of(network, LIT, by_night=True)
    assert ways.is_open.tolist() == [True, True, False]
    assert ways.unknown["lit"].tolist() == [True, False, False]
    notes = tell_ways(network, Walk(network, [0, 1, 2]), LIT, by_night=True)
    assert (notes.lit_m, notes.unlit_m, notes.light_unknown_m) == pytest.approx((100, 100, 100))
    assert notes.unknown_m == {"lit": pytest.approx(100)}


def test_quiet_keeps_from_walking_along_big_roads_but_crosses_them():
    network = lane(3, is_big_road=[True, True, False], crossing=[0, 5, 0])
    assert ways_of(network, QUIET).is_open.tolist() == [False, True, True]
    assert ways_of(network, relax(QUIET)) is None
    assert relax(Profile("pram", lit=True, quiet=True)) == Profile("pram", lit=True)
    assert relax(WHEELCHAIR) is WHEELCHAIR
    assert tell_ways(network, Walk(network, [0, 1, 2]), QUIET).big_road_m == pytest.approx(100)


def test_two_edges_of_one_crossing_are_one_kerb():
    raised = KERBS.index("raised")
    network = lane(5, kerb=[1, raised, raised, 1, raised])
    notes = tell_ways(network, Walk(network, range(5)), PRAM)
    assert notes.n_raised_kerbs == 2


# Laws


def furnish(rng, network):
    """Tell at random of each edge what may be told."""
    n = network.n_edges
    codes = {k: rng.integers(0, len(v), n).astype(np.int8) for k, v in FOOTING_NAMES.items()}
    for name in ("barrier", "kerb"):  # else nothing would be open
        codes[name][rng.random(n) < 0.6] = 1
    return replace(
        network,
        **codes,
        width_m=rng.choice([np.nan, 0.5, 2.0], n).astype(np.float32),
        incline=rng.choice([np.nan, 0.0, 0.05, 0.5], n).astype(np.float32),
        is_big_road=rng.random(n) < 0.3,
    )


@given(st.integers(0, 10**6), st.sampled_from(EVERY), st.booleans())
def test_laws_of_any_network(seed, profile, by_night):
    rng = np.random.default_rng(seed)
    network = furnish(rng, draw_random(rng))
    ways = ways_of(network, profile, by_night=by_night)
    if ways is None:
        assert profile.who == "walk"
        return
    check_laws(network, profile, ways)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    graph.add_edges_from(network.edge_node[ways.is_open].tolist())
    parts = sorted(map(sorted, nx.connected_components(graph)))
    ours = [np.flatnonzero(ways.component == k).tolist() for k in np.unique(ways.component)]
    assert sorted(ours) == parts
    if profile.quiet:  # a wish more never opens, a wish less never closes
        fewer = ways_of(network, relax(profile), by_night=by_night)
        assert fewer is None or (ways.is_open <= fewer.is_open).all()


def check_laws(network, profile, ways):
    assert np.isfinite(ways.slowness).all()
    assert (ways.slowness >= 1.0).all()
    assert (ways.is_bad <= ways.is_open).all()
    if profile.who == "wheelchair":
        assert not (ways.is_open & network.is_steps).any()
        assert not (ways.is_open & (network.kerb >= KERBS.index("rolled"))).any()
        assert not (ways.is_open & (network.wheelchair == WHEELCHAIRS.index("no"))).any()
    if profile.quiet:
        assert not (ways.is_open & network.is_big_road & (network.crossing == 0)).any()
    for array in (ways.is_open, ways.slowness, ways.component, *ways.unknown.values()):
        assert not array.flags.writeable


def test_the_same_question_has_the_same_answer_and_few_are_kept():
    network = draw_grid(3)
    first = ways_of(network, WHEELCHAIR)
    assert ways_of(network, WHEELCHAIR) is first
    assert ways_of(network, WHEELCHAIR, by_night=True) is first
    for k in range(20):
        ways_of(network, WHEELCHAIR, model=ProfileModel(sustained_m=5.0 + k))
    assert (ways_of(network, WHEELCHAIR).is_open == first.is_open).all()


@pytest.mark.parametrize(
    "change",
    [{"rough_slowness": 0.5}, {"loose_slowness": math.nan}, {"most_incline": 0.0},
     {"gentle_incline": -1.0}, {"least_width_m": math.nan}, {"worst_kerb": "high"}],
)  # fmt: skip
def test_senseless_wheels_are_refused(change):
    with pytest.raises(TripError, match="got"):
        replace(MODEL.pram, **change)


def test_a_slope_needs_a_length():
    with pytest.raises(TripError, match="sustained_m"):
        ProfileModel(sustained_m=0.0)


# Slopes of the terrain


def test_the_terrain_tells_the_steepest_sustained_slope():
    street = draw([(0, 0), (100, 0)], [(0, 1)], via=[(50, 0)])
    hill = raise_ground(street, lambda x, _: np.where(x > 50, 0.1 * (x - 50), 0.0))
    assert find_inclines(hill) == pytest.approx([0.1], rel=1e-3)
    assert not ways_of(hill, WHEELCHAIR).is_open.any()
    assert np.isnan(find_inclines(street)).all()
    tagged = replace(hill, incline=np.array([0.02], np.float32))
    assert find_inclines(tagged) == pytest.approx([0.02])
    assert ways_of(tagged, WHEELCHAIR).is_open.all()


def test_a_step_in_the_terrain_is_noise_on_a_short_edge_and_stairs_have_no_slope():
    short = draw([(0, 0), (1, 0)], [(0, 1)])
    bump = raise_ground(short, lambda x, _: 0.3 * x)
    assert find_inclines(bump) == pytest.approx([0.03])
    stairs = replace(bump, is_steps=np.array([True]))
    assert np.isnan(find_inclines(stairs)).all()


def test_slopes_are_the_same_either_way():
    rng = np.random.default_rng(1)
    grid = draw_grid(4)
    phase = rng.uniform(0, 6, 2)
    hills = raise_ground(grid, lambda x, y: 5 * np.sin(x / 30 + phase[0]) + y * 0.02)
    slow = [
        max(abs(z[-1] - z[0]) / length, 0.0)
        for z, length in (
            (hills.vertex_z_m[a:b], m)
            for a, b, m in zip(
                hills.edge_vertex[:-1], hills.edge_vertex[1:], hills.length_m, strict=True
            )
        )
    ]
    assert (find_inclines(hills) >= np.array(slow) - 1e-5).all()


# What the tags say


def way_of(*, highway="footway", **tags):
    osm = MadeOsm()
    osm.line((0, 0), (80, 0), **{"highway": highway, **tags})
    with tempfile.TemporaryDirectory() as folder:
        city = build_city(read_osm(osm.write(Path(folder) / "way.osm.pbf")), name="way")
    return build_network(city)


def test_a_way_tells_what_it_is():
    seen = told(surface="Sett ", smoothness="bad", lit="yes", wheelchair="limited")
    assert seen["surface"] == "sett"
    assert (seen["smoothness"], seen["lit"], seen["wheelchair"]) == ("bad", "yes", "limited")
    assert (seen["kerb"], seen["barrier"], seen["ramp"]) == ("none", "none", "unknown")
    network = way_of(width="1,5 m", incline="-6%")
    assert network.width_m == pytest.approx([1.5])
    assert network.incline == pytest.approx([0.06])
    steps = way_of(highway="steps", **{"ramp:stroller": "yes"})
    assert RAMPS[steps.ramp[0]] == "stroller"


def test_hostile_values_are_unknown_and_nothing_more():
    tags = ("surface", "smoothness", "lit", "wheelchair", "kerb", "incline", "width", "ramp")
    for value in [*HOSTILE[:2], HOSTILE[3], HOSTILE[6], "-3", "999%", "NaN", "inf"]:
        network = way_of(**dict.fromkeys(tags, value or "?"))
        for name in ("surface", "smoothness", "lit", "wheelchair", "ramp"):
            assert getattr(network, name)[0] == 0
        assert np.isnan(network.width_m).all()
        assert np.isnan(network.incline).all()
        assert ways_of(network, WHEELCHAIR, by_night=True).is_open.all()


@pytest.mark.parametrize("names", FOOTING_NAMES.values(), ids=FOOTING_NAMES)
def test_tables_of_values_are_sound(names):
    assert names[0] == "unknown"
    assert len(set(names)) == len(names) <= 127
    texts = pd.Series([*names, None, float("nan"), *HOSTILE], dtype=object)
    read = read_codes(texts, names)
    assert read[: len(names)].tolist() == list(range(len(names)))
    assert not read[len(names) :].any() or "none" in names
    assert read.dtype == np.int8


@pytest.mark.parametrize(
    "text", ["<script>", "up", "down", "yes", "12", "999%", "-", "%", "9" * 99]
)
def test_an_incline_without_sense_is_unknown(text):
    assert math.isnan(read_incline(text))


@pytest.mark.parametrize(
    ("text", "slope"),
    [("0", 0.0), ("0%", 0.0), ("+7.5 %", 0.075), ("-12%", 0.12), ("45°", 1.0), ("3 deg", 0.0524)],
)
def test_an_incline_reads_in_per_cent_and_degrees(text, slope):
    assert read_incline(text) == pytest.approx(slope, abs=1e-4)


def block(osm, **tags):
    """Lay a street with houses on both sides."""
    for x in range(0, 90, 20):
        for y in (14.0, -22.0):
            osm.box(x, y, x + 10, y + 8, building="yes", height="6")
    osm.line((0, 0), (90, 0), **{"highway": "residential", "name": "Allee", **tags})
    return osm


def test_a_drawn_pavement_has_the_street_s_light_and_slope_but_not_its_cobbles(town):
    tags = {"surface": "unhewn_cobblestone", "smoothness": "very_bad", "width": "7", "lit": "yes"}
    _, network = town(block(MadeOsm(), incline="4%", wheelchair="no", **tags))
    drawn = network.side > 0
    assert drawn.sum() == 2
    assert not network.surface[drawn].any()
    assert not network.smoothness[drawn].any()
    assert not network.wheelchair[drawn].any()
    assert np.isnan(network.width_m[drawn]).all()
    assert network.incline[drawn] == pytest.approx([0.04, 0.04])
    assert (network.lit[drawn] == LIGHTS.index("yes")).all()
    # To cross it, one rolls over the cobbles.
    assert (network.surface[~drawn] == SURFACES.index("unhewn_cobblestone")).all()


def test_a_drawn_pavement_has_what_is_told_of_its_side(town):
    tags = {"sidewalk:left:surface": "asphalt", "sidewalk:right:surface": "sand",
            "sidewalk:both:width": "1.2", "sidewalk:right:wheelchair": "no",
            "sidewalk:both:smoothness": "good"}  # fmt: skip
    _, network = town(block(MadeOsm(), sidewalk="both", **tags))
    left, right = (np.flatnonzero(network.side == SIDES.index(s))[0] for s in ("left", "right"))
    assert SURFACES[network.surface[left]] == "asphalt"
    assert SURFACES[network.surface[right]] == "sand"
    assert network.width_m[[left, right]] == pytest.approx([1.2, 1.2])
    assert WHEELCHAIRS[network.wheelchair[right]] == "no"
    assert SMOOTHNESSES[network.smoothness[left]] == "good"
    ways = ways_of(network, WHEELCHAIR)
    assert ways.is_open[left]
    assert not ways.is_open[right]


def test_on_centre_lines_a_street_with_pavements_has_theirs_and_one_without_its_own(town):
    both = {"surface": "sett", "sidewalk": "both", "sidewalk:both:surface": "asphalt"}
    _, network = town(block(MadeOsm(), **both), pavements=None)
    assert [SURFACES[k] for k in network.surface] == ["asphalt"]
    assert [PAVEMENT_SOURCES[k] for k in network.pavement] == ["centre"]
    _, network = town(block(MadeOsm(), surface="sett", sidewalk="no"), pavements=None)
    assert [SURFACES[k] for k in network.surface] == ["sett"]


def crossing(*, at_street=None, first=None, last=None, **tags):
    """Map a footway that crosses a street, with kerbs at the street or before and behind it."""
    osm = MadeOsm()
    a, b = osm.node(-60, 0), osm.node(60, 0)
    middle = osm.node(0, 0, **{"highway": "crossing", **(at_street or {})})
    one, other = osm.node(0, 5, **(first or {})), osm.node(0, -5, **(last or {}))
    osm.way([a, middle, b], highway="residential", sidewalk="separate")
    osm.way([one, middle, other], highway="footway", footway="crossing", **tags)
    osm.way([osm.node(0, 60), one], highway="footway", footway="sidewalk")
    osm.way([other, osm.node(0, -60)], highway="footway", footway="sidewalk")
    osm.way([osm.node(-40, 5), one], highway="footway", footway="sidewalk")
    return osm


@pytest.mark.parametrize("pavements", ["both", "none"])
def test_a_kerb_belongs_to_the_crossing_and_not_to_the_pavement_that_runs_past(town, pavements):
    raised = {"barrier": "kerb", "kerb": "raised"}
    option = {} if pavements == "both" else {"pavements": None}
    city, network = town(crossing(first=raised, last={"kerb": "lowered"}), **option)
    assert len(city.barriers) == 2
    seen = sorted(KERBS[k] for k in network.kerb if k != KERBS.index("none"))
    assert seen.count("raised") == 1
    assert seen.count("lowered") == 1
    short = network.length_m[network.kerb == KERBS.index("raised")]
    assert (short <= 5.5).all()
    marked = network.crossing == CROSSINGS.index("marked")
    assert network.kerb[marked].all()
    assert (~ways_of(network, WHEELCHAIR).is_open).sum() == 1


@pytest.mark.parametrize(
    "tags", [{"at_street": {"kerb": "raised"}}, {"at_street": {"crossing:kerb": "raised"}},
             {"at_street": {"kerb:left": "flush", "kerb:right": "raised", "kerb": "lowered"}},
             {"kerb": "raised"}, {"first": {"kerb": "no;raised"}, "last": {"kerb": "raised"}}],
)  # fmt: skip
def test_kerbs_are_read_wherever_mappers_tell_them(town, tags):
    _, network = town(crossing(**tags))
    closed = ~ways_of(network, WHEELCHAIR).is_open
    assert closed.any()
    assert (network.kerb[closed] == KERBS.index("raised")).all()
    assert network.length_m[closed].sum() < 25.0
    street = np.array(network.highway_kind)[network.highway] == "residential"
    assert not (closed & street).any()


def test_a_kerb_that_nobody_tells_is_open_and_told(town):
    _, network = town(crossing(first={"barrier": "kerb"}, last={"kerb": "<script>"}))
    ways = ways_of(network, WHEELCHAIR)
    assert ways.is_open.all()
    assert ways.unknown["kerb"].sum() >= 2


def gated(**tags):
    osm = MadeOsm()
    a, b = osm.node(-60, 0), osm.node(60, 0)
    osm.way([a, osm.node(3, 0, **tags), b], highway="path", foot="yes")
    osm.way([osm.node(-60, 50), a], highway="footway")
    return osm


@pytest.mark.parametrize(
    ("tags", "name", "is_open"),
    [({"barrier": "stile"}, "stile", False), ({"barrier": "bollard"}, "bollard", True),
     ({"barrier": "kissing_gate", "wheelchair": "yes"}, "none", True),
     ({"barrier": "gate", "wheelchair": "no"}, "gate", False),
     ({"barrier": "gate;stile"}, "stile", False), ({"barrier": "<script>"}, "unknown", True),
     ({"barrier": "bollard", "maxwidth:physical": "0.6"}, "bollard", False)],
)  # fmt: skip
def test_a_barrier_amid_a_way_is_found_on_its_edge(town, tags, name, is_open):
    city, network = town(gated(**tags))
    assert city.barriers["barrier"].tolist() == [tags["barrier"]]
    (edge,) = np.flatnonzero(network.length_m > 100)
    assert BARRIERS[network.barrier[edge]] == name
    ways = ways_of(network, WHEELCHAIR)
    assert ways.is_open[edge] == is_open
    assert ways.is_open.sum() == 1 + is_open
    assert len(set(ways.component.tolist())) == (1 if is_open else 2)


def test_a_mapped_pavement_is_lit_by_its_street_and_loud_by_it(town):
    osm = MadeOsm()
    for x in range(0, 180, 20):
        osm.box(x, 14, x + 10, 22, building="yes", height="6")
    a, b = osm.node(0, 0), osm.node(200, 0)
    osm.way([a, b], highway="primary", name="Ring", lit="yes", sidewalk="separate")
    osm.way([osm.node(0, 8), osm.node(200, 8)], highway="footway", footway="sidewalk")
    _, network = town(osm)
    (beside,) = np.flatnonzero(np.array(network.highway_kind)[network.highway] == "footway")
    assert network.is_big_road[beside]
    assert LIGHTS[network.lit[beside]] == "yes"
    assert not ways_of(network, QUIET).is_open[beside]


def test_a_graph_of_osmnx_knows_nothing_and_all_is_open():
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=13.4, y=52.5)
    graph.add_node(2, x=13.401, y=52.5)
    graph.add_edge(1, 2, osmid=7, highway="residential", surface="sand")
    network = network_from_osmnx(graph)
    for name in FOOTING_NAMES:
        assert not getattr(network, name).any()
    assert ways_of(network, WHEELCHAIR).is_open.all()
    assert ways_of(network, QUIET).is_open.all()


# Kept


def test_a_saved_network_keeps_its_footing(tmp_path):
    network = furnish(np.random.default_rng(3), draw_grid(4))
    save_network(network, tmp_path)
    read = read_network(tmp_path)
    for name in FOOTING_ARRAYS:
        np.testing.assert_array_equal(getattr(read, name), getattr(network, name))
        assert getattr(read, name).dtype == getattr(network, name).dtype
    assert (ways_of(read, WHEELCHAIR).is_open == ways_of(network, WHEELCHAIR).is_open).all()


def test_footing_takes_little_room():
    network = draw_grid(5)
    taken = sum(getattr(network, name).nbytes for name in FOOTING_ARRAYS)
    assert taken / network.n_edges <= 20.0  # bytes an edge: 2 MB per 100,000


@pytest.mark.parametrize("name", FOOTING_NAMES)
def test_numbers_that_name_nothing_are_refused(tmp_path, name):
    network = draw_grid(2)
    torn = getattr(network, name).copy()
    torn[0] = 127
    save_network(replace(network, **{name: torn}), tmp_path)
    with pytest.raises(FolderError, match=rf"{name}\.npy .*solarpass build"):
        read_network(tmp_path)


def test_a_network_of_before_is_to_be_built_again(tmp_path):
    save_network(draw_grid(2), tmp_path)
    path = tmp_path / "network.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 4}))
    with pytest.raises(FolderError, match=r"format 4, this is \d+; build the city again"):
        read_network(tmp_path)


def test_a_city_keeps_its_barriers_and_one_of_before_is_to_be_built_again(town, tmp_path):
    city, network = town(gated(barrier="stile"))
    save_city(city, tmp_path / "city")
    read = read_city(tmp_path / "city")
    assert read.barriers.equals(city.barriers)
    assert read.streets["surface_left"].isna().all()
    again = build_network(read)
    np.testing.assert_array_equal(again.barrier, network.barrier)
    path = tmp_path / "city" / "city.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 5}))
    with pytest.raises(FolderError, match="format 5"):
        read_city(tmp_path / "city")


# Real cities


@pytest.mark.parametrize("profile", EVERY)
def test_laws_hold_in_real_cities(real, profile):
    _, network = real
    ways = ways_of(network, profile, by_night=True)
    if ways is not None:
        check_laws(network, profile, ways)
        kept_m = network.length_m[ways.is_open].sum()
        assert kept_m > 0.6 * network.length_m.sum()
        everything = Walk(network, np.arange(network.n_edges))
        notes = tell_ways(network, everything, profile, by_night=True)
        for tag, mask in ways.unknown.items():
            assert notes.unknown_m[tag] == pytest.approx(network.length_m[mask].sum())
        total = notes.lit_m + notes.unlit_m + notes.light_unknown_m
        assert total == pytest.approx(network.length_m.sum())


def test_kerbs_and_barriers_of_a_real_city_are_found_on_its_edges(real):
    city, network = real
    told = city.barriers["kerb"].isin(["raised", "lowered", "flush"]).sum()
    found = (network.kerb >= KERBS.index("flush")).sum()
    assert found >= 0.6 * told
    stands = city.barriers["barrier"].isin(BARRIERS[2:]).sum()
    assert (network.barrier > 1).sum() >= 0.6 * stands
    high = network.length_m[network.kerb == KERBS.index("raised")]
    assert not len(high) or np.median(high) < 30.0  # crossings, not whole pavements
    surface = network.surface[network.pavement == PAVEMENT_SOURCES.index("mapped")]
    assert (surface > 0).mean() > 0.6
