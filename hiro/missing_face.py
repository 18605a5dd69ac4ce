"""What the browser is told of where shade is missing: stretches of streets, the worst first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

DIGITS: Final = 6  # of degrees: a tenth of a metre

# A stretch is named in English; these parts of a name are no proper names.
_KINDS: Final = {
    "cycle path": "Radweg",
    "crossing": "Querung",
    "footpath": "Fußweg",
    "path": "Pfad",
    "pedestrian way": "Fußgängerweg",
    "platform": "Bahnsteig",
    "service road": "Zufahrt",
    "square": "Platz",
    "steps": "Treppe",
    "track": "Feldweg",
    "street": "Straße",
}
_SIDES: Final = {
    "north": "Nordseite",
    "east": "Ostseite",
    "south": "Südseite",
    "west": "Westseite",
    "one": "eine Seite",
}
_NAME: Final = re.compile(
    r"(?P<what>.*?)(?P<side>, (?:north|east|south|west|one) side)?(?P<near>,? near .*)?", re.DOTALL
)


def tell_missing(table: gpd.GeoDataFrame, language: str) -> dict[str, Any]:
    """
    Tell stretches where shade is missing.

    Parameters
    ----------
    table
        By `solarpass.glare_sites`.
    language
        ``de`` or ``en``.

    Returns
    -------
    ``n_trips`` and ``hours`` (on which they set out), and ``stretches``: each its rank, name,
    length [m], minutes in the sun of 1,000 trips that full shade there saves at least (and
    between which ends), share of the trips that pass there [%], a place amid it, and its lines.
    """
    departs = table.attrs["departs"]
    return {
        "n_trips": table.attrs["n_trips"],
        "hours": [text[11:16] for text in departs],
        "stretches": [
            {
                "rank": int(row.rank),
                "name": say_name(row.name, is_named=isinstance(row.street, str), to=language),
                "length": round(row.length_m),
                "saved": round(row.saved_min),
                "low": round(row.low_min),
                "high": round(row.high_min),
                "walked": round(100.0 * row.walked_fraction, 1),
                "at": [row.lon, row.lat],
                "lines": _list_lines(row.geometry),
            }
            for row in table.rename_axis(None).itertuples(index=False)
        ],
    }


def say_name(name: str, *, is_named: bool, to: str) -> str:
    """
    Say what a stretch is called; proper names stay.

    Parameters
    ----------
    name
        As `solarpass` names it, in English.
    is_named
        Whether it is a street that has a name.
    to
        ``de`` or ``en``.

    Examples
    --------
    >>> say_name("Unioninkatu, east side, near Liisankatu", is_named=True, to="de")
    'Unioninkatu, Ostseite, bei Liisankatu'
    >>> say_name("footpath near Kluuvi", is_named=False, to="de")
    'Fußweg bei Kluuvi'
    """
    found = _NAME.fullmatch(name)
    if found is None or to != "de":
        return name[:1].upper() + name[1:]
    what, side = found["what"], found["side"] or ""
    near = (found["near"] or "").replace(" near ", " bei ", 1)
    if not is_named:
        kind, of, streets = what.partition(" of ")
        joined = streets.replace(" and ", " und ", 1)
        what = f"{_KINDS.get(kind, kind)}{' über ' if of else ''}{joined}"
    told = f", {_SIDES[side[2:-5]]}" if side else ""
    return f"{what}{told}{near}"


def _list_lines(shape: shapely.Geometry) -> list[list[list[float]]]:
    parts: Any = shapely.get_parts(shape)
    return [np.round(shapely.get_coordinates(part), DIGITS).tolist() for part in parts]
