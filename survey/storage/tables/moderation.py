"""What moderators decided about written answers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.moderation import STATES
from survey.storage.tables.base import Base, one_of


class ModerationRow(Base):
    """A decision about one text, named by its random id; *reason* is why it is withheld.

    *redacted*: something was cut from the text, which is kept nowhere.
    """

    __tablename__ = "moderation"
    __table_args__ = (
        one_of("state", STATES),
        sa.CheckConstraint("(state = 'withheld') = (reason <> '')", name="withheld_has_reason"),
        sa.Index("ix_moderation_round_id", "round_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(
        sa.LargeBinary(16), sa.ForeignKey("free_answer.id"), primary_key=True
    )
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    state: Mapped[str]
    redacted: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    moderated_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    moderated_at: Mapped[datetime]
