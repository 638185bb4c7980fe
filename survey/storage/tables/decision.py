"""What an acceptance group evaluates, agrees on and signs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.core.appeal import APPELLANTS, OUTCOMES, WAYS
from survey.storage.tables.base import RATINGS, Base, one_of


class EvaluationRow(Base):
    """One member's own organisational evaluation of a village, before any score is shown.

    *revision* counts how often it was saved; *saved_from* is the mark of the page that did it last.
    """

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
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    saved_from: Mapped[str | None]


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
    reopening: Mapped[ReopeningRow | None] = relationship(lazy="joined")


class ReopeningRow(Base):
    """A locked version that an administrator took the lock from; its signatures stay with it."""

    __tablename__ = "reopening"
    __table_args__ = (sa.CheckConstraint("length(reason) > 0", name="reason_given"),)

    rating_id: Mapped[int] = mapped_column(sa.ForeignKey("rating.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    reason: Mapped[str]
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"))
    reopened_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    reopened_name: Mapped[str]
    reopened_at: Mapped[datetime]


class AppealRow(Base):
    """A village contests a locked rating (申诉): who by office, never by name, and what."""

    __tablename__ = "appeal"
    __table_args__ = (
        one_of("appellant", tuple(APPELLANTS)),
        one_of("way", tuple(WAYS)),
        sa.CheckConstraint("length(contested) > 0", name="something_contested"),
        sa.CheckConstraint("answer_by IS NULL OR answer_by >= received_on", name="days_in_order"),
        sa.UniqueConstraint("round_id", "village_id", "number", name="uq_appeal_number"),
        sa.ForeignKeyConstraint(
            ["round_id", "village_id"],
            ["round_village.round_id", "round_village.village_id"],
            name="fk_appeal_village",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    village_id: Mapped[int]
    number: Mapped[int]
    rating_id: Mapped[int] = mapped_column(sa.ForeignKey("rating.id"))
    appellant: Mapped[str]
    way: Mapped[str]
    received_on: Mapped[date] = mapped_column(sa.Date)
    answer_by: Mapped[date | None] = mapped_column(sa.Date)
    contested: Mapped[str]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    recorded_name: Mapped[str]
    recorded_at: Mapped[datetime]
    rating: Mapped[RatingRow] = relationship()
    answer: Mapped[AppealAnswerRow | None] = relationship(lazy="joined")


class AppealAnswerRow(Base):
    """What the office answered to an appeal, once and for all; what is wrong is appealed anew."""

    __tablename__ = "appeal_answer"
    __table_args__ = (
        one_of("outcome", tuple(OUTCOMES)),
        sa.CheckConstraint("length(text) > 0", name="text_given"),
    )

    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    outcome: Mapped[str]
    text: Mapped[str]
    answered_by: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    answered_name: Mapped[str]
    answered_at: Mapped[datetime]
