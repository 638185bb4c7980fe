"""A rehearsal on the pages: made, marked everywhere, answered, sealed and deleted by one person."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.storage import audit, posters, rounds
from survey.storage.db import db
from survey.storage.questionnaires import defaults
from survey.storage.tables import RoundRow
from tests.printing.reading import open_pages, text_of
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_register import choose
from tests.web.test_rounds import CSV, make

ROUND = "/admin/rounds/spring-rehearsal-1"
GOOD = {item.key: "good" for item in defaults()["mass"].items}


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator with a draft of three villages, who has opened its rehearsal."""
    browser = choose(sign_in(), "register.csv", CSV.encode()).press("Import")
    make(browser)
    browser.follow("make a rehearsal")
    return browser.press("Open the rehearsal")


def rehearsal() -> RoundRow:
    return rounds.by_slug(db.session, "spring-rehearsal-1")


def poster(app: Flask, audience: str = "mass") -> str:
    with app.app_context():
        return posters.of_round(db.session, rehearsal(), audience)[0].code


def answer(app: Flask, visitor: Browser, **unsure: str) -> None:
    visitor.get(f"/v/{poster(app)}?another=1").press("Send", **GOOD | unsure)
    assert visitor.heading == "Thank you. The rehearsal has your answer."


def test_one_click_opens_it_in_the_first_two_villages(app: Flask, anna: Browser) -> None:
    assert anna.path == ROUND
    assert anna.says("REHEARSAL: Spring round", "Open for answers", "The server holds the key")
    with app.app_context():
        villages = rounds.villages(db.session, rehearsal())
        assert [row.name for row in villages] == ["清水村", "石桥村"]
        assert rounds.by_slug(db.session, "spring").state == "draft"
    assert anna.get("/admin/rounds/spring").says("REHEARSAL: Spring round")


@pytest.mark.parametrize("path", ["", "/printing", "/slips", "/wall", "/helpers", "/tickets"])
def test_every_page_of_it_says_so(anna: Browser, path: str) -> None:
    anna.get(f"{ROUND}{path}")
    marks = anna.page.xpath("//main//*[@class='rehearsal']/text()")
    assert [str(mark).strip() for mark in marks] == ["REHEARSAL"]


def test_a_real_round_is_marked_by_nothing(anna: Browser) -> None:
    anna.get("/admin/rounds/spring")
    assert not anna.page.xpath("//*[@class='rehearsal']")


def test_the_form_says_what_is_true_of_it(app: Flask, anna: Browser, visitor: Browser) -> None:
    visitor.get(f"/v/{poster(app)}")
    assert visitor.says(
        "REHEARSAL",
        "it counts for no village",
        "the server holds the key",
        "Nothing is published, and the answers are deleted with the rehearsal",
    )
    assert not visitor.says("results hang")
    visitor.press("Send", **GOOD)
    assert visitor.says("REHEARSAL", "It counts for no village")
    assert not visitor.says("results hang")


def test_posters_and_slips_carry_the_word_beside_the_village(anna: Browser) -> None:
    anna.get(f"{ROUND}/printing")
    pages = open_pages(anna.send("Print posters (PDF)", language="en").data)
    assert "REHEARSAL·清水村" in text_of(pages[0])
    anna.get(f"{ROUND}/tickets").press("Propose to print", how="each", each="3", spare="0")
    assert anna.says("Confirm and fetch the sheets"), "one person prints them"


def test_it_is_sealed_and_names_questions_without_a_number(
    app: Flask, anna: Browser, visitor: Browser
) -> None:
    first = next(iter(GOOD))
    for unsure in ("unknown", "unknown", "good", "good", "good"):
        answer(app, visitor, **{first: unsure})
    anna.get(ROUND).press("Seal the rehearsal")
    anna.get(ROUND)
    asked = defaults()["mass"].items
    assert anna.says("Answers sealed", "Reword these", asked[0].text.en)
    assert not anna.says(asked[1].text.en)
    assert anna.says("Fewer than five answered.")  # the self-evaluation
    anna.follow("Reword them for “Spring round”")
    assert anna.path == "/admin/rounds/spring/questionnaires"
    with app.app_context():
        assert rehearsal().state == "sealed"


def test_groups_have_nothing_to_do_with_it(anna: Browser, sign_in: SignIn) -> None:
    anna.get(ROUND).press("Seal the rehearsal")
    anna.get("/review/spring-rehearsal-1/", 404)
    anna.get("/review/ledger/spring-rehearsal-1", 404)
    assert not anna.get("/review/").says("REHEARSAL")


def test_deleted_it_is_gone_and_the_log_knows(app: Flask, anna: Browser, visitor: Browser) -> None:
    code = poster(app)
    anna.get(ROUND).press("Delete it now")
    assert anna.says("The rehearsal is deleted", "Spring round")
    anna.get(ROUND, 404)
    visitor.get(f"/v/{code}", 404)
    assert anna.get("/admin/retention").says("REHEARSAL: Spring round", "Anna")
    with app.app_context():
        assert audit.listing(db.session, act="round.remove").total == 1


def test_villages_are_ticked_or_listed(anna: Browser, app: Flask) -> None:
    anna.get("/admin/rounds/spring/rehearse")
    anna.press("Open the rehearsal", ticked=None, codes="990102100201")
    with app.app_context():
        made = rounds.by_slug(db.session, "spring-rehearsal-2")
        assert [row.name for row in rounds.villages(db.session, made)] == ["长田村"]
    anna.get("/admin/rounds/spring/rehearse")
    anna.press("Open the rehearsal", 422, ticked=None, codes="999")
    assert anna.says("999")


def test_a_late_answer_to_a_deleted_rehearsal_is_not_thanked(
    app: Flask, anna: Browser, visitor: Browser
) -> None:
    visitor.get(f"/v/{poster(app)}")
    anna.get(ROUND).press("Delete it now")
    visitor.press("Send", 404, **GOOD)
    assert not visitor.says("Thank you")
