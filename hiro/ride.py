"""Rides: how many board at each stop and hour, and how long they wait, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solarpass.degrees import DEGREES
from solarpass.tables import read_numbers

from .catchment import site_kinds
from .lines import Lines
from .pairing import STOP_KINDS, Pairing, find_station, pair_stops
from .profile import HOURS, read_profile
from .timetable import MODES, Timetable
from .waiting import WaitModel, find_wait_min

if TYPE_CHECKING:
    from .site import Sites


# Which headway is assumed of a mode's lines, of which only the number is known.
_HEADWAYS = {"tram": "headway_tram", "bus": "headway_bus", "metro": "headway_tram"}
# Who takes a train or a ferry waits at its platform, not at the bus stop beside it.
_ELSEWHERE = {"bus_stop": ("rail", "metro", "ferry"), "tram_stop": ("rail", "ferry")}


class _Model(Protocol):
    """What of the model of exposure counts here."""

    @property
    def wait(self) -> WaitModel:
        """How long riders wait."""

    @property
    def near_m(self) -> float:
        """How far off a site may be."""

    @property
    def name_m(self) -> float:
        """How far off one of the same name may be."""


@dataclass(frozen=True, eq=False, slots=True)
class Ride:
    """
    Who boards at each stop by the hour of the day, from one source.

    Attributes
    ----------
    tier
        Which source.
    is_known
        Of which sites it tells, shape ``(n_sites,)``.
    boardings, minutes
        Persons who board, and person-minutes that they wait, shape ``(24, n_sites)``. [1/h]
    notes
        One sentence each.
    """

    tier: str
    is_known: NDArray[np.bool_]
    boardings: NDArray[np.float64]
    minutes: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    @classmethod
    def nothing(cls, tier: str, n_sites: int, notes: tuple[str, ...] = ()) -> Ride:
        """Tell that a source tells nothing."""
        empty = np.zeros((HOURS, n_sites))
        return cls(tier, np.zeros(n_sites, dtype=bool), empty, empty, notes)


def ride_by_timetable(sites: Sites, timetable: Timetable, model: _Model) -> Ride:
    """
    Let riders board each departure, and wait for their line in their direction.

    All platforms of a site are one place: of a line's departures in one direction within an hour
    the headway is 60 minutes by their number. Trains and ferries have platforms of their own;
    an underground or a light railway counts where trams halt.
    """
    leaves = timetable.departures[~timetable.departures["mode"].isin(_ELSEWHERE["tram_stop"])]
    stops = timetable.stops[timetable.stops["stop_id"].isin(leaves["stop_id"])]
    railed = leaves["mode"].isin(["tram", "metro"])
    trams = stops["stop_id"].isin(leaves["stop_id"][railed])
    xy = _place(sites, stops["longitude_deg"].to_numpy(), stops["latitude_deg"].to_numpy())
    pairing = pair_stops(
        sites,
        xy,
        ids=[
            stop if find_station(stop) else station
            for stop, station in zip(stops["stop_id"], stops["station"], strict=True)
        ],
        names=stops["name"].tolist(),
        trams=trams.to_numpy(bool),
        near_m=model.near_m,
        name_m=model.name_m,
    )
    of_stop = dict(zip(stops["stop_id"], pairing.site.tolist(), strict=True))
    left = leaves.assign(site=[of_stop[stop] for stop in leaves["stop_id"]])
    left = left[left["site"] >= 0]
    is_bus = site_kinds(sites)[left["site"].to_numpy(np.int64)] == "bus_stop"
    left = left[~(is_bus & left["mode"].isin(_ELSEWHERE["bus_stop"]).to_numpy(bool))]
    keys = ["site", "route_id", "direction", "mode", "hour"]
    lines = left.groupby(keys, sort=True)["n"].sum().reset_index()
    n, hour = lines["n"].to_numpy(float), lines["hour"].to_numpy(np.int64)
    boards = n * _per_departure()[_mode_rows(lines["mode"])] * _demand()[hour]
    wait_min = find_wait_min(60.0 / np.maximum(n, 1e-9), model=model.wait)
    n_sites = len(sites.table)
    at = hour * n_sites + lines["site"].to_numpy(np.int64)
    boardings, minutes = (
        np.bincount(at, amount, HOURS * n_sites).astype(float).reshape(HOURS, n_sites)
        for amount in (boards, boards * wait_min)
    )
    known = np.zeros(n_sites, dtype=bool)
    known[lines["site"].to_numpy(np.int64)] = True
    notes = (*timetable.notes, *_tell_pairing(sites, pairing, known, model, stops["name"]))
    return Ride("gtfs", known, boardings, minutes, notes)


def ride_by_lines(sites: Sites, lines: Lines, model: _Model) -> Ride:
    """
    Let riders board the lines that call, at the headway that is assumed of each.

    A site is given its nearest stop of the list; where several sites are one such stop, each has
    its part of the lines. A site has both directions of a line.
    """
    kinds = site_kinds(sites)
    n_sites = len(kinds)
    stop_of = _find_stops(sites, lines, model)
    known = stop_of >= 0
    if not known.any():
        return Ride.nothing("lines", n_sites, (*lines.notes, "No stop of the list is a site."))
    rows = stop_of[known]
    sharing = np.bincount(rows, minlength=len(lines.table))[rows]
    boardings = np.zeros((HOURS, n_sites))
    minutes = np.zeros((HOURS, n_sites))
    for mode, quantity in _HEADWAYS.items():
        headway_min = read_profile("boarding", key="what", of=quantity, quantity="minutes")
        number = 2.0 * lines.table[mode].to_numpy(float)[rows] / sharing
        number[np.isin(kinds[known], [kind for kind, of in _ELSEWHERE.items() if mode in of])] = 0.0
        per_hour = 60.0 / headway_min * _demand() * _per_departure()[MODES.index(mode)]
        boards = per_hour[:, None] * number
        boardings[:, known] += boards
        minutes[:, known] += boards * find_wait_min(headway_min, model=model.wait)[:, None]
    told = f"{known.sum()} of {np.isin(kinds, STOP_KINDS).sum()} stops have lines in the list."
    return Ride("lines", known, boardings, minutes, (*lines.notes, told))


def _find_stops(sites: Sites, lines: Lines, model: _Model) -> NDArray[np.int64]:
    """Find the stop of a list for each site, -1 where there is none."""
    points = np.asarray(lines.table.geometry.to_crs(sites.crs))
    xy = shapely.get_coordinates(points)
    found = np.full(len(sites.table), -1, dtype=np.int64)
    # Stops of the list stand for sites here, so that several sites may find the same one.
    listed = _Listed.of(sites, lines, points)
    kinds = site_kinds(sites)
    rows = np.flatnonzero(np.isin(kinds, STOP_KINDS))
    if not len(rows) or not len(xy):
        return found
    own = shapely.get_coordinates(shapely.centroid(np.asarray(sites.table.geometry)))[rows]
    pairing = pair_stops(
        listed,  # type: ignore[arg-type]
        own,
        ids=[sites.table["ifopt"].iloc[row] for row in rows],
        names=[sites.table["name"].iloc[row] for row in rows],
        trams=kinds[rows] == "tram_stop",
        near_m=model.near_m,
        name_m=model.name_m,
    )
    found[rows] = pairing.site
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Listed:
    """Stops of a list in the shape of sites."""

    crs: object
    table: gpd.GeoDataFrame
    waiting: gpd.GeoDataFrame

    @classmethod
    def of(cls, sites: Sites, lines: Lines, points: NDArray[np.object_]) -> _Listed:
        is_tram = lines.table["tram"].to_numpy(float) > 0.0
        table = gpd.GeoDataFrame(
            {
                "site_id": lines.table["stop_id"],
                "kind": np.where(is_tram, "tram_stop", "bus_stop"),
                "ifopt": lines.table["stop_id"],
                "name": lines.table["name"],
            },
            geometry=points,
            crs=sites.crs,
        )
        none = gpd.GeoDataFrame({"site": np.zeros(0, np.int64)}, geometry=[], crs=sites.crs)
        return cls(sites.crs, table, none)


def _place(
    sites: Sites, longitude_deg: NDArray[np.float64], latitude_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    points = gpd.GeoSeries(gpd.points_from_xy(longitude_deg, latitude_deg), crs=DEGREES)
    return shapely.get_coordinates(np.asarray(points.to_crs(sites.crs)))


def _per_departure() -> NDArray[np.float64]:
    told = read_numbers("boarding", key="what")
    return np.array([told[mode]["boardings_per_departure"] for mode in MODES])


def _demand() -> NDArray[np.float64]:
    return read_profile("boarding", key="what", of="demand", quantity="factor")


def _mode_rows(modes: object) -> NDArray[np.int64]:
    return np.array([MODES.index(mode) for mode in modes], dtype=np.int64)  # type: ignore[attr-defined]


def _tell_pairing(
    sites: Sites,
    pairing: Pairing,
    known: NDArray[np.bool_],
    model: _Model,
    names: pd.Series[str],
) -> list[str]:
    joined = pairing.is_joined
    ways = ", ".join(
        f"{(pairing.way == way).sum()} by {by}"
        for way, by in (("id", "id"), ("near", "place"), ("name", "name"))
    )
    n_near = int((joined | (pairing.nearest_m <= model.name_m)).sum())
    told = f"{joined.sum()} of {len(joined)} stops of the timetable are sites ({ways})"
    notes = [f"{told}; {n_near} have any site within {model.name_m:g} m."]
    if not joined.all():
        lost = list(dict.fromkeys(names[~joined]))
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        notes.append(f"Without a site: {'; '.join(lost[:5])}{more}.")
    n_stops = int(np.isin(site_kinds(sites), STOP_KINDS).sum())
    n_bare = n_stops - int(known.sum())
    if n_bare:
        notes.append(f"{n_bare} of {n_stops} stops have no departure in the timetable.")
    return notes
