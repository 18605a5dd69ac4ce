"""Papering: what is asked of a paper, read, written and told."""

from __future__ import annotations

import argparse

from solarpass.atlas import Atlas, built_in_atlas, read_atlas

from .paper import ENDINGS, write_paper
from .papermap import lies_in
from .planback import PlanBack, read_back
from .request import make_plain, read_out, read_path

_BUILT_IN = "Helsinki"  # as `solarpass.atlas` names the city it carries


def write_asked_paper(asked: argparse.Namespace) -> str:
    """
    Write the paper of a plan, and tell what it is about in a line.

    Raises
    ------
    SolarpassError
        If something does not read, or cannot be written.
    """
    out = read_out(asked.out, ".html or .docx", ENDINGS, read=(asked.plan,))
    plan = read_back(read_path(asked.plan))
    write_paper(plan, out, language=asked.lang, atlas=_find_atlas(asked.city, plan))
    n = len(plan.sites)
    works = "1 place" if n == 1 else f"{n:,} places"
    cost = f"{plan.told['cost_eur']:,} €"
    return f"{make_plain(plan.told['city'], 80)}: {works}, {cost}. Written to {out}."


def _find_atlas(folder: str | None, plan: PlanBack) -> Atlas | None:
    """Find what lies beneath the map; the built-in city only where the plan is surely of it."""
    if folder is not None:
        return read_atlas(read_path(folder))
    if plan.told["city"] != _BUILT_IN or not plan.sites:
        return None
    atlas = built_in_atlas()
    return atlas if lies_in(atlas.city, plan.sites) else None
