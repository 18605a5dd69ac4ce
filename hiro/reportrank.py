"""Ranks before and after reports count, in words and as rows of text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from solarpass.words import Words

    from .reportweight import ReportWeightModel, WeighedScore

MOST_TOLD: Final = 20  # places; our choice
_NONE: Final = "\N{EN DASH}"


def tell_model(model: ReportWeightModel, words: Words) -> str:
    """Say how far reports count, and that nothing is stored."""
    per, most = f"{100.0 * model.per_report:g}", _number(model.most_factor, 1, words)
    return words("moderation_weights_why", per=per, most=most)


def tell_ranks(weighed: WeighedScore, words: Words) -> tuple[str, list[tuple[str, ...]]]:
    """
    Lay ranks before and after side by side.

    Parameters
    ----------
    weighed
        From `hiro.reportweight.weigh_reports`.
    words
        With the terms of `hiro.report_face`.

    Returns
    -------
    What changed in a sentence, and up to 20 rows, those of most reports first: place, reports,
    factor, rank before and after, person·K·h before and after.
    """
    before, after = weighed.before.risk, weighed.after.risk
    order = sorted(
        range(len(weighed.n_reports)),
        key=lambda row: (-int(weighed.n_reports[row]), int(before.rank[row])),
    )
    told = [row for row in order if weighed.n_reports[row] > 0]
    if not told:
        return words("moderation_weights_none"), []
    moved = int((before.rank != after.rank).sum())
    table = weighed.before.sites.table
    labels = table["label"] if "label" in table else table["site_id"]
    rows: list[tuple[str, ...]] = [
        (
            str(labels.iloc[row] or table["site_id"].iloc[row]),
            f"{int(weighed.n_reports[row])}",
            _number(float(weighed.factor[row]), 2, words),
            _rank(int(before.rank[row])),
            _rank(int(after.rank[row])),
            _number(float(before.heat_person_kh[row]), 1, words),
            _number(float(after.heat_person_kh[row]), 1, words),
        )
        for row in told[:MOST_TOLD]
    ]
    return words("moderation_weights_told", n=len(told), moved=moved), rows


def _number(value: float, digits: int, words: Words) -> str:
    if math.isnan(value):
        return _NONE
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if words.language == "de" else text


def _rank(rank: int) -> str:
    return f"{rank}" if rank > 0 else _NONE
