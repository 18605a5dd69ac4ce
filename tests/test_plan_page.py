"""The app says what measures and plans bring as the library knows it, and no more."""

import asyncio
import io
import itertools
import json
import re
import threading
from collections import OrderedDict
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_options import made_options, random_options
from made_score import DAY, make_score
from starlette.routing import Router

from hiro import plan_address, plan_takeaway
from hiro.catalogue import read_catalogue
from hiro.desk import Desk, Wish
from hiro.district import Districts
from hiro.errors import PlanError, ShortBudgetError
from hiro.face import FACE_TERMS
from hiro.feasibility import EXCLUDED, judge_measures
from hiro.gain import find_gains, find_thrift, find_useful_eur, rank_offers
from hiro.level import find_level
from hiro.option import find_efficient
from hiro.plan_face import list_budgets, tell_desk, tell_plan, tell_site, tell_sure
from hiro.plan_face_terms import PLAN_FACE_TERMS
from hiro.query import HeatQuery, Sieve
from solarpass.map.opening import open_scene
from solarpass.words import LANGUAGES, Words

TIMEOUT_S = 120
SEEDS = st.integers(0, 10_000)


# --- what options bring


def test_gains_are_those_of_the_hot_hours():
    before = np.array([[30.0, 31.0], [33.0, 31.0], [41.0, 31.0]])
    after = np.array([[25.0, 30.0], [32.0, 30.0], [36.0, 30.0]])
    options = made_options(
        *[(0, 100, 6.0), (1, 100, 1.0)],
        utci_before_c=before,
        utci_after_c=after,
        heat_person_kh=np.array([12.0, 0.0]),
    )
    gains = find_gains(options)
    assert gains.hot_h.tolist() == [2.0, 0.0]
    assert gains.cooler_k[0] == pytest.approx((1.0 + 5.0) / 2)  # not the 5 K of the cool hour
    assert np.isnan(gains.cooler_k[1])
    assert gains.share[0] == pytest.approx(1.2 * 6.0 / 12.0)
    assert np.isnan(gains.share[1])
    assert (gains.level_before.tolist(), gains.level_after.tolist()) == ([3, 1], [2, 1])


def test_a_site_of_which_nothing_is_known_has_no_level():
    unknown = np.full((2, 1), np.nan)
    gains = find_gains(made_options((0, 1, 0.0), utci_before_c=unknown, utci_after_c=unknown))
    assert (gains.level_before[0], gains.level_after[0]) == (-1, -1)
    assert np.isnan(gains.cooler_k[0])


@given(SEEDS)
def test_offers_come_by_relief_for_a_euro_and_a_bundle_has_a_point(seed):
    options = random_options(seed, n_sites=4, most=6)
    thrift = find_thrift(options)
    for site in range(options.n_sites):
        rows = rank_offers(options, site)
        here = range(options.of_site(site).start, options.of_site(site).stop)
        singles = [row for row in here if len(options.measures[row]) == 1]
        assert set(singles) <= set(rows.tolist()) <= set(here)
        assert (np.diff(thrift[rows]) <= 0).all()
        bundles = [row for row in rows.tolist() if row not in singles]
        assert len(bundles) <= 2
        for row in bundles:
            cheaper = [k for k in here if k != row and options.cost_eur[k] <= options.cost_eur[row]]
            best = max((options.relief_person_kh[k] for k in cheaper), default=0.0)
            assert options.relief_person_kh[row] > max(best, 0.0)


def test_what_is_free_comes_first_and_what_does_nothing_brings_nothing():
    options = made_options((0, 0, 1.0), (0, 0, 0.0), (0, 50, 0.0), (0, 0, -1.0))
    assert find_thrift(options).tolist() == [np.inf, 0.0, 0.0, -np.inf]
    assert rank_offers(options, 0).tolist() == [0, 1, 2, 3]


@given(SEEDS)
def test_no_plan_spends_more_than_all_that_is_useful(seed):
    options = random_options(seed)
    cost_eur, upkeep_eur = find_useful_eur(options)
    best, cost, upkeep = 0.0, 0, 0
    for site in range(options.n_sites):
        here = range(options.of_site(site).start, options.of_site(site).stop)
        useful = [row for row in here if options.relief_person_kh[row] > 0.0]
        if useful:
            row = min(useful, key=lambda k: (-options.relief_person_kh[k], options.cost_eur[k]))
            best += options.relief_person_kh[row]
            cost += options.cost_eur[row]
            upkeep += options.upkeep_eur_per_year[row]
    assert (cost_eur, upkeep_eur) == (cost, upkeep)


@given(st.integers(0, 20_000_000))
def test_budgets_rise_from_nothing_to_everything(most_eur):
    steps = list_budgets(most_eur)
    assert steps[0] == 0
    assert steps[-1] == most_eur
    assert all(low < high for low, high in itertools.pairwise(steps))
    assert len(steps) < 60


# --- the desk


def make_desk(n_sites=5, **more):
    """Lay a desk of five made-up sites with measures of our catalogue."""
    score, catalogue = make_score(), read_catalogue()
    room = np.zeros((n_sites, len(catalogue)), bool)
    offers = [
        *[(0, 5_900, 2.0, ("street_tree",)), (0, 8_000, 2.5, ("pergola",))],
        *[(0, 13_900, 3.2, ("street_tree", "pergola")), (0, 900, -0.4, ("unseal",))],
        *[(1, 4_000, 1.0, ("tub_tree",)), (2, 3_000, 1.5, ("park_tree",))],
        *[(2, 1_500, 0.0, ("bench",)), (3, 8_000, 0.7, ("pergola",))],
    ]
    at = {one: k for k, one in enumerate(catalogue.ids)}
    for site, _, _, measures in offers:
        room[site, [at[one] for one in measures]] = True
    before = np.where(np.isfinite(score.hazard.utci_c), score.hazard.utci_c, np.nan)
    site = [offer[0] for offer in offers]
    options = made_options(
        *[offer[:3] for offer in offers],
        n_sites=n_sites,
        measures=[offer[3] for offer in offers],
        serves=["seat" if offer[3] == ("bench",) else "" for offer in offers],
        upkeep=[100] * len(offers),
        heat_person_kh=np.array([4.0, 3, 2, 1, 0]),
        utci_before_c=before,
        utci_after_c=before[:, site] - 3.0,
        warnings=(
            *[("crown_keeps_night_warm",), (), ("crown_keeps_night_warm",)],
            *[("worse_than_before", "bright_without_shade"), (), (), (), ()],
        ),
    )
    return Desk(
        score=score,
        catalogue=catalogue,
        options=options,
        judgement=judge_measures(catalogue, score.sites, has_room=room),
        districts=Districts(np.array([0, 0, 1, 1, -1]), ("Nord", "Süd"), "cells of 500 m"),
        **more,
    )


@pytest.fixture(scope="module")
def desk():
    return make_desk()


def test_a_live_plan_is_near_the_best_and_says_so(desk):
    for budget_eur in (0, 3_000, 10_000, 20_000, 100_000):
        wish = Wish(budget_eur)
        live, best = desk.choose(wish, is_live=True), desk.choose(wish)
        assert best.cost_eur <= budget_eur
        assert live.relief_person_kh <= best.relief_person_kh + 1e-9
        assert best.relief_person_kh <= live.bound_person_kh + 1e-9
        told = tell_plan(desk, wish, live, "de")
        assert told["is_live"]
        assert not tell_plan(desk, wish, best, "de")["is_live"]


def test_a_plan_keeps_to_a_sieve(desk):
    everywhere = desk.choose(Wish(100_000))
    kinds = desk.score.sites.table["kind"].tolist()
    assert len(kinds) == desk.options.n_sites
    for kind in sorted(set(kinds)):
        for is_live in (False, True):
            plan = desk.choose(Wish(100_000, sieve=Sieve(kind=kind, level="9")), is_live=is_live)
            assert {kinds[site] for site in desk.efficient.site[plan.rows]} <= {kind}
            assert plan.relief_person_kh <= everywhere.relief_person_kh + 1e-9


def test_a_plan_is_told_as_it_was_chosen(desk):
    wish = Wish(12_000)
    plan = desk.choose(wish)
    told = tell_plan(desk, wish, plan, "en")
    json.dumps(told, allow_nan=False)
    assert told["cost"] == sum(work["cost"] for work in told["works"]) == plan.cost_eur <= 12_000
    assert told["upkeep"] == 100 * len(told["works"])
    assert sum(told["before"]) == sum(told["after"])
    relief = [work["relief"] for work in told["works"]]
    assert relief == sorted(relief, reverse=True)
    assert sum(relief) == pytest.approx(told["relief"], abs=1e-2)
    assert (told["gap"], told["price"], told["is_proven"]) == (0.0, None, True)
    ids = list(desk.options.site_id)
    for work in told["works"]:
        site = ids.index(work["id"])
        before = find_level(desk.options.utci_before_c[:, site])
        after = find_level(desk.options.utci_before_c[:, site] - 3.0)
        assert (work["level_before"], work["level_after"]) == (before.max(), after.max())
        assert [int(digit) for digit in work["levels"]] == after.tolist()
        assert work["reason"]


def test_nothing_is_planned_for_nothing(desk):
    told = tell_plan(desk, Wish(0), desk.choose(Wish(0)), "de")
    assert (told["works"], told["cost"], told["share"]) == ([], 0, 0.0)
    assert told["before"] == told["after"]


def test_fairness_has_a_price_and_a_limit_of_upkeep_is_kept(desk):
    fair = Wish(9_000, None, is_fair=True)
    told = tell_plan(desk, fair, desk.choose(fair), "de")
    assert told["price"] >= 0.0
    assert [one["name"] for one in told["districts"]] == ["Nord", "Süd", "in no district"]
    for one in told["districts"][:2]:
        assert one["cost"] >= one["due"]
    thrifty = desk.choose(Wish(100_000, 100))
    assert thrifty.upkeep_eur_per_year <= 100
    assert len(thrifty) == 1


def test_how_sure_a_plan_is_is_told_of_its_own_sites(desk):
    plan = desk.choose(Wish(12_000))
    told = tell_sure(desk, plan, desk.try_out(plan), "de")
    works = {work["id"] for work in tell_plan(desk, Wish(12_000), plan, "de")["works"]}
    assert set(told["shares"]) == works >= set(told["sure"])
    assert all(0 <= share <= 100 for share in told["shares"].values())
    assert told["draws"] >= 30
    assert told["n_sure"] == len(told["sure"])
    assert told["depends"].endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_measures_of_a_site_are_told_with_all_that_hangs_on_them(desk, language):
    told = tell_site(desk, 0, language)
    json.dumps(told, allow_nan=False)
    assert [one["ids"] for one in told["offers"]] == [
        ["street_tree"],
        ["pergola"],
        ["street_tree", "pergola"],
    ]
    assert [one["ids"] for one in told["worse"]] == [["unseal"]]
    assert told["worse"][0]["warnings"] == ["worse_than_before", "bright_without_shade"]
    tree = told["offers"][0]
    measure = desk.catalogue.find("street_tree")
    assert tree["names"] == [measure.name[language]]
    assert tree["cost"] == [5_900, 4_720, 8_850]
    assert tree["share"] == round(100 * 1.2 * 2.0 / 4.0)
    assert tree["share_mean"] == 50
    assert tree["is_estimate"] is measure.is_estimate
    assert (tree["life"], tree["full_effect"]) == (60, 15)
    assert tree["to_check"]
    assert tree["responsible"] == [measure.responsible[language]]
    # What is offered and what cannot be are the whole catalogue, each with its reason.
    offered = {one for offer in (*told["offers"], *told["worse"]) for one in offer["ids"]}
    assert len(told["excluded"]) == len(desk.catalogue) - len(offered)
    assert all(one["reasons"] and one["name"] for one in told["excluded"])


def test_what_only_serves_is_told_as_that(desk):
    (bench,) = [one for one in tell_site(desk, 2, "de")["offers"] if one["ids"] == ["bench"]]
    assert bench["serves"] == ["seat"]
    assert bench["reach_m"] == 150
    assert bench["share"] == 0


def test_a_site_without_heat_has_no_shares(desk):
    told = tell_site(desk, 4, "en")
    assert (told["offers"], told["level"]) == ([], -1)
    assert told["hot_h"] == 0.0


def test_what_plans_are_made_from_is_told(desk):
    told = tell_desk(desk, "de")
    assert set(told["names"]) == set(desk.catalogue.ids)
    assert told["steps"][-1] == find_useful_eur(desk.efficient)[0]
    assert (told["n_districts"], told["is_mapped"], told["alpha"]) == (2, False, 50)
    assert len(desk.efficient) == len(find_efficient(desk.options)) < len(desk.options)


def test_measures_are_judged_as_the_options_were(desk):
    offered = {
        (int(site), one)
        for site, bundle in zip(desk.options.site, desk.options.measures, strict=True)
        for one in bundle
    }
    for site, row in enumerate(desk.judgement.verdict):
        for measure, verdict in zip(desk.catalogue.ids, row, strict=True):
            assert (verdict != EXCLUDED) == ((site, measure) in offered)


# --- words and links


@pytest.mark.parametrize("term", PLAN_FACE_TERMS)
def test_a_term_has_a_text_in_each_language(term):
    texts = [Words(language, PLAN_FACE_TERMS)(term) for language in LANGUAGES]
    assert all(text.strip() == text and text for text in texts)
    blanks = [sorted(re.findall(r"\{\w+\}", text)) for text in texts]
    assert blanks[0] == blanks[1]


def test_german_is_not_english():
    same = {term for term, (german, english) in PLAN_FACE_TERMS.items() if german == english}
    assert same == {"budget", "percent", "tab_plan"}


def test_every_warning_is_among_the_words_of_the_face():
    from hiro import outcome  # noqa: PLC0415 - its source tells what it may warn of

    with open(outcome.__file__, encoding="utf-8") as source:  # noqa: PTH123
        warned = set(re.findall(r'warnings\.append\("(\w+)"\)', source.read()))
    assert warned
    assert warned <= set(FACE_TERMS)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("budget", text) for text in ("-1", "1e6", "viel", "1" * 11, "\N{SUPERSCRIPT TWO}", "")),
        *(("upkeep", text) for text in ("1.5", "nan", "€")),
        *(("fair", text) for text in ("yes", "2")),
    ],
)
def test_what_does_not_read_is_left_out_and_named(key, text):
    query = HeatQuery(DAY).changed({key: text})
    assert query == HeatQuery(DAY, faults=(f"bad_{key}",))
    assert f"bad_{key}" in FACE_TERMS


@given(st.dictionaries(st.sampled_from(["budget", "upkeep", "fair"]), st.text(max_size=20)))
def test_no_link_crashes(told):
    query = HeatQuery.from_query(told, design=DAY)
    again = HeatQuery.from_query(query.to_query(design=DAY), design=DAY)
    if query.budget is not None:
        assert again == query.changed({})
    else:
        assert again == HeatQuery(DAY)  # no plan is open, so that nothing of it is kept


@given(
    st.dictionaries(
        st.sampled_from(["budget", "upkeep", "fair"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.integers()),
    )
)
def test_no_word_of_the_browser_crashes(change):
    query = HeatQuery(DAY).changed(change)
    assert query.budget is None or 0 <= query.budget < 10**10
    assert isinstance(query.fair, bool)


# --- the addresses


@pytest.fixture(scope="module")
def scene(helsinki):
    return open_scene(helsinki.folder).wait(TIMEOUT_S)


@pytest.fixture
def laid(monkeypatch):
    """Have a made-up desk stand in for the city's, which takes a minute; give what lays it."""
    for kept in ("_desks", "_plans", "_trials"):
        monkeypatch.setattr(plan_address, kept, OrderedDict())
    monkeypatch.setattr(plan_address, "reckon_heat", lambda _scene, _day: None)
    monkeypatch.setattr(plan_address, "kept_score", lambda _scene, _day: make_score())
    return partial(monkeypatch.setattr, "hiro.desk.open_desk")


def ask(scene, name, query="", day=DAY):
    """Ask the routes without a server: status, headers and body."""
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    path = f"{plan_address.plan_address(scene, day)}/{name}"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode()}
    scope |= {"headers": [], "root_path": ""}
    asyncio.run(Router([*plan_address.routes(), *plan_takeaway.routes()])(scope, receive, send))
    told = {key.decode().lower(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(part.get("body", b"") for part in sent[1:])


def ask_ready(scene, name, query=""):
    """Ask until it is ready."""
    for _ in range(200):
        status, headers, body = ask(scene, name, query)
        if status != 202:
            return status, headers, body
        threading.Event().wait(0.02)
    pytest.fail("It never was.")


def test_it_is_told_how_far_the_options_are(scene, laid, desk):
    go = threading.Event()
    laid(lambda _score, _atlas: go.wait(TIMEOUT_S) and desk)
    status, _, body = ask(scene, "options.json")
    told = json.loads(body)
    assert status == 202
    assert told["since"] >= 0
    assert told["about"] == round(plan_address.START_S + 5 * plan_address.SITE_S)
    assert ask(scene, "live.json", "budget=1")[0] == 202
    assert ask(scene, "plan.json", "budget=1")[0] == 202
    go.set()
    status, _, body = ask_ready(scene, "options.json", "lang=en")
    assert status == 200
    assert json.loads(body)["names"]["bench"] == desk.catalogue.find("bench").name["en"]


def test_what_takes_minutes_is_begun_only_for_who_asks_for_it(scene, laid, desk, monkeypatch):
    begun = []
    laid(lambda _score, _atlas: begun.append(1) or desk)
    monkeypatch.setattr(plan_address, "SITE_S", 60.0)
    status, _, body = ask(scene, "site.json", "id=n0&gentle=1")
    assert (status, json.loads(body)) == (202, {"since": None, "about": 310})
    assert begun == []
    assert ask_ready(scene, "site.json", "id=n0")[0] == 404  # the made-up sites are called site-0
    assert ask_ready(scene, "site.json", "id=site-0&gentle=1")[0] == 200
    assert begun == [1]


def test_live_and_exact_plans_are_sent_and_chosen_once(scene, laid, desk, monkeypatch):
    laid(lambda _score, _atlas: desk)
    chosen = []
    choose = Desk.choose
    monkeypatch.setattr(
        Desk, "choose", lambda self, wish, **how: chosen.append(how) or choose(self, wish, **how)
    )
    _, _, live = ask_ready(scene, "live.json", "budget=12000")
    _, _, best = ask_ready(scene, "plan.json", "budget=12000&lang=en")
    assert json.loads(live)["is_live"]
    assert json.loads(best)["is_proven"]
    assert ask(scene, "plan.json", "budget=12000&lang=en")[2] == best
    assert chosen == [{"is_live": True}, {}]
    _, _, sure = ask(scene, "sure.json", "budget=12000")
    assert set(json.loads(sure)["shares"]) == {work["id"] for work in json.loads(best)["works"]}


def test_a_plan_can_be_saved_as_the_command_line_writes_it(scene, laid, desk):
    laid(lambda _score, _atlas: desk)
    status, headers, body = ask_ready(scene, "file.json", "budget=12000")
    assert status == 200
    assert headers["content-disposition"] == (
        'attachment; filename="hiro-plan-2026-07-20-12000.json"'
    )
    told = json.loads(body)
    plan = desk.choose(Wish(12_000))
    assert (told["budget_eur"], told["cost_eur"]) == (12_000, plan.cost_eur)
    assert len(told["sites"]) == len(plan)
    assert ask(scene, "file.json", "budget=12000")[2] == body
    _, headers, body = ask(scene, "file.csv", "budget=12000")
    assert headers["content-type"].startswith("text/csv")
    assert len(pd.read_csv(io.BytesIO(body))) == len(plan)
    _, _, body = ask(scene, "file.geojson", "budget=12000")
    assert len(json.loads(body)["features"]) == len(plan)


def test_what_goes_wrong_is_told_in_a_sentence_and_tried_again(scene, laid, desk):
    def fail(_score, _atlas):
        msg = "The plan is a riddle."
        raise PlanError(msg)

    laid(fail)
    assert json.loads(ask_ready(scene, "options.json")[2]) == {"fault": "The plan is a riddle."}
    laid(lambda _score, _atlas: 1 / 0)
    assert json.loads(ask_ready(scene, "options.json")[2]) == {"fault": ""}
    laid(lambda _score, _atlas: desk)
    assert "steps" in json.loads(ask_ready(scene, "options.json")[2])


def test_who_waits_is_told_even_if_the_engine_does_not_load(scene, laid, desk, monkeypatch):
    def fall(_self):
        msg = "cannot import"
        raise ImportError(msg)

    laid(lambda _score, _atlas: desk)
    monkeypatch.setattr(plan_address.Laying, "_lay", fall)
    monkeypatch.setattr(threading, "excepthook", lambda _told: None)
    assert json.loads(ask_ready(scene, "options.json")[2]) == {"fault": ""}


def test_too_little_money_is_told_in_both_languages():
    error = ShortBudgetError("It costs 3,100 €.", least_eur=3100)
    assert "3.100" in plan_address.tell_fault(error, "de")
    assert "mindestens" in plan_address.tell_fault(error, "de")
    assert "3,100" in plan_address.tell_fault(error, "en")
    assert plan_address.tell_fault(PlanError("A riddle."), "de") == "A riddle."


def test_addresses_of_nothing_are_nothing(scene, laid, desk):
    laid(lambda _score, _atlas: desk)
    assert ask_ready(scene, "options.json")[0] == 200
    for name, query in (
        *(("site.json", "id=nowhere"), ("site.json", ""), ("live.json", ""), ("plan.json", "")),
        *(("plan.json", "budget=viel"), ("plan.json", "budget=1&fair=x"), ("x.json", "")),
        *(("file.exe", "budget=1"), ("file.json", "budget=-1"), ("options.json", "lang=fr")),
    ):
        assert ask(scene, name, query)[0] == 404, (name, query)
    assert ask(scene, "options.json", day=date(1900, 7, 20))[0] == 404


def test_too_many_cities_and_days_are_turned_away(scene, laid, desk):
    go = threading.Event()
    laid(lambda _score, _atlas: go.wait(TIMEOUT_S) and desk)
    days = [date(2026, 7, day) for day in range(1, 2 + plan_address.MOST_PENDING)]
    told = [ask(scene, "options.json", day=day) for day in days]
    assert [status for status, _, _ in told] == [202] * plan_address.MOST_PENDING + [503]
    assert told[-1][1]["retry-after"] == str(plan_address.RETRY_S)
    go.set()
    for laying in list(plan_address._desks.values()):
        laying._desk.result(TIMEOUT_S)
