"""Premises: what sites offer to measures, and over which years these are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from solarpass.city import City
from solarpass.surface import Surface

from .catalogue import Catalogue
from .cover import COVERS, SEALED, find_cover
from .crown import CrownModel, find_spots
from .forcing import Forcing, build_forcing
from .hazard import HazardModel
from .kerb import Kerbs, build_kerbs
from .level import HOT_UTCI_C
from .light import find_leaf_fraction
from .measure import Measure
from .relocation import RelocationModel, find_shadier
from .risk import find_heat
from .roof import find_mixture
from .score import Score, clear_shelters
from .site import Sites
from .weather import Weather

Floats = NDArray[np.float64]

_AREA_DIGITS = 1  # of m²: as they are told, so that they times a price are the cost


@dataclass(frozen=True, slots=True)
class EffectModel:
    """
    Assumptions about effects over the years; change one with `dataclasses.replace`.

    Attributes
    ----------
    horizon_years
        Over which relief is averaged, by the design. [a]
    discount_rate
        By which later years count less; 2 % real, by the design. [a⁻¹]
    ages_years
        At which growing crowns are scored; in between relief runs straight; our choice. [a]
    most_measures
        In one bundle; our choice. [count]
    apart_m
        Crowns at sites farther apart than this are planted at once: none reaches the other's
        places while the sun is high; our choice. [m]
    humid_pct
        Where mist would make the air moister than this it is said; our choice. [%]
    hotter_k
        Where the hottest interval is hotter than before by more than this it is said, though the
        day as a whole be cooler; our choice, half of the tenth that is told. [K]
    hazard, crown, relocation
        Of the parts.
    """

    horizon_years: float = 20.0
    discount_rate: float = 0.02
    ages_years: tuple[float, ...] = (0.0, 10.0, 20.0)
    most_measures: int = 2
    apart_m: float = 40.0
    humid_pct: float = 60.0
    hotter_k: float = 0.05
    hazard: HazardModel = field(default_factory=HazardModel)
    crown: CrownModel = field(default_factory=CrownModel)
    relocation: RelocationModel = field(default_factory=RelocationModel)

    @property
    def years(self) -> Floats:
        """Middles of the years of the horizon. [a]."""
        years: Floats = np.arange(round(self.horizon_years), dtype=float) + 0.5
        return years

    @property
    def year_weights(self) -> Floats:
        """What each year counts, summing to 1."""
        weights = (1.0 + self.discount_rate) ** -self.years
        share: Floats = weights / weights.sum()
        return share


@dataclass(frozen=True, eq=False)  # no slots: what is derived is kept once looked at
class Premises:
    """
    What sites offer to measures: their places, and where there is room.

    Attributes
    ----------
    sites, weather
        Where one waits, and in what.
    utci_c, person_minutes
        As it is, and who waits, shape ``(n_times, n_sites)`` each. [°C], [persons min]
    vulnerability
        What those there weigh, ``(n_sites,)``. [1]
    city, surface
        What all stand on; shelters that are reckoned with apart are left out.
    catalogue
        Measures.
    model
        Assumptions.
    """

    sites: Sites
    weather: Weather
    utci_c: Floats
    person_minutes: Floats
    vulnerability: Floats
    city: City
    surface: Surface
    catalogue: Catalogue
    model: EffectModel

    def look_up(self) -> None:
        """Find all that is kept, before several threads ask for it at once."""
        for name in ("n_units", "sealed", "colour", "forcing", "leaf_fraction", "heat_person_kh"):
            getattr(self, name)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Measures that are offered."""
        return self.catalogue.measures

    @cached_property
    def heat_person_kh(self) -> Floats:
        """Heat on people as it is, ``(n_sites,)``. [person K h]."""
        heat: Floats = find_heat(self.utci_c, self.person_minutes) * self.vulnerability
        return heat

    def take(self, rows: NDArray[np.int64]) -> Premises:
        """Keep some sites, with what was found of the city."""
        part = replace(
            self,
            sites=self.sites.take(rows),
            utci_c=self.utci_c[:, rows],
            person_minutes=self.person_minutes[:, rows],
            vulnerability=self.vulnerability[rows],
        )
        for name in ("kerbs", "forcing", "leaf_fraction"):
            vars(part)[name] = getattr(self, name)
        return part

    @cached_property
    def kerbs(self) -> Kerbs:
        """Carriageways and houses."""
        return build_kerbs(self.city)

    @cached_property
    def forcing(self) -> Forcing:
        """Sun, sky and air of the day."""
        return build_forcing(self.weather, model=self.model.hazard.forcing)

    @cached_property
    def leaf_fraction(self) -> float:
        """How far crowns are in leaf. [1]."""
        return find_leaf_fraction(self.surface, self.weather)

    @cached_property
    def site(self) -> NDArray[np.int64]:
        """Site of each waiting place."""
        site: NDArray[np.int64] = self.sites.waiting["site"].to_numpy(np.int64)
        return site

    @cached_property
    def mixtures(self) -> list[Mapping[str, float]]:
        """What the shelter of each waiting place may be."""
        mixtures = {kind: find_mixture(kind) for kind in set(self.sites.waiting["shelter"])}
        return [mixtures[kind] for kind in self.sites.waiting["shelter"]]

    @cached_property
    def spots(self) -> Floats:
        """Where a crown may stand at each waiting place; NaN where there is no room."""
        return find_spots(
            self.sites.xy,
            self.kerbs,
            latitude_deg=self.weather.latitude_deg,
            model=self.model.crown,
        )

    @cached_property
    def moves_m(self) -> tuple[float, ...]:
        """How far one may be moved, by the measures that move, each once. [m]."""
        return tuple(sorted({one.change.move_m for one in self.measures if one.change.move_m}))

    @cached_property
    def shadier(self) -> Mapping[float, Floats]:
        """Where one may be moved to from each waiting place; NaN where nothing is shadier."""
        return {move_m: self._find_shadier(move_m) for move_m in self.moves_m}

    def _find_shadier(self, within_m: float) -> Floats:
        kinds = self.sites.table["kind"].to_numpy(str)[self.site]
        fits = {
            kind
            for measure in self.measures
            if measure.change.move_m == within_m
            for kind in measure.fits
        }
        movable = np.array(["none" in mixture for mixture in self.mixtures], bool)
        movable &= np.isin(kinds, sorted(fits))
        shadier = np.full(self.sites.xy.shape, np.nan)
        if movable.any():
            hot = np.maximum(self.utci_c - HOT_UTCI_C, 0.0) * self.person_minutes
            shadier[movable] = find_shadier(
                self.sites.xy[movable],
                within_m=within_m,
                weight=hot[:, self.site[movable]],
                surface=self.surface,
                kerbs=self.kerbs,
                forcing=self.forcing,
                model=self.model.relocation,
            )
        return shadier

    @cached_property
    def xy(self) -> Floats:
        """Waiting places, and then those to which each may be moved, by `moves_m`."""
        own = self.sites.xy
        away = [np.where(np.isnan(self.shadier[m]), own, self.shadier[m]) for m in self.moves_m]
        return np.concatenate([own, *away])

    def find_moved(self, place: int, move_m: float) -> int | None:
        """Tell the row of `xy` to which a waiting place may be moved; None where it may not."""
        if not np.isfinite(self.shadier[move_m][place, 0]):
            return None
        return place + len(self.site) * (1 + self.moves_m.index(move_m))

    @cached_property
    def cover(self) -> Floats:
        """What covers the ground at each of `xy`."""
        return find_cover(self.city, self.xy)

    @cached_property
    def places(self) -> list[NDArray[np.int64]]:
        """Waiting places of each site."""
        bounds = np.searchsorted(self.site, np.arange(self.sites.n_sites + 1))
        return [np.arange(*pair) for pair in pairwise(bounds)]

    def applies(self, measure: Measure) -> NDArray[np.bool_]:
        """Tell at which waiting places a measure can change anything, ``(n_waiting,)``."""
        change = measure.change
        fits = np.ones(len(self.site), bool)
        if change.shelter:
            fits &= np.array([bool(set(change.shelter) & set(one)) for one in self.mixtures], bool)
        if change.crown:
            fits &= np.isfinite(self.spots[:, 0])
        if change.cover:
            fits &= self.sealed > 0.0
        if change.move_m:
            fits &= np.isfinite(self.shadier[change.move_m][:, 0])
        return fits

    @cached_property
    def sealed(self) -> Floats:
        """Share of the ground at each waiting place that is sealed. [1]."""
        sealed: Floats = self.cover[: len(self.site), np.isin(COVERS, SEALED)].sum(axis=1)
        return sealed

    def count_units(self, site: int, measure: Measure) -> float:
        """Count what a measure's prices are for at a site: places, one, or m² to a tenth."""
        if measure.per == "site":
            return 1.0
        places = self.places[site]
        places = places[self.applies_at[measure.measure_id][places]]
        if measure.per == "place":
            return float(len(places))
        share = self.sealed[places] if measure.change.cover else np.ones(len(places))
        return round(measure.area_m2 * float(share.sum()), _AREA_DIGITS)

    @cached_property
    def applies_at(self) -> Mapping[str, NDArray[np.bool_]]:
        """Tell at which waiting places each measure can change anything, by its id."""
        return {measure.measure_id: self.applies(measure) for measure in self.measures}

    @cached_property
    def n_units(self) -> NDArray[np.int64]:
        """At how many places of each site each measure applies, ``(n_sites, n_measures)``."""
        n_sites = self.sites.n_sites
        counts = [
            np.bincount(self.site[self.applies_at[measure.measure_id]], minlength=n_sites)
            for measure in self.measures
        ]
        return np.stack(counts, axis=1) if counts else np.zeros((n_sites, 0), np.int64)

    @cached_property
    def colour(self) -> NDArray[np.int64]:
        """Colour sites so that those near to each other differ: they are planted in turn."""
        colour = np.zeros(self.sites.n_sites, np.int64)
        near: list[set[int]] = [set() for _ in colour]
        pairs = KDTree(self.sites.xy).query_pairs(self.model.apart_m, output_type="ndarray")
        for one, other in self.site[pairs].tolist():
            if one != other:
                near[max(one, other)].add(min(one, other))
        for site, others in enumerate(near):
            taken = {int(colour[other]) for other in others}
            colour[site] = next(k for k in range(len(taken) + 1) if k not in taken)
        return colour


def build_premises(
    score: Score,
    city: City,
    surface: Surface,
    *,
    catalogue: Catalogue,
    model: EffectModel = EffectModel(),
) -> Premises:
    """
    Build the premises of a scored city.

    Parameters
    ----------
    score
        Of one day.
    city, surface
        What it was scored on.
    catalogue
        Measures.
    model
        Assumptions.
    """
    return Premises(
        sites=score.sites,
        weather=score.weather,
        utci_c=score.hazard.utci_c,
        person_minutes=score.exposure.person_minutes,
        vulnerability=score.vulnerability.factor,
        city=city,
        surface=clear_shelters(city, surface, score.sites),
        catalogue=catalogue,
        model=model,
    )
