"""Alerts: official warnings in the Common Alerting Protocol (CAP 1.2), of which those of heat."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import shapely

from .errors import AlertError
from .plaintext import make_plain_text

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
HEAT_CODES: Final = ("247", "248")
"""Strong and extreme heat among DWD's event codes (``II``), reported of its CAP profile."""

GRADES: Final = ("Unknown", "Minor", "Moderate", "Severe", "Extreme")
"""What CAP calls ``severity``, rising."""

MOST_BYTES: Final = 2_000_000  # of an alert, unpacked; our choice
MOST_DEPTH: Final = 12  # CAP has five
MOST_POINTS: Final = 20_000  # of all outlines of an alert; our choice
MOST_INFOS: Final = 20  # languages of an alert; our choice
LONGEST: Final = 600  # letters of a text that is shown; our choice

_HEAT: Final = re.compile(r"hitze|wärmebelastung|\bheat\b|canicule|helle|värme", re.IGNORECASE)
_METRES_A_DEGREE: Final = 111_320.0  # of latitude
_CELLS: Final = ("WARNCELLID",)  # as DWD calls its cells


@dataclass(frozen=True, eq=False, slots=True)
class Alert:
    """
    An official warning of heat.

    Attributes
    ----------
    identifier
        Of the alert.
    sender
        Who warns.
    headline, event, instruction
        What is said, as plain text.
    severity
        One of `GRADES`.
    language
        As the alert names it, such as ``de-DE``.
    sent, begins, ends
        When it was sent, and from when to when it holds; `ends` may be None.
    areas
        What the areas it is for are called.
    cells
        Their codes (``WARNCELLID``).
    shape
        Their outlines in degrees (longitude, latitude); None where it has none.
    """

    identifier: str
    sender: str
    headline: str
    event: str
    instruction: str
    severity: str
    language: str
    sent: datetime
    begins: datetime
    ends: datetime | None
    areas: tuple[str, ...]
    cells: tuple[str, ...]
    shape: shapely.Geometry | None

    @property
    def grade(self) -> int:
        """How grave it is: its place in `GRADES`."""
        return GRADES.index(self.severity)

    def holds(self, at: datetime) -> bool:
        """Tell whether it is not over yet; it is told before it begins."""
        return self.ends is None or at < self.ends

    def is_for(self, latitude_deg: float, longitude_deg: float, cells: Sequence[str] = ()) -> bool:
        """Tell whether it is for a place: one within its outlines, else one of some cells."""
        if self.shape is not None:
            return bool(shapely.intersects_xy(self.shape, longitude_deg, latitude_deg))
        return any(cell in self.cells for cell in cells)


def read_alert(data: bytes) -> tuple[list[Alert], set[str]]:
    """
    Read an alert: its warnings of heat, and the ids of the alerts that it takes back or replaces.

    What is an exercise, a test or a draft holds none.

    Raises
    ------
    AlertError
        If it is no CAP 1.2, or too large.
    """
    root = _parse(data)
    if root.tag != _name("alert"):
        msg = f"Wanted an alert in CAP 1.2 ({NAMESPACE}); got {root.tag[:80]!r}."
        raise AlertError(msg)
    gone = {part.split(",")[1] for part in _text(root, "references").split() if part.count(",") > 1}
    if _text(root, "status") != "Actual" or _text(root, "scope") not in {"", "Public"}:
        return [], set()
    if _text(root, "msgType") not in {"Alert", "Update"}:
        return [], gone if _text(root, "msgType") == "Cancel" else set()
    infos = [info for info in root.findall(_name("info")) if _is_heat(info)]
    return [_read_info(root, info) for info in infos], gone


# --- XML


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """What an alert has no need of: a document type, entities, or a great depth."""


def _parse(data: bytes) -> Element:
    """Parse XML that can neither name entities nor anything outside of itself."""
    if len(data) > MOST_BYTES:
        msg = f"Wanted an alert of at most {MOST_BYTES:,} bytes; got a larger one."
        raise AlertError(msg)
    builder, parser = TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    depth = 0

    def begin(tag: str, told: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise _Refused
        builder.start(f"{{{tag}" if "}" in tag else tag, told)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(f"{{{tag}" if "}" in tag else tag)

    def refuse(*_told: object) -> int:
        raise _Refused

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own word for the end
        return builder.close()
    except (_Refused, expat.ExpatError, AssertionError, ValueError, LookupError):
        msg = "Wanted an alert as plain XML without a document type; got something else."
        raise AlertError(msg) from None


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _text(element: Element, tag: str) -> str:
    found = element.find(_name(tag))
    return "" if found is None else make_plain_text((found.text or "")[: 2 * LONGEST])[:LONGEST]


def _texts(element: Element, tag: str) -> list[str]:
    return [one.text or "" for one in element.findall(_name(tag))]


# --- what it says


def _is_heat(info: Element) -> bool:
    """Tell whether a part of an alert warns of heat."""
    codes = {
        _text(code, "value")
        for code in info.findall(_name("eventCode"))
        if _text(code, "valueName") == "II"
    }
    return bool(codes & set(HEAT_CODES) or _HEAT.search(_text(info, "event")))


def _read_info(root: Element, info: Element) -> Alert:
    sent = _read_time(_text(root, "sent"))
    if sent is None:
        msg = "Wanted an alert that tells when it was sent, with its offset from UTC."
        raise AlertError(msg)
    begins = _read_time(_text(info, "onset")) or _read_time(_text(info, "effective")) or sent
    severity = _text(info, "severity")
    areas = info.findall(_name("area"))
    codes = [code for area in areas for code in area.findall(_name("geocode"))]
    return Alert(
        identifier=_text(root, "identifier"),
        sender=_text(info, "senderName") or _text(root, "sender"),
        headline=_text(info, "headline") or _text(info, "event"),
        event=_text(info, "event"),
        instruction=_text(info, "instruction"),
        severity=severity if severity in GRADES else GRADES[0],
        language=_text(info, "language") or "en-US",  # which CAP takes for none
        sent=sent,
        begins=begins,
        ends=_read_time(_text(info, "expires")),
        areas=tuple(_text(area, "areaDesc") for area in areas),
        cells=tuple(_text(one, "value") for one in codes if _text(one, "valueName") in _CELLS),
        shape=_read_shape(areas),
    )


def _read_time(text: str) -> datetime | None:
    """Read a time; one without an offset is none, as nobody knows when that is."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None


def _read_shape(areas: Sequence[Element]) -> shapely.Geometry | None:
    """Join the outlines and circles of areas, less what they leave out."""
    shapes: list[shapely.Geometry] = []
    holes: list[shapely.Geometry] = []
    n_left = MOST_POINTS
    for area in areas:
        for tag, into in (("polygon", shapes), ("excludePolygon", holes)):
            for text in _texts(area, tag):
                ring = _read_ring(text, n_left)
                n_left -= len(ring)
                into.append(shapely.make_valid(shapely.polygons(ring)))
        shapes += [_read_circle(text) for text in _texts(area, "circle")]
    joined: shapely.Geometry = shapely.union_all(shapes)
    return shapely.difference(joined, shapely.union_all(holes)) if shapes else None


def _read_ring(text: str, n_most: int) -> list[tuple[float, float]]:
    pairs = text.split(maxsplit=n_most + 1)
    ring = [_read_pair(pair) for pair in pairs[: n_most + 1]]
    if not 4 <= len(ring) <= n_most:
        msg = f"Wanted an outline of 4 to {n_most:,} points; got {len(ring):,}."
        raise AlertError(msg)
    return ring


def _read_pair(text: str) -> tuple[float, float]:
    """Read latitude and longitude, as CAP has them, as x and y."""
    latitude, _, longitude = text.partition(",")
    try:
        y, x = float(latitude), float(longitude)
    except ValueError:
        y = x = math.nan
    if not (abs(y) <= 90.0 and abs(x) <= 180.0):
        msg = f"Wanted latitude,longitude in an outline; got {text[:40]!r}."
        raise AlertError(msg)
    return x, y


def _read_circle(text: str) -> shapely.Geometry:
    """Read a circle, ``latitude,longitude radius`` in km, as a polygon that is near to it."""
    place, _, radius = text.strip().partition(" ")
    x, y = _read_pair(place)
    try:
        away_m = 1000.0 * float(radius)
    except ValueError:
        away_m = math.nan
    if not 0.0 <= away_m <= 1e6:
        msg = f"Wanted a circle with a radius of at most 1000 km; got {text[:40]!r}."
        raise AlertError(msg)
    turns = [2.0 * math.pi * k / 64 for k in range(64)]
    wide = away_m / _METRES_A_DEGREE / max(math.cos(math.radians(y)), 0.01)
    high = away_m / _METRES_A_DEGREE
    return shapely.polygons([(x + wide * math.sin(a), y + high * math.cos(a)) for a in turns])
