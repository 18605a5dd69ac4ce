"""The catalogue: laws of the table, a city's own file, and files that cannot be."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiro.catalogue import Catalogue, read_catalogue
from hiro.cells import MOST_BYTES, read_number
from hiro.cover import COVERS
from hiro.errors import CatalogueError
from hiro.measure import FAMILIES, GROUPS, PER
from hiro.plan_terms import PLAN_TERMS
from hiro.quantity import CROWN, RULES, find_bounds, find_unit, read_unit
from hiro.roof import find_roof
from hiro.site import KINDS
from solarpass.tables import SOURCE_KINDS, read_table

COLUMNS = ("measure", "quantity", "value", "unit", "source", "source_kind", "note")
OURS = read_catalogue()
EVERY = (*OURS.measures, *OURS.withheld)


def write(path, *rows, columns=COLUMNS, separator=",", encoding="utf-8"):
    """Write a catalogue: rows of measure, quantity, value, unit, and perhaps the rest."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=separator)
    lines.writerow(columns)
    usual = ("", "", "", "", "offer of 2026", "measured", "")
    lines.writerows([*row, *usual[len(row) :]] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def own(tmp_path, *rows, **how):
    return read_catalogue(write(tmp_path / "own.csv", *rows, **how))


# --- our table


def test_it_offers_what_was_asked_for_and_holds_the_paint_back():
    assert len(OURS) >= 18
    assert [measure.measure_id for measure in OURS.withheld] == ["reflective_paint"]
    assert {measure.family for measure in OURS.measures} == set(FAMILIES)
    assert {measure.group for measure in OURS.measures} == set(GROUPS)
    assert len(set(OURS.ids)) == len(OURS.ids)


@pytest.mark.parametrize("measure", EVERY, ids=lambda one: one.measure_id)
def test_laws_of_a_measure(measure):
    assert measure.family in FAMILIES
    assert measure.group in GROUPS
    assert measure.per in PER
    assert measure.fits
    assert measure.fits <= set(KINDS)
    for cost in (measure.invest, measure.upkeep):
        assert 0.0 <= cost.low_eur <= cost.typical_eur <= cost.high_eur
    assert measure.life_years > 0.0
    assert 0.0 <= measure.full_effect_years < measure.life_years
    assert 0.0 < measure.first_effect <= 1.0
    assert (measure.per == "m2") == (measure.area_m2 > 0.0)
    assert measure.change.is_felt or measure.change.serves
    for texts in (measure.name, measure.responsible):
        assert set(texts) == {"de", "en"}
        assert texts["de"] != texts["en"]
        assert all(text and text == text.strip() for text in texts.values())


@pytest.mark.parametrize("measure", EVERY, ids=lambda one: one.measure_id)
def test_every_number_has_a_unit_and_a_source_and_no_source_is_said_to_be_read(measure):
    for quantity, figure in measure.figures.items():
        assert np.isfinite(figure.value)
        assert figure.unit == find_unit(quantity)
        assert figure.source.strip()
        assert figure.source_kind in {"reported", "estimate"}, quantity
        told = "collection of figures of this project" in figure.source
        assert figure.source_kind == "estimate" or told
        assert "10." not in figure.source  # no DOI: nobody here read one
    prices = {f"{what}_{end}" for what in ("invest", "upkeep") for end in ("low", "high")}
    assert prices <= set(measure.figures)


@pytest.mark.parametrize("measure", EVERY, ids=lambda one: one.measure_id)
def test_what_a_measure_changes_is_known_to_the_physics(measure):
    for before, after in measure.change.shelter.items():
        assert find_roof(before) is not find_roof(after)
    assert set(measure.change.cover) <= set(COVERS)
    assert sum(measure.change.cover.values()) <= 1.0
    assert set(measure.rules) <= set(RULES)
    crown = measure.change.crown
    if crown is not None:
        assert crown.radius_m <= crown.most_radius_m
        assert crown.base_m < crown.height_m <= crown.most_height_m
    if measure.change.serves:
        assert measure.change.reach_m > 0.0


@pytest.mark.parametrize("measure", EVERY, ids=lambda one: one.measure_id)
def test_an_estimated_price_is_never_hidden(measure):
    kinds = [
        figure.source_kind
        for name, figure in measure.figures.items()
        if name.startswith(("invest", "upkeep"))
    ]
    assert len(kinds) == 6
    assert measure.is_estimate == ("estimate" in kinds)
    sure = {name: replace(f, source_kind="reported") for name, f in measure.figures.items()}
    assert not replace(measure, figures=sure).is_estimate
    for name in ("invest_low", "upkeep_high"):
        unsure = {**sure, name: replace(sure[name], source_kind="estimate")}
        assert replace(measure, figures=unsure).is_estimate


def test_prices_of_the_design_are_those_of_the_table():
    found = {m.measure_id: (m.invest, m.upkeep) for m in OURS.measures}
    assert astuple(found["street_tree"]) == (4200, 5900, 16700, 150, 300, 800)
    assert astuple(found["shelter_opaque"]) == (6500, 10000, 25000, 400, 700, 1200)
    assert astuple(found["open_panes"]) == (300, 800, 2000, 0, 0, 0)
    assert astuple(found["drinking_fountain"]) == (6000, 15000, 30000, 1500, 2500, 4000)


def astuple(costs):
    return tuple(
        round(value) for cost in costs for value in (cost.low_eur, cost.typical_eur, cost.high_eur)
    )


def test_crowns_grow_as_handed_down():
    tree = OURS.find("street_tree").change.crown
    assert tree.radius_m + tree.growth_m_per_year * 15 == pytest.approx(2.5)  # heat.md §3.1
    assert tree.radius_m + tree.growth_m_per_year * 35 == pytest.approx(tree.most_radius_m)
    tub = OURS.find("tub_tree").change.crown
    assert (tub.growth_m_per_year, tub.radius_m) == (0.0, tub.most_radius_m)


def test_words_of_families_groups_and_sources_are_there_in_both_languages():
    terms = [f"family_{name}" for name in FAMILIES] + [f"group_{name}" for name in GROUPS]
    terms += [f"per_{name}" for name in PER] + [f"source_kind_{name}" for name in SOURCE_KINDS]
    assert set(terms) <= set(PLAN_TERMS)


def test_units_are_read_as_people_write_them():
    assert read_unit("€") == read_unit("Euro") == "EUR"
    for quantity in set(read_table("measures")["quantity"]):
        unit = find_unit(quantity)
        assert unit is not None
        if unit != "text":
            assert read_unit(unit) == unit
            assert find_bounds(quantity).least < find_bounds(quantity).most
    assert set(CROWN) <= set(read_table("measures")["quantity"])


def test_who_asks_for_none_of_ours_is_told_which_there_are():
    for measure_id in ("reflective_paint", "air_conditioning"):
        with pytest.raises(CatalogueError, match=r"no measure on offer; wanted one of street_tree"):
            OURS.find(measure_id)


# --- a city's own


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_citys_own_prices_replace_ours_one_by_one(tmp_path, separator, encoding):
    told = own(
        tmp_path,
        ("street_tree", "invest_typical", "6100,50", "€"),
        ("street_tree", "name_de", "Straßenbaum", "text"),
        separator=separator,
        encoding=encoding,
    )
    tree, ours = told.find("street_tree"), OURS.find("street_tree")
    assert tree.invest.typical_eur == 6100.5
    assert tree.name == {"de": "Straßenbaum", "en": ours.name["en"]}
    assert tree.figures["invest_typical"].source_kind == "measured"
    assert replace(tree.invest, typical_eur=5900.0) == ours.invest
    assert tree.change == ours.change
    assert told.ids == OURS.ids
    assert "own.csv" in told.source
    assert OURS.find("street_tree").invest.typical_eur == 5900.0  # ours stays as it was


def test_a_measure_is_switched_off_and_on(tmp_path):
    told = own(tmp_path, ("mist", "offered", "0", "1"), ("reflective_paint", "offered", "1", "1"))
    assert "mist" not in told.ids
    assert told.ids[-1] == "reflective_paint"
    assert [measure.measure_id for measure in told.withheld] == ["mist"]


NEW = (
    ("arcade", "name_de", "Laubengang", "text"),
    ("arcade", "family", "grey", "text"),
    ("arcade", "group", "roof", "text"),
    ("arcade", "fits", "bus_stop, square", "text"),
    ("arcade", "per", "site", "text"),
    ("arcade", "responsible_en", "Town hall", "text"),
    *(("arcade", f"{what}_{end}", "9", "EUR" if what == "invest" else "EUR a-1")
      for what in ("invest", "upkeep") for end in ("low", "typical", "high")),
    ("arcade", "life", "80", "a"),
    ("arcade", "full_effect", "0", "a"),
    ("arcade", "shelter_none", "opaque", "text"),
)  # fmt: skip


def test_a_city_adds_a_measure_last_and_one_language_does(tmp_path):
    told = own(tmp_path, *NEW)
    arcade = told.find("arcade")
    assert told.ids == (*OURS.ids, "arcade")
    assert arcade.name == {"de": "Laubengang", "en": "Laubengang"}
    assert arcade.responsible["de"] == "Town hall"
    assert arcade.fits == {"bus_stop", "square"}
    assert not arcade.is_estimate


@pytest.mark.parametrize("missing", [row[1] for row in NEW[:-1]])
def test_a_measure_that_lacks_something_is_refused(tmp_path, missing):
    kept = [row for row in NEW if row[1] != missing]
    with pytest.raises(CatalogueError, match=f"the measure arcade has no {missing[:11]}"):
        own(tmp_path, *kept)


def test_marks_and_tags_in_a_name_stay_text(tmp_path):
    name = "<script>alert(1)</script> \u202ebaum\u200f =1+1"
    told = own(tmp_path, ("street_tree", "name_de", name, "text"))
    assert told.find("street_tree").name["de"] == name


# --- what cannot be


def refused(tmp_path, *rows, **how):
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, *rows, **how)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("street_tree", "invest_low", "-1", "EUR"), "is -1 EUR; wanted 0 to"),
        (("street_tree", "invest_low", "nan", "EUR"), "'nan' is not a number"),
        (("street_tree", "invest_low", "inf", "EUR"), "'inf' is not a number"),
        (("street_tree", "invest_low", "1_000", "EUR"), "'1_000' is not a number"),
        (("street_tree", "invest_low", "4.200", "EUR"), "may be thousands or a fraction"),
        (("street_tree", "invest_low", "4,200", "EUR"), "may be thousands or a fraction"),
        (("street_tree", "invest_low", "1 400", "EUR"), "may be thousands or a fraction"),
        (("street_tree", "invest_low", "9e99", "EUR"), "wanted 0 to"),
        (("street_tree", "invest_low", "9", "kEUR"), "in 'kEUR'; wanted in 'EUR'"),
        (("street_tree", "life", "0", "a"), "life is 0 a; wanted 0.1 to"),
        (("street_tree", "group", "trees", "text"), "'trees'; wanted one of shade"),
        (("street_tree", "family", "red", "text"), "'red'; wanted one of green"),
        (("street_tree", "fits", "bus_stop moon", "text"), "'moon'; wanted one of bus_stop"),
        (("street_tree", "per", "km", "text"), "'km'; wanted one of place"),
        (("unseal", "cover_lava", "0.1", "1"), "'lava'; wanted one of paving"),
        (("unseal", "cover_bright", "0.9", "1"), "sum to more than 1"),
        (("shade_sail", "shelter_none", "roofed", "text"), "'roofed'; wanted one of none"),
        (("shade_sail", "shelter_castle", "sail", "text"), "'castle'; wanted one of none"),
        (("bench", "serves", "beer", "text"), "'beer'; wanted one of water, seat"),
        (("street_tree", "crown_base", "9", "m"), "ends below where it begins"),
        (("street_tree", "colour", "9", "m"), "'colour' is no quantity; wanted one of name_de"),
        (("street_tree", "rule_moon", "9", "m"), "'rule_moon' is no quantity"),
        (("Straße!", "life", "9", "a"), "'Straße!' is no id"),
        (("street_tree", "life", "9", "a", "", "measured"), "lacks its source"),
        (("street_tree", "life", "9", "a", "hm", "hearsay"), "'hearsay'; wanted one of published"),
        (("street_tree", "life", "", "a"), "lacks its value"),
    ],
)
def test_what_cannot_be_gets_one_sentence_with_its_row(tmp_path, row, said):
    fine = ("street_tree", "invest_typical", "6000", "EUR")
    told = refused(tmp_path, fine, row)
    assert told.startswith("Row 3 of own.csv")
    assert said in told


def test_prices_that_fall_name_the_row(tmp_path):
    said = refused(tmp_path, ("street_tree", "invest_typical", "99000", "EUR"))
    assert said.startswith("Row 2 of own.csv: invest of street_tree is 4200, 99000 and 16700 EUR")


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_row_to_mend_is_the_citys_own(tmp_path, end):
    price = {"low": "99000", "high": "1"}[end]
    said = refused(tmp_path, ("street_tree", f"invest_{end}", price, "EUR"))
    assert said.startswith("Row 2 of own.csv")


def test_a_number_given_twice_is_refused(tmp_path):
    row = ("street_tree", "life", "9", "a")
    assert "gives life of street_tree again" in refused(tmp_path, row, row)


@pytest.mark.parametrize("column", COLUMNS[:6])
def test_a_missing_column_is_named(tmp_path, column):
    columns = tuple(name for name in COLUMNS if name != column)
    path = tmp_path / "own.csv"
    path.write_text(",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n")
    with pytest.raises(CatalogueError, match=f"lacks the column '{column}'"):
        read_catalogue(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\0" * 100, "does not read"),
        (b"a,a\n1,2\n", "two columns 'a'"),
        (b"measure,quantity\n" + b"a,b,c,d\n", "more cells"),
        (b"measure,quantity\n" + b"a," + b"x" * 2000 + b"\n", "letters"),
        (b'measure,quantity\n"a,b\n', "does not read"),
        (b"measure,quantity,value,unit,source,source_kind\n", "holds no row"),
        (b"x" * (MOST_BYTES + 1), "at most 10 MB"),
    ],
    ids=["empty", "zeros", "twice", "long", "letters", "quote", "rows", "huge"],
)
def test_torn_files_get_one_sentence(tmp_path, content, said):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=said) as caught:
        read_catalogue(path)
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="is a folder"):
        read_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="is not there"):
        read_catalogue(tmp_path / "none.csv")


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_no_bytes_crash(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(b"measure,quantity,value,unit,source,source_kind,note\n" + content)
    try:
        assert isinstance(read_catalogue(path), Catalogue)
    except CatalogueError as error:
        assert len(str(error)) < 2000  # noqa: PT017


QUANTITIES = sorted(set(read_table("measures")["quantity"]))


@settings(max_examples=300)
@given(
    st.sampled_from(OURS.ids),
    st.sampled_from(QUANTITIES),
    st.one_of(st.floats().map(str), st.text(max_size=20), st.sampled_from(KINDS)),
)
def test_any_value_in_any_place_is_read_or_refused(tmp_path_factory, measure, quantity, value):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    write(path, (measure, quantity, value, find_unit(quantity)))
    try:
        told = read_catalogue(path)
    except CatalogueError:
        return
    for one in told.measures:
        assert one.invest.low_eur <= one.invest.typical_eur <= one.invest.high_eur
        assert np.isfinite([figure.value for figure in one.figures.values()]).all()


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_numbers_read_with_either_point(number):
    text = f"{number:.2f}"
    assert (
        read_number(text) == read_number(text.replace(".", ",")) == pytest.approx(number, abs=0.01)
    )
