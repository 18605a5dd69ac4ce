"""The walker's face: reads the question, has it answered, shows the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from .errors import SolarpassError
from .map import show_form, show_front, show_map
from .map.advice import find_advice, find_passed, is_advised, tell_advice, tell_wayside
from .map.answer import Answer, find_answer
from .map.card import tell_answer
from .map.lobby import (
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
from .map.payload import form_payload, front_payload, map_payload
from .map.question import Place, Question
from .map.scene import Scene
from .map.sight import read_spot, tell_spot
from .trip import Trip
from .wayside import Waypoint
from .words import Words


def show_page(folders: Sequence[Path]) -> None:
    """
    Show the page for one visitor.

    Parameters
    ----------
    folders
        City folders to choose from; none is the built-in city.
    """
    words = choose_words()
    st.set_page_config(page_title=words("page_title"), page_icon="🌳", layout="wide")
    st.html(STYLE)
    _show_face(name_cities(folders))


@st.fragment
def _show_face(folders: Mapping[str, Path | None]) -> None:
    """Answer what is asked; only this part runs again, so that a tap is answered fast."""
    words = choose_words()
    show_faces(words, "walk")
    try:
        _show_city(folders, words)
    except SolarpassError as error:
        tell_failure(error, words)


def _show_city(folders: Mapping[str, Path | None], words: Words) -> None:
    city, is_other = choose_city(folders)
    scene = wait_for_city(folders[city], words)
    question = _read_question(scene)
    if is_other:
        question = question.with_fault("bad_city")
    answer = find_answer(scene, question, words)
    take = partial(_take, scene)
    is_passed = answer.routes is not None and st.session_state.get("passed_for") == question.trip
    passed = find_passed(answer) if is_passed else None
    with st.container(key="stage"):
        key = f"map-{scene.digest}"
        show_map(key, map_payload(answer, passed=passed or ()), on_asked=partial(take, key))
    with st.container(key="panel"):
        key = f"form-{scene.digest}"
        told = form_payload(answer, cities=call_cities(folders), city=city)
        show_form(key, told, on_asked=partial(take, key))
        with st.container(key="front"):
            show_front(f"front-{scene.digest}", front_payload(answer))
        with st.container(key="answer"):
            st.html(tell_answer(answer))
        if answer.routes is not None:
            with st.container(key="extras"):
                _show_extras(answer, passed)
        with st.container(key="sight"):
            _show_sight(scene, question, words)
    _write_link(question)


def _show_extras(answer: Answer, passed: Sequence[Sequence[Waypoint]] | None) -> None:
    """Offer a better time and what lies on the way; both are looked for only once asked."""
    state, words, trip = st.session_state, answer.words, answer.question.trip
    if not answer.dark and state.get("advised_for") != trip:
        st.button(words("leave_ask"), key="leave-ask", on_click=_keep, args=("advised_for", trip))
    elif not answer.dark and (found := find_advice(answer)) is not None:
        said = tell_advice(found, words)
        if is_advised(found):
            at = found.routes[found.best].departs.isoformat()
            st.button(said, key="leave-take", type="primary", on_click=_leave_at, args=(answer, at))
        else:
            st.html(f'<p class="advice" role="status">{escape(said)}</p>')
    if passed is None:
        st.button(words("wayside_ask"), key="wayside", on_click=_keep, args=("passed_for", trip))
    else:
        st.html(tell_wayside(answer, passed))


def _keep(key: str, trip: Trip | None) -> None:
    st.session_state[key] = trip


def _leave_at(answer: Answer, at: str) -> None:
    zone = answer.scene.atlas.zone
    st.session_state.question = answer.question.changed({"at": at}, zone=zone)


def _show_sight(scene: Scene, question: Question, words: Words) -> None:
    """Offer to tell why the sun is at a place or not; reckoned only once somebody asks."""
    state = st.session_state
    if question.check is None and not state.get("is_checking"):
        state.typed_fault = None
        st.button(
            words("check_open"), key="check-open", on_click=_open_sight, args=(question.origin,)
        )
        return
    with st.container(key="sight-head", horizontal=True, vertical_alignment="center"):
        st.html(f"<h2>{words('check_title')}</h2>")
        st.button(words("check_close"), key="check-close", on_click=_close_sight)
    ends = {"check_start": question.origin, "check_end": question.destination}
    if any(ends.values()):
        with st.container(key="sight-ends", horizontal=True):
            for term, place in ends.items():
                if place:
                    st.button(words(term), key=term, on_click=_open_sight, args=(place,))
    st.text_input(words("check_place"), key="typed", on_change=partial(_take_typed, scene))
    if state.get("typed_fault"):
        st.error(words(state.typed_fault))
    if question.check is None:
        st.html(f"<p>{words('check_hint')}</p>")
    else:
        kept = {key: st.query_params[key] for key in KEPT if key in st.query_params}
        st.html(tell_spot(scene, question.check, question.departs, words, kept=kept))


def _open_sight(place: Place | None) -> None:
    state = st.session_state
    state.is_checking, state.typed_fault, state.typed = True, None, ""
    state.question = replace(state.question, check=place)


def _close_sight() -> None:
    state = st.session_state
    state.is_checking, state.typed_fault = False, None
    state.question = replace(state.question, check=None)


def _take_typed(scene: Scene) -> None:
    """Check the place that was typed; what does not read leaves the last one standing."""
    state = st.session_state
    state.is_checking, state.typed_fault = True, None
    text = state.typed.strip()
    if not text:
        return
    try:
        state.question = replace(state.question, check=read_spot(scene, text))
    except SolarpassError:
        state.typed_fault = "nothing_found"


def _read_question(scene: Scene) -> Question:
    """Read the link, unless it is the one last written: after a reload or a step back it is not."""
    state, link = st.session_state, st.query_params.to_dict()
    if state.get("link") != link:
        state.question = Question.from_query(link, zone=scene.atlas.zone)
        state.link = link
    question: Question = state.question
    return question


def _write_link(question: Question) -> None:
    kept = {key: st.query_params[key] for key in KEPT if key in st.query_params}
    link = {**question.to_query(), **kept}
    if link != st.query_params.to_dict():
        st.query_params.from_dict(link)
    st.session_state.link = link


def _take(scene: Scene, key: str) -> None:
    """Take over what the map or the form was asked; another city starts anew."""
    state, change = st.session_state, st.session_state[key]["asked"]
    if not isinstance(change, dict):
        return
    if isinstance(change.get("city"), str):
        enter_city(change["city"])
        return
    if "check" in change:
        state.is_checking, state.typed_fault = change["check"] is not None, None
    state.question = state.question.changed(change, zone=scene.atlas.zone)
    if isinstance(change.get("lang"), str):
        st.query_params["lang"] = change["lang"]
    state.link = st.query_params.to_dict()
