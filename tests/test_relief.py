"""Heights out of raster files: whatever the grid, the ground is where it is; or one sentence."""

import re
from itertools import pairwise

import numpy as np
import pyproj
import pytest
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasters import CORNER, LATITUDE, LONGITUDE, UTM, hillside, metres, slope_m, write_raster

from solarpass.errors import CoordinateError, SourceError
from solarpass.mosaic import join_sheets
from solarpass.relief import Relief, ReliefModel, read_relief
from solarpass.sheet import read_sheet, tell_sheets
from solarpass.window import Window

LOCAL = metres()
TO_UTM = pyproj.Transformer.from_crs(LOCAL, UTM, always_xy=True)


def box_around(n_rows=60, n_columns=80, *, cell=1.0, rim_m=0.0):
    """Bound a raster of the tests in local metres."""
    x = CORNER[0] + np.array([0.0, n_columns, 0.0, n_columns]) * cell
    y = CORNER[1] - np.array([0.0, 0.0, n_rows, n_rows]) * cell
    east, north = pyproj.Transformer.from_crs(UTM, LOCAL, always_xy=True).transform(x, y)
    return (east.min() - rim_m, north.min() - rim_m, east.max() + rim_m, north.max() + rim_m)


def truth(relief):
    """Tell the hillside's height at each cell of a relief, by pyproj alone."""
    window = relief.window
    x, y = np.meshgrid(
        (window.column + 0.5 + np.arange(window.n_columns)) * window.cell_m,
        (window.row + 0.5 + np.arange(window.n_rows)) * window.cell_m,
    )
    return slope_m(*TO_UTM.transform(x, y))


def read(*paths, bounds=None, smooth=True, **more):
    return read_relief(paths, crs=LOCAL, bounds=bounds or box_around(), smooth=smooth, **more)


def known_fraction(relief):
    return float((~np.isnan(relief.height_m)).mean())


def refusal(*paths, kind=SourceError, **more):
    with pytest.raises(kind) as caught:
        read(*paths, **more)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert re.search(r"; | where ", said)
    return said


# ------------------------------------------------------------------ the ground is where it is


def test_heights_lie_where_the_ground_is(tmp_path):
    relief = read(write_raster(tmp_path / "dem.tif", hillside()))
    assert relief.window.cell_m == 1.0
    assert relief.height_m.dtype == np.float32
    off = np.abs(relief.height_m - truth(relief))
    assert np.nanmax(off) < 0.08  # a rim cell has no neighbour to lean on
    assert np.nanmedian(off) < 1e-4
    assert not relief.height_m.flags.writeable


def test_the_nearest_cell_is_taken_as_it_is(tmp_path):
    rng = np.random.default_rng(4)
    dsm = rng.uniform(100.0, 140.0, (60, 80)).astype(np.float32)
    relief = read(write_raster(tmp_path / "dsm.tif", dsm), smooth=False)
    window = relief.window
    x, y = np.meshgrid(
        (window.column + 0.5 + np.arange(window.n_columns)) * window.cell_m,
        (window.row + 0.5 + np.arange(window.n_rows)) * window.cell_m,
    )
    east, north = TO_UTM.transform(x, y)
    column, row = np.floor(east - CORNER[0]).astype(int), np.floor(CORNER[1] - north).astype(int)
    inside = (column >= 0) & (column < 80) & (row >= 0) & (row < 60)
    assert (np.isnan(relief.height_m) == ~inside).mean() > 0.999
    same = relief.height_m[inside] == dsm[row[inside], column[inside]]
    assert same.mean() > 0.995  # an eighth of a cell is GDAL's own tolerance


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(turn_deg=st.floats(-180, 180), cell=st.floats(0.5, 3.0))
def test_a_turned_grid_of_any_cell_tells_the_same_ground(tmp_path, turn_deg, cell):
    middle = Affine.translation(CORNER[0] + 40.0, CORNER[1] - 30.0)
    placed = middle @ Affine.rotation(turn_deg) @ Affine.translation(-90.0, 90.0)
    placed = placed @ Affine.scale(cell, -cell)
    n = int(180.0 / cell)
    path = tmp_path / f"{abs(hash((turn_deg, cell)))}.tif"
    relief = read(write_raster(path, hillside(n, n, transform=placed), transform=placed))
    assert known_fraction(relief) == 1.0
    assert np.abs(relief.height_m - truth(relief)).max() < 1e-3


def test_sheets_in_any_order_join_without_a_seam(tmp_path):
    whole = hillside(60, 80)
    sheets = []
    for row, column in ((0, 0), (0, 40), (30, 0), (30, 40)):
        # Neighbours overlap by some cells.
        placed = Affine(1.0, 0.0, CORNER[0] + column, 0.0, -1.0, CORNER[1] - row)
        part = whole[row : row + 34, column : column + 44]
        sheets.append(write_raster(tmp_path / f"{row}_{column}.tif", part, transform=placed))
    alone = read(write_raster(tmp_path / "whole.tif", whole))
    joined = read(*sheets)
    np.testing.assert_array_equal(joined.height_m, alone.height_m)
    np.testing.assert_array_equal(read(*sheets[::-1]).height_m, joined.height_m)
    np.testing.assert_array_equal(read(tmp_path / "*_*.tif").height_m, joined.height_m)


def test_sheets_of_other_systems_and_cells_complete_each_other_the_finest_first(tmp_path):
    fine = write_raster(tmp_path / "b.tif", hillside(60, 40) + 1.0)  # the western half, 1 m higher
    degrees = pyproj.Transformer.from_crs(UTM, "EPSG:4326", always_xy=True)
    west, north = degrees.transform(CORNER[0] - 200.0, CORNER[1] + 200.0)
    placed = Affine(1e-4, 0.0, west, 0.0, -1e-4, north)
    column, row = np.meshgrid(np.arange(70) + 0.5, np.arange(60) + 0.5)
    x, y = pyproj.Transformer.from_crs("EPSG:4326", UTM, always_xy=True).transform(
        west + 1e-4 * column, north - 1e-4 * row
    )
    coarse = write_raster(tmp_path / "a.tif", slope_m(x, y), crs="EPSG:4326", transform=placed)
    relief = read(coarse, fine)
    assert relief.window.cell_m == 1.0
    assert known_fraction(relief) == 1.0
    above = relief.height_m - truth(relief)
    n = relief.window.n_columns
    assert above[5:-5, 5 : n // 2 - 5] == pytest.approx(1.0, abs=0.01)
    assert above[5:-5, n // 2 + 5 : -5] == pytest.approx(0.0, abs=0.01)


def test_what_lies_far_around_is_read_coarse_as_the_mean(tmp_path):
    rng = np.random.default_rng(7)
    rough = hillside(800, 800) + rng.uniform(-3, 3, (800, 800)).astype(np.float32)
    wide = (-20_000.0, -20_000.0, 20_000.0, 20_000.0)
    relief = read(write_raster(tmp_path / "dem.tif", rough), bounds=wide, cell_m=25.0)
    assert relief.window.cell_m == 25.0
    assert known_fraction(relief) == pytest.approx(800**2 / 40_000**2, rel=0.1)
    known = ~np.isnan(relief.height_m)
    inner = known & np.roll(known, 1, 0) & np.roll(known, -1, 0)
    inner &= np.roll(known, 1, 1) & np.roll(known, -1, 1)
    off = (relief.height_m - truth(relief))[inner]
    assert abs(off.mean()) < 0.1
    assert np.abs(off).max() < 2.0  # sixteen samples of ±3 m


@pytest.mark.parametrize(("row", "column", "every"), [(0, 0, 4), (3, 5, 4), (7, 2, 3), (1, 1, 5)])
def test_far_finer_sheets_are_read_in_one_rhythm_whatever_their_edges(tmp_path, row, column, every):
    whole = hillside(60, 80)
    rows, columns = (0, 22, 60), (0, 31, 50, 80)
    sheets = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            placed = Affine(1.0, 0.0, CORNER[0] + left, 0.0, -1.0, CORNER[1] - top)
            path = tmp_path / f"{top}_{left}.tif"
            sheets.append(write_raster(path, whole[top:bottom, left:right], transform=placed))
    (mosaic,) = join_sheets(read_sheet(path) for path in sheets)
    told = mosaic.read(row, column, 48, 60, every=every)
    middle = every // 2
    want = whole[row + middle : row + 48 : every, column + middle : column + 60 : every]
    want = want[: 48 // every, : 60 // every]
    known = ~np.isnan(told)
    np.testing.assert_array_equal(told[known], want[known])
    # What reaches across an edge is left out: one row at most, and two columns.
    across = [~known.any(axis=1), ~known.any(axis=0)]
    assert (across[0].sum() <= 1, across[1].sum() <= 2) == (True, True)
    assert known[np.ix_(~across[0], ~across[1])].all()


def test_cells_are_as_the_source_has_them_but_no_finer_than_a_quarter_metre(tmp_path):
    for cell, want_m in ((0.1, 0.25), (0.5, 0.5), (2.0, 2.0), (5.0, 5.0)):
        path = write_raster(tmp_path / f"{cell}.tif", hillside(40, 40), cell=cell)
        small = box_around(40, 40, cell=cell)
        assert read(path, bounds=small).window.cell_m == want_m
    assert read(path, bounds=small, least_cell_m=7.0).window.cell_m == 7.0


def test_what_lies_beyond_a_file_is_unknown(tmp_path):
    path = write_raster(tmp_path / "dem.tif", hillside(60, 80))
    assert known_fraction(read(path, bounds=box_around(rim_m=-3.0))) == 1.0
    west, south, east, north = box_around()
    wide = read(path, bounds=(west - (east - west), south, east, north))
    assert known_fraction(wide) == pytest.approx(0.5, abs=0.03)
    assert np.isnan(wide.height_m[:, :70]).all()


# ------------------------------------------------------------------ what is unknown


@pytest.mark.parametrize(
    ("mark", "declared"),
    [
        (-9999.0, True), (-9999.0, False), (-3.4028234663852886e38, False), (np.nan, False),
        (-32768.0, False), (1e20, False), (-9999.0, 0.0), (32767.0, False), (250.0, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("smooth", [True, False])
def test_a_hole_is_unknown_however_it_is_marked_and_does_not_bleed(
    tmp_path, mark, declared, smooth
):
    dem = hillside()
    dem[20:30, 30:50] = mark
    nodata = {True: mark, False: None}.get(declared, declared)
    relief = read(write_raster(tmp_path / "dem.tif", dem, nodata=nodata), smooth=smooth)
    whole = read(write_raster(tmp_path / "whole.tif", hillside()), smooth=smooth)
    hole = np.isnan(relief.height_m) & ~np.isnan(whole.height_m)
    assert hole.sum() == pytest.approx(200, abs=40)
    rest = ~np.isnan(relief.height_m)
    assert np.abs(relief.height_m - whole.height_m)[rest].max() < 0.15


def test_feet_and_scaled_decimetres_are_read_as_metres(tmp_path):
    metric = read(write_raster(tmp_path / "m.tif", hillside())).height_m
    in_feet = (hillside().astype(float) / 0.3048).astype(np.float32)
    feet = read(write_raster(tmp_path / "ft.tif", in_feet, unit="foot")).height_m
    np.testing.assert_allclose(feet, metric, atol=1e-3)
    in_dm = np.rint(hillside() * 10.0).astype(np.int16)
    dm = read(write_raster(tmp_path / "dm.tif", in_dm, scale=0.1)).height_m
    np.testing.assert_allclose(dm, metric, atol=0.06)
    over_sea = "EPSG:25833+6360"  # heights in US survey feet
    mixed = read(write_raster(tmp_path / "mix.tif", in_feet, crs=over_sea)).height_m
    np.testing.assert_allclose(mixed, metric, atol=1e-2)


@pytest.mark.parametrize("mark", [-9999, -32768, -32767, -99999])
@pytest.mark.parametrize(("scale", "unit"), [(0.1, None), (0.01, None), (None, "cm"), (None, "ft")])
def test_a_hole_of_other_units_is_unknown_by_what_stands_in_the_file(tmp_path, mark, scale, unit):
    metres = scale or {"cm": 0.01, "ft": 0.3048}[unit]
    dem = np.rint(hillside() / metres).astype(np.int32)
    whole = read(write_raster(tmp_path / "whole.tif", dem, scale=scale, unit=unit)).height_m
    dem[20:30, 30:50] = mark
    found = read(write_raster(tmp_path / "dem.tif", dem, scale=scale, unit=unit)).height_m
    hole = np.isnan(found) & ~np.isnan(whole)
    assert hole.sum() == pytest.approx(200, abs=40)
    assert np.nanmin(found) > 90.0


@pytest.mark.parametrize(
    ("height", "dtype", "scale", "is_known"),
    [
        (9999, np.int16, 0.1, True), (9999, np.uint16, 0.01, True), (32767, np.int32, 0.1, True),
        (32767, np.int16, 0.1, False), (65535, np.uint16, 0.01, False),
        (65535, np.float32, 0.01, True), (99999, np.float32, 0.1, False),
        (9999, np.int16, None, False),
    ],
)  # fmt: skip
def test_a_high_mark_is_a_height_where_land_may_be_so_high(
    tmp_path, height, dtype, scale, is_known
):
    dem = np.full((60, 80), 5000, dtype)
    dem[:, 40:] = height
    relief = read(write_raster(tmp_path / "dem.tif", dem, scale=scale), smooth=False)
    assert known_fraction(relief) == pytest.approx(1.0 if is_known else 0.5, abs=0.07)
    if is_known:
        assert np.nanmax(relief.height_m) == pytest.approx(height * scale)


@pytest.mark.parametrize("foot_crs", ["EPSG:2227", "EPSG:2926"])
def test_the_finest_counts_where_the_other_counts_in_feet(tmp_path, foot_crs):
    way = pyproj.Transformer.from_crs(foot_crs, "EPSG:32610", always_xy=True)
    placed = Affine(2.0, 0.0, 6_000_000.0, 0.0, -2.0, 2_100_000.0)  # cells of 0.61 m
    x, y = way.transform(6_000_000.0, 2_100_000.0)
    own = Affine(1.0, 0.0, x - 5.0, 0.0, -1.0, y + 5.0)
    plain = np.zeros((60, 60), np.float32)
    feet = write_raster(tmp_path / "feet.tif", plain, crs=foot_crs, transform=placed)
    metric = write_raster(tmp_path / "metric.tif", plain, crs="EPSG:32610", transform=own)
    finest = join_sheets(read_sheet(path) for path in (metric, feet))[0]
    assert finest.sheets[0][0].path == feet


def test_beside_a_hole_a_height_is_drawn_from_those_that_are_known():
    height_m = np.full((9, 9), 100.0, np.float32)
    height_m[4, 4] = np.nan
    relief = Relief(Window(0, 0, 9, 9, 1.0), height_m)
    x, y = np.meshgrid(np.linspace(0.1, 8.9, 45), np.linspace(0.1, 8.9, 45))
    found = relief.at(np.column_stack([x.ravel(), y.ravel()]))
    np.testing.assert_allclose(found[~np.isnan(found)], 100.0, rtol=1e-6)
    np.testing.assert_array_equal(np.isnan(found), ((x // 1 == 4) & (y // 1 == 4)).ravel())


def test_a_text_grid_takes_the_system_that_is_stated(tmp_path):
    path = tmp_path / "dem.asc"
    head = "ncols 80\nnrows 60\nxllcorner {}\nyllcorner {}\ncellsize 1\nNODATA_value -9999\n"
    rows = "\n".join(" ".join(f"{value:.3f}" for value in row) for row in hillside())
    path.write_text(head.format(CORNER[0], CORNER[1] - 60.0) + rows + "\n", encoding="ascii")
    assert "--raster-crs EPSG:25833" in refusal(path, kind=CoordinateError)
    stated = read(path, stated_crs="EPSG:25833")
    whole = read(write_raster(tmp_path / "dem.tif", hillside()))
    np.testing.assert_allclose(stated.height_m, whole.height_m, atol=2e-3)
    assert "none that we know" in refusal(path, kind=CoordinateError, stated_crs="EPSG:1")


# ------------------------------------------------------------------ refusals


def test_what_is_no_raster_of_heights_is_refused(tmp_path):
    assert "does not exist" in refusal(tmp_path / "no.tif")
    assert "does not exist" in refusal(tmp_path / "no*.tif")
    (tmp_path / "empty").mkdir()
    assert "folder without rasters" in refusal(tmp_path / "empty")
    (tmp_path / "void.tif").touch()
    assert "is empty" in refusal(tmp_path / "void.tif")
    (tmp_path / "text.tif").write_text("no raster\n" * 99, encoding="ascii")
    assert "does not read as a raster" in refusal(tmp_path / "text.tif")
    bands = write_raster(tmp_path / "rgb.tif", np.zeros((3, 9, 9), np.uint8))
    assert "has 3 bands" in refusal(bands)
    odd = write_raster(tmp_path / "miles.tif", hillside(), unit="fathom")
    assert "'fathom'" in refusal(odd)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
@pytest.mark.parametrize("compress", [None, "deflate"])
def test_a_torn_file_is_refused(tmp_path, share, compress):
    rng = np.random.default_rng(1)
    whole = write_raster(
        tmp_path / "whole.tif",
        hillside(300, 300) + rng.uniform(0, 1, (300, 300)).astype(np.float32),
        **({"compress": compress} if compress else {}),
    )
    torn = tmp_path / "torn.tif"
    torn.write_bytes(whole.read_bytes()[: int(share * whole.stat().st_size)])
    said = refusal(torn, bounds=box_around(300, 300))
    assert "download it again" in said
    assert "torn.tif" in said


def test_a_raster_that_does_not_say_where_it_lies_is_refused(tmp_path):
    assert "in which system" in refusal(
        write_raster(tmp_path / "no_crs.tif", hillside(), crs=None), kind=CoordinateError
    )
    bare = tmp_path / "bare.tif"
    with pytest.warns(match="identity"):
        write_raster(bare, hillside(), crs=None, transform=Affine.identity())
    assert "where it lies" in refusal(bare, kind=CoordinateError)


def test_a_raster_of_elsewhere_says_where_it_lies(tmp_path):
    path = write_raster(tmp_path / "dem.tif", hillside())
    said = refusal(path, bounds=(20_000.0, 20_000.0, 21_000.0, 21_000.0))
    assert "does not touch the city" in said
    assert f"{LATITUDE:.1f}" in said
    assert f"{LONGITUDE:.1f}" in said


def test_a_raster_that_is_blank_here_is_refused(tmp_path):
    blank = write_raster(tmp_path / "blank.tif", np.full((60, 80), -9999, np.int16))
    assert "are blank" in refusal(blank)


def test_heights_that_are_no_metres_are_refused(tmp_path):
    tall = write_raster(tmp_path / "cm.tif", (hillside() * 100.0).astype(np.int32))
    assert "centimetres" in refusal(tall)


def test_a_surface_model_that_shows_no_roofs_is_refused(tmp_path):
    coarse = write_raster(tmp_path / "dsm.tif", hillside(), cell=30.0)
    assert "neither roofs nor crowns" in refusal(coarse, smooth=False)
    assert read(coarse).window.cell_m == 30.0
    assert read(coarse, smooth=False, model=ReliefModel(coarsest_m=50.0)).window.cell_m == 30.0


def test_files_are_told_with_their_licence(tmp_path):
    one, two = (write_raster(tmp_path / f"{name}.tif", hillside()) for name in "ab")
    told = tell_sheets([two, one], credit="GeoSN,  dl-de/by-2-0")
    assert told["source"] == "a.tif, b.tif"
    assert told["licence"] == "GeoSN, dl-de/by-2-0"
    assert told == tell_sheets([one, two], credit="GeoSN, dl-de/by-2-0")
    assert tell_sheets([one])["licence"] == "licence not stated"
