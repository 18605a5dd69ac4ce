"""
The browser's door: `streamlit run app.py` for the built-in city, or with folders of one's own.

    streamlit run app.py -- FOLDER …

Streamlit reads this file twice: once as the server that carries the routes, then once for
each visitor as the page.
"""

import sys
from pathlib import Path

import streamlit as st

from solarpass.map import open_early, routes
from solarpass.page import apologise, show_page

folders = [Path(folder) for folder in sys.argv[1:]]
app = st.App(__file__, routes=routes(), lifespan=open_early(folders), on_script_error=apologise)

if __name__ == "__main__" and st.runtime.exists():
    show_page(folders)
