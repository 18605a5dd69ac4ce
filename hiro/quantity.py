"""Quantities: what a row of the catalogue may tell, in which unit, and between which ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_MOST_EUR = 100_000_000.0

TEXTS = (
    *("name_de", "name_en", "family", "group", "fits", "per", "serves"),
    *("responsible_de", "responsible_en"),
)
"""Quantities that are words."""


class Bounds(NamedTuple):
    """In which unit a quantity is wanted, and between which ends."""

    unit: str
    least: float
    most: float


_CROWN = {
    "crown_radius": Bounds("m", 0.1, 20.0),
    "crown_growth": Bounds("m a-1", 0.0, 2.0),
    "crown_most_radius": Bounds("m", 0.1, 20.0),
    "crown_height": Bounds("m", 1.0, 50.0),
    "crown_height_growth": Bounds("m a-1", 0.0, 3.0),
    "crown_most_height": Bounds("m", 1.0, 50.0),
    "crown_base": Bounds("m", 0.5, 20.0),
}
CROWN = tuple(_CROWN)
"""What tells a crown, in the order of `hiro.measure.Crown`."""

# What feasibility asks for; yes or no where the unit is 1.
RULES: Mapping[str, str] = {
    "pipes": "m",
    "pipes_least": "m",
    "pit": "m3",
    "catenary": "1",
    "lane": "m",
    "fall_zone": "1",
    "passage": "m",
    "watering": "1",
    "waiting_depth": "m",
    "roof_height": "m",
    "kerb": "m",
    "heritage": "months",
    "heritage_least": "months",
    "ad_contract": "1",
    "roof_load": "kg m-2",
    "rain": "1",
    "climbing": "1",
    "take_down": "m s-1",
    "staff": "1",
    "sealed": "1",
    "contamination": "1",
    "lines_beneath": "1",
    "fire_lane": "1",
    "mains": "m",
    "germ_test": "1",
    "humid_air": "%",
    "upkeep_secured": "1",
    "sight_lines": "1",
    "operator": "1",
}

_NUMBERS: Mapping[str, Bounds] = {
    "offered": Bounds("1", 0.0, 1.0),
    "area": Bounds("m2", 0.1, 100_000.0),
    **{f"invest_{end}": Bounds("EUR", 0.0, _MOST_EUR) for end in ("low", "typical", "high")},
    **{f"upkeep_{end}": Bounds("EUR a-1", 0.0, _MOST_EUR) for end in ("low", "typical", "high")},
    "life": Bounds("a", 0.1, 500.0),
    "full_effect": Bounds("a", 0.0, 200.0),
    "first_effect": Bounds("1", 0.0, 1.0),
    **_CROWN,
    "move": Bounds("m", 0.0, 500.0),
    "air": Bounds("K", -15.0, 15.0),
    "humidity": Bounds("%", -100.0, 100.0),
    "spray_from": Bounds("°C", -20.0, 60.0),
    "spray_from_hour": Bounds("h", 0.0, 24.0),
    "waiting_factor": Bounds("1", 0.0, 1.0),
    "reach": Bounds("m", 0.0, 5_000.0),
    **{f"rule_{rule}": Bounds(unit, 0.0, 10_000.0) for rule, unit in RULES.items()},
}

# As people write units; anything else is taken as it stands.
_UNITS = {
    **dict.fromkeys(("eur", "€", "euro"), "EUR"),
    **dict.fromkeys(("eur a-1", "eur/a", "€/a", "€ a-1", "euro/a"), "EUR a-1"),
    **dict.fromkeys(("eur/year", "€/year", "eur/jahr", "€/jahr", "euro/jahr"), "EUR a-1"),
    **dict.fromkeys(("a", "years", "year", "jahre", "jahr"), "a"),
    **dict.fromkeys(("m2", "m²", "qm"), "m2"),
    **dict.fromkeys(("m3", "m³"), "m3"),
    **dict.fromkeys(("m a-1", "m/a"), "m a-1"),
    **dict.fromkeys(("m s-1", "m/s"), "m s-1"),
    **dict.fromkeys(("kg m-2", "kg/m2", "kg/m²"), "kg m-2"),
    **dict.fromkeys(("°c", "c"), "°C"),
    **dict.fromkeys(("months", "month", "monate", "monat"), "months"),
    **dict.fromkeys(("k", "kelvin"), "K"),
    **dict.fromkeys(("%", "pct"), "%"),
    "text": "text",
    "m": "m",
    "h": "h",
}


def read_unit(text: str) -> str:
    """
    Tell a unit as we write it.

    Examples
    --------
    >>> read_unit("€/Jahr"), read_unit("m²"), read_unit("furlong")
    ('EUR a-1', 'm2', 'furlong')
    """
    return _UNITS.get(text.casefold(), text)


def find_unit(quantity: str) -> str | None:
    """Tell in which unit a quantity is wanted, None if it is none."""
    if quantity in TEXTS or quantity.startswith("shelter_"):
        return "text"
    if quantity.startswith("cover_"):
        return "1"
    return _NUMBERS[quantity].unit if quantity in _NUMBERS else None


def find_bounds(quantity: str) -> Bounds:
    """Tell between which ends a number is wanted; shares of ground are 0 to 1."""
    return _NUMBERS.get(quantity, Bounds("1", 0.0, 1.0))


def tell_quantities() -> str:
    """Name all quantities, for a refusal."""
    return ", ".join((*TEXTS, *_NUMBERS, "shelter_…", "cover_…"))
