"""The door of the ballot box: one answer in, exactly once, or the reason why not.

Everything is decided again inside the one transaction that writes: the state of the round, the
deadline by the database's own clock, the ticket. Village and audience come from ticket or nonce.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.core.box import SealedBallot
from survey.storage import boxes
from survey.storage.db import begin_write, clock, is_sqlite
from survey.storage.tables import PostponementRow, RoundRow


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
    said = _statements(submission.round_id, is_sqlite(session))
    state, refusal = _refusal_by_time(session, said, submission.village_id)
    if state not in ("open", "closed"):
        return Outcome.CLOSED
    refusal = refusal or _refusal_by_ticket(session, said, submission)
    if refusal is Outcome.CLOSED and _is_retry(session, said, submission):
        return Outcome.COUNTED
    if refusal:
        return refusal
    spent = {"mac": submission.mac, "tag": submission.tag}
    if session.execute(said.spend, spent).first() is None:
        return Outcome.COUNTED if _is_retry(session, said, submission) else Outcome.SPENT
    place = {"village_id": submission.village_id, "audience": submission.audience}
    session.execute(said.insert, vars(submission.ballot) | place)
    session.execute(said.count, place | {"access": submission.access, "ballots": 1})
    return Outcome.COUNTED


def _refusal_by_time(
    session: Session, said: Statements, village_id: int
) -> tuple[str, Outcome | None]:
    """Return the state of the round, whose box may be gone, and why it is not the time."""
    found = session.execute(said.standing, {"village": village_id})
    state, opens_at, closes_at, moment = found.one()
    if state != "open" or moment >= closes_at:
        return state, Outcome.CLOSED
    return state, Outcome.EARLY if moment < opens_at else None


def _refusal_by_ticket(
    session: Session, said: Statements, submission: Submission
) -> Outcome | None:
    if submission.access != "ticket":
        return None
    row = session.execute(said.ticket, {"wanted": submission.mac}).first()
    place = (submission.village_id, submission.audience)
    if row is None or (row.village_id, row.audience) != place:
        return Outcome.UNKNOWN
    return Outcome.VOID if row.void else None


def _is_retry(session: Session, said: Statements, submission: Submission) -> bool:
    tag = session.execute(said.tag, {"wanted": submission.mac}).scalar_one_or_none()
    return bool(tag == submission.tag)


@dataclass(frozen=True)
class Statements:
    """What one submit says to the database: built once for a round, not for each answer."""

    standing: sa.Executable
    ticket: sa.Executable
    tag: sa.Executable
    spend: sa.Executable
    insert: sa.Executable
    count: sa.Executable


@lru_cache(maxsize=64)
def _statements(round_id: int, on_sqlite: bool) -> Statements:
    box = boxes.of_round(round_id)
    insert = sqlite.insert if on_sqlite else postgresql.insert
    wanted = sa.bindparam("wanted", type_=sa.LargeBinary)
    return Statements(
        standing=_standing(round_id, on_sqlite),
        ticket=sa.select(box.ticket).where(box.ticket.c.mac == wanted),
        tag=sa.select(box.spent.c.tag).where(box.spent.c.mac == wanted),
        spend=insert(box.spent).on_conflict_do_nothing().returning(box.spent.c.mac),
        insert=sa.insert(box.intake),
        count=insert(box.received).on_conflict_do_update(
            index_elements=["village_id", "audience", "access"],
            set_={"ballots": box.received.c.ballots + 1},
        ),
    )


def _standing(round_id: int, on_sqlite: bool) -> sa.Executable:
    """Return the question for state, times and clock; the deadline is that of ``village``."""
    own = sa.and_(
        PostponementRow.round_id == RoundRow.id,
        PostponementRow.village_id == sa.bindparam("village", type_=sa.Integer),
    )
    closes_at = sa.func.coalesce(PostponementRow.closes_at, RoundRow.closes_at)
    return (
        sa.select(RoundRow.state, RoundRow.opens_at, closes_at, clock(on_sqlite))
        .outerjoin(PostponementRow, own)
        .where(RoundRow.id == round_id)
    )
