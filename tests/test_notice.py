"""Imprint, privacy and accessibility: a city's own text, else a template that says so."""

import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from solarpass.map.lobby import tell_notices
from solarpass.map.notice import ENVIRONMENT, MOST_BYTES, NOTICES, read_notice
from solarpass.words import LANGUAGES, Words

APP = str(Path(__file__).parents[1] / "app.py")


@pytest.fixture(autouse=True)
def _without_own(monkeypatch):
    monkeypatch.delenv(ENVIRONMENT, raising=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NOTICES)
def test_every_notice_has_a_template_that_says_it_is_one(name, language):
    told = read_notice(name, language)
    assert told.startswith("# ")
    assert {"de": "Vorlage", "en": "Template"}[language] in told


def test_a_city_writes_its_own_and_keeps_the_template_of_what_it_lacks(tmp_path, monkeypatch):
    (tmp_path / "imprint.de.md").write_text("# Impressum\nStadt Musterhausen", encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert "Musterhausen" in read_notice("imprint", "de")
    assert "Template" in read_notice("imprint", "en")


@pytest.mark.parametrize("content", [b"", b"   \n", None])
def test_what_does_not_read_gives_the_template(content, tmp_path, monkeypatch):
    if content is None:
        (tmp_path / "privacy.en.md").mkdir()
    else:
        (tmp_path / "privacy.en.md").write_bytes(content)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert "Template" in read_notice("privacy", "en")


def test_a_notice_is_bounded_and_bytes_that_are_no_text_do_not_stop_it(tmp_path, monkeypatch):
    (tmp_path / "privacy.en.md").write_bytes(b"# P\xff" + b"x" * 2 * MOST_BYTES)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    told = read_notice("privacy", "en")
    assert told.startswith("# P\N{REPLACEMENT CHARACTER}")
    assert len(told) <= MOST_BYTES


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs))


def test_links_keep_city_and_language_and_disarm_what_a_link_says():
    links = _Links()
    query = {"city": '"><script>', "lang": "de", "from": "1,2"}
    links.feed(tell_notices(Words("de"), "privacy", query))
    assert len(links.found) == len(NOTICES)
    assert all("script" in link["href"] and "<" not in link["href"] for link in links.found)
    assert not any("from=" in link["href"] for link in links.found)
    assert [link["href"].split("&")[0] for link in links.found if "aria-current" in link] == [
        "?face=privacy"
    ]


@pytest.mark.parametrize("name", NOTICES)
def test_the_page_shows_it_as_text(name, tmp_path, monkeypatch):
    (tmp_path / f"{name}.en.md").write_text("# Own\n<script>alert(1)</script>", encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["app.py"])
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update({"lang": "en", "face": name})
    app.run()
    assert not app.exception
    (shown,) = app.markdown
    assert shown.value.startswith("# Own")
    assert not shown.allow_html
