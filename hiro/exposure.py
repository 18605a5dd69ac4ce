"""Exposure: who is at a site, when and how long, in person-minutes, from the best that is known."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.tables import read_numbers

from .catchment import crop_population, find_catchment, refuse_elsewhere, site_kinds
from .cohort import build_cohorts
from .errors import PopulationError, TimetableError
from .lines import Lines
from .pairing import STOP_KINDS
from .population import Population
from .profile import HOURS, hour_shares, read_profile
from .ride import Ride, ride_by_lines, ride_by_timetable
from .timetable import Timetable
from .waiting import WaitModel, find_wait_min

if TYPE_CHECKING:
    from .site import Sites

TIERS = ("gtfs", "lines", "population", "default")

_PLAYERS = ("playground", "school", "day_care")  # sites that the children around fill


@dataclass(frozen=True, slots=True)
class ExposureModel:
    """
    Assumptions about who is where; change one with `dataclasses.replace`.

    Who boards a departure, when, and who is at other sites stands in `data/boarding.csv` and
    `data/occupancy.csv`. The catchments are handed down with the design; the rest is our choice.

    Attributes
    ----------
    wait
        How long riders wait.
    catchment_m, tram_catchment_m
        How far riders walk to a bus stop, and to one of trams. [m]
    boardings_per_person
        How often a person around boards a day: three trips, one in six of them by bus or tram, and
        some change on the way. [1/d]
    near_m, name_m
        A stop of a timetable is a site so near, or so near if it has its name. [m]
    children_m
        From how far children come to a playground, a school, a day-care centre. [m]
    most_children_factor
        So many times as many, or as few, are there as at the mean site of the kind. [1]
    n0_persons
        As if so many more of the city's mean ages lived in each cell. [persons]

    Raises
    ------
    TimetableError
        If a number is not positive.
    """

    wait: WaitModel = field(default_factory=WaitModel)
    catchment_m: float = 300.0
    tram_catchment_m: float = 400.0
    boardings_per_person: float = 0.6
    near_m: float = 75.0
    name_m: float = 200.0
    children_m: float = 400.0
    most_children_factor: float = 4.0
    n0_persons: float = 50.0

    def __post_init__(self) -> None:
        """Refuse distances and numbers that cannot be."""
        for one in fields(self)[1:]:
            value = getattr(self, one.name)
            if not (math.isfinite(value) and value > 0.0):
                msg = f"`{one.name}` must be a positive number; got {value}."
                raise TimetableError(msg)


@dataclass(frozen=True, eq=False, slots=True)
class Exposure:
    """
    Who is at each site, and how long.

    Attributes
    ----------
    person_minutes
        In each interval, shape ``(n_times, n_sites)``. [persons min]
    tier
        From what it is known, one of `TIERS`, shape ``(n_sites,)``.
    boardings
        Persons who board at a stop in all intervals; NaN at other sites, shape ``(n_sites,)``.
    notes
        One sentence each on what was counted and assumed.
    attribution
        Whom to name.
    """

    person_minutes: NDArray[np.float64]
    tier: NDArray[Any]
    boardings: NDArray[np.float64]
    notes: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for one in (self.person_minutes, self.tier, self.boardings):
            one.flags.writeable = False

    @property
    def persons(self) -> NDArray[np.float64]:
        """Person-hours in all intervals, shape ``(n_sites,)``. [persons h]."""
        return np.asarray(self.person_minutes.sum(axis=0) / 60.0)

    @property
    def wait_min(self) -> NDArray[np.float64]:
        """Mean wait of who boards; NaN at other sites and where nobody does. [min]."""
        boards = np.nan_to_num(self.boardings) > 0.0
        minutes = self.person_minutes.sum(axis=0)
        return np.where(boards, minutes / np.where(boards, self.boardings, 1.0), np.nan)


def build_exposure(
    sites: Sites,
    begins: pd.DatetimeIndex,
    *,
    timetable: Timetable | None = None,
    lines: Lines | None = None,
    population: Population | None = None,
    model: ExposureModel = ExposureModel(),
) -> Exposure:
    """
    Tell who is at each site, from the best that is known of it.

    Stops: departures of the timetable; else how many lines call; else who lives around; else a
    default of the kind. Riders wait for their own line in their own direction, so each of
    these has its headway; two lines are never taken for one that comes twice as often. Other
    sites: who is there by the hour, of playgrounds, schools and day care more where more
    children live around. All of it is by the local hour of `begins`, in the zone they carry.
    The day of the timetable and that of `begins` may differ: hours count.

    Parameters
    ----------
    sites
        In local metres.
    begins
        Zone-aware starts of intervals at one step, shape ``(n_times,)``.
    timetable, lines, population
        What is known.
    model
        Assumptions.

    Raises
    ------
    NaiveTimeError
        If `begins` carry no zone.
    TimetableError
        If `begins` do not follow each other at one step, or all stops of `lines` lie elsewhere.
    PopulationError
        If all of the population lives elsewhere.
    """
    hours = hour_shares(begins)
    kinds = site_kinds(sites)
    is_stop = np.isin(kinds, STOP_KINDS)
    minutes = np.zeros((HOURS, len(kinds)))
    boardings = np.zeros((HOURS, len(kinds)))
    tier = np.full(len(kinds), "", dtype=object)
    notes: list[str] = []
    rides: list[Ride] = []
    if timetable is not None:
        rides.append(ride_by_timetable(sites, timetable, model))
    if lines is not None:
        refuse_elsewhere(sites, lines.table, what="stop of the list", error=TimetableError)
        rides.append(ride_by_lines(sites, lines, model))
    if population is not None:
        what = f"{population.kind[:-1]} of the population"
        refuse_elsewhere(sites, population.table, what=what, error=PopulationError)
        rides.append(_ride_by_population(sites, population, model))
    rides.append(_ride_by_default(kinds))
    for ride in rides:
        new = ride.is_known & is_stop & (tier == "")
        boardings[:, new], minutes[:, new] = ride.boardings[:, new], ride.minutes[:, new]
        tier[new] = ride.tier
        notes += ride.notes
    places, filled, told = _find_occupancy(sites, population, model)
    minutes[:, ~is_stop] = places[:, ~is_stop]
    tier[~is_stop] = filled[~is_stop]
    told_by = {"gtfs": timetable, "lines": lines, "population": population}
    sources = [one for name, one in told_by.items() if one is not None and (tier == name).any()]
    return Exposure(
        person_minutes=hours @ minutes,
        tier=tier,
        boardings=np.where(is_stop, (hours @ boardings).sum(axis=0), np.nan),
        notes=(*notes, *told, *_count_tiers(tier)),
        attribution=tuple(dict.fromkeys(one for each in sources for one in each.attribution)),
    )


# --- stops of which no line is known


def _ride_by_population(sites: Sites, population: Population, model: ExposureModel) -> Ride:
    """Let those who live around board, shared among the stops that they reach."""
    kinds = site_kinds(sites)
    is_stop = np.isin(kinds, STOP_KINDS)
    radius_m = np.where(kinds == "tram_stop", model.tram_catchment_m, model.catchment_m)
    here = crop_population(population, sites, reach_m=float(radius_m.max(initial=0.0)) + 2_000.0)
    cohorts = build_cohorts(here, n0_persons=model.n0_persons)
    if here.kind != "cells" or not np.isfinite(cohorts.persons).any():
        lacks = "of districts, not of cells" if here.kind != "cells" else "no number of persons"
        note = f"The population tells {lacks}, so no stop is filled from who lives around it."
        return Ride.nothing("population", len(kinds), (note,))
    around = find_catchment(sites, here, radius_m=np.where(is_stop, radius_m, 0.0))
    n_stops = np.bincount(around.place, is_stop[around.site], len(here))
    persons = np.nan_to_num(cohorts.persons) / np.maximum(n_stops, 1.0)
    known = around.sum_up(np.isfinite(cohorts.persons[around.place]).astype(float)) > 0.0
    per_day = model.boardings_per_person * around.sum_up(persons[around.place])
    return _spread_day("population", per_day, known & is_stop, cohorts.notes, model)


def _ride_by_default(kinds: NDArray[np.str_]) -> Ride:
    told = read_numbers("boarding", key="what")
    per_day = np.array([told.get(kind, {}).get("boardings_per_day", 0.0) for kind in kinds])
    return _spread_day("default", per_day, np.ones(len(kinds), dtype=bool), (), ExposureModel())


def _spread_day(
    tier: str,
    per_day: NDArray[np.float64],
    known: NDArray[np.bool_],
    notes: tuple[str, ...],
    model: ExposureModel,
) -> Ride:
    """Spread a day's boardings over its hours, at the headway that is assumed then."""
    share = read_profile("boarding", key="what", of="day", quantity="share")
    headway_min = read_profile("boarding", key="what", of="headway", quantity="minutes")
    boardings = (share / share.sum())[:, None] * per_day
    minutes = boardings * find_wait_min(headway_min, model=model.wait)[:, None]
    return Ride(tier, known, boardings, minutes, notes)


# --- sites that are no stops


def _find_occupancy(
    sites: Sites, population: Population | None, model: ExposureModel
) -> tuple[NDArray[np.float64], NDArray[Any], list[str]]:
    """Tell who is at other sites by the hour, from what that is known, and what to say of it."""
    kinds = site_kinds(sites)
    profiles = {
        kind: read_profile("occupancy", key="kind", of=_known_kind(kind), quantity="persons")
        for kind in np.unique(kinds)
    }
    persons = np.array([profiles[kind] for kind in kinds]).reshape(-1, HOURS).T
    tier = np.full(len(kinds), "default", dtype=object)
    notes = []
    strange = sorted({str(kind) for kind in kinds if _known_kind(kind) != kind} - set(STOP_KINDS))
    if strange:
        notes.append(f"Sites of kinds without a row in occupancy.csv: {', '.join(strange[:5])}.")
    if population is not None and np.isin(kinds, _PLAYERS).any():
        factor = _find_children(sites, population, model)
        told = np.isfinite(factor)
        persons = persons * np.where(told, factor, 1.0)
        tier[told] = "population"
    return persons * 60.0, tier, notes


def _known_kind(kind: str) -> str:
    return kind if kind in read_numbers("occupancy", key="kind") else "other"


def _find_children(
    sites: Sites, population: Population, model: ExposureModel
) -> NDArray[np.float64]:
    """Tell how many more children live around than around the mean site of a kind, or NaN."""
    kinds = site_kinds(sites)
    here = crop_population(population, sites, reach_m=model.children_m + 2_000.0)
    cohorts = build_cohorts(here, n0_persons=model.n0_persons)
    factor = np.full(len(kinds), np.nan)
    if here.kind != "cells" or not here.classes:
        return factor
    around = find_catchment(sites, here, radius_m=model.children_m)
    persons = cohorts.persons_of(0, 12)
    children = around.sum_up(np.nan_to_num(persons)[around.place])
    # Beyond the file nobody knows, which is not nobody.
    known = around.sum_up(np.isfinite(persons).astype(float)[around.place]) > 0.0
    for kind in _PLAYERS:
        of_kind = (kinds == kind) & known
        mean = float(children[of_kind].mean()) if of_kind.any() else 0.0
        if mean > 0.0:
            most = model.most_children_factor
            factor[of_kind] = np.clip(children[of_kind] / mean, 1.0 / most, most)
    return factor


def _count_tiers(tier: NDArray[Any]) -> list[str]:
    names, counts = np.unique(tier.astype(str), return_counts=True)
    told = ", ".join(f"{count} by {name}" for name, count in zip(names, counts, strict=True))
    return [f"Exposure of {len(tier)} sites: {told}."] if len(tier) else []
