"""Pairing: which stop of a timetable or a list is which of our sites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from solarpass.column import fold_name

from .catchment import site_kinds, site_xy

if TYPE_CHECKING:
    from .site import Sites

STOP_KINDS = ("bus_stop", "tram_stop")

_AWAY_M = 1_000.0  # an id that matches farther off is taken for an error of one of both
_OTHER_MODE_M = 30.0  # so much farther seems a site at which another mode halts


@dataclass(frozen=True, eq=False, slots=True)
class Pairing:
    """
    To which site each stop belongs.

    Attributes
    ----------
    site
        Row of the site, -1 where there is none, shape ``(n_stops,)``.
    way
        By what it was found: "id", "near", "name" or "", shape ``(n_stops,)``.
    nearest_m
        How far the nearest site is; infinite beyond a kilometre, shape ``(n_stops,)``. [m]
    """

    site: NDArray[np.int64]
    way: NDArray[Any]
    nearest_m: NDArray[np.float64]

    @property
    def is_joined(self) -> NDArray[np.bool_]:
        """Whether a stop has a site, shape ``(n_stops,)``."""
        return np.asarray(self.site >= 0)


def pair_stops(
    sites: Sites,
    xy: NDArray[np.float64],
    *,
    ids: Sequence[str | None],
    names: Sequence[str | None],
    trams: NDArray[np.bool_],
    near_m: float,
    name_m: float,
) -> Pairing:
    """
    Find the site of each stop: by its id, else the nearest, else a near one of its name.

    Parameters
    ----------
    sites
        Of which bus and tram stops count.
    xy
        Where the stops are, in the sites' metres, shape ``(n_stops, 2)``. [m]
    ids, names
        What the stops are called; an id counts if it is the site's own or its ``ifopt``, and one
        of Europe's kind (``de:14612:434:1:2``) by its station, the first three parts.
    trams
        Whether a tram leaves there, shape ``(n_stops,)``.
    near_m, name_m
        How far off a site may be, and one of the same name. [m]
    """
    rows = np.flatnonzero(np.isin(site_kinds(sites), STOP_KINDS))
    site = np.full(len(xy), -1, dtype=np.int64)
    way = np.full(len(xy), "", dtype=object)
    nearest_m = np.full(len(xy), np.inf)
    if not len(rows) or not len(xy):
        return Pairing(site, way, nearest_m)
    place_xy, place_site = _waiting_places(sites, rows)
    around = KDTree(place_xy).query_ball_point(xy, max(_AWAY_M, near_m, name_m))
    is_tram = site_kinds(sites) == "tram_stop"
    known = [
        {find_station(ifopt), ifopt, own} - {None, ""}
        for ifopt, own in zip(sites.table["ifopt"], sites.table["site_id"], strict=True)
    ]
    folded = [fold_stop_name(name) for name in sites.table["name"]]
    for stop, found in enumerate(around):
        if not found:
            continue
        near = place_site[found]
        away_m = np.hypot(*(place_xy[found] - xy[stop]).T)
        pull_m = away_m + _OTHER_MODE_M * (is_tram[near] != trams[stop])
        nearest_m[stop] = away_m.min()
        told_id, name = {ids[stop], find_station(ids[stop])}, fold_stop_name(names[stop])
        by_id = np.array([bool(known[one] & told_id) for one in near])
        by_name = np.array([is_same_name(folded[one], name) for one in near])
        for kind, fits in (
            ("id", by_id),
            ("near", away_m <= near_m),
            ("name", by_name & (away_m <= name_m)),
        ):
            if fits.any():
                site[stop] = near[fits][np.argmin(pull_m[fits])]
                way[stop] = kind
                break
    return Pairing(site, way, nearest_m)


def _waiting_places(
    sites: Sites, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Tell where sites are known to be: their own points and their waiting places."""
    of = sites.waiting["site"].to_numpy(np.int64)
    chosen = np.isin(of, rows)
    waiting = shapely.get_coordinates(shapely.centroid(np.asarray(sites.waiting.geometry)))
    return np.vstack([site_xy(sites)[rows], waiting[chosen]]), np.concatenate([rows, of[chosen]])


def find_station(told: object) -> str | None:
    """
    Find the station in an id of Europe's kind, None in any other.

    Examples
    --------
    >>> find_station("de:08221:1144:1:11"), find_station("de:08221:1144_Parent")
    ('de:8221:1144', 'de:8221:1144')
    >>> find_station("stop 7") is None
    True
    """
    match = re.match(r"([a-z]{2}):0*(\d+):(\w+?)(?:_Parent)?(?::|$)", str(told or "").strip())
    return f"{match[1]}:{match[2]}:{match[3]}" if match else None


def fold_stop_name(name: object) -> frozenset[str]:
    """
    Fold a stop's name to its words, without the numbers of its sides.

    Examples
    --------
    >>> sorted(fold_stop_name("Heidelberg, Rohrbacher Str. (2)"))
    ['heidelberg', 'rohrbacherstrasse']
    >>> sorted(fold_stop_name("Dossenheim, Bf Bstg G1"))
    ['bahnhof', 'dossenheim']
    """
    if not isinstance(name, str):
        return frozenset()
    text = re.sub(r"\([^)]*\)", " ", name.casefold().replace("ß", "ss"))
    text = re.sub(r"\b(?:bstg|bahnsteig|gleis|steig)\b\.?\s*\w*", " ", text)
    text = re.sub(r"str(?:\.|\b)", "strasse", text)
    text = re.sub(r"\bb(?:h?)f\b", "bahnhof", re.sub(r"\bhbf\b", "hauptbahnhof", text))
    text = re.sub(r"[\s-]+(strasse|platz|weg|allee)\b", r"\1", text)
    return frozenset(fold_name(text).split("_")) - {""}


def is_same_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether the words of one name are all in the other, as where a town is put before."""
    return bool(one and other) and (one <= other or other <= one)
