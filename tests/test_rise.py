"""What blocks the sun where heights were measured: the shadow picture and the sky as twins."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from affine import Affine
from made_osm import MadeOsm
from rasters import write_raster
from scenes import sun_at
from twin import twins

from solarpass.blocker import find_blockers
from solarpass.city import build_city
from solarpass.lidar import Lidar
from solarpass.osm import read_osm
from solarpass.outlook import build_outlook
from solarpass.rise import find_crowns, find_unmapped
from solarpass.surface import build_surface
from solarpass.surroundings import build_surroundings
from solarpass.verdict import tell_blocker, tell_check, tell_source
from solarpass.window import Window
from solarpass.words import Words

CELL_M = 0.5
SHED = shapely.box(-8.0, -40.0, 8.0, -26.0)  # that the map lacks
GROVE = shapely.box(66.0, -48.0, 112.0, -14.0)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Map houses, one of them on stilts, trees along a street, a grove, and a bridge."""
    osm = MadeOsm(51.05, 13.74).streets(n=5, step=60.0)
    for number, (x, y) in enumerate((x, y) for x in (-120, -60, 0, 60) for y in (-120, 0, 60)):
        osm.box(x + 12, y + 12, x + 48, y + 40, building="house", name=f"House {number}")
    for y in range(-110, 115, 9):
        osm.node(-56.0, float(y), natural="tree", genus="Tilia", height="9", diameter_crown="5")
    osm.box(*GROVE.bounds, natural="wood")
    osm.line((-118, -30), (-70, -30), highway="residential", bridge="yes", layer="1")
    return read_osm(osm.write(tmp_path_factory.mktemp("made") / "made.osm.pbf"))


@pytest.fixture(scope="module")
def flown(tables, tmp_path_factory):
    """Fly over it: gables on rolling ground, a shed that nobody mapped, crowns like cones."""
    folder = tmp_path_factory.mktemp("rasters")
    plain = build_city(tables, name="Made")
    west, south, east, north = plain.extent.bounds
    bounds = (west - 150, south - 150, east + 150, north + 150)
    window = Window.around(bounds, cell_m=CELL_M)
    x, y = np.meshgrid(
        (window.column + np.arange(window.n_columns) + 0.5) * CELL_M,
        (window.row + np.arange(window.n_rows) + 0.5) * CELL_M,
    )
    ground = 112.0 + 0.03 * x + 3.0 * np.sin(y / 40.0)
    roof, crown = ground.copy(), np.zeros(ground.shape)
    for number, house in enumerate(plain.buildings.geometry):
        left, low, right, high = house.bounds
        gable = 6.0 + number % 5 + 5.0 * (1.0 - np.abs(2.0 * y - low - high) / (high - low))
        within = (x > left) & (x < right) & (y > low) & (y < high)
        roof[within] = 112.0 + 0.03 * left + gable[within]
    within = shapely.contains_xy(SHED, x, y)
    roof[within] = ground[within] + 7.0
    for tree in plain.trees.geometry:
        away = np.hypot(x - tree.x - 1.0, y - tree.y)  # crowns lean towards the light
        crown = np.maximum(crown, np.where(away < 3.0, 12.0 - 2.0 * away, 0.0))
    within = shapely.contains_xy(GROVE.buffer(-2.0), x, y)
    crown[within] = (14.0 + 3.0 * np.sin(x / 3.0) * np.cos(y / 4.0))[within]
    place = Affine(CELL_M, 0.0, window.bounds[0], 0.0, -CELL_M, window.bounds[3])
    return {
        name: write_raster(
            folder / f"{name}.tif",
            height[::-1].astype(np.float32),
            crs=plain.crs.to_wkt(),
            transform=place,
        )
        for name, height in {"dsm": roof, "cdsm": crown, "dem": ground}.items()
    }


@pytest.fixture(scope="module")
def fly(tables, flown):
    """Build the city with some of its rasters; give it and its surface."""
    built = {}

    def fly(*names):
        if names not in built:
            lidar = Lidar(**{name: (flown[name],) for name in names})
            city = build_city(tables, name="Made", lidar=lidar)
            built[names] = city, build_surface(city)
        return built[names]

    return fly


def look(city, surface, xy, sun):
    return find_blockers(build_surroundings(city, surface, np.asarray(xy, float)), sun)


# ------------------------------------------------------------------ the twins


@pytest.mark.parametrize(
    "names", [("dem",), ("cdsm",), ("dsm", "dem"), ("dsm", "cdsm", "dem")], ids="-".join
)
def test_the_shadow_picture_agrees_with_what_was_measured(fly, names):
    city, surface = fly(*names)
    rng = np.random.default_rng(3)
    n_seen = n_same = 0
    for position in ((95.0, 24.0), (170.0, 50.0), (200.0, 12.0), (265.0, 33.0), (330.0, 8.0)):
        spots = rng.uniform(-118, 118, (25, 2))
        for _, check, seen in twins(city, sun_at(position), spots, surface=surface, cell_m=CELL_M):
            n_seen += 1
            n_same += check.sun_fraction == pytest.approx(seen, abs=1e-3, nan_ok=True)
    assert n_seen > 60
    assert n_same >= 0.97 * n_seen, (n_same, n_seen)


@pytest.mark.parametrize("names", [("dem",), ("dsm", "cdsm", "dem")], ids="-".join)
def test_the_skyline_of_single_places_agrees_with_what_was_measured(fly, names):
    city, surface = fly(*names)
    spots = np.random.default_rng(8).uniform(-110, 110, (30, 2))
    outlook = build_outlook(surface, spots, latitude_deg=51.05)
    azimuth_deg = np.arange(outlook.n_sectors) * 360.0 / outlook.n_sectors
    n_seen, apart_deg = 0, []
    for place, spot in enumerate(spots):
        around = build_surroundings(city, surface, spot)
        if around.is_inside:
            continue
        bands = around.bands(azimuth_deg)
        solid = around.transmittance[bands.layer].sum(axis=1) == 0.0
        solid &= np.isinf(bands.low)
        tangent = np.zeros(len(azimuth_deg))
        np.maximum.at(tangent, bands.ray[solid], bands.high[solid])
        apart_deg.append(np.rad2deg(np.arctan(tangent)) - outlook.skyline_deg(place)[0])
        n_seen += 1
    assert n_seen > 15
    assert np.median(np.abs(apart_deg)) < 0.3
    assert (np.abs(apart_deg) < 1.5).mean() > 0.95


# ------------------------------------------------------------------ what is named


def test_a_measured_crown_is_the_tree_of_the_map_with_its_true_height(fly):
    city, surface = fly("cdsm")
    check = look(city, surface, (-48.0, -2.0), sun_at((270.0, 40.0)))
    (told,) = check.blockers
    assert (told.kind, told.name, told.height_source) == ("tree", "Tilia", "lidar")
    assert told.height_m == pytest.approx(12.0, abs=0.7)  # 9 m is what the map says
    assert told.base_m == pytest.approx(0.25 * told.height_m)
    assert "openstreetmap.org/node/" in told.link
    assert check.sun_fraction == pytest.approx(told.transmittance)
    assert "measured from the air" in tell_blocker(told, Words("en"))
    assert "aus der Luft gemessen" in tell_blocker(told, Words("de"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_source_of_a_height_has_words(fly, language):
    city, surface = fly("cdsm")
    words = Words(language)
    (told,) = look(city, surface, (-48.0, -2.0), sun_at((270.0, 40.0))).blockers
    for source in ("tagged", "levels", "guessed", "survey", "lidar", "age", "genus", "default"):
        said = tell_source(replace(told, height_source=source), words)
        assert said.startswith(words(f"height_{source}"))


def test_each_crown_is_a_thing_of_its_own_and_a_grove_is_a_wood(fly):
    city, surface = fly("cdsm")
    found = find_crowns(city, surface, np.array([-48.0, 0.0]))
    of_row = found.things[found.things["name"] == "Tilia"]
    assert len(of_row) == of_row["osm_id"].nunique() == len(city.trees)
    grove = found.things[found.things["kind"] == "wood"]
    assert len(grove) > 5
    assert grove["height_m"].between(13.0, 17.1).all()
    assert (grove["osm_id"] == 0).all()


def test_what_the_map_lacks_is_told_so(fly):
    city, surface = fly("dsm", "cdsm", "dem")
    check = look(city, surface, (0.0, -20.0), sun_at((180.0, 25.0)))
    told = check.blockers[0]
    assert (told.kind, told.osm_id, told.link) == ("building", 0, None)
    assert told.height_m == pytest.approx(7.0, abs=0.6)
    assert told.distance_m == pytest.approx(6.0, abs=0.6)
    for language in ("de", "en"):
        words = Words(language)
        assert words("check_unmapped") in tell_check(check, [], words)
    assert look(city, surface, SHED.centroid.coords[0], sun_at((180.0, 25.0))).state == "inside"
    assert find_unmapped(fly("cdsm")[1], np.zeros(2)) is None


def test_measured_crowns_let_light_through_where_the_map_has_no_tree(fly):
    city = fly("cdsm")[0]
    city = replace(city, trees=city.trees.iloc[:0], woods=city.woods.iloc[:0])
    surface, sun = build_surface(city), sun_at((270.0, 40.0))
    check = look(city, surface, (-48.0, -2.0), sun)
    assert check.state == "crown"
    assert (check.blockers[0].kind, check.blockers[0].name) == ("tree", None)
    spots = np.random.default_rng(4).uniform((-62, -60), (-44, 60), (60, 2))
    seen = [seen for _, check, seen in twins(city, sun, spots, surface=surface, cell_m=CELL_M)]
    assert check.sun_fraction == pytest.approx(max(s for s in seen if s < 1.0), abs=1e-3)


def test_a_gable_turns_the_answer_where_its_ridge_does(fly):
    """The house keeps its name and its one height; the beam meets the roof as measured."""
    city, surface = fly("dsm", "cdsm", "dem")
    house = city.buildings[city.buildings["name"] == "House 7"].iloc[0]
    west, south, east, north = house.geometry.bounds
    here = np.array([0.5 * (west + east), south - 9.0])
    eye_m = surface.ground_m(here[None])[0] + surface.model.eye_m
    roof_m = city.dsm.height_m.astype(float)
    row = ((np.arange(south + 0.25, north, CELL_M)) / CELL_M - city.dsm.window.row).astype(int)
    profile_m = roof_m[row, int(here[0] / CELL_M - city.dsm.window.column)]
    away_m = 9.0 + np.arange(0.0, north - south, CELL_M)[: len(row)]
    eaves_m = surface.ground_m(shapely.get_coordinates(house.geometry)).min() + house["eaves_m"]
    profile_m = np.maximum(profile_m, eaves_m)
    top_deg = math.degrees(math.atan(((profile_m - eye_m) / away_m).max()))
    for by_deg, state in ((-0.6, "shade"), (0.6, "sun")):
        check = look(city, surface, here, sun_at((0.0, top_deg + by_deg)))
        assert check.state == state
        told = (*check.blockers, *check.near_misses)[0]
        assert (told.name, told.height_source) == ("House 7", "lidar")
        assert told.height_m == house["height_m"]
        assert told.elevation_deg == pytest.approx(top_deg, abs=0.4)
        assert (told.critical_height_m > told.height_m) == (state == "sun")
        assert told.critical_height_m == pytest.approx(told.height_m, abs=0.6)
