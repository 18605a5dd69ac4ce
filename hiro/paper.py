"""The council's paper: a plan as something a council can read, print and vote on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from solarpass.atlas import Atlas
from solarpass.credit import find_credit
from solarpass.draft import draft_file
from solarpass.words import LANGUAGES

from .block import Block, Line, Paper, Part, Passage, Picture
from .errors import PaperError
from .paperfile import write_docx
from .paperground import tell_grounds, tell_licence, tell_prices, tell_sure
from .paperlist import list_places, tell_districts, tell_places
from .papermap import draw_map, lies_in
from .paperpage import write_page
from .papersum import sum_up, tell_decision
from .planback import PlanBack, read_back
from .voice import Voice

ENDINGS: Final = {".html", ".docx"}


def write_paper(
    plan: PlanBack | Path, out: Path, *, language: str = "de", atlas: Atlas | None = None
) -> None:
    """
    Write the paper of a plan, whole or not at all; the same plan, the same bytes.

    Parameters
    ----------
    plan
        A plan read back, or the JSON that `hiro.planfile.write_plan` wrote.
    out
        Ends in one of `ENDINGS`.
    language
        ``de`` or ``en``; the main points stand in the other one too.
    atlas
        The city, for what lies beneath the map; None: dots alone.

    Raises
    ------
    PaperError
        If the file holds no plan, `out` ends in something else, or the city is another.
    SourceError
        If nothing can be written there.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        msg = f"A paper is written as .html or .docx; got {str(out)!r}."
        raise PaperError(msg)
    told = read_back(plan) if isinstance(plan, Path) else plan
    paper = compose_paper(told, language=language, atlas=atlas)
    data = write_page(paper).encode() if ending == ".html" else write_docx(paper)
    with draft_file(out) as draft:
        draft.write_bytes(data)


def compose_paper(plan: PlanBack, *, language: str = "de", atlas: Atlas | None = None) -> Paper:
    """
    Compose the paper of a plan out of blocks, the same for every kind of file.

    Raises
    ------
    PaperError
        If there is no such language, or the works lie in another city than the one given.
    """
    if language not in LANGUAGES:
        msg = f"A paper is written in {' or '.join(LANGUAGES)}; got {language!r}."
        raise PaperError(msg)
    if atlas is not None and plan.sites and not lies_in(atlas.city, plan.sites):
        msg = (
            f"None of the plan's works lies in {atlas.city.name}; give the folder of "
            f"{plan.told['city']}, or none."
        )
        raise PaperError(msg)
    voice = Voice(language)
    other = Voice(next(one for one in LANGUAGES if one != language))
    n, city = len(plan.sites), plan.told["city"]
    term = {0: "paper_title_none", 1: "paper_title_one"}.get(n, "paper_title_n")
    credit = "" if atlas is None else find_credit(atlas)["attribution"]
    parts = (
        sum_up(plan, voice),
        tell_decision(plan, voice),
        _show_map(plan, voice, atlas),
        list_places(plan, voice),
        tell_districts(plan, voice),
        tell_sure(plan, voice),
        tell_places(plan, voice),
        tell_prices(plan, voice),
        tell_grounds(plan, voice),
        tell_licence(plan, voice, credit=credit),
        sum_up(plan, other, is_other=True),
    )
    return Paper(
        language=language,
        title=voice(term, n=voice.numeral.number(n), city=city),
        subtitle=voice("paper_subtitle", day=voice.numeral.date(plan.told["day"])),
        day=plan.told["day"],
        parts=parts,
        contents=voice("paper_contents"),
        page=voice("paper_page"),
    )


def _show_map(plan: PlanBack, voice: Voice, atlas: Atlas | None) -> Part:
    """Show where the works are."""
    title = voice("map_title")
    if not plan.sites:
        return Part(title, (Passage(voice.line("map_none")),))
    city = None if atlas is None else atlas.city
    drawing = draw_map(plan.sites, city=city, north=voice("map_north"))
    credit = plan.told["attribution"] if atlas is None else find_credit(atlas)["attribution"]
    caption = voice("map_caption", levels=voice.levels(), credit=credit)
    alternative = voice("map_alternative", city=plan.told["city"])
    blocks: list[Block] = [Picture(drawing, alternative, caption)]
    if atlas is None:
        blocks.append(Passage(Line(voice("map_bare"), "small")))
    return Part(title, tuple(blocks), begins_page=True)
