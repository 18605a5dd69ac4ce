"""Trials: places as measures would change them, each scored once, however many bundles need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from .comfort import find_utci, mean_radiant_temperature
from .cover import COVERS, SEALED
from .forcing import Forcing
from .hazard import HazardModel
from .measure import Change
from .radiation import build_radiation
from .roof import find_roof
from .view import View
from .weather import Weather

Floats = NDArray[np.float64]


DRY = (0.0, 0.0, 0.0, 0.0)
"""No mist."""


class Trial(NamedTuple):
    """One place beneath one kind of shelter, on changed ground, in changed air."""

    place: int
    kind: str
    covers: tuple[tuple[str, float], ...] = ()
    mist: tuple[float, float, float, float] = DRY  # K, %, from °C and from the hour


@dataclass(slots=True)
class Trials:
    """
    Trials on one surface, in the order they were first asked for, and the means over them.

    Attributes
    ----------
    row_of
        Of each trial.
    means
        Row of each mean, row of each trial in it, and its weight there.
    n_means
        How many means there are.
    """

    row_of: dict[Trial, int] = field(default_factory=dict)
    means: list[tuple[int, int, float]] = field(default_factory=list)
    n_means: int = 0

    def add_mean(self, parts: Sequence[tuple[Trial, float]]) -> int:
        """Ask for the mean of some trials, with weights that sum to 1; tell its row."""
        mean = self.n_means
        for trial, weight in parts:
            row = self.row_of.setdefault(trial, len(self.row_of))
            self.means.append((mean, row, weight))
        self.n_means += 1
        return mean

    @property
    def places(self) -> NDArray[np.int64]:
        """Places that trials name, ascending, each once."""
        return np.unique([trial.place for trial in self.row_of])

    def score(
        self, view: View, forcing: Forcing, cover: Floats, *, zone: str, model: HazardModel
    ) -> Floats:
        """
        Score all trials as `build_hazard` does, and average them.

        Parameters
        ----------
        view
            What `places` see, in their order.
        forcing
            Sun, sky and air.
        cover
            What covers the ground at each place that there is, a column for each of `COVERS`.
        zone
            Time zone by its name, in which mist has its hours.
        model
            Assumptions.

        Returns
        -------
        numpy.ndarray
            UTCI, shape ``(n_times, n_means)``. [°C]
        """
        trials = list(self.row_of)
        lit = list(dict.fromkeys(trial._replace(mist=DRY) for trial in trials))
        radiation = build_radiation(
            view,
            forcing,
            np.array([change_cover(cover[one.place], one.covers) for one in lit]),
            row_place=np.searchsorted(self.places, [one.place for one in lit]),
            shelters=[one.kind for one in lit],
            model=model.radiation,
        )
        tmrt_c = mean_radiant_temperature(
            radiation.absorbed_w_m2, absorbs_long=model.radiation.body.absorbs_long
        )
        row = {one: k for k, one in enumerate(lit)}
        taken = [row[trial._replace(mist=DRY)] for trial in trials]
        utci_c = _feel(tmrt_c[:, taken], trials, forcing.weather, zone, model)
        mean, part, weight = zip(*self.means, strict=True)
        average = scipy.sparse.csr_array((weight, (mean, part)), shape=(self.n_means, len(trials)))
        averaged: Floats = (average @ utci_c.T).T
        return averaged


def _feel(
    tmrt_c: Floats, trials: Sequence[Trial], weather: Weather, zone: str, model: HazardModel
) -> Floats:
    factor = [find_roof(trial.kind, model.radiation.roof).wind_factor for trial in trials]
    cooler_k, moister_pct, _, _ = mist = np.array([trial.mist for trial in trials], float).T
    sprays = find_spraying(weather, zone, from_c=mist[2], from_hour=mist[3])
    humid = weather.relative_humidity_pct[:, None] + sprays * moister_pct
    return find_utci(
        air_temperature_c=weather.air_temperature_c[:, None] + sprays * cooler_k,
        tmrt_c=tmrt_c,
        wind_m_s=weather.wind_m_s[:, None] * np.array(factor),
        relative_humidity_pct=np.minimum(humid, 100.0),
    ).utci_c


def find_spraying(
    weather: Weather, zone: str, *, from_c: Floats, from_hour: Floats
) -> NDArray[np.bool_]:
    """Tell when each mist sprays: in warm air, from its local hour on, ``(n_times, n)``."""
    hour = weather.middles.tz_convert(zone).hour.to_numpy(float)[:, None]
    spraying: NDArray[np.bool_] = (weather.air_temperature_c[:, None] >= from_c) & (
        hour >= from_hour
    )
    return spraying


def change_cover(shares: Floats, covers: Sequence[tuple[str, float]]) -> Floats:
    """
    Turn shares of the sealed ground into other covers.

    Examples
    --------
    >>> change_cover(np.array([0.5, 0.3, 0.2, 0.0, 0.0, 0.0]), [("grass", 0.5)]).round(2).tolist()
    [0.25, 0.15, 0.6, 0.0, 0.0, 0.0]
    """
    sealed = np.isin(COVERS, SEALED)
    changed = np.where(sealed, shares * (1.0 - sum(share for _, share in covers)), shares)
    for cover, share in covers:
        changed[COVERS.index(cover)] += share * shares[sealed].sum()
    return changed


def change_shelter(mixture: dict[str, float], changes: Sequence[Change]) -> dict[str, float]:
    """
    Tell what a shelter may be once its roof and panes are changed, kind by kind.

    Examples
    --------
    >>> change_shelter({"none": 0.6, "opaque": 0.4}, [Change(shelter={"none": "opaque"})])
    {'opaque': 1.0}
    """
    changed: dict[str, float] = {}
    for kind, share in mixture.items():
        after = kind
        for change in changes:
            after = change.shelter.get(after, after)
        changed[after] = changed.get(after, 0.0) + share
    return changed
