"""A phone at the edge of the network, by Chromium: `python -m tests.bench.slow URL FLOOR`.

400 kbit/s each way, 400 ms there and back, a processor made six times slower. Prints, as JSON, the
median milliseconds until the first words of URL and of FLOOR are painted, by turns in a new window
each time, then the requests and milliseconds of one whole way from scanning to thanks.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import Any

from tests.bench.browser import CHROMIUM

PAIRS = 5
SLOWER = 6
BYTES_A_SECOND = 400_000 // 8
LATENCY = 400

_PAINTED = """() => new Promise(done => new PerformanceObserver(list => list.getEntries()
  .filter(one => one.name == 'first-contentful-paint').forEach(one => done(one.startTime)))
  .observe({type: 'paint', buffered: true}))"""
_CHOOSE = "document.querySelectorAll('fieldset').forEach(one => one.querySelector('input').click())"


def measure(address: str, floor: str) -> dict[str, Any]:
    """Return milliseconds to the first words of both addresses, and what the whole way takes."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        painted: dict[str, list[float]] = {address: [], floor: []}
        for one in [*painted] * PAIRS:
            painted[one].append(_first_words(browser, one))
        found = {
            "page": statistics.median(painted[address]),
            "floor": statistics.median(painted[floor]),
        } | _whole_way(browser, address)
        browser.close()
    return found


def _phone(browser: Any) -> Any:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _first_words(browser: Any, address: str) -> float:
    page = _phone(browser)
    page.goto(address, wait_until="commit")
    painted: float = page.evaluate(_PAINTED)
    page.close()
    return painted


def _whole_way(browser: Any, address: str) -> dict[str, float]:
    page = _phone(browser)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    began = time.monotonic()
    page.goto(address)
    page.evaluate(_CHOOSE)
    page.locator("form > button").last.click()
    page.locator("body[data-is=thanks]").wait_for()
    spent = 1000 * (time.monotonic() - began)
    page.close()
    return {"requests": len(requests), "way": spent}


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:3])))
