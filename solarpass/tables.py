"""The tables of numbers shipped with the project: each row with its unit and its source."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pandas as pd

from .errors import TableError

COLUMNS = ("value", "unit", "source", "source_kind", "note")
SOURCE_KINDS = ("published", "measured", "reported", "estimate")


def data_folder() -> Traversable:
    """Find the tables: inside the installed package, or beside it in a checkout."""
    shipped = files("solarpass") / "data"
    return shipped if shipped.is_dir() else Path(__file__).parents[1] / "data"


@cache
def read_table(name: str) -> pd.DataFrame:
    """
    Read one of our own tables.

    Parameters
    ----------
    name
        Its name without ``.csv``.

    Returns
    -------
    pandas.DataFrame
        Every column as text; the leading ones say what ``value`` is of. Read once and
        shared, so not to be written to.

    Raises
    ------
    TableError
        If the table is missing, or a row lacks its value, unit or source.
    """
    path = data_folder() / f"{name}.csv"
    if not path.is_file():
        msg = f"The table {name}.csv is missing from {data_folder()}; install solarpass anew."
        raise TableError(msg)
    with path.open("rb") as file:
        return check_table(pd.read_csv(file, dtype=str, keep_default_na=False), name=name)


def check_table(table: pd.DataFrame, *, name: str) -> pd.DataFrame:
    """
    Pass a table on, or refuse it.

    Raises
    ------
    TableError
        If a column of ours is missing, or a row lacks its value, unit or source.
    """
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        msg = f"The table {name}.csv lacks the columns {missing}; wanted {list(COLUMNS)}."
        raise TableError(msg)
    for column in COLUMNS[:4]:
        bare = table[column].str.strip() == ""
        if bare.any():
            msg = f"Row {table.index[bare][0] + 2} of {name}.csv lacks its {column}."
            raise TableError(msg)
    strange = ~table["source_kind"].isin(SOURCE_KINDS)
    if strange.any():
        row = table.index[strange][0]
        msg = (
            f"Row {row + 2} of {name}.csv has source_kind {table['source_kind'][row]!r}; "
            f"wanted one of {list(SOURCE_KINDS)}."
        )
        raise TableError(msg)
    return table


def read_numbers(name: str, *, key: str) -> dict[str, dict[str, float]]:
    """
    Read a table of numbers, as ``numbers[key][quantity]``.

    Parameters
    ----------
    name
        The table's name without ``.csv``.
    key
        The column that names what each row is about.

    Raises
    ------
    TableError
        If a value is no number, or is given twice.
    """
    table = read_table(name)
    numbers: dict[str, dict[str, float]] = {}
    for row, (thing, quantity, value) in enumerate(
        zip(table[key], table["quantity"], table["value"], strict=True)
    ):
        here = numbers.setdefault(thing, {})
        if quantity in here:
            msg = f"Row {row + 2} of {name}.csv gives {quantity} of {thing} again; want it once."
            raise TableError(msg)
        try:
            here[quantity] = float(value)
        except ValueError as error:
            msg = f"Row {row + 2} of {name}.csv: {value!r} is not a number."
            raise TableError(msg) from error
    return numbers
