"""The form by which citizens tell where it is hot (Streamlit), which the browser draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from solarpass.errors import SolarpassError
from solarpass.map import show_report
from solarpass.map.lobby import (
    STYLE,
    choose_city,
    choose_words,
    name_cities,
    show_faces,
    tell_failure,
    wait_for_city,
)
from solarpass.words import Words

from .report import new_report_id
from .report_address import report_address
from .report_face import REPORT_PAGE_TERMS, form_payload
from .reportquery import ReportQuery


def show_page(folders: Sequence[Path]) -> None:
    """
    Show the form for one visitor.

    Parameters
    ----------
    folders
        City folders to choose from; none is the built-in city.
    """
    words = choose_words(REPORT_PAGE_TERMS)
    st.set_page_config(page_title=words("report_page"), page_icon="🌡️", layout="wide")
    st.html(STYLE)
    _show_form(name_cities(folders))


@st.fragment
def _show_form(folders: Mapping[str, Path | None]) -> None:
    """Only this part runs again; what is typed lies in the browser and stays."""
    words = choose_words(REPORT_PAGE_TERMS)
    show_faces(words, "report")
    try:
        _show_city(folders, words)
    except SolarpassError as error:
        tell_failure(error, words)


def _show_city(folders: Mapping[str, Path | None], words: Words) -> None:
    city, is_other = choose_city(folders)
    scene = wait_for_city(folders[city], words)
    query = ReportQuery.from_query(st.query_params.to_dict())
    if is_other:
        query = query.with_fault("bad_city")
    # Made when the form opens, so that what is sent twice is stored once.
    report_id = st.session_state.setdefault("report_id", new_report_id())
    told = form_payload(
        scene, query, words, address=report_address(scene), city=city, report_id=report_id
    )
    with st.container(key="report"):
        key = f"report-{scene.digest}"
        show_report(key, told, on_asked=lambda: _take(key))


def _take(key: str) -> None:
    """Take over another language; nothing else is asked of this page."""
    change = st.session_state[key]["asked"]
    if isinstance(change, dict) and isinstance(change.get("lang"), str):
        st.query_params["lang"] = change["lang"]
