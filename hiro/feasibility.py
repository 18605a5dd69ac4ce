"""Feasibility: whether a measure can be at a site, must be checked there, or cannot be; and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from solarpass.city import City
from solarpass.words import Words

from .catalogue import Catalogue
from .cover import COVERS, SEALED, find_cover
from .errors import CatalogueError
from .facts import settle_facts
from .measure import Measure
from .option import VERDICTS
from .plan_terms import PLAN_TERMS
from .roof import find_mixture
from .site import Sites
from .terms import HEAT_TERMS

OK, CHECK, EXCLUDED = range(len(VERDICTS))

_WIRE_M = 10.0  # a tramway nearer than this has its wires above; our choice
_STOPS = frozenset(["bus_stop", "tram_stop"])
_STAFFED = frozenset(["school", "day_care"])
Fact = float | bool


@dataclass(frozen=True, slots=True)
class Reason:
    """
    What one rule says of a measure at a site; `tell` says it in words.

    Attributes
    ----------
    rule
        Such as ``waiting_depth``.
    verdict
        Row of `VERDICTS`.
    term
        Of `PLAN_TERMS`.
    numbers
        What the text has in its braces: numbers, kinds of sites and of shelters.
    source, source_kind
        Of the rule, as in the catalogue.
    """

    rule: str
    verdict: int
    term: str
    numbers: Mapping[str, float | str] = field(default_factory=dict)
    source: str = "our choice"
    source_kind: str = "estimate"


@dataclass(frozen=True, eq=False, slots=True)
class Judgement:
    """
    What can be where.

    Attributes
    ----------
    verdict
        Row of `VERDICTS`, shape ``(n_sites, n_measures)``: the worst of the reasons'.
    reasons
        By site and measure, the worst first; never empty.
    notes
        What was known, in sentences.
    """

    verdict: NDArray[np.int8]
    reasons: tuple[tuple[tuple[Reason, ...], ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Lock the verdicts."""
        self.verdict.flags.writeable = False


def tell(reason: Reason, language: str) -> str:
    """
    Say a reason in German or English.

    Examples
    --------
    >>> depth = Reason("waiting_depth", CHECK, "why_waiting_depth_unknown", {"limit": 2.5})
    >>> tell(depth, "de")
    'Tiefe der Wartefläche unbekannt. Nötig sind 2,5 m. Bitte messen.'
    """
    words = Words(language, {**HEAT_TERMS, **PLAN_TERMS})
    said = {name: _say(value, name, words) for name, value in reason.numbers.items()}
    return words(reason.term, **said)


def judge_measures(
    catalogue: Catalogue,
    sites: Sites,
    *,
    city: City | None = None,
    facts: pd.DataFrame | None = None,
    has_room: NDArray[np.bool_] | None = None,
) -> Judgement:
    """
    Judge every measure at every site.

    What is not known must be checked; it is never fine. A measure's rules are those of its
    rows ``rule_…`` in the catalogue: a city's own file may add one, or switch one off with 0.

    Parameters
    ----------
    catalogue
        Measures and their rules.
    sites
        Where.
    city
        Whose map tells tramways and green ground; None: neither is known.
    facts
        What a city knows beyond its map: see `hiro.facts.read_facts`.
    has_room
        Whether a place was found for each measure, as a tree needs one beside the houses, shape
        ``(n_sites, n_measures)``; None: nobody looked.

    Raises
    ------
    CatalogueError
        If facts are none, or all of them are of other sites.
    """
    known = {} if facts is None else settle_facts(facts)
    ids = [str(site_id) for site_id in sites.table["site_id"]]
    n_met = sum(site_id in known for site_id in ids)
    if known and not n_met:
        msg = (
            f"None of the {len(known):,} sites of the facts is here, such as "
            f"{next(iter(known))[:60]!r}; wanted site_id such as {ids[0]!r}."
        )
        raise CatalogueError(msg)
    places = _look_around(sites, city)
    made: dict[object, Reason] = {}
    rows = []
    shape = (len(ids), len(catalogue.measures))
    room = np.ones(shape, bool) if has_room is None else has_room
    for site_id, place, found in zip(ids, places, room.tolist(), strict=True):
        judge = _Judge(place, known.get(site_id, {}), made)
        rows.append(tuple(map(judge.weigh, catalogue.measures, found)))
    verdict = np.array([[one[0].verdict for one in row] for row in rows], np.int8)
    notes = [] if facts is None else [f"Facts of {n_met:,} of {len(ids):,} sites are known."]
    if n_met < len(known):
        notes.append(f"Left out, facts of other sites: {len(known) - n_met:,}.")
    return Judgement(verdict.reshape(shape), tuple(rows), tuple(notes))


# --- what the list and the map tell


class _Place(NamedTuple):
    """What is known of a site without asking: NaN or None where the map is not there."""

    kind: str
    shelters: tuple[str, ...]
    has_tram: bool | None
    sealed: float


def _look_around(sites: Sites, city: City | None) -> list[_Place]:
    site = sites.waiting["site"].to_numpy(np.int64)
    shelters = sites.waiting["shelter"].to_numpy(object)
    first = np.searchsorted(site, np.arange(sites.n_sites + 1))
    sealed, near = np.full(sites.n_sites, np.nan), np.zeros(sites.n_sites, bool)
    if city is not None and sites.n_waiting:
        cover = find_cover(city, sites.xy)[:, [COVERS.index(name) for name in SEALED]].sum(axis=1)
        # What is sealed at one of its places can be opened there.
        sealed = np.array(
            [cover[first[i] : first[i + 1]].max(initial=0.0) for i in range(sites.n_sites)]
        )
        tram = np.asarray(city.lines.geometry)[(city.lines["kind"] == "tram").to_numpy(bool)]
        places = np.asarray(sites.waiting.geometry)
        if len(tram):
            tree = shapely.STRtree(tram)
            near[site[tree.query(places, predicate="dwithin", distance=_WIRE_M)[0]]] = True
    return [
        _Place(
            kind,
            tuple(shelters[first[i] : first[i + 1]]),
            None if city is None else bool(near[i]),
            float(sealed[i]),
        )
        for i, kind in enumerate(sites.table["kind"].tolist())
    ]


# --- the rules


class _Rule(NamedTuple):
    """
    A rule that asks one fact.

    `asks` is ``at_least`` or ``at_most`` a number, ``yes`` or ``no``; `failed` is what follows
    where it is otherwise, with the case of its text.
    """

    fact: str
    asks: str
    failed: int = EXCLUDED


_RULES: Mapping[str, _Rule] = {
    "pit": _Rule("pit_m3", "at_least"),
    "lane": _Rule("lane_m", "at_least", CHECK),
    "catenary": _Rule("catenary", "no", CHECK),
    "fall_zone": _Rule("fall_zone", "no"),
    "passage": _Rule("passage_m", "at_least"),
    "watering": _Rule("watering", "yes"),
    "waiting_depth": _Rule("waiting_depth_m", "at_least"),
    "roof_height": _Rule("clear_height_m", "at_least"),
    "kerb": _Rule("kerb_m", "at_least"),
    "heritage": _Rule("heritage", "no", CHECK),
    "ad_contract": _Rule("owner_agrees", "yes"),
    "roof_load": _Rule("roof_load_kg_m2", "at_least"),
    "rain": _Rule("open_sides_ok", "yes"),
    "climbing": _Rule("climbing_ok", "yes"),
    "take_down": _Rule("staff", "yes"),
    "staff": _Rule("staff", "yes"),
    "contamination": _Rule("contamination", "no"),
    "lines_beneath": _Rule("lines_beneath", "no", CHECK),
    "fire_lane": _Rule("fire_lane", "no"),
    "mains": _Rule("mains_m", "at_most"),
    "germ_test": _Rule("germ_test", "yes"),
    "humid_air": _Rule("humidity_pct", "at_most"),
    "upkeep_secured": _Rule("upkeep_secured", "yes"),
    "sight_lines": _Rule("sight_lines_ok", "yes"),
    "operator": _Rule("operator_agrees", "yes"),
    "pipes": _Rule("pipes_m", "at_least"),
    "sealed": _Rule("sealed_pct", "at_least"),
}


class _Judge:
    """Judges measures at one site; equal reasons are made once."""

    def __init__(
        self, place: _Place, facts: Mapping[str, Fact], made: dict[object, Reason]
    ) -> None:
        self.place, self.facts, self.made = place, facts, made

    def weigh(self, measure: Measure, has_room: bool) -> tuple[Reason, ...]:  # noqa: FBT001 - mapped
        """List the reasons for and against one measure, the worst first."""
        if self.place.kind not in measure.fits:
            return (self._make("kind", EXCLUDED, "failed", {"kind": self.place.kind}),)
        reasons = [self._ask(rule, limit, measure) for rule, limit in measure.rules.items()]
        found = [reason for reason in reasons if reason is not None]
        if measure.change.shelter:
            found.append(self._ask_roof(measure.change.shelter))
        if not has_room and all(reason.verdict != EXCLUDED for reason in found):
            found.append(self._make("room", EXCLUDED, "failed", {}))
        if not found:
            found.append(self._make("kind", OK, "met", {"kind": self.place.kind}))
        return tuple(sorted(found, key=lambda reason: -reason.verdict))

    def _make(
        self,
        rule: str,
        verdict: int,
        case: str,
        numbers: Mapping[str, float | str],
        measure: Measure | None = None,
    ) -> Reason:
        figure = None if measure is None else measure.figures.get(f"rule_{rule}")
        told = ("our choice", "estimate")
        if figure is not None:
            told = (figure.source, figure.source_kind)
        key = (rule, verdict, case, tuple(numbers.items()), told)
        if key not in self.made:
            self.made[key] = Reason(rule, verdict, f"why_{rule}_{case}", dict(numbers), *told)
        return self.made[key]

    def _ask_roof(self, change: Mapping[str, str]) -> Reason:
        """Ask whether the roofs that stand here are those that the measure changes."""
        shelters = self.place.shelters
        shares = [_find_share(kind, frozenset(change)) for kind in shelters]
        n_fit, n_unknown = sum(s == 1.0 for s in shares), sum(0.0 < s < 1.0 for s in shares)
        kinds = Counter(shelters).most_common()
        numbers: dict[str, float | str] = {
            "n_fit": n_fit,
            "n_unknown": n_unknown,
            "n_places": len(shelters),
            "shelter": kinds[0][0] if len(kinds) == 1 else "mixed",
        }
        if not n_fit + n_unknown:
            return self._make("shelter", EXCLUDED, "failed", numbers)
        if n_unknown:
            return self._make("shelter", CHECK, "unknown", numbers)
        return self._make("shelter", OK, "met", numbers)

    def _ask(self, name: str, limit: float, measure: Measure) -> Reason | None:
        """Ask one rule; None where it asks nothing here."""
        rule = _RULES.get(name)
        if rule is None or limit <= 0.0 or (name == "operator" and self.place.kind not in _STOPS):
            return None
        value = self.facts.get(rule.fact)
        numbers: dict[str, float | str] = {"limit": limit}
        least = measure.rules.get(f"{name}_least")
        if least is not None:
            numbers["least"] = least
        if value is None:
            verdict, case = self._guess(name, limit, numbers)
            return self._make(name, verdict, case, numbers, measure)
        if not isinstance(value, bool):
            numbers["value"] = value
        bound = limit
        if name == "lane" and measure.change.crown is not None:
            bound = measure.change.crown.most_radius_m  # the crown stays on this side of the kerb
        elif name == "sealed":
            bound = 100.0 * limit
        if _is_met(rule.asks, value, bound):
            return self._make(name, OK, "met", numbers, measure)
        is_near = rule.failed == CHECK or (name == "pipes" and float(value) >= (least or limit))
        if is_near:
            return self._make(name, CHECK, "near", numbers, measure)
        return self._make(name, EXCLUDED, "failed", numbers, measure)

    def _guess(self, name: str, limit: float, numbers: dict[str, float | str]) -> tuple[int, str]:
        """Tell what the kind of the site and the map say, where nobody knows better."""
        place = self.place
        if name == "catenary" and (place.kind == "tram_stop" or place.has_tram):
            return CHECK, "near"
        if name == "catenary" and place.has_tram is False:
            return OK, "mapped"
        if name in {"staff", "take_down"} and place.kind in _STAFFED:
            return OK, "met"
        if name == "climbing" and place.kind != "playground":
            return OK, "met"
        if name == "sealed" and np.isfinite(place.sealed):
            numbers["value"] = round(100.0 * place.sealed)
            return (EXCLUDED, "failed") if place.sealed < limit else (CHECK, "mapped")
        return CHECK, "unknown"


def _is_met(asks: str, value: Fact, bound: float) -> bool:
    if asks in {"yes", "no"}:
        return bool(value) is (asks == "yes")
    value = float(value)
    return value >= bound if asks == "at_least" else value <= bound


@cache
def _find_share(shelter: str, changed: frozenset[str]) -> float:
    """Tell how likely a shelter is one that is changed: 0, 1, or between where it is not known."""
    mixture = find_mixture(shelter)
    if changed.issuperset(mixture):
        return 1.0
    return sum(share for kind, share in mixture.items() if kind in changed)


def _say(value: float | str, name: str, words: Words) -> str:
    """Say a number with the point or comma of a language, or the word of a kind."""
    if isinstance(value, str):
        return words(f"{name}_{value}")
    return f"{value:.4g}".replace(".", "," if words.language == "de" else ".")
