"""Browsers from which an account was signed in to before; each has wrong attempts of its own.

A browser is known by a random token in a cookie, of which the table holds the hash. Each sign-in
gives it a new token: a token that somebody planted or copied before is worth nothing after it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage import db
from survey.storage.tables import AccountRow, KnownDeviceRow

KNOWN_FOR = timedelta(days=365)
MOST = 20
"""How many browsers of one account are known; the one not seen for longest is forgotten."""

CONSOLE = "console"
"""The token of the command line, which is known to every account: it is at the server itself."""


def _digest(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=32).digest()


def find(session: Session, account: AccountRow, token: str) -> KnownDeviceRow | None:
    """Return the browser with *token* as *account* knows it, or None."""
    found = session.get(KnownDeviceRow, (account.id, _digest(token)), populate_existing=True)
    if found is None and token == CONSOLE:
        return _add(session, account, token)
    if found is None or db.now(session) - found.seen_at > KNOWN_FOR:
        return None
    return found


def _add(session: Session, account: AccountRow, token: str) -> KnownDeviceRow:
    row = KnownDeviceRow(
        account_id=account.id, digest=_digest(token), seen_at=db.now(session), failures=0
    )
    session.add(row)
    session.flush()
    return row


def remember(session: Session, account: AccountRow, token: str) -> str:
    """Make the browser with *token* ("" for a new one) known to *account*; return its new token.

    Other accounts that know the browser know it by the new token too.
    """
    new = secrets.token_urlsafe(24)
    session.flush()
    known = sa.update(KnownDeviceRow).where(KnownDeviceRow.digest == _digest(token))
    session.execute(
        known.values(digest=_digest(new)), execution_options={"synchronize_session": False}
    )
    row = find(session, account, new) or _add(session, account, new)
    row.seen_at = db.now(session)
    _keep_newest(session, account)
    return new


def _keep_newest(session: Session, account: AccountRow) -> None:
    session.flush()
    mine = sa.select(KnownDeviceRow).where(
        KnownDeviceRow.account_id == account.id, KnownDeviceRow.digest != _digest(CONSOLE)
    )
    for row in session.scalars(mine.order_by(KnownDeviceRow.seen_at.desc()).offset(MOST)):
        session.delete(row)


def forget(session: Session, account: AccountRow, but: str = "") -> None:
    """Forget every browser of *account*, except the one with the token *but*."""
    session.execute(
        sa.delete(KnownDeviceRow).where(
            KnownDeviceRow.account_id == account.id, KnownDeviceRow.digest != _digest(but)
        )
    )
