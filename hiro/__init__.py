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
    from .balance import Balance, draw_balance, tabulate_balance
    from .catalogue import Catalogue, read_catalogue
    from .catchment import find_bounds
    from .comfort import find_pet, find_utci, mean_radiant_temperature
    from .cover import find_cover
    from .coverage import Coverage, find_coverage
    from .day import choose_day
    from .dice import RobustModel
    from .district import Districts, find_districts, read_districts
    from .effect import build_options
    from .errors import (
        CatalogueError,
        ComfortError,
        PaperError,
        PlanError,
        PopulationError,
        ReportError,
        SiteError,
        TimetableError,
        WeatherError,
    )
    from .export import tabulate_score, write_score
    from .exposure import Exposure, ExposureModel, build_exposure
    from .facts import read_facts
    from .feasibility import Judgement, judge_measures
    from .floors import Floors
    from .forcing import Forcing, build_forcing
    from .forecast import fetch_forecast
    from .hazard import Hazard, HazardModel, build_hazard
    from .hull import Hull, build_hull
    from .instance import Instance, read_instance, solve_instance
    from .knapsack import Choice, choose_exactly, choose_quickly
    from .level import LEVEL_UTCI_C
    from .lines import Lines, read_lines
    from .logbook import read_weather
    from .measure import Measure
    from .option import Options, find_efficient
    from .optionfile import find_options
    from .paper import write_paper
    from .plan import Plan, choose_plan
    from .planfile import write_plan
    from .point import Plot, PointModel, read_plot, score_point, write_point
    from .population import Population, join_populations, read_population
    from .premises import EffectModel
    from .program import Program, Solution, solve_program
    from .proposal import Proposal, tabulate_plan
    from .radiation import Radiation, build_radiation
    from .reason import tell_reason
    from .report import Report, build_report
    from .reportfile import read_reports, write_reports
    from .reports import Reports, open_reports
    from .reportweight import ReportWeightModel, WeighedScore, weigh_reports
    from .risk import Risk, RiskModel, score_risk
    from .robust import Robustness, try_plan
    from .score import Score, build_score, design_weather, find_score
    from .site import SiteModel, Sites, build_sites, read_sites
    from .timetable import Timetable, read_timetable
    from .view import View, ViewModel, build_view
    from .vulnerability import Vulnerability, VulnerabilityModel, build_vulnerability
    from .waiting import WaitModel
    from .weather import DesignDayModel, Weather, build_design_day, design_date
    from .wishes import PlanModel, Wishes

_ROOM = {
    "Balance": ".balance",
    "Catalogue": ".catalogue",
    "CatalogueError": ".errors",
    "Choice": ".knapsack",
    "ComfortError": ".errors",
    "Coverage": ".coverage",
    "DesignDayModel": ".weather",
    "Districts": ".district",
    "EffectModel": ".premises",
    "Exposure": ".exposure",
    "ExposureModel": ".exposure",
    "Floors": ".floors",
    "Forcing": ".forcing",
    "Hazard": ".hazard",
    "HazardModel": ".hazard",
    "Hull": ".hull",
    "Instance": ".instance",
    "Judgement": ".feasibility",
    "LEVEL_UTCI_C": ".level",
    "Lines": ".lines",
    "LogbookModel": ".air",
    "Measure": ".measure",
    "Options": ".option",
    "PaperError": ".errors",
    "Plan": ".plan",
    "PlanError": ".errors",
    "PlanModel": ".wishes",
    "Plot": ".point",
    "PointModel": ".point",
    "Population": ".population",
    "PopulationError": ".errors",
    "Program": ".program",
    "Proposal": ".proposal",
    "Radiation": ".radiation",
    "Report": ".report",
    "ReportError": ".errors",
    "ReportWeightModel": ".reportweight",
    "Reports": ".reports",
    "Risk": ".risk",
    "RiskModel": ".risk",
    "RobustModel": ".dice",
    "Robustness": ".robust",
    "Score": ".score",
    "SiteError": ".errors",
    "SiteModel": ".site",
    "Sites": ".site",
    "Solution": ".program",
    "Timetable": ".timetable",
    "TimetableError": ".errors",
    "View": ".view",
    "ViewModel": ".view",
    "Vulnerability": ".vulnerability",
    "VulnerabilityModel": ".vulnerability",
    "WaitModel": ".waiting",
    "Weather": ".weather",
    "WeatherError": ".errors",
    "WeighedScore": ".reportweight",
    "Wishes": ".wishes",
    "build_design_day": ".weather",
    "build_exposure": ".exposure",
    "build_forcing": ".forcing",
    "build_hazard": ".hazard",
    "build_hull": ".hull",
    "build_options": ".effect",
    "build_radiation": ".radiation",
    "build_report": ".report",
    "build_score": ".score",
    "build_sites": ".site",
    "build_view": ".view",
    "build_vulnerability": ".vulnerability",
    "choose_day": ".day",
    "choose_exactly": ".knapsack",
    "choose_plan": ".plan",
    "choose_quickly": ".knapsack",
    "design_date": ".weather",
    "design_weather": ".score",
    "draw_balance": ".balance",
    "fetch_forecast": ".forecast",
    "find_bounds": ".catchment",
    "find_cover": ".cover",
    "find_coverage": ".coverage",
    "find_districts": ".district",
    "find_efficient": ".option",
    "find_options": ".optionfile",
    "find_pet": ".comfort",
    "find_score": ".score",
    "find_utci": ".comfort",
    "join_populations": ".population",
    "judge_measures": ".feasibility",
    "mean_radiant_temperature": ".comfort",
    "open_reports": ".reports",
    "read_catalogue": ".catalogue",
    "read_districts": ".district",
    "read_facts": ".facts",
    "read_instance": ".instance",
    "read_lines": ".lines",
    "read_plot": ".point",
    "read_population": ".population",
    "read_reports": ".reportfile",
    "read_sites": ".site",
    "read_timetable": ".timetable",
    "read_weather": ".logbook",
    "score_point": ".point",
    "score_risk": ".risk",
    "solve_instance": ".instance",
    "solve_program": ".program",
    "tabulate_balance": ".balance",
    "tabulate_plan": ".proposal",
    "tabulate_score": ".export",
    "tell_reason": ".reason",
    "try_plan": ".robust",
    "weigh_reports": ".reportweight",
    "write_paper": ".paper",
    "write_plan": ".planfile",
    "write_point": ".point",
    "write_reports": ".reportfile",
    "write_score": ".export",
}

__all__ = [
    "LEVEL_UTCI_C",
    "Balance",
    "Catalogue",
    "CatalogueError",
    "Choice",
    "ComfortError",
    "Coverage",
    "DesignDayModel",
    "Districts",
    "EffectModel",
    "Exposure",
    "ExposureModel",
    "Floors",
    "Forcing",
    "Hazard",
    "HazardModel",
    "Hull",
    "Instance",
    "Judgement",
    "Lines",
    "LogbookModel",
    "Measure",
    "Options",
    "PaperError",
    "Plan",
    "PlanError",
    "PlanModel",
    "Plot",
    "PointModel",
    "Population",
    "PopulationError",
    "Program",
    "Proposal",
    "Radiation",
    "Report",
    "ReportError",
    "ReportWeightModel",
    "Reports",
    "Risk",
    "RiskModel",
    "RobustModel",
    "Robustness",
    "Score",
    "SiteError",
    "SiteModel",
    "Sites",
    "Solution",
    "Timetable",
    "TimetableError",
    "View",
    "ViewModel",
    "Vulnerability",
    "VulnerabilityModel",
    "WaitModel",
    "Weather",
    "WeatherError",
    "WeighedScore",
    "Wishes",
    "build_design_day",
    "build_exposure",
    "build_forcing",
    "build_hazard",
    "build_hull",
    "build_options",
    "build_radiation",
    "build_report",
    "build_score",
    "build_sites",
    "build_view",
    "build_vulnerability",
    "choose_day",
    "choose_exactly",
    "choose_plan",
    "choose_quickly",
    "design_date",
    "design_weather",
    "draw_balance",
    "fetch_forecast",
    "find_bounds",
    "find_cover",
    "find_coverage",
    "find_districts",
    "find_efficient",
    "find_options",
    "find_pet",
    "find_score",
    "find_utci",
    "join_populations",
    "judge_measures",
    "mean_radiant_temperature",
    "open_reports",
    "read_catalogue",
    "read_districts",
    "read_facts",
    "read_instance",
    "read_lines",
    "read_plot",
    "read_population",
    "read_reports",
    "read_sites",
    "read_timetable",
    "read_weather",
    "score_point",
    "score_risk",
    "solve_instance",
    "solve_program",
    "tabulate_balance",
    "tabulate_plan",
    "tabulate_score",
    "tell_reason",
    "try_plan",
    "weigh_reports",
    "write_paper",
    "write_plan",
    "write_point",
    "write_reports",
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
