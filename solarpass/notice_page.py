"""The pages of notices: imprint, privacy, accessibility (Streamlit)."""

from __future__ import annotations

import streamlit as st

from .map.lobby import STYLE, choose_words, show_faces
from .map.notice import NOTICES, read_notice


def show_notice(name: str) -> None:
    """
    Show one notice.

    Parameters
    ----------
    name
        One of ``solarpass.map.notice.NOTICES``.
    """
    words = choose_words()
    st.set_page_config(page_title=words(NOTICES[name]), page_icon="🌳", layout="wide")
    st.html(STYLE)
    show_faces(words, name)
    with st.container(key="notice"):
        st.markdown(read_notice(name, words.language))  # its HTML stays text
