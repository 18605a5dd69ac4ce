"""Notices: imprint, privacy and accessibility, as whoever runs the page has written them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ENVIRONMENT: Final = "SOLARPASS_NOTICES"
"""Of the variable that names the folder of a city's own texts."""

NOTICES: Final = {
    "imprint": "notice_imprint",
    "privacy": "notice_privacy",
    "accessibility": "notice_accessibility",
}
"""As in the link, and their terms."""

MOST_BYTES: Final = 200_000  # of one text; our choice


def read_notice(name: str, language: str) -> str:
    """
    Read a notice as Markdown: the city's own text, else the template that asks for one.

    Parameters
    ----------
    name
        One of `NOTICES`.
    language
        ``"de"`` or ``"en"``; own texts lie as ``imprint.de.md`` in the folder that
        ``SOLARPASS_NOTICES`` names, and one of them may lack a language.

    Examples
    --------
    >>> read_notice("imprint", "en").splitlines()[0]
    '# Imprint'
    """
    from solarpass.tables import data_folder  # noqa: PLC0415 - nor is pandas waited for

    file = f"{name}.{language}.md"
    own = os.environ.get(ENVIRONMENT)
    told = _read(Path(own) / file) if own else None
    return told or data_folder().joinpath("notices", file).read_text(encoding="utf-8")


def _read(path: Path) -> str | None:
    """Read a text that somebody else wrote; None where there is none that reads."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", errors="replace").strip() or None
    except OSError:
        return None
