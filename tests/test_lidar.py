"""Cities on measured ground, under measured roofs and crowns."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from made_osm import MadeOsm
from rasters import write_raster

from solarpass.archive import read_city, save_city
from solarpass.atlas import build_atlas, read_atlas
from solarpass.city import build_city
from solarpass.errors import SourceError
from solarpass.horizon import build_horizon
from solarpass.inventory import take_inventory
from solarpass.lidar import Lidar, read_lidar
from solarpass.map.payload import _attribution
from solarpass.network import build_network
from solarpass.osm import read_osm
from solarpass.shade import build_shade
from solarpass.sun import find_sun
from solarpass.surface import build_surface
from solarpass.survey import read_survey
from solarpass.window import Window

CELL_M = 0.5
GROUND_M = 112.0


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Map a quarter with houses of known and of unknown heights, and trees along one street."""
    osm = MadeOsm(51.05, 13.74).streets(n=5, step=60.0)
    rng = np.random.default_rng(4)
    for number, (x, y) in enumerate(
        (x, y) for x in range(-120, 120, 60) for y in range(-120, 120, 60)
    ):
        told = {"height": f"{rng.integers(8, 24)}"} if number % 3 else {}
        osm.box(x + 12, y + 12, x + 48, y + 40, building="apartments", **told)
    for y in range(-110, 115, 9):
        osm.node(4.0, float(y), natural="tree", height="10", diameter_crown="6")
    return read_osm(osm.write(tmp_path_factory.mktemp("made") / "made.osm.pbf"))


@pytest.fixture(scope="module")
def plain(tables):
    return build_city(tables, name="Made")


@pytest.fixture(scope="module")
def window(plain):
    west, south, east, north = plain.extent.bounds
    return Window.around((west - 150, south - 150, east + 150, north + 150), cell_m=CELL_M)


def write(path, height, window, crs):
    west, _, _, north = window.bounds
    place = Affine(window.cell_m, 0.0, west, 0.0, -window.cell_m, north)
    return write_raster(path, height[::-1].astype(np.float32), crs=crs.to_wkt(), transform=place)


@pytest.fixture(scope="module")
def rasters(plain, window, tmp_path_factory):
    """Fly over the plain city: its roofs and its crowns, and the ground below."""
    folder = tmp_path_factory.mktemp("rasters")
    surface = build_surface(plain)
    tile = surface.tile(window)
    roof = GROUND_M + tile.solid * 0.1
    crown = np.zeros(roof.shape)
    for _, _, high in tile.crowns:
        crown = np.maximum(crown, np.where(high * 0.1 + GROUND_M > roof, high * 0.1, 0.0))
    return {
        "dsm": write(folder / "dsm.tif", roof, window, plain.crs),
        "dom": write(folder / "dom.tif", np.maximum(roof, GROUND_M + crown), window, plain.crs),
        "cdsm": write(folder / "cdsm.tif", crown, window, plain.crs),
        "dem": write(folder / "dem.tif", np.full(roof.shape, GROUND_M), window, plain.crs),
    }


def measured(tables, rasters, *names, **more):
    lidar = Lidar(**{name: (rasters[name],) for name in names}, **more)
    return build_city(tables, name="Made", lidar=lidar)


def sun_on_streets(city):
    """Look up the sun of a summer day, hour by hour, shape ``(n_times, n_edges)``."""
    network = build_network(city)
    horizon = build_horizon(build_surface(city), network)
    times = pd.date_range("2026-07-15 07:00", "2026-07-15 19:00", freq="120min", tz=city.zone)
    sun = find_sun(times, latitude_deg=city.centre[0], longitude_deg=city.centre[1])
    table = build_shade(horizon, sun)
    return network.length_m, np.stack([table.sun_fraction(row) for row in range(len(table))])


def apart_points(one, other):
    """Compare two answers by the metre, in points."""
    length_m, first = one
    _, second = other
    known = ~np.isnan(first) & ~np.isnan(second)
    assert known.mean() > 0.5
    weight = np.broadcast_to(length_m, first.shape)[known]
    return 100.0 * np.average(np.abs(first - second)[known], weights=weight)


# ------------------------------------------------------------------ roofs


def test_measured_heights_that_agree_with_the_map_give_the_same_shade(plain, tables, rasters):
    city = measured(tables, rasters, "dsm", "dem")
    sources = city.buildings["height_source"]
    assert set(sources) == {"lidar"}
    assert city.buildings["height_m"].to_numpy() == pytest.approx(plain.buildings["height_m"])
    assert apart_points(sun_on_streets(plain), sun_on_streets(city)) < 0.3


def test_a_roof_is_as_measured_between_eaves_and_ridge(plain, tables, rasters, window, tmp_path):
    # One house gets a gable: 6 m at the eaves, 14 m at the ridge along its middle.
    house = shapely.box(*plain.buildings.geometry.iloc[0].bounds)
    west, south, east, north = house.bounds
    _, middle_y = np.meshgrid(
        (window.column + np.arange(window.n_columns) + 0.5) * CELL_M,
        (window.row + np.arange(window.n_rows) + 0.5) * CELL_M,
    )
    tile = build_surface(plain).tile(window)
    roof = GROUND_M + tile.solid * 0.1
    gable = GROUND_M + 14.0 - 8.0 * np.abs(middle_y - (south + north) / 2) / ((north - south) / 2)
    column = slice(*(np.array([west, east]) / CELL_M - window.column).astype(int))
    row = slice(*(np.array([south, north]) / CELL_M - window.row).astype(int))
    roof[row, column] = gable[row, column]
    rasters = {**rasters, "dsm": write(tmp_path / "gable.tif", roof, window, plain.crs)}
    city = measured(tables, rasters, "dsm", "dem")
    first = city.buildings.iloc[0]
    assert first["height_m"] == pytest.approx(14.0, abs=0.4)
    assert first["eaves_m"] == pytest.approx(6.8, abs=0.6)
    cut = build_surface(city).tile(Window.around((west + 5, south, east - 5, north), cell_m=0.25))
    profile = cut.solid.max(axis=1) * 0.1
    assert profile.max() == pytest.approx(13.8, abs=0.4)
    assert profile[2:-2].min() == pytest.approx(6.8, abs=0.6)
    assert np.all(np.diff(profile[4 : len(profile) // 2 - 2]) >= 0.0)


def test_a_house_built_since_keeps_the_height_of_the_map(plain, tables, rasters, window, tmp_path):
    roof = GROUND_M + build_surface(plain).tile(window).solid * 0.1
    shapes = plain.buildings.geometry
    west, south, east, north = shapes.iloc[0].bounds
    for number, fill in ((0, GROUND_M), (1, np.nan)):  # not yet there; never flown over
        west, south, east, north = shapes.iloc[number].buffer(2.0).bounds
        column = slice(*(np.array([west, east]) / CELL_M - window.column).astype(int))
        row = slice(*(np.array([south, north]) / CELL_M - window.row).astype(int))
        roof[row, column] = fill
    rasters = {**rasters, "dsm": write(tmp_path / "older.tif", roof, window, plain.crs)}
    told = measured(tables, rasters, "dsm", "dem").buildings
    assert (
        told["height_source"].iloc[:2].tolist()
        == plain.buildings["height_source"].iloc[:2].tolist()
    )
    assert told["height_m"].iloc[:2].tolist() == plain.buildings["height_m"].iloc[:2].tolist()
    assert set(told["height_source"].iloc[2:]) == {"lidar"}


def test_a_house_that_the_map_lacks_is_seen_by_the_surface_model(
    plain, tables, rasters, window, tmp_path
):
    roof = GROUND_M + build_surface(plain).tile(window).solid * 0.1
    missing = shapely.box(50.0, -10.0, 70.0, 6.0)  # in the middle of a crossing
    column = slice(*(np.array([50.0, 70.0]) / CELL_M - window.column).astype(int))
    row = slice(*(np.array([-10.0, 6.0]) / CELL_M - window.row).astype(int))
    roof[row, column] = GROUND_M + 9.0
    rasters = {**rasters, "dsm": write(tmp_path / "more.tif", roof, window, plain.crs)}
    surface = build_surface(measured(tables, rasters, "dsm", "dem"))
    tile = surface.tile(Window.around(missing.buffer(-3.0).bounds, cell_m=0.25))
    assert (tile.solid > 85).mean() > 0.6


# ------------------------------------------------------------------ crowns


def test_a_canopy_model_takes_the_place_of_mapped_trees(plain, tables, rasters):
    city = measured(tables, rasters, "cdsm")
    surface = build_surface(city)
    assert city.dem is None
    assert all(not len(layer) for layer in surface.layers)
    assert apart_points(sun_on_streets(plain), sun_on_streets(city)) < 2.5


def test_a_surface_model_with_vegetation_tells_the_crowns(tables, rasters):
    city = measured(tables, {**rasters, "dsm": rasters["dom"]}, "dsm", "dem")
    assert city.cdsm is not None
    crowned = city.cdsm.height_m[city.cdsm.height_m > 0.0]
    assert crowned.max() == pytest.approx(10.0, abs=0.2)
    # One walks beneath them: nothing stands solid in the street.
    surface = build_surface(city)
    tile = surface.tile(Window.around((2.0, -60.0, 6.0, 60.0), cell_m=0.25))
    assert (tile.solid == tile.ground).all()
    assert surface.measured.canopy_layer == len(surface.layers) - 1


def test_a_surface_model_without_vegetation_keeps_the_trees_of_the_map(tables, rasters):
    city = measured(tables, rasters, "dsm", "dem")
    assert city.cdsm is None
    assert sum(len(layer) for layer in build_surface(city).layers) == len(city.trees)


# ------------------------------------------------------------------ ground


def test_without_a_terrain_model_the_ground_is_read_between_the_houses(tables, rasters):
    city = measured(tables, rasters, "dsm")
    assert city.far_dem is None
    assert np.abs(city.dem.height_m - GROUND_M).max() < 0.2
    assert set(city.buildings["height_source"]) == {"lidar"}


def lean(window, slope):
    """Tell the ground of a hillside that rises to the east."""
    east_m = (window.column + np.arange(window.n_columns) + 0.5) * CELL_M
    return np.broadcast_to(300.0 + slope * east_m, (window.n_rows, window.n_columns))


def test_without_a_terrain_model_a_steep_hillside_is_ground_too(plain, tables, window, tmp_path):
    hill = lean(window, 0.3)
    roof = hill + build_surface(plain).tile(window).solid * 0.1
    path = write(tmp_path / "dsm.tif", roof, window, plain.crs)
    city = build_city(tables, name="Made", lidar=Lidar(dsm=(path,)))
    xy = build_network(plain).node_xy
    apart_m = np.abs(city.dem.at(xy) - (300.0 + 0.3 * xy[:, 0]))
    assert np.percentile(apart_m, 80.0) < 1.0
    assert apart_m.max() < 3.0  # where a square is built all over
    tile = build_surface(city).tile(Window.around((-110.0, -3.0, 110.0, 3.0), cell_m=0.5))
    assert ((tile.solid - tile.ground) > 15).mean() < 0.02  # the street itself is no wall


@pytest.mark.parametrize("apart_m", [45.0, -30.0, 250.0])
def test_surface_and_terrain_above_different_zeros_are_refused(
    plain, tables, rasters, window, tmp_path, apart_m
):
    roof = GROUND_M + apart_m + build_surface(plain).tile(window).solid * 0.1
    path = write(tmp_path / "datum.tif", roof, window, plain.crs)
    with pytest.raises(SourceError, match=r"the surface lies [+-]\d+ m from the terrain"):
        build_city(tables, name="Made", lidar=Lidar(dsm=(path,), dem=(rasters["dem"],)))


def test_a_canopy_model_above_the_sea_is_refused(plain, tables, rasters, window, tmp_path):
    crown = np.full((window.n_rows, window.n_columns), GROUND_M)
    path = write(tmp_path / "absolute.tif", crown, window, plain.crs)
    with pytest.raises(SourceError, match="heights above the ground"):
        build_city(tables, name="Made", lidar=Lidar(cdsm=(path,), dem=(rasters["dem"],)))


def test_measured_crowns_let_light_through_where_the_map_has_no_tree(rasters, tmp_path):
    osm = MadeOsm(51.05, 13.74).streets(n=5)
    osm.box(12, 12, 48, 40, building="yes")
    tables = read_osm(osm.write(tmp_path / "treeless.osm.pbf"))
    city = build_city(tables, name="Treeless", lidar=Lidar(cdsm=(rasters["cdsm"],)))
    [layer] = build_surface(city).layers
    assert 0.0 < layer.transmittance_leaf < 0.1 < layer.transmittance_bare


def test_where_only_half_a_surface_model_tells_the_rest_is_unknown(
    rasters, window, plain, tmp_path
):
    osm = MadeOsm(51.05, 13.74).streets(n=5)
    tables = read_osm(osm.write(tmp_path / "bare.osm.pbf"))
    roof = GROUND_M + build_surface(plain).tile(window).solid * 0.1
    roof[:, : window.n_columns // 2] = np.nan
    path = write(tmp_path / "half.tif", roof, window, plain.crs)
    lidar = Lidar(dsm=(path,), dem=(rasters["dem"],))
    city = build_city(tables, name="Bare", lidar=lidar)
    network = build_network(city)
    _, sun = sun_on_streets(city)
    middle = network.node_xy[network.edge_node].mean(axis=1)
    assert np.isnan(sun[:, middle[:, 0] < -40.0]).all()
    inner = (middle[:, 0] > 30.0) & (middle[:, 0] < 90.0) & (np.abs(middle[:, 1]) < 70.0)
    assert inner.any()
    assert not np.isnan(sun[3, inner]).any()
    told = take_inventory(city, network)
    assert told["buildings known"] == "no, but what the surface model tells"


def test_ground_that_nobody_measured_tells_no_slope(plain, tables, window, tmp_path):
    hill = lean(window, 0.1).copy()
    hill[:, window.n_columns * 2 // 3 :] = np.nan
    path = write(tmp_path / "part.tif", hill, window, plain.crs)
    network = build_network(build_city(tables, name="Made", lidar=Lidar(dem=(path,))))
    beyond = network.vertex_xy[:, 0] > 100.0
    assert np.isnan(network.vertex_z_m[beyond]).all()
    assert not np.isnan(network.vertex_z_m[network.vertex_xy[:, 0] < 0.0]).any()


def test_streets_on_a_hillside_know_how_steep_they_are(plain, tables, window, tmp_path):
    east_m = (window.column + np.arange(window.n_columns) + 0.5) * CELL_M
    ground = np.broadcast_to(300.0 + 0.1 * east_m, (window.n_rows, window.n_columns))
    rasters = {"dem": write(tmp_path / "hill.tif", ground, window, plain.crs)}
    city = measured(tables, rasters, "dem")
    network = build_network(city)
    flat = build_network(plain)
    assert network.length_m == pytest.approx(flat.length_m)
    assert network.vertex_z_m == pytest.approx(300.0 + 0.1 * network.vertex_xy[:, 0], abs=0.02)
    assert np.isnan(flat.vertex_z_m).all()
    apart_m = np.hypot(*np.diff(network.vertex_xy, axis=0).T)
    apart_m[network.edge_vertex[1:-1] - 1] = 0.0
    assert apart_m.max() < 20.5


def test_a_mountain_beyond_the_city_shades_it_in_the_evening(plain, tables, tmp_path):
    wide = Window.around((-9000.0, -9000.0, 9000.0, 9000.0), cell_m=30.0)
    west_m = -(wide.column + np.arange(wide.n_columns) + 0.5) * 30.0
    mountain = np.where(west_m > 6000.0, 1500.0, 100.0)
    ground = np.broadcast_to(mountain, (wide.n_rows, wide.n_columns))
    rasters = {"dem": write(tmp_path / "mountain.tif", ground, wide, plain.crs)}
    city = measured(tables, rasters, "dem")
    _, sun = sun_on_streets(city)
    _, open_sun = sun_on_streets(plain)
    # The crest is 13.1 degrees up in the west: the sun of 19 h, 17 degrees up, still clears it.
    assert sun[0] == pytest.approx(open_sun[0], nan_ok=True)
    times = pd.DatetimeIndex(["2026-07-15 20:00", "2026-07-15 20:05"], tz=city.zone)
    late = find_sun(times, latitude_deg=city.centre[0], longitude_deg=city.centre[1])
    assert 5.0 < late.elevation_deg[0] < 11.0
    shade = build_shade(build_horizon(build_surface(city), build_network(city)), late)
    assert np.nanmax(shade.sun_fraction(0)) == 0.0


def test_a_terrain_model_of_half_the_city_is_refused(plain, tables, window, tmp_path):
    half = replace(window, n_columns=window.n_columns // 3)
    ground = np.full((half.n_rows, half.n_columns), 100.0)
    path = write(tmp_path / "half.tif", ground, half, plain.crs)
    with pytest.raises(SourceError, match=r"half\.tif tells the ground of \d+ % of it"):
        build_city(tables, name="Made", lidar=Lidar(dem=(path,)))


def test_holes_in_the_terrain_are_no_pits(plain, tables, window, tmp_path):
    ground = np.full((window.n_rows, window.n_columns), 250.0)
    ground[200:400, 200:400] = np.nan
    path = write(tmp_path / "holed.tif", ground, window, plain.crs)
    city = build_city(tables, name="Made", lidar=Lidar(dem=(path,)))
    assert np.isnan(city.dem.height_m).any()
    ground = build_surface(city).measured.dem.height_m
    assert ground.min() == ground.max() == 250.0


# ------------------------------------------------------------------ surveys, files, credits


def test_a_survey_overrides_the_map_and_gives_way_to_the_surface_model(
    plain, tables, rasters, tmp_path
):
    frame = gpd.GeoDataFrame(
        {"height": [31.0] * 10},
        geometry=plain.buildings.geometry.iloc[:10].to_list(),
        crs=plain.crs,
    ).to_crs(25833)
    frame.to_file(tmp_path / "lod2.gpkg")
    survey = read_survey(tmp_path / "lod2.gpkg", credit="Office, CC BY 4.0")
    city = build_city(tables, name="Made", survey=survey)
    assert city.buildings["height_source"].iloc[:10].tolist() == ["survey"] * 10
    assert city.buildings["height_m"].iloc[:10].tolist() == [31.0] * 10
    assert "survey" not in set(city.buildings["height_source"].iloc[10:])
    assert "Office, CC BY 4.0" in city.attribution
    both = build_city(
        tables,
        name="Made",
        survey=survey,
        lidar=Lidar(dsm=(rasters["dsm"],), dem=(rasters["dem"],)),
    )
    assert set(both.buildings["height_source"]) == {"lidar"}


def test_a_measured_city_is_read_as_it_was_saved(tables, rasters, tmp_path):
    city = measured(tables, rasters, "dsm", "cdsm", "dem", credit="Land, dl-de/by-2-0")
    save_city(city, tmp_path / "city")
    again = read_city(tmp_path / "city")
    for name in ("dem", "far_dem", "dsm", "cdsm"):
        first, second = getattr(city, name), getattr(again, name)
        assert second.window.bounds == first.window.bounds
        assert np.array_equal(first.height_m, second.height_m, equal_nan=True)
    assert "Land, dl-de/by-2-0" in again.attribution
    assert again.provenance["dsm_source"] == "dsm.tif"


def test_rasters_that_do_not_read_leave_no_folder_behind(tmp_path):
    osm = MadeOsm(51.05, 13.74).streets().write(tmp_path / "made.osm.pbf")
    torn = tmp_path / "torn.tif"
    torn.write_bytes(b"II*\x00 not a raster")
    with pytest.raises(SourceError, match=r"torn\.tif"):
        read_lidar(dsm=[torn])
    elsewhere = write_raster(tmp_path / "elsewhere.tif", np.full((50, 50), 100.0, np.float32))
    lidar = read_lidar(dem=[elsewhere])
    with pytest.raises(SourceError, match=r"elsewhere\.tif"):
        build_atlas(osm, tmp_path / "city", lidar=lidar)
    assert not (tmp_path / "city").exists()


def test_a_city_folder_holds_its_terrain(rasters, tmp_path):
    osm = MadeOsm(51.05, 13.74).streets(n=5).write(tmp_path / "made.osm.pbf")
    lidar = read_lidar(dem=[rasters["dem"]])
    built = build_atlas(osm, tmp_path / "city", lidar=lidar)
    opened = read_atlas(tmp_path / "city")
    assert opened.city.dem is not None
    assert built.summary()["ground"] == "measured, 112 to 112 m above sea"


def test_the_map_names_whose_heights_it_shows(tables, rasters):
    city = measured(tables, rasters, "dem", credit="Land <Sachsen>, dl-de/by-2-0")
    shown = _attribution(city)
    assert "Land &lt;Sachsen&gt;, dl-de/by-2-0" in shown
    assert "openstreetmap.org/copyright" in shown
