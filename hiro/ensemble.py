"""Ensembles: all works of a plan scored at once, as what shades one site may reach the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .bundle import Bundle
from .crown import grow, plant
from .measure import Crown
from .outcome import find_heat_left, list_trials
from .premises import Premises
from .trial import Trials
from .view import find_view, look_out

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Ensemble:
    """
    How hot it is once all works of a plan stand and have grown.

    Attributes
    ----------
    utci_c
        At all sites, shape ``(n_times, n_sites)``. [°C]
    heat_person_kh
        Heat on people, ``(n_sites,)``. [person K h]
    """

    utci_c: Floats
    heat_person_kh: Floats

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            getattr(self, item.name).flags.writeable = False


def score_together(premises: Premises, works: Mapping[int, tuple[str, ...]]) -> Ensemble:
    """
    Score the works of a plan once more, all at once, and with them the sites around.

    Parameters
    ----------
    premises
        Of the whole city.
    works
        Ids of the measures at each site that has some, by its row.
    """
    utci_c, heat = premises.utci_c.copy(), premises.heat_person_kh.copy()
    rows = _find_touched(premises, sorted(works))
    if rows.size:
        part = premises.take(rows)
        row_of = {measure.measure_id: row for row, measure in enumerate(part.measures)}
        bundles = [
            Bundle(here, tuple(row_of[one] for one in works.get(site, ())))
            for here, site in enumerate(rows.tolist())
        ]
        utci_c[:, rows] = _score(part, bundles)
        heat[rows] = [
            find_heat_left(part, bundle, utci_c[:, site])
            for bundle, site in zip(bundles, rows.tolist(), strict=True)
        ]
    return Ensemble(utci_c, heat)


def _find_touched(premises: Premises, sites: list[int]) -> NDArray[np.int64]:
    """Find the sites of works, and those so near that their crowns may reach there."""
    if not sites:
        return np.zeros(0, np.int64)
    xy, site = premises.sites.xy, premises.site
    works = KDTree(xy[np.isin(site, sites)])
    apart_m, _ = works.query(xy, distance_upper_bound=premises.model.apart_m)
    return np.unique(np.append(site[np.isfinite(apart_m)], sites))


def _score(premises: Premises, bundles: list[Bundle]) -> Floats:
    """Score each site's places while all crowns of all bundles stand."""
    trials = Trials()
    for bundle in bundles:
        trials.add_mean(list_trials(premises, bundle))
    model = premises.model.hazard
    outlook = look_out(
        premises.surface,
        premises.xy[trials.places],
        latitude_deg=premises.weather.latitude_deg,
        model=model.view,
    )
    age_years = premises.model.ages_years[-1]
    for crown, spots in _find_crowns(premises, bundles).items():
        outlook = plant(outlook, premises.surface, spots, grow(crown, age_years))
    return trials.score(
        find_view(outlook, leaf_fraction=premises.leaf_fraction, model=model.view),
        premises.forcing,
        premises.cover,
        zone=premises.city.zone,
        model=model,
    )


def _find_crowns(premises: Premises, bundles: list[Bundle]) -> dict[Crown, Floats]:
    """Find where the crowns of each kind stand."""
    spots: dict[Crown, list[Floats]] = {}
    for bundle in bundles:
        for crown in (premises.measures[row].change.crown for row in bundle.members):
            if crown is not None:
                here = premises.spots[premises.places[bundle.site]]
                spots.setdefault(crown, []).append(here[np.isfinite(here[:, 0])])
    return {crown: np.concatenate(some) for crown, some in spots.items()}
