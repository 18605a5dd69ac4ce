"""The Streamlit components: the map and the form beside it, and the city's heat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import streamlit as st

from .bundle import bundle_digest
from .server import PREFIX, base_path

# Streamlit resends a component's script whole, so this stays small and fetches the bundle,
# which the browser keeps for good.
_LOADER: Final = """
let bundle;
export default function (component) {
  const { data, parentElement: root } = component;
  const address = location.origin + "%(folder)s/";
  if (!root.querySelector("link[data-bundle]")) {
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: address + "main.css" });
    style.dataset.bundle = "";
    root.prepend(style);
  }
  bundle ??= import(address + "main.js");
  let stop, gone = false;
  bundle.then((loaded) => { if (!gone) stop = loaded.%(show)s(component); });
  return () => { gone = true; stop?.(); };
}
"""


def show_map(key: str, data: Mapping[str, Any], *, on_asked: Callable[[], None]) -> None:
    """
    Show the map.

    Parameters
    ----------
    key
        Under which ``st.session_state`` holds what was ``asked`` of it: ``from`` and ``to``
        with ``latitude`` and ``longitude``.
    data
        What it draws; heavy things by their address.
    on_asked
        Called when something was.
    """
    _mount("map", "showMap")(key=key, data=dict(data), on_asked_change=on_asked)


def show_form(key: str, data: Mapping[str, Any], *, on_asked: Callable[[], None]) -> None:
    """Show the form; see `show_map`. It asks for ``at``, ``budget``, ``lang`` and ``city`` too."""
    _mount("form", "showForm")(key=key, data=dict(data), on_asked_change=on_asked)


def show_front(key: str, data: Mapping[str, Any]) -> None:
    """Show the slider between the shortest and the shadiest walk; it asks for nothing."""
    _mount("front", "showFront")(key=key, data=dict(data))


def show_heat(key: str, data: Mapping[str, Any], *, on_asked: Callable[[], None]) -> None:
    """Show the map and the list of the heat; see `show_map`. It asks for ``day`` and so on."""
    _mount("heat", "showHeat")(key=key, data=dict(data), on_asked_change=on_asked)


def show_report(key: str, data: Mapping[str, Any], *, on_asked: Callable[[], None]) -> None:
    """Show the form of reports; see `show_map`. It asks for ``lang`` only."""
    _mount("report", "showReport")(key=key, data=dict(data), on_asked_change=on_asked)


@cache  # Streamlit warns of a component that is registered twice
def _mount(name: str, show: str) -> Any:  # noqa: ANN401 - Streamlit's own callable type
    folder = f"{base_path()}{PREFIX}/ui/{bundle_digest()}"
    script = _LOADER % {"folder": folder, "show": show}
    return st.components.v2.component(f"solarpass.{name}", js=script)
