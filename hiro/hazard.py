"""How hot it feels at each site, hour by hour, how sure that is, and where to stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from solarpass.surface import Surface

from .comfort import ComfortModel, Utci, find_pet, find_utci, mean_radiant_temperature
from .cover import COVERS
from .errors import SiteError
from .forcing import ForcingModel, build_forcing
from .level import find_degree_hours, find_level, find_probability
from .light import Light, find_light
from .radiation import Radiation, RadiationModel
from .refuge import find_refuge
from .site import Sites
from .variant import Variants, build_variants
from .view import ViewModel
from .weather import Weather

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HazardModel:
    """
    Assumptions about hazard; change one with `dataclasses.replace`.

    Attributes
    ----------
    tmrt_error_k, air_error_k, wind_error_m_s
        How far off what goes in may be, one standard deviation each, as handed down by the design
        (reported); the radiation alone was found to be off by 2.8 K where the surroundings are
        measured. [K], [K], [m s⁻¹]
    band
        Standard deviations to each side of the band that is shown, for 90 %. [1]
    stand_m
        One goes so far to stand in better shade. [m]
    forcing, view, radiation, comfort
        Of the parts.
    """

    tmrt_error_k: float = 5.0
    air_error_k: float = 1.0
    wind_error_m_s: float = 1.0
    band: float = 1.645
    stand_m: float = 30.0
    forcing: ForcingModel = field(default_factory=ForcingModel)
    view: ViewModel = field(default_factory=ViewModel)
    radiation: RadiationModel = field(default_factory=RadiationModel)
    comfort: ComfortModel = field(default_factory=ComfortModel)


@dataclass(frozen=True, eq=False, slots=True)
class Hazard:
    """
    Heat at sites in the hours of one day: means over the places where one waits.

    Attributes
    ----------
    begins, step
        When each interval begins, shape ``(n_times,)``, and how long it is.
    utci_c, tmrt_c, pet_c
        Universal Thermal Climate Index, mean radiant temperature and physiologically equivalent
        temperature, shape ``(n_times, n_sites)``. [°C]
    sun_fraction
        Share of the beam that arrives, 0 by night, NaN where unknown, shape
        ``(n_times, n_sites)``. Where it is unknown, the sun is taken to shine.
    utci_spread_k
        One standard deviation of `utci_c`, shape ``(n_times, n_sites)``. [K]
    utci_low_c, utci_high_c
        Between which it lies in about 90 % of all cases, in the same shape. [°C]
    level
        Of `utci_c`: 0 none, 1 moderate, 2 strong, 3 very strong, 4 extreme, in the same shape. Of
        a mixture of shelters another may be a little likelier. No official warning.
    level_probability
        Of each of the five levels, shape ``(n_times, n_sites, 5)``.
    sky_view_factor
        Share of the sky that is seen past walls, crowns and the shelter, ``(n_sites,)``.
    waiting_utci_c, waiting_sun_fraction
        Of the places where one waits, shape ``(n_times, n_waiting)``. [°C], [1]
    stand
        The best of those within 30 m of the place where the site is shown, which may be of another
        site, or on another platform; ``(n_times, n_sites)``: rows of `Sites.waiting`.
    utci_without
        UTCI without the sun's beam (``sun``), with ground as cool as the air and dull
        (``ground``), with the wind outside the shelter (``wind``), ``(n_times, n_sites)``
        each. [°C]
    clamped
        How many inputs of UTCI each named rule moved.
    notes
        What was assumed, in sentences.
    """

    begins: pd.DatetimeIndex
    step: pd.Timedelta
    utci_c: Floats
    tmrt_c: Floats
    pet_c: Floats
    sun_fraction: Floats
    utci_spread_k: Floats
    utci_low_c: Floats
    utci_high_c: Floats
    level: NDArray[np.int8]
    level_probability: Floats
    sky_view_factor: Floats
    waiting_utci_c: Floats
    waiting_sun_fraction: Floats
    stand: NDArray[np.int64]
    utci_without: Mapping[str, Floats]
    clamped: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def n_sites(self) -> int:
        """Count the sites."""
        return int(self.utci_c.shape[1])

    @property
    def step_h(self) -> float:
        """Length of an interval. [h]."""
        return self.step.total_seconds() / 3600.0

    @property
    def degree_hours_above_32(self) -> Floats:
        """Tell how much and how long it is hotter than 32 °C of UTCI, ``(n_sites,)``. [K h]."""
        return find_degree_hours(self.utci_c, step_h=self.step_h)

    @property
    def reasons_kh(self) -> Mapping[str, Floats]:
        """Tell how many degree-hours fewer there would be without each cause. [K h]."""
        whole = self.degree_hours_above_32
        return {
            cause: whole - find_degree_hours(utci_c, step_h=self.step_h)
            for cause, utci_c in self.utci_without.items()
        }

    @property
    def worst_time(self) -> NDArray[np.int64]:
        """Tell the interval with the highest UTCI, the first of equals, ``(n_sites,)``."""
        worst: NDArray[np.int64] = np.argmax(self.utci_c, axis=0)
        return worst

    def hours_above(self, utci_c: float) -> Floats:
        """Tell how long UTCI is above a temperature, ``(n_sites,)``. [h]."""
        hours: Floats = (self.utci_c > utci_c).sum(axis=0) * self.step_h
        return hours


def build_hazard(
    sites: Sites,
    weather: Weather,
    surface: Surface,
    *,
    cover: Floats | None = None,
    model: HazardModel = HazardModel(),
) -> Hazard:
    """
    Build the hazard of one day at sites.

    A shelter of which only the roof is known, or nothing, is a mixture of the kinds there are:
    the mean is told, and its levels' probabilities widen.

    Parameters
    ----------
    sites
        Where one waits, in the surface's metres.
    weather
        Of one day.
    surface
        What casts shade.
    cover
        What covers the ground where one waits, shape ``(n_waiting, 6)``: see `find_cover`; None:
        all is paved.
    model
        Assumptions.

    Raises
    ------
    SiteError
        If there is no site.
    """
    if not sites.n_sites or not sites.n_waiting:
        msg = "Wanted at least one site where someone waits; got none: choose other kinds."
        raise SiteError(msg)
    notes = list(weather.notes)
    if cover is None:
        cover = np.eye(len(COVERS))[np.zeros(sites.n_waiting, np.int64)]
        notes.append("The ground is taken to be paved everywhere.")
    variants = build_variants(sites, model=model.radiation.roof)
    light = find_light(
        surface,
        build_forcing(weather, model=model.forcing),
        sites.xy,
        cover[variants.place],
        row_place=variants.place,
        shelters=variants.kinds,
        view_model=model.view,
        radiation_model=model.radiation,
    )
    return _Reckoning(sites, weather, light, variants, model).sum_up(notes)


@dataclass(frozen=True, eq=False, slots=True)
class _Reckoning:
    """From radiation to how hot it feels."""

    sites: Sites
    weather: Weather
    light: Light
    rows: Variants
    model: HazardModel

    @property
    def radiation(self) -> Radiation:
        """What reaches all rows."""
        return self.light.radiation

    def sum_up(self, notes: list[str]) -> Hazard:
        """Bring rows together to places, and places to sites."""
        rows, radiation = self.rows, self.radiation
        tmrt_c = self._tmrt(radiation.absorbed_w_m2)
        felt = self._feel(tmrt_c)
        without = self._find_without()
        spread = self._find_spread(tmrt_c, doubt_k=felt.utci_c - without["sun"])
        at_place = rows.to_places(felt.utci_c)
        utci_c = rows.to_sites(felt.utci_c)
        # Of a mixture each kind keeps its distance from the mean of the place it stands at.
        site = self.sites.waiting["site"].to_numpy(np.int64)[rows.place]
        centre = utci_c[:, site] + felt.utci_c - at_place[:, rows.place]
        weight = rows.weight
        spread_k = np.sqrt((weight @ (spread**2 + (centre - utci_c[:, site]) ** 2).T).T)
        sun = rows.to_sites(radiation.sun_fraction)
        open_sky = self.light.sky_view_factor[rows.place] * rows.open_sky
        self._tell_unknown(notes, sun)
        for rule, n_moved in felt.clamped.items():
            notes.append(
                f"UTCI is not made for it: {rule} in {n_moved:,} of {felt.utci_c.size:,} values, "
                "which were moved to its bounds."
            )
        band = self.model.band * spread_k
        return Hazard(
            begins=self.weather.begins,
            step=self.weather.step,
            utci_c=utci_c,
            tmrt_c=rows.to_sites(tmrt_c),
            pet_c=rows.to_sites(self._find_pet(tmrt_c)),
            sun_fraction=sun,
            utci_spread_k=spread_k,
            utci_low_c=utci_c - band,
            utci_high_c=utci_c + band,
            level=find_level(utci_c),
            level_probability=find_probability(centre, spread, weight),
            sky_view_factor=weight @ open_sky,
            waiting_utci_c=at_place,
            waiting_sun_fraction=rows.to_places(radiation.sun_fraction),
            stand=find_refuge(self.sites, at_place, reach_m=self.model.stand_m),
            utci_without={cause: rows.to_sites(utci_c) for cause, utci_c in without.items()},
            clamped=felt.clamped,
            notes=tuple(notes),
        )

    def _tmrt(self, absorbed_w_m2: Floats) -> Floats:
        absorbs = self.model.radiation.body.absorbs_long
        return mean_radiant_temperature(absorbed_w_m2, absorbs_long=absorbs)

    def _feel(
        self,
        tmrt_c: Floats,
        *,
        warmer_k: float = 0.0,
        windier_m_s: float = 0.0,
        wind_factor: Floats | None = None,
    ) -> Utci:
        weather = self.weather
        factor = self.rows.wind_factor if wind_factor is None else wind_factor
        wind = np.maximum(weather.wind_m_s[:, None] + windier_m_s, 0.0) * factor
        return find_utci(
            air_temperature_c=(weather.air_temperature_c + warmer_k)[:, None],
            tmrt_c=tmrt_c,
            wind_m_s=wind,
            relative_humidity_pct=weather.relative_humidity_pct[:, None],
        )

    def _find_spread(self, tmrt_c: Floats, *, doubt_k: Floats) -> Floats:
        """Carry the errors of what goes in, and unknown sun, to UTCI: one standard deviation."""
        model = self.model
        warm, windy, radiant = model.air_error_k, model.wind_error_m_s, model.tmrt_error_k
        # Warmer air warms what radiates as well.
        ends = (
            (self._feel(tmrt_c + radiant), self._feel(tmrt_c - radiant)),
            (self._feel(tmrt_c + warm, warmer_k=warm), self._feel(tmrt_c - warm, warmer_k=-warm)),
            (self._feel(tmrt_c, windier_m_s=-windy), self._feel(tmrt_c, windier_m_s=windy)),
        )
        halves = [(high.utci_c - low.utci_c) / 2.0 for high, low in ends]
        # Where the sun is unknown it shines or it does not, and what is told is that it does.
        halves.append(np.where(np.isnan(self.radiation.sun_fraction), doubt_k / 2.0, 0.0))
        spread: Floats = np.sqrt(np.sum(np.square(halves), axis=0))
        return spread

    def _find_pet(self, tmrt_c: Floats) -> Floats:
        weather = self.weather
        return find_pet(
            air_temperature_c=weather.air_temperature_c[:, None],
            tmrt_c=tmrt_c,
            wind_m_s=weather.wind_m_s[:, None] * self.rows.wind_factor,
            relative_humidity_pct=weather.relative_humidity_pct[:, None],
            pressure_hpa=float(weather.pressure_hpa.mean()),
            model=self.model.comfort,
        )

    def _find_without(self) -> dict[str, Floats]:
        """Take one cause away at a time: UTCI of each row. [°C]."""
        radiation = self.radiation
        absorbed = radiation.absorbed_w_m2
        calm = np.ones(len(self.rows.place))
        felt = {
            "sun": self._feel(self._tmrt(absorbed - radiation.beam_w_m2)),
            "ground": self._feel(self._tmrt(absorbed - radiation.ground_w_m2)),
            "wind": self._feel(self._tmrt(absorbed), wind_factor=calm),
        }
        return {cause: of_cause.utci_c for cause, of_cause in felt.items()}

    def _tell_unknown(self, notes: list[str], sun_fraction: Floats) -> None:
        n_unknown = int(np.isnan(sun_fraction).any(axis=0).sum())
        if n_unknown:
            notes.append(
                f"At {n_unknown} of {self.sites.n_sites} sites what casts shade is unknown for "
                "some hours, as data ends near by; there the sun is taken to shine."
            )
        n_indoors = int(self.light.is_indoors.sum())
        if n_indoors:
            notes.append(
                f"{n_indoors} of {self.sites.n_waiting} waiting places stand within walls, and are "
                "taken to be in their shade."
            )
