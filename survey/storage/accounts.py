"""Accounts of the staff: passwords, sessions, and a lockout that slows but never shuts out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Missing, Refused
from survey.core.wording import N_, Sentence, say
from survey.storage import db
from survey.storage.tables import ROLES, AccountRow, GroupRow

MINIMUM_PASSWORD = 10
MAXIMUM_PASSWORD = 200
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGET_FAILURES_AFTER = timedelta(days=1)

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_HASHER = PasswordHasher()
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$NvPpOlwx5zF8LNdkoswMYQ"
    "$El/KAG1/ml/rYmjXkgklpapYM+gyJ96UzcJBib5j+mI"
)
"""The hash of a password that nobody knows: what an unknown name is compared with."""

NOT_TOGETHER = say(
    N_(
        "This name and password do not go together, or there were too many wrong attempts. "
        "After several wrong ones, wait up to 15 minutes before the next; or ask an administrator "
        "for a new password."
    )
)


def add(
    session: Session,
    username: str,
    name: str,
    password: str,
    role: str,
    group: GroupRow | None = None,
    language: str = "zh",
) -> AccountRow:
    """Add a person; *role* is one of ``administrator``, ``lead``, ``member``.

    Raises `Invalid` where the username is taken or badly written, the password too short, or a
    lead or member has no acceptance group.
    """
    username = _checked_username(session, username)
    if role not in ROLES:
        raise Invalid(N_("Please choose one of the roles."))
    if role != "administrator" and group is None:
        raise Invalid(N_("A lead or member belongs to an acceptance group: please choose it."))
    account = AccountRow(
        username=username,
        name=name.strip() or username,
        password_hash=_hash(username, password),
        role=role,
        group=None if role == "administrator" else group,
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


def by_username(session: Session, username: str) -> AccountRow | None:
    """Return the account of *username*, whatever its capitals, or None."""
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


@dataclass(frozen=True)
class Attempt:
    """A name and password that were looked at: whose they are, and whether they go together."""

    account_id: int | None
    right: bool
    rehashed: str | None = None


def verify(session: Session, username: str, password: str) -> AccountRow:
    """Return the account that *username* and *password* open; see `attempt` and `admit`."""
    return admit(session, attempt(session, username, password))


def attempt(session: Session, username: str, password: str) -> Attempt:
    """Look at *username* and *password*: slow, reads only, the same work for unknown names."""
    account = by_username(session, username)
    if account is None:
        _matches(_NOBODY, password)
        return Attempt(None, False)
    if not _matches(account.password_hash, password):
        return Attempt(account.id, False)
    outdated = _HASHER.check_needs_rehash(account.password_hash)
    return Attempt(account.id, True, _HASHER.hash(password) if outdated else None)


def admit(session: Session, made: Attempt) -> AccountRow:
    """Return the account that the attempt *made* opens; commit whether it raises or not.

    Raises `Refused` with one and the same sentence for an unknown name, a wrong password, a
    disabled account and one that must wait. A wrong password counts; after `FREE_FAILURES` the
    wait doubles from 15 seconds up to `LONGEST_WAIT`, and what is tried while it lasts neither
    counts nor opens.
    """
    account = session.get(AccountRow, made.account_id) if made.account_id else None
    if account is None or account.disabled:
        raise Refused(NOT_TOGETHER)
    now = db.now(session)
    if now < may_try_from(account, now):
        raise Refused(NOT_TOGETHER)
    if not made.right:
        _count_failure(account, now)
        raise Refused(NOT_TOGETHER)
    account.failures, account.last_failure_at = 0, None
    account.password_hash = made.rehashed or account.password_hash
    return account


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password[: MAXIMUM_PASSWORD + 1])
    except VerifyMismatchError:
        return False


def may_try_from(account: AccountRow, now: datetime) -> datetime:
    """Return the time from which the next password for *account* is looked at."""
    beyond = account.failures - FREE_FAILURES
    if beyond < 0 or account.last_failure_at is None:
        return now
    seconds: int = 15 * 2 ** min(beyond, 10)
    return account.last_failure_at + min(timedelta(seconds=seconds), LONGEST_WAIT)


def _count_failure(account: AccountRow, now: datetime) -> None:
    last = account.last_failure_at
    if last is not None and now - last > FORGET_FAILURES_AFTER:
        account.failures = 0
    account.failures += 1
    account.last_failure_at = now


def change_password(session: Session, account: AccountRow, old: str, new: str) -> None:
    """Give *account* the password *new* and end all its sessions.

    Raises `Invalid` where *old* is not its password, or *new* is too short or the same.
    """
    if not _matches(account.password_hash, old):
        raise Invalid(N_("The old password is not right. Please type it again."))
    if old == new:
        raise Invalid(N_("The new password must be another one than the old."))
    account.password_hash = _hash(account.username, new)
    end_sessions(session, account)


def set_password(session: Session, account: AccountRow, password: str) -> None:
    """Give *account* a first or new password from somebody else; end its sessions and waits.

    Raises `Invalid` where the password is too short or too easy.
    """
    account.password_hash = _hash(account.username, password)
    account.failures, account.last_failure_at = 0, None
    end_sessions(session, account)


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
