"""Files of reports: another form's list read, and what is shown written with its licence."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from solarpass.column import read_texts
from solarpass.words import Words

from .errors import ReportError, SiteError
from .plaintext import make_plain_text
from .report import CATEGORIES, FELT, Report, check_now, cut_time, make_suggestion
from .report_terms import FELT_WORDS, REPORT_TERMS
from .reportplace import check_place
from .sitefile import SiteFile, find_columns, open_sites
from .tablefile import make_column, write_table
from .whereabouts import find_shapes

if TYPE_CHECKING:
    from solarpass import City

ENDINGS: Final = {".geojson", ".csv", ".gpkg", ".parquet"}

LICENCE: Final = "CC0 1.0 for reports of the form; imported ones as their `credit` says"
"""Of what is written; whoever reports agrees to it."""

TEXTS: Final = ("suggestion", "site_id", "city", "credit")
"""Columns of text that others wrote."""

UNITS: Final[Mapping[str, str]] = {
    "told_at": "UTC, to the minute",
    "felt": "1 cold, 2 comfortable, 3 warm, 4 hot, 5 unbearable",
    "felt_word, felt_word_de": "the same, in English and German",
    "category": ", ".join(CATEGORIES),
    "suggestion": "plain text, as somebody wrote it; show it as text",
    "site_id": "the object it is about, null: just the place",
    "state": "new, shown or hidden",
    "source": "form or import",
    "credit": "licence and source of what was imported, null where it was not told",
}

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "report_id": ("report_id",),
    "told_at": ("told_at", "creationdate", "creation_date", "created", "erstellt", "datum", "zeit"),
    "felt": ("felt", "komfort", "comfort", "empfinden"),
    "category": ("category", "kategorie"),
    "suggestion": ("suggestion", "vorschlag", "text", "kommentar", "comment"),
    "site_id": ("site_id",),
}
_TIMES: Final = (
    *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"),
    "%d.%m.%Y, %H:%M",
)
_SITE: Final = re.compile(r"[\w.:/+-]{1,80}")
_DRAWN: Final = re.compile(r"r[0-9a-f]{16}")  # ids of the form; an import's is made anew
_MOST_TOLD: Final = 3
_NO_PLACE: Final = (
    "Wanted a place as latitude and longitude in degrees, and its cells are empty or no numbers."
)


@dataclass(frozen=True, slots=True)
class ReportFile:
    """
    What a file of reports told.

    Attributes
    ----------
    reports
        As they are to be stored: ``new``, of source ``import``. The same row has the same id each
        time, so that reading it twice adds nothing.
    notes
        What was left out or assumed, a sentence each.
    """

    reports: tuple[Report, ...]
    notes: tuple[str, ...]


def read_reports(
    path: Path, *, city: City | None = None, zone: str = "UTC", credit: str | None = None
) -> ReportFile:
    """
    Read another form's list: the columns of 2024 (CreationDate, Komfort, Vorschlag), or our own.

    Parameters
    ----------
    path
        GeoJSON, CSV with lat and lon (or x and y in degrees, or WKT), or GeoPackage.
    city
        Whose map counts; rows beyond it are left out. None: the whole Earth.
    zone
        Time zone of times that tell none; ArcGIS writes UTC.
    credit
        Licence and source, to be passed on with each report.

    Raises
    ------
    ReportError
        If the file is missing, torn or too large, tells no felt comfort, or no row reads; then
        with what is wrong with the first.
    """
    opened = _open(path)
    found = find_columns(opened.table, _COLUMNS)
    if not {"felt", "told_at"} <= set(found):
        held = ", ".join(map(repr, opened.table.columns[:20]))[:300]
        msg = (
            f"{path} tells no reports; wanted columns such as CreationDate, Komfort and Vorschlag, "
            f"or told_at, felt and suggestion, and it has {held}."
        )
        raise ReportError(msg)
    cells = {what: read_texts(opened.table, column) for what, column in found.items()}
    places = _find_places(path, opened)
    reports: dict[str, Report] = {}
    faults: list[str] = []
    for row in range(len(opened.table)):
        told = {what: column[row] for what, column in cells.items()}
        try:
            _need_place(places[row])
            check_place(*places[row], city=city)
            report = _read_row(told, places[row], zone)
        except ReportError as error:
            faults.append(str(error))
        else:
            named = None if city is None else city.name
            reports[report.report_id] = replace(report, city=named, credit=_tidy(credit))
    if not reports:
        msg = f"{path}: none of its {len(faults):,} reports reads. {faults[0]}"
        raise ReportError(msg)
    return ReportFile(tuple(reports.values()), tuple(_tell(len(opened.table), reports, faults)))


def tabulate_reports(reports: Sequence[Report]) -> gpd.GeoDataFrame:
    """Lay reports out as a table in degrees (EPSG:4326), with columns as in `UNITS`; no photo."""
    english, german = Words("en", REPORT_TERMS), Words("de", REPORT_TERMS)
    lon = [round(one.longitude_deg, 6) for one in reports]
    lat = [round(one.latitude_deg, 6) for one in reports]
    columns: dict[str, list[Any]] = {
        "report_id": [one.report_id for one in reports],
        "told_at": [f"{one.told_at:%Y-%m-%dT%H:%MZ}" for one in reports],
        "felt": [one.felt for one in reports],
        "felt_word": [english(f"felt_{one.felt}") for one in reports],
        "felt_word_de": [german(f"felt_{one.felt}") for one in reports],
        "category": [one.category for one in reports],
        "category_word_de": [german(f"category_{one.category}") for one in reports],
        "suggestion": [one.suggestion or None for one in reports],
        "site_id": [one.site_id for one in reports],
        "city": [one.city for one in reports],
        "has_photo": [one.has_photo for one in reports],
        "state": [one.state for one in reports],
        "source": [one.source for one in reports],
        "credit": [one.credit for one in reports],
        "lon": lon,
        "lat": lat,
    }
    table = pd.DataFrame({name: make_column(cells) for name, cells in columns.items()})
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")


def describe_reports(reports: Sequence[Report]) -> dict[str, Any]:
    """Say whose reports these are, under which licence, and what they are not."""
    credits_ = sorted({one.credit for one in reports if one.credit})
    n_bare = sum(one.source == "import" and one.credit is None for one in reports)
    notes = ["Who reports is no sample of a city: many reports tell of many reporters, too."]
    if n_bare:
        notes.append(
            f"{n_bare:,} imported reports tell no licence; ask their source before passing them on."
        )
    latest = max((one.told_at for one in reports), default=dt.datetime.now(dt.UTC))
    return {
        "attribution": "; ".join(["reports by citizens, collected with HiRo", *credits_]),
        "licence": LICENCE,
        "day": f"{latest:%Y-%m-%d}",
        "notes": notes,
        "units": dict(UNITS),
    }


def write_reports(reports: Sequence[Report], path: Path) -> None:
    """
    Write reports, whole or not at all, as the file's ending says, with licence and attribution.

    Raises
    ------
    ReportError
        If there is none.
    SourceError
        If nothing can be written there.
    """
    if not reports:
        msg = "There are no reports of this state to write; moderate some, or ask for --state all."
        raise ReportError(msg)
    about = describe_reports(reports)
    write_table(tabulate_reports(reports), about, path, layer="reports", nested=(), names=TEXTS)


# --- reading


def _open(path: Path) -> SiteFile:
    """Open a list as sites are; its refusals speak of reports."""
    try:
        opened = open_sites(path)
    except SiteError as error:
        before, name, after = str(error).partition(str(path))
        if "field larger than" in after:
            after = " does not read (one of its cells is far too long); wanted a list of reports."
        told = [re.sub(r"\bsite(s?)\b", r"report\1", part) for part in (before, after)]
        raise ReportError(f"{told[0]}{name}{told[1]}") from error  # noqa: EM102
    if opened.elements is not None:
        msg = f"{path} is an answer of Overpass, which tells no reports; wanted a list of them."
        raise ReportError(msg)
    return opened


def _find_places(path: Path, opened: SiteFile) -> list[tuple[float, float]]:
    """Find latitude and longitude of each row; NaN where it tells none."""
    try:
        shapes = find_shapes(path, opened.shapes, opened.crs)
    except SiteError as error:
        raise ReportError(str(error)) from error
    is_degrees = pyproj.CRS.from_user_input(opened.crs).is_geographic
    places = []
    for shape, raw in zip(shapes, opened.shapes, strict=True):
        # What lies off the Earth is told as it is written, for it may be swapped.
        known = shape if shape is not None or not is_degrees else raw
        xy = shapely.get_coordinates(shapely.centroid(known))
        x, y = xy[0] if len(xy) and np.isfinite(xy).all() else (np.nan, np.nan)
        places.append((float(y), float(x)))
    return places


def _need_place(place: tuple[float, float]) -> None:
    """Refuse a row without a place in words of files, as nobody can tap its map."""
    if np.isnan(place).any():
        raise ReportError(_NO_PLACE)


def _read_row(told: Mapping[str, str | None], place: tuple[float, float], zone: str) -> Report:
    written = told.get("report_id") or ""
    suggestion = make_suggestion(told.get("suggestion") or "")
    site_id = told.get("site_id")
    category = _read_category(told.get("category"))
    site_id = site_id if site_id and _SITE.fullmatch(site_id) else None
    told_at, felt = check_now(_read_time(told.get("told_at"), zone)), _read_felt(told.get("felt"))
    # Of what is read, not of how it is written, so that our own file of it gives the same.
    parts = (
        *(f"{told_at:%Y-%m-%dT%H:%MZ}", f"{place[0]:.6f}", f"{place[1]:.6f}", felt, category),
        *(suggestion, site_id),
    )
    digest = hashlib.sha256("\0".join(str(part) for part in parts).encode("utf-8", "replace"))
    return Report(
        report_id=written if _DRAWN.fullmatch(written) else f"i{digest.hexdigest()[:16]}",
        latitude_deg=place[0],
        longitude_deg=place[1],
        told_at=told_at,
        felt=felt,
        category=category,
        suggestion=suggestion,
        site_id=site_id,
        source="import",
    )


def _read_felt(text: str | None) -> int:
    folded = " ".join((text or "").casefold().split())
    if folded in {"1", "2", "3", "4", "5"}:
        return int(folded)
    if folded not in FELT_WORDS:
        wanted = f"one of {', '.join(FELT)}, a German word for it, or 1 to 5"
        msg = f"{(text or '')[:40]!r} is no felt comfort that we know; wanted {wanted}."
        raise ReportError(msg)
    return FELT_WORDS[folded]


def _read_category(text: str | None) -> str:
    """Read a category, ours or by its words; another one is ``other``."""
    folded = " ".join((text or "").casefold().split())
    for category in CATEGORIES:
        words = (category, *REPORT_TERMS[f"category_{category}"])
        if folded in {word.casefold() for word in words}:
            return category
    return "other"


def _read_time(text: str | None, zone: str) -> dt.datetime:
    """Read a time, in `zone` where it tells none."""
    told = (text or "").strip()
    read: dt.datetime | None = None
    try:
        read = dt.datetime.fromisoformat(told)
    except ValueError:
        for form in _TIMES:
            try:
                read = dt.datetime.strptime(told, form)  # noqa: DTZ007  its zone follows
                break
            except ValueError:
                continue
    if read is None:
        msg = f"{told[:40]!r} is no time; wanted one such as 2024-05-25T09:31 or 25.05.2024 09:31."
        raise ReportError(msg)
    return cut_time(read if read.tzinfo is not None else read.replace(tzinfo=ZoneInfo(zone)))


def _tidy(credit: str | None) -> str | None:
    return (make_plain_text(credit)[:300] or None) if credit else None


def _tell(n_rows: int, reports: Mapping[str, Report], faults: Sequence[str]) -> list[str]:
    """Tell what was left out, and the first of the reasons."""
    n_twice = n_rows - len(reports) - len(faults)
    notes = [f"Left out, the same row again: {n_twice:,}."] if n_twice else []
    for fault, count in Counter(faults).most_common(_MOST_TOLD):
        notes.append(f"Left out, {count:,}: {fault}")
    if len(set(faults)) > _MOST_TOLD:
        notes.append(f"Left out for other reasons: {len(faults):,} in all.")
    return notes
