"""
From the start of the server to the first two walks on screen, cold and warm.

Cold is an empty cache: the built-in city is built and every kernel compiled. Warm is the next
start. Marks of the first release: cold ≤ 60 s, warm ≤ 5 s.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
QUESTION = "/?from=60.17420,24.94590&to=60.16780,24.94250&at=2026-07-15T14:00&lang=en"
MARK_S = {"cold": 60.0, "warm": 5.0}


def time_start(browser: Browser, env: dict[str, str]) -> tuple[float, float]:
    """Time until the server answers, and until the walks are told [s]."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    server = subprocess.Popen(  # noqa: S603  our own words
        [*command, "--server.port", str(port), "--server.headless", "true"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.05)
        up_s = time.perf_counter() - began
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"http://localhost:{port}{QUESTION}")
        page.locator("article.walk:visible").first.wait_for(timeout=180_000)
        told_s = time.perf_counter() - began
        page.close()
    finally:
        server.terminate()
        server.wait(20)
    return up_s, told_s


def main() -> None:
    """Print both, with their marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=("ci", "full"), default="ci")
    n_warm = {"ci": 1, "full": 5}[parser.parse_args().profile]
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        caches = {"XDG_CACHE_HOME": f"{cache}/city", "NUMBA_CACHE_DIR": f"{cache}/numba"}
        env = {**os.environ, **caches}
        for name, n_times in (("cold", 1), ("warm", n_warm)):
            times = sorted(time_start(browser, env) for _ in range(n_times))
            up_s, told_s = times[len(times) // 2]
            print(
                f"{name}: server up after {up_s:.1f} s, two walks on screen after {told_s:.1f} s "
                f"(mark {MARK_S[name]:.0f} s, median of {n_times})"
            )
        browser.close()


if __name__ == "__main__":
    main()
