"""Invitations: a one-time code with which somebody new chooses a password, by link or on paper.

The code has 16 of 31 signs, about 79 random bits, so that its plain hash tells nothing and nobody
guesses one. Only the hash is kept; a newer invitation takes the place of the one before.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.second_factor import plain
from survey.core.wording import N_
from survey.storage import accounts, db
from survey.storage.tables import AccountRow, InvitationRow

LASTS = timedelta(days=7)

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_SIGNS, _GROUP = 16, 4


def issue(session: Session, account: AccountRow) -> str:
    """Return a new code for *account*, shown once, in four groups; those before are void.

    Raises `Refused` for an account that is disabled.
    """
    if account.disabled:
        raise Refused(N_("This person is disabled. Enable them before you invite them."))
    withdraw(session, account)
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_SIGNS))
    moment = db.now(session)
    session.add(
        InvitationRow(
            account_id=account.id,
            digest=_digest(signs),
            made_at=moment,
            expires_at=moment + LASTS,
        )
    )
    session.flush()
    return "-".join(signs[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))


def _digest(code: str) -> bytes:
    return blake2b(plain(code).encode(), digest_size=32, person=b"invitation").digest()


def find(session: Session, code: str) -> AccountRow:
    """Return whom *code*, however it was typed, invites; raises `Missing`, also when it expired."""
    row = session.scalar(sa.select(InvitationRow).where(InvitationRow.digest == _digest(code)))
    account = session.get(AccountRow, row.account_id) if row else None
    if row is None or account is None or account.disabled or row.expires_at <= db.now(session):
        raise Missing(
            N_(
                "This invitation is not valid: it was used, has expired, or was mistyped. Please "
                "compare the code, or ask an administrator for a new one."
            )
        )
    return account


def accept(session: Session, code: str, password: str) -> AccountRow:
    """Give whom *code* invites the *password* of their choice, and use the code up.

    Raises `Missing` as `find` does, and `Invalid` for a password that is too short or easy.
    """
    account = find(session, code)
    accounts.set_password(session, account, password)
    withdraw(session, account)
    return account


def withdraw(session: Session, account: AccountRow) -> None:
    """Make every code of *account* void."""
    session.execute(sa.delete(InvitationRow).where(InvitationRow.account_id == account.id))


def pending(session: Session) -> Mapping[int, datetime]:
    """Return until when each invitation that was not used is, or was, valid, by account id."""
    kept = sa.select(InvitationRow.account_id, InvitationRow.expires_at)
    return {row.account_id: row.expires_at for row in session.execute(kept)}
