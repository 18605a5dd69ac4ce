"""Colours of the levels of heat, on screens, on paper and in GIS alike."""

from __future__ import annotations

from typing import Final

LEVEL_FILLS: Final = ("#c7e8cb", "#fdcc24", "#ce6d4c", "#90262a", "#2d2449")
"""
Of levels 0 to 4: from palest green to darkest violet.

Lightness falls step by step, so that they are told apart in grey print too, and neighbours stay
apart for whoever sees no red, green or blue (`tests/test_heat_page.py`).
"""

LEVEL_LABELS: Final = ("#1b1f24", "#1b1f24", "#000000", "#ffffff", "#ffffff")
"""What is written on them."""

UNKNOWN_FILL: Final = "#8d949b"
UNKNOWN_LABEL: Final = "#000000"
"""Of a level that is not known, and what is written on it."""

PLANNED: Final = "#0b4a9e"
"""Of a site where something is planned."""
