"""Until when a round takes answers: its own deadline, and the later one of a postponed village.

A postponed village's is always later than its round's (`postponing`, `extending`). The box stays
open, and the seal waits, until the last of them has passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.storage.db import now
from survey.storage.tables import PostponementRow, RoundRow, RoundVillageRow

ends_at = sa.func.coalesce(
    sa.select(sa.func.max(PostponementRow.closes_at))
    .where(PostponementRow.round_id == RoundRow.id)
    .correlate(RoundRow)
    .scalar_subquery(),
    RoundRow.closes_at,
)
"""The last deadline of a round, within a query of rounds."""


def postponed(session: Session, round_: RoundRow) -> dict[int, datetime]:
    """Return the later deadline of each postponed village of *round_*, by village id."""
    rows = session.scalars(sa.select(PostponementRow).filter_by(round_id=round_.id))
    return {row.village_id: row.closes_at for row in rows}


def of_village(session: Session, round_: RoundRow, village_id: int) -> datetime:
    """Return until when one village of *round_* may answer."""
    row = session.get(PostponementRow, (round_.id, village_id))
    return row.closes_at if row else round_.closes_at


def last(session: Session, round_: RoundRow) -> datetime:
    """Return until when any village of *round_* may answer."""
    return max((round_.closes_at, *postponed(session, round_).values()))


def answering(
    session: Session, round_: RoundRow, villages: Iterable[RoundVillageRow]
) -> list[RoundVillageRow]:
    """Return those of *villages* whose time to answer has not ended."""
    moment, later = now(session), postponed(session, round_)
    return [row for row in villages if moment < later.get(row.village_id, round_.closes_at)]


def drop_overtaken(session: Session, round_: RoundRow) -> None:
    """Forget the later deadlines of *round_* that are no longer later than its own."""
    session.execute(
        sa.delete(PostponementRow).where(
            PostponementRow.round_id == round_.id, PostponementRow.closes_at <= round_.closes_at
        )
    )


def taken_until(round_: RoundRow, deadline: datetime | None = None) -> datetime:
    """Return until when *round_* takes answers, or took them: a *deadline*, or an early close.

    Without a village's own *deadline* it is the round's.
    """
    until = deadline or round_.closes_at
    return min(until, round_.closed_at or until)
