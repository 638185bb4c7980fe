"""Acts that need two persons: one proposes, another confirms in a session of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Missing, Refused
from survey.core.wording import N_
from survey.storage import audit
from survey.storage.db import now
from survey.storage.tables import AccountRow, PendingActRow, RoundRow


def propose(
    session: Session,
    round_: RoundRow,
    act: str,
    account: AccountRow,
    subject: str = "",
    **detail: Any,
) -> PendingActRow:
    """Keep that *account* proposes *act*; a newer proposal of the same act takes its place."""
    session.execute(_same(round_, act, subject))
    row = PendingActRow(
        round_id=round_.id,
        act=act,
        subject=subject,
        detail=detail,
        proposed_by=account.id,
        proposed_at=now(session),
    )
    session.add(row)
    audit.record(session, account.username, f"{act}.propose", round_.slug)
    return row


def _same(round_: RoundRow, act: str, subject: str) -> sa.Delete:
    return sa.delete(PendingActRow).where(
        PendingActRow.round_id == round_.id,
        PendingActRow.act == act,
        PendingActRow.subject == subject,
    )


def pending(session: Session, round_: RoundRow) -> Sequence[PendingActRow]:
    """Return what waits for a second person, oldest first."""
    waiting = sa.select(PendingActRow).where(PendingActRow.round_id == round_.id)
    return session.scalars(waiting.order_by(PendingActRow.proposed_at, PendingActRow.id)).all()


def find(session: Session, round_: RoundRow, act: str, subject: str = "") -> PendingActRow | None:
    """Return the proposal of *act*, or None."""
    return session.scalars(
        sa.select(PendingActRow).where(
            PendingActRow.round_id == round_.id,
            PendingActRow.act == act,
            PendingActRow.subject == subject,
        )
    ).one_or_none()


def confirm(
    session: Session,
    round_: RoundRow,
    act: str,
    account: AccountRow,
    subject: str = "",
    *,
    two_person: bool = True,
) -> PendingActRow:
    """Take the proposal of *act* because *account* confirms it; the caller then does the act.

    Raises `Refused` where nothing was proposed, or the same person would confirm.
    """
    row = find(session, round_, act, subject)
    if row is None:
        raise Refused(
            N_("Nobody has proposed this. Propose it first, then a second person confirms.")
        )
    if two_person and row.proposed_by == account.id:
        raise Refused(N_("This needs a second person. Ask a colleague to sign in and confirm."))
    session.delete(row)
    return row


def withdraw(session: Session, pending_id: int, account: AccountRow) -> None:
    """Take a proposal back."""
    row = session.get(PendingActRow, pending_id)
    if row is None:
        raise Missing(N_("This proposal is no longer there."))
    session.delete(row)
    audit.record(session, account.username, f"{row.act}.withdraw", str(row.round_id))
