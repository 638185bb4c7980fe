"""Signing in: what was typed is looked at, counted where it is wrong, and admitted or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Refused
from survey.core.wording import N_, Sentence, say
from survey.storage import accounts, db, devices, lockout, second_factor
from survey.storage.tables import AccountRow

NOT_TOGETHER = say(
    N_(
        "This name and password do not go together, or there were too many wrong attempts. "
        "After several wrong ones, wait up to 15 minutes before the next; or ask an administrator "
        "for a new password."
    )
)
NO_SUCH_CODE = say(
    N_(
        "This code is not right, was used before, or there were too many wrong attempts. Wait for "
        "the next code and type that; after several wrong ones, wait up to 15 minutes. Or use a "
        "recovery code."
    )
)


@dataclass(frozen=True)
class Attempt:
    """A name and password that were looked at: whose they are, and whether they go together."""

    account_id: int | None
    right: bool
    rehashed: str | None = None


def attempt(session: Session, username: str, password: str) -> Attempt:
    """Look at *username* and *password*: slow, reads only, the same work for unknown names."""
    account = accounts.by_username(session, username)
    right = accounts.matches(account, password)
    if account is None:
        return Attempt(None, False)
    return Attempt(account.id, right, accounts.strengthened(account, password) if right else None)


def admit(session: Session, made: Attempt, device: str = "") -> AccountRow:
    """Return the account that the attempt *made* opens; commit whether it raises or not.

    *device* is the token of the browser, "" for a stranger. Raises `Refused` with one and the
    same sentence for an unknown name, a wrong password, a disabled account and one that must
    wait. A wrong password counts; after `lockout.FREE_FAILURES` the wait doubles, and what is
    tried while it lasts neither counts nor opens. A provisional password, which nobody can guess,
    need not wait: that is how an administrator lets in somebody whose name is under attack.
    Where a second step is on, `admit_code` follows.
    """
    account = _hold(session, made.account_id)
    if account is None or account.disabled:
        raise _refuse(session, NOT_TOGETHER)
    counted = devices.find(session, account, device) or account
    may_wait = not account.provisional
    _judge(session, counted, NOT_TOGETHER, lambda: made.right, may_wait=may_wait)
    account.password_hash = made.rehashed or account.password_hash
    if not second_factor.is_on(session, account):
        lockout.forget_failures(counted)
    return account


def admit_code(
    session: Session, account: AccountRow, typed: str, service_key: str, device: str = ""
) -> AccountRow:
    """Return *account* where *typed* is its code now or a recovery code; each is taken once.

    Counts and raises as `admit` does, but strangers who know the password are counted apart from
    those who do not; commit whether it raises or not.
    """
    held = _hold(session, account.id)
    factor = second_factor.of(session, account)
    if held is None or held.disabled or factor is None:
        raise _refuse(session, NO_SUCH_CODE)
    known = devices.find(session, held, device)
    counted = known or factor
    _judge(
        session,
        counted,
        NO_SUCH_CODE,
        lambda: second_factor.take(session, held, typed, service_key),
    )
    for each in (known,) if known else (factor, held):
        lockout.forget_failures(each)
    return held


def _judge(
    session: Session,
    counted: lockout.Counted,
    refusal: Sentence,
    is_right: Callable[[], bool],
    *,
    may_wait: bool = True,
) -> None:
    """Raise `Refused` while *counted* waits, and for what is not right, which counts."""
    now = db.now(session)
    if may_wait and now < lockout.may_try_from(counted, now):
        raise _refuse(session, refusal)
    if not is_right():
        lockout.count_failure(counted, now)
        raise _refuse(session, refusal)


def _hold(session: Session, account_id: int | None) -> AccountRow | None:
    """Return the account as it is now, locked until the transaction ends."""
    if account_id is None:
        return None
    held = sa.select(AccountRow).where(AccountRow.id == account_id)
    return session.scalars(
        held.with_for_update(of=AccountRow).execution_options(populate_existing=True)
    ).one_or_none()


def _refuse(session: Session, sentence: Sentence) -> Refused:
    lockout.count_refusal(session)
    return Refused(sentence)
