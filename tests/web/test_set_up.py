"""The first run: an empty installation is set up once, with the code that the server prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey import create_app
from survey.cli.set_up import announce
from survey.storage import accounts, set_up
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, InstallationRow
from tests.web.browser import Browser

TYPED = {
    "office": "The office",
    "phone": "0990-1",
    "base_address": "https://vote.example.org",
    "language": "en",
    "name": "Anna",
    "username": "anna",
    "new": "plain words for tests",
    "again": "plain words for tests",
}


@pytest.fixture
def empty(tmp_path: Path, app: Flask) -> Flask:
    """An installation that nobody has set up and no setting says anything of."""
    return create_app({"instance_path": tmp_path, "testing": True, "secret_key": "x" * 40})


def code_of(app: Flask) -> str:
    with app.app_context():
        begin_write(db.session)
        made = set_up.code(db.session, str(app.secret_key))
        db.session.commit()
        db.engine.dispose()
        return made


def finish(app: Flask, status: int = 200, **typed: Any) -> Browser:
    browser = Browser(app).get("/staff/set-up")
    return browser.press("Set it up", status, **{"code": code_of(app)} | TYPED | typed)


@pytest.mark.parametrize("path", ["/staff/sign-in", "/admin/", "/review/"])
def test_every_page_of_the_staff_leads_to_the_set_up(empty: Flask, path: str) -> None:
    assert Browser(empty).get(path).heading == "Set up this service"


def test_the_first_page_leads_there_too(empty: Flask) -> None:
    assert Browser(empty).get("/").follow("Set up").heading == "Set up this service"


def test_it_makes_the_first_administrator_and_is_gone(empty: Flask) -> None:
    anna = finish(empty)
    assert anna.path == "/admin/"
    anna.get("/staff/set-up", 404)
    assert Browser(empty).get("/").follow("I work for").heading == "Sign in"
    rounds = anna.get("/admin/rounds/new")
    said = [rounds.page.xpath(f"//*[@name='{name}']/@value")[0] for name in ("office", "phone")]
    assert said == ["The office", "0990-1"]
    with empty.app_context():
        assert db.session.get_one(InstallationRow, 1).base_address == "https://vote.example.org"
        db.engine.dispose()


def test_a_setting_wins_over_what_is_typed_and_the_page_says_so(app: Flask) -> None:
    anna = Browser(app).get("/staff/set-up")
    assert anna.says("SURVEY_BASE_ADDRESS", "https://vote.example.org")
    other = TYPED | {"base_address": "https://elsewhere.example.org", "code": code_of(app)}
    anna.press("Set it up", **other)
    page = anna.get("/admin/people/new").press(
        "Add and invite", name="Berta", username="berta", role="administrator"
    )
    assert page.says("https://vote.example.org/staff/invitation/")


@pytest.mark.parametrize(
    "address",
    [
        "http://vote.example.org",
        "vote.example.org",
        "https://",
        "https://vote.example.org/path",
        "ftp://vote.example.org",
    ],
)
def test_an_address_that_phones_cannot_trust_is_refused(empty: Flask, address: str) -> None:
    page = finish(empty, 422, base_address=address)
    assert page.says("Please type https:// and the name of the site")


def test_this_machine_alone_does_without_https(empty: Flask) -> None:
    page = Browser(empty).get("/staff/set-up").page
    assert page.xpath("//*[@name='base_address']/@value") == ["http://localhost"]
    assert finish(empty, base_address="http://localhost:8000").path == "/admin/"


def test_without_the_code_nobody_gets_in_and_guessing_must_wait(empty: Flask) -> None:
    for _ in range(6):
        assert finish(empty, 422, code="2345-设置码").says("This code is not right")
    assert finish(empty, 422).says("wait up to 15 minutes")
    with empty.app_context():
        assert db.session.query(AccountRow).count() == 0
        db.engine.dispose()


def test_a_weak_password_makes_nobody(empty: Flask) -> None:
    assert finish(empty, 422, new="short", again="short").says("10 characters or more")
    assert finish(empty).path == "/admin/"


def test_every_process_prints_the_same_code_until_it_is_renewed(
    empty: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    empty.config["TESTING"] = False
    for _ in range(2):
        announce(empty)
    first, second = capsys.readouterr().err.splitlines()
    assert first == second
    assert code_of(empty) in first
    renewed = empty.test_cli_runner().invoke(None, ["setup-code"]).output
    assert code_of(empty) in renewed
    assert code_of(empty) not in first
    assert finish(empty, 422, code=first[-14:]).says("This code is not right")
    with empty.app_context():
        accounts.add(db.session, "anna", "Anna", "plain words for tests", "administrator")
        db.session.commit()
    announce(empty)
    assert capsys.readouterr().err == ""
    assert empty.test_cli_runner().invoke(None, ["setup-code"]).exit_code == 1
