"""A phone with scripts at the edge of the network: no answer is lost, none is counted twice."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

COUNTED = "谢谢您，已经算上了。"
WAITING = "等网络"
USED = "这张票已经用过了。"
DAY = 86_400_000
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/86.0 XWEB/4313 Mobile Safari/537.36 MMWEBSDK MicroMessenger/8.0 Language/zh_CN"
)


@pytest.fixture
def phone(visit: NewVisitor) -> NewVisitor:
    """Return the function that gives a villager a phone with scripts."""
    return lambda width=360: visit("zh", width)


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


@pytest.mark.parametrize("paper", ["slip", "poster"])
def test_scan_answer_thanks_are_two_requests_and_leave_nothing(
    demo: Demonstration, phone: NewVisitor, paper: str
) -> None:
    before, path = demo.ballots(), demo.slip() if paper == "slip" else demo.poster()
    demo.site.seen.clear()
    visitor = phone().get(path)
    answer(visitor)
    send(visitor)
    thanked(visitor)
    assert demo.site.seen == [f"GET {path}", "POST /t/" if paper == "slip" else f"POST {path}"]
    assert demo.ballots() == before + 1
    assert stored(visitor.page) == []
    assert visitor.page.evaluate("document.activeElement.tagName") == "H1"


def test_the_code_leaves_the_address_and_is_not_kept_with_choices(
    demo: Demonstration, phone: NewVisitor
) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    assert visitor.page.url == f"{demo.address}/t/"
    answer(visitor, 1)
    (draft,) = stored(visitor.page)
    everything = visitor.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "fairly_good" in draft["body"]
    assert path.removeprefix("/t/") not in everything
    assert "once" not in everything


def test_choices_outlive_a_closed_page_and_a_reload(demo: Demonstration, phone: NewVisitor) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    answer(visitor, 2, leave_out=3)
    visitor.page.locator("textarea").fill("路修好了。")
    visitor.get("about:blank").get(path)
    assert chosen(visitor.page) == ["average"] * 9
    assert visitor.page.locator("textarea").input_value() == "路修好了。"
    visitor.page.reload()
    come(visitor.page, "form")
    assert chosen(visitor.page) == ["average"] * 9


def test_a_poster_s_choices_stay_in_their_tab(demo: Demonstration, phone: NewVisitor) -> None:
    visitor = phone().get(demo.poster())
    answer(visitor, 2, leave_out=3)
    visitor.page.reload()
    assert chosen(visitor.page) == ["average"] * 9
    other = visitor.context.new_page()
    other.goto(demo.poster())
    assert chosen(other) == []


def test_another_slip_wipes_the_choices_of_the_one_before(
    demo: Demonstration, phone: NewVisitor
) -> None:
    first, second = demo.slip(), demo.slip()
    visitor = phone().get(first)
    answer(visitor, 3)
    visitor.get(second)
    assert chosen(visitor.page) == []
    assert stored(visitor.page) == []
    visitor.get(first)
    assert chosen(visitor.page) == []


def test_choices_are_wiped_by_hand_and_after_a_day(demo: Demonstration, phone: NewVisitor) -> None:
    path = demo.slip()
    visitor = phone().get(path)
    answer(visitor, 1)
    visitor.page.locator("#wipe").click()
    assert chosen(visitor.page) == stored(visitor.page) == []
    answer(visitor, 1)
    visitor.page.evaluate(
        f"""Object.keys(localStorage).forEach(key => {{
          const draft = JSON.parse(localStorage[key]);
          draft.at -= {DAY + 1};
          localStorage[key] = JSON.stringify(draft);
        }})"""
    )
    visitor.get("/t/")
    assert stored(visitor.page) == []


def test_what_is_missing_is_pointed_out_on_the_phone_alone(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before, path = demo.ballots(), demo.slip()
    visitor = phone().get(path)
    demo.site.seen.clear()
    answer(visitor, leave_out=2)
    send(visitor)
    assert visitor.page.evaluate("document.activeElement.id") == "summary"
    assert len(visitor.page.locator("fieldset.missing").all()) == 2
    visitor.page.locator("#first").click()
    assert demo.site.seen == []
    send(visitor)
    thanked(visitor)
    assert demo.ballots() == before + 1


def test_without_network_an_answer_waits_and_is_sent_when_it_is_back(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor)
    visitor.context.set_offline(True)
    send(visitor)
    waiting(visitor)
    assert visitor.page.locator("fieldset input:enabled").count() == 0
    visitor.faults.clear()
    visitor.context.set_offline(False)
    thanked(visitor)
    assert demo.ballots() == before + 1
    assert stored(visitor.page) == []


def test_a_waiting_answer_is_sent_when_the_slip_is_scanned_again(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before, path = demo.ballots(), demo.slip()
    visitor = phone().get(path)
    answer(visitor, 3)
    visitor.context.set_offline(True)
    send(visitor)
    waiting(visitor)
    closed_and_back(visitor)
    visitor.get(path)
    thanked(visitor)
    assert demo.ballots() == before + 1


def test_a_waiting_answer_is_sent_when_the_next_person_scans_theirs(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before, first, second = demo.ballots(), demo.slip(), demo.slip()
    visitor = phone().get(first)
    answer(visitor, 3)
    visitor.context.set_offline(True)
    send(visitor)
    waiting(visitor)
    closed_and_back(visitor)
    with visitor.page.expect_response("**/t/?**"):
        visitor.get(second)
    visitor.page.evaluate(
        "async () => { while (localStorage.length) await new Promise(go => setTimeout(go, 20)); }"
    )
    assert chosen(visitor.page) == []
    assert demo.ballots() == before + 1


def test_an_answer_whose_thanks_are_lost_is_sent_again_and_counted_once(
    demo: Demonstration, phone: NewVisitor
) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor)
    visitor.page.route("**/t/?**", lose, times=1)
    send(visitor)
    thanked(visitor)
    assert lost
    assert demo.ballots() == before + 1
    visitor.faults.clear()


def test_a_request_that_arrives_twice_is_one_ballot(demo: Demonstration, phone: NewVisitor) -> None:
    def twice(route: Route) -> None:
        route.fetch()
        route.continue_()

    before = demo.ballots()
    visitor = phone().get(demo.poster())
    answer(visitor)
    visitor.page.route("**/v/**", twice)
    send(visitor)
    thanked(visitor)
    assert demo.ballots() == before + 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, "<body data-is=form>"),
        (502, "bad gateway"),
        (200, "<h1>Please log in to the network</h1>"),
    ],
)
def test_only_a_page_of_ours_is_an_acknowledgement(
    demo: Demonstration, phone: NewVisitor, status: int, body: str
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor)
    visitor.page.route(
        "**/t/?**",
        lambda route: route.fulfill(status=status, body=body, content_type="text/html"),
        times=1,
    )
    send(visitor)
    waiting(visitor)
    assert demo.ballots() == before
    thanked(visitor)
    assert demo.ballots() == before + 1
    visitor.faults.clear()


def test_a_server_that_is_restarted_in_the_middle_loses_nothing(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor)
    demo.site.end()
    send(visitor)
    waiting(visitor)
    demo.site.begin()
    thanked(visitor)
    assert demo.ballots() == before + 1
    visitor.faults.clear()


def test_a_double_tap_is_one_request(demo: Demonstration, phone: NewVisitor) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor)
    demo.site.seen.clear()
    visitor.page.locator("form > button").last.dblclick()
    thanked(visitor)
    assert demo.site.seen == ["POST /t/"]
    assert demo.ballots() == before + 1


def test_two_tabs_are_one_ballot_and_the_second_is_not_thanked_for_what_was_not_counted(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before, path = demo.ballots(), demo.slip()
    visitor = phone().get(path)
    other = visitor.context.new_page()
    other.goto(path)
    answer(visitor, 0)
    send(visitor)
    thanked(visitor)
    for question in other.locator("fieldset").all():
        question.locator("label").nth(3).click()
    other.locator("form > button").last.click()
    come(other, "spent")
    assert other.locator("h1").inner_text() == USED
    assert demo.ballots() == before + 1
    visitor.faults.clear()


def test_back_and_reload_after_the_thanks_count_nothing_twice_and_show_no_answer(
    demo: Demonstration, phone: NewVisitor
) -> None:
    path = demo.slip()
    visitor = phone().get("/t/").get(path)
    answer(visitor)
    send(visitor)
    thanked(visitor)
    counted = demo.ballots()
    visitor.page.reload()
    visitor.page.go_back()
    assert visitor.page.locator("fieldset").count() == 0
    visitor.get(path)
    assert visitor.heading == USED
    assert demo.ballots() == counted


def test_the_language_is_switched_and_the_answer_still_counts_once(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    answer(visitor, 1)
    visitor.press("English")
    assert set(chosen(visitor.page)) == {"fairly_good"}
    send(visitor)
    come(visitor.page, "thanks")
    assert demo.ballots() == before + 1


def test_a_phone_that_keeps_nothing_still_sends(demo: Demonstration, phone: NewVisitor) -> None:
    before = demo.ballots()
    visitor = phone()
    visitor.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, {get() { throw new Error('denied'); }});"
    )
    visitor.get(demo.slip())
    answer(visitor)
    assert not visitor.page.locator("#kept").is_visible()
    send(visitor)
    thanked(visitor)
    assert demo.ballots() == before + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_page_can_be_seen_and_heard_by_all(
    demo: Demonstration, phone: NewVisitor, scheme: Literal["light", "dark"]
) -> None:
    visitor = phone(320).get(demo.slip())
    visitor.page.emulate_media(color_scheme=scheme)
    assert visitor.barriers() == []
    answer(visitor, leave_out=1)
    send(visitor)
    assert visitor.page.locator("#summary").is_visible()
    assert visitor.barriers() == []
    visitor.context.set_offline(True)
    send(visitor)
    waiting(visitor)
    assert visitor.barriers() == []
    visitor.faults.clear()
    visitor.context.set_offline(False)
    thanked(visitor)
    assert visitor.barriers() == []


def test_it_is_answered_with_the_keyboard_alone(demo: Demonstration, phone: NewVisitor) -> None:
    before = demo.ballots()
    visitor = phone().get(demo.slip())
    keys = visitor.page.keyboard
    visitor.page.locator("input[type=radio]").first.focus()
    for _ in range(12):
        keys.press("Space")
        keys.press("Tab")
    assert chosen(visitor.page) == ["good"] * 12
    assert visitor.page.evaluate("document.activeElement.id") == "comment"
    keys.press("Tab")
    keys.press("Enter")
    thanked(visitor)
    assert demo.ballots() == before + 1
