"""What a villager does and sees on a phone with scripts."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page

from tests.browser.page import Visitor

COUNTED = "谢谢您，已经算上了。"
WAITING = "等网络"
USED = "这张票已经用过了。"


def answer(visitor: Visitor, choice: int = 0, leave_out: int = 0) -> None:
    """Choose in all but some questions."""
    asked = visitor.page.locator("fieldset").all()
    for question in asked[: len(asked) - leave_out]:
        question.locator("label").nth(choice).click()


def send(visitor: Visitor) -> None:
    visitor.page.locator("form > button").last.click()


def come(page: Page, kind: str) -> None:
    """Wait until *page* has become the page *kind*."""
    page.locator(f"body[data-is={kind}]").wait_for()


def thanked(visitor: Visitor) -> None:
    come(visitor.page, "thanks")
    assert visitor.heading == COUNTED


def waiting(visitor: Visitor) -> None:
    visitor.page.locator("#state", has_text=WAITING).wait_for()


def closed_and_back(visitor: Visitor) -> None:
    """Close the page, then let the network come back and open an empty one."""
    visitor.page.close()
    visitor.faults.clear()
    visitor.context.set_offline(False)
    visitor.page = visitor.context.new_page()


def chosen(page: Page) -> list[str]:
    return [str(one.get_attribute("value")) for one in page.locator(":checked").all()]


def stored(page: Page) -> list[dict[str, Any]]:
    """What is kept on the phone."""
    kept = page.evaluate("[localStorage, sessionStorage].map(store => Object.values(store)).flat()")
    return [json.loads(one) for one in kept]
