"""What the page was asked so far: it may lack an end, and the link it came from may not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Final
from zoneinfo import ZoneInfo

from solarpass.errors import SolarpassError, WallTimeError
from solarpass.profile import Profile
from solarpass.trip import USUAL_BUDGET, YEARS, Trip, read_coordinates, read_wall_time

SLOT: Final = timedelta(minutes=5)
MOST_BUDGET: Final = 0.5  # the end of the form's slider; our choice
SPEEDS_M_S: Final = (0.3, 3.0)  # as `Trip` takes them

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Question:
    """
    A trip in the making.

    Attributes
    ----------
    origin, destination
        Places as (latitude, longitude), or None while they are not chosen. [°]
    departs
        When one sets out, on the city's clocks and on a 5-minute step.
    budget
        How much longer than the shortest walk one accepts, in [0, 0.5].
    faults
        Terms of what could not be read and was left out.
    origin_name, destination_name
        By which name a place was picked, None where it was tapped or came with a link.
    check
        A place of which one asks why the sun is there or not, or None. [°]
    profile
        Who walks, and what the way has to be like.
    speed_m_s
        Walking speed on the level, None: the usual one. [m s⁻¹]
    """

    origin: Place | None
    destination: Place | None
    departs: datetime
    budget: float = USUAL_BUDGET
    faults: tuple[str, ...] = ()
    origin_name: str | None = None
    destination_name: str | None = None
    check: Place | None = None
    profile: Profile = Profile()
    speed_m_s: float | None = None

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], *, zone: ZoneInfo, now: datetime | None = None
    ) -> Question:
        """
        Read a link; what does not read is left out and named in `faults`.

        Examples
        --------
        >>> zone = ZoneInfo("Europe/Helsinki")
        >>> asked = Question.from_query(
        ...     {"from": "60.1699,24.9384", "at": "2026-07-15T14:02"}, zone=zone
        ... )
        >>> asked.origin, asked.destination, asked.departs.isoformat()
        ((60.1699, 24.9384), None, '2026-07-15T14:00:00+03:00')
        """
        empty = cls(None, None, _on_slot(now or datetime.now(zone)).astimezone(zone))
        return empty.changed({key: query.get(key) or None for key in query}, zone=zone)

    def changed(
        self, change: Mapping[str, object], *, zone: ZoneInfo, now: datetime | None = None
    ) -> Question:
        """
        Take over what is new; the browser's word is read with the same suspicion as a link.

        Parameters
        ----------
        change
            Any of ``from``, ``to`` and ``check`` ("latitude,longitude", a mapping of both and
            perhaps the ``title``, or None), ``at`` (a wall time, or None for now), ``budget``,
            ``profile`` (as `Profile.to_text` writes it) and ``speed`` [m s⁻¹]; None is the usual.
        zone
            The city's.
        now
            Instead of the clock.
        """
        reads: dict[str, Callable[[object], dict[str, Any]]] = {
            "from": lambda told: {"origin": _read_place(told), "origin_name": _read_title(told)},
            "to": lambda told: {
                "destination": _read_place(told),
                "destination_name": _read_title(told),
            },
            "check": lambda told: {"check": _read_place(told)},
            "at": lambda told: {"departs": _read_time(told, zone, now)},
            "budget": lambda told: {"budget": _read_budget(told)},
            "profile": lambda told: {"profile": Profile.from_text(str(told or ""))},
            "speed": lambda told: {"speed_m_s": _read_speed(told)},
        }
        new, faults = replace(self, faults=()), []
        for key in (key for key in reads if key in change):
            try:
                new = replace(new, **reads[key](change[key]))
            except WallTimeError:
                faults.append("bad_clock")
            except (SolarpassError, ValueError, TypeError, KeyError):
                faults.append(f"bad_{key}")
        return replace(new, faults=tuple(faults))

    def with_fault(self, term: str) -> Question:
        """Name one more thing that did not read."""
        return self if term in self.faults else replace(self, faults=(*self.faults, term))

    def to_query(self) -> dict[str, str]:
        """Write the link that asks this again; nothing while no place is chosen."""
        ends = {"from": self.origin, "to": self.destination, "check": self.check}
        query = {key: "{:.6f},{:.6f}".format(*place) for key, place in ends.items() if place}
        if not query:
            return {}
        at = self.departs.isoformat(timespec="minutes")
        query = {**query, "at": at, "budget": f"{self.budget:g}"}
        if self.profile != Profile():  # what is usual is left out, so that links stay short
            query["profile"] = self.profile.to_text()
        if self.speed_m_s is not None:
            query["speed"] = f"{self.speed_m_s:g}"
        return query

    @property
    def trip(self) -> Trip | None:
        """The whole question, once both ends are chosen."""
        if self.origin is None or self.destination is None:
            return None
        return Trip(
            self.origin,
            self.destination,
            departs=self.departs,
            budget=self.budget,
            profile=self.profile,
            speed_m_s=self.speed_m_s,
        )


def _on_slot(at: datetime) -> datetime:
    """Step back to the slot that `at` lies in."""
    seconds = at.timestamp()
    return datetime.fromtimestamp(seconds - seconds % SLOT.total_seconds(), tz=UTC)


def _read_place(value: object) -> Place | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        latitude_deg, longitude_deg = float(value["latitude"]), float(value["longitude"])
        value = f"{latitude_deg:.6f},{longitude_deg:.6f}"
    return read_coordinates(str(value))


def _read_title(value: object) -> str | None:
    title = value.get("title") if isinstance(value, Mapping) else None
    return title if isinstance(title, str) else None


def _read_time(value: object, zone: ZoneInfo, now: datetime | None) -> datetime:
    if value is None:
        return _on_slot(now or datetime.now(zone)).astimezone(zone)
    # A plus sign typed into an address bar arrives as a space.
    text = re.sub(r" (\d{2}:\d{2})$", r"+\1", str(value)) if "T" in str(value) else str(value)
    at = read_wall_time(text, zone)
    if at.year not in YEARS:
        msg = f"{at.year} is not among the years {YEARS[0]} to {YEARS[-1]}"
        raise ValueError(msg)
    return _on_slot(at).astimezone(zone)


def _read_budget(value: object) -> float:
    budget = float(str(value))
    if not isfinite(budget) or not 0.0 <= budget <= MOST_BUDGET:
        msg = f"`budget` must lie between 0 and {MOST_BUDGET}; got {budget}."
        raise ValueError(msg)
    return budget


def _read_speed(value: object) -> float | None:
    if value is None:
        return None
    speed_m_s, (least, most) = float(str(value)), SPEEDS_M_S
    if not least <= speed_m_s <= most:  # also refuses NaN
        msg = f"`speed` must lie between {least} and {most} m/s; got {speed_m_s}."
        raise ValueError(msg)
    return speed_m_s
