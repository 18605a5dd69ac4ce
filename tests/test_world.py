"""Any city: south of the equator, across the date line, under the midnight sun."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from made_osm import MadeOsm

from solarpass.atlas import build_atlas, cast_at
from solarpass.route import find_routes
from solarpass.trip import Trip

PLACES = {
    "Sydney": (-33.87, 151.21),
    "Taveuni": (-16.8, 180.0),  # the date line runs through it
    "Tromsø": (69.65, 18.96),
    "Quito": (-0.18, -78.47),
    "Ushuaia": (-54.8, -68.3),
}
TOWER_M = 20.0


@pytest.fixture(scope="module", params=PLACES)
def town(request, tmp_path_factory):
    """Lay a grid of streets, all joined, around one tower."""
    made, step = MadeOsm(*PLACES[request.param]), 60.0
    at = [step * k - 240.0 for k in range(9)]
    corner = {(x, y): made.node(x, y) for x in at for y in at}
    for a in at:
        made.way([corner[a, b] for b in at], highway="residential", name=f"Long {a:g}")
        made.way([corner[b, a] for b in at], highway="residential", name=f"Cross {a:g}")
    for x in at[:-1]:
        for y in at[:-1]:  # a hut in each block, so that buildings are known
            made.box(x + 25, y + 25, x + 33, y + 33, building="hut", height="1.2")
    made.box(5, 5, 55, 25, building="yes", height=f"{TOWER_M:g}")
    folder = tmp_path_factory.mktemp("towns")
    extract = made.write(folder / "town.osm.pbf")
    return build_atlas(extract, folder / "town")


def noon(atlas, month):
    """Find when the sun stands highest on the 21st of a month."""
    start = datetime(2026, month, 21, tzinfo=atlas.zone)
    times = [start + timedelta(minutes=5 * k) for k in range(288)]
    table = atlas.shade_on(start.date())
    rows = [table.row_at(time) for time in times]
    sun = atlas.find_sun(table.times[rows])
    best = int(sun.elevation_deg.argmax())
    return times[best], float(sun.azimuth_deg[best]), float(sun.elevation_deg[best])


@pytest.mark.parametrize("month", [3, 6, 12])
def test_shadows_point_away_from_the_sun(month, town):
    at, azimuth_deg, elevation_deg = noon(town, month)
    picture = cast_at(town, at, cell_m=0.5)
    if elevation_deg <= 0.0:  # the polar night
        assert np.nanmax(picture.sun) == 0.0
        return
    dark_row, dark_column = np.nonzero(picture.sun == 0.0)
    dark = np.array(
        [picture.transform.c + 0.5 * dark_column, picture.transform.f - 0.5 * dark_row]
    ).T
    tower = town.city.buildings.loc[town.city.buildings["height_m"] == TOWER_M].geometry.iloc[0]
    near = np.hypot(*(dark - np.array(tower.centroid.coords[0])).T) < 25.0 + 3.0 * TOWER_M
    if elevation_deg > 85.0:  # at the equator in March the sun stands overhead
        assert not near.any()
        return
    lean = (dark[near] - np.array(tower.centroid.coords[0])).mean(axis=0)
    away = -np.array([np.sin(np.deg2rad(azimuth_deg)), np.cos(np.deg2rad(azimuth_deg))])
    assert lean @ away > 0.0
    assert lean @ away > 0.9 * np.hypot(*lean)


@pytest.mark.parametrize("month", [3, 6, 12])
@pytest.mark.parametrize("hour", [0, 6, 12, 18, 23])
def test_a_walk_is_found_at_any_hour_of_the_year(hour, month, town):
    (x, y), (to_x, to_y) = town.city.to_degrees([(-235.0, -240.0), (200.0, 235.0)])
    departs = datetime(2026, month, 21, hour, 55, tzinfo=town.zone)
    trip = Trip((x, y), (to_x, to_y), departs=departs, budget=0.3)
    shortest, shadiest = find_routes(town.network, town.shade_on(departs.date()), trip)
    assert shadiest.walk_s <= 1.3 * shortest.walk_s
    assert shadiest.sun_s <= shortest.sun_s
    sun = town.find_sun(town.shade_on(departs.date()).times)
    if (sun.elevation_deg < 0.0).all():
        assert shortest.sun_s == 0.0


def test_the_midnight_sun_shines_past_midnight(town):
    if town.city.name != "town" or town.city.centre[0] < 66.6:
        return
    table = town.shade_on(datetime(2026, 6, 21, tzinfo=town.zone).date())
    assert not table.is_night.any()
    assert not np.array_equal(table.sun[0], table.sun[150])


# --- a whole city against what is known of cities


def sunlit_shares(atlas, hours):
    table = atlas.shade_on(datetime(2026, 7, 15, tzinfo=atlas.zone).date())
    rows = [table.row_at(datetime(2026, 7, 15, hour, 2, tzinfo=atlas.zone)) for hour in hours]
    slot = timedelta(seconds=table.slot_s / 2)
    return table, rows, atlas.find_sun(table.times[rows] + slot)


def test_the_sunlit_share_of_a_city_grows_with_the_sine_of_the_sun(helsinki):
    """Heidelberg's published index is a line in it; a small extract bends the line."""
    table, rows, sun = sunlit_shares(helsinki, range(7, 21))
    share = [table.mean_sun_fraction(row, weights=helsinki.network.length_m) for row in rows]
    sine = np.sin(np.deg2rad(sun.elevation_deg))
    slope, _ = np.polyfit(sine, share, 1)
    assert 0.45 <= slope <= 0.85
    assert np.corrcoef(sine, share)[0, 1] ** 2 >= 0.85


@pytest.mark.parametrize("hour", range(7, 21))
def test_streets_along_the_sun_are_sunnier_than_streets_across(hour, helsinki):
    table, (row,), sun = sunlit_shares(helsinki, [hour])
    network = helsinki.network
    first, last = network.edge_vertex[:-1], network.edge_vertex[1:] - 1
    chord = network.vertex_xy[last] - network.vertex_xy[first]
    is_straight = (np.hypot(*chord.T) > 0.99 * network.length_m) & (network.length_m > 20.0)
    bearing_deg = np.rad2deg(np.arctan2(*chord.T))
    turn_deg = np.abs((bearing_deg - sun.azimuth_deg[0] + 90.0) % 180.0 - 90.0)
    fraction = table.sun_fraction(row)
    open_ = is_straight & ~network.is_covered & ~np.isnan(fraction)
    along, across = open_ & (turn_deg <= 22.5), open_ & (turn_deg >= 67.5)
    assert np.average(fraction[along], weights=network.length_m[along]) > np.average(
        fraction[across], weights=network.length_m[across]
    )
