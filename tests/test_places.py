import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solarpass.city import build_city
from solarpass.errors import PlaceError
from solarpass.osm import helsinki_path, read_osm
from solarpass.places import find_place, find_places


@pytest.fixture(scope="module")
def helsinki():
    return build_city(read_osm(helsinki_path()), name="Helsinki")


@pytest.fixture(scope="module")
def town(helsinki):
    """Put names of our own on the map of the built-in city."""
    rows = [
        ("Hauptstraße", "street", "Altstadt", 0, 0),
        ("Hauptstraße 2", "address", "Altstadt", 10, 0),
        ("Hauptstraße 10", "address", "Altstadt", 100, 0),
        ("Hauptstraße 12b", "address", "Altstadt", 120, 0),
        ("Berliner Straße", "street", "Neustadt", 300, 0),
        ("Alexanderplatz", "stop", "Mitte", 0, 300),
        ("Müllerstraße", "street", "Wedding", 0, 400),
        ("Café Zoë", "place", "Altstadt", 50, 50),
        ("Hauptbahnhof", "stop", None, 500, 500),
        ("Dorfstraße", "street", "Ost", 5000, 0),
        ("Dorfstraße", "street", "West", -5000, 0),
        ("Markt", "stop", "Mitte", 700, 0),
        ("Markt", "stop", "Mitte", 720, 20),
    ]
    name, kind, detail, x, y = zip(*rows, strict=True)
    places = gpd.GeoDataFrame(
        {
            key: np.array([*values, None], dtype=object)[:-1]
            for key, values in (("name", name), ("kind", kind), ("detail", detail))
        },
        geometry=shapely.points(np.column_stack([x, y])),
        crs=helsinki.crs,
    )
    fields = {key: getattr(helsinki, key) for key in helsinki.__dataclass_fields__}
    return type(helsinki)(**{**fields, "name": "Musterstadt", "places": places})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hauptstraße", "Hauptstraße"),
        ("hauptstrasse", "Hauptstraße"),
        ("HAUPTSTR.", "Hauptstraße"),
        ("haupt str", "Hauptstraße"),
        ("Hauptstr. 10", "Hauptstraße 10"),
        ("10 Hauptstraße", "Hauptstraße 10"),
        ("Hauptstraße 10, Altstadt", "Hauptstraße 10"),
        ("hauptstr 12 B", "Hauptstraße 12b"),
        ("Berlinerstr.", "Berliner Straße"),
        ("berliner strasse", "Berliner Straße"),
        ("alexander platz", "Alexanderplatz"),
        ("alex", "Alexanderplatz"),
        ("mueller", "Müllerstraße"),
        ("muller", "Müllerstraße"),
        ("MÜLLERSTRASSE", "Müllerstraße"),
        ("cafe zoe", "Café Zoë"),
        ("  Markt  ", "Markt"),
        ("dorfstr west", "Dorfstraße"),
    ],
)
def test_a_place_is_found_as_one_types_it(town, text, name):
    assert find_place(town, text).name == name


def test_doors_come_in_order_and_the_street_before_them(town):
    found = [place.name for place in find_places(town, "hauptstr")]
    assert found == ["Hauptstraße", "Hauptstraße 2", "Hauptstraße 10", "Hauptstraße 12b"]


def test_an_exact_number_comes_before_longer_ones(town):
    assert find_places(town, "hauptstr 1")[0].name == "Hauptstraße 10"
    assert [place.name for place in find_places(town, "hauptstr 10")] == ["Hauptstraße 10"]


def test_a_word_that_nobody_knows_is_let_go_in_suggestions_only(town):
    assert find_places(town, "Hauptstraße 77")
    with pytest.raises(PlaceError, match=r"Hauptstraße, Altstadt"):
        find_place(town, "Hauptstraße 77")


def test_a_slip_of_the_pen_is_answered_with_a_suggestion(town):
    with pytest.raises(PlaceError, match="did you mean 'Alexanderplatz, Mitte'"):
        find_place(town, "Alexnaderplatz")


def test_of_two_places_of_one_name_one_must_say_which(town):
    with pytest.raises(PlaceError, match=r"'Dorfstraße, (Ost|West)' and 'Dorfstraße, (Ost|West)'"):
        find_place(town, "Dorfstraße")
    assert find_place(town, "Dorfstraße Ost").longitude_deg > town.centre[1]


def test_two_platforms_of_one_stop_are_one_place(town):
    assert find_place(town, "Markt").kind == "stop"
    assert len(find_places(town, "markt")) == 1


@pytest.mark.parametrize("text", ["", "   ", "?!", "xyzzy", "\0", "9" * 500])
def test_nothing_is_found_for_nothing(town, text):
    assert find_places(town, text) == []
    with pytest.raises(PlaceError, match="Musterstadt"):
        find_place(town, text)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=30), n_most=st.integers(0, 5))
def test_no_text_is_a_crash(town, text, n_most):
    assert len(find_places(town, text, n_most=n_most)) <= n_most


def test_every_name_of_the_built_in_city_finds_itself(helsinki):
    places = helsinki.places
    for row in range(0, len(places), 25):
        name, detail = places["name"][row], places["detail"][row]
        text = name if detail is None else f"{name}, {detail}"
        found = find_places(helsinki, text)
        assert name in [place.name for place in found]


def test_a_place_is_where_the_map_has_it(helsinki):
    place = find_place(helsinki, "Mannerheimintie 5")
    assert place.latitude_deg == pytest.approx(60.1694, abs=1e-3)
    assert place.longitude_deg == pytest.approx(24.9398, abs=1e-3)
    assert (place.kind, place.detail) == ("address", "Helsinki")


def test_the_same_question_gives_the_same_answer(helsinki):
    assert find_places(helsinki, "kaisa") == find_places(helsinki, "kaisa")
