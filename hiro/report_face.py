"""What the browser is told of reports: the form's places and words, and what is shown."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from solarpass.map.payload import city_payload
from solarpass.map.server import city_address

from .report import CATEGORIES, FELT, MOST_LETTERS, Report
from .report_face_terms import REPORT_FACE_TERMS
from .report_terms import CONSENT_VERSION, REPORT_TERMS
from .reportbase import StoreModel
from .terms import HEAT_TERMS

if TYPE_CHECKING:
    from solarpass.map.scene import Scene
    from solarpass.words import Words

    from .reportquery import ReportQuery

REPORT_PAGE_TERMS: Final = {**HEAT_TERMS, **REPORT_TERMS, **REPORT_FACE_TERMS}
# Terms of the map's own that the form says as well
_SHARED: Final = ("zoom_in", "zoom_out", "edge_of_data", "kind_address", "kind_place")
_SHARED_KINDS: Final = ("kind_stop", "kind_street")
# Terms of reports that the city's face says
SHOWN_TERMS: Final = (
    *(f"felt_{step}" for step in range(1, len(FELT) + 1)),
    *(f"category_{category}" for category in CATEGORIES),
    *("report_here_button", "report_qr", "report_qr_alt", "report_qr_svg", "report_qr_png"),
    *("reports_told", "reports_all", "reports_show", "reports_beside", "reports_photo_alt"),
    "reports_more",
)
_building = threading.Lock()


@dataclass(frozen=True, slots=True)
class Target:
    """
    An object that a report may be about.

    Attributes
    ----------
    site_id
        Its id.
    latitude_deg, longitude_deg
        Where it is shown; WGS 84. [°]
    name, label, kind
        What it is called, else where it is; of what kind it is.
    """

    site_id: str
    latitude_deg: float
    longitude_deg: float
    name: str | None
    label: str | None
    kind: str

    def tell(self, words: Words) -> str:
        """Call it by its name, else by its kind and where it is."""
        term = f"kind_{self.kind}"
        kind = words(term if term in HEAT_TERMS else "kind_other")
        return self.name or (f"{kind}, {self.label}" if self.label else kind)


def find_targets(scene: Scene) -> Mapping[str, Target]:
    """Find a city's objects by their ids, once a city."""
    with _building:
        return _find_targets(scene)


@lru_cache(4)
def _find_targets(scene: Scene) -> Mapping[str, Target]:
    from .site import build_sites  # noqa: PLC0415 - the engine behind it is not waited for

    sites = build_sites(scene.city)
    ids = sites.table["site_id"].astype(str)
    columns = (
        sites.table[name] if name in sites.table else [None] * len(ids)
        for name in ("name", "label")
    )
    rows = zip(
        *(ids, sites.latitude_deg, sites.longitude_deg, *columns, sites.table["kind"]), strict=True
    )
    return {
        key: Target(key, float(lat), float(lon), _text(name, key), _text(label, key), str(kind))
        for key, lat, lon, name, label, kind in rows
    }


def _text(told: object, site_id: str) -> str | None:
    return told if isinstance(told, str) and told and told != site_id else None


def form_payload(
    scene: Scene, query: ReportQuery, words: Words, *, address: str, city: str, report_id: str
) -> dict[str, Any]:
    """
    Tell the form what it shows.

    Parameters
    ----------
    scene
        The city.
    query
        What the link asks.
    words
        The language, with `REPORT_PAGE_TERMS`.
    address
        Folder to which reports are sent.
    city
        What the city is called in the link; empty for the built-in one.
    report_id
        From `hiro.report.new_report_id`, the same as long as the form is open.
    """
    place, faults = _find_place(scene, query, words)
    base = city_payload(scene, words)
    del base["layers"]["streets"]  # how sunny they are is the walker's
    terms = (*REPORT_TERMS, *REPORT_FACE_TERMS, *_SHARED, *_SHARED_KINDS)
    kept = StoreModel()
    said = {"months": kept.keep_months, "photo_months": kept.keep_photo_months}
    return {
        "city": base,
        "city_key": city,
        "language": words.language,
        "other_language": words.other,
        "places": f"{city_address(scene)}/places",
        "address": address,
        "report_id": report_id,
        "place": place,
        "category": query.category,
        "categories": list(CATEGORIES),
        "n_felt": len(FELT),
        "most_letters": MOST_LETTERS,
        "consent": CONSENT_VERSION,
        "faults": [words(term, city=scene.city.name) for term in faults],
        "words": {
            term: words(term, **(said if term == "report_privacy" else {}))
            for term in terms
            if not term.startswith("moderation")
        },
    }


def _find_place(
    scene: Scene, query: ReportQuery, words: Words
) -> tuple[dict[str, Any] | None, Sequence[str]]:
    """Find the place of a link, and what is wrong with it; an object goes before coordinates."""
    faults = list(query.faults)
    if query.site is not None:
        target = find_targets(scene).get(query.site)
        if target is not None:
            return tell_target(target, words), faults
        faults.append("bad_site")
    if query.at is None:
        return None, faults
    return tell_place(scene, query.at, words), faults


def tell_target(target: Target, words: Words) -> dict[str, Any]:
    """Tell of an object as the place of a report."""
    where = {"latitude": target.latitude_deg, "longitude": target.longitude_deg}
    return {**where, "title": target.tell(words), "site": target.site_id}


def tell_place(scene: Scene, at: tuple[float, float], words: Words) -> dict[str, Any]:
    """Tell of a place as that of a report; whether the city takes it is told when it is sent."""
    near = scene.name_near(at)
    title = near if near[:1].isdigit() else words("report_at", name=near)
    return {"latitude": at[0], "longitude": at[1], "title": title, "site": None}


def tell_shown(reports: Sequence[Report], *, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Tell what is shown, in no language; a suggestion is text, never markup."""
    return [
        {
            "id": report.report_id,
            "site": report.site_id,
            "latitude": round(report.latitude_deg, 6),
            "longitude": round(report.longitude_deg, 6),
            "day": report.told_at.astimezone(zone).date().isoformat(),
            "felt": report.felt,
            "category": report.category,
            "suggestion": report.suggestion,
            "has_photo": report.has_photo,
        }
        for report in reports
    ]


def tell_table(head: str, rows: Sequence[Sequence[str]], *, name: str) -> str:
    """
    Write a table as HTML; every cell is text.

    Parameters
    ----------
    head
        Of its columns, parted by ``|``.
    rows
        Of as many cells.
    name
        What the table is called.
    """
    names = [escape(one) for one in head.split("|")]
    heads = "".join(f'<th scope="col" role="columnheader">{one}</th>' for one in names)
    # On phones each row is a block whose cells name their columns; the roles keep it a table.
    lines = (
        "".join(
            f'<td role="cell" data-head="{one}">{escape(cell)}</td>'
            for one, cell in zip(names, row, strict=True)
        )
        for row in rows
    )
    body = "".join(f'<tr role="row">{line}</tr>' for line in lines)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(name)}">'
        f'<table role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )
