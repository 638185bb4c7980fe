"""What an acceptance group evaluates, agrees on and signs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import RATINGS, Base, one_of


class EvaluationRow(Base):
    """One member's own organisational evaluation of a village, before any score is shown."""

    __tablename__ = "evaluation"
    __table_args__ = (
        sa.UniqueConstraint(
            "round_id", "village_id", "account_id", name="uq_evaluation_round_village_account"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    document: Mapped[dict[str, Any]]
    handed_in_at: Mapped[datetime | None]


class ConsensusRow(Base):
    """A group's agreed organisational evaluation; a change after the scores keeps the first."""

    __tablename__ = "consensus"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint(
            "round_id", "village_id", "version", name="uq_consensus_round_village_version"
        ),
    )


class RatingRow(Base):
    """A decision on a village: suggestion and decision side by side, then two signatures."""

    __tablename__ = "rating"
    __table_args__ = (
        one_of("decision", RATINGS),
        sa.CheckConstraint(
            "countersigned_by IS NULL OR (signed_by IS NOT NULL AND countersigned_by <> signed_by)",
            name="two_signatures",
        ),
        sa.UniqueConstraint(
            "round_id", "village_id", "version", name="uq_rating_round_village_version"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"))
    version: Mapped[int]
    suggestion: Mapped[str | None]
    evidence: Mapped[dict[str, Any]]
    decision: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    signed_name: Mapped[str]
    signed_at: Mapped[datetime]
    countersigned_by: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    countersigned_name: Mapped[str | None]
    countersigned_at: Mapped[datetime | None]
    audit_head: Mapped[str | None]
