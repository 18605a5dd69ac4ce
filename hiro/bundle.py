"""Bundles: which measures may be done together at a site, and how often each is needed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .measure import Measure
from .option import VERDICTS

EXCLUDED = VERDICTS.index("excluded")


@dataclass(frozen=True, slots=True)
class Bundle:
    """
    Measures at one site.

    Attributes
    ----------
    site
        Its row.
    members
        Rows of the catalogue's measures, ascending, of different groups.
    """

    site: int
    members: tuple[int, ...]


def list_bundles(
    measures: Sequence[Measure],
    verdict: NDArray[np.int8],
    *,
    sites: Sequence[int],
    most: int,
) -> list[Bundle]:
    """
    List what may be done at sites, by site, and there the single measures first.

    Parameters
    ----------
    measures
        Of the catalogue.
    verdict
        Rows of `VERDICTS`, shape ``(n_sites, n_measures)``.
    sites
        Rows of the sites, ascending.
    most
        Measures in one bundle. [count]
    """
    bundles = []
    for site in sites:
        possible = np.flatnonzero(verdict[site] != EXCLUDED).tolist()
        for size in range(1, most + 1):
            bundles += [
                Bundle(site, members)
                for members in combinations(possible, size)
                if _go_together([measures[row] for row in members])
            ]
    return bundles


def _go_together(members: Sequence[Measure]) -> bool:
    """Tell whether all are of different groups, and none does what another does already."""
    changes = [measure.change for measure in members]
    groups = {measure.group for measure in members}
    covered = [kind for change in changes for kind in change.shelter]
    alone = (
        [change.crown is not None for change in changes],
        [change.move_m > 0.0 for change in changes],
        [bool(change.air_k or change.humidity_pct) for change in changes],
    )
    return (
        len(groups) == len(members)
        and len(set(covered)) == len(covered)
        and all(sum(some) <= 1 for some in alone)
        and sum(share for change in changes for share in change.cover.values()) <= 1.0
    )


def list_parts(bundles: Sequence[Bundle], measures: Sequence[Measure]) -> list[Bundle]:
    """List what is left of bundles while some of their measures are not felt, each once."""
    parts: dict[Bundle, None] = {}
    for bundle in bundles:
        felt = keep_felt(bundle, measures)
        for size in range(1, len(felt.members) + 1):
            for members in combinations(felt.members, size):
                parts[Bundle(bundle.site, members)] = None
    return list(parts)


def keep_felt(bundle: Bundle, measures: Sequence[Measure]) -> Bundle:
    """Keep the members that change how hot it feels, or for how many."""
    felt = tuple(row for row in bundle.members if measures[row].change.is_felt)
    return Bundle(bundle.site, felt)
