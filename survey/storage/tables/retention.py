"""How long a round is kept, and the line that is left of one that was deleted."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import KINDS, Base, one_of


class KeepingRow(Base):
    """A finished round that is kept longer than the office's period, until a day and why."""

    __tablename__ = "keeping"
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="has_reason"),)

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    until: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str]


class RemovedRoundRow(Base):
    """What is left of a deleted round. *seal*: the head of the log that its sealing sheet carries.

    *id* was the round's own and is given to no other: the tables of a box are named by it.
    """

    __tablename__ = "removed_round"
    __table_args__ = (one_of("kind", KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    timezone: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime]
    removed_by: Mapped[str]
    seal: Mapped[str] = mapped_column(default="")
