"""A phone with scripts at the edge of the network: no answer is lost, none is counted twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import NewVisitor
from tests.browser.site import Demonstration
from tests.browser.villager import (
    USED,
    answer,
    chosen,
    closed_and_back,
    come,
    send,
    stored,
    thanked,
    waiting,
)

pytestmark = pytest.mark.browser


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


def test_the_network_s_return_sends_at_once_not_at_the_next_try(
    demo: Demonstration, phone: NewVisitor
) -> None:
    before = demo.ballots()
    visitor = phone()
    visitor.page.clock.install(time=0)
    visitor.get(demo.slip())
    answer(visitor)
    visitor.page.clock.pause_at(60_000)
    visitor.context.set_offline(True)
    send(visitor)
    waiting(visitor)
    visitor.faults.clear()
    visitor.context.set_offline(False)
    thanked(visitor)
    assert demo.ballots() == before + 1


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
