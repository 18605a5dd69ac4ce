"""The lobby, through which every face is entered: its language, its city, and the other faces."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from solarpass.errors import SolarpassError
from solarpass.words import Terms, Words, choose_language

from .notice import NOTICES
from .opening import CITY_FILE, list_cities, open_scene
from .scene import Scene

STYLE: Final = Path(__file__).parent / "page.css"
WAIT_S: Final = 0.3  # between two looks at how far a city is
# As in the link, and their terms
FACES: Final = {"walk": "face_walk", "heat": "face_heat", "report": "face_report"}
KEPT: Final = ("city", "lang")  # of a link, whatever the face


def choose_words(more: Terms | None = None) -> Words:
    """Choose the language of the link, else that of the browser; `more` are a face's own terms."""
    language = choose_language(st.query_params.get("lang"), st.context.locale)
    return Words(language, more or {})


def show_faces(words: Words, here: str) -> None:
    """Show the links to all faces and notices; `here` is the one that is looked at."""
    query = st.query_params.to_dict()
    with st.container(key="faces"):
        st.html(tell_faces(words, here, query))
    with st.container(key="notices"):
        st.html(tell_notices(words, here, query))


def tell_faces(words: Words, here: str, query: Mapping[str, str]) -> str:
    """Write the links to all faces; each keeps the city and the language of this one's link."""
    return _tell_links(words, FACES, here, query, label="faces")


def tell_notices(words: Words, here: str, query: Mapping[str, str]) -> str:
    """Write the links to imprint, privacy and accessibility, which every page must have."""
    return _tell_links(words, NOTICES, here, query, label="notices")


def _tell_links(
    words: Words, pages: Mapping[str, str], here: str, query: Mapping[str, str], *, label: str
) -> str:
    kept = {key: query[key] for key in KEPT if key in query}
    links = []
    for face, term in pages.items():
        asked = kept if face == "walk" else {"face": face, **kept}
        current = ' aria-current="page"' if face == here else ""
        address = escape(f"?{urlencode(asked)}")
        links.append(f'<a href="{address}" target="_self"{current}>{escape(words(term))}</a>')
    return f'<nav aria-label="{escape(words(label))}">{"".join(links)}</nav>'


def wait_for_city(folder: Path | None, words: Words) -> Scene:
    """Wait for the city, and show how far it is; only the very first visitor sees it built."""
    opening, bar = open_scene(folder), st.container(key="opening").empty()
    while (scene := opening.wait(WAIT_S)) is None:
        bar.progress(opening.fraction, text=words.opening(opening.step))
    bar.empty()
    return scene


def choose_city(folders: Mapping[str, Path | None]) -> tuple[str, bool]:
    """Choose the city of the link, else the first; tell as well whether the link's is unknown."""
    asked = st.query_params.get("city", "")
    return (asked, False) if asked in folders else (next(iter(folders)), asked != "")


def enter_city(city: str) -> None:
    """Enter another city, anew: of the link only the face and the language stay."""
    kept = {key: st.query_params[key] for key in ("face", "lang") if key in st.query_params}
    st.query_params.from_dict({"city": city, **kept})


def name_cities(folders: Sequence[Path]) -> dict[str, Path | None]:
    """
    Call each city in the link by its folder, by its whole path where two have one name.

    A folder of cities stands for all it holds now; without any it is the built-in city, which
    the link need not name.
    """
    folders = list_cities(folders)
    names = [folder.name for folder in folders]
    named: dict[str, Path | None] = {
        name if names.count(name) == 1 else str(folder): folder
        for name, folder in zip(names, folders, strict=True)
    }
    return named or {"": None}


def call_cities(folders: Mapping[str, Path | None]) -> dict[str, str]:
    """Call each city on the page by its own name, as in the link where two share one."""
    names = {key: folder and _read_name(folder) for key, folder in folders.items()}
    told = list(names.values())
    return {key: name if name and told.count(name) == 1 else key for key, name in names.items()}


def _read_name(folder: Path) -> str | None:
    """Read what a city is called without opening it; what it lacks is told once it is chosen."""
    try:
        return str(json.loads((folder / CITY_FILE).read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def tell_failure(error: SolarpassError, words: Words) -> None:
    """Say in a sentence why there is nothing to show."""
    with st.container(key="failure"):
        st.error(words.error(error))


def apologise(error: Exception) -> bool:
    """Say in a sentence that we failed, in place of Streamlit's own box; the log has the trace."""
    logging.getLogger(__name__).error("The page failed.", exc_info=error)
    with st.container(key="failure"):
        st.error(choose_words()("failed"))
    return True
