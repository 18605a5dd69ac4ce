"""The walker's map by hand: pins that keys move, and the way from a place to its report."""

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect
from test_browser import (
    ASKED,
    DESKTOP,
    PHONE,
    address,
    browser,
    cards,
    link,
    settle,
    tap,
    visit,
    windows,
)

__all__ = ["address", "browser", "visit", "windows"]  # fixtures

NEAR, FAR = 8, 40  # pixels a press, as in pin_keys.js


def corner(pin):
    box = pin.bounding_box()
    return round(box["x"]), round(box["y"])


def test_keys_move_a_pin_and_the_walk_follows_once_it_is_let_go(visit):
    page = visit(ASKED)
    cards(page)
    settle(page)
    pin, asked = page.locator(".pin").first, link(page)
    x, y = corner(pin)
    pin.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert corner(pin) == pytest.approx((x + NEAR, y + FAR), abs=2)
    page.keyboard.press("Escape")
    assert corner(pin) == pytest.approx((x, y), abs=2)
    assert link(page) == asked
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: parse_qs(urlparse(url).query)["from"] != [asked["from"]])
    assert link(page)["to"] == asked["to"]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_tapped_place_leads_to_a_report_of_its_shade(visit, size):
    page = visit(ASKED, size=size)
    cards(page)
    settle(page)
    tap(page, 0.6, 0.4)
    report = page.get_by_role("link", name="Report wrong shade here")
    expect(report).to_be_visible()
    assert round(report.bounding_box()["height"]) >= 44
    told = parse_qs(urlparse(report.get_attribute("href")).query)
    assert told.pop("at")[0].startswith("60.1")
    assert told == {"face": ["report"], "category": ["wrong_shade"], "lang": ["en"]}


def test_a_tap_on_another_walk_chooses_it_and_asks_nothing_of_the_server(visit):
    page = visit(ASKED, size=DESKTOP)
    cards(page)
    settle(page)
    slider = page.get_by_role("slider", name="How much longer?")
    before = slider.input_value()
    asked = link(page)
    dashed = page.locator(".route-tag.shortest").bounding_box()
    # The shortest walk's tag stands beside its line; the line is looked for across it.
    for off in range(-60, 61, 6):
        page.mouse.click(dashed["x"] - 9 + off, dashed["y"] + dashed["height"] / 2)
        if slider.input_value() != before:
            break
    assert slider.input_value() == "0"
    assert link(page) == asked


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_ones_position_is_shown_and_what_is_left_of_the_walk_is_told(visit, size):
    page = visit(ASKED, size=size)
    cards(page)
    settle(page)
    page.context.grant_permissions(["geolocation"])
    start = [float(part) for part in link(page)["from"].split(",")]
    page.context.set_geolocation({"latitude": start[0], "longitude": start[1], "accuracy": 10})
    button = page.get_by_role("button", name="My location")
    assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 44
    button.click()
    expect(page.locator(".position-told")).to_contain_text("to go")
    expect(page.locator(".here")).to_be_visible()
    page.context.set_geolocation({"latitude": 52.5, "longitude": 13.4, "accuracy": 10})
    expect(page.locator(".position-told")).to_contain_text("You are outside")
    assert page.locator(".here").count() == 0


def test_a_position_that_is_refused_is_said(visit):
    page = visit(ASKED, size=PHONE)
    settle(page)
    page.context.clear_permissions()
    page.get_by_role("button", name="My location").click()
    expect(page.locator(".position-told")).to_contain_text("does not tell your location")


def test_the_wayside_is_marked_and_told_on_a_tap(visit):
    page = visit(ASKED, size=DESKTOP)
    cards(page)
    page.get_by_role("button", name="Water, benches, toilets").click()
    mark = page.locator(".wayside-mark").first
    mark.wait_for()
    told = mark.get_attribute("aria-label")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".maplibregl-popup .told")).to_have_text(told)


def test_the_map_is_skipped_by_keyboard(visit):
    page = visit(ASKED, size=DESKTOP)
    settle(page)
    page.get_by_role("button", name="Skip the map").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").find("st-key-panel") >= 0
