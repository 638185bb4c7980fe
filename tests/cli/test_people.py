"""flask --app survey person: added, found again after a lost password or device, shut out."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.storage import accounts, audit, lockout, second_factor, sign_in
from survey.storage.db import begin_write, db
from survey.storage.tables import AccountRow, GroupRow

KEY = "a secret for tests, long enough to be one"


@pytest.fixture
def app(empty: Flask) -> Flask:
    """An installation with nothing in it."""
    return empty


def run(app: Flask, *words: str, code: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["person", *words])
    assert result.exit_code == code, result.output
    return result.output.strip()


def add(app: Flask, username: str, *options: str) -> str:
    """Add a person; return the password that was shown."""
    return run(app, "add", username, *options).split()[-1]


def account(username: str) -> AccountRow:
    db.session.expire_all()
    found = accounts.by_username(db.session, username)
    assert found is not None
    return found


def opens(username: str, password: str) -> bool:
    return sign_in.attempt(db.session, username, password).right


def acts() -> list[str]:
    db.session.rollback()
    return [row.act for row in audit.listing(db.session, actor="console").rows]


def test_a_person_is_added_with_a_password_to_be_changed(app: Flask) -> None:
    password = add(app, "anna", "--name", "Anna")
    assert opens("anna", password)
    assert account("anna").provisional
    assert (account("anna").name, account("anna").role) == ("Anna", "administrator")
    assert acts() == ["person.add"]


def test_the_last_administrator_gets_back_in_after_a_lost_password(app: Flask) -> None:
    old = add(app, "anna")
    key = account("anna").session_key
    new = run(app, "reset", "ANNA").split()[-1]
    assert not opens("anna", old)
    assert opens("anna", new)
    assert account("anna").provisional
    assert accounts.by_session_key(db.session, key) is None
    assert acts() == ["person.reset", "person.add"]


def turn_on() -> None:
    begin_write(db.session)
    anna = account("anna")
    second_factor.begin(db.session, anna, KEY)
    totp = second_factor.codes.pyotp.TOTP(second_factor.begun(db.session, anna, KEY))
    second_factor.confirm(db.session, anna, totp.now(), KEY)
    db.session.commit()


def test_a_lost_device_is_taken_away_only_when_asked_for(app: Flask) -> None:
    add(app, "anna")
    turn_on()
    run(app, "reset", "anna")
    assert second_factor.is_on(db.session, account("anna"))
    run(app, "reset", "anna", "--second-factor")
    assert not second_factor.is_on(db.session, account("anna"))
    assert acts()[:2] == ["person.second_factor", "person.reset"]


def test_a_reset_lets_in_at_once_while_somebody_guesses(app: Flask) -> None:
    add(app, "anna")
    begin_write(db.session)
    anna = account("anna")
    anna.provisional = False
    anna.failures, anna.last_failure_at = 50, sign_in.db.now(db.session)
    db.session.commit()
    password = run(app, "reset", "anna").split()[-1]
    begin_write(db.session)
    for _ in range(lockout.FREE_FAILURES + 1):
        with pytest.raises(sign_in.Refused):
            sign_in.admit(db.session, sign_in.Attempt(account("anna").id, False))
    made = sign_in.attempt(db.session, "anna", password)
    assert sign_in.admit(db.session, made).username == "anna"


def test_people_are_listed_with_what_matters(app: Flask) -> None:
    db.session.add(GroupRow(name="Group 1"))
    db.session.commit()
    add(app, "anna")
    add(app, "mia", "--role", "member", "--group", "Group 1")
    turn_on()
    run(app, "disable", "mia")
    assert run(app, "list").split("\n") == [
        "anna\tadministrator\t—\tsecond-factor",
        "mia\tmember\tGroup 1\tdisabled",
    ]


def test_somebody_is_shut_out_and_let_in(app: Flask) -> None:
    add(app, "anna")
    add(app, "berta")
    assert "can no longer sign in" in run(app, "disable", "berta")
    assert account("berta").disabled
    assert "last administrator" in run(app, "disable", "anna", code=1)
    assert not account("anna").disabled
    assert "can sign in again" in run(app, "enable", "berta")
    assert not account("berta").disabled
    assert acts()[:2] == ["person.enable", "person.disable"]


@pytest.mark.parametrize("act", ["reset", "disable", "enable"])
def test_an_unknown_name_is_said(app: Flask, act: str) -> None:
    assert "no person with the user name nobody" in run(app, act, "nobody", code=1)
