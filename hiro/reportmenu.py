"""The part of the menu that is about citizens' reports."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from solarpass.terminal import add_command

if TYPE_CHECKING:
    from solarpass.terminal import Commands


def add_reports(commands: Commands) -> None:
    """Add `hiro reports` and what can be done with them."""
    command = add_command(
        commands,
        "reports",
        "keep what citizens tell of the heat: import, export, list, moderate, purge",
        "Keep what citizens tell of the heat. Reports lie in one SQLite file: --db FILE, else\n"
        "what the environment variable HIRO_REPORTS names, else in the user's data folder.",
    )
    parts = command.add_subparsers(required=True, metavar="WHAT", dest="what")
    _add_import(parts)
    _add_export(parts)
    _add_list(parts)
    _add_moderate(parts)
    _add_purge(parts)
    _add_password(parts)


def _add_import(parts: Commands) -> None:
    part = _add(
        parts,
        "import",
        "take over another form's list",
        "Take over another form's list (.geojson, .csv, .gpkg), such as that of 2024 with\n"
        "CreationDate, Komfort and Vorschlag. All are to be moderated. Twice adds nothing.",
    )
    part.add_argument("file", metavar="FILE", help="the list")
    part.add_argument(
        "--city", metavar="FOLDER", help="leave out what lies beyond this city (default: nothing)"
    )
    part.add_argument(
        "--zone",
        default="UTC",
        metavar="ZONE",
        help="time zone of times that tell none, such as Europe/Berlin (default: UTC)",
    )
    part.add_argument(
        "--credit", metavar="TEXT", help="licence and source, passed on with each report"
    )


def _add_export(parts: Commands) -> None:
    part = _add(
        parts,
        "export",
        "write reports for GIS and spreadsheets",
        "Write reports as .geojson, .csv, .gpkg or .parquet, with licence and attribution; photos\n"
        "and codes stay here.",
    )
    part.add_argument("--out", required=True, metavar="FILE", help="what to write, and as what")
    _add_state(part, "shown")


def _add_list(parts: Commands) -> None:
    part = _add(parts, "list", "list reports, a line each", "List reports, the latest first.")
    _add_state(part, "all")


def _add_moderate(parts: Commands) -> None:
    part = _add(
        parts,
        "moderate",
        "show or hide a report",
        "Show or hide a report; who decided it and why is logged for good.",
    )
    part.add_argument("report_id", metavar="ID", help="as `hiro reports list` tells it")
    part.add_argument("state", choices=("show", "hide"), help="what to do")
    part.add_argument("--who", required=True, metavar="SIGN", help="who decides, for the log")
    part.add_argument("--why", default="", metavar="TEXT", help="why, for the log")
    part.add_argument("--erase-photo", action="store_true", help="erase its photo for good")
    part.add_argument("--erase-text", action="store_true", help="erase its text for good")


def _add_purge(parts: Commands) -> None:
    part = _add(
        parts,
        "purge",
        "delete what was kept long enough",
        "Delete photos after 6 months and reports after 24, and what tells clients apart after an\n"
        "hour; it is done at each opening, too. Where the clock is months ahead of all that is\n"
        "stored, nothing is deleted unless you say --yes.",
    )
    part.add_argument("--yes", action="store_true", help="the clock is right: delete")


def _add_password(parts: Commands) -> None:
    part = parts.add_parser(
        "password",
        help="write a moderator's password to a file",
        description="Write a moderator's password, typed or as one line on stdin, to a file that\n"
        "the moderation page asks: only a scrypt hash of it. One with the same sign is replaced.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    part.add_argument("file", metavar="FILE", help="the password file")
    part.add_argument(
        "--who",
        default="moderation",
        metavar="SIGN",
        help="whose it is, as the log tells it (default: moderation)",
    )


def _add(parts: Commands, name: str, short: str, long: str) -> argparse.ArgumentParser:
    part = parts.add_parser(
        name,
        help=short,
        description=long,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    part.add_argument("--db", metavar="FILE", help="the file of reports")
    return part


def _add_state(part: argparse.ArgumentParser, usual: str) -> None:
    part.add_argument(
        "--state",
        choices=("new", "shown", "hidden", "all"),
        default=usual,
        help=f"which (default: {usual})",
    )
