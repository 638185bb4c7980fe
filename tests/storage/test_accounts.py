"""Accounts: passwords, sessions, and a lockout that slows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.storage import accounts, db
from survey.storage.tables import AccountRow, GroupRow

PASSWORD = "plain words for tests"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are quick to check."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The database's clock, to be turned."""
    hands = {"now": datetime(2026, 5, 1, 8, tzinfo=UTC)}
    monkeypatch.setattr(db, "now", lambda session: hands["now"])
    return hands


@pytest.fixture
def anna(session: Session) -> AccountRow:
    return accounts.add(session, "Anna ", "Anna", PASSWORD, "administrator")


def fail(session: Session, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Refused):
            accounts.verify(session, "anna", "wrong password")


def test_a_password_opens_its_account_alone(session: Session, anna: AccountRow) -> None:
    assert accounts.verify(session, "ANNA", PASSWORD) is anna
    for name, password in (("anna", "wrong one"), ("berta", PASSWORD), ("", "")):
        with pytest.raises(Refused):
            accounts.verify(session, name, password)


def test_the_password_itself_is_not_kept(session: Session, anna: AccountRow) -> None:
    assert anna.password_hash.startswith("$argon2id$")
    assert PASSWORD not in anna.password_hash


def test_every_refusal_says_the_same(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    said = set()
    for name, password in (("anna", "wrong"), ("nobody", "wrong")):
        with pytest.raises(Refused) as refusal:
            accounts.verify(session, name, password)
        said.add(str(refusal.value))
    fail(session, 10)
    with pytest.raises(Refused) as refusal:
        accounts.verify(session, "anna", PASSWORD)
    said.add(str(refusal.value))
    accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    accounts.disable(session, anna)
    with pytest.raises(Refused) as refusal:
        accounts.verify(session, "anna", PASSWORD)
    assert said == {str(refusal.value)}


def test_an_unknown_name_costs_the_same_work(
    session: Session, anna: AccountRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(accounts, "_matches", lambda kept, _typed: bool(checked.append(kept)))
    for name in ("anna", "nobody"):
        accounts.attempt(session, name, "wrong")
    assert len(checked) == 2


def test_failures_slow_and_never_shut_out(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    fail(session, accounts.FREE_FAILURES - 1)
    assert accounts.verify(session, "anna", PASSWORD) is anna
    fail(session, accounts.FREE_FAILURES)
    with pytest.raises(Refused):
        accounts.verify(session, "anna", PASSWORD)
    clock["now"] += timedelta(seconds=16)
    assert accounts.verify(session, "anna", PASSWORD) is anna


def test_the_wait_grows_up_to_a_quarter_of_an_hour(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    waits = []
    for _ in range(16):
        clock["now"] = accounts.may_try_from(anna, clock["now"])
        fail(session, 1)
        waits.append(accounts.may_try_from(anna, clock["now"]) - clock["now"])
    assert waits[3] == timedelta(0)
    assert waits[4:7] == [timedelta(seconds=seconds) for seconds in (15, 30, 60)]
    assert waits[-1] == accounts.LONGEST_WAIT
    clock["now"] += accounts.LONGEST_WAIT
    assert accounts.verify(session, "anna", PASSWORD) is anna


def test_what_is_tried_while_waiting_does_not_lengthen_the_wait(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    fail(session, accounts.FREE_FAILURES)
    until = accounts.may_try_from(anna, clock["now"])
    fail(session, 50)
    assert accounts.may_try_from(anna, clock["now"]) == until


def test_failures_of_another_day_are_forgotten(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    fail(session, accounts.FREE_FAILURES + 6)
    clock["now"] += timedelta(days=2)
    fail(session, 1)
    assert accounts.verify(session, "anna", PASSWORD) is anna


def test_one_account_s_failures_are_not_another_s(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    berta = accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    fail(session, 20)
    assert accounts.verify(session, "berta", PASSWORD) is berta


def test_a_hash_of_older_strength_is_made_anew(
    session: Session, anna: AccountRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = anna.password_hash
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(2, 16, 1))
    accounts.verify(session, "anna", PASSWORD)
    assert anna.password_hash != before
    assert accounts.verify(session, "anna", PASSWORD) is anna


def test_a_changed_password_ends_the_sessions(session: Session, anna: AccountRow) -> None:
    key = anna.session_key
    accounts.change_password(session, anna, PASSWORD, "quite another sentence")
    assert accounts.by_session_key(session, key) is None
    assert accounts.by_session_key(session, anna.session_key) is anna
    assert accounts.verify(session, "anna", "quite another sentence") is anna


def test_a_password_from_somebody_else_ends_waits_and_sessions(
    session: Session, anna: AccountRow, clock: dict[str, datetime]
) -> None:
    key = anna.session_key
    fail(session, 20)
    password = accounts.new_password()
    accounts.set_password(session, anna, password)
    assert accounts.by_session_key(session, key) is None
    assert accounts.verify(session, "anna", password) is anna


@pytest.mark.parametrize("password", ["short", "x" * 201, "anna's words", "aaaaaaaaaaaa"])
def test_a_weak_password_is_not_taken(session: Session, anna: AccountRow, password: str) -> None:
    with pytest.raises(Invalid):
        accounts.set_password(session, anna, password)


def test_made_passwords_differ_and_can_be_used() -> None:
    made = {accounts.new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(accounts.weakness("anna", password) is None for password in made)


def test_a_disabled_account_has_no_session(session: Session, anna: AccountRow) -> None:
    accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    accounts.disable(session, anna)
    assert accounts.by_session_key(session, anna.session_key) is None
    accounts.enable(session, anna)
    assert accounts.verify(session, "anna", PASSWORD) is anna


def test_the_last_administrator_cannot_be_disabled(session: Session, anna: AccountRow) -> None:
    group = GroupRow(name="Group 1")
    accounts.add(session, "lena", "Lena", PASSWORD, "lead", group)
    with pytest.raises(Refused):
        accounts.disable(session, anna)


@pytest.mark.parametrize("username", ["", "a", "two words", "x" * 41, "anna"])
def test_a_user_name_that_will_not_do_is_refused(
    session: Session, anna: AccountRow, username: str
) -> None:
    with pytest.raises(Invalid):
        accounts.add(session, username, "Somebody", PASSWORD, "administrator")


def test_a_member_belongs_to_a_group_and_an_administrator_to_none(session: Session) -> None:
    group = GroupRow(name="Group 1")
    with pytest.raises(Invalid):
        accounts.add(session, "mia", "Mia", PASSWORD, "member")
    assert accounts.add(session, "mia", "Mia", PASSWORD, "member", group).group is group
    assert accounts.add(session, "anna", "Anna", PASSWORD, "administrator", group).group is None
