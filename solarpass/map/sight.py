"""What a visitor is told of one place: why the sun is there or not, and its skyline."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Final
from urllib.parse import urlencode

from solarpass.panorama import SIZE_IN
from solarpass.places import find_place
from solarpass.spot import Spot, find_spot
from solarpass.trip import read_coordinates
from solarpass.verdict import (
    NOWHERE,
    tall,
    tell_assumptions,
    tell_blocker,
    tell_day,
    tell_moved,
    tell_state,
    tell_sun,
    tell_turn,
    told_blockers,
)
from solarpass.words import Words

from .question import Place
from .scene import Scene
from .server import LONGEST_SEARCH, city_address, stamp

N_KEPT: Final = 32  # places checked last, shared by words and picture; our choice
MOST_TOLD: Final = 3  # blockers told in words; the nearest matter
MEASURED: Final = {"lidar", "survey"}  # OpenStreetMap would mend no such height
_WIDTH_PX, _HEIGHT_PX = (round(100 * side) for side in SIZE_IN)

_drawing = threading.Lock()  # matplotlib's fonts are shared by all threads


@lru_cache(N_KEPT)
def check_spot(scene: Scene, place: Place, at: datetime) -> Spot:
    """Check a place, once for its words and its picture."""
    return find_spot(scene.atlas, place, at)


@lru_cache(N_KEPT)
def view_png(scene: Scene, place: Place, at: datetime, language: str) -> bytes:
    """Draw the skyline of a place as a PNG."""
    # matplotlib takes a second or two to import, which no start of the app should wait for.
    from solarpass.skyview import skyview_png  # noqa: PLC0415

    spot = check_spot(scene, place, at.astimezone(scene.atlas.zone))
    with _drawing:
        return skyview_png(spot, Words(language))


def read_spot(scene: Scene, text: str) -> Place:
    """
    Read what was typed: coordinates, or the name of a place.

    Raises
    ------
    SolarpassError
        If it is neither.
    """
    if not any(letter.isalpha() for letter in text):
        return read_coordinates(text)
    found = find_place(scene.city, text[:LONGEST_SEARCH])
    return found.latitude_deg, found.longitude_deg


def tell_spot(
    scene: Scene, place: Place, at: datetime, words: Words, *, kept: Mapping[str, str] | None = None
) -> str:
    """
    Write as HTML what is said of a place, with the address of its picture.

    Parameters
    ----------
    scene, place, at, words
        Where, when, and in which language.
    kept
        City and language of the link, which the link to report it keeps.
    """
    spot = check_spot(scene, place, at)
    check = spot.check
    said = f"{tell_state(check, words)} {tell_sun(check, words)}".strip()
    moved = tell_moved(spot.moved_m, words)
    rows = []
    for blocker in told_blockers(check)[:MOST_TOLD]:
        turn = escape(tell_turn(blocker, check, words))
        shown = f'<a href="{blocker.link}" target="_blank" rel="noopener">' if blocker.link else ""
        link = f"{shown}{escape(words('check_show'))}</a>" if shown else ""
        rows.append(f"<li>{escape(tell_blocker(blocker, words))} {turn} {link}</li>")
    lines = [escape(line) for line in tell_day(check, spot.spells, words)]
    seen = check.state not in NOWHERE
    if seen:
        lines.append(escape(words("check_eye", height=tall(spot.around.eye_m, words))))
        lines.append(escape(tell_assumptions(spot.assumptions, words)))
    if any(b.link and b.height_source not in MEASURED for b in told_blockers(check)[:MOST_TOLD]):
        lines.append(escape(words("check_mend")))
    picture = _picture(scene, place, at, words, told=said) if seen else ""
    asked = {"face": "report", "at": f"{place[0]:.6f},{place[1]:.6f}", "category": "wrong_shade"}
    report = escape(f"?{urlencode({**asked, **(kept or {})}, safe=',')}")
    return (
        f'<section lang="{words.language}" class="sight">'
        f"<h3>{escape(scene.name_near(place))}</h3>"
        f'<p class="saved" role="status">{escape(said)}</p>'
        f"{f'<p>{escape(moved)}</p>' if moved else ''}"
        f"<ul>{''.join(rows)}</ul>{picture}"
        f"{''.join(f'<p>{line}</p>' for line in lines)}"
        f'<p><a class="report" href="{report}" target="_self">{escape(words("check_report"))}</a>'
        "</p></section>"
    )


def _picture(scene: Scene, place: Place, at: datetime, words: Words, *, told: str) -> str:
    address = f"{city_address(scene)}/view/{place[0]:.6f},{place[1]:.6f}/{stamp(at)}"
    return (
        f'<img src="{address}/{words.language}.png" width="{_WIDTH_PX}" height="{_HEIGHT_PX}" '
        f'alt="{escape(words("sky_alt", told=told))}">'
    )
