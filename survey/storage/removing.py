"""Deleting a round with everything that belongs to it, so that only a line is left.

A table belongs to a round by a column ``round_id``; every one of them is emptied of it, whichever
there are. The recordings of a copy go over to the round that it was made from.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage import audit, boxes, copying, disk, keys
from survey.storage.db import now
from survey.storage.tables import Base, OriginRow, RecordingRow, RemovedRoundRow, RoundRow

_SEAL = "round.seal"


def remove(session: Session, round_: RoundRow, folder: Path, by: str, names: str) -> None:
    """Delete *round_*, its box and all that is kept of it; the log says *by* whom, *names* too.

    The caller commits and then calls `clear`. The files of its key are gone before that: without
    the rest of the round they open nothing, and without them nothing of its box can be read.
    """
    round_id = round_.id
    session.add(_line(session, round_, names))
    audit.record(session, by, "round.remove", round_.slug, kind=round_.kind, title=round_.title)
    boxes.lock_alone(session, round_id)
    _hand_on_recordings(session, round_)
    session.execute(sa.delete(OriginRow).where(OriginRow.origin_id == round_id))
    for table in reversed(Base.metadata.sorted_tables):
        if "round_id" in table.c:
            session.execute(sa.delete(table).where(table.c.round_id == round_id))
    session.execute(sa.delete(RoundRow).where(RoundRow.id == round_id))
    session.expire_all()
    boxes.drop(session, round_id)
    keys.discard(folder, round_id)


def _line(session: Session, round_: RoundRow, names: str) -> RemovedRoundRow:
    return RemovedRoundRow(
        id=round_.id,
        slug=round_.slug,
        title=round_.title,
        kind=round_.kind,
        timezone=round_.timezone,
        opened_at=round_.opened_at,
        closed_at=round_.closed_at,
        sealed_at=round_.sealed_at,
        removed_at=now(session),
        removed_by=names,
        seal=audit.head_of(session, _SEAL, round_.slug) if round_.sealed_at else "",
    )


def _hand_on_recordings(session: Session, round_: RoundRow) -> None:
    """Let the recordings of a copy belong to the round that it was made from, if that is there."""
    origin = copying.origin_of(session, round_)
    if origin is not None:
        session.execute(
            sa.update(RecordingRow)
            .where(RecordingRow.round_id == round_.id)
            .values(round_id=origin.id)
        )


def clear(session: Session) -> None:
    """Clear the disk of what was deleted; raises `Refused` where somebody holds it up.

    What is left then goes with the next seal or deletion.
    """
    disk.clear(session.get_bind().engine)


def listing(session: Session) -> list[RemovedRoundRow]:
    """Return the line of every deleted round, the latest first."""
    wanted = sa.select(RemovedRoundRow).order_by(
        RemovedRoundRow.removed_at.desc(), RemovedRoundRow.id.desc()
    )
    return list(session.scalars(wanted))
