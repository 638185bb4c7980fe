"""Slips on paper: keyed twice and blind, compared on the page, sent through the villagers' door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route

from survey.core import box, codes
from survey.core.box import OpenedBallot
from survey.demo.present import SLUG
from survey.storage import boxes, keys, rounds
from survey.storage.db import begin_write, db
from tests.browser.conftest import NewVisitor
from tests.browser.page import Visitor
from tests.browser.site import Demonstration

pytestmark = pytest.mark.browser

PAGE = f"/admin/rounds/{SLUG}/paper"
KEYED = "123451234510"
MEANT = (0, 1, 2, 3, -1, 0, 1, 2, 3, -1, 0, -2)
"""What the digits of `KEYED` mean: 1 to 4 from good to poor, 5 don't know, 0 blank."""


@dataclass
class Urn:
    """The open round as a test looks into it: slips, and what came into the box meanwhile."""

    demo: Demonstration

    def __post_init__(self) -> None:
        self.known = set(self._box())

    def slip(self, audience: str = "mass") -> str:
        """Return the code of a new slip."""
        return self.demo.slip(audience).removeprefix("/t/")

    def came(self) -> list[OpenedBallot]:
        """Open what came since the last time."""
        everything = self._box()
        new = [ballot for row, ballot in everything.items() if row not in self.known]
        self.known = set(everything)
        return new

    def _box(self) -> dict[bytes, OpenedBallot]:
        return self.demo.site.ask(self._open)

    def _open(self) -> dict[bytes, OpenedBallot]:
        round_ = rounds.by_slug(db.session, SLUG)
        intake = boxes.of_round(round_.id).intake
        digests = {row.audience: row.questionnaire_digest for row in round_.audiences}
        lengths = {row.audience: row.ballot_length or 0 for row in round_.audiences}
        private = keys.server_key(self.demo.keys, round_.id)
        pepper = keys.pepper(self.demo.keys, round_.id)
        open_ = box.opener(private, pepper, round_.id, digests, lengths)
        columns = (intake.c.id, intake.c.village_id, intake.c.audience, intake.c.ciphertext)
        rows = db.session.execute(sa.select(*columns, intake.c.row_mac))
        return {row[0]: open_(*row) for row in rows}

    def void(self, code: str) -> None:
        """Make the slip *code* void."""

        def change() -> None:
            begin_write(db.session)
            round_ = rounds.by_slug(db.session, SLUG)
            mac = box.ticket_mac(keys.pepper(self.demo.keys, round_.id), code)
            ticket = boxes.of_round(round_.id).ticket
            db.session.execute(sa.update(ticket).where(ticket.c.mac == mac).values(void=True))
            db.session.commit()

        self.demo.site.ask(change)


@pytest.fixture
def urn(demo: Demonstration) -> Urn:
    """The urn that the slips were thrown into."""
    return Urn(demo)


@pytest.fixture
def desk(visit: NewVisitor, demo: Demonstration) -> Visitor:
    """An administrator before the page on which paper slips are keyed."""
    window = visit("en", 1366)
    window.sign_in("admin", demo.password("admin"))
    window.get(PAGE)
    window.page.locator("#code").wait_for()
    return window


def key(page: Page, code: str, digits: str = KEYED, comment: str = "") -> None:
    """Key one slip by the keyboard alone, from the code to the Enter that takes it."""
    page.keyboard.type(code + digits + comment)
    page.keyboard.press("Enter")


def done(page: Page) -> None:
    page.get_by_role("button", name="The stack is keyed").click()


def key_twice(page: Page, *slips: str) -> None:
    """Key *slips* by both persons, the same each time."""
    for _ in range(2):
        for code in slips:
            key(page, code)
        done(page)


def send(page: Page) -> None:
    page.locator("#send").click()


def sent(page: Page) -> None:
    """Wait until everything is acknowledged."""
    page.locator("#more:not([hidden]), #left:not([hidden])").wait_for()


def grouped(code: str) -> str:
    return codes.group_ticket_code(code)


def kept(page: Page) -> int:
    return int(page.evaluate("localStorage.length + sessionStorage.length"))


def test_what_both_keyed_alike_is_counted_as_it_stands_on_the_slip(urn: Urn, desk: Visitor) -> None:
    page, slips = desk.page, [urn.slip(), urn.slip()]
    urn.demo.site.seen.clear()
    for _ in range(2):
        key(page, slips[0], KEYED, "the well")
        key(page, grouped(slips[1]), "5" * 12)
        assert page.locator("#count").inner_text() == "Keyed by you: 2"
        assert urn.demo.site.seen == []
        done(page)
    assert page.locator("#ready").inner_text() == "Both agree: 2"
    assert kept(page) == 0
    send(page)
    sent(page)
    assert page.locator("#counted").inner_text() == "Counted: 2"
    came = urn.came()
    assert {one.ballot.answers for one in came} == {MEANT, (-1,) * 12}
    assert {one.ballot.comment for one in came} == {"the well", ""}
    assert {(one.bucket, one.access) for one in came} == {(0, "ticket")}
    assert urn.demo.site.seen == ["POST /t/"] * 4
    assert kept(page) == 0


def test_the_second_person_sees_nothing_of_the_first(urn: Urn, desk: Visitor) -> None:
    page, code = desk.page, urn.slip()
    key(page, code, KEYED, "the well")
    done(page)
    assert page.locator("#who").inner_text() == "Second person: key the same stack"
    shown = page.locator("main").inner_text() + "".join(
        field.input_value() for field in page.locator("main input").all()
    )
    assert "the well" not in shown
    assert grouped(code) not in shown
    assert page.locator("#count").inner_text() == "Keyed by you: 0"


def test_words_are_shown_while_keying_and_backspace_goes_back(urn: Urn, desk: Visitor) -> None:
    page = desk.page
    page.keyboard.type(urn.slip() + "14")
    assert page.locator("#said-1").inner_text() == "Good"
    assert page.locator("#said-2").inner_text() == "Poor"
    assert page.evaluate("document.activeElement.id") == "item-3"
    page.keyboard.press("Backspace")
    assert page.locator("#item-2").input_value() == page.locator("#said-2").inner_text() == ""
    page.keyboard.type("5 79x")
    assert page.locator("#said-2").inner_text() == "Don’t know / rather not say"
    assert page.locator("#said-3").inner_text() == "blank"
    assert page.evaluate("document.activeElement.id") == "item-4"
    page.keyboard.press("Enter")
    assert desk.says("Some items are not keyed yet")
    for _ in range(4):
        page.keyboard.press("Backspace")
    assert page.evaluate("document.activeElement.id") == "code"


def test_what_differs_is_named_without_values_and_keyed_anew_by_both(
    urn: Urn, desk: Visitor
) -> None:
    page, same, other = desk.page, urn.slip(), urn.slip()
    for digits in (KEYED, "2" + KEYED[1:]):
        key(page, same)
        key(page, other, digits, "a" if digits == KEYED else "b")
        done(page)
    (line,) = page.locator("#differing li").all_inner_texts()
    assert line.startswith(f"{grouped(other)} · 1. How well did the team listen")
    assert line.endswith("the comment")
    assert "Good" not in line
    assert page.locator("#ready").inner_text() == "Both agree: 1"
    page.locator("#again").click()
    for who in ("First", "Second"):
        assert page.locator("#who").inner_text() == f"{who} person: key these slips anew"
        assert page.locator("#wanted").inner_text() == grouped(other)
        key(page, other, "4" * 12)
        done(page)
    assert page.locator("#ready").inner_text() == "Both agree: 2"
    send(page)
    sent(page)
    assert {one.ballot.answers for one in urn.came()} == {MEANT, (3,) * 12}


def test_a_slip_keyed_once_is_named_and_keyed_by_the_other_alone(urn: Urn, desk: Visitor) -> None:
    page, both, first, second = desk.page, urn.slip(), urn.slip(), urn.slip()
    for only in (first, second):
        key(page, both)
        key(page, only)
        done(page)
    assert page.locator("#differing li").all_inner_texts() == [
        f"{grouped(first)} · keyed by the first person only",
        f"{grouped(second)} · keyed by the second person only",
    ]
    page.locator("#again").click()
    for missing in (second, first):
        assert page.locator("#wanted").inner_text() == grouped(missing)
        key(page, missing)
        done(page)
    send(page)
    sent(page)
    assert len(urn.came()) == 3


def test_slips_can_be_left_out_and_are_not_sent(urn: Urn, desk: Visitor) -> None:
    page, both, once = desk.page, urn.slip(), urn.slip()
    key(page, both)
    key(page, once)
    done(page)
    key(page, both)
    done(page)
    page.locator("#drop").click()
    send(page)
    sent(page)
    assert len(urn.came()) == 1
    assert page.locator("#more").is_visible()


def test_what_agrees_can_be_sent_before_the_rest_is_settled(urn: Urn, desk: Visitor) -> None:
    page, both, once = desk.page, urn.slip(), urn.slip()
    key(page, both)
    key(page, once)
    done(page)
    key(page, both)
    done(page)
    send(page)
    sent(page)
    assert len(urn.came()) == 1
    page.locator("#left").click()
    assert page.locator("#differing li").count() == 1
    page.locator("#again").click()
    page.keyboard.type(urn.slip())
    assert desk.says("This slip is not one of those to be keyed anew.")
    page.locator("#code").fill("")
    key(page, once)
    done(page)
    send(page)
    sent(page)
    assert len(urn.came()) == 1


def test_a_slip_that_cannot_be_counted_is_told_with_its_reason(urn: Urn, desk: Visitor) -> None:
    page = desk.page
    good, used, void, other = urn.slip(), urn.slip(), urn.slip(), urn.slip("self")
    unknown = codes.make_ticket_code()
    key_twice(page, used)
    send(page)
    sent(page)
    page.locator("#more").click()
    key_twice(page, good, used, void, other, unknown)
    urn.void(void)
    urn.came()
    send(page)
    sent(page)
    assert dict(line.split(" · ") for line in page.locator("#refused li").all_inner_texts()) == {
        grouped(used): "Not counted: an answer with this slip was counted before.",
        grouped(void): "Not counted: this slip is no longer valid.",
        grouped(other): "Not counted: this slip belongs to another questionnaire or round.",
        grouped(unknown): "Not counted: the service does not know this slip.",
    }
    assert [one.ballot.answers for one in urn.came()] == [MEANT]
    desk.faults.clear()


def test_a_mistyped_code_is_noticed_at_once(urn: Urn, desk: Visitor) -> None:
    page, code = desk.page, urn.slip()
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    page.keyboard.type(wrong)
    assert desk.says("One digit is not right")
    assert page.evaluate("document.activeElement.id") == "code"
    page.locator("#code").fill("")
    page.keyboard.type(f"HTTPS://PING.EXAMPLE.ORG:8080/T/{code}")
    assert page.evaluate("document.activeElement.id") == "item-1"
    page.keyboard.press("Enter")
    page.keyboard.type(KEYED)
    page.keyboard.press("Enter")
    assert page.locator("#count").inner_text() == "Keyed by you: 1"


def test_the_other_audience_has_its_own_items(urn: Urn, desk: Visitor) -> None:
    desk.follow("Key those of: Self-evaluation")
    key_twice(desk.page, urn.slip("self"))
    send(desk.page)
    sent(desk.page)
    (ballot,) = urn.came()
    assert ballot.ballot.answers == MEANT


def test_a_network_cut_and_a_busy_server_lose_and_double_nothing(urn: Urn, desk: Visitor) -> None:
    page, slips, cut = desk.page, [urn.slip() for _ in range(3)], []

    def lose(route: Route) -> None:
        if "reminded" in (route.request.post_data or "") and len(cut) < 3:
            if not cut:
                route.fetch()
            if len(cut) < 2:
                route.abort()
            else:
                route.fulfill(status=503, content_type="text/html", body="<body data-is=thanks>")
            cut.append(1)
        else:
            route.continue_()

    key_twice(page, *slips)
    page.route("**/t/", lose)
    send(page)
    page.locator("#progress", has_text="Waiting for the network").wait_for()
    sent(page)
    assert page.locator("#counted").inner_text() == "Counted: 3"
    assert page.locator("#refused li").count() == 0
    assert len(urn.came()) == 3
    assert len(cut) == 3
    desk.faults.clear()


def test_a_doubled_request_and_a_double_click_count_once(urn: Urn, desk: Visitor) -> None:
    page = desk.page

    def twice(route: Route) -> None:
        route.fetch()
        route.continue_()

    key_twice(page, urn.slip(), urn.slip())
    page.route("**/t/", twice)
    page.locator("#send").dblclick()
    sent(page)
    assert page.locator("#counted").inner_text() == "Counted: 2"
    assert len(urn.came()) == 2


def test_no_cookie_and_no_address_of_staff_go_with_a_ballot(urn: Urn, desk: Visitor) -> None:
    page, told = desk.page, []

    def look(route: Route) -> None:
        told.append(route.request.all_headers())
        route.continue_()

    key_twice(page, urn.slip())
    page.route("**/t/", look)
    send(page)
    sent(page)
    assert told
    assert not [headers for headers in told if {"cookie", "referer"} & set(headers)]


def test_leaving_before_it_is_sent_is_asked_about(urn: Urn, desk: Visitor) -> None:
    page, asked = desk.page, []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    key_twice(page, urn.slip())
    page.once("dialog", stay)
    page.evaluate("setTimeout(() => location.reload())")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    send(page)
    sent(page)
    page.reload()
    assert asked == ["beforeunload"]
    assert page.locator("#counted").inner_text() == ""
    assert len(urn.came()) == 1


def test_without_scripts_the_page_says_what_it_needs(
    visit: NewVisitor, demo: Demonstration
) -> None:
    window = visit("en", 1366, scripts=False)
    window.sign_in("admin", demo.password("admin"))
    window.get(PAGE)
    assert window.says("This page needs JavaScript.")
    assert not window.page.locator("#slip").is_visible()
