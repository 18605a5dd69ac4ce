"""Each number of the paper stands where it belongs: whole lines and rows of a distinct plan."""

import html
import itertools
import json
import re

import pytest
from docx import Document
from made_plan import made_plan
from test_paper import read_lines, write_json

from hiro.paper import write_paper
from hiro.rendition import render
from hiro.voice import Voice

ENDINGS = (".html", ".docx")
SPACE = "\N{NO-BREAK SPACE}"


def make_distinct():
    """Make a plan of which no two numbers that a paper tells are alike, nor look alike."""
    plan, count = made_plan(3), itertools.count(1)
    for k, site in enumerate(plan["sites"]):
        site["label"], site["district"] = f"Ort {'ABC'[k]}", f"Teil {'ABC'[k]}"
        n, each = 3 + k, 1_111 * (k + 2)
        unit = ("place", "m2", "place")[k]
        site["pieces"] = [{"measure": "m", "n": n, "unit": unit, "eur_each": each}]
        site["cost_eur"] = n * each
        site["cost_low_eur"], site["cost_high_eur"] = 2_003 + 100 * k, 91_007 + 1_000 * k
        site["upkeep_eur_per_year"] = 307 + 11 * k
        site["relief_person_kh"] = 812.4 - 101.0 * k
        site["level_before"], site["level_after"] = (4, 3, 2)[k], (2, 1, 0)[k]
        site["utci_max_before_c"], site["utci_max_after_c"] = 46.2 - 5.1 * k, 33.3 - 5.2 * k
        site["stable_share"], site["is_sure"] = 0.61 + 0.07 * k, k == 1
        site["price_is_estimate"] = k != 1
    for key in ("cost_eur", "upkeep_eur_per_year"):
        plan[key] = sum(site[key] for site in plan["sites"])
    plan["budget_eur"] = 77_777
    plan["relief_person_kh"], plan["bound_person_kh"] = 5_432.1, 5_511.9
    plan["gap"], plan["price_of_equity_pct"] = 0.0145, 3.488
    plan["exposure_tiers"] = {"default": 171, "gtfs": 22}
    plan["wishes"].update(n_years=6, most_a_year=29, upkeep_eur_per_year=9_871, horizon_years=19.0)
    plan["wishes"]["floors"] = {"way": "spend", "alpha": 0.37}
    for row in (plan["balance"]["total"], *plan["balance"]["districts"]):
        for key in list(row):
            if isinstance(row[key], int | float) and not isinstance(row[key], bool):
                row[key] = 100 + 13 * next(count)
    plan["robustness"].update(n_draws=43, n_sure_sites=1, cost_low_eur=61_234, cost_high_eur=98_765)
    plan["robustness"].update(relief_low_person_kh=4_321.9, relief_high_person_kh=6_789.1)
    for k, measure in enumerate(plan["measures"]):
        measure["n_units"] = 51 + k
        for figure in measure["figures"].values():
            figure["value"] = float(1_000 + 17 * next(count))
    return plan


PLAN = make_distinct()


@pytest.fixture(scope="module", params=itertools.product(("de", "en"), ENDINGS), ids=str)
def paper(request, tmp_path_factory):
    language, ending = request.param
    folder = tmp_path_factory.mktemp("paper")
    out = folder / f"paper{ending}"
    write_paper(write_json(PLAN, folder / "plan.json"), out, language=language)
    tables = read_html_tables(out) if ending == ".html" else read_docx_tables(out)
    return Voice(language), read_lines(out), tables


def read_html_tables(path):
    """Read the tables: rows of cells of lines."""

    def lines(cell):
        spans = re.findall(r"<span[^>]*>(.*?)</span>", cell) or [re.sub(r"<[^>]*>", "", cell)]
        return [html.unescape(text) for text in spans if text]

    text = path.read_text(encoding="utf-8")
    return [
        [
            [lines(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)]
            for row in re.findall(r"<tr[ >].*?</tr>", table, re.DOTALL)[1:]
        ]
        for table in re.findall(r"<table.*?</table>", text, re.DOTALL)
    ]


def read_docx_tables(path):
    return [
        [
            [[line.text for line in cell.paragraphs if line.text] for cell in row.cells]
            for row in table.rows[1:]
        ]
        for table in Document(path).tables
    ]


def number(value, language, digits=0):
    """Write a number, told apart from the paper's own way of doing so."""
    text = f"{value:,.{digits}f}"
    return text if language == "en" else text.replace(",", " ").replace(".", ",").replace(" ", ".")


def at(path):
    told = PLAN
    for key in path.split("."):
        told = told[int(key) if key.isdigit() else key]
    return told


def euros(value, language):
    return f"{number(value, language)}{SPACE}€"


FORMS = {
    "euros": euros,
    "whole": number,
    "tenth": lambda value, language: number(value, language, 1),
    "share": lambda value, language: f"{number(100 * value, language)}{SPACE}%",
    "percent1": lambda value, language: f"{number(value, language, 1)}{SPACE}%",
    "gap": lambda value, language: f"{number(100 * value, language, 2)}{SPACE}%",
    # The rounded form of the first page: three digits of five at most.
    "hundreds": lambda value, language: number(round(value, -2), language),
    "tens": lambda value, language: number(round(value, -1), language),
    "ones": number,
}

SENTENCES = [
    ("sum_cost_text", {"cost": ("euros", "cost_eur"), "budget": ("euros", "budget_eur"),
                       "upkeep": ("euros", "upkeep_eur_per_year")}),
    ("sum_cost_range", {"low": ("hundreds", "robustness.cost_low_eur"),
                        "high": ("hundreds", "robustness.cost_high_eur")}),
    ("sum_gain_text", {"relief": ("tens", "relief_person_kh")}),
    ("sum_gain_before", {"n": ("whole", "balance.total.n_sites"),
                         "before": ("ones", "balance.total.heat_person_kh_before"),
                         "after": ("ones", "balance.total.heat_person_kh_after")}),
    ("sum_fair_spend", {"share": ("share", "wishes.floors.alpha")}),
    ("sum_fair_price", {"price": ("percent1", "price_of_equity_pct")}),
    ("sum_do_years", {"n": ("whole", "wishes.n_years")}),
    ("sum_sure_text", {"draws": ("whole", "robustness.n_draws"),
                       "sure": ("whole", "robustness.n_sure_sites"), "n": ("whole", "n_works")}),
    ("decide_works", {"cost": ("euros", "cost_eur")}),
    ("decide_upkeep", {"upkeep": ("euros", "upkeep_eur_per_year")}),
    ("sure_lead", {"draws": ("whole", "robustness.n_draws")}),
    ("sure_sites", {"sure": ("whole", "robustness.n_sure_sites"), "n": ("whole", "n_works")}),
    ("sure_relief", {"low": ("whole", "robustness.relief_low_person_kh"),
                     "high": ("whole", "robustness.relief_high_person_kh")}),
    ("sure_cost", {"low": ("euros", "robustness.cost_low_eur"),
                   "high": ("euros", "robustness.cost_high_eur")}),
]  # fmt: skip


@pytest.mark.parametrize(("term", "values"), SENTENCES, ids=[term for term, _ in SENTENCES])
def test_each_sentence_tells_its_own_numbers(paper, term, values):
    voice, lines, _ = paper
    filled = {name: FORMS[form](at(path), voice.language) for name, (form, path) in values.items()}
    assert any(voice(term, **filled) in line for line in lines), voice(term, **filled)


def test_the_first_page_counts_measures_and_who_is_assumed(paper):
    voice, lines, _ = paper
    assert any(voice("sum_sure_people", n="171", all="193") in line for line in lines)
    for measure in PLAN["measures"]:
        name, n = measure["name"][voice.language], measure["n_units"]
        signs = {"place": f"{n} \N{MULTIPLICATION SIGN} ", "m2": f"{n}{SPACE}m² "}
        counted = f"{signs.get(measure['price_per'], f'{n} × ')}{name}"  # noqa: RUF001
        assert any(counted in line for line in lines), counted


NUMBERS = [
    ("row_budget", "euros", "budget_eur"),
    ("row_cost", "euros", "cost_eur"),
    ("row_upkeep", "euros", "upkeep_eur_per_year"),
    ("row_works", "whole", "n_works"),
    ("row_sites", "whole", "balance.total.n_sites"),
    ("row_relief", "whole", "relief_person_kh"),
    ("row_heat_before", "whole", "balance.total.heat_person_kh_before"),
    ("row_heat_after", "whole", "balance.total.heat_person_kh_after"),
    ("row_bound", "whole", "bound_person_kh"),
    ("row_gap", "gap", "gap"),
    ("row_hours", "whole", "balance.total.person_hours_helped"),
    ("row_equity", "percent1", "price_of_equity_pct"),
    ("row_upkeep_most", "euros", "wishes.upkeep_eur_per_year"),
    ("row_years", "whole", "wishes.n_years"),
    ("row_per_year", "whole", "wishes.most_a_year"),
]


def test_the_plan_in_numbers_row_by_row(paper):
    voice, _, tables = paper
    wanted = [
        [[voice(term, years="19")], [FORMS[form](at(path), voice.language)]]
        for term, form, path in NUMBERS
    ]
    assert tables[0] == wanted


def test_the_list_cell_by_cell(paper):
    voice, _, tables = paper
    say = voice.language
    for k, (site, row) in enumerate(zip(PLAN["sites"], tables[1], strict=True), 1):
        piece = site["pieces"][0]
        assert row[0] == [str(k)]
        assert row[1][0] == site["label"]
        assert row[1][1].endswith(f", {site['district']}")
        assert row[2][0] == voice.told(site, "measure_names")
        assert row[2][1] == f"{euros(piece['eur_each'], say)} {voice('per_' + piece['unit'])}"
        low, high = (number(site[f"cost_{end}_eur"], say) for end in ("low", "high"))
        price = voice("price_guess" if site["price_is_estimate"] else "price_told")
        assert row[3] == [euros(site["cost_eur"], say), f"{low}–{high}{SPACE}€", price]  # noqa: RUF001
        assert row[4] == [euros(site["upkeep_eur_per_year"], say)]
        assert row[5] == [number(site["relief_person_kh"], say)]
        before, after = site["level_before"], site["level_after"]
        felt = {end: number(site[f"utci_max_{end}_c"], say, 1) for end in ("before", "after")}
        assert row[6] == [
            f"{before} → {after}",
            f"{voice.level(before)} → {voice.level(after)}",
            voice("felt_most", **felt),
        ]
        share = voice("sure_share", share=FORMS["share"](site["stable_share"], say))
        assert row[8] == [voice("sure_yes" if site["is_sure"] else "sure_no"), share]


def test_districts_cell_by_cell(paper):
    voice, _, tables = paper
    say, total = voice.language, PLAN["balance"]["total"]
    rows = [*PLAN["balance"]["districts"], {**total, "name": voice("total")}]
    for told, row in zip(rows, tables[2], strict=True):
        counts = {"n": number(told["n_works"], say), "all": number(told["n_sites"], say)}
        hot = "; ".join(
            f"{voice.level(level)}: {number(told[f'level_{level}_before'], say)}{SPACE}→{SPACE}"
            f"{number(told[f'level_{level}_after'], say)}"
            for level in (3, 4)
        )
        floor = [] if told is rows[-1] else [euros(told["floor_eur"], say)]
        assert row[1:] == [
            [voice("of_all", **counts)],
            [euros(told["cost_eur"], say)],
            floor,
            [number(told["heat_person_kh_before"], say)],
            [number(told["heat_person_kh_after"], say)],
            [hot],
        ]


def test_what_moves_row_by_row(paper):
    voice, _, tables = paper
    moved = PLAN["robustness"]["moved_share"]
    names = sorted(("waiting", "effects", "costs", "weights"), key=lambda name: -moved[name])
    assert tables[3] == [
        [[voice(f"robust_{name}")], [FORMS["share"](moved[name], voice.language)]] for name in names
    ]


def test_each_price_stands_by_its_measure_and_its_name(paper):
    voice, _, tables = paper
    for measure in PLAN["measures"]:
        cells = [row[1] for row in tables[5] if row[0] == [measure["name"][voice.language]]]
        told = {line for cell in cells for line in cell}
        for name, figure in measure["figures"].items():
            if name.startswith(("invest", "upkeep")):
                of = voice(f"per_{measure['price_per']}")
                price = f"{euros(figure['value'], voice.language)} {of}"
                assert f"{voice(f'figure_{name}')}: {price}" in told
        life = number(measure["figures"]["life"]["value"], voice.language)
        assert f"{voice('figure_life')}: {voice('unit_years_life', n=life)}" in told


def test_works_of_one_name_are_told_apart_by_the_map_s_number(tmp_path):
    plan = made_plan(3)
    for k in (0, 2):
        plan["sites"][k]["label"] = "Hallituskatu"
    write_paper(write_json(plan, tmp_path / "plan.json"), tmp_path / "paper.html")
    lines = read_lines(tmp_path / "paper.html")
    for k in (1, 3):
        assert lines.count(f"Hallituskatu (Nr. {k} der Karte)") == 2
    assert "Hallituskatu" not in lines


def test_the_german_paper_of_a_real_plan_says_nothing_in_english(tmp_path):
    plan = json.loads(json.dumps(made_plan(3)))
    path = tmp_path / "paper.html"
    write_paper(write_json(plan, tmp_path / "plan.json"), path)
    text = path.read_text(encoding="utf-8")
    body = text[: text.index('<section id="part-11"')]
    english = re.findall(r'<(?!a )[^>]*lang="en"[^>]*>([^<]*)', body)
    assert plan["notes"]
    assert english == []


def test_every_source_and_note_of_our_prices_has_its_german():
    from hiro.catalogue import read_catalogue  # noqa: PLC0415

    catalogue = read_catalogue()
    for measure in (*catalogue.measures, *catalogue.withheld):
        for name, figure in measure.figures.items():
            if name.startswith(("invest", "upkeep", "life", "full_effect")):
                assert render(figure.source) is not None, figure.source
                assert not figure.note or render(figure.note) is not None, figure.note
                assert "the design" not in figure.source + figure.note


def test_a_plan_whose_pieces_do_not_cost_what_it_says_is_refused(tmp_path):
    from hiro.errors import PaperError  # noqa: PLC0415
    from hiro.planback import read_back  # noqa: PLC0415

    plan = made_plan(3)
    plan["sites"][0]["pieces"][0]["n"] += 1
    with pytest.raises(PaperError, match="its pieces cost"):
        read_back(write_json(plan, tmp_path / "plan.json"))
