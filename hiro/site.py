"""Sites: the objects at which people wait, play, learn or rest, and where exactly they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from .element import find_degrees, tabulate_elements
from .entry import Entry, count_words, tabulate
from .errors import SiteError
from .kerb import Kerbs, build_kerbs
from .label import label_sites
from .roster import read_roster
from .sitefile import open_sites
from .stand import StandModel, find_stands
from .stop import list_stops
from .whereabouts import find_shapes, find_swapped, settle_whereabouts
from .yard import YardModel, find_yards

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from solarpass import City

KINDS = (
    *("bus_stop", "tram_stop", "playground", "school", "day_care", "hospital", "nursing_home"),
    *("square", "bench", "drinking_water", "other"),
)
SOURCES = ("platform", "shelter", "pole", "kerb", "area", "given")
_STOPS = frozenset(["bus_stop", "tram_stop"])


@dataclass(frozen=True, slots=True)
class SiteModel:
    """
    Assumptions about sites; change one with `dataclasses.replace`.

    Attributes
    ----------
    stand
        Where one waits at stops.
    yard
        Where one stays on open areas.
    """

    stand: StandModel = field(default_factory=StandModel)
    yard: YardModel = field(default_factory=YardModel)


@dataclass(frozen=True, eq=False, slots=True)
class Sites:
    """
    Objects where people are, and the places at each where they wait.

    Attributes
    ----------
    crs
        Local metres, x east and y north: the city's, or transverse Mercator amid the sites.
    table
        One row a site: ``site_id``, ``name`` (None where it has none), ``kind`` (one of
        `KINDS`), ``shelter`` (the commonest of its places), ``ifopt`` (the stop's global
        id), ``label`` (what to show: its name, else its street, quarter or id), geometry Point;
        and ``saved_min`` (minutes in the sun that shade there saves of 1,000 trips, NaN where
        nobody told) if a list has it, as those of `solarpass shade --missing` do.
    waiting
        One row a waiting place: ``site`` (row of `table`, ascending), ``shelter`` (one of
        `SHELTERS`), ``source`` (one of `SOURCES`: where one waits on a mapped platform, beneath
        a mapped shelter, at a pole, at the kerb of who was drawn on the street, on an area, or
        where it is said to be), geometry Point.
    notes
        What was counted, assumed and dropped, a sentence each.
    """

    crs: pyproj.CRS
    table: gpd.GeoDataFrame
    waiting: gpd.GeoDataFrame
    notes: tuple[str, ...] = ()

    @property
    def n_sites(self) -> int:
        """How many sites there are."""
        return len(self.table)

    @property
    def n_waiting(self) -> int:
        """How many waiting places there are at all sites."""
        return len(self.waiting)

    @property
    def is_mixed(self) -> NDArray[np.bool_]:
        """Tell which sites have places beneath different shelters, shape ``(n_sites,)``."""
        n_kinds = self.waiting.groupby("site")["shelter"].nunique()
        mixed: NDArray[np.bool_] = n_kinds.reindex(range(self.n_sites)).to_numpy(float) > 1.0
        return mixed

    @property
    def xy(self) -> NDArray[np.float64]:
        """Where the waiting places are, shape ``(n_waiting, 2)`` [m]."""
        return shapely.get_coordinates(np.asarray(self.waiting.geometry))

    def take(self, rows: NDArray[np.int64]) -> Sites:
        """Keep some sites, rows ascending, and the places where one waits there."""
        number = np.full(self.n_sites, -1, np.int64)
        number[rows] = np.arange(len(rows))
        site = number[self.waiting["site"].to_numpy(np.int64)]
        waiting = self.waiting[site >= 0].assign(site=site[site >= 0])
        return replace(
            self,
            table=self.table.iloc[rows].reset_index(drop=True),
            waiting=waiting.reset_index(drop=True),
        )

    @property
    def latitude_deg(self) -> NDArray[np.float64]:
        """Latitude of each site, shape ``(n_sites,)`` [°]."""
        return self._degrees()[1]

    @property
    def longitude_deg(self) -> NDArray[np.float64]:
        """Longitude of each site, shape ``(n_sites,)`` [°]."""
        return self._degrees()[0]

    def _degrees(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        back = pyproj.Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        xy = shapely.get_coordinates(np.asarray(self.table.geometry))
        longitude, latitude = back.transform(xy[:, 0], xy[:, 1])
        return np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)


def build_sites(
    city: City, *, kinds: Sequence[str] | None = None, model: SiteModel = SiteModel()
) -> Sites:
    """
    Find the sites of a city.

    Both sides of a stop are one site with a waiting place each. Sites without a name keep None,
    and have a label.

    Parameters
    ----------
    city
        Where.
    kinds
        Which of `KINDS`; None: all.
    model
        Assumptions.

    Raises
    ------
    SiteError
        If a kind is none, or the city has no site of these kinds.
    """
    wanted = KINDS if kinds is None else tuple(kinds)
    strange = [kind for kind in wanted if kind not in KINDS]
    if strange:
        msg = f"{strange[0]!r} is no kind of site; wanted some of {', '.join(KINDS)}."
        raise SiteError(msg)
    kerbs = build_kerbs(city)
    entries = _list_all(city.stops, city.facilities, wanted, kerbs, model)
    sites = _gather(entries, city.crs, city)
    inside = shapely.intersects(city.extent, np.asarray(sites.table.geometry))
    if not inside.any():
        msg = (
            f"{city.name} has no {' or '.join(wanted)} in OpenStreetMap; choose other kinds, or "
            "give a list of your own with --sites."
        )
        raise SiteError(msg)
    kept = [entry for entry, ok in zip(entries, inside, strict=True) if ok]
    n_beyond = int((~inside).sum())
    notes = [f"Left out, beyond the city's edge: {n_beyond:,}."] if n_beyond else []
    return _gather(kept, city.crs, city, notes=notes)


def read_sites(
    path: str | Path,
    *,
    city: City | None = None,
    crs: str | None = None,
    model: SiteModel = SiteModel(),
) -> Sites:
    """
    Read a list of sites of one's own.

    Columns go by their usual names, German or English: ``site_id``, ``name``, ``kind``,
    ``shelter`` (a kind of ours, yes or no, or a word such as Wartehäuschen). Over areas waiting
    places are spread. An answer of Overpass is read as a city's stops are.

    Parameters
    ----------
    path
        GeoJSON, CSV with lat and lon, x and y or WKT, GeoPackage, or an Overpass answer as JSON.
    city
        Whose metres and edge count; None: metres centred amid the sites, and no houses.
    crs
        In which coordinates count, where the file does not tell, such as EPSG:25833.
    model
        Assumptions.

    Raises
    ------
    SiteError
        If the file is missing, empty, torn, too large or of another kind; if no site has a
        place, or none in the city; if coordinates look swapped; if two sites have one id, or a
        shelter is none that we know.
    """
    path = Path(path)
    opened = open_sites(path, crs=crs)
    kerbs = build_kerbs(city)
    if opened.elements is None:
        degrees = find_shapes(path, opened.shapes, opened.crs)
        swapped = find_swapped(opened.shapes, opened.crs)
        own, local, kept, notes = settle_whereabouts(path, degrees, swapped, city)
        entries, told = read_roster(
            path, opened.table, local, kept, kerbs=kerbs, models=(model.stand, model.yard)
        )
        return _gather(entries, own, city, notes=[*told, *notes])
    drawn, n_lost = find_degrees(opened.elements)
    degrees = np.array([*(shape for _, _, _, shape in drawn), None], dtype=object)[:-1]
    own, _, kept, notes = settle_whereabouts(path, degrees, degrees.copy(), city)
    lost = [f"Left out, elements without a place: {n_lost:,}."] if n_lost else []
    tables = tabulate_elements([one for one, ok in zip(drawn, kept, strict=True) if ok], own)
    entries = _list_all(*tables, KINDS, kerbs, model)
    if not entries:
        msg = f"{path} holds no stop, playground, school or other site; ask Overpass for these."
        raise SiteError(msg)
    return _gather(entries, own, city, notes=[*lost, *notes])


def _list_all(
    stops: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    wanted: Sequence[str],
    kerbs: Kerbs,
    model: SiteModel,
) -> list[Entry]:
    """List stops and facilities of the kinds wanted."""
    entries: list[Entry] = []
    if not _STOPS.isdisjoint(wanted):
        shelters = facilities[(facilities["kind"] == "shelter").to_numpy(bool)]
        stands = find_stands(stops, shelters, kerbs=kerbs, model=model.stand)
        entries += list_stops(stands, model=model.stand)
    others = [kind for kind in KINDS if kind in wanted and kind not in _STOPS]
    entries += find_yards(facilities, kinds=others, kerbs=kerbs, model=model.yard)
    return [entry for entry in entries if entry.kind in wanted]


def _gather(
    entries: Sequence[Entry], crs: pyproj.CRS, city: City | None, *, notes: Sequence[str] = ()
) -> Sites:
    """Put entries in the order of kinds and ids, and count them."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    table, waiting = tabulate(sorted(entries, key=lambda one: order[one.kind]), crs)
    table.insert(5, "label", label_sites(table, city))
    counted = (
        f"{len(table):,} sites ({count_words(table['kind'].tolist())}) with {len(waiting):,} "
        f"waiting places ({count_words(waiting['source'].tolist())}; shelters: "
        f"{count_words(waiting['shelter'].tolist())})."
    )
    return Sites(crs=crs, table=table, waiting=waiting, notes=(counted, *notes))
