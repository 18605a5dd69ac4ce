"""Ways on the ground: heights along them, and bridges that care for no valley."""

import numpy as np
import pytest
import shapely

from solarpass.relief import Relief
from solarpass.slope import SlopeModel, lay_on_ground, raise_decks
from solarpass.window import Window

NOWHERE = np.empty(0, object)


def ground(height, *, half_m=600, cell_m=2.0):
    n = round(2 * half_m / cell_m)
    at = (np.arange(n) - n / 2 + 0.5) * cell_m
    height_m = np.asarray(height(*np.meshgrid(at, at)), np.float32)
    return Relief(Window(-n // 2, -n // 2, n, n, cell_m), height_m)


def valley(x, _):
    """Cut a valley 200 m wide and 30 m deep along the y axis."""
    return 80.0 + np.clip(np.abs(x) - 100.0, -30.0, 0.0) + 0.01 * x


def lay(lines, dem, *, spans=None, courses=NOWHERE):
    spans = np.zeros(len(lines), bool) if spans is None else np.array(spans)
    return lay_on_ground([np.array(xy, float) for xy in lines], dem, spans=spans, courses=courses)


def test_a_way_keeps_its_shape_and_its_vertices():
    bent = np.array([(0.0, 0.0), (3.0, 4.0), (103.0, 4.0), (103.0, -50.0)])
    [xy], [z] = lay([bent], ground(lambda x, y: 0.1 * x + 0.2 * y))
    assert len(xy) == len(z)
    assert shapely.LineString(xy).length == pytest.approx(shapely.LineString(bent).length)
    for corner in bent:
        assert (np.abs(xy - corner).sum(axis=1) < 1e-9).any()
    assert np.hypot(*np.diff(xy, axis=0).T).max() <= SlopeModel().step_m + 1e-9


def test_on_a_plane_the_heights_along_a_straight_way_are_exact():
    [xy], [z] = lay([[(0.0, 0.0), (250.0, 120.0)]], ground(lambda x, y: 5.0 + 0.1 * x - 0.03 * y))
    assert z == pytest.approx(5.0 + xy @ [0.1, -0.03], abs=1e-3)


def test_noise_of_a_terrain_model_makes_no_hills_between_close_vertices():
    rng = np.random.default_rng(0)
    noisy = ground(lambda x, _: 50.0 + rng.normal(0.0, 0.15, x.shape))
    along = np.arange(0.0, 200.0, 0.5)
    [xy], [z] = lay([np.column_stack([along, 0.1 * np.sin(along)])], noisy)
    slope = np.abs(np.diff(z) / np.hypot(*np.diff(xy, axis=0).T))
    assert slope.max() < 0.05


def test_a_bridge_leads_from_brink_to_brink_in_however_many_pieces():
    dem = ground(valley)
    whole = np.array([(-120.0, 0.0), (120.0, 0.0)])
    pieces = [np.array([(a, 1.5), (b, 1.5)]) for a, b in ((-120.0, -20.0), (-20.0, 120.0))]
    ways = np.array(
        [shapely.LineString([(-120, 0), (0, 0)]), shapely.LineString([(0, 0), (120, 0)])]
    )
    xy, z = lay([whole, *pieces, whole], dem, spans=[True, True, True, False], courses=ways)
    for number in range(3):
        assert z[number] == pytest.approx(80.0 + 0.01 * xy[number][:, 0], abs=0.05)
    assert z[3].min() == pytest.approx(50.0, abs=1.0)  # who walks below goes down and up
    level = raise_decks(np.array([5.0, 5.0, 5.0, 0.0]), xy, z, dem)
    assert level[:3] == pytest.approx([30.0, 30.0, 30.0], abs=0.5)
    assert level[3] == 0.0


def test_a_bridge_stays_up_where_another_crosses_it():
    dem = ground(valley)
    along = np.array([(-120.0, 0.0), (120.0, 0.0)])
    across = np.array([(0.0, -120.0), (0.0, 120.0)])
    courses = np.array([shapely.LineString(along), shapely.LineString(across)])
    xy, z = lay([along], dem, spans=[True], courses=courses)
    assert z[0] == pytest.approx(80.0 + 0.01 * xy[0][:, 0], abs=0.05)


def test_no_ways_are_laid_on_no_ground():
    assert lay([], ground(valley)) == ([], [])


def test_a_deck_over_a_road_stays_as_high_as_was_told():
    dem = ground(lambda x, _: np.zeros_like(x))
    xy, z = lay([[(0.0, 0.0), (60.0, 0.0)]], dem)
    assert raise_decks(np.array([5.0]), xy, z, dem).tolist() == [5.0]


def test_unknown_ground_stays_unknown():
    dem = ground(lambda x, _: np.zeros_like(x), half_m=100)
    [_], [z] = lay([[(0.0, 0.0), (400.0, 0.0)]], dem)
    assert not np.isnan(z[0])
    assert np.isnan(z[-1])
