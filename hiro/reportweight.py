"""Weights: how far reports raise what a site weighs, stated, bounded, and with before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from solarpass.extent import project

from .errors import ReportError
from .report import Report
from .risk import score_risk
from .score import Score


@dataclass(frozen=True, slots=True)
class ReportWeightModel:
    """
    How far reports count; all our choice, for a city to make its own.

    Who reports is no sample: a weight lets those be heard who are there, and lets those shout who
    have time. So it is off, and bounded once it is on.

    Attributes
    ----------
    per_report
        Each report near a site adds so much to its weight of 1; 0 is off. [1]
    most_factor
        No weight rises above this. [1]
    least_felt
        From which felt comfort on a report counts: 4, hot.
    near_m
        A report that names no object counts at the nearest one, if it is so near. [m]

    Raises
    ------
    ReportError
        If a weight would fall, or a number cannot be.
    """

    per_report: float = 0.0
    most_factor: float = 1.5
    least_felt: int = 4
    near_m: float = 50.0

    def __post_init__(self) -> None:
        """Refuse what would lower a weight, or raise it without bound."""
        numbers = (self.per_report, self.most_factor, self.near_m)
        sound = all(map(math.isfinite, numbers)) and min(self.per_report, self.near_m) >= 0.0
        if not (sound and 1.0 <= self.most_factor <= 10.0 and 1 <= self.least_felt <= 5):
            msg = (
                "Wanted a weight per report and metres from 0, at most a factor from 1 to 10, and "
                f"a felt comfort from 1 to 5; got {self}."
            )
            raise ReportError(msg)


@dataclass(frozen=True, eq=False, slots=True)
class WeighedScore:
    """
    A score before and after reports were let in; to undo it, take `before`.

    Attributes
    ----------
    before, after
        The same sites in the same order. `after` has `vulnerability.factor` times `factor`, and
        a note that says so; hazard and exposure are untouched.
    n_reports
        That counted at each site, shape ``(n_sites,)``.
    factor
        From 1 to the model's most, shape ``(n_sites,)``. [1]
    n_apart
        Reports that count nowhere: not shown, of wrong shade, not felt hot, or of no site near.
    model
        What was assumed.
    """

    before: Score
    after: Score
    n_reports: NDArray[np.int64]
    factor: NDArray[np.float64]
    n_apart: int
    model: ReportWeightModel

    def __post_init__(self) -> None:
        """Lock the arrays."""
        self.n_reports.flags.writeable = self.factor.flags.writeable = False


def weigh_reports(
    score: Score, reports: Sequence[Report], *, model: ReportWeightModel = ReportWeightModel()
) -> WeighedScore:
    """
    Let reports that are shown raise the weight of the sites they are about.

    Parameters
    ----------
    score
        Stays as it is.
    reports
        Any; those count that are shown, felt hot enough and do not tell of wrong shade.
    model
        How far they count; by default not at all.
    """
    rows = _find_sites(reports, score, model)
    n_reports = np.bincount(rows[rows >= 0], minlength=score.sites.n_sites).astype(np.int64)
    factor = np.minimum(1.0 + model.per_report * n_reports, model.most_factor)
    after = score if (factor == 1.0).all() else _weigh(score, factor, n_reports, model)
    return WeighedScore(score, after, n_reports, factor, int((rows < 0).sum()), model)


def tabulate_weights(weighed: WeighedScore) -> pd.DataFrame:
    """
    Lay out what reports change, one row a site, most reported first.

    Columns ``site_id, label, n_reports, factor, heat_before_person_kh, heat_after_person_kh,
    rank_before, rank_after``.
    """
    before, after = weighed.before.risk, weighed.after.risk
    text = weighed.before.sites.table
    table = pd.DataFrame(
        {
            "site_id": text["site_id"].to_numpy(object),
            "label": text["label"].to_numpy(object),
            "n_reports": weighed.n_reports,
            "factor": weighed.factor,
            "heat_before_person_kh": before.heat_person_kh,
            "heat_after_person_kh": after.heat_person_kh,
            "rank_before": before.rank,
            "rank_after": after.rank,
        }
    )
    return table.sort_values(["n_reports", "rank_before"], ascending=[False, True], kind="stable")


def _weigh(
    score: Score,
    factor: NDArray[np.float64],
    n_reports: NDArray[np.int64],
    model: ReportWeightModel,
) -> Score:
    """Score anew with heavier sites; what age adds is told without them."""
    old = score.vulnerability
    note = (
        f"{int(n_reports.sum()):,} citizens' reports raise the weight of "
        f"{int((factor > 1.0).sum()):,} sites, by {model.per_report:g} each and to at most "
        f"{model.most_factor:g} times; this is the city's choice."
    )
    heavier = replace(
        old,
        factor=old.factor * factor,
        parts=old.parts * factor[:, None],
        notes=(*old.notes, note),
        # A copy, as each locks its own.
        tier=old.tier.copy(),
        shares=old.shares.copy(),
    )
    kinds = score.sites.table["kind"].to_numpy(str)
    risk = score_risk(score.hazard, score.exposure, heavier, kinds=kinds)
    age = risk.heat_person_kh * (1.0 - 1.0 / old.factor)
    risk = replace(risk, reasons={**risk.reasons, "age": age})
    return replace(score, vulnerability=heavier, risk=risk)


def _find_sites(
    reports: Sequence[Report], score: Score, model: ReportWeightModel
) -> NDArray[np.int64]:
    """Find the row of the site that each report counts for, -1 where for none."""
    table = score.sites.table
    row_of = {str(name): row for row, name in enumerate(table["site_id"])}
    counts = np.array([_counts(one, model) for one in reports], bool)
    named = np.array([row_of.get(one.site_id or "", -1) for one in reports], np.int64)
    places = np.array([(one.longitude_deg, one.latitude_deg) for one in reports]).reshape(-1, 2)
    xy = shapely.get_coordinates(np.asarray(table.geometry))
    away_m, nearest = KDTree(xy).query(project(score.sites.crs, places))
    near = np.where(away_m <= model.near_m, nearest, -1)
    found: NDArray[np.int64] = np.where(counts, np.where(named >= 0, named, near), -1)
    return found


def _counts(report: Report, model: ReportWeightModel) -> bool:
    is_of_heat = report.category != "wrong_shade" and report.felt >= model.least_felt
    return report.state == "shown" and is_of_heat
