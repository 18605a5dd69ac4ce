"""
What a visitor's browser has to wait for: first map, tap to both walks, the moving time slider.

Marks (warm, headless Chromium, software WebGL): map painted ≤ 3 s, 5 s with 20,000 buildings; tap
to both walks median ≤ 0.4 s, p95 ≤ 0.8 s; slider 0 requests, ≤ 6 ms of script a frame; nothing
asked of other hosts.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
AT = "/?at=2026-07-15T14:00&lang=en"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
N_LOOKS = {"ci": 1, "full": 7}
N_TAPS = {"ci": 3, "full": 60}
LONGEST_MS = 60_000
PAINTED = "performance.getEntriesByName('solarpass-map-idle').length"
# From the second tap to the next frame in which both walks are on the map and told.
ARM = """() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap(
    (node) => node.shadowRoot ? [node, ...all(node.shadowRoot)] : [node]);
  const frame = all(document).find((node) => node.classList.contains('walk-map'));
  const before = frame.dataset.shown;
  window.answered = null;
  window.addEventListener('pointerup', () => { window.tapped = performance.now(); },
    { once: true, capture: true });
  const look = () => {
    const told = all(document).filter((node) => node.matches('article.walk') && node.offsetHeight);
    if (frame.dataset.shown !== before && told.length >= 1)
      requestAnimationFrame(() => { window.answered = performance.now() - window.tapped; });
    else requestAnimationFrame(look);
  };
  look();
}"""
SLIDE = """async (hours) => {
  for (let minutes = 360; minutes < 1200; minutes += 5) {
    hours.value = minutes;
    hours.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(requestAnimationFrame);
  }
}"""
N_SLIDES = (1200 - 360) // 5


@contextmanager
def serving(folders: list[str]) -> Iterator[str]:
    """Start the app on a free port; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "solarpass", "app", "--headless", "--port", str(port)]
    server = subprocess.Popen(  # noqa: S603  our own words
        [*command, *folders], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        address = f"http://localhost:{port}"
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2)
                break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def look(browser: Browser, address: str, size: dict[str, int]) -> tuple[float, float, int]:
    """Open the app; give seconds to the painted map, megabytes, and requests elsewhere."""
    page = browser.new_page(viewport=size)
    hosts: list[str] = []
    page.on("request", lambda asked: hosts.append(urlparse(asked.url).netloc))
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    loaded: list[float] = []
    wire.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(address + AT)
    page.wait_for_function(PAINTED, timeout=LONGEST_MS)
    painted_s = time.perf_counter() - began
    elsewhere = sum(bool(host) and host != urlparse(address).netloc for host in hosts)
    page.close()
    return painted_s, sum(loaded) / 1e6, elsewhere


def tap(page: Page, across: float, down: float) -> None:
    """Tap the map at a share of its width and height."""
    box = page.locator(".walk-map").bounding_box()
    if box is None:
        sys.exit("Wanted a map on the page to tap; found none.")
    page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def time_taps(browser: Browser, address: str, n_taps: int) -> list[float]:
    """Tap start and destination anew each time; give what passes after the second [s]."""
    random = np.random.default_rng(9)
    page = browser.new_page(viewport=DESK)
    taken: list[float] = []
    for _ in range(n_taps):
        page.goto(address + AT)
        page.wait_for_function(PAINTED, timeout=LONGEST_MS)
        start, aim = random.uniform((0.5, 0.2), (0.75, 0.8), (2, 2))
        tap(page, *start)
        page.wait_for_url("**from=*", timeout=LONGEST_MS)
        page.wait_for_timeout(300)
        page.evaluate(ARM)
        tap(page, *aim)
        with suppress(Exception):  # a tap into a house without a way is no answer to be timed
            page.wait_for_function("window.answered !== null", timeout=8000)
            taken.append(page.evaluate("window.answered") / 1000.0)
    page.close()
    return taken


def slide(browser: Browser, address: str) -> tuple[int, float, float]:
    """Drag the slider through the day; give requests, script and time for each frame [ms]."""
    page = browser.new_page(viewport=DESK)
    page.goto(address + AT)
    page.wait_for_function(PAINTED, timeout=LONGEST_MS)
    hours = page.locator(".hours")
    hours.evaluate(SLIDE)  # fetches what it needs, once
    page.wait_for_timeout(1500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")

    def script_s() -> float:
        metrics = wire.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "ScriptDuration"))

    before, began = script_s(), time.perf_counter()
    hours.evaluate(SLIDE)
    frame_ms = 1000.0 * (time.perf_counter() - began) / N_SLIDES
    script_ms = 1000.0 * (script_s() - before) / N_SLIDES
    page.close()
    return len(asked), script_ms, frame_ms


def main() -> None:
    """Print each figure with its mark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=("ci", "full"), default="ci")
    parser.add_argument("cities", nargs="*", help="city folders; without any, the built-in city")
    args = parser.parse_args()
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for city in args.cities or [""]:
            with serving([city] if city else []) as address:
                name = Path(city).name or "built-in city"
                look(browser, address, DESK)  # the city is opened, the code compiled
                for size_name, size in (("desk", DESK), ("phone", PHONE)):
                    seen = [look(browser, address, size) for _ in range(N_LOOKS[args.profile])]
                    painted_s = statistics.median(one[0] for one in seen)
                    print(
                        f"{name}, {size_name}: map painted after {painted_s:.2f} s (mark 3 s; 5 s "
                        f"with 20,000 buildings), {seen[0][1]:.2f} MB, {seen[0][2]} requests to "
                        f"other hosts (mark 0)"
                    )
                taken = time_taps(browser, address, N_TAPS[args.profile])
                print(
                    f"{name}: tap to both walks median {np.median(taken):.2f} s (mark 0.4 s), p95 "
                    f"{np.percentile(taken, 95):.2f} s (mark 0.8 s), {len(taken)} taps answered"
                )
                n_asked, script_ms, frame_ms = slide(browser, address)
                print(
                    f"{name}: slider {n_asked} requests (mark 0), {script_ms:.1f} ms of script a "
                    f"frame (mark 6 ms), a frame every {frame_ms:.0f} ms in software WebGL"
                )
        browser.close()


if __name__ == "__main__":
    main()
