"""Colours of the levels of heat, on screens, on paper and in GIS alike."""

from __future__ import annotations

from typing import Final

LEVEL_FILLS: Final = ("#c7e8cb", "#fdcc24", "#ce6d4c", "#90262a", "#2d2449")
"""Of levels 0 to 4, falling in lightness, so that they are told apart in grey print too."""

LEVEL_LABELS: Final = ("#1b1f24", "#1b1f24", "#000000", "#ffffff", "#ffffff")
"""What is written on them."""

PLANNED: Final = "#0b4a9e"
"""Of a site where something is planned."""
