"""Debian's Chromium before a served installation."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.page import Visitor
from tests.browser.site import Demonstration, serve

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for the tests of a module; its event loop must not outlive them."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with the demonstration, made as `make run` makes it."""
    folder = tmp_path_factory.mktemp("demonstration")
    with serve(folder) as site:
        site.run("demo")
    return folder


@pytest.fixture(scope="module")
def demo(demo_folder: Path) -> Iterator[Demonstration]:
    """The demonstration, served."""
    with serve(demo_folder) as site:
        yield Demonstration(site)


@pytest.fixture
def visit(chromium: Browser, demo: Demonstration) -> Iterator[NewVisitor]:
    """Return the function that gives a new person a browser window on the demonstration."""
    visitors: list[Visitor] = []

    def enter(language: str = "zh", width: int = 360, **more: Any) -> Visitor:
        visitors.append(Visitor(chromium, demo.address, language, width, **more))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.leave()


@pytest.fixture
def phone(visit: NewVisitor) -> NewVisitor:
    """Return the function that gives a villager a phone with scripts, in Chinese."""
    return lambda width=360, **more: visit("zh", width, **more)
