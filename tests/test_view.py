"""What a waiting person sees all around: closed forms, a dense twin, and another program."""

from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenes import ON_GROUND, crowns, world

from hiro.view import N_SECTORS, View, ViewModel, build_view, direction_weights
from solarpass.surface import SurfaceModel, surface_from_arrays

POINT = ViewModel(spread_m=0.0)  # a point, as the closed forms have it
LOW = replace(ON_GROUND, lowest_deg=0.3)


def look(surface, *xy, model=POINT, leaf_fraction=1.0) -> View:
    return build_view(
        surface,
        np.array(xy or ((0.0, 0.0),), float),
        latitude_deg=50.0,
        leaf_fraction=leaf_fraction,
        model=model,
    )


def check_sums(view):
    """Check that all that is seen is told, once."""
    parts = view.factors()
    assert set(parts) == {"sky", "solid", "crown", "ground"}
    total = sum(parts.values())
    assert total == pytest.approx(np.ones((5, view.n_places)), abs=1e-9)
    for part in parts.values():
        assert part.min() >= -1e-9
        assert part.max() <= 1.0 + 1e-9
    assert parts["ground"][0].tolist() == [0.0] * view.n_places
    assert parts["sky"][0] == pytest.approx(view.sky_view_factor)
    assert view.body.sum(axis=1) == pytest.approx(np.ones(view.n_places))
    assert view.ground.sum(axis=2) == pytest.approx(np.ones((5, view.n_places)))


# --- closed forms


def test_open_ground_sees_the_sky_and_half_the_ground():
    view = look(world(), (0, 0), (50, 50))
    check_sums(view)
    assert view.factors()["sky"] == pytest.approx(np.array([[1.0] * 2] + [[0.5] * 2] * 4))


@pytest.mark.parametrize("ratio", [0.25, 0.5, 1.0, 2.0])
def test_an_endless_street(ratio):
    """Strips as long as far: by their angles in the cross-section."""
    width_m = 20.0
    walls = [
        (shapely.box(-4000, 10, 4000, 15), width_m * ratio),
        (shapely.box(-4000, -15, 4000, -10), width_m * ratio),
    ]
    view = look(world(*walls, model=LOW))
    check_sums(view)
    up = np.arctan(2.0 * ratio)
    solid = view.factors()["solid"][:, 0]
    across, along = 0.5 * np.sin(up), up / np.pi
    assert view.sky_view_factor[0] == pytest.approx(np.cos(up), abs=0.01)
    assert solid == pytest.approx([1.0 - np.cos(up), across, along, across, along], abs=0.01)


@pytest.mark.parametrize("skyline_deg", [10.0, 30.0, 45.0, 70.0])
def test_a_round_basin(skyline_deg):
    high = np.deg2rad(skyline_deg)
    ring = shapely.Point(0, 0).buffer(30, quad_segs=64) - shapely.Point(0, 0).buffer(
        20, quad_segs=64
    )
    view = look(world((ring, 20.0 * np.tan(high)), model=LOW))
    check_sums(view)
    assert view.sky_view_factor[0] == pytest.approx(np.cos(high) ** 2, abs=0.015)
    beside = 0.5 * (high + np.sin(high) * np.cos(high)) / (np.pi / 2.0)
    assert view.factors()["solid"][1:, 0] == pytest.approx([beside] * 4, abs=0.012)
    assert view.tangent[0] == pytest.approx(np.full(N_SECTORS, np.tan(high)), rel=0.06)


@pytest.mark.parametrize(("side", "box"), [(0, (-4000, 10, 4000, 20)), (1, (10, -4000, 20, 4000))])
def test_one_long_wall(side, box):
    """Facing it, with the back to it, and past it."""
    view = look(world((shapely.box(*box), 10.0), model=LOW))
    check_sums(view)
    up = np.pi / 4.0
    assert view.sky_view_factor[0] == pytest.approx(0.5 + 0.5 * np.cos(up), abs=0.01)
    faces = np.roll([0.5 * np.sin(up), up / (2 * np.pi), 0.0, up / (2 * np.pi)], side)
    assert view.factors()["solid"][1:, 0] == pytest.approx(faces, abs=0.01)


def test_a_wood_overhead_lets_its_share_of_the_sky_through():
    disc = shapely.Point(0, 0).buffer(12.0, quad_segs=64)
    edge = np.arctan2(5.0, 12.0)
    for passed, leaf_fraction in (((0.03, 0.45), 1.0), ((0.03, 0.7), 0.0), ((0.2, 0.2), 0.5)):
        wood = crowns(woods=[(disc, 5.0, 14.0)], transmittance=passed)
        view = look(world(layers=(wood,), model=ON_GROUND), leaf_fraction=leaf_fraction)
        check_sums(view)
        through = passed[1] + leaf_fraction * (passed[0] - passed[1])
        crown = (1.0 - through) * np.cos(edge) ** 2
        assert view.factors()["crown"][0, 0] == pytest.approx(crown, abs=0.03)
        assert view.factors()["solid"].max() == 0.0
    bare = look(world(layers=(crowns(woods=[(disc, 5.0, 14.0)]),)), leaf_fraction=0.0)
    leafy = look(world(layers=(crowns(woods=[(disc, 5.0, 14.0)]),)), leaf_fraction=1.0)
    half = look(world(layers=(crowns(woods=[(disc, 5.0, 14.0)]),)), leaf_fraction=0.5)
    assert half.sky_view_factor * 2 == pytest.approx(bare.sky_view_factor + leafy.sky_view_factor)


def test_a_crown_behind_a_wall_is_the_walls():
    wall = (shapely.box(-400, 8, 400, 12), 20.0)
    tree = crowns([(0.0, 30.0, 10.0, 3.0, 12.0)])
    alone, both = look(world(wall)), look(world(wall, layers=(tree,)))
    assert both.factors()["solid"] == pytest.approx(alone.factors()["solid"], abs=1e-9)
    assert both.factors()["crown"].max() == pytest.approx(0.0, abs=1e-9)


# --- a slow twin


def cast_rays(boxes, eye_m=1.1, n_turns=360, n_heights=180):
    """Look in every direction at boxes on the ground: share that is solid, up and to four sides."""
    turn = (np.arange(n_turns) + 0.5) * 2 * np.pi / n_turns
    lift = (np.arange(n_heights) + 0.5) * np.pi / 2 / n_heights
    steps = np.zeros((n_turns, n_heights), bool)
    for west, south, east, north, height_m in boxes:
        ways = []
        for low, high, toward in ((west, east, np.sin(turn)), (south, north, np.cos(turn))):
            ends = np.sort(np.stack([low / toward, high / toward]), axis=0)
            ways.append(ends)
        near = np.maximum(ways[0][0], ways[1][0])
        far = np.minimum(ways[0][1], ways[1][1])
        hit = (near < far) & (far > 0.0) & (near > 0.0)
        top = np.arctan2(height_m - eye_m, np.where(hit, near, 1.0))
        steps |= hit[:, None] & (lift[None] < top[:, None])
    solid = np.cos(lift) * (np.pi / 2 / n_heights) * (2 * np.pi / n_turns)
    up = (steps * solid * np.sin(lift)).sum() / np.pi
    sides = []
    for azimuth in np.deg2rad([0.0, 90.0, 180.0, 270.0]):
        facing = np.maximum(np.cos(turn - azimuth), 0.0)[:, None] * np.cos(lift)
        sides.append((steps * solid * facing).sum() / np.pi)
    return np.array([up, *sides])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 7),
            st.floats(8, 40),
            st.integers(4, 16),
            st.integers(4, 16),
            st.floats(3, 25),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_boxes_are_seen_as_dense_rays_see_them(drawn):
    boxes = []
    for eighth, away_m, wide, deep, height_m in drawn:
        x, y = away_m * np.sin(eighth * np.pi / 4 + 0.2), away_m * np.cos(eighth * np.pi / 4 + 0.2)
        x, y = x + np.sign(x) * wide / 2, y + np.sign(y) * deep / 2
        boxes.append((x - wide / 2, y - deep / 2, x + wide / 2, y + deep / 2, height_m))
    boxes = [
        box for box in boxes if not (box[0] < 3 and box[2] > -3 and box[1] < 3 and box[3] > -3)
    ]
    view = look(world(*[(shapely.box(*box[:4]), box[4]) for box in boxes]))
    check_sums(view)
    assert view.factors()["solid"][:, 0] == pytest.approx(cast_rays(boxes), abs=0.025)


def test_athens_sees_as_much_sky_as_another_program_has_it(reference_data):
    """UMEP's, on the ground; ours begins walls half a step earlier and sees a little less."""
    folder = reference_data / "validation" / "athens"
    with rasterio.open(folder / "DSM.tif") as dsm, rasterio.open(folder / "DEM.tif") as dem:
        solid_m, ground_m = dsm.read(1), dem.read(1)
    expected = np.load(folder / "svf_total.npy")
    surface = surface_from_arrays(
        solid_m, cell_m=1.0, north_m=400.0, ground_m=ground_m, model=SurfaceModel(eye_m=0.0)
    )
    low = np.abs(solid_m - ground_m) < 0.3
    low[:20], low[-20:], low[:, :20], low[:, -20:] = False, False, False, False
    row, column = np.nonzero(low)
    some = slice(None, None, 41)
    row, column = row[some], column[some]
    view = look(surface, *zip(column + 0.5, 400.0 - row - 0.5, strict=True))
    off = view.sky_view_factor - expected[row, column]
    assert len(row) > 500
    assert np.abs(off.mean()) < 0.03
    assert np.median(np.abs(off)) < 0.03


# --- places


def _n_near(view):
    """Count the points at which one may stand: all but two rings of eight."""
    return view.body.shape[1] - 16


def scene():
    walls = [(shapely.box(10, 5, 30, 18), 14.0), (shapely.box(-30, -20, -8, -10), 8.0)]
    return world(*walls, layers=(crowns([(0.0, 9.0, 8.0, 3.0, 11.0), (-15, 3, 6, 2, 7)]),))


def test_neither_the_order_nor_the_company_of_places_matters():
    xy = np.random.default_rng(0).uniform(-40, 40, (40, 2))
    turned = np.random.default_rng(1).permutation(40)
    all_at_once = look(scene(), *xy, model=ViewModel())
    mixed = look(scene(), *xy[turned], model=ViewModel())
    for name in ("up", "side"):
        one, other = getattr(all_at_once, name)[:, turned], getattr(mixed, name)
        assert other == pytest.approx(one, abs=1e-12)
    assert mixed.body.tolist() == all_at_once.body[turned].tolist()
    assert mixed.tangent == pytest.approx(all_at_once.tangent[turned], abs=1e-9)
    alone = look(scene(), xy[7], model=ViewModel())
    assert alone.up[:, 0] == pytest.approx(all_at_once.up[:, 7], abs=1e-12)
    check_sums(all_at_once)


def test_who_stands_in_a_house_is_flagged():
    view = look(scene(), (20, 11), (0, 0), (10.5, 11), model=ViewModel())
    assert view.is_indoors.tolist() == [True, False, False]
    assert (view.body[2] == 0.0).sum() >= 3  # the points within walls are not stood at
    assert (view.body[1] > 0.0).sum() == _n_near(view)
    assert view.sky_view_factor[0] == pytest.approx(0.0, abs=1e-6)
    check_sums(view)


def test_the_spread_takes_the_mean_of_where_one_may_stand():
    """Along a wall: the mean over a band of distances."""
    wall = world((shapely.box(-4000, 10, 4000, 20), 10.0), model=LOW)
    spread = look(wall, model=ViewModel(spread_m=2.0))
    band = look(wall, *[(0.0, y) for y in np.linspace(-2.0, 2.0, 9)])
    assert spread.sky_view_factor[0] == pytest.approx(band.sky_view_factor.mean(), abs=2e-3)
    assert spread.sky_view_factor[0] != look(wall).sky_view_factor[0]


def test_most_of_the_ground_that_is_seen_is_near():
    """
    Below 1.1 m the disc of 2 m takes 1 / (1 + (2 / 1.1)²) less of a patch that faces down.

    Closed form: a patch at height h sees within radius r the share r² / (r² + h²).
    """
    view = look(world(), model=ViewModel())
    n = _n_near(view)
    near = view.ground[0, 0, :n].sum()
    assert near == pytest.approx(2.0**2 / (2.0**2 + 1.1**2), abs=1e-9)
    first = view.ground[0, 0, n : n + 8].sum()
    assert near + first == pytest.approx(6.0**2 / (6.0**2 + 1.1**2), abs=1e-9)
    # Each of the four looks ahead, not back.
    for d, way in enumerate(((0, 1), (1, 0), (0, -1), (-1, 0)), start=1):
        ahead = (view.outlook.xy - 0.0) @ np.array(way, float)
        assert view.ground[d, 0, n:][ahead[n:] < -1e-9].max() == 0.0
        assert (view.ground[d, 0] @ ahead) > 0.5


def test_directions_weigh_sectors_by_their_cosine():
    weights = direction_weights()
    assert weights.sum(axis=1) == pytest.approx(np.ones(4))
    assert weights.argmax(axis=1).tolist() == [0, 9, 18, 27]
    assert weights.min() == 0.0


def test_arrays_are_locked():
    view = look(world())
    for name in ("up", "side", "tangent", "body", "ground", "is_indoors"):
        assert not getattr(view, name).flags.writeable
