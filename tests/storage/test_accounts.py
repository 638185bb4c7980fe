"""Accounts: who they are, their passwords, the end of their sessions."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.storage import accounts
from survey.storage.tables import AccountRow, GroupRow

PASSWORD = "plain words for tests"
ANOTHER = "quite another sentence"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are quick to check."""
    monkeypatch.setattr(accounts, "_HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def anna(session: Session) -> AccountRow:
    return accounts.add(session, "Anna ", "Anna", PASSWORD, "administrator")


def test_a_password_is_its_account_s_alone(session: Session, anna: AccountRow) -> None:
    berta = accounts.add(session, "berta", "Berta", ANOTHER, "administrator")
    assert accounts.matches(anna, PASSWORD)
    assert not accounts.matches(anna, ANOTHER)
    assert not accounts.matches(berta, PASSWORD)
    assert not accounts.matches(None, PASSWORD)


def test_names_are_found_whatever_their_capitals(session: Session, anna: AccountRow) -> None:
    assert accounts.by_username(session, " ANNA") is anna
    assert accounts.by_username(session, "anna\0") is None


def test_the_password_itself_is_not_kept(session: Session, anna: AccountRow) -> None:
    assert anna.password_hash.startswith("$argon2id$")
    assert PASSWORD not in anna.password_hash


def test_a_changed_password_ends_the_sessions(session: Session, anna: AccountRow) -> None:
    key = anna.session_key
    accounts.change_password(session, anna, PASSWORD, ANOTHER)
    assert accounts.by_session_key(session, key) is None
    assert accounts.by_session_key(session, anna.session_key) is anna
    assert accounts.matches(anna, ANOTHER)


def test_a_password_from_somebody_else_ends_sessions_and_is_to_be_changed(
    session: Session, anna: AccountRow
) -> None:
    key = anna.session_key
    password = accounts.issue_password(session, anna)
    assert accounts.by_session_key(session, key) is None
    assert accounts.matches(anna, password)
    assert anna.provisional
    accounts.change_password(session, anna, password, ANOTHER)
    assert not anna.provisional


@pytest.mark.parametrize("password", ["short", "x" * 201, "anna's words", "aaaaaaaaaaaa"])
def test_a_weak_password_is_not_taken(session: Session, anna: AccountRow, password: str) -> None:
    with pytest.raises(Invalid):
        accounts.change_password(session, anna, PASSWORD, password)
    assert accounts.matches(anna, PASSWORD)


def test_the_old_password_is_no_new_one(session: Session, anna: AccountRow) -> None:
    with pytest.raises(Invalid):
        accounts.change_password(session, anna, PASSWORD, PASSWORD)


def test_made_passwords_differ_and_can_be_used() -> None:
    made = {accounts.new_password() for _ in range(200)}
    assert len(made) == 200
    assert all(accounts.weakness("anna", password) is None for password in made)


def test_a_disabled_account_has_no_session(session: Session, anna: AccountRow) -> None:
    accounts.add(session, "berta", "Berta", PASSWORD, "administrator")
    key = anna.session_key
    accounts.disable(session, anna)
    assert accounts.by_session_key(session, key) is None
    assert accounts.by_session_key(session, anna.session_key) is None
    accounts.enable(session, anna)
    assert accounts.by_session_key(session, key) is None
    assert accounts.by_session_key(session, anna.session_key) is anna


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
