import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solarpass.tag import read_layer, read_metres, read_storeys, says_storeys, text_column


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("12", 12.0),
        ("12 m", 12.0),
        ("12m", 12.0),
        ("12,5", 12.5),
        ("12.5 metres", 12.5),
        ("~10", 10.0),
        ("ca. 10 m", 10.0),
        ("40 ft", 12.192),
        ("40'", 12.192),
        ("40'6\"", 12.3444),
        ("40’6”", 12.3444),  # noqa: RUF001 - as a helpful keyboard writes it
        ("40 ft 6 in", 12.3444),
        ("250 cm", 2.5),
        ("10;12", 10.0),
    ],
)
def test_a_length_reads_as_its_mapper_meant_it(text, metres):
    assert read_metres(text) == pytest.approx(metres)


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "-4", "1e9", "NaN", "inf", "0", "0.0", "yes", "10-12", "3 floors", "12 km"),
        *("٣", "१२ m", "1 000 000 000 000", "9" * 400, "12 12", 12.0, "\n", "0x10", "12..5"),
    ],
)
def test_a_length_without_sense_is_nan(text):
    assert math.isnan(read_metres(text))


def test_no_building_is_higher_than_the_highest():
    assert math.isnan(read_metres("901", most_m=900.0))


@given(st.one_of(st.none(), st.text(), st.from_regex(r"[~-]?\d+[.,]?\d* ?(m|ft|'|floors)?\"?")))
def test_no_text_is_a_crash_or_out_of_range(text):
    length_m = read_metres(text, most_m=900.0)
    assert math.isnan(length_m) or 0.0 < length_m <= 900.0
    storeys = read_storeys(text)
    assert math.isnan(storeys) or 0.0 <= storeys <= 200.0
    assert -9 <= read_layer(text) <= 9


@given(st.floats(0.01, 899.0))
def test_a_number_with_a_unit_is_that_number(length_m):
    text = f"{length_m:.3f}"
    if float(text) > 0:
        assert read_metres(text) == read_metres(f" {text} m ") == float(text)
        assert read_metres(text.replace(".", ",")) == float(text)
        assert read_metres(f"{text} ft") == pytest.approx(float(text) * 0.3048)


@pytest.mark.parametrize(
    ("text", "storeys"),
    [("3", 3.0), ("2.5", 2.5), ("2,5", 2.5), ("3 floors", 3.0), ("2;5", 5.0), ("0", 0.0)],
)
def test_storeys_read_as_meant(text, storeys):
    assert read_storeys(text) == storeys


@pytest.mark.parametrize("text", [None, "", "-1", "many", "1e9", "NaN", "999", "3 m"])
def test_storeys_without_sense_are_nan(text):
    assert math.isnan(read_storeys(text))


def test_a_height_in_storeys_is_told_from_one_in_metres():
    assert says_storeys("3 floors")
    assert says_storeys("2 Etagen")
    assert not says_storeys("3 m")
    assert not says_storeys(None)


def test_a_column_of_text_holds_none_where_nothing_is_known():
    assert text_column(["a", None, float("nan")]).tolist() == ["a", None, None]
