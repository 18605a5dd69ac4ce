"""
The page on which a city's staff look at reports (Streamlit), behind a password.

Who is logged in is known to the visitor's session alone, in memory: a reload logs out. What
strangers wrote is shown as text; photos that nobody has looked at yet have no address.
"""

from __future__ import annotations

import base64
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from solarpass.errors import SolarpassError
from solarpass.map.lobby import (
    STYLE,
    choose_city,
    choose_words,
    name_cities,
    show_faces,
    wait_for_city,
)

from .address import kept_score, reckon_heat
from .moderation import check_password, mark_password
from .refusal import say_refusal
from .report import STATES, Report
from .report_address import keep_open
from .report_face import REPORT_PAGE_TERMS, tell_table
from .reportbase import find_path
from .visitor import name_client
from .weather import design_date

if TYPE_CHECKING:
    from solarpass.words import Words

    from .reports import Reports

ENVIRONMENT: Final = "HIRO_MODERATORS"
"""Of the variable that names the password file."""

_OWN_STYLE: Final = Path(__file__).parent / "moderation.css"
IDLE_S: Final = 3600.0  # after which one is logged out; our choice
PAGE: Final = 10  # reports that are shown at once
MOST_LOGGED: Final = 100  # decisions that are shown, the latest
MEDIA_TYPES: Final = {
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
}
# What a report adds to a weight of 1, if a city lets it: least, most and at first. [%]; our choice
LEAST_PER, MOST_PER, FIRST_PER = 5, 50, 10


def show_page(folders: Sequence[Path]) -> None:
    """
    Show the page for one moderator.

    Parameters
    ----------
    folders
        City folders to choose from; none is the built-in city.
    """
    words = choose_words(REPORT_PAGE_TERMS)
    st.set_page_config(page_title=words("moderation"), page_icon="🌡️", layout="wide")
    for style in (STYLE, _OWN_STYLE):
        st.html(style)
    show_faces(words, "moderation")
    with st.container(key="moderation"):
        st.html(f'<h1 lang="{words.language}">{escape(words("moderation"))}</h1>')
        try:
            _show_whoever(folders, words)
        except SolarpassError as error:
            st.error(_plain(say_refusal(error, words.language)))


def _show_whoever(folders: Sequence[Path], words: Words) -> None:
    named = os.environ.get(ENVIRONMENT)
    if not named:
        st.info(words("moderation_none"))
        return
    who = _find_who(Path(named).expanduser())
    if who is None:
        _show_door(Path(named).expanduser(), words)
    else:
        _show_desk(folders, who, words)


def _find_who(path: Path) -> str | None:
    """Tell who is logged in; nobody after an hour of rest, or once the file knows one no more."""
    state = st.session_state
    who, seen_s = state.get("moderator"), state.get("moderator_seen_s", 0.0)
    is_late = time.monotonic() - seen_s > IDLE_S
    # A changed password logs out whoever came in by the old one.
    if who is None or is_late or mark_password(path, who) != state.get("moderator_mark"):
        _leave()
        return None
    state.moderator_seen_s = time.monotonic()
    return str(who)


def _leave() -> None:
    for key in ("moderator", "moderator_mark", "moderator_seen_s"):
        st.session_state.pop(key, None)


def _show_door(path: Path, words: Words) -> None:
    with st.form("door"):
        st.text_input(
            words("moderation_sign"), autocomplete="username", max_chars=40, key="door_sign"
        )
        st.text_input(
            words("moderation_password"),
            type="password",
            autocomplete="current-password",
            max_chars=1000,
            key="door_password",
        )
        st.form_submit_button(words("moderation_enter"), on_click=partial(_enter, path, words))
    if fault := st.session_state.pop("door_fault", None):
        st.error(_plain(fault))


def _enter(path: Path, words: Words) -> None:
    """Let in who has the password, of which no session holds a copy; the sign may stay."""
    state = st.session_state
    sign, password = (
        str(state.get("door_sign") or "").strip(),
        str(state.get("door_password") or ""),
    )
    state.door_password = ""
    # Streamlit tells no address where the app runs on the same machine, as behind a proxy.
    peer = st.context.ip_address or "127.0.0.1"
    try:
        client = name_client(peer, ",".join(st.context.headers.get_all("X-Forwarded-For")))
        keep_open(find_path()).count_attempt(client, sign)  # before it is checked
        mark = mark_password(path, sign) if check_password(path, sign, password) else None
    except SolarpassError as error:
        state.door_fault = say_refusal(error, words.language)
        return
    if mark is None:
        state.door_fault = words("moderation_wrong")
        return
    state.moderator, state.moderator_mark = sign, mark
    state.moderator_seen_s = time.monotonic()


def _show_desk(folders: Sequence[Path], who: str, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(words("moderation_who", who=who))
        st.button(words("moderation_leave"), on_click=_leave)
    reports = keep_open(find_path())
    if done := st.session_state.pop("moderation_done", None):
        st.success(_plain(done))
    counts = reports.count()
    # Not on the buttons: with other words they would be others, and none of them chosen.
    said = (words("moderation_count", word=words(f"state_{one}"), n=counts[one]) for one in STATES)
    state = st.radio(
        words("moderation_state"),
        STATES,
        format_func=lambda one: words(f"state_{one}"),
        horizontal=True,
        key="moderation_state",
    )
    st.text(" · ".join(said))
    _show_list(reports, state, counts[state], who, words)
    _show_exports(reports, words)
    _show_log(reports, words)
    _show_weights(folders, reports, words)


def _show_list(reports: Reports, state: str, n_all: int, who: str, words: Words) -> None:
    found = reports.list(states=(state,))
    if len(found) < n_all:
        st.warning(_plain(words("reports_unread", n=n_all - len(found))))
    if not found:
        st.text(words("moderation_empty"))
        return
    n_pages = -(-len(found) // PAGE)
    page = 1
    if n_pages > 1:
        page = int(st.number_input(words("moderation_page"), 1, n_pages, key=f"page-{state}"))
    for report in found[(page - 1) * PAGE : page * PAGE]:
        _show_report(reports, report, who, words)


def _show_report(reports: Reports, report: Report, who: str, words: Words) -> None:
    with st.container(border=True, key=f"report-{report.report_id}"):
        st.html(_tell_head(report, words))
        if report.suggestion:
            st.text(report.suggestion)  # never st.write: it would read Markdown and links
        if report.has_photo:
            st.html(_tell_photo(reports.photo(report.report_id, states=STATES), words))
        key = report.report_id
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                words("moderation_why"),
                key=f"why-{key}",
                placeholder=words("moderation_why_hint"),
                max_chars=500,
            )
            if report.has_photo:
                st.checkbox(words("moderation_no_photo"), key=f"bare-{key}")
            if report.suggestion:
                st.checkbox(words("moderation_no_text"), key=f"mute-{key}")
            for state, term in (("shown", "moderation_show"), ("hidden", "moderation_hide")):
                if report.state != state:
                    decide = partial(_decide, reports, key, state, who, words)
                    st.button(words(term), key=f"{state}-{key}", on_click=decide)
        if fault := st.session_state.pop(f"fault-{key}", None):
            st.error(_plain(fault))


def _decide(reports: Reports, report_id: str, state: str, who: str, words: Words) -> None:
    """Show or hide a report, as its reason and boxes tell."""
    session = st.session_state
    why = str(session.get(f"why-{report_id}") or "").strip()
    is_bare, is_mute = (bool(session.get(f"{box}-{report_id}")) for box in ("bare", "mute"))
    if not why and (state == "hidden" or is_bare or is_mute):
        session[f"fault-{report_id}"] = words("moderation_no_why")
        return
    try:
        report = reports.moderate(
            report_id, state, who=who, why=why, keep_photo=not is_bare, keep_text=not is_mute
        )
    except SolarpassError as error:  # as where its reporter has deleted it meanwhile
        session["moderation_done"] = say_refusal(error, words.language)
        return
    session["moderation_done"] = words(
        "moderation_done",
        what=words(f"category_{report.category}"),
        place=f"{report.latitude_deg:.5f}, {report.longitude_deg:.5f}",
        word=words(f"decided_{state}"),
    )


def _tell_head(report: Report, words: Words) -> str:
    """Write what is told by choice, and where that is on the map."""
    felt, category = words(f"felt_{report.felt}"), words(f"category_{report.category}")
    place = f"{report.latitude_deg:.5f}, {report.longitude_deg:.5f}"
    link = (
        f"https://www.openstreetmap.org/?mlat={report.latitude_deg:.5f}"
        f"&mlon={report.longitude_deg:.5f}#map=19/{report.latitude_deg:.5f}/{report.longitude_deg:.5f}"
    )
    said = [words.date(report.told_at), f"{report.told_at:%H:%M} UTC", report.city or ""]
    line = " · ".join(part for part in (*said, report.site_id or "") if part)
    return (
        f'<section lang="{words.language}"><h2>{escape(felt)}, {escape(category)}</h2>'
        f'<p>{escape(line)} · <a href="{escape(link)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(words('moderation_place'))} {escape(place)}</a></p></section>"
    )


def _tell_photo(jpeg: bytes | None, words: Words) -> str:
    """Write a photo into the page itself, so that it has no address that others might find."""
    if jpeg is None:
        return ""
    letters = base64.b64encode(jpeg).decode()
    alt = escape(words("reports_photo_alt"))
    return f'<img src="data:image/jpeg;base64,{letters}" alt="{alt}">'


def _show_exports(reports: Reports, words: Words) -> None:
    st.html(f"<h2>{escape(words('moderation_export'))}</h2>")
    shown = reports.list(states=("shown",))
    if not shown:
        st.text(words("moderation_empty"))
        return
    with st.container(horizontal=True):
        for ending, media_type in MEDIA_TYPES.items():
            st.download_button(
                ending.upper(),
                partial(_pack, shown, ending),  # written once it is asked for
                file_name=f"reports.{ending}",
                mime=media_type,
                on_click="ignore",
                key=f"export-{ending}",
            )


def _pack(shown: Sequence[Report], ending: str) -> bytes:
    """Write reports as a file, with licence and source."""
    from .reportfile import write_reports  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"reports.{ending}"
        write_reports(shown, path)
        return path.read_bytes()


def _show_log(reports: Reports, words: Words) -> None:
    with st.expander(words("moderation_log")):
        told = reports.decisions()[: -MOST_LOGGED - 1 : -1]
        rows = [
            (
                f"{one.decided_at:%Y-%m-%d %H:%M}",
                one.who,
                words(f"decided_{one.what}"),
                one.report_id,
                one.why,
            )
            for one in told
        ]
        st.html(tell_table(words("moderation_log_head"), rows, name=words("moderation_log")))


def _show_weights(folders: Sequence[Path], reports: Reports, words: Words) -> None:
    """Show ranks before and after reports count; nothing is stored, and off is as before."""
    if not st.toggle(words("moderation_weights"), key="moderation_weights"):
        return
    from .reportrank import tell_model, tell_ranks  # noqa: PLC0415 - pandas is not waited for
    from .reportweight import ReportWeightModel, weigh_reports  # noqa: PLC0415

    per = st.number_input(
        words("moderation_weights_per"), LEAST_PER, MOST_PER, FIRST_PER, step=5, key="weights_per"
    )
    model = ReportWeightModel(per_report=per / 100.0)
    st.text(tell_model(model, words))
    cities: Mapping[str, Path | None] = name_cities(folders)
    scene = wait_for_city(cities[choose_city(cities)[0]], words)
    day = design_date(scene.city.centre[0], datetime.now(scene.atlas.zone).year)
    heat = reckon_heat(scene, day)
    if heat is not None:
        with st.spinner(words("heat_reckoned")):
            heat.result()
    score = kept_score(scene, day)
    if score is None:
        st.info(words("moderation_weights_wait"))
        return
    weighed = weigh_reports(score, reports.list(scene.bounds), model=model)
    said, rows = tell_ranks(weighed, words)
    st.text(said)
    if rows:
        head = words("moderation_weights_head")
        st.html(tell_table(head, rows, name=words("moderation_weights")))


def _plain(text: str) -> str:
    """Take the signs of Markdown out of a sentence's way, as boxes of Streamlit read it."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>~$:" else sign for sign in text)
