"""Take the README's pictures of the real app on the built-in city, and write them small."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from look_at_app import FLAGS, QUESTION, wait_for
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks" / "pictures"
PORT = 8598
HEAT = "/?face=heat&day=2026-07-15&hour=15&lang=en"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
COLOURS = 256  # of a palette: a map of few colours does not miss the rest
LONGEST_MS = 180_000


def walked(page: Page) -> None:
    """Wait for both walks, and for the map to stand still."""
    page.locator("article.walk:visible").first.wait_for(timeout=LONGEST_MS)
    page.locator('.walk-map[data-idle="1"]').wait_for(timeout=LONGEST_MS)


def heated(page: Page) -> None:
    """Wait for the objects' levels."""
    page.wait_for_function(
        "performance.getEntriesByName('hiro-heat-shown').length", timeout=LONGEST_MS
    )


PICTURES: dict[str, tuple[str, dict[str, int], Callable[[Page], None]]] = {
    "walker": (QUESTION, DESK, walked),
    "walker-phone": (QUESTION, PHONE, walked),
    "heat": (HEAT, DESK, heated),
    "heat-phone": (HEAT, PHONE, heated),
}


def write_small(taken: bytes, path: Path) -> None:
    """Write a picture with a palette, under a temporary name until it is whole."""
    picture = Image.open(BytesIO(taken)).convert("RGB")
    draft = path.with_suffix(".part")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(draft, "PNG", optimize=True)
    draft.replace(path)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Take all of them."""
    command = [sys.executable, "-m", "solarpass", "app", "--headless", "--port", str(PORT)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        address = f"http://127.0.0.1:{PORT}"
        wait_for(address)
        with sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            for name, (question, size, is_ready) in PICTURES.items():
                page = browser.new_page(viewport=size, color_scheme="light")
                page.goto(address + question)
                is_ready(page)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(3000)  # for what is drawn by and by
                write_small(page.screenshot(), FOLDER / f"{name}.png")
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
