"""Rosters: the rows of a city's own list read as sites: their ids, kinds, shelters and places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from solarpass.column import fold_name, read_coordinates, read_texts

from .entry import Entry, count_words
from .errors import SiteError
from .kerb import Kerbs, find_roads, step_aside, step_outdoors
from .shelter import SHELTERS, find_shelter
from .sitefile import find_columns
from .stand import StandModel
from .yard import YardModel, spread_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLUMNS = {
    "site_id": (
        *("site_id", "siteid", "objekt_id", "objektid", "object_id", "objectid", "stop_id"),
        *("haltestellen_id", "haltestellennummer", "id", "nummer", "nr", "osm_id", "globalid"),
    ),
    "name": (
        *("name", "bezeichnung", "stop_name", "haltestelle", "haltestellenname", "objektname"),
        *("titel", "title", "label", "name_de"),
    ),
    "kind": (
        *("kind", "art", "objekt", "objektart", "objekttyp", "kategorie", "category", "typ"),
        *("type", "amenity"),
    ),
    "shelter": (
        *("shelter", "unterstand", "wartehaus", "wartehaeuschen", "wartehalle", "ueberdachung"),
        *("ueberdacht", "fahrgastunterstand", "fgu", "dach", "roof"),
    ),
    "ifopt": ("ifopt", "ref_ifopt", "dhid", "global_id", "globale_id", "gtfs_stop_id"),
    "saved_min": ("saved_min",),  # of `solarpass shade --missing`
}
_LARGEST_M2 = 1e6  # one number for more ground says little; our choice
_STOP_COLUMNS = ("stop_id", "stop_name", "haltestelle", "haltestellenname", "haltestellen_id")

# What lists call kinds, German and English, by words that their own words begin or end with.
_KINDS = {
    "tram_stop": ("tram", "strassenbahn", "streetcar"),
    "bus_stop": ("bus", "haltestelle", "stop", "haltepunkt"),
    "playground": ("spielplatz", "playground", "spielplaetze"),
    "day_care": (
        *("day_care", "daycare", "kita", "kindergarten", "krippe", "kindertagesstaette", "hort"),
        *("childcare", "kindertageseinrichtung"),
    ),
    "school": ("school", "schule", "gymnasium", "schulzentrum"),
    "hospital": ("hospital", "krankenhaus", "klinik", "klinikum"),
    "nursing_home": (
        *("nursing_home", "pflegeheim", "altenheim", "seniorenheim", "altersheim"),
        *("altenpflegeheim", "seniorenresidenz", "care_home"),
    ),
    "square": ("square", "platz", "marktplatz", "plaza"),
    "bench": ("bench", "bank", "sitzbank"),
    "drinking_water": ("drinking_water", "trinkbrunnen", "trinkwasserbrunnen", "water_fountain"),
    "other": ("other", "sonstige", "sonstiges", "andere", "anderes"),
}


def find_kind(word: str | None) -> str | None:
    """
    Tell the kind of a site by a word of a list, None if the word is not known.

    Examples
    --------
    >>> find_kind("Grundschule"), find_kind("Bushaltestelle"), find_kind("x")
    ('school', 'bus_stop', None)
    """
    folded = fold_name(word or "")
    for kind, words in _KINDS.items():
        if folded == kind or folded in words:
            return kind
    for kind, words in _KINDS.items():
        for one in words:
            if len(one) >= 4 and (folded.endswith(one) or folded.startswith(one)):
                return kind
    return "tram_stop" if folded.startswith("tram") else None


def read_roster(
    path: Path,
    table: pd.DataFrame,
    shapes: NDArray[Any],
    kept: NDArray[np.bool_],
    *,
    kerbs: Kerbs,
    models: tuple[StandModel, YardModel],
) -> tuple[list[Entry], list[str]]:
    """
    Read rows as entries.

    Parameters
    ----------
    path
        Of the list, for refusals.
    table
        Its rows.
    shapes
        Where each is in local metres.
    kept
        Which rows to read, shape ``(n_rows,)``.
    kerbs
        Of the city, or of none.
    models
        Of stops and of areas.

    Returns
    -------
    tuple
        Entries in the order of the rows, and notes.

    Raises
    ------
    SiteError
        If two different rows have one id, or a shelter is none that we know.
    """
    found = find_columns(table, _COLUMNS)
    texts = {what: read_texts(table, found.get(what)) for what in _COLUMNS}
    rows = np.flatnonzero(kept).tolist()
    notes: list[str] = []
    ids = _read_ids(texts["site_id"], notes)
    kinds = _read_kinds(table, texts["kind"], rows, notes, has_column="kind" in found)
    shelters = _read_shelters(path, texts["shelter"], rows, found.get("shelter"))
    saved_min = _read_saved(texts["saved_min"], rows, notes)
    rows = _drop_twins(path, rows, ids, (texts["name"], kinds, shelters, shapes), notes)
    entries = []
    moved: list[str] = []
    for row in rows:
        points, at, how = _find_places(shapes[row], kinds[row], kerbs, models)
        moved += how
        source = "given" if at is None else "area"
        entries.append(
            Entry(
                site_id=ids[row],
                name=texts["name"][row],
                kind=kinds[row],
                places=[(point, shelters[row], source) for point in points],
                ifopt=texts["ifopt"][row],
                at=at,
                saved_min=saved_min[row],
            )
        )
    notes += _tell_large([shapes[row] for row in rows], [ids[row] for row in rows])
    if moved:
        notes.append(f"Moved to where one can wait: {count_words(moved)}.")
    return entries, notes


def _tell_large(shapes: Sequence[Any], ids: Sequence[str]) -> list[str]:
    areas_m2 = shapely.area(np.array([*shapes, None], dtype=object)[:-1])
    large = np.flatnonzero(areas_m2 > _LARGEST_M2).tolist()
    if not large:
        return []
    told = ", ".join(f"{ids[row][:40]} {areas_m2[row] / 1e6:,.1f} km²" for row in large[:3])
    more = f" and {len(large) - 3} more" if len(large) > 3 else ""
    note = f"Larger than 1 km², where one number says little of each place: {told}{more}"
    return [f"{note}; give the parts as sites of their own."]


def _read_ids(told: Sequence[str | None], notes: list[str]) -> list[str]:
    bare = sum(one is None for one in told)
    if bare:
        notes.append(
            f"Called by the number of their row, such as row1, for want of an id: {bare:,}."
        )
    return [one or f"row{row + 1}" for row, one in enumerate(told)]


def _read_kinds(
    table: pd.DataFrame,
    told: Sequence[str | None],
    rows: Sequence[int],
    notes: list[str],
    *,
    has_column: bool,
) -> list[str]:
    if not has_column:
        names = {fold_name(name) for name in table.columns}
        kind = "bus_stop" if not names.isdisjoint(_STOP_COLUMNS) else "other"
        notes.append(f"The list tells no kind of its sites; they are taken to be {kind}.")
        return [kind] * len(told)
    kinds = [find_kind(one) for one in told]
    strange = [str(told[row] or "nothing") for row in rows if kinds[row] is None]
    if strange:
        words = count_words([word[:30] for word in strange])
        notes.append(f"Kinds that we do not know are taken to be other: {words[:200]}.")
    return [kind or "other" for kind in kinds]


def _read_shelters(
    path: Path, told: Sequence[str | None], rows: Sequence[int], column: str | None
) -> list[str]:
    shelters = [find_shelter(one) for one in told]
    strange = [row for row in rows if shelters[row] is None]
    if strange:
        listed = ", ".join(f"{str(told[row])[:40]!r} in row {row + 1}" for row in strange[:5])
        more = f" and {len(strange) - 5:,} more" if len(strange) > 5 else ""
        msg = (
            f"{path}: its column {column!r} has shelters that do not read, in all "
            f"{len(strange):,}: {listed}{more}; wanted yes (ja), no (nein), or one of "
            f"{', '.join(SHELTERS)} (in German Metall, Gründach, Folie, Glas offen, Glas, "
            "Unterstand, unbekannt)."
        )
        raise SiteError(msg)
    return [shelter or "unknown" for shelter in shelters]


def _read_saved(
    told: Sequence[str | None], rows: Sequence[int], notes: list[str]
) -> list[float | None]:
    """Read minutes in the sun that shade saves; what is no number of 0 or more is left out."""
    read = read_coordinates(told)
    saved = [float(one) if np.isfinite(one) and one >= 0.0 else None for one in read]
    n_odd = sum(told[row] is not None and saved[row] is None for row in rows)
    if n_odd:
        notes.append(f"Left out, saved_min that is no number of minutes: {n_odd:,}.")
    return saved


def _drop_twins(
    path: Path,
    rows: Sequence[int],
    ids: Sequence[str],
    told: tuple[Any, ...],
    notes: list[str],
) -> list[int]:
    """Drop rows that repeat another to the letter; refuse those that bear its id and differ."""
    first: dict[str, int] = {}
    for row in rows:
        other = first.setdefault(ids[row], row)
        if other != row and any(column[row] != column[other] for column in told):
            msg = (
                f"{path}: rows {other + 1} and {row + 1} are different sites with the same id "
                f"{ids[row][:60]!r}; give each site an id of its own."
            )
            raise SiteError(msg)
    if len(first) < len(rows):
        notes.append(f"Left out, repeating another row to the letter: {len(rows) - len(first):,}.")
    return list(first.values())


def _find_places(
    shape: Any,  # noqa: ANN401 - any geometry
    kind: str,
    kerbs: Kerbs,
    models: tuple[StandModel, YardModel],
) -> tuple[list[shapely.Point], shapely.Point | None, list[str]]:
    """Find where one waits at a site of a list: there, or over its area; and what was moved."""
    stand, yard = models
    if shapely.get_dimensions(shape) == 2:
        spread = spread_places(shape, kerbs, model=yard)
        return list(spread), shapely.point_on_surface(shape), []
    if shapely.get_dimensions(shape) == 1:
        point = shapely.line_interpolate_point(
            max(shapely.get_parts(shape), key=shapely.length), 0.5, normalized=True
        )
    else:
        point = shapely.centroid(shape)
    how = []
    if kind in {"bus_stop", "tram_stop"}:
        roads = find_roads(kerbs, point, within_m=stand.off_middle_m)
        if roads:
            point = step_aside(kerbs, point, roads[0], side=0, beyond_m=stand.beyond_kerb_m)
            how.append("from the carriageway")
    outdoors = step_outdoors(kerbs, point)
    if outdoors is not point:
        how.append("out of a house")
    return [outdoors], None, how
