"""The walker's face: reads the question, has it answered, shows the answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from .errors import SolarpassError
from .map import open_scene, show_form, show_map
from .map.answer import find_answer
from .map.card import tell_answer
from .map.payload import form_payload, map_payload
from .map.question import Place, Question
from .map.scene import Scene
from .map.sight import read_spot, tell_spot
from .words import Words, choose_language

STYLE: Final = Path(__file__).parent / "map" / "page.css"
WAIT_S: Final = 0.3  # between two looks at how far a city is


def show_page(folders: Sequence[Path]) -> None:
    """
    Show the page for one visitor.

    Parameters
    ----------
    folders
        City folders to choose from; none is the built-in city.
    """
    words = _choose_words()
    st.set_page_config(page_title=words("page_title"), page_icon="🌳", layout="wide")
    st.html(STYLE)
    _show_face(_name(folders) or {"": None})


def apologise(error: Exception) -> bool:
    """Say in a sentence that we failed, in place of Streamlit's own box; the log has the trace."""
    logging.getLogger(__name__).error("The page failed.", exc_info=error)
    with st.container(key="failure"):
        st.error(_choose_words()("failed"))
    return True


@st.fragment
def _show_face(folders: Mapping[str, Path | None]) -> None:
    """Answer what is asked; only this part runs again, so that a tap is answered fast."""
    words = _choose_words()
    try:
        _show_city(folders, words)
    except SolarpassError as error:
        with st.container(key="failure"):
            st.error(words.error(error))


def _show_city(folders: Mapping[str, Path | None], words: Words) -> None:
    asked = st.query_params.get("city", "")
    city = asked if asked in folders else next(iter(folders))
    scene = _open(folders[city], words)
    question = _read_question(scene)
    if asked not in ("", city):
        question = question.with_fault("bad_city")
    answer = find_answer(scene, question, words)
    take = partial(_take, scene)
    with st.container(key="stage"):
        key = f"map-{scene.digest}"
        show_map(key, map_payload(answer), on_asked=partial(take, key))
    with st.container(key="panel"):
        key = f"form-{scene.digest}"
        told = form_payload(answer, cities=_call(folders), city=city)
        show_form(key, told, on_asked=partial(take, key))
        with st.container(key="answer"):
            st.html(tell_answer(answer))
        with st.container(key="sight"):
            _show_sight(scene, question, words)
    _write_link(question)


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
        st.html(tell_spot(scene, question.check, question.departs, words))


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


def _name(folders: Sequence[Path]) -> dict[str, Path | None]:
    """Call each city in the link by its folder, by its whole path where two have one name."""
    names = [folder.name for folder in folders]
    return {
        name if names.count(name) == 1 else str(folder): folder
        for name, folder in zip(names, folders, strict=True)
    }


def _call(folders: Mapping[str, Path | None]) -> dict[str, str]:
    """Call each city on the page by its own name, as in the link where two share one."""
    names = {key: folder and _read_name(folder) for key, folder in folders.items()}
    told = list(names.values())
    return {key: name if name and told.count(name) == 1 else key for key, name in names.items()}


def _read_name(folder: Path) -> str | None:
    """Read what a city is called without opening it; what it lacks is told once it is chosen."""
    try:
        return str(json.loads((folder / "city.json").read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _choose_words() -> Words:
    return Words(choose_language(st.query_params.get("lang"), st.context.locale))


def _open(folder: Path | None, words: Words) -> Scene:
    """Wait for the city, and show how far it is; only the very first visitor sees it built."""
    opening, bar = open_scene(folder), st.container(key="opening").empty()
    while (scene := opening.wait(WAIT_S)) is None:
        bar.progress(opening.fraction, text=words.opening(opening.step))
    bar.empty()
    return scene


def _read_question(scene: Scene) -> Question:
    """Read the link, unless it is the one last written: after a reload or a step back it is not."""
    state, link = st.session_state, st.query_params.to_dict()
    if state.get("link") != link:
        state.question = Question.from_query(link, zone=scene.atlas.zone)
        state.link = link
    question: Question = state.question
    return question


def _write_link(question: Question) -> None:
    kept = {key: st.query_params[key] for key in ("city", "lang") if key in st.query_params}
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
        kept = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
        st.query_params.from_dict({"city": change["city"], **kept})
        return
    if "check" in change:
        state.is_checking, state.typed_fault = change["check"] is not None, None
    state.question = state.question.changed(change, zone=scene.atlas.zone)
    if isinstance(change.get("lang"), str):
        st.query_params["lang"] = change["lang"]
    state.link = st.query_params.to_dict()
