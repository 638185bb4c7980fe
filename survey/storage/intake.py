"""The door of the ballot box: one answer in, exactly once, or the reason why not.

Everything is decided again inside the one transaction that writes: the state of the round, the
deadline by the database's own clock, the ticket. Village and audience come from ticket or nonce.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.core.box import SealedBallot
from survey.storage import boxes
from survey.storage.boxes import Box
from survey.storage.db import begin_write, is_sqlite, now
from survey.storage.tables import RoundRow


class Outcome(enum.Enum):
    """What became of an answer."""

    COUNTED = "counted"
    SPENT = "spent"
    VOID = "void"
    UNKNOWN = "unknown"
    EARLY = "early"
    CLOSED = "closed"


@dataclass(frozen=True)
class Submission:
    """One answer at the door: what it spends, the form's tag, and the sealed ballot."""

    round_id: int
    village_id: int
    audience: str
    access: str
    mac: bytes
    tag: bytes
    ballot: SealedBallot


@dataclass(frozen=True)
class Ticket:
    """What is known of a slip by the digest of its code."""

    village_id: int
    audience: str
    void: bool
    spent: bool


def ticket(session: Session, round_id: int, mac: bytes) -> Ticket | None:
    """Return the slip with the digest *mac* in a live round, or None; it spends nothing."""
    box = boxes.of_round(round_id)
    row = session.execute(
        sa.select(
            box.ticket.c.village_id, box.ticket.c.audience, box.ticket.c.void, box.spent.c.mac
        )
        .outerjoin(box.spent, box.spent.c.mac == box.ticket.c.mac)
        .where(box.ticket.c.mac == mac)
    ).first()
    return Ticket(row[0], row[1], row[2], row[3] is not None) if row else None


def add(session: Session, submission: Submission) -> Outcome:
    """Begin a transaction and put *submission* into the box.

    Only after the caller's COMMIT may anybody be thanked.
    """
    begin_write(session)
    return put(session, submission)


def put(session: Session, submission: Submission) -> Outcome:
    """Put *submission* into the box within a transaction that `begin_write` began."""
    boxes.lock_shared(session, submission.round_id)
    box = boxes.of_round(submission.round_id)
    refusal = _refusal_by_time(session, submission) or _refusal_by_ticket(session, box, submission)
    if refusal is Outcome.CLOSED and _is_retry(session, box, submission):
        return Outcome.COUNTED
    if refusal:
        return refusal
    if not _spend(session, box, submission):
        return Outcome.COUNTED if _is_retry(session, box, submission) else Outcome.SPENT
    _insert(session, box, submission)
    return Outcome.COUNTED


def _refusal_by_time(session: Session, submission: Submission) -> Outcome | None:
    state, opens_at, closes_at = session.execute(
        sa.select(RoundRow.state, RoundRow.opens_at, RoundRow.closes_at).where(
            RoundRow.id == submission.round_id
        )
    ).one()
    moment = now(session)
    if state != "open" or moment >= closes_at:
        return Outcome.CLOSED
    return Outcome.EARLY if moment < opens_at else None


def _refusal_by_ticket(session: Session, box: Box, submission: Submission) -> Outcome | None:
    if submission.access != "ticket":
        return None
    row = session.execute(
        sa.select(box.ticket.c.village_id, box.ticket.c.audience, box.ticket.c.void).where(
            box.ticket.c.mac == submission.mac
        )
    ).first()
    if row is None or (row.village_id, row.audience) != (
        submission.village_id,
        submission.audience,
    ):
        return Outcome.UNKNOWN
    return Outcome.VOID if row.void else None


def _is_retry(session: Session, box: Box, submission: Submission) -> bool:
    tag = session.execute(
        sa.select(box.spent.c.tag).where(box.spent.c.mac == submission.mac)
    ).scalar_one_or_none()
    return tag == submission.tag


def _spend(session: Session, box: Box, submission: Submission) -> bool:
    insert = (sqlite if is_sqlite(session) else postgresql).insert(box.spent)
    spent = insert.values(mac=submission.mac, tag=submission.tag).on_conflict_do_nothing()
    return session.execute(spent.returning(box.spent.c.mac)).first() is not None


def _insert(session: Session, box: Box, submission: Submission) -> None:
    ballot = submission.ballot
    session.execute(
        sa.insert(box.intake).values(
            id=ballot.id,
            village_id=submission.village_id,
            audience=submission.audience,
            ciphertext=ballot.ciphertext,
            row_mac=ballot.row_mac,
        )
    )
    insert = (sqlite if is_sqlite(session) else postgresql).insert(box.received)
    session.execute(
        insert.values(
            village_id=submission.village_id,
            audience=submission.audience,
            access=submission.access,
            ballots=1,
        ).on_conflict_do_update(
            index_elements=["village_id", "audience", "access"],
            set_={"ballots": box.received.c.ballots + 1},
        )
    )
