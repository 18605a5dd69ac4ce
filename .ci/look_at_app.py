"""Open a running app in Chromium, at two sizes; fail if the map does not paint or anything errs."""

import os
import sys
import time
import urllib.request
from urllib.error import URLError

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
QUESTION = "/?from=60.17420,24.94590&to=60.16780,24.94250&at=2026-07-15T14:00&lang=en"


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    for _ in range(240):
        try:
            urllib.request.urlopen(address + "/_stcore/health", timeout=2)
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    sys.exit(f"no answer from {address}")


def main(address: str) -> None:
    """Look at the app as a newcomer with a link does."""
    wait_for(address)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        for name, size in SIZES.items():
            page = browser.new_page(viewport=size)
            wrong: list[str] = []
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.goto(address + QUESTION)
            page.locator("article.walk:visible").first.wait_for(timeout=120_000)
            page.locator("canvas").first.wait_for(timeout=60_000)
            if wrong:
                sys.exit(f"{name}: {wrong}")
            print(f"{name}: two walks on the map")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
