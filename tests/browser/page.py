"""One person's browser window, which remembers everything that went wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, Response, Route

HEIGHT = 800
PATIENCE = 20_000
"""Milliseconds: tests share two slow cores."""

_CODE_OF_STATUS = "Failed to load resource"
_ABORTED = "net::ERR_ABORTED"
"""The browser's own doing: it went on before everything had come, or what came is a file."""
_UNDRAWN = """async () => {
  const pictures = [...document.images];
  await Promise.allSettled(pictures.map(picture => picture.decode()));
  return pictures.filter(picture => !picture.naturalWidth).map(picture => picture.currentSrc);
}"""
_ATTACHED = {"content-disposition": "attachment"}
_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "resultTypes": ["violations"],
}


def _as_a_file(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, headers=response.headers | _ATTACHED)


class Visitor:
    """A window of its own cookies; *faults* are console errors, failed and broken requests."""

    def __init__(
        self,
        chromium: Browser,
        address: str,
        language: str = "en",
        width: int = 1366,
        *,
        scripts: bool = True,
        agent: str | None = None,
    ) -> None:
        self.language = language
        self.context = chromium.new_context(
            base_url=address,
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=scripts,
            user_agent=agent,
        )
        self.context.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("requestfailed", self._on_failure)
        self.context.on("response", self._on_response)
        self.page = self.context.new_page()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_CODE_OF_STATUS):
            self.faults.append(f"console: {message.text}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != _ABORTED:
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        most = 399 if response.request.resource_type != "document" else 499
        if response.status > most:
            self.faults.append(f"status: {response.url} {response.status}")

    def get(self, path: str) -> Visitor:
        """Open *path*."""
        self.page.goto(path)
        return self

    def follow(self, words: str) -> Visitor:
        """Click the link that says *words*."""
        return self.go(self.page.get_by_role("link", name=words, exact=True).first)

    def press(self, words: str) -> Visitor:
        """Press the button that says *words*."""
        return self.go(self.button(words))

    def go(self, locator: Locator) -> Visitor:
        """Click what *locator* finds and wait for the page that comes."""
        with self.page.expect_navigation():
            locator.click()
        return self

    def button(self, words: str) -> Locator:
        """Return the button that says *words*."""
        return self.page.get_by_role("button", name=words, exact=True)

    def choose(self, label: str) -> Visitor:
        """Choose the radio button with *label*."""
        self.page.get_by_label(label, exact=True).check()
        return self

    def download(self, locator: Locator) -> bytes:
        """Click what *locator* finds and return the file that comes, even one to be shown."""
        self.page.route("**", _as_a_file)
        with self.page.expect_download() as waiting:
            locator.click()
        content = Path(waiting.value.path()).read_bytes()
        self.page.unroute("**")
        return content

    def sign_in(self, username: str, password: str) -> Visitor:
        """Sign in through the page for it."""
        self.get(f"/staff/sign-in?lang={self.language}")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(password)
        return self.go(self.page.locator("main button"))

    @property
    def heading(self) -> str:
        """What the first heading says."""
        return self.page.locator("h1").inner_text()

    def says(self, *words: str) -> bool:
        """Say whether all of *words* are on the page."""
        text = self.page.locator("body").inner_text()
        return all(one in text for one in words)

    def resize(self, width: int) -> None:
        """Make the window *width* wide."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def sideways(self) -> int:
        """Return how many pixels the page can be pushed sideways."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))

    def undrawn(self) -> list[str]:
        """Return the addresses of the pictures that the page should show and cannot."""
        return list(self.page.evaluate(_UNDRAWN))

    def barriers(self) -> list[str]:
        """Return what axe finds that WCAG 2.2 AA does not allow."""
        found: list[dict[str, Any]] = Axe().run(self.page, options=_RULES).response["violations"]
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in found
            for node in fault["nodes"]
        ]

    def leave(self) -> None:
        """Close the window; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.faults, self.faults
