"""What the link of the form asks: which object or place a report is about; it may not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from solarpass.errors import SolarpassError
from solarpass.trip import read_coordinates

from .report import CATEGORIES

_SITE: Final = re.compile(r"[\w.:/+-]{1,80}")
_MOST: Final = 100  # letters of a place; our choice


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """
    What a report is about, as far as the link tells.

    Attributes
    ----------
    site
        Id of an object, or None.
    at
        Latitude and longitude, or None. [°]
    category
        One of `hiro.report.CATEGORIES`, or None.
    faults
        Terms of what could not be read and was left out.
    """

    site: str | None = None
    at: tuple[float, float] | None = None
    category: str | None = None
    faults: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ReportQuery:
        """
        Read a link; what does not read is left out and named in `faults`.

        Examples
        --------
        >>> ReportQuery.from_query({"site": "n7", "category": "no_water"}).category
        'no_water'
        >>> ReportQuery.from_query({"at": "here"}).faults
        ('bad_place',)
        """
        site, category = query.get("site") or None, query.get("category") or None
        at, faults = None, []
        if site is not None and not _SITE.fullmatch(site):
            site = None
            faults.append("bad_site")
        if query.get("at"):
            try:
                at = read_coordinates(query["at"][:_MOST])
            except SolarpassError:
                faults.append("bad_place")
        known = category if category in CATEGORIES else None  # else it is just not chosen yet
        return cls(site, at, known, tuple(faults))

    def with_fault(self, term: str) -> ReportQuery:
        """Name one more thing that did not read."""
        return self if term in self.faults else replace(self, faults=(*self.faults, term))
