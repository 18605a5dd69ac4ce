"""
How long a report takes from opening its link to "thank you": by keyboard, on a phone and a desk.

It starts the app with a store of its own, opens the link of a place in Chromium, and presses keys
as one would who knows them; people are slower, so the rest of the 60 s is theirs. Run it from the
project: ``python benchmarks/bench_report.py [--profile ci]``.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from test_browser import CHROMIUM, DESKTOP, FLAGS, PHONE  # noqa: E402
from test_browser_report import PLACE, fill_by_keys, started_app  # noqa: E402

MARK_S = 60.0


def take_time(browser: Browser, address: str, size: dict[str, Any]) -> tuple[float, float]:
    """Report once in a window of its own, whose cache is empty; seconds to form and thanks."""
    page = browser.new_context(locale="de-DE", **size).new_page()
    page.set_default_timeout(180_000)
    begun_s = time.perf_counter()
    page.goto(f"{address}/?face=report&{PLACE}&lang=en")
    page.locator('.report[data-ready="1"]').wait_for()
    shown_s = time.perf_counter() - begun_s
    fill_by_keys(page, "more trees please")
    page.get_by_role("heading", name="Thank you!").wait_for()
    thanked_s = time.perf_counter() - begun_s
    page.context.close()
    return shown_s, thanked_s


def main() -> None:
    """Print the times beside the mark."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", choices=("ci", "full"), default="full")
    repeats = 1 if parser.parse_args().profile == "ci" else 5
    with (
        TemporaryDirectory() as folder,
        started_app(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take_time(browser, address, PHONE)  # opens the city
        for name, size in (("phone", PHONE), ("desk", DESKTOP)):
            times = [take_time(browser, address, size) for _ in range(repeats)]
            shown_s, thanked_s = (median(column) for column in zip(*times, strict=True))
            longest_s = max(thanked for _, thanked in times)
            print(
                f"{name}: form after {shown_s:.1f} s, thanked after {thanked_s:.1f} s (longest "
                f"{longest_s:.1f} s); the mark is {MARK_S:.0f} s"
            )
        browser.close()


if __name__ == "__main__":
    main()
