"""Sifting: which objects of a score fit what is asked, as the browser's own list has it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from .district import Districts
from .query import Sieve
from .score import Score

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

NEAR_M: Final = 400.0
"""So far from a place an object is near it: a walk of five minutes; our choice. [m]"""

_METRES_A_DEGREE: Final = 111_320.0  # of latitude, as in `geometry.js`

Mask = NDArray[np.bool_]


def find_hottest(score: Score) -> int:
    """Find the row of the hour that is hottest on average over the objects; 0 where none is."""
    utci_c = score.hazard.utci_c
    known = np.isfinite(utci_c)
    mean_c = np.where(known, utci_c, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return int(mean_c.argmax()) if known.any() else 0


def find_row(score: Score, hour: int | None, zone: ZoneInfo) -> int:
    """Find the first row that begins within a wall-clock hour; the hottest for none."""
    hours = score.hazard.begins.tz_convert(zone).hour
    rows = np.flatnonzero(hours == hour) if hour is not None else np.zeros(0, np.int64)
    return int(rows[0]) if len(rows) else find_hottest(score)


def sift(score: Score, sieve: Sieve, districts: Districts, *, row: int) -> Mask:
    """
    Tell which objects fit what is asked.

    Parameters
    ----------
    score
        Of one day.
    sieve
        What is asked.
    districts
        Of its sites.
    row
        Of the hour whose level counts: see `find_row`.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_sites,)``.
    """
    sites = score.sites
    shelter = np.where(sites.is_mixed, "mixed", sites.table["shelter"].astype(str))
    levels = list_digits(score)[row]
    kept = np.ones(sites.n_sites, bool)
    for asked, told in (
        (sieve.kind, sites.table["kind"].to_numpy(object)),
        (sieve.shelter, shelter),
        (sieve.level, levels),
        (sieve.district, name_districts(districts)),
    ):
        kept &= True if asked is None else told == asked
    if sieve.text is not None:
        sought = fold(sieve.text.strip())
        kept &= np.array([sought in fold(name) for name in call_sites(score)], bool)
    return kept if sieve.near is None else kept & _is_near(score, sieve.near)


def list_digits(score: Score) -> NDArray[np.str_]:
    """List levels as digits, ``?`` where unknown, shape ``(n_times, n_sites)``."""
    hazard = score.hazard
    known = np.isfinite(hazard.utci_c) & (hazard.level >= 0)
    return np.where(known, np.where(known, hazard.level, 0).astype(str), "?")


def name_districts(districts: Districts) -> NDArray[np.object_]:
    """Name the district of each site, None where it lies in none."""
    names = np.array([*districts.names, None], dtype=object)
    named: NDArray[np.object_] = names[districts.of_site]
    return named


def call_sites(score: Score) -> Sequence[str]:
    """List what each object is called: its name, else its label, else nothing."""
    table = score.sites.table
    columns = [table[name] for name in ("name", "label") if name in table]
    told = []
    for site_id, *texts in zip(table["site_id"], *columns, strict=True):
        named = (text for text in texts if isinstance(text, str) and text != site_id)
        told.append(next(named, ""))
    return told


def fold(text: str) -> str:
    """
    Fold letters so that a search finds what one types.

    Examples
    --------
    >>> fold("Große Bäckerstraße")
    'grosse backerstrasse'
    """
    parted = unicodedata.normalize("NFD", text)
    plain = "".join(sign for sign in parted if not unicodedata.category(sign).startswith("M"))
    return plain.lower().replace("ß", "ss")


def _is_near(score: Score, near: tuple[float, float]) -> Mask:
    latitude_deg, longitude_deg = near
    east = (score.sites.longitude_deg - longitude_deg) * np.cos(np.radians(latitude_deg))
    north = score.sites.latitude_deg - latitude_deg
    away: Mask = np.hypot(east, north) * _METRES_A_DEGREE <= NEAR_M
    return away
