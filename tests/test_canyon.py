"""Two streets between high houses: their pavements differ as they should, and a walk uses it."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from made_osm import MadeOsm
from streets import tabulate

from solarpass.atlas import build_atlas
from solarpass.city import build_city
from solarpass.network import build_network
from solarpass.osm import read_osm
from solarpass.pavement import SIDES
from solarpass.route import find_routes
from solarpass.surface import SurfaceModel
from solarpass.trip import Trip

LENGTH_M = 400.0
FACADE_M = 7.0  # from the middle
PAVEMENT_M = 4.75
HOUSE_M = {"Nord": 8.0, "Ost": 20.0}


BERLIN, SYDNEY = (52.5, 13.4), (-33.87, 151.21)
in_berlin = pytest.mark.parametrize("canyons", [BERLIN], indirect=True, ids=["Berlin"])


@pytest.fixture(scope="module", params=[BERLIN, SYDNEY], ids=["Berlin", "Sydney"])
def canyons(request, tmp_path_factory):
    """Lay a street that runs north and one that runs east, both between houses."""
    osm = MadeOsm(*request.param)
    # Aside of each other, so that nothing of the one falls onto the other.
    osm.line((0, 0), (0, LENGTH_M), highway="residential", name="Nord", width="7")
    osm.line((600, 0), (600 + LENGTH_M, 0), highway="residential", name="Ost", width="7")
    osm.line((0, 0), (600, 0), highway="footway")
    for side in (-1, 1):
        west, east = sorted((side * FACADE_M, side * (FACADE_M + 12)))
        osm.box(west, 5, east, LENGTH_M, building="yes", height=f"{HOUSE_M['Nord']:g}")
        osm.box(605, west, 600 + LENGTH_M, east, building="yes", height=f"{HOUSE_M['Ost']:g}")
    for x in range(-200, 1220, 40):  # huts all around, so that the ground is known there
        for y in range(-200, 620, 40):
            if min(abs(x), abs(y)) > 30:
                osm.box(x, y, x + 3, y + 3, building="hut", height="1.2")
    folder = tmp_path_factory.mktemp("canyons")
    return build_atlas(osm.write(folder / "canyons.osm.pbf"), folder / "city")


def sun_by_side(atlas, name, hour):
    """Average the sun on both pavements of a street: west or south first, east or north second."""
    network = atlas.network
    table = atlas.shade_on(datetime(2026, 7, 15, tzinfo=atlas.zone).date())
    sun = table.sun_fraction(table.row_at(datetime(2026, 7, 15, hour, 2, tzinfo=atlas.zone)))
    named = np.array(network.street_name, object)[network.street] == name
    drawn = np.flatnonzero(named & (network.side > 0))
    line = [network.geometry(edge) for edge in drawn]
    axis = 0 if name == "Nord" else 1
    at = np.array([xy[:, axis].mean() for xy in line])
    first = at < at.mean()
    length_m = network.length_m[drawn]
    return tuple(np.average(sun[drawn[side]], weights=length_m[side]) for side in (first, ~first))


def shadow_m(atlas, name, hour):
    """Tell how far the houses' shadow reaches across a street, to the west or south positive."""
    at = pd.DatetimeIndex([pd.Timestamp(2026, 7, 15, hour, 2, 30, tz=atlas.zone)])
    sun = atlas.find_sun(at)
    azimuth, elevation = np.deg2rad(sun.azimuth_deg[0]), np.deg2rad(sun.elevation_deg[0])
    across = np.sin(azimuth) if name == "Nord" else np.cos(azimuth)
    return (HOUSE_M[name] - SurfaceModel().eye_m) / np.tan(elevation) * across


@pytest.mark.parametrize("hour", range(9, 18))
@pytest.mark.parametrize("name", HOUSE_M)
def test_each_pavement_is_in_the_shade_as_far_as_the_houses_shadow_reaches(canyons, name, hour):
    reach_m = shadow_m(canyons, name, hour)
    for side, sun in zip((-1, 1), sun_by_side(canyons, name, hour), strict=True):
        # From the façade that the sun is behind to this pavement.
        from_facade_m = FACADE_M + side * PAVEMENT_M * -np.sign(reach_m)
        if abs(abs(reach_m) - from_facade_m) > 0.6:
            assert sun == pytest.approx(float(abs(reach_m) < from_facade_m), abs=0.1)


@in_berlin  # in Sydney's July the sun stands too low then to reach either
@pytest.mark.parametrize(("name", "hour"), [("Nord", 9), ("Nord", 17), ("Ost", 9), ("Ost", 17)])
def test_in_july_the_two_pavements_differ_at_nine_and_at_five(canyons, name, hour):
    first, second = sun_by_side(canyons, name, hour)
    sunny = {("Nord", 9): first, ("Nord", 17): second}.get((name, hour), second)
    assert sunny > 0.9
    assert first + second - sunny < 0.1


@in_berlin
def test_a_walk_crosses_to_the_shaded_side_when_that_pays_and_not_when_it_does_not(canyons):
    network = canyons.network
    (nord,) = canyons.city.streets.index[canyons.city.streets["name"] == "Nord"]
    (x, y), (_, top) = np.array(canyons.city.streets.geometry[nord].coords)[[0, -1]]
    ends = canyons.city.to_degrees([(x - 6.0, y + 20.0), (x - 6.0, top - 20.0)])  # on the west
    departs = datetime(2026, 7, 15, 9, 2, tzinfo=canyons.zone)
    shade = canyons.shade_on(departs.date())
    trip = Trip(tuple(ends[0]), tuple(ends[1]), departs=departs, budget=0.15)
    shortest, shadiest = find_routes(network, shade, trip)
    assert (network.crossing[shortest.edge] == 0).all()
    assert (network.crossing[shadiest.edge] > 0).sum() == 2  # there and back
    sides = [SIDES[network.side[edge]] for edge in shadiest.edge if network.side[edge]]
    assert len(set(sides)) == 2
    assert shadiest.sun_s < 0.5 * shortest.sun_s
    evening = Trip(tuple(ends[0]), tuple(ends[1]), departs=departs.replace(hour=17), budget=0.15)
    for route in find_routes(network, shade, evening):
        assert (network.crossing[route.edge] == 0).all()


def test_on_an_endless_grid_of_equal_blocks_only_the_choice_of_side_gains(tmp_path):
    """CoolWalks' theorem: no street is better than its parallels, only its sides differ."""
    n, block_m = 6, 80.0
    osm = MadeOsm()
    node = [[osm.node(x * block_m, y * block_m) for x in range(n)] for y in range(n)]
    for k in range(n):
        osm.way(node[k], highway="residential", width="7")
        osm.way([row[k] for row in node], highway="residential", width="7")
    for x in range(n - 1):
        for y in range(n - 1):
            west, south = x * block_m + 20, y * block_m + 20
            osm.box(west, south, west + 40, south + 40, building="yes", height="6")
    city = build_city(read_osm(osm.write(tmp_path / "grid.osm.pbf")), name="grid")
    network = build_network(city)
    ends = network.node_xy[network.edge_node]
    goes_east = np.abs(np.diff(ends, axis=1)[:, 0]).argmax(axis=1) == 0
    is_left = network.side == SIDES.index("left")
    forward = np.where(goes_east, np.diff(ends[:, :, 0])[:, 0], np.diff(ends[:, :, 1])[:, 0]) > 0
    # North of the streets to the east, west of those to the north: the same on every block.
    is_shaded = (is_left == forward) & (network.side > 0)
    stored = np.where(network.side > 0, np.where(is_shaded, 60, 200), 130)
    table = tabulate(np.broadcast_to(stored, (30, network.n_edges)))
    middle = city.to_local([osm.origin[0]], [osm.origin[1]])[0]
    asked = middle + block_m * np.array([(0.5, 0.0), (4.5, 4.0)])
    (lat, lon), (to_lat, to_lon) = city.to_degrees(asked).tolist()
    departs = table.times[0].to_pydatetime()
    trip = Trip((lat, lon), (to_lat, to_lon), departs=departs, budget=0.5)
    shortest, shadiest = find_routes(network, table, trip, exact=True)
    assert shadiest.sun_s < shortest.sun_s

    def along_m(route):
        sided = network.side[route.edge] > 0
        return route.edge_length_m[sided].sum(), is_shaded[route.edge][sided].mean()

    (short_m, _), (shady_m, shaded_share) = along_m(shortest), along_m(shadiest)
    # Corners and crossings differ, streets do not: less than half a block between the two.
    assert shady_m == pytest.approx(short_m, abs=0.5 * block_m)
    assert shaded_share > 0.85
