"""Score: a city's sites on one hot day, from hazard to risk, in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solarpass.atlas import Atlas
from solarpass.city import City
from solarpass.surface import Surface, build_surface

from .cover import find_cover
from .errors import WeatherError
from .exposure import Exposure, build_exposure
from .hazard import Hazard, HazardModel, build_hazard
from .kerb import MOST_SHELTER_M2
from .lines import Lines
from .population import Population
from .risk import Risk, RiskModel, score_risk
from .site import Sites, build_sites
from .timetable import Timetable
from .vulnerability import Vulnerability, build_vulnerability
from .weather import Weather, build_design_day

_DAY = pd.Timedelta(hours=25)  # the day on which clocks are put back
_NEAR_M = 1.0  # outlines are no sharper; our choice
_HAS_ROOF = ("opaque", "green_roof", "film", "clear_open", "clear_closed", "roofed")


@dataclass(frozen=True, eq=False, slots=True)
class Score:
    """
    All that is known of a city's sites on one day, row for row of the same sites.

    Attributes
    ----------
    sites, weather
        Where one waits, and in what.
    hazard, exposure, vulnerability
        How hot it feels, who waits, how vulnerable they are.
    risk
        All three together, ranked.
    """

    sites: Sites
    weather: Weather
    hazard: Hazard
    exposure: Exposure
    vulnerability: Vulnerability
    risk: Risk

    @property
    def reasons(self) -> Mapping[str, NDArray[np.float64]]:
        """Tell what the heat on people comes from: see `Risk.reasons`. [person K h]."""
        return self.risk.reasons

    @property
    def notes(self) -> tuple[str, ...]:
        """Tell what was assumed, counted and left out, each once."""
        told = (*self.sites.notes, *self.hazard.notes, *self.exposure.notes)
        return tuple(dict.fromkeys((*told, *self.vulnerability.notes)))

    @property
    def attribution(self) -> tuple[str, ...]:
        """Tell whose data it rests on beside the city's, each once."""
        weather = (self.weather.attribution,) if self.weather.attribution else ()
        told = (*weather, *self.exposure.attribution, *self.vulnerability.attribution)
        return tuple(dict.fromkeys(told))


def build_score(
    city: City,
    surface: Surface,
    weather: Weather,
    *,
    sites: Sites | None = None,
    timetable: Timetable | None = None,
    lines: Lines | None = None,
    population: Population | None = None,
    hazard_model: HazardModel = HazardModel(),
    risk_model: RiskModel = RiskModel(),
) -> Score:
    """
    Score the sites of a city in the weather of one day.

    Parameters
    ----------
    city, surface
        The city, and what casts shade in it.
    weather
        Of one day.
    sites
        None: all that the city has.
    timetable, lines, population
        What else is known of who waits; the best is used for each site.
    hazard_model, risk_model
        Assumptions.

    Raises
    ------
    SiteError
        If there is no site.
    WeatherError
        If the weather is of more than a day.
    """
    if weather.begins[-1] - weather.begins[0] > _DAY:
        n_days = (weather.begins[-1] - weather.begins[0]).days + 1
        msg = (
            f"Wanted the weather of one day; got {n_days} days ({weather.source}): choose one with "
            "hiro.choose_day(weather, day, zone=city.zone)."
        )
        raise WeatherError(msg)
    chosen = build_sites(city) if sites is None else sites
    hazard = build_hazard(
        chosen,
        weather,
        clear_shelters(city, surface, chosen),
        cover=find_cover(city, chosen.xy),
        model=hazard_model,
    )
    exposure = build_exposure(
        chosen, hazard.begins, timetable=timetable, lines=lines, population=population
    )
    vulnerability = build_vulnerability(chosen, population=population, facilities=city.facilities)
    kinds = chosen.table["kind"].to_numpy(str)
    return Score(
        sites=chosen,
        weather=weather,
        hazard=hazard,
        exposure=exposure,
        vulnerability=vulnerability,
        risk=score_risk(hazard, exposure, vulnerability, kinds=kinds, model=risk_model),
    )


def clear_shelters(city: City, surface: Surface, sites: Sites) -> Surface:
    """
    Leave out the shelters that stand on the map where one waits: `roof` knows them better.

    Else they would shade twice, and a roof of glass as if it were of tin.
    """
    tells = sites.waiting["shelter"].isin(_HAS_ROOF).to_numpy(bool)
    outline = np.asarray(city.buildings.geometry)
    small = (city.buildings["is_roof"] & (city.buildings.area < MOST_SHELTER_M2)).to_numpy(bool)
    roofs = np.flatnonzero(small)
    if not (tells.any() and roofs.size):
        return surface
    tree = shapely.STRtree(outline[roofs])
    places = shapely.points(sites.xy[tells])
    above = np.unique(tree.query(places, predicate="dwithin", distance=_NEAR_M)[1])
    if not above.size:
        return surface
    kept = np.ones(len(outline), bool)
    kept[roofs[above]] = False
    return build_surface(replace(city, buildings=city.buildings[kept]), model=surface.model)


def design_weather(city: City, day: dt.date) -> Weather:
    """Build the design day of a city: clear and hot, with the sun of that day."""
    latitude_deg, longitude_deg = city.centre
    return build_design_day(
        day,
        zone=city.zone,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_m=max(city.altitude_m or 0.0, 0.0),
    )


def find_score(atlas: Atlas, day: dt.date) -> Score:
    """Score a prepared city on the design day's weather with the sun of a day."""
    return build_score(atlas.city, atlas.surface, design_weather(atlas.city, day))
