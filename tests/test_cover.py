"""What covers the ground where one waits: shares that sum to 1, from map and codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from made_osm import MadeOsm

from hiro.cover import COVERS, RASTER_COVERS, CoverModel, find_cover, read_skins, share_covers
from solarpass.city import build_city
from solarpass.osm import read_osm


@given(
    hnp.arrays(
        np.int8,
        st.tuples(st.integers(1, 6), st.integers(1, 30)),
        elements=st.integers(-1, len(COVERS) - 1),
    )
)
def test_shares_are_counts_of_what_is_known(codes):
    shares = share_covers(codes)
    assert shares.shape == (len(codes), len(COVERS))
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(codes)))
    for row, share in zip(codes, shares, strict=True):
        known = row[row >= 0]
        expected = [
            np.mean(known == k) if known.size else float(k == 0) for k in range(len(COVERS))
        ]
        assert share == pytest.approx(expected)


@pytest.mark.parametrize(("radius_m", "grid_m"), [(5.0, 1.0), (2.0, 0.5), (0.0, 1.0)])
def test_points_fill_a_disc(radius_m, grid_m):
    points = CoverModel(radius_m=radius_m, grid_m=grid_m).offsets()
    assert np.hypot(*points.T).max(initial=0.0) <= radius_m
    assert len(points) * grid_m**2 == pytest.approx(max(np.pi * radius_m**2, grid_m**2), rel=0.15)
    assert np.abs(points.mean(axis=0)).max() < 1e-9
    assert len(np.unique(points, axis=0)) == len(points)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Lay a park with a pond, a car park, a sand pit, a house and a platform in the grass."""
    made = MadeOsm(51.05, 13.74).streets()
    made.box(-200, 20, -20, 200, leisure="park")
    made.box(-120, 100, -90, 130, natural="water")
    made.box(20, 20, 60, 50, amenity="parking")
    made.box(-180, 30, -150, 50, leisure="playground")
    made.box(100, -60, 130, -20, building="yes")
    made.box(60, 20, 80, 50, building="yes")
    made.box(-60, 160, -40, 164, public_transport="platform", highway="platform")
    path = made.write(tmp_path_factory.mktemp("made") / "made.osm.pbf")
    return build_city(read_osm(path), name="Made")


def at(city, *xy):
    longitude, latitude = zip(*[MadeOsm(51.05, 13.74).degrees(x, y) for x, y in xy], strict=True)
    return np.asarray(city.to_local(np.array(latitude), np.array(longitude)), float)


def test_the_map_tells_what_one_stands_on(city):
    places = [(300, -300), (-60, 60), (-105, 115), (40, 35), (-165, 40), (115, -40)]
    found = find_cover(city, at(city, *places))
    assert found.shape == (6, len(COVERS))
    assert found.sum(axis=1) == pytest.approx(np.ones(6))
    for row, name in zip(found, ("paving", "grass", "water", "asphalt"), strict=False):
        assert row[COVERS.index(name)] == pytest.approx(1.0), name
    assert found[5].tolist() == [1.0, *[0.0] * 5]  # in a house


def test_at_an_edge_both_sides_count_and_a_house_is_no_ground(city):
    edge, wall = find_cover(city, at(city, (-100, 200), (98, -40)))
    assert edge[COVERS.index("grass")] == pytest.approx(0.5, abs=0.08)
    assert edge[0] == pytest.approx(0.5, abs=0.08)
    assert wall[0] == 1.0
    assert find_cover(city, at(city, (59, 35)))[0, COVERS.index("asphalt")] == 1.0
    near, far = find_cover(city, at(city, (-50, 162), (-50, 172)))
    assert near[0] > 0.3  # the platform lies on the grass
    assert far[COVERS.index("grass")] == 1.0


def test_every_cover_and_the_wall_have_a_skin():
    skins = read_skins()
    assert set(skins) == {*COVERS, "wall"}
    for name, skin in skins.items():
        assert 0.0 < skin.albedo < 0.6, name
        assert 0.85 < skin.emissivity <= 1.0, name
        assert skin.admittance >= 500.0, name
        assert skin.resistance_s_m >= 0.0, name
    assert {name for name, skin in skins.items() if np.isfinite(skin.resistance_s_m)} == {
        *("grass", "soil", "water")
    }
    assert set(RASTER_COVERS.values()) - {None} <= set(COVERS)
