"""What `hiro reports` does: each part answers in a few lines."""

from __future__ import annotations

import argparse
import getpass
import sys
import zoneinfo

from solarpass.atlas import read_atlas
from solarpass.words import Words

from .errors import ReportError
from .moderation import write_password
from .refusal import refuse
from .report import STATES, Report
from .report_terms import REPORT_TERMS
from .reportbase import find_path
from .reportfile import ENDINGS, read_reports, write_reports
from .reports import Reports, open_reports
from .request import make_plain, read_out, read_path

_LONGEST = 60  # letters of a suggestion in a line
_STATE = {"show": "shown", "hide": "hidden"}


def answer_reports(asked: argparse.Namespace) -> str:
    """
    Do what is asked for, and tell of it.

    Raises
    ------
    SolarpassError
        If it cannot be done.
    """
    if asked.what == "password":
        return _write_password(asked)
    if asked.what == "import":
        return _import(asked)
    with _open(asked) as reports:
        if asked.what == "export":
            return _export(asked, reports)
        if asked.what == "list":
            return _list(asked, reports)
        if asked.what == "moderate":
            return _moderate(asked, reports)
        return _purge(asked, reports)


def _open(asked: argparse.Namespace) -> Reports:
    """Open a store that is there, lest a slip of the pen makes another."""
    path = find_path() if asked.db is None else read_path(asked.db)
    if not path.exists():
        raise refuse(term="reports_none", path=path)
    return open_reports(path)


def _purge(asked: argparse.Namespace, reports: Reports) -> str:
    purged = reports.purge(is_sure=asked.yes)
    if purged.n_days_ahead:
        return (
            f"Deleted nothing: the clock is {purged.n_days_ahead:,} days ahead of all that is "
            f"stored. If it is right, say --yes; kept: {_count(reports.count())}."
        )
    return (
        f"Deleted {purged.n_reports:,} reports and {purged.n_photos:,} photos of others, besides "
        f"what opening deleted; kept: {_count(reports.count())}."
    )


def _import(asked: argparse.Namespace) -> str:
    city = None if asked.city is None else read_atlas(read_path(asked.city)).city
    try:
        zoneinfo.ZoneInfo(asked.zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = f"{asked.zone[:60]!r} is no time zone; wanted one such as Europe/Berlin."
        raise ReportError(msg) from error
    path = read_path(asked.file)
    told = read_reports(path, city=city, zone=asked.zone, credit=asked.credit)
    with open_reports(None if asked.db is None else read_path(asked.db)) as reports:
        n_new = reports.add_all(told.reports)
    n_known = len(told.reports) - n_new
    known = f"; {n_known:,} were known or deleted already" if n_known else ""
    lines = [f"{n_new:,} reports taken over from {path}{known}. They are shown once moderated."]
    if asked.credit is None:
        lines.append("- Their licence is not told; name it with --credit before passing them on.")
    return "\n".join([*lines, *(f"- {make_plain(note)}" for note in told.notes)])


def _export(asked: argparse.Namespace, reports: Reports) -> str:
    out = read_out(
        asked.out, ".geojson, .csv, .gpkg or .parquet", ENDINGS, read=(str(reports.path),)
    )
    found = reports.list(states=_find_states(asked))
    write_reports(found, out)
    return f"{len(found):,} reports written to {out}.{_tell_unread(asked, reports, len(found))}"


def _list(asked: argparse.Namespace, reports: Reports) -> str:
    found = reports.list(states=_find_states(asked))
    unread = _tell_unread(asked, reports, len(found))
    said = f"{len(found):,} reports; all: {_count(reports.count())}.{unread}"
    return "\n".join([*map(_tell, found), said])


def _tell_unread(asked: argparse.Namespace, reports: Reports, n_found: int) -> str:
    counts = reports.count()
    n_unread = sum(counts[state] for state in _find_states(asked)) - n_found
    term = "reports_unread"
    return f" {Words('en', REPORT_TERMS)(term, n=f'{n_unread:,}')}" if n_unread > 0 else ""


def _moderate(asked: argparse.Namespace, reports: Reports) -> str:
    report = reports.moderate(
        asked.report_id,
        _STATE[asked.state],
        who=asked.who,
        why=asked.why,
        keep_photo=not asked.erase_photo,
        keep_text=not asked.erase_text,
    )
    return _tell(report)


def _write_password(asked: argparse.Namespace) -> str:
    path = read_path(asked.file)
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {make_plain(asked.who, 40)}: ")
        if getpass.getpass("The same again: ") != password:
            msg = "The two passwords differ; nothing was written, so type it again."
            raise ReportError(msg)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    write_password(path, asked.who, password)
    return f"The password of {asked.who} is written to {path}, as a hash."


def _find_states(asked: argparse.Namespace) -> tuple[str, ...]:
    return STATES if asked.state == "all" else (asked.state,)


def _count(counts: dict[str, int]) -> str:
    return ", ".join(f"{state} {count:,}" for state, count in counts.items())


def _tell(report: Report) -> str:
    words = Words("en", REPORT_TERMS)
    photo = ", photo" if report.has_photo else ""
    said = f": {make_plain(report.suggestion, _LONGEST)}" if report.suggestion else ""
    where = f"{report.latitude_deg:.5f},{report.longitude_deg:.5f}"
    return (
        f"{report.report_id}  {report.told_at:%Y-%m-%d %H:%M}Z  {report.state:<6}  {where}  "
        f"{words(f'felt_{report.felt}')}, {words(f'category_{report.category}')}{photo}{said}"
    )
