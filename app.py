"""
The browser's door: `streamlit run app.py` for the built-in city, or with folders of one's own.

    streamlit run app.py -- FOLDER …

It has two faces, the walker's, and with `?face=heat` the city's; and pages beside them,
`?face=report` for who tells where it is hot, `?face=moderation` for who looks at that, and
`?face=imprint`, `privacy` and `accessibility` for who runs it.

Streamlit reads this file twice: once as the server that carries the routes, then once for
each visitor as the page. The engine behind the page takes seconds to import, so the server
does not wait for it: it opens the city in the background while the browser loads.
"""

import sys
from pathlib import Path

import streamlit as st

from hiro.address import routes as heat_routes
from hiro.missing_address import routes as missing_routes
from hiro.plan_address import routes as plan_routes
from hiro.plan_takeaway import routes as plan_file_routes
from hiro.report_address import routes as report_routes
from hiro.takeaway import routes as takeaway_routes
from solarpass.map import open_early, routes
from solarpass.map.notice import NOTICES


def apologise(error: Exception) -> bool:
    """Say in a sentence that the page failed."""
    from solarpass.map import lobby  # noqa: PLC0415

    return lobby.apologise(error)


folders = [Path(folder) for folder in sys.argv[1:]]
app = st.App(
    __file__,
    routes=[
        *(*routes(), *heat_routes(), *plan_routes(), *report_routes()),
        *(*missing_routes(), *plan_file_routes(), *takeaway_routes()),
    ],
    lifespan=open_early(folders),
    on_script_error=apologise,
)

if __name__ == "__main__" and st.runtime.exists():
    face = st.query_params.get("face")
    if face in NOTICES:
        from solarpass.notice_page import show_notice

        show_notice(face)
    else:
        if face == "heat":
            from hiro.page import show_page
        elif face == "report":
            from hiro.report_page import show_page
        elif face == "moderation":
            from hiro.moderation_page import show_page
        else:
            from solarpass.page import show_page

        show_page(folders)
