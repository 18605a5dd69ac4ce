"""Outcomes: what bundles of measures bring at sites, out of trials that are each scored once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solarpass.grove import take_points
from solarpass.outlook import Outlook

from .bundle import Bundle, keep_felt, list_parts
from .crown import grow, plant
from .measure import Crown, Measure
from .premises import Premises
from .risk import find_heat
from .trial import Trial, Trials, change_shelter, find_spraying
from .view import count_points, find_view, look_out

Floats = NDArray[np.float64]


def find_outcomes(premises: Premises, bundles: list[Bundle]) -> list[Outcome]:
    """
    Find what bundles bring at some neighbouring sites.

    Parameters
    ----------
    premises
        What the sites offer.
    bundles
        Of sites that lie together, as all are marched over at once.
    """
    return _Works(premises, bundles).find_outcomes()


def list_trials(premises: Premises, part: Bundle) -> list[tuple[Trial, float]]:
    """List a site's places as the measures of a part change them, with weights that sum to 1."""
    changes = [premises.measures[row].change for row in part.members]
    covers = tuple((name, share) for change in changes for name, share in change.cover.items())
    mists = [change for change in changes if change.air_k or change.humidity_pct]
    mist = tuple((m.air_k, m.humidity_pct, m.spray_from_c, m.spray_from_hour) for m in mists)
    move_m = max((change.move_m for change in changes), default=0.0)
    places = premises.places[part.site].tolist()
    parts = []
    for place in places:
        for kind, share in change_shelter(premises.mixtures[place], changes).items():
            # Who has a roof stays beneath it.
            away = premises.find_moved(place, move_m) if move_m and kind == "none" else None
            where = place if away is None else away
            parts.append((Trial(where, kind, covers, *mist), share / len(places)))
    return parts


def find_heat_left(premises: Premises, part: Bundle, utci_c: Floats) -> float:
    """Tell the heat on people that is left at a site while it feels so hot. [person K h]."""
    left = np.prod([premises.measures[row].change.waiting_factor for row in part.members])
    heat = find_heat(utci_c, premises.person_minutes[:, part.site])
    return float(heat * premises.vulnerability[part.site] * left)


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """
    What one bundle brings.

    Attributes
    ----------
    bundle
        Which.
    relief_person_kh, grown_person_kh
        Heat it takes off people: the discounted mean over the horizon, and once all has grown.
        [person K h]
    utci_c
        Once all has grown, shape ``(n_times,)``. [°C]
    warnings
        What may make things worse, keys of `hiro.plan_terms`.
    """

    bundle: Bundle
    relief_person_kh: float
    grown_person_kh: float
    utci_c: Floats
    warnings: tuple[str, ...]


_Scene = tuple[Crown | None, float, int]


@dataclass(eq=False)
class _Works:
    """Some neighbouring sites' bundles, and the trials that tell what they bring."""

    premises: Premises
    bundles: list[Bundle]
    trials: dict[_Scene, Trials] = field(default_factory=dict)
    asked: dict[Bundle, list[tuple[_Scene, int]]] = field(default_factory=dict)

    def find_outcomes(self) -> list[Outcome]:
        """Score all that is needed, and tell each bundle's outcome."""
        premises = self.premises
        for part in list_parts(self.bundles, premises.measures):
            self.asked[part] = [self._ask(part, age) for age in self._ages(part)]
        utci_c = {scene: self._score(scene, trials) for scene, trials in self.trials.items()}
        heat, felt = {}, {}
        for part, rows in self.asked.items():
            after = [utci_c[scene][:, row] for scene, row in rows]
            heat[part] = np.array([find_heat_left(self.premises, part, one) for one in after])
            felt[part] = after[-1]
        return [self._tell(bundle, heat, felt) for bundle in self.bundles]

    def _members(self, part: Bundle) -> list[Measure]:
        return [self.premises.measures[row] for row in part.members]

    def _crown(self, part: Bundle) -> Crown | None:
        crowns = (measure.change.crown for measure in self._members(part))
        return next((crown for crown in crowns if crown is not None), None)

    def _ages(self, part: Bundle) -> tuple[float, ...]:
        crown = self._crown(part)
        grows = crown is not None and crown.growth_m_per_year > 0.0
        return self.premises.model.ages_years if grows else (0.0,)

    def _ask(self, part: Bundle, age_years: float) -> tuple[_Scene, int]:
        """Ask for the mean over a site's places, changed by the measures of a part."""
        crown = self._crown(part)
        scene = (crown, age_years, int(self.premises.colour[part.site]) if crown else 0)
        trials = self.trials.setdefault(scene, Trials())
        return scene, trials.add_mean(list_trials(self.premises, part))

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """All places of all trials, ascending."""
        return np.unique(np.concatenate([trials.places for trials in self.trials.values()]))

    @cached_property
    def outlook(self) -> Outlook:
        """What stands around their points, as it is: marched once."""
        premises = self.premises
        return look_out(
            premises.surface,
            premises.xy[self.places],
            latitude_deg=premises.weather.latitude_deg,
            model=premises.model.hazard.view,
        )

    def _score(self, scene: _Scene, trials: Trials) -> Floats:
        premises, (crown, age_years, colour) = self.premises, scene
        model = premises.model.hazard
        point = np.arange(count_points(model.view))
        places = np.searchsorted(self.places, trials.places)
        outlook = take_points(
            self.outlook, (places[:, None] * len(point) + point[None]).reshape(-1)
        )
        if crown is not None:
            spots = self._find_spots(trials, colour)
            outlook = plant(outlook, premises.surface, spots, grow(crown, age_years))
        view = find_view(outlook, leaf_fraction=premises.leaf_fraction, model=model.view)
        zone = premises.city.zone
        return trials.score(view, premises.forcing, premises.cover, zone=zone, model=model)

    def _find_spots(self, trials: Trials, colour: int) -> Floats:
        """Tell where the crowns of a scene stand: of all sites of a colour that ask for it."""
        premises = self.premises
        sites = np.unique(premises.site[trials.places % len(premises.site)])
        places = np.concatenate([premises.places[site] for site in sites.tolist()])
        spots = premises.spots[places[premises.colour[premises.site[places]] == colour]]
        with_room: Floats = spots[np.isfinite(spots[:, 0])]
        return with_room

    def _tell(
        self, bundle: Bundle, heat: Mapping[Bundle, Floats], felt: Mapping[Bundle, Floats]
    ) -> Outcome:
        premises, model = self.premises, self.premises.model
        before = float(premises.heat_person_kh[bundle.site])
        whole = keep_felt(bundle, premises.measures)
        if not whole.members:
            utci_c = np.array(premises.utci_c[:, bundle.site])
            return Outcome(bundle, 0.0, 0.0, utci_c, ())
        years = model.years
        shares = {row: _find_share(premises.measures[row], years) for row in whole.members}
        relief = np.zeros(len(years))
        # Of each year, by which of the measures stand then: nothing is added up between them.
        for part in list_parts([whole], premises.measures):
            kept = [share if row in part.members else 1.0 - share for row, share in shares.items()]
            left = np.interp(years, self._ages(part), heat[part])
            relief += np.prod(kept, axis=0) * (before - left)
        mean = float(relief @ model.year_weights)
        return Outcome(
            bundle,
            mean,
            before - float(heat[whole][-1]),
            felt[whole],
            self._warn(whole, mean, felt[whole]),
        )

    def _warn(self, bundle: Bundle, relief_person_kh: float, utci_c: Floats) -> tuple[str, ...]:
        """Tell what may make things worse."""
        premises, members = self.premises, self._members(bundle)
        weather, model = premises.weather, premises.model
        warnings = []
        if relief_person_kh < 0.0:
            warnings.append("worse_than_before")
        # Shade moves on, and leaves are warmer than the sky: the last hot hour may get hotter.
        rise_k = float(utci_c.max() - premises.utci_c[:, bundle.site].max())
        if relief_person_kh >= 0.0 and rise_k > model.hotter_k:
            warnings.append("hotter_at_its_hottest")
        if any("clear_closed" in measure.change.shelter.values() for measure in members):
            warnings.append("closed_clear_shelter")
        is_shaded = any(measure.group in {"shade", "roof"} for measure in members)
        if any("bright" in measure.change.cover for measure in members) and not is_shaded:
            warnings.append("bright_without_shade")
        for change in (measure.change for measure in members if measure.change.humidity_pct):
            after = (np.array([change.spray_from_c]), np.array([change.spray_from_hour]))
            sprays = find_spraying(weather, premises.city.zone, from_c=after[0], from_hour=after[1])
            humid = weather.relative_humidity_pct + change.humidity_pct > model.humid_pct
            if (sprays[:, 0] & humid).any():
                warnings.append("mist_in_humid_air")
        if any(measure.change.crown for measure in members):
            warnings.append("crown_keeps_night_warm")
        return tuple(warnings)


def _find_share(measure: Measure, years: Floats) -> Floats:
    """Tell which share of a measure's effect there is in each year: it grows in, and wears out."""
    if measure.change.crown is not None or measure.full_effect_years <= 0.0:
        grown = np.ones(len(years))  # a crown's growth is scored by itself
    else:
        reached = np.minimum(years / measure.full_effect_years, 1.0)
        grown = measure.first_effect + (1.0 - measure.first_effect) * reached
    share: Floats = np.where(years < measure.life_years, grown, 0.0)
    return share
