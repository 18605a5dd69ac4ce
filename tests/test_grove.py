"""Crowns added to an outlook are those that a march over the planted city would see."""

import dataclasses

import numpy as np
import pytest
import shapely
from scenes import crowns, sun_at, world

from solarpass.errors import SourceError
from solarpass.grove import add_crowns, take_points
from solarpass.outlook import build_outlook
from solarpass.shade import build_shade
from solarpass.surface import plant_crowns, surface_from_arrays

TREE = (0.03, 0.45)
SUNS = sun_at(*((azimuth, height) for azimuth in range(0, 360, 24) for height in (15, 35, 60)))
RANDOM = np.random.default_rng(5)


def town(extra=()):
    houses = [(shapely.box(x, 9, x + 12, 21), 6.0 + x % 7) for x in range(-60, 60, 15)]
    return world(*houses, layers=(crowns([(4, -6, 5, 2, 7)]), *extra))


def sun_of(outlook):
    return build_shade(outlook, SUNS).sun / 254.0


def points(n=300, half=14.0):
    return RANDOM.uniform((-half, -half), (half, 8.0), (n, 2))


@pytest.mark.parametrize(
    ("radius", "base", "top"), [(1.0, 2.5, 4.0), (3.0, 2.5, 10.0), (1.2, 0.5, 3.0)]
)
def test_planting_sees_what_a_march_sees(radius, base, top):
    surface, at = town(), np.array([[0.0, 0.0], [7.0, 3.0], [-8.0, -5.0]])
    xy = points()
    bare = build_outlook(surface, xy, latitude_deg=52.0)
    size = {"radius_m": radius, "base_m": base, "top_m": top, "transmittance": TREE}
    fast = add_crowns(bare, surface, at, **size)
    slow = build_outlook(plant_crowns(surface, at, **size), xy, latitude_deg=52.0)
    apart = np.abs(sun_of(fast) - sun_of(slow))
    changed = np.abs(sun_of(slow) - sun_of(bare)) > 0.5
    assert changed.mean() > 0.005  # there is something to get wrong
    # Cells of a quarter of a metre frame a disc; only at its rim the two may differ.
    assert (apart > 0.1).mean() < 0.1 * changed.mean()
    assert (
        abs(sun_of(fast).mean() - sun_of(slow).mean()) < 0.06 * changed.mean()
    )  # small discs get fatter


def test_the_beam_through_one_crown_is_where_geometry_says():
    surface = world()
    radius, base, top, eye = 2.0, 3.0, 6.0, surface.model.eye_m
    xy = np.array([[0.0, -d] for d in np.arange(2.5, 30.0, 0.5)])
    outlook = add_crowns(
        build_outlook(surface, xy, latitude_deg=52.0),
        surface,
        np.zeros((1, 2)),
        radius_m=radius,
        base_m=base,
        top_m=top,
        transmittance=(0.0, 0.0),
    )
    for height in (12.0, 20.0, 30.0, 45.0):
        slope = np.tan(np.deg2rad(height))
        away = -xy[:, 1]
        hit = (slope > (base - eye) / (away + radius)) & (slope < (top - eye) / (away - radius))
        rim = np.minimum(
            np.abs(slope - (base - eye) / (away + radius)),
            np.abs(slope - (top - eye) / (away - radius)),
        )
        clear = rim > 0.03 * (1.0 + slope**2)  # steps of elevation are up to 2° wide
        shaded = build_shade(outlook, sun_at((0.0, height))).sun[0] == 0
        assert (shaded == hit)[clear].all()
        assert clear.sum() > 30


def test_beneath_a_crown_the_zenith_is_covered():
    surface = world()
    here = np.zeros((1, 2))
    outlook = add_crowns(
        build_outlook(surface, here, latitude_deg=52.0),
        surface,
        here,
        radius_m=2.0,
        base_m=2.5,
        top_m=5.0,
        transmittance=(0.0, 0.0),
    )
    told = build_shade(outlook, sun_at((90.0, 80.0), (200.0, 60.0), (200.0, 20.0))).sun
    assert told[:3, 0].tolist() == [0, 0, 254]  # a low sun comes in from beside


def test_taking_points_keeps_their_outlook():
    surface, xy = town(), points(40)
    whole = build_outlook(surface, xy, latitude_deg=52.0)
    rows = RANDOM.permutation(len(xy))[:17]
    np.testing.assert_array_equal(sun_of(take_points(whole, rows)), sun_of(whole)[:, rows])
    assert take_points(whole, rows[:0]).n_edges == 0


def test_what_stood_there_still_shades():
    surface, xy = town(), points(60)
    bare = build_outlook(surface, xy, latitude_deg=52.0)
    planted = add_crowns(
        bare, surface, np.zeros((1, 2)), radius_m=3.0, base_m=2.0, top_m=8.0, transmittance=TREE
    )
    assert (sun_of(planted) <= sun_of(bare) + 1e-9).all()
    np.testing.assert_array_equal(planted.solid, bare.solid)
    assert dataclasses.asdict(planted).keys() == dataclasses.asdict(bare).keys()


def test_rasters_are_not_planted():
    surface = surface_from_arrays(np.zeros((8, 8)), cell_m=1.0)
    with pytest.raises(SourceError, match="got rasters"):
        plant_crowns(
            surface, np.zeros((1, 2)), radius_m=1.0, base_m=2.0, top_m=4.0, transmittance=TREE
        )
