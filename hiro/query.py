"""What the page of the heat was asked: day, hour, object, filter, budget; it may not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

from solarpass.errors import TripError
from solarpass.trip import YEARS, read_coordinates

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOUR: Final = re.compile(r"\d{1,2}")
_SITE: Final = re.compile(r"[\w.:/+-]{1,80}")
_EUROS: Final = re.compile(r"[0-9]{1,10}")  # ten billion: no city's heat costs more; our choice
_WORD: Final = re.compile(r"[a-z_]{1,40}")  # a kind, a shelter
_LEVEL: Final = re.compile(r"[0-4?]")
LONGEST: Final = 120  # letters of a search; no street's name is longer


@dataclass(frozen=True, slots=True)
class Sieve:
    """
    Which objects are shown: those that fit all that is asked, None asks for nothing.

    Attributes
    ----------
    kind, shelter
        As the sites have them, ``mixed`` for one with several shelters.
    level
        A digit, or ``?`` for the unknown, at the hour that is shown.
    district
        By its name.
    text
        Within a name, whatever its case and accents.
    near
        Latitude and longitude of a place around which it is. [°]
    """

    kind: str | None = None
    shelter: str | None = None
    level: str | None = None
    district: str | None = None
    text: str | None = None
    near: tuple[float, float] | None = None

    def to_query(self) -> dict[str, str]:
        """Write what a link says of it."""
        near = None if self.near is None else ",".join(f"{part:.5f}" for part in self.near)
        told = (self.kind, self.shelter, self.level, self.district, self.text, near)
        return {key: text for key, text in zip(SIEVE_KEYS, told, strict=True) if text is not None}


SIEVE_KEYS: Final = ("kind", "shelter", "level", "district", "q", "near")
"""Of a link, in the order of the fields of `Sieve`."""


@dataclass(frozen=True, slots=True)
class HeatQuery:
    """
    What is looked at.

    Attributes
    ----------
    day
        The local day whose heat is told.
    hour
        Wall-clock hour, 0 to 23; None: the hottest.
    site
        Id of the object that is looked at, or None.
    budget
        Of the plan that is looked at; None: none is. [€]
    upkeep
        What that plan may cost each year; None: whatever it takes. [€ a⁻¹]
    fair
        Whether each district is due its share of that plan.
    only
        Whether that plan is for the objects that `sieve` leaves.
    sieve
        Which objects are shown.
    shade
        Whether it is looked at where shade is missing.
    faults
        Terms of what could not be read and was left out.
    """

    day: date
    hour: int | None = None
    site: str | None = None
    budget: int | None = None
    upkeep: int | None = None
    fair: bool = False
    only: bool = False
    sieve: Sieve = Sieve()
    shade: bool = False
    faults: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, design: date) -> HeatQuery:
        """
        Read a link; what does not read is left out and named in `faults`.

        Parameters
        ----------
        query
            The link's.
        design
            The day that is shown unless one asks for another: see `hiro.design_date`.

        Examples
        --------
        >>> HeatQuery.from_query({"hour": "15", "site": "n7"}, design=date(2026, 7, 20)).site
        'n7'
        """
        empty = cls(design)
        return empty.changed({key: text for key, text in query.items() if text})

    def changed(self, change: Mapping[str, object]) -> HeatQuery:
        """
        Take over what is new; the browser's word is read with the same suspicion as a link.

        Parameters
        ----------
        change
            Any of ``day`` (as 2026-07-20), ``hour`` (0 to 23, or None for the hottest),
            ``site`` (an id, or None), ``budget`` and ``upkeep`` (whole euros, or None),
            ``fair``, ``only`` and ``shade`` (1, or 0 or None), and those of `SIEVE_KEYS`.
        """
        reads: dict[str, Callable[[object], object]] = {
            "day": read_day,
            "hour": _read_hour,
            "site": _read_site,
            "budget": read_euros,
            "upkeep": read_euros,
            "fair": read_switch,
            "only": read_switch,
            "shade": read_switch,
        }
        read: dict[str, Any] = {}
        faults = []
        for key in (key for key in reads if key in change):
            try:
                read[key] = reads[key](change[key])
            except ValueError:
                faults.append(f"bad_{key}")
        sieve, is_read = read_sieve(change, self.sieve)
        faults += [] if is_read else ["bad_sieve"]
        return replace(self, **read, sieve=sieve, faults=tuple(faults))

    def with_fault(self, term: str) -> HeatQuery:
        """Name one more thing that did not read."""
        return self if term in self.faults else replace(self, faults=(*self.faults, term))

    def to_query(self, *, design: date) -> dict[str, str]:
        """Write the link that asks this again; this year's `design` day needs no mention."""
        query = {"face": "heat"}
        if self.day != design:
            query["day"] = self.day.isoformat()
        if self.hour is not None:
            query["hour"] = str(self.hour)
        if self.site is not None:
            query["site"] = self.site
        query.update(self.sieve.to_query())
        if self.shade:
            query["shade"] = "1"
        if self.budget is not None:
            query["budget"] = str(self.budget)
            if self.upkeep is not None:
                query["upkeep"] = str(self.upkeep)
            if self.fair:
                query["fair"] = "1"
            if self.only:
                query["only"] = "1"
        return query


def read_sieve(change: Mapping[str, object], sieve: Sieve = Sieve()) -> tuple[Sieve, bool]:
    """
    Read which objects are to be shown; tell as well whether all of it could be read.

    Parameters
    ----------
    change
        Any of `SIEVE_KEYS`; None and what is empty ask for nothing.
    sieve
        What was asked before.
    """
    reads: tuple[Callable[[str], object], ...] = (
        *(_fit(_WORD), _fit(_WORD), _fit(_LEVEL)),
        *(_read_text, _read_text, _read_near),
    )
    read: dict[str, Any] = {}
    is_read = True
    for field, key, take in zip(fields(Sieve), SIEVE_KEYS, reads, strict=True):
        if key not in change:
            continue
        told = change[key]
        try:
            read[field.name] = None if told is None or told == "" else take(str(told))
        except (ValueError, TripError):
            is_read = False
    return replace(sieve, **read), is_read


def _fit(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            msg = f"Wanted one of a list's words; got {text[:40]!r}."
            raise ValueError(msg)
        return text

    return read


def _read_text(text: str) -> str:
    if len(text) > LONGEST or not text.isprintable():
        msg = f"Wanted at most {LONGEST} letters; got {text[:40]!r}."
        raise ValueError(msg)
    return text


def _read_near(text: str) -> tuple[float, float]:
    latitude_deg, longitude_deg = read_coordinates(text[:LONGEST])
    return round(latitude_deg, 5), round(longitude_deg, 5)


def read_day(value: object) -> date:
    """
    Read a day written as 2026-07-20.

    Raises
    ------
    ValueError
        If it is none, or none that the sun is reckoned for.
    """
    text = str(value)
    if not _DAY.fullmatch(text):
        msg = f"Wanted a day such as 2026-07-20; got {text[:40]!r}."
        raise ValueError(msg)
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        msg = f"{day.year} is not among the years {YEARS[0]} to {YEARS[-1]}."
        raise ValueError(msg)
    return day


def read_euros(value: object) -> int | None:
    """
    Read whole euros; None stays None.

    Raises
    ------
    ValueError
        If it is no such number.
    """
    if value is None:
        return None
    text = str(value)
    if isinstance(value, bool) or not _EUROS.fullmatch(text):
        msg = f"Wanted whole euros such as 150000; got {text[:40]!r}."
        raise ValueError(msg)
    return int(text)


def read_switch(value: object) -> bool:
    """
    Read what is on (1) or off (0, or nothing).

    Raises
    ------
    ValueError
        If it is neither.
    """
    if value is None or isinstance(value, bool):
        return bool(value)
    if str(value) not in {"0", "1"}:
        msg = f"Wanted 1 or 0; got {str(value)[:40]!r}."
        raise ValueError(msg)
    return str(value) == "1"


def _read_hour(value: object) -> int | None:
    if value is None:
        return None
    text = str(value)
    if not _HOUR.fullmatch(text) or not text.isascii() or int(text) > 23:
        msg = f"Wanted an hour from 0 to 23; got {text[:40]!r}."
        raise ValueError(msg)
    return int(text)


def _read_site(value: object) -> str | None:
    if value is None:
        return None
    if not _SITE.fullmatch(str(value)):
        msg = f"Wanted the id of an object; got {str(value)[:40]!r}."
        raise ValueError(msg)
    return str(value)
