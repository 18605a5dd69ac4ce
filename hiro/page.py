"""The city's face: how hot it gets where people wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

import streamlit as st

from solarpass.errors import SolarpassError
from solarpass.map import show_heat
from solarpass.map.lobby import (
    KEPT,
    STYLE,
    call_cities,
    choose_city,
    choose_words,
    enter_city,
    name_cities,
    show_faces,
    tell_failure,
    wait_for_city,
)
from solarpass.words import Words

from .address import heat_address, reckon_heat
from .face import FACE_TERMS, face_payload, is_summer
from .missing_address import missing_address
from .plan_address import plan_address
from .query import HeatQuery
from .report_address import report_address
from .warning import tell_warnings
from .weather import design_date


def show_page(folders: Sequence[Path]) -> None:
    """
    Show the page for one visitor.

    Parameters
    ----------
    folders
        City folders to choose from; none is the built-in city.
    """
    words = choose_words(FACE_TERMS)
    st.set_page_config(page_title=words("heat_page"), page_icon="🌡️", layout="wide")
    st.html(STYLE)
    _show_face(name_cities(folders))


@st.fragment
def _show_face(folders: Mapping[str, Path | None]) -> None:
    """Answer what is asked; only this part runs again."""
    words = choose_words(FACE_TERMS)
    show_faces(words, "heat")
    try:
        _show_city(folders, words)
    except SolarpassError as error:
        tell_failure(error, words)


def _show_city(folders: Mapping[str, Path | None], words: Words) -> None:
    city, is_other = choose_city(folders)
    scene = wait_for_city(folders[city], words)
    latitude_deg, _ = scene.atlas.city.centre
    design = design_date(latitude_deg, datetime.now(scene.atlas.zone).year)
    query = _read_query(design)
    if is_other:
        query = query.with_fault("bad_city")
    reckon_heat(scene, query.day)  # so that it is on its way before the browser asks
    told = face_payload(
        scene,
        query,
        words,
        address=heat_address(scene, query.day),
        plan=plan_address(scene, query.day),
        report=report_address(scene),
        missing=missing_address(scene, query.day),
        warnings=tell_warnings(
            *scene.atlas.city.centre, zone=scene.atlas.zone, language=words.language
        ),
        cities=call_cities(folders),
        city=city,
        is_summer=is_summer(query.day, latitude_deg),
    )
    with st.container(key="heat"):
        key = f"heat-{scene.digest}"
        show_heat(key, told, on_asked=partial(_take, key))
    _write_link(query, design)


def _read_query(design: date) -> HeatQuery:
    """Read the link, unless it is the one last written: after a reload or a step back it is not."""
    state, link = st.session_state, st.query_params.to_dict()
    if state.get("heat_link") != link:
        state.heat_query = HeatQuery.from_query(link, design=design)
        state.heat_link = link
    query: HeatQuery = state.heat_query
    return query


def _write_link(query: HeatQuery, design: date) -> None:
    kept = {key: st.query_params[key] for key in KEPT if key in st.query_params}
    link = {**query.to_query(design=design), **kept}
    if link != st.query_params.to_dict():
        st.query_params.from_dict(link)
    st.session_state.heat_link = link


def _take(key: str) -> None:
    """Take over what the face was asked; another city starts anew."""
    state, change = st.session_state, st.session_state[key]["asked"]
    if not isinstance(change, dict):
        return
    if isinstance(change.get("city"), str):
        enter_city(change["city"])
        return
    state.heat_query = state.heat_query.changed(change)
    if isinstance(change.get("lang"), str):
        st.query_params["lang"] = change["lang"]
    state.heat_link = st.query_params.to_dict()
