"""Measures: what can be done at a site, what it changes, what it costs and how long it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FAMILIES = ("green", "grey", "blue", "operational")

GROUPS = ("shade", "roof", "panes", "ground", "water", "siting", "seat", "operation")
"""At most one measure of a group at a site."""

PER = ("place", "site", "m2")
"""What a price is for: each waiting place, the whole site, or a square metre of ground there."""


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One number of the catalogue, and where it is from.

    Attributes
    ----------
    value
        In the unit.
    unit, source, source_kind, note
        As in the table.
    """

    value: float
    unit: str
    source: str
    source_kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """
    A price between two ends, for one of what `Measure.per` names.

    Attributes
    ----------
    low_eur, typical_eur, high_eur
        Rising. [€], or [€ a⁻¹] of upkeep
    """

    low_eur: float
    typical_eur: float
    high_eur: float


@dataclass(frozen=True, slots=True)
class Crown:
    """
    How a planted crown stands and grows: its radius is `radius_m` + `growth_m_per_year` · age.

    Attributes
    ----------
    radius_m, most_radius_m
        At planting, and at most. [m]
    growth_m_per_year
        Of the radius. [m a⁻¹]
    height_m, height_growth_m_per_year, most_height_m
        Of the top, in the same way. [m], [m a⁻¹], [m]
    base_m
        Height of the lowest branches. [m]
    """

    radius_m: float
    growth_m_per_year: float
    most_radius_m: float
    height_m: float
    height_growth_m_per_year: float
    most_height_m: float
    base_m: float


@dataclass(frozen=True, slots=True)
class Change:
    """
    What a measure changes in the inputs from which heat is scored; nothing by default.

    Attributes
    ----------
    shelter
        What each kind of shelter becomes, of `data/shelter.csv`; a kind that is not named stays as
        it is, and where no kind is named the measure does not touch the roof.
    crown
        A crown that is planted on the side of the midday sun.
    cover
        What share of the ground around becomes each cover of `data/ground.csv`; it is taken from
        what is sealed. [1]
    move_m
        How far one may be moved to wait. [m]
    air_k, humidity_pct
        Mist: how much warmer and moister the air is, while it sprays; below 0 cooler. [K], [%]
    spray_from_c
        Mist sprays from this air temperature. [°C]
    spray_from_hour
        And from this local hour: before, the air is too moist to gain from it. [h]
    waiting_factor
        Of those who wait in hot hours, so many still do. [1]
    serves
        ``water``, ``seat`` or nothing: what it offers to all within `reach_m`.
    reach_m
        How far that reaches. [m]
    """

    shelter: Mapping[str, str] = field(default_factory=dict)
    crown: Crown | None = None
    cover: Mapping[str, float] = field(default_factory=dict)
    move_m: float = 0.0
    air_k: float = 0.0
    humidity_pct: float = 0.0
    spray_from_c: float = 0.0
    waiting_factor: float = 1.0
    serves: str = ""
    reach_m: float = 0.0
    spray_from_hour: float = 0.0

    @property
    def is_felt(self) -> bool:
        """Tell whether it changes what is scored, and does not only serve."""
        return bool(
            self.shelter
            or self.crown
            or self.cover
            or self.move_m
            or self.air_k
            or self.humidity_pct
            or self.waiting_factor != 1.0
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One measure of a catalogue.

    Attributes
    ----------
    measure_id
        Such as ``street_tree``.
    name
        By language, ``en`` and ``de``.
    family, group
        One of `FAMILIES`, one of `GROUPS`.
    fits
        Kinds of sites where it may stand: see `hiro.site.KINDS`.
    per
        What its prices are for: one of `PER`.
    area_m2
        Ground it takes at each waiting place, where its prices are for m². [m²]
    invest, upkeep
        Prices, once and each year. [€], [€ a⁻¹]
    life_years
        So long it lasts; what comes after is a new vote. [a]
    full_effect_years
        Until then its effect grows, from `first_effect` at once. [a]
    first_effect
        Share of the effect in the first year, where no crown grows. [1]
    change
        What it changes.
    rules
        Figures that its feasibility asks for, by rule: see `hiro.feasibility`.
    responsible
        Who decides on it in a city, by language.
    figures
        Every number, with its source, by quantity.
    """

    measure_id: str
    name: Mapping[str, str]
    family: str
    group: str
    fits: frozenset[str]
    per: str
    area_m2: float
    invest: Cost
    upkeep: Cost
    life_years: float
    full_effect_years: float
    first_effect: float
    change: Change
    rules: Mapping[str, float]
    responsible: Mapping[str, str]
    figures: Mapping[str, Figure]

    @property
    def is_estimate(self) -> bool:
        """Tell whether a price of it is an estimate, which is said wherever it is shown."""
        prices = (name for name in self.figures if name.startswith(("invest", "upkeep")))
        return any(self.figures[name].source_kind == "estimate" for name in prices)
