"""The council's paper: each number is the plan's, nothing is lost, nothing foreign gets in."""

import copy
import hashlib
import html
import io
import itertools
import json
import re
import time
import zipfile
from html.parser import HTMLParser

import numpy as np
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from made_plan import made_plan
from made_town import made_town
from PIL import Image

from hiro import face, planfile
from hiro.errors import PaperError
from hiro.level import find_level
from hiro.numeral import Numeral
from hiro.palette import LEVEL_FILLS, LEVEL_LABELS
from hiro.paper import compose_paper, write_paper
from hiro.paper_terms import PAPER_TERMS
from hiro.papermap import draw_map, spread_dots
from hiro.paperpage import write_page
from hiro.planback import read_back
from hiro.terms import HEAT_TERMS
from hiro.told import GERMAN
from solarpass.atlas import build_atlas
from solarpass.drawing import to_png, to_svg
from solarpass.errors import SourceError
from solarpass.words import Words

HOSTILE = "<script>alert(1)</script>&\"'\u202eevil\u0000 =1+1 ]]>"
ENDINGS = (".html", ".docx")


def write_json(plan, path):
    path.write_text(json.dumps(plan, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def back(tmp_path):
    return lambda plan: read_back(write_json(plan, tmp_path / "made.json"))


class Text(HTMLParser):
    """The text of a page, a line a cell or paragraph, without style and picture."""

    ENDS = frozenset({"p", "td", "th", "li", "h1", "h2", "h3", "caption", "figcaption", "span"})

    def __init__(self):
        super().__init__()
        self.lines, self.hidden, self.said, self.tags = [""], 0, [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.hidden += tag in {"style", "svg", "head"}
        if tag in self.ENDS:
            self.lines.append("")

    def handle_endtag(self, tag):
        self.hidden -= tag in {"style", "svg", "head"}
        if tag in self.ENDS:
            self.lines.append("")

    def handle_data(self, data):
        if not self.hidden:
            self.lines[-1] += data


def read_html(path):
    page = Text()
    page.feed(path.read_text(encoding="utf-8"))
    return [line.strip() for line in page.lines if line.strip()]


def read_docx(path):
    docx = Document(path)
    lines = [paragraph.text for paragraph in docx.paragraphs]
    for table in docx.tables:
        for row in table.rows:
            for cell in row.cells:
                lines += [paragraph.text for paragraph in cell.paragraphs]
    return [line.strip() for line in lines if line.strip()]


def read_lines(path):
    return read_html(path) if path.suffix == ".html" else read_docx(path)


NUMBER = re.compile(r"(?<![\w.,])-?\d+(?:[.,]\d+)*")


def find_numbers(text):
    """Find the numbers of a text, as they are written."""
    return set(NUMBER.findall(text))


def walk(node):
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from walk(value)
    elif isinstance(node, list):
        for one in node:
            yield from walk(one)
    else:
        yield node


def list_known(plan, language):
    """List how the plan's own numbers may be written: with the digits a paper shows."""
    say, known = Numeral(language), set()
    for value in walk(plan):
        if isinstance(value, str):
            known |= find_numbers(value)
            for found in NUMBER.findall(value):  # the design day's, in the paper's language
                if re.fullmatch(r"\d+(\.\d+)?", found):
                    known.add(say.exact(float(found)))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            for number in (value, 100.0 * value if abs(value) <= 1.0 else value):
                known |= {say.number(number, digits) for digits in (0, 1, 2)}
                known |= {say.heat(number), say.exact(number), str(number), say.about(number)}
            tenth = round(value, 1)
            if find_level(np.array([tenth]))[0] > find_level(np.array([float(value)]))[0]:
                known.add(say.number(tenth - 0.1, 1))
    return known


def list_own(plan, language):
    """List the numbers of the paper's own terms: of places, levels, the day and fixed words."""
    known = {str(k) for k in range(1, len(plan["sites"]) + 1)} | {str(k) for k in range(5)}
    known |= {str(int(part)) for part in plan["day"].split("-")}
    texts = [text[language == "en"] for text in PAPER_TERMS.values()]
    texts += [*GERMAN.values(), "26 32 38 46"]  # the last: where levels begin
    for text in texts:
        known |= find_numbers(text)
    return known


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_number_is_the_plan_s(tmp_path, ending, language):
    plan = made_plan()
    out = tmp_path / f"paper{ending}"
    write_paper(write_json(plan, tmp_path / "plan.json"), out, language=language)
    lines = read_lines(out)
    text = "\n".join(line for line in lines if not re.search("[0-9a-f]{64}", line))
    other = "en" if language == "de" else "de"
    known = set()
    for tongue in (language, other):  # the main points stand in both
        known |= list_known(plan, tongue) | list_own(plan, tongue)
    strange = find_numbers(text) - known
    assert strange == set()
    assert len(find_numbers(text)) > 60


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_figure_of_the_list_is_missing(tmp_path, ending, language):
    plan = made_plan()
    out = tmp_path / f"paper{ending}"
    write_paper(write_json(plan, tmp_path / "plan.json"), out, language=language)
    lines, say = read_lines(out), Numeral(language)
    for site in plan["sites"]:
        for amount in (site["cost_eur"], site["upkeep_eur_per_year"]):
            assert say.euros(amount) in lines
        assert say.span(site["cost_low_eur"], site["cost_high_eur"]) in lines
        assert say.heat(site["relief_person_kh"]) in lines
        assert f"{site['level_before']} → {site['level_after']}" in lines
        share = say.percent(100.0 * site["stable_share"])
        assert any(share in line for line in lines)
        suffix = "_de" if language == "de" else ""
        for key in ("measure_names", "reason"):
            assert site[f"{key}{suffix}"] in lines
        for key in ("to_check", "warnings"):
            for told in site[f"{key}{suffix}"]:
                assert any(told in line for line in lines)
        assert any(site[f"responsible{suffix}"] in line for line in lines)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_price_and_district_is_told(tmp_path, ending):
    plan, say = made_plan(), Numeral("de")
    out = tmp_path / f"paper{ending}"
    write_paper(write_json(plan, tmp_path / "plan.json"), out)
    lines = read_lines(out)
    for measure in plan["measures"]:
        for name, figure in measure["figures"].items():
            if name.startswith(("invest", "upkeep")):
                assert any(say.euros(figure["value"]) in line for line in lines)
    for row in plan["balance"]["districts"]:
        assert row["name"] in lines
        assert say.euros(row["cost_eur"]) in lines
        assert say.euros(row["floor_eur"]) in lines
    for key in ("attribution", "licence"):
        assert any(plan[key] in line for line in lines)


def test_both_kinds_of_file_say_the_same(tmp_path):
    plan = write_json(made_plan(), tmp_path / "plan.json")
    for ending in ENDINGS:
        write_paper(plan, tmp_path / f"paper{ending}")
    page, docx = (read_lines(tmp_path / f"paper{ending}") for ending in ENDINGS)
    contents = {entry for entry in page if page.count(entry) > docx.count(entry)}
    assert set(docx) <= set(page)
    assert set(page) - set(docx) == set()
    assert len(contents) <= 12  # the list of parts, which an office program makes itself


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_plan_gives_the_same_bytes(tmp_path, ending):
    plan = write_json(made_plan(), tmp_path / "plan.json")

    def digest(name):
        write_paper(plan, tmp_path / f"{name}{ending}")
        return hashlib.sha256((tmp_path / f"{name}{ending}").read_bytes()).hexdigest()

    first = digest("a")
    time.sleep(2.1)  # a zip counts in steps of two seconds
    assert digest("b") == first


def test_the_page_asks_for_nothing_and_runs_nothing(tmp_path):
    write_paper(write_json(made_plan(), tmp_path / "plan.json"), tmp_path / "paper.html")
    page = Text()
    page.feed((tmp_path / "paper.html").read_text(encoding="utf-8"))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base", "image", "use"}
    for tag, attributes in page.tags:
        assert not {key for key in attributes if key.startswith("on")}, tag
        assert attributes.get("href", "#").startswith("#")
        assert "src" not in attributes
    assert "url(" not in (tmp_path / "paper.html").read_text(encoding="utf-8")


def test_the_page_is_fit_for_a_screen_reader(tmp_path):
    write_paper(write_json(made_plan(), tmp_path / "plan.json"), tmp_path / "paper.html")
    page = Text()
    page.feed((tmp_path / "paper.html").read_text(encoding="utf-8"))
    assert ("html", {"lang": "de"}) in page.tags
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    heads = [attributes for tag, attributes in page.tags if tag == "th"]
    assert {head["scope"] for head in heads} == {"col", "row"}
    tables = sum(tag == "table" for tag, _ in page.tags)
    assert sum(tag == "caption" for tag, _ in page.tags) == tables >= 5
    (picture,) = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert picture["role"] == "img"
    assert "Karte" in picture["aria-label"]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert any(attributes.get("lang") == "en" for tag, attributes in page.tags if tag == "section")


def test_the_docx_has_headings_repeated_heads_and_words_for_its_picture(tmp_path):
    write_paper(write_json(made_plan(), tmp_path / "plan.json"), tmp_path / "paper.docx")
    docx = Document(tmp_path / "paper.docx")
    styles = [paragraph.style.name for paragraph in docx.paragraphs]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") >= 10
    for table in docx.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    (shape,) = docx.inline_shapes
    assert "Karte" in shape._inline.docPr.get("descr")
    told = docx.core_properties
    assert told.author == told.last_modified_by == told.comments == ""
    assert f"{told.created:%Y-%m-%d}" == f"{told.modified:%Y-%m-%d}" == made_plan()["day"]
    with zipfile.ZipFile(tmp_path / "paper.docx") as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        (name,) = [name for name in packed.namelist() if name.endswith(".png")]
        with Image.open(io.BytesIO(packed.read(name))) as picture:
            assert picture.width >= 1200


@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_text_stays_text(tmp_path, ending):
    plan = made_plan()
    for key in ("label", "district", "reason_de", "measure_names_de", "kind", "responsible_de"):
        plan["sites"][0][key] = HOSTILE
    plan["sites"][0]["to_check_de"] = [HOSTILE]
    plan["balance"]["districts"][0]["name"] = HOSTILE
    for key in ("city", "attribution", "licence", "weather", "assumptions", "catalogue"):
        plan[key] = HOSTILE
    plan["notes"] = [HOSTILE, "\ud800"]
    out, path = tmp_path / f"paper{ending}", tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    write_paper(path, out)
    text = out.read_text(encoding="utf-8") if ending == ".html" else "\n".join(read_docx(out))
    if ending == ".html":
        assert "<script" not in text
        assert html.escape("<script>alert(1)</script>") in text
    assert "\u202e" not in text
    assert "\u0000" not in text


@pytest.mark.parametrize("n", [0, 1, 60, 300])
@pytest.mark.parametrize("ending", ENDINGS)
def test_plans_of_no_work_and_of_many_are_papers_too(tmp_path, n, ending):
    out = tmp_path / f"paper{ending}"
    write_paper(write_json(made_plan(n), tmp_path / "plan.json"), out)
    lines = read_lines(out)
    assert lines.count("Zuständig: Grünflächenamt") == 2 * n
    if not n:
        assert PAPER_TERMS["decide_none"][0] in lines


def test_without_draws_districts_and_floors_it_says_so(tmp_path):
    plan = made_plan()
    plan["robustness"] = plan["price_of_equity_pct"] = plan["districts_source"] = None
    plan["wishes"]["floors"], plan["balance"]["districts"] = None, []
    for site in plan["sites"]:
        site["stable_share"] = site["district"] = None
        site["is_sure"] = None
    write_paper(write_json(plan, tmp_path / "plan.json"), tmp_path / "paper.html")
    text = "\n".join(read_html(tmp_path / "paper.html"))
    for term in ("sum_fair_none", "sum_sure_none", "districts_none", "sure_untold", "no_district"):
        assert PAPER_TERMS[term][0] in text


# --- what is no plan


BAD = {
    "empty": (b"", "does not read as JSON"),
    "torn": (json.dumps(made_plan()).encode()[:-500], "does not read as JSON"),
    "list": (b"[]", "holds no plan"),
    "foreign": (b'{"type": "FeatureCollection", "features": []}', "lacks"),
    "latin": ("é".encode("latin-1"), "does not read as JSON"),
    "deep": (b"[" * 100_000, "nested too deep"),
    "deep enough": (b'{"a":' * 50 + b"1" + b"}" * 50, "nested too deep"),
    "not a number": (b'{"gap": NaN}', "does not read as JSON"),
    "beyond": (b'{"gap": 1e999}', "beyond all bounds"),
    "long number": (b'{"gap": ' + b"9" * 5000 + b"}", "does not read as JSON"),
    "long text": (json.dumps({"city": "x" * 1_000_000}).encode(), "letters"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_plan_is_one_sentence(tmp_path, name):
    content, told = BAD[name]
    (tmp_path / "plan.json").write_bytes(content)
    with pytest.raises(PaperError, match=told) as caught:
        write_paper(tmp_path / "plan.json", tmp_path / "paper.html")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def set_in(plan, path, value):
    *above, last = path
    for key in above:
        plan = plan[key]
    plan[last] = value


WRONG = [
    (("cost_eur",), 1),
    (("cost_eur",), "24000"),
    (("cost_eur",), True),
    (("n_works",), 99),
    (("day",), "tomorrow"),
    (("sites", 0, "level_before"), 5),
    (("sites", 0, "cost_low_eur"), -1),
    (("sites", 0, "lat"), 95.0),
    (("sites", 0, "lon"), -120.0),
    (("sites", 0, "to_check"), "pipes"),
    (("sites", 0, "feasibility"), "excluded"),
    (("sites", 0), None),
    (("sites",), {}),
    (("balance", "total"), None),
    (("balance", "districts"), 3),
    (("robustness", "said"), "hm"),
    (("measures", 0, "figures"), {"life": 3}),
    (("wishes", "floors"), {"way": "luck", "alpha": 0.5}),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_a_plan_with_something_wrong_is_refused(back, path, value):
    plan = made_plan()
    set_in(plan, path, value)
    with pytest.raises(PaperError, match="Wanted the JSON of a plan"):
        back(plan)


def leaves(node, path=()):
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    else:
        yield path
        return
    for key, value in items:
        yield (*path, key)
        yield from leaves(value, (*path, key))


LEAVES = sorted(set(leaves(made_plan())), key=str)
ODD = [None, True, -1, 1e300, 0.5, "", "x", [], {}, [None], {"a": 1}, "\u202e<b>"]


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(LEAVES), value=st.sampled_from(ODD))
def test_whatever_stands_anywhere_gives_a_paper_or_a_sentence(tmp_path_factory, path, value):
    plan = copy.deepcopy(made_plan())
    set_in(plan, path, value)
    file = write_json(plan, tmp_path_factory.mktemp("odd") / "plan.json")
    try:
        told = read_back(file)
    except PaperError:
        return
    assert "<b>" not in write_page(compose_paper(told))


def test_huge_files_and_what_is_no_file_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("hiro.planback._MOST_BYTES", 1000)
    with pytest.raises(PaperError, match="bytes"):
        read_back(write_json(made_plan(), tmp_path / "plan.json"))
    monkeypatch.undo()
    with pytest.raises(PaperError, match="cannot be read"):
        read_back(tmp_path)
    with pytest.raises(PaperError, match="cannot be read"):
        read_back(tmp_path / "none.json")


def test_other_endings_languages_and_folders_are_sentences(tmp_path, back):
    plan = back(made_plan())
    with pytest.raises(PaperError, match=r"\.html or \.docx"):
        write_paper(plan, tmp_path / "paper.pdf")
    with pytest.raises(PaperError, match="de or en"):
        write_paper(plan, tmp_path / "paper.html", language="fr")
    with pytest.raises(SourceError, match="Cannot write"):
        write_paper(plan, tmp_path / "nowhere" / "paper.html")


# --- the map


def test_dots_stay_on_the_sheet_and_hide_none_other():
    at = np.random.default_rng(4).normal(330.0, 60.0, (300, 2))
    spots = spread_dots(at, radius=7.5, size=(660, 660))
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert apart.min() >= 15.0 - 1e-6
    assert ((spots >= 7.5) & (spots <= 660.0 - 7.5)).all()


def test_a_dot_that_is_free_stays_at_its_place():
    at = np.array([[100.0, 100.0], [300.0, 200.0]])
    np.testing.assert_array_equal(spread_dots(at, radius=10.0, size=(660, 400)), at)


def test_the_map_numbers_its_dots_as_the_list_does():
    plan = made_plan(12)
    svg = to_svg(draw_map(plan["sites"], city=None, north="N"), title="<map>")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert sorted(text for text in texts if text.isdigit()) == sorted(map(str, range(1, 13)))
    assert "N" in texts
    assert any(re.fullmatch(r"[125]0* k?m", text) for text in texts)
    assert "&lt;map&gt;" in svg


def test_a_map_of_one_place_and_of_places_at_one_spot_is_a_map():
    for n in (1, 3):
        sites = [{**site, "lon": 13.7, "lat": 51.0} for site in made_plan(n)["sites"]]
        drawing = draw_map(sites, city=None, north="N")
        with Image.open(io.BytesIO(to_png(drawing))) as picture:
            assert picture.size == (drawing.width * 3, drawing.height * 3)


def test_the_city_lies_beneath_and_another_city_is_refused(tmp_path, back):
    town = build_atlas(made_town().write(tmp_path / "town.osm.pbf"), tmp_path / "town")
    latitude, longitude = town.city.centre
    plan = made_plan()
    for k, site in enumerate(plan["sites"]):
        site["lat"], site["lon"] = latitude + 0.0002 * k, longitude
    bare = draw_map(plan["sites"], city=None, north="N")
    over = draw_map(plan["sites"], city=town.city, north="N")
    assert len(over.shapes) > len(bare.shapes) + 5
    compose_paper(back(plan), atlas=town)
    with pytest.raises(PaperError, match="None of the plan's works lies in"):
        compose_paper(back(made_plan()), atlas=town)


# --- words and colours


def test_terms_are_in_both_languages_with_the_same_braces():
    for term, texts in PAPER_TERMS.items():
        german, english = (sorted(re.findall(r"\{(\w+)\}", text)) for text in texts)
        assert german == english or term == "grounds_english", term
        assert texts[0]


def test_what_is_never_considered_has_its_german():
    assert set(planfile.NOT_CONSIDERED) <= set(GERMAN)


def test_paper_and_screen_have_the_same_colours():
    on_screen = face.tell_levels(Words("en", HEAT_TERMS))[:-1]
    assert tuple(level["colour"] for level in on_screen) == LEVEL_FILLS
    assert tuple(level["ink"] for level in on_screen) == LEVEL_LABELS
    lightness = [
        np.dot([int(fill[k : k + 2], 16) for k in (1, 3, 5)], [0.2126, 0.7152, 0.0722])
        for fill in LEVEL_FILLS
    ]
    assert lightness == sorted(lightness, reverse=True)
