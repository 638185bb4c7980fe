"""One village's later deadline where people read it: form, poster, wall, reminder, sounds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from survey.storage import deadlines, posters, rounds
from survey.storage.db import db, now
from survey.storage.tables import PostponementRow
from survey.web.i18n import moment
from tests.printing.reading import open_pages, text_of
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.test_register import choose
from tests.web.test_rounds import CSV, make, open_with_halves, open_with_server_key


@pytest.fixture
def anna(sign_in: SignIn) -> Browser:
    """An administrator with an open round of three villages."""
    browser = choose(sign_in(), "register.csv", CSV.encode()).press("Import")
    make(browser, key_holding="server")
    open_with_server_key(browser, sign_in("berta"))
    return browser


@pytest.fixture
def later(app: Flask, anna: Browser) -> str:
    """The first village may answer three days longer; how its deadline is written."""
    with app.test_request_context("/?lang=en"):
        round_ = rounds.by_slug(db.session, "spring")
        until = round_.closes_at + timedelta(days=3)
        first = rounds.villages(db.session, round_)[0]
        db.session.add(
            PostponementRow(round_id=round_.id, village_id=first.village_id, closes_at=until)
        )
        db.session.commit()
        return moment(until, round_.timezone)


def codes(app: Flask) -> list[str]:
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        return [one.code for one in posters.of_round(db.session, round_, "mass")]


def let_the_round_s_pass(app: Flask) -> None:
    with app.app_context():
        rounds.by_slug(db.session, "spring").closes_at = now(db.session) - timedelta(seconds=5)
        db.session.commit()


def test_only_its_own_form_waits_longer(
    app: Flask, anna: Browser, later: str, visitor: Browser
) -> None:
    first, second, _third = codes(app)
    let_the_round_s_pass(app)
    assert visitor.get(f"/v/{first}").heading == "清水村"
    assert visitor.get(f"/v/{second}").says("Answering has ended.")


def test_the_consent_names_the_village_s_deadline(
    app: Flask, sign_in: SignIn, visitor: Browser
) -> None:
    browser = choose(sign_in(), "register.csv", CSV.encode()).press("Import")
    make(browser)
    open_with_halves(browser, sign_in("berta"))
    first, second, _third = codes(app)
    with app.test_request_context("/?lang=en"):
        round_ = rounds.by_slug(db.session, "spring")
        village = rounds.villages(db.session, round_)[0].village_id
        until = round_.closes_at + timedelta(days=3)
        db.session.add(PostponementRow(round_id=round_.id, village_id=village, closes_at=until))
        db.session.commit()
        said, usual = (moment(one, round_.timezone) for one in (until, round_.closes_at))
    assert visitor.get(f"/v/{first}").says(f"after {said} two people")
    reads = visitor.page.xpath("//script[@type='text/html']")[0].text
    assert f"/mass/poster/{village}" in reads
    assert visitor.get(f"/v/{second}").says(f"after {usual} two people")
    assert f"/mass/poster/{village}" not in visitor.page.xpath("//script[1]")[0].text


def test_its_poster_names_it(anna: Browser, later: str) -> None:
    anna.get("/admin/rounds/spring/printing")
    pages = open_pages(anna.send("Print posters (PDF)", language="en").data)
    day, month = later.split()[:2]
    closes = f"{day}{month},"
    assert [closes in text_of(page) for page in pages] == [True, False, False]


def test_the_wall_and_the_page_list_it(anna: Browser, later: str) -> None:
    assert anna.get("/admin/rounds/spring/wall").says(f"until {later}")
    anna.get("/admin/rounds/spring/postpone")
    assert anna.rows() == [["东坡镇", "清水村", later]]


def test_it_is_proposed_on_the_page(app: Flask, anna: Browser) -> None:
    anna.get("/admin/rounds/spring").follow("More time for one village")
    anna.press("Propose the later time", 422, until="2020-01-01T08:00")
    assert anna.says("later than the one")
    with app.app_context():
        round_ = rounds.by_slug(db.session, "spring")
        until = round_.closes_at + timedelta(days=2)
    anna.press("Propose the later time", until=until.strftime("%Y-%m-%dT%H:%M"))
    assert anna.says("A second person now confirms it")
    assert anna.get("/admin/rounds/spring").says("giving a village more time")
    with app.app_context():
        assert deadlines.postponed(db.session, rounds.by_slug(db.session, "spring")) == {}
