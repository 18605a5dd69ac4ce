"""Whether the sun reaches a place, and why, in words, German and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np

from .blocker import Blocker, Spell, SunCheck, find_change
from .terms import CHECK_TERMS
from .words import Words

NOWHERE: Final = {"inside", "outside"}
"""States of places of which there is nothing to see."""

_SPACE: Final = "\N{NO-BREAK SPACE}"


def tell_check(
    check: SunCheck, spells: Sequence[Spell], words: Words, *, assumptions: str = ""
) -> str:
    """
    Say all of it as lines of text: the answer, what blocks, and when that changes.

    Parameters
    ----------
    check, spells
        The place at the time, and on that day: see `Spot`.
    words
        The language.
    assumptions
        What is taken for granted, as `City.assumptions` has it; none: that is left out.
    """
    lines = [f"{tell_state(check, words)} {tell_sun(check, words)}".strip()]
    for blocker in told_blockers(check):
        link = f" [{blocker.link}]" if blocker.link else ""
        lines.append(f"- {tell_blocker(blocker, words)}{link}")
        lines += [f"  {told}" for told in (tell_turn(blocker, check, words),) if told]
    lines += tell_day(check, spells, words)
    if assumptions:
        lines.append(tell_assumptions(assumptions, words))
    return "\n".join(lines)


def tell_moved(moved_m: float, words: Words) -> str:
    """Say that the sun was checked beside the place asked for; nothing where it was not."""
    return words("check_moved", metres=f"{moved_m:.0f}{_SPACE}m") if moved_m >= 1.0 else ""


def tell_assumptions(assumptions: str, words: Words) -> str:
    """
    Say what is taken for granted, as `City.assumptions` has it.

    Examples
    --------
    >>> tell_assumptions("clear sky; flat ground", Words("de"))
    'Angenommen: klarer Himmel; flacher Boden.'
    """
    terms = {texts[1]: term for term, texts in CHECK_TERMS.items() if term.startswith("assumed_")}
    said = [words(terms[what]) if what in terms else what for what in assumptions.split("; ")]
    return words("check_granted", what="; ".join(said))


def told_blockers(check: SunCheck) -> tuple[Blocker, ...]:
    """Choose what is worth telling: what blocks, or what only just does not."""
    if check.state == "sun":
        return tuple(miss for miss in check.near_misses if miss.is_doubtful)
    return check.blockers


def tell_state(check: SunCheck, words: Words) -> str:
    """Say in a sentence whether the sun reaches the place."""
    said = {"time": f"{check.at:%H:%M}"}
    if check.state == "night":
        return words("at_night", **said)
    if check.state == "crown":
        said["share"] = words.percent(check.sun_fraction)
    return words(f"check_{check.state}", **said)


def tell_sun(check: SunCheck, words: Words) -> str:
    """Say where the sun stands; nothing by night, nor where it makes no difference."""
    if check.state in {"night", *NOWHERE}:
        return ""
    names = words("compass_names").split()
    compass = names[round(check.azimuth_deg / 45.0) % 8]
    return words("check_stands", compass=compass, degrees=degrees(check.elevation_deg))


def tell_blocker(blocker: Blocker, words: Words) -> str:
    """Say what blocks, how far away, how high, and where the height is from."""
    if blocker.kind == "terrain":
        said = [name_blocker(blocker, words)]
        if np.isfinite(blocker.distance_m):
            said.append(words("check_away", metres=f"{blocker.distance_m:.0f}{_SPACE}m"))
        said.append(words("check_horizon", degrees=degrees(blocker.elevation_deg)))
        return f"{', '.join(said)}."
    beneath = blocker.distance_m <= 0.0
    away = f"{max(blocker.distance_m, 1.0):.0f}{_SPACE}m"
    where = words("check_overhead") if beneath else words("check_away", metres=away)
    height = tall(blocker.height_m, words)
    facts = [words("check_height", height=height, source=tell_source(blocker, words))]
    if not beneath:
        facts.append(words("check_top", degrees=degrees(blocker.elevation_deg)))
    if blocker.transmittance > 0.0:
        facts.append(words("check_passes", share=words.percent(blocker.transmittance)))
    return f"{name_blocker(blocker, words)}, {where}: {', '.join(facts)}."


def name_blocker(blocker: Blocker, words: Words) -> str:
    """Name a blocker by its kind, and its own name where it has one."""
    if blocker.kind == "building" and blocker.osm_type is None:
        return words("check_unmapped")
    kind = words(f"check_{blocker.kind}")
    return words("check_named", kind=kind, name=blocker.name) if blocker.name else kind


_BROAD_M = 4.0  # a wider interval is told in whole metres, end by end


def tell_turn(blocker: Blocker, check: SunCheck, words: Words) -> str:
    """Say at which height of a blocker the answer turns, and whether that may well be."""
    if not np.isfinite(blocker.critical_height_m) or blocker.kind == "terrain":
        return ""
    term = "check_over" if check.state == "sun" else "check_under"
    said = words(term, height=tall(blocker.critical_height_m, words))
    may = "check_maybe" if blocker.is_doubtful else "check_hardly"
    if np.isnan(blocker.height_spread_m):
        return said
    return f"{said} {words(may)}"


def tell_day(check: SunCheck, spells: Sequence[Spell], words: Words) -> list[str]:
    """Say when the sun comes or goes next, and all the times of the day at which it is here."""
    if not spells:
        return []
    lines = []
    change = find_change(list(spells), check.at)
    if change is not None and "unknown" not in {check.state, change.state}:
        term = "check_comes" if change.state == "sun" else "check_goes"
        lines.append(words(term, time=f"{change.begins:%H:%M}"))
    sunny = _times(spells, "sun")
    lines.append(words("check_day", times=sunny) if sunny else words("check_no_sun"))
    through, unknown = _times(spells, "crown"), _times(spells, "unknown")
    if through:
        lines.append(words("check_day_crown", times=through))
    if unknown:
        lines.append(words("check_day_unknown", times=unknown))
    return lines


def tall(height_m: float, words: Words) -> str:
    r"""
    Say a height to the decimetre.

    Examples
    --------
    >>> tall(11.36, Words("de"))
    '11,4\xa0m'
    """
    point = f"{height_m:.1f}"
    return (point.replace(".", ",") if words.language == "de" else point) + f"{_SPACE}m"


def degrees(angle_deg: float) -> str:
    """
    Say an angle in whole degrees.

    Examples
    --------
    >>> degrees(31.4)
    '31°'
    """
    return f"{angle_deg:.0f}°"


def tell_source(blocker: Blocker, words: Words) -> str:
    """Say where a height is from, and how far off it may be."""
    term = f"height_{blocker.height_source}"
    said = words(term) if term in CHECK_TERMS else blocker.height_source
    if np.isnan(blocker.height_spread_m) or blocker.height_spread_m <= 0.0:
        return said
    low_m, high_m = blocker.height_interval_m
    if high_m - low_m < _BROAD_M:
        return f"{said}, ±{_SPACE}{tall(blocker.height_spread_m, words)}"
    return f"{said}, {low_m:.0f}\N{EN DASH}{high_m:.0f}{_SPACE}m"


def _times(spells: Sequence[Spell], state: str) -> str:
    of = [spell for spell in spells if spell.state == state]
    return ", ".join(f"{_clock(spell.begins)}\N{EN DASH}{_clock(spell.ends)}" for spell in of)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
