"""Ages: the bands that weigh, and how classes of other bounds are split among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from solarpass.column import fold_name
from solarpass.tables import read_numbers

BANDS = ("under_6", "6_64", "65_74", "75_plus")
BAND_STARTS = (0, 6, 65, 75)
OLDEST = 85  # the last year of age tells all of 85 and over

# A column's name folded; from its first year to its last, from one year on, below one.
_SHARE = r"(?:prozent|percent|pct|anteil|share)?_?"
_CLASSES = (
    re.compile(_SHARE + r"(?:age|alter|a)?_?(\d{1,2})_?(?:bis|to|_)_?(\d{1,2})(?:_jahre)?"),
    re.compile(
        _SHARE + r"(?:age|alter|a)?_?(\d{1,2})_?(?:u|und|_)?_?(?:plus|aelter|over)(?:_jahre)?"
    ),
    re.compile(_SHARE + r"(?:unter|under)_?(\d{1,2})(?:_jahre)?"),
)


@dataclass(frozen=True, order=True, slots=True)
class AgeClass:
    """
    A class of ages, in completed years.

    Attributes
    ----------
    first, last
        The youngest and the oldest in it; `OLDEST` or more: without an end. [years]
    """

    first: int
    last: int

    def __str__(self) -> str:
        """Name it as one reads it."""
        return f"{self.first}+" if self.last >= OLDEST else f"{self.first}-{self.last}"

    def years(self) -> NDArray[np.bool_]:
        """Mark its years of age, shape ``(86,)``."""
        year = np.arange(OLDEST + 1)
        return (year >= min(self.first, OLDEST)) & (year <= self.last)


def read_class(name: object) -> AgeClass | None:
    """
    Read a class of ages from the name of a column, None if it tells none.

    Examples
    --------
    >>> [str(read_class(n)) for n in ("age0_9", "a65undaelter", "Unter18", "75plus", "a18bis29")]
    ['0-9', '65+', '0-17', '75+', '18-29']
    >>> read_class("Durchschnittsalter") is None
    True
    """
    folded = fold_name(name)
    between, above, below = (pattern.fullmatch(folded) for pattern in _CLASSES)
    if between and int(between[1]) <= int(between[2]):
        return AgeClass(int(between[1]), int(between[2]))
    if above:
        return AgeClass(int(above[1]), 200)
    if below and int(below[1]):
        return AgeClass(0, int(below[1]) - 1)
    return None


@cache
def national_structure() -> NDArray[np.float64]:
    """
    Tell which share of a country's people is of each year of age.

    Returns
    -------
    NDArray
        Ages 0 to 84, then all of 85 and over, summing up to 1, shape ``(86,)``. Within a class
        of `data/age.csv` the years are taken as equal.
    """
    told = read_numbers("age", key="class")
    starts = sorted(int(name.removeprefix("from_")) for name in told)
    share = np.zeros(OLDEST + 1)
    for start, end in zip(starts, [*starts[1:], OLDEST + 1], strict=True):
        share[start:end] = told[f"from_{start:02d}"]["share"] / (end - start)
    share /= share.sum()
    share.flags.writeable = False
    return share


def expected_share(ages: AgeClass) -> float:
    """Tell which share of a country's people is in a class."""
    return float(national_structure()[ages.years()].sum())


def split_ages(share: NDArray[np.float64], classes: Sequence[AgeClass]) -> NDArray[np.float64]:
    """
    Spread shares of classes over years of age, as the country's people are spread in each.

    What the classes leave of 1 goes to the ages of which they tell nothing, spread likewise.

    Parameters
    ----------
    share
        Of each class in all people, shape ``(n_places, n_classes)``; of all classes at
        most 1, else they are scaled down to 1.
    classes
        Without overlaps, one a column.

    Returns
    -------
    NDArray
        Rows sum up to 1, shape ``(n_places, 86)``.
    """
    national = national_structure()
    told = np.zeros(OLDEST + 1, dtype=bool)
    ages = np.zeros((len(share), OLDEST + 1))
    for column, of_class in zip(share.T, classes, strict=True):
        years = of_class.years()
        told |= years
        ages[:, years] += column[:, None] * (national[years] / national[years].sum())
    left = 1.0 - ages.sum(axis=1)
    if not told.all():
        rest = np.where(told, 0.0, national)
        ages += np.maximum(left, 0.0)[:, None] * (rest / rest.sum())
    total = ages.sum(axis=1, keepdims=True)
    return np.where(total > 0.0, ages / np.where(total > 0.0, total, 1.0), national)


def sum_bands(ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum years of age up to the bands that weigh, shape ``(n_places, 4)``."""
    return np.add.reduceat(ages, BAND_STARTS, axis=1)


def drop_overlaps(classes: Sequence[AgeClass]) -> tuple[list[int], list[int]]:
    """
    Choose classes without overlaps, the narrowest first.

    Returns
    -------
    tuple
        Which stay, in the order of age, and which do not.
    """
    by_width = sorted(range(len(classes)), key=lambda i: (classes[i].years().sum(), classes[i], i))
    taken = np.zeros(OLDEST + 1, dtype=bool)
    kept: list[int] = []
    dropped: list[int] = []
    for i in by_width:
        years = classes[i].years()
        (dropped if (taken & years).any() else kept).append(i)
        if kept and kept[-1] == i:
            taken |= years
    return sorted(kept, key=lambda i: classes[i]), sorted(dropped)
