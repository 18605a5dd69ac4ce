"""Districts: in which part of the city each site lies, of the map, of a file, or in cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from solarpass.city import City
from solarpass.column import fold_name, read_texts
from solarpass.district import LEVELS

from .catchment import refuse_elsewhere, site_xy
from .errors import PlanError
from .ledger import Ledger, count_overlaps, open_ledger
from .plaintext import make_plain_text
from .site import Sites

_WANTED = "districts with their outlines"
# What cities call the name of a district, the surest first; those of Dresden were read from its
# files, the others are handed down and not checked.
_NAMES = (
    *("name", "stadtteilname", "ortsteilname", "bezirksname", "quartiersname", "viertelname"),
    *("stadtteil", "ortsteil", "stadtbezirk", "bezirk", "quartier", "viertel", "gemarkung"),
    *("district", "district_name", "quarter", "neighbourhood", "neighborhood", "ward", "suburb"),
    *("bezeichnung", "bez_name", "bez", "gen", "nom", "nombre", "nome", "nimi", "navn", "label"),
)


_LONGEST = 80  # letters of a name


@dataclass(frozen=True, slots=True)
class DistrictModel:
    """
    Assumptions about districts; change one with `dataclasses.replace`.

    Attributes
    ----------
    cell_m
        Where the map knows no districts: squares of this side, by the design. [m]
    least_share
        Districts of the map are taken if so many of the sites lie in one: else a few hamlets
        with names would stand for a country; our choice. [1]
    name_m
        A cell is named after the quarter of the nearest place on the map within this; our
        choice. [m]
    """

    cell_m: float = 500.0
    least_share: float = 0.5
    name_m: float = 1_000.0


@dataclass(frozen=True, eq=False, slots=True)
class Districts:
    """
    In which district each site lies; districts without a site are not among them.

    Attributes
    ----------
    of_site
        Row of `names`, -1 for none, shape ``(n_sites,)``.
    names
        As the source orders them, each once: two pieces of one name are one district.
    source
        From what they are known.
    notes
        What was counted and assumed, a sentence each.
    attribution
        Whom to name, beside those of the map.
    """

    of_site: NDArray[np.int64]
    names: tuple[str, ...]
    source: str
    notes: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Lock the array."""
        self.of_site.flags.writeable = False

    def __len__(self) -> int:
        """Count the districts."""
        return len(self.names)

    @property
    def is_mapped(self) -> bool:
        """Whether they are those of the map, and no squares that stand for them."""
        return self.source.startswith("OpenStreetMap")


def find_districts(
    sites: Sites, city: City, *, model: DistrictModel = DistrictModel()
) -> Districts:
    """
    Find the districts of a city, as the map tells them.

    Of the ``admin_level`` 9 to 11 the finest is taken in which two districts or more hold
    sites, and most sites have one; where there is none, square cells stand for districts.

    Parameters
    ----------
    sites
        Whose districts are asked for.
    city
        On the map of which they lie.
    model
        Assumptions.
    """
    for level in reversed(LEVELS):
        there = city.districts[city.districts["admin_level"] == level]
        outlines = np.asarray(there.geometry.to_crs(sites.crs))
        rows = _find_rows(np.asarray(shapely.points(site_xy(sites))), outlines)
        is_known = (rows >= 0).mean() >= model.least_share if len(rows) else False
        found = _settle(rows, there["name"].tolist(), source=f"OpenStreetMap, admin_level {level}")
        if len(found) > 1 and is_known:
            told = f"Districts are those of OpenStreetMap, admin_level {level}: {len(found)}."
            n_open = int(city.provenance.get("n_districts_open", "0"))
            cut = f"Districts that are not known, as the map's extract cuts them: {n_open}."
            notes = (told, *([cut] if n_open else []), *_tell_outside(rows))
            return Districts(found.of_site, found.names, found.source, notes)
    return _lay_cells(sites, city, model)


def read_districts(path: str | Path, sites: Sites, *, key: str | None = None) -> Districts:
    """
    Read districts from a city's file.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile, or CSV with outlines as WKT or EWKT, in any coordinate
        reference system that it states. Where districts overlap, the first counts.
    sites
        Whose districts are asked for.
    key
        Column of their names; None: the first that has a usual one.

    Raises
    ------
    PlanError
        If the file is missing, torn, without outlines, of another place, or lacks the column.
    """
    path = Path(path)
    ledger = open_ledger(path, wanted=_WANTED, error=PlanError)
    column = _find_key(path, ledger, key)
    shapes, n_mended = _read_outlines(path, ledger)
    outlines = gpd.GeoSeries(shapes, crs=ledger.crs)
    told = outlines[~shapely.is_missing(shapes)]
    # Sites go to the outlines' reference system: what spans the world would not bear the way back.
    points = gpd.GeoSeries(shapely.points(site_xy(sites)), crs=sites.crs).to_crs(ledger.crs)
    rows = _find_rows(np.asarray(points), shapes)
    if (rows < 0).all():
        refuse_elsewhere(sites, gpd.GeoDataFrame(geometry=told), what="district", error=PlanError)
    cells = read_texts(ledger.table, column)
    names = [_shorten(name) or f"row {row + 1}" for row, name in enumerate(cells)]
    found = _settle(rows, names, source=path.name)
    n_pairs = count_overlaps(shapes[~shapely.is_missing(shapes)])
    first = "where they do, the first in the table counts"
    notes = [
        f"Districts are those of {path.name}, by its column {column!r}: {len(found)} hold sites."
    ]
    notes += [f"{path.name}: {n_mended} outlines were mended."] if n_mended else []
    notes += [f"{path.name}: pairs that overlap: {n_pairs}; {first}."] if n_pairs else []
    credit = (f"districts: {path.name}, licence not stated",)
    told_of = (*notes, *_tell_outside(rows))
    return Districts(found.of_site, found.names, found.source, told_of, credit)


# --- sites


def _shorten(name: str | None) -> str:
    """Keep a name to a line of which a table has room."""
    return " ".join(make_plain_text(name or "").split())[:_LONGEST]


def _find_rows(points: NDArray[Any], shapes: NDArray[Any]) -> NDArray[np.int64]:
    """Find the first outline in which each point lies, -1 where in none."""
    rows = np.full(len(points), -1, dtype=np.int64)
    site, row = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort((row, site))
    first = order[np.unique(site[order], return_index=True)[1]]
    rows[site[first]] = row[first]
    return rows


def _settle(rows: NDArray[np.int64], names: Sequence[str], *, source: str) -> Districts:
    """Give numbers to the districts that hold a site, each name once."""
    held = np.unique(rows[rows >= 0]).tolist()
    kept = tuple(dict.fromkeys(names[row] for row in held))
    number = {name: place for place, name in enumerate(kept)}
    of_row = {row: number[names[row]] for row in held}
    of_site = np.array([of_row.get(row, -1) for row in rows.tolist()], dtype=np.int64)
    return Districts(of_site, kept, source)


def _tell_outside(rows: NDArray[np.int64]) -> tuple[str, ...]:
    n_outside = int((rows < 0).sum())
    told = f"Sites that lie in no district, and so under no floor: {n_outside} of {len(rows)}."
    return (told,) if n_outside else ()


# --- cells


def _lay_cells(sites: Sites, city: City, model: DistrictModel) -> Districts:
    """Lay squares along the city's metres, named by where they are and what lies near."""
    points = gpd.GeoSeries(shapely.points(site_xy(sites)), crs=sites.crs).to_crs(city.crs)
    column = np.floor(shapely.get_coordinates(np.asarray(points)) / model.cell_m).astype(np.int64)
    cells, rows = np.unique(column[:, ::-1], axis=0, return_inverse=True)
    east, north = cells[:, 1], cells[:, 0]
    middle = (np.column_stack([east, north]) + 0.5) * model.cell_m
    places = city.places[city.places["detail"].notna() & (city.places["kind"] == "place")]
    near = _name_places(middle, places, model.name_m)
    names = [
        _name_cell(int(x), int(y), place) for x, y, place in zip(east, north, near, strict=True)
    ]
    note = (
        f"The map knows no two districts that hold most of the sites: squares of "
        f"{model.cell_m:g} m stand for them, {len(names)} of which hold sites."
    )
    found = _settle(rows.reshape(-1).astype(np.int64), names, source=f"{model.cell_m:g} m cells")
    return Districts(found.of_site, found.names, found.source, (note,))


def _name_places(
    middle: NDArray[np.floating[Any]], places: gpd.GeoDataFrame, most_m: float
) -> list[str | None]:
    """Name the quarter of the nearest place on the map, None where it is far."""
    if places.empty or not len(middle):
        return [None] * len(middle)
    tree = KDTree(shapely.get_coordinates(np.asarray(places.geometry)))
    away_m, row = (np.asarray(told) for told in tree.query(middle))
    names = places["detail"].tolist()
    return [
        str(names[at]) if away <= most_m else None
        for away, at in zip(away_m.tolist(), row.tolist(), strict=True)
    ]


def _name_cell(east: int, north: int, place: str | None) -> str:
    """
    Name a cell by how far it is from the city's middle, and what lies near.

    Examples
    --------
    >>> _name_cell(0, -3, None), _name_cell(-1, 4, "Wittenau")
    ('E1 S3', 'Wittenau W1 N5')
    """
    column = f"E{east + 1}" if east >= 0 else f"W{-east}"
    row = f"N{north + 1}" if north >= 0 else f"S{-north}"
    return f"{place or ''} {column} {row}".strip()


# --- the file


def _find_key(path: Path, ledger: Ledger, asked: str | None) -> str:
    by_name = {fold_name(name): str(name) for name in reversed(ledger.table.columns)}
    wanted = _NAMES if asked is None else (fold_name(asked),)
    for name in wanted:
        if name in by_name:
            return by_name[name]
    lacks = "no column of names that we know" if asked is None else f"no column {asked!r}"
    msg = (
        f"{path} has {lacks}; it has {ledger.tell_names()}: name one of these, as in "
        "--district-key COL."
    )
    raise PlanError(msg)


def _read_outlines(path: Path, ledger: Ledger) -> tuple[NDArray[Any], int]:
    """Keep what has an area, flat and valid, None for the rest; and count what was mended."""
    shapes = shapely.force_2d(ledger.shapes)
    shapes[shapely.get_dimensions(shapes) != 2] = None
    broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
    shapes[broken] = shapely.make_valid(shapes[broken])
    shapes[~(shapely.area(shapes) > 0.0)] = None
    if shapely.is_missing(shapes).all():
        msg = f"{path} holds places but no outlines; wanted {_WANTED}."
        raise PlanError(msg)
    return shapes, int(broken.sum())
