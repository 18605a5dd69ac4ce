"""
Heat risk at objects and what to do about it: the public names, in the order of the data.

`Sites` and one day of `Weather` on a surface become a `Hazard`; who waits there is their
`Exposure`, how vulnerable they are their `Vulnerability`; all three make the `Risk`. HiRo
leans on `solarpass`, never the reverse.

Nothing is imported before it is asked for: the libraries behind it take seconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .air import LogbookModel
    from .catchment import find_bounds
    from .comfort import find_pet, find_utci, mean_radiant_temperature
    from .cover import find_cover
    from .day import choose_day
    from .errors import ComfortError, PopulationError, SiteError, TimetableError, WeatherError
    from .export import tabulate_score, write_score
    from .exposure import Exposure, ExposureModel, build_exposure
    from .forcing import Forcing, build_forcing
    from .forecast import fetch_forecast
    from .hazard import Hazard, HazardModel, build_hazard
    from .level import LEVEL_UTCI_C
    from .lines import Lines, read_lines
    from .logbook import read_weather
    from .point import Plot, PointModel, read_plot, score_point, write_point
    from .population import Population, join_populations, read_population
    from .radiation import Radiation, build_radiation
    from .risk import Risk, RiskModel, score_risk
    from .score import Score, build_score, design_weather, find_score
    from .site import SiteModel, Sites, build_sites, read_sites
    from .timetable import Timetable, read_timetable
    from .view import View, ViewModel, build_view
    from .vulnerability import Vulnerability, VulnerabilityModel, build_vulnerability
    from .waiting import WaitModel
    from .weather import DesignDayModel, Weather, build_design_day, design_date

_ROOM = {
    "ComfortError": ".errors",
    "DesignDayModel": ".weather",
    "Exposure": ".exposure",
    "ExposureModel": ".exposure",
    "Forcing": ".forcing",
    "Hazard": ".hazard",
    "HazardModel": ".hazard",
    "LEVEL_UTCI_C": ".level",
    "Lines": ".lines",
    "LogbookModel": ".air",
    "Plot": ".point",
    "PointModel": ".point",
    "Population": ".population",
    "PopulationError": ".errors",
    "Radiation": ".radiation",
    "Risk": ".risk",
    "RiskModel": ".risk",
    "Score": ".score",
    "SiteError": ".errors",
    "SiteModel": ".site",
    "Sites": ".site",
    "Timetable": ".timetable",
    "TimetableError": ".errors",
    "View": ".view",
    "ViewModel": ".view",
    "Vulnerability": ".vulnerability",
    "VulnerabilityModel": ".vulnerability",
    "WaitModel": ".waiting",
    "Weather": ".weather",
    "WeatherError": ".errors",
    "build_design_day": ".weather",
    "build_exposure": ".exposure",
    "build_forcing": ".forcing",
    "build_hazard": ".hazard",
    "build_radiation": ".radiation",
    "build_score": ".score",
    "build_sites": ".site",
    "build_view": ".view",
    "build_vulnerability": ".vulnerability",
    "choose_day": ".day",
    "design_date": ".weather",
    "design_weather": ".score",
    "fetch_forecast": ".forecast",
    "find_bounds": ".catchment",
    "find_cover": ".cover",
    "find_pet": ".comfort",
    "find_score": ".score",
    "find_utci": ".comfort",
    "join_populations": ".population",
    "mean_radiant_temperature": ".comfort",
    "read_lines": ".lines",
    "read_plot": ".point",
    "read_population": ".population",
    "read_sites": ".site",
    "read_timetable": ".timetable",
    "read_weather": ".logbook",
    "score_point": ".point",
    "score_risk": ".risk",
    "tabulate_score": ".export",
    "write_point": ".point",
    "write_score": ".export",
}

__all__ = [
    "LEVEL_UTCI_C",
    "ComfortError",
    "DesignDayModel",
    "Exposure",
    "ExposureModel",
    "Forcing",
    "Hazard",
    "HazardModel",
    "Lines",
    "LogbookModel",
    "Plot",
    "PointModel",
    "Population",
    "PopulationError",
    "Radiation",
    "Risk",
    "RiskModel",
    "Score",
    "SiteError",
    "SiteModel",
    "Sites",
    "Timetable",
    "TimetableError",
    "View",
    "ViewModel",
    "Vulnerability",
    "VulnerabilityModel",
    "WaitModel",
    "Weather",
    "WeatherError",
    "build_design_day",
    "build_exposure",
    "build_forcing",
    "build_hazard",
    "build_radiation",
    "build_score",
    "build_sites",
    "build_view",
    "build_vulnerability",
    "choose_day",
    "design_date",
    "design_weather",
    "fetch_forecast",
    "find_bounds",
    "find_cover",
    "find_pet",
    "find_score",
    "find_utci",
    "join_populations",
    "mean_radiant_temperature",
    "read_lines",
    "read_plot",
    "read_population",
    "read_sites",
    "read_timetable",
    "read_weather",
    "score_point",
    "score_risk",
    "tabulate_score",
    "write_point",
    "write_score",
]


def __getattr__(name: str) -> object:
    """Import the room a name lives in, once it is asked for."""
    room = _ROOM.get(name)
    if room is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(room, __name__), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
