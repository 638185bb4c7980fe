"""Accounts of the staff: who they are, their passwords, the end of their sessions."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence, say
from survey.storage import db, devices
from survey.storage.groups import REVIEWING_ROLES
from survey.storage.tables import ROLES, AccountRow, GroupRow

LONGEST_UNIT = 60
MINIMUM_PASSWORD = 10
MAXIMUM_PASSWORD = 200

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_HASHER = PasswordHasher()
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$NvPpOlwx5zF8LNdkoswMYQ"
    "$El/KAG1/ml/rYmjXkgklpapYM+gyJ96UzcJBib5j+mI"
)
"""The hash of a password that nobody knows: what an unknown name is compared with."""


def add(
    session: Session,
    username: str,
    name: str,
    password: str,
    role: str,
    group: GroupRow | None = None,
    language: str = "zh",
    *,
    unit: str = "",
    township: str | None = None,
    provisional: bool = False,
) -> AccountRow:
    """Add a person; *role* is one of `ROLES`, *unit* where they work (core/conflict).

    *township*: of which one a moderator is, "" of none, None where nobody said.

    A *provisional* password is made by `new_password` and changed at the first sign-in.

    Raises `Invalid` where the username is taken or badly written, the password too short, or a
    lead or member has no acceptance group.
    """
    username = _checked_username(session, username)
    group = _checked_group(role, group)
    account = AccountRow(
        username=username,
        name=name.strip() or username,
        password_hash=_hash(username, password),
        provisional=provisional,
        role=role,
        group=group,
        unit=_checked_unit(unit),
        township=_checked_township(role, township),
        language=language,
        session_key=_new_session_key(),
        disabled=False,
        created_at=db.now(session),
        failures=0,
    )
    session.add(account)
    session.flush()
    return account


def _checked_username(session: Session, username: str) -> str:
    username = username.strip().lower()
    if not (2 <= len(username) <= 40 and username.isprintable() and " " not in username):
        raise Invalid(N_("A user name has 2 to 40 letters or digits and no spaces."))
    if by_username(session, username) is not None:
        raise Invalid(
            N_("The user name %(username)s is taken: please choose another."), username=username
        )
    return username


def _checked_group(role: str, group: GroupRow | None) -> GroupRow | None:
    """Return the group that somebody with *role* sits in; none for those who look on."""
    if role not in ROLES:
        raise Invalid(N_("Please choose one of the roles."))
    if role not in REVIEWING_ROLES:
        return None
    if group is None:
        raise Invalid(N_("A lead or member belongs to an acceptance group: please choose it."))
    return group


def _checked_unit(unit: str) -> str:
    unit = " ".join(unit.split())
    if len(unit) > LONGEST_UNIT or not unit.isprintable():
        raise Invalid(
            N_("A unit has a name of at most %(maximum)d characters."), maximum=LONGEST_UNIT
        )
    return unit


def _checked_township(role: str, township: str | None) -> str | None:
    """Return of which township a moderator is; of anybody else it is not kept."""
    return township if role == "moderator" else None


def by_username(session: Session, username: str) -> AccountRow | None:
    """Return the account of *username*, whatever its capitals, or None."""
    if not username.isprintable():
        return None
    return session.scalar(
        sa.select(AccountRow).where(AccountRow.username == username.strip().lower())
    )


def by_session_key(session: Session, session_key: str) -> AccountRow | None:
    """Return the account whose sessions carry *session_key*; None where it is disabled."""
    return session.scalar(
        sa.select(AccountRow).where(
            AccountRow.session_key == session_key, AccountRow.disabled.is_(False)
        )
    )


def by_id(session: Session, account_id: int) -> AccountRow:
    """Return the account with *account_id*; raises `Missing`."""
    account = session.get(AccountRow, account_id)
    if account is None:
        raise Missing(N_("There is no such person."))
    return account


def listing(session: Session) -> list[AccountRow]:
    """Return everybody, administrators first, then by acceptance group and name."""
    return list(
        session.scalars(
            sa.select(AccountRow)
            .outerjoin(GroupRow, AccountRow.group_id == GroupRow.id)
            .order_by(
                AccountRow.role != "administrator",
                GroupRow.id,
                AccountRow.role,
                AccountRow.username,
            )
        )
    )


def matches(account: AccountRow | None, password: str) -> bool:
    """Say whether *password* is the account's; slow, and as slow where there is no account."""
    try:
        kept = account.password_hash if account else _NOBODY
        return _HASHER.verify(kept, password[: MAXIMUM_PASSWORD + 1])
    except VerifyMismatchError:
        return False


def strengthened(account: AccountRow, password: str) -> str | None:
    """Return a new hash of *password* where the kept one is of older strength, else None."""
    outdated = _HASHER.check_needs_rehash(account.password_hash)
    return _HASHER.hash(password) if outdated else None


def change_password(session: Session, account: AccountRow, old: str, new: str) -> None:
    """Give *account* the password *new* of its own choice and end all its sessions.

    *old* is what was typed and found right (`sign_in.admit`). Raises `Invalid` where *new* is too
    short or easy, or the same.
    """
    if old == new:
        raise Invalid(N_("The new password must be another one than the old."))
    account.password_hash = _hash(account.username, new)
    account.provisional = False
    end_sessions(session, account)


def set_password(session: Session, account: AccountRow, password: str) -> None:
    """Give *account* the first *password* of its own choice; sessions and waits end.

    Raises `Invalid` where it is too short or easy.
    """
    account.password_hash = _hash(account.username, password)
    account.provisional = False
    account.failures, account.last_failure_at = 0, None
    devices.forget(session, account)
    end_sessions(session, account)


def issue_password(session: Session, account: AccountRow) -> str:
    """Return a new machine-made password of *account*, to be changed at the first sign-in.

    Its sessions, waits and known browsers end with the old password.
    """
    password = new_password()
    account.password_hash = _hash(account.username, password)
    account.provisional = True
    account.failures, account.last_failure_at = 0, None
    devices.forget(session, account)
    end_sessions(session, account)
    return password


def end_sessions(session: Session, account: AccountRow) -> None:
    """Sign *account* out everywhere by giving it a new session key."""
    account.session_key = _new_session_key()
    session.flush()


def disable(session: Session, account: AccountRow) -> None:
    """Shut *account* out; raises `Refused` for the last administrator."""
    if account.role == "administrator" and _administrators(session) <= 1:
        raise Refused(N_("This is the last administrator: add another one first."))
    account.disabled = True
    end_sessions(session, account)


@dataclass(frozen=True)
class Particulars:
    """What an administrator may change of somebody: their name, role, group, unit and township."""

    name: str
    role: str
    group: GroupRow | None
    unit: str
    township: str | None = None


def change(session: Session, account: AccountRow, wanted: Particulars) -> dict[str, list[str]]:
    """Change *account* to what is *wanted*; return each changed field with its old and new value.

    Raises `Invalid` as `add` does, and `Refused` where the last administrator would be none.
    """
    before = _particulars(account)
    leaves = account.role == "administrator" and wanted.role != "administrator"
    if leaves and not account.disabled and _administrators(session) <= 1:
        raise Refused(N_("This is the last administrator: add another one first."))
    account.group = _checked_group(wanted.role, wanted.group)
    account.role = wanted.role
    account.unit = _checked_unit(wanted.unit)
    account.township = _checked_township(wanted.role, wanted.township)
    account.name = wanted.name.strip() or account.username
    session.flush()
    after = _particulars(account)
    return {
        field: [before[field], after[field]] for field in after if before[field] != after[field]
    }


def _particulars(account: AccountRow) -> dict[str, str]:
    return {
        "name": account.name,
        "role": account.role,
        "group": account.group.name if account.group else "",
        "unit": account.unit,
        "township": _told(account.township),
    }


def _told(township: str | None) -> str:
    return "?" if township is None else township


def enable(session: Session, account: AccountRow) -> None:
    """Let *account* in again, with its old password."""
    account.disabled = False
    session.flush()


def _administrators(session: Session) -> int:
    count = sa.select(sa.func.count()).where(
        AccountRow.role == "administrator", AccountRow.disabled.is_(False)
    )
    return session.execute(count).scalar_one()


def new_password() -> str:
    """Return a machine-made password: 12 signs of 31 in three groups, about 59 random bits."""
    signs = [secrets.choice(_ALPHABET) for _ in range(12)]
    return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))


def _new_session_key() -> str:
    return secrets.token_urlsafe(24)


def _hash(username: str, password: str) -> str:
    fault = weakness(username, password)
    if fault is not None:
        raise Invalid(fault)
    return _HASHER.hash(password)


def weakness(username: str, password: str) -> Sentence | None:
    """Return why *password* cannot be used for *username*, or None where it can."""
    if not MINIMUM_PASSWORD <= len(password) <= MAXIMUM_PASSWORD:
        return say(
            N_("A password has %(minimum)d characters or more, at most %(maximum)d."),
            minimum=MINIMUM_PASSWORD,
            maximum=MAXIMUM_PASSWORD,
        )
    if username.lower() in password.lower() or len(set(password)) < 4:
        return say(N_("This password is too easy to guess: please choose another."))
    return None
