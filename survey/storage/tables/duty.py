"""Who stands back from a village, and who leads a group in the place of its lead."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.storage.tables.base import Base
from survey.storage.tables.staff import AccountRow


class RecusalRow(Base):
    """Somebody of an acceptance group stands back from a village of a round, and why."""

    __tablename__ = "recusal"
    __table_args__ = (
        sa.CheckConstraint("length(reason) > 0", name="reason_given"),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_recusal_village",
        ),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    village_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    reason: Mapped[str]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]


class SubstituteRow(Base):
    """Somebody leads a group from one day to another, both included, unless *ended_at* is set."""

    __tablename__ = "substitute"
    __table_args__ = (
        sa.CheckConstraint("length(reason) > 0", name="reason_given"),
        sa.CheckConstraint("until >= since", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("acceptance_group.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    since: Mapped[date] = mapped_column(sa.Date)
    until: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    account: Mapped[AccountRow] = relationship(foreign_keys=[account_id], lazy="joined")
