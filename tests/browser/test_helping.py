"""A helper's phone on which many people answer: nothing of the last person is left on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

DAY = 86_400_000
STRIP = "#helped"
SAID = "村东的井"
"""Words of one person that the next must find nowhere."""
FILLING = "您正在替别人填"


@pytest.fixture(scope="module")
def link(demo: Demonstration) -> str:
    """The path of the helpers' link of the open round."""
    return demo.helper()


@pytest.fixture
def helper(visit: NewVisitor, link: str) -> Callable[..., Visitor]:
    """Return the function that gives a helper a phone on which the link was opened."""
    return lambda **more: visit("zh", 360, **more).get(link)


def come(page: Page, kind: str) -> None:
    """Wait until *page* has become the page *kind*."""
    page.locator(f"body[data-is={kind}]").wait_for()


def fill(page: Page, choice: int = 3) -> None:
    """Answer everything and write a sentence."""
    page.locator(STRIP).wait_for()
    for question in page.locator("fieldset").all():
        question.locator("label").nth(choice).click()
    page.locator("textarea").fill(SAID)


def send(page: Page) -> None:
    page.locator("form > button").last.click()


def serve(visitor: Visitor, path: str) -> None:
    """Type the code of the slip *path*, answer, send, and wait for the thanks."""
    visitor.page.locator("[name=code][type=text]").fill(path.removeprefix("/t/"))
    visitor.press("继续")
    fill(visitor.page)
    send(visitor.page)
    come(visitor.page, "thanks")


def strip(page: Page) -> str:
    page.locator(STRIP).wait_for()
    return page.locator(STRIP).inner_text()


def kept(page: Page) -> dict[str, Any]:
    """What is kept on the phone, by name."""
    found = page.evaluate("Object.assign({}, localStorage, sessionStorage)")
    return {name: json.loads(value) for name, value in found.items()}


def assert_nothing_left(page: Page) -> None:
    """Neither page nor storage nor this entry of the history knows of an answer or a code."""
    everything = json.dumps(kept(page)) + page.content() + page.url
    everything += str(page.evaluate("JSON.stringify(history.state)"))
    assert SAID not in everything
    assert page.locator(":checked").count() == 0
    assert set(kept(page)) <= {"helper"}


def test_many_slips_on_one_phone(demo: Demonstration, helper: Callable[..., Visitor]) -> None:
    before, phone = demo.ballots(), helper()
    for number in range(1, 4):
        serve(phone, demo.slip())
        assert f"已填 {number} 份" in strip(phone.page)
        assert phone.says("请把票还给本人", "下一张票")
        assert_nothing_left(phone.page)
    assert demo.ballots() == before + 3
    assert kept(phone.page)["helper"]["count"] == 3


def test_what_is_sent_carries_the_mark_and_the_slip_is_said_to_be_somebody_elses(
    demo: Demonstration, helper: Callable[..., Visitor], link: str
) -> None:
    phone = helper()
    phone.get(demo.slip())
    fill(phone.page)
    assert FILLING in strip(phone.page)
    with phone.page.expect_request("**/t/?**") as sent:
        send(phone.page)
    assert f"mark={link.removeprefix('/h/')}" in (sent.value.post_data or "")


def test_a_slip_that_is_scanned_is_answered_in_the_same_way(
    demo: Demonstration, helper: Callable[..., Visitor]
) -> None:
    phone = helper()
    phone.get(demo.slip())
    fill(phone.page)
    assert set(kept(phone.page)) == {"helper"}
    send(phone.page)
    come(phone.page, "thanks")
    assert "已填 1 份" in strip(phone.page)
    serve(phone, demo.slip())
    assert "已填 2 份" in strip(phone.page)


@pytest.mark.parametrize("sent", [True, False])
def test_back_and_reload_show_nothing_of_the_last_person(
    demo: Demonstration, helper: Callable[..., Visitor], sent: bool
) -> None:
    slip, phone = demo.slip(), helper()
    phone.page.locator("#next").fill(slip.removeprefix("/t/"))
    phone.press("继续")
    fill(phone.page)
    if sent:
        send(phone.page)
        come(phone.page, "thanks")
    phone.page.goto("/?lang=zh")
    for move in ("go_back", "reload", "go_back", "go_forward", "go_forward", "go_back"):
        getattr(phone.page, move)()
        assert_nothing_left(phone.page)
        assert phone.page.locator("fieldset").count() == 0, move
        assert slip.removeprefix("/t/") not in phone.page.content(), move


@pytest.mark.parametrize("event", ["pagehide", "pageshow"])
def test_a_page_that_the_browser_would_keep_whole_is_emptied(
    demo: Demonstration, helper: Callable[..., Visitor], event: str
) -> None:
    phone = helper()
    phone.get(demo.slip())
    fill(phone.page)
    phone.page.evaluate(f"dispatchEvent(new PageTransitionEvent('{event}', {{persisted: true}}))")
    phone.page.locator("fieldset").first.wait_for(state="detached")
    assert_nothing_left(phone.page)


def test_reloading_in_the_middle_shows_an_empty_page(
    demo: Demonstration, helper: Callable[..., Visitor]
) -> None:
    phone = helper()
    phone.get(demo.slip())
    fill(phone.page)
    phone.page.reload()
    come(phone.page, "code")
    assert_nothing_left(phone.page)


def test_another_slip_ends_the_one_that_is_open_in_another_window(
    demo: Demonstration, helper: Callable[..., Visitor]
) -> None:
    phone = helper()
    phone.get(demo.slip())
    fill(phone.page)
    other = phone.context.new_page()
    other.goto(demo.slip())
    come(phone.page, "code")
    assert_nothing_left(phone.page)
    fill(other)
    send(other)
    come(other, "thanks")


def test_without_network_the_answer_waits_unseen_and_on_the_page_alone(
    demo: Demonstration, helper: Callable[..., Visitor]
) -> None:
    before, phone = demo.ballots(), helper()
    phone.get(demo.slip())
    fill(phone.page)
    phone.context.set_offline(True)
    send(phone.page)
    phone.page.locator("#state", has_text="没网").wait_for()
    assert phone.page.locator("fieldset:visible, textarea:visible, h1:visible").count() == 0
    assert not phone.page.locator(STRIP).is_visible()
    assert set(kept(phone.page)) == {"helper"}
    phone.faults.clear()
    phone.context.set_offline(False)
    come(phone.page, "thanks")
    assert_nothing_left(phone.page)
    assert demo.ballots() == before + 1


def test_leaving_while_an_answer_waits_is_asked_about(
    demo: Demonstration, helper: Callable[..., Visitor]
) -> None:
    phone = helper()
    phone.get(demo.slip())
    fill(phone.page)
    phone.context.set_offline(True)
    send(phone.page)
    phone.page.locator("#state", has_text="没网").wait_for()
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    phone.page.once("dialog", stay)
    phone.page.close(run_before_unload=True)
    phone.page.wait_for_timeout(0)
    phone.faults.clear()
    phone.context.set_offline(False)
    come(phone.page, "thanks")
    assert asked == ["beforeunload"]


def test_helping_ends_by_hand_and_the_phone_is_an_ordinary_one(
    demo: Demonstration, helper: Callable[..., Visitor]
) -> None:
    phone = helper()
    serve(phone, demo.slip())
    phone.press("我帮完了")
    assert kept(phone.page) == {}
    phone.get(demo.slip())
    phone.page.locator("fieldset").first.wait_for()
    assert phone.page.locator(STRIP).count() == 0
    phone.page.locator("fieldset label").first.click()
    assert any(name.startswith("cunping:") for name in kept(phone.page))


def test_helping_ends_after_a_day(demo: Demonstration, helper: Callable[..., Visitor]) -> None:
    phone = helper()
    phone.page.evaluate(
        f"""() => {{
          const known = JSON.parse(localStorage.helper);
          known.time -= {DAY + 1};
          localStorage.helper = JSON.stringify(known);
        }}"""
    )
    phone.get("/t/")
    phone.page.wait_for_function("!localStorage.helper")
    assert phone.page.locator(STRIP).count() == 0


def test_the_drafts_of_this_phone_are_gone_when_helping_begins(
    demo: Demonstration, visit: NewVisitor, link: str
) -> None:
    phone = visit("zh").get(demo.slip())
    phone.page.locator("fieldset label").first.click()
    assert len(kept(phone.page)) == 1
    phone.get(link)
    assert set(kept(phone.page)) == {"helper"}


def test_a_poster_knows_no_helper(demo: Demonstration, helper: Callable[..., Visitor]) -> None:
    phone = helper()
    with phone.page.expect_response("**/static/helper.js"):
        phone.get(demo.poster())
    phone.page.wait_for_load_state("networkidle")
    assert phone.page.locator(f"{STRIP}, [name=mark]").count() == 0


def test_a_phone_that_keeps_nothing_helps_all_the_same(
    demo: Demonstration, visit: NewVisitor, link: str
) -> None:
    before, phone = demo.ballots(), visit("zh")
    phone.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }});"
    )
    phone.get(link)
    serve(phone, demo.slip())
    assert phone.page.locator("#next").is_visible()
    serve(phone, demo.slip())
    assert demo.ballots() == before + 2


def test_without_scripts_the_mark_travels_in_the_form(
    demo: Demonstration, helper: Callable[..., Visitor], link: str
) -> None:
    before, phone = demo.ballots(), helper(scripts=False)
    for _ in range(2):
        phone.page.locator("#next").fill(demo.slip().removeprefix("/t/"))
        phone.press("继续")
        assert phone.says(FILLING)
        for question in phone.page.locator("fieldset").all():
            question.locator("label").first.click()
        with phone.page.expect_request("**/t/?**") as sent:
            phone.press("交")
        assert f"mark={link.removeprefix('/h/')}" in (sent.value.post_data or "")
    assert demo.ballots() == before + 2
    phone.page.locator("#next").fill("123")
    phone.press("继续")
    assert phone.page.locator("[name=mark]").count() == 1
