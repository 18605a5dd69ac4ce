"""What blocks the sun at one place: closed forms, and the shadow picture as a twin."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm
from scenes import sun_at
from twin import twins

from solarpass.blocker import find_blockers, find_change, find_spells, find_sun_fraction
from solarpass.city import build_city
from solarpass.osm import read_osm
from solarpass.panorama import SKY, build_panorama
from solarpass.relief import Relief
from solarpass.sightline import build_sightlines
from solarpass.sun import SunPath, find_sun
from solarpass.surface import build_surface
from solarpass.surroundings import build_surroundings
from solarpass.verdict import tell_blocker, tell_check
from solarpass.window import Window
from solarpass.words import Words

HERE = np.zeros(2)
EYE_M = 1.1


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Build a small town, whose buildings and trees each test sets up anew."""
    made = MadeOsm(latitude=52.0, longitude=13.0).streets()
    made.box(200, 200, 210, 210, building="house", height="9")
    made.node(-200, 200, natural="tree")
    made.box(-220, -220, -200, -200, natural="wood")
    made.line((-100, -15), (-60, -15), highway="footway", covered="yes")
    path = made.write(tmp_path_factory.mktemp("town") / "town.osm.pbf")
    city = build_city(read_osm(path), name="Town")
    return dataclasses.replace(city, woods=city.woods.iloc[:0], knows_buildings=True)


def stand(town, *, houses=(), trees=(), **others):
    """Set houses (shape, height, base) and trees (x, y, diameter, base, top) into the town."""
    house = town.buildings.iloc[[0] * len(houses)].assign(
        height_m=[float(house[1]) for house in houses],
        base_m=[float(house[2]) for house in houses],
        osm_id=range(1, len(houses) + 1),
    )
    tree = town.trees.iloc[[0] * len(trees)].assign(
        crown_diameter_m=[float(tree[2]) for tree in trees],
        base_m=[float(tree[3]) for tree in trees],
        height_m=[float(tree[4]) for tree in trees],
    )
    return dataclasses.replace(
        town,
        buildings=house.set_geometry([house[0] for house in houses], crs=town.crs),
        trees=tree.set_geometry([shapely.Point(tree[:2]) for tree in trees], crs=town.crs),
        **others,
    )


def look(city, sun, xy=HERE):
    return find_blockers(build_surroundings(city, build_surface(city), np.asarray(xy, float)), sun)


def wall(away_m, height_m, base_m=0.0, *, thick_m=5.0):
    """Stand a long wall across the south."""
    return shapely.box(-100.0, -away_m - thick_m, 100.0, -away_m), height_m, base_m


# ------------------------------------------------------------------ rays on the ground plan


@settings(max_examples=60, deadline=None)
@given(
    corners=st.lists(
        st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=8, unique=True
    ),
    azimuth_deg=st.floats(0, 360),
    disc=st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.floats(0.5, 5)),
)
def test_spans_are_where_shapely_cuts_the_ray(corners, azimuth_deg, disc):
    hull = shapely.convex_hull(shapely.multipoints(corners))
    shape = hull - shapely.affinity.scale(hull, 0.5, 0.5)
    if shape.geom_type != "Polygon":
        return
    here = np.array([0.3, -0.2])  # on no corner's line
    ray = shapely.LineString([here, here + 50.0 * direction(azimuth_deg)])
    spans = build_sightlines(here, [shape], np.array([disc])).spans(np.array([azimuth_deg]))
    assert (spans.near_m <= spans.far_m).all()
    in_shape = spans.shape == 0
    within_m = (spans.far_m - spans.near_m)[in_shape].sum()
    assert within_m == pytest.approx(ray.intersection(shape).length, abs=1e-6)
    round_ = shapely.Point(disc[:2]).buffer(disc[2], quad_segs=256)
    in_disc = (spans.far_m - spans.near_m)[~in_shape].sum()
    assert in_disc == pytest.approx(ray.intersection(round_).length, abs=2e-2)


def direction(azimuth_deg):
    turn = math.radians(azimuth_deg)
    return np.array([math.sin(turn), math.cos(turn)])


@pytest.mark.parametrize("azimuth_deg", [0.0, 45.0, 90.0, 180.0, 270.0, 359.999])
def test_a_ray_through_a_corner_meets_the_shape_once_or_not(azimuth_deg):
    square = shapely.box(-10, -10, 10, 10)
    spans = build_sightlines(HERE, [square]).spans(np.array([azimuth_deg]))
    assert len(spans.ray) == 1
    assert spans.near_m[0] == 0.0


# ------------------------------------------------------------------ closed forms


@pytest.mark.parametrize(("height_m", "is_lit"), [(11.0, True), (11.2, False)])
def test_a_wall_of_a_height_shades_as_far_as_its_shadow(town, height_m, is_lit):
    """At 45° a wall 10 m away must stand 10 m above the eye."""
    check = look(stand(town, houses=[wall(10.0, height_m)]), sun_at((180.0, 45.0)))
    assert check.is_sunlit == is_lit
    (told,) = check.near_misses if is_lit else check.blockers
    assert told.critical_height_m == pytest.approx(10.0 + EYE_M)
    assert told.distance_m == pytest.approx(10.0)
    assert told.elevation_deg == pytest.approx(math.degrees(math.atan((height_m - EYE_M) / 10.0)))


@settings(max_examples=15, deadline=None)
@given(
    away_m=st.floats(2, 45),
    height_m=st.floats(3, 40),
    sun=st.tuples(st.floats(150, 210), st.floats(15, 70)),
)
def test_the_answer_turns_at_the_critical_height(town, away_m, height_m, sun):
    check = look(stand(town, houses=[wall(away_m, height_m)]), sun_at(sun))
    told = (*check.blockers, *check.near_misses)[0]
    for change_m, is_lit in ((-0.01, True), (0.01, False)):
        other = wall(away_m, told.critical_height_m + change_m)
        assert look(stand(town, houses=[other]), sun_at(sun)).is_sunlit == is_lit


def test_an_answer_is_doubtful_where_the_spread_spans_the_critical_height(town):
    sun = sun_at((180.0, 45.0))
    for spread_m, height_m, doubtful in ((4.0, 14.0, True), (2.0, 14.0, False), (4.0, 8.0, True)):
        city = stand(town, houses=[wall(10.0, height_m)])
        city = dataclasses.replace(city, buildings=city.buildings.assign(height_spread_m=spread_m))
        assert look(city, sun).is_doubtful == doubtful


def test_blockers_come_nearest_first(town):
    city = stand(town, houses=[wall(40.0, 60.0), wall(10.0, 20.0)], trees=[(0, -25, 6, 3, 40)])
    check = look(city, sun_at((180.0, 45.0)))
    assert [blocker.kind for blocker in check.blockers] == ["building", "tree", "building"]
    assert [round(blocker.distance_m) for blocker in check.blockers] == [10, 22, 40]
    assert check.blockers[0].link == "https://www.openstreetmap.org/way/2"


def test_a_court_keeps_its_sun(town):
    ring = shapely.box(-20, -20, 20, 20) - shapely.box(-10, -10, 10, 10)
    city = stand(town, houses=[(ring, 12.0, 0.0)])
    sun = sun_at((180.0, 45.0))
    assert look(city, sun, (0.0, 5.0)).state == "sun"
    assert look(city, sun, (0.0, -5.0)).state == "shade"
    assert look(city, sun, (0.0, 15.0)).state == "inside"


def test_the_sun_shines_in_beneath_a_roof(town):
    roof = (shapely.box(-5, -5, 5, 5), 4.0, 3.0)
    city = stand(town, houses=[roof])
    turns_deg = math.degrees(math.atan((3.0 - EYE_M) / 5.0))
    assert look(city, sun_at((180.0, turns_deg - 1.0))).state == "sun"
    over = look(city, sun_at((180.0, turns_deg + 1.0)))
    assert over.state == "shade"
    assert math.isnan(over.blockers[0].critical_height_m)
    assert not over.is_doubtful


def test_crowns_let_some_through_more_so_when_bare(town):
    city = stand(town, trees=[(0, -12, 8, 3, 14)])
    summer = look(city, sun_at((180.0, 40.0), day="2026-07-15"))
    winter = look(city, sun_at((180.0, 40.0), day="2026-01-15"))
    assert summer.state == winter.state == "crown"
    assert 0.0 < summer.sun_fraction < winter.sun_fraction < 1.0
    assert summer.sun_fraction == summer.blockers[0].transmittance


def test_night_is_night(town):
    check = look(stand(town, houses=[wall(10.0, 20.0)]), sun_at((180.0, -2.0)))
    assert (check.state, check.sun_fraction, check.blockers) == ("night", 0.0, ())


def test_beyond_the_data_nothing_is_claimed(town):
    city = stand(town, houses=[wall(10.0, 20.0)])
    west, south, east, north = city.extent.bounds
    assert look(city, sun_at((90.0, 20.0)), (east + 50.0, north + 50.0)).state == "outside"
    rim = look(city, sun_at((270.0, 5.0)), (west + 5.0, 0.5 * (south + north) + 7.0))
    assert rim.state == "unknown"
    assert math.isnan(rim.sun_fraction)
    unmapped = dataclasses.replace(city, knows_buildings=False)
    assert look(unmapped, sun_at((0.0, 20.0))).state == "unknown"


def test_a_covered_way_is_said_to_be_covered(town):
    check = look(stand(town), sun_at((180.0, 45.0)), (-80.0, -15.5))
    assert (check.state, check.sun_fraction) == ("covered", 0.0)


# ------------------------------------------------------------------ the twin


@settings(max_examples=12, deadline=None)
# Lower down, a decimetre of height, to which tiles round, moves a shadow by more than two cells.
@given(seed=st.integers(0, 10_000), sun=st.tuples(st.floats(0, 360), st.floats(12, 75)))
def test_the_shadow_picture_agrees_away_from_edges(town, seed, sun):
    rng = np.random.default_rng(seed)
    houses, trees = [], []
    for _ in range(12):
        x, y = rng.uniform(-60, 60, 2)
        shape = shapely.affinity.rotate(shapely.box(x, y, x + 15, y + 9), rng.uniform(0, 90))
        houses.append((shape, rng.uniform(4, 25), rng.choice([0.0, 0.0, 3.0])))
        trees.append((*rng.uniform(-60, 60, 2), rng.uniform(3, 9), 3.0, rng.uniform(6, 15)))
    compare(stand(town, houses=houses, trees=trees), sun_at(sun), rng.uniform(-60, 60, (40, 2)))


def test_helsinki_agrees_with_its_shadow_picture(helsinki):
    rng = np.random.default_rng(7)
    west, south, east, north = helsinki.city.extent.bounds
    for stamp in ("2026-07-15 14:00", "2026-01-15 12:00"):
        sun = helsinki.find_sun(pd.DatetimeIndex([stamp], tz="Europe/Helsinki"))
        spots = rng.uniform((west, south), (east, north), (150, 2))
        n_seen = compare(helsinki.city, sun, spots, surface=helsinki.surface, cell_m=0.5)
        assert n_seen > 80


def compare(city, sun, spots, *, surface=None, cell_m=0.25):
    """Compare with the shadow picture; count the places."""
    n_seen = 0
    surface = surface or build_surface(city)
    for spot, check, seen in twins(city, sun, spots, surface=surface, cell_m=cell_m):
        n_seen += 1
        assert check.sun_fraction == pytest.approx(seen, abs=1e-3, nan_ok=True), spot
    return n_seen


# ------------------------------------------------------------------ the day


def midsummer(step_min=1):
    times = pd.date_range("2026-06-21", periods=1440 // step_min, freq=f"{step_min}min", tz="UTC")
    return find_sun(times, latitude_deg=52.0, longitude_deg=13.0)


def test_spells_tell_the_day_minute_by_minute(town):
    city = stand(town, houses=[wall(10.0, 30.0)], trees=[(12, 4, 6, 2, 12)])
    around = build_surroundings(city, build_surface(city), HERE)
    sun = midsummer()
    spells = find_spells(around, sun)
    assert [a.ends for a in spells[:-1]] == [b.begins for b in spells[1:]]
    assert (spells[-1].ends - spells[0].begins).total_seconds() == 86_400
    for k in range(0, 1440, 97):
        now = SunPath(
            sun.times[k : k + 1],
            sun.azimuth_deg[k : k + 1].copy(),
            sun.elevation_deg[k : k + 1].copy(),
        )
        (spell,) = [s for s in spells if s.begins <= sun.times[k] < s.ends]
        assert spell.state == find_blockers(around, now).state


def test_the_next_change_is_when_the_sun_comes_or_goes(town):
    city = stand(town, houses=[wall(10.0, 30.0)])
    around = build_surroundings(city, build_surface(city), HERE)
    spells = find_spells(around, midsummer())
    noon = pd.Timestamp("2026-06-21 12:00", tz="UTC").to_pydatetime()
    change = find_change(spells, noon)
    assert change.state == "sun"
    sun = midsummer()
    lit = find_sun_fraction(around, sun) > 0.5
    assert change.begins == sun.times[(sun.times > noon) & lit][0]


def test_there_are_no_spells_inside_a_house(town):
    city = stand(town, houses=[(shapely.box(-5, -5, 5, 5), 9.0, 0.0)])
    around = build_surroundings(city, build_surface(city), HERE)
    assert find_spells(around, midsummer(30)) == []


# ------------------------------------------------------------------ hills


def test_a_hill_blocks_the_sun_and_says_so(town):
    """A ridge 30 m high stands 100 m to the south of flat ground."""
    window = Window.around((-400.0, -400.0, 400.0, 400.0), cell_m=5.0)
    north_m = (window.row + 0.5 + np.arange(window.n_rows)) * 5.0
    height_m = np.where((north_m < -100.0) & (north_m > -130.0), 30.0, 0.0)
    relief = Relief(window, np.repeat(height_m[:, None], window.n_columns, 1).astype(np.float32))
    city = stand(town, dem=relief)
    top_deg = math.degrees(math.atan((30.0 - EYE_M) / 102.5))
    below, above = (look(city, sun_at((180.0, top_deg + by))) for by in (-1.0, 1.0))
    assert [blocker.kind for blocker in below.blockers] == ["terrain"]
    assert below.blockers[0].distance_m == pytest.approx(102.5, rel=0.03)
    assert (below.state, above.state) == ("shade", "sun")
    assert look(city, sun_at((0.0, 4.0))).state == "sun"


def test_a_mountain_beyond_the_city_blocks_the_sun_and_is_told(town):
    """A crest 600 m above the town stands 2.5 km off in the west."""
    near = Window.around((-400.0, -400.0, 400.0, 400.0), cell_m=5.0)
    wide = Window.around((-6000.0, -6000.0, 6000.0, 6000.0), cell_m=25.0)
    east_m = (wide.column + 0.5 + np.arange(wide.n_columns)) * 25.0
    crest_m = np.where((east_m < -2500.0) & (east_m > -2600.0), 700.0, 100.0)
    city = stand(
        town,
        dem=Relief(near, np.full((near.n_rows, near.n_columns), 100.0, np.float32)),
        far_dem=Relief(wide, np.repeat(crest_m[None], wide.n_rows, 0).astype(np.float32)),
    )
    top_deg = math.degrees(math.atan((600.0 - EYE_M) / 2512.5))
    low, high = (look(city, sun_at((270.0, top_deg + by))) for by in (-0.5, 0.5))
    assert (low.state, high.state) == ("shade", "sun")
    assert look(city, sun_at((90.0, 5.0))).state == "sun"
    (told,) = low.blockers
    assert (told.kind, told.link, told.is_doubtful) == ("terrain", None, False)
    assert told.elevation_deg == pytest.approx(top_deg, abs=0.3)
    assert math.isnan(told.distance_m)
    assert tell_blocker(told, Words("en")) == "Hill, 13° above the horizon."
    assert tell_blocker(told, Words("de")) == "Hügel, 13° über dem Horizont."
    for language in ("de", "en"):
        assert "nan" not in tell_check(low, [], Words(language)).lower()
    around = build_surroundings(city, build_surface(city), HERE)
    bands = around.bands(np.array([270.0]))
    assert bands.high[bands.thing == -1].max() == pytest.approx(
        math.tan(math.radians(top_deg)), rel=0.02
    )
    view = build_panorama(around, centre_deg=270.0, step_deg=1.0)
    assert (view.thing[:12, 65:85] == -1).all()  # a hill
    assert (view.thing[15:] == SKY).all()


def test_a_wood_on_a_slope_follows_the_ground(town):
    """Ground rises by 0.2 away from the place; the wood's far end stands high over its foot."""
    window = Window.around((-400.0, -400.0, 400.0, 400.0), cell_m=1.0)
    north_m = (window.row + 0.5 + np.arange(window.n_rows)) * 1.0
    height_m = np.maximum(-0.2 * north_m, 0.0)
    relief = Relief(window, np.repeat(height_m[:, None], window.n_columns, 1).astype(np.float32))
    city = stand(town, dem=relief)
    wood = town.buildings.iloc[:1].assign(
        base_m=2.0,
        height_m=10.0,
        leaf_cycle="deciduous",
        transmittance_leaf=0.1,
        transmittance_bare=0.6,
    )
    wood = wood.set_geometry([shapely.box(-50, -120, 50, -20)], crs=town.crs)
    city = dataclasses.replace(city, woods=wood)
    top_deg = math.degrees(math.atan((10.0 + 0.2 * 20.0 - EYE_M) / 20.0))
    foot_deg = math.degrees(math.atan((10.0 - EYE_M) / 20.0))
    for elevation_deg, state in ((top_deg - 2.0, "crown"), (top_deg + 1.5, "sun")):
        assert elevation_deg > foot_deg
        assert look(city, sun_at((180.0, elevation_deg))).state == state
    spots = np.random.default_rng(2).uniform((-60, -140), (60, 30), (40, 2))
    assert compare(city, sun_at((185.0, 30.0)), spots) > 20


def test_a_deck_over_a_valley_hangs_from_its_brinks(town):
    """The valley is 12 m deep; the deck, 6 m above flat ground by the map, spans it."""
    window = Window.around((-400.0, -400.0, 400.0, 400.0), cell_m=1.0)
    east_m = (window.column + 0.5 + np.arange(window.n_columns)) * 1.0
    height_m = np.clip(np.abs(east_m) - 20.0, 0.0, 12.0)
    relief = Relief(window, np.repeat(height_m[None], window.n_rows, 0).astype(np.float32))
    city = stand(town, dem=relief)
    deck = shapely.segmentize(shapely.box(-60, -20, 60, -12), 2.0)
    bridges = town.buildings.iloc[:1].assign(base_m=5.0, height_m=6.0, layer=1)
    bridges = bridges.set_geometry([deck], crs=town.crs)[
        ["osm_id", "base_m", "height_m", "geometry"]
    ]
    city = dataclasses.replace(city, bridges=bridges)
    check = look(city, sun_at((180.0, 35.0)))
    assert [blocker.kind for blocker in check.blockers] == ["bridge"]
    assert check.blockers[0].height_m == pytest.approx(12.0, abs=0.6)
    assert look(city, sun_at((180.0, 15.0))).state == "sun"


def test_a_house_on_a_terrace_stands_higher(town):
    window = Window.around((-400.0, -400.0, 400.0, 400.0), cell_m=1.0)
    north_m = (window.row + 0.5 + np.arange(window.n_rows)) * 1.0
    height_m = np.where(north_m < -8.0, 4.0, 0.0)
    relief = Relief(window, np.repeat(height_m[:, None], window.n_columns, 1).astype(np.float32))
    house = wall(20.0, 12.0)
    check = look(stand(town, houses=[house], dem=relief), sun_at((180.0, 35.0)))
    assert check.blockers[0].critical_height_m == pytest.approx(
        EYE_M + 20.0 * math.tan(math.radians(35.0)) - 4.0, abs=0.05
    )
    assert look(stand(town, houses=[house]), sun_at((180.0, 35.0))).blockers == ()


# ------------------------------------------------------------------ the picture


def test_each_cell_of_the_panorama_is_what_its_ray_meets(town):
    city = stand(town, houses=[wall(10.0, 14.0), wall(4.0, 5.0)], trees=[(3, -7, 4, 3, 12)])
    around = build_surroundings(city, build_surface(city), HERE)
    view = build_panorama(around, centre_deg=180.0, width_deg=100.0, step_deg=1.0)
    for column in range(5, 95, 7):
        for row in range(2, 60, 5):
            at = (view.azimuth_deg[column], view.elevation_deg[row])
            met = find_blockers(around, sun_at(at)).blockers
            solid = [blocker for blocker in met if blocker.kind == "building"]
            seen = view.thing[row, column]
            assert (seen != SKY) == bool(solid)
            if solid:
                assert around.things["osm_id"].iloc[seen] == solid[0].osm_id
                assert view.away_m[row, column] == pytest.approx(solid[0].distance_m)
            assert (view.crown[row, column] != SKY) == (bool(met) and met[0].kind == "tree")
