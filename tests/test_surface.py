"""What stands where on the grid, and the shadow it casts at one instant."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio import Affine
from rasterio.features import rasterize
from scenes import ON_GROUND, crowns, solids, world

from solarpass import picture
from solarpass.caster import Window, pack_casters
from solarpass.errors import SourceError
from solarpass.picture import cast, cast_raster
from solarpass.surface import SurfaceModel, surface_from_arrays

AROUND = (-40.0, -40.0, 40.0, 40.0)


def area_m2(cells: np.ndarray, cell_m: float) -> float:
    return float(cells.sum()) * cell_m**2


def ring(outer_m: float, court_m: float) -> shapely.Polygon:
    half, hole = outer_m / 2, court_m / 2
    return shapely.box(-half, -half, half, half) - shapely.box(-hole, -hole, hole, hole)


# ------------------------------------------------------------------ shapes on the grid


@settings(max_examples=50, deadline=None)
@given(
    corners=st.lists(
        st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=3, max_size=8, unique=True
    ),
    hole_m=st.floats(0.5, 4),
)
def test_a_cell_belongs_to_the_shape_that_holds_its_centre(corners, hole_m):
    hull = shapely.convex_hull(shapely.multipoints(corners))
    shape = hull - shapely.affinity.scale(hull, *(hole_m / 8,) * 2)
    if shape.geom_type != "Polygon" or shape.area < max(1.0, 0.1 * shape.length):
        return  # what is no wider than a hand is no building
    window = Window.around((-10, -10, 10, 10), cell_m=0.5)
    burnt = solids((shape, 7.0)).burn(window)
    ours = np.zeros((40, 40), bool) if burnt is None else burnt[1] == 70
    by_gdal = rasterize(
        [(shape, 1)], out_shape=(40, 40), transform=Affine(0.5, 0, -10, 0, 0.5, -10)
    )
    # A centre on the outline may go either way.
    x, y = np.meshgrid(*(np.arange(40) * 0.5 - 9.75,) * 2)
    clear = shapely.distance(shapely.points(x, y), shape.boundary) > 1e-9
    assert (ours == (by_gdal == 1))[clear].all()


def test_a_disc_covers_the_cells_whose_centre_it_holds():
    window = Window.around((-10, -10, 10, 10), cell_m=0.25)
    low, high = crowns([(1.3, -0.7, 8.0, 3.0, 10.0)]).burn(window)
    x, y = np.meshgrid(*(np.arange(80) * 0.25 - 9.875,) * 2)
    assert ((high > 0) == (np.hypot(x - 1.3, y + 0.7) < 4.0)).all()
    assert set(np.unique(low)) == {30, 65_535}
    assert set(np.unique(high)) == {0, 100}


def test_a_cell_is_the_same_in_every_window():
    casters = solids((shapely.Point(3.3, 2.1).buffer(5.7), 9.0))
    wide = Window.around((-20, -20, 20, 20), cell_m=0.5)
    part = Window.around((1, -3, 6, 8), cell_m=0.5)
    _, whole = casters.burn(wide)
    _, cut = casters.burn(part)
    row, column = part.row - wide.row, part.column - wide.column
    assert (whole[row : row + part.n_rows, column : column + part.n_columns] == cut).all()


def test_the_higher_of_two_stands_whatever_their_order():
    low, high = (shapely.box(-5, -5, 5, 5), 6.0), (shapely.box(0, -5, 9, 5), 20.0)
    window = Window.around(AROUND, cell_m=0.5)
    there, back = solids(low, high).burn(window)[1], solids(high, low).burn(window)[1]
    assert (there == back).all()
    assert there[80, 82] == 200


def test_a_tower_that_rests_on_its_base_is_solid_to_the_ground():
    podium = (shapely.box(-10, -10, 10, 10), 12.0)
    frame = gpd.GeoDataFrame(
        {"base_m": [12.0, 3.0], "height_m": [40.0, 3.5]},
        geometry=[shapely.box(-4, -4, 4, 4), shapely.box(20, -4, 28, 4)],
    )
    tile = world(podium, layers=(pack_casters(frame),)).tile(Window.around(AROUND, cell_m=0.5))
    assert tile.solid[80, 80] == 400
    ((_, low, high),) = tile.crowns
    assert (low[80, 128], high[80, 128]) == (30, 35)
    assert high[80, 80] == 0


def test_what_has_no_height_or_no_width_casts_nothing():
    sliver = shapely.Polygon([(0, 0), (0, 30), (0.01, 15)])
    frame = gpd.GeoDataFrame(
        {"base_m": [0.0, 5.0, 0.0, 0.0], "height_m": [np.nan, 4.0, 9.0, -3.0]},
        geometry=[
            shapely.box(0, 0, 9, 9),
            shapely.box(0, 0, 9, 9),
            sliver,
            shapely.box(0, 0, 9, 9),
        ],
    )
    assert len(pack_casters(frame)) == 0


def test_rasters_of_different_shape_holes_or_off_the_grid_are_refused():
    flat = np.zeros((4, 4))
    with pytest.raises(SourceError, match="one shape"):
        surface_from_arrays(flat, cell_m=1.0, ground_m=np.zeros((4, 5)))
    with pytest.raises(SourceError, match="fill the holes"):
        surface_from_arrays(np.full((4, 4), np.nan), cell_m=1.0)
    with pytest.raises(SourceError, match="on the grid"):
        surface_from_arrays(flat, cell_m=1.0, west_m=0.3)


# ------------------------------------------------------------------ shadows of one instant


@pytest.mark.parametrize("azimuth_deg", [0.0, 90.0, 180.0, 270.0])
@pytest.mark.parametrize("elevation_deg", [15.0, 30.0, 60.0])
def test_a_wall_casts_its_height_over_the_tangent(azimuth_deg, elevation_deg):
    wall = shapely.affinity.rotate(shapely.box(-60, -1, 60, 1), azimuth_deg, origin=(0, 0))
    cell_m = 0.5
    sun = cast(
        world((wall, 9.0), model=ON_GROUND),
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        bounds=(-50.0, -50.0, 50.0, 50.0),
        cell_m=cell_m,
    ).sun
    middle = sun[:, 100] if azimuth_deg in (0.0, 180.0) else sun[100]
    shadow_m = (middle == 0.0).sum() * cell_m
    assert shadow_m == pytest.approx(9.0 / np.tan(np.deg2rad(elevation_deg)), abs=cell_m / 2 + 1e-9)


@pytest.mark.parametrize(("model", "expected_m2"), [(ON_GROUND, 240.0), (SurfaceModel(), 218.0)])
def test_a_court_is_shaded_by_its_south_wing_alone(model, expected_m2):
    # 12 m high, sun due south at 45°: 12 of the court's 20 m, or 12 - 1.1 at the eye.
    picture = cast(
        world((ring(40, 20), 12.0), model=model),
        azimuth_deg=180.0,
        elevation_deg=45.0,
        bounds=(-10.0, -10.0, 10.0, 10.0),
        cell_m=0.1,
    )
    assert area_m2(picture.sun == 0.0, 0.1) == pytest.approx(expected_m2, abs=1.0)
    assert not np.isnan(picture.sun).any()


def test_a_cube_and_its_shadow_cover_twice_its_footprint():
    # CompositeBuildings.jl: 0.0001° at the equator, as high as wide, sun vector (1, 0, 1);
    # rounded to the decimetres of our heights.
    side_m = 11.1
    sun = cast(
        world((shapely.box(0, 0, side_m, side_m), side_m), model=ON_GROUND),
        azimuth_deg=90.0,
        elevation_deg=45.0,
        bounds=(-15.0, -3.0, 15.0, 15.0),
        cell_m=0.03,
    ).sun
    dark_m2 = area_m2(np.isnan(sun) | (sun == 0.0), 0.03)
    assert dark_m2 / side_m**2 == pytest.approx(2.0, rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    azimuth_deg=st.floats(0, 360),
    elevation_deg=st.floats(8, 80),
    seed=st.integers(0, 2**16),
)
def test_one_sweep_equals_a_march_from_every_cell(azimuth_deg, elevation_deg, seed):
    rng = np.random.default_rng(seed)
    dsm = np.where(rng.random((13, 17)) < 0.15, rng.uniform(1, 12, (13, 17)), 0.0)
    top = np.where(rng.random((13, 17)) < 0.15, rng.uniform(4, 9, (13, 17)), np.nan)
    ours = cast_raster(
        dsm,
        cell_m=1.0,
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
        crown_top_m=top,
        crown_base_m=top / 4,
    )
    assert (ours == march(dsm, top, top / 4, azimuth_deg, elevation_deg)).all()


def march(dsm, top, base, azimuth_deg, elevation_deg):
    """Look from each cell along its line towards the sun, one row or column a step."""
    rasters = [array[::-1] for array in (dsm, top, base)]  # rows run north
    east, north = np.sin(np.deg2rad(azimuth_deg)), np.cos(np.deg2rad(azimuth_deg))
    transposed = abs(east) > abs(north)
    along, across = (east, north) if transposed else (north, east)
    rasters = [array.T if transposed else array for array in rasters]
    flipped = along < 0
    dsm, top, base = (array[::-1] if flipped else array for array in rasters)
    down = np.tan(np.deg2rad(elevation_deg)) / abs(along)
    rows, columns = dsm.shape
    line = np.floor(np.arange(rows) * across / abs(along) + 0.5 + 1e-9).astype(int)
    code = np.zeros(dsm.shape, np.uint8)
    for r, c in np.ndindex(dsm.shape):
        k = np.arange(1, rows - r)
        there = c + line[r + k] - line[r]
        k, there = k[(there >= 0) & (there < columns)], there[(there >= 0) & (there < columns)]
        z = dsm[r, c]
        crown = top[r + k, there] > z + (k - 1) * down
        crown &= base[r + k, there] <= z + k * down
        solid = dsm[r + k, there] - k * down > z
        code[r, c] = 1 if solid.any() else 2 if crown.any() else 0
    code = code[::-1] if flipped else code
    return (code.T if transposed else code)[::-1]


def test_a_sun_below_the_horizon_lights_nothing():
    surface = world((shapely.box(-5, -5, 5, 5), 20.0))
    sun = cast(surface, azimuth_deg=0.0, elevation_deg=0.0, bounds=AROUND, cell_m=1.0).sun
    assert np.nanmax(sun) == 0.0
    assert np.isnan(sun).sum() == 10 * 10  # inside the building, as by day
    assert (
        cast_raster(np.zeros((3, 3)), cell_m=1.0, azimuth_deg=0.0, elevation_deg=-5.0) == 1
    ).all()


def test_a_crown_shades_the_ground_beside_it_and_lets_a_low_sun_in_beneath():
    tree = world(layers=(crowns([(0, 0, 8.0, 3.0, 10.0)]),))
    high = cast(tree, azimuth_deg=180.0, elevation_deg=80.0, bounds=AROUND, cell_m=0.5).sun
    low = cast(tree, azimuth_deg=180.0, elevation_deg=15.0, bounds=AROUND, cell_m=0.5).sun
    assert high[80, 80] == pytest.approx(0.03)
    assert low[80, 80] == 1.0
    # The shadow's near rim: (3 - 1.1) / tan 15° = 7.1 m north of the crown's far edge at -4 m.
    north = np.flatnonzero(low[:80, 80] < 1.0)
    assert (80 - north.max() - 1) * 0.5 == pytest.approx(7.1 - 4.0, abs=0.5)
    assert (80 - north.min()) * 0.5 == pytest.approx(4.0 + 8.9 / np.tan(np.deg2rad(15)), abs=0.5)


def test_bare_crowns_let_more_through():
    tree = world(layers=(crowns([(0, 0, 8.0, 3.0, 10.0)]),))
    beam = {"azimuth_deg": 180.0, "elevation_deg": 80.0, "bounds": AROUND, "cell_m": 0.5}
    assert cast(tree, **beam, leaf_fraction=0.0).sun.min() == pytest.approx(0.45)
    assert cast(tree, **beam, leaf_fraction=0.5).sun.min() == pytest.approx(0.24)


def test_a_picture_lies_where_its_transform_says():
    surface = world((shapely.box(10, 20, 14, 23), 6.0))
    picture = cast(surface, azimuth_deg=90.0, elevation_deg=45.0, bounds=AROUND, cell_m=0.5)
    column, row = ~picture.transform @ (12.0, 21.5)
    assert np.isnan(picture.sun[int(row), int(column)])
    assert np.isnan(picture.sun).sum() == 4 * 3 * 4
    column, row = ~picture.transform @ (8.0, 21.5)
    assert picture.sun[int(row), int(column)] == 0.0


def test_beyond_the_extent_the_sun_is_unknown_unless_something_known_blocks_it():
    house = (shapely.box(30, -5, 34, 5), 20.0)
    extent = shapely.MultiPolygon([shapely.box(-200, -200, 40, 200)])
    surface = world(house, extent=extent)
    sun = cast(
        surface, azimuth_deg=90.0, elevation_deg=45.0, bounds=(-40, -40, 80, 40), cell_m=1.0
    ).sun
    row, x = 40, lambda metres: int(metres + 40)
    assert sun[row, x(0)] == 1.0  # the beam has risen over 20 m within the extent
    assert sun[row, x(28)] == 0.0  # behind the house
    assert np.isnan(sun[70, x(30)])  # 10 m from the rim, nothing known in the way
    assert np.isnan(sun[row, x(60)])  # outside
    nothing = world(house, extent=extent, knows_casters=False)
    assert np.isnan(cast(nothing, azimuth_deg=90.0, elevation_deg=45.0, cell_m=5.0).sun).all()


def test_a_picture_is_the_same_in_blocks_and_threads(monkeypatch):
    rng = np.random.default_rng(3)
    towers = [
        (shapely.box(x, y, x + 9, y + 6), h)
        for x, y, h in rng.uniform((-80, -80, 3), (80, 80, 30), (25, 3))
    ]
    surface = world(
        *towers, layers=(crowns(rng.uniform((-80, -80, 4, 2, 7), (80, 80, 9, 4, 15), (9, 5))),)
    )
    beam = {
        "azimuth_deg": 180.0,
        "elevation_deg": 25.0,
        "bounds": (-90, -90, 90, 90),
        "cell_m": 1.0,
    }
    whole = cast(surface, **beam).sun
    monkeypatch.setattr(picture, "N_THREADS", 1)
    monkeypatch.setattr(picture, "_BLOCK_M", 37.0)
    np.testing.assert_array_equal(cast(surface, **beam).sun, whole)


@pytest.mark.parametrize("bounds", [None, (0, 0, 0, 5), (0, np.nan, 5, 5)])
def test_senseless_bounds_are_refused(bounds):
    with pytest.raises(SourceError, match="Wanted"):
        cast(world((shapely.box(0, 0, 5, 5), 3.0)), azimuth_deg=0, elevation_deg=45, bounds=bounds)
