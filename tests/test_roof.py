"""What a shelter hides: closed forms of a rectangle overhead, and shares that must be shares."""

import math
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiro.roof import Roof, RoofModel, find_mixture, find_roof
from hiro.shelter import SHELTERS

KINDS = ("none", "opaque", "green_roof", "film", "clear_open", "clear_closed")
SUN = np.linspace(0.5, 89.5, 90)


def overhead(a_m, b_m, up_m):
    """View factor of a rectangle overhead, from beneath its middle: four corners."""
    a, b = a_m / 2.0 / up_m, b_m / 2.0 / up_m
    p, q = math.hypot(1.0, a), math.hypot(1.0, b)
    return 4.0 / (2.0 * math.pi) * (a / p * math.atan(b / p) + b / q * math.atan(a / q))


def test_no_shelter_is_nothing():
    roof = find_roof("none")
    assert roof.pass_beam(SUN).tolist() == [1.0] * 90
    assert (roof.hidden_up, roof.hidden_side) == (0.0, 0.0)
    assert (roof.passed_up, roof.passed_side, roof.wind_factor) == (1.0, 1.0, 1.0)


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 12.0), st.floats(0.8, 6.0), st.floats(2.0, 4.0))
def test_a_roof_hides_what_a_rectangle_does(length_m, depth_m, height_m):
    model = RoofModel(length_m=length_m, depth_m=depth_m, height_m=height_m)
    roof = find_roof("clear_open", model)  # no panes
    assert roof.hidden_up == pytest.approx(overhead(length_m, depth_m, height_m - 1.1), abs=0.01)
    assert roof.passed_up == pytest.approx(1.0 - 0.2 * roof.hidden_up, abs=1e-9)


def test_the_beam_beneath_a_roof_is_that_of_its_moved_shadow():
    """A slow twin: where ground in shade and shelter's ground still meet, turn by turn."""
    model = RoofModel()
    roof = find_roof("clear_open", model)
    for elevation_deg in (5.5, 20.5, 38.5, 60.5, 80.5):
        away = (model.height_m - model.eye_m) / math.tan(math.radians(elevation_deg))
        turns = np.radians(np.arange(7200) / 20.0)
        meets = (away * np.abs(np.cos(turns)) < model.length_m) & (
            away * np.abs(np.sin(turns)) < model.depth_m
        )
        told = roof.pass_beam(np.array([elevation_deg]))[0]
        assert told == pytest.approx(1.0 - 0.2 * meets.mean(), abs=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_shares_are_shares(kind):
    roof = find_roof(kind)
    for item in fields(Roof):
        values = np.asarray(getattr(roof, item.name))
        assert np.isfinite(values).all(), item.name
        if item.name != "warming_k":
            assert ((values >= 0.0) & (values <= 1.0)).all(), item.name
    assert 0.0 <= roof.warming_k <= 20.0
    assert ((roof.pass_beam(SUN) >= 0.0) & (roof.pass_beam(SUN) <= 1.0)).all()


@pytest.mark.parametrize("kind", ["opaque", "green_roof"])
def test_nothing_passes_an_opaque_roof_at_high_sun(kind):
    assert find_roof(kind).pass_beam(np.array([45.0, 60.0, 89.0])).max() == 0.0
    assert find_roof(kind).pass_beam(np.array([5.0]))[0] > 0.5  # it comes in beneath


def test_what_lets_through_less_shades_more():
    beams = [find_roof(kind).pass_beam(SUN) for kind in ("opaque", "film", "clear_open", "none")]
    for darker, clearer in pairwise(beams):
        assert (darker <= clearer + 1e-12).all() or darker[60:].max() <= clearer[60:].min()
    closed, opened = find_roof("clear_closed"), find_roof("clear_open")
    assert (closed.beam <= opened.beam + 1e-12).all()
    assert closed.hidden_side > opened.hidden_side
    assert closed.wind_factor < opened.wind_factor


def test_a_larger_roof_hides_more():
    small, large = RoofModel(), replace(RoofModel(), length_m=8.0, depth_m=3.0)
    for kind in KINDS[1:]:
        assert find_roof(kind, large).hidden_up > find_roof(kind, small).hidden_up
        assert (find_roof(kind, large).beam <= find_roof(kind, small).beam + 1e-12).all()


@pytest.mark.parametrize("shelter", SHELTERS)
def test_a_mixture_is_of_kinds_that_are_none(shelter):
    mixture = find_mixture(shelter)
    assert sum(mixture.values()) == pytest.approx(1.0)
    assert set(mixture) <= set(KINDS)
    assert min(mixture.values()) > 0.0
    assert len(mixture) == (1 if shelter in KINDS else {"roofed": 5, "unknown": 6}[shelter])


def test_what_is_unknown_is_none_or_roofed():
    """Of 2235 stops of Dresden 864 have a shelter; these are as any roof."""
    unknown, roofed = find_mixture("unknown"), find_mixture("roofed")
    assert "none" not in roofed
    assert unknown["none"] == pytest.approx(1371 / 2235, abs=0.005)
    for kind, share in roofed.items():
        assert unknown[kind] == pytest.approx(share * 864 / 2235, abs=0.005)


@pytest.mark.parametrize(
    ("kind", "size"), [("sail", (6.0, 6.0, 3.0)), ("pergola", (4.0, 3.0, 2.6))]
)
def test_a_kind_has_its_own_size(kind, size):
    """What is bought tells its size in the table; no model of shelters changes it."""
    length_m, depth_m, height_m = size
    roof = find_roof(kind)
    assert roof.hidden_up == pytest.approx(overhead(length_m, depth_m, height_m - 1.1), abs=0.01)
    assert find_roof(kind, RoofModel(length_m=2.0)).hidden_up == roof.hidden_up
    assert find_roof("film_open", RoofModel(length_m=2.0)).hidden_up < (
        find_roof("film_open").hidden_up
    )


def test_a_film_darkens_and_open_panes_let_the_wind_in():
    for pane in ("open", "closed"):
        film, clear = find_roof(f"film_{pane}"), find_roof(f"clear_{pane}")
        assert film.pass_beam(SUN[-30:]).max() < clear.pass_beam(SUN[-30:]).min()
        assert film.wind_factor == clear.wind_factor
        assert film.warming_k > clear.warming_k
    assert find_roof("film_open").wind_factor > find_roof("film_closed").wind_factor
