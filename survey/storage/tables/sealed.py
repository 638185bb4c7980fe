"""What the seal leaves: tallies, shuffled parts and comments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from survey.core.questionnaire import AUDIENCES, DIMENSIONS
from survey.storage.tables.base import Base, one_of


class TallyRow(Base):
    """What the seal counted for a village, audience and access; *document* is a core Tally."""

    __tablename__ = "tally"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.CheckConstraint("access IN ('poster', 'ticket')", name="access_known"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(sa.ForeignKey("village.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    access: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]]


class BallotPartRow(Base):
    """One sealed ballot's answers to one dimension; nothing joins it to its other parts.

    *valid*: whether the whole ballot counts for scores, so that a recount gives what the tally has.
    """

    __tablename__ = "ballot_part"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        one_of("dimension", DIMENSIONS),
        sa.Index("ix_ballot_part_cell", "round_id", "village_id", "audience"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    round_id: Mapped[int]
    village_id: Mapped[int]
    audience: Mapped[str]
    access: Mapped[str]
    dimension: Mapped[str]
    valid: Mapped[bool]
    answers: Mapped[str]


class FreeAnswerRow(Base):
    """One sealed comment, shuffled apart from the grades."""

    __tablename__ = "free_answer"
    __table_args__ = (
        one_of("audience", AUDIENCES),
        sa.Index("ix_free_answer_cell", "round_id", "village_id", "audience"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    round_id: Mapped[int]
    village_id: Mapped[int]
    audience: Mapped[str]
    access: Mapped[str]
    item: Mapped[str]
    text: Mapped[str]
