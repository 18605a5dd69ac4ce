import geopandas as gpd
import numpy as np
import pytest
import shapely
from made_osm import MadeOsm

from solarpass.bridge import BridgeModel, build_bridges, deck_levels
from solarpass.city import build_city
from solarpass.key import AREA_TAGS, LINE_TAGS, WAY_TAGS
from solarpass.osm import read_osm
from solarpass.picture import cast
from solarpass.street import build_streets
from solarpass.surface import build_surface

METRES = "EPSG:3035"
ACROSS = [(-30, 0), (30, 0)]  # eastward
BENEATH = [(0, -40), (0, 40)]  # northward
STREET = {"highway": "residential"}
FOOTBRIDGE = {"highway": "footway", "bridge": "yes", "layer": "1"}
RAILWAY = {"railway": "rail", "bridge": "viaduct", "layer": "1"}


def frame(keys, rows, *, area=False):
    """Make a table of OpenStreetMap's of (tags, coordinates)."""
    draw = shapely.Polygon if area else shapely.LineString
    columns = {key: np.array([*(tags.get(key) for tags, _ in rows), None])[:-1] for key in keys}
    nodes = np.empty(len(rows), object)
    nodes[:] = [np.arange(len(xy)) for _, xy in rows]
    return gpd.GeoDataFrame(
        {"osm_id": np.arange(1, len(rows) + 1), "node_id": nodes, **columns},
        geometry=[draw(xy) for _, xy in rows],
        crs=METRES,
    )


def bridges(ways=(), lines=(), areas=(), **options):
    return build_bridges(
        frame(WAY_TAGS, list(ways)),
        frame(LINE_TAGS, list(lines)).drop(columns="node_id"),
        frame(AREA_TAGS, list(areas), area=True).drop(columns="node_id"),
        **options,
    )


def levels(ways, decks, **options):
    streets = build_streets(frame(WAY_TAGS, ways))
    return deck_levels(
        np.asarray(streets.geometry),
        layer=streets["layer"],
        is_bridge=streets["is_bridge"],
        bridges=decks,
        **options,
    ).tolist()


@pytest.mark.parametrize("tags", [{}, {"layer": "-1"}, {"highway": "steps"}, {"layer": "1"}])
def test_a_footbridge_over_a_way_is_a_deck_if_the_way_is_lower(tags):
    decks = bridges([(FOOTBRIDGE, ACROSS), ({**STREET, **tags}, BENEATH)])
    assert len(decks) == (0 if tags == {"layer": "1"} else 1)


def test_a_deck_hangs_at_its_layer():
    over = {**FOOTBRIDGE, "layer": "2"}
    decks = bridges([(FOOTBRIDGE, ACROSS), (over, [(-30, 9), (30, 9)]), (STREET, BENEATH)])
    assert decks["base_m"].tolist() == [5.0, 10.0]
    assert decks["height_m"].tolist() == [6.0, 11.0]
    assert decks["layer"].tolist() == [1, 2]
    higher = BridgeModel(clearance_m=7.0, deck_m=2.0)
    decks = bridges([(FOOTBRIDGE, ACROSS), (STREET, BENEATH)], model=higher)
    assert decks[["base_m", "height_m"]].to_numpy().tolist() == [[7.0, 9.0]]


@pytest.mark.parametrize("layer", [None, "0", "-1"])
def test_a_bridge_of_no_told_layer_is_one_above(layer):
    tags = {"highway": "footway", "bridge": "yes", "layer": layer}
    assert bridges([(tags, ACROSS), (STREET, BENEATH)])["base_m"].tolist() == [5.0]


@pytest.mark.parametrize(
    ("tags", "width_m"),
    [
        (FOOTBRIDGE, 3.0),
        ({**FOOTBRIDGE, "width": "4,5 m"}, 4.5),
        ({**FOOTBRIDGE, "width": "wide"}, 3.0),
        ({**FOOTBRIDGE, "highway": "primary", "width": "10"}, 15.0),  # and its pavements
        ({**FOOTBRIDGE, "highway": "primary", "lanes": "4"}, 19.0),
        ({**FOOTBRIDGE, "highway": "motorway"}, 14.0),
        ({**FOOTBRIDGE, "highway": "raceway"}, 11.0),
    ],
)
def test_a_deck_is_as_wide_as_told_or_as_its_kind(tags, width_m):
    deck = bridges([(tags, ACROSS), (STREET, BENEATH)]).geometry.iloc[0]
    assert deck.area == pytest.approx(60.0 * width_m)
    assert deck.bounds[0] == -30.0


@pytest.mark.parametrize("tags", [RAILWAY, {"waterway": "canal", "bridge": "aqueduct"}])
def test_railways_and_aqueducts_shade_too(tags):
    assert len(bridges([(STREET, BENEATH)], lines=[(tags, ACROSS)])) == 1


@pytest.mark.parametrize(
    "tags",
    [
        {**FOOTBRIDGE, "bridge": "no"},
        {**FOOTBRIDGE, "bridge": "boardwalk"},
        {**FOOTBRIDGE, "highway": "proposed"},
        {**FOOTBRIDGE, "bridge": None},
    ],
)
def test_what_is_no_bridge_has_no_deck(tags):
    assert bridges([(tags, ACROSS), (STREET, BENEATH)]).empty


@pytest.mark.parametrize(
    "beneath",
    [
        [],  # a river, or a railway in a cutting
        [({"highway": "motorway"}, BENEATH)],  # nobody walks there
        [({"highway": "footway", "tunnel": "yes", "layer": "-1"}, BENEATH)],  # dark already
        [(STREET, [(30, 0), (30, 40)])],  # the street that it joins
        [(STREET, [(0, 5), (0, 40)])],  # ends beside it
    ],
)
def test_a_bridge_beneath_which_nobody_walks_stays_on_the_ground(beneath):
    assert bridges([(FOOTBRIDGE, ACROSS), *beneath]).empty


def test_a_way_that_joins_a_bridge_and_passes_beneath_as_well_passes_beneath():
    stairs = [(30, 0), (30, 20), (0, 20), (0, -20)]
    assert len(bridges([(FOOTBRIDGE, ACROSS), ({"highway": "steps"}, stairs)])) == 1


def test_a_mapped_area_is_the_deck_of_what_runs_on_it():
    area = ({"man_made": "bridge", "layer": "2"}, [(-30, -9), (30, -9), (30, 9), (-30, 9)])
    on_it = [(FOOTBRIDGE, ACROSS), ({**FOOTBRIDGE, "layer": "2"}, [(-30, 5), (30, 5)])]
    decks = bridges([*on_it, (STREET, BENEATH)], areas=[area])
    assert decks.geometry.iloc[0].area == 60 * 18
    assert decks["layer"].tolist() == [2]
    # The street that runs on past its end is on no deck, and passes beneath none.
    assert bridges([*on_it, (STREET, [(30, 0), (90, 0)])], areas=[area]).empty
    # An area on which no way is mapped shades who walks into it.
    assert len(bridges([(STREET, BENEATH)], areas=[area])) == 1


def test_a_square_is_no_bridge():
    area = ({"man_made": "pier"}, [(-30, -9), (30, -9), (30, 9)])
    assert bridges([(STREET, BENEATH)], areas=[area]).empty


def test_who_walks_on_a_deck_is_as_high_as_it_and_who_walks_beneath_is_not():
    ways = [(FOOTBRIDGE, ACROSS), (STREET, BENEATH), (STREET, [(30, 0), (90, 0)])]
    decks = bridges(ways)
    assert levels(ways, decks) == [6.0, 0.0, 0.0]


def test_an_edge_is_on_a_deck_by_half_its_length_and_its_pavement_is_too():
    decks = bridges([(FOOTBRIDGE, ACROSS), (STREET, BENEATH)])
    mostly, hardly = [(-30, 0), (80, 0)], [(-30, 0), (100, 0)]
    beside = [(-30, 3), (30, 3)]  # 1.5 m off the deck, where a pavement may be drawn
    far = [(-30, 9), (30, 9)]
    ways = [(FOOTBRIDGE, xy) for xy in (mostly, hardly, beside, far)]
    assert levels(ways, decks) == [6.0, 0.0, 6.0, 0.0]


def test_who_walks_on_a_bridge_of_no_told_layer_is_on_its_deck_too():
    ways = [({"highway": "footway", "bridge": "yes"}, ACROSS), (STREET, BENEATH)]
    assert levels(ways, bridges(ways)) == [6.0, 0.0]


def test_of_two_decks_the_one_of_the_edges_layer_counts():
    upper = {**FOOTBRIDGE, "layer": "2"}
    ways = [(FOOTBRIDGE, ACROSS), (upper, ACROSS), (STREET, BENEATH)]
    assert levels(ways, bridges(ways)) == [6.0, 11.0, 0.0]


def test_without_bridges_everyone_walks_on_the_ground():
    ways = [(STREET, ACROSS), (FOOTBRIDGE, ACROSS), (FOOTBRIDGE, [(0, 0), (0, 0)])]
    decks = bridges(ways)
    assert decks.empty
    assert decks.crs == METRES
    assert levels(ways, decks) == [0.0, 0.0, 0.0]


def test_no_way_at_all_is_no_bridge():
    assert bridges().empty


# --- in a city


def city_with(made, tmp_path):
    return build_city(read_osm(made.write(tmp_path / "made.osm.pbf")), name="made")


def test_a_viaduct_shades_the_street_beneath_as_a_roof_does(tmp_path):
    made = MadeOsm().streets(n=3, step=100.0)
    made.box(-95, -95, -90, -90, building="yes")  # else shade were unknown everywhere
    made.line((-100, 50), (100, 50), railway="rail", bridge="viaduct", layer="1")
    city = city_with(made, tmp_path)
    assert len(city.bridges) == 1
    surface = build_surface(city)
    south = 180.0
    lit = cast(
        surface, azimuth_deg=south, elevation_deg=45.0, cell_m=0.5, bounds=(-2, 20, 2, 80)
    ).sun[:, 2]
    y = 80.0 - 0.5 * (np.arange(len(lit)) + 0.5)
    # Sun from the south at 45°: shade moves north by the height above the eye.
    base, top, eye, half = 5.0, 6.0, 1.1, 2.5
    shade = (y > 50 - half + base - eye) & (y < 50 + half + top - eye)
    sure = np.abs(y - (50 - half + base - eye)) > 0.5
    sure &= np.abs(y - (50 + half + top - eye)) > 0.5
    assert (lit[sure & shade] == 0.0).all()
    assert (lit[sure & ~shade] == 1.0).all()


@pytest.mark.parametrize(
    ("tags", "is_covered"),
    [
        ({"tunnel": "yes"}, True),
        ({"tunnel": "building_passage"}, True),
        ({"tunnel": "passage"}, True),
        ({"tunnel": "avalanche_protector"}, True),
        ({"tunnel": "culvert"}, False),  # one walks over it
        ({"tunnel": "no"}, False),
        ({"layer": "-1"}, False),  # low, but in the open
        ({"covered": "yes"}, True),
        ({"covered": "arcade"}, True),
        ({"covered": "colonnade"}, True),
        ({"covered": "no"}, False),
        ({"covered": "no", "tunnel": "yes"}, True),
        ({"bridge": "covered"}, True),
        ({"bridge": "yes"}, False),
        ({"indoor": "yes"}, True),
        ({"indoor": "corridor"}, True),
        ({"indoor": "no"}, False),
        ({"location": "underground"}, True),
        ({"location": "overground"}, False),
        ({"highway": "corridor", "foot": "yes"}, True),
        ({}, False),
    ],
)
def test_a_covered_way_is_known(tags, is_covered):
    street = build_streets(frame(WAY_TAGS, [({"highway": "footway", **tags}, ACROSS)]))
    assert street["is_covered"].tolist() == [is_covered]


def test_one_walks_beneath_the_upper_floors_over_a_passage(tmp_path):
    made = MadeOsm().streets(n=3, step=100.0)
    made.box(-20, 20, 20, 40, building="yes", height="15")
    made.box(-20, 20, -5, 40, building__part="yes", height="15")
    made.box(5, 20, 20, 40, building__part="yes", height="15")
    made.box(-5, 20, 5, 40, building__part="yes", height="15", min_height="4")
    surface = build_surface(city_with(made, tmp_path))
    below = cast(
        surface, azimuth_deg=90.0, elevation_deg=80.0, cell_m=0.5, bounds=(-3, 25, 3, 35)
    ).sun
    assert (below == 0.0).all()
    assert len(surface.layers) == 1


@pytest.mark.parametrize("name", ["berlin-wittenau", "darmstadt", "monaco", "karlsruhe-kirchfeld"])
def test_real_bridges_shade_and_carry(reference_data, name):
    city = build_city(read_osm(reference_data / "osm" / f"{name}.osm.pbf"), name=name)
    assert len(city.bridges) >= 1
    assert city.bridges.geometry.is_valid.all()
    assert (city.bridges["base_m"] >= 5.0).all()
    streets = city.streets
    level = deck_levels(
        np.asarray(streets.geometry),
        layer=streets["layer"],
        is_bridge=streets["is_bridge"],
        bridges=city.bridges,
    )
    assert level.dtype == np.float32
    assert set(level.tolist()) <= {0.0, *city.bridges["height_m"].tolist()}
    assert (level > 0).any()
    assert (streets["is_bridge"] | (streets["layer"] > 0))[level > 0].all()


def test_a_surface_has_one_opaque_layer_and_two_of_crowns(tmp_path):
    made = MadeOsm().streets(n=3, step=100.0)
    made.line((-100, 50), (100, 50), railway="rail", bridge="viaduct", layer="1")
    made.box(20, 20, 30, 30, building="roof", height="4")
    for k, genus in enumerate(["Gleditsia", "Aesculus", "Abies", None]):
        made.node(10 * k, -50, natural="tree", **({"genus": genus} if genus else {}))
    city = city_with(made, tmp_path)
    opaque, evergreen, deciduous = build_surface(city).layers
    assert sorted(opaque.top_m.tolist()) == [4.0, 6.0]
    assert (opaque.transmittance_leaf, opaque.transmittance_bare) == (0.0, 0.0)
    assert (evergreen.transmittance_leaf, evergreen.transmittance_bare) == (0.03, 0.03)
    # By the area of the crowns: 8, 10 and 8 m wide.
    for name, each in (
        ("transmittance_leaf", (0.1, 0.02, 0.03)),
        ("transmittance_bare", (0.5, 0.45, 0.45)),
    ):
        mean = np.average(each, weights=[64, 100, 64])
        assert getattr(deciduous, name) == pytest.approx(mean)


# --- laws of single rules


def test_stairs_that_turn_beneath_the_bridge_that_they_join_pass_beneath():
    stairs = [(30, 0), (30, 5), (25, 5), (25, -5)]  # beneath 5 m from where they join it
    assert len(bridges([(FOOTBRIDGE, ACROSS), ({"highway": "steps"}, stairs)])) == 1


@pytest.mark.parametrize(("reach_m", "n_decks"), [(0.0, 0), (0.9, 0), (1.1, 1), (9.0, 1)])
def test_who_only_touches_the_rim_of_an_area_does_not_pass_beneath(reach_m, n_decks):
    area = ({"man_made": "bridge"}, [(-30, -9), (30, -9), (30, 9), (-30, 9)])
    assert len(bridges([(STREET, [(0, -40), (0, -9 + reach_m)])], areas=[area])) == n_decks


def test_an_area_is_on_the_layer_of_what_runs_on_it():
    area = ({"man_made": "bridge"}, [(-30, -9), (30, -9), (30, 9), (-30, 9)])
    over = ({**FOOTBRIDGE, "layer": "2"}, ACROSS)
    above = {**STREET, "bridge": "yes", "layer": "1"}
    for street in (STREET, above):
        assert 10.0 in bridges([over, (street, BENEATH)], areas=[area])["base_m"].tolist()


@pytest.mark.parametrize(("west", "area_m2"), [(24, 180.0), (2, 180.0), (-2, 42 * 18.0)])
def test_a_way_belongs_to_an_area_that_has_half_of_it(west, area_m2):
    area = ({"man_made": "bridge"}, [(west, -9), (40, -9), (40, 9), (west, 9)])
    street = (STREET, [(10, -40), (10, 40)] if west < 10 else BENEATH)
    decks = bridges([(FOOTBRIDGE, ACROSS), street], areas=[area])
    assert area_m2 in decks.geometry.area.round(6).tolist()
