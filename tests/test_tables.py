import numpy as np
import pandas as pd
import pytest

from solarpass.errors import TableError
from solarpass.tables import check_table, data_folder, read_numbers, read_table

TABLES = sorted(path.name[:-4] for path in data_folder().iterdir() if path.name.endswith(".csv"))
TOLD = {"measures"}  # in words as well: rows whose unit is text
GOOD = {
    "kind": "house",
    "quantity": "height",
    "value": "8",
    "unit": "m",
    "source": "our choice",
    "source_kind": "estimate",
    "note": "",
}


def test_there_are_tables():
    assert {"genus", "height", "tree"} <= set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_unit_and_its_source(name):
    table = read_table(name)
    assert len(table)
    check_table(table, name=name)


@pytest.mark.parametrize("name", sorted(set(TABLES) - TOLD))
def test_every_value_is_a_number_given_once(name):
    read_numbers(name, key=read_table(name).columns[0])


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_table_with_texts_gives_each_once_and_numbers_where_it_says_so(name):
    table = read_table(name)
    assert not table.duplicated([table.columns[0], "quantity"]).any()
    is_text = table["unit"] == "text"
    assert is_text.any()
    assert np.isfinite(table["value"][~is_text].astype(float)).all()
    for value in table["value"][is_text]:
        with pytest.raises(ValueError, match="could not convert"):
            float(value)


@pytest.mark.parametrize("column", ["value", "unit", "source", "source_kind"])
def test_a_row_without_one_of_them_is_refused(column):
    table = pd.DataFrame([GOOD, {**GOOD, column: " "}])
    with pytest.raises(TableError, match=f"Row 3 of made.csv lacks its {column}"):
        check_table(table, name="made")


def test_a_source_of_no_known_kind_is_refused():
    with pytest.raises(TableError, match="'hearsay'"):
        check_table(pd.DataFrame([{**GOOD, "source_kind": "hearsay"}]), name="made")


def test_a_missing_column_and_a_missing_table_are_refused():
    with pytest.raises(TableError, match="unit"):
        check_table(pd.DataFrame([GOOD]).drop(columns="unit"), name="made")
    with pytest.raises(TableError, match="missing"):
        read_table("no_such_table")


def test_genus_heights_and_crowns_are_those_of_trees():
    for genus, size in read_numbers("genus", key="genus").items():
        assert genus == genus.capitalize()
        assert 1.0 <= size["crown_diameter"] <= 25.0
        assert 2.0 <= size["height"] <= 40.0
        assert size["crown_diameter"] <= 2.0 * size["height"]
        assert size["evergreen"] in {0.0, 1.0}


def test_every_building_kind_has_a_height_and_a_spread():
    for kind in read_numbers("height", key="kind").values():
        assert 0.0 < kind["spread"] < kind["height"] < 100.0
