"""A visit by Debian's Chromium on a small phone: python -m tests.bench.browser ADDRESS."""

from __future__ import annotations

import sys
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")


def visit(address: str) -> None:
    """Open *address* and stay until nothing more is loaded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 360, "height": 640})
        page.goto(address, wait_until="networkidle")
        browser.close()


if __name__ == "__main__":
    visit(sys.argv[1])
