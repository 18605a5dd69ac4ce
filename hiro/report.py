"""Report: what a citizen tells of one place at one time, checked; no name, no address."""

from __future__ import annotations

import datetime as dt
import math
import re
import secrets
from dataclasses import dataclass, replace
from typing import Final

from .errors import ReportError
from .photo import PhotoModel, is_photo, read_photo
from .plaintext import make_plain_text
from .refusal import refuse
from .report_terms import CONSENT_VERSION

FELT: Final = ("cold", "comfortable", "warm", "hot", "unbearable")
"""How it felt, 1 to 5."""

CATEGORIES: Final = (
    *("no_shade", "dark_asphalt", "no_water", "long_wait", "broken_shelter", "wrong_shade"),
    "other",
)
STATES: Final = ("new", "shown", "hidden")
SOURCES: Final = ("form", "import")

RESERVED: Final = frozenset({"reporter", "retention"})
"""Signs that no moderator bears, for by them the log says who else deleted what."""

MOST_LETTERS: Final = 1000
"""Of a suggestion; our choice."""

_MOST_RAW: Final = 20_000  # letters that are looked at, before what is unseen goes
_FIRST_YEAR: Final = 2000
_EARLY: Final = dt.timedelta(minutes=10)  # by which clocks may be fast; our choice
_ID: Final = re.compile(r"[A-Za-z0-9_-]{4,40}")
_DRAWN: Final = re.compile(r"r[0-9a-f]{16}")  # as `new_report_id` draws it
_SITE: Final = re.compile(r"[\w.:/+-]{1,80}")
_MOST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Report:
    """
    What a citizen tells of one place at one time.

    Attributes
    ----------
    report_id
        Names it; chosen at random, or by what it says where it was imported.
    latitude_deg, longitude_deg
        Where; WGS 84. [°]
    told_at
        When, in UTC, of a whole minute.
    felt
        From 1 to 5: see `FELT`.
    category
        One of `CATEGORIES`.
    suggestion
        Plain text of at most `MOST_LETTERS`; HTML in it is letters and is to be shown as such.
    site_id
        The object it is about; None: just the place.
    city
        Its name, or None.
    photo
        A JPEG drawn by `hiro.photo.read_photo`, or None; a list leaves it out.
    has_photo
        Whether the store holds one.
    state
        ``new`` until somebody looked at it, then ``shown`` or ``hidden``.
    source
        ``form`` or ``import``.
    consent
        Version of the text that was agreed to; None for what was imported.
    credit
        Licence and source of what was imported, as far as told.

    Raises
    ------
    ReportError
        If one of these cannot be.
    """

    report_id: str
    latitude_deg: float
    longitude_deg: float
    told_at: dt.datetime
    felt: int
    category: str
    suggestion: str = ""
    site_id: str | None = None
    city: str | None = None
    photo: bytes | None = None
    has_photo: bool = False
    state: str = "new"
    source: str = "form"
    consent: str | None = None
    credit: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_degrees(self.latitude_deg, self.longitude_deg)
        _check_answers(self)
        _check_time(self.told_at)
        if not _ID.fullmatch(self.report_id):
            raise refuse(term="report_id", got=repr(self.report_id), what="a report")
        if self.site_id is not None and not _SITE.fullmatch(self.site_id):
            raise refuse(term="report_id", got=repr(self.site_id), what="an object")
        if self.photo is not None and not is_photo(self.photo):
            raise refuse(term="photo_none")

    @property
    def felt_name(self) -> str:
        """How it felt, one of `FELT`."""
        return FELT[self.felt - 1]


def build_report(
    *,
    latitude_deg: float,
    longitude_deg: float,
    felt: int,
    category: str,
    suggestion: str = "",
    site_id: str | None = None,
    city: str | None = None,
    photo: bytes | None = None,
    consent: str | None = None,
    told_at: dt.datetime | None = None,
    report_id: str | None = None,
    photo_model: PhotoModel = PhotoModel(),
) -> Report:
    """
    Build the report of a form out of what was sent, whatever that is.

    Parameters
    ----------
    latitude_deg, longitude_deg, felt, category, suggestion, site_id, city
        As in `Report`; the suggestion is made plain.
    photo
        As it was sent; it is drawn anew, without metadata.
    consent
        Which text was agreed to; only `hiro.report_terms.CONSENT_VERSION` counts.
    told_at
        When, with a time zone; None: now. The seconds are dropped.
    report_id
        From `new_report_id`, made when the form was opened, so that what is sent twice is stored
        once; None: a new one.
    photo_model
        Bounds of photos.

    Raises
    ------
    ReportError
        If something is missing, too long, of another kind or cannot be, or nobody agreed.
    """
    if consent != CONSENT_VERSION:
        raise refuse(term="report_agree", version=CONSENT_VERSION)
    check_degrees(latitude_deg, longitude_deg)
    # Of another form it would be an import's, which it would keep out.
    if report_id is not None and not _DRAWN.fullmatch(report_id):
        raise refuse(term="report_id", got=repr(report_id), what="a report")
    report = Report(
        report_id=new_report_id() if report_id is None else report_id,
        latitude_deg=float(latitude_deg),
        longitude_deg=float(longitude_deg),
        told_at=check_now(cut_time(dt.datetime.now(dt.UTC) if told_at is None else told_at)),
        felt=felt,
        category=category,
        suggestion=make_suggestion(suggestion),
        site_id=site_id,
        city=None if city is None else make_plain_text(city)[:_MOST_NAME],
        consent=consent,
    )
    return report if photo is None else add_photo(report, photo, model=photo_model)


def add_photo(report: Report, raw: bytes, *, model: PhotoModel = PhotoModel()) -> Report:
    """Draw a photo anew and add it: the dearest part, and so the last, once all else is fine."""
    return replace(report, photo=read_photo(raw, model=model), has_photo=True)


def new_report_id() -> str:
    """Draw an id that no other report has."""
    return f"r{secrets.token_hex(8)}"


def make_suggestion(text: str) -> str:
    """Make a suggestion plain, and refuse one that is too long."""
    plain = make_plain_text(text) if len(text) <= _MOST_RAW else ""
    n_letters = max(len(plain), len(text) if len(text) > _MOST_RAW else 0)
    if n_letters > MOST_LETTERS:
        raise refuse(term="report_long", n=f"{n_letters:,}", most=f"{MOST_LETTERS:,}")
    return plain


def cut_time(at: dt.datetime) -> dt.datetime:
    """Turn a time to UTC, and drop what is less than a minute."""
    if at.tzinfo is None:
        raise refuse(term="report_time", got=at)
    try:
        return at.astimezone(dt.UTC).replace(second=0, microsecond=0)
    except OverflowError as error:
        raise refuse(term="report_time", got=at) from error


def check_now(at: dt.datetime) -> dt.datetime:
    """Refuse a time to come. What is stored is not asked, as the clock may have been put back."""
    if at > dt.datetime.now(dt.UTC) + _EARLY:
        raise refuse(term="report_time", got=at)
    return at


def check_degrees(latitude_deg: float, longitude_deg: float) -> None:
    """Refuse a place that is none on Earth, and say so where it looks swapped."""
    told = (latitude_deg, longitude_deg)
    place = ", ".join(map(str, told))
    are_numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in told)
    if not (are_numbers and all(map(math.isfinite, told))):
        raise refuse(term="report_place", place=place)
    if 90.0 < abs(latitude_deg) <= 180.0 and abs(longitude_deg) <= 90.0:
        raise refuse(term="report_swapped_earth", place=place)
    if abs(latitude_deg) > 90.0 or abs(longitude_deg) > 180.0:
        raise refuse(term="report_place", place=place)


def _check_answers(report: Report) -> None:
    felt = report.felt
    if not isinstance(felt, int) or isinstance(felt, bool) or not 1 <= felt <= len(FELT):
        raise refuse(term="report_felt", got=repr(felt))
    if report.category not in CATEGORIES:
        wanted = ", ".join(CATEGORIES)
        raise refuse(term="report_category", got=repr(report.category), wanted=wanted)
    if report.state not in STATES or report.source not in SOURCES:
        raise refuse(
            term="report_id", got=repr((report.state, report.source)), what="a state or source"
        )
    if make_suggestion(report.suggestion) != report.suggestion:
        # A program's slip, not a citizen's.
        msg = "A report wants its suggestion plain; make it with hiro.report.make_suggestion."
        raise ReportError(msg)


def _check_time(at: dt.datetime) -> None:
    if at.tzinfo is None or at.utcoffset() != dt.timedelta(0) or at.second or at.microsecond:
        raise refuse(term="report_time", got=at)
    if at.year < _FIRST_YEAR:
        raise refuse(term="report_time", got=at)
