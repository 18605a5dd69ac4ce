"""Whatever is said is said in both languages, with the same blanks to fill."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solarpass import errors
from solarpass.terms import CHECK_TERMS, TERMS
from solarpass.trip_terms import STEP_TERMS, TRIP_TERMS
from solarpass.words import LANGUAGES, Words, choose_language, whole_minutes


@pytest.mark.parametrize("term", [*TERMS, *STEP_TERMS, *CHECK_TERMS, *TRIP_TERMS])
def test_a_term_has_a_text_in_each_language(term):
    texts = [Words(language)(term) for language in LANGUAGES]
    assert all(text.strip() == text and text for text in texts)
    blanks = [sorted(re.findall(r"\{\w+\}", text)) for text in texts]
    assert blanks[0] == blanks[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [kind for kind in vars(errors).values() if isinstance(kind, type)],
)
def test_every_error_is_one_sentence(language, kind):
    said = Words(language).error(kind("why"), city="Helsinki")
    assert "{" not in said
    assert said[0].isupper()


def test_german_is_not_english():
    terms = [*TERMS, *STEP_TERMS, *CHECK_TERMS, *TRIP_TERMS]
    alike = {term for term in terms if Words("de")(term) == Words("en")(term)}
    assert alike == {"from"}


@pytest.mark.parametrize("locale", ["de", "de-DE", "DE-ch"])
def test_a_german_browser_gets_german(locale):
    assert choose_language(None, locale) == "de"


@pytest.mark.parametrize("locale", [None, "", "en-GB", "fi", "den"])
def test_any_other_browser_gets_english(locale):
    assert choose_language(None, locale) == "en"


def test_the_link_wins_over_the_browser():
    assert choose_language("en", "de-DE") == "en"
    assert choose_language("de", "fr") == "de"
    assert choose_language("xx", "fr") == "en"


@given(st.floats(0, 1e6))
def test_a_rounded_duration_is_off_by_half_a_minute_at_most(seconds):
    assert abs(60 * whole_minutes(seconds) - seconds) <= 30 + 1e-6


@given(st.floats(0, 1e5), st.sampled_from(LANGUAGES))
def test_a_length_carries_its_unit(length_m, language):
    number, unit = Words(language).metres(length_m).split("\N{NO-BREAK SPACE}")
    assert unit in {"m", "km"}
    metres = float(number.replace(",", ".")) * (1000 if unit == "km" else 1)
    assert abs(metres - length_m) <= (50.1 if unit == "km" else 5.1)
