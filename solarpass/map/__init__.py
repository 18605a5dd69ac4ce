"""The map in the browser: what it draws, where it fetches it, and how the page holds it."""

from .component import show_form, show_front, show_heat, show_map, show_report
from .opening import open_early, open_scene
from .server import routes

__all__ = [
    "open_early",
    "open_scene",
    "routes",
    "show_form",
    "show_front",
    "show_heat",
    "show_map",
    "show_report",
]
