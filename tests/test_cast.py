"""Shadows on plain rasters, by the command and by its functions, against what others found."""

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize
from rasters import CORNER, UTM, write_raster
from scenes import world

from solarpass.__main__ import main
from solarpass.errors import CoordinateError, SourceError
from solarpass.hills import Hills
from solarpass.mask import cast_mask, read_plot
from solarpass.picture import cast_raster
from solarpass.relief import Relief
from solarpass.surface import SurfaceModel, cast, surface_from_arrays
from solarpass.tile import Measured
from solarpass.window import Window

NOON = ("--azimuth", "180", "--elevation", "60")


def run(capsys, *arguments):
    try:
        code = main(["cast", *map(str, arguments)])
    except SystemExit as leaving:  # argparse
        code = leaving.code
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys, out, *arguments):
    code, said, err = run(capsys, *arguments, "--out", out)
    assert (code, said) == (2, "")
    assert err.count("\n") == 1
    assert "should not have happened" not in err
    assert not list(out.parent.glob(f"*{out.suffix}"))  # nothing half-written
    return err


def wall(height_m=10.0, n=40):
    dsm = np.zeros((n, n), np.float32)
    dsm[n // 2] = height_m
    return dsm


# ------------------------------------------------------------------ Athens: UMEP's own answer


@pytest.fixture(scope="module")
def athens(reference_data):
    return reference_data / "validation" / "athens"


@pytest.fixture(scope="module")
def canopy(athens, tmp_path_factory):
    """Burn the trees of Athens by the cell-centre rule, as the reference has them."""
    with rasterio.open(athens / "DSM.tif") as dsm:
        transform, crs = dsm.transform, dsm.crs
    trees = gpd.read_file(athens / "trees.gpkg").to_crs(crs)
    height_m = rasterize(
        zip(trees.geometry, trees["height"], strict=True),
        out_shape=(400, 400),
        transform=transform,
        dtype="float64",
    )
    assert (height_m > 0).sum() == 5838
    path = tmp_path_factory.mktemp("athens") / "CDSM.tif"
    return write_raster(path, height_m, crs=crs, transform=transform)


def reference(athens, name):
    return np.load(athens / f"shadow_noon_{name}_sh.npy") < 0.5  # 1 = sunlit there


def test_the_command_casts_athens_as_the_reference_has_it(athens, tmp_path, capsys):
    code, out, err = run(capsys, "--dsm", athens / "DSM.tif", *NOON, "--out", tmp_path / "m.tif")
    assert (code, err) == (0, "")
    assert re.search(r"shaded +20\.93 %", out)
    with rasterio.open(tmp_path / "m.tif") as mask, rasterio.open(athens / "DSM.tif") as dsm:
        assert (mask.crs, mask.transform, mask.shape) == (dsm.crs, dsm.transform, dsm.shape)
        assert (mask.dtypes, mask.nodata) == (("uint8",), 255)
        tags, sunlit = mask.tags(), mask.read(1)
    assert ((sunlit == 0) != reference(athens, "bldg")).sum() == 0
    assert (sunlit == 0).mean() == pytest.approx(0.20931, abs=5e-6)
    assert (tags["azimuth_deg"], tags["elevation_deg"]) == ("180", "60")
    assert tags["dsm_source"] == "DSM.tif"


def test_the_command_casts_the_crowns_of_athens_as_the_reference_has_them(
    athens, canopy, tmp_path, capsys
):
    files = ("--dsm", athens / "DSM.tif", "--cdsm", canopy, "--dem", athens / "DEM.tif")
    code, _, _ = run(capsys, *files, *NOON, "--out", tmp_path / "mask.tif")
    assert code == 0
    with rasterio.open(tmp_path / "mask.tif") as mask:
        shaded = mask.read(1) == 0
    by_buildings, by_crowns = reference(athens, "bldg"), reference(athens, "veg")
    assert (shaded != by_buildings | by_crowns).sum() == 0
    assert (shaded & ~by_buildings).sum() == 6010


def test_the_public_function_casts_athens_as_the_reference_has_it(athens, canopy):
    dsm, dem, crown = (
        rasterio.open(path).read(1) for path in (athens / "DSM.tif", athens / "DEM.tif", canopy)
    )
    crown = np.where(crown > 0, crown, np.nan)
    surface = surface_from_arrays(
        dsm, cell_m=1.0, ground_m=dem, crown_top_m=dem + crown, crown_base_m=dem + crown / 4
    )
    sun = cast(surface, azimuth_deg=180.0, elevation_deg=60.0, on_roofs=True).sun
    by_buildings, by_crowns = reference(athens, "bldg"), reference(athens, "veg")
    np.testing.assert_array_equal(sun == 0.0, by_buildings)
    np.testing.assert_array_equal(sun == np.float32(0.03), by_crowns)
    assert by_crowns.mean() == pytest.approx(0.03756, abs=5e-6)
    code = cast_raster(dsm, cell_m=1.0, azimuth_deg=180.0, elevation_deg=60.0)
    np.testing.assert_array_equal(code == 1, by_buildings)


def test_sheets_of_athens_cast_as_one(athens, tmp_path, capsys):
    with rasterio.open(athens / "DSM.tif") as dsm:
        height, transform, crs = dsm.read(1), dsm.transform, dsm.crs
    (tmp_path / "sheets").mkdir()
    for row in (0, 150):
        for column in (0, 210):
            part = height[row : row + 250, column : column + 210]
            placed = transform @ Affine.translation(column, row)
            name = tmp_path / "sheets" / f"{row}_{column}.tif"
            write_raster(name, part, crs=crs, transform=placed)
    code, _, _ = run(capsys, "--dsm", tmp_path / "sheets", *NOON, "--out", tmp_path / "mask.tif")
    assert code == 0
    with rasterio.open(tmp_path / "mask.tif") as mask:
        assert mask.transform == transform
        np.testing.assert_array_equal(mask.read(1) == 0, reference(athens, "bldg"))


# ------------------------------------------------------------------ laws of the mask


def test_a_wall_shades_its_height_over_the_tangent(tmp_path):
    plot = read_plot([write_raster(tmp_path / "dsm.tif", wall(10.0))])
    for azimuth_deg, elevation_deg, n_rows in ((180.0, 45.0, 9), (180.0, 60.0, 5), (0.0, 30.0, 17)):
        sunlit = cast_mask(plot, azimuth_deg=azimuth_deg, elevation_deg=elevation_deg).sunlit
        assert (sunlit == 0).sum() == n_rows * 40  # strictly lower than the beam's edge
        assert (sunlit[20] == 1).all()  # the wall's own top
    assert (cast_mask(plot, azimuth_deg=180.0, elevation_deg=-1.0).sunlit == 0).all()


def test_true_north_is_the_stations_north(tmp_path):
    # 7° east of the zone's middle meridian rows are turned by several degrees.
    place = pyproj.Transformer.from_crs("EPSG:4326", UTM, always_xy=True)
    x, y = place.transform(22.0, 60.0)
    placed = Affine(1.0, 0.0, x - 20.0, 0.0, -1.0, y + 20.0)
    plot = read_plot([write_raster(tmp_path / "dsm.tif", wall(), transform=placed)])
    east, up = np.subtract(place.transform(22.0, 60.001), (x, y))
    turned_deg = np.rad2deg(np.arctan2(east, up))  # of true north on the map, clockwise
    assert plot.convergence_deg == pytest.approx(-turned_deg, abs=0.02)
    assert abs(turned_deg) > 5.0
    true = cast_mask(plot, azimuth_deg=100.0, elevation_deg=30.0, from_true_north=True)
    plain = cast_mask(plot, azimuth_deg=100.0 + turned_deg, elevation_deg=30.0)
    np.testing.assert_array_equal(true.sunlit, plain.sunlit)


@settings(max_examples=25, deadline=None)
@given(azimuth_deg=st.floats(0, 360), elevation_deg=st.floats(10, 80), seed=st.integers(0, 2**16))
def test_what_holes_may_hide_is_unknown_and_nothing_else(azimuth_deg, elevation_deg, seed):
    rng = np.random.default_rng(seed)
    dsm = np.where(rng.random((15, 19)) < 0.1, rng.uniform(1, 12, (15, 19)), 0.0)
    hole = rng.random((15, 19)) < 0.05
    sun = {"cell_m": 1.0, "azimuth_deg": azimuth_deg, "elevation_deg": elevation_deg}
    ours = cast_raster(np.where(hole, np.nan, dsm), **sun)
    low = cast_raster(np.where(hole, np.where(hole, np.inf, dsm).min(), dsm), **sun)
    high = cast_raster(np.where(hole, dsm[~hole].max(), dsm), **sun)
    np.testing.assert_array_equal(ours == 255, hole | (low != high))
    np.testing.assert_array_equal(ours[ours != 255], low[ours != 255])


def test_blank_cells_stay_blank_in_the_mask(tmp_path):
    dsm = wall(10.0)
    dsm[25:30, 5:9] = -9999.0
    plot = read_plot([write_raster(tmp_path / "dsm.tif", dsm, nodata=-9999.0)])
    sunlit = cast_mask(plot, azimuth_deg=180.0, elevation_deg=45.0).sunlit
    assert (sunlit[25:30, 5:9] == 255).all()
    assert (sunlit[21:25, 5:9] == 255).all()  # north of the hole, which may hold a tower
    assert (sunlit[11:20] == 0).all()  # behind the wall whatever the hole holds
    assert (sunlit[30:] == 1).all()
    assert (sunlit[:, 12:] != 255).all()


def test_a_crown_lets_a_low_sun_in_beneath(tmp_path):
    crown = np.zeros((40, 40), np.float32)
    crown[19:22, 19:22] = 12.0
    flat = write_raster(tmp_path / "dsm.tif", np.zeros((40, 40), np.float32))
    plot = read_plot([flat], cdsm=[write_raster(tmp_path / "cdsm.tif", crown)])
    sunlit = cast_mask(plot, azimuth_deg=180.0, elevation_deg=30.0).sunlit
    assert (sunlit[16:19, 20] == 1).all()  # its base of 3 m, its far edge 5 m from the last of them
    assert (sunlit[2:13, 20] == 0).all()


@pytest.mark.parametrize("elevation_deg", [-5.0, 25.0, 60.0])
@pytest.mark.parametrize("azimuth_deg", [90.0, 180.0, 250.0])
def test_beyond_a_canopy_models_sheets_what_may_be_in_the_shade_is_unknown(
    tmp_path, azimuth_deg, elevation_deg
):
    rng = np.random.default_rng(3)
    flat, crown = wall(8.0), np.zeros((40, 40), np.float32)
    crown[rng.integers(0, 40, 25), rng.integers(0, 40, 25)] = rng.uniform(3.0, 12.0, 25)
    crown[30:34, 5:9] = -9999.0  # blank on the sheet: no crown
    crown[2, 2] = 12.0
    dsm = write_raster(tmp_path / "dsm.tif", flat)
    west = write_raster(tmp_path / "west.tif", crown[:, :20], nodata=-9999.0)
    both = write_raster(tmp_path / "both.tif", crown, nodata=-9999.0)
    wood = crown.copy()
    wood[:, 20:] = 12.0
    full = write_raster(tmp_path / "wood.tif", wood, nodata=-9999.0)
    sun = {"azimuth_deg": azimuth_deg, "elevation_deg": elevation_deg}
    known, truth = (cast_mask(read_plot([dsm], cdsm=[path]), **sun).sunlit for path in (west, both))
    bare = crown.copy()
    bare[:, 20:] = 0.0
    least = write_raster(tmp_path / "least.tif", bare, nodata=-9999.0)
    at_least, at_most = (
        cast_mask(read_plot([dsm], cdsm=[path]), **sun).sunlit for path in (least, full)
    )
    assert (truth != 255).all()
    assert (known[:, 20:] != 1).all()
    np.testing.assert_array_equal(known == 0, at_least == 0)
    np.testing.assert_array_equal(known[known == 1], truth[known == 1])
    np.testing.assert_array_equal(known[known == 1], at_most[known == 1])
    assert (known == 1).any() or elevation_deg < 60.0
    if azimuth_deg > 180.0 and elevation_deg > 0.0:  # the sun stands over the sheet
        np.testing.assert_array_equal(known[:, :20], truth[:, :20])
        assert (known[31:33, 6:8] == 1).all()


def test_canopy_and_terrain_of_other_cells_are_drawn_onto_the_surfaces_grid(tmp_path):
    dsm = write_raster(tmp_path / "dsm.tif", np.full((40, 40), 100.0, np.float32))
    crown = np.zeros((20, 20), np.float32)
    crown[10, 10] = 12.0
    cdsm = write_raster(tmp_path / "cdsm.tif", crown, cell=2.0)
    bare = write_raster(tmp_path / "bare.tif", np.repeat(np.repeat(crown, 2, 0), 2, 1), crs=None)
    dem = write_raster(tmp_path / "dem.tif", np.full((9, 9), 98.0, np.float32), cell=10.0)
    sun = {"azimuth_deg": 180.0, "elevation_deg": 40.0}
    coarse = cast_mask(read_plot([dsm], cdsm=[cdsm], dem=[dem]), **sun).sunlit
    fine = cast_mask(read_plot([dsm], cdsm=[bare], dem=[dem]), **sun).sunlit
    np.testing.assert_array_equal(coarse, fine)  # without a system it has the surface's
    on_top = cast_mask(read_plot([dsm], cdsm=[cdsm]), **sun).sunlit
    assert (on_top == 0).sum() > (coarse == 0).sum() > 0


def test_feet_on_the_ground_are_metres_too(tmp_path):
    placed = Affine(1.0, 0.0, 6_000_000.0, 0.0, -1.0, 2_100_000.0)  # California, US survey feet
    path = write_raster(tmp_path / "ft.tif", wall(10.0), crs="EPSG:2227", transform=placed)
    sunlit = cast_mask(read_plot([path]), azimuth_deg=180.0, elevation_deg=60.0).sunlit
    assert (sunlit == 0).sum() == 40 * int(10.0 / np.tan(np.deg2rad(60.0)) / 0.3048)


# ------------------------------------------------------------------ laws of the function


def test_on_roofs_a_roof_is_lit_and_the_ground_is_as_ever():
    surface = world((shapely.box(-5, -5, 5, 5), 20.0), model=SurfaceModel(eye_m=0.0))
    beam = {
        "azimuth_deg": 180.0, "elevation_deg": 45.0, "bounds": (-40, -40, 40, 40), "cell_m": 0.5
    }  # fmt: skip
    ground, roofs = cast(surface, **beam).sun, cast(surface, **beam, on_roofs=True).sun
    inside = np.isnan(ground)
    assert inside.sum() == 20 * 20
    assert (roofs[inside] == 1.0).all()
    np.testing.assert_array_equal(roofs[~inside], ground[~inside])
    night = cast(surface, **beam | {"elevation_deg": -3.0}, on_roofs=True).sun
    assert (night == 0.0).all()


def test_a_part_of_a_raster_is_cast_like_the_whole():
    rng = np.random.default_rng(5)
    surface = surface_from_arrays(
        np.kron(rng.uniform(0, 20, (8, 9)), np.ones((5, 5))), cell_m=2.0, west_m=-20.0, north_m=60.0
    )
    sun = {"azimuth_deg": 250.0, "elevation_deg": 25.0, "on_roofs": True}
    whole = cast(surface, **sun)
    part = cast(surface, **sun, bounds=(-30.0, 0.0, 40.0, 50.0))
    column, row = ~whole.transform @ (part.transform.c, part.transform.f)
    assert (column, row) == (-5.0, 5.0)
    assert np.isnan(part.sun[:, :5]).all()  # beyond the rim
    np.testing.assert_array_equal(part.sun[:, 5:], whole.sun[5:30, :30])
    with pytest.raises(SourceError, match="whole multiples"):
        cast(surface, **sun, cell_m=3.0)


def test_a_hill_far_away_shades_the_town_until_the_sun_stands_above_it():
    valley = Window.around((-6000.0, -500.0, 500.0, 500.0), cell_m=25.0)
    height_m = np.full((valley.n_rows, valley.n_columns), 100.0, np.float32)
    height_m[:, :40] = 500.0  # 5 to 6 km west
    relief = Relief(valley, height_m)
    plain = world((shapely.box(20, -5, 30, 5), 10.0))
    hills = Measured(lowest_m=100.0, dem=relief, hills=Hills(relief))
    surface = replace(plain, measured=hills)
    beam = {"azimuth_deg": 270.0, "bounds": (-40.0, -40.0, 40.0, 40.0), "cell_m": 1.0}
    crest_deg = np.rad2deg(np.arctan2(400.0 - 1.1, 5000.0))
    low = cast(surface, **beam, elevation_deg=crest_deg - 0.2).sun
    assert np.nanmax(low) == 0.0
    high, bare = (
        cast(scene, **beam, elevation_deg=crest_deg + 0.2).sun for scene in (surface, plain)
    )
    np.testing.assert_array_equal(high, bare)
    assert np.nanmax(high) == 1.0


# ------------------------------------------------------------------ refusals


def test_rasters_that_cannot_be_cast_are_refused_in_one_sentence(tmp_path, capsys):
    out = tmp_path / "out" / "mask.tif"
    out.parent.mkdir()

    def refuse(height=None, *more, **how):
        path = write_raster(tmp_path / "dsm.tif", wall() if height is None else height, **how)
        return refused(capsys, out, "--dsm", path, *NOON, *more)

    west, north = CORNER
    degrees = Affine(1e-5, 0.0, 13.7, 0.0, -1e-5, 51.0)
    assert "gdalwarp -t_srs EPSG:32633" in refuse(crs="EPSG:4326", transform=degrees)
    assert "draws 1 m as" in refuse(crs="EPSG:3857", transform=Affine(1, 0, 1.5e6, 0, -1, 6.6e6))
    assert "--raster-crs" in refuse(crs=None)
    assert "cells of 1 by 2" in refuse(transform=Affine(1.0, 0.0, west, 0.0, -2.0, north))
    turned = Affine.translation(west, north) @ Affine.rotation(10.0) @ Affine.scale(1.0, -1.0)
    assert "north up" in refuse(transform=turned)
    assert "tells no height" in refuse(np.full((9, 9), -9999, np.int16))
    assert "has 2 bands" in refuse(np.zeros((2, 9, 9), np.float32))
    other = write_raster(tmp_path / "dem.tif", wall(), transform=Affine(1, 0, 9e5, 0, -1, 1e6))
    assert "tells no height where dsm.tif lies" in refuse(None, "--dem", other)
    two = write_raster(tmp_path / "two.tif", wall(), cell=2.0)
    assert "different grids" in refuse(None, "--dsm", two)
    assert "does not exist" in refused(capsys, out, "--dsm", tmp_path / "no.tif", *NOON)


def test_what_is_typed_wrong_is_refused_before_anything_is_read(tmp_path, capsys):
    out = tmp_path / "mask.tif"
    dsm = ("--dsm", "no.tif")
    assert "wanted degrees" in refused(capsys, out, *dsm, "--azimuth", "south", "--elevation", "9")
    assert "wanted degrees" in refused(capsys, out, *dsm, "--azimuth", "nan", "--elevation", "9")
    assert "--dsm" in refused(capsys, out, *NOON)
    assert "wanted a share" in refused(capsys, out, *dsm, *NOON, "--trunk-ratio", "3")
    assert "must end in .tif" in refused(capsys, tmp_path / "mask.png", *dsm, *NOON)
    path = write_raster(tmp_path / "dsm.TIFF", wall())
    code, _, err = run(capsys, "--dsm", path, "--azimuth", "0", "--elevation", "100", "--out", out)
    assert (code, out.exists()) == (2, False)
    assert "between -90 and 90" in err


def test_a_plot_without_a_place_is_refused(tmp_path):
    with pytest.raises(CoordinateError, match="--raster-crs"):
        read_plot([write_raster(tmp_path / "dsm.tif", wall(), crs=None)])
    plot = read_plot([tmp_path / "dsm.tif"], stated_crs=UTM)
    assert plot.crs == pyproj.CRS(UTM)


@pytest.mark.parametrize("option", ["--dsm", "--cdsm", "--dem", "--heights"])
def test_a_city_is_not_half_built_from_bad_files(tmp_path, capsys, option):
    (tmp_path / "text.tif").write_text("no raster\n" * 99, encoding="ascii")
    nowhere = write_raster(tmp_path / "nowhere.tif", wall(), crs=None)
    elsewhere = write_raster(tmp_path / "elsewhere.tif", wall())
    for path in (tmp_path / "no.tif", tmp_path / "text.tif", nowhere, elsewhere):
        code = main(["build", "helsinki", option, str(path), "--out", str(tmp_path / "city")])
        out, err = capsys.readouterr()
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert path.name in err
        assert not (tmp_path / "city").exists()
        assert not list(tmp_path.glob(".*"))
