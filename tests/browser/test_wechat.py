"""The villager's page inside WeChat: its user agent, its font setting, its scanner, its chat."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewVisitor
from tests.browser.site import Demonstration
from tests.browser.villager import answer, come, send, stored, thanked

pytestmark = pytest.mark.browser

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/86.0 XWEB/4313 Mobile Safari/537.36 MMWEBSDK MicroMessenger/8.0 Language/zh_CN"
)
LARGEST = 1.6
"""How much the largest letters of WeChat's own setting are larger than the usual ones."""


@pytest.fixture
def wechat(visit: NewVisitor) -> NewVisitor:
    """Return the function that opens a page in WeChat: no new window, no download."""
    return lambda width=360: visit("zh", width, agent=ANDROID)


def sideways(page: Page) -> int:
    return int(
        page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )
    )


def test_an_answer_goes_its_whole_way_in_one_window(
    demo: Demonstration, wechat: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = wechat().get(demo.slip())
    answer(visitor)
    send(visitor)
    thanked(visitor)
    assert len(visitor.context.pages) == 1
    assert demo.ballots() == before + 1


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(
    "larger",
    [
        f"document.documentElement.style.zoom = {LARGEST}",
        f"document.body.style.zoom = {LARGEST}",
        f"document.body.style.webkitTextSizeAdjust = '{LARGEST:.0%}'",
        "document.documentElement.style.fontSize = '225%'",
    ],
    ids=["zoom", "body", "adjust", "twice"],
)
def test_larger_letters_push_nothing_sideways(
    demo: Demonstration, wechat: NewVisitor, larger: str, width: int
) -> None:
    visitor = wechat(width).get(demo.slip())
    visitor.page.evaluate(larger)
    assert sideways(visitor.page) <= 0
    answer(visitor, leave_out=1)
    send(visitor)
    assert sideways(visitor.page) <= 0
    send(visitor)
    come(visitor.page, "thanks")
    assert sideways(visitor.page) <= 0


def test_the_back_button_ends_the_page_and_scanning_again_brings_the_choices_back(
    demo: Demonstration, wechat: NewVisitor
) -> None:
    path = demo.slip()
    visitor = wechat().get(path)
    answer(visitor, 2, leave_out=5)
    visitor.page.close()
    visitor.page = visitor.context.new_page()
    visitor.get(path)
    assert visitor.page.locator(":checked").count() == 7
    (draft,) = stored(visitor.page)
    assert not draft["sent"]


def test_the_scanner_s_look_ahead_spends_nothing(demo: Demonstration, wechat: NewVisitor) -> None:
    """It asks for the address before the person does, and again, and for the head alone."""
    before, path = demo.ballots(), demo.slip()
    visitor = wechat()
    for method in ("GET", "HEAD", "GET"):
        assert visitor.context.request.fetch(demo.address + path, method=method).ok
    visitor.get(path)
    answer(visitor)
    send(visitor)
    thanked(visitor)
    assert demo.ballots() == before + 1


def test_a_link_in_a_chat_has_a_title_and_a_line_and_no_code(
    demo: Demonstration, wechat: NewVisitor
) -> None:
    visitor = wechat().get(demo.poster())
    assert "群众测评" in visitor.page.title()
    line = visitor.page.locator("meta[name=description]").get_attribute("content")
    assert line == "两分钟，不用写名字。"
    slip = demo.slip()
    visitor.get(slip)
    assert slip.removeprefix("/t/") not in visitor.page.title()
