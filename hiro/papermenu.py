"""The paper's part of the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solarpass.terminal import add_command

if TYPE_CHECKING:
    from solarpass.terminal import Commands


def add_paper(commands: Commands) -> None:
    """Add the command that writes a plan for a council."""
    command = add_command(
        commands,
        "paper",
        "write a plan as a paper that a council can vote on",
        "Write the JSON of a plan as a paper for people who are no GIS office: the main points\n"
        "on one page in plain German and English, a map, the list of places with cost, upkeep\n"
        "and who is responsible, what is unsure, and the source of every price. FILE ends in\n"
        ".html, which prints well, or .docx. All numbers are those of PLAN.json.",
    )
    command.add_argument(
        "plan", metavar="PLAN.json", help="written by `hiro plan … --out PLAN.json`"
    )
    command.add_argument(
        "--lang", choices=("de", "en"), default="de", help="its language (default: de)"
    )
    command.add_argument(
        "--city",
        metavar="FOLDER",
        help="the city's folder, for streets, houses and water beneath the map (default: the "
        "built-in city where the plan is of it, else dots alone)",
    )
    command.add_argument(
        "--out", required=True, metavar="FILE", help="what to write: .html or .docx"
    )
