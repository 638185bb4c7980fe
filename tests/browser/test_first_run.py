"""From an empty installation to a second administrator, in Chromium: the pages of one moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.page import Visitor
from tests.browser.site import serve

pytestmark = pytest.mark.browser

PASSWORD = "a long pass phrase for tests"


@pytest.mark.parametrize(("language", "width"), [("zh", 360), ("en", 1366)])
def test_an_empty_installation_is_set_up_and_somebody_invited(
    chromium: Browser, tmp_path: Path, language: str, width: int
) -> None:
    with serve(tmp_path, testing=True, key_cost="minimum") as site:
        site.run("prepare")
        code = site.run("setup-code").split()[-1].rpartition("：")[2]
        anna = Visitor(chromium, site.address, language, width)
        set_up(anna, code)
        berta = Visitor(chromium, site.address, language, width)
        accept(berta, invite(anna))
        for window in (anna, berta):
            window.leave()


def looked_at(window: Visitor) -> Visitor:
    assert window.sideways() <= 0
    assert window.barriers() == []
    return window


def set_up(anna: Visitor, code: str) -> None:
    looked_at(anna.get("/admin/"))
    typed = {"code": code, "office": "市委组织部", "phone": "0990-1", "name": "Anna"}
    for name, value in (typed | {"username": "anna", "new": PASSWORD, "again": PASSWORD}).items():
        anna.page.locator(f"#{name}").fill(value)
    anna.go(anna.page.locator("main button"))
    assert anna.page.url.endswith("/admin/")
    assert looked_at(anna).page.locator(".steps li.next").count() == 1


def invite(anna: Visitor) -> str:
    anna.get("/admin/people/new")
    anna.page.locator("#name").fill("Berta")
    anna.page.locator("#username").fill("berta")
    anna.page.locator("input[name=role][value=administrator]").check()
    anna.go(anna.page.locator("main form.sheet button"))
    looked_at(anna)
    return anna.page.locator("strong.secret").inner_text()


def accept(berta: Visitor, code: str) -> None:
    berta.get("/staff/invitation").page.locator("#code").fill(code)
    berta.go(berta.page.locator("main button"))
    looked_at(berta)
    for name in ("new", "again"):
        berta.page.locator(f"#{name}").fill(PASSWORD)
    berta.go(berta.page.locator("main button"))
    assert berta.page.url.endswith("/admin/")
