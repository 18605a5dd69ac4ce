"""Weighing: citizens' reports that a city lets count in a score or plan, as it asks for it."""

from __future__ import annotations

import argparse
from typing import Any

from .errors import ReportError
from .export import list_ranks
from .reports import open_reports
from .reportweight import ReportWeightModel, WeighedScore, weigh_reports
from .request import read_path
from .score import Score
from .tablefile import round_numbers

UNITS = {
    "rank_before": "the rank without citizens' reports; rank is with them",
    "n_reports": "shown reports of heat that count at the site",
    "report_factor": "by which they raise the site's weight, 1 is not at all; the city's choice",
}
"""Of the columns that stand only where reports are asked for."""


def check_weights(asked: argparse.Namespace) -> None:
    """
    Refuse weights of no reports, and a file that is not there, before anything is computed.

    Raises
    ------
    ReportError
        If one is given without ``--reports``, cannot be, or there is no such file.
    """
    given = [
        name
        for name, value in (
            ("--report-weight", asked.report_weight),
            ("--report-most", asked.report_most),
        )
        if value is not None
    ]
    if given and asked.reports is None:
        msg = f"Wanted {given[0]} beside --reports FILE only."
        raise ReportError(msg)
    if asked.reports is not None:
        _read_model(asked)
        if not read_path(asked.reports).is_file():
            msg = f"There is no file of reports {asked.reports!r}; `hiro reports import` makes one."
            raise ReportError(msg)


def weigh_asked(asked: argparse.Namespace, score: Score) -> WeighedScore | None:
    """
    Let the reports of a file count as asked for; None where none are asked for.

    Raises
    ------
    ReportError
        If the file holds no reports, or is locked.
    """
    if asked.reports is None:
        return None
    with open_reports(read_path(asked.reports)) as reports:
        return weigh_reports(score, reports.list(), model=_read_model(asked))


def tabulate_before(weighed: WeighedScore) -> dict[str, list[Any]]:
    """Lay out what reports changed, row for row of the sites: columns as in `UNITS`."""
    return {
        "rank_before": list_ranks(weighed.before.risk.rank),
        "n_reports": weighed.n_reports.tolist(),
        "report_factor": round_numbers(weighed.factor, 4),
    }


def describe_weights(weighed: WeighedScore) -> dict[str, Any]:
    """Tell how far reports count, and how many there are."""
    return {
        "per_report": weighed.model.per_report,
        "most_factor": weighed.model.most_factor,
        "n_counted": int(weighed.n_reports.sum()),
        "n_apart": weighed.n_apart,
    }


def tell_weights(weighed: WeighedScore) -> dict[str, Any]:
    """Tell what stands in a file beside the columns."""
    return {"reports": describe_weights(weighed), "units": dict(UNITS)}


def _read_model(asked: argparse.Namespace) -> ReportWeightModel:
    usual = ReportWeightModel()
    return ReportWeightModel(
        per_report=usual.per_report if asked.report_weight is None else asked.report_weight,
        most_factor=usual.most_factor if asked.report_most is None else asked.report_most,
    )
