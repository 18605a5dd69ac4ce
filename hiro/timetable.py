"""Timetables: how often which line leaves a stop at each hour of one day, out of a GTFS feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .errors import TimetableError
from .feed import read_feed
from .service import choose_service_day, read_services

MODES = ("bus", "tram", "metro", "rail", "ferry", "other")

_DAY_S = 86_400
_LATEST_S = 3 * _DAY_S  # a trip that leaves later than that on its own clock is none
_MOST_STARTS = 2_000_000  # stop calls that frequencies may unfold to
# Kinds of routes of the reference, and the hundreds of the extended ones.
_BASIC = {0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 11: "bus", 12: "rail"}
_EXTENDED = {
    1: "rail",
    2: "bus",
    4: "metro",
    7: "bus",
    8: "bus",
    9: "tram",
    10: "ferry",
    12: "ferry",
}


@dataclass(frozen=True, eq=False, slots=True)
class Timetable:
    """
    Departures of one calendar day, from midnight to midnight.

    Attributes
    ----------
    day
        Which day it tells of.
    stops
        ``stop_id``, ``name``, ``station`` (its parent, else itself), ``latitude_deg`` and
        ``longitude_deg`` of each place at which something leaves that day.
    departures
        ``stop_id``, ``route_id``, ``line``, ``direction``, ``mode`` (one of `MODES`), ``hour``
        (0 to 23) and ``n`` departures, one row each. Where a trip ends, or takes nobody in,
        nothing leaves.
    n_calls
        Calls at stops of all trips of that service day, ends included, whatever their hour.
    zone
        Of its clock; None where not told.
    notes
        One sentence each on what was assumed or left out.
    attribution
        Whom to name.
    """

    day: date
    stops: pd.DataFrame
    departures: pd.DataFrame
    n_calls: int
    zone: str | None
    notes: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()


def read_timetable(path: str | Path, *, day: date | None = None) -> Timetable:
    """
    Read the departures of one day out of a GTFS zip.

    Times run beyond 24 h: what leaves at 28:15 leaves at 4:15 of the next day, so the
    trips of the day before count here, and those of this day after midnight do not.

    Parameters
    ----------
    path
        A GTFS zip; read with the standard library and pandas, as the packages for it either
        build a data base first or lean on a graph of their own.
    day
        Of which to tell. Where the feed has nothing on it, the same weekday nearest in the feed
        stands, and a note says so; None: the day with most trips.

    Raises
    ------
    TimetableError
        If the file is no GTFS, lacks a table or a column, or tells no departure.
    """
    path = Path(path)
    feed = read_feed(path)
    services = read_services(path, feed)
    trips = feed["trips"].drop_duplicates("trip_id")
    chosen, note = choose_service_day(path, services, trips["service_id"], day)
    notes = [*services.notes, *([note] if note else [])]
    near = [chosen - timedelta(days=before) for before in range(3)]
    running = [trips["service_id"].isin(services.find(one)).to_numpy(bool) for one in near]
    calls, told = _read_calls(feed, trips[np.logical_or.reduce(running)])
    notes += told
    of_trip = pd.Series(np.arange(len(trips)), index=trips["trip_id"])
    trip = of_trip.reindex(calls["trip_id"]).to_numpy(np.int64)
    runs_here = running[0][trip]
    n_calls = int(runs_here.sum())
    calls, doubled = _unfold(path, feed.get("frequencies"), calls.assign(trip=trip))
    notes += doubled
    parts = []
    for before, runs in enumerate(running):
        leaves_s = calls["time_s"].to_numpy(float) - before * _DAY_S
        inside = (leaves_s >= 0) & (leaves_s < _DAY_S) & runs[calls["trip"].to_numpy(int)]
        inside &= calls["boards"].to_numpy(bool)
        hour = (leaves_s[inside] // 3600).astype(np.int64)
        parts.append(calls[["trip", "stop_id"]][inside].assign(hour=hour))
    left = pd.concat(parts, ignore_index=True)
    if left.empty:
        why = f" ({doubled[-1].rstrip('.')})" if doubled else ""
        msg = f"{path} tells no departure on {chosen}{why}; wanted trips that have stop times."
        raise TimetableError(msg)
    departures = _count_departures(left, trips, feed["routes"])
    stops, departures, lost = _place_stops(path, feed["stops"], departures)
    notes += lost
    return Timetable(
        day=chosen,
        stops=stops,
        departures=departures,
        n_calls=n_calls,
        zone=_first_told(feed.get("agency"), "agency_timezone"),
        notes=tuple(notes),
        attribution=(_find_credit(path, feed),),
    )


# --- the calls at stops


def _read_calls(
    feed: Mapping[str, pd.DataFrame], trips: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """
    Read the calls of some trips, in the order of each trip.

    Returns
    -------
    tuple
        ``trip_id``, ``stop_id``, ``time_s`` after the midnight of the service day (NaN where none
        is told) and whether one ``boards``; and what to say of it.
    """
    table = feed["stop_times"]
    calls = table[table["trip_id"].isin(trips["trip_id"]).to_numpy(bool)]
    order = pd.to_numeric(calls["stop_sequence"], errors="coerce").fillna(0.0)
    calls = calls.assign(order=order).sort_values(["trip_id", "order"], kind="stable")
    calls = calls.reset_index(drop=True)
    time_s = _read_times(calls["departure_time"])
    time_s = np.where(np.isnan(time_s), _read_times(calls["arrival_time"]), time_s)
    trip = pd.factorize(calls["trip_id"])[0]
    filled_s = _fill_times(time_s, trip)
    ends = np.append(trip[1:] != trip[:-1], True) if len(trip) else np.zeros(0, dtype=bool)
    boards = ~ends & (calls["pickup_type"] != "1").to_numpy(bool)
    notes = []
    n_filled = int((np.isnan(time_s) & ~np.isnan(filled_s)).sum())
    n_lost = int(np.isnan(filled_s).sum())
    if n_filled:
        notes.append(f"{n_filled} calls without a time stand between those of their trip.")
    if n_lost:
        notes.append(f"{n_lost} calls without a time that reads were left out.")
    columns = {"trip_id": calls["trip_id"], "stop_id": calls["stop_id"]}
    return pd.DataFrame({**columns, "time_s": filled_s, "boards": boards}), notes


def _read_times(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Read times such as 28:15:00 as seconds, NaN where it is none."""
    codes, distinct = pd.factorize(texts)
    parts = pd.Series(distinct, dtype=str).str.extract(r"^(\d{1,2}):([0-5]\d):([0-5]\d)$")
    numbers = parts.astype(float).to_numpy()
    seconds = numbers @ np.array([3600.0, 60.0, 1.0])
    seconds[seconds >= _LATEST_S] = np.nan
    return seconds[codes] if len(distinct) else np.full(len(texts), np.nan)


def _fill_times(time_s: NDArray[np.float64], trip: NDArray[np.int64]) -> NDArray[np.float64]:
    """Put calls without a time evenly between those before and after on their trip."""
    known = np.flatnonzero(~np.isnan(time_s))
    row = np.arange(len(time_s))
    after = np.searchsorted(known, row)
    has_both = (after > 0) & (after < len(known)) & np.isnan(time_s)
    gap = np.flatnonzero(has_both)
    low, high = known[after[gap] - 1], known[after[gap]]
    within = (trip[low] == trip[gap]) & (trip[high] == trip[gap])
    gap, low, high = gap[within], low[within], high[within]
    filled_s = time_s.copy()
    filled_s[gap] = time_s[low] + (time_s[high] - time_s[low]) * (gap - low) / (high - low)
    return filled_s


def _unfold(
    path: Path, frequencies: pd.DataFrame | None, calls: pd.DataFrame
) -> tuple[pd.DataFrame, list[str]]:
    """Repeat trips that a feed tells by their headway; one that stands there has no times."""
    calls = calls[calls["time_s"].notna()]
    if frequencies is None or not frequencies["trip_id"].isin(calls["trip_id"]).any():
        return calls, []
    spans = frequencies[frequencies["trip_id"].isin(calls["trip_id"])].reset_index(drop=True)
    start_s, end_s = _read_times(spans["start_time"]), _read_times(spans["end_time"])
    headway_s = pd.to_numeric(spans["headway_secs"], errors="coerce").to_numpy(float)
    sound = (headway_s >= 1.0) & (end_s > start_s) & np.isfinite(headway_s)
    n_starts = np.zeros(len(spans), dtype=np.int64)
    n_starts[sound] = np.ceil((end_s - start_s)[sound] / headway_s[sound]).astype(np.int64)
    repeated = calls[calls["trip_id"].isin(spans["trip_id"])]
    n_stops = repeated["trip_id"].value_counts().reindex(spans["trip_id"]).to_numpy(np.int64)
    if int((n_starts * n_stops).sum()) > _MOST_STARTS:
        msg = (
            f"{path}: frequencies.txt unfolds to more than {_MOST_STARTS} calls; its headways "
            "must be seconds between departures."
        )
        raise TimetableError(msg)
    span = np.repeat(np.arange(len(spans)), n_starts)
    number = np.arange(len(span)) - np.repeat(np.cumsum(n_starts) - n_starts, n_starts)
    at_s = (start_s[span] + number * headway_s[span]).astype(np.float64)
    starts = pd.DataFrame({"trip_id": spans["trip_id"].to_numpy()[span], "at_s": at_s})
    first_s = repeated.groupby("trip_id")["time_s"].min()
    unfolded = repeated.merge(starts, on="trip_id")
    # Of no row at all pandas forgets the type.
    since_s = unfolded["time_s"] - unfolded["trip_id"].map(first_s).astype(np.float64)
    unfolded["time_s"] = (since_s + unfolded["at_s"]).astype(np.float64)
    plain = calls[~calls["trip_id"].isin(spans["trip_id"])]
    notes = [f"{len(starts)} trips come from headways (frequencies.txt)."]
    if not sound.all():
        n_odd = int((~sound).sum())
        told = "1 headway that does" if n_odd == 1 else f"{n_odd} headways that do"
        notes.append(f"{told} not read {'was' if n_odd == 1 else 'were'} left out.")
    return pd.concat([plain, unfolded[calls.columns]], ignore_index=True), notes


# --- the departures of a stop


def _count_departures(
    left: pd.DataFrame, trips: pd.DataFrame, routes: pd.DataFrame
) -> pd.DataFrame:
    """Count departures by stop, route, direction and hour."""
    direction = trips["direction_id"].where(trips["direction_id"] != "", trips["trip_headsign"])
    line = trips["route_id"].to_numpy()
    told = left.assign(
        route_id=line[left["trip"].to_numpy(int)],
        direction=direction.to_numpy()[left["trip"].to_numpy(int)],
    )
    keys = ["stop_id", "route_id", "direction", "hour"]
    counted = told.groupby(keys, sort=True).size().rename("n").reset_index()
    known = routes.drop_duplicates("route_id").set_index("route_id")
    modes = {route: find_mode(kind) for route, kind in known["route_type"].items()}
    counted["mode"] = [modes.get(route, "other") for route in counted["route_id"]]
    names = known["route_short_name"].to_dict()
    counted["line"] = [names.get(route) or route for route in counted["route_id"]]
    return counted[["stop_id", "route_id", "line", "direction", "mode", "hour", "n"]]


def find_mode(route_type: object) -> str:
    """
    Find what drives on a route of a kind.

    Examples
    --------
    >>> [find_mode(kind) for kind in ("0", "3", "109", "700", "900", "1700", "?")]
    ['tram', 'bus', 'rail', 'bus', 'tram', 'other', 'other']
    """
    text = str(route_type)
    if not text.isascii() or not text.isdigit():
        return "other"
    number = int(text[:5])
    return _BASIC.get(number, "other") if number < 100 else _EXTENDED.get(number // 100, "other")


def _place_stops(
    path: Path, stops: pd.DataFrame, departures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Tell where the stops are; a stop without a place takes that of its parent station."""
    stops = stops.drop_duplicates("stop_id")
    known = pd.DataFrame(
        {
            "stop_id": stops["stop_id"],
            "name": stops["stop_name"],
            "station": stops["parent_station"].where(
                stops["parent_station"] != "", stops["stop_id"]
            ),
            "latitude_deg": _read_degrees(stops["stop_lat"], most_deg=90.0),
            "longitude_deg": _read_degrees(stops["stop_lon"], most_deg=180.0),
        }
    ).set_index("stop_id", drop=False)
    parent = known.reindex(known["station"])
    for column in ("latitude_deg", "longitude_deg"):
        own = known[column].to_numpy(float)
        known[column] = np.where(np.isnan(own), parent[column].to_numpy(float), own)
    placed = known[known["latitude_deg"].notna() & known["longitude_deg"].notna()]
    used = departures["stop_id"].isin(placed["stop_id"]).to_numpy(bool)
    notes = []
    if not used.all():
        n_lost = departures["stop_id"][~used].nunique()
        notes.append(f"{n_lost} stops of the timetable have no place and were left out.")
    if not used.any():
        msg = f"{path} tells of no stop where it is; wanted stop_lat and stop_lon in degrees."
        raise TimetableError(msg)
    departures = departures[used].reset_index(drop=True)
    served = placed[placed["stop_id"].isin(departures["stop_id"]).to_numpy(bool)]
    return served.reset_index(drop=True), departures, notes


def _read_degrees(texts: pd.Series[str], *, most_deg: float) -> NDArray[np.float64]:
    degrees = pd.to_numeric(texts, errors="coerce").to_numpy(float)
    return np.where(np.abs(degrees) <= most_deg, degrees, np.nan)


def _first_told(table: pd.DataFrame | None, column: str) -> str | None:
    told = [] if table is None else [text for text in table[column] if text]
    return str(told[0]) if told else None


def _find_credit(path: Path, feed: Mapping[str, pd.DataFrame]) -> str:
    publisher = _first_told(feed.get("feed_info"), "feed_publisher_name")
    if publisher:
        return f"timetable: {publisher}"
    agency = feed.get("agency")
    names = list(dict.fromkeys(agency["agency_name"])) if agency is not None else []
    told = ", ".join(name for name in names[:3] if name)
    return f"timetable: {told or path.name}"
