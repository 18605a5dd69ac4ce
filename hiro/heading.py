"""Headings of weather tables: which quantity, in which unit, at which height."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import WeatherError

# Names in use, folded: of English and German tables, DWD's station files and Open-Meteo.
_NAMES = {
    "time": (
        "time datetime date_time timestamp zeit zeitpunkt zeitstempel datum_zeit datum_uhrzeit "
        "mess_datum time_utc time_local"
    ),
    "day": "date datum tag day",
    "hour": "hour stunde uhrzeit hh clock",
    "air_temperature_c": (
        "temperature temp t ta tair t_air air_temperature air_temp lufttemperatur temperatur tt "
        "tt_tu t2m dry_bulb dry_bulb_temperature drybulb tdb tl"
    ),
    "relative_humidity_pct": (
        "humidity relative_humidity rel_humidity rh rf rf_tu relhum relative_feuchte "
        "rel_feuchte luftfeuchte luftfeuchtigkeit relative_luftfeuchte "
        "relative_luftfeuchtigkeit feuchte"
    ),
    "dew_point_c": (
        "dew_point dewpoint dew_point_temperature dewpoint_temperature taupunkt "
        "taupunkttemperatur td"
    ),
    "vapour_pressure_hpa": "vapour_pressure vapor_pressure dampfdruck vp",
    "wind_m_s": "wind wind_speed windspeed ws wg windgeschwindigkeit ff u10 va",
    "pressure_hpa": "pressure air_pressure surface_pressure luftdruck druck press pres p p0",
    "ghi_w_m2": (
        "ghi global globalstrahlung global_radiation global_horizontal "
        "global_horizontal_irradiance shortwave shortwave_radiation solar_radiation kdown kdn "
        "swdown"
    ),
    "dni_w_m2": (
        "dni direct_normal direct_normal_irradiance direct_normal_radiation beam_normal kdir"
    ),
    "dhi_w_m2": (
        "dhi diffuse diffuse_radiation diffuse_horizontal diffuse_horizontal_irradiance "
        "diffusstrahlung diffuse_strahlung himmelsstrahlung kdiff"
    ),
    "direct_w_m2": "bhi direct_radiation direct_horizontal direktstrahlung direkt_horizontal",
    "longwave_down_w_m2": (
        "longwave longwave_down longwave_radiation ldown lwdown gegenstrahlung "
        "atmosphaerische_gegenstrahlung horizontal_infrared"
    ),
}
_QUANTITY = {name: quantity for quantity, names in _NAMES.items() for name in names.split()}

# Unit, folded: factor and offset to that of Weather.
_TEMPERATURE = {
    **dict.fromkeys(("c", "degc", "deg_c", "celsius", "gradc", "grad_c"), (1.0, 0.0)),
    **dict.fromkeys(("k", "kelvin"), (1.0, -273.15)),
    **dict.fromkeys(("f", "degf", "fahrenheit"), (1.0 / 1.8, -32.0 / 1.8)),
}
_PRESSURE = {
    **dict.fromkeys(("hpa", "mbar", "mb"), (1.0, 0.0)),
    "kpa": (10.0, 0.0),
    "pa": (0.01, 0.0),
}
_RADIATION = {
    **dict.fromkeys(("w_m2", "wm2", "w_m_2", "wm_2", "w_qm", "w_per_m2"), (1.0, 0.0)),
    **dict.fromkeys(("kw_m2", "kw_m_2"), (1000.0, 0.0)),
}
_UNITS = {
    "time": dict.fromkeys(("iso8601", "utc", "local", "iso"), (1.0, 0.0)),
    "day": {},
    "hour": {"h": (1.0, 0.0)},
    "air_temperature_c": _TEMPERATURE,
    "dew_point_c": _TEMPERATURE,
    "relative_humidity_pct": {
        **dict.fromkeys(("pct", "percent", "prozent"), (1.0, 0.0)),
        **dict.fromkeys(("share", "1"), (100.0, 0.0)),
    },
    "vapour_pressure_hpa": _PRESSURE,
    "pressure_hpa": _PRESSURE,
    "wind_m_s": {
        **dict.fromkeys(("m_s", "ms", "mps", "m_s_1", "ms_1"), (1.0, 0.0)),
        **dict.fromkeys(("km_h", "kmh", "kph", "km_h_1"), (1.0 / 3.6, 0.0)),
        **dict.fromkeys(("kn", "kt", "knots", "knoten"), (1852.0 / 3600.0, 0.0)),
        "mph": (0.44704, 0.0),
    },
    **dict.fromkeys(
        ("ghi_w_m2", "dni_w_m2", "dhi_w_m2", "direct_w_m2", "longwave_down_w_m2"), _RADIATION
    ),
}
_BRACKETS = re.compile(r"^(.*?)[\[(]([^\])]*)[\])]\s*$", re.DOTALL)
_HEIGHT = re.compile(r"_(\d+)_?m$")
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "²": "2", "³": "3", "⁻": "-", "¹": "1"}
)


@dataclass(frozen=True, slots=True)
class Heading:
    """
    What a column of a table is.

    Attributes
    ----------
    name
        As the table has it.
    quantity
        Column of a `Record`, or ``time``, ``day`` or ``hour``.
    unit
        As recognised, or None if the heading tells none: then that of `Record`.
    factor, offset
        ``value * factor + offset`` is in the unit of `Record`.
    height_m
        Above the ground, if the heading tells it. [m]
    """

    name: str
    quantity: str
    unit: str | None = None
    factor: float = 1.0
    offset: float = 0.0
    height_m: float | None = None


def read_heading(text: str) -> Heading | None:
    """
    Read the heading of a column; None if it is no quantity we know.

    Raises
    ------
    WeatherError
        If the quantity is known, and its unit is not.

    Examples
    --------
    >>> read_heading("Windgeschwindigkeit [km/h]").quantity, read_heading("wind_2m").height_m
    ('wind_m_s', 2.0)
    >>> read_heading("cloud_cover (%)") is None
    True
    """
    bracket = _BRACKETS.match(text)
    name, unit = (bracket.group(1), bracket.group(2)) if bracket else (text, None)
    folded, height_m = _split_height(_fold(name))
    quantity = _QUANTITY.get(folded)
    if quantity is None and unit is None:
        folded, unit = _split_unit(folded)
        folded, height_m = (folded, height_m) if height_m else _split_height(folded)
        quantity = _QUANTITY.get(folded)
    if quantity is None:
        return None
    told = _fold(unit) if unit is not None else ""
    if not told:
        return Heading(name=text, quantity=quantity, height_m=height_m)
    found = _UNITS[quantity].get(told)
    if found is None:
        if quantity in {"time", "day", "hour"}:
            return Heading(name=text, quantity=quantity)
        msg = (
            f"Wanted column {text!r} in a unit we know ({', '.join(sorted(_UNITS[quantity]))}); "
            f"got {unit!r}."
        )
        raise WeatherError(msg)
    return Heading(text, quantity, told, *found, height_m=height_m)


def _split_height(folded: str) -> tuple[str, float | None]:
    """Split a height off the end of a name."""
    height = _HEIGHT.search(folded)
    if height is None:
        return folded, None
    return folded[: height.start()], float(height.group(1))


def _split_unit(folded: str) -> tuple[str, str | None]:
    """Split a unit off the end of a name, if a known quantity is left."""
    for cut in (at for at, letter in enumerate(folded) if letter == "_"):
        name, unit = folded[:cut], folded[cut + 1 :]
        quantity = _QUANTITY.get(_split_height(name)[0])
        if quantity is not None and unit in _UNITS[quantity]:
            return name, unit
    return folded, None


def _fold(text: str) -> str:
    """Fold a name or a unit to small letters, digits and underscores."""
    plain = text.strip().lower().translate(_LETTERS).replace("%", "pct").replace("°", "")
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
