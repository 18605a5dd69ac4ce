"""Walks to choose from, in a real browser: the slider, who walks, when to leave, files."""

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect
from test_browser import (
    ANSWER_MS,
    DESKTOP,
    PHONE,
    _violations,
    address,
    axe,
    browser,
    link,
    visit,
    windows,
)

__all__ = ["address", "axe", "browser", "visit", "windows"]  # fixtures

LONG = "?from=60.17633,24.93678&to=60.16616,24.94937&at=2026-07-15T14:00&budget=0.3&lang=en"
SMALL = "els => els.map(el => [el.textContent, el.getBoundingClientRect().height])"


def shown(page):
    cards = page.locator("article.walk:visible")
    expect(cards).to_have_count(2, timeout=ANSWER_MS)
    return cards.all_inner_texts()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_another_walk_is_chosen_without_the_server(visit, size):
    page = visit(LONG, size=size)
    before = shown(page)
    page.wait_for_load_state("networkidle")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("websocket", lambda socket: sent.append(socket.url))
    slider = page.get_by_role("slider", name="How much longer?")
    last = int(slider.input_value())
    assert last >= 2
    slider.fill("1")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"longer: \d+\smin less sun"))
    between = shown(page)
    assert "Walk in between" in between[0]
    assert between[1] == before[1]
    slider.fill("0")
    expect(page.locator("article.walk:visible")).to_have_count(1)
    page.get_by_text("The shortest walk:").wait_for()
    slider.fill(str(last))
    assert shown(page) == before
    assert sent == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_walks_changes_the_walk_and_the_link(visit):
    page = visit(LONG, size=PHONE)
    before = shown(page)
    page.get_by_text("Who walks, and how fast").click()
    page.get_by_label("Who walks", exact=True).select_option("wheelchair")
    page.get_by_text("not in the map").first.wait_for()
    page.wait_for_url(re.compile("profile=wheelchair"))
    assert page.locator("article.walk:visible").all_inner_texts() != before
    page.get_by_label("Pace", exact=True).select_option("0.83")
    page.wait_for_url(re.compile("speed=0.83"))
    page.get_by_label("Avoid big roads").check()
    page.wait_for_function("new URL(location).searchParams.get('profile') === 'wheelchair+quiet'")


def test_a_better_time_is_looked_for_when_asked(visit):
    page = visit(LONG)
    shown(page)
    page.get_by_role("button", name="When is there more shade?").click()
    said = page.locator(".st-key-leave-take button, .advice")
    said.wait_for()
    if "Leave at" in (text := said.inner_text()):
        said.click()
        time = re.search(r"\d\d:\d\d", text)[0]
        page.wait_for_function(f"location.search.includes('{time.replace(':', '%3A')}')")
        assert link(page)["at"].split("T")[1].startswith(time)
    else:
        assert re.search("not sure enough|At no time", text)


def test_water_and_benches_are_told_and_a_walk_is_saved(visit, axe):
    page = visit(LONG, size=PHONE)
    shown(page)
    page.get_by_role("button", name="Water, benches, toilets").click()
    page.locator(".wayside li:visible").first.wait_for(timeout=ANSWER_MS)
    for button in page.locator(".take a:visible, .st-key-extras button").evaluate_all(SMALL):
        assert button[1] >= 44, button
    page.evaluate(axe)
    assert _violations(page) == []
    file = page.locator(".take a:visible").filter(has_text="GPX file").first.get_attribute("href")
    sent = page.request.get(urljoin(page.url, file))
    assert sent.ok
    assert "solarpass.gpx" in sent.headers["content-disposition"]
