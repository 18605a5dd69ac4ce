"""What the walker asks, and how it stands in the address bar: plain text, read with suspicion."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from .errors import NaiveTimeError, TripError, WallTimeError
from .profile import Profile

Likes = Literal["shade", "sun"]

LIKES: Final[tuple[Likes, ...]] = get_args(Likes)
MOST_VIA = 5  # places to pass; our choice
SPEEDS_M_S = (0.3, 3.0)  # from a very slow walk to a run; our choice. [m s⁻¹]

MOST_BUDGET = 2.0  # three times the shortest walk: past it nobody is helped; our choice
USUAL_BUDGET = 0.15
YEARS = range(1950, 2101)  # for which the position of the sun is computed well

WALL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")
NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?(?:[eE]-\d{1,3})?"
COORDINATES = re.compile(rf"\s*({NUMBER})\s*[,;\s]\s*({NUMBER})\s*")
FRACTION = re.compile(r"\d{1,3}(\.\d{1,20})?(e-\d{1,3})?")


@dataclass(frozen=True, eq=False, slots=True)
class Trip:
    """
    Ends, start and patience of one walk.

    Attributes
    ----------
    origin, destination
        Places as (latitude, longitude), north and east positive. [°]
    departs
        When one sets out, zone-aware.
    budget
        How much longer than the shortest walk one accepts: 0.15 is 15 % longer.
    via
        Up to five places to pass, in this order, as the ends.
    likes
        ``"shade"``, or ``"sun"`` in winter: then the walk with most sun is looked for.
    profile
        Who walks, and what the way has to be like.
    speed_m_s
        Walking speed on the level; None: as `WalkModel` has it. [m s⁻¹]

    Raises
    ------
    NaiveTimeError
        If `departs` carries no time zone.
    TripError
        If an end or a place to pass is no place on Earth, there are more than five of these,
        the year lies outside 1950 to 2100, the budget outside [0, 2], or the speed outside
        [0.3, 3] m/s.
    """

    origin: tuple[float, float]
    destination: tuple[float, float]
    departs: datetime
    budget: float = USUAL_BUDGET
    via: tuple[tuple[float, float], ...] = ()
    likes: Likes = "shade"
    profile: Profile = Profile()
    speed_m_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse what could not be walked."""
        _check_place(self.origin, name="origin")
        _check_place(self.destination, name="destination")
        for number, place in enumerate(self.via, 1):
            _check_place(place, name=f"Place {number} to pass")
        if self.departs.utcoffset() is None:
            msg = f"`departs` needs a time zone, such as 'Europe/Berlin'; got {self.departs}."
            raise NaiveTimeError(msg)
        _check_year(self.departs)
        if not 0.0 <= self.budget <= MOST_BUDGET:  # also refuses NaN
            msg = f"`budget` must lie between 0 and {MOST_BUDGET:g}; got {self.budget}."
            raise TripError(msg)
        _check_wishes(self)

    def __eq__(self, other: object) -> bool:
        """Tell whether the same walk is asked for; both 02:30 of an autumn night are two."""
        return isinstance(other, Trip) and self._key() == other._key()

    def __hash__(self) -> int:
        """Agree with equality, which a cache relies on."""
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        # In one zone Python compares wall clocks, and takes a repeated hour for one.
        asked = (self.origin, self.destination, self.departs.astimezone(UTC), self.budget)
        return (*asked, self.via, self.likes, self.profile, self.speed_m_s)

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, zone: ZoneInfo) -> Trip:
        """
        Read a trip from plain text: never pickle, never eval.

        Parameters
        ----------
        query
            ``from`` and ``to`` as "latitude,longitude", ``at`` as a date and time with
            or without offset; ``budget``, ``via`` (places, with ``|`` between them),
            ``likes``, ``profile`` and ``speed`` (metres per second) may be missing.
        zone
            The city's zone, in which a time without offset is meant.

        Raises
        ------
        TripError
            If a value is missing or does not read.
        WallTimeError
            If a clock change skips or repeats the time.

        Examples
        --------
        >>> query = {"from": "60.1699,24.9384", "to": "60.1719,24.9414", "at": "2026-07-15T14:00"}
        >>> Trip.from_query(query, zone=ZoneInfo("Europe/Helsinki")).departs.isoformat()
        '2026-07-15T14:00:00+03:00'
        """
        for key, meaning in (("from", "start"), ("to", "destination"), ("at", "time")):
            if not query.get(key):
                msg = f"The link lacks `{key}`; pick a {meaning}."
                raise TripError(msg)
        return cls(
            origin=read_coordinates(query["from"]),
            destination=read_coordinates(query["to"]),
            departs=read_wall_time(query["at"], zone),
            budget=_read_budget(query.get("budget") or str(USUAL_BUDGET)),
            via=_read_via(query.get("via") or ""),
            likes=_read_likes(query.get("likes") or "shade"),
            profile=Profile.from_text(query.get("profile") or ""),
            speed_m_s=_read_speed(query.get("speed") or ""),
        )

    def to_query(self) -> dict[str, str]:
        """Write the trip so that `from_query` reads it back, in digits as many as it takes."""
        query = {
            "from": "{!r},{!r}".format(*map(float, self.origin)),
            "to": "{!r},{!r}".format(*map(float, self.destination)),
            "at": self.departs.isoformat(timespec="seconds" if self.departs.second else "minutes"),
            "budget": f"{float(self.budget)!r}",
        }
        # What is usual is left out, so that links stay short.
        if self.via:
            query["via"] = "|".join("{!r},{!r}".format(*map(float, place)) for place in self.via)
        if self.likes != "shade":
            query["likes"] = self.likes
        if self.profile != Profile():
            query["profile"] = self.profile.to_text()
        if self.speed_m_s is not None:
            query["speed"] = f"{float(self.speed_m_s)!r}"
        return query


def read_wall_time(text: str, zone: ZoneInfo) -> datetime:
    """
    Read a date and time as clocks in a zone show it, or with an offset.

    Parameters
    ----------
    text
        Such as ``2026-07-15T14:00``, ``2026-07-15 14:00`` or ``2026-07-15T14:00+02:00``.
    zone
        Where the clocks hang.

    Raises
    ------
    TripError
        If the text is no date and time.
    WallTimeError
        If a clock change skips that time, or repeats it so that two instants are meant.

    Examples
    --------
    >>> read_wall_time("2026-10-25T02:30+01:00", ZoneInfo("Europe/Berlin")).isoformat()
    '2026-10-25T02:30:00+01:00'
    >>> read_wall_time("2026-10-25T02:30", ZoneInfo("Europe/Berlin"))
    Traceback (most recent call last):
    solarpass.errors.WallTimeError: In Europe/Berlin the clocks show 2026-10-25T02:30 twice; type \
2026-10-25T02:30+02:00 for the earlier or 2026-10-25T02:30+01:00 for the later.
    """
    try:
        plain = WALL_TIME.fullmatch(text.strip())
        wall = datetime.fromisoformat(plain[0] if plain else "")
        _check_year(wall)
        if wall.tzinfo is not None:
            return wall.astimezone(zone)
        earlier = wall.replace(tzinfo=zone).astimezone(UTC)
        later = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    except TripError:
        raise
    except (ValueError, OverflowError) as error:
        msg = f"{_short(text)} is no date and time; type one such as 2026-07-15T14:00."
        raise TripError(msg) from error
    if earlier == later:
        return earlier.astimezone(zone)
    shown = wall.isoformat(timespec="minutes")
    ways = [instant.astimezone(zone).isoformat(timespec="minutes") for instant in (earlier, later)]
    if earlier < later:
        msg = (
            f"In {zone} the clocks show {shown} twice; "
            f"type {ways[0]} for the earlier or {ways[1]} for the later."
        )
        raise WallTimeError(msg)
    msg = (
        f"In {zone} the clocks skip {shown}, for they are put forward; "
        f"type {_plain(ways[1])} or {_plain(ways[0])}."
    )
    raise WallTimeError(msg)


def read_coordinates(text: str) -> tuple[float, float]:
    """
    Read a place written as latitude and longitude in degrees.

    Raises
    ------
    TripError
        If the text is not two numbers, or they are no place on Earth.

    Examples
    --------
    >>> read_coordinates("60.1699, 24.9384")
    (60.1699, 24.9384)
    """
    found = COORDINATES.fullmatch(text)
    if found is None:
        msg = f"{_short(text)} is no place; type latitude and longitude, such as 60.1699,24.9384."
        raise TripError(msg)
    place = (float(found[1]), float(found[2]))
    _check_place(place, name="The place")
    return place


def walk_ends(departs: datetime, walk_s: int) -> datetime:
    """
    Add a walk to its start, by the sun's clock and not by the wall's.

    Examples
    --------
    >>> night = datetime(2026, 3, 29, 1, 50, tzinfo=ZoneInfo("Europe/Berlin"))
    >>> walk_ends(night, 1200).isoformat()
    '2026-03-29T03:10:00+02:00'
    """
    return (departs.astimezone(UTC) + timedelta(seconds=walk_s)).astimezone(departs.tzinfo)


def _check_year(time: datetime) -> None:
    if time.year not in YEARS:
        msg = (
            f"The sun is reckoned for the years {YEARS[0]} to {YEARS[-1]}; got {time.year}: "
            f"pick a day among them."
        )
        raise TripError(msg)


def _read_budget(text: str) -> float:
    if not FRACTION.fullmatch(text):
        msg = f"`budget` must be a number such as 0.15 for 15 % longer; got {_short(text)}."
        raise TripError(msg)
    return float(text)


def _read_via(text: str) -> tuple[tuple[float, float], ...]:
    return tuple(read_coordinates(place) for place in text.split("|")) if text.strip() else ()


def _read_likes(text: str) -> Likes:
    if text not in LIKES:
        msg = f"`likes` must be {' or '.join(LIKES)}; got {_short(text)}."
        raise TripError(msg)
    return LIKES[LIKES.index(text)]


def _read_speed(text: str) -> float | None:
    if not text:
        return None
    if not FRACTION.fullmatch(text):
        msg = f"`speed` must be metres per second, such as 1.34; got {_short(text)}."
        raise TripError(msg)
    return float(text)


def _check_wishes(trip: Trip) -> None:
    slowest, quickest = SPEEDS_M_S
    if len(trip.via) > MOST_VIA:
        msg = f"`via` may name up to {MOST_VIA} places to pass; got {len(trip.via)}."
        raise TripError(msg)
    if trip.likes not in LIKES:
        msg = f"`likes` must be {' or '.join(LIKES)}; got {_short(str(trip.likes))}."
        raise TripError(msg)
    if trip.speed_m_s is not None and not slowest <= trip.speed_m_s <= quickest:  # also NaN
        msg = f"`speed` must lie between {slowest:g} and {quickest:g} m/s; got {trip.speed_m_s:g}."
        raise TripError(msg)


def _check_place(place: tuple[float, float], *, name: str) -> None:
    latitude_deg, longitude_deg = place
    if not (isfinite(latitude_deg) and isfinite(longitude_deg)):
        msg = f"{name} needs two finite numbers, latitude and longitude; got {place}."
        raise TripError(msg)
    if abs(latitude_deg) > 90.0 and abs(longitude_deg) <= 90.0 and abs(latitude_deg) <= 180.0:
        msg = (
            f"{name} has the latitude {latitude_deg:g}°, which is past a pole; "
            f"latitude comes first, so {longitude_deg:g},{latitude_deg:g} may be meant."
        )
        raise TripError(msg)
    if abs(latitude_deg) > 90.0 or abs(longitude_deg) > 180.0:
        msg = (
            f"{name} must have a latitude within ±90° and a longitude within ±180°; "
            f"got {latitude_deg:g},{longitude_deg:g}."
        )
        raise TripError(msg)


def _plain(shown: str) -> str:
    """Leave the offset out: past a skipped hour nothing is in doubt."""
    return shown[:16]


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
