"""Cancelling a faulty round by two persons: from then on it is closed, and its box is destroyed.

Cancelling and destroying are two steps that must each be on the disk: cut short between them,
`resume` finishes. Nobody has read an answer, and nobody ever can.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.core.errors import Invalid, Refused
from survey.core.wording import N_
from survey.storage import acts, audit, boxes, deadlines, scrub
from survey.storage.db import begin_write, now
from survey.storage.tables import AccountRow, PendingActRow, RoundRow

ACT = "round.cancel"


def propose(session: Session, round_: RoundRow, account: AccountRow, reason: str) -> PendingActRow:
    """Keep that *account* proposes to cancel *round_*, with the *reason* for the audit log."""
    _require_live(round_)
    if not reason.strip():
        raise Invalid(N_("Please say why the round is cancelled."))
    return acts.propose(session, round_, ACT, account, reason=reason.strip())


def cancel(session: Session, round_: RoundRow, account: AccountRow, *, two_person: bool) -> None:
    """Cancel an open or closed round because *account* confirms; `destroy` must follow."""
    proposal = acts.confirm(session, round_, ACT, account, two_person=two_person)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    _require_live(round_)
    round_.state = "cancelled"
    session.execute(sa.delete(PendingActRow).where(PendingActRow.round_id == round_.id))
    audit.record(session, account.username, ACT, round_.slug, reason=proposal.detail["reason"])


def _require_live(round_: RoundRow) -> None:
    if round_.state not in {"open", "closed"}:
        raise Refused(N_("Only an open or closed round can be cancelled."))


def destroy(session: Session, round_: RoundRow, folder: Path) -> None:
    """Destroy the box of a cancelled round unread; it commits by itself and may be done again."""
    if round_.state != "cancelled":
        raise Refused(N_("Only the box of a cancelled round is destroyed unread."))
    if round_.destroyed_at is not None:
        return
    remains = scrub.destroy(session, round_.id, folder)
    begin_write(session)
    boxes.lock_alone(session, round_.id)
    session.refresh(round_, with_for_update=True)
    if round_.destroyed_at is None:
        round_.destroyed_at = now(session)
        audit.record(session, "clock", "round.destroy", round_.slug, **remains)
    session.commit()


def resume(session: Session, folder: Path) -> list[str]:
    """Destroy what is still there of cancelled rounds; return the rounds' short names."""
    unfinished = sa.select(RoundRow).where(
        RoundRow.state == "cancelled", RoundRow.destroyed_at.is_(None)
    )
    waiting = session.scalars(unfinished).all()
    slugs = [round_.slug for round_ in waiting]
    session.commit()
    for round_ in waiting:
        destroy(session, round_, folder)
    return slugs


def standing(session: Session) -> RoundRow | None:
    """Return the cancelled round whose slips may still be used: before its deadline."""
    awaited = sa.select(RoundRow).where(
        RoundRow.state == "cancelled", deadlines.ends_at > now(session)
    )
    return session.scalars(awaited.order_by(RoundRow.closes_at.desc()).limit(1)).first()
