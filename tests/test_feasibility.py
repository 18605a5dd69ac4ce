"""Feasibility: every rule answers ok, check or excluded, with a sentence; unknown is never ok."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_osm import MadeOsm
from made_sites import made_sites

from hiro.catalogue import Catalogue, read_catalogue
from hiro.errors import CatalogueError
from hiro.facts import AMOUNTS, YES_NO, read_facts, settle_facts
from hiro.feasibility import _RULES, CHECK, EXCLUDED, OK, judge_measures, tell
from hiro.option import VERDICTS
from hiro.plan_terms import PLAN_TERMS
from hiro.quantity import RULES
from hiro.rule_terms import RULE_TERMS
from hiro.shelter import SHELTERS
from hiro.site import KINDS, build_sites
from solarpass.city import build_city
from solarpass.osm import read_osm
from solarpass.words import LANGUAGES

OURS = read_catalogue()
ROW = {measure_id: row for row, measure_id in enumerate(OURS.ids)}
PAINTED = Catalogue((*OURS.measures, *OURS.withheld), (), OURS.source)


def sites_of(*kinds, shelter="none"):
    made = made_sites(*[(50.0 * k, 0.0) for k in range(len(kinds))], kind=kinds)
    shelters = [shelter] * len(kinds) if isinstance(shelter, str) else list(shelter)
    return replace(made, waiting=made.waiting.assign(shelter=shelters))


def judge(measure_id, kind, facts=None, *, shelter="none", city=None):
    """Judge one measure at one site: its verdict, and its reasons by rule."""
    told = None if facts is None else pd.DataFrame([facts], index=["n0"])
    found = judge_measures(OURS, sites_of(kind, shelter=shelter), facts=told, city=city)
    row = ROW[measure_id]
    return int(found.verdict[0, row]), {reason.rule: reason for reason in found.reasons[0][row]}


# --- laws


def test_each_verdict_is_the_worst_of_its_reasons():
    found = judge_measures(OURS, sites_of(*KINDS, shelter="unknown"))
    assert found.verdict.shape == (len(KINDS), len(OURS))
    assert found.verdict.dtype == np.int8
    assert not found.verdict.flags.writeable
    for verdicts, row in zip(found.verdict, found.reasons, strict=True):
        for verdict, reasons in zip(verdicts, row, strict=True):
            assert verdict == max(reason.verdict for reason in reasons) == reasons[0].verdict
            assert all(reason.source and reason.source_kind for reason in reasons)


KNOWN_BY_KIND = {"staff", "take_down", "climbing", "kind"}


def test_what_nobody_knows_is_never_ok():
    """Neither facts nor a map: only the kind of a site may speak for a measure."""
    found = judge_measures(OURS, sites_of(*KINDS, shelter="unknown"))
    for row in found.reasons:
        for reasons in row:
            for reason in reasons:
                assert reason.verdict != OK or reason.rule in KNOWN_BY_KIND
    fine = np.argwhere(found.verdict == OK)
    assert {(KINDS[i], OURS.ids[j]) for i, j in fine} == {
        ("school", "outdoor_times"),
        ("day_care", "outdoor_times"),
    }


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_to_know_more_never_leaves_a_reason_unsaid(data):
    """Any facts: each reason has its text, and a fact that is known is no longer unknown."""
    facts = {name: data.draw(st.booleans() | st.none()) for name in YES_NO}
    facts |= {
        name: data.draw(st.floats(0, 99).map(lambda x: round(x, 2)) | st.none()) for name in AMOUNTS
    }
    told = pd.DataFrame([facts], index=["n0"], dtype=object)
    kind = data.draw(st.sampled_from(KINDS))
    found = judge_measures(
        PAINTED, sites_of(kind, shelter=data.draw(st.sampled_from(SHELTERS))), facts=told
    )
    for reasons in found.reasons[0]:
        for reason in reasons:
            rule = _RULES.get(reason.rule)
            if rule is not None:
                by_kind = reason.verdict == OK or reason.term.endswith(("_near", "_mapped"))
                unknown = facts[rule.fact] is None
                assert reason.term.endswith("_unknown") == (unknown and not by_kind)
            for language in LANGUAGES:
                assert "{" not in tell(reason, language)


def test_every_rule_of_the_catalogue_is_asked():
    assert set(RULES) == {*_RULES, "pipes_least", "heritage_least"}
    told = {rule.removesuffix("_least") for m in OURS.measures for rule in m.rules}
    assert told == set(_RULES)
    assert {rule.fact for rule in _RULES.values()} == {*YES_NO, *AMOUNTS}


# --- each rule: what is asked, and a fact for each answer

CASES = [
    # rule, measure, kind, fact, and a value that makes it ok, to be checked, excluded
    ("waiting_depth", "shelter_opaque", "bus_stop", "waiting_depth_m", 2.5, None, 2.4),
    ("passage", "shelter_opaque", "bus_stop", "passage_m", 1.5, None, 1.4),
    ("roof_height", "shelter_green_roof", "tram_stop", "clear_height_m", 2.3, None, 2.2),
    ("kerb", "shelter_green_roof", "bus_stop", "kerb_m", 0.5, None, 0.4),
    ("heritage", "shelter_opaque", "bus_stop", "heritage", False, True, None),
    ("pipes", "street_tree", "bus_stop", "pipes_m", 2.5, 2.4, 0.9),
    ("pit", "street_tree", "square", "pit_m3", 12, None, 11),
    ("catenary", "street_tree", "bus_stop", "catenary", False, True, None),
    ("catenary", "street_tree", "tram_stop", "catenary", False, None, None),
    ("lane", "street_tree", "bus_stop", "lane_m", 4.5, 4.4, None),
    ("fall_zone", "park_tree", "playground", "fall_zone", False, None, True),
    ("watering", "tub_tree", "bus_stop", "watering", True, None, False),
    ("ad_contract", "film_retrofit", "bus_stop", "owner_agrees", True, None, False),
    ("rain", "open_panes", "bus_stop", "open_sides_ok", True, None, False),
    ("roof_load", "green_roof_retrofit", "bus_stop", "roof_load_kg_m2", 75, None, 74),
    ("climbing", "pergola", "playground", "climbing_ok", True, None, False),
    ("take_down", "shade_sail", "playground", "staff", True, None, False),
    ("staff", "parasol", "playground", "staff", True, None, False),
    ("sealed", "unseal", "square", "sealed_pct", 10, None, 9),
    ("contamination", "unseal", "square", "contamination", False, None, True),
    ("lines_beneath", "unseal", "square", "lines_beneath", False, True, None),
    ("fire_lane", "unseal", "school", "fire_lane", False, None, True),
    ("mains", "drinking_fountain", "square", "mains_m", 20, None, 21),
    ("germ_test", "mist", "square", "germ_test", True, None, False),
    ("humid_air", "mist", "playground", "humidity_pct", 60, None, 61),
    ("upkeep_secured", "water_play", "square", "upkeep_secured", True, None, False),
    ("sight_lines", "move_waiting", "bus_stop", "sight_lines_ok", True, None, False),
    ("operator", "frequent_service", "tram_stop", "operator_agrees", True, None, False),
]


def test_the_cases_are_of_all_rules():
    assert {case[0] for case in CASES} == set(_RULES)


@pytest.mark.parametrize(
    ("rule", "measure", "kind", "fact", "good", "doubtful", "bad"),
    CASES,
    ids=[f"{case[0]}-{case[2]}" for case in CASES],
)
def test_each_rule_answers(rule, measure, kind, fact, good, doubtful, bad):
    shelter = {"film_retrofit": "clear_open", "open_panes": "clear_closed"}.get(measure, "none")
    shelter = "opaque" if measure == "green_roof_retrofit" else shelter
    said = set()
    for value, expected in ((good, OK), (doubtful, CHECK), (None, CHECK), (bad, EXCLUDED)):
        if value is None and expected == EXCLUDED:
            continue
        verdict, reasons = judge(measure, kind, {fact: value}, shelter=shelter)
        assert reasons[rule].verdict == expected
        assert verdict >= expected
        said.add(tell(reasons[rule], "de"))
    assert len(said) >= 2
    limit = OURS.find(measure).rules[rule]
    if limit != 1.0 and rule not in {"heritage", "take_down", "sealed"}:
        assert any(f"{limit:g}".replace(".", ",") in text for text in said)


def test_pipes_close_by_want_a_root_barrier_and_very_close_ones_exclude():
    told = {value: judge("street_tree", "bus_stop", {"pipes_m": value})[1] for value in (1.0, 0.99)}
    assert "Wurzelschutz kann es gehen" in tell(told[1.0]["pipes"], "de")
    assert told[0.99]["pipes"].verdict == EXCLUDED
    assert tell(told[0.99]["pipes"], "en") == (
        "A pipe is only 0.99 m away. Below 1 m no root barrier helps."
    )


def test_heritage_is_flagged_and_never_forbids():
    verdict, reasons = judge("tub_tree", "square", {"heritage": True})
    assert verdict == CHECK
    assert "3 bis 6 Monate" in tell(reasons["heritage"], "de")


def test_all_that_is_asked_and_good_makes_it_ok():
    shelter = {"waiting_depth_m": 3, "passage_m": 2, "clear_height_m": 3, "kerb_m": 0.6}
    assert judge("shelter_opaque", "bus_stop", {**shelter, "heritage": "nein"})[0] == OK
    tree = {"pipes_m": 4, "pit_m3": 14, "catenary": 0, "lane_m": 6}
    assert judge("street_tree", "bus_stop", tree)[0] == OK
    assert judge("street_tree", "bus_stop", {**tree, "pit_m3": 2})[0] == EXCLUDED


def test_a_kind_that_does_not_fit_is_excluded_by_that_alone():
    verdict, reasons = judge("shade_sail", "bus_stop")
    assert verdict == EXCLUDED
    assert set(reasons) == {"kind"}
    assert "Bushaltestelle" in tell(reasons["kind"], "de")


@pytest.mark.parametrize(
    ("measure", "shelter", "expected"),
    [
        ("shelter_opaque", "none", OK),
        ("shelter_opaque", "unknown", CHECK),
        ("shelter_opaque", "roofed", EXCLUDED),
        ("shelter_opaque", "opaque", EXCLUDED),
        ("film_retrofit", "clear_open", OK),
        ("film_retrofit", "clear_closed", OK),
        ("film_retrofit", "roofed", CHECK),
        ("film_retrofit", "unknown", CHECK),
        ("film_retrofit", "none", EXCLUDED),
        ("open_panes", "clear_closed", OK),
        ("open_panes", "film", OK),
        ("open_panes", "clear_open", EXCLUDED),
        ("green_roof_retrofit", "opaque", OK),
        ("green_roof_retrofit", "roofed", CHECK),
        ("green_roof_retrofit", "green_roof", EXCLUDED),
        ("pergola", "none", OK),
        ("pergola", "roofed", EXCLUDED),
    ],
)
def test_roofs_that_stand(measure, shelter, expected):
    _, reasons = judge(measure, "bus_stop", shelter=shelter)
    assert reasons["shelter"].verdict == expected


def test_without_room_it_is_excluded_and_says_so():
    sites, room = sites_of("bus_stop", "square"), np.ones((2, len(OURS)), bool)
    room[0, ROW["street_tree"]] = room[1, ROW["shelter_opaque"]] = False
    open_, full = judge_measures(OURS, sites), judge_measures(OURS, sites, has_room=room)
    first = full.reasons[0][ROW["street_tree"]][0]
    assert (first.rule, first.verdict) == ("room", EXCLUDED)
    assert tell(first, "de") == "Die Karte zeigt hier keinen geeigneten Platz dafür."
    kind = full.reasons[1][ROW["shelter_opaque"]]
    assert [reason.rule for reason in kind] == ["kind"]  # that it does not fit is enough
    changed = np.argwhere(open_.verdict != full.verdict).tolist()
    assert changed == [[0, ROW["street_tree"]]]


def test_places_beneath_different_roofs_are_counted():
    def at(*shelters):
        sites = sites_of(*["bus_stop"] * len(shelters), shelter=shelters)
        sites = replace(sites, table=sites.table.iloc[:1], waiting=sites.waiting.assign(site=0))
        reasons = judge_measures(OURS, sites).reasons[0][ROW["shelter_opaque"]]
        return next(reason for reason in reasons if reason.rule == "shelter")

    assert at("none", "opaque").verdict == OK
    assert "1 von 2 Warteplätzen" in tell(at("none", "opaque"), "de")
    assert at("none", "unknown").verdict == CHECK
    assert at("roofed", "clear_open").verdict == EXCLUDED
    assert "teils mit Dach" in tell(at("roofed", "clear_open"), "de")


def test_a_city_switches_a_rule_off_and_moves_another(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "measure;quantity;value;unit;source;source_kind\n"
        "drinking_fountain;rule_germ_test;0;1;our water works;measured\n"
        "drinking_fountain;rule_mains;30,5;m;our water works;measured\n"
    )
    facts = pd.DataFrame({"mains_m": [30.0]}, index=["n0"])
    found = judge_measures(read_catalogue(path), sites_of("square"), facts=facts)
    (reason,) = found.reasons[0][ROW["drinking_fountain"]]
    assert (reason.verdict, reason.source, reason.source_kind) == (
        OK,
        "our water works",
        "measured",
    )


# --- the map


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Lay a tramway, a bus stop beside it, one far away, a square, and one in a park."""
    made = MadeOsm(51.05, 13.74).streets()
    made.line((-300, 60), (300, 60), railway="tram")
    made.box(-200, 120, -20, 300, leisure="park")
    for x, y in ((-100, 64), (150, -100), (-110, 210)):
        made.node(x, y, highway="bus_stop", name=f"Stop {x}")
    path = made.write(tmp_path_factory.mktemp("made") / "made.osm.pbf")
    return build_city(read_osm(path), name="Made")


def test_the_map_tells_tramways_and_green_ground(city):
    sites = build_sites(city, kinds=["bus_stop"])
    found = judge_measures(OURS, sites, city=city)
    at = {name: i for i, name in enumerate(sites.table["name"])}

    def reason(stop, measure, rule):
        reasons = found.reasons[at[f"Stop {stop}"]][ROW[measure]]
        return next(one for one in reasons if one.rule == rule)

    assert reason(-100, "street_tree", "catenary").verdict == CHECK
    assert reason(150, "street_tree", "catenary").verdict == OK
    assert "Karte" in tell(reason(150, "street_tree", "catenary"), "de")
    assert reason(-110, "unseal", "sealed").verdict == EXCLUDED
    assert reason(150, "unseal", "sealed").verdict == CHECK  # a map is too coarse to be sure
    assert reason(150, "unseal", "sealed").numbers["value"] == 100


# --- facts


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_facts_are_read_as_offices_write_them(tmp_path, encoding):
    text = "site_id;Name;Wartetiefe_m;Denkmal;pipes_m\nn0;Markt;2,5;ja;\nn7;;;unbekannt;0,9\n"
    told = read_facts(write(tmp_path / "facts.csv", text, encoding))
    assert list(told.columns) == ["waiting_depth_m", "heritage", "pipes_m"]
    assert told.loc["n0", "waiting_depth_m"] == 2.5
    assert told.loc["n0", "heritage"] is True
    assert settle_facts(told) == {
        "n0": {"waiting_depth_m": 2.5, "heritage": True},
        "n7": {"pipes_m": 0.9},
    }
    found = judge_measures(OURS, sites_of("bus_stop"), facts=told)
    assert found.notes == (
        "Facts of 1 of 1 sites are known.",
        "Left out, facts of other sites: 1.",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("site_id,moon\nn0,1\n", "'moon' is no fact that we know; wanted catenary"),
        ("id,pipes_m\nn0,1\n", "lacks the column 'site_id'"),
        ("site_id,pipes_m\n", "holds no row"),
        ("site_id,pipes_m\nn0,1\nn0,2\n", "Row 3 of facts.csv tells of the site 'n0' again"),
        ("site_id,pipes_m\n,1\n", "Row 2 of facts.csv lacks its site_id"),
        ("site_id,pipes_m\nn0,-1\n", "wanted a number of 0 to"),
        ("site_id,pipes_m\nn0,near\n", "Row 2 of facts.csv: pipes_m 'near' is not a number"),
        ("site_id,humidity_pct\nn0,101\n", "wanted a number of 0 to 100"),
        ("site_id,heritage\nn0,maybe\n", "wanted yes, no or nothing"),
        ("site_id,pipes_m,leitungen_m\nn0,1,2\n", "told by another column too"),
    ],
)
def test_facts_that_cannot_be_get_one_sentence(tmp_path, text, said):
    with pytest.raises(CatalogueError) as caught:
        read_facts(write(tmp_path / "facts.csv", text))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_facts_of_another_town_are_refused():
    facts = pd.DataFrame({"pipes_m": [1.0]}, index=["q"])
    with pytest.raises(CatalogueError, match=r"None of the 1 sites of the facts is here, such as"):
        judge_measures(OURS, sites_of("square"), facts=facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (pd.DataFrame({"moon": [1.0]}, index=["n0"]), "'moon' is no fact"),
        (pd.DataFrame({"pipes_m": [1.0, 2.0]}, index=["n0", "n0"]), "told twice"),
        (pd.DataFrame({"pipes_m": [np.inf]}, index=["n0"]), "wanted a number"),
        (pd.DataFrame({"pipes_m": [True]}, index=["n0"]), "wanted a number"),
    ],
)
def test_tables_that_are_no_facts_are_refused(facts, said):
    with pytest.raises(CatalogueError, match=said):
        judge_measures(OURS, sites_of("square"), facts=facts)


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_no_bytes_crash(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "facts-bytes.csv"
    path.write_bytes(b"site_id,pipes_m,heritage\n" + content)
    try:
        settle_facts(read_facts(path))
    except CatalogueError as error:
        assert len(str(error)) < 2000  # noqa: PT017


# --- words


@pytest.mark.parametrize("term", PLAN_TERMS)
def test_a_term_has_a_text_in_each_language(term):
    german, english = PLAN_TERMS[term]
    assert german
    assert english
    assert german.strip() == german
    assert english.strip() == english
    assert "  " not in german + english


def test_rules_have_the_same_blanks_and_a_text_for_each_case():
    for term, (german, english) in RULE_TERMS.items():
        blanks = [
            {word.split("}")[0] for word in text.split("{")[1:]} for text in (german, english)
        ]
        assert blanks[0] == blanks[1], term
        assert german.endswith(".")
        assert english.endswith(".")
    for name, rule in _RULES.items():
        worse = "near" if rule.failed == CHECK else "failed"
        for case in ("met", worse, "unknown"):
            assert f"why_{name}_{case}" in PLAN_TERMS
    for verdict in VERDICTS:
        assert f"verdict_{verdict}" in PLAN_TERMS
